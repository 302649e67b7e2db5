/*
 * Clocks that are wrong: of the machine beside its database, and of both beside what was before (docs/decisions/0107-one-clock.md). SECURITY
 * F-A13, F-P19, F-H11, IDENTITY 119.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { decodeJwt } from 'jose';
import { eventually } from '../support/eventually.mjs';
import { createAgent } from '../support/agent.mjs';
import { operatorLogIn } from '../support/people.mjs';
import { addClient, addUser, operator, post } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';

const SCHEMA = { authsrv: 'auth', paysrv: 'pay' };
let s, file, rp;

before(async () => {
  s = await startStack({ profile: 'demo' });
  file = join(s.env.data, 'clock');
  move(0);
  for (const server of Object.keys(SCHEMA)) await s.restart(server, { env: { STOA_CLOCK_FILE: file } });
  rp = await addClient(s, { scope: 'pay.webhooks', grants: 'client_credentials', redirect: [], more: ['--partner', 'inkwell'] });
});

after(() => s.stop());

/* As many seconds is this machine's clock ahead, as the servers see it; the database's stays right. */
const move = (seconds) => writeFileSync(file, String(seconds));
const address = (server) => (server === 'authsrv' ? s.env.issuer : s.env.pay_api);
const ready = async (server) => { const answer = await fetch(new URL('/readyz', address(server))); return { status: answer.status, body: await answer.text() }; };
const metric = async (server, name) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(await (await fetch(`http://127.0.0.1:${s.env.admin_ports[server]}/metrics`)).text())?.[1]);
const shown = async (server) => Object.fromEntries((await s.operator(server, 'clock', 'show')).stdout.trim().split('\n').map((line) => line.split('\t')));
const serve = (server) => promisify(execFile)(s.program(server), ['serve', '--config', s.config(server)], { env: { ...process.env, STOA_CLOCK_FILE: file } }).then(() => assert.fail('it started'), ({ code, stderr }) => ({ code, stderr }));
const issued = async () => decodeJwt((await post(s, '/token', { grant_type: 'client_credentials' }, { basic: rp })).body.access_token).iat;
const seconds = () => Math.floor(Date.now() / 1000);

for (const server of Object.keys(SCHEMA)) {
  describe(server, () => {
    test('a machine that is some seconds off changes nothing', async () => {
      move(8);
      await eventually(async () => [7, 8].includes(await metric(server, 'stoa_clock_difference_seconds')), { what: 'it is seen' });
      await eventually(async () => (await ready(server)).status === 200, { what: 'it is ready' });
      const at = seconds(), iat = await issued();
      assert.ok(iat >= at - 1 && iat <= seconds() + 1, `${iat} at ${at}`);
    });

    test('one that is half a minute off is not ready until it is right, and its time is the database’s meanwhile', async () => {
      for (const off of [30, -30]) {
        move(off);
        // A machine that is busy may be unready for a moment for another reason.
        await eventually(async () => { const { status, body } = await ready(server); return status === 503 && body.includes('"clock"'); }, { what: 'it is not ready, for its clock' });
        const at = seconds(), iat = await issued();
        assert.ok(iat >= at - 1 && iat <= seconds() + 1, `${iat} at ${at}`);
        move(0);
        await eventually(async () => (await ready(server)).status === 200, { what: 'it is ready' });
      }
      assert.match(readFileSync(join(s.env.data, 'log', `${server}.log`), 'utf8'), /"event":"clock\.apart"/);
    });

    test('nor does it start so', async () => {
      move(30);
      const { code, stderr } = await serve(server);
      move(0);
      assert.equal(code, 1, stderr);
      assert.match(stderr, /it is \S+Z on this machine and \S+Z in its database: set the clock that is wrong/);
    });

    test('nothing that has expired is good again: with a clock behind the latest time none starts, until its operator says that it is right', async () => {
      const { latest, database } = await shown(server);
      assert.ok(Math.abs(Date.parse(latest) - Date.parse(database)) < 120_000, 'the servers write it down');
      await s.psql(`update ${SCHEMA[server]}.clock_seen set latest = now() + interval '1 hour'`);
      const { code, stderr } = await serve(server);
      assert.equal(code, 1, stderr);
      assert.match(stderr, new RegExp(`was \\S+Z before in this database.*\`${server} clock accept\``));
      await eventually(async () => (await ready(server)).status === 200, { what: 'one that serves goes on' });
      const accepted = await s.operator(server, 'clock', 'accept');
      assert.equal(accepted.code, 0, accepted.stderr);
      assert.ok(Date.parse((await shown(server)).latest) < Date.now() + 60_000);
      await s.restart(server, { env: { STOA_CLOCK_FILE: file } });
      const [{ n }] = await s.psql(server === 'authsrv' ? "select count(*)::int as n from auth.audit where action = 'clock_seen.accepted' and actor like 'cli:%'" : "select count(*)::int as n from pay.audit where action = 'clock_seen.accepted'");
      assert.equal(n, 1);
    });
  });
}

describe('both clocks are set back by an hour, and the servers have the time that was', () => {
  const HOUR = 3600;
  const resource = () => ({ id: 'stoa-operator', secret: readFileSync(join(s.data, 'secrets/operator_client_secret'), 'utf8').trim() });
  const feed = async (cursor) => (await post(s, '/revocations', { ...(cursor && { cursor }) }, { basic: resource() })).body;
  const sessions = (user) => s.psql(`select 1 from pay.operator_session where name = '${user.email}'`);
  const people = async (cursor) => (await feed(cursor)).revoked.filter(({ person }) => person).length;
  /* A test cannot set the database's clock, but what it is called by: from the next connection on. */
  const moveDatabase = (by) => s.psql(`update public.clock_moved set seconds = ${by}`);

  before(async () => {
    await s.psql(`set allow_system_table_mods = on; create table public.clock_moved (seconds integer); insert into public.clock_moved values (0);
      grant select on public.clock_moved to public; alter function pg_catalog.clock_timestamp() rename to clock_timestamp_right;
      create function pg_catalog.clock_timestamp() returns timestamptz language sql volatile as 'select pg_catalog.clock_timestamp_right() + seconds * interval ''1 second'' from public.clock_moved'`);
    for (const server of Object.keys(SCHEMA)) await s.restart(server, { env: { STOA_CLOCK_FILE: file } });
    move(-HOUR);
    await moveDatabase(-HOUR);
    for (const server of Object.keys(SCHEMA)) await eventually(async () => await metric(server, 'stoa_clock_steps_total') > 0, { what: 'it is seen' });
  });

  test('what ends is in the feed of revocations, and an operator who lost the role is out', async () => {
    const iat = await issued();
    assert.ok(iat > seconds() - 60, 'the server has the time that it had');
    const user = await addUser(s, ['--role', 'operator']);
    assert.equal((await operatorLogIn(s.env, createAgent(), { username: user.email, password: user.password })).url.pathname, '/operator');
    assert.equal((await sessions(user)).length, 1);
    const { cursor } = await feed();
    const before = await people(cursor), at = Date.now();
    await operator(s, 'users', 'role', user.email, 'user');
    assert.equal(await people(cursor), before + 1, 'behind the cursor that was given just now');
    assert.ok(await people(String((at - 10_000) * 1000)) >= 1, 'and behind one of before the clocks were set back');
    await eventually(async () => (await sessions(user)).length === 0, { what: 'the session is ended' });
  });

  test('one step is one, however often it is seen', async () => {
    const last = async () => Date.parse((await s.psql('select latest from auth.clock_seen'))[0].latest);
    const at = await last();
    await eventually(async () => await last() > at + 9000, { what: 'two rounds more' });
    assert.equal(await metric('authsrv', 'stoa_clock_steps_total'), 1);
  });

  for (const server of Object.keys(SCHEMA))
    test(`${server}: that the time now is right is not undone by a server that runs: it is not ready, and has that time when it starts again`, async () => {
      const { stderr } = await promisify(execFile)(s.program(server), ['clock', 'accept', '--config', s.config(server)], { env: { ...process.env, STOA_CLOCK_FILE: file } });
      assert.match(stderr, /restart the servers/);
      await eventually(async () => /"event":"clock\.overridden"/.test(readFileSync(join(s.env.data, 'log', `${server}.log`), 'utf8')), { what: 'it sees that' });
      await eventually(async () => /"clock"/.test((await ready(server)).body), { what: 'it is not ready, for its clock' });
      assert.deepEqual(await s.psql(`select latest, clock_timestamp() from ${SCHEMA[server]}.clock_seen where latest > clock_timestamp()`), []);
      await s.restart(server, { env: { STOA_CLOCK_FILE: file } });
      await eventually(async () => (await ready(server)).status === 200, { what: 'it is ready' });
      if (server === 'authsrv') assert.ok(await issued() < seconds() - HOUR + 60);
    });
});
