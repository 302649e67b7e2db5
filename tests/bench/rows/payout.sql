-- pgbench: the rows of one payout, each step a transaction of its own: requested with its code and mail, the guess counted, confirmed.
\set round :round + 1
\set owner 1 + (:round * 32 + :client_id) % :owners
begin;
insert into idempotency (partner_id, route, key, fingerprint, op, status, body, created_at)
select partner_id, '/v1/payouts', bench_id('o-', :client_id, :round, 0), hash, bench_id('po_', :client_id, :round, 0), 201, body, now()
  from bench_owner where n = :owner
on conflict do nothing;
insert into payout (payout_id, partner_id, user_id, requisite_id, amount, currency, destination, label, status, created_at, expires_at)
select bench_id('po_', :client_id, :round, 0), partner_id, user_id, requisite_id, 1, 'EUR', hash, 'K' || :client_id, 'awaiting_code', now(), now() + interval '10 min'
  from bench_owner where n = :owner;
insert into payout_code (subject, code_key, mac, bind_hash, attempts, max_attempts, resends, created_at, expires_at)
select bench_id('po_', :client_id, :round, 0), hash, hash, hash, 0, 5, 0, now(), now() + interval '10 min' from bench_owner where n = :owner;
insert into mail (mail_id, kind, recipient, content, due_at, created_at)
select bench_id('ml_', :client_id, :round, 0), 'payout_code', 'owner@example.com', hash, now() + interval '1 day', now() from bench_owner where n = :owner;
insert into event (event_id, partner_id, type, object_id, data, created_at, is_pending)
select bench_id('evt_', :client_id, :round, 0), partner_id, 'payout.confirmation_required', bench_id('po_', :client_id, :round, 0), body, now(), false
  from bench_owner where n = :owner;
commit;
update payout_code set attempts = attempts + 1 where subject = bench_id('po_', :client_id, :round, 0) and is_live;
begin;
update balance set posted = posted - 1 where account_id = (select seller from bench_owner where n = :owner);
update balance set posted = posted + 1 where account_id = (select transit from bench_owner where n = :owner);
update payout_code set consumed_at = now(), is_live = false where subject = bench_id('po_', :client_id, :round, 0) and is_live;
update payout set status = 'confirmed', confirmed_at = now() where payout_id = bench_id('po_', :client_id, :round, 0);
with whole as materialized (
    select o.*, nextval('entry_entry_id_seq') as entry_id from bench_owner o where o.n = :owner
), booked as (
    insert into entry (entry_id, partner_id, kind, ref, created_at) overriding system value
    select entry_id, partner_id, 'payout_hold', bench_id('po_', :client_id, :round, 0), now() from whole
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select w.entry_id, l.line, l.account_id, 'EUR', l.amount
      from whole w cross join lateral (values (1, w.seller, 1), (2, w.transit, -1)) as l (line, account_id, amount)
)
insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at, is_pending)
select bench_id('evu_', :client_id, :round, 0), partner_id, 'payout.confirmed', bench_id('po_', :client_id, :round, 0), entry_id, body, now(), false
  from whole;
insert into idempotency (partner_id, route, key, fingerprint, op, status, body, created_at)
select partner_id, '/v1/payouts/{payout}/confirm', bench_id('k-', :client_id, :round, 0), hash, bench_id('po_', :client_id, :round, 0), 200, body, now()
  from bench_owner where n = :owner
on conflict do nothing;
commit;
