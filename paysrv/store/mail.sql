-- The outbox of mails: sent at least once, with the same Message-ID.

-- name: mail_claim :many
-- Due mails, leased to this sender until :lease; another one takes over if it dies. Half of them are those that somebody sits and waits for, which
-- are worth nothing in some minutes: behind the thousand notices of one partner they would come too late for everybody.
-- code_until: when the code in it is worth nothing any more. That of a sandbox partner lives by another clock than mails do.
-- row: mail_id text, kind text, recipient text, content bytes?, tries i32, code_until instant?, is_test bool
with awaited as materialized (
    select mail_id from mail where sent_at is null and failed_at is null and due_at <= :now and kind in ('payout_code', 'confirmation_code', 'billing_link')
     order by due_at limit 10 for update skip locked
), oldest as materialized (
    select mail_id from mail where sent_at is null and failed_at is null and due_at <= :now
     order by due_at limit 10 for update skip locked
), claimed as (
    update mail set due_at = :lease::instant, tries = tries + 1
     where mail_id = any (array(select mail_id from awaited union select mail_id from oldest))
    returning mail_id, kind, recipient, content, tries,
              case when clock = '' then (select c.expires_at from payout_code c where c.mail_id = mail.mail_id) end as code_until,
              clock <> '' as is_test
)
select c.mail_id, c.kind, c.recipient, c.content, c.tries, c.code_until, c.is_test
  from claimed c order by c.mail_id = any (array(select mail_id from awaited)) desc, c.mail_id;

-- name: mail_hold :exec
-- Those that are claimed at once go out one after the other: the lease of each begins when it is its turn. Nothing: it was over before, and another
-- sender has the mail.
update mail set due_at = :lease::instant where mail_id = :mail::text and due_at = :held::instant and coalesce(sent_at, failed_at) is null;

-- name: mail_sent :exec
-- Asked so that it is found by its id: the index of those that wait looks small to PostgreSQL, and is as long as there are mails.
update mail set sent_at = :now, content = case when clock <> '' then content end where mail_id = :mail::text and coalesce(sent_at, failed_at) is null;

-- name: mail_postpone :exec
update mail set due_at = :due::instant where mail_id = :mail::text and sent_at is null;

-- name: mail_give_up :exec
update mail set failed_at = :now, failure = :failure::text, reply = :reply::text, content = case when clock <> '' then content end where mail_id = :mail::text and coalesce(sent_at, failed_at) is null;

-- name: mail_bounce :maybe
-- It came back, whether or not its sender knows already that it went out. Nothing: it is not there, or had failed before.
-- row: kind text
update mail set failed_at = :now, failure = 'bounced', reply = :reply::text, content = null
 where mail_id = :mail::text and clock = '' and failed_at is null
returning kind;

-- name: mail_failure :maybe
-- row: failure text?
select failure from mail where mail_id = :mail::text and clock = '';

-- name: mail_code_lock :maybe
-- What waits for the code that this mail carries, locked before its code, as whoever confirms, cancels or sends another code locks it.
-- kind: payout, payout_list, payout_schedule, or the operation of a confirmation. Nothing: the code was used, replaced or ended.
-- row: subject text, partner_id partner_id, kind text
with code as materialized (
    select subject from payout_code where mail_id = :mail::text and is_live
), of_payout as materialized (
    select payout_id as subject, partner_id from payout where payout_id = (select subject from code) and status = 'awaiting_code' for no key update
), of_list as materialized (
    select list_id as subject, partner_id from payout_list where list_id = (select subject from code) and status = 'awaiting_code' for no key update
), of_schedule as materialized (
    select schedule_id as subject, partner_id from payout_schedule where schedule_id = (select subject from code) and status = 'awaiting_code' for no key update
), of_confirmation as materialized (
    select confirmation_id as subject, partner_id, operation from confirmation
     where confirmation_id = (select subject from code) and status = 'awaiting_code' for no key update
)
select subject, partner_id, 'payout' from of_payout
union all select subject, partner_id, 'payout_list' from of_list
union all select subject, partner_id, 'payout_schedule' from of_schedule
union all select subject, partner_id, operation from of_confirmation;

-- name: mail_code_waits :one
-- Asked after mail_code_lock: whether it is still this code that is waited for.
-- row: waits bool
select exists (select from payout_code where mail_id = :mail::text and is_live);

-- name: mail_any :many
-- For the operator, newest first: those that came to nothing, or those that wait. :before: created earlier.
-- row: mail_id text, kind text, recipient text, tries i32, created_at instant, due_at instant, failed_at instant?, failure text?, reply text?, subject text?, partner_id partner_id?
select m.mail_id, m.kind, m.recipient, m.tries, m.created_at, m.due_at, m.failed_at, m.failure, m.reply, c.subject, h.partner_id
  from (select * from mail where :failed::bool and failed_at is not null
         union all
        select * from mail where not :failed and sent_at is null and failed_at is null) m
  left join lateral (select x.subject from payout_code x where x.mail_id = m.mail_id offset 0) c on true
  left join lateral (select x.partner_id from code_holder x where x.subject = c.subject offset 0) h on true
 order by m.created_at desc, m.mail_id desc
 limit 200;

-- name: mail_insert :exec
insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
values (:mail::text, :kind::text, :recipient::text, :content::bytes, :wall, :now, :clock);

-- name: test_mail_list :many
-- Those to a sandbox partner's users, newest first.
-- row: mail_id text, kind text, recipient text, content bytes?, failure text?, created_at instant
select mail_id, kind, recipient, content, failure, created_at
  from mail
 where coalesce(shown_to, clock) = :partner::partner_id and clock <> '' and content is not null
   and (:recipient::text? is null or recipient = :recipient)
   and (:before::text? is null or mail_id < :before)
 order by mail_id desc
 limit :limit::i64;

-- name: test_mails_forget :exec
-- What was to be sent before :until says nothing any more.
update mail set content = null
 where clock <> '' and content is not null and (sent_at is not null or failed_at is not null) and mail_id = any (array(
       select mail_id from mail where clock <> '' and content is not null and due_at < :until::instant order by due_at limit 1000));

-- name: mails_purge :exec
delete from mail
 where mail_id = any (array(select mail_id from mail
                    where (sent_at is not null or failed_at is not null) and coalesce(sent_at, failed_at) < :until::instant
                    order by coalesce(sent_at, failed_at) limit :most::i64));
