-- Heads of the ledger's seals that are published.

-- name: ledger_head_publish :maybe
-- Yesterday's, once: the last seal before today. Nothing: it is published, or nothing was sealed yet.
-- row: day text, seal_id i64, hash bytes
insert into ledger_head (day, seal_id, hash, published_at)
select d.day, s.seal_id, s.hash, :wall
  from (select date_trunc('day', :wall at time zone 'UTC')::date - 1 as day) d
 cross join lateral (select seal_id, hash from ledger_seal where sealed_at < (d.day + 1)::timestamp at time zone 'UTC' order by seal_id desc limit 1) s
 where not exists (select from ledger_head h where h.day = d.day)
on conflict (day) do nothing
returning to_char(day, 'YYYY-MM-DD'), seal_id, hash;

-- name: ledger_head_list :many
-- Newest first.
-- row: day text, seal_id i64, hash bytes
select to_char(day, 'YYYY-MM-DD'), seal_id, hash from ledger_head order by day desc limit :limit::i64;

-- name: ledger_head_broken :maybe
-- The first that was published and is no seal any more.
-- row: day text, seal_id i64
select to_char(h.day, 'YYYY-MM-DD'), h.seal_id
  from ledger_head h left join ledger_seal s on s.seal_id = h.seal_id
 where s.hash is distinct from h.hash
 order by h.day limit 1;

-- name: ledger_seal_of_hash :maybe
-- row: seal_id i64
select seal_id from ledger_seal where hash = :hash::bytes;
