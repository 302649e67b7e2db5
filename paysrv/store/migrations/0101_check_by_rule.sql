-- One rule of the books by itself. The statement has both names in it: what is of other rules is no part of its plan, which of all views together
-- takes a tenth of a second to make.
create function inv_of_rule(view text, rule text, most bigint) returns table (inv text, k text) language plpgsql stable as $$
begin
    return query execute format('select i.inv, i.k from %I i where i.inv = %L order by i.inv, i.k limit %s', view, rule, most);
end $$;

-- Two invariants that looked up the postings, or the way to the acquirer, of each entry by itself: half of the time that `ledger check` took among
-- 300,000 payments. What they say is the same; the sums of all entries are made in one go, and tables are read as a whole.
do $$
declare
    ledger text := pg_get_viewdef('v_inv_ledger'::regclass);
    acquirers text := pg_get_viewdef('v_inv_acquirers'::regclass);
    summed text := $view$ select 'I12' as inv, e.entry_id::text as k
  from entry e
  left join payment p on e.kind = 'charge' and p.payment_id = e.ref
  left join capture c on e.kind = 'capture' and c.capture_id = e.ref
  left join refund r on e.kind = 'refund' and r.refund_id = e.ref
  left join (select q.entry_id, sum(q.amount) filter (where a.kind = 'acquirer_receivable') as receivable,
                    sum(q.amount) filter (where a.kind = 'platform') as platform, sum(q.amount) filter (where a.kind = 'partner') as partner,
                    sum(q.amount) filter (where a.kind = 'seller') as seller
               from posting q join account a on a.account_id = q.account_id group by q.entry_id) s on s.entry_id = e.entry_id
 where e.kind in ('charge', 'capture', 'refund') and (p.payment_id is not null or c.capture_id is not null or r.refund_id is not null)
   and row(coalesce(s.receivable, 0), coalesce(-s.platform, 0), coalesce(-s.partner, 0), coalesce(-s.seller, 0)) is distinct from
       row(coalesce(p.amount, c.amount, -r.amount)::numeric, coalesce(p.platform_amount, c.platform_amount, -r.platform_amount)::numeric,
           coalesce(p.partner_amount, c.partner_amount, -r.partner_amount)::numeric, coalesce(p.seller_amount, c.seller_amount, -r.seller_amount)::numeric)
$view$;
    late text;
    begins int;
    ends int;
    branch text;
    n int := 0;
begin
    -- of the four branches of I12 that of late charges and refunds stays
    loop
        begins := strpos(ledger, ' SELECT ''I12''::text');
        exit when begins = 0;
        ends := strpos(substr(ledger, begins), 'UNION ALL');
        branch := substr(ledger, begins, ends - 1);
        n := n + 1;
        if strpos(branch, 'late_charge') > 0 then
            late := branch;
        end if;
        ledger := left(ledger, begins - 1) || substr(ledger, begins + ends - 1 + length('UNION ALL'));
    end loop;
    if n <> 4 or late is null then
        raise exception 'v_inv_ledger does not compare entries with what they are of';
    end if;
    execute 'create or replace view v_inv_ledger as ' || rtrim(ledger, ';') || ' union all ' || late || ' union all ' || summed;

    -- an account of an acquirer's has a large part of all postings, which no statistics of accounts say
    if strpos(acquirers, '(a.kind = ''acquirer_receivable''::text) AND (a.user_id <> ''''::text)') = 0 then
        raise exception 'v_inv_acquirers does not say whose accounts of acquirers are';
    end if;
    execute 'create or replace view v_inv_acquirers as ' || replace(rtrim(acquirers, ';'), '(a.kind = ''acquirer_receivable''::text) AND (a.user_id <> ''''::text)',
        'coalesce(case a.kind when ''acquirer_receivable'' then nullif(a.user_id, '''') end, '''') <> ''''');
end $$;
