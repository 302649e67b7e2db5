-- The ledger as operators look at it: its seals, its accounts with what they have.

-- name: ledger_sealed :one
-- The last seal (0: none yet), how many entries no seal holds yet, counted to :most, and how far all were looked at again.
-- row: seal_id i64, last_entry i64, sealed_at instant?, hash text, unsealed i64, looked_at instant?, broken_seal i64?, broken_first i64?, broken_last i64?
select coalesce(s.seal_id, 0), coalesce(s.last_entry, 0), s.sealed_at, coalesce(encode(s.hash, 'hex'), ''),
       (select count(*) from (select from entry e where e.entry_id > coalesce(s.last_entry, 0) order by e.entry_id limit :most::i64) x),
       c.finished_at, c.broken_seal, b.first_entry, b.last_entry
  from ledger_scrub c
  left join (select * from ledger_seal order by seal_id desc limit 1) s on true
  left join ledger_seal b on b.seal_id = c.broken_seal;

-- name: account_tree :many
-- A partner's accounts by kind and currency: what was folded and the tail after it. amount: debit positive, so that each currency sums to zero.
-- row: kind text, currency text, accounts i64, amount i64
select a.kind, a.currency, count(*),
       sum(a.side * b.posted + case when b.is_spent then 0 else coalesce(k.tail, 0) end)::bigint
  from account a
  join balance b on b.account_id = a.account_id
  left join lateral (select sum(p.amount) as tail from posting p where not b.is_spent and p.account_id = a.account_id and p.entry_id > b.folded_to) k on true
 where a.partner_id = :partner::partner_id
 group by a.kind, a.currency order by a.currency, a.kind limit 2000;

-- name: account_leaves :many
-- One kind of them, by whose they are, from after the cursor. amount: debit positive.
-- row: user_id text, user_name text?, currency text, amount i64
select a.user_id, (select u.name from pay_user u where u.partner_id = :partner::partner_id and u.user_id = a.user_id), a.currency,
       (a.side * b.posted + case when b.is_spent then 0
                            else coalesce((select sum(p.amount) from posting p
                                       where (p.account_id, p.entry_id) > (a.account_id, b.folded_to) and p.account_id <= a.account_id), 0) end)::bigint
  from (select * from account x
         where x.partner_id = :partner and x.kind = :kind::text and (x.user_id, x.currency) > (:after::text, :after_currency::text)
         order by x.user_id, x.currency limit :limit::i64) a
 cross join lateral (select * from balance y where y.account_id = a.account_id limit 1) b
 order by a.user_id, a.currency;
