-- I25 (SECURITY 4.6): nothing of a sandbox partner's is with those who move money, and nothing of a live one's with who only says so. Of payouts in
-- orders I45 says it, that rows are under the clock of their partner I44 and foreign keys.
do $$
begin
    execute 'create or replace view v_inv_clocks as ' || rtrim(pg_get_viewdef('v_inv_clocks'::regclass), ';') || $view$
union all
select 'I25', 'order/' || r.repayment_id from repayment r join bank_batch b on b.msg_id = r.msg_id where (r.clock <> '') <> (b.channel = 'test')
union all
select 'I25', 'bank_line/' || l.line_id from bank_line l
  left join payout p on p.payout_id = l.payout_id left join repayment r on r.repayment_id = l.repayment_id
 where l.outcome in ('applied', 'known') and (p.clock <> '' or r.clock <> '')
union all
select 'I25', 'acquirer_call/' || c.call_id from acquirer_call c join partner n on n.partner_id = c.partner_id
 where n.is_sandbox and coalesce(c.acquirer, 'sandbox') not in ('sandbox', 'sandbox_wallet', 'bank')
$view$;
end $$;
