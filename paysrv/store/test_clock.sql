-- The clocks of sandbox partners. What is under which clock is in every statement that looks for what is due (:clock).

-- name: partner_clock :maybe
-- Whose time a partner's is. stands_at: while it advances it stands there.
-- row: is_sandbox bool, ahead_us i64, stands_at instant?
select n.is_sandbox, coalesce(c.ahead_us, 0), c.stands_at
  from partner n left join test_clock c on c.partner_id = n.partner_id
 where n.partner_id = :partner::partner_id;

-- name: test_clock_find :maybe
-- row: partner_id partner_id, ahead_us i64, stands_at instant?, target instant?, steps i64
select partner_id, ahead_us, stands_at, target, steps from test_clock where partner_id = :partner::partner_id;

-- name: test_clock_list :many
-- row: = test_clock_find
select partner_id, ahead_us, stands_at, target, steps from test_clock order by partner_id limit 1000;

-- name: test_clock_advance :maybe
-- It stands where it is, and sets out. Nothing: it is on its way already.
-- row: partner_id partner_id
update test_clock set stands_at = :wall + ahead_us * interval '1 microsecond', target = :target::instant, busy_until = :wall
 where partner_id = :partner::partner_id and stands_at is null and :wall + ahead_us * interval '1 microsecond' < :target
returning partner_id;

-- name: test_clock_claim :maybe
-- One that advances, or under which something is due, so that no other server takes it before the lease ends; who waits longest first.
-- row: partner_id partner_id, ahead_us i64, stands_at instant?, target instant?
update test_clock c set busy_until = :lease::instant
 where c.partner_id = (
       select k.partner_id from test_clock k
        where k.busy_until <= :wall
          and (k.stands_at is not null or exists (select from clock_work w
                                            where w.clock = k.clock and w.due_at <= :wall + k.ahead_us * interval '1 microsecond'))
        order by k.busy_until limit 1 for no key update skip locked)
returning c.partner_id, c.ahead_us, c.stands_at, c.target;

-- name: test_clock_release :exec
update test_clock set busy_until = :until::instant where partner_id = :partner::partner_id and busy_until = :lease::instant;

-- name: test_clock_work :many
-- What there is to do under this clock, of each kind the first, and where it would stop next. While neither their number nor the sum of their times (modulo a prime, so that it
-- fits) is another one, nothing of it was done.
-- row: kind text, due_at instant, moves_at instant?, n i64, times i64
select kind, min(due_at), min(moves_at) filter (where moves_at > :now), count(*), sum((extract(epoch from due_at) * 1000000)::bigint % 1000000007)::bigint
  from clock_work where clock = :clock group by kind order by kind limit 20;

-- name: test_clock_waits :one
-- Whether the acquirer has not said yet what became of something, or something is to be sent to it. A payout that it knows nothing of may
-- stay so for ever, and what is to be asked for again another day has its time by the wall: they keep no clock.
-- row: waits bool
select exists (select from acquirer_call where is_open and state in ('intent', 'sent', 'unknown') and partner_id = :partner::partner_id
                                           and created_at <= :wall and not (op = 'payout' and state = 'unknown' and tries > 0))
    or exists (select from payout p
                where p.status = 'confirmed' and p.rail <> 'bank' and p.partner_id = :partner
                  and (select u.payouts_frozen_at from pay_user u where u.partner_id = p.partner_id and u.user_id = p.user_id) is null);

-- name: test_clock_move :exec
-- Nothing: another server moved it.
update test_clock set stands_at = :next::instant, steps = steps + 1 where partner_id = :partner::partner_id and stands_at = :from::instant and target >= :next;

-- name: test_clock_arrive :exec
-- It goes on with the wall clock, never less ahead of it than before.
with arrived as (
    update test_clock set ahead_us = greatest(ahead_us, (extract(epoch from (target - :wall)) * 1000000)::bigint), stands_at = null, target = null
     where partner_id = :partner::partner_id and stands_at = target and stands_at = :from::instant
    returning partner_id
)
insert into event (event_id, partner_id, type, object_id, data, created_at)
select :event::event_id, partner_id, 'test_clock.advanced', partner_id, :data::text, :now from arrived;

-- name: test_clocks_count :one
-- row: n i64, advancing i64
select count(*), count(stands_at) from test_clock;
