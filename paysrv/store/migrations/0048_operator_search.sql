-- What operators look for: sellers and stores by what their names begin with, by address, by their partner's ids; subscriptions by state;
-- deliveries that were given up. None of these is a table that a payment writes.
create index pay_user_of_name on pay_user (lower(name) collate "C", user_id);
create index pay_user_of_email on pay_user (lower(email)) where email is not null;
create index pay_user_of_external_id on pay_user (external_id) where external_id is not null;
create index store_of_name on store (lower(name) collate "C", store_id);
create index store_of_external_id on store (external_id) where external_id is not null;
create index subscription_of_status on subscription (status, subscription_id);
create index webhook_delivery_failed on webhook_delivery (webhook_endpoint_id, event_id) where status = 'failed';
