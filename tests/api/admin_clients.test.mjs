/* Clients through the admin API: made, found, replaced, given another secret, ended; with the same rules as registration. */
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { adminOf } from '../support/admin.mjs';
import { eventually } from '../support/eventually.mjs';
import { addUser, operator, post, sound } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';

let s, admin;

before(async () => {
  s = await startStack({ profile: 'login' });
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
  assert.match(made.client_secret, /^stoa_cs_[\w-]{43}$/, 'as the operator’s guide tells whoever looks for leaked ones');
  assert.deepEqual(await s.psql(`select id from auth.client where sha256('${made.client_secret}') in (secret_hash, previous_hash)`), [{ id: made.client_id }], 'whose it is');
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

test('a client that cannot be read is named in the log, repaired and ended by the operator', async () => {
  const spoiled = async () => {
    const made = await newClient();
    await s.psql(`set search_path = auth; update client set metadata = metadata || '{"jwks": {"keys": [], "x": 1e20}}' where id = '${made.client_id}'`);
    return { ...made, path: `/admin/v1/clients/${made.client_id}` };
  };
  const made = await spoiled();
  await eventually(() => s.log('authsrv').split('\n').some((line) => line.includes('client.unreadable') && line.includes(made.client_id)), { what: 'the log names it' });
  const changed = await admin('PUT', made.path, { metadata }, { ifMatch: (await admin('GET', made.path)).etag });
  assert.equal(changed.status, 200, JSON.stringify(changed.body));
  assert.equal((await token(made.client_id, made.client_secret)).status, 200);
  const other = await spoiled();
  assert.equal((await admin('PATCH', other.path, { status: 'disabled' }, { ifMatch: (await admin('GET', other.path)).etag })).status, 200);
  assert.equal((await admin('DELETE', other.path)).status, 204);
});

test('what the database would give back otherwise is refused', async () => {
  const jwks = { keys: [generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })], x: 1e21 };
  refused(await admin('POST', '/admin/v1/clients', { metadata: { ...metadata, jwks } }), 400, 'invalid_request', 'metadata.jwks');
  const issuer = `https://${unique()}.example`;
  refused(await admin('POST', '/admin/v1/assertion_issuers', { issuer, alg: 'ES256', clients: (await newClient()).client_id, jwks }), 400, 'invalid_request', 'jwks');
  const rules = { type: 'object', properties: { n: { type: 'integer', maximum: 1e21 } } };
  refused(await admin('POST', '/admin/v1/detail_types', { name: unique(), audience: issuer, sentence: 'Read {n}', rules }), 400, 'invalid_request', 'rules');
});

test('another secret ends the old one', async () => {
  const made = await newClient();
  const turned = await admin('POST', `/admin/v1/clients/${made.client_id}/secret`);
  assert.equal(turned.status, 200, JSON.stringify(turned.body));
  assert.equal((await token(made.client_id, made.client_secret)).status, 401);
  assert.equal((await token(made.client_id, turned.body.client_secret)).status, 200);
  const third = (await operator(s, 'clients', 'rotate-secret', made.client_id)).trim();
  await eventually(async () => (await token(made.client_id, third)).status === 200, { what: 'the third secret is known' });
  const open = await newClient({ metadata: { client_name: 'App', redirect_uris: ['https://rp.example/cb'], token_endpoint_auth_method: 'none' } });
  refused(await admin('POST', `/admin/v1/clients/${open.client_id}/secret`), 409, 'conflict', 'client');
  const actions = (await admin('GET', `/admin/v1/audit?object=${made.client_id}`)).body.data.map((one) => [one.action, one.actor]);
  assert.deepEqual(actions, [['client.secret_rotated', `cli:uid:${process.getuid()}`], ['client.secret_rotated', admin.rp.id], ['client.created', admin.rp.id]]);
});

test('the old secret counts for a while where that is asked for, and no third one', async () => {
  const made = await newClient();
  const path = `/admin/v1/clients/${made.client_id}/secret`;
  refused(await admin('POST', path, { expire_old_in: 604801 }), 400, 'invalid_request', 'expire_old_in');
  const second = (await admin('POST', path, { expire_old_in: 3600 })).body.client_secret;
  const works = async (...secrets) => Promise.all(secrets.map(async (secret) => (await token(made.client_id, secret)).status));
  assert.deepEqual(await works(made.client_secret, second, 'cs_another'), [200, 200, 401]);
  await s.psql(`set search_path to auth; update client set previous_until = now() where id = '${made.client_id}'`);
  await eventually(async () => (await token(made.client_id, made.client_secret)).status === 401, { what: 'its time is over' });
  const third = (await operator(s, 'clients', 'rotate-secret', made.client_id, '--expire-old-in', '60')).trim();
  await eventually(async () => (await token(made.client_id, third)).status === 200, { what: 'the third secret is known' });
  assert.deepEqual(await works(made.client_secret, second, third), [401, 200, 200], 'the first is not there any more');
  const last = (await admin('POST', path)).body.client_secret;
  assert.deepEqual(await works(second, third, last), [401, 401, 200], 'one that leaked ends at once');
  const key = await newClient({ metadata: { ...metadata, token_endpoint_auth_method: 'client_secret_jwt' } });
  refused(await admin('POST', `/admin/v1/clients/${key.client_id}/secret`, { expire_old_in: 60 }), 409, 'conflict', 'expire_old_in');
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

test('a client is disabled and enabled again, checked and not', async () => {
  const made = await newClient();
  const path = `/admin/v1/clients/${made.client_id}`;
  refused(await admin('PATCH', path, { status: 'disabled' }), 428, 'version_needed', undefined);
  refused(await admin('PATCH', path, { status: 'asleep' }, { ifMatch: made.etag }), 400, 'invalid_request', 'status');
  const off = await admin('PATCH', path, { status: 'disabled' }, { ifMatch: made.etag });
  assert.deepEqual([off.status, off.body.status], [200, 'disabled'], JSON.stringify(off.body));
  assert.equal((await token(made.client_id, made.client_secret)).status, 401);
  refused(await admin('PATCH', path, { status: 'enabled' }, { ifMatch: made.etag }), 412, 'version_differs', undefined);
  const on = await admin('PATCH', path, { status: 'enabled', verified: true }, { ifMatch: off.etag });
  assert.deepEqual([on.body.status, on.body.verified], ['enabled', true], JSON.stringify(on.body));
  assert.equal((await token(made.client_id, made.client_secret)).status, 200);
  const actions = (await admin('GET', `/admin/v1/audit?object=${made.client_id}`)).body.data.map((one) => one.action);
  assert.deepEqual(actions, ['client.enabled', 'client.verified', 'client.disabled', 'client.created']);
  const other = await newClient();
  await operator(s, 'clients', 'disable', other.client_id);
  await operator(s, 'clients', 'enable', other.client_id);
  await operator(s, 'clients', 'verify', other.client_id);
  const { body } = await admin('GET', `/admin/v1/clients/${other.client_id}`);
  assert.deepEqual([body.status, body.verified], ['enabled', true]);
});

/* ---- what an operator says of trust ---- */

/* Lists `path` page by page. */
async function all(path) {
  const found = [];
  for (let cursor; cursor !== null;) {
    const { status, body } = await admin('GET', `${path}?limit=1${cursor ? `&cursor=${cursor}` : ''}`);
    assert.equal(status, 200, JSON.stringify(body));
    found.push(...body.data);
    cursor = body.next_cursor;
  }
  return found;
}

const actionsOf = async (object) => (await admin('GET', `/admin/v1/audit?object=${encodeURIComponent(object)}`)).body.data.map((one) => one.action);

test('who may exchange whose tokens: made, listed, replaced, ended', async () => {
  const [one, two, three] = [await newClient(), await newClient(), await newClient()].map((c) => c.client_id);
  const rule = (client, tokens_of, more) => admin('POST', '/admin/v1/exchange_rules', { client, tokens_of, scopes: 'openid', ...more });
  const made = await rule(one, two);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  assert.equal((await rule(one, three)).status, 201);
  refused(await rule(one, two), 409, 'already_exists', undefined);
  refused(await rule('nobody', two), 400, 'invalid_request', 'client');
  refused(await rule(two, 'nobody'), 400, 'invalid_request', 'tokens_of');
  refused(await rule(two, two), 400, 'invalid_request', 'tokens_of');
  refused(await rule(two, one, { audience: 'https://nowhere.example' }), 400, 'invalid_request', 'audience');
  const path = `/admin/v1/exchange_rules/${one}/${two}`;
  refused(await admin('PUT', path, { scopes: 'openid email' }), 428, 'version_needed', undefined);
  const changed = await admin('PUT', path, { scopes: 'openid email' }, { ifMatch: made.etag });
  assert.deepEqual([changed.status, changed.body.scopes], [200, 'openid email'], JSON.stringify(changed.body));
  refused(await admin('PUT', path, { scopes: 'openid' }, { ifMatch: made.etag }), 412, 'version_differs', undefined);
  assert.deepEqual((await all('/admin/v1/exchange_rules')).filter((r) => r.client === one).map((r) => r.tokens_of).sort(), [two, three].sort());
  assert.match(await operator(s, 'exchange', 'list'), new RegExp(`${one}\t${two}\topenid email`));
  const helper = await adminOf(s, 'auth.admin.clients');
  refused(await helper('PUT', path, { scopes: 'auth.admin.keys' }, { ifMatch: changed.etag }), 403, 'forbidden_role', 'scopes');
  assert.equal((await admin('DELETE', path)).status, 204);
  refused(await admin('GET', path), 404, 'not_found', undefined);
  refused(await admin('DELETE', path), 404, 'not_found', undefined);
  assert.deepEqual((await actionsOf(one)).slice(0, 4), ['exchange.denied', 'exchange.allowed', 'exchange.allowed', 'exchange.allowed']);
});

test('issuers of assertions and their subjects: trusted, mapped, replaced, forgotten', async () => {
  const client = (await newClient()).client_id;
  const issuer = `https://${unique()}.example`;
  const draft = { alg: 'ES256', clients: client, jwks_uri: `${issuer}/jwks` };
  const made = await admin('POST', '/admin/v1/assertion_issuers', { issuer, ...draft });
  const path = `/admin/v1/assertion_issuers/${made.body.id}`;
  assert.deepEqual([made.status, made.body.issuer], [201, issuer], JSON.stringify(made.body));
  refused(await admin('POST', '/admin/v1/assertion_issuers', { issuer, ...draft }), 409, 'already_exists', undefined);
  for (const [member, value] of [['alg', 'HS256'], ['clients', 'nobody'], ['jwks', { keys: [] }], ['jwks_uri', 'http://192.0.2.1/jwks']])
    refused(await admin('POST', '/admin/v1/assertion_issuers', { issuer: `${issuer}/x`, ...draft, [member]: value }), 400, 'invalid_request', member === 'jwks' ? 'jwks_uri' : member);
  const changed = await admin('PUT', path, { ...draft, alg: 'RS256' }, { ifMatch: made.etag });
  assert.deepEqual([changed.status, changed.body.alg], [200, 'RS256'], JSON.stringify(changed.body));
  refused(await admin('PUT', path, draft, { ifMatch: made.etag }), 412, 'version_differs', undefined);
  const user = await addUser(s);
  const boss = await addUser(s, ['--role', 'admin']);
  for (const subject of ['42', 'a/b c']) assert.equal((await admin('POST', `${path}/subjects`, { subject, user: user.email })).status, 200, subject);
  assert.deepEqual((await all(`${path}/subjects`)).map((one) => one.subject), ['42', 'a/b c']);
  refused(await admin('POST', `${path}/subjects`, { subject: '7', user: 'nobody' }), 404, 'not_found', undefined);
  const helper = await adminOf(s, 'auth.admin.partners');
  refused(await helper('POST', `${path}/subjects`, { subject: '7', user: boss.email }), 403, 'forbidden_role', undefined);
  refused(await helper('PUT', path, draft, { ifMatch: changed.etag }), 403, 'forbidden_role', undefined);
  refused(await helper('POST', '/admin/v1/assertion_issuers', { issuer: `${issuer}/y`, ...draft }), 403, 'forbidden_role', undefined);
  assert.equal((await admin('DELETE', `${path}/subjects?subject=42`)).status, 204);
  await operator(s, 'issuers', 'unmap', issuer, '--subject', 'a/b c');
  assert.deepEqual(await all(`${path}/subjects`), []);
  assert.equal((await admin('DELETE', path)).status, 204);
  refused(await admin('GET', path), 404, 'not_found', undefined);
  assert.ok(!(await all('/admin/v1/assertion_issuers')).some((one) => one.issuer === issuer));
  assert.deepEqual(await actionsOf(issuer), ['issuer.removed', 'issuer.unmapped', 'issuer.unmapped', 'issuer.trusted', 'issuer.trusted']);
});

test('types of authorization_details: named, judged, replaced, forgotten', async () => {
  const audience = `https://${unique()}.example`;
  await operator(s, 'resources', 'add', audience, '--scopes', unique());
  const name = unique();
  const draft = { audience, sentence: 'Read {file}', rules: { type: 'object', properties: { file: { type: 'string' } } } };
  const path = `/admin/v1/detail_types/${name}`;
  const made = await admin('POST', '/admin/v1/detail_types', { name, ...draft });
  assert.deepEqual([made.status, made.body.rules], [201, draft.rules], JSON.stringify(made.body));
  refused(await admin('POST', '/admin/v1/detail_types', { name, ...draft }), 409, 'already_exists', undefined);
  refused(await admin('POST', '/admin/v1/detail_types', { name: unique(), audience }), 400, 'invalid_request', 'rules');
  refused(await admin('POST', '/admin/v1/detail_types', { ...draft, name: 'no spaces' }), 400, 'invalid_request', 'name');
  refused(await admin('POST', '/admin/v1/detail_types', { ...draft, name: unique(), audience: 'https://nowhere.example' }), 400, 'invalid_request', 'audience');
  refused(await admin('POST', '/admin/v1/detail_types', { ...draft, name: unique(), sentence: 'Read {other}' }), 400, 'invalid_request', 'sentence');
  refused(await admin('POST', '/admin/v1/detail_types', { ...draft, name: unique(), rules: { type: 'object', properties: { file: { type: 'string', pattern: 'x' } } } }), 400, 'invalid_request', 'rules.pattern');
  const changed = await admin('PUT', path, { ...draft, sentence: 'Look into {file}' }, { ifMatch: made.etag });
  assert.deepEqual([changed.status, changed.body.sentence], [200, 'Look into {file}'], JSON.stringify(changed.body));
  refused(await admin('PUT', path, draft, { ifMatch: made.etag }), 412, 'version_differs', undefined);
  assert.ok((await all('/admin/v1/detail_types')).some((one) => one.name === name));
  const uri = await admin('POST', '/admin/v1/detail_types', { ...draft, name: `https://${name}.example/read` });
  assert.equal((await admin('GET', `/admin/v1/detail_types/${uri.body.id}`)).body.name, uri.body.name, 'a name with a slash has an id besides');
  assert.equal((await admin('DELETE', path)).status, 204);
  refused(await admin('GET', path), 404, 'not_found', undefined);
  assert.deepEqual(await actionsOf(name), ['detail_type.removed', 'detail_type.put', 'detail_type.put']);
  await operator(s, 'details', 'remove', uri.body.name);
  assert.equal((await s.operator('authsrv', 'details', 'remove', uri.body.name)).code, 1);
});
