/* What an attacker tries as a client: methods that were not registered, nothing for a secret, other people's tokens, registrations that want too much (RFC 6749, RFC 7009, RFC 7591, RFC 7662). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { INSECURE, REDIRECT, addClient, addUser, post, sound, tokensFor } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, rp, user;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  [rp, user] = await Promise.all([addClient(s), addUser(s)]);
});
after(async () => {
  await sound(s);
  await s.stop();
});

const grant = { grant_type: 'client_credentials' };
const basic = (text) => ({ headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` } });

test('a client proves itself by its registered method and with something', async () => {
  const byPost = await addClient(s, { method: 'client_secret_post' });
  const open = await addClient(s, { method: 'none', grants: 'authorization_code,refresh_token' });
  const attempts = {
    'an empty secret': [grant, basic(`${rp.id}:`)], 'an empty name': [grant, basic(':')], 'an empty name with a secret': [grant, basic(`:${rp.secret}`)], 'no colon': [grant, basic(rp.id)],
    'nothing': [grant, {}], 'the name alone': [{ ...grant, client_id: rp.id }, {}], 'an empty secret in the form': [{ ...grant, client_id: byPost.id, client_secret: '' }, {}],
    'the secret in the form, registered for the header': [{ ...grant, client_id: rp.id, client_secret: rp.secret }, {}], 'the secret in the header, registered for the form': [grant, basic(`${byPost.id}:${byPost.secret}`)],
    'a public client with a secret': [{ grant_type: 'refresh_token', refresh_token: 'x' }, basic(`${open.id}:secret`)], 'another’s secret': [grant, basic(`${rp.id}:${byPost.secret}`)], 'the secret with something after it': [grant, basic(`${rp.id}:${rp.secret}x`)],
    'a shorter secret': [grant, basic(`${rp.id}:${rp.secret.slice(0, -1)}`)], 'no Base64': [grant, { headers: { authorization: 'Basic !!!' } }], 'another scheme': [grant, { headers: { authorization: `Bearer ${rp.secret}` } }],
  };
  for (const [what, [fields, more]] of Object.entries(attempts)) {
    const { status, body, headers } = await post(s, '/token', fields, more);
    assert.ok(status === 401 || (status === 400 && body.error === 'invalid_request'), `${what}: ${status} ${JSON.stringify(body)}`);
    assert.equal(body.access_token, undefined, what);
    assert.equal(headers.get('cache-control'), 'no-store', what);
  }
  const twice = { 'the header and a form secret': { ...grant, client_id: rp.id, client_secret: rp.secret }, 'the header and an assertion': { ...grant, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: 'a.b.c' }, 'the header and another name': { ...grant, client_id: byPost.id } };
  for (const [what, fields] of Object.entries(twice)) {
    const { status, body } = await post(s, '/token', fields, { basic: rp });
    assert.ok([400, 401].includes(status) && /^invalid_(request|client)$/.test(body.error), `${what}: ${status} ${body.error}`);
  }
  assert.equal((await post(s, '/token', grant, { basic: rp })).status, 200);
  const empty = await s.psql("select id from auth.client where auth_method in ('client_secret_basic', 'client_secret_post') and secret_hash is null");
  assert.deepEqual(empty, [], 'no confidential client is without a secret');
});

test('hints and garbage change nothing about tokens', async () => {
  const other = await addClient(s);
  const { tokens } = await tokensFor(rp, user);
  const seen = async (client, token, hint) => (await post(s, '/introspect', { token, ...(hint && { token_type_hint: hint }) }, { basic: client })).body;
  for (const hint of ['access_token', 'refresh_token', 'id_token', 'nonsense', undefined]) {
    assert.equal((await seen(rp, tokens.refresh_token, hint)).active, true, `refresh token, hint ${hint}`);
    assert.equal((await seen(rp, tokens.access_token, hint)).active, true, `access token, hint ${hint}`);
    assert.deepEqual(await seen(other, tokens.access_token, hint), { active: false });
    assert.deepEqual(await seen(other, tokens.refresh_token, hint), { active: false });
  }
  const [header, payload, signature] = tokens.access_token.split('.');
  const raised = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64url')), scope: 'auth.admin.read' })).toString('base64url');
  const forged = [`${header}.${raised}.${signature}`, `${header}.${payload}.`, `${header}.${payload}`, `${header}.${payload}.${signature}.`, `${tokens.access_token} `, ` ${tokens.access_token}`, `${tokens.access_token}\n`, `${tokens.access_token}=`, `${tokens.refresh_token}x`, tokens.refresh_token.slice(0, -1), tokens.id_token, 'g'.repeat(8000), '..', '{}', '\u0001'];
  for (const token of forged) {
    const answer = await post(s, '/introspect', { token }, { basic: rp });
    assert.ok((answer.status === 200 && answer.body.active === false) || (answer.status === 400 && answer.body.error === 'invalid_request'), `${token.slice(-30)}: ${answer.status} ${JSON.stringify(answer.body)}`);
    assert.ok([200, 400].includes((await post(s, '/revoke', { token }, { basic: rp })).status), token.slice(-30));
  }
  assert.equal((await seen(rp, tokens.access_token)).active, true, 'none of that revoked the real one');
  assert.equal((await post(s, '/revoke', { token: tokens.access_token, token_type_hint: 'refresh_token' }, { basic: rp })).status, 200);
  assert.deepEqual(await seen(rp, tokens.access_token), { active: false });
});

test('50 parallel uses of one refresh token leave one successor', async () => {
  const { tokens } = await tokensFor(rp, user);
  const results = await Promise.all(Array.from({ length: 50 }, () => post(s, '/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }, { basic: rp })));
  assert.equal(new Set(results.filter((one) => one.status === 200).map((one) => one.body.refresh_token)).size, 1);
  for (const lost of results.filter((one) => ![200, 503].includes(one.status))) assert.equal(lost.body.error, 'invalid_grant');
});

test('a refresh reaches neither more scope nor another resource', async () => {
  const { tokens } = await tokensFor(rp, user, { scope: 'openid offline_access' });
  const refresh = (fields) => post(s, '/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token, ...fields }, { basic: rp });
  for (const scope of ['openid email', 'email', 'auth.admin.read', 'openid openid2']) assert.equal((await refresh({ scope })).body.error, 'invalid_scope', scope);
  assert.equal((await refresh({ resource: 'https://nowhere.example' })).body.error, 'invalid_target');
  assert.equal((await refresh({})).status, 200, 'what is refused uses nothing up');
});

test('a registration gives no more than it may', async () => {
  const register = async (document, token = s.env.initial_access_token) => {
    const answer = await fetch(new URL('/register', s.env.issuer), { method: 'POST', headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }, body: JSON.stringify({ redirect_uris: [REDIRECT], ...document }) });
    return { status: answer.status, body: await answer.json() };
  };
  assert.equal((await register({}, null)).status, 401);
  for (const client_name of ['Good\u202egpj', 'a\u200bb', 'a\u0000b', 'a\nb', '\u2066x', 'n'.repeat(65), 'n'.repeat(60_000)]) assert.equal((await register({ client_name })).status, 400, JSON.stringify(client_name));
  for (const document of [{ redirect_uris: Array(101).fill(REDIRECT) }, { redirect_uris: [`https://rp.example/${'a'.repeat(3000)}`] }, { redirect_uris: [7] }, { redirect_uris: { 0: REDIRECT } }, { contacts: 'a' }]) assert.equal((await register(document)).status, 400, JSON.stringify(document).slice(0, 100));
  const { status, body } = await register({ scope: 'openid auth.admin.read pay.operator pay.payments', client_id: 'stoa-operator', client_secret: 'chosen', registration_access_token: 'chosen', first_party: true, partner: 'inkwell', resource_server: s.env.issuer });
  assert.equal(status, 201);
  assert.notEqual(body.client_id, 'stoa-operator');
  assert.notEqual(body.client_secret, 'chosen');
  assert.equal(body.scope, 'openid');
  const config = await oidc.discovery(new URL(s.env.issuer), body.client_id, body.client_secret, oidc.ClientSecretBasic(body.client_secret), INSECURE);
  await assert.rejects(oidc.clientCredentialsGrant(config, { scope: 'auth.admin.read' }), { error: 'unauthorized_client' });
  const first = (await register({})).body, second = (await register({})).body;
  const cross = await fetch(first.registration_client_uri, { headers: { authorization: `Bearer ${second.registration_access_token}` } });
  const unknown = await fetch(`${s.env.issuer}/register/cl_unknown`, { headers: { authorization: `Bearer ${second.registration_access_token}` } });
  assert.deepEqual([cross.status, await cross.json()], [unknown.status, await unknown.json()], 'another’s registration is as if there were none');
  assert.equal(cross.status, 401);
});
