-- concurrently
drop index concurrently if exists settlement_due_turn;
create index concurrently settlement_due_turn on settlement_due (clock, partner_id, look_at, payment_id, source);
drop index concurrently if exists settlement_due_of_clock;
