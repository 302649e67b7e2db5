-- Of a debit of another amount than what it names (a payout, a refund, or a whole order): how much of it is in the books, by members that are paid, and is
-- shown by no other line of such a message; of several lines that do not fit, the first one shows it. Null: what became of a member is not known yet.
create function bank_debit_booked(of_line bigint) returns bigint language sql stable begin atomic
with line as materialized (
    select l.line_id, l.payout_id, l.end_to_end, l.order_id, l.currency, f.kind as message
      from bank_line l join bank_file f on f.file_id = l.file_id where l.line_id = of_line
), member as (
    select p.payout_id as id, p.status, p.amount, p.currency, p.msg_id from line l join payout p on p.payout_id = l.payout_id
    union all
    select r.repayment_id, r.status, r.amount, r.currency, r.msg_id
      from line l join repayment r on r.repayment_id = 'rp_' || substr(l.end_to_end, 4) where l.end_to_end like 'rp-%'
    union all
    select p.payout_id, p.status, p.amount, p.currency, p.msg_id from line l join payout p on p.msg_id = l.order_id where l.end_to_end is null
    union all
    select r.repayment_id, r.status, r.amount, r.currency, r.msg_id from line l join repayment r on r.msg_id = l.order_id where l.end_to_end is null
), shown as (
    select m.id
      from member m cross join line l
     where exists (select from (select o.line_id, o.file_id, o.kind, o.outcome from bank_line o where o.payout_id = m.id
                                union all
                                select o.line_id, o.file_id, o.kind, o.outcome from bank_line o where o.repayment_id = m.id
                                union all
                                select o.line_id, o.file_id, o.kind, o.outcome from bank_line o where o.order_id = m.msg_id and o.end_to_end is null) o
                     join bank_file f on f.file_id = o.file_id
                    where o.kind = 'debit' and f.kind = l.message and o.line_id <> l.line_id
                      and (o.outcome in ('applied', 'known')
                           or o.outcome = 'break' and o.line_id < l.line_id
                              and exists (select from bank_break b where b.line_id = o.line_id and b.kind = 'amount')))
)
select case when not coalesce(bool_or(m.status in ('sent', 'unknown')), false)
            then coalesce(sum(m.amount) filter (where m.status in ('paid', 'returned') and m.currency = l.currency
                                                  and m.id not in (select s.id from shown s)), 0)::bigint end
  from line l left join member m on true;
end;

-- moved: as before, but of another amount than a debit's of ours what is beside all that it names. What came in or back, and is not what it names, is there
-- as a whole: is_return is what may be the return of a payout or a refund all the same.
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
       m.moved, case when m.moved is not null and x.is_awaited then x.settlement_id end as pays,
       coalesce(b.kind = 'amount' and b.closed_at is null and l.kind = 'return', false) as is_return
  from bank_break b
  left join bank_line l on l.line_id = b.line_id
  left join settlement_line sl on sl.line_id = b.settlement_line
 cross join lateral (select coalesce(sl.op_key, case when b.kind = 'missing' then debt_op(b.ref) end) as op) o
  left join lateral (select s.settlement_id, s.state = 'booked' as is_awaited, case s.state when 'booked' then s.net else 0 end as awaited from settlement s
                      where b.kind = 'amount' and s.transfer_ref = l.end_to_end and s.currency = l.currency and s.state in ('booked', 'paid')
                      order by s.state, s.settlement_id limit 1) x on true
 cross join lateral (select case when l.kind in ('debit', 'reversal') then -l.amount when l.kind in ('credit', 'return') then l.amount end as all_of_it) n
 cross join lateral (select case when b.source <> 'bank' or l.outcome <> 'break' or l.amount = 0 then null
                                 when b.entry_id is null and (select f.unbooked from bank_booking_left(l.line_id) f) <= 0 then null
                                 when b.kind in ('unmatched', 'duplicate', 'order_duplicate', 'state') then n.all_of_it
                                 when b.kind <> 'amount' then null
                                 when x.settlement_id is not null then n.all_of_it - x.awaited
                                 when l.kind = 'debit' then nullif(n.all_of_it + bank_debit_booked(l.line_id), 0)
                                 when l.kind in ('credit', 'return') then n.all_of_it end as moved) m;
