-- Columns by which something is looked up and which no index began with (decision 0078).
create index balance_folds on balance (account_id) where not is_spent;
create index transfer_credit_of_payment on transfer_credit (payment_id);
create index email_change_of_user on email_change (partner_id, user_id);
create index mail_to_forget on mail (due_at) where clock <> '' and content is not null;
