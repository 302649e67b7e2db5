-- What the bank shows in several messages, and what it takes back, is found by its name of the booking while nobody has explained it.
create index bank_line_break_name on bank_line (reference) where outcome = 'break';
