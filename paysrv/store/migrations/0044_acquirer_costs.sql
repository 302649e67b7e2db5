-- Who bears what the acquirers keep of a partner's payments, from the registries that are booked from then on; without a row the platform.
create table acquirer_cost (
    partner_id text not null references partner,
    currency   text not null check (currency ~ '^[A-Z]{3}$'),
    borne_by   text not null check (borne_by in ('platform', 'partner')),
    updated_at timestamptz not null,
    updated_by text not null,
    primary key (partner_id, currency)
);
create trigger audited after insert or update or delete on acquirer_cost
    for each row execute function audit_row('acquirer_cost', 'partner_id', '', '');
