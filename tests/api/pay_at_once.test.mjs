/*
 * A payment that is made and confirmed by one request (docs/protocol/pay/payments.md, `confirm`): as creating and confirming, under
 * one key, and never half of it.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { isOpen, outcomeOf } from '../support/outcome.mjs';
import { newSeller } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

const GOOD = { payment_token: 'tok_test_visa' };
const BACK = 'https://shop.example/back';

let s, seller;

before(async () => {
  s = await sharedStack();
  seller = await newSeller(s.env);
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await s?.stop();
});

const pay = (confirm, fields = {}, options = { key: randomUUID() }) =>
  seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'An article', confirm, ...fields }, options);
const read = async (payment) => (await seller.call('GET', `/v1/payments/${payment}`)).body;
const token = async (number) => (await s.acquirer('POST', '/v1/tokens', { number })).id;
const stored = async (description) => (await s.psql(`select count(*)::int as n from pay.payment where description = '${description}'`))[0].n;

test('is succeeded in the answer, as the payment reads, booked once, with one event', async () => {
  const external = randomUUID();
  const { status, body } = await pay(GOOD, { external_id: external, metadata: { order: '7' } });
  assert.deepEqual([status, body.status, body.method, body.external_id], [200, 'succeeded', 'card', external], JSON.stringify(body));
  const { version, locale, ...there } = await read(body.id);
  assert.deepEqual([there, version, locale], [body, 1, null]);
  assert.deepEqual((await s.psql(`select kind, (select count(*)::int from pay.posting p where p.entry_id = e.entry_id) as lines from pay.entry e where ref = '${body.id}'`)), [{ kind: 'charge', lines: 4 }]);
  assert.deepEqual((await seller.call('GET', `/v1/events?about=${body.id}`)).body.data.map(({ type }) => type), ['payment.succeeded']);
  const given = await seller.call('POST', `/v1/payments/${body.id}/refunds`, { amount: 400 });
  assert.equal(given.status, 200, JSON.stringify(given.body));
});

test('answers the same bytes again under its key, makes one payment of 50 parallel requests, and refuses another request under it', async () => {
  const key = randomUUID(), description = randomUUID();
  const all = await Promise.all(Array.from({ length: 50 }, () => pay(GOOD, { description }, { key })));
  const again = await outcomeOf((options) => pay(GOOD, { description }, options), key);
  assert.equal(again.status, 200, JSON.stringify(again.body));
  for (const one of all.filter((answer) => !isOpen(answer))) assert.deepEqual([one.status, one.body], [200, again.body]);
  assert.equal(await stored(description), 1);
  const other = await pay(undefined, { description }, { key });
  assert.deepEqual([other.status, other.body.code], [422, 'idempotency_mismatch']);
});

test('that is declined says which payment it is, which takes another card', async () => {
  const { status, body } = await pay({ payment_token: await token('4000000000009995') });
  assert.deepEqual([status, body.code, body.decline_code], [402, 'card_declined', 'insufficient_funds']);
  assert.deepEqual([(await read(body.payment)).status, (await read(body.payment)).decline_code], ['requires_payment_method', 'insufficient_funds']);
  const second = await seller.call('POST', `/v1/payments/${body.payment}/confirm`, GOOD);
  assert.deepEqual([second.status, second.body.status], [200, 'succeeded']);
});

test('that the buyer’s bank asks about says where he has to go, and goes on after his answer', async () => {
  const { status, body } = await pay({ payment_token: await token('4000000000003220') }, { return_url: BACK });
  assert.deepEqual([status, body.status, body.next_action.type], [200, 'requires_action', 'redirect']);
  await fetch(body.next_action.url, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'result=approve' });
  await eventually(async () => (await read(body.id)).status === 'succeeded', { what: 'the answer is heard of' });
});

test('in two steps reserves only; by another method sends the buyer there', async () => {
  const reserved = await pay(GOOD, { capture_method: 'manual' });
  assert.deepEqual([reserved.status, reserved.body.status, reserved.body.amount_capturable], [200, 'requires_capture', 1000]);
  const captured = await seller.call('POST', `/v1/payments/${reserved.body.id}/capture`, { amount: 600, final: true });
  assert.deepEqual([captured.status, captured.body.amount_captured], [200, 600]);
  const sent = await pay({ method: 'wallet' }, { return_url: BACK });
  assert.deepEqual([sent.status, sent.body.status, sent.body.method, sent.body.next_action.type], [200, 'requires_action', 'wallet', 'redirect'], JSON.stringify(sent.body));
});

test('charges a card that its store has kept, and none that has ended or another store keeps', async () => {
  const who = randomUUID();
  const first = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'An issue', save_card: { buyer: who, email: `${who}@example.com` } });
  const agent = createAgent();
  const set = await agent.submit(await agent.open(first.body.checkout.url), { save_card: 'true' }, { button: 'Pay by card' });
  await agent.submit(set, { number: '4242424242424242', exp: '11/39', csc: '123' });
  const card = await eventually(async () => (await seller.call('GET', `/v1/saved_cards?store=${seller.store.id}&buyer=${who}`)).body.data[0], { what: 'the card is kept' });
  const key = randomUUID();
  const paid = await pay({ payment_token: card.id }, {}, { key });
  assert.deepEqual([paid.status, paid.body.status, paid.body.card], [200, 'succeeded', { brand: 'visa', last4: '4242' }]);
  const another = await newSeller(s.env);
  const foreign = await another.call('POST', '/v1/payments', { store: another.store.id, amount: 1000, currency: 'EUR', description: 'An issue', confirm: { payment_token: card.id } });
  assert.deepEqual([foreign.status, foreign.body.param], [422, 'confirm.payment_token']);
  await seller.call('DELETE', `/v1/saved_cards/${card.id}`);
  const ended = await pay({ payment_token: card.id });
  assert.deepEqual([ended.status, ended.body.code, ended.body.param], [422, 'invalid_parameter', 'confirm.payment_token']);
  assert.deepEqual(await pay({ payment_token: card.id }, {}, { key }).then(({ status, body }) => [status, body]), [200, paid.body], 'what was answered is answered again');
});

test('refuses what is no means, without a key, in a store that is suspended or under a name that is taken, and makes nothing', async () => {
  const description = randomUUID();
  for (const [means, param, more] of [[{}, 'confirm.payment_token'], [{ method: 'card' }, 'confirm.payment_token'], [{ method: 'wallet', ...GOOD }, 'confirm.payment_token'],
    [{ method: 'barter' }, 'confirm.method'], [{ method: 'bank_transfer' }, 'confirm.method', { currency: 'EUR', capture_method: 'manual' }], [{ method: 'wallet' }, 'return_url'], [{ ...GOOD, replace_attempt: true }, 'confirm.replace_attempt'], ['tok_test_visa', 'confirm']]) {
    const { status, body } = await pay(means, { description, ...more });
    assert.ok([400, 409, 422].includes(status) && body.param === param, `${JSON.stringify(means)}: ${status} ${JSON.stringify(body)}`);
  }
  const keyless = await pay(GOOD, { description }, { key: null });
  assert.deepEqual([keyless.status, keyless.body.code], [400, 'idempotency_key_required']);
  const external = randomUUID(), key = randomUUID();
  assert.equal((await pay(GOOD, { external_id: external }, { key })).status, 200);
  assert.equal((await pay(GOOD, { external_id: external }, { key })).status, 200, 'the same request again');
  assert.equal((await pay(GOOD, { external_id: external, description })).body.code, 'external_id_taken');
  assert.equal((await s.operator('paysrv', 'stores', 'suspend', seller.store.id, '--reason', 'a test')).code, 0);
  assert.equal((await pay(GOOD, { description })).body.code, 'store_state');
  assert.equal((await s.operator('paysrv', 'stores', 'resume', seller.store.id)).code, 0);
  assert.equal(await stored(description), 0);
});
