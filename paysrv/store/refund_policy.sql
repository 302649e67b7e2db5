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
-- What stands in the way of a refund that could not begin, and what was agreed for such.
-- row: has_funds bool, waits bool, is_queued bool, window_ends instant?, queue_days i32, platform_fee text
select not exists (select from unnest(:share_users::texts, :share_amounts::i64s) as s (user_id, amount)
                     left join account a on a.partner_id = p.partner_id and a.kind = 'seller' and a.user_id = s.user_id and a.currency = p.currency
                     left join balance b on b.account_id = a.account_id
                    where b.posted - b.pending_out >= greatest(s.amount, 0) is not true),
       exists (select from refund_queue q where q.partner_id = p.partner_id and q.user_id = any (:share_users) and q.currency = p.currency
                                            and q.status = 'queued' and q.refund_id < :refund::text),
       exists (select from dispute_policy d where d.partner_id = p.partner_id and d.currency = p.currency and d.shortfall = 'queue'),
       p.succeeded_at + y.window_days * interval '1 day', coalesce(y.queue_days, 14), coalesce(y.platform_fee, 'keep')
  from payment p
  left join refund_policy y on y.partner_id = p.partner_id and y.currency = p.currency
 where p.payment_id = :payment::payment_id;

-- name: refund_enqueue :exec
insert into refund_queue (refund_id, partner_id, payment_id, user_id, currency, amount, needs, reason, reason_code, initiated_by, initiator, fees,
                          status, created_at, ends_at, clock)
values (:refund::refund_id, :partner::partner_id, :payment::payment_id, :user::user_id, :currency::text, :amount::i64, :needs::i64, :reason::text?,
        :reason_code::text?, :initiated_by::text, :initiator::text?, :fees::text, 'queued', :now, :now + :days::i64 * interval '1 day', :clock);

-- name: refund_queue_find :many
-- Those of a payment that never began: they wait, or their time is over.
-- row: refund_id refund_id, partner_id partner_id, payment_id payment_id, user_id user_id, currency text, amount i64, reason text?, reason_code text?, initiated_by text, initiator text?, fees text, status text, decline_code text?, created_at instant, ends_at instant
select refund_id, partner_id, payment_id, user_id, currency, amount, reason, reason_code, initiated_by, initiator, fees, status, decline_code, created_at, ends_at
  from refund_queue where payment_id = :payment::payment_id and status in ('queued', 'failed') order by refund_id limit 1000;

-- name: refund_queue_due :many
-- Of each seller the one that waits the longest, when it can begin or its time is over.
-- row: = refund_queue_find
select q.refund_id, q.partner_id, q.payment_id, q.user_id, q.currency, q.amount, q.reason, q.reason_code, q.initiated_by, q.initiator, q.fees, q.status,
       q.decline_code, q.created_at, q.ends_at
  from (select distinct on (partner_id, user_id, currency) * from refund_queue where clock = :clock and status = 'queued'
         order by partner_id, user_id, currency, refund_id) q
  join account a on a.partner_id = q.partner_id and a.kind = 'seller' and a.user_id = q.user_id and a.currency = q.currency
  join balance b on b.account_id = a.account_id
 where q.ends_at <= :now or b.posted - b.pending_out >= q.needs
 order by q.refund_id limit 100;

-- name: refund_queue_leave :exec
-- It has begun, or failed. Nothing: it does not wait.
update refund_queue set status = :status::text, decline_code = :decline_code::text? where refund_id = :refund::refund_id and status = 'queued';
