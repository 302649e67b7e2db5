/* The receivers of docs/integrate/webhooks.md: what is genuine is taken once, also while the secret changes, and nothing else. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../support/eventually.mjs';
import { newPartner } from '../support/partner.mjs';
import { newSeller } from '../support/seller.mjs';
import { freePortBase, sharedStack } from '../support/stack.mjs';
import { example } from './support.mjs';

let s, seller;

before(async () => {
  s = await sharedStack();
  seller = await newSeller(s.env, { token: (await newPartner(s)).token });
});

after(() => s?.stop());

for (const file of ['hooks.mjs', 'hooks.py']) {
  test(`${file} takes what is genuine, once, with the old secret and with the new one`, async () => {
    const port = await freePortBase(), url = `http://127.0.0.1:${port}/hooks`;
    const { body: hook } = await seller.call('POST', '/v1/webhook_endpoints', { url, events: ['payment.succeeded'] });
    const begin = (SECRET) => example('webhooks.md', file, { ready: /^ready/m, env: { SECRET, PORT: String(port) } });
    const pay = async () => {
      await seller.sell(1000);
      return (await seller.call('GET', `/v1/payments?store=${seller.store.id}&limit=1`)).body.data[0].id;
    };
    const heard = (run, id) => eventually(() => run.output.includes(`payment.succeeded ${id} `), { what: 'the message is taken' });
    let run = await begin(hook.secret);
    try {
      await heard(run, await pay());
      await seller.call('POST', `/v1/webhook_endpoints/${hook.id}/ping`);
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

      const { body: next } = await seller.call('POST', `/v1/webhook_endpoints/${hook.id}/rotate_secret`, {});
      await heard(run, await pay());
      await run.stop();
      run = await begin(next.secret);
      await heard(run, await pay());
    } finally {
      await run.stop();
      await seller.call('DELETE', `/v1/webhook_endpoints/${hook.id}`);
    }
  });
}
