-- name: code_replayed :maybe
-- A used code came again: it leaked, and everything it bought is revoked.
-- row: grant_id grant_id
with k as (
    update code set reused_at = coalesce(reused_at, :now)
     where code_hash = :code_hash::digest and client_id = :client::client_id and used_at is not null
    returning grant_id
), held as (
    select gr.id from grants gr join k on k.grant_id = gr.id for update of gr
), g as (
    update grants set revoked_at = coalesce(revoked_at, clock_timestamp()), revoked_why = coalesce(revoked_why, 'code_replayed')
      from held where grants.id = held.id
)
select grant_id from k;

-- name: refresh_keep :exec
-- The current token, which stays: one more access token. Nothing happens when it was rotated or the grant is gone. Both
-- rows are held, the grant's first as refresh_rotate does: it changes the other one alone, and whoever waited for it
-- would go on with what he had read before.
with g as (
    select gr.id from refresh r join grants gr on gr.id = r.grant_id
     where r.grant_id = :grant::grant_id and r.token_hash = :token_hash::digest and gr.revoked_at is null and gr.expires_at > :now
       for update of gr, r
)
insert into access_token (jti, grant_id, scope, issued_at, expires_at)
select :jti::text, g.id, :scope::text, clock_timestamp(), :access_expires_at::instant from g;

-- name: refresh_repeat :exec
-- The previous token inside the grace window, its successor unused: one more access token, the same successor.
-- Held as for refresh_keep.
with g as (
    select gr.id from refresh r join grants gr on gr.id = r.grant_id
     where r.grant_id = :grant::grant_id and r.parent = :token_hash::digest and gr.revoked_at is null and gr.expires_at > :now
       for update of gr, r
)
insert into access_token (jti, grant_id, scope, issued_at, expires_at)
select :jti::text, g.id, :scope::text, clock_timestamp(), :access_expires_at::instant from g;

-- name: refresh_reused :exec
-- Anything else that comes again was stolen: the family dies, if it is alive.
with held as (
    select id from grants where id = :grant::grant_id and revoked_at is null and expires_at > :now for update
), r as (
    update refresh set reused_at = :now from held where refresh.grant_id = held.id
)
update grants set revoked_at = clock_timestamp(), revoked_why = 'refresh_reused' from held where grants.id = held.id;

-- name: grant_revoke :exec
with held as (
    select id from grants where id = :grant::grant_id and client_id = :client::client_id for update
)
update grants set revoked_at = coalesce(revoked_at, clock_timestamp()), revoked_why = coalesce(revoked_why, :why::text)
  from held where grants.id = held.id;

-- name: access_token_revoke :exec
update access_token set revoked_at = coalesce(access_token.revoked_at, :now)
  from grants g where g.id = access_token.grant_id and access_token.jti = :jti::text
   and coalesce(access_token.client_id, g.client_id) = :client::client_id;

-- name: client_token_revoke :exec
insert into revoked_jti (jti, client_id, audience, revoked_at, expires_at)
values (:jti::text, :client::client_id, :audience::text, :now, :expires_at::instant)
on conflict (jti) do nothing;

-- name: grant_ending_slice :one
-- Some of what ended with an account, a consent or a session and was too much for who ended it (migration 0042).
-- row: found i64
with e as materialized (
    select * from grant_ending order by turns, what limit 1 for update skip locked
), slice as materialized (
    select e.what, g.id from e cross join lateral (
        (select x.id from grants x where x.sid = e.sid and x.revoked_at is null and grant_ends_with_session(x.scope, x.tokens_at) limit 1000)
        union all
        (select x.id from grants x where x.user_id = e.user_id and x.revoked_at is null and x.client_id = coalesce(e.client_id, x.client_id)
            and x.created_at <= e.ended_at limit 1000)) g
), held as materialized (
    select id from grants where id = any (array(select id from slice)) and revoked_at is null order by id for update
), ended as (
    update grants set revoked_at = clock_timestamp(), revoked_why = e.why from e where grants.id = any (array(select id from held))
), done as (
    delete from grant_ending where what = any (array(select e.what from e where (select count(*) from slice) < 1000))
), turned as (
    update grant_ending set turns = turns + 1 where what = any (array(select e.what from e where (select count(*) from slice) = 1000))
)
select count(*) from e;

-- name: grant_purge :exec
-- Codes, refresh and access tokens go with their grant, a day after its end.
delete from grants where id = any (array(select id from grants where expires_at < :before::instant order by expires_at limit 1000));

-- name: access_token_purge :exec
delete from access_token where jti = any (array(
    select jti from access_token where expires_at < :before::instant order by expires_at limit 1000));

-- name: revoked_jti_purge :exec
delete from revoked_jti where jti = any (array(
    select jti from revoked_jti where expires_at < :before::instant order by expires_at limit 1000));
