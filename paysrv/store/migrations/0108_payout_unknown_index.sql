-- concurrently
drop index concurrently if exists payout_unknown;
create index concurrently payout_unknown on payout (sent_at) where status = 'unknown';
