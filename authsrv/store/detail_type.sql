-- name: detail_types :many
-- row: name text, audience text, rules json, sentence text
select name, audience, rules, sentence from detail_type order by name limit 1000;

-- name: detail_type_put :exec
-- Naming a type again replaces its rules; nothing happens when the resource is unknown.
insert into detail_type (name, audience, rules, sentence, created_at)
select :name::text, r.audience, :rules::json, :sentence::text, :now from resource r where r.audience = :audience::text
on conflict (name) do update set audience = excluded.audience, rules = excluded.rules, sentence = excluded.sentence;
