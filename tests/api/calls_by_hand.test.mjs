/*
 * An operation that its acquirer never answers: an operator asks there himself and says how it ended, by API, page and command. It is
 * booked as the acquirer's own word would be, from an amount on with a second operator, and what is said against it later moves nothing
 * (docs/OPERATIONS.md, Anomalies; docs/decisions/0053-connectors.md).
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { newDesk } from '../support/desk.mjs';
import { outcomeOf } from '../support/outcome.mjs';
import { pay } from '../support/people.mjs';
import { feeOf, registry } from '../support/registry.mjs';
import { startStack } from '../support/stack.mjs';

const UNANSWERED = '4000000000000341'; /* answered 500, and never executed */

let s, partner, seller, operator, agent;

before(async () => {
  s = await startStack({ profile: 'bare' }); /* operations are made older than any is left without an outcome */
  ({ partner, seller, operator, agent } = await newDesk(s));
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await partner?.remove();
  await s?.stop();
});

const command = (...words) => s.operator('paysrv', 'anomalies', 'resolve', ...words.map((word) => (typeof word === 'number' ? String(word) : word)));
const read = async (anomaly) => (await pay(s.env, operator, 'GET', `/v1/operator/anomalies/${anomaly}`)).body;
const resolve = (anomaly, body) => pay(s.env, operator, 'POST', `/v1/operator/anomalies/${anomaly}/resolve`, body);
const payment = async (id) => (await seller.call('GET', `/v1/payments/${id}`)).body;
const events = async (id) => (await s.psql(`select type from pay.event where object_id = '${id}' order by sequence`)).map(({ type }) => type);
const booked = (ref) => s.psql(`select e.kind, a.kind as account, p.amount from pay.entry e join pay.posting p using (entry_id) join pay.account a using (account_id)
  where e.partner_id = '${partner.slug}' and e.ref = '${ref}' order by p.line`);
const TOO_OLD = "created_at = now() - interval '25 hours', sent_at = now() - interval '25 hours'"; /* to be sent again */

async function told(call) {
  await s.psql(`insert into pay.anomaly (partner_id, kind, ref, detail, created_at) values ('${partner.slug}', 'call_unresolved', '${call}', 'told', now()) on conflict do nothing`);
  return Number((await s.psql(`select anomaly_id as id from pay.anomaly where ref = '${call}' and kind = 'call_unresolved'`))[0].id);
}

/* A charge that nobody answers for: the machine may have found it by then, and then it is another one. */
async function lost(fields = {}) {
  for (;;) {
    const { body: { id } } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'An article', ...fields });
    const { id: token } = await s.acquirer('POST', '/v1/tokens', { number: UNANSWERED });
    await seller.call('POST', `/v1/payments/${id}/confirm`, { payment_token: token });
    await s.psql(`update pay.acquirer_call set ${TOO_OLD} where payment_id = '${id}' and state = 'unknown'`);
    const [one] = await s.psql(`select call_id from pay.acquirer_call where payment_id = '${id}' and state = 'unknown'`);
    if (one) return { id, call: one.call_id, anomaly: await told(one.call_id) };
  }
}

/* What the acquirer says later, and whom that is told. */
async function says(call, id, outcome, name = `ch_${randomUUID()}`) {
  const event = { id: `evt_${randomUUID()}`, type: `charge.${outcome}`, account: 'acct', mode: 'test',
    data: { id: name, object: 'charge', key: call, amount: 1000, currency: 'EUR', reference: id, status: outcome, decline_code: outcome === 'declined' ? 'card_declined' : undefined } };
  const at = new Date(), body = JSON.stringify(event);
  const signature = new Webhook(readFileSync(join(s.data, 'secrets', 'acquirer_webhook_secret'), 'utf8').trim()).sign(event.id, at, body);
  const { status } = await fetch(`${s.env.pay_api}/v1/acquirer/notifications`, { method: 'POST', body,
    headers: { 'content-type': 'application/json', 'webhook-id': event.id, 'webhook-timestamp': String(Math.floor(at / 1000)), 'webhook-signature': signature } });
  assert.equal(status, 200);
  return s.psql(`select a.detail from pay.anomaly a where a.kind = 'notification' and a.ref = '${event.id}'`);
}

test('a charge that has succeeded is booked when a second operator has approved it, once, and nothing that is said later changes it', async () => {
  await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'An article', confirm: { payment_token: 'tok_test_visa' } });
  const { id, call, anomaly } = await lost(), ref = `ch_found_${randomUUID()}`, note = 'their support, by mail';
  for (const [body, status, param] of [[{ as: 'paid', note }, 422, 'as'], [{ as: 'succeeded', note }, 422, 'acquirer_ref'], [{ as: 'failed', acquirer_ref: ref, note }, 422, 'acquirer_ref'],
    [{ as: 'succeeded', acquirer_ref: 'ж'.repeat(256), note }, 400, 'acquirer_ref'], [{ as: 'failed' }, 400, 'note'], [{ as: 'failed', note: 'no' }, 400, 'note']]) {
    const answer = await resolve(anomaly, body);
    assert.deepEqual([answer.status, answer.body.param], [status, param], JSON.stringify(answer.body));
  }
  const [{ acquirer_ref: taken }] = await s.psql(`select acquirer_ref from pay.acquirer_call where partner_id = '${partner.slug}' and state = 'ok' and op = 'charge' limit 1`);
  assert.equal((await resolve(anomaly, { as: 'succeeded', acquirer_ref: taken, note })).body.param, 'acquirer_ref', 'another operation is called so');
  assert.deepEqual([(await payment(id)).status, (await read(anomaly)).status], ['processing', 'open'], 'what was refused has changed nothing');

  const ask = async () => {
    const asked = await command(anomaly, '--as', 'succeeded', '--ref', ref, '--note', note, { env: { PAYSRV_MANUAL_ENTRY_APPROVE_FROM: '1000' } });
    assert.equal(asked.code, 0, asked.stderr);
    return /^(men_\w+) waits for another operator/.exec(asked.stdout)[1];
  };
  const refused = await ask();
  assert.equal((await resolve(anomaly, { as: 'failed', note })).body.code, 'manual_entry_state', 'one word at a time');
  assert.equal((await pay(s.env, operator, 'POST', `/v1/operator/manual_entries/${refused}/reject`, {})).body.status, 'rejected');
  assert.deepEqual([(await payment(id)).status, (await read(anomaly)).manual_entry], ['processing', null]);
  const entry = await ask();
  assert.equal(await ask(), entry, 'asked twice, it is one');
  assert.deepEqual([(await payment(id)).status, (await read(anomaly)).manual_entry], ['processing', entry]);
  const beside = await agent.open(`${s.env.pay_api}/operator/anomalies?no=${anomaly}`);
  assert.ok(beside.text.includes('Waits for another operator') && !beside.text.includes('It has failed'), 'nobody else says anything meanwhile');
  const waits = await agent.open(`${s.env.pay_api}/operator/bank`);
  assert.match(waits.text, new RegExp(`How an operation at the acquirer ended[^]*${call}[^]*Said to be <code dir="ltr">succeeded, ${ref}<`));
  assert.equal((await s.operator('paysrv', 'entries', 'approve', entry)).code, 1, 'the operator’s own');
  const approve = () => pay(s.env, operator, 'POST', `/v1/operator/manual_entries/${entry}/approve`, {});
  assert.deepEqual((await Promise.all([approve(), approve()])).map(({ body }) => body.status), ['booked', 'booked']);

  assert.deepEqual([(await payment(id)).status, (await events(id)).at(-1)], ['succeeded', 'payment.succeeded']);
  const lines = await booked(id);
  assert.deepEqual([lines[0].account, Number(lines[0].amount), lines.reduce((sum, { amount }) => sum + Number(amount), 0)], ['acquirer_receivable', 1000, 0]);
  const closed = await read(anomaly);
  assert.deepEqual([closed.status, closed.note, closed.manual_entry], ['closed', note, null]);
  assert.equal((await resolve(anomaly, { as: 'succeeded', acquirer_ref: ref, note })).status, 200, 'the same word again is the same answer');
  assert.deepEqual([(await resolve(anomaly, { as: 'failed', note })).body.code, (await booked(id)).length], ['call_state', lines.length]);
  const audited = await s.psql(`select action, actor, detail, at > now() - interval '1 hour' as lately from pay.audit
    where object in ('${refused}', '${entry}', '${anomaly}') and split_part(action, '.', 1) in ('manual_entry', 'anomaly') order by id`);
  assert.deepEqual(audited.map(({ action, actor, lately }) => lately && `${action} ${actor.split(':')[0]}`), ['manual_entry.waiting cli', 'manual_entry.rejected operator',
    'manual_entry.waiting cli', 'manual_entry.booked operator', 'anomaly.changed operator'], JSON.stringify(audited));
  assert.match(audited[3].detail, /status: waiting -> booked/);

  assert.deepEqual(await says(call, id, 'succeeded', ref), [], 'as it was said');
  assert.match((await says(call, id, 'declined'))[0].detail, /another outcome/);
  assert.match((await says(call, id, 'succeeded'))[0].detail, /another name/);
  assert.deepEqual([(await payment(id)).status, (await booked(id)).length], ['succeeded', lines.length]);
});

test('one that has failed can be tried again, said on the page, and a late success is a person\'s', async () => {
  const { id, call, anomaly } = await lost();
  const page = await agent.open(`${s.env.pay_api}/operator/anomalies?no=${anomaly}`);
  const wrong = await agent.submit(page, { note: 'ok', acquirer_ref: 'x"' }, { button: 'It has failed' });
  assert.equal(wrong.status, 422);
  assert.ok(wrong.text.includes('value="x&quot;"') && wrong.text.includes('acquirer_ref: is what the acquirer calls it'), wrong.text);
  const done = await agent.submit(wrong, { note: 'not in their dashboard', acquirer_ref: '' }, { button: 'It has failed' });
  assert.deepEqual([done.status, done.url.pathname], [200, '/operator/anomalies']);
  const after = await payment(id);
  assert.deepEqual([after.status, after.decline_code, await booked(id), (await read(anomaly)).status], ['requires_payment_method', 'processing_error', [], 'closed']);
  assert.match((await says(call, id, 'succeeded'))[0].detail, /another outcome/);
  assert.deepEqual([(await payment(id)).status, await booked(id)], ['requires_payment_method', []]);
  assert.equal((await outcomeOf((options) => seller.call('POST', `/v1/payments/${id}/confirm`, { payment_token: 'tok_test_visa' }, options))).body.status, 'succeeded');
});

test('what is asked for still, is of a payout, or of no operation is nobody\'s to say', async () => {
  const { id, call, anomaly } = await lost(), word = { as: 'failed', note: 'nobody answers' };
  await s.psql(`update pay.acquirer_call set created_at = now(), sent_at = now(), due_at = now() + interval '1 day' where call_id = '${call}'`);
  const early = await resolve(anomaly, word);
  assert.deepEqual([early.status, early.body.code], [409, 'call_state'], JSON.stringify(early.body));
  assert.match(early.body.detail ?? '', /still asked for/);
  assert.equal((await payment(id)).status, 'processing');
  await s.psql(`update pay.acquirer_call set ${TOO_OLD} where call_id = '${call}'`);
  assert.equal((await command(anomaly, '--as', 'failed', '--note', 'nobody answers')).stdout, `${call} failed\n`);
  await s.psql(`insert into pay.anomaly (partner_id, kind, ref, detail, created_at) values ('${partner.slug}', 'void_refused', '${id}', 'told', now())`);
  const [{ anomaly_id: other }] = await s.psql(`select anomaly_id from pay.anomaly where ref = '${id}'`);
  assert.equal((await resolve(other, word)).body.code, 'call_state');
  assert.equal((await resolve(await told('cha_none'), word)).status, 404);
  assert.equal((await pay(s.env, partner.token, 'POST', `/v1/operator/anomalies/${anomaly}/resolve`, word)).status, 403);
  assert.equal((await command(anomaly, '--as', 'failed')).code, 2);
});

test('an authorization, a capture, a refund and a void end by one\'s word, and the books are right', async () => {
  const { id, call, anomaly } = await lost({ capture_method: 'manual' }), note = 'seen in their dashboard';
  assert.equal((await resolve(anomaly, { as: 'succeeded', acquirer_ref: `ch_${randomUUID()}`, note })).status, 200);
  const held = await payment(id);
  assert.deepEqual([held.status, await booked(id)], ['requires_capture', []]);
  assert.ok(new Date(held.authorized_until) > new Date());

  /* The acquirer does not know the charge that somebody has found, so that nothing about it has an outcome. */
  const unanswered = async (path, body, op) => {
    const asked = await seller.call('POST', `/v1/payments/${id}/${path}`, body);
    assert.ok([200, 201, 202].includes(asked.status), JSON.stringify(asked.body));
    await s.psql(`update pay.acquirer_call set ${TOO_OLD} where payment_id = '${id}' and op = '${op}' and is_open`);
    const [{ call_id: key }] = await s.psql(`select call_id from pay.acquirer_call where payment_id = '${id}' and op = '${op}' and is_open`);
    return { key, anomaly: await told(key) };
  };
  const failed = await unanswered('capture', { amount: 400 }, 'capture');
  assert.equal((await resolve(failed.anomaly, { as: 'failed', note })).status, 200);
  assert.deepEqual([(await payment(id)).amount_captured, await booked(failed.key)], [0, []]);
  const captured = await unanswered('capture', { amount: 600, final: false }, 'capture');
  assert.equal((await resolve(captured.anomaly, { as: 'succeeded', acquirer_ref: `cap_${randomUUID()}`, note })).status, 200);
  assert.equal((await payment(id)).amount_captured, 600);
  const freed = await unanswered('cancel', {}, 'void');
  assert.equal((await resolve(freed.anomaly, { as: 'succeeded', acquirer_ref: 'ж'.repeat(219) + randomUUID(), note })).status, 200, '255 characters, not bytes');
  assert.equal((await payment(id)).status, 'succeeded');
  const kept = await unanswered('refunds', { amount: 200 }, 'refund');
  assert.equal((await resolve(kept.anomaly, { as: 'failed', note })).status, 200);
  assert.deepEqual([(await payment(id)).amount_refunded, await booked(kept.key)], [0, []]);
  const back = await unanswered('refunds', { amount: 200 }, 'refund');
  assert.equal((await resolve(back.anomaly, { as: 'succeeded', acquirer_ref: `re_${randomUUID()}`, note })).status, 200);
  assert.equal((await payment(id)).amount_refunded, 200);
  const returned = await booked(back.key);
  assert.deepEqual([returned.find(({ account }) => account === 'acquirer_receivable').amount, returned.reduce((sum, { amount }) => sum + Number(amount), 0)].map(Number), [-200, 0]);
});

test('what a registry says against a word is a break, and what it says as the word did is settled', async () => {
  const [right, wrong] = [await lost(), await lost()], ref = `ch_${randomUUID()}`, note = 'their support, by telephone';
  assert.equal((await resolve(right.anomaly, { as: 'succeeded', acquirer_ref: ref, note })).status, 200);
  assert.equal((await resolve(wrong.anomaly, { as: 'failed', note })).status, 200);
  const line = { type: 'charge', gross: 1000, fee: feeOf(1000) };
  const r = registry([{ ...line, id: ref, key: right.call }, { ...line, id: `ch_${randomUUID()}`, key: wrong.call }]);
  const file = join(mkdtempSync(join(process.env.STOA_TEST_TMP ?? tmpdir(), 'calls-')), 'registry.csv');
  writeFileSync(file, r.text);
  const imported = await s.operator('paysrv', 'reconcile', 'import', file);
  assert.match(imported.stdout, new RegExp(`${r.id}\tbooked.*2 line\\(s\\)\t1 open`), imported.stderr + imported.stdout);
  const [found, ...more] = await s.psql(`select b.break_id as id, b.kind, b.payment_id as payment from pay.bank_break_shown b where b.settlement_ref = '${r.id}' and b.closed_at is null`);
  assert.deepEqual([found.kind, found.payment, more], ['unmatched', wrong.id, []]);
  const ended = await pay(s.env, operator, 'POST', `/v1/operator/bank/breaks/${found.id}/resolve`, { as: 'suspense', reason: 'paid after all', partner: partner.slug });
  assert.equal(ended.status, 200, JSON.stringify(ended.body));
  assert.deepEqual([(await payment(wrong.id)).status, await booked(wrong.id)], ['requires_payment_method', []], 'the payment is as it was said to be');
});

test('a word that the acquirer has said before closes the anomaly and books nothing', async () => {
  const { id, call, anomaly } = await lost();
  await says(call, id, 'declined');
  assert.equal((await payment(id)).decline_code, 'card_declined');
  assert.equal((await resolve(anomaly, { as: 'succeeded', acquirer_ref: `ch_${randomUUID()}`, note: 'too late' })).body.code, 'call_state');
  assert.equal((await read(anomaly)).status, 'open');
  const same = await resolve(anomaly, { as: 'failed', note: 'as they say' });
  assert.deepEqual([same.status, same.body.status, same.body.note], [200, 'closed', 'as they say']);
  assert.deepEqual([(await payment(id)).decline_code, (await s.psql(`select 1 from pay.manual_entry where object = '${call}'`)).length], ['card_declined', 0]);
});
