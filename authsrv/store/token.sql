-- name: code_redeem :maybe
-- One use of a live code of this client, and in the same statement what it buys. The code is consumed whatever the
-- verdict is (a wrong verifier has one try); tokens appear only when it is good. Absent: no unused code.
-- The grant's row is locked before its times are taken, so that revoking and issuing have an order.
-- row: grant_id grant_id, redirect_uri text, challenge text?, expired bool, revoked bool, other_key bool, issued bool, user_id user_id, scope text, audience text, sid text, nonce text?, auth_time instant, amr text, expires_at instant, terms json
with k as (
    update code set used_at = :now where code_hash = :code_hash::digest and client_id = :client::client_id and used_at is null
    returning grant_id, redirect_uri, challenge, expires_at <= :now as expired
), g as (
    select gr.id, gr.user_id, gr.scope, gr.audience, gr.sid, gr.nonce, gr.auth_time, gr.amr, gr.expires_at, gr.terms,
           gr.revoked_at is not null or u.disabled_at is not null or c.disabled_at is not null as revoked,
           gr.terms ->> 'dpop_jkt' <> coalesce(:jkt::text?, '') is true as other_key
      from k join grants gr on gr.id = k.grant_id join users u on u.id = gr.user_id join client c on c.id = gr.client_id
       for update of gr
), good as (
    select g.* from g, k
     where not k.expired and not g.revoked and not g.other_key
       and k.challenge is not distinct from :challenge::text?
       and k.redirect_uri = coalesce(:redirect_uri::text?, k.redirect_uri)
), r as (
    insert into refresh (token_hash, grant_id, scope, issued_at, expires_at, bound_key)
    select :refresh_hash::digest?, good.id, good.scope, clock_timestamp(), good.expires_at, :bound_key::text? from good
     where :refresh_hash is not null
), a as (
    insert into access_token (jti, grant_id, code_hash, scope, issued_at, expires_at)
    select :jti::text, good.id, :code_hash, good.scope, clock_timestamp(), :access_expires_at::instant from good
    returning jti
), told as (
    update grants set tokens_at = :now from good where grants.id = good.id
)
select g.id, k.redirect_uri, k.challenge, k.expired, g.revoked, g.other_key, exists (select 1 from a), g.user_id, g.scope, g.audience,
       g.sid, g.nonce, g.auth_time, g.amr, g.expires_at, g.terms
  from k, g;

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

-- name: refresh_find :maybe
-- row: grant_id grant_id, client_id client_id, used_at instant?, successor_sealed bytes?, successor_used bool, expires_at instant, revoked bool, user_id user_id, scope text, audience text, sid text, auth_time instant, amr text, terms json, bound_key text?
select r.grant_id, g.client_id, r.used_at, r.successor_sealed,
       exists (select 1 from refresh x where x.parent = r.token_hash and x.used_at is not null),
       r.expires_at, g.revoked_at is not null or u.disabled_at is not null or c.disabled_at is not null,
       g.user_id, g.scope, g.audience, g.sid, g.auth_time, g.amr, g.terms, r.bound_key
  from refresh r join grants g on g.id = r.grant_id join users u on u.id = g.user_id join client c on c.id = g.client_id
 where r.token_hash = :token_hash::digest;

-- name: refresh_rotate :exec
-- The current token becomes the previous one. Nothing happens when somebody else was first or the grant is gone.
with g as (
    select gr.id, gr.scope, gr.expires_at from refresh r join grants gr on gr.id = r.grant_id
     where r.token_hash = :token_hash::digest and gr.revoked_at is null for update of gr
), cur as (
    update refresh r set used_at = :now, successor_sealed = :successor_sealed::bytes
      from g where r.token_hash = :token_hash and r.used_at is null and r.expires_at > :now
    returning r.token_hash, g.id as grant_id, g.scope, g.expires_at
), child as (
    insert into refresh (token_hash, grant_id, parent, scope, issued_at, expires_at, bound_key)
    select :successor_hash::digest, grant_id, token_hash, scope, clock_timestamp(), expires_at, :bound_key::text? from cur
)
insert into access_token (jti, grant_id, scope, issued_at, expires_at)
select :jti::text, grant_id, :scope::text, clock_timestamp(), :access_expires_at::instant from cur;

-- name: refresh_keep :exec
-- The current token, which stays: one more access token. Nothing happens when it was rotated or the grant is gone.
with g as (
    select gr.id from refresh r join grants gr on gr.id = r.grant_id
     where r.token_hash = :token_hash::digest and r.used_at is null and r.expires_at > :now and gr.revoked_at is null
       for update of gr
)
insert into access_token (jti, grant_id, scope, issued_at, expires_at)
select :jti::text, g.id, :scope::text, clock_timestamp(), :access_expires_at::instant from g;

-- name: refresh_repeat :exec
-- The previous token inside the grace window, its successor unused: one more access token, the same successor.
with g as (
    select gr.id from refresh r join grants gr on gr.id = r.grant_id
     where r.token_hash = :token_hash::digest and gr.revoked_at is null for update of gr
)
insert into access_token (jti, grant_id, scope, issued_at, expires_at)
select :jti::text, g.id, :scope::text, clock_timestamp(), :access_expires_at::instant
  from g, refresh x where x.parent = :token_hash and x.used_at is null;

-- name: refresh_reused :exec
-- Anything else that comes again was stolen: the family dies.
with r as (
    update refresh set reused_at = coalesce(reused_at, :now) where token_hash = :token_hash::digest returning grant_id
), held as (
    select gr.id from grants gr join r on r.grant_id = gr.id for update of gr
)
update grants set revoked_at = coalesce(revoked_at, clock_timestamp()), revoked_why = coalesce(revoked_why, 'refresh_reused')
  from held where grants.id = held.id;

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
insert into revoked_jti (jti, client_id, revoked_at, expires_at)
values (:jti::text, :client::client_id, :now, :expires_at::instant)
on conflict (jti) do nothing;

-- name: grant_purge :exec
-- Codes, refresh and access tokens go with their grant, a day after its end.
delete from grants where id in (select id from grants where expires_at < :before::instant order by expires_at limit 1000);

-- name: access_token_purge :exec
delete from access_token where jti in (
    select jti from access_token where expires_at < :before::instant order by expires_at limit 1000);

-- name: revoked_jti_purge :exec
delete from revoked_jti where jti in (
    select jti from revoked_jti where expires_at < :before::instant order by expires_at limit 1000);
