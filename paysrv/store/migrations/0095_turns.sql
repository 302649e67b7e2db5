-- concurrently
-- What is due is taken of each partner in turn, and mails that somebody waits for go before the others. And what is seldom is found without what
-- is not: payouts of a status (as one word with the partner, so that nothing else is looked for along it), and requests that were refused.
-- Deliveries that are due at one moment, as all that were asked for again, are in the order of their events.
drop index concurrently if exists subscription_due_of_partner;
create index concurrently subscription_due_of_partner on subscription (clock, partner_id, due_at, subscription_id) where due_at is not null;
drop index concurrently if exists invoice_due_of_partner;
create index concurrently invoice_due_of_partner on invoice (clock, partner_id, look_at, invoice_id) where look_at is not null;
drop index concurrently if exists mail_awaited;
create index concurrently mail_awaited on mail (due_at)
 where sent_at is null and failed_at is null and kind in ('payout_code', 'confirmation_code', 'billing_link');
drop index concurrently if exists payout_of_status;
create index concurrently payout_of_status on payout ((status || ' ' || partner_id), payout_id);
drop index concurrently if exists request_log_refused;
create index concurrently request_log_refused on request_log (partner_id, created_at, log_id) where status >= 400;
drop index concurrently if exists webhook_delivery_next;
create index concurrently webhook_delivery_next on webhook_delivery (webhook_endpoint_id, due_at, event_id) where status = 'pending';
drop index concurrently if exists webhook_delivery_due;
