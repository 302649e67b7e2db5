-- Hosts that stores have shown to be their own.

-- name: store_domain_insert :exec
-- Nothing when it is there, or when the store has as many as it may have.
insert into store_domain (partner_id, store_id, host, proof, created_at)
select :partner::partner_id, :store::store_id, :host::text, :proof::text, :now
 where (select count(*) from store_domain d where d.store_id = :store) < :most::i64
on conflict do nothing;

-- name: store_domain_find :maybe
-- row: host text, proof text, created_at instant, verified_at instant?, checked_at instant?, failure text?
select host, proof, created_at, verified_at, checked_at, failure
  from store_domain where store_id = :store::store_id and host = :host::text;

-- name: store_domain_list :many
-- row: = store_domain_find
select host, proof, created_at, verified_at, checked_at, failure
  from store_domain where store_id = :store::store_id order by host;

-- name: store_domain_look :exec
-- Takes a look at a host, not more often than that; nothing when somebody has looked a moment ago.
update store_domain set checked_at = :wall
 where store_id = :store::store_id and host = :host::text and (checked_at is null or checked_at < :not_after::instant);

-- name: store_domain_judge :exec
-- What the look came to. One that is verified stays so: a file is not there for ever.
update store_domain
   set failure = :failure::text?,
       verified_at = case when :failure is null then coalesce(verified_at, :now) else verified_at end,
       verified_by = case when :failure is null then coalesce(verified_by, :by::text) else verified_by end
 where store_id = :store::store_id and host = :host::text;

-- name: store_domain_delete :exec
delete from store_domain where store_id = :store::store_id and host = :host::text;

-- name: payment_domains :maybe
-- Where the buyer of a payment may be led back to, when its partner's stores have to show their domains.
-- row: domains text?
select (select string_agg(d.host, ' ') from store_domain d where d.store_id = p.store_id and d.verified_at is not null)
  from payment p where p.payment_id = :payment::payment_id and p.partner_id = :partner::partner_id;
