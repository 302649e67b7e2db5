-- Bank accounts of users: versioned, never edited.

-- name: requisite_insert :one
-- The next version of this user.
-- row: version i32
insert into requisite (partner_id, requisite_id, user_id, version, kind, iban, bic, holder_name, country, town, street,
                       building, postcode, created_at)
select u.partner_id, :requisite::requisite_id, u.user_id,
       1 + (select coalesce(max(r.version), 0) from requisite r
             where r.partner_id = u.partner_id and r.user_id = u.user_id),
       'bank_account', :iban::text, :bic::text?, :holder_name::text, :country::text, :town::text, :street::text?,
       :building::text?, :postcode::text?, :now
  from pay_user u
 where u.partner_id = :partner::partner_id and u.user_id = :user::user_id
   for update
returning version;

-- name: requisite_find :maybe
-- row: requisite_id requisite_id, user_id user_id, version i32, iban text, bic text?, holder_name text, country text, town text, street text?, building text?, postcode text?, created_at instant, disabled_at instant?, disabled_reason text?
select requisite_id, user_id, version, iban, bic, holder_name, country, town, street, building, postcode, created_at, disabled_at,
       disabled_reason
  from requisite
 where partner_id = :partner::partner_id and requisite_id = :requisite::requisite_id;

-- name: requisite_list :many
-- row: = requisite_find
select requisite_id, user_id, version, iban, bic, holder_name, country, town, street, building, postcode, created_at, disabled_at,
       disabled_reason
  from requisite
 where partner_id = :partner::partner_id and user_id = :user::user_id
   and (:before::text? is null or requisite_id < :before)
 order by requisite_id desc
 limit :limit::i64;
