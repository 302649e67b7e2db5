-- What operators look for among all partners. Each part of a search goes along an index of its own, and no further than a page: what is not wanted is
-- behind a join that has no row, and what is shown of a row is looked up for that row (lateral ... limit 1), whatever a plan for any limit would think.

-- name: seller_newest :many
-- Newest first, of one partner or of all. A cursor that is absent is higher than any id.
-- row: user_id user_id, partner_id partner_id, partner_name text, name text, email text?, external_id text?, status text, is_frozen bool, key text
select u.user_id, u.partner_id, case when n.is_sandbox then n.name || ' (sandbox)' else n.name end, u.name, u.email, u.external_id,
       case when u.closed_at is not null then 'closed' when u.needs_code and u.confirmed_at is null then 'pending' else 'active' end,
       u.payouts_frozen_at is not null, lower(u.name)
  from ((select user_id from pay_user where :partner::text? is null and user_id < coalesce(:before::text?, 'zz') order by user_id desc limit :limit::i64)
        union all
        (select user_id from pay_user where partner_id = :partner and (partner_id, user_id) < (:partner, coalesce(:before, 'zz')) and (partner_id, user_id) >= (:partner, '')
          order by partner_id desc, user_id desc limit :limit)) o
 cross join lateral (select x.* from pay_user x where x.user_id = o.user_id offset 0) u
  join partner n on n.partner_id = u.partner_id
 order by u.user_id desc;

-- name: seller_search :many
-- By the names that they begin with, and by what names one: ids, addresses, the store. By name, from after the cursor (its key and its id). An
-- index is entered at one place: where the names begin, or after the cursor, whichever is later (two conditions, and it was walked from its
-- beginning to the names); what is one partner's has an index of its own.
-- row: = seller_newest
select u.user_id, u.partner_id, case when n.is_sandbox then n.name || ' (sandbox)' else n.name end, u.name, u.email, u.external_id,
       case when u.closed_at is not null then 'closed' when u.needs_code and u.confirmed_at is null then 'pending' else 'active' end,
       u.payouts_frozen_at is not null, lower(u.name)
  from ((select * from pay_user x
          where (lower(x.name) collate "C", x.user_id) > (greatest(lower(:what::text), :after_key::text), case when :after_key >= lower(:what) then :after::text else '' end)
            and lower(x.name) collate "C" < lower(:what) || chr(1114111) and :partner::text? is null
          order by lower(x.name) collate "C", x.user_id limit :limit::i64)
        union
        (select * from pay_user x
          where x.partner_id = :partner and (x.partner_id, lower(x.name) collate "C", x.user_id)
                > (:partner, greatest(lower(:what), :after_key), case when :after_key >= lower(:what) then :after else '' end)
            and (x.partner_id, lower(x.name) collate "C") < (:partner, lower(:what) || chr(1114111))
          order by x.partner_id, lower(x.name) collate "C", x.user_id limit :limit)
        union
        select x.* from (select user_id from pay_user where user_id = :what union (select user_id from pay_user where external_id = :what limit 100) union
                         (select user_id from pay_user where email is not null and lower(email) = lower(:what) limit 100) union
                         select user_id from store where store_id = :what) o
          join pay_user x on x.user_id = o.user_id
         where (lower(x.name) collate "C", x.user_id) > (:after_key, :after) and (:partner is null or x.partner_id = :partner)) u
  join partner n on n.partner_id = u.partner_id
 order by lower(u.name) collate "C", u.user_id limit :limit;

-- name: store_newest :many
-- row: store_id store_id, partner_id partner_id, partner_name text, name text, currency text, external_id text?, status text, user_id text?, user_name text?, key text
select s.store_id, s.partner_id, case when n.is_sandbox then n.name || ' (sandbox)' else n.name end, s.name, s.currency, s.external_id, s.status,
       s.user_id, (select u.name from pay_user u where u.partner_id = s.partner_id and u.user_id = s.user_id), lower(s.name)
  from ((select store_id from store where :partner::text? is null and store_id < coalesce(:before::text?, 'zz') order by store_id desc limit :limit::i64)
        union all
        (select store_id from store where partner_id = :partner and (partner_id, store_id) < (:partner, coalesce(:before, 'zz')) and (partner_id, store_id) >= (:partner, '')
          order by partner_id desc, store_id desc limit :limit)) o
 cross join lateral (select x.* from store x where x.store_id = o.store_id offset 0) s
  join partner n on n.partner_id = s.partner_id
 order by s.store_id desc;

-- name: store_search :many
-- row: = store_newest
select s.store_id, s.partner_id, case when n.is_sandbox then n.name || ' (sandbox)' else n.name end, s.name, s.currency, s.external_id, s.status,
       s.user_id, (select u.name from pay_user u where u.partner_id = s.partner_id and u.user_id = s.user_id), lower(s.name)
  from ((select store_id from store x
          where (lower(x.name) collate "C", x.store_id) > (greatest(lower(:what::text), :after_key::text), case when :after_key >= lower(:what) then :after::text else '' end)
            and lower(x.name) collate "C" < lower(:what) || chr(1114111) and :partner::text? is null
          order by lower(x.name) collate "C", x.store_id limit :limit::i64)
        union
        (select store_id from store x
          where x.partner_id = :partner and (x.partner_id, lower(x.name) collate "C", x.store_id)
                > (:partner, greatest(lower(:what), :after_key), case when :after_key >= lower(:what) then :after else '' end)
            and (x.partner_id, lower(x.name) collate "C") < (:partner, lower(:what) || chr(1114111))
          order by x.partner_id, lower(x.name) collate "C", x.store_id limit :limit)
        union
        select x.store_id from (select store_id from store where store_id = :what union (select store_id from store where external_id = :what limit 100)) o
          join store x on x.store_id = o.store_id
         where (lower(x.name) collate "C", x.store_id) > (:after_key, :after) and (:partner is null or x.partner_id = :partner)) o
 cross join lateral (select * from store x where x.store_id = o.store_id limit 1) s
  join partner n on n.partner_id = s.partner_id
 order by lower(s.name) collate "C", s.store_id limit :limit;

-- name: seller_entries :many
-- The newest entries of a seller's accounts, and of which payments they are.
-- row: entry_id i64, kind text, ref text, payment_id text?, description text?, currency text, amount i64, created_at instant
select p.entry_id, e.kind, e.ref, m.payment_id, m.description, p.currency, p.amount, e.created_at
  from (select q.entry_id, a.currency, a.side * q.amount as amount
          from account a
         cross join lateral (select y.entry_id, y.amount from posting y
                              where y.account_id >= a.account_id and y.account_id <= a.account_id
                              order by y.account_id desc, y.entry_id desc limit :limit::i64) q
         where a.partner_id = :partner::partner_id and a.kind = 'seller' and a.user_id = :user::user_id
         order by q.entry_id desc limit :limit) p
 cross join lateral (select y.partner_id, y.kind, y.ref, y.created_at from entry y where y.entry_id = p.entry_id offset 0) e
 cross join lateral (select case when e.kind = 'charge' then e.ref
                                   when e.kind = 'capture' then (select c.payment_id from capture c where c.capture_id = e.ref)
                                   when e.kind in ('refund', 'refund_returned') then (select r.payment_id from refund r where r.refund_id = e.ref)
                                   when e.kind like 'dispute\_%' then (select d.payment_id from dispute d where d.dispute_id = e.ref) end as payment_id) o
  left join lateral (select y.payment_id, y.description from payment y
                      where y.payment_id = o.payment_id and y.partner_id = e.partner_id offset 0) m on true
 order by p.entry_id desc;

-- name: seller_subscriptions :many
-- Of his stores, the newest of each.
-- row: subscription_id subscription_id, status text, store_name text, price_name text, period_end instant
select b.subscription_id, b.status, s.name, p.name, b.period_end
  from store s
 cross join lateral (select * from subscription x where x.partner_id = s.partner_id and x.store_id = s.store_id
                      order by x.subscription_id desc limit :limit::i64) b
  join price p on p.price_id = b.price_id
 where s.partner_id = :partner::partner_id and s.user_id = :user::user_id
 order by b.subscription_id desc limit :limit;

-- name: seller_disputes :many
-- Of the disputes that are not decided, his.
-- row: dispute_id dispute_id, payment_id payment_id, status text, amount i64, currency text
select d.dispute_id, d.payment_id, d.status, d.amount, d.currency
  from (select * from dispute where closed_at is null and partner_id = :partner::partner_id offset 0) d
  cross join lateral (select x.partner_id, x.user_id from payment x where x.payment_id = d.payment_id offset 0) p
 where p.partner_id = :partner::partner_id and p.user_id = :user::user_id
 order by d.dispute_id limit 100;

-- name: subscription_of_status :many
-- Of all partners, newest first; of one store only, along that store's. What a dispute holds is not tried again.
-- row: subscription_id subscription_id, partner_name text, store_id store_id, store_name text, price_name text, status text, amount i64, currency text, buyer text, period_n i64, period_end instant, due_at instant?, retry_at instant?, open_due i64
select s.subscription_id, case when n.is_sandbox then n.name || ' (sandbox)' else n.name end, s.store_id,
       coalesce((select o.name from store o where o.partner_id = s.partner_id and o.store_id = s.store_id), ''), p.name, s.status, p.amount * s.quantity,
       p.currency, coalesce((select k.buyer from saved_card k where k.saved_card_id = s.saved_card_id), ''), s.period_n, s.period_end, s.due_at,
       case when s.held_at is null then i.retry_at end, coalesce(i.due, 0)
  from ((select * from (select * from subscription where :store::text? is null and (status, subscription_id) < (:status::text, coalesce(:before::text?, 'zz'))
                         order by status desc, subscription_id desc limit :limit::i64) x where x.status = :status)
        union all
        (select b.* from store t
          cross join lateral (select * from subscription x where x.partner_id = t.partner_id and x.store_id = t.store_id and (:status = 'all' or x.status = :status)
                                                             and x.subscription_id < coalesce(:before, 'zz')
                               order by x.subscription_id desc limit :limit) b
          where t.store_id = :store)) s
  join partner n on n.partner_id = s.partner_id
 cross join lateral (select x.name, x.amount, x.currency from price x where x.price_id = s.price_id limit 1) p
  left join lateral (select x.retry_at, x.due from invoice x where x.subscription_id = s.subscription_id and x.status = 'open'
                      order by x.invoice_id desc limit 1) i on true
 order by s.subscription_id desc;

-- name: subscription_counts :many
-- How many there are of each state, counted to :most.
-- row: status text, n i64
select v.status, c.n
  from (values ('past_due', 1), ('unpaid', 2), ('active', 3), ('trialing', 4), ('paused', 5), ('canceled', 6)) as v (status, place)
 cross join lateral (select count(*) as n from (select s.status from subscription s where (s.status, s.subscription_id) > (v.status, '')
                                                  order by s.status, s.subscription_id limit :most::i64) x where x.status = v.status) c
 order by v.place;

-- name: subscription_tries :many
-- What was tried to be paid its newest invoices with, newest first: along what came to nothing, and what runs or has won.
-- row: call_id text, payment_id payment_id, state text, decline_code text?, at instant
with billed as materialized (
    select x.payment_id from invoice x where x.subscription_id = :subscription::subscription_id and x.payment_id is not null
     order by x.invoice_id desc limit 20
), tried as materialized (
    select a.call_id from billed b join acquirer_call a on a.payment_id = b.payment_id and (a.decline_code is not null or a.is_abandoned)
    union
    select p.charge_id from billed b join payment p on p.payment_id = b.payment_id where p.charge_id is not null
)
select c.call_id, coalesce(c.payment_id, ''), c.state, c.decline_code, coalesce(c.tried_at, c.created_at)
  from tried o cross join lateral (select * from acquirer_call k where k.call_id = o.call_id offset 0) c
 order by c.created_at desc, c.call_id desc limit 50;
