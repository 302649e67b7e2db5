/* RP-initiated logout, dynamic registration, metadata and keys, CORS: the endpoints around the flow. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as oidc from 'openid-client';
import { adminOf } from '../support/admin.mjs';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { heard } from '../support/outcome.mjs';
import { INSECURE, REDIRECT, addClient, addUser, authorize, operator, post, sound, tokensFor } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';

const GOODBYE = 'https://rp.example/bye';
let s, rp, user;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  [rp, user] = await Promise.all([addClient(s, { more: ['--post-logout-redirect-uri', GOODBYE] }), addUser(s)]);
});

after(async () => {
  await sound(s);
  await s.stop();
});

const at = (url) => (to) => to.href.startsWith(url);
const logoutUrl = (fields) => new URL(`/logout?${new URLSearchParams(fields)}`, s.env.issuer);
const stillIn = async (agent) => (await authorize(rp, user, { agent, scope: 'openid', prompt: 'none' })).callback.searchParams.get('error') === null;

describe('logout', () => {
  test('with a hint: out, and back with state', async () => {
    const { agent, tokens } = await tokensFor(rp, user, { scope: 'openid email' });
    assert.ok(await stillIn(agent));
    const page = await agent.open(logoutUrl({ id_token_hint: tokens.id_token, post_logout_redirect_uri: GOODBYE, state: 's'.repeat(128) }), { until: at(GOODBYE) });
    assert.equal(page.url.href, `${GOODBYE}?state=${'s'.repeat(128)}`);
    assert.equal(await stillIn(agent), false);
    await assert.rejects(oidc.refreshTokenGrant(rp.config, tokens.refresh_token), 'a grant without offline_access ends with its session');
    assert.deepEqual(await oidc.tokenIntrospection(rp.config, tokens.access_token), { active: false });
  });

  test('offline_access outlives the session', async () => {
    const { agent, tokens } = await tokensFor(rp, user);
    await agent.open(logoutUrl({ id_token_hint: tokens.id_token }));
    assert.ok((await oidc.refreshTokenGrant(rp.config, tokens.refresh_token)).access_token);
  });

  test('never redirects to what is not registered', async () => {
    const { agent, tokens } = await tokensFor(rp, user);
    for (const uri of ['https://evil.example/', `${GOODBYE}?x=1`, `${GOODBYE}/`]) {
      const page = await agent.open(logoutUrl({ id_token_hint: tokens.id_token, post_logout_redirect_uri: uri }));
      assert.equal(page.status, 200);
      assert.equal(page.url.origin, s.env.issuer);
    }
    const [, claims] = tokens.id_token.split('.');
    for (const unsigned of [tokens.id_token.replace(/[^.]*$/, ''), `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`, `${Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')}.${claims}.x`]) {
      for (const browser of [agent, createAgent()]) assert.equal((await browser.open(logoutUrl({ id_token_hint: unsigned, post_logout_redirect_uri: GOODBYE }))).url.origin, s.env.issuer);
    }
  });

  test('without a hint, or with somebody else’s, the person is asked', async () => {
    const { agent } = await tokensFor(rp, user);
    const other = await tokensFor(rp, await addUser(s));
    for (const fields of [{}, { id_token_hint: other.tokens.id_token, post_logout_redirect_uri: GOODBYE }]) {
      const page = await agent.open(logoutUrl(fields));
      assert.match(page.text, /Sign out\?/);
      assert.ok(await stillIn(agent));
    }
    const stay = await agent.submit(await agent.open(logoutUrl({})), {}, { button: 'stay' });
    assert.equal(stay.status, 200);
    assert.ok(await stillIn(agent));
    const page = await agent.open(logoutUrl({ client_id: rp.id, post_logout_redirect_uri: GOODBYE, state: 'x y' }));
    const gone = await agent.submit(page, {}, { button: 'logout', until: at(GOODBYE) });
    assert.equal(gone.url.searchParams.get('state'), 'x y');
    assert.equal(await stillIn(agent), false);
  });

  test('the longest state travels through the question', async () => {
    const { agent } = await tokensFor(rp, user, { scope: 'openid' });
    for (const state of ['s'.repeat(2048), 'я'.repeat(1024)]) {
      const page = await agent.open(logoutUrl({ client_id: rp.id, post_logout_redirect_uri: GOODBYE, state }));
      assert.equal((await agent.submit(page, {}, { button: 'stay' })).status, 200, state.slice(0, 1));
    }
    const page = await agent.open(logoutUrl({ client_id: rp.id, post_logout_redirect_uri: GOODBYE, state: 'я'.repeat(1024) }));
    const gone = await agent.submit(page, {}, { button: 'logout', until: at(GOODBYE) });
    assert.equal(gone.url.searchParams.get('state'), 'я'.repeat(1024));
  });

  test('whoever registered himself gets a browser by a link alone, unless an ID token or the person speaks for him', async () => {
    const config = await oidc.dynamicClientRegistration(new URL(s.env.issuer), { redirect_uris: [REDIRECT], post_logout_redirect_uris: [GOODBYE], token_endpoint_auth_method: 'client_secret_post' },
      undefined, { ...INSECURE, initialAccessToken: s.env.initial_access_token });
    const { client_id: id } = config.clientMetadata();
    const asked = { client_id: id, post_logout_redirect_uri: GOODBYE, state: 'x y' };
    const page = await createAgent().open(logoutUrl(asked), { until: at(GOODBYE) });
    assert.deepEqual([page.status, page.url.origin], [200, s.env.issuer]);
    const { href, label } = /<a class="button strong" href="(?<href>[^"]*)">(?<label>.*?)<\/a>/.exec(page.text).groups;
    assert.equal(href, `${GOODBYE}?state=x%20y`);
    assert.match(label, new RegExp(new URL(GOODBYE).host), 'by where it leads, not by the name that it gave itself');
    assert.equal(page.headers.get('referrer-policy'), 'no-referrer');
    assert.equal((await createAgent().open(logoutUrl({ ...asked, client_id: rp.id }), { until: at(GOODBYE) })).status, 0, 'an operator knows that one');
    const { agent, tokens } = await tokensFor({ id, config }, user, { scope: 'openid' });
    const gone = await agent.submit(await agent.open(logoutUrl(asked)), {}, { button: 'logout', until: at(GOODBYE) });
    assert.equal(gone.status, 0, 'who decided goes on');
    assert.equal((await agent.open(logoutUrl({ ...asked, id_token_hint: tokens.id_token }), { until: at(GOODBYE) })).status, 0);
  });

  test('a foreign page cannot confirm', async () => {
    const { agent } = await tokensFor(rp, user);
    const answer = await post(s, '/logout', { decision: 'logout', csrf: 'a'.repeat(43) }, { headers: { cookie: [...agent.jar].map(([key, value]) => `${key.split(' ')[1]}=${value}`).join('; ') } });
    assert.equal(answer.status, 403);
    assert.ok(await stillIn(agent));
  });
});

describe('registration', () => {
  const register = async (metadata, token = s.env.initial_access_token) => {
    const answer = await fetch(new URL('/register', s.env.issuer), {
      method: 'POST', headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }, body: JSON.stringify(metadata),
    });
    return { status: answer.status, headers: answer.headers, body: await answer.json() };
  };

  test('a registered client works at once', async () => {
    const config = await oidc.dynamicClientRegistration(new URL(s.env.issuer), { redirect_uris: [REDIRECT], client_name: 'Dynamic', grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: 'client_secret_post' },
      undefined, { ...INSECURE, initialAccessToken: s.env.initial_access_token });
    const metadata = config.clientMetadata();
    assert.equal(metadata.token_endpoint_auth_method, 'client_secret_post');
    assert.equal(metadata.client_secret_expires_at, 0);
    const { tokens } = await tokensFor({ config, id: metadata.client_id }, user, { scope: 'openid email' });
    assert.ok(tokens.refresh_token);
  });

  test('only with an initial access token', async () => {
    for (const token of [null, 'wrong', 'a'.repeat(64)]) {
      const { status, headers } = await register({ redirect_uris: [REDIRECT] }, token);
      assert.equal(status, 401);
      assert.match(headers.get('www-authenticate'), /^Bearer/);
    }
    const once = (await operator(s, 'tokens', 'initial')).trim();
    assert.equal((await register({ redirect_uris: ['http://a.example/cb'] }, once)).status, 400);
    const answers = await Promise.all(Array.from({ length: 4 }, () => heard(() => register({ redirect_uris: [REDIRECT] }, once))));
    assert.deepEqual(answers.map((a) => a.status).sort(), [201, 401, 401, 401], 'what was refused took nothing; it is good for one client');
    assert.equal((await register({ redirect_uris: [REDIRECT] }, once)).status, 401);
  });

  const bad = {
    invalid_redirect_uri: [{ redirect_uris: [] }, {}, { redirect_uris: 'https://a.example/cb' }, ...['https://*.a.example/cb', 'https://a.example/*', 'http://a.example/cb', 'javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', 'blob:https://a.example/1', 'about:blank', 'https://a.example/cb#f', 'https://u@a.example/cb', 'https://a.example/../cb', 'https://a.example/%2e%2e/cb', 'nodots:/cb', '/relative'].map((uri) => ({ redirect_uris: [uri] }))],
    invalid_client_metadata: [{ grant_types: ['password'] }, { grant_types: ['implicit'], response_types: ['code'] }, { grant_types: ['authorization_code'], response_types: ['token'] }, { response_types: ['device'] }, { client_name: 'x'.repeat(65) }, { client_name: 'Good\u202egpj.exe' }, { client_name: '' },
      { jwks: { keys: 'none' } }, { jwks: { keys: [] }, jwks_uri: 'https://a.example/jwks' }, { token_endpoint_auth_method: 'private_key_jwt' }, { token_endpoint_auth_method: 'none', grant_types: ['client_credentials'] },
      { id_token_signed_response_alg: 'none', response_types: ['id_token'], grant_types: ['implicit'] }, { id_token_signed_response_alg: 'HS256' }, { subject_type: 'private' }, { logo_uri: 'http://a.example/logo.png' }, { request_uris: ['http://a.example/r'] }, { default_max_age: -1 }]
      .map((one) => ({ redirect_uris: [REDIRECT], ...one })),
  };
  for (const [error, cases] of Object.entries(bad)) {
    test(`refuses with ${error}`, async () => {
      for (const metadata of cases) {
        const { status, body } = await register(metadata);
        assert.equal(status, 400, JSON.stringify(metadata));
        assert.equal(body.error, error, JSON.stringify(metadata));
      }
    });
  }

  const manage = async (method, uri, token, body) => {
    const answer = await fetch(uri, {
      method, headers: { ...(token && { authorization: `Bearer ${token}` }), ...(body && { 'content-type': 'application/json' }) }, body: body && JSON.stringify(body),
    });
    return { status: answer.status, body: answer.status === 204 ? null : await answer.json() };
  };

  test('RFC 7592: read, replace with an exchanged token, delete', async () => {
    const { body: first } = await register({ redirect_uris: [REDIRECT], client_name: 'First', contacts: ['a@a.example'] });
    const uri = first.registration_client_uri;
    assert.equal(uri, `${s.env.issuer}/register/${first.client_id}`);
    const shown = await manage('GET', uri, first.registration_access_token);
    assert.equal(shown.status, 200);
    assert.equal(shown.body.client_secret, undefined, 'kept as a digest only');
    assert.deepEqual({ ...shown.body, client_secret: first.client_secret, client_secret_expires_at: 0 }, first);

    const changed = await manage('PUT', uri, first.registration_access_token,
      { client_id: first.client_id, client_secret: first.client_secret, redirect_uris: [REDIRECT], client_name: 'Second' });
    assert.equal(changed.status, 200, JSON.stringify(changed.body));
    assert.equal(changed.body.client_name, 'Second');
    assert.equal(changed.body.contacts, undefined, 'a replacement, not a merge');
    assert.equal((await manage('GET', uri, first.registration_access_token)).status, 401, 'the old token is used up');
    const token = changed.body.registration_access_token;
    const config = await oidc.discovery(new URL(s.env.issuer), first.client_id, first.client_secret, oidc.ClientSecretBasic(first.client_secret), INSECURE);
    const { tokens } = await tokensFor({ config, id: first.client_id }, user, { scope: 'openid' });

    for (const [why, bad] of Object.entries({
      'another id': { client_id: 'cl_other', redirect_uris: [REDIRECT] },
      'a wrong secret': { client_id: first.client_id, client_secret: 'x', redirect_uris: [REDIRECT] },
      'our own members': { client_id: first.client_id, registration_client_uri: uri, redirect_uris: [REDIRECT] },
      'bad metadata': { client_id: first.client_id, redirect_uris: ['http://a.example/'] },
    })) {
      const { status, body } = await manage('PUT', uri, token, bad);
      assert.equal(status, 400, why);
      assert.match(body.error, /^invalid_(client_metadata|redirect_uri)$/, why);
    }
    assert.equal((await manage('GET', uri, null)).status, 401);
    assert.equal((await manage('GET', uri.replace(/.$/, (last) => (last === 'x' ? 'y' : 'x')), token)).status, 401, 'of another client');
    assert.equal((await manage('DELETE', uri, token)).status, 204);
    assert.equal((await manage('GET', uri, token)).status, 401);
    const gone = await fetch(new URL('/userinfo', s.env.issuer), { headers: { authorization: `Bearer ${tokens.access_token}` } });
    assert.equal(gone.status, 401, 'what it held ended with it');
  });

  test('keys that the database would give back otherwise are refused, what is kept beside them is ignored', async () => {
    const withKeys = (jwks) => ({ redirect_uris: [REDIRECT], jwks });
    const many = Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`x${i}`, 1e300]));
    const { body: client, status } = await register(withKeys({ keys: [], exp: 1700000000, half: 0.5, own: { a: [true] } }));
    assert.deepEqual([status, client.jwks.exp], [201, 1700000000], JSON.stringify(client));
    for (const more of [{ x: 1e21 }, { keys: [{ kty: 'none', x: [1e21] }] }, { x: 1e-9 }, many]) {
      const refused = await register(withKeys({ keys: [], ...more }));
      assert.deepEqual([refused.status, refused.body.error], [400, 'invalid_client_metadata'], JSON.stringify(refused.body).slice(0, 300));
    }
    const changed = await manage('PUT', client.registration_client_uri, client.registration_access_token, { client_id: client.client_id, ...withKeys({ keys: [], x: 1e21 }) });
    assert.deepEqual([changed.status, changed.body.error], [400, 'invalid_client_metadata']);
    const shown = await manage('GET', client.registration_client_uri, client.registration_access_token);
    assert.equal(shown.status, 200);
  });

  test('RFC 7592: what the operator gave a client stays, whether the client leaves it out or sends back what it was shown', async () => {
    const { body: first } = await register({ redirect_uris: [REDIRECT], grant_types: ['authorization_code', 'refresh_token'] });
    const given = { access_token_ttl: 60, refresh_token_ttl: 3600, authorization_details_types: ['payment'] };
    const admin = await adminOf(s);
    const { body: known, etag } = await admin('GET', `/admin/v1/clients/${first.client_id}`);
    const set = await admin('PUT', `/admin/v1/clients/${first.client_id}`, { metadata: { ...known.metadata, ...given } }, { ifMatch: etag });
    assert.equal(set.status, 200, JSON.stringify(set.body));
    const uri = first.registration_client_uri;
    const kept = async () => (await s.psql(`select metadata from auth.client where id = '${first.client_id}'`))[0].metadata;
    let token = first.registration_access_token;
    const put = async (metadata) => {
      const answer = await manage('PUT', uri, token, { client_id: first.client_id, ...metadata });
      if (answer.status === 200) token = answer.body.registration_access_token;
      return answer;
    };
    const { registration_access_token, registration_client_uri, client_id_issued_at, ...shown } = (await manage('GET', uri, token)).body;
    for (const [name, metadata] of Object.entries({ Left: { redirect_uris: [REDIRECT], client_name: 'Left' }, Sent: { ...shown, client_name: 'Sent' } })) {
      const { status, body } = await put(metadata);
      assert.deepEqual([status, body.client_name], [200, name], JSON.stringify(body));
      for (const [member, value] of Object.entries(given)) {
        assert.deepEqual(body[member], value, `${name}: ${member}`);
        assert.deepEqual((await kept())[member], value, `${name}: ${member} as it is kept`);
      }
    }
    for (const [member, value] of Object.entries({ access_token_ttl: 86400, refresh_token_ttl: 31536000, authorization_details_types: ['payment', 'payout'] })) {
      const { status, body } = await put({ ...shown, [member]: value });
      assert.deepEqual([status, body.error], [400, 'invalid_client_metadata'], member);
      assert.match(body.error_description, new RegExp(member));
    }
  });

  test('RFC 7592: another method brings or ends the secret', async () => {
    const { body: first } = await register({ redirect_uris: [REDIRECT], token_endpoint_auth_method: 'none' });
    assert.equal(first.client_secret, undefined);
    const put = (token, method) => manage('PUT', first.registration_client_uri, token, { client_id: first.client_id, redirect_uris: [REDIRECT], token_endpoint_auth_method: method });
    const confidential = (await put(first.registration_access_token, 'client_secret_post')).body;
    assert.match(confidential.client_secret, /^stoa_cs_/);
    const open = (await put(confidential.registration_access_token, 'none')).body;
    assert.equal(open.client_secret, undefined);
    assert.equal(open.require_pkce, true);
    assert.deepEqual(await s.psql(`select secret_hash from auth.client where id = '${first.client_id}'`), [{ secret_hash: null }]);
  });

  test('shows what was registered, ignores what it does not know, gives no money scopes', async () => {
    const { status, body } = await register({ redirect_uris: [`${REDIRECT}?foo=bar`, 'com.example.app:/cb', 'http://127.0.0.1/cb'], scope: 'openid pay.payments', contacts: ['a@a.example'], zzz: 1, post_logout_redirect_uris: [GOODBYE] });
    assert.equal(status, 201);
    assert.equal(body.redirect_uris.length, 3);
    assert.deepEqual(body.grant_types, ['authorization_code']);
    assert.equal(body.scope, 'openid');
    assert.deepEqual(body.post_logout_redirect_uris, [GOODBYE]);
    assert.ok(body.client_secret.length >= 43);
  });

  test('a self-registered client cannot use us to send people away', async () => {
    const { body } = await register({ redirect_uris: [REDIRECT] });
    const answer = await fetch(new URL(`/authorize?client_id=${body.client_id}&redirect_uri=${encodeURIComponent(REDIRECT)}&scope=bogus&response_type=code`, s.env.issuer), { redirect: 'manual' });
    assert.equal(answer.status, 400);
    assert.equal(answer.headers.get('location'), null);
    assert.match(await answer.text(), /rp\.example/);
  });
});

describe('metadata and keys', () => {
  test('both documents agree, and everything they name answers', async () => {
    const [openid, oauth] = await Promise.all(['openid-configuration', 'oauth-authorization-server'].map(async (name) => (await fetch(new URL(`/.well-known/${name}`, s.env.issuer))).json()));
    assert.deepEqual(openid, oauth);
    assert.equal(openid.issuer, s.env.issuer);
    for (const [name, value] of Object.entries(openid)) if (name.endsWith('_endpoint') || name === 'jwks_uri') assert.notEqual((await fetch(value, { redirect: 'manual' })).status, 404, name);
  });

  test('keys are public, distinct and cover every algorithm', async () => {
    const answer = await fetch(new URL('/jwks.json', s.env.issuer));
    assert.match(answer.headers.get('cache-control'), /public, max-age=\d+/);
    const { keys } = await answer.json();
    assert.equal(new Set(keys.map((key) => key.kid)).size, keys.length);
    assert.deepEqual(new Set(keys.filter(({ use }) => use === 'sig').map(({ alg }) => alg)), new Set(['ES256', 'RS256', 'PS256', 'EdDSA']));
    assert.deepEqual(new Set(keys.filter(({ use }) => use === 'enc').map(({ kty }) => kty)), new Set(['RSA', 'EC']));
    assert.ok(keys.every(({ use }) => ['sig', 'enc'].includes(use)));
    for (const key of keys) for (const secret of ['d', 'p', 'q', 'k']) assert.equal(key[secret], undefined);
  });

  test('an emergency rotation publishes new keys and keeps old tokens valid', async () => {
    const kids = async () => (await (await fetch(new URL('/jwks.json', s.env.issuer))).json()).keys.filter(({ use }) => use === 'sig').map(({ kid }) => kid);
    const before = await kids();
    const tokens = await oidc.clientCredentialsGrant(rp.config);
    const early = await s.operator('authsrv', 'keys', 'rotate');
    if (early.code !== 0) assert.match(early.stderr, /too recently/);
    await operator(s, 'keys', 'rotate', '--now');
    const now = await eventually(async () => {
      const all = await kids();
      return all.length > before.length && all;
    }, { what: 'new keys are published' });
    assert.ok(before.every((kid) => now.includes(kid)));
    assert.equal((await oidc.tokenIntrospection(rp.config, tokens.access_token)).active, true);
    const fresh = await oidc.clientCredentialsGrant(rp.config);
    const kidOf = (token) => JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).kid;
    assert.notEqual(kidOf(fresh.access_token), kidOf(tokens.access_token));
    assert.ok(before.includes(kidOf(fresh.access_token)), 'the new signer had been published');
  });
});

describe('CORS', () => {
  const ask = (path, origin, more = {}) => fetch(new URL(path, s.env.issuer), { headers: { origin }, redirect: 'manual', ...more });

  test('public documents are readable everywhere, pages nowhere', async () => {
    for (const path of ['/jwks.json', '/.well-known/openid-configuration']) assert.equal((await ask(path, 'https://any.example')).headers.get('access-control-allow-origin'), '*');
    for (const path of ['/authorize', '/login', '/logout']) assert.equal((await ask(path, 'https://any.example')).headers.get('access-control-allow-origin'), null);
  });

  test('tokens and userinfo only for origins of registered browser clients', async () => {
    await addClient(s, { redirect: ['https://confidential.example/cb'] });
    await addClient(s, { method: 'none', grants: 'authorization_code', redirect: ['https://spa.example/cb'] });
    const good = await eventually(async () => {
      const answer = await ask('/userinfo', 'https://spa.example');
      return answer.headers.has('access-control-allow-origin') && answer;
    }, { what: 'the origin is known' });
    assert.equal(good.headers.get('access-control-allow-origin'), 'https://spa.example');
    assert.match(good.headers.get('vary'), /origin/i);
    assert.equal(good.headers.get('access-control-allow-credentials'), null);
    for (const origin of ['null', 'https://spa.example.evil.net', 'https://evil.example', 'http://spa.example', 'https://confidential.example']) assert.equal((await ask('/userinfo', origin)).headers.get('access-control-allow-origin'), null, origin);
    const preflight = await ask('/token', 'https://spa.example', { method: 'OPTIONS' });
    assert.equal(preflight.headers.get('access-control-allow-origin'), 'https://spa.example');
    assert.equal((await ask('/token', 'https://evil.example', { method: 'OPTIONS' })).headers.get('access-control-allow-origin'), null);
  });
});
