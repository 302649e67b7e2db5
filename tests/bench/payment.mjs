/*
 * payment and its limit payment-control: complete payments (create + confirm) through HTTP, authsrv's token and the sandbox
 * acquirer, beside the same writes straight on PostgreSQL, one transaction each, at the best of 1, 8 and 32 connections. What a
 * payment costs of the processor is told too: rates depend on what else the machine does, this hardly.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../support/stack.mjs';
import { withCpu } from './cpu.mjs';

const CONNECTIONS = 128;
const SECONDS = 5;
const CONTROL_SECONDS = 3;
const STORES = 64;
const PARTNER = 'bench';
const CLIENT = { id: 'bench-payments', secret: 'a-secret-of-the-payment-benchmark-only' };
const SCOPE = 'pay.users pay.stores pay.payments pay.balance';

const run = promisify(execFile);
const program = (name) => join(ROOT, 'build', process.env.STOA_BUILD, 'tests', name);

async function operator(stack, server, ...words) {
  const { code, stdout, stderr } = await stack.operator(server, ...words);
  if (code) throw new Error(`${server} ${words.join(' ')}: ${stdout}${stderr}`);
}

async function call(url, init) {
  const answer = await fetch(url, init);
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/* The token of a partner with a client at authsrv. */
export async function partnerToken(stack, directory) {
  const secretFile = join(directory, 'secret');
  writeFileSync(secretFile, CLIENT.secret, { mode: 0o600 });
  await operator(stack, 'paysrv', 'partners', 'add', PARTNER, '--name', 'Benchmark', '--platform-bp', '500', '--partner-bp', '2500', '--if-missing');
  await operator(stack, 'authsrv', 'partners', 'add', PARTNER, '--name', 'Benchmark', '--issuer', `${stack.env.acquirer}/none`, '--client-id', 'none',
    '--client-secret-file', secretFile, '--if-missing');
  await operator(stack, 'authsrv', 'clients', 'add', '--id', CLIENT.id, '--name', 'Payments', '--partner', PARTNER, '--grants', 'client_credentials',
    '--auth-method', 'client_secret_basic', '--secret-file', secretFile, '--scope', SCOPE, '--if-missing');
  const { access_token: token } = await call(`${stack.env.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: SCOPE }),
  });
  return token;
}

/* Sellers with a store each; the token is written to a file that only this run can read. */
async function setUp(stack, directory) {
  const token = await partnerToken(stack, directory);
  writeFileSync(join(directory, 'token'), token, { mode: 0o600 });
  const make = (path, body) => call(`${stack.env.pay_api}${path}`, {
    method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify(body),
  });
  const stores = [];
  for (let i = 0; i < STORES; i += 1) {
    const user = await make('/v1/users', { name: 'Seller', external_id: `seller-${basename(directory)}-${i}` });
    stores.push((await make('/v1/stores', { name: 'Store', user: user.id, currency: 'EUR' })).id);
  }
  return { port: new URL(stack.env.pay_api).port, tokenFile: join(directory, 'token'), stores: stores.join(',') };
}

async function payments({ port, tokenFile, stores }) {
  const { stdout } = await run(program('payment-load'), [port, tokenFile, stores, String(CONNECTIONS), String(SECONDS)]);
  const [rate, p50, p99, failed] = stdout.trim().split(' ').slice(1).map(Number);
  if (failed) throw new Error(`${failed} payments failed`);
  return { rate, count: rate * SECONDS, p50_ms: p50 / 1000, p99_ms: p99 / 1000 };
}

async function control(databaseUrl, stores) {
  const { stdout } = await run(program('payment-control'), [databaseUrl, stores, String(CONTROL_SECONDS)]);
  const tries = stdout.trim().split('\n').map((line) => line.split(' ').slice(1).map(Number));
  const [connections, rate, p50, p99] = tries.reduce((best, one) => (one[1] > best[1] ? one : best));
  const count = tries.reduce((sum, one) => sum + one[1] * CONTROL_SECONDS, 0);
  return { connections, rate, count, p50_ms: p50 / 1000, p99_ms: p99 / 1000 };
}

/* compare(limit, load) takes turns and gives the median round. */
export async function paymentRates(stack, compare) {
  const directory = mkdtempSync(join(tmpdir(), 'stoa-bench-'));
  try {
    const shop = await setUp(stack, directory);
    await payments(shop); /* opens the accounts of the stores, and warms everything up */
    await operator(stack, 'paysrv', 'ledger', 'check'); /* here, because the control keeps balances in another way */
    return await compare(
      () => withCpu(stack.env.pids, ['postgres'], () => control(stack.env.database_url, shop.stores)),
      () => withCpu(stack.env.pids, ['paysrv', 'postgres'], () => payments(shop)),
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}
