-- Invoices of subscriptions and their collection. A step names the attempt that it is of: made twice, the second changes nothing.
-- Locks are taken as subscription.sql takes them: the subscription first, then its invoice.

-- name: invoice_list :many
-- Of one subscription, newest first. is_held: a dispute holds that, and the days of the invoice stand still.
-- row: invoice_id invoice_id, partner_id partner_id, subscription_id subscription_id, kind text, period_n i64, period_start instant, period_end instant, currency text, total i64, applied i64, due i64, lines text, status text, payment_id text?, attempt i32, waits_for_buyer bool, failed_at instant?, retry_at instant?, look_at instant?, created_at instant, finished_at instant?, dispute text?, status_reason text?, is_held bool
select i.invoice_id, i.partner_id, i.subscription_id, i.kind, i.period_n, i.period_start, i.period_end, i.currency, i.total, i.applied, i.due, i.lines,
       i.status, i.payment_id, i.attempt, i.waits_for_buyer, i.failed_at, i.retry_at, i.look_at, i.created_at, i.finished_at, invoice_dispute(i.payment_id), i.status_reason,
       exists (select from subscription h where h.subscription_id = i.subscription_id and h.held_from is not null)
  from invoice i
 where i.partner_id = :partner::partner_id and i.subscription_id = :subscription::subscription_id
   and (:before::text? is null or i.invoice_id < :before)
 order by i.invoice_id desc limit :most::i64;

-- name: invoice_any :maybe
-- row: = invoice_list
select i.invoice_id, i.partner_id, i.subscription_id, i.kind, i.period_n, i.period_start, i.period_end, i.currency, i.total, i.applied, i.due, i.lines,
       i.status, i.payment_id, i.attempt, i.waits_for_buyer, i.failed_at, i.retry_at, i.look_at, i.created_at, i.finished_at, invoice_dispute(i.payment_id), i.status_reason,
       exists (select from subscription h where h.subscription_id = i.subscription_id and h.held_from is not null)
  from invoice i where i.invoice_id = :invoice::invoice_id;

-- name: invoice_find :maybe
-- An invoice of this partner; for a user's token only of that user's stores.
-- row: = invoice_list
select i.invoice_id, i.partner_id, i.subscription_id, i.kind, i.period_n, i.period_start, i.period_end, i.currency, i.total, i.applied, i.due, i.lines,
       i.status, i.payment_id, i.attempt, i.waits_for_buyer, i.failed_at, i.retry_at, i.look_at, i.created_at, i.finished_at, invoice_dispute(i.payment_id), i.status_reason,
       exists (select from subscription h where h.subscription_id = i.subscription_id and h.held_from is not null)
  from invoice i
 where i.partner_id = :partner::partner_id and i.invoice_id = :invoice::invoice_id
   and (:subject::text? is null
        or (select o.user_id from subscription b join store o on o.store_id = b.store_id where b.subscription_id = i.subscription_id)
            = (select u.user_id from pay_user u where u.partner_id = i.partner_id and u.subject = :subject));

-- name: invoices_of_partner :many
-- Of all subscriptions, newest first, from before the cursor: the partner's, or those of a store or of a user's stores; all or of a status. Looked for are
-- the ids alone, which one index has: to get whole rows, any that begins with the partner would do.
-- row: = invoice_list
select i.invoice_id, i.partner_id, i.subscription_id, i.kind, i.period_n, i.period_start, i.period_end, i.currency, i.total, i.applied, i.due, i.lines,
       i.status, i.payment_id, i.attempt, i.waits_for_buyer, i.failed_at, i.retry_at, i.look_at, i.created_at, i.finished_at, invoice_dispute(i.payment_id), i.status_reason,
       exists (select from subscription h where h.subscription_id = i.subscription_id and h.held_from is not null)
  from ((select x.invoice_id from invoice x
          where x.partner_id between :partner::partner_id and :partner
            and (x.partner_id, x.invoice_id) < (:partner, coalesce(:before::text?, 'zz')) and (x.partner_id, x.invoice_id) >= (:partner, '')
            and :status::text? is null and :store::text? is null and :subject::text? is null
          order by x.partner_id desc, x.invoice_id desc limit :most::i64)
        union all
        (select x.invoice_id from invoice x
          where :store is null and :subject is null and x.partner_id = :partner
            and (x.partner_id, x.status, x.invoice_id) < (:partner, :status, coalesce(:before, 'zz')) and (x.partner_id, x.status, x.invoice_id) >= (:partner, :status, '')
          order by x.partner_id desc, x.status desc, x.invoice_id desc limit :most)
        union all
        (select x.invoice_id from stores_asked(:partner, :store, :subject) o
          cross join lateral (select y.invoice_id from invoice y
                               where :status is null and y.partner_id = :partner
                                 and (y.store_id, y.invoice_id) < (o.store_id, coalesce(:before, 'zz')) and (y.store_id, y.invoice_id) >= (o.store_id, '')
                               order by y.store_id desc, y.invoice_id desc limit :most) x)
        union all
        (select x.invoice_id from stores_asked(:partner, :store, :subject) o
          cross join lateral (select y.invoice_id from invoice y
                               where y.partner_id = :partner
                                 and (y.store_id, y.status, y.invoice_id) < (o.store_id, :status, coalesce(:before, 'zz'))
                                 and (y.store_id, y.status, y.invoice_id) >= (o.store_id, :status, '')
                               order by y.store_id desc, y.status desc, y.invoice_id desc limit :most) x)) o
 cross join lateral (select x.* from invoice x where x.invoice_id = o.invoice_id offset 0) i
 order by i.invoice_id desc limit :most;

-- name: invoice_retry :one
-- Charged again at once, as when another card comes. Not an attempt of before that was not written down yet.
-- row: applied bool
with held as materialized (
    select s.subscription_id from subscription s
     where s.subscription_id = :subscription::subscription_id and s.status <> 'canceled'
       for no key update of s
), hastened as (
    update invoice i set waits_for_buyer = false, retry_at = null, look_at = :now
      from held h
     where i.invoice_id = :invoice::invoice_id and i.subscription_id = h.subscription_id and i.status = 'open' and i.attempt = :attempt::i32
    returning 1
)
select exists (select from hastened);

-- name: invoices_of_card_waiting :many
-- Those that wait for the buyer, of subscriptions with this card, and are not kept as a debt that nobody is charged for any more.
-- row: = invoice_list
select i.invoice_id, i.partner_id, i.subscription_id, i.kind, i.period_n, i.period_start, i.period_end, i.currency, i.total, i.applied, i.due, i.lines,
       i.status, i.payment_id, i.attempt, i.waits_for_buyer, i.failed_at, i.retry_at, i.look_at, i.created_at, i.finished_at, invoice_dispute(i.payment_id), i.status_reason,
       exists (select from subscription h where h.subscription_id = i.subscription_id and h.held_from is not null)
  from subscription s join invoice i on i.subscription_id = s.subscription_id
 where s.saved_card_id = :card::saved_card_id and s.status not in ('unpaid', 'canceled') and i.status = 'open' and i.waits_for_buyer
 order by s.subscription_id limit 1000;

-- name: invoice_refusals :many
-- What was said of cards with which it was to be charged by itself, before this attempt: of its payments, also of one that has expired, and for as long
-- as it is open. Keys have their thirty days. card: absent of an attempt from before 0125, which the key's fingerprint names as long as there is one.
-- row: key text, decline_code text, card text?, fingerprint digest?
select coalesce(c.idem_key, ''), coalesce(c.decline_code, ''), c.token, k.fingerprint
  from acquirer_call c
  left join idempotency k on k.partner_id = c.partner_id and k.route = c.idem_route and k.key = c.idem_key
 where c.idem_route = 'invoice' and c.decline_code is not null
   and c.idem_key = any (array(select :invoice::invoice_id || ':' || n from generate_series(1, :attempt::i32 - 1) n));

-- name: invoice_charged_by_itself :one
-- Whether this charge of an invoice's payment was with the card that is kept for it, and not one that its buyer tried.
-- row: is_so bool
select exists (select from acquirer_call where call_id = :charge::charge_id and idem_route = 'invoice');

-- name: invoices_due :many
-- Takes those that are to be looked at, so that no other server takes them before the lease ends; of each partner what is to be looked at first, in
-- turn, as subscriptions_due does. Buyers of a suspended partner are not charged, and cannot pay: theirs are put off with all their days, or they
-- would be walked through each time before those of others.
-- row: invoice_id invoice_id, waits bool
with turns as materialized (
    select i.invoice_id, i.look_at, i.clock = '' and p.suspended_at is not null as waits, i.turn
      from partner p
     cross join lateral (select x.invoice_id, x.look_at, x.clock, row_number() over (order by x.look_at, x.invoice_id) as turn from invoice x
                          where x.clock = :clock and x.partner_id = p.partner_id and x.look_at <= :now
                          order by x.look_at, x.invoice_id limit 50) i
     order by i.turn, i.look_at, i.invoice_id limit :most::i64
), due as materialized (
    select i.invoice_id from invoice i
     where i.invoice_id = any (array(select invoice_id from turns)) and (i.look_at <= :now) is true for update skip locked
), taken as (
    update invoice i set look_at = case when t.waits then :later::instant else :lease::instant end,
           failed_at = case when t.waits then i.failed_at + (:later - t.look_at) else i.failed_at end,
           retry_at = case when t.waits then i.retry_at + (:later - t.look_at) else i.retry_at end
      from turns t where i.invoice_id = t.invoice_id and i.invoice_id = any (array(select invoice_id from due))
    returning i.invoice_id, t.waits, t.turn, t.look_at as was_due
)
select invoice_id, waits from taken order by turn, was_due, invoice_id;

-- name: invoice_of_payment_hasten :exec
-- Something may have happened to this payment.
update invoice set look_at = :now where payment_id = :payment::payment_id and status = 'open';

-- name: invoice_buyer :maybe
-- Who pays it, and for what; since when its store is in its state. is_blocked: his card, until a dispute is decided.
-- row: email text, buyer text, store_name text, price_name text, support text?, mails_receipts bool, locale text?, receipt text?, store_since instant?, is_blocked bool
select k.email, k.buyer, store_shown(o.store_id, o.name), p.name,
       (select coalesce(b.support_email, b.support_url) from store_branding b where b.store_id = o.store_id), o.mails_receipts, k.locale, p.receipt,
       o.status_at, k.state = 'blocked'
  from subscription s
  join saved_card k on k.saved_card_id = s.saved_card_id
  join store o on o.store_id = s.store_id
  join price p on p.price_id = s.price_id
 where s.subscription_id = :subscription::subscription_id;

-- name: invoice_look_later :exec
-- Unless somebody wanted it to be looked at since it was read: what happened then was not seen.
update invoice set look_at = :at::instant where invoice_id = :invoice::invoice_id and status = 'open' and look_at is not distinct from :seen::instant?;

-- name: invoice_pay :one
-- Paid: the subscription goes on, with the next period if that has begun meanwhile.
-- row: applied bool
with held as materialized (
    select s.subscription_id, s.status from invoice i join subscription s on s.subscription_id = i.subscription_id
     where i.invoice_id = :invoice::invoice_id
       for no key update of s
), done as (
    update invoice i set status = 'paid', look_at = null, finished_at = :now
      from held h
     where i.invoice_id = :invoice and i.subscription_id = h.subscription_id and i.status = 'open'
    returning i.partner_id, i.subscription_id
), went_on as (
    update subscription s set status = case when s.status in ('past_due', 'unpaid') then 'active' else s.status end,
           rejoins_at = case when s.status = 'unpaid' and s.period_end <= :now then :now else s.rejoins_at end,
           status_reason = case when s.held_from is not null then s.status_reason end,
           due_at = case when s.status in ('active', 'past_due', 'trialing', 'unpaid') then s.period_end end,
           notice_at = case when s.status in ('active', 'past_due', 'trialing', 'unpaid') then :now end
      from done d where s.subscription_id = d.subscription_id
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, partner_id, 'invoice.paid', :invoice, :data::text, :now from done
    union all
    select :again_event::event_id, d.partner_id, case when h.status = 'unpaid' then 'subscription.resumed' else 'subscription.updated' end,
           d.subscription_id, :again_data::text, :now
      from done d join held h on h.subscription_id = d.subscription_id where h.status in ('past_due', 'unpaid')
), written as (
    insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
    select :mail::text?, 'invoice_paid', :recipient::text?, :content::bytes?, :wall, :now, :clock from done where :mail is not null
)
select exists (select from done);

-- name: invoice_keep :one
-- Nobody has paid it in time, and the subscription was to be kept for that case: no charge by itself any more, and whoever pays goes on.
-- is_declined: after an attempt, which has its number; else it has waited until now. is_last: no card is tried any more, not even one that came meanwhile.
-- row: applied bool
with held as materialized (
    select s.subscription_id, s.saved_card_id = :card::saved_card_id or :is_last::bool as is_over from invoice i join subscription s on s.subscription_id = i.subscription_id
     where i.invoice_id = :invoice::invoice_id
       for no key update of s
), kept as (
    update invoice i set waits_for_buyer = h.is_over, retry_at = null, look_at = case when h.is_over then :look::instant else :now end, failed_at = coalesce(i.failed_at, :now),
           attempt = i.attempt + case when :is_declined::bool then 1 else 0 end
      from held h
     where i.invoice_id = :invoice and i.subscription_id = h.subscription_id and i.status = 'open' and i.attempt = :attempt::i32
    returning i.partner_id, i.subscription_id
), behind as (
    update subscription s set status = 'unpaid', status_reason = 'not_paid', due_at = null, notice_at = null
      from kept k where s.subscription_id = k.subscription_id and s.status in ('trialing', 'active', 'past_due')
    returning s.subscription_id, s.partner_id
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, partner_id, 'invoice.payment_failed', :invoice, :data::text, :now from kept where :is_declined
    union all
    select :behind_event::event_id, partner_id, 'subscription.unpaid', subscription_id, :behind_data::text, :now from behind
)
select exists (select from kept);

-- name: invoice_payment_anew :exec
-- Its payment has expired, and somebody wants to pay now.
update invoice set payment_id = :next::text, look_at = :now
 where invoice_id = :invoice::invoice_id and status = 'open' and payment_id = :before::text;

-- name: invoice_fail :one
-- This attempt was declined. retry: when it is tried again, or until when the buyer is waited for; a card that came meanwhile is tried at once.
-- card: which was tried; absent: one of before. is_asked: its issuer was; one that we block ourselves is no attempt. is_last: as for invoice_keep. One that is paused is written, too: who lets it go on, and has not seen this, is told to look again.
-- row: applied bool
with held as materialized (
    select s.subscription_id, s.saved_card_id is not distinct from :card::text? or :is_last::bool as is_over from invoice i join subscription s on s.subscription_id = i.subscription_id
     where i.invoice_id = :invoice::invoice_id
       for no key update of s
), failed as (
    update invoice i set attempt = i.attempt + case when :is_asked::bool then 1 else 0 end, failed_at = coalesce(i.failed_at, :now), waits_for_buyer = h.is_over and :waits::bool,
           retry_at = case when h.is_over then :retry::instant end, look_at = case when h.is_over then :look::instant else :now end
      from held h
     where i.invoice_id = :invoice and i.subscription_id = h.subscription_id and i.status = 'open' and i.attempt = :attempt::i32
    returning i.partner_id, i.subscription_id
), behind as (
    update subscription s set status = case when s.status = 'paused' then s.status else 'past_due' end, due_at = null,
           held_from = case when s.held_from in ('trialing', 'active') then 'past_due' else s.held_from end
      from failed f where s.subscription_id = f.subscription_id and s.status in ('trialing', 'active', 'paused')
    returning s.subscription_id, s.partner_id, s.status
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, partner_id, case when :waits then 'invoice.action_required' else 'invoice.payment_failed' end, :invoice, :data::text, :now
      from failed
    union all
    select :behind_event::event_id, partner_id, 'subscription.past_due', subscription_id, :behind_data::text, :now from behind where status = 'past_due'
), written as (
    insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
    select :mail::text, 'invoice_failed', :recipient::text, :content::bytes, :wall, :now, :clock from failed
)
select exists (select from failed);

-- name: invoice_turn :maybe
-- Before the payment of an invoice is written in a transaction: its subscription is locked first, as charges_begin does, or the two would wait for
-- each other.
-- row: subscription_id subscription_id
select s.subscription_id from subscription s where s.subscription_id = :subscription::subscription_id for no key update;

-- name: invoice_close :one
-- Given up (uncollectible), or void, because it was forgiven, the subscription or what it sells has ended, or nobody can pay it: the subscription, if
-- that has not ended before, ends, is paused, or goes on without this ('active': as whatever it is by now, but behind with nothing any more; with
-- old_price and old_quantity as what its period is paid for). What the invoice took of the balance it has not been paid with. is_declined: after an
-- attempt, which is told first. mail: to the buyer, when that ends his subscription. card, attempt: it ends because this was tried in vain, and not
-- when another card came, or was tried, meanwhile; absent: whatever came.
-- row: applied bool
with held as materialized (
    select s.subscription_id, s.status, s.saved_card_id from invoice i join subscription s on s.subscription_id = i.subscription_id
     where i.invoice_id = :invoice::invoice_id
       for no key update of s
), closed as (
    update invoice i set status = :to::text, status_reason = :reason::text, look_at = null, finished_at = :now, attempt = i.attempt + case when :is_declined::bool then 1 else 0 end
      from held h
     where i.invoice_id = :invoice and i.subscription_id = h.subscription_id and i.status = 'open'
       and (:card::text? is null or h.saved_card_id = :card) and (:attempt::i32? is null or i.attempt = :attempt)
    returning i.partner_id, i.subscription_id, i.applied, h.status <> 'canceled' as goes_on,
              h.status <> 'canceled' and :subscription_status::text not in ('active', h.status) as moves, h.status as was,
              :subscription_status = 'active' and h.status in ('past_due', 'unpaid') as rejoins
), ended as (
    update subscription s set status = case when c.moves or c.rejoins then :subscription_status else s.status end,
           due_at = case when :subscription_status = 'active' and (s.status in ('active', 'trialing') or c.rejoins) then s.period_end end,
           rejoins_at = case when c.was = 'unpaid' and c.rejoins and s.period_end <= :now then :now else s.rejoins_at end,
           price_id = case when c.goes_on then coalesce(:old_price::text?, s.price_id) else s.price_id end,
           quantity = case when c.goes_on then coalesce(:old_quantity::i64?, s.quantity) else s.quantity end,
           balance = s.balance + c.applied,
           notice_at = case when :subscription_status = 'active' and (s.status in ('active', 'trialing') or c.rejoins) then :now end,
           status_reason = case when c.rejoins then null when c.goes_on and :subscription_status <> 'active' then :reason else s.status_reason end,
           canceled_at = case when not c.goes_on then s.canceled_at when :subscription_status = 'canceled' then :now end,
           held_from = case when not c.moves then s.held_from end, held_at = case when not c.moves then s.held_at end,
           end_look_at = case when c.goes_on and :subscription_status <> 'canceled' then s.end_look_at end
      from closed c where s.subscription_id = c.subscription_id
    returning s.subscription_id, s.partner_id, c.moves as tells, c.rejoins or c.goes_on and :old_price is not null as stays, c.was
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :failed_event::event_id, partner_id, 'invoice.payment_failed', :invoice, :failed_data::text, :now from closed where :is_declined
    union all
    select :event::event_id, partner_id, 'invoice.' || :to, :invoice, :data::text, :now from closed
    union all
    select :end_event::event_id, partner_id,
           'subscription.' || case when tells then :subscription_status when was = 'unpaid' then 'resumed' else 'updated' end,
           subscription_id, :end_data::text, :now
      from ended where tells or stays
), written as (
    insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
    select :mail::text?, 'subscription_ended', :recipient::text?, :content::bytes?, :wall, :now, :clock from ended where tells and :mail is not null
)
select exists (select from closed);

-- name: invoice_to_pay :maybe
-- What the buyer of this subscription owes: its payment can be made now.
-- row: payment_id payment_id, due i64
select p.payment_id, i.due from invoice i join payment p on p.payment_id = i.payment_id
 where i.subscription_id = :subscription::subscription_id and i.status = 'open'
   and p.status in ('requires_payment_method', 'requires_action') and p.expires_at > :now
 order by i.invoice_id limit 1;
