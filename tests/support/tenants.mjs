/*
 * What there is to be kept apart: a partner, and of each of its people one thing of every kind, made by the API as they make it.
 * A person is { slug, token, user, things }: things by the names that tests/support/tenant_requests.mjs has for them.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createAgent } from './agent.mjs';
import { eventually } from './eventually.mjs';
import { heard } from './outcome.mjs';
import { partnerNamed } from './partner.mjs';
import { pay } from './people.mjs';
import { addClient, addUser, tokensFor } from './relying_party.mjs';
import { codeIn, IBAN, ofRequest, SCOPES } from './seller.mjs';

const SCOPE = `openid email ${SCOPES}`;
const DAY = 86_400_000;
const BANK = { type: 'bank_account', iban: IBAN, holder_name: 'Ada Lovelace', address: { country: 'DE', town: 'Berlin' } };
export const PDF = { body: '%PDF-1.4\n%%EOF\n', type: 'application/pdf' };
const REST = [{ party: 'seller', rest: true }];
/* What several partners may call something of theirs. */
export const WORDS = { store: 'shop-1', payment: 'order-1', subscription: 'second', buyer: 'reader', user: 'author-1', host: 'same.example' };

/* One call, of JSON unless { raw: { body, type } } has something else. */
async function askOnce(s, token, method, path, { body, raw, key }) {
  const answer = await fetch(`${s.env.pay_api}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(token && { authorization: `Bearer ${token}` }),
      ...((raw || body) && { 'content-type': raw?.type ?? 'application/json' }),
      ...(method === 'POST' && { 'idempotency-key': key }),
    },
    body: raw?.body ?? (body && JSON.stringify(body)),
  });
  const text = await answer.text();
  const isJson = /json/.test(answer.headers.get('content-type') ?? '') && !/jsonl|x-ndjson/.test(answer.headers.get('content-type'));
  return { status: answer.status, text, body: isJson && text ? JSON.parse(text) : null, request: answer.headers.get('x-request-id') };
}

export const ask = (s, token, method, path, { key, ...more } = {}) => heard((options) => askOnce(s, token, method, path, { ...more, ...options }), key);

const caller = (s, token) => async (method, path, options = {}, statuses = [200, 201, 202]) => {
  const answer = await ask(s, token, method, path, options);
  assert.ok(statuses.includes(answer.status), `${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.body;
};

/* ---- partners and their people ---- */

/* Refunds without funds wait; sellers accept an agreement. A sandbox, also of a live one: its clock, its mails and its bank are asked for as well. */
export async function tenant(s, slug, ...kind) {
  const partner = await partnerNamed(s, slug, ...(kind.length ? kind : ['--sandbox']));
  const client = await addClient(s, { scope: SCOPE, metadata: { authorization_details_types: ['payout', 'payment', 'store_management'] }, more: ['--partner', slug] });
  const done = async (...words) => assert.equal((await s.operator('paysrv', ...words)).code, 0, words.join(' '));
  await done('disputes', 'policy', slug, '--currency', 'EUR', '--shortfall', 'queue');
  await done('agreements', 'add', '--partner', slug, '--version', `version-${slug}`, '--url', 'https://stoa.example/terms', '--sha256', 'ab'.repeat(32));
  await s.psql(`update pay.partner set created_at = now() - interval '70 days' where partner_id = '${slug}'`); /* so that there is a month that is over */
  return { ...partner, client };
}

/* more: what the token is narrowed to, as parameters of the authorization request */
export const tokenOf = async (client, account, more) => (await tokensFor(client, account, { scope: SCOPE, ...more })).tokens.access_token;

/* One with a live partner's store, its sandbox's twin, and payments, and an account that has things at both. */
export async function livePerson(s, { slug, token, client }, account) {
  const own = { slug, account, partner: token, token: await tokenOf(client, account), things: { agreement: `version-${slug}`, partner: slug } };
  own.call = caller(s, token);
  own.things.user = (await caller(s, own.token)('POST', '/v1/users', { body: { name: 'Of the live one' } })).id;
  await parties(s, own, WORDS);
  await payments(s, own, WORDS);
  own.things.version = (await own.call('GET', '/v1/api_version')).version;
  await feesOf(s, own);
  own.twin = (await own.call('POST', `/v1/stores/${own.things.store}/twin`)).id;
  return own;
}

export async function person(s, { slug, token, client }, words = WORDS) {
  const account = await addUser(s, ['--full-profile']);
  const own = { slug, account, partner: token, token: await tokenOf(client, account), things: { agreement: `version-${slug}`, partner: slug } };
  own.call = caller(s, token);
  own.things.user = (await caller(s, own.token)('POST', '/v1/users', { body: { name: `Ada ${slug}` } })).id;
  await parties(s, own, words);
  await payments(s, own, words);
  await Promise.all([payouts(s, own), subscriptions(s, own, words), disputes(s, own), queued(s, own), leaving(s, own)]);
  await machines(s, own);
  return own;
}

/* ---- what they have ---- */

/* Both addresses are asked, the one that is left first. */
const moving = async (call, user) => (await call('POST', `/v1/users/${user}/email`, { body: { email: `${randomUUID()}@example.com` } })).confirmations[0];

async function parties(s, { call, things, slug }, words) {
  const email = () => `${randomUUID()}@example.com`;
  things.store = (await call('POST', '/v1/stores', { body: { name: `Shop of ${things.user}`, user: things.user, currency: 'EUR', external_id: words.store } })).id;
  things.requisite = (await call('POST', `/v1/users/${things.user}/requisites`, { body: BANK })).id;
  things.profile = (await call('POST', '/v1/split_profiles', { body: { name: `Profile of ${slug}`, rules: REST } })).id;
  things.unused = (await call('POST', '/v1/split_profiles', { body: { name: `Unused of ${slug}`, rules: REST } })).id;
  things.tariff = (await call('POST', `/v1/stores/${things.store}/tariffs`, { body: { split_profile: things.profile, valid_from: new Date(Date.now() + 30 * DAY).toISOString() } })).id;
  things.host = (await call('POST', `/v1/stores/${things.store}/domains`, { body: { host: `${randomUUID()}.example` } })).host;
  await call('POST', `/v1/stores/${things.store}/domains`, { body: { host: words.host } });
  things.away = (await call('POST', '/v1/stores', { body: { name: `Away of ${slug}`, user: things.user, currency: 'EUR' } })).id;
  await call('POST', `/v1/stores/${things.away}/suspend`, { body: {} });
  things.nobody = (await call('POST', '/v1/users', { body: { name: `Nobody of ${slug}`, email: email(), external_id: words.user } })).id;
  await call('POST', `/v1/stores/${things.away}/branding`, { body: { display_name: `Look of ${things.user}` } });
  const asked = await moving(call, things.nobody);
  Object.assign(things, { confirmation: asked.id, change: asked.subject });
  things.left = (await call('POST', '/v1/users', { body: { name: `Left ${slug}`, email: email() } })).id;
  await call('POST', `/v1/users/${things.left}/close`);
  things.connection = (await call('POST', '/v1/store_connections', { body: { store: 'st_00000000000000000000000000', user: things.nobody } })).id;
  await call('POST', `/v1/users/${things.user}/legal_profile`, { body: { kind: 'individual', name: `Lawful ${slug}`, address: { country: 'DE', town: 'Berlin' } } });
  await call('POST', `/v1/users/${things.user}/agreement_acceptances`, { body: { version: things.agreement } });
  const wary = (await call('POST', '/v1/users', { body: { name: `Wary ${slug}`, email: email() } })).id;
  const { id: mismatch } = await call('POST', `/v1/users/${wary}/requisites`, { body: { ...BANK, holder_name: 'Mismatch' } });
  Object.assign(things, { wary, mismatch });
}

async function payments(s, { call, things }, words) {
  const make = async (fields = {}) => (await call('POST', '/v1/payments', { body: { store: things.store, amount: 1001, currency: 'EUR', description: 'An article', ...fields } })).id;
  const confirmed = async (id, body = { payment_token: 'tok_test_visa' }) => { await call('POST', `/v1/payments/${id}/confirm`, { body }); return id; };
  const number = async (digits) => ({ payment_token: (await s.acquirer('POST', '/v1/tokens', { number: digits })).id });
  things.payment = await make({ external_id: words.payment });
  things.paid = await confirmed(await make({ amount: 50_000 }));
  for (const name of ['bycard', 'bytransfer', 'dropped']) things[name] = await make();
  for (const name of ['held', 'held2', 'held3', 'held4']) things[name] = await confirmed(await make({ capture_method: 'manual' }));
  things.deal = await confirmed(await make({ hold: { until: 'delivered', ends_after: 'P14D' } }));
  things.told = await confirmed(await make(), { method: 'bank_transfer' });
  things.reference = (await call('GET', `/v1/payments/${things.told}/transfer`)).reference;
  things.contested = await confirmed(await make(), await number('4000000000001166'));
  things.contested2 = await confirmed(await make(), await number('4000000000001166'));
  things.refund = (await call('POST', `/v1/payments/${things.paid}/refunds`, { body: { amount: 100 } })).id;
}

async function disputes(s, { call, things }) {
  const of = (payment) => eventually(async () => (await call('GET', `/v1/disputes?payment=${payment}`)).data[0]?.id, { what: 'the bank disputes it' });
  things.dispute = await of(things.contested);
  things.answered = await of(things.contested2);
  things.file = (await call('POST', `/v1/disputes/${things.dispute}/files`, { raw: PDF })).id;
  await call('POST', `/v1/disputes/${things.answered}/evidence`, { body: { text: 'It was delivered.' } });
}

/* A label has two characters: two people may have the same. */
const codeOf = async (call, label, address) => codeIn(await eventually(async () => (await call('GET', `/v1/test_mails?recipient=${encodeURIComponent(address)}`)).data
  .find(({ text }) => ofRequest(label).test(text)), { what: `the code of ${label}` }));

async function payouts(s, { call, things, account }) {
  const one = { user: things.user, requisite: things.requisite, currency: 'EUR' };
  const made = async (path, body) => {
    const { id, label } = await call('POST', path, { body });
    return { id, code: await codeOf(call, label, account.email) };
  };
  const sent = await made('/v1/payouts', { ...one, amount: 300 });
  await call('POST', `/v1/payouts/${sent.id}/confirm`, { body: { code: sent.code } });
  things.sent = sent.id;
  ({ id: things.payout, code: things.code } = await made('/v1/payouts', { ...one, amount: 400 }));
  ({ id: things.list, code: things.listcode } = await made('/v1/payout_lists', { user: things.user, payouts: [{ amount: 100, currency: 'EUR', requisite: things.requisite }] }));
  things.payout2 = (await made('/v1/payouts', { ...one, amount: 200 })).id;
  things.list2 = (await made('/v1/payout_lists', { user: things.user, payouts: [{ amount: 150, currency: 'EUR', requisite: things.requisite }] })).id;
  const schedule = { ...one, every: 'month', day: 1, at: '09:30', zone: 'Europe/Berlin' };
  ({ id: things.schedule, code: things.schedulecode } = await made('/v1/payout_schedules', schedule));
  const active = await made('/v1/payout_schedules', schedule);
  await call('POST', `/v1/payout_schedules/${active.id}/confirm`, { body: { code: active.code } });
  things.active = active.id;
}

async function leaving(s, { call, things, slug }) {
  const email = `${randomUUID()}@example.com`;
  things.mover = (await call('POST', '/v1/users', { body: { name: `Mover of ${slug}`, email } })).id;
  const { id, label } = await moving(call, things.mover);
  Object.assign(things, { moves: id, movescode: await codeOf(call, label, email) });
}

/* A refund that waits, for what was paid went out. */
async function queued(s, { call, things, slug }) {
  const email = `${randomUUID()}@example.com`;
  const user = (await call('POST', '/v1/users', { body: { name: `Spent ${slug}`, email } })).id;
  await call('POST', `/v1/users/${user}/agreement_acceptances`, { body: { version: things.agreement } });
  const requisite = (await call('POST', `/v1/users/${user}/requisites`, { body: BANK })).id;
  const store = (await call('POST', '/v1/stores', { body: { name: `Spent of ${slug}`, user, currency: 'EUR' } })).id;
  const { id: payment } = await call('POST', '/v1/payments', { body: { store, amount: 1000, currency: 'EUR', description: 'An article' } });
  await call('POST', `/v1/payments/${payment}/confirm`, { body: { payment_token: 'tok_test_visa' } });
  const { amount } = (await call('GET', `/v1/balance?user=${user}`)).available[0];
  const { id, label } = await call('POST', '/v1/payouts', { body: { user, requisite, amount, currency: 'EUR' } });
  await call('POST', `/v1/payouts/${id}/confirm`, { body: { code: await codeOf(call, label, email) } });
  things.spent = payment;
  things.queued = (await call('POST', `/v1/payments/${payment}/refunds`, { body: { amount: 100 } })).id;
}

async function subscriptions(s, { call, things }, words) {
  const price = async (amount) => (await call('POST', '/v1/prices', { body: { store: things.store, name: 'Letters', amount, currency: 'EUR', interval: 'month' } })).id;
  things.price = await price(700);
  things.newprice = await price(900);
  things.spare = await price(950);
  const keep = async (buyer) => {
    const email = `${randomUUID()}@example.com`;
    const { id: payment, checkout } = await call('POST', '/v1/payments', { body: { store: things.store, amount: 700, currency: 'EUR', description: 'The first', save_card: { buyer, email, required: true } } });
    const agent = createAgent();
    await agent.submit(await agent.submit(await agent.open(checkout.url), { save_card: 'true' }, { button: 'Pay by card' }), { number: '4242424242424242', exp: '11/39', csc: '123' });
    return { email, payment, saved_card: await eventually(async () => (await call('GET', `/v1/saved_cards?payment=${payment}`)).data[0]?.id, { what: 'the card is kept' }) };
  };
  const subscribe = async ({ payment, saved_card, external_id }) => (await call('POST', '/v1/subscriptions', { body: { price: things.price, payment, saved_card, external_id } })).id;
  const [one, other] = [await keep(words.buyer), await keep(`${words.buyer}-too`)];
  Object.assign(things, { mailbox: one.email, first: one.payment, card: one.saved_card, subscription: await subscribe({ ...one, external_id: words.subscription }), paused: await subscribe(other), card2: other.saved_card });
  await call('POST', `/v1/subscriptions/${things.paused}/pause`);
  things.invoice = (await call('GET', `/v1/subscriptions/${things.subscription}/invoices`)).data[0].id;
  things.invoice2 = (await call('GET', `/v1/subscriptions/${things.paused}/invoices`)).data[0].id;
  things.billing = (await call('POST', '/v1/billing_links', { body: { store: things.store, buyer: words.buyer } })).url.split('/').at(-1);
  things.month = new Date(Date.now() + 62 * DAY).toISOString();
}

/* An invoice of a month before there was a server: jobs issue them, and nothing that is asked for does. */
async function feesOf(s, { things, slug }) {
  things.fees = `fin_${randomUUID().replaceAll('-', '').slice(0, 26)}`;
  const party = (name) => ({ name, address: null, tax_id: null });
  const document = { object: 'fee_invoice', type: 'invoice', livemode: false, issued_by: 'partner', partner: slug, user: things.user, month: '2026-01', zone: 'UTC', from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z',
    date: '2026-02-01', currency: 'EUR', issuer: party(`Partner ${slug}`), lines: [{ kind: 'sale', count: 1, amount: 250 }], net: 250, tax_rate_bp: null, tax: 0, untaxed: 'not_stated', gross: 250 };
  await s.psql(`insert into pay.fee_invoice (fee_invoice_id, partner_id, clock, month, user_id, issuer, currency, number, gross, recipient, document, issued_at)
    select '${things.fees}', n.partner_id, n.clock, '2026-01', '${things.user}', 'partner', 'EUR', 1000000 + (select count(*) from pay.fee_invoice f where f.partner_id = n.partner_id), 250,
           '${JSON.stringify(party(`Fees of ${things.user}`))}', '${JSON.stringify(document)}', now() from pay.partner n where n.partner_id = '${slug}'`);
}

async function machines(s, own) {
  const { call, things, slug } = own;
  things.version = (await call('GET', '/v1/api_version')).version;
  things.hook = `https://${randomUUID()}.example/hook`;
  things.key = randomUUID();
  things.endpoint = (await call('POST', '/v1/webhook_endpoints', { body: { url: things.hook, store: things.store }, key: things.key })).id;
  things.endpoint2 = (await call('POST', '/v1/webhook_endpoints', { body: { url: things.hook } })).id;
  await feesOf(s, own);
  things.event = (await call('GET', `/v1/events?about=${things.paid}`)).data[0].id;
  const asked = await ask(s, own.partner, 'GET', `/v1/payments/${things.paid}`);
  things.request = asked.request;
  await eventually(async () => (await ask(s, own.partner, 'GET', `/v1/request_log/${things.request}`)).status === 200, { what: `the request of ${slug} is in the log` });
  await eventually(async () => (await call('GET', `/v1/users/${things.wary}/requisites`)).data[0].verification?.status === 'no_match', { what: 'the bank knows another holder' });
}
