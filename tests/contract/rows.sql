-- A migrated schema for one test after the other (paysrv_rows.c): migrating takes longer than most tests do. Both work in the first schema of the
-- search path; session_replication_role is replica, so that append-only tables let go of what they hold.

-- Keeps what the migrations wrote, and where the sequences stand.
create or replace function public.rows_keep() returns void language plpgsql as $$
declare
    t record;
    is_filled boolean;
begin
    drop schema if exists kept cascade;
    create schema kept;
    create table kept.sequence as
        select schemaname, sequencename, coalesce(last_value, start_value) as value, last_value is not null as is_called
          from pg_sequences where schemaname = current_schema();
    for t in select oid::regclass as name, relname from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace loop
        execute format('select exists (select from %s)', t.name) into is_filled;
        if is_filled then
            execute format('create table kept.%I as table %s', 'of_' || t.relname, t.name);
        end if;
    end loop;
end $$;

create or replace function public.rows_renew() returns void language plpgsql as $$
declare
    t record;
    is_filled boolean;
    filled text[] := '{}';
begin
    for t in select oid::regclass as name from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace loop
        execute format('select exists (select from %s)', t.name) into is_filled;
        if is_filled then
            filled := filled || t.name::text;
        end if;
    end loop;
    if filled <> '{}' then
        execute format('truncate %s cascade', array_to_string(filled, ', '));
    end if;
    for t in select k.relname as kept, o.oid::regclass as name, string_agg(quote_ident(a.attname), ', ') as columns
               from pg_class k
               join pg_class o on 'of_' || o.relname = k.relname and o.relnamespace = current_schema()::regnamespace
               join pg_attribute a on a.attrelid = o.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
              where k.relnamespace = 'kept'::regnamespace
              group by 1, 2
    loop
        execute format('insert into %s (%s) overriding system value select %s from kept.%I', t.name, t.columns, t.columns, t.kept);
    end loop;
    perform setval(format('%I.%I', schemaname, sequencename)::regclass, value, is_called) from kept.sequence;
end $$;

-- What all scans of a query's plan looked at, when it was run.
create or replace function public.rows_looked_at(query text) returns bigint language plpgsql as $$
declare
    plan jsonb;
begin
    execute 'explain (analyze, timing off, format json) ' || query into plan;
    return (with recursive node as (
                select plan->0->'Plan' as n union all select c.n from node cross join jsonb_array_elements(node.n->'Plans') as c (n)
            )
            select sum((n->>'Actual Loops')::numeric * ((n->>'Actual Rows')::numeric + coalesce((n->>'Rows Removed by Filter')::numeric, 0)))::bigint
              from node where n->>'Node Type' ~ 'Scan$');
end $$;

-- The conditions with which the indexes of a relation are entered.
create or replace function public.rows_conditions(query text, relation text) returns text language plpgsql as $$
declare
    plan jsonb;
begin
    execute 'explain (format json) ' || query into plan;
    return (with recursive node as (
                select plan->0->'Plan' as n union all select c.n from node cross join jsonb_array_elements(node.n->'Plans') as c (n)
            )
            select string_agg(n->>'Index Cond', '; ') from node where n->>'Relation Name' = relation);
end $$;

-- The pages that a query reads or finds in memory.
create or replace function public.rows_pages_read(query text) returns bigint language plpgsql as $$
declare
    plan jsonb;
begin
    execute 'explain (analyze, buffers, timing off, format json) ' || query into plan;
    return (plan->0->'Plan'->>'Shared Hit Blocks')::bigint + (plan->0->'Plan'->>'Shared Read Blocks')::bigint;
end $$;
