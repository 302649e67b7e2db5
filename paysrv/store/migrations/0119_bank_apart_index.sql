-- concurrently
drop index concurrently if exists bank_file_apart;
create index concurrently bank_file_apart on bank_file (account, created_at desc) where apart_low is not null;
