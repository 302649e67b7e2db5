-- Kept tokens of partners (decision 0032). They end by triggers, with what they were given for.

-- name: upstream_token_put :exec
-- After a log-in. Some partners give a refresh token with the first one only: then the old one stays.
insert into upstream_token (identity_id, issuer, access_sealed, refresh_sealed, scope, expires_at, kept_at, refreshed_at)
select i.id, i.issuer, :access_sealed::bytes, :refresh_sealed::bytes?, :scope::text?, :expires_at::instant?, :now, :now
  from identity i join partner p on p.slug = i.partner join users u on u.id = i.user_id
 where i.id = :identity::text and i.issuer = :issuer::text and p.issuer = i.issuer and p.disabled_at is null
   and u.disabled_at is null and p.settings -> 'keep_tokens' = 'true'::jsonb
on conflict (identity_id) do update
   set issuer = excluded.issuer, access_sealed = excluded.access_sealed,
       refresh_sealed = coalesce(excluded.refresh_sealed, upstream_token.refresh_sealed),
       scope = excluded.scope, expires_at = excluded.expires_at, kept_at = excluded.kept_at,
       refreshed_at = excluded.refreshed_at, version = upstream_token.version + 1, busy_until = 'epoch', unknown_at = null;

-- name: upstream_token_find :maybe
-- Live: for half a minute at least, or for most of a short life. Held: nobody knows what came of the last refresh.
-- row: identity_id text, access_sealed bytes, refresh_sealed bytes?, scope text?, expires_at instant?, version i64, live bool, held bool
select k.identity_id, k.access_sealed, k.refresh_sealed, k.scope, k.expires_at, k.version,
       k.expires_at is null or :now < k.expires_at - least(interval '30 seconds', (k.expires_at - k.refreshed_at) / 4),
       k.unknown_at is not null and k.busy_until > :now
  from identity i join upstream_token k on k.identity_id = i.id and k.issuer = i.issuer
 where i.user_id = :user::user_id and i.issuer = :issuer::text
 order by i.last_login_at desc, i.id limit 1;

-- name: upstream_token_claim :exec
-- One of all who want it refreshed asks the partner.
update upstream_token set busy_until = :until::instant, unknown_at = null
 where identity_id = :identity::text and version = :version::i64 and busy_until <= :now;

-- name: upstream_token_renew :exec
-- A new refresh token takes the place of the old one in the same row version that brought it.
update upstream_token
   set access_sealed = :access_sealed::bytes, refresh_sealed = coalesce(:refresh_sealed::bytes?, refresh_sealed),
       scope = coalesce(:scope::text?, scope), expires_at = :expires_at::instant?, refreshed_at = :now,
       version = version + 1, busy_until = 'epoch', unknown_at = null
 where identity_id = :identity::text and version = :version::i64;

-- name: upstream_token_release :exec
-- It was not refreshed, or (:unknown) nobody knows.
update upstream_token set busy_until = :until::instant, unknown_at = case when :unknown::bool then :now end
 where identity_id = :identity::text and version = :version::i64;

-- name: upstream_token_drop :exec
-- The partner refused: only a new log-in helps.
delete from upstream_token where identity_id = :identity::text and version = :version::i64;
