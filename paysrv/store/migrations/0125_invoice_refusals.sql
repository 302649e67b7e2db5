-- concurrently
drop index concurrently if exists acquirer_call_refused;
create index concurrently acquirer_call_refused on acquirer_call (idem_key) where idem_route = 'invoice' and decline_code is not null;
