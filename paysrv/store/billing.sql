-- The buyer's page: what he has at a store, by the store's own name for him. The link is the permission.

-- name: billing_buyer :maybe
-- Who he is to this store: the address is that of the card he brought last.
-- row: partner_id partner_id, store_name text, partner_name text, email text, locale text?, support_email text?, support_url text?, logo text?, sheet text?, store_locale text?, store_locales texts
select k.partner_id, coalesce(b.display_name, o.name), n.name, k.email, k.locale, b.support_email, b.support_url, b.logo, b.sheet, b.locale,
       coalesce(b.locales, '{}')
  from saved_card k join store o on o.store_id = k.store_id join partner n on n.partner_id = k.partner_id
  left join store_branding b on b.store_id = o.store_id
 where k.store_id = :store::store_id and k.buyer = :buyer::text and k.state <> 'pending'
 order by k.saved_card_id desc limit 1;

-- name: billing_subscriptions :many
-- Those that end last first; what has ended is shown for a while. pay_payment: what was declined and can be paid now. Another invoice is charged by
-- itself, or waits for something that is not the buyer's.
-- row: subscription_id subscription_id, brand text, last4 text, exp_month i32, exp_year i32, can_charge bool, pay_payment text?
select s.subscription_id, k.brand, k.last4, k.exp_month, k.exp_year, k.state = 'active',
       (select i.payment_id from invoice i
         cross join lateral (select x.status, x.expires_at from payment x where x.payment_id = i.payment_id offset 0) p
         where i.subscription_id = s.subscription_id and i.status = 'open' and i.failed_at is not null
           and p.status in ('requires_payment_method', 'requires_action') and p.expires_at > :now
         order by i.invoice_id limit 1)
  from saved_card k join subscription s on s.saved_card_id = k.saved_card_id
 where k.store_id = :store::store_id and k.buyer = :buyer::text
   and (s.status <> 'canceled' or s.canceled_at > :now - interval '90 days')
 order by s.status = 'canceled', s.subscription_id desc limit 50;

-- name: billing_invoices :many
-- Newest first, those from before an invoice on. An invoice is for what its last line is, whatever its subscription is for by now; each line has its own name.
-- row: invoice_id invoice_id, price_name text, status text, currency text, total i64, applied i64, due i64, lines text, period_start instant, period_end instant, created_at instant, finished_at instant?, payment_id text?, refunded i64, zone text
select i.invoice_id, p.name, i.status, i.currency, i.total, i.applied, i.due,
       (select jsonb_agg(l.line || jsonb_build_object('name', lp.name) order by l.n)
          from jsonb_array_elements(i.lines::jsonb) with ordinality l (line, n)
         cross join lateral (select x.name from price x where x.price_id = coalesce(l.line ->> 'price', s.price_id) offset 0) lp)::text,
       i.period_start, i.period_end, i.created_at, i.finished_at,
       i.payment_id, coalesce(y.refunded, 0), s.zone
  from saved_card k
  join subscription s on s.saved_card_id = k.saved_card_id
  join invoice i on i.subscription_id = s.subscription_id
  cross join lateral (select x.name from price x where x.price_id = coalesce(i.lines::jsonb -> -1 ->> 'price', s.price_id) offset 0) p
  left join payment y on y.payment_id = i.payment_id
 where k.store_id = :store::store_id and k.buyer = :buyer::text and (:invoice::text? is null or i.invoice_id = :invoice)
   and (:before::text? is null or i.invoice_id < :before)
 order by i.invoice_id desc limit :most::i64;

-- name: billing_link_mail :one
-- Not again within five minutes.
-- row: mailed bool
with sent as (
    insert into billing_link_sent as b (store_id, buyer, sent_at) values (:store::store_id, :buyer::text, :wall)
    on conflict (store_id, buyer) do update set sent_at = :wall where b.sent_at < :wall - interval '5 minutes'
    returning 1
), written as (
    insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
    select :mail::text, 'billing_link', :recipient::text, :content::bytes, :wall, :now, :clock from sent
)
select exists (select from sent);

-- name: card_change_insert :exec
insert into card_change (payment_id, subscription_id, is_check, due_at, created_at, clock)
values (:payment::payment_id, :subscription::subscription_id, :check::bool, :due::instant, :now, :clock)
on conflict do nothing;

-- name: card_change_open :maybe
-- A payment for another card that nobody has made yet: the buyer is led to the same again.
-- row: payment_id payment_id
select c.payment_id from card_change c join payment p on p.payment_id = c.payment_id
 where c.subscription_id = :subscription::subscription_id and c.is_check and p.status = 'requires_payment_method' and p.expires_at > :soon::instant
 limit 1;

-- name: card_change_is_check :one
-- Whether only a card is checked with this payment, so that nothing may be taken.
-- row: is_check bool
select exists (select from card_change where payment_id = :payment::payment_id and is_check);

-- name: card_changes_due :many
-- Takes those that are to be looked at; the lease doubles with every look.
-- row: payment_id payment_id, subscription_id subscription_id, is_check bool, card_id text?, card_state text?
update card_change c set tries = c.tries + 1, due_at = :now + interval '1 second' * least(power(2, least(c.tries, 10)), 600)
 where c.payment_id in (select d.payment_id from card_change d where d.clock = :clock and d.due_at <= :now order by d.due_at limit 50 for update skip locked)
returning c.payment_id, c.subscription_id, c.is_check,
          (select k.saved_card_id from saved_card k where k.payment_id = c.payment_id order by k.state <> 'active', k.saved_card_id desc limit 1),
          (select k.state from saved_card k where k.payment_id = c.payment_id order by k.state <> 'active', k.saved_card_id desc limit 1);

-- name: card_change_done :exec
delete from card_change where payment_id = :payment::payment_id;

-- name: billing_settings :maybe
-- is_own: what a chargeback does is this store's own word, and not its partner's.
-- row: mails_receipts bool, on_dispute text, is_own bool
select s.mails_receipts, store_on_dispute(s), s.says_on_dispute or s.on_dispute <> 'pause'
  from store s where s.partner_id = :partner::partner_id and s.store_id = :store::store_id;

-- name: billing_settings_set :maybe
-- What is absent is as it was; on_dispute, with unsays, as its partner says.
-- row: = billing_settings
update store set mails_receipts = coalesce(:mails_receipts::bool?, mails_receipts),
       on_dispute = case when :unsays::bool then 'pause' else coalesce(:on_dispute::text?, on_dispute) end,
       says_on_dispute = not :unsays and (:on_dispute is not null or says_on_dispute)
 where partner_id = :partner::partner_id and store_id = :store::store_id
returning mails_receipts, store_on_dispute(store), says_on_dispute or on_dispute <> 'pause';
