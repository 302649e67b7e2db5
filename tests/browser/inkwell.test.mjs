/* What the partner's site says when things stand otherwise than its session believes: a consent that was withdrawn, a purchase that is given up. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { app } from '../support/authenticator_app.mjs';
import { notice } from '../support/bank.mjs';
import { eventually } from '../support/eventually.mjs';
import { startStack } from '../support/stack.mjs';
import { inspector } from './axe.mjs';
import { openBrowser } from './browser.mjs';
import { logIn, typeCard } from './inkwell.mjs';

let s, browser, site;
const see = inspector('inkwell');

before(async () => {
  s = await startStack({ profile: 'demo' });
  site = s.env.partner_site;
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await s?.stop();
});

async function consent(page) {
  await page.click('button:has-text("Allow")');
  await page.waitForURL(`${site}/studio`);
}

async function withdraw(page) {
  await page.goto(`${s.env.issuer}/account/access`);
  await page.click('form[action="/account/apps/end"] button');
  await page.waitForSelector('text=None.');
}

test('a writer who withdrew the consent is told so wherever that shows, and connects again to what was there', async () => {
  const page = await browser.person();
  await logIn(page, site, s.env.demo.seller);
  await page.click('a:has-text("Connect payments")');
  await consent(page);
  await page.fill('#store-name', 'Ada writes');
  await page.click('button:has-text("Open the store")');
  await page.waitForSelector('text=Your store: Ada writes');
  const form = await page.context().newPage();
  await form.goto(`${site}/studio`);

  await withdraw(page);
  /* paysrv learns of it within a second or two. */
  await eventually(async () => {
    await page.goto(`${site}/studio`);
    return page.isVisible('#reconnect');
  }, { what: 'the token is refused' });
  const month = new Date().toISOString().slice(0, 7);
  for (const path of ['/studio', `/studio/statements/${month}`, '/studio/payouts/po_x']) {
    await page.goto(`${site}${path}`);
    await page.waitForSelector('#reconnect');
  }
  await see(page, 'not-connected');
  for (const [field, text] of Object.entries({ holder: 'Ada Lovelace', iban: 'DE89370400440532013000', town: 'Berlin', country: 'DE' })) await form.fill(`#${field}`, text);
  await form.click('button:has-text("Save the bank account")');
  await form.waitForSelector('#reconnect');

  await page.click('a:has-text("Connect payments again")');
  await consent(page);
  assert.match(await page.innerText('main'), /Your store: Ada writes/);

  /* And when only the refresh token says it: the access token is over by itself. */
  await s.psql("update auth.grants set revoked_at = now() - interval '1 day' where client_id = 'inkwell' and revoked_at is null and user_id is not null");
  await s.kill('inkwell');
  const file = join(s.data, 'inkwell/inkwell.json'), data = JSON.parse(readFileSync(file, 'utf8'));
  for (const connection of Object.values(data.connections)) connection.until = 0;
  writeFileSync(file, JSON.stringify(data));
  await s.restart('inkwell');
  await logIn(page, site, s.env.demo.seller);
  await page.waitForSelector('#reconnect');
});

test('a reader who gives up in the frame is back at the article', async () => {
  const page = await browser.person();
  await logIn(page, site, s.env.demo.buyer);
  await page.goto(site);
  await page.click('article a');
  const article = page.url();
  await page.click('button:has-text("Buy this article")');
  await page.waitForURL(/\/orders\//);
  await page.frameLocator('stoa-checkout iframe').locator('a[data-stoa-cancel]').click();
  await page.waitForURL(article);
});

test('a reader who transferred a part and then pays in another way is told on every page that it goes back', async () => {
  const page = await browser.person({ javaScriptEnabled: false });
  await logIn(page, site, s.env.demo.buyer);
  await page.goto(site);
  await page.click('article a');
  await page.click('button:has-text("Buy this article")');
  await page.click('text=Pay on a separate page');
  await page.click('button:has-text("Pay by bank transfer")');
  const reference = await page.locator('dl.transfer div:has(dt:text-is("Reference")) dd').innerText();
  const file = join(s.data, 'notice.xml');
  writeFileSync(file, notice([{ amount: 400, credit: { for: reference.replaceAll(' ', ''), from: 'Bob Reader', iban: 'DE89370400440532013000' } }]));
  assert.equal((await s.operator('paysrv', 'bank', 'import', file)).code, 0);
  assert.doesNotMatch(await page.innerText('main'), /goes back/);
  await page.click('button:has-text("Pay in another way")');
  assert.match(await page.innerText('main'), /4\.00.EUR that you had transferred goes back to your account/);
  assert.ok((await page.locator('.note .amount').boundingBox()).height < 24, 'which does not look like a price');
  await page.click('button:has-text("Pay by card")');
  await typeCard(page, '4242424242424242');
  await page.click('button.strong');
  await page.waitForSelector('h1.done');
  assert.match(await page.innerText('main'), /10\.00.EUR[^]*4\.00.EUR that you had transferred goes back to your account/);
});

test('a writer whose payout wants a second factor is sent to Stoa for it, and it is asked for when he is back', async () => {
  const limit = await s.operator('paysrv', 'payouts', 'limit', 'inkwell', '--currency', 'EUR', '--step-up-from', '100', '--step-up-acr', 'urn:stoa:acr:2fa phr', '--step-up-max-age', '600');
  assert.equal(limit.code, 0, limit.stderr);
  const page = await browser.person();
  await logIn(page, site, s.env.demo.seller);
  await page.click('a[href="/connect"]');
  await page.waitForSelector('button:has-text("Allow"), #store-name, #iban', { state: 'attached' });
  if (await page.isVisible('button:has-text("Allow")')) await consent(page);
  if (await page.isVisible('#store-name')) {
    await page.fill('#store-name', 'Ada writes');
    await page.click('button:has-text("Open the store")');
  }
  for (const [field, text] of Object.entries({ holder: 'Ada Lovelace', iban: 'DE89370400440532013000', town: 'Berlin', country: 'DE' })) await page.fill(`#${field}`, text);
  await page.click('button:has-text("Save the bank account")');
  const begin = async () => page.locator('form[action="/studio/schedules"] button').click();
  await begin();
  await page.waitForSelector('[role="alert"]:has-text("a second factor")');
  assert.equal(await page.isVisible('#reconnect'), false, 'nobody has withdrawn anything');
  await page.goto(`${s.env.issuer}/account/totp`);
  const code = app(await page.textContent('.secret'));
  await page.fill('#code', code());
  await page.click('main form button');
  await page.locator('.codes li').first().waitFor();
  await s.psql('update auth.totp set last_step = 0');
  await page.goto(`${site}/studio`);
  await begin();
  await page.getByRole('heading', { name: 'One more step' }).waitFor();
  await page.fill('#code', code());
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${site}/studio/schedules/*`);
  await page.goto(`${site}/studio`);
  assert.equal(await page.getAttribute('#schedule', 'data-status'), 'awaiting_code');
  await page.context().close();
});
