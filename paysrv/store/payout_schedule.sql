-- Payouts by schedule: agreed to with a code, made by a job.

-- name: payout_schedule_request :one
-- T1: the key, the schedule, its code, the mail that carries it, the event. Not first: the key was used before, or the owner is not
-- any more who he was (payout_request), or has withdrawn his consent.
-- row: is_first bool
with owner as (
    update pay_user u set needs_code = u.needs_code
     where u.partner_id = :partner::partner_id and u.user_id = :user::user_id and u.email = :recipient::text
       and u.payouts_frozen_at is null and u.closed_at is null and u.consent_withdrawn_at is null
    returning 1
), claim as (
    insert into idempotency (partner_id, route, key, fingerprint, op, status, body, created_at)
    select :partner, :route::text, :key::text, :fingerprint::digest, :schedule::text, 201, :body::text, :wall from owner
    on conflict do nothing
    returning 1
), made as (
    insert into payout_schedule (schedule_id, partner_id, user_id, requisite_id, currency, unit, day, minute, zone, settles, minimum, label,
                                 status, hash, requested_by, created_at, expires_at, clock, client_id)
    select :schedule, :partner, :user, :requisite::requisite_id, :currency::text, :unit::text, :day::i32, :minute::i32, :zone::text,
           :settles::bool, :minimum::i64, :label::text, 'awaiting_code', :bind_hash::digest, :requested_by::text, :now, :expires_at::instant, :clock, :client::text
      from claim
), coded as (
    insert into payout_code (subject, code_key, mac, bind_hash, attempts, max_attempts, resends, created_at, expires_at, mail_id)
    select :schedule, :code_key::digest, :mac::digest, :bind_hash, 0, :max_attempts::i32, 0, :now, :expires_at, :mail::text from claim
), mailed as (
    insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
    select :mail::text, 'payout_code', :recipient, :content::bytes, :wall, :now, :clock from claim
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, :partner, 'payout_schedule.confirmation_required', :schedule, :body, :now from claim
)
select exists (select from claim);

-- name: payout_schedule_find :maybe
-- :owner restricts to the schedules of one user (a user's token).
-- row: schedule_id text, partner_id partner_id, user_id user_id, requisite_id requisite_id, currency text, unit text, day i32, minute i32, zone text, settles bool, minimum i64, label text, status text, reason text?, hash digest, requested_by text?, attempts_left i32?, created_at instant, expires_at instant, next_at instant?, rail text, acquirer text?, masked text, destination digest, holder_name text?, disabled_at instant?, usable_from instant?, bik text?, is_mismatch bool
select s.schedule_id, s.partner_id, s.user_id, s.requisite_id, s.currency, s.unit, s.day, s.minute, s.zone, s.settles, s.minimum, s.label,
       s.status, s.reason, s.hash, s.requested_by, c.max_attempts - c.attempts, s.created_at, s.expires_at, s.next_at, r.rail, r.acquirer, r.masked,
       r.destination, r.holder_name, r.disabled_at, r.usable_from, r.bik,
       exists (select from requisite_verification v where v.partner_id = r.partner_id and v.requisite_id = r.requisite_id and v.holds and v.status <> 'unknown')
  from payout_schedule s
  join requisite r on r.partner_id = s.partner_id and r.requisite_id = s.requisite_id
  left join payout_code c on c.subject = s.schedule_id and c.is_live
 where s.partner_id = :partner::partner_id and s.schedule_id = :schedule::text and (:owner::text? is null or s.user_id = :owner);

-- name: payout_schedule_list :many
-- Of a user, newest first, from before the cursor.
-- row: = payout_schedule_find
select s.schedule_id, s.partner_id, s.user_id, s.requisite_id, s.currency, s.unit, s.day, s.minute, s.zone, s.settles, s.minimum, s.label,
       s.status, s.reason, s.hash, s.requested_by, c.max_attempts - c.attempts, s.created_at, s.expires_at, s.next_at, r.rail, r.acquirer, r.masked,
       r.destination, r.holder_name, r.disabled_at, r.usable_from, r.bik,
       exists (select from requisite_verification v where v.partner_id = r.partner_id and v.requisite_id = r.requisite_id and v.holds and v.status <> 'unknown')
  from payout_schedule s
  join requisite r on r.partner_id = s.partner_id and r.requisite_id = s.requisite_id
  left join payout_code c on c.subject = s.schedule_id and c.is_live
 where s.partner_id = :partner::partner_id and s.user_id = :user::user_id and s.schedule_id < coalesce(:before::text?, 'zz')
 order by s.schedule_id desc
 limit :limit::i64;

-- name: payout_schedule_take :one
-- Uses up the code: this schedule is in force, and the one before it, of this currency, has ended. It waits for who freezes its owner at this
-- moment, or he for it, as payout_confirm does.
-- row: is_taken bool
with waiting as materialized (
    select s.schedule_id, s.partner_id, s.user_id, s.currency from payout_schedule s
     where s.schedule_id = :schedule::text and s.partner_id = :partner::partner_id and s.status = 'awaiting_code'
       for no key update
), owner as materialized (
    select u.payouts_frozen_at is null as may from pay_user u join waiting w on w.partner_id = u.partner_id and w.user_id = u.user_id
       for share of u
), used as (
    update payout_code c set consumed_at = :now, is_live = false
      from waiting w
     where c.code_id = :code::i64 and c.subject = w.schedule_id and c.is_live and c.expires_at > :now and (select may from owner)
    returning c.subject
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, w.partner_id, 'payout_schedule.confirmed', w.schedule_id, :data::text, :now
      from waiting w join used u on u.subject = w.schedule_id
)
select exists (select from used);

-- name: payout_schedules_open :many
-- Of a user those that have not ended; with a currency: what is in force in it.
-- row: schedule_id text
select s.schedule_id from payout_schedule s
 where s.partner_id = :partner::partner_id and s.user_id = :user::user_id and s.status <> 'ended'
   and (:currency::text? is null or s.currency = :currency and s.status <> 'awaiting_code')
 order by s.schedule_id limit 1000;

-- name: payout_schedule_set :maybe
-- Nothing: not in one of the states.
-- row: schedule_id text
with changed as (
    update payout_schedule s set status = :to::text, reason = :reason::text?, next_at = :next_at::instant?, tries = 0, retry_at = null,
           ended_at = case when :to = 'ended' then :now end
     where s.schedule_id = :schedule::text and s.partner_id = :partner::partner_id and s.status = any (:from::texts)
       and (:to <> 'active' or s.reason is distinct from 'consent_withdrawn')
    returning s.schedule_id, s.partner_id
), killed as (
    update payout_code c set is_live = false from changed x where c.subject = x.schedule_id and c.is_live
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::text?, partner_id, 'payout_schedule.' || :to, schedule_id, :data::text?, :now from changed where :event is not null
)
select schedule_id from changed;

-- name: payout_schedules_due :many
-- Taken, so that no other server takes them before the lease ends; of each partner what waits longest, in turn, as invoices_due does. One that failed
-- waits from when it is to be tried again. Those of a suspended partner wait for its return; they are put off, or they would be walked through each
-- time before its others. Under a test clock, whose time is not the wall's, there is no lease: it would not end while the clock stands.
-- row: partner_id partner_id, schedule_id text, due_at instant, waits bool
with turns as materialized (
    select s.schedule_id, s.look_at, s.clock = '' and p.suspended_at is not null as waits, s.turn
      from partner p
     cross join lateral (select x.schedule_id, x.clock, coalesce(x.retry_at, x.next_at) as look_at,
                                row_number() over (order by coalesce(x.retry_at, x.next_at), x.schedule_id) as turn
                           from payout_schedule x
                          where x.clock = :clock and x.partner_id = p.partner_id and x.status = 'active'
                            and coalesce(x.retry_at, x.next_at) <= greatest(:now, :wall)
                            and x.next_at <= :now and (x.retry_at is null or x.retry_at <= :wall)
                          order by coalesce(x.retry_at, x.next_at), x.schedule_id limit 100) s
     order by s.turn, s.look_at, s.schedule_id limit 100
), due as materialized (
    select s.schedule_id from payout_schedule s
     where s.schedule_id = any (array(select schedule_id from turns))
       and (s.status = 'active' and s.next_at <= :now and (s.retry_at is null or s.retry_at <= :wall)) is true for update skip locked
), taken as (
    update payout_schedule s
       set retry_at = case when t.waits then :wall + interval '1 hour' when s.clock = '' then :lease::instant else s.retry_at end
      from turns t where s.schedule_id = t.schedule_id and s.schedule_id = any (array(select schedule_id from due))
    returning s.partner_id, s.schedule_id, coalesce(s.next_at, s.created_at) as due_at, t.waits, t.turn, t.look_at
)
select partner_id, schedule_id, due_at, waits from taken order by turn, look_at, schedule_id;

-- name: payout_schedule_failed :exec
-- It is tried again after a pause that doubles, of an hour at most; under a test clock at the next step: a pause by the wall would be weeks of that clock.
update payout_schedule set tries = tries + 1,
       retry_at = :wall + case when clock = '' then interval '10 seconds' * least(power(2, least(tries, 20)), 360) else interval '1 microsecond' end
 where schedule_id = :schedule::text and (status = 'active') is true and next_at = :due_at::instant;

-- name: payout_schedule_run :maybe
-- Takes one time of a schedule: nothing when somebody else did.
-- row: schedule_id text
with taken as (
    update payout_schedule s set next_at = :next_at::instant, tries = 0, retry_at = null
     where s.schedule_id = :schedule::text and (s.status = 'active') is true and s.next_at = :due_at::instant
    returning s.schedule_id
)
insert into payout_schedule_run (schedule_id, due_at, outcome, payout_id, amount, created_at)
select schedule_id, :due_at, :outcome::text, :payout::text?, :amount::i64, :now from taken
returning schedule_id;

-- name: payout_schedule_runs :many
-- row: due_at instant, outcome text, payout_id text?, amount i64, created_at instant
select due_at, outcome, payout_id, amount, created_at from payout_schedule_run where schedule_id = :schedule::text order by due_at desc limit 20;

-- name: scheduled_payout_insert :exec
insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, created_at, expires_at,
                    requested_by, schedule_id, clock, rail)
values (:payout::payout_id, :partner::partner_id, :user::user_id, :requisite::requisite_id, :amount::i64, :currency::text, :destination::digest,
        :label::text, 'awaiting_code', :now, :now, :requested_by::text?, :schedule::text, :clock, :rail::text);

-- name: payout_schedules_expired :many
-- Those to which nobody has agreed in time.
-- row: partner_id partner_id, schedule_id text
select partner_id, schedule_id from payout_schedule where clock = :clock and status = 'awaiting_code' and expires_at <= :now
 order by expires_at limit 100;
