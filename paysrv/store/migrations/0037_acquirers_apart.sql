-- What several acquirers call by the same name is apart; registries of wallets; transfers that the bank takes back are booked to whoever bears
-- them, and what an operator sends by hand has a second one (docs/decisions/0065).

-- Names of an acquirer's are its own: two may call different operations the same.
drop index acquirer_call_ref_key;
create unique index acquirer_call_ref_key on acquirer_call (op, acquirer_ref, coalesce(acquirer, '')) where acquirer_ref is not null;

-- descriptor: what the buyer's statement says; the store's when the operation was made, because the same key is sent with the same body.
alter table acquirer_call add column descriptor text;

-- clearing: whose account it settles (account.user_id): '' for cards, else the connector's name.
alter table settlement
    add column clearing text not null default '',
    drop constraint settlement_ref_key;
create unique index settlement_ref_key on settlement (clearing, acquirer_ref);
alter table settlement_line add column clearing text not null default '';
drop index settlement_line_once;
create unique index settlement_line_once on settlement_line (clearing, kind, acquirer_id) where outcome = 'matched';
drop index settlement_line_name;
create index settlement_line_name on settlement_line (kind, acquirer_id, clearing);
insert into bank_channel (name, last_file) values ('wallet', 0);

create or replace view settlement_line_ours as
select l.line_id, l.settlement_id, l.kind, l.acquirer_id, l.op_key, l.gross, l.fee, l.outcome, s.currency, s.state as settlement_state,
       coalesce(c.call_id, d.dispute_id) as op,
       coalesce(c.partner_id, d.partner_id) as partner_id,
       exists (select from settlement_line x
                where x.kind = l.kind and x.acquirer_id = l.acquirer_id and x.clearing = l.clearing and x.line_id <> l.line_id
                  and (x.outcome = 'matched' or x.line_id < l.line_id)) as is_repeated,
       coalesce(case l.kind when 'push_return' then po.status = 'returned' else c.state = 'ok' end,
                case l.kind when 'chargeback' then d.booked <> 'none' else d.booked = 'returned' end, false) as is_final,
       exists (select from bank_break b
                where b.kind = 'missing' and b.ref = coalesce(c.call_id, d.dispute_id) and b.entry_id is not null) as is_written_off,
       exists (select from acquirer_call p where p.call_id = l.op_key and p.is_open) as is_pending,
       coalesce(case when l.kind in ('refund', 'push') then -c.amount else c.amount end,
                case l.kind when 'chargeback' then -d.taken else d.taken end, 0) as our_gross,
       coalesce(case l.kind when 'chargeback' then d.fee end, 0) as booked_fee,
       l.clearing
  from settlement_line l
  join settlement s on s.settlement_id = l.settlement_id
  left join acquirer_call c on c.call_id = l.op_key and c.acquirer_ref = l.acquirer_id and c.currency = s.currency
                           and coalesce(c.acquirer, s.acquirer, '') = coalesce(s.acquirer, c.acquirer, '')
                           and (l.kind, c.op) in (('charge', 'charge'), ('capture', 'capture'), ('refund', 'refund'), ('refund', 'late_refund'),
                                                  ('push', 'payout'), ('push_return', 'payout'))
  left join payout po on po.payout_id = c.call_id and c.op = 'payout'
  left join dispute d on d.acquirer_ref = l.acquirer_id and d.currency = s.currency and d.phase = 'chargeback'
                     and l.kind in ('chargeback', 'chargeback_reversal') and l.clearing = '';

-- canceled: it was never ordered, because the bank took back what it would have given; offset: a refund that needs no order, as the bank has
-- given that money back already.
alter table repayment
    drop constraint repayment_status_check,
    drop constraint repayment_check1,
    drop constraint repayment_check2,
    add constraint repayment_status_check check (status in ('confirmed', 'sent', 'unknown', 'paid', 'rejected', 'returned', 'canceled', 'offset')),
    add constraint repayment_ordered check ((status in ('confirmed', 'canceled', 'offset')) = (msg_id is null)),
    add constraint repayment_ended check ((status in ('paid', 'rejected', 'returned', 'canceled', 'offset')) = (closed_at is not null));

-- given_up: what is owed for a credit that the bank took back and somebody else bears by an entry; negative.
alter table transfer_credit add column given_up bigint not null default 0 check (given_up <= 0);
alter table bank_break drop constraint bank_break_resolution_check,
    add constraint bank_break_resolution_check check (resolution in ('platform', 'suspense', 'matched', 'refunded'));

-- Below zero: what the bank took back and nobody has made good.
create or replace view transfer_held as
select c.credit_id, c.call_id, c.partner_id, c.clock, c.payment_id, c.currency, c.settled_at is not null as is_settled,
       case when c.reversed_at is null then c.amount else 0 end - c.applied - c.given_up
       - coalesce(sum(r.amount) filter (where r.reason <> 'refund' and r.status not in ('rejected', 'returned', 'canceled')), 0)
       + coalesce(sum(r.amount) filter (where r.reason = 'refund' and r.status in ('returned', 'offset')), 0) as held,
       c.reversed_at is not null as is_reversed
  from transfer_credit c left join repayment r on r.credit_id = c.credit_id
 group by c.credit_id;

-- A second operator for what one sends by hand: to whom stands in it.
alter table manual_entry
    drop constraint manual_entry_kind_check,
    drop constraint manual_entry_borne_by_check,
    add column iban text,
    add column holder_name text,
    add constraint manual_entry_kind_check check (kind in ('write_off', 'resolve', 'send', 'assign')),
    add constraint manual_entry_borne_by_check check (borne_by in ('platform', 'partner', 'suspense', 'payer', 'payment')),
    add constraint manual_entry_to check ((kind = 'send') = (iban is not null) and (kind = 'send') = (holder_name is not null)
                                          and (kind = 'send') = (borne_by = 'payer') and (kind = 'assign') = (borne_by = 'payment'));

-- What an operator gave to a payment is known again when another message shows it.
create index bank_line_credit_name on bank_line (reference) where credit_id is not null;

-- The invariants are what they were, but for these.
do $$
declare
    change text[];
    definition text;
begin
    foreach change slice 1 in array array[
        -- I42 the entry of a registry is found by the registry, whose name another acquirer may give as well
        ['v_inv_settlements', 'LEFT JOIN entry e ON \(+e\.partner_id = l\.partner_id\)[^=]+= ''settlement''::text\)[^=]+= s\.acquirer_ref\)+',
         'LEFT JOIN (select x.settlement_id, x.partner_id as who, e.entry_id from settlement_entry x join entry e on e.entry_id = x.entry_id
                      where e.kind = ''settlement'') e ON (e.settlement_id = s.settlement_id and e.who = l.partner_id))'],
        -- I51 notices repeat what other notices said; a statement, whose balances tell, does not
        ['v_inv_transfers', 'GROUP BY c\.credit_id, f\.kind\s+HAVING', 'group by c.credit_id, f.kind, case f.kind when ''camt.054'' then f.file_id end having'],
        -- I52 what the bank took back is made good, or has somebody who looks at it
        ['v_inv_transfers', 'WHERE \(+h\.is_settled AND \(h\.held > \(?0\)?(::numeric)?\)',
         'WHERE (h.is_reversed and h.held < 0 and h.clock = '''' and not exists (select from bank_break b where b.kind = ''reversed''
                                                                                  and b.ref = ''credit '' || h.credit_id)
              or h.is_settled AND h.held > 0'],
        ['v_inv_transfers', 'WHEN ''rejected''::text THEN ''failed''::text', 'when ''rejected'' then ''failed'' when ''offset'' then coalesce(nullif(f.status, ''failed''), ''succeeded'')'],
        -- I55 but for what somebody else bears
        ['v_inv_transfers', 'WHERE \(+q\.account_id = a\.account_id\)\), \(?0\)?(::numeric)?\) <> ', 'WHERE q.account_id = a.account_id), 0) <>
            coalesce((select sum(c.given_up) from transfer_credit c where c.partner_id = a.partner_id and c.currency = a.currency), 0) + ']]
    loop
        definition := pg_get_viewdef(change[1]::regclass);
        if definition !~ change[2] then
            raise exception '% does not hold %', change[1], change[2];
        end if;
        execute format('create or replace view %s as %s', change[1], regexp_replace(definition, change[2], change[3]));
    end loop;
end $$;
