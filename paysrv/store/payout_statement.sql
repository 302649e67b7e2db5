-- What is in a payout, and in which payouts a payment is.

-- name: payout_span :maybe
-- What a payout explains: the entries of its seller's account between the one that held the payout before and the one that held it.
-- On its way account each hold is a credit, and nothing else is.
-- row: payout_id payout_id, user_id user_id, currency text, amount i64, status text, account_id i64, held_entry i64, held_at instant, previous_entry i64, previous_payout text?
select p.payout_id, p.user_id, p.currency, p.amount, p.status, a.account_id, e.entry_id, e.created_at, coalesce(b.entry_id, 0), b.ref
  from payout p
  join entry e on e.partner_id = p.partner_id and e.kind = 'payout_hold' and e.ref = p.payout_id
  join account a on a.partner_id = p.partner_id and a.kind = 'seller' and a.user_id = p.user_id and a.currency = p.currency
  join account w on w.partner_id = p.partner_id and w.kind = 'payout_transit' and w.user_id = p.user_id and w.currency = p.currency
  left join lateral (select h.entry_id, h.ref
                       from (select q.entry_id from posting q
                              where (q.account_id, q.entry_id) < (w.account_id, e.entry_id) and q.account_id >= w.account_id and q.amount < 0
                              order by q.account_id desc, q.entry_id desc limit 1) q
                       join entry h on h.entry_id = q.entry_id) b on true
 where p.partner_id = :partner::partner_id and p.payout_id = :payout::payout_id and (:owner::text? is null or p.user_id = :owner);

-- name: account_lines :many
-- Entries of an account in their order, after the cursor; of those that come from a payment, what each party had of it, beside the account itself,
-- whose part is amount. gross is what came from the acquirer or went there, also to be held for a dispute; fee: what the acquirer takes for the
-- dispute beside it. gross - fee is what all parties have of it. To add that up is half of the work; where it is not wanted (with_parts) all of it is 0.
-- row: entry_id i64, line i32, kind text, ref text, payment_id text?, external_id text?, description text?, gross i64, platform i64, partner i64, others i64, amount i64, created_at instant, fee i64
select p.entry_id, p.line::integer, e.kind, e.ref, m.payment_id, m.external_id, m.description, x.gross, x.platform, x.partner, x.others,
       -p.amount, e.created_at, x.fee
  from (select q.account_id, q.entry_id, q.line, q.amount from posting q
         where (q.account_id, q.entry_id) >= (:account::i64, :after_entry::i64) and (q.entry_id, q.line) > (:after_entry, :after_line::i32)
           and q.account_id <= :account
         order by q.account_id, q.entry_id, q.line limit :limit::i64) p
 cross join lateral (select y.partner_id, y.kind, y.ref, y.created_at from entry y where y.entry_id = p.entry_id offset 0) e
 cross join lateral (select case e.kind when 'charge' then e.ref
                                        when 'capture' then (select c.payment_id from capture c where c.capture_id = e.ref)
                                        when 'refund' then (select r.payment_id from refund r where r.refund_id = e.ref)
                                        when 'refund_returned' then (select r.payment_id from refund r where r.refund_id = e.ref)
                                        when 'dispute_hold' then (select d.payment_id from dispute d where d.dispute_id = e.ref)
                                        when 'dispute_return' then (select d.payment_id from dispute d where d.dispute_id = e.ref) end as payment_id) o
  left join lateral (select y.payment_id, y.external_id, y.description from payment y
                      where y.payment_id = o.payment_id and y.partner_id = e.partner_id offset 0) m on true
 cross join lateral (select coalesce(sum(q.amount) filter (where a.kind = 'disputed' or a.kind = 'acquirer_receivable'
                                                                                           and e.kind not in ('dispute_hold', 'dispute_return')), 0)::bigint as gross,
                            coalesce(-sum(q.amount) filter (where a.kind = 'acquirer_receivable'
                                                              and e.kind in ('dispute_hold', 'dispute_return')), 0)::bigint as fee,
                            coalesce(-sum(q.amount) filter (where a.kind = 'platform' and q.account_id <> p.account_id), 0)::bigint as platform,
                            coalesce(-sum(q.amount) filter (where a.kind = 'partner' and q.account_id <> p.account_id), 0)::bigint as partner,
                            coalesce(-sum(q.amount) filter (where a.kind = 'seller' and q.account_id <> p.account_id), 0)::bigint as others
                       from posting q cross join lateral (select y.kind from account y where y.account_id = q.account_id offset 0) a
                      where q.entry_id = p.entry_id and :with_parts::bool) x
 where p.entry_id < :until::i64
 order by p.entry_id, p.line;

-- name: payouts_of_payment :many
-- In which payouts the shares of a payment's sellers went out: the first hold after it; when that came back, the first one after that.
-- row: user_id user_id, kind text, ref text, amount i64, currency text, step i32, payout_id text?, status text?
with recursive sold as (
    select e.entry_id, e.kind, e.ref, a.user_id, a.currency, -q.amount as amount
      from (select :payment::payment_id as ref, 'charge' as kind union all
            select c.capture_id, 'capture' from capture c where c.payment_id = :payment) o
      join entry e on e.partner_id = :partner::partner_id and e.kind = o.kind and e.ref = o.ref
      join posting q on q.entry_id = e.entry_id
      join account a on a.account_id = q.account_id and a.kind = 'seller'
     where :owner::text? is null or a.user_id = :owner
), went as (
    select s.entry_id, s.user_id, s.currency, 0 as step, s.entry_id as at, null::text as payout_id from sold s
    union all
    select w.entry_id, w.user_id, w.currency, w.step + 1, n.back, n.ref
      from went w
     cross join lateral (
           select h.ref, (select b.entry_id from entry b where b.partner_id = :partner and b.ref = h.ref
                             and b.kind in ('payout_canceled', 'payout_returned') limit 1) as back
             from account t
            cross join lateral (select q.entry_id from posting q
                                 where (q.account_id, q.entry_id) > (t.account_id, w.at) and q.account_id <= t.account_id and q.amount < 0
                                 order by q.account_id, q.entry_id limit 1) q
             join entry h on h.entry_id = q.entry_id
            where t.partner_id = :partner and t.kind = 'payout_transit' and t.user_id = w.user_id and t.currency = w.currency) n
     where w.at is not null and w.step < 20
)
select s.user_id, s.kind, s.ref, s.amount, s.currency, coalesce(w.step, 0), w.payout_id, p.status
  from sold s
  left join went w on w.entry_id = s.entry_id and w.user_id = s.user_id and w.step > 0
  left join payout p on p.payout_id = w.payout_id and p.partner_id = :partner
 order by s.entry_id, s.user_id, w.step
 limit 1000;
