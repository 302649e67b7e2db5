-- Attempts of a payment beyond the first that succeeds: authorised, given up, canceled, late; and what happens to them with time.
-- Whoever gives an attempt up locks its call first, as whoever brings its outcome does: one of the two is first.

-- name: charge_authorize :one grouped
-- T2 of an attempt that was authorised: no money has moved; the payment waits for its captures.
-- row: applied bool
with won as (
    update acquirer_call set state = 'ok', is_open = false, acquirer_ref = :acquirer_ref::text, card = :card::text?,
           token = case when token like 'scd\_%' then token end, finished_at = :wall
     where call_id = :charge::charge_id and op = 'authorize' and state in ('intent', 'sent', 'unknown', 'action') and not is_abandoned
    returning partner_id, payment_id, idem_route, idem_key
), held as (
    update payment p set status = 'requires_capture', authorized_until = :until::instant, timer_at = :timer::instant, version = p.version + 1
      from won w where p.payment_id = w.payment_id
    returning p.version
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at, sequence)
    select :event::event_id, w.partner_id, 'payment.authorized', w.payment_id, :body::text, :now, h.version from won w cross join held h
), answered as (
    update idempotency i set status = 200, body = :body
      from won w where i.partner_id = w.partner_id and i.route = w.idem_route and i.key = w.idem_key and i.status is null
), noted as (
    insert into acquirer_event (event_id, type, call_id, state, body, received_at)
    select :note_id::text?, 'charge.authorized', :charge, case when exists (select from won) then 'applied' else 'duplicate' end, :note::text?, :now
     where :note_id is not null
    on conflict do nothing
)
select exists (select from won);

-- name: attempt_abandon :exec grouped
-- Gives up the attempt that was seen waiting for the buyer's bank, and no later one; the payment may be tried with another card, as
-- long as it has not expired. It may be older than payments_wind has come.
with given_up as (
    update acquirer_call c set is_abandoned = true
      from payment p
     where p.payment_id = :payment::payment_id and p.partner_id = :partner::partner_id and p.status = 'requires_action'
       and p.charge_id = :charge::text? and c.call_id = p.charge_id and c.state = 'action' and not c.is_abandoned
    returning c.payment_id
)
update payment p set status = 'requires_payment_method', charge_id = null, timer_at = p.expires_at
  from given_up g where p.payment_id = g.payment_id;

-- name: attempt_authenticated :exec grouped
-- What came of 3-D Secure, before what came of the attempt, which is not booked without it.
update acquirer_call set three_d_secure = :three_d_secure::text where call_id = :call::text and is_open;

-- name: payment_cancel :exec
-- A payment that is not paid: nothing is asked of the acquirer. An attempt that waits for the buyer's bank is given up.
with given_up as (
    update acquirer_call c set is_abandoned = true
      from payment p
     where p.payment_id = :payment::payment_id and p.partner_id = :partner::partner_id and p.status = 'requires_action'
       and c.call_id = p.charge_id and c.state = 'action' and not c.is_abandoned
    returning c.payment_id
), closed as (
    update payment p set status = 'canceled', cancel_reason = :reason::text, timer_at = null, version = p.version + 1
     where p.payment_id = :payment and p.partner_id = :partner
       and case p.status when 'requires_payment_method' then p.expires_at > :now
                         when 'requires_action' then exists (select from given_up) else false end
    returning p.payment_id, p.version
)
insert into event (event_id, partner_id, type, object_id, data, created_at, sequence)
select :event::event_id, :partner, 'payment.canceled', payment_id, :data::text, :now, version from closed;

-- name: suspense_open :exec
-- The account for what was taken for an attempt that was given up.
with made as (
    insert into account (partner_id, kind, user_id, currency, side) values (:partner::partner_id, 'suspense', '', :currency::text, -1)
    on conflict do nothing
    returning account_id
)
insert into balance (account_id, is_spent) select account_id, false from made;

-- name: clearing_open :exec
-- The account for what an acquirer owes that has one of its own.
with made as (
    insert into account (partner_id, kind, user_id, currency, side)
    values (:partner::partner_id, 'acquirer_receivable', :clearing::text, :currency::text, 1)
    on conflict do nothing
    returning account_id
)
insert into balance (account_id, is_spent) select account_id, false from made;

-- name: late_success :one grouped
-- T2 of an attempt that succeeded after it was given up: what was taken is owed back, and asked back at once.
-- row: applied bool
with won as (
    update acquirer_call set state = 'ok', is_open = false, acquirer_ref = :acquirer_ref::text, token = null, finished_at = :wall
     where call_id = :charge::charge_id and state = 'action' and is_abandoned
    returning op, partner_id, payment_id, amount, currency, acquirer
), written as (
    insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, charge_ref, acquirer, created_at, due_at)
    select :reversal::text, case op when 'charge' then 'late_refund' else 'late_void' end, partner_id, payment_id, amount, currency,
           'intent', :acquirer_ref, acquirer, :wall, :wall
      from won
), booked as (
    insert into entry (partner_id, kind, ref, created_at) select partner_id, 'late_charge', :charge, :now from won where op = 'charge'
    returning entry_id
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select b.entry_id, l.line,
           (select a.account_id from account a
             where a.partner_id = w.partner_id and a.kind = l.kind and a.currency = w.currency
               and a.user_id = case l.kind when 'acquirer_receivable' then :clearing::text else '' end),
           w.currency, l.sign * w.amount
      from won w cross join booked b cross join (values (1, 'acquirer_receivable', 1), (2, 'suspense', -1)) as l (line, kind, sign)
), seen as (
    update payment p set version = p.version + 1 from won w where p.payment_id = w.payment_id
    returning p.version
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at, sequence)
    select :event::event_id, w.partner_id, 'payment_attempt.succeeded_late', w.payment_id, (select entry_id from booked), :data::text, :now,
           s.version
      from won w cross join seen s
), noted as (
    insert into acquirer_event (event_id, type, call_id, state, body, received_at)
    select :note_id::text?, 'charge.late', :charge, case when exists (select from won) then 'applied' else 'duplicate' end, :note::text?, :now
     where :note_id is not null
    on conflict do nothing
)
select exists (select from won);

-- name: late_reversed :one grouped
-- T2 of the reversal of such an attempt: of what came to suspense last, by the attempt or by a reversal that came back.
-- row: applied bool
with won as (
    update acquirer_call set state = 'ok', is_open = false, acquirer_ref = :acquirer_ref::text, finished_at = :wall
     where call_id = :call::text and op in ('late_void', 'late_refund') and state in ('intent', 'sent', 'unknown')
    returning op, partner_id, payment_id, charge_ref
), taken as (
    select e.entry_id
      from won w
      join acquirer_call c on c.op = 'charge' and c.acquirer_ref = w.charge_ref and c.payment_id = w.payment_id
      join entry e on e.partner_id = w.partner_id and e.kind = 'late_charge' and e.ref = c.call_id
     where w.op = 'late_refund'
    union all
    select e.entry_id
      from won w
      join acquirer_call c on c.payment_id = w.payment_id and c.decline_code is not null and c.op = w.op and c.charge_ref = w.charge_ref
      join entry e on e.partner_id = w.partner_id and e.kind = 'late_returned' and e.ref = c.call_id
     where w.op = 'late_refund'
), booked as (
    insert into entry (partner_id, kind, ref, reverses, created_at)
    select w.partner_id, 'late_refund', :call, max(t.entry_id), :now from won w cross join taken t group by w.partner_id
    returning entry_id, reverses
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select b.entry_id, q.line, q.account_id, q.currency, -q.amount from booked b join posting q on q.entry_id = b.reverses
), seen as (
    update payment p set version = p.version + 1 from won w where p.payment_id = w.payment_id
    returning p.version
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at, sequence)
    select :event::event_id, w.partner_id, 'payment_attempt.reversed', w.payment_id, (select entry_id from booked), :data::text, :now,
           s.version
      from won w cross join seen s
), noted as (
    insert into acquirer_event (event_id, type, call_id, state, body, received_at)
    select :note_id::text?, 'reversal.succeeded', :call, case when exists (select from won) then 'applied' else 'duplicate' end, :note::text?, :now
     where :note_id is not null
    on conflict do nothing
)
select exists (select from won);

-- name: reversals_refused :one
-- How often the acquirer has refused to take this back; and whether a person has had it asked for again, whose it is then.
-- row: n i64, is_a_persons bool
select count(*), exists (select from unnest(array_agg(c.call_id)) as refused (call_id) join reversal_decision d on d.call_id = refused.call_id)
  from acquirer_call c
 where c.payment_id = :payment::payment_id and c.op = :op::text and c.charge_ref = :charge_ref::text and c.acquirer is not distinct from :acquirer::text?
   and c.state = 'declined' and c.decline_code is not null;

-- name: late_refused :one grouped
-- T2 of a reversal that the acquirer refused: what was taken stays in suspense. It is asked for again, under another key, as the acquirer's word
-- about this one is final; again absent: a human is told. An acquirer may call it by the charge's own name, which is none of its own.
-- row: applied bool
with won as (
    update acquirer_call set state = 'declined', is_open = false, acquirer_ref = nullif(:acquirer_ref::text?, charge_ref),
           decline_code = :decline_code::text, finished_at = :wall
     where call_id = :call::text and op in ('late_void', 'late_refund') and state in ('intent', 'sent', 'unknown')
    returning op, partner_id, payment_id, amount, currency, charge_ref, acquirer
), written as (
    insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, charge_ref, acquirer, created_at, due_at)
    select :again::text?, op, partner_id, payment_id, amount, currency, 'intent', charge_ref, acquirer, :again_at::instant, :again_at
      from won where :again is not null -- its time begins when it is due
), told as (
    insert into anomaly (partner_id, kind, ref, detail, created_at)
    select partner_id, 'reversal_refused', :call, :decline_code, :wall from won where :again is null
    on conflict do nothing
), noted as (
    insert into acquirer_event (event_id, type, call_id, state, body, received_at)
    select :note_id::text?, 'reversal.declined', :call, case when exists (select from won) then 'applied' else 'duplicate' end, :note::text?, :now
     where :note_id is not null
    on conflict do nothing
)
select exists (select from won);

-- name: late_returned :one
-- What the acquirer sent back of a reversal that had succeeded: it is in suspense again, and asked back under another key, as if it had been refused.
-- row: applied bool
with won as (
    update acquirer_call set state = 'declined', decline_code = :decline_code::text, finished_at = :wall
     where call_id = :call::text and op = 'late_refund' and state = 'ok'
    returning op, partner_id, payment_id, amount, currency, charge_ref, acquirer
), written as (
    insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, charge_ref, acquirer, created_at, due_at)
    select :again::text?, op, partner_id, payment_id, amount, currency, 'intent', charge_ref, acquirer, :again_at::instant, :again_at
      from won where :again is not null -- its time begins when it is due
), handed as (
    insert into anomaly (partner_id, kind, ref, detail, created_at)
    select partner_id, 'reversal_refused', :call, :decline_code, :wall from won where :again is null
    on conflict do nothing
), taken as (
    select e.entry_id from won w join entry e on e.partner_id = w.partner_id and e.kind = 'late_refund' and e.ref = :call
), booked as (
    insert into entry (partner_id, kind, ref, created_at) select w.partner_id, 'late_returned', :call, :now from won w cross join taken
    returning entry_id
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select b.entry_id, q.line, q.account_id, q.currency, -q.amount from booked b cross join taken t join posting q on q.entry_id = t.entry_id
), seen as (
    update payment p set version = p.version + 1 from won w where p.payment_id = w.payment_id
    returning p.version
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at, sequence)
    select :event::event_id, w.partner_id, 'payment_attempt.succeeded_late', w.payment_id, (select entry_id from booked), :data::text, :now,
           s.version
      from won w cross join seen s
), noted as (
    insert into acquirer_event (event_id, type, call_id, state, body, received_at)
    select :note_id::text?, 'reversal.returned', :call, 'applied', :note::text?, :now from won where :note_id is not null
    on conflict do nothing
)
select exists (select from won);

-- name: attempts_of_payment :many
-- Every attempt of a payment: those that did not come to anything, and the one that runs or has won.
-- row: call_id text, op text, state text, is_abandoned bool, amount i64, currency text, acquirer_ref text?, decline_code text?, created_at instant, finished_at instant?, acquirer text?
select c.call_id, c.op, c.state, c.is_abandoned, c.amount, c.currency, c.acquirer_ref, c.decline_code, coalesce(c.tried_at, c.created_at), c.finished_at,
       c.acquirer
  from (select a.call_id from acquirer_call a
         where a.payment_id = :payment::payment_id and (a.decline_code is not null or a.is_abandoned)
        union
        select p.charge_id from payment p where p.payment_id = :payment) o
  join acquirer_call c on c.call_id = o.call_id
 where c.op in ('charge', 'authorize')
 order by c.call_id limit 100;

-- name: payments_timed :many
-- Takes the payments that something is due for, in that order, so that no other server takes them before the lease ends.
-- row: payment_id payment_id, partner_id partner_id
with due as materialized (
    select payment_id, timer_at from payment where clock = :clock and timer_at <= :now order by timer_at, payment_id limit 50 for update skip locked
), taken as (
    update payment p set timer_at = :lease::instant from due d where p.payment_id = d.payment_id
    returning p.payment_id, p.partner_id, d.timer_at as was_due
)
select payment_id, partner_id from taken order by was_due, payment_id;

-- name: authorization_warn :exec grouped
-- Once: the next time that something is due is the end of the authorisation.
with warned as (
    update payment p set timer_at = p.authorized_until, version = p.version + 1
     where p.payment_id = :payment::payment_id and p.status = 'requires_capture' and p.authorized_until > :now
    returning p.payment_id, p.partner_id, p.version
)
insert into event (event_id, partner_id, type, object_id, data, created_at, sequence)
select :event::event_id, partner_id, 'payment.authorization_expiring', payment_id, :data::text, :now, version from warned;

-- name: payment_timer_clear :exec
-- Nothing is due any more.
update payment set timer_at = null where payment_id = :payment::payment_id and status in ('succeeded', 'canceled', 'expired');

-- name: payments_wind :one
-- Goes on along the payments, to those made before :until at most, and gives each that may still expire a timer of its end; those that are paid are
-- read once and not written. So a live payment has no timer when it is made, which each that is paid would have to leave again (HOT). One at a time:
-- of the others none looks at anything.
-- row: looked i64
with walk as materialized (
    select position from payment_walk for no key update skip locked
), seen as materialized (
    select payment_id, status, timer_at from payment
     where payment_id > (select position from walk) and payment_id < :until::text
     order by payment_id limit :most::i64
), wound as (
    update payment set timer_at = expires_at
     where payment_id = any (array(select s.payment_id from seen s
                                    where s.timer_at is null and s.status in ('requires_payment_method', 'processing')))
       and timer_at is null and status in ('requires_payment_method', 'processing')
), moved as (
    update payment_walk set position = (select max(payment_id) from seen) where exists (select from seen)
)
select count(*) from seen;

-- name: payment_expire :exec grouped
-- Nobody has paid it in time, and nobody can from here on. Told once.
with ended as (
    update payment p set status = 'expired', timer_at = null, version = p.version + 1
     where p.payment_id = :payment::payment_id and p.status = 'requires_payment_method' and p.expires_at <= :now
    returning p.payment_id, p.partner_id, p.version
)
insert into event (event_id, partner_id, type, object_id, data, created_at, sequence)
select :event::event_id, partner_id, 'payment.expired', payment_id, :data::text, :now, version from ended;
