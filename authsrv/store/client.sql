-- name: client_find :maybe
-- row: id client_id, secret_hash bytes?, secret_sealed bytes?, partner text?, partner_name text?, first_party bool, verified bool,
-- resource_server text?, version i64, metadata json, document_at instant?, challenge text, previous_hash bytes?, previous_until instant?
select c.id, c.secret_hash, c.secret_sealed, c.partner, p.name, c.first_party, c.verified, c.resource_server, c.version, c.metadata, c.document_at, c.challenge,
       c.previous_hash, c.previous_until
  from client c left join partner p on p.slug = c.partner
 where c.id = :id::client_id and c.disabled_at is null and p.disabled_at is null;

-- name: client_snapshot :many
-- What is kept in memory, some at a time: the next after this id, of those that the operator knows, or of what strangers made.
-- row: = client_find
select c.id, c.secret_hash, c.secret_sealed, c.partner, p.name, c.first_party, c.verified, c.resource_server, c.version, c.metadata, c.document_at, c.challenge,
       c.previous_hash, c.previous_until
  from client c left join partner p on p.slug = c.partner
 where c.id > :after::text and c.disabled_at is null and p.disabled_at is null
   and coalesce((select true from open_client o where o.client_id = c.id), false) = :strangers::bool
 order by c.id limit :most::i64;

-- name: client_create :maybe
-- Absent: this id exists.
-- row: id client_id
insert into client (id, metadata, secret_hash, secret_sealed, registration_hash, partner, first_party, verified, resource_server,
                    software_statement, created_at, updated_at)
values (:id::client_id, :metadata::json, :secret_hash::bytes?, :secret_sealed::bytes?, :registration_hash::bytes?, :partner::text?,
        :first_party::bool, :verified::bool, :resource_server::text?, :software_statement::text?, :now, :now)
on conflict (id) do nothing
returning id;

-- name: client_document_put :maybe
-- What was fetched under the client's URL. A client of that id that is no such document, or is disabled, stays as it is.
-- row: changed bool
with old as (select metadata from client where id = :id::client_id)
insert into client as c (id, metadata, first_party, verified, created_at, updated_at, document_at)
values (:id, :metadata::json, false, false, :now, :now, :now)
on conflict (id) do update
   set metadata = excluded.metadata, document_at = excluded.document_at,
       version = c.version + (c.metadata is distinct from excluded.metadata)::int,
       updated_at = case when c.metadata is distinct from excluded.metadata then excluded.updated_at else c.updated_at end
 where c.document_at is not null and c.disabled_at is null
returning c.metadata is distinct from (select metadata from old);

-- name: client_of_registration :maybe
-- The client whose registration access token this is.
-- row: id client_id, created_at instant, software_statement text?
select id, created_at, software_statement from client
 where id = :id::client_id and registration_hash = :registration_hash::digest and disabled_at is null;

-- name: client_replace :maybe
-- A new document; the registration access token that allowed it is used up. A secret is replaced only by another. What
-- the operator has given (client_metadata_keep_given) stays as it is here, whoever knows an older state of it.
-- row: version i64
update client
   set metadata = :metadata::json - '{authorization_details_types,access_token_ttl,refresh_token_ttl}'::text[]
               || coalesce((select jsonb_object_agg(key, value) from jsonb_each(metadata)
                             where key in ('authorization_details_types', 'access_token_ttl', 'refresh_token_ttl')), '{}'),
       version = version + 1, updated_at = :now, registration_hash = :fresh::digest,
       software_statement = :software_statement::text?,
       secret_hash = case when :keeps_secret::bool then coalesce(:secret_hash::bytes?, secret_hash) end,
       secret_sealed = case when :keeps_sealed::bool then coalesce(:secret_sealed::bytes?, secret_sealed) end,
       previous_hash = case when :keeps_secret and :secret_hash is null then previous_hash end,
       previous_until = case when :keeps_secret and :secret_hash is null then previous_until end
 where id = :id::client_id and registration_hash = :registration_hash::digest and disabled_at is null
returning version;

-- name: client_list :many
-- row: id client_id, name text, auth_method text, partner text?, metadata json, disabled bool
select id, name, auth_method, partner, metadata, disabled_at is not null from client order by created_at, id limit 1000;

-- name: client_disable :maybe
-- Its tokens count for nothing from then on. Stamped when it happens and committed at once, so that no reader of what ended (revocation_list) is past
-- that moment when it appears; once more, it is told again.
-- row: id client_id
update client set disabled_at = clock_timestamp(), version = version + 1, registration_hash = null where id = :id::client_id returning id;

-- name: client_grants_end :exec
-- Some of what a disabled client holds: all at once may be more than a statement has time for.
update grants set revoked_at = clock_timestamp(), revoked_why = 'client_disabled'
 where id = any (array(select g.id from grants g
                        where g.client_id = :id::client_id and g.revoked_at is null
                        limit :most::i64 for update of g));

-- name: disabled_grants_end :exec
-- What clients that were disabled since then still hold, because there was too much for whoever disabled them, or he died.
update grants set revoked_at = clock_timestamp(), revoked_why = 'client_disabled'
 where id = any (array(select g.id from client c
                        cross join lateral (select x.id from grants x where x.client_id = c.id and x.revoked_at is null limit 1000 for update of x) g
                        where c.disabled_at >= :since::instant limit 1000));

-- name: client_settle :maybe
-- Waits for whoever makes something for a client at this moment, and holds its row.
-- row: id client_id
select id from client where id = :id::client_id for update;

-- name: open_client_purge :exec
-- Clients of open registration (domain/client.h) that nobody ever allowed anything. A look-up for each: "not exists" would be a join with all
-- grants there are, every ten seconds. One that is in use is looked at again a day later, one that was verified not any more.
with due as materialized (
    select client_id from open_client where look_at < :before::instant order by look_at limit 1000 for no key update skip locked
), seen as materialized (
    select d.client_id, (select x.verified from client x where x.id = d.client_id) as is_verified,
           coalesce((select y.client_id from consent y where y.client_id = d.client_id limit 1),
                    (select y.client_id from grants y where y.client_id = d.client_id limit 1),
                    (select y.client_id from flow y where y.client_id = d.client_id limit 1),
                    (select y.client_id from pushed_request y where y.client_id = d.client_id limit 1)) is not null as is_used
      from due d
), kept as (
    update open_client set look_at = :now where client_id = any (array(select client_id from seen where is_used and not is_verified))
), settled as (
    delete from open_client where client_id = any (array(select client_id from seen where is_verified))
)
delete from client where id = any (array(select client_id from seen where not is_used and not is_verified));

-- name: initial_token_create :exec
insert into initial_token (token_hash, uses_left, created_at, expires_at)
values (:token_hash::digest, :uses::i64, :now, :expires_at::instant);

-- name: initial_token_find :maybe
-- row: uses_left i64
select uses_left from initial_token where token_hash = :token_hash::digest and uses_left > 0 and expires_at > :now;

-- name: initial_token_take :exec
update initial_token set uses_left = uses_left - 1
 where token_hash = :token_hash::digest and uses_left > 0 and expires_at > :now;

-- name: cache_version_read :one
-- row: version i64
select version from cache_version;

-- name: client_show :maybe
-- As the operator sees it, also when it was disabled; tenant: as the administration of this partner sees it.
-- row: id client_id, handle text, metadata json, partner text?, first_party bool, verified bool, resource_server text?, version i64, self_managed bool, has_secret bool, keeps_sealed bool, software_statement text?, created_at instant, updated_at instant, disabled_at instant?, challenge text
select id, handle, metadata, partner, first_party, verified, resource_server, version, registration_hash is not null, secret_hash is not null, secret_sealed is not null,
       software_statement, created_at, updated_at, disabled_at, challenge
  from client
 where id = any (array(select x.id from client x where x.id = :id::client_id union all select x.id from client x where x.handle = :id))
   and (:tenant::text? is null or partner = :tenant);

-- name: client_page :many
-- row: = client_show
select id, handle, metadata, partner, first_party, verified, resource_server, version, registration_hash is not null, secret_hash is not null, secret_sealed is not null,
       software_statement, created_at, updated_at, disabled_at, challenge
  from client
 where (:after::text? is null or id > :after) and (:tenant::text? is null or partner = :tenant)
   and (:query::text? is null or id = :query or strpos(lower(name), lower(:query)) > 0)
 order by id limit :limit::i64;

-- name: client_rewrite :exec
-- The operator's replacement, if the client is as he saw it. A secret is replaced only by another.
update client
   set metadata = :metadata::json, partner = :partner::text?, first_party = :first_party::bool, verified = :verified::bool,
       resource_server = :resource_server::text?, version = version + 1, updated_at = :now,
       secret_hash = case when :keeps_secret::bool then coalesce(:secret_hash::bytes?, secret_hash) end,
       secret_sealed = case when :keeps_sealed::bool then coalesce(:secret_sealed::bytes?, secret_sealed) end,
       previous_hash = case when :keeps_secret and :secret_hash is null then previous_hash end,
       previous_until = case when :keeps_secret and :secret_hash is null then previous_until end
 where id = :id::client_id and version = :version::i64 and disabled_at is null;

-- name: client_secret_replace :exec
-- The old one counts for so many seconds more.
update client set secret_hash = :secret_hash::digest, secret_sealed = :secret_sealed::bytes?, updated_at = :now,
       previous_hash = case when :expire_old_in_s::i64 > 0 then secret_hash end,
       previous_until = case when :expire_old_in_s > 0 then :now + :expire_old_in_s * interval '1 second' end
 where id = :id::client_id and secret_hash is not null and disabled_at is null;

-- name: client_mark :exec
-- Absent values stay. What a disabled client held stays ended, also what was being made when it was disabled, and missed then.
with g as (
    update grants set revoked_at = clock_timestamp(), revoked_why = 'client_disabled'
     where client_id = :id::client_id and revoked_at is null and :enable::bool
       and (select disabled_at from client where id = :id and version = :version::i64) is not null
)
update client
   set verified = coalesce(:verified::bool?, verified), disabled_at = case when :enable then null else disabled_at end,
       version = version + 1, updated_at = :now
 where id = :id and version = :version;

-- name: client_challenge_put :exec
-- Nothing that its people allowed on the consent page changes by this, so the version stays.
update client set challenge = :challenge::text, updated_at = :now
 where id = :id::client_id and version = :version::i64 and disabled_at is null;
