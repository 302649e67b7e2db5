-- In which language a buyer is spoken to: what the partner asked for, and in which he agreed that his card is kept.
alter table payment add column locale text check (locale ~ '^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{1,8})*$');
alter table saved_card add column locale text check (locale ~ '^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{1,8})*$');
