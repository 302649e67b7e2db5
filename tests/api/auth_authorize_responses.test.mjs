/* Response types and modes: what comes back from the authorization endpoint and how (OIDC C 4, 7..11, E 4, E 6, M 4; IDENTITY B 16..22, 43, 44). */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import * as jose from 'jose';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { REDIRECT, addClient, addUser, authorize, operator, post, posted, redeem, request, sound, walk } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';

const TYPES = ['code', 'id_token', 'token', 'id_token token', 'code id_token', 'code token', 'code id_token token', 'none'];
const GRANTS = 'authorization_code,implicit,refresh_token';

let s, rp, user, keys, jar;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  [rp, user] = await Promise.all([addClient(s, { grants: GRANTS, metadata: { response_types: TYPES } }), addUser(s)]);
  keys = jose.createRemoteJWKSet(new URL('/jwks.json', s.env.issuer));
  jar = (await authorize(rp, user)).agent;
});

after(async () => {
  await sound(s);
  await s.stop();
});

/* A client of its own, so that openid-client's switches do not meet; the user's consent is asked in passing. */
const clientFor = (metadata, more = {}) => addClient(s, { grants: GRANTS, metadata, ...more });
const halfHash = (text) => createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');
const fragmentOf = (url) => {
  assert.equal(url.search, '', 'nothing in the query');
  return new URLSearchParams(url.hash.slice(1));
};
const claimsOf = async (token, audience, alg = 'RS256') => {
  const { payload, protectedHeader } = await jose.jwtVerify(token, keys, { issuer: s.env.issuer, audience });
  assert.equal(protectedHeader.alg, alg);
  assert.ok(protectedHeader.kid);
  return payload;
};
const refusal = async (client, more, edit = () => {}) => {
  const asked = await request(client, more);
  edit(asked.url.searchParams);
  const page = await createAgent().open(asked.url, { until: (to) => to.href.startsWith(REDIRECT) });
  return { ...asked, page };
};

describe('each type gives exactly its values, in the fragment', () => {
  const expected = {
    id_token: ['id_token'],
    token: ['access_token', 'expires_in', 'token_type'],
    'id_token token': ['access_token', 'expires_in', 'id_token', 'token_type'],
    'code id_token': ['code', 'id_token'],
    'code token': ['access_token', 'code', 'expires_in', 'token_type'],
    'code id_token token': ['access_token', 'code', 'expires_in', 'id_token', 'token_type'],
  };
  for (const [type, names] of Object.entries(expected)) {
    test(type, async () => {
      const { callback, state, nonce } = await authorize(rp, user, { agent: jar, response_type: type.split(' ').reverse().join(' '), scope: 'openid email' });
      const answer = fragmentOf(callback);
      assert.deepEqual([...answer.keys()].sort(), [...names, 'iss', 'session_state', 'state'].sort());
      assert.equal(answer.get('state'), state);
      assert.equal(answer.get('iss'), s.env.issuer);
      if (answer.has('id_token')) {
        const claims = await claimsOf(answer.get('id_token'), rp.id);
        assert.equal(claims.nonce, nonce);
        assert.equal(claims.at_hash, answer.has('access_token') ? halfHash(answer.get('access_token')) : undefined);
        assert.equal(claims.c_hash, answer.has('code') ? halfHash(answer.get('code')) : undefined);
        assert.equal(claims.s_hash, halfHash(state));
        assert.equal(claims.email, type === 'id_token' ? user.email : undefined, 'scope claims only where there is no userinfo');
        assert.equal(typeof claims.auth_time, 'number');
        assert.equal(typeof claims.acr, 'string');
        assert.deepEqual(claims.amr, ['pwd']);
        assert.equal(claims.azp, undefined);
      }
      if (!answer.has('access_token')) return;
      assert.equal(answer.get('token_type'), 'Bearer');
      assert.equal(answer.get('expires_in'), '1800');
      const info = await fetch(new URL('/userinfo', s.env.issuer), { headers: { authorization: `Bearer ${answer.get('access_token')}` } });
      assert.equal((await info.json()).email, user.email);
    });
  }
});

test('none ends with nothing but state, session_state and issuer, and leaves no grant', async () => {
  const count = async () => (await s.psql(`select count(*)::int n from auth.grants where client_id = '${rp.id}'`))[0].n;
  const before = await count();
  const { callback, state } = await authorize(rp, user, { agent: jar, response_type: 'none', scope: 'openid email' });
  const { session_state, ...rest } = Object.fromEntries(callback.searchParams);
  assert.ok(session_state);
  assert.deepEqual(rest, { state, iss: s.env.issuer });
  assert.equal(await count(), before);
});

test('what the client may not have is missing, and then the scope says so', async () => {
  const narrow = await clientFor({ response_types: ['token'] }, { grants: 'implicit', scope: 'openid email offline_access' });
  const { callback } = await authorize(narrow, user, { agent: jar, response_type: 'token', scope: 'openid email phone offline_access' });
  assert.equal(fragmentOf(callback).get('scope'), 'openid email');
});

test('openid-client: code id_token, with c_hash and s_hash checked, and both tokens agree', async () => {
  const hybrid = await clientFor({ response_types: ['code id_token'] });
  oidc.useCodeIdTokenResponseType(hybrid.config);
  oidc.enableDetachedSignatureResponseChecks(hybrid.config);
  const answer = await authorize(hybrid, user, { agent: jar });
  const front = await claimsOf(fragmentOf(answer.callback).get('id_token'), hybrid.id);
  const tokens = await redeem(hybrid, answer);
  for (const name of ['sub', 'nonce', 'auth_time', 'sid', 'acr']) assert.equal(tokens.claims()[name], front[name], name);
  assert.equal(tokens.claims().at_hash, halfHash(tokens.access_token));
  assert.ok(tokens.refresh_token);
});

test('openid-client: id_token, in the fragment and by form post', async () => {
  const implicit = await clientFor({ response_types: ['id_token'] }, { grants: 'implicit' });
  oidc.useIdTokenResponseType(implicit.config);
  const first = await authorize(implicit, user, { agent: jar, scope: 'openid profile' });
  const claims = await oidc.implicitAuthentication(implicit.config, first.callback, first.nonce, { expectedState: first.state });
  assert.equal(claims.name, 'Uma User');
  assert.equal(claims.email, undefined);
  const asked = await request(implicit, { scope: 'openid profile', response_mode: 'form_post' });
  const again = await oidc.implicitAuthentication(implicit.config, posted(await walk(jar, asked.url, user)), asked.nonce, { expectedState: asked.state });
  assert.equal(again.sub, claims.sub);
});

test('openid-client: a code by form post, from a page without inline code', async () => {
  const asked = await request(rp, { response_mode: 'form_post' });
  const page = await walk(jar, asked.url, user);
  const policy = page.headers.get('content-security-policy');
  assert.match(policy, /script-src 'self'/);
  assert.match(policy, /form-action https:\/\/rp\.example https:/);
  assert.match(policy, /frame-ancestors 'none'/);
  assert.equal(page.headers.get('cache-control'), 'no-store');
  assert.equal(page.headers.get('referrer-policy'), 'no-referrer');
  assert.doesNotMatch(page.text, /<script>|onload=/);
  assert.match(page.text, /<noscript><button/);
  assert.equal((await fetch(new URL(/src="([^"]*form_post[^"]*)"/.exec(page.text)[1], s.env.issuer))).status, 200);
  const tokens = await redeem(rp, { ...asked, callback: posted(page) });
  assert.ok(tokens.id_token);
});

test('form post after a log-in, and for a denial', async () => {
  const other = await clientFor({ response_types: ['code'] });
  const asked = await request(other, { response_mode: 'form_post' });
  const page = await walk(createAgent(), asked.url, user, { decision: 'Deny' });
  const body = new URLSearchParams(await posted(page).text());
  assert.deepEqual(Object.fromEntries(body), { error: 'access_denied', state: asked.state, iss: s.env.issuer });
});

test('openid-client: answers in a JWT (JARM)', async () => {
  const signed = await clientFor({ response_types: ['code'] });
  oidc.useJwtResponseMode(signed.config);
  const answer = await authorize(signed, user, { agent: jar });
  assert.deepEqual([...answer.callback.searchParams.keys()], ['response']);
  assert.ok((await redeem(signed, answer)).id_token);
  const { authorization_signing_alg_values_supported: algs } = signed.config.serverMetadata();
  assert.deepEqual([...algs].sort(), ['ES256', 'EdDSA', 'PS256', 'RS256']);
  for (const alg of algs) {
    const client = await clientFor({ response_types: ['code'], authorization_signed_response_alg: alg });
    const { callback } = await authorize(client, user, { agent: jar, response_mode: 'query.jwt' });
    await claimsOf(callback.searchParams.get('response'), client.id, alg);
  }
});

test('an answer in a JWT is encrypted to the key of a client that registered for it, an error as well', async () => {
  const metadata = rp.config.serverMetadata();
  assert.ok(metadata.authorization_encryption_enc_values_supported.includes('A256GCM'));
  for (const alg of metadata.authorization_encryption_alg_values_supported) {
    const { privateKey, publicKey } = await jose.generateKeyPair(alg);
    const jwks = { keys: [{ ...(await jose.exportJWK(publicKey)), kid: 'enc', use: 'enc', alg }] };
    const client = await clientFor({ response_types: ['code'], jwks, authorization_encrypted_response_alg: alg, authorization_encrypted_response_enc: 'A256GCM' });
    const open = async (url) => {
      assert.deepEqual([...url.searchParams.keys()], ['response'], url.href);
      const { plaintext, protectedHeader } = await jose.compactDecrypt(url.searchParams.get('response'), privateKey);
      assert.deepEqual([protectedHeader.alg, protectedHeader.enc, protectedHeader.cty], [alg, 'A256GCM', 'JWT']);
      return claimsOf(new TextDecoder().decode(plaintext), client.id);
    };
    const { callback, state } = await authorize(client, user, { agent: jar, response_mode: 'query.jwt' });
    const claims = await open(callback);
    assert.ok(claims.code);
    assert.equal(claims.state, state);
    const { page } = await refusal(client, { prompt: 'none', response_mode: 'jwt' });
    assert.equal((await open(page.url)).error, 'login_required');
  }
});

test('a JWT holds what the type gives, with issuer, audience and a short life, in every carrier', async () => {
  const takes = {
    'query.jwt': (page) => page.url.searchParams,
    'fragment.jwt': (page) => fragmentOf(page.url),
    'form_post.jwt': async (page) => new URLSearchParams(await posted(page).text()),
    jwt: (page) => page.url.searchParams,
  };
  for (const [mode, take] of Object.entries(takes)) {
    const asked = await request(rp, { response_mode: mode });
    const answer = await take(await walk(jar, asked.url, user));
    assert.deepEqual([...answer.keys()], ['response'], mode);
    const { iss, aud, exp, code, state, session_state, ...rest } = await claimsOf(answer.get('response'), rp.id);
    assert.deepEqual({ iss, aud, state, rest }, { iss: s.env.issuer, aud: rp.id, state: asked.state, rest: {} });
    assert.ok(exp > Date.now() / 1000 && exp <= Date.now() / 1000 + 600);
    assert.ok(code && session_state);
  }
  const asked = await request(rp, { response_mode: 'jwt', response_type: 'id_token token', scope: 'openid' });
  const inside = await claimsOf(fragmentOf((await walk(jar, asked.url, user)).url).get('response'), rp.id);
  assert.equal((await claimsOf(inside.id_token, rp.id)).at_hash, halfHash(inside.access_token));
  assert.equal(inside.expires_in, '1800', 'as a string, as JARM writes it');
});

test('errors go the way that the success would have gone', async () => {
  const prompt = { prompt: 'none' };
  const implicit = await refusal(rp, { ...prompt, response_type: 'id_token' });
  assert.equal(fragmentOf(implicit.page.url).get('error'), 'login_required');
  assert.equal(fragmentOf(implicit.page.url).get('iss'), s.env.issuer);
  const inJwt = await refusal(rp, { ...prompt, response_mode: 'jwt' });
  const claims = await claimsOf(inJwt.page.url.searchParams.get('response'), rp.id);
  assert.equal(claims.error, 'login_required');
  assert.equal(claims.state, inJwt.state);
  assert.equal(inJwt.page.url.searchParams.get('error'), null);
  const byForm = await refusal(rp, { ...prompt, response_mode: 'form_post' });
  assert.equal(new URLSearchParams(await posted(byForm.page).text()).get('error'), 'login_required');
  const untyped = await refusal(rp, { response_mode: 'form_post' }, (p) => p.delete('response_type'));
  assert.equal(new URLSearchParams(await posted(untyped.page).text()).get('error'), 'invalid_request');
});

test('tokens never go into a query, and types only to clients that registered them', async () => {
  for (const response_mode of ['query', 'query.jwt']) {
    const { page, state } = await refusal(rp, { response_type: 'id_token', response_mode });
    const answer = fragmentOf(page.url);
    const { error, state: echoed } = answer.has('response') ? await claimsOf(answer.get('response'), rp.id) : Object.fromEntries(answer);
    assert.deepEqual({ error, echoed }, { error: 'invalid_request', echoed: state });
  }
  const plain = await addClient(s);
  for (const response_type of TYPES.filter((type) => /token/.test(type))) {
    assert.equal(fragmentOf((await refusal(plain, { response_type })).page.url).get('error'), 'unauthorized_client', response_type);
  }
});

test('a nonce is required where an ID token comes back, and only there', async () => {
  for (const response_type of TYPES) {
    const { page } = await refusal(rp, { response_type, prompt: 'none', scope: 'openid' }, (p) => p.delete('nonce'));
    const answer = page.url.hash ? fragmentOf(page.url) : page.url.searchParams;
    assert.equal(answer.get('error'), /id_token/.test(response_type) ? 'invalid_request' : 'login_required', response_type);
  }
});

test('the front token of a code that is replayed dies with everything else', async () => {
  const answer = await authorize(rp, user, { agent: jar, response_type: 'code token', scope: 'openid email' });
  const front = fragmentOf(answer.callback);
  const fields = { grant_type: 'authorization_code', code: front.get('code'), redirect_uri: REDIRECT, code_verifier: answer.verifier };
  assert.equal((await post(s, '/token', fields, { basic: rp })).status, 200);
  assert.equal((await post(s, '/token', fields, { basic: rp })).body.error, 'invalid_grant');
  const info = await fetch(new URL('/userinfo', s.env.issuer), { headers: { authorization: `Bearer ${front.get('access_token')}` } });
  assert.equal(info.status, 401);
});

test('metadata lists what works', async () => {
  const metadata = await (await fetch(new URL('/.well-known/openid-configuration', s.env.issuer))).json();
  assert.deepEqual([...metadata.response_types_supported].sort(), [...TYPES].sort());
  assert.deepEqual(metadata.response_modes_supported, ['query', 'fragment', 'form_post', 'query.jwt', 'fragment.jwt', 'form_post.jwt', 'jwt']);
  assert.deepEqual(metadata.authorization_signing_alg_values_supported, ['RS256', 'ES256', 'PS256', 'EdDSA']);
  assert.ok(metadata.grant_types_supported.includes('implicit'));
});

test('grants and response types that contradict each other are refused by name', async () => {
  await assert.rejects(clientFor({ response_types: ['id_token'] }, { grants: 'authorization_code' }), /grant_types/);
  await assert.rejects(clientFor({ response_types: ['code id_token'] }, { grants: 'implicit' }), /grant_types/);
  await assert.rejects(clientFor({ response_types: ['device'] }), /response_types/);
  assert.match(await operator(s, 'clients', 'list'), new RegExp(rp.id));
});
