-- Another price for subscriptions that are there: announced, agreed to where it is more, and taken up by a renewal.

-- name: price_migration_insert :exec
insert into price_migration (migration_id, partner_id, price_id, to_price_id, effective_at, without_consent, due_at, created_at, clock)
values (:migration::text, :partner::partner_id, :price::price_id, :to::price_id, :effective_at::instant, :without_consent::text, :now, :now, :clock);

-- name: price_migrations_due :many
-- Takes those that have subscriptions left, so that no other server takes them before the lease ends.
-- row: migration_id text, partner_id partner_id, price_id price_id, to_price_id price_id, effective_at instant, without_consent text, reached text
update price_migration m set due_at = :lease::instant
 where m.migration_id in (select d.migration_id from price_migration d where d.clock = :clock and d.due_at <= :now
                           order by d.due_at limit 5 for update skip locked)
returning m.migration_id, m.partner_id, m.price_id, m.to_price_id, m.effective_at, m.without_consent, m.reached;

-- name: price_migration_step :exec
-- due absent: all have been told.
update price_migration set reached = :reached::text, told = told + :told::i64, due_at = :due::instant? where migration_id = :migration::text;

-- name: subscriptions_of_price :many
-- In the order of their ids, from after the one that was reached.
-- row: subscription_id subscription_id
select subscription_id from subscription
 where price_id = :price::price_id and subscription_id > :reached::text and status <> 'canceled' and next_price_id is null
 order by subscription_id limit :most::i64;

-- name: price_migration_left :one
-- Whether somebody has not been told.
-- row: is_left bool
select exists (select from subscription where price_id = :price::price_id and status <> 'canceled' and next_price_id is null);

-- name: price_announce :one
-- The buyer is told in the same step. Not applied: it has another price, or another one was announced.
-- row: applied bool
with told as (
    update subscription s set next_price_id = :to::price_id, next_price_at = :effective_at::instant, next_price_else = :without_consent::text,
           next_price_agreed = :agreed::bool, notice_at = case when s.status in ('trialing', 'active') then :now end
     where s.subscription_id = :subscription::subscription_id and s.price_id = :from_price::price_id and s.quantity = :from_quantity::i64
       and s.status <> 'canceled' and s.next_price_id is null
    returning s.subscription_id, s.partner_id
), event as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, partner_id, 'subscription.price_announced', subscription_id, :data::text, :now from told
), written as (
    insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
    select :mail::text, 'price_change', :recipient::text, :content::bytes, :wall, :now, :clock from told
)
select exists (select from told);

-- name: price_agree :one
-- The buyer's consent, with its words; twice is once.
-- row: applied bool
with agreed as (
    update subscription s set next_price_agreed = true, agreed_amount = greatest(s.agreed_amount, :amount::i64),
           notice_at = case when s.status in ('trialing', 'active') then :now end
     where s.subscription_id = :subscription::subscription_id and s.next_price_id = :price::price_id and s.quantity = :quantity::i64
       and not s.next_price_agreed and s.status <> 'canceled'
    returning s.subscription_id, s.partner_id
), kept as (
    insert into subscription_consent (subscription_id, price_id, amount, version, accepted_at)
    select subscription_id, :price, :amount, :version::text, :now from agreed
), event as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, partner_id, 'subscription.price_agreed', subscription_id, :data::text, :now from agreed
)
select exists (select from agreed);
