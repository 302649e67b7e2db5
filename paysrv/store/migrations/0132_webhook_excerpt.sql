-- The beginning of what an endpoint answered in place of a 2xx (MONEY D26), as long as the delivery is kept.

alter table webhook_delivery add column excerpt text;
