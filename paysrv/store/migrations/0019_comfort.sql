-- What partners integrate by (docs/decisions/0055): events of an object are numbered.

-- A payment counts its own events, in the update that an event tells of; it is the sequence of the latest one.
alter table payment add column version bigint not null default 0;

-- 0: from before there were numbers.
alter table event add column sequence bigint not null default 0;

-- Objects that are not payments are counted here, each in a row of its own.
create table event_counter (
    partner_id text not null,
    object_id  text not null,
    last       bigint not null check (last > 0),
    primary key (partner_id, object_id)
) with (fillfactor = 80);

create function event_number() returns trigger language plpgsql as $$
begin
    if new.type like 'payment%' then
        raise exception 'the event % of % has no sequence: its payment counts it', new.type, new.object_id;
    end if;
    insert into event_counter as c (partner_id, object_id, last) values (new.partner_id, new.object_id, 1)
    on conflict (partner_id, object_id) do update set last = c.last + 1
    returning last into new.sequence;
    return new;
end $$;
create trigger event_numbered before insert on event for each row when (new.sequence = 0) execute function event_number();
