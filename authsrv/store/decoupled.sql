-- name: device_ask :exec
-- Nothing happens when a pending request has this user code.
insert into decoupled (id, kind, code_hash, user_code, client_id, scope, audience, terms, asked_from, interval_s, created_at, expires_at)
values (:id::decoupled_id, 'device', :code_hash::digest, :user_code::text, :client::client_id, :scope::text, :audience::text,
        :terms::json, :asked_from::text, :interval_s::i64, :now, :expires_at::instant)
on conflict (user_code) do nothing;

-- name: device_flow_create :exec
-- The browser's flow for a pending request, found by the code that the person typed. Consent is always asked for, and a
-- fresh log-in too where money is concerned: a stranger may have sent the code.
with d as (
    select id, client_id, scope, audience, terms from decoupled
     where user_code = :user_code::text and status = 'pending' and expires_at > :now
), old as (
    delete from flow where id in (
        select id from flow where browser_hash = :browser_hash::digest order by created_at desc, id desc offset 19)
)
insert into flow (id, browser_hash, client_id, redirect_uri, registered_uri, scope, audience, prompt, terms, decoupled_id, created_at, expires_at)
select :id::flow_id, :browser_hash, d.client_id, '', '', d.scope, d.audience,
       case when d.scope ~ '(^| )pay\.' then 'login consent' else 'consent' end, d.terms, d.id, :now, :expires_at::instant
  from d;

-- name: decoupled_of_flow :maybe
-- row: id decoupled_id, kind text, user_code text?, asked_from text, created_at instant
select d.id, d.kind, d.user_code, d.asked_from, d.created_at
  from decoupled d join flow f on f.decoupled_id = d.id where f.id = :flow::flow_id;

-- name: decoupled_approve :maybe
-- Turns an approved flow into the grant that the waiting client will get, once, while request, session, user and client
-- are good. The grant is not part of the browser's session: it ends with the client's tokens, not with this log-in.
-- row: user_id user_id, client_id client_id, id decoupled_id, kind text
with d as (
    select x.id, x.kind from decoupled x join flow on flow.decoupled_id = x.id
     where flow.id = :id::flow_id and flow.browser_hash = :browser_hash::digest and x.status = 'pending' and x.expires_at > :now
       for update of x
), f as (
    update flow set status = 'done'
      from d, session s, users u, client c
     where flow.id = :id and flow.browser_hash = :browser_hash and flow.status = 'approved'
       and flow.expires_at > :now
       and s.id_hash = flow.session_hash and s.ended_at is null and s.expires_at > :now
       and u.id = s.user_id and u.disabled_at is null and s.authed_at >= u.cred_changed_at
       and c.id = flow.client_id and c.disabled_at is null
    returning d.id, d.kind, flow.client_id, flow.audience, flow.terms,
              array_to_string(array(select w from unnest(string_to_array(flow.scope, ' ')) with ordinality x (w, n)
                                     where u.role <> 'user' or w not like '%.operator' order by n), ' ') as scope,
              s.user_id, s.authed_at, s.amr
), g as (
    insert into grants (id, user_id, client_id, sid, scope, audience, auth_time, amr, terms, created_at, expires_at)
    select :grant::grant_id, user_id, client_id, :sid::text, scope, audience, authed_at, amr, terms, :now,
           :grant_expires_at::instant from f
    returning id
), done as (
    update decoupled set status = 'approved', grant_id = g.id from f, g where decoupled.id = f.id
)
select user_id, client_id, id, kind from f;

-- name: decoupled_refuse :maybe
-- A refused flow of this browser is done, and when it was the person who said no, so is the request.
-- row: id decoupled_id, kind text, client_id client_id, denied bool
with f as (
    update flow set status = 'done'
     where id = :id::flow_id and browser_hash = :browser_hash::digest and status = 'refused' and expires_at > :now
       and decoupled_id is not null
    returning decoupled_id, refusal
), d as (
    update decoupled set status = 'denied' from f
     where decoupled.id = f.decoupled_id and decoupled.status = 'pending' and f.refusal = 'access_denied'
    returning decoupled.id
)
select x.id, x.kind, x.client_id, exists (select 1 from d) from f join decoupled x on x.id = f.decoupled_id;

-- name: decoupled_redeem :maybe
-- One poll: what it finds, and what it changes, in one statement. An approved request gives its tokens once, whatever
-- the interval says; each poll that comes too early makes the interval longer for good (RFC 8628 section 3.5).
-- The rows of request and grant are locked before times are taken, so that revoking and issuing have an order.
-- row: status text, expired bool, early bool, revoked bool, issued bool, user_id user_id?, scope text?, audience text?, sid text?, auth_time instant?, amr text?, terms json?
with d as (
    select id, status, grant_id, expires_at <= :now as expired,
           polled_at + make_interval(secs => interval_s - 0.5) > :now as early
      from decoupled
     where code_hash = :code_hash::digest and client_id = :client::client_id and kind = :kind::text
       for update
), g as (
    select gr.id, gr.user_id, gr.scope, gr.audience, gr.sid, gr.auth_time, gr.amr, gr.expires_at, gr.terms,
           gr.revoked_at is not null or u.disabled_at is not null or c.disabled_at is not null as revoked
      from d join grants gr on gr.id = d.grant_id join users u on u.id = gr.user_id join client c on c.id = gr.client_id
       for update of gr
), good as (
    select g.* from g, d where d.status = 'approved' and not d.expired and not g.revoked
), upd as (
    update decoupled x
       set status = case when exists (select 1 from good) then 'done' else x.status end,
           polled_at = :now,
           interval_s = x.interval_s + case when d.early and d.status = 'pending' then 5 else 0 end
      from d where x.id = d.id
), r as (
    insert into refresh (token_hash, grant_id, scope, issued_at, expires_at)
    select :refresh_hash::digest?, good.id, good.scope, clock_timestamp(), good.expires_at from good
     where :refresh_hash is not null
), a as (
    insert into access_token (jti, grant_id, scope, issued_at, expires_at)
    select :jti::text, good.id, good.scope, clock_timestamp(), :access_expires_at::instant from good
    returning jti
)
select d.status, d.expired, coalesce(d.early, false), coalesce(g.revoked, false), exists (select 1 from a), g.user_id, g.scope, g.audience,
       g.sid, g.auth_time, g.amr, g.terms
  from d left join g on true;

-- name: decoupled_purge :exec
delete from decoupled where id in (
    select id from decoupled where expires_at < :before::instant order by expires_at limit 1000);
