-- A posting of 777 is not committed as long as somebody holds commits back (commits_hold).
create function commit_wait() returns trigger language plpgsql as $$
begin
    perform pg_advisory_xact_lock_shared(1);
    return null;
end $$;
create constraint trigger posting_waits after insert on posting deferrable initially deferred
    for each row when (new.amount = 777) execute function commit_wait();
