-- Stores with states, tariffs, domains, looks, a twin and a way to another partner (docs/decisions/0062-stores.md).

-- status_by: who put it there, which decides who may take it away again. status_at: absent, it is as it was opened.
alter table store
    add column status text not null default 'active'
        check (status in ('pending_confirmation', 'draft', 'review', 'active', 'suspended', 'closed')),
    add column status_by text check (status_by in ('owner', 'partner', 'operator')),
    add column status_reason text,
    add column status_at timestamptz,
    add column twin_of text,                     -- of a sandbox partner's store: the live one that it stands for
    add column moved_from text,                  -- the store of another partner that this one goes on with
    add column moved_to text,
    add constraint store_twin_key unique (twin_of),
    add constraint store_moved_from_key unique (moved_from),
    add constraint store_moved_is_closed check (moved_to is null or status = 'closed');
-- What the path of every payment looks into: there are few that do not sell.
create index store_unsold on store (store_id) where status <> 'active' and moved_to is null;

create table store_change (
    change_id   bigint generated always as identity primary key,
    partner_id  text not null,
    store_id    text not null,
    from_status text not null,
    to_status   text not null,
    actor       text not null check (actor in ('owner', 'partner', 'operator')),
    actor_name  text not null,                   -- client, subject or account
    reason      text,
    changed_at  timestamptz not null,
    foreign key (partner_id, store_id) references store (partner_id, store_id)
);
create index store_change_of_store on store_change (store_id, change_id);

-- store_opening: what a new store of this partner is before anybody looked at it. sandbox_of: whose tests are made here.
alter table partner
    add column store_opening text not null default 'active' check (store_opening in ('active', 'review')),
    add column domains_required boolean not null default false,
    add column sandbox_of text references partner,
    add constraint partner_sandbox_of_key unique (sandbox_of),
    add constraint partner_sandbox_of_is_sandbox check (sandbox_of is null or is_sandbox);

-- Who gets what of a store's payments from a moment on, by the clock of its partner. In force is the latest that has begun; of two that
-- begin together, the later made. The rest of a payment's terms are in settlement_terms.
create table store_tariff (
    partner_id       text not null,
    tariff_id        text not null unique,
    store_id         text not null,
    platform_bp      integer not null check (platform_bp between 0 and 10000),
    partner_bp       integer not null check (partner_bp between 0 and 10000),
    split_profile_id text,                       -- in the place of basis points
    valid_from       timestamptz not null,
    created_at       timestamptz not null,
    created_by       text not null,
    canceled_at      timestamptz,
    primary key (partner_id, tariff_id),
    check (platform_bp + partner_bp <= 10000),
    check (canceled_at < valid_from),
    foreign key (partner_id, store_id) references store (partner_id, store_id),
    foreign key (partner_id, split_profile_id) references split_profile
);
create index store_tariff_in_force on store_tariff (store_id, valid_from desc, created_at desc, tariff_id desc) where canceled_at is null;
create index store_tariff_of_profile on store_tariff (split_profile_id) where split_profile_id is not null;

insert into store_tariff (partner_id, tariff_id, store_id, platform_bp, partner_bp, split_profile_id, valid_from, created_at, created_by)
select partner_id, 'trf_' || substr(store_id, 4), store_id, platform_bp, partner_bp, split_profile_id, created_at, created_at, 'opening' from store;

alter table store drop column platform_bp, drop column partner_bp, drop column split_profile_id;

-- In force at a moment. A store is as it was opened before that, for a server whose clock is behind.
create function store_tariff_at(store text, at timestamptz) returns setof store_tariff language sql stable as $$
    select * from store_tariff r
     where r.store_id = store and r.canceled_at is null and r.valid_from <= at
     order by r.valid_from desc, r.created_at desc, r.tariff_id desc
     limit 1
$$;

create function store_tariff_is_fixed() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.canceled_at is null
       and (old.partner_id, old.tariff_id, old.store_id, old.platform_bp, old.partner_bp, old.split_profile_id, old.valid_from, old.created_at)
           is not distinct from
           (new.partner_id, new.tariff_id, new.store_id, new.platform_bp, new.partner_bp, new.split_profile_id, new.valid_from, new.created_at) then
        return new;
    end if;
    raise exception '% of % is not allowed: payments are made under it', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger store_tariff_fixed before update or delete on store_tariff for each row execute function store_tariff_is_fixed();

-- Hosts that a store has shown to be its own: a file of ours is there.
create table store_domain (
    partner_id  text not null,
    store_id    text not null,
    host        text not null check (host ~ '^[a-z0-9.-]{3,253}$'),
    proof       text not null,                   -- what the file holds
    created_at  timestamptz not null,
    verified_at timestamptz,
    verified_by text,                            -- 'file', or the operator who vouched
    checked_at  timestamptz,
    failure     text,                            -- of the latest look, when it did not succeed
    primary key (store_id, host),
    check ((verified_at is null) = (verified_by is null)),
    foreign key (partner_id, store_id) references store (partner_id, store_id)
);

-- Addresses that are told of one store only.
alter table webhook_endpoint
    add column store_id text,
    add constraint webhook_endpoint_store foreign key (partner_id, store_id) references store (partner_id, store_id);

-- Whose store an event's object belongs to; null: none's. Asked for endpoints that are bound to a store, and for no other.
create function store_of_object(object text) returns text language sql stable as $$
    select case split_part(object, '_', 1)
           when 'pay' then (select p.store_id from payment p where p.payment_id = object)
           when 're' then (select p.store_id from refund r join payment p on p.payment_id = r.payment_id where r.refund_id = object)
           when 'dp' then (select p.store_id from dispute d join payment p on p.payment_id = d.payment_id where d.dispute_id = object)
           when 'scd' then (select k.store_id from saved_card k where k.saved_card_id = object)
           when 'sub' then (select s.store_id from subscription s where s.subscription_id = object)
           when 'inv' then (select s.store_id from invoice i join subscription s on s.subscription_id = i.subscription_id where i.invoice_id = object)
           when 'st' then object
           end
$$;

-- How a store shows itself to its buyers.
create table store_branding (
    store_id             text primary key,
    partner_id           text not null,
    display_name         text,
    accent               text check (accent ~ '^#[0-9a-f]{6}$'),
    support_email        text,
    support_url          text,
    statement_descriptor text,
    logo                 text,                   -- name of a file
    sheet                text,                   -- name of a file: the accent as a style sheet
    updated_at           timestamptz not null,
    foreign key (partner_id, store_id) references store (partner_id, store_id)
);

-- What buyers know it by.
create function store_shown(store text, name text) returns text language sql stable as $$
    select coalesce((select b.display_name from store_branding b where b.store_id = store), name)
$$;

create index store_branding_of_logo on store_branding (logo) where logo is not null;
create index store_branding_of_sheet on store_branding (sheet) where sheet is not null;

-- Under the hash of their content: what is at an address never changes.
create table store_file (
    name       text primary key,
    type       text not null,
    content    bytea not null,
    created_at timestamptz not null
);
create index store_file_by_age on store_file (created_at);

-- Stores that another partner has asked for; store_id is what it said, which may be nothing.
create table store_connection (
    connection_id text primary key,
    partner_id    text not null,
    user_id       text not null,
    store_id      text not null,
    status        text not null check (status in ('awaiting_code', 'confirmed', 'canceled', 'expired')),
    new_store_id  text references store (store_id),
    created_at    timestamptz not null,
    ended_at      timestamptz,
    check ((status = 'confirmed') = (new_store_id is not null)),
    foreign key (partner_id, user_id) references pay_user (partner_id, user_id)
);

create view v_inv_stores as
-- I62 a store has a tariff from its beginning on
select 'I62' as inv, s.store_id as k from store s
 where not exists (select from store_tariff r where r.store_id = s.store_id and r.canceled_at is null and r.valid_from <= s.created_at)
union all -- I63 every state was come to from the one before, and the store is in the last
select 'I63', s.store_id from store s
  join lateral (select c.to_status from store_change c where c.store_id = s.store_id order by c.change_id desc limit 1) c on true
 where c.to_status <> s.status
union all
select 'I63', c.store_id from (select store_id, from_status, lag(to_status) over (partition by store_id order by change_id) as was from store_change) c
 where c.was is not null and c.was <> c.from_status
union all -- I64 a twin is a sandbox partner's and stands for a store of the partner whose sandbox it is
select 'I64', t.store_id from store t join partner n on n.partner_id = t.partner_id left join store s on s.store_id = t.twin_of
 where t.twin_of is not null and (s.store_id is null or n.sandbox_of is distinct from s.partner_id)
union all -- I65 a store goes on where it was moved to, in the same currency, and there only
select 'I65', s.store_id from store s left join store n on n.store_id = s.moved_to
 where s.moved_to is not null and (n.moved_from is distinct from s.store_id or n.currency <> s.currency or n.partner_id = s.partner_id)
union all
select 'I65', n.store_id from store n left join store s on s.store_id = n.moved_from
 where n.moved_from is not null and s.moved_to is distinct from n.store_id;

do $$
begin
    execute 'create or replace view v_inv as ' || rtrim(pg_get_viewdef('v_inv'::regclass), ';')
            || ' union all select inv, k from v_inv_stores';
end $$;
