-- name: call_sent :exec grouped
-- Before the call leaves. No row: somebody else has taken the operation over, and this one must not call. A reversal may have waited for long
-- until somebody sent it; its key is as old as that.
update acquirer_call set state = 'sent', sent_at = :wall, due_at = :due::instant,
       created_at = case when op in ('late_void', 'late_refund') and sent_at is null then :wall else created_at end
 where call_id = :call::text and state = :from::text;

-- name: call_unknown :exec grouped
-- T2': the call came to no outcome; the reconciler asks for it.
update acquirer_call set state = 'unknown', due_at = :due::instant where call_id = :call::text and state in ('intent', 'sent');

-- name: charge_decline :one grouped
-- T2 of an attempt that the acquirer declined: the payment may be tried again. One that was given up changes nothing any more. A timer, if there is
-- one, is that of the payment's end; it may have been put off while the attempt had no outcome. Of a saved card it stays known (invoice_refusals).
-- row: applied bool
with won as (
    update acquirer_call set state = 'declined', is_open = false, acquirer_ref = :acquirer_ref::text?, decline_code = :decline_code::text,
           token = case when token like 'scd\_%' then token end, finished_at = :wall
     where call_id = :charge::charge_id and state in ('intent', 'sent', 'unknown', 'action')
    returning partner_id, payment_id, idem_route, idem_key, is_abandoned
), freed as (
    update payment p set status = 'requires_payment_method', decline_code = :decline_code, version = p.version + 1,
           timer_at = case when p.timer_at is not null then p.expires_at end
      from won w where p.payment_id = w.payment_id and not w.is_abandoned
    returning p.version
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at, sequence)
    select :event::event_id, w.partner_id, 'payment.failed', w.payment_id, :data::text, :now, f.version from won w cross join freed f
), answered as (
    update idempotency i set status = :status::i32, body = :body::text
      from won w where i.partner_id = w.partner_id and i.route = w.idem_route and i.key = w.idem_key and i.status is null
), noted as (
    insert into acquirer_event (event_id, type, call_id, state, body, received_at)
    select :note_id::text?, 'charge.declined', :charge, case when exists (select from won) then 'applied' else 'duplicate' end, :note::text?, :now
     where :note_id is not null
    on conflict do nothing
)
select exists (select from won);

-- name: charge_challenge :one grouped
-- T2 of a charge that waits for the buyer's 3-D Secure answer: no money has moved.
-- row: applied bool
with won as (
    update acquirer_call set state = 'action', acquirer_ref = :acquirer_ref::text, action_url = :action_url::text?, due_at = :due::instant
     where call_id = :charge::charge_id and state in ('intent', 'sent', 'unknown')
    returning partner_id, payment_id, idem_route, idem_key
), held as (
    update payment p set status = 'requires_action', timer_at = coalesce(:until::instant?, p.expires_at),
           expires_at = coalesce(:until, p.expires_at), version = p.version + 1
      from won w where p.payment_id = w.payment_id
    returning p.version
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at, sequence)
    select :event::event_id, w.partner_id, 'payment.requires_action', w.payment_id, :data::text, :now, h.version from won w cross join held h
), answered as (
    update idempotency i set status = :status::i32, body = :body::text
      from won w where i.partner_id = w.partner_id and i.route = w.idem_route and i.key = w.idem_key and i.status is null
)
select exists (select from won);

-- name: call_find :maybe
-- What was asked of the acquirer and how it stands.
-- row: call_id text, op text, partner_id partner_id, payment_id payment_id?, amount i64, currency text, state text, token text?, return_url text?, acquirer_ref text?, action_url text?, decline_code text?, created_at instant, sent_at instant?, charge_ref text?, is_abandoned bool, acquirer text?, descriptor text?
select call_id, op, partner_id, payment_id, amount, currency, state, token, return_url, acquirer_ref, action_url, decline_code,
       created_at, sent_at, charge_ref, is_abandoned, acquirer, descriptor
  from acquirer_call where call_id = :call::text;

-- name: calls_due :many
-- Takes the operations without an outcome that are due, in that order, so that no other reconciler takes them before the
-- lease ends; the lease doubles with every try.
-- row: = call_find
with due as materialized (
    select call_id, due_at from acquirer_call where is_open and due_at <= :wall order by due_at, call_id limit 50 for update skip locked
), taken as (
    update acquirer_call c set tries = c.tries + 1, due_at = :wall + interval '1 second' * (:step_s::i64 * power(2, least(c.tries, 6)))
      from due d where c.call_id = any (array(select call_id from due)) and c.call_id = d.call_id
    returning c.*, d.due_at as was_due
)
select call_id, op, partner_id, payment_id, amount, currency, state, token, return_url, acquirer_ref, action_url, decline_code, created_at,
       sent_at, charge_ref, is_abandoned, acquirer, descriptor
  from taken order by was_due, call_id;

-- name: acquirer_event_note :exec grouped
-- A message of the acquirer that changed nothing by itself; the same message again is nothing.
insert into acquirer_event (event_id, type, call_id, state, body, received_at)
values (:event::text, :type::text, :call::text?, :state::text, :body::text, :now)
on conflict do nothing;

-- name: attempt_create :exec
-- A buyer's browser sets out for the acquirer's card page.
insert into checkout_attempt (state_hash, payment_id, browser_hash, is_embedded, consent_version, created_at)
values (:state::digest, :payment::payment_id, :browser::digest, :embedded::bool, :consent_version::text?, :now);

-- name: attempt_waits :maybe
-- It came back, and which browser that is nobody can tell: what its buyer is asked to agree to.
-- row: is_embedded bool, consent_version text?
select is_embedded, consent_version
  from checkout_attempt
 where state_hash = :state::digest and payment_id = :payment::payment_id
   and used_at is null and created_at > :oldest::instant;

-- name: attempt_use :maybe
-- The browser comes back: the state works once, for the payment it set out for, in the browser that set out, or in one
-- (browser absent) whose buyer was asked.
-- row: is_embedded bool, consent_version text?
update checkout_attempt set used_at = :now
 where state_hash = :state::digest and payment_id = :payment::payment_id
   and (:browser::digest? is null or browser_hash = :browser::digest?)
   and used_at is null and created_at > :oldest::instant
returning is_embedded, consent_version;
