-- Requisites besides bank accounts, and payouts that go out by a call of a connector instead of a bank's file (docs/decisions/0059).

-- rail: how a payout to it leaves. acquirer: the connector that knows the token (of a card) or the wallet by that name. fingerprint: the
-- same for the same card or wallet, whoever's it is. masked: as people see it. destination: hash of what decides where
-- money goes; codes are bound to it.
alter table requisite
    drop constraint requisite_kind_check,
    alter column iban drop not null,
    alter column holder_name drop not null,
    alter column country drop not null,
    alter column town drop not null,
    add column rail text not null generated always as (case kind when 'bank_account' then 'bank' else kind end) stored,
    add column acquirer text,
    add column token text,
    add column fingerprint text,
    add column brand text,
    add column last4 text check (last4 ~ '^[0-9]{4}$'),
    add column exp_month integer check (exp_month between 1 and 12),
    add column exp_year integer check (exp_year between 2000 and 9999),
    add column masked text,
    add column destination bytea check (length(destination) = 32);
update requisite
   set masked = left(iban, 2) || '•• •••• ' || right(iban, 4),
       destination = sha256(convert_to(iban || '|' || coalesce(bic, '') || '|' || holder_name, 'UTF8'));
alter table requisite
    alter column masked set not null,
    alter column destination set not null,
    add constraint requisite_kind_check check (kind in ('bank_account', 'card', 'wallet')),
    add constraint requisite_of_kind check (case kind
        when 'bank_account' then num_nulls(iban, holder_name, country, town) = 0
                                 and num_nonnulls(acquirer, token, fingerprint, brand, last4, exp_month, exp_year) = 0
        when 'card' then num_nonnulls(iban, bic, country, town) = 0
                         and num_nulls(acquirer, token, fingerprint, brand, last4, exp_month, exp_year) = 0
        else num_nonnulls(iban, bic, country, town, brand, last4, exp_month, exp_year) = 0
             and num_nulls(acquirer, token, fingerprint) = 0 end);
create index requisite_of_fingerprint on requisite (fingerprint) where fingerprint is not null;

alter table payout
    add column rail text not null default 'bank' check (rail in ('bank', 'card', 'wallet')),
    drop constraint payout_sent_in_batch,
    add constraint payout_sent_in_batch check (case when rail <> 'bank' then msg_id is null else status = 'rejected'
                                               or (status in ('sent', 'unknown', 'paid', 'returned')) = (msg_id is not null) end);
create index payout_to_send on payout (payout_id) where status = 'confirmed' and rail <> 'bank';

-- A payout's call has the payout's name, and no payment.
alter table acquirer_call
    alter column payment_id drop not null,
    add constraint acquirer_call_subject check ((payment_id is null) = (op = 'payout')) not valid;

-- What the acquirer has sent to cards for us is deducted from what it settles, and given back when it came back.
alter table settlement_line
    drop constraint settlement_line_kind_check,
    add constraint settlement_line_kind_check check (kind in ('charge', 'capture', 'refund', 'chargeback', 'chargeback_reversal', 'push',
                                                              'push_return', 'adjustment'));

create or replace view settlement_line_ours as
select l.line_id, l.settlement_id, l.kind, l.acquirer_id, l.op_key, l.gross, l.fee, l.outcome, s.currency, s.state as settlement_state,
       coalesce(c.call_id, d.dispute_id) as op,
       coalesce(c.partner_id, d.partner_id) as partner_id,
       exists (select from settlement_line x
                where x.kind = l.kind and x.acquirer_id = l.acquirer_id and x.line_id <> l.line_id
                  and (x.outcome = 'matched' or x.line_id < l.line_id)) as is_repeated,
       coalesce(case l.kind when 'push_return' then po.status = 'returned' else c.state = 'ok' end,
                case l.kind when 'chargeback' then d.booked <> 'none' else d.booked = 'returned' end, false) as is_final,
       exists (select from bank_break b
                where b.kind = 'missing' and b.ref = coalesce(c.call_id, d.dispute_id) and b.entry_id is not null) as is_written_off,
       exists (select from acquirer_call p where p.call_id = l.op_key and p.is_open) as is_pending,
       coalesce(case when l.kind in ('refund', 'push') then -c.amount else c.amount end,
                case l.kind when 'chargeback' then -d.taken else d.taken end, 0) as our_gross,
       coalesce(case l.kind when 'chargeback' then d.fee end, 0) as booked_fee
  from settlement_line l
  join settlement s on s.settlement_id = l.settlement_id
  left join acquirer_call c on c.call_id = l.op_key and c.acquirer_ref = l.acquirer_id and c.currency = s.currency
                           and coalesce(c.acquirer, s.acquirer, '') = coalesce(s.acquirer, c.acquirer, '')
                           and (l.kind, c.op) in (('charge', 'charge'), ('capture', 'capture'), ('refund', 'refund'), ('refund', 'late_refund'),
                                                  ('push', 'payout'), ('push_return', 'payout'))
  left join payout po on po.payout_id = c.call_id and c.op = 'payout'
  left join dispute d on d.acquirer_ref = l.acquirer_id and d.currency = s.currency and d.phase = 'chargeback'
                     and l.kind in ('chargeback', 'chargeback_reversal');

create view v_inv_rails as
-- I13 a payout by a call has exactly the call that its status implies, for exactly its amount
select 'I13' as inv, po.payout_id as k
  from payout po left join acquirer_call c on c.call_id = po.payout_id and c.op = 'payout'
 where po.rail <> 'bank'
   and not case when po.status in ('sent', 'unknown') then coalesce(c.state in ('sent', 'unknown'), false)
                when po.status in ('paid', 'returned') then coalesce(c.state = 'ok', false)
                when po.status = 'rejected' then c.call_id is null or c.state = 'declined'
                else c.call_id is null end
union all
select 'I13', 'call/' || c.call_id from acquirer_call c left join payout po on po.payout_id = c.call_id
 where c.op = 'payout' and (po.rail is null or po.rail = 'bank' or po.partner_id <> c.partner_id or po.amount <> c.amount
                            or po.currency <> c.currency)
union all -- I22 a payout goes to where its requisite is, by that rail, and its money comes from where that rail takes it
select 'I22', po.payout_id from payout po join requisite r on r.partner_id = po.partner_id and r.requisite_id = po.requisite_id
 where po.rail <> r.rail or po.confirmed_at is not null and po.destination <> r.destination
   and not exists (select from payout_fee f where f.payout_id = po.payout_id) -- which is in the hash as well
union all
select 'I22', 'entry/' || e.entry_id
  from entry e join payout po on po.partner_id = e.partner_id and po.payout_id = e.ref
 where e.kind in ('payout_paid', 'payout_returned')
   and not exists (select from posting q join account a on a.account_id = q.account_id
                    where q.entry_id = e.entry_id and a.kind = case po.rail when 'bank' then 'bank' else 'acquirer_receivable' end)
union all -- I32 an order to the bank has only what goes by the bank
select 'I32', payout_id from payout where rail <> 'bank' and (msg_id is not null or bank_due_at is not null);

-- The views before are what they were, with this kind of call and this view added: whoever changed them last.
do $$
declare
    ledger text := pg_get_viewdef('v_inv_ledger'::regclass);
    known text := '''void''::text, ''late_void''::text';
begin
    if position(known in ledger) = 0 then
        raise exception 'v_inv_ledger does not list the kinds of calls';
    end if;
    execute 'create or replace view v_inv_ledger as ' || replace(ledger, known, '''payout''::text, ' || known);
    execute 'create or replace view v_inv as ' || rtrim(pg_get_viewdef('v_inv'::regclass), ';')
            || ' union all select inv, k from v_inv_rails';
end $$;
