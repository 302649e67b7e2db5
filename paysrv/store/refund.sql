-- name: refund_begin :one grouped
-- T1: claims the key, reserves the amount on the payment and the seller's part on his balance, writes down what will be
-- asked of the acquirer. refunded is what the shares were computed from. Not begun: what the key holds since before, or nothing.
-- row: begun bool, fingerprint digest?, op text?, status i32?, body text?
with target as (
    select p.payment_id, p.currency, b.account_id
      from payment p
      join account a on a.partner_id = p.partner_id and a.kind = 'seller' and a.user_id = p.user_id and a.currency = p.currency
      join balance b on b.account_id = a.account_id
     where p.payment_id = :payment::payment_id and p.partner_id = :partner::partner_id
       and p.status = 'succeeded' and p.refunding = 0 and p.refunded = :refunded::i64 and p.refunded + :amount::i64 <= p.amount
       and b.posted - b.pending_out >= greatest(:seller_amount::i64, 0)
       for no key update of p, b
), claim as (
    insert into idempotency (partner_id, route, key, fingerprint, op, created_at)
    select :partner, :route::text, :key::text, :fingerprint::digest, :refund::refund_id, :now from target
    on conflict do nothing
    returning 1
), reserved as (
    update payment p set refunding = :amount from claim where p.payment_id = :payment
), held as (
    update balance b set pending_out = b.pending_out + greatest(:seller_amount, 0) from claim cross join target t where b.account_id = t.account_id
), made as (
    insert into refund (refund_id, partner_id, payment_id, currency, amount, platform_amount, partner_amount, seller_amount, status, reason,
                        created_at)
    select :refund, :partner, :payment, t.currency, :amount, :platform_amount::i64, :partner_amount::i64, :seller_amount, 'pending',
           :reason::text?, :now
      from claim cross join target t
), written as (
    insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, idem_route, idem_key, created_at, due_at)
    select :refund, 'refund', :partner, :payment, :amount, t.currency, 'intent', :route, :key, :now, :due::instant
      from claim cross join target t
)
select exists (select from claim), k.fingerprint, k.op, k.status, k.body
  from (values (1)) as one (n)
  left join idempotency k on k.partner_id = :partner and k.route = :route and k.key = :key;

-- name: refund_succeed :one grouped
-- T2 of a refund that succeeded: the reservation becomes the reversal of each party's share.
-- row: applied bool
with won as (
    update acquirer_call set state = 'ok', is_open = false, acquirer_ref = :acquirer_ref::text, finished_at = :now
     where call_id = :refund::refund_id and state in ('intent', 'sent', 'unknown', 'action')
    returning partner_id, payment_id, amount, currency, idem_route, idem_key
), done as (
    update refund r set status = 'succeeded', finished_at = :now from won where r.refund_id = :refund
    returning r.seller_amount
), counted as (
    update payment p set refunding = p.refunding - w.amount, refunded = p.refunded + w.amount from won w
     where p.payment_id = w.payment_id
    returning (select a.account_id from account a
                where a.partner_id = p.partner_id and a.kind = 'seller' and a.user_id = p.user_id and a.currency = p.currency) as account_id
), booked as (
    insert into entry (partner_id, kind, ref, created_at) select partner_id, 'refund', :refund, :now from won
    returning entry_id
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select b.entry_id, l.line,
           case when l.kind = 'seller' then p.account_id
                else (select a.account_id from account a
                       where a.partner_id = w.partner_id and a.kind = l.kind and a.user_id = '' and a.currency = w.currency) end,
           w.currency, l.amount
      from won w cross join counted p cross join booked b
     cross join unnest(:kinds::texts, :amounts::i64s) with ordinality as l (kind, amount, line)
), kept as (
    update balance b set posted = b.posted - (select seller_amount from done),
                         pending_out = b.pending_out - (select greatest(seller_amount, 0) from done)
     where b.account_id = (select account_id from counted)
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at)
    select :event::event_id, w.partner_id, 'refund.succeeded', :refund, b.entry_id, :data::text, :now from won w cross join booked b
), answered as (
    update idempotency i set status = :status::i32, body = :body::text
      from won w where i.partner_id = w.partner_id and i.route = w.idem_route and i.key = w.idem_key and i.status is null
), noted as (
    insert into acquirer_event (event_id, type, call_id, state, body, received_at)
    select :note_id::text?, 'refund.succeeded', :refund, case when exists (select from won) then 'applied' else 'duplicate' end, :note::text?, :now
     where :note_id is not null
    on conflict do nothing
)
select exists (select from won);

-- name: refund_decline :one grouped
-- T2 of a refund that the acquirer declined: what was reserved is free again.
-- row: applied bool
with won as (
    update acquirer_call set state = 'declined', is_open = false, acquirer_ref = :acquirer_ref::text?, decline_code = :decline_code::text,
           finished_at = :now
     where call_id = :refund::refund_id and state in ('intent', 'sent', 'unknown', 'action')
    returning partner_id, payment_id, amount, currency, idem_route, idem_key
), done as (
    update refund r set status = 'failed', decline_code = :decline_code, finished_at = :now from won where r.refund_id = :refund
    returning r.seller_amount
), freed as (
    update payment p set refunding = p.refunding - w.amount from won w where p.payment_id = w.payment_id
    returning p.user_id
), kept as (
    update balance b set pending_out = b.pending_out - greatest(d.seller_amount, 0)
      from won w cross join done d cross join freed p
      join account a on a.partner_id = w.partner_id and a.kind = 'seller' and a.user_id = p.user_id and a.currency = w.currency
     where b.account_id = a.account_id
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, w.partner_id, 'refund.failed', :refund, :data::text, :now from won w
), answered as (
    update idempotency i set status = :status::i32, body = :body::text
      from won w where i.partner_id = w.partner_id and i.route = w.idem_route and i.key = w.idem_key and i.status is null
), noted as (
    insert into acquirer_event (event_id, type, call_id, state, body, received_at)
    select :note_id::text?, 'refund.declined', :refund, case when exists (select from won) then 'applied' else 'duplicate' end, :note::text?, :now
     where :note_id is not null
    on conflict do nothing
)
select exists (select from won);

-- name: refund_find :maybe
-- A refund with the charge that it takes back.
-- row: refund_id refund_id, partner_id partner_id, payment_id payment_id, currency text, amount i64, platform_amount i64, partner_amount i64, seller_amount i64, status text, decline_code text?, reason text?, created_at instant, charge_ref text?
select r.refund_id, r.partner_id, r.payment_id, r.currency, r.amount, r.platform_amount, r.partner_amount, r.seller_amount, r.status,
       r.decline_code, r.reason, r.created_at, c.acquirer_ref
  from refund r join payment p on p.payment_id = r.payment_id left join acquirer_call c on c.call_id = p.charge_id
 where r.refund_id = :refund::refund_id;

-- name: refund_list :many
-- All refunds of a payment in the order in which they were made.
-- row: = refund_find
select refund_id, partner_id, payment_id, currency, amount, platform_amount, partner_amount, seller_amount, status, decline_code, reason,
       created_at, null::text
  from refund where payment_id = :payment::payment_id and partner_id = :partner::partner_id
 order by refund_id limit 1000;

-- name: charge_reference :maybe
-- The acquirer's own name of the charge that paid a payment; and whether the seller's balance holds an amount.
-- row: acquirer_ref text?, has_funds bool
select c.acquirer_ref, coalesce(b.posted - b.pending_out >= greatest(:seller_amount::i64, 0), false)
  from payment p
  left join acquirer_call c on c.call_id = p.charge_id
  left join account a on a.partner_id = p.partner_id and a.kind = 'seller' and a.user_id = p.user_id and a.currency = p.currency
  left join balance b on b.account_id = a.account_id
 where p.payment_id = :payment::payment_id;
