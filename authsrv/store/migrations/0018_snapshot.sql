-- Processes that keep clients, resources and keys in memory hear of a change when it is committed (job snapshot.refresh).
create or replace function cache_changed() returns trigger language plpgsql as $$
begin
    update cache_version set version = version + 1;
    perform pg_notify('snapshot.refresh', '');
    return null;
end $$;
