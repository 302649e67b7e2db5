-- concurrently
-- Times of schedules are taken of each partner in turn, as what is due of subscriptions and holds is: those that were tried, and those that a server
-- is at, are looked at when retry_at says.
drop index concurrently if exists payout_schedule_turn;
create index concurrently payout_schedule_turn on payout_schedule (clock, partner_id, (coalesce(retry_at, next_at)), schedule_id) where status = 'active';
drop index concurrently if exists payout_schedule_due_of_clock;
