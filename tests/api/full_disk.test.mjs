/*
 * The disk of the database is full: first that of its tables, then that of its log, which stops PostgreSQL itself. What was acknowledged is there, what
 * cannot be kept is refused, and when there is room again everything goes on by itself. SECURITY F-D9, F-D10, MONEY E31.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { partnerToken, pay } from '../support/people.mjs';
import { sound } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';

const MIB = 1024 * 1024, SEGMENT = 16 * MIB;
let s, token;
const disks = [];

before(async () => {
  s = await startStack({ profile: 'demo', env: { PAYSRV_RECONCILE_AFTER: '1s' } });
  token = await partnerToken(s.env);
});

after(async () => {
  for (const disk of disks) execFileSync('umount', ['--lazy', disk]);
  await s?.stop();
});

const bytesOf = (path) => Number(execFileSync('du', ['-s', '-B1', path], { encoding: 'utf8' }).split('\t')[0]);

/* One of PostgreSQL's directories gets a disk of its own, with as much room beside what it holds; resolves to what makes the disk larger. */
async function ownDisk(name, room) {
  const at = join(s.data, 'pg', name), before = `${at}.before`, { uid, gid } = statSync(at);
  await s.kill('postgres', 'SIGINT');
  const size = bytesOf(at) + room;
  renameSync(at, before);
  mkdirSync(at);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},uid=${uid},gid=${gid},mode=0700`, 'tmpfs', at]);
  disks.push(at);
  execFileSync('cp', ['-a', `${before}/.`, at]);
  await s.restart('postgres');
  await eventually(() => buy().catch(() => null), { what: 'a payment succeeds' });
  return () => execFileSync('mount', ['-o', `remount,size=${size + 512 * MIB}`, at]);
}

/* The log up to its last two MiB, by what is cheaper than payments: in the last segment for which there is room. */
async function fillLog() {
  const at = join(s.data, 'pg', 'pg_wal');
  for (;;) {
    const [{ segment, offset }] = await s.psql('select file_name as segment, file_offset as offset from pg_walfile_name_offset(pg_current_wal_insert_lsn())');
    const { bavail, bsize } = statfsSync(at), newest = readdirSync(at).filter((name) => /^[0-9A-F]{24}$/.test(name)).sort().at(-1);
    if (segment === newest && bavail * bsize < SEGMENT && offset > SEGMENT - 2 * MIB) return;
    await s.psql("select pg_logical_emit_message(false, 'full', repeat('x', 1000000))");
  }
}

const call = (method, path, body) => pay(s.env, token, method, path, body);
const create = () => call('POST', '/v1/payments', { store: s.env.demo.store_id, amount: 1000, currency: 'EUR', description: 'x'.repeat(200) });

/* The payment's id when it was acknowledged as paid; null: refused, as it has to be. */
async function buy() {
  const made = await create();
  if (made.status !== 201) return refusedWell(made);
  const answer = await call('POST', `/v1/payments/${made.body.id}/confirm`, { payment_token: 'tok_test_visa' });
  if (answer.status >= 500) return refusedWell(answer);
  return answer.body.status === 'succeeded' ? made.body.id : null;
}

function refusedWell(answer) {
  assert.equal(answer.status, 503, JSON.stringify(answer.body));
  assert.match(answer.headers.get('retry-after'), /^[1-9]\d*$/);
  return null;
}

/* Buyers come until nobody is served any more. */
async function fill() {
  const paid = [];
  let refused = 0;
  await Promise.all(Array.from({ length: 16 }, async () => {
    while (refused < 40) {
      const id = await buy();
      if (id) paid.push(id);
      else refused += 1;
    }
  }));
  return paid;
}

async function allIsThere(paid) {
  for (const id of paid) assert.equal((await call('GET', `/v1/payments/${id}`)).body.status, 'succeeded', id);
  const check = await s.operator('paysrv', 'ledger', 'check');
  assert.equal(check.code, 0, check.stdout + check.stderr);
}

test('tables that cannot grow: reads go on, writes are 503, what was acknowledged is there, and with room all goes on', async () => {
  const enlarge = await ownDisk('base', 3 * MIB);
  const paid = await fill();
  assert.ok(paid.length > 0, 'some were served');
  assert.equal((await call('GET', `/v1/payments/${paid[0]}`)).body.status, 'succeeded', 'it can be read');
  assert.equal((await fetch(new URL('/.well-known/openid-configuration', s.env.issuer))).status, 200);
  enlarge();
  await eventually(buy, { what: 'a payment succeeds' });
  await eventually(async () => (await s.psql("select count(*)::int as n from pay.payment where status = 'processing'"))[0].n === 0, { what: 'what was on its way is booked' });
  await allIsThere(paid);
});

test('a log that cannot grow stops PostgreSQL: 503, and what was acknowledged is there when it is back', async () => {
  const enlarge = await ownDisk('pg_wal', SEGMENT + MIB);
  await fillLog();
  const paid = await fill();
  assert.ok(paid.length > 0, 'some were served');
  assert.equal((await fetch(`http://127.0.0.1:${s.env.admin_ports.paysrv}/readyz`)).status, 503);
  enlarge();
  await s.restart('postgres');
  await eventually(() => buy().catch(() => null), { what: 'a payment succeeds' });
  await eventually(async () => (await s.psql("select count(*)::int as n from pay.payment where status = 'processing'"))[0].n === 0, { what: 'what was on its way is booked' });
  await allIsThere(paid);
  await sound(s);
});
