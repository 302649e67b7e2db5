-- Verification of payee: what the bank says of the names of accounts' holders.

-- name: verification_begin :exec
-- In the transaction that makes a requisite usable. The job asks.
insert into requisite_verification (partner_id, requisite_id, status, due_at, created_at)
values (:partner::partner_id, :requisite::requisite_id, 'unknown', :wall, :now)
on conflict do nothing;

-- name: verification_due :maybe
-- Taken for longer than an answer is waited for, so that two servers do not ask at once; one by one, as what is taken counts as asked.
-- row: partner_id partner_id, requisite_id requisite_id, user_id user_id, is_sandbox bool, holder_name text?, iban text?, bic text?, bik text?, account text?, inn text?, tries i32
with due as materialized (
    select v.partner_id, v.requisite_id from requisite_verification v
     where v.due_at <= :wall order by v.due_at limit 1 for no key update skip locked
), taken as (
    update requisite_verification v set due_at = :lease::instant, tries = v.tries + 1
      from due d where v.partner_id = d.partner_id and v.requisite_id = d.requisite_id
    returning v.partner_id, v.requisite_id, v.tries
)
select r.partner_id, r.requisite_id, r.user_id, n.is_sandbox, r.holder_name, r.iban, r.bic, r.bik, r.account, r.inn, t.tries
  from taken t
  join requisite r on r.partner_id = t.partner_id and r.requisite_id = t.requisite_id
  join partner n on n.partner_id = r.partner_id;

-- name: verification_again :exec
-- Nothing: the lease was over before, and another server asks.
update requisite_verification set due_at = :due::instant
 where partner_id = :partner::partner_id and requisite_id = :requisite::requisite_id and due_at = :lease::instant and status = 'unknown';

-- name: verification_answer :exec
update requisite_verification set status = :status::text, matched_name = :matched_name::text?, due_at = null, checked_at = :now
 where partner_id = :partner::partner_id and requisite_id = :requisite::requisite_id and status = 'unknown';

-- name: verification_accept :exec
-- Not affected: nothing holds it.
update requisite_verification set accepted_at = :now, accepted_by = :by::text, note = :note::text?
 where partner_id = :partner::partner_id and requisite_id = :requisite::requisite_id and holds;

-- name: verification_released :one
-- Whether this person has let it go with these words.
-- row: so bool
select exists (select from requisite_verification
                where partner_id = :partner::partner_id and requisite_id = :requisite::requisite_id and accepted_by = :by::text and note = :note::text);

-- name: verification_held :many
-- What nothing is sent to: since the bank has not answered for a while, or knows another name. waiting: payouts that are confirmed.
-- row: partner_id partner_id, partner_name text, requisite_id requisite_id, user_id user_id, user_name text, masked text, holder_name text?, status text, matched_name text?, tries i32, created_at instant, waiting i64
select v.partner_id, n.name, v.requisite_id, r.user_id, u.name, r.masked, r.holder_name, v.status, v.matched_name, v.tries, v.created_at,
       (select count(*) from payout p where p.partner_id = v.partner_id and p.user_id = r.user_id and p.requisite_id = v.requisite_id and p.status = 'confirmed')
  from requisite_verification v
  join requisite r on r.partner_id = v.partner_id and r.requisite_id = v.requisite_id
  join pay_user u on u.partner_id = v.partner_id and u.user_id = r.user_id
  join partner n on n.partner_id = v.partner_id
 where v.holds and r.disabled_at is null
 order by v.created_at
 limit 200;

-- name: verification_partner :maybe
-- Whose requisite an operator names.
-- row: partner_id partner_id
select partner_id from requisite where requisite_id = :requisite::requisite_id;
