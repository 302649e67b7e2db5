-- Idempotency of requests whose whole effect is one transaction here: key, effect and answer commit together.

-- name: once_claim :exec
-- No row affected: the key was used before.
insert into idempotency (partner_id, route, key, fingerprint, op, created_at)
values (:partner::partner_id, :route::text, :key::text, :fingerprint::digest, :op::text, :wall)
on conflict do nothing;

-- name: once_answer :exec
update idempotency set status = :status::i32, body = :body::text
 where partner_id = :partner::partner_id and route = :route::text and key = :key::text;
