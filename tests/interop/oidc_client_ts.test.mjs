/* oidc-client-ts in Chromium: the page of docs/integrate/spa.md, once with refresh tokens and once with the hidden frame. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openBrowser } from '../browser/browser.mjs';
import { addUser } from '../support/relying_party.mjs';
import { ROOT, freePortBase, sharedStack } from '../support/stack.mjs';
import { addClient, block, startApi } from './support.mjs';

const MODULES = join(ROOT, 'tests/interop/node_modules');
const FILES = {
  '/': ['text/html', () => block('spa.md', 'index.html')],
  '/app.js': ['text/javascript', () => block('spa.md', 'app.js')],
  '/lib/oidc-client-ts.js': ['text/javascript', () => readFileSync(join(MODULES, 'oidc-client-ts/dist/esm/oidc-client-ts.js'))],
  '/lib/jwt-decode.js': ['text/javascript', () => readFileSync(join(MODULES, 'jwt-decode/build/esm/index.js'))],
};

let s, api, app, server, browser, client;

const settings = () => JSON.stringify({ issuer: s.env.issuer, client: client.id, api: api.url });

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  const port = await freePortBase();
  app = `http://127.0.0.1:${port}`;
  api = await startApi(s, { port: port + 1, env: { ALLOW_ORIGIN: app } });
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url, app);
    const [type, read] = pathname === '/config.json' ? ['application/json', settings] : FILES[pathname] ?? [];
    response.writeHead(read ? 200 : 404, type && { 'content-type': type, 'cache-control': 'no-store' }).end(read?.());
  });
  await new Promise((done) => { server.listen(port, '127.0.0.1', done); });
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  await new Promise((done) => { server ? server.close(done) : done(); });
  await api?.stop();
  await s?.stop();
});

async function press(page, button) {
  await page.evaluate(() => { document.getElementById('result').textContent = ''; });
  await page.click(`#${button}`);
  await page.waitForFunction(() => document.getElementById('result').textContent !== '');
  return JSON.parse(await page.textContent('#result'));
}

async function logIn(page, user) {
  await page.goto(app);
  await page.waitForSelector('#user:has-text("Nobody")');
  await page.click('#login');
  await page.fill('#email', user.email);
  await page.fill('#password', user.password);
  await page.click('button:has-text("Sign in")');
  await page.click('button:has-text("Allow")');
  await page.waitForSelector(`#user:has-text("Hello ${user.email}")`);
}

/* Where authsrv was asked for the renewal: /token with a refresh token, or /authorize in a frame. */
async function renewal(page) {
  const asked = [];
  const listen = (request) => {
    const { origin, pathname } = new URL(request.url());
    if (origin === s.env.issuer) asked.push(`${pathname} ${new URLSearchParams(request.postData() ?? '').get('grant_type') ?? ''}`.trim());
  };
  page.on('request', listen);
  const answer = await press(page, 'renew');
  page.off('request', listen);
  return { answer, asked };
}

const WAYS = {
  'a refresh token': { grants: 'authorization_code,refresh_token', asks: '/token refresh_token', asksNot: '/authorize' },
  'a hidden frame': { grants: 'authorization_code', asks: '/authorize', asksNot: '/token refresh_token' },
};

for (const [name, { grants, asks, asksNot }] of Object.entries(WAYS)) {
  test(`oidc-client-ts logs in, renews with ${name}, calls an API, logs out`, async () => {
    client = await addClient(s, 'spa.md', { 'https://app.example/': `${app}/`, 'authorization_code,refresh_token': grants });
    const page = await browser.person();
    await logIn(page, await addUser(s));
    const first = await press(page, 'notes');
    assert.deepEqual([first.status, first.client], [200, client.id]);
    const { answer, asked } = await renewal(page);
    assert.deepEqual(answer, { renewed: true });
    assert.ok(asked.includes(asks) && !asked.includes(asksNot), asked.join());
    const second = await press(page, 'notes');
    assert.equal(second.status, 200);
    assert.notEqual(first.token, second.token, 'the renewal gave another access token');
    await page.click('#logout');
    await page.waitForURL(`${app}/**`);
    await page.waitForSelector('#user:has-text("Nobody")');
    assert.deepEqual(await press(page, 'renew'), { error: 'login_required' });
    assert.equal((await press(page, 'notes')).status, 401);
    await page.context().close();
  });
}
