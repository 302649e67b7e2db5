-- Users of a partner: the people who sell and are paid out.

-- name: user_insert :maybe
-- Nothing when this subject has its account already.
-- row: user_id user_id
-- unique pay_user_external_id_key -> EXTERNAL_ID_TAKEN external_id
insert into pay_user (partner_id, user_id, subject, external_id, name, email, email_verified, country, locale, needs_code, created_at)
values (:partner::partner_id, :user::user_id, :subject::text?, :external_id::text?, :name::text, :email::text?,
        :email_verified::bool, :country::text?, :locale::text?, :needs_code::bool, :now)
on conflict (partner_id, subject) do nothing
returning user_id;

-- name: user_find :maybe
-- row: user_id user_id, subject text?, external_id text?, name text, email text?, email_verified bool, country text?, payouts_frozen_at instant?, created_at instant, locale text?, needs_code bool, confirmed_at instant?, closed_at instant?, closed_reason text?, payouts_from instant?, consent_withdrawn_at instant?, erased_at instant?
select user_id, subject, external_id, name, email, email_verified, country, payouts_frozen_at, created_at, locale, needs_code, confirmed_at,
       closed_at, closed_reason, payouts_from, consent_withdrawn_at, erased_at
  from pay_user
 where partner_id = :partner::partner_id and user_id = :user::user_id;

-- name: user_of_subject :maybe
-- row: = user_find
select user_id, subject, external_id, name, email, email_verified, country, payouts_frozen_at, created_at, locale, needs_code, confirmed_at,
       closed_at, closed_reason, payouts_from, consent_withdrawn_at, erased_at
  from pay_user
 where partner_id = :partner::partner_id and subject = :subject::text;

-- name: user_list :many
-- Newest first; ids sort by time. :before is the last id of the page before.
-- row: = user_find
select user_id, subject, external_id, name, email, email_verified, country, payouts_frozen_at, created_at, locale, needs_code, confirmed_at,
       closed_at, closed_reason, payouts_from, consent_withdrawn_at, erased_at
  from ((select x.user_id as found from pay_user x
          where x.partner_id = :partner::partner_id and (x.partner_id, x.user_id) < (:partner, coalesce(:before::text?, 'zz')) and (x.partner_id, x.user_id) >= (:partner, '')
            and :external_id::text? is null
          order by x.partner_id desc, x.user_id desc limit :limit::i64)
        union all
        (select x.user_id from pay_user x where x.partner_id = :partner and x.external_id = :external_id and (:before is null or x.user_id < :before))) o
 cross join lateral (select x.* from pay_user x where x.user_id = o.found offset 0) u
 order by u.user_id desc
 limit :limit;

-- name: user_email_set :maybe
-- An address without its owner's codes. Where there was another one, payouts wait. Nothing when it is so already.
-- row: old_email text?
with before as materialized (
    select partner_id, user_id, email from pay_user
     where partner_id = :partner::partner_id and user_id = :user::user_id and (email is distinct from :email::text or not email_verified and :is_verified::bool)
       for update
)
update pay_user u set email = :email, email_verified = :is_verified,
       previous_email = case when b.email is distinct from :email then b.email else u.previous_email end,
       email_changed_at = case when b.email is distinct from :email then :now else u.email_changed_at end,
       payouts_from = case when lower(b.email) <> lower(:email) then :payouts_from::instant else u.payouts_from end
  from before b
 where u.partner_id = b.partner_id and u.user_id = b.user_id
returning b.email;

-- name: user_freeze :exec
-- No payout of this user can be requested or confirmed any more, and his partner hears of it.
with frozen as (
    update pay_user set payouts_frozen_at = :now
     where partner_id = :partner::partner_id and user_id = :user::user_id and payouts_frozen_at is null
    returning partner_id, user_id
)
insert into event (event_id, partner_id, type, object_id, data, created_at)
select :event::event_id, partner_id, 'user.updated', user_id, :data::text, :now from frozen;

-- name: user_frozen_tell :exec
-- What is confirmed stays where it is until somebody lets it go on: a person has to speak with him, and sees what that is. What waits for operators
-- is confirmed by him, or by whoever had his mails, as well, and would go out when they approve it.
insert into anomaly (partner_id, kind, ref, detail, created_at)
select u.partner_id, 'payouts_frozen', u.user_id,
       case when h.n = 0 then 'nothing is held'
            else h.n || ' confirmed and held' || case when h.waiting > 0 then ', of which operators have to approve ' || h.waiting else '' end
                 || ': ' || array_to_string(h.payouts[1:20], ' ') end, :wall
  from pay_user u
 cross join lateral (select count(*) as n, count(*) filter (where p.status = 'awaiting_approval') as waiting,
                            array_agg(p.payout_id order by p.payout_id) as payouts
                       from payout p where p.partner_id = u.partner_id and p.user_id = u.user_id and p.status in ('confirmed', 'awaiting_approval')) h
 where u.partner_id = :partner::partner_id and u.user_id = :user::user_id and u.payouts_frozen_at is not null
on conflict (kind, ref) where closed_at is null do update set detail = excluded.detail where anomaly.detail <> excluded.detail;

-- name: user_unfreeze :exec
with freed as (
    update pay_user set payouts_frozen_at = null
     where partner_id = :partner::partner_id and user_id = :user::user_id and payouts_frozen_at is not null
    returning partner_id, user_id
), seen as (
    update anomaly n set closed_at = :wall, closed_by = 'machine', note = 'payouts go on'
      from freed f where n.kind = 'payouts_frozen' and n.ref = f.user_id and n.closed_at is null
)
insert into event (event_id, partner_id, type, object_id, data, created_at)
select :event::event_id, partner_id, 'user.updated', user_id, :data::text, :now from freed;

-- name: user_previous_email :maybe
-- The address before the present one, if it was changed lately.
-- row: email text
select coalesce(previous_email, '') from pay_user
 where partner_id = :partner::partner_id and user_id = :user::user_id and previous_email is not null and email_changed_at > :since::instant;

-- name: user_confirm :exec
-- The owner of the address has agreed.
update pay_user set confirmed_at = :now, email_verified = true
 where partner_id = :partner::partner_id and user_id = :user::user_id and needs_code and confirmed_at is null and closed_at is null;

-- name: user_drop :exec
-- One that was never confirmed.
update pay_user set closed_at = :now, closed_reason = :reason::text
 where partner_id = :partner::partner_id and user_id = :user::user_id and needs_code and confirmed_at is null and closed_at is null;

-- name: user_open :one
-- What keeps a user from being closed: stores that sell, or left a moment ago with payments that may still be paid; accounts that are not at
-- zero; payouts, payments, disputes and subscriptions that are not over, refunds that wait for him; also where he only shares in a payment.
-- Payments are found by what is open of all, and not among all that a partner has: those that are on their way have a timer or a call; others
-- are of stores that do not sell, or share with him, and cannot be paid any more (charges_begin).
-- row: stores i64, balances i64, payouts i64, payments i64, disputes i64, subscriptions i64, refunds i64
select (select count(*) from store s where s.partner_id = :partner::partner_id and s.user_id = :user::user_id
           and (s.status <> 'closed' or s.moved_to is not null and s.status_at > :now - interval '1 day')),
       (select count(*) from account a
         cross join lateral (select x.posted, x.pending_out, x.held from balance x where x.account_id = a.account_id offset 0) b
         where a.partner_id = :partner and a.kind = any ('{seller,payout_transit}') and a.user_id = :user
           and (b.posted <> 0 or b.pending_out <> 0 or b.held <> 0)),
       (select count(*) from payout p where p.partner_id = :partner and p.user_id = :user
           and (p.status in ('awaiting_code', 'awaiting_approval', 'confirmed', 'sent', 'unknown')) is true),
       (select count(*) from (select p.payment_id from (select * from payment x where x.timer_at is not null offset 0) p
                               where p.status in ('requires_action', 'requires_capture') and p.partner_id = :partner
                                 and (p.user_id = :user or (:user = any (p.share_users)) is true)
                              union
                              select c.payment_id from acquirer_call c
                               cross join lateral (select x.partner_id, x.user_id, x.share_users from payment x where x.payment_id = c.payment_id offset 0) p
                               where c.is_open and p.partner_id = :partner and (p.user_id = :user or (:user = any (p.share_users)) is true)) open),
       (select count(*) from dispute d
         cross join lateral (select x.partner_id, x.user_id, x.share_users from payment x where x.payment_id = d.payment_id offset 0) p
         where d.closed_at is null and p.partner_id = :partner and (p.user_id = :user or (:user = any (p.share_users)) is true) and d.status in ('needs_response', 'under_review')),
       (select count(*) from (select x.store_id from store x where x.partner_id = :partner and x.user_id = :user offset 0) s
         cross join lateral (select x.subscription_id from subscription x where x.partner_id = :partner and x.store_id = s.store_id and x.status <> 'canceled' offset 0) b),
       (select count(*) from refund_queue q where q.partner_id = :partner and q.user_id = :user and q.status = 'queued');

-- name: user_close :exec
update pay_user set closed_at = :now, closed_reason = 'requested'
 where partner_id = :partner::partner_id and user_id = :user::user_id and closed_at is null;

-- name: user_look_again :exec
-- When he was closed: at what began before, and was not to be seen then. Absent: no more.
update pay_user set look_again_at = :at::instant? where partner_id = :partner::partner_id and user_id = :user::user_id;

-- name: users_look_again :many
-- Taken for a while, so that two servers do not look at once.
-- row: partner_id partner_id, user_id user_id
update pay_user u set look_again_at = :lease::instant
 where u.user_id = any (array(select x.user_id from pay_user x where x.look_again_at <= :wall
                               order by x.look_again_at limit 50 for no key update skip locked))
returning u.partner_id, u.user_id;

-- name: user_owed_tell :exec
-- Unless he is open again, or somebody was told already.
insert into anomaly (partner_id, kind, ref, detail, created_at)
select u.partner_id, 'user_owed', u.user_id, :detail::text, :wall
  from pay_user u where u.partner_id = :partner::partner_id and u.user_id = :user::user_id and u.closed_at is not null
on conflict (kind, ref) where closed_at is null do nothing;

-- name: user_reopen :exec
-- Money has come back to him. Who never came to be stays closed; what was erased stays so, and what is told of him since is erased again.
update pay_user set closed_at = null, closed_reason = null, erased_at = null
 where partner_id = :partner::partner_id and user_id = :user::user_id and closed_reason = 'requested' and forgotten_at is null;

-- name: user_codes_kill :exec
-- No code that was mailed before is worth anything: the address was not the owner's, or is not any more.
update payout_code c set is_live = false
  from code_holder h
 where h.subject = c.subject and h.partner_id = :partner::partner_id and h.user_id = :user::user_id and h.is_waiting and c.is_live;

-- name: user_any :maybe
-- For the operator.
-- row: partner_id partner_id
select partner_id from pay_user where user_id = :user::user_id;
