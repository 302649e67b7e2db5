-- Partners' endpoints and the deliveries to them.

-- name: webhook_endpoint_insert :exec
insert into webhook_endpoint (partner_id, webhook_endpoint_id, url, events, secret, store_id, contact_email, payload, api_version,
                              max_in_flight, paused_until, busy_until, created_at)
values (:partner::partner_id, :endpoint::webhook_endpoint_id, :url::text, :events::texts, :secret::bytes, :store::text?, :contact_email::text?,
        :payload::text, :api_version::text?, :max_in_flight::i32, :wall, :wall, :now);

-- name: webhook_endpoint_find :maybe
-- row: webhook_endpoint_id webhook_endpoint_id, url text, events texts, failures i32, created_at instant, disabled_at instant?, disabled_why text?, previous_until instant?, store_id text?, contact_email text?, payload text, api_version text?, max_in_flight i32
select webhook_endpoint_id, url, events, failures, created_at, disabled_at, disabled_why,
       case when previous_until > :wall then previous_until end, store_id, contact_email, payload, api_version, max_in_flight
  from webhook_endpoint
 where partner_id = :partner::partner_id and webhook_endpoint_id = :endpoint::webhook_endpoint_id;

-- name: webhook_endpoint_list :many
-- row: = webhook_endpoint_find
select webhook_endpoint_id, url, events, failures, created_at, disabled_at, disabled_why,
       case when previous_until > :wall then previous_until end, store_id, contact_email, payload, api_version, max_in_flight
  from webhook_endpoint
 where (partner_id, webhook_endpoint_id) < (:partner::partner_id, 'zz') and (partner_id, webhook_endpoint_id) >= (:partner, '')
   and (:store::text? is null or store_id = :store)
 order by partner_id desc, webhook_endpoint_id desc
 limit 100;

-- name: webhook_endpoint_change :exec
-- What is absent stays. Enabled again it is tried at once, whatever came before.
update webhook_endpoint
   set url = coalesce(:url::text?, url),
       contact_email = case when :has_contact::bool then :contact_email::text? else contact_email end,
       payload = coalesce(:payload::text?, payload),
       api_version = case when :has_version::bool then :api_version::text? else api_version end,
       max_in_flight = coalesce(:max_in_flight::i32?, max_in_flight),
       events = case when :has_events::bool then :events::texts else events end,
       disabled_at = case :enabled::bool? when true then null when false then coalesce(disabled_at, :wall) else disabled_at end,
       disabled_why = case when :enabled then null when not :enabled and disabled_at is null then 'by its partner' else disabled_why end,
       failures = case when :enabled and disabled_at is not null then 0 else failures end,
       paused_until = case when :enabled then :wall else paused_until end
 where partner_id = :partner::partner_id and webhook_endpoint_id = :endpoint::webhook_endpoint_id;

-- name: webhook_waiting_hasten :exec
-- What waits for a later try is due now, in the order in which it happened: what failed comes before later events of its object. Some at
-- a time, so that no statement holds many rows. What is due already may be under way, and stays.
update webhook_delivery set due_at = least(created_at, :wall)
 where webhook_endpoint_id = :endpoint::webhook_endpoint_id and status = 'pending' and event_id = any (array(
       select d.event_id from webhook_delivery d
        where d.webhook_endpoint_id = :endpoint and d.status = 'pending' and d.due_at > :wall
        order by d.due_at limit :most::i64 for no key update skip locked));

-- name: webhook_secret_rotate :exec
-- The old secret signs beside the new one until then. The one that receivers still have from an earlier rotation stays the
-- old one: a partner whose answer was lost rotates again, and nobody has what came between.
update webhook_endpoint
   set previous_secret = case when :until::instant <= :wall then null when previous_until > :wall then previous_secret else secret end,
       previous_until = case when :until > :wall then :until end,
       secret = :secret::bytes
 where partner_id = :partner::partner_id and webhook_endpoint_id = :endpoint::webhook_endpoint_id;

-- name: webhook_ping :exec
-- An event for one endpoint, whatever types it wants.
with told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at, is_pending)
    values (:event::event_id, :partner::partner_id, :type::text, :endpoint::webhook_endpoint_id, :data::text, :now, false)
    returning event_id
)
insert into webhook_delivery (webhook_endpoint_id, event_id, status, due_at, created_at)
select :endpoint, event_id, 'pending', :wall, :wall from told;

-- name: webhook_replay_range :one
-- Queues events of the partner again, the oldest first: those of the types that the endpoint wants, also what it never
-- had because it was disabled or not there yet. Looks at 5,000 at most, whether it wants them or not, since whose store each is of is a look-up, and says where it stopped.
-- row: n i64, last_event text?, has_more bool
with hook as materialized (
    select w.events, w.store_id from webhook_endpoint w
     where w.partner_id = :partner::partner_id and w.webhook_endpoint_id = :endpoint::webhook_endpoint_id
), looked as materialized (
    select e.event_id, e.type, e.object_id from event e
     where e.partner_id = :partner and e.event_id >= :from::text and e.event_id <= :to::text
     order by e.event_id limit 5000
), chosen as materialized (
    select e.event_id
      from looked e cross join hook w
     where (cardinality(w.events) = 0 or e.type = any (w.events)) and e.type <> :ping::text
       and (w.store_id is null or w.store_id = (select o.store from event_party(e.type, e.object_id) o))
     order by e.event_id
     limit :limit::i64
), queued as (
    insert into webhook_delivery as d (webhook_endpoint_id, event_id, status, due_at, created_at)
    select :endpoint, event_id, 'pending', :wall, :wall from chosen
    on conflict (webhook_endpoint_id, event_id) do update
       set status = 'pending', attempts = 0, due_at = :wall, finished_at = null
), counted as (
    select (select count(*) from chosen) = :limit as is_full, (select count(*) from looked) = 5000 as has_others
)
select (select count(*) from chosen), case when is_full then (select max(event_id) from chosen) else (select max(event_id) from looked) end,
       is_full or has_others
  from counted;

-- name: webhook_endpoint_states :many
-- For the operator: whether a partner's endpoints work. waiting and failed are counted to :most.
-- row: webhook_endpoint_id webhook_endpoint_id, url text, failures i32, disabled_why text?, waiting i64, failed i64, at_once i32, max_in_flight i32
select w.webhook_endpoint_id, w.url, w.failures, case when w.disabled_at is not null then w.disabled_why end,
       (select count(*) from (select from webhook_delivery d where d.webhook_endpoint_id = w.webhook_endpoint_id and d.status = 'pending' limit :most::i64) x),
       (select count(*) from (select from webhook_delivery d where d.webhook_endpoint_id = w.webhook_endpoint_id and d.status = 'failed' limit :most) x),
       least(w.at_once, w.max_in_flight), w.max_in_flight
  from webhook_endpoint w
 where (w.partner_id, w.webhook_endpoint_id) < (:partner::partner_id, 'zz') and (w.partner_id, w.webhook_endpoint_id) >= (:partner, '')
 order by w.partner_id, w.webhook_endpoint_id;

-- name: webhook_endpoint_delete :exec
-- What was delivered to it goes bit by bit, afterwards: that may be millions, and nobody is to wait for it.
with gone as (
    delete from webhook_endpoint
     where partner_id = :partner::partner_id and webhook_endpoint_id = :endpoint::webhook_endpoint_id
    returning webhook_endpoint_id
)
insert into webhook_endpoint_gone (webhook_endpoint_id, gone_at, due_at) select webhook_endpoint_id, :wall, :wall from gone;

-- name: webhook_leavings_purge :maybe
-- So many deliveries to one endpoint that is gone, behind those that went before: what was deleted lies in the index for a while. What others hold
-- is for the next time, and so is what was handed to it by who saw it still: it is forgotten when a walk from the beginning, long after it went,
-- finds nothing.
-- row: n i64
with whose as materialized (
    select g.webhook_endpoint_id, g.looked_to, g.gone_at from webhook_endpoint_gone g
     where g.due_at <= :wall order by g.due_at limit 1 for update skip locked
), found as materialized (
    select d.event_id from webhook_delivery d
     where d.webhook_endpoint_id = (select w.webhook_endpoint_id from whose w) and d.event_id > (select w.looked_to from whose w)
     order by d.event_id limit :most::i64 for update skip locked
), gone as (
    delete from webhook_delivery d
     where d.webhook_endpoint_id = (select w.webhook_endpoint_id from whose w) and d.event_id = any (array(select f.event_id from found f))
), counted as (
    select w.webhook_endpoint_id, (select count(*) from found) as n, (select max(f.event_id) from found f) as last,
           (select count(*) from found) = 0 and w.looked_to = '' and w.gone_at <= :before::instant as is_over
      from whose w
), noted as (
    update webhook_endpoint_gone g
       set looked_to = case when c.n = :most then c.last else '' end, due_at = case when c.n = :most then g.due_at else :again::instant end
      from counted c
     where g.webhook_endpoint_id = c.webhook_endpoint_id and not c.is_over
), forgotten as (
    delete from webhook_endpoint_gone g using counted c where g.webhook_endpoint_id = c.webhook_endpoint_id and c.is_over
)
select n from counted;

-- name: webhook_fan_out :one
-- Hands new events to the queues of the endpoints that want them and were there when it happened; whose store one is of is asked
-- only for endpoints that are bound to a store. Each event comes by here once, so here is where a payment, capture or refund whose
-- positions are known makes a receipt: an event of its own, in the next round. Looked for one by one (offset 0): joined, tables would be read as a whole.
-- One server at a time, the others have nothing to do: two would take an object's events apart, and the later could be handed out first.
-- What is seen may be older than the lock: locking a row looks again whether it is pending.
-- row: n i64
with turn as materialized (
    select pg_try_advisory_xact_lock(hashtextextended('webhook_fan_out', 0)) as is_ours
), fresh as materialized (
    select event_id, partner_id, type, object_id, entry_id, created_at from event where is_pending and (select is_ours from turn)
     order by event_id limit 500 for no key update skip locked
), queued as (
    insert into webhook_delivery (webhook_endpoint_id, event_id, status, due_at, created_at)
    select w.webhook_endpoint_id, f.event_id, 'pending', :wall, :wall
      from fresh f
     cross join lateral (select e.webhook_endpoint_id, e.store_id from webhook_endpoint e
                          where e.partner_id = f.partner_id and e.disabled_at is null and e.created_at <= f.created_at
                            and (cardinality(e.events) = 0 or f.type = any (e.events)) offset 0) w
     where w.store_id is null or w.store_id = (select o.store from event_party(f.type, f.object_id) o)
    on conflict do nothing
), receipts as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select f.event_id || 'r', f.partner_id, 'receipt.' || k.kind, 'rct_' || coalesce(e.capture_id, f.object_id), d.data, f.created_at
      from fresh f
     cross join lateral (select case f.type when 'payment.succeeded' then 'sale' when 'payment.captured' then 'sale' when 'refund.succeeded' then 'refund' end as kind) k
      left join lateral (select q.capture_id from capture q
                          where f.type = 'payment.captured' and q.capture_id = (select n.ref from entry n where n.entry_id = f.entry_id) offset 0) e on true
     cross join lateral (select receipt_told(f.object_id, e.capture_id, case when k.kind = 'refund' then f.object_id end) as data
                          where k.kind = 'refund' or k.kind = 'sale' and exists (select from receipt c where c.subject = coalesce(e.capture_id, f.object_id))
                         offset 0) d
     where d.data is not null
    on conflict do nothing
), done as (
    update event set is_pending = false where event_id = any (array(select event_id from fresh))
)
select count(*) from fresh;

-- name: webhook_endpoints_claim :many
-- Endpoints with something due, leased to this server; who was served longest ago first. Those that did not answer twice in a row are
-- asked for apart, so that they never occupy all who send.
-- row: webhook_endpoint_id webhook_endpoint_id, partner_id partner_id, url text, secret bytes, previous_secret bytes?, failures i32, api_version text, is_live bool, is_thin bool, at_once i32, max_in_flight i32, answer_us i64
update webhook_endpoint w set busy_until = :lease::instant
 where w.webhook_endpoint_id = any (array(
       select e.webhook_endpoint_id from webhook_endpoint e
        where e.disabled_at is null and e.busy_until <= :wall and e.paused_until <= :wall and (e.failures > 1) = :failing::bool
          and (select d.event_id from webhook_delivery d
                where d.webhook_endpoint_id = e.webhook_endpoint_id and d.status = 'pending' and d.due_at <= :wall limit 1) is not null
        order by e.busy_until limit :most::i64 for no key update skip locked))
returning w.webhook_endpoint_id, w.partner_id, w.url, w.secret, case when w.previous_until > :wall then w.previous_secret end, w.failures,
          coalesce(w.api_version, (select p.api_version from partner p where p.partner_id = w.partner_id)),
          (select p.clock = '' from partner p where p.partner_id = w.partner_id), w.payload = 'thin', w.at_once, w.max_in_flight, w.answer_us;

-- name: webhook_delivery_due :many
-- Nothing once the endpoint is switched off or is not as it was claimed: who goes on asking here did so a while ago, and sends to that
-- address what is signed and said as it was wanted then.
-- row: event_id event_id, type text, object_id text, data text, created_at instant, sequence i64, account text?, store text?, attempts i32, due_at instant
select d.event_id, e.type, e.object_id, e.data, e.created_at, e.sequence, o.account, o.store, d.attempts, d.due_at
  from (select * from webhook_delivery
         where webhook_endpoint_id = :endpoint::webhook_endpoint_id and status = 'pending' and due_at <= :wall
         order by due_at, event_id limit :most::i64) d
 cross join lateral (select x.type, x.object_id, x.data, x.created_at, x.sequence from event x where x.event_id = d.event_id offset 0) e
 cross join lateral event_party(e.type, e.object_id, e.data) o
 where (select w.webhook_endpoint_id from webhook_endpoint w
         where w.webhook_endpoint_id = :endpoint and w.disabled_at is null and w.url = :url::text and w.secret = :secret::bytes
           and w.max_in_flight = :max_in_flight::i32 and (w.payload = 'thin') = :is_thin::bool
           and coalesce(w.api_version, (select p.api_version from partner p where p.partner_id = w.partner_id)) = :api_version::text) is not null
 order by d.due_at, d.event_id;

-- name: webhook_endpoint_release :exec
-- Only who has the lease: who came too late with what he did says nothing of how the endpoint is now.
update webhook_endpoint set busy_until = :wall, failures = :failures::i32, paused_until = :paused_until::instant, at_once = :at_once::i32,
       answer_us = :answer_us::i64
 where webhook_endpoint_id = :endpoint::webhook_endpoint_id and busy_until = :lease::instant;

-- name: webhook_lag :one
-- How long what is due waits longest, of endpoints that answer: of others it is theirs. A look-up for each endpoint.
-- row: lag_us i64
select coalesce(max(extract(epoch from :wall - d.due_at) * 1000000), 0)::bigint
  from webhook_endpoint e
 cross join lateral (select x.due_at from webhook_delivery x
                      where x.webhook_endpoint_id = e.webhook_endpoint_id and x.status = 'pending' and x.due_at <= :wall
                      order by x.due_at, x.event_id limit 1) d
 where e.disabled_at is null and e.failures = 0 and e.paused_until <= :wall;

-- name: webhook_endpoint_disable :maybe
-- Not when its address has changed since it was called, nor a second time. And who is to be told of it; what waits is counted to :most.
-- row: partner_name text, contact_email text?, waiting i64, zone text?
update webhook_endpoint w set disabled_at = :wall, disabled_why = :why::text
 where w.webhook_endpoint_id = :endpoint::webhook_endpoint_id and w.url = :url::text and w.disabled_at is null
returning (select p.name from partner p where p.partner_id = w.partner_id), w.contact_email,
          (select count(*) from (select from webhook_delivery d where d.webhook_endpoint_id = w.webhook_endpoint_id and d.status = 'pending' limit :most::i64) x),
          (select a.zone from partner_agreement a where a.partner_id = w.partner_id);

-- name: webhook_delivery_list :many
-- row: event_id event_id, type text, status text, attempts i32, answered i32?, why text?, excerpt text?, due_at instant, created_at instant, finished_at instant?
select d.event_id, e.type, d.status, d.attempts, d.answered, d.why, d.excerpt, d.due_at, d.created_at, d.finished_at
  from (select * from webhook_delivery
         where (webhook_endpoint_id, event_id) < (:endpoint::webhook_endpoint_id, coalesce(:before::text?, 'zz')) and (webhook_endpoint_id, event_id) >= (:endpoint, '')
         order by webhook_endpoint_id desc, event_id desc limit :limit::i64) d
 cross join lateral (select x.type from event x where x.event_id = d.event_id limit 1) e
 order by d.event_id desc;

-- name: webhook_replay :exec
-- Delivers an event again to every endpoint that had it.
update webhook_delivery set status = 'pending', attempts = 0, due_at = :wall, finished_at = null
 where event_id = :event::event_id
   and webhook_endpoint_id = any (array(select w.webhook_endpoint_id from event e join webhook_endpoint w on w.partner_id = e.partner_id
                                         where e.event_id = :event));
