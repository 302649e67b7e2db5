-- Who an account is at partners: joining, leaving, moving (decision 0027). First log-ins are in user.sql.

-- name: identity_owner :maybe
-- row: id text, user_id user_id
select id, user_id from identity where issuer = :issuer::text and subject = :subject::text;

-- name: email_is_anothers :one
-- Whether this address is the verified one of an account that can be signed in to otherwise than through this issuer.
-- row: found bool
select exists (
    select from users u
     where lower(u.email) = lower(:email::text) and u.email_verified and u.disabled_at is null
       and (u.password_hash is not null
            or exists (select from passkey k where k.user_id = u.id)
            or exists (select from identity i join partner p on p.slug = i.partner
                        where i.user_id = u.id and i.issuer <> :issuer::text and p.disabled_at is null and partner_has_login(p))));

-- name: pending_put :exec
-- :linking: the account is proven, or is to be proven; false: the person has not said yet.
with f as (
    update flow set linking = :linking::bool where id = :flow::flow_id
)
insert into pending_identity (flow_id, partner, issuer, subject, name, email, email_verified, sid, amr, auth_time, hint_sealed,
                              tokens_sealed, created_at)
values (:flow, :partner::text, :issuer::text, :subject::text, :name::text?, :email::text?, :email_verified::bool, :sid::text?, :amr::text,
        :auth_time::instant?, :hint_sealed::bytes?, :tokens_sealed::bytes?, :now)
on conflict (flow_id) do update
   set partner = excluded.partner, issuer = excluded.issuer, subject = excluded.subject, name = excluded.name,
       email = excluded.email, email_verified = excluded.email_verified, sid = excluded.sid, amr = excluded.amr,
       auth_time = excluded.auth_time, hint_sealed = excluded.hint_sealed,
       tokens_sealed = excluded.tokens_sealed, created_at = excluded.created_at;

-- name: pending_find :maybe
-- row: partner text, partner_name text, issuer text, subject text, name text?, email text?, email_verified bool, sid text?, amr text, auth_time instant?, hint_sealed bytes?, tokens_sealed bytes?
select x.partner, p.name, x.issuer, x.subject, x.name, x.email, x.email_verified, x.sid, x.amr, x.auth_time, x.hint_sealed, x.tokens_sealed
  from pending_identity x join partner p on p.slug = x.partner
 where x.flow_id = :flow::flow_id and p.disabled_at is null and p.issuer = x.issuer;

-- name: pending_drop :exec
with f as (
    update flow set linking = false where id = :flow::flow_id
)
delete from pending_identity where flow_id = :flow;

-- name: flow_link :exec
-- The person says that the identity belongs to an account, which has to be proven now.
update flow set linking = true, login_hint = coalesce((select email from pending_identity where flow_id = flow.id), login_hint)
 where id = :id::flow_id and browser_hash = :browser_hash::digest and status = 'open' and expires_at > :now
   and exists (select from pending_identity where flow_id = flow.id);

-- name: link_flow_create :exec
-- From the account pages: the session proves the account, the partner's log-in comes after it.
-- The oldest of too many flows of one browser give way.
with old as (
    delete from flow where id = any (array(
        select id from flow where browser_hash = :browser_hash::digest order by created_at desc, id desc offset 19))
)
insert into flow (id, browser_hash, redirect_uri, registered_uri, scope, audience, terms, linking, session_hash, reauthenticated,
                  created_at, expires_at)
values (:id::flow_id, :browser_hash, :back::text, '', '', '', '{}', true, :session_hash::digest, true, :now, :expires_at::instant);

-- name: identity_link :exec
-- unique identity_pkey -> ALREADY_EXISTS
insert into identity (issuer, subject, user_id, partner, name, email, email_verified, linked_at, last_login_at, reauth_session,
                      undo_hash, undo_until)
select :issuer::text, :subject::text, u.id, :partner::text, :name::text?, :email::text?, :email_verified::bool, :now, :now,
       :session_hash::digest, :undo_hash::digest, :undo_until::instant
  from users u where u.id = :user::user_id and u.disabled_at is null;

-- name: identity_list :many
-- row: id text, partner text, partner_name text, issuer text, subject text, name text?, email text?, email_verified bool, linked_at instant, last_login_at instant, keeps bool
select i.id, i.partner, p.name, i.issuer, i.subject, i.name, i.email, i.email_verified, i.linked_at, i.last_login_at,
       exists (select from upstream_token k where k.identity_id = i.id)
  from identity i join partner p on p.slug = i.partner
 where i.user_id = :user::user_id order by i.linked_at, i.id limit 100;

-- name: identity_unlink :maybe
-- Not the last way in. What a partner's backend signs is none for a browser.
-- row: partner text, subject text
with u as (
    select id, password_hash from users where id = :user::user_id for update
)
delete from identity i using u
 where i.id = :id::text and i.user_id = u.id
   and (u.password_hash is not null
        or exists (select from passkey k where k.user_id = u.id)
        or exists (select from identity o join partner p on p.slug = o.partner
                    where o.user_id = u.id and o.id <> i.id and p.disabled_at is null and partner_has_login(p)))
returning i.partner, i.subject;

-- name: identity_of_undo :maybe
-- row: id text, user_id user_id, partner_name text
select i.id, i.user_id, p.name from identity i join partner p on p.slug = i.partner
 where i.undo_hash = :undo_hash::digest and i.undo_until > :now;

-- name: identity_undo_all :exec
-- Who proved the address anew gets rid of what somebody else may have linked lately.
delete from identity where user_id = :user::user_id and undo_until > :now;

-- name: identity_move :many
-- Subjects of one issuer become subjects of another, all that are named or, by its caller, none.
-- unique identity_pkey -> ALREADY_EXISTS
-- row: id text, user_id user_id, role text
update identity i set issuer = :to_issuer::text, subject = m.new, partner = :to::text
  from unnest(:old_subjects::texts, :new_subjects::texts) m (old, new), users u
 where i.issuer = :from_issuer::text and i.subject = m.old and u.id = i.user_id
returning i.id, i.user_id, u.role;
