-- Cards that buyers let a store keep (docs/decisions/0045).

-- A payment whose buyer is asked. Written before the payment itself; without one it means nothing.
create table card_offer (
    payment_id  text primary key,
    buyer       text not null,                   -- the store's own name for him
    email       text not null,
    is_required boolean not null,                -- no payment without it (a subscription's first)
    created_at  timestamptz not null
);
create index card_offer_age on card_offer using brin (created_at);

-- The words that the buyer agreed to when this visit set out; null: he did not.
alter table checkout_attempt add column consent_version text;

-- pending: agreed to, and the payment has not succeeded yet. The token is sealed with the card's id, and gone when he withdrew.
create table saved_card (
    saved_card_id     text primary key,
    partner_id        text not null,
    store_id          text not null,
    payment_id        text not null references payment,
    buyer             text not null,
    email             text not null,
    mandate_id        text not null unique,
    consent_version   text not null,
    consented_at      timestamptz not null,
    state             text not null check (state in ('pending', 'active', 'withdrawn')),
    token             bytea,
    brand             text not null default '',    -- as the acquirer says, once it was paid
    last4             text not null default '',
    exp_month         integer not null default 0,
    exp_year          integer not null default 0,
    network_reference text,                      -- of the payment that he made himself
    tries             integer not null default 0,
    due_at            timestamptz,               -- when the job looks whether it was paid
    activated_at      timestamptz,
    withdrawn_at      timestamptz,
    withdrawn_by      text check (withdrawn_by in ('buyer', 'partner', 'operator')),
    check ((token is null) = (state = 'withdrawn')),
    check ((due_at is null) = (state <> 'pending')),
    check (state <> 'active' or (activated_at is not null and network_reference is not null and length(last4) = 4)),
    check ((state = 'withdrawn') = (withdrawn_at is not null and withdrawn_by is not null)),
    foreign key (partner_id, store_id) references store (partner_id, store_id)
);
create index saved_card_of_store on saved_card (partner_id, store_id, saved_card_id);
create index saved_card_due on saved_card (due_at) where due_at is not null;
create index saved_card_of_payment on saved_card (payment_id);

-- What is sold again and again. A price is never edited: others make another one.
create table price (
    price_id    text primary key,
    partner_id  text not null,
    store_id    text not null,
    name        text not null,
    currency    text not null,
    amount      bigint not null check (amount between 0 and 1000000000000),
    unit        text not null check (unit in ('day', 'week', 'month', 'year')),
    unit_count  integer not null check (unit_count > 0),
    created_at  timestamptz not null,
    archived_at timestamptz,
    foreign key (partner_id, store_id) references store (partner_id, store_id)
);
create index price_of_store on price (partner_id, store_id, price_id);

-- The calendar is the anchor's local time and the zone's name (docs/decisions/0044); the period that was begun last is stored as it was
-- sold. due_at: when the next one begins; null while an invoice is open, when paused, and at the end.
create table subscription (
    subscription_id      text primary key,
    partner_id           text not null,
    store_id             text not null,
    price_id             text not null references price,
    quantity             bigint not null check (quantity between 1 and 1000000),
    saved_card_id        text not null references saved_card,
    external_id          text,
    status               text not null check (status in ('trialing', 'active', 'past_due', 'paused', 'unpaid', 'canceled')),
    zone                 text not null,
    anchor_local         bigint not null,        -- seconds, as if the local time were UTC
    period_n             bigint not null,        -- -1: the time before the first
    period_start         timestamptz not null,
    period_end           timestamptz not null,
    periods              bigint check (periods > 0),
    ends_at              timestamptz,
    balance              bigint not null default 0 check (balance >= 0),
    cancel_at_period_end boolean not null default false,
    keep_unpaid          boolean not null,       -- when a debt is given up: unpaid, not canceled
    created_at           timestamptz not null,
    canceled_at          timestamptz,
    due_at               timestamptz,
    check (period_start <= period_end),
    check (due_at is null or status in ('trialing', 'active')),
    check ((status = 'canceled') = (canceled_at is not null)),
    foreign key (partner_id, store_id) references store (partner_id, store_id)
);
create index subscription_of_store on subscription (partner_id, store_id, subscription_id);
create index subscription_due on subscription (due_at) where due_at is not null;
create unique index subscription_external_id_key on subscription (partner_id, external_id) where external_id is not null;

-- One invoice for each period, whoever runs the job and how often (MONEY 6.C 24). Its payment is one payment, which is charged at most
-- once; attempt n has the key "invoice:n".
create table invoice (
    invoice_id      text primary key,
    partner_id      text not null,
    subscription_id text not null references subscription,
    kind            text not null check (kind in ('period', 'change')),
    period_n        bigint not null,
    period_start    timestamptz not null,
    period_end      timestamptz not null,
    currency        text not null,
    total           bigint not null,             -- of the lines; less than nothing is kept as balance
    applied         bigint not null,             -- of the balance: taken (above 0) or kept (below 0)
    due             bigint not null check (due >= 0 and due = total - applied),
    lines           text not null,               -- JSON
    status          text not null check (status in ('open', 'paid', 'void', 'uncollectible')),
    payment_id      text unique,                 -- null: nothing was due
    attempt         integer not null default 1,  -- that is to be made
    waits_for_buyer boolean not null default false,
    failed_at       timestamptz,                 -- the first that was declined
    retry_at        timestamptz,                 -- no attempt by itself before that; waiting for the buyer: given up then
    look_at         timestamptz,                 -- when the job looks at it
    created_at      timestamptz not null,
    finished_at     timestamptz,
    check ((payment_id is null) = (due = 0)),
    check ((look_at is null) = (status <> 'open')),
    check ((finished_at is null) = (status = 'open'))
);
create unique index invoice_period_key on invoice (subscription_id, period_n) where kind = 'period';
create index invoice_of_subscription on invoice (subscription_id, invoice_id);
create index invoice_due on invoice (look_at) where look_at is not null;

create view v_inv_recurring as
-- I40 a paid invoice was paid by one payment of its amount
select 'I40' as inv, i.invoice_id as k from invoice i left join payment p on p.payment_id = i.payment_id
 where i.status = 'paid' and i.due > 0 and (p.status is distinct from 'succeeded' or p.amount <> i.due)
union all -- I41 what is to go on has a time, or an invoice that is collected first
select 'I41', s.subscription_id from subscription s
 where s.status in ('trialing', 'active') and s.due_at is null
   and not exists (select from invoice i where i.subscription_id = s.subscription_id and i.status = 'open')
union all -- I42 what is past due has an open invoice
select 'I42', s.subscription_id from subscription s
 where s.status = 'past_due' and not exists (select from invoice i where i.subscription_id = s.subscription_id and i.status = 'open')
union all -- I43 a balance is what invoices have kept and not taken
select 'I43', s.subscription_id from subscription s
 where s.balance <> -coalesce((select sum(i.applied) from invoice i where i.subscription_id = s.subscription_id), 0);

create or replace view v_inv as
select inv, k from v_inv_ledger
union all
select inv, k from v_inv_payouts
union all
select inv, k from v_inv_recurring;
