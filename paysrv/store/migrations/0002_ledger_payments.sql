-- The ledger and the payments that feed it. Amounts are bigint minor units; a debit is positive, a credit negative.
-- Entries and postings are append-only; corrections are further entries.
-- PostgreSQL parses every check constraint of a table anew for every statement that writes it, so the tables on the path of
-- a payment keep the checks that guard money, each in one; what guards form is in v_inv (I29).

-- ---- ledger ----

-- user_id is '' for accounts that belong to no user. side: +1 debit-normal, -1 credit-normal.
create table account (
    account_id bigint generated always as identity primary key,
    partner_id text not null references partner,
    kind       text not null check (kind in ('seller', 'partner', 'platform', 'acquirer_receivable', 'payout_transit', 'bank')),
    user_id    text not null default '',
    currency   text not null check (currency ~ '^[A-Z]{3}$'),
    side       smallint not null check (side in (1, -1)),
    constraint account_name_key unique (partner_id, kind, user_id, currency),
    check ((kind in ('seller', 'payout_transit')) = (user_id <> '')),
    check ((side = 1) = (kind in ('acquirer_receivable', 'bank')))
);

-- posted and pending_out are amounts in the account's normal direction. Seller accounts are kept to the moment by conditional
-- updates, because they may be spent only down to zero; all others are folded up to the entry folded_to by one job,
-- and their balance is posted plus the postings of later entries.
create table balance (
    account_id  bigint primary key,              -- made with its account, in one statement
    posted      bigint not null default 0,
    pending_out bigint not null default 0,
    folded_to   bigint not null default 0,
    is_spent    boolean not null,                -- true: kept to the moment (a seller's, and what is on its way to him)
    constraint balance_covers check (pending_out >= 0 and (not is_spent or posted - pending_out >= 0))
) with (fillfactor = 70);

create table entry (
    entry_id   bigint generated always as identity (cache 1) primary key,
    partner_id text not null,
    kind       text not null,                    -- charge, refund, payout_*
    ref        text not null,                    -- id of the operation: payment, refund, payout
    reverses   bigint,
    created_at timestamptz not null,
    constraint entry_ref_key unique (partner_id, kind, ref)
);

create unique index entry_reverses_key on entry (reverses) where reverses is not null;

create table posting (
    entry_id   bigint not null,
    line       smallint not null,
    account_id bigint not null,
    currency   text not null,
    amount     bigint not null check (amount <> 0 and abs(amount) <= 1000000000000000),
    primary key (entry_id, line)
);
create index posting_of_account on posting (account_id, entry_id) include (amount);

-- Whatever inserts postings inserts whole entries: the lines of one statement sum to zero per entry and currency.
create function posting_must_balance() returns trigger language plpgsql as $$
begin
    if exists (select from fresh group by entry_id, currency having sum(amount) <> 0) then
        raise exception 'postings do not sum to zero' using errcode = 'check_violation', constraint = 'posting_balanced';
    end if;
    return null;
end $$;
create trigger posting_balanced after insert on posting
    referencing new table as fresh for each statement execute function posting_must_balance();

-- And at commit every new entry has at least two lines that sum to zero.
create function entry_must_be_whole() returns trigger language plpgsql as $$
begin
    if (select count(*) < 2 or sum(p.amount) <> 0 from posting p where p.entry_id = new.entry_id) then
        raise exception 'entry % is not whole', new.entry_id using errcode = 'check_violation', constraint = 'entry_whole';
    end if;
    return null;
end $$;
create constraint trigger entry_whole after insert on entry deferrable initially deferred
    for each row execute function entry_must_be_whole();

create function ledger_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception '% of % is not allowed: the ledger is append-only', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger entry_append_only before update or delete or truncate on entry execute function ledger_is_append_only();
create trigger posting_append_only before update or delete or truncate on posting execute function ledger_is_append_only();

-- The newest entry such that it and all older ones are committed: ids are drawn before commit, so writers are waited for.
create function ledger_horizon() returns bigint language plpgsql as $$
begin
    lock table entry in share mode;
    return (select coalesce(max(entry_id), 0) from entry);
end $$;

-- ---- events (outbox) ----

-- Written in the statement that changes the state they tell of. is_pending: not yet handed to the webhook queue.
create table event (
    event_id   text primary key,
    partner_id text not null,
    type       text not null,
    object_id  text not null,
    entry_id   bigint,
    data       text not null,                    -- the object as JSON, sent as it stands
    created_at timestamptz not null,
    is_pending boolean not null default true
) with (fillfactor = 80);
create index event_pending on event (event_id) where is_pending;

-- ---- idempotency ----

create table idempotency (
    partner_id  text not null,
    route       text not null,
    key         text not null,
    fingerprint bytea not null,
    op          text not null,                   -- id of what the first request made: payment, charge, refund, payout
    status      integer,                         -- null: the first request has no answer yet
    body        text,
    created_at  timestamptz not null,
    primary key (partner_id, route, key)
) with (fillfactor = 60);
create index idempotency_age on idempotency using brin (created_at);

-- ---- payments ----

create table payment (
    payment_id       text primary key,
    partner_id       text not null,
    store_id         text not null,
    user_id          text not null,              -- the seller
    currency         text not null,
    amount           bigint not null,
    platform_amount  bigint not null,
    partner_amount   bigint not null,
    seller_amount    bigint not null,
    platform_bp      integer not null,
    partner_bp       integer not null,
    status           text not null,
    charge_id        text,                       -- the attempt that is running or has won
    refunding        bigint not null default 0,   -- refunds without an outcome
    refunded         bigint not null default 0,
    decline_code     text,                       -- of the last attempt
    description      text not null,
    external_id      text,
    return_url       text,
    origins          text[] not null,
    metadata         text,                       -- JSON object as sent
    created_at       timestamptz not null,
    expires_at       timestamptz not null,
    succeeded_at     timestamptz,
    constraint payment_adds_up check (
        amount between 1 and 1000000000000 and platform_amount + partner_amount + seller_amount = amount
        and refunded >= 0 and refunding >= 0 and refunded + refunding <= amount
        and (refunded + refunding = 0 or status = 'succeeded'))
) with (fillfactor = 60);
create unique index payment_external_id_key on payment (partner_id, external_id) where external_id is not null;
create index payment_of_partner on payment (partner_id, payment_id);

create table refund (
    refund_id       text primary key,
    partner_id      text not null,
    payment_id      text not null references payment,
    currency        text not null,
    amount          bigint not null check (amount > 0),
    platform_amount bigint not null,             -- a part's share may be -1: the shares of all parts until now are exact
    partner_amount  bigint not null,
    seller_amount   bigint not null,
    status          text not null check (status in ('pending', 'succeeded', 'failed')),
    decline_code    text,
    reason          text,
    created_at      timestamptz not null,
    finished_at     timestamptz,
    constraint refund_parts check (platform_amount + partner_amount + seller_amount = amount)
) with (fillfactor = 70);
create index refund_of_payment on refund (payment_id, refund_id);

-- One row per operation at the acquirer, written and committed before the call. call_id is the key that the acquirer gets;
-- it is the charge's or the refund's own id, so that the same operation always has the same key.
create table acquirer_call (
    call_id      text primary key,
    op           text not null,
    partner_id   text not null,
    payment_id   text not null,
    amount       bigint not null,
    currency     text not null,
    state        text not null,
    is_open      boolean not null default true,  -- intent, sent, unknown, action
    token        text,                           -- card token, until the outcome is known
    return_url   text,
    acquirer_ref text,
    action_url   text,
    decline_code text,
    idem_route   text,                           -- whose answer is stored with the outcome
    idem_key     text,
    tries        integer not null default 0,     -- of the reconciler
    created_at   timestamptz not null,
    sent_at      timestamptz,
    due_at       timestamptz not null,           -- when the reconciler looks at it
    finished_at  timestamptz
) with (fillfactor = 60);
create index acquirer_call_due on acquirer_call (due_at) where is_open;
create unique index acquirer_call_ref_key on acquirer_call (op, acquirer_ref) where acquirer_ref is not null;

-- The acquirer's messages, stored before they are answered.
create table acquirer_event (
    event_id    text primary key,
    type        text not null,
    call_id     text,
    state       text not null check (state in ('applied', 'duplicate', 'foreign', 'unmatched', 'anomaly')),
    body        text not null,
    received_at timestamptz not null
);

-- What needs a human: never moved by the machine alone.
create table anomaly (
    anomaly_id bigint generated always as identity primary key,
    partner_id text,
    kind       text not null,
    ref        text not null,
    detail     text not null,
    created_at timestamptz not null,
    constraint anomaly_once unique (kind, ref)
);

-- One visit of a buyer to the acquirer's card page. The state comes back once; the browser is bound by a cookie.
create table checkout_attempt (
    state_hash   bytea primary key,
    payment_id   text not null references payment,
    browser_hash bytea not null,
    is_embedded  boolean not null,
    created_at   timestamptz not null,
    used_at      timestamptz
);

-- ---- invariants: the second line of defence; the view is empty or something is wrong (`paysrv ledger check`) ----

create view v_inv_ledger as
-- I01 every entry sums to zero per currency
select 'I01' as inv, entry_id::text as k from posting group by entry_id, currency having sum(amount) <> 0
union all -- I02 every entry has at least two postings
select 'I02', e.entry_id::text from entry e left join posting p on p.entry_id = e.entry_id
 group by e.entry_id having count(p.*) < 2
union all -- I03 a posting's entry and account exist and agree with it in partner and currency
select 'I03', p.entry_id || '/' || p.line
  from posting p left join account a on a.account_id = p.account_id left join entry e on e.entry_id = p.entry_id
 where a.account_id is null or e.entry_id is null or p.currency <> a.currency or a.partner_id <> e.partner_id
union all -- I04 no zero or out-of-range posting
select 'I04', entry_id || '/' || line from posting where amount = 0 or abs(amount) > 1000000000000000
union all -- I05 a kept balance equals the sum of its postings, a folded one the sum up to where it was folded
select 'I05', b.account_id::text from balance b join account a on a.account_id = b.account_id
 where b.posted <> a.side * coalesce((select sum(p.amount) from posting p where p.account_id = b.account_id
                                          and (b.is_spent or p.entry_id <= b.folded_to)), 0)
union all -- I06 what may be spent is never below zero
select 'I06', account_id::text from balance where is_spent and posted - pending_out < 0
union all -- I07 the whole book is zero per partner and currency
select 'I07', e.partner_id || '/' || p.currency from posting p join entry e on e.entry_id = p.entry_id
 group by e.partner_id, p.currency having sum(p.amount) <> 0
union all -- I09 refunded and being refunded never exceed what was paid; the payment's totals are those of its refunds
select 'I09', p.payment_id from payment p
  left join (select payment_id, coalesce(sum(amount) filter (where status = 'succeeded'), 0) as done,
                    coalesce(sum(amount) filter (where status = 'pending'), 0) as open from refund group by 1) r on r.payment_id = p.payment_id
 where p.refunded <> coalesce(r.done, 0) or p.refunding <> coalesce(r.open, 0) or p.refunded + p.refunding > p.amount
    or (p.refunded + p.refunding > 0 and p.status <> 'succeeded')
union all -- I10 a refund has its payment's currency
select 'I10', r.refund_id from refund r join payment p on p.payment_id = r.payment_id
 where r.currency <> p.currency or r.partner_id <> p.partner_id
union all -- I11 each succeeded payment and refund has exactly one entry, every other has none
select 'I11', 'charge/' || p.payment_id from payment p
  left join entry e on e.partner_id = p.partner_id and e.kind = 'charge' and e.ref = p.payment_id
 where (p.status = 'succeeded') <> (e.entry_id is not null)
union all
select 'I11', 'refund/' || r.refund_id from refund r
  left join entry e on e.partner_id = r.partner_id and e.kind = 'refund' and e.ref = r.refund_id
 where (r.status = 'succeeded') <> (e.entry_id is not null)
union all
select 'I11', 'entry/' || e.entry_id from entry e
 where (e.kind = 'charge' and not exists (select from payment p where p.partner_id = e.partner_id and p.payment_id = e.ref))
    or (e.kind = 'refund' and not exists (select from refund r where r.partner_id = e.partner_id and r.refund_id = e.ref))
union all -- I12 an entry moves exactly the amount of its payment or refund, and each party's share of it
select 'I12', e.entry_id::text
  from entry e join payment p on e.kind = 'charge' and p.payment_id = e.ref
 where (select row(coalesce(sum(q.amount) filter (where a.kind = 'acquirer_receivable'), 0), coalesce(-sum(q.amount) filter (where a.kind = 'platform'), 0),
                   coalesce(-sum(q.amount) filter (where a.kind = 'partner'), 0), coalesce(-sum(q.amount) filter (where a.kind = 'seller'), 0))
          from posting q join account a on a.account_id = q.account_id where q.entry_id = e.entry_id)
       is distinct from row(p.amount::numeric, p.platform_amount::numeric, p.partner_amount::numeric, p.seller_amount::numeric)
union all
select 'I12', e.entry_id::text
  from entry e join refund r on e.kind = 'refund' and r.refund_id = e.ref
 where (select row(coalesce(-sum(q.amount) filter (where a.kind = 'acquirer_receivable'), 0), coalesce(sum(q.amount) filter (where a.kind = 'platform'), 0),
                   coalesce(sum(q.amount) filter (where a.kind = 'partner'), 0), coalesce(sum(q.amount) filter (where a.kind = 'seller'), 0))
          from posting q join account a on a.account_id = q.account_id where q.entry_id = e.entry_id)
       is distinct from row(r.amount::numeric, r.platform_amount::numeric, r.partner_amount::numeric, r.seller_amount::numeric)
union all -- I14 at most one successful charge of a payment; a payment has succeeded by its own charge
select 'I14', payment_id from acquirer_call where op = 'charge' and state = 'ok' group by payment_id having count(*) > 1
union all
select 'I14', p.payment_id from payment p where p.status = 'succeeded'
   and not exists (select from acquirer_call c where c.call_id = p.charge_id and c.payment_id = p.payment_id and c.state = 'ok' and c.amount = p.amount)
union all -- I15 no second charge while one has no outcome or has won
select 'I15', payment_id from acquirer_call where op = 'charge' and state <> 'declined' group by payment_id having count(*) > 1
union all
select 'I15', c.call_id from acquirer_call c join payment p on p.payment_id = c.payment_id
 where c.op = 'charge' and c.state <> 'declined'
   and (p.charge_id is distinct from c.call_id
        or p.status <> case c.state when 'ok' then 'succeeded' when 'action' then 'requires_action' else 'processing' end)
union all
select 'I15', c.call_id from acquirer_call c left join refund r on r.refund_id = c.call_id
 where c.op = 'refund' and r.status is distinct from case c.state when 'ok' then 'succeeded' when 'declined' then 'failed' else 'pending' end
union all -- I16 nothing stays without an outcome past the bound
select 'I16', call_id from acquirer_call where state in ('intent', 'sent', 'unknown') and created_at < now() - interval '24 hours'
union all -- I17 a reversal is the exact negation of what it reverses, and is not itself reversed
select 'I17', e.entry_id::text from entry e where e.reverses is not null
   and (exists (select from posting where entry_id in (e.entry_id, e.reverses) group by account_id, currency having sum(amount) <> 0)
        or exists (select from entry x where x.entry_id = e.reverses and x.reverses is not null))
union all -- I18 one operation is owned by one key
select 'I18', 'op ' || op from idempotency group by partner_id, route, op having count(*) > 1
union all -- I18 a final outcome has its stored answer
select 'I18', c.call_id from acquirer_call c join idempotency i on i.partner_id = c.partner_id and i.route = c.idem_route and i.key = c.idem_key
 where i.op = c.call_id and not c.is_open and i.status is null
union all -- I19 no key without an answer once its operation is beyond waiting
select 'I19', partner_id || '/' || key from idempotency i where i.status is null and i.created_at < now() - interval '15 minutes'
   and not exists (select from acquirer_call c where c.call_id = i.op and c.is_open)
union all -- I23 what is held of a seller's money is exactly what open refunds will take back
select 'I23', b.account_id::text from balance b join account a on a.account_id = b.account_id
 where b.pending_out <> coalesce((select sum(greatest(r.seller_amount, 0)) from refund r join payment p on p.payment_id = r.payment_id
                                   where r.status = 'pending' and a.kind = 'seller' and p.partner_id = a.partner_id and p.user_id = a.user_id
                                     and p.currency = a.currency), 0)
union all -- I24 every entry has its event
select 'I24', e.entry_id::text from entry e left join event o on o.entry_id = e.entry_id where o.event_id is null
union all -- I29 what a check constraint would say of form, were it not paid for with every payment
select 'I29', 'payment/' || payment_id from payment
 where currency !~ '^[A-Z]{3}$' or least(platform_amount, partner_amount, seller_amount) < 0
    or status not in ('requires_payment_method', 'processing', 'requires_action', 'succeeded', 'canceled')
union all
select 'I29', 'call/' || call_id from acquirer_call
 where op not in ('charge', 'refund') or amount < 1 or state not in ('intent', 'sent', 'unknown', 'action', 'ok', 'declined')
    or is_open <> (state in ('intent', 'sent', 'unknown', 'action'))
union all
select 'I29', 'entry/' || entry_id from entry
 where kind not in ('charge', 'refund', 'payout_hold', 'payout_paid', 'payout_returned', 'payout_canceled')
union all
select 'I29', 'key/' || key from idempotency where length(fingerprint) <> 32 or (status is null) <> (body is null);

create view v_inv as select inv, k from v_inv_ledger;
