-- Subscriptions that go on after a debt or a time in which nobody could pay. rejoins_at: the period that begins next is the one of then, and
-- only what is left of it is charged; status_reason: why it has its status, where nobody asked for that.
alter table subscription
    add column rejoins_at timestamptz,
    add column status_reason text;

-- A period whose invoice is void may be billed anew, when its subscription goes on within it.
drop index invoice_period_key;
create unique index invoice_period_key on invoice (subscription_id, period_n) where kind = 'period' and status in ('open', 'paid');

-- Whose account it was by name when the period was closed: statements of it do not change with a later name.
alter table account_closing add column owner text;
