-- With which card an attempt was paid, as a receipt says it: "visa 4242". Absent of earlier ones, and where the acquirer does not say it.
alter table acquirer_call add column card text;
