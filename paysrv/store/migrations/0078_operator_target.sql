-- The page that was asked for before the log-in, which goes on there (domain/operator_target.h).
alter table operator_login add column target text not null default '/operator' check (target ~ '^/operator');
