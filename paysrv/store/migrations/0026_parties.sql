-- What owners agree to with a mailed code besides payouts (docs/decisions/0061), who they are before the law, and what they have accepted.

-- Which steps of a partner's users need a code of theirs. Partners that are here already go on without.
alter table partner
    add column confirmations text[] not null default '{}',
    add column agreement_required boolean not null default true,
    add constraint partner_confirmations check (confirmations <@ array['user', 'requisite', 'store', 'store_connection']);

-- One operation on one object that waits for one address to agree. hash: of all that the mail shows, and of what it shows in part.
create table confirmation (
    confirmation_id text primary key,
    partner_id      text not null,
    user_id         text not null,
    operation       text not null check (operation in ('user', 'requisite', 'store', 'store_connection', 'user_email')),
    object_id       text not null,
    recipient       text not null,
    label           text not null,
    summary         text not null,               -- JSON: what the owner is shown
    hash            bytea not null check (length(hash) = 32),
    requested_by    text not null,
    status          text not null check (status in ('awaiting_code', 'confirmed', 'canceled', 'expired')),
    created_at      timestamptz not null,
    expires_at      timestamptz not null,        -- of the code
    confirmed_at    timestamptz,
    closed_at       timestamptz,
    clock           text not null,
    foreign key (partner_id, user_id) references pay_user (partner_id, user_id),
    foreign key (partner_id, clock) references partner (partner_id, clock),
    check ((status = 'confirmed') = (confirmed_at is not null) and (status in ('canceled', 'expired')) = (closed_at is not null))
) with (fillfactor = 70);
create unique index confirmation_waiting on confirmation (object_id, recipient) where status = 'awaiting_code';
create index confirmation_of_object on confirmation (object_id);
create index confirmation_of_user on confirmation (partner_id, user_id, created_at);
create index confirmation_of_partner on confirmation (partner_id, confirmation_id);
create index confirmation_to on confirmation (recipient, created_at);
create index confirmation_open_of_clock on confirmation (clock, expires_at) where status = 'awaiting_code';

-- needs_code: of those whose owner has to agree; confirmed_at: when he did.
alter table pay_user
    add column locale text check (locale ~ '^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{1,8})*$'),
    add column needs_code boolean not null default false,
    add column confirmed_at timestamptz,
    add column closed_at timestamptz,
    add column closed_reason text,
    add column payouts_from timestamptz,         -- not before: the address was changed
    add constraint pay_user_closed check ((closed_at is null) = (closed_reason is null));
alter table requisite
    add column needs_code boolean not null default false,
    add column confirmed_at timestamptz;

-- The name of one that came to nothing is free again.
alter table pay_user drop constraint pay_user_external_id_key;
create unique index pay_user_external_id_key on pay_user (partner_id, external_id)
    where external_id is not null and (closed_reason is null or closed_reason not in ('expired', 'canceled'));

-- Another address: the owner agrees at the one that he had and at the new one.
create table email_change (
    change_id  text primary key,
    partner_id text not null,
    user_id    text not null,
    email      text not null,
    old_email  text,                             -- absent: none was verified
    status     text not null check (status in ('awaiting_code', 'done', 'canceled', 'expired')),
    created_at timestamptz not null,
    done_at    timestamptz,
    foreign key (partner_id, user_id) references pay_user (partner_id, user_id),
    check ((status = 'done') = (done_at is not null))
);
create unique index email_change_waiting on email_change (partner_id, user_id) where status = 'awaiting_code';

-- Never edited: whoever moves or marries gets another version.
create table legal_profile (
    partner_id          text not null,
    user_id             text not null,
    version             integer not null check (version > 0),
    kind                text not null check (kind in ('individual', 'sole_proprietor', 'company')),
    name                text not null,
    tax_id              text,
    registration_number text,
    country             text not null check (country ~ '^[A-Z]{2}$'),
    town                text not null,
    street              text,
    building            text,
    postcode            text,
    birth_date          text check (birth_date ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
    created_by          text not null,
    created_at          timestamptz not null,
    primary key (partner_id, user_id, version),
    foreign key (partner_id, user_id) references pay_user (partner_id, user_id)
);
create trigger legal_profile_append_only before update or delete or truncate on legal_profile execute function ledger_is_append_only();

-- What sellers accept, by the operator: for all partners, or for one, whose sellers then accept no other.
create table seller_agreement (
    agreement_id text primary key,
    partner_id   text references partner,        -- absent: all
    version      text not null check (version ~ '^[A-Za-z0-9._-]{1,40}$'),
    url          text,
    content      text,                           -- the document, when it was given
    content_hash bytea not null check (length(content_hash) = 32),
    valid_from   timestamptz not null,
    due_at       timestamptz not null,           -- until then the version before is enough, or none
    created_at   timestamptz not null,
    check (url is not null or content is not null),
    check (due_at >= valid_from)
);
create unique index seller_agreement_version on seller_agreement (coalesce(partner_id, ''), version);
create trigger seller_agreement_append_only before update or delete or truncate on seller_agreement execute function ledger_is_append_only();

create table agreement_acceptance (
    acceptance_id text primary key,
    partner_id    text not null,
    user_id       text not null,
    agreement_id  text not null references seller_agreement,
    version       text not null,
    content_hash  bytea not null check (length(content_hash) = 32),
    accepted_by   text not null,                 -- the subject, or the client that says so for him
    accepted_ip   text,
    user_agent    text,
    accepted_at   timestamptz not null,
    unique (partner_id, user_id, agreement_id),
    foreign key (partner_id, user_id) references pay_user (partner_id, user_id)
);
create trigger agreement_acceptance_append_only before update or delete or truncate on agreement_acceptance execute function ledger_is_append_only();

-- What is meant for the sellers of a partner: its own, once it has one, else those for all.
create view agreement_for as
select n.partner_id, s.agreement_id, s.version, s.url, s.content, s.content_hash, s.valid_from, s.due_at, s.created_at
  from partner n
  join seller_agreement s on s.partner_id = n.partner_id
    or (s.partner_id is null and not exists (select from seller_agreement o where o.partner_id = n.partner_id));

-- The version that this user would have to have accepted by now, or a later one; null: nothing is missing.
create function agreement_missing(whose text, who text, at timestamptz) returns text language sql stable as $$
    select d.version
      from partner n
     cross join lateral (select f.version, f.valid_from from agreement_for f
                          where f.partner_id = n.partner_id and f.due_at <= at order by f.valid_from desc limit 1) d
     where n.partner_id = whose and n.agreement_required
       and not exists (select from agreement_acceptance a
                         join agreement_for f on f.agreement_id = a.agreement_id and f.partner_id = a.partner_id
                        where a.partner_id = n.partner_id and a.user_id = who and f.valid_from >= d.valid_from)
$$;

create view v_inv_parties as
-- I46 what is confirmed has a used code that was made for just this, and nothing else has
select 'I46' as inv, x.confirmation_id as k from confirmation x
 where (x.status = 'confirmed') <> exists (select from payout_code c
                                            where c.subject = x.confirmation_id and c.consumed_at is not null and c.bind_hash = x.hash)
union all -- I47 nobody and no account that needs a code is in use without
select 'I47', u.user_id from pay_user u
 where u.confirmed_at is not null
   and not exists (select from confirmation x where x.object_id = u.user_id and x.operation = 'user' and x.status = 'confirmed')
union all
select 'I47', r.requisite_id from requisite r
 where r.confirmed_at is not null
   and not exists (select from confirmation x where x.object_id = r.requisite_id and x.operation = 'requisite' and x.status = 'confirmed')
union all
select 'I47', po.payout_id from payout po join requisite r on r.partner_id = po.partner_id and r.requisite_id = po.requisite_id
  join pay_user u on u.partner_id = po.partner_id and u.user_id = po.user_id
 where r.needs_code and r.confirmed_at is null or u.needs_code and u.confirmed_at is null
union all -- I48 an address was changed only when all who had to agree did
select 'I48', e.change_id from email_change e
 where e.status = 'done'
   and (select count(*) filter (where x.status = 'confirmed') from confirmation x where x.object_id = e.change_id)
       <> case when e.old_email is null then 1 else 2 end
union all -- I49 what was accepted is what was published, to this partner's sellers
select 'I49', a.acceptance_id from agreement_acceptance a join seller_agreement s on s.agreement_id = a.agreement_id
 where (a.version, a.content_hash) is distinct from (s.version, s.content_hash) or s.partner_id <> a.partner_id;

-- The views before are what they were, with this added: whoever changed them last.
do $$
begin
    execute 'create or replace view v_inv as ' || rtrim(pg_get_viewdef('v_inv'::regclass), ';')
            || ' union all select inv, k from v_inv_parties';
    execute 'create or replace view code_holder as ' || rtrim(pg_get_viewdef('code_holder'::regclass), ';')
            || ' union all select confirmation_id, partner_id, user_id, label, created_at, expires_at, status = ''awaiting_code'' from confirmation';
    execute 'create or replace view clock_work as ' || rtrim(pg_get_viewdef('clock_work'::regclass), ';')
            || ' union all select ''confirmations''::text, clock, expires_at, expires_at from confirmation where status = ''awaiting_code''';
end $$;
