-- name: partner_find :maybe
-- row: slug text, name text, issuer text, client_id text, client_secret_sealed bytes?
select slug, name, issuer, client_id, client_secret_sealed from partner where slug = :slug::text and disabled_at is null;

-- name: partner_list :many
-- row: slug text, name text, issuer text, client_id text, email_domains text, disabled bool
select slug, name, issuer, client_id, email_domains, disabled_at is not null from partner order by slug limit 1000;

-- name: partner_put :exec
-- Create a partner or configure it anew; a removed one comes back.
-- unique partner_issuer_key -> ALREADY_EXISTS
insert into partner (slug, name, issuer, client_id, client_secret_sealed, email_domains, created_at)
values (:slug::text, :name::text, :issuer::text, :client::text, :secret_sealed::bytes?, :domains::text, :now)
on conflict (slug) do update
   set name = excluded.name, issuer = excluded.issuer, client_id = excluded.client_id,
       client_secret_sealed = excluded.client_secret_sealed, email_domains = excluded.email_domains, disabled_at = null;

-- name: partner_disable :exec
update partner set disabled_at = :now where slug = :slug::text and disabled_at is null;
