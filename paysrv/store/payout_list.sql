-- Lists of payouts: requested and confirmed as a whole.

-- name: payout_list_request :one batch
-- unique payout_permit_key -> AUTHORIZATION_DETAILS_USED
-- T1: the key, the list and what is in it, its code, the mail that carries the code, the event. Not first: the key was used before, or the
-- owner is not any more who he was (payout_request).
-- row: is_first bool
with owner as (
    update pay_user u set needs_code = u.needs_code
     where u.partner_id = :partner::partner_id and u.user_id = :user::user_id and u.email = :recipient::text
       and u.payouts_frozen_at is null and u.closed_at is null
    returning 1
), claim as (
    insert into idempotency (partner_id, route, key, fingerprint, op, status, body, created_at)
    select :partner, :route::text, :key::text, :fingerprint::digest, :list::text, 201, :body::text, :wall from owner
    on conflict do nothing
    returning 1
), list as (
    insert into payout_list (list_id, partner_id, user_id, label, status, payouts, hash, created_at, expires_at, clock)
    select :list, :partner, :user, :label::text, 'awaiting_code', cardinality(:payout_id::texts), :bind_hash::digest, :now,
           :expires_at::instant, :clock
      from claim
), requested as (
    insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, created_at, expires_at,
                        requested_by, list_id, list_line, clock, rail, permit)
    select o.payout_id, :partner, :user, o.requisite_id, o.amount, o.currency, o.destination, :label, 'awaiting_code', :now, :expires_at,
           :requested_by::text, :list, o.n, :clock, r.rail, nullif(o.permit, '')
      from claim cross join unnest(:payout_id, :requisite_id::texts, :amount::i64s, :currency::texts, :destination::digests,
                                        :permit::texts?) with ordinality
             as o (payout_id, requisite_id, amount, currency, destination, permit, n)
      join requisite r on r.partner_id = :partner and r.requisite_id = o.requisite_id
), coded as (
    insert into payout_code (subject, code_key, mac, bind_hash, attempts, max_attempts, resends, created_at, expires_at, mail_id)
    select :list, :code_key::digest, :mac::digest, :bind_hash, 0, :max_attempts::i32, 0, :now, :expires_at, :mail::text from claim
), mailed as (
    insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
    select :mail::text, 'payout_code', :recipient, :content::bytes, :wall, :now, :clock from claim
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, :partner, 'payout_list.confirmation_required', :list, :data::text, :now from claim
)
select exists (select from claim);

-- name: payout_list_find :maybe
-- :owner restricts to the lists of one user (a user's token).
-- row: list_id text, user_id user_id, label text, status text, payouts i32, hash digest, attempts_left i32?, resends i32?, coded_at instant?, created_at instant, expires_at instant, confirmed_at instant?, reason text?
select l.list_id, l.user_id, l.label, l.status, l.payouts, l.hash, c.max_attempts - c.attempts, c.resends, c.created_at, l.created_at,
       l.expires_at, l.confirmed_at, l.reason
  from payout_list l
  left join payout_code c on c.subject = l.list_id and c.is_live
 where l.partner_id = :partner::partner_id and l.list_id = :list::text and (:owner::text? is null or l.user_id = :owner);

-- name: payouts_of_list :many
-- In the order in which they were asked for.
-- row: = payout_find
select p.payout_id, p.user_id, p.requisite_id, p.amount, p.currency, p.destination, p.label, p.status, p.msg_id, p.rail, r.masked,
       r.holder_name, null::integer, null::integer, null::timestamptz, p.created_at, p.expires_at, p.confirmed_at,
       p.sent_at, p.paid_at, p.returned_at, p.reason, p.list_id, p.schedule_id,
       coalesce((select f.fee from payout_fee f where f.payout_id = p.payout_id), 0),
       (select v.created_at from requisite_verification v where v.partner_id = p.partner_id and v.requisite_id = p.requisite_id and v.holds),
       (select u.payouts_frozen_at from pay_user u where u.partner_id = p.partner_id and u.user_id = p.user_id), p.external_id
  from payout p
  join requisite r on r.partner_id = p.partner_id and r.requisite_id = p.requisite_id
 where p.partner_id = :partner::partner_id and p.list_id = :list::text
 order by p.list_line
 limit 100;

-- name: payout_lists_waiting :many
-- row: list_id text
select list_id from payout_list
 where partner_id = :partner::partner_id and user_id = :user::user_id and status = 'awaiting_code' and created_at > :now - interval '1 day'
 limit 200;

-- name: payout_list_take :one
-- Uses up the code, in the transaction that then confirms each payout.
-- row: is_waiting bool, is_frozen bool, is_taken bool
with waiting as materialized (
    select l.list_id, l.partner_id, l.user_id from payout_list l
     where l.list_id = :list::text and l.partner_id = :partner::partner_id and l.status = 'awaiting_code'
       for no key update
), frozen as materialized (
    select u.user_id from pay_user u join waiting w on w.partner_id = u.partner_id and w.user_id = u.user_id
     where u.payouts_frozen_at is not null
), used as (
    update payout_code c set consumed_at = :now, is_live = false
      from waiting w
     where c.code_id = :code::i64 and c.subject = w.list_id and c.is_live and c.expires_at > :now
       and not exists (select from frozen)
    returning c.subject
), confirmed as (
    update payout_list l set status = 'confirmed', confirmed_at = :now from used u where l.list_id = u.subject
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, w.partner_id, 'payout_list.confirmed', w.list_id, :data::text, :now from waiting w join used u on u.subject = w.list_id
)
select exists (select from waiting), exists (select from frozen), exists (select from used);

-- name: payout_list_close :maybe
-- Canceled before it was confirmed, by somebody or, with a reason, by itself; nothing was held. Nothing: it does not wait.
-- row: list_id text
with closed as (
    update payout_list l set status = 'canceled', reason = :reason::text?, closed_at = :now
     where l.list_id = :list::text and l.partner_id = :partner::partner_id and l.status = 'awaiting_code'
    returning l.list_id, l.partner_id
), listed as (
    update payout p set status = 'canceled', reason = :reason, closed_at = :now from closed l where p.list_id = l.list_id and p.status = 'awaiting_code'
), killed as (
    update payout_code c set is_live = false from closed l where c.subject = l.list_id and c.is_live
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, partner_id, 'payout_list.canceled', list_id, :data::text, :now from closed
)
select list_id from closed;
