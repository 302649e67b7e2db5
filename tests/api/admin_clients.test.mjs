/* Clients through the admin API: made, found, replaced, given another secret, ended; with the same rules as registration. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { adminOf } from '../support/admin.mjs';
import { operator, post, sound } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';

let s, admin;

before(async () => {
  s = await startStack({ profile: 'bare' });
  admin = await adminOf(s);
});

after(async () => {
  await sound(s);
  await s.stop();
});

const metadata = { client_name: 'Machine', grant_types: ['client_credentials'], response_types: [], redirect_uris: [], scope: 'openid', token_endpoint_auth_method: 'client_secret_basic' };
const unique = () => `m-${randomBytes(5).toString('hex')}`;
const token = (id, secret) => post(s, '/token', { grant_type: 'client_credentials' }, { basic: { id, secret } });
const refused = (answer, status, code, param) => {
  assert.deepEqual([answer.status, answer.body.code, answer.body.param], [status, code, param], JSON.stringify(answer.body));
};

async function newClient(more = {}) {
  const made = await admin('POST', '/admin/v1/clients', { client_id: unique(), metadata, ...more });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return { ...made.body, etag: made.etag };
}

test('a client is made, read without its secret, found, and works at once', async () => {
  const made = await newClient();
  assert.match(made.client_secret, /^cs_/);
  assert.equal((await token(made.client_id, made.client_secret)).status, 200);
  const read = await admin('GET', `/admin/v1/clients/${made.client_id}`);
  assert.deepEqual([read.body.metadata.client_name, read.body.client_secret, read.body.has_client_secret, read.body.status], ['Machine', undefined, true, 'enabled']);
  const found = await admin('GET', `/admin/v1/clients?query=${made.client_id}`);
  assert.deepEqual(found.body.data.map((one) => one.client_id), [made.client_id]);
  assert.equal(JSON.parse(await operator(s, 'clients', 'show', made.client_id)).client_name, 'Machine');
});

test('mistakes name the member', async () => {
  refused(await admin('POST', '/admin/v1/clients', { metadata: { ...metadata, grant_types: ['password'] } }), 400, 'invalid_request', 'metadata.grant_types');
  refused(await admin('POST', '/admin/v1/clients', { metadata, client_id: 'usr_x' }), 400, 'invalid_request', 'client_id');
  refused(await admin('POST', '/admin/v1/clients', { metadata, partner: 'nobody' }), 400, 'invalid_request', 'partner');
  refused(await admin('POST', '/admin/v1/clients', { metadata, resource_server: 'http://evil.example' }), 400, 'invalid_request', 'resource_server');
  refused(await admin('POST', '/admin/v1/clients', {}), 400, 'invalid_request', 'metadata');
  const one = await newClient();
  refused(await admin('POST', '/admin/v1/clients', { client_id: one.client_id, metadata }), 409, 'already_exists', undefined);
});

test('a replacement takes the version that was read; the secret stays', async () => {
  const made = await newClient();
  refused(await admin('PUT', `/admin/v1/clients/${made.client_id}`, { metadata }), 428, 'version_needed', undefined);
  const changed = await admin('PUT', `/admin/v1/clients/${made.client_id}`, { verified: true, metadata: { ...metadata, client_name: 'Renamed' } }, { ifMatch: made.etag });
  assert.equal(changed.status, 200, JSON.stringify(changed.body));
  assert.deepEqual([changed.body.metadata.client_name, changed.body.verified, changed.body.client_secret], ['Renamed', true, undefined]);
  refused(await admin('PUT', `/admin/v1/clients/${made.client_id}`, { metadata }, { ifMatch: made.etag }), 412, 'version_differs', undefined);
  assert.equal((await token(made.client_id, made.client_secret)).status, 200);
});

test('another secret ends the old one', async () => {
  const made = await newClient();
  const turned = await admin('POST', `/admin/v1/clients/${made.client_id}/secret`);
  assert.equal(turned.status, 200, JSON.stringify(turned.body));
  assert.equal((await token(made.client_id, made.client_secret)).status, 401);
  assert.equal((await token(made.client_id, turned.body.client_secret)).status, 200);
  const third = (await operator(s, 'clients', 'rotate-secret', made.client_id)).trim();
  for (const end = Date.now() + 5000; (await token(made.client_id, third)).status !== 200;) assert.ok(Date.now() < end);
  const open = await newClient({ metadata: { client_name: 'App', redirect_uris: ['https://rp.example/cb'], token_endpoint_auth_method: 'none' } });
  refused(await admin('POST', `/admin/v1/clients/${open.client_id}/secret`), 409, 'conflict', 'client');
  const actions = (await admin('GET', `/admin/v1/audit?object=${made.client_id}`)).body.data.map((one) => [one.action, one.actor]);
  assert.deepEqual(actions, [['client.secret_rotated', 'operator'], ['client.secret_rotated', admin.rp.id], ['client.created', admin.rp.id]]);
});

test('an ended client gets nothing any more', async () => {
  const made = await newClient();
  assert.equal((await admin('DELETE', `/admin/v1/clients/${made.client_id}`)).status, 204);
  assert.equal((await token(made.client_id, made.client_secret)).status, 401);
  assert.equal((await admin('GET', `/admin/v1/clients/${made.client_id}`)).body.status, 'disabled');
  refused(await admin('POST', `/admin/v1/clients/${made.client_id}/secret`), 404, 'not_found', undefined);
});

test('nobody hands out, or takes over, scopes of administration that he has not', async () => {
  const helper = await adminOf(s, 'auth.admin.clients');
  refused(await helper('POST', '/admin/v1/clients', { metadata: { ...metadata, scope: 'auth.admin.keys' } }), 403, 'forbidden_role', 'metadata.scope');
  const strong = await newClient({ metadata: { ...metadata, scope: 'auth.admin.keys' } });
  refused(await helper('POST', `/admin/v1/clients/${strong.client_id}/secret`), 403, 'forbidden_role', 'metadata.scope');
  refused(await helper('PUT', `/admin/v1/clients/${strong.client_id}`, { metadata }, { ifMatch: strong.etag }), 403, 'forbidden_role', 'metadata.scope');
  refused(await helper('DELETE', `/admin/v1/clients/${strong.client_id}`), 403, 'forbidden_role', 'metadata.scope');
  assert.equal((await helper('POST', '/admin/v1/clients', { metadata })).status, 201);
});
