-- The steps of a payment as one writes them for one payment at a time.

-- name: control_create :one
-- Claims the key, stores its answer and makes the payment: one decision. Not created: what the key holds since before.
-- row: created bool, fingerprint digest?, status i32?, body text?
with claim as (
    insert into idempotency (partner_id, route, key, fingerprint, op, status, body, created_at)
    values (:partner::text, :route::text, :key::text, :fingerprint::digest, :payment::text, 201, :body::text, :now)
    on conflict do nothing
    returning 1
), made as (
    insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, partner_amount, seller_amount,
                         platform_bp, partner_bp, status, description, external_id, return_url, origins, metadata, created_at, expires_at)
    select :payment, :partner, :store::text, :user::text, :currency::text, :amount::i64, :platform_amount::i64, :partner_amount::i64,
           :seller_amount::i64, :platform_bp::i32, :partner_bp::i32, 'requires_payment_method', :description::text, :external_id::text?,
           :return_url::text?, :origins::texts, :metadata::text?, :now, :expires_at::instant
      from claim
)
select exists (select from claim), k.fingerprint, k.status, k.body
  from (values (1)) as one (n)
  left join idempotency k on k.partner_id = :partner and k.route = :route and k.key = :key;


-- name: control_begin :one
-- T1: claims the key, takes the payment out of the reach of others, writes down what will be asked of the acquirer.
-- Not begun: what the key holds since before, or nothing when it is the payment that is not ready.
-- row: begun bool, fingerprint digest?, op text?, status i32?, body text?
with target as (
    select p.payment_id from payment p
     where p.payment_id = :payment::text and p.partner_id = :partner::text
       and p.status = 'requires_payment_method' and p.expires_at > :now
       for no key update
), claim as (
    insert into idempotency (partner_id, route, key, fingerprint, op, created_at)
    select :partner, :route::text, :key::text, :fingerprint::digest, :charge::text, :now from target
    on conflict do nothing
    returning 1
), begun as (
    update payment p set status = 'processing', charge_id = :charge, decline_code = null
      from claim where p.payment_id = :payment
    returning p.amount, p.currency
), written as (
    insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, token, return_url, idem_route, idem_key,
                               created_at, due_at)
    select :charge, 'charge', :partner, :payment, amount, currency, 'intent', :token::text, :return_url::text?, :route, :key, :now,
           :due::instant
      from begun
)
select exists (select from claim), k.fingerprint, k.op, k.status, k.body
  from (values (1)) as one (n)
  left join idempotency k on k.partner_id = :partner and k.route = :route and k.key = :key;


-- name: control_sent :exec
-- Before the call leaves. No row: somebody else has taken the operation over, and this one must not call.
update acquirer_call set state = 'sent', sent_at = :now, due_at = :due::instant
 where call_id = :call::text and state = :from::text;
