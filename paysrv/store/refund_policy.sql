-- What was agreed with a partner for refunds, and the refunds that wait for funds (docs/decisions/0063).

-- name: refund_policy_set :exec
-- What is absent stays; 0 days: no end, or nothing waits.
insert into refund_policy (partner_id, currency, window_days, queue_days, platform_fee, updated_at, updated_by)
values (:partner::partner_id, :currency::text, nullif(:window_days::i64?, 0), coalesce(nullif(:queue_days::i64?, 0), 14),
        coalesce(:platform_fee::text?, 'keep'), :now, :by::text)
on conflict (partner_id, currency) do update
   set window_days = case when :window_days is null then refund_policy.window_days else nullif(:window_days, 0) end,
       queue_days = coalesce(nullif(:queue_days, 0), refund_policy.queue_days),
       platform_fee = coalesce(:platform_fee, refund_policy.platform_fee), updated_at = :now, updated_by = :by;

-- name: refund_policies :many
-- row: currency text, window_days i32?, queue_days i32, platform_fee text, updated_at instant, updated_by text
select currency, window_days, queue_days, platform_fee, updated_at, updated_by
  from refund_policy where partner_id = :partner::partner_id order by currency limit 1000;

-- name: refund_obstacle :one
-- What stands in the way of a refund that could not begin, and what was agreed for such. short: the first seller whose balance does not hold his
-- part, or of whom others wait; not one who gives nothing of it.
-- row: has_funds bool, waits bool, is_queued bool, window_ends instant?, queue_days i32, platform_fee text, short_user user_id?, short_amount i64
with parts as materialized (
    select s.n, s.user_id, s.amount, b.account_id is not null and (s.amount <= 0 or b.posted - b.pending_out >= s.amount) as covers,
           s.amount > 0 and exists (select from refund_queue q where q.partner_id = p.partner_id and q.user_id = s.user_id and q.currency = p.currency
                                                               and q.status = 'queued' and q.refund_id < :refund::text) as waits
      from payment p cross join unnest(:share_users::texts, :share_amounts::i64s) with ordinality as s (user_id, amount, n)
      left join lateral (select x.account_id from account x where x.partner_id = p.partner_id and x.kind = 'seller' and x.user_id = s.user_id
                                                              and x.currency = p.currency offset 0) a on true
      left join balance b on b.account_id = a.account_id
     where p.payment_id = :payment::payment_id
), short as (
    select user_id, amount from parts where not covers or waits order by covers, n limit 1
)
select not exists (select from parts where not covers), exists (select from parts where waits),
       exists (select from dispute_policy d where d.partner_id = p.partner_id and d.currency = p.currency and d.shortfall = 'queue'),
       p.succeeded_at + y.window_days * interval '1 day', coalesce(y.queue_days, 14), coalesce(y.platform_fee, 'keep'),
       (select user_id from short), coalesce((select amount from short), 0)
  from payment p
  left join refund_policy y on y.partner_id = p.partner_id and y.currency = p.currency
 where p.payment_id = :payment;

-- name: refund_unasked :one
-- What of a payment is left beside what was returned, is on its way back, and waits. In the transaction that has more of it wait.
-- row: amount i64
select coalesce(p.captured, case p.status when 'succeeded' then p.amount else 0 end) - p.refunded - p.refunding - p.disputed
       - coalesce((select sum(q.amount) from refund_queue q where q.payment_id = p.payment_id and q.status = 'queued'), 0)::bigint
  from payment p where p.payment_id = :payment::payment_id;

-- name: refund_enqueue :exec
-- unique refund_external_id_key -> EXTERNAL_ID_TAKEN external_id
with named as (
    insert into refund_name (partner_id, external_id, refund_id) select :partner::partner_id, :external_id::text?, :refund::refund_id where :external_id is not null
)
insert into refund_queue (refund_id, partner_id, payment_id, user_id, currency, amount, needs, reason, reason_code, initiated_by, initiator, fees,
                          status, created_at, ends_at, clock)
values (:refund, :partner, :payment::payment_id, :user::user_id, :currency::text, :amount::i64, :needs::i64, :reason::text?,
        :reason_code::text?, :initiated_by::text, :initiator::text?, :fees::text, 'queued', :now, :now + :days::i64 * interval '1 day', :clock);

-- name: refund_queue_find :many
-- Those of a payment that never began: they wait, were canceled, or their time is over.
-- row: refund_id refund_id, partner_id partner_id, payment_id payment_id, user_id user_id, currency text, amount i64, reason text?, reason_code text?, initiated_by text, initiator text?, fees text, status text, decline_code text?, created_at instant, ends_at instant, external_id text?
select q.refund_id, q.partner_id, q.payment_id, p.user_id, q.currency, q.amount, q.reason, q.reason_code, q.initiated_by, q.initiator, q.fees, q.status,
       q.decline_code, q.created_at, q.ends_at, (select n.external_id from refund_name n where n.refund_id = q.refund_id)
  from refund_queue q join payment p on p.payment_id = q.payment_id
 where q.payment_id = :payment::payment_id and q.status in ('queued', 'failed', 'canceled') order by q.refund_id limit 1000;

-- name: refund_queue_due :many
-- Of each seller the one that waits the longest, when it can begin or its time is over; of more than there are places others each time, also while a test clock stands: one that
-- looks as if it can begin, and does not for days (another seller of the split is short, another refund has no outcome), keeps nobody out.
-- row: = refund_queue_find
select q.refund_id, q.partner_id, q.payment_id, p.user_id, q.currency, q.amount, q.reason, q.reason_code, q.initiated_by, q.initiator, q.fees, q.status,
       q.decline_code, q.created_at, q.ends_at, (select n.external_id from refund_name n where n.refund_id = q.refund_id)
  from (select distinct on (partner_id, user_id, currency) * from refund_queue where clock = :clock and status = 'queued'
         order by partner_id, user_id, currency, refund_id) q
  join account a on a.partner_id = q.partner_id and a.kind = 'seller' and a.user_id = q.user_id and a.currency = q.currency
  join balance b on b.account_id = a.account_id
  join payment p on p.payment_id = q.payment_id
 where q.ends_at <= :now or b.posted - b.pending_out >= q.needs
 order by q.ends_at > :now, hashtextextended(q.refund_id, (extract(epoch from :wall) * 1000)::bigint) limit 100;

-- name: refund_queue_leave :exec
-- It failed or was canceled, or has begun. Nothing: it does not wait.
update refund_queue q set status = :status::text, decline_code = :decline_code::text?
 where q.refund_id = :refund::refund_id and q.status = 'queued'
   and (:status = 'started') = exists (select from refund r where r.refund_id = q.refund_id);

-- name: refund_queued :maybe
-- One of this partner that waited or waits; for a user's token only of his payments.
-- row: = refund_queue_find
select q.refund_id, q.partner_id, q.payment_id, p.user_id, q.currency, q.amount, q.reason, q.reason_code, q.initiated_by, q.initiator, q.fees, q.status,
       q.decline_code, q.created_at, q.ends_at, (select n.external_id from refund_name n where n.refund_id = q.refund_id)
  from refund_queue q join payment p on p.payment_id = q.payment_id
 where q.refund_id = :refund::refund_id and (:partner::partner_id? is null or q.partner_id = :partner)
   and (:subject::text? is null or p.user_id = (select u.user_id from pay_user u where u.partner_id = p.partner_id and u.subject = :subject));

-- name: refund_queue_list :many
-- What waits of a partner, the longest first. missing: what its seller's balance has not got of it.
-- row: refund_id refund_id, payment_id payment_id, user_id user_id, currency text, amount i64, missing i64, created_at instant, ends_at instant
select q.refund_id, q.payment_id, q.user_id, q.currency, q.amount, greatest(q.needs - coalesce(b.posted - b.pending_out, 0), 0), q.created_at, q.ends_at
  from (select * from refund_queue where partner_id = :partner::partner_id and status = 'queued' offset 0) q
  left join lateral (select account_id from account a
                      where a.partner_id = q.partner_id and a.kind = 'seller' and a.user_id = q.user_id and a.currency = q.currency offset 0) a on true
  left join lateral (select posted, pending_out from balance where account_id = a.account_id offset 0) b on true
 order by q.refund_id limit 1000;
