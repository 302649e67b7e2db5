-- name: seen_jti_purge :exec
-- A minute longer than they are good, for clocks that differ.
delete from seen_jti where jti_hash = any (array(
    select jti_hash from seen_jti where expires_at < :before::instant order by expires_at limit 1000));
