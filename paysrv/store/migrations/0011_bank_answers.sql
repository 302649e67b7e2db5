-- What the bank answers: files, their lines, what could not be matched; the states that payouts come to by them. Requisites end.

create sequence bank_acceptance;

create table bank_file (
    file_id      bigint generated always as identity primary key,
    hash         bytea not null unique check (length(hash) = 32),
    kind         text not null check (kind in ('pain.002', 'camt.053', 'camt.054')),
    message_id   text not null,
    account      text,
    statement_id text,
    sequence     bigint,
    opening      bigint not null,                -- 0 where there are no balances
    closing      bigint not null,
    currency     text,
    lines        integer not null,               -- that no other file had brought before
    state        text not null check (state in ('waiting', 'open', 'done')),  -- waiting: a statement before it is missing
    imported_by  text not null,
    created_at   timestamptz not null,
    accepted_no  bigint unique,                  -- in the order in which their lines could be taken up
    done_at      timestamptz,
    check ((state = 'waiting') = (accepted_no is null) and (state = 'done') = (done_at is not null))
);
create unique index bank_statement_key on bank_file (account, statement_id) where kind = 'camt.053';
create index bank_statement_last on bank_file (account, accepted_no desc) where kind = 'camt.053' and accepted_no is not null;

-- A line is taken up once, whichever files it comes in. outcome null: not yet.
create table bank_line (
    line_id    bigint generated always as identity primary key,
    file_id    bigint not null references bank_file,
    line_key   bytea not null unique check (length(line_key) = 32),
    kind       text not null check (kind in ('accepted', 'rejected', 'pending', 'debit', 'return', 'credit')),
    end_to_end text,
    order_id   text,
    amount     bigint not null check (amount >= 0),
    currency   text,
    reference  text,
    booked_on  text,
    reason     text,
    note       text,
    outcome    text check (outcome in ('applied', 'known', 'noted', 'break')),
    payout_id  text,
    done_at    timestamptz,
    check ((outcome is null) = (done_at is null))
);
create index bank_line_open on bank_line (file_id, line_id) where outcome is null;
create index bank_line_of_payout on bank_line (payout_id) where payout_id is not null;

-- What a person has to look at. It is closed with a note, never deleted; money moves by further entries only.
create table bank_break (
    break_id   bigint generated always as identity primary key,
    kind       text not null check (kind in ('unmatched', 'amount', 'duplicate', 'state', 'order_duplicate', 'unanswered',
                                             'gap', 'changed', 'refused')),
    ref        text not null,                    -- payout, order, statement or line that it is about
    line_id    bigint references bank_line,
    file_id    bigint references bank_file,
    payout_id  text,
    amount     bigint,
    currency   text,
    detail     text not null,
    created_at timestamptz not null,
    closed_at  timestamptz,
    closed_by  text,
    note       text,
    constraint bank_break_once unique (kind, ref),
    check ((closed_at is null) = (closed_by is null))
);
create index bank_break_open on bank_break (break_id) where closed_at is null;

-- channel: who carries the order to the bank. Until delivered_at it is sent again, the same bytes under the same name.
alter table bank_batch
    add column answered_at timestamptz,
    add column channel text not null default 'file' check (channel in ('file', 'bank')),
    add column delivered_at timestamptz,
    add column tries integer not null default 0,
    add column due_at timestamptz;
create index bank_batch_undelivered on bank_batch (due_at) where channel = 'bank' and delivered_at is null;

create table bank_channel (
    name      text primary key,
    last_file bigint not null
);
insert into bank_channel (name, last_file) values ('bank', 0);

-- A requisite is never edited, but it can end: the bank says that nothing reaches it, or its owner wants no more of it.
-- usable_from: a changed account has to wait, while the owner is told at his addresses, today's and the one before.
alter table pay_user
    add column previous_email text,
    add column email_changed_at timestamptz;
create index requisite_of_iban on requisite (iban);
alter table requisite
    add column usable_from timestamptz,
    add column disabled_at timestamptz,
    add column disabled_reason text,
    add constraint requisite_disabled check ((disabled_at is null) = (disabled_reason is null));

-- reason: what the bank (an ISO code) or an operator said when it was returned or rejected.
alter table payout
    drop constraint payout_status_check,
    drop constraint payout_check,
    add column reason text,
    add column returned_at timestamptz,
    add constraint payout_status_check check (status in ('awaiting_code', 'awaiting_approval', 'confirmed', 'sent', 'unknown', 'paid',
                                                         'returned', 'rejected', 'failed', 'canceled', 'expired')),
    add constraint payout_sent_in_batch check (status = 'rejected'
                                               or (status in ('sent', 'unknown', 'paid', 'returned')) = (msg_id is not null));
create index payout_at_bank on payout (sent_at) where status = 'sent';

-- ---- limits and approvals ----

-- Of each seller of the partner, of one seller (in place of these), and of all sellers together. Null: no limit.
create table payout_limit (
    partner_id    text not null references partner,
    scope         text not null check (scope in ('each', 'seller', 'all')),
    user_id       text not null,
    currency      text not null check (currency ~ '^[A-Z]{3}$'),
    least         bigint check (least > 0),
    most          bigint check (most > 0),
    per_day       bigint check (per_day > 0),
    per_month     bigint check (per_month > 0),
    count_per_day bigint check (count_per_day > 0),
    approve_from  bigint check (approve_from > 0),
    updated_at    timestamptz not null,
    updated_by    text not null,
    primary key (partner_id, scope, user_id, currency),
    check ((scope = 'seller') = (user_id <> ''))
);

-- What was confirmed in a day or a month (UTC), by one seller or (user '') by all of the partner; counted while there are limits.
create table payout_usage (
    partner_id text not null,
    user_id    text not null,
    currency   text not null,
    period     text not null check (period ~ '^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$'),
    amount     bigint not null check (amount > 0),
    payouts    bigint not null check (payouts > 0),
    primary key (partner_id, user_id, currency, period)
);

-- Four eyes: who decided what of which content. Never changed.
create table payout_decision (
    payout_id  text not null references payout,
    subject    text not null,
    name       text not null,
    decision   text not null check (decision in ('approved', 'rejected')),
    bind_hash  bytea not null check (length(bind_hash) = 32),
    note       text,
    created_at timestamptz not null,
    primary key (payout_id, subject)
);
create trigger payout_decision_append_only before update or delete or truncate on payout_decision
    execute function ledger_is_append_only();

-- requested_by: subject of the token, or the client of a partner's own one.
alter table payout
    add column requested_by text,
    add column needs_approval boolean not null default false;
create index payout_awaiting_approval on payout (payout_id) where status = 'awaiting_approval';

create or replace view v_inv_payouts as
-- I13 a payout has exactly the entries that its status implies
select 'I13' as inv, po.payout_id as k
  from payout po cross join lateral (
       select count(*) filter (where e.kind = 'payout_hold') as h, count(*) filter (where e.kind = 'payout_paid') as p,
              count(*) filter (where e.kind = 'payout_canceled') as c, count(*) filter (where e.kind = 'payout_returned') as r
         from entry e where e.partner_id = po.partner_id and e.ref = po.payout_id) x
 where not case when po.status in ('awaiting_code', 'expired') then h + p + c + r = 0
                when po.status in ('awaiting_approval', 'confirmed', 'sent', 'unknown') then h = 1 and p + c + r = 0
                when po.status = 'paid' then h = 1 and p = 1 and c + r = 0
                when po.status = 'returned' then h = 1 and p = 1 and r = 1 and c = 0
                when po.status in ('rejected', 'failed') then h = 1 and c = 1 and p + r = 0
                when po.status = 'canceled' then h = c and h <= 1 and p + r = 0 end
union all -- I13 a payout's entry belongs to a payout
select 'I13', 'entry/' || e.entry_id from entry e
 where e.kind like 'payout%' and not exists (select from payout po where po.partner_id = e.partner_id and po.payout_id = e.ref)
union all -- I12 each entry of a payout moves exactly its amount
select 'I12', e.entry_id::text from entry e join payout po on po.partner_id = e.partner_id and po.payout_id = e.ref
 where e.kind like 'payout%'
   and (select sum(q.amount) from posting q where q.entry_id = e.entry_id and q.amount > 0 and q.currency = po.currency)
       is distinct from po.amount::numeric
union all -- I20 a code never had more guesses than allowed and was never used after it expired
select 'I20', code_id::text from payout_code where attempts > max_attempts or consumed_at >= expires_at
union all -- I21 money in transit or paid has a used code bound to exactly this amount, currency and destination
select 'I21', po.payout_id from payout po
 where po.confirmed_at is not null
   and not exists (select from payout_code c
                    where c.payout_id = po.payout_id and c.consumed_at is not null
                      and c.bind_hash = sha256(convert_to(po.payout_id || '|' || po.amount || '|' || po.currency || '|'
                                                          || encode(po.destination, 'hex'), 'UTF8')))
union all
select 'I21', payout_id from payout po
 where po.status not in ('awaiting_code', 'expired', 'canceled') and po.confirmed_at is null
union all -- I22 what a payout takes is taken from its own user's account in its own currency
select 'I22', po.payout_id from payout po
  join entry e on e.partner_id = po.partner_id and e.kind = 'payout_hold' and e.ref = po.payout_id
 where not exists (select from posting q join account a on a.account_id = q.account_id
                    where q.entry_id = e.entry_id and a.kind = 'seller' and a.partner_id = po.partner_id
                      and a.user_id = po.user_id and a.currency = po.currency and q.amount = po.amount)
union all -- I22 a requisite is its payout's user's
select 'I22', po.payout_id from payout po join requisite r on r.requisite_id = po.requisite_id
 where r.partner_id <> po.partner_id or r.user_id <> po.user_id
union all -- I26 a batch is the sum of its payouts
select 'I26', b.msg_id from bank_batch b
 where (select row(count(*), coalesce(sum(po.amount), 0)) from payout po where po.msg_id = b.msg_id)
       is distinct from row(b.transfers::bigint, b.total::numeric)
union all -- I27 what is in transit is exactly what is confirmed and not yet paid or given back
select 'I27', a.account_id::text from account a
 where a.kind = 'payout_transit'
   and -coalesce((select sum(q.amount) from posting q where q.account_id = a.account_id), 0)
       <> coalesce((select sum(po.amount) from payout po
                     where po.partner_id = a.partner_id and po.user_id = a.user_id and po.currency = a.currency
                        and po.status in ('awaiting_approval', 'confirmed', 'sent', 'unknown')), 0)
union all -- I31 what needed approval went on with that of two operators, neither of whom had asked for it
select 'I31', po.payout_id from payout po
 where po.needs_approval and po.status in ('confirmed', 'sent', 'unknown', 'paid', 'returned', 'failed')
   and (select count(distinct d.subject) from payout_decision d join payout_code c on c.payout_id = d.payout_id and c.consumed_at is not null
         where d.payout_id = po.payout_id and d.decision = 'approved' and d.bind_hash = c.bind_hash
           and d.subject is distinct from po.requested_by) < 2
union all -- I30 a line that was taken as a return has its payout returned
select 'I30', l.line_id::text from bank_line l left join payout po on po.payout_id = l.payout_id
 where l.kind = 'return' and l.outcome = 'applied' and po.status is distinct from 'returned';
