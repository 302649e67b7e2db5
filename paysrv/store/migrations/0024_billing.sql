-- Selling for oneself, and what a buyer with subscriptions is shown, told and asked (docs/decisions/0064).

-- A store without a user sells for the partner itself. Its seller is the account 'seller' of nobody in particular, so that everything that
-- holds, returns or reports a seller's share does it here, too.
alter table store alter column user_id drop not null;
do $$
declare
    c record;
begin
    for c in select conname from pg_constraint
              where conrelid = 'account'::regclass and contype = 'c' and pg_get_constraintdef(oid) like '%payout_transit%user_id%'
    loop
        execute format('alter table account drop constraint %I', c.conname);
    end loop;
end $$;
alter table account add constraint account_user_check check (kind in ('seller', 'payout_transit') or user_id = '');
