/* What has become large ends by one call, too: a client with more grants than a statement has time for, a partner at whose name thousands are at work (decision 0103). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { adminOf } from '../support/admin.mjs';
import { eventually } from '../support/eventually.mjs';
import { addClient, addUser, operator, post, sound, tokensFor } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';

const GRANTS = 30000;
const SESSIONS = 2000;
let s, admin, user;

before(async () => {
  s = await startStack({ profile: 'login' });
  admin = await adminOf(s);
  user = await addUser(s);
});
after(async () => {
  await sound(s);
  await s.stop();
});

test('a client with very many grants is disabled at once, and they end behind it', { timeout: 300000 }, async () => {
  const rp = await addClient(s);
  const { tokens } = await tokensFor(rp, user);
  await s.psql(`insert into auth.grants select (jsonb_populate_record(g, jsonb_build_object('id', g.id || '_' || i))).* from auth.grants g, generate_series(1, ${GRANTS}) i where g.client_id = '${rp.id}'`);
  const [{ at }] = await s.psql('select clock_timestamp() as at');
  assert.equal((await admin('DELETE', `/admin/v1/clients/${rp.id}`)).status, 204);
  assert.equal((await post(s, '/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }, { basic: rp })).status, 401);
  const [{ live }] = await s.psql(`select count(*) as live from auth.grants where client_id = '${rp.id}' and revoked_at is null`);
  assert.ok(Number(live) > 0, 'the call does not do it all');
  await eventually(async () => (await s.psql(`select from auth.grants where client_id = '${rp.id}' and revoked_at is null limit 1`)).length === 0, { what: 'all of its grants have ended' });
  assert.deepEqual(await s.psql(`select revoked_why as why from auth.grants where client_id = '${rp.id}' group by 1`), [{ why: 'client_disabled' }]);
  assert.deepEqual(await s.psql(`select disabled_at > '${at}' as later from auth.client where id = '${rp.id}'`), [{ later: true }], 'by when it happened, and not by when it was asked for');
});

test('a partner whose people are at work is removed', { timeout: 300000 }, async () => {
  await s.psql(`set search_path = auth; insert into partner (slug, name, issuer, client_id, host, created_at) values ('busy', 'Busy', 'https://busy.example', 'stoa', 'busy.partner.example', now())`);
  await s.psql(`insert into auth.session (id_hash, sid, user_id, cred_version, authed_at, amr, host, created_at, last_seen_at, used_at, expires_at)
    select sha256(i::text::bytea), 'busy' || i, id, cred_version, now(), 'pwd', 'busy.partner.example', now(), now(), now(), now() + interval '1 hour' from auth.users, generate_series(1, ${SESSIONS}) i where login = '${user.email}'`);
  let over = false;
  const work = async () => {
    while (!over) await s.psql(`do $$ begin for i in 1..500 loop update auth.session set last_seen_at = clock_timestamp() where sid = 'busy' || (1 + floor(random() * ${SESSIONS}))::int; commit; end loop; end $$`);
  };
  const working = work();
  try {
    await operator(s, 'partners', 'remove', 'busy');
  } finally {
    over = true;
    await working;
  }
  assert.deepEqual(await s.psql(`select count(*)::int as n from auth.session where host = 'busy.partner.example' and ended_at is null`), [{ n: 0 }]);
});
