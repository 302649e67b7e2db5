-- Buyers who pay by bank transfer: what they were told, what came in, and what goes back to them (docs/decisions/0058). Until it pays a
-- charge or goes back, what came in stands on the account of the connector (acquirer_receivable of "bank"), which is then below zero.

-- What the buyer of one attempt was told. Its state is that of its call. received: by credits that came in time and were not taken back.
create table transfer (
    call_id     text primary key references acquirer_call,
    partner_id  text not null,
    clock       text not null,
    payment_id  text not null references payment,
    reference   text not null check (reference ~ '^RF[0-9]{17}$'),
    holder_name text not null,
    iban        text not null,
    bic         text,
    currency    text not null check (currency ~ '^[A-Z]{3}$'),
    amount      bigint not null check (amount > 0),
    received    bigint not null default 0 check (received >= 0),
    created_at  timestamptz not null,
    pay_by      timestamptz not null,            -- what the buyer is told
    waits_until timestamptz not null,            -- for what was sent by then
    constraint transfer_reference_key unique (reference),
    foreign key (partner_id, clock) references partner (partner_id, clock),
    check (pay_by <= waits_until)
) with (fillfactor = 80);
create index transfer_of_payment on transfer (payment_id);

-- What came in under it. applied: the part that paid; settled: the attempt has its end, and what was not applied goes back.
create table transfer_credit (
    credit_id   text primary key,
    call_id     text not null references transfer,
    partner_id  text not null,
    clock       text not null,
    payment_id  text not null,
    currency    text not null,
    amount      bigint not null check (amount > 0),
    payer_name  text,
    payer_iban  text,
    reference   text,                            -- the bank's own, of the booking
    booked_on   text,
    is_late     boolean not null,                -- the attempt had its end before
    applied     bigint not null default 0 check (applied >= 0 and applied <= amount),
    entry_id    bigint not null,
    created_at  timestamptz not null,
    settled_at  timestamptz,
    reversed_at timestamptz,                     -- the bank has taken it back
    foreign key (partner_id, clock) references partner (partner_id, clock)
) with (fillfactor = 80);
create index transfer_credit_of_call on transfer_credit (call_id, credit_id);
create index transfer_credit_unsettled on transfer_credit (clock, call_id) where settled_at is null;

-- Money on its way back to who sent it, by an order of ours. Its EndToEndId is its id.
create table repayment (
    repayment_id text primary key,
    credit_id    text not null references transfer_credit,
    partner_id   text not null,
    clock        text not null,
    payment_id   text not null,
    refund_id    text unique references refund,
    reason       text not null check (reason in ('refund', 'surplus', 'incomplete', 'late', 'resent')),
    currency     text not null,
    amount       bigint not null check (amount > 0),
    iban         text not null,
    holder_name  text not null,
    status       text not null check (status in ('confirmed', 'sent', 'unknown', 'paid', 'rejected', 'returned')),
    msg_id       text references bank_batch,
    bank_reason  text,
    bank_due_at  timestamptz,                    -- when the test bank says the next thing
    created_by   text not null,
    created_at   timestamptz not null,
    sent_at      timestamptz,
    closed_at    timestamptz,
    foreign key (partner_id, clock) references partner (partner_id, clock),
    check ((reason = 'refund') = (refund_id is not null)),
    check ((status = 'confirmed') = (msg_id is null)),
    check ((status in ('paid', 'rejected', 'returned')) = (closed_at is not null))
) with (fillfactor = 70);
create index repayment_of_credit on repayment (credit_id);
create index repayment_of_payment on repayment (payment_id);
create index repayment_of_batch on repayment (msg_id) where msg_id is not null;
create index repayment_due on repayment (clock, repayment_id) where status = 'confirmed';
create index repayment_at_bank on repayment (sent_at) where status = 'sent';
create index repayment_of_test_bank on repayment (clock, bank_due_at) where bank_due_at is not null;

-- remittance: what its payer wrote, a structured reference before anything else.
alter table bank_line
    drop constraint bank_line_kind_check,
    add constraint bank_line_kind_check check (kind in ('accepted', 'rejected', 'pending', 'debit', 'return', 'credit', 'reversal')),
    add column remittance text,
    add column payer_name text,
    add column payer_iban text,
    add column credit_id text references transfer_credit,
    add column repayment_id text references repayment;
create index bank_line_of_credit on bank_line (credit_id) where credit_id is not null;
create index bank_line_of_repayment on bank_line (repayment_id) where repayment_id is not null;

-- unreturnable: money that is to go back, and nobody knows where to.
alter table bank_break
    drop constraint bank_break_kind_check,
    add constraint bank_break_kind_check check (kind in ('unmatched', 'amount', 'duplicate', 'state', 'order_duplicate', 'unanswered', 'gap',
                                                         'changed', 'refused', 'fee', 'missing', 'unreturnable', 'reversed'));

-- What there is of each credit that neither paid nor is on its way back: for the rules below, and for who has to send it somewhere.
create view transfer_held as
select c.credit_id, c.call_id, c.partner_id, c.clock, c.payment_id, c.currency, c.settled_at is not null as is_settled,
       case when c.reversed_at is null then c.amount else 0 end - c.applied
       - coalesce(sum(r.amount) filter (where r.reason <> 'refund' and r.status not in ('rejected', 'returned')), 0)
       + coalesce(sum(r.amount) filter (where r.reason = 'refund' and r.status = 'returned'), 0) as held
  from transfer_credit c left join repayment r on r.credit_id = c.credit_id
 group by c.credit_id;

-- Attempts with credits that are to be gone through: it is complete, or has its end.
create view transfer_ended as
select c.call_id, c.clock, min(c.created_at) as created_at
  from transfer_credit c join transfer t on t.call_id = c.call_id join acquirer_call a on a.call_id = c.call_id
 where c.settled_at is null and (a.state in ('ok', 'declined') or a.is_abandoned or t.received >= t.amount)
 group by c.call_id, c.clock;

create view v_inv_transfers as
-- I50 a transfer paid what its credits brought in time, and each credit what was applied of it
select 'I50' as inv, t.call_id as k
  from transfer t join acquirer_call a on a.call_id = t.call_id
  left join lateral (select sum(c.applied) as applied, bool_and(c.settled_at is not null) as is_settled,
                            coalesce(sum(c.amount) filter (where not c.is_late), 0) as in_time
                       from transfer_credit c where c.call_id = t.call_id) c on true
 where a.amount <> t.amount or a.currency <> t.currency or a.payment_id <> t.payment_id
    or a.state = 'ok' and (c.in_time < t.amount or c.is_settled and c.applied <> t.amount)
    or a.state <> 'ok' and coalesce(c.applied, 0) <> 0
union all -- I50 nothing is paid by transfer without one
select 'I50', a.call_id from acquirer_call a
 where a.acquirer = 'bank' and a.op in ('charge', 'authorize') and a.state = 'ok' and not exists (select from transfer t where t.call_id = a.call_id)
union all -- I51 each credit is in the ledger as it came, and of a live partner the bank has shown it: one line of it was taken up
select 'I51', c.credit_id
  from transfer_credit c
 where (select sum(q.amount) from posting q join account a on a.account_id = q.account_id
         where q.entry_id = c.entry_id and a.kind = 'bank' and a.partner_id = c.partner_id and q.currency = c.currency)
       is distinct from c.amount::numeric
    or (c.clock = '') <> (1 = (select count(*) from bank_line l where l.credit_id = c.credit_id and l.kind = 'credit' and l.outcome = 'applied'
                                                                 and l.amount = c.amount and l.currency = c.currency))
union all -- I51 the same message shows it once
select 'I51', c.credit_id || '/' || f.kind
  from transfer_credit c join bank_line l on l.credit_id = c.credit_id and l.kind = 'credit' join bank_file f on f.file_id = l.file_id
 group by c.credit_id, f.kind having count(*) > 1
union all -- I52 nothing of a credit is given twice; what was settled went back or has somebody who looks at it
select 'I52', h.credit_id from transfer_held h join transfer_credit c on c.credit_id = h.credit_id
 where h.held < 0 and c.reversed_at is null
union all
select 'I52', h.credit_id from transfer_held h
 where h.is_settled and h.held > 0 and h.clock = ''
   and not exists (select from bank_break b where b.kind = 'unreturnable' and b.ref = 'credit ' || h.credit_id)
union all -- I53 what goes back as a refund is that refund, to one who paid at least that
select 'I53', r.repayment_id
  from repayment r join refund f on f.refund_id = r.refund_id
 where f.amount <> r.amount or f.currency <> r.currency or f.payment_id <> r.payment_id
    or f.status <> case r.status when 'paid' then 'succeeded' when 'returned' then 'succeeded' when 'rejected' then 'failed'
                                 when 'confirmed' then 'pending' else f.status end
union all
select 'I53', c.credit_id from transfer_credit c join repayment r on r.credit_id = c.credit_id and r.reason = 'refund' and r.status <> 'rejected'
 group by c.credit_id, c.call_id, c.payer_iban
having sum(r.amount) > (select sum(o.applied) from transfer_credit o where o.call_id = c.call_id and o.payer_iban = c.payer_iban)
union all -- I54 a repayment has exactly the entries that its status implies
select 'I54', r.repayment_id
  from repayment r cross join lateral (
       select count(*) filter (where e.kind = 'repayment') as p, count(*) filter (where e.kind = 'repayment_returned') as b
         from entry e where e.partner_id = r.partner_id and e.ref = r.repayment_id) x
 where (x.p, x.b) <> (case when r.status in ('paid', 'returned') then 1 else 0 end, case r.status when 'returned' then 1 else 0 end)
union all -- I55 the connector's account is what came in, without what paid and what went back
select 'I55', a.account_id::text from account a
 where a.kind = 'acquirer_receivable' and a.user_id = 'bank'
   and coalesce((select sum(q.amount) from posting q where q.account_id = a.account_id), 0)
       <> coalesce((select sum(t.amount) from transfer t join acquirer_call c on c.call_id = t.call_id
                     where c.state = 'ok' and t.partner_id = a.partner_id and t.currency = a.currency), 0)
          - coalesce((select sum(case when c.reversed_at is null then c.amount else 0 end) from transfer_credit c
                       where c.partner_id = a.partner_id and c.currency = a.currency), 0)
          + coalesce((select sum(r.amount) from repayment r
                       where r.partner_id = a.partner_id and r.currency = a.currency and r.status = 'paid'), 0)
          - coalesce((select sum(f.amount) from refund f join payment p on p.payment_id = f.payment_id join transfer t on t.call_id = p.charge_id
                       where f.status = 'succeeded' and f.partner_id = a.partner_id and f.currency = a.currency), 0);

-- The views of before are what they were, with the new kinds of entries, the orders' further transfers and these; a sandbox's clock stops for
-- what its transfers wait for. Whoever changed them last.
do $$
declare
    change text[];
    definition text;
begin
    foreach change slice 1 in array array[
        ['v_inv_ledger', '''write_off''::text, ',
         '''write_off''::text, ''transfer_credit''::text, ''transfer_reversed''::text, ''repayment''::text, ''repayment_returned''::text, '],
        ['v_inv_payouts', 'FROM payout po\s+WHERE \(po\.msg_id = b\.msg_id\)',
         'FROM (select msg_id, amount from payout union all select msg_id, amount from repayment) po WHERE (po.msg_id = b.msg_id)'],
        ['v_inv_payouts', 'AND \(po\.status IS DISTINCT FROM ''returned''::text\)',
         'AND (po.status IS DISTINCT FROM ''returned''::text) AND (l.repayment_id IS NULL)'],
        ['v_inv', ';$', ' union all select inv, k from v_inv_transfers'],
        ['clock_work', ';$',
         ' union all select ''bank'', clock, created_at, null from repayment where status = ''confirmed'' and clock <> '''''
         ' union all select ''bank'', clock, bank_due_at, bank_due_at from repayment where bank_due_at is not null'
         ' union all select ''transfers'', clock, created_at, null from transfer_ended']]
    loop
        definition := pg_get_viewdef(change[1]::regclass);
        if definition !~ change[2] then
            raise exception '% does not hold %', change[1], change[2];
        end if;
        execute format('create or replace view %s as %s', change[1], regexp_replace(definition, change[2], change[3]));
    end loop;
end $$;
