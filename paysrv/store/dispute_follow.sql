-- What a chargeback does besides money: to the consent of the card that was charged, and to the subscription whose invoice was paid with it.

-- name: dispute_felt :maybe
-- How it stands, what it is about, and what of it was felt already. has_denied: it denied a card's consent before. others_open: whether another
-- chargeback of the subscription's invoices is not decided.
-- row: phase text, status text, reason text, followed text?, card text?, card_state text?, has_denied bool, denied_elsewhere bool, invoice text?, subscription text?, others_open bool
select d.phase, d.status, d.reason, d.followed, k.saved_card_id, k.state, d.saved_card_id is not null,
       exists (select from dispute x
                where x.saved_card_id = k.saved_card_id and x.dispute_id <> d.dispute_id and x.followed in ('open', 'lost')),
       i.invoice_id, i.subscription_id,
       exists (select from invoice j join dispute x on x.payment_id = j.payment_id
                where j.subscription_id = i.subscription_id and x.dispute_id <> d.dispute_id and x.phase = 'chargeback' and x.closed_at is null)
  from dispute d
  join payment p on p.payment_id = d.payment_id
  left join acquirer_call c on c.call_id = p.charge_id
  left join saved_card k on k.state <> 'pending'
       and k.saved_card_id = case when c.token like 'scd\_%' then c.token
                                  else (select max(x.saved_card_id) from saved_card x where x.payment_id = d.payment_id and x.state <> 'pending') end
  left join invoice i on i.payment_id = d.payment_id
 where d.dispute_id = :dispute::dispute_id;

-- name: dispute_follow :exec
-- In the transaction that has read what was felt. card: whose consent it denies; absent: none more.
update dispute set followed = :to::text, saved_card_id = coalesce(:card::text?, saved_card_id) where dispute_id = :dispute::dispute_id;

-- name: subscription_meet :exec
-- Writes the row for this alone: of two disputes of it that are followed at one moment, one begins anew and sees the other (decision 0104).
update subscription set held_at = held_at where subscription_id = :subscription::subscription_id;

-- name: subscription_hold :exec
-- A dispute pauses it, however it goes on.
with held as (
    update subscription s set held_from = s.status, held_at = :now, status = 'paused', status_reason = 'disputed', due_at = null, notice_at = null
     where s.subscription_id = :subscription::subscription_id and s.held_from is null and s.status = :from::text
    returning s.partner_id
)
insert into event (event_id, partner_id, type, object_id, data, created_at)
select :event::event_id, partner_id, case :from when 'paused' then 'subscription.updated' else 'subscription.paused' end, :subscription, :data::text, :now
  from held;

-- name: subscription_release :exec
-- It goes on as it was: with the period of now, when the one of then is over, and once it owes nothing; the days of an open invoice have stood still.
with held as materialized (
    select subscription_id, case when held_from = 'past_due'
                                  and not exists (select from invoice i where i.subscription_id = s.subscription_id and i.status = 'open')
                                 then 'active' else held_from end as status, :now - held_at as stood
      from subscription s
     where subscription_id = :subscription::subscription_id and held_from is not null
       for no key update
), released as (
    update subscription s
       set status = h.status, status_reason = null, held_from = null, held_at = null,
           notice_at = case when h.status in ('trialing', 'active') then :now end,
           rejoins_at = case when h.status in ('trialing', 'active', 'past_due') and s.period_end <= :now then :now else s.rejoins_at end,
           due_at = case when h.status in ('trialing', 'active')
                          and not exists (select from invoice i where i.subscription_id = s.subscription_id and i.status = 'open') then s.period_end end
      from held h where s.subscription_id = h.subscription_id
    returning s.partner_id, s.status, h.stood
), hastened as (
    update invoice i set look_at = :now, failed_at = i.failed_at + r.stood, retry_at = i.retry_at + r.stood
      from released r where i.subscription_id = :subscription and i.status = 'open'
)
insert into event (event_id, partner_id, type, object_id, data, created_at)
select :event::event_id, partner_id, case status when 'paused' then 'subscription.updated' else 'subscription.resumed' end, :subscription, :data::text, :now
  from released;

-- name: subscription_mail :exec
-- To who pays for it.
insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
values (:mail::text, 'subscription_disputed', :recipient::text, :content::bytes, :wall, :now, :clock);
