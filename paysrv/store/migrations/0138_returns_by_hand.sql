-- What came back of a payout or of a refund, and is less than the bank may keep a fee of, is its return on an operator's word; and so is what became of one
-- that went by the bank, which has no name of an acquirer's (docs/decisions/0039). The constraints ask less than those before, so all rows are as they want
-- them.
alter table bank_break
    drop constraint bank_break_resolution_check,
    add constraint bank_break_resolution_check
        check (resolution in ('platform', 'suspense', 'partner', 'own_sales', 'returned', 'matched', 'refunded')) not valid;

alter table manual_entry
    drop constraint manual_entry_acquirer_ref,
    add constraint manual_entry_acquirer_ref
        check (case kind when 'payout' then borne_by = 'paid' or acquirer_ref is null
                         else (kind = 'call' and borne_by = 'succeeded') = (acquirer_ref is not null) end) not valid,
    drop constraint manual_entry_borne_by_check,
    add constraint manual_entry_borne_by_check
        check (borne_by in ('platform', 'partner', 'own_sales', 'suspense', 'returned', 'payer', 'payment', 'paid', 'rejected', 'released', 'acquirer', 'bank',
                            'succeeded', 'failed')) not valid;
