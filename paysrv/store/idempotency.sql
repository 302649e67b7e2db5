-- name: idempotency_find :maybe
-- What is stored under a key. An operation that has no answer yet tells the state of its call to the acquirer.
-- row: fingerprint digest, op text, status i32?, body text?, call_state text?
select i.fingerprint, i.op, i.status, i.body, c.state
  from idempotency i left join acquirer_call c on c.call_id = i.op
 where i.partner_id = :partner::partner_id and i.route = :route::text and i.key = :key::text;

-- name: idempotency_purge :one
-- Answered keys past their retention, of some pages of the table: no index finds the oldest for long (see request_log_purge), and one by
-- time would be written with every payment. pages: of the whole table.
-- row: gone i64, pages i64
with swept as (
    delete from idempotency
     where ctid >= format('(%s,0)', :page::i64)::tid and ctid < format('(%s,0)', :page + :count::i64)::tid
       and created_at < :before::instant and status is not null
    returning 1
)
select count(*), (select pg_relation_size('idempotency') / current_setting('block_size')::bigint) from swept;
