/* The admin API: every object read and written, by whom it may be, and with its audit entry (IDENTITY N 116, 122, 123). */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { adminOf } from '../support/admin.mjs';
import { createAgent } from '../support/agent.mjs';
import { outcomeOf } from '../support/outcome.mjs';
import { addClient, addUser, authorize, inFile, operator, redeem, request, sound, tokensFor, walk } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';

let s, admin, rp;

before(async () => {
  s = await startStack({ profile: 'login' });
  [admin, rp] = await Promise.all([adminOf(s), addClient(s)]);
});

after(async () => {
  await sound(s);
  await s.stop();
});

const unique = (prefix) => `${prefix}-${randomBytes(5).toString('hex')}`;
const newUser = async (more = {}) => {
  const email = `${unique('a')}@stoa.example`;
  const password = randomBytes(9).toString('base64url');
  const made = await admin('POST', '/admin/v1/users', { email, name: 'Ada Admin', password, ...more });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return { ...made.body, email, password, etag: made.etag };
};
const isProblem = (answer, status, code, param) => {
  assert.equal(answer.status, status, JSON.stringify(answer.body));
  assert.match(answer.headers.get('content-type'), /^application\/problem\+json/);
  assert.equal(answer.body.code, code);
  if (param) assert.equal(answer.body.param, param);
};
const entries = async (query) => (await admin('GET', `/admin/v1/audit?${new URLSearchParams({ limit: 100, ...query })}`)).body.data;

test('a user is created, read, found, changed and logs in', async () => {
  const user = await newUser();
  const read = await admin('GET', `/admin/v1/users/${user.id}`);
  assert.equal(read.status, 200);
  assert.deepEqual([read.body.email, read.body.role, read.body.status, read.body.password], [user.email, 'user', 'enabled', undefined]);
  const found = await admin('GET', `/admin/v1/users?query=${encodeURIComponent(user.email.toUpperCase())}`);
  assert.deepEqual(found.body.data.map((one) => one.id), [user.id]);
  const changed = await admin('PATCH', `/admin/v1/users/${user.id}`, { name: 'Ada Lovelace' }, { ifMatch: read.etag });
  assert.equal(changed.status, 200, JSON.stringify(changed.body));
  assert.equal(changed.body.name, 'Ada Lovelace');
  assert.notEqual(changed.etag, read.etag);
  const { tokens } = await tokensFor(rp, { email: user.email, password: user.password });
  assert.equal(tokens.claims().sub, user.id);
  assert.deepEqual((await entries({ object: user.id })).map((one) => [one.actor, one.action]).filter(([, action]) => action.startsWith('account.')), [[admin.rp.id, 'account.changed'], [admin.rp.id, 'account.created']]);
});

test('mistakes name the field', async () => {
  isProblem(await admin('POST', '/admin/v1/users', { email: 'no address', name: 'X', password: 'long enough' }), 400, 'invalid_request', 'email');
  isProblem(await admin('POST', '/admin/v1/users', { email: 'a@b.example', name: 'X', password: 'short' }), 400, 'invalid_request', 'password');
  isProblem(await admin('POST', '/admin/v1/users', { email: 'a@b.example', name: 'X', password: 'long enough', colour: 'red' }), 400, 'invalid_request', 'colour');
  isProblem(await admin('GET', '/admin/v1/users?cursor=abc'), 400, 'invalid_request', 'cursor');
  isProblem(await admin('GET', '/admin/v1/users?status=perhaps'), 400, 'invalid_request', 'status');
  isProblem(await admin('GET', '/admin/v1/users/nobody'), 404, 'not_found');
  const twin = await newUser();
  isProblem(await admin('POST', '/admin/v1/users', { email: twin.email, name: 'X', password: 'long enough' }), 409, 'already_exists');
});

test('a change that is refused changes nothing, also of what stands beside it', async () => {
  const user = await newUser();
  const patch = (change) => admin('PATCH', `/admin/v1/users/${user.id}`, { name: 'Other Name', ...change }, { ifMatch: user.etag });
  isProblem(await patch({ password_expired: 'yes' }), 400, 'invalid_request', 'password_expired');
  isProblem(await patch({ status: 'gone' }), 400, 'invalid_request', 'status');
  isProblem(await patch({ email: 'none' }), 400, 'invalid_request', 'email');
  const read = await admin('GET', `/admin/v1/users/${user.id}`);
  assert.deepEqual([read.body.name, read.etag], ['Ada Admin', user.etag]);
  await s.psql(`update auth.users set password_hash = null where id = '${user.id}'`);
  const { etag } = await admin('GET', `/admin/v1/users/${user.id}`);
  isProblem(await admin('PATCH', `/admin/v1/users/${user.id}`, { name: 'Other Name', password_expired: true }, { ifMatch: etag }), 409, 'conflict', 'password_expired');
  assert.equal((await admin('GET', `/admin/v1/users/${user.id}`)).body.name, 'Ada Admin');
});

test('a lost update is refused', async () => {
  const user = await newUser();
  isProblem(await admin('PATCH', `/admin/v1/users/${user.id}`, { name: 'One' }), 428, 'version_needed');
  const answers = await Promise.all(['One', 'Two', 'Three', 'Four'].map((name) => outcomeOf(() => admin('PATCH', `/admin/v1/users/${user.id}`, { name }, { ifMatch: user.etag }))));
  assert.deepEqual(answers.map((one) => one.status).sort(), [200, 412, 412, 412]);
  isProblem(await admin('PATCH', `/admin/v1/users/${user.id}`, { name: 'Five' }, { ifMatch: '"x"' }), 412, 'version_differs');
});

test('pages follow each other without loss', async () => {
  const made = [];
  for (let i = 0; i < 5; i += 1) made.push((await newUser()).id);
  const seen = [];
  for (let path = '/admin/v1/users?limit=2'; path;) {
    const { body } = await admin('GET', path);
    seen.push(...body.data.map((one) => one.id));
    path = body.has_more ? `/admin/v1/users?limit=2&cursor=${body.next_cursor}` : null;
  }
  assert.equal(new Set(seen).size, seen.length);
  assert.ok(made.every((id) => seen.includes(id)));
  const { body } = await admin('GET', '/admin/v1/users?limit=1');
  isProblem(await admin('GET', `/admin/v1/partners?cursor=${body.next_cursor}`), 400, 'invalid_request', 'cursor');
  const cursor = Buffer.from(body.next_cursor, 'base64url');
  const flipped = [...cursor.keys()].map((i) => Buffer.from(cursor.map((byte, at) => (at === i ? byte ^ 1 : byte))).toString('base64url'));
  for (const forged of [...flipped, body.next_cursor.slice(1), body.next_cursor.slice(0, -1), `${body.next_cursor}A`, Buffer.from(made[0]).toString('base64url')])
    isProblem(await admin('GET', `/admin/v1/users?cursor=${forged}`), 400, 'invalid_request', 'cursor');
});

test('approvals, consents, resources and scopes come in pages like all others', async () => {
  const pages = async (path, limit = 2) => {
    const seen = [];
    for (let next = `${path}?limit=${limit}`; next;) {
      const { status, body } = await admin('GET', next);
      assert.equal(status, 200, JSON.stringify(body));
      assert.ok(body.data.length <= limit);
      seen.push(...body.data);
      next = body.has_more ? `${path}?limit=${limit}&cursor=${body.next_cursor}` : null;
    }
    return seen;
  };
  const names = Array.from({ length: 5 }, () => unique('r'));
  for (const name of names) await admin('POST', '/admin/v1/resources', { audience: `https://${name}.example`, scopes: `${name}.read ${name}.write` });
  const resources = (await pages('/admin/v1/resources')).map((one) => one.audience);
  assert.ok(names.every((name) => resources.includes(`https://${name}.example`)));
  assert.equal(new Set(resources).size, resources.length);
  const scopes = (await pages('/admin/v1/scopes', 3)).map((one) => one.scope);
  assert.ok(names.every((name) => scopes.includes(`${name}.read`) && scopes.includes(`${name}.write`)));
  assert.equal(new Set(scopes).size, scopes.length);

  const user = await newUser();
  const uris = ['https://a.example/cb', 'https://b.example/cb', 'https://c.example/cb'];
  for (const uri of uris) await tokensFor(await addClient(s, { redirect: [uri] }), { email: user.email, password: user.password }, { redirect: uri, scope: 'openid email' });
  const twice = await addClient(s, { redirect: uris });
  for (const uri of uris) await tokensFor(twice, { email: user.email, password: user.password }, { redirect: uri, scope: 'openid' });
  for (const limit of [1, 2, 100]) {
    const consents = await pages(`/admin/v1/users/${user.id}/consents`, limit);
    assert.equal(consents.length, 6);
    assert.equal(new Set(consents.map((one) => `${one.client} ${one.redirect_uri}`)).size, 6);
  }

  const ciba = await addClient(s, { grants: 'urn:openid:params:grant-type:ciba', redirect: [], metadata: { backchannel_token_delivery_mode: 'poll' } });
  for (let i = 0; i < 5; i += 1) await oidc.initiateBackchannelAuthentication(ciba.config, { scope: 'openid', login_hint: user.email });
  const approvals = await pages('/admin/v1/approvals');
  assert.equal(approvals.filter((one) => one.user === user.id).length, 5);
  assert.equal(new Set(approvals.map((one) => one.id)).size, approvals.length);
  for (const path of ['/admin/v1/approvals', `/admin/v1/users/${user.id}/consents`, '/admin/v1/resources', '/admin/v1/scopes']) isProblem(await admin('GET', `${path}?cursor=AAAA`), 400, 'invalid_request', 'cursor');
});

test('a password that the operator expired leads to a mailed code and to nothing else, until there is a new one', async () => {
  const user = await newUser();
  const before_ = await tokensFor(rp, user);
  const expired = await admin('PATCH', `/admin/v1/users/${user.id}`, { name: 'Ada Again', password_expired: true }, { ifMatch: (await admin('GET', `/admin/v1/users/${user.id}`)).etag });
  assert.deepEqual([expired.status, expired.body.password_expired, expired.body.name], [200, true, 'Ada Again'], JSON.stringify(expired.body));
  assert.ok((await oidc.refreshTokenGrant(rp.config, before_.tokens.refresh_token)).access_token, 'what was granted goes on');
  const agent = createAgent();
  const { url } = await request(rp);
  const login = () => agent.open(url).then((page) => agent.submit(page, { email: user.email, password: user.password }, { button: 'Sign in' }));
  const renewal = await login();
  assert.deepEqual([renewal.url.pathname, renewal.url.searchParams.has('flow')], ['/recover', true]);
  assert.match(renewal.text, /a new one is wanted/);
  assert.equal((await agent.submit(await agent.open(url), { email: user.email, password: 'not the password' }, { button: 'Sign in' })).status, 401);
  const typing = await agent.submit(renewal, { email: user.email }, { button: 'Mail me a code' });
  const code = /^ {4}(\d{8})$/m.exec((await s.mail(user.email, /new password/)).text)[1];
  const fresh = `${user.password}-new`;
  const done = await agent.submit(typing, { code, password: fresh }, { button: 'Set the password' });
  assert.match(done.text, /Your password is changed/);
  assert.equal((await admin('GET', `/admin/v1/users/${user.id}`)).body.password_expired, false);
  assert.ok((await tokensFor(rp, { email: user.email, password: fresh })).tokens.access_token);
  assert.match(await operator(s, 'users', 'expire-password', user.email), /needs a new password/);
  const again = createAgent();
  assert.equal((await again.submit(await again.open(url), { email: user.email, password: fresh }, { button: 'Sign in' })).url.pathname, '/recover');
  assert.match(await operator(s, 'users', 'expire-password', user.email, '--withdraw'), /keeps its password/);
  assert.ok((await tokensFor(rp, { email: user.email, password: fresh })).tokens.access_token);
  assert.deepEqual((await entries({ object: user.id })).map((one) => one.action).filter((action) => action.includes('password_')), ['account.password_accepted', 'account.password_expired', 'account.password_expired']);
  const etag = (await admin('GET', `/admin/v1/users/${user.id}`)).etag;
  isProblem(await admin('PATCH', `/admin/v1/users/${user.id}`, { password_expired: 'yes' }, { ifMatch: etag }), 400, 'invalid_request', 'password_expired');
  await s.psql(`update auth.users set login = null, password_hash = null where id = '${user.id}'`);
  isProblem(await admin('PATCH', `/admin/v1/users/${user.id}`, { password_expired: true }, { ifMatch: (await admin('GET', `/admin/v1/users/${user.id}`)).etag }), 409, 'conflict', 'password_expired');
});

test('disabling ends what the account holds; enabling lets it in again', async () => {
  const user = await newUser();
  const { tokens } = await tokensFor(rp, user);
  const off = await admin('PATCH', `/admin/v1/users/${user.id}`, { status: 'disabled' }, { ifMatch: (await admin('GET', `/admin/v1/users/${user.id}`)).etag });
  assert.equal(off.body.status, 'disabled');
  assert.deepEqual(await oidc.tokenIntrospection(rp.config, tokens.access_token), { active: false });
  const page = await walk(createAgent(), (await request(rp)).url, user);
  assert.equal(page.status, 401);
  const on = await admin('PATCH', `/admin/v1/users/${user.id}`, { status: 'enabled' }, { ifMatch: off.etag });
  assert.equal(on.body.status, 'enabled');
  await tokensFor(rp, user);
});

test('sessions are listed and ended, one or all', async () => {
  const user = await newUser();
  const first = await tokensFor(rp, user, { scope: 'openid' });
  const second = await tokensFor(rp, user, { scope: 'openid' });
  const { body } = await admin('GET', `/admin/v1/users/${user.id}/sessions`);
  assert.equal(body.data.length, 2);
  const sid = first.tokens.claims().sid;
  assert.ok(body.data.some((one) => one.id === sid));
  assert.equal((await admin('DELETE', `/admin/v1/sessions/${sid}`)).status, 204);
  isProblem(await admin('DELETE', `/admin/v1/sessions/${sid}`), 404, 'not_found');
  assert.deepEqual(await oidc.tokenIntrospection(rp.config, first.tokens.access_token), { active: false });
  assert.equal((await oidc.tokenIntrospection(rp.config, second.tokens.access_token)).active, true);
  assert.deepEqual((await admin('DELETE', `/admin/v1/users/${user.id}/sessions`)).body, { ended: 1 });
  assert.deepEqual(await oidc.tokenIntrospection(rp.config, second.tokens.access_token), { active: false });
  assert.match(await operator(s, 'sessions', 'list', user.email), /^$/);
});

test('grants and consents are listed and end', async () => {
  const user = await newUser();
  const one = await tokensFor(rp, user);
  const { body } = await admin('GET', `/admin/v1/users/${user.id}/grants`);
  assert.equal(body.data.length, 1);
  assert.equal(body.data[0].client, rp.id);
  assert.equal((await admin('DELETE', `/admin/v1/grants/${body.data[0].id}`)).status, 204);
  assert.deepEqual(await oidc.tokenIntrospection(rp.config, one.tokens.access_token), { active: false });
  await assert.rejects(oidc.refreshTokenGrant(rp.config, one.tokens.refresh_token), (error) => error.error === 'invalid_grant');
  const consents = await admin('GET', `/admin/v1/users/${user.id}/consents`);
  assert.deepEqual(consents.body.data.map((c) => c.client), [rp.id]);
  const agent = createAgent();
  const again = await redeem(rp, await authorize(rp, user, { agent }));
  assert.equal((await admin('DELETE', `/admin/v1/users/${user.id}/consents/${rp.id}`)).status, 204);
  assert.deepEqual(await oidc.tokenIntrospection(rp.config, again.access_token), { active: false });
  const asked = await agent.open((await request(rp)).url, { until: (url) => url.hostname === 'rp.example' });
  assert.equal(asked.url.pathname, '/consent', 'the person is asked again');
  isProblem(await admin('DELETE', `/admin/v1/users/${user.id}/consents/${rp.id}`), 404, 'not_found');
});

test('a client whose id is a URL is named by what its list shows: for consents, exchange rules and logouts', async () => {
  const user = await newUser();
  const id = `https://${unique('doc')}.example/client.json`;
  await s.psql(`set search_path = auth; insert into client (id, metadata, first_party, verified, created_at, updated_at, document_at)
    select '${id}', metadata || '{"token_endpoint_auth_method": "none"}', false, false, now(), now(), now() from auth.client where id = '${rp.id}'`);
  await s.psql(`insert into auth.consent (user_id, client_id, redirect_uri, client_version, scope, granted_at) values ('${user.id}', '${id}', 'https://rp.example/cb', 1, 'openid', now())`);
  await s.psql(`insert into auth.logout (client_id, user_id, sid, attempts, due_at, busy_until, created_at) values ('${id}', '${user.id}', '${unique('sid')}', 3, now() + interval '1 hour', now(), now())`);
  const { handle } = (await s.psql(`select handle from auth.client where id = '${id}'`))[0];
  const rule = await admin('POST', '/admin/v1/exchange_rules', { client: handle, tokens_of: rp.id, scopes: 'openid' });
  assert.deepEqual([rule.status, rule.body.client], [201, id], JSON.stringify(rule.body));
  isProblem(await admin('POST', '/admin/v1/exchange_rules', { client: 'client:0', tokens_of: rp.id, scopes: 'openid' }), 400, 'invalid_request', 'client');
  assert.equal((await admin('POST', '/admin/v1/logouts/retry', { client: handle })).body.retried, 1);
  assert.equal((await admin('DELETE', `/admin/v1/users/${user.id}/consents/${handle}`)).status, 204);
  assert.deepEqual((await admin('GET', `/admin/v1/users/${user.id}/consents`)).body.data, []);
  await s.psql(`set search_path = auth; delete from exchange_rule where client_id = '${id}'; delete from client where id = '${id}'`);
});

test('partners: created, read, changed, removed', async () => {
  const slug = unique('p');
  const fields = { slug, name: 'Partner', issuer: `https://${slug}.example`, client_id: 'stoa', client_secret: 'a secret of theirs' };
  const made = await admin('POST', '/admin/v1/partners', fields);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  assert.deepEqual([made.body.has_client_secret, made.body.client_secret], [true, undefined]);
  isProblem(await admin('POST', '/admin/v1/partners', fields), 409, 'already_exists');
  isProblem(await admin('POST', '/admin/v1/partners', { ...fields, slug: unique('q'), issuer: 'http://evil.example' }), 400, 'invalid_request', 'issuer');
  const changed = await admin('PATCH', `/admin/v1/partners/${slug}`, { email_domains: 'one.example two.example' }, { ifMatch: made.etag });
  assert.equal(changed.body.email_domains, 'one.example two.example');
  assert.equal(changed.body.has_client_secret, true, 'what is not said stays');
  isProblem(await admin('PATCH', `/admin/v1/partners/${slug}`, { name: 'Old' }, { ifMatch: made.etag }), 412, 'version_differs');
  assert.ok((await admin('GET', '/admin/v1/partners')).body.data.some((one) => one.slug === slug));
  assert.deepEqual(changed.body.settings, {});
  const settings = { create: 'invited', claims: { name: '/display' }, id_token_encryption: 'ECDH-ES' };
  const settled = await admin('PATCH', `/admin/v1/partners/${slug}`, { settings }, { ifMatch: changed.etag });
  assert.deepEqual([settled.status, settled.body.settings, settled.body.email_domains], [200, settings, changed.body.email_domains], JSON.stringify(settled.body));
  isProblem(await admin('PATCH', `/admin/v1/partners/${slug}`, { settings: {} }, { ifMatch: changed.etag }), 412, 'version_differs');
  isProblem(await admin('PATCH', `/admin/v1/partners/${slug}`, { settings: { create: 'nobody' } }, { ifMatch: settled.etag }), 400, 'invalid_request', 'settings.create');
  isProblem(await admin('PATCH', `/admin/v1/partners/${slug}`, { settings: { assertion_alg: 'ES256', assertion_jwks: { keys: [], x: 1e21 } } }, { ifMatch: settled.etag }), 400, 'invalid_request', 'settings');
  isProblem(await admin('PATCH', `/admin/v1/partners/${slug}`, { settings: 'none' }, { ifMatch: settled.etag }), 400, 'invalid_request', 'settings');
  const keyOf = async () => (await (await fetch(new URL(`/cb/${slug}/jwks.json`, s.env.issuer))).json()).keys.find((key) => key.use === 'enc');
  const key = await keyOf();
  await inFile(JSON.stringify({ ...settings, home: true }), (file) => operator(s, 'partners', 'change', slug, '--name', 'Renamed', '--settings-file', file));
  const renamed = (await admin('GET', `/admin/v1/partners/${slug}`)).body;
  assert.deepEqual([renamed.name, renamed.settings.home, renamed.issuer, renamed.has_client_secret], ['Renamed', true, fields.issuer, true]);
  assert.deepEqual(await keyOf(), key, 'the key that it encrypts to stays');
  assert.deepEqual(JSON.parse(await operator(s, 'partners', 'settings', slug)), renamed.settings);
  await assert.rejects(operator(s, 'partners', 'change', slug), /say what is to change/);
  await assert.rejects(operator(s, 'partners', 'change', unique('p'), '--name', 'x'), /partner/);
  const backend = { slug: unique('p'), name: 'Backend', issuer: `https://${unique('b')}.example`, settings: { kind: 'assertion', assertion_alg: 'ES256', assertion_jwks_uri: 'https://b.example/jwks' } };
  const signs = await admin('POST', '/admin/v1/partners', backend);
  assert.equal(signs.status, 201, JSON.stringify(signs.body));
  isProblem(await admin('PATCH', `/admin/v1/partners/${backend.slug}`, { settings: {} }, { ifMatch: signs.etag }), 400, 'invalid_request', 'client_id');
  isProblem(await admin('POST', '/admin/v1/partners', { ...backend, slug: unique('p'), settings: {} }), 400, 'invalid_request', 'client_id');
  assert.equal((await admin('DELETE', `/admin/v1/partners/${backend.slug}`)).status, 204);
  assert.equal((await admin('DELETE', `/admin/v1/partners/${slug}`)).status, 204);
  assert.equal((await admin('GET', `/admin/v1/partners/${slug}`)).body.status, 'removed');
});

test('resources and scopes: added, listed, taken away; our own stay', async () => {
  const audience = `https://${unique('api')}.example`;
  const scope = unique('read').replace('-', '.');
  assert.equal((await admin('POST', '/admin/v1/resources', { audience, scopes: scope })).status, 201);
  assert.equal((await admin('POST', '/admin/v1/resources', { audience, scopes: scope })).status, 200, 'the same again is no mistake');
  assert.ok((await admin('GET', '/admin/v1/resources?limit=100')).body.data.some((one) => one.audience === audience && one.scopes.includes(scope)));
  assert.ok((await admin('GET', '/admin/v1/scopes?limit=100')).body.data.some((one) => one.scope === scope));
  isProblem(await admin('POST', '/admin/v1/resources', { audience, scopes: 'openid' }), 400, 'invalid_request', 'scopes');
  assert.equal((await admin('DELETE', `/admin/v1/scopes/${scope}`)).status, 204);
  assert.equal((await admin('DELETE', `/admin/v1/resources?audience=${encodeURIComponent(audience)}`)).status, 204);
  isProblem(await admin('DELETE', `/admin/v1/resources?audience=${encodeURIComponent(`${s.env.issuer}/admin`)}`), 409, 'conflict', 'audience');
  isProblem(await admin('DELETE', '/admin/v1/scopes/auth.admin.keys'), 409, 'conflict');
});

test('keys: listed, rotated, revoked', async () => {
  const keys = await admin('GET', '/admin/v1/keys');
  assert.deepEqual(keys.body.data.filter((key) => key.state === 'active').map((key) => key.alg).sort(), ['ECDH-ES', 'ES256', 'EdDSA', 'PS256', 'RS256', 'RSA-OAEP']);
  isProblem(await admin('POST', '/admin/v1/keys/rotate', { alg: 'EdDSA' }), 409, 'conflict');
  isProblem(await admin('POST', '/admin/v1/keys/rotate', { alg: 'none' }), 400, 'invalid_request', 'alg');
  const rotated = await admin('POST', '/admin/v1/keys/rotate', { alg: 'EdDSA', emergency: true });
  assert.equal(rotated.status, 200, JSON.stringify(rotated.body));
  const old = rotated.body.data.find((key) => key.alg === 'EdDSA' && key.state === 'retiring');
  const revoked = await admin('POST', `/admin/v1/keys/${old.kid}/revoke`);
  assert.equal(revoked.body.data.find((key) => key.kid === old.kid).state, 'revoked');
  const published = (await (await fetch(new URL('/jwks.json', s.env.issuer))).json()).keys.map((key) => key.kid);
  assert.ok(!published.includes(old.kid), 'gone from the key set at once');
  isProblem(await admin('POST', `/admin/v1/keys/${old.kid}/revoke`), 404, 'not_found');
});

test('initial access tokens: made once, listed without the secret, revoked', async () => {
  const made = await admin('POST', '/admin/v1/initial_access_tokens', { uses: 2, hours: 1 });
  assert.equal(made.status, 201);
  const register = () => fetch(new URL('/register', s.env.issuer), { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${made.body.token}` }, body: JSON.stringify({ client_name: 'By token', redirect_uris: ['https://rp.example/cb'] }) });
  assert.equal((await register()).status, 201);
  const listed = (await admin('GET', '/admin/v1/initial_access_tokens')).body.data.find((one) => one.id === made.body.id);
  assert.deepEqual([listed.uses_left, listed.token], [1, undefined]);
  assert.equal((await admin('DELETE', `/admin/v1/initial_access_tokens/${made.body.id}`)).status, 204);
  assert.equal((await register()).status, 401);
  isProblem(await admin('DELETE', `/admin/v1/initial_access_tokens/${made.body.id}`), 404, 'not_found');
});

test('the audit log is filtered, paged and verified', async () => {
  const user = await newUser();
  assert.deepEqual((await entries({ object: user.id, action: 'account.created', since: '5m' })).length, 1);
  assert.deepEqual(await entries({ object: user.id, until: '2020-01-01T00:00:00Z' }), []);
  isProblem(await admin('GET', '/admin/v1/audit?since=yesterday'), 400, 'invalid_request', 'since');
  const first = (await admin('GET', '/admin/v1/audit?limit=3')).body;
  const second = (await admin('GET', `/admin/v1/audit?limit=3&cursor=${first.next_cursor}`)).body;
  assert.ok(second.data[0].id < first.data[2].id);
  const chain = await admin('GET', '/admin/v1/audit/chain');
  assert.equal(chain.body.is_whole, true);
  const said = await operator(s, 'audit', 'verify', '--anchor', `${chain.body.head_seq}:${chain.body.head_hash}`);
  assert.match(said, /links, whole; head \d+:[0-9a-f]{64}/);
  const wrong = await s.operator('authsrv', 'audit', 'verify', '--anchor', `${chain.body.head_seq}:${'0'.repeat(64)}`);
  assert.equal(wrong.code, 1);
  assert.match(await operator(s, 'audit', 'list', '--since', '10m', '--action', 'account.created'), new RegExp(user.id));
});

test('what is not chained yet is counted', async () => {
  /* Where the job never looks. */
  await s.psql(`insert into auth.audit (id, at, actor, action, object) overriding system value values (-20000, now(), 'test', 'test', 'test')`);
  const { body } = await admin('GET', '/admin/v1/audit/chain');
  assert.ok(body.is_whole && body.unchained > 0, JSON.stringify(body));
  assert.match(await operator(s, 'audit', 'verify'), /whole; head .*\n[1-9]\d* entries not chained yet/);
  await s.psql('set search_path to auth; alter table audit disable trigger user; delete from audit where id = -20000; alter table audit enable trigger user');
});

test('a link that was changed is found', async () => {
  await s.psql('set search_path to auth; alter table audit_chain disable trigger user; update audit_chain set hash = sha256(hash) where seq = 3; alter table audit_chain enable trigger user');
  const chain = await admin('GET', '/admin/v1/audit/chain');
  assert.deepEqual([chain.body.is_whole, chain.body.broken_at], [false, 3]);
  const said = await s.operator('authsrv', 'audit', 'verify');
  assert.deepEqual([said.code, said.stdout], [1, 'broken at 3\n']);
  await s.psql('set search_path to auth; alter table audit_chain disable trigger user; update audit_chain c set hash = audit_digest(c.prev, a) from audit a where a.id = c.audit_id and c.seq = 3; alter table audit_chain enable trigger user');
  assert.equal((await admin('GET', '/admin/v1/audit/chain')).body.is_whole, true);
});

test('statistics count what is there', async () => {
  const before = (await admin('GET', '/admin/v1/statistics')).body;
  await newUser();
  const now = (await admin('GET', '/admin/v1/statistics')).body;
  assert.equal(now.users, before.users + 1);
  assert.ok(now.audit_entries > before.audit_entries);
  assert.match(await operator(s, 'statistics'), /^users \d+$/m);
});

/* ---- who may ---- */

test('without a token, with another audience or a missing scope: refused, and told where to ask', async () => {
  const none = await admin('GET', '/admin/v1/users', undefined, { token: null });
  assert.equal(none.status, 401);
  const metadata = /resource_metadata="([^"]+)"/.exec(none.headers.get('www-authenticate'))[1];
  assert.equal(new URL(metadata).pathname, '/.well-known/oauth-protected-resource/admin');
  const about = await (await fetch(metadata)).json();
  assert.deepEqual([about.resource, about.authorization_servers], [`${s.env.issuer}/admin`, [s.env.issuer]]);
  const { tokens } = await tokensFor(rp, await addUser(s));
  assert.equal((await admin('GET', '/admin/v1/users', undefined, { token: tokens.access_token })).status, 401);
  const reader = await adminOf(s, 'auth.admin.read');
  assert.equal((await reader('GET', '/admin/v1/users')).status, 200);
  const refused = await reader('POST', '/admin/v1/users', { email: 'a@b.example', name: 'X', password: 'long enough' });
  assert.equal(refused.status, 403);
  assert.match(refused.headers.get('www-authenticate'), /insufficient_scope.*auth\.admin\.users/);
  const keeper = await adminOf(s, 'auth.admin.keys');
  assert.equal((await keeper('GET', '/admin/v1/keys')).status, 200);
  assert.equal((await keeper('GET', '/admin/v1/users')).status, 403);
});

test('nobody makes or changes an account that may do more than he may', async () => {
  const helper = await adminOf(s, 'auth.admin.users');
  isProblem(await helper('POST', '/admin/v1/users', { email: `${unique('h')}@stoa.example`, name: 'X', password: 'long enough', role: 'admin' }), 403, 'forbidden_role');
  const boss = await newUser({ role: 'admin' });
  isProblem(await helper('PATCH', `/admin/v1/users/${boss.id}`, { status: 'disabled' }, { ifMatch: boss.etag }), 403, 'forbidden_role');
  const user = await newUser();
  isProblem(await helper('PATCH', `/admin/v1/users/${user.id}`, { role: 'operator' }, { ifMatch: user.etag }), 403, 'forbidden_role');
});

test('people act as far as their role goes, at this moment', async () => {
  const console_ = await addClient(s, { scope: `openid ${'auth.admin.read auth.admin.users'}` });
  const tokenOf = async (user) => (await tokensFor(console_, user, { scope: 'openid auth.admin.read auth.admin.users' })).tokens;
  const boss = await newUser({ role: 'admin' });
  const looker = await newUser({ role: 'operator' });
  const nobody = await newUser();
  const bossToken = (await tokenOf(boss)).access_token;
  const created = await admin('POST', '/admin/v1/users', { email: `${unique('b')}@stoa.example`, name: 'By boss', password: 'long enough' }, { token: bossToken });
  assert.equal(created.status, 201, JSON.stringify(created.body));
  assert.equal((await entries({ object: created.body.id }))[0].actor, boss.id);
  const looks = await tokenOf(looker);
  assert.equal(looks.scope, 'openid auth.admin.read');
  assert.equal((await admin('GET', '/admin/v1/users', undefined, { token: looks.access_token })).status, 200);
  const none = await tokenOf(nobody);
  assert.equal(none.scope, 'openid');
  assert.ok([401, 403].includes((await admin('GET', '/admin/v1/users', undefined, { token: none.access_token })).status));
  await operator(s, 'users', 'role', boss.id, 'user');
  const [demoted] = await entries({ object: boss.id });
  assert.deepEqual([demoted.actor, demoted.action], [`cli:uid:${process.getuid()}`, 'account.role'], 'a command is of whoever ran it');
  const asBoss = async () => (await admin('GET', '/admin/v1/users', undefined, { token: bossToken })).status;
  assert.equal(await asBoss(), 401, 'demoted: what was granted beyond the new role is revoked at once, for servers that read the token only');
  await s.psql(`update auth.grants set revoked_at = null, revoked_why = null where user_id = '${boss.id}'`);
  assert.equal(await asBoss(), 403, 'and whatever a token says, the role is read again at each call');
});

test('who acts in another person’s name looks, and changes nothing', async () => {
  const scope = 'openid auth.admin.read auth.admin.users', EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange', type = 'urn:ietf:params:oauth:token-type:access_token';
  const console_ = await addClient(s, { scope }), desk = await addClient(s, { grants: `authorization_code,${EXCHANGE}`, scope });
  await operator(s, 'exchange', 'allow', desk.id, '--tokens-of', console_.id, '--scopes', scope);
  const [boss, other] = [await tokensFor(console_, await newUser({ role: 'admin' }), { scope }), await tokensFor(desk, await newUser({ role: 'operator' }), { scope })].map(({ tokens }) => tokens.access_token);
  const { access_token: acted } = await oidc.genericGrantRequest(desk.config, EXCHANGE, { subject_token: boss, subject_token_type: type, actor_token: other, actor_token_type: type });
  const make = (token) => admin('POST', '/admin/v1/users', { email: `${unique('a')}@stoa.example`, name: 'X', password: 'long enough' }, { token });
  assert.equal((await make(boss)).status, 201);
  assert.equal((await admin('GET', '/admin/v1/users', undefined, { token: acted })).status, 200);
  isProblem(await make(acted), 403, 'insufficient_scope', 'act');
});

test('who registers by himself gets no scope of administration', async () => {
  const answer = await fetch(new URL('/register', s.env.issuer), { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${s.env.initial_access_token}` }, body: JSON.stringify({ client_name: 'Sly', grant_types: ['client_credentials'], redirect_uris: [], scope: 'openid auth.admin.users' }) });
  const body = await answer.json();
  assert.ok(answer.status !== 201 || !/auth\.admin/.test(body.scope ?? ''), JSON.stringify(body));
});

test('one call runs several verbs until one fails, and none when one does not exist', async () => {
  const [first, second] = [`https://${unique('then')}.example`, `https://${unique('then')}.example`];
  const add = (audience) => ['resources', 'add', audience, '--scopes', unique('scope')];
  const known = async (audience) => (await operator(s, 'resources', 'list')).includes(audience);
  const run = async (...words) => (await s.operator('authsrv', ...words)).code;
  assert.equal(await run(...add(first), '--then', 'no', 'such'), 2);
  assert.ok(!await known(first));
  assert.notEqual(await run(...add(first), '--then', ...add(first), '--then', ...add(second)), 0);
  assert.deepEqual([await known(first), await known(second)], [true, false]);
  assert.equal(await run('resources', 'list', '--then', ...add(second)), 0);
  assert.ok(await known(second));
});

test('a shell runs commands line by line, and says how each ended', () => {
  const audience = `https://${unique('shell')}.example`;
  const lines = ['resources list', JSON.stringify(['resources', 'add', audience, '--scopes', unique('scope'), '--then', 'resources', 'list']), 'no such', 'serve', '["users", 1]', '["broken', 'resources list'];
  const { stdout, stderr, status } = spawnSync(s.program('authsrv'), ['shell', '--config', s.config('authsrv')], { input: `${lines.join('\n')}\n\n`, encoding: 'utf8' });
  const answers = stdout.split(/\x1e(\d+)\n/);
  assert.deepEqual(answers.filter((_, i) => i % 2), ['0', '0', '2', '2', '2', '2', '0']);
  assert.deepEqual([0, 2, 12].map((i) => answers[i].includes(audience)), [false, true, true]);
  assert.deepEqual(stderr.split('\x1e').slice(0, -1).map((text) => text !== ''), [false, false, true, true, true, true, false]);
  assert.equal(status, 0);
});

test('every verb does what the API does', async () => {
  const user = await newUser();
  assert.match(await operator(s, 'users', 'list', '--query', user.email), new RegExp(`^${user.id}\t`));
  const { tokens } = await tokensFor(rp, user);
  assert.match(await operator(s, 'sessions', 'list', user.email), new RegExp(tokens.claims().sid));
  await operator(s, 'sessions', 'end', tokens.claims().sid);
  const grant = (await operator(s, 'grants', 'list', user.email)).split('\t')[0];
  await operator(s, 'grants', 'revoke', grant);
  assert.match(await operator(s, 'grants', 'list', user.email), /operator/);
  assert.match(await operator(s, 'consents', 'list', user.email), new RegExp(rp.id));
  await operator(s, 'consents', 'withdraw', user.email, rp.id);
  await operator(s, 'users', 'disable', user.email);
  await operator(s, 'users', 'enable', user.email);
  assert.equal((await admin('GET', `/admin/v1/users/${user.id}`)).body.status, 'enabled');
  const audience = `https://${unique('cli')}.example`;
  const [one, two] = [unique('one'), unique('two')];
  await operator(s, 'resources', 'add', audience, '--scopes', one);
  await operator(s, 'scopes', 'add', two, audience);
  assert.match(await operator(s, 'resources', 'list'), new RegExp(`${audience}\t${one} ${two}`));
  await operator(s, 'scopes', 'remove', two);
  await operator(s, 'resources', 'remove', audience);
  assert.doesNotMatch(await operator(s, 'scopes', 'list'), new RegExp(one));
  await operator(s, 'tokens', 'initial');
  const token = (await operator(s, 'tokens', 'list')).split('\t')[0];
  await operator(s, 'tokens', 'revoke', token);
  assert.equal((await s.operator('authsrv', 'tokens', 'revoke', token)).code, 1);
});

test('the description of the API is whole: every path parameter is declared, every guard is named', async () => {
  const document = await (await fetch(new URL('/openapi.json', s.env.issuer))).json();
  assert.equal(document.openapi, '3.1.0');
  const paths = Object.entries(document.paths).filter(([path]) => path.startsWith('/admin/v1/'));
  assert.ok(paths.length >= 18);
  for (const [path, operations] of paths) {
    for (const [method, operation] of Object.entries(operations)) {
      const where = `${method} ${path}`;
      assert.match(operation['x-guard'], /^auth\.admin\./, where);
      const names = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      assert.deepEqual((operation.parameters ?? []).filter((p) => p.in === 'path').map((p) => p.name), names, where);
      assert.ok(operation.responses['4XX'].$ref.endsWith('/Problem'), where);
      /* Verbs on an object (revoke, rotate) have nothing to say in a body. */
      if (method === 'patch' || operation.requestBody) assert.equal(operation.requestBody.content['application/json'].schema.type, 'object', where);
    }
  }
});
