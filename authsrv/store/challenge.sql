-- name: challenge_room :one
-- What this address was mailed since then: by all applications together, when last by this one, and whether its owner
-- said that it was somebody else.
-- row: mails i64, last_at instant?, is_disowned bool
select coalesce(sum(sends), 0)::bigint, max(sent_at) filter (where client_id = :client::client_id),
       coalesce(bool_or(ended_why = 'disowned' and client_id = :client), false)
  from mail_challenge where address = :address::text and sent_at > :since::instant;

-- name: challenge_person :maybe
-- Whose address it is.
-- row: id user_id, role text, is_disabled bool, has_second bool, locale text?
select u.id, u.role, u.disabled_at is not null,
       exists (select from totp x where x.user_id = u.id and x.confirmed_at is not null),
       u.profile->>'locale'
  from users u where u.login = :address::text;

-- name: challenge_create :exec
-- One code lives for each address and application.
-- unique mail_challenge_live -> ALREADY_EXISTS
-- unique mail_challenge_request -> ALREADY_EXISTS
with old as (
    update mail_challenge set ended_at = :now, ended_why = 'replaced'
     where client_id = :client::client_id and address = :address::text and ended_at is null
    returning 1
), gone as (
    select count(*) from old
)
insert into mail_challenge (id, session_hash, client_id, address, name, request_id, request_hash, redirect_uri, registered_uri,
                            scope, audience, nonce, code_challenge, terms, jkt, code_hash, sent_at, code_expires_at, created_at,
                            expires_at)
select :id::text, :session_hash::digest, :client, :address, :name::text?, :request_id::text?, :request_hash::bytes?,
       :redirect_uri::text, :registered_uri::text, :scope::text, :audience::text, :nonce::text?, :code_challenge::text,
       :terms::json, :jkt::text?, :code_hash::digest, :now, :code_expires_at::instant, :now, :expires_at::instant
  from gone;

-- name: challenge_by_session :maybe
-- row: id text, address text, name text?, registered_uri text, jkt text?, attempts i64, sent_at instant, code_expires_at instant, expires_at instant, ended_why text?, user_id user_id?, request_hash bytes?
select id, address, name, registered_uri, jkt, attempts, sent_at, code_expires_at, expires_at, ended_why, user_id, request_hash from mail_challenge
 where session_hash = :session_hash::digest and client_id = :client::client_id and expires_at > :now;

-- name: challenge_by_id :maybe
-- row: = challenge_by_session
select id, address, name, registered_uri, jkt, attempts, sent_at, code_expires_at, expires_at, ended_why, user_id, request_hash from mail_challenge
 where id = :id::text and client_id = :client::client_id and expires_at > :now;

-- name: challenge_by_request :maybe
-- row: = challenge_by_session
select id, address, name, registered_uri, jkt, attempts, sent_at, code_expires_at, expires_at, ended_why, user_id, request_hash from mail_challenge
 where request_id = :request_id::text and client_id = :client::client_id;

-- name: challenge_attempt :maybe
-- Counts an attempt before anything is compared.
-- row: code_hash digest, attempts i64
update mail_challenge set attempts = attempts + 1
 where id = :id::text and ended_at is null and code_expires_at > :now and attempts < :most::i64
returning code_hash, attempts;

-- name: challenge_renew :exec
-- Another code; the one before is dead.
update mail_challenge set code_hash = :code_hash::digest, attempts = 0, sends = sends + 1, sent_at = :now,
       code_expires_at = :code_expires_at::instant
 where id = :id::text and ended_at is null and expires_at > :now and sends < :most::i64;

-- name: challenge_grant :maybe
-- The right code, once: a grant with the authorization code that the application redeems. There is no session of a browser.
-- row: id text
with who as (
    select u.id from users u where u.id = :user::user_id and u.disabled_at is null and u.role = 'user' for key share
), whose as (
    select c.id from client c join mail_challenge x on x.client_id = c.id
     where x.id = :id::text and c.disabled_at is null and c.challenge <> 'off' for key share of c
), h as (
    update mail_challenge m set ended_at = :now, ended_why = 'confirmed', user_id = who.id
      from who, whose
     where m.id = :id and m.ended_at is null and m.code_expires_at > :now and whose.id = m.client_id
    returning m.id, who.id as user_id, m.client_id, m.redirect_uri, m.registered_uri, m.scope, m.audience, m.nonce, m.code_challenge, m.terms
), g as (
    insert into grants (id, user_id, client_id, sid, scope, audience, nonce, auth_time, amr, terms, created_at, expires_at)
    select :grant::grant_id, user_id, client_id, :sid::text, scope, audience, nonce, :now, :amr::text, terms, :now,
           :grant_expires_at::instant from h
    returning id
), k as (
    insert into code (code_hash, grant_id, client_id, redirect_uri, registered_uri, challenge, issued_at, expires_at)
    select :code_hash::digest, g.id, h.client_id, h.redirect_uri, h.registered_uri, h.code_challenge, :now, :redeem_until::instant
      from g, h
)
select id from h;

-- name: challenge_to_web :exec
-- The address is proved, and that is not enough for this account.
update mail_challenge set ended_at = :now, ended_why = 'web' where id = :id::text and ended_at is null;

-- name: challenge_disown :maybe
-- Its owner says that it was somebody else.
-- row: client_id client_id, user_id user_id?
update mail_challenge m set ended_at = :now, ended_why = 'disowned'
 where m.id = :id::text and m.ended_at is null
returning m.client_id, (select u.id from users u where u.login = m.address);

-- name: challenge_open :maybe
-- row: client_id client_id, client_name text, is_open bool, is_disowned bool
select c.id, c.name, m.ended_at is null, coalesce(m.ended_why = 'disowned', false) from mail_challenge m join client c on c.id = m.client_id where m.id = :id::text;

-- name: challenge_purge :exec
delete from mail_challenge where id = any (array(
    select id from mail_challenge where expires_at < :before::instant order by expires_at limit 1000));
