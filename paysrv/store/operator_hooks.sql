-- Partners' webhooks and requests as operators look at them.

-- name: webhook_endpoint_page :many
-- Newest first, of one partner or of all. waiting and failed are counted to :most; oldest: of what is due first.
-- row: webhook_endpoint_id webhook_endpoint_id, partner_id partner_id, url text, store_id text?, failures i32, disabled_at instant?, disabled_why text?, waiting i64, oldest instant?, failed i64, at_once i32
select w.webhook_endpoint_id, w.partner_id, w.url, w.store_id, w.failures, w.disabled_at, w.disabled_why,
       (select count(*) from (select from webhook_delivery d where d.webhook_endpoint_id = w.webhook_endpoint_id and d.status = 'pending' limit :most::i64) x),
       (select min(x.created_at) from (select d.created_at from webhook_delivery d
                                        where d.webhook_endpoint_id = w.webhook_endpoint_id and d.status = 'pending' order by d.due_at limit 100) x),
       (select count(*) from (select from webhook_delivery d where d.webhook_endpoint_id = w.webhook_endpoint_id and d.status = 'failed' limit :most) x),
       least(w.at_once, w.max_in_flight)
  from ((select * from webhook_endpoint where :partner::text? is null and webhook_endpoint_id < coalesce(:before::text?, 'zz')
          order by webhook_endpoint_id desc limit :limit::i64)
        union all
        (select * from webhook_endpoint where (partner_id, webhook_endpoint_id) < (:partner, coalesce(:before, 'zz')) and (partner_id, webhook_endpoint_id) >= (:partner, '')
          order by partner_id desc, webhook_endpoint_id desc limit :limit)) w
 order by w.webhook_endpoint_id desc;

-- name: webhook_endpoint_any :maybe
-- row: partner_id partner_id, partner_name text, url text, events texts, store_id text?, contact_email text?, failures i32, created_at instant, disabled_at instant?, disabled_why text?
select w.partner_id, case when n.is_sandbox then n.name || ' (sandbox)' else n.name end, w.url, w.events, w.store_id, w.contact_email, w.failures,
       w.created_at, w.disabled_at, w.disabled_why
  from webhook_endpoint w join partner n on n.partner_id = w.partner_id
 where w.webhook_endpoint_id = :endpoint::webhook_endpoint_id;

-- name: webhook_delivery_page :many
-- Newest first; failed: only those that were given up.
-- row: event_id event_id, type text, object_id text, status text, attempts i32, answered i32?, why text?, excerpt text?, due_at instant, created_at instant, finished_at instant?
select d.event_id, e.type, e.object_id, d.status, d.attempts, d.answered, d.why, d.excerpt, d.due_at, d.created_at, d.finished_at
  from ((select * from webhook_delivery
          where not :failed::bool and (webhook_endpoint_id, event_id) < (:endpoint::webhook_endpoint_id, coalesce(:before::text?, 'zz'))
            and (webhook_endpoint_id, event_id) >= (:endpoint, '')
          order by webhook_endpoint_id desc, event_id desc limit :limit::i64)
        union all
        (select * from webhook_delivery
          where :failed and status = 'failed' and (webhook_endpoint_id, event_id) < (:endpoint, coalesce(:before, 'zz')) and (webhook_endpoint_id, event_id) >= (:endpoint, '')
          order by webhook_endpoint_id desc, event_id desc limit :limit)) d
 cross join lateral (select x.type, x.object_id from event x where x.event_id = d.event_id limit 1) e
 order by d.event_id desc;

-- name: webhook_delivery_replay :one
-- Delivers an event again to one endpoint that had it, and writes down who wanted that. 0: it never had it.
-- row: n i64
with again as (
    update webhook_delivery set status = 'pending', attempts = 0, due_at = :wall, finished_at = null
     where webhook_endpoint_id = :endpoint::webhook_endpoint_id and event_id = :event::event_id
    returning webhook_endpoint_id, event_id
), written as materialized (
    select audit_add('webhook_delivery.replayed', a.webhook_endpoint_id, :partner::text, a.event_id) from again a
)
select count(*) from written;

-- name: request_log_owner :maybe
-- Whose request it was.
-- row: partner_id partner_id
select partner_id from request_log where request_id = :request::text limit 1;
