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

-- What an account had at the end of a period is never edited; the name of who has been forgotten goes, as his evidence does (0047).
create function closing_is_kept() returns trigger language plpgsql set search_path from current as $$
begin
    if tg_op = 'UPDATE' and tg_level = 'ROW' and new.owner = '-' and (new.account_id, new.entry_id, new.balance) = (old.account_id, old.entry_id, old.balance)
       and exists (select from account a join pay_user u on u.partner_id = a.partner_id and u.user_id = a.user_id
                    where a.account_id = old.account_id and u.forgotten_at is not null) then
        return new;
    end if;
    raise exception '% of % is not allowed: it is append-only', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;
drop trigger account_closing_append_only on account_closing;
create trigger account_closing_kept before update or delete on account_closing for each row execute function closing_is_kept();
create trigger account_closing_whole before truncate on account_closing execute function closing_is_kept();

-- What was done to one thing, at one partner, or by one person: pages of operators lead there.
create index audit_of_object on audit (object, id);
create index audit_of_partner on audit (partner_id, id);
create index audit_of_actor on audit (actor, id);
create index audit_of_name on audit (actor_name, id);
