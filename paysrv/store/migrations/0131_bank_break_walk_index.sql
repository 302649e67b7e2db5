-- concurrently
drop index concurrently if exists bank_break_unread;
create index concurrently bank_break_unread on bank_break (break_id) where closed_at is null and source = 'bank' and entry_id is null;
drop index concurrently if exists bank_break_moving;
create index concurrently bank_break_moving on bank_break (currency) where resolution is null and moved_at_last is null;
drop index concurrently if exists bank_break_moved;
create index concurrently bank_break_moved on bank_break (currency) where resolution is null and moved_at_last <> 0;
drop index concurrently if exists bank_break_noted;
create index concurrently bank_break_noted on bank_break (closed_at) where resolution is null and moved_at_last is null and closed_at is not null;
drop index concurrently if exists bank_break_unbooked;
