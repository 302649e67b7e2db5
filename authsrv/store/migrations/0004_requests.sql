-- Requests that were pushed before (RFC 9126). One is used up when its authorization ends, not when it begins, so that
-- a page may be loaded again.
create table pushed_request (
    uri_hash bytea primary key check (octet_length(uri_hash) = 32),
    client_id text not null references client,
    parameters text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index pushed_request_expires on pushed_request (expires_at);
alter table flow add column pushed_hash bytea check (octet_length(pushed_hash) = 32);

-- Types of authorization_details (RFC 9396), each of one resource: domain/authorization_details.h.
create table detail_type (
    name text primary key check (name ~ '^[A-Za-z0-9_.:/-]{1,100}$'),
    audience text not null references resource,
    rules jsonb not null,
    sentence text not null,
    created_at timestamptz not null
);
create trigger detail_type_changed after insert or update or delete on detail_type
    for each statement execute function cache_changed();
