-- Where users are paid out to: versioned, never edited.

-- name: requisite_insert :one
-- The next version of this user, who may have left since he was read. All but the first have to wait.
-- row: version i32, usable_from instant?
with owner as (
    select u.partner_id, u.user_id,
           (select coalesce(max(r.version), 0) from requisite r where r.partner_id = u.partner_id and r.user_id = u.user_id) as before
      from pay_user u
     where u.partner_id = :partner::partner_id and u.user_id = :user::user_id and u.closed_at is null
       for update
), made as (
    insert into requisite (partner_id, requisite_id, user_id, version, kind, iban, bic, holder_name, country, town, street,
                           building, postcode, acquirer, token, fingerprint, brand, last4, exp_month, exp_year, masked, destination, created_at, usable_from, needs_code,
                           bik, account, correspondent, inn, kpp)
    select o.partner_id, :requisite::requisite_id, o.user_id, o.before + 1,
           :kind::text, :iban::text?, :bic::text?, :holder_name::text?, :country::text?, :town::text?, :street::text?,
           :building::text?, :postcode::text?, :acquirer::text?, :token::text?, :fingerprint::text?, :brand::text?, :last4::text?,
           :exp_month::i32?, :exp_year::i32?, :masked::text, :destination::digest, :now, case when o.before > 0 and not :needs_code::bool then :usable_from::instant end, :needs_code,
           :bik::text?, :account::text?, :correspondent::text?, :inn::text?, :kpp::text?
      from owner o
    returning version, usable_from
)
select version, usable_from from made;

-- name: requisite_confirm :maybe
-- The owner has agreed to it. All but the first that could be used have to wait.
-- row: usable_from instant?
with owner as materialized (
    select u.partner_id, u.user_id from pay_user u where u.partner_id = :partner::partner_id and u.user_id = :user::user_id for update
)
update requisite r set confirmed_at = :now, usable_from = case when exists (
           select from requisite o where o.partner_id = r.partner_id and o.user_id = r.user_id and o.requisite_id <> r.requisite_id
                                     and (not o.needs_code or o.confirmed_at is not null)) then :usable_from::instant end
  from owner w
 where r.partner_id = w.partner_id and r.user_id = w.user_id and r.requisite_id = :requisite::requisite_id
   and r.needs_code and r.confirmed_at is null and r.disabled_at is null
returning r.usable_from;

-- name: requisite_disable :maybe
-- row: requisite_id requisite_id
update requisite set disabled_at = :now, disabled_reason = :reason::text
 where partner_id = :partner::partner_id and requisite_id = :requisite::requisite_id and user_id = :user::user_id
   and disabled_at is null
returning requisite_id;

-- name: requisite_shared :many
-- What several users are paid out to, those with the most users first.
-- row: masked text, users texts
select min(r.masked), array_agg(distinct r.partner_id || '/' || r.user_id)
  from requisite r
 where r.disabled_at is null and (not r.needs_code or r.confirmed_at is not null)
 group by r.kind, coalesce(r.iban, r.fingerprint)
having count(distinct r.user_id) > 1
 order by count(distinct r.user_id) desc, min(r.masked)
 limit 200;

-- name: requisite_find :maybe
-- row: requisite_id requisite_id, user_id user_id, version i32, kind text, rail text, iban text?, bic text?, holder_name text?, country text?, town text?, street text?, building text?, postcode text?, acquirer text?, token text?, fingerprint text?, brand text?, last4 text?, exp_month i32?, exp_year i32?, masked text, destination digest, created_at instant, disabled_at instant?, disabled_reason text?, usable_from instant?, needs_code bool, confirmed_at instant?, bik text?, account text?, correspondent text?, inn text?, kpp text?, verification text?, matched_name text?, checked_at instant?, accepted_at instant?
select r.requisite_id, r.user_id, r.version, r.kind, r.rail, r.iban, r.bic, r.holder_name, r.country, r.town, r.street, r.building, r.postcode, r.acquirer,
       r.token, r.fingerprint, r.brand, r.last4, r.exp_month, r.exp_year, r.masked, r.destination, r.created_at, r.disabled_at,
       r.disabled_reason, r.usable_from, r.needs_code, r.confirmed_at, r.bik, r.account, r.correspondent, r.inn, r.kpp,
       v.status, v.matched_name, v.checked_at, v.accepted_at
  from requisite r
  left join requisite_verification v on v.partner_id = r.partner_id and v.requisite_id = r.requisite_id
 where r.partner_id = :partner::partner_id and r.requisite_id = :requisite::requisite_id;

-- name: requisite_list :many
-- row: = requisite_find
select r.requisite_id, r.user_id, r.version, r.kind, r.rail, r.iban, r.bic, r.holder_name, r.country, r.town, r.street, r.building, r.postcode, r.acquirer,
       r.token, r.fingerprint, r.brand, r.last4, r.exp_month, r.exp_year, r.masked, r.destination, r.created_at, r.disabled_at,
       r.disabled_reason, r.usable_from, r.needs_code, r.confirmed_at, r.bik, r.account, r.correspondent, r.inn, r.kpp,
       v.status, v.matched_name, v.checked_at, v.accepted_at
  from requisite r
  left join requisite_verification v on v.partner_id = r.partner_id and v.requisite_id = r.requisite_id
 where r.partner_id = :partner::partner_id
   and (r.user_id, r.requisite_id) < (:user::user_id, coalesce(:before::text?, 'zz')) and (r.user_id, r.requisite_id) >= (:user, '')
 order by r.user_id desc, r.requisite_id desc
 limit :limit::i64;
