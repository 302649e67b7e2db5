-- concurrently
drop index concurrently if exists mail_shown;
create index concurrently mail_shown on mail (coalesce(shown_to, clock), mail_id) where clock <> '';
drop index concurrently if exists mail_of_clock;
