-- name: control_succeed :one
-- The writes of paysrv's charge_succeed, with every balance updated in the transaction of its payment: the classical way.
-- row: applied bool
with won as (
    update acquirer_call set state = 'ok', is_open = false, acquirer_ref = :acquirer_ref::text, token = null, finished_at = :now
     where call_id = :charge::text and state in ('intent', 'sent', 'unknown', 'action')
    returning partner_id, payment_id, currency, idem_route, idem_key
), paid as (
    update payment p set status = 'succeeded', succeeded_at = :now, version = p.version + 1 from won w where p.payment_id = w.payment_id
    returning p.user_id, p.seller_amount, p.version,
              (select a.account_id from account a
                where a.partner_id = p.partner_id and a.kind = 'seller' and a.user_id = p.user_id and a.currency = p.currency) as account_id
), booked as (
    insert into entry (partner_id, kind, ref, created_at) select partner_id, 'charge', payment_id, :now from won
    returning entry_id
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select b.entry_id, l.line,
           case when l.kind = 'seller' then p.account_id
                else (select a.account_id from account a
                       where a.partner_id = w.partner_id and a.kind = l.kind and a.user_id = '' and a.currency = w.currency) end,
           w.currency, l.amount
      from won w cross join paid p cross join booked b
     cross join unnest(:kinds::texts, :amounts::i64s) with ordinality as l (kind, amount, line)
    returning account_id, amount
), locked as materialized (
    select b.account_id from balance b where b.account_id in (select account_id from lines) order by b.account_id for update
), kept as (
    update balance b set posted = b.posted + a.side * l.amount
      from locked k join lines l on l.account_id = k.account_id join account a on a.account_id = l.account_id
     where b.account_id = l.account_id
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at, sequence, is_pending)
    select :event::text, w.partner_id, 'payment.succeeded', w.payment_id, b.entry_id, :data::text, :now, p.version,
           exists (select from webhook_endpoint e where e.partner_id = w.partner_id)
      from won w cross join paid p cross join booked b
), answered as (
    update idempotency i set status = 200, body = :data
      from won w where i.partner_id = w.partner_id and i.route = w.idem_route and i.key = w.idem_key and i.status is null
)
select exists (select from won);
