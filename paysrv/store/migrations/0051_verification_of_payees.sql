-- What the bank says of the name of an account's holder, of each version of a requisite. holds: nothing is sent to it, since nothing is known
-- yet or the name is another, until the owner or an operator has agreed to it. Of a sandbox partner's, which the test bank is asked, clock says so.
create table requisite_verification (
    partner_id   text not null,
    requisite_id text not null,
    status       text not null check (status in ('unknown', 'match', 'close_match', 'no_match', 'not_possible')),
    matched_name text check (matched_name <> ''),
    tries        integer not null default 0,
    due_at       timestamptz,                  -- when the bank is asked; null: it has answered
    created_at   timestamptz not null,
    checked_at   timestamptz,
    accepted_at  timestamptz,
    accepted_by  text,                         -- 'owner', 'partner' or an operator
    note         text,
    holds        boolean not null generated always as (accepted_at is null and status in ('unknown', 'close_match', 'no_match')) stored,
    primary key (partner_id, requisite_id),
    foreign key (partner_id, requisite_id) references requisite (partner_id, requisite_id) on delete cascade,
    check ((status = 'unknown') = (due_at is not null) and (status = 'unknown') = (checked_at is null)),
    check ((accepted_at is null) = (accepted_by is null))
) with (fillfactor = 80);
create index requisite_verification_due on requisite_verification (due_at) where due_at is not null;
create index requisite_verification_held on requisite_verification (created_at) where holds;

create trigger audited after update of accepted_at on requisite_verification
    for each row execute function audit_row('requisite_verification', 'requisite_id', 'accepted_by tries due_at', 'matched_name');

-- The owner may agree that an account is paid to though the bank knows its holder by another name.
alter table confirmation
    drop constraint confirmation_operation_check,
    add constraint confirmation_operation_check
        check (operation in ('user', 'requisite', 'store', 'store_connection', 'user_email', 'requisite_name'));
