-- Payouts that go out by a call of a connector, one each. What depends on the state of a payout locks its row first.

-- name: payouts_to_send :many
-- Confirmed and not yet sent, the oldest first. A frozen user's stay where they are, and those of a partner that is suspended.
-- row: partner_id partner_id, payout_id payout_id, currency text, rail text, acquirer text?, is_dead bool
select p.partner_id, p.payout_id, p.currency, p.rail, r.acquirer, r.disabled_at is not null
  from payout p
  join pay_user u on u.partner_id = p.partner_id and u.user_id = p.user_id
  join requisite r on r.partner_id = p.partner_id and r.requisite_id = p.requisite_id
 where p.status = 'confirmed' and p.put_off_until <= :wall and p.rail <> 'bank' and (u.payouts_frozen_at is null or r.disabled_at is not null)
   and (p.clock <> '' or not exists (select from partner x where x.partner_id = p.partner_id and x.suspended_at is not null))
 order by p.put_off_until, p.payout_id
 limit 100;

-- name: payout_send :maybe
-- T1: it counts as sent, under its own name for ever, before the call is made. Nothing: another server sends it, or it was canceled, its
-- owner frozen or its requisite ended meanwhile.
-- row: amount i64
with target as materialized (
    select p.payout_id, p.partner_id, p.user_id, p.requisite_id, p.amount, p.currency, p.clock
      from payout p
     where p.payout_id = :payout::payout_id and p.partner_id = :partner::partner_id and p.status = 'confirmed' and p.rail <> 'bank'
       for no key update
), sending as materialized (
    select t.*, r.token, r.acquirer
      from target t
      join pay_user u on u.partner_id = t.partner_id and u.user_id = t.user_id and u.payouts_frozen_at is null
      join requisite r on r.partner_id = t.partner_id and r.requisite_id = t.requisite_id and r.disabled_at is null
                      and r.acquirer = :acquirer::text
     where t.clock <> '' or not exists (select from partner x where x.partner_id = t.partner_id and x.suspended_at is not null)
       for share of u, r
), sent as (
    update payout p set status = 'sent', sent_at = :now from sending s where p.payout_id = s.payout_id
), called as (
    insert into acquirer_call (call_id, op, partner_id, amount, currency, state, token, created_at, sent_at, due_at, acquirer)
    select payout_id, 'payout', partner_id, amount, currency, 'sent', token, :wall, :wall, :due::instant, acquirer from sending
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, partner_id, 'payout.sent', payout_id, :data::text, :now from sending
)
select amount from sending;

-- name: rails_state :many
-- Of live partners, by connector and currency: what is on its way, what of that has been lost sight of, what was paid and stands in no
-- registry, and what the connector owes us after it all (as far as the balances are folded). Below zero: we owe it.
-- row: rail text, acquirer text, currency text, open i64, open_minor i64, lost i64, lost_minor i64, unsettled i64, unsettled_minor i64
select p.rail, coalesce(c.acquirer, ''), c.currency,
       count(*) filter (where c.is_open), coalesce(sum(c.amount) filter (where c.is_open), 0)::bigint,
       count(*) filter (where p.status = 'unknown'), coalesce(sum(c.amount) filter (where p.status = 'unknown'), 0)::bigint,
       count(*) filter (where p.status = 'paid' and l.op_key is null),
       coalesce(sum(c.amount) filter (where p.status = 'paid' and l.op_key is null), 0)::bigint
  from payout p
  join acquirer_call c on c.call_id = p.payout_id and c.op = 'payout'
  left join lateral (select s.op_key from settlement_line s where s.op_key = p.payout_id and s.kind = 'push' limit 1) l on true
 where p.rail <> 'bank' and p.clock = ''
 group by 1, 2, 3
 order by 1, 2, 3
 limit 1000;

-- name: clearing_state :many
-- What each connector with payouts or payments owes us. clearing '': that of cards.
-- row: clearing text, currency text, owed i64
select a.user_id, a.currency, coalesce(sum(b.posted), 0)::bigint
  from account a join balance b on b.account_id = a.account_id join partner n on n.partner_id = a.partner_id and not n.is_sandbox
 where a.kind = 'acquirer_receivable'
 group by 1, 2
 order by 1, 2
 limit 1000;
