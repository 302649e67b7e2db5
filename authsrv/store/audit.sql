-- name: audit_add :exec
insert into audit (at, actor, action, object, detail)
values (:now, :actor::text, :action::text, :object::text, :detail::text);

-- name: audit_chain_extend :exec
-- Appends what is not chained yet, at most 200 rows a round; in a serializable transaction.
with recursive last as materialized (
    select coalesce((select seq from audit_chain order by seq desc limit 1), 0) as seq,
           coalesce((select hash from audit_chain order by seq desc limit 1), decode(repeat('00', 32), 'hex')) as hash
), todo as materialized (
    select row_number() over (order by a.id) as n, a.id from audit a
     where not exists (select 1 from audit_chain c where c.audit_id = a.id) order by a.id limit 200
), chain (n, seq, audit_id, prev, hash) as (
    select t.n, last.seq + t.n, t.id, last.hash, audit_digest(last.hash, a)
      from last, todo t join audit a on a.id = t.id where t.n = 1
    union all
    select t.n, chain.seq + 1, t.id, chain.hash, audit_digest(chain.hash, a)
      from chain join todo t on t.n = chain.n + 1 join audit a on a.id = t.id
)
insert into audit_chain (seq, audit_id, prev, hash) select seq, audit_id, prev, hash from chain;

-- name: invariants_read :many
-- row: inv text?, k text?
select inv, k from v_inv order by inv, k limit 1000;
