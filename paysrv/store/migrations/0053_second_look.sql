-- Payouts of suspended partners wait, and are looked at once an hour: what is sent is found without walking through them.
alter table payout add column put_off_until timestamptz not null default '-infinity';
drop index payout_confirmed_of_clock, payout_to_send;
create index payout_confirmed_of_clock on payout (clock, put_off_until, payout_id) where status = 'confirmed';
create index payout_to_send on payout (put_off_until, payout_id) where status = 'confirmed' and rail <> 'bank';
