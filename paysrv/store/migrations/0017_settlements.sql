-- What the acquirer says that it has settled, line by line, what is on its way from it to the bank, and breaks with an assignee and a
-- resolution in the ledger (docs/decisions/0052). Places in the ledger that stand for a point in time, and closed months of partners.

-- settlement: what the acquirer has settled and the bank not shown yet; it drains to zero. acquirer_fee: what that cost.
alter table account
    drop constraint account_kind_check,
    drop constraint account_check1,
    add constraint account_kind_check check (kind in ('seller', 'partner', 'platform', 'acquirer_receivable', 'payout_transit', 'bank',
                                                      'suspense', 'disputed', 'settlement', 'acquirer_fee')),
    add constraint account_side_of_kind check ((side = 1) = (kind in ('acquirer_receivable', 'bank', 'settlement', 'acquirer_fee')));

-- A registry of the acquirer's: what one transfer of his consists of. open: not all lines are taken up; booked: what matched is in the
-- ledger; paid: the bank has shown the transfer.
create table settlement (
    settlement_id bigint generated always as identity primary key,
    acquirer_ref  text not null,                 -- the acquirer's name of it
    hash          bytea not null unique check (length(hash) = 32),
    currency      text not null check (currency ~ '^[A-Z]{3}$'),
    transfer_ref  text not null,                 -- EndToEndId of the transfer to the bank
    gross         bigint not null,
    fee           bigint not null,
    net           bigint not null,
    lines         integer not null check (lines >= 0),
    state         text not null check (state in ('open', 'booked', 'paid')),
    imported_by   text not null,
    created_at    timestamptz not null,
    booked_at     timestamptz,
    paid_at       timestamptz,
    constraint settlement_ref_key unique (acquirer_ref),
    check (gross - fee = net),
    check ((state = 'open') = (booked_at is null) and (state = 'paid') = (paid_at is not null))
);
create index settlement_open on settlement (settlement_id) where state = 'open';
create index settlement_unfinished on settlement (created_at) where state <> 'paid';
create index settlement_of_transfer on settlement (transfer_ref);

-- gross and fee as the acquirer says them: what he gives is positive. expected: of what we say he owes us, the part that this line settles.
create table settlement_line (
    line_id       bigint generated always as identity primary key,
    settlement_id bigint not null references settlement,
    kind          text not null check (kind in ('charge', 'capture', 'refund', 'chargeback', 'chargeback_reversal', 'adjustment')),
    acquirer_id   text not null,
    op_key        text,                          -- our operation's own id
    gross         bigint not null,
    fee           bigint not null,
    outcome       text check (outcome in ('matched', 'break', 'resolved')),
    partner_id    text,
    expected      bigint not null default 0,
    done_at       timestamptz,
    check ((outcome is null) = (done_at is null)),
    check (outcome is distinct from 'matched' or partner_id is not null)
);
create index settlement_line_of_settlement on settlement_line (settlement_id, line_id);
create index settlement_line_open on settlement_line (settlement_id, line_id) where outcome is null;
create index settlement_line_name on settlement_line (kind, acquirer_id);
create index settlement_line_of_op on settlement_line (op_key) where op_key is not null;
create unique index settlement_line_once on settlement_line (kind, acquirer_id) where outcome = 'matched';

-- An entry that settlements made, and what it put on the way to the bank (or took from it).
create table settlement_entry (
    entry_id      bigint primary key,
    settlement_id bigint references settlement,  -- null: of something that is in none
    partner_id    text not null references partner,
    currency      text not null,
    on_the_way    bigint not null
);
create index settlement_entry_of_settlement on settlement_entry (settlement_id) where settlement_id is not null;
create trigger settlement_entry_append_only before update or delete or truncate on settlement_entry execute function ledger_is_append_only();

-- The bank shows a transfer of the acquirer's.
alter table bank_line add column settlement_id bigint references settlement;
create index bank_line_of_settlement on bank_line (settlement_id) where settlement_id is not null;
create index bank_line_credit on bank_line (end_to_end) where kind = 'credit' and outcome = 'break';

-- resolution: who bears the difference (platform), or that it waits for somebody's word (suspense), with its entry; matched: our side has come
-- to what the line says.
alter table bank_break
    drop constraint bank_break_kind_check,
    add constraint bank_break_kind_check check (kind in ('unmatched', 'amount', 'duplicate', 'state', 'order_duplicate', 'unanswered', 'gap',
                                                         'changed', 'refused', 'fee', 'missing')),
    add column source text not null default 'bank' check (source in ('bank', 'acquirer')),
    add column settlement_id bigint references settlement,
    add column settlement_line bigint references settlement_line,
    add column partner_id text,
    add column assignee text,
    add column resolution text check (resolution in ('platform', 'suspense', 'matched')),
    add column entry_id bigint,
    add constraint bank_break_resolved check (resolution is null or closed_at is not null);
create index bank_break_of_settlement on bank_break (settlement_id) where settlement_id is not null;

-- How far the ledger was searched for what no registry has.
create table reconcile_mark (
    name     text primary key,
    position bigint not null
);

insert into bank_channel (name, last_file) values ('acquirer', 0);

-- Where a point in time lies in the ledger, once it was asked for: the last entry of what was before. It never changes, so a period is a
-- range of entries for ever, and whatever is booked later is in a later one.
create table ledger_cut (
    clock    text not null, -- a sandbox's entries have the times of its own clock, which is ahead
    at       timestamptz not null,
    entry_id bigint not null check (entry_id >= 0),
    made_at  timestamptz not null,
    primary key (clock, at)
);
create trigger ledger_cut_append_only before update or delete or truncate on ledger_cut execute function ledger_is_append_only();

-- What an account had at a cut, so that nothing before it is added up again. Sums of postings with the sign of its side.
create table account_closing (
    account_id bigint not null references account,
    entry_id   bigint not null,
    balance    bigint not null,
    primary key (account_id, entry_id)
);
create trigger account_closing_append_only before update or delete or truncate on account_closing execute function ledger_is_append_only();

-- What was agreed with a partner, as it stands on his reports; a report keeps what was agreed when it was made.
create table partner_agreement (
    partner_id text primary key references partner,
    number     text not null,
    signed_on  text not null check (signed_on ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
    legal_name text not null,
    address    text,
    zone       text not null,
    updated_at timestamptz not null,
    updated_by text not null
);

-- A month that is over, as it was reported: never made anew.
create table partner_report (
    report_no  bigint generated always as identity primary key,
    partner_id text not null references partner,
    currency   text not null check (currency ~ '^[A-Z]{3}$'),
    month      text not null check (month ~ '^[0-9]{4}-[0-9]{2}$'),
    from_entry bigint not null,
    to_entry   bigint not null,
    document   text not null,
    closed_at  timestamptz not null,
    constraint partner_report_once unique (partner_id, currency, month)
);
create trigger partner_report_append_only before update or delete or truncate on partner_report execute function ledger_is_append_only();

-- What a line of a registry says beside what our books have of the operation that it names.
create view settlement_line_ours as
select l.line_id, l.settlement_id, l.kind, l.acquirer_id, l.op_key, l.gross, l.fee, l.outcome, s.currency, s.state as settlement_state,
       coalesce(c.call_id, d.dispute_id) as op,
       coalesce(c.partner_id, d.partner_id) as partner_id,
       exists (select from settlement_line x
                where x.kind = l.kind and x.acquirer_id = l.acquirer_id and x.line_id <> l.line_id
                  and (x.outcome = 'matched' or x.line_id < l.line_id)) as is_repeated,
       coalesce(c.state = 'ok', case l.kind when 'chargeback' then d.booked <> 'none' else d.booked = 'returned' end, false) as is_final,
       exists (select from bank_break b
                where b.kind = 'missing' and b.ref = coalesce(c.call_id, d.dispute_id) and b.entry_id is not null) as is_written_off,
       exists (select from acquirer_call p where p.call_id = l.op_key and p.is_open) as is_pending,
       coalesce(case l.kind when 'refund' then -c.amount else c.amount end,
                case l.kind when 'chargeback' then -d.taken else d.taken end, 0) as our_gross,
       coalesce(case l.kind when 'chargeback' then d.fee end, 0) as booked_fee
  from settlement_line l
  join settlement s on s.settlement_id = l.settlement_id
  left join acquirer_call c on c.call_id = l.op_key and c.acquirer_ref = l.acquirer_id and c.currency = s.currency
                           and (l.kind, c.op) in (('charge', 'charge'), ('capture', 'capture'), ('refund', 'refund'), ('refund', 'late_refund'))
  left join dispute d on d.acquirer_ref = l.acquirer_id and d.currency = s.currency and d.phase = 'chargeback'
                     and l.kind in ('chargeback', 'chargeback_reversal');

create view v_inv_settlements as
-- I40 what is on the way to the bank is what settlements put there and the bank has not shown
select 'I40' as inv, a.account_id::text as k from account a
 where a.kind = 'settlement'
   and coalesce((select sum(q.amount) from posting q where q.account_id = a.account_id), 0)
       <> coalesce((select sum(x.on_the_way) from settlement_entry x where x.partner_id = a.partner_id and x.currency = a.currency), 0)
union all -- I40 nothing of a transfer that the bank has shown is on the way
select 'I40', 'settlement ' || s.settlement_id
  from settlement s join settlement_entry x on x.settlement_id = s.settlement_id
 where s.state = 'paid' group by s.settlement_id, x.partner_id having sum(x.on_the_way) <> 0
union all -- I41 an entry of a settlement puts on the way what it says
select 'I41', x.entry_id::text from settlement_entry x
 where x.on_the_way <> coalesce((select sum(q.amount) from posting q join account a on a.account_id = q.account_id
                                  where q.entry_id = x.entry_id and a.kind = 'settlement'), 0)
union all
select 'I41', 'entry/' || e.entry_id from entry e
 where e.kind like 'settlement%' and not exists (select from settlement_entry x where x.entry_id = e.entry_id)
union all -- I42 what matched of a booked settlement is in the ledger, to the last unit
select 'I42', 'settlement ' || s.settlement_id
  from settlement s
  join (select settlement_id, partner_id, sum(gross - fee) as net, sum(expected) as expected
          from settlement_line where outcome = 'matched' group by 1, 2) l on l.settlement_id = s.settlement_id
  left join entry e on e.partner_id = l.partner_id and e.kind = 'settlement' and e.ref = s.acquirer_ref
 where s.state <> 'open'
   and (l.net <> coalesce((select sum(q.amount) from posting q join account a on a.account_id = q.account_id
                            where q.entry_id = e.entry_id and a.kind = 'settlement'), 0)
        or -l.expected <> coalesce((select sum(q.amount) from posting q join account a on a.account_id = q.account_id
                                     where q.entry_id = e.entry_id and a.kind = 'acquirer_receivable'), 0))
union all -- I42 a settlement is the sum of its lines
select 'I42', 'lines of settlement ' || s.settlement_id from settlement s
 where (select row(count(*), coalesce(sum(l.gross), 0), coalesce(sum(l.fee), 0)) from settlement_line l where l.settlement_id = s.settlement_id)
       is distinct from row(s.lines::bigint, s.gross::numeric, s.fee::numeric)
union all -- I43 what an account had at a cut is the sum of its postings up to it, and cuts follow each other
select 'I43', c.account_id || '/' || c.entry_id from account_closing c join account a on a.account_id = c.account_id
 where c.balance <> a.side * coalesce((select sum(q.amount) from posting q where q.account_id = c.account_id and q.entry_id <= c.entry_id), 0)
union all
select 'I43', 'cut ' || c.clock || ' ' || c.at
  from (select clock, at, entry_id, lag(entry_id) over (partition by clock order by at) as before from ledger_cut) c where c.entry_id < c.before
union all -- I42 a break that was resolved by an entry has it
select 'I42', 'break ' || b.break_id from bank_break b left join entry e on e.entry_id = b.entry_id
 where b.entry_id is not null and (e.entry_id is null or b.resolution = 'matched' or b.resolution is null);

-- The views before are what they were, with these kinds of entries and this view added: whoever changed them last.
do $$
declare
    ledger text := pg_get_viewdef('v_inv_ledger'::regclass);
    known text := '''write_off''::text, ';
begin
    if position(known in ledger) = 0 then
        raise exception 'v_inv_ledger does not list the kinds of entries';
    end if;
    execute 'create or replace view v_inv_ledger as '
            || replace(ledger, known, known || '''settlement''::text, ''settlement_paid''::text, ''settlement_break''::text, ''settlement_late''::text, ');
    execute 'create or replace view v_inv as ' || rtrim(pg_get_viewdef('v_inv'::regclass), ';')
            || ' union all select inv, k from v_inv_settlements';
end $$;
