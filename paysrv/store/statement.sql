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

-- name: account_page :many
-- A partner's accounts, so many after one; of these kinds and in this currency, where that is said.
-- row: account_id i64, kind text, user_id text, currency text
select x.account_id, x.kind, x.user_id, x.currency from account x
 where x.partner_id = :partner::partner_id and (x.kind, x.user_id, x.currency) > (:after_kind::text, :after_user::text, :after_currency::text)
   and (:kinds::texts? is null or x.kind = any (:kinds)) and (:currency::text? is null or x.currency = :currency)
 order by x.kind, x.user_id, x.currency limit :limit::i64;

-- name: account_closings :many
-- The last closing of each account up to a place; without one it begins with nothing. In the order in which they are named.
-- row: side i32, entry_id i64, balance i64
select a.side::integer, coalesce(k.entry_id, 0), coalesce(k.balance, 0)
  from unnest(:accounts::i64s) with ordinality as w (account_id, n)
 cross join lateral (select y.* from account y where y.account_id = w.account_id offset 0) a
  left join lateral (select c.entry_id, c.balance from account_closing c
                      where c.account_id = w.account_id and c.entry_id <= :place::i64 order by c.entry_id desc limit 1) k on true
 order by w.n;

-- name: account_moved :many
-- Each side of what moved on each account after a place of its own, up to one of all (debit positive), in the order in which they are named. Of each at most
-- so many postings, and of an entry all: until which one that is.
-- row: until i64, debits i64, credits i64, entries i64
select u.until, coalesce(q.debits, 0)::bigint, coalesce(q.credits, 0)::bigint, q.entries
  from unnest(:accounts::i64s, :afters::i64s) with ordinality as w (account_id, after, n)
 cross join lateral (select coalesce((select greatest(x.entry_id - 1, w.after + 1) from posting x
                                       where x.account_id = w.account_id and x.entry_id > w.after and x.entry_id <= :to::i64
                                       order by x.account_id, x.entry_id offset :most::i64 limit 1), :to) as until offset 0) u
 cross join lateral (select sum(p.amount) filter (where p.amount > 0) as debits, -sum(p.amount) filter (where p.amount < 0) as credits,
                            count(*) as entries
                       from posting p where p.account_id = w.account_id and p.entry_id > w.after and p.entry_id <= u.until) q
 order by w.n;

-- name: account_closings_keep :exec
-- What accounts had at a place, and whose they were by name, as account_closing_keep: who reads what is later begins there.
insert into account_closing (account_id, entry_id, balance, owner)
select a.account_id, :place::i64, w.balance,
       coalesce((select u.name from pay_user u where u.partner_id = a.partner_id and u.user_id = a.user_id),
                (select n.name from partner n where n.partner_id = a.partner_id))
  from unnest(:accounts::i64s, :balances::i64s) as w (account_id, balance)
 cross join lateral (select x.* from account x where x.account_id = w.account_id offset 0) a
on conflict do nothing;

-- name: account_closing_keep :one
-- What it had, and whose it was by name, when a period that is over was first read: a later name changes no statement.
-- row: owner text
with made as (
    insert into account_closing (account_id, entry_id, balance, owner) values (:account::i64, :entry::i64, :balance::i64, :owner::text)
    on conflict do nothing returning owner
)
select coalesce((select owner from made), (select owner from account_closing where account_id = :account and entry_id = :entry), :owner);
