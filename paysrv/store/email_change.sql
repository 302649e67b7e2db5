-- Changes of addresses, which two addresses agree to.

-- name: email_change_insert :exec
insert into email_change (change_id, partner_id, user_id, email, old_email, status, created_at)
values (:change::text, :partner::partner_id, :user::user_id, :email::text, :old_email::text?, 'awaiting_code', :now);

-- name: email_change_find :maybe
-- row: change_id text, user_id user_id, email text, old_email text?, status text, created_at instant
select change_id, user_id, email, old_email, status, created_at from email_change where partner_id = :partner::partner_id and change_id = :change::text;

-- name: email_change_lock :maybe
-- The two who agree may do it at one moment: one after the other.
-- row: change_id text
select change_id from email_change where change_id = :change::text and status = 'awaiting_code' for update;

-- name: email_change_waits :one
-- For how many codes it waits.
-- row: n i64
select count(*) from confirmation where object_id = :change::text and status = 'awaiting_code';

-- name: email_change_do :maybe
-- All have agreed.
-- row: email text, old_email text?
with done as (
    update email_change e set status = 'done', done_at = :now
     where e.change_id = :change::text and e.partner_id = :partner::partner_id and e.status = 'awaiting_code'
    returning e.partner_id, e.user_id, e.email, e.old_email
), changed as (
    update pay_user u set email = d.email, email_verified = true, previous_email = u.email, email_changed_at = :now,
           payouts_from = :payouts_from::instant
      from done d where u.partner_id = d.partner_id and u.user_id = d.user_id
)
select email, old_email from done;

-- name: email_change_end :exec
-- It came to nothing, for a reason if nobody asked for that, or another one takes its place: of this change, or of all that wait for this user.
with old as (
    update email_change set status = :to::text
     where partner_id = :partner::partner_id and user_id = :user::user_id and (:change::text? is null or change_id = :change)
       and status = 'awaiting_code'
    returning change_id
), closed as (
    update confirmation x set status = :to, reason = :reason::text?, closed_at = :now
      from old o where x.object_id = o.change_id and x.status = 'awaiting_code'
    returning x.confirmation_id
)
update payout_code c set is_live = false from closed x where c.subject = x.confirmation_id and c.is_live;
