-- The queue of back-channel logouts. Rows come from the trigger session_ended (migrations).

-- name: logout_claim :maybe
-- One that is due, of the next client behind :after in their order, leased to this thread: whoever has very many waits for everybody's turn. :any
-- false: only of clients that answered last time, and soon, so that a dead or a slow one holds up nobody.
-- row: id i64, client_id client_id, user_id user_id, sid text, attempts i32, failures i32, created_at instant
with recursive waits as (
    (select client_id from logout where state = 'pending' and client_id > :after::text order by client_id limit 1)
    union all
    select n.client_id
      from waits w
     cross join lateral (select x.client_id from logout x where x.state = 'pending' and x.client_id > w.client_id order by x.client_id limit 1) n
), next as materialized (
    select l.id
      from waits w
     cross join lateral (select x.id from logout x
                          where x.client_id = w.client_id and x.state = 'pending' and x.due_at <= :now and x.busy_until <= :now
                          order by x.due_at limit 1 for no key update skip locked) l
     where coalesce((select :any::bool and r.paused_until <= :now from logout_receiver r where r.client_id = w.client_id), true)
     limit 1
)
update logout d set busy_until = :lease::instant
 where d.id = (select id from next)
returning d.id, d.client_id, d.user_id, d.sid, d.attempts,
          coalesce((select r.failures from logout_receiver r where r.client_id = d.client_id), 0), d.created_at;

-- name: logout_answered :exec
-- The client answered: whatever else waits for it may go at once, if it answered soon; else it stays among those that hold up others.
with r as (
    select client_id from logout_receiver where client_id = :client::client_id and failures > 0
), others as (
    update logout set due_at = :now from r where logout.client_id = r.client_id and state = 'pending' and id <> :id::i64
), soon as (
    delete from logout_receiver where client_id = :client and not :is_slow::bool
), slow as (
    insert into logout_receiver (client_id, failures, paused_until) select :client, 0, :now where :is_slow
    on conflict (client_id) do update set failures = 0, paused_until = excluded.paused_until
)
update logout set state = :state::text, attempts = attempts + 1, answered = :answered::i32, why = :why::text?, finished_at = :now
 where id = :id and state = 'pending';

-- name: logout_failed :exec
-- No answer that counts: again later, and the client rests until :paused_until.
with r as (
    insert into logout_receiver (client_id, failures, paused_until)
    values (:client::client_id, :failures::i32, :paused_until::instant)
    on conflict (client_id) do update set failures = excluded.failures, paused_until = excluded.paused_until
)
update logout set attempts = attempts + 1, answered = :answered::i32?, why = :why::text, due_at = :due::instant, busy_until = :now
 where id = :id::i64 and state = 'pending';

-- name: logout_drop :exec
-- The client is gone, or does not want logouts any more.
update logout set state = 'refused', why = :why::text, finished_at = :now where id = :id::i64 and state = 'pending';

-- name: logout_give_up :many
-- row: client_id client_id, attempts i32
with old as materialized (
    select id from logout where state = 'pending' and created_at <= :since::instant and busy_until <= :now
     order by client_id, due_at limit 500 for update skip locked
), given as (
    update logout l set state = 'given_up', finished_at = :now where l.id = any (array(select id from old))
    returning l.client_id, l.sid, l.attempts, l.why
), noted as (
    insert into audit (at, actor, action, object, detail)
    select :now, 'authsrv', 'logout.given_up', client_id, sid || ' ' || coalesce(why, '') from given
)
select client_id, attempts from given;

-- name: logout_pending :one
-- row: n i64
select count(*) from logout where state = 'pending';

-- name: logout_list :many
-- Those that did not go through, newest first; :all: every one that is still kept.
-- row: id i64, client_id client_id, user_id user_id, state text, attempts i32, answered i32?, why text?, created_at instant, due_at instant
select id, client_id, user_id, state, attempts, answered, why, created_at, due_at
  from logout
 where (:all::bool or state in ('refused', 'given_up') or (state = 'pending' and attempts > 0)) and id < :before::i64
 order by id desc limit :limit::i64;

-- name: logout_retry :exec
-- The operator's wish: all of a client that did not go through begin anew.
with r as (
    delete from logout_receiver where client_id = :client::text
)
update logout set state = 'pending', attempts = 0, created_at = :now, due_at = :now, busy_until = :now, finished_at = null
 where client_id = :client and (state in ('refused', 'given_up') or (state = 'pending' and attempts > 0));

-- name: logout_purge :exec
delete from logout where id = any (array(
    select id from logout where finished_at < :before::instant order by finished_at limit 1000));

-- name: upstream_logout_create :exec
-- The oldest of too many of one browser give way.
with old as (
    delete from upstream_logout where state_hash = any (array(
        select state_hash from upstream_logout where browser_hash = :browser_hash::digest order by created_at desc offset 19))
)
insert into upstream_logout (state_hash, browser_hash, partner, client_id, location, created_at, expires_at)
values (:state_hash::digest, :browser_hash, :partner::text, :client::text?, :location::text?, :now, :expires_at::instant);

-- name: upstream_logout_take :maybe
-- Once, by the browser that went there, at the address of that partner.
-- row: client_id text?, location text?
update upstream_logout set used_at = :now
 where state_hash = :state_hash::digest and browser_hash = :browser_hash::digest and partner = :partner::text
   and used_at is null and expires_at > :now
returning client_id, location;

-- name: upstream_logout_purge :exec
delete from upstream_logout where state_hash = any (array(
    select state_hash from upstream_logout where expires_at < :before::instant order by expires_at limit 1000));
