-- What a chargeback does to subscriptions, by a word of the partner for the stores that have none of their own (docs/decisions/0092).
alter table partner add column on_dispute text not null default 'pause' check (on_dispute in ('continue', 'pause', 'cancel'));

-- says_on_dispute: on_dispute is the store's own word. A server from before writes on_dispute alone: what is no 'pause' was said by somebody.
alter table store add column says_on_dispute boolean not null default false;

create function store_on_dispute(of_store store) returns text language sql stable as $$
    select case when of_store.says_on_dispute or of_store.on_dispute <> 'pause' then of_store.on_dispute
                else (select p.on_dispute from partner p where p.partner_id = of_store.partner_id) end
$$;
