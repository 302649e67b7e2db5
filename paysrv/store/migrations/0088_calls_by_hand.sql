-- How an operation ended that its acquirer says nothing about, by an operator's word (docs/decisions/0053): an entry by hand as any that moves money.
alter table manual_entry
    drop constraint manual_entry_kind_check,
    drop constraint manual_entry_borne_by_check,
    drop constraint manual_entry_acquirer_ref,
    add constraint manual_entry_acquirer_ref
        check ((kind = 'payout' and borne_by = 'paid' or kind = 'call' and borne_by = 'succeeded') = (acquirer_ref is not null)),
    add constraint manual_entry_kind_check
        check (kind in ('write_off', 'undo', 'resolve', 'send', 'assign', 'payout', 'batch', 'order', 'reversal', 'call')),
    add constraint manual_entry_borne_by_check
        check (borne_by in ('platform', 'partner', 'suspense', 'payer', 'payment', 'paid', 'rejected', 'released', 'acquirer', 'bank',
                            'succeeded', 'failed'));

-- Who approved or rejected an entry is told also when he wrote no note: all that a decision changes was left out.
drop trigger audited on manual_entry;
create trigger audited after insert or update on manual_entry
    for each row execute function audit_row('manual_entry.{status}', 'manual_entry_id', 'asked_by asked_name decided_by decided_name decided_at', '');
