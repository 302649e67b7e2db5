/* An authorization as a real browser makes it: the answer by form post, with scripts and without, under our policy; and the choice of account. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
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
  if (await page.getByRole('button', { name: 'Allow' }).count()) await page.getByRole('button', { name: 'Allow' }).click();
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
