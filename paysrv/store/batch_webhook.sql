-- What deliveries write, for all that end at the same time; as batch.sql says.

-- name: webhook_deliveries_record :many batch
-- The outcomes of attempts. Nothing of one that was asked for again meanwhile: it is due anew. Who holds a row asks for it again or
-- deletes it, so nobody waits for him: of an endpoint that is deleted with all its deliveries that would be long, and the outcomes of
-- all others would fail with it. An answer that is none comes as 0.
-- row: n i64
with outcome as materialized (
    select * from unnest(:endpoint::texts, :event::texts, :was_due_us::i64s, :status::texts, :due_us::i64s, :answered::i64s, :why::texts?, :excerpt::texts?)
             with ordinality as o (endpoint, event, was_due_us, status, due_us, answered, why, excerpt, n)
     order by 1, 2
), held as materialized (
    select o.* from outcome o
      join webhook_delivery d on d.webhook_endpoint_id = o.endpoint and d.event_id = o.event
     where (d.status = 'pending') is true and (d.due_at = timestamptz 'epoch' + o.was_due_us * interval '1 microsecond') is true
     order by o.endpoint, o.event
       for no key update of d skip locked
), recorded as (
    update webhook_delivery d
       set attempts = d.attempts + 1, status = o.status, due_at = timestamptz 'epoch' + o.due_us * interval '1 microsecond',
           answered = nullif(o.answered, 0)::int, why = nullif(o.why, ''), excerpt = nullif(o.excerpt, ''), finished_at = case when o.status = 'pending' then null else :wall end
      from held o
     where d.webhook_endpoint_id = o.endpoint and d.event_id = o.event
    returning o.n
)
select n from recorded;
