-- Books from before debts had names of their own (debts_test.c): what was owed for twice had one break, and a line settled what had its name.
set client_min_messages = error;
set session_replication_role = replica;
set search_path to pay;

insert into partner (partner_id, name, platform_bp, partner_bp, created_at) values ('p', 'P', 0, 0, now());
insert into account (account_id, partner_id, kind, user_id, currency, side) overriding system value
values (1, 'p', 'acquirer_receivable', '', 'EUR', 1), (2, 'p', 'disputed', '', 'EUR', -1), (3, 'p', 'platform', '', 'EUR', -1);

insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, acquirer_ref, created_at, due_at, is_open)
select id, op, 'p', payment, 1000, 'EUR', 'ok', 'a_' || id, now(), now(), false
  from (values ('po_a', 'payout', null), ('po_b', 'payout', null), ('chg_c', 'charge', 'pay_c'), ('chg_d', 'charge', 'pay_d')) as v (id, op, payment);
insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, partner_amount, seller_amount, platform_bp,
                     partner_bp, status, description, origins, charge_id, created_at, expires_at, succeeded_at)
select 'pay_' || c, 'p', 's', 'u', 'EUR', 1000, 0, 0, 1000, 0, 0, 'succeeded', 'x', '{}', 'chg_' || c, now(), now(), now() from unnest(array['c', 'd']) as c;
insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, rail, created_at, expires_at)
select id, 'p', 'u', 'r', 1000, 'EUR', sha256(''), 'K7', 'returned', 'card', now(), now() from unnest(array['po_a', 'po_b']) as id;
insert into dispute (dispute_id, partner_id, payment_id, acquirer_ref, sequence, phase, status, reason, currency, amount, fee, fee_bearer, taken, booked,
                     created_at, closed_at)
select 'dp_' || n, 'p', 'pay_d', 'd_' || n, 1, 'chargeback', status, 'general', 'EUR', 700, 15, 'seller', 700, booked, now(), now()
  from (values ('lost', 'lost', 'lost'), ('won', 'won', 'returned'), ('given', 'lost', 'lost')) as v (n, status, booked);

insert into entry (entry_id, partner_id, kind, ref, created_at) overriding system value
select n, 'p', kind, ref, now() - interval '20 days'
  from (values (1, 'payout_paid', 'po_a'), (2, 'payout_returned', 'po_a'), (3, 'payout_paid', 'po_b'), (4, 'payout_returned', 'po_b'),
               (5, 'dispute_hold', 'dp_lost'), (6, 'dispute_hold', 'dp_won'), (7, 'dispute_return', 'dp_won'), (8, 'dispute_hold', 'dp_given'),
               (9, 'charge', 'pay_c'), (10, 'charge', 'pay_d'), (11, 'settlement_break', '105'), (12, 'settlement_break', '104'), (13, 'settlement', 'ST')) as v (n, kind, ref);
insert into posting (entry_id, line, account_id, currency, amount)
select entry, account, account, 'EUR', amount
  from (values (1, 1, -1000), (2, 1, 1000), (3, 1, -1000), (4, 1, 1000), (5, 1, -15), (5, 2, -700), (6, 1, -15), (6, 2, -700), (7, 2, 700), (8, 1, -15),
               (8, 2, -700), (9, 1, 1000), (10, 1, 1000), (11, 1, -1000), (11, 3, 10), (12, 1, 15), (12, 3, -15), (13, 1, -285)) as v (entry, account, amount);

insert into settlement (acquirer_ref, hash, currency, transfer_ref, gross, fee, net, lines, state, imported_by, created_at, booked_at)
values ('ST', sha256(''), 'EUR', 'ST', 0, 0, 0, 4, 'booked', 'o', now() - interval '30 days', now());
insert into settlement_line (line_id, settlement_id, kind, acquirer_id, op_key, gross, fee, outcome, partner_id, expected, done_at) overriding system value
values (1, 1, 'push_return', 'a_po_b', 'po_b', 1000, 0, 'matched', 'p', 1000, now()),
       (2, 1, 'chargeback', 'd_won', 'chg_d', -700, 15, 'matched', 'p', -715, now()),
       (3, 1, 'charge', 'a_chg_c', 'chg_c', 1000, 0, 'resolved', null, 0, now()), -- before it was owed
       (4, 1, 'charge', 'a_chg_d', 'chg_d', 990, 0, 'resolved', null, 0, now());
insert into bank_break (break_id, source, kind, ref, settlement_line, partner_id, amount, currency, detail, created_at, closed_at, closed_by, resolution,
                        entry_id, note) overriding system value
values (101, 'acquirer', 'missing', 'po_a', null, 'p', -1000, 'EUR', 'old', now(), null, null, null, null, null),
       (102, 'acquirer', 'missing', 'po_b', null, 'p', -1000, 'EUR', 'old', now(), now(), 'paysrv', 'matched', null, 'presented late'), -- by its return
       (103, 'acquirer', 'missing', 'dp_lost', null, 'p', -15, 'EUR', 'old', now(), null, null, null, null, null),
       (104, 'acquirer', 'missing', 'dp_given', null, 'p', -15, 'EUR', 'old', now(), now(), 'olga', 'platform', 12, 'x'),
       (105, 'acquirer', 'amount', 'settlement line 4', 4, 'p', 990, 'EUR', 'old', now(), now(), 'olga', 'platform', 11, 'x');
insert into settlement_entry (entry_id, settlement_id, partner_id, currency, on_the_way) values (11, 1, 'p', 'EUR', 0), (12, null, 'p', 'EUR', 0), (13, 1, 'p', 'EUR', 285);
insert into reconcile_mark (name, position) values ('entries', 100);
