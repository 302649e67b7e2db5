-- Events of card payments are not handed in for webhooks where the partner has no endpoint, and receipts are made where events are handed in.
-- So the positions of a payment are looked at until it is paid: at once, and then after a quarter more than they have waited. Those that
-- were kept before are looked at once more.
alter table receipt add column look_at timestamptz;
update receipt set look_at = created_at where created_at > now() - interval '30 days' and subject like 'pay\_%';
create index receipt_due on receipt (look_at) where look_at is not null;
