-- A mail that the relay took may come back.
alter table mail
    drop constraint mail_failure_check,
    add constraint mail_failure_check check (failure in ('refused', 'given_up', 'too_late', 'unreadable', 'bounced'));
