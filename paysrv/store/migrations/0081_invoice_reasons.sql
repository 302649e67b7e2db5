-- Why an invoice ended that was not paid. Absent: it is open or paid, or ended before this was kept.
alter table invoice add column status_reason text;
