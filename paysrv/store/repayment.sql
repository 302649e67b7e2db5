-- Money that goes back to a buyer's account by an order of ours: refunds of transfers, and credits that pay nothing.

-- name: repayment_make :exec
-- To the account that the credit came from, or to another that is named.
insert into repayment (repayment_id, credit_id, partner_id, clock, payment_id, refund_id, reason, currency, amount, iban, holder_name, status, created_by,
                       created_at, closed_at)
select :repayment::text, c.credit_id, c.partner_id, c.clock, c.payment_id, :refund::text?, :reason::text, c.currency, :amount::i64, :iban::text,
       :holder_name::text, :status::text, :by::text, :now, case :status when 'offset' then :now end
  from transfer_credit c where c.credit_id = :credit::text
on conflict do nothing;

-- name: repayment_of_refund :maybe
-- row: repayment_id text, status text, bank_reason text?
select repayment_id, status, bank_reason from repayment where refund_id = :refund::text;

-- name: payers_of_refund :many
-- Who paid this charge, each account once with what was applied of its credits and not given back; the first that paid is first. What the bank
-- took back counts with none of its sides: neither as paid, nor as a refund without an order.
-- row: credit_id text, payer_iban text, payer_name text?, left_over i64
select (array_agg(c.credit_id order by c.credit_id))[1], coalesce(c.payer_iban, ''), (array_agg(c.payer_name order by c.credit_id))[1],
       (sum(c.applied) - coalesce((select sum(r.amount) from repayment r join transfer_credit o on o.credit_id = r.credit_id
                                    where o.call_id = c.call_id and o.payer_iban = c.payer_iban and r.reason = 'refund'
                                      and r.status not in ('rejected', 'offset')), 0))::bigint
  from transfer_credit c
 where c.call_id = (select t.call_id from transfer t where t.reference = :reference::text) and c.payer_iban is not null and c.applied > 0
   and c.reversed_at is null
 group by c.call_id, c.payer_iban order by min(c.credit_id) limit 1000;

-- name: repayments_of_payment :many
-- row: repayment_id text, credit_id text, refund_id text?, reason text, currency text, amount i64, iban text, holder_name text, status text, bank_reason text?, created_at instant, closed_at instant?
select repayment_id, credit_id, refund_id, reason, currency, amount, iban, holder_name, status, bank_reason, created_at, closed_at
  from repayment where payment_id = :payment::payment_id order by repayment_id limit 1000;

-- name: repayments_cancel :many
-- The bank has taken the credit back before anything of it was ordered: nothing goes back, and a refund is one without an order.
-- row: refund_id text?
update repayment r set status = case r.reason when 'refund' then 'offset' else 'canceled' end, closed_at = :now
  from transfer_credit c
 where r.credit_id = :credit::text and r.status = 'confirmed' and c.credit_id = r.credit_id and (r.reason <> 'refund' or r.amount <= c.applied)
returning r.refund_id;

-- name: repayments_due :many
-- Not yet in a batch, locked until it is made.
-- row: repayment_id text
select repayment_id from repayment where clock = :clock and status = 'confirmed' and currency = :currency::text order by repayment_id limit 500 for no key update;

-- name: batch_repayments :many
-- row: partner_id partner_id, partner_name text, repayment_id text, status text, amount i64, currency text, iban text, holder_name text
select r.partner_id, t.name, r.repayment_id, r.status, r.amount, r.currency, r.iban, r.holder_name
  from repayment r join partner t on t.partner_id = r.partner_id
 where r.msg_id = :msg_id::text order by r.repayment_id limit 1000;

-- name: repayment_find :maybe
-- row: repayment_id text, partner_id partner_id, payment_id payment_id, credit_id text, call_id text, refund_id text?, reason text, currency text, amount i64, iban text, holder_name text, status text, clock text, created_at instant, msg_id text?
select r.repayment_id, r.partner_id, r.payment_id, r.credit_id, c.call_id, r.refund_id, r.reason, r.currency, r.amount, r.iban, r.holder_name, r.status, r.clock,
       r.created_at, r.msg_id
  from repayment r join transfer_credit c on c.credit_id = r.credit_id where r.repayment_id = :repayment::text;

-- name: repayment_booked :one
-- Whether another line of that kind, in such a message, has said the same of it before, or, of a debit, of its whole order. returned: how much
-- came back, when a line has brought it back.
-- row: is_booked bool, is_held bool, returned i64?
select exists (select from bank_line l join bank_file f on f.file_id = l.file_id
                where l.repayment_id = :repayment::text and l.kind = :kind::text and f.kind = :message::text
                  and l.outcome in ('applied', 'known') and l.line_id <> :line::i64)
       or :kind = 'debit' and exists (select from bank_line l join bank_file f on f.file_id = l.file_id
                                       where l.order_id = (select r.msg_id from repayment r where r.repayment_id = :repayment) and l.end_to_end is null and l.kind = 'debit' and f.kind = :message
                                         and l.outcome in ('applied', 'known') and l.line_id <> :line),
       exists (select from repayment r join bank_batch b on b.msg_id = r.msg_id where r.repayment_id = :repayment and b.held),
       (select max(l.amount) from bank_line l where l.repayment_id = :repayment and l.kind = 'return' and l.outcome = 'applied');

-- name: bank_line_repayment :exec
update bank_line set outcome = :outcome::text, repayment_id = :repayment::text, done_at = :now where line_id = :line::i64 and outcome is null;

-- name: repayment_pay :maybe
-- It left our account, and is given back.
-- row: repayment_id text
with target as materialized (
    select * from repayment where repayment_id = :repayment::text and status in ('sent', 'unknown') for no key update
), paid as (
    update repayment r set status = 'paid', closed_at = :now, bank_due_at = null from target g where r.repayment_id = g.repayment_id
), booked as (
    insert into entry (partner_id, kind, ref, created_at) select partner_id, 'repayment', repayment_id, :now from target
    returning entry_id
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select b.entry_id, l.line, (select a.account_id from account a where a.partner_id = g.partner_id and a.kind = l.kind and a.user_id = l.user_id
                                                                     and a.currency = g.currency),
           g.currency, l.sign * g.amount
      from booked b cross join target g cross join (values (1, 'acquirer_receivable', 'bank', 1), (2, 'bank', '', -1)) as l (line, kind, user_id, sign)
), seen as (
    update payment p set version = p.version + 1 from target g where p.payment_id = g.payment_id
    returning p.version
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at, sequence)
    select :event::event_id, g.partner_id, 'payment.transfer_repaid', g.payment_id, b.entry_id, :data::text, :now, s.version
      from target g cross join booked b cross join seen s
)
select repayment_id from target;

-- name: repayment_return :maybe
-- It came back: nothing was given to anybody, and where it is to go somebody has to find out. What the bank kept of it (:kept) is the platform's
-- cost, whose account is there; then the entry is no exact reversal.
-- row: repayment_id text
with target as materialized (
    select r.*, e.entry_id from repayment r join entry e on e.partner_id = r.partner_id and e.kind = 'repayment' and e.ref = r.repayment_id
     where r.repayment_id = :repayment::text and r.status = 'paid' for no key update of r
), returned as (
    update repayment r set status = 'returned', bank_reason = :reason::text?, closed_at = :now, bank_due_at = null from target g
     where r.repayment_id = g.repayment_id
), booked as (
    insert into entry (partner_id, kind, ref, reverses, created_at)
    select partner_id, 'repayment_returned', repayment_id, case when :kept::i64 = 0 then entry_id end, :now from target
    returning entry_id
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select b.entry_id, q.line, q.account_id, q.currency, -q.amount - case a.kind when 'bank' then :kept else 0 end
      from booked b cross join target g join posting q on q.entry_id = g.entry_id join account a on a.account_id = q.account_id
    union all
    select b.entry_id, 3, a.account_id, a.currency, :kept
      from booked b cross join target g
      join account a on a.partner_id = g.partner_id and a.kind = 'acquirer_fee' and a.user_id = '' and a.currency = g.currency
     where :kept > 0
), seen as (
    update payment p set version = p.version + 1 from target g where p.payment_id = g.payment_id
    returning p.version
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at, sequence)
    select :event::event_id, g.partner_id, 'payment.transfer_repayment_returned', g.payment_id, b.entry_id, :data::text, :now, s.version
      from target g cross join booked b cross join seen s
)
select repayment_id from target;

-- name: repayment_reject :exec
-- The bank does not execute it.
update repayment set status = 'rejected', bank_reason = :reason::text?, closed_at = :now, bank_due_at = null
 where repayment_id = :repayment::text and status in ('sent', 'unknown');

-- name: repayment_lose_sight :exec
-- No answer in time, or none that can be trusted: never ordered anew.
update repayment set status = 'unknown', bank_due_at = null where repayment_id = :repayment::text and status = 'sent';

-- name: repayments_unanswered :many
-- row: repayment_id text, msg_id text
select repayment_id, coalesce(msg_id, '') from repayment where clock = '' and status = 'sent' and sent_at < :before::instant
   and not exists (select from bank_batch b where b.msg_id = repayment.msg_id and (b.held or b.let_go_at >= :before))
 order by sent_at limit 500;

-- name: test_repayments_due :many
-- Sandbox partners' repayments of which the test bank says the next thing. since: when they came into their state.
-- row: repayment_id text, status text, holder_name text, since instant
select repayment_id, status, holder_name, coalesce(closed_at, sent_at, created_at)
  from repayment where clock = :clock and bank_due_at <= :now order by bank_due_at, repayment_id limit 50;

-- name: test_repayment_wait :exec
update repayment set bank_due_at = :due::instant? where repayment_id = :repayment::text and clock = :clock and clock <> '';

-- name: credit_break_close :exec
-- Of what could not be given back ('unreturnable') or was taken back ('reversed'): nothing is left of it.
update bank_break set closed_at = :now, closed_by = :by::text, note = :note::text, resolution = :resolution::text?
 where kind = :kind::text and ref = 'credit ' || :credit::text and closed_at is null;
