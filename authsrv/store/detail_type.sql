-- name: detail_types :many
-- row: name text, audience text, rules json, sentence text
select name, audience, rules, sentence from detail_type order by name limit 1000;

-- name: detail_type_page :many
-- row: id text, name text, audience text, rules json, sentence text, version i64, created_at instant
select case when position('/' in name) > 0 then handle('type', name) else name end, name, audience, rules, sentence, version, created_at from detail_type
 where :after::text? is null or name > :after order by detail_type.name limit :limit::i64;

-- name: detail_type_show :maybe
-- row: = detail_type_page
select case when position('/' in name) > 0 then handle('type', name) else name end, name, audience, rules, sentence, version, created_at from detail_type where name = :id::text or handle('type', name) = :id;

-- name: detail_type_put :maybe
-- version: what is there must have it, 0: nothing may be there; absent: whatever is there. No row: it was otherwise.
-- row: name text
insert into detail_type (name, audience, rules, sentence, created_at)
select :name::text, :audience::text, :rules::json, :sentence::text, :now
 where coalesce(:version::i64?, 0) = 0 or exists (select 1 from detail_type where name = :name)
on conflict (name) do update set audience = excluded.audience, rules = excluded.rules, sentence = excluded.sentence
 where :version is null or detail_type.version = :version
returning name;

-- name: detail_type_remove :exec
delete from detail_type where name = :name::text;
