-- name: partner_find :maybe
-- row: slug text, name text, issuer text, client_id text, client_secret_sealed bytes?, email_domains text, settings json, decrypt_key_sealed bytes?
select slug, name, issuer, client_id, client_secret_sealed, email_domains, settings, decrypt_key_sealed
  from partner where slug = :slug::text and disabled_at is null;

-- name: partner_of_issuer :maybe
-- row: = partner_find
select slug, name, issuer, client_id, client_secret_sealed, email_domains, settings, decrypt_key_sealed
  from partner where issuer = :issuer::text and disabled_at is null;

-- name: partner_list :many
-- row: slug text, name text, issuer text, client_id text, email_domains text, disabled bool, settings json, failures i64, last_why text?, rests bool
select p.slug, p.name, p.issuer, p.client_id, p.email_domains, p.disabled_at is not null, p.settings, coalesce(h.failures, 0), h.last_why,
       coalesce(h.rest_until > :now, false)
  from partner p left join partner_health h on h.partner = p.slug order by p.slug limit 1000;

-- name: partner_hosts :many
-- Names of partners' own, where somebody can log in.
-- row: host text?, slug text
select p.host, p.slug from partner p where p.host is not null and p.disabled_at is null and partner_has_login(p) order by p.slug;

-- name: partner_at_host :maybe
-- row: slug text
select slug from partner where host = :host::text;

-- name: partner_put :exec
-- Create a partner or configure it anew; a removed one comes back.
-- unique partner_issuer_key -> ALREADY_EXISTS issuer
insert into partner (slug, name, issuer, client_id, client_secret_sealed, email_domains, settings, decrypt_key_sealed, created_at)
values (:slug::text, :name::text, :issuer::text, :client::text, :secret_sealed::bytes?, :domains::text, :settings::json,
        :decrypt_key_sealed::bytes?, :now)
on conflict (slug) do update
   set name = excluded.name, issuer = excluded.issuer, client_id = excluded.client_id,
       client_secret_sealed = excluded.client_secret_sealed, email_domains = excluded.email_domains,
       settings = excluded.settings, decrypt_key_sealed = excluded.decrypt_key_sealed, disabled_at = null;

-- name: partner_invite :exec
-- Inviting again makes a used invitation good again.
insert into partner_invitation (partner, kind, value, created_at)
select slug, :kind::text, :value::text, :now from partner where slug = :slug::text and disabled_at is null
on conflict (partner, kind, value) do update set created_at = excluded.created_at, used_at = null;

-- name: partner_failed :maybe
-- One more failure in a row; from the threshold on the partner rests, longer each time.
-- row: failures i64, rests bool
insert into partner_health (partner, failures, last_why, failed_at, rest_until)
values (:slug::text, 1, :why::text, :now, :now)
on conflict (partner) do update
   set failures = partner_health.failures + 1, last_why = excluded.last_why, failed_at = :now,
       rest_until = case when partner_health.failures + 1 >= :threshold::i64
                         then :now + least(:rest_s::i64 * 2 ^ least(partner_health.failures + 1 - :threshold, 10), :longest_s::i64) * interval '1 second'
                         else :now end
returning failures, rest_until > :now;

-- name: partner_recovered :exec
delete from partner_health where partner = :slug::text;

-- name: partner_pin :one
-- The place where codes and secrets go, as it was when metadata of this issuer were first seen; now, if they never were.
-- row: token_origin text?
with fresh as (
    insert into partner_pin (partner, issuer, token_origin, seen_at) values (:slug::text, :issuer::text, :origin::text, :now)
    on conflict (partner) do update set issuer = excluded.issuer, token_origin = excluded.token_origin, seen_at = excluded.seen_at
     where partner_pin.issuer <> excluded.issuer
    returning token_origin
)
select coalesce((select token_origin from fresh), (select p.token_origin from partner_pin p where p.partner = :slug and p.issuer = :issuer));

-- name: partner_unpin :exec
delete from partner_pin where partner = :slug::text;

-- name: partner_try :maybe
-- Whether it may be asked now. After a rest one who asks goes first, and the others wait for what becomes of it.
-- row: may bool
with h as (
    select failures, rest_until, failed_at from partner_health where partner = :slug::text
), first as (
    update partner_health set rest_until = :now + :probe_s::i64 * interval '1 second'
     where partner = :slug and failures >= :threshold::i64 and rest_until <= :now
    returning partner
)
select not exists (select 1 from h where failures >= :threshold) or exists (select 1 from first);

-- name: partner_rests :one
-- row: rests bool
select exists (select from partner_health where partner = :slug::text and failures >= :threshold::i64 and rest_until > :now);

-- name: partner_states :maybe
-- row: healthy i64, failing i64, resting i64
select count(*) filter (where h.partner is null), count(*) filter (where h.failures < :threshold::i64), count(*) filter (where h.failures >= :threshold)
  from partner p left join partner_health h on h.partner = p.slug where p.disabled_at is null;

-- name: partner_disable :exec
-- Its clients end with it, and their tokens, which name them. Stamped as client_disable is.
update partner set disabled_at = clock_timestamp(), host = null where slug = :slug::text and disabled_at is null;

-- name: partner_tokens_end :exec
-- What others were given for its clients' tokens names others, and ends here, some at a time.
update access_token set revoked_at = clock_timestamp()
 where jti = any (array(
       select a.jti from client c
        cross join lateral (select x.id from grants x where x.client_id = c.id and x.expires_at > :now offset 0) g
        cross join lateral (select x.jti from access_token x
                             where x.grant_id = g.id and (x.client_id <> c.id and x.revoked_at is null and x.expires_at > :now) is true offset 0) a
        where c.partner = :slug::text
        limit :most::i64));

-- name: partner_settle :maybe
-- Waits for whoever exchanges a token of one of its clients at this moment, and holds its row.
-- row: slug text
select slug from partner where slug = :slug::text for update;
