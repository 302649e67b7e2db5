/*
 * Stripe as the acquirer, against a replica of what its documentation says (docs/protocol/connectors.md; decision 0053): charges,
 * challenges, captures, voids, refunds, outcomes that nobody knows, and messages (SECURITY M 317 to 334, O 354 to 362, F-P17).
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { registry } from '../support/registry.mjs';
import { newSeller } from '../support/seller.mjs';
import { startStack } from '../support/stack.mjs';
import { startStripe } from '../support/stripe.mjs';

const KEY = `sk_test_${randomUUID().replaceAll('-', '')}`;
const SECRET = `whsec_${randomUUID().replaceAll('-', '')}`;
let s, seller, stripe, settings;

before(async () => {
  stripe = await startStripe({ key: KEY, secret: SECRET });
  s = await startStack({ profile: 'demo' });
  settings = {
    PAYSRV_ACQUIRER: 'stripe', PAYSRV_ACQUIRER_MODE: 'test', PAYSRV_ACQUIRER_URL: stripe.url, PAYSRV_ACQUIRER_SETTLEMENTS: 'off', PAYSRV_ACQUIRER_FEES: '', PAYSRV_RECONCILE_AFTER: '1s',
    PAYSRV_ACQUIRER_KEY_FILE: join(s.data, 'secrets', 'stripe_key'), PAYSRV_ACQUIRER_WEBHOOK_SECRET_FILE: join(s.data, 'secrets', 'stripe_webhook_secret'),
  };
  writeFileSync(settings.PAYSRV_ACQUIRER_KEY_FILE, KEY, { mode: 0o600 });
  writeFileSync(settings.PAYSRV_ACQUIRER_WEBHOOK_SECRET_FILE, SECRET, { mode: 0o600 });
  stripe.webhookUrl = `${s.env.pay_api}/v1/acquirer/notifications`;
  await s.restart('paysrv', { env: settings });
  seller = await newSeller(s.env);
});

beforeEach(() => { Object.assign(stripe, { fault: null, quiet: true, searchLags: false, hasSearch: true }); });

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await s?.stop();
  await stripe?.stop();
});

const create = async (fields = {}) => {
  const { status, body } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'An article', ...fields });
  assert.equal(status, 201, JSON.stringify(body));
  return body.id;
};
const confirm = (payment, token = 'pm_card_visa', more = {}, options) => seller.call('POST', `/v1/payments/${payment}/confirm`, { payment_token: token, ...more }, options);
const read = async (payment) => (await seller.call('GET', `/v1/payments/${payment}`)).body;
const becomes = (payment, status) => eventually(async () => (await read(payment)).status === status, { what: `it is ${status}` });
const refund = (payment, amount, options) => seller.call('POST', `/v1/payments/${payment}/refunds`, { amount }, options);
const callOf = async (payment, op = 'charge') => (await s.psql(`select * from pay.acquirer_call where payment_id = '${payment}' and op = '${op}'`))[0];
const stateOf = async (event) => (await s.psql(`select state from pay.acquirer_event where event_id = '${event.id}'`))[0]?.state;
const authorized = async () => {
  const payment = await create({ capture_method: 'manual' });
  assert.equal((await confirm(payment)).body.status, 'requires_capture');
  return payment;
};

test('a server with the key of another mode, a sample, or without secrets does not start', () => {
  const file = (name, text) => {
    const path = join(s.data, 'secrets', name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  };
  const check = (env) => spawnSync(s.program('paysrv'), ['check-config', '--config', s.config('paysrv')], { env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0', ...settings, ...env }, encoding: 'utf8' });
  assert.equal(check({}).status, 0);
  const live = file('stripe_live', `sk_live_${'a'.repeat(24)}`);
  for (const [env, named] of [
    [{ PAYSRV_ACQUIRER_MODE: 'live' }, 'acquirer_key_file'],
    [{ PAYSRV_ACQUIRER_KEY_FILE: live }, 'acquirer_key_file'],
    [{ PAYSRV_ACQUIRER_KEY_FILE: live, PAYSRV_ACQUIRER_MODE: 'live' }, 'acquirer_url'],
    [{ PAYSRV_ACQUIRER_MODE: '' }, 'acquirer_mode'],
    [{ PAYSRV_ACQUIRER_KEY_FILE: file('stripe_sample', 'sk_test_4eC39HqLyjWDarjtT1zdp7dc') }, 'acquirer_key_file'],
    [{ PAYSRV_ACQUIRER_KEY_FILE: file('stripe_public', `pk_test_${'a'.repeat(24)}`) }, 'acquirer_key_file'],
    [{ PAYSRV_ACQUIRER_WEBHOOK_SECRET_FILE: file('stripe_empty', '') }, 'acquirer_webhook_secret_file'],
    [{ PAYSRV_ACQUIRER_WEBHOOK_SECRET_FILE: file('stripe_word', 'whsec_...sample...........') }, 'acquirer_webhook_secret_file'],
    [{ PAYSRV_ACQUIRER_SETTLEMENTS: 'on' }, 'acquirer_settlements'],
    [{ PAYSRV_ACQUIRER: 'paypal' }, 'acquirer'],
  ]) {
    const { status, stderr } = check(env);
    assert.deepEqual([status, stderr.includes(`${named}`)], [2, true], `${JSON.stringify(env)}: ${stderr}`);
  }
});

/* The reconciler asks for others meanwhile. */
const sentFor = (payment) => stripe.requests.filter(({ text }) => text.includes(payment)).length;

describe('a charge', () => {
  test('is one payment intent with our key, and the same request again charges nothing more', async () => {
    const payment = await create(), key = randomUUID();
    const first = await confirm(payment, 'pm_card_visa', {}, { key });
    assert.deepEqual([first.status, first.body.status], [200, 'succeeded'], JSON.stringify(first.body));
    assert.equal((await confirm(payment, 'pm_card_visa', {}, { key })).body.status, 'succeeded');
    const call = await callOf(payment), [intent, ...others] = stripe.intents(payment);
    assert.deepEqual([others.length, intent.id, intent.metadata.stoa_key, intent.amount, intent.currency], [0, call.acquirer_ref, call.call_id, 1000, 'eur']);
    assert.equal(stripe.requests.find(({ text }) => text.includes(payment)).key, call.call_id);
  });

  for (const [token, code] of [['pm_card_chargeDeclined', 'generic_decline'], ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card'], ['pm_nobodys', 'token_unusable'], ['pm_card_threeDSecure2Required', 'authentication_required']]) {
    test(`with ${token} is declined for good: ${code}`, async () => {
      const payment = await create();
      const { status, body } = await confirm(payment, token);
      assert.deepEqual([status, body.code, body.decline_code], [402, 'card_declined', code], JSON.stringify(body));
      assert.equal((await read(payment)).status, 'requires_payment_method');
      assert.equal((await confirm(payment)).body.status, 'succeeded');
    });
  }

  test('says on the buyer’s statement what the store says, as far as there is room behind the account’s prefix', async () => {
    const before = await create();
    await confirm(before);
    assert.equal(stripe.intents(before)[0].statement_descriptor_suffix, null, 'a store that says nothing');
    assert.equal((await seller.call('POST', `/v1/stores/${seller.store.id}/branding`, { statement_descriptor: 'ASA AND SONS' })).status, 200);
    const payment = await create();
    assert.equal((await confirm(payment)).body.status, 'succeeded');
    assert.equal(stripe.intents(payment)[0].statement_descriptor_suffix, 'ASA AND');
    await seller.call('POST', `/v1/stores/${seller.store.id}/branding`, {});
  });

  test('that Stripe cannot move is refused when it is made, by its field', async () => {
    const { status, body } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 49, currency: 'EUR', description: 'x', capture_method: 'manual' });
    assert.deepEqual([status, body.code, body.param], [422, 'acquirer_refuses', 'amount']);
    const small = await create({ amount: 49 });
    const { status: refused, body: why } = await confirm(small);
    assert.deepEqual([refused, why.code, why.param, sentFor(small)], [422, 'method_unavailable', 'method', 0], 'a wallet may pay it, and no card');
  });

  test('pays out to no cards, which is said when one is added', async () => {
    const card = await seller.call('POST', `/v1/users/${seller.user.id}/requisites`, { type: 'card', token: 'pm_card_visa' });
    assert.deepEqual([card.status, card.body.code, card.body.param], [422, 'acquirer_refuses', 'type']);
  });

  test('has no card page here: the buyer is told, and nothing is sent', async () => {
    const payment = (await seller.call('GET', `/v1/payments/${await create()}`)).body;
    const path = new URL(payment.checkout.url).pathname;
    const answer = await fetch(`${s.env.pay_api}${path}/start`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: '' });
    assert.deepEqual([answer.status, sentFor(payment.id)], [422, 0]);
  });
});

describe('a challenge', () => {
  const challenged = async (more) => {
    const payment = await create(more);
    const { body } = await confirm(payment, 'pm_card_threeDSecure2Required', { return_url: 'https://shop.example/back' });
    assert.equal(body.status, 'requires_action', JSON.stringify(body));
    const [intent] = stripe.intents(payment);
    assert.equal(body.next_action.url, intent.next_action.redirect_to_url.url);
    return [payment, intent.id];
  };

  test('that the buyer passes is told by a message, and by nobody else', async () => {
    const [payment, intent] = await challenged();
    stripe.quiet = false;
    stripe.challenge(intent, true);
    await becomes(payment, 'succeeded');
    const { card, three_d_secure: authenticated } = await read(payment);
    assert.deepEqual([card, authenticated], [{ brand: 'visa', last4: '4242' }, { flow: 'challenge', result: 'authenticated', liability_shift: true }]);
  });

  test('that he passes without having the money is authenticated and declined', async () => {
    const [payment, intent] = await challenged();
    stripe.quiet = false;
    stripe.challenge(intent, 'declined');
    await becomes(payment, 'requires_payment_method');
    const { decline_code, three_d_secure: { result } } = await read(payment);
    assert.deepEqual([decline_code, result], ['insufficient_funds', 'authenticated']);
  });

  test('that he passes after the payment was given up goes back: what was taken by a refund, what was held by a void', async () => {
    const [taken, one] = await challenged(), [held, other] = await challenged({ capture_method: 'manual' });
    await s.psql(`update pay.acquirer_call set due_at = now() + interval '1 hour' where payment_id in ('${taken}', '${held}')`); /* he is faster than who would end it */
    for (const payment of [taken, held]) assert.equal((await seller.call('POST', `/v1/payments/${payment}/cancel`)).body.status, 'canceled');
    stripe.quiet = false;
    stripe.challenge(one, true);
    stripe.challenge(other, true);
    const reversed = async (payment, op) => (await callOf(payment, op))?.state === 'ok';
    await eventually(async () => await reversed(taken, 'late_refund') && await reversed(held, 'late_void'), { what: 'both went back' });
    assert.deepEqual([stripe.refunds(one).map(({ amount }) => amount), stripe.intents(held)[0].status, (await read(taken)).status], [[1000], 'canceled', 'canceled']);
    const suspense = async () => (await s.psql(`select sum(p.amount)::int as held from pay.posting p join pay.account a using (account_id) where a.kind = 'suspense'`))[0].held;
    const calls = () => s.psql(`select call_id, state from pay.acquirer_call where payment_id = '${taken}' and op = 'late_refund' order by created_at`);
    assert.equal(await suspense(), 0);
    stripe.refundEnds(stripe.refunds(one)[0].id, 'failed', 'unknown');
    await eventually(async () => (await calls()).length === 2, { what: 'what came back is to be given back once more' });
    assert.deepEqual([(await calls()).map(({ state }) => state), await suspense()], [['declined', 'intent'], -1000]);
    await s.psql(`update pay.acquirer_call set due_at = now() where payment_id = '${taken}' and state = 'intent'`);
    await eventually(async () => (await calls())[1].state === 'ok', { what: 'it went back' });
    assert.equal(await suspense(), 0);
  });

  test('that he leaves for good is ended when the payment is given up, and asked about no more', async () => {
    const [payment, intent] = await challenged();
    assert.equal((await seller.call('POST', `/v1/payments/${payment}/cancel`)).body.status, 'canceled');
    await s.psql(`update pay.acquirer_call set due_at = now() where payment_id = '${payment}'`);
    await eventually(async () => !(await callOf(payment)).is_open, { what: 'the attempt has its end' });
    const { state, decline_code: code } = await callOf(payment);
    assert.deepEqual([state, code, stripe.intents(payment).map(({ id, status }) => [id, status])], ['declined', 'canceled', [[intent, 'canceled']]]);
    assert.deepEqual([(await read(payment)).status, await s.psql(`select type from pay.event where object_id = '${payment}' and type = 'payment.failed'`)], ['canceled', []]);
  });

  test('that he fails is declined, and the intent is ended, so that nobody pays it afterwards', async () => {
    const [payment, intent] = await challenged();
    stripe.quiet = false;
    stripe.challenge(intent, false);
    await becomes(payment, 'requires_payment_method');
    const failed = await read(payment);
    assert.deepEqual([failed.decline_code, failed.three_d_secure], ['authentication_failed', { flow: null, result: 'failed', liability_shift: false }]);
    assert.equal(stripe.intents(payment)[0].status, 'canceled');
  });
});

describe('an authorization', () => {
  test('is captured once, in part or whole, and the rest is released', async () => {
    const payment = await authorized();
    const some = await seller.call('POST', `/v1/payments/${payment}/capture`, { amount: 300 });
    assert.deepEqual([some.status, some.body.code, some.body.param], [422, 'acquirer_refuses', 'final'], JSON.stringify(some.body));
    const last = await seller.call('POST', `/v1/payments/${payment}/capture`, { amount: 300, final: true });
    assert.deepEqual([last.status, last.body.status, last.body.amount_captured], [200, 'succeeded', 300], JSON.stringify(last.body));
    const [intent] = stripe.intents(payment);
    assert.deepEqual([intent.amount_received, intent.metadata.stoa_capture], [300, last.body.capture.id]);
  });

  test('is voided', async () => {
    const payment = await authorized();
    const { status, body } = await seller.call('POST', `/v1/payments/${payment}/cancel`);
    assert.deepEqual([status, body.status, stripe.intents(payment)[0].status], [200, 'canceled', 'canceled'], JSON.stringify(body));
    const late = stripe.eventOf('payment_intent.amount_capturable_updated', stripe.intents(payment)[0]);
    assert.deepEqual([(await stripe.deliver(late)).status, await stateOf(late)], [200, 'duplicate'], 'that it is no more is what was asked for');
  });

  test('whose capture or void got no answer is held, and known by the state of the intent', async () => {
    const [captured, voided] = [await authorized(), await authorized()];
    stripe.fault = 'error_after';
    assert.equal((await seller.call('POST', `/v1/payments/${captured}/capture`)).status, 202);
    stripe.fault = 'lost';
    assert.equal((await seller.call('POST', `/v1/payments/${voided}/cancel`)).status, 202);
    await becomes(captured, 'succeeded');
    await becomes(voided, 'canceled');
  });

  test('that is over before its capture declines it, and the next one, too', async () => {
    const payment = await authorized(), [intent] = stripe.intents(payment);
    stripe.expire(intent.id);
    for (const n of [1, 2]) {
      assert.equal((await seller.call('POST', `/v1/payments/${payment}/capture`)).status, 202, 'it is in another state: it is asked for');
      await eventually(async () => (await s.psql(`select 1 from pay.capture where payment_id = '${payment}' and status = 'failed'`)).length === n, { what: `capture ${n} is declined` });
    }
    assert.deepEqual((await s.psql(`select decline_code, acquirer_ref from pay.acquirer_call where payment_id = '${payment}' and op = 'capture'`)),
      Array(2).fill({ decline_code: 'authorization_released', acquirer_ref: null }));
  });

  test('releases what nobody captures as a refund, which is no news', async () => {
    const [voided, part, over] = [await authorized(), await authorized(), await authorized()], before = stripe.events.length;
    assert.equal((await seller.call('POST', `/v1/payments/${voided}/cancel`)).status, 200);
    assert.equal((await seller.call('POST', `/v1/payments/${part}/capture`, { amount: 300, final: true })).status, 200);
    stripe.expire(stripe.intents(over)[0].id);
    const events = stripe.events.slice(before), released = events.filter(({ type }) => type === 'refund.created');
    assert.equal(released.length, 3);
    for (const event of events) assert.equal((await stripe.deliver(event)).status, 200);
    assert.deepEqual(await Promise.all(released.map(stateOf)), Array(3).fill('unmatched'));
    assert.deepEqual(await s.psql("select ref, detail from pay.anomaly where kind = 'notification'"), []);
    assert.equal((await refund(part, 300)).body.status, 'succeeded', 'what was captured is all there');
    const again = stripe.eventOf('refund.created', { ...released.find(({ data }) => data.object.amount === 700).data.object, id: 're_elsewhere' });
    assert.equal((await stripe.deliver(again)).status, 200);
    assert.equal((await s.psql(`select 1 from pay.anomaly where kind = 'notification' and ref = '${again.id}'`)).length, 1, 'as much again is somebody’s refund');
    await s.psql("delete from pay.anomaly where kind = 'notification'");
  });

  test('that somebody captured in Stripe’s dashboard is for a human', async () => {
    const payment = await authorized(), [intent] = stripe.intents(payment);
    await fetch(`${stripe.url}/v1/payment_intents/${intent.id}/capture`, { method: 'POST', body: 'amount_to_capture=1000',
      headers: { authorization: `Bearer ${KEY}`, 'stripe-version': '2025-03-31.basil', 'content-type': 'application/x-www-form-urlencoded', 'idempotency-key': randomUUID() } });
    const event = stripe.events.at(-1);
    assert.equal((await stripe.deliver(event)).status, 200);
    assert.deepEqual([await stateOf(event), (await read(payment)).status], ['anomaly', 'requires_capture']);
    await s.psql("delete from pay.anomaly where kind = 'notification'");
  });
});

describe('a refund', () => {
  const paid = async (token) => {
    const payment = await create();
    assert.equal((await confirm(payment, token)).body.status, 'succeeded');
    return payment;
  };
  const made = async (payment) => stripe.refunds((await callOf(payment)).acquirer_ref);

  test('in parts, and one without an answer is found by its key among those of the intent', async () => {
    const payment = await paid();
    assert.equal((await refund(payment, 200)).body.status, 'succeeded');
    stripe.fault = 'lost';
    assert.equal((await refund(payment, 300)).status, 202);
    await eventually(async () => (await read(payment)).amount_refunded === 500, { what: 'the refund is known' });
    assert.deepEqual((await made(payment)).map(({ amount }) => amount), [200, 300]);
  });

  test('that waits at Stripe is pending until it ends', async () => {
    const payment = await paid('pm_card_pendingRefund');
    assert.equal((await refund(payment, 400)).status, 202);
    const [one] = await made(payment);
    stripe.quiet = false;
    stripe.refundEnds(one.id, 'succeeded');
    await eventually(async () => (await read(payment)).amount_refunded === 400, { what: 'it has ended' });
  });

  test('that Stripe refuses is declined, and so is the next: both errors carry the same intent', async () => {
    const payment = await paid(), { acquirer_ref: intent } = await callOf(payment);
    stripe.dispute(intent);
    for (const amount of [100, 200]) {
      const { status, body } = await refund(payment, amount);
      assert.deepEqual([status, body.code, body.decline_code], [402, 'refund_declined', 'charge_disputed'], JSON.stringify(body));
    }
    assert.deepEqual(await s.psql(`select state, acquirer_ref from pay.acquirer_call where payment_id = '${payment}' and op = 'refund'`), Array(2).fill({ state: 'declined', acquirer_ref: null }));
  });

  test('of more than is left at Stripe is declined: somebody has given back in its dashboard', async () => {
    const payment = await paid(), { acquirer_ref: intent } = await callOf(payment);
    await fetch(`${stripe.url}/v1/refunds`, { method: 'POST', body: `payment_intent=${intent}&amount=700`,
      headers: { authorization: `Bearer ${KEY}`, 'stripe-version': '2025-03-31.basil', 'content-type': 'application/x-www-form-urlencoded', 'idempotency-key': randomUUID() } });
    const { status, body } = await refund(payment, 400);
    assert.deepEqual([status, body.code, body.decline_code], [402, 'refund_declined', 'amount_too_large'], JSON.stringify(body));
    assert.equal((await refund(payment, 300)).body.status, 'succeeded');
  });

  const balance = async () => (await seller.call('GET', `/v1/balance?user=${seller.user.id}`)).body;
  const shares = (payment) => s.psql(`select a.kind, sum(p.amount)::int as amount from pay.entry e join pay.posting p using (entry_id) join pay.account a using (account_id)
    where e.ref in (select refund_id from pay.refund where payment_id = '${payment}') and e.kind like 'refund%' group by 1 order by 1`);

  test('that fails while it waits is declined', async () => {
    const payment = await paid('pm_card_pendingRefund');
    assert.equal((await refund(payment, 400)).status, 202);
    stripe.quiet = false;
    stripe.refundEnds((await made(payment))[0].id, 'failed');
    await eventually(async () => (await callOf(payment, 'refund')).state === 'declined', { what: 'it is declined' });
    assert.equal((await read(payment)).amount_refunded, 0);
  });

  test('that fails after it succeeded is failed, and its money is where it was: with the seller, and to be refunded again', async () => {
    const payment = await paid(), before = await balance();
    const { body: { id } } = await refund(payment, 400);
    stripe.refundEnds((await made(payment))[0].id, 'failed');
    const event = stripe.events.at(-1);
    for (const deaf of [429, 503]) {
      stripe.deaf = deaf;
      assert.equal((await stripe.deliver(event)).status, 503, 'as long as nothing can be asked it is sent again');
    }
    stripe.deaf = 0;
    assert.deepEqual([await stateOf(event), (await read(payment)).amount_refunded], [undefined, 400]);
    assert.deepEqual([(await stripe.deliver(event)).status, await stateOf(event)], [200, 'applied']);
    const again = { ...event, id: `${event.id}again` };
    assert.deepEqual([(await stripe.deliver(again)).status, await stateOf(again)], [200, 'duplicate']);
    const { status, decline_code: code } = (await seller.call('GET', `/v1/refunds/${id}`)).body;
    assert.deepEqual([status, code, (await read(payment)).amount_refunded, await balance()], ['failed', 'expired_or_canceled_card', 0, before]);
    assert.deepEqual(await s.psql(`select type, (entry_id is not null) as booked from pay.event where object_id = '${id}' order by entry_id`),
      [{ type: 'refund.succeeded', booked: true }, { type: 'refund.failed', booked: true }]);
    assert.deepEqual((await shares(payment)).map(({ amount }) => amount), [0, 0, 0, 0]);
    assert.equal((await refund(payment, 1000)).body.status, 'succeeded', 'all of it is left');
    assert.deepEqual(await s.psql("select ref, detail from pay.anomaly where kind in ('notification', 'acquirer_answer')"), []);
  });

  test('that fails as its test card says, before another one that stays, comes back whichever was first', async () => {
    const payment = await paid('pm_card_refundFail');
    stripe.quiet = false;
    const { body: { id } } = await refund(payment, 333);
    await eventually(async () => (await seller.call('GET', `/v1/refunds/${id}`)).body.status === 'failed', { what: 'it has failed' });
    const other = await paid(), kept = [];
    stripe.quiet = true;
    for (const amount of [333, 222]) kept.push((await refund(other, amount)).body.id);
    const first = (await made(other)).find(({ amount }) => amount === 333);
    stripe.refundEnds(first.id, 'failed');
    assert.equal((await stripe.deliver(stripe.events.at(-1))).status, 200);
    assert.equal((await refund(other, 778)).body.status, 'succeeded');
    const charged = await s.psql(`select a.kind, sum(p.amount)::int as amount from pay.entry e join pay.posting p using (entry_id) join pay.account a using (account_id)
      where e.ref = '${other}' group by 1 order by 1`);
    assert.deepEqual(await shares(other), charged.map(({ kind, amount }) => ({ kind, amount: -amount })), 'each has given what he got');
  });
});

describe('a charge whose outcome nobody knows', () => {
  const isAged = (payment, by) => s.psql(`update pay.acquirer_call set sent_at = now() ${by} where payment_id = '${payment}'`);

  test('is processing, asked for and sent again under its key, and charged once', async () => {
    const begun = [];
    for (const fault of ['error_after', 'lost', 'garbage', 'error_before', 'limited', 'conflict']) {
      const payment = await create(), key = randomUUID();
      stripe.fault = fault;
      const { status, body } = await confirm(payment, 'pm_card_visa', {}, { key });
      assert.deepEqual([status, body.status], [202, 'processing'], `${fault}: ${JSON.stringify(body)}`);
      begun.push({ fault, payment, key });
    }
    await s.psql("update pay.acquirer_call set sent_at = sent_at - interval '1 minute' where is_open");
    for (const { fault, payment, key } of begun) {
      await becomes(payment, 'succeeded');
      assert.equal((await confirm(payment, 'pm_card_visa', {}, { key })).body.status, 'succeeded', fault);
      assert.equal(stripe.intents(payment).length, 1, fault);
    }
    assert.deepEqual(await s.psql("select ref, detail from pay.anomaly where kind = 'acquirer_answer'"), [], 'a conflict mends itself');
  });

  test('is never declined because search has not seen it yet: the same key brings the answer of the first time', async () => {
    const payment = await create();
    Object.assign(stripe, { fault: 'lost', searchLags: true });
    assert.equal((await confirm(payment)).status, 202);
    await isAged(payment, "+ interval '1 hour'"); /* however long the next look takes, it is not old enough to be sent again */
    const searches = () => stripe.requests.filter(({ path }) => path.endsWith('/search')).length, before = searches();
    await eventually(() => searches() > before, { what: 'it was searched for' });
    assert.equal((await read(payment)).status, 'processing');
    await isAged(payment, "- interval '1 minute'");
    await becomes(payment, 'succeeded');
    assert.equal(stripe.intents(payment).length, 1);
  });

  test('of an account that has no search is known by the same key, too', async () => {
    const payment = await create();
    Object.assign(stripe, { fault: 'lost', hasSearch: false });
    assert.equal((await confirm(payment)).status, 202);
    await s.psql(`update pay.acquirer_call set sent_at = sent_at - interval '1 minute' where payment_id = '${payment}'`);
    await becomes(payment, 'succeeded');
    assert.equal(stripe.intents(payment).length, 1);
  });

  test('and which Stripe never confirmed is ended there and declined, so that the buyer can try again', async () => {
    const payment = await create();
    stripe.fault = 'broken_off';
    assert.equal((await confirm(payment)).status, 202);
    await becomes(payment, 'requires_payment_method');
    assert.deepEqual([(await read(payment)).decline_code, stripe.intents(payment)[0].status], ['processing_error', 'canceled']);
    assert.equal((await confirm(payment)).body.status, 'succeeded');
  });

  test('and is past the retention of keys is only asked for: a human is told, and nothing is sent', async () => {
    const payment = await create();
    Object.assign(stripe, { fault: 'lost', searchLags: true });
    await confirm(payment);
    await isAged(payment, "+ interval '1 hour'");
    stripe.forget();
    await s.psql(`update pay.acquirer_call set sent_at = now() - interval '25 hours', created_at = created_at - interval '25 hours' where payment_id = '${payment}'`);
    const { call_id: call } = await callOf(payment);
    const { id } = await eventually(async () => (await s.psql(`select anomaly_id as id from pay.anomaly where kind = 'call_unresolved' and ref = '${call}'`))[0], { what: 'a human is told' });
    const wrong = await s.operator('paysrv', 'anomalies', 'resolve', String(id), '--as', 'succeeded', '--ref', 'ch_3Nabc', '--note', 'in the dashboard', { env: settings });
    assert.deepEqual([wrong.code, /begins with pi_/.test(wrong.stderr)], [1, true], `${wrong.stderr}: a charge is known by its intent`);
    assert.deepEqual([stripe.intents(payment).length, (await read(payment)).status], [1, 'processing']);
    stripe.searchLags = false;
    await becomes(payment, 'succeeded');
  });

  test('because the server was killed with the answer on its way, is charged once', async () => {
    const payment = await create();
    s.dieAt('charge.after_call');
    await assert.rejects(confirm(payment));
    await s.ended('paysrv');
    await s.restart('paysrv', { env: settings });
    await becomes(payment, 'succeeded');
    assert.equal(stripe.intents(payment).length, 1);
  });
});

describe('a message', () => {
  const succeeded = (payment) => stripe.eventOf('payment_intent.succeeded', stripe.intents(payment)[0]);

  test('that comes before our own answer is the outcome, and again is nothing', async () => {
    const payment = await create();
    stripe.fault = 'hold';
    const waiting = confirm(payment);
    await eventually(() => stripe.intents(payment)[0]?.status === 'succeeded', { what: 'Stripe has charged' });
    const event = succeeded(payment);
    assert.equal((await stripe.deliver(event)).status, 200);
    assert.equal((await read(payment)).status, 'succeeded');
    assert.equal((await stripe.deliver(event)).status, 200);
    const other = succeeded(payment);
    assert.equal((await stripe.deliver(other)).status, 200);
    stripe.release();
    assert.equal((await waiting).body.status, 'succeeded');
    assert.deepEqual([await stateOf(event), await stateOf(other)], ['applied', 'duplicate']);
    assert.equal((await s.psql(`select 1 from pay.entry where kind = 'charge' and ref = '${payment}'`)).length, 1);
  });

  test('is a hint: what it claims is asked for, and what is old changes nothing', async () => {
    const payment = await create();
    await confirm(payment, 'pm_card_threeDSecure2Required', { return_url: 'https://shop.example/back' });
    const claim = stripe.eventOf('payment_intent.succeeded', { ...stripe.intents(payment)[0], status: 'succeeded', amount_received: 1000 });
    assert.equal((await stripe.deliver(claim)).status, 200);
    assert.deepEqual([await stateOf(claim), (await read(payment)).status], ['unmatched', 'requires_action']);
    stripe.challenge(stripe.intents(payment)[0].id, true);
    assert.equal((await stripe.deliver(stripe.events.at(-1))).status, 200);
    const late = stripe.eventOf('payment_intent.payment_failed', stripe.intents(payment)[0]);
    assert.equal((await stripe.deliver(late)).status, 200);
    assert.deepEqual([await stateOf(late), (await read(payment)).status], ['duplicate', 'succeeded']);
  });

  test('without a good signature, too old or changed is refused and stored nowhere; one of several secrets is enough', async () => {
    const payment = await create();
    await confirm(payment);
    const event = succeeded(payment), body = JSON.stringify(event), now = Math.floor(Date.now() / 1000);
    const post = (headers, text = body) => fetch(stripe.webhookUrl, { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...headers } });
    const signed = (options) => ({ 'stripe-signature': stripe.sign(body, options) });
    for (const [headers, text] of [[{}], [{ 'stripe-signature': 't=1,v1=' }], [signed({ key: 'whsec_other' })], [signed({ at: now - 301 })], [signed({ at: now + 600 })], [signed(), `${body} `]])
      assert.equal((await post(headers, text)).status, 401);
    assert.equal(await stateOf(event), undefined);
    assert.equal((await post({ 'stripe-signature': stripe.sign('[', {}) }, '[')).status, 400);
    assert.equal((await post(signed({ old: ['whsec_before'] }))).status, 200);
  });

  test('of live mode, of a connected account, of a dispute or of a refund made elsewhere is set aside for a human; what we did not ask for is only kept', async () => {
    const payment = await create();
    await confirm(payment);
    const foreign = [{ ...succeeded(payment), livemode: true }, { ...succeeded(payment), account: 'acct_other' }];
    const others = await create();
    await confirm(others);
    const disputed = stripe.dispute(stripe.intents(others)[0].id);
    const dispute = stripe.events.at(-1);
    stripe.strip(stripe.intents(others)[0].id);
    const elsewhere = stripe.eventOf('refund.created', { id: 're_elsewhere', object: 'refund', status: 'succeeded', currency: 'eur', amount: 100, payment_intent: stripe.intents(payment)[0].id, metadata: {} });
    const alarms = [...foreign, dispute, elsewhere];
    const strange = [stripe.eventOf('charge.succeeded', { id: 'ch_1', object: 'charge' }), stripe.eventOf('payment_intent.succeeded', { ...stripe.intents(payment)[0], metadata: {} })];
    for (const event of [...alarms, ...strange]) assert.equal((await stripe.deliver(event)).status, 200);
    assert.deepEqual(await Promise.all([...alarms, ...strange].map(stateOf)), ['foreign', 'foreign', 'unmatched', 'unmatched', 'unmatched', 'unmatched']);
    const told = async (ref) => (await s.psql(`select 1 from pay.anomaly where kind = 'notification' and (ref = '${ref}' or ref like '${ref}/%')`)).length;
    assert.deepEqual(await Promise.all([...foreign, { id: disputed }, elsewhere, dispute, ...strange].map(({ id }) => told(id))), [1, 1, 1, 1, 0, 0, 0]);
    await s.psql("delete from pay.anomaly where kind = 'notification'");
  });
});

test('a registry that is made of its payout report, as connectors.md says, fits our books line by line', async () => {
  const payment = await create(), disputed = await create({ amount: 5_000 }), held = await authorized(), line = async (id, op) => {
    const { call_id: key, acquirer_ref: ref } = await callOf(id, op);
    return { id: ref, key };
  };
  await confirm(payment);
  await confirm(disputed);
  assert.equal((await refund(payment, 200)).body.status, 'succeeded');
  stripe.refundEnds(stripe.refunds(stripe.intents(payment)[0].id)[0].id, 'failed');
  assert.equal((await stripe.deliver(stripe.events.at(-1))).status, 200);
  assert.equal((await seller.call('POST', `/v1/payments/${held}/capture`, { amount: 300, final: true })).status, 200);
  const dispute = stripe.dispute(stripe.intents(disputed)[0].id);
  assert.equal((await stripe.deliver(stripe.events.at(-1))).status, 200);
  const lines = [
    { type: 'charge', ...await line(payment), gross: 1_000, fee: 40 }, { type: 'refund', ...await line(payment, 'refund'), gross: -200 },
    { type: 'refund_return', ...await line(payment, 'refund'), gross: 200 }, { type: 'capture', ...await line(held, 'capture'), gross: 300, fee: 30 },
    { type: 'charge', ...await line(disputed), gross: 5_000, fee: 95 }, { type: 'chargeback', id: dispute, gross: -5_000, fee: 1_500 },
  ];
  const made = registry(lines, { id: `po_${randomUUID().replaceAll('-', '').slice(0, 24)}` }), file = join(s.data, made.id);
  writeFileSync(file, made.text);
  const { code, stderr } = await s.operator('paysrv', 'reconcile', 'import', file, { env: settings });
  assert.equal(code, 0, stderr);
  const outcomes = () => s.psql(`select l.acquirer_id as id, l.outcome from pay.settlement_line l join pay.settlement r using (settlement_id) where r.acquirer_ref = '${made.id}' order by l.line_id`);
  await eventually(async () => (await outcomes()).every(({ outcome }) => outcome), { what: 'each line has an outcome' });
  assert.deepEqual(await outcomes(), lines.map(({ id }) => ({ id, outcome: 'matched' })));
});

describe('a dispute', () => {
  const paid = async () => {
    const payment = await create({ amount: 10_000 });
    await confirm(payment);
    return [payment, stripe.intents(payment)[0].id];
  };
  const deliver = async () => assert.equal((await stripe.deliver(stripe.events.at(-1))).status, 200);
  const ours = async (payment) => (await seller.call('GET', `/v1/disputes?payment=${payment}`)).body.data[0];

  test('takes the money and the fee when it is told, as it stands at Stripe, and gives it back when it is won', async () => {
    const [payment, intent] = await paid(), before = await seller.available();
    const id = stripe.dispute(intent);
    await deliver();
    const opened = await ours(payment);
    assert.deepEqual([opened.phase, opened.status, opened.amount, opened.amount_taken, opened.fee, opened.funds, opened.reason], ['chargeback', 'needs_response', 10_000, 10_000, 1_500, 'held', 'fraudulent'], JSON.stringify(opened));
    assert.equal(await seller.available(), before - opened.split.find(({ party }) => party === 'seller').amount);
    await deliver();
    stripe.disputeEnds(id, 'won');
    const first = stripe.events.at(-2);
    assert.equal((await stripe.deliver(first)).status, 200, 'the first message again, which now finds it won');
    assert.deepEqual([(await ours(payment)).status, (await ours(payment)).funds, await seller.available()], ['won', 'returned', before - 1_500]);
    await deliver();
    stripe.disputeEnds(id, 'lost');
    await deliver();
    assert.deepEqual([(await ours(payment)).status, await stateOf(stripe.events.at(-1))], ['won', 'anomaly'], 'decided otherwise afterwards is for a person');
    await s.psql("delete from pay.anomaly where kind = 'notification'");
  });

  test('that asks only moves no money, and does when it becomes a chargeback; accepted it is lost', async () => {
    const [payment, intent] = await paid(), before = await seller.available();
    const id = stripe.dispute(intent, { amount: 4_000, status: 'warning_needs_response' });
    await deliver();
    assert.deepEqual([(await ours(payment)).phase, (await ours(payment)).funds, await seller.available()], ['inquiry', 'none', before]);
    stripe.disputeEnds(id, 'needs_response');
    await deliver();
    const dispute = await ours(payment);
    assert.deepEqual([dispute.phase, dispute.amount_taken, dispute.funds], ['chargeback', 4_000, 'held']);
    const { status, body } = await seller.call('POST', `/v1/disputes/${dispute.id}/accept`);
    assert.deepEqual([status, body.status, body.funds, stripe.disputes.get(id).status], [200, 'lost', 'lost', 'lost'], JSON.stringify(body));
  });

  test('is answered with text and files, once, whatever becomes of the answer', async () => {
    const [payment, intent] = await paid(), id = stripe.dispute(intent);
    await deliver();
    const dispute = await ours(payment), path = `/v1/disputes/${dispute.id}`;
    await seller.call('POST', `${path}/evidence`, { text: 'He has read it.' });
    const add = (content, type) => fetch(`${s.env.pay_api}${path}/files`, { method: 'POST', body: content, headers: { authorization: `Bearer ${seller.token}`, 'content-type': type } });
    const proof = '%PDF-1.4\r\n\r\nproof\r\n--stoa-8c1f0d5e7a2b4963\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nidentity_document'; /* what once parted a form: a file ends no part of it */
    assert.equal((await add(proof, 'application/pdf')).status, 201);
    const log = 'из журнала '.repeat(1_000); /* 11,000 characters, and nearly twice as many bytes */
    assert.equal((await add(log, 'text/plain')).status, 201);
    stripe.fault = 'error_after';
    const { status, body } = await seller.call('POST', `${path}/submit`);
    assert.deepEqual([status, body.status], [200, 'under_review'], 'an error after it arrived: the dispute says that it has');
    const { evidence, evidence_details: details } = stripe.disputes.get(id);
    assert.ok(/^He has read it\.\n\n.*:\n/.test(evidence.uncategorized_text) && evidence.uncategorized_text.endsWith(`:\n${log}`));
    const [late, other] = await paid();
    stripe.dispute(other, { due: Math.floor(Date.now() / 1000) + 3_600 });
    await deliver();
    const { id: hopeless } = await ours(late);
    await fetch(`${s.env.pay_api}/v1/disputes/${hopeless}/files`, { method: 'POST', body: 'x'.repeat(20_001), headers: { authorization: `Bearer ${seller.token}`, 'content-type': 'text/plain' } });
    assert.equal((await seller.call('POST', `/v1/disputes/${hopeless}/submit`)).status, 202);
    assert.match((await s.psql(`select detail from pay.anomaly where kind = 'dispute_not_told' and ref = '${hopeless}'`))[0]?.detail ?? '', /20000/, 'its time is short, and nobody else would say that it has not gone');
    assert.deepEqual([stripe.uploads.get(evidence.uncategorized_file).content, details.submission_count, stripe.uploads.size], [proof, 1, 1]);
  });

  test('of which Stripe says nothing at the moment is told again, and one of a charge from elsewhere is for a person', async () => {
    const [payment, intent] = await paid(), id = stripe.dispute(intent), gone = stripe.disputes.get(id);
    stripe.disputes.delete(id);
    assert.equal((await stripe.deliver(stripe.events.at(-1))).status, 503);
    assert.deepEqual([await ours(payment), await stateOf(stripe.events.at(-1))], [undefined, undefined]);
    stripe.disputes.set(id, gone);
    await deliver();
    assert.equal((await ours(payment)).status, 'needs_response');
  });

  describe('of which no message came', () => {
    /* As if its ten minutes were over. */
    const walked = (judge, what) => eventually(async () => { await s.psql('update pay.dispute_walk set due_at = now() where due_at > now()'); return judge(); }, { what });
    const told = async (dispute) => (await s.psql(`select type from pay.event where object_id = '${dispute.id}' order by type`)).map(({ type }) => type);

    test('is found by asking, once, whichever of both is first; and so is how it ended', async () => {
      const [payment, intent] = await paid(), before = await seller.available();
      const id = stripe.dispute(intent, { created: Math.floor(Date.now() / 1000) - 30 * 86_400 }), late = stripe.events.at(-1);
      const found = await walked(() => ours(payment), 'it is found');
      await eventually(async () => (await ours(payment)).funds === 'held', { what: 'it is booked' });
      assert.deepEqual([found.phase, found.amount, found.fee, found.reason], ['chargeback', 10_000, 1_500, 'fraudulent']);
      assert.equal((await stripe.deliver(late)).status, 200);
      assert.deepEqual([await told(found), await stateOf(late)], [['dispute.funds_withdrawn', 'dispute.opened'], 'duplicate']);
      const [other, second] = await paid();
      stripe.dispute(second);
      await deliver();
      stripe.disputeEnds(id, 'won');
      await walked(async () => (await ours(payment)).funds === 'returned', 'that it was won is found, though it began long before what was seen');
      assert.deepEqual([await told(found), await told(await ours(other))],
        [['dispute.funds_returned', 'dispute.funds_withdrawn', 'dispute.opened', 'dispute.won'], ['dispute.funds_withdrawn', 'dispute.opened']]);
      assert.ok(before - await seller.available() >= 1_500);
      assert.equal((await s.psql(`select 1 from pay.anomaly where kind = 'notification' and ref like '${id}%'`)).length, 0);
    });

    test('is found on whatever page it is; one of a charge from elsewhere is for a person, once, though it is told as well', async () => {
      const [payment, intent] = await paid(), [, stranger] = await paid(), [, second] = await paid();
      const elsewhere = stripe.dispute(stranger), late = stripe.events.at(-1), early = stripe.dispute(second);
      stripe.strip(stranger);
      stripe.strip(second);
      assert.equal((await stripe.deliver(stripe.events.at(-1))).status, 200);
      for (let i = 0; i < 23; i++) stripe.dispute(intent, { amount: 100, fee: 0 });
      const all = async () => (await seller.call('GET', `/v1/disputes?payment=${payment}&limit=100`)).body.data;
      await walked(async () => (await all()).length === 23, 'all are found');
      const asked = stripe.requests.filter(({ method, path }) => method === 'GET' && path === '/v1/disputes').map(({ text }) => new URLSearchParams(text));
      assert.ok(asked.every((q) => q.get('created[gte]') && Number(q.get('limit')) <= 100) && asked.some((q) => q.get('starting_after')));
      const alarm = async (id) => (await s.psql(`select ref from pay.anomaly where kind = 'notification' and ref like '${id}/%'`)).length;
      const [{ walked_at: first }] = await s.psql('select walked_at from pay.dispute_walk');
      await walked(async () => (await s.psql('select walked_at from pay.dispute_walk'))[0].walked_at > first, 'it is asked for again');
      assert.equal((await stripe.deliver(late)).status, 200);
      assert.deepEqual([await alarm(elsewhere), await alarm(early), (await all()).length], [1, 1, 23]);
      assert.equal(await s.psql(`select 1 from pay.anomaly where kind = 'notification' and ref in ('${late.id}', '${stripe.events.find(({ data }) => data.object.id === early).id}')`).then(({ length }) => length), 0);
      stripe.disputeEnds(early, 'won');
      await deliver();
      assert.equal(await alarm(early), 2, 'and again when it stands otherwise: there is money to be booked');
      const metrics = await (await fetch(`http://127.0.0.1:${s.env.admin_ports.paysrv}/metrics`)).text();
      assert.match(metrics, /stoa_disputes_found_total\{result="news"\} [1-9]/);
      assert.match(metrics, /stoa_disputes_found_total\{result="failed"\} 0/);
      assert.match(metrics, /stoa_disputes_asked_age_seconds \d/);
    });
  });
});
