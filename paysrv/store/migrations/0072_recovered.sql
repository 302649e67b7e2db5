-- What somebody bore for a seller comes back to him when the dispute is won that made the debt (0086).
alter table balance_relief
    drop constraint balance_relief_kind_check,
    add constraint balance_relief_kind_check check (kind in ('cover', 'write_off', 'recovery')),
    add column recovers text references balance_relief,
    add column dispute_id text references dispute,
    add constraint balance_relief_recovery check ((kind = 'recovery') = (recovers is not null) and (kind = 'recovery') = (dispute_id is not null));
create index balance_relief_recovers on balance_relief (recovers) where recovers is not null;
create index balance_relief_of_dispute on balance_relief (dispute_id) where dispute_id is not null;

-- I35 is what it was, with the other sign for what comes back; I29 knows the kind.
do $$
declare
    change text[];
    definition text;
begin
    foreach change slice 1 in array array[
        ['v_inv_disputes', 'ROW\(+\(?- r\.amount\)*::numeric, \(?r\.amount\)?::numeric',
         'ROW((case r.kind when ''recovery'' then r.amount else -r.amount end)::numeric, (case r.kind when ''recovery'' then -r.amount else r.amount end)::numeric'],
        ['v_inv_disputes', 'ARRAY\[''cover''::text, ''write_off''::text\]', 'ARRAY[''cover''::text, ''write_off''::text, ''recovery''::text]'],
        ['v_inv_ledger', '''write_off''::text, ', '''write_off''::text, ''recovery''::text, ']]
    loop
        definition := pg_get_viewdef(change[1]::regclass);
        if definition !~ change[2] then
            raise exception '% does not hold %', change[1], change[2];
        end if;
        execute format('create or replace view %s as %s', change[1], regexp_replace(definition, change[2], change[3]));
    end loop;
end $$;
