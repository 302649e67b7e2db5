/*
 * Subscriptions (docs/protocol/pay/subscriptions.md; MONEY 6.C 21 to 24): first paid by the buyer, renewed once for each period by
 * however many servers, dunned by the class of the decline, changed with a preview that is the charge. Time is aged in the database.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { newPartner } from '../support/partner.mjs';
import { operatorLogIn, partnerToken, pay } from '../support/people.mjs';
import { newSeller, SCOPES } from '../support/seller.mjs';
import { freePortBase, sharedStack } from '../support/stack.mjs';

const GOOD = '4242424242424242', LOST = '4000000000009987', SOFT = '4000000000001117', HARD = '4000000000001224', HOLDER = '4000000000001331', CHALLENGED = '4000000000003220';
const DAY = 86_400_000;

let s, seller, weekly;

const post = async (path, body, status = 200, of = seller) => {
  const answer = await of.call('POST', path, body);
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  return answer.body;
};
const get = async (path) => (await seller.call('GET', path)).body;
const iso = (ms) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
const TERMS = { vat: '20', tax_system: 'osn', subject: 'service' };
const newPrice = (fields) => post('/v1/prices', { store: seller.store.id, name: 'The weekly issue', amount: 700, currency: 'EUR', interval: 'week', ...fields }, 201);

before(async () => {
  s = await sharedStack();
  seller = await newSeller(s.env);
  weekly = await newPrice({ receipt: TERMS });
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await s?.stop();
});

/* Pays with the box ticked; the card that is kept then. */
async function kept(number = GOOD, amount = 700, of = seller) {
  const buyer = randomUUID(), agent = createAgent();
  const payment = await post('/v1/payments', { store: of.store.id, amount, currency: 'EUR', description: 'The first', save_card: { buyer, email: `${buyer}@example.com`, required: true } }, 201, of);
  const set = await agent.submit(await agent.open(payment.checkout.url), { save_card: 'true' }, { button: 'Pay by card' });
  await agent.submit(set, { number, exp: '11/39', csc: '123' });
  const card = await eventually(async () => (await of.call('GET', `/v1/saved_cards?payment=${payment.id}`)).body.data[0], { what: 'the card is kept' });
  return { card, payment, email: `${buyer}@example.com` };
}

const subscribe = (card, fields = {}, status = 201) => post('/v1/subscriptions', { price: weekly.id, saved_card: card.id, zone: 'Asia/Kathmandu', ...fields }, status);
const read = ({ id }) => get(`/v1/subscriptions/${id}`);
const invoicesOf = async ({ id }) => (await get(`/v1/subscriptions/${id}/invoices?limit=50`)).data.reverse();
const becomes = (subscription, status) => eventually(async () => { const now = await read(subscription); return now.status === status && now; }, { what: `it is ${status}` });
const invoiceIs = (subscription, judge, what) => eventually(async () => (await invoicesOf(subscription)).find(judge), { what });
/* Of what would be tried at once, and of all that was. */
const stateOf = async ({ id }) => (await s.psql(`select i.attempt, i.waits_for_buyer, i.retry_at, (select count(*) from pay.acquirer_call c where c.payment_id = i.payment_id) as calls from pay.invoice i where i.invoice_id = '${id}'`))[0];
const eventsOf = async ({ id }) => (await get(`/v1/events?about=${id}&limit=50`)).data.sort((a, b) => a.sequence - b.sequence).map(({ type }) => type);

/* Ten o'clock in Kathmandu, the one nearest to so many days from now, or the next one: pay-days are waited for. On such a day it may be that of the
 * step before, which was put off until then. */
const isTheTenNear = (at, days) => {
  const late = Date.parse(at) - Date.now() - days * DAY;
  const isPayDay = [1, 15].includes(new Date(at).getUTCDate());
  return /T04:15:00/.test(at) && late > -DAY * (isPayDay ? 1.05 : 0.5) - 60_000 && late < DAY * 3 / 2 + 60_000;
};

/* As if so many days had passed since the first decline, and the time for the next step had come. After a day and a half no ten o'clock of the first day is left. */
const age = (invoice, days) => s.psql(`update pay.invoice set failed_at = now() - interval '${days} days', retry_at = now(), look_at = now() where invoice_id = '${invoice.id}'`);

describe('a subscription', () => {
  test('begins with what the buyer paid himself, and is renewed when its period is over', async () => {
    const { card, payment } = await kept();
    const subscription = await subscribe(card, { payment: payment.id, external_id: randomUUID() });
    assert.deepEqual([subscription.object, subscription.status, subscription.period, subscription.quantity], ['subscription', 'active', 0, 1]);
    assert.equal(Date.parse(subscription.period_end) > Date.now() + 6 * DAY, true);
    assert.deepEqual((await invoicesOf(subscription)).map(({ status, amount_due: due, payment: by }) => [status, due, by]), [['paid', 700, payment.id]]);
    await subscribe(card, { payment: payment.id }, 409);
    await s.psql(`update pay.subscription set anchor_local = anchor_local - 7 * 86400, period_start = period_start - interval '7 days', period_end = period_end - interval '7 days', due_at = now() where subscription_id = '${subscription.id}'`);
    const second = await invoiceIs(subscription, ({ period, status }) => period === 1 && status === 'paid', 'the second period is paid');
    const charged = await get(`/v1/payments/${second.payment}`);
    assert.deepEqual([charged.status, charged.amount, charged.metadata.subscription], ['succeeded', 700, subscription.id]);
    assert.equal(charged.split.reduce((sum, { amount }) => sum + amount, 0), 700);
    assert.deepEqual(await eventsOf(second), ['invoice.created', 'invoice.paid']);
    const { tax_system: taxes, ...ofItem } = TERMS;
    const [{ type, data }] = await eventually(async () => { const { data: told } = await get(`/v1/events?about=rct_${second.payment}`); return told.length > 0 && told; }, { what: 'its receipt is told' });
    assert.deepEqual([type, data.amount, data.tax_system, data.items], ['receipt.sale', 700, taxes, [{ name: 'The weekly issue', quantity: '1', price: 700, amount: 700, ...ofItem }]]);
    assert.match(data.customer.email, /@example.com$/);
  });

  test('after three weeks without a server has one charge for each period, in order, though two servers work on it', async () => {
    const log = [], base = await freePortBase();
    const second = spawn(s.program('paysrv'), ['serve', '--config', s.config('paysrv')], { env: { ...process.env, PAYSRV_PORT: `${base}`, PAYSRV_ADMIN_PORT: `${base + 1}` }, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [second.stdout, second.stderr]) stream.on('data', (chunk) => log.push(chunk));
    try {
      const { card } = await kept();
      const made = await Promise.all(Array.from({ length: 6 }, () => subscribe(card, { starts_at: iso(Date.now() - 23 * DAY) })));
      for (const one of made) {
        await invoiceIs(one, ({ period, status }) => period === 3 && status === 'paid', 'the period of today is paid');
        const invoices = await invoicesOf(one);
        assert.deepEqual(invoices.map(({ period, status }) => [period, status]), [0, 1, 2, 3].map((n) => [n, 'paid']));
        for (const [i, invoice] of invoices.entries()) if (i) assert.equal(invoice.period_start, invoices[i - 1].period_end);
        assert.equal(new Set(invoices.map(({ payment }) => payment)).size, 4);
        const calls = await s.psql(`select c.state from pay.acquirer_call c join pay.invoice i on i.payment_id = c.payment_id where i.subscription_id = '${one.id}'`);
        assert.deepEqual(calls, Array(4).fill({ state: 'ok' }));
      }
      assert.equal(second.exitCode, null, Buffer.concat(log).toString());
    } finally {
      second.kill('SIGTERM');
      await new Promise((done) => { if (second.exitCode !== null) done(); else second.once('exit', done); });
    }
  });

  test('in its trial is not charged; it ends with its period when that was asked for', async () => {
    const { card } = await kept();
    const trial = await subscribe(card, { starts_at: iso(Date.now() + 14 * DAY) });
    assert.deepEqual([trial.status, trial.period], ['trialing', -1]);
    const asked = await post(`/v1/subscriptions/${trial.id}/cancel`, { at_period_end: true });
    assert.deepEqual([asked.status, asked.cancel_at_period_end], ['trialing', true]);
    assert.equal((await post(`/v1/subscriptions/${trial.id}/resume`)).cancel_at_period_end, false);
    await post(`/v1/subscriptions/${trial.id}/cancel`, { at_period_end: true });
    await s.psql(`update pay.subscription set period_start = now() - interval '15 days', period_end = now() - interval '1 minute', due_at = now() where subscription_id = '${trial.id}'`);
    await becomes(trial, 'canceled');
    assert.deepEqual(await invoicesOf(trial), []);
    assert.deepEqual(await eventsOf(trial), ['subscription.created', ...Array(3).fill('subscription.updated'), 'subscription.canceled']);
    const two = await subscribe(card, { starts_at: iso(Date.now() - 20 * DAY), periods: 2 });
    await becomes(two, 'canceled');
    assert.equal((await invoicesOf(two)).length, 2);
  });

  test('that is paused begins no period; resumed, it pays for what is left of the one of now', async () => {
    const { card } = await kept();
    const subscription = await subscribe(card);
    await invoiceIs(subscription, ({ status }) => status === 'paid', 'the first period is paid');
    assert.equal((await post(`/v1/subscriptions/${subscription.id}/pause`)).status, 'paused');
    await s.psql(`update pay.subscription set anchor_local = anchor_local - 10 * 86400, period_start = period_start - interval '10 days', period_end = period_end - interval '10 days' where subscription_id = '${subscription.id}'`);
    const resumed = await post(`/v1/subscriptions/${subscription.id}/resume`);
    assert.deepEqual([resumed.status, resumed.period], ['active', 1]);
    const rest = await invoiceIs(subscription, ({ period, status }) => period === 1 && status === 'paid', 'the rest is paid');
    assert.equal(rest.amount_due, 400);
    await post(`/v1/subscriptions/${subscription.id}/pause`);
    await s.psql(`update pay.subscription set periods = 2, anchor_local = anchor_local - 10 * 86400, period_start = period_start - interval '10 days', period_end = period_end - interval '10 days' where subscription_id = '${subscription.id}'`);
    assert.equal((await post(`/v1/subscriptions/${subscription.id}/resume`)).status, 'canceled', 'the period of now would be a third one');
    assert.equal((await invoicesOf(subscription)).length, 2);
  });
});

describe('a declined renewal', () => {
  test('softly is tried again by a schedule, and at once with another card', async () => {
    const { card, email } = await kept(SOFT);
    const subscription = await subscribe(card);
    await becomes(subscription, 'past_due');
    const [first] = await invoicesOf(subscription);
    assert.deepEqual([first.status, first.attempts_declined], ['open', 1]);
    assert.ok(isTheTenNear(first.next_attempt_at, 1), first.next_attempt_at);
    const operator = createAgent();
    await operatorLogIn(s.env, operator, s.env.admin);
    assert.ok((await operator.open(`${s.env.pay_api}/operator/subscriptions`)).text.includes(`/operator/subscriptions/${subscription.id}`), 'what is past due is what an operator sees first');
    const page = await operator.open(`${s.env.pay_api}/operator/subscriptions/${subscription.id}`);
    for (const word of ['Its invoice has to be paid', 'is tried again', 'insufficient_funds']) assert.ok(page.text.includes(word), word);
    assert.match(page.text, /data-label="Tries">1</);
    const { text } = await s.mail(email, /did not go through/);
    const [, day, link] = /7\.00 EUR[^]*enough money[^]*Please pay by: (\d{4}-\d\d-\d\d) 10:00 Asia\/Kathmandu[^]*?(http\S+\/pay\/cs_\S+)/.exec(text);
    assert.match((await operator.open(link)).text, new RegExp(`<time datetime="${day}T04:15:00Z">Open until `), 'the page that it leads to says the same');
    await age(first, 1.5);
    const again = await invoiceIs(subscription, ({ attempts_declined: n }) => n === 2, 'it is tried again');
    assert.ok(isTheTenNear(again.next_attempt_at, 1.5), again.next_attempt_at);
    const buyer = createAgent(), cardPage = await buyer.submit(await buyer.open(link), {}, { button: 'Pay by card' });
    assert.match((await buyer.submit(cardPage, { number: LOST, exp: '11/39', csc: '123' })).text, /Pay by card/, 'another card of the buyer, which is refused for good,');
    assert.equal((await post(`/v1/invoices/${first.id}/retry`)).id, first.id, 'says nothing of the one that is kept');
    const asked = await invoiceIs(subscription, ({ attempts_declined: n }) => n === 3, 'it is tried now, because that was asked for');
    assert.ok(isTheTenNear(asked.next_attempt_at, 1.5), 'the days on which it is tried by itself stay');
    assert.ok((await get(`/v1/invoices?store=${seller.store.id}&status=open`)).data.some(({ id }) => id === first.id));
    const { card: better } = await kept();
    await post(`/v1/subscriptions/${subscription.id}/card`, { saved_card: better.id });
    await becomes(subscription, 'active');
    const calls = await s.psql(`select idem_key from pay.acquirer_call where payment_id = '${first.payment}' and idem_route = 'invoice' order by created_at`);
    assert.deepEqual(calls.map(({ idem_key: key }) => key), [1, 2, 3, 4].map((n) => `${first.id}:${n}`));
    assert.deepEqual(await eventsOf(first), ['invoice.created', ...Array(3).fill('invoice.payment_failed'), 'invoice.paid']);
  });

  test('for good waits for the buyer, who pays by the link in the mail', async () => {
    const { card, email } = await kept(HARD);
    const subscription = await subscribe(card);
    await becomes(subscription, 'past_due');
    const [invoice] = await invoicesOf(subscription);
    assert.ok(invoice.given_up_at && !invoice.next_attempt_at);
    const command = await s.operator('paysrv', 'subscriptions', 'retry', subscription.id);
    assert.deepEqual([command.code, /declined with [a-z_]+: only the buyer/.test(command.stderr)], [1, true], command.stderr);
    assert.deepEqual(await post(`/v1/invoices/${invoice.id}/retry`, undefined, 409).then(({ code, param }) => [code, param]), ['invoice_state', 'invoice'], 'what its issuer has forbidden is not tried');
    const known = [await stateOf(invoice), await read(subscription), await get(`/v1/events?about=${subscription.id}`)];
    assert.deepEqual(await post(`/v1/subscriptions/${subscription.id}/card`, { saved_card: card.id }), known[1], 'nor by naming it once more');
    assert.deepEqual([await stateOf(invoice), await read(subscription), await get(`/v1/events?about=${subscription.id}`)], known);
    const [link] = new RegExp(`${s.env.pay_api}/pay/[\\w]+`).exec((await s.mail(email, /did not go through/)).text);
    const agent = createAgent();
    const cardPage = await agent.submit(await agent.open(link), {}, { button: 'Pay by card' });
    assert.match((await agent.submit(cardPage, { number: GOOD, exp: '11/39', csc: '123' })).text, /Paid\. Thank you/);
    await becomes(subscription, 'active');
    assert.equal((await get(`/v1/invoices/${invoice.id}`)).status, 'paid');
    assert.equal((await post(`/v1/invoices/${invoice.id}/retry`)).status, 'paid');
  });

  test('for good is not tried again with that card, also when it comes back after another, and however late', async () => {
    const [{ card: forbidden }, { card: poor }, { card: better }] = [await kept(HARD), await kept(SOFT), await kept()];
    const subscription = await subscribe(forbidden), set = (card) => post(`/v1/subscriptions/${subscription.id}/card`, { saved_card: card.id });
    const waits = async (tries, asked) => {
      const invoice = await invoiceIs(subscription, ({ attempts_declined: n, given_up_at: at }) => n === tries && at, 'it waits for the buyer');
      assert.equal((await s.psql(`select 1 from pay.acquirer_call where idem_key like '${invoice.id}:%'`)).length, asked, 'its issuer was not asked again');
      assert.match((await post(`/v1/invoices/${invoice.id}/retry`, undefined, 409)).detail, /declined with [a-z_]+: only the buyer/, 'nor is it when somebody wants it');
      return invoice;
    };
    const { id, payment } = await becomes(subscription, 'past_due').then(() => waits(1, 1));
    await set(poor);
    await invoiceIs(subscription, ({ next_attempt_at: at }) => at, 'the other one is tried again');
    assert.deepEqual(await s.psql(`select token from pay.acquirer_call where idem_key = '${id}:1'`), [{ token: forbidden.id }]);
    await s.psql(`update pay.acquirer_call set token = null where idem_key = '${id}:1'`); // as of before an upgrade
    await set(forbidden);
    await waits(3, 2);
    await set(poor);
    await invoiceIs(subscription, ({ attempts_declined: n, next_attempt_at: at }) => n === 4 && at, 'once more');
    await s.psql(`update pay.acquirer_call set token = '${forbidden.id}' where idem_key = '${id}:1'`); // and now a month later
    await s.psql(`delete from pay.idempotency where route = 'invoice' and key like '${id}:%'`);
    await s.psql(`update pay.payment set expires_at = now() where payment_id = '${payment}'`);
    await set(forbidden);
    assert.notEqual((await waits(5, 3)).payment, payment);
    await set(better);
    await becomes(subscription, 'active');
  });

  test('is tried fifteen times in all, with one card after the other', async () => {
    const cards = [(await kept(SOFT)).card, (await kept(SOFT)).card];
    const subscription = await subscribe(cards[0]);
    await becomes(subscription, 'past_due');
    const tried = (times) => invoiceIs(subscription, ({ attempts_declined: n }) => n === times, `it was tried ${times} times`);
    for (let n = 2; n <= 15; n += 1) {
      await post(`/v1/subscriptions/${subscription.id}/card`, { saved_card: cards[(n - 1) % 2].id });
      await tried(n);
    }
    const invoice = await tried(15), state = await stateOf(invoice);
    assert.ok(invoice.given_up_at && state.waits_for_buyer);
    const { code, detail } = await post(`/v1/invoices/${invoice.id}/retry`, undefined, 409);
    assert.deepEqual([code, /as often as card schemes allow/.test(detail)], ['invoice_state', true], detail);
    const { card: better } = await kept();
    assert.equal((await post(`/v1/subscriptions/${subscription.id}/card`, { saved_card: better.id })).saved_card, better.id, 'it is good for what comes');
    assert.deepEqual(await stateOf(invoice), state, 'and what is open waits for the buyer');
    assert.equal((await s.psql(`select 1 from pay.acquirer_call where payment_id = '${invoice.payment}'`)).length, 15);
  });

  test('does not wait for a buyer who walked away from his bank’s page', async () => {
    const { card, email } = await kept(SOFT);
    const subscription = await subscribe(card);
    await becomes(subscription, 'past_due');
    const [invoice] = await invoicesOf(subscription);
    const [link] = new RegExp(`${s.env.pay_api}/pay/[\\w]+`).exec((await s.mail(email, /did not go through/)).text);
    const walkAway = async () => {
      const agent = createAgent();
      await agent.submit(await agent.submit(await agent.open(link), {}, { button: 'Pay by card' }), { number: CHALLENGED, exp: '11/39', csc: '123' });
      assert.equal((await get(`/v1/payments/${invoice.payment}`)).status, 'requires_action');
    };
    await walkAway();
    await s.psql(`update pay.invoice set failed_at = now() - interval '1 day', retry_at = now() - interval '2 hours', look_at = now() where invoice_id = '${invoice.id}'`);
    await invoiceIs(subscription, ({ attempts_declined: n }) => n === 2, 'it is tried again');
    await walkAway();
    const { card: better } = await kept();
    await post(`/v1/subscriptions/${subscription.id}/card`, { saved_card: better.id });
    await becomes(subscription, 'active');
  });

  test('that the store’s rules cannot split is shown to a person, and nobody owes it a week later', async () => {
    const { card, email } = await kept();
    const { id: rules } = await post('/v1/split_profiles', { name: 'At least fifty', currency: 'EUR', rules: [{ party: 'partner', fixed: 50 }, { party: 'seller', rest: true }] }, 201);
    const cheap = await newPrice({ amount: 49 });
    await post(`/v1/stores/${seller.store.id}/split_profile`, { split_profile: rules }, 200);
    try {
      const subscription = await subscribe(card, { price: cheap.id });
      const invoice = await invoiceIs(subscription, () => true, 'it has an invoice');
      const told = await eventually(async () => (await s.psql(`select detail from pay.anomaly where ref = '${invoice.id}'`))[0], { what: 'a person is told' });
      assert.match(told.detail, /comes to more than the amount/);
      await s.psql(`update pay.invoice set created_at = now() - interval '8 days', look_at = now() where invoice_id = '${invoice.id}'`);
      await becomes(subscription, 'canceled');
      const [{ status, status_reason: why }] = await invoicesOf(subscription);
      assert.deepEqual([status, why, (await read(subscription)).status_reason], ['void', 'unsplittable', 'unsplittable']);
      assert.match((await s.mail(email, /subscription has ended/)).text, /could not be charged, for a reason on the store’s side[^]*You do not owe it/);
    } finally {
      await post(`/v1/stores/${seller.store.id}/split_profile`, {}, 200);
    }
  });

  for (const [when, end, invoiceEnd, paymentEnd] of [['cancel', 'canceled', 'uncollectible', 'canceled'], ['keep', 'unpaid', 'open', 'requires_payment_method']]) {
    test(`that nobody pays is given up after a week: ${end}`, async () => {
      const { card } = await kept(HOLDER);
      const subscription = await subscribe(card, { when_unpaid: when });
      await becomes(subscription, 'past_due');
      const [invoice] = await invoicesOf(subscription);
      assert.deepEqual((await eventsOf(invoice)).at(-1), 'invoice.action_required');
      await age(invoice, 7);
      await becomes(subscription, end);
      assert.equal((await read(subscription)).status_reason, 'not_paid');
      assert.equal((await invoicesOf(subscription))[0].status, invoiceEnd);
      assert.equal((await get(`/v1/payments/${invoice.payment}`)).status, paymentEnd);
      const operator = createAgent();
      await operatorLogIn(s.env, operator, s.env.admin);
      const { text } = await operator.open(`${s.env.pay_api}/operator/subscriptions/${subscription.id}`);
      assert.equal(/data-label="Next step">(.*?)<\/td>/.exec(text)[1], end === 'unpaid' ? '<span>waits for the buyer</span>' : '', 'for ever, or not any more');
      assert.equal((await eventsOf(subscription)).at(-1), `subscription.${end}`);
    });
  }

  for (const [when, end] of [['cancel', 'canceled'], ['keep', 'unpaid']]) {
    test(`whose payment the partner cancels is forgiven, and its buyer is not told that he did not pay: ${end}`, async () => {
      const { card, email } = await kept(SOFT);
      const subscription = await subscribe(card, { when_unpaid: when });
      await becomes(subscription, 'past_due');
      const [{ payment }] = await invoicesOf(subscription);
      await post(`/v1/payments/${payment}/cancel`);
      await becomes(subscription, end);
      const [invoice] = await invoicesOf(subscription);
      assert.deepEqual([invoice.status, invoice.status_reason, (await read(subscription)).status_reason], ['void', 'payment_canceled', 'payment_canceled']);
      assert.deepEqual((await eventsOf(invoice)).at(-1), 'invoice.void');
      if (end === 'canceled') assert.match((await s.mail(email, /subscription has ended/)).text, /canceled on the store’s side[^]*You do not owe it/);
      const operator = createAgent();
      await operatorLogIn(s.env, operator, s.env.admin);
      const page = (await operator.open(`${s.env.pay_api}/operator/subscriptions/${subscription.id}`)).text;
      assert.match(page, /Its payment was canceled[^]*Void<[^]*Its payment was canceled/);
      assert.match(page, end === 'canceled' ? /Next step:<\/strong> None: it has ended<\/p>/ : /Next step:<\/strong> None before it is resumed<\/p>/);
      if (end === 'canceled') return;
      const { url } = await post('/v1/billing_links', { store: seller.store.id, buyer: email.split('@')[0] }, 201), buyer = createAgent();
      const going = await buyer.submit(await buyer.open(url), {}, { button: 'Go on' });
      assert.match(going.text, /Active[^]*Next charge|Payment failed/, 'what /resume takes the buyer is offered');
      assert.notEqual((await read(subscription)).status, 'unpaid');
    });
  }

  test('is forgiven by the partner, and the subscription goes on', async () => {
    const { card, email } = await kept(SOFT);
    const subscription = await subscribe(card, { when_unpaid: 'cancel' });
    await becomes(subscription, 'past_due');
    const [open] = await invoicesOf(subscription);
    const [link] = new RegExp(`${s.env.pay_api}/pay/[\\w]+`).exec((await s.mail(email, /did not go through/)).text);
    const key = randomUUID(), forgive = () => seller.call('POST', `/v1/invoices/${open.id}/void`, undefined, { key });
    const { status, body: invoice } = await forgive();
    assert.deepEqual([status, invoice.status, invoice.status_reason, invoice.attempts_declined], [200, 'void', 'forgiven', 1], JSON.stringify(invoice));
    assert.deepEqual((await forgive()).body, invoice, 'a key is told again');
    assert.equal((await post(`/v1/invoices/${open.id}/void`)).status, 'void', 'and without one nothing more happens');
    const after = await read(subscription);
    assert.deepEqual([after.status, after.period, after.status_reason], ['active', 0, undefined]);
    const next = await get(`/v1/subscriptions/${subscription.id}/upcoming`);
    assert.deepEqual([next.period, next.at, next.amount_due], [1, after.period_end, 700]);
    assert.deepEqual(await eventsOf(open), ['invoice.created', 'invoice.payment_failed', 'invoice.void']);
    assert.deepEqual((await eventsOf(subscription)).slice(-2), ['subscription.past_due', 'subscription.updated']);
    const payment = await get(`/v1/payments/${open.payment}`);
    assert.deepEqual([payment.status, payment.cancellation_reason], ['canceled', 'invoice_void']);
    assert.match((await createAgent().open(link)).text, /This payment was canceled[^]*Nothing was charged/, 'the buyer’s link says so, too');
    assert.equal((await post(`/v1/invoices/${open.id}/retry`, undefined, 409)).code, 'invoice_state');
    const other = await newPartner(s);
    assert.equal((await pay(s.env, other.token, 'POST', `/v1/invoices/${open.id}/void`)).status, 404);
    await other.remove();
    const operator = createAgent();
    await operatorLogIn(s.env, operator, s.env.admin);
    assert.match((await operator.open(`${s.env.pay_api}/operator/subscriptions/${subscription.id}`)).text, /Void<[^]*It was forgiven/);
  });

  test('is forgiven by an operator, which is in the audit; what is paid is not', async () => {
    const { card } = await kept(HARD);
    const subscription = await subscribe(card, { when_unpaid: 'keep' });
    await becomes(subscription, 'past_due');
    const [open] = await invoicesOf(subscription);
    await age(open, 7);
    await becomes(subscription, 'unpaid');
    const { code, stdout, stderr } = await s.operator('paysrv', 'subscriptions', 'forgive', subscription.id);
    assert.deepEqual([code, stdout], [0, `${subscription.id}: ${open.id} is void\n`], stderr);
    assert.equal((await read(subscription)).status, 'active');
    assert.equal((await eventsOf(subscription)).at(-1), 'subscription.resumed');
    assert.match((await s.operator('paysrv', 'audit', 'list', '--since', '1h', '--object', open.id)).stdout, /invoice\.[a-z]+[^]*open[^]*void/);
    assert.match((await s.operator('paysrv', 'subscriptions', 'forgive', subscription.id)).stderr, /no open invoice/);
    const { card: good } = await kept();
    const paid = await invoiceIs(await subscribe(good), ({ status }) => status === 'paid', 'it is paid');
    const refused = await post(`/v1/invoices/${paid.id}/void`, undefined, 409);
    assert.deepEqual([refused.code, refused.param, /is paid/.test(refused.detail)], ['invoice_state', 'invoice', true]);
  });

  test('that is declined to the end counts every try, and the buyer is told that it has ended', async () => {
    const { card, email } = await kept(SOFT);
    const subscription = await subscribe(card);
    await becomes(subscription, 'past_due');
    await age((await invoicesOf(subscription))[0], 8);
    await becomes(subscription, 'canceled');
    const [invoice] = await invoicesOf(subscription);
    const calls = await s.psql(`select idem_key from pay.acquirer_call where payment_id = '${invoice.payment}'`);
    assert.deepEqual([invoice.status, invoice.status_reason, invoice.attempts_declined, calls.length], ['uncollectible', 'not_paid', 2, 2]);
    assert.deepEqual(await eventsOf(invoice), ['invoice.created', 'invoice.payment_failed', 'invoice.payment_failed', 'invoice.uncollectible']);
    assert.match((await s.mail(email, /subscription has ended/)).text, /was not paid in time[^]*7\.00 EUR[^]*\/billing\//);
    const operator = createAgent();
    await operatorLogIn(s.env, operator, s.env.admin);
    assert.match((await operator.open(`${s.env.pay_api}/operator/subscriptions/${subscription.id}`)).text, /Reason<[^]*not_paid/);
  });

  test('is void when the subscription is canceled', async () => {
    const { card, email } = await kept(SOFT);
    const subscription = await subscribe(card);
    await becomes(subscription, 'past_due');
    await s.operator('paysrv', 'subscriptions', 'cancel', subscription.id);
    assert.match((await s.mail(email, /was canceled/)).text, /has ended\. Nothing more is charged[^]*The weekly issue[^]*Ends: \d{4}-[\d: -]* Asia\/Kathmandu[^]*is not refunded[^]*\/billing\//);
    const invoice = await invoiceIs(subscription, ({ status }) => status === 'void', 'the invoice is void');
    assert.equal(invoice.status_reason, 'subscription_canceled');
    assert.equal((await get(`/v1/payments/${invoice.payment}`)).status, 'canceled');
    assert.match((await s.operator('paysrv', 'subscriptions', 'list', seller.store.id)).stdout, new RegExp(`${subscription.id}\\tcanceled`));
  });
});

test('a change is charged as its preview says; less than nothing is kept as a balance that the next invoices use', async () => {
  const { card } = await kept();
  const subscription = await subscribe(card);
  await invoiceIs(subscription, ({ status }) => status === 'paid', 'the first period is paid');
  await s.psql(`update pay.subscription set anchor_local = anchor_local - 3 * 86400, period_start = period_start - interval '3 days', period_end = period_end - interval '3 days' where subscription_id = '${subscription.id}'`);
  const change = (fields) => post(`/v1/subscriptions/${subscription.id}/change`, fields);
  const none = await change({ price: weekly.id, quantity: 1 });
  assert.deepEqual([none, (await invoicesOf(subscription)).length], [await read(subscription), 1], 'what it is already is no change');
  for (const nothing of [{}, { preview: true }]) {
    const { status, body } = await seller.call('POST', `/v1/subscriptions/${subscription.id}/change`, nothing);
    assert.deepEqual([status, body.param], [400, 'price'], JSON.stringify(body));
  }
  const same = await change({ quantity: 1, preview: true });
  assert.deepEqual([same.unused, same.rest, same.amount_due], [0, 0, 0]);
  const preview = await change({ quantity: 3, preview: true });
  assert.deepEqual([preview.unused < -390 && preview.unused >= -400, preview.amount_due], [true, preview.unused + preview.rest]);
  assert.equal((await read(subscription)).quantity, 1);
  await post(`/v1/prices/${weekly.id}/archive`); /* goes on, also with another quantity */
  weekly = await newPrice();
  assert.equal((await change({ quantity: 3, at: preview.at })).quantity, 3);
  const charged = await invoiceIs(subscription, ({ kind, status }) => kind === 'change' && status === 'paid', 'the change is paid');
  assert.deepEqual([charged.amount_due, charged.lines.map(({ amount }) => amount)], [preview.amount_due, [preview.unused, preview.rest]]);
  const dearer = await newPrice({ name: 'The cheap issue', amount: 10 });
  const less = await change({ price: dearer.id, quantity: 1 });
  assert.equal(less.balance > 1100, true);
  const next = await get(`/v1/subscriptions/${subscription.id}/upcoming`);
  assert.deepEqual([next.ends, next.at, next.total, next.balance_applied, next.amount_due], [false, less.period_end, 10, 10, 0]);
  const early = await seller.call('POST', `/v1/subscriptions/${subscription.id}/change`, { quantity: 2, at: iso(Date.parse(preview.at) - 60_000) });
  assert.deepEqual([early.status, early.body.param], [422, 'at'], 'not before what was changed already');
  const [, , kept2] = await invoicesOf(subscription);
  assert.deepEqual([kept2.status, kept2.amount_due, kept2.payment, -kept2.balance_applied], ['paid', 0, null, less.balance]);
});

test('a chargeback pauses it by its store’s word, and it goes on when that is won; a card whose holder denies the charge is blocked', async () => {
  const { card, payment, email } = await kept();
  const subscription = await subscribe(card, { payment: payment.id });
  assert.equal(subscription.on_dispute, 'pause');
  const [{ acquirer_ref: charge }] = await s.psql(`select c.acquirer_ref from pay.payment p join pay.acquirer_call c on c.call_id = p.charge_id where p.payment_id = '${payment.id}'`);
  const dispute = await s.acquirer('POST', '/v1/disputes', { charge });
  const paused = await becomes(subscription, 'paused');
  assert.deepEqual([paused.status_reason, (await invoicesOf(subscription))[0].dispute, (await get(`/v1/saved_cards/${card.id}`)).status], ['disputed', 'open', 'blocked']);
  assert.match((await s.mail(email, /is paused/)).text, /taken back a payment[^]*The weekly issue[^]*\/billing\//);
  assert.equal(await subscribe(card, {}, 422).then(({ param }) => param), 'saved_card', 'it is charged with nothing');
  await s.acquirer('POST', `/v1/disputes/${dispute.id}/decide`, { outcome: 'won' });
  const going = await becomes(subscription, 'active');
  assert.deepEqual([going.status_reason, (await invoicesOf(subscription))[0].dispute, (await get(`/v1/saved_cards/${card.id}`)).status], [undefined, 'won', 'active']);
  assert.deepEqual((await eventsOf((await invoicesOf(subscription))[0])), ['invoice.created', 'invoice.paid', 'invoice.disputed', 'invoice.dispute_won']);
  assert.deepEqual(await eventsOf(card), ['saved_card.created', 'saved_card.blocked', 'saved_card.unblocked']);
  const own = await subscribe(card, { on_dispute: 'cancel' });
  const invoice = await invoiceIs(own, ({ status }) => status === 'paid', 'it is paid');
  const [{ acquirer_ref: second }] = await s.psql(`select c.acquirer_ref from pay.payment p join pay.acquirer_call c on c.call_id = p.charge_id where p.payment_id = '${invoice.payment}'`);
  const lost = await s.acquirer('POST', '/v1/disputes', { charge: second });
  assert.equal((await becomes(own, 'canceled')).status_reason, 'disputed');
  await s.acquirer('POST', `/v1/disputes/${lost.id}/decide`, { outcome: 'lost' });
  const ended = await eventually(async () => { const now = await get(`/v1/saved_cards/${card.id}`); return now.status === 'withdrawn' && now; }, { what: 'the consent has ended' });
  assert.equal(ended.withdrawn_by, 'dispute');
  assert.equal((await read(subscription)).status, 'active', 'whose payment nobody disputes');
});

test('what is past due and paused by a chargeback ends when it is to end with its period, and is not charged for that', async () => {
  const { card, payment } = await kept(), { card: poor } = await kept(SOFT);
  const subscription = await subscribe(card, { payment: payment.id });
  await post(`/v1/subscriptions/${subscription.id}/card`, { saved_card: poor.id });
  await s.psql(`update pay.subscription set anchor_local = anchor_local - 7 * 86400, period_start = period_start - interval '7 days', period_end = period_end - interval '7 days', due_at = now() where subscription_id = '${subscription.id}'`);
  await becomes(subscription, 'past_due');
  const [{ acquirer_ref: charge }] = await s.psql(`select c.acquirer_ref from pay.payment p join pay.acquirer_call c on c.call_id = p.charge_id where p.payment_id = '${payment.id}'`);
  await s.acquirer('POST', '/v1/disputes', { charge });
  assert.equal((await becomes(subscription, 'paused')).status_reason, 'disputed');
  const { card: better } = await kept();
  await post(`/v1/subscriptions/${subscription.id}/card`, { saved_card: better.id });
  const canceled = await post(`/v1/subscriptions/${subscription.id}/cancel`, { at_period_end: true });
  assert.deepEqual([canceled.status, canceled.cancel_at_period_end], ['canceled', false]);
  const open = await invoiceIs(subscription, ({ period, status }) => period === 1 && status === 'void', 'what was owed is void');
  assert.deepEqual(await s.psql(`select state from pay.acquirer_call where payment_id = '${open.payment}'`), [{ state: 'declined' }]);
});

test('what a dispute has paused can be paid, and its page says until when and counts nothing; what is over is not asked for again and again', async () => {
  const { card, payment } = await kept(), { card: poor } = await kept(SOFT);
  const subscription = await subscribe(card, { payment: payment.id });
  await post(`/v1/subscriptions/${subscription.id}/card`, { saved_card: poor.id });
  await s.psql(`update pay.subscription set anchor_local = anchor_local - 7 * 86400, period_start = period_start - interval '7 days', period_end = period_end - interval '7 days', due_at = now() where subscription_id = '${subscription.id}'`);
  await becomes(subscription, 'past_due');
  const open = await invoiceIs(subscription, ({ period, status }) => period === 1 && status === 'open', 'it is owed');
  const { checkout } = await get(`/v1/payments/${open.payment}`);
  const shown = async () => {
    const { text } = await createAgent().open(checkout.url);
    assert.match(text, /Pay by card/);
    return { until: Date.parse(/<time datetime="([^"]*)">Open until/.exec(text)[1]) - Date.now(), left: Number(/data-stoa-left="(\d+)"/.exec(text)?.[1] ?? 0), counts: /countdown/.test(text) };
  };
  const age = (days) => s.psql(`update pay.invoice set failed_at = failed_at - interval '${days} days', retry_at = retry_at - interval '${days} days', look_at = now() + interval '1 day' where invoice_id = '${open.id}'`);
  const before = await shown();
  const tried = async () => { const { next_attempt_at: next, given_up_at: end } = await get(`/v1/invoices/${open.id}`); return [next, end].map(Boolean); };
  assert.deepEqual(await tried(), [true, false]);
  assert.ok(before.until > 5 * DAY && Math.abs(before.until / 1000 - before.left) < 60, JSON.stringify(before));
  const [{ acquirer_ref: charge }] = await s.psql(`select c.acquirer_ref from pay.payment p join pay.acquirer_call c on c.call_id = p.charge_id where p.payment_id = '${payment.id}'`);
  await s.acquirer('POST', '/v1/disputes', { charge });
  assert.equal((await becomes(subscription, 'paused')).status_reason, 'disputed');
  await age(20);
  await s.psql(`update pay.subscription set held_at = held_at - interval '20 days' where subscription_id = '${subscription.id}'`);
  const held = await shown();
  assert.ok(Math.abs(held.until - before.until) < 60_000, `its days stand still: ${JSON.stringify([before, held])}`);
  assert.deepEqual([held.left, held.counts], [0, false], 'and so does the clock');
  assert.deepEqual(await tried(), [false, false], 'nobody knows when it is tried, or ends');
  const operator = createAgent();
  await operatorLogIn(s.env, operator, s.env.admin);
  const steps = async () => {
    const { text } = await operator.open(`${s.env.pay_api}/operator/subscriptions/${subscription.id}`);
    return [/Next step:<\/strong> ([^<]*?) ?(?:<time datetime="([^"]*)">|<\/p>)/.exec(text).slice(1), /data-label="Next step"><span>(.*?)<\/span>/.exec(text)[1]];
  };
  assert.deepEqual(await steps(), [['A dispute is decided first', undefined], 'A dispute is decided first']);
  const end = iso(Date.now() + 3 * DAY);
  await post(`/v1/subscriptions/${subscription.id}/cancel`, { cancel_at: end });
  assert.deepEqual(await steps(), [['It ends at a moment that was asked for', end], 'A dispute is decided first']);
  await s.psql(`update pay.subscription set status = held_from, status_reason = null, held_from = null, held_at = null where subscription_id = '${subscription.id}'`);
  const late = await shown();
  assert.ok(late.until < 0, JSON.stringify(late));
  assert.deepEqual([late.left, late.counts], [0, false], 'it is not loaded every few seconds');
});

test('what a chargeback does is the word of the subscription, else of its store, else of the partner, and each can be changed', async () => {
  const partner = await newPartner(s, '--sandbox');
  const of = await newSeller(s.env, { token: partner.token });
  const ask = (path, body, status = 200) => post(path, body, status, of);
  const price = await ask('/v1/prices', { store: of.store.id, name: 'The weekly issue', amount: 700, currency: 'EUR', interval: 'week' }, 201);
  const { card } = await kept(GOOD, 700, of);
  const { id } = await ask('/v1/subscriptions', { price: price.id, saved_card: card.id, starts_at: iso(Date.now() + 30 * DAY) }, 201);
  const word = async () => (await of.call('GET', `/v1/subscriptions/${id}`)).body.on_dispute;
  const defaults = async () => (await of.call('GET', '/v1/billing')).body;
  assert.deepEqual([await word(), await defaults()], ['pause', { object: 'billing_defaults', on_dispute: 'pause' }]);
  assert.deepEqual([await ask('/v1/billing', { on_dispute: 'cancel' }), await word()], [{ object: 'billing_defaults', on_dispute: 'cancel' }, 'cancel'], 'of the partner, for stores that are there');
  const settings = (fields) => ask(`/v1/stores/${of.store.id}/billing`, { mails_receipts: false, ...fields });
  assert.deepEqual([(await settings({})).on_dispute, (await settings({ on_dispute: 'pause' })).on_dispute, await word()], ['cancel', 'pause', 'pause'], 'of the store');
  assert.deepEqual([(await settings({})).on_dispute, await word()], ['pause', 'pause'], 'which stays');
  const read = async () => { const { object, store, ...said } = (await of.call('GET', `/v1/stores/${of.store.id}/billing`)).body; return said; };
  assert.deepEqual([(await settings({ mails_receipts: true })).mails_receipts, (await ask(`/v1/stores/${of.store.id}/billing`, { on_dispute: 'pause' })).mails_receipts, await read()],
    [true, true, { mails_receipts: true, on_dispute: 'pause', on_dispute_by: 'store' }], 'and so does what nothing is said of');
  const change = (on_dispute, status) => ask(`/v1/subscriptions/${id}/on_dispute`, { on_dispute }, status);
  assert.deepEqual([(await change('continue')).on_dispute, (await settings({ on_dispute: 'cancel' })).on_dispute, await word()], ['continue', 'cancel', 'continue'], 'its own');
  const told = (await of.call('GET', `/v1/events?about=${id}&limit=50`)).body.data;
  assert.deepEqual([told.length, told[0].type, told[0].data.on_dispute], [2, 'subscription.updated', 'continue']);
  assert.deepEqual([(await change('default')).on_dispute, await settings({ on_dispute: 'default' }).then(({ on_dispute: now }) => now), await word()], ['cancel', 'cancel', 'cancel'], 'taken back');
  assert.deepEqual(await read(), { mails_receipts: false, on_dispute: 'cancel', on_dispute_by: 'partner' });
  const { stdout } = await s.operator('paysrv', 'partners', 'set', partner.slug, '--on-dispute', 'continue');
  assert.match(stdout, /\ton dispute continue\t/);
  assert.deepEqual([await word(), (await s.operator('paysrv', 'partners', 'set', partner.slug, '--on-dispute', 'refund')).code], ['continue', 2]);
  for (const refused of [await change('refund', 422), await change(undefined, 400), await ask('/v1/billing', { on_dispute: 'default' }, 422), await ask(`/v1/stores/${of.store.id}/billing`, { mails_receipts: true, on_dispute: 'x' }, 422)])
    assert.equal(refused.param, 'on_dispute');
  const { paths } = await (await fetch(`${s.env.pay_api}/openapi.json`)).json();
  const words = (path) => paths[path].post.requestBody.content['application/json'].schema.properties.on_dispute.enum;
  assert.deepEqual([words('/v1/billing'), words('/v1/stores/{store}/billing')], [['continue', 'pause', 'cancel'], ['continue', 'pause', 'cancel', 'default']], 'as the document has it');
  await ask(`/v1/subscriptions/${id}/cancel`);
  assert.equal((await change('pause', 409)).code, 'subscription_state');
  const users = await partnerToken(s.env, SCOPES);
  assert.equal((await pay(s.env, users, 'POST', `/v1/subscriptions/${id}/on_dispute`, { on_dispute: 'pause' })).status, 404, 'of another partner');
});

test('it ends at a moment, which a refund and its last charge go by, as the buyer is told; bad moments are refused by name', async () => {
  const { card, payment, email } = await kept();
  const subscription = await subscribe(card, { payment: payment.id, periods: 3 });
  const cancel = (body, status = 200) => post(`/v1/subscriptions/${subscription.id}/cancel`, body, status);
  const end = Date.parse(subscription.period_end);
  for (const body of [{ cancel_at: 'tomorrow' }, { cancel_at: iso(Date.now() - DAY) }, { cancel_at: iso(Date.now() + 4000 * DAY) }, { cancel_at: iso(end + 2 * 7 * DAY) }, { cancel_at: iso(end + DAY), at_period_end: true }])
    assert.equal((await cancel(body, 422)).param, 'cancel_at', JSON.stringify(body));
  const later = await cancel({ cancel_at: iso(end + 2 * DAY), unused: 'refund' });
  assert.deepEqual([later.status, later.cancel_at, later.cancel_unused], ['active', iso(end + 2 * DAY), 'refund']);
  const upcoming = () => get(`/v1/subscriptions/${subscription.id}/upcoming`);
  const next = await upcoming();
  assert.deepEqual([next.ends, next.period_end, next.amount_due], [false, iso(end + 2 * DAY), 200]);
  const there = (at) => `Ends: ${new Date(at + 5.75 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')} Asia/Kathmandu`;
  const told = await s.mail(email, /was canceled/);
  assert.ok(told.text.includes(there(end + 2 * DAY)) && told.text.includes('The last charge is only for the time until then.'), told.text);
  assert.equal((await post(`/v1/subscriptions/${subscription.id}/resume`)).cancel_at, undefined);
  assert.equal((await upcoming()).amount_due, 700);
  const soon = iso(end - 3 * DAY);
  await cancel({ cancel_at: soon, unused: 'refund' });
  await cancel({ cancel_at: soon, unused: 'refund' });
  assert.deepEqual(await upcoming().then(({ at, ends, refund }) => [at, ends, refund]), [soon, true, 300]);
  const again = await s.mail(email, /Refund: 3\.00 EUR/, { after: told.id });
  assert.ok(again.text.includes(there(end - 3 * DAY)), again.text);
  await s.psql(`update pay.subscription set period_start = period_start - interval '5 days', period_end = period_end - interval '5 days', anchor_local = anchor_local - 5 * 86400,
                       cancel_at = cancel_at - interval '5 days', end_look_at = now() where subscription_id = '${subscription.id}'`);
  const over = await becomes(subscription, 'canceled');
  assert.equal(over.canceled_at, iso(Date.parse(soon) - 5 * DAY), 'whenever that was seen');
  await eventually(async () => (await get(`/v1/payments/${payment.id}`)).amount_refunded === 300, { what: 'what was shown is given back' });
  assert.equal((await cancel({ cancel_at: iso(Date.now() + DAY) }, 409)).param, 'subscription');
  const { n } = (await s.psql(`select count(*)::int as n from pay.mail where recipient = '${email}' and kind = 'subscription_canceled'`))[0];
  assert.equal(n, 2, 'nobody is told again of what he knows, nor when it comes');
  const [code, no] = [await s.operator('paysrv', 'subscriptions', 'cancel', 'sub_none'), await s.operator('paysrv', 'subscriptions', 'retry', 'sub_none')].map(({ code: c, stderr }) => [c, stderr.trim()]);
  assert.deepEqual([code, no], Array(2).fill([1, 'paysrv: no subscription sub_none']));
});

test('what does not fit is refused by name', async () => {
  const { card, payment } = await kept();
  const other = await newSeller(s.env);
  const refused = async (fields, param, status = 422, code = 'invalid_parameter') => {
    const answer = await seller.call('POST', '/v1/subscriptions', { price: weekly.id, saved_card: card.id, ...fields });
    assert.deepEqual([answer.status, answer.body.code, answer.body.param], [status, code, param], JSON.stringify(answer.body));
  };
  const foreign = await post('/v1/prices', { store: other.store.id, name: 'x', amount: 1, currency: 'EUR', interval: 'day' }, 201, other);
  await refused({ price: foreign.id }, 'saved_card');
  await refused({ price: 'price_none' }, 'price');
  await refused({ saved_card: 'scd_none' }, 'saved_card');
  await refused({ zone: '../passwd' }, 'zone');
  await refused({ starts_at: 'tomorrow' }, 'starts_at');
  await refused({ ends_at: iso(Date.now() - DAY) }, 'ends_at');
  await refused({ when_unpaid: 'ask' }, 'when_unpaid');
  await refused({ on_dispute: 'refund' }, 'on_dispute');
  await refused({ payment: payment.id, quantity: 2 }, 'payment');
  const dear = await newPrice({ amount: 1_000_000_000_000 });
  await refused({ price: dear.id, quantity: 2 }, 'quantity');
  const keyless = await seller.call('POST', '/v1/subscriptions', { price: weekly.id, saved_card: card.id }, { key: null });
  assert.deepEqual([keyless.status, keyless.body.code], [400, 'idempotency_key_required'], 'it charges the card');
  assert.equal((await seller.call('POST', '/v1/invoices/inv_none/retry', undefined, { key: null })).body.code, 'idempotency_key_required', 'and so does this, whatever there is');
  for (const [receipt, param] of [[{ vat: '18' }, 'receipt.vat'], [{ vat: '20', items: [] }, 'receipt.items'], ['20', 'receipt']])
    assert.equal((await post('/v1/prices', { store: seller.store.id, name: 'x', amount: 1, currency: 'EUR', interval: 'day', receipt }, 422)).param, param);
  const closed = await newPrice({ interval: 'month', interval_count: 2 });
  const key = randomUUID(), wish = { price: closed.id, saved_card: card.id, starts_at: iso(Date.now() + DAY) };
  const once = await seller.call('POST', '/v1/subscriptions', wish, { key });
  assert.equal((await post(`/v1/prices/${closed.id}/archive`)).archived, true);
  await refused({ price: closed.id }, 'price');
  const again = await seller.call('POST', '/v1/subscriptions', wish, { key });
  assert.deepEqual([again.status, again.body.id], [201, once.body.id], 'who asks again is told what was made, whatever has become of its price');
  assert.ok((await get(`/v1/prices?store=${seller.store.id}`)).data.some(({ id, archived }) => id === closed.id && archived));
  const made = await subscribe(card, { starts_at: iso(Date.now() + DAY), external_id: randomUUID() });
  for (const query of [`store=${seller.store.id}&status=trialing`, `buyer=${made.buyer}`, `external_id=${made.external_id}`, `store=${seller.store.id}`])
    assert.ok((await get(`/v1/subscriptions?${query}`)).data.some(({ id }) => id === made.id), query);
  assert.deepEqual((await get(`/v1/subscriptions?external_id=${made.external_id}&status=active`)).data, []);
  for (const path of [`subscriptions?buyer=${made.buyer}&store`, 'invoices?status=paid&store', 'invoices?store']) assert.deepEqual((await get(`/v1/${path}=${other.store.id}`)).data, []);
  assert.equal((await get('/v1/invoices?status=due')).param, 'status');
  const paused = await seller.call('POST', `/v1/subscriptions/${made.id}/pause`);
  assert.deepEqual([paused.status, paused.body.code], [409, 'subscription_state']);
});
