-- What the bank says has moved and is nothing of ours (what the partner was paid of its reward, the bank's own fees) is booked by an entry, so that
-- the account `bank` is what the bank says that it is (docs/decisions/0052).

alter table bank_break
    drop constraint bank_break_resolution_check,
    add constraint bank_break_resolution_check check (resolution in ('platform', 'suspense', 'partner', 'own_sales', 'matched', 'refunded'));

create index bank_break_of_line on bank_break (line_id) where line_id is not null;
create index bank_break_unbooked on bank_break (currency) where resolution is null;

alter table manual_entry
    drop constraint manual_entry_borne_by_check,
    add constraint manual_entry_borne_by_check
        check (borne_by in ('platform', 'partner', 'own_sales', 'suspense', 'payer', 'payment', 'paid', 'rejected', 'released', 'acquirer', 'bank',
                            'succeeded', 'failed'));

-- moved: what a line of the bank's that was not taken up has brought, below zero what it took; of another amount than a registry's (pays) or a paid
-- payout's what is beside that. Null: nothing is to be booked.
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
                                 when b.kind in ('unmatched', 'duplicate', 'order_duplicate', 'state') then n.all_of_it
                                 when x.settlement_id is not null then n.all_of_it - x.awaited
                                 when l.kind = 'debit' then n.all_of_it + t.amount end as moved) m;

-- The view before is what it was, with this kind of entry: whoever changed it last.
do $$
declare
    ledger text := pg_get_viewdef('v_inv_ledger'::regclass);
    known text := '''settlement_break''::text, ';
begin
    if position(known in ledger) = 0 then
        raise exception 'v_inv_ledger does not list the kinds of entries';
    end if;
    execute 'create or replace view v_inv_ledger as ' || replace(ledger, known, known || '''bank_booking''::text, ');
end $$;
