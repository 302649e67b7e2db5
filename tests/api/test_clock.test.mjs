/*
 * Test clocks (docs/protocol/pay/sandbox.md; MONEY 6.C 25): one advance moves everything that is timed, each thing at its own
 * time and in order; a live partner has none, and nothing of his is touched.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { holding } from '../support/holding.mjs';
import { outcomeOf } from '../support/outcome.mjs';
import { newPartner } from '../support/partner.mjs';
import { operatorLogIn, pay } from '../support/people.mjs';
import { feeOf, registry } from '../support/registry.mjs';
import { codeIn, newSeller, ofRequest, RUSSIAN } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

const GOOD = '4242424242424242', SOFT = '4000000000001117', DISPUTED = '4000000000001166';
const DAY = 86_400_000;

let s, partner, seller, live;

const post = async (path, body, status = 200, of = seller) => {
  const ask = (options) => of.call('POST', path, body, options);
  const answer = await (status === 200 ? outcomeOf(ask) : ask());
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  return answer.body;
};
const get = async (path, of = seller) => (await of.call('GET', path)).body;
const iso = (ms) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
const at = (text) => Date.parse(text);
const clock = () => get('/v1/test_clock');
const ready = () => eventually(async () => { const one = await clock(); return one.status === 'ready' && one; }, { what: 'the clock is ready' });

async function advance(wish) {
  const set = await post('/v1/test_clock/advance', wish, 202);
  assert.deepEqual([set.object, set.status, set.livemode, set.partner], ['test_clock', 'advancing', false, partner.slug]);
  const now = await ready();
  assert.ok(at(now.now) >= at(set.advancing_to) && at(now.now) < at(set.advancing_to) + DAY / 24, `${now.now} is after ${set.advancing_to}`);
  return set;
}

/* Of the partner, the oldest first: their ids begin with the millisecond in which they were made, and have no order within it. */
async function events(since) {
  const rows = await s.psql(`select event_id, type, object_id, created_at at time zone 'UTC' as made from pay.event where partner_id = '${partner.slug}' and event_id > '${since}' order by left(event_id, 14), created_at, sequence`);
  return rows.map((row) => ({ ...row, made: new Date(`${String(row.made).replace(' ', 'T')}Z`).getTime() }));
}
const lastEvent = async () => (await s.psql(`select coalesce(max(event_id), '') as id from pay.event where partner_id = '${partner.slug}'`))[0].id;

async function paid(fields = {}, token = 'tok_test_visa', of = seller) {
  const payment = await post('/v1/payments', { store: of.store.id, amount: 10000, currency: 'EUR', description: 'An article', ...fields }, 201, of);
  return post(`/v1/payments/${payment.id}/confirm`, { payment_token: token }, 200, of);
}

async function kept(number = GOOD) {
  const buyer = randomUUID(), agent = createAgent();
  const payment = await post('/v1/payments', { store: seller.store.id, amount: 700, currency: 'EUR', description: 'The first', save_card: { buyer, email: `${buyer}@example.com`, required: true } }, 201);
  const set = await agent.submit(await agent.open(payment.checkout.url), { save_card: 'true' }, { button: 'Pay by card' });
  await agent.submit(set, { number, exp: '11/49', csc: '123' });
  return eventually(async () => (await get(`/v1/saved_cards?payment=${payment.id}`)).data[0], { what: 'the card is kept' });
}

async function confirmed(amount, of = seller) {
  const { body: payout } = await of.request(amount);
  const [mail] = (await get(`/v1/test_mails?recipient=${encodeURIComponent(of.email)}&limit=1`, of)).data;
  assert.deepEqual([mail.object, mail.livemode, mail.kind, mail.recipient], ['test_mail', false, 'payout_code', of.email]);
  assert.ok(mail.text.includes(payout.label) && mail.text.includes(`${mail.code.slice(0, 4)} ${mail.code.slice(4)}`), mail.text);
  return (await of.confirm(payout.id, mail.code)).body;
}

before(async () => {
  s = await sharedStack();
  partner = await newPartner(s, '--sandbox');
  seller = await newSeller(s.env, { token: partner.token });
  live = await newSeller(s.env);
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await partner?.remove();
  await s?.stop();
});

describe('a test clock', () => {
  test('is a sandbox partner\'s: a live one has none; what is wrong is named', async () => {
    for (const [method, path] of [['GET', '/v1/test_clock'], ['POST', '/v1/test_clock/advance'], ['GET', '/v1/test_mails']]) {
      const { status, body } = await live.call(method, path, method === 'POST' ? { by: 'P1D' } : undefined);
      assert.deepEqual([status, body.code, body.param], [409, 'live_partner', 'partner'], JSON.stringify(body));
    }
    const { now } = await clock();
    assert.ok(Math.abs(at(now) - Date.now()) < DAY, 'it begins as the wall clock');
    const wrong = [[{}, 'to'], [{ to: iso(at(now) + DAY), by: 'P1D' }, 'to'], [{ to: now.slice(0, 10) }, 'to'], [{ to: iso(at(now) - DAY) }, 'to'], [{ by: 'P3Y' }, 'by'],
      [{ by: 'P0D' }, 'by'], [{ by: '1D' }, 'by'], [{ by: 'P1DT' }, 'by'], [{ for: 'P1D' }, 'for']];
    for (const [body, param] of wrong) {
      const answer = await seller.call('POST', '/v1/test_clock/advance', body);
      assert.ok([400, 422].includes(answer.status), JSON.stringify(answer.body));
      assert.equal(answer.body.param, param, JSON.stringify([body, answer.body]));
    }
    assert.equal((await clock()).status, 'ready');
    const { code, stdout } = await s.operator('paysrv', 'partners', 'list');
    assert.deepEqual([code, new RegExp(`^${partner.slug}\\t.*\\tsandbox$`, 'm').test(stdout), /^inkwell\t.*\tlive$/m.test(stdout)], [0, true, true], stdout);
  });

  test('is a sandbox\'s, whose pages say so to the buyer', async () => {
    const shown = async (of) => {
      const { body: { checkout } } = await of.call('POST', '/v1/payments', { store: of.store.id, amount: 1000, currency: 'EUR', description: 'A page' });
      return (await fetch(checkout.url, { headers: { 'accept-language': 'de' } })).text();
    };
    assert.match(await shown(seller), /<p class="test">Testmodus/);
    assert.doesNotMatch(await shown(live), /class="test"/);
  });

  test('advances once under a key, not while it is on its way, and goes on where a server left it', async () => {
    const key = randomUUID(), body = { by: 'PT1H' };
    const first = await seller.call('POST', '/v1/test_clock/advance', body, { key });
    await ready();
    const again = await seller.call('POST', '/v1/test_clock/advance', body, { key });
    assert.deepEqual([again.status, again.headers.get('idempotent-replayed'), again.body], [202, 'true', first.body]);
    const { now } = await ready();
    assert.ok(at(now) < at(first.body.advancing_to) + DAY / 48, 'it went once');
    const asked = await s.psql(`select actor, object, request <> '' as by_request from pay.audit where action = 'test_clock.changed' and object = '${partner.slug}' order by at desc limit 1`);
    assert.deepEqual(asked, [{ actor: `client:${partner.slug}`, object: partner.slug, by_request: true }], 'who asked for it is in the audit log');
    /* As a server leaves it that dies on the way: at an instant, under a lease. */
    const target = iso(at(now) + 2 * DAY);
    await s.psql(`update pay.test_clock set stands_at = '${now}', target = '${target}', busy_until = now() + interval '1 hour' where partner_id = '${partner.slug}'`);
    const busy = await seller.call('POST', '/v1/test_clock/advance', { by: 'P1D' });
    assert.deepEqual([busy.status, busy.body.code, busy.body.param], [409, 'test_clock_advancing', 'test_clock']);
    assert.deepEqual([(await clock()).status, (await clock()).now], ['advancing', now], 'it stands still');
    const made = await paid();
    assert.deepEqual([made.created_at, made.livemode], [now, false], 'requests are answered where it stands');
    assert.match((await s.operator('paysrv', 'clocks', 'list')).stdout, new RegExp(`${partner.slug}\\t${now}\\tadvancing to `));
    await s.psql(`update pay.test_clock set busy_until = now() where partner_id = '${partner.slug}'`);
    assert.ok(at((await ready()).now) >= at(target));
    const { code, stdout } = await s.operator('paysrv', 'clocks', 'advance', partner.slug, '--by', 'P1D');
    assert.equal(code, 0, stdout);
    assert.ok(at((await ready()).now) >= at(target) + DAY);
    assert.equal((await s.operator('paysrv', 'clocks', 'advance', 'inkwell', '--by', 'P1D')).code, 1);
  });
});

test('one advance moves everything that is timed, in order, each thing at its own time', async () => {
  const other = await newSeller(s.env, { token: partner.token });
  await paid({}, 'tok_test_visa', other);
  const { code } = await s.operator('paysrv', 'stores', 'settle', seller.store.id, '--delay-days', '5');
  assert.equal(code, 0);
  const card = await kept(), poor = await kept(SOFT);
  const start = at((await clock()).now), today = new Date(start);
  const year = today.getUTCFullYear() + (today.getUTCMonth() === 0 && today.getUTCDate() < 16 ? 0 : 1); /* no more than two years at once */
  const price = await post('/v1/prices', { store: seller.store.id, name: 'The monthly issue', amount: 700, currency: 'EUR', interval: 'month' }, 201);
  const since = await lastEvent();
  const monthly = await post('/v1/subscriptions', { price: price.id, saved_card: card.id, zone: 'UTC', starts_at: `${year}-01-31T10:00:00Z` }, 201);
  const dunned = await post('/v1/subscriptions', { price: price.id, saved_card: poor.id, zone: 'UTC', starts_at: `${year}-02-10T08:00:00Z` }, 201);
  const held = await paid();
  const authorized = await paid({ capture_method: 'manual' });
  const disputed = await paid({}, (await s.acquirer('POST', '/v1/tokens', { number: DISPUTED })).id);
  const dispute = await eventually(async () => (await get(`/v1/disputes?payment=${disputed.id}`)).data.find(({ funds }) => funds === 'held'), { what: 'it is disputed' });
  const { status: asked, body: waiting } = await other.request(100);
  assert.equal(asked, 201, JSON.stringify(waiting));
  const unpaid = await post('/v1/payments', { store: seller.store.id, amount: 100, currency: 'EUR', description: 'Nobody pays' }, 201);
  for (const [what, then, days] of [[authorized.authorized_until, 'the authorization', 8], [dispute.evidence_due_at, 'the evidence', 60], [unpaid.expires_at, 'the payment', 31]]) {
    assert.ok(at(what) > start && at(what) < start + days * DAY, `${then} ends by the test clock: ${what}`);
  }
  const { available_on: until } = await eventually(async () => (await get(`/v1/holdbacks?user=${seller.user.id}`)).data.find(({ payment }) => payment === held.id), { what: 'it is held back' });
  assert.ok(at(until) > start && at(until) < start + 7 * DAY, until);

  await advance({ to: `${year + 1}-01-15T00:00:00Z` });

  const told = await events(since);
  assert.deepEqual(told.map(({ made }) => made), told.map(({ made }) => made).sort((a, b) => a - b), 'events are in the order of their times');
  const of = ({ id }) => told.filter(({ object_id: object }) => object === id).sort((a, b) => a.sequence - b.sequence);
  const invoices = async ({ id }) => (await get(`/v1/subscriptions/${id}/invoices?limit=50`)).data.reverse();

  const months = await invoices(monthly);
  const days = [31, new Date(Date.UTC(year, 2, 0)).getUTCDate(), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  assert.deepEqual(months.map(({ period_start: from }) => from), days.map((day, i) => `${year}-${String(i + 1).padStart(2, '0')}-${day}T10:00:00Z`));
  for (const invoice of months) {
    assert.deepEqual([invoice.status, invoice.created_at], ['paid', invoice.period_start], 'each is made when its period begins');
    assert.equal((await get(`/v1/payments/${invoice.payment}`)).created_at, invoice.period_start);
  }
  const [debt] = await invoices(dunned);
  assert.deepEqual((await get('/v1/invoices?status=uncollectible')).data.map(({ id }) => id), [debt.id]);
  for (const [method, path] of [['GET', debt.id], ['POST', `${debt.id}/retry`]]) assert.deepEqual([(await live.call(method, `/v1/invoices/${path}`)).status, method], [404, method], 'another partner\'s');
  const began = at(`${year}-02-10T08:00:00Z`);
  assert.deepEqual(of(debt).map(({ type }) => type), ['invoice.created', ...Array(of(debt).length - 2).fill('invoice.payment_failed'), 'invoice.uncollectible']);
  assert.deepEqual(of(debt).slice(1).map(({ made }) => (made - began) / DAY * 12), [0, 13, 37, 61, 85, 85].slice(0, of(debt).length - 1), 'tried again on its days');
  assert.equal((await get(`/v1/subscriptions/${dunned.id}`)).status, 'canceled');

  const voided = of(authorized);
  assert.deepEqual(voided.map(({ type }) => type), ['payment.authorized', 'payment.authorization_expiring', 'payment.canceled']);
  assert.deepEqual([voided[2].made, voided[2].made - voided[1].made], [at(authorized.authorized_until), DAY]);
  const reminder = of(dispute).find(({ type }) => type === 'dispute.evidence_due');
  assert.equal(reminder.made, at(dispute.evidence_due_at) - 3 * DAY);
  const late = await seller.call('POST', `/v1/disputes/${dispute.id}/evidence`, { text: 'too late' });
  assert.deepEqual([late.status, late.body.code], [409, 'dispute_state']);
  assert.equal((await get(`/v1/payouts/${waiting.id}`)).status, 'expired');
  const gone = await get(`/v1/payments/${unpaid.id}`);
  assert.deepEqual([gone.status, gone.version, of(unpaid).map(({ type, made }) => [type, made])], ['expired', 1, [['payment.expired', at(unpaid.expires_at)]]], 'it is told at its end, once');
  const [released] = await s.psql(`select released_at = available_on as exactly from pay.holdback where payment_id = '${held.id}'`);
  assert.deepEqual(released, { exactly: true });
  assert.ok(told.some(({ type, made }) => type === 'test_clock.advanced' && made === at(`${year + 1}-01-15T00:00:00Z`)));
});

test('a clock stops where a payment expires, and at none that is over', async () => {
  const quiet = await newPartner(s, '--sandbox'), shop = await newSeller(s.env, { token: quiet.token });
  const waits = async () => (await s.psql(`select payment_id from pay.payment where clock = '${quiet.slug}' and timer_at is not null order by payment_id`)).map(({ payment_id: id }) => id);
  const make = (fields, status = 201) => post('/v1/payments', { store: shop.store.id, amount: 900, currency: 'EUR', description: 'A seat', ...fields }, status, shop);
  const [bought] = await Promise.all([make().then(({ id }) => post(`/v1/payments/${id}/confirm`, { payment_token: 'tok_test_visa' }, 200, shop)),
    make().then(({ id }) => post(`/v1/payments/${id}/cancel`, undefined, 200, shop)), make({ confirm: { payment_token: 'tok_test_visa' } }, 200)]);
  assert.deepEqual([bought.status, await waits()], ['succeeded', []]);
  const left = await make(), declined = await make();
  assert.equal((await shop.call('POST', `/v1/payments/${declined.id}/confirm`, { payment_token: (await s.acquirer('POST', '/v1/tokens', { number: '4000000000000002' })).id })).status, 402);
  assert.deepEqual(await waits(), [left.id, declined.id].sort());
  await post('/v1/test_clock/advance', { by: 'P2D' }, 202, shop);
  await eventually(async () => (await get('/v1/test_clock', shop)).status === 'ready', { what: 'the clock is ready' });
  const told = await s.psql(`select object_id, sequence, created_at = expires_at as at_its_end from pay.event e
    join lateral (select expires_at from pay.payment p where p.payment_id = e.object_id) p on true where e.partner_id = '${quiet.slug}' and type = 'payment.expired' order by object_id`);
  assert.deepEqual(told.map(({ object_id: id, sequence, at_its_end: then }) => [id, Number(sequence), then]), [[left.id, 1, true], [declined.id, 2, true]].sort(([a], [b]) => (a < b ? -1 : 1)));
  const { data: [event] } = (await shop.call('GET', `/v1/events?about=${left.id}`)).body;
  assert.deepEqual([event.type, event.data.status, event.data.id], ['payment.expired', 'expired', left.id]);
  assert.deepEqual(await waits(), []);
  await quiet.remove();
});

test('a subscription ends at its moment, and its last period is charged until then', async () => {
  const card = await kept(), start = at((await clock()).now);
  const price = await post('/v1/prices', { store: seller.store.id, name: 'The daily issue', amount: 3000, currency: 'EUR', interval: 'month' }, 201);
  const one = await post('/v1/subscriptions', { price: price.id, saved_card: card.id, zone: 'UTC', starts_at: iso(start + 5 * DAY) }, 201);
  const until = iso(start + 15 * DAY);
  assert.equal((await post(`/v1/subscriptions/${one.id}/cancel`, { cancel_at: until, unused: 'refund' })).cancel_at, until);
  const next = await get(`/v1/subscriptions/${one.id}/upcoming`);
  assert.ok(next.amount_due >= 967 && next.amount_due <= 1072, `ten days of a month: ${next.amount_due}`);
  await advance({ by: 'P40D' });
  const over = await get(`/v1/subscriptions/${one.id}`), invoices = (await get(`/v1/subscriptions/${one.id}/invoices`)).data;
  assert.deepEqual([over.status, over.canceled_at, invoices.map(({ status, amount_due: due, period_end: end }) => [status, due, end])], ['canceled', until, [['paid', next.amount_due, until]]]);
});

test('payouts are paid, refused, returned or never answered by the test bank, and never in an order to a bank', async () => {
  await s.operator('paysrv', 'stores', 'settle', seller.store.id);
  const fates = {};
  for (const holder of ['Anna Fischer', 'Reject AC04', 'Return AC06', 'Silent']) {
    const one = await newSeller(s.env, { token: partner.token, holder });
    await paid({}, 'tok_test_visa', one);
    fates[holder] = { one, payout: await confirmed(1000, one) };
  }
  const inRussia = await newSeller(s.env, { token: partner.token, holder: 'ООО «Ромашка»', currency: 'RUB', account: RUSSIAN });
  await paid({ currency: 'RUB' }, 'tok_test_visa', inRussia);
  fates.roubles = { one: inRussia, payout: await confirmed(1000, inRussia) };
  const states = async () => Promise.all(Object.values(fates).map(async ({ one, payout }) => (await get(`/v1/payouts/${payout.id}`, one)).status));
  await eventually(async () => (await states()).every((state) => state === 'sent'), { what: 'the test bank has them' });
  const out = join(process.env.STOA_TEST_TMP ?? tmpdir(), `${randomUUID()}.xml`);
  const [{ msg_id: order, channel }] = await s.psql(`select msg_id, channel from pay.payout join pay.bank_batch using (msg_id) where payout_id = '${fates.Silent.payout.id}'`);
  const written = await s.operator('paysrv', 'payouts', 'export', '--out', out, '--msg-id', order);
  assert.deepEqual([channel, written.code, /not found|no batch/i.test(written.stderr)], ['test', 1, true], written.stderr);
  await advance({ by: 'P1D' });
  assert.deepEqual(await states(), ['paid', 'rejected', 'paid', 'sent', 'paid']);
  await advance({ by: 'P1M' });
  assert.deepEqual(await states(), ['paid', 'rejected', 'returned', 'unknown', 'paid']);
  const mails = await get('/v1/test_mails?limit=3');
  assert.deepEqual([mails.data.length, mails.has_more], [3, true]);
  const { data: [next] } = await get(`/v1/test_mails?limit=1&cursor=${mails.next_cursor}`);
  assert.ok(next.id < mails.data[2].id && !mails.data.some(({ id }) => id === next.id), 'the newest first, page by page');
  await eventually(async () => (await s.psql(`select count(*)::int as n from pay.mail where clock = '${partner.slug}' and sent_at is not null and content is not null`))[0].n > 3,
    { what: 'what was sent can still be read' });
  assert.deepEqual(await s.psql(`select count(*)::int as n from pay.mail where clock = '' and sent_at is not null and content is not null`), [{ n: 0 }]);
  const { one, payout } = fates['Return AC06'];
  const back = await get(`/v1/payouts/${payout.id}`, one);
  assert.deepEqual([at(back.paid_at) - at(back.sent_at), at(back.returned_at) - at(back.paid_at), back.reason], [DAY, 3 * DAY, 'AC06']);
  assert.equal(await one.available(), 7000, 'it has the money back');
  assert.deepEqual(await s.psql(`select count(*)::int as n from pay.payout where clock = '${partner.slug}' and status = 'confirmed'`), [{ n: 0 }]);
});

test('mails to a sandbox\'s mailbox that bounces come back; a live partner\'s go out as any other', async () => {
  const careful = await newPartner(s, '--sandbox', '--confirmations', 'user');
  const gone = await newSeller(s.env, { token: partner.token });
  const asked = async (token, email) => {
    const { status, body } = await pay(s.env, token, 'POST', '/v1/users', { name: 'Ada', external_id: randomUUID(), email });
    assert.equal(status, 202, JSON.stringify(body));
    return body;
  };
  const mailOf = async (of, email) => (await get(`/v1/test_mails?recipient=${encodeURIComponent(email)}&limit=1`, of)).data[0];
  const caller = { call: (method, path, body, options) => pay(s.env, careful.token, method, path, body, options) };

  const user = await asked(careful.token, 'bounce@mailbox.invalid');
  const ended = await eventually(async () => { const one = await get(`/v1/confirmations/${user.confirmation.id}`, caller); return one.reason && one; }, { what: 'the code came back' });
  assert.deepEqual([ended.status, ended.reason], ['canceled', 'code_undeliverable']);
  const { status, closed_reason: closed } = await get(`/v1/users/${user.id}`, caller);
  assert.deepEqual([status, closed], ['closed', 'code_undeliverable']);
  const back = await mailOf(caller, 'bounce@mailbox.invalid');
  assert.deepEqual([back.kind, back.failure, back.code.length], ['confirmation_code', 'bounced', 8]);

  const email = 'bounce+payout_code@mailbox.invalid';
  const agreed = await asked(careful.token, email), taken = await mailOf(caller, email);
  await eventually(async () => (await s.psql(`select from pay.mail where mail_id = '${taken.id}' and sent_at is not null`)).length, { what: 'the mailbox took it' });
  assert.equal((await caller.call('POST', `/v1/confirmations/${agreed.confirmation.id}/confirm`, { code: taken.code })).status, 200);

  await paid({}, 'tok_test_visa', gone);
  await s.psql(`update pay.pay_user set email = '${email}' where user_id = '${gone.user.id}'`);
  const { body: { id } } = await gone.request(100);
  const payout = await eventually(async () => { const one = await get(`/v1/payouts/${id}`, gone); return one.reason && one; }, { what: 'the payout ended' });
  assert.deepEqual([payout.status, payout.reason], ['canceled', 'code_undeliverable']);
  assert.deepEqual((await events('')).filter((one) => one.object_id === id).map(({ type }) => type), ['payout.confirmation_required', 'payout.canceled']);

  await s.psql(`update pay.pay_user set email = '${email}' where user_id = '${live.user.id}'`);
  await live.sell(1000);
  const { body: { label } } = await live.request(100);
  assert.ok(codeIn(await s.mail(email, ofRequest(label))), 'it was handed to the mail server');
  assert.ok((await s.mails(email)).every(({ subject }) => !subject.startsWith('[Test]')), 'as no sandbox\'s was');
  await careful.remove();
});

test('what nothing can be done about holds no clock up, and what is due later is done at its time', async () => {
  const quiet = await newPartner(s, '--sandbox'), shop = await newSeller(s.env, { token: quiet.token });
  await paid({}, 'tok_test_visa', shop);
  const payout = await confirmed(1000, shop);
  const state = async () => (await get(`/v1/payouts/${payout.id}`, shop)).status;
  await eventually(async () => await state() === 'sent', { what: 'the test bank has it' });
  const { body: { id: stuck } } = await shop.request(100);
  const held = await holding(s.env, `select from pay.payout where payout_id = '${stuck}' for update`); /* which who lets it expire passes by */
  const { id } = await post('/v1/payments', { store: shop.store.id, amount: 900, currency: 'EUR', description: 'A seat' }, 201, shop);
  await post('/v1/test_clock/advance', { by: 'P2D' }, 202, shop);
  await eventually(async () => (await get('/v1/test_clock', shop)).status === 'ready', { what: 'the clock is ready' });
  assert.deepEqual(await s.psql(`select e.created_at = p.expires_at as at_its_end from pay.event e join pay.payment p on p.payment_id = e.object_id
    where e.object_id = '${id}' and type = 'payment.expired'`), [{ at_its_end: true }]);
  const told = await get(`/v1/payouts/${payout.id}`, shop);
  assert.deepEqual([told.status, at(told.paid_at) - at(told.sent_at)], ['paid', DAY]);
  const { now } = await get('/v1/test_clock', shop);
  assert.deepEqual(await s.psql(`select status, expires_at < '${now}' as was_due from pay.payout where payout_id = '${stuck}'`), [{ status: 'awaiting_code', was_due: true }]);
  await held.release();
  await quiet.remove();
});

test('a schedule pays out week by week, and live partners have not moved', async () => {
  const one = await newSeller(s.env, { token: partner.token });
  await paid({}, 'tok_test_visa', one);
  const asked = await post('/v1/payout_schedules', { user: one.user.id, requisite: one.requisite.id, currency: 'EUR', every: 'week', day: 3, at: '12:00', zone: 'UTC', any_day: true }, 201, one);
  const mail = await s.mail(one.email, ofRequest(asked.label));
  const schedule = await post(`/v1/payout_schedules/${asked.id}/confirm`, { code: codeIn(mail) }, 200, one);
  const before = Date.now(), sold = await paid({}, 'tok_test_visa', live);
  await advance({ to: iso(at(schedule.next_at) + 15 * DAY) });
  const { runs, next_at: next } = await get(`/v1/payout_schedules/${schedule.id}`, one);
  const times = runs.map(({ due_at: due }) => due).reverse();
  assert.deepEqual(times, [0, 1, 2].map((week) => iso(at(schedule.next_at) + week * 7 * DAY)));
  assert.deepEqual([runs.at(-1).outcome, runs.at(-2).outcome, at(next) - at(times[2])], ['paid_out', 'minimum', 7 * DAY]);
  const payout = await get(`/v1/payouts/${runs.at(-1).payout}`, one);
  assert.deepEqual([payout.status, payout.confirmed_at, at(payout.paid_at)], ['paid', times[0], at(times[0]) + DAY]);
  assert.ok(sold.livemode && Math.abs(at(sold.created_at) - before) < DAY, 'a live payment is made now');
  const [balance, event] = [await get(`/v1/balance?user=${one.user.id}`), (await get('/v1/events?limit=1')).data[0]];
  assert.deepEqual([balance.livemode, event.livemode, payout.livemode], [false, false, false]);
  const [{ n }] = await s.psql(`select count(*)::int as n from pay.event where partner_id = 'inkwell' and created_at > now() + interval '1 hour'`);
  assert.equal(n, 0);
  const totals = (await s.operator('paysrv', 'ledger', 'check')).stdout;
  assert.match(totals, /^EUR: \d+ entries[^]*^EUR of sandboxes: \d+ entries/m);
  const metrics = await (await fetch(`http://127.0.0.1:${s.env.admin_ports.paysrv}/metrics`)).text();
  assert.ok(Number(/^stoa_test_clock_steps_total (\d+)$/m.exec(metrics)[1]) > 12);
  assert.match(metrics, /^stoa_test_clocks_advancing \d+$/m);
});

test('the months of a sandbox are those of its clock, also when its acquirer settles later, and for the operator\'s commands', async () => {
  const own = await newPartner(s, '--sandbox'), one = await newSeller(s.env, { token: own.token });
  const first = await paid({}, 'tok_test_visa', one), month = (await get('/v1/test_clock', one)).now.slice(0, 7);
  await post('/v1/test_clock/advance', { by: 'P2M' }, 202, one);
  await eventually(async () => (await get('/v1/test_clock', one)).status === 'ready', { what: 'the clock is ready' });
  await paid({ amount: 500 }, 'tok_test_visa', one);
  const [line] = await s.psql(`select c.call_id as key, c.acquirer_ref as id from pay.payment p join pay.acquirer_call c on c.call_id = p.charge_id where p.payment_id = '${first.id}'`);
  const file = join(mkdtempSync(join(process.env.STOA_TEST_TMP ?? tmpdir(), 'clock-')), 'registry.csv');
  writeFileSync(file, registry([{ type: 'charge', ...line, gross: 10000, fee: feeOf(10000) }]).text);
  assert.match((await s.operator('paysrv', 'reconcile', 'import', file)).stdout, /booked/);
  assert.deepEqual(await s.psql(`select e.kind, e.created_at > now() + interval '50 days' as later from pay.entry e where partner_id = '${own.slug}' order by entry_id`),
    [{ kind: 'charge', later: false }, { kind: 'charge', later: true }, { kind: 'settlement', later: true }]);
  const shown = await s.operator('paysrv', 'reports', 'show', own.slug, month, '--currency', 'EUR', '--format', 'json');
  const report = await get(`/v1/reports/${month}?currency=EUR`, one);
  assert.deepEqual([report.closed, report.figures.sales], [true, 10000]);
  assert.deepEqual(JSON.parse(shown.stdout), report, shown.stderr);
  const [from, to] = [report.from, report.to].map((time) => time.slice(0, 10));
  const written = await s.operator('paysrv', 'statements', 'write', own.slug, '--currency', 'EUR', '--from', from, '--to', to, '--format', 'jsonl');
  const [head] = written.stdout.split('\n').map((text) => text && JSON.parse(text));
  assert.deepEqual([head.closed, head.entries, head.closing], [true, 1, report.balances.partner.closing], written.stderr);
  await own.remove();
});

test('how long a sandbox\'s seller has owed is told by its own clock', async () => {
  const own = await newPartner(s, '--sandbox'), one = await newSeller(s.env, { token: own.token });
  assert.equal((await s.operator('paysrv', 'disputes', 'policy', own.slug, '--currency', 'EUR', '--shortfall', 'allow')).code, 0);
  await post('/v1/test_clock/advance', { by: 'P40D' }, 202, one);
  await eventually(async () => (await get('/v1/test_clock', one)).status === 'ready', { what: 'the clock is ready' });
  await one.sell(1_000);
  await paid({ amount: 1_000 }, 'tok_test_1166', one);
  await eventually(async () => (await get('/v1/disputes', one)).data[0]?.funds === 'held', { what: 'the dispute takes its fee, too' });
  const owed = async () => (await s.operator('paysrv', 'balances', 'negative')).stdout.split('\n').find((line) => line.includes(one.user.id));
  assert.match(await owed(), /, 0 day\(s\)$/);
  const operator = createAgent();
  await operatorLogIn(s.env, operator, s.env.admin);
  const { text } = await operator.open(`${s.env.pay_api}/operator/negative_balances`);
  assert.equal(new RegExp(`/operator/sellers/${one.user.id}".*data-label="Days">([^<]*)<`).exec(text)?.[1], '0');
  await own.remove();
});
