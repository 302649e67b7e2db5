-- How many deliveries an endpoint gets at a time: as many as it answers well, at most what its partner allows.
alter table webhook_endpoint
    add column at_once integer not null default 1,
    add column answer_us bigint not null default 0,        -- what an answer takes when it is not busy; 0: not known yet
    add column max_in_flight integer not null default 64;
