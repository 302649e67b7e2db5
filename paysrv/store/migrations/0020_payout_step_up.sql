-- From an amount on a user has to have logged in with one of these levels (RFC 9470), and not too long ago.

alter table payout_limit
    add column step_up_from bigint check (step_up_from > 0),
    add column step_up_acr text check (step_up_acr <> ''),
    add column step_up_max_age bigint check (step_up_max_age > 0),
    add constraint payout_limit_step_up check ((step_up_from is null) = (step_up_acr is null) and (step_up_max_age is null or step_up_acr is not null));
