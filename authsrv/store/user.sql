-- name: user_by_login :maybe
-- row: id user_id, password_hash text?, disabled bool, password_expired bool
select id, password_hash, disabled_at is not null, password_expired from users where login = :login::text;

-- name: user_find :maybe
-- row: id user_id, name text, email text?, email_verified bool, role text, profile json, updated_at instant
select id, name, email, email_verified, role, profile, updated_at
  from users where id = :id::user_id and disabled_at is null;

-- name: user_create :exec
-- unique users_login_key -> ALREADY_EXISTS
insert into users (id, login, password_hash, role, name, email, email_verified, profile, cred_changed_at, created_at, updated_at)
values (:id::user_id, :login::text, :password_hash::text?, :role::text, :name::text, :login, :email_verified::bool,
        :profile::json, 'epoch', :now, :now);

-- name: user_disable :maybe
-- Disabling ends at once what the account holds; sessions end by the trigger credentials_changed.
-- row: id user_id
with u as (
    update users set disabled_at = coalesce(disabled_at, :now)
     where id = :id::text or login = :id
    returning id
), held as (
    select g.id from grants g join u on u.id = g.user_id where g.revoked_at is null for update of g
), g as (
    update grants set revoked_at = clock_timestamp(), revoked_why = 'user_disabled' from held where grants.id = held.id
)
select id from u;

-- name: identity_sign_in :maybe
-- A known identity at its partner. Profile facts are the partner's, copied at each log-in; absent ones stay.
-- row: id user_id, disabled bool
with i as (
    update identity set last_login_at = :now where issuer = :issuer::text and subject = :subject::text returning user_id
), u as (
    update users
       set name = coalesce(:name::text?, users.name),
           email = coalesce(:email::text?, users.email),
           email_verified = case when :email is null then users.email_verified else :email_verified::bool end,
           updated_at = :now
      from i
     where users.id = i.user_id
    returning users.id, users.disabled_at is not null as disabled
)
select id, disabled from u;

-- name: identity_create :maybe
-- First log-in: the account and its identity come into being together; a parallel first log-in makes no second account.
-- Creating is no change of credentials: sessions of log-ins that began a moment earlier stay good. Where an invitation is
-- needed it is used up by the account that it brings.
-- unique identity_pkey -> ALREADY_EXISTS
-- row: id user_id
with free as (
    select 1 where not exists (select 1 from identity where issuer = :issuer::text and subject = :subject::text)
), invited as (
    update partner_invitation set used_at = :now
     where :invited_only::bool and partner = :partner::text and used_at is null and exists (select 1 from free)
       and ((kind = 'subject' and value = :subject) or (kind = 'email' and value = :email::text? and :email_verified::bool))
    returning 1
), u as (
    insert into users (id, role, name, email, email_verified, cred_changed_at, created_at, updated_at)
    select :id::user_id, 'user', :name::text, :email, :email_verified, 'epoch', :now, :now from free
     where not :invited_only or exists (select 1 from invited)
    returning id
), i as (
    insert into identity (issuer, subject, user_id, partner, linked_at, last_login_at)
    select :issuer, :subject, u.id, :partner, :now, :now from u
    returning user_id
)
select user_id from i;
