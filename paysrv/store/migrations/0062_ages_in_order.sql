-- What is old is found in the order of an index; one that is read as a bitmap is not asked by connections that know no bitmaps (decision 0078).
-- Keys of idempotency are swept along their table.
drop index idempotency_age;
drop index card_offer_age;
create index card_offer_age on card_offer (created_at);
