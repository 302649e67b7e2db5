-- A second operator for what is entered by hand, and work that follows what is due and not what there is.

-- Four eyes: an entry that somebody has asked for and somebody else has to approve before it is booked.
create table manual_entry (
    manual_entry_id text primary key,
    kind            text not null check (kind in ('write_off', 'resolve')),
    object          text not null,               -- the user, or the number of the break
    partner_id      text not null references partner,
    currency        text not null check (currency ~ '^[A-Z]{3}$'),
    amount          bigint not null check (amount > 0),
    borne_by        text not null check (borne_by in ('platform', 'partner', 'suspense')),
    reason          text not null,
    asked_by        text not null,
    asked_name      text not null,
    status          text not null check (status in ('waiting', 'booked', 'rejected')),
    decided_by      text,
    decided_name    text,
    note            text,
    created_at      timestamptz not null,
    decided_at      timestamptz,
    check ((status = 'waiting') = (decided_by is null) and (status = 'waiting') = (decided_at is null)),
    constraint manual_entry_four_eyes check (status <> 'booked' or decided_by <> asked_by)
);
create unique index manual_entry_waiting on manual_entry (kind, object, partner_id, currency) where status = 'waiting';
create trigger audited after insert or update on manual_entry
    for each row execute function audit_row('manual_entry.{status}', 'manual_entry_id',
                                            'asked_by asked_name decided_by decided_name decided_at status', '');
