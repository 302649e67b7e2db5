/* What makes payouts wait for two operators. SECURITY K 289. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { wholeDay } from '../support/day.mjs';
import { newPartner } from '../support/partner.mjs';
import { pay } from '../support/people.mjs';
import { operatorToken } from '../support/relying_party.mjs';
import { codeIn, newSeller, ofRequest } from '../support/seller.mjs';
import { startStack } from '../support/stack.mjs';

let s, operator;

before(async () => {
  s = await startStack({ env: { AUTHSRV_RATE_LIMITS: 'false' } });
  operator = await operatorToken(s);
});

after(() => s?.stop());

const code = async (seller, asked) => codeIn(await s.mail(seller.email, ofRequest(asked.label)));
async function paidOut(seller, amount) {
  const { body } = await seller.request(amount);
  const answer = await seller.confirm(body.id, await code(seller, body));
  return { id: body.id, status: answer.body.status };
}
async function command(...words) {
  const { code: exit, stdout, stderr } = await s.operator('paysrv', 'payouts', ...words);
  assert.equal(exit, 0, stderr);
  return { stdout, stderr };
}

test('one operator alone loosens nothing from which two have to approve', { timeout: 300_000 }, async () => {
  await wholeDay();
  const partner = await newPartner(s);
  const seller = await newSeller(s.env, { token: partner.token });
  await seller.sell(10_000);
  const user = seller.user.id;
  const set = async (words) => {
    const { status, body } = await pay(s.env, operator, 'POST', `/v1/operator/partners/${partner.slug}/payout_limits`, { currency: 'EUR', ...words });
    return status === 200 ? Object.fromEntries(body.data.map((one) => [one.scope, one.approve_from])) : [status, body.code, body.param, body.detail];
  };
  await command('limit', partner.slug, '--currency', 'EUR', '--approve-from', '500');

  assert.deepEqual(await set({ scope: 'seller', user, per_day: 9000 }), { each: 500, seller: null }, 'another limit of one seller');
  const first = await paidOut(seller, 600);
  assert.equal(first.status, 'awaiting_approval', 'he is held to what each is');
  for (const asked of [501, 1_000_000_000_000]) {
    const [status, fault, param, detail] = await set({ scope: 'seller', user, approve_from: asked });
    assert.deepEqual([status, fault, param], [409, 'four_eyes', 'approve_from'], `${asked}`);
    assert.match(detail, /5\.00 EUR/, 'what is in force');
  }
  assert.deepEqual((await set({ scope: 'each', approve_from: 501 })).slice(0, 3), [409, 'four_eyes', 'approve_from']);
  assert.deepEqual(await set({ scope: 'each', most: 5000 }), { each: 500, seller: null }, 'what is left out stays');
  assert.deepEqual(await set({ scope: 'all', approve_from: 400 }), { all: 400, each: 500, seller: null }, 'tighter is one operator’s word');
  assert.deepEqual(await set({ scope: 'all', per_day: 9000 }), { all: 400, each: 500, seller: null });
  assert.deepEqual((await set({ scope: 'all', approve_from: 401 })).slice(0, 3), [409, 'four_eyes', 'approve_from']);
  assert.deepEqual(await set({ scope: 'seller', user, approve_from: 300 }), { all: 400, each: 500, seller: 300 });
  assert.deepEqual((await set({ scope: 'seller', user, approve_from: 301 })).slice(0, 3), [409, 'four_eyes', 'approve_from'], 'his own counts');
  assert.equal((await paidOut(seller, 300)).status, 'awaiting_approval');

  await command('limit', partner.slug, '--currency', 'EUR', '--seller', user, '--approve-from', '100000');
  await command('limit', partner.slug, '--currency', 'EUR', '--all', '--approve-from', 'none');
  assert.equal((await paidOut(seller, 600)).status, 'confirmed', 'the command, which is nobody’s alone, says so');
  assert.match((await command('limit', partner.slug, '--currency', 'EUR', '--approve-from', '400')).stderr, new RegExp(`${user} has approve-from 100000 of his own in its place`));
  await command('limit', partner.slug, '--currency', 'EUR', '--per-day', '9000');
  assert.deepEqual(await set({ scope: 'each' }), { all: null, each: 400, seller: 100_000 }, 'nor does the command drop it in passing');
  await partner.remove();
  assert.deepEqual(await s.psql('select * from pay.v_inv'), []);
});
