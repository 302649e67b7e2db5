-- Looks that walked whole tables: open disputes among all that ever were, and lists of a whole partner.

create index dispute_open on dispute (evidence_due_at) where closed_at is null;
create index subscription_of_partner on subscription (partner_id, subscription_id);
create index saved_card_of_partner on saved_card (partner_id, saved_card_id) where state = 'active';
create index price_of_partner on price (partner_id, price_id);
