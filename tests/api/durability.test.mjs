/*
 * Acknowledged is durable, or it is said: no server starts on a database that is set to lose what was answered, and one that runs notices
 * (docs/decisions/0112-acknowledged.md). SECURITY 6.7, F-D3.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { eventually } from '../support/eventually.mjs';
import { startStack } from '../support/stack.mjs';

let s;

before(async () => { s = await startStack({ profile: 'bare' }); });
after(() => s?.stop());

const set = async (...settings) => {
  for (const setting of settings) await s.psql(`alter system ${setting}`);
  await s.psql('select pg_reload_conf()');
};
const ready = async (server) => { const answer = await fetch(`http://127.0.0.1:${s.env.admin_ports[server]}/readyz`); return { code: answer.status, ...await answer.json() }; };
const told = (server) => s.log(server).split('\n').filter((line) => /"event":"durability\./.test(line)).map((line) => JSON.parse(line));
const database = (server) => /^database_url = (.*)$/m.exec(readFileSync(s.config(server), 'utf8'))[1];

/* A second one, beside the one that runs: the first line that it says. */
const serve = (server, url = database(server)) => promisify(execFile)(s.program(server), ['serve', '--config', s.config(server)], { timeout: 180_000, env: { ...process.env, [`${server.toUpperCase()}_DATABASE_URL`]: url } })
  .then(() => assert.fail('it started'), ({ code, stderr }) => { assert.equal(code, 1, stderr); return stderr; });
const withOption = (server, option) => `${database(server)}?options=${encodeURIComponent(`-c ${option}`)}`;

for (const server of ['authsrv', 'paysrv']) {
  describe(server, () => {
    test('does not start where commits are answered before they are on disk', async () => {
      assert.match(await serve(server, withOption(server, 'synchronous_commit=off')), new RegExp(`${server}: synchronous_commit is off in its database, and has to be on.*: .*lost`));
    });

    test('nor where they need not be on the synchronous standby', async () => {
      await set("set synchronous_standby_names = 'nobody'");
      try {
        const said = await serve(server, withOption(server, 'synchronous_commit=local'));
        assert.match(said, /synchronous_commit is local in its database.*standbys/);
      } finally {
        await set('reset synchronous_standby_names');
      }
    });

    test('one that runs notices when pages are not written whole any more, is not ready, and none starts', async () => {
      /* It may have noticed what the other server was shown, and be at it still. */
      await eventually(async () => (await ready(server)).code === 200, { what: 'it is ready' });
      const before = told(server).length;
      await set('set full_page_writes = off');
      try {
        await eventually(async () => (await ready(server)).failing?.includes('durability'), { what: 'it is not ready', seconds: 180 });
        const [{ event, setting, is, allowed }] = told(server).slice(-1);
        assert.deepEqual({ event, setting, is, allowed }, { event: 'durability.lost', setting: 'full_page_writes', is: 'off', allowed: 'on' });
        assert.match(await serve(server), /full_page_writes is off in its database, and has to be on: a page/);
      } finally {
        await set('reset full_page_writes');
      }
      await eventually(async () => (await ready(server)).code === 200, { what: 'it is ready', seconds: 180 });
      assert.deepEqual(told(server).slice(before).map(({ event }) => event), ['durability.lost', 'durability.restored']);
    });
  });
}
