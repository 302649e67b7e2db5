/*
 * The acquirer's registries beside our books and the bank (docs/decisions/0052): what fits is booked once and drains, what does not is a break that
 * somebody resolves by entries. MONEY 6.A14; SECURITY 373; I40 to I42.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { notice, released, statement } from '../support/bank.mjs';
import { eventually } from '../support/eventually.mjs';
import { outcomeOf } from '../support/outcome.mjs';
import { operatorLogIn, pay } from '../support/people.mjs';
import { feeOf, fresh, registry } from '../support/registry.mjs';
import { operatorToken } from '../support/relying_party.mjs';
import { codeIn, newSeller, ofRequest } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, directory, operator, seller, partner;
const fetched = []; /* registries that the job is to bring by itself */

before(async () => {
  s = await sharedStack();
  directory = mkdtempSync(join(process.env.STOA_TEST_TMP ?? tmpdir(), 'reconcile-'));
  operator = await operatorToken(s);
  seller = await newSeller(s.env);
  [{ partner }] = await s.psql(`select partner_id as partner from pay.store where store_id = '${seller.store.id}'`);
});

after(() => s?.stop());

const sound = async () => assert.deepEqual(await s.psql('select * from pay.v_inv'), []);
const api = (method, path, body) => pay(s.env, operator, method, path, body);
let files = 0;

/* The operations of a new payment at the acquirer, as lines of a registry. */
async function sale(amount) {
  await seller.sell(amount);
  const [found] = await s.psql(`select p.payment_id as payment, c.call_id as key, c.acquirer_ref as id from pay.payment p
    join pay.acquirer_call c on c.call_id = p.charge_id where p.store_id = '${seller.store.id}' order by p.created_at desc limit 1`);
  return { payment: found.payment, line: { type: 'charge', id: found.id, key: found.key, gross: amount, fee: feeOf(amount) } };
}

/* The same of one that a wallet paid, which is no money of the acquirer's. */
async function walletSale(amount) {
  const { body: { id } } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount, currency: 'EUR', description: 'An article', return_url: 'https://shop.example' });
  const { body } = await seller.call('POST', `/v1/payments/${id}/confirm`, { method: 'wallet' });
  await fetch(body.next_action.url, { method: 'POST', body: new URLSearchParams({ user: 'buyer@wallet.example', answer: 'approve' }) });
  const found = await eventually(async () => (await s.psql(`select call_id as key, acquirer_ref as id from pay.acquirer_call where payment_id = '${id}' and state = 'ok'`))[0], { what: 'the wallet pays' });
  return { type: 'charge', ...found, gross: amount, fee: feeOf(amount) };
}

/* A payout to a card that comes back after days, which are seconds here. */
async function returnedPayout(amount) {
  const { body: card } = await seller.call('POST', `/v1/users/${seller.user.id}/requisites`, { type: 'card', token: 'tok_test_1752' });
  await s.psql(`update pay.requisite set usable_from = null where requisite_id = '${card.id}'`);
  const { body: payout } = await seller.call('POST', '/v1/payouts', { amount, currency: 'EUR', requisite: card.id, user: seller.user.id });
  await seller.confirm(payout.id, codeIn(await s.mail(seller.email, ofRequest(payout.label))));
  await eventually(async () => (await seller.call('GET', `/v1/payouts/${payout.id}`)).body.status === 'returned', { what: 'it comes back' });
  return payout.id;
}

async function refund(payment, amount) {
  const { body } = await outcomeOf((options) => seller.call('POST', `/v1/payments/${payment}/refunds`, { amount }, options));
  assert.equal(body.status, 'succeeded', JSON.stringify(body));
  const [{ id }] = await s.psql(`select acquirer_ref as id from pay.acquirer_call where call_id = '${body.id}'`);
  return { type: 'refund', id, key: body.id, gross: -amount };
}

async function bring(verb, text, ...more) {
  const file = join(directory, `${files += 1}`);
  writeFileSync(file, text);
  return s.operator('paysrv', verb, 'import', file, ...more);
}

async function imported(verb, text, ...more) {
  const { code, stdout, stderr } = await bring(verb, text, ...more);
  assert.equal(code, 0, stderr);
  return stdout;
}

const stateOf = async (id) => (await s.psql(`select state from pay.settlement where acquirer_ref = '${id}'`))[0]?.state;
const breaksOf = (id) => s.psql(`select b.break_id as id, b.kind, l.acquirer_id as line, b.closed_at is null as open, b.resolution, b.note from pay.bank_break b
  join pay.settlement t on t.settlement_id = b.settlement_id join pay.settlement_line l on l.line_id = b.settlement_line where t.acquirer_ref = '${id}' order by b.break_id`);
/* What entries of a kind and name posted, by account. */
const posted = async (kind, ref) => Object.fromEntries((await s.psql(`select a.kind, sum(q.amount)::bigint as amount from pay.entry e join pay.posting q using (entry_id)
  join pay.account a using (account_id) where e.kind = '${kind}' and e.ref = '${ref}' group by 1`)).map(({ kind: account, amount }) => [account, Number(amount)]));
/* A transfer of the acquirer's, in the bank's words. */
const credit = ({ id, net }, options = {}) => notice([{ amount: net, payout: id, ...options }]);

test('what matches is booked once, and its accounts drain when the bank shows the transfer', async () => {
  const [one, two] = [await sale(10_000), await sale(2_500)];
  const back = await refund(one.payment, 1_000);
  const r = registry([one.line, two.line, back]);
  const first = await imported('reconcile', r.text);
  assert.match(first, new RegExp(`${r.id}\tbooked.*3 line\\(s\\)\t0 open`), first);
  const fees = one.line.fee + two.line.fee;
  assert.deepEqual(await posted('settlement', r.id), { settlement: 11_500 - fees, acquirer_fee: fees, acquirer_receivable: -11_500 });
  assert.match(await imported('reconcile', r.text), /^was imported before/);
  assert.deepEqual(await s.psql(`select count(*)::int as n from pay.entry where ref = '${r.id}'`), [{ n: 1 }]);

  await imported('bank', credit({ ...r, net: r.net - 1 }));
  assert.equal(await stateOf(r.id), 'booked', 'another amount pays nothing');
  assert.match(await imported('bank', credit(r, { reference: `A${r.id}` })), /0 break/);
  assert.equal(await stateOf(r.id), 'paid');
  assert.deepEqual(await posted('settlement_paid', r.id), { bank: r.net, settlement: -r.net });
  await imported('bank', statement([{ amount: r.net, payout: r.id, reference: `A${r.id}` }], { sequence: 1, opening: 100_000, id: `settled-${r.id}` }));
  const file = await released(s, `settled-${r.id}`);
  assert.deepEqual(await s.psql(`select outcome from pay.bank_line where file_id = ${file}`), [{ outcome: 'known' }], 'the statement shows it as well');
  assert.match(await imported('bank', credit(r, { reference: `B${r.id}` })), /1 break/, 'a second transfer is for a person');
  const events = await s.psql(`select type, data from pay.event where object_id = '${r.id}' order by sequence`);
  assert.deepEqual(events.map(({ type }) => type), ['settlement.booked', 'settlement.paid']);
  assert.deepEqual(events.map(({ data }) => JSON.parse(data).amount), [11_500, 11_500], 'both tell the partner’s own sums');
  assert.ok(!events[0].data.includes(String(fees)), 'what the acquirer costs the platform is not the partner’s');
  await sound();
});

test('what the acquirer keeps is the partner’s cost where that was agreed, and the platform’s again when it was taken back', async () => {
  const cost = (...more) => s.operator('paysrv', 'reconcile', 'cost', partner, ...more);
  assert.equal((await cost('--currency', 'EUR', '--borne-by', 'nobody')).code, 2);
  assert.equal((await cost('--currency', 'EUR', '--borne-by', 'partner')).code, 0);
  assert.match((await cost()).stdout, /^EUR\tborne by the partner\tset .* by uid:/);
  const [one, other] = [await sale(10_000), await sale(1_000)];
  const r = registry([one.line, { ...other.line, gross: 990 }]);
  await imported('reconcile', r.text);
  assert.deepEqual(await posted('settlement', r.id), { settlement: 10_000 - one.line.fee, partner: one.line.fee, acquirer_receivable: -10_000 });
  const [{ id }] = await breaksOf(r.id);
  assert.equal((await api('POST', `/v1/operator/bank/breaks/${id}/resolve`, { as: 'platform', reason: 'the acquirer says so' })).status, 200);
  assert.deepEqual(await posted('settlement_break', id), { settlement: 990 - other.line.fee, partner: other.line.fee, acquirer_receivable: -1_000, platform: 10 }, 'nor is it the platform’s when the rest of a line is');
  assert.equal((await cost('--currency', 'EUR', '--borne-by', 'platform')).code, 0);
  const two = await sale(2_000), after = registry([two.line]);
  await imported('reconcile', after.text);
  assert.deepEqual(await posted('settlement', after.id), { settlement: 2_000 - two.line.fee, acquirer_fee: two.line.fee, acquirer_receivable: -2_000 });
  await sound();
});

test('what does not fit moves nothing, says why, and is resolved by an entry of its own', async () => {
  const [amount, fee, twice] = [await sale(1_000), await sale(2_000), await sale(3_000)];
  const r = registry([{ ...amount.line, gross: 990 }, { ...fee.line, fee: fee.line.fee + 7 }, twice.line, twice.line, { type: 'charge', id: fresh('ch_'), key: fresh('chg_'), gross: 70 },
    { type: 'bonus, "of November"', id: fresh('adj'), gross: 500 }]);
  await imported('reconcile', r.text);
  const found = await breaksOf(r.id);
  assert.deepEqual(found.map(({ kind }) => kind), ['amount', 'fee', 'duplicate', 'unmatched', 'unmatched']);
  const [other, costly, repeated, stranger, bonus] = found.map(({ id }) => id);
  const booked = await posted('settlement', r.id);
  assert.deepEqual(booked, { settlement: 5_000 - fee.line.fee - 7 - twice.line.fee, acquirer_fee: fee.line.fee + 7 + twice.line.fee, acquirer_receivable: -5_000 }, 'another fee is booked as it is');

  const [{ number }] = await s.psql(`select settlement_id as number from pay.settlement where acquirer_ref = '${r.id}'`);
  const lines = async (query = '') => (await api('GET', `/v1/operator/settlements/${number}/lines${query}`)).body;
  const { data: said } = await lines();
  assert.deepEqual(said.map((one) => [one.acquirer_ref, one.gross, one.status, one.break, one.payment]), [[amount.line.id, 990, 'break', other, amount.payment], [fee.line.id, 2_000, 'matched', costly, fee.payment],
    [twice.line.id, 3_000, 'matched', null, twice.payment], [twice.line.id, 3_000, 'break', repeated, twice.payment], [said[4].acquirer_ref, 70, 'break', stranger, null], [said[5].acquirer_ref, 500, 'break', bonus, null]]);
  const half = await lines('?limit=4');
  assert.deepEqual([half.data, (await lines(`?limit=4&cursor=${half.next_cursor}`)).data], [said.slice(0, 4), said.slice(4)], 'a page at a time');
  assert.equal((await api('GET', '/v1/operator/settlements/999999999/lines')).status, 404);
  const shown = (await s.operator('paysrv', 'reconcile', 'show', String(number))).stdout.trimEnd().split('\n');
  assert.equal(shown.length, 7);
  assert.match(shown[1], new RegExp(`\tcharge\t${amount.line.id}\t${amount.line.key}\tgross 9\\.90.EUR\t.*\tbreak\t${amount.payment}\tbreak ${other} amount, open$`));
  assert.equal((await s.operator('paysrv', 'reconcile', 'show', '999999999')).code, 2);

  const resolve = (id, fields) => api('POST', `/v1/operator/bank/breaks/${id}/resolve`, { reason: 'the acquirer says so', ...fields });
  assert.equal((await api('POST', `/v1/operator/bank/breaks/${other}/assign`, { to: 'Olga' })).body.assignee, 'Olga');
  assert.match((await s.operator('paysrv', 'reconcile', 'breaks')).stdout, new RegExp(`^${other}\t0 day\\(s\\)\tacquirer\tamount\t${partner}\t9\\.90.EUR\twith Olga\t`, 'm'));
  assert.deepEqual([(await resolve(other, { as: 'nobody' })).body.param, (await resolve(bonus, { as: 'platform' })).body.param, (await resolve(bonus, { as: 'platform', partner: 'none' })).body.param], ['as', 'partner', 'partner']);
  assert.equal((await resolve(costly, { as: 'platform' })).body.code, 'break_state', 'which is booked already');
  const done = await resolve(other, { as: 'platform' });
  assert.deepEqual([done.status, done.body.resolution, done.body.status], [200, 'platform', 'closed'], JSON.stringify(done.body));
  assert.deepEqual(await posted('settlement_break', other), { settlement: 990 - amount.line.fee, acquirer_fee: amount.line.fee, acquirer_receivable: -1_000, platform: 10 });
  const again = await Promise.all([resolve(other, { as: 'platform' }), resolve(other, { as: 'platform' })]);
  assert.deepEqual(again.map(({ status, body }) => [status, body.resolution]), [[200, 'platform'], [200, 'platform']], 'pressed twice: the same answer');
  assert.equal((await resolve(other, { as: 'suspense' })).body.code, 'break_state', 'and not otherwise');
  assert.equal((await s.psql(`select count(*)::int as n from pay.entry where kind = 'settlement_break' and ref = '${other}'`))[0].n, 1, 'one entry');
  await resolve(repeated, { as: 'suspense' });
  assert.deepEqual(await posted('settlement_break', repeated), { settlement: 3_000 - twice.line.fee, acquirer_fee: twice.line.fee, suspense: -3_000 });
  const ask = (as) => s.operator('paysrv', 'reconcile', 'resolve', String(stranger), '--as', as, '--reason', 'nobody knows it', '--partner', partner, { env: { PAYSRV_MANUAL_ENTRY_APPROVE_FROM: '70' } });
  const [, entry] = /^(men_\w+) waits for another operator/.exec((await ask('suspense')).stdout);
  assert.deepEqual([(await ask('suspense')).stdout.startsWith(entry), (await ask('platform')).code], [true, 1], 'one at a time');
  assert.deepEqual((await breaksOf(r.id))[3].open, true, 'nothing is booked');
  const own = await s.operator('paysrv', 'entries', 'approve', entry);
  assert.deepEqual([own.code, /four_eyes|another operator/i.test(own.stderr)], [1, true], own.stderr);
  const looker = createAgent();
  await operatorLogIn(s.env, looker, s.env.admin);
  assert.ok((await looker.open(`${s.env.pay_api}/operator/bank?no=${stranger}`)).text.includes('Waits for another operator'), 'which stands beside the break');
  const buttons = async () => {
    const { text } = await looker.open(`${s.env.pay_api}/operator/bank`);
    const form = text.slice(text.indexOf(`action="/operator/entries/${entry}/decision"`));
    return [...form.slice(0, form.indexOf('</form>')).matchAll(/<button(?![^>]* disabled)[^>]*>([^<]*)</g)].map(([, label]) => label);
  };
  assert.deepEqual(await buttons(), ['Approve', 'Reject']);
  const [{ asked }] = await s.psql(`select asked_by as asked from pay.manual_entry where manual_entry_id = '${entry}'`);
  const askedBy = (who) => s.psql(`update pay.manual_entry set asked_by = '${who}' where manual_entry_id = '${entry}'`);
  await askedBy(JSON.parse(Buffer.from(operator.split('.')[1], 'base64url')).sub);
  assert.deepEqual(await buttons(), ['Take it back'], 'nobody approves what he has asked for');
  await askedBy(asked);
  const waiting = (await api('GET', '/v1/operator/manual_entries')).body.data.find(({ id }) => id === entry);
  assert.deepEqual([waiting.kind, waiting.of, waiting.amount, waiting.borne_by, waiting.status], ['resolve', String(stranger), 70, 'suspense', 'waiting']);
  const approve = () => api('POST', `/v1/operator/manual_entries/${entry}/approve`, { note: 'seen' });
  const both = await Promise.all([approve(), approve()]);
  assert.deepEqual(both.map(({ status, body }) => [status, body.status]), [[200, 'booked'], [200, 'booked']], JSON.stringify(both.map(({ body }) => body)));
  assert.equal((await api('POST', `/v1/operator/manual_entries/${entry}/reject`, {})).body.code, 'manual_entry_state');
  assert.deepEqual(await posted('settlement_break', stranger), { settlement: 70, suspense: -70 }, 'once');

  const agent = looker;
  const decided = (await agent.open(`${s.env.pay_api}/operator/bank?decided=true`)).text;
  assert.ok(decided.includes(`href="/operator/bank?no=${stranger}"`) && decided.includes('Booked: ') && !decided.includes(`action="/operator/entries/${entry}/decision"`), 'what was decided is on the page');
  const listed = await agent.open(`${s.env.pay_api}/operator/settlements/${number}`);
  for (const part of [`/operator/payments/${amount.payment}`, `/operator/bank?no=${bonus}`, 'the platform bears it', 'To be looked at', twice.line.id]) assert.ok(listed.text.includes(part), part);
  assert.equal((await agent.open(`${s.env.pay_api}/operator/settlements/999999999`)).status, 404);
  const ended = await agent.open(`${s.env.pay_api}/operator/bank?no=${other}`);
  assert.ok(ended.text.includes(`/operator/payments/${amount.payment}`) && ended.text.includes('the acquirer says so') && !ended.text.includes(`action="/operator/bank/breaks/${other}"`), 'a closed one says how it ended');
  const page = await agent.open(`${s.env.pay_api}/operator/bank?no=${bonus}`);
  assert.ok(page.text.includes(`href="/operator/settlements/${number}"`), 'the registry is on the page');
  const at = page.text.indexOf(`action="/operator/bank/breaks/${bonus}"`);
  const form = { ...page, text: page.text.slice(page.text.lastIndexOf('<form', at)) };
  const closed = await agent.submit(form, { note: 'a bonus of the acquirer', partner }, { button: 'The platform bears it' });
  assert.equal(closed.status, 200);
  assert.deepEqual(await posted('settlement_break', bonus), { settlement: 500, platform: -500 });
  await imported('bank', credit(r));
  assert.equal(await stateOf(r.id), 'paid');
  assert.deepEqual(await posted('settlement_paid', r.id), { bank: r.net, settlement: -r.net }, 'with all that was resolved, the clearing is empty');
  assert.deepEqual((await breaksOf(r.id)).map(({ open }) => open), [false, true, false, false, false]);
  await sound();
});

test('money that comes before its registry, and a line that comes before its operation, find each other', async () => {
  const one = await sale(5_000);
  await s.psql(`update pay.acquirer_call set acquirer_ref = acquirer_ref || 'x' where call_id = '${one.line.key}'`);
  const r = registry([one.line]);
  await imported('bank', credit(r));
  assert.deepEqual(await s.psql(`select b.kind from pay.bank_break b join pay.bank_line l using (line_id) where l.end_to_end = '${r.id}' and b.closed_at is null`), [{ kind: 'unmatched' }]);
  await imported('reconcile', r.text);
  assert.deepEqual([await stateOf(r.id), (await breaksOf(r.id))[0].kind], ['paid', 'unmatched'], 'the transfer is what the registry says, whatever fits of it');
  await s.psql(`update pay.acquirer_call set acquirer_ref = '${one.line.id}' where call_id = '${one.line.key}'`);
  await s.operator('paysrv', 'reconcile', 'run', '--within', '31536000');
  const [healed] = await breaksOf(r.id);
  assert.deepEqual([healed.open, healed.resolution], [false, 'matched']);
  assert.deepEqual(await posted('settlement_late', healed.id), { bank: r.net, acquirer_fee: one.line.fee, acquirer_receivable: -5_000 });
  assert.deepEqual(await s.psql(`select b.resolution from pay.bank_break b join pay.bank_line l using (line_id) where l.end_to_end = '${r.id}'`), [{ resolution: 'matched' }]);
  await sound();
});

test('money that somebody has booked by an entry before its registry came is not booked again by the statement', async () => {
  const one = await sale(5_100), r = registry([one.line]), booking = { amount: r.net, payout: r.id, reference: fresh('B') };
  await imported('bank', notice([booking]));
  const lines = () => s.psql(`select l.outcome, b.break_id as id from pay.bank_line l left join pay.bank_break b using (line_id) where l.end_to_end = '${r.id}' order by l.line_id`);
  const [{ id }] = await lines();
  assert.equal((await api('POST', `/v1/operator/bank/breaks/${id}/resolve`, { as: 'suspense', reason: 'nobody knows it', partner })).status, 200);
  await imported('reconcile', r.text);
  await imported('bank', statement([booking], { sequence: 1, opening: 0, id: `entered-${r.id}` }));
  await released(s, `entered-${r.id}`);
  assert.deepEqual((await lines()).map(({ outcome }) => outcome), ['break', 'noted']);
  assert.deepEqual([await stateOf(r.id), await posted('settlement_paid', r.id), await posted('bank_booking', id)], ['booked', {}, { bank: r.net, suspense: -r.net }]);
  await sound();
});

test('money that two messages show in words of their own is paid to its registry, or booked by an entry, and not both', async () => {
  const one = await sale(5_200), r = registry([one.line]), reference = fresh('B');
  await imported('bank', notice([{ amount: r.net, payout: r.id, reference }]));
  await imported('bank', statement([{ amount: r.net, reference }], { sequence: 1, opening: 0, id: `apart-${r.id}` }));
  await released(s, `apart-${r.id}`);
  const breaks = () => s.psql(`select b.break_id as id, b.resolution, b.closed_at is null as open from pay.bank_line l join pay.bank_break b using (line_id) where l.reference = '${reference}' order by l.line_id`);
  const [named, unnamed] = await breaks();
  assert.deepEqual([named.open, unnamed.open], [true, true], 'which may be two');
  assert.equal((await api('POST', `/v1/operator/bank/breaks/${unnamed.id}/resolve`, { as: 'suspense', reason: 'nobody knows it', partner })).status, 200);
  await imported('reconcile', r.text);
  assert.deepEqual([await stateOf(r.id), await posted('settlement_paid', r.id), await posted('bank_booking', unnamed.id)], ['booked', {}, { bank: r.net, suspense: -r.net }]);
  assert.equal((await api('POST', `/v1/operator/bank/breaks/${named.id}/resolve`, { as: 'suspense', reason: 'nobody knows it', partner })).body.code, 'break_state');
  await imported('bank', notice([{ amount: -1, reference: fresh('B') }]));
  assert.deepEqual((await breaks()).map(({ resolution, open }) => [resolution, open]), [['matched', false], ['suspense', false]]);
  await sound();
});

test('what no registry has after its time is missing; presented late it is none any more, and given up it is for a person', async () => {
  const [late, lost, purse, other] = [await sale(800), await sale(900), await walletSale(700), await sale(600)];
  const missing = () => s.psql(`select break_id as id, ref, amount::int, closed_at is null as open, note from pay.bank_break where kind = 'missing' and ref in ('${late.line.key}', '${lost.line.key}', '${purse.key}', '${other.line.key}') order by amount = 600, amount`);
  await s.psql(`update pay.reconcile_mark set position = (select entry_id - 1 from pay.entry where kind = 'charge' and ref = '${late.payment}')`);
  await s.operator('paysrv', 'reconcile', 'run', '--within', '3600');
  assert.deepEqual(await missing(), [], 'not before');
  const { stdout } = await s.operator('paysrv', 'reconcile', 'run', '--within', '0');
  assert.match(stdout, /open breaks: \d+ of today/);
  assert.deepEqual((await missing()).map(({ amount, open }) => [amount, open]), [[800, true], [900, true], [600, true]]);
  const [, { id }] = await missing();
  assert.equal((await api('POST', `/v1/operator/bank/breaks/${id}/resolve`, { as: 'platform', reason: 'the acquirer has lost it' })).status, 200);
  assert.deepEqual(await posted('settlement_break', id), { acquirer_receivable: -900, platform: 900 });

  const r = registry([late.line, lost.line, purse, { ...other.line, gross: 590 }]);
  await imported('reconcile', r.text);
  assert.equal((await missing())[0].note, 'presented late');
  const [, , differs] = await breaksOf(r.id);
  const resolve = (of) => api('POST', `/v1/operator/bank/breaks/${of}/resolve`, { as: 'platform', reason: 'the acquirer says so' });
  assert.deepEqual([(await resolve(differs.id)).status, (await resolve((await missing())[2].id)).body.code], [200, 'break_state'], 'what a line has settled is missing no more');
  assert.deepEqual([(await missing())[2].note, await posted('settlement_break', differs.id)], ['presented late', { settlement: 590 - other.line.fee, acquirer_fee: other.line.fee, platform: 10, acquirer_receivable: -600 }]);
  assert.deepEqual((await breaksOf(r.id)).map(({ kind, line }) => [kind, line]), [['state', lost.line.id], ['unmatched', purse.id], ['amount', other.line.id]], 'nothing is owed for what was given up, and nothing of a wallet\'s by the acquirer');
  await sound();
});

/* From that entry on, nothing that no registry has is waited for. Each that is missing of an operation, the first debt before its return. */
async function missingFrom(kind, op, ref = op) {
  await s.psql(`update pay.reconcile_mark set position = (select entry_id - 1 from pay.entry where kind = '${kind}' and ref = '${ref}')`);
  await s.operator('paysrv', 'reconcile', 'run', '--within', '0');
  return missingOf(op);
}

const missingOf = (op) => s.psql(`select break_id as id, ref, amount::int, detail, closed_at is null as open, note from pay.bank_break where kind = 'missing' and pay.debt_op(ref) = '${op}' order by ref`);

test('a payout to a card and its return are missing each by its own name, and neither is the other’s end', async () => {
  await sale(4_000);
  const id = await returnedPayout(1_300), [{ ref }] = await s.psql(`select acquirer_ref as ref from pay.acquirer_call where call_id = '${id}'`);
  const found = await missingFrom('payout_paid', id);
  assert.deepEqual(found.map(({ ref: name, amount, open }) => [name, amount, open]), [[id, -1_300, true], [`${id} return`, 1_300, true]]);
  const [push, back] = found;
  const shown = (await api('GET', `/v1/operator/bank/breaks/${back.id}`)).body;
  assert.deepEqual([shown.kind, shown.reference, shown.payout], ['missing', `${id} return`, id]);
  assert.match(shown.detail, /^the return of the push of .* is in no registry$/);
  const looker = createAgent();
  await operatorLogIn(s.env, looker, s.env.admin);
  for (const [one, words] of [[push, 'In no registry'], [back, 'What came back is in no registry']])
    assert.ok((await looker.open(`${s.env.pay_api}/operator/bank?no=${one.id}`)).text.includes(`<strong>${words}</strong>`), words);
  assert.match((await s.operator('paysrv', 'reconcile', 'breaks')).stdout, new RegExp(`^${back.id}\t.*\tthe return of the push.*\t${id}$`, 'm'));

  assert.equal((await api('POST', `/v1/operator/bank/breaks/${push.id}/resolve`, { as: 'platform', reason: 'the acquirer has lost it' })).status, 200);
  assert.deepEqual(await posted('settlement_break', push.id), { acquirer_receivable: 1_300, platform: -1_300 });
  const returned = registry([{ type: 'push_return', id: ref, key: id, gross: 1_300 }]);
  assert.match(await imported('reconcile', returned.text), /booked.*0 open break/, 'it is owed, though the push was given up');
  assert.deepEqual((await missingOf(id)).map(({ note }) => note), ['the acquirer has lost it', 'presented late']);
  const late = registry([{ type: 'push', id: ref, key: id, gross: -1_300 }]);
  await imported('reconcile', late.text);
  assert.deepEqual((await breaksOf(late.id)).map(({ kind }) => kind), ['state'], 'what was given up');
  await sound();
});

test('a chargeback and what its won dispute gives back are missing each by its own name', async () => {
  const one = await sale(5_000), { id, fee } = await s.acquirer('POST', '/v1/disputes', { charge: one.line.id });
  const of = async (funds) => eventually(async () => (await seller.call('GET', `/v1/disputes?payment=${one.payment}`)).body.data.find((d) => d.funds === funds), { what: funds });
  const { id: dispute } = await of('held');
  await s.acquirer('POST', `/v1/disputes/${id}/decide`, { outcome: 'won' });
  await of('returned');
  const found = await missingFrom('dispute_hold', dispute);
  assert.deepEqual(found.map(({ ref, amount }) => [ref, amount]), [[dispute, -5_000 - fee], [`${dispute} return`, 5_000]], 'not its fee alone');
  const [taken, back] = found;
  assert.deepEqual((await api('GET', `/v1/operator/bank/breaks/${back.id}`)).body.payment, one.payment);
  assert.match(back.detail, /^the return of the chargeback of .* is in no registry$/);
  const r = registry([{ type: 'chargeback', id, key: one.line.key, gross: -5_000, fee }]);
  assert.match(await imported('reconcile', r.text), /booked.*0 open break/);
  assert.deepEqual(await posted('settlement', r.id), { settlement: -5_000 - fee, acquirer_receivable: 5_000 + fee });
  assert.deepEqual((await missingOf(dispute)).map(({ open }) => open), [false, true], 'it does not give it back');
  assert.equal((await api('POST', `/v1/operator/bank/breaks/${taken.id}/resolve`, { as: 'platform', reason: 'late' })).body.code, 'break_state');
  assert.equal((await api('POST', `/v1/operator/bank/breaks/${back.id}/resolve`, { as: 'suspense', reason: 'the acquirer keeps it' })).status, 200);
  assert.deepEqual(await posted('settlement_break', back.id), { acquirer_receivable: -5_000, suspense: 5_000 });
  assert.deepEqual((await s.psql(`select data from pay.event where object_id = '${dispute}' and type = 'settlement.corrected'`)).map(({ data }) => JSON.parse(data).amount), [5_000], 'told of the dispute');
  assert.deepEqual((await missingFrom('charge', one.line.key, one.payment)).map(({ amount }) => amount), [5_000], 'its chargeback’s line is not the charge’s, whose key it has');
  await sound();
});

test('what a person has resolved before it was owed is missing when it is, and says which registry has it', async () => {
  const one = await sale(1_700);
  const named = (ref) => s.psql(`update pay.acquirer_call set acquirer_ref = '${ref}' where call_id = '${one.line.key}'`);
  await named(`${one.line.id}x`);
  const r = registry([one.line]);
  await imported('reconcile', r.text);
  const [{ id, kind }] = await breaksOf(r.id);
  assert.equal(kind, 'unmatched');
  const resolve = (of) => api('POST', `/v1/operator/bank/breaks/${of}/resolve`, { as: 'suspense', reason: 'nobody knows it', partner });
  assert.equal((await resolve(id)).status, 200);
  await named(one.line.id);
  const [missing] = await missingFrom('charge', one.line.key, one.payment);
  assert.deepEqual([missing.amount, missing.open], [1_700, true]);
  assert.ok(missing.detail.endsWith(`registry ${r.id} names it in a line that was resolved without it`), missing.detail);
  assert.equal((await resolve(missing.id)).status, 200);
  assert.deepEqual([await posted('settlement_break', id), await posted('settlement_break', missing.id)],
    [{ settlement: 1_700 - one.line.fee, acquirer_fee: one.line.fee, suspense: -1_700 }, { acquirer_receivable: -1_700, suspense: 1_700 }], 'nothing is left of it');
  await sound();
});

test('a registry that is torn, wrong or another one of a known name is refused whole', async () => {
  const r = registry([(await sale(100)).line]);
  for (const [text, why] of [['', /line 1: the file is empty/], [r.text.slice(0, -60), /cells as there are names|torn/], [r.text.replace(/payout,(.*),100,/, 'payout,$1,101,'), /net|sum/]]) {
    const { code, stderr } = await bring('reconcile', text);
    assert.equal(code, 1);
    assert.match(stderr, why);
  }
  assert.equal(await stateOf(r.id), undefined);
  const post = async (body) => {
    const answer = await fetch(`${s.env.pay_api}/v1/operator/settlements`, { method: 'POST', body, headers: { authorization: `Bearer ${operator}`, 'content-type': 'text/csv' } });
    return { status: answer.status, body: await answer.json() };
  };
  const first = await post(r.text);
  assert.deepEqual([first.status, first.body.name, first.body.status, first.body.net, first.body.breaks], [201, r.id, 'booked', r.net, 0], JSON.stringify(first.body));
  assert.equal((await post(r.text)).status, 200);
  const changed = await post(registry([], { id: r.id }).text);
  assert.deepEqual([changed.status, changed.body.code, changed.body.param], [422, 'settlement_refused', 'file']);
  assert.equal((await api('GET', '/v1/operator/settlements?limit=1')).body.data.length, 1);
  assert.equal((await pay(s.env, seller.token, 'GET', '/v1/operator/settlements')).status, 403);
});

/* Nobody else lets the acquirer of the shared run settle: what it has settled is in no registry of the tests above. */
test('the sandbox acquirer’s registries are fetched, and have every operation once', async () => {
  const key = readFileSync(join(s.data, 'secrets', 'acquirer_key'), 'utf8').trim();
  const acquirer = (method, path) => fetch(`${s.env.acquirer}${path}`, { method, headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: method === 'POST' ? '{}' : undefined });
  const one = await sale(4_321), pushed = await returnedPayout(1_300);
  const { data } = await (await acquirer('POST', '/v1/settlements')).json();
  const { id, settlement, net } = data.find(({ currency }) => currency === 'EUR');
  const text = await (await acquirer('GET', `/v1/settlements/${settlement}`)).text();
  assert.ok(text.includes(`${id},charge,${one.line.id},${one.line.key},${one.line.id},EUR,4321,${one.line.fee},${4321 - one.line.fee},`), text.slice(0, 500));
  assert.ok(text.includes(`${id},payout,${id},`) && text.trimEnd().split('\r\n').at(-1).includes(`,${net},`));
  await imported('reconcile', text);
  assert.deepEqual(await s.psql(`select outcome from pay.settlement_line where op_key = '${one.line.key}'`), [{ outcome: 'matched' }]);
  assert.deepEqual(await s.psql(`select kind, gross::int, outcome from pay.settlement_line where op_key = '${pushed}' order by kind`),
    [{ kind: 'push', gross: -1_300, outcome: 'matched' }, { kind: 'push_return', gross: 1_300, outcome: 'matched' }]);
  fetched.push(['acquirer', settlement]);
  await sound();
});

test('a wallet gives registries of its own, and calls things as the acquirer of cards does', async () => {
  const key = readFileSync(join(s.data, 'secrets', 'wallet_key'), 'utf8').trim();
  const wallet = (method, path) => fetch(`${s.env.acquirer}/wallet${path}`, { method, headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' }, body: method === 'POST' ? '{}' : undefined });
  const [purse, card] = [await walletSale(2_000), await sale(3_000)];
  const { data } = await (await wallet('POST', '/v1/settlements')).json();
  const { id, settlement, net } = data.find(({ currency }) => currency === 'EUR');
  const text = await (await wallet('GET', `/v1/settlements/${settlement}`)).text();
  assert.ok(text.includes(`${id},charge,${purse.id},${purse.key},${purse.id},EUR,2000,40,1960,`) && !text.includes(card.line.key), text.slice(0, 500));
  assert.equal((await bring('reconcile', text, '--acquirer', 'bank')).code, 1);
  const byApi = async (query) => {
    const answer = await fetch(`${s.env.pay_api}/v1/operator/settlements${query}`, { method: 'POST', headers: { authorization: `Bearer ${operator}` }, body: text });
    return { code: answer.status, ...(await answer.json()) };
  };
  for (const [query, param] of [['?acquirer=bank', 'acquirer'], ['?acquirer=sandbox_wallet&acquirer=sandbox', 'acquirer'], ['?aquirer=sandbox_wallet', 'aquirer']])
    assert.equal((await byApi(query)).param, param, 'what is said wrongly is not taken for the acquirer of cards');
  const made = await byApi('?acquirer=sandbox_wallet');
  assert.ok(made.code < 300 && made.acquirer === 'sandbox_wallet', JSON.stringify(made)); // 200 when the job was first
  await imported('reconcile', text, '--acquirer', 'sandbox_wallet');
  assert.deepEqual(await s.psql(`select outcome, expected::int from pay.settlement_line where op_key = '${purse.key}'`), [{ outcome: 'matched', expected: 2_000 }]);
  assert.deepEqual(await s.psql(`select a.user_id as of from pay.entry e join pay.posting q using (entry_id) join pay.account a using (account_id)
    where e.kind = 'settlement' and e.ref = 'sandbox_wallet/${id}' and e.partner_id = '${partner}' and a.kind = 'acquirer_receivable'`), [{ of: 'sandbox_wallet' }]);

  await s.psql(`update pay.acquirer_call set acquirer_ref = '${purse.id}' where call_id = '${card.line.key}'`);
  const r = registry([{ ...card.line, id: purse.id }], { id });
  assert.match(await imported('reconcile', r.text), /booked.*0 open break/, 'the same names, of another acquirer');
  assert.deepEqual(await posted('settlement', id), { settlement: r.net, acquirer_fee: card.line.fee, acquirer_receivable: -3_000 });
  await s.psql(`update pay.acquirer_call set acquirer_ref = '${card.line.id}' where call_id = '${card.line.key}'`);

  const lost = await walletSale(600);
  await s.psql(`update pay.reconcile_mark set position = (select e.entry_id - 1 from pay.payment p join pay.entry e on e.kind = 'charge' and e.ref = p.payment_id where p.charge_id = '${lost.key}')`);
  await s.operator('paysrv', 'reconcile', 'run', '--within', '0');
  const [missing] = await s.psql(`select break_id as id from pay.bank_break where kind = 'missing' and ref = '${lost.key}'`);
  assert.equal((await api('POST', `/v1/operator/bank/breaks/${missing.id}/resolve`, { as: 'platform', reason: 'the wallet has lost it' })).status, 200);
  assert.deepEqual(await s.psql(`select a.kind, a.user_id as of, q.amount::int from pay.entry e join pay.posting q using (entry_id) join pay.account a using (account_id)
    where e.kind = 'settlement_break' and e.ref = '${missing.id}' order by 1`), [{ kind: 'acquirer_receivable', of: 'sandbox_wallet', amount: -600 }, { kind: 'platform', of: '', amount: 600 }]);
  const paid = async () => (await s.psql(`select net::int from pay.settlement where acquirer_ref = '${id}' and state = 'paid'`)).map((one) => one.net);
  await imported('bank', credit({ id, net: r.net }));
  assert.deepEqual(await paid(), [r.net], 'two transfers of one name: the one of this amount');
  await imported('bank', credit({ id, net }));
  assert.deepEqual((await paid()).sort((a, b) => a - b), [net, r.net].sort((a, b) => a - b));
  for (const [channel, number] of [...fetched, ['wallet', settlement]])
    await eventually(async () => (await s.psql(`select from pay.bank_channel where name = '${channel}' and last_file >= ${number}`)).length, { what: 'the job has fetched it' });
  await sound();
});
