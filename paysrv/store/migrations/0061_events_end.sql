-- Events and their deliveries are kept for a time (event_life). What they told of stays in the books.
create index webhook_delivery_of_event on webhook_delivery (event_id);

-- Up to which entry events may be gone.
create table event_horizon (
    entry_id bigint not null,
    one      boolean primary key default true check (one)
);
insert into event_horizon (entry_id) values (0);

-- I24 every entry has its event, until it is purged
do $$
declare
    ledger text := pg_get_viewdef('v_inv_ledger'::regclass);
    known text := '(o.event_id IS NULL)';
begin
    if position(known in ledger) = 0 then
        raise exception 'v_inv_ledger does not ask for the events of entries';
    end if;
    execute 'create or replace view v_inv_ledger as '
            || replace(ledger, known, '(o.event_id IS NULL AND e.entry_id > (SELECT h.entry_id FROM event_horizon h))');
end $$;
