-- What buyers with subscriptions are told ahead, once.

-- name: notices_due :many
-- Takes those that are to be looked at, so that no other server takes them before the lease ends.
-- row: subscription_id subscription_id, notice_days i32?, notice_above i64?, next_days i32?, next_above i64?, exp_year i32, exp_month i32, email text, store_name text, brand text, last4 text, locale text?, sells bool
update subscription s set notice_at = :lease::instant
  from price p, saved_card k, store o
 where s.subscription_id in (select d.subscription_id from subscription d where d.clock = :clock and d.notice_at <= :now
                              order by d.notice_at limit 50 for update skip locked)
   and p.price_id = s.price_id and k.saved_card_id = s.saved_card_id and o.store_id = s.store_id
returning s.subscription_id, p.notice_days, p.notice_above, (select n.notice_days from price n where n.price_id = s.next_price_id),
          (select n.notice_above from price n where n.price_id = s.next_price_id), k.exp_year, k.exp_month, k.email,
          store_shown(o.store_id, o.name), k.brand, k.last4, k.locale,
          o.status = 'active'
              and not exists (select from partner x where x.partner_id = s.partner_id and x.suspended_at is not null);

-- name: notice_tell :one
-- Once, whoever is at it.
-- row: told bool
with told as (
    insert into subscription_notice (subscription_id, kind, ref, told_at) values (:subscription::subscription_id, :kind::text, :ref::text, :now)
    on conflict do nothing
    returning subscription_id
), event as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, s.partner_id, :type::text, s.subscription_id, :data::text, :now
      from told t join subscription s on s.subscription_id = t.subscription_id
), written as (
    insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
    select :mail::text, 'subscription_' || :kind, :recipient::text, :content::bytes, :wall, :now, :clock from told
)
select exists (select from told);

-- name: notice_next :exec
-- Unless somebody wanted it to be looked at since it was taken.
update subscription set notice_at = :next::instant? where subscription_id = :subscription::subscription_id and notice_at = :lease::instant;
