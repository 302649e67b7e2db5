-- What is kept about a user, and what of it goes when he leaves.

-- name: legal_profile_all :many
-- row: = legal_profile_find
select user_id, version, kind, name, tax_id, registration_number, country, town, street, building, postcode, birth_date, created_by, created_at
  from legal_profile
 where partner_id = :partner::partner_id and user_id = :user::user_id
 order by version desc limit :limit::i64;

-- name: user_erase :maybe
-- What nothing obliges to keep: how he is called and reached, accounts that nothing was paid out to, what was mailed to him for his consent,
-- and what events say of all this, but whose it was, and what was answered to them. What he did is done by his user id, not by the issuer's name of him. Nothing: not closed, or erased before.
-- row: user_id user_id
with who as materialized (
    select partner_id, user_id, subject from pay_user
     where partner_id = :partner::partner_id and user_id = :user::user_id and closed_at is not null and erased_at is null
       for update
), known as (
    select user_id as object_id, null as owner from who
    union all select r.requisite_id, r.user_id from requisite r join who w on w.partner_id = r.partner_id and w.user_id = r.user_id
    union all select x.confirmation_id, x.user_id from confirmation x join who w on w.partner_id = x.partner_id and w.user_id = x.user_id
), told as (
    update event e set data = json_strip_nulls(json_build_object('id', e.object_id, 'object', e.data::json->>'object', 'user', k.owner, 'erased', true))::text
      from known k where e.object_id = k.object_id
), answered as (
    update webhook_delivery d set excerpt = null
      from known k join event e on e.object_id = k.object_id
     where d.event_id = e.event_id and d.excerpt is not null
), changes as (
    delete from email_change e using who w where e.partner_id = w.partner_id and e.user_id = w.user_id
), asked as (
    update confirmation x set recipient = x.confirmation_id || '@erased.invalid', summary = '{}',
           requested_by = case when x.requested_by = w.subject then '-' else x.requested_by end
      from who w where x.partner_id = w.partner_id and x.user_id = w.user_id
), payouts as (
    update payout p set requested_by = p.user_id from who w where p.partner_id = w.partner_id and p.user_id = w.user_id and p.requested_by = w.subject
), schedules as (
    update payout_schedule s set requested_by = s.user_id from who w where s.partner_id = w.partner_id and s.user_id = w.user_id and s.requested_by = w.subject
), unused as (
    delete from requisite r using who w
     where r.partner_id = w.partner_id and r.user_id = w.user_id
       and not exists (select from payout p where p.partner_id = r.partner_id and p.user_id = r.user_id and p.requisite_id = r.requisite_id)
       and not exists (select from payout_schedule s where s.partner_id = r.partner_id and s.user_id = r.user_id and s.requisite_id = r.requisite_id)
), refunds as (
    update refund set initiator = :user where initiated_by = 'user' and initiator = (select subject from who) and partner_id = :partner
), queued as (
    update refund_queue set initiator = :user where initiated_by = 'user' and initiator = (select subject from who) and partner_id = :partner
), disputes as (
    update dispute set asked_by = :user where asked_by = (select subject from who) and partner_id = :partner
), files as (
    update dispute_file f set uploaded_by = :user
     where f.uploaded_by = (select subject from who) and (select d.partner_id from dispute d where d.dispute_id = f.dispute_id) = :partner
), shops as (
    update store_change c set actor_name = w.user_id from who w join store s on s.partner_id = w.partner_id and s.user_id = w.user_id
     where c.store_id = s.store_id and c.actor = 'owner' and c.actor_name = w.subject
), withdrawn as (
    delete from consent_withdrawal c using who w where c.partner_id = w.partner_id and c.subject = w.subject
)
update pay_user u set name = '-', email = null, email_verified = false, previous_email = null, external_id = null, subject = null, country = null,
       locale = null, consent_withdrawn_at = null, erased_at = :now
  from who w where u.partner_id = w.partner_id and u.user_id = w.user_id
returning u.user_id;

-- name: users_to_forget :many
-- From after the cursor.
-- row: erased_at instant, partner_id partner_id, user_id user_id
select coalesce(erased_at, :before::instant), partner_id, user_id from pay_user
 where erased_at is not null and forgotten_at is null and erased_at <= :before
   and (erased_at, partner_id, user_id) > (:after_at::instant, :after_partner::text, :after::text)
 order by erased_at, partner_id, user_id limit :most::i64;

-- name: user_forget :exec
-- First: what lets evidence go (migration 0047).
update pay_user set forgotten_at = :now where partner_id = :partner::partner_id and user_id = :user::user_id and erased_at is not null and forgotten_at is null;

-- name: user_forget_rest :exec
-- Who he was before the law, what he accepted, whose accounts it was paid to, and his name on statements. That it was paid, and how much, stays.
-- Accounts are found by their kind: without it, all of the partner's are read.
with owners as (
    update account_closing c set owner = '-'
     where c.owner is not null
       and c.account_id = any (array(select a.account_id from unnest(array['seller', 'payout_transit']) k(kind)
                                      cross join lateral (select x.account_id from account x
                                                           where x.partner_id = :partner::partner_id and x.kind = k.kind and x.user_id = :user::user_id offset 0) a))
), invoices as (
    update fee_invoice set recipient = '{"name":"-"}' where partner_id = :partner and user_id = :user
), profiles as (
    delete from legal_profile where partner_id = :partner and user_id = :user
), acceptances as (
    delete from agreement_acceptance where partner_id = :partner and user_id = :user
), names as (
    update requisite_verification v set matched_name = null, note = null
      from requisite r
     where r.partner_id = :partner and r.user_id = :user and v.partner_id = r.partner_id and v.requisite_id = r.requisite_id
)
update requisite set iban = case when kind = 'bank_account' and bik is null then 'XX0000000000000' end, bic = null,
       account = case when bik is not null then repeat('0', 20) end, correspondent = null, kpp = null, inn = case when bik is not null then repeat('0', 10) end,
       holder_name = case when holder_name is not null then '-' end, town = case when town is not null then '-' end, street = null, building = null, postcode = null,
       token = case when token is not null then '-' end, fingerprint = case when fingerprint is not null then '-' end,
       last4 = case when last4 is not null then '0000' end, masked = '••••'
 where partner_id = :partner and user_id = :user;
