/* Request objects that are encrypted to a key of ours (RFC 9101 section 6.1; IDENTITY B 34, J 92) and the life of those keys. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import * as jose from 'jose';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { REDIRECT, addClient, addUser, operator, post, redeem, sound, walk } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';

const ALGS = ['RSA-OAEP', 'RSA-OAEP-256', 'ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A256KW'];
const ENCS = ['A128CBC-HS256', 'A256CBC-HS512', 'A128GCM', 'A256GCM'];
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

let s, rp, only, user, signer, jwks;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  const { privateKey, publicKey } = await jose.generateKeyPair('ES256');
  signer = { privateKey, kid: 'sig' };
  jwks = { keys: [{ ...(await jose.exportJWK(publicKey)), kid: 'sig' }] };
  [rp, only, user] = await Promise.all([
    addClient(s, { metadata: { jwks } }),
    addClient(s, { metadata: { jwks, request_object_encryption_alg: 'ECDH-ES', request_object_encryption_enc: 'A256GCM' } }),
    addUser(s),
  ]);
});

after(async () => {
  await sound(s);
  await s.stop();
});

const published = async () => (await (await fetch(new URL('/jwks.json', s.env.issuer))).json()).keys.filter((key) => key.use === 'enc');
const keyFor = async (alg) => (await published()).find((key) => key.kty === (alg.startsWith('RSA') ? 'RSA' : 'EC'));
const claims = (client, more = {}) => ({
  iss: client.id, aud: s.env.issuer, client_id: client.id, response_type: 'code', redirect_uri: REDIRECT, scope: 'openid email',
  state: 'inside', nonce: 'n', prompt: 'none', code_challenge: CHALLENGE, code_challenge_method: 'S256', ...more,
});
const sign = (client, more) => new jose.SignJWT(claims(client, more)).setProtectedHeader({ alg: 'ES256', kid: signer.kid, typ: 'oauth-authz-req+jwt' }).sign(signer.privateKey);
async function seal(inner, { alg = 'RSA-OAEP-256', enc = 'A128CBC-HS256', key, kid } = {}) {
  const jwk = key ?? await keyFor(alg);
  return new jose.CompactEncrypt(new TextEncoder().encode(inner)).setProtectedHeader({ alg, enc, cty: 'JWT', kid: kid ?? jwk.kid }).encrypt(await jose.importJWK(jwk, alg));
}
const visit = (client, object) => fetch(new URL(`/authorize?${new URLSearchParams({ client_id: client.id, request: object })}`, s.env.issuer), { redirect: 'manual' });
/* The state that came back: only what was read from the object has one. */
async function stateOf(client, object) {
  const answer = await visit(client, object);
  return answer.status === 302 ? new URL(answer.headers.get('location')).searchParams.get('state') : answer.status;
}
const push = (client, object) => post(s, '/par', { request: object }, { basic: client });

test('the document names the algorithms, the key set has one key in use and one to come for each kind', async () => {
  const metadata = rp.config.serverMetadata();
  assert.deepEqual([...metadata.request_object_encryption_alg_values_supported].sort(), [...ALGS].sort());
  assert.deepEqual([...metadata.request_object_encryption_enc_values_supported].sort(), [...ENCS].sort());
  const keys = await published();
  assert.deepEqual(keys.map((key) => key.kty).sort(), ['EC', 'EC', 'RSA', 'RSA']);
  for (const key of keys) assert.deepEqual([key.d, key.p, typeof key.kid], [undefined, undefined, 'string']);
});

describe('every algorithm that is named is understood', () => {
  for (const alg of ALGS) test(alg, async () => assert.equal(await stateOf(rp, await seal(await sign(rp), { alg })), 'inside'));
  for (const enc of ENCS) test(enc, async () => assert.equal(await stateOf(rp, await seal(await sign(rp), { alg: 'ECDH-ES', enc })), 'inside'));
});

test('a whole log-in with a request that was signed by openid-client and encrypted by jose, by value and pushed', async () => {
  const verifier = oidc.randomPKCECodeVerifier();
  const parameters = { redirect_uri: REDIRECT, scope: 'openid email', state: 'x', code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
  const url = await oidc.buildAuthorizationUrlWithJAR(rp.config, parameters, { key: signer.privateKey, kid: signer.kid });
  const object = await seal(url.searchParams.get('request'), { alg: 'ECDH-ES+A256KW', enc: 'A256CBC-HS512' });
  url.searchParams.set('request', object);
  const { status, body } = await push(rp, object);
  assert.equal(status, 201, JSON.stringify(body));
  for (const address of [url, new URL(`/authorize?${new URLSearchParams({ client_id: rp.id, request_uri: body.request_uri })}`, s.env.issuer)]) {
    const page = await walk(createAgent(), address, user);
    assert.ok((await redeem(rp, { callback: page.url, verifier, state: 'x' })).id_token);
  }
});

test('a request object under a URL may be encrypted as well', async () => {
  let shown = '';
  const server = createServer((req, res) => res.writeHead(200, { 'content-type': 'application/oauth-authz-req+jwt' }).end(shown));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const uri = `http://127.0.0.1:${server.address().port}/request`;
    const client = await addClient(s, { metadata: { jwks, request_uris: [uri], request_object_encryption_alg: 'ECDH-ES+A128KW' } });
    const visitUri = () => fetch(new URL(`/authorize?${new URLSearchParams({ client_id: client.id, request_uri: uri })}`, s.env.issuer), { redirect: 'manual' });
    shown = await seal(await sign(client), { alg: 'ECDH-ES+A128KW' });
    const answer = await visitUri();
    assert.equal(new URL(answer.headers.get('location')).searchParams.get('state'), 'inside', await answer.text());
    for (const bad of [await seal(await sign(client), { alg: 'RSA-OAEP' }), await seal(JSON.stringify(claims(client)), { alg: 'ECDH-ES+A128KW' }), shown.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')), `${'x'.repeat(70_000)}`]) {
      shown = bad;
      const { status, headers } = await visitUri();
      assert.deepEqual([status, headers.get('location')], [400, null]);
    }
  } finally {
    server.close();
  }
});

test('a client that registered an algorithm may use no other, but need not encrypt', async () => {
  assert.equal(await stateOf(only, await seal(await sign(only), { alg: 'ECDH-ES', enc: 'A256GCM' })), 'inside');
  assert.equal(await stateOf(only, await sign(only)), 'inside');
  for (const change of [{ alg: 'ECDH-ES+A128KW', enc: 'A256GCM' }, { alg: 'RSA-OAEP', enc: 'A256GCM' }, { alg: 'ECDH-ES', enc: 'A128GCM' }]) {
    const { status, body } = await push(only, await seal(await sign(only), change));
    assert.deepEqual([status, body.error], [400, 'invalid_request_object']);
    assert.match(body.error_description, /algorithm/);
  }
});

test('whatever is wrong with key or content is told in the same words; encryption stands for no signature', async () => {
  const stranger = { ...(await jose.exportJWK((await jose.generateKeyPair('RSA-OAEP-256')).publicKey)), kid: 'x' };
  const good = await seal(await sign(rp));
  const part = (n, text) => good.split('.').map((one, i) => (i === n ? text : one)).join('.');
  const flipped = (n) => part(n, good.split('.')[n].replace(/^./, (c) => (c === 'A' ? 'B' : 'A')));
  const ours = await keyFor('RSA-OAEP-256');
  const bad = [
    await seal(await sign(rp), { key: stranger }), await seal(await sign(rp), { key: stranger, kid: ours.kid }),
    flipped(1), flipped(3), flipped(4), part(1, ''), part(1, Buffer.alloc(256).toString('base64url')),
  ];
  const said = new Set();
  for (const object of bad) {
    const { status, body } = await push(rp, object);
    assert.deepEqual([status, body.error], [400, 'invalid_request_object']);
    said.add(body.error_description);
    const answer = await visit(rp, object);
    assert.deepEqual([answer.status, answer.headers.get('location')], [400, null]);
  }
  assert.equal(said.size, 1, [...said].join('; '));
  for (const inner of [JSON.stringify(claims(rp)), `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify(claims(rp))).toString('base64url')}.`, await seal(await sign(rp))]) {
    const { body } = await push(rp, await seal(inner));
    assert.equal(body.error, 'invalid_request_object');
    assert.match(body.error_description, /signature|algorithm/);
  }
});

test('a key that retires leaves the key set at once and still decrypts; one that is revoked does not', async () => {
  const keys = await published();
  const objects = new Map(await Promise.all(keys.map(async (key) => [key.kid, await seal(await sign(rp), { alg: key.kty === 'RSA' ? 'RSA-OAEP' : 'ECDH-ES', key })])));
  for (const object of objects.values()) assert.equal(await stateOf(rp, object), 'inside', 'also the one that is to come');
  await operator(s, 'keys', 'rotate', '--alg', 'ECDH-ES', '--now');
  const known = keys.map((key) => `'${key.kid}'`); /* another test may have rotated before */
  const [{ kid }] = await s.psql(`select kid from auth.sign_key where alg = 'ECDH-ES' and state = 'retiring' and kid in (${known.join()})`);
  await eventually(async () => !(await published()).some((key) => key.kid === kid), { what: 'nobody encrypts to it any more' });
  assert.equal(await stateOf(rp, objects.get(kid)), 'inside');
  await operator(s, 'keys', 'revoke', '--', kid);
  await eventually(async () => (await stateOf(rp, objects.get(kid))) === 400, { what: 'it decrypts nothing any more' });
});
