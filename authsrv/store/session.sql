-- A session is found by its own name: "(ended_at is null) is true" is no reason for the planner to walk the live ones instead, which it
-- takes for very few before the first statistics (decision 0078).

-- name: session_start :maybe
-- The same person's session of this browser goes on under the new id, so that applications keep its sid; anybody else's
-- ends. Absent: the account was disabled, or its credentials are not those that it was proven by. A change at this moment waits for this, and ends
-- what began before it; or this waits for the change, and begins nothing. Of an unknown time of the log-in a session that goes on learns nothing;
-- a new one is too old for whatever asks how old it is. The oldest of too many of one account give way: what ends them all is one statement.
-- row: sid text, renewed bool
with u as (
    select id, cred_version from users where id = :user::user_id and disabled_at is null and cred_version = :cred_version::i64 for share
), same as (
    update session
       set id_hash = :id_hash::digest, authed_at = :now, auth_time = coalesce(:auth_time::instant?, session.auth_time, session.authed_at), amr = :amr::text, partner = :partner::text?, last_seen_at = :now,
           expires_at = :expires_at::instant,
           upstream_subject = coalesce(:upstream_subject::text?, case when session.partner = :partner then upstream_subject end),
           upstream_sid = coalesce(:upstream_sid::text?, case when session.partner = :partner then upstream_sid end),
           upstream_hint_sealed = coalesce(:upstream_hint_sealed::bytes?, case when session.partner = :partner then upstream_hint_sealed end)
      from u
     where session.id_hash = :old_hash::digest? and session.user_id = u.id and (session.ended_at is null) is true
       and session.expires_at > :now and session.cred_version = u.cred_version
    returning session.sid
), old as (
    update session set ended_at = :now, ended_why = 'replaced'
     where id_hash = :old_hash and (ended_at is null) is true and not exists (select from same)
), fresh as (
    insert into session (id_hash, sid, user_id, cred_version, authed_at, auth_time, amr, partner, upstream_subject, upstream_sid, upstream_hint_sealed, host,
                         created_at, last_seen_at, used_at, expires_at)
    select :id_hash, :sid::text, u.id, u.cred_version, :now, coalesce(:auth_time, timestamptz 'epoch'), :amr, :partner, :upstream_subject, :upstream_sid, :upstream_hint_sealed, :host::text?,
           :now, :now, :now, :expires_at
      from u where not exists (select from same)
    returning sid
), crowd as (
    update session set ended_at = :now, ended_why = 'crowded'
     where exists (select from fresh) and (ended_at is null) is true and id_hash is distinct from :old_hash
       and id_hash = any (array(select s.id_hash from session s where s.user_id = :user and (s.ended_at is null) is true
                                 order by s.authed_at desc, s.sid desc offset 199 limit 10))
)
select sid, true from same union all select sid, false from fresh;

-- name: session_of_sid :maybe
-- row: id_hash digest
select id_hash from session where sid = :sid::text and (ended_at is null) is true;

-- name: session_touch :exec
update session set last_seen_at = :now where id_hash = :id_hash::digest and (ended_at is null) is true;

-- name: session_end :maybe
-- All that follows from an end is in the trigger session_ended. What the session knew of its log-in at a partner is gone
-- with it, and is given out here for the last time.
-- row: sid text, user_id user_id, partner text?, upstream_subject text?, hint_sealed bytes?
with old as (
    select id_hash, partner, upstream_subject, upstream_hint_sealed from session
     where id_hash = :id_hash::digest and (ended_at is null) is true for update
), ended as (
    update session set ended_at = :now, ended_why = :why::text from old where session.id_hash = old.id_hash
    returning session.sid, session.user_id
)
select ended.sid, ended.user_id, old.partner, old.upstream_subject, old.upstream_hint_sealed from ended cross join old;

-- name: upstream_logout_end :one
-- Ends the sessions that came from a log-in at a partner, once for each token. What is given has to fit.
-- row: fresh bool, ended i64
with fresh as (
    insert into seen_jti (jti_hash, expires_at) values (:jti_hash::digest, :expires_at::instant)
    on conflict do nothing
    returning 1
), ended as (
    update session set ended_at = :now, ended_why = 'upstream_logout'
     where exists (select from fresh) and id_hash = any (array(
           select id_hash from session where partner = :partner::text and upstream_subject = :subject::text? and ended_at is null
                                         and (:sid::text? is null or upstream_sid = :sid)
            union all
           select id_hash from session where partner = :partner and upstream_sid = :sid and ended_at is null and :subject is null))
       and (ended_at is null) is true
    returning 1
)
select exists (select from fresh), (select count(*) from ended);

-- name: session_expire :one
-- Ends what is over, some at a time. :skip: so many of the oldest are left alone, because to end one of them failed.
-- row: looked_at i64
with expired as materialized (
    select s.id_hash from session s where s.ended_at is null and s.expires_at <= :now
     order by s.expires_at offset :skip::i64 limit :most::i64 for no key update of s skip locked
), ended as (
    update session set ended_at = :now, ended_why = 'expired' where id_hash = any (array(select id_hash from expired))
)
select count(*) from expired;

-- name: session_idle :one
-- Ends what nobody uses, as session_expire. A session whose applications still get tokens is in use, although no browser shows it: it is looked at
-- again when what is known of its use now is as old.
-- row: looked_at i64
with doubtful as materialized (
    select s.id_hash, s.sid, s.last_seen_at from session s
     where s.ended_at is null and s.used_at <= :seen_after::instant
     order by s.used_at offset :skip::i64 limit :most::i64 for no key update of s skip locked
), judged as materialized (
    select d.id_hash, greatest(d.last_seen_at, (select max(a.issued_at) from grants g
                                                 cross join lateral (select x.issued_at from access_token x where x.grant_id = g.id offset 0) a
                                                 where g.sid = d.sid)) as used_at
      from doubtful d
), used as (
    update session s set used_at = j.used_at from judged j where s.id_hash = j.id_hash and s.expires_at > :now and j.used_at > :seen_after
), ended as (
    update session set ended_at = :now, ended_why = case when expires_at <= :now then 'expired' else 'idle' end
     where id_hash = any (array(select id_hash from judged where used_at <= :seen_after))
)
select count(*) from doubtful;

-- name: session_clients :many
-- The applications that got tokens in a session.
-- row: client_id client_id
select distinct client_id from grants where sid = :sid::text and tokens_at is not null order by client_id limit 100;

-- name: session_purge :exec
delete from session where id_hash = any (array(
    select id_hash from session where expires_at < :before::instant and ended_at is not null order by expires_at limit 1000));
