-- The receipt of a sale or a refund as it is told (docs/protocol/pay-api.md): by the event and to who asks. One of a payment, of a capture of it, or
-- of a refund; null: it has no positions. The customer of a refund of captures is that of the last one.
create function receipt_told(payment text, capture text, refund text) returns text language sql stable set search_path from current as $$
select (jsonb_build_object('id', 'rct_' || coalesce($2, $3, p.payment_id), 'object', 'receipt', 'kind', case when $3 is null then 'sale' else 'refund' end,
                           'payment', p.payment_id, 'refund', $3, 'store', p.store_id, 'user', nullif(p.user_id, ''),
                           'amount', coalesce(r.amount, c.amount, p.amount), 'currency', p.currency,
                           'customer', d.document::jsonb -> 'customer', 'tax_system', d.document::jsonb ->> 'tax_system',
                           'items', case when $3 is null or r.amount = d.amount and r.amount = coalesce(p.captured, p.amount)
                                         then d.document::jsonb -> 'items'
                                         else (select o.document::jsonb -> 'items' from receipt o where o.subject = $3) end)
        || case when $2 is null then '{}' else jsonb_build_object('capture', $2) end)::text
  from payment p
  left join refund r on r.refund_id = $3
  left join capture c on c.capture_id = $2
  join lateral (select o.document, p.amount from receipt o where o.subject = coalesce($2, p.payment_id)
                union all
                (select o.document, q.amount from capture q join receipt o on o.subject = q.capture_id
                  where $3 is not null and q.payment_id = p.payment_id and q.status = 'succeeded' order by q.capture_id desc limit 1)
                limit 1) d on true
 where p.payment_id = coalesce((select x.payment_id from refund x where x.refund_id = $3), $1)
$$;
