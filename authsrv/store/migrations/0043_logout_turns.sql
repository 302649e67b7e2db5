-- concurrently
-- Back-channel logouts are taken of each client in turn. What is due first of all is asked no more.
drop index concurrently if exists logout_turns;
create index concurrently logout_turns on logout (client_id, due_at) where state = 'pending';
drop index concurrently if exists logout_due;
