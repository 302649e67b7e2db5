-- What an invoice took of the balance it gives back when nobody paid it; and the partner's own sales, which are of no user, may owe and hold.
create or replace view v_inv_recurring as
-- I40 a paid invoice was paid by one payment of its amount
select 'I40' as inv, i.invoice_id as k from invoice i left join payment p on p.payment_id = i.payment_id
 where i.status = 'paid' and i.due > 0 and (p.status is distinct from 'succeeded' or p.amount <> i.due)
union all -- I41 what is to go on has a time, or an invoice that is collected first
select 'I41', s.subscription_id from subscription s
 where s.status in ('trialing', 'active') and s.due_at is null
   and not exists (select from invoice i where i.subscription_id = s.subscription_id and i.status = 'open')
union all -- I42 what is past due has an open invoice
select 'I42', s.subscription_id from subscription s
 where s.status = 'past_due' and not exists (select from invoice i where i.subscription_id = s.subscription_id and i.status = 'open')
union all -- I43 a balance is what invoices have kept and not taken
select 'I43', s.subscription_id from subscription s
 where s.balance <> -coalesce((select sum(i.applied) from invoice i
                                where i.subscription_id = s.subscription_id and i.status in ('open', 'paid')), 0);

update subscription s set balance = s.balance + c.applied
  from (select subscription_id, sum(applied) as applied from invoice where status in ('void', 'uncollectible') group by subscription_id) c
 where c.subscription_id = s.subscription_id and c.applied <> 0;

-- Subscriptions that were left without an end when their store did not sell any more.
update subscription s set status = 'canceled', canceled_at = now(), notice_at = null
 where s.status in ('trialing', 'active', 'past_due') and s.due_at is null
   and not exists (select from invoice i where i.subscription_id = s.subscription_id and i.status = 'open');

-- user_id is '' for the partner's own sales.
alter table balance_relief drop constraint balance_relief_partner_id_user_id_fkey;
alter table reserve drop constraint reserve_partner_id_user_id_fkey;
