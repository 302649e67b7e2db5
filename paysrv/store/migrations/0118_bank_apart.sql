-- What neither the books nor a break explain of an account, while this statement was its newest: the least and the most of it. Books are ahead of the
-- bank by what notices and answers of its have told since, so one number of them says nothing (docs/decisions/0110).
alter table bank_file
    add column apart_low bigint,
    add column apart_high bigint;
