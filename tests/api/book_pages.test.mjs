/*
 * Journal, trial balance and statement of more than one page each (MONEY 6.D 28 to 30): every entry and account stands there once, in
 * order. The entries are of no payment, so this has a run of its own.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newPartner } from '../support/partner.mjs';
import { newSeller } from '../support/seller.mjs';
import { startStack } from '../support/stack.mjs';

const ENTRIES = 2300, SELLERS = 700; /* pages have 500 entries, 500 accounts, 2000 lines of an account */
const now = Date.now(), day = (later) => new Date(now + later * 86_400_000).toISOString().slice(0, 10);
const span = { from: day(-3), to: day(-2), format: 'jsonl' }; /* a period that is over */
let s, partner, seller, first;

const entries = (id, from, to) => s.psql(`set search_path = pay;
  with house as (select account_id from account where partner_id = '${id}' and kind = 'acquirer_receivable' and currency = 'EUR'),
       one as (select account_id from account where user_id = '${seller.user.id}' and kind = 'seller' and currency = 'EUR'),
       many as materialized (select account_id, row_number() over () - 1 as n from account where user_id like 'usr_of_many_%'),
       made as (insert into entry (partner_id, kind, ref, created_at) select '${id}', 'charge', 'pay_of_many_' || n, '${day(-3)} 12:00Z' from generate_series(${from}, ${to}) n
                returning entry_id, substr(ref, 13)::int % ${SELLERS} as n)
  insert into posting (entry_id, line, account_id, currency, amount)
  select entry_id, 1, account_id, 'EUR', 3 from made, house union all select entry_id, 2, account_id, 'EUR', -1 from made, one
   union all select entry_id, 3, account_id, 'EUR', -2 from made join many using (n)`);

/* Numbers of entries that nobody has in between: a page is looked for in more and more of them, and then is found full. */
async function book() {
  const [{ partner_id: id }] = await s.psql(`select partner_id from pay.store where store_id = '${seller.store.id}'`);
  await s.psql(`set search_path = pay;
    insert into account (partner_id, kind, user_id, currency, side) select '${id}', 'seller', 'usr_of_many_' || n, 'EUR', -1 from generate_series(1, ${SELLERS}) n;
    insert into balance (account_id, is_spent) select account_id, true from account where user_id like 'usr_of_many_%';
    select setval('entry_entry_id_seq', nextval('entry_entry_id_seq') + 20000)`);
  await entries(id, 1, 100);
  await s.psql('analyze pay.entry, pay.posting, pay.account');
  await entries(id, 101, ENTRIES);
  await s.psql('analyze pay.entry, pay.posting');
}

before(async () => {
  s = await startStack({ profile: 'demo' });
  partner = await newPartner(s);
  seller = await newSeller(s.env, { token: partner.token });
  await book();
  [{ first }] = await s.psql(`select min(entry_id)::int as first from pay.entry where ref like 'pay_of_many_%'`);
});

after(() => s?.stop());

async function lines(path, query = {}) {
  const answer = await fetch(`${s.env.pay_api}${path}?${new URLSearchParams({ ...span, ...query })}`, { headers: { authorization: `Bearer ${partner.token}` } });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return text.trimEnd().split('\n').map((line) => JSON.parse(line));
}
const numbers = Array.from({ length: ENTRIES }, (_, i) => i);

test('a journal has each entry once, in order, though others have numbers in between', async () => {
  const all = await lines('/v1/ledger/journal');
  assert.deepEqual(all.filter(({ object }) => object === 'journal_entry').map(({ entry }) => entry), numbers.map((n) => first + n));
  const [total] = all.filter(({ object }) => object === 'journal_total');
  assert.deepEqual([total.debits, total.credits], [3 * ENTRIES, 3 * ENTRIES]);
  const { stdout } = await s.operator('paysrv', 'ledger', 'journal', '--from', span.from, '--to', span.to, '--format', 'jsonl');
  const everybodys = stdout.trimEnd().split('\n').map((line) => JSON.parse(line)).filter((one) => one.partner === partner.slug);
  assert.deepEqual(everybodys.map(({ entry }) => entry), numbers.map((n) => first + n));
});

test('a trial balance has each account once', async () => {
  const accounts = (await lines('/v1/ledger/trial_balance')).filter(({ object, account }) => object === 'trial_balance_account' && account === 'seller');
  const users = accounts.map(({ user }) => user);
  assert.deepEqual([users.length, new Set(users).size], [SELLERS + 1, SELLERS + 1]);
  assert.equal(accounts.reduce((sum, one) => sum + one.closing_credit, 0), 3 * ENTRIES);
});

test('a statement has each entry once, in order, with the balance after it', async () => {
  const [head, ...booked] = await lines('/v1/statement', { account: 'seller', user: seller.user.id, currency: 'EUR' });
  assert.deepEqual(booked.map(({ balance }) => balance), numbers.map((n) => n + 1));
  assert.deepEqual([head.entries, head.closing], [ENTRIES, ENTRIES]);
});

test('what a trial balance has kept of a period that is over is what the next one begins with', async () => {
  const next = { from: day(-2), to: day(-1) };
  const [head] = await lines('/v1/statement', { ...next, account: 'seller', user: seller.user.id, currency: 'EUR' });
  assert.deepEqual([head.opening, head.closing], [ENTRIES, ENTRIES]);
  const [total] = (await lines('/v1/ledger/trial_balance', next)).filter(({ object }) => object === 'trial_balance_total');
  assert.deepEqual([total.opening_debit, total.opening_credit, total.debits, total.closing_credit], [3 * ENTRIES, 3 * ENTRIES, 0, 3 * ENTRIES]);
});
