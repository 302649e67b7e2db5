-- name: account_flow_create :exec
-- A log-in for the account pages. The oldest of too many flows of one browser give way.
with old as (
    delete from flow where id in (
        select id from flow where browser_hash = :browser_hash::digest order by created_at desc, id desc offset 19)
)
insert into flow (id, browser_hash, redirect_uri, registered_uri, scope, audience, max_age, terms, created_at, expires_at)
values (:id::flow_id, :browser_hash, :back::text, '', '', '', :max_age::i64?, '{}', :now, :expires_at::instant);

-- name: ways_find :maybe
-- The ways in that an account has.
-- row: login text?, email text?, has_password bool, has_totp bool, recovery_codes i64, passkeys i64, partners i64
select u.login, u.email, u.password_hash is not null,
       exists (select from totp x where x.user_id = u.id and x.confirmed_at is not null),
       (select count(*) from recovery_code r where r.user_id = u.id and r.used_at is null),
       (select count(*) from passkey p where p.user_id = u.id),
       (select count(*) from identity i join partner p on p.slug = i.partner where i.user_id = u.id and p.disabled_at is null)
  from users u where u.id = :user::user_id and u.disabled_at is null;

-- name: password_find :maybe
-- row: login text?, password_hash text?
select login, password_hash from users where id = :user::user_id and login is not null and disabled_at is null;

-- name: password_put :exec
-- Sessions that began before end by the trigger credentials_changed, pending codes by password_changed.
update users set password_hash = :password_hash::text, cred_changed_at = :now, updated_at = :now
 where id = :user::user_id and login is not null and disabled_at is null;

-- name: password_rehash :exec
-- The same password with the parameters of today; no change of credentials.
update users set password_hash = :fresh::text where id = :user::user_id and password_hash = :stored::text;

-- name: mailed_code_create :one
-- Also for an address that nobody has, so that both take the same time. One code lives for each person and purpose.
-- row: user_id user_id?
with u as (
    select id from users where login = :login::text? and disabled_at is null
), old as (
    update mailed_code set used_at = :now
     where user_id in (select id from u) and purpose = :purpose::text and used_at is null
    returning 1
), gone as (
    select count(*) from old
), fresh as (
    insert into mailed_code (id, purpose, browser_hash, user_id, code_hash, created_at, expires_at)
    select :id::text, :purpose, :browser_hash::digest, (select id from u), :code_hash::digest, :now, :expires_at::instant from gone
    returning user_id
)
select user_id from fresh;

-- name: mailed_code_attempt :maybe
-- Counts an attempt before anything is compared.
-- row: user_id user_id?, code_hash digest
update mailed_code set attempts = attempts + 1
 where id = :id::text and purpose = :purpose::text and browser_hash = :browser_hash::digest and used_at is null
   and expires_at > :now and attempts < 5
returning user_id, code_hash;

-- name: mailed_code_use :exec
update mailed_code set used_at = :now where id = :id::text and used_at is null;

-- name: mailed_code_purge :exec
delete from mailed_code where id in (
    select id from mailed_code where expires_at < :before::instant order by expires_at limit 1000);
