-- What would be wrong with the books, one change at a time, in what the worlds before have left: the schema refuses it, or its rule finds it
-- (v_inv; `paysrv ledger check`) in the view that it is of: rules of several views have one name. Triggers and foreign keys are off, as for whoever
-- can write to the tables. One that neither refuses nor finds is printed, one that changes nothing, and each rule of a view that has no change here.
-- Run by broken_test.c; nothing of it stays.
\set ON_ERROR_STOP on
set client_min_messages = error;
create temp table broken (n int generated always as identity, view text, rule text, change text, verdict text);
insert into broken (view, rule, change)
select 'v_inv_' || part, rule, change from (values
    ('ledger', 'I01', $$update posting set amount = amount + 1 where (entry_id, line) = (select entry_id, line from posting limit 1)$$),
    ('ledger', 'I02', $$delete from posting where entry_id = (select max(entry_id) from entry)$$),
    ('ledger', 'I03', $$update posting set currency = 'XTS' where (entry_id, line) = (select entry_id, line from posting limit 1)$$),
    ('ledger', 'I03', $$update account set partner_id = 'nobody' where account_id = (select account_id from posting limit 1)$$),
    ('ledger', 'I04', $$update posting set amount = 0 where (entry_id, line) = (select entry_id, line from posting limit 1)$$),
    ('ledger', 'I05', $$update balance set posted = posted + 1 where account_id = (select account_id from balance where is_spent limit 1)$$),
    ('ledger', 'I06', $$update balance set posted = -1, pending_out = 0, negative_since = null where account_id = (select account_id from balance where is_spent limit 1)$$),
    ('ledger', 'I07', $$update posting set amount = amount + 1 where (entry_id, line) = (select entry_id, line from posting limit 1)$$),
    ('ledger', 'I08', $$update payment set captured = captured - 1 where payment_id = (select payment_id from payment where captured > 0 limit 1)$$),
    ('ledger', 'I08', $$update payment set capturing = 1 where payment_id = (select payment_id from payment where captured > 0 limit 1)$$),
    ('ledger', 'I08', $$update capture set amount = amount + 1, platform_amount = platform_amount + 1 where capture_id = (select capture_id from capture where status = 'succeeded' limit 1)$$),
    ('ledger', 'I09', $$update payment set refunded = refunded + 1 where payment_id = (select payment_id from payment where status = 'succeeded' limit 1)$$),
    ('ledger', 'I09', $$update payment set disputed = disputed + 1 where payment_id = (select payment_id from payment where status = 'succeeded' limit 1)$$),
    ('ledger', 'I10', $$update refund set currency = 'XTS' where refund_id = (select refund_id from refund limit 1)$$),
    ('ledger', 'I11', $$delete from entry where entry_id = (select entry_id from entry where kind = 'charge' limit 1)$$),
    ('ledger', 'I11', $$delete from entry where entry_id = (select entry_id from entry where kind = 'capture' limit 1)$$),
    ('ledger', 'I11', $$delete from entry where entry_id = (select entry_id from entry where kind = 'late_charge' limit 1)$$),
    ('ledger', 'I11', $$delete from entry where entry_id = (select entry_id from entry where kind = 'refund' limit 1)$$),
    ('ledger', 'I11', $$update entry set ref = 'nothing' where entry_id = (select entry_id from entry where kind = 'late_refund' limit 1)$$),
    ('reversals', 'I11', $$delete from entry where entry_id = (select entry_id from entry where kind = 'late_settled' limit 1)$$),
    ('reversals', 'I11', $$delete from reversal_decision where call_id = (select ref from entry where kind = 'late_settled' limit 1)$$),
    ('ledger', 'I12', $$update payment set seller_amount = seller_amount + 1 where payment_id = (select ref from entry where kind = 'charge' limit 1)$$),
    ('ledger', 'I12', $$update capture set platform_amount = platform_amount + 1 where capture_id = (select ref from entry where kind = 'capture' limit 1)$$),
    ('ledger', 'I12', $$update refund set partner_amount = partner_amount + 1 where refund_id = (select ref from entry where kind = 'refund' limit 1)$$),
    ('ledger', 'I12', $$update acquirer_call set amount = amount + 1 where call_id = (select ref from entry where kind = 'late_charge' limit 1)$$),
    ('payouts', 'I12', $$update payout set amount = amount + 1 where payout_id = (select payout_id from payout where status = 'paid' limit 1)$$),
    ('ledger', 'I12', $$update posting set amount = 2 * amount where entry_id = (select entry_id from entry where kind = 'late_settled' limit 1)$$),
    ('payouts', 'I13', $$update payout set status = 'confirmed' where payout_id = (select payout_id from payout where status = 'paid' limit 1)$$),
    ('payouts', 'I13', $$update payout set status = 'paid' where payout_id = (select payout_id from payout where status = 'rejected' limit 1)$$),
    ('rails', 'I13', $$update acquirer_call set state = 'declined' where call_id = (select payout_id from payout where rail <> 'bank' and status = 'paid' limit 1)$$),
    ('payouts', 'I13', $$update entry set ref = 'po_nothing' where entry_id = (select entry_id from entry where kind = 'payout_hold' limit 1)$$),
    ('ledger', 'I14', $$update acquirer_call set state = 'declined' where call_id = (select charge_id from payment where status = 'succeeded' limit 1)$$),
    ('ledger', 'I14', $$update acquirer_call set state = 'ok', is_abandoned = false, payment_id = (select payment_id from payment where status = 'succeeded' limit 1) where call_id = (select call_id from acquirer_call where op = 'charge' and state = 'declined' limit 1)$$),
    ('ledger', 'I14', $$delete from acquirer_call where payment_id = (select payment_id from acquirer_call where op in ('late_void', 'late_refund') limit 1) and op like 'late%'$$),
    ('ledger', 'I14', $$insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, charge_ref, acquirer, created_at, due_at) select 'rev_second', op, partner_id, payment_id, amount, currency, 'intent', charge_ref, acquirer, now(), now() from acquirer_call where op in ('late_void', 'late_refund') and state = 'ok' limit 1$$),
    ('reversals', 'I14', $$delete from acquirer_call where call_id = (select r.call_id from acquirer_call r where r.op in ('late_void', 'late_refund') and r.state = 'ok' and exists (select from acquirer_call f where f.charge_ref = r.charge_ref and f.state = 'declined' and f.op = r.op) limit 1)$$),
    ('reversals', 'I14', $$delete from anomaly where kind = 'reversal_refused'$$),
    ('reversals', 'I14', $$update acquirer_call set state = 'ok' where call_id = (select call_id from reversal_decision where decision = 'settled' limit 1)$$),
    ('ledger', 'I15', $$update payment set charge_id = 'nothing' where payment_id = (select payment_id from payment where status = 'succeeded' limit 1)$$),
    ('ledger', 'I15', $$update acquirer_call set is_abandoned = true, state = 'sent', is_open = true where call_id = (select call_id from acquirer_call where op = 'charge' limit 1)$$),
    ('ledger', 'I15', $$update capture set status = 'pending' where capture_id = (select capture_id from capture where status = 'succeeded' limit 1)$$),
    ('ledger', 'I15', $$update refund set status = 'pending' where refund_id = (select refund_id from refund where status = 'succeeded' limit 1)$$),
    ('ledger', 'I15', $$update payment set is_voiding = true where payment_id = (select payment_id from payment where status = 'succeeded' limit 1)$$),
    ('ledger', 'I16', $$update acquirer_call set state = 'unknown', is_open = true, created_at = now() - interval '2 days' where call_id = (select call_id from acquirer_call limit 1)$$),
    ('ledger', 'I17', $$update posting set amount = amount + 1 where (entry_id, line) = (select p.entry_id, p.line from posting p join entry e on e.entry_id = p.entry_id where e.reverses is not null limit 1)$$),
    ('ledger', 'I17', $$update entry set reverses = (select entry_id from entry where reverses is not null limit 1) where entry_id = (select max(entry_id) from entry where reverses is not null)$$),
    ('ledger', 'I18', $$update idempotency set op = 'the same' where route = '/v1/payments'$$),
    ('ledger', 'I19', $$update idempotency set status = null, body = null, created_at = now() - interval '1 hour' where (partner_id, route, key) = (select i.partner_id, i.route, i.key from idempotency i where not exists (select from acquirer_call c where c.call_id = i.op) limit 1)$$),
    ('payouts', 'I20', $$update payout_code set attempts = max_attempts + 1 where code_id = (select code_id from payout_code limit 1)$$),
    ('payouts', 'I20', $$update payout_code set consumed_at = expires_at where code_id = (select code_id from payout_code where consumed_at is not null limit 1)$$),
    ('payouts', 'I21', $$update payout_code set bind_hash = sha256('x') where subject = (select payout_id from payout where confirmed_at is not null and list_id is null and schedule_id is null limit 1)$$),
    ('payouts', 'I21', $$update payout set amount = amount + 1 where payout_id = (select payout_id from payout where confirmed_at is not null and schedule_id is null limit 1)$$),
    ('payouts', 'I21', $$update payout set confirmed_at = null where payout_id = (select payout_id from payout where status = 'paid' limit 1)$$),
    ('payouts', 'I22', $$update requisite set user_id = 'nobody' where requisite_id = (select requisite_id from payout where confirmed_at is not null limit 1)$$),
    ('rails', 'I22', $$update payout set destination = sha256('x') where payout_id = (select payout_id from payout where rail <> 'bank' and confirmed_at is not null and payout_id not in (select payout_id from payout_fee) limit 1)$$),
    ('ledger', 'I23', $$update balance set pending_out = pending_out + 1 where account_id = (select account_id from balance where is_spent and posted > pending_out limit 1)$$),
    ('ledger', 'I24', $$delete from event where entry_id = (select max(entry_id) from event)$$),
    ('clocks', 'I25', $$update repayment set clock = case clock when '' then 'odd' else '' end where repayment_id = (select repayment_id from repayment where msg_id is not null limit 1)$$),
    ('clocks', 'I25', $$update payout set clock = 'odd' where payout_id = (select payout_id from bank_line where payout_id is not null and outcome = 'applied' limit 1)$$),
    ('clocks', 'I25', $$update bank_line set repayment_id = (select repayment_id from repayment where clock <> '' limit 1) where line_id = (select line_id from bank_line where outcome = 'applied' limit 1)$$),
    ('clocks', 'I25', $$update acquirer_call set acquirer = 'stripe' where call_id = (select c.call_id from acquirer_call c join partner n on n.partner_id = c.partner_id where n.is_sandbox limit 1)$$),
    ('payouts', 'I26', $$update bank_batch set total = total + 1 where msg_id = (select msg_id from bank_batch limit 1)$$),
    ('payouts', 'I26', $$update bank_batch set transfers = transfers + 1 where msg_id = (select msg_id from bank_batch limit 1)$$),
    ('payouts', 'I27', $$update payout set status = 'sent' where payout_id = (select payout_id from payout where status = 'paid' limit 1)$$),
    ('seals', 'I28', $$update ledger_seal set prev = sha256('x') where seal_id = 2$$),
    ('seals', 'I28', $$update ledger_seal set first_entry = first_entry + 1 where seal_id = 2$$),
    ('ledger', 'I29', $$update payment set currency = 'eur' where payment_id = (select payment_id from payment limit 1)$$),
    ('ledger', 'I29', $$update payment set status = 'odd' where payment_id = (select payment_id from payment limit 1)$$),
    ('ledger', 'I29', $$update entry set kind = 'odd' where entry_id = (select max(entry_id) from entry)$$),
    ('ledger', 'I29', $$update acquirer_call set is_open = not is_open where call_id = (select call_id from acquirer_call limit 1)$$),
    ('ledger', 'I29', $$update idempotency set fingerprint = 'x' where (partner_id, route, key) = (select partner_id, route, key from idempotency limit 1)$$),
    ('ledger', 'I30', $$update capture set seller_amount = seller_amount + 1, platform_amount = platform_amount - 1 where capture_id = (select capture_id from capture limit 1)$$),
    ('payouts', 'I30', $$update payout set status = 'paid' where payout_id = (select payout_id from bank_line where kind = 'return' and outcome = 'applied' and payout_id is not null limit 1)$$),
    ('ledger', 'I31', $$update payment set split_profile_id = 'none' where payment_id = (select payment_id from payment limit 1)$$),
    ('payouts', 'I31', $$update payout set needs_approval = true where payout_id = (select p.payout_id from payout p where p.status = 'paid' and not exists (select from payout_decision d where d.payout_id = p.payout_id) limit 1)$$),
    ('disputes', 'I32', $$update dispute set booked = 'returned' where dispute_id = (select dispute_id from dispute where booked = 'lost' limit 1)$$),
    ('disputes', 'I32', $$delete from dispute_step where entry_id = (select entry_id from dispute_step where entry_id is not null limit 1)$$),
    ('disputes', 'I32', $$update dispute set taken = taken + 1 where dispute_id = (select dispute_id from dispute_step where step = 'hold' limit 1)$$),
    ('rails', 'I32', $$update payout set clock = 'odd', bank_due_at = now() where payout_id = (select payout_id from payout where rail <> 'bank' limit 1)$$),
    ('accounts', 'I32', $$update payout set currency = 'XTS' where payout_id = (select payout_id from payout where msg_id is not null limit 1)$$),
    ('accounts', 'I32', $$update bank_batch set currency = 'XTS' where msg_id = (select msg_id from repayment where msg_id is not null limit 1)$$),
    ('disputes', 'I33', $$update dispute_step set platform_amount = platform_amount + 1 where entry_id = (select entry_id from dispute_step where entry_id is not null limit 1)$$),
    ('disputes', 'I33', $$update dispute_step set seller_amount = seller_amount + 1 where entry_id = (select entry_id from dispute_step where entry_id is not null limit 1)$$),
    ('disputes', 'I34', $$update dispute set booked = 'held' where dispute_id = (select dispute_id from dispute where booked = 'lost' and taken > 0 limit 1)$$),
    ('disputes', 'I34', $$update dispute set currency = 'XTS' where dispute_id = (select dispute_id from dispute limit 1)$$),
    ('disputes', 'I35', $$update balance_relief set amount = amount + 1 where relief_id = (select relief_id from balance_relief limit 1)$$),
    ('disputes', 'I35', $$delete from balance_relief$$),
    ('disputes', 'I36', $$update balance set held = held + 1 where account_id = (select account_id from balance where is_spent limit 1)$$),
    ('recurring', 'I40', $$update invoice set due = due + 1 where invoice_id = (select invoice_id from invoice where status = 'paid' and due > 0 limit 1)$$),
    ('recurring', 'I40', $$update invoice set payment_id = 'nothing' where invoice_id = (select invoice_id from invoice where status = 'paid' and due > 0 limit 1)$$),
    ('settlements', 'I40', $$update posting set account_id = (select account_id from account where kind = 'settlement' limit 1) where (entry_id, line) = (select entry_id, line from posting limit 1)$$),
    ('settlements', 'I40', $$with s as (insert into settlement (acquirer_ref, hash, currency, transfer_ref, gross, fee, net, lines, state, imported_by, created_at, booked_at, paid_at) values ('broken', sha256('broken'), 'EUR', 'broken', 0, 0, 0, 0, 'paid', 'x', now(), now(), now()) returning settlement_id) insert into settlement_entry (entry_id, settlement_id, partner_id, currency, on_the_way) select 0, s.settlement_id, p.partner_id, 'EUR', 1 from s cross join (select partner_id from partner limit 1) p$$),
    ('recurring', 'I41', $$update subscription set status = 'active', due_at = null, canceled_at = null, end_look_at = cancel_at where subscription_id = (select s.subscription_id from subscription s where s.status = 'canceled' and not exists (select from invoice i where i.subscription_id = s.subscription_id and i.status = 'open') limit 1)$$),
    ('settlements', 'I41', $$insert into settlement_entry (entry_id, partner_id, currency, on_the_way) select e.entry_id, e.partner_id, 'EUR', 1 from entry e where not exists (select from settlement_entry x where x.entry_id = e.entry_id) limit 1$$),
    ('settlements', 'I41', $$update entry set kind = 'settlement' where entry_id = (select e.entry_id from entry e where not exists (select from settlement_entry x where x.entry_id = e.entry_id) limit 1)$$),
    ('recurring', 'I42', $$update subscription set status = 'past_due', due_at = null, canceled_at = null, end_look_at = cancel_at where subscription_id = (select s.subscription_id from subscription s where s.status = 'canceled' and not exists (select from invoice i where i.subscription_id = s.subscription_id and i.status = 'open') limit 1)$$),
    ('settlements', 'I42', $$with s as (insert into settlement (acquirer_ref, hash, currency, transfer_ref, gross, fee, net, lines, state, imported_by, created_at, booked_at) values ('broken', sha256('broken'), 'EUR', 'broken', 100, 3, 97, 1, 'booked', 'x', now(), now()) returning settlement_id) insert into settlement_line (settlement_id, kind, acquirer_id, gross, fee, outcome, partner_id, expected, done_at) select s.settlement_id, 'charge', 'broken', 100, 3, 'matched', p.partner_id, 100, now() from s cross join (select partner_id from partner limit 1) p$$),
    ('settlements', 'I42', $$insert into settlement (acquirer_ref, hash, currency, transfer_ref, gross, fee, net, lines, state, imported_by, created_at) values ('broken', sha256('broken'), 'EUR', 'broken', 0, 0, 0, 1, 'open', 'x', now())$$),
    ('settlements', 'I42', $$insert into bank_break (source, kind, ref, detail, created_at, entry_id) select 'acquirer', 'amount', 'broken', '', now(), max(entry_id) from entry$$),
    ('recurring', 'I43', $$update subscription set balance = balance + 1 where subscription_id = (select subscription_id from subscription limit 1)$$),
    ('settlements', 'I43', $$insert into account_closing (account_id, entry_id, balance) select account_id, entry_id, 1000000000 from posting where account_id not in (select account_id from account_closing) limit 1$$),
    ('settlements', 'I43', $$insert into account_closing (account_id, entry_id, balance)
        select q.account_id, q.entry_id, a.side * sum(q.amount) over (order by q.n) + case q.n when 2 then 1 else 0 end
          from (select account_id, entry_id, sum(amount) as amount, row_number() over (order by entry_id) as n from posting
                 where account_id = (select account_id from posting where account_id not in (select account_id from account_closing)
                                      group by 1 having count(distinct entry_id) > 2 limit 1)
                 group by 1, 2) q
          join account a on a.account_id = q.account_id where q.n <= 3$$),
    ('settlements', 'I43', $$insert into ledger_cut (clock, at, entry_id, made_at) values ('broken', now(), 2, now()), ('broken', now() + interval '1 day', 1, now())$$),
    ('clocks', 'I44', $$update payment set clock = 'odd' where payment_id = (select payment_id from payment limit 1)$$),
    ('clocks', 'I44', $$delete from test_clock where partner_id = (select partner_id from test_clock limit 1)$$),
    ('clocks', 'I45', $$update payout set clock = case clock when '' then 'odd' else '' end where payout_id = (select payout_id from payout where msg_id is not null limit 1)$$),
    ('acquirers', 'I46', $$update acquirer_call set acquirer = 'odd' where call_id = (select call_id from acquirer_call where op = 'refund' limit 1)$$),
    ('acquirers', 'I46', $$update acquirer_call set acquirer = 'odd' where call_id = (select call_id from acquirer_call where op in ('late_void', 'late_refund') limit 1)$$),
    ('parties', 'I46', $$update payout_code set bind_hash = sha256('x') where subject = (select confirmation_id from confirmation where status = 'confirmed' limit 1)$$),
    ('parties', 'I46', $$update confirmation set status = 'awaiting_code', confirmed_at = null where confirmation_id = (select confirmation_id from confirmation where status = 'confirmed' limit 1)$$),
    ('parties', 'I47', $$update pay_user set confirmed_at = now() where user_id = (select user_id from pay_user where confirmed_at is null limit 1)$$),
    ('parties', 'I47', $$update requisite set confirmed_at = now() where requisite_id = (select requisite_id from requisite where confirmed_at is null limit 1)$$),
    ('parties', 'I47', $$update requisite set needs_code = true where requisite_id = (select r.requisite_id from requisite r join payout p on p.partner_id = r.partner_id and p.requisite_id = r.requisite_id where r.confirmed_at is null limit 1)$$),
    ('acquirers', 'I47', $$update account set user_id = 'odd' where account_id = (select a.account_id from account a join posting q on q.account_id = a.account_id join entry e on e.entry_id = q.entry_id where a.kind = 'acquirer_receivable' and a.user_id <> '' and e.kind = 'charge' limit 1)$$),
    ('acquirers', 'I47', $$update payment set methods = '{}' where payment_id = (select payment_id from payment where method is not null limit 1)$$),
    ('parties', 'I48', $$insert into email_change (change_id, partner_id, user_id, email, status, created_at, done_at) select 'broken', partner_id, user_id, 'x@example.com', 'done', now(), now() from pay_user limit 1$$),
    ('parties', 'I49', $$with a as (insert into seller_agreement (agreement_id, partner_id, version, url, content_hash, valid_from, due_at, created_at) select 'broken', partner_id, '1', 'https://x.example', sha256('x'), now(), now(), now() from partner limit 1 returning *) insert into agreement_acceptance (acceptance_id, partner_id, user_id, agreement_id, version, content_hash, accepted_by, accepted_at) select 'broken', partner_id, 'x', agreement_id, '2', content_hash, 'x', now() from a$$),
    ('transfers', 'I50', $$update transfer set amount = amount + 1 where call_id = (select call_id from transfer limit 1)$$),
    ('transfers', 'I50', $$update transfer_credit set applied = applied + 1 where credit_id = (select c.credit_id from transfer_credit c join acquirer_call a on a.call_id = c.call_id where a.state = 'ok' limit 1)$$),
    ('transfers', 'I51', $$update transfer_credit set amount = amount + 1 where credit_id = (select credit_id from transfer_credit limit 1)$$),
    ('transfers', 'I52', $$update transfer_credit set applied = amount + 1 where credit_id = (select credit_id from transfer_credit where reversed_at is null limit 1)$$),
    ('transfers', 'I53', $$update repayment set amount = amount + 1 where repayment_id = (select repayment_id from repayment where refund_id is not null limit 1)$$),
    ('transfers', 'I54', $$update repayment set status = 'rejected' where repayment_id = (select repayment_id from repayment where status = 'paid' limit 1)$$),
    ('transfers', 'I55', $$update transfer_credit set given_up = -1 where credit_id = (select credit_id from transfer_credit limit 1)$$),
    ('stores', 'I62', $$delete from store_tariff where store_id = (select store_id from store limit 1)$$),
    ('stores', 'I63', $$update store set status = 'review' where store_id = (select store_id from store_change where to_status = 'suspended' limit 1)$$),
    ('stores', 'I64', $$update store set twin_of = 'nothing' where store_id = (select store_id from store limit 1)$$),
    ('stores', 'I65', $$update store set moved_to = 'nothing', status = 'closed' where store_id = (select store_id from store limit 1)$$),
    ('holds', 'I70', $$update deal set released = 1000000000 where payment_id = (select payment_id from deal limit 1)$$),
    ('holds', 'I71', $$with d as (update deal set ended_at = null, ended_by = null where payment_id = (select d.payment_id from deal d join payment p on p.payment_id = d.payment_id join holdback h on h.payment_id = d.payment_id and h.part = 'deal' where d.released > 0 and p.refunded + p.disputed = p.returned_seen and h.not_before <= d.created_at limit 1) returning payment_id) update holdback h set released_at = null, held = amount from d where h.payment_id = d.payment_id and h.part = 'deal'$$),
    ('reserves', 'I72', $$insert into reserve (reserve_id, partner_id, user_id, currency, amount, reason, created_at, created_by) select 'broken', partner_id, 'x', 'EUR', 1, 'x', now(), 'x' from partner limit 1$$),
    ('reserves', 'I73', $$insert into payout_fee (payout_id, partner_id, fee, payee, on_return) select payout_id, partner_id, 1, 'platform', 'keep' from payout where confirmed_at is not null and payout_id not in (select payout_id from payout_fee) limit 1$$),
    ('reserves', 'I73', $$update entry set kind = 'fee_payout' where entry_id = (select entry_id from entry where kind = 'payout_hold' and ref not in (select payout_id from payout_fee) limit 1)$$),
    ('reserves', 'I74', $$insert into refund_queue (refund_id, partner_id, payment_id, user_id, currency, amount, needs, initiated_by, fees, status, created_at, ends_at) select refund_id, partner_id, payment_id, 'x', currency, amount, 0, 'x', 'x', 'canceled', now(), now() from refund where refund_id not in (select refund_id from refund_queue) limit 1$$),
    ('reserves', 'I74', $$insert into refund_queue (refund_id, partner_id, payment_id, user_id, currency, amount, needs, initiated_by, fees, status, created_at, ends_at) select 'broken', partner_id, payment_id, 'x', currency, amount, 0, 'x', 'x', 'started', now(), now() from refund limit 1$$),
    ('debts', 'I75', $$insert into bank_break (source, kind, ref, partner_id, amount, currency, detail, created_at) select 'acquirer', 'missing', call_id, partner_id, amount + 1, currency, '', now() from acquirer_call where op = 'charge' and state = 'ok' and call_id not in (select ref from bank_break) limit 1$$),
    ('debts', 'I75', $$insert into bank_break (source, kind, ref, partner_id, amount, currency, detail, created_at) select 'acquirer', 'missing', debt_of('push_return', payout_id), partner_id, -amount, currency, '', now() from payout where status = 'returned' and rail <> 'bank' and debt_of('push_return', payout_id) not in (select ref from bank_break) limit 1$$),
    ('debts', 'I75', $$insert into bank_break (source, kind, ref, partner_id, amount, currency, detail, created_at, closed_at, closed_by, resolution, entry_id) select 'acquirer', 'missing', dispute_id, partner_id, -taken - fee, currency, '', now(), now(), 'x', 'platform', 1 from dispute where taken > 0 and dispute_id not in (select ref from bank_break) limit 1$$),
    ('expired', 'I76', $$update payment set status = 'requires_payment_method' where payment_id = (select payment_id from payment where status = 'expired' limit 1)$$),
    ('expired', 'I76', $$update payment set timer_at = expires_at where payment_id = (select payment_id from payment where status = 'expired' limit 1)$$),
    ('invoices', 'I77', $$update invoice set status = 'void' where invoice_id = (select i.invoice_id from invoice i join payment p on p.payment_id = i.payment_id where i.status = 'paid' and p.status = 'succeeded' limit 1)$$),
    ('audit', 'A18', $$insert into audit_chain (seq, audit_id, prev, hash) select 1000000 + row_number() over (order by id), id, sha256('x'), sha256('y') from (select id from audit where id not in (select audit_id from audit_chain) limit 2) a$$)
) as x (part, rule, change);

-- Asked of the parts of v_inv, which is quicker; each has to be a part.
create temp table part as
select viewname as view, definition from pg_views where schemaname = 'pay' and viewname like 'v_inv\_%';
insert into broken (view, rule, change, verdict)
select view, 'all', '', 'is no part of v_inv' from part
 where not (select definition from pg_views where schemaname = 'pay' and viewname = 'v_inv') ~ (view || '\M');
-- The rules are known as the server knows them: invariant_rules in store/operator.sql.
insert into broken (view, rule, change, verdict)
select distinct view, r.found[1], '', 'has no change here' from part cross join lateral regexp_matches(definition, '''([A-Z][A-Za-z0-9]*)''::text AS inv', 'g') as r (found)
 where not exists (select from broken b where (b.view, b.rule) = (part.view, r.found[1]));

do $do$
declare
    one record;
    said text;
    is_found bool;
    changed bigint;
begin
    set session_replication_role = replica;
    for one in select n, view, rule, change from broken where verdict is null order by n loop
        begin
            execute one.change;
            get diagnostics changed = row_count;
            execute format('select exists (select from %I where inv = %L)', one.view, one.rule) into is_found;
            raise exception '%', case when changed = 0 then 'nothing changed' when is_found then 'found' else 'not seen' end;
        exception
            when check_violation then said := 'refused';
            when raise_exception then said := sqlerrm;
        end;
        update broken set verdict = said where n = one.n;
    end loop;
end $do$;
select view || ' ' || rule || ' ' || verdict || ': ' || change from broken where verdict not in ('found', 'refused');
