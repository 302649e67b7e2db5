-- Events that tell of something outside the ledger. Those of the ledger are written by the statements that book.

-- name: event_insert :exec
insert into event (event_id, partner_id, type, object_id, data, created_at)
values (:event::event_id, :partner::partner_id, :type::text, :object::text, :data::text, :now);

-- name: event_find :maybe
-- row: event_id event_id, type text, data text, created_at instant, sequence i64
select event_id, type, data, created_at, sequence
  from event where partner_id = :partner::partner_id and event_id = :event::event_id;

-- name: event_list :many
-- Newest first; type and object absent: all.
-- row: = event_find
select event_id, type, data, created_at, sequence
  from event
 where partner_id = :partner::partner_id and (:before::text? is null or event_id < :before)
   and (:type::text? is null or type = :type)
 order by event_id desc
 limit :limit::i64;

-- name: event_list_of_object :many
-- row: = event_find
select event_id, type, data, created_at, sequence
  from event
 where object_id = :object::text and partner_id = :partner::partner_id and (:before::text? is null or event_id < :before)
   and (:type::text? is null or type = :type)
 order by event_id desc
 limit :limit::i64;
