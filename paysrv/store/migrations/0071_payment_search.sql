-- Payments are looked for by what is kept of a card. No index of the table payment is for searching: each payment would write it.
create index saved_card_of_last4 on saved_card (last4, saved_card_id);

-- A partner's stores in the order of their lists.
create index store_of_partner on store (partner_id, store_id);
