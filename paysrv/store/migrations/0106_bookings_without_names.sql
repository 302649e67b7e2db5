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

-- As in 0102, but what is like another line need not be like a third one that this is like: a line which says little of its booking, and is in the
-- books, may have been each of those that say more. So as many are left as are by the lines like this one that are in the books, whichever leaves
-- the least; of lines that say the same one is asked. And of credits there are as many in the books as they are, whichever message each came by.
create or replace function bank_booking_left(of_line bigint) returns table (unbooked bigint, coming bigint) language sql stable begin atomic
with side as (
    select of_line as line_id
    union all
    select min(o.line_id)
      from bank_lines_like(of_line) o join bank_line l on l.line_id = o.line_id
     where not o.is_alike and (o.outcome in ('applied', 'known') or o.outcome = 'break' and exists
               (select from bank_break b where b.line_id = o.line_id and b.entry_id is not null))
     group by l.end_to_end, l.order_id, l.payer_iban
), like_it as materialized (
    select s.line_id as side, o.message, o.file_id, o.outcome, o.credit_id, o.is_coming and not o.is_here as is_coming,
           o.outcome = 'break' and exists (select from bank_break b where b.line_id = o.line_id and b.entry_id is not null) as is_entered
      from side s cross join lateral bank_lines_like(s.line_id) o
), told as (
    select side, message, file_id, count(*) as lines, count(*) filter (where outcome in ('applied', 'known')) as taken,
           count(*) filter (where outcome = 'applied') as applied, count(*) filter (where is_coming) as coming, count(*) filter (where is_entered) as entered
      from like_it group by side, message, file_id
), summed as (
    select side, case when message = 'camt.054' then max(lines) else sum(lines) end as lines,
           case when message = 'camt.054' then greatest(max(taken), sum(applied)) else sum(taken) end as taken,
           sum(entered) as entered, sum(coming) as coming
      from told group by side, message
), on_side as (
    select side, sum(coming) as coming,
           max(lines) - sum(entered) - greatest(max(taken), (select count(distinct k.credit_id) from like_it k
                                                              where k.side = s.side and k.outcome in ('applied', 'known'))) as unbooked
      from summed s group by side
)
select coalesce(min(unbooked), 1)::bigint, coalesce(sum(coming) filter (where side = of_line), 0)::bigint from on_side;
end;
