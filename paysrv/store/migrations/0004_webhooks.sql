-- Where partners are told of events, and each delivery with its outcome.

create table webhook_endpoint (
    partner_id          text not null references partner,
    webhook_endpoint_id text primary key,
    url                 text not null,
    events              text[] not null,         -- empty: all
    secret              bytea not null,          -- sealed
    failures            integer not null default 0,   -- in a row
    paused_until        timestamptz not null,
    busy_until          timestamptz not null,    -- lease of the thread that delivers
    created_at          timestamptz not null,
    disabled_at         timestamptz,
    disabled_why        text
) with (fillfactor = 70);
create index webhook_endpoint_of_partner on webhook_endpoint (partner_id, webhook_endpoint_id);

create table webhook_delivery (
    webhook_endpoint_id text not null references webhook_endpoint on delete cascade,
    event_id            text not null references event,
    status              text not null check (status in ('pending', 'delivered', 'failed')),
    attempts            integer not null default 0,
    due_at              timestamptz not null,
    answered            integer,                 -- HTTP status of the last attempt; null: no answer
    why                 text,                    -- of the last failure
    created_at          timestamptz not null,
    finished_at         timestamptz,
    primary key (webhook_endpoint_id, event_id)
) with (fillfactor = 70);
create index webhook_delivery_due on webhook_delivery (webhook_endpoint_id, due_at) where status = 'pending';
