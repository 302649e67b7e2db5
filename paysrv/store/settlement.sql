-- What the acquirer has settled (docs/decisions/0052): registries, their lines beside our operations, and what follows in the ledger.

-- name: settlement_find :maybe
-- By one of its names; the others are absent. The acquirer's own is told apart by whose account it settles.
-- row: settlement_id i64, acquirer_ref text, currency text, transfer_ref text, gross i64, fee i64, net i64, lines i32, state text, imported_by text, created_at instant, paid_at instant?, breaks i64, acquirer text?
select s.settlement_id, s.acquirer_ref, s.currency, s.transfer_ref, s.gross, s.fee, s.net, s.lines, s.state, s.imported_by, s.created_at,
       s.paid_at, (select count(*) from bank_break b where b.settlement_id = s.settlement_id and b.closed_at is null), s.acquirer
  from settlement s
 where s.settlement_id = :settlement::i64? or s.acquirer_ref = :acquirer_ref::text? and s.clearing = :clearing::text? or s.hash = :hash::bytes?
 limit 1;

-- name: settlement_list :many
-- Newest first.
-- row: = settlement_find
select s.settlement_id, s.acquirer_ref, s.currency, s.transfer_ref, s.gross, s.fee, s.net, s.lines, s.state, s.imported_by, s.created_at,
       s.paid_at, (select count(*) from bank_break b where b.settlement_id = s.settlement_id and b.closed_at is null), s.acquirer
  from settlement s
 where :before::i64? is null or s.settlement_id < :before
 order by s.settlement_id desc limit :limit::i64;

-- name: settlement_insert :one
-- row: settlement_id i64
-- unique settlement_ref_key -> SETTLEMENT_REFUSED
-- unique settlement_hash_key -> SETTLEMENT_REFUSED
insert into settlement (acquirer_ref, hash, currency, transfer_ref, gross, fee, net, lines, state, imported_by, acquirer, clearing, created_at)
values (:acquirer_ref::text, :hash::digest, :currency::text, :transfer_ref::text, :gross::i64, :fee::i64, :net::i64, :lines::i32, 'open',
        :imported_by::text, :acquirer::text, :clearing::text, :now)
returning settlement_id;

-- name: settlement_lines_insert :exec batch
insert into settlement_line (settlement_id, clearing, kind, acquirer_id, op_key, gross, fee)
select :settlement::i64, :clearing::text, l.kind, l.acquirer_id, nullif(l.op_key, ''), l.gross, l.fee
  from unnest(:kind::texts, :acquirer_id::texts, :op_key::texts?, :gross::i64s, :fee::i64s) with ordinality as l (kind, acquirer_id, op_key, gross, fee, n)
 order by l.n;

-- name: settlements_open :many
-- row: settlement_id i64
select settlement_id from settlement where state = 'open' order by settlement_id limit 100;

-- name: settlement_oldest :one
-- The oldest whose money the bank has not shown.
-- row: created_at instant?
select min(created_at) from settlement where state <> 'paid';

-- name: settlement_lines_open :many
-- row: line_id i64, kind text, acquirer_id text, op_key text?, gross i64, fee i64, currency text, op text?, partner_id text?, is_repeated bool, is_final bool, is_written_off bool, is_pending bool, our_gross i64, booked_fee i64, settlement_id i64, settlement_state text, clearing text, debt text?
select o.line_id, o.kind, o.acquirer_id, o.op_key, o.gross, o.fee, o.currency, o.op, o.partner_id, o.is_repeated, o.is_final, o.is_written_off, o.is_pending,
       o.our_gross, o.booked_fee, o.settlement_id, o.settlement_state, o.clearing, o.debt
  from settlement_line_ours o
 where o.settlement_id = :settlement::i64 and o.line_id > :after::i64 and o.outcome is null
 order by o.line_id limit 500;

-- name: settlement_line_list :many
-- As the acquirer wrote them, with what became of each and the break that it is, or was.
-- row: line_id i64, kind text, acquirer_id text, op_key text?, gross i64, fee i64, outcome text?, partner_id text?, payment_id text?, payout_id text?, break_id i64?, break_kind text?, is_open bool, resolution text?
select l.line_id, l.kind, l.acquirer_id, l.op_key, l.gross, l.fee, l.outcome, l.partner_id,
       coalesce((select c.payment_id from acquirer_call c where c.call_id = l.op_key),
                case when l.kind in ('chargeback', 'chargeback_reversal')
                     then (select d.payment_id from dispute d where d.acquirer_ref = l.acquirer_id limit 1) end),
       (select p.payout_id from payout p where p.payout_id = l.op_key),
       b.break_id, b.kind, coalesce(b.closed_at is null and b.break_id is not null, false), b.resolution
  from settlement_line l
  left join lateral (select y.break_id, y.kind, y.closed_at, y.resolution from bank_break y
                      where y.kind in ('unmatched', 'amount', 'duplicate', 'state', 'fee') and y.ref = 'settlement line ' || l.line_id limit 1) b on true
 where l.settlement_id = :settlement::i64 and l.line_id > :after::i64
 order by l.line_id limit :limit::i64;

-- name: settlement_line_find :maybe
-- row: = settlement_lines_open
select o.line_id, o.kind, o.acquirer_id, o.op_key, o.gross, o.fee, o.currency, o.op, o.partner_id, o.is_repeated, o.is_final, o.is_written_off, o.is_pending,
       o.our_gross, o.booked_fee, o.settlement_id, o.settlement_state, o.clearing, o.debt
  from settlement_line_ours o
 where o.line_id = :line::i64;

-- name: settlement_breaks_healing :many
-- Lines that fitted nothing when they came, whose operation is known and final by now; from after the cursor.
-- row: break_id i64, line_id i64
select b.break_id, o.line_id
  from bank_break b join settlement_line_ours o on o.line_id = b.settlement_line
 where b.closed_at is null and b.kind in ('unmatched', 'state') and o.settlement_state <> 'open'
   and o.is_final and not o.is_written_off and not o.is_repeated and o.gross = o.our_gross and b.created_at > :now - interval '30 days'
   and b.break_id > :after::i64
 order by b.break_id limit :most::i64;

-- name: settlement_lines_done :exec batch
-- Takes lines up, with a break for each that did not fit (break ''): none. What was missing of what matched is presented late; what somebody
-- has given up since it was looked at is looked at again.
with missing as materialized (
    select ref, entry_id from bank_break where kind = 'missing' and ref = any (:debt::texts?) for update
), taken as (
    update settlement_line l
       set outcome = x.outcome, partner_id = nullif(x.partner_id, ''), expected = x.expected, done_at = :now
      from unnest(:line_id::i64s, :outcome::texts, :partner_id::texts?, :expected::i64s, :break_kind::texts, :detail::texts, :debt)
             as x (line_id, outcome, partner_id, expected, break, detail, debt)
     where l.line_id = x.line_id and l.outcome is null
       and not (x.outcome = 'matched' and exists (select from missing m where m.ref = x.debt and m.entry_id is not null))
    returning l.line_id, l.settlement_id, l.outcome, l.partner_id, l.gross, x.break, x.detail, x.debt
), broken as (
    insert into bank_break (source, kind, ref, settlement_id, settlement_line, partner_id, amount, currency, detail, created_at)
    select 'acquirer', t.break, 'settlement line ' || t.line_id, t.settlement_id, t.line_id, t.partner_id, t.gross, s.currency, t.detail, :now
      from taken t join settlement s on s.settlement_id = t.settlement_id
     where t.break <> ''
    on conflict (kind, ref) do nothing
)
update bank_break b set closed_at = :now, closed_by = 'paysrv', resolution = 'matched', note = 'presented late'
  from taken t where b.kind = 'missing' and b.ref = t.debt and t.outcome = 'matched' and b.closed_at is null;

-- name: settlement_line_resolve :exec
update settlement_line set outcome = 'resolved', partner_id = :partner::partner_id, expected = :expected::i64
 where line_id = :line::i64 and outcome = 'break';

-- name: break_missing_close :exec
-- A line has settled the debt after all: nobody can give it up any more.
update bank_break set closed_at = :now, closed_by = 'paysrv', resolution = 'matched', note = 'presented late'
 where kind = 'missing' and ref = :debt::text and closed_at is null;

-- name: settlement_lock :maybe
-- row: settlement_id i64, acquirer_ref text, currency text, transfer_ref text, net i64, state text, has_open_lines bool, clearing text
select s.settlement_id, s.acquirer_ref, s.currency, s.transfer_ref, s.net, s.state,
       exists (select from settlement_line l where l.settlement_id = s.settlement_id and l.outcome is null), s.clearing
  from settlement s where s.settlement_id = :settlement::i64 for update;

-- name: settlement_parts :many
-- What matched, by partner.
-- row: partner_id partner_id, gross i64, fee i64, expected i64
select coalesce(partner_id, ''), sum(gross)::bigint, sum(fee)::bigint, sum(expected)::bigint
  from settlement_line where settlement_id = :settlement::i64 and (outcome = 'matched') is true
 group by partner_id order by partner_id limit 100000;

-- name: settlement_on_the_way :many
-- row: partner_id partner_id, amount i64, told i64
select partner_id, sum(on_the_way)::bigint, sum(told)::bigint from settlement_entry where settlement_id = :settlement::i64
 group by partner_id having sum(on_the_way) <> 0 order by partner_id limit 100000;

-- name: settlement_accounts_open :exec
with wanted (kind, side) as (
    values ('settlement', 1), ('acquirer_fee', 1), ('suspense', -1), ('acquirer_receivable', 1), ('bank', 1), ('platform', -1), ('partner', -1)
), made as (
    insert into account (partner_id, kind, user_id, currency, side)
    select :partner::partner_id, kind, case kind when 'acquirer_receivable' then :clearing::text else '' end, :currency::text, side from wanted
    on conflict do nothing
    returning account_id
)
insert into balance (account_id, is_spent) select account_id, false from made;

-- name: own_sales_lock :maybe
-- What the partner's own sales have for it, until the end of the transaction.
-- row: available i64
select b.posted - b.pending_out - b.held
  from account a join balance b on b.account_id = a.account_id
 where a.partner_id = :partner::partner_id and a.kind = 'seller' and a.user_id = '' and a.currency = :currency::text
   for update of b;

-- name: settlement_entry_make :one
-- row: entry_id i64
with booked as (
    insert into entry (partner_id, kind, ref, created_at) values (:partner::partner_id, :kind::text, :ref::text, :now) returning entry_id
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select b.entry_id, l.line, a.account_id, :currency::text, l.amount
      from booked b
     cross join unnest(:kinds::texts, :amounts::i64s) with ordinality as l (kind, amount, line)
      left join account a on a.partner_id = :partner and a.kind = l.kind and a.currency = :currency
                         and a.user_id = case l.kind when 'acquirer_receivable' then :clearing::text else '' end
    returning account_id, amount
), spent as (
    update balance b set posted = b.posted - l.amount from lines l where b.account_id = l.account_id and b.is_spent
), noted as (
    insert into settlement_entry (entry_id, settlement_id, partner_id, currency, on_the_way, told)
    select entry_id, :settlement::i64?, :partner, :currency, :on_the_way::i64, :told::i64 from booked
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at)
    select :event::event_id, :partner, :type::text, :object::text, entry_id, :data::text, :now from booked
)
select entry_id from booked;

-- name: settlement_booked :exec
update settlement set state = 'booked', booked_at = :now where settlement_id = :settlement::i64 and state = 'open';

-- name: settlement_paid :exec
update settlement set state = 'paid', paid_at = :now where settlement_id = :settlement::i64 and state = 'booked';

-- ---- the bank ----

-- name: settlement_of_transfer :maybe
-- Of several that call their transfers the same, the one of this amount, and first one that nothing has shown yet. is_shown: another booking in
-- such a message has shown it.
-- row: settlement_id i64, currency text, net i64, state text, is_shown bool
select s.settlement_id, s.currency, s.net, s.state,
       exists (select from bank_line l join bank_file f on f.file_id = l.file_id
                where l.settlement_id = s.settlement_id and f.kind = :message::text and l.line_id <> :line::i64)
  from settlement s where s.transfer_ref = :transfer::text
 order by s.net = :net::i64 and s.currency = :currency::text? desc nulls last, s.state = 'paid', s.settlement_id limit 1;

-- name: settlement_bank_line :one
-- The booking that shows a settlement, taken up now or, when it came first, taken up before. Not taken: it shows another one, somebody has said
-- what it is, or another message has booked it or is about to.
-- row: taken bool
with taken as (
    update bank_line set outcome = :outcome::text, settlement_id = :settlement::i64, done_at = :now
     where line_id = :line::i64
       and (outcome is null or outcome = 'break' and exists (select from bank_break b where b.line_id = :line and b.closed_at is null)
                               and (select f.unbooked > f.coming from bank_booking_left(:line) f))
    returning line_id
), closed as (
    update bank_break b set closed_at = :now, closed_by = 'paysrv', resolution = 'matched', note = 'the registry has come'
      from taken t where b.line_id = t.line_id and b.kind = 'unmatched' and b.closed_at is null
)
select exists (select from taken);

-- name: settlement_credits_early :many
-- Money that came before its registry; from after the cursor.
-- row: line_id i64, settlement_id i64
select l.line_id, s.settlement_id
  from bank_break b
  join bank_line l on l.line_id = b.line_id
  join settlement s on s.transfer_ref = l.end_to_end
 where b.closed_at is null and b.kind = 'unmatched' and l.outcome = 'break' and s.state = 'booked' and s.currency = l.currency
   and s.net = case l.kind when 'debit' then -l.amount else l.amount end
   and (l.line_id, s.settlement_id) > (:after_line::i64, :after_settlement::i64)
 order by l.line_id, s.settlement_id limit :most::i64;

-- ---- what is missing ----

-- name: reconcile_mark_begin :exec
-- What is older when the first registry comes is not looked for. A sandbox's clock may have stood still since, and its entries are of today.
insert into reconcile_mark (name, position)
select 'entries', coalesce((select e.entry_id from entry e join partner n on n.partner_id = e.partner_id and not n.is_sandbox
                             where e.created_at < :before::instant order by e.entry_id desc limit 1), 0)
on conflict do nothing;

-- name: reconcile_mark_read :maybe
-- row: position i64
select position from reconcile_mark where name = 'entries';

-- name: reconcile_mark_move :exec
update reconcile_mark set position = :position::i64 where name = 'entries' and position < :position;

-- name: entries_unsettled :many
-- The next entries in their order, and what the acquirer owes by each; what a dispute holds is his as long as it is open. is_named: nothing of it
-- is to be settled by an acquirer that gives registries, or one of them has it. resolved: the registry that has it in a line that somebody resolved
-- before it was owed. A sandbox's are in none, and their times, which are of its own clock, are no reason to wait.
-- row: entry_id i64, partner_id partner_id, kind text, debt text?, currency text?, amount i64, created_at instant, is_named bool, resolved text?
with e as materialized (
    select entry_id, partner_id, kind, ref, created_at from entry where entry_id > :after::i64 order by entry_id limit 1000
)
select e.entry_id, e.partner_id, e.kind, o.debt, r.currency, coalesce(r.amount, 0), case when n.is_sandbox then to_timestamp(0) else e.created_at end,
       n.is_sandbox or coalesce(r.amount, 0) = 0 or o.debt is null
       or exists (select from settlement_line_debt x where x.op = o.op and x.debt = o.debt and x.is_named),
       (select s.acquirer_ref from settlement_line_debt x join settlement s on s.settlement_id = x.settlement_id
         where x.op = o.op and x.debt = o.debt and x.outcome = 'resolved' limit 1)
  from e
  join partner n on n.partner_id = e.partner_id
 cross join lateral (select f.op, debt_of(e.kind, f.op) as debt
                       from (select case when e.kind = 'charge' then (select p.charge_id from payment p where p.payment_id = e.ref)
                                         when e.kind in ('capture', 'refund', 'refund_returned', 'late_charge', 'late_refund', 'late_returned', 'dispute_hold', 'dispute_return',
                                                         'payout_paid', 'payout_returned') then e.ref end as op) f) o
 cross join lateral (select min(q.currency) as currency, sum(q.amount)::bigint as amount from posting q
                      cross join lateral (select x.kind, x.user_id from account x where x.account_id = q.account_id offset 0) a
                      where q.entry_id = e.entry_id and a.kind in ('acquirer_receivable', 'disputed')
                        and exists (select from settlement s where s.clearing = a.user_id)) r
 order by e.entry_id;

-- name: break_missing_open :exec
-- Not when a line has come meanwhile.
insert into bank_break (source, kind, ref, partner_id, amount, currency, detail, created_at)
select 'acquirer', 'missing', :debt::text, :partner::partner_id, :amount::i64, :currency::text, :detail::text, :now
 where not exists (select from settlement_line_debt x where x.op = debt_op(:debt) and x.debt = :debt and x.is_settled)
on conflict (kind, ref) do nothing;

-- ---- breaks ----

-- name: break_lock :maybe
-- acquirer: that made the operation which is missing; absent: from before operations had one, or a dispute.
-- row: break_id i64, source text, kind text, ref text, settlement_id i64?, settlement_line i64?, line_id i64?, partner_id text?, amount i64?, currency text?, is_open bool, resolution text?, closed_by text?, note text?, acquirer text?
select break_id, source, kind, ref, settlement_id, settlement_line, line_id, partner_id, amount, currency, closed_at is null, resolution, closed_by, note,
       (select c.acquirer from acquirer_call c where kind = 'missing' and c.call_id = debt_op(ref))
  from bank_break where break_id = :id::i64 for update;

-- name: break_resolved :exec
update bank_break
   set closed_at = :now, closed_by = :by::text, note = :note::text, resolution = :resolution::text, entry_id = :entry::i64?, partner_id = :partner::text
 where break_id = :id::i64 and closed_at is null;

-- name: break_assign :exec
update bank_break set assignee = :assignee::text? where break_id = :id::i64 and closed_at is null;

-- name: break_take :exec
-- Somebody looks at it who has seen nobody there, or :seen: not over the head of a third who came between.
update bank_break set assignee = :assignee::text
 where break_id = :id::i64 and closed_at is null and coalesce(assignee, :assignee) in (:assignee, :seen::text?);

-- name: breaks_ages :one
-- How old what is open is, in days: for the gauges.
-- row: day i64, three_days i64, week i64, older i64
select count(*) filter (where created_at > :now - interval '1 day'),
       count(*) filter (where created_at <= :now - interval '1 day' and created_at > :now - interval '3 days'),
       count(*) filter (where created_at <= :now - interval '3 days' and created_at > :now - interval '7 days'),
       count(*) filter (where created_at <= :now - interval '7 days')
  from bank_break where closed_at is null;

-- name: acquirer_cost_set :exec
insert into acquirer_cost (partner_id, currency, borne_by, updated_at, updated_by)
values (:partner::partner_id, :currency::text, :borne_by::text, :now, :by::text)
on conflict (partner_id, currency) do update set borne_by = excluded.borne_by, updated_at = excluded.updated_at, updated_by = excluded.updated_by;

-- name: acquirer_cost_find :one
-- row: is_partners bool
select exists (select from acquirer_cost where partner_id = :partner::partner_id and currency = :currency::text and borne_by = 'partner');

-- name: acquirer_cost_list :many
-- row: currency text, borne_by text, updated_at instant, updated_by text
select currency, borne_by, updated_at, updated_by from acquirer_cost where partner_id = :partner::partner_id order by currency limit 200;
