-- name: posting_put :one grouped
-- The answer tells whether this operation was new.
-- row: operation text, amount i64, is_new bool
with made as (
    insert into posting values (:operation::text, :account::i64, :amount::i64, :entries::i64s)
    on conflict do nothing returning 1)
select :operation, :amount, exists (select 1 from made);

-- name: posting_count :one
-- row: n i64
select count(*) from posting;

-- name: pair_add_grouped :exec grouped
insert into pair values (:id::i64, :partner::i64);

-- name: postings_put :many
-- row: operation text
insert into posting select operation, 0, amount, '{}' from unnest(:operations::texts, :amounts::i64s) as p (operation, amount)
returning operation;

-- name: pairs_add :exec
insert into pair select * from unnest(:ids::i64s, :partners::i64s);

-- name: commits_hold :one
-- row: n i64
select count(*) from (select pg_advisory_lock(1)) held;

-- name: commits_release :one
-- row: n i64
select count(*) from (select pg_advisory_unlock(1)) released;
