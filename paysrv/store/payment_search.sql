-- Lists of payments, newest first: of one partner or of all. What is asked about beside partner and time has no index on a table that every payment
-- writes (docs/decisions/0087-lists-of-payments.md), so a search looks at so many payments and says where it stopped.

-- name: payment_window :maybe
-- The payment after :looked of those from :least on and before :before: how far down one look goes. None: there are not so many. What is one
-- partner's is compared as rows, so that only the index by partner can give the order: else a small partner is sought for among all.
-- row: payment_id payment_id, created_at instant
select w.payment_id, (select p.created_at from payment p where p.payment_id = w.payment_id)
  from ((select payment_id from payment
          where :partner::text? is null and payment_id < :before::text and payment_id >= :least::text
          order by payment_id desc offset :looked::i64 limit 1)
        union all
        (select payment_id from payment
          where (partner_id, payment_id) < (:partner, :before) and (partner_id, payment_id) >= (:partner, :least)
          order by partner_id desc, payment_id desc offset :looked limit 1)) w;

-- name: payment_search :many
-- What is wanted of those from :least on and before :before. status 'expired' is a payment that nobody paid in time; last4 is of the card that
-- paid or holds, as the acquirer says it, and is looked up last, of those that are all else that is wanted.
-- row: payment_id payment_id
select p.payment_id
  from (select o.payment_id, o.store_id, o.user_id, o.status, o.expires_at, o.currency, o.amount, o.created_at, o.charge_id
          from payment o where :partner::text? is null and o.payment_id < :before::text and o.payment_id >= :least::text
        union all
        (select o.payment_id, o.store_id, o.user_id, o.status, o.expires_at, o.currency, o.amount, o.created_at, o.charge_id
           from payment o
          where (o.partner_id, o.payment_id) < (:partner, :before) and (o.partner_id, o.payment_id) >= (:partner, :least)
          order by o.partner_id desc, o.payment_id desc limit :looked::i64)) p
 where (:store::text? is null or p.store_id = :store)
   and (:seller::text? is null or p.user_id = :seller)
   and (:status::text? is null
        or :status = case when p.status = 'requires_payment_method' and p.expires_at <= :now then 'expired' else p.status end)
   and (:currency::text? is null or p.currency = :currency)
   and p.amount between :amount_min::i64 and :amount_max::i64
   and p.created_at >= :created_from::instant and p.created_at < :created_to::instant
   and (:last4::text? is null or :last4 = (select right(c.card, 4) from acquirer_call c where c.call_id = p.charge_id))
 order by p.payment_id desc limit :most::i64;

-- name: payment_named :many
-- What a name may mean: the payment itself or something of it, as we call it, as its partner does, or as the acquirer.
-- row: = payment_search
select n.payment_id
  from (select payment_id from payment where payment_id = :name::text
        union
        (select x.payment_id
           from partner y
          cross join lateral (select payment_id from payment where partner_id = y.partner_id and external_id = :name limit 1) x
          limit 100)
        union
        select payment_id from acquirer_call where call_id = :name and payment_id is not null
        union
        (select payment_id from acquirer_call
          where op in ('charge', 'authorize', 'refund', 'capture', 'void', 'late_void', 'late_refund') and acquirer_ref = :name and payment_id is not null
          limit 100)
        union
        select payment_id from refund where refund_id = :name
        union
        select payment_id from dispute where dispute_id = :name
        union
        select payment_id from dispute where acquirer_ref = :name) n
 order by n.payment_id desc limit 100;

-- name: payment_labeled :maybe
-- What this partner calls so.
-- row: = payment_search
select payment_id from payment where partner_id = :partner::partner_id and external_id = :label::text;

-- name: payment_among :many
-- What is wanted of these.
-- row: = payment_search
select p.payment_id
  from payment p
 where p.payment_id = any (:payments::texts) and p.payment_id < :before::text
   and (:partner::text? is null or p.partner_id = :partner)
   and (:store::text? is null or p.store_id = :store)
   and (:seller::text? is null or p.user_id = :seller)
   and (:status::text? is null
        or :status = case when p.status = 'requires_payment_method' and p.expires_at <= :now then 'expired' else p.status end)
   and (:currency::text? is null or p.currency = :currency)
   and p.amount between :amount_min::i64 and :amount_max::i64
   and p.created_at >= :created_from::instant and p.created_at < :created_to::instant
 order by p.payment_id desc limit :most::i64;
