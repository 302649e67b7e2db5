/*
 * The pages that people meet, as the servers give them, under axe-core: in light on a wide screen and in dark on the narrowest. In a run of its own,
 * so that nobody has consented yet; the writer denies the consent and the buyer the payment, so that the second look finds it all as the first did.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startStack } from '../support/stack.mjs';
import { barriers, overflow } from './axe.mjs';
import { album, openBrowser } from './browser.mjs';

const CARD_3DS = '4000000000003220';
const LOOKS = [
  ['light', { colorScheme: 'light', viewport: { width: 1000, height: 900 } }],
  ['dark-narrow', { colorScheme: 'dark', viewport: { width: 320, height: 800 } }],
];

let stack, browser, site;

before(async () => {
  stack = await startStack({ profile: 'demo' });
  site = stack.env.partner_site;
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await stack?.stop();
});

/* Looks at every page and says at the end what was found on any of them. */
function looker(look) {
  const shoot = album(`live-${look}`);
  const found = [];
  const see = async (page, where) => {
    await shoot(page, where);
    found.push(...[...(await barriers(page)), ...(await overflow(page))].map((what) => `${where}: ${what}`));
  };
  see.end = async (page) => {
    await page.context().close();
    assert.deepEqual(found.splice(0), []);
  };
  see.found = found;
  return see;
}

async function logIn(page, { email, password }) {
  await page.goto(`${site}/login`);
  await page.fill('#email', email);
  await page.fill('#password', password);
  await page.click('main button');
  await page.waitForURL((url) => !url.pathname.startsWith('/login'));
}

async function typeCard(scope, number) {
  await scope.locator('[autocomplete="cc-number"]').fill(number);
  await scope.locator('[autocomplete="cc-exp"]').fill('12 / 34');
  await scope.locator('[autocomplete="cc-csc"]').fill('123');
  await scope.locator('button[type="submit"]').first().click();
}

/* What a frame shows is seen whole: nobody scrolls inside a box to find the button. */
async function hiddenInFrame(page, where) {
  const frame = page.frames().find((one) => one.parentFrame());
  const [content, room] = await frame.evaluate(() => [document.documentElement.scrollHeight, window.innerHeight]);
  return content <= room ? [] : [`${where}: ${content} px of content in a frame of ${room} px`];
}

for (const [look, screen] of LOOKS) {
  const see = looker(look);

  test(`the reader's way, ${look}`, async () => {
    const page = await browser.person(screen);
    await page.goto(`${site}/login`);
    await see(page, 'inkwell-login');
    await logIn(page, stack.env.demo.buyer);
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
    await frame.locator('text=Pay by card').first().click();
    await frame.locator('[autocomplete="cc-number"]').waitFor();
    see.found.push(...(await hiddenInFrame(page, 'card page')));
    await see(page, 'embedded-card');
    await typeCard(frame, CARD_3DS);
    await frame.locator('button[value="deny"]').waitFor();
    see.found.push(...(await hiddenInFrame(page, '3-D Secure page')));
    await see(page, 'embedded-3ds');
    await frame.locator('button[value="deny"]').click();
    await frame.locator('text=The card was not charged').waitFor();
    await see(page, 'embedded-declined');
    assert.equal(page.url(), order);
    await see.end(page);
  });

  test(`the reader's way on separate pages, ${look}`, async () => {
    const page = await browser.person(screen);
    await logIn(page, stack.env.demo.buyer);
    await page.goto(site);
    await page.click('a:has-text("How a story finds its price")');
    await page.click('button:has-text("Buy this article")');
    await page.goto(await page.getAttribute('stoa-checkout > a', 'href'));
    await page.waitForURL(/\/pay\/cs_/);
    await see(page, 'hosted-checkout');
    await page.locator('text=Pay by card').first().click();
    await page.waitForSelector('[autocomplete="cc-number"]');
    await see(page, 'card');
    await typeCard(page, '4242');
    await page.waitForSelector('[role="alert"]');
    await see(page, 'card-with-mistakes');
    await typeCard(page, CARD_3DS);
    await page.waitForSelector('button[value="deny"]');
    await see(page, '3ds');
    await page.click('button[value="deny"]');
    await page.waitForSelector('text=The card was not charged');
    await see(page, 'declined');
    await see.end(page);
  });

  test(`the writer's way, ${look}`, async () => {
    const page = await browser.person(screen);
    await page.goto(`${stack.env.issuer}/authorize?client_id=nobody`);
    await see(page, 'unknown-client');
    await logIn(page, stack.env.demo.seller);
    await see(page, 'studio');
    await page.click('a:has-text("Connect payments")');
    await page.waitForSelector('button:has-text("Deny")');
    await see(page, 'consent');
    await page.click('button:has-text("Deny")');
    await page.waitForURL(new RegExp(`^${site}`));
    await page.waitForSelector('[role="alert"]');
    await see(page, 'consent-denied');
    await see.end(page);
  });

  test(`the operator's way, ${look}`, async () => {
    const page = await browser.person(screen);
    await page.goto(`${stack.env.pay_api}/operator`);
    await see(page, 'operator-login');
    await page.fill('input[autocomplete~="username"]', stack.env.admin.username);
    await page.fill('input[type="password"]', 'not the password');
    await page.locator('form:has(input[type="password"]) button').first().click();
    await page.waitForSelector('[role="alert"]');
    await see(page, 'operator-wrong-password');
    await page.fill('input[type="password"]', stack.env.admin.password);
    await page.locator('form:has(input[type="password"]) button').first().click();
    await page.waitForURL(/\/operator$/);
    await see(page, 'operator-overview');
    await page.click('a[href*="/operator/payments/"]');
    await page.waitForURL(/\/operator\/payments\//);
    await see(page, 'operator-payment');
    await page.goto(`${stack.env.pay_api}/operator/payouts`);
    await see(page, 'operator-payouts');
    await page.goto(`${stack.env.pay_api}/operator/payments/pay_none`);
    await see(page, 'operator-not-found');
    await page.goto(`${stack.env.pay_api}/operator/callback?state=none`);
    await see(page, 'operator-login-refused');
    await page.click('a:has-text("Try again")');
    await page.click('button:has-text("Sign out")');
    await page.waitForSelector('text=You are signed out');
    await see(page, 'operator-signed-out');
    await see.end(page);
  });
}
