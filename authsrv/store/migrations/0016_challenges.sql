-- People who prove themselves inside an application, with a code that is mailed to them (OAuth 2.0 for First-Party
-- Applications). The operator says for each client whether it may ask for that, and whether it may bring new people.
alter table client add column challenge text not null default 'off' check (challenge in ('off', 'sign_in', 'register'));

-- Such an account has a log-in name and no password, until its person sets one by the way for forgotten ones.
alter table users drop constraint users_check;
alter table users add check (password_hash is null or login is not null);

-- What was asked for, and the code that was mailed for it, or that nobody got because there is no such account.
-- Ended ones are kept for a day: the room for further mails is counted over them.
create table mail_challenge (
    id text primary key check (id ~ '^ch_'),
    session_hash bytea not null unique check (octet_length(session_hash) = 32), -- of auth_session
    client_id text not null references client on delete cascade,
    address text not null,
    name text, -- for a new account
    request_id text,
    request_hash bytea check (octet_length(request_hash) = 32),
    redirect_uri text not null,
    registered_uri text not null,
    scope text not null,
    audience text not null,
    nonce text,
    code_challenge text not null,
    terms jsonb not null,
    jkt text, -- the key that was proved with the first request
    code_hash bytea not null check (octet_length(code_hash) = 32),
    attempts bigint not null default 0,
    sends bigint not null default 1,
    sent_at timestamptz not null,
    code_expires_at timestamptz not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    ended_at timestamptz,
    ended_why text check (ended_why in ('confirmed', 'replaced', 'disowned', 'web')),
    user_id text references users,
    check ((ended_at is null) = (ended_why is null))
);
create unique index mail_challenge_live on mail_challenge (client_id, address) where ended_at is null;
create unique index mail_challenge_request on mail_challenge (client_id, request_id);
create index mail_challenge_address on mail_challenge (address, sent_at);
create index mail_challenge_expires on mail_challenge (expires_at);

-- An account that somebody opens on our page, where the operator allows it: the code that was mailed to the address, or
-- that nobody got because the address has an account.
create table sign_up (
    id text primary key,
    browser_hash bytea not null check (octet_length(browser_hash) = 32),
    address text not null,
    name text not null,
    code_hash bytea not null check (octet_length(code_hash) = 32),
    attempts bigint not null default 0,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create unique index sign_up_live on sign_up (address) where used_at is null;
create index sign_up_address on sign_up (address, created_at);
create index sign_up_expires on sign_up (expires_at);
