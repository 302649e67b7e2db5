/* docs/deploy/roles.sql: authsrv serves as a role that owns nothing, and then cannot touch what was written to the log. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { addClient, addUser, post, sound, tokensFor } from '../support/relying_party.mjs';
import { ROOT, startStack } from '../support/stack.mjs';

let s, rp, user;

before(async () => {
  s = await startStack({ profile: 'login' });
  [rp, user] = await Promise.all([addClient(s), addUser(s)]);
});

after(async () => {
  await sound(s);
  await s.stop();
});

test('a role without tables serves everything, and cannot change the log', async () => {
  const sql = readFileSync(join(ROOT, 'docs/deploy/roles.sql'), 'utf8').replaceAll(':"runtime"', 'authsrv_serve');
  await s.psql(`create role authsrv_serve login password 'only-for-this-run'; ${sql}`);
  const url = new URL(s.env.database_url);
  Object.assign(url, { username: 'authsrv_serve', password: 'only-for-this-run' });
  await s.restart('authsrv', { env: { AUTHSRV_DATABASE_URL: url.href } });
  const { tokens } = await tokensFor(rp, user);
  assert.ok(tokens.access_token);
  assert.equal((await post(s, '/revoke', { token: tokens.refresh_token }, { basic: rp })).status, 200);
  const [{ n }] = await s.psql("select count(*)::int as n from pg_stat_activity where usename = 'authsrv_serve'");
  assert.ok(n > 0, 'the server runs as that role');
  for (const forbidden of ["update auth.audit set actor = 'nobody'", 'delete from auth.audit_chain', 'truncate auth.audit cascade', 'alter table auth.audit disable trigger user', 'drop table auth.audit'])
    await assert.rejects(s.psql(`set role authsrv_serve; ${forbidden}`), /permission denied|must be owner/, forbidden);
});
