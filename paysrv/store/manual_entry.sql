-- Entries by hand that a second operator has to approve.

-- name: manual_entry_store :maybe
-- alone: booked by one; decided by the wall, as what one person does in a day has nothing to do with a partner's test clock. Not while two have to
-- decide about the same, but for a debt, of which several parts may be written off. Else one waits at a time: asking again for the same finds it.
-- None: another transaction was asking at this moment.
-- row: manual_entry_id text, is_same bool
with made as (
    insert into manual_entry (manual_entry_id, kind, object, partner_id, currency, amount, borne_by, reason, asked_by, asked_name, status, created_at,
                              iban, holder_name, user_id, acquirer_ref, decided_by, decided_name, decided_at)
    select :id::text, :kind::text, :object::text, :partner::partner_id?, :currency::text, :amount::i64, :borne_by::text, :reason::text, :by::text,
            :name::text, case when :alone::bool then 'alone' else 'waiting' end, :now, :iban::text?, :holder_name::text?, :user::text,
            :acquirer_ref::text?, case when :alone then :by end, case when :alone then :name end, case when :alone then :wall end
     where not (:alone and :kind <> 'write_off'
                and exists (select from manual_entry w where w.kind = :kind and w.object = :object and coalesce(w.partner_id, '') = coalesce(:partner, '')
                                                         and w.currency = :currency and w.status = 'waiting'))
    on conflict (kind, object, coalesce(partner_id, ''), currency) where status = 'waiting' do nothing
    returning manual_entry_id
)
select manual_entry_id, true from made
union all
select manual_entry_id, not :alone and (amount, borne_by, reason, asked_by, coalesce(iban, ''), coalesce(holder_name, ''), coalesce(acquirer_ref, ''))
                           = (:amount, :borne_by, :reason, :by, coalesce(:iban, ''), coalesce(:holder_name, ''), coalesce(:acquirer_ref, ''))
  from manual_entry
 where kind = :kind and object = :object and partner_id is not distinct from :partner and currency = :currency and status = 'waiting'
   and not exists (select from made);

-- name: manual_entry_alone_sums :one
-- What this person has booked alone since, and what anybody has on this account. Accounts of the system are one person, as they are in
-- payout_for_decision.
-- row: by_person i64, on_account i64
select coalesce(sum(amount) filter (where asked_by = :by::text or asked_by like 'uid:%' and :by like 'uid:%'), 0)::bigint,
       coalesce(sum(amount) filter (where partner_id is not distinct from :partner::partner_id? and user_id = :user::text), 0)::bigint
  from manual_entry
 where status = 'alone' and currency = :currency::text and decided_at >= :since::instant;

-- name: manual_entry_said :one
-- Whether this may be booked: it was before, or a second operator has approved it.
-- row: is_said bool
select exists (select from manual_entry
                where kind = :kind::text and object = :object::text and borne_by = :borne_by::text and status in ('booked', 'alone'));

-- name: manual_entry_list :many
-- Newest first; all: decided ones, too.
-- row: manual_entry_id text, kind text, object text, partner_id partner_id?, currency text, amount i64, borne_by text, reason text, asked_by text, asked_name text, status text, decided_by text?, decided_name text?, note text?, created_at instant, decided_at instant?, iban text?, holder_name text?, user_id text, acquirer_ref text?
select manual_entry_id, kind, object, partner_id, currency, amount, borne_by, reason, asked_by, asked_name, status, decided_by, decided_name, note,
       created_at, decided_at, iban, holder_name, user_id, acquirer_ref
  from manual_entry
 where (:all::bool or status = 'waiting') and (:before::text? is null or manual_entry_id < :before)
 order by manual_entry_id desc limit :limit::i64;

-- name: manual_entry_payees :many
-- Who gets what by the order, the batch or the payout that an entry is about, the largest first, from after the cursor. A refund goes to the
-- account that a buyer paid from. shared_with: other users with the same account.
-- row: id text, is_refund bool, partner_name text, user_name text?, holder_name text?, masked text?, iban text?, amount i64, currency text, status text, shared_with i64
with entry_of as materialized (
    select kind, object from manual_entry where manual_entry_id = :entry::text
), member as (
    select p.payout_id as id, p.partner_id, p.user_id, p.requisite_id, null as holder_name, null as iban, p.amount, p.currency, p.status
      from entry_of e join payout p on p.msg_id = e.object where e.kind in ('order', 'batch')
    union all
    select p.payout_id, p.partner_id, p.user_id, p.requisite_id, null, null, p.amount, p.currency, p.status
      from entry_of e join payout p on p.payout_id = e.object where e.kind = 'payout'
    union all
    select r.repayment_id, r.partner_id, null, null, r.holder_name, r.iban, r.amount, r.currency, r.status
      from entry_of e join repayment r on r.msg_id = e.object where e.kind in ('order', 'batch')
    union all
    select r.repayment_id, r.partner_id, null, null, r.holder_name, r.iban, r.amount, r.currency, r.status
      from entry_of e join repayment r on r.repayment_id = e.object where e.kind = 'payout'
), shown as (
    select * from member m
     where :after_id::text? is null or m.amount < :after_amount::i64 or m.amount = :after_amount and m.id > :after_id
     order by m.amount desc, m.id limit :limit::i64
)
select m.id, m.requisite_id is null, case when n.is_sandbox then n.name || ' (sandbox)' else n.name end, u.name, coalesce(m.holder_name, q.holder_name),
       q.masked, m.iban, m.amount, m.currency, m.status,
       (select count(distinct o.user_id) from (select x.user_id from requisite x where x.iban = q.iban union all
                                               select x.user_id from requisite x where x.fingerprint = q.fingerprint) o where o.user_id <> m.user_id)
  from shown m
  join partner n on n.partner_id = m.partner_id
  left join requisite q on q.partner_id = m.partner_id and q.requisite_id = m.requisite_id
  left join pay_user u on u.partner_id = m.partner_id and u.user_id = m.user_id
 order by m.amount desc, m.id;

-- name: manual_entry_lock :maybe
-- row: = manual_entry_list
select manual_entry_id, kind, object, partner_id, currency, amount, borne_by, reason, asked_by, asked_name, status, decided_by, decided_name, note,
       created_at, decided_at, iban, holder_name, user_id, acquirer_ref
  from manual_entry where manual_entry_id = :id::text for update;

-- name: manual_entry_decide :exec
update manual_entry set status = :status::text, decided_by = :by::text, decided_name = :name::text, note = :note::text?, decided_at = :now
 where manual_entry_id = :id::text and status = 'waiting';
