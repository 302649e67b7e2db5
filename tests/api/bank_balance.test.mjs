/*
 * The books beside the bank, day by day, with the bank's bad days (reject, return after days, a statement twice, one late): `paysrv bank balance` explains
 * every cent (docs/OPERATIONS.md, "The bank"). MONEY 4; MONEY 6.A14.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newDesk } from '../support/desk.mjs';
import { eventually } from '../support/eventually.mjs';
import { pay } from '../support/people.mjs';
import { codeIn, newSeller, ofRequest } from '../support/seller.mjs';
import { startStack } from '../support/stack.mjs';

let s, desk;
const OURS = 'DE75512108001245126199';

before(async () => {
  s = await startStack();
  await s.restart('paysrv', { env: { PAYSRV_BANK_URL: `${s.env.acquirer}/v1/bank`, PAYSRV_BANK_KEY_FILE: `${s.data}/secrets/acquirer_key` } });
  desk = await newDesk(s);
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await s?.stop();
});

/* { bank, books, unbooked, apart } of the account in euro, in minor units. */
async function balance() {
  const { code, stdout, stderr } = await s.operator('paysrv', 'bank', 'balance');
  assert.equal(code, 0, stderr);
  const line = stdout.split('\n').find((one) => one.startsWith(OURS));
  const at = (name) => Math.round(Number(new RegExp(`${name} (.*?).EUR`).exec(line)[1].replace(/[^\d.-]/g, '')) * 100);
  return { bank: at('at the bank'), books: at('in the books'), unbooked: at('not booked'), apart: at('apart') };
}
async function paidOut(holder, amount) {
  const seller = await newSeller(s.env, { token: desk.partner.token, holder });
  await seller.sell(10_000);
  const { body: payout } = await seller.request(amount);
  await seller.confirm(payout.id, codeIn(await s.mail(seller.email, ofRequest(payout.label))));
  return payout.id;
}
const statusOf = async (payout) => (await pay(s.env, desk.partner.token, 'GET', `/v1/payouts/${payout}`)).body.status;
const becomes = (payout, status) => eventually(async () => await statusOf(payout) === status, { what: `${payout} is ${status}` });
/* The end of the bank's day, when all its files are taken up. */
async function day(statement = 'once', more = 1) {
  const count = async () => Number((await s.psql("select count(*)::int as n from pay.bank_file where kind = 'camt.053' and state = 'done'"))[0].n), before = await count();
  await s.acquirer('POST', '/v1/bank/days', { statement });
  if (more) await eventually(async () => await count() >= before + more, { what: 'the statement is taken up' });
}
const credit = (amount, text) => s.acquirer('POST', '/v1/bank/credits', { account: OURS, amount, text });
async function resolved(amount, as) {
  const [{ id }] = await s.psql(`select break_id as id from pay.bank_break where closed_at is null and kind = 'unmatched' and amount = ${amount}`);
  const { status, body } = await pay(s.env, desk.operator, 'POST', `/v1/operator/bank/breaks/${id}/resolve`, { as, partner: desk.partner.slug, reason: 'by the bank’s paper' });
  assert.equal(status, 200, JSON.stringify(body));
}

test('after each day of the bank’s what is apart stays what it was, whatever the day was like', async () => {
  const [good, bad, back] = [await paidOut('Ada Lovelace', 3_000), await paidOut('Reject AC04', 2_000), await paidOut('Return AC06', 1_000)];
  await Promise.all([[good, 'sent'], [bad, 'rejected'], [back, 'sent']].map(([payout, status]) => becomes(payout, status)));
  await credit(5_000, 'for the account');
  await day();
  await Promise.all([good, back].map((payout) => becomes(payout, 'paid')));
  const first = await balance();
  assert.deepEqual([first.books, first.unbooked, first.bank - first.books - first.unbooked], [-4_000, 5_000, first.apart]);

  await resolved(5_000, 'platform');
  assert.deepEqual(await balance(), { ...first, books: 1_000, unbooked: 0 }, 'an entry explains what the break did');
  const next = await paidOut('Grace Hopper', 2_500);
  await becomes(next, 'sent');
  await day('twice');
  await becomes(next, 'paid');
  assert.deepEqual(await balance(), { bank: first.bank - 2_500, books: -1_500, unbooked: 0, apart: first.apart }, 'a statement that comes twice counts once');

  await credit(700, 'by mistake');
  await day('late', 0);
  await day('once', 2);
  await becomes(back, 'returned');
  assert.deepEqual(await balance(), { bank: first.bank - 2_500 + 700 + 1_000, books: -500, unbooked: 700, apart: first.apart }, 'of a late one nothing is missing');
  const [{ id }] = await s.psql("select break_id as id from pay.bank_break where closed_at is null and kind = 'unmatched' and amount = 700");
  assert.equal((await s.operator('paysrv', 'bank', 'close', String(id), '--note', 'seen')).code, 0);
  assert.equal((await balance()).unbooked, 700, 'a note books nothing, and what it closed is not forgotten');
});
