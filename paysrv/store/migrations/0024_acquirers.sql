-- Several acquirers side by side: every operation says which one it was made with, every payment how it is paid (docs/decisions/0057).

-- The connector that the operation was made with, and that alone is asked about it. Absent: from before this column, when there was one for
-- cards; that is the card connector which the configuration names, of the partner's kind. It is not filled in here: the database does not
-- know the configuration.
alter table acquirer_call add column acquirer text;

-- method: of the attempt that runs or was the last one; absent with a charge: card. methods: what the payment may be paid by, its store's
-- when it was made; absent: whatever is configured.
alter table payment add column method text, add column methods text[];
alter table store add column methods text[];

-- What another acquirer than that of cards owes us is no part of what the card acquirer's registries have: an account of its own, with the
-- connector's name in place of a user's.
alter table account
    drop constraint account_check,
    add constraint account_user_of_kind check (case when kind in ('seller', 'payout_transit') then user_id <> ''
                                                    else user_id = '' or kind = 'acquirer_receivable' end);

-- Whose registry it is: it names operations of that acquirer only, and of no other. Absent: from before this column.
alter table settlement add column acquirer text;
create or replace view settlement_line_ours as
select l.line_id, l.settlement_id, l.kind, l.acquirer_id, l.op_key, l.gross, l.fee, l.outcome, s.currency, s.state as settlement_state,
       coalesce(c.call_id, d.dispute_id) as op,
       coalesce(c.partner_id, d.partner_id) as partner_id,
       exists (select from settlement_line x
                where x.kind = l.kind and x.acquirer_id = l.acquirer_id and x.line_id <> l.line_id
                  and (x.outcome = 'matched' or x.line_id < l.line_id)) as is_repeated,
       coalesce(c.state = 'ok', case l.kind when 'chargeback' then d.booked <> 'none' else d.booked = 'returned' end, false) as is_final,
       exists (select from bank_break b
                where b.kind = 'missing' and b.ref = coalesce(c.call_id, d.dispute_id) and b.entry_id is not null) as is_written_off,
       exists (select from acquirer_call p where p.call_id = l.op_key and p.is_open) as is_pending,
       coalesce(case l.kind when 'refund' then -c.amount else c.amount end,
                case l.kind when 'chargeback' then -d.taken else d.taken end, 0) as our_gross,
       coalesce(case l.kind when 'chargeback' then d.fee end, 0) as booked_fee
  from settlement_line l
  join settlement s on s.settlement_id = l.settlement_id
  left join acquirer_call c on c.call_id = l.op_key and c.acquirer_ref = l.acquirer_id and c.currency = s.currency
                           and coalesce(c.acquirer, s.acquirer, '') = coalesce(s.acquirer, c.acquirer, '')
                           and (l.kind, c.op) in (('charge', 'charge'), ('capture', 'capture'), ('refund', 'refund'), ('refund', 'late_refund'))
  left join dispute d on d.acquirer_ref = l.acquirer_id and d.currency = s.currency and d.phase = 'chargeback'
                     and l.kind in ('chargeback', 'chargeback_reversal');

create view v_inv_acquirers as
-- I46 what follows on a charge is asked of the acquirer that made it
select 'I46' as inv, o.call_id as k
  from acquirer_call o join payment p on p.payment_id = o.payment_id join acquirer_call c on c.call_id = p.charge_id
 where o.op in ('refund', 'capture', 'void') and o.acquirer is distinct from c.acquirer
union all
select 'I46', o.call_id
  from acquirer_call o join acquirer_call c on c.payment_id = o.payment_id and c.acquirer_ref = o.charge_ref and c.op in ('charge', 'authorize')
 where o.op in ('late_void', 'late_refund') and o.acquirer is distinct from c.acquirer
union all -- I47 an acquirer with an account of its own is owed by it what it took, and nobody else is
select 'I47', q.entry_id::text
  from account a join posting q on q.account_id = a.account_id join entry e on e.entry_id = q.entry_id
  left join refund r on e.kind = 'refund' and r.refund_id = e.ref
  left join payment p on e.kind in ('charge', 'refund') and p.payment_id = coalesce(r.payment_id, e.ref)
  left join acquirer_call c on c.call_id = case when e.kind like 'late_%' then e.ref else p.charge_id end
 where a.kind = 'acquirer_receivable' and a.user_id <> '' and e.kind in ('charge', 'refund', 'late_charge', 'late_refund')
   and c.acquirer is distinct from a.user_id
union all -- I47 a payment was paid as it may be
select 'I47', payment_id from payment where methods is not null and method is not null and method <> all (methods);

do $$
begin
    execute 'create or replace view v_inv as ' || rtrim(pg_get_viewdef('v_inv'::regclass), ';')
            || ' union all select inv, k from v_inv_acquirers';
end $$;
