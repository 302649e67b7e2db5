-- Cards that buyers let a store keep, from the question at the checkout to the withdrawal.

-- name: card_offer_make :exec
insert into card_offer (payment_id, buyer, email, is_required, created_at)
values (:payment::payment_id, :buyer::text, :email::text, :required::bool, :now)
on conflict do nothing;

-- name: card_offer_purge :exec
-- Their payments have been over for long.
delete from card_offer where payment_id = any (array(
    select payment_id from card_offer where created_at < :oldest::instant order by created_at limit 10000));

-- name: saved_card_keep :exec
-- The buyer has agreed and typed his card; it counts when the payment succeeds.
insert into saved_card (saved_card_id, partner_id, store_id, payment_id, buyer, email, mandate_id, consent_version, consented_at, state,
                        token, due_at, clock, locale)
select :card::saved_card_id, p.partner_id, p.store_id, p.payment_id, o.buyer, o.email, :mandate::text, :consent_version::text, :now,
       'pending', :token::bytes, :now, :clock, :locale::text
  from payment p join card_offer o on o.payment_id = p.payment_id
 where p.payment_id = :payment::payment_id;

-- name: saved_card_due :maybe
-- Takes the next card whose payment is to be looked at, so that no other server takes it before the lease ends.
-- row: saved_card_id saved_card_id, partner_id partner_id, store_id store_id, store_name text, payment_id payment_id, buyer text, email text, mandate_id text, consent_version text, consented_at instant, token bytes, payment_status text, payment_expires_at instant, support text?, locale text?, zone text?
update saved_card k set tries = k.tries + 1, due_at = :lease::instant
  from payment p, store s
 where k.saved_card_id = (select d.saved_card_id from saved_card d where d.clock = :clock and d.due_at <= :now order by d.due_at limit 1 for update skip locked)
   and p.payment_id = k.payment_id and s.store_id = k.store_id
returning k.saved_card_id, k.partner_id, k.store_id, store_shown(s.store_id, s.name), k.payment_id, k.buyer, k.email, k.mandate_id, k.consent_version, k.consented_at,
          coalesce(k.token, ''), p.status, p.expires_at,
          (select coalesce(b.support_email, b.support_url) from store_branding b where b.store_id = s.store_id), k.locale,
          payment_zone(k.payment_id);

-- name: saved_card_again :exec
-- After a pause that doubles with every try, ten minutes at most; unless something has happened to its payment since it was taken.
update saved_card set due_at = :from::instant + interval '1 second' * least(power(2, least(tries - 1, 10)), 600)
 where saved_card_id = :card::saved_card_id and due_at = :lease::instant;

-- name: saved_cards_hasten :exec
-- Something may have happened to this payment.
update saved_card set due_at = :now, tries = 0 where payment_id = :payment::payment_id and state = 'pending';

-- name: saved_card_activate :one
-- The payment succeeded with it: it may be charged without the buyer, and he is told how to end that.
-- row: applied bool
with kept as (
    update saved_card set state = 'active', due_at = null, activated_at = :now, brand = :brand::text, last4 = :last4::text,
           exp_month = :exp_month::i32, exp_year = :exp_year::i32, network_reference = :network_reference::text
     where saved_card_id = :card::saved_card_id and state = 'pending'
    returning partner_id, email, payment_id
), hastened as (
    update card_change c set due_at = :now, tries = 0 from kept k where c.payment_id = k.payment_id
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, partner_id, 'saved_card.created', :card, :data::text, :now from kept
), written as (
    insert into mail (mail_id, kind, recipient, content, due_at, created_at, clock)
    select :mail::text, 'card_saved', email, :content::bytes, :wall, :now, :clock from kept
)
select exists (select from kept);

-- name: saved_card_drop :exec
-- The payment came to nothing, or was paid with another card: nothing is kept.
delete from saved_card where saved_card_id = :card::saved_card_id and state = 'pending';

-- name: saved_card_charge :maybe
-- The card that a payment of its own store may be charged to.
-- row: token bytes, network_reference text
select coalesce(k.token, ''), coalesce(k.network_reference, '')
  from saved_card k join payment p on p.partner_id = k.partner_id and p.store_id = k.store_id
 where k.saved_card_id = :card::saved_card_id and p.payment_id = :payment::payment_id and (k.state = 'active') is true;

-- name: saved_card_is_of_store :one
-- Whether a payment of this store may be charged to it.
-- row: yes bool
select exists (select from saved_card k where k.saved_card_id = :card::saved_card_id and k.partner_id = :partner::partner_id
                                          and k.store_id = :store::store_id and k.state = 'active');

-- name: saved_card_find :maybe
-- A card that was kept, of this partner; for a user's token only of that user's stores.
-- row: saved_card_id saved_card_id, partner_id partner_id, store_id store_id, store_name text, payment_id payment_id, buyer text, mandate_id text, consent_version text, consented_at instant, state text, brand text, last4 text, exp_month i32, exp_year i32, withdrawn_at instant?, withdrawn_by text?, locale text?
select k.saved_card_id, k.partner_id, k.store_id, store_shown(s.store_id, s.name), k.payment_id, k.buyer, k.mandate_id, k.consent_version, k.consented_at, k.state,
       k.brand, k.last4, k.exp_month, k.exp_year, k.withdrawn_at, k.withdrawn_by, k.locale
  from saved_card k join store s on s.store_id = k.store_id
 where k.partner_id = :partner::partner_id and k.saved_card_id = :card::saved_card_id and k.state <> 'pending'
   and (:subject::text? is null
        or s.user_id = (select u.user_id from pay_user u where u.partner_id = s.partner_id and u.subject = :subject));

-- name: saved_card_any :maybe
-- A card whoever's it is: for the link in the buyer's mail, which is the permission, and for the operator.
-- row: = saved_card_find
select k.saved_card_id, k.partner_id, k.store_id, store_shown(s.store_id, s.name), k.payment_id, k.buyer, k.mandate_id, k.consent_version, k.consented_at, k.state,
       k.brand, k.last4, k.exp_month, k.exp_year, k.withdrawn_at, k.withdrawn_by, k.locale
  from saved_card k join store s on s.store_id = k.store_id
 where k.saved_card_id = :card::saved_card_id and k.state <> 'pending';

-- name: saved_card_list :many
-- Newest first, from before the cursor; those that may be charged: the partner's, or those of a store, of a user's stores, of a buyer, of a payment.
-- row: = saved_card_find
select k.saved_card_id, k.partner_id, k.store_id, store_shown(s.store_id, s.name), k.payment_id, k.buyer, k.mandate_id, k.consent_version, k.consented_at, k.state,
       k.brand, k.last4, k.exp_month, k.exp_year, k.withdrawn_at, k.withdrawn_by, k.locale
  from ((select x.* from saved_card x
          where (x.partner_id, x.saved_card_id) < (:partner::partner_id, coalesce(:before::text?, 'zz')) and (x.partner_id, x.saved_card_id) >= (:partner, '')
            and :store::text? is null and :subject::text? is null and :buyer::text? is null and :payment::text? is null
            and x.state = 'active'
          order by x.partner_id desc, x.saved_card_id desc limit :most::i64)
        union all
        (select x.* from stores_asked(:partner, :store, :subject) o
          cross join lateral (select y.* from saved_card y
                               where :buyer is null and :payment is null and y.partner_id = :partner and y.state = 'active'
                                 and (y.store_id, y.saved_card_id) < (o.store_id, coalesce(:before, 'zz')) and (y.store_id, y.saved_card_id) >= (o.store_id, '')
                               order by y.store_id desc, y.saved_card_id desc limit :most) x)
        union all
        (select x.* from saved_card x
          where :payment is null and x.partner_id = :partner and x.buyer = :buyer and x.state = 'active')
        union all
        (select x.* from saved_card x where x.payment_id = :payment and x.partner_id = :partner and x.state = 'active')) k
  cross join lateral (select o.store_id, o.name, o.user_id from store o where o.store_id = k.store_id offset 0) s
 where (:store is null or k.store_id = :store)
   and (:buyer is null or k.buyer = :buyer)
   and (:before is null or k.saved_card_id < :before)
   and (:subject is null
        or s.user_id = (select u.user_id from pay_user u where u.partner_id = :partner and u.subject = :subject))
 order by k.saved_card_id desc limit :most;

-- name: saved_cards_of_store :many
-- For the operator: all that were ever kept for a store.
-- row: = saved_card_find
select k.saved_card_id, k.partner_id, k.store_id, store_shown(s.store_id, s.name), k.payment_id, k.buyer, k.mandate_id, k.consent_version, k.consented_at, k.state,
       k.brand, k.last4, k.exp_month, k.exp_year, k.withdrawn_at, k.withdrawn_by, k.locale
  from saved_card k join store s on s.store_id = k.store_id
 where k.store_id = :store::store_id and k.state <> 'pending'
 order by k.saved_card_id desc limit 1000;

-- name: saved_card_withdraw :one
-- Ends it, once: the token is gone, what was agreed to stays on record.
-- row: applied bool
with ended as (
    update saved_card set state = 'withdrawn', token = null, withdrawn_at = :now, withdrawn_by = :by::text
     where saved_card_id = :card::saved_card_id and (state in ('active', 'blocked')) is true
    returning partner_id
), told as (
    insert into event (event_id, partner_id, type, object_id, data, created_at)
    select :event::event_id, partner_id, 'saved_card.withdrawn', :card, :data::text, :now from ended
)
select exists (select from ended);

-- name: saved_card_block :exec
-- To, and from: active and blocked, or the other way round.
with moved as (
    update saved_card set state = :to::text where saved_card_id = :card::saved_card_id and state = :from::text
    returning partner_id
)
insert into event (event_id, partner_id, type, object_id, data, created_at)
select :event::event_id, partner_id, case :to when 'blocked' then 'saved_card.blocked' else 'saved_card.unblocked' end, :card, :data::text, :now from moved;
