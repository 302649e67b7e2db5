create table item (
    id int8 primary key,
    name text constraint item_name_key unique,
    body bytea,
    hash bytea check (octet_length(hash) = 32),
    made_at timestamptz,
    doc jsonb,
    tags text[],
    numbers int8[],
    hashes bytea[],
    small int4,
    live bool
);

create table counter (
    id int8 primary key,
    value int8 not null
);
insert into counter values (1, 0), (2, 0);
