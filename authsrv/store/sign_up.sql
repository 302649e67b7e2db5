-- name: sign_up_count :one
-- What this address was mailed since then.
-- row: mails i64
select count(*) from sign_up where address = :address::text and created_at > :since::instant;

-- name: sign_up_create :exec
-- One code lives for each address.
-- unique sign_up_live -> ALREADY_EXISTS
with old as (
    update sign_up set used_at = :now where address = :address::text and used_at is null
    returning 1
), gone as (
    select count(*) from old
)
insert into sign_up (id, browser_hash, address, name, code_hash, created_at, expires_at)
select :id::text, :browser_hash::digest, :address, :name::text, :code_hash::digest, :now, :expires_at::instant from gone;

-- name: sign_up_attempt :maybe
-- Counts an attempt before anything is compared.
-- row: address text, name text, code_hash digest
update sign_up set attempts = attempts + 1
 where id = :id::text and browser_hash = :browser_hash::digest and used_at is null and expires_at > :now and attempts < 5
returning address, name, code_hash;

-- name: sign_up_again :maybe
-- One that is used, by a form that comes once more; as sign_up_attempt.
-- row: = sign_up_attempt
update sign_up set attempts = attempts + 1
 where id = :id::text and browser_hash = :browser_hash::digest and used_at is not null and expires_at > :now and attempts < 5
returning address, name, code_hash;

-- name: sign_up_use :exec
update sign_up set used_at = :now where id = :id::text and used_at is null;

-- name: sign_up_purge :exec
delete from sign_up where id = any (array(
    select id from sign_up where expires_at < :before::instant order by expires_at limit 1000));
