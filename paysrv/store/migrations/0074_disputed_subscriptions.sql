-- What a chargeback does besides money, and subscriptions that end at a moment (docs/decisions/0090).

-- on_dispute: to a subscription when a bank takes a payment of one of its invoices back; absent of a subscription: as its store says.
-- held_from: the status that such a dispute paused it in, at held_at. cancel_at: it ends then; cancel_refunds: paid up to then and no
-- further, else what is paid is kept. end_look_at: when the job looks whether it is time.
alter table store add column on_dispute text not null default 'pause' check (on_dispute in ('continue', 'pause', 'cancel'));
alter table subscription
    add column on_dispute text check (on_dispute in ('continue', 'pause', 'cancel')),
    add column held_from text check (held_from in ('trialing', 'active', 'past_due', 'paused')),
    add column held_at timestamptz,
    add column cancel_at timestamptz,
    add column cancel_refunds boolean not null default false,
    add column end_look_at timestamptz,
    add constraint subscription_held check ((held_from is null) = (held_at is null) and (held_from is null or status = 'paused')),
    add constraint subscription_end_look check ((end_look_at is null) = (cancel_at is null or status = 'canceled'));
create index subscription_end_due on subscription (clock, end_look_at) where end_look_at is not null;

-- blocked: its holder's bank says that he did not agree to a charge; until that is decided nothing is charged to it.
alter table saved_card
    drop constraint saved_card_state_check,
    add constraint saved_card_state_check check (state in ('pending', 'active', 'blocked', 'withdrawn')),
    drop constraint saved_card_withdrawn_by_check,
    add constraint saved_card_withdrawn_by_check check (withdrawn_by in ('buyer', 'partner', 'operator', 'dispute'));

-- followed: what of it its subscription and its card have felt. saved_card_id: the card whose consent it denies.
alter table dispute
    add column followed text check (followed in ('open', 'won', 'lost')),
    add column saved_card_id text references saved_card;
create index dispute_of_card on dispute (saved_card_id) where saved_card_id is not null;

-- How chargebacks of an invoice's payment stand: one that is open says more than one that is lost, and that more than one that was won.
create function invoice_dispute(payment text) returns text language sql stable as $$
    select case when bool_or(d.closed_at is null) then 'open' when bool_or(d.status = 'lost') then 'lost' when count(*) > 0 then 'won' end
      from dispute d where d.payment_id = payment and d.phase = 'chargeback'
$$;

do $$
begin
    execute 'create or replace view clock_work as ' || rtrim(pg_get_viewdef('clock_work'::regclass), ';')
        || ' union all select ''subscriptions'', clock, end_look_at, end_look_at from subscription where end_look_at is not null';
end $$;

-- How far an acquirer was asked for disputes of which its message may never have come. A walk goes from the newest (walk_newest) back,
-- page by page (walk_after: the last that was seen); at its end everything until then was seen. there_since: when a dispute began at the
-- acquirer; what is not decided is looked at with each walk.
alter table dispute add column there_since timestamptz;
create index dispute_open_there on dispute (there_since) where closed_at is null and there_since is not null;
create table dispute_walk (
    acquirer    text primary key,
    seen_until  timestamptz not null,
    walk_after  text,
    walk_newest timestamptz,
    walked_at   timestamptz not null,            -- when the last walk came to its end
    due_at      timestamptz not null
);
