/* What an attacker tries with codes, challenges, nonces and states (RFC 6749, RFC 7636, RFC 9700): each is refused in the specification's words, and nothing leaks. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { REDIRECT, addClient, addUser, authorize, post, posted, redeem, request, sound, tokensFor, walk } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, rp, user;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  [rp, user] = await Promise.all([addClient(s), addUser(s)]);
});
after(async () => {
  await sound(s);
  await s.stop();
});

const exchange = (client, code, verifier, more) => post(s, '/token', { grant_type: 'authorization_code', code, redirect_uri: REDIRECT, ...(verifier !== undefined && { code_verifier: verifier }), ...more }, { basic: client });

test('no other identifier is a code', async () => {
  const { callback, agent, tokens } = await tokensFor(rp, user);
  const asked = await request(rp);
  const pushed = (await post(s, '/par', Object.fromEntries(asked.url.searchParams), { basic: rp })).body.request_uri;
  const page = await agent.open((await request(rp, { prompt: 'login' })).url);
  const values = [pushed, pushed.split(':').at(-1), /name="flow" value="([^"]*)"/.exec(page.text)[1], /name="csrf" value="([^"]*)"/.exec(page.text)[1], ...agent.jar.values(), tokens.access_token, tokens.refresh_token, tokens.id_token,
    tokens.claims().sid, callback.searchParams.get('state'), s.env.initial_access_token, rp.secret, 'x', 'a'.repeat(43)];
  for (const value of values) {
    for (const code of [value, value.replace(/^[a-z]+_/, ''), `ac_${value.replace(/^[a-z]+_/, '')}`]) {
      const { status, body } = await exchange(rp, code.slice(0, 2000), 'v'.repeat(43));
      assert.equal(status, 400, code);
      assert.match(body.error, /^invalid_(grant|request)$/, code);
    }
  }
});

test('verifiers and challenges have one syntax', async () => {
  const bad = ['v'.repeat(42), 'v'.repeat(129), `${'v'.repeat(43)}=`, `${'v'.repeat(43)}+`, `${'v'.repeat(43)} `, `${'v'.repeat(43)}\u0000`, `${'v'.repeat(43)}ü`, `${'v'.repeat(43)}/`];
  for (const verifier of bad) {
    const { status, body } = await exchange(rp, 'ac_x', verifier);
    assert.deepEqual([status, body.error], [400, 'invalid_request'], JSON.stringify(verifier));
  }
  for (const challenge of ['c'.repeat(42), 'c'.repeat(44), `${'c'.repeat(42)}=`, `${'c'.repeat(42)}+`, `${'c'.repeat(42)} `]) {
    const { url } = await request(rp);
    url.searchParams.set('code_challenge', challenge);
    const answer = await fetch(url, { redirect: 'manual' });
    assert.equal(new URL(answer.headers.get('location')).searchParams.get('error'), 'invalid_request', challenge);
  }
});

test('a verifier comes if and only if there was a challenge', async () => {
  const free = await addClient(s, { more: ['--without-pkce'] });
  const asked = await request(free, { nonce: 'n' });
  for (const name of ['code_challenge', 'code_challenge_method']) asked.url.searchParams.delete(name);
  const plain = async () => (await walk(createAgent(), asked.url, user)).url.searchParams.get('code');
  const smuggled = await exchange(free, await plain(), 'v'.repeat(43));
  assert.deepEqual([smuggled.status, smuggled.body.error], [400, 'invalid_grant']);
  assert.equal((await exchange(free, await plain())).status, 200);
  const { callback } = await authorize(free, user);
  assert.equal((await exchange(free, callback.searchParams.get('code'))).body.error, 'invalid_grant', 'no verifier for a challenge');
});

test('one challenge in two requests gives two codes, each for its own client', async () => {
  const other = await addClient(s);
  const [first, second] = [await authorize(rp, user), await authorize(other, user)];
  const asked = await request(other);
  asked.url.searchParams.set('code_challenge', first.url.searchParams.get('code_challenge'));
  const page = await walk(createAgent(), asked.url, user);
  const codes = [first.callback, second.callback, page.url].map((url) => url.searchParams.get('code'));
  assert.equal(new Set(codes).size, 3);
  assert.equal((await exchange(rp, codes[2], first.verifier)).body.error, 'invalid_grant');
  assert.equal((await exchange(other, codes[1], first.verifier)).body.error, 'invalid_grant', 'the verifier of another request');
  assert.equal((await exchange(rp, codes[0], first.verifier)).status, 200);
});

test('50 parallel redemptions of one code: one success, then nothing is left of it', async () => {
  const answer = await authorize(rp, user);
  const results = await Promise.all(Array.from({ length: 50 }, () => exchange(rp, answer.callback.searchParams.get('code'), answer.verifier)));
  const won = results.filter((one) => one.status === 200);
  assert.equal(won.length, 1);
  for (const lost of results.filter((one) => ![200, 503].includes(one.status))) assert.deepEqual([lost.status, lost.body.error], [400, 'invalid_grant']);
  assert.deepEqual(await oidc.tokenIntrospection(rp.config, won[0].body.access_token), { active: false });
});

test('a grant type says which parameters count', async () => {
  const { callback, verifier, tokens } = await tokensFor(rp, user);
  const answer = await authorize(rp, user);
  const mixed = await exchange(rp, answer.callback.searchParams.get('code'), answer.verifier, { refresh_token: tokens.refresh_token, username: 'x', password: 'y' });
  assert.equal(mixed.status, 200, 'unknown parameters are ignored');
  assert.notEqual(mixed.body.refresh_token, tokens.refresh_token);
  assert.equal((await oidc.tokenIntrospection(rp.config, tokens.refresh_token)).active, true, 'and nothing was done with them');
  const swapped = await post(s, '/token', { grant_type: 'refresh_token', code: callback.searchParams.get('code'), code_verifier: verifier }, { basic: rp });
  assert.equal(swapped.body.error, 'invalid_request');
  assert.equal((await post(s, '/token', { grant_type: 'implicit' }, { basic: rp })).body.error, 'unsupported_grant_type');
});

test('a nonce comes back byte for byte', async () => {
  for (const nonce of ['n', ' "\\<>&\u00fc\u2713 ', 'n'.repeat(256)]) {
    const asked = await request(rp, { nonce });
    const page = await walk(createAgent(), asked.url, user);
    const tokens = await redeem(rp, { ...asked, callback: page.url, nonce });
    assert.equal(tokens.claims().nonce, nonce);
  }
});

test('a state cannot break out of where it is put', async () => {
  for (const state of ['a\r\nSet-Cookie: x=y', '"><script>alert(1)</script>', '\u2028\u202e', "');--", '%00', '{{x}}']) {
    const { url } = await request(rp, { prompt: 'none' });
    url.searchParams.set('state', state);
    const answer = await fetch(url, { redirect: 'manual' });
    const location = answer.headers.get('location');
    assert.match(location, /^[\x21-\x7e]+$/, state);
    assert.ok(!answer.headers.get('set-cookie')?.includes('x=y'));
    assert.equal(new URL(location).searchParams.get('state'), state);
    const visible = await request(rp);
    visible.url.searchParams.set('state', state);
    const page = await createAgent().open(visible.url);
    assert.ok(!page.text.includes('<script>alert'), state);
  }
  const evil = '"><img src=x onerror="alert(1)"><script>alert(1)</script>';
  const form = await walk(createAgent(), (await request(rp, { response_mode: 'form_post', state: evil })).url, user);
  assert.match(form.text, /name="state" value="&quot;[^"]*onerror=&quot;alert\(1\)&quot;[^"]*"/, 'its quotation marks end no attribute');
  assert.equal(new URLSearchParams(await posted(form).text()).get('state'), evil);
  const { url } = await request(rp);
  const body = `${url.search.slice(1).replace(/state=[^&]*/, `state=${'s'.repeat(60_000)}`)}`;
  const huge = await fetch(new URL('/authorize', s.env.issuer), { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body });
  const location = huge.headers.get('location') ?? '';
  assert.ok(location.length < 2000 && !location.includes('ssss'), 'not echoed');
});

test('no token, code or secret is stored as it is', async () => {
  const { tokens, callback, agent } = await tokensFor(rp, user);
  const open = await authorize(rp, user);
  const secrets = [tokens.refresh_token, tokens.access_token.split('.')[2], open.callback.searchParams.get('code'), callback.searchParams.get('code'), rp.secret, user.password, ...[...agent.jar].filter(([key]) => /__Host-/.test(key)).map(([, value]) => value)].filter((one) => one.length > 15);
  const tables = await s.psql("select table_name as name from information_schema.tables where table_schema = 'auth' and table_type = 'BASE TABLE' and table_name not like '%audit%'");
  assert.ok(tables.length > 5);
  const test_ = secrets.map((secret) => `position('${secret.replace(/^[a-z]{2,3}_/, '').replaceAll("'", "''")}' in t::text) > 0`).join(' or ');
  for (const { name } of tables) assert.deepEqual(await s.psql(`select count(*)::int as n from auth."${name}" t where ${test_}`), [{ n: 0 }], name);
});
