/* ID tokens, userinfo and introspection in the form that a client registered: algorithms, none, encryption. Decrypted and verified by jose. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { base64url, compactDecrypt, createRemoteJWKSet, decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { addClient, addUser, authorize, post, sound, tokensFor, REDIRECT } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, jwks, user, metadata;
const decoder = new TextDecoder();

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  jwks = createRemoteJWKSet(new URL('/jwks.json', s.env.issuer));
  user = await addUser(s);
  metadata = await (await fetch(new URL('/.well-known/openid-configuration', s.env.issuer))).json();
});

after(async () => {
  await sound(s);
  await s.stop();
});

/* The token endpoint's answer, raw: openid-client would refuse what it was not configured for. */
async function rawTokens(rp) {
  const asked = await authorize(rp, user);
  const { status, body } = await post(s, '/token', { grant_type: 'authorization_code', code: asked.callback.searchParams.get('code'), redirect_uri: REDIRECT, code_verifier: asked.verifier }, { basic: rp });
  assert.equal(status, 200, JSON.stringify(body));
  return { ...body, asked };
}
const userinfo = (token) => fetch(new URL('/userinfo', s.env.issuer), { headers: { authorization: `Bearer ${token}` } });
const verify = (token, rp, more = {}) => jwtVerify(token, jwks, { issuer: s.env.issuer, audience: rp.id, ...more });

async function keyFor(alg) {
  const pair = alg.startsWith('RSA') ? await generateKeyPair(alg, { modulusLength: 2048 }) : await generateKeyPair(alg, { crv: 'P-256' });
  return { privateKey: pair.privateKey, jwks: { keys: [{ ...(await exportJWK(pair.publicKey)), use: 'enc', kid: 'e1', alg }] } };
}

test('every signing algorithm that the metadata names', async () => {
  for (const alg of metadata.id_token_signing_alg_values_supported.filter((name) => name !== 'none')) {
    const rp = await addClient(s, { metadata: { id_token_signed_response_alg: alg } });
    const tokens = await rawTokens(rp);
    const { payload, protectedHeader } = await verify(tokens.id_token, rp);
    assert.equal(protectedHeader.alg, alg);
    const half = createHash(alg === 'EdDSA' ? 'sha512' : 'sha256').update(tokens.access_token).digest();
    assert.equal(payload.at_hash, half.subarray(0, half.length / 2).toString('base64url'));
    assert.equal(payload.nonce, tokens.asked.nonce);
  }
});

test('none only where it was registered', async () => {
  const rp = await addClient(s, { metadata: { id_token_signed_response_alg: 'none' } });
  const { id_token: token } = await rawTokens(rp);
  const [header, payload, signature] = token.split('.');
  assert.deepEqual(JSON.parse(base64url.decode(header).reduce((text, c) => text + String.fromCharCode(c), '')), { alg: 'none', typ: 'JWT' });
  assert.equal(signature, '');
  assert.equal(decodeJwt(`${header}.${payload}.`).aud, rp.id);
  const hinted = await fetch(new URL(`/authorize?${new URLSearchParams({ client_id: rp.id, redirect_uri: REDIRECT, response_type: 'code', scope: 'openid', prompt: 'none', id_token_hint: token, code_challenge: 'x'.repeat(43), code_challenge_method: 'S256' })}`, s.env.issuer), { redirect: 'manual' });
  assert.equal(new URL(hinted.headers.get('location')).searchParams.get('error'), 'invalid_request', 'it proves nothing as a hint');
});

describe('encrypted', () => {
  for (const alg of ['RSA-OAEP-256', 'RSA-OAEP', 'ECDH-ES', 'ECDH-ES+A256KW']) {
    test(`ID token and userinfo by ${alg}`, async () => {
      const key = await keyFor(alg);
      const rp = await addClient(s, { metadata: { jwks: key.jwks, id_token_encrypted_response_alg: alg, userinfo_signed_response_alg: 'ES256', userinfo_encrypted_response_alg: alg, userinfo_encrypted_response_enc: 'A256GCM' } });
      const tokens = await rawTokens(rp);
      const opened = await compactDecrypt(tokens.id_token, key.privateKey);
      assert.deepEqual([opened.protectedHeader.alg, opened.protectedHeader.enc, opened.protectedHeader.cty, opened.protectedHeader.kid], [alg, 'A128CBC-HS256', 'JWT', 'e1']);
      const { payload } = await verify(decoder.decode(opened.plaintext), rp);
      const answer = await userinfo(tokens.access_token);
      assert.equal(answer.headers.get('content-type'), 'application/jwt');
      const inner = await compactDecrypt(await answer.text(), key.privateKey);
      assert.equal(inner.protectedHeader.enc, 'A256GCM');
      const claims = (await verify(decoder.decode(inner.plaintext), rp)).payload;
      assert.deepEqual([claims.sub, claims.email], [payload.sub, user.email]);
    });
  }

  test('not without a key, and not half', async () => {
    await assert.rejects(addClient(s, { metadata: { id_token_encrypted_response_alg: 'RSA-OAEP' } }), /needs jwks/);
    const key = await keyFor('RSA-OAEP');
    await assert.rejects(addClient(s, { metadata: { jwks: key.jwks, userinfo_encrypted_response_enc: 'A128GCM' } }), /without the algorithm/);
  });
});

test('signed userinfo: iss and aud, no nonce; openid-client takes it', async () => {
  const rp = await addClient(s, { metadata: { userinfo_signed_response_alg: 'RS256' } });
  const { tokens } = await tokensFor(rp, user);
  const answer = await userinfo(tokens.access_token);
  const text = await answer.text();
  const { payload } = await verify(text, rp);
  assert.equal(payload.nonce, undefined);
  assert.equal(payload.sub, tokens.claims().sub);
  const config = new oidc.Configuration(rp.config.serverMetadata(), rp.id, { client_secret: rp.secret, userinfo_signed_response_alg: 'RS256' }, oidc.ClientSecretBasic(rp.secret));
  oidc.allowInsecureRequests(config);
  assert.equal((await oidc.fetchUserInfo(config, tokens.access_token, payload.sub)).email, user.email);
});

describe('introspection as a JWT (RFC 9701)', () => {
  const TYPE = 'application/token-introspection+jwt';
  const ask = (rp, token, accept = TYPE) => post(s, '/introspect', { token }, { basic: rp, headers: { accept } });

  test('signed, wrapped, for the caller; the answer is no token', async () => {
    const rp = await addClient(s, { metadata: { introspection_signed_response_alg: 'ES256' } });
    const { tokens } = await tokensFor(rp, user);
    const { headers, body } = await ask(rp, tokens.access_token);
    assert.equal(headers.get('content-type'), TYPE);
    const { payload, protectedHeader } = await verify(body, rp, { typ: 'token-introspection+jwt' });
    assert.equal(protectedHeader.alg, 'ES256');
    assert.deepEqual([payload.sub, payload.exp, typeof payload.iat], [undefined, undefined, 'number']);
    const inside = payload.token_introspection;
    assert.deepEqual([inside.active, inside.sub, inside.client_id, inside.token_type], [true, tokens.claims().sub, rp.id, 'Bearer']);
    assert.deepEqual(inside.amr, ['pwd']);
    assert.equal(typeof inside.auth_time, 'number');
    assert.equal((await userinfo(body)).status, 401);
  });

  test('what is not active is said in the same form', async () => {
    const rp = await addClient(s);
    const { payload, protectedHeader } = await verify((await ask(rp, 'x', `text/html, ${TYPE};q=0.5`)).body, rp);
    assert.deepEqual(payload.token_introspection, { active: false });
    assert.equal(protectedHeader.alg, 'RS256');
  });

  test('plain JSON for whoever does not ask', async () => {
    const rp = await addClient(s);
    const { headers, body } = await ask(rp, 'x', 'application/json');
    assert.match(headers.get('content-type'), /^application\/json/);
    assert.deepEqual(body, { active: false });
  });

  test('encrypted', async () => {
    const key = await keyFor('ECDH-ES');
    const rp = await addClient(s, { metadata: { jwks: key.jwks, introspection_encrypted_response_alg: 'ECDH-ES' } });
    const opened = await compactDecrypt((await ask(rp, 'x')).body, key.privateKey);
    assert.equal((await verify(decoder.decode(opened.plaintext), rp)).payload.token_introspection.active, false);
  });
});

test('access tokens say how and when the user logged in (RFC 9068)', async () => {
  const rp = await addClient(s);
  const { tokens } = await tokensFor(rp, user);
  const claims = decodeJwt(tokens.access_token);
  assert.deepEqual(claims.amr, ['pwd']);
  assert.equal(typeof claims.auth_time, 'number');
  assert.equal(decodeProtectedHeader(tokens.access_token).typ, 'at+jwt');
});

test('the life of access tokens is what the operator gave the client, and no client gives it to itself', async () => {
  const rp = await addClient(s, { metadata: { access_token_ttl: 90 } });
  const own = await post(s, '/token', { grant_type: 'client_credentials' }, { basic: rp });
  const { tokens } = await tokensFor(rp, user);
  for (const [token, expires] of [[own.body.access_token, own.body.expires_in], [tokens.access_token, tokens.expires_in]]) {
    const { iat, exp } = decodeJwt(token);
    assert.deepEqual([exp - iat, expires], [90, 90]);
  }
  await assert.rejects(addClient(s, { metadata: { access_token_ttl: 5 } }), /access_token_ttl must be 60 to 86400/);
  for (const life of ['access_token_ttl', 'refresh_token_ttl']) {
    const { status, body } = await post(s, '/register', JSON.stringify({ redirect_uris: [REDIRECT], [life]: 80000 }),
      { headers: { 'content-type': 'application/json', authorization: `Bearer ${s.env.initial_access_token}` } });
    assert.deepEqual([status, body.error], [400, 'invalid_client_metadata']);
    assert.ok(body.error_description.startsWith(life), body.error_description);
  }
});

test('the life of refresh tokens is what the operator gave the client, asked or not', async () => {
  const rp = await addClient(s, { metadata: { refresh_token_ttl: 7200 } });
  const agent = createAgent();
  for (const way of ['with consent', 'without']) {
    const { tokens } = await tokensFor(rp, user, { scope: 'openid offline_access', agent });
    assert.ok(tokens.refresh_token, way);
    const [{ life }] = await s.psql(`select extract(epoch from expires_at - created_at)::int life from auth.grants where client_id = '${rp.id}' order by created_at desc limit 1`);
    assert.equal(life, 7200, way);
  }
  await assert.rejects(addClient(s, { metadata: { refresh_token_ttl: 60 } }), /refresh_token_ttl must be 3600 to 31536000/);
});

test('access tokens that are bound to a key do not come through the browser', async () => {
  for (const bound of ['dpop_bound_access_tokens', 'tls_client_certificate_bound_access_tokens'])
    await assert.rejects(addClient(s, { grants: 'authorization_code,implicit', metadata: { [bound]: true, response_types: ['code', 'id_token token'] } }), /response_types must not hold token/);
});
