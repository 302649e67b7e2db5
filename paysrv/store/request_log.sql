-- What partners asked for. Written by the job of flow/request_log.h, aside from everything else.

-- name: request_log_insert :exec batch
insert into request_log (partner_id, created_at, request_id, client_id, method, route, path, status, elapsed_us, api_version, idem_key,
                         object_id, parent_id, code, problem, actor)
select partner_id, timestamptz 'epoch' + at_us * interval '1 microsecond', request_id, client_id, method, route, path, status, elapsed_us,
       nullif(api_version, ''), nullif(idem_key, ''), nullif(object_id, ''), nullif(parent_id, ''), nullif(code, ''), nullif(problem, ''),
       nullif(actor, '')
  from unnest(:partner_id::texts, :at_us::i64s, :request_id::texts, :client_id::texts, :method::texts, :route::texts, :path::texts,
              :status::i64s, :elapsed_us::i64s, :api_version::texts?, :idem_key::texts?, :object_id::texts?, :parent_id::texts?,
              :code::texts?, :problem::texts?, :actor::texts?)
    as b (partner_id, at_us, request_id, client_id, method, route, path, status, elapsed_us, api_version, idem_key, object_id, parent_id,
          code, problem, actor);

-- name: request_log_find :maybe
-- row: request_id text, client_id text, method text, route text, path text, status i32, elapsed_us i64, api_version text?, idem_key text?, object_id text?, parent_id text?, code text?, problem text?, actor text?, created_at instant, log_id i64
select request_id, client_id, method, route, path, status, elapsed_us, api_version, idem_key, object_id, parent_id, code, problem, actor, created_at, log_id
  from request_log where request_id = :request::text and partner_id = :partner::partner_id limit 1;

-- name: request_log_window :maybe
-- The request after :looked of those that request_log_list is to look at: how far down one look goes. None: there are not so many.
-- row: created_at instant, log_id i64
select w.created_at, w.log_id
  from ((select created_at, log_id from request_log
          where partner_id = :partner::partner_id and :low::i64 < 400
            and (created_at, log_id) < (:before_at::instant, :before::i64) and created_at >= :from::instant and created_at < :to::instant
          order by created_at desc, log_id desc offset :looked::i64 limit 1)
        union all
        (select created_at, log_id from request_log
          where partner_id = :partner and :low >= 400 and status >= 400
            and (created_at, log_id) < (:before_at, :before) and created_at >= :from and created_at < :to
          order by created_at desc, log_id desc offset :looked limit 1)) w;

-- name: request_log_list :many
-- Newest first, from before the cursor to the end of a look: what is wanted may be seldom, or never have been (docs/decisions/0087-lists-of-payments.md).
-- What was refused has an index of its own.
-- row: = request_log_find
select request_id, client_id, method, route, path, status, elapsed_us, api_version, idem_key, object_id, parent_id, code, problem, actor, created_at, log_id
  from ((select * from request_log
          where partner_id = :partner::partner_id and :low::i64 < 400
            and (created_at, log_id) < (:before_at::instant, :before::i64) and (created_at, log_id) >= (:least_at::instant, :least::i64)
            and created_at < :to::instant
          order by created_at desc, log_id desc limit :looked::i64)
        union all
        (select * from request_log
          where partner_id = :partner and :low >= 400 and status >= 400
            and (created_at, log_id) < (:before_at, :before) and (created_at, log_id) >= (:least_at, :least) and created_at < :to
          order by created_at desc, log_id desc limit :looked)) r
 where status between :low and :high::i64 and (:method::text? is null or method = :method)
   and (:path::text? is null or path = :path or route = :path) and (:code::text? is null or code = :code)
 order by created_at desc, log_id desc limit :limit::i64;

-- name: request_log_of_object :many
-- About one object: made, named by the path, or what the path names when something else was made.
-- row: = request_log_find
select request_id, client_id, method, route, path, status, elapsed_us, api_version, idem_key, object_id, parent_id, code, problem, actor, created_at, log_id
  from ((select * from request_log where object_id = :object::text offset 0)
        union all
        (select * from request_log where parent_id = :object and object_id is distinct from :object offset 0)) r
 where partner_id = :partner::partner_id
   and (created_at, log_id) < (:before_at::instant, :before::i64) and created_at >= :from::instant and created_at < :to::instant
   and status between :low::i64 and :high::i64 and (:method::text? is null or method = :method)
   and (:path::text? is null or path = :path or route = :path) and (:code::text? is null or code = :code)
 order by created_at desc, log_id desc
 limit :limit::i64;

-- name: request_log_of_key :many
-- With one idempotency key.
-- row: = request_log_find
select request_id, client_id, method, route, path, status, elapsed_us, api_version, idem_key, object_id, parent_id, code, problem, actor, created_at, log_id
  from (select * from request_log where idem_key = :key::text offset 0) r
 where partner_id = :partner::partner_id
   and (created_at, log_id) < (:before_at::instant, :before::i64) and created_at >= :from::instant and created_at < :to::instant
   and status between :low::i64 and :high::i64 and (:method::text? is null or method = :method)
   and (:path::text? is null or path = :path or route = :path) and (:code::text? is null or code = :code)
 order by created_at desc, log_id desc
 limit :limit::i64;

-- name: request_log_purge :exec
-- Of one partner after another, along the primary key: each step to the next one is a look into it. A BRIN index is no way
-- to the oldest rows for long: its ranges never forget the oldest row that they had, so in time all of them may hold one.
with recursive step as (
    (select partner_id from request_log order by partner_id limit 1)
    union all
    select (select r.partner_id from request_log r where r.partner_id > s.partner_id order by r.partner_id limit 1)
      from step s where s.partner_id is not null
)
delete from request_log where ctid = any (array (
    select o.ctid
      from step s cross join lateral (select r.ctid from request_log r where r.partner_id = s.partner_id and r.created_at < :before::instant
                                       order by r.created_at limit :most::i64) o
     limit :most));
