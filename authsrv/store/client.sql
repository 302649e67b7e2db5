-- name: client_find :maybe
-- row: id client_id, name text, auth_method text, secret_hash bytes?, partner text?, partner_name text?, grants text, scope text, first_party bool, verified bool, require_pkce bool, id_token_alg text, resource_server text?, default_max_age i64?, client_uri text?, policy_uri text?, tos_uri text?, version i64
select c.id, c.name, c.auth_method, c.secret_hash, c.partner, p.name, c.grants, c.scope, c.first_party, c.verified,
       c.require_pkce, c.id_token_alg, c.resource_server, c.default_max_age, c.client_uri, c.policy_uri, c.tos_uri, c.version
  from client c left join partner p on p.slug = c.partner
 where c.id = :id::client_id and c.disabled_at is null and p.disabled_at is null;

-- name: client_snapshot :many
-- What is kept in memory; more clients than this are read from here one by one.
-- row: id client_id, name text, auth_method text, secret_hash bytes?, partner text?, partner_name text?, grants text, scope text, first_party bool, verified bool, require_pkce bool, id_token_alg text, resource_server text?, default_max_age i64?, client_uri text?, policy_uri text?, tos_uri text?, version i64
select c.id, c.name, c.auth_method, c.secret_hash, c.partner, p.name, c.grants, c.scope, c.first_party, c.verified,
       c.require_pkce, c.id_token_alg, c.resource_server, c.default_max_age, c.client_uri, c.policy_uri, c.tos_uri, c.version
  from client c left join partner p on p.slug = c.partner
 where c.disabled_at is null and p.disabled_at is null
 order by c.id limit 10000;

-- name: client_uris :many
-- row: uri text
select uri from redirect_uri where client_id = :client::client_id and kind = :kind::text order by uri limit 100;

-- name: client_origins :many
-- Redirect URIs of browser clients: their origins may read our answers (CORS).
-- row: client_id client_id, uri text
select r.client_id, r.uri from redirect_uri r join client c on c.id = r.client_id
 where r.kind = 'redirect' and c.auth_method = 'none' and c.disabled_at is null and r.uri like 'http%'
 order by r.uri limit 1000;

-- name: client_create :maybe
-- The client and its URIs at once; absent: this id exists.
-- row: id client_id
with c as (
    insert into client (id, name, auth_method, secret_hash, partner, grants, scope, first_party, verified, require_pkce,
                        id_token_alg, resource_server, default_max_age, client_uri, logo_uri, policy_uri, tos_uri, created_at)
    values (:id::client_id, :name::text, :auth_method::text, :secret_hash::bytes?, :partner::text?, :grants::text,
            :scope::text, :first_party::bool, :verified::bool, :require_pkce::bool, :id_token_alg::text,
            :resource_server::text?, :default_max_age::i64?, :client_uri::text?, :logo_uri::text?, :policy_uri::text?,
            :tos_uri::text?, :now)
    on conflict (id) do nothing
    returning id
), u as (
    insert into redirect_uri (client_id, kind, uri)
    select c.id, 'redirect', x from c, unnest(:redirect_uris::texts) x
    union
    select c.id, 'post_logout', x from c, unnest(:post_logout_uris::texts) x
)
select id from c;

-- name: client_list :many
-- row: id client_id, name text, auth_method text, partner text?, grants text, scope text, disabled bool
select id, name, auth_method, partner, grants, scope, disabled_at is not null from client order by created_at, id limit 1000;

-- name: client_disable :maybe
-- Disabling ends at once what the client holds.
-- row: id client_id
with c as (
    update client set disabled_at = coalesce(disabled_at, :now), version = version + 1 where id = :id::client_id returning id
), held as (
    select g.id from grants g join c on c.id = g.client_id where g.revoked_at is null for update of g
), g as (
    update grants set revoked_at = clock_timestamp(), revoked_why = 'client_disabled' from held where grants.id = held.id
)
select id from c;

-- name: initial_token_create :exec
insert into initial_token (token_hash, uses_left, created_at, expires_at)
values (:token_hash::digest, :uses::i64, :now, :expires_at::instant);

-- name: initial_token_take :exec
update initial_token set uses_left = uses_left - 1
 where token_hash = :token_hash::digest and uses_left > 0 and expires_at > :now;

-- name: cache_version_read :one
-- row: version i64
select version from cache_version;
