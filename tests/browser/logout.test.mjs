/*
 * Log-out in Chromium: the frames of front-channel logout load and the page goes on; without JavaScript its link does. The frame of Session
 * Management answers unchanged, changed and error to an application's page. OIDC.md H8, H13.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { timed } from '../support/eventually.mjs';
import { addClient, addUser, redeem, request, sound } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { openBrowser } from './browser.mjs';

let s, browser, site, user;
const seen = [];

/* An application: a page that frames check_session_iframe and asks it, a log-out frame, and pages to come back to. */
const page = (issuer) => `<!doctype html><title>app</title><iframe id="op" src="${issuer}/session/check"></iframe><script>
window.loaded = new Promise((resolve) => document.getElementById('op').addEventListener('load', resolve));
window.ask = (message) => window.loaded.then(() => new Promise((resolve) => {
  addEventListener('message', (event) => event.origin === '${issuer}' && resolve(event.data), { once: true });
  document.getElementById('op').contentWindow.postMessage(message, '${issuer}');
}));</script>`;

before(async () => {
  s = await sharedStack();
  user = await addUser(s);
  const server = createServer((rq, rs) => {
    seen.push(rq.url);
    const slow = rq.url.startsWith('/out?slow');
    if (slow) return;
    rs.writeHead(200, { 'content-type': 'text/html' }).end(rq.url.startsWith('/app') ? page(s.env.issuer) : '<!doctype html><title>ok</title>ok');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  site = { origin: `http://127.0.0.1:${server.address().port}`, close: () => { server.closeAllConnections(); server.close(); } };
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  site?.close();
  await sound(s);
  await s?.stop();
});

const framed = (query) => addClient(s, { redirect: [`${site.origin}/cb`], metadata: { frontchannel_logout_uri: `${site.origin}/out?${query}` }, more: ['--post-logout-redirect-uri', `${site.origin}/bye`] });

async function signIn(tab, rp) {
  const asked = await request(rp, { scope: 'openid', redirect: `${site.origin}/cb` });
  await tab.goto(asked.url.href);
  if (new URL(tab.url()).pathname === '/login') {
    await tab.fill('#email', user.email);
    await tab.fill('#password', user.password);
    await tab.click('button:has-text("Sign in")');
  }
  await tab.waitForURL(/\/(consent|cb)/);
  if (new URL(tab.url()).pathname === '/consent') await tab.click('button:has-text("Allow")');
  await tab.waitForURL(/\/cb\?/);
  const callback = new URL(tab.url());
  return { callback, tokens: await redeem(rp, { ...asked, callback }) };
}

/* A browser in which the page never thinks that a frame takes too long. */
const patient = (tab) => tab.addInitScript(() => {
  const real = window.setTimeout;
  window.setTimeout = (act, ms, ...more) => real(act, ms === 3000 ? 600_000 : ms, ...more);
});
const logout = (tokens, state) => `${s.env.issuer}/logout?${new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri: `${site.origin}/bye`, state })}`;

test('every application’s frame is loaded, then the page goes on', async () => {
  const [tab, mark] = [await browser.person(), randomBytes(4).toString('hex')];
  const complaints = [];
  await patient(tab);
  tab.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
  const { tokens } = await signIn(tab, await framed(`a=${mark}`));
  await signIn(tab, await framed(`b=${mark}`));
  await tab.goto(logout(tokens, 'back'));
  await tab.waitForURL(`${site.origin}/bye?state=back`);
  const { sid } = tokens.claims();
  for (const name of ['a', 'b']) assert.ok(seen.includes(`/out?${name}=${mark}&iss=${encodeURIComponent(s.env.issuer)}&sid=${sid}`), seen.join('\n'));
  assert.deepEqual(complaints.filter((text) => /Content Security|Refused/.test(text)), []);
});

test('a frame that never loads holds the page for three seconds only', async () => {
  const tab = await browser.person();
  const { tokens } = await signIn(tab, await framed('slow'));
  const began = performance.now();
  const { ms } = await timed(async () => {
    await tab.goto(logout(tokens, 'slow'), { waitUntil: 'commit' });
    await tab.waitForURL(`${site.origin}/bye?state=slow`, { waitUntil: 'commit' });
  });
  assert.ok(performance.now() - began >= 2500 && ms < 60_000, `${ms} ms`);
});

test('without JavaScript the frames load and a link goes on', async () => {
  const [tab, mark] = [await browser.person({ javaScriptEnabled: false }), randomBytes(4).toString('hex')];
  const { tokens } = await signIn(tab, await framed(`n=${mark}`));
  await tab.goto(logout(tokens, 'plain'));
  assert.ok(seen.some((url) => url.startsWith(`/out?n=${mark}`)));
  await tab.click('#continue');
  await tab.waitForURL(`${site.origin}/bye?state=plain`);
});

test('the session frame says unchanged, changed after log-out, and error', async () => {
  const tab = await browser.person();
  const rp = await framed('s=1');
  const { callback, tokens } = await signIn(tab, rp);
  const state = callback.searchParams.get('session_state');
  const ask = async (message) => {
    await tab.goto(`${site.origin}/app`);
    return tab.evaluate((text) => window.ask(text), message);
  };
  assert.equal(await ask(`${rp.id} ${state}`), 'unchanged');
  assert.equal(await ask(`other ${state}`), 'changed');
  assert.equal(await ask('nonsense'), 'error');
  await tab.goto(logout(tokens, 'x'));
  await tab.waitForURL(/\/bye/);
  assert.equal(await ask(`${rp.id} ${state}`), 'changed');
});
