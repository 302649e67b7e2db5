-- concurrently
drop index concurrently if exists payout_external_id_key;
create unique index concurrently payout_external_id_key on payout (partner_id, external_id) where external_id is not null;
