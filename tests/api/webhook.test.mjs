/*
 * Webhooks to partners: Standard Webhooks signatures checked by the npm package standardwebhooks, retries, queues per endpoint, the delivery log.
 * docs/protocol/pay/events.md; SECURITY group M and H.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { createAgent } from '../support/agent.mjs';
import { judgeFor } from '../support/answers.mjs';
import { eventually } from '../support/eventually.mjs';
import { outcomeOf } from '../support/outcome.mjs';
import { newPartner } from '../support/partner.mjs';
import { pay } from '../support/people.mjs';
import { codeIn, newSeller, ofRequest } from '../support/seller.mjs';
import { freePortBase, sharedStack } from '../support/stack.mjs';
import { registerWebhook } from '../../web/inkwell/demo.mjs';

let s, server, origin, partner;
const behaviours = new Map(); // path -> (response, which call with this event)
const received = [];

/* Of a partner of this file's own: an endpoint is told of whatever its partner's stores and users do, and the demo's are everybody's. */
const mySeller = () => newSeller(s.env, { token: partner.token });

before(async () => {
  s = await sharedStack();
  partner = await newPartner(s);
  server = createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      received.push({ path: request.url, headers: request.headers, body: body.toString() });
      const behave = behaviours.get(request.url) ?? ((answer) => answer.writeHead(204).end());
      behave(response, received.filter((one) => one.path === request.url && one.headers['webhook-id'] === request.headers['webhook-id']).length);
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${server.address().port}`;
});

after(async () => {
  server?.closeAllConnections();
  server?.close();
  await partner?.remove();
  await s?.stop();
});

async function endpoint(seller, path, events) {
  const { status, body } = await seller.call('POST', '/v1/webhook_endpoints', { url: origin + path, events });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
}

/* A delivery in the log of an endpoint, whatever others do to fill it, once it is as is said. */
const logged = (seller, hook, judge, what) => eventually(async () => {
  for (let cursor = ''; ;) {
    const { body: page } = await seller.call('GET', `/v1/webhook_endpoints/${hook.id}/deliveries?limit=100${cursor}`);
    const found = page.data.find(judge);
    if (found || !page.has_more) return found;
    cursor = `&cursor=${page.next_cursor}`;
  }
}, { what });

/* As what failed eight times: its next try is hours away. */
const dueInHours = (hook) =>
  s.psql(`update pay.webhook_delivery set attempts = 8, due_at = now() + interval '5 hours' where webhook_endpoint_id = '${hook.id}' and status = 'pending'`);

const about = (path, object, type) => received.filter((one) => one.path === path && JSON.parse(one.body).data.id === object && (!type || JSON.parse(one.body).type === type));

/* Whoever answers late, on a machine that stands still, gets the same event again. */
const each = (calls) => [...new Map(calls.map((one) => [one.headers['webhook-id'], one])).values()];

test('a payout’s whole life is delivered, signed, with the object as the API shows it', async () => {
  const seller = await mySeller();
  const path = `/${randomUUID()}`;
  const hook = await endpoint(seller, path);
  assert.match(hook.secret, /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/);
  await seller.sell(1000);
  let payout, confirmed, canceled;
  do {
    payout = (await seller.request(200)).body;
    confirmed = await seller.confirm(payout.id, codeIn(await s.mail(seller.email, ofRequest(payout.label))));
    canceled = await seller.call('POST', `/v1/payouts/${payout.id}/cancel`);
  } while (canceled.status !== 200); /* the bank file of another test took it first */
  await eventually(() => each(about(path, payout.id)).length >= 3, { what: 'three events' });
  const calls = each(about(path, payout.id));
  assert.deepEqual(calls.map((one) => JSON.parse(one.body).type).sort(), ['payout.canceled', 'payout.confirmation_required', 'payout.confirmed']);
  for (const { headers, body } of calls) {
    const verified = new Webhook(hook.secret).verify(body, headers);
    assert.equal(verified.data.id, payout.id);
    assert.throws(() => new Webhook(hook.secret).verify(body.replace('EUR', 'USD'), headers));
    assert.match(headers['webhook-id'], /^evt_/);
  }
  assert.deepEqual(JSON.parse(about(path, payout.id, 'payout.confirmed')[0].body).data, confirmed.body);
  const numbers = Object.fromEntries(calls.map((one) => JSON.parse(one.body)).map(({ type, sequence }) => [type, sequence]));
  assert.deepEqual(numbers, { 'payout.confirmation_required': 1, 'payout.confirmed': 2, 'payout.canceled': 3 });
  const sold = await eventually(() => received.find((one) => one.path === path && JSON.parse(one.body).type === 'payment.succeeded'), { what: 'the payment' });
  const told = new Webhook(hook.secret).verify(sold.body, sold.headers);
  const { body: now } = await seller.call('GET', `/v1/payments/${told.data.id}`);
  const { body: events } = await seller.call('GET', `/v1/events?about=${told.data.id}`);
  assert.deepEqual([told.sequence, now.version, events.data.map((one) => one.sequence)], [1, 1, [1]]);
  const judge = await judgeFor(s.env.pay_api);
  for (const one of received) assert.equal(judge.message(JSON.parse(one.body)), null, one.body);
  assert.ok(!calls.some((one) => /\d{4} ?\d{4}"/.test(one.body.replace(/"(id|created_at|\w+_at|expires_at|user|requisite)":"[^"]*"/g, ''))), 'no code in any event');

  for (const id of calls.map((one) => one.headers['webhook-id'])) {
    const one = await logged(seller, hook, ({ event, status }) => event === id && status === 'delivered', 'it is in the log');
    assert.deepEqual([one.attempts >= 1, one.response_status], [true, 204]);
  }
  await seller.call('DELETE', `/v1/webhook_endpoints/${hook.id}`);
});

test('a failed delivery is tried again with the same id and a fresh timestamp; a redirect is a failure', async () => {
  const seller = await mySeller();
  const path = `/${randomUUID()}`;
  behaviours.set(path, (response, n) => (n === 1 ? response.writeHead(302, { location: `${origin}/elsewhere` }).end() : response.writeHead(200).end('ok')));
  const hook = await endpoint(seller, path, ['store.created']);
  const { body: store } = await seller.call('POST', '/v1/stores', { name: 'x', currency: 'EUR', user: seller.user.id });
  const calls = await eventually(() => about(path, store.id).length >= 2 && about(path, store.id), { what: 'a second attempt' });
  assert.equal(calls[0].headers['webhook-id'], calls[1].headers['webhook-id']);
  assert.ok(Number(calls[1].headers['webhook-timestamp']) >= Number(calls[0].headers['webhook-timestamp']) + 5);
  new Webhook(hook.secret).verify(calls[1].body, calls[1].headers);
  assert.ok(!received.some((one) => one.path === '/elsewhere'));
  const last = await logged(seller, hook, ({ event, status }) => event === calls[0].headers['webhook-id'] && status === 'delivered', 'it is in the log');
  assert.ok(last.attempts >= 2, `${last.attempts}`);
  await seller.call('DELETE', `/v1/webhook_endpoints/${hook.id}`);
});

test('a dead endpoint does not hold up the others', async () => {
  const seller = await mySeller();
  const [dead, alive] = [`/${randomUUID()}`, `/${randomUUID()}`];
  behaviours.set(dead, () => {}); // never answers
  const hooks = [await endpoint(seller, dead, ['user.created']), await endpoint(seller, alive, ['user.created'])];
  const make = async () => (await seller.call('POST', '/v1/users', { name: 'x', external_id: randomUUID() })).body;
  const first = await make();
  await eventually(() => about(dead, first.id).length, { what: 'the dead one was called' });
  const second = await make();
  await eventually(() => about(alive, first.id).length && about(alive, second.id).length, { what: 'the other is told while the dead one hangs' });
  const arrival = (path, object) => received.indexOf(about(path, object)[0]);
  const behind = arrival(dead, second.id);
  assert.ok(behind < 0 || behind > arrival(alive, second.id), 'the dead one waits alone');
  const failed = await logged(seller, hooks[0], ({ status, attempts }) => status === 'pending' && attempts >= 1, 'the attempt ends');
  assert.deepEqual([failed.response_status, failed.failure], [null, 'no answer in 15 s']);
  const called = received.find((one) => one.path === dead && one.headers['webhook-id'] === failed.event);
  const pause = Date.parse(failed.next_attempt_at) / 1000 - Number(called.headers['webhook-timestamp']);
  assert.ok(pause >= 15 + 5, `the next try is 5 s after the end of the one that timed out, not ${pause} s after its begin`);
  const third = await make();
  await eventually(() => about(alive, third.id).length, { what: 'and afterwards' });
  for (const hook of hooks) await seller.call('DELETE', `/v1/webhook_endpoints/${hook.id}`);
});

test('an endpoint whose outcome could not be written down is served again soon, not when its lease ends', async () => {
  const seller = await mySeller(), path = `/unwritten-${randomUUID()}`;
  const hook = await endpoint(seller, path, ['store.updated']), name = hook.id.toLowerCase();
  await s.psql(`create function pay.refuse_${name}() returns trigger language plpgsql as $$ begin raise exception 'refused by a test'; end $$`);
  await s.psql(`create trigger refuse_${name} before update on pay.webhook_delivery for each row when (new.webhook_endpoint_id = '${hook.id}') execute function pay.refuse_${name}()`);
  try {
    assert.equal((await seller.call('POST', `/v1/webhook_endpoints/${hook.id}/ping`)).status, 202);
    await eventually(async () => (await s.psql(`select 1 from pay.webhook_endpoint where webhook_endpoint_id = '${hook.id}' and busy_until <= now()
      and paused_until between now() and now() + interval '30 seconds'`)).length, { what: 'it is given back, to rest for some seconds' });
    await eventually(() => received.filter((one) => one.path === path).length >= 2, { what: 'it is sent again' });
  } finally {
    await s.psql(`drop function pay.refuse_${name} cascade`);
  }
  const done = await logged(seller, hook, ({ status }) => status === 'delivered', 'it is written down');
  const ids = received.filter((one) => one.path === path).map(({ headers }) => headers['webhook-id']);
  assert.deepEqual([...new Set(ids)], [done.event]);
  assert.deepEqual(await s.psql(`select failures from pay.webhook_endpoint where webhook_endpoint_id = '${hook.id}'`), [{ failures: 0 }], 'it has answered each time');
});

test('410 disables the endpoint, and who is named there is told by mail', async () => {
  const seller = await mySeller();
  const path = `/${randomUUID()}`, contact = `dev-${randomUUID()}@example.com`;
  const hook = await endpoint(seller, path, ['store.created']);
  const set = (contact_email) => seller.call('POST', `/v1/webhook_endpoints/${hook.id}`, { contact_email });
  for (const wrong of ['nobody', 7]) assert.deepEqual(await set(wrong).then(({ status, body }) => [status, body.param]), [422, 'contact_email']);
  assert.deepEqual([hook.contact_email, (await set(contact)).body.contact_email, (await set('')).body.contact_email, (await set(contact)).body.contact_email], [null, contact, null, contact]);
  assert.equal((await s.operator('paysrv', 'partners', 'agreement', partner.slug, '--number', '1', '--signed-on', '2026-01-01', '--name', 'X', '--zone', 'Asia/Kolkata')).code, 0);
  behaviours.set(path, (response) => response.writeHead(410).end());
  const { body: store } = await seller.call('POST', '/v1/stores', { name: 'x', currency: 'EUR', user: seller.user.id });
  const gone = await eventually(async () => {
    const { body } = await seller.call('GET', `/v1/webhook_endpoints/${hook.id}`);
    return body.status === 'disabled' && body;
  }, { what: 'the endpoint is disabled' });
  assert.match(gone.disabled_reason, /410/);
  const told = await s.mail(contact);
  assert.match(told.subject, /^Webhooks of .* are switched off$/);
  assert.match(told.text, new RegExp(`${origin}${path}\\s[^]*${hook.id}[^]*answered 410`));
  assert.match(told.text, /\d\d:\d\d Asia\/Kolkata/, 'by the clocks of the partner’s months');
  const { data: [waits] } = (await seller.call('GET', `/v1/webhook_endpoints/${hook.id}/deliveries`)).body;
  assert.deepEqual([waits.status, waits.attempts >= 1, waits.next_attempt_at], ['pending', true, undefined], 'nothing is tried while it is switched off');
  assert.match((await s.operator('paysrv', 'webhooks', 'list', partner.slug)).stdout, new RegExp(`^${hook.id} .* disabled: .*410`, 'm'));
  const nobody = await s.operator('paysrv', 'webhooks', 'list', `${partner.slug}x`);
  assert.deepEqual([nobody.code, nobody.stdout, nobody.stderr.includes(`no partner ${partner.slug}x`)], [1, '', true], 'a name that is of nobody is no empty list');
  assert.match((await s.operator('paysrv', 'cards', 'list', 'st_none')).stderr, /no store st_none/);
  behaviours.delete(path);
  await dueInHours(hook);
  assert.equal((await seller.call('POST', `/v1/webhook_endpoints/${hook.id}`, { status: 'enabled' })).status, 200);
  await eventually(() => about(path, store.id).length >= 2, { what: 'what was answered so comes when it is enabled again' });
  await seller.call('DELETE', `/v1/webhook_endpoints/${hook.id}`);
});

test('an endpoint that has refused an event ten times is switched off, who is named there is told by mail, and the event is kept as failed', async () => {
  const seller = await mySeller();
  const path = `/${randomUUID()}`, contact = `dev-${randomUUID()}@example.com`;
  behaviours.set(path, (response) => response.writeHead(500).end());
  const hook = await endpoint(seller, path, ['store.created']);
  assert.equal((await seller.call('POST', `/v1/webhook_endpoints/${hook.id}`, { contact_email: contact })).status, 200);
  await seller.call('POST', '/v1/stores', { name: 'x', currency: 'EUR', user: seller.user.id });
  await logged(seller, hook, ({ attempts }) => attempts >= 1, 'the first time');
  await s.psql(`update pay.webhook_delivery set attempts = 9, due_at = now() where webhook_endpoint_id = '${hook.id}'`);
  await s.psql(`update pay.webhook_endpoint set paused_until = now() where webhook_endpoint_id = '${hook.id}'`);
  const off = await eventually(async () => {
    const { body } = await seller.call('GET', `/v1/webhook_endpoints/${hook.id}`);
    return body.status === 'disabled' && body;
  }, { what: 'the endpoint is switched off' });
  assert.match(off.disabled_reason, /answered 500/);
  const told = await s.mail(contact);
  assert.match(told.subject, /^Webhooks of .* are switched off$/);
  assert.match(told.text, new RegExp(`${origin}${path}\\s[^]*${hook.id}[^]*answered 500`));
  const { data } = (await seller.call('GET', `/v1/webhook_endpoints/${hook.id}/deliveries`)).body;
  assert.deepEqual(data.map(({ status, attempts }) => [status, attempts]), [['failed', 10]]);
  await seller.call('DELETE', `/v1/webhook_endpoints/${hook.id}`);
});

test('what an endpoint that fails still has to get comes as soon as its partner says that it is enabled, in its order', async () => {
  const seller = await mySeller(), path = `/${randomUUID()}`, hook = await endpoint(seller, path, ['store.created', 'store.updated']);
  behaviours.set(path, (response) => response.writeHead(500).end());
  const { body: store } = await seller.call('POST', '/v1/stores', { name: 'x', currency: 'EUR', user: seller.user.id });
  await logged(seller, hook, ({ attempts }) => attempts >= 1, 'the first one has failed');
  await eventually(async () => {
    await s.psql(`update pay.webhook_endpoint set failures = 3, paused_until = now() + interval '5 hours' where webhook_endpoint_id = '${hook.id}' and busy_until <= now()`);
    return (await s.psql(`select 1 from pay.webhook_endpoint where webhook_endpoint_id = '${hook.id}' and paused_until > now() + interval '4 hours'`)).length;
  }, { what: 'it rests for hours' });
  await dueInHours(hook);
  assert.equal((await seller.call('POST', `/v1/stores/${store.id}/branding`, { accent: '#123456' })).status, 200);
  await logged(seller, hook, ({ type, status }) => type === 'store.updated' && status === 'pending', 'the second one waits');
  behaviours.delete(path);
  const before = about(path, store.id).length, on = await seller.call('POST', `/v1/webhook_endpoints/${hook.id}`, { status: 'enabled' });
  assert.deepEqual([on.status, on.body.status], [200, 'enabled']);
  const told = () => about(path, store.id).slice(before).map(({ body }) => JSON.parse(body).type);
  await eventually(() => new Set(told()).size === 2, { what: 'both' });
  assert.deepEqual([...new Set(told())], ['store.created', 'store.updated'], 'what failed is no later than what came after it');
  await seller.call('DELETE', `/v1/webhook_endpoints/${hook.id}`);
});

test('the log says why nothing was delivered, and how the answer began, without what is secret in it', async () => {
  const its = await newPartner(s), call = (...words) => pay(s.env, its.token, ...words);
  const port = await freePortBase(), path = `/${randomUUID()}`;
  const answers = [
    [{ 'content-type': 'text/plain; charset=utf-8' }, 'no such route\r\nwhsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'no such route [...]'],
    [{ 'content-type': 'application/json' }, '{"error":"not now","api_key":"abc"}', '{"error":"not now","api_key":"[...]"}'],
    [{ 'content-type': 'image/png' }, 'PNG', null],
    [{ 'content-type': 'text/html' }, 'é'.repeat(20).concat(' ').repeat(100), `${'é'.repeat(20)} `.repeat(5).slice(0, 102)],
  ];
  for (const [i, [headers, body]] of answers.entries()) behaviours.set(`${path}-${i}`, (response) => response.writeHead(404, headers).end(body));
  const wanted = [...answers.map(([, , excerpt], i) => [`${origin}${path}-${i}`, 404, 'the endpoint answered 404', excerpt]),
    [`http://127.0.0.1:${port}/`, null, 'no connection could be made', null], ['http://nowhere.invalid/', null, 'the name was not found', null]];
  try {
    for (const [url, status, failure, excerpt] of wanted) {
      const { body: hook } = await call('POST', '/v1/webhook_endpoints', { url });
      assert.equal((await call('POST', `/v1/webhook_endpoints/${hook.id}/ping`)).status, 202, url);
      const tried = await logged({ call }, hook, ({ attempts }) => attempts >= 1, `${url} is tried`);
      assert.deepEqual([tried.response_status, tried.failure, tried.response_excerpt], [status, failure, excerpt], url);
      if (!url.endsWith('-0')) continue;
      behaviours.delete(`${path}-0`);
      const done = await logged({ call }, hook, (one) => one.status === 'delivered', 'it is delivered');
      assert.deepEqual([done.failure, done.response_excerpt], [null, null]);
    }
  } finally {
    await its.remove();
  }
});

test('an event is delivered again by the operator’s word', async () => {
  const seller = await mySeller();
  const path = `/${randomUUID()}`;
  const hook = await endpoint(seller, path, ['store.created']);
  const { body: store } = await seller.call('POST', '/v1/stores', { name: 'x', currency: 'EUR', user: seller.user.id });
  const [first] = await eventually(() => about(path, store.id).length && about(path, store.id), { what: 'delivered' });
  const { code } = await s.operator('paysrv', 'webhooks', 'replay', first.headers['webhook-id']);
  assert.equal(code, 0);
  await eventually(() => about(path, store.id).length >= 2, { what: 'delivered again' });
  assert.equal(about(path, store.id)[1].headers['webhook-id'], first.headers['webhook-id']);
  await seller.call('DELETE', `/v1/webhook_endpoints/${hook.id}`);
});

test('an endpoint is tried with a ping, whatever events it wants', async () => {
  const seller = await mySeller();
  const path = `/${randomUUID()}`;
  const hook = await endpoint(seller, path, ['payout.paid']);
  const key = randomUUID();
  const { status, body } = await seller.call('POST', `/v1/webhook_endpoints/${hook.id}/ping`, undefined, { key });
  assert.deepEqual([status, body.object], [202, 'webhook_ping']);
  assert.deepEqual((await seller.call('POST', `/v1/webhook_endpoints/${hook.id}/ping`, undefined, { key })).body, body, 'one ping for one key');
  const [call] = await eventually(() => about(path, hook.id).length && about(path, hook.id), { what: 'the ping' });
  assert.deepEqual([JSON.parse(call.body).type, call.headers['webhook-id'], call.body.includes('whsec_')], ['webhook_endpoint.ping', body.event, false]);
  new Webhook(hook.secret).verify(call.body, call.headers);
  await seller.call('DELETE', `/v1/webhook_endpoints/${hook.id}`);
});

test('while a secret changes both sign; then only the new one', async () => {
  const seller = await mySeller();
  const path = `/${randomUUID()}`;
  const hook = await endpoint(seller, path);
  const told = async () => {
    const { body } = await seller.call('POST', `/v1/webhook_endpoints/${hook.id}/ping`);
    return eventually(() => received.find((one) => one.headers['webhook-id'] === body.event), { what: 'the ping' });
  };
  const rotate = (body, options) => seller.call('POST', `/v1/webhook_endpoints/${hook.id}/rotate_secret`, body, options);
  const key = randomUUID();
  const { body: rotated } = await rotate({ expire_old_in: 3600 }, { key });
  assert.match(rotated.secret, /^whsec_/);
  assert.ok(Math.abs(Date.parse(rotated.previous_secret_expires_at) - Date.now() - 3_600_000) < 600_000);
  const again = await rotate({ expire_old_in: 3600 }, { key });
  assert.deepEqual([again.status, again.body.secret], [200, undefined], 'the secret is shown once');
  const both = await told();
  assert.equal(both.headers['webhook-signature'].split(' ').length, 2);
  for (const secret of [hook.secret, rotated.secret]) new Webhook(secret).verify(both.body, both.headers);
  const { body: last } = await rotate({ expire_old_in: 0 });
  assert.equal(last.previous_secret_expires_at, undefined);
  const one = await told();
  new Webhook(last.secret).verify(one.body, one.headers);
  for (const old of [hook.secret, rotated.secret]) assert.throws(() => new Webhook(old).verify(one.body, one.headers));
  assert.equal((await rotate({ expire_old_in: 604801 })).body.param, 'expire_old_in');
  await seller.call('DELETE', `/v1/webhook_endpoints/${hook.id}`);
});

test('what a disabled endpoint missed is in the list of events and is delivered later, one or a range', async () => {
  const seller = await mySeller();
  const path = `/${randomUUID()}`;
  const hook = await endpoint(seller, path, ['payout.paid']);
  const change = (body) => seller.call('POST', `/v1/webhook_endpoints/${hook.id}`, body);
  const replay = (body, options) => seller.call('POST', `/v1/webhook_endpoints/${hook.id}/replay`, body, options);
  assert.deepEqual([(await change({ status: 'disabled', events: ['store.created'] })).body].map((one) => [one.status, one.disabled_reason, one.events]),
    [['disabled', 'by its partner', ['store.created']]]);
  const stores = [];
  for (const name of ['a', 'b', 'c']) stores.push((await seller.call('POST', '/v1/stores', { name, currency: 'EUR', user: seller.user.id })).body);
  const found = [];
  for (const store of stores) found.push((await seller.call('GET', `/v1/events?about=${store.id}&type=store.created`)).body.data);
  assert.deepEqual(found.map((list) => list.map((one) => [one.object, one.type, one.data.name])), stores.map((store) => [['event', 'store.created', store.name]]));
  const ids = found.map(([one]) => one.id);
  assert.deepEqual((await seller.call('GET', `/v1/events/${ids[0]}`)).body, found[0][0]);
  const page = (await seller.call('GET', '/v1/events?limit=2&type=store.created')).body;
  const next = (await seller.call('GET', `/v1/events?limit=1&type=store.created&cursor=${page.next_cursor}`)).body;
  assert.ok(page.data[0].id > page.data[1].id && page.data[1].id > next.data[0].id);
  assert.deepEqual([(await replay({ event: ids[0] })).body.code, (await seller.call('POST', `/v1/webhook_endpoints/${hook.id}/ping`)).status], ['webhook_disabled', 409]);

  const handedOut = `select 1 from pay.event where is_pending and event_id in (${ids.map((id) => `'${id}'`).join()})`;
  await eventually(async () => (await s.psql(handedOut)).length === 0, { what: 'nobody else waits for these events' });
  await s.psql(`insert into pay.webhook_delivery (webhook_endpoint_id, event_id, status, due_at, created_at) values ('${hook.id}', '${ids[0]}', 'pending', now(), now())`);
  await dueInHours(hook);
  assert.deepEqual([(await change({ status: 'enabled' })).body].map((one) => [one.status, one.disabled_reason]), [['enabled', null]]);
  await eventually(() => about(path, stores[0].id).length >= 1, { what: 'what waits' });
  assert.deepEqual((await replay({ event: ids[1] })).body, { object: 'webhook_replay', queued: 1, last_event: ids[1], has_more: false });
  await eventually(() => about(path, stores[1].id).length >= 1, { what: 'one' });
  const had = about(path, stores[1].id).length, range = (await replay({ from: ids[0], to: ids[2] })).body;
  assert.ok(range.queued >= 3 && range.last_event === ids[2]);
  await eventually(() => stores.every((store, i) => about(path, store.id).length > (i === 1 ? had : 0)), { what: 'the range' });
  assert.deepEqual(each(about(path, stores[0].id)).map((one) => one.headers['webhook-id']), [ids[0]]);

  const key = randomUUID(), asked = await replay({ event: ids[2] }, { key });
  const done = () => logged(seller, hook, (one) => one.event === ids[2] && one.status === 'delivered', 'delivered anew');
  const { attempts, delivered_at: at } = await done();
  const again = await replay({ event: ids[2] }, { key });
  assert.deepEqual([again.status, again.body, again.headers.get('idempotent-replayed')], [202, asked.body, 'true'], 'a lost answer');
  const { attempts: then, delivered_at: still } = await done();
  assert.deepEqual([then, still], [attempts, at], 'which delivers nothing twice');
  assert.deepEqual([(await replay({ event: ids[1] }, { key })).body.code, (await replay({ event: ids[1] }, { key: 'a'.repeat(256) })).body.code],
    ['idempotency_mismatch', 'idempotency_key_invalid']);

  await change({ events: ['payout.paid'] });
  assert.deepEqual((await replay({ from: ids[0], to: ids[2] })).body, { object: 'webhook_replay', queued: 0, last_event: ids[2], has_more: false }, 'none that it wants');
  assert.equal((await replay({ event: ids[0] })).body.param, 'event');
  for (const [body, param] of [[{}, 'event'], [{ event: ids[0], from: ids[0] }, 'event'], [{ to: ids[0] }, 'from'], [{ event: 'evt_00000000000000000000000000' }, 'event'], [{ from: 'evt_zzzzzzzzzzzzzzzzzzzzzzzzzz' }, 'from'],
    [{ from: 'evt_00000000000000000000000000', to: 'evt_00000000000000000000000000' }, 'from']]) {
    assert.equal((await replay(body)).body.param, param, JSON.stringify(body));
  }
  assert.equal((await change({ status: 'asleep' })).body.param, 'status');
  assert.equal((await change({ url: 'http://10.0.0.1:8080/' })).body.param, 'url');
  assert.equal((await seller.call('GET', '/v1/events?type=no.such')).body.param, 'type');
  assert.equal((await seller.call('GET', '/v1/events/evt_00000000000000000000000000')).status, 404);
  const { stdout } = await s.operator('paysrv', 'webhooks', 'list', partner.slug);
  assert.match(stdout, new RegExp(`^${hook.id} .* enabled`, 'm'));
  await seller.call('DELETE', `/v1/webhook_endpoints/${hook.id}`);
});

test('events go after their time, none that is still to be delivered, and a cursor that is too old says so', async () => {
  const its = await newPartner(s);
  const old = ['evt_00000000010000000000000000', 'evt_00000000020000000000000000'].map((id) => id.slice(0, 26) + randomUUID().slice(0, 4));
  for (const id of old) // of now, so that the job leaves them alone
    await s.psql(`insert into pay.event (event_id, partner_id, type, object_id, data, created_at, is_pending, sequence) values ('${id}', '${its.slug}', 'store.updated', 'st_x', '{"id":"st_x","object":"store"}', now(), false, 1)`);
  const { body: first } = await pay(s.env, its.token, 'GET', '/v1/events?limit=1');
  assert.equal(first.data[0].id, old[1]);
  const next = await pay(s.env, its.token, 'GET', `/v1/events?limit=1&cursor=${first.next_cursor}`);
  assert.deepEqual([next.status, next.body.code, next.body.param], [410, 'cursor_expired', 'cursor']);
});

test('the secret is shown once, even for a repeated key, and kept sealed', async () => {
  const seller = await mySeller();
  const body = { url: `${origin}/${randomUUID()}`, events: ['payout.paid'] };
  const key = randomUUID();
  const { body: first } = await seller.call('POST', '/v1/webhook_endpoints', body, { key });
  const again = await seller.call('POST', '/v1/webhook_endpoints', body, { key });
  assert.deepEqual([again.status, again.body.id, again.body.secret], [201, first.id, undefined]);
  assert.equal((await seller.call('GET', `/v1/webhook_endpoints/${first.id}`)).body.secret, undefined);
  /* Who lost the first answer asks for another secret, as the demo's partner does. */
  const state = { data: {}, save() {} }, say = async (method, path, fields) => (await seller.call(method, path, fields, { key: method === 'POST' && fields === body ? key : randomUUID() })).body;
  const webhookEndpoints = { create: () => say('POST', '/v1/webhook_endpoints', body), rotateSecret: (id, fields) => say('POST', `/v1/webhook_endpoints/${id}/rotate_secret`, fields) };
  await registerWebhook(state, { partner: { webhookEndpoints } }, origin);
  assert.match(state.data.webhook.secret, /^whsec_/);
  const raw = state.data.webhook.secret.slice('whsec_'.length);
  const [row] = await s.psql(`select encode(secret, 'base64') as sealed, encode(secret, 'escape') as text from pay.webhook_endpoint where webhook_endpoint_id = '${first.id}'`);
  assert.ok(!row.sealed.includes(raw) && !row.text.includes(raw));
  assert.equal((await seller.call('DELETE', `/v1/webhook_endpoints/${first.id}`)).status, 204);
  assert.equal((await seller.call('GET', `/v1/webhook_endpoints/${first.id}`)).status, 404);
});

test('addresses inside are refused, and wrong events too', async () => {
  const seller = await mySeller();
  const urls = ['http://10.0.0.1:8080/x', 'http://169.254.169.254/latest', 'http://[::ffff:10.0.0.1]:8080/', 'http://192.168.1.1:8080/', 'http://user:secret@127.0.0.1:8080/x',
    'ftp://127.0.0.1/x', 'http://127.0.0.1:6379/', 'http://127.0.0.1:22/', 'javascript:alert(1)', 'http://0.0.0.0:8080/'];
  for (const url of urls) {
    const { status, body } = await seller.call('POST', '/v1/webhook_endpoints', { url });
    assert.deepEqual([[400, 422].includes(status), body.param], [true, 'url'], url);
  }
  for (const [events, param] of [['payout.paid', 'events'], [['payout.paid', 'no.such'], 'events[1]'], [[1], 'events[0]'], [{}, 'events']]) {
    const { body } = await seller.call('POST', '/v1/webhook_endpoints', { url: `${origin}/x`, events });
    assert.equal(body.param, param, JSON.stringify(events));
  }
  assert.ok(!received.some((one) => one.path === '/x'));
});

test('a partner finds each of its requests again, and nobody else’s', async () => {
  const seller = await newSeller(s.env);
  const key = randomUUID();
  const made = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 500, currency: 'EUR', description: 'A thing' }, { key });
  const declined = await seller.call('POST', `/v1/payments/${made.body.id}/confirm`, { payment_token: 'tok_test_broke' });
  const refused = await seller.call('GET', '/v1/payments?limit=0');
  const last = await seller.call('GET', '/v1/payments/4242424242424242');
  const look = async (query) => (await seller.call('GET', `/v1/request_log?${query}`)).body;
  await eventually(async () => (await seller.call('GET', `/v1/request_log/${last.headers.get('x-request-id')}`)).status === 200, { what: 'the last of them is in the log' });
  const { data: log } = await look(`object=${made.body.id}`);
  assert.equal(log.length, 2);
  const shown = ({ id, method, route, status, idempotency_key, about, error_code }) => [id, method, route, status, idempotency_key, about, error_code];
  assert.deepEqual(shown(log[1]), [made.headers.get('x-request-id'), 'POST', '/v1/payments', 201, key, made.body.id, null]);
  assert.deepEqual([log[0].path, log[0].status, log[0].error_code, log[0].problem], [`/v1/payments/${made.body.id}/confirm`, 402, 'card_declined', declined.body]);
  assert.ok(log[1].duration_us > 0 && log[1].client === s.env.demo.client_id && log[1].api_version === '2026-11-27');
  assert.ok(!JSON.stringify(log).includes('tok_test'), 'no token of a card');

  const { body: one } = await seller.call('GET', `/v1/request_log/${refused.headers.get('x-request-id')}`);
  assert.deepEqual([one.status, one.problem.param, one.problem], [400, 'limit', refused.body]);
  assert.deepEqual((await look(`idempotency_key=${key}`)).data.map((it) => it.id), [log[1].id]);
  assert.deepEqual((await look('path=/v1/payments/{payment}&status=4xx&limit=1')).data.map((it) => it.path), ['/v1/payments/{payment}'], 'what may be a card number is not kept');
  const first = await look(`from=${log[1].created_at}&limit=1`);
  const second = await look(`from=${log[1].created_at}&limit=1&cursor=${first.next_cursor}`);
  assert.ok(first.data[0].created_at >= second.data[0].created_at && first.data[0].id !== second.data[0].id);
  for (const [query, param] of [['state=1', 'state'], ['status=9xx', 'status'], ['from=yesterday', 'from'], [`object=${made.body.id}&idempotency_key=k`, 'object']]) {
    const wrong = await seller.call('GET', `/v1/request_log?${query}`);
    assert.ok([400, 422].includes(wrong.status) && wrong.body.param === param, JSON.stringify(wrong.body));
  }
  const rows = await s.operator('paysrv', 'requests', 'list', s.env.demo.partner_id, '--object', made.body.id, '--status', '402');
  assert.match(rows.stdout, new RegExp(`^\\S+ {2}${log[0].id} {2}POST \\S+ {2}402 .*card_declined`));
  assert.equal((await s.operator('paysrv', 'requests', 'show', 'nobody', log[0].id)).code, 1);
});

test('an older version of the API is what it was, in answers by header and in a partner’s webhooks', async () => {
  const its = await newPartner(s); /* what it is pinned to is its own matter: the demo's partner is everybody's here */
  const seller = await newSeller(s.env, { token: its.token });
  const old = { headers: { 'stoa-version': '2026-11-01' } };
  const payment = (await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 500, currency: 'EUR', description: 'A thing' })).body.id;
  await seller.call('POST', `/v1/payments/${payment}/confirm`, { payment_token: 'tok_test_visa' });
  const [now, then] = [await seller.call('GET', `/v1/payments/${payment}`), await seller.call('GET', `/v1/payments/${payment}`, undefined, old)];
  assert.deepEqual([now.headers.get('stoa-version'), then.headers.get('stoa-version')], ['2026-11-27', '2026-11-01']);
  const { version, method, card, locale, ...rest } = now.body;
  assert.deepEqual([version, method, card, locale, then.body], [1, 'card', { brand: 'visa', last4: '4242' }, null, rest]);
  const events = await seller.call('GET', `/v1/events?about=${payment}`, undefined, old);
  assert.ok(events.body.data.length === 1 && !('sequence' in events.body.data[0]));
  const wrong = await seller.call('GET', `/v1/payments/${payment}`, undefined, { headers: { 'stoa-version': '2026-01-01' } });
  assert.deepEqual([wrong.status, wrong.body.code, wrong.body.param], [400, 'api_version_unknown', 'Stoa-Version']);
  assert.match(wrong.body.detail, /2026-11-01, 2026-11-27/);

  const { stdout: slugs } = await s.operator('paysrv', 'partners', 'list');
  assert.match(slugs, new RegExp(`^${its.slug}\t`, 'm'));
  const change = (to) => seller.call('POST', '/v1/api_version', { version: to });
  assert.equal((await change('2026-11-02')).status, 400);
  const path = `/${randomUUID()}`;
  const hook = await endpoint(seller, path, ['user.created']);
  const own = (await seller.call('POST', '/v1/webhook_endpoints', { url: `${origin}${path}-own`, events: ['user.created'], payload: 'thin', api_version: '2026-11-27' })).body;
  assert.deepEqual([hook.payload, hook.api_version, own.payload, own.api_version], ['full', null, 'thin', '2026-11-27']);
  for (const [body, param] of [[{ payload: 'some' }, 'payload'], [{ api_version: '2026-11-02' }, 'api_version'], [{ api_version: 7 }, 'api_version']]) {
    const refused = await seller.call('POST', `/v1/webhook_endpoints/${own.id}`, body);
    assert.deepEqual([refused.status, refused.body.param], [422, param], JSON.stringify(refused.body));
  }
  try {
    assert.deepEqual((await change('2026-11-01')).body, { object: 'api_version', version: '2026-11-01', newest: '2026-11-27', versions: ['2026-11-01', '2026-11-27'] });
    const pinned = await seller.call('GET', `/v1/payments/${payment}`);
    assert.deepEqual([pinned.headers.get('stoa-version'), 'version' in pinned.body], ['2026-11-01', false]);
    const user = (await seller.call('POST', '/v1/users', { name: 'x', external_id: randomUUID() })).body;
    const [told] = await eventually(() => about(path, user.id).length && about(path, user.id), { what: 'the event' });
    assert.ok(!('sequence' in new Webhook(hook.secret).verify(told.body, told.headers)));
    const [thin] = await eventually(() => about(`${path}-own`, user.id).length && about(`${path}-own`, user.id), { what: 'the event in the version of its endpoint' });
    const message = new Webhook(own.secret).verify(thin.body, thin.headers);
    assert.deepEqual([message.type, message.sequence, message.data], ['user.created', 1, { id: user.id, object: 'user' }]);
  } finally {
    assert.equal((await change('2026-11-27')).status, 200);
    const changed = (await seller.call('POST', `/v1/webhook_endpoints/${own.id}`, { payload: 'full', api_version: '' }, { headers: { 'stoa-version': '2026-11-27' } })).body;
    assert.deepEqual([changed.payload, changed.api_version], ['full', null]);
    for (const { id } of [hook, own]) await seller.call('DELETE', `/v1/webhook_endpoints/${id}`);
    await its.remove();
  }
});

test('a message has 20,000 bytes at most: of a larger object it names it, and the list has all of it; a receipt alone is told whole', async () => {
  const path = `/large-${randomUUID()}`, seller = await mySeller(), hook = await endpoint(seller, path, ['receipt.sale', 'user.updated']);
  const told = async (id) => {
    const [{ body, headers }] = await eventually(() => about(path, id).length && about(path, id), { what: 'the message' });
    const { data } = new Webhook(hook.secret).verify(body, headers), whole = (await seller.call('GET', `/v1/events/${headers['webhook-id']}`)).body.data;
    return { bytes: Buffer.byteLength(body), data, whole };
  };
  const { body: user } = await seller.call('GET', `/v1/users/${seller.user.id}`);
  for (const [length, is] of [[15_000, 'full'], [25_000, 'thin']]) {
    const id = `usr_${is}`, data = { ...user, id, name: 'x'.repeat(length) };
    await s.psql(`begin; set local search_path to pay; insert into event (event_id, partner_id, type, object_id, data, created_at)
      values ('evt_${randomUUID()}', '${partner.slug}', 'user.updated', '${id}', '${JSON.stringify(data)}', now()); commit`);
    const one = await told(id);
    assert.deepEqual([one.data, one.whole, one.bytes < 20_000], [is === 'thin' ? { id, object: 'user' } : data, data, true]);
  }
  const items = Array.from({ length: 90 }, (_, i) => ({ name: `${i} ${'Ж'.repeat(120)}`, quantity: '1', price: 10, amount: 10, vat: '20' }));
  const { status, body } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 900, currency: 'EUR', description: 'Much', receipt: { customer: { email: 'buyer@example.com' }, tax_system: 'osn', items }, confirm: { payment_token: 'tok_test_visa' } });
  assert.equal(status, 200, JSON.stringify(body));
  const receipt = await told(`rct_${body.id}`);
  assert.deepEqual([receipt.data, receipt.data.items.length, receipt.bytes > 20_000 && receipt.bytes < 42_000], [receipt.whole, 90, true]);
  await seller.call('DELETE', `/v1/webhook_endpoints/${hook.id}`);
});

/* One endpoint for all sellers: nothing but the message says whose it is, least of all a thin one. */
test('a message says whose it is, of which store and whether it is live, as the list of events does', async () => {
  const path = `/whose-${randomUUID()}`, judge = await judgeFor(s.env.pay_api), whose = new Map();
  const hooks = [];
  for (const [payload, to] of [['full', path], ['thin', `${path}-thin`]])
    hooks.push((await pay(s.env, partner.token, 'POST', '/v1/webhook_endpoints', { url: origin + to, payload })).body);
  const post = async (seller, at, body, status = 200) => {
    const ask = (options) => seller.call('POST', at, body, options);
    const answer = await (status === 200 ? outcomeOf(ask) : ask());
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    return answer.body;
  };
  const is = (type, { id }, seller, store) => whose.set(`${type} ${id}`, [seller?.user.id ?? null, store ? seller.store.id : undefined, true]);
  const tea = { name: 'Tea', quantity: '1', price: 1000, amount: 1000, vat: '20' };
  const receipt = { customer: { email: 'buyer@example.com' }, tax_system: 'osn', items: [tea] };
  for (const seller of [await mySeller(), await mySeller()]) {
    const article = { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'An article' };
    const sold = async (fields) => {
      const payment = await post(seller, '/v1/payments', { ...article, ...fields }, 201);
      return post(seller, `/v1/payments/${payment.id}/confirm`, { payment_token: 'tok_test_visa' });
    };
    const payment = await sold({ receipt }), deal = await sold({ hold: { until: 'delivered', ends_after: 'P14D' } });
    await seller.sell(1000);
    await post(seller, `/v1/payments/${deal.id}/release`, {}, 200);
    const refund = await post(seller, `/v1/payments/${payment.id}/refunds`, {});
    const { body: payout } = await seller.request(200);
    const buyer = randomUUID(), agent = createAgent();
    const first = await post(seller, '/v1/payments', { ...article, save_card: { buyer, email: `${buyer}@example.com`, required: true } }, 201);
    const asked = await agent.submit(await agent.open(first.checkout.url), { save_card: 'true' }, { button: 'Pay by card' });
    await agent.submit(asked, { number: '4242424242424242', exp: '11/39', csc: '123' });
    const card = await eventually(async () => (await seller.call('GET', `/v1/saved_cards?payment=${first.id}`)).body.data[0], { what: 'the card is kept' });
    const price = await post(seller, '/v1/prices', { store: seller.store.id, name: 'The weekly issue', amount: 700, currency: 'EUR', interval: 'week' }, 201);
    const subscription = await post(seller, '/v1/subscriptions', { price: price.id, saved_card: card.id, zone: 'Europe/Berlin' }, 201);
    const invoice = await eventually(async () => (await seller.call('GET', `/v1/subscriptions/${subscription.id}/invoices`)).body.data[0], { what: 'its invoice' });
    const [{ acquirer_ref: charge }] = await s.psql(`select c.acquirer_ref from pay.payment p join pay.acquirer_call c on c.call_id = p.charge_id where p.payment_id = '${first.id}'`);
    await s.acquirer('POST', '/v1/disputes', { charge });
    const dispute = await eventually(async () => (await seller.call('GET', `/v1/disputes?payment=${first.id}`)).body.data[0], { what: 'it is disputed' });
    for (const [type, object] of [['store.created', seller.store], ['payment.succeeded', payment], ['refund.succeeded', refund], ['receipt.sale', { id: `rct_${payment.id}` }],
      ['receipt.refund', { id: `rct_${refund.id}` }], ['hold.released', { id: `hld_${deal.id.slice(4)}` }], ['saved_card.created', card], ['subscription.created', subscription],
      ['invoice.created', invoice], ['dispute.opened', dispute]]) is(type, object, seller, true);
    for (const [type, object] of [['user.created', seller.user], ['requisite.created', seller.requisite], ['payout.confirmation_required', payout]]) is(type, object, seller, false);
  }
  is('split_profile.created', (await pay(s.env, partner.token, 'POST', '/v1/split_profiles', { name: 'A profile', rules: [{ party: 'seller', rest: true }] })).body, null);

  const messages = (to) => new Map(received.filter((one) => one.path === to).map(({ headers, body }) => [headers['webhook-id'], JSON.parse(body)]));
  const said = ({ account, store, livemode }) => [account, store, livemode];
  for (const [to, hook] of [[path, hooks[0]], [`${path}-thin`, hooks[1]]]) {
    const named = () => new Map([...messages(to).values()].map((one) => [`${one.type} ${one.data.id ?? `hld_${one.data.payment.slice(4)}`}`, said(one)]));
    await eventually(() => assert.deepEqual([...whose.keys()].filter((one) => !named().has(one)), []) ?? true, { what: 'all that happened is told' });
    for (const [one, wanted] of whose) assert.deepEqual(named().get(one), wanted, one);
    for (const [id, message] of messages(to)) {
      const { body: listed } = await pay(s.env, partner.token, 'GET', `/v1/events/${id}`);
      assert.deepEqual([listed.type, ...said(listed)], [message.type, ...said(message)]);
      assert.equal(judge.message(message), null, JSON.stringify(message));
    }
    await pay(s.env, partner.token, 'DELETE', `/v1/webhook_endpoints/${hook.id}`);
  }
  const { body: { data: page } } = await pay(s.env, partner.token, 'GET', '/v1/events?limit=100');
  const full = messages(path), both = page.filter(({ id }) => full.has(id));
  assert.ok(both.length > 20);
  for (const one of both) assert.deepEqual(said(one), said(full.get(one.id)), one.type);
  const { body: about } = await pay(s.env, partner.token, 'GET', `/v1/events?about=${page.find(({ type }) => type === 'refund.succeeded').data.id}`);
  assert.deepEqual(about.data.map(({ account, store }) => [/^usr_/.test(account), /^st_/.test(store)]), about.data.map(() => [true, true]));
});

test('a sandbox says so in what it sends', async () => {
  const its = await newPartner(s, '--sandbox'), path = `/sandbox-${randomUUID()}`;
  try {
    const { body: hook } = await pay(s.env, its.token, 'POST', '/v1/webhook_endpoints', { url: origin + path });
    await pay(s.env, its.token, 'POST', `/v1/webhook_endpoints/${hook.id}/ping`);
    const [call] = await eventually(() => about(path, hook.id).length && about(path, hook.id), { what: 'the ping' });
    const { livemode, account, store } = JSON.parse(call.body);
    assert.deepEqual([livemode, account, store], [false, null, undefined]);
  } finally {
    await its.remove();
  }
});

/* 54-FZ: the partner's cash register listens to these two types and to nothing else. */
test('positions of a payment and of its refunds are told to a cash register, once, for the store that it is of', async () => {
  const seller = await mySeller(), path = `/register-${randomUUID()}`;
  const { status, body: mine } = await seller.call('POST', '/v1/webhook_endpoints', { url: origin + path, events: ['receipt.sale', 'receipt.refund'], store: seller.store.id });
  assert.equal(status, 201, JSON.stringify(mine));
  const book = { name: 'Книга', quantity: '2', price: 350, amount: 700, vat: '10', subject: 'commodity', mode: 'full_payment' };
  const tea = { name: 'Чай', quantity: '0.3', price: 1000, amount: 300, vat: '22', supplier: { name: 'ООО «Чай»', inn: '7707083893' } };
  const receipt = { customer: { email: 'buyer@example.com' }, tax_system: 'osn', items: [book, tea] };
  const wanted = { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'Book and tea' };
  const wrong = await seller.call('POST', '/v1/payments', { ...wanted, receipt: { ...receipt, items: [book, { ...tea, vat: '18' }] } });
  assert.deepEqual([wrong.status, wrong.body.param], [422, 'receipt.items[1].vat'], JSON.stringify(wrong.body));
  assert.equal((await seller.call('POST', '/v1/payments', { ...wanted, capture_method: 'manual', receipt })).body.param, 'receipt');
  const { body: payment } = await seller.call('POST', '/v1/payments', { ...wanted, receipt });
  await seller.call('POST', `/v1/payments/${payment.id}/confirm`, { payment_token: 'tok_test_visa' });
  const told = (type) => each(received.filter((one) => one.path === path && JSON.parse(one.body).type === type)).map((one) => JSON.parse(one.body).data);
  const [sale] = await eventually(async () => told('receipt.sale').length > 0 && told('receipt.sale'), { what: 'the sale is told' });
  assert.deepEqual(sale, { id: `rct_${payment.id}`, object: 'receipt', kind: 'sale', payment: payment.id, refund: null, store: seller.store.id, user: seller.user.id,
    amount: 1000, currency: 'EUR', customer: receipt.customer, tax_system: 'osn', items: [book, tea] });
  const tooMuch = await seller.call('POST', `/v1/payments/${payment.id}/refunds`, { amount: 299, receipt: { items: [tea] } });
  assert.deepEqual([tooMuch.status, tooMuch.body.param], [422, 'receipt.items'], JSON.stringify(tooMuch.body));
  const { body: refund } = await seller.call('POST', `/v1/payments/${payment.id}/refunds`, { amount: 300, receipt: { items: [tea] } });
  const { body: rest } = await seller.call('POST', `/v1/payments/${payment.id}/refunds`, {});
  const back = await eventually(async () => told('receipt.refund').length === 2 && told('receipt.refund'), { what: 'both refunds are told' });
  assert.deepEqual(back.map(({ refund: of, amount, items, customer }) => [of, amount, items, customer.email]),
    [[refund.id, 300, [tea], 'buyer@example.com'], [rest.id, 700, null, 'buyer@example.com']]);
  assert.equal(told('receipt.sale').length, 1);
  assert.deepEqual([sale.capture, told('receipt.refund')[0].capture], [undefined, undefined]);

  const { body: held } = await seller.call('POST', '/v1/payments', { ...wanted, capture_method: 'manual' });
  await seller.call('POST', `/v1/payments/${held.id}/confirm`, { payment_token: 'tok_test_visa' });
  const take = (body) => seller.call('POST', `/v1/payments/${held.id}/capture`, body);
  assert.equal((await take({ amount: 300, receipt: { ...receipt, items: [book] } })).body.param, 'receipt.items', 'the positions are of what is captured');
  assert.equal((await take({ amount: 300, receipt: { ...receipt, items: [tea] } })).status, 200);
  assert.equal((await take({ amount: 700, receipt: { ...receipt, items: [book] } })).status, 200);
  const [first, second] = await eventually(async () => told('receipt.sale').length === 3 && told('receipt.sale').slice(1), { what: 'each capture is told' });
  assert.deepEqual([first, second].map(({ id, capture, payment: of, amount, items }) => [id === `rct_${capture}` && capture.startsWith('cap_'), of, amount, items]),
    [[true, held.id, 300, [tea]], [true, held.id, 700, [book]]]);
  const { body: whole } = await seller.call('POST', `/v1/payments/${held.id}/refunds`, {});
  const [all] = await eventually(async () => told('receipt.refund').length === 3 && told('receipt.refund').slice(2), { what: 'the refund is told' });
  assert.deepEqual([all.refund, all.amount, all.items, all.customer], [whole.id, 1000, null, receipt.customer], 'of two captures: whose positions they are is for the partner to say');
  const { body: plain } = await seller.call('POST', '/v1/payments', wanted);
  await seller.call('POST', `/v1/payments/${plain.id}/confirm`, { payment_token: 'tok_test_visa' });
  const listed = async (id, query = '') => (await seller.call('GET', `/v1/payments/${id}/receipts${query}`)).body;
  const paged = async (id, cursor) => {
    const { data, next_cursor } = await listed(id, `?limit=1${cursor ? `&cursor=${cursor}` : ''}`);
    return next_cursor ? [...data, ...await paged(id, next_cursor)] : data;
  };
  for (const [{ id }, receipts] of [[payment, [sale, ...back]], [held, [first, second, all]], [plain, []]]) {
    assert.deepEqual(await listed(id), { object: 'list', data: receipts, has_more: false, next_cursor: null }, 'who takes no webhooks reads the same');
    assert.deepEqual(await paged(id), receipts);
  }
  const inTurn = async (what, cursor) => {
    const { body } = await seller.call('GET', `/v1/payments/${held.id}/${what}?limit=1${cursor ? `&cursor=${cursor}` : ''}`);
    return [...body.data, ...(body.has_more ? await inTurn(what, body.next_cursor) : [])];
  };
  assert.deepEqual((await inTurn('captures')).map(({ id }) => id), [first.capture, second.capture]);
  assert.deepEqual((await inTurn('refunds')).map(({ id }) => id), [whole.id]);
  const { next_cursor: foreign } = await listed(held.id, '?limit=1');
  assert.equal((await listed(payment.id, `?cursor=${foreign}`)).param, 'cursor', 'it is of another payment');
  assert.equal((await listed('pay_00000000000000000000000000')).code, 'not_found');
  assert.equal((await seller.call('POST', `/v1/payments/${plain.id}/refunds`, { amount: 300, receipt: { items: [tea] } })).body.param, 'receipt', 'nobody would be told');
  new Webhook(mine.secret).verify(received.find((one) => one.path === path).body, received.find((one) => one.path === path).headers);
  assert.deepEqual(await s.psql(`select count(*)::int as n from pay.event where object_id like 'rct_%' and partner_id = (select partner_id from pay.payment where payment_id = '${payment.id}') and data like '%${payment.id}%'`), [{ n: 3 }]);
});

test('the last endpoint that a partner may have is answered again under its key', async () => {
  const its = await newPartner(s);
  try {
    const add = (path, key = randomUUID()) => pay(s.env, its.token, 'POST', '/v1/webhook_endpoints', { url: origin + path }, { key });
    for (let i = 1; i < 20; i++) assert.equal((await add(`/one-of-many-${i}`)).status, 201);
    const key = randomUUID(), { body: made } = await add('/the-last', key);
    const { status, body: again } = await add('/the-last', key);
    assert.deepEqual([status, again.id, again.secret], [201, made.id, undefined]);
    assert.equal((await add('/one-too-many')).body.param, 'url');
  } finally {
    await its.remove();
  }
});
