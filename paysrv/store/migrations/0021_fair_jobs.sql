-- One payout schedule that always fails keeps no other waiting: how often its next time failed, and until when it is left alone, by the wall
-- clock.
alter table payout_schedule
    add column tries integer not null default 0,
    add column retry_at timestamptz;
