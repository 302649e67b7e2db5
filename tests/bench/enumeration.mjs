/*
 * ./stoa bench enumeration: whether time tells that an address has an account, at each door that is asked for addresses, or that a store, user
 * or confirmation of another partner is there (enumeration_pay.mjs). Known and unknown ones in random order over one connection; the two samples are held against each other by the U test (Mann and Whitney). A door passes
 * when they cannot be told apart, or when their medians differ by less than a millisecond.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { Agent, request as send } from 'node:http';
import * as oidc from 'openid-client';
import { createAgent, formsOf } from '../support/agent.mjs';
import { firstParty } from '../support/first_party.mjs';
import { mannWhitney } from '../support/mann_whitney.mjs';
import { addClient, operator, request } from '../support/relying_party.mjs';
import { N_PAY_DOORS, payDoors } from './enumeration_pay.mjs';
import { addPeople, unknown } from './people.mjs';

const EACH = Number(process.env.ENUMERATION_EACH ?? 1000);
const WARM_UP = 50, PATIENCE_MS = 120_000;
const COSTLY = Number(process.env.ENUMERATION_COSTLY ?? 200); /* of a door of which EACH would take longer than PATIENCE_MS */
const ONLY = new RegExp(process.env.ENUMERATION_DOORS ?? '');
const LEVEL = 0.01; /* of all doors together */
const ALLOWED_MS = 1;

const median = (list) => {
  const sorted = [...list].sort((a, b) => a - b), half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};
function shuffled(list) {
  for (let i = list.length - 1; i > 0; i -= 1) {
    const j = randomInt(i + 1);
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

/* One request of the one connection: how long it took, in ms. */
function timed(connection, { url: door, status, ask }, email) {
  const { url = door, method = 'POST', headers, body = '' } = ask(email);
  return new Promise((resolve, reject) => {
    const from = performance.now();
    send(url, { method, agent: connection, headers: method === 'POST' ? { ...headers, 'content-length': Buffer.byteLength(body) } : headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (piece) => { text += piece; }).on('end', () => {
        const ms = performance.now() - from;
        if (answer.statusCode === status) resolve(ms);
        else reject(new Error(`${url}: ${answer.statusCode} for ${email}: ${text.slice(0, 500)}`));
      });
    }).on('error', reject).end(body);
  });
}

/* A form of a page, sent by the browser that loaded it. */
async function formDoor(stack, rp, path, more, fields) {
  const agent = createAgent();
  const page = await agent.open((await request(rp, more)).url);
  const { url, text } = path ? await agent.open(new URL(`${path}?flow=${page.url.searchParams.get('flow')}`, page.url)) : page;
  const form = formsOf(text).find((one) => one.fields.some(({ name }) => name === 'email'));
  const cookie = [...agent.jar].map(([key, value]) => `${key.split(' ')[1]}=${value}`).join('; ');
  const headers = { cookie, origin: url.origin, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };
  const hidden = Object.fromEntries(form.fields.filter(({ name, type }) => name && type === 'hidden').map(({ name, value }) => [name, value ?? '']));
  return { url: new URL(form.action, url), ask: (email) => ({ headers, body: new URLSearchParams({ ...hidden, ...fields, email }).toString() }) };
}

const pkce = async () => ({ code_challenge: await oidc.calculatePKCECodeChallenge(oidc.randomPKCECodeVerifier()), code_challenge_method: 'S256' });

async function challengeDoor(stack) {
  const rp = await firstParty(stack);
  const headers = { authorization: `Basic ${Buffer.from(`${rp.id}:${rp.secret}`).toString('base64')}`, 'content-type': 'application/x-www-form-urlencoded' };
  const fields = { scope: 'openid email', nonce: oidc.randomNonce(), ...await pkce() };
  return { url: new URL('/authorization_challenge', stack.env.issuer), ask: (email) => ({ headers, body: new URLSearchParams({ ...fields, login_hint: email }).toString() }) };
}

async function partnerDoor(stack) {
  const slug = `p-${randomBytes(4).toString('hex')}`;
  await operator(stack, 'partners', 'add', slug, '--name', slug, '--issuer', `https://${slug}.example`, '--client-id', 'stoa');
  const rp = await firstParty(stack, 'register', { scope: 'openid email auth.partner.users', more: ['--partner', slug] });
  const { access_token: token } = await oidc.clientCredentialsGrant(rp.config, { scope: 'auth.partner.users' });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const fields = { nonce: oidc.randomNonce(), ...await pkce() };
  return { url: new URL('/partner/v1/users', stack.env.issuer), ask: (email) => ({ headers, body: JSON.stringify({ ...fields, email }) }) };
}

/* What each door answers, whoever is asked for. */
const DOORS = {
  'log-in with a password': [401, (stack, rp) => formDoor(stack, rp, null, {}, { password: 'not the password of anybody' })],
  'forgotten password': [200, (stack, rp) => formDoor(stack, rp, '/recover', {}, {})],
  'opening an account': [200, (stack, rp) => formDoor(stack, rp, null, { prompt: 'create' }, { name: 'Nora New' })],
  'code inside an application': [400, challengeDoor],
  'people brought by partners': [201, partnerDoor],
};

/* { known, other }: milliseconds of each request for people, and of as many for nobody. */
async function ask(door, connection, people) {
  const known = [], other = [];
  const nobody = door.unknown ?? unknown;
  const all = people.flatMap((email) => [{ email, to: known }, { email: nobody(), to: other }]);
  for (const { email, to } of shuffled(all)) to.push(await timed(connection, door, email));
  return { known, other };
}

async function measure(door, people) {
  const connection = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    const { known } = await ask(door, connection, people.slice(0, WARM_UP));
    const each = 2 * EACH * median(known) > PATIENCE_MS ? Math.min(EACH, COSTLY) : EACH;
    return await ask(door, connection, people.slice(WARM_UP, WARM_UP + each));
  } finally {
    connection.destroy();
  }
}

function judge(name, { known, other }) {
  const [a, b] = [median(known), median(other)], { p } = mannWhitney(known, other);
  const passes = p > LEVEL / (Object.keys(DOORS).length + N_PAY_DOORS) || Math.abs(a - b) < ALLOWED_MS;
  console.log(`enumeration: ${name.padEnd(26)} ${known.length} each  known ${a.toFixed(3)} ms  unknown ${b.toFixed(3)} ms  ` +
    `difference ${(1000 * (a - b)).toFixed(0)} us  p ${p.toPrecision(2)}  ${passes ? 'passes' : 'FAILS'}`);
  return passes;
}

export async function enumeration(stack) {
  await stack.restart('authsrv', { env: { AUTHSRV_RATE_LIMITS: 'false', AUTHSRV_SELF_REGISTRATION: 'true' } });
  const rp = await addClient(stack), told = [];
  for (const [name, [status, open]] of Object.entries(DOORS).filter(([door]) => ONLY.test(door))) {
    const people = await addPeople(stack, EACH + WARM_UP);
    if (!judge(name, await measure({ status, ...await open(stack, rp) }, people))) told.push(name);
  }
  for (const { name, known, ...door } of (await payDoors(stack, EACH + WARM_UP)).filter((one) => ONLY.test(one.name)))
    if (!judge(name, await measure(door, known))) told.push(name);
  if (told.length) throw new Error(`time tells who is there: ${told.join(', ')}`);
}
