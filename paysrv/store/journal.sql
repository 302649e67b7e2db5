-- The journal and the trial balance, for accountants' books (docs/decisions/0052).

-- name: journal_entries :one
-- A partner's entries after one, up to another, of so many at most. From its accounts, not from the entries: those of others lie between them. Each account
-- is asked, and a partner may have some hundred thousand, so for many entries at once.
-- row: entries i64s
select array(select distinct q.entry_id
               from account x
              cross join lateral (select y.entry_id from posting y
                                   where y.account_id = x.account_id and y.entry_id > :after::i64 and y.entry_id <= :until::i64
                                   offset 0) q
              where x.partner_id = :partner::partner_id
              order by q.entry_id limit :limit::i64);

-- name: journal_entries_of_all :one
-- The same of all partners that are live.
-- row: = journal_entries
select array(select e.entry_id
               from entry e
              cross join lateral (select from partner y where y.partner_id = e.partner_id and not y.is_sandbox offset 0) n
              where e.entry_id > :after::i64 and e.entry_id <= :until::i64
              order by e.entry_id limit :limit::i64);

-- name: journal_lines :many
-- row: entry_id i64, partner_id partner_id, kind text, ref text, reverses i64?, created_at instant, account text, user_id text, currency text, amount i64
select e.entry_id, e.partner_id, e.kind, e.ref, e.reverses, e.created_at, a.kind, a.user_id, p.currency, p.amount
  from (select y.* from entry y where y.entry_id = any (:entries::i64s)) e
 cross join lateral (select y.* from posting y where y.entry_id = e.entry_id offset 0) p
 cross join lateral (select y.* from account y where y.account_id = p.account_id offset 0) a
 order by e.entry_id, p.line;

-- name: trial_balance_page :many
-- What a partner's accounts had at the first place (debit positive), and each side of what moved until the second; so many accounts after one.
-- row: account_id i64, kind text, user_id text, currency text, side i32, opening i64, debits i64, credits i64
select a.account_id, a.kind, a.user_id, a.currency, a.side::integer, (coalesce(a.side * k.balance, 0) + coalesce(q.before, 0))::bigint,
       coalesce(q.debits, 0)::bigint, coalesce(q.credits, 0)::bigint
  from (select * from account x
         where x.partner_id = :partner::partner_id and (x.kind, x.user_id, x.currency) > (:after_kind::text, :after_user::text, :after_currency::text)
         order by x.kind, x.user_id, x.currency limit :limit::i64) a
  left join lateral (select c.entry_id, c.balance from account_closing c
                      where c.account_id = a.account_id and c.entry_id <= :from::i64 order by c.entry_id desc limit 1) k on true
  left join lateral (select sum(p.amount) filter (where p.entry_id <= :from) as before,
                            sum(p.amount) filter (where p.entry_id > :from and p.amount > 0) as debits,
                            -sum(p.amount) filter (where p.entry_id > :from and p.amount < 0) as credits
                       from posting p
                      where p.account_id = a.account_id and p.entry_id > coalesce(k.entry_id, 0) and p.entry_id <= :to::i64) q on true
 order by a.kind, a.user_id, a.currency;

-- name: trial_balance_clearing :many
-- Each side of what moved on accounts of these kinds together, an entry as its sum.
-- row: currency text, debits i64, credits i64
select g.currency, coalesce(sum(g.amount) filter (where g.amount > 0), 0)::bigint, coalesce(-sum(g.amount) filter (where g.amount < 0), 0)::bigint
  from (select a.currency, p.entry_id, sum(p.amount) as amount
          from account a
         cross join lateral (select y.entry_id, y.amount from posting y
                              where y.account_id = a.account_id and y.entry_id > :from::i64 and y.entry_id <= :to::i64
                              offset 0) p
         where a.partner_id = :partner::partner_id and a.kind = any (:kinds::texts)
         group by a.currency, p.entry_id) g
 group by g.currency order by g.currency limit 200;

-- name: trial_balance_keep :exec
-- What accounts had at the end of a period that is over, and whose they were by name, as account_closing_keep: the next one begins there.
insert into account_closing (account_id, entry_id, balance, owner)
select a.account_id, :entry::i64, w.balance,
       coalesce((select u.name from pay_user u where u.partner_id = a.partner_id and u.user_id = a.user_id),
                (select n.name from partner n where n.partner_id = a.partner_id))
  from unnest(:accounts::i64s, :balances::i64s) as w (account_id, balance)
 cross join lateral (select x.* from account x where x.account_id = w.account_id offset 0) a
on conflict do nothing;

-- name: trial_balance_partner :maybe
-- The next one that is live.
-- row: partner_id partner_id
select partner_id from partner where not is_sandbox and partner_id > :after::partner_id order by partner_id limit 1;
