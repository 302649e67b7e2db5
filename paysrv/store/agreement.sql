-- What sellers accept, and who has. Nothing of it is ever changed.

-- name: agreement_insert :exec
-- Not affected: there is this version.
insert into seller_agreement (agreement_id, partner_id, version, url, content, content_hash, valid_from, due_at, created_at)
values (:agreement::text, :partner::text?, :version::text, :url::text?, :content::text?, :content_hash::digest, :valid_from::instant,
        :due_at::instant, :now)
on conflict do nothing;

-- name: agreement_all :many
-- row: partner_id text?, version text, url text?, content_hash digest, valid_from instant, due_at instant, accepted i64
select s.partner_id, s.version, s.url, s.content_hash, s.valid_from, s.due_at,
       (select count(*) from agreement_acceptance a where a.agreement_id = s.agreement_id)
  from seller_agreement s
 order by s.partner_id nulls first, s.valid_from
 limit 1000;

-- name: agreement_in_force :maybe
-- row: agreement_id text, version text, url text?, content text?, content_hash digest, valid_from instant, due_at instant
select agreement_id, version, url, content, content_hash, valid_from, due_at
  from agreement_for
 where partner_id = :partner::partner_id and valid_from <= :now
 order by valid_from desc, created_at desc limit 1;

-- name: agreement_open :maybe
-- The one in force, or one that was published and will be: what can be accepted.
-- row: = agreement_in_force
select f.agreement_id, f.version, f.url, f.content, f.content_hash, f.valid_from, f.due_at
  from agreement_for f
 where f.partner_id = :partner::partner_id and f.version = :version::text
   and not exists (select from agreement_for l
                    where l.partner_id = f.partner_id and l.valid_from <= :now and l.valid_from > f.valid_from);

-- name: agreement_missing :one
-- What this user would have to have accepted by now.
-- row: version text?
select agreement_missing(:partner::partner_id, :user::user_id, :now);

-- name: acceptance_insert :maybe
-- Nothing: accepted before, which stays.
-- row: acceptance_id text
insert into agreement_acceptance (acceptance_id, partner_id, user_id, agreement_id, version, content_hash, accepted_by, accepted_ip, user_agent,
                                  accepted_at)
values (:acceptance::text, :partner::partner_id, :user::user_id, :agreement::text, :version::text, :content_hash::digest, :accepted_by::text,
        :accepted_ip::text?, :user_agent::text?, :now)
on conflict (partner_id, user_id, agreement_id) do nothing
returning acceptance_id;

-- name: acceptance_list :many
-- Of a user, newest first.
-- row: acceptance_id text, user_id user_id, version text, content_hash digest, accepted_by text, accepted_ip text?, user_agent text?, accepted_at instant
select acceptance_id, user_id, version, content_hash, accepted_by, accepted_ip, user_agent, accepted_at
  from agreement_acceptance
 where partner_id = :partner::partner_id and user_id = :user::user_id and (:agreement::text? is null or agreement_id = :agreement)
 order by accepted_at desc
 limit :limit::i64;
