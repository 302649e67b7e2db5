-- Who takes part: partners (tenants), their users, the bank accounts of those users, their stores, and operators' sessions.
-- Every row carries the partner; a user, a requisite or a store of one partner cannot be named by a row of another.

create table partner (
    partner_id  text primary key check (partner_id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name        text not null check (length(name) between 1 and 200),
    platform_bp integer not null check (platform_bp between 0 and 10000),
    partner_bp  integer not null check (partner_bp between 0 and 10000),
    created_at  timestamptz not null,
    check (platform_bp + partner_bp <= 10000)
);

create table pay_user (
    partner_id        text not null references partner,
    user_id           text not null unique,
    subject           text,                      -- sub at the issuer, when the account was made with a user's token
    external_id       text,                      -- the partner's own name of this user
    name              text not null,
    email             text,
    email_verified    boolean not null,
    country           text check (country ~ '^[A-Z]{2}$'),
    payouts_frozen_at timestamptz,
    created_at        timestamptz not null,
    primary key (partner_id, user_id),
    constraint pay_user_subject_key unique (partner_id, subject),
    constraint pay_user_external_id_key unique (partner_id, external_id)
);

-- Versioned and never edited: a changed bank account is a new row, and a payout keeps the row it was requested with.
create table requisite (
    partner_id   text not null,
    requisite_id text not null unique,
    user_id      text not null,
    version      integer not null check (version > 0),
    kind         text not null check (kind in ('bank_account')),
    iban         text not null check (iban ~ '^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$'),
    bic          text check (bic ~ '^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$'),
    holder_name  text not null,
    country      text not null check (country ~ '^[A-Z]{2}$'),
    town         text not null,
    street       text,
    building     text,
    postcode     text,
    created_at   timestamptz not null,
    primary key (partner_id, requisite_id),
    constraint requisite_version_key unique (partner_id, user_id, version),
    foreign key (partner_id, user_id) references pay_user (partner_id, user_id)
);

create table store (
    partner_id  text not null,
    store_id    text not null unique,
    user_id     text not null,
    name        text not null,
    currency    text not null check (currency ~ '^[A-Z]{3}$'),
    url         text,
    external_id text,
    platform_bp integer not null check (platform_bp between 0 and 10000),
    partner_bp  integer not null check (partner_bp between 0 and 10000),
    created_at  timestamptz not null,
    primary key (partner_id, store_id),
    constraint store_external_id_key unique (partner_id, external_id),
    check (platform_bp + partner_bp <= 10000),
    foreign key (partner_id, user_id) references pay_user (partner_id, user_id)
);
create index store_of_user on store (partner_id, user_id);

-- One log-in of an operator on its way through the issuer: state and the browser's cookie are kept as hashes.
create table operator_login (
    state_hash   bytea primary key,
    browser_hash bytea not null,
    nonce        text not null,
    verifier     text not null,
    expires_at   timestamptz not null
);

create table operator_session (
    session_hash bytea primary key,
    subject      text not null,
    name         text not null,
    created_at   timestamptz not null,
    expires_at   timestamptz not null
);
