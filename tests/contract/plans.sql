-- What plans_test.c asks the database. Both work in the first schema of the search path.

-- Rows for the planner's eyes: some that fill every column, and some for each partial index that are in it. An index that never held a row
-- looks as if it never will, and would be taken for anything.
create or replace function public.plans_fill(rows_each int) returns void language plpgsql as $$
declare
    t record;
    first_row int := 1;
begin
    set local session_replication_role = replica;
    for t in select format('alter table %s %s', conrelid::regclass, string_agg('drop constraint ' || quote_ident(conname), ', ')) as without
               from pg_constraint where contype = 'c' and connamespace = current_schema()::regnamespace and conrelid <> 0
              group by conrelid
             union all
             select format('alter table %s alter %I drop expression', attrelid::regclass, attname)
               from pg_attribute join pg_class c on c.oid = attrelid
              where attgenerated <> '' and c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
    loop
        execute t.without;
    end loop;
    for t in select c.oid, x.predicate
               from pg_class c
               left join lateral (select null as predicate
                                  union all
                                  select pg_get_expr(indpred, indrelid) from pg_index where indrelid = c.oid and indpred is not null) x on true
              where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
    loop
        execute (select format('insert into %s (%s) overriding system value select %s from generate_series(%s, %s) as n on conflict do nothing',
                               t.oid::regclass, string_agg(quote_ident(attname), ', '),
                               string_agg(public.plans_value(attname, format_type(atttypid, null), coalesce(t.predicate, '')), ', '),
                               first_row, first_row + rows_each - 1)
                   from pg_attribute where attrelid = t.oid and attnum > 0 and not attisdropped);
        first_row := first_row + rows_each;
    end loop;
end $$;

-- A column's value, by the number n, in a row that is to be in an index with this predicate.
create or replace function public.plans_value(column_name text, column_type text, predicate text) returns text language sql as $$
    select case
        when predicate ~ ('\m' || column_name || ' IS NULL') then 'null'
        when column_type = 'boolean' then (predicate ~ ('\m' || column_name || '\M') and predicate !~ ('NOT ' || column_name || '\M'))::text
        when column_type = 'integer' and predicate ~ ('\m' || column_name || ' >= ') then substring(predicate from column_name || ' >= ([0-9]+)') || ' + n'
        else coalesce(quote_literal(substring(predicate from '\m' || column_name || ' = (?:ANY \(ARRAY\[)?''([^'']*)''')),
            case when column_type like '%[]' then quote_literal('{}')
                 when column_type ~ '^(timestamp|date)' then 'now()'
                 when column_type = 'bytea' then 'sha256(n::text::bytea)'
                 when column_type ~ '^json' then quote_literal('{}')
                 when column_type ~ '^(text|character)' then quote_literal('x') || ' || n'
                 when column_type = 'smallint' then 'n % 1000'
                 else 'n' end)
    end
$$;

-- The rows of each table belong to three of whatever is called so: a partner, say.
create or replace function public.plans_share(column_name text) returns void language plpgsql as $$
declare
    t record;
begin
    set local session_replication_role = replica;
    for t in select attrelid::regclass as name, atttypid = 'text'::regtype as is_text from pg_attribute a join pg_class c on c.oid = a.attrelid
              where a.attname = column_name and a.attidentity = '' and c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace loop
        begin
            execute format('update %s set %I = %s abs(hashtext(ctid::text)) %% 3', t.name, column_name, case when t.is_text then '''x'' ||' else '' end);
        exception when unique_violation then null; -- of which each has one
        end;
    end loop;
end $$;

-- All rows belong to one partner and nearly all to one user of his; another has a row of each table.
create or replace function public.plans_crowd() returns void language plpgsql as $$
declare
    t record;
begin
    set local session_replication_role = replica;
    for t in select c.oid::regclass as name, array_agg(a.attname::text) as columns
               from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname in ('partner_id', 'user_id', 'subject')
              where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace
              group by c.oid
             having 'partner_id' = any (array_agg(a.attname)) loop
        begin
            execute format('update %s set partner_id = ''p''', t.name);
            if 'user_id' = any (t.columns) then
                execute format('update %s set user_id = ''many''', t.name);
            end if;
        exception when unique_violation then null; -- of which a partner, or a user, has one
        end;
        execute format('update %s set %s where ctid = (select min(ctid) from %1$s)', t.name,
                       (select string_agg(c || case c when 'partner_id' then ' = ''p''' else ' = ''few''' end, ', ') from unnest(t.columns) as c));
    end loop;
end $$;

-- Indexes that hold nothing all the same.
create or replace function public.plans_unfilled() returns text language sql as $$
    select string_agg(c.relname, ' ') from pg_class c join pg_am a on a.oid = c.relam
     where c.relkind = 'i' and a.amname = 'btree' and c.relnamespace = current_schema()::regnamespace and pg_relation_size(c.oid) <= 8192
$$;

-- How a statement is planned for all parameters.
create or replace function public.plans_plan(statement text, parameters int) returns jsonb language plpgsql as $$
declare
    plan jsonb;
begin
    execute 'prepare looked_at as ' || statement;
    execute 'explain (format json) execute looked_at'
            || case when parameters > 0 then '(null' || repeat(', null', parameters - 1) || ')' else '' end into plan;
    execute 'deallocate looked_at';
    return plan->0->'Plan';
end $$;

-- The scans in a statement's plan that begin nowhere: of a whole table, or of a whole index, or with conditions on later columns only; and
-- those that begin somewhere and have no end: all that is older, or newer, than something, without a limit on how much of it. A comparison of
-- rows is no end either: PostgreSQL ends a scan only where its first column decides, and reads all of an account to find what came before an entry. ('zz' ends
-- with the first column.)
-- A condition names the index's column on its left: "(call_id = ANY ($1))", "(ROW(created_at, event_id) < ...".
create or replace function public.plans_walks(statement text, parameters int)
    returns table (relation text, index text, condition text, is_partial bool) language plpgsql as $$
declare
    plan jsonb := public.plans_plan(statement, parameters);
begin
    return query
        with recursive node as (
            select plan as n, false as is_limited
            union all
            select c.n, node.n->>'Node Type' = 'Limit'
                        or node.is_limited and c.n->>'Parent Relationship' in ('Outer', 'Member', 'Subquery') and not node.n ?| '{Filter,Join Filter}'
                           and node.n->>'Node Type' in ('Nested Loop', 'Subquery Scan', 'LockRows', 'Result', 'Append', 'Merge Append', 'Unique')
              from node cross join jsonb_array_elements(node.n->'Plans') as c (n)
        ), scan as (
            select n->>'Relation Name' as relation, n->>'Index Name' as index, n->>'Index Cond' as condition, is_limited and not n ? 'Filter' as is_limited,
                   n->>'Scan Direction' = 'Forward' as is_forward
              from node where n->>'Node Type' ~ '(Seq|Index|Index Only) Scan$'
        )
        select coalesce(s.relation, x.indrelid::regclass::text), s.index, s.condition, coalesce(x.indpred is not null, false)
          from scan s
          left join pg_index x on x.indexrelid = to_regclass(s.index)
          left join lateral (select regexp_replace(rtrim(pg_get_indexdef(x.indexrelid, 1, true), ')'), '(\W)', '\\\1', 'g') as first) f on true
          left join lateral (select s.condition ~ ('\((ROW\()?' || f.first || '[ ),]') as begins,
                                    s.condition ~ ('\(' || f.first || ' (= |IS )|\(' || f.first || '\)::text = ') as is_one,
                                    s.condition ~ ('\((ROW\()?' || f.first || '(, [^<>=]*\))? <') as has_end,
                                    s.condition ~ ('\((ROW\()?' || f.first || '(, [^<>=]*\))? >') as has_beginning,
                                    s.is_forward and s.condition ~ ('\(ROW\(' || f.first || ', [^<>=]*\) <') and s.condition !~ '''zz''::text\)' as ends_at_row) c on true
         where coalesce(not c.begins or not c.is_one and (c.has_end <> c.has_beginning or c.ends_at_row) and not s.is_limited, true);
end $$;

-- Where the rows of one step of a statement (a CTE) are compared with each row of another one: of a batch of 64, 4,096 times.
create or replace function public.plans_pairs(statement text, parameters int)
    returns table (relation text, index text, condition text, is_partial bool) language plpgsql as $$
declare
    plan jsonb := public.plans_plan(statement, parameters);
begin
    return query
        with recursive node as (
            select plan as n, null::jsonb as above
            union all
            select c.n, node.n from node cross join jsonb_array_elements(node.n->'Plans') as c (n)
        )
        select n->>'CTE Name', null::text, above->>'Join Filter', false
          from node
         where n->>'Node Type' = 'CTE Scan' and n->>'Parent Relationship' = 'Inner' and above->>'Node Type' = 'Nested Loop' and above ? 'Join Filter';
end $$;

-- One partner has three of four rows, and three hundred others have the rest; one endpoint has nearly all deliveries, and another one the oldest.
create or replace function public.plans_market() returns void language plpgsql as $$
declare
    t record;
begin
    set local session_replication_role = replica;
    for t in select c.oid::regclass as name from pg_attribute a join pg_class c on c.oid = a.attrelid
              where a.attname = 'partner_id' and a.attidentity = '' and c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace loop
        begin
            execute format('update %s set partner_id = ''p'' || case when hashtext(ctid::text) %% 4 = 0 then (abs(hashtext(ctid::text)) / 4 %% 300)::text else '''' end', t.name);
        exception when unique_violation then null; -- of which each has one
        end;
    end loop;
    for t in select to_regclass('webhook_delivery') as name where to_regclass('webhook_delivery') is not null loop
        execute format('update %s set webhook_endpoint_id = case when event_id in (select event_id from %1$s order by event_id limit 20) then ''few'' else ''many'' end', t.name);
    end loop;
end $$;

-- The scans with which a statement looks at many rows, run with what is known of its parameters by their names; of what is a number all, and what else
-- may be wanted is left out.
create or replace function public.plans_run(statement text, names text, known jsonb)
    returns table (relation text, index text, condition text, is_partial bool) language plpgsql as $$
declare
    given text;
    plan jsonb;
begin
    execute 'prepare looked_at as ' || statement;
    select string_agg(case when known ? p.name and known->>p.name ~ case when p.type in ('bigint', 'integer') then '^[0-9]+$' when p.type ~ 'time' then '^[0-9]{4}-' else '' end
                           then quote_literal(known->>p.name)
                           when p.name in ('limit', 'most') then '10'
                           when p.type in ('bigint', 'integer') then '2000000000'
                           else 'null' end, ', ' order by p.n) into given
      from pg_prepared_statements s
     cross join lateral unnest(s.parameter_types::text[], string_to_array(names, ' ')) with ordinality as p (type, name, n)
     where s.name = 'looked_at';
    execute 'explain (analyze, timing off, format json) execute looked_at(' || given || ')' into plan;
    deallocate looked_at;
    return query
        with recursive node as (
            select plan->0->'Plan' as n
            union all
            select c.n from node cross join jsonb_array_elements(node.n->'Plans') as c (n)
        )
        select coalesce(node.n->>'Relation Name', x.indrelid::regclass::text), node.n->>'Index Name', node.n->>'Index Cond',
               coalesce(x.indpred is not null, false)
          from node
          left join pg_index x on x.indexrelid = to_regclass(node.n->>'Index Name')
         where node.n->>'Node Type' ~ '(Seq|Index|Index Only) Scan$'
           and (node.n->>'Actual Loops')::numeric * ((node.n->>'Actual Rows')::numeric + coalesce((node.n->>'Rows Removed by Filter')::numeric, 0)) > 100;
end $$;

-- A statement that is asked for what the user of few rows has. Nothing where no user is asked for, and where something is written.
create or replace function public.plans_looks(statement text, names text)
    returns table (relation text, index text, condition text, is_partial bool) language plpgsql as $$
begin
    if string_to_array(names, ' ') && '{user,owner,seller,subject}' and names ~ '\mpartner\M' and statement !~* '\m(insert|update|delete)\M' then
        return query select * from public.plans_run(statement, names, '{"partner": "p", "user": "few", "owner": "few", "seller": "few", "subject": "few"}');
    end if;
end $$;

-- A page of a partner that has much, or of an endpoint that had little: all of it, and that of a type or a status which nothing has.
create or replace function public.plans_pages(statement text, names text)
    returns table (relation text, index text, condition text, is_partial bool) language plpgsql as $$
declare
    wanted text;
begin
    if not string_to_array(names, ' ') && '{limit,most}' or not string_to_array(names, ' ') && '{partner,endpoint}'
       or statement ~* '\m(insert|update|delete)\M' then
        return;
    end if;
    foreach wanted in array array['{}', '{"type": "none", "status": "none", "object": "none"}'] loop
        return query select * from public.plans_run(statement, names,
            '{"partner": "p", "endpoint": "few", "before_at": "2100-01-01", "from": "1970-01-01", "since": "1970-01-01", "to": "2100-01-01", "low": 500, "high": 599}' || wanted::jsonb);
    end loop;
end $$;

-- The statements inside the functions and triggers of the schema, as statements of their own: PL/pgSQL is cut at its semicolons and control
-- words, and what it knows (new, old, variables, arguments) becomes parameters. A transition table is a temporary one of a few rows. What has a query that was
-- not found so is an error and not left out.
create or replace function public.plans_inside() returns table (inside text, statement text, parameters int) language plpgsql as $$
declare
    f record;
    known record;
    piece text;
    found int;
begin
    for f in select p.oid, p.proname, l.lanname = 'plpgsql' as has_steps, regexp_replace(p.prosrc, '--[^\n]*', '', 'g') as source
               from pg_proc p join pg_language l on l.oid = p.prolang
              where p.pronamespace = current_schema()::regnamespace and l.lanname in ('sql', 'plpgsql')
                and p.proname <> 'inv_of_rule' -- the check of the books reads everything, by statements that are put together
              order by p.proname
    loop
        for known in select t.tgnewtable as name, t.tgrelid::regclass as of from pg_trigger t where t.tgfoid = f.oid and t.tgnewtable is not null loop
            if to_regclass('pg_temp.' || known.name) is not null then
                execute format('drop table pg_temp.%I', known.name);
            end if;
            execute format('create temp table %I as select * from %s limit 4', known.name, known.of);
            execute format('analyze pg_temp.%I', known.name);
        end loop;
        found := 0;
        foreach piece in array case when f.has_steps then public.plans_pieces(f.source) else array[f.source] end loop
            statement := case
                when piece ~* '^\s*(insert|update|delete|with|select)\M' then regexp_replace(piece, '\minto\s+new\.\w+\s*$', '')
                when piece ~* '^\s*perform\M' then regexp_replace(piece, '^\s*perform\M', 'select')
                when piece !~* '\mselect\M' then null
                when piece ~* '^\s*(if|elsif|while|return)\M' then 'select ' || regexp_replace(piece, '^\s*\w+', '')
                else 'select ' || regexp_replace(piece, '^[^:=]*:?=', '') end;
            continue when statement is null;
            found := found + public.plans_queries(statement) - (piece !~* '^\s*(insert|update|delete|with|select)\M')::int;
            inside := f.proname;
            select q.statement, q.parameters into statement, parameters from public.plans_unbound(f.oid, f.source, statement) q;
            return next;
        end loop;
        if found <> public.plans_queries(f.source) then
            raise exception 'not all of % is read', f.proname;
        end if;
    end loop;
end $$;

create or replace function public.plans_queries(source text) returns int language sql as $$
    select count(*)::int from regexp_matches(source, '\m(select|insert\s+into|delete\s+from|update\s+\w+\s+set)\M', 'gi')
$$;

-- Cut at a semicolon, and after declare, begin, then, else and loop, where no bracket, no text and no "case" of an expression is open.
create or replace function public.plans_pieces(source text) returns text[] language plpgsql as $$
declare
    pieces text[] := '{}';
    piece text := '';
    depth int := 0;
    cases int := 0;
    token text;
begin
    for token in select m[1] from regexp_matches(source, '(''(?:[^'']|'''')*''|\w+|\W)', 'g') as m loop
        depth := depth + case token when '(' then 1 when ')' then -1 else 0 end;
        cases := cases + case when lower(token) = 'case' then 1 when lower(token) = 'end' and cases > 0 then -1 else 0 end;
        if depth = 0 and cases = 0 and lower(token) in (';', 'declare', 'begin', 'then', 'else', 'loop') then
            pieces := pieces || piece;
            piece := '';
        else
            piece := piece || token;
        end if;
    end loop;
    return pieces || piece;
end $$;

-- With parameters in the place of what the function knows; the columns of an insert are none of that.
create or replace function public.plans_unbound(function oid, source text, bound text) returns table (statement text, parameters int)
language plpgsql as $$
declare
    head text := coalesce(substring(bound from '^\s*insert\s+into\s+\w+(?:\s+as\s+\w+)?\s*\([^)]*\)'), '');
    rest text := substr(bound, length(head) + 1);
    known record;
begin
    parameters := coalesce((select max(m[1]::int) from regexp_matches(source, '\$(\d)', 'g') as m), 0);
    for known in
        select '\m' || v.record || '\.' || a.attname || '\M' as word, min(format_type(a.atttypid, a.atttypmod)) as type
          from pg_trigger t join pg_attribute a on a.attrelid = t.tgrelid and a.attnum > 0 and not a.attisdropped
         cross join (values ('new'), ('old')) as v (record)
         where t.tgfoid = function
         group by 1
        union all
        select '(?<![.\w$])' || x.name || '\M(?!\s*\()', x.type
          from (select n.name, format_type(p.proargtypes[n.i - 1], null) as type
                  from pg_proc p cross join unnest(p.proargnames) with ordinality as n (name, i)
                 where p.oid = function and n.i <= p.pronargs and source !~ '\$\d'
                union all
                select m[1], m[2]
                  from regexp_matches(substring(source from '(?i)^\s*declare(.*?)\mbegin\M'), '\n\s*(\w+)\s+(?:constant\s+)?(\w+(?:\[\])?)\s*(?:;|:?=)', 'g') as m
                union all
                values ('tg_op', 'text'), ('tg_argv', 'text[]'), ('tg_level', 'text'), ('tg_table_name', 'text')) x
    loop
        if rest ~ known.word then
            parameters := parameters + 1;
            rest := regexp_replace(rest, known.word, '($' || parameters || '::' || known.type || ')', 'g');
        end if;
    end loop;
    statement := head || rest;
    return next;
end $$;
