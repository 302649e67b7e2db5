/*
 * A synchronous standby takes over under load (docs/OPERATIONS.md, "A standby"): the primary's machine is killed, or freezes with its connections
 * open; both servers find the new one by themselves, and nothing that was acknowledged is lost. And it is the standby that is lost: nothing is
 * acknowledged that only the primary has. SECURITY F-D4, F-D5.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { isOpen } from '../support/outcome.mjs';
import { eventually, timed } from '../support/eventually.mjs';
import { buyers } from '../support/load.mjs';
import { partnerToken, pay, userTokens } from '../support/people.mjs';
import { processesOf } from '../support/processes.mjs';
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
  asPostgres(`${BIN}/pg_basebackup`, '-d', `${s.env.database_url}?application_name=standby1`, '-D', data, '-R', '-c', 'fast');
  const settings = ['listen_addresses=127.0.0.1', `unix_socket_directories=${data}`, 'max_connections=500'].flatMap((one) => ['-c', one]);
  let child, ended;
  const start = async (...more) => {
    child = spawn(AS_POSTGRES[0], [...AS_POSTGRES.slice(1), `${BIN}/postgres`, '-D', data, '-p', url.port, ...settings, ...more], { stdio: ['ignore', log, log], cwd: '/' });
    ended = new Promise((resolve) => child.once('exit', resolve));
    await eventually(() => sql(url.href, 'select 1') === '1', { what: 'the standby answers' });
  };
  const end = async (signal) => {
    child.kill(signal);
    await ended;
  };
  const stop = async () => {
    await end('SIGINT');
    rmSync(directory, { recursive: true, force: true });
  };
  standby = { url: url.href, host: url.host, start, end, stop };
  await start();
}

async function start() {
  s = await startStack({ profile: 'demo' });
  await startStandby();
  await s.psql("alter system set synchronous_standby_names = 'standby1'");
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

const paid = (url) => new Set(sql(url, "select payment_id from pay.payment where status = 'succeeded'").split('\n'));

async function takeOver() {
  sql(standby.url, 'select pg_promote()');
  await load.more(8);
  await eventually(() => userTokens(s.env, s.env.demo.buyer), { what: 'a log-in succeeds' });
}

function hasAll(url, ids) {
  const known = paid(url);
  assert.deepEqual(ids.filter((id) => !known.has(id)), []);
}

async function nothingIsLost(url) {
  await load.stop();
  hasAll(url, load.acknowledged);
  await eventually(() => sql(url, "select count(*) from pay.acquirer_call where state in ('intent', 'sent', 'unknown')") === '0', { what: 'every call has an outcome' });
  assert.equal(sql(url, 'select count(*) from pay.v_inv'), '0');
}

test('the primary is killed: the standby takes over, and what was acknowledged is there', async () => {
  await start();
  await s.kill('postgres');
  await takeOver();
  await nothingIsLost(standby.url);
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
  await nothingIsLost(standby.url);
});

/* A statement is waited for 10 s (docs/decisions/0112-acknowledged.md), behind that of others first; and the machine is busy. */
const LIMIT_MS = 40_000;

test('the standby is lost: writes are 503 within their time, nothing is acknowledged that only the primary has, and taken off the list all goes on', async () => {
  await start();
  const token = await partnerToken(s.env), [one] = load.acknowledged, key = randomUUID();
  const buy = () => timed(() => pay(s.env, token, 'POST', '/v1/payments', { store: s.env.demo.store_id, amount: 700, currency: 'EUR', description: 'Once', confirm: { payment_token: 'tok_test_visa' } }, { key }));
  await standby.end('SIGQUIT');
  for (let i = 0; i < 2; i++) { /* nor does a repetition find what only the primary has */
    const { value: { status, body, headers }, ms } = await buy();
    assert.deepEqual([status, body.code], [503, 'temporarily_unavailable'], JSON.stringify(body));
    assert.match(headers.get('retry-after'), /^[1-9]\d*$/);
    assert.ok(ms < LIMIT_MS, `${ms} ms`);
  }
  assert.equal((await pay(s.env, token, 'GET', `/v1/payments/${one}`)).body.status, 'succeeded', 'who reads does not wait');
  const acknowledged = [...load.acknowledged];
  await standby.start('-c', 'primary_conninfo=');
  hasAll(standby.url, acknowledged);
  await s.psql('alter system reset synchronous_standby_names');
  await s.psql('select pg_reload_conf()');
  await load.more(8);
  await eventually(() => userTokens(s.env, s.env.demo.buyer), { what: 'a log-in succeeds' });
  const { status, body } = await eventually(async () => { const { value } = await buy(); return !isOpen(value) && value; }, { what: 'the first of them has ended' });
  assert.deepEqual([status, body.status], [200, 'succeeded'], JSON.stringify(body));
  assert.equal(sql(s.env.database_url, "select count(*) from pay.payment where description = 'Once'"), '1');
  await nothingIsLost(s.env.database_url);
});
