-- What would be wrong with the books, one change at a time, in what the worlds before have left: the schema refuses it, or an invariant finds it
-- (v_inv; `paysrv ledger check`). Triggers and foreign keys are off, as for whoever can write to the tables. One that neither refuses nor finds is
-- printed, and one that changes nothing. Run by broken_test.c; nothing of it stays.
\set ON_ERROR_STOP on
set client_min_messages = error;
create temp table broken (n int generated always as identity, inv text, change text, verdict text);
insert into broken (inv, change) values
    ('I01', $$update posting set amount = amount + 1 where (entry_id, line) = (select entry_id, line from posting limit 1)$$),
    ('I02', $$delete from posting where entry_id = (select max(entry_id) from entry)$$),
    ('I03', $$update posting set currency = 'XTS' where (entry_id, line) = (select entry_id, line from posting limit 1)$$),
    ('I03', $$update account set partner_id = 'nobody' where account_id = (select account_id from posting limit 1)$$),
    ('I04', $$update posting set amount = 0 where (entry_id, line) = (select entry_id, line from posting limit 1)$$),
    ('I05', $$update balance set posted = posted + 1 where account_id = (select account_id from balance where is_spent limit 1)$$),
    ('I06', $$update balance set posted = -1, pending_out = 0, negative_since = null where account_id = (select account_id from balance where is_spent limit 1)$$),
    ('I07', $$update posting set amount = amount + 1 where (entry_id, line) = (select entry_id, line from posting limit 1)$$),
    ('I08', $$update payment set captured = captured - 1 where payment_id = (select payment_id from payment where captured > 0 limit 1)$$),
    ('I08', $$update payment set capturing = 1 where payment_id = (select payment_id from payment where captured > 0 limit 1)$$),
    ('I09', $$update payment set refunded = refunded + 1 where payment_id = (select payment_id from payment where status = 'succeeded' limit 1)$$),
    ('I09', $$update payment set disputed = disputed + 1 where payment_id = (select payment_id from payment where status = 'succeeded' limit 1)$$),
    ('I10', $$update refund set currency = 'XTS' where refund_id = (select refund_id from refund limit 1)$$),
    ('I11', $$delete from entry where entry_id = (select entry_id from entry where kind = 'charge' limit 1)$$),
    ('I11', $$delete from entry where entry_id = (select entry_id from entry where kind = 'capture' limit 1)$$),
    ('I11', $$delete from entry where entry_id = (select entry_id from entry where kind = 'late_charge' limit 1)$$),
    ('I11', $$delete from entry where entry_id = (select entry_id from entry where kind = 'refund' limit 1)$$),
    ('I11', $$update entry set ref = 'nothing' where entry_id = (select entry_id from entry where kind = 'late_refund' limit 1)$$),
    ('I12', $$update payment set seller_amount = seller_amount + 1 where payment_id = (select ref from entry where kind = 'charge' limit 1)$$),
    ('I12', $$update capture set platform_amount = platform_amount + 1 where capture_id = (select ref from entry where kind = 'capture' limit 1)$$),
    ('I12', $$update refund set partner_amount = partner_amount + 1 where refund_id = (select ref from entry where kind = 'refund' limit 1)$$),
    ('I12', $$update acquirer_call set amount = amount + 1 where call_id = (select ref from entry where kind = 'late_charge' limit 1)$$),
    ('I12', $$update payout set amount = amount + 1 where payout_id = (select payout_id from payout where status = 'paid' limit 1)$$),
    ('I13', $$update payout set status = 'confirmed' where payout_id = (select payout_id from payout where status = 'paid' limit 1)$$),
    ('I13', $$update payout set status = 'paid' where payout_id = (select payout_id from payout where status = 'rejected' limit 1)$$),
    ('I13', $$update acquirer_call set state = 'declined' where call_id = (select payout_id from payout where rail <> 'bank' and status = 'paid' limit 1)$$),
    ('I13', $$update entry set ref = 'po_nothing' where entry_id = (select entry_id from entry where kind = 'payout_hold' limit 1)$$),
    ('I14', $$update acquirer_call set state = 'declined' where call_id = (select charge_id from payment where status = 'succeeded' limit 1)$$),
    ('I14', $$update acquirer_call set state = 'ok', is_abandoned = false, payment_id = (select payment_id from payment where status = 'succeeded' limit 1) where call_id = (select call_id from acquirer_call where op = 'charge' and state = 'declined' limit 1)$$),
    ('I14', $$delete from acquirer_call where payment_id = (select payment_id from acquirer_call where op in ('late_void', 'late_refund') limit 1) and op like 'late%'$$),
    ('I14', $$insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, charge_ref, acquirer, created_at, due_at) select 'rev_second', op, partner_id, payment_id, amount, currency, 'intent', charge_ref, acquirer, now(), now() from acquirer_call where op in ('late_void', 'late_refund') and state = 'ok' limit 1$$),
    ('I14', $$delete from acquirer_call where call_id = (select r.call_id from acquirer_call r where r.op in ('late_void', 'late_refund') and r.state = 'ok' and exists (select from acquirer_call f where f.charge_ref = r.charge_ref and f.state = 'declined' and f.op = r.op) limit 1)$$),
    ('I14', $$delete from anomaly where kind = 'reversal_refused'$$),
    ('I14', $$update acquirer_call set state = 'ok' where call_id = (select call_id from reversal_decision where decision = 'settled' limit 1)$$),
    ('I11', $$delete from entry where entry_id = (select entry_id from entry where kind = 'late_settled' limit 1)$$),
    ('I11', $$delete from reversal_decision where call_id = (select ref from entry where kind = 'late_settled' limit 1)$$),
    ('I12', $$update posting set amount = 2 * amount where entry_id = (select entry_id from entry where kind = 'late_settled' limit 1)$$),
    ('I15', $$update payment set charge_id = 'nothing' where payment_id = (select payment_id from payment where status = 'succeeded' limit 1)$$),
    ('I15', $$update acquirer_call set is_abandoned = true, state = 'sent', is_open = true where call_id = (select call_id from acquirer_call where op = 'charge' limit 1)$$),
    ('I15', $$update capture set status = 'pending' where capture_id = (select capture_id from capture where status = 'succeeded' limit 1)$$),
    ('I15', $$update refund set status = 'pending' where refund_id = (select refund_id from refund where status = 'succeeded' limit 1)$$),
    ('I15', $$update payment set is_voiding = true where payment_id = (select payment_id from payment where status = 'succeeded' limit 1)$$),
    ('I16', $$update acquirer_call set state = 'unknown', is_open = true, created_at = now() - interval '2 days' where call_id = (select call_id from acquirer_call limit 1)$$),
    ('I17', $$update posting set amount = amount + 1 where (entry_id, line) = (select p.entry_id, p.line from posting p join entry e on e.entry_id = p.entry_id where e.reverses is not null limit 1)$$),
    ('I17', $$update entry set reverses = (select entry_id from entry where reverses is not null limit 1) where entry_id = (select max(entry_id) from entry where reverses is not null)$$),
    ('I18', $$update idempotency set op = 'the same' where route = '/v1/payments'$$),
    ('I19', $$update idempotency set status = null, body = null, created_at = now() - interval '1 hour' where (partner_id, route, key) = (select i.partner_id, i.route, i.key from idempotency i where not exists (select from acquirer_call c where c.call_id = i.op) limit 1)$$),
    ('I20', $$update payout_code set attempts = max_attempts + 1 where code_id = (select code_id from payout_code limit 1)$$),
    ('I20', $$update payout_code set consumed_at = expires_at where code_id = (select code_id from payout_code where consumed_at is not null limit 1)$$),
    ('I21', $$update payout_code set bind_hash = sha256('x') where subject = (select payout_id from payout where confirmed_at is not null and list_id is null and schedule_id is null limit 1)$$),
    ('I21', $$update payout set amount = amount + 1 where payout_id = (select payout_id from payout where confirmed_at is not null and schedule_id is null limit 1)$$),
    ('I21', $$update payout set confirmed_at = null where payout_id = (select payout_id from payout where status = 'paid' limit 1)$$),
    ('I22', $$update requisite set user_id = 'nobody' where requisite_id = (select requisite_id from payout where confirmed_at is not null limit 1)$$),
    ('I23', $$update balance set pending_out = pending_out + 1 where account_id = (select account_id from balance where is_spent limit 1)$$),
    ('I24', $$delete from event where entry_id = (select max(entry_id) from event)$$),
    ('I25', $$update repayment set clock = case clock when '' then 'odd' else '' end where repayment_id = (select repayment_id from repayment where msg_id is not null limit 1)$$),
    ('I25', $$update payout set clock = 'odd' where payout_id = (select payout_id from bank_line where payout_id is not null and outcome = 'applied' limit 1)$$),
    ('I25', $$update bank_line set repayment_id = (select repayment_id from repayment where clock <> '' limit 1) where line_id = (select line_id from bank_line where outcome = 'applied' limit 1)$$),
    ('I25', $$update acquirer_call set acquirer = 'stripe' where call_id = (select c.call_id from acquirer_call c join partner n on n.partner_id = c.partner_id where n.is_sandbox limit 1)$$),
    ('I26', $$update bank_batch set total = total + 1 where msg_id = (select msg_id from bank_batch limit 1)$$),
    ('I26', $$update bank_batch set transfers = transfers + 1 where msg_id = (select msg_id from bank_batch limit 1)$$),
    ('I27', $$update payout set status = 'sent' where payout_id = (select payout_id from payout where status = 'paid' limit 1)$$),
    ('I28', $$update ledger_seal set prev = sha256('x') where seal_id = 2$$),
    ('I28', $$update ledger_seal set first_entry = first_entry + 1 where seal_id = 2$$),
    ('I29', $$update payment set currency = 'eur' where payment_id = (select payment_id from payment limit 1)$$),
    ('I29', $$update payment set status = 'odd' where payment_id = (select payment_id from payment limit 1)$$),
    ('I29', $$update entry set kind = 'odd' where entry_id = (select max(entry_id) from entry)$$),
    ('I29', $$update acquirer_call set is_open = not is_open where call_id = (select call_id from acquirer_call limit 1)$$),
    ('I29', $$update idempotency set fingerprint = 'x' where (partner_id, route, key) = (select partner_id, route, key from idempotency limit 1)$$),
    ('I30', $$update capture set seller_amount = seller_amount + 1 where capture_id = (select capture_id from capture limit 1)$$),
    ('I31', $$update payment set split_profile_id = 'none' where payment_id = (select payment_id from payment limit 1)$$),
    ('I31', $$update payout set needs_approval = true where payout_id = (select p.payout_id from payout p where p.status = 'paid' and not exists (select from payout_decision d where d.payout_id = p.payout_id) limit 1)$$),
    ('I32', $$update dispute set booked = 'returned' where dispute_id = (select dispute_id from dispute where booked = 'lost' limit 1)$$),
    ('I32', $$delete from dispute_step where entry_id = (select entry_id from dispute_step where entry_id is not null limit 1)$$),
    ('I32', $$update dispute set taken = taken + 1 where dispute_id = (select dispute_id from dispute_step where step = 'hold' limit 1)$$),
    ('I33', $$update dispute_step set platform_amount = platform_amount + 1 where entry_id = (select entry_id from dispute_step where entry_id is not null limit 1)$$),
    ('I33', $$update dispute_step set seller_amount = seller_amount + 1 where entry_id = (select entry_id from dispute_step where entry_id is not null limit 1)$$),
    ('I34', $$update dispute set booked = 'held' where dispute_id = (select dispute_id from dispute where booked = 'lost' and taken > 0 limit 1)$$),
    ('I34', $$update dispute set currency = 'XTS' where dispute_id = (select dispute_id from dispute limit 1)$$),
    ('I35', $$update balance_relief set amount = amount + 1 where relief_id = (select relief_id from balance_relief limit 1)$$),
    ('I35', $$delete from balance_relief$$),
    ('I36', $$update balance set held = held + 1 where account_id = (select account_id from balance where is_spent limit 1)$$),
    ('I40', $$update invoice set due = due + 1 where invoice_id = (select invoice_id from invoice where status = 'paid' and due > 0 limit 1)$$),
    ('I41', $$update subscription set status = 'active', due_at = null where subscription_id = (select s.subscription_id from subscription s where not exists (select from invoice i where i.subscription_id = s.subscription_id and i.status = 'open') limit 1)$$),
    ('I42', $$update subscription set status = 'past_due' where subscription_id = (select s.subscription_id from subscription s where not exists (select from invoice i where i.subscription_id = s.subscription_id and i.status = 'open') limit 1)$$),
    ('I43', $$update subscription set balance = balance + 1 where subscription_id = (select subscription_id from subscription limit 1)$$),
    ('I44', $$update payment set clock = 'odd' where payment_id = (select payment_id from payment limit 1)$$),
    ('I44', $$delete from test_clock where partner_id = (select partner_id from test_clock limit 1)$$),
    ('I45', $$update payout set clock = case clock when '' then 'odd' else '' end where payout_id = (select payout_id from payout where msg_id is not null limit 1)$$),
    ('I46', $$update acquirer_call set acquirer = 'odd' where call_id = (select call_id from acquirer_call where op = 'refund' limit 1)$$),
    ('I46', $$update acquirer_call set acquirer = 'odd' where call_id = (select call_id from acquirer_call where op in ('late_void', 'late_refund') limit 1)$$),
    ('I50', $$update transfer set amount = amount + 1 where call_id = (select call_id from transfer limit 1)$$),
    ('I50', $$update transfer_credit set applied = applied + 1 where credit_id = (select c.credit_id from transfer_credit c join acquirer_call a on a.call_id = c.call_id where a.state = 'ok' limit 1)$$),
    ('I51', $$update transfer_credit set amount = amount + 1 where credit_id = (select credit_id from transfer_credit limit 1)$$),
    ('I52', $$update transfer_credit set applied = amount + 1 where credit_id = (select credit_id from transfer_credit where reversed_at is null limit 1)$$),
    ('I53', $$update repayment set amount = amount + 1 where repayment_id = (select repayment_id from repayment where refund_id is not null limit 1)$$),
    ('I54', $$update repayment set status = 'rejected' where repayment_id = (select repayment_id from repayment where status = 'paid' limit 1)$$),
    ('I55', $$update transfer_credit set given_up = -1 where credit_id = (select credit_id from transfer_credit limit 1)$$),
    ('I62', $$delete from store_tariff where store_id = (select store_id from store limit 1)$$),
    ('I63', $$update store set status = 'review' where store_id = (select store_id from store_change limit 1)$$),
    ('I64', $$update store set twin_of = 'nothing' where store_id = (select store_id from store limit 1)$$),
    ('I65', $$update store set moved_to = 'nothing' where store_id = (select store_id from store limit 1)$$),
    ('I70', $$update deal set released = 1000000000 where payment_id = (select payment_id from deal limit 1)$$),
    ('I75', $$insert into bank_break (source, kind, ref, partner_id, amount, currency, detail, created_at) select 'acquirer', 'missing', call_id, partner_id, amount + 1, currency, '', now() from acquirer_call where op = 'charge' and state = 'ok' and call_id not in (select ref from bank_break) limit 1$$),
    ('I75', $$insert into bank_break (source, kind, ref, partner_id, amount, currency, detail, created_at) select 'acquirer', 'missing', debt_of('push_return', payout_id), partner_id, -amount, currency, '', now() from payout where status = 'returned' and rail <> 'bank' and debt_of('push_return', payout_id) not in (select ref from bank_break) limit 1$$),
    ('I75', $$insert into bank_break (source, kind, ref, partner_id, amount, currency, detail, created_at, closed_at, closed_by, resolution, entry_id) select 'acquirer', 'missing', dispute_id, partner_id, -taken - fee, currency, '', now(), now(), 'x', 'platform', 1 from dispute where taken > 0 and dispute_id not in (select ref from bank_break) limit 1$$),
    ('I76', $$update payment set status = 'requires_payment_method' where payment_id = (select payment_id from payment where status = 'expired' limit 1)$$),
    ('I76', $$update payment set timer_at = expires_at where payment_id = (select payment_id from payment where status = 'expired' limit 1)$$);

-- Asked of the parts of v_inv, which is quicker; each has to be a part.
create temp table part as
select viewname as view, definition from pg_views where schemaname = 'pay' and viewname like 'v_inv\_%';
insert into broken (inv, change, verdict)
select view, 'is no part of v_inv', 'wrong' from part where not (select definition from pg_views where schemaname = 'pay' and viewname = 'v_inv') ~ (view || '\M');

do $do$
declare
    one record;
    said text;
    question text;
    is_found bool;
    changed bigint;
begin
    set session_replication_role = replica;
    for one in select n, inv, change from broken where verdict is null order by n loop
        begin
            execute one.change;
            get diagnostics changed = row_count;
            select 'select ' || string_agg(format('exists (select from %I where inv = %L)', view, one.inv), ' or ') into question
              from part where definition like '%''' || one.inv || '''%';
            execute question into is_found;
            raise exception '%', case when changed = 0 then 'nothing changed' when is_found then 'found' else 'not seen' end;
        exception
            when check_violation then said := 'refused';
            when raise_exception then said := sqlerrm;
        end;
        update broken set verdict = said where n = one.n;
    end loop;
end $do$;
select inv || ' ' || verdict || ': ' || change from broken where verdict not in ('found', 'refused');
