/*
 * What each route of paysrv is asked for by whoever has a token: a request that its owner may make, with $names of things (tests/support/tenants.mjs).
 * Of a route there may be several, for each place where a thing can be named.
 */
import { PDF, WORDS } from './tenants.mjs';

const DAY = 86_400_000;
const BANK = { type: 'bank_account', iban: 'DE75512108001245126199', holder_name: 'Ada Lovelace', address: { country: 'DE', town: 'Berlin' } };
const REST = { party: 'seller', rest: true };
const USER_SHARE = [{ party: 'user', user: '$nobody', bp: 100 }, REST];
const PAYMENT = { store: '$store', amount: 1001, currency: 'EUR', description: 'An article' };
const PAYOUT = { user: '$user', requisite: '$requisite', amount: 100, currency: 'EUR' };
const SCHEDULE = { user: '$user', requisite: '$requisite', currency: 'EUR', every: 'month', day: 1, at: '09:30', zone: 'Europe/Berlin' };
const PRICE = { store: '$store', name: 'Letters', amount: 700, currency: 'EUR', interval: 'month' };
const PRICE_CHANGE = { to: '$newprice', effective_at: '$month', without_consent: 'end' };
const PROFILE = { kind: 'individual', name: 'Somebody', address: { country: 'DE', town: 'Berlin' } };
const PNG = { body: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAIElEQVR42u3BAQ0AAADCoPdPbQ43oAAAAAAAAAAAAIAHAywgAAGmS8HYAAAAAElFTkSuQmCC', 'base64'), type: 'image/png' };
const FORM = (fields) => ({ raw: { body: new URLSearchParams(fields).toString(), type: 'application/x-www-form-urlencoded' } });
const later = (days) => new Date(Date.now() + days * DAY).toISOString();
const day = (days) => later(days).slice(0, 10);
/* 0: this one */
export const month = (back) => { const now = new Date(); return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 7); };
const PERIOD = `from=${day(-2)}&to=${day(2)}`;

const get = (path, ...queries) => (queries.length ? queries : ['']).map((query) => ({ method: 'GET', path, query }));
/* Long enough for others' things to be behind one's own. */
const list = (path, ...queries) => get(path, ...(queries.length ? queries : ['']).map((query) => (query ? `${query}&limit=100` : 'limit=100')));
const post = (path, ...bodies) => (bodies.length ? bodies : [undefined]).map((body) => ({ method: 'POST', path, body }));
const raw = (path, what) => [{ method: 'POST', path, raw: what }];
const remove = (path) => [{ method: 'DELETE', path }];

/* Those of a credential in the path, which only what goes with it can be wrong in. */
const page = (requests) => requests.map((one) => ({ ...one, isPage: true }));

/* Where an id only says from where on: whoever's it is, one gets one's own. */
const bounds = (requests) => requests.map((one) => ({ ...one, isBound: true }));

/* Which have what the asker said himself, so what he knows of others' things. */
const logs = (requests) => requests.map((one) => ({ ...one, isLog: true }));

/* What is done later, and said so. */
const waits = (requests) => requests.map((one) => ({ ...one, status: 202 }));
/* After which others cannot be done: last. */
const ends = (requests) => requests.map((one) => ({ ...one, isEnd: true }));
/* What is refused to its owner too, and otherwise than to anybody. */
const vain = (requests) => requests.map((one) => ({ ...one, isVain: true }));

export const REQUESTS = [
  post('/v1/payments', PAYMENT, { ...PAYMENT, split_profile: '$profile' }, { ...PAYMENT, split: USER_SHARE }, { ...PAYMENT, confirm: { payment_token: '$card' } }, { ...PAYMENT, confirm: { payment_token: 'tok_test_visa' } }, { ...PAYMENT, external_id: 'order-9' }, { ...PAYMENT, split: USER_SHARE, confirm: { payment_token: 'tok_test_visa' } }),
  list('/v1/payments', '', 'store=$store', 'user=$user', `external_id=${WORDS.payment}`, 'status=succeeded', 'store=$store&status=succeeded', 'user=$user&status=succeeded', 'amount_min=1&currency=EUR'),
  get('/v1/payments/$paid'), list('/v1/payments/$paid/captures'), list('/v1/payments/$paid/refunds'), list('/v1/payments/$paid/receipts'), get('/v1/payments/$paid/payouts'),
  get('/v1/payments/$told/transfer'), get('/v1/payments/$deal/hold'),
  post('/v1/payments/$payment/confirm', { payment_token: 'tok_test_visa' }), post('/v1/payments/$bycard/confirm', { payment_token: '$card' }), post('/v1/payments/$bytransfer/confirm', { method: 'bank_transfer' }),
  post('/v1/payments/$dropped/cancel'), post('/v1/payments/$held/cancel'),
  post('/v1/payments/$held2/capture', { amount: 333 }), post('/v1/payments/$held3/capture', { split_profile: '$profile' }), post('/v1/payments/$held4/capture', { split: USER_SHARE }),
  post('/v1/payments/$deal/release', { amount: 334 }), post('/v1/payments/$paid/refunds', { amount: 50 }), post('/v1/payments/$first/refunds', { amount: 60 }), waits(post('/v1/payments/$spent/refunds', { amount: 70 })),
  post('/v1/test_transfers', { reference: '$reference', amount: 1001 }),
  get('/v1/test_clock'), post('/v1/test_clock/advance', { by: 'PT1S' }), list('/v1/test_mails', ''),
  get('/v1/refunds/$refund'), get('/v1/refunds/$queued'), post('/v1/refunds/$queued/cancel'),
  list('/v1/disputes', '', 'payment=$contested', 'status=needs_response'), get('/v1/disputes/$dispute'),
  post('/v1/disputes/$dispute/evidence', { text: 'It was delivered.' }), raw('/v1/disputes/$dispute/files', { ...PDF, body: `${PDF.body}%%EOF\n` }),
  remove('/v1/disputes/$dispute/files/$file'), post('/v1/disputes/$answered/submit'), post('/v1/disputes/$dispute/accept'),

  post('/v1/users', { name: 'Somebody', email: 'some.body@example.com' }), list('/v1/users', '', `external_id=${WORDS.user}`), get('/v1/users/$user'), get('/v1/users/$user/data'),
  post('/v1/users/$wary/email', { email: 'some.body.else@example.com' }), ends(post('/v1/users/$mover/close')), post('/v1/users/$left/erase'),
  post('/v1/users/$user/legal_profile', PROFILE), get('/v1/users/$user/legal_profile'), get('/v1/agreement'),
  post('/v1/users/$user/agreement_acceptances', { version: '$agreement' }), get('/v1/users/$user/agreement_acceptances'),
  list('/v1/confirmations', '', 'subject=$change', 'status=awaiting_code'), get('/v1/confirmations/$confirmation'),
  vain(post('/v1/confirmations/$confirmation/confirm', { code: '00000000' })), post('/v1/confirmations/$moves/confirm', { code: '$movescode' }), post('/v1/confirmations/$confirmation/resend'), ends(post('/v1/confirmations/$confirmation/cancel')),
  post('/v1/users/$user/requisites', BANK), list('/v1/users/$user/requisites'), post('/v1/users/$user/requisites/card_page', { return_url: 'https://a.example/card' }),
  post('/v1/users/$wary/requisites/$mismatch/accept'), ends(post('/v1/users/$user/requisites/$requisite/disable')),

  post('/v1/stores', { name: 'Another', user: '$user', currency: 'EUR' }, { name: 'Another', user: '$user', currency: 'EUR', split_profile: '$profile' }),
  list('/v1/stores', '', 'user=$user', 'status=active', `external_id=${WORDS.store}`, 'user=$user&status=active'), get('/v1/stores/$store'),
  post('/v1/stores/$store/split_profile', { split_profile: '$profile' }), post('/v1/stores/$store/accept', { methods: ['card'] }),
  post('/v1/stores/$away/activate', {}), ends(post('/v1/stores/$store/suspend', { reason: 'Holidays' })), ends(post('/v1/stores/$away/close', {})),
  post('/v1/stores/$store/tariffs', { split: { platform_bp: 600, partner_bp: 0 }, valid_from: later(60) }, { split_profile: '$profile', valid_from: later(61) }), get('/v1/stores/$store/tariffs'), post('/v1/stores/$store/tariffs/$tariff/cancel'),
  post('/v1/stores/$store/domains', { host: 'shop.example' }), get('/v1/stores/$store/domains'), post('/v1/stores/$store/domains/$host/verify'), ends(remove('/v1/stores/$store/domains/$host')),
  post(`/v1/stores/$store/domains/${WORDS.host}/verify`), ends(remove(`/v1/stores/$store/domains/${WORDS.host}`)),
  post('/v1/stores/$store/branding', { accent: '#0a7a4b' }), raw('/v1/stores/$store/logo', PNG), post('/v1/stores/$store/logo/remove'), vain(post('/v1/stores/$store/twin')),
  get('/v1/stores/$store/billing'), post('/v1/stores/$store/billing', { mails_receipts: true }), get('/v1/billing'), post('/v1/billing', { on_dispute: 'cancel' }),
  post('/v1/store_connections', { store: 'st_00000000000000000000000000', user: '$nobody' }), get('/v1/store_connections/$connection'),
  post('/v1/split_profiles', { name: 'A profile', rules: [REST] }, { name: 'Two', rules: USER_SHARE }), list('/v1/split_profiles'), get('/v1/split_profiles/$profile'), post('/v1/split_profiles/$unused/archive'),

  post('/v1/payouts', PAYOUT), list('/v1/payouts', '', 'user=$user', 'status=awaiting_code', 'user=$user&status=awaiting_code'), get('/v1/payouts/$payout'), list('/v1/payouts/$sent/statement'),
  post('/v1/payouts/$payout/confirm', { code: '$code' }), post('/v1/payouts/$payout2/resend'), post('/v1/payouts/$payout2/cancel'),
  post('/v1/payout_lists', { user: '$user', payouts: [{ amount: 100, currency: 'EUR', requisite: '$requisite' }] }), get('/v1/payout_lists/$list'),
  post('/v1/payout_lists/$list/confirm', { code: '$listcode' }), post('/v1/payout_lists/$list2/resend'), post('/v1/payout_lists/$list2/cancel'),
  post('/v1/payout_schedules', SCHEDULE), get('/v1/payout_schedules', 'user=$user'), get('/v1/payout_schedules/$schedule'),
  ends(post('/v1/payout_schedules/$schedule/confirm', { code: '$schedulecode' })), post('/v1/payout_schedules/$active/pause'), post('/v1/payout_schedules/$active/resume'), post('/v1/payout_schedules/$active/end'),

  post('/v1/prices', PRICE), list('/v1/prices', '', 'store=$store'), ends(post('/v1/prices/$spare/archive')), post('/v1/prices/$price/migrate', PRICE_CHANGE),
  post('/v1/subscriptions', { saved_card: '$card', price: '$price', starts_at: later(40) }), vain(post('/v1/subscriptions', { saved_card: '$card', price: '$price', payment: '$paid' })),
  list('/v1/subscriptions', '', 'store=$store', `buyer=${WORDS.buyer}`, 'status=active', `external_id=${WORDS.subscription}`, 'store=$store&status=active'), get('/v1/subscriptions/$subscription'),
  list('/v1/subscriptions/$subscription/invoices'), get('/v1/subscriptions/$subscription/upcoming'), list('/v1/invoices', '', 'store=$store', 'status=paid', 'store=$store&status=paid'), get('/v1/invoices/$invoice'),
  post('/v1/invoices/$invoice/retry'), vain(post('/v1/invoices/$invoice/void')),
  post('/v1/subscriptions/$subscription/change', { quantity: 2, preview: true }, { price: '$newprice', preview: true }, { price: '$newprice' }), post('/v1/subscriptions/$subscription/on_dispute', { on_dispute: 'cancel' }),
  post('/v1/subscriptions/$subscription/card', { saved_card: '$card' }), ends(post('/v1/subscriptions/$subscription/cancel', { at_period_end: true })), vain(post('/v1/subscriptions/$subscription/pause')),
  post('/v1/subscriptions/$paused/resume'), post('/v1/subscriptions/$subscription/price', { ...PRICE_CHANGE, to: '$spare' }),
  list('/v1/saved_cards', '', 'store=$store', `buyer=${WORDS.buyer}`, 'payment=$first', `store=$store&buyer=${WORDS.buyer}`), get('/v1/saved_cards/$card'), ends(remove('/v1/saved_cards/$card')), post('/v1/billing_links', { store: '$store', buyer: WORDS.buyer }),

  get('/v1/reports'), get(`/v1/reports/${month(1)}`, 'currency=EUR'), get('/v1/statement', `user=$user&currency=EUR&${PERIOD}&format=jsonl`, `account=partner&currency=EUR&${PERIOD}&format=jsonl`),
  list('/v1/fee_invoices', '', 'user=$user', 'month=2026-01', 'issued_by=partner'), get('/v1/fee_invoices/$fees'),
  get('/v1/ledger/journal', `${PERIOD}&format=jsonl`), get('/v1/ledger/trial_balance', `${PERIOD}&format=jsonl`),
  get('/v1/balance', 'user=$user', 'user=$nobody', 'party=partner'), list('/v1/holdbacks', 'user=$user'), list('/v1/ledger', 'user=$user', 'user=$nobody', 'account=partner'),

  post('/v1/webhook_endpoints', { url: 'https://a.example/hook' }, { url: 'https://a.example/hook', store: '$store' }), get('/v1/webhook_endpoints', '', 'store=$store'), get('/v1/webhook_endpoints/$endpoint'),
  post('/v1/webhook_endpoints/$endpoint2', { status: 'disabled' }), list('/v1/webhook_endpoints/$endpoint/deliveries'), post('/v1/webhook_endpoints/$endpoint/rotate_secret', {}),
  post('/v1/webhook_endpoints/$endpoint/ping'), post('/v1/webhook_endpoints/$endpoint/replay', { event: '$event' }), bounds(post('/v1/webhook_endpoints/$endpoint/replay', { from: '$event' })), ends(remove('/v1/webhook_endpoints/$endpoint')),
  list('/v1/events', '', 'about=$paid', 'type=payment.succeeded'), get('/v1/events/$event'), get('/v1/api_version'), post('/v1/api_version', { version: '$version' }),
  ...logs(list('/v1/request_log', '', 'object=$paid', 'path=/v1/payments/$paid', 'status=200', 'idempotency_key=$key')), get('/v1/request_log/$request'),

  page(get('/billing/$billing/invoices/$invoice')), vain(page([{ method: 'POST', path: '/billing/$billing/subscriptions/$subscription', ...FORM({ action: 'cancel', state: 'none' }) }])),
].flat();
