-- The newest entry such that it and all older ones are committed, found without stopping those who write: a lock on the table let the
-- payments of every server wait for the slowest of them whenever a job or a statement asked. Who has drawn a number has locked the table
-- before it, in the same statement. So the newest number is read first and then who holds such a lock: once these are through, no number up
-- to that one is on its way, and a lock is given back after what it guarded can be seen.
create or replace function ledger_horizon() returns bigint language plpgsql as $$
declare
    patience constant interval = nullif(current_setting('lock_timeout'), '0')::interval;
    newest   constant bigint = (select last_value from entry_entry_id_seq);
    writers  text[] = (select array_agg(l.virtualtransaction)
                         from pg_locks l join pg_database d on d.oid = l.database and d.datname = current_database()
                        where l.relation = 'entry'::regclass and l.mode = 'RowExclusiveLock' and l.granted and l.pid <> pg_backend_pid());
    since    constant timestamptz = clock_timestamp();
begin
    while writers is not null loop
        if clock_timestamp() - since > patience then
            raise exception 'some entries are still being written' using errcode = 'lock_not_available';
        end if;
        perform pg_sleep(0.001);
        writers = (select array_agg(l.virtualtransaction) from pg_locks l
                    where l.relation = 'entry'::regclass and l.mode = 'RowExclusiveLock' and l.virtualtransaction = any (writers));
    end loop;
    return (select coalesce(max(entry_id), 0) from entry where entry_id <= newest);
end $$;
