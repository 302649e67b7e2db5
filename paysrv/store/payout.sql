-- Payouts: requested, confirmed with a mailed code, sent to the bank in a batch, paid.
-- What depends on the state of a payout locks its row first; balances are taken in the order seller, payout_transit.

-- name: payout_request :one
-- unique payout_open_label -> LABEL_TAKEN
-- unique payout_external_id_key -> EXTERNAL_ID_TAKEN external_id
-- unique payout_permit_key -> AUTHORIZATION_DETAILS_USED
-- T1: the key, the payout, its code, the mail that carries it, the event. Not first: the key was used before, or the owner is not any more who
-- he was when the code was made. His row is written, not only locked (docs/decisions/0104): who changes his address, freezes or closes him in a
-- serializable transaction that began before this commits begins anew, and sees this code.
-- row: is_first bool
with owner as (
    update pay_user u set needs_code = u.needs_code
     where u.partner_id = :partner::partner_id and u.user_id = :user::user_id and u.email = :recipient::text
       and u.payouts_frozen_at is null and u.closed_at is null
    returning 1
), claim as (
    insert into idempotency (partner_id, route, key, fingerprint, op, status, body, created_at)
    select :partner, :route::text, :key::text, :fingerprint::digest, :payout::payout_id, 201, :body::text, :wall from owner
    on conflict do nothing
    returning 1
), requested as (
    insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status,
                        created_at, expires_at, requested_by, clock, rail, permit, external_id)
    select :payout, :partner, :user, :requisite::requisite_id, :amount::i64, :currency::text,
           :destination::digest, :label::text, 'awaiting_code', :now, :expires_at::instant, :requested_by::text, :clock, :rail::text,
           :permit::text?, :external_id::text?
      from claim
), coded as (
    insert into payout_code (subject, code_key, mac, bind_hash, attempts, max_attempts, resends, created_at, expires_at, mail_id)
    select :payout, :code_key::digest, :mac::digest, :bind_hash::digest, 0, :max_attempts::i32, 0, :now, :expires_at, :mail::text
      from claim
), mailed as (
    insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
    select :mail::text, 'payout_code', :recipient, :content::bytes, :wall, :now, :clock from claim
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, :partner, 'payout.confirmation_required', :payout, :body, :now from claim
)
select exists (select from claim);

-- name: payouts_permitted :one
-- How many of what one code confirms (a payout, or the payouts of a list) were not requested by what this consent allows.
-- row: others i64
select count(*)
  from (select x.partner_id, x.permit from payout x where x.payout_id = :subject::text
        union all
        select x.partner_id, x.permit from payout x where x.list_id = :subject) p
 where p.partner_id = :partner::partner_id and (p.permit is null or split_part(p.permit, ':', 1) <> :grant::text);

-- name: payout_recent :one
-- Codes that were mailed for this user lately, requests and resends, and the labels that they name. None is sent again a day later.
-- And which agreement he would have to have accepted.
-- row: n i64, labels texts, agreement text?
select count(c.code_id), coalesce(array_agg(distinct h.label), '{}'), agreement_missing(:partner::partner_id, :user::user_id, :now)
  from code_holder h join payout_code c on c.subject = h.subject
 where h.partner_id = :partner and h.user_id = :user and h.created_at > :since::instant - interval '1 day'
   and c.created_at > :since;

-- name: codes_to :one
-- Codes that were mailed to this address lately, of payouts and of confirmations: for this partner, and for whichever. What strangers ask for
-- (:hidden) counts for strangers only: they use up nobody's codes. Nor does what a test clock mails, to nobody.
-- row: confirmations_of_partner i64, confirmations i64, of_partner i64, n i64
select count(*) filter (where m.kind = 'confirmation_code' and h.partner_id = :partner::partner_id), count(*) filter (where m.kind = 'confirmation_code'),
       count(*) filter (where h.partner_id = :partner), count(*)
  from mail m
 cross join lateral (select x.subject from payout_code x where x.mail_id = m.mail_id offset 0) c
 cross join lateral (select x.partner_id from code_holder x where x.subject = c.subject offset 0) h
 where m.kind in ('payout_code', 'confirmation_code') and lower(m.recipient) = lower(:recipient::text) and m.created_at > :since::instant and m.clock = :clock
   and (:hidden::bool or not exists (select from confirmation x where x.confirmation_id = c.subject and x.operation = 'store_connection'));

-- name: payout_find :maybe
-- :owner restricts to the payouts of one user (a user's token).
-- row: payout_id payout_id, user_id user_id, requisite_id requisite_id, amount i64, currency text, destination digest, label text, status text, msg_id text?, rail text, masked text, holder_name text?, attempts_left i32?, resends i32?, coded_at instant?, created_at instant, expires_at instant, confirmed_at instant?, sent_at instant?, paid_at instant?, returned_at instant?, reason text?, list_id text?, schedule_id text?, fee i64, account_held_at instant?, owner_stopped_at instant?, external_id text?
select p.payout_id, p.user_id, p.requisite_id, p.amount, p.currency, p.destination, p.label, p.status, p.msg_id, p.rail, r.masked,
       r.holder_name, c.max_attempts - c.attempts, c.resends, c.created_at, p.created_at, p.expires_at, p.confirmed_at,
       p.sent_at, p.paid_at, p.returned_at, p.reason, p.list_id, p.schedule_id,
       coalesce((select f.fee from payout_fee f where f.payout_id = p.payout_id), 0),
       (select v.created_at from requisite_verification v where v.partner_id = p.partner_id and v.requisite_id = p.requisite_id and v.holds),
       (select u.payouts_frozen_at from pay_user u where u.partner_id = p.partner_id and u.user_id = p.user_id), p.external_id
  from payout p
  join requisite r on r.partner_id = p.partner_id and r.requisite_id = p.requisite_id
  left join payout_code c on c.subject = p.payout_id and c.is_live
 where p.partner_id = :partner::partner_id and p.payout_id = :payout::payout_id
   and (:owner::text? is null or p.user_id = :owner);

-- name: payout_by_name :maybe
-- row: payout_id payout_id
select payout_id from payout where partner_id = :partner::partner_id and external_id = :external_id::text;

-- name: payout_list :many
-- Newest first; status absent: all. Of a partner the ids alone are looked for, which one index has: to get whole rows, any that begins with the partner
-- would do, and all that he ever paid out be sorted.
-- row: = payout_find
select p.payout_id, p.user_id, p.requisite_id, p.amount, p.currency, p.destination, p.label, p.status, p.msg_id, p.rail, r.masked,
       r.holder_name, c.max_attempts - c.attempts, c.resends, c.created_at, p.created_at, p.expires_at, p.confirmed_at,
       p.sent_at, p.paid_at, p.returned_at, p.reason, p.list_id, p.schedule_id,
       coalesce((select f.fee from payout_fee f where f.payout_id = p.payout_id), 0),
       (select v.created_at from requisite_verification v where v.partner_id = p.partner_id and v.requisite_id = p.requisite_id and v.holds),
       (select u.payouts_frozen_at from pay_user u where u.partner_id = p.partner_id and u.user_id = p.user_id), p.external_id
  from ((select x.payout_id from payout x
          where x.partner_id = :partner::partner_id and (x.partner_id, x.payout_id) >= (:partner, '') and :owner::text? is null and :status::text? is null
            and (x.partner_id, x.payout_id) < (:partner, coalesce(:before::text?, 'zz'))
          order by x.partner_id desc, x.payout_id desc limit :limit::i64)
        union all
        (select x.payout_id from payout x
          where (x.status || ' ' || x.partner_id, x.payout_id) >= (:status || ' ' || :partner, '') and :owner is null
            and (x.status || ' ' || x.partner_id, x.payout_id) < (:status || ' ' || :partner, coalesce(:before, 'zz'))
          order by x.status || ' ' || x.partner_id desc, x.payout_id desc limit :limit)
        union all
        (select x.payout_id from payout x
          where x.partner_id = :partner and (x.user_id, x.payout_id) < (:owner, coalesce(:before, 'zz')) and (x.user_id, x.payout_id) >= (:owner, '')
            and (:status is null or x.status = :status)
          order by x.user_id desc, x.payout_id desc limit :limit)) o
 cross join lateral (select x.* from payout x where x.payout_id = o.payout_id offset 0) p
 cross join lateral (select x.masked, x.holder_name from requisite x where x.partner_id = p.partner_id and x.requisite_id = p.requisite_id offset 0) r
  left join payout_code c on c.subject = p.payout_id and c.is_live
 order by p.payout_id desc
 limit :limit;

-- name: code_attempt :maybe
-- Counts a guess before it is compared. Nothing: no live code, all guesses used, expired, or not this caller's.
-- row: code_id i64, code_key digest, mac digest, bind_hash digest, attempts_left i32
update payout_code c set attempts = c.attempts + 1
  from code_holder h
 where c.subject = :subject::text and h.subject = c.subject and h.partner_id = :partner::partner_id
   and (:owner::text? is null or h.user_id = :owner)
   and h.is_waiting and c.is_live
   and c.attempts < c.max_attempts and c.expires_at > :now
returning c.code_id, c.code_key, c.mac, c.bind_hash, c.max_attempts - c.attempts;

-- name: code_of_mail :maybe
-- What the code of this mail is for, and how it stands. is_used: that or another code for the same. is_replaced: there is a later one.
-- row: partner_id partner_id, user_id user_id, subject text, label text, is_waiting bool, is_used bool, is_replaced bool, attempts_left i32, expires_at instant
select h.partner_id, h.user_id, c.subject, h.label, h.is_waiting, a.is_used, a.is_replaced, c.max_attempts - c.attempts, c.expires_at
  from payout_code c
 cross join lateral (select x.partner_id, x.user_id, x.label, x.is_waiting from code_holder x where x.subject = c.subject offset 0) h
 cross join lateral (select bool_or(o.consumed_at is not null) as is_used, bool_or(o.code_id > c.code_id) as is_replaced
                       from payout_code o where o.subject = c.subject) a
 where c.mail_id = :mail::text;

-- name: code_spare :exec
-- What was counted as a guess was none.
update payout_code set attempts = attempts - 1 where code_id = :code::i64 and is_live and attempts > 0;

-- name: payout_confirm :one
-- T2: uses up the code, takes the money out of the balance if it is there, books it, tells it, keeps the answer. One of a list
-- or a schedule has no code of its own: that of the list or schedule was used up before. :key is not given then. It waits for who freezes him at this
-- moment, or he for it: nothing is confirmed after he was told that it is not.
-- row: is_waiting bool, is_frozen bool, is_confirmed bool
with waiting as materialized (
    select p.payout_id, p.partner_id, p.user_id, p.amount, p.currency, coalesce(p.list_id, p.schedule_id) as consent
      from payout p
     where p.payout_id = :payout::payout_id and p.partner_id = :partner::partner_id and p.status = 'awaiting_code'
       for no key update
), owner as materialized (
    select u.user_id, u.payouts_frozen_at is not null as is_frozen
      from pay_user u join waiting w on w.partner_id = u.partner_id and w.user_id = u.user_id
       for share of u
), frozen as materialized (
    select o.user_id from owner o where o.is_frozen
), code as materialized (
    select c.code_id from payout_code c join waiting w on c.subject = w.payout_id
     where c.code_id = :code::i64? and c.is_live and c.expires_at > :now
       and not exists (select from frozen)
       for no key update of c
), agreed as materialized (
    select 1 as yes from code
    union all
    select 1 from waiting w
     where :code is null and not exists (select from frozen)
       and exists (select from payout_code g where g.subject = w.consent and g.consumed_at is not null)
), held as (
    update balance b set posted = b.posted - w.amount
      from waiting w
      join account a on a.partner_id = w.partner_id and a.kind = 'seller' and a.user_id = w.user_id and a.currency = w.currency
      cross join agreed
     where b.account_id = a.account_id and b.posted - b.pending_out - b.held >= w.amount
    returning w.payout_id, w.partner_id, w.user_id, w.amount, w.currency
), moved as (
    update balance b set posted = b.posted + h.amount
      from held h
      join account a on a.partner_id = h.partner_id and a.kind = 'payout_transit' and a.user_id = h.user_id
                    and a.currency = h.currency
     where b.account_id = a.account_id
), used as (
    update payout_code c set consumed_at = :now, is_live = false
      from held h
     where c.subject = h.payout_id and c.code_id = :code
), confirmed as (
    update payout p set status = :status::text, needs_approval = :status = 'awaiting_approval',
           approval_reasons = nullif(:reasons::texts, '{}'), confirmed_at = :now
      from held h where p.payout_id = h.payout_id
), booked as (
    insert into entry (partner_id, kind, ref, created_at)
    select partner_id, 'payout_hold', payout_id, :now from held
    returning entry_id
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select b.entry_id, l.line, a.account_id, h.currency, case l.line when 1 then h.amount else -h.amount end
      from held h cross join booked b cross join (values (1, 'seller'), (2, 'payout_transit')) as l (line, kind)
      join account a on a.partner_id = h.partner_id and a.kind = l.kind and a.user_id = h.user_id and a.currency = h.currency
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at)
    select :event::event_id, h.partner_id, 'payout.' || :status, h.payout_id, b.entry_id, :body::text, :now
      from held h cross join booked b
), answered as (
    insert into idempotency (partner_id, route, key, fingerprint, op, status, body, created_at)
    select partner_id, :route::text?, :key::text?, :fingerprint::digest, payout_id, 200, :body, :wall from held where :key is not null
    on conflict do nothing
)
select exists (select from waiting), exists (select from frozen), exists (select from held);

-- name: code_resend :maybe
-- A new code in place of the live one, which keeps the number of guesses. Nothing: too soon, too often, or not waiting. What waits is locked
-- before its code, as whoever confirms, cancels or expires it does.
-- row: attempts_left i32
with of_payout as materialized (
    select payout_id as subject from payout where payout_id = :subject::text and partner_id = :partner::partner_id for no key update
), of_list as materialized (
    select list_id as subject from payout_list where list_id = :subject and partner_id = :partner for no key update
), of_schedule as materialized (
    select schedule_id as subject from payout_schedule where schedule_id = :subject and partner_id = :partner for no key update
), of_confirmation as materialized (
    select confirmation_id as subject from confirmation where confirmation_id = :subject and partner_id = :partner for no key update
), old as (
    update payout_code c set is_live = false
      from code_holder h
     where c.subject = (select subject from of_payout union all select subject from of_list union all select subject from of_schedule
                        union all select subject from of_confirmation)
       and h.subject = :subject
       and h.is_waiting and h.expires_at > :now and c.is_live and c.attempts < c.max_attempts
       and c.resends < :resends::i32 and c.created_at <= :not_after::instant
    returning c.subject, c.attempts, c.max_attempts, c.resends
), fresh as (
    insert into payout_code (subject, code_key, mac, bind_hash, attempts, max_attempts, resends, created_at, expires_at, mail_id)
    select subject, :code_key::digest, :mac::digest, :bind_hash::digest, attempts, max_attempts, resends + 1, :now,
           :expires_at::instant, :mail::text
      from old
), extended as (
    update payout p set expires_at = :expires_at from old where p.payout_id = old.subject
), listed as (
    update payout p set expires_at = :expires_at where p.list_id = any (array(select subject from old))
), list as (
    update payout_list l set expires_at = :expires_at from old where l.list_id = old.subject
), schedule as (
    update payout_schedule x set expires_at = :expires_at from old where x.schedule_id = old.subject
), confirmation_ as (
    update confirmation x set expires_at = :expires_at from old where x.confirmation_id = old.subject
), mailed as (
    insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
    select :mail::text, case when exists (select from of_confirmation) then 'confirmation_code' else 'payout_code' end, :recipient::text, :content::bytes, :wall, :now, :clock from old
)
select max_attempts - attempts from old;

-- name: payout_close :maybe
-- Ends it before it was paid: canceled, rejected or failed. What was held goes back as the exact reversal. With a line of the
-- bank's the line is taken up in the same statement. Nothing: not in one of the states, the line is taken, it waits with its list, or
-- it was confirmed while this statement waited for its row: the entry of that is not to be seen yet. When its requisite ends its owner's row is
-- written, so that nobody erases him at this moment (payout_request): before his balance, as whoever confirms another of his holds them.
-- row: user_id user_id
with locked as materialized (
    select p.payout_id, p.partner_id, p.user_id, p.requisite_id, p.amount, p.currency, p.status, p.list_id
      from payout p
     where p.payout_id = :payout::payout_id and p.partner_id = :partner::partner_id and p.status = any (:from::texts)
       for no key update
), target as materialized (
    select p.* from locked p
     where p.status = 'awaiting_code' and p.list_id is null
        or exists (select from entry e where e.partner_id = p.partner_id and e.kind = 'payout_hold' and e.ref = p.payout_id)
), taken as (
    update bank_line l set outcome = 'applied', payout_id = t.payout_id, done_at = :now
      from target t
     where l.line_id = :line::i64? and l.outcome is null
    returning l.line_id
), closing as materialized (
    select t.* from target t where :line is null or exists (select from taken)
), owner as (
    update pay_user u set needs_code = u.needs_code
      from closing t where :ends_requisite::bool and u.partner_id = t.partner_id and u.user_id = t.user_id
    returning u.erased_at
), given_back as (
    update balance b set posted = b.posted + t.amount
      from closing t
      join account a on a.partner_id = t.partner_id and a.kind = 'seller' and a.user_id = t.user_id and a.currency = t.currency
     where t.status <> 'awaiting_code' and b.account_id = a.account_id and (select count(*) from owner) >= 0
    returning t.payout_id, t.partner_id, t.user_id, t.amount, t.currency
), moved as (
    update balance b set posted = b.posted - g.amount
      from given_back g
      join account a on a.partner_id = g.partner_id and a.kind = 'payout_transit' and a.user_id = g.user_id
                    and a.currency = g.currency
     where b.account_id = a.account_id
), killed as (
    update payout_code c set is_live = false from closing t where c.subject = t.payout_id and c.is_live
), closed as (
    update payout p set status = :to::text, reason = :reason::text?, closed_at = :now
      from closing t where p.payout_id = t.payout_id
), ended as (
    update requisite r set disabled_at = :now, disabled_reason = :to
      from closing t
     where :ends_requisite and r.partner_id = t.partner_id and r.requisite_id = t.requisite_id and r.disabled_at is null
    returning r.partner_id, r.requisite_id, r.user_id
), ended_told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :ended_event::event_id, e.partner_id, 'requisite.disabled', e.requisite_id, :ended_data::text, :now
      from ended e
      join owner u on u.erased_at is null
), called as (
    update acquirer_call c set state = 'declined', is_open = false, acquirer_ref = :acquirer_ref::text?, decline_code = :reason, token = null,
           finished_at = :wall
      from closing t where c.call_id = t.payout_id and c.op = 'payout'
), booked as (
    insert into entry (partner_id, kind, ref, reverses, created_at)
    select g.partner_id, 'payout_canceled', g.payout_id, e.entry_id, :now
      from given_back g
      join entry e on e.partner_id = g.partner_id and e.kind = 'payout_hold' and e.ref = g.payout_id
    returning entry_id, reverses
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select b.entry_id, q.line, q.account_id, q.currency, -q.amount from booked b join posting q on q.entry_id = b.reverses
), mailed as (
    insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
    select :mail::text, 'payout_' || :to, :recipient::text?, :content::bytes?, :wall, :now, :clock
      from closing where :recipient is not null
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at)
    select :event::event_id, t.partner_id, 'payout.' || :to, t.payout_id, (select entry_id from booked), :data::text, :now
      from closing t
)
select user_id from closing;

-- name: payout_pay :maybe
-- It left our bank account, or what the acquirer owes us. Nothing: not on its way, or the line is taken.
-- What came back to somebody who had left is over when he has it.
-- row: user_id user_id
with target as materialized (
    select p.payout_id, p.partner_id, p.user_id, p.amount, p.currency, p.rail
      from payout p
     where p.payout_id = :payout::payout_id and p.partner_id = :partner::partner_id and p.status in ('sent', 'unknown')
       for no key update
), taken as (
    update bank_line l set outcome = 'applied', payout_id = t.payout_id, done_at = :now
      from target t
     where l.line_id = :line::i64? and l.outcome is null
    returning l.line_id
), paying as materialized (
    select t.* from target t where :line is null or exists (select from taken)
), paid as (
    update payout p set status = 'paid', paid_at = :now from paying t where p.payout_id = t.payout_id
), called as (
    update acquirer_call c set state = 'ok', is_open = false, acquirer_ref = :acquirer_ref::text?, token = null, finished_at = :wall
      from paying t where c.call_id = t.payout_id and c.op = 'payout'
), booked as (
    insert into entry (partner_id, kind, ref, created_at)
    select partner_id, 'payout_paid', payout_id, :now from paying
    returning entry_id
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select b.entry_id, l.line, a.account_id, t.currency, case l.line when 1 then t.amount else -t.amount end
      from booked b cross join paying t
     cross join lateral (values (1, 'payout_transit'), (2, case t.rail when 'bank' then 'bank' else 'acquirer_receivable' end)) as l (line, kind)
      join account a on a.partner_id = t.partner_id and a.kind = l.kind and a.currency = t.currency
                    and a.user_id = case l.kind when 'payout_transit' then t.user_id when 'bank' then '' else :clearing::text end
    returning account_id, amount
), moved as (
    update balance b set posted = b.posted - l.amount from lines l where b.account_id = l.account_id and b.is_spent
), no_more_owed as (
    update anomaly n set closed_at = :wall, closed_by = 'machine', note = 'paid out by ' || t.payout_id
      from paying t
     where n.kind = 'user_owed' and n.ref = t.user_id and n.closed_at is null
       and exists (select from pay_user u where u.partner_id = t.partner_id and u.user_id = t.user_id and u.closed_at is null)
       and not exists (select from account a join balance b using (account_id)
                        where a.partner_id = t.partner_id and a.kind = 'seller' and a.user_id = t.user_id and b.posted > 0)
), mailed as (
    insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
    select :mail::text, 'payout_paid', :recipient::text?, :content::bytes?, :wall, :now, :clock from paying where :recipient is not null
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at)
    select :event::event_id, t.partner_id, 'payout.paid', t.payout_id, b.entry_id, :data::text, :now from paying t cross join booked b
)
select user_id from paying;

-- name: payout_return :maybe
-- It came back: to where it was taken from, and available to the seller. Its requisite ends. Nothing: not paid, or the line is taken.
-- What the bank kept of it (:kept) is a cost of the platform's; its account is there (settlement_accounts_open).
-- A person is told when the seller has left, and nobody what was his when that is erased: his row is written, so that who closes or erases him at this
-- moment begins anew (payout_request).
-- row: user_id user_id
with target as materialized (
    select p.payout_id, p.partner_id, p.user_id, p.requisite_id, p.amount, p.currency, p.rail
      from payout p
     where p.payout_id = :payout::payout_id and p.partner_id = :partner::partner_id and p.status = 'paid'
       for no key update
), taken as (
    update bank_line l set outcome = 'applied', payout_id = t.payout_id, done_at = :now
      from target t
     where l.line_id = :line::i64? and l.outcome is null
    returning l.line_id
), coming as materialized (
    select t.* from target t where :line is null or exists (select from taken)
), returned as (
    update payout p set status = 'returned', reason = :reason::text?, returned_at = :now
      from coming t where p.payout_id = t.payout_id
), owner as (
    update pay_user u set needs_code = u.needs_code
      from coming t where u.partner_id = t.partner_id and u.user_id = t.user_id
    returning u.partner_id, u.user_id, u.closed_at, u.erased_at
), ended as (
    update requisite r set disabled_at = :now, disabled_reason = 'returned'
      from coming t
     where r.partner_id = t.partner_id and r.requisite_id = t.requisite_id and r.disabled_at is null
    returning r.partner_id, r.requisite_id, r.user_id
), ended_told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :ended_event::event_id, e.partner_id, 'requisite.disabled', e.requisite_id, :ended_data::text, :now
      from ended e
      join owner u on u.erased_at is null
), booked as (
    insert into entry (partner_id, kind, ref, created_at)
    select partner_id, 'payout_returned', payout_id, :now from coming
    returning entry_id
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select b.entry_id, l.line, a.account_id, t.currency, case l.line when 1 then t.amount - :kept::i64 when 2 then -t.amount else :kept end
      from booked b cross join coming t
     cross join lateral (values (1, case t.rail when 'bank' then 'bank' else 'acquirer_receivable' end), (2, 'seller'), (3, 'acquirer_fee'))
                     as l (line, kind)
      join account a on a.partner_id = t.partner_id and a.kind = l.kind and a.currency = t.currency
                    and a.user_id = case l.kind when 'seller' then t.user_id when 'acquirer_receivable' then :clearing::text else '' end
     where l.line < 3 or :kept > 0
    returning account_id, amount
), moved as (
    update balance b set posted = b.posted - l.amount from lines l where b.account_id = l.account_id and b.is_spent
), owed as (
    insert into anomaly (partner_id, kind, ref, detail, created_at)
    select u.partner_id, 'user_owed', u.user_id, 'payout ' || t.payout_id || ' came back', :wall
      from coming t cross join owner u
     where u.closed_at is not null
    on conflict (kind, ref) where closed_at is null do update set detail = excluded.detail
), mailed as (
    insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
    select :mail::text, 'payout_returned', :recipient::text?, :content::bytes?, :wall, :now, :clock from coming where :recipient is not null
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at)
    select :event::event_id, t.partner_id, 'payout.returned', t.payout_id, b.entry_id, :data::text, :now
      from coming t cross join booked b
)
select user_id from coming;

-- name: payout_lose_sight :maybe
-- No answer in time, or none that can be trusted: the money stays in transit until the bank says what became of it.
-- row: user_id user_id
with lost as (
    update payout p set status = 'unknown' where p.payout_id = :payout::payout_id and p.partner_id = :partner::partner_id
                                             and p.status = 'sent'
    returning p.payout_id, p.partner_id, p.user_id
), called as (
    update acquirer_call c set state = 'unknown', due_at = coalesce(:due::instant?, c.due_at)
      from lost l where c.call_id = l.payout_id and c.op = 'payout' and c.is_open
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, partner_id, 'payout.unknown', payout_id, :data::text, :now from lost
)
select user_id from lost;

-- name: payout_expire :exec
-- Requests and lists whose code was never typed; nothing was held for them.
with old as (
    update payout set status = 'expired', closed_at = :now
     where payout_id in (select payout_id from payout where clock = :clock and status = 'awaiting_code' and expires_at <= :now and list_id is null
                          order by expires_at limit 500 for update skip locked)
    returning payout_id
), lists as (
    update payout_list set status = 'expired', closed_at = :now
     where list_id in (select list_id from payout_list where clock = :clock and status = 'awaiting_code' and expires_at <= :now
                        order by expires_at limit 100 for update skip locked)
    returning list_id
), listed as (
    update payout p set status = 'expired', closed_at = :now from lists l where p.list_id = l.list_id and p.status = 'awaiting_code'
)
update payout_code c set is_live = false
  from (select payout_id as subject from old union all select list_id from lists) o where c.subject = o.subject and c.is_live;

-- name: payouts_put_off :exec
-- Of suspended partners, of all rails: nobody walks through them again before that time. In steps, the others are next round's.
update payout set put_off_until = :until::instant
 where payout_id in (select p.payout_id from payout p
                      where p.clock = '' and p.status = 'confirmed' and p.put_off_until <= :wall
                        and exists (select from partner x where x.partner_id = p.partner_id and x.suspended_at is not null)
                      order by p.put_off_until, p.payout_id limit 1000 for no key update skip locked);

-- name: payout_due :many
-- Confirmed in this currency and not yet in a batch, locked until the batch is made. A frozen user's stay where they are, and those of a
-- suspended partner, and those to an account of which the bank has not said whose it is. Owner and account are locked as well: a transaction that
-- had looked before somebody froze him, or ended it, begins anew, and sends nothing after he was told that nothing is.
-- row: partner_id partner_id, payout_id payout_id
select p.partner_id, p.payout_id
  from payout p
  join pay_user u on u.partner_id = p.partner_id and u.user_id = p.user_id
  join requisite r on r.partner_id = p.partner_id and r.requisite_id = p.requisite_id
 where p.clock = :clock and p.status = 'confirmed' and p.put_off_until <= :wall and p.rail = 'bank' and p.currency = :currency::text
   and u.payouts_frozen_at is null and r.disabled_at is null
   and (p.clock <> '' or not exists (select from partner x where x.partner_id = p.partner_id and x.suspended_at is not null))
   and not exists (select from requisite_verification v where v.partner_id = p.partner_id and v.requisite_id = p.requisite_id and v.holds)
 order by p.put_off_until, p.payout_id
 limit 1000
   for no key update of p for share of u, r;

-- name: payout_unpayable :many
-- Confirmed, but nothing can reach its requisite any more.
-- row: partner_id partner_id, payout_id payout_id
select p.partner_id, p.payout_id
  from payout p
  join requisite r on r.partner_id = p.partner_id and r.requisite_id = p.requisite_id
 where p.clock = :clock and p.status = 'confirmed' and p.put_off_until <= :wall and p.rail = 'bank' and r.disabled_at is not null
 order by p.put_off_until, p.payout_id
 limit 1000;

-- name: payouts_oldest :one
-- Since when the oldest of live partners wait (absent: none does): for operators; confirmed, to go out; the same, stopped by somebody, or to an
-- account of which the bank has not said whose it is; for the bank's word; without one in time. Of confirmed ones the thousand that are looked at
-- first; when nothing of them may go out, the first behind them that may: what is held stays in front, however many it is.
-- row: awaiting_approval instant?, confirmed instant?, stopped instant?, account instant?, sent instant?, unknown instant?
with waiting as not materialized (
    select p.put_off_until, p.payout_id, p.confirmed_at,
           u.payouts_frozen_at is not null or r.disabled_at is not null
           or exists (select from partner x where x.partner_id = p.partner_id and x.suspended_at is not null) as is_stopped,
           exists (select from requisite_verification v where v.partner_id = p.partner_id and v.requisite_id = p.requisite_id and v.holds) as is_held
      from payout p
     cross join lateral (select x.payouts_frozen_at from pay_user x where x.partner_id = p.partner_id and x.user_id = p.user_id offset 0) u
     cross join lateral (select x.disabled_at from requisite x where x.partner_id = p.partner_id and x.requisite_id = p.requisite_id offset 0) r
     where p.clock = '' and p.status = 'confirmed'
), due as materialized (
    select * from waiting order by put_off_until, payout_id limit 1000
)
select (select confirmed_at from payout where clock = '' and status = 'awaiting_approval' order by payout_id limit 1),
       coalesce((select min(confirmed_at) from due where not is_stopped and not is_held),
                (select confirmed_at from waiting where put_off_until <= :wall and not is_stopped and not is_held order by put_off_until, payout_id limit 1)),
       (select min(confirmed_at) from due where is_stopped), (select min(confirmed_at) from due where is_held and not is_stopped),
       (select sent_at from payout where clock = '' and status = 'sent' order by sent_at limit 1),
       (select sent_at from payout where clock = '' and status = 'unknown' order by sent_at limit 1);

-- name: payout_unanswered :many
-- Sent so long ago that the bank should have said what became of them: an order that was held went when it was let go.
-- row: partner_id partner_id, payout_id payout_id, msg_id text
select partner_id, payout_id, coalesce(msg_id, '') from payout where clock = '' and rail = 'bank' and status = 'sent' and sent_at < :before::instant
   and not exists (select from bank_batch b where b.msg_id = payout.msg_id and (b.held or b.let_go_at >= :before))
 order by sent_at limit 500;

-- name: payout_of_bank :maybe
-- The live payout that a line of the bank's names, and whether another line of that kind, in such a message, has said the same before: of it, or,
-- of a debit, of its whole order.
-- returned: how much came back, when a line of the bank's has brought it back.
-- row: partner_id partner_id, payout_id payout_id, status text, amount i64, currency text, msg_id text?, is_booked_otherwise bool, is_held bool, returned i64?
select p.partner_id, p.payout_id, p.status, p.amount, p.currency, p.msg_id,
       exists (select from bank_line l join bank_file f on f.file_id = l.file_id
                where l.payout_id = p.payout_id and l.kind = :kind::text and f.kind = :message::text
                  and l.outcome in ('applied', 'known') and l.line_id <> :line::i64)
       or :kind = 'debit' and exists (select from bank_line l join bank_file f on f.file_id = l.file_id
                                       where l.order_id = p.msg_id and l.end_to_end is null and l.kind = 'debit' and f.kind = :message
                                         and l.outcome in ('applied', 'known') and l.line_id <> :line),
       exists (select from bank_batch b where b.msg_id = p.msg_id and b.held),
       (select max(l.amount) from bank_line l where l.payout_id = p.payout_id and l.kind = 'return' and l.outcome = 'applied')
  from payout p where p.payout_id = :payout::payout_id and p.clock = '' and p.rail = 'bank';

-- name: batch_make :one
-- Orders as text have numbers, taken in blocks of places; after the last (client_bank.h) they begin anew. It is held for its total with
-- that of all that went since without a second operator's word.
-- row: transfers i32, total i64, held bool, before i64
with listed as materialized (
    select p.payout_id, p.partner_id, p.amount, l.event_id, l.data
      from unnest(:payouts::texts, :events::texts, :data::texts) as l (payout_id, event_id, data)
      join payout p on p.payout_id = l.payout_id and p.status = 'confirmed' and p.clock = :clock
), back as materialized (
    select r.repayment_id, r.amount from repayment r where r.repayment_id = any (:repayments::texts) and r.status = 'confirmed' and r.clock = :clock
), members as (
    select amount from listed union all select amount from back
), numbered as (
    update bank_order_place set used = case when used + (select count(*) from members) > :places::i64 then 0 else used end + (select count(*) from members)
     where :format::text <> 'pain.001'
    returning used - (select count(*) from members) as first
), alone as (
    select coalesce(sum(b.total), 0) as total from bank_batch b
     where b.created_at > :since::instant and b.currency = :currency::text and b.channel <> 'test' and not b.held and b.let_go_at is null
), batch as (
    insert into bank_batch (msg_id, debtor_name, debtor_iban, debtor_bic, transfers, total, created_at, channel, due_at, currency, debtor_bik,
                            debtor_account, debtor_correspondent, debtor_inn, format, first_place, held)
    select :msg_id::text, :debtor_name::text, :debtor_iban::text?, :debtor_bic::text?, count(*), sum(amount), :now, :channel::text, :now,
           :currency, :debtor_bik::text?, :debtor_account::text?, :debtor_correspondent::text?, :debtor_inn::text?,
           :format, (select first from numbered), sum(amount) + (select total from alone) >= :held_from::i64
      from members
    returning msg_id, transfers, total, held
), sent as (
    update payout p set status = 'sent', sent_at = :now, msg_id = b.msg_id, bank_due_at = :answers_at::instant?
      from listed l cross join batch b
     where p.payout_id = l.payout_id
), sent_back as (
    update repayment r set status = 'sent', sent_at = :now, msg_id = b.msg_id, bank_due_at = :answers_at
      from back k cross join batch b
     where r.repayment_id = k.repayment_id
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select event_id, partner_id, 'payout.sent', payout_id, data, :now from listed
)
select b.transfers, b.total, b.held, least(a.total, 9223372036854775807)::bigint from batch b cross join alone a;

-- name: batch_find :maybe
-- may_go: it is sent by itself, and the bank is not known to have it.
-- row: msg_id text, debtor_name text, debtor_iban text?, debtor_bic text?, transfers i32, total i64, created_at instant, settled_at instant?, channel text, currency text, debtor_bik text?, debtor_account text?, debtor_correspondent text?, debtor_inn text?, format text, first_place i64, held bool, let_go_at instant?, is_recalled bool, may_go bool
select msg_id, debtor_name, debtor_iban, debtor_bic, transfers, total, created_at, settled_at, channel, currency, debtor_bik, debtor_account,
       debtor_correspondent, debtor_inn, format, coalesce(first_place, 0), held, let_go_at, due_at is null,
       channel = 'bank' and due_at is not null and delivered_at is null and answered_at is null
  from bank_batch
 where msg_id = :msg_id::text;

-- name: batch_list :many
-- row: = batch_find
select msg_id, debtor_name, debtor_iban, debtor_bic, transfers, total, created_at, settled_at, channel, currency, debtor_bik, debtor_account,
       debtor_correspondent, debtor_inn, format, coalesce(first_place, 0), held, let_go_at, due_at is null,
       channel = 'bank' and due_at is not null and delivered_at is null and answered_at is null
  from bank_batch
 order by created_at desc
 limit 50;

-- name: payouts_due_otherwise :one
-- Whether live payouts by the bank are confirmed in a currency that this order is not of.
-- row: currencies text?
select string_agg(distinct currency, ', ') from payout where clock = :clock and status = 'confirmed' and rail = 'bank' and currency <> :currency::text;

-- name: batch_payouts :many
-- row: partner_id partner_id, partner_name text, email text?, payout_id payout_id, status text, amount i64, iban text, bic text?, holder_name text, country text?, town text?, street text?, building text?, postcode text?, bik text?, account text?, correspondent text?, inn text?, kpp text?, currency text
select p.partner_id, t.name, u.email, p.payout_id, p.status, p.amount, coalesce(r.iban, ''), r.bic, coalesce(r.holder_name, ''),
       r.country, r.town, r.street, r.building, r.postcode, r.bik, r.account, r.correspondent, r.inn, r.kpp, p.currency
  from payout p
  join requisite r on r.partner_id = p.partner_id and r.requisite_id = p.requisite_id
  join partner t on t.partner_id = p.partner_id
  join pay_user u on u.partner_id = p.partner_id and u.user_id = p.user_id
 where p.msg_id = :msg_id::text
 order by p.payout_id
 limit 1000;

-- name: batch_settled :exec
-- Nothing of it is at the bank any more; nor is it to be sent.
update bank_batch b set settled_at = :now, delivered_at = coalesce(b.delivered_at, :now)
 where b.msg_id = :msg_id::text and b.settled_at is null
   and not exists (select from payout p where p.msg_id = b.msg_id and p.status in ('sent', 'unknown'))
   and not exists (select from repayment r where r.msg_id = b.msg_id and r.status in ('sent', 'unknown'));

-- name: batch_undelivered :many
-- Orders that the bank is not known to have taken.
-- row: msg_id text, format text
select msg_id, format from bank_batch
 where channel = 'bank' and delivered_at is null and not held and due_at <= :now order by due_at limit 20;

-- name: batch_known :exec
-- The bank has an order of which it has paid or refused a transfer; what came back to sellers must never be sent again.
update bank_batch b set delivered_at = :now
 where b.channel = 'bank' and b.delivered_at is null and b.due_at is not null
   and (exists (select from payout p where p.msg_id = b.msg_id and p.status not in ('sent', 'unknown'))
        or exists (select from repayment r where r.msg_id = b.msg_id and r.status not in ('sent', 'unknown')));

-- name: batch_tried :exec
-- Before it is sent: the pause until the next try grows to ten minutes. Not affected: it must not be sent any more.
update bank_batch b set tries = b.tries + 1, due_at = :now + least(b.tries + 1, 120) * interval '5 seconds'
 where b.msg_id = :msg_id::text and b.delivered_at is null and b.due_at is not null and not b.held
   and not exists (select from payout p where p.msg_id = b.msg_id and p.status not in ('sent', 'unknown'))
   and not exists (select from repayment r where r.msg_id = b.msg_id and r.status not in ('sent', 'unknown'));

-- name: batch_let_go :exec
-- Not affected: it was let go, or is given back.
update bank_batch set held = false, due_at = :wall, let_go_at = :wall where msg_id = :msg_id::text and held and due_at is not null and settled_at is null;

-- name: batches_held :one
-- row: n i64
select count(*) from bank_batch where held and due_at is not null and settled_at is null;

-- name: batch_recall :maybe
-- It is not sent any more. Nothing: the bank has it or has answered, or may get it from a try of the last minute.
-- row: transfers i32
update bank_batch b set due_at = null
 where b.msg_id = :msg_id::text and (b.settled_at is not null or b.delivered_at is null and b.answered_at is null)
   and (b.channel = 'file' or b.tries = 0 or b.due_at is null
        or b.due_at - least(b.tries, 120) * interval '5 seconds' < :now - interval '1 minute')
returning b.transfers;

-- name: batch_delivered :exec
update bank_batch set delivered_at = :now where msg_id = :msg_id::text and delivered_at is null;

-- name: batch_answered :exec
-- So it has the order.
update bank_batch set answered_at = :now, delivered_at = coalesce(delivered_at, :now) where msg_id = :msg_id::text and answered_at is null;

-- name: batch_answered_by_hand :maybe
-- An operator knows from the bank what became of a part of it: it has the order, and gets it no more. Nothing: it is held, or may still go by itself. What was
-- given back as a whole stays so.
-- row: msg_id text
update bank_batch set answered_at = case when due_at is null then answered_at else coalesce(answered_at, :now) end,
                      delivered_at = case when due_at is null then delivered_at else coalesce(delivered_at, :now) end
 where msg_id = :msg_id::text and channel <> 'test' and not held
   and (channel = 'file' or due_at is null or delivered_at is not null or answered_at is not null)
returning msg_id;

-- name: payout_of_any_partner :many
-- For the operator.
-- row: partner_id partner_id, partner_name text, payout_id payout_id, user_id user_id, user_name text, amount i64, currency text, status text, msg_id text?, rail text, masked text, holder_name text?, created_at instant
select p.partner_id, case when n.is_sandbox then n.name || ' (sandbox)' else n.name end, p.payout_id, p.user_id, u.name, p.amount, p.currency, p.status, p.msg_id, p.rail, r.masked, r.holder_name,
       p.created_at
  from payout p
  join requisite r on r.partner_id = p.partner_id and r.requisite_id = p.requisite_id
  join pay_user u on u.partner_id = p.partner_id and u.user_id = p.user_id
  join partner n on n.partner_id = p.partner_id
 where (:status::text? is null or p.status = :status)
   and (:before::text? is null or p.payout_id < :before)
 order by p.payout_id desc
 limit :limit::i64;

-- name: test_bank_due :many
-- Sandbox partners' payouts of which the test bank says the next thing. since: when they came into their state.
-- row: partner_id partner_id, payout_id payout_id, status text, holder_name text, since instant
select p.partner_id, p.payout_id, p.status, coalesce(r.holder_name, ''), coalesce(p.paid_at, p.sent_at, p.created_at)
  from payout p join requisite r on r.partner_id = p.partner_id and r.requisite_id = p.requisite_id
 where p.clock = :clock and p.bank_due_at <= :now
 order by p.bank_due_at, p.payout_id limit 50;

-- name: test_bank_wait :exec
update payout set bank_due_at = :due::instant? where payout_id = :payout::payout_id and clock = :clock and clock <> '';
