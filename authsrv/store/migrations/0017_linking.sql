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
-- For a day the owner can undo a link with what a mail brought, whoever made it.
alter table identity
    add column undo_hash bytea check (octet_length(undo_hash) = 32),
    add column undo_until timestamptz,
    add check ((undo_hash is null) = (undo_until is null));
create unique index identity_undo on identity (undo_hash);

-- Whether somebody who comes from a partner has an account already.
create index users_by_email on users (lower(email));

-- In this flow an identity is to be joined to the account that logs in within it.
alter table flow add column linking boolean not null default false;
-- What a partner proved in a flow before it is decided whose account it becomes. One at a time, and gone with the flow.
create table pending_identity (
    flow_id text primary key references flow on delete cascade,
    partner text not null references partner,
    issuer text not null,
    subject text not null check (octet_length(subject) between 1 and 255),
    name text,
    email text,
    email_verified boolean not null,
    amr text not null,
    created_at timestamptz not null
);

-- Which log-in at the partner a session came from, so that its end there ends it here (OIDC Back-Channel Logout 1.0).
alter table session add column upstream_subject text, add column upstream_sid text;
alter table pending_identity add column sid text;
create index session_by_upstream on session (partner, upstream_subject) where ended_at is null and upstream_subject is not null;
create index session_by_upstream_sid on session (partner, upstream_sid) where ended_at is null and upstream_sid is not null;
