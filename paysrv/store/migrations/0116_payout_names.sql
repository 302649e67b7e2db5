-- What the partner calls it.
alter table payout add column external_id text;
