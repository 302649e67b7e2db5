-- What buyers bought, for fiscal receipts (docs/decisions/0075). Told by webhook_fan_out of webhook.sql.

-- name: receipt_keep :exec
-- Written before the payment or refund that it is of; without that it means nothing.
insert into receipt (subject, partner_id, document, created_at) values (:subject::text, :partner::partner_id, :document::text, :wall);
