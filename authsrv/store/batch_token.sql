-- What many requests ask at the same time, as one statement for all of them (shared/db/batch.h). The first column is the
-- number of the question. "offset 0" keeps a row behind the one that names it: without statistics a table that is asked
-- for what is not revoked looks as if it had one row, and the plan would begin there and walk all of it.

-- name: tokens_find :many
-- Users' tokens that still count: token, grant, user and client are good, and so are those that it was made from.
-- row: n i64, user_id user_id, client_id client_id, scope text, grant_id grant_id, terms json, user_name text, email text?, email_verified bool, profile json, updated_at instant
select q.n, g.user_id, coalesce(a.client_id, g.client_id), a.scope, a.grant_id, g.terms,
       u.name, u.email, u.email_verified, u.profile, u.updated_at
  from unnest(:jtis::texts) with ordinality q (jti, n)
  join access_token a on a.jti = q.jti
  cross join lateral (select * from grants x where x.id = a.grant_id offset 0) g
  join users u on u.id = g.user_id
  join client c on c.id = coalesce(a.client_id, g.client_id)
  left join partner p on p.slug = c.partner
 where a.revoked_at is null and a.expires_at > :now and g.revoked_at is null
   and u.disabled_at is null and c.disabled_at is null and p.disabled_at is null
   and (a.parent_jti is null or not exists (
       with recursive up as (
           select x.jti, x.parent_jti, x.revoked_at from access_token x where x.jti = a.parent_jti
           union all
           select x.jti, x.parent_jti, x.revoked_at from up join access_token x on x.jti = up.parent_jti
       ) select 1 from up where up.revoked_at is not null));

-- name: client_tokens_find :many
-- Clients' own tokens that still count: not revoked, and the client is enabled.
-- row: n i64
select x.n
  from unnest(:jtis::texts, :clients::texts) with ordinality x (jti, client, n)
  join client c on c.id = x.client
 where c.disabled_at is null and not exists (select 1 from revoked_jti r where r.jti = x.jti);

-- name: refresh_find :many
-- row: n i64, grant_id grant_id, client_id client_id, used_at instant?, successor_sealed bytes?, successor_used bool, expires_at instant, revoked bool, user_id user_id, scope text, audience text, sid text, auth_time instant, amr text, terms json, bound_key text?, user_name text, email text?, email_verified bool, profile json, updated_at instant
select q.n, r.grant_id, g.client_id, r.used_at, r.successor_sealed,
       exists (select 1 from refresh x where x.parent = r.token_hash and x.used_at is not null),
       r.expires_at, g.revoked_at is not null or u.disabled_at is not null or c.disabled_at is not null,
       g.user_id, g.scope, g.audience, g.sid, g.auth_time, g.amr, g.terms, r.bound_key,
       u.name, u.email, u.email_verified, u.profile, u.updated_at
  from unnest(:token_hashes::digests) with ordinality q (token_hash, n)
  join refresh r on r.token_hash = q.token_hash
  cross join lateral (select * from grants x where x.id = r.grant_id offset 0) g
  join users u on u.id = g.user_id join client c on c.id = g.client_id;

-- name: refresh_rotate :many
-- The current token becomes the previous one. No row: somebody else was first, in the same batch too, or the grant is
-- gone. Grants are locked in the order of their keys. Sealed successors are hexadecimal.
-- The row before the current one leaves: its token names its grant, so that it is known without a row, and its place in
-- the chain is taken over (decision 0029).
-- row: n i64
with q as materialized (
    select distinct on (x.token_hash) x.*
      from unnest(:token_hashes::digests, :successors::texts, :successor_hashes::digests, :jtis::texts, :scopes::texts,
                  :bound_keys::texts, :expires_us::i64s) with ordinality
           x (token_hash, successor, successor_hash, jti, scope, bound_key, expires_us, n)
     order by x.token_hash, x.n
), g as (
    select q.*, gr.id as grant_id, gr.scope as granted, gr.expires_at, r.parent
      from q join refresh r on r.token_hash = q.token_hash join grants gr on gr.id = r.grant_id
     where gr.revoked_at is null
     order by gr.id for update of gr
), cur as (
    update refresh r set used_at = :now, successor_sealed = decode(g.successor, 'hex'), parent = coalesce(p.parent, r.parent)
      from g left join refresh p on p.token_hash = g.parent and p.names_grant
     where r.token_hash = g.token_hash and r.used_at is null and r.expires_at > :now
    returning g.n, g.token_hash, g.successor_hash, g.jti, g.scope, g.bound_key, g.expires_us, g.grant_id, g.granted, g.expires_at, p.token_hash as before
), gone as (
    delete from refresh r using cur where r.token_hash = cur.before
), child as (
    insert into refresh (token_hash, grant_id, parent, scope, issued_at, expires_at, bound_key, names_grant)
    select successor_hash, grant_id, token_hash, granted, clock_timestamp(), expires_at, nullif(bound_key, ''), true from cur
), a as (
    insert into access_token (jti, grant_id, scope, issued_at, expires_at)
    select jti, grant_id, scope, clock_timestamp(), timestamptz 'epoch' + expires_us * interval '1 microsecond' from cur
)
select n from cur;
