/*
 * What a partner sells itself, and what a buyer with subscriptions is shown, told and asked (docs/protocol/pay-api.md, "Stores", "Subscriptions";
 * docs/decisions/0064). Under a sandbox partner's test clock, so that a year passes in a moment.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { newPartner } from '../support/partner.mjs';
import { newSeller } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

const GOOD = '4242424242424242';

let s, partner, seller, own;

const post = async (path, body, status = 200) => {
  const answer = await seller.call('POST', path, body);
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  return answer.body;
};
const get = async (path) => (await seller.call('GET', path)).body;

before(async () => {
  s = await sharedStack();
  partner = await newPartner(s, '--sandbox');
  seller = await newSeller(s.env, { token: partner.token });
  own = await post('/v1/stores', { name: 'The platform', owner: 'partner', currency: 'EUR' }, 201);
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await s?.stop();
});

async function kept({ number = GOOD, store = own, amount = 700, exp = '11/59' } = {}) {
  const buyer = randomUUID(), email = `${buyer}@example.com`, agent = createAgent();
  const payment = await post('/v1/payments', { store: store.id, amount, currency: 'EUR', description: 'The first', save_card: { buyer, email, required: true } }, 201);
  const set = await agent.submit(await agent.open(payment.checkout.url), { save_card: 'true' }, { button: 'Pay by card' });
  await agent.submit(set, { number, exp, csc: '123' });
  const card = await eventually(async () => (await get(`/v1/saved_cards?payment=${payment.id}`)).data[0], { what: 'the card is kept' });
  return { card, payment, buyer, email };
}

describe('a store of the partner itself', () => {
  const sales = async () => (await get('/v1/balance?party=own_sales')).available.find(({ currency }) => currency === 'EUR')?.amount ?? 0;

  test('has no user; what it sells is the partner\'s, less what the platform takes by its terms', async () => {
    assert.deepEqual([own.owner, own.user, own.split], ['partner', null, { platform_bp: 500, partner_bp: 0 }]);
    assert.deepEqual((await get(`/v1/stores/${own.id}`)), own);
    const had = await sales(), commission = (await get('/v1/balance?party=partner')).available;
    const payment = await post('/v1/payments', { store: own.id, amount: 1001, currency: 'EUR', description: 'A month of the platform' }, 201);
    const paid = await post(`/v1/payments/${payment.id}/confirm`, { payment_token: 'tok_test_visa' });
    assert.deepEqual([paid.status, paid.user, paid.split], ['succeeded', null, [{ party: 'platform', amount: 50 }, { party: 'partner', amount: 0 }, { party: 'seller', amount: 951 }]]);
    assert.equal(await sales(), had + 951);
    assert.deepEqual((await get('/v1/balance?party=partner')).available, commission, 'and no commission for itself');
    assert.deepEqual((await get('/v1/ledger?account=own_sales')).data.map(({ reference, amount }) => [reference, amount])[0], [payment.id, 951]);
    const statement = await fetch(`${s.env.pay_api}/v1/statement?account=own_sales&currency=EUR`, { headers: { authorization: `Bearer ${seller.token}` } });
    assert.match(await statement.text(), new RegExp(payment.id));
    const refund = await post(`/v1/payments/${payment.id}/refunds`, { amount: 501 });
    assert.equal(refund.split.find(({ party }) => party === 'seller').amount, 476);
    assert.equal(await sales(), had + 475);
  });

  test('takes subscriptions as any store does', async () => {
    const price = await post('/v1/prices', { store: own.id, name: 'The platform, monthly', amount: 700, currency: 'EUR', interval: 'month' }, 201);
    const { card, payment } = await kept();
    const subscription = await post('/v1/subscriptions', { price: price.id, saved_card: card.id, payment: payment.id }, 201);
    await post('/v1/test_clock/advance', { by: 'P32D' }, 202);
    const invoices = await eventually(async () => { const { data } = await get(`/v1/subscriptions/${subscription.id}/invoices`); return data.length === 2 && data.every(({ status }) => status === 'paid') && data; }, { what: 'the second month is paid' });
    assert.deepEqual(invoices.map(({ period, amount_due: due }) => [period, due]), [[1, 700], [0, 700]]);
  });

  test('is opened by the partner\'s own token only, and names no user', async () => {
    assert.equal((await post('/v1/stores', { name: 'x', owner: 'partner', user: seller.user.id, currency: 'EUR' }, 422)).param, 'user');
    assert.equal((await post('/v1/stores', { name: 'x', owner: 'nobody', currency: 'EUR' }, 422)).param, 'owner');
    assert.equal((await seller.call('GET', '/v1/ledger?account=own')).body.param, 'account');
  });
});
