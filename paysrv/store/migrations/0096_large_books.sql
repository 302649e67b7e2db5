-- Two invariants that took as long as there are sellers times refunds, and payouts times entries: among 5,000 sellers, 300,000 refunds and 100,000
-- payouts `ledger check` came to no end in its ten minutes. What they say is the same.
do $$
declare
    ledger text := pg_get_viewdef('v_inv_ledger'::regclass);
    payouts text := pg_get_viewdef('v_inv_payouts'::regclass);
    known text := '((e.partner_id = po.partner_id) AND (e.ref = po.payout_id))) x)';
    -- what is on its way out of each account, added up once and not for each account
    reserved text := $view$ select 'I23' as inv, b.account_id::text as k
  from balance b
  join account a on a.account_id = b.account_id
  left join (select p.partner_id, s.user_id, p.currency, sum(greatest(s.amount, 0)) as amount
               from refund r join payment p on p.payment_id = r.payment_id
              cross join lateral unnest(coalesce(r.share_users, array[p.user_id]), coalesce(r.share_amounts, array[r.seller_amount])) as s (user_id, amount)
              where r.status = 'pending' group by 1, 2, 3) r
    on a.kind = 'seller' and r.partner_id = a.partner_id and r.user_id = a.user_id and r.currency = a.currency
  left join (select c.partner_id, s.user_id, c.currency, sum(greatest(-s.amount, 0)) as amount
               from capture c cross join lateral unnest(c.share_users, c.share_amounts) as s (user_id, amount)
              where c.status = 'pending' group by 1, 2, 3) c
    on a.kind = 'seller' and c.partner_id = a.partner_id and c.user_id = a.user_id and c.currency = a.currency
 where b.pending_out::numeric <> coalesce(r.amount, 0) + coalesce(c.amount, 0)
$view$;
    begins int := strpos(ledger, ' SELECT ''I23''::text');
    ends int;
begin
    ends := strpos(substr(ledger, begins), 'UNION ALL');
    if begins = 0 or ends = 0 or strpos(substr(ledger, begins, ends), '(r.status = ''pending''::text)') = 0 then
        raise exception 'v_inv_ledger does not say what is on its way out';
    end if;
    if strpos(payouts, known) = 0 then
        raise exception 'v_inv_payouts does not count the entries of payouts';
    end if;
    execute 'create or replace view v_inv_ledger as ' || left(ledger, begins - 1) || reserved || rtrim(substr(ledger, begins + ends - 1), ';');
    execute 'create or replace view v_inv_payouts as ' || replace(rtrim(payouts, ';'), known,
        '((e.partner_id = po.partner_id) AND (e.ref = po.payout_id) AND e.kind in (''payout_hold'', ''payout_paid'', ''payout_canceled'', ''payout_returned''))) x)');
end $$;
