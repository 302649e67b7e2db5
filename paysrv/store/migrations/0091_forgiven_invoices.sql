-- An invoice that somebody forgives is in the audit, as what is done to a subscription is.
create trigger audited after update of status on invoice for each row when (audit_is_person())
    execute function audit_row('invoice', 'invoice_id', 'look_at', '');

-- I77 what nobody owes is neither paid nor being paid.
create view v_inv_invoices as
select 'I77' as inv, i.invoice_id as k
  from invoice i join payment p on p.payment_id = i.payment_id
 where i.status in ('void', 'uncollectible') and p.status in ('processing', 'succeeded');

do $$
begin
    execute 'create or replace view v_inv as ' || rtrim(pg_get_viewdef('v_inv'::regclass), ';')
            || ' union all select inv, k from v_inv_invoices';
end $$;
