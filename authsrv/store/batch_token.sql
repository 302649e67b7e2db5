-- What many requests ask at the same time, as one statement for all of them (shared/db/batch.h). The first column is the
-- number of the question. "offset 0" keeps a row behind the one that names it: without statistics a table that is asked
-- for what is not revoked looks as if it had one row, and the plan would begin there and walk all of it.

-- name: tokens_find :many batch
-- Users' tokens that still count: token, grant, user and client are good, and so are those that it was made from.
-- row: n i64, user_id user_id, client_id client_id, scope text, grant_id grant_id, terms json, user_name text, email text?, email_verified bool, profile json, updated_at instant
select q.n, g.user_id, coalesce(a.client_id, g.client_id), a.scope, a.grant_id, g.terms,
       u.name, u.email, u.email_verified, u.profile, u.updated_at
  from unnest(:jti::texts) with ordinality q (jti, n)
  join access_token a on a.jti = q.jti
  cross join lateral (select * from grants x where x.id = a.grant_id offset 0) g
  join users u on u.id = g.user_id
  join client c on c.id = coalesce(a.client_id, g.client_id)
  left join partner p on p.slug = c.partner
 where a.revoked_at is null and a.expires_at > :now and g.revoked_at is null
   and u.disabled_at is null and c.disabled_at is null and p.disabled_at is null
   and not grant_ends(g.user_id, g.client_id, g.sid, g.scope, g.tokens_at, g.created_at)
   and (a.parent_jti is null or not exists (
       with recursive up as (
           select x.jti, x.parent_jti, x.revoked_at from access_token x where x.jti = a.parent_jti
           union all
           select x.jti, x.parent_jti, x.revoked_at from up join access_token x on x.jti = up.parent_jti
       ) select 1 from up where up.revoked_at is not null));

-- name: client_tokens_find :many batch
-- Clients' own tokens that still count: not revoked, and the client is good.
-- row: n i64
select x.n
  from unnest(:jti::texts, :client::texts) with ordinality x (jti, client, n)
  join client c on c.id = x.client
  left join partner p on p.slug = c.partner
 where c.disabled_at is null and p.disabled_at is null and not exists (select 1 from revoked_jti r where r.jti = x.jti);

-- name: refresh_find :many batch
-- By the grant that the token names; the first of a family names none. A token that is neither the current one of its
-- family nor the one before was used, whatever the times say, and so was its successor.
-- row: n i64, grant_id grant_id, client_id client_id, used_at instant?, successor_sealed bytes?, successor_used bool, expires_at instant, revoked bool, user_id user_id, scope text, audience text, sid text, auth_time instant, amr text, terms json, bound_key text?, user_name text, email text?, email_verified bool, profile json, updated_at instant
select q.n, r.grant_id, g.client_id,
       case when r.token_hash <> q.token_hash then coalesce(r.used_at, r.issued_at) end, r.successor_sealed,
       r.token_hash <> q.token_hash and r.parent is distinct from q.token_hash,
       g.expires_at, g.revoked_at is not null or u.disabled_at is not null or c.disabled_at is not null
       or grant_ends(g.user_id, g.client_id, g.sid, g.scope, g.tokens_at, g.created_at),
       g.user_id, g.scope, g.audience, g.sid, g.auth_time, g.amr, g.terms, r.bound_key,
       u.name, u.email, u.email_verified, u.profile, u.updated_at
  from unnest(:token_hash::digests, :grant_id::texts?) with ordinality q (token_hash, grant_id, n)
  join refresh r on r.grant_id = coalesce(nullif(q.grant_id, ''), (select x.grant_id from refresh x where x.first_hash = q.token_hash))
  cross join lateral (select * from grants x where x.id = r.grant_id offset 0) g
  join users u on u.id = g.user_id join client c on c.id = g.client_id;

-- name: refresh_rotate :many batch
-- The current token becomes the previous one. No row: somebody else was first, in the same batch too, or the grant is
-- gone. Grants are locked in the order of their keys. Sealed successors are hexadecimal.
-- row: n i64
with q as materialized (
    select distinct on (x.grant_id) x.*
      from unnest(:grant_id::texts, :token_hash::digests, :successor::texts, :successor_hash::digests, :jti::texts,
                  :scope::texts, :bound_key::texts?, :expires_us::i64s) with ordinality
           x (grant_id, token_hash, successor, successor_hash, jti, scope, bound_key, expires_us, n)
     order by x.grant_id, x.n
), g as (
    select q.* from q cross join lateral (select * from grants x where x.id = q.grant_id offset 0 for update) gr
     where gr.revoked_at is null and gr.expires_at > :now
), cur as (
    update refresh r
       set parent = r.token_hash, token_hash = g.successor_hash, successor_sealed = decode(g.successor, 'hex'), used_at = :now,
           issued_at = clock_timestamp(), bound_key = nullif(g.bound_key, '')
      from g where r.grant_id = g.grant_id and r.token_hash = g.token_hash
    returning g.n, g.jti, g.grant_id, g.scope, g.expires_us
), a as (
    insert into access_token (jti, grant_id, scope, issued_at, expires_at)
    select jti, grant_id, scope, clock_timestamp(), timestamptz 'epoch' + expires_us * interval '1 microsecond' from cur
)
select n from cur;
