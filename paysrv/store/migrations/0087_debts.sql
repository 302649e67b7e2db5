-- Each debt of an operation has its own name (docs/decisions/0098): an operation may be owed for twice, as a payout to a card and its return, or a
-- chargeback and what a won dispute gives back.

-- kind: of a line of a registry, or of the entry that it settles. The first debt of an operation is called as the operation is.
create function debt_of(kind text, op text) returns text language sql immutable parallel safe as $$
    select case when kind in ('push_return', 'payout_returned', 'chargeback_reversal', 'dispute_return') then op || ' return' else op end
$$;
create function debt_op(debt text) returns text language sql immutable parallel safe as $$ select split_part(debt, ' ', 1) $$;

-- A line that somebody resolved says what of the debt it settled, as one that matched does; and whose it was.
update settlement_line l set expected = x.settled, partner_id = x.partner_id
  from (select b.settlement_line as line_id, e.partner_id,
               -coalesce(sum(q.amount) filter (where a.kind = 'acquirer_receivable'), 0) as settled
          from settlement_entry n
          join entry e on e.entry_id = n.entry_id and e.kind in ('settlement_break', 'settlement_late')
          join bank_break b on b.break_id = e.ref::bigint and b.settlement_line is not null
          join posting q on q.entry_id = e.entry_id join account a on a.account_id = q.account_id
         group by 1, 2) x
 where l.line_id = x.line_id and l.outcome = 'resolved';

create or replace view settlement_line_ours as
select l.line_id, l.settlement_id, l.kind, l.acquirer_id, l.op_key, l.gross, l.fee, l.outcome, s.currency, s.state as settlement_state,
       coalesce(c.call_id, d.dispute_id) as op,
       coalesce(c.partner_id, d.partner_id) as partner_id,
       exists (select from settlement_line x
                where x.kind = l.kind and x.acquirer_id = l.acquirer_id and x.clearing = l.clearing and x.line_id <> l.line_id
                  and (x.outcome = 'matched' or x.line_id < l.line_id)) as is_repeated,
       coalesce(case l.kind when 'push_return' then po.status = 'returned' else c.state = 'ok' end,
                case l.kind when 'chargeback' then d.booked <> 'none' else d.booked = 'returned' end, false) as is_final,
       exists (select from bank_break b
                where b.kind = 'missing' and b.ref = debt_of(l.kind, coalesce(c.call_id, d.dispute_id)) and b.entry_id is not null) as is_written_off,
       exists (select from acquirer_call p where p.call_id = l.op_key and p.is_open) as is_pending,
       coalesce(case when l.kind in ('refund', 'push') then -c.amount else c.amount end,
                case l.kind when 'chargeback' then -d.taken else d.taken end, 0) as our_gross,
       coalesce(case l.kind when 'chargeback' then d.fee end, 0) as booked_fee,
       l.clearing,
       debt_of(l.kind, coalesce(c.call_id, d.dispute_id)) as debt
  from settlement_line l
  join settlement s on s.settlement_id = l.settlement_id
  left join acquirer_call c on c.call_id = l.op_key and c.acquirer_ref = l.acquirer_id and c.currency = s.currency
                           and coalesce(c.acquirer, s.acquirer, '') = coalesce(s.acquirer, c.acquirer, '')
                           and (l.kind, c.op) in (('charge', 'charge'), ('capture', 'capture'), ('refund', 'refund'), ('refund', 'late_refund'),
                                                  ('push', 'payout'), ('push_return', 'payout'))
  left join payout po on po.payout_id = c.call_id and c.op = 'payout'
  left join dispute d on d.acquirer_ref = l.acquirer_id and d.currency = s.currency and d.phase = 'chargeback'
                     and l.kind in ('chargeback', 'chargeback_reversal') and l.clearing = '';

-- The debts that lines name, by the operation: a chargeback's key is its charge's, so its line names the dispute alone. is_settled: by this line.
-- is_named: by it, or it fits and is looked at.
create view settlement_line_debt as
select l.line_id, l.settlement_id, l.outcome, l.op, debt_of(l.kind, l.op) as debt,
       coalesce(l.outcome = 'matched' or l.outcome = 'resolved' and l.expected <> 0, false) as is_settled,
       case when l.outcome = 'matched' then true when l.outcome = 'resolved' then l.expected <> 0
            else exists (select from settlement_line_ours o where o.line_id = l.line_id and o.op = l.op and not o.is_repeated)
                 and (l.outcome is null or exists (select from bank_break b
                                                    where b.kind in ('unmatched', 'state', 'amount') and b.ref = 'settlement line ' || l.line_id
                                                      and b.closed_at is null)) end as is_named
  from (select line_id, settlement_id, kind, outcome, expected, op_key as op
          from settlement_line where op_key is not null and kind not in ('chargeback', 'chargeback_reversal')
        union all
        select x.line_id, x.settlement_id, x.kind, x.outcome, x.expected, d.dispute_id
          from dispute d join settlement_line x on x.acquirer_id = d.acquirer_ref and x.clearing = ''
                                               and x.kind in ('chargeback', 'chargeback_reversal')) l;

create or replace view bank_break_shown as
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
 cross join lateral (select coalesce(sl.op_key, case when b.kind = 'missing' then debt_op(b.ref) end) as op) o;

-- What the search has passed over, because another debt of its operation, or a line that settled nothing, had its name; and of chargebacks what they
-- took beside the fee. Of what was booked since registries come, and is older than what the search has seen. Nothing that was given up is touched.
with suspect (kind, op, partner_id, ref) as (
    select k.kind, p.payout_id, p.partner_id, p.payout_id
      from payout p cross join (values ('payout_paid'), ('payout_returned')) as k (kind)
     where p.status = 'returned' and p.rail <> 'bank'
    union
    select k.kind, d.dispute_id, d.partner_id, d.dispute_id
      from dispute d cross join (values ('dispute_hold', false), ('dispute_return', true)) as k (kind, is_return)
     where d.booked = 'returned' or d.booked <> 'none' and not k.is_return
    union
    select k.kind, c.call_id, c.partner_id, case k.kind when 'charge' then c.payment_id else c.call_id end
      from settlement_line l join acquirer_call c on c.call_id = l.op_key and c.state = 'ok'
     cross join unnest(case c.op when 'charge' then array['charge', 'late_charge'] when 'payout' then array['payout_paid'] else array[c.op] end) as k (kind)
     where l.outcome = 'resolved' and l.expected = 0
), owed as (
    select debt_of(x.kind, x.op) as debt, x.op, x.kind, e.entry_id, e.partner_id, e.created_at, min(q.currency) as currency, sum(q.amount) as amount
      from suspect x
      join entry e on e.partner_id = x.partner_id and e.kind = x.kind and e.ref = x.ref
      join partner n on n.partner_id = e.partner_id and not n.is_sandbox
      join posting q on q.entry_id = e.entry_id
      join account a on a.account_id = q.account_id and a.kind in ('acquirer_receivable', 'disputed')
     where e.entry_id <= (select m.position from reconcile_mark m where m.name = 'entries')
       and e.created_at >= (select min(s.created_at) from settlement s where s.clearing = a.user_id)
     group by 1, 2, 3, 4, 5, 6
    having sum(q.amount) <> 0
)
insert into bank_break (source, kind, ref, partner_id, amount, currency, detail, created_at)
select 'acquirer', 'missing', o.debt, o.partner_id, o.amount, o.currency,
       case o.kind when 'payout_paid' then 'push' when 'payout_returned' then 'the return of the push' when 'dispute_hold' then 'the chargeback'
                   when 'dispute_return' then 'the return of the chargeback' else o.kind end
       || to_char(o.created_at at time zone 'UTC', '" of "YYYY-MM-DD HH24:MI "UTC is in no registry"'), now()
  from owed o
 where not exists (select from settlement_line_debt x where x.op = o.op and x.debt = o.debt and x.is_named)
on conflict (kind, ref) do update
   set amount = excluded.amount, closed_at = null, closed_by = null, note = null, resolution = null
 where bank_break.entry_id is null and (bank_break.closed_at is null or bank_break.resolution = 'matched');

-- I75: what the acquirer owes is what no line and nobody's word has settled yet. Each debt is settled once, and whole.
create view v_inv_debts as
select 'I75' as inv, x.debt as k
  from (select debt from settlement_line_debt where is_settled
        union all
        select ref from bank_break where kind = 'missing' and entry_id is not null) x
 group by x.debt having count(*) > 1
union all -- by a line
select 'I75', 'settlement line ' || l.line_id
  from settlement_line l join settlement_line_ours o on o.line_id = l.line_id
 where (l.outcome = 'matched' or l.outcome = 'resolved' and l.expected <> 0) and o.op is not null and l.expected <> o.our_gross - o.booked_fee
union all -- by whoever gave it up; of a chargeback that was its fee alone before
select 'I75', 'break ' || b.break_id
  from bank_break b
  left join acquirer_call c on c.call_id = debt_op(b.ref)
  left join dispute d on d.dispute_id = debt_op(b.ref)
 where b.kind = 'missing' and (b.closed_at is null or b.entry_id is not null)
   and b.amount is distinct from case when d.dispute_id is not null then case b.ref when d.dispute_id then -d.taken - d.fee else d.taken end
                                      when c.op in ('refund', 'late_refund') or c.op = 'payout' and b.ref = c.call_id then -c.amount
                                      else c.amount end
   and not (b.entry_id is not null and b.amount = -d.fee and b.ref = d.dispute_id) is true
union all -- I75 and nothing but that leaves the account
select 'I75', 'receivable ' || concat_ws(' ', x.partner_id, x.currency, x.clearing)
  from (select n.partner_id, n.currency, a.user_id as clearing, -q.amount as amount
          from settlement_entry n join posting q on q.entry_id = n.entry_id join account a on a.account_id = q.account_id
         where a.kind = 'acquirer_receivable' and a.user_id <> 'bank'
        union all
        select l.partner_id, s.currency, l.clearing, -l.expected
          from settlement_line l join settlement s on s.settlement_id = l.settlement_id
         where l.expected <> 0 and (l.outcome = 'resolved' or l.outcome = 'matched' and s.state <> 'open')
        union all
        select b.partner_id, b.currency,
               coalesce((select c.acquirer from acquirer_call c
                          where c.call_id = debt_op(b.ref) and exists (select from settlement s where s.clearing = c.acquirer)), ''), -b.amount
          from bank_break b where b.kind = 'missing' and b.entry_id is not null) x
 group by x.partner_id, x.currency, x.clearing having sum(x.amount) <> 0;

do $$
begin
    execute 'create or replace view v_inv as ' || rtrim(pg_get_viewdef('v_inv'::regclass), ';')
            || ' union all select inv, k from v_inv_debts';
end $$;
