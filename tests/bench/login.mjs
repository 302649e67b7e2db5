/*
 * The benchmarks of log-ins, by browsers without a screen. password-login: the whole page with a password, against as many hashes alone
 * (limit_http.c), and what tokens of machines wait meanwhile. delegated-login: people with a live session at a partner
 * (oidc-provider, a process of its own) come to us without one, against the same partner's log-ins to a client of its own.
 */
import { fork, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { addClient, addUser, INSECURE, REDIRECT, request, walk } from '../support/relying_party.mjs';
import { ROOT } from '../support/stack.mjs';
import { atClient, partners, SECRET, throughProvider } from '../support/upstream.mjs';
import { withCpu } from '../support/cpu.mjs';

const SECONDS = 10;
const BROWSERS = 8;
const TOKEN_EVERY_MS = 5;
const PEOPLE_NICE = 5;
const ROUNDS = 3;

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

/* Each browser logs in again and again; resolves to what all of them found. */
async function logins(browsers, once) {
  const begun = performance.now(), times = [];
  await Promise.all(browsers.map(async (browser) => {
    while (performance.now() - begun < SECONDS * 1000) {
      const from = performance.now();
      await once(browser);
      times.push(performance.now() - from);
    }
  }));
  times.sort((a, b) => a - b);
  return { rate: times.length / ((performance.now() - begun) / 1000), count: times.length, p50_ms: at(times, 0.5), p99_ms: at(times, 0.99) };
}

/* ---- password-login ---- */

/* How long a machine waits for a token (p99, ms), asked for at an even pace by a process of its own until the work is done. */
async function tokenWaits(stack, client, work) {
  const body = 'grant_type=client_credentials', file = join(stack.data, 'token_request');
  const { host, port } = new URL(stack.env.issuer);
  writeFileSync(file, [`POST /token HTTP/1.1`, `Host: ${host}`, `Authorization: Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`,
    'Content-Type: application/x-www-form-urlencoded', `Content-Length: ${body.length}`, '', body].join('\r\n'), { mode: 0o600 });
  const child = spawn(join(ROOT, 'build', process.env.STOA_BUILD, 'tests', 'token-pace'), [port, file, String(TOKEN_EVERY_MS)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const said = text(child.stdout);
  try {
    const found = await work();
    child.stdin.end();
    return { found, p99: Number((await said).split(' ')[1]) / 1000 };
  } finally {
    child.kill();
  }
}

/* The people's browsers, which this process plays, are not on the server's machine: they give way to what is. */
async function standingBack(work) {
  const before = os.getPriority();
  os.setPriority(Math.max(before, PEOPLE_NICE));
  try {
    return await work();
  } finally {
    try {
      os.setPriority(before);
    } catch { /* only root may */ }
  }
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

/* What a token takes (p99) when machines ask for as many as they get, alone and beside log-ins, by turns. */
async function underLoad(tokens, work) {
  const alone = [], beside = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    alone.push((await tokens()).p99_ms);
    const [{ p99_ms: p99 }] = await Promise.all([tokens(), work()]);
    beside.push(p99);
  }
  return `under the load of token-client-credentials p99 is ${median(beside).toFixed(2)} ms beside log-ins, ${median(alone).toFixed(2)} ms without`;
}

/* tokens: the load of the benchmark token-client-credentials. */
export async function passwordLogin(stack, compare, hashes, tokens) {
  const rp = await addClient(stack), machine = await addClient(stack, { grants: 'client_credentials', redirect: [] });
  const people = await Promise.all(Array.from({ length: BROWSERS }, () => addUser(stack)));
  const once = async (user) => {
    const { url, status } = await walk(createAgent(), (await request(rp, { scope: 'openid' })).url, user);
    if (status !== 0) throw new Error(`the log-in ended at ${url}`);
  };
  const measure = () => withCpu(stack.env.pids, ['authsrv', 'postgres'], () => logins(people, once));
  const alone = await tokenWaits(stack, machine, () => sleep(SECONDS * 1000));
  const loaded = await underLoad(tokens, () => logins(people, once));
  return compare(hashes, async () => {
    const { found, p99 } = await tokenWaits(stack, machine, () => standingBack(measure));
    return { ...found, beside: `a machine's token takes ${p99.toFixed(2)} ms (p99) meanwhile, ${alone.p99.toFixed(2)} ms without log-ins; ${loaded}` };
  });
}

/* ---- delegated-login ---- */

async function startPartner(stack) {
  const child = fork(new URL('partner.mjs', import.meta.url), { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const heard = () => new Promise((resolve, reject) => child.once('message', resolve).once('exit', () => reject(new Error('the partner ended'))));
  const [b, c, d] = randomBytes(3);
  child.send({ host: `127.${b}.${c}.${1 + (d % 254)}` });
  const { issuer } = await heard();
  const known = partners(() => stack);
  const slug = await known.add(issuer);
  child.send({ stoa: stack.env.issuer, slug, secret: SECRET, redirect: REDIRECT });
  await heard();
  return { slug, issuer, pid: child.pid, stop: async () => { child.removeAllListeners('exit'); child.kill(); await known.close(); } };
}

const forget = (agent, host) => { for (const key of agent.jar.keys()) if (key.startsWith(`${host} `)) agent.jar.delete(key); };

/* The same person's log-in to a client of the partner's own. */
async function ownLogin(config, agent) {
  const verifier = oidc.randomPKCECodeVerifier();
  const url = oidc.buildAuthorizationUrl(config, { redirect_uri: REDIRECT, scope: 'openid email', code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' });
  const page = await throughProvider(agent, await agent.open(url, { until: atClient }), agent.person);
  if (page.status !== 0) throw new Error(`the partner's own log-in ended at ${page.url}`);
  await oidc.authorizationCodeGrant(config, page.url, { pkceCodeVerifier: verifier });
}

export async function delegatedLogin(stack, compare) {
  const partner = await startPartner(stack);
  try {
    const rp = await addClient(stack);
    const own = await oidc.discovery(new URL(partner.issuer), 'own', SECRET, oidc.ClientSecretBasic(SECRET), INSECURE);
    const agents = Array.from({ length: BROWSERS }, (_, i) => Object.assign(createAgent(), { person: `person${i}` }));
    const here = new URL(stack.env.issuer).hostname;
    const once = async (agent) => {
      forget(agent, here);
      const asked = await request(rp, { idp_hint: partner.slug, scope: 'openid' });
      let page = await throughProvider(agent, await agent.open(asked.url, { until: atClient }), agent.person);
      if (page.status === 200 && page.text.includes('Allow')) page = await agent.submit(page, {}, { button: 'Allow', until: atClient });
      if (page.status !== 0) throw new Error(`the log-in ended at ${page.url}`);
    };
    await Promise.all(agents.map(async (agent) => { await once(agent); await ownLogin(own, agent); })); /* sessions and consents */
    const pids = { ...stack.env.pids, partner: partner.pid };
    return await compare(() => withCpu(pids, ['partner'], () => logins(agents, (agent) => ownLogin(own, agent))),
      () => withCpu(pids, ['authsrv', 'postgres', 'partner'], () => logins(agents, once)));
  } finally {
    await partner.stop();
  }
}
