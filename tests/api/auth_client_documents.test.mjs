/* Clients whose id is the URL of their own metadata document: fetched, kept, refreshed, distrusted. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, beforeEach, test } from 'node:test';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { INSECURE, addUser, redeem, request, sound, walk } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';

let s, user, server, base, answer, asked;
const REDIRECT = 'http://127.0.0.1/cb';
const WANTED = { AUTHSRV_CLIENT_DOCUMENTS: 'true', AUTHSRV_ACCESS_TOKEN_TTL: '300s', AUTHSRV_FETCH_ALLOW_NETWORKS: '127.0.0.0/8' };

before(async () => {
  s = await startStack({ profile: 'login', env: WANTED });
  user = await addUser(s);
  server = createServer((rq, rs) => {
    asked.push(rq.url);
    answer(rq, rs);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${server.address().port}`;
});

beforeEach(() => {
  asked = [];
});

after(async () => {
  server?.close();
  await sound(s);
  await s.stop();
});

const document = (id, more = {}) => JSON.stringify({ client_id: id, client_name: 'Known by a URL', redirect_uris: [REDIRECT], ...more });
const serve = (id, more) => (answer = (_, rs) => rs.setHeader('content-type', 'application/json').end(document(id, more)));
let serial = 0;
const fresh = () => `${base}/client-${serial++}.json`;
const visit = (id) => fetch(new URL(`/authorize?${new URLSearchParams({
  client_id: id, redirect_uri: REDIRECT, response_type: 'code', scope: 'openid', prompt: 'none', code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256',
})}`, s.env.issuer), { redirect: 'manual' });

test('a person logs in to a client nobody registered; the document is fetched once', async () => {
  const id = fresh();
  serve(id);
  const config = await oidc.discovery(new URL(s.env.issuer), id, {}, oidc.None(), INSECURE);
  assert.equal(config.serverMetadata().client_id_metadata_document_supported, true);
  const rp = { id, config };
  const asking = await request(rp, { redirect: REDIRECT, scope: 'openid email pay.payments' });
  const page = await walk(createAgent(), asking.url, user, { redirect: REDIRECT });
  const tokens = await redeem(rp, { ...asking, callback: page.url });
  assert.equal(tokens.scope, 'openid email', 'identity scopes only');
  assert.equal(asked.length, 1);
  const [row] = await s.psql(`select verified, first_party, secret_hash is null as open from auth.client where id = '${id}'`);
  assert.deepEqual(row, { verified: false, first_party: false, open: true });
});

test('nothing is believed of a document that is not this client\'s', async () => {
  const cases = {
    'another client_id': (id) => serve(`${id}x`), 'a secret': (id) => serve(id, { client_secret: 'x' }), 'a foreign redirect': (id) => serve(id, { redirect_uris: ['https://evil.example/cb'] }),
    'a long life of its tokens': (id) => serve(id, { access_token_ttl: 86400 }), 'a long life of its grants': (id) => serve(id, { refresh_token_ttl: 31536000 }),
    'no JSON': () => (answer = (_, rs) => rs.end('<html>')), 'an error': () => (answer = (_, rs) => rs.writeHead(500).end()), 'a redirect': (id) => (answer = (rq, rs) => (rq.url.endsWith('real') ? rs.end(document(id)) : rs.writeHead(302, { location: '/real' }).end())),
    'a megabyte': (id) => (answer = (_, rs) => rs.end(document(id, { client_name: 'x', padding: 'x'.repeat(1 << 20) }))),
  };
  for (const [why, prepare] of Object.entries(cases)) {
    const id = fresh();
    prepare(id);
    const refused = await visit(id);
    assert.equal(refused.status, 400, why);
    assert.equal(refused.headers.get('location'), null, why);
    assert.equal((await visit(id)).status, 400, why);
    assert.equal(asked.filter((url) => id.endsWith(url)).length, 1, `${why}: one try a minute`);
  }
});

test('a document that was kept with lives of its own by older rules has those of everybody', async () => {
  const id = fresh();
  serve(id);
  assert.equal((await visit(id)).status, 302);
  await s.psql(`set search_path = auth; update client set metadata = metadata || '{"access_token_ttl": 86400, "refresh_token_ttl": 31536000}' where id = '${id}'`);
  await s.restart('authsrv', { env: WANTED });
  const rp = { id, config: await oidc.discovery(new URL(s.env.issuer), id, {}, oidc.None(), INSECURE) };
  const asking = await request(rp, { redirect: REDIRECT, scope: 'openid email' });
  const page = await walk(createAgent(), asking.url, user, { redirect: REDIRECT });
  assert.equal((await redeem(rp, { ...asking, callback: page.url })).expires_in, 300);
});

test('a changed document counts after ten minutes, a missing one for a day; consent starts anew', async () => {
  const id = fresh();
  serve(id);
  assert.equal((await visit(id)).status, 302);
  const age = (interval) => s.psql(`set search_path = auth; update client set document_at = now() - interval '${interval}' where id = '${id}'`);
  const version = async () => (await s.psql(`select version from auth.client where id = '${id}'`))[0].version;
  const first = await version();
  serve(id, { client_name: 'Renamed' });
  assert.equal((await visit(id)).status, 302);
  assert.equal(await version(), first, 'ten minutes are not over');
  await age('11 minutes');
  await s.restart('authsrv', { env: WANTED });
  assert.equal((await visit(id)).status, 302);
  assert.equal(await version(), first + 1);
  answer = (_, rs) => rs.writeHead(404).end();
  await age('1 hour');
  await s.restart('authsrv', { env: WANTED });
  assert.equal((await visit(id)).status, 302, 'what was known is still good');
  await age('25 hours');
  await s.restart('authsrv', { env: WANTED });
  assert.equal((await visit(id)).status, 400, 'not for longer than a day');
});

test('the operator can end such a client, and it stays ended', async () => {
  const id = fresh();
  serve(id);
  assert.equal((await visit(id)).status, 302);
  assert.equal((await s.operator('authsrv', 'clients', 'disable', id)).code, 0);
  await s.restart('authsrv', { env: WANTED });
  assert.equal((await visit(id)).status, 400);
});

test('all together make us look for no more than some new ones', async () => {
  const known = fresh();
  serve(known);
  assert.equal((await visit(known)).status, 302);
  answer = (_, rs) => rs.writeHead(404).end();
  const statuses = [];
  for (let i = 0; i < 130; i += 10) statuses.push(...await Promise.all(Array.from({ length: 10 }, async () => (await visit(fresh())).status)));
  assert.ok(statuses.includes(429), `${statuses}`);
  const n = asked.length;
  assert.ok(n <= 1 + statuses.filter((status) => status !== 429).length, 'nobody was asked for the others');
  assert.equal((await visit(known)).status, 302, 'what is known is good');
  await s.restart('authsrv', { env: { ...WANTED, AUTHSRV_RATE_LIMITS: 'false' } });
});

test('off by default, also for what was fetched before', async () => {
  const id = fresh(), known = fresh();
  serve(known);
  assert.equal((await visit(known)).status, 302);
  asked = [];
  serve(id);
  await s.restart('authsrv', { env: { AUTHSRV_CLIENT_DOCUMENTS: 'false' } });
  assert.equal((await visit(id)).status, 400);
  assert.equal((await visit(known)).status, 400);
  assert.equal(asked.length, 0);
});
