-- What buyers bought, for fiscal receipts (docs/decisions/0075). Told by webhook_fan_out of webhook.sql.

-- name: receipt_keep :exec
-- Written before the payment, capture or refund that it is of; without that it means nothing.
insert into receipt (subject, partner_id, document, created_at) values (:subject::text, :partner::partner_id, :document::text, :wall)
on conflict (subject) do nothing;

-- name: receipt_is_kept :one
-- row: is_kept bool
select exists (select from receipt r where r.subject = :payment::payment_id)
       or exists (select from capture c join receipt r on r.subject = c.capture_id where c.payment_id = :payment);
