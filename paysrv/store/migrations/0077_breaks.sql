-- What a person needs who looks at a break: of which registry and of which payment it is, and which payments wait for that amount.
create index transfer_of_amount on transfer (clock, currency, amount, call_id);

-- is_credit: money that can be given to a payment; held_credit: whose money is held for want of an account to send it to.
create view bank_break_shown as
select b.break_id, b.source, b.kind, b.ref,
       coalesce(b.payout_id, (select p.payout_id from payout p where p.payout_id = o.op)) as payout_id,
       b.partner_id, b.amount, b.currency, b.detail, b.assignee, b.resolution, b.created_at, b.closed_at, b.closed_by, b.note,
       b.kind in ('missing', 'reversed') or (b.settlement_line is not null and b.kind <> 'fee') as is_bookable,
       l.payer_name, l.payer_iban, l.remittance,
       coalesce(b.kind = 'unmatched' and b.closed_at is null and l.kind = 'credit', false) as is_credit,
       case when b.kind = 'unreturnable' and b.closed_at is null then split_part(b.ref, ' ', 2) end as held_credit,
       b.settlement_id, (select s.acquirer_ref from settlement s where s.settlement_id = b.settlement_id) as settlement_ref,
       coalesce((select c.payment_id from acquirer_call c where c.call_id = o.op),
                (select d.payment_id from dispute d where d.dispute_id = o.op),
                case when sl.kind in ('chargeback', 'chargeback_reversal')
                     then (select d.payment_id from dispute d where d.acquirer_ref = sl.acquirer_id limit 1) end,
                case when b.kind in ('unreturnable', 'reversed')
                     then (select c.payment_id from transfer_credit c where c.credit_id = split_part(b.ref, ' ', 2)) end) as payment_id
  from bank_break b
  left join bank_line l on l.line_id = b.line_id
  left join settlement_line sl on sl.line_id = b.settlement_line
 cross join lateral (select coalesce(sl.op_key, case when b.kind = 'missing' then b.ref end) as op) o;
