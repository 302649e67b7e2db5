-- A refund that waits for funds is none yet, and one that was taken back or given up never was: whose its events are is known from where it waits.
create or replace function event_owner(event_type text, object text, told text default null, out account text, out store text)
language plpgsql stable set search_path from current as $$
declare
    kind text := split_part(event_type, '.', 1);
    part text := substr(object, 5);             -- "hld_...", of a payment; "rct_pay_...", "rct_cap_...", "rct_re_..."
    sale text;
    shop text;
    owner text;
    parties text[];
begin
    if kind in ('payment', 'payment_attempt') then
        sale := object;
    elsif kind = 'hold' then
        sale := 'pay_' || part;
    elsif kind = 'refund' then
        sale := coalesce((select r.payment_id from refund r where r.refund_id = object), (select q.payment_id from refund_queue q where q.refund_id = object));
    elsif kind = 'receipt' then
        sale := case split_part(part, '_', 1) when 'pay' then part
                when 'cap' then (select c.payment_id from capture c where c.capture_id = part)
                else (select r.payment_id from refund r where r.refund_id = part) end;
    elsif kind = 'dispute' then
        sale := (select d.payment_id from dispute d where d.dispute_id = object);
    elsif kind = 'saved_card' then
        shop := (select k.store_id from saved_card k where k.saved_card_id = object);
    elsif kind = 'subscription' then
        shop := (select s.store_id from subscription s where s.subscription_id = object);
    elsif kind = 'invoice' then
        shop := (select s.store_id from invoice i join subscription s on s.subscription_id = i.subscription_id where i.invoice_id = object);
    elsif kind = 'store' then
        shop := object;
    elsif kind in ('user', 'legal_profile', 'agreement') then
        owner := object;
    elsif kind = 'payout' then
        owner := (select p.user_id from payout p where p.payout_id = object);
    elsif kind = 'payout_list' then
        owner := (select l.user_id from payout_list l where l.list_id = object);
    elsif kind = 'payout_schedule' then
        owner := (select s.user_id from payout_schedule s where s.schedule_id = object);
    elsif kind = 'requisite' then               -- of who was erased it may be gone
        owner := coalesce((select r.user_id from requisite r where r.requisite_id = object), told::json ->> 'user');
    elsif kind = 'confirmation' then
        owner := (select c.user_id from confirmation c where c.confirmation_id = object);
    elsif kind = 'balance' then
        owner := (select b.user_id from balance_relief b where b.relief_id = object);
    elsif kind = 'reserve' then
        owner := (select r.user_id from reserve r where r.reserve_id = object);
    end if;                                     -- else the partner's: bank, settlement, split_profile, test_clock, webhook_endpoint
    if sale is not null then
        parties := (select array[p.user_id, p.store_id] from payment p where p.payment_id = sale);
    elsif shop is not null then
        parties := (select array[s.user_id, s.store_id] from store s where s.store_id = shop);
    end if;
    account := nullif(coalesce(parties[1], owner), ''); -- '': the partner's own sales
    store := parties[2];
end $$;
