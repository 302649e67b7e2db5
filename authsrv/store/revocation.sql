-- name: revocation_list :many
-- What ended since then and could still be presented at an audience: tokens by their id, and all that a client has.
-- row: jti text?, client_id text?, revoked_at instant, expires_at instant
with recursive dead as (
    select jti, revoked_at from access_token where revoked_at >= :since::instant and expires_at > :now
    union all -- what was exchanged for it ended with it
    select a.jti, d.revoked_at from dead d join access_token a on a.parent_jti = d.jti where a.revoked_at is null
)
select * from (
    select a.jti, null::text as client_id, d.revoked_at, a.expires_at
      from dead d join access_token a on a.jti = d.jti join grants g on g.id = a.grant_id
     where a.expires_at > :now and :audience::text = any (string_to_array(g.audience, ' '))
    union all
    select a.jti, null, g.revoked_at, a.expires_at
      from grants g join access_token a on a.grant_id = g.id
     where g.revoked_at >= :since and a.expires_at > :now and a.revoked_at is null and :audience = any (string_to_array(g.audience, ' '))
    union all
    select jti, null, revoked_at, expires_at from revoked_jti where revoked_at >= :since and expires_at > :now
    union all
    select null, c.id, greatest(c.disabled_at, p.disabled_at), greatest(c.disabled_at, p.disabled_at) + interval '1 day'
      from client c left join partner p on p.slug = c.partner
     where greatest(c.disabled_at, p.disabled_at) >= :since
) x order by 3 limit :most::i64;
