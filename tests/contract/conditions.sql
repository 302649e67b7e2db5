-- What conditions_test.c asks the database, in the first schema of the search path.

-- A digest of 32 bytes.
create or replace function public.h(what text) returns bytea language sql immutable as $$ select sha256(what::bytea) $$;

-- The statement with the values that are given for its parameters, "name=expression name=expression"; what is not given is something of its type.
create or replace function public.conditions_filled(statement text, names text, given text) returns text language plpgsql as $$
declare
    name text;
    n int := 0;
    type text;
begin
    given := regexp_replace(given, '\mh\(', 'public.h(', 'g');
    foreach name in array string_to_array(names, ' ') loop
        n := n + 1;
        type := substring(statement from '\$' || n || '::([a-z0-9]+(\[\])?)');
        statement := regexp_replace(statement, '\$' || n || '(?![0-9])', replace('(' || coalesce(
            substring(' ' || given from '(?: )' || name || '=(\S+)'),
            case when name in ('now', 'wall') then 'now()'
                 when name = 'clock' or type = 'text' then quote_literal(case name when 'clock' then '' else 'x' end)
                 when type = 'timestamptz' then 'now() + interval ''1 hour'''
                 when type = 'bytea' then 'public.h(''x'')'
                 when type = 'jsonb' then '''{}'''
                 when type = 'text[]' then '''{x}'''
                 when type = 'int8[]' then '''{1}'''
                 when type = 'bytea[]' then 'array[public.h(''x'')]'
                 when type = 'boolean' then 'true'
                 else '1' end) || ')', '\', '\\'), 'g');
    end loop;
    return statement;
end $$;

-- What comes of a statement when this is done before, and is undone afterwards: its rows as text, or how many it wrote; '' when it is none, or
-- when all that it may say is one row, and the first thing in that is nothing or false. With a look afterwards: what that finds.
create or replace function public.conditions_outcome(statement text, rows_at_most bigint, before text, look text) returns text language plpgsql as $$
declare
    line record;
    said text[] := '{}';
    n bigint;
begin
    begin
        execute coalesce(nullif(before, ''), 'select');
        if rows_at_most > 0 then
            for line in execute statement loop
                said := said || line::text;
            end loop;
            n := cardinality(said);
            if n > rows_at_most then
                raise 'it says % things', n;
            end if;
        else
            execute statement;
            get diagnostics n = row_count;
            said := array[n::text];
        end if;
        if look <> '' then
            execute look into line;
            raise sqlstate 'ENOUG' using message = trim(both '()"' from line::text);
        end if;
        raise sqlstate 'ENOUG' using message = case when n = 0 or rows_at_most = 1 and said[1] ~ '^\(f?[,)]' then '' else array_to_string(said, ' ') end;
    exception when sqlstate 'ENOUG' then
        return sqlerrm;
    end;
end $$;
