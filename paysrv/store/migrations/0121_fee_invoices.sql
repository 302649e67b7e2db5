-- Invoices for the fees of a month (docs/decisions/0111): what the platform, and the partner, took of a seller.

-- What an issuer's fees have inside them, from a month on; the newest of a month counts. partner_id absent: the platform's.
create table fee_tax (
    fee_tax_id bigint generated always as identity primary key,
    partner_id text references partner,
    valid_from text not null check (valid_from ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    rate_bp    integer check (rate_bp between 0 and 10000),
    untaxed    text check (untaxed in ('exempt', 'reverse_charge', 'outside_scope')),
    name       text not null,
    address    text not null,
    tax_id     text,
    created_at timestamptz not null,
    created_by text not null,
    constraint fee_tax_or_reason check ((rate_bp is null) <> (untaxed is null))
);
create index fee_tax_of_issuer on fee_tax (coalesce(partner_id, ''), valid_from, fee_tax_id);
create trigger fee_tax_append_only before update or delete or truncate on fee_tax execute function ledger_is_append_only();
create trigger audited after insert on fee_tax for each row execute function audit_row('fee_tax', 'partner_id', 'fee_tax_id created_by', '');

-- Which month of a partner is the next to be invoiced. position: entries up to this one are in fee_charged; absent: the month's begin is not found
-- yet. ends_at, to_entry: it is over, and ends there. A month begins where the one before it ended, also when the zone is another one by then.
create table fee_month (
    partner_id text primary key references partner,
    clock      text not null,
    month      text not null check (month ~ '^[0-9]{4}-[0-9]{2}$'),
    begins_at  timestamptz not null,
    position   bigint,
    ends_at    timestamptz,
    to_entry   bigint,
    zone       text, -- whose month it is
    due_at     timestamptz not null,
    foreign key (partner_id, clock) references partner (partner_id, clock),
    constraint fee_month_end check ((ends_at is null) = (to_entry is null) and (zone is null) = (to_entry is null) and (to_entry is null or position <= to_entry))
) with (fillfactor = 70);
create index fee_month_due on fee_month (clock, due_at);

-- What was added up of a month that is being invoiced; gone when its invoice is there. user_id '': what the partner itself sells.
create table fee_charged (
    partner_id text not null,
    month      text not null,
    user_id    text not null,
    issuer     text not null check (issuer in ('platform', 'partner')),
    currency   text not null,
    kind       text not null,
    entries    bigint not null,
    amount     bigint not null,
    primary key (partner_id, month, user_id, issuer, currency, kind)
);

-- The last number that was given: of the platform (partner_id ''), or of a partner. What is of a test clock has numbers of its own.
create table fee_series (
    clock       text not null,
    partner_id  text not null,
    last_number bigint not null check (last_number > 0),
    primary key (clock, partner_id)
) with (fillfactor = 50);

-- document: all but the number, the time and who it is to, which goes when the law asks for it no more.
create table fee_invoice (
    fee_invoice_id text not null,
    partner_id     text not null references partner,
    clock          text not null,
    month          text not null,
    user_id        text not null,
    issuer         text not null check (issuer in ('platform', 'partner')),
    currency       text not null,
    number         bigint not null,
    gross          bigint not null,
    recipient      text not null,
    document       text not null,
    issued_at      timestamptz not null,
    primary key (partner_id, fee_invoice_id),
    foreign key (partner_id, clock) references partner (partner_id, clock),
    constraint fee_invoice_once unique (partner_id, month, user_id, issuer, currency)
);
create unique index fee_invoice_number on fee_invoice (clock, (case issuer when 'partner' then partner_id else '' end), number);
-- Looked for by the id alone; in the order of ids only within what is one partner's.
create index fee_invoice_by_id on fee_invoice using hash (fee_invoice_id);
create index fee_invoice_of_month on fee_invoice (partner_id, month, fee_invoice_id);
create index fee_invoice_of_user on fee_invoice (partner_id, user_id, fee_invoice_id);

-- As closing_is_kept.
create function fee_invoice_is_kept() returns trigger language plpgsql set search_path from current as $$
begin
    if tg_op = 'UPDATE' and tg_level = 'ROW' and new.recipient = '{"name":"-"}'
       and (new.fee_invoice_id, new.partner_id, new.clock, new.month, new.user_id, new.issuer, new.currency, new.number, new.gross, new.document, new.issued_at)
           = (old.fee_invoice_id, old.partner_id, old.clock, old.month, old.user_id, old.issuer, old.currency, old.number, old.gross, old.document, old.issued_at)
       and exists (select from pay_user u where u.partner_id = old.partner_id and u.user_id = old.user_id and u.forgotten_at is not null) then
        return new;
    end if;
    raise exception '% of % is not allowed: it is append-only', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger fee_invoice_kept before update or delete on fee_invoice for each row execute function fee_invoice_is_kept();
create trigger fee_invoice_whole before truncate on fee_invoice execute function fee_invoice_is_kept();

-- Whoever makes a partner, nodes of before too: its first month is the one in which it is made.
create function fee_month_begin() returns trigger language plpgsql set search_path from current as $$
declare
    first timestamp := date_trunc('month', new.created_at at time zone 'UTC');
begin
    insert into fee_month (partner_id, clock, month, begins_at, position, due_at)
    values (new.partner_id, new.clock, to_char(first, 'YYYY-MM'), first at time zone 'UTC', (select coalesce(max(entry_id), 0) from entry),
            (first + interval '1 month 15 minutes') at time zone 'UTC');
    return null;
end $$;
create trigger fee_month_first after insert on partner for each row execute function fee_month_begin();

-- Of those that are there it is this month, by their own clocks.
insert into fee_month (partner_id, clock, month, begins_at, due_at)
select x.partner_id, x.clock, to_char(x.first, 'YYYY-MM'), x.first at time zone 'UTC', (x.first + interval '1 month 15 minutes') at time zone 'UTC'
  from (select p.partner_id, p.clock,
               date_trunc('month', coalesce(c.stands_at, now() + coalesce(c.ahead_us, 0) * interval '1 microsecond') at time zone 'UTC') as first
          from partner p left join test_clock c on c.partner_id = p.partner_id) x;

do $$
begin
    execute 'create or replace view clock_work as ' || rtrim(pg_get_viewdef('clock_work'::regclass), ';')
        || ' union all select ''fee_invoices'', clock, due_at, due_at from fee_month where clock <> ''''';
end $$;
