-- What a bank writes where it has no name of a booking was taken for one, which all have that have none: bookings of one amount were taken for one
-- another (docs/decisions/0058). Few are called so, and they are found by the index on names; a word is written in a few ways at most.
with placeholder as materialized (
    select array_agg(way) as names
      from unnest('{NONREF,NOTPROVIDED,NotProvided,NONE}'::text[]) as word, unnest(array[word, lower(word), initcap(word)]) as way
), unnamed as (
    update bank_line set reference = null where reference = any ((select names from placeholder)::text[])
    returning credit_id
)
update transfer_credit set reference = null
 where credit_id = any (array(select credit_id from unnamed where credit_id is not null)) and reference = any ((select names from placeholder)::text[]);
