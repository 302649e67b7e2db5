-- The latest time that the servers of this schema have had: with an earlier one none starts (docs/decisions/0107-one-clock.md).
create table clock_seen (
    name   text primary key check (name = 'latest'),
    latest timestamptz not null
);
insert into clock_seen (name, latest) values ('latest', 'epoch');

create function clock_seen_is_audited() returns trigger language plpgsql set search_path from current as $$
begin
    insert into audit (at, actor, action, object, detail)
    values (clock_timestamp(), coalesce(nullif(current_setting('stoa.actor', true), ''), 'database:' || session_user), 'clock_seen.accepted',
            new.name, old.latest || ' -> ' || new.latest);
    return null;
end $$;
create trigger audited after update on clock_seen for each row when (new.latest < old.latest) execute function clock_seen_is_audited();
