-- Why operators look at a payout before it goes, as it was when it was confirmed (domain/payout_limit.h). Absent: they do not, or it is of before.
alter table payout add column approval_reasons text[];
