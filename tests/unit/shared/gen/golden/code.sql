-- Golden input of sqlgen: every feature of docs/generators.md once.

-- name: code_redeem :maybe
-- Count one use of a live code of this client. A comment may hold */ and /* without harm.
-- row: user_id user_id, entry entry_id?, redirect_uri text?, scope text,
--      auth_time instant?, first_use bool
-- unique users_email_key -> EMAIL_TAKEN email
update auth_code set uses = uses + 1 -- it's counted, :no parameter
 where code_hash = :code_hash::digest and client_id = :user_id::user_id and expires_at > :now

   and x <> 'it''s :not "this' and y = E'\' :no' and "q:z" = $a$ :x; $b$ $a$ /* :no /* nested ; */ */ and z = :t::i64?
   and w = :t and v = :code_hash::digest::bytea
returning user_id, entry, redirect_uri, scope, auth_time, uses = 1;

-- name: code_list :many grouped
-- row: = code_redeem
select * from auth_code where a = any (:ids::texts) and b = any (:hashes::digests?) and d = :n::user_id?
   and e = :e::i32 and f = :f::json? and g = :g::bytes and h = (:numbers::i64s)[1];

-- name: code_delete :exec
delete from auth_code;

-- name: code_count :one
-- row: n i64
select count(*)::int8 from auth_code where code_hash = :h::digest? and uses = :u::bool and e = :e::entry_id?;

-- name: code_issue :exec batch
insert into auth_code (code_hash, client_id, scope, uses, family)
select x.*, :user_id::user_id from unnest(:code_hash::digests, :client::texts, :scope::texts?, :uses::i64s) as x where x.client = any (:client);

-- name: code_issue_widely :many batch
-- row: code_hash digest
select x.code_hash from unnest(:code_hash::digests) as x (code_hash) where :a::i64 + :b::i64 + :c::i64 + :d::i64 + :e::i64 + :f::i64 + :g::i64 > 0;
