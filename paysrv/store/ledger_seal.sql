-- The ledger's seals: decision 0070.

-- name: ledger_seal_next :maybe
-- Seals the next block of entries up to the horizon, of so many; two servers that do it at once make one seal.
-- row: seal_id i64, last_entry i64, entries i64, hash bytes, first_of_hour bool
with last as materialized (
    select coalesce(max(s.seal_id), 0) as seal_id, coalesce(max(s.last_entry), 0) as last_entry,
           coalesce((array_agg(s.hash))[1], decode(repeat('00', 32), 'hex')) as hash, max(s.sealed_at) as sealed_at
      from (select * from ledger_seal order by seal_id desc limit 1) s
), block as materialized (
    select max(b.entry_id) as last_entry, count(*) as entries
      from last cross join lateral (select e.entry_id from entry e where e.entry_id > last.last_entry and e.entry_id <= :horizon::i64
                                     order by e.entry_id limit :most::i64) b
)
insert into ledger_seal (seal_id, first_entry, last_entry, entries, postings, prev, hash, sealed_at)
select last.seal_id + 1, last.last_entry + 1, block.last_entry, d.entries, d.postings, last.hash, d.hash, :wall
  from last cross join block cross join lateral ledger_digest(last.hash, last.last_entry + 1, block.last_entry) d
 where block.entries >= :least::i64
on conflict (seal_id) do nothing
returning seal_id, last_entry, entries, hash,
          coalesce(date_trunc('hour', sealed_at) > (select date_trunc('hour', last.sealed_at) from last), true);

-- name: ledger_unsealed :one
-- How many entries no seal holds yet, counted to :most, and after which seal; 0: there is none.
-- row: entries i64, seal_id i64
select (select count(*) from (select from entry where entry_id > coalesce((select last_entry from ledger_seal order by seal_id desc limit 1), 0) limit :most::i64) e),
       coalesce((select seal_id from ledger_seal order by seal_id desc limit 1), 0);

-- name: ledger_seals_check :one
-- The next seals after one that was good, computed anew: how many, which is the first that is not what was sealed (0: none), and their end.
-- row: n i64, entries i64, broken_seal i64, broken_first i64?, broken_last i64?, seal_id i64, last_entry i64, hash bytes?
with part as materialized (
    select s.seal_id, s.first_entry, s.last_entry, s.hash, s.entries,
           s.prev is distinct from lag(s.hash, 1, :hash::bytes) over w or s.seal_id <> lag(s.seal_id, 1, :after::i64) over w + 1
           or s.first_entry <> lag(s.last_entry, 1, :last_entry::i64) over w + 1
           or s.hash is distinct from d.hash or s.entries <> d.entries or s.postings <> d.postings as is_broken
      from (select * from ledger_seal where seal_id > :after order by seal_id limit :most::i64) s
     cross join lateral ledger_digest(s.prev, s.first_entry, s.last_entry) d
    window w as (order by s.seal_id)
), broken as materialized (
    select * from part where is_broken order by seal_id limit 1
), ends as materialized (
    select * from part order by seal_id desc limit 1
)
select (select count(*) from part), coalesce((select sum(entries) from part), 0)::bigint, coalesce((select seal_id from broken), 0),
       (select first_entry from broken), (select last_entry from broken), coalesce((select seal_id from ends), :after),
       coalesce((select last_entry from ends), :last_entry), (select hash from ends);

-- name: ledger_seal_find :maybe
-- row: hash bytes
select hash from ledger_seal where seal_id = :seal::i64;

-- name: ledger_scrub_take :maybe
-- Where to go on; nobody when another server is at it.
-- row: seal_id i64, hash bytes, last_entry i64, broken_seal i64?, finished_at instant?
select seal_id, hash, last_entry, broken_seal, finished_at from ledger_scrub for no key update skip locked;

-- name: ledger_scrub_put :exec
-- A pass that has come to its end begins anew.
update ledger_scrub
   set seal_id = :seal::i64, hash = :hash::bytes, last_entry = :last_entry::i64, broken_seal = nullif(:broken::i64, 0),
       begun_at = case when :is_end::bool then null else coalesce(begun_at, :wall) end,
       finished_at = case when :is_end then :wall else finished_at end;
