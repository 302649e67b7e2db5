-- What a user's own lists are found by (docs/decisions/0089-lists-of-users.md): whose payment a dispute is of, and which store an invoice. Neither ever
-- changes. Triggers write it, so that a server from before writes it too.
alter table dispute add column user_id text;
alter table invoice add column store_id text;

create function dispute_has_user() returns trigger language plpgsql as $$
begin
    new.user_id := (select p.user_id from payment p where p.payment_id = new.payment_id);
    return new;
end $$;
create trigger dispute_has_user before insert on dispute for each row execute function dispute_has_user();

create function invoice_has_store() returns trigger language plpgsql as $$
begin
    new.store_id := (select s.store_id from subscription s where s.subscription_id = new.subscription_id);
    return new;
end $$;
create trigger invoice_has_store before insert on invoice for each row execute function invoice_has_store();

update dispute d set user_id = p.user_id from payment p where p.payment_id = d.payment_id and d.user_id is null;
update invoice i set store_id = s.store_id from subscription s where s.subscription_id = i.subscription_id and i.store_id is null;

-- Indexes for the lists of a user and of a store. store_of_partner was what the primary key is.
drop index store_of_partner;
drop index store_of_user;
create index store_of_user on store (partner_id, user_id, store_id);
drop index confirmation_of_user;
create index confirmation_of_user on confirmation (partner_id, user_id, confirmation_id);
create index requisite_of_user on requisite (partner_id, user_id, requisite_id);
create index dispute_of_user on dispute (partner_id, user_id, dispute_id);
create index subscription_of_store_status on subscription (partner_id, store_id, status, subscription_id);
create index invoice_of_store on invoice (partner_id, store_id, invoice_id);
create index invoice_of_store_status on invoice (partner_id, store_id, status, invoice_id);

-- The stores that a list is of: the one that is asked for, or all of the user whose token it is; of a user's token, only his.
create function stores_asked(of_partner text, wanted text, of_subject text) returns table (store_id text) language sql stable as $$
    select s.store_id from store s
     where s.partner_id = of_partner and s.store_id = wanted
       and (of_subject is null or s.user_id = (select u.user_id from pay_user u where u.partner_id = of_partner and u.subject = of_subject))
    union all
    select s.store_id from pay_user u
     cross join lateral (select x.store_id from store x where x.partner_id = u.partner_id and x.user_id = u.user_id offset 0) s
     where wanted is null and u.partner_id = of_partner and u.subject = of_subject
$$;

-- Operators go through disputes page by page: those that are not decided by the end of the time for an answer, as long as somebody has to give one.
alter table dispute add column answer_due timestamptz not null
    generated always as (coalesce(case when status = 'needs_response' and asked is null then evidence_due_at end, 'infinity')) stored;
create index dispute_answer_due on dispute (answer_due, dispute_id) where closed_at is null;
drop index dispute_open;
create index dispute_of_status on dispute (status, dispute_id);
