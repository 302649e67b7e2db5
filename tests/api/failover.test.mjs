/*
 * A synchronous standby takes over under load (docs/OPERATIONS.md, "A standby"): the primary's machine is killed, or freezes with its connections
 * open; both servers find the new one by themselves, and nothing that was acknowledged is lost. SECURITY F-D4, F-D5.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { openSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { buyers } from '../support/load.mjs';
import { userTokens } from '../support/people.mjs';
import { freePortBase, startStack } from '../support/stack.mjs';

const BIN = '/usr/lib/postgresql/15/bin';
let s, load, standby;

afterEach(async () => {
  await load?.stop();
  await s?.stop();
  await standby?.stop();
  s = load = standby = undefined;
});

/* PostgreSQL does not run as root. */
const AS_POSTGRES = process.getuid() === 0 ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'] : ['env'];
const asPostgres = (...words) => execFileSync(AS_POSTGRES[0], [...AS_POSTGRES.slice(1), ...words], { encoding: 'utf8', cwd: '/', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
const sql = (url, text) => execFileSync(`${BIN}/psql`, ['-XAtq', url, '-c', text], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

async function startStandby() {
  const directory = asPostgres('mktemp', '-d', '/tmp/stoa-standby-XXXXXX'), data = join(directory, 'pg');
  const url = new URL(s.env.database_url), log = openSync(join(s.data, 'log', 'standby.log'), 'w');
  url.port = await freePortBase();
  asPostgres(`${BIN}/pg_basebackup`, '-d', s.env.database_url, '-D', data, '-R', '-c', 'fast');
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${data}`, 'max_connections=500'].flatMap((one) => ['-c', one]);
  const child = spawn(AS_POSTGRES[0], [...AS_POSTGRES.slice(1), `${BIN}/postgres`, '-D', data, '-p', url.port, ...settings], { stdio: ['ignore', log, log], cwd: '/' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGINT');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  standby = { url: url.href, host: url.host, stop };
  await eventually(() => sql(url.href, 'select 1') === '1', { what: 'the standby answers' });
}

/* All of a PostgreSQL, as when its machine stops: its processes are where its data are. */
const processesOf = (data) => readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && (() => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === data;
  } catch {
    return false;
  }
})()).map(Number);

async function start() {
  s = await startStack({ profile: 'demo' });
  await startStandby();
  await s.psql("alter system set synchronous_standby_names = '*'");
  await s.psql('select pg_reload_conf()');
  await eventually(async () => (await s.psql("select 1 from pg_stat_replication where sync_state = 'sync'")).length === 1, { what: 'the standby is synchronous' });
  for (const server of ['authsrv', 'paysrv']) {
    const url = new URL(/^database_url = (.*)$/m.exec(readFileSync(s.config(server), 'utf8'))[1]);
    const both = url.href.replace(url.host, `${url.host},${standby.host}`), name = server.toUpperCase();
    await s.restart(server, { env: { [`${name}_DATABASE_URL`]: both, [`${name}_STATEMENT_TIMEOUT`]: '5s' } });
  }
  load = await buyers(s.env, 4);
  await load.more(8);
}

const paid = () => new Set(sql(standby.url, "select payment_id from pay.payment where status = 'succeeded'").split('\n'));

async function takeOver() {
  sql(standby.url, 'select pg_promote()');
  await load.more(8);
  await eventually(() => userTokens(s.env, s.env.demo.buyer), { what: 'a log-in succeeds' });
}

async function nothingIsLost() {
  await load.stop();
  const known = paid();
  assert.deepEqual(load.acknowledged.filter((id) => !known.has(id)), []);
  await eventually(() => sql(standby.url, "select count(*) from pay.acquirer_call where state in ('intent', 'sent', 'unknown')") === '0', { what: 'every call has an outcome' });
  assert.equal(sql(standby.url, 'select count(*) from pay.v_inv'), '0');
}

test('the primary is killed: the standby takes over, and what was acknowledged is there', async () => {
  await start();
  await s.kill('postgres');
  await takeOver();
  await nothingIsLost();
});

test('the primary hangs with its connections open: it is left, and not gone back to when it wakes up', async () => {
  await start();
  const hung = processesOf(join(s.data, 'pg'));
  assert.ok(hung.length > 10, 'with the sessions of both servers');
  hung.forEach((pid) => process.kill(pid, 'SIGSTOP'));
  try {
    await takeOver();
  } finally {
    hung.forEach((pid) => process.kill(pid, 'SIGCONT'));
  }
  await load.more(8);
  await nothingIsLost();
});
