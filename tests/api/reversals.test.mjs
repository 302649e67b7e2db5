/*
 * What comes too late goes back, and what the acquirer refuses of that: asked for again under new keys, and in the end a
 * person's, who has it asked once more or says where the money is, by API, page and command, once
 * (docs/protocol/pay/captures.md; docs/decisions/0096-refused-reversals.md).
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { newDesk } from '../support/desk.mjs';
import { eventually } from '../support/eventually.mjs';
import { heard } from '../support/outcome.mjs';
import { operatorLogIn, pay } from '../support/people.mjs';
import { sharedStack } from '../support/stack.mjs';

const LATER = '4000000000003303';
const NEVER = '4000000000003378';

let s, partner, seller, operator, accountant, agent;

before(async () => {
  s = await sharedStack();
  ({ partner, seller, operator, accountant, agent } = await newDesk(s));
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await partner?.remove();
  await s?.stop();
});

const command = (...words) => s.operator('paysrv', 'reversals', ...words);
const waiting = async (payment, query = '') => (await pay(s.env, operator, 'GET', `/v1/operator/reversals?payment=${payment}${query}`)).body.data;
const retry = (id, body = {}) => pay(s.env, operator, 'POST', `/v1/operator/reversals/${id}/retry`, body);
const settle = (id, body) => pay(s.env, operator, 'POST', `/v1/operator/reversals/${id}/settle`, body);
const calls = (payment) => s.psql(`select call_id, op, state, due_at <= now() as is_due, finished_at, created_at from pay.acquirer_call
  where payment_id = '${payment}' and op like 'late%' order by created_at, call_id`);
const events = async (payment) => (await s.psql(`select type from pay.event where object_id = '${payment}' order by sequence`)).map(({ type }) => type);
const anomalies = (payment) => s.psql(`select a.closed_by, a.note from pay.anomaly a join pay.acquirer_call c on c.call_id = a.ref
  where a.kind = 'reversal_refused' and c.payment_id = '${payment}' order by a.anomaly_id`);
const suspense = async () => Number((await s.psql(`select coalesce(-sum(p.amount), 0) as held from pay.account a join pay.posting p using (account_id)
  where a.partner_id = '${partner.slug}' and a.kind = 'suspense'`))[0].held);
const settled = (id) => s.psql(`select a.kind, p.amount from pay.entry e join pay.posting p using (entry_id) join pay.account a using (account_id)
  where e.kind = 'late_settled' and e.ref = '${id}' order by p.line`).then((rows) => rows.map(Object.values));

/* Paid after it was canceled: the acquirer's charge, and the payment. */
async function late(number, fields = {}) {
  const { body: { id } } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'An article', ...fields });
  const { id: token } = await s.acquirer('POST', '/v1/tokens', { number });
  const { body } = await seller.call('POST', `/v1/payments/${id}/confirm`, { payment_token: token, return_url: 'https://shop.example/back' });
  assert.equal(body.status, 'requires_action', JSON.stringify(body));
  assert.equal((await seller.call('POST', `/v1/payments/${id}/cancel`)).body.status, 'canceled');
  await fetch(body.next_action.url, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'result=approve' });
  return { id, charge: body.next_action.url.split('/').at(-1) };
}

const refusedTimes = (payment, n) => eventually(async () => (await calls(payment)).filter(({ state }) => state === 'declined').length === n, { what: `it is refused ${n} times` });
const itsTimeComes = (payment) => s.psql(`update pay.acquirer_call set created_at = now(), due_at = now() where payment_id = '${payment}' and op like 'late%' and state = 'intent'`);

/* Refused as often as it is asked for by itself. */
async function toTheEnd(number = NEVER, fields = {}) {
  const { id, charge } = await late(number, fields);
  for (let n = 1; n <= 5; n++) {
    await refusedTimes(id, n);
    await itsTimeComes(id);
  }
  const [one] = await waiting(id);
  return { payment: id, charge, ...one };
}

describe('a reversal that the acquirer refuses', () => {
  for (const [what, fields, op] of [['money', {}, 'late_refund'], ['a reservation', { capture_method: 'manual' }, 'late_void']])
    test(`is asked for again, later and later, under new keys, until ${what} goes back`, async () => {
      const held = await suspense();
      const { id, charge } = await late(LATER, fields);
      await refusedTimes(id, 1);
      for (const hours of [1, 6]) {
        const all = await calls(id), [last, next] = all.slice(-2);
        assert.deepEqual([last.state, next.state, next.is_due], ['declined', 'intent', false], JSON.stringify(all));
        const after = (new Date(next.created_at) - new Date(last.finished_at)) / 3_600_000;
        assert.ok(after >= hours * 0.99 && after < hours * 1.5, `${after} hours`);
        assert.equal(await suspense(), held + (op === 'late_refund' ? 1000 : 0), 'until then it is nobody\'s');
        assert.deepEqual([await waiting(id), await anomalies(id)], [[], []], 'and nothing for a person');
        await itsTimeComes(id);
        await eventually(async () => (await calls(id)).length > all.length || !(await calls(id)).some(({ state }) => !['declined', 'ok'].includes(state)), { what: 'it is asked for' });
      }
      await eventually(async () => (await events(id)).includes('payment_attempt.reversed'), { what: 'the third is taken' });
      const all = await calls(id);
      assert.deepEqual(all.map((call) => [call.op, call.state]), [[op, 'declined'], [op, 'declined'], [op, 'ok']]);
      const { refunded, released } = await s.acquirer('GET', `/v1/charges/${charge}`);
      assert.deepEqual(op === 'late_void' ? released : refunded, op === 'late_void' ? true : 1000);
      assert.equal(await suspense(), held);
      assert.deepEqual(await anomalies(id), []);
      assert.equal((await command('list', '--payment', id, '--all')).stdout, '');
    });

  test('to the end is a person\'s, who has it asked once more, and says then that the bank has sent it', async () => {
    const held = await suspense();
    const one = await toTheEnd();
    assert.deepEqual([one.status, one.kind, one.partner, one.amount, one.currency, one.charge, one.decline_code, one.refusals],
      ['refused', 'refund', partner.slug, 1000, 'EUR', one.charge, 'refund_failed', 5]);
    assert.deepEqual([one.decided_by, one.decided_at, one.settled_as, one.manual_entry], [null, null, null, null]);
    assert.deepEqual(await anomalies(one.payment), [{ closed_by: null, note: null }]);
    assert.equal(await suspense(), held + 1000);
    const listed = await command('list', '--payment', one.payment);
    assert.match(listed.stdout, new RegExp(`^${one.id}\trefused\trefund\t10.00.EUR\t${one.payment}\t${partner.slug}\t.*5 time\\(s\\)`));

    const retried = await Promise.all([1, 2].map(() => heard(() => retry(one.id, { note: 'the card is open again' }))));
    assert.deepEqual(retried.map(({ status, body }) => [status, body.status]), [[200, 'retried'], [200, 'retried']], JSON.stringify(retried));
    assert.equal((await command('retry', one.id)).code, 1, 'somebody else is told that it is decided');
    assert.equal((await settle(one.id, { as: 'bank', note: 'too late' })).body.code, 'reversal_state');
    await refusedTimes(one.payment, 6);
    const all = await calls(one.payment);
    assert.equal(all.length, 6, 'pressed twice is once, and after it nothing by itself');
    const [next] = await eventually(async () => { const rows = await waiting(one.payment); return rows.length && rows; }, { what: 'it is a person\'s again' });
    assert.deepEqual([next.id, next.refusals], [all.at(-1).call_id, 6]);
    assert.deepEqual((await waiting(one.payment, `&reversal=${one.id}&all=true`)).map(({ id }) => id), [one.id]);

    for (const [body, param] of [[{ as: 'seller', note: 'so it is' }, 'as'], [{ as: 'bank', note: 'x' }, 'note'], [{ note: 'so it is' }, 'as'], [{ as: 'bank' }, 'note']])
      assert.deepEqual([(await settle(next.id, body)).body.param, (await waiting(one.payment)).length], [param, 1], JSON.stringify(body));
    assert.equal((await settle('rev_none', { as: 'bank', note: 'so it is' })).status, 404);
    assert.equal((await retry(all[0].call_id)).status, 404, 'what went on by itself is nobody\'s');
    assert.equal((await pay(s.env, partner.token, 'GET', '/v1/operator/reversals')).status, 403);

    const word = { as: 'bank', note: 'by transfer, his account by mail' };
    const both = await Promise.all([1, 2].map(() => heard(() => settle(next.id, word))));
    assert.deepEqual(both.map(({ status, body }) => [status, body.status, body.settled_as, body.note]), Array(2).fill([200, 'settled', 'bank', word.note]), JSON.stringify(both));
    assert.deepEqual(await settled(next.id), [['suspense', 1000], ['bank', -1000]]);
    assert.equal((await settle(next.id, { ...word, as: 'platform' })).body.code, 'reversal_state');
    assert.equal((await retry(next.id)).body.code, 'reversal_state');
    assert.deepEqual([await suspense(), await waiting(one.payment), (await events(one.payment)).at(-1)], [held, [], 'payment_attempt.settled']);
    assert.deepEqual((await waiting(one.payment, '&all=true')).map(({ status, decided_by: by, decided_at: at }) => [status, /^usr_/.test(by), new Date(at) <= new Date()]),
      [['settled', true, true], ['retried', true, true]], 'the newest first');
    const closed = await anomalies(one.payment);
    assert.deepEqual(closed.map(({ note }) => note), ['the card is open again', word.note]);
    const audited = await s.psql(`select action, actor from pay.audit where object in ('${one.id}', '${next.id}') order by id`);
    assert.deepEqual(audited.map(({ action, actor }) => [action, actor.startsWith('operator:')]), [['reversal.retried', true], ['reversal.settled', true]]);
  });

  test('early and for good is a person\'s as well, and stays so when it is refused otherwise after his retry', async () => {
    const { id } = await late(NEVER);
    await refusedTimes(id, 1);
    const last = (await calls(id)).at(-1).call_id; /* as if the second try had been refused for good */
    await s.psql(`update pay.acquirer_call set state = 'declined', is_open = false, decline_code = 'lost_card', finished_at = now() where call_id = '${last}' and state = 'intent'`);
    await s.psql(`insert into pay.anomaly (partner_id, kind, ref, detail, created_at) values ('${partner.slug}', 'reversal_refused', '${last}', 'lost_card', now())`);
    assert.equal((await retry(last, { note: 'he has a new card' })).body.status, 'retried');
    await refusedTimes(id, 3);
    assert.deepEqual((await waiting(id)).map(({ refusals, decline_code: code }) => [refusals, code]), [[3, 'refund_failed']]);
    assert.deepEqual((await calls(id)).map(({ state }) => state), Array(3).fill('declined'), 'the machine does not ask again');
    assert.equal((await settle((await waiting(id))[0].id, { as: 'platform', note: 'nobody answers' })).body.status, 'settled');
  });

  test('is settled on the page, whose form comes back with what was typed, and kept by an accountant\'s eyes', async () => {
    const one = await toTheEnd();
    const payment = await agent.open(`${s.env.pay_api}/operator/payments/${one.payment}`);
    assert.ok(payment.text.includes(`/operator/reversals?payment=${one.payment}`), 'the payment leads there');
    const page = await agent.open(`${s.env.pay_api}/operator/reversals?payment=${one.payment}`);
    const form = { ...page, text: page.text.slice(page.text.indexOf(`action="/operator/reversals/${one.id}"`) - 30) };
    const wrong = await agent.submit(form, { note: 'ok' }, { button: 'The platform keeps it' });
    assert.equal(wrong.status, 422);
    assert.ok(wrong.text.includes('note: says in 3 to 500 characters') && wrong.text.includes('value="ok"'), wrong.text);
    const done = await agent.submit(form, { note: 'nobody answers' }, { button: 'The platform keeps it' });
    assert.deepEqual([done.status, done.url.pathname], [200, '/operator/reversals']);
    assert.ok(!done.text.includes(one.id), 'it waits no longer');
    assert.deepEqual(await settled(one.id), [['suspense', 1000], ['platform', -1000]]);
    const after = await agent.open(`${s.env.pay_api}/operator/reversals?payment=${one.payment}&all=true`);
    assert.ok(after.text.includes('Settled: the platform keeps it') && after.text.includes('nobody answers'));
    const eyes = createAgent();
    await operatorLogIn(s.env, eyes, { username: accountant.email, password: accountant.password });
    const seen = await eyes.open(`${s.env.pay_api}/operator/reversals`);
    assert.deepEqual([seen.status, seen.text.includes('action="/operator/reversals/')], [200, false]);
  });

  test('by hand at the acquirer from an amount on takes two, and a retry before the second one is first', async () => {
    const [one, other] = [await toTheEnd(), await toTheEnd()];
    const careful = { env: { PAYSRV_MANUAL_ENTRY_APPROVE_FROM: '1000' } };
    const entryOf = async (id) => /waits for another operator: (men_\w+)/.exec((await command('settle', id, '--as', 'acquirer', '--note', 'given back in its back office', careful)).stdout)[1];
    assert.equal((await command('settle', one.id, '--as', 'bank')).code, 2);
    const [entry, late_] = [await entryOf(one.id), await entryOf(other.id)];
    assert.equal((await waiting(one.payment))[0].manual_entry, entry);
    assert.deepEqual(await settled(one.id), []);
    const approve = (id) => pay(s.env, operator, 'POST', `/v1/operator/manual_entries/${id}/approve`, {});
    assert.equal((await approve(entry)).body.status, 'booked');
    assert.deepEqual(await settled(one.id), [['suspense', 1000], ['acquirer_receivable', -1000]]);
    assert.equal((await command('retry', other.id)).code, 0);
    assert.equal((await approve(late_)).body.code, 'manual_entry_state');
    assert.deepEqual(await settled(other.id), []);
    await refusedTimes(other.payment, 6);
    const [last] = await eventually(async () => { const rows = await waiting(other.payment); return rows.length && rows; }, { what: 'it is a person\'s again' });
    assert.equal((await command('settle', last.id, '--as', 'platform', '--note', 'unclaimed')).code, 0);
  });

  test('of a reservation has nothing to book', async () => {
    const { id, charge } = await late(LATER, { capture_method: 'manual' });
    await refusedTimes(id, 1);
    await s.acquirer('POST', '/v1/voids', { charge, amount: 1000, reference: 'behind our back' }, { 'idempotency-key': `${id}-1` });
    await s.acquirer('POST', '/v1/voids', { charge, amount: 1000, reference: 'behind our back' }, { 'idempotency-key': `${id}-2` });
    await itsTimeComes(id);
    const [one] = await eventually(async () => { const rows = await waiting(id); return rows.length && rows; }, { what: 'released is released: at once a person\'s' });
    assert.deepEqual([one.kind, one.decline_code, one.refusals], ['void', 'authorization_released', 2]);
    assert.equal((await settle(one.id, { as: 'bank', note: 'so it is' })).body.param, 'as');
    assert.equal((await settle(one.id, { as: 'booked', note: 'it was released there' })).body.status, 'settled');
    assert.deepEqual([await settled(one.id), (await events(id)).at(-1)], [[], 'payment_attempt.settled']);
  });
});
