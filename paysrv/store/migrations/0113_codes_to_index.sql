-- concurrently
-- Codes that were mailed to an address lately, however it is spelled.
drop index concurrently if exists mail_code_to;
create index concurrently mail_code_to on mail (lower(recipient), created_at) where kind in ('payout_code', 'confirmation_code');
