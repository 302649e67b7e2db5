-- concurrently
drop index concurrently if exists bank_break_moving_next;
create index concurrently bank_break_moving_next on bank_break (break_id) where resolution is null and moved_at_last is null;
drop index concurrently if exists bank_break_moving;
