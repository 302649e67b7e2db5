-- What was apart is noted of all accounts of a currency together (docs/decisions/0110). Days that were noted before that held one account alone against
-- all books: beside newer ones they would look as if something had left the bank.
update bank_file set apart_low = null, apart_high = null where apart_low is not null;
