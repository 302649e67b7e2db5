-- When a session was used last, by its browser or by its applications, as far as the job knows that ends what is idle: it looks at each
-- session once in the time that it may rest, and not at all that rest in their browsers while applications go on.
alter table session add column used_at timestamptz;
update session set used_at = last_seen_at;
alter table session alter column used_at set not null;
drop index session_seen;
create index session_used on session (used_at) where ended_at is null;
