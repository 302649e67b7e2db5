/*
 * The account pages and passkeys in Chromium, with its virtual authenticator, over TLS under a name, since browsers have no passkeys for
 * addresses. IDENTITY.md J 94, SURFACES.md L1, L14; every page under axe-core, in light and in dark and narrow, and without JavaScript.
 */
import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { after, before, test } from 'node:test';
import { addUser } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';
import { makePki } from '../support/tls.mjs';
import { DARK_NARROW, inspector, walk } from './axe.mjs';
import { openBrowser } from './browser.mjs';

const HOST = 'login.stoa.test';
let s, browser, pki, origin;
const see = inspector('account');
const focused = (page) => page.evaluate(() => document.activeElement.id);

before(async () => {
  pki = makePki();
  const own = pki.issue('server', { extensions: `subjectAltName=DNS:${HOST}` });
  const key = createHash('sha256').update(new X509Certificate(own.cert).publicKey.export({ type: 'spki', format: 'der' })).digest('base64');
  s = await startStack({ profile: 'login' });
  origin = `https://${HOST}:${new URL(s.env.issuer).port}`;
  browser = await openBrowser({ args: [`--host-resolver-rules=MAP ${HOST} 127.0.0.1`, `--ignore-certificate-errors-spki-list=${key}`] });
  await s.restart('authsrv', { env: { AUTHSRV_ISSUER: origin, AUTHSRV_TLS_CERTIFICATE_FILE: own.certFile, AUTHSRV_TLS_KEY_FILE: own.keyFile } });
});

after(async () => {
  await browser?.close();
  await s?.stop();
  pki?.remove();
});

async function signIn(page, user, path = '/account') {
  await page.goto(`${origin}${path}`);
  if (new URL(page.url()).pathname === '/login') {
    await page.fill('#email', user.email);
    await page.fill('#password', user.password);
    await page.click('main form:has(#password) button');
  }
  await page.waitForURL((url) => url.pathname === path);
}

/* The device of a person: a platform authenticator that knows them. */
async function withAuthenticator(page, options = {}) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true, ...options },
  });
  return { set: (method, more) => cdp.send(`WebAuthn.${method}`, { authenticatorId, ...more }), cdp };
}

const withoutAutofill = (page) => page.addInitScript(() => { PublicKeyCredential.isConditionalMediationAvailable = async () => false; });
const idOf = async (user) => (await s.psql(`select id from auth.users where login = '${user.email}'`))[0].id;
const failures = async () => Number((await s.psql("select count(*) as n from auth.audit where action = 'login.failed' and detail = 'passkey'"))[0].n);

async function addPasskey(page, user, name) {
  await signIn(page, user, '/account/passkeys');
  await page.fill('#name', name);
  await page.click('#passkey button');
  await page.waitForURL(/done=passkey$/);
}

async function byPasskey(page) {
  await page.context().clearCookies();
  await page.goto(`${origin}/account`);
  await page.waitForSelector('#passkey:not([hidden])');
  await page.click('#passkey button');
}

test('a passkey is added, signs in with the button, and its session is the strongest', async () => {
  const user = await addUser(s);
  const page = await browser.person();
  await withoutAutofill(page);
  await withAuthenticator(page);
  await addPasskey(page, user, 'My laptop');
  assert.match(await page.textContent('main'), /The passkey is added/);
  await s.mail(user.email, /A passkey was added/);
  await byPasskey(page);
  await page.waitForURL(`${origin}/account`);
  assert.ok((await page.textContent('main')).includes(user.email));
  const rows = await s.psql(`select amr from auth.session where user_id = '${await idOf(user)}' and ended_at is null order by created_at desc`);
  assert.equal(rows[0].amr, 'hwk user mfa');
  await page.goto(`${origin}/account/passkeys`);
  assert.match(await page.textContent('.held'), /My laptop/);
  await page.context().close();
});

test('the browser offers the passkey in the e-mail field (conditional mediation)', async () => {
  const user = await addUser(s);
  const page = await browser.person();
  await withAuthenticator(page);
  await addPasskey(page, user, 'Autofill');
  await page.context().clearCookies();
  await page.goto(`${origin}/account`);
  await page.waitForURL(`${origin}/account`);
  await page.waitForSelector(`text=${user.email}`);
  await page.context().close();
});

test('without the person, with a used challenge, or with a counter that stood still there is no log-in', async () => {
  const user = await addUser(s);
  const page = await browser.person();
  await withoutAutofill(page);
  const device = await withAuthenticator(page);
  await addPasskey(page, user, 'Guarded');

  await device.set('setUserVerified', { isUserVerified: false });
  await byPasskey(page);
  await page.waitForSelector('#passkey-failed:not([hidden])');
  await device.set('setUserVerified', { isUserVerified: true });

  const posted = page.waitForRequest((one) => one.url().endsWith('/login/passkey'));
  await page.click('#passkey button');
  const body = (await posted).postData();
  await page.waitForURL(`${origin}/account`);
  const before_ = await failures();
  const again = await page.evaluate(async (form) => (await fetch('/login/passkey', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: form })).url, body);
  assert.ok(again.startsWith(origin));
  assert.equal(await failures(), before_ + 1, 'the same answer again');

  await s.psql(`update auth.passkey set sign_count = 1000000 where user_id = '${await idOf(user)}'`);
  await byPasskey(page);
  await page.waitForURL(/failed=passkey/);
  assert.match(await page.textContent('[role="alert"]'), /could not be accepted/);
  await s.mail(user.email, /may have been copied/);
  await page.context().close();
});

test('a passkey can be removed, but not the last way in', async () => {
  const user = await addUser(s);
  const page = await browser.person();
  await withoutAutofill(page);
  await withAuthenticator(page);
  await addPasskey(page, user, 'Only one');
  const id = await idOf(user);
  await s.psql(`update auth.users set login = null, password_hash = null where id = '${id}'`);
  await page.goto(`${origin}/account/passkeys`);
  await page.click('.held button');
  await page.waitForSelector('[role="alert"]');
  assert.match(await page.textContent('[role="alert"] >> nth=0'), /last way in/);
  await s.psql(`update auth.users set login = '${user.email}', password_hash = 'x' where id = '${id}'`);
  await page.click('.held button');
  await page.waitForURL(/done=passkey_removed/);
  assert.deepEqual(await s.psql(`select 1 from auth.passkey where user_id = '${id}'`), []);
  await page.context().close();
});

test('a passkey whose answer was lost is there all the same, and one that is removed twice is removed', async () => {
  const user = await addUser(s), id = await idOf(user);
  const page = await browser.person();
  await withoutAutofill(page);
  await withAuthenticator(page);
  const twice = async (path, press, ended) => {
    const posted = page.waitForRequest((one) => one.method() === 'POST' && one.url().endsWith(path));
    await press();
    const body = (await posted).postData();
    await page.waitForURL(ended);
    const again = await page.evaluate(async ([to, form]) => (await fetch(to, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: form })).url, [path, body]);
    assert.match(again, ended);
  };
  const count = async () => (await s.psql(`select count(*)::int as n from auth.passkey where user_id = '${id}'`))[0].n;
  await twice('/account/passkeys', () => addPasskey(page, user, 'Lost'), /done=passkey$/);
  assert.equal(await count(), 1);
  await page.context().clearCookies();
  await page.goto(`${origin}/account`);
  await page.waitForSelector('#passkey:not([hidden])');
  await twice('/login/passkey', () => page.click('#passkey button'), /\/account$/);
  await signIn(page, user, '/account/passkeys');
  await twice('/account/passkeys/remove', () => page.click('.held button'), /done=passkey_removed$/);
  assert.equal(await count(), 0);
  await page.context().close();
});

test('who has a passkey here already is told so; a prompt that is closed can be opened again; beyond twenty there is no room', async () => {
  const user = await addUser(s), id = await idOf(user);
  const page = await browser.person();
  await withoutAutofill(page);
  const device = await withAuthenticator(page);
  await addPasskey(page, user, 'First');
  await page.goto(`${origin}/account/passkeys`);
  await page.click('#passkey button');
  await page.waitForSelector('#passkey-known:not([hidden])');
  assert.equal(await page.isHidden('#passkey-failed'), true);
  await s.psql(`delete from auth.passkey where user_id = '${id}'`);
  await s.psql(`insert into auth.passkey (id, user_id, alg, public_key, sign_count, is_synced, name, created_at) select sha256(n::text::bytea || '${id}'), '${id}', -7, '\\x01', 0, false, 'Old', now() from generate_series(1, 20) n`);
  await page.goto(`${origin}/account/passkeys`);
  await device.set('setUserVerified', { isUserVerified: false });
  await page.click('#passkey button');
  await page.waitForSelector('#passkey-failed:not([hidden])');
  await device.set('setUserVerified', { isUserVerified: true });
  await page.dblclick('#passkey button');
  await page.waitForSelector('[role="alert"]:has-text("no more")');
  assert.equal((await s.psql(`select count(*)::int as n from auth.passkey where user_id = '${id}'`))[0].n, 20);
  await page.context().close();
});

test('a button that is pressed twice sends its form once, and may be pressed again when the page is back', async () => {
  const user = await addUser(s);
  const page = await browser.person();
  await page.goto(`${origin}/account`);
  await page.fill('#email', user.email);
  await page.fill('#password', 'not the password');
  let posts = 0;
  page.on('request', (one) => { posts += one.method() === 'POST' ? 1 : 0; });
  await page.route('**/login', async (route) => { await new Promise((resolve) => { setTimeout(resolve, 300); }); await route.continue(); });
  await page.dblclick('main form:has(#password) button');
  await page.waitForSelector('[role="alert"]');
  assert.equal(posts, 1);
  await page.fill('#password', user.password);
  await page.click('main form:has(#password) button');
  await page.waitForURL(`${origin}/account`);
  assert.equal(posts, 2);
  await page.context().close();
});

test('no barrier on the account pages', async () => {
  const user = await addUser(s);
  const page = await browser.person();
  await withoutAutofill(page);
  await withAuthenticator(page);
  await page.goto(`${origin}/account`);
  await page.waitForSelector('#passkey:not([hidden])');
  await see(page, 'login');
  await addPasskey(page, user, 'Mine');
  await see(page, 'account');
  for (const path of ['/account/passkeys', '/account/password', '/account/totp', '/recover']) {
    await page.goto(`${origin}${path}`);
    await see(page, path.slice(1).replace('/', '-'));
  }
  await page.goto(`${origin}/account/totp`);
  assert.ok(await page.evaluate(() => document.querySelector('.qr img').naturalWidth > 0), 'the QR code is shown');
  await page.context().close();
});

/* 320 px is also what is left of 1280 px at 400 % zoom, and of 640 at 200 %. */
/* Words that stand on two lines, but for those that are hyphenated; and whether the page is wider than the screen. */
const torn = (page) => page.evaluate(() => {
  const found = document.documentElement.scrollWidth > document.documentElement.clientWidth ? ['wider than the screen'] : [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode())
    for (const word of text.data.matchAll(/(?<!\u00ad)\p{L}{3,}(?!\u00ad)/gu)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      if (new Set([...range.getClientRects()].filter(({ width }) => width > 1).map(({ top }) => Math.round(top))).size > 1) found.push(word[0]);
    }
  return found;
});

test('on the narrowest screen no language is wider than it, and no word is torn', async () => {
  const user = await addUser(s);
  for (const locale of ['de', 'es', 'fr', 'it', 'pl', 'pt-BR', 'ru', 'tr', 'uk']) {
    const page = await browser.person({ viewport: { width: 320, height: 640 }, locale });
    await page.goto(`${origin}/account`);
    assert.deepEqual([locale, await page.getAttribute('html', 'lang'), await torn(page)], [locale, locale, []]);
    await signIn(page, user);
    for (const path of ['/account', '/account/totp', '/account/passkeys', '/account/access', '/account/delete', '/account/password', '/logout']) {
      await page.goto(`${origin}${path}`);
      assert.deepEqual([locale, path, await torn(page)], [locale, path, []]);
    }
    await page.context().close();
  }
});

test('by keyboard alone on the narrowest screen: Tab goes through the page in its order, and where it is can be seen', async () => {
  const user = await addUser(s);
  const page = await browser.person({ viewport: DARK_NARROW.viewport });
  await page.goto(`${origin}/account`);
  assert.deepEqual(await walk(page), [], 'log-in');
  await page.focus('#email');
  await page.keyboard.type(user.email);
  await page.keyboard.press('Tab');
  while (await focused(page) !== 'password') await page.keyboard.press('Tab');
  await page.keyboard.type(user.password);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/account$/);
  for (const path of ['/account', '/account/access', '/account/partners', '/account/passkeys', '/account/password', '/account/totp', '/account/data', '/account/delete', '/recover']) {
    await page.goto(`${origin}${path}`);
    assert.deepEqual(await walk(page), [], path);
  }
  await page.context().close();
});

test('without JavaScript everything but passkeys works, and no dead button is shown', async () => {
  const user = await addUser(s);
  const page = await browser.person({ javaScriptEnabled: false });
  await page.goto(`${origin}/account`);
  assert.equal(await page.isVisible('#passkey'), false);
  await signIn(page, user, '/account/passkeys');
  assert.equal(await page.isVisible('#passkey'), false);
  assert.match(await page.textContent('#passkey-none'), /needs a browser/);
  await signIn(page, user, '/account/password');
  const attempt = async (current, password) => {
    await page.fill('#current', current);
    await page.fill('#password', password);
    await page.press('#password', 'Enter');
  };
  for (const [current, password, wrong] of [['not the password', 'five brown owls sitting', 'current'], [user.password, 'short', 'password']]) {
    await attempt(current, password);
    await page.waitForSelector(`#${wrong}[aria-invalid="true"]`);
    assert.deepEqual([await focused(page), await page.locator('[aria-invalid="true"]').count()], [wrong, 1], 'what is wrong, and nothing else, is said to be, and has the focus');
  }
  await attempt(user.password, 'five brown owls sitting');
  await page.waitForURL(/done=password/);
  await page.click('text=Sign out');
  await page.click('button:has-text("Sign out")');
  await page.waitForSelector('text=You are signed out');
  await page.goto(`${origin}/account`);
  await page.waitForURL(/\/login\?/);
  await page.context().close();
});
