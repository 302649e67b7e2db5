-- Subscriptions: each step is one statement that says what it expects, so that of two who make it one does nothing.

-- name: subscription_insert :exec
-- unique subscription_external_id_key -> EXTERNAL_ID_TAKEN external_id
insert into subscription (subscription_id, partner_id, store_id, price_id, quantity, saved_card_id, external_id, status, zone, anchor_local,
                          anchor_again, period_n, period_start, period_end, periods, ends_at, keep_unpaid, created_at, due_at, notice_at, agreed_amount, clock, on_dispute)
values (:subscription::subscription_id, :partner::partner_id, :store::store_id, :price::price_id, :quantity::i64, :card::saved_card_id,
        :external_id::text?, :status::text, :zone::text, :anchor_local::i64, :anchor_again::bool, :period_n::i64, :period_start::instant, :period_end::instant,
        :periods::i64?, :ends_at::instant?, :keep_unpaid::bool, :now, :period_end, :now, :agreed::i64, :clock, :on_dispute::text?);

-- name: subscription_first_paid :exec
-- The first period was paid by the buyer himself; a payment pays for one thing only.
-- unique invoice_payment_id_key -> PAYMENT_USED
with made as (
    insert into invoice (invoice_id, partner_id, subscription_id, kind, period_n, period_start, period_end, currency, total, applied, due, lines,
                         status, payment_id, created_at, finished_at, clock)
    select :invoice::invoice_id, s.partner_id, s.subscription_id, 'period', s.period_n, s.period_start, s.period_end, :currency::text,
           :amount::i64, 0, :amount, :lines::text, 'paid', :payment::payment_id, :now, :now, :clock
      from subscription s where s.subscription_id = :subscription::subscription_id
    returning partner_id
)
insert into event (event_id, partner_id, type, object_id, data, created_at)
select :event::event_id, partner_id, 'invoice.created', :invoice, :data::text, :now from made
union all
select :paid_event::event_id, partner_id, 'invoice.paid', :invoice, :data, :now from made;

-- name: subscription_find :maybe
-- A subscription of this partner; for a user's token only of that user's stores.
-- row: subscription_id subscription_id, partner_id partner_id, store_id store_id, price_id price_id, quantity i64, saved_card_id saved_card_id, external_id text?, status text, zone text, anchor_local i64, anchor_again bool, period_n i64, period_start instant, period_end instant, periods i64?, ends_at instant?, balance i64, cancel_at_period_end bool, keep_unpaid bool, created_at instant, canceled_at instant?, price_name text, price_amount i64, currency text, unit text, unit_count i32, buyer text, has_open_invoice bool, agreed_amount i64, next_price_id text?, next_price_at instant?, next_price_else text?, next_price_agreed bool?, next_price_amount i64?, next_price_name text?, rejoins_at instant?, status_reason text?, held_from text?, cancel_at instant?, cancel_refunds bool, on_dispute text
select s.subscription_id, s.partner_id, s.store_id, s.price_id, s.quantity, s.saved_card_id, s.external_id, s.status, s.zone, s.anchor_local, s.anchor_again,
       s.period_n, s.period_start, s.period_end, s.periods, s.ends_at, s.balance, s.cancel_at_period_end, s.keep_unpaid, s.created_at,
       s.canceled_at, p.name, p.amount, p.currency, p.unit, p.unit_count, k.buyer,
       exists (select from invoice i where i.subscription_id = s.subscription_id and i.status = 'open'), s.agreed_amount, s.next_price_id,
       s.next_price_at, s.next_price_else, s.next_price_agreed, n.amount, n.name, s.rejoins_at, s.status_reason,
       s.held_from, s.cancel_at, s.cancel_refunds, coalesce(s.on_dispute, (select store_on_dispute(o) from store o where o.store_id = s.store_id))
  from subscription s join price p on p.price_id = s.price_id join saved_card k on k.saved_card_id = s.saved_card_id
  left join price n on n.price_id = s.next_price_id
 where s.partner_id = :partner::partner_id and s.subscription_id = :subscription::subscription_id
   and (:subject::text? is null
        or (select o.user_id from store o where o.store_id = s.store_id)
            = (select u.user_id from pay_user u where u.partner_id = s.partner_id and u.subject = :subject));

-- name: subscription_any :maybe
-- row: = subscription_find
select s.subscription_id, s.partner_id, s.store_id, s.price_id, s.quantity, s.saved_card_id, s.external_id, s.status, s.zone, s.anchor_local, s.anchor_again,
       s.period_n, s.period_start, s.period_end, s.periods, s.ends_at, s.balance, s.cancel_at_period_end, s.keep_unpaid, s.created_at,
       s.canceled_at, p.name, p.amount, p.currency, p.unit, p.unit_count, k.buyer,
       exists (select from invoice i where i.subscription_id = s.subscription_id and i.status = 'open'), s.agreed_amount, s.next_price_id,
       s.next_price_at, s.next_price_else, s.next_price_agreed, n.amount, n.name, s.rejoins_at, s.status_reason,
       s.held_from, s.cancel_at, s.cancel_refunds, coalesce(s.on_dispute, (select store_on_dispute(o) from store o where o.store_id = s.store_id))
  from subscription s join price p on p.price_id = s.price_id join saved_card k on k.saved_card_id = s.saved_card_id
  left join price n on n.price_id = s.next_price_id
 where s.subscription_id = :subscription::subscription_id;

-- name: subscription_list :many
-- Newest first, from before the cursor: the partner's, or those of a store or of a user's stores, all or of a status; a buyer's; a name of the partner's.
-- row: = subscription_find
select s.subscription_id, s.partner_id, s.store_id, s.price_id, s.quantity, s.saved_card_id, s.external_id, s.status, s.zone, s.anchor_local, s.anchor_again,
       s.period_n, s.period_start, s.period_end, s.periods, s.ends_at, s.balance, s.cancel_at_period_end, s.keep_unpaid, s.created_at,
       s.canceled_at, p.name, p.amount, p.currency, p.unit, p.unit_count, k.buyer,
       exists (select from invoice i where i.subscription_id = s.subscription_id and i.status = 'open'), s.agreed_amount, s.next_price_id,
       s.next_price_at, s.next_price_else, s.next_price_agreed, n.amount, n.name, s.rejoins_at, s.status_reason,
       s.held_from, s.cancel_at, s.cancel_refunds, coalesce(s.on_dispute, (select store_on_dispute(o) from store o where o.store_id = s.store_id))
  from ((select x.* from ((select y.subscription_id from subscription y
                            where y.partner_id = :partner::partner_id
                              and (y.partner_id, y.subscription_id) < (:partner, coalesce(:before::text?, 'zz')) and (y.partner_id, y.subscription_id) >= (:partner, '')
                              and :status::text? is null and :buyer::text? is null and :external_id::text? is null and :store::text? is null and :subject::text? is null
                            order by y.partner_id desc, y.subscription_id desc limit :most::i64)
                          union all
                          (select y.subscription_id from subscription y
                            where :buyer is null and :external_id is null and :store is null and :subject is null and y.partner_id = :partner
                              and (y.partner_id, y.status, y.subscription_id) < (:partner, :status, coalesce(:before, 'zz'))
                              and (y.partner_id, y.status, y.subscription_id) >= (:partner, :status, '')
                            order by y.partner_id desc, y.status desc, y.subscription_id desc limit :most)) o
          cross join lateral (select y.* from subscription y where y.subscription_id = o.subscription_id offset 0) x)
        union all
        (select x.* from stores_asked(:partner, :store, :subject) o
          cross join lateral (select y.* from subscription y
                               where :status is null and :buyer is null and :external_id is null and y.partner_id = :partner
                                 and (y.store_id, y.subscription_id) < (o.store_id, coalesce(:before, 'zz')) and (y.store_id, y.subscription_id) >= (o.store_id, '')
                               order by y.store_id desc, y.subscription_id desc limit :most) x)
        union all
        (select x.* from stores_asked(:partner, :store, :subject) o
          cross join lateral (select y.* from subscription y
                               where :buyer is null and :external_id is null and y.partner_id = :partner
                                 and (y.store_id, y.status, y.subscription_id) < (o.store_id, :status, coalesce(:before, 'zz'))
                                 and (y.store_id, y.status, y.subscription_id) >= (o.store_id, :status, '')
                               order by y.store_id desc, y.status desc, y.subscription_id desc limit :most) x)
        union all
        (select x.* from saved_card c
          cross join lateral (select * from subscription y where y.saved_card_id = c.saved_card_id offset 0) x
          where :external_id is null and c.partner_id = :partner and c.buyer = :buyer)
        union all
        (select x.* from subscription x where x.partner_id = :partner and x.external_id = :external_id)) s
  join price p on p.price_id = s.price_id join saved_card k on k.saved_card_id = s.saved_card_id
  left join price n on n.price_id = s.next_price_id
 where (:store is null or s.store_id = :store)
   and (:buyer is null or k.buyer = :buyer)
   and (:status is null or s.status = :status)
   and (:before is null or s.subscription_id < :before)
   and (:subject is null
        or (select o.user_id from store o where o.store_id = s.store_id)
            = (select u.user_id from pay_user u where u.partner_id = s.partner_id and u.subject = :subject))
 order by s.subscription_id desc limit :most;

-- name: subscriptions_of_store :many
-- For the operator.
-- row: = subscription_find
select s.subscription_id, s.partner_id, s.store_id, s.price_id, s.quantity, s.saved_card_id, s.external_id, s.status, s.zone, s.anchor_local, s.anchor_again,
       s.period_n, s.period_start, s.period_end, s.periods, s.ends_at, s.balance, s.cancel_at_period_end, s.keep_unpaid, s.created_at,
       s.canceled_at, p.name, p.amount, p.currency, p.unit, p.unit_count, k.buyer,
       exists (select from invoice i where i.subscription_id = s.subscription_id and i.status = 'open'), s.agreed_amount, s.next_price_id,
       s.next_price_at, s.next_price_else, s.next_price_agreed, n.amount, n.name, s.rejoins_at, s.status_reason,
       s.held_from, s.cancel_at, s.cancel_refunds, coalesce(s.on_dispute, (select store_on_dispute(o) from store o where o.store_id = s.store_id))
  from subscription s join price p on p.price_id = s.price_id join saved_card k on k.saved_card_id = s.saved_card_id
  left join price n on n.price_id = s.next_price_id
 where s.store_id = :store::store_id and s.partner_id = (select o.partner_id from store o where o.store_id = :store)
 order by s.subscription_id desc limit 1000;

-- name: subscriptions_due :many
-- Takes those whose period is over, so that no other server takes them before the lease ends; of each partner what was due first, in turn, or
-- those of one that has many at once, or of the time without a server, would keep all others waiting. Of a suspended partner no period begins:
-- they are put off, or they would be walked through each time before those of others.
-- row: subscription_id subscription_id, waits bool
with turns as materialized (
    select s.subscription_id, s.due_at, s.clock = '' and p.suspended_at is not null as waits, s.turn
      from partner p
     cross join lateral (select x.subscription_id, x.due_at, x.clock, row_number() over (order by x.due_at, x.subscription_id) as turn from subscription x
                          where x.clock = :clock and x.partner_id = p.partner_id and x.due_at <= :now
                          order by x.due_at, x.subscription_id limit 50) s
     order by s.turn, s.due_at, s.subscription_id limit :most::i64
), due as materialized (
    select s.subscription_id from subscription s
     where s.subscription_id = any (array(select subscription_id from turns)) and (s.due_at <= :now) is true for update skip locked
), taken as (
    update subscription s set due_at = case when t.waits then :later::instant else :lease::instant end
      from turns t where s.subscription_id = t.subscription_id and s.subscription_id = any (array(select subscription_id from due))
    returning s.subscription_id, t.waits, t.turn, t.due_at as was_due
)
select subscription_id, waits from taken order by turn, was_due, subscription_id;

-- name: subscription_renew :one
-- A period begins: it has one invoice, whoever else tries. Without anything due the next one is waited for at once. What it is sold for is
-- what was read; due_at says, also to who waited for the row, that no other invoice was made meanwhile (paused: none is made).
-- What it is from now on is told: not in its trial any more, not paused, at another price.
-- row: applied bool
with moved as (
    update subscription set status = 'active', period_n = :n::i64, period_start = :start::instant, period_end = :end::instant,
           balance = :balance::i64, due_at = case when :due::i64 > 0 then null else :end end, price_id = :price::price_id, notice_at = :now,
           rejoins_at = null, status_reason = null, held_from = null, held_at = null, next_price_id = case when not :price_turns::bool then next_price_id end, next_price_at = case when not :price_turns then next_price_at end,
           next_price_else = case when not :price_turns then next_price_else end,
           next_price_agreed = case when not :price_turns then next_price_agreed end
     where subscription_id = :subscription::subscription_id and period_n = :from_n::i64 and balance = :from_balance::i64
       and status = :from_status::text and price_id = :from_price::price_id and quantity = :from_quantity::i64
       and next_price_id is not distinct from :from_next::text? and next_price_agreed is not distinct from :from_agreed::bool?
       and cancel_at_period_end = :from_at_end::bool and cancel_at is not distinct from :from_cancel_at::instant? and (due_at is not null or status in ('paused', 'unpaid'))
       and not exists (select from invoice i where i.subscription_id = :subscription and i.status = 'open')
    returning subscription_id, partner_id
), made as (
    insert into invoice (invoice_id, partner_id, subscription_id, kind, period_n, period_start, period_end, currency, total, applied, due,
                         lines, status, payment_id, look_at, created_at, finished_at, clock)
    select :invoice::invoice_id, partner_id, subscription_id, 'period', :n, :start, :end, :currency::text, :total::i64, :total - :due, :due,
           :lines::text, case when :due > 0 then 'open' else 'paid' end, :payment::text?, case when :due > 0 then :now end, :now,
           case when :due > 0 then null else :now end, :clock
      from moved
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, partner_id, 'invoice.created', :invoice, :data::text, :now from moved
    union all
    select :paid_event::event_id, partner_id, 'invoice.paid', :invoice, :data, :now from moved where :due = 0
    union all
    select :after_event::event_id, partner_id,
           case when :from_status in ('paused', 'unpaid') then 'subscription.resumed' else 'subscription.updated' end, subscription_id,
           :after_data::text, :now
      from moved where :price_turns or :from_status <> 'active'
)
select exists (select from moved);

-- name: subscription_changed :one
-- When it was changed last in this period.
-- row: at instant?
select max(period_start) from invoice where subscription_id = :subscription::subscription_id and kind = 'change' and period_n = :n::i64;

-- name: subscription_change :one
-- Another price or quantity from this moment on, with the invoice of what that makes, but before the first period; never before a change that
-- was made already.
-- row: applied bool
with moved as (
    update subscription s set price_id = :price::price_id, quantity = :quantity::i64, balance = :balance::i64,
           due_at = case when :due::i64 > 0 then null else s.due_at end, agreed_amount = greatest(s.agreed_amount, :agreed::i64), notice_at = :now,
           next_price_id = case when :keeps_next::bool then s.next_price_id end, next_price_at = case when :keeps_next then s.next_price_at end,
           next_price_else = case when :keeps_next then s.next_price_else end, next_price_agreed = case when :keeps_next then s.next_price_agreed end
     where s.subscription_id = :subscription::subscription_id and s.period_n = :n::i64 and s.price_id = :from_price::price_id
       and s.next_price_id is not distinct from :from_next::text? and s.next_price_agreed is not distinct from :from_agreed::bool?
       and s.quantity = :from_quantity::i64 and s.balance = :from_balance::i64 and s.status = :status::text
       and s.cancel_at is not distinct from :from_cancel_at::instant?
       and not exists (select from invoice i where i.subscription_id = :subscription
                                               and (i.status = 'open' or i.kind = 'change' and i.period_n = :n and i.period_start > :start::instant))
    returning s.subscription_id, s.partner_id
), made as (
    insert into invoice (invoice_id, partner_id, subscription_id, kind, period_n, period_start, period_end, currency, total, applied, due,
                         lines, status, payment_id, look_at, created_at, finished_at, clock)
    select :invoice::invoice_id, partner_id, subscription_id, 'change', :n, :start, :end::instant, :currency::text, :total::i64,
           :total - :due, :due, :lines::text, case when :due > 0 then 'open' else 'paid' end, :payment::text?,
           case when :due > 0 then :now end, :now, case when :due > 0 then null else :now end, :clock
      from moved where :n >= 0
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, partner_id, 'subscription.updated', :subscription, :data::text, :now from moved
    union all
    select :invoice_event::event_id, partner_id, 'invoice.created', :invoice, :invoice_data::text, :now from moved where :n >= 0
    union all
    select :paid_event::event_id, partner_id, 'invoice.paid', :invoice, :invoice_data, :now from moved where :n >= 0 and :due = 0
)
select exists (select from moved);

-- name: subscription_card :one
-- Another card of the same buyer's choice: what is open is tried with it at once, unless as many tries were declined as may be. With the card that it
-- has nothing happens: what its issuer has said of that stays said.
-- row: applied bool
with held as materialized (
    select s.subscription_id, s.partner_id, s.status, s.saved_card_id <> :card::saved_card_id as is_other from subscription s
     where s.subscription_id = :subscription::subscription_id and s.status <> 'canceled'
       for no key update of s
), moved as (
    update subscription s set saved_card_id = :card, notice_at = case when h.status in ('trialing', 'active') then :now end
      from held h where s.subscription_id = h.subscription_id and h.is_other
    returning s.subscription_id, s.partner_id
), hastened as (
    update invoice i set waits_for_buyer = false, retry_at = null, look_at = :now
      from moved m where i.subscription_id = m.subscription_id and i.status = 'open' and i.attempt <= :most::i32
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, partner_id, 'subscription.updated', :subscription, :data::text, :now from moved
)
select exists (select from held);

-- name: subscription_on_dispute_set :exec
-- What a chargeback does to it from now on; absent: as its store says.
update subscription set on_dispute = :on_dispute::text?
 where subscription_id = :subscription::subscription_id and status <> 'canceled';

-- name: subscription_move :one
-- From one status to another, without an invoice: paused, resumed, canceled; or the wish to end it, with the period or at a moment.
-- mail: to the buyer, of its end. What is owed is looked at when it has ended, or goes on that a dispute had stopped: with the days that stood still, as
-- subscription_release does, and with the period of now. A wish alone lets nothing go on that a dispute holds.
-- row: applied bool
with moved as (
    update subscription s set status = :to::text, cancel_at_period_end = :at_period_end::bool, status_reason = :reason::text?,
           held_from = case when :to = s.status then s.held_from end, held_at = case when :to = s.status then s.held_at end,
           cancel_at = :cancel_at::instant?, cancel_refunds = :cancel_refunds::bool,
           end_look_at = case when :to <> 'canceled' then :cancel_at end,
           rejoins_at = case when :to = s.status then s.rejoins_at when :to in ('active', 'past_due') and s.period_end <= :now then :now end,
           notice_at = case when :to in ('trialing', 'active') then :now end,
           canceled_at = case when :to = 'canceled' then :canceled_at::instant end, refund_at = case when :refunds::bool then :now end,
           due_at = case when :to in ('trialing', 'active')
                          and not exists (select from invoice i where i.subscription_id = s.subscription_id and i.status = 'open') then s.period_end end
     where s.subscription_id = :subscription::subscription_id and s.status = :from::text and s.next_price_agreed is not distinct from :from_agreed::bool?
       and s.cancel_at_period_end = :from_at_end::bool and s.cancel_at is not distinct from :from_cancel_at::instant?
       and s.held_from is not distinct from :from_held::text?
    returning s.subscription_id, s.partner_id
), looked as (
    update invoice i set look_at = :now, failed_at = i.failed_at + h.stood, retry_at = i.retry_at + h.stood
      from moved m
     cross join lateral (select case when :to <> :from then coalesce(:now - o.held_at, interval '0') else interval '0' end as stood
                           from subscription o where o.subscription_id = m.subscription_id) h
     where i.subscription_id = m.subscription_id and i.status = 'open' and (:to = 'canceled' or :from_held is not null)
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, partner_id, :type::text, :subscription, :data::text, :now from moved
), mailed as (
    insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
    select :mail::text?, :mail_kind::text?, :recipient::text?, :content::bytes?, :wall, :now, :clock from moved where :mail is not null
)
select exists (select from moved);

-- name: subscriptions_ending :many
-- Takes those whose moment to end has come, so that no other server takes them before the lease ends.
-- row: subscription_id subscription_id
update subscription s set end_look_at = :lease::instant
 where s.subscription_id in (select d.subscription_id from subscription d where d.clock = :clock and d.end_look_at <= :now
                              order by d.end_look_at limit 50 for update skip locked)
returning s.subscription_id;

-- name: subscription_refund_due :maybe
-- A canceled one whose unused time is to be paid back; taken, so that no other server takes it before the lease ends.
-- row: subscription_id subscription_id
update subscription s set refund_at = :lease::instant
 where s.subscription_id in (select d.subscription_id from subscription d where d.clock = :clock and d.refund_at <= :now
                              order by d.refund_at limit 1 for update skip locked)
returning s.subscription_id;

-- name: subscription_refund_later :exec
-- at absent: it is done, or given up. What was kept is not any more when it was given back.
update subscription set refund_at = :at::instant?, balance = case when :is_given_back::bool then least(balance, 0) else balance end,
       balance_returned = balance_returned + case when :is_given_back then greatest(balance, 0) else 0 end
 where subscription_id = :subscription::subscription_id;

-- name: subscription_returned :exec
-- Its unused time was given back elsewhere, as somebody says, whom the audit finds by the status that is written. Nothing: none of it is due.
update subscription set status = status, refund_at = null, balance = least(balance, 0), balance_returned = balance_returned + greatest(balance, 0)
 where subscription_id = :subscription::subscription_id and refund_at is not null;

-- name: subscription_paid_price :one
-- What this period is paid for at: nothing when neither it nor a change of it is, and what it was before the changes, since the last that was paid,
-- that nobody paid.
-- row: price_id price_id, quantity i64, amount i64
select p.price_id, coalesce(u.quantity, s.quantity),
       case when exists (select from invoice i where i.subscription_id = s.subscription_id and i.period_n = s.period_n and i.status = 'paid')
            then p.amount * coalesce(u.quantity, s.quantity) else 0 end
  from subscription s
  left join lateral (select i.lines::jsonb -> 0 ->> 'price' as price_id, (i.lines::jsonb -> 0 ->> 'quantity')::bigint as quantity
                       from invoice i
                      where i.subscription_id = s.subscription_id and i.kind = 'change' and i.period_n = s.period_n and i.status <> 'paid'
                        and not exists (select from invoice l
                                         where l.subscription_id = s.subscription_id and l.kind = 'change' and l.period_n = s.period_n
                                           and l.status = 'paid' and (l.period_start, l.invoice_id) > (i.period_start, i.invoice_id))
                      order by i.period_start, i.invoice_id limit 1) u on true
  join price p on p.price_id = coalesce(u.price_id, s.price_id)
 where s.subscription_id = :subscription::subscription_id;

-- name: invoices_paid :many
-- By which payments it was paid, the newest first: what is kept as a balance may come from periods of before. by_hand: what others than the
-- job that gives back unused time have given back of it, or will; asked: what became of the refund that the job asked for, if it has.
-- is_disputed: its bank has not decided yet whose it is; decided_at: it has.
-- row: invoice_id invoice_id, payment_id payment_id, due i64, by_hand i64, asked text?, is_disputed bool, decided_at instant?
select i.invoice_id, coalesce(i.payment_id, ''), i.due,
       (select coalesce(sum(r.amount), 0)::bigint from refund r
         where r.payment_id = i.payment_id and r.status <> 'failed' and r.initiator is distinct from 'unused_refund')
       + (select coalesce(sum(q.amount), 0)::bigint from refund_queue q
           where q.payment_id = i.payment_id and q.status = 'queued' and q.initiator is distinct from 'unused_refund'),
       (select r.status from refund r where r.payment_id = i.payment_id and r.initiator = 'unused_refund'
         order by r.status = 'failed', r.refund_id limit 1),
       coalesce(invoice_dispute(i.payment_id) = 'open', false),
       (select max(d.closed_at) from dispute d where d.payment_id = i.payment_id and d.phase = 'chargeback')
  from invoice i
 where i.subscription_id = :subscription::subscription_id and i.status = 'paid' and i.due > 0
 order by i.invoice_id desc limit 100;

-- name: subscription_period_owed :one
-- Whether what it is in was billed and nobody owes it any more, nor has paid it; what was forgiven counts as paid. is_behind: what it owes was declined.
-- is_charged: at this moment, so that it may be paid whatever becomes of the subscription.
-- row: is_void bool, is_behind bool, is_charged bool
select exists (select from invoice i where i.subscription_id = s.subscription_id and i.kind = 'period' and i.period_n = s.period_n)
       and not exists (select from invoice i where i.subscription_id = s.subscription_id and i.kind = 'period' and i.period_n = s.period_n
                                               and (i.status in ('open', 'paid') or i.status_reason = 'forgiven')),
       exists (select from invoice i where i.subscription_id = s.subscription_id and i.status = 'open' and i.failed_at is not null),
       exists (select from invoice i join payment p on p.payment_id = i.payment_id
                where i.subscription_id = s.subscription_id and i.status = 'open' and p.status = 'processing')
  from subscription s where s.subscription_id = :subscription::subscription_id;
