-- What a user allowed in a rich authorization request (RFC 9396) is paid out once (docs/decisions/0071-payout-permits.md).

alter table payout add column permit text check (permit <> '');    -- GRANT:NUMBER of the detail; none: the token has no details of payouts
create unique index payout_permit_key on payout (permit) where permit is not null;

alter table payout_limit add column details_from bigint check (details_from > 0); -- from there on a user has to allow each one so
