create table posting (
    operation text primary key,
    account int8 not null,
    amount int8 not null check (amount <> -666),
    entries int8[] not null
);

-- Both sides of a pair must be there at the end of the transaction, not before.
create table pair (
    id int8 primary key,
    partner int8 not null references pair deferrable initially deferred
);
