/*
 * Splits by rules (docs/protocol/pay/splits.md; MONEY 6.A 2 to 5, SECURITY J 261 to 266): stored profiles, stores and payments
 * under them, several sellers, fee policies at refunds. The arithmetic is proved in C; here is that the money goes where it says.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { heard, outcomeOf } from '../support/outcome.mjs';
import { newPartner } from '../support/partner.mjs';
import { pay, userTokens } from '../support/people.mjs';
import { codeIn, newSeller } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, seller, other, stranger;
const slug = `splits-${randomUUID().slice(0, 8)}`;

const operator = async (...args) => {
  const { code, stdout, stderr } = await s.operator('paysrv', ...args);
  assert.equal(code, 0, stderr);
  return stdout.trim();
};

before(async () => {
  s = await sharedStack();
  [seller, other] = [await newSeller(s.env), await newSeller(s.env)];
  await operator('partners', 'add', slug, '--name', 'Splits', '--platform-bp', '0', '--partner-bp', '0');
  stranger = await operator('splits', 'add', slug, '--name', 'Of another partner', '--rules', '[{"party":"seller","rest":true}]');
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await s?.stop();
});

const profile = (rules, fields = {}, options) => seller.call('POST', '/v1/split_profiles', { name: 'A profile', currency: 'EUR', rules, ...fields }, options);
const create = (fields = {}) => seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'An article', ...fields });
const refund = (payment, fields = {}, { key } = {}) => outcomeOf((options) => seller.call('POST', `/v1/payments/${payment}/refunds`, fields, options), key);
const made = async (answer) => {
  const { status, body } = await answer;
  assert.equal(status, 201, JSON.stringify(body));
  return body;
};
const shares = ({ split }) => split.map(({ party, user, amount }) => [user ?? party, amount]);
const ofOther = (fields) => ({ party: 'user', user: other.user.id, ...fields });

async function paid(fields) {
  const payment = await made(create(fields));
  const { status, body } = await outcomeOf((options) => seller.call('POST', `/v1/payments/${payment.id}/confirm`, { payment_token: 'tok_test_visa' }, options));
  assert.deepEqual([status, body.status, body.split], [200, 'succeeded', payment.split], JSON.stringify(body));
  return payment;
}

/* What the ledger says of a payment: account kind, whose, and the sum of charge and refunds. */
const booked = (payment) => s.psql(`select a.kind, a.user_id, sum(p.amount) as amount from pay.posting p join pay.entry e using (entry_id) join pay.account a using (account_id)
  where (e.kind, e.ref) in (select 'charge', '${payment}' union all select 'refund', refund_id from pay.refund where payment_id = '${payment}')
  group by 1, 2 order by 1, 2`);

describe('a split profile', () => {
  test('is stored with what was left out, read, listed and put away', async () => {
    const key = randomUUID();
    const rules = [{ party: 'partner', bp: 1000, fixed: 30, min: 50, cap: 500, on_refund: 'none' }, ofOther({ bp: 2000 })];
    const one = await made(profile(rules, {}, { key }));
    assert.deepEqual(one.rules, [{ party: 'platform', bp: 500, on_refund: 'pro_rata' }, rules[0], ofOther({ bp: 2000, on_refund: 'pro_rata' }), { party: 'seller', rest: true }]);
    assert.equal((await profile(rules, {}, { key })).body.id, one.id, 'the key was used before');
    assert.deepEqual((await seller.call('GET', `/v1/split_profiles/${one.id}`)).body, one);
    assert.ok((await seller.call('GET', '/v1/split_profiles?limit=100')).body.data.some(({ id }) => id === one.id));
    const store = await made(seller.call('POST', '/v1/stores', { name: 'x', user: seller.user.id, currency: 'EUR', split_profile: one.id }));
    assert.equal(store.split_profile, one.id);
    const later = await seller.call('POST', `/v1/stores/${store.id}/split_profile`, {});
    assert.deepEqual([later.status, later.body.split_profile, later.body.split], [200, undefined, { platform_bp: 500, partner_bp: 2500 }]);
    assert.equal((await seller.call('POST', `/v1/stores/${store.id}/split_profile`, { split_profile: one.id })).body.split_profile, one.id);
    assert.equal((await seller.call('GET', `/v1/stores/${store.id}`)).body.split_profile, one.id);
    const inUse = await seller.call('POST', `/v1/split_profiles/${one.id}/archive`);
    assert.deepEqual([inUse.status, inUse.body.code], [409, 'split_profile_in_use']);
    const { id } = await made(profile([{ party: 'partner', bp: 1 }]));
    const away = await seller.call('POST', `/v1/split_profiles/${id}/archive`);
    assert.match(away.body.archived_at, /^20/);
    assert.deepEqual((await seller.call('POST', `/v1/split_profiles/${id}/archive`)).body, away.body, 'again is the same');
    assert.equal((await create({ split_profile: id })).body.param, 'split_profile');
  });

  test('is refused by the name of what is wrong', async () => {
    const rest = { party: 'seller', rest: true };
    const wrong = [
      [[], 'rules'], [Array.from({ length: 17 }, () => rest), 'rules'], [Array.from({ length: 16 }, (_, i) => ({ party: 'user', user: `usr_${i}` })), 'rules'],
      [[{ party: 'buyer', bp: 1 }], 'rules[0].party'], [[{ party: 'partner', bp: 10001 }], 'rules[0].bp'], [[{ party: 'partner', bp: -1 }], 'rules[0].bp'],
      [[{ party: 'partner', bp: 1.5 }], 'rules[0].bp'], [[{ party: 'partner', fixed: 1e13 }], 'rules[0].fixed'], [[{ party: 'partner', percent: 5 }], 'rules[0].percent'],
      [[{ party: 'partner', on_refund: 'some' }], 'rules[0].on_refund'], [[{ party: 'partner', min: 9, cap: 8 }], 'rules[0]'], [[rest, rest], 'rules[1]'],
      [[{ party: 'partner', rest: true }, rest], 'rules'], [[{ party: 'partner', bp: 9501 }], 'rules'], [[{ party: 'user', bp: 1 }], 'rules[0]'],
      [[{ party: 'seller', rest: true, bp: 1 }], 'rules[0]'], [[{ party: 'seller', bp: 1 }], 'rules'], [[{ party: 'user', user: 'usr_00000000000000000000000000', bp: 1 }], 'rules[0]'],
      [[{ party: 'platform', bp: 499 }], 'rules[0]'], [[{ party: 'platform', bp: 600, cap: 100 }], 'rules[0]'], [[{ party: 'platform', bp: 500, on_refund: 'full' }], 'rules[0]'],
    ];
    for (const [rules, param] of wrong) {
      const { status, body } = await profile(rules);
      assert.ok(status === 400 || status === 422, JSON.stringify([rules, body]));
      assert.equal(body.param, param, JSON.stringify([rules, body]));
    }
    const fixed = [{ party: 'partner', fixed: 30 }];
    for (const currency of [null, 'XTS', 'XAU', 'BGN']) assert.equal((await profile(fixed, { currency })).body.param, 'currency', currency);
  });

  test('belongs to its partner, and to nobody’s user', async () => {
    const unknown = 'spl_00000000000000000000000000';
    const shape = ({ status, body }) => [status, body.code, body.detail, body.param];
    for (const ask of [(id) => seller.call('GET', `/v1/split_profiles/${id}`), (id) => seller.call('POST', `/v1/split_profiles/${id}/archive`), (id) => create({ split_profile: id }),
      (id) => seller.call('POST', `/v1/stores/${seller.store.id}/split_profile`, { split_profile: id }), (id) => seller.call('POST', '/v1/stores', { name: 'x', user: seller.user.id, currency: 'EUR', split_profile: id })]) {
      const foreign = shape(await ask(stranger));
      assert.ok([404, 422].includes(foreign[0]));
      assert.deepEqual(foreign, shape(await ask(unknown)));
    }
    const notMine = await made(profile([ofOther({ bp: 1 })]));
    assert.equal((await seller.call('POST', `/v1/stores/${other.store.id}/split_profile`, { split_profile: notMine.id })).body.param, 'split_profile', 'its seller is another user of the rules');
    const { access_token: token } = await userTokens(s.env, s.env.demo.editor, 'openid pay.users pay.stores pay.payments');
    await pay(s.env, token, 'POST', '/v1/users', { name: 'Eve Editor' });
    const refused = await pay(s.env, token, 'GET', '/v1/split_profiles');
    assert.deepEqual([refused.status, refused.body.code], [403, 'insufficient_scope']);
    assert.match(refused.body.detail, /Only the partner's own token/, 'it has the scope');
    assert.equal((await pay(s.env, token, 'POST', '/v1/stores', { name: 'x', currency: 'EUR', split_profile: unknown })).body.param, 'split_profile');
  });
});

describe('a payment with several sellers', () => {
  test('pays each, and partial refunds take from each exactly what it got', async () => {
    const { id } = await made(profile([{ party: 'partner', bp: 333, fixed: 7 }, ofOther({ bp: 3333 })]));
    const before = [await seller.available(), await other.available()];
    const payment = await paid({ amount: 1001, split_profile: id });
    assert.deepEqual(shares(payment), [['platform', 50], ['partner', 40], [other.user.id, 334], ['seller', 577]]);
    assert.deepEqual([payment.split_profile, (await seller.call('GET', `/v1/payments/${payment.id}`)).body.split], [id, payment.split]);
    assert.deepEqual(await booked(payment.id), [{ kind: 'acquirer_receivable', user_id: '', amount: 1001 }, { kind: 'partner', user_id: '', amount: -40 }, { kind: 'platform', user_id: '', amount: -50 },
      ...[{ kind: 'seller', user_id: seller.user.id, amount: -577 }, { kind: 'seller', user_id: other.user.id, amount: -334 }].sort((a, b) => (a.user_id < b.user_id ? -1 : 1))]);
    assert.deepEqual([await seller.available(), await other.available()], [before[0] + 577, before[1] + 334]);
    const parts = [];
    for (const fields of [{ amount: 1 }, { amount: 500 }, { amount: 499 }, {}]) parts.push((await refund(payment.id, fields)).body);
    assert.ok(parts.every(({ status }) => status === 'succeeded'), JSON.stringify(parts));
    assert.deepEqual(payment.split.map((_, i) => parts.reduce((sum, { split }) => sum + split[i].amount, 0)), [50, 40, 334, 577]);
    assert.ok((await booked(payment.id)).every(({ amount }) => amount === 0), 'nothing is left on any account');
    assert.deepEqual([await seller.available(), await other.available()], before);
    const told = await s.psql(`select data from pay.event where object_id = any ('{${[payment, ...parts].map(({ id }) => id)}}') and type in ('payment.succeeded', 'refund.succeeded') order by event_id`);
    assert.deepEqual(told.map(({ data }) => JSON.parse(data).split), [payment, ...parts].map(({ split }) => split), 'webhooks tell the same');
    assert.deepEqual((await seller.call('GET', `/v1/payments/${payment.id}/refunds`)).body.data.map(({ split }) => split), parts.map(({ split }) => split));
  });

  test('in parallel, each the other’s, with refunds: no cent is lost and nobody waits in a circle', async () => {
    const before = [await seller.available(), await other.available()];
    const both = [[seller, other], [other, seller]];
    /* The acquirer's answer to one of so many may come too late: it is held until it is known. */
    const settled = (mine, payment) => eventually(async () => {
      const [{ body }, { body: refunds }] = [await mine.call('GET', `/v1/payments/${payment}`), await mine.call('GET', `/v1/payments/${payment}/refunds`)];
      return body.status === 'succeeded' && refunds.data.every(({ status }) => ['succeeded', 'failed'].includes(status));
    }, { what: `${payment} and its refunds are settled` });
    const run = async ([mine, theirs]) => {
      const split = [{ party: 'user', user: theirs.user.id, bp: 5000 }];
      const ask = (path, fields) => heard((options) => mine.call('POST', path, fields, options));
      const payment = await made(ask('/v1/payments', { store: mine.store.id, amount: 999, currency: 'EUR', description: 'x', split }));
      const { status } = await ask(`/v1/payments/${payment.id}/confirm`, { payment_token: 'tok_test_visa' });
      assert.ok([200, 202].includes(status), `${status}`);
      await settled(mine, payment.id);
      const answers = await Promise.all([100, 899].map((amount) => ask(`/v1/payments/${payment.id}/refunds`, { amount })));
      assert.ok(answers.every(({ status }) => [200, 202, 409].includes(status)), JSON.stringify(answers));
      await settled(mine, payment.id);
      const last = await ask(`/v1/payments/${payment.id}/refunds`, {});
      assert.ok([200, 202].includes(last.status) || last.body.code === 'refund_too_large', JSON.stringify(last.body));
      await settled(mine, payment.id);
    };
    await Promise.all(Array.from({ length: 24 }, (_, i) => run(both[i % 2])));
    assert.deepEqual([await seller.available(), await other.available()], before);
  });

  test('is not refunded out of the money that one of them no longer has', async () => {
    const poor = await newSeller(s.env);
    const payment = await paid({ split: [{ party: 'user', user: poor.user.id, bp: 1000 }] });
    const { body: payout } = await poor.request(100);
    assert.equal((await poor.confirm(payout.id, codeIn(await s.mail(poor.email)))).status, 200);
    const { status, body } = await refund(payment.id, { amount: 500 });
    assert.deepEqual([status, body.code], [409, 'insufficient_funds']);
  });
});

describe('who bears a refund', () => {
  test('is the seller for fees that are kept, and first the fee that is forgiven', async () => {
    const payment = await paid({ split: [{ party: 'platform', bp: 500, on_refund: 'none' }, { party: 'partner', bp: 2500, on_refund: 'full' }] });
    assert.deepEqual(shares(payment), [['platform', 50], ['partner', 250], ['seller', 700]]);
    assert.deepEqual(shares((await refund(payment.id, { amount: 100 })).body), [['platform', 0], ['partner', 100], ['seller', 0]]);
    assert.deepEqual(shares((await refund(payment.id, { amount: 200 })).body), [['platform', 0], ['partner', 150], ['seller', 50]]);
    await paid(); /* so that he holds what he has to bear */
    assert.deepEqual(shares((await refund(payment.id)).body), [['platform', 0], ['partner', 0], ['seller', 700]]);
    assert.deepEqual((await booked(payment.id)).map(({ kind, amount }) => [kind, amount]), [['acquirer_receivable', 0], ['partner', 0], ['platform', -50], ['seller', 50]]);
  });
});

describe('rules of one payment', () => {
  test('are kept once, whoever gives them', async () => {
    const split = [{ party: 'partner', bp: 1234 }];
    const [one, two] = [await made(create({ split })), await made(create({ split, amount: 7 }))];
    assert.equal(one.split_profile, two.split_profile);
    assert.deepEqual(shares(one), [['platform', 50], ['partner', 123], ['seller', 827]]);
    assert.ok(!(await seller.call('GET', '/v1/split_profiles?limit=100')).body.data.some(({ id }) => id === one.split_profile), 'they have no name');
  });

  test('that ask for more than the amount are refused, naming it', async () => {
    const split = [{ party: 'partner', fixed: 30 }];
    assert.deepEqual(shares(await made(create({ split, amount: 32 }))), [['platform', 2], ['partner', 30], ['seller', 0]]);
    const { status, body } = await create({ split, amount: 31 });
    assert.deepEqual([status, body.param], [422, 'amount'], JSON.stringify(body));
  });

  test('do not come with a profile, and do not name the seller as another', async () => {
    const { id } = await made(profile([{ party: 'user', user: seller.user.id, bp: 100 }]));
    assert.equal((await create({ split: [{ party: 'partner', bp: 1 }], split_profile: id })).body.param, 'split_profile');
    assert.equal((await create({ split_profile: id })).body.param, 'split_profile');
    assert.equal((await create({ split: [{ party: 'user', user: seller.user.id, bp: 1 }] })).body.param, 'split');
  });

  test('count in the minor units of every exponent', async () => {
    for (const [currency, amount, expected] of [['JPY', 101, [5, 25, 71]], ['BHD', 1005, [50, 251, 704]], ['UYW', 12345, [617, 3086, 8642]]]) {
      const store = await made(seller.call('POST', '/v1/stores', { name: 'x', user: seller.user.id, currency }));
      const payment = await made(create({ store: store.id, currency, amount, split: [{ party: 'partner', bp: 2500 }] }));
      assert.deepEqual(payment.split.map((part) => part.amount), expected, currency);
      const euro = await made(profile([{ party: 'partner', fixed: 1 }]));
      assert.equal((await create({ store: store.id, currency, amount, split_profile: euro.id })).body.param, 'split_profile');
    }
  });
});

/* Of a part that does not reach for all rules, those that are declared first have theirs first. */
describe('the platform’s turn', () => {
  const late = [{ party: 'partner', fixed: 10000 }, { party: 'platform', bp: 500 }];
  const led = [['platform', 500], ['partner', 9500], ['seller', 0]];
  const authorized = async (fields, from = seller) => {
    const { id } = await made(create({ store: from.store.id, amount: 20000, capture_method: 'manual', ...fields }));
    const { status, body } = await outcomeOf((options) => seller.call('POST', `/v1/payments/${id}/confirm`, { payment_token: 'tok_test_visa' }, options));
    assert.deepEqual([status, body.status], [200, 'requires_capture'], JSON.stringify(body));
    return body;
  };
  const half = async ({ id }, fields) => {
    const { status, body } = await outcomeOf((options) => seller.call('POST', `/v1/payments/${id}/capture`, { amount: 10000, final: true, ...fields }, options));
    assert.deepEqual([status, body.status], [200, 'succeeded'], JSON.stringify(body));
    return body;
  };

  test('is the first, wherever its rule is written', async () => {
    const one = await made(profile([late[0], ofOther({ min: 1 }), late[1]]));
    assert.deepEqual(one.rules.map(({ party }) => party), ['platform', 'partner', 'user', 'seller']);
    assert.deepEqual((await seller.call('GET', `/v1/split_profiles/${one.id}`)).body.rules, one.rules);
    assert.deepEqual(shares(await half(await authorized({ split_profile: one.id }))), [['platform', 500], ['partner', 9500], [other.user.id, 0], ['seller', 0]]);
    assert.deepEqual(shares(await half(await authorized({ split: late }))), led);
    assert.deepEqual(shares(await half(await authorized(), { split: late })), led);
    for (const [i, rule] of [[2, { party: 'platform', bp: 499 }], [1, ofOther({ bp: 10001 })], [0, { party: 'partner', min: 9, cap: 8 }]]) {
      const { body } = await profile([late[0], ofOther({ min: 1 }), late[1]].with(i, rule));
      assert.ok([`rules[${i}]`, `rules[${i}].bp`].includes(body.param), `named as it was given: ${JSON.stringify(body)}`);
    }
  });

  /* Only the operator can make such a profile; partners could, once. */
  test('is the first also by a profile that is older than this', async () => {
    const partner = (await s.psql(`select partner_id from pay.store where store_id = '${seller.store.id}'`))[0].partner_id;
    const [mine, rest] = [await newSeller(s.env), { party: 'seller', rest: true }];
    const id = await operator('splits', 'add', partner, '--name', 'Old', '--currency', 'EUR', '--rules', JSON.stringify([...late, rest]));
    for (const refused of [await create({ split_profile: id, amount: 20000 }), await seller.call('POST', `/v1/stores/${mine.store.id}/split_profile`, { split_profile: id }),
      await seller.call('POST', '/v1/stores', { name: 'x', user: seller.user.id, currency: 'EUR', split_profile: id })]) {
      assert.deepEqual([refused.status, refused.body.param], [422, 'split_profile'], JSON.stringify(refused.body));
      assert.match(refused.body.detail, /before the platform/);
    }
    await operator('splits', 'use', mine.store.id, id);
    const payment = await eventually(async () => { /* servers keep a store's profile for a moment */
      const one = await authorized({}, mine);
      return one.split_profile === id && one;
    }, { what: 'the store has its profile' });
    assert.deepEqual(shares(payment), [['platform', 1000], ['partner', 10000], ['seller', 9000]], 'as of the whole');
    const captured = await half(payment);
    assert.deepEqual(shares(captured), led);
    assert.notEqual(captured.split_profile, id);
    assert.deepEqual(shares((await refund(payment.id)).body), led);
    await operator('splits', 'use', mine.store.id, 'none');
  });

  test('is the last where its terms give it the rest, and the others take no more than there', async () => {
    const own = await newPartner(s);
    const [mine, rest] = [await newSeller(s.env, { token: own.token }), { party: 'platform', rest: true }];
    const terms = await operator('splits', 'add', own.slug, '--name', 'Terms', '--currency', 'EUR', '--rules', JSON.stringify([{ party: 'seller', bp: 7000, fixed: 10 }, rest]));
    await operator('splits', 'default', own.slug, terms);
    const write = (rules) => mine.call('POST', '/v1/split_profiles', { name: 'x', currency: 'EUR', rules });
    for (const [rules, param] of [[[{ party: 'partner', bp: 1 }], 'rules[0]'], [[rest, { party: 'seller', bp: 7001 }], 'rules[1]'], [[{ party: 'seller', bp: 7000, fixed: 11 }, rest], 'rules[0]'],
      [[{ party: 'user', user: mine.user.id, fixed: 1 }, rest], 'rules[0]'], [[{ party: 'seller', rest: true }], 'rules']]) {
      const { status, body } = await write(rules);
      assert.deepEqual([status, body.param], [422, param], JSON.stringify([rules, body]));
    }
    const less = await made(write([{ party: 'seller', bp: 6999 }]));
    assert.deepEqual(less.rules.map(({ party }) => party), ['platform', 'seller']);
    const payment = await made(mine.call('POST', '/v1/payments', { store: mine.store.id, amount: 1000, currency: 'EUR', description: 'x', split_profile: less.id }));
    assert.deepEqual(shares(payment), [['platform', 300], ['partner', 0], ['seller', 700]]);
    const store = await made(mine.call('POST', '/v1/stores', { name: 'x', user: mine.user.id, currency: 'EUR' }));
    assert.equal(store.split_profile, terms, 'its terms are what a store of it may have');
    await own.remove();
  });
});

test('the operator gives a store a profile, and takes it away', async () => {
  const partner = (await s.psql(`select partner_id from pay.store where store_id = '${seller.store.id}'`))[0].partner_id;
  const mine = await newSeller(s.env);
  const rules = [{ party: 'platform', bp: 0, fixed: 25 }, ofOther({ bp: 1000 }), { party: 'seller', rest: true }];
  const id = await operator('splits', 'add', partner, '--name', 'By the operator', '--currency', 'EUR', '--rules', JSON.stringify(rules));
  assert.match(await operator('splits', 'list', partner), new RegExp(`${id}\tBy the operator\tEUR\topen`));
  assert.match(await operator('splits', 'use', mine.store.id, id), /set/);
  const payment = await eventually(async () => { /* servers keep a store's profile for a moment */
    const one = await made(mine.call('POST', '/v1/payments', { store: mine.store.id, amount: 1000, currency: 'EUR', description: 'x' }));
    return one.split_profile === id && one;
  }, { what: 'the store has its profile' });
  assert.deepEqual(shares(payment), [['platform', 25], ['partner', 0], [other.user.id, 100], ['seller', 875]]);
  assert.notEqual((await s.operator('paysrv', 'splits', 'archive', partner, id)).code, 0, 'it is in use');
  await operator('splits', 'use', mine.store.id, 'none');
  await operator('splits', 'archive', partner, id);
  for (const [why, ...args] of [['no rules', 'add', partner, '--name', 'x', '--rules', '{}'], ['no such user', 'add', slug, '--name', 'x', '--rules', JSON.stringify(rules.slice(1))],
    ['two rests', 'add', partner, '--name', 'x', '--rules', '[{"party":"seller","rest":true},{"party":"partner","rest":true}]'],
    ['another partner’s', 'use', mine.store.id, stranger], ['archived', 'use', mine.store.id, id]])
    assert.notEqual((await s.operator('paysrv', 'splits', ...args)).code, 0, why);
});
