/*
 * A server that may open few files, and a crowd that connects: who is connected is served, and has the database; the others wait, the processor
 * rests, and when there is room again all goes on. SECURITY F-H3.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/eventually.mjs';
import { partnerToken } from '../support/people.mjs';
import { ROOT, startStack } from '../support/stack.mjs';

const MORE = 60, CROWD = 400, REST_S = 3;
const TICKS_PER_S = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
let s;

before(async () => {
  s = await startStack({ profile: 'demo' });
});

after(() => s?.stop());

const filesOf = (pid) => readdirSync(`/proc/${pid}/fd`).length;

async function restartWithFiles(server, n) {
  execFileSync('prlimit', [`--nofile=${n}:${n}`, join(ROOT, 'stoa'), 'restart', '--data', s.data, server], { stdio: 'ignore' });
  await s.refresh();
}

/* Seconds of the processor that it has used. */
function processorOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}

/* Whoever comes and says nothing; resolves when each is connected, or refused. */
async function crowd(url) {
  const { hostname, port } = new URL(url);
  const sockets = Array.from({ length: CROWD }, () => connect(port, hostname).on('error', () => {}));
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve).once('close', resolve))));
  return () => sockets.forEach((socket) => socket.destroy());
}

/* A client that keeps its one connection: resolves to the status, and whether it was the one from before. */
function connected(origin, path, headers = {}) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return () => new Promise((resolve, reject) => {
    const request = get(new URL(path, origin), { agent, headers }, (answer) => answer.resume().on('end', () => resolve([answer.statusCode, request.reusedSocket])));
    request.on('error', reject);
  });
}

async function withFewFiles(server, origin, ask) {
  const most = 2 * filesOf(s.env.pids[server]) + MORE;
  await restartWithFiles(server, most);
  const pid = s.env.pids[server], alone = filesOf(pid);
  assert.equal((await ask())[0], 200);
  const leave = await crowd(origin);
  try {
    await eventually(() => filesOf(pid) >= 0.8 * (alone + most / 2), { what: 'there is no more room' }); /* some that it had alone come and go */
    const used = processorOf(pid), began = performance.now();
    for (let i = 0; i < 10; i++) assert.deepEqual(await ask(), [200, true], 'who is connected is served');
    await sleep(REST_S * 1000);
    const busy = processorOf(pid) - used, watched = (performance.now() - began) / 1000;
    assert.ok(busy < watched / 4, `${busy} s of the processor in ${watched} s`);
    assert.ok(filesOf(pid) < most, 'files are left for others than those who connect');
  } finally {
    leave();
  }
  await eventually(async () => (await fetch(new URL('/.well-known/openid-configuration', origin))).status < 500, { what: 'a new client is served' });
  assert.equal((await ask())[0], 200);
  assert.equal(s.env.pids[server], pid);
}

test('authsrv has few files', () => withFewFiles('authsrv', s.env.issuer, connected(s.env.issuer, '/.well-known/openid-configuration')));

test('paysrv has few files', async () => {
  const token = await partnerToken(s.env);
  await withFewFiles('paysrv', s.env.pay_api, connected(s.env.pay_api, '/v1/payments?limit=1', { authorization: `Bearer ${token}` }));
  assert.equal((await fetch(`${s.env.pay_api}/v1/payments?limit=1`, { headers: { authorization: `Bearer ${token}` } })).status, 200);
});
