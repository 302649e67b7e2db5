/* Sender-constrained tokens by DPoP (RFC 9449): openid-client's own handle for what must work, hand-made proofs for what must not. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { SignJWT, base64url, calculateJwkThumbprint, decodeJwt, exportJWK, generateKeyPair } from 'jose';
import * as oauth from 'oauth4webapi';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { REDIRECT, addClient, addUser, authorize, post, request, sound, tokensFor, walk } from '../support/relying_party.mjs';
import { startStack, sharedStack } from '../support/stack.mjs';

let s, confidential, open, must, spa, user;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  [confidential, open, must, spa, user] = await Promise.all([
    addClient(s), addClient(s, { method: 'none', grants: 'authorization_code,refresh_token' }),
    addClient(s, { metadata: { dpop_bound_access_tokens: true } }), addClient(s, { method: 'none', grants: 'authorization_code', redirect: ['https://spa.example/cb'] }), addUser(s),
  ]);
});

after(async () => {
  await sound(s);
  await s.stop();
});

const now = () => Math.floor(Date.now() / 1000);
const hash = (text) => createHash('sha256').update(text).digest('base64url');

async function makeKey(alg = 'ES256') {
  const pair = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(pair.publicKey);
  return { alg, ...pair, jwk, jkt: await calculateJwkThumbprint(jwk) };
}

/* A good proof for the path unless told otherwise; undefined leaves a member out. */
function proof(key, path, { method = 'POST', token, header = {}, claims = {}, sign = key.privateKey } = {}) {
  const all = { jti: randomUUID(), htm: method, htu: new URL(path, s.env.issuer).href, iat: now(), ...(token && { ath: hash(token) }), ...claims };
  return new SignJWT(JSON.parse(JSON.stringify(all))).setProtectedHeader({ alg: key.alg, typ: 'dpop+jwt', jwk: key.jwk, ...header }).sign(sign);
}

const basic = (client) => ({ id: client.id, secret: client.secret });
const own = (client, dpop) => post(s, '/token', { grant_type: 'client_credentials' }, { basic: basic(client), headers: dpop ? { dpop } : {} });
const userinfo = (token, { scheme = 'DPoP', dpop, method = 'GET' } = {}) =>
  fetch(new URL('/userinfo', s.env.issuer), { method, headers: { authorization: `${scheme} ${token}`, ...(dpop && { dpop }) } });
const exchange = (rp, asked, DPoP) => oidc.authorizationCodeGrant(rp.config, asked.callback, { pkceCodeVerifier: asked.verifier, expectedState: asked.state, expectedNonce: asked.nonce }, undefined, { DPoP });
const redemption = (client, asked) => ({ grant_type: 'authorization_code', code: asked.callback.searchParams.get('code'), redirect_uri: REDIRECT, code_verifier: asked.verifier, ...(client.secret && client === open ? { client_id: client.id } : {}) });

describe('bound tokens with a library of others', () => {
  for (const alg of ['ES256', 'PS256', 'Ed25519']) {
    test(`openid-client: code, userinfo and refresh with ${alg}`, async () => {
      const handle = oidc.getDPoPHandle(confidential.config, await oidc.randomDPoPKeyPair(alg));
      const asked = await authorize(confidential, user);
      const tokens = await exchange(confidential, asked, handle);
      assert.equal(tokens.token_type, 'dpop');
      const jkt = await handle.calculateThumbprint();
      assert.deepEqual(decodeJwt(tokens.access_token).cnf, { jkt });
      const { sub } = tokens.claims();
      assert.equal((await oidc.fetchUserInfo(confidential.config, tokens.access_token, sub, { DPoP: handle })).sub, sub);
      const again = await oidc.refreshTokenGrant(confidential.config, tokens.refresh_token, undefined, { DPoP: handle });
      assert.equal(again.token_type, 'dpop');
      assert.equal(again.refresh_token, tokens.refresh_token, 'bound to a key: not rotated');
      const seen = await oidc.tokenIntrospection(confidential.config, again.access_token);
      assert.deepEqual([seen.active, seen.token_type, seen.cnf], [true, 'DPoP', { jkt }]);
    });
  }

  test('oauth4webapi: client credentials', async () => {
    const as = await oauth.processDiscoveryResponse(new URL(s.env.issuer), await oauth.discoveryRequest(new URL(s.env.issuer), { [oauth.allowInsecureRequests]: true }));
    assert.deepEqual([...as.dpop_signing_alg_values_supported].sort(), ['ES256', 'Ed25519', 'EdDSA', 'PS256']);
    const client = { client_id: confidential.id };
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
    const answer = await oauth.clientCredentialsGrantRequest(as, client, oauth.ClientSecretBasic(confidential.secret), {}, { DPoP, [oauth.allowInsecureRequests]: true });
    const tokens = await oauth.processClientCredentialsResponse(as, client, answer);
    assert.equal(tokens.token_type, 'dpop');
    assert.equal(tokens.refresh_token, undefined);
  });

  test('the same key pushes the request and redeems the code', async () => {
    const handle = oidc.getDPoPHandle(confidential.config, await oidc.randomDPoPKeyPair());
    const verifier = oidc.randomPKCECodeVerifier(), state = oidc.randomState();
    const url = await oidc.buildAuthorizationUrlWithPAR(confidential.config, {
      redirect_uri: REDIRECT, scope: 'openid', state, code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
    }, { DPoP: handle });
    const page = await walk(createAgent(), url, user);
    const other = oidc.getDPoPHandle(confidential.config, await oidc.randomDPoPKeyPair());
    const tokens = await oidc.authorizationCodeGrant(confidential.config, page.url, { pkceCodeVerifier: verifier, expectedState: state }, undefined, { DPoP: handle });
    assert.equal(tokens.token_type, 'dpop');

    const again = await oidc.buildAuthorizationUrlWithPAR(confidential.config, {
      redirect_uri: REDIRECT, scope: 'openid', state, code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', dpop_jkt: await handle.calculateThumbprint(),
    }, { DPoP: handle });
    const end = await walk(createAgent(), again, user);
    await assert.rejects(oidc.authorizationCodeGrant(confidential.config, end.url, { pkceCodeVerifier: verifier, expectedState: state }, undefined, { DPoP: other }), { error: 'invalid_grant' });
  });
});

describe('proofs at the token endpoint', () => {
  let key, other;
  before(async () => {
    [key, other] = await Promise.all([makeKey(), makeKey()]);
  });

  const bad = {
    'no typ': { header: { typ: undefined } },
    'typ JWT': { header: { typ: 'JWT' } },
    'another key in the header': async () => ({ header: { jwk: other.jwk } }),
    'a private key in the header': async () => ({ header: { jwk: await exportJWK(key.privateKey) } }),
    'no key in the header': { header: { jwk: undefined } },
    'no jti': { claims: { jti: undefined } },
    'an empty jti': { claims: { jti: '' } },
    'no htm': { claims: { htm: undefined } },
    'another method': { claims: { htm: 'GET' } },
    'no htu': { claims: { htu: undefined } },
    'another path': { claims: { htu: 'http://127.0.0.1/token' } },
    'no iat': { claims: { iat: undefined } },
    'an iat in text': { claims: { iat: String(now()) } },
    'an old iat': { claims: { iat: now() - 70 } },
    'an iat an hour ahead': { claims: { iat: now() + 3600 } },
  };
  for (const [why, made] of Object.entries(bad)) {
    test(`refused: ${why}`, async () => {
      const { status, body, headers } = await own(confidential, await proof(key, '/token', typeof made === 'function' ? await made() : made));
      assert.deepEqual([status, body.error], [400, 'invalid_dpop_proof']);
      assert.ok(headers.get('dpop-nonce'));
    });
  }

  test('refused: symmetric, RS256 and unsigned', async () => {
    const rsa = await makeKey('RS256');
    for (const dpop of [await proof(rsa, '/token'), await proof({ alg: 'HS256', jwk: { kty: 'oct', k: 'AAAA' } }, '/token', { sign: new TextEncoder().encode('x'.repeat(32)) }),
      `${base64url.encode(JSON.stringify({ alg: 'none', typ: 'dpop+jwt', jwk: key.jwk }))}.${base64url.encode(JSON.stringify({ jti: 'x', htm: 'POST', htu: `${s.env.issuer}/token`, iat: now() }))}.`, 'x', 'a.b.c'])
      assert.equal((await own(confidential, dpop)).body.error, 'invalid_dpop_proof');
  });

  test('refused: two proofs, in one header or in two', async () => {
    const [a, b] = [await proof(key, '/token'), await proof(key, '/token')];
    assert.equal((await own(confidential, `${a}, ${b}`)).status, 400);
  });

  test('accepted: other writings of the address and the type, more members, clocks that differ', async () => {
    const { port } = new URL(s.env.issuer);
    const good = [{ claims: { htu: `HTTP://127.0.0.1:${port}/token?x=1#y` } }, { claims: { htu: `${s.env.issuer}/a/../%74oken` } }, { header: { typ: 'application/DPoP+JWT' } }, { claims: { exp: 1, nbf: now() + 1000, more: [1] } }];
    for (const made of good) assert.equal((await own(confidential, await proof(key, '/token', made))).status, 200, JSON.stringify(made));
    for (const off of [-30, 8]) assert.equal((await own(confidential, await proof(key, '/token', { claims: { iat: now() + off } }))).status, 200, `${off} s`);
  });

  test('one proof works once, also when twenty come at once', async () => {
    const dpop = await proof(key, '/token');
    const answers = await Promise.all(Array.from({ length: 20 }, () => own(confidential, dpop)));
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.ok(answers.every(({ status, body }) => [200, 503].includes(status) || body.error === 'invalid_dpop_proof'));
  });

  test('an unknown nonce is answered by a good one, which then replaces the time', async () => {
    const refused = await own(confidential, await proof(key, '/token', { claims: { nonce: 'x' } }));
    assert.deepEqual([refused.status, refused.body.error], [400, 'use_dpop_nonce']);
    const nonce = refused.headers.get('dpop-nonce');
    assert.equal((await own(confidential, await proof(key, '/token', { claims: { nonce, iat: now() - 3600 } }))).status, 200);
  });

  test('a client registered so must bring a proof', async () => {
    assert.deepEqual([(await own(must)).status, (await own(must)).body.error], [400, 'invalid_dpop_proof']);
    assert.equal((await own(must, await proof(key, '/token'))).body.token_type, 'DPoP');
    assert.equal((await own(confidential)).body.token_type, 'Bearer');
  });
});

describe('codes and refresh tokens bound to a key', () => {
  let key, other;
  before(async () => {
    [key, other] = await Promise.all([makeKey(), makeKey()]);
  });
  const send = async (client, fields, bound) => post(s, '/token', client.config.clientMetadata().client_secret ? fields : { ...fields, client_id: client.id },
    { ...(client !== open && { basic: basic(client) }), headers: bound ? { dpop: await proof(bound, '/token') } : {} });

  test('dpop_jkt: no other key, and no request without one, redeems the code', async () => {
    for (const bound of [other, undefined]) {
      const asked = await authorize(confidential, user, { dpop_jkt: key.jkt });
      assert.equal((await send(confidential, redemption(confidential, asked), bound)).body.error, 'invalid_grant');
      assert.equal((await send(confidential, redemption(confidential, asked), key)).body.error, 'invalid_grant', 'it was consumed');
    }
    const asked = await authorize(confidential, user, { dpop_jkt: key.jkt });
    assert.equal((await send(confidential, redemption(confidential, asked), key)).status, 200);
  });

  test('a malformed dpop_jkt is refused', async () => {
    const { url } = await request(confidential, { dpop_jkt: 'short' });
    const answer = await fetch(url, { redirect: 'manual' });
    assert.equal(new URL(answer.headers.get('location')).searchParams.get('error'), 'invalid_request');
  });

  test('a push whose proof is of another key than dpop_jkt is refused', async () => {
    const { url } = await request(confidential, { dpop_jkt: other.jkt });
    const { status, body } = await post(s, '/par', Object.fromEntries(url.searchParams), { basic: basic(confidential), headers: { dpop: await proof(key, '/par') } });
    assert.deepEqual([status, body.error], [400, 'invalid_dpop_proof']);
  });

  test('the refresh token of a public client works with its key only, and stays', async () => {
    const asked = await authorize(open, user);
    const { body: first } = await send(open, redemption(open, asked), key);
    assert.equal(first.token_type, 'DPoP');
    const fields = { grant_type: 'refresh_token', refresh_token: first.refresh_token };
    for (const bound of [other, undefined]) assert.equal((await send(open, fields, bound)).body.error, 'invalid_grant');
    for (let i = 0; i < 2; i++) {
      const { status, body } = await send(open, fields, key);
      assert.deepEqual([status, body.refresh_token, body.token_type], [200, first.refresh_token, 'DPoP']);
    }
  });

  test('a confidential client may change its key', async () => {
    const asked = await authorize(confidential, user);
    const { body: first } = await send(confidential, redemption(confidential, asked), key);
    const { body } = await send(confidential, { grant_type: 'refresh_token', refresh_token: first.refresh_token }, other);
    assert.deepEqual(decodeJwt(body.access_token).cnf, { jkt: other.jkt });
  });
});

describe('bound tokens at a resource', () => {
  let key, token, plain;
  before(async () => {
    key = await makeKey();
    const asked = await authorize(confidential, user);
    ({ body: { access_token: token } } = await post(s, '/token', redemption(confidential, asked), { basic: basic(confidential), headers: { dpop: await proof(key, '/token') } }));
    ({ tokens: { access_token: plain } } = await tokensFor(confidential, user));
  });

  test('by GET and by POST with a fresh proof', async () => {
    for (const method of ['GET', 'POST']) {
      const answer = await userinfo(token, { method, dpop: await proof(key, '/userinfo', { method, token }) });
      assert.equal(answer.status, 200);
    }
    assert.equal((await userinfo(token, { scheme: 'dpop', dpop: await proof(key, '/userinfo', { method: 'GET', token }) })).status, 200, 'whatever the case of the scheme');
    assert.equal((await userinfo(token, { dpop: `${await proof(key, '/userinfo', { method: 'GET', token })}, ${await proof(key, '/userinfo', { method: 'GET', token })}` })).status, 401, 'one proof, not two');
  });

  test('never as a plain bearer token, in header or form', async () => {
    const answer = await userinfo(token, { scheme: 'Bearer' });
    assert.equal(answer.status, 401);
    assert.match(answer.headers.get('www-authenticate'), /^DPoP error="invalid_token", algs="PS256 ES256 EdDSA Ed25519"$/);
    assert.equal((await post(s, '/userinfo', { access_token: token })).status, 401);
    const proved = await userinfo(token, { scheme: 'Bearer', dpop: await proof(key, '/userinfo', { method: 'GET', token }) });
    assert.equal(proved.status, 401);
  });

  test('a plain token is no DPoP token', async () => {
    assert.equal((await userinfo(plain, { scheme: 'Bearer' })).status, 200);
    assert.equal((await userinfo(plain, { dpop: await proof(key, '/userinfo', { method: 'GET', token: plain }) })).status, 401);
  });

  test('refused: no proof, another key, another token, none named, another method, used before', async () => {
    const other = await makeKey();
    const cases = [undefined, await proof(other, '/userinfo', { method: 'GET', token }), await proof(key, '/userinfo', { method: 'GET', token: plain }),
      await proof(key, '/userinfo', { method: 'GET' }), await proof(key, '/userinfo', { method: 'POST', token }), await proof(key, '/token', { method: 'GET', token })];
    for (const dpop of cases) {
      const answer = await userinfo(token, { dpop });
      assert.equal(answer.status, 401);
      assert.match(answer.headers.get('www-authenticate'), /^DPoP error="(invalid_token|invalid_dpop_proof)"/);
    }
    const dpop = await proof(key, '/userinfo', { method: 'GET', token });
    assert.equal((await userinfo(token, { dpop })).status, 200);
    assert.equal((await userinfo(token, { dpop })).status, 401);
  });

  test('a nonce that is not ours: 401, the challenge and the nonce to come back with', async () => {
    const answer = await userinfo(token, { dpop: await proof(key, '/userinfo', { method: 'GET', token, claims: { nonce: 'x' } }) });
    assert.equal(answer.status, 401);
    assert.match(answer.headers.get('www-authenticate'), /error="use_dpop_nonce"/);
    const nonce = answer.headers.get('dpop-nonce');
    assert.equal((await userinfo(token, { dpop: await proof(key, '/userinfo', { method: 'GET', token, claims: { nonce } }) })).status, 200);
  });
});

test('a browser application can read the refusal and its nonce', async () => {
  const key = await makeKey();
  const { headers, body } = await post(s, '/token', { grant_type: 'authorization_code', client_id: spa.id, code: 'x' },
    { headers: { origin: 'https://spa.example', dpop: await proof(key, '/token', { claims: { nonce: 'x' } }) } });
  assert.equal(body.error, 'use_dpop_nonce');
  assert.equal(headers.get('access-control-allow-origin'), 'https://spa.example');
  assert.match(headers.get('access-control-expose-headers'), /DPoP-Nonce/);
  const preflight = await fetch(new URL('/token', s.env.issuer), { method: 'OPTIONS', headers: { origin: 'https://spa.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'dpop' } });
  assert.match(preflight.headers.get('access-control-allow-headers'), /DPoP/);
});

test('a client has one kind of key', async () => {
  await assert.rejects(addClient(s, { metadata: { dpop_bound_access_tokens: true, tls_client_certificate_bound_access_tokens: true } }), /a token has one key/);
});

/* What was used before Redis forgot everything stays used (C 69). */
async function afterAFlush(stack, rp, withNonce) {
  const key = await makeKey();
  const ask = (dpop) => post(stack, '/token', { grant_type: 'client_credentials' }, { basic: basic(rp), headers: { dpop } });
  const htu = `${stack.env.issuer}/token`;
  const nonce = withNonce ? (await ask(await proof(key, '/token', { claims: { htu } }))).headers.get('dpop-nonce') : undefined;
  const used = await proof(key, '/token', { claims: { htu, nonce } });
  assert.equal((await ask(used)).status, 200);
  execFileSync('redis-cli', ['-u', stack.env.redis_url, 'flushall']);
  for (const answer of [await ask(used), ...await Promise.all(Array.from({ length: 5 }, () => ask(used)))]) {
    assert.equal(answer.status, 400);
    assert.match(answer.body.error, /^(invalid_dpop_proof|use_dpop_nonce)$/);
  }
}

test('where nonces are demanded, openid-client gets one by itself, and a used proof stays used when Redis forgets', async () => {
  const strict = await startStack({ profile: 'login', env: { AUTHSRV_DPOP_NONCE: 'true' } });
  try {
    const rp = await addClient(strict);
    const handle = oidc.getDPoPHandle(rp.config, await oidc.randomDPoPKeyPair());
    const tokens = await oidc.clientCredentialsGrant(rp.config, undefined, { DPoP: handle }).catch((error) => {
      assert.ok(oidc.isDPoPNonceError?.(error) ?? error.error === 'use_dpop_nonce');
      return oidc.clientCredentialsGrant(rp.config, undefined, { DPoP: handle });
    });
    assert.equal(tokens.token_type, 'dpop');
    await afterAFlush(strict, rp, true);
    await strict.restart('authsrv', { env: { AUTHSRV_DPOP_NONCE: 'false' } });
    await afterAFlush(strict, rp, false);
  } finally {
    await strict.stop();
  }
});
