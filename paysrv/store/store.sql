-- Stores: what sells. The tariff that is in force when a payment is made is copied into it.

-- name: store_insert :exec
-- With the tariff that it is opened with. Not affected: its owner has left, or the profile that it is to sell by was put away (one without a name
-- comes again). In a serializable transaction, as whoever closes him or puts that away is: one of the two begins anew.
-- unique store_external_id_key -> EXTERNAL_ID_TAKEN external_id
with made as (
    insert into store (partner_id, store_id, user_id, name, currency, url, external_id, status, methods, created_at)
    select :partner::partner_id, :store::store_id, nullif(:user::user_id, ''), :name::text, :currency::text, :url::text?,
           :external_id::text?, coalesce(:status::text?, 'active'), nullif(:methods::texts, '{}'), :now
     where (:user = '' or exists (select from pay_user u where u.partner_id = :partner and u.user_id = :user and u.closed_at is null))
       and (:split_profile_id::text? is null
            or exists (select from split_profile f where f.partner_id = :partner and f.split_profile_id = :split_profile_id
                                                     and (f.archived_at is null or f.name is null)))
    returning partner_id, store_id
)
insert into store_tariff (partner_id, tariff_id, store_id, platform_bp, partner_bp, split_profile_id, valid_from, created_at, created_by)
select partner_id, 'trf_' || substr(store_id, 4), store_id, :platform_bp::i32, :partner_bp::i32, :split_profile_id, :now, :now,
       'opening'
  from made;

-- name: store_find :maybe
-- :owner restricts to the stores of one user (a user's token); absent: any of the partner. The tariff is the one in force.
-- row: store_id store_id, user_id user_id, name text, currency text, url text?, external_id text?, platform_bp i32, partner_bp i32, split_profile_id text?, created_at instant,
-- row: status text, status_by text?, status_reason text?, status_at instant?, tariff_id text, domains texts, twin_of text?, twin text?, moved_from text?, moved_to text?,
-- row: display_name text?, accent text?, support_email text?, support_url text?, statement_descriptor text?, logo text?, sheet text?, methods texts, locale text?, locales texts
select s.store_id, coalesce(s.user_id, ''), s.name, s.currency, s.url, coalesce(s.external_id, s.returned_external_id), r.platform_bp, r.partner_bp, r.split_profile_id, s.created_at,
       s.status, s.status_by, s.status_reason, s.status_at, r.tariff_id,
       coalesce((select array_agg(d.host order by d.host) from store_domain d where d.store_id = s.store_id and d.verified_at is not null), '{}'),
       s.twin_of, (select w.store_id from store w where w.twin_of = s.store_id), s.moved_from, s.moved_to,
       b.display_name, b.accent, b.support_email, b.support_url, b.statement_descriptor, b.logo, b.sheet, coalesce(s.methods, '{}'), b.locale, coalesce(b.locales, '{}')
  from store s
  join lateral store_tariff_at(s.store_id, greatest(:now, s.created_at)) r on true
  left join store_branding b on b.store_id = s.store_id
 where s.partner_id = :partner::partner_id and s.store_id = :store::store_id
   and (:owner::text? is null or s.user_id = :owner);

-- name: store_list :many
-- Newest first, from before the cursor: the partner's, or a user's, or the one that the partner calls so (none that was never confirmed).
-- row: = store_find
select s.store_id, coalesce(s.user_id, ''), s.name, s.currency, s.url, coalesce(s.external_id, s.returned_external_id), r.platform_bp, r.partner_bp, r.split_profile_id, s.created_at,
       s.status, s.status_by, s.status_reason, s.status_at, r.tariff_id,
       coalesce((select array_agg(d.host order by d.host) from store_domain d where d.store_id = s.store_id and d.verified_at is not null), '{}'),
       s.twin_of, (select w.store_id from store w where w.twin_of = s.store_id), s.moved_from, s.moved_to,
       b.display_name, b.accent, b.support_email, b.support_url, b.statement_descriptor, b.logo, b.sheet, coalesce(s.methods, '{}'), b.locale, coalesce(b.locales, '{}')
  from ((select x.* from (select y.store_id from store y
                           where y.partner_id between :partner::partner_id and :partner
                             and (y.partner_id, y.store_id) < (:partner, coalesce(:before::text?, 'zz')) and (y.partner_id, y.store_id) >= (:partner, '')
                             and :owner::text? is null and :external_id::text? is null and :status::text? is null
                           order by y.partner_id desc, y.store_id desc limit :limit::i64) o
          cross join lateral (select y.* from store y where y.store_id = o.store_id offset 0) x)
        union all
        (select x.* from store x
          where x.partner_id between :partner and :partner
            and (x.partner_id, x.store_id) < (:partner, coalesce(:before, 'zz')) and (x.partner_id, x.store_id) >= (:partner, '') and :owner is null and :external_id is null and x.status = :status
          order by x.partner_id desc, x.store_id desc limit :limit)
        union all
        (select x.* from store x
          where :external_id is null and x.partner_id = :partner
            and (x.user_id, x.store_id) < (:owner, coalesce(:before, 'zz')) and (x.user_id, x.store_id) >= (:owner, '')
            and (:status is null or x.status = :status)
          order by x.user_id desc, x.store_id desc limit :limit)
        union all
        (select x.* from store x
          where x.partner_id = :partner and x.external_id = :external_id
            and (:owner is null or x.user_id = :owner) and (:status is null or x.status = :status) and (:before is null or x.store_id < :before))) s
  join lateral store_tariff_at(s.store_id, greatest(:now, s.created_at)) r on true
  left join store_branding b on b.store_id = s.store_id
 order by s.store_id desc
 limit :limit;

-- name: store_any :maybe
-- A store whoever's it is, for the operator's commands and for what refuses.
-- row: partner_id partner_id, user_id user_id, currency text, status text, moved_to text?
select partner_id, coalesce(user_id, ''), currency, status, moved_to from store where store_id = :store::store_id;

-- name: store_move :exec
-- Into another state, from the one that was judged; nothing when it has left that one meanwhile. One that its owner never confirmed leaves its
-- external id to the next.
with moved as (
    update store set status = :to::text, status_by = :actor::text, status_reason = :reason::text?, status_at = :now,
                     external_id = case when :from::text = 'pending_confirmation' and :to = 'closed' then null else external_id end,
                     returned_external_id = case when :from = 'pending_confirmation' and :to = 'closed' then external_id end
     where store_id = :store::store_id and status = :from
    returning partner_id, store_id
)
insert into store_change (partner_id, store_id, from_status, to_status, actor, actor_name, reason, changed_at)
select partner_id, store_id, :from, :to, :actor, :actor_name::text, :reason, :now from moved;

-- name: store_changes :many
-- Newest first.
-- row: from_status text, to_status text, actor text, actor_name text, reason text?, changed_at instant
select from_status, to_status, actor, actor_name, reason, changed_at
  from store_change where store_id = :store::store_id order by change_id desc limit :limit::i64;

-- name: tariff_insert :exec
-- Of an open profile of its partner, or by basis points. In a serializable transaction, as whoever puts the profile away is: a lock on it would be
-- no conflict to him who has looked for its tariffs before.
insert into store_tariff (partner_id, tariff_id, store_id, platform_bp, partner_bp, split_profile_id, valid_from, created_at, created_by)
select :partner::partner_id, :tariff::text, :store::store_id, :platform_bp::i32, :partner_bp::i32, :split_profile_id::text?, :valid_from::instant, :now,
       :by::text
 where :split_profile_id is null
    or exists (select from split_profile f where f.partner_id = :partner and f.split_profile_id = :split_profile_id and f.archived_at is null);

-- name: tariff_list :many
-- The latest first, in the order in which they are in force; those that begin together, the later made first. Many that were canceled
-- hide none that counts.
-- row: tariff_id text, store_id store_id, platform_bp i32, partner_bp i32, split_profile_id text?, valid_from instant, created_at instant, created_by text, canceled_at instant?
select tariff_id, store_id, platform_bp, partner_bp, split_profile_id, valid_from, created_at, created_by, canceled_at
  from ((select r.* from store_tariff r
          where r.partner_id = :partner::partner_id and r.store_id = :store::store_id and r.canceled_at is null
          order by r.valid_from desc, r.created_at desc, r.tariff_id desc
          limit 200)
        union all
        (select r.* from store_tariff r
          where r.partner_id = :partner and r.store_id = :store and r.canceled_at is not null
          order by r.created_at desc, r.tariff_id desc
          limit 50)) x
 order by valid_from desc, created_at desc, tariff_id desc;

-- name: tariff_find :maybe
-- row: = tariff_list
select tariff_id, store_id, platform_bp, partner_bp, split_profile_id, valid_from, created_at, created_by, canceled_at
  from store_tariff
 where partner_id = :partner::partner_id and store_id = :store::store_id and tariff_id = :tariff::text;

-- name: tariff_cancel :exec
-- Only before it begins.
update store_tariff set canceled_at = :now
 where partner_id = :partner::partner_id and store_id = :store::store_id and tariff_id = :tariff::text and canceled_at is null and valid_from > :now;

-- name: tariffs_planned :one
-- row: n i64
select count(*) from store_tariff where store_id = :store::store_id and canceled_at is null and valid_from > :now;

-- name: store_methods_set :exec
-- What new payments of a store may be paid by; none named: whatever there is.
update store set methods = nullif(:methods::texts, '{}') where partner_id = :partner::partner_id and store_id = :store::store_id;
