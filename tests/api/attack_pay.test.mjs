/*
 * Attacks on paysrv that need a run of their own: where others' addresses lead (SECURITY H 194, 212, M 336), texts that read as
 * something else (F 140), who may frame a checkout, and one set of rules that comes twice at the same moment (N 345).
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { IBAN, newSeller } from '../support/seller.mjs';
import { startStack } from '../support/stack.mjs';

let s, seller;

before(async () => {
  s = await startStack();
  await s.restart('paysrv', { env: { PAYSRV_FETCH_OWN_NETWORKS: '127.0.0.0/8', PAYSRV_FETCH_ALLOW_NETWORKS: '' } }); /* the demo's webhook is inside */
  seller = await newSeller(s.env);
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await s?.stop();
});

const payment = (fields = {}) => ({ store: seller.store.id, amount: 1000, currency: 'EUR', description: 'An article', ...fields });
const refused = async (path, body) => {
  const answer = await seller.call('POST', path, body);
  return [answer.status, answer.body.param];
};

describe('the operator’s own private networks', () => {
  test('are reached by what he has configured: issuer and acquirer work', async () => {
    assert.ok(await seller.sell(1000) > 0);
  });

  test('are not reached by the webhooks of a partner, whatever their address looks like', async () => {
    let asked = 0;
    const inside = createServer((request, response) => { asked++; response.end(); }).listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => { inside.once('listening', resolve); });
      const { port } = inside.address();
      for (const url of [`http://127.0.0.1:${port}/`, `https://127.0.0.1:${port}/`, `https://[::ffff:127.0.0.1]:${port}/`, `http://localhost:${port}/`, 'http://hooks.example/'])
        assert.deepEqual(await refused('/v1/webhook_endpoints', { url }), [422, 'url'], url);
      /* a name says nothing before it is looked up; this one stood there before the network was closed, too */
      const { status, body: endpoint } = await seller.call('POST', '/v1/webhook_endpoints', { url: `https://localhost:${port}/`, events: ['payment.succeeded'] });
      assert.equal(status, 201, JSON.stringify(endpoint));
      await s.psql(`update pay.webhook_endpoint set url = 'http://127.0.0.1:${port}/' where webhook_endpoint_id = '${endpoint.id}'`);
      await seller.sell(1000);
      const tried = await eventually(async () => {
        const { body } = await seller.call('GET', `/v1/webhook_endpoints/${endpoint.id}/deliveries`);
        return body.data.find((one) => one.attempts > 0);
      }, { what: 'a delivery was tried' });
      assert.notEqual(tried.status, 'delivered');
      assert.equal(asked, 0);
      await seller.call('DELETE', `/v1/webhook_endpoints/${endpoint.id}`);
    } finally {
      inside.close();
    }
  });
});

describe('a text', () => {
  const TURNED = ['a\u202eb', 'a\u2066b', 'a\u2028b', 'a\u0085b', '\u202a'];

  test('that turns what stands behind it, or begins a line, is refused by its field', async () => {
    const account = (holder_name) => ({ type: 'bank_account', iban: IBAN, holder_name, address: { country: 'DE', town: 'Bonn' } });
    for (const text of TURNED) {
      assert.deepEqual(await refused('/v1/payments', payment({ description: text })), [400, 'description']);
      assert.deepEqual(await refused('/v1/users', { name: text }), [400, 'name']);
      assert.deepEqual(await refused('/v1/stores', { name: text, user: seller.user.id, currency: 'EUR' }), [400, 'name']);
      assert.deepEqual(await refused(`/v1/users/${seller.user.id}/requisites`, account(text)), [400, 'holder_name']);
      assert.deepEqual(await refused(`/v1/users/${seller.user.id}/legal_profile`, { kind: 'individual', name: text, address: { country: 'DE', town: 'Bonn' } }), [400, 'name']);
    }
  });

  test('in any language, with its marks and joiners, is taken as it is', async () => {
    for (const description of ['חשבונית \u200f1', 'می\u200cخواهم', '👩\u200d👩\u200d👧', 'Å\u0308']) {
      const { status, body } = await seller.call('POST', '/v1/payments', payment({ description }));
      assert.deepEqual([status, body.description], [201, description]);
    }
  });
});

test('a checkout is framed by pages that nobody on the way can change', async () => {
  for (const origin of ['http://shop.example', 'http://shop.example:8080', 'ftp://shop.example'])
    assert.deepEqual(await refused('/v1/payments', payment({ origins: ['https://shop.example', origin] })), [422, 'origins'], origin);
  assert.equal((await seller.call('POST', '/v1/payments', payment({ origins: ['http://127.0.0.1:8080', 'http://localhost:3000', 'https://shop.example'] }))).status, 201);
});

/* Both have looked and found nothing when the first of them writes: an index, made so that it is the first that is written, waits for a lock. */
test('rules that two payments bring at the same moment are written once, and both payments are made', async () => {
  await s.psql(`create function pay.held(text) returns text immutable language plpgsql as $$ begin perform pg_advisory_xact_lock_shared(345); return $1; end $$`);
  await s.psql('create index held on pay.split_profile (pay.held(split_profile_id))');
  for (const index of ['split_profile_pkey', 'split_profile_split_profile_id_key']) await s.psql(`reindex index concurrently pay.${index}`);
  const locks = (granted) => `(select count(*) from pg_locks where locktype = 'advisory' and objid = 345 and granted = ${granted})`;
  let made = [{ status: 503 }];
  for (let round = 0; round < 20 && made.some(({ status }) => status === 503); round++) { /* on a machine that stands still one has given up before the other waits */
    const held = s.psql(`do $$ begin perform pg_advisory_xact_lock(345); while ${locks(false)} < 2 and clock_timestamp() < now() + interval '1 minute' loop perform pg_sleep(0.01); end loop; end $$`);
    await eventually(async () => (await s.psql(`select ${locks(true)} as n`))[0].n === 1, { what: 'the index is held' });
    const split = [{ party: 'platform', bp: 500 }, { party: 'partner', bp: 2501 + round }, { party: 'seller', rest: true }];
    made = await Promise.all([1, 2].map(() => seller.call('POST', '/v1/payments', payment({ split }))));
    await held;
  }
  assert.deepEqual(made.map(({ status }) => status), [201, 201], JSON.stringify(made.map(({ body }) => body)));
  assert.deepEqual(made[0].body.split, made[1].body.split);
});
