-- name: flow_create :exec
-- The oldest of too many flows of one browser give way.
with old as (
    delete from flow where id in (
        select id from flow where browser_hash = :browser_hash::digest order by created_at desc, id desc offset 19)
)
insert into flow (id, browser_hash, client_id, redirect_uri, registered_uri, scope, audience, state, nonce, challenge,
                  login_hint, idp_hint, hint_subject, prompt, max_age, terms, pushed_hash, created_at, expires_at)
values (:id::flow_id, :browser_hash, :client::client_id, :redirect_uri::text, :registered_uri::text, :scope::text,
        :audience::text, :state::text?, :nonce::text?, :challenge::text?, :login_hint::text?, :idp_hint::text?,
        :hint_subject::text?, :prompt::text, :max_age::i64?, :terms::json, :pushed_hash::bytes?, :now, :expires_at::instant);

-- name: flow_find :maybe
-- row: id flow_id, client_id client_id, redirect_uri text, registered_uri text, scope text, audience text, state text?, login_hint text?, idp_hint text?, hint_subject text?, prompt text, max_age i64?, status text, session_hash bytes?, reauthenticated bool, consented bool, created_at instant, terms json
select id, client_id, redirect_uri, registered_uri, scope, audience, state, login_hint, idp_hint, hint_subject, prompt, max_age, status,
       session_hash, reauthenticated, consented, created_at, terms
  from flow where id = :id::flow_id and browser_hash = :browser_hash::digest and expires_at > :now;

-- name: flow_signed_in :exec
update flow set session_hash = :session_hash::digest, reauthenticated = true
 where id = :id::flow_id and browser_hash = :browser_hash::digest and status = 'open' and expires_at > :now;

-- name: flow_approve :exec
update flow set status = 'approved', consented = true, session_hash = :session_hash::digest
 where id = :id::flow_id and browser_hash = :browser_hash::digest and status = 'open' and expires_at > :now;

-- name: flow_refuse :exec
update flow set status = 'refused', refusal = :refusal::text
 where id = :id::flow_id and browser_hash = :browser_hash::digest and status = 'open' and expires_at > :now;

-- name: flow_take_refusal :maybe
-- row: redirect_uri text, state text?, refusal text?
with f as (
    update flow set status = 'done'
     where id = :id::flow_id and browser_hash = :browser_hash::digest and status = 'refused' and expires_at > :now
    returning redirect_uri, state, refusal, pushed_hash
), p as (
    update pushed_request set used_at = :now from f where uri_hash = f.pushed_hash and used_at is null
)
select redirect_uri, state, refusal from f;

-- name: flow_grant :maybe
-- Turns an approved flow into a grant and its code, once, while session, user and client are good.
-- The operator's scopes are for the operator's people only, and those of administration go by role (domain/admin.h).
-- A pushed request is good for one of the flows that it began.
-- row: redirect_uri text, state text?, user_id user_id
with p as (
    update pushed_request set used_at = :now from flow x
     where x.id = :id::flow_id and x.browser_hash = :browser_hash::digest and x.status = 'approved'
       and uri_hash = x.pushed_hash and used_at is null
    returning uri_hash
), f as (
    update flow set status = 'done'
      from session s, users u, client c
     where flow.id = :id and flow.browser_hash = :browser_hash and flow.status = 'approved' and flow.expires_at > :now
       and (flow.pushed_hash is null or flow.pushed_hash in (select uri_hash from p))
       and s.id_hash = flow.session_hash and s.ended_at is null and s.expires_at > :now
       and u.id = s.user_id and u.disabled_at is null and s.authed_at >= u.cred_changed_at
       and c.id = flow.client_id and c.disabled_at is null
    returning flow.redirect_uri, flow.registered_uri, flow.state, flow.client_id, flow.audience, flow.nonce, flow.terms,
              array_to_string(array(select w from unnest(string_to_array(flow.scope, ' ')) with ordinality x (w, n)
                                     where (u.role <> 'user' or w not like '%.operator')
                                       and (u.role = 'admin' or w not like 'auth.admin.%' or (u.role = 'operator' and w = 'auth.admin.read'))
                                     order by n), ' ') as scope,
              flow.challenge, s.id_hash, s.sid, s.user_id, s.authed_at, s.amr
), g as (
    insert into grants (id, user_id, client_id, session_hash, sid, scope, audience, nonce, auth_time, amr, terms, created_at, expires_at)
    select :grant::grant_id, user_id, client_id, id_hash, sid, scope, audience, nonce, authed_at, amr, terms, :now,
           :grant_expires_at::instant from f
    returning id
), k as (
    insert into code (code_hash, grant_id, client_id, redirect_uri, registered_uri, challenge, issued_at, expires_at)
    select :code_hash::digest, g.id, f.client_id, f.redirect_uri, f.registered_uri, f.challenge, :now, :code_expires_at::instant
      from f, g
)
select redirect_uri, state, user_id from f;

-- name: flow_purge :exec
delete from flow where id in (select id from flow where expires_at < :before::instant order by expires_at limit 1000);

-- name: consent_find :maybe
-- row: scope text
select scope from consent
 where user_id = :user::user_id and client_id = :client::client_id and redirect_uri = :redirect_uri::text
   and client_version = :version::i64;

-- name: consent_put :exec
insert into consent (user_id, client_id, redirect_uri, client_version, scope, granted_at)
values (:user::user_id, :client::client_id, :redirect_uri::text, :version::i64, :scope::text, :now)
on conflict (user_id, client_id, redirect_uri) do update
   set client_version = excluded.client_version, scope = excluded.scope, granted_at = excluded.granted_at;

-- name: upstream_login_create :exec
insert into upstream_login (state_hash, browser_hash, flow_id, partner, issuer, nonce, verifier_sealed, created_at, expires_at)
values (:state_hash::digest, :browser_hash::digest, :flow::flow_id, :partner::text, :issuer::text, :nonce::text,
        :verifier_sealed::bytes, :now, :expires_at::instant);

-- name: upstream_login_take :maybe
-- Once, by the browser that began it. An answer on another partner's callback destroys the record all the same.
-- row: flow_id flow_id, partner text, issuer text, nonce text, verifier_sealed bytes
update upstream_login set used_at = :now
 where state_hash = :state_hash::digest and browser_hash = :browser_hash::digest and used_at is null and expires_at > :now
returning flow_id, partner, issuer, nonce, verifier_sealed;

-- name: upstream_login_purge :exec
delete from upstream_login where state_hash in (
    select state_hash from upstream_login where expires_at < :before::instant order by expires_at limit 1000);
