/* An authorization as a real browser makes it: the answer by form post, with scripts and without, under our policy; and the choice of account. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { app } from '../support/authenticator_app.mjs';
import { addClient, addUser, redeem, request } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { inspector } from './axe.mjs';
import { album, openBrowser } from './browser.mjs';

let s, rp, user, browser, server, redirect;
const arrived = [];
const see = inspector('authorize');
const shoot = album('authorize');

/* The client: takes the posted answer and sends the browser on to a page of its own, as clients do. */
async function client(incoming, response) {
  if (incoming.method !== 'POST') return response.end('<!doctype html><title>Welcome</title><h1>Welcome</h1>');
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  arrived.push({ type: incoming.headers['content-type'], url: incoming.url, body: Buffer.concat(chunks).toString() });
  return response.writeHead(303, { location: '/welcome' }).end();
}

before(async () => {
  server = createServer(client);
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  redirect = `http://127.0.0.1:${server.address().port}/cb`;
  s = await sharedStack();
  [rp, user] = await Promise.all([addClient(s, { redirect: [redirect], metadata: { application_type: 'native' } }), addUser(s)]);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
  await s?.stop();
});

async function logIn(page) {
  await page.getByLabel('E-mail').fill(user.email);
  await page.getByLabel('Password').fill(user.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname !== '/login', { waitUntil: 'commit' });
  if (new URL(page.url()).pathname === '/consent') await page.getByRole('button', { name: 'Allow' }).click();
}

async function takes(asked) {
  const { type, url, body } = arrived.pop();
  assert.equal(type, 'application/x-www-form-urlencoded');
  assert.equal(url, '/cb', 'nothing in the address');
  const callback = new Request(redirect, { method: 'POST', headers: { 'content-type': type }, body });
  return redeem(rp, { ...asked, callback });
}

test('form post: the browser carries the answer on by itself, and may be sent on from there', async () => {
  const page = await browser.person();
  const refused = [];
  page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
  const asked = await request(rp, { redirect, response_mode: 'form_post' });
  await page.goto(asked.url.href);
  await logIn(page);
  await page.waitForURL('**/welcome');
  assert.ok((await takes(asked)).id_token);
  const silent = await request(rp, { redirect, response_mode: 'form_post', prompt: 'none' });
  await page.goto(silent.url.href, { waitUntil: 'commit' });
  await page.waitForURL('**/welcome');
  assert.ok((await takes(silent)).id_token);
  assert.deepEqual(refused.filter((text) => /Content Security Policy|Trusted/.test(text)), []);

  const choosing = await request(rp, { redirect, response_mode: 'form_post', prompt: 'select_account' });
  await page.goto(choosing.url.href);
  await page.getByRole('heading', { name: 'Choose an account' }).waitFor();
  await see(page, 'choose-account');
  await page.getByRole('button', { name: user.email }).click();
  await page.waitForURL('**/welcome');
  assert.ok((await takes(choosing)).id_token);
  await page.context().close();
});

test('form post without scripts has a button', async () => {
  const page = await browser.person({ javaScriptEnabled: false });
  const asked = await request(rp, { redirect, response_mode: 'form_post.jwt' });
  await page.goto(asked.url.href);
  await logIn(page);
  await page.getByRole('button', { name: 'Continue' }).waitFor();
  await shoot(page, 'form-post-without-scripts');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL('**/welcome');
  assert.deepEqual([...new URLSearchParams(arrived.pop().body).keys()], ['response']);
  await page.context().close();
});

test('the chooser leads to the log-in for another account', async () => {
  const page = await browser.person();
  await page.goto((await request(rp, { redirect, response_mode: 'form_post' })).url.href);
  await logIn(page);
  await page.waitForURL('**/welcome');
  await page.goto((await request(rp, { redirect, response_mode: 'form_post', prompt: 'select_account' })).url.href);
  await page.getByRole('link', { name: 'Use another account' }).click();
  await page.getByLabel('E-mail').waitFor();
  await page.context().close();
});

test('two tabs opened at the same moment in a new browser both arrive', async () => {
  const one = await browser.person();
  const two = await one.context().newPage();
  const asked = [await request(rp, { redirect, response_mode: 'form_post' }), await request(rp, { redirect, response_mode: 'form_post' })];
  await Promise.all([one, two].map((page, i) => page.goto(asked[i].url.href)));
  for (const [i, page] of [two, one].entries()) {
    await page.bringToFront();
    await logIn(page);
    await page.waitForURL('**/welcome');
    assert.ok((await takes(asked[1 - i])).id_token);
  }
  await one.context().close();
});

test('a second factor: added on the way in one of two tabs, then its codes, then a recovery code', async () => {
  const person = await addUser(s);
  const start = async (page) => page.goto((await request(rp, { redirect, scope: 'openid', claims: JSON.stringify({ id_token: { acr: { essential: true, values: ['urn:stoa:acr:2fa'] } } }) })).url.href);
  const password = async (page) => {
    await page.getByLabel('E-mail').fill(person.email);
    await page.getByLabel('Password').fill(person.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  const arrive = async (page) => {
    await page.waitForURL(/\/(cb|consent)\?/);
    if (new URL(page.url()).pathname === '/consent') await page.getByRole('button', { name: 'Allow' }).click();
    await page.waitForURL(/\/cb\?.*code=/);
  };
  const one = await browser.person();
  const two = await one.context().newPage();
  await start(one);
  await start(two);
  await password(one);
  await one.getByRole('heading', { name: 'Authenticator app' }).waitFor();
  await see(one, 'login-enrol');
  assert.ok(await one.evaluate(() => document.querySelector('.qr img').naturalWidth > 0), 'the QR code is shown');
  const code = app(await one.textContent('.secret'));
  await one.getByLabel('Code from the app').fill(code());
  await one.getByRole('button', { name: 'Add the app' }).click();
  await one.getByRole('heading', { name: 'Your recovery codes' }).waitFor();
  const [recovery] = await one.locator('.codes li').allTextContents();
  await one.reload();
  assert.equal((await one.locator('.codes li').allTextContents())[0], recovery, 'loaded again');
  await one.getByRole('button', { name: 'I have kept them' }).click();
  await arrive(one);
  await two.reload();
  await arrive(two);
  await one.context().close();
  for (const shown of ['of the app', 'recovery']) {
    await s.psql(`update auth.totp set last_step = 0, tries = 0 where user_id = (select id from auth.users where login = '${person.email}')`);
    const page = await browser.person();
    await start(page);
    await password(page);
    await page.getByRole('heading', { name: 'One more step' }).waitFor();
    await see(page, `second-${shown.replaceAll(' ', '-')}`);
    await page.locator('#code').fill(shown === 'recovery' ? recovery : code());
    await page.getByRole('button', { name: 'Sign in' }).click();
    await arrive(page);
    await page.context().close();
  }
});
