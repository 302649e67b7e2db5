/*
 * ./stoa bench [NAME]: every benchmark, or one, on a run with the profile bench. Each prints its rate, p50 and p99, the
 * limit that was measured in the same run with the same load, and the ratio of the two. Load and limit take turns, and the
 * median round counts, since the machine is shared by what is measured and what measures.
 */
import { execFile, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually } from '../support/eventually.mjs';
import { ROOT, program, startStack } from '../support/stack.mjs';
import { AUTH_LOADS, closeAuth, openAuth } from './auth.mjs';
import { paymentAtOnce, paymentBatches, paymentPace, paymentRates } from './payment.mjs';
import { payoutRates } from './payout.mjs';
import { refundRates } from './refund.mjs';
import { codeRace } from './code_race.mjs';
import { enumeration } from './enumeration.mjs';
import { ledgerSize } from './ledger_size.mjs';
import { delegatedLogin, passwordLogin } from './login.mjs';
import { soak } from './soak.mjs';
import { spraying } from './spraying.mjs';
import { statement } from './statement.mjs';
import { walFilesAreThere } from './wal.mjs';
import { writebackIsSteady } from './writeback.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROUNDS = 3;
const SECONDS = 5;
const CONNECTIONS = 64;
const CLIENT = { id: 'bench', secret: 'a-secret-of-the-benchmark-client-only' };
const SCOPE = 'pay.users pay.stores pay.payments pay.balance';

const run = promisify(execFile);
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const basic = 'Basic ' + Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64');

async function wrk(url, { method = 'GET', body, authorization, connections = CONNECTIONS } = {}) {
  const env = { ...process.env, LOAD_METHOD: method };
  if (body) env.LOAD_BODY = body;
  if (authorization) env.LOAD_AUTHORIZATION = authorization;
  const { stdout } = await run('wrk', ['-t1', `-c${connections}`, `-d${SECONDS}s`, '-s', join(HERE, 'load.lua'), url], { env });
  const [rate, p50, p99, errors] = /^result (.*)$/m.exec(stdout)[1].split(' ').map(Number);
  if (errors) throw new Error(`${url}: ${errors} of the answers were failures`);
  return { rate, p50_ms: p50 / 1000, p99_ms: p99 / 1000 };
}

/* Limit and load by turns; the round with the median ratio is what is told. */
async function compare(limit, load) {
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const bound = await limit();
    const found = await load();
    rounds.push({ ...found, limit: bound.rate, limit_cpu: bound.cpu, ratio: found.rate / bound.rate });
  }
  const middle = median(rounds.map(({ ratio }) => ratio));
  return rounds.find(({ ratio }) => ratio === middle);
}

const machineTokens = (stack) => wrk(`${stack.env.issuer}/token`,
  { method: 'POST', authorization: basic, body: `grant_type=client_credentials&scope=${encodeURIComponent(SCOPE)}` });

const BENCHMARKS = {
  'limit-http': ({ limit }) => compare(() => wrk(`${limit}/trivial`), () => wrk(`${limit}/es256`)),

  'token-client-credentials': ({ limit, stack }) => compare(() => wrk(`${limit}/es256`), () => machineTokens(stack)),

  ...Object.fromEntries(Object.entries(AUTH_LOADS).map(([name, { prepare, limit: bound }]) => [name, async ({ limit, stack }) => {
    const auth = await openAuth(stack);
    try {
      const measure = await prepare(auth);
      return await compare(() => bound(wrk, limit), measure);
    } finally {
      closeAuth(auth);
    }
  }])),

  'password-login': ({ limit, stack }) => passwordLogin(stack, compare, () => wrk(`${limit}/argon2id`, { connections: 4 }), () => machineTokens(stack)),
  'delegated-login': ({ stack }) => delegatedLogin(stack, compare),

  payment: ({ stack }) => paymentRates(stack, compare),
  'payment-batches': ({ stack }) => paymentBatches(stack, compare),
  'payment-at-once': ({ stack }) => paymentAtOnce(stack, compare),
  refund: ({ stack }) => refundRates(stack, compare),
  payout: ({ stack }) => payoutRates(stack, compare),

  /* The other way round: how much of the payments' rate the control reaches. */
  'payment-control': ({ stack }) => paymentRates(stack, (control, complete) => compare(complete, control)),
};
const LIMITS = {
  'limit-http': 'the same without a signature',
  'token-client-credentials': 'libmicrohttpd that signs one ES256 token',
  ...Object.fromEntries(Object.entries(AUTH_LOADS).map(([name, { against }]) => [name, against])),
  'password-login': 'the same hashes alone',
  'delegated-login': 'log-ins of the same partner to a client of its own',
  payment: 'payment-control, the steps of the protocol, one transaction each',
  'payment-batches': 'pgbench, the same rows, 64 payments in a transaction',
  'payment-at-once': 'pgbench, the same rows, 64 payments in a transaction',
  refund: 'pgbench, the same rows, one transaction each step',
  payout: 'pgbench, the same rows, one transaction each step',
  'payment-control': 'payment, complete through HTTP',
};

/* What has no rate but a verdict, and runs only when it is named. */
const TRIALS = { 'ledger-size': ledgerSize, 'payment-pace': paymentPace, soak, 'code-race': codeRace, enumeration, spraying, statement };

const answers = (url) => eventually(async () => {
  const answer = await fetch(url);
  await answer.body?.cancel();
  return answer.ok;
}, { what: `${url} answers`, pause: 2 });

async function startLimit(port) {
  const child = spawn(join(ROOT, 'build', process.env.STOA_BUILD, 'tests', 'limit-http'), [String(port)], { stdio: 'ignore' });
  await answers(`http://127.0.0.1:${port}/trivial`);
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill('SIGTERM') };
}

async function addClient(stack) {
  const file = join(stack.data, 'bench_secret');
  writeFileSync(file, CLIENT.secret, { mode: 0o600 });
  const { code, stderr, stdout } = await stack.operator('authsrv', 'clients', 'add', '--id', CLIENT.id, '--name', 'Benchmark', '--grants', 'client_credentials',
    '--auth-method', 'client_secret_basic', '--secret-file', file, '--scope', SCOPE);
  if (code) throw new Error(`cannot add the client: ${stdout}${stderr}`);
}

const residentMiB = (pid) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;

/* From the start of the process to its first 200 of /readyz. */
async function startTime(stack, server) {
  await stack.kill(server, 'SIGTERM');
  const begun = performance.now();
  const child = spawn(program(server), ['serve', '--config', stack.config(server)], { stdio: 'ignore' });
  await answers(`http://127.0.0.1:${stack.env.admin_ports[server]}/readyz`);
  const taken = performance.now() - begun;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
  await stack.restart(server);
  return taken;
}

async function footprint(stack) {
  await sleep(1000);
  for (const server of ['authsrv', 'paysrv']) {
    const memory = residentMiB(stack.env.pids[server]);
    const taken = await startTime(stack, server);
    console.log(`${server}: idle RSS ${memory.toFixed(1)} MiB, start to ready ${(taken / 1000).toFixed(3)} s`);
  }
}

const cpuText = (cpu) => Object.entries(cpu).map(([service, ms]) => `${service} ${ms.toFixed(3)} ms`).join(', ');

function tell(name, { rate, p50_ms: p50, p99_ms: p99, limit, ratio, cpu, limit_cpu: limitCpu, generator, beside }) {
  console.log(`${name.padEnd(26)} ${rate.toFixed(0).padStart(7)}/s  p50 ${p50.toFixed(2)} ms  p99 ${p99.toFixed(2)} ms  ` +
    `limit ${limit.toFixed(0)}/s  ratio ${ratio.toFixed(2)}   (limit: ${LIMITS[name]})`);
  const told = [
    cpu && `processor for each: ${cpuText(cpu)}`,
    limitCpu && `limit: ${cpuText(limitCpu)}`,
    generator && `the generator took ${(100 * generator).toFixed(0)} % of a core`,
    beside,
  ].filter(Boolean).join('; ');
  if (told) console.log(`${''.padEnd(26)} ${told}`);
}

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !BENCHMARKS[name] && !TRIALS[name]);
if (unknown) {
  console.error(`unknown benchmark ${unknown}; there are ${Object.keys({ ...BENCHMARKS, ...TRIALS }).join(', ')}`);
  process.exit(2);
}
const stack = await startStack({ profile: 'bench' });
const writebackAsItWas = writebackIsSteady();
let limit;
try {
  await walFilesAreThere(stack);
  await footprint(stack);
  await addClient(stack);
  limit = await startLimit(Number(new URL(stack.env.issuer).port) + 3);
  for (const name of wanted.length ? wanted : Object.keys(BENCHMARKS)) {
    if (TRIALS[name]) await TRIALS[name](stack);
    else tell(name, await BENCHMARKS[name]({ limit: limit.url, stack }));
  }
} finally {
  writebackAsItWas();
  limit?.stop();
  await stack.stop();
}
