/*
 * Money that waits: deals that are held until delivered, reserves of sellers, refunds that wait for funds (docs/protocol/pay-api.md, "Deals"; MONEY
 * 6.A5, A6, A9). A sandbox partner, whose clock is set forward.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { newPartner } from '../support/partner.mjs';
import { newSeller } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, partner, seller;
const DELIVERED = { until: 'delivered', ends_after: 'P14D' };

before(async () => {
  s = await sharedStack();
  partner = await newPartner(s, '--sandbox');
  seller = await newSeller(s.env, { token: partner.token });
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await partner?.remove();
  await s?.stop();
});

const post = async (path, body, status = 200, options = undefined) => {
  const answer = await seller.call('POST', path, body, options);
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  return answer.body;
};
const get = async (path) => (await seller.call('GET', path)).body;
const make = (fields = {}) => post('/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'An article', ...fields }, 201);
async function paid(fields = {}, token = 'tok_test_visa') {
  const { id } = await make(fields);
  await post(`/v1/payments/${id}/confirm`, { payment_token: token });
  return id;
}
const hold = (payment) => get(`/v1/payments/${payment}/hold`);
const told = async (payment) => (await s.psql(`select type from pay.event where object_id = 'hld_${payment.slice(4)}' order by event_id`)).map(({ type }) => type);
async function balance() {
  const { available, held_back: held } = await get(`/v1/balance?user=${seller.user.id}`);
  return [available[0]?.amount ?? 0, held[0]?.amount ?? 0];
}
const parts = async () => (await get(`/v1/holdbacks?user=${seller.user.id}`)).data;
const settled = (payment) => eventually(async () => (await parts()).find((part) => part.payment === payment), { what: 'its parts are written down' });
async function advance(by) {
  await post('/v1/test_clock/advance', { by }, 202);
  await eventually(async () => (await get('/v1/test_clock')).status === 'ready', { what: 'the clock is ready' });
}

describe('a deal', () => {
  test('holds what is paid until it is released, in parts, and a refund takes what is held first', async () => {
    const [had] = await balance();
    const payment = await paid({ hold: DELIVERED });
    assert.deepEqual(await balance(), [had, 700]);
    const part = await settled(payment);
    assert.deepEqual([part.part, part.held, part.available_on], ['deal', 700, null]);
    assert.equal((await seller.request(had + 1)).body.code, 'insufficient_funds');
    const one = await hold(payment);
    assert.deepEqual([one.object, one.status, one.until, one.ends_after, one.at_end, one.amount, one.amount_held], ['hold', 'held', 'delivered', 'P14D', 'release', 1000, 1000]);
    assert.equal(Math.round((Date.parse(one.ends_at) - Date.now()) / 86400000), 14);

    const key = randomUUID();
    const first = await post(`/v1/payments/${payment}/release`, { amount: 333 }, 200, { key });
    assert.deepEqual([first.status, first.amount_released, first.amount_held], ['held', 333, 667]);
    assert.deepEqual(await post(`/v1/payments/${payment}/release`, { amount: 333 }, 200, { key }), first);
    assert.deepEqual(await balance(), [had + 700 - 466, 466]);
    await post(`/v1/payments/${payment}/refunds`, { amount: 167 });
    await eventually(async () => (await balance())[1] === 350, { what: 'half of it is held' });
    assert.deepEqual(await balance(), [had + 233, 350]);
    const much = await seller.call('POST', `/v1/payments/${payment}/release`, { amount: 501 });
    assert.deepEqual([much.status, much.body.code, much.body.param, much.body.detail.includes('500')], [409, 'release_too_large', 'amount', true], JSON.stringify(much.body));

    const last = await post(`/v1/payments/${payment}/release`, {});
    assert.deepEqual([last.status, last.ended_by, last.amount_released, last.amount_returned, last.amount_held], ['ended', 'release', 833, 167, 0]);
    assert.deepEqual(await balance(), [had + 583, 0]);
    assert.equal((await seller.call('POST', `/v1/payments/${payment}/release`, {})).body.code, 'payment_state');
    assert.deepEqual(await told(payment), ['hold.released', 'hold.released']);
  });

  test('ends by itself: what is left is released, or goes back to the buyer', async () => {
    const [had] = await balance();
    const kept = await paid({ hold: { ...DELIVERED, ends_after: 'P2D' } });
    const back = await paid({ hold: { ...DELIVERED, ends_after: 'P2D', at_end: 'return' } });
    await settled(kept);
    await settled(back);
    await post(`/v1/payments/${back}/release`, { amount: 400 });
    assert.deepEqual(await balance(), [had + 280, 700 + 420]);
    await advance('P1D');
    assert.deepEqual([(await hold(kept)).status, (await balance())[1]], ['held', 1120]);
    await advance('P2D');
    const [ended, returned] = [await hold(kept), await hold(back)];
    assert.deepEqual([ended.status, ended.ended_by, ended.amount_released], ['ended', 'end', 1000]);
    assert.deepEqual([returned.status, returned.ended_by, returned.amount_released, returned.amount_returned], ['ended', 'return', 400, 600]);
    assert.deepEqual(await balance(), [had + 700 + 280, 0]);
    const { data: [refund] } = await get(`/v1/payments/${back}/refunds`);
    assert.deepEqual([refund.amount, refund.status, refund.reason], [600, 'succeeded', 'not delivered in time']);
    assert.deepEqual([await told(kept), await told(back)], [['hold.ended'], ['hold.released', 'hold.ended']]);
  });

  test('may be the store’s, keeps the store’s delay, and is the partner’s to release', async () => {
    const one = await newSeller(s.env, { token: partner.token });
    const mine = seller;
    seller = one;
    try {
      const settle = (...words) => s.operator('paysrv', 'stores', 'settle', one.store.id, ...words);
      for (const wrong of [['--deal', '14'], ['--deal-end', 'return'], ['--deal', 'P1D', '--deal-end', 'never'], ['--calendar', 'target']]) {
        assert.equal((await settle(...wrong)).code, 2, wrong.join(' '));
      }
      assert.equal((await settle('--deal', 'P30D', '--delay-days', '3', '--working-days', '--calendar', 'target')).code, 0);
      const payment = await eventually(async () => {
        const id = await paid();
        return (await seller.call('GET', `/v1/payments/${id}/hold`)).status === 200 && id;
      }, { what: 'new payments are deals' });
      await settled(payment);
      const before = await balance();
      const released = await post(`/v1/payments/${payment}/release`, {});
      assert.equal(released.status, 'ended');
      const waits = (await parts()).find((part) => part.payment === payment);
      assert.ok(waits.held === 700 && Date.parse(waits.available_on) > Date.now() + 2 * 86400000, 'its delay goes on');
      assert.deepEqual(await balance(), before);
      await advance('P9D');
      assert.equal((await parts()).some((part) => part.payment === payment), false);

      const plain = await mine.call('GET', `/v1/payments/${(await mine.call('POST', '/v1/payments', { store: mine.store.id, amount: 100, currency: 'EUR', description: 'Plain' })).body.id}/hold`);
      assert.deepEqual([plain.status, plain.body.code], [404, 'not_found']);
      const unpaid = await make({ hold: DELIVERED });
      assert.equal((await hold(unpaid.id)).status, 'unpaid');
      assert.equal((await seller.call('POST', `/v1/payments/${unpaid.id}/release`, {})).body.code, 'payment_state');
      for (const [wrong, param, code = 422] of [[{ until: 'paid', ends_after: 'P1D' }, 'hold.until'], [{ until: 'delivered', ends_after: 'P2Y' }, 'hold.ends_after'], [{ ...DELIVERED, at_end: 'keep' }, 'hold.at_end'], [{ until: 'delivered' }, 'hold.ends_after', 400]]) {
        const { status, body } = await seller.call('POST', '/v1/payments', { store: one.store.id, amount: 100, currency: 'EUR', description: 'x', hold: wrong });
        assert.deepEqual([status, body.param], [code, param], JSON.stringify(body));
      }
    } finally {
      seller = mine;
    }
  });
});

describe('a reserve', () => {
  let one, mine;
  before(async () => {
    one = await newSeller(s.env, { token: partner.token });
    mine = seller;
    seller = one;
  });
  after(() => { seller = mine; });

  const verb = (...words) => s.operator('paysrv', 'balances', 'reserve', one.user.id, '--partner', partner.slug, '--currency', 'EUR', ...words);
  const has = (wanted) => eventually(async () => String(await balance()) === String(wanted) && wanted, { what: `the balance is ${wanted}` });
  const events = async () => (await s.psql(`select type from pay.event where object_id like 'rsv_%' and partner_id = '${partner.slug}' order by event_id`)).map(({ type }) => type);

  test('is filled from sales, kept from payouts, gives before anybody else does, and ends on its day', async () => {
    await paid();
    for (const wrong of [['--amount', '0', '--reason', 'Risk'], ['--amount', '500'], ['--release', '--amount', '500', '--reason', 'Risk'], ['--amount', '500', '--reason', 'Risk', '--until', 'soon'], []]) {
      assert.equal((await verb(...wrong)).code, 2, wrong.join(' '));
    }
    assert.equal((await verb('--release')).code, 1);
    const { now } = await get('/v1/test_clock');
    const until = `${new Date(Date.parse(now) + 30 * 86400000).toISOString().slice(0, 19)}Z`;
    const { code, stdout } = await verb('--amount', '1000', '--reason', 'New in business', '--until', until);
    assert.deepEqual([code, /up to/.test(stdout)], [0, true], stdout);
    await has([0, 700]);
    const [part] = await parts();
    assert.deepEqual([part.part, part.amount, part.held, part.payment, part.available_on], ['fixed', 1000, 700, undefined, until]);
    assert.equal((await one.request(1)).body.code, 'insufficient_funds');
    const sold = await paid();
    await has([400, 1000]);
    await post(`/v1/payments/${sold}/refunds`, {}); /* he gives 700, and has 400 beside the reserve */
    await has([0, 700]);
    assert.match((await s.operator('paysrv', 'balances', 'reserves', partner.slug)).stdout, new RegExp(`^${one.user.id}\t.*7\\.00 EUR of .*10\\.00.*\tuntil .*\tNew in business\tby `, 'm'));
    await paid();
    await has([400, 1000]);
    assert.equal((await verb('--amount', '300', '--reason', 'Less of it', '--until', until)).code, 0);
    await has([1100, 300]);
    await advance('P31D');
    await has([1400, 0]);
    assert.deepEqual(await events(), ['reserve.set', 'reserve.filled', 'reserve.used', 'reserve.filled', 'reserve.released', 'reserve.set', 'reserve.released']);
  });
});
