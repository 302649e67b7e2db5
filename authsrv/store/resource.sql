-- name: resource_scopes :many
-- row: scope text, audience text, is_open bool
select scope, audience, is_open from resource_scope order by scope limit 1000;

-- name: scope_page :many
-- row: = resource_scopes
select scope, audience, is_open from resource_scope where :after::text? is null or scope > :after order by scope limit :limit::i64;

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

-- name: scope_open :exec
-- For clients that no operator knows: they may ask for it from now on.
update resource_scope set is_open = true where scope = :scope::text;

-- name: scope_close :exec
-- Those that have it lose it, but for the ones that an operator checked; what people granted them stays until it ends.
with c as (
    update client
       set metadata = jsonb_set(metadata, '{scope}', to_jsonb(array_to_string(array_remove(string_to_array(metadata->>'scope', ' '), :scope::text), ' '))),
           version = version + 1, updated_at = :now
     where (registration_hash is not null or id like 'open\_%' or document_at is not null) and not verified
       and :scope = any (string_to_array(metadata->>'scope', ' ')) and exists (select 1 from resource_scope where scope = :scope and is_open)
)
update resource_scope set is_open = false where scope = :scope;
