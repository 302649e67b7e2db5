-- How an authorization is answered (domain/response.h), whether its account was chosen in it, and consent to single
-- claims (OIDC Core 5.5) beside the scope.
alter table flow
    add column response_type text not null default 'code',
    add column response_mode text not null default 'query',
    add column narrowed boolean not null default false, -- the scope is less than what was asked for
    add column selected boolean not null default false;

alter table consent add column claims text not null default '';
