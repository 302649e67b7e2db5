-- authsrv with two roles: the owner of the schema runs `authsrv migrate`, the other one `authsrv serve` and the verbs.
-- Run as the owner after each migrate: psql -v runtime=authsrv_serve -f roles.sql. What serve cannot do after that:
-- change or empty the audit log, switch off its triggers, or touch the schema.
grant usage on schema auth to :"runtime";
grant select, insert, update, delete on all tables in schema auth to :"runtime";
revoke update, delete, truncate on auth.audit, auth.audit_chain, auth.schema_migrations from :"runtime";
revoke insert on auth.schema_migrations from :"runtime";
grant usage on all sequences in schema auth to :"runtime";
grant execute on all functions in schema auth to :"runtime";
