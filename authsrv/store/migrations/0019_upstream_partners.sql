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
