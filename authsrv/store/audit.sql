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
select inv, k from (select inv, k from v_inv union all select inv, k from v_inv_key) v order by inv, k limit 1000;

-- name: audit_page :many
-- tenant: what concerns this partner, its clients and its accounts, and names nobody else's.
-- row: id i64, at instant, actor text, action text, object text, detail text, is_chained bool
select a.id, a.at, a.actor, a.action, a.object, a.detail, exists (select 1 from audit_chain c where c.audit_id = a.id)
  from audit a
 where a.id < :before::i64 and a.at >= :since::instant and a.at < :until::instant
   and (:actor::text? is null or a.actor = :actor) and (:action::text? is null or a.action = :action)
   and (:object::text? is null or a.object = :object)
   and (:tenant::text? is null
        or (a.action like 'partner.%' and a.object = :tenant)
        or ((a.action like 'client.%' or a.action in ('login.failed', 'logout.given_up'))
            and a.object in (select id from client where partner = :tenant))
        or (a.action like 'account.%' and a.object in (select user_id from identity where partner = :tenant)
            and account_partner(a.object) = :tenant)
        or (a.action like 'session.%' and exists (select 1 from session s where s.sid = a.object and account_partner(s.user_id) = :tenant))
        or (a.action = 'consent.given' and a.object in (select id from client where partner = :tenant)
            and account_partner(a.actor) = :tenant)
        or (a.action = 'consent.withdrawn' and a.detail in (select id from client where partner = :tenant)
            and account_partner(a.object) = :tenant)
        or (a.action = 'grant.revoked'
            and exists (select 1 from grants g join client c on c.id = g.client_id and c.partner = :tenant
                         where g.id = a.object and account_partner(g.user_id) = :tenant)))
 order by a.id desc limit :limit::i64;

-- name: audit_verify_part :one
-- The next part of the chain after a link that was good: how long it is, where it is first broken (0: nowhere), and its
-- end.
-- row: n i64, broken_seq i64, last_seq i64, last_hash bytes?
with part as (
    select c.seq, c.hash,
           c.prev is distinct from lag(c.hash, 1, :head::bytes) over (order by c.seq)
           or c.seq <> lag(c.seq, 1, :after::i64) over (order by c.seq) + 1
           or a.id is null or c.hash is distinct from audit_digest(c.prev, a) as is_broken
      from (select seq, audit_id, prev, hash from audit_chain where seq > :after order by seq limit 5000) c
      left join audit a on a.id = c.audit_id
)
select count(*), coalesce(min(seq) filter (where is_broken), 0), coalesce(max(seq), :after),
       (select hash from part order by seq desc limit 1)
  from part;

-- name: audit_link_find :maybe
-- row: hash bytes
select hash from audit_chain where seq = :seq::i64;
