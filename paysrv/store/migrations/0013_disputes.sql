-- Disputes of card payments (docs/decisions/0043), and sellers' balances below zero, which they may lead to.

-- phase: an inquiry asks and moves no money. sequence: of the acquirer's newest message that was taken. booked: how far the
-- ledger is; it follows phase and status in steps (dispute_step). taken: what is gone of the payment by it, never more than
-- was left. asked: what is to be told to the acquirer until answered_at. due_at: when the job looks at it; null: never.
create table dispute (
    dispute_id      text primary key,
    partner_id      text not null references partner,
    payment_id      text not null references payment,
    acquirer_ref    text not null,
    sequence        bigint not null check (sequence > 0),
    phase           text not null check (phase in ('inquiry', 'chargeback')),
    status          text not null check (status in ('needs_response', 'under_review', 'won', 'lost', 'closed')),
    reason          text not null,
    currency        text not null check (currency ~ '^[A-Z]{3}$'),
    amount          bigint not null check (amount > 0),
    fee             bigint not null check (fee >= 0),    -- the acquirer's
    fee_bearer      text not null check (fee_bearer in ('seller', 'partner', 'platform')),
    taken           bigint not null default 0 check (taken between 0 and amount),
    booked          text not null default 'none' check (booked in ('none', 'held', 'lost', 'returned')),
    evidence_due_at timestamptz,
    evidence        text,
    asked           text check (asked in ('submit', 'accept')),
    asked_by        text,
    asked_at        timestamptz,
    answered_at     timestamptz,
    tries           integer not null default 0,
    reminded_at     timestamptz,
    due_at          timestamptz,
    created_at      timestamptz not null,
    closed_at       timestamptz,
    constraint dispute_acquirer_ref_key unique (acquirer_ref),
    check ((asked is null) = (asked_by is null) and (asked is null) = (asked_at is null) and (answered_at is null or asked is not null)),
    check ((status in ('won', 'lost', 'closed')) = (closed_at is not null)),
    check (phase = 'chargeback' or booked = 'none')
);
create index dispute_of_partner on dispute (partner_id, dispute_id);
create index dispute_of_payment on dispute (payment_id);
create index dispute_due on dispute (due_at) where due_at is not null;

create table dispute_file (
    file_id     text primary key,
    dispute_id  text not null references dispute,
    name        text not null check (length(name) between 1 and 100),
    type        text not null check (type in ('application/pdf', 'image/png', 'image/jpeg', 'text/plain')),
    content     bytea not null check (length(content) between 1 and 1048576),
    uploaded_by text not null,
    created_at  timestamptz not null
);
create index dispute_file_of_dispute on dispute_file (dispute_id, file_id);

-- What was booked, as the lines say it (debit positive): what each party gave, or with a minus got back. entry_id null: nothing moved.
create table dispute_step (
    dispute_id      text not null references dispute,
    step            text not null check (step in ('hold', 'return', 'lose')),
    amount          bigint not null check (amount >= 0),
    fee             bigint not null check (fee >= 0),
    platform_amount bigint not null,
    partner_amount  bigint not null,
    seller_amount   bigint not null,
    share_users     text[] not null,
    share_amounts   bigint[] not null,
    entry_id        bigint,
    created_at      timestamptz not null,
    primary key (dispute_id, step)
);
create trigger dispute_step_append_only before update or delete or truncate on dispute_step execute function ledger_is_append_only();

-- What the operator has agreed with a partner; without a row the defaults. shortfall: when a seller's balance does not hold what he has to
-- give back. Refunds are refused, or it comes below zero, or the partner covers that; a dispute does not ask, so it is never refused.
create table dispute_policy (
    partner_id   text not null references partner,
    currency     text not null check (currency ~ '^[A-Z]{3}$'),
    fee_bearer   text not null default 'seller' check (fee_bearer in ('seller', 'partner', 'platform')),
    accept_below bigint not null default 0 check (accept_below >= 0),    -- disputes of less are accepted by themselves
    shortfall    text not null default 'refuse' check (shortfall in ('refuse', 'allow', 'partner')),
    updated_at   timestamptz not null,
    updated_by   text not null,
    primary key (partner_id, currency)
);

-- When a store's sales are available, as the operator has agreed: so many days (working days) after they were paid, and a part of them
-- (reserve_bp of the seller's share) later still. Never changed: a payment keeps the terms that it was made under.
create table settlement_terms (
    terms_id     bigint generated always as identity primary key,
    store_id     text not null references store (store_id),
    delay_days   integer not null check (delay_days between 0 and 90),
    is_working   boolean not null,
    reserve_bp   integer not null check (reserve_bp between 0 and 10000),
    reserve_days integer not null check (reserve_days between 0 and 365),
    created_at   timestamptz not null,
    created_by   text not null,
    check ((reserve_bp = 0) = (reserve_days = 0))
);
create trigger settlement_terms_append_only before update or delete or truncate on settlement_terms execute function ledger_is_append_only();
alter table store add column settlement_terms bigint references settlement_terms;

-- settlement_terms null: what is paid is available at once. is_settled: it is known from when all that it brought is available.
-- returned_seen: what had gone back when its parts were last looked at. The columns of these indexes do not change when a payment is made.
alter table payment
    add column settlement_terms bigint,
    add column is_settled boolean not null default false,
    add column returned_seen bigint not null default 0;
create index payment_unsettled on payment (payment_id) where settlement_terms is not null and not is_settled;

alter table capture add column is_settled boolean not null default false;

-- A part of what a payment (or a capture of it: source) brought a seller, not available before available_on. held: what of the amount
-- refunds and disputes have left.
create table holdback (
    holdback_id  bigint generated always as identity primary key,
    payment_id   text not null references payment,
    source       text not null,
    partner_id   text not null,
    user_id      text not null,
    currency     text not null,
    part         text not null check (part in ('delay', 'reserve')),
    amount       bigint not null check (amount > 0),
    held         bigint not null,
    available_on timestamptz not null,
    released_at  timestamptz,
    constraint holdback_once unique (source, user_id, part),
    check (held between 0 and amount)
) with (fillfactor = 80);
create index holdback_due on holdback (available_on) where released_at is null;
create index holdback_of_user on holdback (partner_id, user_id, available_on) where released_at is null;
create index holdback_of_payment on holdback (payment_id) where released_at is null;

-- A seller's debt that somebody else bears: covered by his partner, or written off by the operator.
create table balance_relief (
    relief_id  text primary key,
    kind       text not null check (kind in ('cover', 'write_off')),
    partner_id text not null references partner,
    user_id    text not null,
    currency   text not null,
    amount     bigint not null check (amount > 0),
    borne_by   text not null check (borne_by in ('partner', 'platform')),
    reason     text not null,
    made_by    text not null,
    entry_id   bigint not null,
    created_at timestamptz not null,
    foreign key (partner_id, user_id) references pay_user (partner_id, user_id)
);
create index balance_relief_of_user on balance_relief (partner_id, user_id, relief_id);
create trigger balance_relief_append_only before update or delete or truncate on balance_relief execute function ledger_is_append_only();

-- disputed: gone by disputes that are open or lost. Refunds, disputes and captures of a payment are cumulative, one after the other.
alter table payment
    add column disputed bigint not null default 0,
    drop constraint payment_adds_up,
    add constraint payment_adds_up check (
        amount between 1 and 1000000000000
        and platform_amount + partner_amount + seller_amount = case when captured > 0 then captured else amount end
        and captured >= 0 and capturing >= 0 and coalesce(captured, 0) + capturing <= amount
        and refunded >= 0 and refunding >= 0 and disputed >= 0 and refunded + refunding + disputed <= coalesce(captured, amount)
        and (capturing = 0 or status = 'requires_capture')
        and (refunded + refunding + disputed = 0 or status = 'succeeded' or captured > 0));

create index payment_returned on payment (payment_id) where settlement_terms is not null and refunded + disputed <> returned_seen;

-- disputed: what is held at the acquirer until a dispute is decided; it drains to zero.
alter table account drop constraint account_kind_check;
alter table account add constraint account_kind_check
    check (kind in ('seller', 'partner', 'platform', 'acquirer_receivable', 'payout_transit', 'bank', 'suspense', 'disputed'));

-- negative_since: a dispute took more than there was. A job takes the mark away when sales have filled the balance again, so
-- that no payment pays for looking.
-- held: of what is posted, not available yet. It keeps money from being paid out, not from being given back.
alter table balance
    add column held bigint not null default 0 check (held >= 0),
    add column negative_since timestamptz,
    drop constraint balance_covers,
    add constraint balance_covers check (pending_out >= 0 and (not is_spent or posted - pending_out >= 0 or negative_since is not null));
create index balance_negative on balance (account_id) where negative_since is not null;

create or replace view v_inv_ledger as
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
union all -- I06 what may be spent is below zero only where that is marked
select 'I06', account_id::text from balance where is_spent and posted - pending_out < 0 and negative_since is null
union all -- I07 the whole book is zero per partner and currency
select 'I07', e.partner_id || '/' || p.currency from posting p join entry e on e.entry_id = p.entry_id
 group by e.partner_id, p.currency having sum(p.amount) <> 0
union all -- I08 captured and being captured never exceed what was authorised; the payment's totals are those of its captures
select 'I08', p.payment_id from payment p
  left join (select payment_id, coalesce(sum(amount) filter (where status = 'succeeded'), 0) as done,
                    coalesce(sum(amount) filter (where status = 'pending'), 0) as open from capture group by 1) c on c.payment_id = p.payment_id
 where coalesce(p.captured, 0) <> coalesce(c.done, 0) or p.capturing <> coalesce(c.open, 0) or coalesce(p.captured, 0) + p.capturing > p.amount
union all -- I09 refunds and disputes never exceed what was paid; the payment's totals are those of its refunds and disputes
select 'I09', p.payment_id from payment p
  left join (select payment_id, coalesce(sum(amount) filter (where status = 'succeeded'), 0) as done,
                    coalesce(sum(amount) filter (where status = 'pending'), 0) as open from refund group by 1) r on r.payment_id = p.payment_id
  left join (select payment_id, sum(taken) filter (where booked in ('held', 'lost')) as taken from dispute group by 1) d on d.payment_id = p.payment_id
 where p.refunded <> coalesce(r.done, 0) or p.refunding <> coalesce(r.open, 0) or p.disputed <> coalesce(d.taken, 0)
    or p.refunded + p.refunding + p.disputed > coalesce(p.captured, case p.status when 'succeeded' then p.amount else 0 end)
union all -- I10 a refund has its payment's currency
select 'I10', r.refund_id from refund r join payment p on p.payment_id = r.payment_id
 where r.currency <> p.currency or r.partner_id <> p.partner_id
union all -- I11 each payment that succeeded in one step, each capture and each refund has exactly one entry, every other has none
select 'I11', 'charge/' || p.payment_id from payment p
  left join entry e on e.partner_id = p.partner_id and e.kind = 'charge' and e.ref = p.payment_id
 where (p.status = 'succeeded' and p.captured is null) <> (e.entry_id is not null)
union all
select 'I11', 'capture/' || c.capture_id from capture c
  left join entry e on e.partner_id = c.partner_id and e.kind = 'capture' and e.ref = c.capture_id
 where (c.status = 'succeeded') <> (e.entry_id is not null)
union all
select 'I11', 'late/' || c.call_id from acquirer_call c
  left join entry e on e.partner_id = c.partner_id and e.kind = 'late_' || replace(c.op, 'late_', '') and e.ref = c.call_id
 where (c.op = 'charge' and c.is_abandoned or c.op = 'late_refund') and (c.state = 'ok') <> (e.entry_id is not null)
union all
select 'I11', 'refund/' || r.refund_id from refund r
  left join entry e on e.partner_id = r.partner_id and e.kind = 'refund' and e.ref = r.refund_id
 where (r.status = 'succeeded') <> (e.entry_id is not null)
union all
select 'I11', 'entry/' || e.entry_id from entry e
 where (e.kind = 'charge' and not exists (select from payment p where p.partner_id = e.partner_id and p.payment_id = e.ref))
    or (e.kind = 'refund' and not exists (select from refund r where r.partner_id = e.partner_id and r.refund_id = e.ref))
    or (e.kind = 'capture' and not exists (select from capture c where c.partner_id = e.partner_id and c.capture_id = e.ref))
    or (e.kind in ('late_charge', 'late_refund') and not exists (select from acquirer_call c where c.partner_id = e.partner_id and c.call_id = e.ref))
union all -- I12 an entry moves exactly the amount of its payment or refund, and each party's share of it
select 'I12', e.entry_id::text
  from entry e join payment p on e.kind = 'charge' and p.payment_id = e.ref
 where (select row(coalesce(sum(q.amount) filter (where a.kind = 'acquirer_receivable'), 0), coalesce(-sum(q.amount) filter (where a.kind = 'platform'), 0),
                   coalesce(-sum(q.amount) filter (where a.kind = 'partner'), 0), coalesce(-sum(q.amount) filter (where a.kind = 'seller'), 0))
          from posting q join account a on a.account_id = q.account_id where q.entry_id = e.entry_id)
       is distinct from row(p.amount::numeric, p.platform_amount::numeric, p.partner_amount::numeric, p.seller_amount::numeric)
union all
select 'I12', e.entry_id::text
  from entry e join capture c on e.kind = 'capture' and c.capture_id = e.ref
 where (select row(coalesce(sum(q.amount) filter (where a.kind = 'acquirer_receivable'), 0), coalesce(-sum(q.amount) filter (where a.kind = 'platform'), 0),
                   coalesce(-sum(q.amount) filter (where a.kind = 'partner'), 0), coalesce(-sum(q.amount) filter (where a.kind = 'seller'), 0))
          from posting q join account a on a.account_id = q.account_id where q.entry_id = e.entry_id)
       is distinct from row(c.amount::numeric, c.platform_amount::numeric, c.partner_amount::numeric, c.seller_amount::numeric)
union all
select 'I12', e.entry_id::text
  from entry e join acquirer_call c on e.kind in ('late_charge', 'late_refund') and c.call_id = e.ref
 where (select sum(q.amount) from posting q where q.entry_id = e.entry_id and q.amount > 0 and q.currency = c.currency) is distinct from c.amount::numeric
union all
select 'I12', e.entry_id::text
  from entry e join refund r on e.kind = 'refund' and r.refund_id = e.ref
 where (select row(coalesce(-sum(q.amount) filter (where a.kind = 'acquirer_receivable'), 0), coalesce(sum(q.amount) filter (where a.kind = 'platform'), 0),
                   coalesce(sum(q.amount) filter (where a.kind = 'partner'), 0), coalesce(sum(q.amount) filter (where a.kind = 'seller'), 0))
          from posting q join account a on a.account_id = q.account_id where q.entry_id = e.entry_id)
       is distinct from row(r.amount::numeric, r.platform_amount::numeric, r.partner_amount::numeric, r.seller_amount::numeric)
union all -- I14 at most one successful attempt of a payment that was not given up; a payment has succeeded by its own attempt
select 'I14', payment_id from acquirer_call where op in ('charge', 'authorize') and state = 'ok' and not is_abandoned
 group by payment_id having count(*) > 1
union all
select 'I14', p.payment_id from payment p where p.status in ('succeeded', 'requires_capture')
   and not exists (select from acquirer_call c where c.call_id = p.charge_id and c.payment_id = p.payment_id and c.state = 'ok' and c.amount = p.amount
                      and not c.is_abandoned and c.op = case when p.captured is null then 'charge' else 'authorize' end)
union all -- I14 what an attempt that was given up brought after all goes back: one reversal for each
select 'I14', c.call_id from acquirer_call c
  left join (select payment_id, charge_ref, amount, count(*) as n from acquirer_call where op in ('late_void', 'late_refund') group by 1, 2, 3) l
         on l.payment_id = c.payment_id and l.charge_ref = c.acquirer_ref and l.amount = c.amount
 where c.op in ('charge', 'authorize') and c.is_abandoned and coalesce(l.n, 0) <> case c.state when 'ok' then 1 else 0 end
union all -- I15 no second attempt while one has no outcome or has won
select 'I15', payment_id from acquirer_call where op in ('charge', 'authorize') and state <> 'declined' and not is_abandoned
 group by payment_id having count(*) > 1
union all
select 'I15', c.call_id from acquirer_call c join payment p on p.payment_id = c.payment_id
 where c.op in ('charge', 'authorize') and c.state <> 'declined' and not c.is_abandoned
   and (p.charge_id is distinct from c.call_id
        or not case c.state when 'action' then p.status = 'requires_action'
                            when 'ok' then case c.op when 'charge' then p.status = 'succeeded'
                                                     else p.status in ('requires_capture', 'succeeded', 'canceled') end
                            else p.status = 'processing' end)
union all
select 'I15', call_id from acquirer_call where is_abandoned and state not in ('action', 'ok', 'declined')
union all
select 'I15', c.call_id from acquirer_call c left join capture k on k.capture_id = c.call_id
 where c.op = 'capture' and k.status is distinct from case c.state when 'ok' then 'succeeded' when 'declined' then 'failed' else 'pending' end
union all -- I15 a payment is being voided exactly while a void of it has no outcome
select 'I15', coalesce(p.payment_id, c.payment_id)
  from (select payment_id from payment where is_voiding and status = 'requires_capture' and capturing = 0) p
  full join (select payment_id from acquirer_call where op = 'void' and is_open) c on c.payment_id = p.payment_id
 where p.payment_id is null or c.payment_id is null
union all
select 'I15', payment_id from payment where is_voiding and (status <> 'requires_capture' or capturing > 0)
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
union all -- I23 what is held of a seller's money is exactly what open refunds and captures will take from him
select 'I23', b.account_id::text from balance b join account a on a.account_id = b.account_id
 where b.pending_out <> coalesce((select sum(greatest(s.amount, 0)) from refund r join payment p on p.payment_id = r.payment_id
                                   cross join lateral unnest(coalesce(r.share_users, array[p.user_id]),
                                                             coalesce(r.share_amounts, array[r.seller_amount])) as s (user_id, amount)
                                   where r.status = 'pending' and a.kind = 'seller' and p.partner_id = a.partner_id and s.user_id = a.user_id
                                     and p.currency = a.currency), 0)
                      + coalesce((select sum(greatest(-s.amount, 0)) from capture c
                                   cross join lateral unnest(c.share_users, c.share_amounts) as s (user_id, amount)
                                   where c.status = 'pending' and a.kind = 'seller' and c.partner_id = a.partner_id and s.user_id = a.user_id
                                     and c.currency = a.currency), 0)
union all -- I24 every entry has its event
select 'I24', e.entry_id::text from entry e left join event o on o.entry_id = e.entry_id where o.event_id is null
union all -- I29 what a check constraint would say of form, were it not paid for with every payment
select 'I29', 'payment/' || payment_id from payment
 where currency !~ '^[A-Z]{3}$' or least(platform_amount, partner_amount, seller_amount) < 0
    or status not in ('requires_payment_method', 'processing', 'requires_action', 'requires_capture', 'succeeded', 'canceled')
    or (status = 'requires_capture' and (captured is null or authorized_until is null or timer_at is null))
union all
select 'I29', 'call/' || call_id from acquirer_call
 where op not in ('charge', 'authorize', 'refund', 'capture', 'void', 'late_void', 'late_refund') or amount < 1 or state not in ('intent', 'sent', 'unknown', 'action', 'ok', 'declined')
    or is_open <> (state in ('intent', 'sent', 'unknown', 'action'))
union all
select 'I29', 'entry/' || entry_id from entry
 where kind not in ('charge', 'capture', 'refund', 'late_charge', 'late_refund', 'dispute_hold', 'dispute_return', 'dispute_lose', 'cover', 'write_off',
                    'payout_hold', 'payout_paid', 'payout_returned', 'payout_canceled')
union all
select 'I29', 'key/' || key from idempotency where length(fingerprint) <> 32 or (status is null) <> (body is null)
union all -- I30 what several sellers get or give is what the sellers get or give together, and is theirs
select 'I30', 'payment/' || payment_id from payment
 where share_users is not null
   and (cardinality(share_users) <> cardinality(share_amounts) or seller_amount <> (select coalesce(sum(x), 0) from unnest(share_amounts) x))
union all
select 'I30', 'capture/' || capture_id from capture
 where cardinality(share_users) <> cardinality(share_amounts) or seller_amount <> (select coalesce(sum(x), 0) from unnest(share_amounts) x)
union all
select 'I30', 'refund/' || refund_id from refund
 where share_users is not null
   and (cardinality(share_users) <> cardinality(share_amounts) or seller_amount <> (select coalesce(sum(x), 0) from unnest(share_amounts) x))
union all
select 'I30', e.entry_id::text
  from payment p join entry e on e.partner_id = p.partner_id and e.kind = 'charge' and e.ref = p.payment_id
 cross join lateral unnest(p.share_users, p.share_amounts) as s (user_id, amount)
 where s.amount <> coalesce((select -sum(q.amount) from posting q join account a on a.account_id = q.account_id
                              where q.entry_id = e.entry_id and a.kind = 'seller' and a.user_id = s.user_id), 0)
union all
select 'I30', e.entry_id::text
  from refund r join entry e on e.partner_id = r.partner_id and e.kind = 'refund' and e.ref = r.refund_id
 cross join lateral unnest(r.share_users, r.share_amounts) as s (user_id, amount)
 where s.amount <> coalesce((select sum(q.amount) from posting q join account a on a.account_id = q.account_id
                              where q.entry_id = e.entry_id and a.kind = 'seller' and a.user_id = s.user_id), 0)
union all -- I31 a payment's profile is its partner's and of its currency
select 'I31', p.payment_id from payment p left join split_profile f on f.split_profile_id = p.split_profile_id
 where p.split_profile_id is not null and (f.partner_id is distinct from p.partner_id or coalesce(f.currency, p.currency) <> p.currency);

create view v_inv_disputes as
-- I32 a dispute has exactly the steps that the ledger's state implies, and each that moved something its entry
select 'I32' as inv, d.dispute_id as k from dispute d
  left join (select dispute_id, count(*) filter (where step = 'hold') as h, count(*) filter (where step = 'return') as r,
                    count(*) filter (where step = 'lose') as l from dispute_step group by 1) s on s.dispute_id = d.dispute_id
 where (coalesce(s.h, 0), coalesce(s.r, 0), coalesce(s.l, 0))
       is distinct from case d.booked when 'none' then (0::bigint, 0::bigint, 0::bigint) when 'held' then (1::bigint, 0::bigint, 0::bigint)
                                      when 'returned' then (1::bigint, 1::bigint, 0::bigint) else (1::bigint, 0::bigint, 1::bigint) end
union all -- I32 what is decided is booked so, and nothing is that is not
select 'I32', dispute_id from dispute
 where booked in ('lost', 'returned') and status is distinct from case booked when 'lost' then 'lost' else 'won' end
union all
select 'I32', s.dispute_id from dispute_step s join dispute d on d.dispute_id = s.dispute_id
  left join entry e on e.partner_id = d.partner_id and e.kind = 'dispute_' || s.step and e.ref = s.dispute_id
 where s.entry_id is distinct from e.entry_id or (s.entry_id is not null) <> (s.amount > 0 or s.fee > 0)
union all
select 'I32', 'entry/' || e.entry_id from entry e
 where e.kind like 'dispute%' and not exists (select from dispute_step s where s.entry_id = e.entry_id)
union all -- I32 what comes back is what was taken
select 'I32', d.dispute_id from dispute d join dispute_step h on h.dispute_id = d.dispute_id and h.step = 'hold'
  left join dispute_step x on x.dispute_id = d.dispute_id and x.step <> 'hold'
 where h.amount <> d.taken or x.amount <> h.amount
union all -- I33 an entry of a dispute moves exactly what its step says
select 'I33', s.dispute_id || '/' || s.step from dispute_step s join dispute d on d.dispute_id = s.dispute_id
 where s.entry_id is not null
   and (select row(coalesce(sum(q.amount) filter (where a.kind = 'disputed'), 0), coalesce(sum(q.amount) filter (where a.kind = 'acquirer_receivable'), 0),
                   coalesce(sum(q.amount) filter (where a.kind = 'platform'), 0), coalesce(sum(q.amount) filter (where a.kind = 'partner'), 0),
                   coalesce(sum(q.amount) filter (where a.kind = 'seller'), 0))
          from posting q join account a on a.account_id = q.account_id where q.entry_id = s.entry_id)
       is distinct from row((case s.step when 'hold' then -s.amount else s.amount end)::numeric,
                            (case s.step when 'lose' then -s.amount else -s.fee end)::numeric,
                            s.platform_amount::numeric, s.partner_amount::numeric, s.seller_amount::numeric)
union all
select 'I33', dispute_id || '/' || step from dispute_step
 where cardinality(share_users) <> cardinality(share_amounts) or seller_amount <> (select coalesce(sum(x), 0) from unnest(share_amounts) x)
union all
select 'I33', s.dispute_id || '/' || s.step from dispute_step s cross join lateral unnest(s.share_users, s.share_amounts) as u (user_id, amount)
 where s.entry_id is not null
   and u.amount <> coalesce((select sum(q.amount) from posting q join account a on a.account_id = q.account_id
                              where q.entry_id = s.entry_id and a.kind = 'seller' and a.user_id = u.user_id), 0)
union all -- I34 what is held at the acquirer is exactly what open disputes have taken
select 'I34', a.account_id::text from account a
 where a.kind = 'disputed'
   and -coalesce((select sum(q.amount) from posting q where q.account_id = a.account_id), 0)
       <> coalesce((select sum(d.taken) from dispute d where d.partner_id = a.partner_id and d.currency = a.currency and d.booked = 'held'), 0)
union all -- I34 a dispute is of its payment's partner and currency
select 'I34', d.dispute_id from dispute d join payment p on p.payment_id = d.payment_id
 where d.partner_id <> p.partner_id or d.currency <> p.currency
union all -- I36 what is held back of a balance is its parts, and all of the share of what was paid and has no parts yet
select 'I36', b.account_id::text from balance b join account a on a.account_id = b.account_id
 where b.held <> coalesce((select sum(h.held) from holdback h
                            where h.partner_id = a.partner_id and a.kind = 'seller' and h.user_id = a.user_id and h.currency = a.currency
                              and h.released_at is null), 0)
               + coalesce((select sum(greatest(s.amount, 0)) from payment p
                            cross join lateral unnest(coalesce(p.share_users, array[p.user_id]), coalesce(p.share_amounts, array[p.seller_amount])) as s (user_id, amount)
                            where p.settlement_terms is not null and not p.is_settled and p.captured is null and p.status = 'succeeded'
                              and a.kind = 'seller' and p.partner_id = a.partner_id and s.user_id = a.user_id and p.currency = a.currency), 0)
               + coalesce((select sum(greatest(s.amount, 0)) from capture c join payment p on p.payment_id = c.payment_id
                            cross join lateral unnest(c.share_users, c.share_amounts) as s (user_id, amount)
                            where p.settlement_terms is not null and not c.is_settled and c.status = 'succeeded'
                              and a.kind = 'seller' and c.partner_id = a.partner_id and s.user_id = a.user_id and c.currency = a.currency), 0)
union all -- I35 what was covered or written off is an entry from its bearer to the seller, and there is no other such entry
select 'I35', r.relief_id from balance_relief r left join entry e on e.entry_id = r.entry_id
 where (e.partner_id, e.kind, e.ref) is distinct from (r.partner_id, r.kind, r.relief_id)
    or (select row(coalesce(sum(q.amount) filter (where a.kind = 'seller' and a.user_id = r.user_id), 0),
                   coalesce(sum(q.amount) filter (where a.kind = r.borne_by), 0), count(*))
          from posting q join account a on a.account_id = q.account_id where q.entry_id = r.entry_id)
       is distinct from row((-r.amount)::numeric, r.amount::numeric, 2::bigint)
union all
select 'I35', 'entry/' || e.entry_id from entry e
 where e.kind in ('cover', 'write_off') and not exists (select from balance_relief r where r.entry_id = e.entry_id);

create or replace view v_inv as
select inv, k from v_inv_ledger
union all
select inv, k from v_inv_payouts
union all
select inv, k from v_inv_recurring
union all
select inv, k from v_inv_disputes;
