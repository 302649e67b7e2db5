-- concurrently
drop index concurrently if exists dispute_step_held;
create index concurrently dispute_step_held on dispute_step (entry_id) where step = 'hold' and fee > 0;
