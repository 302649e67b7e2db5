-- A write-off that was a mistake is given back to who bore it, as by a dispute that is won (0072), by an operator's word: without a dispute.
alter table balance_relief
    drop constraint balance_relief_recovery,
    add constraint balance_relief_recovery check ((kind = 'recovery') = (recovers is not null) and (dispute_id is null or kind = 'recovery'));

alter table manual_entry
    drop constraint manual_entry_kind_check,
    add constraint manual_entry_kind_check check (kind in ('write_off', 'undo', 'resolve', 'send', 'assign', 'payout', 'batch', 'order'));

-- I35, too: nobody has more back than he bore.
do $$
begin
    execute 'create or replace view v_inv_disputes as ' || rtrim(pg_get_viewdef('v_inv_disputes'::regclass), ';')
        || ' union all select ''I35'', ''back/'' || r.relief_id from balance_relief r'
        || ' where r.amount < (select sum(x.amount) from balance_relief x where x.recovers = r.relief_id)';
end $$;
