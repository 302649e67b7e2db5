-- concurrently
-- What is seldom is found without what is not: payouts of a status, and requests that were refused.
drop index concurrently if exists payout_of_status;
create index concurrently payout_of_status on payout (partner_id, status, payout_id);
drop index concurrently if exists request_log_refused;
create index concurrently request_log_refused on request_log (partner_id, created_at, log_id) where status >= 400;
