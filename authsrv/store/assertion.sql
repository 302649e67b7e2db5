-- name: assertion_issuer_find :maybe
-- row: issuer text, jwks_uri text?, jwks json?, alg text, clients text, software_statements bool
select issuer, jwks_uri, jwks, alg, clients, software_statements from assertion_issuer where issuer = :issuer::text;

-- name: assertion_issuer_page :many
-- row: id text, issuer text, jwks_uri text?, jwks json?, alg text, clients text, software_statements bool, version i64, created_at instant
select id, issuer, jwks_uri, jwks, alg, clients, software_statements, version, created_at from assertion_issuer
 where :after::text? is null or issuer > :after order by issuer limit :limit::i64;

-- name: assertion_issuer_show :maybe
-- row: = assertion_issuer_page
select id, issuer, jwks_uri, jwks, alg, clients, software_statements, version, created_at from assertion_issuer where id = :id::text or issuer = :id;

-- name: assertion_issuer_put :maybe
-- version: what is there must have it, 0: nothing may be there. No row: it was otherwise.
-- row: issuer text
insert into assertion_issuer (issuer, jwks_uri, jwks, alg, clients, software_statements, created_at)
select :issuer::text, :jwks_uri::text?, :jwks::json?, :alg::text, :clients::text, :software_statements::bool, :now
 where :version::i64 = 0 or exists (select 1 from assertion_issuer where issuer = :issuer)
on conflict (issuer) do update
   set jwks_uri = excluded.jwks_uri, jwks = excluded.jwks, alg = excluded.alg, clients = excluded.clients,
       software_statements = excluded.software_statements
 where assertion_issuer.version = :version
returning issuer;

-- name: assertion_subject_page :many
-- row: subject text, user_id user_id, created_at instant
select subject, user_id, created_at from assertion_subject
 where issuer = :issuer::text and (:after::text? is null or subject > :after) order by subject limit :limit::i64;

-- name: assertion_subject_remove :exec
delete from assertion_subject where issuer = :issuer::text and subject = :subject::text;

-- name: assertion_issuer_remove :exec
delete from assertion_issuer where issuer = :issuer::text;

-- name: assertion_subject_put :maybe
-- Absent: no such issuer or user.
-- row: user_id user_id
insert into assertion_subject (issuer, subject, user_id, created_at)
select i.issuer, :subject::text, u.id, :now from assertion_issuer i, users u
 where i.issuer = :issuer::text
   and u.id = any (array(select x.id from users x where x.id = :user_::text union all select x.id from users x where x.login = :user_))
on conflict (issuer, subject) do update set user_id = excluded.user_id
returning user_id;

-- name: assertion_user :maybe
-- row: id user_id
select u.id from users u
 where u.disabled_at is null
   and u.id = coalesce((select s.user_id from assertion_subject s where s.issuer = :issuer::text and s.subject = :subject::text),
                       (select i.user_id from identity i where i.issuer = :issuer and i.subject = :subject));

-- name: assertion_redeem :maybe
-- One assertion, once: its id is spent whoever it speaks of, and the grant with its token appears only when the subject
-- is a user of ours who may log in, the issuer is still trusted, and the client is enabled.
-- row: fresh bool, user_id user_id?, issued bool, scope text?
with seen as (
    insert into assertion_seen (issuer, jti, expires_at) values (:issuer::text, :jti::text, :assertion_expires_at::instant)
    on conflict do nothing returning jti
), who as (
    select u.id, u.role from users u
     where u.disabled_at is null
       and u.id = coalesce((select s.user_id from assertion_subject s where s.issuer = :issuer and s.subject = :subject::text),
                           (select i.user_id from identity i where i.issuer = :issuer and i.subject = :subject))
       for key share of u
), good as (
    select who.id, c.id as client_id,
           array_to_string(array(select w from unnest(string_to_array(:scope::text, ' ')) with ordinality x (w, n)
                                  where role_may(who.role, w) order by n), ' ') as scope
      from who, seen, (select x.id from client x where x.id = :client::client_id and x.disabled_at is null for key share) c
     where (exists (select 1 from assertion_issuer i where i.issuer = :issuer)
            or exists (select 1 from partner p where p.issuer = :issuer and p.disabled_at is null))
), g as (
    insert into grants (id, user_id, client_id, sid, scope, audience, auth_time, amr, created_at, expires_at)
    select :grant::grant_id, good.id, good.client_id, :sid::text, good.scope, :audience::text, :auth_time::instant, '', :now,
           :access_expires_at::instant from good
    returning id, scope
), a as (
    insert into access_token (jti, grant_id, scope, issued_at, expires_at)
    select :token_jti::text, g.id, g.scope, clock_timestamp(), :access_expires_at from g
    returning jti
)
select exists (select 1 from seen), (select id from who), exists (select 1 from a), (select scope from g);

-- name: assertion_seen_purge :exec
delete from assertion_seen where ctid = any (array(
    select ctid from assertion_seen where expires_at < :before::instant order by expires_at limit 1000));
