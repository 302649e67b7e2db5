-- Subscriptions that go on after a debt or a time in which nobody could pay. rejoins_at: the period that begins next is the one of then, and
-- only what is left of it is charged; status_reason: why it has its status, where nobody asked for that.
alter table subscription
    add column rejoins_at timestamptz,
    add column status_reason text;

-- A period whose invoice is void may be billed anew, when its subscription goes on within it.
drop index invoice_period_key;
create unique index invoice_period_key on invoice (subscription_id, period_n) where kind = 'period' and status in ('open', 'paid');

-- Whose account it was by name when the period was closed: statements of it do not change with a later name.
alter table account_closing add column owner text;

-- What a buyer bought, position by position, with its taxes: of a payment or a refund. Written before that; without it it means nothing.
create table receipt (
    subject    text primary key,                 -- a payment, or a refund
    partner_id text not null,
    document   text not null,                    -- JSON
    created_at timestamptz not null
);

-- A receipt is of its payment's store, too: "rct_pay_...".
do $$
begin
    execute replace(pg_get_functiondef('store_of_object(text)'::regprocedure), E'when \'st\' then object',
        E'when \'rct\' then (select p.store_id from payment p where p.payment_id = case split_part(object, \'_\', 2) when \'pay\' then substr(object, 5)'
        || E' else (select r.payment_id from refund r where r.refund_id = substr(object, 5)) end) when \'st\' then object');
    if pg_get_functiondef('store_of_object(text)'::regprocedure) not like '%rct%' then
        raise exception 'store_of_object is another function than it was';
    end if;
end $$;

-- What an endpoint is sent, and in which version: absent, that of its partner.
alter table webhook_endpoint
    add column payload text not null default 'full' check (payload in ('full', 'thin')),
    add column api_version text check (api_version ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$');
