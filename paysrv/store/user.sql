-- Users of a partner: the people who sell and are paid out.

-- name: user_insert :maybe
-- Nothing when this subject has its account already.
-- row: user_id user_id
-- unique pay_user_external_id_key -> EXTERNAL_ID_TAKEN
insert into pay_user (partner_id, user_id, subject, external_id, name, email, email_verified, country, created_at)
values (:partner::partner_id, :user::user_id, :subject::text?, :external_id::text?, :name::text, :email::text?,
        :email_verified::bool, :country::text?, :now)
on conflict (partner_id, subject) do nothing
returning user_id;

-- name: user_find :maybe
-- row: user_id user_id, subject text?, external_id text?, name text, email text?, email_verified bool, country text?, payouts_frozen_at instant?, created_at instant
select user_id, subject, external_id, name, email, email_verified, country, payouts_frozen_at, created_at
  from pay_user
 where partner_id = :partner::partner_id and user_id = :user::user_id;

-- name: user_of_subject :maybe
-- row: = user_find
select user_id, subject, external_id, name, email, email_verified, country, payouts_frozen_at, created_at
  from pay_user
 where partner_id = :partner::partner_id and subject = :subject::text;

-- name: user_list :many
-- Newest first; ids sort by time. :before is the last id of the page before.
-- row: = user_find
select user_id, subject, external_id, name, email, email_verified, country, payouts_frozen_at, created_at
  from pay_user
 where partner_id = :partner::partner_id
   and (:before::text? is null or user_id < :before)
   and (:external_id::text? is null or external_id = :external_id)
 order by user_id desc
 limit :limit::i64;

-- name: user_email_set :exec
-- A user's own token says which address the issuer has verified.
update pay_user set email = :email::text, email_verified = true,
       previous_email = case when email is distinct from :email then email else previous_email end,
       email_changed_at = case when email is distinct from :email then :now else email_changed_at end
 where partner_id = :partner::partner_id and user_id = :user::user_id
   and (email is distinct from :email or not email_verified);

-- name: user_freeze :exec
-- No payout of this user can be requested or confirmed any more.
update pay_user set payouts_frozen_at = :now
 where partner_id = :partner::partner_id and user_id = :user::user_id and payouts_frozen_at is null;

-- name: user_unfreeze :exec
update pay_user set payouts_frozen_at = null where user_id = :user::user_id and payouts_frozen_at is not null;

-- name: user_previous_email :maybe
-- The address before the present one, if it was changed lately.
-- row: email text
select coalesce(previous_email, '') from pay_user
 where partner_id = :partner::partner_id and user_id = :user::user_id and previous_email is not null and email_changed_at > :since::instant;
