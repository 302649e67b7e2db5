/*
 * Many at once. What workers do together is written by one statement for all of them, so here they come together: 2,000 parallel
 * redemptions of 200 codes give exactly 200 successes (./stoa bench code-race: five times as many), refresh tokens of one family
 * in one batch have one successor, and 50 complete flows at once all succeed.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { codeRace } from '../support/code_race.mjs';
import { heard } from '../support/outcome.mjs';
import { addClient, addUser, authorize, post, redeem, request, sound, walk } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';

let s, rp, user, agent;

before(async () => {
  s = await startStack({ profile: 'login', env: { AUTHSRV_RATE_LIMITS: 'false', AUTHSRV_QUEUE_LIMIT: '8192', AUTHSRV_CODE_TTL: '300s', AUTHSRV_REFRESH_GRACE: '300s' } });
  [rp, user] = await Promise.all([addClient(s, { more: ['--id-token-alg', 'ES256'] }), addUser(s)]);
  agent = createAgent();
  await authorize(rp, user, { agent });
});

after(async () => {
  await sound(s);
  await s.stop();
});

/* From the log-in that there is to tokens. */
const flow = () => heard(async () => {
  const asked = await request(rp);
  const page = await walk(agent, asked.url, user);
  if (page.status === 503) return page;
  assert.equal(page.status, 0, 'nothing is asked in a live session');
  return redeem(rp, { ...asked, callback: page.url });
});

test('2,000 parallel redemptions of 200 codes: exactly 200 succeed', async () => {
  assert.deepEqual(await codeRace(s, rp, { user, agent }, { codes: 200, each: 10 }), { 200: 200, '400 invalid_grant': 1800 });
});

test('50 complete flows at once all succeed', async () => {
  const all = await Promise.all(Array.from({ length: 50 }, flow));
  assert.equal(new Set(all.map(({ access_token: token }) => token)).size, 50);
  assert.equal(new Set(all.map(({ refresh_token: token }) => token)).size, 50);
});

test('40 families refreshed at once, each by five: one successor each', async () => {
  const families = await Promise.all(Array.from({ length: 40 }, flow));
  const refresh = (token) => heard(() => post(s, '/token', { grant_type: 'refresh_token', refresh_token: token }, { basic: rp }));
  const answers = await Promise.all(families.flatMap(({ refresh_token: token }) => Array.from({ length: 5 }, async () => ({ token, ...await refresh(token) }))));
  for (const { refresh_token: token } of families) {
    const mine = answers.filter((one) => one.token === token);
    assert.deepEqual([...new Set(mine.map(({ status }) => status))], [200]);
    assert.equal(new Set(mine.map(({ body }) => body.refresh_token)).size, 1, 'all get the same successor inside the grace window');
  }
});

test('introspection follows a revocation at once, however well the token is known', async () => {
  const { access_token: token } = await redeem(rp, await authorize(rp, user, { agent }));
  const active = async () => (await heard(() => post(s, '/introspect', { token }, { basic: rp }))).body.active;
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

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/* An attempt on the log-in page: status, time, and how long to wait. */
async function attempt(page, fields, browser = agent) {
  const from = performance.now();
  const { status, headers } = await browser.submit(page, fields, { button: 'Sign in' });
  return { status, ms: performance.now() - from, wait: Number(headers?.get('retry-after')) };
}

/* How long a wrong password and an unknown account take to refuse. */
async function refusals() {
  const browser = createAgent();
  const page = await browser.open((await request(rp)).url);
  const times = { known: [], unknown: [] };
  for (let i = 0; i < 12; i += 1) {
    for (const [who, email] of [['known', user.email], ['unknown', `nobody-${i}@stoa.example`]]) {
      const { status, ms } = await attempt(page, { email, password: `wrong ${i}` }, browser);
      assert.equal(status, 401);
      times[who].push(ms);
    }
  }
  return { known: median(times.known), unknown: median(times.unknown) };
}

test('an unknown account takes as long to refuse as a wrong password', async () => {
  const seen = [];
  do { /* what else runs on the machine may fall on one of them, but not again and again */
    seen.push(await refusals());
    const { known, unknown } = seen.at(-1);
    if (unknown > 0.6 * known && known > 0.6 * unknown) return;
  } while (seen.length < 5);
  assert.fail(`ms: ${JSON.stringify(seen)}`);
});

test('more log-ins than the server can weigh are told to come back, and cost it no more memory', async () => {
  await s.restart('authsrv', { env: { AUTHSRV_RATE_LIMITS: 'false', AUTHSRV_QUEUE_LIMIT: '8', AUTHSRV_WORKERS: '4' } });
  const memory = (what) => Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${s.env.pids.authsrv}/status`, 'ascii'))[1]) / 1024;
  const browser = createAgent();
  const page = await browser.open((await request(rp)).url);
  await attempt(page, { email: user.email, password: 'wrong' }, browser);
  const before_ = memory('VmRSS');
  const all = await Promise.all(Array.from({ length: 200 }, (_, i) => attempt(page, { email: user.email, password: `wrong ${i}` }, browser)));
  const refused = all.filter(({ status }) => status === 503);
  assert.deepEqual([...new Set(all.map(({ status }) => status))].toSorted(), [401, 503]);
  assert.ok(refused.length > 0 && refused.every(({ wait }) => wait > 0));
  assert.ok(memory('VmHWM') - before_ < 1000, `${memory('VmHWM')} MB at most, ${before_} before: 200 at once would be 3,800`);
  assert.equal((await walk(createAgent(), (await request(rp)).url, user)).status, 0, 'and then it serves again');
});
