-- What the admin API needs to let partners administer, and to manage what had verbs only.

-- Whose an account is: the partner's that all its ways in lead through. One that has a log-in of its own, or another
-- partner's besides, is its person's and no partner's; who administers this server is nobody's.
create function account_partner(account text) returns text language sql stable set search_path from current as $$
    select min(i.partner) from users u join identity i on i.user_id = u.id
     where u.id = account and u.login is null and u.role = 'user'
    having count(distinct i.partner) = 1
$$;
create index identity_by_partner on identity (partner, user_id);

-- What is named by a URL has a short name besides, since one segment of a path holds no slash. ':' is in no id that is chosen.
create function handle(prefix text, name text) returns text language sql immutable as $$
    select prefix || ':' || left(encode(sha256(convert_to(name, 'UTF8')), 'hex'), 24)
$$;
alter table client add column handle text not null
    generated always as (case when position('/' in id) > 0 then handle('client', id) else id end) stored;
create unique index client_handle on client (handle);
alter table assertion_issuer add column id text not null generated always as (handle('issuer', issuer)) stored;

-- Writers of the admin API say which version they have seen.
alter table exchange_rule add column version bigint not null default 1;
alter table assertion_issuer add column version bigint not null default 1;
alter table detail_type add column version bigint not null default 1;
create trigger exchange_rule_version before update on exchange_rule for each row execute function version_moves();
create trigger assertion_issuer_version before update on assertion_issuer for each row execute function version_moves();
create trigger detail_type_version before update on detail_type for each row execute function version_moves();

-- Which scopes a client may have that no operator knows: registered openly, or known by its own document (MCP).
alter table resource_scope add column is_open boolean not null default false;
