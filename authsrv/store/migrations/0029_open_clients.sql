-- Clients of open registration and of documents go when nobody allows them anything (client.sql, open_client_purge). When each of them is to be
-- looked at: a row of its own, because a change of a client is news for every server's snapshot. One that is in use is looked at once a day.
create table open_client (
    client_id text primary key references client on delete cascade,
    look_at   timestamptz not null              -- made, or seen in use
);
create index open_client_due on open_client (look_at);

create function client_is_open() returns trigger language plpgsql set search_path from current as $$
begin
    insert into open_client (client_id, look_at) values (new.id, new.created_at) on conflict do nothing;
    return null;
end $$;
create trigger client_is_open after insert or update of verified, document_at on client for each row
    when ((new.id like 'open\_%' or new.document_at is not null) and not new.verified) execute function client_is_open();

insert into open_client (client_id, look_at)
select id, created_at from client where (id like 'open\_%' or document_at is not null) and not verified;
drop index client_open;
