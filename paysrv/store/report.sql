-- Partners' agreements and monthly reports (docs/decisions/0052).

-- name: agreement_set :exec
-- What is absent stays.
insert into partner_agreement (partner_id, number, signed_on, legal_name, address, zone, updated_at, updated_by)
values (:partner::partner_id, :number::text, :signed_on::text, :legal_name::text, :address::text?, coalesce(:zone::text?, 'UTC'), :now, :by::text)
on conflict (partner_id) do update
   set number = excluded.number, signed_on = excluded.signed_on, legal_name = excluded.legal_name,
       address = coalesce(:address, partner_agreement.address), zone = coalesce(:zone, partner_agreement.zone),
       updated_at = excluded.updated_at, updated_by = excluded.updated_by;

-- name: agreement_find :maybe
-- row: number text, signed_on text, legal_name text, address text?, zone text
select number, signed_on, legal_name, address, zone from partner_agreement where partner_id = :partner::partner_id;

-- name: report_find :maybe
-- row: report_no i64, document text, closed_at instant
select report_no, document, closed_at from partner_report
 where partner_id = :partner::partner_id and currency = :currency::text and month = :month::text;

-- name: report_has_account :one
-- row: has_account bool
select exists (select from account where partner_id = :partner::partner_id and currency = :currency::text);

-- name: partner_month_find :one
-- Where a month begins and ends as it was kept, with the zone of its end.
-- row: begins_at instant?, ends_at instant?, zone text?
select b.begins_at, e.begins_at, e.zone
  from (values (:partner::partner_id)) as x (partner_id)
  left join partner_month b on b.partner_id = x.partner_id and b.month = :month::text
  left join partner_month e on e.partner_id = x.partner_id and e.month = :next::text;

-- name: partner_month_keep :exec
-- What is kept already stays.
insert into partner_month (partner_id, month, begins_at, zone, kept_at)
values (:partner::partner_id, :month::text, :begins_at::instant, :zone::text, :now), (:partner, :next::text, :ends_at::instant, :zone, :now)
on conflict do nothing;

-- name: report_list :many
-- row: month text, currency text, report_no i64, closed_at instant
select month, currency, report_no, closed_at from partner_report where partner_id = :partner::partner_id
 order by month desc, currency limit 1200;

-- name: report_keep :exec
insert into partner_report (partner_id, currency, month, from_entry, to_entry, document, closed_at)
values (:partner::partner_id, :currency::text, :month::text, :from::i64, :to::i64, :document::text, :now)
on conflict do nothing;

-- name: report_movements :many
-- What entries of a range moved, by kind of entry and of account; debit positive. Each entry is looked up once, not for each of its lines.
-- row: entry text, account text, entries i64, amount i64
select e.kind, x.account, count(*), sum(x.amount)::bigint
  from (select q.entry_id, a.kind as account, sum(q.amount) as amount
          from account a
         cross join lateral (select y.entry_id, y.amount from posting y
                              where y.account_id = a.account_id and y.entry_id > :from::i64 and y.entry_id <= :to::i64
                              offset 0) q
         where a.partner_id = :partner::partner_id and a.currency = :currency::text
         group by q.entry_id, a.kind) x
 cross join lateral (select y.kind from entry y where y.entry_id = x.entry_id offset 0) e
 group by e.kind, x.account order by e.kind, x.account limit 1000;

-- name: report_currencies :many
-- row: currency text
select distinct currency from account where partner_id = :partner::partner_id order by currency limit 200;
