-- When an attempt to pay was made, by the test clock that its payment lives under: created_at is of the machines, which a job may
-- run through a year on in a second. Absent: by no test clock, or of before.
alter table acquirer_call add column tried_at timestamptz;
