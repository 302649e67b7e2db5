-- Disputes that an acquirer is asked for: how far that is. One server walks at a time, for a lease.

-- name: dispute_walk_begin :exec
-- What began before that is not asked for.
insert into dispute_walk (acquirer, seen_until, walked_at, due_at) values (:acquirer::text, :from::instant, :wall, :wall)
on conflict do nothing;

-- name: dispute_walk_claim :maybe
-- from: back to there; what is not decided is older than what was seen.
-- row: from instant, after text?, newest instant?
update dispute_walk set due_at = :lease::instant
 where acquirer = :acquirer::text and due_at <= :wall
returning least(seen_until, (select d.there_since from dispute d where d.closed_at is null and d.there_since is not null order by d.there_since limit 1)),
          walk_after, walk_newest;

-- name: dispute_walk_on :exec
-- A page was seen.
update dispute_walk set walk_after = :after::text, walk_newest = :newest::instant, due_at = :due::instant where acquirer = :acquirer::text;

-- name: dispute_walk_end :exec
-- All were seen, from that time on back.
update dispute_walk set seen_until = greatest(seen_until, :until::instant), walk_after = null, walk_newest = null, walked_at = :wall, due_at = :due::instant
 where acquirer = :acquirer::text;

-- name: dispute_walk_age :maybe
-- Since when all that began before is known.
-- row: walked_at instant
select walked_at from dispute_walk where acquirer = :acquirer::text;

-- name: acquirer_event_known :one
-- row: is_known bool
select exists (select from acquirer_event where event_id = :event::text);
