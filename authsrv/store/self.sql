-- What persons see about themselves, and their deletion.

-- name: self_apps :many
-- The applications that hold something: what was allowed, and what lives without being asked for.
-- row: client_id client_id, name text, scope text, since instant
select c.id, c.name, coalesce(string_agg(distinct x.scope, ' '), ''), coalesce(min(x.at), :now)
  from (select client_id, scope, granted_at as at from consent where user_id = :user::user_id
        union all
        select g.client_id, g.scope, g.created_at from grants g
         where g.user_id = :user and g.revoked_at is null and g.expires_at > :now
           and not grant_ends(g.user_id, g.client_id, g.sid, g.scope, g.tokens_at, g.created_at)) x
  join client c on c.id = x.client_id
 group by c.id, c.name order by c.name, c.id limit 200;

-- name: self_events :many
-- What a person did or what was done to the account, newest first.
-- row: at instant, action text, detail text
select at, action, detail from (
    (select id, at, action, detail from audit where actor = :user::user_id order by id desc limit :limit::i64)
    union all
    (select id, at, action, detail from audit where object = :user and actor <> :user order by id desc limit :limit)) a
 order by id desc limit :limit;

-- name: account_erase :exec
-- What is known about a person goes; the row stays, nameless, for what refers to it. The account was disabled before.
with i as (
    delete from identity where user_id = :user::user_id
), a as (
    delete from assertion_subject where user_id = :user
), w as (
    insert into consent_withdrawal (user_id, client_id, scope, grants, withdrawn_at)
    select :user, x.client_id, string_agg(distinct x.scope, ' '), coalesce((array_agg(x.id) filter (where x.id is not null))[1:1000], '{}'), clock_timestamp()
      from (select client_id, scope, null as id from consent where user_id = :user
            union all select client_id, scope, case when terms ? 'authorization_details' then id end from grants where user_id = :user) x
     group by x.client_id
), c as (
    delete from consent where user_id = :user
), k as (
    delete from passkey where user_id = :user
), r as (
    delete from recovery_code where user_id = :user
), o as (
    delete from totp where user_id = :user
), m as (
    delete from mailed_code where user_id = :user
), q as (
    delete from mail where user_id = :user
), s as (
    delete from sign_up where address = (select login from users where id = :user)
), h as (
    delete from mail_challenge where user_id = :user or address = (select login from users where id = :user)
)
update users set login = null, password_hash = null, name = '-', email = null, email_verified = false, profile = '{}',
                 cred_changed_at = :now, updated_at = :now
 where id = :user and disabled_at is not null;
