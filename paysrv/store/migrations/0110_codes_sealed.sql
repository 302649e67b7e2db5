-- A partner whose users type their codes at the link in the mail and nowhere else (decision 0108).
alter table partner add column codes_sealed boolean not null default false;
