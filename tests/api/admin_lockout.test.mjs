/* Guessing is slow, and nobody can use the limits to lock somebody else out (SECURITY G 184, IDENTITY J 98, N 117). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { addClient, addUser, post, request, walk } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';

let s, rp;

before(async () => {
  s = await startStack({ profile: 'login', env: { AUTHSRV_TRUSTED_PROXIES: '127.0.0.1' } });
  rp = await addClient(s);
});

after(() => s.stop());

const from = (address) => ({ headers: { 'x-forwarded-for': address } });
const arrived = (url) => url.hostname === 'rp.example';

async function guessesUntilLimited(address, email, most) {
  const agent = createAgent(from(address));
  const page = await agent.open((await request(rp)).url);
  for (let i = 1; i <= most; i += 1) if ((await agent.submit(page, { email, password: `guess number ${i}` }, { button: 'Sign in' })).status === 429) return i;
  return most + 1;
}

async function logIn(agent, user) {
  const page = await walk(agent, (await request(rp, { prompt: 'login' })).url, user);
  return page.status;
}

test('an attacker from many places does not keep the owner out on a device that the account knows', async () => {
  const user = await addUser(s);
  const owner = createAgent(from('192.0.2.1'));
  assert.equal(await logIn(owner, user), 0);
  const device = [...owner.jar].find(([key]) => key.endsWith('__Host-stoa_device'))?.[1];
  assert.ok(device && !device.includes(user.email));

  let limited = 0;
  for (let i = 0; i < 6; i += 1) limited += (await guessesUntilLimited(`198.51.100.${i}`, user.email, 20)) <= 20;
  assert.ok(limited > 0, 'the strangers have used up their share');
  let waits = false;
  for (let i = 0; i < 20 && !waits; i += 1) { /* every three seconds one guess is free again, which a machine that stands still gives to him */
    const stranger = createAgent(from(`203.0.113.${10 + i}`)), page = await stranger.open((await request(rp)).url);
    await guessesUntilLimited(`198.51.100.${10 + i}`, user.email, 20);
    waits = (await stranger.submit(page, user, { button: 'Sign in', until: arrived })).status === 429;
  }
  assert.ok(waits, 'a stranger with the right password waits, too');
  assert.equal(await logIn(owner, user), 0, 'the owner does not');
  const elsewhere = createAgent(from('203.0.113.77'));
  elsewhere.jar.set(`${new URL(s.env.issuer).hostname} __Host-stoa_device`, device);
  assert.equal(await logIn(elsewhere, user), 0, 'the device counts, not its address');
});

test('the cookie of a device opens nothing: guesses from it are limited, and only they', async () => {
  const user = await addUser(s);
  const owner = createAgent(from('192.0.2.2'));
  assert.equal(await logIn(owner, user), 0);
  const device = [...owner.jar].find(([key]) => key.endsWith('__Host-stoa_device'))[1];
  const thief = createAgent(from('198.51.100.50'));
  thief.jar.set(`${new URL(s.env.issuer).hostname} __Host-stoa_device`, device);
  const page = await thief.open((await request(rp)).url);
  let status = 0;
  for (let i = 0; i < 100 && status !== 429; i += 1) status = (await thief.submit(page, { email: user.email, password: `guess ${i}` }, { button: 'Sign in' })).status;
  assert.equal(status, 429);
  assert.equal(await logIn(createAgent(from('192.0.2.3')), user), 0, 'strangers have their own share');
});

test('one place cannot use up what all strangers share', async () => {
  const user = await addUser(s);
  assert.ok((await guessesUntilLimited('198.51.100.60', user.email, 90)) <= 70);
  assert.equal(await logIn(createAgent(from('192.0.2.4')), user), 0);
});

test('addresses of one IPv6 network are one place', async () => {
  const user = await addUser(s);
  let tries = 0;
  for (let i = 0, status = 0; i < 90 && status !== 429; i += 1) {
    const agent = createAgent(from(`2001:db8:1:2::${(i + 1).toString(16)}`));
    status = (await agent.submit(await agent.open((await request(rp)).url), { email: user.email, password: 'guess it' }, { button: 'Sign in', until: arrived })).status;
    tries = i;
  }
  assert.ok(tries < 80, `${tries} guesses from one /64`);
  assert.equal(await logIn(createAgent(from('2001:db8:1:3::1')), user), 0);
});

test('log-ins that succeed do not count', async () => {
  const user = await addUser(s);
  const statuses = [];
  for (let i = 0; i < 33; i += 1) statuses.push(await logIn(createAgent(from('192.0.2.5')), user));
  assert.deepEqual(new Set(statuses), new Set([0]));
});

test('client secrets: wrong ones are slowed down by place, the right one is never refused', async () => {
  let status = 0;
  const guess = (secret, address) => post(s, '/token', { grant_type: 'client_credentials' }, { basic: { id: rp.id, secret }, ...from(address) });
  for (let i = 0; i < 400 && status !== 429; i += 1) status = (await guess(`guess${i}`, '198.51.100.70')).status;
  assert.equal(status, 429);
  assert.equal((await guess(rp.secret, '198.51.100.70')).status, 200);
  assert.equal((await guess('wrong', '198.51.100.71')).status, 401);
});
