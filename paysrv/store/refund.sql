-- name: refund_begin :one grouped
-- unique refund_external_id_key -> EXTERNAL_ID_TAKEN external_id
-- One that waits for funds comes before all of that seller that were asked for later; queued: this is one, and waits no more when it begins.
-- timely: not after the time that was agreed for refunds. version: of a deal's return, which is of what was not released when it was read (deal_version).
-- T1: claims the key, reserves the amount on the payment and each seller's part on his balance, which it may bring below zero when that
-- was agreed with the partner, writes down what will be asked of the acquirer. Who gives nothing of it need not have anything. captured and returned (refunded and disputed) are what the shares were computed from. Not begun: what the key
-- holds since before, or nothing.
-- row: begun bool, fingerprint digest?, op text?, status i32?, body text?
with parts as materialized (
    select s.user_id, s.amount from unnest(:share_users::texts, :share_amounts::i64s) as s (user_id, amount)
), payable as materialized (
    select p.payment_id, p.currency, p.charge_id
      from payment p
     where p.payment_id = :payment::payment_id and p.partner_id = :partner::partner_id
       and p.refunding = 0 and p.capturing = 0 and not p.is_voiding and p.refunded + p.disputed = :returned::i64
       and coalesce(p.captured, case p.status when 'succeeded' then p.amount else 0 end) = :captured::i64
       and :returned + :amount::i64 <= :captured and (:version::i64? is null or p.xmin::text::bigint = :version)
       and not (:timely::bool and exists (select from refund_policy y where y.partner_id = :partner and y.currency = p.currency
                                             and p.succeeded_at + y.window_days * interval '1 day' < :now))
       for no key update
), accounts as materialized (
    select b.account_id, s.amount,
           s.amount <= 0 or b.posted - b.pending_out >= s.amount
           or exists (select from dispute_policy y where y.partner_id = :partner and y.currency = p.currency
                         and (y.shortfall in ('allow', 'partner') or y.shortfall = 'platform' and s.user_id <> '')) as covers -- '': what the partner sells itself
      from payable p cross join parts s
      join account a on a.partner_id = :partner and a.kind = 'seller' and a.user_id = s.user_id and a.currency = p.currency
      join balance b on b.account_id = a.account_id
     order by b.account_id
       for no key update of b
), waiting as materialized (
    select q.refund_id from refund_queue q where :queued::bool and q.refund_id = :refund::refund_id and q.status = 'queued' for no key update of q
), target as materialized (
    select p.payment_id, p.currency, (select c.acquirer from acquirer_call c where c.call_id = p.charge_id) as acquirer
      from payable p
     where (select count(*) from accounts where covers) = (select count(*) from parts) and (not :queued or exists (select from waiting))
       and not exists (select from refund_queue q where q.partner_id = :partner and q.currency = p.currency and q.status = 'queued' and q.refund_id < :refund
                                                    and q.user_id = any (array(select s.user_id from parts s where s.amount > 0)))
), claim as (
    insert into idempotency (partner_id, route, key, fingerprint, op, created_at)
    select :partner, :route::text, :key::text, :fingerprint::digest, :refund::refund_id, :wall from target
    on conflict do nothing
    returning 1
), named as (
    insert into refund_name (partner_id, external_id, refund_id)
    select :partner, :external_id::text?, :refund from claim where :external_id is not null and not :queued
), begun as (
    update refund_queue q set status = 'started' from claim cross join waiting w where q.refund_id = w.refund_id
), reserved as (
    update payment p set refunding = :amount from claim where p.payment_id = :payment
), held as (
    update balance b
       set pending_out = b.pending_out + greatest(s.amount, 0),
           negative_since = case when b.posted - b.pending_out >= greatest(s.amount, 0) then b.negative_since
                                 when b.posted - b.pending_out < 0 then coalesce(b.negative_since, :now) else :now end
      from claim cross join accounts s where b.account_id = s.account_id
), made as (
    insert into refund (refund_id, partner_id, payment_id, currency, amount, platform_amount, partner_amount, seller_amount,
                        share_users, share_amounts, at_captured, at_returned, status, reason, reason_code, initiated_by, initiator, created_at)
    select :refund, :partner, :payment, t.currency, :amount, :platform_amount::i64, :partner_amount::i64, :seller_amount::i64,
           :share_users, :share_amounts, :captured, :returned, 'pending', :reason::text?, :reason_code::text?, :initiated_by::text, :initiator::text?, :now
      from claim cross join target t
), written as (
    insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, acquirer, idem_route, idem_key, created_at, due_at)
    select :refund, 'refund', :partner, :payment, :amount, t.currency, 'intent', t.acquirer, :route, :key, :wall, :due::instant
      from claim cross join target t
)
select exists (select from claim), k.fingerprint, k.op, k.status, k.body
  from (values (1)) as one (n)
  left join idempotency k on k.partner_id = :partner and k.route = :route and k.key = :key;

-- name: refund_fees_given :one
-- What the refunds of a payment that have succeeded, and still stand, gave of the platform's share and of the partner's.
-- row: platform i64, partner i64
select coalesce(sum(platform_amount), 0)::bigint, coalesce(sum(partner_amount), 0)::bigint
  from refund where payment_id = :payment::payment_id and status = 'succeeded';

-- name: refund_buyer :maybe
-- Whom a refund of this payment is told by mail: he let the store keep his card, by this payment or for what it is an invoice of, and the
-- store's buyers have receipts mailed. method: that paid it, which may be another than that card. zone: of the subscription that it is a charge of.
-- row: email text, buyer text, locale text?, store_id store_id, store_name text, what text, support text?, zone text?, method text?
select k.email, k.buyer, k.locale, o.store_id, store_shown(o.store_id, o.name), p.description,
       (select coalesce(b.support_email, b.support_url) from store_branding b where b.store_id = o.store_id), payment_zone(p.payment_id), p.method
  from payment p
  join store o on o.store_id = p.store_id
  left join lateral (select s.saved_card_id from invoice i join subscription s on s.subscription_id = i.subscription_id
                      where i.payment_id = p.payment_id) g on true
  join saved_card k on k.saved_card_id = coalesce(g.saved_card_id,
       (select c.saved_card_id from saved_card c where c.payment_id = p.payment_id order by c.saved_card_id desc limit 1))
 where p.payment_id = :payment::payment_id and o.mails_receipts and k.state <> 'pending';

-- name: refund_succeed :one grouped
-- T2 of a refund that succeeded: the reservation becomes the reversal of each party's share.
-- row: applied bool
with won as (
    update acquirer_call set state = 'ok', is_open = false, acquirer_ref = :acquirer_ref::text, finished_at = :wall
     where call_id = :refund::refund_id and state in ('intent', 'sent', 'unknown', 'action')
    returning partner_id, payment_id, amount, currency, idem_route, idem_key
), done as (
    update refund r set status = 'succeeded', finished_at = :now from won where r.refund_id = :refund
    returning r.seller_amount, r.share_users, r.share_amounts
), counted as (
    update payment p set refunding = p.refunding - w.amount, refunded = p.refunded + w.amount from won w
     where p.payment_id = w.payment_id
    returning p.user_id
), sellers as materialized (
    select a.account_id, s.amount, s.n
      from won w cross join counted p cross join done r
     cross join lateral unnest(coalesce(r.share_users, array[p.user_id]), coalesce(r.share_amounts, array[r.seller_amount]))
           with ordinality as s (user_id, amount, n)
      join account a on a.partner_id = w.partner_id and a.kind = 'seller' and a.user_id = s.user_id and a.currency = w.currency
), locked as materialized (
    select b.account_id from balance b where b.account_id in (select account_id from sellers) order by b.account_id for no key update
), booked as (
    insert into entry (partner_id, kind, ref, created_at) select partner_id, 'refund', :refund, :now from won
    returning entry_id
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select b.entry_id, l.line,
           (select a.account_id from account a
             where a.partner_id = w.partner_id and a.kind = l.kind and a.currency = w.currency
               and a.user_id = case l.kind when 'acquirer_receivable' then :clearing::text else '' end),
           w.currency, l.amount
      from won w cross join booked b
     cross join unnest(:kinds::texts, :amounts::i64s) with ordinality as l (kind, amount, line)
     where l.kind <> 'seller'
    union all
    select b.entry_id, 3 + s.n, s.account_id, w.currency, s.amount from won w cross join booked b cross join sellers s where s.amount <> 0
), kept as (
    update balance b set posted = b.posted - s.amount, pending_out = b.pending_out - greatest(s.amount, 0)
      from locked l join sellers s on s.account_id = l.account_id where b.account_id = l.account_id
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at)
    select :event::event_id, w.partner_id, 'refund.succeeded', :refund, b.entry_id, :data::text, :now from won w cross join booked b
), mailed as (
    insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
    select :mail::text?, 'refund', :recipient::text?, :content::bytes?, :wall, :now, :clock from won where :mail is not null
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
-- T2 of a refund that the acquirer declined: what was reserved is free again. An acquirer may speak of the charge in its refusal, whose name is
-- none of the refund's.
-- row: applied bool
with won as (
    update acquirer_call c set state = 'declined', is_open = false, acquirer_ref = nullif(:acquirer_ref::text?, p.charge_ref),
           decline_code = :decline_code::text, finished_at = :wall
      from (select p.payment_id, o.acquirer_ref as charge_ref from payment p left join acquirer_call o on o.call_id = p.charge_id) p
     where c.call_id = :refund::refund_id and c.state in ('intent', 'sent', 'unknown', 'action') and p.payment_id = c.payment_id
    returning c.partner_id, c.payment_id, c.amount, c.currency, c.idem_route, c.idem_key
), done as (
    update refund r set status = 'failed', decline_code = :decline_code, finished_at = :now from won where r.refund_id = :refund
    returning r.seller_amount, r.share_users, r.share_amounts
), freed as (
    update payment p set refunding = p.refunding - w.amount from won w where p.payment_id = w.payment_id
    returning p.user_id
), sellers as materialized (
    select a.account_id, s.amount
      from won w cross join done r cross join freed p
     cross join lateral unnest(coalesce(r.share_users, array[p.user_id]), coalesce(r.share_amounts, array[r.seller_amount])) as s (user_id, amount)
      join account a on a.partner_id = w.partner_id and a.kind = 'seller' and a.user_id = s.user_id and a.currency = w.currency
), locked as materialized (
    select b.account_id from balance b where b.account_id in (select account_id from sellers) order by b.account_id for no key update
), kept as (
    update balance b set pending_out = b.pending_out - greatest(s.amount, 0)
      from locked l join sellers s on s.account_id = l.account_id where b.account_id = l.account_id
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

-- name: refund_return :one
-- What the acquirer sent back of a refund that had succeeded: it failed after all, each party has its share again, and the payment can give back as
-- much. captured and returned (refunded and disputed) are what the shares were computed from; the locks are as of dispute_book, which takes its step
-- from the same. A share may be below zero, and bring a seller there. A person is told when it is of one who has left. Not applied: another message
-- was faster, something else of the payment came between, or has no outcome yet.
-- row: applied bool
with target as materialized (
    select r.refund_id, r.partner_id, r.payment_id, r.currency, r.amount
      from payment p join refund r on r.payment_id = p.payment_id
     where r.refund_id = :refund::refund_id and r.status = 'succeeded' and p.refunding = 0 and p.capturing = 0
       and p.refunded + p.disputed = :returned::i64
       and coalesce(p.captured, case p.status when 'succeeded' then p.amount else 0 end) = :captured::i64
       for no key update of p, r
), called as (
    update acquirer_call c set state = 'declined', decline_code = :decline_code::text, finished_at = :wall
      from target g where c.call_id = g.refund_id and c.state = 'ok'
), done as (
    update refund r set status = 'failed', decline_code = :decline_code, finished_at = :now from target g where r.refund_id = g.refund_id
), counted as (
    update payment p set refunded = p.refunded - g.amount from target g where p.payment_id = g.payment_id
), sellers as materialized (
    select a.account_id, s.amount, s.n
      from target g cross join unnest(:share_users::texts, :share_amounts::i64s) with ordinality as s (user_id, amount, n)
      join account a on a.partner_id = g.partner_id and a.kind = 'seller' and a.user_id = s.user_id and a.currency = g.currency
     where s.amount <> 0
), locked as materialized (
    select b.account_id from balance b where b.account_id in (select account_id from sellers) order by b.account_id for no key update
), booked as (
    insert into entry (partner_id, kind, ref, created_at)
    select partner_id, 'refund_returned', refund_id, :now from target where (select count(*) from locked) >= 0
    returning entry_id
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select b.entry_id, l.line,
           (select a.account_id from account a
             where a.partner_id = g.partner_id and a.kind = l.kind and a.currency = g.currency
               and a.user_id = case l.kind when 'acquirer_receivable' then :clearing::text else '' end),
           g.currency, l.amount
      from target g cross join booked b
     cross join unnest(:kinds::texts, :amounts::i64s) with ordinality as l (kind, amount, line)
     where l.kind <> 'seller'
    union all
    select b.entry_id, 3 + s.n, s.account_id, g.currency, -s.amount from target g cross join booked b cross join sellers s
), kept as (
    update balance b
       set posted = b.posted + s.amount,
           negative_since = case when b.posted + s.amount - b.pending_out >= 0 then b.negative_since
                                 when b.posted - b.pending_out < 0 then coalesce(b.negative_since, :now) else :now end
      from locked l join sellers s on s.account_id = l.account_id where b.account_id = l.account_id
), owed as (
    insert into anomaly (partner_id, kind, ref, detail, created_at)
    select u.partner_id, 'user_owed', u.user_id, 'refund ' || g.refund_id || ' came back', :wall
      from target g cross join unnest(:share_users, :share_amounts) as s (user_id, amount)
      join pay_user u on u.partner_id = g.partner_id and u.user_id = s.user_id
     where s.amount > 0 and u.closed_at is not null
    on conflict (kind, ref) where closed_at is null do update set detail = excluded.detail
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at)
    select :event::event_id, g.partner_id, 'refund.failed', g.refund_id, b.entry_id, :data::text, :now from target g cross join booked b
), noted as (
    insert into acquirer_event (event_id, type, call_id, state, body, received_at)
    select :note_id::text?, 'refund.returned', g.refund_id, 'applied', :note::text?, :now from target g where :note_id is not null
    on conflict do nothing
)
select exists (select from target);

-- name: refund_find :maybe
-- A refund with the charge that it takes back.
-- row: refund_id refund_id, partner_id partner_id, payment_id payment_id, currency text, amount i64, platform_amount i64, partner_amount i64, seller_amount i64, status text, decline_code text?, reason text?, created_at instant, user_id user_id, share_users texts, share_amounts i64s, charge_ref text?, reason_code text?, initiated_by text?, initiator text?, external_id text?, at_captured i64?, at_returned i64?
select r.refund_id, r.partner_id, r.payment_id, r.currency, r.amount, r.platform_amount, r.partner_amount, r.seller_amount, r.status,
       r.decline_code, r.reason, r.created_at, p.user_id, coalesce(r.share_users, '{}'), coalesce(r.share_amounts, '{}'), c.acquirer_ref, r.reason_code,
       r.initiated_by, r.initiator, (select n.external_id from refund_name n where n.refund_id = r.refund_id), r.at_captured, r.at_returned
  from refund r join payment p on p.payment_id = r.payment_id left join acquirer_call c on c.call_id = p.charge_id
 where r.refund_id = :refund::refund_id;

-- name: refund_named :maybe
-- row: refund_id refund_id
select refund_id from refund_name where partner_id = :partner::partner_id and external_id = :external_id::text;

-- name: refund_list :many
-- Refunds of a payment in the order in which they were made, from after the cursor.
-- row: = refund_find
select r.refund_id, r.partner_id, r.payment_id, r.currency, r.amount, r.platform_amount, r.partner_amount, r.seller_amount, r.status,
       r.decline_code, r.reason, r.created_at, p.user_id, coalesce(r.share_users, '{}'), coalesce(r.share_amounts, '{}'), null::text, r.reason_code,
       r.initiated_by, r.initiator, (select n.external_id from refund_name n where n.refund_id = r.refund_id), r.at_captured, r.at_returned
  from refund r join payment p on p.payment_id = r.payment_id
 where r.payment_id = :payment::payment_id and r.partner_id = :partner::partner_id and r.refund_id > coalesce(:after::text?, '')
 order by r.refund_id limit :limit::i64;

-- name: charge_reference :maybe
-- The acquirer's own name of the charge that paid a payment.
-- row: acquirer_ref text?, acquirer text?
select c.acquirer_ref, c.acquirer
  from payment p
  left join acquirer_call c on c.call_id = p.charge_id
 where p.payment_id = :payment::payment_id;
