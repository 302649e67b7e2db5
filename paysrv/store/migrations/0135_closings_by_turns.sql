-- I43: what an account had at a cut is what it had at the one before it and what was posted between. It said the same by adding up each from the account's
-- first entry: an account of a house, with a cut each day, was added up as often as there are days. Who is told of a wrong one is told of the next one
-- as well, which does not follow from it.
do $$
declare
    settlements text := rtrim(pg_get_viewdef('v_inv_settlements'::regclass), ';');
    closed text := $view$ select 'I43' as inv, c.account_id || '/' || c.entry_id as k
  from (select account_id, entry_id, balance, lag(entry_id, 1, 0::bigint) over w as since, lag(balance, 1, 0::bigint) over w as before
          from account_closing window w as (partition by account_id order by entry_id)) c
  join account a on a.account_id = c.account_id
 where c.balance::numeric - c.before
       <> a.side * coalesce((select sum(q.amount) from posting q
                              where q.account_id = c.account_id and q.entry_id > c.since and q.entry_id <= c.entry_id), 0)
$view$;
    begins int := strpos(settlements, ' SELECT ''I43''::text');
    ends int := strpos(substr(settlements, begins), 'UNION ALL');
begin
    if begins = 0 or ends = 0 or strpos(left(substr(settlements, begins), ends), '(q.entry_id <= c.entry_id)') = 0 then
        raise exception 'v_inv_settlements does not add up what accounts had at cuts';
    end if;
    execute 'create or replace view v_inv_settlements as ' || left(settlements, begins - 1) || closed || substr(settlements, begins + ends - 1);
end $$;
