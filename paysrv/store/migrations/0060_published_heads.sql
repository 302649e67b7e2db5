-- The head of the seals at the end of each day (UTC), for everybody to keep (docs/decisions/0081-bank-channel.md).
create table ledger_head (
    day          date primary key,
    seal_id      bigint not null,
    hash         bytea not null check (octet_length(hash) = 32),
    published_at timestamptz not null               -- by the wall clock
);
create trigger ledger_head_append_only before update or delete or truncate on ledger_head execute function ledger_is_append_only();
