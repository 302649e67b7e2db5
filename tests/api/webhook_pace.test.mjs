/*
 * Many deliveries to one endpoint at a time: as many as it answers well, no two of one object, and no flood where it does not answer; what a server
 * had under way when it was killed. MONEY 6.D26, docs/decisions/0105-deliveries-at-once.md.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { cpuMs } from '../support/cpu.mjs';
import { eventually } from '../support/eventually.mjs';
import { holding } from '../support/holding.mjs';
import { newPartner } from '../support/partner.mjs';
import { pay } from '../support/people.mjs';
import { startStack } from '../support/stack.mjs';
import { makePki } from '../support/tls.mjs';

const WATCHED_MS = 3000;

const pki = makePki();
let s, partner, server, origin, made = 0;
const paths = new Map(); // path -> { answer, calls, flying, most, collisions, sockets }

before(async () => {
  s = await startStack({ profile: 'bare', env: { PAYSRV_CA_FILE: pki.caFile } });
  partner = await newPartner(s);
  server = createServer(async (request, response) => {
    const parts = await request.toArray().catch(() => null);
    if (!parts) return; /* who sent it has given up */
    const { data: { id }, sequence } = JSON.parse(Buffer.concat(parts)), path = paths.get(request.url);
    path.sockets.add(request.socket);
    if (path.flying.has(id)) path.collisions++;
    path.flying.add(id);
    path.most = Math.max(path.most, path.flying.size);
    path.calls.push({ event: request.headers['webhook-id'], id, sequence });
    await path.answer(response, path);
    path.flying.delete(id);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
});

after(async () => {
  server?.closeAllConnections();
  server?.close();
  await s?.stop();
  pki.remove();
});

const soon = (ms, status = 204) => (response) => new Promise((resolve) => { setTimeout(() => resolve(response.writeHead(status).end()), ms); });

/* An endpoint for events that only this test makes. */
async function endpoint(answer, more = {}) {
  const path = `/${++made}`, type = ['user.created', 'user.updated', 'user.closed', 'user.erased', 'store.created'][made % 5];
  paths.set(path, { answer, calls: [], flying: new Set(), most: 0, collisions: 0, sockets: new Set() });
  const { status, body } = await pay(s.env, partner.token, 'POST', '/v1/webhook_endpoints', { url: origin + path, events: [type], ...more });
  assert.equal(status, 201, JSON.stringify(body));
  return { ...paths.get(path), at: paths.get(path), hook: body, type };
}

/* So many events of that type, `each` of one object one after the other. */
const happen = ({ type, hook }, n, each = 1) => s.psql(`
  insert into pay.event (event_id, partner_id, type, object_id, data, created_at, is_pending, sequence)
  select '${hook.id.replace('we_', 'evt_z')}' || 10000 + n, '${partner.slug}', '${type}', '${hook.id}' || (n - 1) / ${each},
         json_build_object('id', '${hook.id}' || (n - 1) / ${each}, 'object', 'user')::text, now(), true, (n - 1) % ${each} + 1 from generate_series(1, ${n}) n`);

const row = async ({ hook }) => (await s.psql(`select at_once, failures, answer_us from pay.webhook_endpoint where webhook_endpoint_id = '${hook.id}'`))[0];
const left = async ({ hook }) => (await s.psql(`select count(*)::int as n from pay.webhook_delivery where webhook_endpoint_id = '${hook.id}' and status <> 'delivered'`))[0].n;
const arrived = (e, n) => eventually(async () => new Set(e.calls.map(({ event }) => event)).size === n && await left(e) === 0, { what: `${n} events arrived` });

test('the log of deliveries says what is wrong with the certificate of an endpoint', async (t) => {
  const day = 86_400_000, here = 'subjectAltName=IP:127.0.0.1', signed = (name, more) => pki.issue(name, { extensions: here, ...more });
  const keys = [[signed('good'), null], [signed('late', { since: new Date(Date.now() - 2 * day), until: new Date(Date.now() - day) }), 'the certificate has expired'],
    [signed('other', { extensions: 'subjectAltName=DNS:other.example' }), "the certificate is not trusted, or is another name's"],
    [pki.selfSigned('own'), "the certificate is not trusted, or is another name's"], [null, 'TLS failed']];
  for (const [pair, failure] of keys) {
    const one = pair && createTlsServer({ cert: pair.cert, key: pair.key }, (request, response) => response.writeHead(204).end());
    if (one) await new Promise((resolve) => one.listen(0, '127.0.0.1', resolve));
    t.after(() => one?.close().closeAllConnections());
    const { body: hook } = await pay(s.env, partner.token, 'POST', '/v1/webhook_endpoints', { url: `https://127.0.0.1:${(one ?? server).address().port}/`, events: ['payout.paid'] });
    await pay(s.env, partner.token, 'POST', `/v1/webhook_endpoints/${hook.id}/ping`);
    const log = async () => (await pay(s.env, partner.token, 'GET', `/v1/webhook_endpoints/${hook.id}/deliveries`)).body.data[0];
    const tried = await eventually(async () => { const it = await log(); return it?.attempts && it; }, { what: `${failure ?? 'it is delivered'}` });
    assert.deepEqual([tried.failure, tried.response_status], [failure, failure ? null : 204]);
    await pay(s.env, partner.token, 'DELETE', `/v1/webhook_endpoints/${hook.id}`);
  }
});

test('an endpoint that answers gets many at a time, over connections that stay, and the events of one object one after the other, in order', async () => {
  const e = await endpoint(soon(100));
  await happen(e, 600, 5);
  await arrived(e, 600);
  assert.equal(e.calls.length, 600, 'each once');
  assert.equal(e.at.collisions, 0, 'never two of one object');
  assert.ok(e.at.most >= 4, `${e.at.most} at a time`);
  assert.ok(e.sockets.size <= 2 * e.at.most + 4, `${e.sockets.size} connections`);
  const heard = new Map();
  for (const { id, sequence } of e.calls) heard.set(id, [...heard.get(id) ?? [], sequence]);
  assert.deepEqual([...heard.values()].filter((list) => `${list}` !== '1,2,3,4,5'), []);
  const { at_once: atOnce } = await eventually(async () => { const now = await row(e); return now.at_once > 1 && now; }, { what: 'it is kept' });
  assert.match((await s.operator('paysrv', 'webhooks', 'list', partner.slug)).stdout, new RegExp(`^${e.hook.id} .* at a time ${atOnce} of 64$`, 'm'));
});

test('a partner says how many it may be; with one they come in order', async () => {
  const e = await endpoint(soon(5), { max_in_flight: 1 });
  assert.equal(e.hook.max_in_flight, 1);
  await happen(e, 60);
  await arrived(e, 60);
  assert.deepEqual([e.at.most, e.calls.map(({ event }) => event)], [1, e.calls.map(({ event }) => event).sort()]);
  const set = (max_in_flight) => pay(s.env, partner.token, 'POST', `/v1/webhook_endpoints/${e.hook.id}`, { max_in_flight });
  for (const wrong of [0, 65, 'x']) assert.deepEqual(await set(wrong).then(({ status, body }) => [status, body.param]), [400, 'max_in_flight']);
  assert.equal((await set(3)).body.max_in_flight, 3);
  assert.equal((await pay(s.env, partner.token, 'POST', `/v1/webhook_endpoints/${e.hook.id}`, { payload: 'thin' })).body.max_in_flight, 3, 'what is left out stays');
  await happen({ ...e, hook: { id: `${e.hook.id}x` } }, 200);
  await eventually(() => e.at.most === 3 && e.calls.length >= 260, { what: 'three at a time' });
});

test('while the next event of an object waits for the one under way, nobody works for it', async () => {
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  const e = await endpoint(async (response, path) => {
    if (path.calls.length === 1) await held;
    response.writeHead(204).end();
  });
  await s.psql(`update pay.webhook_endpoint set at_once = 8 where webhook_endpoint_id = '${e.hook.id}'`);
  await happen(e, 4, 4);
  await eventually(() => e.calls.length === 1, { what: 'the first is under way' });
  const before = cpuMs(s.env.pids.paysrv), began = performance.now();
  await sleep(WATCHED_MS);
  const used = cpuMs(s.env.pids.paysrv) - before, watched = performance.now() - began;
  release();
  await arrived(e, 4);
  assert.deepEqual(e.calls.map(({ sequence }) => sequence), [1, 2, 3, 4]);
  assert.ok(used < watched / 3, `${used} ms of the processor in ${watched}`);
});

test('one that fails is called by one sender and rests, whatever waits; others get theirs meanwhile', async () => {
  let fails = false, takes = 300; /* however slow the machine is that sends, many are under way */
  const e = await endpoint((response) => soon(takes, fails ? 503 : 204)(response));
  await happen(e, 3000);
  await eventually(() => e.at.most >= 8, { what: 'it has many at a time' });
  [fails, takes] = [true, 50];
  const before = e.calls.length, most = e.at.most;
  const resting = await eventually(async () => { const now = await row(e); return now.failures >= 2 && now.at_once === 1 && now; }, { what: 'it rests' });
  assert.ok(resting.failures >= 2);
  assert.ok(e.calls.length - before <= 3 * most + 8, `${e.calls.length - before} calls after the first failure, with ${most} under way`);
  const other = await endpoint(soon(1));
  await happen(other, 100);
  await arrived(other, 100);
  fails = false;
  const ids = e.calls.slice(before).map(({ event }) => event);
  await s.psql(`update pay.webhook_delivery set due_at = now() where webhook_endpoint_id = '${e.hook.id}' and status = 'pending'`);
  await s.psql(`update pay.webhook_endpoint set paused_until = now() where webhook_endpoint_id = '${e.hook.id}'`);
  await eventually(async () => (await row(e)).failures === 0 && ids.every((id) => e.calls.filter(({ event }) => event === id).length >= 2), { what: 'what failed comes again' });
  await arrived(e, 3000);
});

test('what was under way when the server was killed comes again, with the same ids; nothing is lost, nothing else comes twice', async () => {
  const e = await endpoint(soon(50));
  await happen(e, 400, 4);
  await eventually(() => e.calls.length > 50, { what: 'it is on its way' });
  s.dieAt('webhook.before_record');
  await s.ended('paysrv');
  const before = e.calls.length;
  await s.restart('paysrv');
  await s.psql(`update pay.webhook_endpoint set busy_until = now() where webhook_endpoint_id = '${e.hook.id}'`); // the lease of the dead one is over
  await arrived(e, 400);
  const twice = e.calls.length - 400;
  assert.ok(twice >= 1 && twice <= e.at.most, `${twice} twice, ${e.at.most} at a time`);
  const first = new Set(e.calls.slice(0, before).map(({ event }) => event));
  assert.equal(e.calls.slice(before).filter(({ event }) => first.has(event)).length, twice);
  for (const id of new Set(e.calls.map((call) => call.id))) {
    const last = new Map(e.calls.filter((call) => call.id === id).map(({ sequence }, i) => [sequence, i]));
    assert.deepEqual([...last].sort(([, a], [, b]) => a - b).map(([sequence]) => sequence), [1, 2, 3, 4], 'in order');
  }
});

test('those that do not answer have a quarter of the senders, whatever waits for them; who answers has his at once', async () => {
  const dead = [];
  for (let n = 0; n < 8; n++) dead.push(await endpoint((response) => new Promise((resolve) => { response.on('close', resolve); })));
  await s.psql(`update pay.webhook_endpoint set failures = 2 where webhook_endpoint_id in (${dead.map(({ hook }) => `'${hook.id}'`)})`);
  await s.restart('paysrv', { env: { PAYSRV_WEBHOOK_SENDERS: '8' } });
  const alive = await endpoint(soon(1));
  const ping = async ({ hook }) => assert.equal((await pay(s.env, partner.token, 'POST', `/v1/webhook_endpoints/${hook.id}/ping`)).status, 202);
  const called = () => dead.filter(({ calls }) => calls.length > 0).length;
  for (const e of dead) await ping(e);
  await eventually(() => called() >= 2, { what: 'two of the dead ones are called' });
  await ping(alive);
  await arrived(alive, 1);
  assert.ok(called() <= 2 + 2, `${called()} of 8 are called`); /* two may have been given up on a busy machine */
});

/* However it asks. */
const MINUTE = { seconds: () => '60', date: () => new Date(Date.now() + 60_000).toUTCString() };

for (const [form, minute] of Object.entries(MINUTE)) test(`an endpoint that asked for a minute (${form}) has it, though what another delivery came to could not be written down here`, async () => {
  let held;
  const both = (path) => eventually(() => path.calls.length >= 2, { what: 'both are under way', pause: 5 });
  const e = await endpoint(async (response, path) => {
    const { event } = path.calls.at(-1);
    await both(path);
    if (event.endsWith('10001')) return response.writeHead(503, { 'retry-after': minute() }).end();
    await eventually(async () => (await s.psql(`select 1 from pay.webhook_delivery where event_id = '${event.replace(/10002$/, '10001')}' and attempts = 1`)).length, { what: 'that is written down' });
    held = await holding(s.env, 'lock table pay.webhook_delivery in share row exclusive mode');
    return response.writeHead(204).end();
  });
  await s.psql(`update pay.webhook_endpoint set at_once = 2 where webhook_endpoint_id = '${e.hook.id}'`);
  await happen(e, 2);
  const rests = await eventually(async () => {
    const [now] = await s.psql(`select extract(epoch from paused_until - now())::int as seconds from pay.webhook_endpoint where webhook_endpoint_id = '${e.hook.id}' and paused_until > now()`);
    return now;
  }, { what: 'it rests' });
  await held.release();
  assert.ok(rests.seconds > 30, `${rests.seconds} s`);
});
