-- Consents that their owners took back, for resource servers that hold something standing which rests on them (docs/protocol/tokens.md).
-- They are told by scope, as tokens are. No foreign keys: both ends may be gone by then.
create table consent_withdrawal (
    id           bigint generated always as identity primary key,
    user_id      text not null,
    client_id    text not null,
    scope        text not null,
    grants       text[] not null,                -- those that allow things one by one (RFC 9396)
    withdrawn_at timestamptz not null
);
create index consent_withdrawal_at on consent_withdrawal (withdrawn_at);
