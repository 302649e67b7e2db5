/* Client authentication by assertions and certificates, keys by value and under a URL (RFC 7523, RFC 8705; OIDC D9, D10, K; IDENTITY D). */
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import * as jose from 'jose';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { heard } from '../support/outcome.mjs';
import { addClient, addUser, operator, post, redeem, sound, tokensFor, walk } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';

let s, user, keys, other;
const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

async function keyPair(alg, kid) {
  const pair = await jose.generateKeyPair(alg, { extractable: true });
  return { alg, kid, privateKey: pair.privateKey, jwk: { ...(await jose.exportJWK(pair.publicKey)), kid } };
}

before(async () => {
  s = await startStack({ profile: 'login', env: { AUTHSRV_FETCH_ALLOW_NETWORKS: '127.0.0.0/8', AUTHSRV_CODE_TTL: '300s' } });
  [user, other, ...keys] = await Promise.all([addUser(s), keyPair('ES256', 'other'), ...['ES256', 'PS256', 'EdDSA', 'RS256'].map((alg) => keyPair(alg, alg))]);
});

after(async () => {
  await sound(s);
  await s.stop();
});

const now = () => Math.floor(Date.now() / 1000);
let serial = 0;
const good = (id) => ({ iss: id, sub: id, aud: s.env.issuer, exp: now() + 60, iat: now(), jti: `j${process.pid}-${serial++}` });
const sign = (key, claims, header = {}) => new jose.SignJWT(claims).setProtectedHeader({ alg: key.alg, kid: key.kid, ...header }).sign(key.privateKey);
const token = async (assertion, more = {}) => post(s, '/token', { grant_type: 'client_credentials', client_assertion_type: TYPE, client_assertion: assertion, ...more });
const keyClient = (key, metadata = {}) => addClient(s, {
  method: 'private_key_jwt', clientAuth: oidc.PrivateKeyJwt({ key: key.privateKey, kid: key.kid }), metadata: { jwks: { keys: [key.jwk] }, ...metadata },
});

describe('private_key_jwt', () => {
  for (const alg of ['ES256', 'PS256', 'EdDSA', 'RS256']) {
    test(`${alg}: openid-client logs a user in, refreshes, introspects and revokes`, async () => {
      const key = keys.find((one) => one.alg === alg);
      const rp = await keyClient(key);
      const { tokens } = await tokensFor(rp, user);
      const renewed = await oidc.refreshTokenGrant(rp.config, tokens.refresh_token);
      assert.equal((await oidc.tokenIntrospection(rp.config, renewed.access_token)).active, true);
      await oidc.tokenRevocation(rp.config, renewed.access_token);
      assert.equal((await oidc.tokenIntrospection(rp.config, renewed.access_token)).active, false);
    });
  }

  test('an assertion is good once, at the endpoint or the issuer, for a short time', async () => {
    const [key] = keys;
    const rp = await keyClient(key);
    const claims = good(rp.id);
    const assertion = await sign(key, claims);
    assert.equal((await token(assertion)).status, 200);
    const again = await token(assertion);
    assert.deepEqual([again.status, again.body.error], [401, 'invalid_client'], 'used before');
    for (const aud of [`${s.env.issuer}/token`, [s.env.issuer, 'https://elsewhere.example']]) assert.equal((await token(await sign(key, { ...good(rp.id), aud }))).status, 200, String(aud));
    assert.equal((await token(await sign(key, { ...good(rp.id), iat: now() + 8, nbf: now() + 8 }))).status, 200, 'clocks differ');
    const bad = {
      'another audience': { aud: 'https://elsewhere.example' }, 'no audience': { aud: undefined }, 'no jti': { jti: undefined }, 'no exp': { exp: undefined }, expired: { exp: now() - 1 },
      'a day long': { exp: now() + 86400 }, 'another issuer': { iss: 'x' }, 'another subject': { sub: 'stoa-operator' }, 'from the future': { iat: now() + 120 },
    };
    for (const [why, change] of Object.entries(bad)) {
      const answer = await token(await sign(key, { ...good(rp.id), ...change }));
      assert.deepEqual([answer.status, answer.body.error], [401, 'invalid_client'], why);
    }
  });

  test('20 parallel uses of one assertion give one token', async () => {
    const [key] = keys;
    const rp = await keyClient(key);
    const assertion = await sign(key, good(rp.id));
    const answers = await Promise.all(Array.from({ length: 20 }, () => token(assertion)));
    assert.equal(answers.filter((one) => one.status === 200).length, 1);
  });

  test('refuses strange keys, types, algorithms and mixtures', async () => {
    const [key] = keys;
    const rp = await keyClient(key);
    const secretKey = new TextEncoder().encode(JSON.stringify(key.jwk));
    const forged = await new jose.SignJWT(good(rp.id)).setProtectedHeader({ alg: 'HS256', kid: key.kid }).sign(secretKey);
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(good(rp.id))).toString('base64url')}.`;
    const attempts = {
      'a key of nobody': await sign({ ...other, kid: key.kid }, good(rp.id)), 'an unknown kid': await sign(other, good(rp.id)), 'alg none': none, 'HS256 keyed with the public key': forged,
      'an access token type': await sign(key, good(rp.id), { typ: 'at+jwt' }), 'a logout token type': await sign(key, good(rp.id), { typ: 'logout+jwt' }), 'no JWT': 'a.b.c', 'half a JWT': 'abc',
    };
    for (const [why, assertion] of Object.entries(attempts)) {
      const answer = await token(assertion);
      assert.deepEqual([answer.status, answer.body.error], [401, 'invalid_client'], why);
    }
    assert.equal((await token(await sign(key, good(rp.id)), { client_id: 'stoa-operator' })).status, 401);
    assert.equal((await token(await sign(key, good(rp.id)), { client_secret: 'x' })).body.error, 'invalid_request');
    assert.equal((await token(await sign(key, good(rp.id)), { client_assertion_type: 'x' })).body.error, 'invalid_request');
    assert.equal((await post(s, '/token', { grant_type: 'client_credentials', client_id: rp.id })).status, 401, 'nothing at all');
    const basicClient = await addClient(s);
    assert.equal((await token(await sign(key, good(basicClient.id)))).status, 401, 'another method than the registered one');
  });

  test('the registered algorithm is the only one', async () => {
    const rsa = keys.find((one) => one.alg === 'PS256');
    const rp = await keyClient(rsa, { token_endpoint_auth_signing_alg: 'PS256' });
    const rs256 = { alg: 'RS256', kid: rsa.kid, privateKey: await jose.importPKCS8(await jose.exportPKCS8(rsa.privateKey), 'RS256') };
    assert.equal((await token(await sign(rsa, good(rp.id)))).status, 200);
    assert.equal((await token(await sign(rs256, good(rp.id)))).status, 401);
  });

  test('a FAPI client: issuer as the only audience, no RS256', async () => {
    const rsa = keys.find((one) => one.alg === 'PS256');
    const rp = await keyClient(rsa, { fapi_profile: 'security', id_token_signed_response_alg: 'ES256', require_pkce: true });
    const rs256 = { alg: 'RS256', kid: rsa.kid, privateKey: await jose.importPKCS8(await jose.exportPKCS8(rsa.privateKey), 'RS256') };
    const known = await token(await sign(rsa, good(rp.id)));
    assert.deepEqual([known.status, known.body.error], [400, 'invalid_dpop_proof'], 'authenticated; what is missing is a key for its tokens');
    for (const aud of [`${s.env.issuer}/token`, [s.env.issuer], [s.env.issuer, `${s.env.issuer}/token`]]) assert.equal((await token(await sign(rsa, { ...good(rp.id), aud }))).status, 401, String(aud));
    assert.equal((await token(await sign(rs256, good(rp.id)))).status, 401);
  });
});

describe('FAPI 2.0 with message signing', () => {
  const callback = 'https://rp.example/cb', verifier = 'v'.repeat(43);
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  let key, proofKey, rp, agent;
  before(async () => {
    key = keys.find((one) => one.alg === 'PS256');
    proofKey = await keyPair('ES256', 'proof');
    rp = await keyClient(key, { fapi_profile: 'message_signing' });
    agent = createAgent();
  });

  const at = async (path, fields, { proof = true } = {}) => post(s, path, { client_assertion_type: TYPE, client_assertion: await sign(key, good(rp.id)), ...fields }, {
    headers: proof ? { dpop: await new jose.SignJWT({ jti: `p${serial++}`, htm: 'POST', htu: `${s.env.issuer}${path}`, iat: now() }).setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: { ...proofKey.jwk, kid: undefined } }).sign(proofKey.privateKey) } : {},
  });
  const push = async (more) => at('/par', {
    request: await sign(key, { iss: rp.id, aud: [s.env.issuer, 'https://other.example'], client_id: rp.id, nbf: now() + 8, exp: now() + 300, response_type: 'code', response_mode: 'jwt', redirect_uri: callback, scope: 'openid', state: 'inside', code_challenge: challenge, code_challenge_method: 'S256', ...more }),
  });
  /* What is in the one parameter of the answer, once its signature is verified. */
  const answered = async (page) => {
    assert.deepEqual([...page.url.searchParams.keys(), page.url.hash], ['response', '']);
    const { payload, protectedHeader } = await jose.jwtVerify(page.url.searchParams.get('response'), jose.createRemoteJWKSet(new URL('/jwks.json', s.env.issuer)), { issuer: s.env.issuer, audience: rp.id });
    assert.equal(protectedHeader.alg, 'PS256');
    assert.ok(payload.exp - now() <= 600);
    return payload;
  };
  const visited = async (more, how) => {
    const { status, body } = await push(more);
    assert.equal(status, 201, JSON.stringify(body));
    const outside = new URLSearchParams({ client_id: rp.id, request_uri: body.request_uri, state: 'outside', nonce: 'outside', redirect_uri: 'https://evil.example/' });
    return answered(await walk(agent, new URL(`/authorize?${outside}`, s.env.issuer), user, { redirect: callback, ...how }));
  };

  test('a whole log-in: what was pushed counts alone, the answer is a JWT, tokens are bound, and RS256 is nowhere', async () => {
    const { state, code, error } = await visited({});
    assert.deepEqual([state, error], ['inside', undefined]);
    const redemption = { grant_type: 'authorization_code', code, code_verifier: verifier };
    assert.equal((await at('/token', redemption, { proof: false })).body.error, 'invalid_dpop_proof');
    const { status, headers, body } = await at('/token', redemption);
    assert.deepEqual([status, headers.get('cache-control'), body.token_type], [200, 'no-store', 'DPoP'], JSON.stringify(body));
    assert.equal(jose.decodeProtectedHeader(body.id_token).alg, 'PS256');
    assert.equal(jose.decodeJwt(body.id_token).nonce, undefined);
    assert.equal((await at('/token', redemption)).body.error, 'invalid_grant', 'a second time');
  });

  test('its codes live for a minute, whatever others get', async () => {
    await visited({});
    const mine = await keyClient(key);
    await tokensFor(mine, user, { scope: 'openid' });
    const lives = await s.psql(`select client_id as id, max(extract(epoch from expires_at - issued_at))::int as s from auth.code where client_id in ('${rp.id}', '${mine.id}') group by 1`);
    assert.deepEqual(Object.fromEntries(lives.map(({ id, s: life }) => [id, life])), { [rp.id]: 60, [mine.id]: 300 });
  });

  test('a verifier that is missing, or another one, buys nothing', async () => {
    for (const code_verifier of ['', 'w'.repeat(43)]) {
      const { code } = await visited({});
      assert.equal((await at('/token', { grant_type: 'authorization_code', code, code_verifier })).body.error, 'invalid_grant');
    }
  });

  test('who says no is told with state and issuer, in a JWT as well', async () => {
    const { state, code, error, iss } = await visited({ prompt: 'consent' }, { decision: 'Deny' });
    assert.deepEqual([state, code, error, iss], ['inside', undefined, 'access_denied', s.env.issuer]);
  });

  test('PKCE with S256 and the code alone are what can be pushed; long values come back whole or are refused', async () => {
    for (const [more, wanted] of [[{ code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'], [{ code_challenge_method: 'plain' }, 'invalid_request'], [{ response_type: 'code id_token', nonce: 'n' }, 'unauthorized_client'],
      [{ response_type: 'token' }, 'unauthorized_client'], [{ nonce: 'n'.repeat(384) }, 'invalid_request'], [{ state: 's'.repeat(4096) }, 'invalid_request'], [{ redirect_uri: 'https://rp.example/other' }, 'invalid_request']]) {
      const { status, body } = await push(more);
      assert.deepEqual([status, body.error], [400, wanted], JSON.stringify(more));
    }
    const long = 's'.repeat(2048);
    assert.equal((await visited({ prompt: 'none', state: long, nonce: 'n'.repeat(64) })).state, long);
  });
});

describe('jwks_uri', () => {
  test('keys are fetched, and fetched again for an unknown kid', async () => {
    const [first] = keys;
    let published = [first.jwk], asked = 0;
    const server = createServer((_, response) => {
      asked++;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published }));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const rp = await addClient(s, { method: 'private_key_jwt', clientAuth: oidc.None(), metadata: { jwks_uri: `http://127.0.0.1:${server.address().port}/keys` } });
      const answers = await Promise.all(Array.from({ length: 10 }, () => heard(async () => token(await sign(first, good(rp.id))))));
      assert.deepEqual(answers.map((one) => one.status), Array(10).fill(200));
      assert.equal(asked, 1, 'ten at once wait for one fetch');
      const next = await keyPair('ES256', 'rotated');
      published = [next.jwk];
      assert.equal((await token(await sign(first, good(rp.id)))).status, 200, 'still cached');
      /* The first fetch was less than a minute ago; a minute is the most that an attacker can make us fetch. */
      assert.equal((await token(await sign(next, good(rp.id)))).status, 401);
      await s.restart('authsrv');
      assert.equal((await token(await sign(next, good(rp.id)))).status, 200);
      assert.equal((await token(await sign(first, good(rp.id)))).status, 401, 'what is not published is not believed');
    } finally {
      server.close();
    }
  });

  test('what cannot be fetched refuses the client, and nothing else', async () => {
    const rp = await addClient(s, { method: 'private_key_jwt', clientAuth: oidc.None(), metadata: { jwks_uri: 'http://127.0.0.1:9/keys' } });
    assert.deepEqual([(await token(await sign(keys[0], good(rp.id)))).status], [401]);
  });
});

describe('client_secret_jwt', () => {
  test('openid-client, with the secret sealed in the database', async () => {
    const rp = await addClient(s, { method: 'client_secret_jwt' });
    const { tokens } = await tokensFor(rp, user);
    assert.ok(tokens.access_token);
    const [row] = await s.psql(`select octet_length(secret_sealed) > 40 as sealed, position('${rp.secret}' in encode(secret_sealed, 'escape')) as at from auth.client where id = '${rp.id}'`);
    assert.deepEqual(row, { sealed: true, at: 0 });
  });

  test('a wrong secret, and the secret itself, are refused', async () => {
    const rp = await addClient(s, { method: 'client_secret_jwt' });
    const mac = (secret) => new jose.SignJWT(good(rp.id)).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret));
    assert.equal((await token(await mac(rp.secret))).status, 200);
    assert.equal((await token(await mac(rp.secret.replace(/.$/, (c) => (c === 'a' ? 'b' : 'a'))))).status, 401);
    assert.equal((await post(s, '/token', { grant_type: 'client_credentials' }, { basic: { id: rp.id, secret: rp.secret } })).status, 401);
  });
});

describe('registration of credentials', () => {
  const register = async (metadata) => {
    const answer = await fetch(new URL('/register', s.env.issuer), {
      method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${s.env.initial_access_token}` }, body: JSON.stringify({ redirect_uris: ['https://rp.example/cb'], ...metadata }),
    });
    return { status: answer.status, body: await answer.json() };
  };

  test('what does not belong together is refused by name', async () => {
    const jwks = { keys: [keys[0].jwk] };
    const secretJwk = { keys: [await jose.exportJWK(keys[0].privateKey)] };
    const cases = {
      jwks: [{ token_endpoint_auth_method: 'private_key_jwt' }, { jwks, jwks_uri: 'https://a.example/j' }, { jwks: secretJwk }, { jwks: { keys: 'x' } }, { token_endpoint_auth_method: 'self_signed_tls_client_auth' }],
      jwks_uri: [{ jwks_uri: 'http://a.example/j' }, { jwks_uri: 'https://u@a.example/j' }],
      tls_client_auth_subject_dn: [{ token_endpoint_auth_method: 'tls_client_auth' }, { tls_client_auth_san_dns: 'a.example' }, { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: 'no name' },
        { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: 'CN=a', tls_client_auth_san_dns: 'a.example' }],
      token_endpoint_auth_signing_alg: [{ token_endpoint_auth_signing_alg: 'RS256' }, { token_endpoint_auth_method: 'private_key_jwt', jwks, token_endpoint_auth_signing_alg: 'HS256' }, { token_endpoint_auth_method: 'client_secret_jwt', token_endpoint_auth_signing_alg: 'RS256' }],
    };
    for (const [member, documents] of Object.entries(cases)) {
      for (const document of documents) {
        const { status, body } = await register(document);
        assert.equal(status, 400, JSON.stringify(document));
        assert.equal(body.error, 'invalid_client_metadata');
        assert.ok(body.error_description.startsWith(`${member}:`), body.error_description);
      }
    }
  });

  test('a client registers its keys and is shown them again', async () => {
    const jwks = { keys: [keys[0].jwk] };
    const { status, body } = await register({ token_endpoint_auth_method: 'private_key_jwt', jwks, grant_types: ['client_credentials'] });
    assert.equal(status, 201);
    assert.deepEqual(body.jwks, jwks);
    assert.equal(body.client_secret, undefined);
    assert.equal((await token(await sign(keys[0], good(body.client_id)))).status, 200);
  });

  test('the operator is told the same', async () => {
    const { code, stderr } = await s.operator('authsrv', 'clients', 'add', '--id', 'no-keys', '--name', 'x', '--grants', 'client_credentials', '--auth-method', 'private_key_jwt');
    assert.equal(code, 2);
    assert.match(stderr, /jwks/);
    assert.match(await operator(s, 'clients', 'list'), /private_key_jwt/);
  });
});

describe('request objects', () => {
  const callback = 'https://rp.example/cb';
  const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
  const inside = (id, more = {}) => ({ iss: id, aud: s.env.issuer, client_id: id, response_type: 'code', redirect_uri: callback, scope: 'openid email', state: 'inside', code_challenge: CHALLENGE, code_challenge_method: 'S256', ...more });
  const visit = (id, parameters) => fetch(new URL(`/authorize?${new URLSearchParams({ client_id: id, ...parameters })}`, s.env.issuer), { redirect: 'manual' });
  const none = (claims, header = {}) => `${[{ alg: 'none', ...header }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;
  const errorOf = async (answer) => (answer.status === 302 ? new URL(answer.headers.get('location'), s.env.issuer).searchParams.get('error') : answer.status);
  const stateOf = async (id, parameters) => {
    const answer = await visit(id, { ...parameters, prompt: 'none' });
    return answer.status === 302 ? new URL(answer.headers.get('location')).searchParams.get('state') : answer.status;
  };

  test('inside wins; what stands outside counts only beside an untyped OpenID object', async () => {
    const [key] = keys;
    const rp = await keyClient(key);
    const silent = inside(rp.id, { prompt: 'none' });
    const outside = { scope: 'openid', response_type: 'code', state: 'outside', redirect_uri: 'https://evil.example/' };
    assert.equal(await stateOf(rp.id, { ...outside, request: await sign(key, silent) }), 'inside');
    const { state, ...stateless } = silent;
    assert.equal(await stateOf(rp.id, { ...outside, request: await sign(key, stateless) }), 'outside');
    assert.equal(await stateOf(rp.id, { ...outside, request: await sign(key, stateless, { typ: 'oauth-authz-req+jwt' }) }), null);
    const { redirect_uri: gone, ...nowhere } = silent;
    assert.equal(await stateOf(rp.id, { ...outside, request: await sign(key, nowhere, { typ: 'oauth-authz-req+jwt' }) }), 400);
  });

  test('a whole log-in with a signed request', async () => {
    const [key] = keys;
    const rp = await keyClient(key);
    const { privateKey, kid } = key;
    const verifier = oidc.randomPKCECodeVerifier();
    const url = await oidc.buildAuthorizationUrlWithJAR(rp.config, {
      redirect_uri: callback, scope: 'openid email', state: 'x', code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
    }, { key: privateKey, kid });
    const page = await walk(createAgent(), url, user);
    const tokens = await redeem(rp, { callback: page.url, verifier, state: 'x' });
    assert.ok(tokens.id_token);
  });

  test('refuses what is not the client\'s, on a page of ours', async () => {
    const [key] = keys;
    const rp = await keyClient(key);
    const bad = {
      'a key of nobody': await sign({ ...other, kid: key.kid }, inside(rp.id)), 'another client': await sign(key, inside(rp.id, { client_id: 'stoa-operator' })),
      'another audience': await sign(key, inside(rp.id, { aud: 'https://x.example' })), expired: await sign(key, inside(rp.id, { exp: now() - 1 })), 'nested request': await sign(key, inside(rp.id, { request: 'x' })),
      'nested request_uri': await sign(key, inside(rp.id, { request_uri: 'https://x' })), 'sub is the client': await sign(key, inside(rp.id, { sub: rp.id })), 'an assertion type': await sign(key, inside(rp.id), { typ: 'client-authentication+jwt' }), garbage: 'x',
    };
    for (const [why, request] of Object.entries(bad)) {
      const answer = await visit(rp.id, { request });
      assert.equal(answer.status, 400, why);
      assert.equal(answer.headers.get('location'), null, why);
    }
    assert.equal((await visit(rp.id, { request: await sign(key, inside(rp.id)), request_uri: 'https://a.example/r' })).status, 400);
    const unsecured = await keyClient(key, { request_object_signing_alg: 'none' });
    assert.equal(await errorOf(await visit(unsecured.id, { request: none(inside(unsecured.id, { prompt: 'none' })) })), 'login_required');
    assert.equal((await visit(unsecured.id, { request: await sign(key, inside(unsecured.id)) })).status, 400, 'only what is registered');
  });

  test('unsigned ones are worth as much as an address: of a client that registered no algorithm, untyped, by value and by reference', async () => {
    const [key] = keys;
    const server = createServer((rq, response) => response.end(rq.url === '/empty' ? '' : none(silent(rp.id))));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const uris = ['object', 'empty'].map((path) => `http://127.0.0.1:${server.address().port}/${path}`);
    const silent = (id) => inside(id, { prompt: 'none' });
    const rp = await keyClient(key, { request_uris: uris });
    const outside = { scope: 'openid', response_type: 'code', state: 'outside', redirect_uri: 'https://evil.example/' };
    try {
      assert.equal(await stateOf(rp.id, { ...outside, request: none(silent(rp.id)) }), 'inside');
      assert.equal(await stateOf(rp.id, { ...outside, request_uri: uris[0] }), 'inside');
      assert.equal(await stateOf(rp.id, { ...outside, redirect_uri: callback, request_uri: uris[1] }), 400, 'an empty document is no reason to go by the address');
    } finally {
      server.close();
    }
    const strict = await keyClient(key, { request_object_signing_alg: key.alg });
    for (const [why, id, request] of [
      ['another redirect URI', rp.id, none(inside(rp.id, { redirect_uri: 'https://evil.example/' }))], ['typed', rp.id, none(silent(rp.id), { typ: 'oauth-authz-req+jwt' })], ['misspelt', rp.id, none(silent(rp.id), { alg: 'None' })],
      ['with a signature', rp.id, `${none(silent(rp.id))}AAAA`], ['an algorithm is registered', strict.id, none(silent(strict.id))],
    ]) {
      const answer = await visit(id, { ...outside, redirect_uri: callback, request });
      assert.deepEqual([answer.status, answer.headers.get('location')], [400, null], why);
    }
    const signs = await keyClient(key, { require_signed_request_object: true });
    assert.equal(await errorOf(await visit(signs.id, { request: none(silent(signs.id)) })), 'invalid_request', 'must be signed');
  });

  test('a MAC is no signature of a request object, whatever it is keyed with', async () => {
    const [key] = keys;
    const clients = [await addClient(s, { metadata: { jwks: { keys: [key.jwk] } } }), await addClient(s), await addClient(s, { method: 'client_secret_jwt', metadata: { request_object_signing_alg: 'ES256', jwks: { keys: [key.jwk] } } })];
    for (const rp of clients) {
      const digest = createHash('sha256').update(rp.secret).digest();
      const secrets = { 'the secret': rp.secret, 'its digest': digest, 'the digest as hex': digest.toString('hex'), 'the public key as an object': JSON.stringify(key.jwk), 'the key set': JSON.stringify({ keys: [key.jwk] }), 'a secret as an object': JSON.stringify({ kty: 'oct', k: Buffer.from(rp.secret).toString('base64url') }), nothing: '' };
      for (const [what, secret] of Object.entries(secrets)) for (const header of [{}, { kid: key.kid }, { typ: 'oauth-authz-req+jwt' }]) {
        const input = [{ alg: 'HS256', ...header }, inside(rp.id)].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
        const answer = await visit(rp.id, { request: `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}` });
        assert.deepEqual([answer.status, answer.headers.get('location')], [400, null], what);
      }
    }
    assert.equal(await errorOf(await visit(clients[0].id, { request: await sign(key, inside(clients[0].id, { prompt: 'none' })) })), 'login_required', 'its signature is taken');
  });

  test('request_uri: only registered ones are fetched', async () => {
    const [key] = keys;
    let object = '';
    const server = createServer((_, response) => response.setHeader('content-type', 'application/oauth-authz-req+jwt').end(object));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const uri = `http://127.0.0.1:${server.address().port}/object#x`;
    try {
      const rp = await keyClient(key, { request_uris: [uri] });
      object = await sign(key, inside(rp.id, { prompt: 'none' }));
      assert.equal(await errorOf(await visit(rp.id, { request_uri: uri })), 'login_required');
      assert.equal((await visit(rp.id, { request_uri: `${uri}y` })).status, 400);
    } finally {
      server.close();
    }
  });

  test('a client that must sign, must; FAPI clients must push what they sign', async () => {
    const [key] = keys;
    const strict = await keyClient(key, { require_signed_request_object: true });
    const plain = await visit(strict.id, { response_type: 'code', redirect_uri: callback, scope: 'openid', code_challenge: CHALLENGE, code_challenge_method: 'S256' });
    assert.equal(await errorOf(plain), 'invalid_request');
    assert.equal(await errorOf(await visit(strict.id, { request: await sign(key, inside(strict.id, { prompt: 'none' })) })), 'login_required');

    const fapi = await keyClient(key, { fapi_profile: 'message_signing', id_token_signed_response_alg: 'ES256', require_pkce: true });
    const push = async (fields) => post(s, '/par', { client_assertion_type: TYPE, client_assertion: await sign(key, good(fapi.id)), ...fields });
    const object = inside(fapi.id, { nbf: now(), exp: now() + 300 });
    assert.equal((await push({ request: await sign(key, object) })).status, 201);
    assert.equal((await push({ ...object, nbf: '', exp: '' })).body.error, 'invalid_request', 'unsigned parameters');
    assert.equal((await push({ request: none(object) })).body.error, 'invalid_request_object', 'unsigned object');
    for (const change of [{ exp: undefined }, { nbf: undefined }, { exp: now() + 3700 }, { nbf: now() - 3700 }, { aud: undefined }, { redirect_uri: undefined }, { iss: undefined }])
      assert.equal((await push({ request: await sign(key, { ...object, ...change }) })).body.error, 'invalid_request_object', JSON.stringify(change));
    assert.equal(await errorOf(await visit(fapi.id, { request: await sign(key, object) })), 'invalid_request', 'not pushed');
  });
});

test('missing and wrong arguments of commands are usage errors', async () => {
  for (const words of [['users', 'add'], ['clients', 'add', '--id', 'x', '--name', 'X', '--grants', 'password', '--auth-method', 'none'], ['partners', 'add', 'UPPER', '--name', 'X', '--issuer', 'https://a.example', '--client-id', 'x']])
    assert.equal((await s.operator('authsrv', ...words)).code, 2, words.join(' '));
});
