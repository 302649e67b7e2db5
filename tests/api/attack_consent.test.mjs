/* What an attacker tries with the browser: consent that nobody gave, forged and doubled cookies, one person's session under another's name, clients that changed since they were allowed. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { INSECURE, REDIRECT, addClient, addUser, authorize, redeem, request, sound, tokensFor } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { wire } from '../support/wire.mjs';

let s, rp, user;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  [rp, user] = await Promise.all([addClient(s), addUser(s)]);
});
after(async () => {
  await sound(s);
  await s.stop();
});

const until = (url) => url.href.startsWith(REDIRECT);
const cookiesOf = (agent) => [...agent.jar].map(([key, value]) => `${key.split(' ')[1]}=${value}`).join('; ');
const field = (page, name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page.text)[1];
const SESSION = '127.0.0.1 __Host-stoa_auth';

test('consent is given by the browser that was asked, once', async () => {
  const client = await addClient(s);
  const agent = createAgent();
  const asked = await request(client);
  const page = await agent.submit(await agent.open(asked.url), user, { button: 'Sign in' });
  assert.equal(page.url.pathname, '/consent');
  const attacker = (await tokensFor(rp, await addUser(s))).agent;
  const approve = (cookie, edit = {}, headers = {}) => fetch(new URL('/consent', s.env.issuer), {
    method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded', cookie, ...headers },
    body: new URLSearchParams({ flow: field(page, 'flow'), csrf: field(page, 'csrf'), decision: 'allow', ...edit }).toString(),
  });
  const attempts = {
    'a foreign page': approve(cookiesOf(agent), {}, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }), 'no token': approve(cookiesOf(agent), { csrf: '' }), 'another token': approve(cookiesOf(agent), { csrf: 'a'.repeat(43) }),
    'another browser': approve(cookiesOf(attacker)), 'no cookies': approve(''), 'an unknown flow': approve(cookiesOf(agent), { flow: 'fl_unknown' }),
  };
  for (const [what, sent] of Object.entries(attempts)) {
    const answer = await sent;
    assert.ok([400, 403].includes(answer.status), `${what}: ${answer.status}`);
    assert.equal(answer.headers.get('location'), null, what);
  }
  assert.deepEqual(await s.psql(`select count(*)::int as n from auth.grants where client_id = '${client.id}'`), [{ n: 0 }], 'nothing was granted');
  const done = await agent.submit(page, {}, { button: 'Allow', until });
  assert.ok(done.url.searchParams.get('code'));
  const again = await agent.submit(page, {}, { button: 'Allow', until });
  assert.notEqual(again.status, 0, 'a second click gives no second code');
  await redeem(client, { ...asked, callback: done.url });
});

test('a consent is for the addresses and scopes that were shown', async () => {
  const registered = await oidc.dynamicClientRegistration(new URL(s.env.issuer), { redirect_uris: [REDIRECT], client_name: 'Changing', token_endpoint_auth_method: 'client_secret_post' }, undefined, { ...INSECURE, initialAccessToken: s.env.initial_access_token });
  const metadata = registered.clientMetadata();
  const client = { config: registered, id: metadata.client_id };
  const { agent } = await tokensFor(client, user, { scope: 'openid' });
  assert.equal((await agent.open((await request(client, { scope: 'openid', prompt: 'none' })).url, { until })).status, 0);
  const elsewhere = 'https://elsewhere.example/cb';
  const changed = await fetch(metadata.registration_client_uri, { method: 'PUT', headers: { 'content-type': 'application/json', authorization: `Bearer ${metadata.registration_access_token}` }, body: JSON.stringify({ client_id: client.id, redirect_uris: [elsewhere], client_name: 'Changing', token_endpoint_auth_method: 'client_secret_post' }) });
  assert.equal(changed.status, 200);
  const page = await agent.open((await request(client, { scope: 'openid', redirect: elsewhere })).url, { until: (url) => url.href.startsWith(elsewhere) });
  assert.equal(page.status, 200, 'the person is asked again');
  assert.equal(page.url.pathname, '/consent');
  assert.match(page.text, /elsewhere\.example/);
});

test('every cookie is bound to the host, and unreadable but for the one that frames read', async () => {
  const { url } = await request(rp);
  const agent = createAgent();
  const seen = new Map();
  const jar = new Map();
  const ask = async (target, options = {}) => {
    const answer = await fetch(target, { redirect: 'manual', ...options, headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '), ...options.headers } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
      seen.set(name, line);
      jar.set(name, value);
    }
    return answer;
  };
  const toLogin = await ask(url);
  const page = { text: await (await ask(new URL(toLogin.headers.get('location'), s.env.issuer))).text() };
  const answer = await ask(new URL('/login', s.env.issuer), { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ flow: field(page, 'flow'), csrf: field(page, 'csrf'), ...user }).toString() });
  assert.equal(answer.status, 303);
  assert.ok(seen.size >= 2, [...seen.keys()].join());
  assert.ok([...seen.values()].filter((line) => !/; HttpOnly/i.test(line)).length <= 1);
  for (const [name, line] of seen) {
    assert.match(name, /^__Host-/);
    for (const part of [/; Secure/i, /; Path=\/(;|$)/i, /; SameSite=(Lax|Strict|None)/i]) assert.match(line, part);
    assert.doesNotMatch(line, /domain=/i);
    if (/_auth$|_browser$|_device$/.test(name)) assert.match(line, /; HttpOnly/i);
  }
  assert.ok(agent);
});

test('a cookie that was not ours is no cookie', async () => {
  const { agent } = await tokensFor(rp, user);
  const good = agent.jar.get(SESSION);
  assert.ok(good);
  const { url } = await request(rp, { prompt: 'none' });
  const ask = async (session) => {
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie: `__Host-stoa_auth=${session}` } });
    return answer.status === 302 ? new URL(answer.headers.get('location')).searchParams.get('error') : answer.status;
  };
  assert.equal(await ask(good), null, 'the real one works');
  for (const forged of ['a'.repeat(43), good.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')), good.slice(0, -1), `${good}x`, '', '1', 'usr_1', "' or 1=1--", 'a'.repeat(4000), agent.jar.get('127.0.0.1 __Host-stoa_browser')]) assert.ok(['login_required', 400].includes(await ask(forged)), forged);
  const port = Number(new URL(s.env.issuer).port);
  for (const pair of [`__Host-stoa_auth=${good}; __Host-stoa_auth=${'a'.repeat(43)}`, `__Host-stoa_auth=${'a'.repeat(43)}; __Host-stoa_auth=${good}`]) {
    const { status, text } = await wire(port, `GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\nCookie: ${pair}\r\nConnection: close\r\n\r\n`);
    assert.ok(status === 400 || /[?&]error=login_required/.test(text), `two sessions at once open none: ${status} ${text.slice(0, 400)}`);
  }
});

test('another person’s log-in takes over nothing of the one before', async () => {
  const agent = createAgent();
  const first = await tokensFor(rp, user, { agent });
  const old = agent.jar.get(SESSION);
  const second = await addUser(s);
  const login = await agent.open((await request(rp, { prompt: 'login' })).url);
  const wrong = await agent.submit(login, { email: second.email, password: 'not the password' }, { button: 'Sign in', until });
  assert.equal(wrong.status, 401);
  assert.equal(agent.jar.get(SESSION), old, 'a failure changes no session');
  const asked = await request(rp, { prompt: 'login' });
  let page = await agent.submit(await agent.open(asked.url), second, { button: 'Sign in', until });
  assert.equal(page.url.pathname, '/consent', 'the consent of the first person is not the second’s');
  page = await agent.submit(page, {}, { button: 'Allow', until });
  const tokens = await redeem(rp, { ...asked, callback: page.url });
  assert.notEqual(tokens.claims().sub, first.tokens.claims().sub);
  assert.notEqual(tokens.claims().sid, first.tokens.claims().sid);
  assert.notEqual(agent.jar.get(SESSION), old, 'a new session has a new cookie');
  const stale = createAgent();
  stale.jar.set(SESSION, old);
  const answer = await stale.open((await request(rp, { prompt: 'none' })).url, { until });
  assert.equal(answer.url.searchParams.get('error'), 'login_required', 'the cookie of the first session is dead');
});

test('what the request asked for cannot be changed on the way', async () => {
  const { agent, tokens } = await tokensFor(rp, user);
  const asked = await request(rp, { max_age: '1', scope: 'openid' });
  await new Promise((done) => setTimeout(done, 2100));
  const page = await agent.open(asked.url, { until });
  assert.equal(page.url.pathname, '/login');
  const eased = { ...page, text: page.text.replace('</form>', '<input name="max_age" value="9999"><input name="prompt" value="none"><input name="scope" value="openid email"><input name="client_id" value="stoa-operator"></form>') };
  const skipped = await agent.open(new URL(`/consent?flow=${field(page, 'flow')}`, s.env.issuer), { until });
  assert.notEqual(skipped.status, 0, 'the next page does not stand in for the log-in');
  const done = await agent.submit(eased, user, { button: 'Sign in', until });
  assert.equal(done.status, 0, done.text);
  const fresh = await redeem(rp, { ...asked, callback: done.url });
  assert.ok(fresh.claims().auth_time > tokens.claims().auth_time);
  assert.equal(fresh.scope, 'openid');
});

test('with credentials or from a strange origin nothing is readable', async () => {
  for (const origin of ['null', 'https://evil.example', s.env.issuer.replace('127.0.0.1', '127.0.0.1.evil.net'), 'https://rp.example.evil.net']) {
    for (const path of ['/token', '/userinfo', '/introspect', '/revoke', '/register', '/par', '/authorize', '/login', '/consent', '/logout']) {
      const answer = await fetch(new URL(path, s.env.issuer), { method: 'OPTIONS', redirect: 'manual', headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' } });
      const allowed = answer.headers.get('access-control-allow-origin');
      assert.equal(allowed, null, `${path} ${origin}`);
      assert.equal(answer.headers.get('access-control-allow-credentials'), null);
    }
  }
  const keys = await fetch(new URL('/jwks.json', s.env.issuer), { headers: { origin: 'https://any.example', cookie: '__Host-stoa_auth=x' } });
  assert.equal(keys.headers.get('access-control-allow-origin'), '*');
  assert.equal(keys.headers.get('access-control-allow-credentials'), null);
});

test('prompt=none never gives a person’s answer to a client that was not allowed', async () => {
  const { agent } = await tokensFor(rp, user);
  const open = await addClient(s, { method: 'none', grants: 'authorization_code' });
  const answer = await agent.open((await request(open, { scope: 'openid', prompt: 'none' })).url, { until });
  assert.equal(answer.url.searchParams.get('error'), 'consent_required');
  const { callback } = await authorize(open, user, { agent, scope: 'openid' });
  assert.ok(callback.searchParams.get('code'));
});

test('an origin that cannot be read is a foreign one', async () => {
  const agent = createAgent();
  const page = await agent.open((await request(rp)).url);
  const submit = (headers) => fetch(new URL('/login', s.env.issuer), { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: cookiesOf(agent), ...headers },
    body: new URLSearchParams({ flow: field(page, 'flow'), csrf: field(page, 'csrf'), ...user }).toString() });
  const { origin, host } = new URL(s.env.issuer);
  for (const foreign of ['garbage', 'http://', '://', `${origin}/`, `${origin}.evil.example`, `${origin}@evil.example`, `http://user@${host}`, origin.replace('127.0.0.1', '127.1'), origin.toUpperCase(), `${origin} ${origin}`, `${origin},${origin}`, `${origin}#`, `https://${host}`, '%00', 'file://', 'blob:x'])
    assert.equal((await submit({ origin: foreign })).status, 403, foreign);
  for (const site of ['cross-site', 'same-site', 'garbage', '"same-origin"']) assert.equal((await submit({ 'sec-fetch-site': site })).status, 403, site);
  assert.ok([302, 303].includes((await submit({ origin, 'sec-fetch-site': 'same-origin' })).status), 'none of that used the page up');
});

test('no page, address or line of the log holds what was issued', async () => {
  const agent = createAgent();
  const pages = [];
  const see = async (opening) => {
    const page = await opening;
    pages.push(page);
    return page;
  };
  const client = await addClient(s, { more: ['--post-logout-redirect-uri', 'https://rp.example/bye'] });
  const asked = await request(client);
  const wrong = await see(agent.submit(await see(agent.open(asked.url)), { email: user.email, password: `wrong ${user.password}` }, { button: 'Sign in' }));
  const consent = await see(agent.submit(wrong, user, { button: 'Sign in' }));
  const done = await agent.submit(consent, {}, { button: 'Allow', until });
  const tokens = await redeem(client, { ...asked, callback: done.url });
  const cookies = [...agent.jar].filter(([key]) => !key.endsWith('__Host-stoa_state')).map(([, value]) => value);
  const secrets = [...cookies, client.secret, user.password, tokens.access_token, tokens.refresh_token, done.url.searchParams.get('code'), asked.verifier];
  assert.ok(secrets.every((one) => one.length >= 12) && cookies.length >= 2);
  await see(agent.submit(consent, {}, { button: 'Allow' }));
  await see(agent.open((await request(client, { prompt: 'consent' })).url));
  await see(agent.open((await request(client, { prompt: 'select_account' })).url));
  for (const path of ['/device', '/logout', '/session/check', '/nothing', '/cb/nobody?code=x&state=y', '/continue/fl_unknown']) await see(agent.open(new URL(path, s.env.issuer)));
  /* What does not belong into an address is not shown or kept either. */
  for (const secret of secrets) {
    for (const name of ['client_secret', 'access_token', 'code', 'password', 'state', 'id_token_hint', 'login_hint']) await see(agent.open(new URL(`/authorize?${new URLSearchParams({ client_id: 'nobody', [name]: secret })}`, s.env.issuer)));
    await see(agent.open(new URL(`/${encodeURIComponent(secret)}`, s.env.issuer)));
  }
  await see(agent.submit(await see(agent.open(new URL('/logout', s.env.issuer))), {}, { button: 'Sign out' }));
  for (const page of pages) {
    for (const secret of secrets) assert.ok(!page.text.includes(secret) && !page.text.includes(encodeURIComponent(secret)), `${page.url.pathname} shows a secret: ${page.text.slice(0, 200)}`);
    if (!/^text\/html/.test(page.headers.get('content-type'))) continue; /* an API's answer leads nowhere */
    assert.match(page.headers.get('referrer-policy'), /^(no-referrer|strict-origin)$/, `${page.url.pathname} tells others no path`);
    assert.match(page.headers.get('cache-control'), /no-store|public/, page.url.pathname);
  }
  const log = s.log('authsrv');
  for (const secret of secrets) assert.ok(!log.includes(secret) && !log.includes(encodeURIComponent(secret)), `the log holds ${secret.slice(0, 6)}…`);
});
