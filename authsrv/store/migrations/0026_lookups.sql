-- Columns by which something is looked up and which no index began with (decision 0078). Clients that nobody uses are purged every ten
-- seconds: what refers to each was read whole, and again for its foreign keys.
create index grants_client on grants (client_id);
create index consent_client on consent (client_id);
create index flow_client on flow (client_id);
create index access_token_client on access_token (client_id) where client_id is not null;
create index client_partner on client (partner) where partner is not null;
create index client_disabled on client (disabled_at) where disabled_at is not null;
create index client_open on client (created_at) where (id like 'open\_%' or document_at is not null) and not verified;
create index mail_user on mail (user_id) where user_id is not null;
create index assertion_subject_user on assertion_subject (user_id);
