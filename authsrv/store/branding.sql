-- name: branding_show :maybe
-- A partner that chose nothing has version 0. No row: no such partner for this caller.
-- row: partner text, document json, sheet text?, logo text?, logo_dark text?, version i64, updated_at instant?
select p.slug, coalesce(b.document, '{}'), b.sheet, b.logo, b.logo_dark, coalesce(b.version, 0), b.updated_at
  from partner p left join branding b on b.partner = p.slug
 where p.slug = :slug::text and p.disabled_at is null and (:tenant::text? is null or p.slug = :tenant);

-- name: branding_put :exec
-- An absent version is whatever there is.
insert into branding (partner, document, sheet, logo, logo_dark, icon_px, name, language, updated_at)
select p.slug, :document::json, :sheet::text, :logo::text?, :logo_dark::text?, :icon_px::i64?, :name::text?, :language::text?, :now
  from partner p where p.slug = :slug::text and p.disabled_at is null
   and (coalesce(:version::i64?, 0) = 0 or exists (select from branding where partner = p.slug))
on conflict (partner) do update
   set document = excluded.document, sheet = excluded.sheet, logo = excluded.logo, logo_dark = excluded.logo_dark, icon_px = excluded.icon_px, name = excluded.name,
       language = excluded.language, updated_at = excluded.updated_at, version = branding.version + 1
 where :version is null or branding.version = :version;

-- name: branding_files_touch :exec
-- Those that are about to be replaced: pages that are open need them for a while yet.
update branding_file set kept_at = :now
 where name in (select unnest(array[sheet, logo, logo_dark]) from branding where partner = :slug::text);

-- name: branding_file_put :exec
insert into branding_file (name, content_type, body, kept_at) values (:name::text, :content_type::text, :body::bytes, :now)
on conflict (name) do update set kept_at = excluded.kept_at;

-- name: branding_file_find :maybe
-- row: content_type text, body bytes
select content_type, body from branding_file where name = :name::text;

-- name: branding_file_purge :exec
-- A probe by index for each; with "or" all brandings were read for every file, with "not exists" they may be.
delete from branding_file f where name = any (array(
    select name from branding_file where kept_at < :before::instant
       and (select b.partner from branding b where b.sheet = branding_file.name limit 1) is null
       and (select b.partner from branding b where b.logo = branding_file.name limit 1) is null
       and (select b.partner from branding b where b.logo_dark = branding_file.name limit 1) is null
     order by kept_at limit 1000)) and kept_at < :before;

-- name: branding_words :maybe
-- What a mail needs of it: no pictures.
-- row: name text, language text?, document json
select coalesce(b.name, p.name), b.language, b.document - '{logo,logo_dark}'::text[]
  from branding b join partner p on p.slug = b.partner where b.partner = :slug::text and p.disabled_at is null;

-- name: branding_of :maybe
-- What a page needs of it.
-- row: name text, sheet text, logo text?, logo_dark text?, icon_px i64?, language text?
select coalesce(b.name, p.name), b.sheet, b.logo, b.logo_dark, b.icon_px, b.language
  from branding b join partner p on p.slug = b.partner where b.partner = :slug::text and p.disabled_at is null;
