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
    delete from flow where id = any (array(
        select id from flow where browser_hash = :browser_hash::digest order by created_at desc, id desc offset 19))
)
insert into flow (id, browser_hash, client_id, redirect_uri, registered_uri, scope, audience, prompt, terms, decoupled_id, created_at, expires_at)
select :id::flow_id, :browser_hash, d.client_id, '', '', d.scope, d.audience,
       case when d.scope ~ '(^| )pay\.' then 'login consent' else 'consent' end, d.terms, d.id, :now, :expires_at::instant
  from d;

-- name: decoupled_of_flow :maybe
-- row: id decoupled_id, kind text, user_code text?, asked_from text, created_at instant, binding_message text?
select d.id, d.kind, d.user_code, d.asked_from, d.created_at, d.binding_message
  from decoupled d join flow f on f.decoupled_id = d.id where f.id = :flow::flow_id;

-- name: decoupled_approve :maybe
-- Turns an approved flow into the grant that the waiting client will get, once, while request, session, user and client
-- are good, whose rows it holds. The grant is not part of the browser's session: it ends with the client's tokens, not with this log-in.
-- row: user_id user_id, client_id client_id, id decoupled_id, kind text
with d as (
    select x.id, x.kind, x.user_id as only_user, x.delivery from decoupled x join flow on flow.decoupled_id = x.id
     where flow.id = :id::flow_id and flow.browser_hash = :browser_hash::digest and x.status = 'pending' and x.expires_at > :now
       for update of x
), live as (
    select s.id_hash, s.user_id, coalesce(s.auth_time, s.authed_at) as auth_time, s.amr, u.role, c.id as client_id
      from session s join flow x on x.session_hash = s.id_hash join users u on u.id = s.user_id join client c on c.id = x.client_id
     where x.id = :id and (s.ended_at is null) is true and s.expires_at > :now
       and u.disabled_at is null and s.cred_version = u.cred_version and c.disabled_at is null
       for share of s for key share of u, c
), f as (
    update flow set status = 'done'
      from d, live s
     where flow.id = :id and flow.status = 'approved' and flow.expires_at > :now
       and s.id_hash = flow.session_hash and s.client_id = flow.client_id
       and s.user_id = coalesce(d.only_user, s.user_id)
    returning d.id, d.kind, d.delivery, s.client_id, flow.audience, flow.terms,
              array_to_string(array(select w from unnest(string_to_array(flow.scope, ' ')) with ordinality x (w, n)
                                     where role_may(s.role, w) order by n), ' ') as scope,
              s.user_id, s.auth_time, s.amr
), g as (
    insert into grants (id, user_id, client_id, sid, scope, audience, auth_time, amr, terms, created_at, expires_at)
    select :grant::grant_id, user_id, client_id, :sid::text, scope, audience, auth_time, amr, terms, :now,
           :grant_expires_at::instant from f
    returning id
), done as (
    update decoupled set status = 'approved', grant_id = g.id from f, g where decoupled.id = f.id
), told as (
    insert into decoupled_notice (decoupled_id, kind, due_at) select id, delivery, :now from f where delivery <> 'poll'
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
    returning decoupled.id, decoupled.delivery
), told as (
    insert into decoupled_notice (decoupled_id, kind, due_at) select id, delivery, :now from d where delivery <> 'poll'
)
select x.id, x.kind, x.client_id, exists (select 1 from d) from f join decoupled x on x.id = f.decoupled_id;

-- name: decoupled_done :maybe
-- How a flow of this browser ended that is done.
-- row: is_refused bool, is_denied bool
select f.refusal is not null, x.status = 'denied' from flow f join decoupled x on x.id = f.decoupled_id
 where f.id = :id::flow_id and f.browser_hash = :browser_hash::digest and f.status = 'done';

-- name: decoupled_redeem :maybe
-- One poll: what it finds, and what it changes, in one statement. An approved request gives its tokens once, whatever
-- the interval says; each poll that comes too early makes the interval longer for good (RFC 8628 section 3.5).
-- The rows of request and grant are locked before times are taken, so that revoking and issuing have an order.
-- row: status text, expired bool, early bool, revoked bool, issued bool, user_id user_id?, scope text?, audience text?, sid text?, auth_time instant?, amr text?, terms json?, grant_id grant_id?
with d as (
    select id, status, grant_id, expires_at <= :now as expired,
           polled_at + make_interval(secs => interval_s - 0.5) > :now as early
      from decoupled
     where code_hash = :code_hash::digest and client_id = :client::client_id and kind = :kind::text
       for update
), g as (
    select gr.id, gr.user_id, gr.scope, gr.audience, gr.sid, gr.auth_time, gr.amr, gr.expires_at, gr.terms,
           gr.revoked_at is not null or u.disabled_at is not null or c.disabled_at is not null
           or grant_ends(gr.user_id, gr.client_id, gr.sid, gr.scope, gr.tokens_at, gr.created_at) as revoked
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
    insert into refresh (grant_id, first_hash, token_hash, issued_at, bound_key)
    select good.id, :refresh_hash::digest?, :refresh_hash, clock_timestamp(), :bound_key::text? from good
     where :refresh_hash is not null
), a as (
    insert into access_token (jti, grant_id, scope, issued_at, expires_at)
    select :jti::text, good.id, good.scope, clock_timestamp(), :access_expires_at::instant from good
    returning jti
)
select d.status, d.expired, coalesce(d.early, false), coalesce(g.revoked, false), exists (select 1 from a), g.user_id, g.scope, g.audience,
       g.sid, g.auth_time, g.amr, g.terms, g.id
  from d left join g on true;

-- name: decoupled_purge :exec
delete from decoupled where id = any (array(
    select id from decoupled where expires_at < :before::instant order by expires_at limit 1000));

-- name: ciba_user :maybe
-- The account that a hint names: by its log-in name or its id.
-- row: id user_id
select id from users where id = any (array(select x.id from users x where x.login = :hint::text union all select x.id from users x where x.id = :hint)) and disabled_at is null;

-- name: ciba_ask :exec
-- The person is told by mail, if there is an address and mails are sent at all.
with d as (
    insert into decoupled (id, kind, code_hash, client_id, scope, audience, terms, asked_from, user_id, binding_message, delivery,
                           notify_sealed, interval_s, created_at, expires_at)
    select :id::decoupled_id, 'ciba', :code_hash::digest, :client::client_id, :scope::text, :audience::text, :terms::json,
           :asked_from::text, u.id, :binding_message::text?, :delivery::text, :notify_sealed::bytes?, :interval_s::i64, :now,
           :expires_at::instant
      from users u where u.id = :user::user_id and u.disabled_at is null
    returning id
), told as (
    insert into decoupled_notice (decoupled_id, kind, due_at)
    select d.id, 'mail', :now from d, users u where u.id = :user and u.email is not null and :mails::bool
)
select id from d;

-- name: ciba_flow_create :exec
-- The browser's flow for a pending request: for its person only. Consent is always asked for, and a fresh log-in too
-- where money is concerned.
with d as (
    select id, client_id, scope, audience, terms, user_id from decoupled
     where id = :decoupled::decoupled_id and kind = 'ciba' and status = 'pending' and expires_at > :now
), old as (
    delete from flow where id = any (array(
        select id from flow where browser_hash = :browser_hash::digest order by created_at desc, id desc offset 19))
)
insert into flow (id, browser_hash, client_id, redirect_uri, registered_uri, scope, audience, hint_subject, prompt, terms, decoupled_id,
                  created_at, expires_at)
select :id::flow_id, :browser_hash, d.client_id, '', '', d.scope, d.audience, d.user_id,
       case when d.scope ~ '(^| )pay\.' then 'login consent' else 'consent' end, d.terms, d.id, :now, :expires_at::instant
  from d;

-- name: ciba_client :maybe
-- row: client_id client_id
select client_id from decoupled where code_hash = :code_hash::digest and kind = 'ciba';

-- name: ciba_allow :maybe
-- The operator's decision in the place of the person's, for tests of clients that run by themselves.
-- row: user_id user_id, client_id client_id, id decoupled_id
with d as (
    select x.id, x.client_id, u.id as user_id, x.scope, x.audience, x.terms, x.delivery
      from decoupled x join users u on u.id = x.user_id join client c on c.id = x.client_id
     where x.code_hash = :code_hash::digest and x.kind = 'ciba' and x.status = 'pending' and x.expires_at > :now
       and u.disabled_at is null and c.disabled_at is null
       for update of x for key share of u, c
), g as (
    insert into grants (id, user_id, client_id, sid, scope, audience, auth_time, amr, terms, created_at, expires_at)
    select :grant::grant_id, d.user_id, d.client_id, :sid::text,
           array_to_string(array(select w from unnest(string_to_array(d.scope, ' ')) with ordinality x (w, n)
                                  where role_may(u.role, w) order by n), ' '),
           d.audience, :now, '', d.terms, :now, :grant_expires_at::instant
      from d join users u on u.id = d.user_id
    returning id
), done as (
    update decoupled set status = 'approved', grant_id = g.id from d, g where decoupled.id = d.id
), told as (
    insert into decoupled_notice (decoupled_id, kind, due_at) select id, delivery, :now from d where delivery <> 'poll'
)
select user_id, client_id, id from d;

-- name: ciba_deny :maybe
-- Taking something away needs no secret: the id that lists show names it, too.
-- row: = ciba_allow
with d as (
    update decoupled x set status = 'denied' from users u
     where x.id = any (array(select y.id from decoupled y where y.code_hash = :code_hash::digest union all select y.id from decoupled y where y.id = :id::text)) and x.kind = 'ciba' and x.status = 'pending' and x.expires_at > :now and u.id = x.user_id
    returning x.id, x.client_id, u.id as user_id, x.delivery
), told as (
    insert into decoupled_notice (decoupled_id, kind, due_at) select id, delivery, :now from d where delivery <> 'poll'
)
select user_id, client_id, id from d;

-- name: ciba_page :many
-- row: id decoupled_id, client_id client_id, user_id user_id, scope text, binding_message text?, expires_at instant
select d.id, d.client_id, u.id, d.scope, d.binding_message, d.expires_at
  from decoupled d join users u on u.id = d.user_id
 where d.kind = 'ciba' and d.status = 'pending' and d.expires_at > :now and (:after::text? is null or d.id > :after)
 order by d.id limit :limit::i64;

-- name: decoupled_expire :exec
-- Clients that do not poll are told when nobody decided in time.
with d as (
    update decoupled set status = 'expired'
     where id in (select id from decoupled where kind = 'ciba' and delivery <> 'poll' and status = 'pending' and expires_at <= :now
                   order by expires_at limit 100 for update skip locked)
    returning id, delivery
)
insert into decoupled_notice (decoupled_id, kind, due_at) select id, delivery, :now from d;

-- name: notice_claim :maybe
-- One that is due, leased to this sender; another one takes over if it dies. Mails have a sender of their own, and so
-- have clients to which something could not be told (:failing): a dead one holds up nobody else. Among those, the one
-- with least that failed is first.
-- row: id i64, kind text, tries i32, payload_sealed bytes?, decoupled_id decoupled_id, status text, client_id client_id, client_name text, notify_sealed bytes?, binding_message text?, expires_at instant, email text?, locale text?
with failing as materialized (
    select (select d.client_id from decoupled d where d.id = f.decoupled_id) as client_id, count(*) as n from decoupled_notice f
     where f.sent_at is null and f.failed_at is null and f.tries > 0 and f.kind <> 'mail' group by 1
)
update decoupled_notice n set due_at = :lease::instant, tries = n.tries + 1
  from decoupled d join client c on c.id = d.client_id left join users u on u.id = d.user_id
 where n.id = (select w.id from decoupled_notice w
                 left join failing f on f.client_id = (select x.client_id from decoupled x where x.id = w.decoupled_id)
                where w.sent_at is null and w.failed_at is null and w.due_at <= :now and (w.kind = 'mail') = :mails::bool
                  and (:mails or (f.client_id is not null) = :failing::bool)
                order by f.n nulls first, w.due_at limit 1 for no key update of w skip locked)
   and d.id = n.decoupled_id
returning n.id, n.kind, n.tries, n.payload_sealed, d.id, d.status, d.client_id, c.name, d.notify_sealed, d.binding_message, d.expires_at, u.email, u.profile->>'locale';

-- name: notice_keep :exec
update decoupled_notice set payload_sealed = :payload_sealed::bytes where id = :id::i64 and payload_sealed is null;

-- name: notice_sent :exec
update decoupled_notice set sent_at = :now, payload_sealed = null where id = :id::i64 and sent_at is null;

-- name: notice_postpone :exec
update decoupled_notice set due_at = :due::instant where id = :id::i64 and sent_at is null;

-- name: notice_give_up :exec
update decoupled_notice set failed_at = :now, payload_sealed = null where id = :id::i64 and sent_at is null;
