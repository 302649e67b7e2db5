/*
 * The bank file, and what the bank answers (docs/protocol/pay/bank.md): refusals of wholes and parts, debits, returns days later, files sent
 * twice, missing, in disorder and forged. An export takes every confirmed payout there is, so it has a run of its own. MONEY 4 and 6.A8, A14; SECURITY L 309 to 314, P 374 to 390; I13, I27, I30.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { wholeDay } from '../support/day.mjs';
import { eventually } from '../support/eventually.mjs';
import { holding } from '../support/holding.mjs';
import { clientBank, notice, released, statement, status } from '../support/bank.mjs';
import { isOpen, outcomeOf } from '../support/outcome.mjs';
import { newPartner } from '../support/partner.mjs';
import { operatorLogIn, partnerToken, pay } from '../support/people.mjs';
import { addUser, operatorToken } from '../support/relying_party.mjs';
import { codeIn, IBAN, newSeller, ofRequest, RUSSIAN, wrongCode } from '../support/seller.mjs';
import { ROOT, startStack } from '../support/stack.mjs';

let s, directory, operator;

before(async () => {
  s = await startStack({ env: { AUTHSRV_RATE_LIMITS: 'false' } });
  directory = mkdtempSync(join(process.env.STOA_TEST_TMP ?? tmpdir(), 'bank-'));
  operator = await operatorToken(s);
});

after(() => s?.stop());

const code = async (seller, payout) => codeIn(await s.mail(seller.email, ofRequest(payout.label)));
/* An entry by hand that takes two: whoever typed it has not done it yet, and cannot be the second. */
async function byTwo(verb, id, ...more) {
  const asked = await s.operator('paysrv', 'payouts', verb, id, ...more, { env: { PAYSRV_MANUAL_ENTRY_APPROVE_FROM: '1' } });
  const [, entry] = /^(men_\w+) waits for another operator/.exec(asked.stdout);
  assert.equal((await s.operator('paysrv', 'entries', 'approve', entry)).code, 1, 'the operator’s own');
  const asker = (who) => s.psql(`update pay.manual_entry set asked_by = '${who}' where manual_entry_id = '${entry}'`);
  const [{ who }] = await s.psql(`select asked_by as who from pay.manual_entry where manual_entry_id = '${entry}'`);
  await asker('uid:4242');
  assert.equal((await s.operator('paysrv', 'entries', 'approve', entry)).code, 1, 'nor that of another account of the system');
  await asker(who);
  return async () => (await pay(s.env, operator, 'POST', `/v1/operator/manual_entries/${entry}/approve`, {})).body;
}
const sound = async () => assert.deepEqual(await s.psql('select * from pay.v_inv'), []);
let files = 0;
const place = () => join(directory, `${files += 1}.xml`);

async function bring(xml) {
  const file = place();
  writeFileSync(file, xml);
  return s.operator('paysrv', 'bank', 'import', file);
}

async function imported(xml) {
  const { code, stdout, stderr } = await bring(xml);
  assert.equal(code, 0, stderr);
  return stdout;
}

/* Payouts of a fresh seller that have gone to the bank in one order. */
async function sent(...amounts) {
  const seller = await newSeller(s.env);
  await seller.sell(2 * amounts.reduce((sum, one) => sum + one, 0));
  const payouts = [];
  for (const amount of amounts) {
    const { body } = await seller.request(amount);
    assert.equal((await seller.confirm(body.id, await code(seller, body))).status, 200);
    payouts.push(body.id);
  }
  const before = await seller.available();
  const file = place();
  await s.operator('paysrv', 'payouts', 'export', '--out', file);
  const [{ order }] = await s.psql(`select msg_id as order from pay.payout where payout_id = '${payouts[0]}'`);
  const [{ total }] = await s.psql(`select total from pay.bank_batch where msg_id = '${order}'`);
  const state = async (payout) => (await seller.call('GET', `/v1/payouts/${payout}`)).body;
  const states = () => Promise.all(payouts.map(async (one) => (await state(one)).status));
  return { seller, payouts, order, total, before, state, states };
}

const events = (object) => s.psql(`select type from pay.event where object_id = '${object}' order by sequence`).then((rows) => rows.map((row) => row.type));
/* What of a line that did not fit is to be booked, null: nothing; and an operator's word about it. */
const breakOf = async (reference) => (await s.psql(`select break_id::text as id, moved::int from pay.bank_break_shown join pay.bank_break using (break_id) join pay.bank_line using (line_id)
  where bank_line.reference = '${reference}'`))[0];
const resolved = (id, as, partner) => pay(s.env, operator, 'POST', `/v1/operator/bank/breaks/${id}/resolve`, { as, partner, reason: 'the bank says so' });
const postings = (kind, ref) => s.psql(`select a.kind, p.amount::int as amount from pay.entry e join pay.posting p using (entry_id) join pay.account a using (account_id)
  where e.kind = '${kind}' and e.ref = '${ref}' order by a.kind`).then((rows) => Object.fromEntries(rows.map(({ kind: account, amount }) => [account, amount])));
const breaksOf = (payout) => s.psql(`select kind from pay.bank_break where payout_id = '${payout}' order by break_id`).then((rows) => rows.map((row) => row.kind));

/* A statement, whichever the account had before it. */
async function stated(entries) {
  const id = `S-${randomUUID().slice(0, 20)}`;
  await imported(statement(entries, { sequence: 1, opening: 100_000, id }));
  await released(s, id);
}

/* One debit for the whole order. */
const wholeDebit = ({ total, order }) => notice([{ amount: -total, order }]);

test('a payout is confirmed with the code that was mailed to the owner', async () => {
  const seller = await newSeller(s.env);
  const earned = await seller.sell(1000);
  assert.equal(earned, 700);
  const { status, body: payout } = await seller.request(700);
  assert.equal(status, 201);
  assert.match(payout.label, /^[A-Z]\d$/);
  assert.deepEqual([payout.status, payout.destination, payout.attempts_left], ['awaiting_code', 'DE•• •••• 3000', 5]);
  assert.ok(!JSON.stringify(payout).includes(IBAN), 'the account number stays masked');

  const mail = await s.mail(seller.email, /request/);
  assert.ok(mail.subject.includes(payout.label) && mail.text.includes('7.00'), mail.text);
  const digits = codeIn(mail);
  assert.ok(!mail.subject.includes(digits.replace(' ', '')), 'the code is not in the subject');
  assert.equal(await seller.available(), 700, 'nothing is held before the code');

  const refused = await seller.confirm(payout.id, wrongCode(digits));
  assert.deepEqual([refused.status, refused.body.code, refused.body.attempts_left], [422, 'code_refused', 4]);

  const key = randomUUID();
  const confirmed = await seller.confirm(payout.id, ` ${digits.replace(' ', '-')} `, { key });
  assert.deepEqual([confirmed.status, confirmed.body.status], [200, 'confirmed']);
  assert.equal(await seller.available(), 0);
  const again = await seller.confirm(payout.id, ` ${digits.replace(' ', '-')} `, { key });
  assert.deepEqual([again.status, again.headers.get('idempotent-replayed'), again.body], [200, 'true', confirmed.body]);
  const used = await seller.confirm(payout.id, digits);
  assert.deepEqual([used.status, used.body.code], [422, 'code_refused'], 'a used code is refused like a wrong one');

  const { body: balance } = await seller.call('GET', `/v1/balance?user=${seller.user.id}`);
  assert.deepEqual(balance.in_transit, [{ currency: 'EUR', amount: 700 }]);
  const { body: ledger } = await seller.call('GET', `/v1/ledger?user=${seller.user.id}`);
  assert.deepEqual(ledger.data.map((one) => [one.kind, one.amount]), [['payout_hold', -700], ['charge', 700]]);
  await sound();
});

test('20 parallel confirmations with the right code pay once', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(1000);
  const { body: payout } = await seller.request(100);
  const right = await code(seller, payout);
  const answers = await Promise.all(Array.from({ length: 20 }, () => seller.confirm(payout.id, right)));
  assert.equal(answers.filter((one) => one.status === 200).length, 1);
  assert.ok(answers.every((one) => one.status === 200 || one.body.code === 'code_refused' || isOpen(one)));
  assert.equal(await seller.available(), 600);
  await sound();
});

test('two payouts of the whole balance: one wins', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(1000);
  const [a, b] = [(await seller.request(700)).body, (await seller.request(700)).body];
  const codes = [await code(seller, a), await code(seller, b)];
  const answers = await Promise.all([a, b].map(({ id }, i) => outcomeOf((options) => seller.confirm(id, codes[i], options))));
  assert.deepEqual(answers.map((one) => one.status).sort(), [200, 409]);
  assert.equal(answers.find((one) => one.status === 409).body.code, 'insufficient_funds');
  assert.equal(await seller.available(), 0);
  await sound();
});

test('cancel gives the money back by the exact reversal, before it is sent only', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(1000);
  const { body: payout } = await seller.request(300);
  await seller.confirm(payout.id, await code(seller, payout));
  assert.equal(await seller.available(), 400);
  const canceled = await seller.call('POST', `/v1/payouts/${payout.id}/cancel`);
  assert.deepEqual([canceled.status, canceled.body.status], [200, 'canceled']);
  assert.equal(await seller.available(), 700);
  assert.equal((await seller.call('POST', `/v1/payouts/${payout.id}/cancel`)).body.code, 'payout_state');
  await sound();
});

test('an order leaves out an owner whose payouts are stopped, and takes him when they go on', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(1000);
  const { body: payout } = await seller.request(300);
  const mail = await s.mail(seller.email, ofRequest(payout.label));
  await seller.confirm(payout.id, codeIn(mail));
  await limit(seller, '--approve-from 100');
  const { body: large } = await seller.request(100);
  assert.equal((await seller.confirm(large.id, await code(seller, large))).body.status, 'awaiting_approval');
  const look = async () => (await seller.call('GET', `/v1/payouts/${payout.id}`)).body;
  const state = async () => (await look()).status;
  const agent = createAgent();
  const page = await agent.open(new RegExp(`${s.env.pay_api}/payouts/not-me/[\\w-]+`).exec(mail.text)[0]);
  assert.match((await agent.submit(page)).text, /already confirmed is held until payouts start again/, 'and is told so');
  await sent(100);
  assert.deepEqual([await state(), await seller.available()], ['confirmed', 300], 'held, and not at the bank');
  const { user } = seller, held = await look();
  assert.deepEqual([held.waits_for, held.waiting_since > held.confirmed_at], ['owner_stopped', true], JSON.stringify(held));
  const { body: { data: listed } } = await seller.call('GET', `/v1/payouts?user=${user.id}`);
  assert.deepEqual(listed.map((one) => [one.id, one.waits_for]), [[large.id, 'review'], [payout.id, 'owner_stopped']], 'in the list, too');
  assert.deepEqual(await s.psql(`select detail from pay.anomaly where kind = 'payouts_frozen' and ref = '${user.id}' and closed_at is null`), [{ detail: `2 confirmed and held, of which operators have to approve 1: ${payout.id} ${large.id}` }]);
  assert.equal((await seller.call('POST', `/v1/payouts/${large.id}/cancel`)).body.status, 'canceled', 'his partner cancels what is not his');
  assert.equal((await s.operator('paysrv', 'payouts', 'unfreeze', seller.user.id)).code, 0);
  assert.equal((await look()).waits_for, null);
  await sent(100);
  assert.equal(await state(), 'sent');
  await sound();
});

test('a part of an order is refused: its money is available again, its account ends, the rest is paid', async () => {
  const { seller, payouts: [bad, good], order, before, state, states } = await sent(300, 400);
  const { body: later } = await seller.request(50);
  assert.equal((await seller.confirm(later.id, await code(seller, later))).status, 200);
  const answer = status(order, { group: 'PART', transfers: [{ payout: good, status: 'ACSP' }, { payout: bad, status: 'RJCT', reason: 'AC04' }] });
  assert.match(await imported(answer), /pain\.002 .* 3 line\(s\), 0 break\(s\), done/);
  assert.deepEqual(await states(), ['rejected', 'sent'], 'accepted is not paid');
  const { reason, paid_at } = await state(bad);
  assert.deepEqual([reason, paid_at], ['AC04', null]);
  assert.equal(await seller.available(), before - 50 + 300);
  assert.match((await s.mail(seller.email, /was not made/)).text, /AC04/);
  const again = await seller.request(100);
  assert.deepEqual([again.status, again.body.code], [409, 'requisite_disabled']);
  await s.operator('paysrv', 'payouts', 'export', '--out', place());
  const failed = await state(later.id);
  assert.deepEqual([failed.status, failed.reason], ['failed', 'requisite_disabled'], 'one that was confirmed before is not sent to that account');
  assert.equal(await seller.available(), before + 300);

  await imported(notice([{ amount: -400, payout: good }]));
  assert.deepEqual(await states(), ['rejected', 'paid']);
  assert.match(await imported(answer), /was imported before/);
  assert.deepEqual(await events(bad), ['payout.confirmation_required', 'payout.confirmed', 'payout.sent', 'payout.rejected']);
  await sound();
});

test('a whole order is refused; one that the bank knows already is never given back', async () => {
  const refused = await sent(100, 200);
  await imported(status(refused.order, { group: 'RJCT', reason: 'AM04' }));
  assert.deepEqual(await refused.states(), ['rejected', 'rejected']);
  assert.equal(await refused.seller.available(), refused.before + 300);
  assert.equal((await refused.seller.request(100)).status, 201, 'the account was not to blame');

  const unsent = await sent(100);
  const writtenAgain = async (order) => {
    const file = place();
    const { code, stderr } = await s.operator('paysrv', 'payouts', 'export', '--out', file, '--msg-id', order);
    return [code, existsSync(file), /given back/.test(stderr)];
  };
  assert.deepEqual(await writtenAgain(unsent.order), [0, true, false]);
  assert.deepEqual(await writtenAgain(refused.order), [1, false, true], 'the bank has refused it');
  const giveBack = (order) => s.operator('paysrv', 'payouts', 'refused', order);
  const approve = await byTwo('refused', unsent.order);
  assert.deepEqual(await unsent.states(), ['sent'], 'not yet');
  const entry = await approve();
  assert.deepEqual([entry.status, entry.kind, entry.of, entry.borne_by, entry.amount, entry.partner], ['booked', 'batch', unsent.order, 'rejected', 100, null]);
  assert.deepEqual([await unsent.states(), await unsent.seller.available(), (await unsent.state(unsent.payouts[0])).reason], [['rejected'], unsent.before + 100, 'bank_refused']);
  assert.match((await giveBack(unsent.order)).stdout, /before/);
  assert.deepEqual(await writtenAgain(unsent.order), [1, false, true], 'its seller has the money');
  await s.psql(`update pay.bank_batch set due_at = created_at where msg_id = '${unsent.order}'`);
  assert.deepEqual(await writtenAgain(unsent.order), [1, false, true], 'as its transfers say by themselves');
  assert.equal((await giveBack('STOA-unknown')).code, 1);

  const doubled = await sent(100);
  await imported(status(doubled.order, { group: 'RJCT', reason: 'AM05' }));
  assert.deepEqual(await doubled.states(), ['unknown']);
  assert.equal(await doubled.seller.available(), doubled.before);
  await imported(notice([{ amount: -100, payout: doubled.payouts[0] }]));
  assert.deepEqual(await doubled.states(), ['paid'], 'the bank had made it');
  await sound();
});

test('a return days later: available again once, and a second one is for a person', async () => {
  const { seller, payouts: [payout], before, state } = await sent(500);
  await imported(notice([{ amount: -500, payout, reference: 'D1' }]));
  assert.equal((await state(payout)).status, 'paid');
  const back = notice([{ amount: 500, payout, reason: 'AC06', reference: 'R1' }]);
  await imported(back);
  await imported(back.replace(/<MsgId>M/, '<MsgId>X'));
  const returned = await state(payout);
  assert.deepEqual([returned.status, returned.reason], ['returned', 'AC06']);
  const agent = createAgent();
  await operatorLogIn(s.env, agent, s.env.admin);
  const shown = await agent.open(`${s.env.pay_api}/operator/payouts/${payout}`);
  assert.match(shown.text, /Reason<\/dt><dd>The account is blocked <code dir="ltr">AC06</, 'in words, with the code beside them');
  assert.ok(returned.returned_at && returned.paid_at);
  assert.equal(await seller.available(), before + 500);
  await imported(notice([{ amount: 500, payout, reason: 'AC06', reference: 'R2' }]));
  assert.equal(await seller.available(), before + 500);
  assert.deepEqual(await breaksOf(payout), ['duplicate']);
  const { body: requisites } = await seller.call('GET', `/v1/users/${seller.user.id}/requisites`);
  assert.equal(requisites.data[0].status, 'disabled');
  const told = await s.psql(`select data from pay.event where object_id = '${seller.requisite.id}' and type = 'requisite.disabled'`);
  assert.deepEqual(told.map(({ data }) => JSON.parse(data)), [requisites.data[0]], 'the partner hears that the account is dead, once');
  const { body: ledger } = await seller.call('GET', `/v1/ledger?user=${seller.user.id}`);
  assert.deepEqual(ledger.data.map((one) => one.kind), ['payout_returned', 'payout_hold', 'charge']);
  await sound();
});

test('what comes back to somebody who has left is paid out when the operator has opened him again', async () => {
  const seller = await newSeller(s.env), user = `/v1/users/${seller.user.id}`, address = `later-${randomUUID()}@example.com`;
  const asked = async (requisite, mailed) => {
    const { status, body } = await seller.call('POST', '/v1/payouts', { amount: 700, currency: 'EUR', requisite, user: seller.user.id });
    assert.equal(status, 201, JSON.stringify(body));
    assert.equal((await seller.confirm(body.id, codeIn(await s.mail(mailed, ofRequest(body.label))))).status, 200);
    return body.id;
  };
  await seller.sell(1000);
  const payout = await asked(seller.requisite.id, seller.email);
  await s.operator('paysrv', 'payouts', 'export', '--out', place());
  await imported(notice([{ amount: -700, payout }]));
  const posted = async (path, body) => assert.equal((await seller.call('POST', path, body)).status, 200, path);
  await posted(`/v1/stores/${seller.store.id}/close`, {});
  await posted(`${user}/close`);
  await posted(`${user}/erase`);

  await imported(notice([{ amount: 700, payout, reason: 'AC04' }]));
  assert.equal(await seller.available(), 700, 'it is his all the same');
  assert.doesNotMatch(JSON.stringify(await s.psql(`select data from pay.event where object_id = '${seller.requisite.id}'`)), /Müller|Domkloster/, 'nothing of him is told anew');
  const owed = () => s.psql(`select detail, closed_by, note from pay.anomaly where kind = 'user_owed' and ref = '${seller.user.id}'`);
  assert.deepEqual(await owed(), [{ detail: `payout ${payout} came back`, closed_by: null, note: null }], 'and a person is told');
  const account = () => seller.call('POST', `${user}/requisites`, { type: 'bank_account', iban: 'DE75512108001245126199', holder_name: 'Ada', address: { country: 'DE', town: 'Berlin' } });
  assert.equal((await account()).body.code, 'user_state');
  for (const words of [['reopen', seller.user.id], ['email', seller.user.id, address]]) assert.equal((await s.operator('paysrv', 'users', ...words)).code, 0, words[0]);
  const { body: requisite } = await account();
  await s.psql(`update pay.requisite set usable_from = null where user_id = '${seller.user.id}'; update pay.pay_user set payouts_from = null where user_id = '${seller.user.id}'`);
  const again = await asked(requisite.id, address);
  await s.operator('paysrv', 'payouts', 'export', '--out', place());
  assert.equal((await owed())[0].closed_by, null, 'until he has it');
  await imported(notice([{ amount: -700, payout: again }]));
  assert.deepEqual((await owed()).map(({ closed_by: by, note }) => [by, note]), [['machine', `paid out by ${again}`]]);
  assert.doesNotMatch((await s.mail(address, /./)).subject, /^\[Test\]/, 'nobody\'s test');
  await posted(`${user}/close`);
  await sound();
});

test('what the bank keeps of a return is the platform’s cost, for a person to see; a return of much less is one on an operator’s word', async () => {
  const { seller, payouts: [payout, other], before, state } = await sent(500, 6000);
  await imported(notice([{ amount: -500, payout }, { amount: -6000, payout: other }]));
  const back = notice([{ amount: 488, payout, reason: 'AC04', reference: 'K1' }, { amount: 100, payout: other, reason: 'AC04', reference: 'K2' }]);
  await imported(back);
  assert.deepEqual([(await state(payout)).status, (await state(other)).status], ['returned', 'paid']);
  assert.equal(await seller.available(), before + 500, 'all that had left');
  assert.deepEqual(await s.psql(`select a.kind, p.amount::int as amount from pay.entry e join pay.posting p using (entry_id) join pay.account a using (account_id)
    where e.kind = 'payout_returned' and e.ref = '${payout}' order by p.line`), [{ kind: 'bank', amount: 488 }, { kind: 'seller', amount: -500 }, { kind: 'acquirer_fee', amount: 12 }]);
  assert.deepEqual(await s.psql(`select kind, amount::int as amount from pay.bank_break where payout_id in ('${payout}', '${other}') order by 1`), [{ kind: 'amount', amount: 100 }, { kind: 'fee', amount: 12 }]);
  await imported(back.replace(/<MsgId>M/, '<MsgId>Y'));
  assert.equal(await seller.available(), before + 500, 'once');

  const { id, moved } = await breakOf('K2');
  assert.equal(moved, 100, 'which explains why books and bank are apart');
  const agent = createAgent();
  await operatorLogIn(s.env, agent, s.env.admin);
  assert.match((await agent.open(`${s.env.pay_api}/operator/bank?no=${id}`)).text, /It is this transfer&#39;s return/);
  const asked = await s.operator('paysrv', 'reconcile', 'resolve', id, '--as', 'returned', '--reason', 'their letter', { env: { PAYSRV_MANUAL_ENTRY_APPROVE_FROM: '6000' } });
  const [, entry] = /^(men_\w+) waits for another operator/.exec(asked.stdout);
  assert.equal((await state(other)).status, 'paid', 'all of it is given, so it counts as all of it');
  const { body: approved } = await pay(s.env, operator, 'POST', `/v1/operator/manual_entries/${entry}/approve`, {});
  assert.deepEqual([approved.status, approved.borne_by, approved.amount], ['booked', 'returned', 6000]);
  const returned = await state(other);
  assert.deepEqual([returned.status, returned.reason, await seller.available()], ['returned', 'AC04', before + 6500]);
  assert.deepEqual(await postings('payout_returned', other), { acquirer_fee: 5900, bank: 100, seller: -6000 });
  assert.deepEqual(await s.psql(`select resolution, closed_at is not null as closed from pay.bank_break where break_id = ${id}`), [{ resolution: 'returned', closed: true }]);
  await stated([{ amount: 100, payout: other, reason: 'AC04', reference: '' }]);
  assert.deepEqual(await breaksOf(other), ['amount'], 'the statement tells of the same, without the bank’s name of it');
  await sound();
});

test('what came back had left, even when the debit was never shown', async () => {
  const { seller, payouts: [payout], before, state } = await sent(500);
  await imported(notice([{ amount: 500, payout, reason: 'AC01' }]));
  assert.equal((await state(payout)).status, 'returned');
  assert.equal(await seller.available(), before + 500);
  assert.deepEqual((await events(payout)).slice(-2), ['payout.paid', 'payout.returned']);
  await sound();
});

test('no answer in time is unknown: money stays in transit, nothing is sent again, and the answer settles it', async () => {
  const { seller, payouts: [payout], order, before, state } = await sent(700);
  await s.psql(`update pay.payout set sent_at = sent_at - interval '4 days' where payout_id = '${payout}'`);
  await s.operator('paysrv', 'bank', 'import', '/dev/null');
  await imported(notice([{ amount: 1, payout: 'po_nobody' }]));
  assert.equal((await state(payout)).status, 'unknown');
  assert.equal(await seller.available(), before);
  assert.equal((await seller.call('POST', `/v1/payouts/${payout}/cancel`)).body.code, 'payout_state');
  assert.match((await s.operator('paysrv', 'bank', 'breaks')).stdout, /unanswered/);
  const [{ n }] = await s.psql(`select count(*) as n from pay.bank_batch b join pay.payout p using (msg_id) where p.payout_id = '${payout}' and b.msg_id = '${order}'`);
  assert.equal(n, 1);
  await sound();
  await imported(notice([{ amount: -700, payout }]));
  assert.equal((await state(payout)).status, 'paid');
  await sound();
});

test('what the bank tells an operator of one payout of an order is booked of that one; its order is sent no more, and is debited without it', async () => {
  const { seller, payouts: [bad, told, good], order, total, before, state, states } = await sent(300, 50, 400);
  const resolve = (payout, as, ...more) => s.operator('paysrv', 'payouts', 'resolve', payout, '--as', as, ...more);
  assert.match((await resolve(bad, 'rejected')).stderr, /not unknown/, 'the bank may still say it');
  await s.psql(`update pay.payout set sent_at = sent_at - interval '4 days' where msg_id = '${order}'`);
  const debit = { amount: 300 - total, order, reference: `L-${order.slice(-9)}` };
  assert.match(await imported(notice([debit])), /1 break/, 'without the one that it refused by telephone');
  assert.deepEqual(await states(), ['unknown', 'unknown', 'unknown']);
  await s.psql(`update pay.bank_batch set channel = 'bank' where msg_id = '${order}'`);
  assert.match((await resolve(bad, 'rejected')).stderr, /may still be sent/);
  await s.psql(`update pay.bank_batch set channel = 'file' where msg_id = '${order}'`);
  assert.match((await resolve(told, 'paid', '--ref', 'x')).stderr, /ref/);

  const approve = await byTwo('resolve', bad, '--as', 'rejected');
  assert.deepEqual(await states(), ['unknown', 'unknown', 'unknown'], 'not yet');
  const entry = await approve();
  assert.deepEqual([entry.status, entry.kind, entry.of, entry.borne_by, entry.amount], ['booked', 'payout', bad, 'rejected', 300]);
  assert.deepEqual([await states(), await seller.available(), (await state(bad)).reason], [['rejected', 'unknown', 'unknown'], before + 300, 'bank_refused']);
  const agent = createAgent(), press = (page, note) => agent.submit({ ...page, text: page.text.slice(page.text.lastIndexOf('<form', page.text.indexOf(`action="/operator/payouts/${told}/outcome"`))) }, { note }, { button: 'It was paid' });
  await operatorLogIn(s.env, agent, s.env.admin);
  const page = await agent.open(`${s.env.pay_api}/operator/payouts/${told}`), unsaid = await press(page, 'x');
  assert.deepEqual([unsaid.status, /role="alert"[^>]*>.*what the bank has said/.test(unsaid.text)], [422, true]);
  const after = await press(page, 'by telephone');
  assert.deepEqual([after.status, after.url.pathname, /\/outcome"/.test(after.text)], [200, `/operator/payouts/${told}`, false]);
  assert.match((await resolve(told, 'rejected')).stderr, /not unknown/);
  assert.match((await s.operator('paysrv', 'payouts', 'export', '--out', place(), '--msg-id', order)).stderr, /must not be sent again/);
  assert.match((await s.operator('paysrv', 'payouts', 'refused', order)).stderr, /the bank has it/, 'the others are not given back with it');
  assert.equal((await breakOf(debit.reference)).moved, null);
  await stated([{ ...debit, reference: `S-${order.slice(-9)}` }]);
  assert.deepEqual([await states(), (await state(good)).status], [['rejected', 'paid', 'paid'], 'paid']);
  assert.equal((await breakOf(debit.reference)).moved, null, 'all of it is in the books');
  assert.equal((await s.psql(`select settled_at is not null as settled from pay.bank_batch where msg_id = '${order}'`))[0].settled, true);
  await sound();
});

test('one debit for the whole order pays all of it; another amount pays nothing', async () => {
  const { payouts, order, total, states } = await sent(100, 250);
  assert.match(await imported(notice([{ amount: -total - 1, order }])), /1 break/);
  assert.deepEqual(await states(), ['sent', 'sent']);
  await imported(notice([{ amount: -total, order }]));
  assert.deepEqual(await states(), ['paid', 'paid']);
  await stated([{ amount: -100, payout: payouts[0] }, { amount: -249, payout: payouts[1] }, { amount: -5 }]);
  assert.deepEqual([await breaksOf(payouts[0]), await breaksOf(payouts[1])], [[], ['amount']], 'the single lines are known, but for the wrong one');
  await imported(status(order, { transfers: [{ payout: payouts[0], status: 'RJCT', reason: 'AC01' }] }));
  assert.deepEqual([await breaksOf(payouts[0]), await states()], [['state'], ['paid', 'paid']], 'paid is paid, whatever is said later');

  const charged = await sent(100, 250), debit = (amount, reference) => imported(notice([{ amount, order: charged.order, reference }]));
  const [first, second] = [`C1-${charged.order.slice(-9)}`, `C2-${charged.order.slice(-9)}`];
  await debit(-charged.total - 200, first);
  const { id, moved } = await breakOf(first);
  assert.deepEqual([moved, (await resolved(id, 'platform', await partner())).body.code], [null, 'break_state'], 'nobody knows yet what it is');
  assert.equal((await s.operator('paysrv', 'payouts', 'settle', charged.order)).code, 0);
  await debit(-charged.total - 200, second);
  assert.deepEqual([(await breakOf(first)).moved, (await breakOf(second)).moved], [-200, -charged.total - 200], 'the bank’s charges, once');
  assert.deepEqual([(await resolved(id, 'returned')).body.code, (await resolved(id, 'platform', await partner())).status], ['break_state', 200]);
  assert.deepEqual([await charged.states(), await postings('bank_booking', id)], [['paid', 'paid'], { bank: -200, platform: 200 }]);
  await sound();
});

test('a debit of an order is that of what was not refused, and no refusal of the whole undoes what is paid', async () => {
  const part = await sent(100, 250);
  await imported(status(part.order, { group: 'PART', transfers: [{ payout: part.payouts[0], status: 'RJCT', reason: 'AM04' }] }));
  assert.match(await imported(wholeDebit(part)), /1 break/, 'with what it refused');
  assert.deepEqual(await part.states(), ['rejected', 'sent']);
  assert.match(await imported(notice([{ amount: -250, order: part.order }])), /0 break/);
  assert.deepEqual([await part.states(), await part.seller.available()], [['rejected', 'paid'], part.before + 100]);

  const paid = await sent(100, 200);
  await imported(notice([{ amount: -100, payout: paid.payouts[0] }]));
  assert.match(await imported(status(paid.order, { group: 'RJCT', reason: 'AM04' })), /1 break/);
  assert.deepEqual([await paid.states(), await paid.seller.available()], [['paid', 'sent'], paid.before]);
  await imported(notice([{ amount: 100, payout: paid.payouts[0], reason: 'AC06' }]));
  assert.match(await imported(status(paid.order, { group: 'RJCT', reason: 'MS03' })), /1 break/, 'it had left, and came back');
  assert.deepEqual([await paid.states(), await paid.seller.available()], [['returned', 'sent'], paid.before + 100]);
  await sound();
});

test('an order that the bank debits a second time, whole or in part and whole, is for a person', async () => {
  const whole = await sent(100, 200);
  assert.match(await imported(wholeDebit(whole)), /0 break/);
  assert.match(await imported(wholeDebit(whole)), /1 break/, 'the second debit is another booking');
  await stated(whole.payouts.map((payout, i) => ({ amount: [-100, -200][i], payout })));
  assert.deepEqual(await Promise.all(whole.payouts.map(breaksOf)), [[], []], 'the statement has it in parts');
  assert.match(await imported(notice([{ amount: -100, payout: whole.payouts[0] }])), /1 break/);
  assert.deepEqual(await Promise.all(whole.payouts.map(breaksOf)), [['duplicate'], []], 'a part after the whole is another booking, too');
  const parts = await sent(300, 400);
  await imported(notice(parts.payouts.map((payout, i) => ({ amount: [-300, -400][i], payout }))));
  assert.match(await imported(wholeDebit(parts)), /1 break/);
  assert.deepEqual([await whole.states(), await parts.states()], [['paid', 'paid'], ['paid', 'paid']]);
  await sound();
});

test('a line that cannot be taken up keeps none of the others waiting; a file that comes twice at once is one', async () => {
  const { payouts: [stuck, free], state } = await sent(100, 200);
  const xml = notice([{ amount: -100, payout: stuck }, { amount: -200, payout: free }]);
  const held = await holding(s.env, `select from pay.payout where payout_id = '${stuck}' for update`);
  const post = () => fetch(`${s.env.pay_api}/v1/operator/bank/files`, { method: 'POST', body: xml, headers: { authorization: `Bearer ${operator}`, 'content-type': 'application/xml' } });
  const answers = await Promise.all([1, 2, 3].map(() => outcomeOf(post)));
  assert.deepEqual(answers.map((one) => one.status).sort(), [200, 200, 201]);
  assert.equal((await state(free)).status, 'paid');
  await held.release();
  assert.match(await imported(xml), /was imported before/);
  assert.equal((await state(stuck)).status, 'paid');
  await sound();
});

test('statements: in order, once, and those that do not follow wait', async () => {
  const { payouts, states } = await sent(100, 200, 300);
  const lines = payouts.map((payout, i) => ({ amount: -100 * (i + 1), payout, reference: `T${i}-${payout}` }));
  const first = Math.floor(Math.random() * 1e9);
  const [one, two, three] = lines.map((line, i) => statement([line], { sequence: first + i, opening: 100_000 - [0, 100, 300][i] }));
  await s.psql("update pay.bank_file set sequence = null, closing = 100000 where kind = 'camt.053' and accepted_no is not null");
  assert.match(await imported(one), /done/);
  assert.match(await imported(three), /1 break\(s\), waiting/);
  assert.deepEqual(await states(), ['paid', 'sent', 'sent'], 'nothing of a statement is booked while one is missing');
  assert.match(await imported(two), /done/);
  assert.deepEqual(await states(), ['paid', 'paid', 'paid'], 'and then all that waited');
  assert.match(await imported(two.replace(/<MsgId>M/, '<MsgId>X')), /was imported before/);
  const changed = await bring(two.replaceAll('200.00', '200.01').replaceAll('797.00', '796.99').replaceAll('2.00<', '2.01<').replaceAll('997.00', '996.99'));
  assert.equal(changed.code, 1);
  const [id] = /\d+/.exec((await imported(statement([], { sequence: first + 9, opening: 7 }))).split('file ')[1]);
  const release = (note) => s.operator('paysrv', 'bank', 'release', id, '--note', note);
  assert.deepEqual([(await release('the bank has lost it')).code, (await release('the bank has lost it')).code, (await release('not so')).code], [0, 0, 1]);
  assert.deepEqual(await s.psql(`select closed_by is not null as closed, note from pay.bank_break where file_id = ${id}`), [{ closed: true, note: 'the bank has lost it' }]);
  await sound();
});

test('a statement from before the last one that an operator releases is taken up, and the next one goes on where the last one ended', async () => {
  const number = 1e9 + Math.floor(Math.random() * 1e9), name = (n) => `chain-${number}-${n}`;
  const fileOf = async (id) => (await s.psql(`select file_id as file, state from pay.bank_file where statement_id = '${id}'`))[0];
  const release = async (id) => assert.equal((await s.operator('paysrv', 'bank', 'release', String((await fileOf(id)).file), '--note', 'the bank says so')).code, 0);
  await s.psql("update pay.bank_file set closing_day = null where kind = 'camt.053'"); /* other tests are at another time */
  await imported(statement([], { sequence: number, opening: 7, id: name('last'), day: '2026-03-05' }));
  await release(name('last'));
  const old = [{ sequence: number - 4, day: '2026-03-01' }, { sequence: 1, day: '2026-01-02' }, { sequence: number + 90, day: '2025-12-31' }, { sequence: number - 1, day: '2026-03-05' }];
  for (const [n, one] of old.entries()) {
    assert.match(await imported(statement([], { opening: 3, id: name(n), ...one })), /waiting/);
    await release(name(n));
    assert.equal((await fileOf(name(n))).state, 'done');
  }
  assert.match((await s.operator('paysrv', 'bank', 'balance')).stdout, /at the bank 0\.07/);
  assert.match(await imported(statement([], { sequence: number + 1, opening: 7, id: name('next'), day: '2026-03-06' })), /done/);
  await imported(statement([], { sequence: 1, opening: 9, id: name('year'), day: '2026-03-07' }));
  await release(name('year'));
  assert.match(await imported(statement([], { sequence: 2, opening: 9, id: name('second'), day: '2026-03-08' })), /done/, 'a later one begins the chain anew');
});

test('files that are not the bank’s are refused whole, and an operator sees it', async () => {
  const { payouts: [payout], states } = await sent(100);
  const good = notice([{ amount: -100, payout }]);
  const refused = async (xml, why) => {
    const { code, stderr } = await bring(xml);
    assert.equal(code, 1, stderr);
    assert.match(stderr, why);
  };
  await refused(good.replace('<Document', '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document'), /document type declarations/);
  await refused(notice([{ amount: -100, payout }], { iban: 'DE89370400440532013000' }), /not one that payouts are made from/);
  await refused(good.replace('camt.054.001.08', 'camt.052.001.08'), /no 1CClientBankExchange, pain\.002, camt\.054 or camt\.053/);
  await refused(good.replaceAll('1.00', '1.000'), /no amount of its currency/);
  await refused(good.slice(0, -20), /line \d+/);
  await refused(statement([{ amount: -100, payout }], { sequence: 1, opening: 5, closing: 5 }), /do not come to the closing balance/);
  await refused(Buffer.from(`\ufeff${good}`, 'utf16le'), /UTF-8/);
  assert.deepEqual(await states(), ['sent']);
  await imported(good);
  assert.deepEqual(await states(), ['paid']);
});

test('the operator’s API and page: files in, breaks out, closed with a note', async () => {
  const { payouts: [payout] } = await sent(100);
  const xml = notice([{ amount: -99, payout }]);
  const call = (method, path, body) => pay(s.env, operator, method, path, body);
  const post = async (body) => {
    const answer = await fetch(`${s.env.pay_api}/v1/operator/bank/files`, { method: 'POST', body, headers: { authorization: `Bearer ${operator}`, 'content-type': 'application/xml' } });
    return { status: answer.status, body: await answer.json() };
  };
  const first = await post(xml);
  assert.deepEqual([first.status, first.body.type, first.body.lines, first.body.breaks, first.body.status], [201, 'camt.054', 1, 1, 'done'], JSON.stringify(first.body));
  assert.deepEqual([(await post(xml)).status, (await post('<a/>')).body.code, (await post('<a/>')).body.param], [200, 'bank_file_refused', 'file']);
  assert.equal((await call('GET', '/v1/operator/bank/files?limit=1')).body.data.length, 1);
  assert.equal((await call('POST', `/v1/operator/bank/files/${first.body.id}/release`, { note: 'does not wait' })).status, 404);
  const { body: { data } } = await call('GET', '/v1/operator/bank/breaks?limit=100');
  const [found] = data.filter((one) => one.payout === payout);
  assert.deepEqual([found.kind, found.amount, found.status], ['amount', 99, 'open']);
  assert.equal((await call('POST', `/v1/operator/bank/breaks/${found.id}/close`, {})).body.param, 'note');

  const agent = createAgent();
  await operatorLogIn(s.env, agent, s.env.admin);
  const page = await agent.open(`${s.env.pay_api}/operator/bank`);
  assert.ok(page.text.includes(payout), page.text.slice(0, 500));
  assert.equal((await call('POST', `/v1/operator/bank/breaks/${found.id}/close`, { note: 'x' })).status, 400, 'a note says something');
  const at = page.text.indexOf(`action="/operator/bank/breaks/${found.id}"`);
  assert.ok(at > 0, 'each has its own form');
  const after = await agent.submit({ ...page, text: page.text.slice(page.text.lastIndexOf('<form', at)) }, { note: 'the bank took a fee' }, { button: 'Close' });
  assert.deepEqual([after.status, after.url.pathname, after.text.includes(payout)], [200, '/operator/bank', false]);
  const close = (note) => call('POST', `/v1/operator/bank/breaks/${found.id}/close`, { note });
  const again = [await close('another note'), await close('the bank took a fee')];
  assert.deepEqual(again.map(({ body }) => body.code ?? [body.status, body.note]), ['break_state', ['closed', 'the bank took a fee']], 'a closed line stays as it was closed');
  const token = await partnerToken(s.env);
  assert.equal((await pay(s.env, token, 'GET', '/v1/operator/bank/breaks')).status, 403);
});

test('two operators at one screen: the second hears what the first has done, and undoes nothing of it', async () => {
  const second = await addUser(s, ['--role', 'admin']);
  const [mine, theirs] = await Promise.all([s.env.admin, { username: second.email, password: second.password }].map(async (who) => {
    const agent = createAgent();
    await operatorLogIn(s.env, agent, who);
    return agent;
  }));
  const open = (agent) => agent.open(`${s.env.pay_api}/operator/bank`);
  const rowOf = ({ text }, id) => text.split('<li').find((one) => one.startsWith(` id="break-${id}"`));
  const press = (agent, page, id, button, note) => agent.submit({ ...page, text: rowOf(page, id) }, note ? { note } : {}, { button });
  const found = async () => {
    const { payouts: [payout] } = await sent(100);
    await imported(notice([{ amount: -99, payout }]));
    return (await s.psql(`select break_id::text as id from pay.bank_break where payout_id = '${payout}'`))[0].id;
  };
  const kept = async (id) => (await s.psql(`select note, assignee, resolution from pay.bank_break where break_id = ${id}`))[0];

  const id = await found();
  const [before, stale] = [await open(mine), await open(theirs)];
  const taken = await press(mine, before, id, 'I look at it');
  assert.match(rowOf(taken, id), new RegExp(`<bdi>${s.env.admin.username}</bdi>`));
  const late = await press(theirs, stale, id, 'I look at it');
  assert.deepEqual([late.status, (await kept(id)).assignee], [409, s.env.admin.username]);
  assert.match(rowOf(late, id), new RegExp(`role="alert"[^>]*>.*${s.env.admin.username} looks at it meanwhile; press again to take it over`));
  const over = await press(theirs, late, id, 'I look at it');
  assert.deepEqual([over.status, (await kept(id)).assignee], [200, second.email], 'who has seen it may');

  await press(mine, before, id, 'Close', 'the bank took a fee');
  for (const [button, note] of [['I look at it'], ['Close', 'mine']]) {
    const { status, text } = await press(theirs, over, id, button, note);
    assert.equal(status, 409, button);
    const said = rowOf({ text }, id);
    assert.match(said, new RegExp(`role="alert"[^>]*>.*This break is closed`), button);
    assert.match(said, new RegExp(`Closed .*<bdi>${s.env.admin.username}</bdi>: <bdi>the bank took a fee</bdi>`), 'by whom, and what he found');
    assert.doesNotMatch(said, /<button/);
    assert.deepEqual(await kept(id), { note: 'the bank took a fee', assignee: second.email, resolution: null });
  }

  const { seller, payouts: [payout] } = await sent(100);
  const approve = await byTwo('refused', (await s.psql(`select msg_id from pay.payout where payout_id = '${payout}'`))[0].msg_id);
  const waiting = await open(theirs), form = waiting.text.split('<li').find((one) => one.includes('/operator/entries/') && one.includes('value="approve"'));
  await approve();
  const again = await theirs.submit({ ...waiting, text: form }, {}, { button: 'Approve' });
  assert.equal(again.status, 409);
  assert.match(again.text, new RegExp(`<strong><bdi>Booked: ${s.env.admin.username}</bdi>[^]*role="alert"[^>]*>.*This entry is decided`));

  await limit(seller, '--approve-from 1');
  const { body: asked } = await seller.request(50);
  await seller.confirm(asked.id, await code(seller, asked));
  const payouts = await theirs.open(`${s.env.pay_api}/operator/payouts`);
  assert.equal((await pay(s.env, operator, 'POST', `/v1/operator/payouts/${asked.id}/reject`, { note: 'not known' })).status, 200);
  const own = payouts.text.split('<li').find((one) => one.includes(`/operator/payouts/${asked.id}/decision`));
  const pressed = await theirs.submit({ ...payouts, text: own }, {}, { button: 'Approve' });
  assert.equal(pressed.status, 409);
  assert.match(pressed.text, new RegExp(`role="alert"[^>]*>.*waits for no approval: it is rejected</bdi> <a href="/operator/payouts/${asked.id}">`), 'with the way to who decided so');
  await sound();
});

const partner = () => s.psql('select partner_id as id from pay.partner where name = \'Inkwell\'').then(([row]) => row.id);
const limit = async (seller, words) => {
  const { code, stderr } = await s.operator('paysrv', 'payouts', 'limit', await partner(), '--currency', 'EUR', '--seller', seller.user.id, ...words.split(' '));
  assert.equal(code, 0, stderr);
};

test('limits: least and most of one, a day, how many a day; also for confirmations at the same moment', async () => {
  await wholeDay();
  const seller = await newSeller(s.env);
  await seller.sell(10_000);
  await limit(seller, '--least 100 --most 1000 --per-day 1500 --count-per-day 3');
  for (const [amount, why] of [[99, /at least 1\.00 EUR/], [1001, /at most 10\.00 EUR/]]) {
    const { status, body } = await seller.request(amount);
    assert.deepEqual([status, body.code, body.param], [409, 'payout_limit', 'amount']);
    assert.match(body.detail, why);
  }
  const asked = [];
  for (let i = 0; i < 3; i += 1) asked.push((await seller.request(700)).body);
  const codes = [];
  for (const one of asked) codes.push(await code(seller, one));
  const answers = await Promise.all(asked.map((one, i) => outcomeOf((options) => seller.confirm(one.id, codes[i], options))));
  assert.deepEqual(answers.map((one) => one.status).sort(), [200, 200, 409]);
  assert.equal(answers.find((one) => one.status === 409).body.code, 'payout_limit');
  assert.equal((await seller.request(200)).body.code, 'payout_limit', 'and the day is over');
  assert.equal((await seller.request(100)).status, 201);
  assert.equal(await seller.available(), 5600);
  const path = `/v1/operator/partners/${await partner()}/payout_limits`;
  const raised = await pay(s.env, operator, 'POST', path, { scope: 'seller', user: seller.user.id, currency: 'EUR', most: 5000 });
  assert.deepEqual(raised.body.data.find((one) => one.user === seller.user.id).most, 5000, JSON.stringify(raised.body));
  assert.equal((await seller.request(5000)).status, 201);
  const lists = [];
  for (let i = 0; i < 12; i += 1) {
    const { body: list } = await seller.call('POST', '/v1/payout_lists', { user: seller.user.id, payouts: [10, 20].map((amount) => ({ amount, currency: 'EUR', requisite: seller.requisite.id })) });
    lists.push({ id: list.id, typed: await code(seller, list) });
  }
  const confirmed = await Promise.all(lists.map(({ id, typed }) => outcomeOf((options) => seller.call('POST', `/v1/payout_lists/${id}/confirm`, { code: typed }, options))));
  assert.deepEqual(confirmed.map(({ status }) => status), lists.map(() => 200), 'lists wait for their turn, and none is turned away');
  assert.equal(await seller.available(), 5600 - 12 * 30);
  assert.equal((await pay(s.env, operator, 'POST', path, { scope: 'each', user: seller.user.id, currency: 'EUR' })).body.param, 'user');
  assert.equal((await pay(s.env, operator, 'POST', path, { scope: 'seller', user: seller.user.id, currency: 'EUR', least: 6, most: 5 })).body.param, 'least');
  assert.equal((await s.operator('paysrv', 'payouts', 'limit', await partner(), '--seller', seller.user.id, '--currency', 'EUR', '--least', '6', '--most', '5')).code, 2);
  for (const most of ['9223372036854775807', '9223372036854775808']) {
    const answer = await fetch(`${s.env.pay_api}${path}`, { method: 'POST', headers: { authorization: `Bearer ${operator}`, 'content-type': 'application/json' }, body: `{"scope":"seller","user":"${seller.user.id}","currency":"EUR","most":${most}}` });
    assert.deepEqual([answer.status, (await answer.json()).param], [400, 'most'], most);
  }
  assert.equal((await pay(s.env, operator, 'GET', `/v1/operator/partners/${await partner()}/payout_limits`)).status, 200);
  assert.match((await s.operator('paysrv', 'payouts', 'limits', await partner())).stdout, new RegExp(`seller\t${seller.user.id}\tEUR\tmost 5000`));
  await sound();
});

test('what one partner may pay out, and has paid out of it, holds up nobody of another', async () => {
  await wholeDay();
  const [busy, calm] = [await newPartner(s), await newPartner(s)];
  const set = (partner, words) => pay(s.env, operator, 'POST', `/v1/operator/partners/${partner.slug}/payout_limits`, { currency: 'EUR', ...words }).then(({ status }) => assert.equal(status, 200));
  await set(busy, { scope: 'each', most: 400 });
  await set(busy, { scope: 'all', per_day: 500, count_per_day: 1 });
  await set(calm, { scope: 'all', per_day: 1000, count_per_day: 2 });
  const [first, second] = [await newSeller(s.env, { token: busy.token }), await newSeller(s.env, { token: calm.token })];
  for (const seller of [first, second]) await seller.sell(5000);
  const asked = async (seller, amount) => {
    const { body } = await seller.request(amount);
    return body.id ? (await seller.confirm(body.id, await code(seller, body))).body.code ?? 'paid out' : body.code;
  };
  assert.deepEqual([await asked(first, 401), await asked(first, 400), await asked(first, 100)], ['payout_limit', 'paid out', 'payout_limit']);
  assert.deepEqual([await asked(second, 401), await asked(second, 599), await asked(second, 1)], ['paid out', 'paid out', 'payout_limit']);
  const told = async (partner) => (await pay(s.env, operator, 'GET', `/v1/operator/partners/${partner.slug}/payout_limits`)).body.data.map(({ scope, per_day }) => [scope, per_day]);
  assert.deepEqual([await told(busy), await told(calm)], [[['all', 500], ['each', null]], [['all', 1000]]]);
  for (const one of [busy, calm]) await one.remove();
  await sound();
});

test('above the threshold two operators approve, one rejects, and neither may be who asked', async () => {
  await wholeDay();
  const seller = await newSeller(s.env);
  await seller.sell(10_000);
  await limit(seller, '--approve-from 500');
  const confirmed = async (amount) => {
    const { body } = await seller.request(amount);
    const answer = await seller.confirm(body.id, await code(seller, body));
    return { id: body.id, status: answer.body.status };
  };
  assert.equal((await confirmed(399)).status, 'confirmed');
  const cut = await confirmed(101); /* with the one before it is 500 */
  assert.equal(cut.status, 'awaiting_approval', 'an order that is cut into small ones waits, too');
  assert.equal((await s.operator('paysrv', 'payouts', 'reject', cut.id)).code, 0);
  assert.equal((await confirmed(100)).status, 'confirmed', 'what was rejected counts no more');
  const first = await confirmed(500);
  assert.equal(first.status, 'awaiting_approval');
  assert.equal(await seller.available(), 6001, 'the money is held');
  const seen = (await seller.call('GET', `/v1/payouts/${first.id}`)).body;
  assert.deepEqual([seen.waits_for, seen.waiting_since], ['review', seen.confirmed_at], 'seller and partner are told that it waits, and since when');
  assert.ok(seen.confirmed_at && !/amount_|approve|reasons|screening/.test(JSON.stringify(Object.keys(seen))), 'and not by which rule');
  const [{ data: event }] = await s.psql(`select data from pay.event where object_id = '${first.id}' and type = 'payout.awaiting_approval'`);
  assert.deepEqual([JSON.parse(event).waits_for, JSON.parse(event).waiting_since], ['review', seen.confirmed_at], 'a webhook says it, too');
  const state = async (payout) => (await seller.call('GET', `/v1/payouts/${payout}`)).body.status;
  const decide = (token, payout, what, note = {}) => pay(s.env, token, 'POST', `/v1/operator/payouts/${payout}/${what}`, note);
  const approve = (token, payout) => pay(s.env, token, 'POST', `/v1/operator/payouts/${payout}/approve`, { note: 'called the seller' });

  assert.equal((await approve(operator, first.id)).body.status, 'awaiting_approval');
  assert.equal((await approve(operator, first.id)).body.status, 'awaiting_approval', 'the same again is the same answer, and counts once');
  assert.equal((await decide(operator, first.id, 'reject')).body.code, 'four_eyes', 'not otherwise');
  await s.operator('paysrv', 'payouts', 'export', '--out', place());
  assert.equal(await state(first.id), 'awaiting_approval', 'the bank file leaves it out');
  await s.psql(`insert into pay.payout_screening (payout_id, partner_id, requisite_id, waits_too, state, reference, due_at, created_at, answered_at)
    select payout_id, partner_id, requisite_id, true, 'review', 'scr-7', now(), now(), now() from pay.payout where payout_id = '${first.id}'`);
  const waiting = (await pay(s.env, operator, 'GET', '/v1/operator/approvals')).body.data.find((one) => one.payout === first.id);
  assert.deepEqual([waiting.screening, waiting.screening_reference, waiting.account_created_at], ['review', 'scr-7', seller.requisite.created_at], 'what there is to know');
  assert.deepEqual([waiting.reasons, waiting.may_decide], [['amount'], false], 'why it waits, and that this operator has decided');
  assert.match((await s.operator('paysrv', 'payouts', 'waiting')).stdout, new RegExp(`^${first.id}\\t5\\.00 EUR\\t.*requested by .*it reaches the amount from which on operators approve`, 'm'));
  assert.ok(waiting.approved_by && Date.parse(waiting.waiting_since) > 0);
  const agent = createAgent();
  await operatorLogIn(s.env, agent, s.env.admin);
  const page = await agent.open(`${s.env.pay_api}/operator/payouts`);
  const rowOf = ({ text }, payout) => text.split('<li>').find((one) => one.includes(`href="/operator/payouts/${payout}"`));
  const mine = rowOf(page, first.id);
  assert.match(mine, /You have approved it\. Another operator/);
  assert.ok(mine.includes(`approved by <bdi>${s.env.admin.username}</bdi>`), 'whose token it was, by the name of the log-in: the token has none');
  assert.match(mine, /somebody has to look<\/strong> <code dir="ltr">scr-7</);
  assert.match(mine, /It waits because: it reaches the amount from which on operators approve/);
  assert.doesNotMatch(mine, /<button/, 'what would be refused is not offered');
  await s.psql(`update pay.pay_user set payouts_frozen_at = now() where user_id = '${seller.user.id}'`);
  const stopped = await agent.open(`${s.env.pay_api}/operator/payouts/${first.id}`);
  await s.psql(`update pay.pay_user set payouts_frozen_at = null where user_id = '${seller.user.id}'`);
  assert.match(stopped.text, /It is not sent while the payouts of this seller are stopped/);
  assert.match(stopped.text, /Looked at by operators because<[^]*it reaches the amount/);
  assert.match(stopped.text, new RegExp(`Decisions[^]*<bdi>${s.env.admin.username}</bdi>[^]*Approved[^]*called the seller`), 'who said what about it');
  const second = await operatorToken(s, await addUser(s, ['--role', 'admin']));
  const passed = (await approve(second, first.id)).body;
  assert.deepEqual([passed.status, passed.waits_for, passed.waiting_since], ['confirmed', null, null]);
  const again = await Promise.all([approve(second, first.id), approve(second, first.id)]);
  assert.deepEqual(again.map((one) => [one.status, one.body.status]), [[200, 'confirmed'], [200, 'confirmed']]);

  const own = await confirmed(600);
  await s.psql(`update pay.payout set requested_by = (select subject from pay.payout_decision where payout_id = '${first.id}' order by created_at limit 1) where payout_id = '${own.id}'`);
  assert.equal((await approve(operator, own.id)).body.code, 'four_eyes', 'not one’s own');
  const asked = rowOf(await agent.open(`${s.env.pay_api}/operator/payouts`), own.id);
  assert.match(asked, /You asked for it, or it is paid to you: two other operators have to approve it/);
  assert.doesNotMatch(asked, /<button/);
  const third = await operatorToken(s, await addUser(s, ['--role', 'admin']));
  const both = await Promise.all([approve(second, own.id), approve(third, own.id)]);
  assert.deepEqual(both.map((one) => one.body.status).sort(), ['awaiting_approval', 'confirmed'], 'at the same moment, too');

  const edited = await confirmed(550);
  assert.equal((await approve(operator, edited.id)).body.status, 'awaiting_approval');
  const [{ was }] = await s.psql(`select encode(destination, 'hex') as was from pay.payout where payout_id = '${edited.id}'`);
  await s.psql(`update pay.payout set destination = sha256('elsewhere') where payout_id = '${edited.id}'`);
  assert.equal((await approve(second, edited.id)).body.status, 'awaiting_approval', 'the first one has looked at something else');
  await s.psql(`update pay.payout set destination = decode('${was}', 'hex') where payout_id = '${edited.id}'`);
  assert.equal((await approve(third, edited.id)).body.status, 'confirmed');

  const typed = await confirmed(550); /* whoever may become one account of the system may become another */
  await s.psql(`insert into pay.payout_decision (payout_id, subject, name, decision, bind_hash, created_at)
    select payout_id, 'uid:4242', 'Somebody', 'approved', sha256(convert_to(payout_id || '|' || amount || '|' || currency || '|' || encode(destination, 'hex'), 'UTF8')), now() from pay.payout where payout_id = '${typed.id}'`);
  assert.equal((await s.operator('paysrv', 'payouts', 'approve', typed.id)).code, 0);
  assert.equal(await state(typed.id), 'awaiting_approval', 'both of the command line are one');
  assert.equal((await approve(second, typed.id)).body.status, 'confirmed');

  const refused = await confirmed(700);
  const before = await seller.available();
  assert.equal((await s.operator('paysrv', 'payouts', 'approve', refused.id)).code, 0);
  assert.equal((await decide(operator, refused.id, 'reject', { note: 'not known' })).body.status, 'rejected');
  assert.equal(await seller.available(), before + 700);
  const reject = (token) => pay(s.env, token, 'POST', `/v1/operator/payouts/${refused.id}/reject`, {});
  assert.equal((await reject(operator)).body.status, 'rejected', 'a lost answer is asked for again');
  assert.equal((await reject(second)).body.code, 'payout_state');
  assert.equal(await seller.available(), before + 700, 'once');
  assert.equal((await s.operator('paysrv', 'payouts', 'reject', refused.id)).code, 1);

  const pressed = await confirmed(550);
  const shown = await agent.open(`${s.env.pay_api}/operator/payouts`);
  const press = (button) => agent.submit({ ...shown, text: rowOf(shown, pressed.id) }, { note: 'by the page' }, { button });
  assert.match(rowOf(await press('Approve'), pressed.id), /You have approved it\./);
  const otherwise = await press('Reject');
  assert.deepEqual([otherwise.status, /<h1>Payouts<\/h1>\s*<div class="alert" role="alert">/.test(otherwise.text)], [409, true], 'the page says why not, and is the page');
  assert.equal(await state(pressed.id), 'awaiting_approval');
  assert.deepEqual(await s.psql(`select decision, note from pay.payout_decision where payout_id = '${pressed.id}'`), [{ decision: 'approved', note: 'by the page' }]);
  assert.ok(shown.text.includes(`/operator/payouts/${pressed.id}/decision`));
  assert.equal((await decide(second, pressed.id, 'reject')).status, 200);
  await sound();
  const check = await s.psql(`select count(*) as n from pay.payout_decision where payout_id in ('${first.id}', '${own.id}', '${refused.id}')`);
  assert.deepEqual(check, [{ n: 6 }]);
});

test('the bank file: valid pain.001.001.09, exact totals, the same bytes again, settled once', async (t) => {
  const seller = await newSeller(s.env, { holder: 'Жанна Müller & <Söhne>' });
  await seller.sell(100000);
  const payouts = [];
  for (const amount of [1, 12345]) {
    const { body } = await seller.request(amount);
    assert.equal((await seller.confirm(body.id, await code(seller, body))).status, 200);
    payouts.push(body);
  }
  const out = place();
  const exported = await s.operator('paysrv', 'payouts', 'export', '--out', out);
  assert.equal(exported.code, 0, exported.stderr);
  const xml = readFileSync(out, 'utf8');
  const [, id] = /<MsgId>([^<]+)<\/MsgId>/.exec(xml);
  const amounts = [...xml.matchAll(/<InstdAmt Ccy="EUR">(\d+)\.(\d\d)<\/InstdAmt>/g)].map(([, whole, cents]) => Number(whole + cents));
  assert.equal(Number(/<NbOfTxs>(\d+)<\/NbOfTxs>/.exec(xml)[1]), amounts.length);
  assert.equal(/<CtrlSum>([\d.]+)<\/CtrlSum>/.exec(xml)[1], (amounts.reduce((sum, one) => sum + one, 0) / 100).toFixed(2));
  for (const { id: payout } of payouts) assert.ok(xml.includes(`<EndToEndId>${payout.replace('_', '-')}</EndToEndId>`));
  assert.ok(xml.includes('<Nm>Zhanna Mueller + .Soehne.</Nm>') && xml.includes('<TwnNm>Koeln</TwnNm>'));
  assert.match(xml.replace(/<[^>]*>/g, ''), /^[\w\s/?:().,'+-]*$/, 'only the bank’s character set');

  await t.test('xmllint accepts it', (t2) => {
    const schema = join(ROOT, '..', 'shared', 'iso20022', 'pain.001.001.09.xsd');
    if (!existsSync(schema)) return t2.skip('../shared/iso20022/pain.001.001.09.xsd is not there');
    execFileSync('xmllint', ['--noout', '--nonet', '--schema', schema, out], { stdio: 'pipe' });
  });

  const second = place();
  await s.operator('paysrv', 'payouts', 'export', '--out', second, '--msg-id', id);
  assert.equal(readFileSync(second, 'utf8'), xml, 'the same batch is the same bytes');
  assert.equal((await s.operator('paysrv', 'payouts', 'export', '--out', out)).code, 2, 'a file is not overwritten by another batch');
  assert.equal((await seller.call('GET', `/v1/payouts/${payouts[0].id}`)).body.status, 'sent');
  assert.equal((await seller.call('POST', `/v1/payouts/${payouts[0].id}/cancel`)).body.code, 'payout_state');

  const settled = await byTwo('settle', id);
  assert.equal((await seller.call('GET', `/v1/payouts/${payouts[1].id}`)).body.status, 'sent', 'another operator has to say so, too');
  await settled();
  assert.match((await s.operator('paysrv', 'payouts', 'settle', id)).stdout, /before/);
  assert.ok((await s.mail(seller.email, /Paid out.*123\.45/)).text.includes(payouts[1].id.replace('_', '-')));
  assert.equal((await s.operator('paysrv', 'payouts', 'settle', 'STOA-unknown')).code, 1);
  const { body: paid } = await seller.call('GET', `/v1/payouts/${payouts[1].id}`);
  assert.equal(paid.status, 'paid');
  assert.ok(paid.paid_at);
  const { body: balance } = await seller.call('GET', `/v1/balance?user=${seller.user.id}`);
  assert.deepEqual(balance.in_transit, [{ currency: 'EUR', amount: 0 }]);
  await sound();
  const check = await s.operator('paysrv', 'ledger', 'check');
  assert.deepEqual([check.code, /\b0 violation/.test(check.stdout)], [0, true], check.stdout);
});

/* A refund of what a buyer has transferred, which waits for the next order. */
async function refundOf(seller, from, amount = 1000, part = 400) {
  const { body: payment } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount, currency: 'EUR', description: 'An article' });
  const { body: told } = await seller.call('POST', `/v1/payments/${payment.id}/confirm`, { method: 'bank_transfer' });
  await imported(notice([{ amount, credit: { for: told.next_action.reference, from, iban: IBAN } }]));
  const key = randomUUID(), refund = () => seller.call('POST', `/v1/payments/${payment.id}/refunds`, { amount: part }, { key });
  assert.deepEqual([(await refund()).status, (await refund()).status], [202, 202], 'one refund, which waits');
  const state = async () => (await seller.call('GET', `/v1/payments/${payment.id}/transfer`)).body.repayments[0];
  return { ...(await state()), state, refund };
}

test('a refund of a transfer is in the order beside payouts, valid, and ends as the bank says', async () => {
  const seller = await newSeller(s.env);
  const paidBy = (from) => refundOf(seller, from);
  const [good, bad, back, lost] = [await paidBy('Ada & Co <Lovelace>'.replace(/[&<>]/g, '')), await paidBy('Charles'), await paidBy('Mary'), await paidBy('Grace')];
  const out = place();
  await s.operator('paysrv', 'payouts', 'export', '--out', out);
  const xml = readFileSync(out, 'utf8');
  assert.ok(xml.includes(`<EndToEndId>${good.id.replace('_', '-')}</EndToEndId>`) && xml.includes('<Nm>Charles</Nm>') && xml.includes('<Ustrd>Refund rp-'), xml);
  const schema = join(ROOT, '..', 'shared', 'iso20022', 'pain.001.001.09.xsd');
  if (existsSync(schema)) execFileSync('xmllint', ['--noout', '--nonet', '--schema', schema, out], { stdio: 'pipe' });
  const order = /<MsgId>(.*?)<\/MsgId>/.exec(xml)[1];
  await imported(status(order, { transfers: [{ payout: bad.id, status: 'RJCT', reason: 'AC04' }, { payout: good.id, status: 'ACSP' }] }));
  assert.deepEqual([(await good.state()).status, (await bad.state()).status], ['sent', 'rejected'], 'accepted is not paid');
  await imported(notice([{ amount: -400, payout: good.id }, { amount: -400, payout: back.id }]));
  await imported(notice([{ amount: 392, payout: back.id, reason: 'AC06' }]));
  assert.deepEqual(await Promise.all([good, bad, back].map(async (one) => [(await one.state()).status, (await one.refund()).status])),
    [['paid', 200], ['rejected', 402], ['returned', 200]]);
  await s.psql(`update pay.repayment set sent_at = now() - interval '100 hours' where repayment_id = '${lost.id}'`);
  await imported(notice([{ amount: -1, reference: 'nothing of ours' }]));
  assert.deepEqual([(await lost.state()).status, (await lost.refund()).status], ['unknown', 202]);
  assert.equal(await seller.available(), 4 * 700 - 2 * 280 - 280, 'what failed is the seller’s again');
  const [{ kind, amount }] = await s.psql(`select kind, amount::int from pay.bank_break where detail like '${back.id} came back%'`);
  assert.deepEqual([kind, amount], ['unreturnable', 400]);
  assert.deepEqual(await s.psql(`select a.kind, p.amount::int as amount from pay.entry e join pay.posting p using (entry_id) join pay.account a using (account_id)
    where e.kind = 'repayment_returned' and e.ref = '${back.id}' order by 2`), [{ kind: 'acquirer_receivable', amount: -400 }, { kind: 'acquirer_fee', amount: 8 }, { kind: 'bank', amount: 392 }], 'what the bank kept is the platform’s cost');
  assert.equal((await s.operator('paysrv', 'payouts', 'resolve', lost.id, '--as', 'rejected')).code, 0);
  assert.deepEqual([(await lost.state()).status, (await lost.refund()).status], ['rejected', 402], 'on an operator’s word');

  const large = await refundOf(seller, 'Joan', 20_000, 10_000), reference = `R-${large.id.slice(-9)}`;
  await s.operator('paysrv', 'payouts', 'export', '--out', place());
  assert.match(await imported(notice([{ amount: 100, payout: large.id, reason: 'AC06', reference }])), /1 break/);
  const { id } = await breakOf(reference);
  assert.equal((await resolved(id, 'returned')).body.resolution, 'returned', 'though the debit was never shown');
  assert.deepEqual([(await large.state()).status, (await large.refund()).status], ['returned', 200]);
  assert.deepEqual(await postings('repayment_returned', large.id), { acquirer_fee: 9_900, acquirer_receivable: -10_000, bank: 100 });
  await sound();
});

test('what the bank says of a whole order is said of the refunds in it, too', async () => {
  const mixed = async () => {
    const seller = await newSeller(s.env);
    const back = await refundOf(seller, 'Ada');
    const { body: payout } = await seller.request(100);
    assert.equal((await seller.confirm(payout.id, await code(seller, payout))).status, 200);
    const before = await seller.available();
    await s.operator('paysrv', 'payouts', 'export', '--out', place());
    const [{ order, total }] = await s.psql(`select b.msg_id as order, b.total from pay.payout p join pay.bank_batch b using (msg_id) where p.payout_id = '${payout.id}'`);
    assert.equal(total, 500);
    const states = async () => [(await seller.call('GET', `/v1/payouts/${payout.id}`)).body.status, (await back.state()).status];
    return { seller, order, total, states, back, before };
  };
  const paid = await mixed();
  assert.match(await imported(notice([{ amount: -100, order: paid.order }])), /1 break/, 'that is not all of it');
  assert.deepEqual(await paid.states(), ['sent', 'sent']);
  assert.match(await imported(wholeDebit(paid)), /0 break/);
  assert.deepEqual([await paid.states(), (await paid.back.refund()).status], [['paid', 'paid'], 200]);
  assert.match(await imported(notice([{ amount: -400, payout: paid.back.id }])), /1 break/, 'that is another booking');

  const refused = await mixed();
  await imported(status(refused.order, { group: 'RJCT', reason: 'AM04' }));
  assert.deepEqual([await refused.states(), (await refused.back.refund()).status], [['rejected', 'rejected'], 402]);
  assert.equal(await refused.seller.available(), refused.before + 100 + 280);

  const known = await mixed();
  assert.match(await imported(status(known.order, { group: 'RJCT', reason: 'AM05' })), /1 break/);
  assert.deepEqual([await known.states(), (await known.back.refund()).status], [['unknown', 'unknown'], 202], 'the bank may have made it');
  assert.match(await imported(status(known.order, { transfers: [{ payout: known.back.id, status: 'RJCT', reason: 'AM05' }] })), /1 break/);
  assert.deepEqual(await known.states(), ['unknown', 'unknown'], 'nor is one of them given back that the bank knows');
  await imported(notice([{ amount: -400, payout: known.back.id }]));
  assert.match(await imported(status(known.order, { group: 'RJCT', reason: 'AM04' })), /1 break/, 'a refund of it was paid');
  assert.deepEqual(await known.states(), ['unknown', 'paid']);
  await imported(notice([{ amount: -100, order: known.order }])); /* a second debit of the order, for a person */
  assert.deepEqual(await known.states(), ['unknown', 'paid']);
  await sound();
});

test('what is booked in another currency pays nothing and takes nothing back, though it is as much', async () => {
  const currency = 'USD', { payouts: [payout], order, total, before, seller, states } = await sent(400);
  for (const entry of [{ amount: -400, payout }, { amount: -total, order }, { amount: 400, payout, reason: 'AC06' }])
    assert.match(await imported(notice([{ ...entry, currency }])), /1 break/, JSON.stringify(entry));
  assert.deepEqual([await states(), await breaksOf(payout)], [['sent'], ['amount', 'amount']]);
  await imported(notice([{ amount: -400, payout }]));
  assert.match(await imported(notice([{ amount: 400, payout, reason: 'AC06', currency }])), /1 break/);
  assert.deepEqual([await states(), await seller.available()], [['paid'], before]);

  const { body: payment } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'An article' });
  const { body: told } = await seller.call('POST', `/v1/payments/${payment.id}/confirm`, { method: 'bank_transfer' });
  const credit = { for: told.next_action.reference, from: 'Ada', iban: IBAN };
  const status = async () => (await seller.call('GET', `/v1/payments/${payment.id}`)).body.status;
  assert.match(await imported(notice([{ amount: 1000, credit, currency }])), /1 break/);
  assert.equal(await status(), 'requires_action');
  await imported(notice([{ amount: 1000, credit, reference: 'ONE' }]));
  assert.equal(await status(), 'succeeded');
  assert.match(await imported(notice([{ amount: -1000, credit, reference: 'ONE', reversal: true, currency }])), /1 break/);
  assert.deepEqual((await seller.call('GET', `/v1/payments/${payment.id}/transfer`)).body.credits.map(({ reversed }) => reversed ?? false), [false]);

  const back = await refundOf(seller, 'Mary');
  await s.operator('paysrv', 'payouts', 'export', '--out', place());
  assert.match(await imported(notice([{ amount: -400, payout: back.id, currency }])), /1 break/);
  assert.equal((await back.state()).status, 'sent');
  await imported(notice([{ amount: -400, payout: back.id }]));
  assert.match(await imported(notice([{ amount: 400, payout: back.id, reason: 'AC06', currency }])), /1 break/);
  assert.equal((await back.state()).status, 'paid');
  await sound();
});

test('kill -9 while the bank file is made: nothing is sent twice, nothing is lost', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(1000);
  const { body: payout } = await seller.request(100);
  await seller.confirm(payout.id, await code(seller, payout));
  const out = place();
  const exportAt = (point) => {
    const crash = join(directory, 'crash_point');
    writeFileSync(crash, point);
    return spawnSync(s.program('paysrv'), ['payouts', 'export', '--out', out, '--config', s.config('paysrv')],
      { env: { ...process.env, STOA_CRASH_FILE: crash }, encoding: 'utf8' });
  };
  const status = async () => (await seller.call('GET', `/v1/payouts/${payout.id}`)).body.status;

  assert.equal(exportAt('payout.export_before_commit').signal, 'SIGKILL');
  assert.deepEqual([await status(), existsSync(out)], ['confirmed', false]);
  await sound();

  assert.equal(exportAt('payout.export_after_commit').signal, 'SIGKILL');
  assert.deepEqual([await status(), existsSync(out)], ['sent', false]);
  const [{ id }] = await s.psql(`select msg_id as id from pay.payout where payout_id = '${payout.id}'`);
  assert.match((await s.operator('paysrv', 'payouts', 'list', '--batches')).stdout, new RegExp(`${id}.*open`));
  assert.equal((await s.operator('paysrv', 'payouts', 'export', '--out', out, '--msg-id', id)).code, 0);
  assert.ok(readFileSync(out, 'utf8').includes(payout.id.replace('_', '-')));
  assert.equal((await s.operator('paysrv', 'payouts', 'settle', id)).code, 0);
  await sound();
});

test('xmllint accepts what the tests send in the bank’s name', (t) => {
  const schemas = join(ROOT, '..', 'shared', 'iso20022');
  if (!existsSync(schemas)) return t.skip('../shared/iso20022 is not there');
  const sample = { amount: -1, payout: 'po_x', reason: 'AC04' };
  for (const [type, xml] of [['pain.002.001.11', status('S', { group: 'PART', transfers: [{ payout: 'po_x', status: 'RJCT', reason: 'AC04' }] })],
    ['camt.054.001.08', notice([sample, { amount: -5, reversal: true, credit: { for: 'RF13539007547034123', text: 'x', from: 'Ada', iban: IBAN } }])], ['camt.053.001.08', statement([sample, { amount: 5, order: 'S' }], { sequence: 1, opening: 1 })]]) {
    const file = place();
    writeFileSync(file, xml);
    execFileSync('xmllint', ['--noout', '--nonet', '--schema', join(schemas, `${type}.xsd`), file], { stdio: 'pipe' });
    assert.ok(readFileSync(file, 'utf8').includes(type));
  }
});

test('a Russian account is paid to in roubles, by BIK, number and INN, and the bank’s answers match', async (t) => {
  const seller = await newSeller(s.env, { holder: 'ООО «Ромашка»', currency: 'RUB', account: { ...RUSSIAN, kpp: '773601001' } });
  const shown = seller.requisite;
  assert.deepEqual([shown.type, shown.destination, shown.bik, shown.account, shown.correspondent, shown.inn, shown.kpp, shown.iban],
    ['bank_account', 'RU•• •••• 0473', RUSSIAN.bik, 'RU•• •••• 0473', RUSSIAN.correspondent, '•••••3893', '773601001', undefined]);
  const add = async (changes) => {
    const { status, body } = await seller.call('POST', `/v1/users/${seller.user.id}/requisites`, { type: 'bank_account', holder_name: 'Anna', ...RUSSIAN, ...changes });
    return [status, body.param];
  };
  for (const [changes, param] of [
    [{ bik: '144525225' }, 'bik'], [{ bik: '044525226' }, 'account'], [{ account: '4070281043800006047' }, 'account'], [{ account: undefined }, 'account'],
    [{ inn: '7707083894' }, 'inn'], [{ inn: undefined }, 'inn'], [{ kpp: '12' }, 'kpp'], [{ correspondent: '30101810145250000974' }, 'correspondent'],
    [{ iban: IBAN }, 'iban'], [{ bic: 'COBADEFF' }, 'bic'], [{ bik: undefined, iban: IBAN, address: { country: 'DE', town: 'Ulm' } }, 'account'], [{ holder_name: '日本' }, 'holder_name'],
  ]) {
    const [status, named] = await add(changes);
    assert.deepEqual([Math.floor(status / 100), named], [4, param], JSON.stringify(changes));
  }
  const inEuro = await seller.call('POST', '/v1/payouts', { amount: 100, currency: 'EUR', requisite: shown.id, user: seller.user.id });
  assert.deepEqual([inEuro.status, inEuro.body.param], [422, 'currency'], inEuro.body.detail);
  const other = await newSeller(s.env, { currency: 'RUB', account: RUSSIAN });
  const { stdout } = await s.operator('paysrv', 'requisites', 'shared');
  assert.ok(stdout.split('\n').some((line) => line.includes('RU•• •••• 0473') && line.includes(seller.user.id) && line.includes(other.user.id)), stdout);

  await seller.sell(200000);
  const payouts = [];
  for (const amount of [10000, 12345]) {
    const { body } = await seller.request(amount);
    assert.equal((await seller.confirm(body.id, await code(seller, body))).status, 200);
    payouts.push(body.id);
  }
  const before = await seller.available();
  const euro = await s.operator('paysrv', 'payouts', 'export', '--out', place());
  assert.match(euro.stderr, /payouts in RUB/);
  const out = place();
  const exported = await s.operator('paysrv', 'payouts', 'export', '--out', out, '--currency', 'RUB');
  assert.match(exported.stdout, /2 payout\(s\), 223\.45 RUB|2 payout\(s\)/, exported.stderr);
  const xml = readFileSync(out, 'utf8');
  assert.ok(xml.includes('<Nm>ООО .Ромашка.</Nm>') && xml.includes(`<MmbId>${RUSSIAN.bik}</MmbId>`) && xml.includes(`<Id>${RUSSIAN.account}</Id>`), xml);
  assert.equal([...xml.matchAll(/<InstdAmt Ccy="RUB">/g)].length, 2);
  await t.test('xmllint accepts it', (t2) => {
    const schema = join(ROOT, '..', 'shared', 'iso20022', 'pain.001.001.09.xsd');
    if (!existsSync(schema)) return t2.skip('../shared/iso20022/pain.001.001.09.xsd is not there');
    execFileSync('xmllint', ['--noout', '--nonet', '--schema', schema, out], { stdio: 'pipe' });
  });

  const [, order] = /<MsgId>([^<]+)<\/MsgId>/.exec(xml);
  const ours = { number: '40702810200000000017' };
  await imported(notice([{ amount: -22345, order, currency: 'RUB' }], ours));
  const states = () => Promise.all(payouts.map(async (one) => (await seller.call('GET', `/v1/payouts/${one}`)).body.status));
  assert.deepEqual(await states(), ['paid', 'paid']);
  await imported(notice([{ amount: 10000, payout: payouts[0], reason: 'AC04', currency: 'RUB' }], ours));
  assert.deepEqual(await states(), ['returned', 'paid']);
  assert.equal(await seller.available(), before + 10000);
  const again = await seller.request(100);
  assert.deepEqual([again.status, again.body.code], [409, 'requisite_disabled']);
  await sound();
});

test('the mail system hands over what comes back by the operator’s API', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(1000);
  const { body: payout } = await seller.request(200);
  await s.mail(seller.email, ofRequest(payout.label));
  const [{ mail }] = await s.psql(`select mail_id as mail from pay.payout_code where subject = '${payout.id}'`);
  const report = readFileSync(join(ROOT, 'tests/fuzz/corpus/bounce/failed'), 'utf8').replace(/mail_\w+/, mail);
  const post = async (body) => {
    const answer = await fetch(`${s.env.pay_api}/v1/operator/mails/bounces`, { method: 'POST', body, headers: { authorization: `Bearer ${operator}`, 'content-type': 'message/rfc822' } });
    return [answer.status, await answer.json()];
  };
  const [refused, problem] = await post('Subject: x\n\nfailed 5.1.1');
  assert.deepEqual([refused, problem.code, problem.param], [422, 'bounce_refused', 'message']);
  assert.deepEqual(await post(report), [200, { object: 'mail_bounce', mail, status: '5.1.1', is_new: true }]);
  const { body: ended } = await seller.call('GET', `/v1/payouts/${payout.id}`);
  assert.deepEqual([ended.status, ended.reason], ['canceled', 'code_undeliverable']);
});

test('a large order is held until an operator who has not made it lets it go', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(100000);
  const { body: payout } = await seller.request(60000);
  await seller.confirm(payout.id, await code(seller, payout));
  const { body: small } = await seller.request(700);
  await seller.confirm(small.id, await code(seller, small));
  const env = { PAYSRV_ORDER_RELEASE_FROM: '60000' }, out = place();
  const made = await s.operator('paysrv', 'payouts', 'export', '--out', out, { env });
  const [, order, entry] = /^batch (\S+): .*\n.*no file yet: (men_\w+) waits/.exec(made.stdout);
  assert.ok(!existsSync(out), made.stdout);
  assert.match((await s.operator('paysrv', 'payouts', 'export', '--out', place(), '--msg-id', order)).stderr, /held/, 'nothing writes it');
  assert.equal((await s.operator('paysrv', 'entries', 'approve', entry)).code, 1, 'who made it');
  assert.match((await s.operator('paysrv', 'payouts', 'list', '--batches')).stdout, new RegExp(`${order}\t.*\theld`));
  const payees = (id, query = '') => pay(s.env, operator, 'GET', `/v1/operator/manual_entries/${id}/payees?limit=1${query}`);
  const { body: { data: [largest], next_cursor: cursor } } = await payees(entry), all = [largest], agent = createAgent();
  await operatorLogIn(s.env, agent, s.env.admin);
  const page = await agent.open(`${s.env.pay_api}/operator/entries/${entry}`);
  for (let next = cursor; next;) {
    const { body } = await payees(entry, `&cursor=${next}`);
    all.push(...body.data);
    next = body.next_cursor;
  }
  assert.deepEqual(all.filter(({ user_name }) => user_name === seller.user.name).map(({ id, kind, amount, destination }) => [id, kind, amount, destination]),
    [[payout.id, 'payout', 60000, `DE•• •••• ${IBAN.slice(-4)}`], [small.id, 'payout', 700, `DE•• •••• ${IBAN.slice(-4)}`]]);
  assert.equal(all.reduce((sum, { amount }) => sum + amount, 0), (await s.psql(`select total::int from pay.bank_batch where msg_id = '${order}'`))[0].total, 'and nobody else');
  for (const { id, holder_name: holder } of all) assert.ok(page.text.includes(id) && page.text.includes(holder.replaceAll('&', '&amp;')), page.text);
  assert.ok(!page.text.includes(IBAN));
  assert.match((await s.operator('paysrv', 'entries', 'payees', entry)).stdout, new RegExp(`^600.00 EUR\t.*\t${payout.id}.*\n(.*\n)*.*\t${small.id}`));
  for (const id of ['men_nobody', entry.slice(0, -1)]) assert.equal((await payees(id)).status, 404);
  const decide = (id, as) => pay(s.env, operator, 'POST', `/v1/operator/manual_entries/${id}/${as}`, {});
  assert.deepEqual((await decide(entry, 'reject')).body.status, 'rejected');
  const [, anew] = /^(men_\w+) waits for another operator/.exec((await s.operator('paysrv', 'payouts', 'release', order, '--reason', 'looked at')).stdout);
  const { body: approved } = await decide(anew, 'approve');
  assert.deepEqual([approved.kind, approved.of, approved.amount, approved.status], ['order', order, approved.amount, 'booked']);
  assert.equal((await s.operator('paysrv', 'payouts', 'release', order)).code, 1, 'nothing is held any more');
  assert.equal((await s.operator('paysrv', 'payouts', 'export', '--out', out, '--msg-id', order)).code, 0);
  assert.ok(readFileSync(out, 'utf8').includes(`<EndToEndId>${payout.id.replace('_', '-')}</EndToEndId>`));
  await sound();
});

test('many small orders within a day are held as one, and of what is held the bank has said nothing', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(20000);
  const [{ alone }] = await s.psql("select coalesce(sum(total), 0)::float8 as alone from pay.bank_batch where currency = 'EUR' and not held and let_go_at is null");
  const env = { PAYSRV_ORDER_RELEASE_FROM: String(Number(alone) + 3000) }, payouts = [], made = [];
  for (const amount of [1000, 2000]) {
    const { body } = await seller.request(amount);
    await seller.confirm(body.id, await code(seller, body));
    made.push((await s.operator('paysrv', 'payouts', 'export', '--out', place(), { env })).stdout);
    payouts.push(body.id);
  }
  assert.doesNotMatch(made[0], /waits/);
  const [, order, entry] = /^batch (\S+): .*\n.*no file yet: (men_\w+) waits/.exec(made[1]);
  assert.match((await s.operator('paysrv', 'entries', 'list')).stdout, new RegExp(`${entry}.*smaller orders within a day`));
  const settled = await s.operator('paysrv', 'payouts', 'settle', order);
  assert.deepEqual([settled.code, /held/.test(settled.stderr)], [1, true], settled.stderr);
  const status = async () => (await seller.call('GET', `/v1/payouts/${payouts[1]}`)).body.status;
  assert.match(await imported(notice([{ amount: 2000, payout: payouts[1], reason: 'AC04' }, { amount: -2000, order }])), /2 line\(s\), 2 break\(s\)/);
  assert.equal(await status(), 'sent', 'whoever sends the amount with the payout’s name stops no order');
  await s.psql(`update pay.payout set sent_at = sent_at - interval '80 hours' where payout_id = '${payouts[1]}' returning payout_id`);
  assert.equal((await pay(s.env, operator, 'POST', `/v1/operator/manual_entries/${entry}/approve`, {})).status, 200);
  await imported(notice([{ amount: -2000, order }]));
  assert.equal(await status(), 'paid', 'the days while it was held are not the bank’s');
  assert.deepEqual(await s.psql(`select break_id from pay.bank_break where kind = 'unanswered' and ref = '${order}'`), []);
  await sound();
});

test('orders in roubles go out as 1C text, and its statements are matched by purpose and number, overlap and leave no day out', async () => {
  const seller = await newSeller(s.env, { holder: 'ООО «Ромашка»', currency: 'RUB', account: RUSSIAN });
  await seller.sell(200000);
  const payouts = [];
  for (const amount of [10000, 12345]) {
    const { body } = await seller.request(amount);
    assert.equal((await seller.confirm(body.id, await code(seller, body))).status, 200);
    payouts.push(body.id);
  }
  const out = place();
  const env = { PAYSRV_ROUBLE_ORDERS: '1c' };
  const made = await s.operator('paysrv', 'payouts', 'export', '--out', out, '--currency', 'RUB', { env });
  const [, batch] = /^batch (\S+): 2 payout/.exec(made.stdout);
  const bytes = readFileSync(out), text = new TextDecoder('windows-1251').decode(bytes);
  const all = (name) => [...text.matchAll(new RegExp(`^${name}=(.*)\r$`, 'gm'))].map((one) => one[1]);
  assert.deepEqual([all('ВерсияФормата'), all('Кодировка'), all('Сумма'), all('ПолучательСчет')], [['1.03'], ['Windows'], ['100.00', '123.45'], [RUSSIAN.account, RUSSIAN.account]]);
  const again = place();
  assert.equal((await s.operator('paysrv', 'payouts', 'export', '--out', again, '--msg-id', batch)).code, 0, 'whatever is configured by now');
  assert.ok(readFileSync(again).equals(bytes), 'the same bytes');

  const account = '40702810200000000017', [day] = all('Дата'), [, number] = all('Номер');
  const later = (days) => new Date(Date.UTC(...day.split('.').reverse().map((n, i) => Number(n) - (i === 1 ? 1 : 0))) + days * 86400000).toISOString().slice(0, 10).split('-').reverse().join('.');
  const debits = [{ number: 7, day, amount: -10000, other: RUSSIAN.account, purpose: `Payout ${payouts[0].replace('_', '-')} Inkwell` },
    { number, day, amount: -12345, other: RUSSIAN.account, purpose: 'Выплата' }, { number: 1, day, amount: -2000, other: '47422810119484000074', purpose: 'Комиссия банка' }];
  const first = { account, first: later(-1), last: day, opening: 100000000 };
  const file = clientBank(debits, first);
  const states = () => Promise.all(payouts.map(async (one) => (await seller.call('GET', `/v1/payouts/${one}`)).body.status));
  assert.match(await imported(file), /^1c .*: file \d+, 3 line\(s\), 1 break\(s\), done/);
  assert.deepEqual(await states(), ['paid', 'paid']);
  assert.deepEqual(await s.psql("select kind, payout_id from pay.bank_break where currency = 'RUB' and amount = 2000"), [{ kind: 'unmatched', payout_id: null }],
    'what has a number of ours, but is another amount to somebody else');
  assert.match(await imported(file), /imported before/);

  const back = { number: 7, written: later(1), day: later(1), amount: 10000, other: '47416810100000000001', purpose: `Возврат (${payouts[0].replace('_', '-')}) счет закрыт` };
  const less = { ...back, number: 8, amount: 12000, purpose: `Возврат ${payouts[1].replace('_', '-')}` };
  const opening = 100000000 - 24345;
  assert.match(await imported(clientBank([], { account, first: later(3), last: later(3), opening: opening + 22000 })), /waiting/, 'two days are missing');
  assert.match(await imported(clientBank([...debits, back, less], { ...first, last: later(2) })), /2 line\(s\), 1 break\(s\), done/, 'three were known');
  assert.deepEqual(await states(), ['returned', 'paid'], 'by its words anybody’s credit is a return: it is one of the whole, or for a person');
  const [{ id }] = await s.psql(`select break_id as id from pay.bank_break where payout_id = '${payouts[1]}' and kind = 'amount'`);
  assert.deepEqual([(await resolved(id, 'returned')).body.resolution, await states()], ['returned', ['returned', 'returned']], 'the person has found that it is one');
  assert.match((await s.operator('paysrv', 'bank', 'files')).stdout, new RegExp(`${later(3).split('.').reverse().join('-')}\tdone`), 'what was missing has come');
  const forged = await bring(clientBank(debits, { ...first, opening: 1 }));
  assert.match(forged.stderr, /other balances/);
  await sound();
});

test('a file of the channel that the bank does not give, or that is too large, is for a person and keeps none of those after it', async () => {
  const answers = { '/files?after=0': [200, '{"data":[{"file":1},{"file":2},{"file":3}]}'], '/files/1': [404, ''], '/files/2': [200, 'x'.repeat(5 << 20)],
    '/files/3': [200, notice([], { id: 'NAFTERTWO' })] };
  const bank = createServer((request, response) => {
    const [status, body] = answers[request.url] ?? [request.method === 'POST' ? 201 : 200, '{"data":[]}'];
    response.writeHead(status).end(body);
  });
  await new Promise((listens) => bank.listen(0, '127.0.0.1', listens));
  try {
    await s.restart('paysrv', { env: { PAYSRV_BANK_URL: `http://127.0.0.1:${bank.address().port}`, PAYSRV_BANK_KEY_FILE: join(s.data, 'secrets', 'acquirer_key') } });
    await eventually(async () => (await s.psql("select file_id from pay.bank_file where statement_id = 'NAFTERTWO'")).length === 1, { what: 'the third file is taken' });
    const breaks = await s.psql("select ref, detail from pay.bank_break where kind = 'refused' and ref like 'bank file %' order by ref");
    assert.deepEqual(breaks.map(({ ref, detail }) => [ref, /404|larger/.test(detail)]), [['bank file 1', true], ['bank file 2', true]]);
  } finally {
    bank.closeAllConnections?.();
    bank.close();
  }
});
