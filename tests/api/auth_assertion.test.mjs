/* JWT bearer grant (RFC 7523 section 2.1) with openid-client and jose: IDENTITY E 76, SECURITY E 120, D 100 and 102. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import * as oidc from 'openid-client';
import { addClient, addUser, operator, sound } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const ISSUER = `https://idp-${randomUUID()}.example`;
let s, rp, other, user, key, stranger, directory, server;
const subject = `subject-${randomUUID()}`;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  directory = mkdtempSync(join(tmpdir(), 'stoa-issuer-'));
  [key, stranger] = [await generateKeyPair('ES256', { extractable: true }), await generateKeyPair('ES256')];
  writeFileSync(join(directory, 'jwks'), JSON.stringify({ keys: [{ ...(await exportJWK(key.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }] }));
  const grants = `${GRANT},client_credentials`;
  rp = await addClient(s, { grants, redirect: [], scope: 'openid email' });
  other = await addClient(s, { grants, redirect: [], scope: 'openid email' });
  user = await addUser(s);
  await operator(s, 'issuers', 'add', ISSUER, '--alg', 'ES256', '--clients', rp.id, '--jwks-file', join(directory, 'jwks'));
  await operator(s, 'issuers', 'map', ISSUER, '--subject', subject, '--user', user.email);
});

after(async () => {
  rmSync(directory, { recursive: true });
  server?.close();
  await s.operator('authsrv', 'issuers', 'remove', ISSUER);
  await sound(s);
  await s.stop();
});

function assertion({ header = {}, claims = {}, signer = key.privateKey } = {}) {
  const now = Math.floor(Date.now() / 1000);
  const all = { iss: ISSUER, sub: subject, aud: s.env.issuer, jti: randomUUID(), iat: now, exp: now + 120, ...claims };
  for (const name of Object.keys(all)) if (all[name] === undefined) delete all[name];
  return new SignJWT(all).setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header }).sign(signer);
}
const bearer = async (token, { client = rp, ...more } = {}) => oidc.genericGrantRequest(client.config, GRANT, { assertion: await token, scope: 'openid email', ...more });
const refused = (error) => (thrown) => { assert.equal(thrown.error, error, thrown.error_description ?? String(thrown)); return true; };
const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

test('an assertion of a trusted issuer gives a token for the mapped user, governed by its grant', async () => {
  const answer = await bearer(assertion());
  assert.equal(answer.refresh_token, undefined);
  const { sub, client_id: client } = claimsOf(answer.access_token);
  assert.equal(client, rp.id);
  assert.equal((await oidc.fetchUserInfo(rp.config, answer.access_token, sub)).email, user.email);
  assert.equal((await oidc.tokenIntrospection(rp.config, answer.access_token)).active, true);
  await oidc.tokenRevocation(rp.config, answer.access_token);
  assert.equal((await oidc.tokenIntrospection(rp.config, answer.access_token)).active, false);
  const [row] = await s.psql(`select actor, detail from auth.audit where action = 'assertion.redeemed' and object = '${sub}' order by id desc limit 1`);
  assert.equal(row.actor, rp.id);
  assert.ok(row.detail.includes(ISSUER));
});

test('each assertion works once, also when it comes twenty times at once', async () => {
  const token = await assertion();
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => bearer(token)));
  assert.equal(results.filter((one) => one.status === 'fulfilled').length, 1);
  await assert.rejects(bearer(token), refused('invalid_grant'));
});

test('scope is asked for or said in the assertion, and never more than both', async () => {
  const said = await bearer(assertion({ claims: { scope: 'openid' } }), { scope: 'openid' });
  assert.equal(claimsOf(said.access_token).scope, 'openid');
  await assert.rejects(bearer(assertion({ claims: { scope: 'openid' } })), refused('invalid_scope'));
  await assert.rejects(bearer(assertion(), { scope: 'openid phone' }), refused('invalid_scope'));
  await assert.rejects(bearer(assertion(), { resource: 'https://nobody.example' }), refused('invalid_target'));
});

test('an identity assertion grant must name the client', async () => {
  const header = { typ: 'oauth-id-jag+jwt' };
  assert.ok((await bearer(assertion({ header, claims: { client_id: rp.id } }))).access_token);
  await assert.rejects(bearer(assertion({ header })), refused('invalid_grant'));
  await assert.rejects(bearer(assertion({ header, claims: { client_id: other.id } })), refused('invalid_grant'));
});

test('what is not believed', async () => {
  const now = Math.floor(Date.now() / 1000);
  const hmac = new SignJWT({ iss: ISSUER, sub: subject, aud: s.env.issuer, jti: randomUUID(), exp: now + 60 }).setProtectedHeader({ alg: 'HS256', kid: 'k1' });
  const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify({ iss: ISSUER, sub: subject, aud: s.env.issuer, jti: 'x', exp: now + 60 })).toString('base64url')}.`;
  const lies = {
    'another issuer': assertion({ claims: { iss: 'https://evil.example' } }), 'no issuer': assertion({ claims: { iss: undefined } }),
    'nobody we know': assertion({ claims: { sub: 'nobody' } }), 'no subject': assertion({ claims: { sub: undefined } }),
    'another audience': assertion({ claims: { aud: 'https://b.example' } }), 'two audiences': assertion({ claims: { aud: [s.env.issuer, 'https://b.example'] } }),
    expired: assertion({ claims: { exp: now - 120 } }), 'no end': assertion({ claims: { exp: undefined } }), 'a long life': assertion({ claims: { exp: now + 3600 } }),
    'no jti': assertion({ claims: { jti: undefined } }), 'a long jti': assertion({ claims: { jti: 'j'.repeat(129) } }), 'not yet': assertion({ claims: { nbf: now + 300 } }),
    'a foreign key': assertion({ signer: stranger.privateKey }), 'an unknown key': assertion({ header: { kid: 'k9' } }), 'another type': assertion({ header: { typ: 'at+jwt' } }),
    'a symmetric key': hmac.sign(Buffer.from('0123456789abcdef0123456789abcdef')), 'no signature': none, garbage: 'x.y.z',
  };
  for (const [what, token] of Object.entries(lies)) await assert.rejects(bearer(token), refused('invalid_grant'), what);
  await assert.rejects(bearer(assertion(), { client: other }), refused('invalid_grant'), 'a client that the issuer does not serve');
  const plain = await addClient(s);
  await assert.rejects(bearer(assertion(), { client: plain }), refused('unauthorized_client'));
});

test('keys at an address are fetched; a disabled account gets nothing', async () => {
  const rsa = await generateKeyPair('RS256', { extractable: true });
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(rsa.publicKey)), kid: 'r1', alg: 'RS256', use: 'sig' }] });
  server = createServer((req, res) => res.writeHead(200, { 'content-type': 'application/json' }).end(jwks));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `https://web-${randomUUID()}.example`;
  const person = await addUser(s);
  await operator(s, 'issuers', 'add', issuer, '--alg', 'RS256', '--clients', `${rp.id} ${other.id}`, '--jwks-uri', `http://127.0.0.1:${server.address().port}/jwks`);
  await operator(s, 'issuers', 'map', issuer, '--subject', 'p', '--user', person.email);
  const sign = () => assertion({ header: { alg: 'RS256', kid: 'r1' }, claims: { iss: issuer, sub: 'p' }, signer: rsa.privateKey });
  assert.ok((await bearer(sign(), { client: other })).access_token);
  await operator(s, 'users', 'disable', person.email);
  await assert.rejects(bearer(sign()), refused('invalid_grant'));
  assert.match(await operator(s, 'issuers', 'list'), new RegExp(`${issuer}\tRS256\thttp`));
  await operator(s, 'issuers', 'remove', issuer);
  await assert.rejects(bearer(sign()), refused('invalid_grant'));
});

test('the operator is told what is wrong', async () => {
  const bad = async (...words) => (await s.operator('authsrv', 'issuers', ...words)).code;
  assert.equal(await bad('add', ISSUER, '--alg', 'ES256', '--clients', rp.id, '--jwks-file', join(directory, 'jwks')), 1, 'twice');
  assert.equal(await bad('add', ISSUER, '--alg', 'ES256', '--clients', rp.id, '--jwks-file', join(directory, 'jwks'), '--if-missing'), 0);
  assert.equal(await bad('add', 'https://x.example', '--alg', 'none', '--clients', rp.id, '--jwks-file', join(directory, 'jwks')), 2);
  assert.equal(await bad('add', 'https://x.example', '--alg', 'ES256', '--clients', rp.id), 2);
  assert.equal(await bad('map', ISSUER, '--subject', 'x', '--user', 'nobody@stoa.example'), 2);
  assert.equal(await bad('add', 'https://x.example', '--alg', 'ES256', '--clients', 'nobody', '--jwks-file', join(directory, 'jwks')), 2);
  assert.equal(await bad('unmap', ISSUER, '--subject', 'x'), 1);
  assert.equal(await bad('remove', 'https://x.example'), 1);
});
