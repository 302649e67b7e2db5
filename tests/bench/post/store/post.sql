-- name: post_one :one grouped
-- row: is_new bool
with claim as (
    insert into idem values (:key::text, :body::text, :now) on conflict do nothing returning 1
), booked as (
    insert into entry (key, created_at) select :key, :now from claim returning id
), lines as (
    insert into line select b.id, l.line, l.account, l.amount
      from booked b cross join unnest(:accounts::i64s, :amounts::i64s) with ordinality as l (account, amount, line)
    returning account, amount
), kept as (
    update balance b set posted = b.posted + l.amount from lines l where l.account = b.account
), told as (
    insert into event (data, created_at) select :body, :now from claim
)
select exists (select from claim);

-- name: post_many :many
-- The same for many at once: what one array statement per batch would be.
-- row: key text
with asked as (
    select * from unnest(:keys::texts, :sellers::i64s, :shares::i64s) as a (key, seller, share)
), claim as (
    insert into idem select key, :body::text, :now from asked on conflict do nothing returning key
), booked as (
    insert into entry (key, created_at) select key, :now from claim returning id, key
), lines as (
    insert into line select b.id, l.line, l.account, l.amount
      from booked b join asked a on a.key = b.key
     cross join lateral (values (1, -1, a.share + 30), (2, -2, -5), (3, -3, -25), (4, a.seller, -a.share)) as l (line, account, amount)
    returning account, amount
), kept as (
    update balance b set posted = b.posted + l.amount
      from (select account, sum(amount)::int8 as amount from lines group by account) l where l.account = b.account
), told as (
    insert into event (data, created_at) select :body, :now from claim
)
select key from claim;
