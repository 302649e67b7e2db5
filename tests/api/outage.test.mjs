/* Redis flushed, stopped and back; PostgreSQL restarted: never a wrong answer, 503 with Retry-After where there is none, and recovery without help. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAgent } from '../support/agent.mjs';
import { eventually, timed } from '../support/eventually.mjs';
import { outcomeOf } from '../support/outcome.mjs';
import { processesOf } from '../support/processes.mjs';
import { newPartner } from '../support/partner.mjs';
import { operatorLogIn, partnerToken, pay, userTokens } from '../support/people.mjs';
import { addClient, addUser, post, request, tokensFor } from '../support/relying_party.mjs';
import { newSeller } from '../support/seller.mjs';
import { startStack } from '../support/stack.mjs';

let s, token;

before(async () => {
  s = await startStack({ profile: 'demo', env: { PAYSRV_RECONCILE_AFTER: '1s', PAYSRV_STATEMENT_TIMEOUT: '5s' } });
  token = await partnerToken(s.env);
});

after(() => s?.stop());

const create = () => pay(s.env, token, 'POST', '/v1/payments', { store: s.env.demo.store_id, amount: 1000, currency: 'EUR', description: 'An article' });
const confirm = (id, key) => pay(s.env, token, 'POST', `/v1/payments/${id}/confirm`, { payment_token: 'tok_test_visa' }, { key });

async function buy() {
  const { status, body } = await create();
  assert.equal(status, 201, JSON.stringify(body));
  const answer = await outcomeOf(({ key }) => confirm(body.id, key));
  assert.equal(answer.body.status, 'succeeded', JSON.stringify(answer.body));
  return body.id;
}

const ready = async (server) => fetch(`http://127.0.0.1:${s.env.admin_ports[server]}/readyz`);

/* What the alarm StoaPartAway is told; the job looks every ten seconds. */
const shows = (server, part, value) => eventually(async () => {
  const text = await (await fetch(`http://127.0.0.1:${s.env.admin_ports[server]}/metrics`)).text();
  return text.includes(`\nstoa_part_usable{part="${part}"} ${value}\n`);
}, { what: `${server} shows ${part} as ${value}`, pause: 500 });

test('without Redis everything still answers, and says what is missing', async () => {
  const payment = await buy();
  await s.kill('redis', 'SIGTERM');
  assert.equal((await confirm(payment, 'another')).status, 409, 'paid once is paid once');
  await buy();
  const { access_token: buyer } = await userTokens(s.env, s.env.demo.buyer);
  const { status, body } = await pay(s.env, buyer, 'GET', '/v1/users/me');
  assert.deepEqual([status, body.code, body.param], [404, 'not_found', 'user']);
  assert.match(body.detail, /POST \/v1\/users makes it/, 'who has no account yet is told how he gets one');
  const answer = await ready('paysrv');
  assert.equal(answer.status, 503);
  assert.match(await answer.text(), /redis|cache/i);
  await Promise.all(['authsrv', 'paysrv'].map((server) => shows(server, 'redis', 0)));
  await s.restart('redis');
  await eventually(async () => (await ready('paysrv')).status === 200, { what: 'paysrv is ready' });
  await shows('paysrv', 'redis', 1);
  await buy();
});

/* How many wrong passwords of an account are heard before the next is refused unheard. */
async function guessesUntilRefused() {
  const agent = createAgent(), email = `${randomUUID()}@example.com`;
  const page = await agent.open((await request(await addClient(s))).url);
  for (let i = 0; i < 100; i += 1) {
    const { status } = await agent.submit(page, { email, password: `guess number ${i}` }, { button: 'Sign in' });
    if (status === 429) return i;
    assert.equal(status, 401);
  }
  return Infinity;
}

/* SECURITY F-R3, F-R5, F-R6. */
test('a Redis that refuses or hangs: limits hold, everything answers, and it says what is missing', async () => {
  const redis = (...words) => execFileSync('redis-cli', ['-u', s.env.redis_url, ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const faults = {
    OOM: [() => redis('config', 'set', 'maxmemory', '1'), () => redis('config', 'set', 'maxmemory', '0')],
    READONLY: [() => redis('replicaof', '127.0.0.1', '1'), () => redis('replicaof', 'no', 'one')],
    NOAUTH: [() => redis('config', 'set', 'requirepass', 'x'), () => redis('-a', 'x', 'config', 'set', 'requirepass', '')],
    silence: [() => process.kill(s.env.pids.redis, 'SIGSTOP'), () => process.kill(s.env.pids.redis, 'SIGCONT')],
  };
  for (const server of ['authsrv', 'paysrv']) {
    const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${s.env.pids[server]}/status`, 'utf8'))[1];
    assert.ok(BigInt(`0x${ignored}`) & (1n << BigInt(constants.signals.SIGPIPE - 1)), `${server} ignores SIGPIPE`);
  }
  for (const [fault, [begin, end]] of Object.entries(faults)) {
    begin();
    try {
      if (fault === 'NOAUTH') redis('-a', 'x', 'client', 'kill', 'type', 'normal', 'skipme', 'yes'); /* who is connected stays so */
      const guesses = await guessesUntilRefused();
      assert.ok(guesses > 1 && guesses < 100, `${fault}: refused at the guess ${guesses}`);
      await buy();
      const answer = await ready('paysrv');
      assert.deepEqual([answer.status, (await answer.json()).failing.includes('redis')], [503, true], fault);
    } finally {
      end();
    }
    await eventually(async () => (await ready('paysrv')).status === 200, { what: `paysrv is ready after ${fault}` });
  }
  await buy();
});

test('PostgreSQL away: 503 with Retry-After; back: all is well by itself', async () => {
  const kept = await buy();
  await s.kill('postgres', 'SIGINT');
  const refused = await create();
  assert.equal(refused.status, 503, JSON.stringify(refused.body));
  assert.match(refused.headers.get('retry-after'), /^[1-9]\d*$/);
  assert.equal(refused.headers.get('content-type'), 'application/problem+json');
  for (const server of ['authsrv', 'paysrv']) assert.equal((await ready(server)).status, 503);
  await shows('paysrv', 'database', 0);
  await s.restart('postgres');
  await eventually(buy, { what: 'a payment succeeds' });
  await eventually(() => userTokens(s.env, s.env.demo.buyer), { what: 'a log-in succeeds' });
  assert.equal((await pay(s.env, token, 'GET', `/v1/payments/${kept}`)).body.status, 'succeeded');
});

/* Its processes are there and say nothing, as when its disk does not answer. */
test('PostgreSQL hangs: what asks for the health of a server is told so at once, and its numbers are shown', async () => {
  const admin = (path) => fetch(`http://127.0.0.1:${s.env.admin_ports.paysrv}${path}`);
  await eventually(async () => (await admin('/readyz')).status === 200, { what: 'all is well' });
  const hung = processesOf(join(s.data, 'pg'));
  hung.forEach((pid) => process.kill(pid, 'SIGSTOP'));
  try {
    for (let i = 0; i < 2; i++) { /* by a connection that there was, and without one */
      const { value: answer, ms } = await timed(() => admin('/readyz'));
      assert.deepEqual([answer.status, (await answer.json()).failing.includes('database')], [503, true]);
      assert.ok(ms < 5000, `${ms} ms`);
    }
    const { value: metrics, ms } = await timed(() => admin('/metrics'));
    assert.deepEqual([metrics.status, ms < 5000], [200, true], `${ms} ms`);
  } finally {
    hung.forEach((pid) => process.kill(pid, 'SIGCONT'));
  }
  /* Each connection finds out by itself, and what asks meanwhile is 503. */
  await eventually(async () => (await Promise.all(Array.from({ length: 32 }, buy))).every(Boolean), { what: 'all payments succeed' });
});

test('PostgreSQL killed under load: what was acknowledged is there', async () => {
  const acknowledged = [];
  let running = true;
  const buyers = Array.from({ length: 4 }, async () => {
    while (running) {
      try {
        const { status, body } = await create();
        if (status !== 201) continue;
        const answer = await confirm(body.id);
        if (answer.body?.status === 'succeeded') acknowledged.push(body.id);
      } catch {
        await sleep(50);
      }
    }
  });
  const more = (n) => eventually(() => acknowledged.length >= n, { what: `${n} payments` });
  try {
    await more(4);
    await s.kill('postgres', 'SIGKILL');
    await s.restart('postgres');
    await more(acknowledged.length + 4);
  } finally {
    running = false;
  }
  await Promise.all(buyers);
  await eventually(buy, { what: 'a payment succeeds' });
  const known = await s.psql(`select payment_id from pay.payment where status = 'succeeded'`);
  const ids = new Set(known.map((row) => row.payment_id));
  assert.deepEqual(acknowledged.filter((id) => !ids.has(id)), []);
  await eventually(async () => (await s.psql("select call_id from pay.acquirer_call where state in ('intent', 'sent', 'unknown')")).length === 0, { what: 'every call has an outcome' });
  assert.deepEqual(await s.psql('select * from pay.v_inv'), []);
  assert.deepEqual(await s.psql('select * from auth.v_inv'), []);
});

test('a revocation that the database does not take is 503, and its repetition works', async () => {
  const rp = await addClient(s);
  const { tokens } = await tokensFor(rp, await addUser(s));
  const active = async () => (await post(s, '/introspect', { token: tokens.refresh_token }, { basic: rp })).body.active;
  const revoke = () => post(s, '/revoke', { token: tokens.refresh_token }, { basic: rp });
  const blocked = s.psql('begin; lock table auth.grants in exclusive mode; select pg_sleep(120); commit').catch(() => null);
  const holders = (what) => s.psql(`select ${what} from pg_locks l join pg_class c on c.oid = l.relation where c.relname = 'grants' and l.mode = 'ExclusiveLock' and l.granted`);
  await eventually(async () => (await holders('l.pid')).length === 1, { what: 'the lock is held' });
  const refused = await revoke();
  assert.equal(refused.status, 503, JSON.stringify(refused.body));
  assert.ok(Number(refused.headers.get('retry-after')) > 0);
  await holders('pg_terminate_backend(l.pid)');
  await blocked;
  assert.equal(await active(), true, 'nothing was revoked, and nobody was told so');
  assert.deepEqual([(await revoke()).status, (await revoke()).status], [200, 200]);
  assert.equal(await active(), false);
});

test('a mail server that is away for a night loses no notice', async () => {
  const seller = await newSeller(s.env), rows = (what, where = '') => s.psql(`select ${what} from pay.mail where recipient = '${seller.email}' and sent_at is null ${where}`);
  await s.kill('mail', 'SIGTERM');
  assert.equal((await s.operator('paysrv', 'users', 'email', seller.user.id, `moved-${seller.email}`)).code, 0);
  await eventually(async () => (await rows('1', 'and tries > 0')).length === 1, { what: 'it was tried' });
  await s.psql(`update pay.mail set tries = 60, due_at = now() where recipient = '${seller.email}'`);
  await eventually(async () => (await rows('1', 'and tries > 60 and (failed_at is not null or due_at > now() + interval \'2 minutes\')')).length === 1, { what: 'it was tried again' });
  assert.deepEqual(await rows('failure'), [{ failure: null }], 'and is not given up');
  await s.restart('mail');
  await s.psql(`update pay.mail set due_at = now() where recipient = '${seller.email}'`);
  await s.mail(seller.email);
});

test('Redis flushed in the middle changes nothing that was decided', async () => {
  const { body } = await create();
  const first = await outcomeOf(({ key }) => confirm(body.id, key), 'flushed');
  assert.equal(first.body.status, 'succeeded');
  execFileSync('redis-cli', ['-u', s.env.redis_url, 'flushall']);
  const replayed = await confirm(body.id, 'flushed');
  assert.deepEqual(replayed.body, first.body);
  assert.equal(replayed.headers.get('idempotent-replayed'), 'true');
});

test('an acquirer that hangs holds up the partner that calls it, and nobody else', async () => {
  const beside = [];
  for (let i = 0; i < 3; i += 1) beside.push(await newSeller(s.env, { token: (await newPartner(s)).token }));
  const greedy = (i) => pay(s.env, token, 'POST', '/v1/payments', { store: s.env.demo.store_id, amount: 1000 + i, currency: 'EUR', description: 'An article',
    confirm: { payment_token: 'tok_test_visa' } });
  process.kill(s.env.pids.acquirer, 'SIGSTOP');
  try {
    let answered = 0;
    const burst = Array.from({ length: 400 }, async (_, i) => {
      const { status } = await greedy(i);
      answered++;
      return status;
    });
    await eventually(() => answered > 0, { what: 'the queue has no more places for it' });
    const refused = new Set(); /* one of 63 partners shares a line with the greedy one, and what it has (docs/decisions/0097-fair-queue.md) */
    for (let i = 0; i < 30; i++) {
      const one = beside[i % beside.length];
      const { status, body } = await one.call('POST', '/v1/payments', { store: one.store.id, amount: 1000, currency: 'EUR', description: 'An article' });
      if (status !== 201) refused.add(one);
      assert.ok(status === 201 || (status === 503 && refused.size === 1), JSON.stringify(body));
    }
    const statuses = await Promise.all(burst);
    assert.deepEqual([...new Set(statuses)].filter((status) => ![202, 503].includes(status)), [], 'nobody knows, or is refused');
    assert.ok(statuses.includes(202) && statuses.includes(503));
  } finally {
    process.kill(s.env.pids.acquirer, 'SIGCONT');
  }
  const refused = await (await fetch(`http://127.0.0.1:${s.env.admin_ports.paysrv}/metrics`)).text();
  assert.match(refused, /^stoa_queue_refused_total\{because="share"\} [1-9]/m);
  await eventually(async () => (await s.psql("select call_id from pay.acquirer_call where state in ('intent', 'sent', 'unknown')")).length === 0, { what: 'every call has an outcome' });
});

/* Made slow by a part of the check that finds nothing and takes longer than what it is at is told after. */
test('a book that takes long to check is checked by the command, which tells what it is at, and the page opens without', async () => {
  const whole = 'create or replace view pay.v_inv as select inv, k from pay.v_inv_ledger union all select inv, k from pay.v_inv_payouts union all select inv, k from pay.v_inv_disputes';
  await s.psql(`${whole} union all select 'X', 'x' from (select pg_sleep(12)::text as done) slow where done <> ''`);
  try {
    const [patient, hasty, page] = await Promise.all([
      s.operator('paysrv', 'ledger', 'check'),
      s.operator('paysrv', 'ledger', 'check', { env: { PAYSRV_COMMAND_TIMEOUT: '1s' } }),
      operatorLogIn(s.env, createAgent(), s.env.admin),
    ]);
    assert.deepEqual([patient.code, patient.stdout.split('\n').at(-2)], [0, '0 violation(s)'], patient.stderr);
    assert.match(patient.stderr, /^\d+ of \d+ rules checked; at what is of no rule by name \(\d+ s\)$/m);
    assert.deepEqual([hasty.code, hasty.stdout], [1, ''], 'the time of one rule is a setting');
    assert.match(hasty.stderr, /^paysrv: not checked: what is of no rule by name$/m);
    assert.equal(hasty.stderr.match(/not checked/g).length, 1, 'the others are');
    assert.equal(page.status, 200);
    assert.match(page.text, /Not checked: .*paysrv ledger check/);
    assert.ok(!page.text.includes('every rule holds'));
  } finally {
    await s.psql(whole);
  }
  await eventually(async () => /every rule holds/.test((await operatorLogIn(s.env, createAgent(), s.env.admin)).text), { what: 'the page has time for it again' });
});
