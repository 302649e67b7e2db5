-- pgbench: the rows of one refund, each step a transaction of its own: T1, sent, T2. One minor unit of a payment after the other.
\set round :round + 1
\set payment 1 + (:round * 32 + :client_id) % :payments
begin;
insert into idempotency (partner_id, route, key, fingerprint, op, created_at)
select p.partner_id, '/v1/payments/{payment}/refunds', bench_id('r-', :client_id, :round, 0), p.hash, bench_id('re_', :client_id, :round, 0), now()
  from bench_paid p where p.n = :payment
on conflict do nothing;
update payment set refunding = 1 where payment_id = (select payment_id from bench_paid where n = :payment);
update balance set pending_out = pending_out + 1 where account_id = (select seller from bench_paid where n = :payment);
insert into refund (refund_id, partner_id, payment_id, currency, amount, platform_amount, partner_amount, seller_amount, status, created_at)
select bench_id('re_', :client_id, :round, 0), partner_id, payment_id, 'EUR', 1, 0, 0, 1, 'pending', now() from bench_paid where n = :payment;
insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, idem_route, idem_key, created_at, due_at)
select bench_id('re_', :client_id, :round, 0), 'refund', partner_id, payment_id, 1, 'EUR', 'intent', '/v1/payments/{payment}/refunds',
       bench_id('r-', :client_id, :round, 0), now(), now() + interval '30 s'
  from bench_paid where n = :payment;
commit;
update acquirer_call set state = 'sent', sent_at = now() where call_id = bench_id('re_', :client_id, :round, 0);
begin;
update acquirer_call set state = 'ok', is_open = false, acquirer_ref = bench_id('ar_', :client_id, :round, 0), finished_at = now()
 where call_id = bench_id('re_', :client_id, :round, 0);
update refund set status = 'succeeded', finished_at = now() where refund_id = bench_id('re_', :client_id, :round, 0);
update payment set refunding = 0, refunded = refunded + 1 where payment_id = (select payment_id from bench_paid where n = :payment);
with whole as materialized (
    select p.*, nextval('entry_entry_id_seq') as entry_id from bench_paid p where p.n = :payment
), booked as (
    insert into entry (entry_id, partner_id, kind, ref, created_at) overriding system value
    select entry_id, partner_id, 'refund', bench_id('re_', :client_id, :round, 0), now() from whole
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select w.entry_id, l.line, l.account_id, 'EUR', l.amount
      from whole w cross join lateral (values (1, w.receivable, -1), (4, w.seller, 1)) as l (line, account_id, amount)
)
insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at, is_pending)
select bench_id('evt_', :client_id, :round, 0), partner_id, 'refund.succeeded', bench_id('re_', :client_id, :round, 0), entry_id, body, now(), false
  from whole;
update balance set posted = posted - 1, pending_out = pending_out - 1 where account_id = (select seller from bench_paid where n = :payment);
update idempotency i set status = 201, body = p.body
  from bench_paid p
 where p.n = :payment and i.partner_id = p.partner_id and i.route = '/v1/payments/{payment}/refunds' and i.key = bench_id('r-', :client_id, :round, 0);
commit;
