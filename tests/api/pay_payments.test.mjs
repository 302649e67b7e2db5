/*
 * Payments through the API: create, confirm, 3-D Secure, declines, idempotency, refunds (docs/protocol/pay/payments.md,
 * SECURITY J and N). Everything goes through the sandbox acquirer; after each part the invariants view is empty.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { isOpen, outcomeOf } from '../support/outcome.mjs';
import { newPartner } from '../support/partner.mjs';
import { codeIn, newSeller } from '../support/seller.mjs';
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

const token = async (number) => (await s.acquirer('POST', '/v1/tokens', { number: number.replaceAll(' ', '') })).id;

const create = (fields = {}, options) =>
  seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'An article', ...fields }, options);
/* Under a key of the test's own it is the first answer. */
const known = (path, fields, options) => (options ? seller.call('POST', path, fields, options) : outcomeOf((own) => seller.call('POST', path, fields, own)));
const confirm = (payment, fields = { payment_token: 'tok_test_visa' }, options) => known(`/v1/payments/${payment}/confirm`, fields, options);
const refund = (payment, fields = {}, options) => known(`/v1/payments/${payment}/refunds`, fields, options);

async function paid(amount = 1000) {
  const { body } = await create({ amount });
  const answer = await confirm(body.id);
  assert.deepEqual([answer.status, answer.body.status], [200, 'succeeded'], JSON.stringify(answer.body));
  return body.id;
}

describe('a payment', () => {
  test('is made with its split and its checkout', async () => {
    const { status, body } = await create({ external_id: randomUUID(), metadata: { order: '7' }, return_url: 'https://shop.example/orders/7' });
    assert.equal(status, 201, JSON.stringify(body));
    assert.match(body.id, /^pay_[0-9a-z]{26}$/);
    assert.equal(body.status, 'requires_payment_method');
    assert.deepEqual(body.split, [{ party: 'platform', amount: 50 }, { party: 'partner', amount: 250 }, { party: 'seller', amount: 700 }]);
    assert.ok(body.checkout.url.endsWith(`/pay/${body.checkout.session}`));
    assert.deepEqual(body.metadata, { order: '7' });
    assert.deepEqual((await seller.call('GET', `/v1/payments/${body.id}`)).body, { ...body, version: 0, locale: null });
  });

  test('has names and descriptions of so many characters, whatever alphabet they are of', async () => {
    assert.equal((await create({ description: 'я'.repeat(500) })).body.description, 'я'.repeat(500));
    const long = await create({ description: 'я'.repeat(501) });
    assert.deepEqual([long.status, long.body.param], [400, 'description']);
    assert.match(long.body.detail, /1 to 500 characters/);
    for (const [path, fields] of [['/v1/stores', { user: seller.user.id, currency: 'EUR' }], ['/v1/prices', { store: seller.store.id, amount: 100, currency: 'EUR', interval: 'month' }]]) {
      const most = await seller.call('POST', path, { name: 'ё'.repeat(200), ...fields });
      assert.deepEqual([most.status < 300, most.body.name], [true, 'ё'.repeat(200)], JSON.stringify(most.body));
      assert.equal((await seller.call('POST', path, { name: 'ё'.repeat(201), ...fields })).body.param, 'name', path);
    }
  });

  test('splits every amount exactly', async () => {
    for (const amount of [1, 2, 3, 7, 13, 99, 101, 645, 9999, 123457]) {
      const { body } = await create({ amount });
      assert.equal(body.split.reduce((sum, part) => sum + part.amount, 0), amount);
    }
  });

  test('refuses what is no amount, naming it', async () => {
    for (const amount of [0, -1, 1.5, '100', 1e15, null, true, [100], undefined]) {
      const { status, body } = await create({ amount });
      assert.ok(status === 400 || status === 422, `${amount}: ${status}`);
      assert.equal(body.param, 'amount', JSON.stringify(body));
    }
    const { status } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1, currency: 'EUR', description: 'x', platform_bp: 0 });
    assert.equal(status, 400);
  });

  test('is in the currency of its store', async () => {
    for (const currency of ['USD', 'eur', 'XTS', 'JPY']) {
      const { status, body } = await create({ currency });
      assert.ok(status >= 400 && status < 500);
      assert.equal(body.param, 'currency');
    }
  });

  test('of an unknown store is not found', async () => {
    const { status, body } = await create({ store: 'st_00000000000000000000000000' });
    assert.deepEqual([status, body.code], [404, 'not_found']);
  });

  test('has one external_id per partner', async () => {
    const external = randomUUID();
    const key = randomUUID();
    const first = await create({ external_id: external }, { key });
    const second = await create({ external_id: external });
    const again = await create({ external_id: external }, { key });
    assert.deepEqual([second.status, second.body.code], [409, 'external_id_taken']);
    assert.deepEqual([again.status, again.body.id], [201, first.body.id]);
  });

  test('is listed newest first, page by page', async () => {
    const made = [];
    for (let i = 0; i < 3; i += 1) made.unshift((await create()).body.id);
    const seen = [];
    let cursor = '';
    do {
      const { body } = await seller.call('GET', `/v1/payments?store=${seller.store.id}&limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.data.map(({ id }) => id));
      cursor = body.next_cursor;
    } while (cursor);
    assert.deepEqual(seen.slice(0, 3), made);
    assert.equal(new Set(seen).size, seen.length);
  });

  test('is found by label, seller, status, currency, amount and time, and a wrong question is named', async () => {
    const label = randomUUID();
    const { body: made } = await create({ external_id: label, amount: 7_654 });
    const ids = async (query) => (await seller.call('GET', `/v1/payments?${new URLSearchParams(query)}`)).body.data.map(({ id }) => id);
    const later = new Date(Date.parse(made.created_at) + 1000).toISOString();
    assert.deepEqual(await ids({ external_id: label }), [made.id]);
    assert.deepEqual(await ids({ user: seller.user.id, amount_min: 7_654, amount_max: 7_654, currency: 'EUR', status: 'requires_payment_method' }), [made.id]);
    assert.deepEqual(await ids({ user: seller.user.id, amount_min: 7_654, amount_max: 7_654, from: made.created_at, to: later }), [made.id]);
    for (const other of [{ external_id: randomUUID() }, { external_id: label, status: 'succeeded' }, { user: seller.user.id, from: later, amount_min: 7_654, amount_max: 7_654 }, { store: seller.store.id, currency: 'USD' }])
      assert.deepEqual(await ids(other), [], JSON.stringify(other));
    for (const [wrong, status, param] of [[{ from: 'monday' }, 422, 'from'], [{ amount_min: 5, amount_max: 4 }, 422, 'amount_max'], [{ status: 'paid' }, 422, 'status'], [{ user: 'usr_none' }, 404, undefined], [{ label }, 400, 'label']]) {
      const answer = await seller.call('GET', `/v1/payments?${new URLSearchParams(wrong)}`);
      assert.deepEqual([answer.status, answer.body.param], [status, param], JSON.stringify(wrong));
    }
  });
});

describe('a payment that nobody pays', () => {
  const ends = async (id) => (await s.psql(`select type from pay.event where object_id = '${id}' order by sequence`)).map(({ type }) => type);
  const letter = (n) => '0123456789abcdefghjkmnpqrstvwxyz'[n];

  /* As if it had been made then: ids begin with their time, in digits of five bits. */
  async function aged(days) {
    const { body } = await create();
    const time = Date.now() - days * 86_400_000;
    const id = `pay_${Array.from({ length: 10 }, (_, i) => letter(Math.floor(time / 32 ** (9 - i)) % 32)).join('')}${body.id.slice(14)}`;
    await s.psql(`insert into pay.payment select (jsonb_populate_record(p, jsonb_build_object('payment_id', '${id}', 'created_at', p.created_at - interval '${days} days', 'expires_at', p.expires_at - interval '${days} days'))).* from pay.payment p where payment_id = '${body.id}'`);
    return id;
  }

  test('is found by the walk when it is as old as they become, and told of once', async () => {
    const old = await aged(2), young = await aged(0.5);
    await eventually(async () => (await ends(old)).length, { what: 'it is told' });
    const { body } = await seller.call('GET', `/v1/payments/${old}`);
    assert.deepEqual([body.status, body.version, await ends(old), await ends(young)], ['expired', 1, ['payment.expired'], []]);
    assert.deepEqual(await s.psql(`select status, timer_at is null as is_over from pay.payment where payment_id = '${old}'`), [{ status: 'expired', is_over: true }]);
    for (const step of ['confirm', 'cancel']) {
      const answer = await seller.call('POST', `/v1/payments/${old}/${step}`, step === 'confirm' ? { payment_token: 'tok_test_visa' } : undefined);
      assert.deepEqual([answer.status, answer.body.code], [409, step === 'confirm' ? 'payment_expired' : 'payment_state'], step);
    }
    const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString();
    const listed = async (status) => (await seller.call('GET', `/v1/payments?status=${status}&from=${day(3)}&to=${day(1)}&limit=100`)).body.data.map(({ id }) => id);
    assert.deepEqual([(await listed('expired')).includes(old), (await listed('requires_payment_method')).includes(old)], [true, false]);
  });

  test('is told of no more when it was paid or canceled in its last moment', async () => {
    const [{ body: bought }, { body: dropped }, { body: left }] = [await create(), await create(), await create()];
    assert.equal((await confirm(bought.id)).status, 200);
    assert.equal((await seller.call('POST', `/v1/payments/${dropped.id}/cancel`)).status, 200);
    for (const { id } of [bought, dropped, left]) await s.psql(`update pay.payment set expires_at = now(), timer_at = now() - interval '1 minute' * ${id === left.id ? 0 : 1} where payment_id = '${id}'`);
    await eventually(async () => (await ends(left.id)).length, { what: 'the last is told' });
    assert.deepEqual([await ends(bought.id), await ends(dropped.id), await ends(left.id)], [['payment.succeeded'], ['payment.canceled'], ['payment.expired']]);
  });
});

describe('a confirmation', () => {
  test('charges once and books the split', async () => {
    const before = await seller.available();
    const payment = await paid();
    const again = await confirm(payment);
    assert.deepEqual([again.status, again.body.code], [409, 'payment_state']);
    assert.equal(await seller.available(), before + 700);
    const lines = await s.psql(`select a.kind, p.amount from pay.entry e join pay.posting p using (entry_id) join pay.account a using (account_id)
      where e.kind = 'charge' and e.ref = '${payment}' order by p.line`);
    assert.deepEqual(lines, [{ kind: 'acquirer_receivable', amount: 1000 }, { kind: 'platform', amount: -50 }, { kind: 'partner', amount: -250 }, { kind: 'seller', amount: -700 }]);
  });

  const declines = { '4000 0000 0000 0002': 'generic_decline', '4000 0000 0000 9995': 'insufficient_funds', '4000 0000 0000 0069': 'expired_card',
    '4000 0000 0000 0127': 'incorrect_cvc', '4000 0000 0000 9987': 'lost_card', '4000 0000 0000 9979': 'stolen_card' };
  for (const [number, code] of Object.entries(declines)) {
    test(`with a card that is declined ${code} can be tried again`, async () => {
      const { body: { id } } = await create();
      const key = randomUUID();
      const fields = { payment_token: await token(number) };
      const { status, body, headers } = await confirm(id, fields, { key });
      assert.deepEqual([status, body.code, body.decline_code], [402, 'card_declined', code]);
      assert.match(headers.get('content-type'), /problem\+json/);
      const replay = await confirm(id, fields, { key });
      assert.deepEqual([replay.status, replay.headers.get('idempotent-replayed'), replay.body], [402, 'true', body]);
      assert.equal((await seller.call('GET', `/v1/payments/${id}`)).body.status, 'requires_payment_method');
      assert.equal((await confirm(id)).body.status, 'succeeded');
    });
  }

  for (const [answer, status] of [['approve', 'succeeded'], ['deny', 'requires_payment_method']]) {
    test(`that waits for the bank is ${status} after the buyer's answer ${answer}`, async () => {
      const { body: { id } } = await create();
      const { status: code, body } = await confirm(id, { payment_token: await token('4000 0000 0000 3220'), return_url: 'https://shop.example/back' });
      assert.deepEqual([code, body.status, body.next_action.type], [200, 'requires_action', 'redirect']);
      assert.deepEqual((await confirm(id)).body.code, 'payment_state');
      await fetch(body.next_action.url, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: `result=${answer}` });
      const now = async () => (await seller.call('GET', `/v1/payments/${id}`)).body;
      await eventually(async () => (await now()).status !== 'requires_action', { what: 'the answer is heard of' });
      const { status: then, three_d_secure: authenticated } = await now();
      assert.deepEqual([then, authenticated.flow, authenticated.liability_shift], [status, 'challenge', answer === 'approve']);
    });
  }

  test('shows what came of 3-D Secure, and who bears a fraud then', async () => {
    for (const [card, result, shifts, code, advice] of [['3105', 'authenticated', true], ['3113', 'attempted', true], ['3121', 'unavailable', false],
      ['3139', 'failed', false, 'authentication_failed', 'ask_card_holder'], ['3147', 'rejected', false, 'authentication_rejected', 'do_not_retry']]) {
      const { body: { id } } = await create();
      const { status, body } = await confirm(id, { payment_token: `tok_test_${card}` });
      const { body: read } = await seller.call('GET', `/v1/payments/${id}`);
      const said = { flow: 'frictionless', result, liability_shift: shifts };
      assert.deepEqual([status, body.decline_code, read.three_d_secure], [code ? 402 : 200, code, said], card);
      const type = code ? 'payment.failed' : 'payment.succeeded';
      const [{ data }] = await s.psql(`select data from pay.event where object_id = '${id}' and type = '${type}'`);
      const told = JSON.parse(data);
      assert.deepEqual(told.three_d_secure, said, 'the event says it too');
      assert.deepEqual([body, read, told].map((one) => one.advice), Array(3).fill(advice), 'and what to do after it');
      if (!code) continue;
      assert.equal((await confirm(id)).body.three_d_secure, undefined, 'it is that of the last attempt');
    }
  });

  test('needs a key and a token', async () => {
    const { body: { id } } = await create();
    const without = await confirm(id, undefined, { key: '' });
    assert.deepEqual([without.status, without.body.code], [400, 'idempotency_key_required']);
    const { status, body } = await confirm(id, {});
    assert.deepEqual([status, body.param], [422, 'payment_token'], 'a card is paid with a token');
    const number = { payment_token: '4242424242424242' };
    for (const [{ status: refused, body: said }, at] of [[await confirm(id, number), ''], [await create({ confirm: number }), 'confirm.']]) {
      assert.deepEqual([refused, said.param], [422, `${at}payment_token`], 'and never with its number');
      assert.match(said.detail, /is a card number/);
    }
  });
});

describe('an idempotency key', () => {
  test('is asked for before anything that moves money or mails a code', async () => {
    const of = { currency: 'EUR', requisite: 'req_none', user: seller.user.id };
    const schedule = { ...of, every: 'day', at: '17:00', zone: 'UTC' };
    const asked = [['payments/pay_none/confirm', { payment_token: 'tok_test_visa' }], ['payments/pay_none/capture', {}], ['payments/pay_none/cancel'], ['payments/pay_none/refunds', {}], ['payments/pay_none/release', {}],
      ['payouts', { ...of, amount: 100 }], ['payouts/po_none/confirm', { code: '12345678' }], ['payout_lists', { user: of.user, payouts: [{ currency: 'EUR', requisite: 'req_none', amount: 100 }] }],
      ['payout_lists/pol_none/confirm', { code: '12345678' }], ['payout_schedules', schedule], ['payout_schedules/pos_none/confirm', { code: '12345678' }], ['subscriptions', { price: 'pri_none', saved_card: 'scd_none' }], ['store_connections', { store: 'st_none', user: of.user }],
      ['users', { name: 'Ada' }], ['users/usr_none/email', { email: 'a@example.com' }], ['users/usr_none/requisites', {}], ['stores', { name: 'Words', currency: 'EUR' }], ['payouts/po_none/resend'], ['confirmations/cnf_none/resend'],
      ['subscriptions/sub_none/cancel', {}], ['subscriptions/sub_none/resume'], ['subscriptions/sub_none/price', {}], ['prices/pri_none/migrate', {}], ['disputes/dp_none/accept']];
    for (const [path, fields] of asked) {
      const { status, body } = await seller.call('POST', `/v1/${path}`, fields, { key: '' });
      assert.deepEqual([status, body.code], [400, 'idempotency_key_required'], path);
    }
  });

  test('makes one payment of 100 parallel requests', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 100 }, () => outcomeOf((options) => create({}, options), key)));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [201]);
    assert.equal(new Set(answers.map(({ body }) => body.id)).size, 1);
    assert.equal(answers.filter(({ headers }) => headers.get('idempotent-replayed') !== 'true').length, 1);
  });

  test('makes one charge of 100 parallel confirmations', async () => {
    const { body: { id } } = await create();
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 100 }, () => confirm(id, undefined, { key })));
    for (const one of answers) assert.ok((one.status === 200 && one.body.status === 'succeeded') || isOpen(one), `${one.status} ${JSON.stringify(one.body)}`);
    await eventually(async () => (await seller.call('GET', `/v1/payments/${id}`)).body.status === 'succeeded', { what: 'it succeeds' });
    const { data } = await s.acquirer('GET', '/v1/report');
    assert.equal(data.filter(({ kind, reference, status }) => kind === 'charge' && reference === id && status === 'succeeded').length, 1);
  });

  test('lets one of 20 parallel confirmations with keys of their own charge', async () => {
    const { body: { id } } = await create();
    const answers = await Promise.all(Array.from({ length: 20 }, () => confirm(id)));
    assert.equal(answers.filter(({ status }) => [200, 202].includes(status)).length, 1);
    assert.ok(answers.every((one) => [200, 409].includes(one.status) || isOpen(one)));
  });

  test('answers the same bytes again, whatever the spelling of the request', async () => {
    const key = randomUUID();
    const { body: { id } } = await create();
    const first = await confirm(id, { payment_token: 'tok_test_visa', return_url: 'https://a.example/' }, { key });
    const second = await confirm(id, { return_url: 'https://a.example/', payment_token: 'tok_test_visa' }, { key: `"${key}"` });
    assert.deepEqual([second.status, second.body, second.headers.get('idempotent-replayed')], [200, first.body, 'true']);
  });

  test('with another request is refused without telling of the first', async () => {
    const key = randomUUID();
    await create({ amount: 1000 }, { key });
    const { status, body } = await create({ amount: 2000 }, { key });
    assert.deepEqual([status, body.code], [422, 'idempotency_mismatch']);
    assert.doesNotMatch(JSON.stringify(body), /1000/);
  });

  test('is not used up by a request that was not valid', async () => {
    const key = randomUUID();
    assert.equal((await create({ amount: -5 }, { key })).status, 400);
    assert.equal((await create({ amount: 5 }, { key })).status, 201);
  });

  test('has 1 to 255 printable characters', async () => {
    assert.equal((await create({}, { key: 'k'.repeat(255) + '' })).status, 201);
    const { status, body } = await create({}, { key: 'k'.repeat(256) });
    assert.deepEqual([status, body.code], [400, 'idempotency_key_invalid']);
  });
});

describe('a refund', () => {
  test('of a part and of the rest gives back the split exactly', async () => {
    const before = await seller.available();
    const payment = await paid();
    const parts = [];
    for (const fields of [{ amount: 333, reason: 'half of it' }, { amount: 333 }, {}]) parts.push((await refund(payment, fields)).body);
    assert.deepEqual(parts.map(({ status, amount }) => [status, amount]), [['succeeded', 333], ['succeeded', 333], ['succeeded', 334]]);
    for (const [i, amount] of [50, 250, 700].entries()) assert.equal(parts.reduce((sum, { split }) => sum + split[i].amount, 0), amount);
    assert.equal(await seller.available(), before);
    assert.equal((await seller.call('GET', `/v1/payments/${payment}`)).body.amount_refunded, 1000);
    assert.equal((await seller.call('GET', `/v1/payments/${payment}/refunds`)).body.data.length, 3);
    const { status, body } = await refund(payment);
    assert.deepEqual([status, body.code], [409, 'refund_too_large']);
  });

  test('50 parallel ones never give back more than was paid', async () => {
    const payment = await paid();
    const answers = await Promise.all(Array.from({ length: 50 }, () => refund(payment, { amount: 600 })));
    assert.equal(answers.filter(({ status }) => [200, 202].includes(status)).length, 1);
    assert.ok(answers.every((one) => [200, 409].includes(one.status) || isOpen(one)), JSON.stringify(answers.map(({ status }) => status)));
  });

  test('with one key is one refund', async () => {
    const payment = await paid();
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => refund(payment, { amount: 100 }, { key })));
    assert.ok(answers.every((one) => one.status === 200 || isOpen(one)));
    assert.equal((await outcomeOf((options) => refund(payment, { amount: 100 }, options), key)).status, 200);
    assert.equal((await seller.call('GET', `/v1/payments/${payment}`)).body.amount_refunded, 100);
  });

  test('of a name is made once, also when its key is forgotten, by whatever payment, at whatever moment', async () => {
    const [payment, other] = [await paid(), await paid()], external_id = `order-${randomUUID()}`, key = randomUUID();
    const { body: made } = await refund(payment, { amount: 100, external_id }, { key });
    assert.equal(made.external_id, external_id);
    assert.deepEqual((await seller.call('GET', `/v1/refunds/${made.id}`)).body, made);
    assert.deepEqual((await refund(payment, { amount: 100, external_id }, { key })).body, made, 'the key is there');
    await s.psql(`delete from pay.idempotency where key = '${key}'`); // as the job does after 30 days
    for (const [of, fields] of [[payment, { amount: 100 }], [payment, {}], [payment, { amount: 5000 }], [other, { amount: 100 }]]) {
      const { status, body } = await refund(of, { ...fields, external_id }, { key });
      assert.deepEqual([status, body.code, body.param], [409, 'external_id_taken', 'external_id'], JSON.stringify(body));
    }
    assert.equal((await seller.call('GET', `/v1/payments/${payment}`)).body.amount_refunded, 100);
    const named = async (of, name) => (await seller.call('GET', `/v1/payments/${of}/refunds?external_id=${name}`)).body.data.map(({ id }) => id);
    assert.deepEqual([await named(payment, external_id), await named(other, external_id), await named(payment, 'order-none')], [[made.id], [], []]);
    assert.equal((await refund(payment, { amount: 100 }, { key })).body.external_id, null, 'without a name it is another part');
    const at = Date.now(), together = await Promise.all([payment, other, payment, other].map((of) => refund(of, { amount: 1, external_id: `at-${at}` })));
    assert.deepEqual([...new Set(together.map(({ status, body }) => body.code ?? status))].filter((end) => end !== 'payment_state').sort(), [200, 'external_id_taken'], JSON.stringify(together.map(({ body }) => body)));
    assert.equal(together.filter(({ status }) => status === 200).length, 1);
    const elsewhere = await newPartner(s), its = await newSeller(s.env, { token: elsewhere.token });
    await its.sell(1000);
    const { body: { data: [sale] } } = await its.call('GET', '/v1/payments');
    assert.equal((await its.call('POST', `/v1/payments/${sale.id}/refunds`, { amount: 100, external_id })).status, 200, 'another partner has names of its own');
    await elsewhere.remove();
  });

  test('that the acquirer declines puts everything back', async () => {
    const { body: { id } } = await create();
    await confirm(id, { payment_token: await token('4000 0000 0000 0838') });
    const before = await seller.available();
    const { status, body } = await refund(id, { amount: 500 });
    assert.deepEqual([status, body.code, body.decline_code], [402, 'refund_declined', 'refund_failed']);
    assert.equal(await seller.available(), before);
    assert.equal((await seller.call('GET', `/v1/payments/${id}`)).body.amount_refunded, 0);
  });

  test('of what was not paid is refused', async () => {
    const { body: { id } } = await create();
    const { status, body } = await refund(id);
    assert.deepEqual([status, body.code], [409, 'payment_state']);
  });

  test('takes no currency and no destination', async () => {
    const payment = await paid();
    for (const fields of [{ currency: 'USD' }, { destination: 'DE89370400440532013000' }]) {
      const { status, body } = await refund(payment, fields);
      assert.deepEqual([status, body.param], [400, Object.keys(fields)[0]]);
    }
  });

  test('is refused when the seller has been paid out', async () => {
    const poor = await newSeller(s.env);
    const amount = await poor.sell(1000);
    const { body: payout } = await poor.request(amount);
    const answer = await poor.confirm(payout.id, codeIn(await s.mail(poor.email)));
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    const { data } = (await poor.call('GET', `/v1/payments?store=${poor.store.id}`)).body;
    const { status, body } = await poor.call('POST', `/v1/payments/${data[0].id}/refunds`, {});
    assert.deepEqual([status, body.code], [409, 'insufficient_funds']);
  });
});
