-- DPoP proofs that came (RFC 9449 section 11.1), as digests: each works once.
create table seen_proof (
    once bytea primary key check (octet_length(once) = 32),
    expires_at timestamptz not null
);
create index seen_proof_expires on seen_proof (expires_at);
