-- Payouts, the codes that confirm them, the mails that carry the codes, and the batches sent to the bank.

create table bank_batch (
    msg_id      text primary key check (length(msg_id) between 1 and 35),
    debtor_name text not null,                   -- as it was when the batch was made: the file can be written again
    debtor_iban text not null,
    debtor_bic  text,
    transfers   integer not null check (transfers > 0),
    total       bigint not null check (total > 0),
    created_at  timestamptz not null,
    settled_at  timestamptz
);

create table payout (
    payout_id    text primary key,
    partner_id   text not null,
    user_id      text not null,
    requisite_id text not null,
    amount       bigint not null check (amount > 0 and amount <= 100000000000),
    currency     text not null check (currency ~ '^[A-Z]{3}$'),
    destination  bytea not null check (length(destination) = 32),   -- hash of account and holder
    label        text not null,                  -- "K7": on screen and in the mail
    status       text not null check (status in ('awaiting_code', 'confirmed', 'sent', 'paid', 'canceled', 'expired')),
    msg_id       text references bank_batch,
    created_at   timestamptz not null,
    expires_at   timestamptz not null,           -- of the code
    confirmed_at timestamptz,
    sent_at      timestamptz,
    paid_at      timestamptz,
    closed_at    timestamptz,                    -- canceled or expired
    foreign key (partner_id, user_id) references pay_user (partner_id, user_id),
    foreign key (partner_id, requisite_id) references requisite (partner_id, requisite_id),
    check ((status in ('sent', 'paid')) = (msg_id is not null))
) with (fillfactor = 70);
create index payout_of_partner on payout (partner_id, payout_id);
create index payout_of_user on payout (partner_id, user_id, payout_id);
create index payout_open on payout (expires_at) where status = 'awaiting_code';
create index payout_confirmed on payout (payout_id) where status = 'confirmed';
create index payout_of_batch on payout (msg_id) where msg_id is not null;

-- One row per code that was mailed; one of a payout is live. The digits are kept as a MAC under a key outside the database.
create table payout_code (
    code_id      bigint generated always as identity primary key,
    payout_id    text not null references payout,
    code_key     bytea not null check (length(code_key) = 32),
    mac          bytea not null check (length(mac) = 32),
    bind_hash    bytea not null check (length(bind_hash) = 32),
    attempts     integer not null check (attempts >= 0),
    max_attempts integer not null,
    resends      integer not null check (resends between 0 and 3),
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    is_live      boolean not null default true,
    consumed_at  timestamptz,
    check (attempts <= max_attempts),
    check (consumed_at is null or (not is_live and consumed_at < expires_at))
) with (fillfactor = 70);
create unique index payout_code_live on payout_code (payout_id) where is_live;
create unique index payout_code_consumed on payout_code (payout_id) where consumed_at is not null;

-- The outbox of mails. What a mail says is sealed, and forgotten as soon as it was sent or given up.
create table mail (
    mail_id    text primary key,
    kind       text not null,
    recipient  text not null,
    content    bytea,                            -- sealed subject and text
    tries      integer not null default 0,
    due_at     timestamptz not null,
    created_at timestamptz not null,
    sent_at    timestamptz,
    failed_at  timestamptz,
    check ((content is null) = (sent_at is not null or failed_at is not null))
) with (fillfactor = 70);
create index mail_due on mail (due_at) where sent_at is null and failed_at is null;

create view v_inv_payouts as
-- I13 a payout has exactly the entries that its status implies
select 'I13' as inv, po.payout_id as k
  from payout po cross join lateral (
       select count(*) filter (where e.kind = 'payout_hold') as h, count(*) filter (where e.kind = 'payout_paid') as p,
              count(*) filter (where e.kind = 'payout_canceled') as c, count(*) filter (where e.kind = 'payout_returned') as r
         from entry e where e.partner_id = po.partner_id and e.ref = po.payout_id) x
 where not case po.status when 'awaiting_code' then h + p + c + r = 0
                          when 'expired' then h + p + c + r = 0
                          when 'confirmed' then h = 1 and p + c + r = 0
                          when 'sent' then h = 1 and p + c + r = 0
                          when 'paid' then h = 1 and p = 1 and c + r = 0
                          when 'canceled' then h = c and h <= 1 and p + r = 0 end
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
select 'I21', payout_id from payout where (status in ('confirmed', 'sent', 'paid')) and confirmed_at is null
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
union all -- I27 what is in transit is exactly what is confirmed or sent
select 'I27', a.account_id::text from account a
 where a.kind = 'payout_transit'
   and -coalesce((select sum(q.amount) from posting q where q.account_id = a.account_id), 0)
       <> coalesce((select sum(po.amount) from payout po
                     where po.partner_id = a.partner_id and po.user_id = a.user_id and po.currency = a.currency
                        and po.status in ('confirmed', 'sent')), 0);

create or replace view v_inv as
select inv, k from v_inv_ledger
union all
select inv, k from v_inv_payouts;
