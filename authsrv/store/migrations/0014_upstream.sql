-- How we log in at a partner beyond issuer and client_id (domain/upstream_settings.h), and the key that its encrypted
-- ID tokens are for.
alter table partner add column settings jsonb not null default '{}';
alter table partner add column decrypt_key_sealed bytea;

-- What was asked for, so that the answer can be held against it.
alter table upstream_login add column max_age bigint;

-- Whom a partner that may not create accounts by itself may bring: a subject, or a verified e-mail address; once.
create table partner_invitation (
    partner text not null references partner,
    kind text not null check (kind in ('subject', 'email')),
    value text not null check (octet_length(value) between 1 and 255),
    created_at timestamptz not null,
    used_at timestamptz,
    primary key (partner, kind, value)
);

-- How a partner's own service does. No row: it never failed.
create table partner_health (
    partner text primary key references partner,
    failures bigint not null,
    last_why text not null,
    failed_at timestamptz not null,
    rest_until timestamptz not null
);
