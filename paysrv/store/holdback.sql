-- What stores' payments brought and is not available yet (docs/decisions/0043): parts, their days, and their release.

-- name: settlement_set :maybe
-- New terms of a store; absent: none. Payments that were made keep theirs.
-- row: partner_id partner_id
with made as (
    insert into settlement_terms (store_id, delay_days, is_working, calendar, reserve_bp, reserve_days, deal_after, deal_end, created_at, created_by)
    select s.store_id, :delay_days::i32, :working::bool, :calendar::text, :reserve_bp::i32, :reserve_days::i32, :deal_after::text?, :deal_end::text?, :now, :by::text
      from store s where s.store_id = :store::store_id and (:delay_days + :reserve_bp > 0 or :deal_after is not null)
    returning terms_id
)
update store set settlement_terms = (select terms_id from made) where store_id = :store returning partner_id;

-- name: settlements_due :many
-- Payments, and captures, that brought money whose days are not written down yet. Taken, so that no other server takes them before the lease ends, and
-- one that fails stands behind the others; of each partner what waits longest, in turn, as invoices_due does. Nobody's are those of a server of before.
-- row: payment_id payment_id, source text, is_capture bool, share_users texts, share_amounts i64s, paid_at instant, captured i64, returned i64, delay_days i32, calendar text, reserve_bp i32, reserve_days i32, deal_after text?, deal_is_over bool
with turns as materialized (
    select s.source, s.look_at, s.turn
      from (select partner_id from partner union all select '') p
     cross join lateral (select x.source, x.payment_id, x.look_at, row_number() over (order by x.look_at, x.payment_id, x.source) as turn
                           from settlement_due x
                          where x.clock = :clock and x.partner_id = p.partner_id and x.look_at <= :now
                          order by x.look_at, x.payment_id, x.source limit :most::i64) s
     order by s.turn, s.look_at, s.payment_id, s.source limit :most
), due as materialized (
    select s.source from settlement_due s
     where s.source = any (array(select source from turns)) and (s.look_at <= :now) is true for update skip locked
), taken as (
    update settlement_due s set look_at = :lease::instant
      from turns t where s.source = t.source and s.source = any (array(select source from due))
    returning s.source, s.payment_id, t.turn, t.look_at as was_due
)
select p.payment_id, coalesce(c.capture_id, p.payment_id), c.capture_id is not null,
       coalesce(c.share_users, p.share_users, array[p.user_id]), coalesce(c.share_amounts, p.share_amounts, array[p.seller_amount]),
       coalesce(c.finished_at, p.succeeded_at, :now), coalesce(p.captured, p.amount), p.refunded + p.disputed,
       k.delay_days, case when k.is_working then k.calendar else 'days' end, k.reserve_bp, k.reserve_days, k.deal_after, d.ended_at is not null
  from taken s
  join payment p on p.payment_id = s.payment_id
  join settlement_terms k on k.terms_id = p.settlement_terms
  left join deal d on d.payment_id = p.payment_id
  left join capture c on c.capture_id = s.source and c.status = 'succeeded' and not c.is_settled
 where p.is_settled is not true and (c.capture_id is not null or p.captured is null and p.status = 'succeeded')
 order by s.turn, s.was_due, s.payment_id, s.source;

-- name: settlement_make :one
-- The parts of what one payment or capture brought; what of it is not held any more is available. returned: what they were computed from.
-- With a further capture less of each earlier one has gone back, so their parts are looked at again: what nothing returned is, is below zero.
-- A deal begins with its first part, and ends not before the last one's time. deal_ends absent: there is none, or it is over.
-- Of two servers one makes them: whether a capture has them is asked by the update of its row, which sees what was committed meanwhile.
-- row: made bool
with locked_payment as materialized (
    select p.payment_id, p.partner_id, p.currency
      from payment p
     where p.payment_id = :payment::payment_id and not p.is_settled and p.refunded + p.disputed = :returned::i64
       for no key update of p
), captured as (
    update capture c set is_settled = true from locked_payment g where :capture::bool and c.capture_id = :source::text and not c.is_settled
    returning c.capture_id
), target as materialized (
    select g.* from locked_payment g where not :capture or exists (select from captured)
), done as (
    delete from settlement_due s using target g where s.source = :source
), written as (
    insert into holdback (payment_id, source, partner_id, user_id, currency, part, amount, held, available_on, not_before, clock)
    select g.payment_id, :source, g.partner_id, x.user_id, g.currency, x.part, x.amount, x.held,
           timestamptz 'epoch' + x.available_us * interval '1 microsecond',
           case x.part when 'deal' then :not_before::instant end, :clock
      from target g
     cross join unnest(:users::texts, :parts::texts, :amounts::i64s, :helds::i64s, :available_us::i64s)
             as x (user_id, part, amount, held, available_us)
), dealt as (
    insert into deal as d (payment_id, partner_id, clock, ends_at, due_at, created_at)
    select g.payment_id, g.partner_id, :clock, :deal_ends::instant?, case when :not_before > :now then least(:not_before, :deal_ends) else :deal_ends end, :now
      from target g where :deal_ends is not null
    on conflict (payment_id) do update
       set ends_at = greatest(d.ends_at, excluded.ends_at), due_at = case when d.ended_at is null then least(d.due_at, excluded.due_at) end
), settled as (
    update payment p
       set is_settled = not :capture,
           returned_seen = case when :deal_ends is not null then least(p.returned_seen, 0) - 1
                                when not :capture then :returned
                                when :returned > 0 then least(p.returned_seen, 0) - 1 else p.returned_seen end
      from target g where p.payment_id = g.payment_id
), sellers as materialized (
    select a.account_id, s.amount
      from target g cross join unnest(:sellers::texts, :freed::i64s) as s (user_id, amount)
      join account a on a.partner_id = g.partner_id and a.kind = 'seller' and a.user_id = s.user_id and a.currency = g.currency
     where s.amount <> 0
), locked as materialized (
    select b.account_id from balance b where b.account_id in (select account_id from sellers) order by b.account_id for no key update
), kept as (
    update balance b set held = b.held - s.amount from locked l join sellers s on s.account_id = l.account_id where b.account_id = l.account_id
)
select exists (select from target);

-- name: settlements_sweep :exec
-- Under all clocks: what has its parts is due no more, and what has none is due, though a server of before did not write that down.
with stale as (
    delete from settlement_due s
     where (select p.is_settled from payment p where p.payment_id = s.payment_id)
        or (select c.is_settled from capture c where c.capture_id = s.source)
)
insert into settlement_due (source, payment_id, clock, partner_id)
select coalesce(c.capture_id, p.payment_id), p.payment_id, p.clock, p.partner_id
  from payment p
  left join lateral (select x.capture_id from capture x where x.payment_id = p.payment_id and x.status = 'succeeded' and not x.is_settled offset 0) c on true
 where p.settlement_terms is not null and not p.is_settled and (c.capture_id is not null or p.captured is null and p.status = 'succeeded')
on conflict do nothing;

-- name: settlements_close :exec
-- Under all clocks: payments that bring nothing more: nobody paid in time, or all captures have their parts.
update payment p set is_settled = true
 where p.settlement_terms is not null and not p.is_settled
   and (p.status in ('canceled', 'expired') or p.status = 'succeeded' and p.captured is not null
        or p.status = 'requires_payment_method' and p.expires_at < :now - interval '1 day')
   and not exists (select from capture c where c.payment_id = p.payment_id and (c.status = 'pending' or c.status = 'succeeded' and not c.is_settled));

-- name: holdbacks_returned :many
-- The open parts of payments of which something went back, came again, or was released since they were looked at; of one of them, or of all, from after
-- the cursor.
-- Those of one seller stand together. not_before_us: of a part of a deal, else 0.
-- version: of the payment's row, which whatever they depend on changes, too.
-- row: payment_id payment_id, version i64, captured i64, returned i64, holdback_ids i64s, users texts, amounts i64s, not_before_us i64s, released i64, deal_is_over bool
select p.payment_id, p.xmin::text::bigint, coalesce(p.captured, p.amount), p.refunded + p.disputed,
       coalesce(array_agg(h.holdback_id order by h.user_id, h.holdback_id) filter (where h.holdback_id is not null), '{}'),
       coalesce(array_agg(h.user_id order by h.user_id, h.holdback_id) filter (where h.holdback_id is not null), '{}'),
       coalesce(array_agg(h.amount order by h.user_id, h.holdback_id) filter (where h.holdback_id is not null), '{}'),
       coalesce(array_agg(coalesce((extract(epoch from h.not_before) * 1000000)::bigint, 0) order by h.user_id, h.holdback_id) filter (where h.holdback_id is not null), '{}'),
       coalesce(d.released, 0), d.ended_at is not null
  from payment p
  left join deal d on d.payment_id = p.payment_id
  left join lateral (select x.holdback_id, x.user_id, x.amount, x.not_before from holdback x
                      where x.payment_id = p.payment_id and x.released_at is null offset 0) h on true
 where p.clock = :clock and p.settlement_terms is not null and p.refunded + p.disputed <> p.returned_seen
   and (:payment::payment_id? is null or p.payment_id = :payment) and p.payment_id > :after::text
 group by p.payment_id, d.payment_id order by p.payment_id limit :most::i64;

-- name: holdbacks_adjust :one
-- What of them is held now. Not adjusted: something else went back, was released or came to be meanwhile (version). over: the deal is, so
-- its parts have the day that the store's delay gave them.
-- row: adjusted bool
with target as materialized (
    select p.payment_id from payment p
     where p.payment_id = :payment::payment_id and p.xmin::text::bigint = :version::i64
       for no key update
), seen as (
    update payment p set returned_seen = p.refunded + p.disputed from target g where p.payment_id = g.payment_id
), open as materialized (
    select h.holdback_id, h.partner_id, h.user_id, h.currency, h.held as before, x.held as after
      from target g cross join unnest(:holdback_ids::i64s, :helds::i64s) as x (holdback_id, held)
      join holdback h on h.holdback_id = x.holdback_id
     where (h.released_at is null) is true
     order by h.holdback_id
       for no key update of h
), changed as (
    update holdback h
       set held = o.after, available_on = case when :over::bool and h.not_before is not null then h.not_before else h.available_on end
      from open o where h.holdback_id = o.holdback_id
), sums as materialized (
    select a.account_id, sum(o.after - o.before)::bigint as amount
      from open o
      join account a on a.partner_id = o.partner_id and a.kind = 'seller' and a.user_id = o.user_id and a.currency = o.currency
     group by a.account_id
), locked as materialized (
    select b.account_id from balance b where b.account_id in (select account_id from sums) order by b.account_id for no key update
), kept as (
    update balance b set held = b.held + s.amount from locked l join sums s on s.account_id = l.account_id where b.account_id = l.account_id
)
select exists (select from target);

-- name: holdbacks_due :many
-- Those whose day has come, from after the cursor.
-- row: holdback_id i64, available_on instant
select holdback_id, available_on from holdback
 where clock = :clock and released_at is null and available_on <= :now and (available_on, holdback_id) > (:after_day::instant, :after::i64)
 order by available_on, holdback_id limit :most::i64;

-- name: holdbacks_release :one
-- Those of them that are not released, each once, however late; without what another server releases at this moment.
-- row: n i64
with due as materialized (
    select holdback_id from holdback
     where holdback_id = any (:holdbacks::i64s) and (released_at is null) is true and available_on <= :now
     order by holdback_id for no key update skip locked
), freed as (
    update holdback h set released_at = :now from due d where h.holdback_id = d.holdback_id and (h.released_at is null) is true
    returning h.partner_id, h.user_id, h.currency, h.held
), sums as materialized (
    select a.account_id, sum(f.held)::bigint as amount
      from freed f join account a on a.partner_id = f.partner_id and a.kind = 'seller' and a.user_id = f.user_id and a.currency = f.currency
     group by a.account_id
), locked as materialized (
    select b.account_id from balance b where b.account_id in (select account_id from sums) order by b.account_id for no key update
), kept as (
    update balance b set held = b.held - s.amount from locked l join sums s on s.account_id = l.account_id where b.account_id = l.account_id
)
select count(*) from due;

-- name: holdback_list :many
-- What is held back of a user, the next to be available first, from after the cursor.
-- row: holdback_id i64, payment_id payment_id?, part text, amount i64, held i64, currency text, available_on instant
select holdback_id, payment_id, part, amount, held, currency, available_on
  from holdback
 where partner_id = :partner::partner_id and user_id = :user::user_id and released_at is null
   and (available_on, holdback_id) > (timestamptz 'epoch' + :after_us::i64 * interval '1 microsecond', :after_id::i64)
 order by available_on, holdback_id limit :limit::i64;
