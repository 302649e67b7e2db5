-- name: payment_store :maybe
-- The store that a payment is made for, of a user who is not closed; for a user's token only that user's.
-- row: user_id user_id, currency text, platform_bp i32, partner_bp i32, split_profile_id text?, rules text?, accounts_open bool, external_id_taken bool, settlement_terms i64,
-- row: status text, next_tariff_at instant?, domains_required bool, domains text?, methods texts
select coalesce(s.user_id, ''), s.currency, r.platform_bp, r.partner_bp, r.split_profile_id, f.rules,
       exists (select from account a
                where a.partner_id = s.partner_id and a.kind = 'seller' and a.user_id = coalesce(s.user_id, '') and a.currency = s.currency),
       exists (select from payment p where p.partner_id = s.partner_id and p.external_id = :external_id::text?), coalesce(s.settlement_terms, 0),
       s.status, (select min(x.valid_from) from store_tariff x where x.store_id = s.store_id and x.canceled_at is null and x.valid_from > :now),
       n.domains_required,
       case when n.domains_required
            then (select string_agg(d.host, ' ') from store_domain d where d.store_id = s.store_id and d.verified_at is not null) end,
       coalesce(s.methods, '{}')
  from store s
  join partner n on n.partner_id = s.partner_id
  join lateral store_tariff_at(s.store_id, greatest(:now, s.created_at)) r on true
  left join split_profile f on f.partner_id = s.partner_id and f.split_profile_id = r.split_profile_id
 where s.partner_id = :partner::partner_id and s.store_id = :store::store_id
   and (s.user_id is null and :subject::text? is null
        or exists (select from pay_user u where u.partner_id = s.partner_id and u.user_id = s.user_id and u.closed_at is null
                                            and (:subject is null or u.subject = :subject)));

-- name: payment_find :maybe
-- A payment of this partner; for a user's token only that user's.
-- row: payment_id payment_id, partner_id partner_id, store_id store_id, user_id user_id, currency text, amount i64, platform_amount i64, partner_amount i64, seller_amount i64, platform_bp i32, partner_bp i32, status text, charge_id text?, refunding i64, refunded i64, decline_code text?, description text, external_id text?, return_url text?, origins texts, metadata text?, created_at instant, expires_at instant, succeeded_at instant?, split_profile_id text?, share_users texts, share_amounts i64s, captured i64?, capturing i64, is_voiding bool, authorized_until instant?, cancel_reason text?, disputed i64, version i64, method text?, methods texts, locale text?, three_d_secure text?, card text?
select p.payment_id, p.partner_id, p.store_id, p.user_id, p.currency, p.amount, p.platform_amount, p.partner_amount, p.seller_amount,
       p.platform_bp, p.partner_bp, p.status, p.charge_id, p.refunding, p.refunded, p.decline_code, p.description, p.external_id,
       p.return_url, p.origins, p.metadata, p.created_at, p.expires_at, p.succeeded_at, p.split_profile_id, coalesce(p.share_users, '{}'),
       coalesce(p.share_amounts, '{}'), p.captured, p.capturing, p.is_voiding, p.authorized_until, p.cancel_reason, p.disputed,
       p.version, p.method, coalesce(p.methods, '{}'), p.locale,
       (select c.three_d_secure from acquirer_call c where c.call_id = p.charge_id),
       (select c.card from acquirer_call c where c.call_id = p.charge_id)
  from payment p
 where p.payment_id = :payment::payment_id and p.partner_id = :partner::partner_id
   and (:subject::text? is null
        or p.user_id = (select u.user_id from pay_user u where u.partner_id = p.partner_id and u.subject = :subject));

-- name: payment_any :maybe
-- A payment whoever's it is: for the checkout pages, whose address is the permission, and for the reconciler.
-- row: = payment_find
select p.payment_id, p.partner_id, p.store_id, p.user_id, p.currency, p.amount, p.platform_amount, p.partner_amount, p.seller_amount,
       p.platform_bp, p.partner_bp, p.status, p.charge_id, p.refunding, p.refunded, p.decline_code, p.description, p.external_id,
       p.return_url, p.origins, p.metadata, p.created_at, p.expires_at, p.succeeded_at, p.split_profile_id, coalesce(p.share_users, '{}'),
       coalesce(p.share_amounts, '{}'), p.captured, p.capturing, p.is_voiding, p.authorized_until, p.cancel_reason, p.disputed,
       p.version, p.method, coalesce(p.methods, '{}'), p.locale,
       (select c.three_d_secure from acquirer_call c where c.call_id = p.charge_id),
       (select c.card from acquirer_call c where c.call_id = p.charge_id)
  from payment p where p.payment_id = :payment::payment_id;

-- name: payment_shown :maybe
-- What the buyer's pages show of a payment beyond itself. Of an invoice that was declined and ends unpaid: since when, its calendar, and until
-- when its buyer is waited for, where nothing is tried by itself any more; both as subscription_release would move them now. stands: a dispute is decided first.
-- row: store_name text, partner_name text, call_state text?, acquirer_ref text?, action_url text?, save_required bool?,
-- row: store_status text, support_email text?, support_url text?, logo text?, sheet text?, locale text?, store_locale text?, store_locales texts, is_late bool,
-- row: declined_at instant?, waits_until instant?, zone text?, stands bool
select coalesce(b.display_name, s.name), n.name, c.state, c.acquirer_ref, c.action_url, o.is_required,
       case when s.moved_to is null then s.status else 'active' end, b.support_email, b.support_url, b.logo, b.sheet, p.locale, b.locale,
       coalesce(b.locales, '{}'),
       exists (select from acquirer_call l where l.payment_id = p.payment_id and l.is_abandoned and l.state = 'ok'),
       i.failed_at + h.stood, case when i.waits_for_buyer then i.retry_at + h.stood end, u.zone, u.held_at is not null
  from payment p
  join store s on s.partner_id = p.partner_id and s.store_id = p.store_id
  join partner n on n.partner_id = p.partner_id
  left join store_branding b on b.store_id = s.store_id
  left join acquirer_call c on c.call_id = p.charge_id
  left join card_offer o on o.payment_id = p.payment_id
  left join (invoice i join subscription u on u.subscription_id = i.subscription_id and not u.keep_unpaid)
         on i.payment_id = p.payment_id and i.status = 'open' and i.failed_at is not null
 cross join lateral (select coalesce(:now - u.held_at, interval '0') as stood) h
 where p.payment_id = :payment::payment_id;

-- name: payment_list :many
-- These, newest first.
-- row: = payment_find
select p.payment_id, p.partner_id, p.store_id, p.user_id, p.currency, p.amount, p.platform_amount, p.partner_amount, p.seller_amount,
       p.platform_bp, p.partner_bp, p.status, p.charge_id, p.refunding, p.refunded, p.decline_code, p.description, p.external_id,
       p.return_url, p.origins, p.metadata, p.created_at, p.expires_at, p.succeeded_at, p.split_profile_id, coalesce(p.share_users, '{}'),
       coalesce(p.share_amounts, '{}'), p.captured, p.capturing, p.is_voiding, p.authorized_until, p.cancel_reason, p.disputed,
       p.version, p.method, coalesce(p.methods, '{}'), p.locale,
       (select c.three_d_secure from acquirer_call c where c.call_id = p.charge_id),
       (select c.card from acquirer_call c where c.call_id = p.charge_id)
  from payment p
 where p.payment_id = any (:payments::texts)
 order by p.payment_id desc;

-- name: payment_permit_take :maybe
-- None: another request has it, or it is used: what this request made is there, and its key may be forgotten by now.
-- row: permit text
insert into payment_permit (permit, partner_id, key, payments, created_at)
values (:permit::text, :partner::partner_id, :key::text, array[:payment::payment_id], :wall)
    on conflict (permit) do update set payments = payment_permit.payments || excluded.payments
     where payment_permit.partner_id = excluded.partner_id and payment_permit.key = excluded.key and payment_permit.payments is not null
       and not exists (select from payment p where p.payment_id = any (payment_permit.payments))
returning permit;

-- name: payment_permit_give_back :exec
-- Of a request that has made nothing. Gone with its last claim: another with the same key may be at it.
with others as (
    update payment_permit set payments = array_remove(payments, :payment::payment_id)
     where permit = :permit::text and payments <> array[:payment] and not exists (select from payment where payment_id = :payment)
)
delete from payment_permit where permit = :permit and payments = array[:payment] and not exists (select from payment where payment_id = :payment);
