-- Refunds that wait for funds, which can be taken back; and what brought money whose days are to be written down.

alter table refund_queue
    drop constraint refund_queue_status_check,
    add constraint refund_queue_status_check check (status in ('queued', 'started', 'failed', 'canceled'));
create trigger audited after update of status on refund_queue
    for each row when (new.status = 'canceled' and audit_is_person()) execute function audit_row('refund.canceled', 'refund_id', '', '');

-- I74, as it was, of those as well.
do $$
declare
    reserves text := pg_get_viewdef('v_inv_reserves'::regclass);
    known text := 'q.status = ''failed''::text';
begin
    if position(known in reserves) = 0 then
        raise exception 'v_inv_reserves does not know of refunds that failed';
    end if;
    execute 'create or replace view v_inv_reserves as ' || replace(reserves, known, 'q.status in (''failed'', ''canceled'')');
end $$;

-- Payments (their own name) and captures under terms that brought money whose days are not written down yet: written with the money, so that
-- nobody walks what waits to be paid. What is not here and should be, the sweep finds.
create table settlement_due (
    source     text primary key,
    payment_id text not null references payment,
    clock      text not null
);
create index settlement_due_of_clock on settlement_due (clock, payment_id, source);
insert into settlement_due (source, payment_id, clock)
select coalesce(c.capture_id, p.payment_id), p.payment_id, p.clock
  from payment p
  left join capture c on c.payment_id = p.payment_id and c.status = 'succeeded' and not c.is_settled
 where p.settlement_terms is not null and not p.is_settled and (c.capture_id is not null or p.captured is null and p.status = 'succeeded');
