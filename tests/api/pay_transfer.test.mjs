/*
 * Payments by bank transfer (docs/protocol/pay/bank-transfers.md; decision 0058): what the buyer is told, credits in every way that a bank shows
 * them, refunds as orders to the payer's account. MONEY 3, 4 and 6.A8; I50 to I55. After all, the invariants view is empty.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { notice, released, statement } from '../support/bank.mjs';
import { wholeDay } from '../support/day.mjs';
import { eventually } from '../support/eventually.mjs';
import { outcomeOf } from '../support/outcome.mjs';
import { newPartner } from '../support/partner.mjs';
import { operatorLogIn, pay } from '../support/people.mjs';
import { operatorToken } from '../support/relying_party.mjs';
import { IBAN, newSeller } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, directory, live, partner, sandbox, operator;

before(async () => {
  await wholeDay(); /* a statement has what a notice of its day has */
  s = await sharedStack();
  directory = mkdtempSync(join(process.env.STOA_TEST_TMP ?? tmpdir(), 'transfer-'));
  live = await newSeller(s.env);
  const token = await operatorToken(s);
  operator = (...call) => pay(s.env, token, ...call);
  partner = await newPartner(s, '--sandbox');
  sandbox = await newSeller(s.env, { token: partner.token });
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await partner?.remove();
  await s?.stop();
});

const create = async (of, fields = {}) => {
  const { status, body } = await of.call('POST', '/v1/payments', { store: of.store.id, amount: 10000, currency: 'EUR', description: 'An article', ...fields });
  assert.equal(status, 201, JSON.stringify(body));
  return body;
};
const confirm = (of, payment, fields = { method: 'bank_transfer' }) => outcomeOf((options) => of.call('POST', `/v1/payments/${payment}/confirm`, fields, options));
const read = async (of, payment) => (await of.call('GET', `/v1/payments/${payment}`)).body;
const transferOf = async (of, payment) => (await of.call('GET', `/v1/payments/${payment}/transfer`)).body;
const events = async (payment) => (await s.psql(`select type from pay.event where object_id = '${payment}' order by sequence`)).map(({ type }) => type);
const breaks = (like) => s.psql(`select kind, amount::int, closed_at is null as open from pay.bank_break where ref like '${like}' or detail like '${like}' order by break_id`);

async function told(of = live, fields) {
  const payment = await create(of, fields);
  const { status, body } = await confirm(of, payment.id);
  assert.deepEqual([status, body.status, body.next_action?.type], [200, 'requires_action', 'bank_transfer'], JSON.stringify(body));
  return { id: payment.id, reference: body.next_action.reference, body };
}

let files = 0;
async function bring(xml) {
  const file = join(directory, `${files += 1}.xml`);
  writeFileSync(file, xml);
  const { code, stderr } = await s.operator('paysrv', 'bank', 'import', file);
  assert.equal(code, 0, stderr);
}

const from = { from: 'Ada Lovelace', iban: IBAN };
const credit = (amount, reference, more = {}) => ({ amount, credit: { for: reference, ...from, ...more } });

describe('a payment by bank transfer', () => {
  test('says where to pay, how much and until when; the payment waits longer than a card\'s', async () => {
    const { body } = await told(live, { description: 'A chair' });
    const { iban, bic, holder_name: holder, amount, currency, reference, expires_at: until } = body.next_action;
    assert.deepEqual([iban, bic, holder, amount, currency], ['DE75512108001245126199', 'SSKMDEMMXXX', 'Stoa Demo Operator', 10000, 'EUR']);
    assert.match(reference, /^RF\d{17}$/);
    assert.equal(BigInt(`${reference.slice(4)}2715${reference.slice(2, 4)}`) % 97n, 1n);
    assert.ok(Date.parse(until) > Date.parse(body.created_at) + 6 * 86_400_000 && Date.parse(body.expires_at) > Date.parse(until), until);
    const { status, amount_received: received } = await transferOf(live, body.id);
    assert.deepEqual([status, received], ['waiting', 0]);
  });

  test('is refused by name where it cannot be', async () => {
    const wrong = async (fields, more = {}) => {
      const payment = await create(live, fields);
      const { status, body } = await confirm(live, payment.id, { method: 'bank_transfer', ...more });
      return [status, body.param];
    };
    assert.deepEqual(await wrong({ capture_method: 'manual' }), [422, 'method']);
    assert.deepEqual(await wrong({}, { payment_token: 'tok_test_visa' }), [422, 'payment_token']);
    assert.equal((await live.call('GET', `/v1/payments/${(await create(live)).id}/transfer`)).status, 404);
  });

  test('is paid by the credit that names it, whatever message shows it, once', async () => {
    const before = await live.available();
    const { id, reference } = await told();
    const booking = { ...credit(10000, reference), reference: `B${id.slice(-20)}` };
    const xml = notice([booking]);
    await bring(xml);
    await bring(xml);
    await bring(notice([booking], { id: `again-${files}` }));
    const payment = await read(live, id);
    assert.deepEqual([payment.status, payment.method], ['succeeded', 'bank_transfer']);
    const { credits, repayments, status } = await transferOf(live, id);
    assert.deepEqual([status, credits[0].payer_name, credits[0].payer_iban.slice(-4), credits[0].payer_iban.length < IBAN.length], ['paid', 'Ada Lovelace', '3000', true]);
    assert.ok(!credits[0].payer_iban.includes('0532'), 'the account is masked');
    assert.equal(await live.available(), before + 7000);
    assert.deepEqual([credits.length, repayments.length], [1, 0], 'a notice repeats what another one said under the same name');
    assert.deepEqual((await events(id)).slice(0, 3), ['payment.requires_action', 'payment.transfer_received', 'payment.succeeded']);
  });

  test('is found in what people write, and paid in several parts; a surplus goes back to who sent it', async () => {
    const { id, reference } = await told();
    const spaced = reference.toLowerCase().replace(/(.{4})/g, '$1 ');
    await bring(notice([{ amount: 4000, credit: { text: `Order 7, ${spaced}thanks`, ...from } }]));
    const partly = await transferOf(live, id);
    assert.deepEqual([partly.status, partly.amount_received, (await read(live, id)).status], ['waiting', 4000, 'requires_action']);
    await bring(notice([credit(6500, reference, { from: 'Charles Babbage', iban: 'DE75512108001245126199' })]));
    const { repayments, credits } = await transferOf(live, id);
    assert.deepEqual(credits.map((one) => one.amount_applied), [4000, 6000]);
    assert.deepEqual(repayments.map((one) => [one.reason, one.amount, one.holder_name, one.status]), [['surplus', 500, 'Charles Babbage', 'confirmed']]);
    const refused = await live.call('POST', `/v1/payments/${id}/refunds`, { amount: 6001 });
    assert.deepEqual([refused.status, refused.body.decline_code], [402, 'several_payers'], JSON.stringify(refused.body));
  });

  /* at: the notice says the moment, and the statement the day. */
  async function shownTwice(booking, at = () => undefined, inStatement = {}) {
    await wholeDay();
    const { id, reference } = await told();
    const shown = { ...credit(10000, reference, { own: booking.own }), ...booking };
    await bring(notice([{ ...shown, at: at() }]));
    await bring(statement([{ ...shown, ...inStatement }], { sequence: 1, opening: 0, id: `transfer-${id}` }));
    const lines = () => s.psql(`select l.outcome from pay.bank_line l join pay.transfer_credit c on c.credit_id = l.credit_id where c.payment_id = '${id}' order by l.line_id`);
    await released(s, `transfer-${id}`);
    assert.deepEqual((await lines()).map((one) => one.outcome), ['applied', 'known']);
    assert.equal((await transferOf(live, id)).credits.length, 1);
  }

  test('that is shown by a notice and by the statement of the day is one credit', () => shownTwice({ reference: `T${Date.now()}` }));

  test('whose booking has no name is told by its day, however that is written', () => shownTwice({ reference: '' }, () => `${new Date().toISOString().slice(0, 19)}Z`));

  test('whose booking has a number of its message only is told by its day, too', () => shownTwice({ reference: '', number: '1' }, undefined, { number: '37' }));

  test('whose booking one message calls as its transfer, and the other one as its entry is called, too', () => shownTwice({ reference: '', own: `D${Date.now()}` }, undefined, { reference: `E${Date.now()}` }));

  test('that is paid by card meanwhile gives a transfer back; money that names nothing is a break', async () => {
    const { id, reference } = await told();
    const paid = await confirm(live, id, { payment_token: 'tok_test_visa', replace_attempt: true });
    assert.deepEqual([paid.status, paid.body.status, paid.body.method], [200, 'succeeded', 'card']);
    await bring(notice([credit(10000, reference), credit(700, 'RF18539007547034', { text: 'x' })]));
    const late = await transferOf(live, id);
    assert.deepEqual([late.status, late.credits[0].late, late.repayments[0].reason, late.repayments[0].amount], ['closed', true, 'late', 10000]);
    assert.equal((await breaks('%')).filter((one) => one.kind === 'unmatched' && one.amount === 700).length > 0, true);
  });

  test('that names nothing is given to its payment by two operators, and known again in the statement', async () => {
    const { id } = await told();
    const booking = { amount: 10000, credit: { text: 'for the chair', ...from }, reference: `N${id.slice(-20)}` };
    await bring(notice([booking]));
    const line = async () => (await s.psql(`select b.break_id as id, l.outcome, b.break_id is not null and b.closed_at is null as open from pay.bank_line l left join pay.bank_break b using (line_id) where l.reference = '${booking.reference}' order by l.line_id`));
    const [{ id: found }] = await line();
    const assign = (payment, ...more) => s.operator('paysrv', 'transfers', 'assign', String(found), '--payment', payment, '--note', 'he has sent his receipt', ...more);
    assert.equal((await assign((await create(live)).id)).code, 1, 'which is to be paid otherwise');
    const shown = (await s.operator('paysrv', 'bank', 'breaks')).stdout.split('\n').find((one) => one.startsWith(`${found}\t`));
    assert.match(shown, new RegExp(`100\\.00 EUR\t.*for the chair\tfrom Ada Lovelace ${IBAN} for for the chair`), 'who paid, and what he wrote');
    const [, entry] = /^(men_\w+) waits for another operator/.exec((await assign(id, { env: { PAYSRV_MANUAL_ENTRY_APPROVE_FROM: '10000' } })).stdout);
    assert.equal((await transferOf(live, id)).amount_received, 0, 'not yet');
    assert.equal((await operator('POST', `/v1/operator/manual_entries/${entry}/approve`, {})).body.status, 'booked');
    assert.equal((await assign(id)).code, 1, 'once');
    await bring(notice([{ ...booking, amount: 1 }]));
    await bring(statement([booking], { sequence: 1, opening: 0, id: `assigned-${id}` }));
    await released(s, `assigned-${id}`);
    assert.deepEqual((await line()).map(({ outcome, open }) => [outcome, open]), [['applied', false], ['break', true], ['known', false]]);
    assert.deepEqual([(await read(live, id)).status, (await transferOf(live, id)).credits.length], ['succeeded', 1]);
  });

  test('that names nothing and was booked by an entry is not booked again when the statement says what it was for', async () => {
    const { id, reference } = await told(), booking = `E${id.slice(-20)}`;
    await bring(notice([{ ...credit(3000, undefined, { text: 'for the desk' }), reference: booking }]));
    const lines = () => s.psql(`select l.outcome, b.break_id as id from pay.bank_line l left join pay.bank_break b using (line_id) where l.reference = '${booking}' order by l.line_id`);
    const [{ id: found }] = await lines();
    const [{ partner: whose }] = await s.psql(`select partner_id as partner from pay.store where store_id = '${live.store.id}'`);
    const booked = await operator('POST', `/v1/operator/bank/breaks/${found}/resolve`, { as: 'suspense', partner: whose, reason: 'nobody knows it' });
    assert.equal(booked.status, 200, JSON.stringify(booked.body));
    const named = { ...credit(3000, reference), reference: booking };
    await bring(statement([named, named], { sequence: 1, opening: 0, id: `entered-${id}` }));
    await released(s, `entered-${id}`);
    assert.deepEqual((await lines()).map(({ outcome }) => outcome), ['break', 'noted', 'applied'], 'of two such bookings the other one is a credit');
    const { amount_received: received, credits } = await transferOf(live, id);
    assert.deepEqual([received, credits.length], [3000, 1]);
  });

  /* Lines of the bank's booking with what became of each: { outcome, id (of its break), resolution, open }. */
  const linesOf = (booking) => s.psql(`select l.outcome, b.break_id as id, b.resolution, b.closed_at is null and b.break_id is not null as open from pay.bank_line l left join pay.bank_break b using (line_id) where l.reference = '${booking}' order by l.line_id`);
  /* What one message said of a booking that was decided when another showed it. */
  const pointedOut = (booking) => s.psql(`select b.break_id as id, b.kind, b.amount::int, b.detail from pay.bank_break b join pay.bank_line l on b.ref = 'line ' || l.line_id where l.reference = '${booking}' and b.line_id is null`);
  const partnerOf = async (of) => (await s.psql(`select partner_id as partner from pay.store where store_id = '${of.store.id}'`))[0].partner;
  const atBank = async () => Number((await s.psql(`select coalesce(sum(q.amount), 0) as sum from pay.posting q join pay.account a using (account_id) where a.kind = 'bank' and a.partner_id = '${await partnerOf(live)}'`))[0].sum);
  const unnamed = (amount, booking) => ({ ...credit(amount, undefined, { text: 'for the desk' }), reference: booking });
  const ofDay = async (entries, id) => {
    await bring(statement(entries, { sequence: 1, opening: 0, id }));
    await released(s, id);
  };
  const enter = async (id) => operator('POST', `/v1/operator/bank/breaks/${id}/resolve`, { as: 'suspense', partner: await partnerOf(live), reason: 'nobody knows it' });

  test('that names nothing is nobody\'s to book any more when the statement has said what it was for', async () => {
    const [{ id, reference }, other] = [await told(), await told(live, { amount: 3000 })], booking = `S${id.slice(-20)}`;
    await bring(notice([unnamed(3000, booking), unnamed(3000, booking)]));
    const [{ id: one }, { id: two }] = await linesOf(booking);
    const ask = async (no) => /^(men_\w+) waits/.exec((await s.operator('paysrv', 'reconcile', 'resolve', String(no), '--as', 'suspense', '--partner', await partnerOf(live), '--reason', 'nobody knows it', { env: { PAYSRV_MANUAL_ENTRY_APPROVE_FROM: '3000' } })).stdout)[1];
    const asked = [await ask(one), await ask(two)], before = await atBank();
    await ofDay([{ ...credit(3000, reference), reference: booking }], `settled-${id}`);
    assert.deepEqual((await linesOf(booking)).map(({ outcome, open }) => [outcome, open]), [['break', true], ['break', true], ['applied', false]], 'of two that the notice has one is left');
    const approve = async (entry) => (await operator('POST', `/v1/operator/manual_entries/${entry}/approve`, {}));
    assert.equal((await approve(asked[0])).body.status, 'booked');
    assert.equal((await approve(asked[1])).body.code, 'break_state');
    for (const state of ['that is open', 'closed by itself']) {
      const tried = [await enter(two), await operator('POST', `/v1/operator/bank/breaks/${two}/credit`, { payment: other.id, note: 'his receipt' })];
      assert.deepEqual(tried.map(({ status, body }) => [status, body.code]), [[409, 'break_state'], [409, 'break_state']], state);
      assert.deepEqual(await s.psql(`select moved, is_bookable as bookable from pay.bank_break_shown where break_id = ${two}`), [{ moved: null, bookable: false }], 'nor does it explain what is apart');
      await s.operator('paysrv', 'bank', 'import', join(directory, `${files}.xml`)); /* which brings nothing new, and looks after what is open */
    }
    assert.deepEqual((await linesOf(booking)).map(({ resolution, open }) => [resolution, open]), [['suspense', false], ['matched', false], [null, false]]);
    assert.equal(await atBank() - before, 6000);
  });

  test('that names nothing and was booked by an entry is not booked again by another notice, which says whose it is', async () => {
    const { id, reference } = await told(), booking = `V${id.slice(-20)}`;
    await bring(notice([unnamed(3000, booking)]));
    const [{ id: found }] = await linesOf(booking);
    assert.equal((await enter(found)).status, 200);
    const before = await atBank();
    await bring(notice([unnamed(3000, booking)]));
    assert.deepEqual(await pointedOut(booking), [], 'in the same words it is no news');
    await bring(notice([{ ...credit(3000, reference), reference: booking }]));
    assert.deepEqual((await linesOf(booking)).map(({ outcome, id: no }) => [outcome, no]), [['break', found], ['noted', null], ['noted', null]]);
    assert.deepEqual([await atBank(), (await transferOf(live, id)).amount_received], [before, 0]);
    const [news, ...more] = await pointedOut(booking);
    assert.deepEqual([news.kind, news.amount, more], ['state', 3000, []]);
    assert.match(news.detail, new RegExp(`booked by an entry \\(suspense\\).*payment ${id}`));
    assert.deepEqual([(await enter(news.id)).body.code, (await operator('POST', `/v1/operator/bank/breaks/${news.id}/close`, { note: 'paid by an entry' })).status], ['break_state', 200], 'nothing of it is booked');
  });

  test('that was given to a payment by hand is not another one\'s when the statement says so, but for a person', async () => {
    const [one, other] = [await told(live, { amount: 3000 }), await told(live, { amount: 3000 })], booking = `G${one.id.slice(-20)}`;
    await bring(notice([unnamed(3000, booking)]));
    const [{ id: found }] = await linesOf(booking);
    assert.equal((await operator('POST', `/v1/operator/bank/breaks/${found}/credit`, { payment: one.id, note: 'his receipt' })).status, 200);
    const before = await atBank();
    await ofDay([{ ...credit(3000, other.reference), reference: booking }], `given-${one.id}`);
    assert.deepEqual((await linesOf(booking)).map(({ outcome }) => outcome), ['applied', 'noted']);
    assert.deepEqual([await atBank(), (await transferOf(live, one.id)).status, (await transferOf(live, other.id)).amount_received], [before, 'paid', 0]);
    assert.match((await pointedOut(booking))[0].detail, new RegExp(`given to payment ${one.id} by hand.*payment ${other.id}`));
  });

  const BABBAGE = { from: 'Charles Babbage', iban: 'DE75512108001245126199' };
  const give = (id, payment) => operator('POST', `/v1/operator/bank/breaks/${id}/credit`, { payment, note: 'his receipt' });

  /* Details of one entry have its name. The one that names nothing is not the other one's credit, in whichever message and place it comes first. */
  for (const payer of [BABBAGE, {}])
    for (const first of ['notice', 'statement'])
      test(`that names nothing beside one of its name that does stays a break, the ${first} first, ${payer.iban ? 'of two payers' : 'of whom the bank does not say'}`, async () => {
        const [{ id, reference }, other] = [await told(live, { amount: 3200 }), await told(live, { amount: 3200 })], booking = `D${id.slice(-20)}`, before = await atBank();
        const both = [{ ...unnamed(3200, booking), credit: { text: 'for the desk', from: 'Ada Lovelace', ...payer } }, { ...credit(3200, reference, payer.iban ? {} : { iban: undefined }), reference: booking }];
        const messages = [() => bring(notice(both)), () => ofDay(both, `detail-${id}`)];
        for (const message of first === 'notice' ? messages : messages.toReversed()) await message();
        const shown = await linesOf(booking);
        assert.deepEqual(shown.map(({ outcome, open }) => [outcome, open]), [['break', true], ['applied', false], ['noted', false], ['known', false]]);
        assert.equal((await give(shown[0].id, other.id)).status, 200);
        assert.deepEqual([(await transferOf(live, id)).status, (await transferOf(live, other.id)).status, await atBank() - before], ['paid', 'paid', 6400]);
      });

  test('that names nothing is given to its payment, and another one of its name, which the statement tells alike, to another', async () => {
    const [one, other] = [await told(live, { amount: 3300 }), await told(live, { amount: 3300 })], booking = `O${one.id.slice(-20)}`, before = await atBank();
    await bring(notice([unnamed(3300, booking), { ...unnamed(3300, booking), credit: { text: 'for the desk', ...BABBAGE } }]));
    const nobody = { ...unnamed(3300, booking), credit: { text: 'for the desk' } };
    await ofDay([nobody, nobody], `others-${one.id}`);
    const opened = await linesOf(booking);
    assert.deepEqual(opened.map(({ open }) => open), [true, true, true, true]);
    assert.equal((await give(opened[0].id, one.id)).status, 200);
    assert.deepEqual((await linesOf(booking)).map(({ outcome, open }) => [outcome, open]), [['applied', false], ['break', true], ['known', false], ['break', true]]);
    assert.equal((await give(opened[1].id, other.id)).status, 200);
    assert.deepEqual((await linesOf(booking)).map(({ outcome, open }) => [outcome, open]), [['applied', false], ['applied', false], ['known', false], ['known', false]]);
    assert.deepEqual([(await transferOf(live, one.id)).status, (await transferOf(live, other.id)).status, await atBank() - before], ['paid', 'paid', 6600]);
  });

  test('that names nothing in a statement which says less than the notice is booked once, whichever of them was booked', async () => {
    const { id, reference } = await told(live, { amount: 3400 }), booking = `L${id.slice(-20)}`, before = await atBank();
    const nobody = { ...unnamed(3400, booking), credit: { text: 'for the desk' } };
    await ofDay([nobody, nobody], `less-${id}`);
    await bring(notice([unnamed(3400, booking), { ...credit(3400, reference, BABBAGE), reference: booking }]));
    const shown = await linesOf(booking);
    assert.deepEqual(shown.map(({ outcome, open }) => [outcome, open]), [['break', true], ['break', true], ['break', true], ['applied', false]]);
    assert.equal((await enter(shown[0].id)).status, 200);
    for (const one of [shown[1], shown[2]]) assert.equal((await enter(one.id)).body.code, 'break_state');
    await s.operator('paysrv', 'bank', 'import', join(directory, `${files}.xml`)); /* which looks after what is open */
    assert.deepEqual((await linesOf(booking)).map(({ resolution, open }) => [resolution, open]), [['suspense', false], ['matched', false], ['matched', false], [null, false]]);
    assert.deepEqual([(await transferOf(live, id)).status, await atBank() - before], ['paid', 6800]);
  });

  test('whose booking has a word in place of a name is not another one of that word, nor is what is taken back', async () => {
    const [{ id, reference }, other] = [await told(live, { amount: 3100 }), await told(live, { amount: 3100 })], before = await atBank();
    const nameless = { ...unnamed(3100, 'NONREF') };
    await bring(notice([{ ...credit(3100, reference), reference: 'NONREF' }]));
    await bring(notice([nameless]));
    await bring(notice([{ ...unnamed(-3100, 'NONREF'), reversal: true }]));
    await s.operator('paysrv', 'bank', 'import', join(directory, `${files}.xml`)); /* which looks after what is open */
    const found = await s.psql(`select l.kind, l.outcome, b.break_id as id, b.closed_at is null and b.break_id is not null as open from pay.bank_line l left join pay.bank_break b using (line_id) where l.amount = 3100 order by l.line_id`);
    assert.deepEqual(found.map(({ kind, outcome, open }) => [kind, outcome, open]), [['credit', 'applied', false], ['credit', 'break', true], ['reversal', 'break', true]]);
    assert.deepEqual([(await transferOf(live, id)).status, (await read(live, id)).status], ['paid', 'succeeded']);
    assert.equal((await operator('POST', `/v1/operator/bank/breaks/${found[1].id}/credit`, { payment: other.id, note: 'his receipt' })).status, 200);
    assert.deepEqual([(await transferOf(live, other.id)).status, await atBank() - before], ['paid', 6200]);
  });

  test('that names nothing is given to its payment by the API and on the operator\'s page, which say who paid and what he wrote', async () => {
    const known = (letter, id) => ({ amount: 10000, credit: { text: 'a lamp', for: 'RF18539007547034', ...from }, reference: `${letter}${id.slice(-20)}` });
    const [first, second] = [await told(), await told()];
    await bring(notice([known('P', first.id), known('Q', second.id)]));
    const listed = async (of) => (await operator('GET', '/v1/operator/bank/breaks?limit=100')).body.data.find((one) => one.detail.includes(of.reference));
    const found = await listed(known('P', first.id));
    assert.deepEqual([found.payer_name, found.payer_iban, found.remittance, found.amount], ['Ada Lovelace', IBAN, 'RF18539007547034', 10000]);
    const give = (fields) => operator('POST', `/v1/operator/bank/breaks/${found.id}/credit`, fields);
    for (const [fields, param] of [[{ note: 'his receipt' }, 'payment'], [{ payment: first.id }, 'note'], [{ payment: 'pay_none', note: 'his receipt' }, 'payment']])
      assert.equal((await give(fields)).body.param, param);
    const given = await give({ payment: first.id, note: 'his receipt' });
    assert.deepEqual([given.status, given.body.status, given.body.manual_entry], [200, 'closed', null], JSON.stringify(given.body));
    assert.equal((await give({ payment: first.id, note: 'his receipt' })).body.code, 'break_state', 'once');
    assert.equal((await read(live, first.id)).status, 'succeeded');

    const agent = createAgent();
    await operatorLogIn(s.env, agent, s.env.admin);
    const { id: other } = await listed(known('Q', second.id));
    const page = await agent.open(`${s.env.pay_api}/operator/bank?no=${other}`);
    const at = page.text.indexOf(`action="/operator/bank/breaks/${other}"`);
    const item = page.text.slice(page.text.lastIndexOf('<li id=', at), at);
    assert.ok(item.includes(`Ada Lovelace, ${IBAN}`) && item.includes('RF18539007547034'), item);
    const form = { ...page, text: page.text.slice(page.text.lastIndexOf('<form', at)) };
    const none = await agent.submit(form, { note: 'his receipt' }, { button: 'Give it to this payment' });
    assert.deepEqual([none.status, none.text.includes('payment')], [422, true]);
    const after = await agent.submit(form, { note: 'his receipt', payment: second.id }, { button: 'Give it to this payment' });
    assert.deepEqual([after.status, after.url.pathname, (await read(live, second.id)).status], [200, '/operator/bank', 'succeeded']);
  });

  test('that names nothing shows the payments of its amount that have not had it, and goes to one of them at a press', async () => {
    const amount = 1_000_000 + randomInt(1_000_000);
    const [waits, late, had] = [await told(live, { amount }), await told(live, { amount }), await told(live, { amount })];
    assert.equal((await confirm(live, late.id, { payment_token: 'tok_test_visa', replace_attempt: true })).body.status, 'succeeded');
    const booking = `L${waits.id.slice(-20)}`;
    await bring(notice([credit(amount, had.reference), { amount, credit: { text: 'for the sofa', ...from }, reference: booking }]));
    const [{ id: found }] = await s.psql(`select break_id as id from pay.bank_break b join pay.bank_line l using (line_id) where l.reference = '${booking}'`);
    const ours = ({ payment }) => [waits, late, had].some(({ id }) => id === payment);
    const shownNow = async () => (await operator('GET', `/v1/operator/bank/breaks/${found}`)).body;
    const { suggested_payments: suggested } = await shownNow();
    assert.deepEqual(suggested.filter(ours).map((one) => [one.payment, one.reference, one.waits]), [[waits.id, waits.reference, true], [late.id, late.reference, false]]);
    const shown = (await s.operator('paysrv', 'bank', 'breaks')).stdout.split('\n').find((one) => one.startsWith(`${found}\t`));
    assert.match(shown, new RegExp(`payments of this amount: .*${waits.id} waits.*${late.id} late`));

    const agent = createAgent();
    await operatorLogIn(s.env, agent, s.env.admin);
    const page = await agent.open(`${s.env.pay_api}/operator/bank?no=${found}`);
    assert.ok(page.text.includes(`name="suggested" value="${waits.id}"`) && !page.text.includes(had.id), 'what was paid so is none');
    const hostile = '"><img src=x onerror=alert(1)>';
    const form = { ...page, text: page.text.slice(page.text.lastIndexOf('<form', page.text.indexOf(`action="/operator/bank/breaks/${found}"`))) };
    const refused = await agent.submit(form, { note: 'his receipt <b>', payment: hostile }, { button: 'Give it to this payment' });
    assert.equal(refused.status, 422);
    for (const [name, value] of [['note', 'his receipt &lt;b&gt;'], ['payment', '&quot;&gt;&lt;img src=x onerror=alert(1)&gt;']])
      assert.ok(refused.text.includes(`name="${name}" value="${value}"`), `${name} is still there`);
    assert.ok(refused.text.includes('payment: was never to be paid by such a transfer') && !refused.text.includes('<img src=x'), 'with what is wrong');
    const again = { ...refused, text: refused.text.slice(refused.text.lastIndexOf('<form', refused.text.indexOf(`action="/operator/bank/breaks/${found}"`))) };
    const given = await agent.submit(again, {}, { button: waits.id });
    assert.deepEqual([given.status, given.url.pathname, (await read(live, waits.id)).status], [200, '/operator/bank', 'succeeded']);
    const closed = await shownNow();
    assert.deepEqual([closed.status, closed.note, closed.suggested_payments], ['closed', 'his receipt <b>', []]);
    const twice = await agent.submit(again, {}, { button: waits.id });
    assert.deepEqual([twice.status, twice.text.includes('role="alert"')], [409, true], 'once');
    assert.deepEqual([(await operator('GET', '/v1/operator/bank/breaks/0')).status, (await operator('GET', '/v1/operator/bank/breaks/x')).status], [404, 404]);
    assert.ok((await agent.open(`${s.env.pay_api}/operator/bank?no=${found}`)).text.includes('his receipt &lt;b&gt;'), 'how it ended is found by its number');
    assert.equal((await agent.open(`${s.env.pay_api}/operator/bank?no=x`)).status, 404);
  });

  test('in more parts than go into one transaction pays, and what is too much of them goes back', async () => {
    const { id, reference } = await told(live, { amount: 5010 });
    await bring(notice(Array.from({ length: 503 }, (_, i) => ({ ...credit(10, reference), reference: `M${i}${id.slice(-20)}` }))));
    await eventually(async () => (await read(live, id)).status === 'succeeded', { what: 'it is paid, by the import or the job' });
    const sums = async () => (await s.psql(`select count(*)::int as n, sum(applied)::int as applied, bool_and(settled_at is not null) as settled, (select sum(amount)::int from pay.repayment where payment_id = '${id}') as back
      from pay.transfer_credit where payment_id = '${id}'`))[0];
    await eventually(async () => (await sums()).settled, { what: 'all of them are settled' });
    assert.deepEqual(await sums(), { n: 503, applied: 5010, settled: true, back: 20 });
  });

  test('from an account that the bank does not name is for a person, who sends it back', async () => {
    const { id, reference } = await told();
    await live.call('POST', `/v1/payments/${id}/cancel`);
    await bring(notice([{ amount: 300, credit: { for: reference } }]));
    const { credits: [{ id: credited }], repayments } = await transferOf(live, id);
    assert.deepEqual([repayments.length, (await breaks(`credit ${credited}`)).map((one) => [one.kind, one.amount, one.open])], [0, [['unreturnable', 300, true]]]);
    const send = (iban, ...more) => s.operator('paysrv', 'transfers', 'send', credited, '--iban', iban, '--name', 'Ada', '--note', 'she wrote to us', ...more);
    assert.equal((await send('DE00370400440532013000')).code, 1);
    const [{ id: found }] = await s.psql(`select break_id as id from pay.bank_break where ref = 'credit ${credited}'`);
    const sendIt = (fields) => operator('POST', `/v1/operator/bank/breaks/${found}/send`, { iban: IBAN, holder_name: 'Ada', note: 'he called', ...fields });
    assert.deepEqual([(await sendIt({ iban: 'DE89370400440532013001' })).body.param, (await sendIt({ holder_name: '' })).body.param], ['iban', 'holder_name']);
    const asked = await send(IBAN, { env: { PAYSRV_MANUAL_ENTRY_APPROVE_FROM: '300' } });
    const [, entry] = /^(men_\w+) waits for another operator/.exec(asked.stdout);
    assert.equal((await transferOf(live, id)).repayments.length, 0, 'not yet');
    assert.equal((await send('DE75512108001245126199', { env: { PAYSRV_MANUAL_ENTRY_APPROVE_FROM: '300' } })).code, 1, 'one at a time');
    const { of, iban, holder_name: holder } = (await operator('GET', '/v1/operator/manual_entries')).body.data.find((one) => one.id === entry);
    assert.deepEqual([of, iban, holder], [credited, IBAN, 'Ada']);
    assert.equal((await s.operator('paysrv', 'entries', 'approve', entry)).code, 1, 'the operator\'s own');
    assert.equal((await operator('POST', `/v1/operator/manual_entries/${entry}/approve`, {})).body.status, 'booked');
    assert.equal((await send(IBAN)).code, 1, 'once');
    assert.equal((await sendIt({})).body.code, 'break_state', 'whoever asks');
    assert.deepEqual((await transferOf(live, id)).repayments.map((one) => [one.reason, one.amount]), [['resent', 300]]);
    assert.deepEqual((await breaks(`credit ${credited}`)).map((one) => one.open), [false]);
  });

  test('from an account that the bank does not name is sent back by the API, and on the operator\'s page', async () => {
    const held = async () => {
      const { id, reference } = await told();
      await live.call('POST', `/v1/payments/${id}/cancel`);
      await bring(notice([{ amount: 300, credit: { for: reference } }]));
      const [{ id: found }] = await s.psql(`select break_id as id from pay.bank_break where ref = 'credit ${(await transferOf(live, id)).credits[0].id}'`);
      return { id, found, back: async () => (await transferOf(live, id)).repayments.map((one) => [one.reason, one.amount]) };
    };
    const [first, second] = [await held(), await held()];
    const { status, body } = await operator('POST', `/v1/operator/bank/breaks/${first.found}/send`, { iban: IBAN, holder_name: 'Ada', note: 'he called' });
    assert.deepEqual([status, body.status, body.manual_entry, await first.back()], [200, 'closed', null, [['resent', 300]]], JSON.stringify(body));

    const agent = createAgent();
    await operatorLogIn(s.env, agent, s.env.admin);
    const page = await agent.open(`${s.env.pay_api}/operator/bank`);
    const at = page.text.indexOf(`action="/operator/bank/breaks/${second.found}"`);
    const form = { ...page, text: page.text.slice(page.text.lastIndexOf('<form', at)) };
    const nobodys = await agent.submit(form, { note: 'he called', iban: IBAN }, { button: 'Send it back' });
    assert.deepEqual([nobodys.status, nobodys.text.includes('holder_name'), await second.back()], [422, true, []]);
    const after = await agent.submit(form, { note: 'he called', iban: IBAN, holder_name: 'Ada' }, { button: 'Send it back' });
    assert.deepEqual([after.status, after.url.pathname, await second.back()], [200, '/operator/bank', [['resent', 300]]]);
  });

  const reversed = (booking) => ({ ...booking, amount: -booking.amount, reversal: true });
  const resolve = (id, verb, fields) => operator('POST', `/v1/operator/bank/breaks/${id}/${verb}`, fields);
  const breakOf = async (id) => (await s.psql(`select break_id as id, amount::int, closed_at is null as open, resolution from pay.bank_break where kind = 'reversed' and ref = 'credit ${id}'`))[0];

  test('that the bank takes back is not there, and nothing of it goes back', async () => {
    const { id, reference } = await told();
    const part = { ...credit(4000, reference), reference: `R${id.slice(-20)}` };
    await bring(notice([part]));
    await bring(notice([reversed(part)]));
    await bring(notice([reversed(part)]));
    const { amount_received: received, credits } = await transferOf(live, id);
    assert.deepEqual([received, credits.map((one) => one.reversed)], [0, [true]]);
    await bring(notice([credit(10000, reference)]));
    const late = { ...credit(700, reference), reference: `L${id.slice(-20)}` };
    await bring(notice([late, reversed(late)]));
    const { repayments, credits: [, , surplus] } = await transferOf(live, id);
    assert.deepEqual([repayments[0].status, await breakOf(surplus.id)], ['canceled', undefined], 'it is not ordered, and nothing is owed');
  });

  test('that the bank takes back after it paid is borne by who refunds it, or by an entry', async () => {
    const { id, reference } = await told();
    const halves = ['A', 'B'].map((letter) => ({ ...credit(5000, reference), reference: `${letter}${id.slice(-20)}` }));
    await bring(notice(halves));
    const before = await live.available();
    const taking = notice(halves.map(reversed).slice(0, 1));
    await Promise.all([1, 2, 3].map(() => bring(taking)));
    assert.deepEqual((await transferOf(live, id)).credits.map((one) => one.reversed), [true, false], 'once, whoever takes the line up');
    await bring(notice(halves.map(reversed)));
    const { credits: [first, second] } = await transferOf(live, id);
    const [one, two] = [await breakOf(first.id), await breakOf(second.id)];
    assert.deepEqual([one, two].map((found) => [found?.amount, found?.open]), [[5000, true], [5000, true]], 'both, of the same amount');
    const refused = await resolve(one.id, 'close', { note: 'we forget it' });
    assert.deepEqual([refused.status, refused.body.code, refused.body.param], [409, 'break_state', 'break']);

    const refund = await live.call('POST', `/v1/payments/${id}/refunds`, { amount: 5000 });
    assert.deepEqual([refund.status, refund.body.status], [200, 'succeeded'], JSON.stringify(refund.body));
    assert.equal(await live.available(), before - 3500);
    const { repayments } = await transferOf(live, id);
    assert.deepEqual(repayments.map((back) => [back.reason, back.amount, back.status]), [['refund', 5000, 'offset']], 'the bank gave it back');
    const open = [await breakOf(first.id), await breakOf(second.id)].filter((found) => found.open);
    assert.deepEqual([open.length, (await transferOf(live, id)).repayments.length], [1, 1]);
    const done = await resolve(open[0].id, 'resolve', { as: 'platform', reason: 'the partner is not to blame' });
    assert.deepEqual([done.status, done.body.resolution], [200, 'platform'], JSON.stringify(done.body));
    assert.deepEqual(await s.psql(`select a.kind, a.user_id as of, q.amount::int from pay.entry e join pay.posting q using (entry_id) join pay.account a using (account_id)
      where e.kind = 'settlement_break' and e.ref = '${open[0].id}' order by 1`), [{ kind: 'acquirer_receivable', of: 'bank', amount: -5000 }, { kind: 'platform', of: '', amount: 5000 }]);
    assert.equal((await live.call('POST', `/v1/payments/${id}/refunds`, { amount: 5000 })).body.decline_code, 'payer_unknown', 'nobody is given what the bank has given');
  });
});

describe('in a sandbox', () => {
  const pays = (reference, amount, fields = {}) => sandbox.call('POST', '/v1/test_transfers', { reference, amount, ...fields });
  const advance = async (by) => {
    assert.equal((await sandbox.call('POST', '/v1/test_clock/advance', { by })).status, 202);
    await eventually(async () => (await sandbox.call('GET', '/v1/test_clock')).body.status === 'ready', { what: 'the clock is ready' });
  };
  const refunded = async (payment, amount) => {
    const { status, body } = await sandbox.call('POST', `/v1/payments/${payment}/refunds`, amount ? { amount } : {});
    assert.deepEqual([status, body.status], [202, 'pending'], JSON.stringify(body));
    return body.id;
  };
  const refundOf = async (payment, id) => (await sandbox.call('GET', `/v1/payments/${payment}/refunds`)).body.data.find((one) => one.id === id);

  test('a buyer\'s transfer is made by a call, and refunds of it go to his account by the test bank', async () => {
    const { id, reference } = await told(sandbox);
    assert.deepEqual([(await pays('RF00', 1)).status, (await pays('RF00', 1)).body.param], [422, 'reference']);
    const { status, body } = await pays(`for ${reference}`, 10000);
    assert.deepEqual([status, body.object, (await read(sandbox, id)).status], [201, 'transfer_credit', 'succeeded']);
    const first = await refunded(id, 2500);
    await advance('P2D');
    assert.equal((await refundOf(id, first)).status, 'succeeded');
    const rest = await refunded(id);
    await advance('P2D');
    assert.equal((await refundOf(id, rest)).status, 'succeeded');
    assert.equal((await read(sandbox, id)).amount_refunded, 10000);
    const heard = (await sandbox.call('GET', `/v1/events?about=${id}`)).body.data.map(({ type, data }) => `${type} ${data.object}`);
    for (const one of ['payment.transfer_received transfer_credit', 'payment.transfer_repaid transfer_repayment']) assert.ok(heard.includes(one), `${one} in ${heard}`);
    assert.equal((await live.call('POST', '/v1/test_transfers', { reference, amount: 1 })).body.code, 'live_partner');
  });

  test('a refund that the bank refuses has failed, and its money is the seller\'s again', async () => {
    const { id, reference } = await told(sandbox);
    await pays(reference, 10000, { payer_name: 'Reject AC04' });
    const before = await sandbox.available();
    const refund = await refunded(id);
    assert.equal(await sandbox.available(), before - 7000);
    await advance('P2D');
    const { status, decline_code: code } = await refundOf(id, refund);
    assert.deepEqual([status, code, await sandbox.available()], ['failed', 'AC04', before]);
  });

  test('what is not complete when its time is over goes back, and the partner is told', async () => {
    const { id, reference } = await told(sandbox);
    await pays(reference, 9999);
    await advance('P10D');
    assert.equal((await read(sandbox, id)).status, 'requires_action', 'a transfer may be on its way on the last day');
    await advance('P2D');
    assert.equal((await read(sandbox, id)).status, 'expired');
    await advance('P2D');
    const { repayments: [back], status } = await transferOf(sandbox, id);
    assert.deepEqual([status, back.reason, back.amount, back.status], ['closed', 'incomplete', 9999, 'paid']);
    assert.deepEqual(await events(id), ['payment.requires_action', 'payment.transfer_received', 'payment.transfer_expired', 'payment.expired', 'payment.transfer_repaid']);
    await pays(reference, 10000);
    assert.equal((await transferOf(sandbox, id)).repayments[1].reason, 'late');
  });
});
