-- name: pushed_request_find :maybe
-- row: parameters text, was_signed bool
select parameters, was_signed from pushed_request
 where uri_hash = :uri_hash::digest and client_id = :client::client_id and used_at is null and expires_at > :now;

-- name: pushed_request_purge :exec
delete from pushed_request where uri_hash = any (array(
    select uri_hash from pushed_request where expires_at < :before::instant order by expires_at limit 1000));
