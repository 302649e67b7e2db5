/*
 * Many at once. What workers do together is written by one statement for all of them, so here they come together: 10,000 parallel
 * redemptions of 1,000 codes give exactly 1,000 successes, refresh tokens of one family in one batch have one
 * successor, and 50 complete flows at once all succeed.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { codeRace } from '../support/code_race.mjs';
import { addClient, addUser, authorize, post, redeem, request, sound, walk } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';

let s, rp, user, agent;

before(async () => {
  s = await startStack({ profile: 'bare', env: { AUTHSRV_RATE_LIMITS: 'false', AUTHSRV_QUEUE_LIMIT: '8192', AUTHSRV_CODE_TTL: '300s' } });
  [rp, user] = await Promise.all([addClient(s, { more: ['--id-token-alg', 'ES256'] }), addUser(s)]);
  agent = createAgent();
  await authorize(rp, user, { agent });
});

after(async () => {
  await sound(s);
  await s.stop();
});

test('10,000 parallel redemptions of 1,000 codes: exactly 1,000 succeed', async () => {
  assert.deepEqual(await codeRace(s, rp, { user, agent }, { codes: 1000, each: 10 }), { 200: 1000, '400 invalid_grant': 9000 });
});

test('50 complete flows at once all succeed', async () => {
  const all = await Promise.all(Array.from({ length: 50 }, async () => {
    const asked = await request(rp);
    const page = await walk(agent, asked.url, user);
    assert.equal(page.status, 0, 'nothing is asked in a live session');
    return redeem(rp, { ...asked, callback: page.url });
  }));
  assert.equal(new Set(all.map(({ access_token: token }) => token)).size, 50);
  assert.equal(new Set(all.map(({ refresh_token: token }) => token)).size, 50);
});

test('40 families refreshed at once, each by five: one successor each', async () => {
  const families = await Promise.all(Array.from({ length: 40 }, async () => redeem(rp, await authorize(rp, user, { agent }))));
  const answers = await Promise.all(families.flatMap(({ refresh_token: token }) => Array.from({ length: 5 }, async () =>
    ({ token, ...await post(s, '/token', { grant_type: 'refresh_token', refresh_token: token }, { basic: rp }) }))));
  for (const { refresh_token: token } of families) {
    const mine = answers.filter((one) => one.token === token);
    assert.deepEqual([...new Set(mine.map(({ status }) => status))], [200]);
    assert.equal(new Set(mine.map(({ body }) => body.refresh_token)).size, 1, 'all get the same successor inside the grace window');
  }
});

test('introspection follows a revocation at once, however well the token is known', async () => {
  const { access_token: token } = await redeem(rp, await authorize(rp, user, { agent }));
  const active = async () => (await post(s, '/introspect', { token }, { basic: rp })).body.active;
  assert.deepEqual(await Promise.all(Array.from({ length: 20 }, active)), Array(20).fill(true));
  await post(s, '/revoke', { token }, { basic: rp });
  assert.deepEqual(await Promise.all(Array.from({ length: 20 }, active)), Array(20).fill(false));
});

test('a token with one byte changed is not the token that was verified', async () => {
  const { access_token: token } = await redeem(rp, await authorize(rp, user, { agent }));
  const active = async (text) => (await post(s, '/introspect', { token: text }, { basic: rp })).body.active;
  assert.equal(await active(token), true);
  const [header, claims, signature] = token.split('.');
  const other = signature[10] === 'A' ? 'B' : 'A';
  assert.equal(await active(`${header}.${claims}.${signature.slice(0, 10)}${other}${signature.slice(11)}`), false);
  assert.equal(await active(token), true);
});
