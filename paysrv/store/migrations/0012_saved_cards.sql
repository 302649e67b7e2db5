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
