-- Events that tell of something outside the ledger. Those of the ledger are written by the statements that book.

-- name: event_insert :exec
insert into event (event_id, partner_id, type, object_id, data, created_at)
values (:event::event_id, :partner::partner_id, :type::text, :object::text, :data::text, :now);

-- name: event_find :maybe
-- row: event_id event_id, type text, data text, created_at instant, sequence i64, account text?, store text?
select e.event_id, e.type, e.data, e.created_at, e.sequence, o.account, o.store
  from event e cross join lateral event_party(e.type, e.object_id, e.data) o
 where e.partner_id = :partner::partner_id and e.event_id = :event::event_id;

-- name: event_list :many
-- Newest first; type absent: all. Those of a type are found along its index: what happens seldom lies behind all that is sold. The ids alone are looked
-- for, which one index has: to get whole rows, any that begins with the partner would do. Without a type its index is not entered: a row with an
-- absent member compares as unknown, which ends no walk, and all the partner's events would be gone through.
-- row: = event_find
select e.event_id, e.type, e.data, e.created_at, e.sequence, w.account, w.store
  from ((select event_id from event
          where partner_id = :partner::partner_id
            and (partner_id, event_id) < (:partner, coalesce(:before::text?, 'zz')) and (partner_id, event_id) >= (:partner, '') and :type::text? is null
          order by partner_id desc, event_id desc limit :limit::i64)
        union all
        (select event_id from event
          where partner_id = :partner
            and (partner_id, type, event_id) < (:partner, :type, coalesce(:before, 'zz')) and (partner_id, type, event_id) >= (:partner, :type, '') and :type is not null
          order by partner_id desc, type desc, event_id desc limit :limit)) o
 cross join lateral (select x.* from event x where x.event_id = o.event_id offset 0) e
 cross join lateral event_party(e.type, e.object_id, e.data) w
 order by e.event_id desc;

-- name: event_list_of_object :many
-- row: = event_find
select e.event_id, e.type, e.data, e.created_at, e.sequence, o.account, o.store
  from (select * from event
         where object_id = :object::text and partner_id = :partner::partner_id and (:before::text? is null or event_id < :before)
           and (:type::text? is null or type = :type)
         order by event_id desc limit :limit::i64) e
 cross join lateral event_party(e.type, e.object_id, e.data) o
 order by e.event_id desc;

-- name: events_purge :one
-- The oldest, with their deliveries: not those that are not queued yet, nor any with a delivery to come, unless its endpoint was switched off
-- as long ago. It goes on where the last statement ended and begins anew at the end, so that however many are kept are not walked through
-- at once. bound: the least id of that time, as ids sort by the wall clock.
-- row: seen i64, gone i64
with looked as materialized (
    select e.event_id from event e
     where e.event_id > (select h.looked_to from event_horizon h) and e.event_id < :bound::text
     order by e.event_id limit :most::i64
), old as materialized (
    select e.event_id, e.entry_id from event e
     where e.event_id = any (array(select l.event_id from looked l)) and e.created_at < :before::instant and not e.is_pending
       and not exists (select from webhook_delivery d join webhook_endpoint w on w.webhook_endpoint_id = d.webhook_endpoint_id
                        where d.event_id = e.event_id and (d.status = 'pending') is true and (w.disabled_at is null or w.disabled_at > :before))
       for update of e skip locked
), answered as (
    delete from webhook_delivery d using old o where d.event_id = o.event_id
), horizon as (
    update event_horizon set entry_id = greatest(entry_id, (select max(o.entry_id) from old o)),
           looked_to = case when (select count(*) from looked) < :most then '' else (select max(l.event_id) from looked l) end
     where looked_to <> '' or exists (select from looked)
), gone as (
    delete from event e using old o where e.event_id = o.event_id
)
select (select count(*) from looked), (select count(*) from old);
