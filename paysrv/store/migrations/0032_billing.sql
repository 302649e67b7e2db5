-- Selling for oneself, and what a buyer with subscriptions is shown, told and asked (docs/decisions/0064).

-- A store without a user sells for the partner itself. Its seller is the account 'seller' of nobody in particular, so that everything that
-- holds, returns or reports a seller's share does it here, too.
alter table store alter column user_id drop not null;
do $$
declare
    c record;
begin
    for c in select conname from pg_constraint
              where conrelid = 'account'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%payout_transit%user_id%'
    loop
        execute format('alter table account drop constraint %I', c.conname);
    end loop;
end $$;
alter table account add constraint account_user_check check (kind in ('seller', 'payout_transit', 'acquirer_receivable') or user_id = '');

-- What the buyer agreed to pay for a period at most; a price that is announced, from a time on, and what becomes of it without his consent.
-- notice_at: when it is looked at next whether the buyer is to be told of something ahead; null: of nothing that is in sight.
alter table subscription
    add column agreed_amount bigint not null default 0,
    add column next_price_id text references price,
    add column next_price_at timestamptz,
    add column next_price_else text check (next_price_else in ('keep_old', 'end')),
    add column next_price_agreed boolean,
    add column notice_at timestamptz,
    add constraint subscription_next_price_whole
        check (num_nulls(next_price_id, next_price_at, next_price_else, next_price_agreed) in (0, 4));
update subscription s set agreed_amount = p.amount * s.quantity from price p where p.price_id = s.price_id;
update subscription set notice_at = created_at where status in ('trialing', 'active');
create index subscription_notice_due on subscription (clock, notice_at) where notice_at is not null;
create index subscription_of_price on subscription (price_id, subscription_id);
create index saved_card_of_buyer on saved_card (store_id, buyer, saved_card_id);
create index subscription_of_card on subscription (saved_card_id);

-- So many days before a charge its buyer is told; absent: as long as periods are. And of charges above an amount in any case.
alter table price
    add column notice_days integer check (notice_days between 0 and 60),
    add column notice_above bigint check (notice_above >= 0);
alter table store add column mails_receipts boolean not null default false;

-- What a buyer agreed to after he subscribed, by which words; never changed.
create table subscription_consent (
    subscription_id text not null references subscription,
    price_id        text not null references price,
    amount          bigint not null,             -- of a period
    version         text not null,
    accepted_at     timestamptz not null,
    primary key (subscription_id, price_id, accepted_at)
);

-- What a buyer was told ahead, once: ref says of what (a period, a card's last month, a price).
create table subscription_notice (
    subscription_id text not null references subscription,
    kind            text not null check (kind in ('renewal', 'trial_end', 'card_expiring')),
    ref             text not null,
    told_at         timestamptz not null,
    primary key (subscription_id, kind, ref)
);

-- A payment by which the buyer brings another card for his subscription: that of an open invoice, or one whose amount is only reserved.
create table card_change (
    payment_id      text primary key,
    subscription_id text not null references subscription,
    is_check        boolean not null,
    tries           integer not null default 0,
    due_at          timestamptz not null,
    created_at      timestamptz not null,
    clock           text not null default ''
);
create index card_change_due on card_change (clock, due_at);
create index card_change_of_subscription on card_change (subscription_id);

-- All subscriptions at a price are to have another one: each is told, in the order of their ids; due_at null: all are.
create table price_migration (
    migration_id    text primary key,
    partner_id      text not null,
    price_id        text not null references price,
    to_price_id     text not null references price,
    effective_at    timestamptz not null,
    without_consent text not null check (without_consent in ('keep_old', 'end')),
    reached         text not null default '',
    told            bigint not null default 0,
    due_at          timestamptz,
    created_at      timestamptz not null,
    clock           text not null default ''
);
create index price_migration_due on price_migration (clock, due_at) where due_at is not null;

-- When a buyer was last mailed a link because he asked on an old one.
create table billing_link_sent (
    store_id text not null,
    buyer    text not null,
    sent_at  timestamptz not null,
    primary key (store_id, buyer)
);

do $$
declare
    change text[];
    definition text;
begin
    foreach change slice 1 in array array[
        ['clock_work', ';$',
         ' union all select ''subscriptions'', clock, notice_at, notice_at from subscription where notice_at is not null'
         ' union all select ''subscriptions'', clock, due_at, due_at from price_migration where due_at is not null'
         ' union all select ''subscriptions'', clock, due_at, null from card_change']]
    loop
        definition := pg_get_viewdef(change[1]::regclass);
        if definition !~ change[2] then
            raise exception '% does not hold %', change[1], change[2];
        end if;
        execute format('create or replace view %s as %s', change[1], regexp_replace(definition, change[2], change[3]));
    end loop;
end $$;
