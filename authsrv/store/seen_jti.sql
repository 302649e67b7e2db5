-- name: jti_use :exec
-- 1: for the first time.
insert into seen_jti (jti_hash, expires_at) values (:jti_hash::digest, :expires_at::instant) on conflict (jti_hash) do nothing;

-- name: seen_jti_purge :exec
-- A minute longer than they are good, for clocks that differ.
delete from seen_jti where jti_hash in (
    select jti_hash from seen_jti where expires_at < :before::instant order by expires_at limit 1000);
