-- What waits for a mailed code ends when no mail server takes the mail. A code knows its mail: the mail, which holds an address and a sealed
-- text, knows nothing of what it is for.
alter table payout_code add column mail_id text;
create index payout_code_of_mail on payout_code (mail_id) where mail_id is not null;

-- Why a mail was given up: refused for good, all tries used, its code had expired, sealed with a key that is gone. reply: the relay's code
-- ("550 5.1.1"), or what was wrong with the connection; the relay's own words may hold more than we would keep.
alter table mail add column failure text check (failure in ('refused', 'given_up', 'too_late', 'unreadable')), add column reply text,
    add constraint mail_failure check (failure is null or failed_at is not null);
create index mail_failed on mail (created_at) where failed_at is not null;

-- canceled by nobody: code_undeliverable
alter table payout_list add column reason text;
alter table confirmation add column reason text;

-- Who never came to be leaves his external id to the next.
create unique index pay_user_external_id_new on pay_user (partner_id, external_id)
    where external_id is not null and (closed_reason is null or closed_reason not in ('expired', 'canceled', 'code_undeliverable'));
drop index pay_user_external_id_key;
alter index pay_user_external_id_new rename to pay_user_external_id_key;
