-- The latest time that the servers of this schema have had: with an earlier one none starts (docs/decisions/0107-one-clock.md).
create table clock_seen (
    name   text primary key check (name = 'latest'),
    latest timestamptz not null
);
insert into clock_seen (name, latest) values ('latest', 'epoch');
create trigger audited after update on clock_seen for each row when (new.latest < old.latest)
    execute function audit_row('clock_seen.accepted', 'name', '', '');
