-- Sandbox partners, each with a clock that can be set forward (docs/decisions/0051-test-clocks.md).

-- clock: under which clock the rows of a partner are: '' is the wall clock, which is every live partner's. It never changes.
alter table partner add column is_sandbox boolean not null default false;
alter table partner add column clock text generated always as (case when is_sandbox then partner_id else '' end) stored;
alter table partner alter column clock set not null, add constraint partner_clock_key unique (partner_id, clock);

-- Ready, the clock goes with the wall clock, so far ahead of it. While it advances it stands at an instant, from which it goes to
-- the next at which something is due, until it has come to the target.
create table test_clock (
    partner_id text primary key,
    clock      text not null check (clock = partner_id),
    ahead_us   bigint not null default 0 check (ahead_us >= 0),
    stands_at  timestamptz,
    target     timestamptz,
    steps      bigint not null default 0,        -- instants that it has stood at
    busy_until timestamptz not null,             -- some server is at it, or it rests; by the wall clock
    foreign key (partner_id, clock) references partner (partner_id, clock),
    check ((stands_at is null) = (target is null) and (stands_at is null or stands_at <= target))
);

create index test_clock_next on test_clock (busy_until);

-- Every row that waits for a time has the clock of its partner in it, and the index that finds what is due begins with it: live work
-- never meets a row of a sandbox, and a clock that is years ahead never looks through live ones.
-- Not valid: until now all partners are live and all rows are under the wall clock.
alter table subscription add column clock text not null default '';
alter table subscription add constraint subscription_clock foreign key (partner_id, clock) references partner (partner_id, clock) not valid;
create index subscription_due_of_clock on subscription (clock, due_at) where due_at is not null;
drop index subscription_due;

alter table invoice add column clock text not null default '';
alter table invoice add constraint invoice_clock foreign key (partner_id, clock) references partner (partner_id, clock) not valid;
create index invoice_due_of_clock on invoice (clock, look_at) where look_at is not null;
drop index invoice_due;

alter table saved_card add column clock text not null default '';
alter table saved_card add constraint saved_card_clock foreign key (partner_id, clock) references partner (partner_id, clock) not valid;
create index saved_card_due_of_clock on saved_card (clock, due_at) where due_at is not null;
drop index saved_card_due;

alter table dispute add column clock text not null default '';
alter table dispute add constraint dispute_clock foreign key (partner_id, clock) references partner (partner_id, clock) not valid;
create index dispute_due_of_clock on dispute (clock, due_at) where due_at is not null;
drop index dispute_due;

alter table holdback add column clock text not null default '';
alter table holdback add constraint holdback_clock foreign key (partner_id, clock) references partner (partner_id, clock) not valid;
create index holdback_due_of_clock on holdback (clock, available_on) where released_at is null;
drop index holdback_due;

alter table payout_list add column clock text not null default '';
alter table payout_list add constraint payout_list_clock foreign key (partner_id, clock) references partner (partner_id, clock) not valid;
create index payout_list_open_of_clock on payout_list (clock, expires_at) where status = 'awaiting_code';
drop index payout_list_open;

alter table payout_schedule add column clock text not null default '';
alter table payout_schedule add constraint payout_schedule_clock foreign key (partner_id, clock) references partner (partner_id, clock) not valid;
create index payout_schedule_due_of_clock on payout_schedule (clock, next_at) where status = 'active';
create index payout_schedule_open_of_clock on payout_schedule (clock, expires_at) where status = 'awaiting_code';
drop index payout_schedule_due, payout_schedule_open;

-- bank_due_at: when the test bank, which pays a sandbox partner's payouts, says the next thing about one.
alter table payout
    add column clock text not null default '',
    add column bank_due_at timestamptz,
    add constraint payout_clock foreign key (partner_id, clock) references partner (partner_id, clock) not valid,
    add constraint payout_test_bank check (bank_due_at is null or clock <> '') not valid;
create index payout_open_of_clock on payout (clock, expires_at) where status = 'awaiting_code';
create index payout_confirmed_of_clock on payout (clock, payout_id) where status = 'confirmed';
create index payout_at_test_bank on payout (clock, bank_due_at) where bank_due_at is not null;
drop index payout_open, payout_confirmed;

alter table bank_batch drop constraint bank_batch_channel_check;
alter table bank_batch add constraint bank_batch_channel_check check (channel in ('file', 'bank', 'test'));

-- On the path of every payment no foreign key is looked up: v_inv looks.
alter table payment add column clock text not null default '';
create index payment_timer_of_clock on payment (clock, timer_at) where timer_at is not null;
create index payment_unsettled_of_clock on payment (clock, payment_id) where settlement_terms is not null and not is_settled;
create index payment_returned_of_clock on payment (clock, payment_id) where settlement_terms is not null and refunded + disputed <> returned_seen;
drop index payment_timer, payment_unsettled, payment_returned;

-- What the jobs do in time, all of it: due_at is when something is to be looked at, moves_at until when nothing happens by itself. A
-- clock that advances goes from one moves_at to the next; null: nothing that it would have to stop for.
create view clock_work as
select 'payments' as kind, clock, timer_at as due_at, timer_at as moves_at from payment where timer_at is not null
union all
select 'payments', clock, due_at, null from saved_card where due_at is not null
union all
select 'subscriptions', clock, due_at, due_at from subscription where due_at is not null
union all
select 'subscriptions', clock, look_at, greatest(look_at, retry_at) from invoice where look_at is not null
union all
select 'disputes', clock, due_at, due_at from dispute where due_at is not null
union all -- what their partner bears of sellers' debts
select 'disputes', a.partner_id, b.negative_since, null
  from balance b
  join account a on a.account_id = b.account_id
  join partner n on n.partner_id = a.partner_id and n.is_sandbox
  join dispute_policy y on y.partner_id = a.partner_id and y.currency = a.currency and y.shortfall = 'partner'
 where b.negative_since is not null and b.posted < 0
union all
select 'holdbacks', clock, available_on, available_on from holdback where released_at is null
union all -- what payments brought, before its days are written down
select 'holdbacks', p.clock, coalesce(p.succeeded_at, p.created_at), null from payment p
 where p.settlement_terms is not null and not p.is_settled
   and (p.captured is null and p.status = 'succeeded'
        or exists (select from capture c where c.payment_id = p.payment_id and c.status = 'succeeded' and not c.is_settled))
union all -- what went back of it
select 'holdbacks', clock, created_at, null from payment where settlement_terms is not null and refunded + disputed <> returned_seen
union all
select 'payouts', clock, expires_at, expires_at from payout where status = 'awaiting_code' and list_id is null
union all
select 'payouts', clock, expires_at, expires_at from payout_list where status = 'awaiting_code'
union all
select 'schedules', clock, expires_at, expires_at from payout_schedule where status = 'awaiting_code'
union all
select 'schedules', clock, next_at, next_at from payout_schedule where status = 'active'
union all -- what the test bank has not been told yet
select 'bank', p.clock, p.confirmed_at, null from payout p
  join pay_user u on u.partner_id = p.partner_id and u.user_id = p.user_id
 where p.status = 'confirmed' and p.currency = 'EUR' and u.payouts_frozen_at is null and p.clock <> ''
union all
select 'bank', clock, bank_due_at, bank_due_at from payout where bank_due_at is not null;

create view v_inv_clocks as
select 'I44' as inv, 'payment/' || p.payment_id as k from payment p join partner n on n.partner_id = p.partner_id
 where p.clock <> n.clock
union all -- I44 a sandbox partner has a clock, and nobody else
select 'I44', n.partner_id from partner n left join test_clock c on c.partner_id = n.partner_id where n.is_sandbox <> (c.partner_id is not null)
union all -- I45 a sandbox partner's payout is in no order to the bank, and a live one's in no other
select 'I45', po.payout_id from payout po join bank_batch b on b.msg_id = po.msg_id where (po.clock <> '') <> (b.channel = 'test');

create or replace view v_inv as
select inv, k from v_inv_ledger
union all
select inv, k from v_inv_payouts
union all
select inv, k from v_inv_recurring
union all
select inv, k from v_inv_disputes
union all
select inv, k from v_inv_clocks;
