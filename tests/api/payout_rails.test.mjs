/*
 * Payouts by other rails than the bank's file (docs/protocol/pay/payouts.md): to a card, to a wallet. MONEY 6.A8, A13, B17;
 * SECURITY 309, 310, I13, I21, I22.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { wholeDay } from '../support/day.mjs';
import { eventually } from '../support/eventually.mjs';
import { newPartner } from '../support/partner.mjs';
import { operatorLogIn, pay } from '../support/people.mjs';
import { operatorToken } from '../support/relying_party.mjs';
import { codeIn, IBAN, newSeller, ofRequest, RUSSIAN } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

let s;

before(async () => {
  s = await sharedStack();
});

after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await s?.stop();
});

/* A seller with a balance, and a card or wallet that may be used at once. */
async function payee(requisite, token) {
  const seller = await newSeller(s.env, { token });
  await seller.sell(20000);
  const { status, body } = await seller.call('POST', `/v1/users/${seller.user.id}/requisites`, requisite);
  assert.equal(status, 201, JSON.stringify(body));
  await s.psql(`update pay.requisite set usable_from = null where requisite_id = '${body.id}'`);
  const order = (amount, currency = 'EUR') => seller.call('POST', '/v1/payouts', { amount, currency, requisite: body.id, user: seller.user.id });
  const read = async (payout) => (await seller.call('GET', `/v1/payouts/${payout}`)).body;
  return {
    ...seller, added: body, requisite_of_bank: seller.requisite.id, order, read,
    /* Requested and confirmed. */
    async payout(amount) {
      const { status: made, body: payout } = await order(amount);
      assert.equal(made, 201, JSON.stringify(payout));
      const mail = await s.mail(seller.email, ofRequest(payout.label));
      const { body: confirmed } = await seller.confirm(payout.id, codeIn(mail));
      assert.equal(confirmed.status, 'confirmed', JSON.stringify(confirmed));
      return { ...confirmed, mail };
    },
    comesTo: (payout, status) => eventually(async () => {
      const now = await read(payout);
      return now.status === status && now;
    }, { what: `a payout that is ${status}` }),
    async requisite() {
      const { body: page } = await seller.call('GET', `/v1/users/${seller.user.id}/requisites`);
      return page.data.find(({ id }) => id === body.id);
    },
    events: async (object) => (await s.psql(`select type from pay.event where object_id = '${object}' order by sequence`)).map(({ type }) => type),
  };
}
const card = (token) => payee({ type: 'card', token });
const pushes = async (payout) => (await s.acquirer('GET', `/v1/pushes?key=${payout}`)).data;

test('a card is paid to by one call, and shown by its last four digits', async () => {
  const seller = await card('tok_test_visa');
  assert.deepEqual([seller.added.type, seller.added.destination, seller.added.card.last4, seller.added.status], ['card', 'Visa •• 4242', '4242', 'cooling']);
  assert.ok(!JSON.stringify(seller.added).includes('tok_test_visa'), 'the token stays here');
  const payout = await seller.payout(1500);
  assert.equal(payout.rail, 'card');
  assert.match(payout.mail.text, /Visa •• 4242/);
  const paid = await seller.comesTo(payout.id, 'paid');
  assert.ok(paid.sent_at && paid.paid_at);
  assert.deepEqual((await pushes(payout.id)).map(({ status, amount, key: name }) => [status, amount, name]), [['succeeded', 1500, payout.id]]);
  assert.deepEqual(await seller.events(payout.id), ['payout.confirmation_required', 'payout.confirmed', 'payout.sent', 'payout.paid']);
  assert.equal((await seller.call('POST', `/v1/payouts/${payout.id}/cancel`)).body.code, 'payout_state');
});

test('what went to a card is paid out in the month of its partner, and nobody gave it', async () => {
  await wholeDay(); /* which may be the month's last one */
  const partner = await newPartner(s), seller = await payee({ type: 'card', token: 'tok_test_visa' }, partner.token);
  await seller.comesTo((await seller.payout(1700)).id, 'paid');
  const { body: { figures, entries } } = await seller.call('GET', `/v1/reports/${new Date().toISOString().slice(0, 7)}?currency=EUR`);
  assert.deepEqual([figures.paid_out, figures.payouts_returned], [1700, 0]);
  const { gross, in_transit: transit } = entries.find(({ kind }) => kind === 'payout_paid');
  assert.deepEqual([gross, transit], [0, -1700]);
});

test('a decline gives the money back and says why; one that is final ends the requisite', async () => {
  const later = await card('tok_test_1406');
  const before = await later.available();
  const declined = await later.comesTo((await later.payout(1000)).id, 'rejected');
  assert.deepEqual([declined.reason, await later.available(), (await later.requisite()).status], ['do_not_honor', before, 'active']);
  const told = await s.mail(later.email, /The bank of the card declined it/);
  assert.match(told.text, /Visa •• 1406[^]*The whole amount is back in your balance/);
  assert.doesNotMatch(told.text, /do_not_honor|[Yy]our bank|Banks/, 'in words, and none of a bank that has no part in it');

  const dead = await card('tok_test_1471');
  const closed = await dead.comesTo((await dead.payout(1000)).id, 'rejected');
  assert.deepEqual([closed.reason, (await dead.requisite()).status], ['card_closed', 'disabled']);
  assert.equal((await dead.order(100)).body.code, 'requisite_disabled');
});

test('what cannot be paid to is refused when it is added, and what does not belong to it', async () => {
  const seller = await newSeller(s.env);
  const add = async (body) => {
    const { status, body: answer } = await seller.call('POST', `/v1/users/${seller.user.id}/requisites`, body);
    return [status, answer.code, answer.param];
  };
  assert.deepEqual(await add({ type: 'card', token: 'tok_test_1547' }), [422, 'invalid_parameter', 'token']);
  assert.deepEqual(await add({ type: 'card', token: 'tok_nobody' }), [422, 'invalid_parameter', 'token']);
  assert.deepEqual(await add({ type: 'card', token: 'tok_test_visa', iban: 'NL91ABNA0417164300' }), [422, 'invalid_parameter', 'iban']);
  assert.deepEqual(await add({ type: 'card' }), [400, 'invalid_request', 'token']);
  assert.deepEqual(await add({ type: 'bank_account', iban: 'NL91ABNA0417164300' }), [400, 'invalid_request', 'holder_name']);
  assert.deepEqual(await add({ type: 'cheque' }), [422, 'invalid_parameter', 'type']);
});

test('currency and amount of a rail are refused by name before a code is mailed', async () => {
  const seller = await card('tok_test_visa');
  const refused = async (amount, currency) => {
    const { status, body } = await seller.order(amount, currency);
    return [status, body.code, body.param, body.detail];
  };
  const [status, code, param, detail] = await refused(100, 'KWD');
  assert.deepEqual([status, code, param], [422, 'invalid_parameter', 'currency']);
  assert.match(detail, /card payouts are made in EUR, USD/);
  assert.deepEqual((await refused(1000001, 'EUR')).slice(0, 3), [422, 'invalid_parameter', 'amount']);
  const bank = await seller.call('POST', '/v1/payouts', { amount: 100, currency: 'USD', requisite: seller.requisite_of_bank, user: seller.user.id });
  assert.match(bank.body.detail, /bank payouts are made in EUR/);
});

test('without an answer it is unknown, held, and asked for by its name until it is paid', async () => {
  const seller = await card('tok_test_1612');
  const before = await seller.available();
  const payout = await seller.payout(1200);
  await eventually(async () => (await seller.events(payout.id)).includes('payout.unknown'), { what: 'it is unknown, until somebody asks' });
  assert.equal(await seller.available(), before - 1200);
  await s.psql(`update pay.acquirer_call set due_at = now() where call_id = '${payout.id}'`);
  await seller.comesTo(payout.id, 'paid');
  assert.equal((await pushes(payout.id)).length, 1);
  assert.deepEqual((await seller.events(payout.id)).slice(-3), ['payout.sent', 'payout.unknown', 'payout.paid']);
});

test('what the acquirer itself does not know stays held, and is not sent again under any name', async () => {
  const seller = await card('tok_test_1687');
  const payout = await seller.payout(1100);
  await seller.comesTo(payout.id, 'unknown');
  await s.psql(`update pay.acquirer_call set due_at = now() where call_id = '${payout.id}'`);
  await eventually(async () => (await s.psql(`select tries from pay.acquirer_call where call_id = '${payout.id}'`))[0].tries > 0, { what: 'a question' });
  assert.equal((await seller.read(payout.id)).status, 'unknown');
  assert.deepEqual((await pushes(payout.id)).map(({ status }) => status), ['pending']);
  assert.match((await s.operator('paysrv', 'payouts', 'rails')).stdout, /card\tsandbox\t\d+ on the way[^\n]*[1-9]\d* unknown, [^]*float\tcard acquirer\t/);
  const resolve = (...how) => s.operator('paysrv', 'payouts', 'resolve', payout.id, ...how);
  assert.equal((await resolve('--as', 'rejected')).code, 1, 'not while it is still asked for');
  await s.psql(`update pay.acquirer_call set acquirer = 'gone', created_at = now() - interval '1 hour', sent_at = now() - interval '1 hour' where call_id = '${payout.id}'`);
  const unnamed = await resolve('--as', 'paid');
  assert.deepEqual([unnamed.code, /what the acquirer calls it/.test(unnamed.stderr)], [1, true], 'the acquirer’s name of it is missing');
  const asked = await resolve('--as', 'rejected', '--reason', 'their letter', { env: { PAYSRV_MANUAL_ENTRY_APPROVE_FROM: '1100' } });
  const [, entry] = /^(men_\w+) waits for another operator/.exec(asked.stdout);
  assert.equal((await seller.read(payout.id)).status, 'unknown', 'whether money left takes two');
  assert.equal((await s.operator('paysrv', 'entries', 'approve', entry)).code, 1, 'the operator’s own');
  const agent = createAgent();
  await operatorLogIn(s.env, agent, s.env.admin);
  const page = await agent.open(`${s.env.pay_api}/operator/bank`);
  assert.match(page.text, /What became of a payout[^]*Said to be <code dir="ltr">rejected</);
  const form = { ...page, text: page.text.slice(page.text.lastIndexOf('<form', page.text.indexOf(`action="/operator/entries/${entry}/decision"`))) };
  assert.equal((await agent.submit(form, {}, { button: 'Approve' })).status, 200);
  assert.deepEqual([(await seller.read(payout.id)).status, (await seller.read(payout.id)).reason], ['rejected', 'operator']);
  assert.equal((await resolve('--as', 'rejected')).code, 1, 'once');
});

test('one that comes back days later is available again, and its requisite ends', async () => {
  const seller = await card('tok_test_1752');
  const before = await seller.available();
  const payout = await seller.payout(1300);
  const returned = await seller.comesTo(payout.id, 'returned');
  assert.deepEqual([returned.reason, await seller.available()], ['card_closed', before]);
  assert.ok(returned.paid_at && returned.returned_at);
  assert.equal((await seller.requisite()).disabled_reason, 'returned');
  assert.deepEqual((await seller.events(payout.id)).slice(-2), ['payout.paid', 'payout.returned']);
});

test('a requisite that ended before it was sent gives the money back, and a frozen owner’s payout waits', async () => {
  const seller = await card('tok_test_visa');
  const before = await seller.available();
  await s.psql(`update pay.pay_user set payouts_frozen_at = now() where user_id = '${seller.user.id}'`);
  await s.psql(`update pay.pay_user set payouts_frozen_at = null where user_id = '${seller.user.id}'`);
  const { body: payout } = await seller.order(900);
  const mail = await s.mail(seller.email, ofRequest(payout.label));
  await seller.call('POST', `/v1/users/${seller.user.id}/requisites/${seller.added.id}/disable`);
  await seller.confirm(payout.id, codeIn(mail));
  const failed = await seller.comesTo(payout.id, 'failed');
  assert.deepEqual([failed.reason, await seller.available(), (await pushes(payout.id)).length], ['requisite_disabled', before, 0]);
});

test('the acquirer’s page makes a token for a card to be paid to, and the same card of two users is told', async () => {
  const seller = await newSeller(s.env);
  const path = `/v1/users/${seller.user.id}/requisites/card_page`;
  assert.equal((await seller.call('POST', path, { return_url: 'ftp://a.example' })).body.param, 'return_url');
  const { status, body } = await seller.call('POST', path, { return_url: 'https://partner.example/cards?user=7' });
  assert.equal(status, 200, JSON.stringify(body));
  assert.match(await (await fetch(body.url)).text(), /Card for payouts/);
  const typed = await fetch(body.url, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded', origin: new URL(body.url).origin }, body: 'number=4242424242424242&exp=12%2F39&csc=123' });
  const token = /card_token=(tok_[\w-]+)/.exec(await typed.text())?.[1];
  assert.ok(token, `${typed.status}`);
  const { body: added } = await seller.call('POST', `/v1/users/${seller.user.id}/requisites`, { type: 'card', token });
  assert.deepEqual([added.destination, added.card.exp_year], ['Visa •• 4242', 2039]);
  await card('tok_test_visa');
  assert.match((await s.operator('paysrv', 'requisites', 'shared')).stdout, /Visa •• 4242\t\d+ users:/);
});

test('a wallet is paid to by its own connector, declines and returns as a card does', async () => {
  const seller = await payee({ type: 'wallet', wallet: 'buyer@wallet.example' });
  assert.deepEqual([seller.added.type, seller.added.wallet], ['wallet', 'wallet b••@wallet.example']);
  const before = await seller.available();
  const payout = await seller.payout(700);
  assert.deepEqual([payout.rail, (await seller.comesTo(payout.id, 'paid')).status, await seller.available()], ['wallet', 'paid', before - 700]);
  assert.deepEqual(await s.psql(`select a.kind, a.user_id, q.amount::int from pay.entry e join pay.posting q on q.entry_id = e.entry_id join pay.account a on a.account_id = q.account_id
    where e.ref = '${payout.id}' and e.kind = 'payout_paid' and q.amount < 0`), [{ kind: 'acquirer_receivable', user_id: 'sandbox_wallet', amount: -700 }]);
  const back = await payee({ type: 'wallet', wallet: 'returned@wallet.example' });
  assert.equal((await back.comesTo((await back.payout(100)).id, 'returned')).reason, 'wallet_closed');
  const gone = await payee({ type: 'wallet', wallet: 'gone@wallet.example' });
  assert.equal((await gone.comesTo((await gone.payout(100)).id, 'rejected')).reason, 'wallet_closed');
  assert.equal((await gone.requisite()).status, 'disabled');
});

test('nobody learns which wallets there are', async () => {
  const seller = await newSeller(s.env);
  const add = async (wallet) => {
    const { status, body } = await seller.call('POST', `/v1/users/${seller.user.id}/requisites`, { type: 'wallet', wallet });
    return [status, body.code, body.param, body.detail];
  };
  assert.deepEqual(await add('nobody@wallet.example'), await add('closed@wallet.example'));
  assert.deepEqual((await add('a b')).slice(0, 3), [422, 'invalid_parameter', 'wallet']);
});

test('fees, limits and what operators look at know no rails', async () => {
  const partner = await newPartner(s);
  const verb = async (...words) => assert.equal((await s.operator('paysrv', 'payouts', ...words)).code, 0, words.join(' '));
  await verb('fee', partner.slug, '--currency', 'EUR', '--fixed', '30', '--bp', '100', '--returned', 'return');
  const has = (seller, wanted) => eventually(async () => await seller.available() === wanted, { what: `${wanted} is available` });
  const seller = await payee({ type: 'card', token: 'tok_test_visa' }, partner.token);
  const before = await seller.available();
  const payout = await seller.payout(1000);
  assert.match(payout.mail.text, /10\.00 EUR \(fee 0\.40 EUR\)/);
  await seller.comesTo(payout.id, 'paid');
  assert.equal(await seller.available(), before - 1040);
  await s.psql(`update pay.payout_fee set due_at = now() where payout_id = '${payout.id}'`);

  const declined = await payee({ type: 'card', token: 'tok_test_1406' }, partner.token);
  const had = await declined.available();
  await declined.comesTo((await declined.payout(1000)).id, 'rejected');
  await has(declined, had);
  let most = had; /* what the balance holds with its fee */
  while (most + 30 + Math.floor(most / 100) > had) most--;
  assert.equal((await declined.order(most + 1)).body.code, 'insufficient_funds');
  const all = await declined.payout(most);
  assert.ok(had - most - all.fee < 2, `${all.fee}`);
  await has(declined, had);

  const back = await payee({ type: 'wallet', wallet: 'returned@wallet.example' }, partner.token);
  await back.comesTo((await back.payout(1000)).id, 'returned');
  await has(back, before);
  assert.equal(await seller.available(), before - 1040, 'what was paid keeps its fee');

  await verb('fee', partner.slug, '--currency', 'EUR', '--fixed', '30', '--mode', 'inside');
  await verb('limit', partner.slug, '--currency', 'EUR', '--least', '500', '--most', '2000');
  for (const [amount, code] of [[529, 'payout_limit'], [2031, 'payout_limit']]) assert.equal((await seller.order(amount)).body.code, code, `${amount}`);
  assert.deepEqual([(await seller.payout(530)).amount, (await seller.order(2030)).status], [500, 201]);
  await verb('watch', partner.slug, '--currency', 'EUR', '--per-hour', '2');
  const { body: third } = await seller.order(600);
  const { body: waits } = await seller.confirm(third.id, codeIn(await s.mail(seller.email, ofRequest(third.label))));
  assert.deepEqual([waits.status, (await pushes(third.id)).length], ['awaiting_approval', 0]);
  const { body: canceled } = await seller.call('POST', `/v1/payouts/${third.id}/cancel`);
  assert.equal(canceled.status, 'canceled', JSON.stringify(canceled));
  await has(seller, before - 1040 - 530);
  assert.deepEqual(await s.psql('select * from pay.v_inv'), []);
  await partner.remove();
});

test('a list pays to accounts and cards at once; a sandbox’s schedule pays to a card by its own clock', async () => {
  const partner = await newPartner(s, '--sandbox');
  const seller = await payee({ type: 'card', token: 'tok_test_visa' }, partner.token);
  const code = async ({ label }) => codeIn(await s.mail(seller.email, ofRequest(label)));
  const { body: list } = await seller.call('POST', '/v1/payout_lists', {
    user: seller.user.id, payouts: [seller.added.id, seller.requisite_of_bank].map((requisite) => ({ amount: 300, currency: 'EUR', requisite })),
  });
  assert.deepEqual(list.payouts.map(({ rail }) => rail), ['card', 'bank']);
  assert.equal((await seller.call('POST', `/v1/payout_lists/${list.id}/confirm`, { code: await code(list) })).status, 200);
  await seller.comesTo(list.payouts[0].id, 'paid');
  const { body: schedule } = await seller.call('POST', '/v1/payout_schedules', { user: seller.user.id, requisite: seller.added.id, currency: 'EUR', every: 'week', day: 3, at: '12:00', zone: 'Asia/Kolkata', any_day: true });
  const asked = await s.mail(seller.email, ofRequest(schedule.label));
  assert.match(asked.text, /\d\d:\d\d Asia\/Kolkata/, 'by the clocks that it goes by');
  await seller.call('POST', `/v1/payout_schedules/${schedule.id}/confirm`, { code: await code(schedule) });
  const week = async () => {
    assert.equal((await seller.call('POST', '/v1/test_clock/advance', { by: 'P8D' })).status, 202);
    await eventually(async () => (await seller.call('GET', '/v1/test_clock')).body.status === 'ready', { what: 'the clock is ready' });
  };
  await week();
  const { body: page } = await seller.call('GET', '/v1/payouts');
  const made = page.data.find((one) => one.schedule === schedule.id);
  assert.deepEqual([made.rail, made.livemode, made.status, await seller.available()], ['card', false, 'paid', 0]);
  assert.deepEqual((await pushes(made.id)).map(({ amount }) => amount), [made.amount]);
  assert.match((await s.mail(seller.email, /^\[Test\] Paid out/)).text, /12:\d\d Asia\/Kolkata/);
  await seller.sell(1000);
  const had = await seller.available();
  await s.psql(`update pay.requisite set acquirer = 'another' where requisite_id = '${seller.added.id}'`);
  await week();
  const { body: unpaid } = await seller.call('GET', `/v1/payout_schedules/${schedule.id}`);
  assert.deepEqual([unpaid.status, unpaid.reason, unpaid.runs[0].outcome, unpaid.runs[0].payout, unpaid.runs[0].amount], ['paused', 'rail_unavailable', 'rail_unavailable', null, had]);
  assert.equal(await seller.available(), had);
  assert.deepEqual(await s.psql('select * from pay.v_inv'), []);
  await partner.remove();
});

test('the bank says whose an account is: another name holds payouts until its owner or an operator agrees, no answer until there is one', async () => {
  const partner = await newPartner(s, '--sandbox');
  const seller = await newSeller(s.env, { token: partner.token });
  assert.equal((await s.operator('paysrv', 'partners', 'set', partner.slug, '--confirmations', 'requisite')).code, 0);
  const confirmed = async ({ id, label }) => {
    const { status, body } = await seller.call('POST', `/v1/confirmations/${id}/confirm`, { code: codeIn(await s.mail(seller.email, ofRequest(label))) });
    assert.equal(status, 200, JSON.stringify(body));
  };
  await seller.sell(20000);
  const add = async (holder) => {
    const { status, body } = await seller.call('POST', `/v1/users/${seller.user.id}/requisites`, { type: 'bank_account', iban: IBAN, holder_name: holder, address: { country: 'DE', town: 'Ulm' } });
    assert.deepEqual([status, body.verification], [202, null], 'nobody is asked before the owner has agreed');
    await confirmed(body.confirmation);
    await s.psql(`update pay.requisite set usable_from = null where requisite_id = '${body.id}'`);
    return body.id;
  };
  const read = async (id) => (await seller.call('GET', `/v1/users/${seller.user.id}/requisites?limit=50`)).body.data.find((one) => one.id === id).verification;
  /* A bank that a busy machine keeps from answering in time is asked again. */
  const answered = (id, status) => eventually(async () => { const one = await read(id); return one.status === status && one; }, { what: `the bank says ${status}` });
  const order = (requisite) => seller.call('POST', '/v1/payouts', { amount: 100, currency: 'EUR', requisite, user: seller.user.id });
  const accept = (id) => seller.call('POST', `/v1/users/${seller.user.id}/requisites/${id}/accept`);
  const events = async (id) => (await s.psql(`select type from pay.event where object_id = '${id}' order by sequence`)).map(({ type }) => type);

  const { status: asks, body: russian } = await seller.call('POST', `/v1/users/${seller.user.id}/requisites`, { type: 'bank_account', ...RUSSIAN, holder_name: 'Анна' });
  assert.deepEqual([asks, russian.confirmation.summary], [202, { account: 'RU•• •••• 0473', bik: RUSSIAN.bik, inn: '•••••3893', holder_name: 'Анна' }]);
  assert.match((await s.mail(seller.email, ofRequest(russian.confirmation.label))).text, new RegExp(`BIK of the bank: .?${RUSSIAN.bik}`));

  const close = await add('Close Ada Lovelace');
  const said = await answered(close, 'close_match');
  assert.deepEqual([said.matched_name, typeof said.checked_at], ['Ada Lovelace', 'string']);
  const refused = await order(close);
  assert.deepEqual([refused.status, refused.body.code, refused.body.param], [409, 'requisite_mismatch', 'requisite']);
  const asked = await accept(close);
  assert.deepEqual([asked.status, asked.body.confirmation.operation, asked.body.confirmation.summary.matched_name], [202, 'requisite_name', 'Ada Lovelace']);
  assert.equal((await order(close)).status, 409, 'not before the code is typed');
  await confirmed(asked.body.confirmation);
  assert.ok((await read(close)).accepted_at);
  assert.equal((await order(close)).status, 201);
  const again = await accept(close);
  assert.deepEqual([again.status, again.body.code], [409, 'requisite_state']);
  const heard = await events(close);
  assert.deepEqual([...new Set(heard)].sort(), ['requisite.activated', 'requisite.created', 'requisite.verified']);
  assert.ok(heard.filter((type) => type === 'requisite.verified').length >= 2, `${heard}`);

  const other = await add('Mismatch');
  await answered(other, 'no_match');
  assert.equal((await order(other)).status, 409);
  const operator = createAgent();
  await operatorLogIn(s.env, operator, s.env.admin);
  const token = await operatorToken(s);
  const api = (...call) => pay(s.env, token, ...call);
  const listed = (await api('GET', '/v1/operator/requisites/held')).body.data.find((one) => one.id === other);
  assert.deepEqual([listed.user, listed.status, listed.payouts_waiting], [seller.user.id, 'no_match', 0]);
  const own = await operator.open(`${s.env.pay_api}/operator/sellers/${seller.user.id}`);
  assert.ok(own.text.includes('<bdi>The bank knows another name') && own.text.includes('href="/operator/payouts#held"'), 'on his page, too');
  const page = await operator.open(`${s.env.pay_api}/operator/payouts`);
  assert.ok(page.text.includes('The bank knows another name') && page.text.includes(`action="/operator/requisites/${other}/release"`), 'operators see it');
  const form = { ...page, text: page.text.slice(page.text.indexOf(`<form method="post" action="/operator/requisites/${other}/`)) };
  const unsaid = await operator.submit(form, { note: '' });
  assert.ok(unsaid.status === 422 && unsaid.text.split('<li>').some((one) => one.includes(`/requisites/${other}/release`) && one.includes('note: is needed')), 'said at the account');
  await operator.submit(form, { note: 'seen his passport' });
  assert.equal((await order(other)).status, 201);
  assert.notEqual((await s.operator('paysrv', 'requisites', 'release', other, '--note', 'again')).code, 0);

  const silent = await add('Unanswered');
  const { status, body: payout } = await order(silent);
  assert.deepEqual([status, (await read(silent)).status], [201, 'unknown']);
  const mail = await s.mail(seller.email, ofRequest(payout.label));
  assert.equal((await seller.confirm(payout.id, codeIn(mail))).status, 200);
  const held = async () => (await s.operator('paysrv', 'requisites', 'held')).stdout.split('\n').find((line) => line.startsWith(silent));
  await s.psql(`update pay.requisite_verification set due_at = now() where requisite_id = '${silent}'`);
  await eventually(async () => /, [1-9]\d* tries\t1 payout/.test(await held()), { what: 'it is asked again' });
  const look = async () => (await seller.call('GET', `/v1/payouts/${payout.id}`)).body;
  const state = async () => (await look()).status;
  const waits = await look(), { data: all } = (await seller.call('GET', '/v1/payouts')).body;
  assert.deepEqual([waits.waits_for, waits.waiting_since], ['account_check', waits.confirmed_at], 'the seller sees why it does not go');
  assert.equal(all.find(({ id }) => id === payout.id).waits_for, 'account_check', 'in the list, too');
  const forward = () => seller.call('POST', '/v1/test_clock/advance', { by: 'P1D' });
  const clockIsReady = () => eventually(async () => (await seller.call('GET', '/v1/test_clock')).body.status === 'ready', { what: 'the clock is ready' });
  assert.equal((await forward()).status, 202);
  await clockIsReady();
  assert.deepEqual([await state(), (await read(silent)).status, (await accept(silent)).status], ['confirmed', 'unknown', 409], 'the clock goes past what is held');
  const free = (note) => api('POST', `/v1/operator/requisites/${silent}/release`, { note });
  assert.deepEqual([(await free('x')).body.param, (await free('the bank is down')).body.released, (await free('the bank is down')).body.released, (await free('not so')).body.code], ['note', true, true, 'requisite_state']);
  assert.deepEqual(await s.psql(`select count(*)::int as n from pay.audit where object = '${silent}' and actor like 'operator:%'`), [{ n: 1 }]);
  await eventually(async () => await state() === 'sent', { what: 'the payout goes to the test bank' });
  assert.deepEqual([(await look()).waits_for, (await look()).waiting_since], [null, null]);
  assert.equal(await held(), undefined);
  await partner.remove();
});
