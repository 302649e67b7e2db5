-- Payments that nobody paid in time are told of, once: their status becomes 'expired' (docs/decisions/0087-lists-of-payments.md). Who is to be told of
-- is found by a walk along ids, which are times, a payment's life behind them. It begins here: what was made before is not told.
create table payment_walk (
    is_one   boolean primary key default true check (is_one),
    began    text not null, -- behind this payment
    position text not null  -- and has come to this one
);
insert into payment_walk (began, position) select x.id, x.id from (select coalesce(max(payment_id), '') as id from payment) x;

do $$
declare
    definition text := pg_get_viewdef('v_inv_ledger'::regclass);
    known text := '''requires_capture''::text, ''succeeded''::text, ''canceled''::text';
begin
    if strpos(definition, known) = 0 then
        raise exception 'v_inv_ledger does not list the statuses of payments';
    end if;
    execute 'create or replace view v_inv_ledger as ' || replace(rtrim(definition, ';'), known, known || ', ''expired''::text');
end $$;

-- I76 whoever has been passed and may still expire has a timer, and who has expired has none.
create view v_inv_expired as
select 'I76' as inv, p.payment_id as k
  from payment_walk w join payment p on p.payment_id > w.began and p.payment_id <= w.position
 where p.status in ('requires_payment_method', 'processing') and p.timer_at is null
union all
select 'I76', payment_id from payment where status = 'expired' and (timer_at is not null or succeeded_at is not null);

do $$
begin
    execute 'create or replace view v_inv as ' || rtrim(pg_get_viewdef('v_inv'::regclass), ';')
            || ' union all select inv, k from v_inv_expired';
end $$;
