-- Payouts of suspended partners wait, and are looked at once an hour: what is sent is found without walking through them.
alter table payout add column put_off_until timestamptz not null default '-infinity';
drop index payout_confirmed_of_clock, payout_to_send;
create index payout_confirmed_of_clock on payout (clock, put_off_until, payout_id) where status = 'confirmed';
create index payout_to_send on payout (put_off_until, payout_id) where status = 'confirmed' and rail <> 'bank';

-- What an invoice at this price says to a cash register (JSON); null: nothing.
alter table price add column receipt text;

-- Captures have receipts, too: "rct_cap_...".
do $$
begin
    execute replace(pg_get_functiondef('store_of_object(text)'::regprocedure), E'when \'pay\' then substr(object, 5)',
        E'when \'pay\' then substr(object, 5) when \'cap\' then (select c.payment_id from capture c where c.capture_id = substr(object, 5))');
    if pg_get_functiondef('store_of_object(text)'::regprocedure) not like '%capture_id%' then
        raise exception 'store_of_object is another function than it was';
    end if;
end $$;
