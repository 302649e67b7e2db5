-- Who acted in the name of whoever the token is of (act.sub, RFC 8693).
alter table request_log add column actor text;
