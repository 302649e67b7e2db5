-- The zone of whose clocks a payment is: of the subscription that it is a charge of, or for which another card is brought by it. Null: what is
-- sold once has none.
create function payment_zone(of_payment text) returns text language sql stable as $$
    select s.zone from subscription s
     where s.subscription_id = coalesce((select i.subscription_id from invoice i where i.payment_id = of_payment),
                                        (select c.subscription_id from card_change c where c.payment_id = of_payment))
$$;
