-- Who gave a user another address, or closed him.
create trigger audited_party after update of email, closed_at on pay_user
    for each row when (audit_is_person())
    execute function audit_row('user', 'user_id', 'payouts_from email_changed_at email_verified confirmed_at', 'name email external_id previous_email');
