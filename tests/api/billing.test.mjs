/*
 * What a partner sells itself, and what a buyer with subscriptions is shown, told and asked (docs/protocol/pay/stores.md, "Subscriptions";
 * docs/decisions/0064). Under a sandbox partner's test clock, so that a year passes in a moment.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { outcomeOf } from '../support/outcome.mjs';
import { newPartner } from '../support/partner.mjs';
import { operatorLogIn } from '../support/people.mjs';
import { newSeller } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

const GOOD = '4242424242424242', SOFT = '4000000000001117';

let s, partner, seller, own;

const post = async (path, body, status = 200) => {
  const ask = (options) => seller.call('POST', path, body, options);
  const answer = await (status === 200 ? outcomeOf(ask) : ask());
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  return answer.body;
};
const get = async (path) => (await seller.call('GET', path)).body;

before(async () => {
  s = await sharedStack();
  partner = await newPartner(s, '--sandbox');
  seller = await newSeller(s.env, { token: partner.token });
  own = await post('/v1/stores', { name: 'The platform', owner: 'partner', currency: 'EUR' }, 201);
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await s?.stop();
});

async function kept({ number = GOOD, store = own, amount = 700, exp = '11/59' } = {}) {
  const buyer = randomUUID(), email = `${buyer}@example.com`, agent = createAgent();
  const payment = await post('/v1/payments', { store: store.id, amount, currency: 'EUR', description: 'The first', save_card: { buyer, email, required: true } }, 201);
  const set = await agent.submit(await agent.open(payment.checkout.url), { save_card: 'true' }, { button: 'Pay by card' });
  await agent.submit(set, { number, exp, csc: '123' });
  const card = await eventually(async () => (await get(`/v1/saved_cards?payment=${payment.id}`)).data[0], { what: 'the card is kept' });
  return { card, payment, buyer, email };
}

describe('a store of the partner itself', () => {
  const sales = async () => (await get('/v1/balance?party=own_sales')).available.find(({ currency }) => currency === 'EUR')?.amount ?? 0;

  test('has no user; what it sells is the partner\'s, less what the platform takes by its terms', async () => {
    assert.deepEqual([own.owner, own.user, own.split], ['partner', null, { platform_bp: 500, partner_bp: 0 }]);
    assert.deepEqual((await get(`/v1/stores/${own.id}`)), own);
    const had = await sales(), commission = (await get('/v1/balance?party=partner')).available;
    const receipt = { customer: { email: 'buyer@example.com' }, items: [{ name: 'A month', quantity: '1', price: 1001, amount: 1001, vat: 'none' }] };
    const payment = await post('/v1/payments', { store: own.id, amount: 1001, currency: 'EUR', description: 'A month of the platform', receipt }, 201);
    const paid = await post(`/v1/payments/${payment.id}/confirm`, { payment_token: 'tok_test_visa' });
    assert.deepEqual([paid.status, paid.user, paid.split], ['succeeded', null, [{ party: 'platform', amount: 50 }, { party: 'partner', amount: 0 }, { party: 'seller', amount: 951 }]]);
    assert.equal(await sales(), had + 951);
    assert.deepEqual((await get('/v1/balance?party=partner')).available, commission, 'and no commission for itself');
    assert.deepEqual((await get('/v1/ledger?account=own_sales')).data.map(({ reference, amount }) => [reference, amount])[0], [payment.id, 951]);
    const statement = async (more) => (await fetch(`${s.env.pay_api}/v1/statement?account=own_sales${more}`, { headers: { authorization: `Bearer ${seller.token}` } })).text();
    assert.match(await statement('&currency=EUR'), new RegExp(payment.id));
    assert.equal(JSON.parse((await statement('&currency=EUR&format=jsonl')).split('\n')[0]).account, 'own_sales', 'as in the ledger and the journal');
    assert.match(await statement('&currency=EUR&format=camt053'), /<Othr><Id>own-sales</);
    assert.deepEqual([JSON.parse(await statement('')).code, JSON.parse(await statement('')).param], ['invalid_request', 'currency']);
    const refund = await post(`/v1/payments/${payment.id}/refunds`, { amount: 501 });
    assert.equal(refund.split.find(({ party }) => party === 'seller').amount, 476);
    assert.equal(await sales(), had + 475);
    const told = await eventually(async () => { const { data } = await get(`/v1/events?about=rct_${payment.id}`); return data.length > 0 && data; }, { what: 'the receipt is an event though nobody listens' });
    assert.deepEqual(told.map(({ type, data }) => [type, data]), [['receipt.sale', (await get(`/v1/payments/${payment.id}/receipts`)).data[0]]]);
  });

  test('takes subscriptions as any store does', async () => {
    const price = await post('/v1/prices', { store: own.id, name: 'The platform, monthly', amount: 700, currency: 'EUR', interval: 'month' }, 201);
    const { card, payment } = await kept();
    const subscription = await post('/v1/subscriptions', { price: price.id, saved_card: card.id, payment: payment.id }, 201);
    await post('/v1/test_clock/advance', { by: 'P32D' }, 202);
    const invoices = await eventually(async () => { const { data } = await get(`/v1/subscriptions/${subscription.id}/invoices`); return data.length === 2 && data.every(({ status }) => status === 'paid') && data; }, { what: 'the second month is paid' });
    assert.deepEqual(invoices.map(({ period, amount_due: due }) => [period, due]), [[1, 700], [0, 700]]);
  });

  test('is opened by the partner\'s own token only, and names no user', async () => {
    assert.equal((await post('/v1/stores', { name: 'x', owner: 'partner', user: seller.user.id, currency: 'EUR' }, 422)).param, 'user');
    assert.equal((await post('/v1/stores', { name: 'x', owner: 'nobody', currency: 'EUR' }, 422)).param, 'owner');
    assert.equal((await seller.call('GET', '/v1/ledger?account=own')).body.param, 'account');
  });
});

/* A monthly subscription at the partner's own store whose first month the buyer has paid. */
async function subscribed({ price: fields = {}, ...more } = {}) {
  const price = await post('/v1/prices', { store: own.id, name: 'The platform', amount: 700, currency: 'EUR', interval: 'month', ...fields }, 201);
  const made = await kept({ amount: price.amount, ...more });
  const subscription = await post('/v1/subscriptions', { price: price.id, saved_card: made.card.id, payment: made.payment.id, zone: 'Europe/Berlin' }, 201);
  return { ...made, price, subscription };
}
const read = ({ id }) => get(`/v1/subscriptions/${id}`);
const linkFor = ({ buyer }, store = own) => post('/v1/billing_links', { store: store.id, buyer }, 201);
const clock = async () => Date.parse((await get('/v1/test_clock')).now);
async function advance(by) {
  await post('/v1/test_clock/advance', { by }, 202);
  await eventually(async () => (await get('/v1/test_clock')).status === 'ready', { what: 'the clock is ready' });
}
const mailsTo = async (email) => (await get(`/v1/test_mails?recipient=${encodeURIComponent(email)}&limit=20`)).data;
const linkIn = (mail) => /https?:\/\/\S+\/billing\/\S+/.exec(mail.text)[0];
const press = (agent, page, action) => agent.submit(page, {}, { button: { pause: 'Pause', resume: 'Go on', cancel: 'Cancel the subscription', keep: 'Keep the subscription', card: 'Change the card' }[action] });
const dayOf = (time) => new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Berlin' }).format(new Date(time));

describe('the buyer\'s page', () => {
  test('shows what comes next; canceled it says until when, and until then it can be kept', async () => {
    const one = await subscribed(), agent = createAgent();
    const link = await linkFor(one);
    assert.deepEqual([link.object, link.buyer, Date.parse(link.expires_at) > await clock() + 23 * 3_600_000], ['billing_link', one.buyer, true]);
    const page = await agent.open(link.url);
    const end = dayOf(one.subscription.period_end);
    assert.equal(page.status, 200);
    assert.match(page.headers.get('content-security-policy'), /default-src 'none'/);
    assert.match(page.text, new RegExp(`Active[^]*each month[^]*Next charge[^]*${end}[^]*7\\.00[^]*Visa •• 4242, 11/2059`));
    const canceled = await press(agent, page, 'cancel');
    assert.match(canceled.text, new RegExp(`Ends on[^]*${end}`));
    assert.deepEqual([(await read(one.subscription)).status, (await read(one.subscription)).cancel_at_period_end], ['active', true]);
    const told = await eventually(async () => (await mailsTo(one.email)).find(({ subject }) => /was canceled/.test(subject)), { what: 'he has it by mail' });
    assert.match(told.text, new RegExp(`nothing more is charged[^]*Ends: ${end} \\d\\d:\\d\\d Europe/Berlin[^]*keep it after all[^]*/billing/`));
    assert.doesNotMatch(told.text, /efund/);
    assert.ok(told.subject.startsWith('[Test] ') && told.text.startsWith('Test mode: no real money moves\n\n'), 'a sandbox\'s mail says so first');
    const twice = await press(agent, page, 'cancel');
    assert.deepEqual([twice.status, /nothing was done/.test(twice.text)], [200, false], 'who pressed twice reads what came of it');
    assert.match(twice.text, new RegExp(`Ends on[^]*${end}`));
    const stale = await press(agent, page, 'pause');
    assert.equal(stale.status, 409, 'the page of before does nothing any more');
    assert.match(stale.text, /nothing was done/);
    await post(`/v1/subscriptions/${one.subscription.id}/cancel`, { cancel_at: new Date(await clock() + 5 * 86_400_000).toISOString().replace(/\.\d+/, '') });
    const late = await press(agent, canceled, 'keep');
    assert.deepEqual([late.status, /nothing was done/.test(late.text)], [409, true], 'what ends it by now is no end that he saw');
    await post(`/v1/subscriptions/${one.subscription.id}/cancel`, { at_period_end: true });
    const back = await press(agent, canceled, 'keep');
    assert.match(back.text, /Next charge/);
    const paused = await press(agent, back, 'pause');
    assert.equal((await press(agent, back, 'pause')).status, 200, 'paused twice');
    assert.equal((await read(one.subscription)).status, 'paused');
    await press(agent, paused, 'resume');
    assert.deepEqual([(await read(one.subscription)).status, (await read(one.subscription)).cancel_at_period_end], ['active', false]);
    const [, choice] = /<a href="([^"]*)" hreflang="he"/.exec(page.text);
    const hebrew = await agent.open(new URL(choice, link.url).href);
    assert.match(hebrew.text, /<html lang="he" dir="rtl">/);
    const [, label] = /value="cancel">([^<]*)</.exec(hebrew.text);
    const after = await agent.submit(hebrew, {}, { button: label });
    assert.match(after.text, /<html lang="he" dir="rtl">/, 'what was chosen is carried on by what is done');
    assert.ok((await read(one.subscription)).cancel_at_period_end);
  });

  test('offers no keeping in the last period, which is charged until the end only; nor does the mail', async () => {
    const one = await subscribed(), agent = createAgent(), keep = /value="keep"/;
    const day = (ahead) => `${new Date(Date.parse(one.subscription.period_end) + ahead * 86_400_000).toISOString().slice(0, 19)}Z`;
    await post(`/v1/subscriptions/${one.subscription.id}/cancel`, { cancel_at: day(10), unused: 'refund' });
    assert.match((await agent.open((await linkFor(one)).url)).text, keep);
    await advance('P32D');
    await eventually(async () => (await read(one.subscription)).period_end === day(10), { what: 'the last period has begun' });
    assert.equal((await post(`/v1/subscriptions/${one.subscription.id}/resume`, undefined, 409)).code, 'subscription_state');
    const page = await agent.open((await linkFor(one)).url);
    assert.doesNotMatch(page.text, keep);
    const after = await press(agent, page, 'cancel');
    assert.doesNotMatch(after.text, keep);
    const told = await eventually(async () => { const found = (await mailsTo(one.email)).filter(({ subject }) => /was canceled/.test(subject)); return found.length === 2 && found; }, { what: 'both ends are told' });
    for (const { text } of told) assert.doesNotMatch(text, /keep it after all/);
  });

  test('offers what is taken of one that is to end and is past due: to keep it, or to end it at once; and says its end', async () => {
    const [one, poor] = [await subscribed(), await kept({ number: SOFT })], agent = createAgent(), end = dayOf(one.subscription.period_end);
    await post(`/v1/subscriptions/${one.subscription.id}/card`, { saved_card: poor.card.id });
    await press(agent, await agent.open((await linkFor(poor)).url), 'cancel');
    const more = await post('/v1/prices', { store: own.id, name: 'More', amount: 1900, currency: 'EUR', interval: 'month' }, 201);
    await post(`/v1/subscriptions/${one.subscription.id}/change`, { price: more.id });
    await eventually(async () => (await read(one.subscription)).status === 'past_due', { what: 'the change was declined' });
    const behind = await agent.open((await linkFor(poor)).url);
    assert.match(behind.text, new RegExp(`Payment failed[^]*Ends on[^]*${end}`));
    assert.match(behind.text, /value="keep"[^]*value="cancel"/);
    const staying = await press(agent, behind, 'keep');
    assert.deepEqual([(await read(one.subscription)).status, (await read(one.subscription)).cancel_at_period_end], ['past_due', false]);
    assert.doesNotMatch(staying.text, /Ends on|value="keep"/);
    await s.psql(`update pay.subscription set cancel_at_period_end = true where subscription_id = '${one.subscription.id}'`);
    const over = await press(agent, await agent.open((await linkFor(poor)).url), 'cancel');
    assert.match(over.text, /Ended on/);
    assert.equal((await read(one.subscription)).status, 'canceled');
  });

  test('an operator reads when it was tried by the clock that it lives under, and finds the way back from an error', async () => {
    const one = await subscribed({ number: '4000000000001117' }), agent = createAgent();
    await operatorLogIn(s.env, agent, s.env.admin);
    await advance('P40D');
    await eventually(async () => (await get(`/v1/subscriptions/${one.subscription.id}/invoices`)).data[0].attempts_declined >= 2, { what: 'it was declined, and again' });
    const page = await agent.open(`${s.env.pay_api}/operator/subscriptions/${one.subscription.id}`);
    const tries = [.../<h2 id="tries">[^]*/.exec(page.text)[0].matchAll(/<time datetime="([^"]*)">/g)].map(([, iso]) => Date.parse(iso));
    const due = Date.parse(one.subscription.period_end), first = Date.parse(one.subscription.period_start);
    assert.ok(tries.length >= 3 && tries.slice(0, -1).every((at) => at >= due) && Math.abs(tries.at(-1) - first) < 3_600_000, JSON.stringify([one.subscription, tries]));
    assert.deepEqual(tries, [...tries].sort((a, b) => b - a), 'each at its own time');
    assert.ok(Math.abs(tries.at(-2) - due) < 3_600_000, 'the first one when the period began');
    const kept_at = await s.psql(`select c.tried_at is not null and c.tried_at <> c.created_at as by_its_clock from pay.acquirer_call c join pay.invoice i on i.payment_id = c.payment_id
                                   where i.subscription_id = '${one.subscription.id}' and c.op in ('charge', 'authorize')`);
    assert.deepEqual(kept_at, tries.map(() => ({ by_its_clock: true })), 'of each its time is kept, whatever came of it');
    const { payment } = (await get(`/v1/subscriptions/${one.subscription.id}/invoices`)).data[0];
    const attempts = [.../<h2 id="attempts">[^]*?<\/table>/.exec((await agent.open(`${s.env.pay_api}/operator/payments/${payment}`)).text)[0].matchAll(/<time datetime="([^"]*)">/g)].map(([, iso]) => Date.parse(iso));
    assert.deepEqual(attempts.sort((a, b) => b - a), tries.slice(0, -1), 'and on the page of the payment');
    const lost = await agent.open(`${s.env.pay_api}/operator/subscriptions/sub_none`);
    assert.equal(lost.status, 404);
    assert.match(lost.text, /<a class="button" href="\/operator">Back to the overview</);
    assert.equal((await agent.open(`${s.env.pay_api}/operator/callback?state=none`)).text.includes('Back to the overview'), false, 'who is not signed in signs in again');
  });

  test('an invoice is for what it was for, whatever the subscription is for by now', async () => {
    const one = await subscribed(), agent = createAgent();
    const more = await post('/v1/prices', { store: own.id, name: 'The platform and the archive', amount: 1900, currency: 'EUR', interval: 'month' }, 201);
    await post(`/v1/subscriptions/${one.subscription.id}/change`, { price: more.id });
    await eventually(async () => (await get(`/v1/subscriptions/${one.subscription.id}/invoices`)).data.filter(({ status }) => status === 'paid').length === 2, { what: 'the difference is paid' });
    const page = await agent.open((await linkFor(one)).url);
    const links = [...page.text.matchAll(/<a href="([^"]*\/invoices\/[^"]*)"><bdi>([^<]*)</g)].map(([, url, name]) => ({ url, name }));
    assert.deepEqual(links.map(({ name }) => name), ['The platform and the archive', 'The platform']);
    const [change, first] = [await agent.open(new URL(links[0].url, page.url).href), await agent.open(new URL(links[1].url, page.url).href)];
    assert.match(change.text, /<bdi>The platform<\/bdi>[^]*-\d[^]*<bdi>The platform and the archive<\/bdi>/, 'each line of a change says what for');
    assert.doesNotMatch(first.text, /archive/);
  });

  test('is of one buyer at one store: nobody else\'s subscription or invoice is reached', async () => {
    const [one, other] = [await subscribed(), await subscribed()];
    const link = (await linkFor(one)).url, page = await createAgent().open((await linkFor(other)).url);
    const [, path] = /action="[^"]*(\/subscriptions\/[^"]*)"/.exec(page.text), [, state] = /name="state" value="([^"]*)"/.exec(page.text);
    const act = (fields) => fetch(`${link}${path}`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ action: 'cancel', state, ...fields }) });
    assert.equal((await act()).status, 404);
    assert.equal((await read(other.subscription)).cancel_at_period_end, false);
    const [, invoice] = /href="[^"]*(\/invoices\/[^"]*)"/.exec(page.text);
    assert.equal((await fetch(link + invoice)).status, 404);
    assert.equal((await fetch(`${link}x`)).status, 404);
    assert.equal((await post('/v1/billing_links', { store: own.id, buyer: randomUUID() }, 404)).param, 'buyer');
    assert.equal((await post('/v1/billing_links', { store: 'st_none', buyer: one.buyer }, 404)).param, 'store');
  });

  test('has a page for each invoice', async () => {
    const one = await subscribed(), agent = createAgent();
    const page = await agent.open((await linkFor(one)).url);
    const [, path] = /href="([^"]*\/invoices\/[^"]*)"/.exec(page.text);
    const invoice = await agent.open(new URL(path, page.url));
    assert.doesNotMatch(invoice.text, /1 ×/);
    assert.match(invoice.text, new RegExp(`The platform[^]*Paid[^]*7\\.00[^]*${dayOf(one.subscription.period_start)}[^]*inv_[^]*${one.payment.id}`));
  });

  test('has every invoice, however many there are', async () => {
    const one = await subscribed({ price: { interval: 'day', amount: 100 } }), agent = createAgent(), link = (await linkFor(one)).url;
    await advance('P51D');
    const { data } = await get(`/v1/subscriptions/${one.subscription.id}/invoices?limit=100`);
    assert.ok(data.length > 50);
    const listed = ({ text }) => [...text.matchAll(/\/invoices\/(inv_\w+)/g)].map(([, id]) => id);
    const fresh = (await linkFor(one)).url, page = await agent.open(`${fresh}?locale=de`);
    const [, older] = /<a href="([^"]*)">Ältere Rechnungen</.exec(page.text);
    const rest = await agent.open(new URL(older.replaceAll('&amp;', '&'), page.url));
    assert.deepEqual([...listed(page), ...listed(rest)], data.map(({ id }) => id));
    assert.ok(rest.text.includes('<html lang="de"') && !rest.text.includes('Ältere Rechnungen'), 'the last page has no older one');
    assert.equal((await agent.open(link)).status, 410, 'the link of before is too old');
  });

  test('says of an invoice what was charged, what is to be paid, and of one that nobody pays neither', async () => {
    const [one, soft] = [await subscribed(), await subscribed({ number: SOFT })], agent = createAgent();
    const facts = async (buyer, n = 0) => {
      const page = await agent.open((await linkFor(buyer)).url), paths = [...page.text.matchAll(/href="([^"]*\/invoices\/[^"]*)"/g)].map(([, path]) => path);
      const { text } = await agent.open(new URL(paths[n], page.url));
      return Object.fromEntries([...text.matchAll(/<dt>([^<]*)<\/dt><dd><(?:bdi|code)[^>]*>([^<]*)</g)].map(([, name, value]) => [name, value]));
    };
    const paid = await facts(one);
    assert.deepEqual([paid.Charged, paid['To pay'], paid['Receipt number']], ['7.00 EUR', undefined, one.payment.id]);
    const less = await post('/v1/prices', { store: own.id, name: 'Less', amount: 100, currency: 'EUR', interval: 'month' }, 201);
    await post(`/v1/subscriptions/${one.subscription.id}/change`, { price: less.id });
    const [{ total, amount_due: due }] = (await get(`/v1/subscriptions/${one.subscription.id}/invoices`)).data, change = await facts(one);
    assert.ok(total < 0 && due === 0);
    assert.deepEqual([change['To your balance'], change['From your balance'], change.Charged], [`${(-total / 100).toFixed(2)} EUR`, undefined, '0.00 EUR']);

    await advance('P32D');
    const open = await facts(soft);
    assert.deepEqual([open['To pay'], open.Charged, open['Receipt number']], ['7.00 EUR', undefined, undefined]);
    assert.match((await facts(one))['From your balance'], /^-\d\.\d\d EUR$/);
    await advance('P10D');
    assert.equal((await get(`/v1/subscriptions/${soft.subscription.id}/invoices`)).data[0].status, 'uncollectible');
    const never = await facts(soft);
    assert.deepEqual([never.Amount, never.Charged, never['To pay'], never['Receipt number']], ['7.00 EUR', '0.00 EUR', undefined, undefined], 'nothing was charged, so no paper says so');
  });

  test('brings another card: an amount is reserved on it and released, and the subscription is charged on it', async () => {
    const one = await subscribed(), agent = createAgent();
    const checkout = await press(agent, await agent.open((await linkFor(one)).url), 'card');
    assert.match(checkout.url.pathname, /^\/pay\//);
    assert.match(checkout.text, /nothing is charged/);
    const set = await agent.submit(checkout, { save_card: 'true' }, { button: 'Pay by card' });
    const done = await agent.submit(set, { number: '4000000000000614', exp: '10/59', csc: '123' });
    assert.match(done.text, /\/billing\//, 'the way back leads to the page');
    assert.match(done.text, /Your card is checked/);
    assert.doesNotMatch(done.text, /store charges|canceled/, 'nothing is charged, and nothing went wrong');
    const after = await eventually(async () => { const now = await read(one.subscription); return now.saved_card !== one.card.id && now; }, { what: 'the other card is the subscription\'s' });
    const card = await get(`/v1/saved_cards/${after.saved_card}`);
    assert.deepEqual([card.last4, card.buyer], ['0614', one.buyer]);
    const [told] = (await mailsTo(one.email)).filter(({ kind, text }) => kind === 'card_saved' && text.includes('0614'));
    assert.match(told.text, /\d\d:\d\d Europe\/Berlin/);
    const check = await eventually(async () => { const payment = await get(`/v1/payments/${card.payment}`); return payment.status === 'canceled' && payment; }, { what: 'what was reserved is released' });
    assert.deepEqual([check.amount_captured, check.metadata.subscription], [0, one.subscription.id]);
    const released = (await agent.open(checkout.url.href)).text;
    assert.match(released, /Your card is checked[^]*has been released/);
    assert.doesNotMatch(released, /canceled/);
    assert.deepEqual(await s.psql(`select * from pay.card_change where subscription_id = '${one.subscription.id}'`), []);
    assert.match((await agent.open((await linkFor(one)).url)).text, /0614[^]*10\/2059/);
  });

  test('of a failed payment leads to it, and the card that pays it becomes the subscription\'s', async () => {
    const one = await subscribed({ number: '4000000000001117' }), agent = createAgent();
    await advance('P33D');
    assert.equal((await read(one.subscription)).status, 'past_due');
    const page = await agent.open((await linkFor(one)).url);
    assert.match(page.text, /did not go through[^]*\/pay\//);
    const checkout = await press(agent, page, 'card');
    const set = await agent.submit(checkout, { save_card: 'true' }, { button: 'Pay by card' });
    await agent.submit(set, { number: GOOD, exp: '10/59', csc: '123' });
    await eventually(async () => { const now = await read(one.subscription); return now.status === 'active' && now.saved_card !== one.card.id; }, { what: 'it goes on with the other card' });
  });

  test('of a failed payment that he makes otherwise: his receipt, and what goes back, speak of no card', async () => {
    const one = await subscribed({ number: SOFT }), agent = createAgent();
    const told = async (kind) => eventually(async () => (await mailsTo(one.email)).find((mail) => mail.kind === kind), { what: `a mail ${kind}` });
    await advance('P33D');
    await post(`/v1/stores/${own.id}/billing`, { mails_receipts: true });
    try {
      const page = await agent.open((await linkFor(one)).url);
      const login = await agent.submit(await agent.open(new URL(/\/pay\/\w+/.exec(page.text)[0], page.url)), {}, { button: 'Pay by wallet' });
      const asked = await agent.submit(login, { user: 'buyer@wallet.example' }, { button: 'Log in' });
      assert.match((await agent.submit(asked, {}, { button: 'approve' })).text, /Paid\. Thank you/);
      await advance('PT1H');
      const { text } = await told('invoice_paid');
      assert.match(text, /Your payment has arrived[^]*7\.00 EUR/);
      assert.doesNotMatch(text, /card that you/);
      const [{ payment }] = (await get(`/v1/subscriptions/${one.subscription.id}/invoices`)).data;
      await post(`/v1/payments/${payment}/refunds`, { amount: 100 });
      const back = await told('refund');
      assert.match(back.text, /1\.00 EUR[^]*goes back the way that you paid/);
      assert.doesNotMatch(back.text, /card that you/);
    } finally {
      await post(`/v1/stores/${own.id}/billing`, { mails_receipts: false });
    }
  });

  test('says of no payment that it did not go through before one was declined', async () => {
    const made = await kept({ store: seller.store, amount: 49 });
    const price = await post('/v1/prices', { store: seller.store.id, name: 'Cheap', amount: 49, currency: 'EUR', interval: 'month' }, 201);
    const subscription = await post('/v1/subscriptions', { price: price.id, saved_card: made.card.id, payment: made.payment.id, zone: 'Europe/Berlin' }, 201);
    const { id: rules } = await post('/v1/split_profiles', { name: 'At least fifty', currency: 'EUR', rules: [{ party: 'partner', fixed: 50 }, { party: 'seller', rest: true }] }, 201);
    await post(`/v1/stores/${seller.store.id}/split_profile`, { split_profile: rules });
    try {
      await advance('P33D');
      const [{ status, kind, attempts_declined: declined }] = (await get(`/v1/subscriptions/${subscription.id}/invoices`)).data;
      assert.deepEqual([status, kind, declined], ['open', 'period', 0], 'it cannot be split, so nothing was charged');
      const page = await createAgent().open((await linkFor(made, seller.store)).url);
      assert.match(page.text, /Cheap/);
      assert.doesNotMatch(page.text, /did not go through|\/pay\//);
    } finally {
      await post(`/v1/stores/${seller.store.id}/split_profile`, {});
    }
  });

  test('by an old link shows nothing, and mails a new one, not twice in five minutes', async () => {
    const one = await subscribed(), agent = createAgent();
    const { url } = await linkFor(one);
    await advance('PT25H');
    const late = await agent.open(url);
    assert.equal(late.status, 410);
    assert.doesNotMatch(late.text, /The platform, |7\.00|4242/);
    for (let i = 0; i < 2; i += 1) assert.match((await agent.submit(late, {}, { button: 'Send me a new link' })).text, /Look into your mail/);
    const mails = (await mailsTo(one.email)).filter(({ kind }) => kind === 'billing_link');
    assert.equal(mails.length, 1);
    assert.match((await agent.open(linkIn(mails[0]))).text, /Next charge/);
  });
});

describe('a buyer is told', () => {
  const told = async (email, kind) => (await mailsTo(email)).filter((mail) => mail.kind === kind);

  test('of a yearly charge a week before and of a card that will have expired, once each, with a link to his page', async () => {
    const now = await clock();
    const one = await subscribed({ price: { interval: 'year', amount: 9900 }, exp: `${dayOf(now + 200 * 86_400_000).slice(5, 7)}/${dayOf(now + 200 * 86_400_000).slice(2, 4)}` });
    await advance('P350D');
    assert.equal((await told(one.email, 'subscription_renewal')).length, 0);
    await advance('P10D');
    const [notice, ...more] = await told(one.email, 'subscription_renewal');
    assert.deepEqual(more, []);
    assert.match(notice.text, new RegExp(`The platform[^]*${dayOf(one.subscription.period_end)}, 99\\.00 EUR[^]*4242`));
    assert.equal((await createAgent().open(linkIn(notice))).status, 410, 'the mail is of days ago');
    assert.match((await createAgent().open((await linkFor(one)).url)).text, /Next charge[^]*it was withdrawn or will have expired/);
    assert.equal((await told(one.email, 'subscription_card_expiring')).length, 1);
    const types = (await get(`/v1/events?about=${one.subscription.id}&limit=50`)).data.map(({ type }) => type);
    assert.deepEqual(types.filter((type) => /upcoming|expiring/.test(type)).sort(), ['subscription.card_expiring', 'subscription.renewal_upcoming']);
    await post(`/v1/subscriptions/${one.subscription.id}/cancel`, { at_period_end: true });
    await post(`/v1/subscriptions/${one.subscription.id}/resume`);
    await advance('P1D');
    assert.equal((await told(one.email, 'subscription_renewal')).length, 1, 'once, whatever happens');
  });

  test('before his trial ends, unless he has canceled; of a monthly charge only above the price\'s limit', async () => {
    const price = await post('/v1/prices', { store: own.id, name: 'Tried', amount: 700, currency: 'EUR', interval: 'month', notice_above: 1000 }, 201);
    assert.equal(price.notice_above, 1000);
    const [stays, leaves] = [await kept(), await kept()];
    const starts_at = `${new Date(await clock() + 10 * 86_400_000).toISOString().slice(0, 19)}Z`;
    const make = (card, fields) => post('/v1/subscriptions', { price: price.id, saved_card: card.id, starts_at, zone: 'Asia/Kathmandu', ...fields }, 201);
    const [one, other] = [await make(stays.card, { quantity: 2 }), await make(leaves.card)];
    await post(`/v1/subscriptions/${other.id}/cancel`, { at_period_end: true });
    await advance('P8D');
    assert.equal((await told(stays.email, 'subscription_trial_end')).length, 1);
    assert.equal((await told(leaves.email, 'subscription_trial_end')).length, 0);
    await post(`/v1/stores/${own.id}/billing`, { mails_receipts: true });
    await advance('P30D');
    assert.equal((await read(one)).status, 'active');
    assert.match((await told(stays.email, 'invoice_paid'))[0].text, /card that you let a store keep was charged[^]*14\.00 EUR[^]*Time: \S+ \S+ Asia\/Kathmandu\n[^]*\/billing\//);
    assert.equal((await told(stays.email, 'subscription_renewal')).length, 1, '14.00 is more than the limit');
    const { payment } = (await get(`/v1/subscriptions/${one.id}/invoices`)).data.find(({ status }) => status === 'paid');
    await post(`/v1/payments/${payment}/refunds`, { amount: 400 });
    await post(`/v1/payments/${leaves.payment.id}/refunds`, { amount: 300 });
    await post(`/v1/stores/${own.id}/billing`, { mails_receipts: false });
    await post(`/v1/payments/${payment}/refunds`, { amount: 100 });
    const [back, ...more] = await told(stays.email, 'refund');
    assert.deepEqual([back.subject.replaceAll('\u00a0', ' '), more.length], ['[Test] Money back: 4.00 EUR – The platform', 0], 'as receipts are: while the store mails them');
    assert.match(back.text, new RegExp(`Store: The platform[^]*For: Tried[^]*4\\.00 EUR[^]*Time: \\S+ \\S+ Asia/Kathmandu\n[^]*${payment}`));
    assert.match((await told(leaves.email, 'refund'))[0].text, /3\.00 EUR\s+Time: \S+ \S+ UTC\n/, 'what was paid once has no zone');
    assert.match((await createAgent().open(linkIn(back))).text, /Tried/);
  });
});

describe('the end of a subscription', () => {
  const endings = async ({ email }) => (await mailsTo(email)).filter(({ kind }) => /^subscription_(canceled|ended)$/.test(kind)).map(({ kind, text }) => [kind, text]);
  const made = async (fields, { store = own, ...more } = {}) => {
    const price = await post('/v1/prices', { store: store.id, name: 'For a while', amount: 700, currency: 'EUR', interval: 'month' }, 201);
    const buyer = await kept({ store, ...more });
    return { ...buyer, subscription: await post('/v1/subscriptions', { price: price.id, saved_card: buyer.card.id, payment: buyer.payment.id, zone: 'Asia/Kathmandu', ...fields }, 201) };
  };

  test('is told when it comes by itself, once; not again of what was told when it was canceled', async () => {
    const closing = await post('/v1/stores', { name: 'It closes', owner: 'partner', currency: 'EUR' }, 201);
    const [runs, canceled, sold] = [await made({ periods: 1 }), await made(), await made({}, { store: closing })];
    await post(`/v1/subscriptions/${canceled.subscription.id}/cancel`, { at_period_end: true });
    await post(`/v1/stores/${closing.id}/close`);
    await advance('P33D');
    assert.deepEqual(await Promise.all([runs, canceled, sold].map(async ({ subscription }) => { const { status, status_reason: why } = await read(subscription); return [status, why]; })),
      [['canceled', undefined], ['canceled', undefined], ['canceled', 'store_state']]);
    const there = `${new Date(Date.parse(runs.subscription.period_end) + 5.75 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')} Asia/Kathmandu`;
    const [[kind, text], ...more] = await endings(runs);
    assert.deepEqual([kind, more], ['subscription_ended', []]);
    assert.ok(text.includes('come to the end for which it was made') && text.includes(`Ends: ${there}`), text);
    assert.deepEqual((await endings(canceled)).map(([of]) => of), ['subscription_canceled']);
    const [[last, why], ...others] = await endings(sold);
    assert.deepEqual([last, others], ['subscription_ended', []]);
    assert.match(why, /does not sell this any more[^]*You do not owe the open invoice/);
    assert.doesNotMatch(why, /not paid in time|Amount/);
  });

  test('with an open invoice is said to cancel that, and when what is paid is refunded', async () => {
    const one = await made({}, { number: SOFT });
    await advance('P32D');
    assert.equal((await read(one.subscription)).status, 'past_due');
    await post(`/v1/subscriptions/${one.subscription.id}/cancel`, { cancel_at: `${new Date(await clock() + 86_400_000 / 2).toISOString().slice(0, 19)}Z`, unused: 'refund' });
    await post(`/v1/subscriptions/${one.subscription.id}/cancel`, { unused: 'refund' });
    const told = await endings(one), later = /is refunded once it has ended and the open invoice is paid or canceled/, open = /invoice that is still open is canceled/;
    assert.equal(told.length, 2);
    const [moment, now] = told.map(([, text]) => text).sort((a, b) => open.test(a) - open.test(b));
    for (const text of [moment, now]) assert.match(text, later);
    assert.match(now, open);
    assert.doesNotMatch(moment, open);
    assert.doesNotMatch(now, /Refund:|not refunded|The last charge/);
  });
});

describe('a subscription that ends at once', () => {
  test('gives back what is paid and not used, when that is asked for, by seconds', async () => {
    const [one, other] = [await subscribed(), await subscribed()];
    assert.equal((await post(`/v1/subscriptions/${one.subscription.id}/cancel`, { at_period_end: true, unused: 'refund' }, 422)).param, 'unused');
    await advance('P10D');
    const ended = await post(`/v1/subscriptions/${one.subscription.id}/cancel`, { unused: 'refund' });
    await post(`/v1/subscriptions/${other.subscription.id}/cancel`, {});
    const seconds = (from, to) => Math.floor(Date.parse(to) / 1000) - Math.floor(Date.parse(from) / 1000);
    const used = Math.floor(700 * seconds(ended.period_start, ended.canceled_at) / seconds(ended.period_start, ended.period_end));
    const back = await eventually(async () => { const { amount_refunded: n } = await get(`/v1/payments/${one.payment.id}`); return n > 0 && n; }, { what: 'it is given back' });
    assert.ok(used >= 225 && used <= 251, `${used}`); /* ten days of a month: 31 to 28 */
    assert.equal(back, 700 - used);
    assert.equal((await get(`/v1/payments/${other.payment.id}`)).amount_refunded, 0, 'nobody asked for it');
  });
});

describe('another price', () => {
  const iso = (ms) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
  const agreeing = async (one) => {
    const agent = createAgent(), page = await agent.open((await linkFor(one)).url);
    assert.match(page.text, /New price[^]*9\.00[^]*Without your consent/);
    return agent.submit(page, {}, { button: 'Agree to the new price' });
  };

  test('that is more comes with the buyer\'s consent; without it the subscription ends, or stays at its price', async () => {
    const price = await post('/v1/prices', { store: own.id, name: 'The platform', amount: 700, currency: 'EUR', interval: 'month' }, 201);
    const [more, less] = await Promise.all([900, 500].map((amount) => post('/v1/prices', { store: own.id, name: 'The platform, new', amount, currency: 'EUR', interval: 'month' }, 201)));
    const buyers = [];
    for (let i = 0; i < 4; i += 1) {
      const made = await kept();
      buyers.push({ ...made, subscription: await post('/v1/subscriptions', { price: i < 2 ? price.id : (await post('/v1/prices', { store: own.id, name: 'Alone', amount: 700, currency: 'EUR', interval: 'month' }, 201)).id, saved_card: made.card.id, payment: made.payment.id }, 201) });
    }
    const [agrees, ends, stays, gladly] = buyers, effective_at = iso(await clock() + 20 * 86_400_000);
    assert.equal((await post(`/v1/prices/${price.id}/migrate`, { to: more.id, effective_at: iso(await clock() + 86_400_000), without_consent: 'end' }, 422)).param, 'effective_at');
    const migration = await post(`/v1/prices/${price.id}/migrate`, { to: more.id, effective_at, without_consent: 'end' }, 202);
    assert.deepEqual([migration.object, migration.to], ['price_migration', more.id]);
    const told = await eventually(async () => { const now = await read(ends.subscription); return now.price_change && now; }, { what: 'it is announced' });
    assert.deepEqual(told.price_change, { price: more.id, amount: 900, effective_at, agreed: false, without_consent: 'end' });
    assert.equal((await post(`/v1/subscriptions/${stays.subscription.id}/price`, { to: more.id, effective_at, without_consent: 'keep_old' })).price_change.agreed, false);
    assert.equal((await post(`/v1/subscriptions/${gladly.subscription.id}/price`, { to: less.id, effective_at, without_consent: 'end' })).price_change.agreed, true, 'less needs no consent');
    const [mail] = (await mailsTo(ends.email)).filter(({ kind }) => kind === 'price_change');
    assert.match(mail.text, /7\.00 EUR[^]*9\.00 EUR[^]*subscription ends[^]*\/billing\//);
    await eventually(async () => (await read(agrees.subscription)).price_change, { what: 'it is announced' });
    assert.match((await agreeing(agrees)).text, /You have agreed/);
    const consents = await s.psql(`select price_id, amount, version from pay.subscription_consent where subscription_id = '${agrees.subscription.id}'`);
    assert.deepEqual(consents.map(({ price_id: id, amount, version }) => [id, Number(amount), version]), [[more.id, 900, '2026-11-27']]);
    await advance('P33D');
    const now = await Promise.all(buyers.map(({ subscription }) => read(subscription)));
    assert.deepEqual(now.map(({ status, price: of, price_change: change }) => [status, of, change]), [
      ['active', more.id, undefined], ['canceled', price.id, now[1].price_change], ['active', stays.subscription.price, undefined], ['active', less.id, undefined]]);
    assert.match((await mailsTo(ends.email)).find(({ kind }) => kind === 'subscription_ended').text, /You have not agreed to the new price, so the subscription has ended/);
    const charged = await Promise.all(buyers.map(async ({ subscription }) => (await get(`/v1/subscriptions/${subscription.id}/invoices`)).data[0].amount_due));
    assert.deepEqual(charged, [900, 700, 700, 500]);
  });
});
