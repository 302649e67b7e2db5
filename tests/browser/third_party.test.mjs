/*
 * The checkout in the page of another site, where browsers keep no cookies as before: in private windows of Chromium (which every context here is),
 * in Safari and strict Firefox. The partner's page is at localhost, the servers are at 127.0.0.1.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { newSeller } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';
import { album, openBrowser } from './browser.mjs';

const CARD_3DS = '4000000000003220';
const shoot = album('third-party');
let s, seller, browser, server, shop, payment;

function partnerPage(request, response) {
  const { session, url, embed_url: embed } = payment.checkout;
  response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>Shop</title>
<stoa-checkout session="${session}" embed-url="${embed}"><a href="${url}">Pay on a separate page</a></stoa-checkout>
<script>window.heard = []; for (const type of ['complete', 'cancel', 'error']) addEventListener(type, (event) => event.detail?.session && heard.push(type));</script>
<script type="module" src="${s.env.pay_api}/js/v1.js"></script>`);
}

before(async () => {
  server = createServer(partnerPage);
  await new Promise((done) => server.listen(0, done));
  shop = `http://localhost:${server.address().port}`;
  s = await sharedStack();
  seller = await newSeller(s.env);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  await s?.stop();
});

/* The page with a payment of its own, and the frame in it. */
async function openFrame() {
  const { status, body } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'A book', origins: [shop] });
  assert.equal(status, 201, JSON.stringify(body));
  payment = body;
  const page = await browser.person();
  await page.goto(shop);
  const frame = page.frameLocator('stoa-checkout iframe');
  return { page, frame };
}

async function typeCard(frame) {
  await frame.locator('text=Pay by card').first().click();
  await frame.locator('[autocomplete="cc-number"]').fill(CARD_3DS);
  await frame.locator('[autocomplete="cc-exp"]').fill('12 / 34');
  await frame.locator('[autocomplete="cc-csc"]').fill('123');
}

async function approves(page, frame) {
  await frame.locator('button[value="approve"]').click();
  await frame.locator('text=Paid. Thank you').waitFor();
  assert.deepEqual(await page.evaluate(() => window.heard), ['complete']);
  assert.equal((await seller.call('GET', `/v1/payments/${payment.id}`)).body.status, 'succeeded');
  await page.context().close();
}

test('a card with 3-D Secure pays in the frame', async () => {
  const { page, frame } = await openFrame();
  await typeCard(frame);
  await frame.locator('button[type="submit"]').first().click();
  await approves(page, frame);
});

test('a browser that keeps no cookies at all: the frame asks, and its button pays', async () => {
  const { page, frame } = await openFrame();
  await typeCard(frame);
  await page.context().clearCookies();
  await frame.locator('button[type="submit"]').first().click();
  await frame.locator('text=Your card has not been charged yet').waitFor();
  await shoot(page, 'asked');
  assert.equal((await seller.call('GET', `/v1/payments/${payment.id}`)).body.status, 'requires_payment_method');
  await frame.locator('button:has-text("Pay")').click();
  await approves(page, frame);
});

test('what fails in the frame is said there, and leads back to the payment', async () => {
  const { page, frame } = await openFrame();
  const button = frame.locator('text=Pay by card').first();
  await button.evaluate((one) => Object.assign(one, { name: 'method', value: 'cash' }));
  await button.click();
  await frame.locator('text=This did not work').waitFor();
  await shoot(page, 'failed');
  await frame.locator('text=Try again').click();
  await typeCard(frame);
  await frame.locator('button[type="submit"]').first().click();
  await approves(page, frame);
});
