-- Whatever is booked on one person's word is an entry by hand: also what became of payouts that nobody answers for, and of a batch.
alter table manual_entry
    drop constraint manual_entry_kind_check,
    drop constraint manual_entry_borne_by_check,
    drop constraint manual_entry_status_check,
    alter column partner_id drop not null,       -- of a batch, which has payouts of several
    add column user_id text not null default '', -- whose account it is booked on; '': none of a seller's
    add column acquirer_ref text,                -- what the acquirer calls a payout that it has paid
    add constraint manual_entry_kind_check check (kind in ('write_off', 'resolve', 'send', 'assign', 'payout', 'batch')),
    add constraint manual_entry_borne_by_check
        check (borne_by in ('platform', 'partner', 'suspense', 'payer', 'payment', 'paid', 'rejected')),
    -- alone: small enough for one
    add constraint manual_entry_status_check check (status in ('waiting', 'booked', 'rejected', 'alone')),
    add constraint manual_entry_alone check (status <> 'alone' or decided_by = asked_by),
    add constraint manual_entry_outcome check ((kind in ('payout', 'batch')) = (borne_by in ('paid', 'rejected'))),
    add constraint manual_entry_acquirer_ref check ((kind = 'payout' and borne_by = 'paid') = (acquirer_ref is not null)),
    add constraint manual_entry_partner check ((kind = 'batch') = (partner_id is null));
update manual_entry set user_id = object where kind = 'write_off';

drop index manual_entry_waiting;
create unique index manual_entry_waiting on manual_entry (kind, object, coalesce(partner_id, ''), currency) where status = 'waiting';
-- What was booked alone in a day.
create index manual_entry_alone on manual_entry (decided_at) where status = 'alone';
