-- Where a partner's months begin, once one beside is over: invoices for fees, and the acts of every currency, are of the same months, whatever zone is
-- agreed later (docs/decisions/0052). A month ends where the next one begins. zone: by which it was found.
create table partner_month (
    partner_id text not null references partner,
    month      text not null check (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'),
    begins_at  timestamptz not null,
    zone       text not null,
    kept_at    timestamptz not null,
    primary key (partner_id, month)
);
create trigger partner_month_append_only before update or delete or truncate on partner_month execute function ledger_is_append_only();

-- As papers of before have it. Where they contradict each other, the month that is being invoiced goes on where it stands, then invoices count, which
-- are in order without gaps, then the first act.
insert into partner_month (partner_id, month, begins_at, zone, kept_at)
select x.partner_id, x.month, x.begins_at, x.zone, now()
  from (select m.partner_id, m.month, m.begins_at, coalesce(m.zone, 'UTC') as zone, 1 as rank, m.due_at as at
          from fee_month m join partner p on p.partner_id = m.partner_id
         where m.to_entry is not null or (m.position is not null and p.created_at < m.begins_at)
        union all
        select partner_id, to_char(to_date(month, 'YYYY-MM') + interval '1 month', 'YYYY-MM'), ends_at, zone, 1, due_at from fee_month where ends_at is not null
        union all
        select i.partner_id, n.month, n.at::timestamptz, i.document::jsonb ->> 'zone', 2, i.issued_at
          from fee_invoice i
         cross join lateral (values (i.month, i.document::jsonb ->> 'from'),
                                    (to_char(to_date(i.month, 'YYYY-MM') + interval '1 month', 'YYYY-MM'), i.document::jsonb ->> 'to')) as n (month, at)
        union all
        select r.partner_id, n.month, n.at::timestamptz, r.document::jsonb ->> 'zone', 3, r.closed_at
          from partner_report r
         cross join lateral (values (r.month, r.document::jsonb ->> 'from'),
                                    (to_char(to_date(r.month, 'YYYY-MM') + interval '1 month', 'YYYY-MM'), r.document::jsonb ->> 'to')) as n (month, at)) x
 order by x.rank, x.at
    on conflict do nothing;
