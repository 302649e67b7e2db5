/* What makes payouts wait for two operators, and that each that waits is found. SECURITY K 289. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { wholeDay } from '../support/day.mjs';
import { newPartner } from '../support/partner.mjs';
import { operatorLogIn, pay } from '../support/people.mjs';
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

test('each payout that waits is found, however many wait before it', { timeout: 300_000 }, async () => {
  const seller = await newSeller(s.env);
  await seller.sell(10_000);
  const [{ partner }] = await s.psql(`select partner_id as partner from pay.pay_user where user_id = '${seller.user.id}'`);
  await command('limit', partner, '--currency', 'EUR', '--seller', seller.user.id, '--approve-from', '1');
  const ours = [];
  for (const count of [100, 3]) {
    const { body: list } = await seller.call('POST', '/v1/payout_lists', { user: seller.user.id, payouts: Array.from({ length: count }, () => ({ amount: 10, currency: 'EUR', requisite: seller.requisite.id })) });
    const { body } = await seller.call('POST', `/v1/payout_lists/${list.id}/confirm`, { code: await code(seller, list) });
    assert.deepEqual([...new Set(body.payouts.map((one) => one.status))], ['awaiting_approval'], JSON.stringify(body));
    ours.push(...body.payouts.map((one) => one.id));
  }
  const later = await paidOut(seller, 20);
  assert.equal(later.status, 'awaiting_approval');
  ours.push(later.id);

  const page = async (words = '') => (await pay(s.env, operator, 'GET', `/v1/operator/approvals${words}`)).body;
  const all = async (limit) => {
    const found = [];
    for (let words = `?limit=${limit}`; words;) {
      const { data, has_more: more, next_cursor: next } = await page(words);
      found.push(...data.map((one) => one.payout));
      words = more ? `?limit=${limit}&cursor=${next}` : '';
    }
    return found.filter((one) => ours.includes(one));
  };
  assert.deepEqual(await all(100), [...ours].sort(), 'page after page, the oldest first');
  assert.match((await command('waiting')).stdout, new RegExp(later.id));

  const checked = ours.slice(0, 103).map((one) => `'${one}'`).join();
  await s.psql(`update pay.payout set approval_reasons = '{screening}' where payout_id in (${checked})`);
  await s.psql(`insert into pay.payout_screening (payout_id, partner_id, requisite_id, waits_too, state, due_at, created_at)
    select payout_id, partner_id, requisite_id, false, 'open', now() + interval '1 day', now() from pay.payout where payout_id in (${checked})`);
  assert.ok((await page()).data.some((one) => one.payout === later.id), 'those that wait for an answer and nothing else hide nobody');
  assert.deepEqual((await all(7)).sort(), [...ours].sort(), 'and are found as well');

  const agent = createAgent();
  await operatorLogIn(s.env, agent, s.env.admin);
  let shown = await agent.open(`${s.env.pay_api}/operator/payouts`);
  assert.ok(shown.text.includes(`/operator/payouts/${later.id}/decision`), 'on the page first as well');
  const forms = new Set();
  for (let pages = 1; ; pages += 1) {
    for (const [, payout] of shown.text.matchAll(/\/operator\/payouts\/(\w+)\/decision/g)) forms.add(payout);
    const [, next] = /href="([^"]+)">More that wait</.exec(shown.text) ?? [];
    if (!next) break;
    assert.ok(pages < 20);
    shown = await agent.open(new URL(next.replaceAll('&amp;', '&'), s.env.pay_api).href);
  }
  assert.deepEqual(ours.filter((one) => !forms.has(one)), [], 'and the others on the pages after it');
  const own = await agent.open(`${s.env.pay_api}/operator/payouts/${later.id}`);
  const decided = await agent.submit({ ...own, text: own.text.slice(own.text.indexOf(`/operator/payouts/${later.id}/decision`) - 200) }, { note: 'known' }, { button: 'Approve' });
  assert.equal(decided.status, 200);
  assert.match((await agent.open(`${s.env.pay_api}/operator/payouts/${later.id}`)).text, /You have approved it\./);
  assert.deepEqual(await s.psql('select * from pay.v_inv'), []);
});
