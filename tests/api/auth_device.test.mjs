/* Device authorization grant (RFC 8628) with openid-client: IDENTITY E 73, SECURITY E 133 and 134. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { addClient, addUser, operator, post, sound } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const SCOPE = 'openid email offline_access';
let s, tv, secretTv, user;

before(async () => {
  s = await startStack({ profile: 'login', env: { AUTHSRV_POLL_INTERVAL: '1s' } });
  const grants = `${GRANT},refresh_token`;
  [tv, secretTv, user] = await Promise.all([addClient(s, { grants, method: 'none', redirect: [] }), addClient(s, { grants, redirect: [] }), addUser(s)]);
});

after(async () => {
  await sound(s);
  await s.stop();
});

const ask = (rp = tv, scope = SCOPE) => oidc.initiateDeviceAuthorization(rp.config, { scope });
const poll = (asked, rp = tv) => (rp === secretTv
  ? post(s, '/token', { grant_type: GRANT, device_code: asked.device_code }, { basic: rp })
  : post(s, '/token', { grant_type: GRANT, device_code: asked.device_code, client_id: rp.id }));

/* Types the code and logs in where asked; ends at the consent page. */
async function enter(code, { agent = createAgent(), person = user } = {}) {
  let page = await agent.submit(await agent.open(new URL('/device', s.env.issuer)), { user_code: code });
  if (page.url.pathname === '/login') page = await agent.submit(page, person, { button: 'Sign in' });
  return { agent, page };
}

async function decide(code, button = 'Allow', how) {
  const { agent, page } = await enter(code, how);
  assert.equal(page.url.pathname, '/consent', `${page.url} ${page.status} ${page.text.slice(0, 400)}`);
  return agent.submit(page, {}, { button });
}

test('discovery names the endpoint and the grant', () => {
  assert.equal(tv.config.serverMetadata().device_authorization_endpoint, `${s.env.issuer}/device_authorization`);
  assert.ok(tv.config.serverMetadata().grant_types_supported.includes(GRANT));
});

test('a device gets its tokens by polling; the page shows client, code, scopes and where the request came from', async () => {
  const asked = await ask();
  assert.match(asked.user_code, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
  assert.equal(asked.verification_uri, `${s.env.issuer}/device`);
  assert.equal(asked.interval, 1);
  const waiting = oidc.pollDeviceAuthorizationGrant(tv.config, asked);
  const { agent, page } = await enter(asked.user_code.replace('-', ' ').toLowerCase());
  for (const shown of [`Test ${tv.id}`, asked.user_code, 'See your e-mail address', '127.0.0.1', 'If somebody sent you a code']) assert.ok(page.text.includes(shown), shown);
  const end = await agent.submit(page, {}, { button: 'Allow' });
  assert.match(end.text, /go back to your device/);
  assert.match((await agent.open(end.url)).text, /go back to your device/, 'also when it is loaded again');
  const tokens = await waiting;
  assert.equal(tokens.token_type, 'bearer');
  assert.ok(tokens.id_token && tokens.refresh_token);
  const info = await oidc.fetchUserInfo(tv.config, tokens.access_token, tokens.claims().sub);
  assert.equal(info.email, user.email);
  const fresh = await oidc.refreshTokenGrant(tv.config, tokens.refresh_token);
  await oidc.tokenRevocation(tv.config, fresh.refresh_token);
  await assert.rejects(oidc.fetchUserInfo(tv.config, tokens.access_token, tokens.claims().sub), { status: 401 });
});

test('the link with the code in it decides nothing, not even for a first-party client with a session and a consent', async () => {
  const own = await addClient(s, { grants: GRANT, method: 'none', redirect: [], more: ['--first-party'] });
  const agent = createAgent();
  await decide((await ask(own)).user_code, 'Allow', { agent });
  const asked = await ask(own);
  const form = await agent.open(asked.verification_uri_complete);
  assert.equal(form.status, 200);
  assert.ok(form.text.includes(`value="${asked.user_code}"`));
  assert.equal((await poll(asked, own)).body.error, 'authorization_pending');
  const page = await agent.submit(form, {}, { button: 'Continue' });
  assert.equal(page.url.pathname, '/consent');
  assert.ok(page.text.includes(asked.user_code));
  await sleep(1000);
  assert.equal((await poll(asked, own)).body.error, 'authorization_pending');
});

test('money needs a fresh log-in', async () => {
  await operator(s, 'resources', 'add', 'https://pay.example', '--scopes', 'pay.stores', '--if-missing');
  const shop = await addClient(s, { grants: GRANT, method: 'none', redirect: [], scope: 'openid pay.stores' });
  const agent = createAgent();
  await decide((await ask(tv)).user_code, 'Allow', { agent });
  const page = await agent.submit(await agent.open(new URL('/device', s.env.issuer)), { user_code: (await ask(shop, 'openid pay.stores')).user_code });
  assert.equal(page.url.pathname, '/login');
});

test('pending, too early, remembered, denied, used, foreign and unknown codes', async () => {
  const asked = await ask();
  const mine = `where user_code = '${asked.user_code.replace('-', '')}'`;
  await s.psql(`update auth.decoupled set interval_s = 100 ${mine}`);
  assert.equal((await poll(asked)).body.error, 'authorization_pending');
  for (let i = 0; i < 3; i += 1) assert.equal((await poll(asked)).body.error, 'slow_down');
  await s.psql(`update auth.decoupled set polled_at = now() - interval '100 seconds' ${mine}`);
  assert.equal((await poll(asked)).body.error, 'slow_down', 'the interval is 115 seconds now');
  const [{ interval_s: interval }] = await s.psql(`select interval_s from auth.decoupled ${mine}`);
  assert.equal(interval, 120);
  assert.equal((await poll(asked, secretTv)).body.error, 'invalid_grant', 'another client');
  assert.match((await decide(asked.user_code, 'Deny')).text, /Access was denied/);
  assert.equal((await poll(asked)).body.error, 'access_denied');
  assert.equal((await poll({ device_code: 'dc_unknown' })).body.error, 'invalid_grant');
});

test('twenty parallel polls of an approved code give one token set', async () => {
  const asked = await ask(secretTv);
  await decide(asked.user_code);
  const answers = await Promise.all(Array.from({ length: 20 }, () => poll(asked, secretTv)));
  const won = answers.filter(({ status }) => status === 200);
  assert.equal(won.length, 1, JSON.stringify(answers.map(({ body }) => body.error)));
  assert.ok(answers.filter(({ status }) => ![200, 503].includes(status)).every(({ body }) => body.error === 'invalid_grant'));
  assert.equal((await oidc.tokenIntrospection(secretTv.config, won[0].body.access_token)).active, true);
});

test('one request is decided once: a second person finds it closed', async () => {
  const asked = await ask();
  const [one, other] = [await enter(asked.user_code), await enter(asked.user_code, { person: await addUser(s) })];
  assert.match((await one.agent.submit(one.page, {}, { button: 'Allow' })).text, /go back to your device/);
  assert.equal((await other.agent.submit(other.page, {}, { button: 'Allow' })).status, 400);
  assert.equal((await poll(asked)).status, 200);
});

test('the tokens outlive the log-out of the browser that allowed them, and end with the account', async () => {
  const agent = createAgent();
  const person = await addUser(s);
  const asked = await ask(secretTv, 'openid');
  await decide(asked.user_code, 'Allow', { agent, person });
  const { body } = await poll(asked, secretTv);
  const page = await agent.open(new URL('/logout', s.env.issuer));
  await agent.submit(page, {}, { button: 'Sign out' });
  assert.equal((await oidc.tokenIntrospection(secretTv.config, body.access_token)).active, true);
  await operator(s, 'users', 'disable', person.email);
  assert.equal((await oidc.tokenIntrospection(secretTv.config, body.access_token)).active, false);
});

test('a device code is too old after its life', async () => {
  const asked = await ask();
  await s.psql(`update auth.decoupled set expires_at = now() - interval '1 second' where user_code = '${asked.user_code.replace('-', '')}'`);
  assert.equal((await poll(asked)).body.error, 'expired_token');
  const { page } = await enter(asked.user_code);
  assert.equal(page.status, 400);
  assert.match(page.text, /No device waits/);
});

test('who may ask, and for what', async () => {
  const other = await addClient(s);
  const asAny = (fields, basic) => post(s, '/device_authorization', fields, { basic });
  assert.equal((await asAny({ scope: 'openid' }, other)).body.error, 'unauthorized_client');
  assert.equal((await asAny({ scope: 'openid' }, { id: secretTv.id, secret: 'wrong' })).status, 401);
  assert.equal((await asAny({ client_id: tv.id })).body.error, 'invalid_scope');
  assert.equal((await asAny({ client_id: tv.id, scope: 'pay.stores' })).body.error, 'invalid_scope');
  assert.equal((await asAny({ client_id: tv.id, scope: 'openid', resource: 'https://nobody.example' })).body.error, 'invalid_target');
  assert.equal((await post(s, '/token', { grant_type: GRANT, device_code: 'x' }, { basic: other })).body.error, 'unauthorized_client');
  assert.equal((await fetch(new URL('/device_authorization', s.env.issuer))).status, 405);
  assert.equal((await fetch(new URL('/device_authorization', s.env.issuer), { method: 'OPTIONS' })).status, 204);
});

test('forms need their own csrf token', async () => {
  const agent = createAgent();
  const page = await agent.open(new URL('/device', s.env.issuer));
  const forged = await agent.submit({ ...page, text: page.text.replace(/name="csrf" value="[^"]*"/, 'name="csrf" value="x"') }, { user_code: 'BCDF-GHJK' });
  assert.equal(forged.status, 403);
});

test('guessing is limited for the browser, and for all browsers of an address', async () => {
  const guess = async (agent) => (await agent.submit(await agent.open(new URL('/device', s.env.issuer)), { user_code: 'BCDF-GHJK' })).status;
  const agent = createAgent();
  const seen = [];
  for (let i = 0; i < 60 && seen.at(-1) !== 429; i += 1) seen.push(await guess(agent));
  assert.equal(seen.at(-1), 429, seen.join());
  assert.ok(seen.length <= 20, `${seen.length} guesses, of which five are for a moment and two for a minute`);
  let last = 0;
  for (let i = 0; i < 200 && last !== 429; i += 1) last = await guess(createAgent());
  assert.equal(last, 429);
  const metrics = await (await fetch(`http://127.0.0.1:${s.env.admin_ports.authsrv}/metrics`)).text();
  assert.match(metrics, /stoa_user_code_wrong_total [1-9]/);
  assert.match(metrics, /stoa_tokens_issued_total\{grant="device_code"\} [1-9]/);
});
