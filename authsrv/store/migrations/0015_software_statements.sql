-- Whose word about software counts (RFC 7591 section 2.3), and what was said of a client, as it came.
alter table assertion_issuer add column software_statements boolean not null default false;
alter table client add column software_statement text;
