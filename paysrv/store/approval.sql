-- Limits of payouts, and the decisions of operators on those above a threshold.

-- name: payout_limit_list :many
-- row: scope text, user_id text, currency text, least i64?, most i64?, per_day i64?, per_month i64?, count_per_day i64?, approve_from i64?, step_up_from i64?, step_up_acr text?, step_up_max_age i64?, details_from i64?, updated_by text
select scope, user_id, currency, least, most, per_day, per_month, count_per_day, approve_from, step_up_from, step_up_acr, step_up_max_age,
       details_from, updated_by
  from payout_limit
 where partner_id = :partner::partner_id order by scope, user_id, currency limit 1000;

-- name: payout_limits_of :many
-- Of a seller (his own in place of everybody's) and of the partner as a whole. Who has nothing of his own about approval is held to everybody's:
-- his own row is about other limits.
-- row: = payout_limit_list
select l.scope, l.user_id, l.currency, l.least, l.most, l.per_day, l.per_month, l.count_per_day,
       case when l.scope = 'seller'
            then coalesce(l.approve_from, (select e.approve_from from payout_limit e where e.partner_id = :partner::partner_id and e.scope = 'each'
                                              and e.user_id = '' and e.currency = :currency::text))
            else l.approve_from end, l.step_up_from, l.step_up_acr, l.step_up_max_age,
       l.details_from, l.updated_by
  from payout_limit l
 where l.partner_id = :partner and l.currency = :currency
   and (l.scope = 'all' or l.user_id = :user::user_id
        or (l.scope = 'each' and not exists (select from payout_limit own where own.partner_id = :partner and own.scope = 'seller'
                                                and own.user_id = :user and own.currency = :currency)))
 order by l.scope;

-- name: payout_limit_approval :one
-- From which amount on operators approve by the limits of this scope, and by those of each seller.
-- row: own i64?, of_each i64?
select (select approve_from from payout_limit where partner_id = :partner::partner_id and scope = :scope::text and user_id = :user::text
                                                and currency = :currency::text),
       (select approve_from from payout_limit where partner_id = :partner and scope = 'each' and user_id = '' and currency = :currency);

-- name: payout_limit_set :exec
insert into payout_limit (partner_id, scope, user_id, currency, least, most, per_day, per_month, count_per_day, approve_from,
                          step_up_from, step_up_acr, step_up_max_age, details_from, updated_at, updated_by)
values (:partner::partner_id, :scope::text, :user::text, :currency::text, nullif(:least::i64, 0), nullif(:most::i64, 0),
        nullif(:per_day::i64, 0), nullif(:per_month::i64, 0), nullif(:count_per_day::i64, 0), nullif(:approve_from::i64, 0),
        nullif(:step_up_from::i64, 0), :step_up_acr::text?, nullif(:step_up_max_age::i64, 0),
        nullif(:details_from::i64, 0), :now,
        :by::text)
on conflict (partner_id, scope, user_id, currency) do update
   set least = excluded.least, most = excluded.most, per_day = excluded.per_day, per_month = excluded.per_month,
       count_per_day = excluded.count_per_day, approve_from = excluded.approve_from, step_up_from = excluded.step_up_from,
       step_up_acr = excluded.step_up_acr, step_up_max_age = excluded.step_up_max_age, details_from = excluded.details_from, updated_at = excluded.updated_at,
       updated_by = excluded.updated_by;

-- name: payouts_asked :one
-- What somebody has asked for by himself since, for this user, and not taken back.
-- row: amount i64
select coalesce(sum(amount), 0)::bigint from payout
 where partner_id = :partner::partner_id and user_id = :user::user_id and created_at >= :since::instant and currency = :currency::text
   and requested_by = :subject::text and schedule_id is null and status not in ('canceled', 'expired', 'rejected', 'failed');

-- name: payouts_unapproved :one
-- What has been confirmed for this user since and waits for no operator, or for nothing else than an answer about its payee: by that it goes by
-- itself. Codes live for minutes: nothing older can have been confirmed since.
-- row: amount i64
select coalesce(sum(amount), 0)::bigint from payout
 where partner_id = :partner::partner_id and user_id = :user::user_id and created_at >= :since::instant - interval '1 day' and confirmed_at >= :since
   and currency = :currency::text and status not in ('canceled', 'expired', 'rejected', 'failed')
   and (not needs_approval or status = 'awaiting_approval' and approval_reasons = '{screening}');

-- name: payout_usage_find :one
-- row: day_amount i64, day_payouts i64, month_amount i64
select coalesce(sum(amount) filter (where period = :day::text), 0)::bigint,
       coalesce(sum(payouts) filter (where period = :day), 0)::bigint,
       coalesce(sum(amount) filter (where period = :month::text), 0)::bigint
  from payout_usage
 where partner_id = :partner::partner_id and user_id = :user::text and currency = :currency::text and period in (:day, :month);

-- name: payout_limits_lock :one
-- Who counts under the limits of a partner: one after the other, where transactions would only meet conflicts. Of the session, because in a
-- transaction it would be taken after what that sees was fixed.
-- row: n i64
with taken as materialized (
    select pg_advisory_lock(hashtextextended('payout_limits ' || :partner::partner_id || ' ' || :currency::text, 0))
)
select count(*) from taken;

-- name: payout_limits_unlock :one
-- row: was_held bool
select pg_advisory_unlock(hashtextextended('payout_limits ' || :partner::partner_id || ' ' || :currency::text, 0));

-- name: payout_usage_add :exec
insert into payout_usage (partner_id, user_id, currency, period, amount, payouts)
values (:partner::partner_id, :user::text, :currency::text, :period::text, :amount::i64, 1)
on conflict (partner_id, user_id, currency, period) do update
   set amount = payout_usage.amount + excluded.amount, payouts = payout_usage.payouts + 1;

-- name: payout_for_decision :maybe
-- is_being_checked: the operator's own service has not answered yet.
-- row: partner_id partner_id, payout_id payout_id, user_id user_id, amount i64, currency text, destination digest, status text, requested_by text?, owner_subject text?, approvals i64, decided text?, is_being_checked bool
select p.partner_id, p.payout_id, p.user_id, p.amount, p.currency, p.destination, p.status, p.requested_by, u.subject,
       (select count(*) from payout_decision d
         where d.payout_id = p.payout_id and d.decision = 'approved' and d.bind_hash = :bind_hash::bytes? and d.subject <> :subject::text
           and not (d.subject like 'uid:%' and :subject like 'uid:%')),
       (select d.decision from payout_decision d where d.payout_id = p.payout_id and d.subject = :subject and d.bind_hash = :bind_hash),
       exists (select from payout_screening s where s.payout_id = p.payout_id and s.state = 'open')
  from payout p join pay_user u on u.partner_id = p.partner_id and u.user_id = p.user_id
 where p.payout_id = :payout::payout_id;

-- name: payout_decide :exec
insert into payout_decision (payout_id, subject, name, decision, bind_hash, note, created_at)
values (:payout::payout_id, :subject::text, :name::text, :decision::text, :bind_hash::digest, :note::text?, :now)
on conflict do nothing;

-- name: payout_decisions :many
-- Who said yes or no to a payout, in that order.
-- row: name text, decision text, note text?, created_at instant
select name, decision, note, created_at from payout_decision where payout_id = :payout::payout_id order by created_at, subject;

-- name: payout_approved :maybe
-- row: payout_id payout_id
with approved as (
    update payout set status = 'confirmed' where payout_id = :payout::payout_id and status = 'awaiting_approval'
    returning payout_id, partner_id
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, partner_id, 'payout.confirmed', payout_id, :data::text, :now from approved
)
select payout_id from approved;

-- name: payout_awaiting :many
-- What operators have to decide, oldest first: why, and what the service that is asked about payees has said. owner_subject: who gets it. Those that
-- wait for that service and nothing else are last: they go by themselves, and may be many when it does not answer. only: this one.
-- row: partner_name text, payout_id payout_id, user_name text, amount i64, currency text, masked text, holder_name text?, requested_by text?, approved_by text?, approvers texts, shared_with i64, confirmed_at instant?, user_id user_id, account_since instant, screening text?, screening_ref text?, owner_subject text?, reasons texts, is_last bool
select case when n.is_sandbox then n.name || ' (sandbox)' else n.name end, p.payout_id, u.name, p.amount, p.currency, r.masked, r.holder_name, p.requested_by,
       (select string_agg(d.name, ', ') from payout_decision d where d.payout_id = p.payout_id and d.decision = 'approved'),
       array(select d.subject from payout_decision d where d.payout_id = p.payout_id and d.decision = 'approved'),
       (select count(distinct o.user_id) from (select x.user_id from requisite x where x.iban = r.iban union all
                                               select x.user_id from requisite x where x.fingerprint = r.fingerprint) o where o.user_id <> p.user_id), p.confirmed_at, p.user_id,
       r.created_at, (select s.state from payout_screening s where s.payout_id = p.payout_id),
       (select s.reference from payout_screening s where s.payout_id = p.payout_id), u.subject, coalesce(p.approval_reasons, '{}'), p.is_last
  from (select w.*, coalesce(w.approval_reasons = '{screening}', false)
                    and exists (select from payout_screening s where s.payout_id = w.payout_id and s.state = 'open') as is_last
          from payout w
         where w.status = 'awaiting_approval' and (:only::text? is null or w.payout_id = :only)) p
  join requisite r on r.partner_id = p.partner_id and r.requisite_id = p.requisite_id
  join pay_user u on u.partner_id = p.partner_id and u.user_id = p.user_id
  join partner n on n.partner_id = p.partner_id
 where :after::text? is null or (p.is_last, p.payout_id) > (:after_last::bool, :after)
 order by p.is_last, p.payout_id
 limit :limit::i64;
