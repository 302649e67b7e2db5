-- Who did what. Rows are written by triggers (migration 0027), and here for what changes no row of its own.

-- name: audit_write :one
-- row: n i64
select count(*) from (select audit_add(:action::text, :object::text, :partner::text?, :detail::text)) x;

-- name: audit_names :many
-- How people are called: operators as they were when they last logged in here, whose tokens say no name; others by the client that they last acted
-- through. Each is found along an index.
-- row: subject text, name text
select s.subject, coalesce(login.name, operator.name, member.name)
  from (select distinct x from unnest(:subjects::texts) x) as s (subject)
  left join lateral (select nullif(b.actor_name, '') as name from audit b
                      where (b.object, b.id) > (s.subject, 0) and (b.object, b.id) < (s.subject, 9223372036854775807) and b.action = 'operator.logged_in'
                      order by b.object desc, b.id desc limit 1) login on true
  left join lateral (select nullif(b.actor_name, '') as name from audit b
                      where (b.actor, b.id) > ('operator:' || s.subject, 0) and (b.actor, b.id) < ('operator:' || s.subject, 9223372036854775807)
                      order by b.actor desc, b.id desc limit 1) operator on true
  left join lateral (select nullif(b.actor_name, '') as name from audit b
                      where (b.actor, b.id) > ('user:' || s.subject, 0) and (b.actor, b.id) < ('user:' || s.subject, 9223372036854775807)
                      order by b.actor desc, b.id desc limit 1) member on true
 where coalesce(login.name, operator.name, member.name) is not null;

-- name: audit_page :many
-- Newest first; absent words: all. Along the index of the object, the partner, the actor's id or name, the action, or of all, whatever is asked for first: plans are
-- made for any parameter, and what was done to one object would be looked for among all that was ever done. Ranges are compared as rows, so that
-- only that index gives the order.
-- row: id i64, at instant, actor text, actor_name text, origin text, request text, action text, object text, partner_id text?, detail text
select x.id, x.at, x.actor, x.actor_name, x.origin, x.request, x.action, x.object, x.partner_id, x.detail
  from ((select * from audit
          where (object, id) > (:object::text?, 0) and (object, id) < (:object, :before::i64) and at >= :since::instant
            and (:actor::text? is null or actor = :actor or actor_name = :actor) and (:action::text? is null or action = :action)
            and (:partner::text? is null or partner_id = :partner)
          order by object desc, id desc limit :limit::i64)
        union all
        (select * from audit
          where :object is null and (partner_id, id) > (:partner, 0) and (partner_id, id) < (:partner, :before) and at >= :since
            and (:actor is null or actor = :actor or actor_name = :actor) and (:action is null or action = :action)
          order by partner_id desc, id desc limit :limit)
        union all
        (select * from audit
          where :object is null and :partner is null and (actor, id) > (:actor, 0) and (actor, id) < (:actor, :before) and at >= :since
            and (:action is null or action = :action)
          order by actor desc, id desc limit :limit)
        union all
        (select * from audit
          where :object is null and :partner is null and (actor_name, id) > (:actor, 0) and (actor_name, id) < (:actor, :before) and actor <> :actor
            and at >= :since and (:action is null or action = :action)
          order by actor_name desc, id desc limit :limit)
        union all
        (select * from audit
          where :object is null and :partner is null and :actor is null and (action, id) > (:action, 0) and (action, id) < (:action, :before) and at >= :since
          order by action desc, id desc limit :limit)
        union all
        (select * from audit
          where :object is null and :partner is null and :actor is null and :action is null and id < :before and at >= :since
          order by id desc limit :limit)) x
 order by x.id desc limit :limit;
