-- Sellers and stores of one partner by what their names begin with: among those of all, they are few.
create index pay_user_of_partner_name on pay_user (partner_id, lower(name) collate "C", user_id);
create index store_of_partner_name on store (partner_id, lower(name) collate "C", store_id);

-- What was done of one kind, by whomever to whatever.
create index audit_of_action on audit (action, id);
