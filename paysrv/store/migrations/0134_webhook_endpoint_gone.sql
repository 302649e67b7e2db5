-- An endpoint goes at once, what was delivered to it bit by bit. A reference that deletes with it held the endpoint's row for as long as that took, and
-- whoever hands out events of all partners waited for this row, to see that it is there.
alter table webhook_delivery drop constraint webhook_delivery_webhook_endpoint_id_fkey;

-- Endpoints that are gone, whose deliveries may be there still.
create table webhook_endpoint_gone (
    webhook_endpoint_id text primary key,
    gone_at             timestamptz not null,
    due_at              timestamptz not null,    -- when it is looked at
    looked_to           text not null default '' -- the event up to which its deliveries have gone
);
create index webhook_endpoint_gone_due on webhook_endpoint_gone (due_at);
