-- Events that tell of something outside the ledger. Those of the ledger are written by the statements that book.

-- name: event_insert :exec
insert into event (event_id, partner_id, type, object_id, data, created_at)
values (:event::event_id, :partner::partner_id, :type::text, :object::text, :data::text, :now);
