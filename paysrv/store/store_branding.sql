-- How stores show themselves, and the files that are made of it.

-- name: store_branding_set :exec
-- All but the logo, which has a way of its own.
insert into store_branding (store_id, partner_id, display_name, accent, support_email, support_url, statement_descriptor, sheet, locale, locales, updated_at)
values (:store::store_id, :partner::partner_id, :display_name::text?, :accent::text?, :support_email::text?, :support_url::text?,
        :statement_descriptor::text?, :sheet::text?, :locale::text?, nullif(:locales::texts, '{}'), :now)
on conflict (store_id) do update
   set display_name = excluded.display_name, accent = excluded.accent, support_email = excluded.support_email,
       support_url = excluded.support_url, statement_descriptor = excluded.statement_descriptor, sheet = excluded.sheet,
       locale = excluded.locale, locales = excluded.locales, updated_at = :now;

-- name: store_logo_set :exec
insert into store_branding (store_id, partner_id, logo, updated_at) values (:store::store_id, :partner::partner_id, :logo::text?, :now)
on conflict (store_id) do update set logo = excluded.logo, updated_at = :now;

-- name: store_file_put :exec
-- The same content has the same name, whoever's it is.
insert into store_file (name, type, content, created_at) values (:name::text, :type::text, :content::bytes, :wall)
on conflict (name) do update set created_at = :wall;

-- name: store_file_find :maybe
-- row: type text, content bytes
select type, content from store_file where name = :name::text;

-- name: store_files_purge :exec
-- What no store shows any more. A page that was sent a moment ago may still ask for it.
delete from store_file f
 where f.name = any (array(select o.name from store_file o where o.created_at < :before::instant
                            and (select b.store_id from store_branding b where b.logo = o.name limit 1) is null
                            and (select b.store_id from store_branding b where b.sheet = o.name limit 1) is null
                          limit 100));
