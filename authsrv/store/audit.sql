-- name: audit_add :exec
insert into audit (at, actor, action, object, detail)
values (:now, :actor::text, :action::text, :object::text, :detail::text);

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
