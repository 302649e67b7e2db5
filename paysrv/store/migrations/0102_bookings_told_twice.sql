-- A booking is told by notice and statement, and each of them may name it in words that the other has not. What one of them has brought into the books
-- is not booked again by the break that the other was (docs/decisions/0058, 0039).

-- The lines that may tell of the booking of this one, itself among them: of the bank's name of it, its direction and its amount, and whatever names
-- it may stand in one of two only. is_here: another booking of this message, as a notice repeats what another one said, and a statement nothing.
create function bank_lines_like(of_line bigint)
returns table (line_id bigint, file_id bigint, message text, outcome text, credit_id text, is_coming boolean, is_here boolean, is_alike boolean, is_same boolean)
language sql stable begin atomic
select o.line_id, o.file_id, f.kind, o.outcome, o.credit_id, o.outcome is null and f.state = 'open',
       f.kind = g.kind and (f.kind <> 'camt.054' or f.file_id = g.file_id),
       (o.end_to_end, o.order_id, o.payer_iban) is not distinct from (l.end_to_end, l.order_id, l.payer_iban),
       (o.kind, o.end_to_end, o.order_id, o.remittance, o.note) is not distinct from (l.kind, l.end_to_end, l.order_id, l.remittance, l.note)
  from bank_line l
  join bank_file g on g.file_id = l.file_id
  join bank_line o on o.reference = l.reference and o.amount = l.amount and o.currency is not distinct from l.currency
                  and o.kind = any (case when l.kind in ('credit', 'return') then '{credit,return}'
                                         when l.kind in ('debit', 'reversal') then '{debit,reversal}' end::text[])
                  and coalesce(o.end_to_end = l.end_to_end, true) and coalesce(o.order_id = l.order_id, true)
                  and coalesce(o.payer_iban = l.payer_iban, true)
  join bank_file f on f.file_id = o.file_id
 where l.line_id = of_line and l.amount > 0;
end;

-- Of the bookings that a line which was not taken up may be: how many are not in the books, and how many lines of other messages are about to be taken
-- up, or were when the server ended. There are as many as the one of notice and statement says that has more of them, and two notices have the same;
-- in the books are those that either has taken up, and those of both that an operator has booked by an entry.
create function bank_booking_left(of_line bigint) returns table (unbooked bigint, coming bigint) language sql stable begin atomic
with told as (
    select o.message, o.file_id, count(*) as lines, count(*) filter (where o.outcome in ('applied', 'known')) as taken,
           count(*) filter (where o.outcome = 'applied') as applied, count(*) filter (where o.is_coming and not o.is_here) as coming,
           count(*) filter (where o.outcome = 'break' and exists
               (select from bank_break b where b.line_id = o.line_id and b.entry_id is not null)) as entered
      from bank_lines_like(of_line) o
     group by o.message, o.file_id
), summed as (
    select case when message = 'camt.054' then max(lines) else sum(lines) end as lines,
           case when message = 'camt.054' then greatest(max(taken), sum(applied)) else sum(taken) end as taken,
           sum(entered) as entered, sum(coming) as coming
      from told group by message
)
select coalesce(max(lines) - max(taken) - sum(entered), 1)::bigint, coalesce(sum(coming), 0)::bigint from summed;
end;

-- What another message has booked is not to be booked, and explains nothing that is apart.
create or replace view bank_break_shown as
select b.break_id, b.source, b.kind, b.ref,
       coalesce(b.payout_id, (select p.payout_id from payout p where p.payout_id = o.op)) as payout_id,
       b.partner_id, b.amount, b.currency, b.detail, b.assignee, b.resolution, b.created_at, b.closed_at, b.closed_by, b.note,
       b.kind in ('missing', 'reversed') or (b.settlement_line is not null and b.kind <> 'fee') or m.moved is not null as is_bookable,
       l.payer_name, l.payer_iban, l.remittance,
       coalesce(b.kind = 'unmatched' and b.closed_at is null and l.kind = 'credit', false) as is_credit,
       case when b.kind = 'unreturnable' and b.closed_at is null then split_part(b.ref, ' ', 2) end as held_credit,
       b.settlement_id, (select s.acquirer_ref from settlement s where s.settlement_id = b.settlement_id) as settlement_ref,
       coalesce((select c.payment_id from acquirer_call c where c.call_id = o.op),
                (select d.payment_id from dispute d where d.dispute_id = o.op),
                case when sl.kind in ('chargeback', 'chargeback_reversal')
                     then (select d.payment_id from dispute d where d.acquirer_ref = sl.acquirer_id limit 1) end,
                case when b.kind in ('unreturnable', 'reversed')
                     then (select c.payment_id from transfer_credit c where c.credit_id = split_part(b.ref, ' ', 2)) end) as payment_id,
       m.moved, case when m.moved is not null and x.is_awaited then x.settlement_id end as pays
  from bank_break b
  left join bank_line l on l.line_id = b.line_id
  left join settlement_line sl on sl.line_id = b.settlement_line
 cross join lateral (select coalesce(sl.op_key, case when b.kind = 'missing' then debt_op(b.ref) end) as op) o
  left join lateral (select s.settlement_id, s.state = 'booked' as is_awaited, case s.state when 'booked' then s.net else 0 end as awaited from settlement s
                      where b.kind = 'amount' and s.transfer_ref = l.end_to_end and s.currency = l.currency and s.state in ('booked', 'paid')
                      order by s.state, s.settlement_id limit 1) x on true
  left join payout t on b.kind = 'amount' and t.payout_id = l.payout_id and t.status = 'paid' and t.currency = l.currency
 cross join lateral (select case when l.kind in ('debit', 'reversal') then -l.amount when l.kind in ('credit', 'return') then l.amount end as all_of_it) n
 cross join lateral (select case when b.source <> 'bank' or l.outcome <> 'break' or l.amount = 0 then null
                                 when b.entry_id is null and (select f.unbooked from bank_booking_left(l.line_id) f) <= 0 then null
                                 when b.kind in ('unmatched', 'duplicate', 'order_duplicate', 'state') then n.all_of_it
                                 when x.settlement_id is not null then n.all_of_it - x.awaited
                                 when l.kind = 'debit' then n.all_of_it + t.amount end as moved) m;
