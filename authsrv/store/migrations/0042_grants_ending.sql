-- What ends at once for an account or a session may hold more grants than a statement has time for. Who ends it ends some of them, and writes down
-- here that the others follow; until they have, each look-up asks grant_ends (docs/decisions/0103).

-- Of a session: what ends with it. Of an account, alone or at one client: what was there then.
create table grant_ending (
    what text primary key,
    sid text,
    user_id text references users on delete cascade,
    client_id text references client on delete cascade,
    why text not null,
    ended_at timestamptz not null,
    -- How many slices of it have ended: the next is of what has had the fewest.
    turns integer not null default 0,
    check ((sid is null) <> (user_id is null)),
    check (client_id is null or user_id is not null),
    check (what = coalesce(sid, user_id || coalesce(' ' || client_id, '')))
);

-- A grant whose code was never redeemed ends with its session too, offline or not: its client must not begin with a dead session.
create function grant_ends_with_session(scope text, tokens_at timestamptz) returns boolean language sql immutable as $$
    select tokens_at is null or not ('offline_access' = any (string_to_array(scope, ' ')))
$$;

-- Has it ended, although that does not stand in its row yet?
create function grant_ends(whose text, at_client text, in_sid text, with_scope text, given_at timestamptz, made_at timestamptz)
returns boolean language plpgsql stable set search_path from current as $$
begin
    return exists (
        select from grant_ending e
         where e.what = any (array[in_sid, whose, whose || ' ' || at_client])
           and case when e.sid is not null then grant_ends_with_session(with_scope, given_at) else made_at <= e.ended_at end);
end $$;

create or replace function session_ended() returns trigger language plpgsql set search_path from current as $$
declare
    most constant integer := 100; -- of one session: a statement may end many
    held text[] := array(select g.id from grants g
                          where g.sid = new.sid and g.revoked_at is null and grant_ends_with_session(g.scope, g.tokens_at) limit most);
begin
    perform from grants where id = any (held) order by id for update;
    update grants set revoked_at = clock_timestamp(), revoked_why = coalesce(new.ended_why, 'logout') where id = any (held) and revoked_at is null;
    if cardinality(held) = most then
        insert into grant_ending (what, sid, why, ended_at) values (new.sid, new.sid, coalesce(new.ended_why, 'logout'), clock_timestamp());
    end if;
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

-- Where a client's own token could be presented: only there it is told of. Absent: of before, told everywhere.
alter table revoked_jti add column audience text;
