-- What the bank shows in several messages, and what it takes back, is found by its name of the booking.
create index bank_line_booking on bank_line (reference) where reference is not null;
