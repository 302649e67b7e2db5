-- Statements of accounts: periods as ranges of entries (docs/decisions/0052).

-- name: ledger_cut_find :maybe
-- row: entry_id i64
select entry_id from ledger_cut where clock = :clock and at = :at::instant;

-- name: ledger_cut_search :one
-- The last entry of what was before a time. Entries are made in the order of time but for those of one moment, so halving finds a place; between the
-- cuts on either side, so that cuts follow each other. Entries of sandboxes are passed over, whose times are of other clocks.
-- row: entry_id i64
with recursive bounds as (
    select coalesce((select max(entry_id) from ledger_cut where clock = '' and at < :at::instant), 0) as low,
           coalesce((select min(entry_id) from ledger_cut where clock = '' and at > :at), (select max(entry_id) from entry), 0) as high
), search (low, high) as (
    select low, high from bounds
    union all
    select case when m.created_at < :at then m.entry_id else s.low end,
           case when m.created_at < :at then s.high else (s.low + s.high) / 2 end
      from search s
      left join lateral (select e.entry_id, e.created_at from entry e join partner n on n.partner_id = e.partner_id and not n.is_sandbox
                          where e.entry_id > (s.low + s.high) / 2 and e.entry_id <= s.high order by e.entry_id limit 1) m on true
     where s.low < s.high
)
select min(low) from search where low >= high;

-- name: ledger_cut_search_sandbox :one
-- The same for a sandbox, from the end of each of its accounts: they are few and short.
-- row: entry_id i64
select coalesce(max(x.entry_id), 0)::bigint
  from account a
 cross join lateral (select p.entry_id
                       from posting p cross join lateral (select y.created_at from entry y where y.entry_id = p.entry_id offset 0) e
                      where p.account_id >= a.account_id and p.account_id <= a.account_id and e.created_at < :at::instant
                      order by p.account_id desc, p.entry_id desc limit 1) x
 where a.partner_id = :clock;

-- name: ledger_cut_keep :one
-- row: entry_id i64
with made as (
    insert into ledger_cut (clock, at, entry_id, made_at) values (:clock, :at::instant, :entry::i64, :now)
    on conflict (clock, at) do nothing returning entry_id
)
select coalesce((select entry_id from made), (select entry_id from ledger_cut where clock = :clock and at = :at), :entry);

-- name: statement_account :maybe
-- row: account_id i64, partner_name text, user_name text?, side i32
select a.account_id, n.name, u.name, a.side::integer
  from account a
  join partner n on n.partner_id = a.partner_id
  left join pay_user u on u.partner_id = a.partner_id and u.user_id = a.user_id
 where a.partner_id = :partner::partner_id and a.kind = :kind::text and a.user_id = :user::text and a.currency = :currency::text;

-- name: statement_sums :one
-- What an account had at the first place, and what came and went until the second.
-- row: opening i64, came i64, went i64, entries i64
with known as (
    select c.entry_id, c.balance from account_closing c
     where c.account_id = :account::i64 and c.entry_id <= :from::i64 order by c.entry_id desc limit 1
)
select (coalesce((select balance from known), 0) + a.side * coalesce(sum(p.amount) filter (where p.entry_id <= :from), 0))::bigint,
       coalesce(sum(a.side * p.amount) filter (where p.entry_id > :from and a.side * p.amount > 0), 0)::bigint,
       coalesce(sum(-a.side * p.amount) filter (where p.entry_id > :from and a.side * p.amount < 0), 0)::bigint,
       count(p.amount) filter (where p.entry_id > :from)
  from account a
  left join posting p on p.account_id = a.account_id and p.entry_id > coalesce((select entry_id from known), 0) and p.entry_id <= :to::i64
 where a.account_id = :account
 group by a.account_id, a.side;

-- name: account_closing_keep :one
-- What it had, and whose it was by name, when a period that is over was first read: a later name changes no statement.
-- row: owner text
with made as (
    insert into account_closing (account_id, entry_id, balance, owner) values (:account::i64, :entry::i64, :balance::i64, :owner::text)
    on conflict do nothing returning owner
)
select coalesce((select owner from made), (select owner from account_closing where account_id = :account and entry_id = :entry), :owner);
