-- name: exchange_rule_find :maybe
-- row: scope text, audience text?
select scope, audience from exchange_rule where client_id = :client::client_id and source_client_id = :source::client_id;

-- name: exchange_rule_page :many
-- row: client_id client_id, source_client_id client_id, scope text, audience text?, version i64, created_at instant
select client_id, source_client_id, scope, audience, version, created_at from exchange_rule
 where :after_client::text? is null or (client_id, source_client_id) > (:after_client, :after_source::text?)
 order by client_id, source_client_id limit :limit::i64;

-- name: exchange_rule_show :maybe
-- row: = exchange_rule_page
select client_id, source_client_id, scope, audience, version, created_at from exchange_rule
 where client_id = :client::client_id and source_client_id = :source::client_id;

-- name: exchange_rule_sole :many
-- Clients whose tokens exactly one other may exchange: their tokens name it.
-- row: source_client_id client_id, client_id client_id
select source_client_id, min(client_id) from exchange_rule group by source_client_id having count(*) = 1
 order by source_client_id limit 10000;

-- name: exchange_rule_put :maybe
-- version: what is there must have it, 0: nothing may be there; absent: whatever is there. No row: it was otherwise.
-- row: client_id client_id
insert into exchange_rule (client_id, source_client_id, scope, audience, created_at)
select :client::client_id, :source::client_id, :scope::text, :audience::text?, :now
 where coalesce(:version::i64?, 0) = 0 or exists (select 1 from exchange_rule where client_id = :client and source_client_id = :source)
on conflict (client_id, source_client_id) do update set scope = excluded.scope, audience = excluded.audience
 where :version is null or exchange_rule.version = :version
returning client_id;

-- name: exchange_rule_remove :exec
delete from exchange_rule where client_id = :client::client_id and source_client_id = :source::client_id;

-- name: exchange_subject_access :maybe
-- What an access token that still counts stands for.
-- row: grant_id grant_id, client_id client_id, user_id user_id, audience text, sid text, auth_time instant, amr text, terms json
select g.id, coalesce(a.client_id, g.client_id), g.user_id, g.audience, g.sid, g.auth_time, g.amr, g.terms
  from access_token a join grants g on g.id = a.grant_id where a.jti = :jti::text;

-- name: exchange_subject_id :maybe
-- The grant behind an ID token: the latest of this log-in, which is one person's, and client. (Its sub may be pairwise.)
-- row: = exchange_subject_access
select g.id, g.client_id, g.user_id, g.audience, g.sid, g.auth_time, g.amr, g.terms
  from grants g
 where g.sid = :sid::text and g.client_id = :client::client_id and g.revoked_at is null
   and not grant_ends(g.user_id, g.client_id, g.sid, g.scope, g.tokens_at, g.created_at)
 order by g.created_at desc, g.id limit 1;

-- name: exchange_scope :maybe
-- The most that a token of this grant can have.
-- row: scope text
select scope from grants where id = :grant::grant_id;

-- name: exchange_issue :exec
-- One more token of the same grant, while grant, user, both clients and the token that it is made from are good. The
-- rows of grant and token are locked before the time is taken, so that revoking and issuing have an order.
-- That of the partner is held, so that its removal waits for the token and sees it.
with home as materialized (
    select p.disabled_at from grants x join client o on o.id = x.client_id join partner p on p.slug = o.partner
     where x.id = :grant::grant_id for key share of p
), g as (
    select gr.id from grants gr join users u on u.id = gr.user_id join client o on o.id = gr.client_id, client c
     where gr.id = :grant and gr.revoked_at is null and gr.expires_at > :now and u.disabled_at is null
       and o.disabled_at is null and not exists (select from home where disabled_at is not null)
       and c.id = :client::client_id and c.disabled_at is null
       and not grant_ends(gr.user_id, gr.client_id, gr.sid, gr.scope, gr.tokens_at, gr.created_at)
       for update of gr
), parent as (
    select a.jti from access_token a join g on g.id = a.grant_id
     where a.jti = :parent::text? and a.revoked_at is null and a.expires_at > :now for update of a
)
insert into access_token (jti, grant_id, client_id, parent_jti, scope, issued_at, expires_at)
select :jti::text, g.id, :client, :parent, :scope::text, clock_timestamp(), :expires_at::instant from g
 where :parent is null or exists (select 1 from parent);
