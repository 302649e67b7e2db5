-- Secrets that stored values hang on, each wrapped for every file that opens it (docs/decisions/0102-secrets-in-slots.md). wrapped null: the
-- secret is the content of the file itself, as it was before; `migrate` wraps it.
create table secret_slot (
    name       text not null,
    slot       text not null,
    wrapped    bytea,
    created_at timestamptz not null,
    primary key (name, slot)
);
insert into secret_slot (name, slot, created_at)
select name, 'file', now() from unnest(array['sealing_key', 'code_key']) as name where exists (select 1 from partner);

create trigger audited after insert or delete on secret_slot for each row execute function audit_row('secret_slot', 'name', '', '');
