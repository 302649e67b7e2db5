/*
 * What the bank moves beside payouts and payments (the partner's reward that it was paid, the bank's fees, a transfer that left twice) comes into the
 * books by an entry, so that they agree with the bank's closing balance (docs/protocol/pay/bank.md, "What does not fit"). MONEY 6.A14; MONEY 4.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { notice, released, statement } from '../support/bank.mjs';
import { wholeDay } from '../support/day.mjs';
import { newDesk } from '../support/desk.mjs';
import { eventually } from '../support/eventually.mjs';
import { pay } from '../support/people.mjs';
import { feeOf, fresh, registry } from '../support/registry.mjs';
import { codeIn, ofRequest } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, desk, directory, slug;

before(async () => {
  await wholeDay(); /* which may be the month's last one */
  s = await sharedStack();
  desk = await newDesk(s);
  ({ slug } = desk.partner);
  directory = mkdtempSync(join(process.env.STOA_TEST_TMP ?? tmpdir(), 'bookings-'));
  await desk.seller.sell(100_000);
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await s?.stop();
});

const get = async (path) => (await pay(s.env, desk.partner.token, 'GET', path)).body;
const resolve = (id, fields) => pay(s.env, desk.operator, 'POST', `/v1/operator/bank/breaks/${id}/resolve`, { reason: 'as agreed', partner: slug, ...fields });
async function imported(text) {
  const file = join(directory, randomUUID());
  writeFileSync(file, text);
  const { code, stderr } = await s.operator('paysrv', 'bank', 'import', file);
  assert.equal(code, 0, stderr);
}
/* The break that an entry of the bank's has become, by the bank's reference. */
async function moved(amount, more = {}) {
  const reference = fresh('B');
  await imported(notice([{ amount, reference, ...more }]));
  const [{ id, kind }] = await s.psql(`select b.break_id as id, b.kind from pay.bank_break b join pay.bank_line l using (line_id) where l.reference = '${reference}'`);
  return { id, kind, reference };
}
const posted = async (id) => Object.fromEntries((await s.psql(`select a.kind || a.user_id as account, q.amount from pay.entry e join pay.posting q using (entry_id)
  join pay.account a using (account_id) where e.kind = 'bank_booking' and e.ref = '${id}'`)).map(({ account, amount }) => [account, Number(amount)]));
const available = async (party) => (await get(`/v1/balance?party=${party}`)).available.find(({ currency }) => currency === 'EUR')?.amount ?? 0;
const bank = async () => Number((await s.psql(`select coalesce(sum(q.amount), 0) as sum from pay.posting q join pay.account a using (account_id) where a.kind = 'bank' and a.partner_id = '${slug}'`))[0].sum);

test('the reward that the partner was paid leaves its account, once, and every paper says so', async () => {
  const before = await available('partner'), { id, kind, reference } = await moved(-1_500);
  assert.deepEqual([kind, before], ['unmatched', 25_000]);
  await imported(statement([{ amount: -1_500, reference }], { sequence: 1, opening: 100_000, id: `booked-${reference}` }));
  await released(s, `booked-${reference}`);
  assert.deepEqual(await s.psql(`select count(*)::int as n from pay.bank_break b join pay.bank_line l using (line_id) where l.reference = '${reference}'`), [{ n: 1 }], 'the statement has the same');
  for (const [fields, param] of [[{ as: 'seller' }, 'as'], [{ as: 'partner', partner: undefined }, 'partner'], [{ as: 'partner', partner: 'nobody' }, 'partner']])
    assert.deepEqual([(await resolve(id, fields)).status, (await resolve(id, fields)).body.param], [422, param]);
  assert.deepEqual(await posted(id), {}, 'what is refused books nothing');
  const both = await Promise.all([resolve(id, { as: 'partner' }), resolve(id, { as: 'partner' })]);
  assert.deepEqual(both.map(({ status, body }) => [status, body.status, body.resolution]), [[200, 'closed', 'partner'], [200, 'closed', 'partner']]);
  assert.equal((await resolve(id, { as: 'platform' })).body.code, 'break_state');
  assert.deepEqual(await posted(id), { bank: -1_500, partner: 1_500 });
  assert.equal(await available('partner'), before - 1_500);

  const ask = (path) => fetch(`${s.env.pay_api}${path}`, { headers: { authorization: `Bearer ${desk.partner.token}` } });
  const lines = (await (await ask('/v1/statement?account=partner&currency=EUR&format=jsonl')).text()).trim().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual([lines.at(-1).kind, lines.at(-1).reference, lines.at(-1).amount, lines[0].closing], ['bank_booking', String(id), -1_500, before - 1_500]);
  const balances = (await (await ask('/v1/ledger/trial_balance?format=jsonl')).text()).trim().split('\n').map((line) => JSON.parse(line));
  assert.equal(balances.find(({ account }) => account === 'partner').closing_credit, before - 1_500);
  const report = await get(`/v1/reports/${new Date().toISOString().slice(0, 7)}?currency=EUR`);
  const row = report.entries.find((one) => one.kind === 'bank_booking');
  assert.deepEqual([row.partner, row.gross, report.balances.partner.closing], [-1_500, 0, before - 1_500], JSON.stringify(report));
  const [event] = (await get('/v1/events?type=bank.booked')).data;
  assert.deepEqual([event.data.object, event.data.account, event.data.amount, event.data.currency], ['bank_booking', 'partner', -1_500, 'EUR']);
});

test('of the partner’s own sales no more is booked than they have', async () => {
  const { body: store } = await pay(s.env, desk.partner.token, 'POST', '/v1/stores', { name: 'The platform', owner: 'partner', currency: 'EUR' });
  const early = await moved(-10_000);
  const { body: { status } } = await pay(s.env, desk.partner.token, 'POST', '/v1/payments', { store: store.id, amount: 10_000, currency: 'EUR', description: 'A month', confirm: { payment_token: 'tok_test_visa' } });
  assert.deepEqual([status, await available('own_sales')], ['succeeded', 9_500]);
  assert.deepEqual([(await resolve(early.id, { as: 'own_sales' })).body.code, await available('own_sales')], ['insufficient_funds', 9_500]);
  const { id } = await moved(-9_500);
  assert.equal((await resolve(id, { as: 'own_sales' })).status, 200);
  assert.deepEqual([await posted(id), await available('own_sales')], [{ bank: -9_500, seller: 9_500 }, 0]);
  assert.equal((await resolve(early.id, { as: 'partner' })).status, 200, 'what had left all the same is the reward’s');
});

test('the bank’s fee is the platform’s by the page, and what left twice and came back was in suspense', async () => {
  const fee = await moved(-490), page = await desk.agent.open(`${s.env.pay_api}/operator/bank?no=${fee.id}`);
  const form = { ...page, text: page.text.slice(page.text.lastIndexOf('<form', page.text.indexOf(`action="/operator/bank/breaks/${fee.id}"`))) };
  for (const label of ['It is the partner&#39;s', 'It is of the partner&#39;s own sales']) assert.ok(form.text.includes(label), form.text);
  assert.equal((await desk.agent.submit(form, { note: 'the account of November', partner: slug }, { button: 'The platform bears it' })).status, 200);
  assert.deepEqual(await posted(fee.id), { bank: -490, platform: 490 });

  const { body: payout } = await desk.seller.request(700);
  await desk.seller.confirm(payout.id, codeIn(await s.mail(desk.seller.email, ofRequest(payout.label))));
  const { code, stderr } = await s.operator('paysrv', 'payouts', 'export', '--out', join(directory, 'order.xml'));
  assert.equal(code, 0, stderr);
  await imported(notice([{ amount: -700, payout: payout.id }]));
  await eventually(async () => (await get(`/v1/payouts/${payout.id}`)).status === 'paid', { what: 'it is paid' });
  const twice = await moved(-700, { payout: payout.id }), before = await bank();
  assert.equal(twice.kind, 'duplicate');
  assert.equal((await resolve(twice.id, { as: 'suspense' })).status, 200);
  const back = await moved(700);
  assert.equal((await resolve(back.id, { as: 'suspense' })).status, 200);
  assert.deepEqual([await posted(twice.id), await posted(back.id), await bank()], [{ bank: -700, suspense: 700 }, { bank: 700, suspense: -700 }, before]);
});

test('from the operator’s limit on another one approves it; what moved nothing, and what the acquirer says, is not the partner’s', async () => {
  const { id } = await moved(-2_000);
  const asked = await s.operator('paysrv', 'reconcile', 'resolve', String(id), '--as', 'own_sales', '--partner', slug, '--reason', 'of November', { env: { PAYSRV_MANUAL_ENTRY_APPROVE_FROM: '2000' } });
  assert.match(asked.stderr, /do not hold it/, 'nobody approves what cannot be booked');
  const { stdout } = await s.operator('paysrv', 'reconcile', 'resolve', String(id), '--as', 'partner', '--partner', slug, '--reason', 'of November', { env: { PAYSRV_MANUAL_ENTRY_APPROVE_FROM: '2000' } });
  const [, entry] = /^(men_\w+) waits/.exec(stdout);
  assert.deepEqual(await posted(id), {});
  assert.equal((await pay(s.env, desk.operator, 'POST', `/v1/operator/manual_entries/${entry}/approve`, {})).body.borne_by, 'partner');
  assert.deepEqual(await posted(id), { bank: -2_000, partner: 2_000 });

  const r = registry([{ type: 'bonus', id: fresh('adj'), gross: 500 }]), file = join(directory, 'registry.csv');
  writeFileSync(file, r.text);
  await s.operator('paysrv', 'reconcile', 'import', file);
  const [{ no }] = await s.psql(`select b.break_id as no from pay.bank_break b join pay.settlement t using (settlement_id) where t.acquirer_ref = '${r.id}'`);
  assert.equal((await resolve(no, { as: 'partner' })).body.param, 'as');
  await resolve(no, { as: 'platform' });
  await imported(notice([{ amount: r.net, payout: r.id }]));
  const other = await moved(-5, { payout: 'po_nobody' });
  assert.equal((await resolve(other.id, { as: 'suspense' })).status, 200, 'a name that is none of ours is no payout');
});

test('of a transfer that the bank kept a fee of the registry is paid, and the fee is booked; so of a payout that it took more for', async () => {
  const [found] = await s.psql(`select c.call_id as key, c.acquirer_ref as id from pay.payment p join pay.acquirer_call c on c.call_id = p.charge_id where p.store_id = '${desk.seller.store.id}' limit 1`);
  const r = registry([{ type: 'charge', ...found, gross: 100_000, fee: feeOf(100_000) }]), file = join(directory, 'paid.csv'), before = await bank();
  writeFileSync(file, r.text);
  assert.match((await s.operator('paysrv', 'reconcile', 'import', file)).stdout, /booked/);
  const less = await moved(r.net - 500, { payout: r.id });
  assert.deepEqual([less.kind, await bank()], ['amount', before]);
  assert.equal((await resolve(less.id, { as: 'platform' })).status, 200);
  assert.deepEqual([await posted(less.id), await bank()], [{ bank: -500, platform: 500 }, before + r.net - 500]);
  assert.deepEqual(await s.psql(`select state from pay.settlement where acquirer_ref = '${r.id}'`), [{ state: 'paid' }]);
  await imported(statement([{ amount: r.net - 500, payout: r.id, reference: less.reference }], { sequence: 1, opening: 100_000, id: `less-${less.reference}` }));
  await released(s, `less-${less.reference}`);
  assert.deepEqual(await s.psql(`select count(*)::int as n from pay.bank_break b join pay.bank_line l using (line_id) where l.reference = '${less.reference}'`), [{ n: 1 }], 'the statement tells of the same');

  const { body: payout } = await desk.seller.request(800);
  await desk.seller.confirm(payout.id, codeIn(await s.mail(desk.seller.email, ofRequest(payout.label))));
  assert.equal((await s.operator('paysrv', 'payouts', 'export', '--out', join(directory, 'costly.xml'))).code, 0);
  const more = await moved(-830, { payout: payout.id });
  assert.deepEqual([more.kind, (await resolve(more.id, { as: 'platform' })).body.code], ['amount', 'break_state'], 'before it is paid in the books there is nothing beside it');
  const [{ order }] = await s.psql(`select msg_id as order from pay.payout where payout_id = '${payout.id}'`);
  const settled = await s.operator('paysrv', 'payouts', 'settle', order);
  assert.equal(settled.code, 0, settled.stderr);
  assert.equal((await resolve(more.id, { as: 'platform' })).status, 200);
  assert.deepEqual([await posted(more.id), await bank()], [{ bank: -30, platform: 30 }, before + r.net - 500 - 830]);
});

test('what came back and was booked by an entry is not booked again by the statement that says of which payout it is; that is for a person', async () => {
  const { body: payout } = await desk.seller.request(900);
  await desk.seller.confirm(payout.id, codeIn(await s.mail(desk.seller.email, ofRequest(payout.label))));
  assert.equal((await s.operator('paysrv', 'payouts', 'export', '--out', join(directory, 'returned.xml'))).code, 0);
  await imported(notice([{ amount: -900, payout: payout.id }]));
  const statusOf = async () => (await get(`/v1/payouts/${payout.id}`)).status;
  await eventually(async () => await statusOf() === 'paid', { what: 'it is paid' });
  const back = await moved(900), before = await bank();
  assert.equal((await resolve(back.id, { as: 'suspense' })).status, 200);
  await imported(statement([{ amount: 900, payout: payout.id, reason: 'AC04', reference: back.reference }], { sequence: 1, opening: 100_000, id: `back-${back.reference}` }));
  await released(s, `back-${back.reference}`);
  assert.deepEqual([await bank(), await statusOf()], [before + 900, 'paid']);
  const news = await s.psql(`select b.break_id as id, b.kind, l.kind as line, l.outcome, b.detail from pay.bank_break b join pay.bank_line l on b.ref = 'line ' || l.line_id where b.payout_id = '${payout.id}'`);
  assert.deepEqual(news.map(({ kind, line, outcome }) => [kind, line, outcome]), [['state', 'return', 'noted']]);
  assert.match(news[0].detail, /booked by an entry \(suspense\).*payout po_/);
  assert.equal((await resolve(news[0].id, { as: 'platform' })).body.code, 'break_state');
});
