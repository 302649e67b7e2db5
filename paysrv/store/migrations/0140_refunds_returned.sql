-- Refunds that fail after they succeeded (docs/decisions/0114): their money comes back to us. The entry of one is refund_returned, of a reversal that
-- did so late_returned; the refund is `failed` then, and the call of both `declined`, as if the acquirer had said so at once.

-- What the shares were computed from; null: of those from before, which had no fees of their own or are taken back by the rules alone.
alter table refund add column at_captured bigint, add column at_returned bigint;

-- An acquirer's registry has it in a line of its own, and it is a debt of its own.
alter table settlement_line
    drop constraint settlement_line_kind_check,
    add constraint settlement_line_kind_check check (kind in ('charge', 'capture', 'refund', 'refund_return', 'chargeback', 'chargeback_reversal', 'push',
                                                              'push_return', 'adjustment')) not valid;
create or replace function debt_of(kind text, op text) returns text language sql immutable parallel safe as $$
    select case when kind in ('push_return', 'payout_returned', 'refund_return', 'refund_returned', 'late_returned', 'chargeback_reversal', 'dispute_return')
                then op || ' return' else op end
$$;

-- The views before are what they were, with this: whoever changed them last.
do $$
declare
    came_back text := 'exists (select from entry e where e.partner_id = c.partner_id and e.kind in (''refund_returned'', ''late_returned'') and e.ref = c.call_id)';
    change text[];
    definition text;
    added text := $view$
union all -- what came back had gone
select 'I11', 'returned/' || e.entry_id from entry e
 where e.kind in ('refund_returned', 'late_returned')
   and not exists (select from entry f where f.partner_id = e.partner_id and f.ref = e.ref
                                         and f.kind = case e.kind when 'refund_returned' then 'refund' else 'late_refund' end)
union all -- and all of it comes back
select 'I12', e.entry_id::text from entry e join refund r on r.refund_id = e.ref
 where e.kind = 'refund_returned'
   and (select sum(q.amount) from posting q join account a on a.account_id = q.account_id where q.entry_id = e.entry_id and a.kind = 'acquirer_receivable')
       is distinct from r.amount::numeric
$view$;
begin
    foreach change slice 1 in array array[ -- of this view the first word becomes the second
        ['v_inv_ledger', '(c.op = ''late_refund''::text)) AND ((c.state = ''ok''::text) <> (e.entry_id IS NOT NULL))',
         '(c.op = ''late_refund''::text)) AND ((c.state = ''ok''::text) <> (e.entry_id is not null and not exists (select from entry x where x.partner_id = e.partner_id and x.kind = ''late_returned'' and x.ref = e.ref)))'],
        ['v_inv_ledger', '((r.status = ''succeeded''::text) <> (e.entry_id IS NOT NULL))',
         '((r.status = ''succeeded''::text) <> (e.entry_id is not null and not exists (select from entry x where x.partner_id = e.partner_id and x.kind = ''refund_returned'' and x.ref = e.ref)))'],
        ['v_inv_ledger', '((e.kind = ''refund''::text) AND (NOT (EXISTS', '((e.kind in (''refund'', ''refund_returned'')) AND (NOT (EXISTS'],
        ['v_inv_ledger', '''late_refund''::text, ''late_settled''::text', '''late_refund''::text, ''late_returned''::text, ''late_settled''::text'],
        ['v_inv_ledger', '''refund''::text, ''late_charge''::text', '''refund''::text, ''refund_returned''::text, ''late_charge''::text'],
        ['v_inv_acquirers', '''refund''::text, ''late_charge''::text, ''late_refund''::text', '''refund'', ''refund_returned'', ''late_charge'', ''late_refund'', ''late_returned'''],
        ['v_inv_acquirers', '((e.kind = ''refund''::text) AND', '((e.kind in (''refund'', ''refund_returned'')) AND'],
        ['v_inv_acquirers', '[''charge''::text, ''refund''::text]', '[''charge''::text, ''refund''::text, ''refund_returned''::text]'],
        ['v_inv_debts', '((c.op = ANY (ARRAY[''refund''::text, ''late_refund''::text])) OR ((c.op = ''payout''::text) AND (b.ref = c.call_id)))',
         '(c.op in (''refund'', ''late_refund'', ''payout'') and b.ref = c.call_id)'],
        ['settlement_line_ours', 'ELSE (c.state = ''ok''::text)',
         'when ''refund_return'' then ' || came_back || ' else c.state = ''ok'' or l.kind = ''refund'' and ' || came_back],
        ['settlement_line_ours', '((l.kind = ''refund''::text) AND (c.op = ''late_refund''::text))', 'l.kind in (''refund'', ''refund_return'') and c.op in (''refund'', ''late_refund'')']]
    loop
        definition := pg_get_viewdef(change[1]::regclass);
        if strpos(definition, change[2]) = 0 then
            raise exception '% does not hold %', change[1], change[2];
        end if;
        execute format('create or replace view %I as ', change[1]) || replace(rtrim(definition, ';'), change[2], change[3]);
    end loop;
    execute 'create or replace view v_inv_ledger as ' || rtrim(pg_get_viewdef('v_inv_ledger'::regclass), ';') || added;
end $$;
