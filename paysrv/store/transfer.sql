-- Payments by bank transfer: what the buyer was told, what came in under it, and what that pays (docs/decisions/0058). Whoever takes a
-- credit or goes through credits has the lock of their transfer, so that a booking is taken once, by whichever message it comes.

-- name: transfer_make :exec
-- What the buyer of this attempt is told; the same for ever.
insert into transfer (call_id, partner_id, clock, payment_id, reference, holder_name, iban, bic, currency, amount, created_at, pay_by, waits_until)
select c.call_id, c.partner_id, :clock, c.payment_id, :reference::text, :holder_name::text, :iban::text, :bic::text?, c.currency, c.amount, :now,
       :pay_by::instant, :waits_until::instant
  from acquirer_call c where c.call_id = :call::text
on conflict (call_id) do nothing;

-- name: transfer_find :maybe
-- row: call_id text, partner_id partner_id, payment_id payment_id, reference text, holder_name text, iban text, bic text?, currency text, amount i64, received i64, created_at instant, pay_by instant, waits_until instant, call_state text, is_abandoned bool
select t.call_id, t.partner_id, t.payment_id, t.reference, t.holder_name, t.iban, t.bic, t.currency, t.amount, t.received, t.created_at, t.pay_by,
       t.waits_until, a.state, a.is_abandoned
  from transfer t join acquirer_call a on a.call_id = t.call_id
 where t.call_id = :call::text;

-- name: transfer_of_reference :maybe
-- row: = transfer_find
select t.call_id, t.partner_id, t.payment_id, t.reference, t.holder_name, t.iban, t.bic, t.currency, t.amount, t.received, t.created_at, t.pay_by,
       t.waits_until, a.state, a.is_abandoned
  from transfer t join acquirer_call a on a.call_id = t.call_id
 where t.reference = :reference::text and t.clock = :clock;

-- name: transfers_of_payment :many
-- The latest first.
-- row: = transfer_find
select t.call_id, t.partner_id, t.payment_id, t.reference, t.holder_name, t.iban, t.bic, t.currency, t.amount, t.received, t.created_at, t.pay_by,
       t.waits_until, a.state, a.is_abandoned
  from transfer t join acquirer_call a on a.call_id = t.call_id
 where t.payment_id = :payment::payment_id
 order by t.call_id desc limit 100;

-- name: transfers_going_back :one
-- What came by transfers of this payment that were given up, or was more than it takes: it pays nothing.
-- row: amount i64
select coalesce(sum(c.amount - c.applied), 0)::bigint
  from transfer t join acquirer_call a on a.call_id = t.call_id join transfer_credit c on c.call_id = t.call_id
 where t.payment_id = :payment::payment_id and (a.is_abandoned or c.settled_at is not null) and c.reversed_at is null;

-- name: transfers_open :many
-- For the operator: those that wait, or hold money that neither paid nor is on its way back, or that the bank took back.
-- row: call_id text, partner_id partner_id, payment_id payment_id, reference text, currency text, amount i64, received i64, pay_by instant, call_state text, is_abandoned bool, held i64
with looked_at as (
    select a.call_id from acquirer_call a where a.is_open and not a.is_abandoned and a.acquirer = 'bank' and a.op = 'charge'
    union
    select c.call_id from bank_break b join transfer_credit c on c.credit_id = substr(b.ref, 8)
     where b.closed_at is null and b.kind in ('unreturnable', 'reversed')
)
select t.call_id, t.partner_id, t.payment_id, t.reference, t.currency, t.amount, t.received, t.pay_by, a.state, a.is_abandoned,
       coalesce((select sum(h.held) from transfer_held h where h.call_id = t.call_id), 0)::bigint
  from looked_at l join transfer t on t.call_id = l.call_id join acquirer_call a on a.call_id = t.call_id
 where t.call_id < :before::text
 order by t.call_id desc limit :most::i64;

-- name: transfers_like :many
-- For money that came in and named nothing: payments that were last to be paid by a transfer of this amount, and are not, up to five for each
-- break, those that still wait first. Of an amount that very many pay, the latest two hundred are looked at.
-- row: break_id i64, payment_id payment_id, partner_id partner_id, description text, reference text, is_waiting bool, created_at instant
select b.break_id, x.payment_id, x.partner_id, x.description, x.reference, x.is_waiting, x.created_at
  from bank_break b
  join bank_line l on l.line_id = b.line_id
 cross join lateral (
    select t.payment_id, t.partner_id, p.description, t.reference, a.state = 'action' and not a.is_abandoned as is_waiting, t.created_at, t.call_id
      from (select c.call_id, c.payment_id, c.partner_id, c.reference, c.created_at from transfer c
             where c.clock = '' and c.currency = l.currency and c.amount = l.amount order by c.call_id desc limit 200) t
     cross join lateral (select y.state, y.is_abandoned from acquirer_call y where y.call_id = t.call_id offset 0) a
     cross join lateral (select y.description from payment y where y.payment_id = t.payment_id offset 0) p
     where a.state <> 'ok' and t.call_id = (select max(n.call_id) from transfer n where n.payment_id = t.payment_id)
     order by is_waiting desc, t.call_id desc limit 5) x
 where b.break_id = any (:breaks::i64s) and b.kind = 'unmatched' and b.closed_at is null and l.kind = 'credit'
 order by b.break_id, x.is_waiting desc, x.call_id desc;

-- name: transfer_lock :one
-- Until the end of the transaction nobody else takes credits of it or goes through them.
-- row: call_id text
select call_id from transfer where call_id = :call::text for no key update;

-- ---- credits ----

-- name: credit_shown :maybe
-- The credit that another message has shown, and this one has not yet. The bank's name of a booking tells, in another notice of it, too; without
-- one its day, where both say it: that is told by another kind of message only.
-- row: credit_id text
select c.credit_id
  from transfer_credit c
 where c.call_id = :call::text and c.amount = :amount::i64
   and case when c.reference is null or :reference::text? is null
            then c.booked_on is null or :booked_on::text? is null or left(c.booked_on, 10) = left(:booked_on, 10)
            else c.reference = :reference end
   and not exists (select from bank_line l join bank_file f on f.file_id = l.file_id
                    where l.credit_id = c.credit_id and l.kind = 'credit' and f.kind = :message::text
                      and (f.kind <> 'camt.054' or f.file_id = :file::i64 or :reference is null or l.reference is distinct from :reference))
 order by c.credit_id limit 1;

-- name: credit_named :maybe
-- What names nothing, and was a break that an operator has given to a payment when another kind of message showed it. Details of one entry
-- share its name, so another one of them may have named its payment, and each explains one line of a kind of message.
-- row: credit_id text
select c.credit_id
  from bank_line l join bank_file f on f.file_id = l.file_id join transfer_credit c on c.credit_id = l.credit_id
 where l.reference = :reference::text and l.credit_id is not null and l.kind = 'credit' and l.amount = :amount::i64 and l.currency = :currency::text
   and coalesce(l.payer_iban = :payer_iban::text?, true) and coalesce(l.end_to_end = :end_to_end::text?, true) and f.kind <> :message::text
   and exists (select from bank_break b where b.line_id = l.line_id)
   and not exists (select from bank_line o join bank_file g on g.file_id = o.file_id
                    where o.credit_id = l.credit_id and o.kind = 'credit' and g.kind = :message)
 order by l.payer_iban = :payer_iban desc nulls last, l.line_id limit 1;

-- name: credit_given :maybe
-- The reference of the transfer to which an operator has given what the bank booked under this name.
-- row: reference text
select x.reference
  from bank_line l join transfer_credit c on c.credit_id = l.credit_id join transfer x on x.call_id = c.call_id
 where l.reference = :reference::text and l.credit_id is not null and l.kind = 'credit' and l.amount = :amount::i64 and l.currency = :currency::text
 limit 1;

-- name: credit_given_known :exec
-- Another kind of message has shown the same booking, and it was a break as well: it is the credit that was just given. One line of a kind is: details
-- of one entry share its name.
with given as materialized (
    select l.line_id, l.credit_id, l.reference, l.amount, l.currency, l.payer_iban, l.end_to_end, f.kind as message
      from bank_line l cross join lateral (select o.kind from bank_file o where o.file_id = l.file_id offset 0) f
     where l.line_id = :line::i64
), other as materialized (
    select distinct on (f.kind) x.line_id
      from given g
     cross join lateral (select s.line_id, s.file_id, s.kind, s.outcome, s.payer_iban, s.end_to_end from bank_line s
                          where s.reference = g.reference and s.line_id <> g.line_id and s.amount = g.amount and s.currency = g.currency offset 0) x
     cross join lateral (select o.kind from bank_file o where o.file_id = x.file_id offset 0) f
     where g.credit_id is not null and x.kind = 'credit' and x.outcome = 'break' and g.message <> f.kind
       and coalesce(x.payer_iban = g.payer_iban, true) and coalesce(x.end_to_end = g.end_to_end, true)
       and not exists (select from bank_line o join bank_file p on p.file_id = o.file_id
                        where o.credit_id = g.credit_id and o.kind = 'credit' and p.kind = f.kind)
       and not exists (select from bank_break b where b.line_id = x.line_id and b.entry_id is not null)
     order by f.kind, x.payer_iban = g.payer_iban desc nulls last, x.line_id
), same as (
    update bank_line s set outcome = 'known', credit_id = (select credit_id from given), done_at = :now
     where s.line_id = any (array(select line_id from other)) and s.outcome = 'break'
    returning s.line_id
)
update bank_break b set closed_at = :now, closed_by = :by::text, note = :note::text
  from same where b.line_id = same.line_id and b.kind = 'unmatched' and b.closed_at is null;

-- name: bank_line_credit :exec
-- What moves no money.
update bank_line set outcome = :outcome::text, credit_id = :credit::text, done_at = :now where line_id = :line::i64 and outcome is null;

-- name: credit_take :maybe
-- Takes what came in into the books, with the bank's line that says so. Nothing: the line is taken.
-- row: credit_id text, is_late bool
with line as (
    update bank_line set outcome = 'applied', credit_id = :credit::text, done_at = :now where line_id = :line::i64? and outcome is null
    returning line_id
), target as materialized (
    select t.call_id, t.partner_id, t.clock, t.payment_id, t.currency, a.state in ('ok', 'declined') or a.is_abandoned as is_late
      from transfer t join acquirer_call a on a.call_id = t.call_id
     where t.call_id = :call::text and (:line is null or exists (select from line))
), counted as (
    update transfer t set received = t.received + :amount::i64 from target g where t.call_id = g.call_id and not g.is_late
), booked as (
    insert into entry (partner_id, kind, ref, created_at) select partner_id, 'transfer_credit', :credit, :now from target
    returning entry_id
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select b.entry_id, l.line, (select a.account_id from account a where a.partner_id = g.partner_id and a.kind = l.kind and a.user_id = l.user_id
                                                                     and a.currency = g.currency),
           g.currency, l.sign * :amount
      from booked b cross join target g cross join (values (1, 'bank', '', 1), (2, 'acquirer_receivable', 'bank', -1)) as l (line, kind, user_id, sign)
), made as (
    insert into transfer_credit (credit_id, call_id, partner_id, clock, payment_id, currency, amount, payer_name, payer_iban, reference, booked_on,
                                 is_late, entry_id, created_at)
    select :credit, g.call_id, g.partner_id, g.clock, g.payment_id, g.currency, :amount, :payer_name::text?, :payer_iban::text?, :reference::text?,
           :booked_on::text?, g.is_late, b.entry_id, :now
      from target g cross join booked b
), seen as (
    update payment p set version = p.version + 1 from target g where p.payment_id = g.payment_id
    returning p.version
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at, sequence)
    select :event::event_id, g.partner_id, 'payment.transfer_received', g.payment_id, b.entry_id, :data::text, :now, s.version
      from target g cross join booked b cross join seen s
)
select :credit, is_late from target;

-- name: bank_line_claim :maybe
-- Nobody else has taken it up; nobody else does before the end of this transaction.
-- row: line_id i64
select line_id from bank_line where line_id = :line::i64 and outcome is null for no key update;

-- name: credit_of_reversal :maybe
-- What the bank takes back: that which it named so, else the latest of this amount; first such as were taken back by another message, and this
-- one has not said so yet (is_known). A notice repeats what another notice said under the same name.
-- row: credit_id text, is_settled bool, is_known bool
select c.credit_id, c.settled_at is not null, c.reversed_at is not null
  from transfer_credit c
 where c.call_id = :call::text and c.amount = :amount::i64
   and not exists (select from bank_line l join bank_file f on f.file_id = l.file_id
                    where l.credit_id = c.credit_id and l.kind = 'reversal' and f.kind = :message::text
                      and (f.kind <> 'camt.054' or f.file_id = :file::i64 or :reference::text? is null or l.reference is distinct from :reference))
 order by exists (select from bank_line l where l.credit_id = c.credit_id and l.kind = 'reversal' and l.reference = :reference) desc,
          c.reference is not distinct from :reference desc, c.reversed_at is null, c.credit_id desc limit 1;

-- name: credit_reverse :maybe
-- The bank has taken it back. Of one whose attempt had its end already it is for a person, whose break it is.
-- row: credit_id text
with target as materialized (
    select c.* from transfer_credit c where c.credit_id = :credit::text and c.reversed_at is null for no key update
), counted as (
    update transfer t set received = t.received - g.amount from target g where t.call_id = g.call_id and not g.is_late and g.settled_at is null
), marked as (
    update transfer_credit c set reversed_at = :now, settled_at = coalesce(c.settled_at, :now) from target g where c.credit_id = g.credit_id
), booked as (
    insert into entry (partner_id, kind, ref, reverses, created_at) select partner_id, 'transfer_reversed', credit_id, entry_id, :now from target
    returning entry_id, reverses
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select b.entry_id, q.line, q.account_id, q.currency, -q.amount from booked b join posting q on q.entry_id = b.reverses
), seen as (
    update payment p set version = p.version + 1 from target g where p.payment_id = g.payment_id
    returning p.version
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at, sequence)
    select :event::event_id, g.partner_id, 'payment.transfer_reversed', g.payment_id, b.entry_id, :data::text, :now, s.version
      from target g cross join booked b cross join seen s
)
select credit_id from target;

-- name: transfer_credits :many
-- In the order in which they came.
-- row: credit_id text, amount i64, payer_name text?, payer_iban text?, is_late bool, applied i64, is_settled bool, is_reversed bool, created_at instant
select credit_id, amount, payer_name, payer_iban, is_late, applied, settled_at is not null, reversed_at is not null, created_at
  from transfer_credit where call_id = :call::text order by credit_id limit 1000;

-- name: transfer_applied :one
-- What those that were gone through have paid of it.
-- row: applied i64
select coalesce(sum(applied), 0)::bigint from transfer_credit where call_id = :call::text and settled_at is not null;

-- name: transfer_credits_open :many
-- Those to go through, in the order in which they came.
-- row: credit_id text, amount i64, payer_name text?, payer_iban text?, is_late bool
select credit_id, amount, payer_name, payer_iban, is_late
  from transfer_credit where call_id = :call::text and settled_at is null order by credit_id limit :most::i64;

-- name: credit_settle :exec
update transfer_credit set applied = :applied::i64, settled_at = :now where credit_id = :credit::text and settled_at is null;

-- name: transfers_ended :many
-- From after the cursor.
-- row: call_id text, partner_id partner_id, created_at instant
select e.call_id, t.partner_id, e.created_at from transfer_ended e join transfer t on t.call_id = e.call_id
 where e.clock = :clock and (e.created_at, e.call_id) > (:after_at::instant, :after::text)
 order by e.created_at, e.call_id limit :most::i64;

-- name: credit_held :maybe
-- What of it neither paid nor is on its way back; below zero: what the bank took back and nobody has made good.
-- row: credit_id text, call_id text, partner_id partner_id, currency text, held i64, is_settled bool, is_reversed bool
select credit_id, call_id, partner_id, currency, held::bigint, is_settled, is_reversed from transfer_held where credit_id = :credit::text;

-- name: credit_give_up :exec
-- What the bank took back is borne by somebody else, by an entry.
update transfer_credit set given_up = given_up - :amount::i64 where credit_id = :credit::text and reversed_at is not null;

-- name: credit_to_offset :maybe
-- What the bank took back of this charge and nobody has made good: a refund of at most that needs no order, as its payer has his money.
-- row: credit_id text, payer_iban text?, payer_name text?
select c.credit_id, c.payer_iban, c.payer_name
  from transfer_credit c cross join lateral (select x.held from transfer_held x where x.credit_id = c.credit_id offset 0) h
 where c.call_id = :call::text and c.reversed_at is not null and -h.held >= :amount::i64
   and c.applied - coalesce((select sum(r.amount) from repayment r where r.credit_id = c.credit_id and r.reason = 'refund' and r.status <> 'rejected'), 0)
       >= :amount
 order by c.credit_id limit 1;

-- name: transfer_expire :exec
-- Nothing more is waited for: the attempt is given up, and its partner told.
with given_up as (
    update acquirer_call c set is_abandoned = true
      from payment p
     where p.payment_id = :payment::payment_id and p.status = 'requires_action' and p.charge_id = :call::text and p.expires_at <= :now
       and c.call_id = p.charge_id and c.state = 'action' and not c.is_abandoned
    returning c.payment_id
), freed as (
    update payment p set status = 'requires_payment_method', charge_id = null, timer_at = p.expires_at, version = p.version + 1
      from given_up g where p.payment_id = g.payment_id
    returning p.payment_id, p.partner_id, p.version
)
insert into event (event_id, partner_id, type, object_id, data, created_at, sequence)
select :event::event_id, partner_id, 'payment.transfer_expired', payment_id, :data::text, :now, version from freed;

-- name: call_wait :exec
-- An order that takes its time: what came of it is said later.
update acquirer_call set state = 'action', acquirer_ref = :acquirer_ref::text, due_at = :due::instant
 where call_id = :call::text and state in ('intent', 'sent', 'unknown');

-- name: transfers_count :one
-- row: waiting i64
select count(*) from acquirer_call a cross join lateral (select x.clock from transfer x where x.call_id = a.call_id offset 0) t
 where a.is_open and not a.is_abandoned and t.clock = '';
