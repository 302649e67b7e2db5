-- What one posting of a payment writes, for measuring group commit: key, entry, four lines, one balance, one event.
create table idem (key text primary key, body text not null, created_at timestamptz not null);
create table entry (id int8 generated always as identity primary key, key text not null, created_at timestamptz not null);
create table line (entry_id int8 not null, line int8 not null, account int8 not null, amount int8 not null,
    primary key (entry_id, line));
create table balance (account int8 primary key, posted int8 not null);
create table event (id int8 generated always as identity primary key, data text not null, created_at timestamptz not null);
insert into balance select n, 0 from generate_series(1, 2000) n;
