-- name: proof_remember :exec
-- 1: for the first time.
insert into seen_proof (once, expires_at) values (:once::digest, :expires_at::instant) on conflict (once) do nothing;

-- name: proof_purge :exec
delete from seen_proof where once = any (array(
    select once from seen_proof where expires_at < :before::instant order by expires_at limit 10000));
