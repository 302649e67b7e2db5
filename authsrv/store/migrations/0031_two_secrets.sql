-- The secret that a client had before, which counts beside the new one until then: so that it is changed without a pause.
alter table client add previous_hash bytea check (octet_length(previous_hash) = 32), add previous_until timestamptz,
    add check ((previous_hash is null) = (previous_until is null)), add check (previous_hash is null or secret_hash is not null);
