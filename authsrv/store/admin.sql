-- What the operator reads and writes beyond what the protocols do. Lists are newest first, from before the cursor.
-- tenant: the partner whose administration asks, and sees nothing else; absent: the operator.

-- name: account_find :maybe
-- row: id user_id, login text?, name text, email text?, email_verified bool, role text, version i64, has_password bool, password_expired bool, created_at instant, updated_at instant, disabled_at instant?
select id, login, name, email, email_verified, role, version, password_hash is not null, password_expired, created_at, updated_at, disabled_at
  from users where (id = :id::text or login = :id) and (:tenant::text? is null or account_partner(id) = :tenant);

-- name: account_page :many
-- row: = account_find
select id, login, name, email, email_verified, role, version, password_hash is not null, password_expired, created_at, updated_at, disabled_at
  from users
 where (:before::text? is null or id < :before)
   and (:tenant::text? is null or (id in (select user_id from identity where partner = :tenant) and account_partner(id) = :tenant))
   and (:role::text? is null or role = :role)
   and (:disabled::bool? is null or (disabled_at is not null) = :disabled)
   and (:query::text? is null or id = :query or strpos(lower(name), lower(:query)) > 0
        or strpos(lower(coalesce(email, '')), lower(:query)) > 0 or strpos(coalesce(login, ''), lower(:query)) > 0)
 order by id desc limit :limit::i64;

-- name: account_change :exec
-- Absent values stay.
update users
   set name = coalesce(:name::text?, name), email = coalesce(:email::text?, email),
       email_verified = coalesce(:email_verified::bool?, email_verified), role = coalesce(:role::text?, role), updated_at = :now
 where id = :id::user_id and version = :version::i64;

-- name: account_enable :exec
-- What was being made when it was disabled, and missed then, stays ended, as what still ends behind it does.
with held as (
    select g.id from grants g join users u on u.id = g.user_id
     where u.id = :id::user_id and u.disabled_at is not null and g.revoked_at is null limit 1000 for update of g
), g as (
    update grants set revoked_at = clock_timestamp(), revoked_why = 'user_disabled' from held where grants.id = held.id
), others as (
    insert into grant_ending (what, user_id, why, ended_at)
    select :id, :id, 'user_disabled', clock_timestamp() where (select count(*) from held) = 1000
    on conflict (what) do update set why = excluded.why, ended_at = excluded.ended_at
)
update users set disabled_at = null, updated_at = :now where id = :id and disabled_at is not null;

-- name: session_page :many
-- The live sessions of a user.
-- row: id_hash digest, sid text, user_id user_id, amr text, partner text?, created_at instant, authed_at instant, last_seen_at instant, expires_at instant, host text?
select id_hash, sid, user_id, amr, partner, created_at, authed_at, last_seen_at, expires_at, host from session
 where user_id = :user::user_id and (ended_at is null) is true and expires_at > :now and (:before::text? is null or sid < :before)
 order by sid desc limit :limit::i64;

-- name: session_by_sid :maybe
-- row: id_hash digest, user_id user_id
select id_hash, user_id from session
 where sid = :sid::text and (ended_at is null) is true and expires_at > :now and (:tenant::text? is null or account_partner(user_id) = :tenant);

-- name: grant_page :many
-- row: id grant_id, user_id user_id, client_id client_id, scope text, audience text, sid text, created_at instant, expires_at instant, revoked_at instant?, revoked_why text?
select id, user_id, client_id, scope, audience, sid, created_at, expires_at, revoked_at, revoked_why from grants
 where user_id = :user::user_id and (:before::text? is null or id < :before)
   and (:tenant::text? is null or client_id in (select id from client where partner = :tenant))
 order by id desc limit :limit::i64;

-- name: grant_find :maybe
-- row: id grant_id, user_id user_id, client_id client_id
select id, user_id, client_id from grants
 where id = :id::text and expires_at > :now
   and (:tenant::text? is null or (account_partner(user_id) = :tenant and client_id in (select id from client where partner = :tenant)));

-- name: consent_page :many
-- After the last one that was shown, which two words name.
-- row: client_id client_id, redirect_uri text, scope text, granted_at instant
select client_id, redirect_uri, scope, granted_at from consent
 where user_id = :user::user_id and (:tenant::text? is null or client_id in (select id from client where partner = :tenant))
   and (:after_client::text? is null or (client_id, redirect_uri) > (:after_client, :after_uri::text?))
 order by client_id, redirect_uri limit :limit::i64;

-- name: consent_withdraw :one
-- What was allowed is forgotten, what it gave ends, and resource servers are told. Of very many grants the latest end here, whatever the clock that
-- dated them, and those of before behind it (grant_ending_slice).
-- row: consents i64, grants_ i64
with c as (
    delete from consent where user_id = :user::user_id and client_id = :client::client_id returning scope
), held as (
    select id, scope, terms, created_at from grants where user_id = :user and client_id = :client and revoked_at is null
), latest as (
    select x.id from grants x where x.id = any (array(select h.id from held h order by h.created_at desc limit 1000)) and x.revoked_at is null
     order by x.id for update
), g as (
    update grants set revoked_at = clock_timestamp(), revoked_why = 'consent_withdrawn' from latest where grants.id = latest.id returning 1
), others as (
    insert into grant_ending (what, user_id, client_id, why, ended_at)
    select :user || ' ' || :client, :user, :client, 'consent_withdrawn', clock_timestamp() where (select count(*) from latest) = 1000
    on conflict (what) do update set ended_at = excluded.ended_at
), w as (
    insert into consent_withdrawal (user_id, client_id, scope, grants, withdrawn_at)
    select :user, :client, string_agg(distinct x.scope, ' '),
           array(select h.id from held h where h.terms ? 'authorization_details' order by h.created_at desc limit 1000), clock_timestamp()
      from (select scope from c union all select scope from held) x
    having count(*) > 0
)
select (select count(*) from c), (select count(*) from g);

-- name: partner_show :maybe
-- row: slug text, name text, issuer text, client_id text, has_secret bool, email_domains text, settings json, version i64, created_at instant, disabled_at instant?, host text?
select slug, name, issuer, client_id, client_secret_sealed is not null, email_domains, settings, version, created_at, disabled_at, host
  from partner where slug = :slug::text and (:tenant::text? is null or slug = :tenant);

-- name: partner_page :many
-- row: = partner_show
select slug, name, issuer, client_id, client_secret_sealed is not null, email_domains, settings, version, created_at, disabled_at, host
  from partner where (:after::text? is null or slug > :after) and (:tenant::text? is null or slug = :tenant) order by slug limit :limit::i64;

-- name: partner_change :exec
-- Absent values stay; an absent version is whatever there is.
-- unique partner_issuer_key -> ALREADY_EXISTS issuer
-- unique partner_host_key -> ALREADY_EXISTS host
update partner
   set name = coalesce(:name::text?, name), issuer = coalesce(:issuer::text?, issuer), client_id = coalesce(:client::text?, client_id),
       client_secret_sealed = coalesce(:secret_sealed::bytes?, client_secret_sealed),
       email_domains = coalesce(:domains::text?, email_domains), settings = coalesce(:settings::json?, settings),
       decrypt_key_sealed = coalesce(:decrypt_key_sealed::bytes?, decrypt_key_sealed),
       host = case when :host::text? is null then host else nullif(:host, '') end
 where slug = :slug::text and (:version::i64? is null or version = :version) and disabled_at is null;

-- name: resource_find :maybe
-- row: audience text
select audience from resource where audience = :audience::text;

-- name: resource_page :many
-- row: audience text, created_at instant, scopes text
select r.audience, r.created_at,
       coalesce((select string_agg(s.scope, ' ' order by s.scope) from resource_scope s where s.audience = r.audience), '')
  from resource r where :after::text? is null or r.audience > :after order by r.audience limit :limit::i64;

-- name: resource_remove :exec
with s as (
    delete from resource_scope where audience = :audience::text
), d as (
    delete from detail_type where audience = :audience
)
delete from resource where audience = :audience;

-- name: scope_remove :exec
delete from resource_scope where scope = :scope::text;

-- name: initial_token_list :many
-- row: id text, uses_left i64, created_at instant, expires_at instant
select id, uses_left, created_at, expires_at from initial_token where expires_at > :now and uses_left > 0
 order by created_at desc, id limit 1000;

-- name: initial_token_revoke :exec
update initial_token set uses_left = 0 where id = :id::text and uses_left > 0 and expires_at > :now;

-- name: initial_token_purge :exec
delete from initial_token where token_hash = any (array(
    select token_hash from initial_token where expires_at < :before::instant order by expires_at limit 1000));

-- name: backlog_read :one
-- Entries get their ids in order, so what is not chained yet stands at the end.
-- row: audit_unchained i64, audit_lag_s i64, flows_open i64
select count(*), coalesce(max(extract(epoch from :now - a.at)::bigint), 0),
       (select count(*) from flow where status = 'open' and expires_at > :now)
  from audit a where a.id > coalesce((select audit_id from audit_chain order by seq desc limit 1), 0);

-- name: key_ages :many
-- row: alg text, age_s i64
select alg, extract(epoch from :now - activated_at)::bigint from sign_key where state = 'active' order by alg;

-- name: statistics_read :one
-- row: users i64, users_disabled i64, sessions i64, grants_ i64, clients i64, partners i64, resources i64, audit_chained i64
select (select count(*) from users where disabled_at is null), (select count(*) from users where disabled_at is not null),
       (select count(*) from session where ended_at is null and expires_at > :now),
       (select count(*) from grants where revoked_at is null and expires_at > :now),
       (select count(*) from client where disabled_at is null), (select count(*) from partner where disabled_at is null),
       (select count(*) from resource), coalesce((select seq from audit_chain order by seq desc limit 1), 0);
