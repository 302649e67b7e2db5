-- What the tests of shared/db run: every type, every cardinality, every way to fail.

-- name: item_put :one
-- row: id item_id, name item_name?, body bytes?, hash digest?, made_at instant?, doc json?, tags texts?,
--      numbers i64s?, hashes digests?, small i32?, live bool?
insert into item (id, name, body, hash, made_at, doc, tags, numbers, hashes, small, live)
values (:id::item_id, :name::item_name?, :body::bytes?, :hash::digest?, :made_at::instant?, :doc::json?, :tags::texts?,
        :numbers::i64s?, :hashes::digests?, :small::i32?, :live::bool?)
returning id, name, body, hash, made_at, doc, tags, numbers, hashes, small, live;

-- name: item_name_of :maybe
-- row: name item_name
select coalesce(name, '') from item where id = :id::item_id and name is not null;

-- name: item_need :one
-- row: name text?
select name from item where id = :id::item_id;

-- name: item_add :exec
-- unique item_name_key -> NAME_TAKEN name
insert into item (id, name) values (:id::item_id, :name::item_name);

-- name: item_list :many
-- row: id item_id
select id from item order by id;

-- name: large_list :many
-- row: text text
select repeat('x', 1048576) from generate_series(1, :n::i64);

-- name: item_delete :exec
delete from item where id >= :from::i64;

-- name: item_wrongly_not_null :many
-- row: name text, live bool
select name, coalesce(live, false) from item order by id;

-- name: item_one_of_many :maybe
-- row: id item_id
select id from item;

-- name: now_echo :one
-- row: at instant
select :now;

-- name: constraint_violate :exec
insert into item (id, hash) values (1000, '\x00'::bytea || :secret::bytes);

-- name: cast_fail :one
-- row: n i64
select :secret::text::int8;

-- name: sleep_ms :one
-- row: n i64
select count(*) from (select pg_sleep(:ms::i64 / 1000.0)) nap;

-- name: backend_pid :one
-- row: pid i32
select pg_backend_pid();

-- name: pair_add :exec
insert into pair values (:id::i64, :partner::i64);

-- name: item_actor :one
-- row: id text, name text, origin text, request text
select coalesce(current_setting('stoa.actor', true), ''), coalesce(current_setting('stoa.actor_name', true), ''),
       coalesce(current_setting('stoa.origin', true), ''), coalesce(current_setting('stoa.request', true), '');
