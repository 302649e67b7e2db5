-- Fixed reserves of sellers (docs/decisions/0063): each is one part of what is held of a balance, without a payment.

-- name: reserve_make :maybe
-- In the place of the one there is, which it takes over as far as it goes. amount 0: there is none any more. Nothing: no such seller, or
-- nothing to end.
-- row: reserve_id text?, ended text?
with owner as materialized (
    select a.account_id, a.partner_id, a.user_id, a.currency
      from account a
     where a.partner_id = :partner::partner_id and a.kind = 'seller' and a.user_id = :user::user_id and a.currency = :currency::text
), old as materialized (
    select r.reserve_id, h.holdback_id, h.held
      from owner o
      join reserve r on r.partner_id = o.partner_id and r.user_id = o.user_id and r.currency = o.currency and r.released_at is null
      join holdback h on h.source = r.reserve_id and (h.released_at is null) is true
       for no key update of r, h
), ended as (
    update reserve r set released_at = :now, released_by = :by::text from old where r.reserve_id = old.reserve_id
    returning r.reserve_id
), freed as (
    update holdback h set released_at = :now from old where h.holdback_id = old.holdback_id
), made as (
    insert into reserve (reserve_id, partner_id, user_id, currency, amount, ends_at, reason, created_at, created_by, clock)
    select :reserve::text, o.partner_id, o.user_id, o.currency, :amount::i64, :ends::instant?, :reason::text, :now, :by, :clock
      from owner o where :amount > 0 and (select count(*) from ended) >= 0
    returning reserve_id
), written as (
    insert into holdback (payment_id, source, partner_id, user_id, currency, part, amount, held, available_on, clock)
    select null, :reserve, o.partner_id, o.user_id, o.currency, 'fixed', :amount, least(:amount, coalesce((select held from old), 0)),
           coalesce(:ends, timestamptz '9999-12-31 00:00:00+00'), :clock
      from owner o where :amount > 0
), kept as (
    update balance b set held = b.held + least(:amount, old.held) - old.held
      from owner o cross join old where b.account_id = o.account_id
)
select (select reserve_id from made), (select reserve_id from ended)
 where exists (select from made) or exists (select from ended);

-- name: reserve_find :maybe
-- row: reserve_id text, partner_id partner_id, user_id user_id, currency text, amount i64, held i64, ends_at instant?, reason text, created_at instant, created_by text, released_at instant?
select r.reserve_id, r.partner_id, r.user_id, r.currency, r.amount, case when h.released_at is null then h.held else 0 end, r.ends_at, r.reason,
       r.created_at, r.created_by, r.released_at
  from reserve r join holdback h on h.source = r.reserve_id
 where r.reserve_id = :reserve::text;

-- name: reserve_list :many
-- Of a partner's sellers: those there are, and those that there were.
-- row: = reserve_find
select r.reserve_id, r.partner_id, r.user_id, r.currency, r.amount, case when h.released_at is null then h.held else 0 end, r.ends_at, r.reason,
       r.created_at, r.created_by, r.released_at
  from reserve r
  cross join lateral (select x.released_at, x.held from holdback x where x.source = r.reserve_id offset 0) h
 where r.partner_id = :partner::partner_id
 order by r.released_at nulls first, r.reserve_id limit 1000;

-- name: reserves_due :many
-- Those that can be filled, or have to give, from after the cursor. free: what the balance has beside all that is held.
-- row: reserve_id text, partner_id partner_id, amount i64, held i64, free i64
select r.reserve_id, r.partner_id, r.amount, h.held, b.posted - b.pending_out - b.held
  from reserve r
  join holdback h on h.source = r.reserve_id and (h.released_at is null) is true
  join account a on a.partner_id = r.partner_id and a.kind = 'seller' and a.user_id = r.user_id and a.currency = r.currency
  join balance b on b.account_id = a.account_id
 where r.clock = :clock and r.released_at is null and r.reserve_id > :after::text
   and (h.held < r.amount and b.posted - b.pending_out - b.held > 0 or h.held > 0 and b.posted - b.pending_out - b.held < 0)
 order by r.reserve_id limit :most::i64;

-- name: reserve_move :one
-- Holds that much from now on. Not moved: it holds something else by now, or the balance has not got that.
-- row: moved bool
with target as materialized (
    select h.holdback_id, h.partner_id, h.user_id, h.currency
      from holdback h where h.source = :reserve::text and (h.released_at is null) is true and h.held = :before::i64
       for no key update
), funded as materialized (
    select b.account_id, g.holdback_id
      from target g
      join account a on a.partner_id = g.partner_id and a.kind = 'seller' and a.user_id = g.user_id and a.currency = g.currency
      join balance b on b.account_id = a.account_id
     where b.posted - b.pending_out - b.held >= :after::i64 - :before or :after < :before
       for no key update of b
), changed as (
    update holdback h set held = :after from funded f where h.holdback_id = f.holdback_id
), kept as (
    update balance b set held = b.held + :after - :before from funded f where b.account_id = f.account_id
)
select exists (select from funded);

-- name: reserves_end :many
-- Those whose part was released, as its day had come.
-- row: reserve_id text
update reserve r set released_at = h.released_at, released_by = 'end'
  from holdback h
 where r.clock = :clock and r.released_at is null and h.source = r.reserve_id and h.released_at is not null
returning r.reserve_id;
