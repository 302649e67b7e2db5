-- The recovery codes as they were made, for as long as their owner is shown them: an answer may be lost on the way. Sealed, and gone as soon as
-- the owner has kept them, after some minutes in any case.
alter table totp add column codes_sealed bytea, add column codes_until timestamptz;
alter table totp add constraint totp_codes_shown check ((codes_sealed is null) = (codes_until is null)) not valid;
