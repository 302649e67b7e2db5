/* Software statements (RFC 7591 section 2.3) signed with jose: whom the operator trusts says what a client is, whatever the client says. IDENTITY M 111. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import * as oidc from 'openid-client';
import { adminOf } from '../support/admin.mjs';
import { INSECURE, REDIRECT, addClient, inFile, operator, sound } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';

const unique = randomUUID();
const ISSUER = `https://trust-${unique}.example`, ONLINE = `https://online-${unique}.example`, USERS = `https://users-${unique}.example`;
let s, key, online, stranger, server, rp;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  [key, online, stranger] = [await generateKeyPair('ES256'), await generateKeyPair('PS256'), await generateKeyPair('ES256')];
  const set = async (one, kid) => JSON.stringify({ keys: [{ ...(await exportJWK(one.publicKey)), kid }] });
  const published = await set(online, 'k2');
  server = createServer((req, res) => res.writeHead(200, { 'content-type': 'application/json' }).end(published));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  rp = await addClient(s);
  await inFile(await set(key, 'k1'), async (file) => {
    await operator(s, 'issuers', 'add', ISSUER, '--alg', 'ES256', '--software-statements', '--jwks-file', file);
    await operator(s, 'issuers', 'add', USERS, '--alg', 'ES256', '--clients', rp.id, '--jwks-file', file);
  });
  await operator(s, 'issuers', 'add', ONLINE, '--alg', 'PS256', '--software-statements', '--jwks-uri', `http://127.0.0.1:${server.address().port}/jwks`);
});

after(async () => {
  server?.close();
  for (const issuer of [ISSUER, ONLINE, USERS]) await s.operator('authsrv', 'issuers', 'remove', issuer);
  await sound(s);
  await s.stop();
});

const now = () => Math.floor(Date.now() / 1000);
const SOFTWARE = { software_id: 'ledger-pro', software_version: '2.1', client_name: 'Ledger Pro', redirect_uris: [REDIRECT], scope: 'openid email' };
const statement = (claims = {}, { alg = 'ES256', signer = key, kid = 'k1', ...header } = {}) => new SignJWT({ iss: ISSUER, iat: now(), ...SOFTWARE, ...claims }).setProtectedHeader({ alg, kid, ...header }).sign(signer.privateKey);

async function call(method, path, metadata, token = s.env.initial_access_token) {
  const answer = await fetch(new URL(path, s.env.issuer), { method, headers: { authorization: `Bearer ${token}`, ...(metadata && { 'content-type': 'application/json' }) }, body: metadata && JSON.stringify(metadata) });
  return { status: answer.status, body: await answer.json() };
}
const register = async (software_statement, metadata = {}) => call('POST', '/register', { ...metadata, software_statement: await software_statement });
async function refused(answer, error, why) {
  const { status, body } = await answer;
  assert.deepEqual([status, body.error], [400, error], JSON.stringify(body));
  assert.match(body.error_description, why);
}

test('openid-client registers with a statement; its claims count before the client\'s own, and it comes back as it was', async () => {
  const word = await statement();
  const config = await oidc.dynamicClientRegistration(new URL(s.env.issuer), { client_name: 'Ledger Free', contacts: ['ops@rp.example'], redirect_uris: ['https://evil.example/cb'], scope: 'openid phone', software_statement: word }, undefined, { ...INSECURE, initialAccessToken: s.env.initial_access_token });
  const client = config.clientMetadata();
  assert.equal(client.client_name, 'Ledger Pro');
  assert.deepEqual(client.redirect_uris, [REDIRECT]);
  assert.equal(client.scope, 'openid email');
  assert.deepEqual([client.software_id, client.software_version, client.contacts], ['ledger-pro', '2.1', ['ops@rp.example']]);
  assert.equal(client.software_statement, word);
  assert.equal(client.iss, undefined);
  const [row] = await s.psql(`select actor, detail from auth.audit where action = 'client.vouched' and object = '${client.client_id}'`);
  assert.deepEqual(row, { actor: 'registration', detail: `ledger-pro of ${ISSUER}` });
  const admin = await adminOf(s);
  assert.equal((await admin('GET', `/admin/v1/clients/${client.client_id}`)).body.software_statement, word);
});

test('metadata that grows too large around a statement is refused: 0.1 is written out as 0.10000000000000001', async () => {
  const answer = await fetch(new URL('/register', s.env.issuer), {
    method: 'POST', headers: { authorization: `Bearer ${s.env.initial_access_token}`, 'content-type': 'application/json' }, body: `{"software_statement":"${await statement()}","x":[0.1${',0.1'.repeat(15500)}]}`,
  });
  assert.equal(answer.status, 400);
  assert.match((await answer.json()).error_description, /do not make one document/);
  assert.equal((await register(statement())).status, 201);
});

test('a statement serves every installation of the software, also from an issuer whose keys are under a URL', async () => {
  const word = await statement({ iss: ONLINE, aud: [s.env.issuer, 'https://elsewhere.example'], exp: now() + 600 }, { alg: 'PS256', signer: online, kid: 'k2' });
  const [one, two] = [await register(word), await register(word)];
  assert.deepEqual([one.status, two.status], [201, 201], JSON.stringify(one.body));
  assert.notEqual(one.body.client_id, two.body.client_id);
});

test('who is trusted: the issuers that the operator marked, for nothing but what they are marked for', async () => {
  await refused(register(statement({ iss: 'https://nobody.example' })), 'unapproved_software_statement', /not trusted/);
  await refused(register(statement({ iss: USERS })), 'unapproved_software_statement', /not trusted/);
  await refused(register(statement({ iss: ISSUER, sub: 'x', aud: s.env.issuer, exp: now() + 60, jti: randomUUID(), software_id: undefined })), 'invalid_software_statement', /software_id/);
  const granting = await addClient(s, { grants: 'urn:ietf:params:oauth:grant-type:jwt-bearer', redirect: [] });
  const assertion = await statement({ sub: 'x', aud: s.env.issuer, exp: now() + 60, jti: randomUUID(), scope: 'openid' });
  await assert.rejects(oidc.genericGrantRequest(granting.config, 'urn:ietf:params:oauth:grant-type:jwt-bearer', { assertion, scope: 'openid' }), { error: 'invalid_grant' });
});

test('what is no valid statement', async () => {
  const bad = {
    'software_id': [statement({ software_id: undefined }), statement({ software_id: '' }), statement({ software_id: 7 }), statement({ software_id: 'x'.repeat(256) })],
    'expired': [statement({ exp: now() - 1 }), statement({ exp: 'soon' })], 'future': [statement({ iat: now() + 300 }), statement({ nbf: now() + 300 })],
    'aud': [statement({ aud: 'https://elsewhere.example' }), statement({ aud: [] })], 'another statement': [statement({ software_statement: 'x.y.z' })],
    'signature': [statement({}, { signer: stranger })], 'key': [statement({}, { kid: 'k9' })], 'type': [statement({}, { typ: 'at+jwt' })], 'no signed JWT': ['x.y.z', '', 'x'],
  };
  for (const [why, all] of Object.entries(bad)) for (const one of all) await refused(register(one), 'invalid_software_statement', new RegExp(`software_statement:.*${why}`));
  const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify({ iss: ISSUER, ...SOFTWARE })).toString('base64url')}.`;
  await refused(register(none), 'invalid_software_statement', /software_statement/);
  await refused(register(new SignJWT({ iss: ISSUER, ...SOFTWARE }).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode('k'.repeat(32)))), 'invalid_software_statement', /software_statement/);
  await refused(call('POST', '/register', { ...SOFTWARE, software_statement: 7 }), 'invalid_software_statement', /string/);
});

test('what is vouched for is judged as any metadata, and the operator\'s members stay his', async () => {
  await refused(register(statement({ redirect_uris: ['javascript:alert(1)'] })), 'invalid_redirect_uri', /redirect_uris/);
  await refused(register(statement({ id_token_signed_response_alg: 'RS1' })), 'invalid_client_metadata', /id_token_signed_response_alg/);
  await refused(register(statement({ authorization_details_types: ['payment'] })), 'invalid_client_metadata', /authorization_details_types/);
  await refused(register(statement({ access_token_ttl: 3600 })), 'invalid_client_metadata', /access_token_ttl/);
  const { body } = await register(statement({ scope: 'openid pay.payments' }));
  assert.equal(body.scope, 'openid', 'scopes of money are no issuer\'s to give');
});

test('a change needs the word again, and cannot leave it behind', async () => {
  const word = await statement();
  const { body: made } = await register(word, { contacts: ['a@rp.example'] });
  const path = new URL(made.registration_client_uri).pathname;
  const { body: shown } = await call('GET', path, undefined, made.registration_access_token);
  assert.equal(shown.software_statement, word);
  const metadata = { client_id: made.client_id, redirect_uris: ['https://evil.example/cb'], client_name: 'Mine' };
  await refused(call('PUT', path, metadata, made.registration_access_token), 'invalid_client_metadata', /software_statement: is needed again/);
  await refused(call('PUT', path, { ...metadata, software_statement: await statement({ exp: now() - 1 }) }, made.registration_access_token), 'invalid_software_statement', /expired/);
  const newer = await statement({ software_version: '2.2' });
  const { status, body } = await call('PUT', path, { ...metadata, software_statement: newer }, made.registration_access_token);
  assert.equal(status, 200, JSON.stringify(body));
  assert.deepEqual([body.redirect_uris, body.client_name, body.software_version, body.software_statement], [[REDIRECT], 'Ledger Pro', '2.2', newer]);
});

test('operator: a statement is no metadata of his, verbs and admin API mark issuers, and the end of the trust ends it', async () => {
  await assert.rejects(addClient(s, { metadata: { software_statement: await statement() } }), /software_statement/);
  const admin = await adminOf(s);
  const issuer = `https://api-${unique}.example`;
  const { body: keys } = await admin('GET', '/admin/v1/assertion_issuers?limit=100');
  const { jwks } = keys.data.find((one) => one.issuer === ISSUER);
  assert.equal((await admin('POST', '/admin/v1/assertion_issuers', { issuer, alg: 'ES256', jwks })).status, 400, 'neither clients nor statements');
  const { status, body } = await admin('POST', '/admin/v1/assertion_issuers', { issuer, alg: 'ES256', jwks, software_statements: true });
  assert.deepEqual([status, body.software_statements, body.clients], [201, true, ''], JSON.stringify(body));
  assert.match(await operator(s, 'issuers', 'list'), new RegExp(`${issuer}.*software statements`));
  assert.equal((await register(statement({ iss: issuer }))).status, 201);
  assert.equal((await admin('DELETE', `/admin/v1/assertion_issuers/${body.id}`)).status, 204);
  await refused(register(statement({ iss: issuer })), 'unapproved_software_statement', /not trusted/);
  const metrics = await (await fetch(`http://127.0.0.1:${s.env.admin_ports.authsrv}/metrics`)).text();
  for (const result of ['accepted', 'invalid', 'unapproved']) assert.match(metrics, new RegExp(`stoa_software_statements_total\\{result="${result}"\\} [1-9]`));
});
