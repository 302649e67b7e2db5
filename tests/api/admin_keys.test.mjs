/* The life of our keys, by the operator's verbs (OIDC A15, A16, G4; IDENTITY "Key lifecycle"). */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { eventually } from '../support/eventually.mjs';
import { addClient, addUser, operator, sound, tokensFor } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';

let s, rp;

before(async () => {
  s = await startStack({ profile: 'login' });
  rp = await addClient(s);
});

after(async () => {
  await sound(s);
  await s.stop();
});

const jwks = async () => (await (await fetch(new URL('/jwks.json', s.env.issuer))).json()).keys;
const kids = async () => (await jwks()).map((key) => key.kid);
const kidOf = (token) => JSON.parse(Buffer.from(token.split('.')[0], 'base64url')).kid;

const change = (sql) => s.psql(`set search_path to auth; ${sql}`);

test('every algorithm has a key in use and one that is published before', async () => {
  const rows = await s.psql("select alg, count(*) filter (where state = 'active')::int as active, count(*) filter (where state = 'next')::int as next from auth.sign_key group by alg order by alg");
  assert.deepEqual(rows, ['ECDH-ES', 'ES256', 'EdDSA', 'PS256', 'RS256', 'RSA-OAEP'].map((alg) => ({ alg, active: 1, next: 1 })));
  const published = await jwks();
  assert.deepEqual(published.map((key) => key.use).sort(), [...Array(4).fill('enc'), ...Array(8).fill('sig')]);
  for (const key of published) assert.deepEqual([typeof key.kid, key.d], ['string', undefined]);
});

test('nothing signs before the document that names it has left every cache', async () => {
  const answer = await fetch(new URL('/jwks.json', s.env.issuer));
  const age = Number(/max-age=(\d+)/.exec(answer.headers.get('cache-control'))[1]);
  const refused = await s.operator('authsrv', 'keys', 'rotate', '--alg', 'ES256');
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /published too recently/);
  const published = (ago) => change(`update sign_key set published_at = now() - ${ago} where alg = 'ES256'`); /* they are as old as the cluster that this one is a copy of */
  await published(`(interval '1 day' - interval '${age} seconds')`);
  assert.equal((await s.operator('authsrv', 'keys', 'rotate', '--alg', 'ES256')).code, 1);
  await published("interval '1 day'");
  const before = await kids();
  await operator(s, 'keys', 'rotate', '--alg', 'ES256');
  await eventually(async () => (await kids()).length === before.length + 1, { what: 'a new next key is published' });
  const now = await kids();
  assert.ok(before.every((kid) => now.includes(kid)), 'the retired key stays published');
  assert.ok(before.includes(kidOf((await oidc.clientCredentialsGrant(rp.config)).access_token)), 'the new signer had been published');
});

test('age alone rotates, and what nobody needs any more is gone but for its name', async () => {
  await change("update sign_key set published_at = published_at - interval '91 days', activated_at = activated_at - interval '91 days' where alg = 'PS256'");
  await change("update sign_key set published_at = published_at - interval '91 days', activated_at = activated_at - interval '91 days', retiring_at = retiring_at - interval '3 days' where state = 'retiring'");
  await s.restart('authsrv');
  await eventually(async () => (await s.psql("select 1 from auth.sign_key where alg = 'PS256' and state = 'retiring'")).length === 1, { what: 'PS256 was rotated by the job' });
  await eventually(async () => (await s.psql("select 1 from auth.sign_key where state = 'gone'")).length === 1, { what: 'the old ES256 key is gone' });
  const [gone] = await s.psql("select kid, pem_sealed from auth.sign_key where state = 'gone'");
  assert.equal(gone.pem_sealed, null);
  await eventually(async () => !(await kids()).includes(gone.kid), { what: 'it left the key set' });
  assert.match(await operator(s, 'keys', 'list'), new RegExp(`${gone.kid}\tES256\tgone`));
});

test('a revoked key is gone at once, and what it signed counts no more', async () => {
  const { tokens } = await tokensFor(rp, await addUser(s));
  const machine = await oidc.clientCredentialsGrant(rp.config);
  const kid = kidOf(tokens.access_token);
  assert.equal((await oidc.tokenIntrospection(rp.config, tokens.access_token)).active, true);
  assert.match(await operator(s, 'keys', 'revoke', '--', kid), /revoked/);
  await eventually(async () => !(await kids()).includes(kid), { what: 'it left the key set' });
  for (const token of [tokens.access_token, machine.access_token]) assert.deepEqual(await oidc.tokenIntrospection(rp.config, token), { active: false });
  const me = await fetch(new URL('/userinfo', s.env.issuer), { headers: { authorization: `Bearer ${tokens.access_token}` } });
  assert.equal(me.status, 401);
  const renewed = await oidc.refreshTokenGrant(rp.config, tokens.refresh_token);
  assert.notEqual(kidOf(renewed.access_token), kid);
  assert.equal((await oidc.tokenIntrospection(rp.config, renewed.access_token)).active, true);
  assert.equal((await s.operator('authsrv', 'keys', 'revoke', '--', kid)).code, 1, 'only once');
  assert.equal((await s.operator('authsrv', 'keys', 'revoke', 'nobody')).code, 1);
  const [{ n }] = await s.psql(`select count(*)::int as n from auth.audit where action = 'key.revoked' and object = '${kid}'`);
  assert.equal(n, 1);
});

test('lives that would leave tokens without a verifier are refused by the configuration', () => {
  const check = (env) => spawnSync(s.program('authsrv'), ['check-config', '--config', s.config('authsrv')], { env: { ...process.env, ...env }, encoding: 'utf8' });
  assert.equal(check({}).status, 0);
  const bad = check({ AUTHSRV_ACCESS_TOKEN_TTL: '1d', AUTHSRV_KEY_RETIRING_LIFE: '1d' });
  assert.equal(bad.status, 2);
  assert.match(bad.stderr, /key_retiring_life/);
});
