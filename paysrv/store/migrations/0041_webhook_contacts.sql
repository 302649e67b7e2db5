-- Who is told when an endpoint is switched off because it does not answer.
alter table webhook_endpoint add column contact_email text check (contact_email <> '');
