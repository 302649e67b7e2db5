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
import { ROOT, program, startStack } from '../support/stack.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROUNDS = 3;
const SECONDS = 5;
const CONNECTIONS = 64;
const CLIENT = { id: 'bench', secret: 'a-secret-of-the-benchmark-client-only' };
const SCOPE = 'pay.users pay.stores pay.payments pay.balance';

const run = promisify(execFile);
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const basic = 'Basic ' + Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64');

async function wrk(url, { method = 'GET', body, authorization } = {}) {
  const env = { ...process.env, LOAD_METHOD: method };
  if (body) env.LOAD_BODY = body;
  if (authorization) env.LOAD_AUTHORIZATION = authorization;
  const { stdout } = await run('wrk', ['-t1', `-c${CONNECTIONS}`, `-d${SECONDS}s`, '-s', join(HERE, 'load.lua'), url], { env });
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
    rounds.push({ ...found, limit: bound.rate, ratio: found.rate / bound.rate });
  }
  const middle = median(rounds.map(({ ratio }) => ratio));
  return rounds.find(({ ratio }) => ratio === middle);
}

/* What a program of tests/bench prints, as words. */
async function lines(name, ...args) {
  const { stdout } = await run(join(ROOT, 'build', process.env.STOA_BUILD, 'tests', name), args.map(String));
  return stdout.trim().split('\n').map((line) => line.split(' '));
}

async function send(url, headers, body) {
  const answer = await fetch(url, { method: 'POST', headers, body });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}
const post = (url, body) => send(url, { authorization: basic, 'content-type': 'application/x-www-form-urlencoded' }, body);

async function openStore(stack) {
  const { access_token: token } = await post(`${stack.env.issuer}/token`, 'grant_type=client_credentials');
  const tokenFile = join(stack.data, 'bench_token');
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const call = (path, body) => send(stack.env.pay_api + path,
    { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': path }, JSON.stringify(body));
  const user = await call('/v1/users', { external_id: 'bench', name: 'Bench', email: 'bench@stoa.example', country: 'DE' });
  const store = await call('/v1/stores', { name: 'Bench', user: user.id, currency: 'EUR' });
  return { store: store.id, tokenFile };
}

const BENCHMARKS = {
  'limit-http': ({ limit }) => compare(() => wrk(`${limit}/trivial`), () => wrk(`${limit}/es256`)),

  async 'token-client-credentials'({ limit, stack }) {
    const request = { method: 'POST', authorization: basic, body: `grant_type=client_credentials&scope=${encodeURIComponent(SCOPE)}` };
    await post(`${stack.env.issuer}/token`, request.body);
    return compare(() => wrk(`${limit}/es256`), () => wrk(`${stack.env.issuer}/token`, request));
  },

  async introspect({ limit, stack }) {
    const { access_token: token } = await post(`${stack.env.issuer}/token`, 'grant_type=client_credentials');
    const request = { method: 'POST', authorization: basic, body: `token=${token}` };
    const { active } = await post(`${stack.env.issuer}/introspect`, request.body);
    if (!active) throw new Error('the token to introspect is not active');
    return compare(() => wrk(`${limit}/trivial`), () => wrk(`${stack.env.issuer}/introspect`, request));
  },

  async payment({ stack }) {
    const { store, tokenFile } = await openStore(stack);
    const port = new URL(stack.env.pay_api).port;
    const complete = async () => {
      const [[, rate, p50, p99, failed]] = await lines('payment-load', port, tokenFile, store, CONNECTIONS, SECONDS);
      if (failed !== '0') throw new Error(`${failed} payments failed`);
      return { rate: Number(rate), p50_ms: p50 / 1000, p99_ms: p99 / 1000 };
    };
    /* The best that one transaction each can do, over several numbers of connections. */
    const control = async () => ({ rate: Math.max(...(await lines('payment-control', stack.env.database_url, store, 2)).map(([, , rate]) => Number(rate))) });
    return compare(control, complete);
  },
};
const LIMITS = {
  'limit-http': 'the same without a signature',
  'token-client-credentials': 'libmicrohttpd that signs one ES256 token',
  introspect: 'libmicrohttpd that answers a constant',
  payment: 'payment-control: the same writes, one transaction each',
};

async function answers(url, seconds = 10) {
  for (const end = Date.now() + seconds * 1000; ; await sleep(2)) {
    const answer = await fetch(url).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    if (Date.now() > end) throw new Error(`${url} does not answer`);
  }
}

async function startLimit(port) {
  const child = spawn(join(ROOT, 'build', process.env.STOA_BUILD, 'tests', 'limit-http'), [String(port)], { stdio: 'ignore' });
  await answers(`http://127.0.0.1:${port}/trivial`);
  return { url: `http://127.0.0.1:${port}`, stop: () => child.kill('SIGTERM') };
}

async function addPartner(stack) {
  const file = join(stack.data, 'bench_secret');
  writeFileSync(file, CLIENT.secret, { mode: 0o600 });
  const verbs = [
    ['authsrv', 'partners', 'add', 'bench', '--name', 'Bench', '--issuer', `${stack.env.acquirer}/none`, '--client-id', 'none', '--client-secret-file', file],
    ['authsrv', 'clients', 'add', '--id', CLIENT.id, '--name', 'Bench', '--partner', 'bench', '--grants', 'client_credentials',
      '--auth-method', 'client_secret_basic', '--secret-file', file, '--scope', SCOPE],
    ['paysrv', 'partners', 'add', 'bench', '--name', 'Bench', '--platform-bp', '500', '--partner-bp', '2500'],
  ];
  for (const [server, ...words] of verbs) {
    const { code, stderr, stdout } = await stack.operator(server, ...words);
    if (code) throw new Error(`${server} ${words.join(' ')}: ${stdout}${stderr}`);
  }
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

function tell(name, { rate, p50_ms: p50, p99_ms: p99, limit, ratio }) {
  console.log(`${name.padEnd(26)} ${rate.toFixed(0).padStart(7)}/s  p50 ${p50.toFixed(2)} ms  p99 ${p99.toFixed(2)} ms  ` +
    `limit ${limit.toFixed(0)}/s  ratio ${ratio.toFixed(2)}   (limit: ${LIMITS[name]})`);
}

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !BENCHMARKS[name]);
if (unknown) {
  console.error(`unknown benchmark ${unknown}; there are ${Object.keys(BENCHMARKS).join(', ')}`);
  process.exit(2);
}
const stack = await startStack({ profile: 'bench' });
let limit;
try {
  await footprint(stack);
  await addPartner(stack);
  limit = await startLimit(Number(new URL(stack.env.issuer).port) + 3);
  for (const name of wanted.length ? wanted : Object.keys(BENCHMARKS)) tell(name, await BENCHMARKS[name]({ limit: limit.url, stack }));
} finally {
  limit?.stop();
  await stack.stop();
}
