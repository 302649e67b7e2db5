/*
 * Payments in two steps: authorised, captured in parts, voided, expired; and attempts that were given up and succeed late
 * (docs/protocol/pay/captures.md; MONEY 6.A 11 and 12, SECURITY J 268, O 368 and 369). After all, the invariants view is empty.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { isOpen, outcomeOf } from '../support/outcome.mjs';
import { newSeller } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, seller;

before(async () => {
  s = await sharedStack();
  seller = await newSeller(s.env);
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await s?.stop();
});

const token = async (number) => (await s.acquirer('POST', '/v1/tokens', { number })).id;
const CHALLENGED = '4000000000003220';

const create = async (fields = {}) => {
  const { status, body } = await seller.call('POST', '/v1/payments',
    { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'An article', capture_method: 'manual', ...fields });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
};
/* Under a key of the test's own it is the first answer. */
const known = (path, fields, options) => (options ? seller.call('POST', path, fields, options) : outcomeOf((own) => seller.call('POST', path, fields, own)));
const confirm = (payment, fields = { payment_token: 'tok_test_visa' }, options) => known(`/v1/payments/${payment}/confirm`, fields, options);
const capture = (payment, fields = {}, options) => known(`/v1/payments/${payment}/capture`, fields, options);
const cancel = (payment, options) => known(`/v1/payments/${payment}/cancel`, undefined, options);
const refund = (payment, fields = {}) => known(`/v1/payments/${payment}/refunds`, fields);
const read = async (payment) => (await seller.call('GET', `/v1/payments/${payment}`)).body;
const events = async (payment) => (await s.psql(`select type from pay.event where object_id = '${payment}' order by sequence`)).map(({ type }) => type);
const amounts = ({ split }) => split.map(({ amount }) => amount);
const chargeOf = async (payment) => {
  const [{ acquirer_ref: ref }] = await s.psql(`select c.acquirer_ref from pay.payment p join pay.acquirer_call c on c.call_id = p.charge_id where p.payment_id = '${payment}'`);
  return s.acquirer('GET', `/v1/charges/${ref}`);
};

async function authorized(fields, number) {
  const { id } = await create(fields);
  const { status, body } = await confirm(id, { payment_token: number ? await token(number) : 'tok_test_visa' });
  assert.deepEqual([status, body.status], [200, 'requires_capture'], JSON.stringify(body));
  return body;
}

describe('an authorised payment', () => {
  test('holds the amount and moves nothing until it is captured', async () => {
    const had = await seller.available();
    const payment = await authorized();
    assert.deepEqual([payment.capture_method, payment.amount_captured, payment.amount_capturable], ['manual', 0, 1000]);
    assert.ok(new Date(payment.authorized_until) > new Date());
    assert.deepEqual(await read(payment.id), { ...payment, version: 1, locale: null });
    assert.equal(await seller.available(), had);
    assert.deepEqual(await s.psql(`select * from pay.entry where ref = '${payment.id}'`), []);
    const { status, body } = await capture(payment.id);
    assert.deepEqual([status, body.status, body.amount_captured, body.amount_capturable], [200, 'succeeded', 1000, 0], JSON.stringify(body));
    assert.deepEqual([body.capture.status, body.capture.amount, body.capture.final], ['succeeded', 1000, true]);
    assert.equal(await seller.available(), had + 700);
    assert.deepEqual((await events(payment.id)).sort(), ['payment.authorized', 'payment.captured', 'payment.succeeded']);
    assert.equal((await confirm(payment.id)).body.code, 'payment_state');
    assert.deepEqual([(await capture(payment.id)).status, (await cancel(payment.id)).status], [409, 409]);
  });

  test('is captured in parts that end at the split of the whole, with refunds between them', async () => {
    const had = await seller.available();
    const { id } = await authorized();
    const steps = [];
    for (const fields of [{ amount: 333 }, { amount: 333 }, {}]) steps.push((await capture(id, fields)).body);
    assert.deepEqual(steps.map(({ status, amount_captured: n }) => [status, n]), [['requires_capture', 333], ['requires_capture', 666], ['succeeded', 1000]]);
    for (const [i, amount] of [50, 250, 700].entries()) assert.equal(steps.reduce((sum, { capture: { split } }) => sum + split[i].amount, 0), amount);
    assert.deepEqual(amounts(steps[2]), [50, 250, 700]);
    assert.equal((await seller.call('GET', `/v1/payments/${id}/captures`)).body.data.length, 3);
    assert.deepEqual((await refund(id)).body.amount, 1000);
    assert.equal(await seller.available(), had);

    const mixed = (await authorized()).id;
    assert.equal((await refund(mixed)).body.code, 'payment_state');
    await capture(mixed, { amount: 600 });
    assert.deepEqual([(await refund(mixed, { amount: 601 })).body.code, (await refund(mixed, { amount: 100 })).body.status], ['refund_too_large', 'succeeded']);
    const { body } = await capture(mixed, { amount: 200, final: true });
    assert.deepEqual([body.status, body.amount_captured, body.amount_capturable, body.amount_refunded], ['succeeded', 800, 0, 100]);
    assert.deepEqual(amounts(body), [40, 200, 560]);
    assert.equal((await chargeOf(mixed)).released, true);
    assert.equal((await refund(mixed)).body.amount, 700);
    assert.equal(await seller.available(), had);
  });

  test('takes the split that comes with its first capture', async () => {
    const { id } = await authorized();
    const split = [{ party: 'partner', bp: 1000 }];
    const key = randomUUID();
    const first = await capture(id, { amount: 400, split }, { key });
    assert.deepEqual(amounts(first.body), [20, 40, 340], JSON.stringify(first.body));
    const again = await capture(id, { amount: 400, split }, { key });
    assert.deepEqual([again.status, again.headers.get('idempotent-replayed'), again.body], [200, 'true', first.body], 'the same request again is no second capture');
    const { status, body } = await capture(id, { amount: 100, split });
    assert.deepEqual([status, body.param], [422, 'split']);
    assert.deepEqual(amounts((await capture(id)).body), [50, 100, 850]);
  });

  test('is captured once by one key, and never for more than is left', async () => {
    const { id } = await authorized();
    const key = randomUUID();
    const first = await outcomeOf((options) => capture(id, { amount: 300 }, options), key);
    const again = await capture(id, { amount: 300 }, { key });
    assert.deepEqual([again.status, again.body, again.headers.get('idempotent-replayed')], [200, first.body, 'true']);
    assert.equal((await capture(id, { amount: 301 }, { key })).body.code, 'idempotency_mismatch');
    assert.deepEqual([(await capture(id, { amount: 701 })).body.code, (await read(id)).amount_captured], ['capture_too_large', 300]);
    const parallel = await Promise.all(Array.from({ length: 20 }, () => capture(id, { amount: 400 })));
    assert.equal(parallel.filter(({ status }) => [200, 202].includes(status)).length, 1);
    assert.ok(parallel.every((one) => [200, 409].includes(one.status) || isOpen(one)));
    await eventually(async () => (await read(id)).amount_captured === 700, { what: 'the one is known' });
  });

  test('that is captured and canceled at once is one of both, and the acquirer has the same', async () => {
    for (let i = 0; i < 3; i += 1) {
      const { id } = await authorized();
      await Promise.all([capture(id, { final: true }), cancel(id), capture(id, { amount: 10 }), cancel(id)]);
      const payment = await eventually(async () => {
        const now = await read(id);
        return now.status !== 'requires_capture' || now.amount_capturable > 0 ? now : null;
      }, { what: 'nothing is on its way' });
      const charge = await chargeOf(id);
      assert.equal(charge.captured, payment.amount_captured);
      assert.equal(charge.released, payment.status !== 'requires_capture');
    }
  });

  test('is released by a cancellation, and is over', async () => {
    const { id } = await authorized();
    const key = randomUUID();
    const { status, body } = await cancel(id, { key });
    assert.deepEqual([status, body.status, body.cancellation_reason, body.amount_capturable], [200, 'canceled', 'requested', 0], JSON.stringify(body));
    assert.deepEqual([(await cancel(id, { key })).body, (await chargeOf(id)).released], [body, true]);
    assert.deepEqual([(await capture(id)).body.code, (await cancel(id)).body.code], ['payment_state', 'payment_state']);
    assert.deepEqual(await events(id), ['payment.authorized', 'payment.canceled']);
    const part = (await authorized()).id;
    await capture(part, { amount: 250 });
    assert.deepEqual([(await cancel(part)).body.status, (await read(part)).amount_captured], ['succeeded', 250]);
    assert.equal((await refund(part)).body.amount, 250);
  });

  test('whose capture is declined is as it was', async () => {
    const { id } = await authorized({}, '4000000000000945');
    const { status, body } = await capture(id, { amount: 500 });
    assert.deepEqual([status, body.code, body.decline_code], [402, 'capture_declined', 'capture_failed']);
    const payment = await read(id);
    assert.deepEqual([payment.status, payment.amount_captured, payment.amount_capturable], ['requires_capture', 0, 1000]);
    assert.ok((await events(id)).includes('payment.capture_failed'));
    assert.equal((await cancel(id)).body.status, 'canceled');
  });

  test('that the acquirer has released by itself is neither captured nor canceled, and a human is told', async () => {
    const { id } = await authorized();
    const { id: charge } = await chargeOf(id);
    await s.acquirer('POST', '/v1/voids', { charge, amount: 1000, reference: 'behind our back' }, { 'idempotency-key': randomUUID() });
    const taken = await capture(id), released = await cancel(id);
    assert.deepEqual([taken.status, taken.body.decline_code, released.status, released.body.code], [402, 'authorization_released', 402, 'cancel_declined']);
    assert.equal((await read(id)).status, 'requires_capture');
    assert.deepEqual(await s.psql(`select detail from pay.anomaly where kind = 'void_refused' and ref = '${id}'`), [{ detail: 'authorization_released' }]);
    assert.ok((await events(id)).includes('payment.cancel_failed'));
  });

  test('is told of before its end, voided at its end, and not captured after it', async () => {
    const [whole, part] = [(await authorized()).id, (await authorized()).id];
    await capture(part, { amount: 100 });
    await s.psql(`update pay.payment set timer_at = now() where payment_id = '${whole}'`);
    await eventually(async () => (await events(whole)).includes('payment.authorization_expiring'), { what: 'the warning is told' });
    await s.psql(`update pay.payment set authorized_until = now() where payment_id in ('${whole}', '${part}')`);
    assert.deepEqual([(await capture(part)).body.code, (await capture(whole)).body.code], ['authorization_expired', 'authorization_expired']);
    await s.psql(`update pay.payment set timer_at = now() where payment_id in ('${whole}', '${part}')`);
    const over = (id, status) => eventually(async () => (await read(id)).status === status, { what: `${id} is ${status}` });
    await over(whole, 'canceled');
    await over(part, 'succeeded');
    assert.deepEqual([(await read(whole)).cancellation_reason, (await read(part)).amount_captured], ['authorization_expired', 100]);
    assert.deepEqual(await events(whole), ['payment.authorized', 'payment.authorization_expiring', 'payment.canceled']);
    assert.deepEqual([(await chargeOf(whole)).released, (await chargeOf(part)).released], [true, true]);
    assert.equal((await capture(whole)).body.code, 'payment_state');
  });

  test('is captured and canceled by its own partner only, with a key, and only when it has two steps', async () => {
    const { id } = await authorized();
    assert.equal((await capture(id, {}, { key: '' })).body.code, 'idempotency_key_required');
    assert.equal((await cancel(id, { key: '' })).body.code, 'idempotency_key_required');
    for (const call of [capture, cancel]) assert.equal((await call('pay_00000000000000000000000000')).status, 404);
    const { body } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1, currency: 'EUR', description: 'x', capture_method: 'later' });
    assert.equal(body.param, 'capture_method');
    const plain = await create({ capture_method: 'automatic' });
    assert.equal((await confirm(plain.id)).body.amount_captured, 1000);
    assert.deepEqual([(await capture(plain.id)).body.code, (await cancel(plain.id)).body.code], ['payment_state', 'payment_state']);
  });
});

test('an operator sees attempts and captures, and can end what nobody ends', async () => {
  const { id } = await create();
  await confirm(id, { payment_token: await token('4000000000000069') });
  await confirm(id);
  const counted = async () => {
    const text = await (await fetch(`http://127.0.0.1:${s.env.admin_ports.paysrv}/metrics`)).text();
    return Number(/stoa_captures_total\{outcome="succeeded"\} (\d+)/.exec(text)[1]);
  };
  const before = await counted();
  await capture(id, { amount: 250 });
  assert.ok((await counted()) > before);
  const shown = await s.operator('paysrv', 'payments', 'show', id);
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(shown.stdout, /requires_capture 10\.00 EUR, captured 2\.50 EUR[\s\S]*attempt\tdeclined[\s\S]*expired_card[\s\S]*attempt\tok[\s\S]*capture\tsucceeded\t2\.50 EUR/);
  const ended = await s.operator('paysrv', 'payments', 'cancel', id);
  assert.equal(ended.code, 0, ended.stderr);
  await eventually(async () => (await read(id)).status === 'succeeded', { what: 'the rest is released' });
  assert.equal((await chargeOf(id)).released, true);
  assert.equal((await s.operator('paysrv', 'payments', 'cancel', id)).code, 1);
  const open = (await create()).id;
  assert.equal((await s.operator('paysrv', 'payments', 'cancel', open)).code, 0);
  assert.deepEqual([(await read(open)).status, (await read(open)).cancellation_reason], ['canceled', 'operator']);
  assert.equal((await s.operator('paysrv', 'payments', 'show', 'pay_none')).code, 1);
});

describe('an attempt that was given up', () => {
  const challenged = async (fields) => {
    const { id } = await create(fields);
    const { body } = await confirm(id, { payment_token: await token(CHALLENGED), return_url: 'https://shop.example/back' });
    assert.equal(body.status, 'requires_action', JSON.stringify(body));
    return { id, url: body.next_action.url };
  };
  const approve = (url) => fetch(url, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'result=approve' });
  const reversed = (id) => eventually(async () => (await events(id)).includes('payment_attempt.reversed'), { what: 'the late success is reversed' });
  const lateCharge = async (url) => s.acquirer('GET', `/v1/charges/${url.split('/').at(-1)}`);

  test('for another card, and succeeds late, is refunded by itself', async () => {
    const had = await seller.available();
    const { id, url } = await challenged({ capture_method: 'automatic' });
    assert.equal((await confirm(id)).body.code, 'payment_state');
    const key = randomUUID(), again = { payment_token: await token(CHALLENGED), replace_attempt: true };
    const second = await confirm(id, again, { key });
    assert.deepEqual([second.body.status, (await confirm(id, again, { key })).body], ['requires_action', second.body], 'sent again, it gives up nothing');
    assert.equal((await read(id)).status, 'requires_action');
    const { status, body } = await confirm(id, { payment_token: 'tok_test_visa', replace_attempt: true });
    assert.deepEqual([status, body.status], [200, 'succeeded'], JSON.stringify(body));
    await approve(url);
    await reversed(id);
    const charge = await lateCharge(url);
    assert.deepEqual([charge.status, charge.refunded], ['succeeded', 1000]);
    assert.equal((await read(id)).status, 'succeeded');
    assert.equal(await seller.available(), had + 700);
    const lines = await s.psql(`select e.kind, a.kind as account, p.amount from pay.entry e join pay.posting p using (entry_id) join pay.account a using (account_id)
      where e.kind like 'late%' and e.ref in (select call_id from pay.acquirer_call where payment_id = '${id}') order by e.entry_id, p.line`);
    assert.deepEqual(lines.map(Object.values), [['late_charge', 'acquirer_receivable', 1000], ['late_charge', 'suspense', -1000],
      ['late_refund', 'acquirer_receivable', -1000], ['late_refund', 'suspense', 1000]]);
  });

  test('by a cancellation, and is authorised late, is voided by itself', async () => {
    const { id, url } = await challenged();
    const { status, body } = await cancel(id);
    assert.deepEqual([status, body.status], [200, 'canceled'], JSON.stringify(body));
    assert.equal((await confirm(id, { payment_token: 'tok_test_visa', replace_attempt: true })).body.code, 'payment_state');
    await approve(url);
    await reversed(id);
    assert.deepEqual([(await lateCharge(url)).released, (await read(id)).status], [true, 'canceled']);
    assert.deepEqual(await events(id), ['payment.requires_action', 'payment.canceled', 'payment_attempt.succeeded_late', 'payment_attempt.reversed']);
  });

  test('because its payment’s time was over, and is denied, changes nothing', async () => {
    const { id, url } = await challenged();
    await s.psql(`update pay.payment set expires_at = now(), timer_at = now() where payment_id = '${id}'`);
    await eventually(async () => (await read(id)).status === 'expired', { what: 'it expires' });
    await fetch(url, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'result=deny' });
    await eventually(async () => (await s.psql(`select 1 from pay.acquirer_call where payment_id = '${id}' and state = 'declined'`)).length, { what: 'the answer is heard of' });
    await eventually(async () => (await events(id)).includes('payment.expired'), { what: 'it is told' });
    assert.deepEqual([(await read(id)).status, await events(id)], ['expired', ['payment.requires_action', 'payment.expired']]);
    assert.equal((await cancel(id)).body.code, 'payment_state');
  });

  test('is not there for a payment that nobody tried, which is canceled at once', async () => {
    const { id } = await create();
    const answers = await Promise.all([confirm(id), cancel(id)]);
    assert.ok(['canceled', 'requires_capture'].includes((await read(id)).status), JSON.stringify(answers.map(({ body }) => body)));
    const other = await create();
    assert.equal((await cancel(other.id)).body.status, 'canceled');
    assert.equal((await confirm(other.id)).body.code, 'payment_state');
  });
});
