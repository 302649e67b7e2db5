-- Append-only means that the audit log cannot be emptied either.
create trigger audit_no_truncate before truncate on audit
    for each statement execute function audit_is_append_only();
create trigger audit_chain_no_truncate before truncate on audit_chain
    for each statement execute function audit_is_append_only();
