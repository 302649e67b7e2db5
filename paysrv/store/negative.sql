-- Sellers' balances below zero: how they are seen, who bears them, and when they are none any more.

-- name: balances_unmark :exec
-- Balances that sales have filled again. One that somebody works on is left to the next round: nobody waits for several here.
with filled as materialized (
    select account_id from balance where negative_since is not null and posted - pending_out >= 0 for no key update skip locked
)
update balance set negative_since = null where account_id = any (array(select account_id from filled));

-- name: negative_list :many
-- The oldest debts first; covered: only those of partners under this clock that somebody has agreed to bear (borne_by). The platform bears what sellers
-- owe, and not what the partner's own sales do. owed is what is booked, available also what is reserved.
-- row: partner_id partner_id, partner_name text, user_id user_id, user_name text, currency text, owed i64, available i64, negative_since instant, borne_by text?
select a.partner_id, case when n.is_sandbox then n.name || ' (sandbox)' else n.name end, a.user_id, coalesce(u.name, n.name), a.currency, greatest(-b.posted, 0), b.posted - b.pending_out, coalesce(b.negative_since, :now), y.shortfall
  from balance b
 cross join lateral (select x.partner_id, x.user_id, x.currency from account x where x.account_id = b.account_id offset 0) a
  join partner n on n.partner_id = a.partner_id
  left join pay_user u on u.partner_id = a.partner_id and u.user_id = a.user_id
  left join lateral (select x.shortfall from dispute_policy x where x.partner_id = a.partner_id and x.currency = a.currency
                        and (x.shortfall = 'partner' or x.shortfall = 'platform' and a.user_id <> '') offset 0) y on true
 where b.negative_since is not null and b.posted - b.pending_out < 0
   and (not :covered::bool or n.clock = :clock and b.posted < 0 and y.shortfall is not null)
 order by b.negative_since, b.account_id limit :limit::i64;

-- name: negative_total :one
-- row: n i64, oldest instant?
select count(*), min(b.negative_since)
  from balance b
 cross join lateral (select x.partner_id from account x where x.account_id = b.account_id offset 0) a
  join partner n on n.partner_id = a.partner_id
 where b.negative_since is not null and b.posted - b.pending_out < 0 and not n.is_sandbox;

-- name: balance_relieve :one
-- Somebody else bears an amount of what a seller owes. Not relieved: he does not owe as much any more; or, where it is said what he owes, another
-- amount.
-- row: relieved bool
with target as materialized (
    select b.account_id, a.partner_id, a.user_id, a.currency,
           (select h.account_id from account h
             where h.partner_id = a.partner_id and h.kind = :borne_by::text and h.user_id = '' and h.currency = a.currency) as bearer
      from account a join balance b on b.account_id = a.account_id
     where a.partner_id = :partner::partner_id and a.kind = 'seller' and a.user_id = :user::user_id and a.currency = :currency::text
       and -b.posted >= :amount::i64 and (:owed::i64 = 0 or -b.posted = :owed)
       for no key update of b
), booked as (
    insert into entry (partner_id, kind, ref, created_at) select partner_id, :kind::text, :relief::text, :now from target
    returning entry_id
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select b.entry_id, l.line, case l.line when 1 then g.bearer else g.account_id end, g.currency, case l.line when 1 then :amount else -:amount end
      from target g cross join booked b cross join (values (1), (2)) as l (line)
), kept as (
    update balance b set posted = b.posted + :amount from target g where b.account_id = g.account_id
), noted as (
    insert into balance_relief (relief_id, kind, partner_id, user_id, currency, amount, borne_by, reason, made_by, entry_id, created_at)
    select :relief, :kind, g.partner_id, g.user_id, g.currency, :amount, :borne_by, :reason::text, :by::text, b.entry_id, :now
      from target g cross join booked b
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at)
    select :event::event_id, g.partner_id, :type::text, :relief, b.entry_id, :data::text, :now from target g cross join booked b
)
select exists (select from target);

-- name: relief_recoverable :many
-- What others bore for the sellers of a dispute between the entry that took their money and the one that gave it back: without it nobody had
-- borne as much. Not between their times, which are those of the tasks that booked them: one that began before may book after. left_over: of
-- that, back: of what came back to him by this dispute, what is not recovered yet; the oldest first.
-- row: relief_id text, partner_id partner_id, user_id user_id, currency text, borne_by text, left_over i64, back i64
with step as materialized (
    select d.dispute_id, d.partner_id, d.currency, h.entry_id as taken_by, b.entry_id as given_by, b.share_users, b.share_amounts
      from dispute d
      join dispute_step h on h.dispute_id = d.dispute_id and h.step = 'hold'
      join dispute_step b on b.dispute_id = d.dispute_id and b.step = 'return'
     where d.dispute_id = :dispute::dispute_id
), came as materialized (
    select t.*, s.user_id,
           -s.amount - coalesce((select sum(x.amount) from balance_relief x where x.dispute_id = t.dispute_id and x.user_id = s.user_id), 0) as back
      from step t cross join unnest(t.share_users, t.share_amounts) as s (user_id, amount)
     where s.amount < 0
), borne as (
    select r.relief_id, c.partner_id, c.user_id, c.currency, r.borne_by, c.back,
           r.amount - coalesce((select sum(x.amount) from balance_relief x where x.recovers = r.relief_id), 0) as left_over
      from came c
      join balance_relief r on r.partner_id = c.partner_id and r.user_id = c.user_id and r.currency = c.currency and r.kind <> 'recovery'
                           and r.entry_id > c.taken_by and r.entry_id < c.given_by
     where c.back > 0
)
select relief_id, partner_id, user_id, currency, borne_by, left_over::bigint, back::bigint
  from borne where left_over > 0 order by user_id, relief_id limit :most::i64;

-- name: balance_recover :one
-- Gives back to its bearer what he bore. It may bring the seller below zero, as what took his money did. No dispute: the write-off was a mistake.
-- row: recovered bool
with target as materialized (
    select b.account_id, a.partner_id, a.user_id, a.currency,
           (select h.account_id from account h
             where h.partner_id = a.partner_id and h.kind = :borne_by::text and h.user_id = '' and h.currency = a.currency) as bearer
      from account a join balance b on b.account_id = a.account_id
     where a.partner_id = :partner::partner_id and a.kind = 'seller' and a.user_id = :user::user_id and a.currency = :currency::text
       for no key update of b
), booked as (
    insert into entry (partner_id, kind, ref, created_at) select partner_id, 'recovery', :relief::text, :now from target
    returning entry_id
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select b.entry_id, l.line, case l.line when 1 then g.bearer else g.account_id end, g.currency, case l.line when 1 then -:amount::i64 else :amount end
      from target g cross join booked b cross join (values (1), (2)) as l (line)
), kept as (
    update balance b
       set posted = b.posted - :amount,
           negative_since = case when b.posted - :amount - b.pending_out >= 0 then b.negative_since
                                 when b.posted - b.pending_out < 0 then coalesce(b.negative_since, :now) else :now end
      from target g where b.account_id = g.account_id
), noted as (
    insert into balance_relief (relief_id, kind, partner_id, user_id, currency, amount, borne_by, reason, made_by, entry_id, created_at, recovers, dispute_id)
    select :relief, 'recovery', g.partner_id, g.user_id, g.currency, :amount, :borne_by, :reason::text, :by::text, b.entry_id, :now, :recovers::text,
           :dispute::text?
      from target g cross join booked b
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at)
    select :event::event_id, g.partner_id, 'balance.recovered', :relief, b.entry_id, :data::text, :now from target g cross join booked b
)
select exists (select from target);

-- name: write_off_left :maybe
-- What of a write-off its bearer has not back.
-- row: partner_id partner_id, user_id user_id, currency text, borne_by text, left_over i64
select r.partner_id, r.user_id, r.currency, r.borne_by,
       (r.amount - coalesce((select sum(x.amount) from balance_relief x where x.recovers = r.relief_id), 0))::bigint
  from balance_relief r
 where r.relief_id = :write_off::text and r.kind = 'write_off';

-- name: write_offs_of_user :many
-- What was written off for a seller, newest first, with what its bearer has not back.
-- row: relief_id text, currency text, amount i64, left_over i64, borne_by text, reason text, made_by text, created_at instant
select r.relief_id, r.currency, r.amount,
       (r.amount - coalesce((select sum(x.amount) from balance_relief x where x.recovers = r.relief_id), 0))::bigint,
       r.borne_by, r.reason, r.made_by, r.created_at
  from balance_relief r
 where r.partner_id = :partner::partner_id and (r.user_id, r.relief_id) < (:user::user_id, 'zz') and (r.user_id, r.relief_id) >= (:user, '')
   and r.kind = 'write_off'
 order by r.user_id desc, r.relief_id desc limit :limit::i64;

-- name: relief_list :many
-- Newest first.
-- row: relief_id text, kind text, user_id user_id, currency text, amount i64, borne_by text, reason text, made_by text, created_at instant
select relief_id, kind, user_id, currency, amount, borne_by, reason, made_by, created_at
  from (select * from balance_relief where partner_id = :partner::partner_id offset 0) r order by relief_id desc limit :limit::i64;
