-- pgbench: the rows of 64 complete payments, in the transactions that paysrv makes of as many in a batch (at_once: created and confirmed by
-- one request each, so two; else three), and the log of their requests, which a job writes.
\set round :round + 1
\if :at_once
begin;
insert into idempotency (partner_id, route, key, fingerprint, op, created_at)
select s.partner_id, '/v1/payments', bench_id('a-', :client_id, :round, s.n), s.hash, bench_id('cha_', :client_id, :round, s.n), now()
  from bench_shop s
on conflict do nothing;
insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, partner_amount, seller_amount,
                     platform_bp, partner_bp, status, description, origins, created_at, expires_at, charge_id, method)
select bench_id('pay_', :client_id, :round, s.n), s.partner_id, s.store_id, s.user_id, 'EUR', 1000, 50, 250, 700, 500, 2500,
       'processing', 'An article', '{}', now(), now() + interval '1 day', bench_id('cha_', :client_id, :round, s.n), 'card'
  from bench_shop s;
insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, token, idem_route, idem_key, created_at, sent_at, due_at)
select bench_id('cha_', :client_id, :round, s.n), 'charge', s.partner_id, bench_id('pay_', :client_id, :round, s.n), 1000, 'EUR', 'sent',
       'tok_test_visa', '/v1/payments', bench_id('a-', :client_id, :round, s.n), now(), now(), now() + interval '30 s'
  from bench_shop s;
commit;
\else
begin;
insert into idempotency (partner_id, route, key, fingerprint, op, status, body, created_at)
select s.partner_id, '/v1/payments', bench_id('c-', :client_id, :round, s.n), s.hash, bench_id('pay_', :client_id, :round, s.n), 201, s.body, now()
  from bench_shop s
on conflict do nothing;
insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, partner_amount, seller_amount,
                     platform_bp, partner_bp, status, description, origins, created_at, expires_at)
select bench_id('pay_', :client_id, :round, s.n), s.partner_id, s.store_id, s.user_id, 'EUR', 1000, 50, 250, 700, 500, 2500,
       'requires_payment_method', 'An article', '{}', now(), now() + interval '1 day'
  from bench_shop s;
commit;
begin;
insert into idempotency (partner_id, route, key, fingerprint, op, created_at)
select s.partner_id, '/v1/payments/{payment}/confirm', bench_id('p-', :client_id, :round, s.n), s.hash,
       bench_id('cha_', :client_id, :round, s.n), now()
  from bench_shop s
on conflict do nothing;
update payment p set status = 'processing', charge_id = bench_id('cha_', :client_id, :round, s.n)
  from bench_shop s where p.payment_id = bench_id('pay_', :client_id, :round, s.n);
insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, token, idem_route, idem_key, created_at, sent_at, due_at)
select bench_id('cha_', :client_id, :round, s.n), 'charge', s.partner_id, bench_id('pay_', :client_id, :round, s.n), 1000, 'EUR', 'sent',
       'tok_test_visa', '/v1/payments/{payment}/confirm', bench_id('p-', :client_id, :round, s.n), now(), now(), now() + interval '30 s'
  from bench_shop s;
commit;
\endif
begin;
update acquirer_call c set state = 'ok', is_open = false, acquirer_ref = bench_id('ch_', :client_id, :round, s.n), token = null, finished_at = now()
  from bench_shop s where c.call_id = bench_id('cha_', :client_id, :round, s.n);
update payment p set status = 'succeeded', succeeded_at = now(), version = p.version + 1
  from bench_shop s where p.payment_id = bench_id('pay_', :client_id, :round, s.n);
with whole as materialized (
    select s.*, nextval('entry_entry_id_seq') as entry_id from bench_shop s
), booked as (
    insert into entry (entry_id, partner_id, kind, ref, created_at) overriding system value
    select entry_id, partner_id, 'charge', bench_id('pay_', :client_id, :round, n), now() from whole
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select w.entry_id, l.line, l.account_id, 'EUR', l.amount
      from whole w
     cross join lateral (values (1, w.receivable, 1000), (2, w.platform, -50), (3, w.partner, -250), (4, w.seller, -700)) as l (line, account_id, amount)
)
insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at, sequence, is_pending)
select bench_id('evt_', :client_id, :round, n), partner_id, 'payment.succeeded', bench_id('pay_', :client_id, :round, n), entry_id, body, now(), 1, false
  from whole;
update balance b set posted = b.posted + 700 from bench_shop s where b.account_id = s.seller;
\if :at_once
update idempotency i set status = 200, body = s.body
  from bench_shop s
 where i.partner_id = s.partner_id and i.route = '/v1/payments' and i.key = bench_id('a-', :client_id, :round, s.n);
\else
update idempotency i set status = 200, body = s.body
  from bench_shop s
 where i.partner_id = s.partner_id and i.route = '/v1/payments/{payment}/confirm' and i.key = bench_id('p-', :client_id, :round, s.n);
\endif
commit;
\if :at_once
insert into request_log (partner_id, created_at, request_id, client_id, method, route, path, status, elapsed_us, api_version, idem_key, object_id)
select s.partner_id, now(), bench_id('req_a', :client_id, :round, s.n), 'bench-payments', 'POST', '/v1/payments', '/v1/payments', 200, 20000,
       '2026-11-27', bench_id('a-', :client_id, :round, s.n), bench_id('pay_', :client_id, :round, s.n)
  from bench_shop s;
\else
insert into request_log (partner_id, created_at, request_id, client_id, method, route, path, status, elapsed_us, api_version, idem_key, object_id)
select s.partner_id, now(), bench_id('req_' || r.kind, :client_id, :round, s.n), 'bench-payments', 'POST', r.route,
       replace(r.route, '{payment}', bench_id('pay_', :client_id, :round, s.n)), r.status, 20000, '2026-11-27',
       bench_id(r.kind || '-', :client_id, :round, s.n), bench_id('pay_', :client_id, :round, s.n)
  from bench_shop s
 cross join (values ('c', '/v1/payments', 201), ('p', '/v1/payments/{payment}/confirm', 200)) as r (kind, route, status);
\endif
