-- The ledger cannot be changed without a trace (docs/decisions/0070-ledger-seals.md): a job seals what is committed, block by block, each
-- seal with the hash of the one before. No payment waits for it.

create table ledger_seal (
    seal_id     bigint primary key,                 -- 1, 2, 3 ...
    first_entry bigint not null,                    -- numbers between the entries belong to the block: nothing is put there later
    last_entry  bigint not null check (last_entry >= first_entry),
    entries     bigint not null check (entries > 0),
    postings    bigint not null,
    prev        bytea not null check (octet_length(prev) = 32),
    hash        bytea not null check (octet_length(hash) = 32),
    sealed_at   timestamptz not null                -- by the wall clock
);
create trigger ledger_seal_append_only before update or delete or truncate on ledger_seal execute function ledger_is_append_only();

-- The entries of a block and their lines, and of each line whose account it is: an account that is given to somebody else changes old
-- entries too. Rows as text are written with quotes where they need them, so no two blocks look alike; the settings are what times depend on.
create function ledger_digest(prev bytea, first_entry bigint, last_entry bigint)
    returns table (hash bytea, entries bigint, postings bigint) language sql stable
    set search_path from current set timezone = 'UTC' set datestyle = 'ISO' as $$
    with heads as materialized (
        select e.entry_id, row (e.entry_id, e.partner_id, e.kind, e.ref, e.reverses, e.created_at)::text as text
          from entry e where e.entry_id between first_entry and last_entry
    ), lines as materialized (
        select p.entry_id, p.line,
               row (p.entry_id, p.line, p.account_id, p.currency, p.amount, a.partner_id, a.kind, a.user_id, a.currency, a.side)::text as text
          from posting p left join account a on a.account_id = p.account_id where p.entry_id between first_entry and last_entry
    )
    select sha256(prev || convert_to(concat_ws(e'\n', first_entry || ' ' || last_entry,
                                               (select string_agg(h.text, e'\n' order by h.entry_id) from heads h),
                                               (select string_agg(l.text, e'\n' order by l.entry_id, l.line) from lines l)), 'UTF8')),
           (select count(*) from heads), (select count(*) from lines)
$$;

-- Where the job that looks at old seals again has come to; one row.
create table ledger_scrub (
    is_only     boolean primary key default true check (is_only),
    seal_id     bigint not null default 0,          -- good up to here in this pass
    hash        bytea not null default decode(repeat('00', 32), 'hex') check (octet_length(hash) = 32),
    last_entry  bigint not null default 0,
    begun_at    timestamptz,                        -- this pass
    finished_at timestamptz,                        -- the last whole one
    broken_seal bigint                              -- the first that was not what was sealed, until a pass finds none
);
insert into ledger_scrub default values;

create view v_inv_seals as
-- I28 each seal follows the one before, and leaves no entry out
select 'I28' as inv, s.seal_id::text as k
  from (select seal_id, first_entry, prev, lag(hash) over w as last_hash, lag(seal_id) over w as last_id, lag(last_entry) over w as end_before
          from ledger_seal window w as (order by seal_id)) s
 where s.prev <> coalesce(s.last_hash, decode(repeat('00', 32), 'hex')) or s.seal_id <> coalesce(s.last_id, 0) + 1
    or s.first_entry <> coalesce(s.end_before, 0) + 1;

do $$
begin
    execute 'create or replace view v_inv as ' || rtrim(pg_get_viewdef('v_inv'::regclass), ';') || ' union all select inv, k from v_inv_seals';
end $$;
