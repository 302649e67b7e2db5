-- Who did what. Rows are written by triggers (migration 0027), and here for what changes no row of its own.

-- name: audit_write :one
-- row: n i64
select count(*) from (select audit_add(:action::text, :object::text, :partner::text?, :detail::text)) x;

-- name: audit_page :many
-- Newest first; absent words: all.
-- row: id i64, at instant, actor text, actor_name text, origin text, request text, action text, object text, partner_id text?, detail text
select id, at, actor, actor_name, origin, request, action, object, partner_id, detail
  from audit
 where id < :before::i64 and at >= :since::instant
   and (:actor::text? is null or actor = :actor or actor_name = :actor) and (:action::text? is null or action = :action)
   and (:object::text? is null or object = :object) and (:partner::text? is null or partner_id = :partner)
 order by id desc limit :limit::i64;
