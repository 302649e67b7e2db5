-- name: flow_create :exec
-- The oldest of too many flows of one browser give way.
with old as (
    delete from flow where id = any (array(
        select id from flow where browser_hash = :browser_hash::digest order by created_at desc, id desc offset 19))
)
insert into flow (id, browser_hash, client_id, redirect_uri, registered_uri, scope, audience, state, nonce, challenge,
                  login_hint, idp_hint, hint_subject, prompt, ui_locales, max_age, terms, response_type, response_mode,
                  narrowed, pushed_hash, created_at, expires_at)
values (:id::flow_id, :browser_hash, :client::client_id, :redirect_uri::text, :registered_uri::text, :scope::text,
        :audience::text, :state::text?, :nonce::text?, :challenge::text?, :login_hint::text?, :idp_hint::text?,
        :hint_subject::text?, :prompt::text, :ui_locales::text?, :max_age::i64?, :terms::json, :response_type::text,
        :response_mode::text, :narrowed::bool, :pushed_hash::bytes?, :now, :expires_at::instant);

-- name: flow_find :maybe
-- row: id flow_id, client_id client_id?, redirect_uri text, registered_uri text, scope text, audience text, state text?, login_hint text?, idp_hint text?, hint_subject text?, prompt text, max_age i64?, status text, session_hash bytes?, reauthenticated bool, consented bool, created_at instant, terms json,
--   response_type text, response_mode text, narrowed bool, selected bool, linking bool, ui_locales text?, second_at instant?, second_user user_id?, second_version i64?
select id, client_id, redirect_uri, registered_uri, scope, audience, state, login_hint, idp_hint, hint_subject, prompt, max_age, status,
       session_hash, reauthenticated, consented, created_at, terms, response_type, response_mode, narrowed, selected, linking, ui_locales, second_at, second_user, second_version
  from flow where id = :id::flow_id and browser_hash = :browser_hash::digest and expires_at > :now;

-- name: flow_signed_in :exec
update flow set session_hash = :session_hash::digest, reauthenticated = true, first_user = null, first_version = null, first_at = null, second_at = null
 where id = :id::flow_id and browser_hash = :browser_hash::digest and status = 'open' and expires_at > :now;

-- name: flow_select :exec
-- Whoever logged in within this flow with another session did not do so with this one.
update flow set selected = true, session_hash = :session_hash::digest,
       reauthenticated = reauthenticated and session_hash is not distinct from :session_hash, second_at = null
 where id = :id::flow_id and browser_hash = :browser_hash::digest and status = 'open' and expires_at > :now;

-- name: flow_approve :exec
update flow set status = 'approved', consented = true, session_hash = :session_hash::digest
 where id = :id::flow_id and browser_hash = :browser_hash::digest and status = 'open' and expires_at > :now;

-- name: flow_refuse :exec
update flow set status = 'refused', refusal = :refusal::text
 where id = :id::flow_id and browser_hash = :browser_hash::digest and status = 'open' and expires_at > :now;

-- name: flow_mishap :exec
-- What went wrong at a partner, for the application, should the person leave; the flow stays open for other ways.
update flow set refusal = :refusal::text
 where id = :id::flow_id and browser_hash = :browser_hash::digest and status = 'open' and expires_at > :now;

-- name: flow_leave :exec
update flow set status = 'refused', refusal = coalesce(refusal, 'access_denied')
 where id = :id::flow_id and browser_hash = :browser_hash::digest and status = 'open' and expires_at > :now;

-- name: flow_speak :exec
-- The person's choice, in the place of the application's.
update flow set ui_locales = :ui_locales::text
 where id = :id::flow_id and browser_hash = :browser_hash::digest and expires_at > :now;

-- name: flow_hint :exec
update flow set login_hint = :login_hint::text
 where id = :id::flow_id and browser_hash = :browser_hash::digest and status = 'open' and expires_at > :now;

-- name: flow_take_refusal :maybe
-- row: refusal text?
with f as (
    update flow set status = 'done'
     where id = :id::flow_id and browser_hash = :browser_hash::digest and status = 'refused' and expires_at > :now
    returning refusal, pushed_hash
), p as (
    update pushed_request set used_at = :now from f where uri_hash = f.pushed_hash and used_at is null
)
select refusal from f;

-- name: flow_grant :maybe
-- Turns an approved flow into a grant with its code and its first access token, as far as they are wanted, once, while
-- session, user and client are good. Without a grant (response_type none) only the flow ends.
-- The operator's scopes and those of administration go by role (domain/admin.h).
-- A pushed request is good for one of the flows that it began.
-- The session's row is held, so that a log-out at the same moment comes before the grant or ends it; user's and client's are against
-- their being disabled.
-- row: user_id user_id, scope text, audience text, sid text, nonce text?, auth_time instant, amr text, terms json
with p as (
    update pushed_request set used_at = :now from flow x
     where x.id = :id::flow_id and x.browser_hash = :browser_hash::digest and x.status = 'approved'
       and uri_hash = x.pushed_hash and used_at is null
    returning uri_hash
), live as (
    select s.id_hash, s.sid, s.user_id, coalesce(s.auth_time, s.authed_at) as auth_time, s.amr, u.role, c.id as client_id
      from session s join flow x on x.session_hash = s.id_hash join users u on u.id = s.user_id join client c on c.id = x.client_id
     where x.id = :id and (s.ended_at is null) is true and s.expires_at > :now
       and u.disabled_at is null and s.cred_version = u.cred_version and c.disabled_at is null
       for share of s for key share of u, c
), f as (
    update flow set status = 'done'
      from live s
     where flow.id = :id and flow.browser_hash = :browser_hash and flow.status = 'approved' and flow.expires_at > :now
       and (flow.pushed_hash is null or flow.pushed_hash in (select uri_hash from p))
       and s.id_hash = flow.session_hash and s.client_id = flow.client_id
    returning flow.redirect_uri, flow.registered_uri, flow.client_id, flow.audience, flow.nonce, flow.terms,
              array_to_string(array(select w from unnest(string_to_array(flow.scope, ' ')) with ordinality x (w, n)
                                     where role_may(s.role, w) order by n), ' ') as scope,
              flow.challenge, s.id_hash, s.sid, s.user_id, s.auth_time, s.amr
), g as (
    insert into grants (id, user_id, client_id, session_hash, sid, scope, audience, nonce, auth_time, amr, terms, created_at, tokens_at, expires_at)
    select :grant::grant_id?, user_id, client_id, id_hash, sid, scope, audience, nonce, auth_time, amr, terms, :now,
           case when :tells::bool then :now end, :grant_expires_at::instant from f where :grant is not null
    returning id
), k as (
    insert into code (code_hash, grant_id, client_id, redirect_uri, registered_uri, challenge, issued_at, expires_at)
    select :code_hash::digest?, g.id, f.client_id, f.redirect_uri, f.registered_uri, f.challenge, :now, :code_expires_at::instant
      from f, g where :code_hash is not null
), a as (
    insert into access_token (jti, grant_id, scope, issued_at, expires_at)
    select :jti::text?, g.id, f.scope, clock_timestamp(), :access_expires_at::instant from f, g where :jti is not null
)
select user_id, scope, audience, sid, nonce, auth_time, amr, terms from f;

-- name: flow_client :maybe
-- The application of a flow of this browser that is over, for a way back.
-- row: client_id client_id?
select client_id from flow where id = :id::flow_id and browser_hash = :browser_hash::digest;

-- name: flow_purge :exec
delete from flow where id = any (array(select id from flow where expires_at < :before::instant order by expires_at limit 1000));

-- name: consent_put :exec
insert into consent (user_id, client_id, redirect_uri, client_version, scope, claims, granted_at)
values (:user::user_id, :client::client_id, :redirect_uri::text, :version::i64, :scope::text, :claims::text, :now)
on conflict (user_id, client_id, redirect_uri) do update
   set client_version = excluded.client_version, scope = excluded.scope, claims = excluded.claims,
       granted_at = excluded.granted_at;

-- name: upstream_login_create :exec
insert into upstream_login (state_hash, browser_hash, flow_id, partner, issuer, nonce, verifier_sealed, max_age, forced, created_at, expires_at)
values (:state_hash::digest, :browser_hash::digest, :flow::flow_id, :partner::text, :issuer::text, :nonce::text,
        :verifier_sealed::bytes, :max_age::i64?, :forced::bool, :now, :expires_at::instant);

-- name: upstream_login_take :maybe
-- Once, by the browser that began it. An answer on another partner's callback destroys the record all the same.
-- row: flow_id flow_id, partner text, issuer text, nonce text, verifier_sealed bytes, max_age i64?, forced bool, created_at instant
update upstream_login set used_at = :now
 where state_hash = :state_hash::digest and browser_hash = :browser_hash::digest and used_at is null and expires_at > :now
returning flow_id, partner, issuer, nonce, verifier_sealed, max_age, forced, created_at;

-- name: upstream_login_used :maybe
-- row: flow_id flow_id
select flow_id from upstream_login
 where state_hash = :state_hash::digest and browser_hash = :browser_hash::digest and used_at is not null and expires_at > :now;

-- name: upstream_login_purge :exec
delete from upstream_login where state_hash = any (array(
    select state_hash from upstream_login where expires_at < :before::instant order by expires_at limit 1000));
