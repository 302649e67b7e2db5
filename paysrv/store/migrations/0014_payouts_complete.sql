-- Lists of payouts that one code confirms, and schedules that one code agrees to. Looks at the bank's lines and breaks, and at codes, that walked whole tables.

create index bank_line_of_order on bank_line (order_id) where end_to_end is null and order_id is not null;
create index bank_break_of_file on bank_break (file_id) where file_id is not null;
create index bank_file_open on bank_file (file_id) where state <> 'done';

-- Confirmed as a whole or not at all; then each payout goes its own way. hash: of all that is in it.
create table payout_list (
    list_id      text primary key,
    partner_id   text not null,
    user_id      text not null,
    label        text not null,
    status       text not null check (status in ('awaiting_code', 'confirmed', 'canceled', 'expired')),
    payouts      integer not null check (payouts between 1 and 100),
    hash         bytea not null check (length(hash) = 32),
    created_at   timestamptz not null,
    expires_at   timestamptz not null,           -- of the code
    confirmed_at timestamptz,
    closed_at    timestamptz,
    foreign key (partner_id, user_id) references pay_user (partner_id, user_id),
    check ((status = 'confirmed') = (confirmed_at is not null) and (status in ('canceled', 'expired')) = (closed_at is not null))
) with (fillfactor = 70);
create index payout_list_of_user on payout_list (partner_id, user_id, created_at);
create index payout_list_open on payout_list (expires_at) where status = 'awaiting_code';

alter table payout
    add column list_id text references payout_list,
    add column list_line integer,
    add constraint payout_list_line check ((list_id is null) = (list_line is null));
create unique index payout_of_list on payout (list_id, list_line) where list_id is not null;
create index payout_of_user_lately on payout (partner_id, user_id, created_at);

-- Agreed to with a code for all of its terms (hash), which never change: another schedule takes its place. The job pays out what is
-- available when it is time.
create table payout_schedule (
    schedule_id  text primary key,
    partner_id   text not null,
    user_id      text not null,
    requisite_id text not null,
    currency     text not null check (currency ~ '^[A-Z]{3}$'),
    unit         text not null check (unit in ('day', 'week', 'month')),
    day          integer not null,
    minute       integer not null check (minute between 0 and 1439),
    zone         text not null,
    settles      boolean not null,               -- on days on which banks settle in euro
    minimum      bigint not null check (minimum > 0),
    label        text not null,
    status       text not null check (status in ('awaiting_code', 'active', 'paused', 'ended')),
    reason       text,                           -- why it is paused or has ended
    hash         bytea not null check (length(hash) = 32),
    requested_by text,
    created_at   timestamptz not null,
    expires_at   timestamptz not null,           -- of the code
    next_at      timestamptz,
    ended_at     timestamptz,
    foreign key (partner_id, user_id) references pay_user (partner_id, user_id),
    foreign key (partner_id, requisite_id) references requisite (partner_id, requisite_id),
    check ((status = 'active') = (next_at is not null) and (status = 'ended') = (ended_at is not null))
) with (fillfactor = 70);
create unique index payout_schedule_in_force on payout_schedule (partner_id, user_id, currency) where status in ('active', 'paused');
create index payout_schedule_of_user on payout_schedule (partner_id, user_id, schedule_id);
create index payout_schedule_due on payout_schedule (next_at) where status = 'active';
create index payout_schedule_open on payout_schedule (expires_at) where status = 'awaiting_code';

-- Each time of a schedule is taken once, by whichever server.
create table payout_schedule_run (
    schedule_id text not null references payout_schedule,
    due_at      timestamptz not null,
    outcome     text not null,                   -- paid_out, or why nothing was
    payout_id   text references payout,
    amount      bigint not null,                 -- what was available
    created_at  timestamptz not null,
    primary key (schedule_id, due_at),
    check ((outcome = 'paid_out') = (payout_id is not null))
);

alter table payout
    add column schedule_id text references payout_schedule,
    add constraint payout_consent check (list_id is null or schedule_id is null);
create index payout_of_schedule on payout (schedule_id, payout_id) where schedule_id is not null;

-- A code is for a payout, a list or a schedule.
alter table payout_code drop constraint payout_code_payout_id_fkey;
alter table payout_code rename column payout_id to subject;
create index payout_code_of_subject on payout_code (subject);

create view code_holder as
select payout_id as subject, partner_id, user_id, label, created_at, expires_at, status = 'awaiting_code' as is_waiting
  from payout where list_id is null and schedule_id is null
union all
select list_id, partner_id, user_id, label, created_at, expires_at, status = 'awaiting_code' from payout_list
union all
select schedule_id, partner_id, user_id, label, created_at, expires_at, status = 'awaiting_code' from payout_schedule;

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
union all -- I21 money in transit or paid has a used code, bound to exactly this amount, currency and destination to the list that holds it, or to the schedule that made it
select 'I21', po.payout_id from payout po
 where po.confirmed_at is not null
   and not exists (select from payout_code c
                    where c.subject = po.payout_id and c.consumed_at is not null and po.list_id is null and po.schedule_id is null
                      and c.bind_hash = sha256(convert_to(po.payout_id || '|' || po.amount || '|' || po.currency || '|'
                                                          || encode(po.destination, 'hex'), 'UTF8')))
   and not exists (select from payout_list l join payout_code c on c.subject = l.list_id
                    where l.list_id = po.list_id and l.status = 'confirmed' and c.consumed_at is not null and c.bind_hash = l.hash)
   and not exists (select from payout_schedule s join payout_code c on c.subject = s.schedule_id
                     join payout_schedule_run n on n.schedule_id = s.schedule_id and n.payout_id = po.payout_id
                    where s.schedule_id = po.schedule_id and s.user_id = po.user_id and s.requisite_id = po.requisite_id
                      and s.currency = po.currency and c.consumed_at is not null and c.bind_hash = s.hash)
union all -- I21 a list is what its code was made for, and is confirmed as a whole
select 'I21', l.list_id from payout_list l
 where (select row(count(*), count(*) filter (where (po.confirmed_at is not null) <> (l.status = 'confirmed')))
          from payout po where po.list_id = l.list_id)
       is distinct from row(l.payouts::bigint, 0::bigint)
    or l.status = 'confirmed' and l.hash <>
       (select sha256(convert_to(l.list_id || string_agg(E'\n' || po.payout_id || '|' || po.amount || '|' || po.currency || '|'
                                                                || encode(po.destination, 'hex'), '' order by po.list_line), 'UTF8'))
          from payout po where po.list_id = l.list_id)
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
union all -- I31 what needed approval went on with that of two operators to just this content, neither of whom had asked for it
select 'I31', po.payout_id from payout po
 where po.needs_approval and po.status in ('confirmed', 'sent', 'unknown', 'paid', 'returned', 'failed')
   and (select count(distinct d.subject) from payout_decision d
         where d.payout_id = po.payout_id and d.decision = 'approved' and d.subject is distinct from po.requested_by
           and d.bind_hash = sha256(convert_to(po.payout_id || '|' || po.amount || '|' || po.currency || '|'
                                               || encode(po.destination, 'hex'), 'UTF8'))) < 2
union all -- I30 a line that was taken as a return has its payout returned
select 'I30', l.line_id::text from bank_line l left join payout po on po.payout_id = l.payout_id
 where l.kind = 'return' and l.outcome = 'applied' and po.status is distinct from 'returned';
