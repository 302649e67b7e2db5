-- What buyers bought, for fiscal receipts (docs/decisions/0075). Told by webhook_fan_out of webhook.sql, and to who asks.

-- name: receipt_keep :exec
-- Written before the payment, capture or refund that it is of; without that it means nothing.
insert into receipt (subject, partner_id, document, created_at, look_at)
values (:subject::text, :partner::partner_id, :document::text, :wall, case when :is_of_payment::bool then :wall + interval '2 seconds' end)
on conflict (subject) do nothing;

-- name: receipts_look :one
-- The event of a payment that nobody listens to is not handed in (is_pending of batch.sql), and where it is handed in its receipt is made
-- (webhook_fan_out). Of payments that are paid it is handed in here, unless it waits for that or has its receipt; the others are looked at
-- later, for a month.
-- row: n i64
with due as materialized (
    select subject, partner_id, created_at from receipt where look_at <= :wall order by look_at limit :most::i64 for no key update skip locked
), looked as materialized (
    select d.subject, d.created_at, p.status, e.event_id, e.is_pending, r.event_id is not null as is_told
      from due d
      left join lateral (select x.status from payment x where x.payment_id = d.subject offset 0) p on true
      left join lateral (select x.event_id, x.is_pending from event x
                          where x.object_id = d.subject and x.partner_id = d.partner_id and x.type = 'payment.succeeded' order by x.event_id limit 1) e on true
      left join lateral (select x.event_id from event x where x.event_id = e.event_id || 'r' offset 0) r on true
), handed as (
    update event set is_pending = true
     where event_id = any (array(select l.event_id from looked l where l.event_id is not null and not l.is_pending and not l.is_told))
), later as (
    update receipt r
       set look_at = case when coalesce(l.status, '') not in ('succeeded', 'canceled', 'expired') and l.created_at > :wall - interval '30 days'
                          then :wall + interval '2 seconds' + (:wall - l.created_at) / 4 end
      from looked l where r.subject = any (array(select x.subject from looked x)) and r.subject = l.subject
)
select count(*) from due;

-- name: receipts_of_payment :many
-- What is told of it, sales before refunds: from after the place of a cursor.
-- row: place text, data text
select x.place, d.data
  from (select w.place, w.capture_id, w.refund_id
          from (select '1' collate "C" as place, null as capture_id, null as refund_id from payment p
                 where p.payment_id = :payment::payment_id and p.succeeded_at is not null and exists (select from receipt r where r.subject = p.payment_id)
                 union all
                select '2 ' || c.capture_id collate "C", c.capture_id, null from capture c
                 where c.payment_id = :payment and c.status = 'succeeded' and exists (select from receipt r where r.subject = c.capture_id)
                 union all
                select '3 ' || f.refund_id collate "C", null, f.refund_id from refund f where f.payment_id = :payment and f.status = 'succeeded') w
         where w.place > coalesce(:after::text?, '')
         order by w.place offset 0) x
 cross join lateral (select receipt_told(:payment, x.capture_id, x.refund_id) as data offset 0) d
 where d.data is not null
 order by x.place
 limit :limit::i64;

-- name: receipt_is_kept :one
-- row: is_kept bool
select exists (select from receipt r where r.subject = :payment::payment_id)
       or exists (select from capture c join receipt r on r.subject = c.capture_id where c.payment_id = :payment);
