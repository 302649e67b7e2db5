/*
 * The checkout without JavaScript (docs/protocol/pay/pages.md): card page and back, challenge, decline, two tabs, a state
 * that works once and in one browser, and who may frame it.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { outcomeOf } from '../support/outcome.mjs';
import { newSeller } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

const GOOD = '4242424242424242', CHALLENGED = '4000000000003220', DECLINED = '4000000000009995';
const BACK = 'https://shop.example/orders/7';

let s, seller;

before(async () => {
  s = await sharedStack();
  seller = await newSeller(s.env);
});

after(() => s?.stop());

async function newCheckout(fields = {}) {
  const { body } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'An <i>article</i>', return_url: BACK, ...fields });
  return body;
}

/* The list at the foot of the page: address by language. */
const choices = ({ text, url }) => Object.fromEntries([...text.matchAll(/<a href="([^"]*)" hreflang="([^"]*)"/g)].map(([, href, tag]) => [tag, new URL(href.replaceAll('&amp;', '&'), url).href]));

const statusOf = async ({ id }) => (await seller.call('GET', `/v1/payments/${id}`)).body.status;
const card = (agent, page, number, options) => agent.submit(page, { number, exp: '12/39', csc: '123' }, options);

/* From the checkout to the page after the card was typed. */
async function visit(checkout, number, agent = createAgent(), address = checkout.checkout.url) {
  const cardPage = await agent.submit(await agent.open(address), {}, { button: 'Pay by card' });
  return card(agent, cardPage, number);
}

describe('the checkout', () => {
  test('shows what is paid, escaped, and leads to a receipt', async () => {
    const payment = await newCheckout();
    const page = await createAgent().open(payment.checkout.url);
    assert.equal(page.status, 200);
    assert.match(page.text, /10\.00 EUR/);
    assert.match(page.text, /An &lt;i&gt;article/);
    const receipt = await visit(payment, GOOD);
    assert.match(receipt.text, /Paid\. Thank you[^]*Visa •• 4242/);
    assert.deepEqual((await seller.call('GET', `/v1/payments/${payment.id}`)).body.card, { brand: 'visa', last4: '4242' });
    assert.ok(receipt.text.includes(`${BACK}?payment=${payment.id}`));
    assert.equal(await statusOf(payment), 'succeeded');
    assert.match((await createAgent().open(payment.checkout.url)).text, /Paid\. Thank you/);
  });

  test('speaks as its address asks, else as the payment says, else as the browser does', async () => {
    const german = createAgent({ headers: { 'accept-language': 'de-AT, en;q=0.5' } });
    const plain = await newCheckout();
    const page = await german.open(plain.checkout.url);
    assert.match(page.text, /<html lang="de" dir="ltr">[^]*10,00\u00a0EUR[^]*Mit Karte bezahlen/);
    assert.match((await german.open(`${plain.checkout.url}x`)).text, /<html lang="de"[^]*Unter diesem Namen gibt es hier nichts/);
    const japanese = await newCheckout({ locale: 'ja-JP' });
    assert.match((await german.open(japanese.checkout.url)).text, /<html lang="ja"[^]*EUR\u00a010\.00/);
    assert.match((await german.open((await newCheckout({ locale: 'sv' })).checkout.url)).text, /<html lang="de"/, 'none of ours says nothing');
    assert.match((await german.open(`${japanese.checkout.url}?locale=%3Cb%3E%20`)).text, /<html lang="ja"/);

    const arabic = createAgent({ headers: { 'accept-language': 'de' } });
    const cardPage = await arabic.submit(await arabic.open(choices(await arabic.open(japanese.checkout.url)).ar), {}, { button: 'الدفع بالبطاقة' });
    assert.match(cardPage.text, /<html lang="ar" dir="rtl">[^]*10\.00\u00a0EUR/, 'and so does the page on which he types his card');
    const challenge = await card(arabic, cardPage, CHALLENGED);
    assert.match(challenge.text, /<html lang="ar" dir="rtl">/, 'and so does his bank');
    const receipt = await arabic.submit(challenge, {}, { button: 'approve' });
    assert.match(receipt.text, /<html lang="ar" dir="rtl">[^]*10\.00\u00a0EUR/, 'all the way');

    const { status, body } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'x', locale: 'de_DE' });
    assert.deepEqual([status, body.code, body.param], [422, 'invalid_parameter', 'locale']);
    assert.equal((await seller.call('GET', `/v1/payments/${japanese.id}`)).body.locale, 'ja-JP');
    assert.equal((await seller.call('GET', `/v1/payments/${plain.id}`)).body.locale, null);
  });

  test('keeps to the languages of its store, and falls back to the store’s own', async () => {
    const { body: store } = await seller.call('POST', '/v1/stores', { name: 'Speaks', user: seller.user.id, currency: 'EUR' });
    const say = (body) => seller.call('POST', `/v1/stores/${store.id}/branding`, body);
    const sell = async (more = {}) => (await seller.call('POST', '/v1/payments', { store: store.id, amount: 1000, currency: 'EUR', description: 'x', ...more })).body.checkout.url;
    const spoken = async (url, accepts) => /<html lang="([^"]*)"/.exec((await createAgent({ headers: { 'accept-language': accepts } }).open(url)).text)[1];
    assert.deepEqual([store.locale, store.locales], [null, null]);
    const { status, body } = await say({ locale: 'fr-CA', locales: ['fr', 'de-AT', 'fr-BE'] });
    assert.deepEqual([status, body.locale, body.locales], [200, 'fr', ['fr', 'de']]);
    const plain = await sell();
    assert.deepEqual(Object.keys(choices(await createAgent().open(plain))), ['fr', 'de'], 'what it does not speak cannot be chosen');
    assert.deepEqual([await spoken(plain, 'es'), await spoken(plain, 'es, de;q=0.1'), await spoken(`${plain}?locale=es`, 'en'), await spoken(`${plain}?locale=de`, 'en')], ['fr', 'de', 'fr', 'de']);
    assert.equal(await spoken(await sell({ locale: 'es' }), 'de'), 'es', 'a payment is sold in its own');
    for (const [given, param] of [[{ locale: 'sv' }, 'locale'], [{ locales: ['de', 'sv'] }, 'locales'], [{ locales: [] }, 'locales'], [{ locale: 'en', locales: ['de'] }, 'locale']]) {
      const refused = await say(given);
      assert.deepEqual([refused.status, refused.body.param], [422, param], JSON.stringify(given));
    }
    assert.deepEqual((await say({})).body.locales, null, 'what is left out is as our pages are');
  });

  for (const [button, end, shown] of [['approve', 'succeeded', /Paid\. Thank you/], ['deny', 'requires_payment_method', /was not charged/]]) {
    test(`goes on to the bank; ${button} ends in ${end}`, async () => {
      const payment = await newCheckout();
      const agent = createAgent();
      const challenge = await visit(payment, CHALLENGED, agent);
      assert.equal(await statusOf(payment), 'requires_action');
      const ended = await agent.submit(challenge, {}, { button });
      assert.match(ended.text, shown);
      assert.equal(await statusOf(payment), end);
    });
  }

  test('says why 3-D Secure refused a card, and counts what is left', async () => {
    const payment = await newCheckout();
    const agent = createAgent();
    assert.match((await visit(payment, '4000000000003139', agent)).text, /role="alert"[^]*could not make sure that it is you/);
    const { text } = await visit(payment, '4000000000003147', agent);
    assert.match(text, /role="alert"[^]*bank does not allow this payment/);
    const left = Number(/data-stoa-left="(\d+)"/.exec(text)[1]);
    assert.ok(left > 0 && left <= 24 * 3600, `${left} s`);
  });

  test('tells a buyer who said yes too late that his money comes back', async () => {
    const payment = await newCheckout();
    const agent = createAgent();
    const challenge = await visit(payment, CHALLENGED, agent);
    assert.equal((await outcomeOf((options) => seller.call('POST', `/v1/payments/${payment.id}/cancel`, undefined, options))).status, 200);
    assert.match((await createAgent().open(payment.checkout.url)).text, /was canceled[^]*Nothing was charged/);
    await agent.submit(challenge, {}, { button: 'approve' });
    await eventually(async () => /was canceled[^]*goes back to you/.test((await createAgent().open(payment.checkout.url)).text), { what: 'the late yes' });
  });

  test('says why a card was declined, and another one pays', async () => {
    const payment = await newCheckout();
    const agent = createAgent();
    const declined = await visit(payment, DECLINED, agent);
    assert.match(declined.text, /role="alert"[\s\S]*not have enough money/);
    assert.match((await visit(payment, GOOD, agent)).text, /Paid\. Thank you/);
  });

  test('of a payment in two steps says that the amount is reserved, and afterwards what was charged', async () => {
    const payment = await newCheckout({ capture_method: 'manual' });
    const reserved = await visit(payment, GOOD);
    assert.match(reserved.text, /Reserved\. Thank you[\s\S]*10\.00 EUR[\s\S]*Reserved until/);
    await seller.call('POST', `/v1/payments/${payment.id}/capture`, { amount: 250 });
    assert.match((await createAgent().open(payment.checkout.url)).text, /Charged so far[\s\S]*2\.50 EUR/);
    await seller.call('POST', `/v1/payments/${payment.id}/cancel`);
    const receipt = (await createAgent().open(payment.checkout.url)).text;
    assert.match(receipt, /Paid\. Thank you[\s\S]*2\.50 EUR/);
    assert.doesNotMatch(receipt, /10\.00 EUR/);
  });

  test('lets the buyer take another card instead of asking his bank, and charges once', async () => {
    const payment = await newCheckout();
    const agent = createAgent();
    await visit(payment, CHALLENGED, agent);
    const waiting = await agent.open(payment.checkout.url);
    const cardPage = await agent.submit(waiting, {}, { button: 'Use another card' });
    assert.match((await card(agent, cardPage, GOOD)).text, /Paid\. Thank you/);
    assert.equal(await statusOf(payment), 'succeeded');
  });

  test('in two tabs makes one charge', async () => {
    const payment = await newCheckout();
    const agent = createAgent();
    const tabs = await Promise.all([1, 2].map(async () => agent.submit(await agent.open(payment.checkout.url), {}, { button: 'Pay by card' })));
    const ends = await Promise.all(tabs.map((tab) => card(agent, tab, GOOD)));
    assert.ok(ends.every(({ status }) => status === 200));
    assert.equal(await statusOf(payment), 'succeeded');
    const charges = await s.psql(`select call_id from pay.acquirer_call where payment_id = '${payment.id}' and state <> 'declined'`);
    assert.equal(charges.length, 1);
  });

  test('takes a state once, and only from the browser that set out', async () => {
    const payment = await newCheckout();
    const buyer = createAgent();
    const cardPage = await buyer.submit(await buyer.open(payment.checkout.url), {}, { button: 'Pay by card' });
    const back = await card(buyer, cardPage, GOOD, { until: (url) => url.pathname.endsWith('/return') });
    await createAgent().open(back.url);
    const another = createAgent();
    await another.submit(await another.open(payment.checkout.url), {}, { button: 'Pay by card' });
    await another.open(back.url);
    assert.equal(await statusOf(payment), 'requires_payment_method', 'nor from one that set out by itself');
    await buyer.open(back.url);
    assert.equal(await statusOf(payment), 'succeeded');
    await buyer.open(back.url);
    const uses = await s.psql(`select call_id from pay.acquirer_call where payment_id = '${payment.id}'`);
    assert.equal(uses.length, 1);
    const refused = await newCheckout(), set = await buyer.submit(await buyer.open(refused.checkout.url), {}, { button: 'Pay by card' });
    const again = await card(buyer, set, '4000 0000 0000 0002', { until: (url) => url.pathname.endsWith('/return') });
    for (let i = 0; i < 2; i += 1) await buyer.open(again.url);
    assert.deepEqual((await s.psql(`select state from pay.acquirer_call where payment_id = '${refused.id}'`)).map(({ state }) => state), ['declined'], 'nor a second time when it was declined');
  });

  /* Set out from our own page, and come back with a token as far as our door. */
  async function backWith(buyer, { checkout }, query = '') {
    const cardPage = await buyer.open(`${s.env.pay_api}/pay/${checkout.session}/start`, { method: 'POST', body: query });
    return card(buyer, cardPage, GOOD, { until: (url) => url.pathname.endsWith('/return') });
  }

  test('asks who comes back without a cookie whether he pays, and charges at his yes, once', async () => {
    const payment = await newCheckout(), bare = createAgent();
    const { url } = await backWith(createAgent(), payment, 'locale=de');
    const asked = await bare.open(url);
    assert.match(asked.text, /<html lang="de"[^]*Ihre Karte wurde noch nicht belastet[^]*name="card_token"/);
    assert.equal(await statusOf(payment), 'requires_payment_method');
    const door = () => fetch(url, { redirect: 'manual' });
    assert.equal((await door()).status, 200, 'and asks again');
    assert.match((await bare.submit(asked, {}, { button: 'bezahlen' })).text, /<html lang="de"[^]*Visa •• 4242/);
    assert.equal(await statusOf(payment), 'succeeded');
    await bare.submit(asked, {}, { button: 'bezahlen' });
    assert.equal((await door()).status, 303, 'there is nothing to ask any more');
    assert.equal((await s.psql(`select call_id from pay.acquirer_call where payment_id = '${payment.id}'`)).length, 1, 'though the button was pressed twice');
  });

  test('asks nobody about a state that was never given, is too old, or is that of another payment', async () => {
    const [payment, other] = [await newCheckout(), await newCheckout()];
    const { url } = await backWith(createAgent(), payment);
    const goesOn = async ({ checkout }, fields) => {
      const words = new URLSearchParams({ ...Object.fromEntries(url.searchParams), ...fields }), door = `${s.env.pay_api}/pay/${checkout.session}/return`;
      const answers = [await fetch(`${door}?${words}`, { redirect: 'manual' }), await fetch(door, { method: 'POST', body: words, redirect: 'manual' })];
      assert.deepEqual(answers.map(({ status }) => status), [303, 303]);
    };
    await goesOn(payment, { state: 'none' });
    await goesOn(other);
    await s.psql(`update pay.checkout_attempt set created_at = now() - interval '3 hours' where payment_id = '${payment.id}'`);
    await goesOn(payment);
    assert.deepEqual([await statusOf(payment), await statusOf(other)], ['requires_payment_method', 'requires_payment_method']);
  });

  test('of no payment of ours is not found', async () => {
    const { checkout } = await newCheckout();
    for (const session of ['cs_x', `${checkout.session.slice(0, -1)}${checkout.session.endsWith('0') ? '1' : '0'}`]) {
      assert.equal((await fetch(`${s.env.pay_api}/pay/${session}`)).status, 404);
    }
  });

  test('may be framed by the origins of the payment only', async () => {
    const policy = async (url) => /frame-ancestors ([^;]*)/.exec((await fetch(url)).headers.get('content-security-policy'))[1];
    const named = await newCheckout({ origins: ['https://a.example', 'https://b.example:8443'] });
    assert.equal(await policy(named.checkout.embed_url), 'https://a.example https://b.example:8443');
    assert.equal(await policy(named.checkout.url), "'none'");
    assert.equal(await policy((await newCheckout()).checkout.embed_url), 'https://shop.example');
    assert.equal(await policy((await newCheckout({ return_url: undefined })).checkout.embed_url), "'none'");
    const { status, body } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1, currency: 'EUR', description: 'x', origins: ["https://a.example; script-src 'unsafe-inline'"] });
    assert.deepEqual([status, body.param], [422, 'origins']);
  });

  test('framed, keeps its cookie for the site around it, which is all that browsers keep there', async () => {
    const { checkout } = await newCheckout();
    const set = async (address) => (await fetch(address, { method: 'POST', body: new URLSearchParams() })).headers.get('set-cookie');
    assert.match(await set(`${s.env.pay_api}/embed/checkout/${checkout.session}/start`), /^__Host-stoa_checkout=.*; Secure; SameSite=None; HttpOnly; Partitioned;/);
    assert.match(await set(`${s.env.pay_api}/pay/${checkout.session}/start`), /^__Host-stoa_checkout=.*; Secure; SameSite=Lax; HttpOnly; Max-Age/);
  });

  test('that fails leads back to the payment, and may be framed where it was', async () => {
    const { checkout: { session } } = await newCheckout();
    const fails = async (path, headers, body = new URLSearchParams({ method: 'cash' })) => {
      const answer = await fetch(`${s.env.pay_api}${path}`, { method: 'POST', headers, body });
      const text = await answer.text();
      return [answer.status, /frame-ancestors ([^;]*)/.exec(answer.headers.get('content-security-policy'))[1], /class="button strong" href="([^"]*)"/.exec(text)?.[1]];
    };
    const framed = { 'sec-fetch-dest': 'iframe' };
    assert.deepEqual(await fails(`/pay/${session}/start`), [422, "'none'", `/pay/${session}`]);
    assert.deepEqual(await fails(`/embed/checkout/${session}/start`, framed), [422, '*', `/embed/checkout?s=${session}`]);
    assert.deepEqual(await fails(`/pay/${session}x/start`, {}), [422, "'none'", undefined], 'no session of ours');
    assert.equal((await fails('/cards/none', framed))[1], "'none'", 'other pages are framed by nobody');
  });

  test('framed, pays in the frame', async () => {
    const payment = await newCheckout();
    const receipt = await visit(payment, GOOD, createAgent(), payment.checkout.embed_url);
    assert.match(receipt.text, /data-stoa-state="complete"/);
    assert.equal(await statusOf(payment), 'succeeded');
  });

  test('that was not paid in time is closed', async () => {
    const payment = await newCheckout();
    await s.psql(`update pay.payment set expires_at = now() - interval '1 second' where payment_id = '${payment.id}'`);
    assert.match((await createAgent().open(payment.checkout.url)).text, /no longer open/);
    assert.equal(await statusOf(payment), 'expired');
    const { status, body } = await seller.call('POST', `/v1/payments/${payment.id}/confirm`, { payment_token: 'tok_test_visa' });
    assert.deepEqual([status, body.code], [409, 'payment_expired']);
  });

  test('has its loader under one name', async () => {
    const answer = await fetch(`${s.env.pay_api}/js/v1.js`);
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type'), /javascript/);
  });
});
