-- What stores sell again and again. Never edited: another price is another row.

-- name: price_insert :exec
insert into price (price_id, partner_id, store_id, name, currency, amount, unit, unit_count, notice_days, notice_above, receipt, created_at)
values (:price::price_id, :partner::partner_id, :store::store_id, :name::text, :currency::text, :amount::i64, :unit::text, :unit_count::i32,
        :notice_days::i32?, :notice_above::i64?, :receipt::text?, :now);

-- name: price_find :maybe
-- A price of this partner; for a user's token only of that user's stores.
-- row: price_id price_id, partner_id partner_id, store_id store_id, name text, currency text, amount i64, unit text, unit_count i32, created_at instant, archived_at instant?, notice_days i32?, notice_above i64?, receipt text?
select p.price_id, p.partner_id, p.store_id, p.name, p.currency, p.amount, p.unit, p.unit_count, p.created_at, p.archived_at, p.notice_days, p.notice_above, p.receipt
  from price p
 where p.partner_id = :partner::partner_id and p.price_id = :price::price_id
   and (:subject::text? is null
        or (select o.user_id from store o where o.store_id = p.store_id)
            = (select u.user_id from pay_user u where u.partner_id = p.partner_id and u.subject = :subject));

-- name: price_list :many
-- Newest first, from before the cursor: the partner's, or those of a store, or of a user's stores.
-- row: = price_find
select p.price_id, p.partner_id, p.store_id, p.name, p.currency, p.amount, p.unit, p.unit_count, p.created_at, p.archived_at, p.notice_days, p.notice_above, p.receipt
  from ((select x.* from price x
          where (x.partner_id, x.price_id) < (:partner::partner_id, coalesce(:before::text?, 'zz')) and (x.partner_id, x.price_id) >= (:partner, '')
            and :store::text? is null and :subject::text? is null
          order by x.partner_id desc, x.price_id desc limit :most::i64)
        union all
        (select x.* from stores_asked(:partner, :store, :subject) o
          cross join lateral (select y.* from price y
                               where y.partner_id = :partner
                                 and (y.store_id, y.price_id) < (o.store_id, coalesce(:before, 'zz')) and (y.store_id, y.price_id) >= (o.store_id, '')
                               order by y.store_id desc, y.price_id desc limit :most) x)) p
 order by p.price_id desc limit :most;

-- name: price_archive :exec
-- No new subscription; those that are there go on.
update price set archived_at = coalesce(archived_at, :now) where partner_id = :partner::partner_id and price_id = :price::price_id;
