/*
 * The receivers of docs/integrate/webhooks.md: what is genuine is taken once, also while the secret changes, and nothing else; and the calls that the
 * page shows beside them, as they stand there.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { payClient } from '../../web/client/pay.mjs';
import { eventually } from '../support/eventually.mjs';
import { newPartner } from '../support/partner.mjs';
import { newSeller } from '../support/seller.mjs';
import { ROOT, freePortBase, sharedStack } from '../support/stack.mjs';
import { example } from './support.mjs';

let s, seller, pay;

before(async () => {
  s = await sharedStack();
  const { token } = await newPartner(s);
  seller = await newSeller(s.env, { token });
  pay = payClient({ base: s.env.pay_api, token: () => token });
});

const lines = readFileSync(join(ROOT, 'docs/integrate/webhooks.md'), 'utf8').match(/^ {4}.*pay\.webhookEndpoints\..*$|^`pay\.webhookEndpoints\..*?`/gm);
const AsyncFunction = (async () => {}).constructor;

/* Does what the page shows, the line that has these words, with some of them replaced by the test's own. */
function shown(words, { endpoint, ...replace } = {}) {
  const found = lines.filter((line) => line.includes(words));
  assert.equal(found.length, 1, `${words}: ${found.length} lines`);
  const [, call] = /(pay\.webhookEndpoints\.\w+\([^]*?\))(?:;|`|$)/.exec(found[0]);
  const own = Object.entries(replace).reduce((text, [from, to]) => text.replaceAll(from, to), call);
  return new AsyncFunction('pay', 'endpoint', `return ${own}`)(pay, endpoint);
}

after(() => s?.stop());

for (const file of ['hooks.mjs', 'hooks.py']) {
  test(`${file} takes what is genuine, once, with the old secret and with the new one`, async () => {
    const port = await freePortBase(), url = `http://127.0.0.1:${port}/hooks`;
    const hook = await shown('.create(', { 'https://shop.example/hooks': url });
    hook.secret = (await shown('endpoint.secret ?', { endpoint: hook })).secret; /* as if that answer had been lost */
    const begin = (SECRET) => example('webhooks.md', file, { ready: /^ready/m, env: { SECRET, PORT: String(port) } });
    const sold = async () => {
      await seller.sell(1000);
      return (await seller.call('GET', `/v1/payments?store=${seller.store.id}&limit=1`)).body.data[0].id;
    };
    const heard = (run, id) => eventually(() => run.output.includes(`payment.succeeded ${id} `), { what: 'the message is taken' });
    let run = await begin(hook.secret);
    try {
      await heard(run, await sold());
      await shown('.ping(', { endpoint: hook });
      await eventually(() => run.output.includes(`webhook_endpoint.ping ${hook.id}`), { what: 'the ping' });

      const send = async (body, { at = new Date(), secret = hook.secret, id = 'evt_1' } = {}) => (await fetch(url, {
        method: 'POST', body, headers: { 'webhook-id': id, 'webhook-timestamp': String(Math.floor(at / 1000)), 'webhook-signature': new Webhook(secret).sign(id, at, body) },
      })).status;
      const body = JSON.stringify({ type: 'payment.succeeded', timestamp: new Date().toISOString(), sequence: 1, data: { id: 'pay_again' } });
      assert.deepEqual([await send(body), await send(body)], [204, 204]);
      assert.equal(await send(body.replace('pay_again', 'pay_other'), { id: 'evt_2' }), 204);
      await heard(run, 'pay_other');  // what is printed reaches this process after the answer, in the order in which it is printed
      assert.equal(run.output.match(/pay_again/g)?.length, 1, 'what comes again is answered, and not taken again');
      assert.deepEqual([await send(body, { secret: `whsec_${btoa('another key of 32 characters ...')}` }), await send(body, { at: new Date(Date.now() - 3_600_000) })], [400, 400]);

      const next = await shown('expire_old_in: 86400', { endpoint: hook });
      assert.ok(Date.parse(next.previous_secret_expires_at) > Date.now());
      await heard(run, await sold());
      await run.stop();
      run = await begin(next.secret);
      await heard(run, await sold());
    } finally {
      await run.stop();
      await seller.call('DELETE', `/v1/webhook_endpoints/${hook.id}`);
    }
  });
}

test('what was not delivered is sent when the endpoint is switched on again, and what it never had by a replay', async () => {
  const port = await freePortBase(), url = `http://127.0.0.1:${port}/hooks`;
  await seller.sell(1000);
  const hook = await shown('.create(', { 'https://shop.example/hooks': url });
  const payment = async () => (await pay.payments.list({ store: seller.store.id, limit: 1 })).data[0].id;
  const before = await payment();
  const [{ id: missed }] = (await pay.events.list({ about: before, type: 'payment.succeeded' })).data;
  await seller.sell(1000);
  const late = await payment();
  const its = `webhook_endpoint_id = '${hook.id}' and status = 'pending' and event_id in (select event_id from pay.event where object_id = '${late}')`;
  await eventually(async () => {
    await s.psql(`update pay.webhook_delivery set attempts = 8, due_at = now() + interval '5 hours' where ${its} and attempts > 0`);
    return (await s.psql(`select 1 from pay.webhook_delivery where ${its} and due_at > now() + interval '4 hours'`)).length;
  }, { what: 'it has failed, and is tried in hours' });
  await pay.webhookEndpoints.update(hook.id, { status: 'disabled' });
  await seller.sell(1000);
  const waits = await payment();
  const run = await example('webhooks.md', 'hooks.mjs', { ready: /^ready/m, env: { SECRET: hook.secret, PORT: String(port) } });
  try {
    await shown("status: 'enabled'", { endpoint: hook });
    const [{ id: event }] = (await pay.events.list({ about: waits, type: 'payment.succeeded' })).data;
    const heard = (id) => eventually(() => run.output.includes(`payment.succeeded ${id} `), { what: `${id} in ${run.output}` });
    await heard(late);
    assert.equal((await shown('{ event:', { endpoint: hook, 'evt_...': event })).queued, 1);
    await heard(waits);
    const all = await shown('{ from:', { endpoint: hook, 'evt_...': missed });
    assert.deepEqual([all.object, all.has_more], ['webhook_replay', false]);
    await heard(before);
  } finally {
    await run.stop();
    await pay.webhookEndpoints.remove(hook.id);
  }
});
