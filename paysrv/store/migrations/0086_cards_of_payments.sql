-- Payments are found by the card of their charge, which the acquirer says of each: what is kept of cards is not asked any more.
drop index saved_card_of_last4;
