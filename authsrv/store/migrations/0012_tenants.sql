-- Whose an account is: the partner's that all its ways in lead through. One that has a log-in of its own, or another
-- partner's besides, is its person's and no partner's; who administers this server is nobody's.
create function account_partner(account text) returns text language sql stable set search_path from current as $$
    select min(i.partner) from users u join identity i on i.user_id = u.id
     where u.id = account and u.login is null and u.role = 'user'
    having count(distinct i.partner) = 1
$$;
create index identity_by_partner on identity (partner, user_id);
