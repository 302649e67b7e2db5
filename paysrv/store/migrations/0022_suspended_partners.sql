-- A partner that the operator has suspended: nothing new is done in its name.
alter table partner
    add column suspended_at timestamptz,
    add column suspended_reason text check (length(suspended_reason) between 1 and 500),
    add constraint partner_suspension check ((suspended_at is null) = (suspended_reason is null));
