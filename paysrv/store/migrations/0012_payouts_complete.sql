-- Looks at the bank's lines and breaks that walked whole tables.
create index bank_line_of_order on bank_line (order_id) where end_to_end is null and order_id is not null;
create index bank_break_of_file on bank_break (file_id) where file_id is not null;
create index bank_file_open on bank_file (file_id) where state <> 'done';
