-- What follows a change of an account or a partner looks its own sessions up: "(ended_at is null) is true" is no reason to walk those that are live
-- instead, as in session.sql.
create or replace function credentials_changed() returns trigger language plpgsql set search_path from current as $$
begin
    update session set ended_at = greatest(new.cred_changed_at, new.disabled_at),
                       ended_why = case when new.disabled_at is null then 'credentials_changed' else 'user_disabled' end
     where user_id = new.id and (ended_at is null) is true and (new.disabled_at is not null or authed_at < new.cred_changed_at);
    return null;
end $$;

drop index session_host;
create index session_host on session (host) where host is not null;
create or replace function partner_leaves_host() returns trigger language plpgsql set search_path from current as $$
begin
    update session set ended_at = now(), ended_why = 'operator' where host = old.host and (ended_at is null) is true;
    return null;
end $$;
