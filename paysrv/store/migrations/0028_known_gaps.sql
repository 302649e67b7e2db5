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

-- Mails that were sent or given up go after a while, the oldest first.
create index mail_ended on mail ((coalesce(sent_at, failed_at))) where sent_at is not null or failed_at is not null;

-- Two payouts that wait for a code at once are called differently, also when they were asked for at the same moment.
update payout p set label = p.label || right(p.payout_id, 2)
 where p.status = 'awaiting_code' and p.list_id is null
   and exists (select from payout o where o.partner_id = p.partner_id and o.user_id = p.user_id and o.label = p.label and o.status = 'awaiting_code'
                  and o.list_id is null and o.payout_id < p.payout_id);
create unique index payout_open_label on payout (partner_id, user_id, label) where status = 'awaiting_code' and list_id is null;
