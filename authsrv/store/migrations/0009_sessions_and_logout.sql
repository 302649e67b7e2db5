-- A session ends in one way: ended_at is set. What follows happens in the trigger below and so in the same transaction,
-- whoever ends the session and why: its grants end, the applications that got tokens in it are queued for back-channel
-- logout, and the audit log has its entry (docs/decisions/0016).

alter table session add column ended_why text;
create index session_seen on session (last_seen_at) where ended_at is null;

-- When the client got the first token of this grant; absent: it knows nothing of the session yet.
alter table grants add column tokens_at timestamptz;
update grants g set tokens_at = g.created_at
 where exists (select from code k where k.grant_id = g.id and k.used_at is not null);
create index grants_sid on grants (sid);
drop index grants_session;

-- The queue of back-channel logouts. The token is written anew for each attempt, so nothing secret stands here.
create table logout (
    id bigint generated always as identity primary key,
    client_id text not null references client on delete cascade,
    user_id text not null references users,
    sid text not null,
    state text not null default 'pending' check (state in ('pending', 'delivered', 'refused', 'given_up')),
    attempts integer not null default 0,
    due_at timestamptz not null,
    busy_until timestamptz not null,
    answered integer,
    why text,
    created_at timestamptz not null,
    finished_at timestamptz,
    constraint logout_once unique (client_id, sid),
    check ((state = 'pending') = (finished_at is null))
);
create index logout_due on logout (due_at) where state = 'pending';
create index logout_finished on logout (finished_at);

-- The circuit breaker: a client that did not answer last time. Whoever answers has no row.
create table logout_receiver (
    client_id text primary key references client on delete cascade,
    failures integer not null,
    paused_until timestamptz not null
);

-- A grant whose code was never redeemed ends too, offline or not: its client must not begin with a dead session.
create function session_ended() returns trigger language plpgsql set search_path from current as $$
begin
    perform from grants where sid = new.sid and revoked_at is null order by id for update;
    update grants set revoked_at = clock_timestamp(), revoked_why = coalesce(new.ended_why, 'logout')
     where sid = new.sid and revoked_at is null
       and (tokens_at is null or not ('offline_access' = any (string_to_array(scope, ' '))));
    insert into logout (client_id, user_id, sid, due_at, busy_until, created_at)
    select c.id, new.user_id, new.sid, new.ended_at, new.ended_at, new.ended_at
      from client c
     where c.disabled_at is null and c.metadata ? 'backchannel_logout_uri'
       and c.id in (select g.client_id from grants g where g.sid = new.sid and g.tokens_at is not null)
    on conflict on constraint logout_once do nothing;
    insert into audit (at, actor, action, object, detail)
    values (new.ended_at,
            case when new.ended_why in ('user_disabled', 'operator') then 'operator'
                 when new.ended_why in ('expired', 'idle') then 'authsrv' else new.user_id end,
            'session.ended', new.sid, coalesce(new.ended_why, 'logout'));
    return null;
end $$;
create trigger session_ended after update of ended_at on session for each row
    when (old.ended_at is null and new.ended_at is not null) execute function session_ended();

-- No session outlives its account, or the credentials that it was begun with.
create function credentials_changed() returns trigger language plpgsql set search_path from current as $$
begin
    update session set ended_at = greatest(new.cred_changed_at, new.disabled_at),
                       ended_why = case when new.disabled_at is null then 'credentials_changed' else 'user_disabled' end
     where user_id = new.id and ended_at is null and (new.disabled_at is not null or authed_at < new.cred_changed_at);
    return null;
end $$;
create trigger credentials_changed after update of cred_changed_at, disabled_at on users for each row
    when (new.cred_changed_at > old.cred_changed_at or new.disabled_at is not null) execute function credentials_changed();
