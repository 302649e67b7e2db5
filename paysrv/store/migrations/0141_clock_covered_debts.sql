-- A debt is due to a test clock when somebody bears it by himself: its partner, or the platform, and that what sellers owe alone.
do $$
declare
    work text := pg_get_viewdef('clock_work'::regclass);
    known text := '(y.shortfall = ''partner''::text)';
begin
    if position(known in work) = 0 then
        raise exception 'clock_work looks at debts otherwise than it did';
    end if;
    execute 'create or replace view clock_work as '
        || replace(work, known, '(y.shortfall = ''partner'' or y.shortfall = ''platform'' and a.user_id <> '''')');
end $$;
