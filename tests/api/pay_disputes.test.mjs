/*
 * Disputes of card payments: from the acquirer's first word to the last, in any order, with refunds between, and what the seller,
 * the partner and the operator do about them (docs/protocol/pay/disputes.md; MONEY 6.A 6 and 7, SECURITY J 274).
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../support/eventually.mjs';
import { createAgent } from '../support/agent.mjs';
import { heard, outcomeOf } from '../support/outcome.mjs';
import { operatorLogIn, partnerToken, pay } from '../support/people.mjs';
import { operatorToken } from '../support/relying_party.mjs';
import { codeIn, newSeller, ofRequest } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, seller, secret;
const DISPUTED = '4000000000001166';
const INQUIRED = '4000000000001273';
const FEE = 1500;

before(async () => {
  s = await sharedStack();
  seller = await newSeller(s.env);
  secret = readFileSync(join(s.data, 'secrets', 'acquirer_webhook_secret'), 'utf8').trim();
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await s?.stop();
});

async function paid(amount = 10000, number) {
  const { body: payment } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount, currency: 'EUR', description: 'An article' });
  const token = number ? (await s.acquirer('POST', '/v1/tokens', { number })).id : 'tok_test_visa';
  const { status, body } = await outcomeOf((options) => seller.call('POST', `/v1/payments/${payment.id}/confirm`, { payment_token: token }, options));
  assert.deepEqual([status, body.status], [200, 'succeeded'], JSON.stringify(body));
  return payment.id;
}

const chargeOf = async (payment) => (await s.psql(`select c.call_id, c.acquirer_ref from pay.payment p join pay.acquirer_call c on c.call_id = p.charge_id where p.payment_id = '${payment}'`))[0];
const complain = async (payment, fields = {}) => s.acquirer('POST', '/v1/disputes', { charge: (await chargeOf(payment)).acquirer_ref, ...fields });
const decide = async (dispute, outcome) => {
  const [{ acquirer_ref: ref }] = await s.psql(`select acquirer_ref from pay.dispute where dispute_id = '${dispute}'`);
  return s.acquirer('POST', `/v1/disputes/${ref}/decide`, { outcome });
};
const read = async (dispute) => (await seller.call('GET', `/v1/disputes/${dispute}`)).body;
const refund = (payment, fields = {}) => outcomeOf((options) => seller.call('POST', `/v1/payments/${payment}/refunds`, fields, options));
const amounts = ({ split }) => split.map(({ amount }) => amount);
const types = async (dispute) => (await s.psql(`select type from pay.event where object_id = '${dispute}' order by sequence`)).map(({ type }) => type);

/* The payment's only dispute, once it is as is said. */
async function disputed(payment, is = {}) {
  return eventually(async () => {
    const { body } = await seller.call('GET', `/v1/disputes?payment=${payment}`);
    const one = body.data[0];
    return one && Object.entries(is).every(([name, value]) => one[name] === value) && one;
  }, { what: `the dispute of ${payment} is ${JSON.stringify(is)}` });
}

function send(event, { key = secret, body = JSON.stringify(event) } = {}) {
  const at = new Date();
  return fetch(`${s.env.pay_api}/v1/acquirer/notifications`, {
    method: 'POST', body,
    headers: { 'content-type': 'application/json', 'webhook-id': event.id, 'webhook-timestamp': String(Math.floor(at / 1000)), 'webhook-signature': new Webhook(key).sign(event.id, at, body) },
  });
}

/* What the seller was told of a payment's dispute. */
const mailOf = (payment, subject) => eventually(async () => (await s.mails(seller.email)).find((mail) => subject.test(mail.subject) && mail.text.includes(payment)),
  { what: `the mail about ${payment}` });

describe('a chargeback', () => {
  test('takes the split back and the fee from the seller, and gives back what it took when it is won', async () => {
    await seller.sell(10000);
    const had = await seller.available();
    const payment = await paid(10000, DISPUTED);
    const one = await disputed(payment, { funds: 'held' });
    assert.deepEqual([one.phase, one.status, one.amount, one.amount_taken, one.fee, one.fee_bearer, one.reason],
      ['chargeback', 'needs_response', 10000, 10000, FEE, 'seller', 'fraudulent']);
    assert.deepEqual(amounts(one), [500, 2500, 7000 + FEE]);
    assert.equal(await seller.available(), had - FEE);
    const { body: shown } = await seller.call('GET', `/v1/payments/${payment}`);
    assert.deepEqual([shown.status, shown.amount_disputed], ['succeeded', 10000]);
    assert.equal((await refund(payment)).body.code, 'refund_too_large');

    const call = (method, path, body) => seller.call(method, `/v1/disputes/${one.id}${path}`, body);
    assert.deepEqual([(await call('POST', '/submit')).status, (await call('POST', '/submit')).body.param], [422, 'evidence']);
    const file = async (type, content, name) => {
      const answer = await fetch(`${s.env.pay_api}/v1/disputes/${one.id}/files`, {
        method: 'POST', body: content,
        headers: { authorization: `Bearer ${seller.token}`, 'content-type': type, ...(name && { 'content-disposition': `attachment; filename="${name}"` }) },
      });
      return { status: answer.status, body: await answer.json() };
    };
    assert.deepEqual([(await file('text/html', '<p>')).body.param, (await file('application/pdf', 'MZ')).body.param], ['Content-Type', 'body']);
    const tooLarge = file('application/pdf', Buffer.concat([Buffer.from('%PDF-1.7'), Buffer.alloc(1048569)]));
    assert.equal(await tooLarge.then(({ status }) => status, () => 413), 413, 'or the connection ends while it is sent');
    const { status: added, body: { files } } = await file('application/pdf', Buffer.concat([Buffer.from('%PDF-1.7'), Buffer.alloc(1048568)]), 'receipt.pdf');
    assert.deepEqual([added, files.length, files[0].size, files[0].name, files[0].type], [201, 1, 1048576, 'receipt.pdf', 'application/pdf']);
    assert.equal((await file('application/pdf', Buffer.concat([Buffer.from('%PDF-1.7'), Buffer.alloc(1048568)]))).status, 200, 'the same file again');
    assert.equal((await call('DELETE', `/files/${files[0].id}`)).status, 204);
    for (const n of ['1', '2', '3', '4']) assert.equal((await file('text/plain', n.repeat(1048576))).status, 201);
    assert.deepEqual([(await file('text/plain', '5')).status, (await read(one.id)).files.map(({ name }) => name)], [409, Array(4).fill('evidence.txt')]);
    const russian = 'ы'.repeat(20_000); /* characters, of two bytes each */
    assert.deepEqual([(await call('POST', '/evidence', { text: `${russian}ы` })).body.param, (await call('POST', '/evidence', { text: russian })).body.evidence], ['text', russian]);
    assert.equal((await call('POST', '/evidence', { text: 'winning_evidence' })).body.evidence, 'winning_evidence');

    const submitted = await call('POST', '/submit');
    assert.deepEqual([submitted.status, submitted.body.status, submitted.body.response], [200, 'won', 'submitted'], JSON.stringify(submitted.body));
    const won = await disputed(payment, { funds: 'returned' });
    assert.equal(await seller.available(), had + 7000 - FEE);
    assert.deepEqual([(await call('POST', '/submit')).status, (await call('POST', '/accept')).body.code, (await call('POST', '/evidence', { text: 'more' })).status],
      [200, 'dispute_state', 409]);
    assert.deepEqual((await types(won.id)).sort(), ['dispute.funds_returned', 'dispute.funds_withdrawn', 'dispute.opened', 'dispute.won']);
    const mails = await s.psql(`select count(*)::int as n from pay.mail where kind = 'dispute' and recipient = '${seller.email}'`);
    assert.ok(mails[0].n >= 2);
    assert.equal((await refund(payment, { amount: 1 })).status, 200);
  });

  test('takes four files, however many come at once', async () => {
    await seller.sell(10000);
    const one = await disputed(await paid(1000, DISPUTED), { funds: 'held' });
    const sent = await Promise.all(Array.from({ length: 10 }, (_, n) => fetch(`${s.env.pay_api}/v1/disputes/${one.id}/files`, {
      method: 'POST', body: `page ${n}`, headers: { authorization: `Bearer ${seller.token}`, 'content-type': 'text/plain' },
    })));
    const taken = sent.filter(({ status }) => status === 201).length;
    assert.ok(taken <= 4 && sent.every(({ status }) => [201, 409, 503].includes(status)), sent.map(({ status }) => status).join());
    assert.equal((await read(one.id)).files.length, taken);
  });

  test('that is accepted is lost, whoever accepts it, and takes the balance below zero when it has to', async () => {
    const poor = await newSeller(s.env);
    const rich = seller;
    seller = poor;
    try {
      const payment = await paid(10000, DISPUTED);
      const one = await disputed(payment, { funds: 'held' });
      assert.equal(await poor.available(), -FEE);
      const { paths } = await (await fetch(`${s.env.pay_api}/openapi.json`)).json();
      for (const word of ['submit', 'accept']) assert.ok(paths[`/v1/disputes/{dispute}/${word}`].post.responses[202], `${word}: told later`);
      const { status, body } = await poor.call('POST', `/v1/disputes/${one.id}/accept`);
      assert.deepEqual([status, body.status, body.response], [200, 'lost', 'accepted'], JSON.stringify(body));
      await disputed(payment, { funds: 'lost' });
      await poor.sell(10000);
      assert.equal(await poor.available(), 7000 - FEE);
      await eventually(async () => (await s.psql(`select 1 from pay.balance b join pay.account a using (account_id) where a.user_id = '${poor.user.id}' and b.negative_since is not null`)).length === 0,
        { what: 'the mark of the balance is gone' });
      const byOperator = await disputed(await paid(500, DISPUTED), { funds: 'held' });
      assert.equal((await s.operator('paysrv', 'disputes', 'accept', byOperator.id)).code, 0);
      await disputed(byOperator.payment, { status: 'lost', funds: 'lost' });
      const other = await disputed(await paid(500, DISPUTED), { funds: 'held' });
      await decide(other.id, 'lost');
      await disputed(other.payment, { status: 'lost', funds: 'lost' });
    } finally {
      seller = rich;
    }
  });

  test('takes only what refunds have left, and any order of both ends at the same units', async () => {
    await seller.sell(30000);
    const ends = [];
    for (const order of ['refund first', 'dispute first']) {
      const had = await seller.available();
      const payment = await paid(1001);
      if (order === 'refund first') assert.equal((await refund(payment, { amount: 333 })).status, 200);
      await complain(payment, { amount: order === 'refund first' ? 1001 : 668 });
      const one = await disputed(payment, { funds: 'held' });
      assert.equal(one.amount_taken, 668);
      if (order === 'dispute first') assert.equal((await refund(payment, { amount: 333 })).status, 200);
      assert.equal((await refund(payment, { amount: 1 })).body.code, 'refund_too_large');
      ends.push((await seller.available()) - had);
      const found = await s.psql(`select detail from pay.anomaly where ref = '${one.id}'`);
      assert.equal(found.length, order === 'refund first' ? 1 : 0);
    }
    assert.deepEqual(ends, [-FEE, -FEE]);
  });

  test('of a part leaves the rest, and a second one of the same payment takes no more than that', async () => {
    await seller.sell(30000);
    const payment = await paid(1000);
    await complain(payment, { amount: 400 });
    const first = await disputed(payment, { funds: 'held' });
    await complain(payment, { amount: 1000 });
    const all = await eventually(async () => {
      const { data } = (await seller.call('GET', `/v1/disputes?payment=${payment}&status=needs_response`)).body;
      return data.length === 2 && data.every(({ funds }) => funds === 'held') && data;
    }, { what: 'both are held' });
    assert.deepEqual(all.map(({ amount_taken: taken }) => taken).sort(), [400, 600]);
    await decide(first.id, 'won');
    await eventually(async () => (await read(first.id)).funds === 'returned', { what: 'the first came back' });
    assert.deepEqual([(await refund(payment, { amount: 401 })).status, (await refund(payment, { amount: 400 })).status], [409, 200]);
  });
});

describe('an inquiry', () => {
  test('moves no money, and may become a chargeback that can be answered anew', async () => {
    const had = await seller.available();
    const payment = await paid(1000, INQUIRED);
    const one = await disputed(payment, { phase: 'inquiry' });
    const call = (path, body) => seller.call('POST', `/v1/disputes/${one.id}${path}`, body);
    assert.deepEqual([one.funds, one.fee, await seller.available()], ['none', 0, had + 700]);
    const { text } = await mailOf(payment, /^A payment is disputed/);
    assert.match(text, /Send what explains the sale/);
    assert.doesNotMatch(text, /accept the dispute|lost/, 'which an inquiry cannot be');
    assert.equal((await call('/accept')).status, 409);
    await call('/evidence', { text: 'She wrote to us herself.' });
    const submit = (key) => seller.call('POST', `/v1/disputes/${one.id}/submit`, undefined, { key });
    const first = await submit('of the inquiry');
    assert.deepEqual([first.status, first.body.status, first.body.evidence], [200, 'under_review', 'She wrote to us herself.']);
    await decide(one.id, 'chargeback');
    const next = await disputed(payment, { phase: 'chargeback', status: 'needs_response', funds: 'held' });
    assert.deepEqual([next.response, next.fee, next.amount_taken], [null, FEE, 1000]);
    const late = await submit('of the inquiry');
    assert.deepEqual([late.status, late.body, late.headers.get('idempotent-replayed')], [200, first.body, 'true'], 'the answer to the inquiry, asked for again');
    assert.equal((await read(one.id)).status, 'needs_response', 'is none to the chargeback');
    assert.equal((await call('/submit')).body.status, 'under_review');
    const { data } = (await seller.call('GET', '/v1/disputes?status=under_review&limit=1')).body;
    assert.equal(data.length, 1);
  });

  test('that is answered well is closed', async () => {
    const one = await disputed(await paid(1000, INQUIRED));
    await seller.call('POST', `/v1/disputes/${one.id}/evidence`, { text: 'winning_evidence' });
    assert.equal((await seller.call('POST', `/v1/disputes/${one.id}/submit`)).body.status, 'closed');
    assert.deepEqual((await types(one.id)).sort(), ['dispute.closed', 'dispute.opened']);
  });
});

describe('the acquirer’s messages', () => {
  const message = async (payment, data) => {
    const { call_id: key, acquirer_ref: charge } = await chargeOf(payment);
    return { id: `evt_${randomUUID()}`, type: 'dispute.changed', account: '', mode: 'test', data: {
      id: data.id, object: 'dispute', phase: 'chargeback', status: 'needs_response', sequence: 1, charge, key, amount: 1000, currency: 'EUR', fee: FEE, reason: 'general', evidence_due: 4102444800, ...data,
    } };
  };
  const account = async () => (await s.psql("select body from pay.acquirer_event where body is not null and state = 'applied' limit 1")).map(({ body }) => JSON.parse(body).account)[0];
  const stateOf = async (event) => (await s.psql(`select state from pay.acquirer_event where event_id = '${event.id}'`))[0]?.state;
  const ours = async (payment, data) => ({ ...(await message(payment, data)), account: await account() });

  test('about a dispute may come twice, in the wrong order, and only with the acquirer’s signature', async () => {
    await seller.sell(10000);
    const [id, payment, had] = [`dis_${randomUUID()}`, await paid(1000), await seller.available()];
    const [first, review, won] = await Promise.all([ours(payment, { id }), ours(payment, { id, sequence: 2, status: 'under_review' }), ours(payment, { id, sequence: 3, status: 'won' })]);
    assert.equal((await send(first, { key: `whsec_${Buffer.alloc(32).toString('base64')}` })).status, 401);
    for (const event of [review, review, first, won, first, won, review]) assert.equal((await send(event)).status, 200);
    const one = await disputed(payment, { status: 'won', funds: 'returned' });
    assert.equal(await seller.available(), had - FEE);
    const entries = await s.psql(`select kind from pay.entry where ref = '${one.id}' order by entry_id`);
    assert.deepEqual(entries.map(({ kind }) => kind), ['dispute_hold', 'dispute_return']);
    const against = await ours(payment, { id, sequence: 4, status: 'lost' });
    assert.equal((await send(against)).status, 200);
    assert.deepEqual([await stateOf(first), await stateOf(against), (await read(one.id)).status], ['duplicate', 'anomaly', 'won']);
  });

  test('that bring only the end of it book all of it', async () => {
    const [payment, had] = [await paid(1000), await seller.available()];
    await send(await ours(payment, { id: `dis_${randomUUID()}`, sequence: 5, status: 'lost' }));
    const { id } = await disputed(payment, { status: 'lost', funds: 'lost' });
    assert.equal(await seller.available(), had - 700 - FEE);
    assert.deepEqual(await s.psql(`select user_id from pay.dispute where dispute_id = '${id}'`), [{ user_id: seller.user.id }], 'and it is in the list of whose payment it was');
  });

  test('about what is not ours, or does not fit it, are set aside for a human', async () => {
    const payment = await paid(1000);
    const odd = await Promise.all([
      ours(payment, { id: `dis_${randomUUID()}`, key: 'ch_of_nobody' }), ours(payment, { id: `dis_${randomUUID()}`, charge: 'ch_another' }),
      ours(payment, { id: `dis_${randomUUID()}`, currency: 'USD' }), ours(payment, { id: `dis_${randomUUID()}`, amount: 1001 }),
      ours(payment, { id: `dis_${randomUUID()}`, amount: -1 }), ours(payment, { id: `dis_${randomUUID()}`, status: 'closed' }),
    ]);
    for (const event of odd) {
      assert.equal((await send(event)).status, 200);
      assert.ok(['unmatched', 'anomaly'].includes(await stateOf(event)), JSON.stringify(event.data));
      assert.equal((await s.psql(`select 1 from pay.anomaly where ref = '${event.id}'`)).length, 1);
    }
    assert.deepEqual((await seller.call('GET', `/v1/disputes?payment=${payment}`)).body.data, []);
  });
});

describe('a balance below zero', () => {
  const run = (...args) => s.operator('paysrv', ...args);
  const confirmed = async (one, amount) => {
    const requested = await one.request(amount);
    const payout = requested.body;
    if (requested.status !== 201) return requested;
    return one.confirm(payout.id, codeIn(await s.mail(one.email, ofRequest(payout.label))));
  };

  test('stops the payouts of its seller and of nobody else, is filled by sales, and is written off with a reason', async () => {
    const [poor, other] = [await newSeller(s.env), await newSeller(s.env)];
    await other.sell(1000);
    const rich = seller;
    seller = poor;
    const one = await disputed(await paid(10000, DISPUTED), { funds: 'held' }).finally(() => { seller = rich; });
    const balance = async () => (await poor.call('GET', `/v1/balance?user=${poor.user.id}`)).body.available[0];
    assert.equal(one.amount_taken, 10000);
    assert.deepEqual([(await balance()).amount, new Date((await balance()).negative_since) <= new Date()], [-FEE, true]);
    assert.equal((await confirmed(poor, 1)).body.code, 'insufficient_funds');
    assert.equal((await confirmed(other, 700)).body.status, 'confirmed');
    await poor.sell(1000);
    assert.equal((await balance()).amount, 700 - FEE);
    const listed = await run('balances', 'negative');
    assert.ok(listed.stdout.includes(poor.user.id) && !listed.stdout.includes(other.user.id), listed.stdout);
    const writeOff = (...more) => run('balances', 'write-off', poor.user.id, '--partner', 'inkwell', '--currency', 'EUR', ...more);
    assert.deepEqual([(await writeOff()).code, (await writeOff('--reason', 'gone abroad', '--amount', '801')).code], [2, 1]);
    const careful = await writeOff('--reason', 'gone abroad', { env: { PAYSRV_MANUAL_ENTRY_APPROVE_FROM: '800' } });
    const [, entry] = /^(men_\w+) waits/.exec(careful.stdout);
    assert.equal((await balance()).amount, 700 - FEE, 'another operator has to approve it');
    const agent = createAgent();
    await operatorLogIn(s.env, agent, s.env.admin);
    const page = await agent.open(`${s.env.pay_api}/operator/bank`);
    const form = { ...page, text: page.text.slice(page.text.lastIndexOf('<form', page.text.indexOf(`action="/operator/entries/${entry}/decision"`))) };
    assert.equal((await agent.submit(form, { note: 'known' }, { button: 'Approve' })).status, 200);
    const late = await agent.submit(form, { note: 'known' }, { button: 'Reject' });
    assert.ok(late.status === 409 && /role="alert"/.test(late.text) && late.text.includes('<h2 id="breaks">'), 'it was decided: the page says so');
    assert.match((await run('entries', 'list', '--all')).stdout, new RegExp(`${entry}\tbooked\twrite_off\t${poor.user.id}\t8\\.00.EUR`));
    assert.deepEqual([(await balance()).amount, (await balance()).negative_since], [0, undefined]);
    assert.match((await run('balances', 'relieved', 'inkwell')).stdout, new RegExp(`write_off\t${poor.user.id}\t8\\.00 EUR\tborne by platform\tgone abroad`));
    const writtenOff = async () => /(brl_\w+)$/.exec((await run('balances', 'relieved', 'inkwell')).stdout.split('\n').find((line) => line.includes(poor.user.id) && line.includes('write_off')))[1];
    const mistake = await writtenOff();
    const sellers = await agent.open(`${s.env.pay_api}/operator/sellers/${poor.user.id}`);
    const undo = { ...sellers, text: sellers.text.slice(sellers.text.lastIndexOf('<form', sellers.text.indexOf(`action="/operator/write_offs/${mistake}/undo"`))) };
    const unsaid = await agent.submit(undo, { reason: 'x' }, { button: 'Undo' });
    assert.ok(unsaid.status === 422 && /reason: says why[^]*name="reason" value="x"/.test(unsaid.text), unsaid.text);
    const undone = await agent.submit(undo, { reason: 'it was another seller' }, { button: 'Undo' });
    assert.deepEqual([undone.status, (await balance()).amount], [200, 700 - FEE]);
    assert.ok(!undone.text.includes(`/operator/write_offs/${mistake}/undo`), 'not twice');
    const twice = await run('balances', 'undo-write-off', mistake, '--reason', 'again');
    assert.deepEqual([twice.code, (await run('balances', 'undo-write-off', 'brl_none', '--reason', 'again')).code, (await run('balances', 'undo-write-off', mistake)).code], [1, 1, 2]);
    const [{ data: recovered }] = await s.psql(`select data from pay.event where type = 'balance.recovered' and data like '%${poor.user.id}%'`);
    assert.deepEqual([JSON.parse(recovered).reason, JSON.parse(recovered).amount, JSON.parse(recovered).borne_by], ['it was another seller', 800, 'platform']);
    assert.equal((await s.psql(`select from pay.audit where action = 'balance.recovery' and object = '${poor.user.id}' and actor like 'operator:%'`)).length, 1);
    assert.equal((await writeOff('--reason', 'gone abroad')).code, 0);
    await poor.sell(1000);
    const { body: payout } = await confirmed(poor, 700);
    assert.equal(payout.status, 'confirmed');
    const { data: lines } = (await poor.call('GET', `/v1/payouts/${payout.id}/statement`)).body;
    const platform = async () => Number((await s.psql("select coalesce(sum(q.amount), 0) as amount from pay.posting q join pay.account a using (account_id) join pay.entry e using (entry_id) where a.kind = 'platform' and e.kind in ('write_off', 'recovery') and e.ref in (select relief_id from pay.balance_relief where user_id = '" + poor.user.id + "')"))[0].amount);
    assert.equal(await platform(), 800);
    await decide(one.id, 'won');
    await eventually(async () => (await balance()).amount === 7000 - 800, { what: 'it is won: who had borne the debt has it back, and the seller the rest' });
    assert.equal(await platform(), 0);
    assert.match((await run('balances', 'relieved', 'inkwell')).stdout, new RegExp(`recovery\t${poor.user.id}\t8\\.00 EUR\tborne by platform\tthe dispute was won`));
    const taken = lines.find(({ kind }) => kind === 'dispute_hold');
    assert.deepEqual([taken.payment, taken.reference, taken.gross, taken.fee, taken.net, taken.platform, taken.partner, taken.amount], [one.payment, one.id, -10000, FEE, -10000 - FEE, -500, -2500, -7000 - FEE]);
  });

  test('that one person writes off in parts takes two as the whole does', async () => {
    const poor = await newSeller(s.env), rich = seller;
    seller = poor;
    await disputed(await paid(10000, DISPUTED), { funds: 'held' }).finally(() => { seller = rich; });
    const owed = async () => (await poor.call('GET', `/v1/balance?user=${poor.user.id}`)).body.available[0].amount;
    const writeOff = (amount, ...more) => run('balances', 'write-off', poor.user.id, '--partner', 'inkwell', '--currency', 'EUR', '--reason', 'gone abroad', '--amount', `${amount}`, ...more);
    assert.equal(await owed(), -FEE);
    assert.equal((await writeOff(FEE - 500)).code, 0);
    const [, entry] = /^(men_\w+) waits/.exec((await writeOff(400, { env: { PAYSRV_MANUAL_ENTRY_APPROVE_FROM: `${FEE - 100}` } })).stdout) ?? [];
    assert.ok(entry, 'with what he has written off today it is as much');
    assert.equal(await owed(), -500);
    assert.equal((await run('entries', 'reject', entry)).code, 0);
    assert.equal((await writeOff(500)).code, 0);
    assert.equal(await owed(), 0);
  });

  test('is listed, written off and owed again by the API and on the operator\'s pages, each once', async () => {
    const poor = await newSeller(s.env), rich = seller;
    seller = poor;
    await disputed(await paid(10000, DISPUTED), { funds: 'held' }).finally(() => { seller = rich; });
    const token = await operatorToken(s);
    const operator = (...call) => pay(s.env, token, ...call);
    const debt = async () => (await operator('GET', '/v1/operator/negative_balances')).body.data.find(({ user }) => user === poor.user.id);
    assert.deepEqual([(await debt()).partner, (await debt()).currency, (await debt()).owed, (await debt()).available], ['inkwell', 'EUR', FEE, -FEE]);
    const path = `/v1/operator/users/${poor.user.id}/write_offs`, all = { currency: 'EUR', owed: FEE, reason: 'gone abroad' };
    for (const [fields, param] of [[{ owed: undefined }, 'owed'], [{ owed: FEE + 1 }, 'owed'], [{ amount: FEE + 1 }, 'amount'], [{ currency: 'SEK' }, 'currency'], [{ borne_by: 'nobody' }, 'borne_by'], [{ reason: 'x' }, 'reason']])
      assert.equal((await operator('POST', path, { ...all, ...fields })).body.param, param, JSON.stringify(fields));
    assert.equal((await operator('POST', '/v1/operator/users/usr_none/write_offs', all)).status, 404);
    assert.equal((await poor.call('POST', path, all)).status, 403);
    const both = await Promise.all([1, 2].map(() => heard(() => operator('POST', path, { ...all, amount: 500, borne_by: 'partner' }))));
    assert.deepEqual(both.map(({ status }) => status).sort(), [200, 422], JSON.stringify(both.map(({ body }) => body)));
    const { body } = both.find(({ status }) => status === 200);
    assert.deepEqual([body.amount, body.borne_by, body.status, body.manual_entry, (await debt()).owed], [500, 'partner', 'booked', null, FEE - 500], 'pressed twice: once');

    const agent = createAgent();
    await operatorLogIn(s.env, agent, s.env.admin);
    const listed = await agent.open(`${s.env.pay_api}/operator/negative_balances`);
    assert.ok(listed.text.includes(`/operator/sellers/${poor.user.id}`), 'the page has him');
    const page = await agent.open(`${s.env.pay_api}/operator/sellers/${poor.user.id}`);
    const form = { ...page, text: page.text.slice(page.text.lastIndexOf('<form', page.text.indexOf(`action="/operator/sellers/${poor.user.id}/write_offs"`))) };
    const press = (fields) => agent.submit(form, { reason: 'moved away', ...fields }, { button: 'the platform bears it' });
    const odd = await press({ amount: '1,5x' });
    const [, again] = /<h2 id="owed">([^]*?)<\/section>/.exec(odd.text);
    assert.ok(odd.status === 422 && again.includes('amount: must be an amount like 12.50') && again.includes('value="1,5x"') && again.includes('value="moved away"'), again);
    assert.match((await press({ reason: ' ' })).text, /<h2 id="owed">[^]*reason: says why[^]*<\/section>/);
    assert.equal((await debt()).owed, FEE - 500, 'a refused form changes nothing');
    const left = await press({});
    assert.deepEqual([left.status, left.url.pathname, await debt()], [200, `/operator/sellers/${poor.user.id}`, undefined]);
    const once = await press({});
    assert.ok(once.status === 422 && /role="alert"[^]*<h2 id="balances">/.test(once.text), 'once');
    const [{ id, ...last }, first] = (await operator('GET', path)).body.data;
    assert.deepEqual([last.amount, last.reason, last.borne_by, first.amount], [FEE - 500, 'moved away', 'platform', 500]);
    const undone = await operator('POST', `/v1/operator/write_offs/${id}/undo`, { reason: 'he is back' });
    assert.deepEqual([undone.body.status, (await debt()).owed], ['booked', FEE - 500], JSON.stringify(undone.body));
    assert.deepEqual([(await operator('POST', `/v1/operator/write_offs/${id}/undo`, { reason: 'he is back' })).body.code, (await operator('POST', '/v1/operator/write_offs/brl_none/undo', { reason: 'he is back' })).status], ['manual_entry_state', 404]);
    const audited = await s.psql(`select actor from pay.audit where action = 'balance.write_off' and object = '${poor.user.id}'`);
    assert.deepEqual(audited.map(({ actor }) => actor.startsWith('operator:')), [true, true]);
  });

  test('comes of a refund only where that was agreed, and may be covered by the partner', async () => {
    const policy = (shortfall) => run('disputes', 'policy', 'inkwell', '--currency', 'SEK', '--shortfall', shortfall);
    const store = (await seller.call('POST', '/v1/stores', { name: 'In kronor', user: seller.user.id, currency: 'SEK' })).body;
    const sold = async (at = store) => {
      const { body } = await seller.call('POST', '/v1/payments', { store: at.id, amount: 1000, currency: 'SEK', description: 'x' });
      const paid = await seller.call('POST', `/v1/payments/${body.id}/confirm`, { payment_token: 'tok_test_visa' });
      assert.equal(paid.status, 200, JSON.stringify([body, paid.body]));
      return body.id;
    };
    const available = async () => (await seller.call('GET', `/v1/balance?user=${seller.user.id}`)).body.available.find(({ currency }) => currency === 'SEK').amount;
    assert.equal((await policy('refuse')).code, 0);
    const [first, second] = [await sold(), await sold()];
    await complain(second);
    await disputed(second, { funds: 'held' });
    assert.equal(await available(), 700 - FEE);
    assert.equal((await refund(first)).body.code, 'insufficient_funds');
    assert.equal((await policy('allow')).code, 0);
    assert.equal((await refund(first, { amount: 500 })).status, 200);
    assert.equal(await available(), 350 - FEE);
    assert.equal((await policy('partner')).code, 0);
    await eventually(async () => (await available()) === 0, { what: 'the partner covers it' });
    assert.equal((await refund(first)).status, 200);
    await eventually(async () => (await available()) === 0, { what: 'the partner covers that, too' });
    const covers = await s.psql(`select sum(amount)::int as amount from pay.balance_relief where kind = 'cover' and borne_by = 'partner' and user_id = '${seller.user.id}'`);
    assert.equal(covers[0].amount, FEE);
    assert.match((await run('disputes', 'policies', 'inkwell')).stdout, /SEK\tfee borne by seller\t.*\tshortfall partner/);
    const third = await sold();
    assert.equal((await policy('platform')).code, 0);
    await complain(third);
    const { id } = await disputed(third, { funds: 'held' });
    await eventually(async () => (await available()) === 0, { what: 'the platform covers it' });
    const borne = () => s.psql(`select r.kind, r.borne_by, r.amount, sum(p.amount) filter (where a.kind = 'platform') as moved from pay.balance_relief r join pay.posting p using (entry_id) join pay.account a using (account_id)
      where r.user_id = '${seller.user.id}' and r.borne_by = 'platform' and r.currency = 'SEK' group by r.relief_id order by r.relief_id`);
    assert.deepEqual(await borne(), [{ kind: 'cover', borne_by: 'platform', amount: FEE, moved: FEE }]);
    await decide(id, 'won');
    await eventually(async () => (await borne()).length === 2, { what: 'it has that back when the dispute is won' });
    assert.deepEqual((await borne())[1], { kind: 'recovery', borne_by: 'platform', amount: 700, moved: -700 }, 'what came back to the seller');
    assert.equal(await available(), 0);
    const { status: made, body: own } = await seller.call('POST', '/v1/stores', { name: 'Of the partner itself', owner: 'partner', currency: 'SEK' });
    assert.equal(made, 201, JSON.stringify(own));
    const [its, other] = [await sold(own), await sold(own)];
    await complain(other);
    await disputed(other, { funds: 'held' });
    assert.equal((await refund(its)).body.code, 'insufficient_funds', 'what the partner sells itself the platform does not cover');
    assert.equal((await policy('bank')).code, 2);
    assert.equal((await policy('partner')).code, 0);
  });
});

describe('money that is held back', () => {
  test('cannot be paid out before its day, shrinks with what goes back, and is released once, however late', async () => {
    const one = await newSeller(s.env);
    const settle = (...more) => s.operator('paysrv', 'stores', 'settle', one.store.id, ...more);
    assert.equal((await settle('--delay-days', '2', '--reserve-bp', '1000', '--reserve-days', '90')).code, 0);
    assert.equal((await settle('--reserve-bp', '1000')).code, 2);
    const balance = async () => {
      const { body } = await one.call('GET', `/v1/balance?user=${one.user.id}`);
      return [body.available[0]?.amount, body.held_back[0]?.amount];
    };
    const parts = async () => (await one.call('GET', `/v1/holdbacks?user=${one.user.id}`)).body.data;
    const rich = seller;
    seller = one;
    const payment = await paid(1000).finally(() => { seller = rich; });
    assert.deepEqual(await balance(), [0, 700]);
    const [delay, reserve] = await eventually(async () => { const all = await parts(); return all.length === 2 && all; }, { what: 'its days are written down' });
    assert.deepEqual([delay.part, delay.held, reserve.part, reserve.held, delay.payment], ['delay', 630, 'reserve', 70, payment]);
    const days = ({ available_on: on }) => Math.round((new Date(on) - new Date((delay.available_on))) / 86400000);
    assert.deepEqual([days(reserve), Math.round((new Date(delay.available_on) - Date.now()) / 86400000)], [88, 2]);
    const entries = async () => (await one.call('GET', `/v1/ledger?user=${one.user.id}`)).body.data;
    const sold = async () => (await entries()).filter(({ reference }) => reference === payment).map(({ amount, held, available_on: on }) => [amount, held, on]);
    assert.deepEqual(await sold(), [[700, 700, reserve.available_on]], 'the entry says when the last of it is available');
    const { body: page } = await one.call('GET', `/v1/holdbacks?user=${one.user.id}&limit=1`);
    assert.deepEqual((await one.call('GET', `/v1/holdbacks?user=${one.user.id}&limit=1&cursor=${page.next_cursor}`)).body.data, [reserve]);
    assert.equal((await one.request(1)).body.code, 'insufficient_funds');

    assert.equal((await one.call('POST', `/v1/payments/${payment}/refunds`, { amount: 500 })).status, 200);
    await eventually(async () => (await balance())[1] === 350, { what: 'half of it is held' });
    assert.deepEqual(await balance(), [0, 350]);
    await s.psql(`update pay.holdback set available_on = now() - interval '40 days' where user_id = '${one.user.id}' and part = 'delay'`);
    await eventually(async () => (await balance())[1] === 35, { what: 'what is due is released' });
    assert.deepEqual([await balance(), (await parts()).length], [[315, 35], 1]);
    assert.deepEqual(await sold(), [[700, 35, reserve.available_on]]);

    assert.equal((await settle()).code, 0);
    await eventually(async () => {
      const had = (await balance())[0];
      await one.sell(100);
      return (await balance())[0] === had + 70;
    }, { what: 'new payments are available at once' });
    const [last] = await entries();
    assert.deepEqual([last.held, last.available_on], [0, last.created_at]);
    assert.equal((await parts()).filter(({ payment: of }) => of === payment).length, 1);
  });
});

describe('whose word counts', () => {
  test('disputes are their partner’s only, and need the scope of payments', async () => {
    const one = await disputed(await paid(1000, DISPUTED), { funds: 'held' });
    const strange = await newSeller(s.env);
    const { body } = await strange.call('GET', `/v1/disputes/${one.id}`);
    assert.equal(body.id, one.id, 'the partner sees those of all its sellers');
    const other = await partnerToken(s.env, 'pay.users');
    for (const [method, path] of [['GET', ''], ['POST', '/accept'], ['POST', '/submit']]) {
      const answer = await fetch(`${s.env.pay_api}/v1/disputes/${one.id}${path}`, { method, headers: { authorization: `Bearer ${other}` } });
      assert.equal(answer.status, 403);
    }
    assert.equal((await seller.call('GET', '/v1/disputes/dp_nobody')).status, 404);
  });

  test('the operator sees what is due, and accepts in the owner’s place', async () => {
    const one = await disputed(await paid(1000, DISPUTED), { funds: 'held' });
    const agent = createAgent();
    await seller.call('POST', `/v1/disputes/${one.id}/evidence`, { text: 'Read three times <b>' });
    const { files: [file] } = await (await fetch(`${s.env.pay_api}/v1/disputes/${one.id}/files`, {
      method: 'POST', body: '%PDF-1.4\n%%EOF\n', headers: { authorization: `Bearer ${seller.token}`, 'content-type': 'application/pdf', 'content-disposition': 'attachment; filename="read.pdf"' },
    })).json();
    await operatorLogIn(s.env, agent, s.env.admin);
    const at = (query) => agent.open(`${s.env.pay_api}/operator/disputes${query}`);
    const found = async (query, more) => {
      for (let list = await at(query); ;) {
        if (list.text.includes(`/operator/payments/${one.payment}`)) return list;
        const [, next] = new RegExp(`<a href="([^"]*)">${more}</a>`).exec(list.text) ?? assert.fail(`not among ${query}`);
        list = await agent.open(new URL(next.replaceAll('&amp;', '&'), s.env.pay_api).href);
      }
    };
    const list = await found('', 'More');
    assert.ok(list.text.includes(`/operator/disputes/${one.id}/accept`) && list.text.includes('Needs an answer'), list.text.slice(0, 400));
    await found('?status=needs_response', 'Older');
    assert.equal((await at('?status=odd')).status, 422);
    assert.equal((await at('?before=odd')).status, 422);
    const csrf = /name="csrf" value="([^"]+)"/.exec(list.text)[1];
    const cookie = [...agent.jar].filter(([name]) => name.includes('__Host-stoa_operator')).map(([name, value]) => `${name.split(' ')[1]}=${value}`).join('; ');
    const post = (token) => fetch(`${s.env.pay_api}/operator/disputes/${one.id}/accept`, { method: 'POST', redirect: 'manual', headers: { cookie }, body: new URLSearchParams({ csrf: token }) });
    const shown = await agent.open(`${s.env.pay_api}/operator/disputes/${one.id}`);
    for (const part of ['Read three times &lt;b&gt;', file.name, `/operator/disputes/${one.id}/accept`, `/operator/payments/${one.payment}`]) assert.ok(shown.text.includes(part), part);
    const saved = await fetch(`${s.env.pay_api}/operator/disputes/${one.id}/files/${file.id}`, { headers: { cookie } });
    assert.deepEqual([saved.status, saved.headers.get('content-type'), saved.headers.get('content-disposition')], [200, 'application/pdf', `attachment; filename="${file.id}-evidence.pdf"`]);
    assert.match(saved.headers.get('content-security-policy'), /sandbox/);
    assert.equal((await fetch(`${s.env.pay_api}/operator/disputes/dp_none/files/${file.id}`, { headers: { cookie } })).status, 404);
    assert.deepEqual([(await post('A'.repeat(43))).status, (await post(csrf)).status, (await post(csrf)).status], [403, 303, 303]);
    assert.equal((await disputed(one.payment, { funds: 'lost' })).response, 'accepted');
    const accepted = await agent.open(`${s.env.pay_api}/operator/disputes/${one.id}`);
    assert.match(accepted.text, new RegExp(`Accepted by <bdi>${s.env.admin.username}</bdi>`), 'by name, as the log-in said it');
    await found('?status=lost', 'Older');
    await found('?status=all', 'Older');
    const detail = await agent.open(`${s.env.pay_api}/operator/payments/${one.payment}`);
    assert.ok(detail.text.includes('Dispute lost') && detail.text.includes('In dispute'));
    const row = (party) => new RegExp(`data-share="${party}">([^<]*)</td><td [^>]*>([^<]*)</td><td [^>]*>([^<]*)</td><td [^>]*data-left="${party}">([^<]*)</td>`).exec(detail.text).slice(1).map((one) => one.replace('−', '-'));
    const fee = (FEE / 100).toFixed(2);
    assert.deepEqual(['platform', 'partner', 'seller'].map(row), [['0.50 EUR', '0.00 EUR', '0.50 EUR', '0.00 EUR'], ['2.50 EUR', '0.00 EUR', '2.50 EUR', '0.00 EUR'],
      ['7.00 EUR', '0.00 EUR', `${((700 + FEE) / 100).toFixed(2)} EUR`, `-${fee} EUR`]], 'what each has after a lost dispute');
  });

  test('the operator says who bears the fee and what is accepted at once, and lists what is due', async () => {
    const run = (...args) => s.operator('paysrv', 'disputes', ...args);
    assert.equal((await run('policy', 'inkwell', '--currency', 'JPY', '--fee-bearer', 'platform', '--accept-below', '1000')).code, 0);
    const store = (await seller.call('POST', '/v1/stores', { name: 'In yen', user: seller.user.id, currency: 'JPY' })).body;
    const { body: payment } = await seller.call('POST', '/v1/payments', { store: store.id, amount: 999, currency: 'JPY', description: 'Small' });
    const token = (await s.acquirer('POST', '/v1/tokens', { number: DISPUTED })).id;
    await seller.call('POST', `/v1/payments/${payment.id}/confirm`, { payment_token: token });
    const one = await disputed(payment.id, { status: 'lost', funds: 'lost' });
    assert.deepEqual([one.response, one.fee_bearer, amounts(one)], ['accepted', 'platform', [50 + FEE, 250, 699]]);
    const told = await mailOf(payment.id, /^A payment is disputed/);
    assert.doesNotMatch(told.text, /Answer until|Send what/, 'nobody is asked to work on what is accepted by itself');
    const late = await paid(1000);
    await complain(late, { due_in: 3600 });
    const due = await disputed(late, { funds: 'held' });
    await eventually(async () => (await types(due.id)).includes('dispute.evidence_due'), { what: 'the owner is reminded' });
    const listed = await run('list');
    assert.ok(listed.stdout.includes(due.id) && !listed.stdout.includes(one.id), listed.stdout);
    const [first, all] = [await run('list', '--status', 'lost', '--limit', '1'), await run('list', '--all', '--limit', '1000')];
    assert.match(first.stdout, /^dp_\w+\t.*chargeback lost\t.*\n$/);
    assert.ok(all.stdout.includes(due.id) && all.stdout.includes(one.id), all.stdout);
    assert.deepEqual([(await run('list', '--status', 'odd')).code, (await run('list', '--all', '--status', 'lost')).code], [1, 2]);
    const over = await paid(1000);
    await complain(over, { due_in: -60 });
    const past = await disputed(over, { funds: 'held' });
    assert.equal((await seller.call('POST', `/v1/disputes/${past.id}/evidence`, { text: 'too late' })).body.code, 'dispute_state');
  });
});

test('payouts between refunds, chargebacks won and lost, a debt and a reserve explain each other to the cent', async () => {
  const mine = seller, one = await newSeller(s.env);
  seller = one;
  try {
    const payouts = [];
    const payout = async (amount) => {
      const { body } = await one.request(amount);
      assert.equal((await one.confirm(body.id, codeIn(await s.mail(one.email, ofRequest(body.label))))).status, 200);
      payouts.push(body.id);
    };
    const [first, second] = [await paid(), await paid()];
    await refund(first, { amount: 4000 });
    await payout(9000);
    await complain(second);
    const lost = await disputed(second, { funds: 'held' });
    assert.ok((await one.call('GET', `/v1/balance?user=${one.user.id}`)).body.available[0].amount < 0, 'a debt, which the next sales pay');
    const third = await paid(30000);
    await decide(lost.id, 'lost');
    await complain(third, { amount: 2000 });
    const won = await disputed(third, { funds: 'held' });
    await decide(won.id, 'won');
    await disputed(third, { funds: 'returned' });
    assert.equal((await s.operator('paysrv', 'balances', 'reserve', one.user.id, '--partner', 'inkwell', '--currency', 'EUR', '--amount', '500', '--reason', 'new')).code, 0);
    const heldBack = async () => (await one.call('GET', `/v1/balance?user=${one.user.id}`)).body.held_back[0]?.amount;
    await eventually(async () => await heldBack() === 500, { what: 'the reserve is filled' });
    await payout(1000);
    assert.equal((await one.call('POST', `/v1/payouts/${payouts[1]}/cancel`)).status, 200);
    await payout(700);

    let had = 0;
    const kinds = [];
    for (const id of payouts) {
      const { body: it } = await one.call('GET', `/v1/payouts/${id}/statement?limit=100`);
      assert.equal(it.opening, had, 'what the one before has left');
      for (const line of it.data) {
        had += line.amount;
        assert.equal(line.balance, had);
        if (line.payment) assert.deepEqual([line.gross - line.fee, line.net], Array(2).fill(line.platform + line.partner + line.other_sellers + line.amount), JSON.stringify(line));
        else assert.equal(line.kind, 'payout_canceled', 'all else is of a payment');
        if (line.kind === 'dispute_hold') assert.deepEqual([line.fee, line.gross], [FEE, line.payment === second ? -10000 : -2000]);
        else assert.equal(line.fee, line.payment ? 0 : null);
        kinds.push(line.kind);
      }
      had -= it.amount;
      assert.equal(it.closing, had);
    }
    assert.deepEqual(kinds, ['charge', 'charge', 'refund', 'dispute_hold', 'charge', 'dispute_hold', 'dispute_return', 'payout_canceled']);
    const { available: [{ amount: free }], held_back: [{ amount: kept }] } = (await one.call('GET', `/v1/balance?user=${one.user.id}`)).body;
    assert.deepEqual([free + kept, kept], [had, 500]);
  } finally {
    seller = mine;
  }
});
