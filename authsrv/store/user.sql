-- name: user_by_login :maybe
-- row: id user_id, cred_version i64, password_hash text?, disabled bool, password_expired bool
select id, cred_version, password_hash, disabled_at is not null, password_expired from users where login = :login::text;

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
-- What the account holds counts for nothing from then on; sessions end by the trigger credentials_changed. Of very many grants some end here,
-- and the others behind it (grant_ending_slice).
-- row: id user_id
with u as (
    update users set disabled_at = coalesce(disabled_at, :now)
     where id = :id::user_id
    returning id
), held as (
    select g.id from grants g join u on u.id = g.user_id where g.revoked_at is null limit 1000 for update of g
), g as (
    update grants set revoked_at = clock_timestamp(), revoked_why = 'user_disabled' from held where grants.id = held.id
), others as (
    insert into grant_ending (what, user_id, why, ended_at)
    select u.id, u.id, 'user_disabled', clock_timestamp() from u where (select count(*) from held) = 1000
    on conflict (what) do update set why = excluded.why, ended_at = excluded.ended_at
)
select id from u;

-- name: user_settle :maybe
-- Waits for whoever makes something for an account at this moment, and holds its row.
-- row: id user_id
select id from users where id = :id::user_id for update;

-- name: identity_sign_in :maybe
-- A known identity at its partner. What the partner says is kept with the identity; absent facts stay. The account itself
-- follows the oldest of its identities, and only while it has no log-in of its own (decision 0027).
-- row: id user_id, cred_version i64, disabled bool, email_moved bool
with old as (
    select email from identity where issuer = :issuer::text and subject = :subject::text
), i as (
    update identity
       set last_login_at = :now, name = coalesce(:name::text?, identity.name), email = coalesce(:email::text?, identity.email),
           email_verified = case when :email is null then identity.email_verified else :email_verified::bool end
     where issuer = :issuer and subject = :subject
    returning issuer, subject, user_id, linked_at, email
), u as (
    update users
       set name = coalesce(:name, users.name),
           email = coalesce(:email, users.email),
           email_verified = case when :email is null then users.email_verified else :email_verified end,
           updated_at = :now
      from i
     where users.id = i.user_id and users.login is null
       and (select true from passkey k where k.user_id = users.id limit 1) is null
       and not exists (select from identity x where x.user_id = i.user_id
                          and (x.linked_at, x.issuer, x.subject) < (i.linked_at, i.issuer, i.subject))
)
select a.id, a.cred_version, a.disabled_at is not null, i.email is distinct from old.email and old.email is not null
  from i join users a on a.id = i.user_id cross join old;

-- name: identity_create :maybe
-- First log-in: the account and its identity come into being together; a parallel first log-in makes no second account.
-- Creating is no change of credentials: sessions of log-ins that began a moment earlier stay good. Where an invitation is
-- needed it is used up by the account that it brings.
-- unique identity_pkey -> ALREADY_EXISTS
-- row: id user_id, cred_version i64
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
    returning id, cred_version
), i as (
    insert into identity (issuer, subject, user_id, partner, name, email, email_verified, linked_at, last_login_at)
    select :issuer, :subject, u.id, :partner, :name, :email, :email_verified, :now, :now from u
    returning user_id
)
select u.id, u.cred_version from u join i on i.user_id = u.id;
