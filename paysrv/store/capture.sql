-- Captures of an authorisation, and its void: by the protocol of refunds (refund.sql), one at a time for each payment.

-- name: capture_begin :one grouped
-- T1: claims the key, reserves the amount on the payment, writes down what will be asked of the acquirer. captured and returned (refunded
-- and disputed) are what the shares were computed from. Who gives a unit of an earlier part back has it held. Not begun: the key was there before, or
-- the payment is not ready.
-- row: begun bool
with parts as materialized (
    select s.user_id, -s.amount as amount from unnest(:share_users::texts, :share_amounts::i64s) as s (user_id, amount) where s.amount < 0
), payable as materialized (
    select p.payment_id, p.currency, p.charge_id
      from payment p
     where p.payment_id = :payment::payment_id and p.partner_id = :partner::partner_id
       and p.status = 'requires_capture' and p.authorized_until > :now and not p.is_voiding and p.capturing = 0 and p.refunding = 0
       and p.captured = :captured::i64 and p.refunded + p.disputed = :returned::i64 and p.captured + :amount::i64 <= p.amount
       for no key update
), accounts as materialized (
    select b.account_id, s.amount, b.posted - b.pending_out >= s.amount as covers
      from payable p cross join parts s
      join account a on a.partner_id = :partner and a.kind = 'seller' and a.user_id = s.user_id and a.currency = p.currency
      join balance b on b.account_id = a.account_id
     order by b.account_id
       for no key update of b
), target as materialized (
    select p.payment_id, p.currency, c.acquirer_ref, c.acquirer
      from payable p join acquirer_call c on c.call_id = p.charge_id
     where (select count(*) from accounts where covers) = (select count(*) from parts)
), claim as (
    insert into idempotency (partner_id, route, key, fingerprint, op, created_at)
    select :partner, :route::text, :key::text, :fingerprint::digest, :capture::text, :wall from target
    on conflict do nothing
    returning 1
), reserved as (
    update payment p set capturing = :amount from claim where p.payment_id = :payment
), held as (
    update balance b set pending_out = b.pending_out + s.amount from claim cross join accounts s where b.account_id = s.account_id
), made as (
    insert into capture (capture_id, partner_id, payment_id, currency, amount, is_final, platform_amount, partner_amount, seller_amount,
                         share_users, share_amounts, split_profile_id, status, created_at)
    select :capture, :partner, :payment, t.currency, :amount, :final::bool, :platform_amount::i64, :partner_amount::i64, :seller_amount::i64,
           :share_users, :share_amounts, :split_profile_id::text?, 'pending', :now
      from claim cross join target t
), written as (
    insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, charge_ref, acquirer, idem_route, idem_key,
                               created_at, due_at)
    select :capture, 'capture', :partner, :payment, :amount, t.currency, 'intent', t.acquirer_ref, t.acquirer, :route, :key, :wall, :due::instant
      from claim cross join target t
)
select exists (select from claim);

-- name: capture_succeed :one grouped
-- T2 of a capture that succeeded: each party has its share. The last one, or a final one, ends the payment; the event of that is the
-- second.
-- row: applied bool
with won as (
    update acquirer_call set state = 'ok', is_open = false, acquirer_ref = :acquirer_ref::text, finished_at = :wall
     where call_id = :capture::text and state in ('intent', 'sent', 'unknown')
    returning partner_id, payment_id, amount, currency, idem_route, idem_key
), done as (
    update capture c set status = 'succeeded', finished_at = :now from won where c.capture_id = :capture
    returning c.payment_id, c.amount, c.is_final, c.platform_amount, c.partner_amount, c.seller_amount, c.share_users, c.share_amounts, c.split_profile_id
), counted as (
    update payment p
       set capturing = 0, captured = p.captured + d.amount,
           version = p.version + case when d.is_final or p.captured + d.amount = p.amount then 2 else 1 end,
           status = case when d.is_final or p.captured + d.amount = p.amount then 'succeeded' else p.status end,
           succeeded_at = case when d.is_final or p.captured + d.amount = p.amount then :now else p.succeeded_at end,
           timer_at = case when d.is_final or p.captured + d.amount = p.amount then null else p.timer_at end,
           platform_amount = d.platform_amount + case when p.captured > 0 then p.platform_amount else 0 end,
           partner_amount = d.partner_amount + case when p.captured > 0 then p.partner_amount else 0 end,
           seller_amount = d.seller_amount + case when p.captured > 0 then p.seller_amount else 0 end,
           split_profile_id = coalesce(d.split_profile_id, p.split_profile_id),
           share_users = case when p.share_users is not null or d.split_profile_id is not null then d.share_users end,
           share_amounts = case when p.share_users is null and d.split_profile_id is null then null
                                when p.captured = 0 then d.share_amounts
                                else (select array_agg(s.a + s.b order by s.n)
                                        from unnest(p.share_amounts, d.share_amounts) with ordinality as s (a, b, n)) end
      from done d where p.payment_id = d.payment_id
    returning p.payment_id, p.partner_id, p.status, p.version, p.settlement_terms, p.clock
), due as (
    insert into settlement_due (source, payment_id, clock, partner_id, look_at)
    select :capture, payment_id, clock, partner_id, :now from counted where settlement_terms is not null
    on conflict do nothing
), sellers as materialized (
    select a.account_id, s.amount, s.n
      from won w cross join done d
     cross join lateral unnest(d.share_users, d.share_amounts) with ordinality as s (user_id, amount, n)
      join account a on a.partner_id = w.partner_id and a.kind = 'seller' and a.user_id = s.user_id and a.currency = w.currency
), locked as materialized (
    select b.account_id from balance b where b.account_id in (select account_id from sellers) order by b.account_id for no key update
), booked as (
    insert into entry (partner_id, kind, ref, created_at) select partner_id, 'capture', :capture, :now from won
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
    select b.entry_id, 3 + s.n, s.account_id, w.currency, -s.amount from won w cross join booked b cross join sellers s where s.amount <> 0
), kept as (
    update balance b
       set posted = b.posted + s.amount, pending_out = b.pending_out - greatest(-s.amount, 0),
           held = b.held + case when c.settlement_terms is null then 0 else greatest(s.amount, 0) end
      from locked l join sellers s on s.account_id = l.account_id cross join counted c where b.account_id = l.account_id
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at, sequence)
    select :event::event_id, w.partner_id, 'payment.captured', w.payment_id, b.entry_id, :body::text, :now,
           c.version - case c.status when 'succeeded' then 1 else 0 end
      from won w cross join booked b cross join counted c
    union all
    select :last_event::event_id, w.partner_id, 'payment.succeeded', w.payment_id, b.entry_id, :body, :now, c.version
      from won w cross join booked b cross join counted c where c.status = 'succeeded'
), answered as (
    update idempotency i set status = :status::i32, body = :body
      from won w where i.partner_id = w.partner_id and i.route = w.idem_route and i.key = w.idem_key and i.status is null
), noted as (
    insert into acquirer_event (event_id, type, call_id, state, body, received_at)
    select :note_id::text?, 'capture.succeeded', :capture, case when exists (select from won) then 'applied' else 'duplicate' end, :note::text?, :now
     where :note_id is not null
    on conflict do nothing
)
select exists (select from won);

-- name: capture_decline :one grouped
-- T2 of a capture that the acquirer declined: what was reserved is free again. The charge's own name is none of what was refused, here and below.
-- row: applied bool
with won as (
    update acquirer_call set state = 'declined', is_open = false, acquirer_ref = nullif(:acquirer_ref::text?, charge_ref),
           decline_code = :decline_code::text, finished_at = :wall
     where call_id = :capture::text and state in ('intent', 'sent', 'unknown')
    returning partner_id, payment_id, currency, idem_route, idem_key
), done as (
    update capture c set status = 'failed', decline_code = :decline_code, finished_at = :now from won where c.capture_id = :capture
    returning c.share_users, c.share_amounts
), freed as (
    update payment p set capturing = 0, version = p.version + 1 from won w where p.payment_id = w.payment_id
    returning p.version
), sellers as materialized (
    select a.account_id, -s.amount as amount
      from won w cross join done d
     cross join lateral unnest(d.share_users, d.share_amounts) as s (user_id, amount)
      join account a on a.partner_id = w.partner_id and a.kind = 'seller' and a.user_id = s.user_id and a.currency = w.currency
     where s.amount < 0
), locked as materialized (
    select b.account_id from balance b where b.account_id in (select account_id from sellers) order by b.account_id for no key update
), kept as (
    update balance b set pending_out = b.pending_out - s.amount
      from locked l join sellers s on s.account_id = l.account_id where b.account_id = l.account_id
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at, sequence)
    select :event::event_id, w.partner_id, 'payment.capture_failed', w.payment_id, :data::text, :now, f.version from won w cross join freed f
), answered as (
    update idempotency i set status = :status::i32, body = :body::text
      from won w where i.partner_id = w.partner_id and i.route = w.idem_route and i.key = w.idem_key and i.status is null
), noted as (
    insert into acquirer_event (event_id, type, call_id, state, body, received_at)
    select :note_id::text?, 'capture.declined', :capture, case when exists (select from won) then 'applied' else 'duplicate' end, :note::text?, :now
     where :note_id is not null
    on conflict do nothing
)
select exists (select from won);

-- name: capture_find :maybe
-- row: capture_id text, partner_id partner_id, payment_id payment_id, currency text, amount i64, is_final bool, platform_amount i64, partner_amount i64, seller_amount i64, status text, decline_code text?, created_at instant, user_id user_id, share_users texts, share_amounts i64s, split_profile_id text?
select c.capture_id, c.partner_id, c.payment_id, c.currency, c.amount, c.is_final, c.platform_amount, c.partner_amount, c.seller_amount,
       c.status, c.decline_code, c.created_at, p.user_id, c.share_users, c.share_amounts, c.split_profile_id
  from capture c join payment p on p.payment_id = c.payment_id
 where c.capture_id = :capture::text;

-- name: capture_list :many
-- Captures of a payment in the order in which they were made, from after the cursor.
-- row: = capture_find
select c.capture_id, c.partner_id, c.payment_id, c.currency, c.amount, c.is_final, c.platform_amount, c.partner_amount, c.seller_amount,
       c.status, c.decline_code, c.created_at, p.user_id, c.share_users, c.share_amounts, c.split_profile_id
  from capture c join payment p on p.payment_id = c.payment_id
 where c.payment_id = :payment::payment_id and c.partner_id = :partner::partner_id and c.capture_id > coalesce(:after::text?, '')
 order by c.capture_id limit :limit::i64;

-- name: void_begin :one grouped
-- T1 of releasing what is left of an authorisation. captured is what the amount was computed from; without a key when nobody asked.
-- row: begun bool
with target as materialized (
    select p.payment_id, p.currency, p.amount - p.captured as amount, c.acquirer_ref, c.acquirer
      from payment p join acquirer_call c on c.call_id = p.charge_id
     where p.payment_id = :payment::payment_id and p.partner_id = :partner::partner_id
       and p.status = 'requires_capture' and not p.is_voiding and p.capturing = 0 and p.refunding = 0 and p.captured = :captured::i64
       for no key update of p
), claim as (
    insert into idempotency (partner_id, route, key, fingerprint, op, created_at)
    select :partner, :route::text?, :key::text?, :fingerprint::digest, :release::text, :wall from target where :route is not null
    on conflict do nothing
    returning 1
), mine as materialized (
    select t.* from target t where :route is null or exists (select from claim)
), held as (
    update payment p set is_voiding = true, cancel_reason = :reason::text from mine m where p.payment_id = m.payment_id
), written as (
    insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, charge_ref, acquirer, idem_route, idem_key,
                               created_at, due_at)
    select :release, 'void', :partner, m.payment_id, m.amount, m.currency, 'intent', m.acquirer_ref, m.acquirer, :route, :key, :wall, :due::instant
      from mine m
)
select exists (select from mine);

-- name: void_succeed :one grouped
-- T2 of a void: a payment of which nothing was captured is canceled, else it has succeeded with what was.
-- row: applied bool
with won as (
    update acquirer_call set state = 'ok', is_open = false, acquirer_ref = :acquirer_ref::text, finished_at = :wall
     where call_id = :release::text and state in ('intent', 'sent', 'unknown')
    returning partner_id, payment_id, idem_route, idem_key
), closed as (
    update payment p
       set is_voiding = false, timer_at = null, status = case when p.captured > 0 then 'succeeded' else 'canceled' end,
           succeeded_at = case when p.captured > 0 then :now end, version = p.version + 1
      from won w where p.payment_id = w.payment_id
    returning p.status, p.version
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at, sequence)
    select :event::event_id, w.partner_id, 'payment.' || c.status, w.payment_id, :body::text, :now, c.version from won w cross join closed c
), answered as (
    update idempotency i set status = 200, body = :body
      from won w where i.partner_id = w.partner_id and i.route = w.idem_route and i.key = w.idem_key and i.status is null
), noted as (
    insert into acquirer_event (event_id, type, call_id, state, body, received_at)
    select :note_id::text?, 'void.succeeded', :release, case when exists (select from won) then 'applied' else 'duplicate' end, :note::text?, :now
     where :note_id is not null
    on conflict do nothing
)
select exists (select from won);

-- name: void_decline :one grouped
-- T2 of a void that the acquirer refused: the authorisation is what it was, and a human is told; the job tries again when its time is over.
-- row: applied bool
with won as (
    update acquirer_call set state = 'declined', is_open = false, acquirer_ref = nullif(:acquirer_ref::text?, charge_ref),
           decline_code = :decline_code::text, finished_at = :wall
     where call_id = :release::text and state in ('intent', 'sent', 'unknown')
    returning partner_id, payment_id, idem_route, idem_key
), freed as (
    update payment p set is_voiding = false, cancel_reason = null, timer_at = greatest(p.timer_at, :again::instant), version = p.version + 1
      from won w where p.payment_id = w.payment_id
    returning p.version
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at, sequence)
    select :event::event_id, w.partner_id, 'payment.cancel_failed', w.payment_id, :data::text, :now, f.version from won w cross join freed f
), reported as (
    insert into anomaly (partner_id, kind, ref, detail, created_at)
    select w.partner_id, 'void_refused', w.payment_id, :decline_code, :wall
      from won w
     where not exists (select from anomaly a where a.kind = 'void_refused' and a.ref = w.payment_id and a.detail = :decline_code
                                               and a.closed_at > :rests_since::instant?)
    on conflict do nothing
), answered as (
    update idempotency i set status = :status::i32, body = :body::text
      from won w where i.partner_id = w.partner_id and i.route = w.idem_route and i.key = w.idem_key and i.status is null
), noted as (
    insert into acquirer_event (event_id, type, call_id, state, body, received_at)
    select :note_id::text?, 'void.declined', :release, case when exists (select from won) then 'applied' else 'duplicate' end, :note::text?, :now
     where :note_id is not null
    on conflict do nothing
)
select exists (select from won);
