-- name: audit_add :exec
insert into audit (at, actor, action, object, detail)
values (:now, :actor::text, :action::text, :object::text, :detail::text);

-- name: invariants_read :many
-- row: inv text?, k text?
select inv, k from (select inv, k from v_inv union all select inv, k from v_inv_key) v order by inv, k limit 1000;

-- name: audit_page :many
-- tenant: what concerns this partner, its clients and its accounts, and names nobody else's: found when it is chained (audit_tenant), and until
-- then looked for in what is newer than the chain. Along the index of the object, the tenant, the actor, the action, or of all, whatever is asked for first;
-- ranges are compared as rows, so that only that index gives the order.
-- row: id i64, at instant, actor text, action text, object text, detail text, is_chained bool
with last as materialized (
    select coalesce((select audit_id from audit_chain order by seq desc limit 1), 0) as id
)
select x.id, x.at, x.actor, x.action, x.object, x.detail, (select c.seq from audit_chain c where c.audit_id = x.id) is not null
  from ((select a.* from audit a
          where (a.object, a.id) > (:object::text?, 0) and (a.object, a.id) < (:object, :before::i64)
            and a.at >= :since::instant and a.at < :until::instant
            and (:actor::text? is null or a.actor = :actor) and (:action::text? is null or a.action = :action)
            and (:tenant::text? is null or (select y.audit_id from audit_tenant y where y.tenant = :tenant and y.audit_id = a.id) is not null
                 or a.id > (select id from last) and audit_tenant_of(a) = :tenant)
          order by a.object desc, a.id desc limit :limit::i64)
        union all
        (select a.* from audit_tenant y cross join lateral (select * from audit where id = y.audit_id offset 0) a
          where :object is null and (y.tenant, y.audit_id) > (:tenant, 0) and (y.tenant, y.audit_id) < (:tenant, :before)
            and a.at >= :since and a.at < :until and (:actor is null or a.actor = :actor) and (:action is null or a.action = :action)
          order by y.tenant desc, y.audit_id desc limit :limit)
        union all
        (select a.* from audit a
          where :object is null and :tenant is not null and a.id > (select id from last) and a.id < :before
            and (select c.seq from audit_chain c where c.audit_id = a.id) is null and audit_tenant_of(a) = :tenant
            and a.at >= :since and a.at < :until and (:actor is null or a.actor = :actor) and (:action is null or a.action = :action)
          order by a.id desc limit :limit)
        union all
        (select a.* from audit a
          where :object is null and :tenant is null and (a.actor, a.id) > (:actor, 0) and (a.actor, a.id) < (:actor, :before)
            and a.at >= :since and a.at < :until and (:action is null or a.action = :action)
          order by a.actor desc, a.id desc limit :limit)
        union all
        (select a.* from audit a
          where :object is null and :tenant is null and :actor is null and (a.action, a.id) > (:action, 0) and (a.action, a.id) < (:action, :before)
            and a.at >= :since and a.at < :until
          order by a.action desc, a.id desc limit :limit)
        union all
        (select a.* from audit a
          where :object is null and :tenant is null and :actor is null and :action is null and a.id < :before and a.at >= :since and a.at < :until
          order by a.id desc limit :limit)) x
 order by x.id desc limit :limit;
