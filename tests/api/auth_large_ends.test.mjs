/* What has become large ends by one call, too: a client with more grants than a statement has time for, a partner at whose name thousands are at work (decision 0103). */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { adminOf } from '../support/admin.mjs';
import { eventually } from '../support/eventually.mjs';
import { addClient, addUser, authorize, operator, post, redeem, sound, tokensFor } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';

const GRANTS = 30000;
const OF_ONE = 5000;
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

/* A person with very many grants at one client, and what one of them was given; of each cause, how it is done. */
const ends = {
  logout: ({ agent, tokens }) => agent.open(new URL(`/logout?${new URLSearchParams({ id_token_hint: tokens.id_token })}`, s.env.issuer)),
  credentials_changed: ({ who }) => s.psql(`update auth.users set cred_changed_at = now() where login = '${who.email}'`),
  consent_withdrawn: async ({ rp, id }) => assert.equal((await admin('DELETE', `/admin/v1/users/${id}/consents/${rp.id}`)).status, 204),
  user_disabled: ({ who }) => operator(s, 'users', 'disable', who.email),
};
for (const [why, end] of Object.entries(ends))
  test(`very many grants of one person end behind what ends them: ${why}`, { timeout: 300000 }, async () => {
    const [rp, who] = [await addClient(s), await addUser(s)];
    const { agent, tokens } = await tokensFor(rp, who, { scope: 'openid' });
    await s.psql(`insert into auth.grants select (jsonb_populate_record(g, jsonb_build_object('id', g.id || '_' || i))).* from auth.grants g, generate_series(1, ${OF_ONE}) i where g.client_id = '${rp.id}'`);
    const [{ id }] = await s.psql(`select id from auth.users where login = '${who.email}'`);
    await s.psql(`create function auth.waits() returns trigger language plpgsql as $$ begin raise 'waits'; end $$;
      create trigger waits before update of turns on auth.grant_ending for each row execute function auth.waits()`);
    await end({ agent, tokens, rp, who, id });
    const [{ live }] = await s.psql(`select count(*)::int as live from auth.grants where client_id = '${rp.id}' and revoked_at is null`);
    assert.ok(live > 0 && live <= OF_ONE, `the call does not do it all: ${live} go on`);
    assert.equal((await post(s, '/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }, { basic: rp })).body.error, 'invalid_grant');
    await s.psql('drop function auth.waits cascade');
    await eventually(async () => (await s.psql(`select from auth.grants where client_id = '${rp.id}' and revoked_at is null limit 1`)).length === 0, { what: 'all of its grants have ended' });
    assert.deepEqual(await s.psql(`select revoked_why as why from auth.grants where client_id = '${rp.id}' group by 1`), [{ why }]);
    await eventually(async () => (await s.psql('select from auth.grant_ending')).length === 0, { what: 'nothing is left to do' });
  });

test('until it has ended nothing of it counts', { timeout: 300000 }, async () => {
  const [rp, who] = [await addClient(s), await addUser(s)];
  const { agent, tokens } = await tokensFor(rp, who, { scope: 'openid' });
  const pending = await authorize(rp, who, { agent, scope: 'openid offline_access' });
  const active = async () => (await post(s, '/introspect', { token: tokens.access_token }, { basic: rp })).body.active;
  assert.equal(await active(), true);
  await s.psql(`create function auth.waits() returns trigger language plpgsql as $$ begin raise 'waits'; end $$;
    create trigger waits before update of revoked_at on auth.grants for each row execute function auth.waits()`);
  await s.psql(`insert into auth.grant_ending (what, sid, why, ended_at) values ('${tokens.claims().sid}', '${tokens.claims().sid}', 'logout', now())`);
  assert.equal(await active(), false);
  assert.equal((await post(s, '/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }, { basic: rp })).body.error, 'invalid_grant');
  await assert.rejects(redeem(rp, pending), (error) => error.error === 'invalid_grant');
  await s.psql('drop function auth.waits cascade');
  await eventually(async () => (await s.psql('select from auth.grant_ending')).length === 0, { what: 'it has ended' });
});

test('a session that cannot be ended keeps those of others no longer', { timeout: 300000 }, async () => {
  const [{ id }] = await s.psql(`select id from auth.users where login = '${user.email}'`);
  await s.psql(`set search_path = auth; create function never() returns trigger language plpgsql as $$ begin raise 'never'; end $$;
    create trigger never before update of ended_at on session for each row when (new.sid = 'over1') execute function never();
    insert into session (id_hash, sid, user_id, cred_version, authed_at, amr, created_at, last_seen_at, used_at, expires_at)
    select sha256(('over' || i)::bytea), 'over' || i, '${id}', cred_version, now(), 'pwd', now(), now(), now(), now() - interval '1 hour' + i * interval '1 second' from users, generate_series(1, 20) i where id = '${id}'`);
  await eventually(async () => (await s.psql("select from auth.session where sid like 'over%' and ended_at is null")).length === 1, { what: 'the others have ended' });
  await s.psql('drop function auth.never cascade');
  await eventually(async () => (await s.psql("select from auth.session where sid like 'over%' and ended_at is null")).length === 0, { what: 'it has ended, too' });
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
