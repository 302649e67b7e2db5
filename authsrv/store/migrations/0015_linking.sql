-- What a partner says about a person belongs to the identity there. The account's own name and address follow only as long
-- as the account has no log-in of its own.
alter table identity
    add column id text not null default 'idn_' || replace(gen_random_uuid()::text, '-', ''),
    add column name text,
    add column email text,
    add column email_verified boolean not null default false;
create unique index identity_id on identity (id);
update identity i set name = u.name, email = u.email, email_verified = u.email_verified from users u
 where u.id = i.user_id and u.login is null;
