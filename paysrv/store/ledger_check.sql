-- The rules of the books, checked one after another: decision 0078.

-- name: ledger_check_take :one
-- One server at a time, for as long as its connection lives.
-- row: is_ours bool
select pg_try_advisory_lock(hashtextextended('ledger_check', 0));

-- name: ledger_rules_know :exec
-- As the schema has them. A new one is due with the others, the first of all when the time between two checks has passed: books begin empty.
with gone as (
    delete from ledger_rule where (view, rule) not in (select * from unnest(:views::texts, :rules::texts))
)
insert into ledger_rule (view, rule, known_at)
select x.view, x.rule, coalesce((select min(coalesce(checked_at, known_at)) from ledger_rule), :wall)
  from unnest(:views, :rules) as x (view, rule)
on conflict (view, rule) do nothing;

-- name: ledger_rule_due :maybe
-- The one whose last check is the oldest; a check that broke off is no check. One that failed is tried again later.
-- row: view text, rule text
select view, rule from ledger_rule
 where coalesce(checked_at, known_at) <= :wall - :every_s::i64 * interval '1 second'
   and (failed_at is null or failed_at <= :wall - :again_s::i64 * interval '1 second')
 order by coalesce(checked_at, known_at), rule, view
 limit 1;

-- name: ledger_rule_checked :exec
update ledger_rule set checked_at = :wall, took_ms = :took_ms::i64, violations = :violations::i64, failed_at = null
 where view = :view::text and rule = :rule::text;

-- name: ledger_rule_failed :exec
update ledger_rule set failed_at = :wall where view = :view::text and rule = :rule::text;

-- name: ledger_check_state :one
-- How many rules are known, what their last checks found, and since when all have been checked (absent: one never was).
-- violated: by view and name; '': what is of no name.
-- row: rules i64, violations i64, violated texts, waits_since instant?, whole_since instant?
select count(*), coalesce(sum(violations), 0)::bigint,
       coalesce(array_agg(distinct case rule when '' then '' else view || '/' || rule end) filter (where violations > 0), '{}'), min(coalesce(checked_at, known_at)),
       case when bool_and(checked_at is not null) then min(checked_at) end
  from ledger_rule;
