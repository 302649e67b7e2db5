-- Requests that are kept for later and what may be used once, as one statement for all who come at the same time
-- (shared/db/batch.h).

-- name: pushed_request_create :exec batch
insert into pushed_request (uri_hash, client_id, parameters, was_signed, created_at, expires_at)
select uri_hash, client_id, parameters, was_signed = 1, :now, :expires_at::instant
  from unnest(:uri_hash::digests, :client_id::texts, :parameters::texts, :was_signed::i64s)
       x (uri_hash, client_id, parameters, was_signed);

-- name: jti_use :many batch
-- A row for whoever is the first, in the same batch too.
-- row: n i64
with q as materialized (
    select distinct on (x.jti_hash) x.*
      from unnest(:jti_hash::digests, :expires_us::i64s) with ordinality x (jti_hash, expires_us, n)
     order by x.jti_hash, x.n
), i as (
    insert into seen_jti (jti_hash, expires_at)
    select jti_hash, timestamptz 'epoch' + expires_us * interval '1 microsecond' from q
        on conflict (jti_hash) do nothing
    returning jti_hash
)
select q.n from q where (q.jti_hash in (select i.jti_hash from i)) is true;
