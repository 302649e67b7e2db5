/*
 * What is asked for while something else is on its way, which a statement has not seen that began before
 * (docs/decisions/0104-guards-between-isolation-levels.md). What the statements alone are asked is tests/contract/guards_test.c.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { holding } from '../support/holding.mjs';
import { heard } from '../support/outcome.mjs';
import { newPartner } from '../support/partner.mjs';
import { newSeller } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, partner, seller;

before(async () => {
  s = await sharedStack();
  partner = await newPartner(s);
  seller = await newSeller(s.env, { token: partner.token });
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await s?.stop();
});

const post = async (path, body, status = 200, options) => {
  const answer = await seller.call('POST', path, body, options);
  assert.equal(answer.status, status, `${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
};

async function subscribed() {
  const buyer = randomUUID(), email = `${buyer}@example.com`, agent = createAgent();
  const payment = await post('/v1/payments', { store: seller.store.id, amount: 700, currency: 'EUR', description: 'The first', save_card: { buyer, email, required: true } }, 201);
  const set = await agent.submit(await agent.open(payment.checkout.url), { save_card: 'true' }, { button: 'Pay by card' });
  await agent.submit(set, { number: '4242424242424242', exp: '11/59', csc: '123' });
  const card = await eventually(async () => (await seller.call('GET', `/v1/saved_cards?payment=${payment.id}`)).body.data[0], { what: 'the card is kept' });
  const price = await post('/v1/prices', { store: seller.store.id, name: 'Monthly', amount: 700, currency: 'EUR', interval: 'month' }, 201);
  const subscription = await post('/v1/subscriptions', { price: price.id, saved_card: card.id, payment: payment.id }, 201);
  return { agent, subscription, link: await post('/v1/billing_links', { store: seller.store.id, buyer }, 201) };
}

/* As if its next period had begun: it waits for an invoice that nobody looks at. */
const invoiced = (subscription, invoice) => s.psql(`set search_path to pay;
  insert into pay.invoice (invoice_id, partner_id, subscription_id, kind, period_n, period_start, period_end, currency, total, applied, due, lines, status, payment_id, look_at, created_at)
  select '${invoice}', partner_id, subscription_id, 'change', period_n, period_start, period_end, 'EUR', 700, 0, 700, '[]', 'open', 'pay_${invoice}', 'infinity', now()
    from pay.subscription where subscription_id = '${subscription}';
  update pay.subscription set due_at = null where subscription_id = '${subscription}'`);

for (const [does, button, first] of [['cancels it', 'Cancel the subscription'], ['keeps it', 'Keep the subscription', 'Cancel the subscription'], ['lets it go on', 'Go on', 'Pause']]) {
  test(`a subscription is due again when its buyer ${does} on his page while its invoice is being paid`, async () => {
    const { agent, subscription: { id }, link } = await subscribed(), invoice = `inv_${randomUUID()}`, one = `subscription_id = '${id}'`;
    let page = await agent.open(link.url);
    if (first) page = await agent.submit(page, {}, { button: first });
    await invoiced(id, invoice);
    const held = await holding(s.env, `set local search_path to pay; delete from pay.invoice where invoice_id = '${invoice}'; update pay.subscription set due_at = case when status = 'active' then period_end end where ${one}`);
    const pressed = heard(() => agent.submit(page, {}, { button }));
    await held.waiters(s, [pressed]);
    await held.release();
    assert.equal((await pressed).status, 200);
    assert.deepEqual(await s.psql(`select status, due_at = period_end as is_due from pay.subscription where ${one}`), [{ status: 'active', is_due: true }]);
  });
}

test('a store has at most ten domains, also of two that come at one moment', async () => {
  const path = `/v1/stores/${seller.store.id}/domains`, host = (n) => `n${n}.${randomUUID()}.example`;
  for (let n = 0; n < 9; n++) await post(path, { host: host(n) }, 201);
  const held = await holding(s.env, `select from pay.store where store_id = '${seller.store.id}' for update`);
  const both = [9, 10].map((n) => heard((options) => seller.call('POST', path, { host: host(n) }, options)));
  await held.waiters(s, both);
  await held.release();
  assert.deepEqual((await Promise.all(both)).map(({ status }) => status).sort(), [201, 422]);
});

test('a partner has at most twenty endpoints, and a store as many planned tariffs, also of two that come at one moment', async () => {
  const table = [['/v1/webhook_endpoints', () => ({ url: `https://hooks.example/${randomUUID()}` }), 'pay.partner', `partner_id = '${partner.slug}'`],
    [`/v1/stores/${seller.store.id}/tariffs`, (n) => ({ split: { platform_bp: 500, partner_bp: 100 }, valid_from: new Date(Date.now() + (n + 1) * 86_400_000).toISOString() }), 'pay.store', `store_id = '${seller.store.id}'`]];
  for (const [path, body, of, one] of table) {
    for (let n = 0; n < 19; n++) await post(path, body(n), 201);
    const held = await holding(s.env, `select from ${of} where ${one} for update`);
    const both = [19, 20].map((n) => heard((options) => seller.call('POST', path, body(n), options)));
    await held.waiters(s, both);
    await held.release();
    assert.deepEqual((await Promise.all(both)).map(({ status }) => status).sort(), [201, 422], path);
  }
});

test('a person is told of a payment that was shared with a user at the moment at which he was closed', async () => {
  let user, fields, paid;
  do { /* on a machine that stands still it has given up before he was closed */
    const name = `shares-${randomUUID()}`, key = randomUUID();
    user = await post('/v1/users', { name, external_id: name, email: `${name}@example.com` }, 201);
    fields = { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'Of two', split: [{ party: 'user', user: user.id, bp: 1000 }], confirm: { payment_token: 'tok_test_visa' } };
    /* The statement that takes it has looked at its users, and waits for the key: somebody had it, and gives it up. */
    const [{ route }] = await s.psql(`select route from pay.idempotency where partner_id = '${partner.slug}' and op like 'pay\\_%' limit 1`);
    const held = await holding(s.env, `insert into pay.idempotency (partner_id, route, key, fingerprint, op, created_at) values ('${partner.slug}', '${route}', '${key}', sha256(''), 'x', now());
      delete from pay.idempotency where partner_id = '${partner.slug}' and key = '${key}'`);
    const paying = seller.call('POST', '/v1/payments', fields, { key });
    await held.waiters(s, [paying]);
    await post(`/v1/users/${user.id}/close`);
    await held.release();
    paid = await paying;
  } while (paid.status === 503);
  const { status, body } = paid;
  assert.deepEqual([status, body.status], [200, 'succeeded'], JSON.stringify(body));
  const told = () => s.psql(`select detail from pay.anomaly where kind = 'user_owed' and ref = '${user.id}' and closed_at is null`);
  assert.deepEqual(await told(), []);
  await s.psql(`update pay.pay_user set look_again_at = now() where user_id = '${user.id}' and look_again_at > now()`);
  await eventually(async () => (await told()).length, { what: 'somebody looked at him again' });
  assert.deepEqual(await told(), [{ detail: 'closed, and still open: balances that are not zero (1)' }]);
  assert.equal((await seller.call('POST', '/v1/payments', fields)).status, 422, 'nothing more is shared with him');
  await s.psql(`update pay.anomaly set closed_at = now(), closed_by = 'test', note = 'it was one' where ref = '${user.id}'`);
});
