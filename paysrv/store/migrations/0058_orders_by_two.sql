-- A large order to the bank waits until an operator who has not made it lets it go. held: nothing writes or sends it.
alter table bank_batch add column held boolean not null default false;
create index bank_batch_held on bank_batch (created_at) where held;

alter table manual_entry
    drop constraint manual_entry_kind_check,
    drop constraint manual_entry_borne_by_check,
    drop constraint manual_entry_partner,
    add constraint manual_entry_kind_check check (kind in ('write_off', 'resolve', 'send', 'assign', 'payout', 'batch', 'order')),
    add constraint manual_entry_borne_by_check
        check (borne_by in ('platform', 'partner', 'suspense', 'payer', 'payment', 'paid', 'rejected', 'released')),
    add constraint manual_entry_order check ((kind = 'order') = (borne_by = 'released')),
    add constraint manual_entry_partner check ((kind in ('batch', 'order')) = (partner_id is null));
