/*
 * What the benchmarks of money share: a partner with sellers and their stores, requests that are sent once each, and rows that pgbench writes straight into the
 * database of the run (tests/bench/rows/), which is thrown away afterwards.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ROOT } from '../support/stack.mjs';

const PARTNER = 'bench';
const CLIENT = { id: 'bench-payments', secret: 'a-secret-of-the-payment-benchmark-only' };
const SCOPE = 'pay.users pay.stores pay.payments pay.payouts pay.balance';
const PGBENCH = '/usr/lib/postgresql/15/bin/pgbench';
/* As those of paysrv's batches: nested loops along indexes, whatever is believed of tables that were empty a moment ago. */
const PLANS = '-c search_path=pay -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off';
const ROUNDS_EACH = 1_000_000;

const run = promisify(execFile);
export const program = (name) => join(ROOT, 'build', process.env.STOA_BUILD, 'tests', name);

export async function operator(stack, server, ...words) {
  const { code, stdout, stderr } = await stack.operator(server, ...words);
  if (code) throw new Error(`${server} ${words.join(' ')}: ${stdout}${stderr}`);
}

async function call(url, init) {
  const answer = await fetch(url, init);
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/* The token of a partner with a client at authsrv. */
export async function partnerToken(stack, directory, partner = PARTNER) {
  const client = partner === PARTNER ? CLIENT.id : `${partner}-payments`;
  const secretFile = join(directory, 'secret');
  writeFileSync(secretFile, CLIENT.secret, { mode: 0o600 });
  await operator(stack, 'paysrv', 'partners', 'add', partner, '--name', 'Benchmark', '--platform-bp', '500', '--partner-bp', '2500', '--confirmations', 'none',
    '--if-missing');
  await operator(stack, 'authsrv', 'partners', 'add', partner, '--name', 'Benchmark', '--issuer', `${stack.env.acquirer}/none/${partner}`, '--client-id', 'none',
    '--client-secret-file', secretFile, '--if-missing');
  await operator(stack, 'authsrv', 'clients', 'add', '--id', client, '--name', 'Payments', '--partner', partner, '--grants', 'client_credentials',
    '--auth-method', 'client_secret_basic', '--secret-file', secretFile, '--scope', SCOPE, '--if-missing');
  const { access_token: token } = await call(`${stack.env.issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${client}:${CLIENT.secret}`).toString('base64')}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: SCOPE }),
  });
  return token;
}

/* Sellers with a store each, and with a bank account when they are to be paid; the token is written to a file that only this run can read. */
export async function openShop(stack, { sellers, areToBePaid = false }) {
  const directory = mkdtempSync(join(tmpdir(), 'stoa-bench-'));
  const token = await partnerToken(stack, directory);
  const tokenFile = join(directory, 'token');
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const make = (path, body) => call(`${stack.env.pay_api}${path}`, {
    method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': randomUUID() }, body: JSON.stringify(body),
  });
  const shop = { stack, directory, token, tokenFile, port: new URL(stack.env.pay_api).port, stores: [], users: [], requisites: [] };
  for (let i = 0; i < sellers; i += 1) {
    const name = `seller-${basename(directory).toLowerCase()}-${i}`;
    const user = await make('/v1/users', { name, external_id: name, email: `${name}@example.com` });
    shop.users.push(user);
    shop.stores.push((await make('/v1/stores', { name: 'Store', user: user.id, currency: 'EUR' })).id);
    if (!areToBePaid) continue;
    shop.requisites.push((await make(`/v1/users/${user.id}/requisites`, {
      type: 'bank_account', iban: 'DE89370400440532013000', holder_name: 'Ada', address: { country: 'DE', town: 'Berlin' },
    })).id);
  }
  return shop;
}

/* A token lives some minutes; what takes longer gets another one. */
export async function renewToken(shop) {
  shop.token = await partnerToken(shop.stack, shop.directory);
  writeFileSync(shop.tokenFile, shop.token, { mode: 0o600 });
}

export const closeShop = ({ directory }) => rmSync(directory, { recursive: true });

const CONNECTIONS = 256;

function figures(stdout, what) {
  const [rate, p50, p99, failed, count] = stdout.trim().split(' ').slice(1).map(Number);
  if (failed) throw new Error(`${failed} ${what} failed`);
  return { rate, count, seconds: count / rate, p50_ms: p50 / 1000, p99_ms: p99 / 1000 };
}

/* Complete payments for so many seconds; perSecond: at an even pace; atOnce: each by one request. */
export async function payments({ port, tokenFile, stores }, seconds, { perSecond, atOnce } = {}) {
  const words = [...(atOnce ? ['at-once'] : []), port, tokenFile, stores.join(','), CONNECTIONS, seconds, ...(perSecond ? [Math.round(perSecond)] : [])].map(String);
  return figures((await run(program('payment-load'), words)).stdout, 'payments');
}

/* Requests as [path, body], each sent once, with a key of its own. */
export async function once({ port, token, directory }, name, list, connections = CONNECTIONS) {
  const file = join(directory, name);
  writeFileSync(file, list.map(([path, body], i) => {
    const json = JSON.stringify(body);
    const text = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\n`
      + `Idempotency-Key: ${name}-${i}\r\nContent-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`;
    return `${Buffer.byteLength(text)} 0\n${text}`;
  }).join(''), { mode: 0o600 });
  const found = figures((await run(program('request-load'), [port, 'once', file, String(connections), '60'])).stdout, name);
  if (found.count < list.length) throw new Error(`${name}: ${list.length - found.count} were not answered`);
  return found;
}

/* Controls keep balances in another way, and make payouts without codes: the ledger can be judged only before. */
const spoiled = new WeakSet();
export const ledgerSpoil = (stack) => spoiled.add(stack);
export const ledgerIsSpoiled = (stack) => spoiled.has(stack);

let turn = 0;

/* What a script reads, and its rounds, which no other turn has. */
const defined = (variables) => Object.entries({ ...variables, round: turn * ROUNDS_EACH }).flatMap(([name, value]) => ['-D', `${name}=${value}`]);
const scriptFile = (name) => fileURLToPath(new URL(`rows/${name}.sql`, import.meta.url));

/* pgbench with the script of that name: work things a transaction, at the best of these numbers of clients. */
export async function rows(stack, script, { work = 1, clients, seconds = 3, variables = {} }) {
  let best = { rate: 0 }, count = 0;
  ledgerSpoil(stack);
  for (const n of clients) {
    turn += 1;
    const words = ['-n', '-M', 'prepared', '-c', n, '-j', 1, '-T', seconds, '-f', scriptFile(script), ...defined(variables), stack.env.database_url].map(String);
    const { stdout } = await run(PGBENCH, words, { env: { ...process.env, PGOPTIONS: PLANS } });
    if (!/number of failed transactions: 0 /.test(stdout)) throw new Error(stdout);
    const rate = work * Number(/^tps = ([\d.]+)/m.exec(stdout)[1]);
    count += work * Number(/actually processed: (\d+)/.exec(stdout)[1]);
    if (rate > best.rate) best = { rate, clients: n };
  }
  return { ...best, count };
}

/* The same at an even pace of so many things a second: how long one transaction takes, from the moment when it was due. */
export async function rowsPaced(stack, script, { work, clients, seconds, perSecond, variables = {} }) {
  const directory = mkdtempSync(join(tmpdir(), 'stoa-bench-'));
  turn += 1;
  ledgerSpoil(stack);
  try {
    const words = ['-n', '-M', 'prepared', '-c', clients, '-j', 1, '-T', seconds, '-R', perSecond / work, '-l', `--log-prefix=${join(directory, 'times')}`,
      ...defined(variables), '-f', scriptFile(script), stack.env.database_url].map(String);
    await run(PGBENCH, words, { env: { ...process.env, PGOPTIONS: PLANS } });
    const times = readdirSync(directory).flatMap((name) => readFileSync(join(directory, name), 'utf8').trim().split('\n'))
      .map((line) => Number(line.split(' ')[2]) / 1000).sort((a, b) => a - b);
    return { p50_ms: times[Math.floor(times.length / 2)], p99_ms: times[Math.floor(times.length * 0.99)] };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/* The table that such a script reads, of this query, and the names of what it writes. */
export async function rowsPrepare(stack, table, query) {
  await stack.psql(`begin;
    create or replace function pay.bench_id(kind text, client int, round int, n int) returns text language sql immutable
      return kind || lpad((client::bigint * 10000000000000 + round::bigint * 1000 + n)::text, 26, '0');
    drop table if exists pay.${table};
    create table pay.${table} as ${query};
    create unique index on pay.${table} (n);
    commit`);
  await stack.psql(`vacuum analyze pay.${table}`);
}

/* Names an account of the house, or of the user of a row of the query around it. */
export const accountOf = (kind, owner = "''", partner = 's.partner_id') =>
  `(select a.account_id from pay.account a where a.partner_id = ${partner} and a.kind = '${kind}' and a.user_id = ${owner} and a.currency = 'EUR')`;
