/*
 * The pages that people meet, as the servers give them, under axe-core, in light on a wide screen and in dark on the narrowest. In a run of its own,
 * so that nobody has consented yet, and who has no account may open one.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { address, codeIn } from '../support/first_party.mjs';
import { addClient, request, REDIRECT } from '../support/relying_party.mjs';
import { codeIn as codeOf, newSeller, ofRequest, wrongCode } from '../support/seller.mjs';
import { startStack } from '../support/stack.mjs';
import { appear, DARK_NARROW, inspector, LIGHT } from './axe.mjs';
import { album, openBrowser } from './browser.mjs';
import { logIn, typeCard } from './inkwell.mjs';

const CARD_3DS = '4000000000003220';
let stack, browser, site;

before(async () => {
  stack = await startStack({ profile: 'demo', env: { AUTHSRV_SELF_REGISTRATION: 'true' } });
  site = stack.env.partner_site;
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await stack?.stop();
});

const see = inspector('live');
const focused = (page) => page.evaluate(() => document.activeElement.id);

async function payByCard(scope, number) {
  await typeCard(scope, number);
  await scope.locator('button[type="submit"]').first().click();
}

/* What a frame shows is seen whole, once the page around has heard how high it is: nobody scrolls inside a box to find the button. */
async function seenWhole(page, what) {
  const frame = page.frames().find((one) => one.parentFrame());
  await eventually(async () => {
    const [content, room] = await frame.evaluate(() => [document.documentElement.scrollHeight, window.innerHeight]);
    return content <= room || assert.fail(`${content} px of content in a frame of ${room} px`);
  }, { what: `${what} is seen whole` });
}

test("the reader's way", async () => {
  const page = await browser.person();
  await page.goto(`${site}/login`);
  await see(page, 'inkwell-login');
  await logIn(page, site, stack.env.demo.buyer);
  await page.goto(site);
  await see(page, 'inkwell-articles');
  await page.click('a:has-text("How a story finds its price")');
  await see(page, 'inkwell-article');
  await page.click('button:has-text("Buy this article")');
  const frame = page.frameLocator('stoa-checkout iframe');
  await frame.locator('text=Pay by card').first().waitFor();
  await page.locator('stoa-checkout > a').waitFor({ state: 'hidden' });
  await see(page, 'embedded-checkout');
  const order = page.url();
  for (const look of [LIGHT, DARK_NARROW]) { /* the frame is given its room when the person leaves our page in it */
    await appear(page, look);
    await frame.locator('text=Pay by card').first().click();
    await frame.locator('[autocomplete="cc-number"]').waitFor();
    await seenWhole(page, `the card page, ${look.name},`);
    if (look === DARK_NARROW) await see(page, 'embedded-card');
    await payByCard(frame, CARD_3DS);
    await frame.locator('button[value="deny"]').waitFor();
    await seenWhole(page, `the 3-D Secure page, ${look.name},`);
    if (look === DARK_NARROW) await see(page, 'embedded-3ds');
    await frame.locator('button[value="deny"]').click();
    await frame.locator('text=The card was not charged').waitFor();
  }
  await see(page, 'embedded-declined');
  await frame.locator('text=Pay by wallet').click();
  await frame.locator('text=Continue to your wallet').waitFor();
  await seenWhole(page, 'the page that waits for the wallet');
  const [tab] = await Promise.all([page.context().waitForEvent('page'), frame.locator('text=Continue to your wallet').click()]);
  await tab.click('button[value="cancel"]');
  await tab.waitForSelector('text=The wallet did not pay');
  await tab.close();
  await frame.locator('text=I have confirmed it').click();
  await frame.locator('text=The wallet did not pay').waitFor();
  assert.equal(page.url(), order);
  await page.context().close();
});

test("the reader's way on separate pages", async () => {
  const page = await browser.person();
  await logIn(page, site, stack.env.demo.buyer);
  await page.goto(site);
  await page.click('a:has-text("How a story finds its price")');
  await page.click('button:has-text("Buy this article")');
  await page.goto(await page.getAttribute('stoa-checkout > a', 'href'));
  await page.waitForURL(/\/pay\/cs_/);
  const checkout = page.url();
  await see(page, 'hosted-checkout');
  for (const [locale, direction, words] of [['de', 'ltr', 'Mit Karte bezahlen'], ['ar', 'rtl', 'الدفع بالبطاقة']]) {
    await page.click('.languages summary');
    await see(page, `languages-to-${locale}`);
    await page.click(`.languages a[hreflang="${locale}"]`);
    await page.waitForSelector(`html[lang="${locale}"][dir="${direction}"] >> text=${words}`);
    await see(page, `hosted-checkout-${locale}`);
  }
  await page.goto(checkout);
  await page.locator('text=Pay by card').first().click();
  await page.waitForSelector('[autocomplete="cc-number"]');
  await see(page, 'card');
  await payByCard(page, '4242');
  await page.waitForSelector('[role="alert"]');
  await see(page, 'card-with-mistakes');
  assert.equal(await focused(page), 'number', 'of several wrong fields the first has the focus');
  await payByCard(page, CARD_3DS);
  await page.waitForSelector('button[value="deny"]');
  await see(page, '3ds');
  await page.click('button[value="deny"]');
  await page.waitForSelector('text=The card was not charged');
  await see(page, 'declined');
  await page.click('text=Pay by wallet');
  await page.waitForSelector('#user');
  await see(page, 'wallet-login');
  await page.fill('#user', 'nobody');
  await page.click('text=Log in');
  await page.waitForSelector('#user-mistake');
  await see(page, 'wallet-login-mistake');
  const wallet = page.url();
  await page.goBack();
  await page.goto(checkout);
  await page.waitForSelector('text=Pay in another way');
  await see(page, 'wallet-waiting');
  await page.goto(wallet);
  await page.fill('#user', 'poor@wallet.example');
  await page.click('text=Log in');
  await page.waitForSelector('button[value="approve"]');
  await see(page, 'wallet');
  await page.click('button[value="approve"]');
  await page.waitForSelector('text=The wallet did not pay');
  await page.click('text=Pay by wallet');
  await page.fill('#user', 'buyer@wallet.example');
  await page.click('text=Log in');
  await page.click('button[value="approve"]');
  await page.waitForSelector('text=Paid. Thank you');
  await page.context().close();
});

test("the writer's way", async () => {
  const page = await browser.person();
  await page.goto(`${stack.env.issuer}/authorize?client_id=nobody`);
  await see(page, 'unknown-client');
  await logIn(page, site, stack.env.demo.seller);
  await see(page, 'studio');
  await page.click('a:has-text("Connect payments")');
  await page.waitForSelector('button:has-text("Deny")');
  await see(page, 'consent');
  await page.click('button:has-text("Deny")');
  await page.waitForURL(new RegExp(`^${site}`));
  await page.waitForSelector('[role="alert"]');
  await see(page, 'consent-denied');
  const seller = await newSeller(stack.env);
  await seller.sell(10_000);
  const { body: payout } = await seller.request(100), mail = await stack.mail(seller.email, ofRequest(payout.label));
  await page.goto(new RegExp(`${stack.env.pay_api}/confirm/\\S+`).exec(mail.text)[0]);
  await see(page, 'code');
  await page.fill('#code', wrongCode(codeOf(mail)));
  await page.click('button:has-text("Confirm")');
  await page.waitForSelector('[role="alert"]');
  assert.equal(await focused(page), 'code');
  await see(page, 'code-wrong');
  await page.fill('#code', codeOf(mail));
  await page.click('button:has-text("Confirm")');
  await page.waitForSelector('h1:has-text("Confirmed")');
  await see(page, 'code-done');
  await page.context().close();
});

test("the operator's way", async () => {
  const page = await browser.person();
  await page.goto(`${stack.env.pay_api}/operator`);
  await see(page, 'operator-login');
  await page.fill('input[autocomplete~="username"]', stack.env.admin.username);
  await page.fill('input[type="password"]', 'not the password');
  await page.locator('form:has(input[type="password"]) button').first().click();
  await page.waitForSelector('[role="alert"]');
  await see(page, 'operator-wrong-password');
  assert.equal(await focused(page), 'password');
  await page.fill('input[type="password"]', stack.env.admin.password);
  await page.locator('form:has(input[type="password"]) button').first().click();
  await page.waitForURL(/\/operator$/);
  await see(page, 'operator-overview');
  await page.click('a[href*="/operator/payments/"]');
  await page.waitForURL(/\/operator\/payments\//);
  await see(page, 'operator-payment');
  await page.click('a[href$="/journal"]');
  await see(page, 'operator-journal');
  await page.goto(`${stack.env.pay_api}/operator/payouts`);
  await see(page, 'operator-payouts');
  for (const [name, path, link] of [['seller', 'sellers', 'main td a'], ['store', 'stores', 'main td a'], ['webhook', 'webhooks', 'main td a'], ['ledger', 'ledger?partner=inkwell'], ['debts', 'negative_balances'], ['anomalies', 'anomalies'], ['reversals', 'reversals?all=true'], ['closed-anomalies', 'anomalies?status=closed'], ['closed-breaks', 'bank?closed=true&decided=true'], ['requests', 'requests?partner=inkwell'], ['reports', `reports?partner=inkwell&currency=EUR&month=${new Date().toISOString().slice(0, 7)}`]]) {
    await page.goto(`${stack.env.pay_api}/operator/${path}`);
    if (link) await page.locator(link).first().click();
    await see(page, `operator-${name}`);
  }
  await page.setViewportSize({ width: 1100, height: 800 });
  const [wide, needed] = await page.locator('select[name="account"]').evaluate((shown) => {
    const whole = shown.cloneNode(true);
    whole.style.inlineSize = 'max-content';
    shown.after(whole);
    const widths = [shown.offsetWidth, whole.offsetWidth];
    whole.remove();
    return widths;
  });
  assert.ok(wide >= needed, `a choice that needs ${needed} px has ${wide}`);
  await page.goto(`${stack.env.pay_api}/operator/disputes`);
  await see(page, 'operator-disputes');
  await page.goto(`${stack.env.pay_api}/operator/bank`);
  await see(page, 'operator-bank');
  await page.goto(`${stack.env.pay_api}/operator/payments/pay_none`);
  await see(page, 'operator-not-found');
  await page.goto(`${stack.env.pay_api}/operator/callback?state=none`);
  await see(page, 'operator-login-refused');
  await page.click('a:has-text("Try again")');
  await page.click('button:has-text("Sign out")');
  await page.waitForSelector('text=You are signed out');
  await see(page, 'operator-signed-out');
  await page.context().close();
});

test('a person opens an account on the way to an application, without JavaScript', async () => {
  const shot = album('sign-up');
  const rp = await addClient(stack);
  const to = address();
  const page = await browser.person({ javaScriptEnabled: false });
  await page.route(`${REDIRECT}**`, (route) => route.fulfill({ body: 'arrived' }));
  await page.goto((await request(rp)).url.href);
  await page.click('text=Open an account');
  await page.fill('#name', 'Nora New');
  await page.fill('#email', to);
  await shot(page, 'address');
  await page.click('main form button');
  const code = codeIn(await stack.mail(to));
  await page.fill('#code', code);
  await page.fill('#password', 'short');
  await page.press('#password', 'Enter');
  await page.waitForSelector('#password[aria-invalid="true"]');
  assert.deepEqual([await focused(page), await page.inputValue('#code')], ['password', code], 'of what is refused the code is not');
  await page.fill('#password', 'four quiet herons walking');
  await shot(page, 'code');
  await page.click('main form button');
  await shot(page, 'consent');
  await page.waitForSelector('main:has-text("Nora New")');
  await page.click('text=Allow');
  await page.waitForURL((url) => url.href.startsWith(REDIRECT));
  assert.ok(new URL(page.url()).searchParams.get('code'));
  await page.context().close();
});
