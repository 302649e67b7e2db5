-- Disputes: what the acquirer says of them, what the owner says to the acquirer, and their steps in the ledger.

-- name: disputed_open :exec
-- The account of what is held at the acquirer until disputes are decided.
with made as (
    insert into account (partner_id, kind, user_id, currency, side) values (:partner::partner_id, 'disputed', '', :currency::text, -1)
    on conflict do nothing
    returning account_id
)
insert into balance (account_id, is_spent) select account_id, false from made;

-- name: dispute_subject :maybe
-- Whose money it is that the acquirer speaks of, and what was agreed with his partner for such a case.
-- row: user_id user_id, email text?, store_name text, partner_name text, fee_bearer text, accept_below i64, locale text?
select p.user_id, u.email, s.name, n.name, coalesce(y.fee_bearer, 'seller'), coalesce(y.accept_below, 0), u.locale
  from payment p
  left join pay_user u on u.partner_id = p.partner_id and u.user_id = p.user_id
  join store s on s.partner_id = p.partner_id and s.store_id = p.store_id
  join partner n on n.partner_id = p.partner_id
  left join dispute_policy y on y.partner_id = p.partner_id and y.currency = p.currency
 where p.payment_id = :payment::payment_id;

-- name: dispute_others_hold :one
-- Whether another dispute of the payment holds money that could still come back.
-- row: hold bool
select exists (select from dispute d
                where d.payment_id = :payment::payment_id and d.dispute_id <> :dispute::dispute_id and d.booked = 'held' and d.taken > 0
                  and d.status <> 'lost');

-- name: dispute_open :one
-- The acquirer tells of it for the first time. Not opened: it is known.
-- row: opened bool
with made as (
    insert into dispute (dispute_id, partner_id, payment_id, acquirer_ref, sequence, phase, status, reason, currency, amount, fee, fee_bearer,
                         evidence_due_at, due_at, created_at, closed_at, clock, there_since)
    values (:dispute::dispute_id, :partner::partner_id, :payment::payment_id, :acquirer_ref::text, :sequence::i64, :phase::text, :status::text,
            :reason::text, :currency::text, :amount::i64, :fee::i64, :fee_bearer::text, :evidence_due_at::instant?, :now, :now,
            case when :status in ('won', 'lost', 'closed') then :now end, :clock, :there_since::instant?)
    on conflict (acquirer_ref) do nothing
    returning dispute_id
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, :partner, 'dispute.opened', dispute_id, :data::text, :now from made
), mailed as (
    insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
    select :mail::text, 'dispute', :recipient::text?, :content::bytes?, :wall, :now, :clock from made where :recipient is not null
), noted as (
    insert into acquirer_event (event_id, type, call_id, state, body, received_at)
    select :note_id::text, 'dispute.opened', :dispute, 'applied', :note::text, :now from made
    on conflict do nothing
)
select exists (select from made);

-- name: dispute_move :one
-- A newer message, or the acquirer's answer. What stands in the ledger (booked, as it was when the message was judged) stays as it was
-- claimed; a chargeback after an inquiry may be answered anew.
-- row: moved bool
with changed as (
    update dispute d
       set sequence = :sequence::i64, phase = :phase::text, status = :status::text, reason = :reason::text,
           amount = case when d.booked = 'none' then :amount::i64 else d.amount end,
           fee = case when d.booked = 'none' then :fee::i64 else d.fee end,
           evidence_due_at = :evidence_due_at::instant?, due_at = :now,
           closed_at = case when :status in ('won', 'lost', 'closed') then :now end,
           asked = case when :status = 'needs_response' and d.answered_at is not null then null else d.asked end,
           asked_by = case when :status = 'needs_response' and d.answered_at is not null then null else d.asked_by end,
           asked_at = case when :status = 'needs_response' and d.answered_at is not null then null else d.asked_at end,
           reminded_at = case when :status = 'needs_response' and d.answered_at is not null then null else d.reminded_at end,
           answered_at = case when :status = 'needs_response' and d.answered_at is not null then null
                              when d.asked is not null and :status <> 'needs_response' then coalesce(d.answered_at, :now) else d.answered_at end
     where d.dispute_id = :dispute::dispute_id and d.sequence = :known::i64 and d.sequence < :sequence and d.booked = :booked::text
       and d.status not in ('won', 'lost', 'closed')
    returning d.dispute_id, d.partner_id
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, partner_id, :type::text, dispute_id, :data::text, :now from changed
), mailed as (
    insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
    select :mail::text, 'dispute', :recipient::text?, :content::bytes?, :wall, :now, :clock from changed where :recipient is not null
), noted as (
    insert into acquirer_event (event_id, type, call_id, state, body, received_at)
    select :note_id::text?, :type, :dispute, 'applied', :note::text?, :now from changed where :note_id is not null
    on conflict do nothing
)
select exists (select from changed);

-- name: dispute_find :maybe
-- A dispute, by our id or the acquirer's, with the payment that it is of as it stands now. partner and owner absent: whoever's it is.
-- row: dispute_id dispute_id, partner_id partner_id, payment_id payment_id, acquirer_ref text, sequence i64, phase text, status text, reason text, currency text, amount i64, fee i64, fee_bearer text, taken i64, booked text, evidence_due_at instant?, evidence text?, asked text?, asked_by text?, asked_at instant?, answered_at instant?, reminded_at instant?, created_at instant, closed_at instant?, user_id user_id, platform_amount i64, partner_amount i64, seller_amount i64, share_users texts, share_amounts i64s, acquirer text?
select d.dispute_id, d.partner_id, d.payment_id, d.acquirer_ref, d.sequence, d.phase, d.status, d.reason, d.currency, d.amount, d.fee,
       d.fee_bearer, d.taken, d.booked, d.evidence_due_at, d.evidence, d.asked, d.asked_by, d.asked_at, d.answered_at, d.reminded_at,
       d.created_at, d.closed_at, p.user_id, coalesce(h.platform_amount, 0), coalesce(h.partner_amount, 0), coalesce(h.seller_amount, 0),
       coalesce(h.share_users, '{}'), coalesce(h.share_amounts, '{}'), (select c.acquirer from acquirer_call c where c.call_id = p.charge_id)
  from dispute d
  join payment p on p.payment_id = d.payment_id
  left join dispute_step h on h.dispute_id = d.dispute_id and h.step = 'hold'
 where d.dispute_id = any (array(select x.dispute_id from dispute x where x.dispute_id = :dispute::text? union all
                                 select x.dispute_id from dispute x where x.acquirer_ref = :acquirer_ref::text?))
   and (:partner::text? is null or d.partner_id = :partner)
   and (:owner::text? is null or p.user_id = :owner);

-- name: dispute_list :many
-- Newest first, from before the cursor: the partner's, or a user's, or those of a payment.
-- row: = dispute_find
select d.dispute_id, d.partner_id, d.payment_id, d.acquirer_ref, d.sequence, d.phase, d.status, d.reason, d.currency, d.amount, d.fee,
       d.fee_bearer, d.taken, d.booked, d.evidence_due_at, d.evidence, d.asked, d.asked_by, d.asked_at, d.answered_at, d.reminded_at,
       d.created_at, d.closed_at, p.user_id, coalesce(h.platform_amount, 0), coalesce(h.partner_amount, 0), coalesce(h.seller_amount, 0),
       coalesce(h.share_users, '{}'), coalesce(h.share_amounts, '{}'), (select c.acquirer from acquirer_call c where c.call_id = p.charge_id)
  from ((select x.* from dispute x
          where (x.partner_id, x.dispute_id) < (:partner::partner_id, coalesce(:before::text?, 'zz')) and (x.partner_id, x.dispute_id) >= (:partner, '')
            and :owner::text? is null and :payment::text? is null
            and (:status::text? is null or x.status = :status)
          order by x.partner_id desc, x.dispute_id desc limit :limit::i64)
        union all
        (select x.* from dispute x
          where :payment is null and x.partner_id = :partner
            and (x.user_id, x.dispute_id) < (:owner, coalesce(:before, 'zz')) and (x.user_id, x.dispute_id) >= (:owner, '')
            and (:status is null or x.status = :status)
          order by x.user_id desc, x.dispute_id desc limit :limit)
        union all
        (select x.* from dispute x
          where x.payment_id = :payment and x.partner_id = :partner
            and (:owner is null or x.user_id = :owner) and (:status is null or x.status = :status) and (:before is null or x.dispute_id < :before))) d
  cross join lateral (select x.user_id, x.charge_id from payment x where x.payment_id = d.payment_id offset 0) p
  left join lateral (select x.* from dispute_step x where x.dispute_id = d.dispute_id and x.step = 'hold' offset 0) h on true
 order by d.dispute_id desc
 limit :limit;

-- name: dispute_evidence :exec
-- Not while it is on its way to the acquirer or was there.
update dispute set evidence = :evidence::text
 where dispute_id = :dispute::dispute_id and status = 'needs_response' and asked is null and evidence_due_at > :now;

-- name: dispute_file_add :exec
-- The same content again is the same file. At most so many, so for a serializable transaction: a statement by itself counts those that were
-- there when it began, however long it then waited for the dispute's row.
with target as materialized (
    select dispute_id from dispute
     where dispute_id = :dispute::dispute_id and status = 'needs_response' and asked is null and evidence_due_at > :now
       for no key update
)
insert into dispute_file (file_id, dispute_id, name, type, content, uploaded_by, created_at)
select :file::text, dispute_id, :name::text, :type::text, :content::bytes, :by::text, :now from target
 where (select count(*) from dispute_file f where f.dispute_id = :dispute) < :most::i64
on conflict do nothing;

-- name: dispute_file_remove :exec
delete from dispute_file f using dispute d
 where f.file_id = :file::text and f.dispute_id = :dispute::dispute_id and d.dispute_id = f.dispute_id
   and d.status = 'needs_response' and d.asked is null;

-- name: dispute_files :many
-- row: file_id text, name text, type text, size i64, uploaded_by text, created_at instant
select file_id, name, type, length(content)::bigint, uploaded_by, created_at
  from dispute_file where dispute_id = :dispute::dispute_id order by file_id limit 100;

-- name: dispute_file_content :maybe
-- row: name text, type text, content bytes
select name, type, content from dispute_file where dispute_id = :dispute::dispute_id and file_id = :file::text;

-- name: dispute_ask :exec
-- Once; the job tells the acquirer until he has answered. Evidence has to be there, and in time.
update dispute d set asked = :asked::text, asked_by = :by::text, asked_at = :now, tries = 0, due_at = :due::instant
 where d.dispute_id = :dispute::dispute_id and d.status = 'needs_response' and d.asked is null
   and case :asked when 'accept' then d.phase = 'chargeback'
                   else d.evidence_due_at > :now
                        and (d.evidence is not null or exists (select from dispute_file f where f.dispute_id = d.dispute_id)) end;

-- name: dispute_unask :exec
-- The acquirer has answered, and it stands as before: it may be asked anew.
update dispute set asked = null, asked_by = null, asked_at = null
 where dispute_id = :dispute::dispute_id and asked is not null and answered_at is null and sequence = :sequence::i64;

-- name: disputes_due :many
-- Takes those that something is to be done about, in that order, so that no other job takes them before the lease ends; it doubles with every try.
-- row: dispute_id dispute_id
with due as materialized (
    select dispute_id, due_at from dispute where clock = :clock and due_at <= :now order by due_at, dispute_id limit 50 for update skip locked
), taken as (
    update dispute d set tries = d.tries + 1, due_at = :now + interval '1 second' * (:step_s::i64 * power(2, least(d.tries, 8)))
      from due x where d.dispute_id = x.dispute_id
    returning d.dispute_id, x.due_at as was_due
)
select dispute_id from taken order by was_due, dispute_id;

-- name: dispute_rest :exec
-- Nothing is to be done before :due; absent: nothing at all. Not when something changed meanwhile.
update dispute set due_at = :due::instant?, tries = 0
 where dispute_id = :dispute::dispute_id and sequence = :sequence::i64 and booked = :booked::text
   and (asked is null or answered_at is not null);

-- name: dispute_remind :one
-- row: reminded bool
with changed as (
    update dispute set reminded_at = :now
     where dispute_id = :dispute::dispute_id and reminded_at is null and status = 'needs_response' and asked is null
    returning partner_id, dispute_id
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, partner_id, 'dispute.evidence_due', dispute_id, :data::text, :now from changed
), mailed as (
    insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
    select :mail::text, 'dispute', :recipient::text?, :content::bytes?, :wall, :now, :clock from changed where :recipient is not null
)
select exists (select from changed);

-- name: dispute_book :one
-- One step of a dispute in the ledger. captured, returned (refunded and disputed) and sequence (of what is claimed) are what the shares were
-- computed from. Its place among the entries is taken under the locks of its sellers' balances, so that of theirs those before it came before it
-- (relief_recoverable). Not applied: somebody was faster, or a refund or capture of the payment has no outcome yet. A seller may come below zero
-- by it, and a person is told when what comes back is of one who has left.
-- row: applied bool
with target as materialized (
    select p.payment_id, p.partner_id, p.currency, d.dispute_id
      from payment p join dispute d on d.payment_id = p.payment_id
     where d.dispute_id = :dispute::dispute_id and p.payment_id = :payment::payment_id and d.booked = :from::text and d.sequence = :sequence::i64
       and p.refunding = 0 and p.capturing = 0 and p.refunded + p.disputed = :returned::i64
       and coalesce(p.captured, case p.status when 'succeeded' then p.amount else 0 end) = :captured::i64
       for no key update of p, d
), moved as (
    update dispute d set booked = :to::text, taken = d.taken + case when :step::text = 'hold' then :amount::i64 else 0 end
      from target g where d.dispute_id = g.dispute_id
), counted as (
    update payment p set disputed = p.disputed + case :step when 'hold' then :amount when 'return' then -:amount else 0 end
      from target g where p.payment_id = g.payment_id
), sellers as materialized (
    select a.account_id, s.amount, s.n
      from target g cross join unnest(:share_users::texts, :share_amounts::i64s) with ordinality as s (user_id, amount, n)
      join account a on a.partner_id = g.partner_id and a.kind = 'seller' and a.user_id = s.user_id and a.currency = g.currency
     where s.amount <> 0
), locked as materialized (
    select b.account_id from balance b where b.account_id in (select account_id from sellers) order by b.account_id for no key update
), booked as (
    insert into entry (partner_id, kind, ref, created_at)
    select partner_id, 'dispute_' || :step, dispute_id, :now from target
     where cardinality(:kinds::texts) > 0 and (select count(*) from locked) >= 0
    returning entry_id
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select b.entry_id, l.line,
           (select a.account_id from account a
             where a.partner_id = g.partner_id and a.kind = l.kind and a.user_id = '' and a.currency = g.currency),
           g.currency, l.amount
      from target g cross join booked b
     cross join unnest(:kinds, :amounts::i64s) with ordinality as l (kind, amount, line)
     where l.kind <> 'seller'
    union all
    select b.entry_id, 8 + s.n, s.account_id, g.currency, s.amount from target g cross join booked b cross join sellers s
), kept as (
    update balance b
       set posted = b.posted - s.amount,
           negative_since = case when b.posted - s.amount - b.pending_out >= 0 then b.negative_since
                                 when b.posted - b.pending_out < 0 then coalesce(b.negative_since, :now) else :now end
      from locked l join sellers s on s.account_id = l.account_id where b.account_id = l.account_id
), kept_as as (
    insert into dispute_step (dispute_id, step, amount, fee, platform_amount, partner_amount, seller_amount, share_users, share_amounts,
                              entry_id, created_at)
    select dispute_id, :step, :amount, :fee::i64, :platform_amount::i64, :partner_amount::i64, :seller_amount::i64, :share_users, :share_amounts,
           (select entry_id from booked), :now
      from target
), owed as (
    insert into anomaly (partner_id, kind, ref, detail, created_at)
    select u.partner_id, 'user_owed', u.user_id, 'dispute ' || g.dispute_id || ' came back', :wall
      from target g cross join unnest(:share_users, :share_amounts) as s (user_id, amount)
      join pay_user u on u.partner_id = g.partner_id and u.user_id = s.user_id
     where :step = 'return' and s.amount < 0 and u.closed_at is not null
    on conflict (kind, ref) where closed_at is null do update set detail = excluded.detail
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at)
    select :event::event_id, g.partner_id, :type::text, g.dispute_id, b.entry_id, :data::text, :now from target g cross join booked b
)
select exists (select from target);

-- name: disputes_open :one
-- For the gauges, of live partners: how many wait for an answer or a decision, and how many of them for an answer within :soon.
-- row: open i64, due i64
select count(*), count(*) filter (where status = 'needs_response' and asked is null and evidence_due_at <= :soon::instant)
  from dispute where clock = '' and closed_at is null;

-- name: dispute_policy_set :exec
-- What is absent stays, or begins as the default.
insert into dispute_policy (partner_id, currency, fee_bearer, accept_below, shortfall, updated_at, updated_by)
values (:partner::partner_id, :currency::text, coalesce(:fee_bearer::text?, 'seller'), coalesce(:accept_below::i64?, 0),
        coalesce(:shortfall::text?, 'refuse'), :now, :by::text)
on conflict (partner_id, currency) do update
   set fee_bearer = coalesce(:fee_bearer, dispute_policy.fee_bearer), accept_below = coalesce(:accept_below, dispute_policy.accept_below),
       shortfall = coalesce(:shortfall, dispute_policy.shortfall),
       updated_at = :now, updated_by = excluded.updated_by;

-- name: dispute_policies :many
-- row: currency text, fee_bearer text, accept_below i64, shortfall text, updated_at instant, updated_by text
select currency, fee_bearer, accept_below, shortfall, updated_at, updated_by from dispute_policy
 where partner_id = :partner::partner_id order by currency limit 200;

-- name: operator_dispute_names :maybe
-- Who and what a dispute is about, as people call it.
-- row: partner_name text, user_name text?, subject text?, description text
select case when n.is_sandbox then n.name || ' (sandbox)' else n.name end, u.name, u.subject, p.description
  from payment p
  join partner n on n.partner_id = p.partner_id
  left join pay_user u on u.partner_id = p.partner_id and u.user_id = p.user_id
 where p.payment_id = :payment::payment_id;

-- name: disputes_undecided :many
-- Of all partners, those that are not decided: first those that somebody has to answer, the nearest deadline first, then the others, newest first.
-- From after that one; due absent: it is one of the others.
-- row: dispute_id dispute_id, payment_id payment_id, phase text, status text, reason text, currency text, amount i64, taken i64, asked text?, evidence_due_at instant?, created_at instant, store_name text, partner_name text, description text
select d.dispute_id, d.payment_id, d.phase, d.status, d.reason, d.currency, d.amount, d.taken, d.asked, d.evidence_due_at, d.created_at,
       s.name, case when n.is_sandbox then n.name || ' (sandbox)' else n.name end, p.description
  from ((select x.* from dispute x
          where x.closed_at is null
            and (x.answer_due, x.dispute_id) < (coalesce(:due::instant?, 'infinity'), :after::text?) and (x.answer_due, x.dispute_id) >= (coalesce(:due, 'infinity'), '')
          order by x.answer_due desc, x.dispute_id desc limit :limit::i64)
        union all
        (select x.* from dispute x
          where x.closed_at is null and x.answer_due < 'infinity'
            and x.answer_due > coalesce(:due, case when :after is null then timestamptz '-infinity' else 'infinity' end)
          order by x.answer_due, x.dispute_id desc limit :limit)
        union all
        (select x.* from dispute x
          where (:due is not null or :after is null) and x.closed_at is null
            and (x.answer_due, x.dispute_id) < ('infinity', 'zz') and (x.answer_due, x.dispute_id) >= ('infinity', '')
          order by x.answer_due desc, x.dispute_id desc limit :limit)) d
  cross join lateral (select x.partner_id, x.store_id, x.description from payment x where x.payment_id = d.payment_id offset 0) p
  cross join lateral (select x.name from store x where x.store_id = p.store_id offset 0) s
  join partner n on n.partner_id = p.partner_id
 order by d.answer_due, d.dispute_id desc
 limit :limit;

-- name: disputes_newest :many
-- Of all partners, or those of a status, newest first, from before the cursor.
-- row: = disputes_undecided
select d.dispute_id, d.payment_id, d.phase, d.status, d.reason, d.currency, d.amount, d.taken, d.asked, d.evidence_due_at, d.created_at,
       s.name, case when n.is_sandbox then n.name || ' (sandbox)' else n.name end, p.description
  from ((select x.* from dispute x
          where :status::text? is null and x.dispute_id < coalesce(:before::text?, 'zz')
          order by x.dispute_id desc limit :limit::i64)
        union all
        (select x.* from dispute x
          where (x.status, x.dispute_id) < (:status, coalesce(:before, 'zz')) and (x.status, x.dispute_id) >= (:status, '')
          order by x.status desc, x.dispute_id desc limit :limit)) d
  cross join lateral (select x.partner_id, x.store_id, x.description from payment x where x.payment_id = d.payment_id offset 0) p
  cross join lateral (select x.name from store x where x.store_id = p.store_id offset 0) s
  join partner n on n.partner_id = p.partner_id
 order by d.dispute_id desc
 limit :limit;
