-- name: account_flow_create :exec
-- A log-in for the account pages. The oldest of too many flows of one browser give way.
with old as (
    delete from flow where id = any (array(
        select id from flow where browser_hash = :browser_hash::digest order by created_at desc, id desc offset 19))
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
       (select count(*) from identity i join partner p on p.slug = i.partner where i.user_id = u.id and p.disabled_at is null and partner_has_login(p))
  from users u where u.id = :user::user_id and u.disabled_at is null;

-- name: password_find :maybe
-- row: login text?, password_hash text?
select login, password_hash from users where id = :user::user_id and login is not null and disabled_at is null;

-- name: password_put :exec
-- Pending codes end by the trigger password_changed.
update users set password_hash = :password_hash::text, password_expired = false, updated_at = :now
 where id = :user::user_id and login is not null and disabled_at is null;

-- name: password_expire :exec
update users set password_expired = :expired::bool, updated_at = :now where id = :user::user_id and password_hash is not null;

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

-- name: mailed_code_again :maybe
-- One that is used, by a form that comes once more; as mailed_code_attempt.
-- row: = mailed_code_attempt
update mailed_code set attempts = attempts + 1
 where id = :id::text and purpose = :purpose::text and browser_hash = :browser_hash::digest and used_at is not null
   and expires_at > :now and attempts < 5
returning user_id, code_hash;

-- name: mailed_code_use :exec
update mailed_code set used_at = :now where id = :id::text and used_at is null;

-- name: mailed_code_purge :exec
delete from mailed_code where id = any (array(
    select id from mailed_code where expires_at < :before::instant order by expires_at limit 1000));

-- name: credentials_touch :maybe
-- Another password or way to log in, or one less: sessions that began before end by the trigger credentials_changed. The session by which it is done
-- goes on; one that another change has ended does nothing any more. Nobody else changes them until this transaction ends. Without a session it is
-- the operator, who takes a thief's ways in from an account that he has disabled, or a mailed code, whose statements look at that themselves.
-- row: id user_id
with u as (
    select id, cred_version from users where id = :user::user_id and (:by::digest? is null or disabled_at is null) for no key update
), mine as (
    update session set cred_version = u.cred_version + 1 from u
     where session.id_hash = :by and session.user_id = u.id and (session.ended_at is null) is true
       and session.cred_version = u.cred_version
    returning 1
)
update users set cred_changed_at = :now, updated_at = :now from u
 where users.id = u.id and (:by is null or exists (select from mine))
returning users.id;

-- name: totp_begin :exec
-- A secret that is shown and not yet in use stays what it is for a while, so that a page may be loaded again.
insert into totp (user_id, secret_sealed, tried_from, created_at) values (:user::user_id, :secret_sealed::bytes, :now, :now)
on conflict (user_id) do update set secret_sealed = excluded.secret_sealed, created_at = :now
   where totp.confirmed_at is null and totp.created_at < :stale::instant;

-- name: totp_find :maybe
-- row: secret_sealed bytes, last_step i64, confirmed bool
select secret_sealed, last_step, confirmed_at is not null from totp where user_id = :user::user_id;

-- name: totp_try :maybe
-- Counts an attempt before anything is compared: five since :since.
-- row: = totp_find
update totp set tries = case when tried_from < :since::instant then 1 else tries + 1 end,
                tried_from = case when tried_from < :since then :now else tried_from end
 where user_id = :user::user_id and (tries < 5 or tried_from < :since)
returning secret_sealed, last_step, confirmed_at is not null;

-- name: totp_use :exec
-- Each step once. :is_confirmed says in which state the secret was when the code was compared.
update totp set last_step = :step::i64, tries = 0, confirmed_at = coalesce(confirmed_at, :now)
 where user_id = :user::user_id and last_step < :step and (confirmed_at is not null) = :is_confirmed::bool;

-- name: totp_remove :exec
with r as (
    delete from recovery_code where user_id = :user::user_id
)
delete from totp where user_id = :user;

-- name: recovery_put :exec
-- The codes of before are gone.
with old as (
    delete from recovery_code where user_id = :user::user_id
)
insert into recovery_code (user_id, code_hash, created_at) select :user, x, :now from unnest(:code_hashes::digests) x;

-- name: recovery_show :exec
-- What is shown of codes that are put next. Whoever makes others at the same moment waits here, so that what is shown is what works.
update totp set codes_sealed = :codes_sealed::bytes, codes_until = :until::instant where user_id = :user::user_id;

-- name: recovery_shown :maybe
-- row: codes_sealed bytes?
select codes_sealed from totp where user_id = :user::user_id and codes_until > :now;

-- name: recovery_kept :exec
update totp set codes_sealed = null, codes_until = null where user_id = :user::user_id and codes_until is not null;

-- name: recovery_shown_purge :exec
update totp set codes_sealed = null, codes_until = null where user_id = any (array(
    select user_id from totp where codes_until < :before::instant order by codes_until limit 1000));

-- name: recovery_use :maybe
-- row: n_left i64
with used as (
    update recovery_code set used_at = :now
     where user_id = :user::user_id and code_hash = :code_hash::digest and used_at is null
    returning 1
), tries as (
    update totp set tries = 0 where user_id = :user and exists (select from used)
)
select (select count(*) from recovery_code where user_id = :user and used_at is null) - 1 from used;

-- name: flow_first_factor :exec
-- Who proved the first factor in this flow; the second is asked for next.
update flow set first_user = :user::user_id, first_version = :cred_version::i64, first_at = :now, second_at = null
 where id = :id::flow_id and browser_hash = :browser_hash::digest and status = 'open' and expires_at > :now;

-- name: flow_first_find :maybe
-- Good for ten minutes, while the credentials are what they were.
-- row: user_id user_id, cred_version i64
select u.id, u.cred_version from flow f join users u on u.id = f.first_user
 where f.id = :id::flow_id and f.browser_hash = :browser_hash::digest and f.status = 'open'
   and f.first_at > :since::instant and u.disabled_at is null and f.first_version = u.cred_version;

-- name: flow_second_shown :exec
-- Of whom, too: who is asked for in this flow may be somebody else a moment later.
update flow set second_at = :now, second_user = :user::user_id, second_version = :cred_version::i64
 where id = :id::flow_id and browser_hash = :browser_hash::digest and status = 'open' and expires_at > :now;

-- name: passkey_add :exec
-- unique passkey_pkey -> ALREADY_EXISTS
insert into passkey (id, user_id, alg, public_key, sign_count, is_synced, name, created_at)
select :id::bytes, :user::user_id, :alg::i64, :public_key::bytes, :sign_count::i64, :is_synced::bool, :name::text, :now
 where (select count(*) from passkey where user_id = :user) < 20;

-- name: passkey_find :maybe
-- row: user_id user_id, cred_version i64, alg i64, public_key bytes, is_synced bool, name text
select p.user_id, u.cred_version, p.alg, p.public_key, p.is_synced, p.name
  from passkey p join users u on u.id = p.user_id where p.id = :id::bytes and u.disabled_at is null;

-- name: passkey_use :exec
-- The counter goes up, or there is none (both 0).
update passkey set sign_count = :sign_count::i64, last_used_at = :now
 where id = :id::bytes and (sign_count < :sign_count or (sign_count = 0 and :sign_count = 0));

-- name: passkey_list :many
-- row: id bytes, name text, is_synced bool, created_at instant, last_used_at instant?
select id, name, is_synced, created_at, last_used_at from passkey where user_id = :user::user_id order by created_at, id limit 20;

-- name: passkey_remove :exec
-- Not the last way in.
with u as (
    select id, password_hash from users where id = :user::user_id for update
)
delete from passkey p using u
 where p.id = :id::bytes and p.user_id = u.id
   and (u.password_hash is not null
        or exists (select from passkey o where o.user_id = u.id and o.id <> p.id)
        or exists (select from identity i join partner x on x.slug = i.partner
                    where i.user_id = u.id and x.disabled_at is null and partner_has_login(x)));
