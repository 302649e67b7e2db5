-- Operators' sessions and the log-ins on their way through the issuer. Tokens are kept as hashes.

-- name: operator_login_insert :exec
insert into operator_login (state_hash, browser_hash, nonce, verifier, expires_at)
values (:state_hash::digest, :browser_hash::digest, :nonce::text, :verifier::text, :expires_at::instant);

-- name: operator_login_take :maybe
-- A state works once, in the browser that began, before it expires.
-- row: nonce text, verifier text
delete from operator_login
 where state_hash = :state_hash::digest and browser_hash = :browser_hash::digest and expires_at > :now
returning nonce, verifier;

-- name: operator_session_insert :exec
insert into operator_session (session_hash, subject, name, created_at, expires_at)
values (:session_hash::digest, :subject::text, :name::text, :now, :expires_at::instant);

-- name: operator_session_find :maybe
-- row: subject text, name text, expires_at instant
select subject, name, expires_at
  from operator_session
 where session_hash = :session_hash::digest and expires_at > :now;

-- name: operator_session_delete :exec
delete from operator_session where session_hash = :session_hash::digest;

-- name: operator_prune :exec
-- What has expired.
with logins as (delete from operator_login where expires_at <= :now)
delete from operator_session where expires_at <= :now;

-- name: invariants_broken :many
-- Empty, or something is wrong.
-- row: rule text, subject text
select inv, k from v_inv order by inv, k limit :limit::i64;

-- name: ledger_totals :many
-- row: currency text, entries i64, postings i64, sum i64
select currency, count(distinct entry_id), count(*), sum(amount)::bigint from posting group by currency order by currency
 limit 200;
