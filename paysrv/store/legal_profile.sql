-- Who users are before the law: versions, never edited.

-- name: legal_profile_insert :one
-- row: version i32
with owner as materialized (
    select u.partner_id, u.user_id from pay_user u where u.partner_id = :partner::partner_id and u.user_id = :user::user_id for update
)
insert into legal_profile (partner_id, user_id, version, kind, name, tax_id, registration_number, country, town, street, building, postcode,
                           birth_date, created_by, created_at)
select o.partner_id, o.user_id,
       1 + coalesce((select max(p.version) from legal_profile p where p.partner_id = o.partner_id and p.user_id = o.user_id), 0),
       :kind::text, :name::text, :tax_id::text?, :registration_number::text?, :country::text, :town::text, :street::text?, :building::text?,
       :postcode::text?, :birth_date::text?, :created_by::text, :now
  from owner o
returning version;

-- name: legal_profile_find :maybe
-- The latest one.
-- row: user_id user_id, version i32, kind text, name text, tax_id text?, registration_number text?, country text, town text, street text?, building text?, postcode text?, birth_date text?, created_by text, created_at instant
select user_id, version, kind, name, tax_id, registration_number, country, town, street, building, postcode, birth_date, created_by, created_at
  from legal_profile
 where partner_id = :partner::partner_id and user_id = :user::user_id
 order by version desc limit 1;
