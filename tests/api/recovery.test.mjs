/*
 * Back to a moment by a base backup and archived WAL (docs/OPERATIONS.md, "Backups"): the data directory is lost under load, and the books are
 * those of the moment, no payment more and none less. SECURITY F-D17.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { buyers } from '../support/load.mjs';
import { startStack } from '../support/stack.mjs';

const BIN = '/usr/lib/postgresql/15/bin';
let s, directory, archive, load;

before(async () => {
  s = await startStack({ profile: 'demo' });
  directory = mkdtempSync(join(process.env.STOA_TEST_TMP ?? tmpdir(), 'stoa-recovery-'));
  archive = join(directory, 'wal');
  mkdirSync(archive);
  for (const one of [directory, archive]) chmodSync(one, 0o777); /* PostgreSQL may run as another user */
});

after(async () => {
  await load?.stop();
  await s?.stop();
  if (directory) rmSync(directory, { recursive: true, force: true });
});

async function archiving() {
  await s.psql("alter system set archive_mode = 'on'");
  await s.psql(`alter system set archive_command = 'test ! -f ${archive}/%f && cp %p ${archive}/%f'`);
  await s.kill('postgres', 'SIGINT');
  await s.restart('postgres');
}

/* What the archive lacks is the last segment, which the lost machine had begun. */
function loseDirectory() {
  const pg = join(s.data, 'pg'), wal = join(pg, 'pg_wal');
  for (const file of readdirSync(wal).filter((one) => /^[0-9A-F]{24}$/.test(one) && !existsSync(join(archive, one)))) execFileSync('cp', [join(wal, file), archive]);
  rmSync(pg, { recursive: true });
  execFileSync('cp', ['-a', join(directory, 'base'), pg]);
  /* A run has its socket in there, so the copy has the lock of it, with the id of a process that may not be reaped yet. */
  for (const file of readdirSync(pg).filter((one) => one.startsWith('.s.PGSQL.'))) rmSync(join(pg, file));
  return pg;
}

async function recover(moment) {
  const pg = loseDirectory();
  appendFileSync(join(pg, 'postgresql.auto.conf'), `restore_command = 'cp ${archive}/%f %p'\nrecovery_target_time = '${moment}'\nrecovery_target_action = 'promote'\n`);
  writeFileSync(join(pg, 'recovery.signal'), '');
  if (process.getuid() === 0) execFileSync('chown', ['-R', 'postgres:', pg, archive]);
  await s.restart('postgres');
  await eventually(async () => (await s.psql('select pg_is_in_recovery() as is')).every((row) => !row.is), { what: 'it takes writes again' });
}

const verb = async (server, ...words) => {
  const answer = await s.operator(server, ...words);
  assert.equal(answer.code, 0, answer.stdout + answer.stderr);
  return answer.stdout;
};

test('the data directory is lost under load, and the books come back as they were at a moment', async () => {
  await archiving();
  execFileSync(`${BIN}/pg_basebackup`, ['-d', s.env.database_url, '-D', join(directory, 'base'), '-c', 'fast', '-X', 'none'], { stdio: 'ignore' });
  load = await buyers(s.env, 3);
  await load.more(6);
  const head = await eventually(async () => /head ([1-9]\d*:[0-9a-f]{64})/.exec(await verb('paysrv', 'ledger', 'verify'))?.[1], { what: 'entries are sealed' });
  const early = [...load.acknowledged], [{ moment }] = await s.psql('select clock_timestamp() as moment');
  /* A payment that has not begun at the moment cannot be of before. */
  await load.more(6);
  const begun = load.begun();
  await load.more(6);
  await s.kill('postgres', 'SIGKILL');
  await load.stop();
  for (const server of ['paysrv', 'authsrv']) await s.kill(server, 'SIGTERM');
  await recover(moment);
  execFileSync('redis-cli', ['-u', s.env.redis_url, 'flushall']);
  assert.match(await verb('paysrv', 'ledger', 'check'), /^0 violation\(s\)$/m);
  assert.match(await verb('paysrv', 'ledger', 'verify', '--anchor', head), /whole/);
  for (const server of ['authsrv', 'paysrv']) assert.match(await verb(server, 'audit', 'verify'), /whole/);
  await s.restart('authsrv');
  await s.restart('paysrv');
  const known = new Set((await s.psql("select payment_id as id from pay.payment where status = 'succeeded'")).map((row) => row.id));
  assert.deepEqual(early.filter((id) => !known.has(id)), [], 'what was acknowledged before is there');
  assert.deepEqual(load.acknowledged.filter((id) => known.has(id) && load.beganAfter(id, begun)), [], 'and nothing of after');
  await eventually(load.buy, { what: 'a payment succeeds' });
  assert.deepEqual(await s.psql('select * from pay.v_inv'), []);
});
