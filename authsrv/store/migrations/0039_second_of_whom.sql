-- Whose second factor a flow was shown, beside when: another person's first one may be shown in the same flow at the same moment.
alter table flow add column second_user text;
alter table flow add column second_version bigint;
