/*
 * Money that waits: deals that are held until delivered, reserves of sellers, refunds that wait for funds (docs/protocol/pay/deals.md; MONEY
 * 6.A5, A6, A9). A sandbox partner, whose clock is set forward.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { holding } from '../support/holding.mjs';
import { heard, outcomeOf } from '../support/outcome.mjs';
import { newPartner } from '../support/partner.mjs';
import { partnerToken } from '../support/people.mjs';
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
  const ask = (given) => seller.call('POST', path, body, given);
  const answer = await (status === 200 ? outcomeOf(ask, options?.key) : ask(options));
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
const told = async (payment) => (await s.psql(`select type from pay.event where object_id = 'hld_${payment.slice(4)}' order by sequence`)).map(({ type }) => type);
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
    const sold = (await get(`/v1/ledger?user=${seller.user.id}`)).data.find(({ reference }) => reference === payment);
    assert.deepEqual([sold.held, sold.available_on], [700, null], 'nobody knows when');
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
    for (const wrong of [['--amount', '0', '--reason', 'Risk'], ['--amount', '500'], ['--release', '--amount', '500', '--reason', 'Risk'], ['--amount', '500', '--reason', 'Risk', '--until', 'soon'], ['--amount', '500', '--reason', 'Risk', '--until', '2020-01-01T00:00:00Z'], []]) {
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
    assert.deepEqual((await events()).sort(), ['reserve.filled', 'reserve.filled', 'reserve.released', 'reserve.released', 'reserve.set', 'reserve.set', 'reserve.used']);
  });
});

describe('a refund', () => {
  let one, mine;
  before(async () => {
    one = await newSeller(s.env, { token: partner.token });
    mine = seller;
    seller = one;
  });
  after(() => { seller = mine; });

  const policy = (...words) => s.operator('paysrv', 'refunds', 'policy', partner.slug, '--currency', 'EUR', ...words);
  const shortfall = (which) => s.operator('paysrv', 'disputes', 'policy', partner.slug, '--currency', 'EUR', '--shortfall', which);
  const refunds = async (payment) => (await get(`/v1/payments/${payment}/refunds`)).data;
  const refundOf = (id) => get(`/v1/refunds/${id}`);
  const amounts = ({ split }) => split.map(({ amount }) => amount);
  const toldOf = async (refund) => (await s.psql(`select type from pay.event where object_id = '${refund}' order by sequence`)).map(({ type }) => type);
  async function emptied() {
    const [had] = await balance();
    const { body: payout } = await one.request(had);
    const [mail] = (await get(`/v1/test_mails?recipient=${encodeURIComponent(one.email)}&limit=1`)).data;
    assert.equal((await one.confirm(payout.id, mail.code)).status, 200);
  }

  test('waits for funds where that was agreed, in order, and not for ever', async () => {
    assert.equal((await shortfall('queue')).code, 0);
    const first = await paid(), second = await paid();
    await emptied();
    const hook = await post('/v1/webhook_endpoints', { url: `${s.env.pay_api}/nobody`, store: one.store.id }, 201);
    const key = randomUUID();
    const external_id = `back-${key}`, waits = await post(`/v1/payments/${first}/refunds`, { external_id, reason: 'It broke', reason_code: 'defective' }, 202, { key });
    assert.deepEqual([waits.status, waits.amount, waits.reason_code, waits.initiated_by, amounts(waits)], ['queued', 1000, 'defective', 'partner', [0, 0, 0]]);
    assert.equal((await post(`/v1/payments/${first}/refunds`, { external_id, reason: 'It broke', reason_code: 'defective' }, 202, { key })).id, waits.id);
    const named = async () => { /* whether it waits or is made */
      assert.equal((await one.call('POST', `/v1/payments/${second}/refunds`, { external_id })).body.code, 'external_id_taken');
      assert.deepEqual((await get(`/v1/payments/${first}/refunds?external_id=${external_id}`)).data.map((found) => [found.id, found.external_id]), [[waits.id, external_id]]);
    };
    await named();
    await paid({ amount: 400 });
    const small = await post(`/v1/payments/${second}/refunds`, { amount: 100 }, 202);
    assert.equal(small.status, 'queued', 'the other one was first');
    assert.deepEqual((await refunds(first)).map(({ id, status }) => [id, status]), [[waits.id, 'queued']]);
    assert.deepEqual(await refundOf(waits.id), (await refunds(first))[0], 'one that waits is read by its id, too');
    await paid({ amount: 700 });
    await eventually(async () => (await refunds(second))[0].status === 'succeeded', { what: 'both are made' });
    const [made] = await refunds(first);
    await named();
    assert.deepEqual(await refundOf(made.id), made);
    for (const id of ['re_none', made.id]) {
      const stranger = await fetch(`${s.env.pay_api}/v1/refunds/${id}`, { headers: { authorization: `Bearer ${await partnerToken(s.env)}` } });
      assert.deepEqual([stranger.status, (await stranger.json()).code], [404, 'not_found'], 'another partner’s is as none');
    }
    assert.deepEqual([made.id, made.status, made.reason, made.reason_code, amounts(made)], [waits.id, 'succeeded', 'It broke', 'defective', [50, 250, 700]]);
    assert.deepEqual([await toldOf(waits.id), await toldOf(small.id)], [['refund.queued', 'refund.succeeded'], ['refund.queued', 'refund.succeeded']]);
    assert.deepEqual(await balance(), [0, 0]);

    assert.equal((await policy('--queue-days', '3')).code, 0);
    const late = await post(`/v1/payments/${second}/refunds`, {}, 202);
    await advance('P4D');
    const failed = (await refunds(second)).find(({ id }) => id === late.id);
    assert.deepEqual([failed.status, failed.decline_code, await toldOf(late.id)], ['failed', 'not_funded', ['refund.queued', 'refund.failed']]);
    assert.equal((await shortfall('refuse')).code, 0);
    assert.equal((await seller.call('POST', `/v1/payments/${second}/refunds`, {})).body.code, 'insufficient_funds');

    const never = (await get(`/v1/events?about=${late.id}`)).data.toReversed();
    assert.deepEqual(never.map(({ type, account, store }) => [type, account, store]), ['refund.queued', 'refund.failed'].map((type) => [type, one.user.id, one.store.id]));
    await eventually(async () => (await s.psql(`select 1 from pay.webhook_delivery where webhook_endpoint_id = '${hook.id}' and event_id in (${never.map(({ id }) => `'${id}'`)})`)).length === 2, { what: 'an endpoint of the store is told of them' });
    await seller.call('DELETE', `/v1/webhook_endpoints/${hook.id}`);
  });

  test('that waits is taken back by the partner or an operator, and no more waits than is left', async () => {
    assert.equal((await shortfall('queue')).code, 0);
    const payment = await paid();
    await emptied();
    const refund = (amount, status = 202) => post(`/v1/payments/${payment}/refunds`, { amount }, status);
    const cancel = (id, status, key) => post(`/v1/refunds/${id}/cancel`, undefined, status, { key });
    const first = await refund(600);
    const much = await refund(401, 409);
    assert.deepEqual([much.code, much.param, much.detail.includes('400')], ['refund_too_large', 'amount', true], JSON.stringify(much));
    const second = await refund(400);
    const key = randomUUID();
    const canceled = await cancel(first.id, 200, key);
    assert.deepEqual([canceled.id, canceled.status, canceled.amount], [first.id, 'canceled', 600]);
    assert.deepEqual(await refundOf(first.id), canceled);
    assert.deepEqual(await cancel(first.id, 200, key), canceled);
    const late = await cancel(first.id, 409);
    assert.deepEqual([late.code, late.param], ['payment_state', 'refund']);
    await cancel('re_00000000000000000000000000', 404);
    assert.match((await s.operator('paysrv', 'refunds', 'queue', partner.slug)).stdout, new RegExp(`^${second.id}\t${payment}\t4\\.00 EUR\t${one.user.id} has 2\\.80 EUR too little\t`, 'm'));
    assert.match((await post(`/v1/users/${one.user.id}/close`, undefined, 409)).detail, /refunds that wait/);
    assert.deepEqual([(await s.operator('paysrv', 'refunds', 'cancel', second.id)).code, (await s.operator('paysrv', 'refunds', 'cancel', second.id)).code], [0, 1]);
    assert.deepEqual((await refunds(payment)).map(({ status }) => status), ['canceled', 'canceled']);
    assert.deepEqual([await toldOf(first.id), await toldOf(second.id)], [['refund.queued', 'refund.canceled'], ['refund.queued', 'refund.canceled']]);
    const who = await s.psql(`select split_part(actor, ':', 1) as actor, object from pay.audit where action = 'refund.canceled' and partner_id = '${partner.slug}' order by id`);
    assert.deepEqual(who.map(({ actor, object }) => [actor, object]), [['cli', second.id]]);
    await paid();
    assert.deepEqual([await balance(), (await post(`/v1/payments/${payment}/refunds`, {})).status], [[700, 0], 'succeeded']);
  });

  test('waits for the seller who has not got his part, whoever sold it', async () => {
    const other = await newSeller(s.env, { token: partner.token });
    const payment = await paid({ split: [{ party: 'user', user: other.user.id, bp: 6000 }] });
    const { body: payout } = await other.request(600);
    const [mail] = (await get(`/v1/test_mails?recipient=${encodeURIComponent(other.email)}&limit=1`)).data;
    await other.confirm(payout.id, mail.code);
    assert.equal((await post(`/v1/payments/${payment}/refunds`, {}, 202)).status, 'queued');
    await other.sell(1000);
    await eventually(async () => (await refunds(payment))[0].status === 'succeeded', { what: 'he has it again' });
  });

  test('asks nothing of a receiver who gives nothing of it, whatever he owes or waits for', async () => {
    const other = await newSeller(s.env, { token: partner.token });
    const sale = () => paid({ split: [{ party: 'user', user: other.user.id, bp: 2000, on_refund: 'none' }] });
    const his = async () => { const { id } = await post('/v1/payments', { store: other.store.id, amount: 1000, currency: 'EUR', description: 'An article' }, 201); await post(`/v1/payments/${id}/confirm`, { payment_token: 'tok_test_visa' }); return id; };
    const [payment, another, first, second] = [await sale(), await sale(), await his(), await his()];
    const { body: payout } = await other.request(await other.available());
    const [mail] = (await get(`/v1/test_mails?recipient=${encodeURIComponent(other.email)}&limit=1`)).data;
    assert.equal((await other.confirm(payout.id, mail.code)).status, 200);
    assert.equal((await shortfall('allow')).code, 0);
    await post(`/v1/payments/${first}/refunds`, {});
    assert.equal(await other.available(), -700);
    assert.equal((await shortfall('refuse')).code, 0);
    const half = await post(`/v1/payments/${payment}/refunds`, { amount: 100 });
    assert.deepEqual([half.status, half.split.find(({ user }) => user === other.user.id).amount], ['succeeded', 0]);
    assert.equal((await shortfall('queue')).code, 0);
    assert.equal((await post(`/v1/payments/${second}/refunds`, {}, 202)).status, 'queued');
    assert.equal((await post(`/v1/payments/${another}/refunds`, { amount: 100 })).status, 'succeeded');
  });

  test('waits no more often than is left, also when it is asked for twice at once', async () => {
    const payment = await paid();
    await emptied();
    const held = await holding(s.env, `select from pay.partner where partner_id = '${partner.slug}' for update`);
    const asked = [1, 2].map(() => heard((options) => seller.call('POST', `/v1/payments/${payment}/refunds`, { amount: 600 }, options)));
    await held.waiters(s, asked);
    await held.release();
    const answers = await Promise.all(asked);
    assert.deepEqual(answers.map(({ status, body }) => `${status} ${body.code ?? body.status}`).sort(), ['202 queued', '409 refund_too_large']);
    await post(`/v1/refunds/${answers.find(({ status }) => status === 202).body.id}/cancel`);
  });

  test('says whose fees go back with it, as far as that was agreed', async () => {
    const payment = await paid();
    const kept = await post(`/v1/payments/${payment}/refunds`, { amount: 200, fees: { platform: 'keep', partner: 'keep' } });
    assert.deepEqual([amounts(kept), (await balance())[0]], [[0, 0, 200], 500]);
    const wrong = await seller.call('POST', `/v1/payments/${payment}/refunds`, { amount: 200, fees: { platform: 'return' } });
    assert.deepEqual([wrong.status, wrong.body.param], [422, 'fees.platform']);
    assert.equal((await policy('--platform-fee', 'return')).code, 0);
    assert.deepEqual(amounts(await post(`/v1/payments/${payment}/refunds`, { amount: 200, fees: { platform: 'return' } })), [10, 50, 140]);
    for (const [body, param] of [[{ fees: { partner: 'half' } }, 'fees.partner'], [{ reason_code: 'no_idea' }, 'reason_code']]) {
      const { status, body: answer } = await seller.call('POST', `/v1/payments/${payment}/refunds`, body);
      assert.deepEqual([status, answer.param], [422, param], JSON.stringify(answer));
    }
    assert.match((await s.operator('paysrv', 'refunds', 'policies', partner.slug)).stdout, /^EUR\tat any time\twaits 3 day\(s\) for funds\tplatform's fee: return\t/m);
  });

  test('of a card that is closed fails, and the money is where it was; a deal then waits for the partner', async () => {
    const payment = await paid({ hold: { ...DELIVERED, ends_after: 'P1D', at_end: 'return' } }, (await s.acquirer('POST', '/v1/tokens', { number: '4000000000000838' })).id);
    await settled(payment);
    const had = await balance();
    const refused = await seller.call('POST', `/v1/payments/${payment}/refunds`, { amount: 100 });
    assert.deepEqual([refused.status, refused.body.code, await balance()], [402, 'refund_declined', had]);
    await advance('P2D');
    assert.deepEqual([(await hold(payment)).status, await told(payment), await balance()], ['held', ['hold.return_failed'], had]);
    assert.equal((await post(`/v1/payments/${payment}/release`, {})).status, 'ended');
    const [failed] = await s.psql(`select initiated_by, reason_code from pay.refund where payment_id = '${payment}' and initiated_by = 'system'`);
    assert.deepEqual(failed, { initiated_by: 'system', reason_code: 'not_delivered' });
  });

  test('comes too late after the time that was agreed, which it names', async () => {
    const payment = await paid();
    assert.equal((await policy('--window-days', '1')).code, 0);
    await post(`/v1/payments/${payment}/refunds`, { amount: 100 });
    await advance('P2D');
    const { status, body } = await seller.call('POST', `/v1/payments/${payment}/refunds`, { amount: 100 });
    assert.deepEqual([status, body.code, body.param, /until \d{4}-\d\d-\d\dT/.test(body.detail)], [409, 'refund_window', 'payment', true], JSON.stringify(body));
    assert.equal((await policy('--window-days', '0')).code, 0);
    await post(`/v1/payments/${payment}/refunds`, { amount: 100 });
  });
});

describe('a payout’s fee', () => {
  let mine;
  before(() => { mine = seller; });
  after(() => { seller = mine; });

  const fee = (...words) => s.operator('paysrv', 'payouts', 'fee', partner.slug, '--currency', 'EUR', ...words);
  const house = async () => Number((await s.psql(`select coalesce(sum(-q.amount), 0)::int as n from pay.posting q join pay.account a using (account_id) where a.partner_id = '${partner.slug}' and a.kind = 'platform'`))[0].n);
  const mailed = async (of) => (await get(`/v1/test_mails?recipient=${encodeURIComponent(of.email)}&limit=1`)).data[0];
  async function sold(holder) {
    seller = await newSeller(s.env, { token: partner.token, holder });
    await paid();
  }
  async function paidOut(amount) {
    const { status, body: payout } = await seller.request(amount);
    assert.equal(status, 201, JSON.stringify(payout));
    const mail = await mailed(seller);
    const { status: confirmed, body } = await seller.confirm(payout.id, mail.code);
    assert.equal(confirmed, 200, JSON.stringify(body));
    return { ...body, mail };
  }

  test('is beside the amount or out of it, shown before it is agreed to, an entry of its own, and given back with what comes to nothing', async () => {
    for (const wrong of [[], ['--bp', '1001'], ['--fixed', '1', '--mode', 'around'], ['--fixed', '1', '--to', 'nobody']]) assert.equal((await fee(...wrong)).code, 2, wrong.join(' '));
    assert.equal((await fee('--fixed', '100', '--bp', '100')).code, 0);
    assert.match((await s.operator('paysrv', 'payouts', 'fees', partner.slug)).stdout, /^EUR\t1\.00 EUR and 100 bp\ton top\tto platform\treturned: keep\t/m);
    await sold('Anna Fischer');
    const had = await house();
    assert.equal((await seller.request(650)).body.code, 'insufficient_funds');
    const top = await paidOut(500);
    assert.deepEqual([top.amount, top.fee, await balance(), await house()], [500, 105, [95, 0], had + 105]);
    assert.ok(top.mail.text.includes('5.00 EUR (fee 1.05 EUR)'), top.mail.text);
    const lines = (await get(`/v1/ledger?user=${seller.user.id}`)).data.slice(0, 2);
    assert.deepEqual(lines.map(({ kind, amount, reference }) => [kind, amount, reference]), [['payout_hold', -500, top.id], ['fee_payout', -105, top.id]]);
    const report = await get(`/v1/payouts/${top.id}/statement`);
    assert.deepEqual([report.data.map(({ kind, amount }) => [kind, amount]), report.amount, report.closing], [[['charge', 700], ['fee_payout', -105]], 500, 95]);

    assert.equal((await fee('--fixed', '50', '--mode', 'inside', '--returned', 'return')).code, 0);
    const ours = await seller.call('POST', '/v1/payouts', { amount: 1, currency: 'EUR', requisite: seller.requisite.id });
    assert.deepEqual([ours.status, ours.body.param, /own_sales/.test(ours.body.detail)], [422, 'user', true], 'the partner’s own sales');
    const low = await seller.request(50);
    assert.deepEqual([low.status, low.body.param], [422, 'amount']);
    const inside = await paidOut(95);
    assert.deepEqual([inside.amount, inside.fee, await balance()], [45, 50, [0, 0]]);
    const list = await seller.call('POST', '/v1/payout_lists', { user: seller.user.id, payouts: [{ amount: 60, currency: 'EUR', requisite: seller.requisite.id }] });
    assert.equal(list.body.code, 'insufficient_funds');

    await sold('Reject AC04');
    const rejected = await paidOut(700);
    assert.deepEqual([rejected.amount, await balance()], [650, [0, 0]]);
    await sold('Return AC06');
    const agreed = (await seller.call('POST', '/v1/payout_lists', { user: seller.user.id, payouts: [{ amount: 300, currency: 'EUR', requisite: seller.requisite.id }, { amount: 200, currency: 'EUR', requisite: seller.requisite.id }] })).body;
    assert.deepEqual(agreed.payouts.map(({ amount, fee: of }) => [amount, of]), [[250, 50], [150, 50]]);
    const { status } = await seller.call('POST', `/v1/payout_lists/${agreed.id}/confirm`, { code: (await mailed(seller)).code });
    assert.deepEqual([status, await balance()], [200, [200, 0]]);
    const before = await house();
    await advance('P10D');
    await eventually(async () => String(await balance()) === '700,0', { what: 'what came back has its fee back' });
    assert.equal(await house(), before - 150);
    const [{ n }] = await s.psql(`select count(*)::int as n from pay.event where type = 'payout.fee_returned' and partner_id = '${partner.slug}'`);
    assert.equal(n, 3);
    assert.equal((await fee('--fixed', '0')).code, 0);
    await sold('Anna Fischer');
    assert.equal((await paidOut(700)).fee, undefined);
  });

  test('is not all that is looked at: one too many in an hour, or much to a new account, waits for operators', async () => {
    const watch = (...words) => s.operator('paysrv', 'payouts', 'watch', partner.slug, '--currency', 'EUR', ...words);
    for (const wrong of [[], ['--new-days', '3'], ['--off', '--per-hour', '1'], ['--per-hour', '0']]) assert.equal((await watch(...wrong)).code, 2, wrong.join(' '));
    assert.equal((await watch('--per-hour', '2', '--new-days', '30', '--new-from', '300')).code, 0);
    await sold('Anna Fischer');
    const out = [];
    for (const amount of [300, 100, 100]) out.push(await paidOut(amount));
    const states = out.map(({ status }) => status);
    assert.deepEqual(states, ['awaiting_approval', 'confirmed', 'awaiting_approval']);
    const why = await s.psql(`select payout_id, approval_reasons from pay.payout where payout_id in (${out.map(({ id }) => `'${id}'`).join()}) order by payout_id`);
    assert.deepEqual(why.map(({ approval_reasons: one }) => one), [['new_account'], null, ['frequent']]);
    assert.match((await s.operator('paysrv', 'payouts', 'watched', partner.slug)).stdout, /^EUR\tmore than 2 an hour\t3\.00 EUR to accounts of less than 30 day\(s\)\t/m);
    const listed = async (...words) => { await watch(...words); return (await s.operator('paysrv', 'payouts', 'watched', partner.slug)).stdout.split('\n').find((line) => /^EUR\t/.test(line))?.replace(/\tset .*/, ''); };
    assert.equal(await listed('--per-hour', '9'), 'EUR\tmore than 9 an hour');
    assert.equal(await listed('--new-days', '7', '--new-from', '90000'), 'EUR\t900.00 EUR to accounts of less than 7 day(s)', 'which has no number of an hour');
    const off = await watch('--off'), again = await watch('--off');
    assert.deepEqual([off.code, /EUR: ended,/.test(off.stdout), again.code, again.stdout], [0, true, 1, ''], again.stderr);
    assert.equal((await paidOut(100)).status, 'confirmed');
  });
});
