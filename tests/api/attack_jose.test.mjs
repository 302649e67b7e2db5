/* Tokens that only look like what an endpoint wants: other algorithms, other types, other numbers (RFC 8725), sent to the endpoints that read tokens. */
import assert from 'node:assert/strict';
import { createHmac, createPublicKey } from 'node:crypto';
import { after, before, test } from 'node:test';
import * as jose from 'jose';
import * as oidc from 'openid-client';
import { addClient, addUser, post, request, sound, tokensFor } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, rp, user, key, signer;
const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const b64 = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1000);

before(async () => {
  s = await sharedStack(); /* where failures by the dozen, from one address, are nobody's limit */
  const pair = await jose.generateKeyPair('ES256', { extractable: true });
  key = pair.privateKey;
  const jwks = { keys: [{ ...(await jose.exportJWK(pair.publicKey)), kid: 'k' }] };
  [rp, user, signer] = await Promise.all([addClient(s), addUser(s), addClient(s, { method: 'private_key_jwt', clientAuth: oidc.None(), metadata: { jwks } })]);
});
after(async () => {
  await sound(s);
  await s.stop();
});

const userinfo = async (token) => (await fetch(new URL('/userinfo', s.env.issuer), { headers: { authorization: `Bearer ${token}` } })).status;
const active = async (token) => (await post(s, '/introspect', { token }, { basic: rp })).body.active === true;

test('a token that only looks like ours is refused everywhere', async () => {
  const { tokens } = await tokensFor(rp, user);
  assert.equal(await userinfo(tokens.access_token), 200);
  const [head, payload, signature] = tokens.access_token.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url'));
  const { keys } = await (await fetch(new URL('/jwks.json', s.env.issuer))).json();
  const published = keys.find((one) => one.kid === header.kid);
  const publicKey = createPublicKey({ key: published, format: 'jwk' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  const mac = (secret, more = {}) => {
    const input = `${b64({ ...header, alg: 'HS256', ...more })}.${payload}`;
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
  };
  const stranger = await jose.generateKeyPair('ES256', { extractable: true });
  const claims = JSON.parse(Buffer.from(payload, 'base64url'));
  const foreign = (more) => new jose.SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', ...more }).sign(stranger.privateKey);
  const size = Buffer.from(signature, 'base64url').length;
  const forged = {
    none: `${b64({ ...header, alg: 'none' })}.${payload}.`, None: `${b64({ ...header, alg: 'None' })}.${payload}.`, nOnE: `${b64({ ...header, alg: 'nOnE' })}.${payload}.${signature}`, 'no alg': `${b64({ typ: header.typ, kid: header.kid })}.${payload}.${signature}`,
    'an empty signature': `${head}.${payload}.`, 'zeros': `${head}.${payload}.${Buffer.alloc(size).toString('base64url')}`, 'ones': `${head}.${payload}.${Buffer.alloc(size, 255).toString('base64url')}`, 'a shorter signature': `${head}.${payload}.${Buffer.from(signature, 'base64url').subarray(1).toString('base64url')}`,
    'MAC under our PEM': mac(pem), 'MAC under our PEM without its last line break': mac(pem.trim()), 'MAC under our DER': mac(publicKey.export({ type: 'spki', format: 'der' })), 'MAC under nothing': mac(''), 'MAC without a kid': mac(pem, { kid: undefined }),
    'a key of nobody': await foreign({ kid: header.kid }), 'without kid': await foreign({}), 'its own key': await foreign({ jwk: await jose.exportJWK(stranger.publicKey) }), 'a key elsewhere': await foreign({ kid: header.kid, jku: 'https://evil.example/jwks' }),
    'a certificate elsewhere': await foreign({ kid: header.kid, x5u: 'https://evil.example/x' }), 'a kid that is a path': await foreign({ kid: '../../dev/null' }), 'a kid that is a statement': await foreign({ kid: "' or 1=1--" }), 'a long kid': await foreign({ kid: 'k'.repeat(5000) }),
    'a kid that is a number': `${b64({ ...header, kid: 7 })}.${payload}.${signature}`, 'crit': `${b64({ ...header, crit: ['exp'] })}.${payload}.${signature}`, 'alg twice': `${b64(`{"alg":"none",${JSON.stringify(header).slice(1)}`)}.${payload}.${signature}`,
    'padding': `${head}.${payload}=.${signature}`, 'a long one': `${head}.${'A'.repeat(12_000)}.${signature}`,
  };
  for (const [what, token] of Object.entries(forged)) {
    assert.ok([400, 401, 431].includes(await userinfo(token)), what);
    assert.equal(await active(token), false, what);
  }
  assert.equal(await userinfo(tokens.access_token), 200, 'the real one still works');
});

test('one kind of token is not taken for another', async () => {
  const { tokens } = await tokensFor(rp, user);
  assert.equal(await userinfo(tokens.id_token), 401, 'an ID token as access token');
  assert.equal(await userinfo(tokens.refresh_token), 401, 'a refresh token as access token');
  const assertion = (typ, more = {}) => new jose.SignJWT({ iss: signer.id, sub: signer.id, aud: s.env.issuer, iat: now(), exp: now() + 60, jti: `${typ}-${Math.random()}`, ...more }).setProtectedHeader({ alg: 'ES256', kid: 'k', ...(typ && { typ }) }).sign(key);
  const token = async (client_assertion) => (await post(s, '/token', { grant_type: 'client_credentials', client_assertion_type: TYPE, client_assertion })).status;
  assert.equal(await token(await assertion('JWT')), 200);
  for (const typ of ['at+jwt', 'logout+jwt', 'dpop+jwt', 'oauth-authz-req+jwt', 'token-introspection+jwt', 'secevent+jwt']) assert.equal(await token(await assertion(typ)), 401, typ);
  for (const [what, value] of Object.entries({ 'an access token': tokens.access_token, 'an ID token': tokens.id_token })) assert.equal(await token(value), 401, what);
  const asked = await request(signer);
  for (const [what, value] of Object.entries({ 'an assertion as request object': await assertion('client-authentication+jwt', { client_id: signer.id }), 'an assertion whose subject is the client': await assertion(undefined, { client_id: signer.id }), 'an ID token as request object': tokens.id_token })) {
    asked.url.searchParams.set('request', value);
    const answer = await fetch(asked.url, { redirect: 'manual' });
    assert.deepEqual([answer.status, answer.headers.get('location')], [400, null], what);
  }
  const hint = await request(rp, { prompt: 'none', id_token_hint: tokens.access_token });
  const answer = await fetch(hint.url, { redirect: 'manual' });
  assert.equal(new URL(answer.headers.get('location')).searchParams.get('error'), 'invalid_request', 'an access token as hint');
});

test('numbers, audiences and issuers of an assertion are exact', async () => {
  const sign = (claims) => {
    const input = `${b64({ alg: 'ES256', kid: 'k' })}.${b64(claims)}`;
    return new jose.CompactSign(Buffer.from(claims)).setProtectedHeader({ alg: 'ES256', kid: 'k' }).sign(key).then((token) => (input ? token : ''));
  };
  let serial = 0;
  const claims = (more) => JSON.stringify({ iss: signer.id, sub: signer.id, aud: s.env.issuer, exp: now() + 60, jti: `n${process.pid}-${serial += 1}`, ...more });
  const token = async (text) => (await post(s, '/token', { grant_type: 'client_credentials', client_assertion_type: TYPE, client_assertion: await sign(text) })).status;
  assert.equal(await token(claims({})), 200);
  const base = claims({ exp: 'EXP' });
  for (const exp of ['1e300', '1e999', '-1', `${now() + 60}.5`, `"${now() + 60}"`, 'true', 'null', '9223372036854775808', '[]', `${now() + 60}e0`]) assert.ok([400, 401].includes(await token(base.replace('"EXP"', exp))), `exp ${exp}`);
  const { issuer } = s.env;
  for (const aud of [undefined, '', 'https://elsewhere.example', [], {}, [[issuer]], `${issuer}/`, issuer.toUpperCase(), issuer.replace('http:', 'https:'), 7]) assert.equal(await token(claims({ aud })), 401, `aud ${JSON.stringify(aud)}`);
  for (const more of [{ jti: 'j'.repeat(10_000) }, { jti: 7 }, { jti: '' }, { exp: now() + 10 * 365 * 86400 }, { sub: `${signer.id} ` }, { iss: signer.id.toUpperCase() }]) assert.ok([400, 401].includes(await token(claims(more))), JSON.stringify(more).slice(0, 60));
  assert.ok([400, 401].includes(await token(claims({}).replace('{', `{"sub":"stoa-operator",`))), 'sub twice');
  assert.ok([400, 401].includes(await token(claims({}).replace('{', `{"s\\u0075b":"stoa-operator",`))), 'sub twice, once escaped');
});
