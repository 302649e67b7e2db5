-- Whose consent no longer stands behind what is done by itself: as authsrv tells it, once each, and taken up afterwards.
create table consent_withdrawal (
    withdrawal_id text primary key,              -- authsrv's number
    partner_id    text not null,                 -- as the client's tokens named it; may be none of ours
    subject       text not null,
    client_id     text not null,
    grants        text[] not null,
    withdrawn_at  timestamptz not null,
    told_at       timestamptz not null,
    tries         integer not null default 0,
    done_at       timestamptz
);
create index consent_withdrawal_open on consent_withdrawal (tries, told_at) where done_at is null;
create index consent_withdrawal_of on consent_withdrawal (partner_id, subject);

-- How far the feed was read, so that a server that was away for long misses no withdrawal.
create table feed_cursor (
    is_only boolean primary key default true check (is_only),
    cursor  text not null,
    kept_at timestamptz not null
);

alter table pay_user add column consent_withdrawn_at timestamptz;
-- Whose token asked for it; null: before this was kept.
alter table payout_schedule add column client_id text;
