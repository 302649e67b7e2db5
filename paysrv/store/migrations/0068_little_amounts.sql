-- What is less than a payment may be is charged with a later invoice: until then the balance is below nothing, by less than that.
alter table subscription drop constraint subscription_balance_check;

-- Paused ones that were to end with their period waited for ever: they go on until its end.
update subscription s
   set status = 'active', notice_at = now(),
       due_at = case when not exists (select from invoice i where i.subscription_id = s.subscription_id and i.status = 'open') then s.period_end end
 where s.status = 'paused' and s.cancel_at_period_end;

-- A clock that advances does not stop each day at a debt that was kept: nothing happens to it by itself.
do $$
declare
    work text := pg_get_viewdef('clock_work'::regclass);
    known text := 'GREATEST(invoice.look_at, invoice.retry_at)';
begin
    if position(known in work) = 0 then
        raise exception 'clock_work looks at invoices otherwise than it did';
    end if;
    execute 'create or replace view clock_work as '
        || replace(work, known, 'CASE WHEN NOT (invoice.waits_for_buyer AND invoice.retry_at IS NULL) THEN ' || known || ' END');
end $$;

-- Lists: of a buyer, of a status, of a partner's invoices.
create index saved_card_of_partners_buyer on saved_card (partner_id, buyer, saved_card_id);
create index subscription_of_partner_status on subscription (partner_id, status, subscription_id);
create index invoice_of_partner on invoice (partner_id, invoice_id);
create index invoice_of_partner_status on invoice (partner_id, status, invoice_id);
