/* The authorization endpoint and its pages: where errors go, who is asked what, and what the browser binds (SECURITY A, B, F). */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { REDIRECT, addClient, addUser, authorize, redeem, request, sound, tokensFor, walk } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, rp, user;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  [rp, user] = await Promise.all([addClient(s, { redirect: [REDIRECT, 'http://127.0.0.1/native', 'https://rp.example/with?kept=1'] }), addUser(s)]);
});

after(async () => {
  await sound(s);
  await s.stop();
});

const get = (url, headers = {}) => fetch(url, { redirect: 'manual', headers });
const changed = async (edit) => {
  const { url } = await request(rp);
  edit(url.searchParams);
  return get(url);
};
const errorAt = (answer) => {
  assert.equal(answer.status, 302, `status ${answer.status}`);
  return new URL(answer.headers.get('location')).searchParams;
};

describe('never redirects to a URI that is not registered, byte for byte', () => {
  const bad = ['https://rp.example/cb/x', 'https://rp.example/cb?x=1', 'https://rp.example/cb/', 'https://rp.example/CB', 'https://rp.example:443/cb', 'https://RP.example/cb',
    'https://rp.example.evil.net/cb', 'https://evil-rp.example/cb', 'https://rp.example/cb/../evil', 'https://rp.example/cb/%2e%2e/evil', 'javascript:alert(1)', 'data:text/html,x',
    'http://localhost:51004/native', 'http://127.0.0.2/native', 'http://127.0.0.1:51004/other', 'https://rp.example/with', 'https://rp.example/with?kept=2'];
  for (const uri of bad) {
    test(uri, async () => {
      const answer = await changed((p) => p.set('redirect_uri', uri));
      assert.equal(answer.status, 400);
      assert.equal(answer.headers.get('location'), null);
      assert.match(answer.headers.get('content-type'), /text\/html/);
    });
  }
});

test('a registered loopback address may come with any port', async () => {
  const { url } = await request(rp, { redirect: 'http://127.0.0.1:51004/native' });
  const page = await walk(createAgent(), url, user, { redirect: 'http://127.0.0.1:51004/native' });
  assert.equal(page.status, 0);
});

test('a registered query stays, the answer is appended', async () => {
  const { url } = await request(rp, { redirect: 'https://rp.example/with?kept=1' });
  const page = await walk(createAgent(), url, user, { redirect: 'https://rp.example/with' });
  assert.equal(page.url.searchParams.get('kept'), '1');
  assert.ok(page.url.searchParams.get('code'));
});

test('unknown clients and repeated parameters are pages of ours', async () => {
  assert.equal((await changed((p) => p.set('client_id', 'nope'))).status, 400);
  for (const name of ['client_id', 'redirect_uri', 'state', 'scope', 'nonce']) {
    const answer = await changed((p) => p.append(name, 'x'));
    assert.equal(answer.status, 400, name);
    assert.equal(answer.headers.get('location'), null);
  }
});

test('every other mistake goes back with state and issuer', async () => {
  const cases = [
    ['invalid_request', (p) => p.delete('response_type')], ['unsupported_response_type', (p) => p.set('response_type', 'code device')],
    ['unauthorized_client', (p) => p.set('response_type', 'none')], ['invalid_request', (p) => p.set('response_mode', 'web_message')],
    ['invalid_request', (p) => p.delete('code_challenge')], ['invalid_request', (p) => p.set('code_challenge_method', 'plain')],
    ['invalid_request', (p) => p.delete('code_challenge_method')], ['invalid_request', (p) => p.set('code_challenge', 'short')],
    ['invalid_request', (p) => p.set('prompt', 'none login')], ['invalid_request', (p) => p.set('prompt', 'whatever')],
    ['invalid_request', (p) => p.set('max_age', '-1')], ['invalid_request', (p) => p.set('max_age', 'soon')],
    ['invalid_request', (p) => p.set('nonce', 'n'.repeat(257))], ['invalid_scope', (p) => p.set('scope', 'nothing.here')],
    ['invalid_scope', (p) => p.delete('scope')], ['invalid_target', (p) => p.set('resource', 'https://nowhere.example')],
    ['invalid_request', (p) => p.set('id_token_hint', 'e30.e30.e30')], ['login_required', (p) => p.set('prompt', 'none')],
  ];
  for (const [error, edit] of cases) {
    const { url, state } = await request(rp);
    edit(url.searchParams);
    const answer = errorAt(await get(url));
    assert.equal(answer.get('error'), error, url.search);
    assert.equal(answer.get('state'), state);
    assert.equal(answer.get('iss'), s.env.issuer);
    assert.equal(answer.get('code'), null);
  }
});

test('a request object that cannot be read is never a reason to redirect', async () => {
  for (const [name, value] of [['request', 'e30.e30.'], ['request_uri', 'https://rp.example/r']]) {
    const answer = await changed((p) => p.set(name, value));
    assert.equal(answer.status, 400, name);
    assert.equal(answer.headers.get('location'), null);
  }
});

test('state comes back as it was, or not at all when it is huge', async () => {
  for (const state of ['"><script>alert(1)</script>', 'ü + & % # ✓', 'x'.repeat(2000)]) {
    assert.equal(errorAt(await changed((p) => { p.set('state', state); p.set('prompt', 'none'); })).get('state'), state);
  }
  const answer = errorAt(await changed((p) => p.set('state', 'x'.repeat(2049))));
  assert.equal(answer.get('error'), 'invalid_request');
  assert.equal(answer.get('state'), null);
  assert.equal(errorAt(await changed((p) => { p.delete('state'); p.set('prompt', 'none'); })).get('state'), null);
});

test('a posted request works like one in the address; both at once do not', async () => {
  const { url } = await request(rp, { prompt: 'none' });
  const post = (target, body) => fetch(target, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body });
  const answer = await post(new URL('/authorize', s.env.issuer), url.search.slice(1));
  assert.equal(answer.status, 303);
  assert.equal(new URL(answer.headers.get('location')).searchParams.get('error'), 'login_required');
  assert.equal((await post(url, url.search.slice(1))).status, 400);
  const [asked, agent, until] = [await request(rp), createAgent(), (to) => to.href.startsWith(REDIRECT)];
  let page = await agent.open(new URL('/authorize', s.env.issuer), { method: 'POST', body: asked.url.search.slice(1), until });
  page = await agent.submit(page, user, { button: 'Sign in', until });
  if (page.status === 200) page = await agent.submit(page, {}, { button: 'Allow', until });
  assert.ok((await redeem(rp, { ...asked, callback: page.url })).id_token, 'a whole log-in');
});

test('other methods and prefetches do nothing', async () => {
  const { url } = await request(rp);
  for (const method of ['PUT', 'DELETE', 'HEAD']) assert.equal((await fetch(url, { method, redirect: 'manual' })).status, 405, method);
  assert.ok((await get(url, { 'sec-purpose': 'prefetch' })).status >= 400);
});

test('pages are private, unframeable and without foreign code', async () => {
  const agent = createAgent();
  const { url } = await request(rp);
  const page = await agent.open(url);
  assert.equal(page.url.pathname, '/login');
  assert.equal(page.headers.get('cache-control'), 'no-store');
  assert.match(page.headers.get('content-security-policy'), /frame-ancestors 'none'/);
  assert.match(page.headers.get('content-security-policy'), /form-action 'self'/);
  const cookie = (await get(url)).headers.getSetCookie()[0];
  for (const part of [/^__Host-/, /; Secure/i, /; HttpOnly/i, /; SameSite=Lax/i, /; Path=\//i]) assert.match(cookie, part);
  assert.doesNotMatch(cookie, /domain=/i);
});

test('a session serves the next client silently; prompt and max_age ask again', async () => {
  const { agent, tokens } = await tokensFor(rp, user);
  const silent = await authorize(rp, user, { agent, prompt: 'none' });
  const again = await redeem(rp, silent);
  assert.equal(again.claims().sub, tokens.claims().sub);
  assert.equal(again.claims().auth_time, tokens.claims().auth_time);
  for (const more of [{ prompt: 'login' }, { prompt: 'login select_account' }, { max_age: '0' }]) {
    const { url } = await request(rp, more);
    const page = await agent.open(url);
    assert.equal(page.url.pathname, '/login', JSON.stringify(more));
  }
  const young = await authorize(rp, user, { agent, prompt: 'none', max_age: '3600' });
  assert.ok(young.callback.searchParams.get('code'));
  await new Promise((done) => setTimeout(done, 1100));
  const fresh = await redeem(rp, await authorize(rp, user, { agent, prompt: 'login' }));
  assert.ok(fresh.claims().auth_time > tokens.claims().auth_time);
});

test('consent is asked once, for more, and on demand', async () => {
  const agent = createAgent();
  const first = await authorize(rp, user, { agent, scope: 'openid' });
  assert.ok(first.callback.searchParams.get('code'));
  const other = await addClient(s);
  const { url } = await request(other, { scope: 'openid', prompt: 'none' });
  assert.equal(errorAt(await get(url, { cookie: [...agent.jar].map(([key, value]) => `${key.split(' ')[1]}=${value}`).join('; ') })).get('error'), 'consent_required');
  const before = await agent.open((await request(other, { scope: 'openid email' })).url);
  assert.equal(before.url.pathname, '/consent');
  assert.match(before.text, /Test t-/);
  assert.match(before.text, /rp\.example/);
  assert.equal((await agent.submit(before, {}, { button: 'Allow', until: (to) => to.href.startsWith(REDIRECT) })).status, 0);
  assert.equal((await agent.open((await request(other, { scope: 'openid' })).url, { until: (to) => to.href.startsWith(REDIRECT) })).status, 0, 'a narrower request is covered');
  assert.equal((await agent.open((await request(other, { scope: 'openid phone' })).url)).url.pathname, '/consent', 'a wider one is asked');
  assert.equal((await agent.open((await request(other, { scope: 'openid', prompt: 'consent' })).url)).url.pathname, '/consent');
});

test('denying sends access_denied', async () => {
  const other = await addClient(s);
  const { callback, state } = await authorize(other, user, { decision: 'Deny' });
  assert.equal(callback.searchParams.get('error'), 'access_denied');
  assert.equal(callback.searchParams.get('state'), state);
  assert.equal(callback.searchParams.get('code'), null);
});

test('a first-party client asks for no consent', async () => {
  const own = await addClient(s, { more: ['--first-party'] });
  const { url } = await request(own);
  const agent = createAgent();
  const page = await agent.submit(await agent.open(url), user, { button: 'Sign in', until: (to) => to.href.startsWith(REDIRECT) });
  assert.equal(page.status, 0);
});

test('unknown account and wrong password are one answer and change no session', async () => {
  const { agent } = await tokensFor(rp, user);
  const session = agent.jar.get('127.0.0.1 __Host-stoa_auth');
  const open = async () => agent.open((await request(rp, { prompt: 'login' })).url);
  const wrong = await agent.submit(await open(), { email: user.email, password: 'not it at all' }, { button: 'Sign in' });
  const unknown = await agent.submit(await open(), { email: 'nobody@stoa.example', password: 'not it at all' }, { button: 'Sign in' });
  assert.equal(wrong.status, 401);
  assert.equal(unknown.status, wrong.status);
  const neutral = (text) => text.replaceAll(/fl_[a-z0-9]+|value="[^"]*"|req_[a-z0-9]+|flow=[^"]*/g, '');
  assert.equal(neutral(unknown.text), neutral(wrong.text));
  assert.equal(agent.jar.get('127.0.0.1 __Host-stoa_auth'), session);
});

test('forms work only from our own pages, with their token, in their browser', async () => {
  const agent = createAgent();
  const { url } = await request(rp);
  const page = await agent.open(url);
  const field = (name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page.text)[1];
  const cookie = [...agent.jar].map(([key, value]) => `${key.split(' ')[1]}=${value}`).join('; ');
  const send = (edit = {}, headers = {}) => fetch(new URL('/login', s.env.issuer), {
    method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded', cookie, ...headers },
    body: new URLSearchParams({ flow: field('flow'), csrf: field('csrf'), email: user.email, password: user.password, ...edit }).toString(),
  });
  assert.equal((await send({ csrf: 'a'.repeat(43) })).status, 403);
  assert.equal((await send({}, { origin: 'https://evil.example' })).status, 403);
  assert.equal((await send({}, { 'sec-fetch-site': 'cross-site' })).status, 403);
  assert.equal((await send({}, { cookie: '' })).status, 400);
  assert.equal((await send({}, { cookie: `__Host-stoa_browser=${'a'.repeat(43)}` })).status, 400);
  assert.equal((await send({ flow: 'fl_unknown' })).status, 400);
  assert.equal((await send()).status, 303);
});

test('several tabs of one browser do not disturb each other', async () => {
  const agent = createAgent();
  const until = (to) => to.href.startsWith(REDIRECT);
  const tabs = [await request(rp), await request(rp), await request(rp)];
  const pages = [];
  for (const tab of tabs) pages.push(await agent.open(tab.url));
  for (const [i, page] of pages.entries()) {
    let next = await agent.submit(page, user, { button: 'Sign in', until });
    if (next.status === 200) next = await agent.submit(next, {}, { button: 'Allow', until });
    assert.equal(next.status, 0);
    assert.equal(next.url.searchParams.get('state'), tabs[i].state);
    assert.ok((await redeem(rp, { ...tabs[i], callback: next.url })).access_token);
  }
});

test('two tabs opened before either had its cookie both go on, and nobody else has a part in them', async () => {
  const [agent, twin, stranger] = [createAgent(), createAgent(), createAgent()];
  const until = (to) => to.href.startsWith(REDIRECT);
  const tabs = [await request(rp), await request(rp)];
  const pages = [await agent.open(tabs[0].url), await twin.open(tabs[1].url)];
  for (const [name, value] of twin.jar) agent.jar.set(name, value); /* the browser keeps what came last */
  await stranger.open((await request(rp)).url);
  assert.equal((await stranger.submit(pages[0], user, { button: 'Sign in' })).status, 400);
  for (const [i, page] of pages.entries()) {
    const next = await agent.submit(page, user, { button: 'Sign in', until });
    assert.equal(next.url.searchParams.get('state'), tabs[i].state, next.text.slice(0, 400));
    assert.ok((await redeem(rp, { ...tabs[i], callback: next.url })).access_token);
  }
});

test('a flow ends once; its page says so afterwards', async () => {
  const agent = createAgent();
  const { url } = await request(await addClient(s));
  const consent = await agent.submit(await agent.open(url), user, { button: 'Sign in' });
  const flow = /name="flow" value="([^"]*)"/.exec(consent.text)[1];
  const done = await agent.submit(consent, {}, { button: 'Allow', until: (to) => to.href.startsWith(REDIRECT) });
  assert.ok(done.url.searchParams.get('code'));
  const again = await agent.submit(consent, {}, { button: 'Allow' });
  assert.equal(again.status, 400);
  assert.match(again.text, /no longer open/);
  const elsewhere = await createAgent().open(new URL(`/continue/${flow}`, s.env.issuer));
  assert.equal(elsewhere.status, 400, 'another browser has no part in it');
  assert.match(elsewhere.text, /Allow cookies for this site/);
  assert.doesNotMatch(again.text, /Allow cookies/, 'this one sent its own');
});

test('id_token_hint of somebody else is not served', async () => {
  const [first, second] = [await tokensFor(rp, user), await tokensFor(rp, await addUser(s))];
  const own = await authorize(rp, user, { agent: first.agent, prompt: 'none', id_token_hint: first.tokens.id_token });
  assert.ok(own.callback.searchParams.get('code'));
  const other = await authorize(rp, user, { agent: first.agent, prompt: 'none', id_token_hint: second.tokens.id_token });
  assert.equal(other.callback.searchParams.get('error'), 'login_required');
});
