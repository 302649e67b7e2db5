-- Whose word about software counts (RFC 7591 section 2.3), and what was said of a client, as it came.
alter table assertion_issuer add column software_statements boolean not null default false;
alter table client add column software_statement text;

-- A family of refresh tokens keeps few rows (decision 0029): the row before the current one leaves when its token names
-- its grant, and the next takes its place in the chain, in one statement; so uniqueness is judged at the statement's end,
-- and what points at a row that left is a digest like any other.
alter table refresh add column names_grant boolean not null default false;
alter table refresh drop constraint refresh_parent_fkey;
alter table refresh drop constraint refresh_parent_key;
alter table refresh add constraint refresh_parent_key unique (parent) deferrable initially immediate;
-- The end of a grant finds all of its family, not only the live one.
create index refresh_grant on refresh (grant_id);

-- Where a partner's metadata sent codes and secrets first. No row: nobody has looked yet, or an operator said that it
-- may be elsewhere now.
create table partner_pin (
    partner text primary key references partner,
    issuer text not null,
    token_origin text not null,
    seen_at timestamptz not null
);

-- An operator wants another password: the one that there is opens nothing until then.
alter table users add column password_expired boolean not null default false;
