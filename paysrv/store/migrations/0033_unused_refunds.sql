-- Canceled, and what was paid and not used is to be given back: when the job looks next.
alter table subscription add column refund_at timestamptz;
create index subscription_refund on subscription (clock, refund_at) where refund_at is not null;

do $$
begin
    execute 'create or replace view clock_work as ' || rtrim(pg_get_viewdef('clock_work'::regclass), ';')
        || ' union all select ''subscriptions'', clock, refund_at, refund_at from subscription where refund_at is not null';
end $$;
