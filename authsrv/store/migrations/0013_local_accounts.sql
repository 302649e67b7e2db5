-- What a person keeps here to log in with, beside the password, and mails about it.

-- The account pages log in through the same pages as applications do: a flow without a client, which never grants.
alter table flow alter column client_id drop not null;
-- Who proved the first factor in this flow, until the second is shown.
alter table flow add column first_user text references users, add column first_at timestamptz,
    add check ((first_user is null) = (first_at is null));

-- The outbox of mails to people. What a mail says is sealed until it is sent, since it may hold a code. A row without a
-- user is never sent: whoever asked for it cannot see by the time it took that nobody has that address.
create table mail (
    id bigint generated always as identity primary key,
    user_id text references users,
    words_sealed bytea,
    tries integer not null default 0,
    due_at timestamptz not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    sent_at timestamptz,
    failed_at timestamptz
);
create index mail_due on mail (due_at) where sent_at is null and failed_at is null;
create index mail_expires on mail (expires_at);

-- A code that was mailed, or that nobody got because there is no such account. One lives for each person and purpose.
create table mailed_code (
    id text primary key,
    purpose text not null check (purpose in ('password_reset')),
    browser_hash bytea not null check (octet_length(browser_hash) = 32),
    user_id text references users,
    code_hash bytea not null check (octet_length(code_hash) = 32),
    attempts bigint not null default 0,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create unique index mailed_code_live on mailed_code (user_id, purpose) where used_at is null;
create index mailed_code_expires on mailed_code (expires_at);

-- Time-based codes (RFC 6238). Not confirmed: shown as a QR code, not yet in use.
create table totp (
    user_id text primary key references users,
    secret_sealed bytea not null,
    last_step bigint not null default 0, -- each step is good for one log-in
    tries bigint not null default 0,     -- since tried_from
    tried_from timestamptz not null,
    created_at timestamptz not null,
    confirmed_at timestamptz
);

create table recovery_code (
    user_id text not null references users,
    code_hash bytea not null check (octet_length(code_hash) = 32),
    created_at timestamptz not null,
    used_at timestamptz,
    primary key (user_id, code_hash)
);

create table passkey (
    id bytea primary key check (octet_length(id) between 1 and 1023),
    user_id text not null references users,
    alg bigint not null,
    public_key bytea not null,
    sign_count bigint not null,
    is_synced boolean not null,
    name text not null,
    created_at timestamptz not null,
    last_used_at timestamptz
);
create index passkey_by_user on passkey (user_id);

-- A new password ends pending codes, whoever set it.
create function password_changed() returns trigger language plpgsql set search_path from current as $$
begin
    update mailed_code set used_at = clock_timestamp() where user_id = new.id and used_at is null;
    return null;
end $$;
create trigger password_changed after update of cred_changed_at on users for each row
    when (new.cred_changed_at > old.cred_changed_at) execute function password_changed();
