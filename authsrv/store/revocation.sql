-- name: revocation_clock :one
-- By it is written down when something ended. Asked for before what did is listed: what is not there then is of later, or committed late.
-- row: at instant
select clock_timestamp();

-- name: revocation_list :many
-- What ended since then and could still be presented at an audience: tokens by their id, all that a client has, and all that a key signed
-- (A17: a revoked key). And whose consent to a client that rests there was taken back. Servers ask every second: what ended is few, and each of it is looked up ("offset 0").
-- And people of the operator who lost what a session of theirs at a server rests on that gives them more than others.
-- A client that was disabled is named once, and not each of its tokens, but for those that are others' or so young that a server's clock may say they are of later.
-- All tokens of a grant end at one moment, and may be more than a page: place says which of them come after one.
-- row: jti text?, client_id text?, revoked_at instant, expires_at instant, withdrawal i64?, user_id text?, partner text?, grants texts, kid text?, place text
with recursive dead as (
    select jti, revoked_at from access_token where revoked_at >= :since::instant and expires_at > :now
    union all -- what was exchanged for it ended with it
    select a.jti, d.revoked_at
      from dead d cross join lateral (select x.jti from access_token x where x.parent_jti = d.jti and x.revoked_at is null offset 0) a
)
select x.jti, x.client_id, x.revoked_at, x.expires_at, x.withdrawal, x.user_id,
       case when x.withdrawal is not null then (select c.partner from client c where c.id = x.client_id) end, coalesce(x.grants, '{}'), x.kid, p.place from (
    select a.jti, null::text as client_id, d.revoked_at, a.expires_at, null::bigint as withdrawal, null::text as user_id, null::text[] as grants, null::text as kid
      from dead d
     cross join lateral (select x.jti, x.expires_at, x.grant_id from access_token x where x.jti = d.jti and x.expires_at > :now offset 0) a
     cross join lateral (select x.audience from grants x where x.id = a.grant_id offset 0) g
     where :audience::text = any (string_to_array(g.audience, ' '))
    union all
    select a.jti, null, g.revoked_at, a.expires_at, null, null, null, null
      from grants g
     cross join lateral (select x.jti, x.expires_at, x.client_id, x.issued_at from access_token x where x.grant_id = g.id and x.expires_at > :now and (x.revoked_at is null) is true offset 0) a
     where g.revoked_at >= :since and :audience = any (string_to_array(g.audience, ' '))
       and (g.revoked_why is distinct from 'client_disabled' or a.client_id <> g.client_id
            or a.issued_at > (select d.disabled_at - interval '1 minute' from client d where d.id = g.client_id) is not false)
    union all
    select jti, null, revoked_at, expires_at, null, null, null, null from revoked_jti
     where revoked_at >= :since and expires_at > :now and (audience is null or :audience = any (string_to_array(audience, ' ')))
    union all
    select null, c.id, greatest(c.disabled_at, p.disabled_at), greatest(c.disabled_at, p.disabled_at) + interval '1 day', null, null, null, null
      from client c left join partner p on p.slug = c.partner
     where c.disabled_at >= :since
    union all
    select null, c.id, p.disabled_at, p.disabled_at + interval '1 day', null, null, null, null
      from partner p
     cross join lateral (select x.id, x.disabled_at from client x where x.partner = p.slug offset 0) c
     where p.disabled_at >= :since and (c.disabled_at is null or c.disabled_at < :since)
    union all
    select null, w.client_id, w.withdrawn_at, w.withdrawn_at + interval '90 days', w.id, w.user_id, w.grants, null
      from consent_withdrawal w
     where w.withdrawn_at >= :since
       and exists (select from resource_scope r where r.audience = :audience and r.scope = any (string_to_array(w.scope, ' ')))
    union all
    select null, null, k.ended_at, k.ended_at + interval '1 day', null, null, null, k.kid
      from sign_key k
     where k.state = 'revoked' and k.ended_at >= :since
    union all
    select null, null, e.ended_at, e.ended_at + interval '1 day', null, e.user_id, null, null
      from person_ending e
     where e.ended_at >= :since
       and exists (select from resource_scope r where r.audience = :audience and not role_may('user', r.scope))
) x cross join lateral (select left(md5(coalesce(x.jti, x.withdrawal::text, x.client_id, x.kid, x.user_id)), 16) as place) p
 where (x.revoked_at, p.place) > (:since, :after::text)
 order by x.revoked_at, p.place limit :most::i64;

-- name: withdrawal_purge :exec
delete from consent_withdrawal where id = any (array(select id from consent_withdrawal where withdrawn_at < :before::instant order by withdrawn_at limit 1000));
