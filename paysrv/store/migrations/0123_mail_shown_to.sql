-- A sandbox's mail to another sandbox's user: a store's owner is asked by the partner that wants it. Only his own partner reads it.

alter table mail add column shown_to text;
