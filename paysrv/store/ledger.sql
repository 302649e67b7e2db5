-- name: accounts_open :exec
-- The accounts that a sale of this user in this currency needs; those that exist stay.
with wanted (kind, user_id, side) as (
    values ('seller', :user::user_id, -1), ('payout_transit', :user, -1), ('partner', '', -1), ('platform', '', -1),
           ('acquirer_receivable', '', 1), ('bank', '', 1)
), made as (
    insert into account (partner_id, kind, user_id, currency, side)
    select :partner::partner_id, kind, user_id, :currency::text, side from wanted
    on conflict do nothing
    returning account_id, kind
)
insert into balance (account_id, is_spent)
select account_id, kind in ('seller', 'payout_transit') from made;

-- name: ledger_horizon_read :one
-- The newest entry such that it and all older ones are committed; waits for writers that are at work.
-- row: horizon i64
select ledger_horizon();

-- name: balances_fold :exec
-- Adds the postings up to the horizon to the balances of the accounts that payments only add to.
with due as (
    select b.account_id, b.folded_to from balance b where not b.is_spent and b.folded_to < :horizon::i64 for update skip locked
), sums as (
    select d.account_id, p.amount
      from due d
     cross join lateral (select sum(x.amount)::bigint as amount from posting x
                          where x.account_id = d.account_id and x.entry_id > d.folded_to and x.entry_id <= :horizon) p
     where p.amount is not null
)
update balance b set posted = b.posted + (select a.side from account a where a.account_id = b.account_id) * s.amount, folded_to = :horizon
  from sums s where b.account_id = s.account_id and not b.is_spent;

-- name: balance_list :many
-- Balances of a user's accounts, or (user '') of the partner's own: what was folded and the tail after it.
-- row: kind text, currency text, posted i64, pending_out i64, negative_since instant?, held i64
select a.kind, a.currency,
       b.posted + case when b.is_spent then 0
                  else a.side * coalesce((select sum(p.amount) from posting p
                                             where (p.account_id, p.entry_id) > (a.account_id, b.folded_to) and p.account_id <= a.account_id), 0)::bigint end,
       b.pending_out, case when b.posted - b.pending_out < 0 then b.negative_since end, b.held
  from account a join balance b on b.account_id = a.account_id
 where a.partner_id = :partner::partner_id and a.user_id = :user::user_id and a.kind = any (:kinds::texts)
 order by a.kind, a.currency limit 200;

-- name: ledger_list :many
-- Postings of one account kind of a user or of the partner, newest first, from before the cursor.
-- available_on: when the last of what an entry brought is; none: not written down yet. held: what of it is not available.
-- row: entry_id entry_id, kind text, ref text, currency text, amount i64, created_at instant, available_on instant?, held i64
select p.entry_id, e.kind, e.ref, p.currency, a.side * p.amount, e.created_at,
       case when d.source is null then greatest(e.created_at, h.available_on) end, coalesce(h.held, case when d.source is null then 0 else a.side * p.amount end)
  from account a
 cross join lateral (select q.entry_id, q.currency, q.amount from posting q
                      where (q.account_id, q.entry_id) < (a.account_id, :before::i64) and q.account_id >= a.account_id
                      order by q.account_id desc, q.entry_id desc limit :most::i64) p
 cross join lateral (select y.kind, y.ref, y.created_at from entry y where y.entry_id = p.entry_id offset 0) e
  left join settlement_due d on d.source = e.ref and e.kind in ('charge', 'capture') and a.kind = 'seller'
  left join lateral (select max(b.available_on) as available_on, sum(b.held) filter (where b.released_at is null)::bigint as held from holdback b
                      where b.source = e.ref and b.user_id = a.user_id and e.kind in ('charge', 'capture') and a.kind = 'seller') h on true
 where a.partner_id = :partner::partner_id and a.kind = :kind::text and a.user_id = :user::user_id
 order by p.entry_id desc limit :most;

-- name: payment_shares :many
-- What the accounts of those who share a payment were given of it, and gave back: the sums of its postings.
-- row: account text, user_id text, refunded i64, disputed i64, has i64
select a.kind, a.user_id, coalesce(sum(p.amount) filter (where e.kind in ('refund', 'refund_returned')), 0)::bigint,
       coalesce(sum(p.amount) filter (where e.kind in ('dispute_hold', 'dispute_return')), 0)::bigint, -sum(p.amount)::bigint
  from (select :payment::payment_id as ref, 'charge' as kind union all
        select c.capture_id, 'capture' from capture c where c.payment_id = :payment union all
        select r.refund_id, k.kind from refund r cross join (values ('refund'), ('refund_returned')) as k (kind) where r.payment_id = :payment union all
        select d.dispute_id, 'dispute_' || s.step from dispute d join dispute_step s on s.dispute_id = d.dispute_id
         where d.payment_id = :payment) o
 cross join lateral (select x.* from entry x where x.partner_id = :partner::partner_id and x.kind = o.kind and x.ref = o.ref offset 0) e
 cross join lateral (select x.* from posting x where x.entry_id = e.entry_id offset 0) p
 cross join lateral (select x.kind, x.user_id from account x where x.account_id = p.account_id and x.kind in ('platform', 'partner', 'seller') offset 0) a
 group by a.kind, a.user_id;

-- name: payment_postings :many
-- Everything that the ledger says of a payment, its captures, its refunds and disputes, and attempts that succeeded late.
-- row: entry_id entry_id, kind text, ref text, account text, user_id text, currency text, amount i64, created_at instant
select e.entry_id, e.kind, e.ref, a.kind, a.user_id, p.currency, p.amount, e.created_at
  from (select :payment::payment_id as ref, 'charge' as kind union all
        select r.refund_id, k.kind from refund r cross join (values ('refund'), ('refund_returned')) as k (kind) where r.payment_id = :payment union all
        select c.capture_id, 'capture' from capture c where c.payment_id = :payment union all
        select d.dispute_id, 'dispute_' || s.step from dispute d join dispute_step s on s.dispute_id = d.dispute_id
         where d.payment_id = :payment union all
        select c.call_id, 'late_charge' from acquirer_call c where c.payment_id = :payment and c.is_abandoned union all
        select c.call_id, 'late_settled' from acquirer_call c where c.payment_id = :payment and c.decline_code is not null union all
        select x.credit_id, k.kind from transfer_credit x cross join (values ('transfer_credit'), ('transfer_reversed')) as k (kind)
         where x.payment_id = :payment union all
        select x.repayment_id, k.kind from repayment x cross join (values ('repayment'), ('repayment_returned')) as k (kind)
         where x.payment_id = :payment union all
        select b.ref, b.kind from acquirer_call c join entry l on l.partner_id = :partner::partner_id and l.ref = c.call_id
                                                          and l.kind = case when c.is_abandoned then 'late_charge' else 'late_returned' end
                             join entry b on b.reverses = l.entry_id
         where c.payment_id = :payment and (c.is_abandoned or c.decline_code is not null) union all
        select c.call_id, 'late_returned' from acquirer_call c where c.payment_id = :payment and c.decline_code is not null) o
  cross join lateral (select x.* from entry x where x.partner_id = :partner and x.kind = o.kind and x.ref = o.ref offset 0) e
  cross join lateral (select x.* from posting x where x.entry_id = e.entry_id offset 0) p
  cross join lateral (select x.kind, x.user_id from account x where x.account_id = p.account_id offset 0) a
 order by e.entry_id, p.line limit 1000;
