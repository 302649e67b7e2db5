/* What needs a run of its own: another grace window, limits on guessing, changes that other tests would feel. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { addClient, addUser, authorize, operator, post, redeem, request, sound, tokensFor } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';

let s, rp, user;

before(async () => {
  s = await startStack({ profile: 'login', env: { AUTHSRV_REFRESH_GRACE: '300s' } });
  [rp, user] = await Promise.all([addClient(s), addUser(s)]);
});

after(async () => {
  await sound(s);
  await s.stop();
});

const isRefused = (error) => error.error === 'invalid_grant';

test('the previous refresh token after the grace window: the family dies', async () => {
  const { tokens } = await tokensFor(rp, user);
  const second = await oidc.refreshTokenGrant(rp.config, tokens.refresh_token);
  assert.equal((await oidc.refreshTokenGrant(rp.config, tokens.refresh_token)).refresh_token, second.refresh_token);
  await s.psql("update auth.refresh set used_at = used_at - interval '301 seconds' where used_at is not null");
  await assert.rejects(oidc.refreshTokenGrant(rp.config, tokens.refresh_token), isRefused);
  await assert.rejects(oidc.refreshTokenGrant(rp.config, second.refresh_token), isRefused);
  assert.deepEqual(await oidc.tokenIntrospection(rp.config, second.access_token), { active: false });
});

test('without a grace window every second use revokes', async () => {
  await s.restart('authsrv', { env: { AUTHSRV_REFRESH_GRACE: '0s' } });
  const { tokens } = await tokensFor(rp, user);
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => oidc.refreshTokenGrant(rp.config, tokens.refresh_token)));
  const won = results.filter((one) => one.status === 'fulfilled');
  assert.equal(won.length, 1);
  await assert.rejects(oidc.refreshTokenGrant(rp.config, won[0].value.refresh_token), isRefused);
  await sound(s);
});

test('a code is too old after its life', async () => {
  const answer = await authorize(rp, user);
  await s.psql(`update auth.code set expires_at = now() where client_id = '${rp.id}' and used_at is null`);
  await assert.rejects(redeem(rp, answer), isRefused);
});

test('guessing a password is slowed down for that account, not for others', async () => {
  const agent = createAgent();
  const page = await agent.open((await request(rp)).url);
  const guess = (email, password) => agent.submit(page, { email, password }, { button: 'Sign in', until: (url) => url.origin !== s.env.issuer });
  let status = 0;
  for (let i = 0; i < 100 && status !== 429; i += 1) status = (await guess('victim@stoa.example', `guess number ${i}`)).status;
  assert.equal(status, 429);
  assert.equal((await guess(user.email, 'wrong')).status, 401);
  assert.notEqual((await guess(user.email, user.password)).status, 429);
});

test('guessing a client secret is slowed down; right secrets are not counted', async () => {
  let status = 0;
  for (let i = 0; i < 400 && status !== 429; i += 1) status = (await post(s, '/token', { grant_type: 'client_credentials' }, { basic: { id: rp.id, secret: `guess${i}` } })).status;
  assert.equal(status, 429);
  assert.equal((await post(s, '/token', { grant_type: 'client_credentials' }, { basic: rp })).status, 200);
});

test('a disabled client is refused as soon as the server heard of it, and its grants at once', async () => {
  const doomed = await addClient(s);
  const { tokens } = await tokensFor(doomed, await addUser(s));
  await operator(s, 'clients', 'disable', doomed.id);
  const answer = await post(s, '/token', { grant_type: 'client_credentials' }, { basic: doomed });
  assert.ok([401, 429].includes(answer.status), JSON.stringify(answer.body));
  const claims = JSON.parse(Buffer.from(tokens.access_token.split('.')[1], 'base64url'));
  assert.deepEqual(await s.psql(`select revoked_why from auth.grants join auth.access_token on grant_id = id where jti = '${claims.jti}'`), [{ revoked_why: 'client_disabled' }]);
});

test('the audit log cannot be changed and its chain is unbroken', async () => {
  await assert.rejects(s.psql("update auth.audit set actor = 'nobody'"), /append-only/);
  await assert.rejects(s.psql('delete from auth.audit_chain'), /append-only/);
  await eventually(async () => {
    const [{ open }] = await s.psql('select count(*)::int as open from auth.audit a where not exists (select 1 from auth.audit_chain c where c.audit_id = a.id)');
    return open === 0;
  }, { what: 'every row is chained' });
  await sound(s);
});

test('an entry that is seen when ten thousand later ones are chained is chained, too', { timeout: 600000 }, async () => {
  const open = async () => (await s.psql('select a.id from auth.audit a where not exists (select 1 from auth.audit_chain c where c.audit_id = a.id) limit 1')).length;
  const [{ id }] = await s.psql("select nextval(pg_get_serial_sequence('auth.audit', 'id')) as id");
  await s.psql("insert into auth.audit (at, actor, action, object, detail) select now(), 'test', 'test.many', i::text, '' from generate_series(1, 10500) i");
  await eventually(async () => (await open()) === 0, { what: 'those of later are chained' });
  await s.psql(`insert into auth.audit (id, at, actor, action, object, detail) overriding system value values (${id}, now(), 'test', 'test.late', '', '')`);
  await eventually(async () => (await open()) === 0, { what: 'that of before is chained' });
  await sound(s);
});

test('no secret stands in the log', async () => {
  const { tokens, callback } = await tokensFor(rp, user);
  const log = s.log('authsrv');
  for (const secret of [tokens.access_token, tokens.refresh_token, tokens.id_token, callback.searchParams.get('code'), user.password, rp.secret, s.env.initial_access_token]) assert.ok(!log.includes(secret));
});
