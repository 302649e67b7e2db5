-- Who gave a user another address, or closed him; which stores others have asked for.
create trigger audited_party after update of email, closed_at on pay_user
    for each row when (audit_is_person())
    execute function audit_row('user', 'user_id', 'payouts_from email_changed_at email_verified confirmed_at', 'name email external_id previous_email');

create index store_connection_of_store on store_connection (store_id) where status = 'awaiting_code';
