-- name: resource_scopes :many
-- row: scope text, audience text
select scope, audience from resource_scope order by scope limit 1000;

-- name: resource_put :exec
-- A scope belongs to one resource; naming it again moves nothing.
with r as (
    insert into resource (audience, created_at) values (:audience::text, :now)
    on conflict (audience) do update set created_at = resource.created_at
    returning audience
)
insert into resource_scope (scope, audience)
select x, r.audience from r, unnest(:scopes::texts) x
on conflict (scope) do nothing;
