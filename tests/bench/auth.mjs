/*
 * The benchmarks of authsrv. Clients, people with live sessions and tokens are made through its own doors; then the requests are
 * written down for tests/bench/request_load.c, which sends them from one thread. The limit is the same number of requests answered, and of
 * signatures made, by libmicrohttpd alone (limit_http.c); what each operation costs authsrv and PostgreSQL of the processor is
 * told beside, and how much of one core the generator took.
 */
import { execFile } from 'node:child_process';
import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createAgent } from '../support/agent.mjs';
import { addClient, addUser, redeem, request, walk } from '../support/relying_party.mjs';
import { ROOT } from '../support/stack.mjs';
import { withCpu } from '../support/cpu.mjs';

const CONNECTIONS = 128;
const SECONDS = 5;
const SESSIONS = 16; /* of as many people; their connections share them */
const SCOPE = 'openid email offline_access';
const CODE = 43; /* bytes of a code */

const run = promisify(execFile);
const program = (name) => join(ROOT, 'build', process.env.STOA_BUILD, 'tests', name);
const basic = ({ id, secret }) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

function raw(auth, method, path, headers, body = '') {
  const lines = Object.entries({ host: auth.host, ...headers, ...(body && { 'content-type': 'application/x-www-form-urlencoded', 'content-length': body.length }) });
  return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

/* slot: the text that an earlier answer will replace. */
const entry = (text, slot) => `${Buffer.byteLength(text)} ${slot ? text.indexOf(slot) : 0}\n${text}`;

export async function openAuth(stack) {
  const directory = mkdtempSync(join(tmpdir(), 'stoa-bench-'));
  const rp = await addClient(stack, { more: ['--id-token-alg', 'ES256'] });
  const auth = { stack, directory, rp, sessions: [], port: new URL(stack.env.issuer).port, host: new URL(stack.env.issuer).host };
  for (let i = 0; i < SESSIONS; i += 1) auth.sessions.push({ agent: createAgent(), user: await addUser(stack) });
  await grants(auth, SESSIONS);
  return auth;
}

export const closeAuth = ({ directory }) => rmSync(directory, { recursive: true });

/* One authorization more in a browser that has logged in and allowed the client everything. */
async function grant(auth, { agent, user }) {
  const asked = await request(auth.rp, { scope: SCOPE });
  const { url: callback, status } = await walk(agent, asked.url, user);
  if (status !== 0) throw new Error(`the log-in ended at ${callback}`);
  return redeem(auth.rp, { ...asked, callback });
}

/* Fresh tokens, of all sessions in turn. */
async function grants(auth, n) {
  const made = [];
  while (made.length < n) made.push(...await Promise.all(auth.sessions.map((one) => grant(auth, one))));
  return made.slice(0, n);
}

const cookieOf = ({ agent }) => [...agent.jar].map(([key, value]) => `${key.split(' ')[1]}=${value}`).join('; ');

async function load(auth, mode, entries, seconds = SECONDS, connections = CONNECTIONS) {
  const file = join(auth.directory, mode);
  writeFileSync(file, entries.join(''), { mode: 0o600 });
  return withCpu(auth.stack.env.pids, ['authsrv', 'postgres'], async () => {
    const begun = performance.now();
    const { stdout } = await run(program('request-load'), [auth.port, mode, file, String(connections), String(seconds)]);
    const [rate, p50, p99, failed, count, cpu] = stdout.trim().split(' ').slice(1).map(Number);
    if (failed) throw new Error(`${failed} failed`);
    return { rate, count, p50_ms: p50 / 1000, p99_ms: p99 / 1000, generator: cpu / (performance.now() - begun) };
  });
}

function codeEntries(auth) {
  const redirect = 'https://rp.example/cb';
  const slot = '@'.repeat(CODE);
  return Array.from({ length: CONNECTIONS }, (_, i) => i).flatMap((i) => {
    const cookie = cookieOf(auth.sessions[i % SESSIONS]);
    const verifier = createHash('sha256').update(`verifier ${i}`).digest('hex');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const asked = new URLSearchParams({
      response_type: 'code', client_id: auth.rp.id, redirect_uri: redirect, scope: SCOPE, state: `state-${i}`, nonce: `nonce-${i}`,
      code_challenge: challenge, code_challenge_method: 'S256',
    });
    const body = `grant_type=authorization_code&code=${slot}&redirect_uri=${encodeURIComponent(redirect)}&code_verifier=${verifier}`;
    return [entry(raw(auth, 'GET', `/authorize?${asked}`, { cookie })), entry(raw(auth, 'POST', '/token', { authorization: basic(auth.rp) }, body), slot)];
  });
}

const refreshEntries = (auth, tokens) => tokens.map(({ refresh_token: token }) =>
  entry(raw(auth, 'POST', '/token', { authorization: basic(auth.rp) }, `grant_type=refresh_token&refresh_token=${token}`), token));

/* Proofs are good once: as many as can be needed, signed before the clock starts. */
function proofEntries(auth, n) {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = part({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } });
  const iat = Math.floor(Date.now() / 1000);
  return Array.from({ length: n }, () => {
    const text = `${header}.${part({ jti: randomUUID(), htm: 'POST', htu: `${auth.stack.env.issuer}/token`, iat })}`;
    const proof = `${text}.${sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    return entry(raw(auth, 'POST', '/token', { authorization: basic(auth.rp), dpop: proof }, 'grant_type=client_credentials'));
  });
}

/* So many bare requests and signatures, as a rate of the whole. */
const bound = (path, parts = 1) => async (wrk, limit) => {
  const found = await wrk(`${limit}${path}`);
  return { ...found, rate: found.rate / parts };
};
const CONSTANT = { limit: bound('/trivial'), against: 'libmicrohttpd that answers a constant' };
const SIGNED = { limit: bound('/es256'), against: 'libmicrohttpd that signs one ES256 token' };
const SIGNED_TWICE = { limit: bound('/es256', 2), against: 'libmicrohttpd that signs two ES256 tokens in two requests' };

async function codeFlow(auth) {
  const entries = codeEntries(auth);
  return (seconds) => load(auth, 'code', entries, seconds);
}

/* A first refresh token is shorter than those that follow it, which all have one length. */
async function refreshed(auth, tokens) {
  return Promise.all(tokens.map(async ({ refresh_token: token }) => (await fetch(new URL('/token', auth.stack.env.issuer), {
    method: 'POST', headers: { authorization: basic(auth.rp) }, body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token }),
  })).json()));
}

/* The round before used up the tokens of the file, so each round has grants of its own. */
async function refresh(auth) {
  return async (seconds) => load(auth, 'refresh', refreshEntries(auth, await refreshed(auth, await grants(auth, CONNECTIONS))), seconds);
}

async function introspect(auth) {
  const entries = (await grants(auth, CONNECTIONS)).map(({ access_token: token }) =>
    entry(raw(auth, 'POST', '/introspect', { authorization: basic(auth.rp) }, `token=${token}`)));
  return (seconds) => load(auth, 'cycle', entries, seconds);
}

async function userinfo(auth) {
  const entries = (await grants(auth, CONNECTIONS)).map(({ access_token: token }) =>
    entry(raw(auth, 'GET', '/userinfo', { authorization: `Bearer ${token}` })));
  return (seconds) => load(auth, 'cycle', entries, seconds);
}

async function par(auth) {
  const body = new URLSearchParams({
    response_type: 'code', redirect_uri: 'https://rp.example/cb', scope: SCOPE, state: 'state', nonce: 'nonce',
    code_challenge: createHash('sha256').update('par').digest('base64url'), code_challenge_method: 'S256',
  });
  const entries = [entry(raw(auth, 'POST', '/par', { authorization: basic(auth.rp) }, body.toString()))];
  return (seconds) => load(auth, 'cycle', entries, seconds);
}

async function dpopToken(auth) {
  return (seconds = SECONDS) => load(auth, 'once', proofEntries(auth, 12000 * seconds), seconds);
}

/* prepare resolves to a function that measures once. */
export const AUTH_LOADS = {
  'code-flow': { prepare: codeFlow, ...SIGNED_TWICE },
  refresh: { prepare: refresh, ...SIGNED_TWICE },
  introspect: { prepare: introspect, ...CONSTANT },
  userinfo: { prepare: userinfo, ...CONSTANT },
  par: { prepare: par, ...CONSTANT },
  'dpop-token': { prepare: dpopToken, ...SIGNED },
};
