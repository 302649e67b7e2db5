-- When somebody of the operator's last lost what sessions elsewhere rest on: the account was disabled, its role or its credentials were changed, a session of
-- it was ended by a person. Servers with sessions of their own are told (revocation_list). One row for each person; no foreign key, as in 0025.
create table person_ending (
    user_id  text primary key,
    ended_at timestamptz not null
);
create index person_ending_at on person_ending (ended_at);

create function person_ends(who text) returns void language sql set search_path from current as $$
    insert into person_ending (user_id, ended_at) values (who, clock_timestamp())
    on conflict (user_id) do update set ended_at = excluded.ended_at
$$;

-- What the new role would not be given is taken back with what was bought of it.
create function person_changed() returns trigger language plpgsql set search_path from current as $$
begin
    if new.role <> old.role then
        perform from grants g where g.user_id = new.id and g.revoked_at is null
            and exists (select from unnest(string_to_array(g.scope, ' ')) w where not role_may(new.role, w)) order by g.id for update;
        update grants g set revoked_at = clock_timestamp(), revoked_why = 'role_changed'
         where g.user_id = new.id and g.revoked_at is null
           and exists (select from unnest(string_to_array(g.scope, ' ')) w where not role_may(new.role, w));
    end if;
    perform person_ends(new.id);
    return null;
end $$;
create trigger person_changed after update of disabled_at, role, cred_changed_at on users for each row
    when (old.role <> 'user' and (new.role <> old.role or new.cred_changed_at > old.cred_changed_at or new.disabled_at is not null))
    execute function person_changed();

create function person_left() returns trigger language plpgsql set search_path from current as $$
begin
    perform person_ends(u.id) from users u where u.id = new.user_id and u.role <> 'user';
    return null;
end $$;
create trigger person_left after update of ended_at on session for each row
    when (old.ended_at is null and new.ended_at is not null and coalesce(new.ended_why, 'logout') not in ('expired', 'idle', 'replaced'))
    execute function person_left();
