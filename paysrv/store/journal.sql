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

-- name: trial_balance_clearing :many
-- Each side of what moved on accounts of these kinds together, an entry as its sum: of some of the entries of a period, for all are more than one statement
-- adds up in its time.
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

-- name: trial_balance_partner :maybe
-- The next one that is live.
-- row: partner_id partner_id
select partner_id from partner where not is_sandbox and partner_id > :after::partner_id order by partner_id limit 1;
