/*
 * Cards that buyers let a store keep (docs/protocol/pay/saved-cards.md; MONEY 5 "Tokens"): agreed to at the checkout, charged
 * without the buyer, ended by him, the partner or an operator; never by another store.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { outcomeOf } from '../support/outcome.mjs';
import { newPartner } from '../support/partner.mjs';
import { pay } from '../support/people.mjs';
import { newSeller } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

const GOOD = '4242424242424242', CHALLENGED = '4000000000003220', DECLINED = '4000000000009995';
const LATER = { soft: '4000000000001117', hard: '4000000000001224', holder: '4000000000001331' };

let s, seller;

before(async () => {
  s = await sharedStack();
  seller = await newSeller(s.env);
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await s?.stop();
});

const newBuyer = () => { const buyer = randomUUID(); return { buyer, email: `${buyer}@example.com` }; };

async function newPayment(fields = {}, of = seller) {
  const { status, body } = await of.call('POST', '/v1/payments', { store: of.store.id, amount: 1000, currency: 'EUR', description: 'An issue', ...fields });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

/* Sets out, with the box ticked or not, and types the card. */
async function visit(payment, number, { agree, agent = createAgent() } = {}) {
  const set = await agent.submit(await agent.open(payment.checkout.url), agree ? { save_card: 'true' } : {}, { button: 'Pay by card' });
  return set.status === 422 ? set : agent.submit(set, { number, exp: '11/39', csc: '123' });
}

const cardsOf = async (fields) => (await seller.call('GET', `/v1/saved_cards?${new URLSearchParams({ store: seller.store.id, ...fields })}`)).body.data;
const cardOf = (fields) => eventually(async () => (await cardsOf(fields))[0], { what: 'the card is kept' });
const charge = async (card, fields) => {
  const payment = await newPayment(fields);
  return { payment, ...await outcomeOf((options) => seller.call('POST', `/v1/payments/${payment.id}/confirm`, { payment_token: card }, options)) };
};

async function kept(number = GOOD) {
  const who = newBuyer();
  const payment = await newPayment({ save_card: who });
  const page = await visit(payment, number, { agree: true });
  if (number === CHALLENGED) await createAgent().submit(page, {}, { button: 'approve' });
  return { who, payment, card: await cardOf({ buyer: who.buyer }) };
}

describe('a card is kept', () => {
  test('when the buyer ticks the box: words, time, mandate and card are on record, the token is sealed, and he gets a mail', async () => {
    const who = newBuyer();
    const payment = await newPayment({ save_card: who });
    const form = (await createAgent().open(payment.checkout.url)).text;
    assert.match(form, /type="checkbox" id="save_card" name="save_card" value="true">/);
    assert.ok(form.includes(seller.store.name));
    assert.match((await visit(payment, GOOD, { agree: true })).text, /Paid\. Thank you/);
    const card = await cardOf({ buyer: who.buyer });
    assert.deepEqual([card.object, card.status, card.store, card.payment, card.brand, card.last4, card.exp_month, card.exp_year],
      ['saved_card', 'active', seller.store.id, payment.id, 'visa', '4242', 11, 2039]);
    assert.match(card.mandate.id, /^mdt_/);
    assert.ok((await s.operator('paysrv', 'payments', 'list', '--store', seller.store.id, '--last4', '4242')).stdout.includes(payment.id), 'the operator finds it by the card');
    assert.match(card.mandate.version, /^\d{4}-\d\d-\d\d$/);
    assert.ok(Date.parse(card.mandate.accepted_at));
    const [row] = await s.psql(`select encode(token, 'escape') as sealed from pay.saved_card where saved_card_id = '${card.id}'`);
    assert.doesNotMatch(row.sealed, /tok_/);
    assert.match((await s.mail(who.email, /keeps your card/)).text, /4242[^]*mdt_[^]*\/cards\//);
    assert.deepEqual((await seller.call('GET', `/v1/saved_cards/${card.id}`)).body, card);
    const events = (await seller.call('GET', `/v1/events?about=${card.id}`)).body.data;
    assert.deepEqual(events.map(({ type, data }) => [type, data.id]), [['saved_card.created', card.id]]);
  });

  test('and he is spoken to in the language in which he agreed', async () => {
    const who = newBuyer(), german = createAgent({ headers: { 'accept-language': 'de-CH, en;q=0.3' } });
    const payment = await newPayment({ save_card: who });
    const set = await german.submit(await german.open(payment.checkout.url), { save_card: 'true' }, { button: 'Mit Karte bezahlen' });
    assert.match((await german.submit(set, { number: GOOD, exp: '11/39', csc: '123' })).text, /Bezahlt\. Vielen Dank/);
    const { text } = await s.mail(who.email, /Geschäft hat Ihre Karte gespeichert/);
    assert.match(text, /Karte: [^\n]*4242, gültig bis 11\/2039[^]*Zeit: \d\d\.\d\d\.\d{4}, \d\d:\d\d UTC/);
    assert.match((await createAgent().open(/https?:\S+\/cards\/\S+/.exec(text)[0])).text, /<html lang="de"[^]*Widerrufen/);
    assert.deepEqual(await s.psql(`select locale from pay.saved_card where payment_id = '${payment.id}'`), [{ locale: 'de' }]);
  });

  test('not without the box, not when nobody asks, not from a card that was declined before another one paid', async () => {
    const plain = newBuyer(), tried = newBuyer();
    assert.match((await visit(await newPayment({ save_card: plain }), GOOD)).text, /Paid\. Thank you/);
    const unasked = await newPayment();
    assert.doesNotMatch((await createAgent().open(unasked.checkout.url)).text, /save_card/);
    const agent = createAgent(), payment = await newPayment({ save_card: tried });
    await visit(payment, DECLINED, { agree: true, agent });
    assert.match((await visit(payment, GOOD, { agent })).text, /Paid\. Thank you/);
    await eventually(async () => (await s.psql(`select from pay.saved_card where payment_id = '${payment.id}'`)).length === 0, { what: 'the declined card is forgotten' });
    assert.deepEqual([...await cardsOf({ buyer: plain.buyer }), ...await cardsOf({ buyer: tried.buyer })], []);
  });

  test('or there is no payment, when the order needs it', async () => {
    const who = newBuyer();
    const payment = await newPayment({ save_card: { ...who, required: true } });
    const refused = await visit(payment, GOOD);
    assert.match(refused.text, /role="alert"[^]*Please agree/);
    assert.equal((await seller.call('GET', `/v1/payments/${payment.id}`)).body.status, 'requires_payment_method');
    assert.match((await visit(payment, GOOD, { agree: true })).text, /Paid\. Thank you/);
    await cardOf({ buyer: who.buyer });
  });

  test('after 3-D Secure, which is not asked for again', async () => {
    const { card } = await kept(CHALLENGED);
    const { status, body } = await charge(card.id);
    assert.deepEqual([status, body.status], [200, 'succeeded'], JSON.stringify(body));
  });
});

describe('a saved card', () => {
  test('is charged by its id, split as any payment; the key answers again after the card has ended', async () => {
    const { card } = await kept();
    const payment = await newPayment({ amount: 2500 });
    const confirm = () => outcomeOf((options) => seller.call('POST', `/v1/payments/${payment.id}/confirm`, { payment_token: card.id }, options), `again-${payment.id}`);
    const first = await confirm();
    assert.deepEqual([first.status, first.body.status], [200, 'succeeded'], JSON.stringify(first.body));
    assert.equal(first.body.split.reduce((sum, { amount }) => sum + amount, 0), 2500);
    assert.equal((await seller.call('DELETE', `/v1/saved_cards/${card.id}`)).status, 204);
    assert.deepEqual((await confirm()).body, first.body);
  });

  for (const [kind, code, advice] of [['soft', 'insufficient_funds', 'retry_later'], ['hard', 'lost_card', 'do_not_retry'], ['holder', 'authentication_required', 'ask_card_holder']]) {
    test(`that is declined with ${code} says ${advice}`, async () => {
      const { card } = await kept(LATER[kind]);
      const { status, body } = await charge(card.id);
      assert.deepEqual([status, body.code, body.decline_code, body.advice], [402, 'card_declined', code, advice]);
    });
  }

  test('is of one store: no other store, no other partner and no browser can use it', async () => {
    const { card } = await kept();
    const other = await newSeller(s.env);
    const elsewhere = await newPayment({}, other);
    for (const [who, payment, token] of [[other, elsewhere, card.id], [seller, await newPayment(), 'scd_unknown']]) {
      const { status, body } = await who.call('POST', `/v1/payments/${payment.id}/confirm`, { payment_token: token });
      assert.deepEqual([status, body.code, body.param], [422, 'invalid_parameter', 'payment_token']);
    }
    const stranger = await newPartner(s), asked = await newPayment();
    for (const token of [card.id, 'scd_unknown']) {
      const { status, body } = await pay(s.env, stranger.token, 'POST', `/v1/payments/${asked.id}/confirm`, { payment_token: token });
      assert.deepEqual([status, body.code], [404, 'not_found'], 'another partner is not told which card goes with which payment');
    }
    await stranger.remove();
    const payment = await newPayment(), agent = createAgent();
    const cardPage = await agent.submit(await agent.open(payment.checkout.url), {}, { button: 'Pay by card' });
    const back = await agent.submit(cardPage, { number: GOOD, exp: '11/39', csc: '123' }, { until: (url) => url.pathname.endsWith('/return') });
    back.url.searchParams.set('card_token', card.id);
    await agent.open(back.url);
    assert.equal((await seller.call('GET', `/v1/payments/${payment.id}`)).body.status, 'requires_payment_method');
    assert.deepEqual((await other.call('GET', `/v1/saved_cards?store=${other.store.id}`)).body.data, []);
  });

  test('ends by the link in the mail, which only asks; the token is gone, and nothing can be charged', async () => {
    const { who, card } = await kept();
    const [link] = new RegExp(`${s.env.pay_api}/cards/[\\w-]+`).exec((await s.mail(who.email, /keeps your card/)).text);
    const agent = createAgent(), page = await agent.open(link);
    assert.match(page.text, /Nothing has happened yet/);
    assert.equal((await cardsOf({ buyer: who.buyer })).length, 1);
    assert.match((await agent.submit(page, {}, { button: 'Withdraw' })).text, /cannot charge this card any more/);
    assert.match((await agent.open(link)).text, /cannot charge this card any more/);
    assert.equal((await agent.open(`${link}x`)).status, 404);
    assert.deepEqual(await s.psql(`select token, withdrawn_by from pay.saved_card where saved_card_id = '${card.id}'`), [{ token: null, withdrawn_by: 'buyer' }]);
    assert.equal((await charge(card.id)).status, 422);
    assert.equal((await seller.call('DELETE', `/v1/saved_cards/${card.id}`)).status, 204);
    const { body } = await seller.call('GET', `/v1/events?about=${card.id}`);
    assert.deepEqual(body.data.map(({ type }) => type), ['saved_card.withdrawn', 'saved_card.created']);
    assert.equal((await seller.call('GET', `/v1/saved_cards/${card.id}`)).body.status, 'withdrawn');
  });

  test('is seen and ended by the operator', async () => {
    const { card } = await kept();
    assert.match((await s.operator('paysrv', 'cards', 'list', seller.store.id)).stdout, new RegExp(`${card.id}\\tactive.*\\t\\d{4}-\\d\\d-\\d\\d en$`, 'm'));
    await s.operator('paysrv', 'cards', 'withdraw', card.id);
    assert.equal((await seller.call('GET', `/v1/saved_cards/${card.id}`)).body.withdrawn_by, 'operator');
  });
});

test('what is missing in save_card is named', async () => {
  const { status, body } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1, currency: 'EUR', description: 'x', save_card: { buyer: 'b' } });
  assert.deepEqual([status, body.code, body.param], [400, 'invalid_request', 'save_card.email']);
});
