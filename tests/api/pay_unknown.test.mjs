/*
 * Outcomes that nobody knows yet, and the acquirer's messages (SECURITY M and O): a time-out is never a decline, the reconciler
 * and the messages book once, and a message counts only with its signature.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { createAgent } from '../support/agent.mjs';
import { startCutter } from '../support/cutter.mjs';
import { eventually } from '../support/eventually.mjs';
import { outcomeOf } from '../support/outcome.mjs';
import { newSeller } from '../support/seller.mjs';
import { startStack } from '../support/stack.mjs';

const EVERY_BYTE = process.env.STOA_EVERY_BYTE === '1';

/* What signs the messages of the acquirer of sandbox partners, which nobody here is. */
const testSecret = `whsec_${randomBytes(32).toString('base64')}`;

let s, seller, secret, cutter, directory;

before(async () => {
  cutter = await startCutter();
  directory = mkdtempSync(join(tmpdir(), 'secret-'));
  const file = join(directory, 'secret');
  writeFileSync(file, testSecret, { mode: 0o600 });
  s = await startStack({ env: { PAYSRV_TEST_ACQUIRER_WEBHOOK_SECRET_FILE: file, PAYSRV_RECONCILE_AFTER: '1s', PAYSRV_PAYMENT_LIMITS: 'EUR 2 99999999', PAYSRV_ACQUIRER_URL: cutter.url, PAYSRV_ACQUIRER_ACCOUNT: 'Stoa' } });
  cutter.target(s.env.acquirer);
  seller = await newSeller(s.env);
  secret = readFileSync(join(s.data, 'secrets', 'acquirer_webhook_secret'), 'utf8').trim();
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await s?.stop();
  await cutter?.stop();
  rmSync(directory, { recursive: true });
});

async function newPayment() {
  const { body } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'An article' });
  return body.id;
}

const confirm = (payment, token, key = randomUUID()) => seller.call('POST', `/v1/payments/${payment}/confirm`, { payment_token: token }, { key });
const known = (payment, token) => outcomeOf(({ key }) => confirm(payment, token, key));
const statusOf = async (payment) => (await seller.call('GET', `/v1/payments/${payment}`)).body.status;
const cardToken = async (number) => (await s.acquirer('POST', '/v1/tokens', { number })).id;
const charges = async (payment) => (await s.acquirer('GET', '/v1/report')).data.filter(({ kind, reference, status }) => kind === 'charge' && reference === payment && status === 'succeeded').length;

test('a payment is within the operator’s limits of its currency, which are checked before the start', async () => {
  const create = (amount) => seller.call('POST', '/v1/payments', { store: seller.store.id, amount, currency: 'EUR', description: 'x' });
  for (const amount of [1, 100000000]) assert.deepEqual([(await create(amount)).status, (await create(amount)).body.param], [422, 'amount']);
  for (const amount of [2, 99999999]) assert.equal((await create(amount)).status, 201);
  const check = (limits) => spawnSync(s.program('paysrv'), ['check-config', '--config', s.config('paysrv')], { env: { ...process.env, PAYSRV_PAYMENT_LIMITS: limits }, encoding: 'utf8' });
  assert.equal(check('EUR 50 1000000, JPY 50 2000000').status, 0);
  for (const limits of ['EUR', 'XTS 1 2', 'EUR 2 1', 'EUR 1 2, EUR 1 2']) {
    const { status, stderr } = check(limits);
    assert.deepEqual([status, /payment_limits/.test(stderr)], [2, true], `${limits}: ${stderr}`);
  }
});

function send(event, { id = event.id, at = new Date(), key = secret, body = JSON.stringify(event) } = {}) {
  const signature = new Webhook(key).sign(id, at, body);
  return fetch(`${s.env.pay_api}/v1/acquirer/notifications`, {
    method: 'POST', body,
    headers: { 'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': String(Math.floor(at / 1000)), 'webhook-signature': signature },
  });
}

describe('a charge', () => {
  const cards = { '4000000000000259': 'executed without an answer', '4000000000000341': 'answered 500 before it was executed', '4000000000000507': 'executed and answered 500' };
  for (const [number, what] of Object.entries(cards)) {
    test(`that was ${what} is processing, then booked once`, async () => {
      const payment = await newPayment();
      const key = randomUUID();
      const token = await cardToken(number);
      const first = await confirm(payment, token, key);
      assert.ok([200, 202].includes(first.status), `${first.status} ${JSON.stringify(first.body)}`);
      if (first.status === 202) assert.equal(first.body.status, 'processing');
      await eventually(async () => (await statusOf(payment)) === 'succeeded', { what: 'it succeeds' });
      const again = await confirm(payment, token, key);
      assert.deepEqual([again.status, again.body.status], [200, 'succeeded']);
      assert.equal(await charges(payment), 1);
    });
  }

  test('of a payment that was made by the same request is processing, found again by its key, then booked once', async () => {
    await Promise.all(Object.keys(cards).map(async (number) => {
      const key = randomUUID();
      const body = { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'An article', confirm: { payment_token: await cardToken(number) } };
      const ask = () => seller.call('POST', '/v1/payments', body, { key });
      const first = await ask(), second = await ask();
      for (const { status, body: said } of [first, second]) assert.ok(status === 200 || (status === 202 && said.status === 'processing'), `${status} ${JSON.stringify(said)}`);
      const { id } = first.body;
      assert.equal(second.body.id, id);
      await eventually(async () => (await statusOf(id)) === 'succeeded', { what: 'it succeeds' });
      const last = await ask();
      assert.deepEqual([last.status, last.body.status, last.body.id], [200, 'succeeded', id]);
      assert.equal(await charges(id), 1);
    }));
  });

  test('to a kept card that ends before anybody knows its outcome is answered under its key as it stands', async () => {
    const who = randomUUID();
    const save = { buyer: who, email: `${who}@example.com` };
    const { body: made } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'An issue', save_card: save });
    const agent = createAgent();
    const set = await agent.submit(await agent.open(made.checkout.url), { save_card: 'true' }, { button: 'Pay by card' });
    await agent.submit(set, { number: '4242424242424242', exp: '11/39', csc: '123' });
    const card = await eventually(async () => (await seller.call('GET', `/v1/saved_cards?store=${seller.store.id}&buyer=${who}`)).body.data[0], { what: 'the card is kept' });
    const payment = await newPayment();
    const key = randomUUID();
    process.kill(s.env.pids.acquirer, 'SIGSTOP');
    try {
      for (const what of ['first', 'again']) {
        const { status, body } = await confirm(payment, card.id, key);
        assert.deepEqual([status, body.id, body.status], [202, payment, 'processing'], `${what}: ${JSON.stringify(body)}`);
        assert.equal((await seller.call('DELETE', `/v1/saved_cards/${card.id}`)).status, 204);
      }
    } finally {
      process.kill(s.env.pids.acquirer, 'SIGCONT');
    }
    await eventually(async () => (await statusOf(payment)) === 'succeeded', { what: 'it succeeds' });
  });

  for (const [number, what] of [['4000000000000614', 'sent twice'], ['4000000000000721', 'sent late']]) {
    test(`whose message is ${what} is booked once`, async () => {
      const payment = await newPayment();
      const token = await cardToken(number);
      assert.equal((await known(payment, token)).status, 200);
      await eventually(async () => {
        const rows = await s.psql(`select e.state from pay.acquirer_event e join pay.acquirer_call c on c.call_id = e.call_id where c.payment_id = '${payment}'`);
        return rows.length > 0;
      }, { what: 'the message is there' });
      const entries = await s.psql(`select entry_id from pay.entry where kind = 'charge' and ref = '${payment}'`);
      assert.equal(entries.length, 1);
    });
  }
});

/* One in 13 of all places; STOA_EVERY_BYTE=1: each of them. */
test('a charge whose exchange breaks off after any byte of request or reply is booked once', async () => {
  const whole = await newPayment();
  cutter.cut(whole, {});
  assert.equal((await known(whole, 'tok_test_visa')).body.status, 'succeeded');
  const size = cutter.seen(whole);
  assert.ok(size.request > 200 && size.reply > 200, JSON.stringify(size));
  const places = Object.entries(size).flatMap(([part, n]) => Array.from({ length: n }, (_, at) => ({ [part]: at }))).filter((_, i) => EVERY_BYTE || i % 13 === 0);
  const broken = [];
  for (let from = 0; from < places.length; from += 32) {
    broken.push(...await Promise.all(places.slice(from, from + 32).map(async (place) => {
      const payment = await newPayment();
      cutter.cut(payment, place);
      const { status, body } = await confirm(payment, 'tok_test_visa');
      assert.ok(status === 202 ? body.status === 'processing' : status === 200 && body.status === 'succeeded', `${JSON.stringify(place)}: ${status} ${JSON.stringify(body)}`);
      return payment;
    })));
  }
  const open = `select count(*) as n from pay.payment where payment_id = any ('{${broken.join(',')}}') and status <> 'succeeded'`;
  await eventually(async () => (await s.psql(open))[0].n === 0, { what: 'all of them succeed', seconds: 300 });
  const { data } = await s.acquirer('GET', '/v1/report');
  const made = data.filter(({ kind, reference, status }) => kind === 'charge' && status === 'succeeded' && broken.includes(reference));
  assert.deepEqual([made.length, new Set(made.map(({ reference }) => reference)).size], [broken.length, broken.length]);
});

describe('a capture or a void without an answer', () => {
  const faults = (rates) => s.acquirer('PUT', '/v1/faults', { seed: 7, rates });
  const read = async (payment) => (await seller.call('GET', `/v1/payments/${payment}`)).body;
  const authorized = async () => {
    const { body } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'x', capture_method: 'manual' });
    assert.equal((await known(body.id, 'tok_test_visa')).body.status, 'requires_capture');
    return body.id;
  };

  after(async () => {
    cutter.silence(false);
    await s.acquirer('DELETE', '/v1/faults');
  });

  for (const [what, rates] of [['executed', { error_after: 1000, lost_notification: 1000 }], ['not executed', { error_before: 1000 }]]) {
    test(`because it was ${what} and answered 500, is held: nothing else is taken or released before it is known`, async () => {
      const [captured, voided] = [await authorized(), await authorized()];
      const key = randomUUID();
      const capture = (id, fields, options) => seller.call('POST', `/v1/payments/${id}/capture`, fields, options);
      const cancel = (id, options) => seller.call('POST', `/v1/payments/${id}/cancel`, undefined, options);
      await faults(rates);
      cutter.silence(true); /* the reconciler asks after a second, and would know it */
      const first = await capture(captured, { amount: 300 }, { key });
      assert.deepEqual([first.status, first.body.status, first.body.capture.status, first.body.amount_captured, first.body.amount_capturable],
        [202, 'requires_capture', 'pending', 0, 0], JSON.stringify(first.body));
      const second = await cancel(voided);
      assert.deepEqual([second.status, second.body.status, second.body.amount_capturable], [202, 'requires_capture', 0]);
      assert.deepEqual([(await cancel(captured)).body.code, (await capture(voided, {})).body.code], ['payment_state', 'payment_state']);
      const { id: own } = first.body.capture;
      const message = { id: `evt_${randomUUID()}`, type: 'capture.succeeded', account: 'Stoa', data: { id: `cap_${randomUUID()}`, key: own, reference: own, amount: 300, currency: 'EUR', charge: 'ch_another', status: 'succeeded' } };
      assert.equal((await send(message)).status, 200);
      assert.deepEqual(await s.psql(`select state from pay.acquirer_event where event_id = '${message.id}'`), [{ state: 'anomaly' }], 'of another charge');
      assert.equal((await read(captured)).amount_captured, 0);
      await faults({});
      cutter.silence(false);
      await eventually(async () => (await read(captured)).amount_captured === 300, { what: 'the capture is booked' });
      await eventually(async () => (await read(voided)).status === 'canceled', { what: 'the void is known' });
      const again = await capture(captured, { amount: 300 }, { key });
      assert.deepEqual([again.status, again.body.capture.status], [200, 'succeeded']);
      const { data } = await s.acquirer('GET', '/v1/report');
      assert.equal(data.filter(({ kind, reference }) => kind === 'capture' && reference === first.body.capture.id).length, 1);
      assert.equal((await outcomeOf((options) => cancel(captured, options))).body.status, 'succeeded');
    });
  }
});

test('a dispute waits for a refund without an answer, and takes what that leaves', async () => {
  const payment = await newPayment();
  await known(payment, 'tok_test_visa');
  const [{ acquirer_ref: charge }] = await s.psql(`select acquirer_ref from pay.acquirer_call where payment_id = '${payment}'`);
  await s.acquirer('PUT', '/v1/faults', { seed: 7, rates: { error_before: 1000 } });
  assert.equal((await seller.call('POST', `/v1/payments/${payment}/refunds`, { amount: 300 })).status, 202);
  await s.acquirer('POST', '/v1/disputes', { charge, amount: 1000 });
  const disputed = (funds) => eventually(async () => {
    const [one] = (await seller.call('GET', `/v1/disputes?payment=${payment}`)).body.data;
    return one?.funds === funds && one;
  }, { what: `the dispute’s money is ${funds}` });
  await disputed('none');
  await s.acquirer('DELETE', '/v1/faults');
  assert.equal((await disputed('held')).amount_taken, 700);
});

/* Here, because other tests look at the books of the shared run, which do not agree meanwhile. */
test('a wallet that is not configured any more is asked for nothing, and nobody else in its place', async () => {
  const { body: { id } } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'An article', return_url: 'https://shop.example' });
  const { body: { next_action: page } } = await seller.call('POST', `/v1/payments/${id}/confirm`, { method: 'wallet' });
  await fetch(page.url, { method: 'POST', body: new URLSearchParams({ user: 'buyer@wallet.example', answer: 'approve' }) });
  await eventually(async () => (await statusOf(id)) === 'succeeded', { what: 'the wallet pays' });
  const madeBy = (acquirer) => s.psql(`update pay.acquirer_call set acquirer = '${acquirer}' where payment_id = '${id}' and op = 'charge'`);
  const refund = () => outcomeOf((options) => seller.call('POST', `/v1/payments/${id}/refunds`, {}, options));
  await madeBy('gone');
  const { status, body } = await refund();
  assert.deepEqual([status, body.code, body.param], [422, 'acquirer_refuses', 'payment']);
  await madeBy('sandbox_wallet');
  assert.equal((await refund()).body.status, 'succeeded', 'nothing was held');
});

describe('a message of the acquirer', () => {
  const event = (data, type = 'charge.succeeded') => ({ id: `evt_${randomUUID()}`, type, account: 'Stoa', mode: 'test', data });

  test('without a good signature is refused and changes nothing', async () => {
    const message = event({ key: 'cha_x' });
    const plain = await fetch(`${s.env.pay_api}/v1/acquirer/notifications`, { method: 'POST', body: JSON.stringify(message), headers: { 'content-type': 'application/json' } });
    assert.equal(plain.status, 401);
    const other = await send(message, { key: `whsec_${Buffer.from(randomUUID()).toString('base64')}` });
    assert.equal(other.status, 401);
    assert.equal((await send(message, { at: new Date(Date.now() - 600_000) })).status, 401);
    assert.equal((await send(message, { at: new Date(Date.now() + 250_000) })).status, 401, 'what is signed for later could be kept until then');
    assert.deepEqual(await s.psql(`select state from pay.acquirer_event where event_id = '${message.id}'`), []);
  });

  test('is verified over its bytes, before it is parsed', async () => {
    assert.equal((await send(event({}), { body: '{"id":' })).status, 400);
    assert.equal((await send(event({}), { body: '[' .repeat(20_000) })).status, 400);
  });

  test('about nothing of ours is stored, told to a human, and answered', async () => {
    const message = event({ id: 'ch_none', key: 'cha_none', amount: 1, currency: 'EUR', reference: 'pay_none', status: 'succeeded' });
    assert.equal((await send(message)).status, 200);
    assert.equal((await send(message)).status, 200);
    assert.deepEqual(await s.psql(`select state from pay.acquirer_event where event_id = '${message.id}'`), [{ state: 'unmatched' }]);
    assert.deepEqual(await s.psql(`select kind from pay.anomaly where ref = '${message.id}'`), [{ kind: 'notification' }]);
  });

  test('with another amount or another outcome than ours is not applied', async () => {
    const payment = await newPayment();
    await known(payment, 'tok_test_visa');
    const [{ call_id: key }] = await s.psql(`select call_id from pay.acquirer_call where payment_id = '${payment}'`);
    const charge = { id: 'ch_other', key, currency: 'EUR', reference: payment };
    for (const [data, type] of [[{ ...charge, amount: 100, status: 'succeeded' }, 'charge.succeeded'], [{ ...charge, amount: 1000, status: 'declined' }, 'charge.declined']]) {
      const message = event(data, type);
      assert.equal((await send(message)).status, 200);
      assert.deepEqual(await s.psql(`select state from pay.acquirer_event where event_id = '${message.id}'`), [{ state: 'anomaly' }]);
    }
    assert.equal(await statusOf(payment), 'succeeded');
    await s.psql("delete from pay.anomaly where kind = 'notification'");
  });

  test('with another amount, currency or name than ours, or for another account, pays nothing that waits', async () => {
    const payment = await newPayment();
    const { body: { id: reserved } } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'x', capture_method: 'manual' });
    cutter.silence(true); /* nobody is told by asking */
    try {
      for (const one of [payment, reserved]) assert.equal((await confirm(one, await cardToken('4000000000000341'))).body.status, 'processing');
      const [{ call_id: held }] = await s.psql(`select call_id from pay.acquirer_call where payment_id = '${reserved}'`);
      const [{ call_id: key }] = await s.psql(`select call_id from pay.acquirer_call where payment_id = '${payment}'`);
      const charge = { id: `ch_${randomUUID()}`, key, amount: 1000, currency: 'EUR', reference: payment, status: 'succeeded' };
      const said = { anomaly: [{ amount: 100 }, { amount: 1001 }, { currency: 'USD' }, { reference: await newPayment() }, { status: 'authorized', capture_before: 4102444800 }, { key: held, reference: reserved }], unmatched: [{ id: '' }, { amount: '1000' }, { status: 'paid' }] };
      const messages = Object.entries(said).flatMap(([state, changes]) => changes.map((change) => [JSON.stringify(change), event({ ...charge, ...change }), state]));
      messages.push(['a test', event(charge), 'foreign', { key: testSecret }], ['another account', { ...event(charge), account: 'Somebody else' }, 'foreign'], ['another kind', event(charge, 'refund.succeeded'), 'unmatched']);
      const kept = [];
      for (const [what, message, , options] of messages) {
        assert.equal((await send(message, options)).status, 200, what);
        const [{ state } = {}] = await s.psql(`select state from pay.acquirer_event where event_id = '${message.id}'`);
        kept.push([what, state]);
      }
      assert.deepEqual(kept, messages.map(([what, , state]) => [what, state]));
      assert.deepEqual([await statusOf(payment), await statusOf(reserved)], ['processing', 'processing']);
    } finally {
      cutter.silence(false);
    }
    await eventually(async () => (await statusOf(payment)) === 'succeeded', { what: 'it is sent again, and succeeds' });
    await eventually(async () => (await statusOf(reserved)) === 'requires_capture', { what: 'the other is sent again, and reserved' });
    assert.equal(await charges(payment), 1);
    await s.psql("delete from pay.anomaly where kind in ('notification', 'acquirer_answer')");
  });

  test('that comes before our own answer is the outcome', async () => {
    const payment = await newPayment();
    cutter.silence(true); /* nobody is told by asking */
    try {
      const waiting = confirm(payment, await cardToken('4000000000000259'));
      await eventually(async () => (await statusOf(payment)) === 'succeeded', { what: 'the message brings the outcome' });
      const { status, body } = await waiting;
      assert.deepEqual([status, body.status], [200, 'succeeded'], 'the acquirer never answered the call');
    } finally {
      cutter.silence(false);
    }
    assert.deepEqual(await s.psql(`select e.state from pay.acquirer_event e join pay.acquirer_call c using (call_id) where c.payment_id = '${payment}'`), [{ state: 'applied' }]);
  });
});
