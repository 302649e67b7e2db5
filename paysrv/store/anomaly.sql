-- What a person has to look at: nothing of it is done by the machine alone.

-- name: anomaly_report :exec
-- Told once while it is open, in the newest words. What was closed in these words and rests is not told again (rests_since absent: it is).
insert into anomaly (partner_id, kind, ref, detail, created_at)
select :partner::text?, :kind::text, :ref::text, :detail::text, :wall
 where not exists (select from anomaly a where a.kind = :kind and a.ref = :ref and a.detail = :detail
                                           and a.closed_at > :rests_since::instant?)
on conflict (kind, ref) where closed_at is null do update set detail = excluded.detail where anomaly.detail <> excluded.detail;

-- name: anomalies_open :many
-- Oldest first. waits: the entry by hand about its operation that another operator has to approve.
-- row: anomaly_id i64, partner_id text?, partner_name text?, is_sandbox bool, kind text, ref text, detail text, created_at instant, closed_at instant?, closed_by text?, note text?, payment_id text?, subscription_id text?, waits text?
select anomaly_id, partner_id, partner_name, is_sandbox, kind, ref, detail, created_at, closed_at, closed_by, note, payment_id, subscription_id,
       (select m.manual_entry_id from manual_entry m where m.kind = 'call' and m.object = ref and m.status = 'waiting')
  from anomaly_shown
 where closed_at is null and (:after::i64? is null or anomaly_id > :after) and (:kind::text? is null or kind = :kind)
   and (:partner::text? is null or partner_id = :partner)
 order by anomaly_id
 limit :limit::i64;

-- name: anomalies_closed :many
-- Newest first.
-- row: = anomalies_open
select anomaly_id, partner_id, partner_name, is_sandbox, kind, ref, detail, created_at, closed_at, closed_by, note, payment_id, subscription_id,
       (select m.manual_entry_id from manual_entry m where m.kind = 'call' and m.object = ref and m.status = 'waiting')
  from anomaly_shown
 where closed_at is not null and (:before::i64? is null or anomaly_id < :before) and (:kind::text? is null or kind = :kind)
   and (:partner::text? is null or partner_id = :partner)
 order by anomaly_id desc
 limit :limit::i64;

-- name: anomaly_find :maybe
-- row: = anomalies_open
select anomaly_id, partner_id, partner_name, is_sandbox, kind, ref, detail, created_at, closed_at, closed_by, note, payment_id, subscription_id,
       (select m.manual_entry_id from manual_entry m where m.kind = 'call' and m.object = ref and m.status = 'waiting')
  from anomaly_shown
 where anomaly_id = :id::i64;

-- name: anomaly_close :exec
update anomaly set closed_at = :wall, closed_by = :by::text, note = :note::text
 where anomaly_id = :id::i64 and closed_at is null;

-- name: anomalies_of_call_close :exec
-- What waited for somebody to say how an operation ended.
update anomaly set closed_at = :wall, closed_by = :by::text, note = :note::text
 where kind in ('call_unresolved', 'acquirer_answer') and ref = :call::text and closed_at is null;

-- name: call_named :one
-- Whether the acquirer calls another operation of this kind so.
-- row: is_taken bool
select exists (select from acquirer_call o join acquirer_call c on c.call_id = :call::text
                where o.op = c.op and o.acquirer_ref = :acquirer_ref::text and coalesce(o.acquirer, '') = coalesce(c.acquirer, '')
                  and o.call_id <> c.call_id);

-- name: anomalies_count :many
-- Open ones by kind; live: but for those of sandbox partners.
-- row: kind text, n i64, live i64
select kind, count(*), count(*) filter (where not is_sandbox) from anomaly_shown where closed_at is null group by kind order by kind limit 100;
