/*
 * ./stoa bench spraying: one password tried on 10,000 accounts from 100 networks (SECURITY.md G 185). No limit of a network or an account notices
 * it; what is looked at is that nobody gets in, that it goes no faster than passwords are hashed, that whoever is known here gets in meanwhile, and
 * that the figures give the alarm of docs/deploy/alerts.yml.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createAgent } from '../support/agent.mjs';
import { addClient, addUser, request, walk } from '../support/relying_party.mjs';
import { addPeople } from './people.mjs';

const ACCOUNTS = Number(process.env.SPRAYING_ACCOUNTS ?? 10_000);
const NETWORKS = 100, OWNER_EVERY_MS = 5000, SPRAYED = 'Winter2026!Winter2026';

const from = (address) => createAgent({ headers: { 'x-forwarded-for': address } });

async function logIns(stack) {
  const text = await (await fetch(`http://127.0.0.1:${stack.env.admin_ports.authsrv}/metrics`)).text();
  const of = (result) => Number(new RegExp(`^stoa_login_total\\{result="${result}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  return { good: of('password_good'), bad: of('password_bad') };
}

/* One network goes through its share of the accounts, and waits where it is told to. */
async function spray(rp, address, accounts, seen) {
  const agent = from(address);
  const page = await agent.open((await request(rp, { scope: 'openid' })).url);
  for (const email of accounts) {
    let status;
    do {
      ({ status } = await agent.submit(page, { email, password: SPRAYED }, { button: 'Sign in' }));
      seen[status] = (seen[status] ?? 0) + 1;
      if (status !== 401) await sleep(1000);
    } while (status === 429 || status === 503);
  }
}

/* The owner of an account comes back on a device that it knows, again and again until the work is done. */
async function comesBack(rp, user, agent, work) {
  const times = [];
  let done = false;
  work.finally(() => { done = true; }).catch(() => {});
  while (!done) {
    const begun = performance.now();
    const { status, url } = await walk(agent, (await request(rp, { prompt: 'login', scope: 'openid' })).url, user);
    if (status !== 0) throw new Error(`the owner's log-in ended at ${url} with ${status}`);
    times.push(performance.now() - begun);
    await sleep(OWNER_EVERY_MS);
  }
  await work;
  return times.sort((a, b) => a - b);
}

export async function spraying(stack) {
  await stack.restart('authsrv', { env: { AUTHSRV_RATE_LIMITS: 'true', AUTHSRV_TRUSTED_PROXIES: '127.0.0.1' } });
  const rp = await addClient(stack), people = await addPeople(stack, ACCOUNTS), owner = await addUser(stack);
  const home = from('192.0.2.1');
  await walk(home, (await request(rp, { scope: 'openid' })).url, owner);
  const before = await logIns(stack), begun = performance.now(), seen = {};
  const share = (i) => people.filter((_, n) => n % NETWORKS === i);
  const waited = await comesBack(rp, owner, home, Promise.all(Array.from({ length: NETWORKS }, (_, i) => spray(rp, `198.18.${i}.7`, share(i), seen))));
  const seconds = (performance.now() - begun) / 1000, after = await logIns(stack);
  const [bad, good] = [(after.bad - before.bad) / seconds, (after.good - before.good) / seconds];
  const alarm = bad > 4 * good + 1;
  console.log(`spraying: ${ACCOUNTS} accounts from ${NETWORKS} networks in ${seconds.toFixed(0)} s: ${Object.entries(seen).map(([status, n]) => `${n} times ${status}`).join(', ')}; ` +
    `${bad.toFixed(1)} wrong passwords a second, alarm ${alarm ? 'given' : 'NOT GIVEN'}; the owner got in ${waited.length} times, in ${waited[waited.length >> 1].toFixed(0)} ms (at most ${waited.at(-1).toFixed(0)})`);
  if (seen[401] !== ACCOUNTS || after.good - before.good !== waited.length || !alarm) throw new Error('somebody got in, or nobody would know');
}
