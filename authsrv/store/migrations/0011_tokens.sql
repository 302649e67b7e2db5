-- The key that a public client has to prove again with its refresh token (shared/jose/cnf.h); null: none.
alter table refresh add column bound_key text;

-- For the feed of revocations: what ended lately.
create index access_token_revoked on access_token (revoked_at) where revoked_at is not null;
create index grants_revoked on grants (revoked_at) where revoked_at is not null;
create index revoked_jti_revoked on revoked_jti (revoked_at);
