-- What a person has looked at is closed, with a word. What is reported again then is another row: each says by itself who was told what.
alter table anomaly
    add column closed_at timestamptz,
    add column closed_by text,
    add column note      text,
    add constraint anomaly_closed check (case when closed_at is null then closed_by is null and note is null
                                              else closed_by <> '' and note is not null and length(note) between 1 and 500 end is true),
    drop constraint anomaly_once;

create unique index anomaly_open_once on anomaly (kind, ref) where closed_at is null;
create index anomaly_open on anomaly (anomaly_id) where closed_at is null;
create index anomaly_ref on anomaly (kind, ref);

create trigger audited after update of closed_at on anomaly for each row execute function audit_row('anomaly', 'anomaly_id', 'closed_by', '');

-- The reference is an operation, a payment, a dispute, a subscription, an invoice, or a message of the acquirer's: then its operation's.
create view anomaly_shown as
select a.anomaly_id, w.partner_id, n.name as partner_name, coalesce(n.is_sandbox, false) as is_sandbox, a.kind, a.ref, a.detail, a.created_at,
       a.closed_at, a.closed_by, a.note,
       coalesce(c.payment_id, (select p.payment_id from payment p where p.payment_id = a.ref),
                (select d.payment_id from dispute d where d.dispute_id = a.ref), i.payment_id) as payment_id,
       coalesce(i.subscription_id, (select s.subscription_id from subscription s where s.subscription_id = a.ref)) as subscription_id
  from anomaly a
  left join lateral (select x.partner_id, x.payment_id from acquirer_call x
                      where x.call_id = coalesce((select e.call_id from acquirer_event e where e.event_id = a.ref), a.ref) limit 1) c on true
  left join lateral (select x.subscription_id, x.payment_id from invoice x where x.invoice_id = a.ref limit 1) i on true
 cross join lateral (select coalesce(a.partner_id, c.partner_id) as partner_id) w
  left join lateral (select x.name, x.is_sandbox from partner x where x.partner_id = w.partner_id limit 1) n on true;
