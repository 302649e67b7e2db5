/*
 * A database that is restored to an earlier moment (docs/OPERATIONS.md, "Restoring"): what acquirer and bank did since then is not in its books,
 * and nobody is paid a second time for that. MONEY 31; I13, I27.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { notice } from '../support/bank.mjs';
import { pay } from '../support/people.mjs';
import { codeIn, newSeller, ofRequest } from '../support/seller.mjs';
import { startStack } from '../support/stack.mjs';

const BIN = '/usr/lib/postgresql/15/bin';
let s, directory, seller;

before(async () => {
  s = await startStack({ profile: 'demo' });
  directory = mkdtempSync(join(process.env.STOA_TEST_TMP ?? tmpdir(), 'stoa-restore-'));
  seller = await newSeller(s.env);
  await seller.sell(10_000);
});

after(async () => {
  if (directory) rmSync(directory, { recursive: true, force: true });
  await s?.stop();
});

async function confirmed(amount) {
  const { body } = await seller.request(amount);
  assert.equal((await seller.confirm(body.id, codeIn(await s.mail(seller.email, ofRequest(body.label))))).status, 200);
  return body.id;
}

const verb = async (...words) => {
  const answer = await s.operator('paysrv', ...words);
  assert.equal(answer.code, 0, answer.stderr);
  return answer.stdout;
};
const exported = async (name) => {
  const file = join(directory, name);
  await verb('payouts', 'export', '--out', file);
  return readFileSync(file, 'utf8');
};
const stateOf = async (payout) => (await seller.call('GET', `/v1/payouts/${payout}`)).body.status;

/* With both servers stopped; what Redis holds is newer than the books. */
async function restore(dump) {
  await s.kill('paysrv', 'SIGTERM');
  await s.kill('authsrv', 'SIGTERM');
  execFileSync(`${BIN}/pg_restore`, ['--clean', '--if-exists', '--single-transaction', '-d', s.env.database_url, dump]);
  execFileSync('redis-cli', ['-u', s.env.redis_url, 'flushall']);
  await s.restart('authsrv');
  await s.restart('paysrv');
}

test('what the bank was told after the backup is found by an order that is not handed over, and is paid once', async () => {
  const [paid, waiting] = [await confirmed(1000), await confirmed(2000)], dump = join(directory, 'dump');
  execFileSync(`${BIN}/pg_dump`, ['-Fc', '-f', dump, s.env.database_url]);
  assert.ok((await exported('before.xml')).includes(paid.replace('_', '-')), 'the bank has the order, and makes one of it');
  const lost = await pay(s.env, seller.token, 'POST', '/v1/payments', { store: seller.store.id, amount: 700, currency: 'EUR', description: 'Lost', confirm: { payment_token: 'tok_test_visa' } });
  assert.equal(lost.body.status, 'succeeded', JSON.stringify(lost.body));

  await restore(dump);
  assert.match(await verb('ledger', 'check'), /^0 violation\(s\)$/m);
  assert.match(await verb('ledger', 'verify'), /whole/);
  assert.deepEqual([await stateOf(paid), await stateOf(waiting)], ['confirmed', 'confirmed']);
  assert.equal((await seller.call('GET', `/v1/payments/${lost.body.id}`)).status, 404);

  await exported('not-handed-over.xml');
  const file = join(directory, 'notice.xml');
  writeFileSync(file, notice([{ amount: -1000, payout: paid }]));
  await verb('bank', 'import', file);
  assert.deepEqual([await stateOf(paid), await stateOf(waiting)], ['paid', 'sent']);
  const [{ order }] = await s.psql(`select msg_id as order from pay.payout where payout_id = '${waiting}'`);
  assert.match(await verb('payouts', 'refused', order), /: 1 payout\(s\) given back/);
  assert.deepEqual([await stateOf(waiting), await seller.available()], ['rejected', 6000], 'it is the seller’s again, who asks anew');
  assert.deepEqual(await s.psql('select * from pay.v_inv'), []);
});
