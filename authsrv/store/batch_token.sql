-- What many requests ask at the same time, as one statement for all of them (shared/db/batch.h). The first column is the
-- number of the question.

-- name: tokens_find :many
-- Users' tokens that still count: token, grant, user and client are good, and so are those that it was made from.
-- row: n i64, user_id user_id, client_id client_id, scope text, grant_id grant_id, terms json
select q.n, g.user_id, coalesce(a.client_id, g.client_id), a.scope, a.grant_id, g.terms
  from unnest(:jtis::texts) with ordinality q (jti, n)
  join access_token a on a.jti = q.jti
  join grants g on g.id = a.grant_id join users u on u.id = g.user_id
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

-- name: persons_find :many
-- row: n i64, id user_id, name text, email text?, email_verified bool, role text, profile json, updated_at instant
select x.n, u.id, u.name, u.email, u.email_verified, u.role, u.profile, u.updated_at
  from unnest(:ids::texts) with ordinality x (id, n)
  join users u on u.id = x.id
 where u.disabled_at is null;
