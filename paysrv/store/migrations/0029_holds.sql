-- Money that waits for a word instead of a day (docs/decisions/0063): deals; and whose days count.

-- calendar: of working days (is_working), Mondays to Fridays, or those on which banks settle in euro.
alter table settlement_terms add column calendar text not null default 'weekdays' check (calendar in ('weekdays', 'target'));

-- deal_after: what is paid is held until the partner says that it was delivered, so long at most (ISO 8601); deal_end: then it is
-- released to the sellers, or returned to the buyer. Null: no deal.
alter table settlement_terms
    add column deal_after text,
    add column deal_end   text check (deal_end in ('release', 'return')),
    add constraint settlement_terms_deal check ((deal_after is null) = (deal_end is null));
create index settlement_terms_deals on settlement_terms (store_id) where deal_after is not null;

-- How far a deal is, from when it is paid or released for the first time. released: of what the buyer has paid, in his units. due_at: when the
-- job looks at it. ended: nothing is held by it any more, whatever comes of its payment.
create table deal (
    payment_id text primary key references payment,
    partner_id text not null,
    clock      text not null default '',
    released   bigint not null default 0 check (released >= 0),
    ends_at    timestamptz,
    due_at     timestamptz,
    ended_at   timestamptz,
    ended_by   text check (ended_by in ('release', 'end', 'return')),
    created_at timestamptz not null,
    foreign key (partner_id, clock) references partner (partner_id, clock),
    check ((ended_at is null) = (ended_by is null)),
    check (ended_at is null or due_at is null)
) with (fillfactor = 80);
create index deal_due_of_clock on deal (clock, due_at) where due_at is not null;

-- not_before: of a deal's part, the day that the store's delay gives it; until the deal is over its available_on is no day at all (year 9999).
alter table holdback
    add column not_before timestamptz,
    drop constraint holdback_part_check,
    add constraint holdback_part_check check (part in ('delay', 'reserve', 'deal', 'fixed')),
    add constraint holdback_of_deal check ((part = 'deal') = (not_before is not null)),
    alter column payment_id drop not null,
    add constraint holdback_of_payment check ((part = 'fixed') = (payment_id is null));

-- A seller's fixed reserve: amount is what it is filled up to, from what is available of his balance; its holdback (source) says how far it is.
-- Another one takes its place and what it holds.
create table reserve (
    reserve_id  text primary key,
    partner_id  text not null,
    user_id     text not null,
    currency    text not null,
    amount      bigint not null check (amount > 0),
    ends_at     timestamptz,
    reason      text not null,
    created_at  timestamptz not null,
    created_by  text not null,
    released_at timestamptz,
    released_by text,
    clock       text not null default '',
    foreign key (partner_id, clock) references partner (partner_id, clock),
    foreign key (partner_id, user_id) references pay_user (partner_id, user_id),
    check ((released_at is null) = (released_by is null))
);
create unique index reserve_open on reserve (partner_id, user_id, currency) where released_at is null;
create index reserve_open_of_clock on reserve (clock) where released_at is null;

-- payment.returned_seen below zero: its parts are to be looked at, whatever went back; each time another number.

-- Refunds: until when after a payment they are made; how long one waits for funds, where dispute_policy.shortfall says that it does; and whether a
-- single one may give the platform's fee back though its rules keep it.
create table refund_policy (
    partner_id   text not null references partner,
    currency     text not null check (currency ~ '^[A-Z]{3}$'),
    window_days  integer check (window_days between 1 and 3650),
    queue_days   integer not null check (queue_days between 1 and 90),
    platform_fee text not null check (platform_fee in ('keep', 'return')),
    updated_at   timestamptz not null,
    updated_by   text not null,
    primary key (partner_id, currency)
);
alter table dispute_policy
    drop constraint dispute_policy_shortfall_check,
    add constraint dispute_policy_shortfall_check check (shortfall in ('refuse', 'allow', 'partner', 'queue'));

alter table refund
    add column reason_code  text,
    add column initiated_by text,                -- null: from before it was kept
    add column initiator    text;                -- the client or the user

-- Refunds that wait until their seller's balance holds them, in the order in which they were asked for. needs: his part, as it was then.
create table refund_queue (
    refund_id    text primary key,
    partner_id   text not null references partner,
    payment_id   text not null references payment,
    user_id      text not null,
    currency     text not null,
    amount       bigint not null check (amount > 0),
    needs        bigint not null,
    reason       text,
    reason_code  text,
    initiated_by text not null,
    initiator    text,
    fees         text not null,
    status       text not null check (status in ('queued', 'started', 'failed')),
    decline_code text,
    created_at   timestamptz not null,
    ends_at      timestamptz not null,
    clock        text not null default '',
    foreign key (partner_id, clock) references partner (partner_id, clock)
) with (fillfactor = 80);
create index refund_queue_of_user on refund_queue (partner_id, user_id, currency, refund_id) where status = 'queued';
create index refund_queue_of_clock on refund_queue (clock) where status = 'queued';
create index refund_queue_of_payment on refund_queue (payment_id);

-- What payouts cost: agreed with a partner, for payouts that are asked for from then on. payee: whose it is. on_return: of one that the bank sends back.
create table payout_fee_policy (
    partner_id text not null references partner,
    currency   text not null check (currency ~ '^[A-Z]{3}$'),
    fixed      bigint not null check (fixed >= 0),
    bp         integer not null check (bp between 0 and 1000),
    is_inside  boolean not null,
    payee      text not null check (payee in ('platform', 'partner')),
    on_return  text not null check (on_return in ('keep', 'return')),
    updated_at timestamptz not null,
    updated_by text not null,
    primary key (partner_id, currency)
);

-- Of one payout, beside its amount. It is written before its payout, whose destination has it in its hash. due_at: when it is looked
-- at whether the payout came back.
create table payout_fee (
    payout_id     text primary key,
    partner_id    text not null,
    clock         text not null default '',
    fee           bigint not null check (fee > 0),
    payee         text not null check (payee in ('platform', 'partner')),
    on_return     text not null check (on_return in ('keep', 'return')),
    entry_id      bigint,
    back_entry_id bigint,
    due_at        timestamptz,
    foreign key (partner_id, clock) references partner (partner_id, clock),
    check (back_entry_id is null or (entry_id is not null and due_at is null))
) with (fillfactor = 80);
create index payout_fee_due on payout_fee (clock, due_at) where due_at is not null;

-- What makes a payout one that operators look at first: too many of a seller in an hour, or much to an account that is new.
create table payout_watch (
    partner_id text not null references partner,
    currency   text not null check (currency ~ '^[A-Z]{3}$'),
    per_hour   integer check (per_hour between 1 and 1000),
    new_days   integer check (new_days between 1 and 365),
    new_from   bigint check (new_from > 0),
    updated_at timestamptz not null,
    updated_by text not null,
    primary key (partner_id, currency),
    check ((new_days is null) = (new_from is null) and (per_hour is not null or new_days is not null))
);

-- What the operator's own service is asked about a payee before money goes to him for the first time. waits_too: operators look at the payout
-- whatever it says.
create table payout_screening (
    payout_id    text primary key references payout,
    partner_id   text not null,
    requisite_id text not null,
    waits_too    boolean not null,
    state        text not null check (state in ('open', 'allow', 'deny', 'review')),
    reference    text,
    tries        integer not null default 0,
    due_at       timestamptz not null,
    created_at   timestamptz not null,
    answered_at  timestamptz,
    check ((state = 'open') = (answered_at is null))
) with (fillfactor = 80);
create index payout_screening_due on payout_screening (due_at) where state = 'open';
create index payout_screening_allowed on payout_screening (requisite_id) where state = 'allow';

create view v_inv_holds as
-- I70 what was released was paid, and a deal that is over is looked at no more
select 'I70' as inv, d.payment_id as k from deal d join payment p on p.payment_id = d.payment_id
 where d.released > coalesce(p.captured, case p.status when 'succeeded' then p.amount else 0 end)
    or d.partner_id <> p.partner_id or d.clock <> p.clock
union all -- I71 what a deal holds of a seller is his share of what is neither delivered nor returned
select 'I71', h.payment_id || '/' || h.user_id
  from (select payment_id, user_id, sum(amount) as amount, sum(held) as held, max(not_before) as not_before
          from holdback where part = 'deal' and released_at is null group by 1, 2) h
  join payment p on p.payment_id = h.payment_id
  left join deal d on d.payment_id = h.payment_id
 where p.refunded + p.disputed = p.returned_seen and d.ended_at is null and h.not_before <= d.created_at
   and h.held <> div(h.amount * greatest(coalesce(p.captured, p.amount) - p.refunded - p.disputed - d.released, 0), coalesce(p.captured, p.amount)::numeric);

create view v_inv_reserves as
-- I72 a reserve has one part of a balance, of its amount, which is open as long as it is
select 'I72' as inv, coalesce(r.reserve_id, h.source) as k
  from reserve r full join (select * from holdback where part = 'fixed') h on h.source = r.reserve_id
 where r.reserve_id is null or h.source is null or h.amount <> r.amount or h.user_id <> r.user_id or h.partner_id <> r.partner_id
    or h.currency <> r.currency or (h.released_at is null and r.released_at is not null)
union all -- I73 a payout that was held has paid its fee, from its seller to whose it is; what was not paid for or canceled has it back
select 'I73', f.payout_id
  from payout_fee f join payout p on p.payout_id = f.payout_id
  left join entry e on e.partner_id = p.partner_id and e.kind = 'fee_payout' and e.ref = p.payout_id
  left join entry r on r.partner_id = p.partner_id and r.kind = 'fee_payout_back' and r.ref = p.payout_id
 where f.partner_id <> p.partner_id or e.entry_id is distinct from f.entry_id or r.entry_id is distinct from f.back_entry_id
    or (f.entry_id is not null) <> (p.confirmed_at is not null) or r.reverses is distinct from case when r.entry_id is not null then f.entry_id end
    or (f.back_entry_id is not null and p.status not in ('canceled', 'rejected', 'failed', 'returned'))
    or (f.entry_id is not null
        and (select row(coalesce(sum(q.amount) filter (where a.kind = 'seller' and a.user_id = p.user_id), 0),
                        coalesce(-sum(q.amount) filter (where a.kind = f.payee), 0), count(*))
               from posting q join account a on a.account_id = q.account_id where q.entry_id = f.entry_id)
            is distinct from row(f.fee::numeric, f.fee::numeric, 2::bigint))
union all
select 'I73', 'entry/' || e.entry_id from entry e
 where e.kind in ('fee_payout', 'fee_payout_back') and not exists (select from payout_fee f where f.payout_id = e.ref and f.partner_id = e.partner_id)
union all -- I74 a refund that waited has begun as itself, or never
select 'I74', q.refund_id from refund_queue q left join refund r on r.refund_id = q.refund_id
 where (q.status = 'failed' and r.refund_id is not null) or (q.status = 'started' and r.refund_id is null);

-- Those before are what they are, whoever changed them last; these are added.
do $$
declare
    ledger text := pg_get_viewdef('v_inv_ledger'::regclass);
    known text := '''write_off''::text, ';
begin
    if position(known in ledger) = 0 then
        raise exception 'v_inv_ledger does not list the kinds of entries';
    end if;
    execute 'create or replace view v_inv_ledger as ' || replace(ledger, known, known || '''fee_payout''::text, ''fee_payout_back''::text, ');
    execute 'create or replace view v_inv as ' || rtrim(pg_get_viewdef('v_inv'::regclass), ';')
            || ' union all select inv, k from v_inv_holds union all select inv, k from v_inv_reserves';
    execute 'create or replace view clock_work as ' || rtrim(pg_get_viewdef('clock_work'::regclass), ';')
            || ' union all select ''holdbacks'', clock, due_at, due_at from deal where due_at is not null'
            || ' union all select ''holdbacks'', clock, due_at, due_at from payout_fee where due_at is not null'
            || ' union all select ''holdbacks'', r.clock, r.created_at, null from reserve r'
            || '  join holdback h on h.source = r.reserve_id'
            || '  join account a on a.partner_id = r.partner_id and a.kind = ''seller'' and a.user_id = r.user_id and a.currency = r.currency'
            || '  join balance b on b.account_id = a.account_id'
            || ' where r.released_at is null and (h.released_at is not null or h.held < r.amount and b.posted - b.pending_out - b.held > 0'
            || '       or h.held > 0 and b.posted - b.pending_out - b.held < 0)'
            || ' union all select ''holdbacks'', clock, ends_at, ends_at from refund_queue where status = ''queued'''
            || ' union all select ''holdbacks'', q.clock, q.created_at, null from refund_queue q'
            || '  join account a on a.partner_id = q.partner_id and a.kind = ''seller'' and a.user_id = q.user_id and a.currency = q.currency'
            || '  join balance b on b.account_id = a.account_id'
            || ' where q.status = ''queued'' and b.posted - b.pending_out >= q.needs'
            || '   and not exists (select from refund_queue f where f.partner_id = q.partner_id and f.user_id = q.user_id'
            || '                     and f.currency = q.currency and f.status = ''queued'' and f.refund_id < q.refund_id)';
end $$;
