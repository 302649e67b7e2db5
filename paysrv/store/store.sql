-- Stores: what sells. The split profile of a store is copied into each payment when it is made.

-- name: store_insert :exec
-- unique store_external_id_key -> EXTERNAL_ID_TAKEN
insert into store (partner_id, store_id, user_id, name, currency, url, external_id, platform_bp, partner_bp, created_at)
values (:partner::partner_id, :store::store_id, :user::user_id, :name::text, :currency::text, :url::text?,
        :external_id::text?, :platform_bp::i32, :partner_bp::i32, :now);

-- name: store_find :maybe
-- :owner restricts to the stores of one user (a user's token); absent: any of the partner.
-- row: store_id store_id, user_id user_id, name text, currency text, url text?, external_id text?, platform_bp i32, partner_bp i32, created_at instant
select store_id, user_id, name, currency, url, external_id, platform_bp, partner_bp, created_at
  from store
 where partner_id = :partner::partner_id and store_id = :store::store_id
   and (:owner::text? is null or user_id = :owner);

-- name: store_list :many
-- row: = store_find
select store_id, user_id, name, currency, url, external_id, platform_bp, partner_bp, created_at
  from store
 where partner_id = :partner::partner_id
   and (:owner::text? is null or user_id = :owner)
   and (:before::text? is null or store_id < :before)
 order by store_id desc
 limit :limit::i64;
