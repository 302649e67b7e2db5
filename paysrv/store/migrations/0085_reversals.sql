-- What a person did with a reversal that the acquirer had refused (docs/decisions/0096): one word about each, whoever is first.
create table reversal_decision (
    call_id      text primary key references acquirer_call,
    partner_id   text not null,
    decision     text not null check (decision in ('retried', 'settled')),
    settled_as   text check (settled_as in ('acquirer', 'bank', 'platform', 'booked')),
    note         text not null,
    decided_by   text not null,
    decided_name text not null,
    decided_at   timestamptz not null,              -- by the wall clock
    constraint reversal_decision_settled check ((decision = 'settled') = (settled_as is not null))
);
create trigger audited after insert on reversal_decision
    for each row execute function audit_row('reversal.{decision}', 'call_id', 'decision decided_by decided_name decided_at', '');

alter table manual_entry
    drop constraint manual_entry_kind_check,
    drop constraint manual_entry_borne_by_check,
    add constraint manual_entry_kind_check
        check (kind in ('write_off', 'undo', 'resolve', 'send', 'assign', 'payout', 'batch', 'order', 'reversal')),
    add constraint manual_entry_borne_by_check
        check (borne_by in ('platform', 'partner', 'suspense', 'payer', 'payment', 'paid', 'rejected', 'released', 'acquirer', 'bank'));

-- Some acquirers call a refused reversal by the charge's own name, which the next try, when it succeeds, may have again.
update acquirer_call c set acquirer_ref = null
  from anomaly a
 where a.kind = 'reversal_refused' and c.call_id = a.ref and c.state = 'declined' and c.acquirer_ref = c.charge_ref;

-- I14: of what was given up and came after all, exactly one reversal is open or has succeeded; or all were refused. I11, I12 and I29 know
-- the entry of one that a person has settled.
do $$
declare
    change text[];
    definition text;
begin
    definition := pg_get_viewdef('v_inv_ledger'::regclass);
    foreach change slice 1 in array array[
        ['count\(\*\) AS n(\s+FROM acquirer_call\s+WHERE \(?acquirer_call\.op = ANY \(ARRAY\[''late_void''::text, ''late_refund''::text\]\))',
         'case when bool_and(acquirer_call.state = ''declined'') then 1 else count(*) filter (where acquirer_call.state <> ''declined'') end AS n\1'],
        ['''late_charge''::text, ''late_refund''::text', '''late_charge''::text, ''late_refund''::text, ''late_settled''::text']]
    loop
        if definition !~ change[1] then
            raise exception 'v_inv_ledger does not hold %', change[1];
        end if;
        definition := regexp_replace(definition, change[1], change[2], 'g');
    end loop;
    execute 'create or replace view v_inv_ledger as ' || rtrim(definition, ';');
end $$;

create view v_inv_reversals as
-- I14 what was refused, and is not asked for again, is a person's; what he has settled does not go back as well
select 'I14' as inv, c.call_id as k
  from acquirer_call c
 cross join lateral (
       select bool_and(r.state = 'declined') as is_refused,
              bool_or(exists (select from anomaly a where a.kind = 'reversal_refused' and a.ref = r.call_id)) as is_told,
              bool_or(d.decision = 'settled') as is_settled
         from acquirer_call r
         left join reversal_decision d on d.call_id = r.call_id
        where r.payment_id = c.payment_id and r.charge_ref = c.acquirer_ref and r.amount = c.amount
          and r.op in ('late_void', 'late_refund')) l
 where c.op in ('charge', 'authorize') and c.is_abandoned and c.state = 'ok'
   and case when l.is_refused then not l.is_told else coalesce(l.is_settled, false) end
union all -- I11 what a person has settled by an entry has exactly that one
select 'I11', 'settled/' || coalesce(d.call_id, e.ref)
  from (select * from reversal_decision where settled_as <> 'booked') d
  full join (select * from entry where kind = 'late_settled') e on e.partner_id = d.partner_id and e.ref = d.call_id
 where d.call_id is null or e.entry_id is null;

do $$
begin
    execute 'create or replace view v_inv as ' || rtrim(pg_get_viewdef('v_inv'::regclass), ';')
            || ' union all select inv, k from v_inv_reversals';
end $$;
