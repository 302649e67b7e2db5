-- name: session_find :maybe
-- row: sid text, user_id user_id, authed_at instant, amr text, partner text?, last_seen_at instant, user_name text, email text?
select s.sid, s.user_id, s.authed_at, s.amr, s.partner, s.last_seen_at, u.name, u.email
  from session s join users u on u.id = s.user_id
 where s.id_hash = :id_hash::digest and s.ended_at is null and s.expires_at > :now
   and u.disabled_at is null and s.authed_at >= u.cred_changed_at;

-- name: session_start :maybe
-- The old session of this browser, if any, ends with the beginning of the new one. Absent: the account was disabled.
-- row: sid text
with old as (
    update session set ended_at = :now where id_hash = :old_hash::digest? and ended_at is null
)
insert into session (id_hash, sid, user_id, authed_at, amr, partner, created_at, last_seen_at, expires_at)
select :id_hash::digest, :sid::text, u.id, :now, :amr::text, :partner::text?, :now, :now, :expires_at::instant
  from users u where u.id = :user::user_id and u.disabled_at is null
returning sid;

-- name: session_touch :exec
update session set last_seen_at = :now where id_hash = :id_hash::digest;

-- name: session_end :maybe
-- With the session end its grants, but those that were given for offline use.
-- row: sid text, user_id user_id
with s as (
    update session set ended_at = :now where id_hash = :id_hash::digest and ended_at is null returning id_hash, sid, user_id
), held as (
    select g.id from grants g join s on s.id_hash = g.session_hash
     where g.revoked_at is null and not ('offline_access' = any (string_to_array(g.scope, ' '))) for update of g
), g as (
    update grants set revoked_at = clock_timestamp(), revoked_why = 'logout' from held where grants.id = held.id
)
select sid, user_id from s;

-- name: session_purge :exec
delete from session where id_hash in (
    select id_hash from session where expires_at < :before::instant order by expires_at limit 1000);
