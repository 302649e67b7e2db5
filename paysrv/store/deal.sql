-- Deals: payments whose money waits until it is said to be delivered (docs/decisions/0063).

-- name: deal_terms :maybe
-- The store's terms with a deal in them; the same again for the next payment that asks for it. Nothing: no such store.
-- row: terms_id i64
with base as (
    select s.store_id, coalesce(k.delay_days, 0) as delay_days, coalesce(k.is_working, false) as is_working, coalesce(k.calendar, 'weekdays') as calendar,
           coalesce(k.reserve_bp, 0) as reserve_bp, coalesce(k.reserve_days, 0) as reserve_days
      from store s left join settlement_terms k on k.terms_id = s.settlement_terms
     where s.store_id = :store::store_id and s.partner_id = :partner::partner_id
), known as (
    select k.terms_id
      from base b join settlement_terms k using (store_id, delay_days, is_working, calendar, reserve_bp, reserve_days)
     where k.deal_after = :after::text and k.deal_end = :deal_end::text
     order by k.terms_id limit 1
), made as (
    insert into settlement_terms (store_id, delay_days, is_working, calendar, reserve_bp, reserve_days, deal_after, deal_end, created_at, created_by)
    select b.store_id, b.delay_days, b.is_working, b.calendar, b.reserve_bp, b.reserve_days, :after, :deal_end, :now, 'partner'
      from base b where not exists (select from known)
    returning terms_id
)
select terms_id from known union all select terms_id from made;

-- name: deal_find :maybe
-- The deal of a payment of this partner; for a user's token only of that user's. Nothing: no such payment, or no deal.
-- row: payment_id payment_id, partner_id partner_id, currency text, status text, captured i64, returned i64, returning i64, deal_after text, deal_end text, released i64, ends_at instant?, ended_at instant?, ended_by text?
select p.payment_id, p.partner_id, p.currency, p.status, coalesce(p.captured, case p.status when 'succeeded' then p.amount else 0 end),
       p.refunded + p.disputed, p.refunding, coalesce(k.deal_after, ''), coalesce(k.deal_end, ''), coalesce(d.released, 0), d.ends_at, d.ended_at, d.ended_by
  from payment p
  join settlement_terms k on k.terms_id = p.settlement_terms and k.deal_after is not null
  left join deal d on d.payment_id = p.payment_id
 where p.payment_id = :payment::payment_id and p.partner_id = :partner::partner_id
   and (:subject::text? is null
        or p.user_id = (select u.user_id from pay_user u where u.partner_id = p.partner_id and u.subject = :subject));

-- name: deal_lock :maybe
-- The same, and until the end of the transaction nothing of the payment changes.
-- row: = deal_find
select p.payment_id, p.partner_id, p.currency, p.status, coalesce(p.captured, case p.status when 'succeeded' then p.amount else 0 end),
       p.refunded + p.disputed, p.refunding, coalesce(k.deal_after, ''), coalesce(k.deal_end, ''), coalesce(d.released, 0), d.ends_at, d.ended_at, d.ended_by
  from payment p
  join settlement_terms k on k.terms_id = p.settlement_terms and k.deal_after is not null
  left join deal d on d.payment_id = p.payment_id
 where p.payment_id = :payment::payment_id
   for no key update of p;

-- name: deal_release :exec
-- So much of it is released in all; the job looks at its parts. ended_by: it is over.
with looked as (
    update payment p set returned_seen = least(p.returned_seen, 0) - 1 where p.payment_id = :payment::payment_id
)
insert into deal as d (payment_id, partner_id, clock, released, ended_at, ended_by, created_at)
select :payment, :partner::partner_id, :clock, :released::i64, case when :ended_by::text? is not null then :now end, :ended_by, :now
on conflict (payment_id) do update
   set released = :released, ended_at = excluded.ended_at, ended_by = excluded.ended_by,
       due_at = case when excluded.ended_at is null then d.due_at end;

-- name: deal_due :maybe
-- The first whose time has come; taken, so that no other server takes it before the lease ends.
-- row: payment_id payment_id
update deal d set due_at = :lease::instant
 where d.payment_id in (select f.payment_id from deal f where f.clock = :clock and f.due_at <= :now
                         order by f.due_at, f.payment_id limit 1 for update skip locked)
returning d.payment_id;

-- name: deal_version :one
-- Another one as soon as anything of the payment changes, or of its deal, whose releases all write the payment. Asked for before the deal is read.
-- row: version i64
select p.xmin::text::bigint from payment p where p.payment_id = :payment::payment_id;

-- name: deal_now :maybe
-- As deal_find, for the job that has taken it. Nothing: it is over.
-- row: = deal_find
select p.payment_id, p.partner_id, p.currency, p.status, coalesce(p.captured, case p.status when 'succeeded' then p.amount else 0 end),
       p.refunded + p.disputed, p.refunding, coalesce(k.deal_after, ''), coalesce(k.deal_end, ''), d.released, d.ends_at, d.ended_at, d.ended_by
  from deal d
  join payment p on p.payment_id = d.payment_id
  join settlement_terms k on k.terms_id = p.settlement_terms
 where d.payment_id = :payment::payment_id and d.ended_at is null;

-- name: deal_wait :exec
-- Looked at again then, or by nobody. Its parts are looked at now: a day of theirs may have come.
with looked as (
    update payment p set returned_seen = least(p.returned_seen, 0) - 1 where p.payment_id = :payment::payment_id
)
update deal set due_at = :due::instant? where payment_id = :payment and ended_at is null;
