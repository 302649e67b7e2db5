-- Whose an event is, as event_owner says it, for statements that ask for a page of events: written into each of them when it is planned, it costs the
-- look-ups alone (docs/decisions/0055). event_owner is asked by nodes of before only.
create function event_party(event_type text, object text, told text default null) returns table (account text, store text)
language sql stable begin atomic
select nullif(coalesce(p.user_id, s.user_id,
                       case split_part(event_type, '.', 1)
                       when 'user' then object
                       when 'legal_profile' then object
                       when 'agreement' then object
                       when 'payout' then (select x.user_id from payout x where x.payout_id = object)
                       when 'payout_list' then (select x.user_id from payout_list x where x.list_id = object)
                       when 'payout_schedule' then (select x.user_id from payout_schedule x where x.schedule_id = object)
                       when 'requisite' then    -- of who was erased it may be gone
                            coalesce((select x.user_id from requisite x where x.requisite_id = object), told::json ->> 'user')
                       when 'confirmation' then (select x.user_id from confirmation x where x.confirmation_id = object)
                       when 'balance' then (select x.user_id from balance_relief x where x.relief_id = object)
                       when 'reserve' then (select x.user_id from reserve x where x.reserve_id = object)
                       end), ''),               -- else the partner's; '': the partner's own sales
       coalesce(p.store_id, s.store_id)
  from (values (1)) one
  left join payment p on p.payment_id = case split_part(event_type, '.', 1)
                       when 'payment' then object
                       when 'payment_attempt' then object
                       when 'hold' then 'pay_' || substr(object, 5) -- "hld_..."
                       when 'refund' then       -- one that waits for funds is none yet
                            coalesce((select x.payment_id from refund x where x.refund_id = object),
                                     (select x.payment_id from refund_queue x where x.refund_id = object))
                       when 'receipt' then      -- "rct_pay_...", "rct_cap_...", "rct_re_..."
                            case split_part(substr(object, 5), '_', 1)
                            when 'pay' then substr(object, 5)
                            when 'cap' then (select x.payment_id from capture x where x.capture_id = substr(object, 5))
                            else (select x.payment_id from refund x where x.refund_id = substr(object, 5)) end
                       when 'dispute' then (select x.payment_id from dispute x where x.dispute_id = object)
                       end
  left join store s on s.store_id = case split_part(event_type, '.', 1)
                       when 'store' then object
                       when 'saved_card' then (select x.store_id from saved_card x where x.saved_card_id = object)
                       when 'subscription' then (select x.store_id from subscription x where x.subscription_id = object)
                       when 'invoice' then
                            (select x.store_id from invoice i join subscription x on x.subscription_id = i.subscription_id where i.invoice_id = object)
                       end;
end;
