/*
 * The journal and the trial balance of a period (docs/decisions/0052): what an accountant takes into his books is the ledger, even in each currency,
 * and a partner's have nothing of others and nothing of what the acquirer costs the platform. MONEY 6.D28; SECURITY 386, 388.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { wholeDay } from '../support/day.mjs';
import { eventually } from '../support/eventually.mjs';
import { outcomeOf } from '../support/outcome.mjs';
import { newPartner } from '../support/partner.mjs';
import { operatorLogIn, partnerToken, userTokens } from '../support/people.mjs';
import { feeOf, fresh, registry } from '../support/registry.mjs';
import { newSeller } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

const CHALLENGED = '4000000000003220'; /* pays when the buyer says so, which may be too late */
const HOUSE = ['acquirer_receivable', 'settlement', 'acquirer_fee', 'bank', 'suspense'];

let s, partner, seller, stranger, settled, today, tomorrow;

const dayOf = (time) => new Date(time).toISOString().slice(0, 10);

async function soldIn(currency, amount) {
  const { body: store } = await seller.call('POST', '/v1/stores', { name: currency, user: seller.user.id, currency });
  const { body: payment } = await seller.call('POST', '/v1/payments', { store: store.id, amount, currency, description: 'An article' });
  const { body } = await outcomeOf((options) => seller.call('POST', `/v1/payments/${payment.id}/confirm`, { payment_token: 'tok_test_visa' }, options));
  assert.equal(body.status, 'succeeded', JSON.stringify(body));
  return payment.id;
}

/* Paid after it was canceled: booked, and given back by an entry that reverses it. */
async function tooLate() {
  const { body: { id } } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 700, currency: 'EUR', description: 'An article' });
  const { id: token } = await s.acquirer('POST', '/v1/tokens', { number: CHALLENGED });
  const { body } = await seller.call('POST', `/v1/payments/${id}/confirm`, { payment_token: token, return_url: 'https://shop.example/back' });
  await seller.call('POST', `/v1/payments/${id}/cancel`);
  await fetch(body.next_action.url, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'result=approve' });
  await eventually(async () => (await s.psql(`select 1 as found from pay.entry where partner_id = '${partner.slug}' and reverses is not null`)).length, { what: 'it is given back' });
}

/* The acquirer's registry, under a name that a spreadsheet would take for a formula. */
async function settle(payment, amount) {
  const [line] = await s.psql(`select c.call_id as key, c.acquirer_ref as id from pay.payment p join pay.acquirer_call c on c.call_id = p.charge_id where p.payment_id = '${payment}'`);
  const r = registry([{ type: 'charge', ...line, gross: amount, fee: feeOf(amount) }], { id: `=1+${fresh('ST')}` });
  const file = join(mkdtempSync(join(process.env.STOA_TEST_TMP ?? tmpdir(), 'books-')), 'registry');
  writeFileSync(file, r.text);
  const { code, stdout, stderr } = await s.operator('paysrv', 'reconcile', 'import', file);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /booked/);
  return r.id;
}

before(async () => {
  await wholeDay();
  s = await sharedStack();
  partner = await newPartner(s);
  seller = await newSeller(s.env, { token: partner.token });
  stranger = await newSeller(s.env);
  const euros = await soldIn('EUR', 10_000);
  await stranger.sell(2_000);
  await soldIn('JPY', 700);
  await soldIn('BHD', 12_345);
  const { body: refund } = await outcomeOf((options) => seller.call('POST', `/v1/payments/${euros}/refunds`, { amount: 1_000 }, options));
  assert.equal(refund.status, 'succeeded', JSON.stringify(refund));
  await tooLate();
  settled = await settle(euros, 10_000);
  [today, tomorrow] = [dayOf(Date.now()), dayOf(Date.now() + 86_400_000)];
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await partner?.remove();
  await s?.stop();
});

async function get(path, query = {}, token = partner.token) {
  const answer = await fetch(`${s.env.pay_api}${path}?${new URLSearchParams(query)}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}
const JOURNAL = '/v1/ledger/journal', TRIAL = '/v1/ledger/trial_balance';
const days = (more = {}) => ({ from: today, to: tomorrow, ...more });
const lines = (text) => text.trimEnd().split('\n').map((line) => JSON.parse(line));
const ofKind = (all, object) => all.filter((one) => one.object === object);
async function command(verb, ...words) {
  const { code, stdout, stderr } = await s.operator('paysrv', 'ledger', verb, ...words);
  assert.equal(code, 0, stderr);
  return stdout;
}
/* What the partner's accounts of these kinds have in the ledger, debit positive, by kind, owner and currency. */
const ledger = async () => (await s.psql(`select a.kind, a.user_id as user, a.currency, sum(q.amount)::bigint as amount, coalesce(sum(q.amount) filter (where q.amount > 0), 0)::bigint as debits
  from pay.account a join pay.posting q using (account_id) where a.partner_id = '${partner.slug}' group by 1, 2, 3 order by 1, 2, 3`)).map((one) => ({ ...one, amount: Number(one.amount), debits: Number(one.debits) }));
const sum = (list, of) => list.reduce((total, one) => total + of(one), 0);

test('the operator’s journal is the ledger, line by line, with what an entry reverses', async () => {
  const all = lines(await command('journal', '--partner', partner.slug, '--from', today, '--to', tomorrow, '--format', 'jsonl'));
  const entries = ofKind(all, 'journal_entry');
  const there = await s.psql(`select e.entry_id::text as entry, e.kind, e.ref, e.reverses::text, a.kind as account, a.user_id as user, q.amount::text, q.currency from pay.entry e
    join pay.posting q using (entry_id) join pay.account a using (account_id) where e.partner_id = '${partner.slug}' order by e.entry_id, q.line`);
  assert.deepEqual(entries.flatMap((e) => e.postings.map((p) => [e.entry, e.kind, e.reference, e.reverses, p.account, p.user ?? '', p.debit - p.credit, p.currency])),
    there.map((row) => [Number(row.entry), row.kind, row.ref, row.reverses && Number(row.reverses), row.account, row.user, Number(row.amount), row.currency]));
  const [late, back] = ['late_charge', 'late_refund'].map((kind) => entries.find((one) => one.kind === kind));
  assert.equal(back.reverses, late.entry);
  const totals = ofKind(all, 'journal_total');
  assert.deepEqual(totals.map(({ currency }) => currency).sort(), ['BHD', 'EUR', 'JPY']);
  for (const { currency, debits, credits } of totals) {
    const moved = entries.flatMap(({ postings }) => postings).filter((one) => one.currency === currency);
    assert.deepEqual([debits, credits], [sum(moved, ({ debit }) => debit), debits], currency);
  }
});

test('a partner’s journal is even in each entry, and hides where the money is and what that costs', async () => {
  const { status, headers, text } = await get(JOURNAL, days({ format: 'jsonl' }));
  assert.deepEqual([status, headers.get('content-type'), headers.get('content-disposition')], [200, 'application/jsonl', `attachment; filename="journal-${today}.jsonl"`], text);
  const entries = ofKind(lines(text), 'journal_entry');
  assert.deepEqual(entries.map(({ kind }) => kind), ['charge', 'charge', 'charge', 'refund'], 'neither a settlement nor what came too late and went back');
  for (const { postings } of entries) {
    assert.equal(sum(postings, ({ debit, credit }) => debit - credit), 0);
    assert.deepEqual(postings.filter(({ account }) => HOUSE.includes(account)), []);
  }
  assert.deepEqual(entries[0].postings.find(({ account }) => account === 'clearing'), { account: 'clearing', user: null, debit: 10_000, credit: 0, currency: 'EUR' });
  assert.ok(!text.includes(settled) && !text.includes(`:${feeOf(10_000)},`), text);
  assert.ok(entries.every(({ partner: whose }) => whose === partner.slug));
  assert.ok(!text.includes(stranger.user.id), 'and nothing of others');
  const theirs = (await get(JOURNAL, days(), stranger.token)).text;
  assert.ok(theirs.includes(stranger.user.id) && !theirs.includes(partner.slug) && !theirs.includes(seller.user.id));
});

test('CSV: decimals by the currency, one side of each line, and no formula', async () => {
  const text = (await get(JOURNAL, days())).text;
  assert.ok(text.startsWith('entry,date,time,partner,kind,reference,reverses,account,user,debit,credit,currency\r\n'), text);
  for (const line of [',clearing,,100.00,,EUR\r\n', ',clearing,,700,,JPY\r\n', ',clearing,,12.345,,BHD\r\n', ',clearing,,,10.00,EUR\r\n']) assert.ok(text.includes(line), `${line} in ${text}`);
  const whole = await command('journal', '--partner', partner.slug, '--from', today, '--to', tomorrow);
  assert.ok(whole.includes(`,settlement,"'${settled}",,`), whole);
});

test('the trial balance leads from opening to closing, is even in each currency, and has what statements have', async () => {
  const all = lines((await get(TRIAL, days({ format: 'jsonl' }))).text);
  const accounts = ofKind(all, 'trial_balance_account'), there = await ledger();
  const expected = there.filter(({ kind, amount, debits }) => !HOUSE.includes(kind) && (amount || debits)).map(({ kind, user, currency, amount, debits }) => [kind, user || null, currency, 0, debits, debits - amount, amount]);
  const clearing = ['EUR', 'JPY', 'BHD'].map((currency) => sum(there.filter((one) => HOUSE.includes(one.kind) && one.currency === currency), ({ amount }) => amount));
  const shown = accounts.map((a) => [a.account, a.user, a.currency, a.opening_debit - a.opening_credit, a.debits, a.credits, a.closing_debit - a.closing_credit]);
  assert.deepEqual(shown.filter(([account]) => account !== 'clearing'), expected);
  assert.deepEqual(shown.filter(([account]) => account === 'clearing').sort(([, , a], [, , b]) => ['EUR', 'JPY', 'BHD'].indexOf(a) - ['EUR', 'JPY', 'BHD'].indexOf(b)),
    [['clearing', null, 'EUR', 0, 10_000, 1_000, clearing[0]], ['clearing', null, 'JPY', 0, 700, 0, clearing[1]], ['clearing', null, 'BHD', 0, 12_345, 0, clearing[2]]]);
  for (const one of ofKind(all, 'trial_balance_total')) {
    const mine = accounts.filter(({ currency }) => currency === one.currency);
    assert.deepEqual([one.opening_debit, one.debits, one.closing_debit], [one.opening_credit, one.credits, one.closing_credit], 'even');
    for (const side of ['debits', 'credits', 'closing_debit', 'closing_credit']) assert.equal(one[side], sum(mine, (a) => a[side]), side);
  }
  const statement = lines((await get('/v1/statement', days({ user: seller.user.id, currency: 'EUR', format: 'jsonl' }))).text)[0];
  const its = accounts.find((a) => a.account === 'seller' && a.currency === 'EUR');
  assert.deepEqual([its.opening_credit, its.credits, its.debits, its.closing_credit], [statement.opening, statement.came, statement.went, statement.closing]);
  const sheet = await command('trial-balance', '--partner', partner.slug, '--from', today, '--to', tomorrow);
  assert.match(sheet, /^partner,account,user,currency,opening_debit,opening_credit,debits,credits,closing_debit,closing_credit\r\n/);
  assert.match(sheet, /\r\n,provisional_total,,BHD,0\.000,0\.000,12\.345,12\.345,12\.345,12\.345\r\n/);
  assert.match(sheet, new RegExp(`\r\n${partner.slug},settlement,,EUR,,,${(100 - feeOf(10_000) / 100).toFixed(2)},0\\.00,`), 'the operator sees where the money is');
});

test('what moved is in the period in which it did: days of a zone, a period without entries, opening from the one before', async () => {
  const past = await get(JOURNAL, { from: '2026-01-01', to: '2026-02-01', zone: 'Europe/Berlin', format: 'jsonl' });
  const [head, ...none] = lines(past.text);
  assert.deepEqual([head, none], [{ object: 'journal', partner: partner.slug, from: '2025-12-31T23:00:00Z', to: '2026-01-31T23:00:00Z', closed: true }, []]);
  assert.equal((await get(TRIAL, { from: '2026-01-01', to: '2026-02-01' })).text.split('\r\n').length, 2, 'the names alone');
  const after = lines((await get(TRIAL, { from: tomorrow, to: dayOf(Date.parse(tomorrow) + 86_400_000), format: 'jsonl' })).text);
  const now = lines((await get(TRIAL, days({ format: 'jsonl' }))).text);
  for (const one of ofKind(after, 'trial_balance_account')) {
    const before = ofKind(now, 'trial_balance_account').find((a) => a.account === one.account && a.currency === one.currency && a.user === one.user);
    assert.deepEqual([one.opening_debit, one.opening_credit, one.debits, one.credits], [before.closing_debit, before.closing_credit, 0, 0]);
  }
  assert.ok(ofKind(after, 'trial_balance_account').length >= 6);
});

test('of all partners: the operator’s page and command have this one’s entries among others, a sandbox’s not', async () => {
  const agent = createAgent();
  await operatorLogIn(s.env, agent, s.env.admin);
  const page = await agent.open(`${s.env.pay_api}/operator/reports?partner=${partner.slug}`);
  assert.match(page.text, /<form method="get" action="\/operator\/reports\/journal"[^]*formaction="\/operator\/reports\/trial_balance"/);
  const journal = await agent.open(`${s.env.pay_api}/operator/reports/journal?from=${today}&to=${tomorrow}&format=csv&partner=&zone=`);
  assert.equal(journal.status, 200, journal.text);
  assert.equal(journal.headers.get('content-disposition'), `attachment; filename="journal-${today}.csv"`);
  assert.ok(journal.text.startsWith('\ufeffentry,date,'), 'a person opens it');
  const mine = await command('journal', '--partner', partner.slug, '--from', today, '--to', tomorrow);
  const rows = new Set(journal.text.split('\r\n'));
  assert.ok(mine.split('\r\n').slice(1).every((row) => rows.has(row)));
  const live = new Set((await s.psql('select partner_id from pay.partner where not is_sandbox')).map(({ partner_id: id }) => id));
  assert.ok([...rows].slice(1).every((row) => !row || live.has(row.split(',')[3])));
  const balance = await agent.open(`${s.env.pay_api}/operator/reports/trial_balance?from=${today}&to=${tomorrow}&format=jsonl`);
  const totals = ofKind(lines(balance.text), 'trial_balance_total');
  assert.ok(totals.length >= 3 && totals.every((one) => one.debits === one.credits && one.closing_debit === one.closing_credit));
});

test('what is asked for wrongly is named; a user’s token and another scope have no books', async () => {
  for (const path of [JOURNAL, TRIAL])
    for (const [query, param] of [[{ format: 'xls' }, 'format'], [{ from: '2026-02-30' }, 'from'], [{ to: 'today' }, 'to'], [{ from: '2026-02-01T00:00:00Z' }, 'from'], [{ from: '2026-02-02', to: '2026-02-01' }, 'to'], [{ zone: 'Europe/Nowhere' }, 'zone'], [{ zone: 'Factory' }, 'zone']]) {
      const { status, text } = await get(path, query);
      assert.deepEqual([status, JSON.parse(text).param], [422, param], `${path} ${JSON.stringify(query)}`);
    }
  assert.equal((await get(JOURNAL, { from: '2024-01-01', to: '2025-01-01', zone: 'Europe/Berlin' })).status, 200, '366 days');
  const { status, text } = await get(JOURNAL, { from: '2024-01-01', to: '2025-01-02' });
  assert.deepEqual([status, JSON.parse(text).param], [422, 'to'], 'too long');
  const { access_token: user } = await userTokens(s.env, s.env.demo.editor);
  for (const path of [JOURNAL, TRIAL]) {
    assert.equal((await get(path, days(), await partnerToken(s.env, 'pay.payments'))).status, 403);
    assert.equal((await get(path, days(), user)).status, 404, 'they are the partner’s own');
  }
  const { code, stderr } = await s.operator('paysrv', 'ledger', 'journal', '--partner', 'nobody');
  assert.deepEqual([code, /no such partner/.test(stderr)], [1, true]);
  assert.equal((await s.operator('paysrv', 'ledger', 'trial-balance', '--format', 'pdf')).code, 2);
});
