-- What the partner was told of an entry: its own sums, without what the acquirer costs the platform. The event of the payment at the bank tells the sum.
alter table settlement_entry add column told bigint not null default 0;
