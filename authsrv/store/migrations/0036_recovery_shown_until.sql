-- concurrently
-- Codes whose time is over are found by it.
drop index concurrently if exists totp_codes_until;
create index concurrently totp_codes_until on totp (codes_until) where codes_until is not null;
