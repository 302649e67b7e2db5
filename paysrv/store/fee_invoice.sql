-- Invoices for the fees of a month (docs/decisions/0111).

-- name: fee_tax_add :exec
-- partner absent: the platform's.
insert into fee_tax (partner_id, valid_from, rate_bp, untaxed, name, address, tax_id, created_at, created_by)
values (:partner::partner_id?, :valid_from::text, :rate_bp::i32?, :untaxed::text?, :name::text, :address::text, :tax_id::text?, :wall, :by::text);

-- name: fee_tax_of_month :maybe
-- partner '': the platform's.
-- row: valid_from text, rate_bp i32?, untaxed text?, name text, address text, tax_id text?, created_at instant, created_by text
select valid_from, rate_bp, untaxed, name, address, tax_id, created_at, created_by
  from fee_tax
 where coalesce(partner_id, '') = :partner::partner_id and valid_from <= :month::text
 order by valid_from desc, fee_tax_id desc limit 1;

-- name: fee_tax_list :many
-- Newest first.
-- row: = fee_tax_of_month
select valid_from, rate_bp, untaxed, name, address, tax_id, created_at, created_by
  from fee_tax where coalesce(partner_id, '') = :partner::partner_id
 order by valid_from desc, fee_tax_id desc limit 200;

-- name: fee_months_due :many
-- row: partner_id partner_id, month text, begins_at instant, position i64?, ends_at instant?, to_entry i64?, zone text?
select partner_id, month, begins_at, position, ends_at, to_entry, zone
  from fee_month where clock = :clock and due_at <= :now
 order by due_at, partner_id limit 100;

-- name: fee_month_wait :exec
update fee_month set due_at = :due::instant where partner_id = :partner::partner_id and month = :month::text and to_entry is null;

-- name: fee_month_close :exec
-- Where it begins, unless that is known from the month before, and where it ends.
update fee_month set position = coalesce(position, :from::i64), begins_at = :begins_at::instant, ends_at = :ends_at::instant,
       to_entry = greatest(coalesce(position, :from), :to::i64), zone = :zone::text
 where partner_id = :partner::partner_id and month = :month::text and to_entry is null;

-- name: fee_charged_add :one
-- What was taken of a partner's sellers in entries of the month, from where the last ones ended: what stands on the issuers' accounts, and the
-- acquirer's fees for disputes, which who bears them has in his own line, or the platform has charged to the seller. Fees of a payment are its
-- seller's, whoever shares it. Not moved: somebody else was there.
-- row: moved bool, found i64
with moved as (
    update fee_month set position = :until::i64
     where partner_id = :partner::partner_id and month = :month::text and position = :from::i64 and to_entry >= :until
    returning partner_id
), posted as materialized (
    select q.entry_id, a.kind as issuer, a.currency, -sum(q.amount)::bigint as amount
      from moved m
      join account a on a.partner_id = m.partner_id and a.kind in ('platform', 'partner')
     cross join lateral (select y.entry_id, y.amount from posting y
                          where y.account_id = a.account_id and y.entry_id > :from and y.entry_id <= :until offset 0) q
     group by q.entry_id, a.kind, a.currency
), borne as materialized (
    select h.entry_id, d.currency, p.user_id, h.fee,
           case when d.fee_bearer = 'partner' then 'partner' when d.fee_bearer = 'seller' and p.user_id = any (h.share_users) then 'seller' else 'platform' end as bearer
      from moved m
      join dispute_step h on h.step = 'hold' and h.fee > 0 and h.entry_id > :from and h.entry_id <= :until
      join dispute d on d.dispute_id = h.dispute_id and d.partner_id = m.partner_id
     cross join lateral (select y.user_id from payment y where y.payment_id = d.payment_id offset 0) p
), charged as (
    select x.issuer, x.currency, o.user_id,
           case e.kind when 'charge' then 'sale' when 'capture' then 'sale' when 'dispute_hold' then 'dispute' when 'dispute_return' then 'dispute_won'
                       when 'fee_payout' then 'payout' when 'fee_payout_back' then 'payout_returned' when 'refund_returned' then 'refund' else e.kind end as kind,
           x.amount + coalesce(b.fee, 0) as amount
      from posted x
     cross join lateral (select y.kind, y.ref from entry y where y.entry_id = x.entry_id offset 0) e
     cross join lateral (select case e.kind
                  when 'charge' then (select p.user_id from payment p where p.payment_id = e.ref)
                  when 'capture' then (select p.user_id from capture c join payment p on p.payment_id = c.payment_id where c.capture_id = e.ref)
                  when 'refund' then (select p.user_id from refund r join payment p on p.payment_id = r.payment_id where r.refund_id = e.ref)
                  when 'refund_returned' then (select p.user_id from refund r join payment p on p.payment_id = r.payment_id where r.refund_id = e.ref)
                  when 'dispute_hold' then (select p.user_id from dispute d join payment p on p.payment_id = d.payment_id where d.dispute_id = e.ref)
                  when 'dispute_return' then (select p.user_id from dispute d join payment p on p.payment_id = d.payment_id where d.dispute_id = e.ref)
                  when 'fee_payout' then (select p.user_id from payout p where p.payout_id = e.ref)
                  when 'fee_payout_back' then (select p.user_id from payout p where p.payout_id = e.ref) end as user_id) o
      left join borne b on b.entry_id = x.entry_id and b.bearer = x.issuer
     where o.user_id is not null and (x.issuer, o.user_id) <> ('partner', '')
    union all
    select 'platform', currency, user_id, 'dispute_fee', fee from borne where bearer = 'seller'
), added as (
    insert into fee_charged (partner_id, month, user_id, issuer, currency, kind, entries, amount)
    select :partner, :month, user_id, issuer, currency, kind, count(*), sum(amount)::bigint
      from charged where amount <> 0 group by user_id, issuer, currency, kind
    on conflict (partner_id, month, user_id, issuer, currency, kind) do update
       set entries = fee_charged.entries + excluded.entries, amount = fee_charged.amount + excluded.amount
)
select exists (select from moved), (select count(*) from posted);

-- name: fee_charged_next :many
-- Of whom an invoice is to be issued: some.
-- row: user_id user_id, issuer text, currency text
select distinct user_id, issuer, currency from fee_charged
 where partner_id = :partner::partner_id and month = :month::text
 order by user_id, issuer, currency limit 100;

-- name: fee_charged_lines :many
-- row: kind text, entries i64, amount i64
select kind, entries, amount from fee_charged
 where partner_id = :partner::partner_id and month = :month::text and user_id = :user::user_id and issuer = :issuer::text and currency = :currency::text
 order by kind limit 20;

-- name: fee_invoice_issue :maybe
-- With the next number of its issuer, which is lost with the statement when that fails; nothing: it was issued meanwhile.
-- row: clock text, number i64
with taken as (
    delete from fee_charged
     where partner_id = :partner::partner_id and month = :month::text and user_id = :user::user_id and issuer = :issuer::text and currency = :currency::text
    returning partner_id
), numbered as (
    insert into fee_series (clock, partner_id, last_number)
    select :clock, case :issuer when 'partner' then :partner else '' end, 1 where exists (select from taken)
    on conflict (clock, partner_id) do update set last_number = fee_series.last_number + 1
    returning last_number
)
insert into fee_invoice (fee_invoice_id, partner_id, clock, month, user_id, issuer, currency, number, gross, recipient, document, issued_at)
select :id::fee_invoice_id, :partner, :clock, :month, :user, :issuer, :currency, last_number, :gross::i64, :recipient::text, :document::text, :now
  from numbered
returning clock, number;

-- name: fee_series_lift :one
-- Numbers up to this one were given out before the database was restored. partner '': the platform's. Not lifted: it is there, or beyond. Each invoice
-- writes this row too, so that what an operator does is written down here and not by a trigger.
-- row: is_lifted bool, before i64
with lifted as (
    insert into fee_series (clock, partner_id, last_number) values (:clock, :partner::partner_id, :last::i64)
    on conflict (clock, partner_id) do update set last_number = excluded.last_number where fee_series.last_number < excluded.last_number
    returning last_number
), before as (
    select coalesce((select x.last_number from fee_series x where x.clock = :clock and x.partner_id = :partner), 0) as n
), written as materialized (
    select audit_add('fee_series.lifted', coalesce(nullif(:partner, ''), 'platform'), nullif(:partner, ''), 'last_number: ' || b.n || ' -> ' || l.last_number)
      from lifted l cross join before b
)
select (select count(*) > 0 from written), n from before;

-- name: fee_month_next :exec
-- All of it is invoiced.
update fee_month m set month = :next::text, begins_at = m.ends_at, ends_at = null, to_entry = null, zone = null, due_at = :due::instant
 where m.partner_id = :partner::partner_id and m.month = :month::text and m.position = m.to_entry
   and not exists (select from fee_charged c where c.partner_id = m.partner_id and c.month = m.month);

-- name: fee_invoice_find :maybe
-- partner absent: whoever's it is. owner: his alone.
-- row: fee_invoice_id fee_invoice_id, partner_id partner_id, clock text, month text, issuer text, currency text, number i64, gross i64, recipient text, document text, issued_at instant
select fee_invoice_id, partner_id, clock, month, issuer, currency, number, gross, recipient, document, issued_at
  from fee_invoice
 where fee_invoice_id = :id::fee_invoice_id and (:partner::text? is null or partner_id = :partner) and (:owner::text? is null or user_id = :owner);

-- name: fee_invoice_list :many
-- Newest first, from before the cursor: the partner's, or a seller's.
-- row: = fee_invoice_find
select fee_invoice_id, partner_id, clock, month, issuer, currency, number, gross, recipient, document, issued_at
  from ((select x.* from fee_invoice x
          where :owner::text? is null and :month::text? is null
            and x.partner_id = :partner::partner_id and x.fee_invoice_id < coalesce(:before::text?, 'zz')
            and (:issuer::text? is null or x.issuer = :issuer)
          order by x.fee_invoice_id desc limit :limit::i64)
        union all
        (select x.* from fee_invoice x
          where :owner is null
            and x.partner_id = :partner and x.month = :month and x.fee_invoice_id < coalesce(:before, 'zz') and (:issuer is null or x.issuer = :issuer)
          order by x.fee_invoice_id desc limit :limit)
        union all
        (select x.* from fee_invoice x
          where x.partner_id = :partner and x.user_id = :owner and x.fee_invoice_id < coalesce(:before, 'zz')
            and (:month is null or x.month = :month) and (:issuer is null or x.issuer = :issuer)
          order by x.fee_invoice_id desc limit :limit)) f
 order by fee_invoice_id desc limit :limit;
