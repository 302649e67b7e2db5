-- What the ledger refuses by itself: lines that do not fit. The invariants view would see them too, but afterwards.

-- Whatever inserts postings inserts whole entries: the lines of one statement sum to zero per entry and currency, belong to an
-- entry of this very transaction (nothing is added to a committed one), and to an account of its partner in their currency.
create or replace function posting_must_balance() returns trigger language plpgsql as $$
begin
    if exists (select from fresh group by entry_id, currency having sum(amount) <> 0) then
        raise exception 'postings do not sum to zero' using errcode = 'check_violation', constraint = 'posting_balanced';
    end if;
    if exists (select from fresh f
                 left join account a on a.account_id = f.account_id
                 left join entry e on e.entry_id = f.entry_id and e.xmin = pg_current_xact_id()::xid
                where a.account_id is null or e.entry_id is null or a.currency <> f.currency or a.partner_id <> e.partner_id) then
        raise exception 'postings do not fit their entry or account' using errcode = 'check_violation', constraint = 'posting_fits';
    end if;
    return null;
end $$;
