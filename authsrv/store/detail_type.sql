-- name: detail_types :many
-- row: name text, audience text, rules json, sentence text
select name, audience, rules, sentence from detail_type order by name limit 1000;

-- name: detail_type_put :one
-- Naming a type again replaces its rules, if they differ; nothing happens when the resource is unknown.
-- row: known bool, changed bool
with target as (
    select audience from resource where audience = :audience::text
), put as (
    insert into detail_type as old (name, audience, rules, sentence, created_at)
    select :name::text, audience, :rules::json, :sentence::text, :now from target
    on conflict (name) do update set audience = excluded.audience, rules = excluded.rules, sentence = excluded.sentence
     where (old.audience, old.rules, old.sentence) is distinct from (excluded.audience, excluded.rules, excluded.sentence)
    returning true
)
select exists (select from target), exists (select from put);
