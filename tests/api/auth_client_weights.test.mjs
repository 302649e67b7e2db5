/* What strangers register takes memory of every node; a few hundred of the heaviest documents, or thousands of long ones, end none (SECURITY E 136). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { REDIRECT, addClient, addUser, sound, tokensFor } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';

let s, rp, user;

before(async () => {
  s = await startStack({ profile: 'login', env: { AUTHSRV_REGISTRATION: 'open' } });
  [rp, user] = await Promise.all([addClient(s), addUser(s)]);
});
after(async () => {
  await sound(s);
  await s.stop();
});

async function register(metadata) {
  const answer = await fetch(new URL('/register', s.env.issuer), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ redirect_uris: [REDIRECT], token_endpoint_auth_method: 'none', ...metadata }) });
  const body = await answer.json();
  assert.equal(answer.status, 201, JSON.stringify(body));
  return body.client_id;
}

/* As if as many others had registered the same. */
const copies = (id, n) => s.psql(`set search_path = auth; insert into client (id, metadata, first_party, verified, created_at, updated_at) select id || '_' || i, metadata, false, false, now(), now() from client, generate_series(1, ${n}) i where id = '${id}'`);

const shown = (path) => fetch(`http://127.0.0.1:${s.env.admin_ports.authsrv}${path}`);

/* The version that a node shows is the one of the database. */
async function isRead() {
  const [{ version }] = await s.psql('select version from auth.cache_version');
  await eventually(async () => new RegExp(`^stoa_snapshot_version ${version}$`, 'm').test(await (await shown('/metrics')).text()), { what: 'the clients are read' });
  assert.equal((await shown('/readyz')).status, 200);
}

test('documents that are many times as large once they are read', { timeout: 300000 }, async () => {
  const id = await register({ jwks: { keys: [], x: Array(30000).fill(0) } });
  await copies(id, 400);
  await isRead();
  await tokensFor(rp, user);
  const answer = await fetch(new URL(`/authorize?${new URLSearchParams({ client_id: id, redirect_uri: REDIRECT, response_type: 'code', scope: 'openid', code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' })}`, s.env.issuer), { redirect: 'manual' });
  assert.ok(answer.status < 400, `a client that is not kept in memory works, too: ${answer.status}`);
});

test('documents that are long', { timeout: 300000 }, async () => {
  const id = await register({ contacts: Array.from({ length: 20 }, (_, i) => `${i}`.padEnd(2000, 'x')) });
  await copies(id, 2000);
  await isRead();
  await tokensFor(rp, user);
});

/* What is kept in memory is seen by whose pages may call: that asks for no client. */
test('however many strangers there are, they take no place of a client that the operator knows', { timeout: 300000 }, async () => {
  const id = await register({});
  await s.psql(`set search_path = auth; set session_replication_role = replica;
    with made as (insert into client (id, metadata, first_party, verified, created_at, updated_at)
                  select id || '_' || i, metadata, false, false, now(), now() from client, generate_series(1, 10100) i where id = '${id}' returning id)
    insert into open_client (client_id, look_at) select id, now() from made`);
  await s.psql(`set search_path = auth; insert into client (id, metadata, first_party, verified, created_at, updated_at)
    select 'zz_own', metadata || '{"redirect_uris": ["https://own.example/cb"]}', false, false, now(), now() from client where id = '${id}'`);
  await isRead();
  const answer = await fetch(new URL('/token', s.env.issuer), { method: 'POST', headers: { origin: 'https://own.example', 'content-type': 'application/x-www-form-urlencoded' }, body: new URLSearchParams({ grant_type: 'authorization_code', client_id: 'zz_own', code: 'x', redirect_uri: 'https://own.example/cb', code_verifier: 'x'.repeat(43) }) });
  assert.equal(answer.headers.get('access-control-allow-origin'), 'https://own.example', await answer.text());
});
