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
select name, 'file', now() from unnest(array['sealing_key', 'pepper']) as name where exists (select 1 from sign_key);

-- By whom: as commands say (shared/db/conn.c), else who is on the database itself.
create function secret_slot_is_audited() returns trigger language plpgsql set search_path from current as $$
begin
    insert into audit (at, actor, action, object, detail)
    values (clock_timestamp(), coalesce(nullif(current_setting('stoa.actor', true), ''), 'database:' || session_user),
            case tg_op when 'INSERT' then 'secret_slot.added' else 'secret_slot.removed' end, coalesce(new.name, old.name), coalesce(new.slot, old.slot));
    return null;
end $$;
create trigger audited after insert or delete on secret_slot for each row execute function secret_slot_is_audited();
