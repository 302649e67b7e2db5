-- The steps on the path of a payment, each for many payments at once: what callers hand in at the same time is one statement,
-- one transaction and one flush, and every caller gets the row with its own id (shared/db/batch.h). A batch of one is the
-- same statement. Texts that are absent come as ''; times as microseconds.
-- The connections that run these know nested loops along indexes only, so that no plan can turn into a scan. What has no index, as
-- the rows of another step of the statement, is therefore asked for by "in (select ...)" that is no join ("is true"; among what is
-- selected): a table of hashes, where a join would compare each row with each.

-- name: payments_create :many batch
-- Claims the keys, stores their answers and makes the payments. Those with a charge are taken at once: this is their T1 (charges_begin),
-- and their keys have no answer yet. Not created: what the key holds since before, or a store that sells nothing any more; and nothing is
-- taken to be shared with who has left. A test clock stops where they expire; and what has an id from long before, as an invoice's payment may,
-- is made where payments_wind has been already.
-- row: payment_id payment_id, created bool, fingerprint digest?, status i32?, body text?, descriptor text?
-- unique payment_external_id_key -> EXTERNAL_ID_TAKEN external_id
with batch as materialized (
    select * from unnest(:payment_id::texts, :partner_id::texts, :route::texts, :key::texts, :fingerprint::digests, :body::texts?,
                         :store_id::texts, :user_id::texts, :currency::texts, :amount::i64s, :platform_amount::i64s,
                         :partner_amount::i64s, :seller_amount::i64s, :platform_bp::i64s, :partner_bp::i64s, :description::texts,
                         :external_id::texts?, :return_url::texts?, :origins::texts, :metadata::texts?, :created_us::i64s,
                         :expires_us::i64s, :split_profile_id::texts?, :share_users::texts, :share_amounts::texts, :captured::i64s, :terms::i64s,
                         :on_clock::texts, :methods::texts, :locale::texts?, :op::texts, :charge_id::texts?, :token::texts?, :paid_by::texts?,
                         :acquirer::texts?, :due_us::i64s)
      as b (payment_id, partner_id, route, key, fingerprint, body, store_id, user_id, currency, amount, platform_amount, partner_amount,
            seller_amount, platform_bp, partner_bp, description, external_id, return_url, origins, metadata, created_us, expires_us,
            split_profile_id, share_users, share_amounts, captured, terms, clock, methods, locale, op, charge_id, token, paid_by, acquirer, due_us)
), claim as (
    insert into idempotency (partner_id, route, key, fingerprint, op, status, body, created_at)
    select partner_id, route, key, fingerprint, op, case when charge_id = '' then 201 end, nullif(body, ''), :wall
      from batch b
     where charge_id = '' or (select s.store_id from store s where s.store_id = b.store_id and s.status <> 'active' and s.moved_to is null) is null
       and (select min(u.user_id) from pay_user u where b.share_users <> '' and u.partner_id = b.partner_id
               and u.user_id = any (string_to_array(b.share_users, ' ')) and u.closed_at is not null) is null
    on conflict do nothing
    returning op
), claimed as materialized (
    select b.*, b.op in (select c.op from claim c) as is_new,
           case when b.charge_id <> '' then (select k.statement_descriptor from store_branding k where k.store_id = b.store_id) end as descriptor
      from batch b
), made as (
    insert into payment (payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, partner_amount, seller_amount,
                         platform_bp, partner_bp, status, description, external_id, return_url, origins, metadata, created_at, expires_at,
                         split_profile_id, share_users, share_amounts, captured, settlement_terms, clock, methods, locale, charge_id, method,
                         timer_at)
    select payment_id, partner_id, store_id, user_id, currency, amount, platform_amount, partner_amount, seller_amount,
           platform_bp, partner_bp, case when charge_id = '' then 'requires_payment_method' else 'processing' end, description, nullif(external_id, ''), nullif(return_url, ''),
           coalesce(string_to_array(nullif(origins, ''), ' '), '{}'), nullif(metadata, ''),
           timestamptz 'epoch' + created_us * interval '1 microsecond', timestamptz 'epoch' + expires_us * interval '1 microsecond',
           nullif(split_profile_id, ''), string_to_array(nullif(share_users, ''), ' '),
           string_to_array(nullif(share_amounts, ''), ' ')::bigint[], nullif(captured, -1), nullif(terms, 0), clock,
           string_to_array(nullif(methods, ''), ' '), nullif(locale, ''), nullif(charge_id, ''), nullif(paid_by, ''),
           case when clock <> '' or payment_id < :walked::text then timestamptz 'epoch' + expires_us * interval '1 microsecond' end
      from claimed where is_new
), asked as (
    insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, token, return_url, acquirer, descriptor, idem_route,
                               idem_key, created_at, sent_at, due_at, tried_at)
    select charge_id, case when captured = -1 then 'charge' else 'authorize' end, partner_id, payment_id, amount, currency, 'sent',
           nullif(token, ''), nullif(return_url, ''), acquirer, descriptor, route, key, :wall, :wall,
           timestamptz 'epoch' + due_us * interval '1 microsecond',
           case when clock <> '' then timestamptz 'epoch' + created_us * interval '1 microsecond' end
      from claimed where is_new and charge_id <> ''
)
select b.payment_id, b.is_new, k.fingerprint, k.status, k.body, b.descriptor
  from claimed b
  left join lateral (select i.fingerprint, i.status, i.body from idempotency i
                      where not b.is_new and i.partner_id = b.partner_id and i.route = b.route and i.key = b.key limit 1) k on true;

-- name: charges_begin :many batch
-- T1: claims the keys, takes the payments out of the reach of others, writes down what is asked of the acquirer: as sent, since whoever wrote it calls
-- next (docs/decisions/0113-sent-with-t1.md). What is charged by itself
-- (invoice_collect) is not once its subscription has ended or a dispute holds it: whoever ended it was told that nothing more is. He waits for what has
-- begun, and this for him; the subscription is locked first, as whoever ends its invoice locks it before the payment (invoice_turn): the other way round
-- the two would wait for each other, and all of the batch would fail. It is written as it is, so that whoever cancels it by what he saw before this
-- (is it charged at this moment, and owed back then?) begins anew. For these charges alone: without one nothing is looked for.
-- Begun: the payment, which was not read before. A charge without a row: the key was there before, or the payment is not ready or not there.
-- row: charge_id charge_id, store_id text, user_id text, currency text, amount i64, platform_amount i64, partner_amount i64, seller_amount i64, platform_bp i32, partner_bp i32, description text, external_id text?, return_url text?, metadata text?, created_at instant, expires_at instant, split_profile_id text?, share_users texts, share_amounts i64s, captured i64?, descriptor text?, locale text?
with batch as materialized (
    select * from unnest(:charge_id::texts, :payment_id::texts, :partner_id::texts, :route::texts, :key::texts, :fingerprint::digests,
                         :token::texts?, :return_url::texts?, :method::texts, :acquirer::texts, :now_us::i64s, :due_us::i64s)
      as b (charge_id, payment_id, partner_id, route, key, fingerprint, token, return_url, method, acquirer, now_us, due_us)
), going_on as materialized (
    select s.subscription_id from subscription s
     where s.subscription_id = any (array(select i.subscription_id
                                            from batch b cross join lateral (select x.subscription_id from invoice x where x.payment_id = b.payment_id offset 0) i
                                           where b.route = 'invoice'))
       and s.status <> 'canceled' and s.held_from is null
     order by s.subscription_id
       for no key update of s
), noticed as (
    update subscription s set held_from = s.held_from where s.subscription_id = any (array(select g.subscription_id from going_on g))
), locked as materialized (
    select b.charge_id, b.payment_id, b.partner_id, b.route, b.key, b.fingerprint, b.token, b.method, b.acquirer, b.now_us, b.due_us,
           coalesce(nullif(b.return_url, ''), p.return_url) as back_url, p.store_id, p.user_id, p.currency, p.amount, p.platform_amount,
           p.partner_amount, p.seller_amount, p.platform_bp, p.partner_bp, p.description, p.external_id, p.return_url, p.metadata,
           p.created_at, p.expires_at, p.split_profile_id, p.share_users, p.share_amounts, p.captured, p.locale, p.clock
      from batch b join payment p on p.payment_id = b.payment_id
     where p.partner_id = b.partner_id and p.status = 'requires_payment_method' and (p.methods is null or b.method = any (p.methods))
       and p.expires_at > timestamptz 'epoch' + b.now_us * interval '1 microsecond'
       and (select s.store_id from store s where s.store_id = p.store_id and s.status <> 'active' and s.moved_to is null) is null
       and (select min(u.user_id) from pay_user u where p.share_users is not null and u.partner_id = p.partner_id
               and u.user_id = any (p.share_users) and u.closed_at is not null) is null
       and (b.route <> 'invoice' or (select i.subscription_id from invoice i where i.payment_id = p.payment_id limit 1) in (select g.subscription_id from going_on g))
     order by p.payment_id, b.charge_id
       for no key update of p
), target as materialized (
    select distinct on (payment_id) * from locked order by payment_id, charge_id
), claim as (
    insert into idempotency (partner_id, route, key, fingerprint, op, created_at)
    select partner_id, route, key, fingerprint, charge_id, :wall from target
    on conflict do nothing
    returning op
), won as materialized (
    select g.*, (select k.statement_descriptor from store_branding k where k.store_id = g.store_id) as descriptor
      from target g where (g.charge_id in (select c.op from claim c)) is true
), begun as (
    update payment p set status = 'processing', charge_id = w.charge_id, method = w.method, decline_code = null
      from won w where p.payment_id = w.payment_id
), written as (
    insert into acquirer_call (call_id, op, partner_id, payment_id, amount, currency, state, token, return_url, acquirer, descriptor, idem_route,
                               idem_key, created_at, sent_at, due_at, tried_at)
    select charge_id, case when captured is null then 'charge' else 'authorize' end, partner_id, payment_id, amount, currency, 'sent',
           nullif(token, ''), back_url, acquirer, descriptor, route, key, :wall, :wall, timestamptz 'epoch' + due_us * interval '1 microsecond',
           case when clock <> '' then timestamptz 'epoch' + now_us * interval '1 microsecond' end
      from won
)
select charge_id, store_id, user_id, currency, amount, platform_amount, partner_amount, seller_amount, platform_bp, partner_bp, description, external_id,
       return_url, metadata, created_at, expires_at, split_profile_id, coalesce(share_users, '{}'), coalesce(share_amounts, '{}'), captured, descriptor, locale
  from won;

-- name: charges_succeed :many batch
-- T2 of charges that succeeded: state, ledger, balance, event, stored answer. A charge without a row had its outcome before.
-- Balances are updated in the order of their accounts, as refunds lock them: nobody waits in a circle. A live payment keeps the timer that it
-- seldom has, for the job to clear: no column of an index changes (HOT). A test clock has nothing to stop for any more.
-- row: charge_id charge_id
with batch as materialized (
    select * from unnest(:charge_id::texts, :payment_id::texts, :acquirer_ref::texts, :receivable::i64s, :platform::i64s, :partner::i64s,
                         :seller::i64s, :event_id::texts, :body::texts, :note_id::texts?, :note::texts?, :clearing::texts, :card::texts?, :now_us::i64s)
      as b (charge_id, payment_id, acquirer_ref, receivable, platform, partner, seller, event_id, body, note_id, note, clearing, card, now_us)
), won as (
    update acquirer_call c set state = 'ok', is_open = false, acquirer_ref = b.acquirer_ref, card = nullif(b.card, ''),
           token = case when c.token like 'scd\_%' then c.token end, finished_at = :wall
      from batch b
     where c.call_id = b.charge_id and c.payment_id = b.payment_id
       and c.op = 'charge' and c.state in ('intent', 'sent', 'unknown', 'action') and not c.is_abandoned
    returning c.call_id, c.partner_id, c.payment_id, c.currency, c.idem_route, c.idem_key, b.receivable, b.platform, b.partner, b.seller,
              b.event_id, b.body, b.clearing, timestamptz 'epoch' + b.now_us * interval '1 microsecond' as at
), paid as (
    update payment p set status = 'succeeded', succeeded_at = w.at, version = p.version + 1, timer_at = case when p.clock = '' then p.timer_at end
      from won w where p.payment_id = w.payment_id
    returning w.*, p.version, p.share_users, p.share_amounts, p.settlement_terms, p.clock, nextval('entry_entry_id_seq') as entry_id,
              (select a.account_id from account a
                where a.partner_id = p.partner_id and a.kind = 'seller' and a.user_id = p.user_id and a.currency = p.currency) as seller_account
), due as (
    insert into settlement_due (source, payment_id, clock, partner_id, look_at)
    select payment_id, payment_id, clock, partner_id, at from paid where settlement_terms is not null
    on conflict do nothing
), booked as (
    insert into entry (entry_id, partner_id, kind, ref, created_at) overriding system value
    select entry_id, partner_id, 'charge', payment_id, at from paid
), house as materialized (
    select d.partner_id, d.currency, d.clearing,
           (select a.account_id from account a where a.partner_id = d.partner_id and a.kind = 'acquirer_receivable' and a.user_id = d.clearing
                                                 and a.currency = d.currency) as receivable,
           (select a.account_id from account a where a.partner_id = d.partner_id and a.kind = 'platform' and a.user_id = ''
                                                 and a.currency = d.currency) as platform,
           (select a.account_id from account a where a.partner_id = d.partner_id and a.kind = 'partner' and a.user_id = ''
                                                 and a.currency = d.currency) as partner
      from (select distinct partner_id, currency, clearing from won) d
), sellers as materialized (
    select w.entry_id, w.currency, 4 as line, w.seller_account as account_id, w.seller as amount,
           case when w.settlement_terms is null then 0 else greatest(-w.seller, 0) end as held
      from paid w where w.share_users is null
    union all
    select w.entry_id, w.currency, 3 + s.n::int,
           (select a.account_id from account a
             where a.partner_id = w.partner_id and a.kind = 'seller' and a.user_id = s.user_id and a.currency = w.currency), -s.amount,
           case when w.settlement_terms is null then 0 else greatest(s.amount, 0) end
      from paid w cross join lateral unnest(w.share_users, w.share_amounts) with ordinality as s (user_id, amount, n)
     where w.share_users is not null
), lines as (
    insert into posting (entry_id, line, account_id, currency, amount)
    select w.entry_id, l.line, l.account_id, w.currency, l.amount
      from paid w
      join house h on h.partner_id = w.partner_id and h.currency = w.currency and h.clearing = w.clearing
     cross join lateral (values (1, h.receivable, w.receivable), (2, h.platform, w.platform), (3, h.partner, w.partner))
             as l (line, account_id, amount)
     where l.amount <> 0
    union all
    select entry_id, line, account_id, currency, amount from sellers where amount <> 0
), kept as (
    update balance b set posted = b.posted - s.amount, held = b.held + s.held
      from (select account_id, sum(amount)::bigint as amount, sum(held)::bigint as held from sellers group by account_id order by account_id) s
     where b.account_id = s.account_id
), told as (
    insert into event (event_id, partner_id, type, object_id, entry_id, data, created_at, sequence, is_pending)
    select event_id, partner_id, 'payment.succeeded', payment_id, entry_id, body, at, version,
           exists (select from webhook_endpoint e where e.partner_id = paid.partner_id)
      from paid
), answered as (
    update idempotency i set status = 200, body = w.body
      from paid w
     where i.partner_id = w.partner_id and i.route = w.idem_route and i.key = w.idem_key and i.status is null
), noted as (
    insert into acquirer_event (event_id, type, call_id, state, body, received_at)
    select b.note_id, 'charge.succeeded', b.charge_id, case when b.charge_id in (select w.call_id from won w) then 'applied' else 'duplicate' end, b.note, :wall
      from batch b
     where b.note_id <> ''
    on conflict do nothing
)
select w.call_id from won w;
