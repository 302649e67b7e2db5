/*
 * The answer to COMMIT is lost, whichever of a request's: what asks again with the same key gets the one result, and nothing is booked or
 * handed over twice. SECURITY F-D8, MONEY E31.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { startCommitCutter } from '../support/commit_cutter.mjs';
import { eventually } from '../support/eventually.mjs';
import { outcomeOf } from '../support/outcome.mjs';
import { sound } from '../support/relying_party.mjs';
import { codeIn, newSeller, ofRequest } from '../support/seller.mjs';
import { startStack } from '../support/stack.mjs';

let s, cutter, seller;

before(async () => {
  s = await startStack({ profile: 'demo', env: { PAYSRV_RECONCILE_AFTER: '1s' } });
  cutter = await startCommitCutter(s.env.database_url);
  await s.restart('paysrv', { env: { PAYSRV_DATABASE_URL: cutter.url, PAYSRV_RECONCILE_AFTER: '1s' } });
  seller = await newSeller(s.env);
});

after(async () => {
  await sound(s);
  await s?.stop();
  await cutter?.stop();
});

const MOST = 40;
const count = async (what) => (await s.psql(`select count(*)::int as n from ${what}`))[0].n;
const settled = () => eventually(async () => (await count("pay.acquirer_call where state in ('intent', 'sent', 'unknown')")) === 0, { what: 'every call has an outcome' });

/*
 * ask(key) with its n-th transaction cut off, then again until there is an answer. words: what only this request says to the database.
 * Resolves to whose answer it is, whether there was such a transaction, and whether the first answer was that nobody knows.
 */
async function cutOff(words, nth, ask) {
  const key = randomUUID();
  cutter.cut(words, nth);
  const first = await ask(key), isCut = cutter.rest();
  assert.ok(first.status < 300 || (isCut && first.status === 503), `${nth}: ${first.status} ${JSON.stringify(first.body)}`);
  if (first.status === 503) assert.match(first.headers.get('retry-after'), /^[1-9]\d*$/);
  const answer = await eventually(async () => {
    const again = await ask(key);
    assert.ok(again.status < 300, JSON.stringify(again.body));
    return again;
  }, { what: 'there is an answer' });
  const last = await ask(key);
  assert.equal(last.body.id, answer.body.id);
  if (first.status < 300) assert.equal(first.body.id, answer.body.id);
  return { id: answer.body.id, isCut, wasRefused: first.status === 503 };
}

/* one(nth): cutOff() of something new, and that it is there once. From the first to beyond the last. */
async function eachTransaction(one) {
  let refused = 0;
  for (let nth = 0; nth < MOST; nth++) {
    const { isCut, wasRefused } = await one(nth);
    refused += wasRefused;
    if (!isCut) {
      assert.ok(refused > 0, 'some were told that nobody knows');
      return nth;
    }
  }
  throw new Error(`more than ${MOST} transactions`);
}

const order = (description, more) => ({ store: seller.store.id, amount: 1000, currency: 'EUR', description, ...more });

async function chargedOnce(payment) {
  await eventually(async () => (await seller.call('GET', `/v1/payments/${payment}`)).body.status === 'succeeded', { what: 'it succeeds' });
  await settled();
  const { data } = await s.acquirer('GET', '/v1/report');
  assert.equal(data.filter(({ kind, reference, status }) => kind === 'charge' && reference === payment && status === 'succeeded').length, 1);
  assert.equal(await count(`pay.entry where kind = 'charge' and ref = '${payment}'`), 1);
}

test('a payment is made once', () => eachTransaction(async (nth) => {
  const article = `article ${randomUUID()}`;
  const result = await cutOff(article, nth, (key) => seller.call('POST', '/v1/payments', order(article), { key }));
  assert.equal(await count(`pay.payment where description = '${article}'`), 1);
  return result;
}));

test('a payment that is made and confirmed at once is made, charged and booked once', () => eachTransaction(async (nth) => {
  const article = `article ${randomUUID()}`;
  const result = await cutOff(article, nth, (key) => seller.call('POST', '/v1/payments', order(article, { confirm: { payment_token: 'tok_test_visa' } }), { key }));
  assert.equal(await count(`pay.payment where description = '${article}'`), 1);
  await chargedOnce(result.id);
  return result;
}));

test('a payment that is confirmed is charged and booked once', () => eachTransaction(async (nth) => {
  const { body: { id } } = await seller.call('POST', '/v1/payments', order('An article'));
  const result = await cutOff(id, nth, (key) => seller.call('POST', `/v1/payments/${id}/confirm`, { payment_token: 'tok_test_visa' }, { key }));
  await chargedOnce(id);
  return result;
}));

test('a refund is given once', () => eachTransaction(async (nth) => {
  const { body: { id } } = await outcomeOf((options) => seller.call('POST', '/v1/payments', order('An article', { confirm: { payment_token: 'tok_test_visa' } }), options));
  const result = await cutOff(id, nth, (key) => seller.call('POST', `/v1/payments/${id}/refunds`, { amount: 400 }, { key }));
  await eventually(async () => (await seller.call('GET', `/v1/refunds/${result.id}`)).body.status === 'succeeded', { what: 'it succeeds' });
  await settled();
  assert.equal(await count(`pay.refund where payment_id = '${id}'`), 1);
  assert.equal((await seller.call('GET', `/v1/payments/${id}`)).body.amount_refunded, 400);
  return result;
}));

const payouts = async () => (await seller.call('GET', `/v1/payouts?user=${seller.user.id}&limit=100`)).body.data.length;

test('a payout is asked for once', async () => {
  await seller.sell(100000);
  await eachTransaction(async (nth) => {
    const before = await payouts();
    const result = await cutOff(seller.requisite.id, nth, (key) => seller.request(100, { key }));
    assert.equal(await payouts() - before, 1);
    return result;
  });
});

test('a payout that is confirmed is booked once', () => eachTransaction(async (nth) => {
  const { body } = await seller.request(100), before = await seller.available();
  const code = codeIn(await s.mail(seller.email, ofRequest(body.label)));
  const result = await cutOff(body.id, nth, (key) => seller.confirm(body.id, code, { key }));
  assert.equal(before - await seller.available(), 100);
  return result;
}));
