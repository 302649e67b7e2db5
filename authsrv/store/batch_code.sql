-- An authorization whose person is there and has allowed it before, and what its code buys, as one statement for all who
-- ask at the same time (shared/db/batch.h). The first column is the number of the question; what may be absent is empty.

-- name: session_find :many batch
-- One that nobody used since :seen_after asks for a log-in; it goes on when the same person proves himself again.
-- row: n i64, sid text, user_id user_id, cred_version i64, auth_time instant, amr text, partner text?, last_seen_at instant, user_name text, email text?, locale text?
select x.n, s.sid, s.user_id, s.cred_version, coalesce(s.auth_time, s.authed_at), s.amr, s.partner, s.last_seen_at, u.name, u.email, u.profile->>'locale'
  from unnest(:id_hash::digests) with ordinality x (id_hash, n)
  join session s on s.id_hash = x.id_hash
  join users u on u.id = s.user_id
 where (s.ended_at is null and s.expires_at > :now and s.last_seen_at > :seen_after::instant) is true
   and u.disabled_at is null and s.cred_version = u.cred_version;

-- name: consent_find :many batch
-- row: n i64, scope text, claims text
select x.n, c.scope, c.claims
  from unnest(:user_id::texts, :client_id::texts, :redirect_uri::texts, :version::i64s) with ordinality
       x (user_id, client_id, redirect_uri, version, n)
  join consent c on c.user_id = x.user_id and c.client_id = x.client_id and c.redirect_uri = x.redirect_uri
 where c.client_version = x.version;

-- name: code_issue :many batch
-- A grant with its code for an authorization of which no flow has to be kept: nothing is asked and nothing comes back.
-- As flow_grant, only while session, user and client are good; scopes that go by role are not given here. The session's
-- row is held, so that a log-out at the same moment comes before the grant or ends it; those of user and client likewise,
-- as they are by the grant's own references, against their being disabled.
-- row: n i64
with q as materialized (
    select x.*
      from unnest(:session_hash::digests, :client_id::texts, :redirect_uri::texts, :registered_uri::texts,
                  :scope::texts, :audience::texts, :nonce::texts?, :challenge::texts?, :terms::texts,
                  :grant_id::texts, :code_hash::digests, :expires_us::i64s) with ordinality
           x (session_hash, client_id, redirect_uri, registered_uri, scope, audience, nonce, challenge, terms,
              grant_id, code_hash, expires_us, n)
     order by x.session_hash
), f as (
    select q.*, s.id_hash, s.sid, s.user_id, coalesce(s.auth_time, s.authed_at) as auth_time, s.amr
      from q cross join lateral (select * from session x where x.id_hash = q.session_hash offset 0 for share) s
      join users u on u.id = s.user_id
      join client c on c.id = q.client_id
     where s.ended_at is null and s.expires_at > :now and u.disabled_at is null and s.cred_version = u.cred_version
       and c.disabled_at is null
       for key share of u, c
), g as (
    insert into grants (id, user_id, client_id, session_hash, sid, scope, audience, nonce, auth_time, amr, terms, created_at, expires_at)
    select grant_id, user_id, client_id, id_hash, sid, scope, audience, nullif(nonce, ''), auth_time, amr, terms::jsonb, :now,
           timestamptz 'epoch' + expires_us * interval '1 microsecond' from f
), k as (
    insert into code (code_hash, grant_id, client_id, redirect_uri, registered_uri, challenge, issued_at, expires_at)
    select code_hash, grant_id, client_id, redirect_uri, registered_uri, nullif(challenge, ''), :now, :code_expires_at::instant
      from f
)
select n from f;

-- name: code_redeem :many batch
-- One use of a live code of this client, and in the same statement what it buys. The code is consumed whatever the
-- verdict is (a wrong verifier has one try); tokens appear only when it is good. No row: no unused code; of two who bring
-- the same one only the first gets it. Rows are locked in the order of their keys, and the grant's before its times are
-- taken, so that revoking and issuing have an order.
-- row: n i64, grant_id grant_id, redirect_uri text, challenge text?, expired bool, revoked bool, other_key bool, issued bool, user_id user_id, scope text, audience text, sid text, nonce text?, auth_time instant, amr text, expires_at instant, terms json, user_name text, email text?, email_verified bool, profile json, updated_at instant
with q as materialized (
    select distinct on (x.code_hash, x.client_id) x.*
      from unnest(:code_hash::digests, :client_id::texts, :challenge::texts?, :redirect_uri::texts?,
                  :refreshed::i64s, :refresh_hash::digests, :jti::texts, :jkt::texts?, :bound_key::texts?,
                  :expires_us::i64s) with ordinality
           x (code_hash, client_id, challenge, redirect_uri, refreshed, refresh_hash, jti, jkt, bound_key,
              expires_us, n)
     order by x.code_hash, x.client_id, x.n
), k as (
    update code set used_at = :now from q
     where code.code_hash = q.code_hash and code.client_id = q.client_id and code.used_at is null
    returning q.n, q.code_hash, q.refreshed, q.refresh_hash, q.jti, q.jkt, q.bound_key, q.expires_us, code.grant_id, code.redirect_uri, code.challenge,
              code.expires_at <= :now as expired,
              code.challenge is not distinct from nullif(q.challenge, '')
              and code.redirect_uri = coalesce(nullif(q.redirect_uri, ''), code.redirect_uri) as fits
), g as (
    select k.*, gr.user_id, gr.scope, gr.audience, gr.sid, gr.nonce, gr.auth_time, gr.amr, gr.expires_at, gr.terms,
           u.name, u.email, u.email_verified, u.profile, u.updated_at,
           gr.revoked_at is not null or u.disabled_at is not null or c.disabled_at is not null
           or grant_ends(gr.user_id, gr.client_id, gr.sid, gr.scope, gr.tokens_at, gr.created_at) as revoked,
           gr.terms ->> 'dpop_jkt' <> k.jkt is true as other_key
      from k join grants gr on gr.id = k.grant_id join users u on u.id = gr.user_id join client c on c.id = gr.client_id
     order by gr.id for update of gr
), good as (
    select * from g where fits and not expired and not revoked and not other_key
), r as (
    insert into refresh (grant_id, first_hash, token_hash, issued_at, bound_key)
    select grant_id, refresh_hash, refresh_hash, clock_timestamp(), nullif(bound_key, '') from good where refreshed = 1
), a as (
    insert into access_token (jti, grant_id, code_hash, scope, issued_at, expires_at)
    select jti, grant_id, code_hash, scope, clock_timestamp(), timestamptz 'epoch' + expires_us * interval '1 microsecond' from good
), told as (
    update grants set tokens_at = :now from good where grants.id = good.grant_id
)
select n, grant_id, redirect_uri, challenge, expired, revoked, other_key, fits and not expired and not revoked and not other_key, user_id, scope,
       audience, sid, nonce, auth_time, amr, expires_at, terms, name, email, email_verified, profile, updated_at
  from g;
