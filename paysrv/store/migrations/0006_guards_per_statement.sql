-- The guards of the ledger, asked once per statement and entry and not once per row: a batch of payments pays for them once.

-- As before (0005), with one look at each entry instead of one for each of its lines.
create or replace function posting_must_balance() returns trigger language plpgsql as $$
begin
    if exists (select from fresh group by entry_id, currency having sum(amount) <> 0) then
        raise exception 'postings do not sum to zero' using errcode = 'check_violation', constraint = 'posting_balanced';
    end if;
    if exists (select from (select f.entry_id, min(a.partner_id) as first, max(a.partner_id) as last,
                                   bool_or(a.account_id is null or a.currency <> f.currency) as strange
                              from fresh f left join account a on a.account_id = f.account_id
                             group by f.entry_id) g
                 left join entry e on e.entry_id = g.entry_id and e.xmin = pg_current_xact_id()::xid
                where g.strange or e.entry_id is null or g.first <> e.partner_id or g.last <> e.partner_id) then
        raise exception 'postings do not fit their entry or account' using errcode = 'check_violation', constraint = 'posting_fits';
    end if;
    return null;
end $$;

-- Whatever inserts an entry inserts its lines in the same statement: at least two, and posting_balanced sees that they sum to
-- zero. Stricter than at commit, where it was one event, one call and one query for each entry.
drop trigger entry_whole on entry;
create or replace function entry_must_be_whole() returns trigger language plpgsql as $$
begin
    if exists (select from fresh f where (select count(*) < 2 from posting p where p.entry_id = f.entry_id)) then
        raise exception 'an entry is not whole' using errcode = 'check_violation', constraint = 'entry_whole';
    end if;
    return null;
end $$;
create trigger entry_whole after insert on entry
    referencing new table as fresh for each statement execute function entry_must_be_whole();
