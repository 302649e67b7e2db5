/*
 * The log-in button of docs/protocol/login-button.md as a client's page has it, with authsrv as it is: how it looks and is called, that it needs
 * nothing of the page's policy, and the small window from the click to its end.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { addClient, addUser, redeem, request } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { inspector } from './axe.mjs';
import { openBrowser } from './browser.mjs';

const BUDGET_BYTES = 3 * 1024;
const LANGUAGES = { en: 'Continue', de: 'Weiter', fr: 'Continuer', es: 'Continuar', pt: 'Continuar', it: 'Continua', pl: 'Kontynuuj', tr: 'devam', ru: 'Продолжить', uk: 'Продовжити', zh: '继续', ja: '続行', ar: 'المتابعة', he: 'המשך' };
const document_ = readFileSync(new URL('../../docs/protocol/login-button.md', import.meta.url), 'utf8');
const see = inspector('login-button');

let s, rp, user, browser, server, origin, page, refused;
/* What the client remembers of its one visitor: the request that is under way, and who is logged in. */
let asked, subject;

const snippet = (file) => new RegExp(`^\`\`\`html ${file}\n([^]*?)\n\`\`\`$`, 'm').exec(document_)[1].replaceAll('https://id.example.com', s.env.issuer);
const html = (content) => `<!doctype html><html lang="en"><title>Client</title><meta name="viewport" content="width=device-width"><main><h1>Client</h1>${content}</main></html>`;

const show = (response, content, more = '') => response.writeHead(200, {
  'content-type': 'text/html; charset=utf-8',
  'cross-origin-opener-policy': 'same-origin',
  'content-security-policy': `default-src 'none'; script-src ${new URL(s.env.issuer).origin}; style-src 'none'; ${more}require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'`,
}).end(html(content));

async function fedcmRequest() {
  asked = await request(rp, { redirect: `${origin}/cb`, scope: 'openid email' });
  const { code_challenge, code_challenge_method, state, scope, nonce } = Object.fromEntries(asked.url.searchParams);
  return { configURL: `${s.env.issuer}/fedcm/config.json`, clientId: rp.id, nonce, params: { code_challenge, code_challenge_method, state, scope } };
}

async function fedcmDone(incoming) {
  const callback = new URL(`${origin}/cb`);
  for (const [name, value] of Object.entries(await json(incoming))) callback.searchParams.set(name, value);
  subject = (await redeem(rp, { ...asked, callback })).claims().sub;
  return { href: '/account' };
}

async function client(incoming, response) {
  const { url, method } = incoming;
  const { pathname, searchParams } = new URL(url, origin);
  if (pathname === '/login') return show(response, snippet('login.html').replace('<stoa-login-button', `<stoa-login-button ${searchParams.get('with') ?? ''}`), `connect-src 'self' ${new URL(s.env.issuer).origin}; `);
  if (pathname === '/login/fedcm') return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(method === 'GET' ? await fedcmRequest() : await fedcmDone(incoming)));
  if (pathname === '/login/start') {
    asked = await request(rp, { redirect: `${origin}/cb`, scope: 'openid' });
    return response.writeHead(303, { location: asked.url.href }).end();
  }
  if (pathname === '/cb') {
    subject = (await redeem(rp, { ...asked, callback: new URL(url, origin) })).claims().sub;
    return response.writeHead(303, { location: '/done' }).end();
  }
  if (pathname === '/done') return show(response, snippet('done.html'));
  return show(response, pathname === '/account' ? `<p id="who">${subject}</p>` : '');
}

before(async () => {
  server = createServer((incoming, response) => client(incoming, response).catch((error) => response.writeHead(500).end(String(error))));
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${server.address().port}`;
  s = await sharedStack();
  [rp, user] = await Promise.all([addClient(s, { redirect: [`${origin}/cb`], metadata: { application_type: 'native' } }), addUser(s)]);
  browser = await openBrowser({ hasWindow: true });
  page = await browser.person();
  refused = [];
  page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
});

after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  await s?.stop();
});

const open = async (attributes = '', on = page) => {
  await on.goto(`${origin}/login?with=${encodeURIComponent(attributes)}`);
  await on.waitForFunction(() => document.querySelector('stoa-login-button').shadowRoot?.querySelector('a'));
};
const button = (on = page) => on.locator('stoa-login-button').getByRole('link');
const set = (attributes) => page.evaluate((all) => {
  const element = document.querySelector('stoa-login-button');
  for (const [name, value] of Object.entries(all)) element.setAttribute(name, value);
}, attributes);
const box = async () => button().boundingBox();

async function logIn(on) {
  await on.getByRole('textbox', { name: 'E-mail', exact: true }).fill(user.email);
  await on.getByLabel('Password').fill(user.password);
  await on.getByRole('button', { name: 'Sign in' }).click();
  const allow = on.getByRole('button', { name: 'Allow' });
  /* The small window may be gone by now. */
  await allow.or(on.locator('stoa-login-end')).first().waitFor().catch(() => {});
  if (!on.isClosed() && await allow.count()) await allow.click().catch((error) => on.isClosed() || Promise.reject(error));
}

test('the scripts are for every page, and keep to their budget', async () => {
  for (const [path, budget] of [['/js/login-v1.js', BUDGET_BYTES], ['/js/login-fedcm-v1.js', BUDGET_BYTES / 4]]) {
    const answer = await fetch(new URL(path, s.env.issuer));
    const script = Buffer.from(await answer.arrayBuffer());
    assert.equal(answer.status, 200);
    assert.deepEqual(['content-type', 'access-control-allow-origin', 'cross-origin-resource-policy', 'cache-control', 'set-cookie'].map((name) => answer.headers.get(name)),
      ['text/javascript; charset=utf-8', '*', 'cross-origin', 'public, max-age=3600', null]);
    assert.ok(brotliCompressSync(script).length <= budget, `${path}: ${brotliCompressSync(script).length} bytes`);
  }
});

test('under a policy that allows nothing but the script, it is called what it says in 14 languages, two of them mirrored', async () => {
  await open();
  for (const [language, word] of Object.entries(LANGUAGES)) {
    await set({ locale: language });
    const name = await button().innerText();
    assert.ok(name.includes(word) && name.includes('Acme'), `${language}: ${name}`);
    assert.equal(await page.getByRole('link', { name, exact: true }).count(), 1, language);
    assert.equal(await button().getAttribute('dir'), ['ar', 'he'].includes(language) ? 'rtl' : 'ltr');
  }
  await set({ locale: 'ar' });
  const mark = await button().locator('svg').boundingBox();
  const label = await button().locator('span').boundingBox();
  assert.ok(mark.x > label.x, 'the mark stands where the text begins');
  assert.deepEqual(refused, []);
});

test('whatever a page sets, size, clear space and name stay; unknown values are the first ones', async () => {
  await open();
  const plain = await box();
  assert.ok(plain.height >= 44 && plain.x - (await page.locator('stoa-login-button').boundingBox()).x === 8);
  await set({ size: 'medium', width: '9000' });
  assert.deepEqual([(await box()).height, (await box()).width], [40, 400]);
  await set({ width: '1' });
  assert.equal((await box()).width, 200);
  await set({ text: 'x', theme: 'x', shape: 'x', size: 'x', logo: 'x', type: 'x', mode: 'x', locale: 'x-y', width: 'x' });
  assert.deepEqual(await box(), plain);
  await set({ type: 'icon', text: 'sign_up' });
  assert.equal(await button().getAttribute('aria-label'), 'Sign up with Acme');
  assert.deepEqual([(await box()).height, (await box()).width], [44, 44]);
  await set({ href: 'javascript:alert(1)' });
  assert.equal(await page.evaluate(() => document.querySelector('stoa-login-button').shadowRoot.querySelector('a').getAttribute('href')), null);
});

test('every theme can be read, focused and seen with forced colours', async () => {
  await open();
  for (const theme of ['auto', 'light', 'dark', 'neutral', 'outline']) {
    await set({ theme });
    await see(page, theme);
  }
  await page.keyboard.press('Tab');
  const style = () => button().evaluate((link) => [getComputedStyle(link).outlineStyle, getComputedStyle(link).borderStyle]);
  assert.deepEqual(await style(), ['solid', 'solid']);
  await page.emulateMedia({ forcedColors: 'active' });
  await set({ theme: 'light' });
  const [ink, ground] = await button().evaluate((link) => [getComputedStyle(link).color, getComputedStyle(link).backgroundColor]);
  await set({ theme: 'dark' });
  assert.deepEqual(await button().evaluate((link) => [getComputedStyle(link).color, getComputedStyle(link).backgroundColor]), [ink, ground], 'the colours are the person’s');
  await page.emulateMedia({ forcedColors: 'none' });
});

test('the small window: logged in there, and the page goes on; the code was never in a page', async () => {
  await open();
  const [small] = await Promise.all([page.waitForEvent('popup'), button().click()]);
  const addresses = [];
  small.on('framenavigated', (frame) => addresses.push(frame.url()));
  assert.equal(await button().getAttribute('aria-disabled'), 'true');
  const closed = small.waitForEvent('close');
  await small.getByRole('textbox', { name: 'E-mail', exact: true }).waitFor();
  await small.waitForFunction(() => innerWidth === 480 && innerHeight === 640);
  assert.equal(await small.evaluate(() => window.opener), null, 'our pages keep whoever opened them out');
  await logIn(small);
  await closed;
  await page.waitForURL(`${origin}/account`);
  assert.equal(await page.locator('#who').innerText(), subject);
  assert.ok(addresses.every((address) => !address.startsWith(origin) || !address.includes('code=')), String(addresses));
});

/* The person is logged in by now. */
test('the browser’s own window (FedCM): it says who is logged in, and the page goes on; without an account there, or a yes, the link leads on', async () => {
  const dialogs = [], cdp = await page.context().newCDPSession(page);
  let choice = 'selectAccount';
  await cdp.send('FedCm.enable', { disableRejectionDelay: true });
  cdp.on('FedCm.dialogShown', async (dialog) => {
    dialogs.push(dialog);
    assert.equal(dialog.dialogType, 'AccountChooser');
    await cdp.send(`FedCm.${choice}`, choice === 'selectAccount' ? { dialogId: dialog.dialogId, accountIndex: 0 } : { dialogId: dialog.dialogId, triggerCooldown: false });
  });
  const before = subject;
  subject = undefined;
  await open('fedcm="/login/fedcm"');
  await button().click();
  await page.waitForURL(`${origin}/account`);
  assert.equal(subject, before, 'the same person as by the page');
  assert.deepEqual(dialogs.map((one) => one.accounts[0].email), [user.email]);
  choice = 'dismissDialog';
  subject = undefined;
  await open('fedcm="/login/fedcm" mode="popup"');
  await button().click();
  await page.waitForURL(`${origin}/account`);
  assert.deepEqual([subject, dialogs.length], [before, 2], 'by the link, which asked nothing: the person is logged in and allowed it');
  await cdp.detach();
});

test('messages that do not know the ticket, or lead elsewhere, are not believed', async () => {
  await open();
  const heard = await page.evaluate(() => new Promise((done) => {
    const tickets = [];
    const { setItem } = Storage.prototype;
    Storage.prototype.setItem = function (key, value) { tickets.push(value); setItem.call(this, key, value); };
    window.open = () => window;
    const seen = [];
    addEventListener('login', (event) => { event.preventDefault(); seen.push(event.detail.href); done(seen); });
    document.querySelector('stoa-login-button').shadowRoot.querySelector('a').click();
    const channel = new BroadcastChannel('stoa-login');
    const end = (ticket, href) => channel.postMessage({ ticket, type: 'end', href });
    end('1-2-3-4', '/guessed');
    end(tickets[0], 'https://evil.example/');
    end(tickets[0], 'javascript:alert(1)');
    end(tickets[0], '/account');
  }));
  assert.deepEqual(heard, [`${origin}/account`]);
});

test('a window that is refused, or no window wanted: the page itself goes, through the same end', async () => {
  for (const attributes of ['', 'mode="redirect"']) {
    await open(attributes);
    await page.evaluate(() => { window.open = () => null; });
    await button().click();
    await page.waitForURL(`${origin}/account`);
  }
});

test('without JavaScript there is the link, to the same end', async () => {
  const plain = await browser.person({ javaScriptEnabled: false });
  await plain.goto(`${origin}/login`);
  await plain.getByRole('link', { name: 'Continue with Acme' }).click();
  await logIn(plain);
  await plain.waitForURL(`${origin}/done`);
  await plain.getByRole('link', { name: 'Continue' }).click();
  await plain.waitForURL(`${origin}/account`);
});
