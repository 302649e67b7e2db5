-- Split profiles: never edited, only put away. Those without a name came with a payment.

-- name: split_profile_insert :exec
-- Rules without a name have their id from what they say, so the second payment with them finds them here. At the same moment it may
-- meet them in either unique index: a target would excuse only one of these.
insert into split_profile (partner_id, split_profile_id, name, currency, rules, created_at)
values (:partner::partner_id, :split_profile_id::text, :name::text?, :currency::text?, :rules::text, :now)
on conflict do nothing;

-- name: split_profile_find :maybe
-- row: partner_id partner_id, split_profile_id text, name text?, currency text?, rules text, created_at instant, archived_at instant?
select partner_id, split_profile_id, name, currency, rules, created_at, archived_at
  from split_profile where partner_id = :partner::partner_id and split_profile_id = :split_profile_id::text;

-- name: split_profile_list :many
-- Those with a name, newest first, from before the cursor.
-- row: = split_profile_find
select partner_id, split_profile_id, name, currency, rules, created_at, archived_at
  from split_profile
 where (partner_id, split_profile_id) < (:partner::partner_id, coalesce(:before::text?, 'zz')) and (partner_id, split_profile_id) >= (:partner, '') and name is not null
 order by partner_id desc, split_profile_id desc limit :limit::i64;

-- name: split_profile_archive :exec
-- No row: it is the profile of a store or the partner, or it is not there or away already. In a serializable transaction (split_archive).
update split_profile f set archived_at = :now
 where f.partner_id = :partner::partner_id and f.split_profile_id = :split_profile_id::text and f.archived_at is null
   and not exists (select from store_tariff r join store s on s.store_id = r.store_id
                     join lateral store_tariff_at(r.store_id, greatest(:now, s.created_at)) a on true
                    where r.partner_id = f.partner_id and r.split_profile_id = f.split_profile_id and (r.canceled_at is null) is true and s.status <> 'closed'
                      and (r.valid_from > :now or r.tariff_id = a.tariff_id))
   and not exists (select from partner p where p.partner_id = f.partner_id and p.split_profile_id = f.split_profile_id);
