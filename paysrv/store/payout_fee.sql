-- What payouts cost their sellers (docs/decisions/0063): an entry of its own beside the one that holds the payout.

-- name: payout_fee_policy_set :exec
insert into payout_fee_policy (partner_id, currency, fixed, bp, is_inside, payee, on_return, updated_at, updated_by)
values (:partner::partner_id, :currency::text, :fixed::i64, :bp::i32, :inside::bool, :payee::text, :on_return::text, :now, :by::text)
on conflict (partner_id, currency) do update
   set fixed = excluded.fixed, bp = excluded.bp, is_inside = excluded.is_inside, payee = excluded.payee, on_return = excluded.on_return,
       updated_at = excluded.updated_at, updated_by = excluded.updated_by;

-- name: payout_fee_policies :many
-- currency absent: all of a partner's.
-- row: currency text, fixed i64, bp i32, is_inside bool, payee text, on_return text, updated_at instant, updated_by text
select currency, fixed, bp, is_inside, payee, on_return, updated_at, updated_by from payout_fee_policy
 where partner_id = :partner::partner_id and (:currency::text? is null or currency = :currency) order by currency limit 1000;

-- name: payout_fee_insert :exec
-- With the request, before the payout itself: one that does not come to be leaves a row that nothing points to.
insert into payout_fee (payout_id, partner_id, clock, fee, payee, on_return)
values (:payout::payout_id, :partner::partner_id, :clock, :fee::i64, :payee::text, :on_return::text);

-- name: payout_fee_take :one
-- In the transaction that holds the payout, before it. Waiting and not taken: the balance does not hold it. Its owner's row is held before his
-- balance, as the payout's own statement holds them.
-- row: is_waiting bool, is_taken bool
with waiting as materialized (
    select p.payout_id, p.partner_id, p.user_id, p.currency, f.fee, f.payee
      from payout p join payout_fee f on f.payout_id = p.payout_id
     where p.payout_id = :payout::payout_id and p.status = 'awaiting_code' and f.entry_id is null
       for no key update of p
), owner as materialized (
    select u.user_id from pay_user u join waiting w on w.partner_id = u.partner_id and w.user_id = u.user_id for share of u
), held as (
    update balance b set posted = b.posted - w.fee
      from waiting w join owner o on o.user_id = w.user_id
      join account a on a.partner_id = w.partner_id and a.kind = 'seller' and a.user_id = w.user_id and a.currency = w.currency
     where b.account_id = a.account_id and b.posted - b.pending_out - b.held >= w.fee
    returning w.payout_id, w.partner_id, w.user_id, w.currency, w.fee, w.payee
), booked as (
    insert into entry (partner_id, kind, ref, created_at) select partner_id, 'fee_payout', payout_id, :now from held
    returning entry_id
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select b.entry_id, l.line, a.account_id, h.currency, case l.line when 1 then h.fee else -h.fee end
      from held h cross join booked b cross join lateral (values (1, 'seller', h.user_id), (2, h.payee, '')) as l (line, kind, user_id)
      join account a on a.partner_id = h.partner_id and a.kind = l.kind and a.user_id = l.user_id and a.currency = h.currency
), kept as (
    update payout_fee f set entry_id = b.entry_id, due_at = :now + interval '10 minutes' from held h cross join booked b where f.payout_id = h.payout_id
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at)
    select :event::event_id, h.partner_id, 'payout.fee_charged', h.payout_id, b.entry_id, :data::text, :now from held h cross join booked b
)
select exists (select from waiting), exists (select from held);

-- name: payout_fee_look :exec
-- Something became of its payout.
update payout_fee set due_at = :now where payout_id = :payout::payout_id and due_at is not null;

-- name: payout_fees_due :many
-- Whether the payout came back, and what is to become of the fee then; from after the cursor.
-- row: payout_id payout_id, partner_id partner_id, user_id user_id, currency text, fee i64, payee text, on_return text, status text, taken_at instant, due_at instant
select f.payout_id, f.partner_id, p.user_id, p.currency, f.fee, f.payee, f.on_return, p.status, e.created_at, coalesce(f.due_at, :now)
  from payout_fee f join payout p on p.payout_id = f.payout_id join entry e on e.entry_id = f.entry_id
 where f.clock = :clock and f.due_at <= :now and (f.due_at, f.payout_id) > (:after_at::instant, :after::text)
 order by f.due_at, f.payout_id limit :most::i64;

-- name: payout_fee_rest :exec
-- due absent: nothing will come of it any more.
update payout_fee set due_at = :due::instant? where payout_id = :payout::payout_id and back_entry_id is null;

-- name: payout_fee_return :exec
-- Once: the exact reversal of its entry.
with coming as materialized (
    select f.payout_id, f.partner_id, f.fee, f.entry_id, p.user_id, p.currency
      from payout_fee f join payout p on p.payout_id = f.payout_id
     where f.payout_id = :payout::payout_id and f.entry_id is not null and f.back_entry_id is null
       for no key update of f
), booked as (
    insert into entry (partner_id, kind, ref, reverses, created_at) select partner_id, 'fee_payout_back', payout_id, entry_id, :now from coming
    returning entry_id, reverses
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select b.entry_id, q.line, q.account_id, q.currency, -q.amount from booked b join posting q on q.entry_id = b.reverses
), given as (
    update balance b set posted = b.posted + r.fee
      from coming r
      join account a on a.partner_id = r.partner_id and a.kind = 'seller' and a.user_id = r.user_id and a.currency = r.currency
     where b.account_id = a.account_id
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at)
    select :event::event_id, r.partner_id, 'payout.fee_returned', r.payout_id, b.entry_id, :data::text, :now from coming r cross join booked b
)
update payout_fee f set back_entry_id = b.entry_id, due_at = null from coming r cross join booked b where f.payout_id = r.payout_id;
