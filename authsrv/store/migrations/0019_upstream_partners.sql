-- Our log-out goes on to the partner's (OIDC RP-Initiated Logout 1.0, decision 0032): the ID token that the session came
-- with is the hint there. It is sealed, and gone when the session ends, whoever ends it.
alter table session add column upstream_hint_sealed bytea;
alter table pending_identity add column hint_sealed bytea;
create function session_forgets() returns trigger language plpgsql set search_path from current as $$
begin
    new.upstream_hint_sealed := null;
    return new;
end $$;
create trigger session_forgets before update of ended_at on session for each row
    when (old.ended_at is null and new.ended_at is not null) execute function session_forgets();

-- Browsers that are at a partner's log-out, and where each goes on when it comes back. Once, and not for long.
create table upstream_logout (
    state_hash bytea primary key check (octet_length(state_hash) = 32),
    browser_hash bytea not null check (octet_length(browser_hash) = 32),
    partner text not null references partner,
    client_id text references client on delete cascade,
    location text, -- absent: our own page says goodbye
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index upstream_logout_expires on upstream_logout (expires_at);

-- When the person proved who he is, here or at a partner: what max_age and auth_time are about. authed_at is when this
-- server began to believe it, which changed credentials are compared with. Absent in sessions of before: the same.
alter table session add column auth_time timestamptz;
alter table pending_identity add column auth_time timestamptz;
-- The partner was told to ask anew (prompt=login).
alter table upstream_login add column forced boolean not null default false;

-- Tokens of partners that the operator has kept, each sealed for its identity. One refresh at a time: whoever has the row
-- until busy_until asks the partner; a result counts while the version is the one that it was asked with.
create table upstream_token (
    identity_id text primary key references identity (id) on delete cascade,
    issuer text not null,
    access_sealed bytea not null,
    refresh_sealed bytea,
    scope text,
    expires_at timestamptz, -- absent: the partner does not say
    kept_at timestamptz not null,
    refreshed_at timestamptz not null,
    version bigint not null default 1,
    busy_until timestamptz not null default 'epoch',
    unknown_at timestamptz -- the partner was asked and what came of it is not known: nobody asks until busy_until
);
alter table pending_identity add column tokens_sealed bytea;

-- They go with what they were given for: the account, the partner as it was, the identity's issuer, the operator's wish.
create function upstream_tokens_end() returns trigger language plpgsql set search_path from current as $$
begin
    delete from upstream_token where identity_id in (select id from identity where user_id = new.id);
    return null;
end $$;
create trigger user_forgets after update of disabled_at on users for each row
    when (old.disabled_at is null and new.disabled_at is not null) execute function upstream_tokens_end();
create function partner_forgets() returns trigger language plpgsql set search_path from current as $$
begin
    delete from upstream_token where identity_id in (select id from identity where partner = new.slug);
    return null;
end $$;
create trigger partner_forgets after update on partner for each row
    when (new.disabled_at is not null or new.settings -> 'keep_tokens' is distinct from 'true'::jsonb
          or new.issuer <> old.issuer or new.client_id <> old.client_id)
    execute function partner_forgets();
create function identity_forgets() returns trigger language plpgsql set search_path from current as $$
begin
    delete from upstream_token where identity_id = new.id;
    return null;
end $$;
create trigger identity_forgets after update of issuer, subject on identity for each row
    when (new.issuer <> old.issuer or new.subject <> old.subject) execute function identity_forgets();
