/*
 * What operators and accountants look up on pages: statements, sellers, stores, the ledger, webhooks, requests; and who may act there.
 * docs/protocol/pay/pages.md; SURFACES 2.6.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { operatorLogIn } from '../support/people.mjs';
import { addUser } from '../support/relying_party.mjs';
import { codeIn, newSeller } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

const HOSTILE = '<img src=x onerror=alert(1)>';
let s, seller, payout, payment, hook, operator, accountant, month;

const open = (agent, path) => agent.open(`${s.env.pay_api}${path}`);
const see = async (path, agent = operator) => {
  const page = await open(agent, path);
  assert.equal(page.status, 200, `${path}: ${page.text.slice(0, 300)}`);
  return page;
};
const audited = async (object) => (await s.psql(`select action, actor, detail from pay.audit where object = '${object}' and actor like 'operator:%' order by id`));
const cookieOf = (agent) => [...agent.jar].filter(([name]) => name.includes('__Host-stoa_operator')).map(([name, value]) => `${name.split(' ')[1]}=${value}`).join('; ');
/* A form as it is sent, by whoever's session it is, whatever the page shows him. */
async function forced(agent, path, fields) {
  const { text } = await see('/operator/payouts', agent);
  const csrf = /name="csrf" value="([^"]+)"/.exec(text)[1];
  return fetch(`${s.env.pay_api}${path}`, { method: 'POST', redirect: 'manual', headers: { cookie: cookieOf(agent) }, body: new URLSearchParams({ csrf, ...fields }) });
}
const pages = () => ['/operator/reports', `/operator/reports/statement?partner=inkwell&currency=EUR&month=${month}`, `/operator/reports/month?partner=inkwell&currency=EUR&month=${month}`,
  '/operator/reports/journal?partner=inkwell', '/operator/reports/trial_balance?partner=inkwell',
  `/operator/payouts/${payout}`, `/operator/payouts/${payout}/statement`, '/operator/payments', '/operator/sellers', `/operator/sellers/${seller.user.id}`, '/operator/stores', `/operator/stores/${seller.store.id}`,
  '/operator/subscriptions', '/operator/ledger?partner=inkwell', '/operator/ledger/accounts?partner=inkwell&account=partner', `/operator/payments/${payment.id}/journal`,
  '/operator/webhooks', `/operator/webhooks/${hook.id}`, '/operator/requests?partner=inkwell'];

before(async () => {
  s = await sharedStack();
  seller = await newSeller(s.env);
  await seller.sell(10_000);
  const made = await seller.call('POST', '/v1/webhook_endpoints', { url: `${s.env.partner_site}/webhooks/nowhere`, events: ['payment.succeeded'] });
  hook = made.body;
  const { body } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 5_000, currency: 'EUR', description: HOSTILE });
  payment = body;
  await seller.call('POST', `/v1/payments/${payment.id}/confirm`, { payment_token: 'tok_test_visa' });
  await seller.call('POST', `/v1/payments/${payment.id}/refunds`, { amount: 1_000 });
  ({ body: { id: payout } } = await seller.request(2_000));
  assert.equal((await seller.confirm(payout, codeIn(await s.mail(seller.email)))).status, 200);
  [{ month }] = await s.psql(`select to_char(now() at time zone 'UTC', 'YYYY-MM') as month`);
  const { email: username, password } = await addUser(s, ['--role', 'accountant']);
  [operator, accountant] = [createAgent(), createAgent()];
  await operatorLogIn(s.env, operator, s.env.admin);
  await operatorLogIn(s.env, accountant, { username, password });
});

after(() => s?.stop());

test('an accountant looks up what an operator does, without a form to act by; who is signed out, nothing', async () => {
  for (const path of pages()) {
    const mine = await see(path, accountant);
    const forms = mine.text.match(/<form method="post" action="[^"]+"/g) ?? [];
    assert.ok(forms.every((form) => form.endsWith('"/operator/logout"')), `${path}: ${forms}`);
    assert.match(mine.headers.get('cache-control'), /no-store/, path);
    if (/html/.test(mine.headers.get('content-type'))) assert.ok(!mine.text.includes(HOSTILE), path);
    const out = await fetch(`${s.env.pay_api}${path}`, { redirect: 'manual' });
    assert.equal(out.status, 303, path);
    const login = new URL(out.headers.get('location'), s.env.pay_api);
    assert.deepEqual([login.pathname, login.searchParams.get('to')], ['/operator/login', path]);
  }
  for (const [path, fields] of [[`/operator/sellers/${seller.user.id}/payouts`, { decision: 'freeze' }], [`/operator/stores/${seller.store.id}/state`, { to: 'suspended', reason: 'No reason' }], [`/operator/webhooks/${hook.id}/replay`, { event: 'evt_none' }]]) {
    assert.equal((await forced(accountant, path, fields)).status, 403, path);
    assert.equal((await fetch(`${s.env.pay_api}${path}`, { method: 'POST', redirect: 'manual', headers: { cookie: cookieOf(operator) }, body: new URLSearchParams({ csrf: 'A'.repeat(43), ...fields }) })).status, 403, `${path}: a form of no session`);
  }
  assert.deepEqual(await s.psql(`select payouts_frozen_at from pay.pay_user where user_id = '${seller.user.id}'`), [{ payouts_frozen_at: null }]);
  assert.deepEqual(await s.psql(`select status from pay.store where store_id = '${seller.store.id}'`), [{ status: 'active' }]);
  for (const path of ['/operator/payouts/po_none', '/operator/sellers/usr_none', '/operator/stores/st_none', '/operator/subscriptions/sub_none', '/operator/payments/pay_none/journal', '/operator/webhooks/we_none'])
    assert.equal((await open(operator, path)).status, 404, path);
});

/* What Excel knows UTF-8 by. */
const BOM = '\ufeff';

test('a statement is on the page what it is in the partner’s API, to the byte', async () => {
  const untimed = (text) => text.replace(/^,[^,]+,[^,]+,provisional,/m, ',,,provisional,'); /* of a period that goes on: when it was asked for */
  const query = `partner=inkwell&account=seller&user=${seller.user.id}&currency=EUR&month=${month}`;
  const page = await see(`/operator/reports?${query}`);
  const figure = (name) => new RegExp(`<dt>${name}</dt><dd class="number">(?:<strong>)?([^<]+)<`).exec(page.text)[1];
  assert.deepEqual(['Opening balance', 'Credits', 'Debits', 'Closing balance', 'Entries'].map(figure), ['0.00 EUR', '105.00 EUR', '27.00 EUR', '78.00 EUR', '4']);
  const [year, number] = month.split('-').map(Number);
  const to = new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 10);
  for (const format of ['csv', 'jsonl']) {
    const theirs = await fetch(`${s.env.pay_api}/v1/statement?user=${seller.user.id}&currency=EUR&from=${month}-01&to=${to}&format=${format}`, { headers: { authorization: `Bearer ${seller.token}` } });
    const ours = await see(`/operator/reports/statement?${query}&format=${format}`);
    const bytes = Buffer.from(await theirs.arrayBuffer());
    assert.equal(untimed(ours.text), untimed(`${format === 'csv' ? BOM : ''}${bytes}`), format);
    assert.notEqual(bytes[0], 0xef, 'programs get no mark before the first name');
    assert.equal(ours.headers.get('content-disposition'), theirs.headers.get('content-disposition'));
  }
  const paper = await see(`/operator/reports/statement?${query}&format=pdf`);
  assert.equal(paper.headers.get('content-type'), 'application/pdf');
  assert.ok(page.text.includes('format=pdf">PDF</a>'));
  const act = await see(`/operator/reports/month?partner=inkwell&currency=EUR&month=${month}&format=pdf`);
  assert.match(act.text, /^%PDF-/);
  const explained = await see(`/operator/payouts/${payout}`);
  assert.match(explained.text, /Closing balance<\/th><td class="number" data-label="Balance">78\.00 EUR</);
  assert.match(explained.text, /data-label="Gross">\d+\.\d\d<[^\n]*data-label="Balance">\d+\.\d\d<\/td>/, 'the currency stands with the sums');
  const sheet = await fetch(`${s.env.pay_api}/v1/payouts/${payout}/statement?format=csv`, { headers: { authorization: `Bearer ${seller.token}` } });
  assert.equal((await see(`/operator/payouts/${payout}/statement`)).text, BOM + await sheet.text());
  const month_sheet = async (path, headers) => Buffer.from(await (await fetch(`${s.env.pay_api}${path}`, { headers })).arrayBuffer());
  for (const left of [`month=${month}`, 'currency=EUR']) assert.equal((await open(operator, `/operator/reports/month?partner=inkwell&${left}`)).status, 422, left);
  assert.ok((await see(`/operator/reports/month?partner=inkwell&currency=EUR&month=${month}&format=csv`)).text.match(new RegExp(`^${BOM}(agreement|partner),`)));
  assert.equal((await month_sheet(`/v1/reports/${month}?currency=EUR&format=csv`, { authorization: `Bearer ${seller.token}` })).toString().split(',')[0].replace('agreement', 'partner'), 'partner');
  for (const [wrong, says] of [['partner=nobody', /partner:/], [`${query}&zone=Mars/Base`, /zone:/], [query.replace(month, 'November'), /month:/], [query.replace('EUR', 'CHF'), /no such account/], [query.replace('EUR', 'EURO').slice(0, -1), null]]) {
    const answer = await open(operator, `/operator/reports?${wrong}`);
    if (says) assert.match(/role="alert"[^]*?<\/div>/.exec(answer.text)[0], says, wrong);
    else assert.equal(answer.status, 400, wrong);
  }
});

test('a seller is found by name, address, ids and store; payouts are stopped and go on, and it is written down', async () => {
  const found = async (what, where = 'sellers') => (await see(`/operator/${where}?what=${encodeURIComponent(what)}`)).text;
  for (const what of [seller.user.name.toUpperCase().slice(0, 20), seller.email.toUpperCase(), seller.user.external_id])
    assert.ok((await found(what)).includes(`/operator/sellers/${seller.user.id}`), what);
  for (const what of [seller.store.name.slice(0, 20)]) assert.ok((await found(what, 'stores')).includes(`/operator/stores/${seller.store.id}`), what);
  assert.match(await found('%'), /No seller is found/, 'no pattern');
  for (const [id, path] of [[seller.user.id, 'sellers'], [seller.store.id, 'stores'], [payment.id, 'payments'], [payout, 'payouts']])
    assert.equal((await see(`/operator/sellers?what=${id}`)).url.pathname, `/operator/${path}/${id}`);

  const page = await see(`/operator/sellers/${seller.user.id}`);
  assert.ok(page.text.includes('DE•• •••• 3000') && !page.text.includes('370400440532'), 'accounts are masked');
  assert.match(page.text, /data-label="Available"><strong>78\.00 EUR/);
  assert.match(page.text, /data-label="Payouts in transit">20\.00 EUR/);
  for (const link of [`payments/${payment.id}`, `payouts/${payout}`, `stores/${seller.store.id}`]) assert.ok(page.text.includes(`href="/operator/${link}"`), link);

  const { body: waiting } = await seller.request(1_000);
  const frozen = await operator.submit(page, {}, { button: 'Stop payouts' });
  assert.match(frozen.text, /Payouts are stopped since/);
  assert.equal((await seller.call('GET', `/v1/payouts/${waiting.id}`)).body.status, 'canceled');
  assert.equal((await seller.request(1_000)).status, 409);
  const again = await operator.submit(frozen, {}, { button: 'Let payouts go on' });
  assert.match(again.text, /Stop payouts/);
  assert.deepEqual((await audited(seller.user.id)).map(({ action }) => action), ['user.changed', 'user.changed']);
});

test('payments are found by what people know of them, and what is wrong about a question is named beside it', async () => {
  const found = async (query) => {
    const { text } = await see(`/operator/payments?${new URLSearchParams(query)}`);
    return [text.includes(`href="/operator/payments/${payment.id}"`), text];
  };
  const label = `order-${payment.id}`;
  const { body: labeled } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 4_321, currency: 'EUR', description: 'Labeled', external_id: label });
  const [{ acquirer_ref: charge }] = await s.psql(`select acquirer_ref from pay.acquirer_call where payment_id = '${payment.id}' and op = 'charge'`);
  const [{ refund_id: refund }] = await s.psql(`select refund_id from pay.refund where payment_id = '${payment.id}'`);
  const own = { partner: 'inkwell', seller: seller.user.id };
  for (const query of [{ id: payment.id }, { id: charge }, { id: refund }, { ...own, status: 'succeeded' }, { store: seller.store.id }, { ...own, currency: 'EUR', amount_min: '50', amount_max: '50.00' },
    { ...own, from: payment.created_at.slice(0, 16), to: '2199-01-01T00:00' }, { ...own, last4: '4242' }]) assert.ok((await found(query))[0], JSON.stringify(query));
  for (const query of [{ ...own, status: 'canceled' }, { id: label }, { ...own, currency: 'EUR', amount_min: '50.01' }, { ...own, to: payment.created_at.slice(0, 16) }, { ...own, last4: '4243' }])
    assert.ok(!(await found(query))[0], JSON.stringify(query));
  assert.ok((await found({ id: label }))[1].includes(labeled.id), 'by the partner’s id');
  for (const [query, says] of [[{ amount_min: '5' }, 'currency: an amount needs one'], [{ amount_min: '5.001', currency: 'EUR' }, 'amount_min: must be'], [{ partner: 'nobody' }, 'partner: '], [{ from: 'now' }, 'from: must be a time'],
    [{ status: 'paid' }, 'status: must be one of'], [{ last4: '42x2' }, 'last4: ']]) {
    const [, text] = await found(query);
    assert.ok(/role="alert"[^]*?<\/div>/.exec(text)[0].includes(says) && !text.includes('No payment'), `${says}\n${/role="alert"[^]*?<\/div>/.exec(text)}`);
  }
  const listed = async (...words) => (await s.operator('paysrv', 'payments', 'list', ...words));
  assert.deepEqual((await listed('--seller', seller.user.id, '--status', 'succeeded', '--min', '5000', '--max', '5000')).stdout.split('\n').filter(Boolean).map((line) => line.split('\t')[0]), [payment.id]);
  assert.match((await listed('--id', label)).stdout, new RegExp(`^${labeled.id}\t.*\trequires_payment_method\t43\\.21 EUR\tInkwell\t.*\t${label}\tLabeled\n$`));
  const facts = await see(`/operator/payments/${labeled.id}`);
  assert.ok(facts.text.includes(label) && facts.text.includes('Can be paid until') && facts.text.includes(`/operator/requests?partner=inkwell&amp;object=${labeled.id}`), 'its facts, and on to what was asked for it');
  assert.match((await listed('--status', 'paid')).stderr, /status: must be one of/);
  assert.match((await listed('--seller', seller.user.id, '--limit', '1')).stderr, /there may be more/);
});

test('a store is suspended with a reason and sells again, and its partner reads why', async () => {
  const path = `/operator/stores/${seller.store.id}`;
  const page = await see(path);
  assert.match(page.text, /Tariffs[^]*>In force</);
  const unsaid = await operator.submit(page, { reason: '' }, { button: 'Suspend' });
  assert.ok(unsaid.status === 422 && /reason: is needed[^]*>Suspend</.test(unsaid.text), unsaid.text);
  const suspended = await operator.submit(await see(path), { reason: 'Sells what is forbidden' }, { button: 'Suspend' });
  assert.match(suspended.text, /Sells what is forbidden/);
  assert.deepEqual((await seller.call('GET', `/v1/stores/${seller.store.id}`)).body.status, 'suspended');
  assert.equal((await forced(operator, `${path}/state`, { to: 'suspended', reason: 'Once more' })).status, 303, 'sent twice');
  assert.equal((await s.psql(`select count(*)::int as n from pay.store_change where store_id = '${seller.store.id}'`))[0].n, 1);
  assert.equal((await forced(operator, `${path}/state`, { to: 'closed', reason: 'For good' })).status, 422);
  await operator.submit(await see(path), { reason: '' }, { button: 'Let it sell' });
  assert.equal((await seller.call('GET', `/v1/stores/${seller.store.id}`)).body.status, 'active');
  assert.ok((await audited(seller.store.id)).every(({ action }) => action === 'store.changed'));
});

test('wherever a partner is asked for, those that there are are offered', async () => {
  for (const page of ['payments', 'sellers', 'stores', 'webhooks', 'requests', 'audit', 'anomalies', 'ledger', 'reports']) {
    const { text } = await see(`/operator/${page}`);
    assert.match(text, /<input name="partner" [^>]*list="partners"/, page);
    assert.match(text, /<datalist id="partners">[^]*<option value="inkwell"><\/option>[^]*<\/datalist>/, page);
  }
});

test('the ledger: how far it is sealed, each currency of the tree to zero, a payment as T-accounts', async () => {
  await eventually(async () => /Up to entry/.test((await see('/operator/ledger')).text), { what: 'a seal' });
  const page = await eventually(async () => { const now = await see('/operator/ledger?partner=inkwell&check=now'); return now.text.includes('every rule holds') && now; }, { what: 'the book is checked' });
  assert.ok(!page.text.includes('does not balance'));
  for (const [, debit, credit] of page.text.matchAll(/<tr class="sum">[^]*?data-label="Debit">([^<]*)<[^]*?data-label="Credit">([^<]*)</g)) assert.equal(debit, credit);
  const leaves = await see('/operator/ledger/accounts?partner=inkwell&account=seller');
  assert.ok(leaves.text.includes('/operator/sellers/'));
  const journal = await see(`/operator/payments/${payment.id}/journal`);
  const balances = [...journal.text.matchAll(/<th scope="row">Balance<\/th><td class="number">([^<]*)<\/td><td class="number">([^<]*)</g)].map(([, debit, credit]) => Number(debit.split(' ')[0] || 0) - Number(credit.split(' ')[0] || 0));
  assert.equal(balances.length, 4);
  assert.deepEqual([balances[0], Math.round(100 * balances.reduce((a, b) => a + b))], [40, 0]);
});

test('a delivery is made again to one endpoint by an operator, and a request is found by its id', async () => {
  const mine = `/operator/webhooks/${hook.id}`;
  const event = await eventually(async () => /name="event" value="(evt_\w+)"/.exec((await see(`${mine}?state=`)).text)?.[1] ?? (await s.psql(`update pay.webhook_delivery set status = 'failed', finished_at = now() where webhook_endpoint_id = '${hook.id}'`), null), { what: 'a delivery that has ended' });
  assert.ok((await see(`${mine}?state=failed`)).text.includes(event), 'among those that were given up');
  await s.psql(`update pay.webhook_delivery set why = 'the endpoint answered 500', excerpt = 'no <b>such</b> table' where webhook_endpoint_id = '${hook.id}' and event_id = '${event}'`);
  assert.match((await see(`${mine}?state=`)).text, /the endpoint answered 500[^]*no &lt;b&gt;such&lt;\/b&gt; table/, 'why, and how the answer began');
  const ended = (await s.psql(`select webhook_endpoint_id as id from pay.webhook_delivery where event_id = '${event}' and webhook_endpoint_id <> '${hook.id}' and status <> 'pending'`)).map(({ id }) => id);
  const again = await forced(operator, `${mine}/replay`, { event });
  assert.deepEqual([again.status, again.headers.get('location')], [303, `${mine}?replayed=${event}`]);
  assert.deepEqual((await audited(hook.id)).map(({ action, detail }) => [action, detail]), [['webhook_delivery.replayed', event]]);
  assert.deepEqual(await s.psql(`select from pay.webhook_delivery where event_id = '${event}' and webhook_endpoint_id = any ('{${ended}}') and status = 'pending'`), [], 'to this one only');
  assert.equal((await forced(operator, `${mine}/replay`, { event: 'evt_of_nobody' })).status, 422);

  const refused = await seller.call('GET', '/v1/payments/pay_none');
  const id = refused.headers.get('x-request-id');
  const log = await eventually(async () => { const { text } = await see(`/operator/requests?request=${id}`); return text.includes('/v1/payments/pay_none') && text; }, { what: 'it is written' });
  assert.ok(log.includes('not_found') && log.includes('value="inkwell"'));
  assert.match((await see('/operator/requests?partner=inkwell&status=9zz')).text, /role="alert"[^]*status/);
});
