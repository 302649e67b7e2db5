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

-- What partners asked for and what came of it, kept for 30 days: written aside and in batches, never with money (0055).
create table request_log (
    partner_id  text not null,
    created_at  timestamptz not null,             -- by the wall clock, when it came
    log_id      bigint not null generated always as identity,
    request_id  text not null,                    -- X-Request-Id of the answer
    client_id   text not null,
    method      text not null,
    route       text not null,                    -- with the names of its parameters
    path        text not null,
    status      integer not null,
    elapsed_us  bigint not null,
    api_version text,
    idem_key    text,
    object_id   text,                             -- what was made, or what the path names
    parent_id   text,                             -- what the path names when something else was made
    code        text,                             -- of the problem
    problem     text,                             -- the whole document
    primary key (partner_id, created_at, log_id)
);
create index request_log_of_request on request_log (request_id);
create index request_log_of_object on request_log (object_id) where object_id is not null;
create index request_log_of_parent on request_log (parent_id) where parent_id is not null;
create index request_log_of_key on request_log (idem_key) where idem_key is not null;

-- The version of the API that a partner is answered in unless a request says otherwise. Those that were there before there were
-- versions have the first one; new ones get the newest (domain/api_version.h).
alter table partner add column api_version text not null default '2026-11-01' check (api_version ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$');
