-- People of the operator who look at everything and change nothing.
alter table users drop constraint users_role_check;
alter table users add constraint users_role_check check (role in ('user', 'accountant', 'operator', 'admin'));

-- Which words of a scope people of a role are given (domain/admin.h): what acts for the operator goes to operators and admins, what
-- looks to accountants as well, and of administration an operator looks and an admin acts.
create function role_may(role text, word text) returns boolean language sql immutable parallel safe as $$
    select case when word like '%.operator' then role in ('operator', 'admin')
                when word like '%.operator.read' then role <> 'user'
                when word like 'auth.admin.%' then role = 'admin' or role = 'operator' and word = 'auth.admin.read'
                else true end
$$;
