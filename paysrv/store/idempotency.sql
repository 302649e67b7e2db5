-- name: idempotency_find :maybe
-- What is stored under a key. An operation that has no answer yet tells the state of its call to the acquirer.
-- row: fingerprint digest, op text, status i32?, body text?, call_state text?
select i.fingerprint, i.op, i.status, i.body, c.state
  from idempotency i left join acquirer_call c on c.call_id = i.op
 where i.partner_id = :partner::partner_id and i.route = :route::text and i.key = :key::text;

-- name: idempotency_purge :exec
-- Answered keys past their retention, a few at a time.
delete from idempotency where ctid = any (array (
    select ctid from idempotency where created_at < :before::instant and status is not null limit 500));
