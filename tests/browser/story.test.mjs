/*
 * The whole story as its people live it: a writer of Inkwell connects payments and opens a store, a reader buys inside the page with a card that
 * asks for 3-D Secure, the price is split 5 / 25 / 70 for all to see, and the writer is paid out with the mailed code. Then the same purchase without JavaScript.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { command, example } from '../interop/support.mjs';
import { notice } from '../support/bank.mjs';
import { INSECURE, inFile } from '../support/relying_party.mjs';
import { eventually } from '../support/eventually.mjs';
import { partnerToken, pay } from '../support/people.mjs';
import { codeIn } from '../support/seller.mjs';
import { freePortBase, startStack } from '../support/stack.mjs';
import { album, openBrowser } from './browser.mjs';
import { logIn, typeCard } from './inkwell.mjs';

const CARD_3DS = '4000000000003220';
const CARD_GOOD = '4242424242424242';
const IBAN = 'DE89370400440532013000';

let stack, browser, site;

before(async () => {
  stack = await startStack({ profile: 'demo', env: { STOA_DEMO_CONFIRMATIONS: 'requisite,store' } }); /* as `./stoa up` seeds it */
  site = stack.env.partner_site;
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await stack?.stop();
});

async function publish(page, title, price) {
  await page.goto(`${site}/studio`);
  await page.fill('#title', title);
  await page.fill('#teaser', 'It begins quietly.');
  await page.fill('#body', 'And here is the rest.\n\nThe end.');
  await page.fill('#price', price);
  await page.click('button:has-text("Publish")');
  await page.waitForSelector(`a:has-text("${title}")`);
}

async function startBuying(page, title) {
  await page.goto(site);
  await page.click(`a:has-text("${title}")`);
  await page.click('button:has-text("Buy this article")');
  await page.waitForURL(/\/orders\//);
}

/* Pages and mails are for people: no raw times, no codes of the database. */
function assertForPeople(text) {
  assert.doesNotMatch(text, /\d{4}-\d\d-\d\dT|awaiting_code|(?<!payment\.)requires_\w+|acquirer_receivable|usr_/);
}

async function shares(page, row) {
  const read = (party) => row.locator(`[data-share="${party}"]`).innerText();
  return { platform: await read('platform'), partner: await read('partner'), seller: await read('seller') };
}

/* A form of the page as its button pressed twice sends it; goes where both end. */
async function twice(page, form) {
  const ends = await page.$eval(form, (one) => Promise.all([1, 2].map(async () => (await fetch(one.action, { method: 'POST', body: new URLSearchParams(new FormData(one)) })).url)));
  assert.equal(ends[0], ends[1]);
  await page.goto(ends[0]);
}

const focused = (page) => page.evaluate(() => document.activeElement.id);

const SPLIT = { platform: '0.50 EUR', partner: '2.50 EUR', seller: '7.00 EUR' };
const people = {};

test('a writer connects payments with the account they already have', async () => {
  const shoot = (people.shootWriter = album('story-writer'));
  const page = (people.writer = await browser.person());
  await logIn(page, site, stack.env.demo.seller);
  await shoot(page, 'studio-before');
  await page.click('a:has-text("Connect payments")');
  await page.waitForSelector('text=Inkwell');
  assert.equal(new URL(page.url()).origin, stack.env.issuer, 'the partner session passes through to our consent page');
  await shoot(page, 'consent');
  await page.click('button:has-text("Allow")');
  await page.waitForURL(`${site}/studio`);
  await page.fill('#store-name', 'Ada writes');
  await shoot(page, 'open-store');
  await page.click('button:has-text("Open the store")');
  await page.waitForSelector('#code');
  await page.goto(`${site}/studio`);
  await page.click('a:has-text("waits for your code")');
  await page.fill('#code', codeIn(await stack.mail(stack.env.demo.seller.email, /Confirm a store/)));
  await shoot(page, 'store-code');
  await page.click('button:has-text("Confirm")');
  await page.waitForSelector('#balance');
  assert.match(await page.innerText('#balance'), /^0\.00 EUR/);
  await publish(page, 'The lighthouse', '10.00');
  await shoot(page, 'published');
});

test('a reader buys inside the page with a 3-D Secure card', async () => {
  const shoot = album('story-reader');
  const page = (people.reader = await browser.person());
  await logIn(page, site, stack.env.demo.buyer);
  await startBuying(page, 'The lighthouse');
  const frame = page.frameLocator('stoa-checkout iframe');
  await frame.locator('text=10').first().waitFor();
  await shoot(page, 'embedded-checkout');
  await frame.locator('text=Pay by card').first().click();
  await frame.locator('[autocomplete="cc-number"]').waitFor();
  await typeCard(frame, CARD_3DS);
  await shoot(page, 'card-in-the-page');
  assert.match(page.url(), new RegExp(`^${site}/orders/`), 'the buyer never left the partner’s page');
  await frame.locator('button[type="submit"], button:not([type])').first().click();
  const approve = frame.locator('button[value="approve"]');
  await approve.waitFor();
  await shoot(page, 'three-d-secure');
  await approve.click();
  await page.waitForSelector('#order-status:has-text("paid")');
  await shoot(page, 'paid');
  await page.click('text=Read it');
  await page.waitForSelector('#full-text');
  await shoot(page, 'article');
});

test('writer, partner and operator see the split', async () => {
  const { writer } = people;
  await writer.goto(`${site}/studio`);
  assert.deepEqual(await shares(writer, writer.locator('tr[data-payment]').first()), SPLIT);
  assert.match(await writer.innerText('#balance'), /^7\.00 EUR/);
  await people.shootWriter(writer, 'split-for-the-writer');

  const shoot = album('story-partner');
  const editor = await browser.person();
  await logIn(editor, site, stack.env.demo.editor);
  await editor.waitForSelector('#partner-balance');
  assert.equal(await editor.innerText('#partner-balance'), '2.50 EUR');
  assert.deepEqual(await shares(editor, editor.locator('tr[data-payment]').first()), SPLIT);
  await shoot(editor, 'split-for-the-partner');
});

test('the operator sees payment, postings and split', async () => {
  const shoot = album('story-operator');
  const page = await browser.person();
  await page.goto(`${stack.env.pay_api}/operator`);
  await page.fill('input[autocomplete~="username"]', stack.env.admin.username);
  await page.fill('input[type="password"]', stack.env.admin.password);
  await shoot(page, 'login');
  await page.locator('form:has(input[type="password"]) button').first().click();
  await page.waitForURL(/\/operator/);
  await page.waitForSelector('text=The lighthouse');
  await shoot(page, 'overview');
  assert.match(await page.innerText('header'), new RegExp(`Signed in as ${stack.env.admin.username}`));
  await page.locator('a[href*="/operator/payments/"]:has-text("The lighthouse")').first().click();
  await page.waitForURL(/\/operator\/payments\//);
  const text = await page.innerText('main');
  for (const amount of ['0.50', '2.50', '7.00', '10.00']) assert.ok(text.includes(amount), `${amount} is on the page`);
  assert.match(text, /Acquirer receivable[^]*Seller's balance · Ada Writer/);
  assert.match(text, /\d{4}-\d\d-\d\d \d\d:\d\d UTC/);
  assertForPeople(text);
  await shoot(page, 'payment');
});

test('the writer is paid out with the mailed code, and a wrong code is refused', async () => {
  const { writer, shootWriter } = people;
  await writer.goto(`${site}/studio`);
  await writer.fill('#holder', 'Ada Lovelace');
  await writer.fill('#iban', IBAN.replace(/0$/, '1'));
  await writer.fill('#street', 'Teststr. 1');
  await writer.fill('#postcode', '10115');
  await writer.fill('#town', 'Berlin');
  await writer.fill('#country', 'DE');
  await writer.click('button:has-text("Save the bank account")');
  assert.match(await writer.innerText('[role="alert"]'), /^IBAN: the check digits do not match/);
  assert.equal(await writer.inputValue('#town'), 'Berlin', 'what was typed stays');
  await writer.fill('#iban', IBAN);
  await writer.click('button:has-text("Save the bank account")');
  await writer.waitForSelector('#code');
  await shootWriter(writer, 'bank-account-code');
  const asked = await stack.mail(stack.env.demo.seller.email, /where you are paid out/);
  assertForPeople(asked.text);
  for (const text of [asked.text, await writer.innerText('main')]) assert.match(text, /DE•• •••• 3000[^]*Ada Lovelace/);
  await writer.fill('#code', codeIn(asked));
  await writer.click('button:has-text("Confirm")');
  await writer.waitForSelector('#amount');
  await writer.fill('#amount', '7.00');
  await twice(writer, 'form[action="/studio/payouts"]');
  await writer.waitForSelector('#code');
  await shootWriter(writer, 'payout-requested');

  const mail = await stack.mail(stack.env.demo.seller.email, /Confirm payout/);
  const code = /\b(\d{4}) ?(\d{4})\b/.exec(mail.text).slice(1).join('');
  assert.match(mail.text, /7\.00/);
  assert.match(mail.text, /3000/, 'the mail names the masked account');
  assert.match(mail.text, /only for 10 minutes\./);
  assertForPeople(mail.text);
  assert.match(await writer.innerText('#code-limits'), /Valid for ([5-9]|10) more minutes, until .* UTC\. 5 attempts left\./);
  assertForPeople(await writer.innerText('main'));

  const wrong = String((Number(code) + 1) % 1e8).padStart(8, '0');
  await writer.fill('#code', wrong);
  await writer.click('button:has-text("Confirm the payout")');
  await writer.waitForSelector('#code-error');
  assert.match(await writer.innerText('#code-error'), /4 attempts left/);
  assert.equal(await focused(writer), 'code', 'typing goes on where the mistake was');
  await shootWriter(writer, 'wrong-code');
  await stack.psql("update pay.payout_code set created_at = now() + interval '1 minute' where is_live"); /* however slow this is, it is too soon */
  await writer.click('button:has-text("Send a new code")');
  assert.match(await writer.innerText('#code-error'), /^Another code can be mailed in \d+ s\.$/);

  await writer.fill('#code', `${code.slice(0, 4)} ${code.slice(4)}`);
  await writer.click('button:has-text("Confirm the payout")');
  await writer.waitForSelector('#payout-status:has-text("confirmed")');
  await shootWriter(writer, 'confirmed');
  await writer.goto(`${site}/studio`);
  assert.match(await writer.innerText('#balance'), /^0\.00 EUR/);
  assert.match(await writer.innerText('main'), /7\.00 EUR on its way to you/);
});

test('the writer reads what came and went, and keeps it as a sheet and on paper', async () => {
  const { writer, shootWriter } = people;
  await writer.goto(`${site}/studio`);
  await writer.click('a:has-text("What came and went")');
  await writer.waitForSelector('#entries');
  await shootWriter(writer, 'statement');
  assertForPeople(await writer.innerText('main'));
  const lines = await writer.locator('#entries tbody tr').allInnerTexts();
  assert.match(lines[0], /^Payout to you\b[^]*-7\.00 EUR\s+0\.00 EUR$/);
  assert.match(lines[1], /^Your part of a sale: The lighthouse\b[^]*\s7\.00 EUR\s+7\.00 EUR$/);
  assert.equal(await writer.innerText('#closing'), '0.00 EUR');
  for (const [link, begins] of [['As PDF', '%PDF-'], ['As CSV', 'entry,date,time,kind,']]) {
    const [file] = await Promise.all([writer.waitForEvent('download'), writer.click(`a:has-text("${link}")`)]);
    const bytes = Buffer.concat(await (await file.createReadStream()).toArray());
    assert.equal(bytes.subarray(0, begins.length).toString(), begins);
    if (link === 'As CSV') assert.match(bytes.toString(), /,payout_hold,po_\w+,.*,-7\.00,0\.00,EUR,/);
  }
});

test('payouts that the link in the mail stops are on no way, and say so', async () => {
  const { writer, shootWriter } = people, { email } = stack.env.demo.seller;
  const [{ user_id: user }] = await stack.psql("select user_id from pay.payout where status = 'confirmed'");
  await writer.goto(/\S+\/payouts\/not-me\/\S+/.exec((await stack.mail(email, /7\.00/)).text)[0]);
  await writer.click('button:has-text("Stop all payouts")');
  await writer.goto(`${site}/studio`);
  assert.match(await writer.innerText('#stopped'), /^Your payouts are stopped/);
  assert.match(await writer.innerText('main'), /0\.00 EUR available, 7\.00 EUR confirmed and stopped/);
  assert.equal(await writer.locator('button:has-text("Request the payout"), button:has-text("Pay me out by itself")').count(), 0);
  assert.match(await writer.innerText('#payouts'), /stopped\s+7\.00 EUR/);
  await shootWriter(writer, 'stopped');
  await writer.click('#payouts a');
  assert.match(await writer.innerText('main'), /It does not go out while your payouts are stopped/);
  assert.equal((await stack.operator('paysrv', 'payouts', 'unfreeze', user)).code, 0);
  await writer.goto(`${site}/studio`);
  assert.match(await writer.innerText('main'), /7\.00 EUR on its way to you/);
});

test('another account waits and its owner is told; payouts by themselves begin with a code', async () => {
  const { writer, shootWriter } = people, { email } = stack.env.demo.seller;
  await writer.goto(`${site}/studio`);
  await writer.click('summary:has-text("Another bank account")');
  for (const [field, text] of Object.entries({ holder: 'Ada Lovelace', iban: 'FR1420041010050500013M02606', town: 'Paris', country: 'FR' })) await writer.fill(`#${field}`, text);
  await writer.click('button:has-text("Save the bank account")');
  await writer.waitForSelector('#code');
  const asked = await stack.mail(email, /FR•• •••• 2606/);
  await writer.fill('#code', codeIn(asked));
  await writer.click('button:has-text("Confirm")');
  await writer.waitForSelector('text=FR•• •••• 2606, Ada Lovelace can be paid out to from');
  assert.match((await stack.mail(email, /FR•• •••• 2606/, { after: asked.id })).text, /not-me/, 'and its owner is told, with a link that stops payouts');
  assert.match(await writer.innerText('main'), /To DE•• •••• 3000, Ada Lovelace/, 'until then money goes where it went');
  await shootWriter(writer, 'another-account');

  await writer.selectOption('#every', 'month');
  await writer.click('button:has-text("Pay me out by itself")');
  await writer.waitForSelector('#code');
  await shootWriter(writer, 'schedule-code');
  await writer.fill('#code', codeIn(await stack.mail(email, /Agree to payouts by schedule/)));
  await writer.click('button:has-text("Agree")');
  await writer.waitForSelector('#schedule[data-status="active"]:has-text("Next:")');
  await shootWriter(writer, 'schedule');
  await writer.click('button:has-text("Pause")');
  await writer.waitForSelector('#schedule[data-status="paused"]');
  await writer.click('button:has-text("Go on")');
  await writer.waitForSelector('#schedule[data-status="active"]');
  await writer.click('button:has-text("End it")');
  await writer.waitForSelector('#every');
});

test('an account that the bank cannot reach, and an address that has changed: the studio says what to do', async () => {
  const { writer, shootWriter } = people;
  const [{ user_id: user }] = await stack.psql("select distinct user_id from pay.payout where status = 'confirmed'");
  const alive = await stack.psql(`select requisite_id from pay.requisite where user_id = '${user}' and disabled_at is null`);
  await stack.psql(`update pay.requisite set disabled_at = now(), disabled_reason = 'returned' where user_id = '${user}' and disabled_at is null`);
  await writer.goto(`${site}/studio`);
  const nothingLeft = await writer.innerText('#balance') === '0.00 EUR';
  assert.match(await writer.innerText('#account-ended'), nothingLeft ? /enter another bank account before you request another payout/ : /enter another bank account, and request the payout once more/);
  await shootWriter(writer, 'account-ended');
  await stack.psql(`update pay.requisite set disabled_at = null, disabled_reason = null where requisite_id in ('${alive.map((one) => one.requisite_id).join("', '")}')`);
  await stack.psql(`update pay.pay_user set payouts_from = now() + interval '1 day' where user_id = '${user}'`);
  await writer.goto(`${site}/studio`);
  assert.match(await writer.innerText('#payouts-from'), /nothing is paid out before \d+ \w+ \d+, \d\d:\d\d UTC/);
  assert.equal(await writer.locator('button:has-text("Request the payout")').count(), 0, 'what would be refused is not offered');
  await stack.psql(`update pay.pay_user set payouts_from = null where user_id = '${user}'`);
});

test('the same purchase without JavaScript', async () => {
  const shoot = album('story-no-javascript');
  await publish(people.writer, 'The harbour', '12.34');
  const page = await browser.person({ javaScriptEnabled: false });
  await logIn(page, site, stack.env.demo.buyer);
  await startBuying(page, 'The harbour');
  await shoot(page, 'order');
  await page.click('text=Pay on a separate page');
  await page.waitForURL(/\/pay\/cs_/);
  await shoot(page, 'hosted-checkout');
  await page.locator('text=Pay by card').first().click();
  await typeCard(page, CARD_GOOD);
  await shoot(page, 'card');
  await page.locator('button[type="submit"], button:not([type])').first().click();
  await page.waitForSelector('text=/paid|thank you|receipt/i');
  await shoot(page, 'receipt');
  await page.click('a:has-text("Back to")');
  await page.waitForSelector('#order-status:has-text("paid")');
  await page.click('text=Read it');
  await page.waitForSelector('#full-text');
  await shoot(page, 'article');
});

test('a bank transfer in two parts: the page says what is left, and is a receipt in the end', async () => {
  const shoot = album('story-transfer');
  await publish(people.writer, 'The tide', '20.00');
  const page = await browser.person({ javaScriptEnabled: false });
  await logIn(page, site, stack.env.demo.buyer);
  await startBuying(page, 'The tide');
  await page.click('text=Pay on a separate page');
  await page.waitForURL(/\/pay\/cs_/);
  await page.click('button:has-text("Pay by bank transfer")');
  const fact = (name) => page.locator(`dl.transfer div:has(dt:text-is("${name}")) dd`).innerText();
  const reference = (await fact('Reference')).replaceAll(' ', '');
  assert.deepEqual([(await fact('IBAN')).replaceAll(' ', ''), await fact('Amount')], ['DE75512108001245126199', '20.00 EUR']);
  const code = await page.request.get(await page.locator('.qr img').evaluate((image) => image.src));
  assert.match(await code.text(), /^<svg /);
  await shoot(page, 'what-to-transfer');
  const comes = async (amount) => {
    const file = join(stack.data, `notice-${amount}.xml`);
    writeFileSync(file, notice([{ amount, credit: { for: reference, from: 'Ada Lovelace', iban: IBAN } }]));
    assert.equal((await stack.operator('paysrv', 'bank', 'import', file)).code, 0);
    await page.click('text=Look whether it has arrived');
  };
  await comes(500);
  assert.match(await page.locator('[role="status"]').innerText(), /^5\.00.EUR has arrived/);
  assert.equal(await fact('Amount'), '15.00 EUR', 'who pays what the page says pays it once');
  await shoot(page, 'a-part-has-come');
  await comes(1500);
  await page.waitForSelector('text=/paid|thank you|receipt/i');
  await shoot(page, 'receipt');
  await page.click('a:has-text("Back to")');
  await page.waitForSelector('#order-status:has-text("paid")');
});

test('what goes back is said at its sale, and a balance below zero is called so', async () => {
  const { writer, shootWriter } = people;
  const token = await partnerToken(stack.env, 'pay.payments');
  const call = async (...words) => (await pay(stack.env, token, ...words)).body;
  const [{ store_id: store }] = await stack.psql("select store_id from pay.store where name = 'Ada writes'");
  const sold = (await call('GET', `/v1/payments?store=${store}&status=succeeded`)).data.find(({ method, amount_refunded: back }) => method === 'card' && back === 0);
  assert.equal((await call('POST', `/v1/payments/${sold.id}/refunds`, { amount: 400 })).status, 'succeeded');
  await writer.goto(`${site}/studio`);
  assert.match(await writer.innerText(`tr[data-payment="${sold.id}"]`), /partly refunded: 4\.00 EUR/);
  for (let i = 0; i < 2; i += 1) {
    const { id: card } = await stack.acquirer('POST', '/v1/tokens', { number: '4000000000001166' });
    const payment = await call('POST', '/v1/payments', { store, amount: 10000, currency: 'EUR', description: 'Taken back' });
    assert.equal((await call('POST', `/v1/payments/${payment.id}/confirm`, { payment_token: card })).status, 'succeeded');
    await eventually(async () => (await call('GET', `/v1/disputes?payment=${payment.id}`)).data[0]?.funds === 'held', { what: 'its bank has it back' });
  }
  await writer.goto(`${site}/studio`);
  assert.match(await writer.innerText('main'), /Balance\s+\d+\.\d\d EUR below zero[^]*Your next sales fill it[^]*taken back by the reader’s bank: 100\.00 EUR/);
  assert.equal(await writer.locator('button:has-text("Request the payout")').count(), 0);
  await shootWriter(writer, 'below-zero');
});

test('a button pressed twice does its work once, and what is owned is not sold again', async () => {
  const { writer, reader } = people;
  await writer.goto(`${site}/studio`);
  for (const [field, value] of [['title', 'Six owls'], ['teaser', 'It comes.'], ['body', 'It goes.'], ['price', '3.00']]) await writer.fill(`#${field}`, value);
  await twice(writer, 'form[action="/studio/articles"]');
  assert.equal(await writer.locator('a:has-text("Six owls")').count(), 1);
  await reader.goto(site);
  await reader.click('a:has-text("Six owls")');
  const tab = await reader.context().newPage(), article = reader.url();
  await tab.goto(article);
  await twice(reader, 'form[action$="/buy"]');
  assert.match(reader.url(), /\/orders\//);
  await tab.click('button:has-text("Buy this article")');
  await tab.waitForURL(reader.url());
  await tab.goto(article);
  const frame = reader.frameLocator('stoa-checkout iframe');
  await frame.locator('text=Pay by card').first().click();
  await typeCard(frame, CARD_GOOD);
  await frame.locator('button[type="submit"], button:not([type])').first().click();
  await reader.waitForSelector('#order-status:has-text("paid")');
  await tab.click('button:has-text("Buy this article")');
  await tab.waitForSelector('#full-text');
  assert.equal(tab.url(), article);
  await tab.close();
});

test('nothing is wrong with the money', async () => {
  assert.deepEqual(await stack.psql('select * from pay.v_inv'), []);
});

/* docs/integrate/going-live.md: the same program as another partner, of whose stores the sandbox has the twins. */
async function goesLive(secret, sandbox) {
  const shown = 'going-live.md';
  await command(stack, shown, 'partners add', {});
  await inFile(secret, (file) => command(stack, shown, 'clients add', { 'live.secret': file }));
  await command(stack, shown, 'partners add shop-live', {}, 'paysrv');
  await command(stack, shown, 'partners add shop', {}, 'paysrv');
  const shop = await example('first-payment.md', 'shop.mjs', { env: { ...sandbox, CLIENT_ID: 'shop-live' }, ready: /^Open/m });
  await shop.stop();
  const stores = await stack.psql("select store_id as id, partner_id as partner from pay.store where partner_id in ('shop', 'shop-live')");
  assert.equal(stores.length, 2, 'a store of each');
  const config = await oidc.discovery(new URL(stack.env.issuer), 'shop-live', secret, oidc.ClientSecretBasic(secret), INSECURE);
  const { access_token: token } = await oidc.clientCredentialsGrant(config, { scope: 'pay.users pay.stores' });
  const of = (partner) => stores.find((one) => one.partner === partner).id;
  assert.equal((await pay(stack.env, token, 'GET', `/v1/stores/${of('shop')}`)).status, 404, 'what the sandbox has is not there');
  const twin = await pay(stack.env, token, 'POST', `/v1/stores/${of('shop-live')}/twin`);
  assert.deepEqual([twin.status, twin.body.twin], [200, of('shop-live')], JSON.stringify(twin.body));
  assert.equal((await stack.operator('paysrv', 'partners', 'set', 'shop-live', '--confirmations', 'all')).code, 0);
  await confirmsAll((...call) => pay(stack.env, token, ...call));
}

/* What the page says of a partner whose owners confirm all. */
async function confirmsAll(call) {
  const email = `owner-${randomUUID()}@example.org`, account = { type: 'bank_account', iban: 'DE89370400440532013000', holder_name: 'Ada Lovelace', address: { country: 'DE', town: 'Berlin' } };
  const { status, body: user } = await call('POST', '/v1/users', { name: 'Ada', email });
  assert.deepEqual([status, user.status], [202, 'pending'], JSON.stringify(user));
  const begin = () => Promise.all([call('POST', '/v1/stores', { name: 'Words', user: user.id, currency: 'EUR' }), call('POST', `/v1/users/${user.id}/requisites`, account)]);
  assert.deepEqual((await begin()).map((one) => [one.status, one.body.code]), [[409, 'user_state'], [409, 'user_state']]);
  const { body: confirmed } = await call('POST', `/v1/confirmations/${user.confirmation.id}/confirm`, { code: codeIn(await stack.mail(email)) });
  assert.equal(confirmed.status, 'confirmed', JSON.stringify(confirmed));
  assert.deepEqual((await begin()).map((one) => [one.status, one.body.confirmation?.status]), [[202, 'awaiting_code'], [202, 'awaiting_code']]);
}

test("a partner's first payment is taken by what docs/integrate/first-payment.md shows", async () => {
  const shown = 'first-payment.md', secret = 's'.repeat(32), port = await freePortBase();
  await inFile(secret, async (file) => {
    await command(stack, shown, 'partners add', { 'shop.secret': file });
    await command(stack, shown, 'clients add', { 'shop.secret': file });
  });
  await command(stack, shown, 'partners add', {}, 'paysrv');
  const env = { ISSUER: stack.env.issuer, PAY_API: stack.env.pay_api, CLIENT_ID: 'shop', CLIENT_SECRET: secret, PORT: String(port) };
  const shop = await example(shown, 'shop.mjs', { env, ready: /^Open/m });
  try {
    const page = await browser.person();
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.click('button');
    const frame = page.frameLocator('stoa-checkout iframe');
    await frame.locator('text=Pay by card').first().click();
    await typeCard(frame, CARD_GOOD);
    await frame.locator('button[type="submit"], button:not([type])').first().click();
    await page.waitForURL(/\/paid\?/);
    assert.equal(await page.innerText('p'), 'succeeded: 1000 EUR, of which platform 50, partner 250, seller 700');
  } finally {
    await shop.stop();
  }
  await goesLive(secret, env);
});
