/*
 * Payments by wallet (docs/protocol/wallet.md, pay/payments.md; MONEY 6.A 4 and 11, SECURITY O): the buyer says yes on the wallet's own
 * page, its messages are asked about and not believed, what comes late goes back, refunds go where the money came from, and what a wallet
 * cannot do is refused by name. After all, the invariants view is empty.
 */
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { outcomeOf } from '../support/outcome.mjs';
import { newSeller } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

const BACK = 'https://shop.example/orders/7';
const at = (address) => ({ until: (url) => url.href.startsWith(address) });
let s, seller;

const secret = (name) => readFileSync(join(s.data, 'secrets', name), 'utf8').trim();

before(async () => {
  s = await sharedStack();
  seller = await newSeller(s.env);
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await s?.stop();
});

const create = (fields = {}, store = seller.store.id) => seller.call('POST', '/v1/payments', { store, amount: 1000, currency: 'EUR', description: 'An article', ...fields });
const confirm = (id, fields = {}, { key } = {}) => outcomeOf((options) => seller.call('POST', `/v1/payments/${id}/confirm`, { method: 'wallet', return_url: BACK, ...fields }, options), key);
const read = async (id) => (await seller.call('GET', `/v1/payments/${id}`)).body;
const refund = (id, fields = {}, options) => seller.call('POST', `/v1/payments/${id}/refunds`, fields, options);
const calls = (id) => s.psql(`select op, acquirer, state, decline_code from pay.acquirer_call where payment_id = '${id}' order by created_at, call_id`);
const events = async (id) => (await s.psql(`select type from pay.event where object_id = '${id}' order by sequence`)).map(({ type }) => type);
const becomes = (id, status) => eventually(async () => (await read(id)).status === status, { what: `${id} is ${status}` });
const wallet = async (method, path) => (await fetch(`${s.env.acquirer}/wallet/v1${path}`, { method, headers: { authorization: `Bearer ${secret('wallet_key')}` } })).json();

/* What an acquirer owes us of a payment, by whose account it stands on. */
const owed = async (id) => (await s.psql(`select a.user_id as clearing, sum(p.amount)::int as amount from pay.entry e join pay.posting p using (entry_id)
  join pay.account a using (account_id) where a.kind = 'acquirer_receivable' and e.ref in ('${id}', (select refund_id from pay.refund where payment_id = '${id}' limit 1))
  group by 1`)).map(Object.values);

async function setOut(fields) {
  const { body } = await create(fields);
  const { status, body: waiting } = await confirm(body.id);
  assert.deepEqual([status, waiting.status, waiting.method, waiting.next_action.type], [200, 'requires_action', 'wallet', 'redirect'], JSON.stringify(waiting));
  return { id: body.id, url: waiting.next_action.url };
}

/* The buyer on the wallet's page: logs in and pays. */
async function pay(url, user, agent = createAgent()) {
  const yes = await agent.submit(await agent.open(url), { user }, { button: 'Log in' });
  return agent.submit(yes, {}, { button: 'approve', ...at(BACK) });
}

async function paid(user = 'buyer@wallet.example', fields) {
  const { id, url } = await setOut(fields);
  await pay(url, user);
  await becomes(id, 'succeeded');
  return id;
}

describe('a wallet', () => {
  test('pays what its user says yes to, and is refunded in parts', async () => {
    const had = await seller.available();
    const { id, url } = await setOut();
    assert.equal((await read(id)).status, 'requires_action');
    const back = await pay(url, 'buyer@wallet.example');
    assert.match(back.url.href, /^https:\/\/shop\.example\/orders\/7\?wallet_payment=wp_/);
    await becomes(id, 'succeeded');
    assert.equal(await seller.available(), had + 700);
    assert.deepEqual(await owed(id), [['sandbox_wallet', 1000]]);
    assert.deepEqual((await outcomeOf((options) => refund(id, { amount: 300 }, options))).body.status, 'succeeded');
    assert.deepEqual(await owed(id), [['sandbox_wallet', 700]]);
    assert.deepEqual((await outcomeOf((options) => refund(id, {}, options))).body.amount, 700);
    assert.deepEqual((await calls(id)).map(Object.values), [['charge', 'sandbox_wallet', 'ok', null], ['refund', 'sandbox_wallet', 'ok', null], ['refund', 'sandbox_wallet', 'ok', null]]);
    assert.deepEqual(await events(id), ['payment.requires_action', 'payment.succeeded']);
  });

  test('is told apart from the card that pays beside it', async () => {
    const { body } = await create();
    const { body: done } = await confirm(body.id, { method: 'card', payment_token: 'tok_test_visa' });
    assert.deepEqual([done.status, done.method], ['succeeded', 'card']);
    assert.deepEqual(await owed(body.id), [['', 1000]]);
    assert.deepEqual((await calls(body.id)).map(({ acquirer }) => acquirer), ['sandbox']);
  });

  test('whose user cannot pay is declined, and a card pays in its place', async () => {
    for (const [user, code] of [['poor@wallet.example', ['insufficient_funds', 'retry_later']], ['declined@wallet.example', ['account_blocked', 'do_not_retry']]]) {
      const { id, url } = await setOut();
      await pay(url, user);
      await becomes(id, 'requires_payment_method');
      const declined = await read(id);
      assert.deepEqual([declined.decline_code, declined.advice], code);
      assert.equal((await confirm(id, { method: undefined, payment_token: 'tok_test_visa' })).body.status, 'succeeded');
    }
  });

  test('whose user goes back without paying, or never comes back, is declined', async () => {
    const { id, url } = await setOut();
    const agent = createAgent();
    await agent.submit(await agent.open(url), {}, { button: 'cancel', ...at(BACK) });
    await becomes(id, 'requires_payment_method');
    assert.equal((await read(id)).decline_code, 'canceled_by_buyer');
    const { body: again } = await confirm(id);
    await wallet('POST', `/payments/${again.next_action.url.split('/').at(-1)}/expire`);
    await becomes(id, 'requires_payment_method');
    assert.equal((await read(id)).decline_code, 'expired');
  });

  test('whose messages never come is asked when the buyer comes back', async () => {
    const { body } = await create({ return_url: BACK });
    const agent = createAgent();
    const login = await agent.submit(await agent.open(body.checkout.url), {}, { button: 'Pay by wallet' });
    const yes = await agent.submit(login, { user: 'silent@wallet.example' }, { button: 'Log in' });
    assert.match((await agent.submit(yes, {}, { button: 'approve' })).text, /Paid\. Thank you/);
    assert.equal((await read(body.id)).status, 'succeeded');
  });

  test('in two tabs takes the money once', async () => {
    const { id, url } = await setOut();
    assert.equal((await confirm(id)).body.code, 'payment_state');
    const agents = [createAgent(), createAgent()];
    const tabs = await Promise.all(agents.map(async (agent) => agent.submit(await agent.open(url), { user: 'twice@wallet.example' }, { button: 'Log in' })));
    await Promise.all(tabs.map((tab, i) => agents[i].submit(tab, {}, { button: 'approve', ...at(BACK) })));
    await becomes(id, 'succeeded');
    assert.deepEqual([(await calls(id)).length, await owed(id)], [1, [['sandbox_wallet', 1000]]]);
    const key = randomUUID(), other = (await create()).body.id;
    const [first, second] = [await confirm(other, {}, { key }), await confirm(other, {}, { key })];
    assert.deepEqual(first.body, second.body, 'sent again it is the same attempt');
  });

  test('that pays after the buyer took a card has it back', async () => {
    const { id, url } = await setOut();
    const { body } = await confirm(id, { method: 'card', payment_token: 'tok_test_visa', replace_attempt: true });
    assert.deepEqual([body.status, body.method], ['succeeded', 'card']);
    await pay(url, 'buyer@wallet.example');
    await eventually(async () => (await events(id)).includes('payment_attempt.reversed'), { what: 'the late success goes back' });
    const late = (await calls(id)).filter(({ acquirer }) => acquirer === 'sandbox_wallet').map(({ op, state }) => [op, state]);
    assert.deepEqual(late, [['charge', 'ok'], ['late_refund', 'ok']]);
    assert.deepEqual([(await read(id)).status, await owed(id)], ['succeeded', [['', 1000]]]);
  });

  test('may refuse a refund, or leave it unknown until it is asked', async () => {
    const closed = await paid('closed@wallet.example');
    const { status, body } = await refund(closed, { amount: 100 });
    assert.deepEqual([status, body.decline_code], [402, 'account_closed'], JSON.stringify(body));
    const stuck = await paid('stuck@wallet.example');
    const pending = await refund(stuck, { amount: 100 });
    assert.deepEqual([pending.status, pending.body.status], [202, 'pending']);
    await s.psql(`update pay.acquirer_call set due_at = now() where payment_id = '${stuck}' and is_open`);
    await eventually(async () => (await read(stuck)).amount_refunded === 100, { what: 'the refund is found' });
    assert.deepEqual(await owed(stuck), [['sandbox_wallet', 900]]);
  });
});

describe('a message of the wallet', () => {
  async function send(message, { key = secret('wallet_webhook_secret'), path = '/wallet', id = `evt_${randomUUID()}` } = {}) {
    const body = JSON.stringify({ id, ...message }), now = Math.floor(Date.now() / 1000);
    const signature = createHmac('sha256', Buffer.from(key.slice('whsec_'.length), 'base64')).update(`${id}.${now}.${body}`).digest('base64');
    const answer = await fetch(`${s.env.pay_api}/v1/acquirer/notifications${path}`, {
      method: 'POST', body, headers: { 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': String(now), 'webhook-signature': `v1,${signature}` },
    });
    const [row] = await s.psql(`select state from pay.acquirer_event where event_id = '${id}'`);
    return [answer.status, row?.state];
  }
  const claim = (call, id) => ({ type: 'payment.succeeded', data: { id, object: 'payment', status: 'succeeded', amount: 1000, currency: 'EUR', key: call } });

  test('that claims a payment is asked about, not believed', async () => {
    const { id, url } = await setOut();
    const [{ call_id: call }] = await s.psql(`select call_id from pay.acquirer_call where payment_id = '${id}'`);
    assert.deepEqual(await send(claim(call, url.split('/').at(-1))), [200, 'unmatched']);
    assert.equal((await read(id)).status, 'requires_action');
    assert.deepEqual(await send(claim(call), { key: secret('acquirer_webhook_secret') }), [401, undefined], 'signed by the acquirer of cards');
    assert.deepEqual(await send(claim(call), { key: secret('acquirer_webhook_secret'), path: '' }), [200, 'foreign'], 'which has no say in it');
    assert.deepEqual(await send({ type: 'dispute.needs_response', data: { key: call } }), [200, 'unmatched']);
    assert.equal((await send(claim(call), { path: '/cash' }))[0], 404);
    await seller.call('POST', `/v1/payments/${id}/cancel`);
  });
});

describe('what a wallet cannot do', () => {
  const refused = async (answer, param, code = 'method_unavailable') => {
    const { status, body } = await answer;
    assert.deepEqual([status, body.code, body.param], [422, code, param], JSON.stringify(body));
  };

  test('is refused by name', async () => {
    const { body: { id } } = await create();
    const { body: manual } = await create({ capture_method: 'manual' });
    await refused(confirm(manual.id), 'method');
    await refused(confirm((await create({ amount: 1_000_001 })).body.id), 'method');
    await refused(confirm(id, { method: 'cash' }), 'method', 'invalid_parameter');
    await refused(confirm(id, { payment_token: 'tok_test_visa' }), 'payment_token', 'invalid_parameter');
    await refused(confirm(id, { method: 'card' }), 'payment_token', 'invalid_parameter');
    await refused(confirm(id, { return_url: undefined }), 'return_url', 'invalid_parameter');
    await refused(confirm(id, { return_url: 'javascript:alert(1)' }), 'return_url', 'invalid_parameter');
    assert.deepEqual(await calls(id), [], 'and nothing was asked of anybody');
  });

  test('a store says, and the payments made from then on keep it', async () => {
    const store = async (methods) => (await seller.call('POST', '/v1/stores', { name: 'Shop', user: seller.user.id, currency: 'EUR', methods }));
    for (const wrong of [[], ['cash'], ['card', 'card'], 'card', [1], ['card', 'wallet', 'card']]) await refused(store(wrong), 'methods', 'invalid_parameter');
    const { body: one } = await store(['wallet']);
    assert.deepEqual(one.methods, ['wallet']);
    await refused(create({ capture_method: 'manual' }, one.id), 'capture_method');
    const { body: before } = await create({}, one.id);
    await refused(confirm(before.id, { method: 'card', payment_token: 'tok_test_visa' }), 'method');
    const page = (await createAgent().open(before.checkout.url)).text;
    assert.match(page, /Pay by wallet/);
    assert.doesNotMatch(page, /Pay by card/);
    assert.equal((await seller.call('POST', '/v1/stores/st_nobody/accept', { methods: null })).status, 404);
    const change = await seller.call('POST', `/v1/stores/${one.id}/accept`, { methods: null });
    assert.deepEqual([change.status, change.body.methods], [200, null]);
    const { body: after } = await create({}, one.id); /* at once on this server, which has just made one for a wallet */
    assert.equal((await confirm(after.id, { method: 'card', payment_token: 'tok_test_visa' })).status, 200);
  });
});
