/*
 * <stoa-checkout> between two origins, under the policies of both sides: what it shows, what it believes, and what it does when nothing comes.
 * The framed pages are the golden files of tests/unit/web; no server of ours runs.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { openBrowser } from './browser.mjs';

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const TYPES = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' };
const SESSION = 'cs_01hx8v3k2m';

let browser, pay, partner, page;

function listen(handle) {
  return new Promise((done) => {
    const server = createServer(handle).listen(0, '127.0.0.1', () => done({ server, origin: `http://127.0.0.1:${server.address().port}` }));
  });
}

function payPage(request, response) {
  const { pathname, searchParams } = new URL(request.url, pay.origin);
  if (searchParams.get('s') === 'cs_silent') return;
  if (pathname === '/js/v1.js') {
    response.writeHead(200, { 'content-type': TYPES.js, 'access-control-allow-origin': '*', 'cross-origin-resource-policy': 'cross-origin' });
    response.end(read('web/embed/v1.js'));
    return;
  }
  const asset = /^\/assets\/(\w+)\.HASH\.(\w+)$/.exec(pathname);
  if (asset) {
    response.writeHead(200, { 'content-type': TYPES[asset[2]] });
    response.end(read(`web/assets/${asset[1]}.${asset[2]}`));
    return;
  }
  if (pathname === '/elsewhere') { /* a page that knows nothing of the element */
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Bank</title>');
    return;
  }
  const policy = `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors ${partner.origin}`;
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy });
  const name = request.method === 'POST' ? 'pay-receipt-embedded' : pathname.startsWith('/pay/') ? 'pay-expired' : 'pay-embedded';
  response.end(read(`tests/unit/web/golden/${name}.html`)
    .replace(/data-stoa-origins="[^"]*"/, `data-stoa-origins="${partner.origin}"`)
    .replace(/data-stoa-left="\d+"/, `data-stoa-left="${searchParams.get('left') ?? 9000}"`));
}

function partnerPage(request, response) {
  const session = new URL(request.url, partner.origin).searchParams.get('s');
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; script-src 'nonce-n' ${pay.origin}; style-src 'self'; frame-src ${pay.origin}`,
  });
  response.end(`<!doctype html><title>Partner</title>
<stoa-checkout session="${session}" label="Checkout" locale="pt-BR"><a href="${pay.origin}/pay/x">Pay on a separate page</a></stoa-checkout>
<script nonce="n">window.heard = []; for (const type of ['complete', 'cancel', 'error']) addEventListener(type, (event) => event.detail?.session && heard.push([type, event.detail]));</script>
<script type="module" src="${pay.origin}/js/v1.js"></script>`);
}

before(async () => {
  pay = await listen((request, response) => payPage(request, response));
  partner = await listen((request, response) => partnerPage(request, response));
  browser = await openBrowser();
  page = await browser.person();
});

after(async () => {
  await browser?.close();
  for (const one of [pay, partner]) {
    one?.server.closeAllConnections();
    one?.server.close();
  }
});

const open = (session) => page.goto(`${partner.origin}/?s=${session}`, { waitUntil: 'commit' });
const heard = () => page.evaluate(() => window.heard);

test('the frame answers, grows to its content, and the plain link goes', async () => {
  await open(SESSION);
  await page.frameLocator('iframe').locator('text=Pay by card').first().waitFor();
  await page.locator('stoa-checkout > a').waitFor({ state: 'hidden' });
  await page.waitForFunction(() => document.querySelector('iframe').clientHeight !== 420);
  assert.equal(await page.getAttribute('iframe', 'title'), 'Checkout');
  assert.equal(await page.getAttribute('iframe', 'src'), `${pay.origin}/embed/checkout?s=${SESSION}&locale=pt-BR`);
});

test('pages that cannot say how high they are have room, also when the screen is turned', async () => {
  await open(SESSION);
  await page.locator('stoa-checkout > a').waitFor({ state: 'hidden' });
  const height = (px) => page.waitForFunction((wanted) => document.querySelector('iframe').clientHeight === wanted, px);
  const say = (message) => page.frames()[1].evaluate((data) => parent.postMessage(data, '*'), { stoa: 1, session: SESSION, ...message });
  const { width, height: tall } = page.viewportSize();
  await say({ type: 'leave' });
  await page.frames()[1].goto(`${pay.origin}/elsewhere`);
  await height(720);
  await page.setViewportSize({ width: 360, height: tall });
  await height(900);
  await page.setViewportSize({ width, height: tall });
  await height(720);
  await say({ type: 'resize', height: 500 });
  await height(500);
});

test('messages of others are not believed', async () => {
  await open(SESSION);
  await page.locator('stoa-checkout > a').waitFor({ state: 'hidden' });
  await page.evaluate((session) => new Promise((done) => {
    window.postMessage({ stoa: 1, session, type: 'complete' }, '*');
    window.postMessage('the one after it', '*');
    addEventListener('message', ({ data }) => data === 'the one after it' && done());
  }), SESSION);
  assert.deepEqual(await heard(), []);
});

test('complete and cancel become events', async () => {
  await open(SESSION);
  await page.frameLocator('iframe').locator('text=Pay by card').first().click();
  await page.waitForFunction(() => window.heard?.length > 0);
  assert.deepEqual(await heard(), [['complete', { session: SESSION }]]);
  await open(SESSION);
  await page.frameLocator('iframe').locator('text=Cancel').click();
  await page.waitForFunction(() => window.heard?.length > 0);
  assert.deepEqual(await heard(), [['cancel', { session: SESSION }]]);
});

test('a frame that stays silent gives way to the plain link', async (t) => {
  const patient = page;
  page = await browser.person({ isPatient: false });
  t.after(() => { page = patient; });
  await open('cs_silent');
  await page.waitForSelector('iframe', { state: 'attached' });
  assert.equal(await page.isVisible('stoa-checkout > a'), true, 'the link stays until the frame answers');
  await page.waitForFunction(() => window.heard?.length > 0);
  assert.deepEqual(await heard(), [['error', { session: 'cs_silent', code: 'load_timeout' }]]);
  assert.equal(await page.locator('iframe').count(), 0);
  assert.equal(await page.isVisible('stoa-checkout > a'), true);
});

test('a session that cannot be one is an error at once', async () => {
  await open('../evil');
  await page.waitForFunction(() => window.heard?.length > 0);
  assert.equal((await heard())[0][1].code, 'invalid_session');
  assert.equal(await page.locator('iframe').count(), 0);
});

/* His clock is years wrong, and window.jump makes it wrong otherwise. */
async function stranger(path) {
  const lost = await browser.person();
  await lost.addInitScript(() => {
    const real = Date.now;
    window.jump = -4 * 365 * 86_400_000;
    Date.now = () => real() + window.jump;
  });
  await lost.goto(`${pay.origin}/embed/checkout?${path}`);
  return lost;
}

test('what is left to pay is counted by the time of the server, whatever clock the buyer has', async () => {
  const lost = await stranger('left=425');
  const timer = lost.locator('[role="timer"]');
  await timer.waitFor();
  const [, minutes, seconds] = /^(\d):(\d\d)$/.exec(await timer.textContent()).map(Number);
  assert.ok(minutes * 60 + seconds <= 425 && minutes >= 4, `${minutes}:${seconds}`);
  assert.equal(await timer.getAttribute('aria-live'), 'off');
  assert.equal(await lost.locator('[data-stoa-told]').textContent(), '', 'nothing is read aloud each second');
  await lost.context().close();
  const early = await stranger('left=80000');
  assert.equal(await early.locator('[data-stoa-left]').isHidden(), true, 'nobody is hurried a day before');
  await early.context().close();
});

test('the last minute is read aloud, and the end is asked for at the server', async () => {
  const lost = await stranger('left=62');
  await lost.waitForFunction(() => /1 minute/.test(document.querySelector('[data-stoa-told]').textContent));
  await lost.evaluate(() => { window.jump += 3_600_000; }); /* the computer slept for an hour */
  await lost.locator('h1', { hasText: 'no longer open' }).waitFor();
  await lost.context().close();
  const last = await stranger('left=2');
  await last.locator('h1', { hasText: 'no longer open' }).waitFor();
  await last.context().close();
});

test('times of the page are in the zone of who reads them, and in UTC without JavaScript', async () => {
  const written = async (options) => {
    const reader = await browser.person(options);
    await reader.goto(`${pay.origin}/embed/checkout?s=${SESSION}`);
    const text = await reader.locator('time').innerText();
    await reader.context().close();
    return text;
  };
  assert.match(await written({ locale: 'en-GB', timezoneId: 'Asia/Kolkata' }), /^Open until 24 November 2026(,| at) 03:45 GMT\+5:30$/);
  assert.equal(await written({ timezoneId: 'Asia/Kolkata', javaScriptEnabled: false }), 'Open until 23 Nov 2026, 22:15 UTC');
});
