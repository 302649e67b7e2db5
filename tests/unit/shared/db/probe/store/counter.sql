-- name: counter_get :one
-- row: value i64
select value from counter where id = :id::i64;

-- name: counter_set :exec
update counter set value = :value::i64 where id = :id::i64;
