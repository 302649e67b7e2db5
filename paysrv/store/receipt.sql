-- What buyers bought, for fiscal receipts (docs/decisions/0075). Told by webhook_fan_out of webhook.sql, and to who asks.

-- name: receipt_keep :exec
-- Written before the payment, capture or refund that it is of; without that it means nothing.
insert into receipt (subject, partner_id, document, created_at) values (:subject::text, :partner::partner_id, :document::text, :wall)
on conflict (subject) do nothing;

-- name: receipts_of_payment :many
-- What is told of it, sales before refunds.
-- row: data text
select x.data
  from (select 1 as n, p.payment_id as id, receipt_told(p.payment_id, null, null) as data from payment p
         where p.payment_id = :payment::payment_id and p.succeeded_at is not null and exists (select from receipt r where r.subject = p.payment_id)
         union all
        select 2, c.capture_id, receipt_told(c.payment_id, c.capture_id, null) from capture c
         where c.payment_id = :payment and c.status = 'succeeded' and exists (select from receipt r where r.subject = c.capture_id)
         union all
        select 3, f.refund_id, receipt_told(f.payment_id, null, f.refund_id) from refund f where f.payment_id = :payment and f.status = 'succeeded') x
 where x.data is not null
 order by x.n, x.id
 limit 1000;

-- name: receipt_is_kept :one
-- row: is_kept bool
select exists (select from receipt r where r.subject = :payment::payment_id)
       or exists (select from capture c join receipt r on r.subject = c.capture_id where c.payment_id = :payment);
