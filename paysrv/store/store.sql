-- Stores: what sells. The split profile of a store is copied into each payment when it is made.

-- name: store_insert :exec
-- unique store_external_id_key -> EXTERNAL_ID_TAKEN
insert into store (partner_id, store_id, user_id, name, currency, url, external_id, platform_bp, partner_bp, split_profile_id, created_at)
values (:partner::partner_id, :store::store_id, nullif(:user::user_id, ''), :name::text, :currency::text, :url::text?,
        :external_id::text?, :platform_bp::i32, :partner_bp::i32, :split_profile_id::text?, :now);

-- name: store_find :maybe
-- :owner restricts to the stores of one user (a user's token); absent: any of the partner. user_id is '' for a store of the partner itself.
-- row: store_id store_id, user_id user_id, name text, currency text, url text?, external_id text?, platform_bp i32, partner_bp i32, split_profile_id text?, created_at instant
select store_id, coalesce(user_id, ''), name, currency, url, external_id, platform_bp, partner_bp, split_profile_id, created_at
  from store
 where partner_id = :partner::partner_id and store_id = :store::store_id
   and (:owner::text? is null or user_id = :owner);

-- name: store_list :many
-- row: = store_find
select store_id, coalesce(user_id, ''), name, currency, url, external_id, platform_bp, partner_bp, split_profile_id, created_at
  from store
 where partner_id = :partner::partner_id
   and (:owner::text? is null or user_id = :owner)
   and (:before::text? is null or store_id < :before)
 order by store_id desc
 limit :limit::i64;

-- name: store_any :maybe
-- A store whoever's it is, for the operator's commands.
-- row: partner_id partner_id, user_id user_id, currency text
select partner_id, coalesce(user_id, ''), currency from store where store_id = :store::store_id;

-- name: store_split :exec
-- New payments of a store are shared by this profile, of its partner and open; absent: by its basis points again.
update store s set split_profile_id = :split_profile_id::text?
 where s.store_id = :store::store_id
   and (:split_profile_id is null
        or exists (select from split_profile f where f.partner_id = s.partner_id and f.split_profile_id = :split_profile_id
                                                 and f.archived_at is null));
