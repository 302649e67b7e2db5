/*
 * ./stoa bench statement: statements of a seller with 1,000,000 sales, in each format, and its partner's journal and trial balance, through HTTP: seconds, entries a second, and how much the server's resident
 * memory grew at its highest, which has to stay small. The limit is PostgreSQL's own COPY of the same columns. Runs only when it is named: making the ledger takes minutes.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeSales } from './ledger_size.mjs';
import { partnerToken } from './shop.mjs';

const ENTRIES = Number(process.env.STATEMENT_ENTRIES ?? 1_000_000);
const GROWTH_MIB = 64;

const memoryOf = (pid, field) => Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

async function call(stack, token, method, path, body) {
  const answer = await fetch(`${stack.env.pay_api}${path}`, {
    method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': `bench-${path}` }, body: body && JSON.stringify(body),
  });
  return answer.json();
}

async function read(stack, token, query, path = '/v1/statement') {
  const pid = stack.env.pids.paysrv;
  writeFileSync(`/proc/${pid}/clear_refs`, '5'); /* the highest mark begins anew */
  const before = memoryOf(pid, 'VmRSS');
  const begun = performance.now();
  const answer = await fetch(`${stack.env.pay_api}${path}?${new URLSearchParams(query)}`, { headers: { authorization: `Bearer ${token}` } });
  const first = performance.now() - begun;
  let bytes = 0, lines = 0;
  for await (const piece of answer.body) {
    bytes += piece.length;
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) lines += 1;
  }
  if (answer.status !== 200) throw new Error(`${answer.status}`);
  return { seconds: (performance.now() - begun) / 1000, first: first / 1000, bytes, lines, growth: memoryOf(pid, 'VmHWM') - before };
}

async function copy(stack, user) {
  const begun = performance.now();
  await stack.psql(`select sum(length(t::text)) as n from (select p.entry_id, e.kind, e.ref, m.external_id, m.description, -p.amount, e.created_at from pay.posting p join pay.entry e using (entry_id)
    join pay.payment m on m.payment_id = e.ref where p.account_id = (select account_id from pay.account where kind = 'seller' and user_id = '${user}' and currency = 'EUR')) t`);
  return (performance.now() - begun) / 1000;
}

export async function statement(stack) {
  const directory = mkdtempSync(join(tmpdir(), 'statement-'));
  const token = await partnerToken(stack, directory);
  rmSync(directory, { recursive: true });
  const user = await call(stack, token, 'POST', '/v1/users', { name: 'Statement' });
  const store = await call(stack, token, 'POST', '/v1/stores', { name: 'Statement', user: user.id, currency: 'EUR' });
  const payment = await call(stack, token, 'POST', '/v1/payments', { store: store.id, amount: 1000, currency: 'EUR', description: 'The first' });
  await call(stack, token, 'POST', `/v1/payments/${payment.id}/confirm`, { payment_token: 'tok_test_visa' });
  const [{ partner }] = await stack.psql(`select partner_id as partner from pay.store where store_id = '${store.id}'`);
  await writeSales(stack, { partner, store: store.id, user: user.id }, 1, ENTRIES);
  const limit = await copy(stack, user.id);
  console.log(`statement: PostgreSQL alone reads the ${ENTRIES} entries in ${limit.toFixed(1)} s`);
  for (const format of ['csv', 'jsonl', 'camt053']) {
    const { seconds, first, bytes, lines, growth } = await read(stack, token, { user: user.id, currency: 'EUR', format });
    console.log(`statement ${format.padEnd(8)} ${seconds.toFixed(1)} s, ${(ENTRIES / seconds).toFixed(0)} entries/s, first byte after ${first.toFixed(1)} s, ${(bytes / 2 ** 20).toFixed(0)} MiB, `
      + `${lines} lines, RSS grew by ${growth.toFixed(1)} MiB at its highest`);
    if (lines < ENTRIES) throw new Error('entries are missing');
    if (growth > GROWTH_MIB) throw new Error(`the server's memory grew by ${growth.toFixed(0)} MiB`);
  }
  for (const [paper, least] of [['journal', ENTRIES], ['trial_balance', 4]]) {
    const { seconds, bytes, lines, growth } = await read(stack, token, { format: 'jsonl' }, `/v1/ledger/${paper}`);
    console.log(`${paper} ${seconds.toFixed(1)} s, ${(bytes / 2 ** 20).toFixed(0)} MiB, ${lines} lines, RSS grew by ${growth.toFixed(1)} MiB at its highest`);
    if (lines < least) throw new Error('entries are missing');
    if (growth > GROWTH_MIB) throw new Error(`the server's memory grew by ${growth.toFixed(0)} MiB`);
  }
}
