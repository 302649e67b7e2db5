-- Reversals that the acquirer refused to the end: a person has them tried once more, or says where the money is. See flow/payment/reversal.h.

-- name: reversal_list :many
-- The oldest first; all: decided ones too, the newest first. From after that anomaly. waits: the entry by hand about it that another operator has to approve.
-- row: call_id text, op text, partner_id partner_id, partner_name text, payment_id payment_id, amount i64, currency text, acquirer text?, charge_ref text, decline_code text?, refused_at instant, refusals i64, decision text?, settled_as text?, note text?, decided_by text?, decided_name text?, decided_at instant?, waits text?, anomaly_id i64
select c.call_id, c.op, c.partner_id, case when n.is_sandbox then n.name || ' (sandbox)' else n.name end, coalesce(c.payment_id, ''), c.amount, c.currency,
       c.acquirer, coalesce(c.charge_ref, ''), c.decline_code, coalesce(c.finished_at, c.created_at),
       (select count(*) from acquirer_call r
         where r.payment_id = c.payment_id and r.op = c.op and r.charge_ref = c.charge_ref and r.acquirer is not distinct from c.acquirer
           and r.decline_code is not null),
       d.decision, d.settled_as, d.note, d.decided_by, d.decided_name, d.decided_at,
       (select m.manual_entry_id from manual_entry m where m.kind = 'reversal' and m.object = c.call_id and m.status = 'waiting'), a.anomaly_id
  from anomaly a
  join acquirer_call c on c.call_id = a.ref
  join partner n on n.partner_id = c.partner_id
  left join reversal_decision d on d.call_id = c.call_id
 where a.kind = 'reversal_refused' and (:all::bool or d.call_id is null) and (:call::text? is null or a.ref = :call)
   and (:payment::text? is null or c.payment_id = :payment)
   and (:last::i64? is null or case when :all then a.anomaly_id < :last else a.anomaly_id > :last end)
 order by case when :all then -a.anomaly_id else a.anomaly_id end limit :limit::i64;

-- name: reversal_retry :one
-- Asks the acquirer once more, now, under a new key. Not retried: it is not a person's, or somebody has decided.
-- row: retried bool
with decided as (
    insert into reversal_decision (call_id, partner_id, decision, note, decided_by, decided_name, decided_at)
    select c.call_id, c.partner_id, 'retried', :note::text, :by::text, :name::text, :wall
      from acquirer_call c
     where c.call_id = :call::text and c.op in ('late_void', 'late_refund') and c.state = 'declined'
       and exists (select from anomaly a where a.kind = 'reversal_refused' and a.ref = c.call_id)
    on conflict do nothing
    returning call_id
), written as (
    insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, charge_ref, acquirer, created_at, due_at)
    select :again::text, c.op, c.partner_id, c.payment_id, c.amount, c.currency, 'intent', c.charge_ref, c.acquirer, :wall, :wall
      from decided d join acquirer_call c on c.call_id = d.call_id
), closed as (
    update anomaly a set closed_at = :wall, closed_by = :by, note = coalesce(nullif(:note, ''), 'asked once more')
      from decided d where a.kind = 'reversal_refused' and a.ref = d.call_id and a.closed_at is null
)
select exists (select from decided);

-- name: reversal_settle :one
-- Where the money went that stood in suspense, if any account says so (account empty: none). Not settled: as above.
-- row: settled bool
with decided as (
    insert into reversal_decision (call_id, partner_id, decision, settled_as, note, decided_by, decided_name, decided_at)
    select c.call_id, c.partner_id, 'settled', :settled_as::text, :note::text, :by::text, :name::text, :wall
      from acquirer_call c
     where c.call_id = :call::text and c.op in ('late_void', 'late_refund') and c.state = 'declined'
       and exists (select from anomaly a where a.kind = 'reversal_refused' and a.ref = c.call_id)
    on conflict do nothing
    returning call_id
), won as (
    select c.partner_id, c.payment_id, c.amount, c.currency from decided d join acquirer_call c on c.call_id = d.call_id
), closed as (
    update anomaly a set closed_at = :wall, closed_by = :by, note = :note
      from decided d where a.kind = 'reversal_refused' and a.ref = d.call_id and a.closed_at is null
), booked as (
    insert into entry (partner_id, kind, ref, created_at) select partner_id, 'late_settled', :call, :now from won where :account::text <> ''
    returning entry_id
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select b.entry_id, l.line,
           (select a.account_id from account a
             where a.partner_id = w.partner_id and a.kind = l.kind and a.currency = w.currency
               and a.user_id = case l.kind when 'acquirer_receivable' then :clearing::text else '' end),
           w.currency, l.sign * w.amount
      from won w cross join booked b cross join (values (1, 'suspense', 1), (2, :account, -1)) as l (line, kind, sign)
), seen as (
    update payment p set version = p.version + 1 from won w where p.payment_id = w.payment_id
    returning p.version
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at, sequence)
    select :event::event_id, w.partner_id, 'payment_attempt.settled', w.payment_id, (select entry_id from booked), :data::text, :now, s.version
      from won w cross join seen s
)
select exists (select from decided);
