-- name: control_story :maybe
-- Whose store it is.
-- row: partner_id text, user_id text
select partner_id, user_id from store where store_id = :store::text;
