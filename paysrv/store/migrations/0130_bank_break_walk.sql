-- Open breaks of the bank are asked a few at a time whether another message has booked them, by a walk that goes round; and what the line of one that
-- was closed with a note long ago has moved is written down (docs/decisions/0110-bank-apart.md).
create table bank_break_walk (
    is_one   boolean primary key default true check (is_one),
    position bigint not null -- behind this break; 0: at the beginning
);
insert into bank_break_walk (position) values (0);

alter table bank_break add column moved_at_last bigint; -- null: asked each time
