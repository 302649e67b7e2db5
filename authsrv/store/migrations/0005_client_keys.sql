-- What may be used once and says so itself: assertions of clients, proofs of possession. Kept until it would be refused
-- as expired anyway.
create table seen_jti (
    jti_hash bytea primary key check (octet_length(jti_hash) = 32),
    expires_at timestamptz not null
);
create index seen_jti_expires on seen_jti (expires_at);

-- Whether the parameters came in a signed object (RFC 9101).
alter table pushed_request add column was_signed boolean not null default false;
