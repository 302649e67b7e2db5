-- anchor_again: it begins in an hour that comes twice, in the second of them.
-- balance_returned: what was kept, and given back when it ended.
alter table subscription
    add column anchor_again boolean not null default false,
    add column balance_returned bigint not null default 0 check (balance_returned >= 0);

-- I43 a balance is what invoices have kept and not taken, and nobody was given back
do $$
declare
    view text := pg_get_viewdef('v_inv_recurring'::regclass);
    known text := '(s.balance)::numeric <>';
begin
    if position(known in view) = 0 then
        raise exception 'v_inv_recurring does not know of balances';
    end if;
    execute 'create or replace view v_inv_recurring as ' || replace(view, known, '(s.balance + s.balance_returned)::numeric <>');
end $$;
