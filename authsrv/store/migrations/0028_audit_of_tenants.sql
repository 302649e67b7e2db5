-- Whose an entry of the log is, for the partner's own administrators: asked for each entry, the newest of one partner were looked for among
-- all. Found once, when the entry is chained, from what it says and what is known then; nothing of the log itself changes.
create table audit_tenant (
    tenant   text not null,
    audit_id bigint not null references audit,
    primary key (tenant, audit_id)
);
create index audit_action on audit (action, id);

-- What concerns a partner, its clients and its accounts, and names nobody else's.
create function audit_tenant_of(a audit) returns text language sql stable set search_path from current as $$
    select case
        when a.action like 'partner.%' then (select p.slug from partner p where p.slug = a.object)
        when a.action like 'client.%' or a.action in ('login.failed', 'logout.given_up') then (select c.partner from client c where c.id = a.object)
        when a.action like 'account.%' then account_partner(a.object)
        when a.action like 'session.%' then (select account_partner(s.user_id) from session s where s.sid = a.object)
        when a.action = 'consent.given' then (select c.partner from client c where c.id = a.object and c.partner = account_partner(a.actor))
        when a.action = 'consent.withdrawn' then (select c.partner from client c where c.id = a.detail and c.partner = account_partner(a.object))
        when a.action = 'grant.revoked' then (select c.partner from grants g join client c on c.id = g.client_id
                                               where g.id = a.object and c.partner = account_partner(g.user_id))
    end
$$;
create function audit_tenant_found() returns trigger language plpgsql set search_path from current as $$
begin
    insert into audit_tenant (tenant, audit_id)
    select f.tenant, a.id from audit a cross join lateral (select audit_tenant_of(a) as tenant) f
     where a.id = new.audit_id and f.tenant is not null;
    return null;
end $$;
create trigger audit_tenant_found after insert on audit_chain for each row execute function audit_tenant_found();
insert into audit_tenant (tenant, audit_id)
select f.tenant, a.id from audit a join audit_chain c on c.audit_id = a.id cross join lateral (select audit_tenant_of(a) as tenant) f
 where f.tenant is not null;
