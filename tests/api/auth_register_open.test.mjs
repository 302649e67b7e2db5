/* Registration without an initial access token, where the operator opened it (SECURITY E 136, IDENTITY M 111): limits, and no way around them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import * as oidc from 'openid-client';
import { adminOf } from '../support/admin.mjs';
import { eventually } from '../support/eventually.mjs';
import { INSECURE, REDIRECT, addUser, inFile, operator, request, sound, tokensFor, walk } from '../support/relying_party.mjs';
import { createAgent } from '../support/agent.mjs';
import { startStack } from '../support/stack.mjs';

let s;

before(async () => { s = await startStack({ profile: 'login', env: { AUTHSRV_REGISTRATION: 'open' } }); });
after(async () => {
  await sound(s);
  await s.stop();
});

const call = async (path, method, metadata, token) => {
  const answer = await fetch(new URL(path, s.env.issuer), { method, headers: { 'content-type': 'application/json', ...(token && { authorization: token }) }, body: JSON.stringify(metadata) });
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
};
const register = (metadata, token) => call('/register', 'POST', { redirect_uris: [REDIRECT], ...metadata }, token);

test('anybody may register a client, which works and is shown as unverified', async () => {
  const config = await oidc.dynamicClientRegistration(new URL(s.env.issuer), { redirect_uris: [REDIRECT], client_name: 'Helper', grant_types: ['authorization_code', 'refresh_token'], token_endpoint_auth_method: 'none', scope: 'openid email pay.payments' }, oidc.None(), INSECURE);
  const { client_id: id, scope } = config.clientMetadata();
  assert.match(id, /^open_/);
  assert.equal(scope, 'openid email');
  const user = await addUser(s);
  const agent = createAgent();
  const login = await agent.open((await request({ config }, { scope: 'openid email' })).url);
  const consent = await agent.submit(login, user, { button: 'Sign in' });
  assert.match(consent.text, /Not checked by the operator/);
  const { tokens } = await tokensFor({ config, id }, user, { scope: 'openid email' });
  assert.ok((await oidc.refreshTokenGrant(config, tokens.refresh_token)).access_token);
});

test('it can log people in and nothing else, also after a change', async () => {
  for (const grants of [['client_credentials'], ['authorization_code', 'client_credentials']]) {
    const { status, body } = await register({ grant_types: grants });
    assert.deepEqual([status, body.error], [400, 'invalid_client_metadata']);
    assert.match(body.error_description, /grant_types/);
  }
  const { body } = await register({ token_endpoint_auth_method: 'client_secret_basic', require_pkce: false });
  assert.equal(body.require_pkce, true, 'PKCE is not theirs to refuse');
  const changed = await call(`/register/${body.client_id}`, 'PUT', { client_id: body.client_id, redirect_uris: [REDIRECT], grant_types: ['authorization_code', 'client_credentials'] }, `Bearer ${body.registration_access_token}`);
  assert.deepEqual([changed.status, changed.body.error], [400, 'invalid_client_metadata']);
});

test('scopes of an API are for such clients as far as the operator opened them', async () => {
  const admin = await adminOf(s);
  const audience = 'https://notes.example/mcp';
  await operator(s, 'resources', 'add', audience, '--scopes', 'notes.read notes.write');
  const asked = { token_endpoint_auth_method: 'none', scope: 'openid notes.read notes.write auth.admin.users' };
  const closed = (await register(asked)).body;
  assert.equal(closed.scope, 'openid');
  await operator(s, 'scopes', 'open', 'notes.read');
  assert.match(await operator(s, 'scopes', 'list'), /notes\.read\t.*\topen/);
  assert.deepEqual([(await admin('PATCH', '/admin/v1/scopes', { scope: 'auth.admin.users', open: true })).status, (await admin('PATCH', '/admin/v1/scopes', { scope: 'nothing', open: true })).status], [409, 404]);
  const made = await eventually(async () => {
    const { body: one } = await register(asked);
    return one.scope === 'openid notes.read' && one;
  }, { what: 'the scope is open' });
  const config = await oidc.discovery(new URL(s.env.issuer), made.client_id, {}, oidc.None(), INSECURE);
  const { tokens } = await tokensFor({ config, id: made.client_id }, await addUser(s), { scope: 'openid notes.read', resource: audience });
  const claims = JSON.parse(Buffer.from(tokens.access_token.split('.')[1], 'base64url'));
  assert.deepEqual([claims.aud, claims.scope.split(' ').includes('notes.read')], [audience, true], JSON.stringify(claims));
  assert.equal((await admin('PATCH', '/admin/v1/scopes', { scope: 'notes.read', open: false })).body.open, false);
  const left = await admin('GET', `/admin/v1/clients/${made.client_id}`);
  assert.equal(left.body.metadata.scope, 'openid', 'taken from those that had it');
  assert.equal((await admin('GET', '/admin/v1/scopes?limit=100')).body.data.find((one) => one.scope === 'notes.read').open, false);
  await operator(s, 'scopes', 'close', 'notes.read');
});

test('a wrong token is not no token', async () => {
  for (const token of ['Bearer wrong', 'Bearer ', 'Basic YTpi']) assert.equal((await register({}, token)).status, 401, token);
});

test('what was never allowed anything goes after a day, what somebody uses stays', async () => {
  const { body } = await register({ client_name: 'Forgotten' });
  const left = async () => (await s.psql(`select id, name from auth.client where id like 'open\\_%'`)).map((one) => one.name);
  assert.ok((await left()).includes('Forgotten'));
  await s.psql(`set search_path = auth; update open_client set look_at = look_at - interval '25 hours'`);
  await s.restart('authsrv', { env: { AUTHSRV_REGISTRATION: 'open' } }); // jobs run when a server starts
  await eventually(async () => !(await left()).includes('Forgotten'), { what: `${body.client_id} is gone` });
  assert.ok((await left()).includes('Helper'));
});

test('one address cannot register without end, and a token is not held up by that', async () => {
  let answer;
  for (let i = 0; i < 60 && answer?.status !== 429; i += 1) answer = await register({});
  assert.equal(answer.status, 429);
  assert.ok(Number(answer.headers.get('retry-after')) >= 1);
  assert.equal((await register({}, `Bearer ${s.env.initial_access_token}`)).status, 201);
  const metrics = await (await fetch(`http://127.0.0.1:${s.env.admin_ports.authsrv}/metrics`)).text();
  assert.match(metrics, /stoa_clients_registered_total\{by="anybody"\} [1-9]/);
  assert.match(metrics, /stoa_clients_registered_total\{by="token"\} [1-9]/);
});

test('where statements are required, nobody registers without', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const issuer = 'https://trust.example';
  await inFile(JSON.stringify({ keys: [await exportJWK(publicKey)] }), (file) => operator(s, 'issuers', 'add', issuer, '--alg', 'ES256', '--software-statements', '--jwks-file', file));
  await s.restart('authsrv', { env: { AUTHSRV_REGISTRATION: 'open', AUTHSRV_REQUIRE_SOFTWARE_STATEMENT: 'true', AUTHSRV_RATE_LIMITS: 'false' } });
  for (const token of [undefined, `Bearer ${s.env.initial_access_token}`]) {
    const { status, body } = await register({}, token);
    assert.deepEqual([status, body.error], [400, 'invalid_client_metadata']);
    assert.match(body.error_description, /software_statement/);
    const word = await new SignJWT({ iss: issuer, software_id: 'helper', grant_types: ['client_credentials'] }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
    assert.equal((await register({ software_statement: word }, token)).status, token ? 201 : 400, 'vouching opens nothing else');
    const modest = await new SignJWT({ iss: issuer, software_id: 'helper' }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
    assert.equal((await register({ software_statement: modest }, token)).status, 201);
  }
});
