-- Payouts that are looked at before they go: by operators, and by the operator's own service (docs/decisions/0063).

-- name: payout_watch_set :exec
insert into payout_watch (partner_id, currency, per_hour, new_days, new_from, updated_at, updated_by)
values (:partner::partner_id, :currency::text, :per_hour::i32?, :new_days::i32?, :new_from::i64?, :now, :by::text)
on conflict (partner_id, currency) do update
   set per_hour = excluded.per_hour, new_days = excluded.new_days, new_from = excluded.new_from, updated_at = excluded.updated_at,
       updated_by = excluded.updated_by;

-- name: payout_watch_end :exec
delete from payout_watch where partner_id = :partner::partner_id and currency = :currency::text;

-- name: payout_watch_list :many
-- row: currency text, per_hour i32?, new_days i32?, new_from i64?, updated_at instant, updated_by text
select currency, per_hour, new_days, new_from, updated_at, updated_by from payout_watch where partner_id = :partner::partner_id
 order by currency limit 1000;

-- name: payout_watch_counts :one
-- Whether payouts of a partner are counted.
-- row: counts bool
select exists (select from payout_watch w where w.partner_id = :partner::partner_id and w.currency = :currency::text and w.per_hour is not null);

-- name: payout_watch_judge :one
-- Of one that is about to be held: whether its payee is new to who is asked about payees; why operators look at it. As in payouts_unapproved
-- nothing older than a day can have been confirmed within the last hour: a code lives for an hour at most, and is sent again three times.
-- row: is_unscreened bool, is_frequent bool, is_to_new_account bool
select not exists (select from payout_screening s where s.requisite_id = :requisite::requisite_id and s.state = 'allow'),
       exists (select from payout_watch w
                where w.partner_id = :partner::partner_id and w.currency = :currency::text
                  and (select count(*) from payout o
                        where o.partner_id = w.partner_id and o.user_id = :user::user_id and o.created_at > :now - interval '1 day'
                          and o.currency = w.currency and o.confirmed_at > :now - interval '1 hour') >= w.per_hour),
       exists (select from payout_watch w
                 join requisite r on r.partner_id = w.partner_id and r.requisite_id = :requisite
                                 and r.created_at > :now - w.new_days * interval '1 day'
                where w.partner_id = :partner and w.currency = :currency and :amount::i64 >= w.new_from);

-- name: screening_insert :exec
-- In the transaction that holds the payout.
insert into payout_screening (payout_id, partner_id, requisite_id, waits_too, state, due_at, created_at)
values (:payout::payout_id, :partner::partner_id, :requisite::requisite_id, :waits::bool, 'open', :wall, :now);

-- name: screening_due :maybe
-- Taken for longer than an answer is waited for, so that two servers do not ask at once; one by one, as what is taken counts as asked. is_waiting: nobody has decided otherwise meanwhile.
-- row: payout_id payout_id, partner_id partner_id, user_id user_id, requisite_id requisite_id, amount i64, currency text, kind text, masked text, holder_name text?, iban text?, bik text?, account text?, inn text?, waits_too bool, tries i32, is_waiting bool
with due as materialized (
    select payout_id from payout_screening where state = 'open' and due_at <= :wall order by due_at limit 1 for no key update skip locked
), taken as (
    update payout_screening s set due_at = :lease::instant, tries = s.tries + 1 from due d where s.payout_id = d.payout_id
    returning s.payout_id, s.waits_too, s.tries
)
select p.payout_id, p.partner_id, p.user_id, p.requisite_id, p.amount, p.currency, r.kind, r.masked, nullif(r.holder_name, ''), nullif(r.iban, ''), r.bik, r.account, r.inn, t.waits_too, t.tries,
       p.status = 'awaiting_approval'
  from taken t
  join payout p on p.payout_id = t.payout_id
  join requisite r on r.partner_id = p.partner_id and r.requisite_id = p.requisite_id;

-- name: screening_again :exec
-- Nothing: the lease was over before, and another server asks.
update payout_screening set due_at = :due::instant where payout_id = :payout::payout_id and due_at = :lease::instant and state = 'open';

-- name: screening_answer :exec
-- Once.
update payout_screening set state = :state::text, reference = :reference::text?, answered_at = :now where payout_id = :payout::payout_id and state = 'open';

-- name: screening_clear :exec
-- It needs no approval after all.
update payout set needs_approval = false where payout_id = :payout::payout_id and status = 'awaiting_approval';

-- name: screening_list :many
-- The newest first.
-- row: payout_id payout_id, requisite_id requisite_id, state text, reference text?, tries i32, created_at instant
select payout_id, requisite_id, state, reference, tries, created_at from payout_screening
 where partner_id = :partner::partner_id and (not :open::bool or state in ('open', 'review')) order by payout_id desc limit 200;
