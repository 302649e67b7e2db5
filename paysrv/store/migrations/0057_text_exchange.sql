-- Orders in roubles and statements may be text (1CClientBankExchange). An order keeps the format it was made in: it is written again byte for byte.
alter table bank_batch
    add column format text not null default 'pain.001' check (format in ('pain.001', '1c', '1c-utf8')),
    add column first_place bigint,
    add constraint bank_batch_format check ((format = 'pain.001') = (first_place is null) and (format = 'pain.001' or debtor_account is not null));
create index bank_batch_place on bank_batch (debtor_account, first_place) where first_place is not null;

-- How many numbers of such orders are used up.
create table bank_order_place (
    used bigint not null,
    one  boolean primary key default true check (one)
);
insert into bank_order_place (used) values (0);

-- Text statements say their days (since 1970), and may overlap.
alter table bank_file
    drop constraint bank_file_kind_check,
    add constraint bank_file_kind_check check (kind in ('pain.002', 'camt.053', 'camt.054', '1c')),
    add column first_day bigint,
    add column last_day bigint,
    add constraint bank_file_days check (num_nulls(first_day, last_day) = case when kind = '1c' then 0 else 2 end);
create index bank_text_statement_last on bank_file (account, last_day desc, accepted_no desc) where kind = '1c' and accepted_no is not null;
create index bank_text_statement_day on bank_file (account, first_day) where kind = '1c' and accepted_no is not null;
