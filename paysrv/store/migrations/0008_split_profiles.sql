-- Who gets what of a payment, by rules (docs/decisions/0036): stored profiles, and payments with several sellers.

-- A profile is never edited: payments were made under it. Rules given with a payment are a profile without a name, whose id
-- is made of them, so that all payments that give the same rules share it.
create table split_profile (
    partner_id       text not null references partner,
    split_profile_id text not null unique,
    name             text,
    currency         text,                       -- of the amounts in the rules; null: there are none
    rules            text not null,              -- JSON
    created_at       timestamptz not null,
    archived_at      timestamptz,
    primary key (partner_id, split_profile_id)
);

create function split_profile_is_fixed() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and (old.partner_id, old.split_profile_id, old.name, old.currency, old.rules, old.created_at)
                            is not distinct from (new.partner_id, new.split_profile_id, new.name, new.currency, new.rules, new.created_at) then
        return new;
    end if;
    raise exception '% of % is not allowed: payments were made under it', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger split_profile_fixed before update or delete on split_profile for each row execute function split_profile_is_fixed();

-- Null, as before: platform_bp and partner_bp, and the rest to the seller. A partner's profile is that of its new stores.
alter table partner add column split_profile_id text, add foreign key (partner_id, split_profile_id) references split_profile;
alter table store add column split_profile_id text, add foreign key (partner_id, split_profile_id) references split_profile;

-- Who shares seller_amount, in the order of declaration; null: all of it is the seller's. Checked by I30 and I31.
alter table payment add column split_profile_id text, add column share_users text[], add column share_amounts bigint[];
alter table refund add column share_users text[], add column share_amounts bigint[];

create or replace view v_inv_ledger as
-- I01 every entry sums to zero per currency
select 'I01' as inv, entry_id::text as k from posting group by entry_id, currency having sum(amount) <> 0
union all -- I02 every entry has at least two postings
select 'I02', e.entry_id::text from entry e left join posting p on p.entry_id = e.entry_id
 group by e.entry_id having count(p.*) < 2
union all -- I03 a posting's entry and account exist and agree with it in partner and currency
select 'I03', p.entry_id || '/' || p.line
  from posting p left join account a on a.account_id = p.account_id left join entry e on e.entry_id = p.entry_id
 where a.account_id is null or e.entry_id is null or p.currency <> a.currency or a.partner_id <> e.partner_id
union all -- I04 no zero or out-of-range posting
select 'I04', entry_id || '/' || line from posting where amount = 0 or abs(amount) > 1000000000000000
union all -- I05 a kept balance equals the sum of its postings, a folded one the sum up to where it was folded
select 'I05', b.account_id::text from balance b join account a on a.account_id = b.account_id
 where b.posted <> a.side * coalesce((select sum(p.amount) from posting p where p.account_id = b.account_id
                                          and (b.is_spent or p.entry_id <= b.folded_to)), 0)
union all -- I06 what may be spent is never below zero
select 'I06', account_id::text from balance where is_spent and posted - pending_out < 0
union all -- I07 the whole book is zero per partner and currency
select 'I07', e.partner_id || '/' || p.currency from posting p join entry e on e.entry_id = p.entry_id
 group by e.partner_id, p.currency having sum(p.amount) <> 0
union all -- I09 refunded and being refunded never exceed what was paid; the payment's totals are those of its refunds
select 'I09', p.payment_id from payment p
  left join (select payment_id, coalesce(sum(amount) filter (where status = 'succeeded'), 0) as done,
                    coalesce(sum(amount) filter (where status = 'pending'), 0) as open from refund group by 1) r on r.payment_id = p.payment_id
 where p.refunded <> coalesce(r.done, 0) or p.refunding <> coalesce(r.open, 0) or p.refunded + p.refunding > p.amount
    or (p.refunded + p.refunding > 0 and p.status <> 'succeeded')
union all -- I10 a refund has its payment's currency
select 'I10', r.refund_id from refund r join payment p on p.payment_id = r.payment_id
 where r.currency <> p.currency or r.partner_id <> p.partner_id
union all -- I11 each succeeded payment and refund has exactly one entry, every other has none
select 'I11', 'charge/' || p.payment_id from payment p
  left join entry e on e.partner_id = p.partner_id and e.kind = 'charge' and e.ref = p.payment_id
 where (p.status = 'succeeded') <> (e.entry_id is not null)
union all
select 'I11', 'refund/' || r.refund_id from refund r
  left join entry e on e.partner_id = r.partner_id and e.kind = 'refund' and e.ref = r.refund_id
 where (r.status = 'succeeded') <> (e.entry_id is not null)
union all
select 'I11', 'entry/' || e.entry_id from entry e
 where (e.kind = 'charge' and not exists (select from payment p where p.partner_id = e.partner_id and p.payment_id = e.ref))
    or (e.kind = 'refund' and not exists (select from refund r where r.partner_id = e.partner_id and r.refund_id = e.ref))
union all -- I12 an entry moves exactly the amount of its payment or refund, and each party's share of it
select 'I12', e.entry_id::text
  from entry e join payment p on e.kind = 'charge' and p.payment_id = e.ref
 where (select row(coalesce(sum(q.amount) filter (where a.kind = 'acquirer_receivable'), 0), coalesce(-sum(q.amount) filter (where a.kind = 'platform'), 0),
                   coalesce(-sum(q.amount) filter (where a.kind = 'partner'), 0), coalesce(-sum(q.amount) filter (where a.kind = 'seller'), 0))
          from posting q join account a on a.account_id = q.account_id where q.entry_id = e.entry_id)
       is distinct from row(p.amount::numeric, p.platform_amount::numeric, p.partner_amount::numeric, p.seller_amount::numeric)
union all
select 'I12', e.entry_id::text
  from entry e join refund r on e.kind = 'refund' and r.refund_id = e.ref
 where (select row(coalesce(-sum(q.amount) filter (where a.kind = 'acquirer_receivable'), 0), coalesce(sum(q.amount) filter (where a.kind = 'platform'), 0),
                   coalesce(sum(q.amount) filter (where a.kind = 'partner'), 0), coalesce(sum(q.amount) filter (where a.kind = 'seller'), 0))
          from posting q join account a on a.account_id = q.account_id where q.entry_id = e.entry_id)
       is distinct from row(r.amount::numeric, r.platform_amount::numeric, r.partner_amount::numeric, r.seller_amount::numeric)
union all -- I14 at most one successful charge of a payment; a payment has succeeded by its own charge
select 'I14', payment_id from acquirer_call where op = 'charge' and state = 'ok' group by payment_id having count(*) > 1
union all
select 'I14', p.payment_id from payment p where p.status = 'succeeded'
   and not exists (select from acquirer_call c where c.call_id = p.charge_id and c.payment_id = p.payment_id and c.state = 'ok' and c.amount = p.amount)
union all -- I15 no second charge while one has no outcome or has won
select 'I15', payment_id from acquirer_call where op = 'charge' and state <> 'declined' group by payment_id having count(*) > 1
union all
select 'I15', c.call_id from acquirer_call c join payment p on p.payment_id = c.payment_id
 where c.op = 'charge' and c.state <> 'declined'
   and (p.charge_id is distinct from c.call_id
        or p.status <> case c.state when 'ok' then 'succeeded' when 'action' then 'requires_action' else 'processing' end)
union all
select 'I15', c.call_id from acquirer_call c left join refund r on r.refund_id = c.call_id
 where c.op = 'refund' and r.status is distinct from case c.state when 'ok' then 'succeeded' when 'declined' then 'failed' else 'pending' end
union all -- I16 nothing stays without an outcome past the bound
select 'I16', call_id from acquirer_call where state in ('intent', 'sent', 'unknown') and created_at < now() - interval '24 hours'
union all -- I17 a reversal is the exact negation of what it reverses, and is not itself reversed
select 'I17', e.entry_id::text from entry e where e.reverses is not null
   and (exists (select from posting where entry_id in (e.entry_id, e.reverses) group by account_id, currency having sum(amount) <> 0)
        or exists (select from entry x where x.entry_id = e.reverses and x.reverses is not null))
union all -- I18 one operation is owned by one key
select 'I18', 'op ' || op from idempotency group by partner_id, route, op having count(*) > 1
union all -- I18 a final outcome has its stored answer
select 'I18', c.call_id from acquirer_call c join idempotency i on i.partner_id = c.partner_id and i.route = c.idem_route and i.key = c.idem_key
 where i.op = c.call_id and not c.is_open and i.status is null
union all -- I19 no key without an answer once its operation is beyond waiting
select 'I19', partner_id || '/' || key from idempotency i where i.status is null and i.created_at < now() - interval '15 minutes'
   and not exists (select from acquirer_call c where c.call_id = i.op and c.is_open)
union all -- I23 what is held of a seller's money is exactly what open refunds will take back
select 'I23', b.account_id::text from balance b join account a on a.account_id = b.account_id
 where b.pending_out <> coalesce((select sum(greatest(s.amount, 0)) from refund r join payment p on p.payment_id = r.payment_id
                                   cross join lateral unnest(coalesce(r.share_users, array[p.user_id]),
                                                             coalesce(r.share_amounts, array[r.seller_amount])) as s (user_id, amount)
                                   where r.status = 'pending' and a.kind = 'seller' and p.partner_id = a.partner_id and s.user_id = a.user_id
                                     and p.currency = a.currency), 0)
union all -- I24 every entry has its event
select 'I24', e.entry_id::text from entry e left join event o on o.entry_id = e.entry_id where o.event_id is null
union all -- I29 what a check constraint would say of form, were it not paid for with every payment
select 'I29', 'payment/' || payment_id from payment
 where currency !~ '^[A-Z]{3}$' or least(platform_amount, partner_amount, seller_amount) < 0
    or status not in ('requires_payment_method', 'processing', 'requires_action', 'succeeded', 'canceled')
union all
select 'I29', 'call/' || call_id from acquirer_call
 where op not in ('charge', 'refund') or amount < 1 or state not in ('intent', 'sent', 'unknown', 'action', 'ok', 'declined')
    or is_open <> (state in ('intent', 'sent', 'unknown', 'action'))
union all
select 'I29', 'entry/' || entry_id from entry
 where kind not in ('charge', 'refund', 'payout_hold', 'payout_paid', 'payout_returned', 'payout_canceled')
union all
select 'I29', 'key/' || key from idempotency where length(fingerprint) <> 32 or (status is null) <> (body is null)
union all -- I30 what several sellers get or give is what the sellers get or give together, and is theirs
select 'I30', 'payment/' || payment_id from payment
 where share_users is not null
   and (cardinality(share_users) <> cardinality(share_amounts) or seller_amount <> (select coalesce(sum(x), 0) from unnest(share_amounts) x))
union all
select 'I30', 'refund/' || refund_id from refund
 where share_users is not null
   and (cardinality(share_users) <> cardinality(share_amounts) or seller_amount <> (select coalesce(sum(x), 0) from unnest(share_amounts) x))
union all
select 'I30', e.entry_id::text
  from payment p join entry e on e.partner_id = p.partner_id and e.kind = 'charge' and e.ref = p.payment_id
 cross join lateral unnest(p.share_users, p.share_amounts) as s (user_id, amount)
 where s.amount <> coalesce((select -sum(q.amount) from posting q join account a on a.account_id = q.account_id
                              where q.entry_id = e.entry_id and a.kind = 'seller' and a.user_id = s.user_id), 0)
union all
select 'I30', e.entry_id::text
  from refund r join entry e on e.partner_id = r.partner_id and e.kind = 'refund' and e.ref = r.refund_id
 cross join lateral unnest(r.share_users, r.share_amounts) as s (user_id, amount)
 where s.amount <> coalesce((select sum(q.amount) from posting q join account a on a.account_id = q.account_id
                              where q.entry_id = e.entry_id and a.kind = 'seller' and a.user_id = s.user_id), 0)
union all -- I31 a payment's profile is its partner's and of its currency
select 'I31', p.payment_id from payment p left join split_profile f on f.split_profile_id = p.split_profile_id
 where p.split_profile_id is not null and (f.partner_id is distinct from p.partner_id or coalesce(f.currency, p.currency) <> p.currency);
