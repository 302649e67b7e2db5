-- Stores on their way to another partner.

-- name: store_connection_insert :exec
insert into store_connection (connection_id, partner_id, user_id, store_id, status, created_at)
values (:connection::text, :partner::partner_id, :user::user_id, :store::text, 'awaiting_code', :now);

-- name: store_connection_find :maybe
-- row: connection_id text, partner_id partner_id, user_id user_id, store_id text, status text, created_at instant, new_store_id text?
select connection_id, partner_id, user_id, store_id, status, created_at, new_store_id
  from store_connection where partner_id = :partner::partner_id and connection_id = :connection::text;

-- name: store_connection_source :maybe
-- The store as it may be moved: it sells, in the same kind of world as the new partner lives in, and is not that partner's.
-- row: partner_id partner_id, store_id store_id, name text, currency text, url text?, owner_id user_id, owner_email text?
select s.partner_id, s.store_id, s.name, s.currency, s.url, u.user_id, u.email
  from store s
  join pay_user u on u.partner_id = s.partner_id and u.user_id = s.user_id
  join partner o on o.partner_id = s.partner_id
  join partner n on n.partner_id = :partner::partner_id
 where s.store_id = :store::text and s.status = 'active' and s.partner_id <> :partner and o.is_sandbox = n.is_sandbox;

-- name: store_connection_end :exec
update store_connection set status = :to::text, new_store_id = :new_store::text?, ended_at = :now
 where partner_id = :partner::partner_id and connection_id = :connection::text and status = 'awaiting_code';

-- name: store_leave :exec
-- The old store, as it was when its owner was asked: it sells nothing from now on, but what was begun in it can be paid. Its owner is written, so
-- that his address is not changed beside it.
with owner as (
    update pay_user u set needs_code = u.needs_code
      from store s
     where s.store_id = :store::store_id and u.partner_id = s.partner_id and u.user_id = s.user_id and lower(u.email) = lower(:recipient::text)
    returning s.store_id
), moved as (
    update store x set status = 'closed', status_by = 'owner', status_reason = 'moved', status_at = :now, moved_to = :new_store::store_id
      from owner o
     where x.store_id = o.store_id and x.status = 'active'
    returning x.partner_id, x.store_id
)
insert into store_change (partner_id, store_id, from_status, to_status, actor, actor_name, reason, changed_at)
select partner_id, store_id, 'active', 'closed', 'owner', :by::text, 'moved', :now from moved;

-- name: store_follow :exec
-- The new store takes over who it is to its buyers: looks and domains. It names the one that it goes on with.
with named as (
    update store set moved_from = :store::store_id where store_id = :new_store::store_id returning partner_id, store_id
), dressed as (
    insert into store_branding (store_id, partner_id, display_name, accent, support_email, support_url, statement_descriptor, logo, sheet, locale, locales, updated_at)
    select n.store_id, n.partner_id, b.display_name, b.accent, b.support_email, b.support_url, b.statement_descriptor, b.logo, b.sheet, b.locale, b.locales, :now
      from named n join store_branding b on b.store_id = :store
)
insert into store_domain (partner_id, store_id, host, proof, created_at, verified_at, verified_by, checked_at)
select n.partner_id, n.store_id, d.host, d.proof, :now, d.verified_at, d.verified_by, d.checked_at
  from named n join store_domain d on d.store_id = :store and d.verified_at is not null;

-- name: twin_user :one
-- The owner of a live store in its partner's sandbox, made when he is not there.
-- row: user_id user_id
with made as (
    insert into pay_user (partner_id, user_id, external_id, name, email, email_verified, country, locale, needs_code, created_at)
    select :sandbox::partner_id, :twin::user_id, u.user_id, u.name, u.email, u.email_verified, u.country, u.locale, false, :now
      from pay_user u where u.partner_id = :partner::partner_id and u.user_id = :user::user_id
    on conflict do nothing
    returning user_id
)
select user_id from made
union all
select user_id from pay_user where partner_id = :sandbox and external_id = :user and closed_at is null and not exists (select from made)
 limit 1;

-- name: twin_follow :exec
-- The twin says whose it is, and takes over looks and domains.
-- unique store_twin_key -> STORE_STATE
with named as (
    update store set twin_of = :store::store_id where store_id = :new_store::store_id returning partner_id, store_id
), dressed as (
    insert into store_branding (store_id, partner_id, display_name, accent, support_email, support_url, statement_descriptor, logo, sheet, locale, locales, updated_at)
    select n.store_id, n.partner_id, b.display_name, b.accent, b.support_email, b.support_url, b.statement_descriptor, b.logo, b.sheet, b.locale, b.locales, :now
      from named n join store_branding b on b.store_id = :store
)
insert into store_domain (partner_id, store_id, host, proof, created_at, verified_at, verified_by, checked_at)
select n.partner_id, n.store_id, d.host, d.proof, :now, d.verified_at, d.verified_by, d.checked_at
  from named n join store_domain d on d.store_id = :store;
