-- Operations that their owner confirms with a mailed code. The code itself is in table payout_code (payout.sql, code_*).

-- name: confirmation_insert :exec
-- In the transaction that makes what it is for: it, its code, the mail that carries it, the event. Not affected: its user is not any more who he
-- was (payout_request), or has another address than the one that was read.
with owner as (
    update pay_user u set needs_code = u.needs_code
     where u.partner_id = :partner::partner_id and u.user_id = :user::user_id and u.email is not distinct from :known_email::text?
       and u.closed_at is null
    returning 1
), made as (
    insert into confirmation (confirmation_id, partner_id, user_id, operation, object_id, recipient, label, summary, hash, requested_by, status,
                              created_at, expires_at, clock)
    select :confirmation::text, :partner, :user, :operation::text, :object::text, :recipient::text, :label::text,
           :summary::text, :bind_hash::digest, :requested_by::text, 'awaiting_code', :now, :expires_at::instant, :clock
      from owner
    returning confirmation_id
), coded as (
    insert into payout_code (subject, code_key, mac, bind_hash, attempts, max_attempts, resends, created_at, expires_at, mail_id)
    select confirmation_id, :code_key::digest, :mac::digest, :bind_hash, 0, :max_attempts::i32, 0, :now, :expires_at, :mail::text from made
), mailed as (
    insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
    select :mail::text, 'confirmation_code', :recipient, :content::bytes, :wall, :now, :clock from made
)
insert into event (event_id, partner_id, type, object_id, data, created_at)
select :event::event_id, :partner, 'confirmation.required', confirmation_id, :body::text, :now from made;

-- name: confirmation_find :maybe
-- :owner restricts to those of one user (a user's token).
-- row: confirmation_id text, partner_id partner_id, user_id user_id, operation text, object_id text, recipient text, label text, summary text, hash digest, requested_by text, status text, created_at instant, expires_at instant, confirmed_at instant?, attempts_left i32?, resends i32?, coded_at instant?, reason text?
select x.confirmation_id, x.partner_id, x.user_id, x.operation, x.object_id, x.recipient, x.label, x.summary, x.hash, x.requested_by, x.status,
       x.created_at, x.expires_at, x.confirmed_at, c.max_attempts - c.attempts, c.resends, c.created_at, x.reason
  from confirmation x
  left join payout_code c on c.subject = x.confirmation_id and c.is_live
 where x.partner_id = :partner::partner_id and x.confirmation_id = :confirmation::text and (:owner::text? is null or x.user_id = :owner);

-- name: confirmation_list :many
-- Newest first, from before the cursor: the partner's, or a user's, or those of an object.
-- row: = confirmation_find
select x.confirmation_id, x.partner_id, x.user_id, x.operation, x.object_id, x.recipient, x.label, x.summary, x.hash, x.requested_by, x.status,
       x.created_at, x.expires_at, x.confirmed_at, c.max_attempts - c.attempts, c.resends, c.created_at, x.reason
  from ((select o.* from confirmation o
          where (o.partner_id, o.confirmation_id) < (:partner::partner_id, coalesce(:before::text?, 'zz')) and (o.partner_id, o.confirmation_id) >= (:partner, '')
            and :owner::text? is null and :object::text? is null
            and (:status::text? is null or o.status = :status)
          order by o.partner_id desc, o.confirmation_id desc limit :limit::i64)
        union all
        (select o.* from confirmation o
          where :object is null and o.partner_id = :partner
            and (o.user_id, o.confirmation_id) < (:owner, coalesce(:before, 'zz')) and (o.user_id, o.confirmation_id) >= (:owner, '')
            and (:status is null or o.status = :status)
          order by o.user_id desc, o.confirmation_id desc limit :limit)
        union all
        (select o.* from confirmation o
          where o.object_id = :object and o.partner_id = :partner
            and (:owner is null or o.user_id = :owner) and (:status is null or o.status = :status) and (:before is null or o.confirmation_id < :before))) x
  left join payout_code c on c.subject = x.confirmation_id and c.is_live
 order by x.confirmation_id desc
 limit :limit;

-- name: confirmation_waiting_of_user :many
-- What waits for him, also what another partner asked of him: one of his stores.
-- row: = confirmation_find
select x.confirmation_id, x.partner_id, x.user_id, x.operation, x.object_id, x.recipient, x.label, x.summary, x.hash, x.requested_by, x.status,
       x.created_at, x.expires_at, x.confirmed_at, c.max_attempts - c.attempts, c.resends, c.created_at, x.reason
  from confirmation x
  left join payout_code c on c.subject = x.confirmation_id and c.is_live
 where x.status = 'awaiting_code' and x.confirmation_id = any (array(
       select o.confirmation_id from confirmation o where o.partner_id = :partner::partner_id and o.user_id = :user::user_id and o.status = 'awaiting_code'
       union all
       select o.confirmation_id from store s
        cross join lateral (select connection_id from store_connection where store_id = s.store_id and status = 'awaiting_code' offset 0) k
        cross join lateral (select confirmation_id from confirmation where object_id = k.connection_id offset 0) o
        where s.partner_id = :partner and s.user_id = :user))
 order by x.confirmation_id
 limit 200;

-- name: confirmation_due :many
-- Those whose code was never typed.
-- row: = confirmation_find
select x.confirmation_id, x.partner_id, x.user_id, x.operation, x.object_id, x.recipient, x.label, x.summary, x.hash, x.requested_by, x.status,
       x.created_at, x.expires_at, x.confirmed_at, c.max_attempts - c.attempts, c.resends, c.created_at, x.reason
  from confirmation x
  left join payout_code c on c.subject = x.confirmation_id and c.is_live
 where x.clock = :clock and x.status = 'awaiting_code' and x.expires_at <= :now
 order by x.expires_at
 limit 200;

-- name: confirmation_unmail :exec
-- A mail that nobody is to get goes in the transaction that made it.
delete from mail where mail_id = :mail::text;

-- name: confirmation_mail_show :exec
-- Of a sandbox's mail: it is read by the partner whose user gets it, not by the one that asks him. Absent: there is nobody.
update mail set shown_to = :reader::text? where mail_id = :mail::text and clock <> '';

-- name: confirmation_take :one
-- Uses up the code. Whoever takes it does what it was for in the same transaction.
-- row: is_taken bool
with waiting as materialized (
    select x.confirmation_id, x.partner_id from confirmation x
     where x.confirmation_id = :confirmation::text and x.partner_id = :partner::partner_id and x.status = 'awaiting_code'
       for no key update
), used as (
    update payout_code c set consumed_at = :now, is_live = false
      from waiting w
     where c.code_id = :code::i64 and c.subject = w.confirmation_id and c.is_live and c.expires_at > :now
    returning c.subject
), done as (
    update confirmation x set status = 'confirmed', confirmed_at = :now from used u where x.confirmation_id = u.subject
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, w.partner_id, 'confirmation.confirmed', w.confirmation_id, :data::text, :now
      from waiting w join used u on u.subject = w.confirmation_id
)
select exists (select from used);

-- name: confirmation_close :one
-- Without a code: :to is canceled, for a reason if nobody asked for it, or expired when it is too late for one.
-- row: is_closed bool
with closed as (
    update confirmation x set status = :to::text, reason = :reason::text?, closed_at = :now
     where x.confirmation_id = :confirmation::text and x.partner_id = :partner::partner_id and x.status = 'awaiting_code'
       and (:to <> 'expired' or x.expires_at <= :now)
    returning x.confirmation_id, x.partner_id
), killed as (
    update payout_code c set is_live = false from closed x where c.subject = x.confirmation_id and c.is_live
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, partner_id, 'confirmation.' || :to, confirmation_id, :data::text, :now from closed
)
select exists (select from closed);

-- name: confirmation_any :many
-- For the operator, newest first.
-- row: confirmation_id text, partner_id partner_id, user_id user_id, operation text, object_id text, recipient text, label text, status text, created_at instant, reason text?
select x.confirmation_id, x.partner_id, x.user_id, x.operation, x.object_id, x.recipient, x.label, x.status, x.created_at, x.reason
  from confirmation x
 where (:partner::text? is null or x.partner_id = :partner) and (:status::text? is null or x.status = :status)
 order by x.confirmation_id desc
 limit 200;
