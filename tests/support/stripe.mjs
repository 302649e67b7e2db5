/*
 * A replica of Stripe's documented behaviour, for tests: payment intents, captures, cancellations, refunds, search and
 * disputes and messages, written from docs.stripe.com (api/payment_intents, api/refunds, api/disputes and its list, api/files, api/idempotent_requests,
 * api/errors, error-low-level, testing, webhooks, search), not from our connector. It is strict where Stripe is: form-encoded parameters by name, unknown ones refused,
 * the version pinned, the same key with other parameters refused, results of executed requests saved with their status, 500 too.
 *
 *   const stripe = await startStripe({ key, secret, webhookUrl });
 *   stripe.url; stripe.intents(reference); stripe.refunds; stripe.searchLags = true; stripe.hasSearch = false
 *   stripe.deaf = 429                          every question is answered so until it is 0 again
 *   stripe.fault = 'error_before' | 'error_after' | 'broken_off' | 'lost' | 'garbage' | 'limited' | 'conflict' | 'hold'   the next POST
 *   (broken_off: the intent is made and never confirmed)
 *   stripe.challenge(intent, true | false | 'declined')   the buyer at his bank; declined: it is he, and has not got the money
 *   stripe.dispute(intent, { amount, fee, status })   a buyer's bank asks or takes; stripe.disputeEnds(dispute, 'won' | 'lost')
 *   stripe.expire(intent)                       the time of an authorisation is over: the intent is canceled by itself
 *   stripe.quiet = true                         messages are kept back; await stripe.deliver(event) sends one
 *   stripe.sign(body, { at, key })              a Stripe-Signature
 */
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

const VERSION = '2025-03-31.basil';

class Refusal extends Error {
  constructor(status, error, { saved = true } = {}) {
    super(error.message);
    Object.assign(this, { status, error, saved });
  }
}
const invalid = (message, more = {}, status = 400) => new Refusal(status, { type: 'invalid_request_error', message, ...more }, { saved: false });

/* Test payment methods (docs.stripe.com/testing). */
const CARDS = {
  pm_card_visa: {},
  pm_card_chargeDeclined: { code: 'card_declined', decline_code: 'generic_decline' },
  pm_card_chargeDeclinedInsufficientFunds: { code: 'card_declined', decline_code: 'insufficient_funds' },
  pm_card_chargeDeclinedLostCard: { code: 'card_declined', decline_code: 'lost_card' },
  pm_card_chargeDeclinedExpiredCard: { code: 'expired_card' },
  pm_card_threeDSecure2Required: { challenged: true },
  pm_card_pendingRefund: { pendingRefund: true },
  pm_card_refundFail: { refundFails: true },
};

/* ---- parameters ---- */

const ANY = () => true;
const ONE_OF = (...values) => (v) => values.includes(v);
const WHOLE = (v) => /^\d{1,12}$/.test(v);
const METADATA = { pattern: /^metadata\[[^\][]{1,40}\]$/, check: (v) => v.length <= 500 };
const EXPAND = { pattern: /^expand\[\d*\]$/, check: ANY };
const CREATE = {
  amount: WHOLE, currency: (v) => /^[a-z]{3}$/i.test(v), payment_method: ANY, confirm: ONE_OF('true', 'false'), capture_method: ONE_OF('automatic', 'automatic_async', 'manual'),
  return_url: (v) => URL.canParse(v), statement_descriptor_suffix: (v) => v.length <= 22 && /[a-z]/i.test(v) && !/[<>\\'"*]/.test(v), off_session: ONE_OF('true', 'false'), customer: ANY, error_on_requires_action: ONE_OF('true', 'false'), description: ANY,
};
const PARAMETERS = {
  create: [CREATE, METADATA, EXPAND, { pattern: /^payment_method_types\[\d*\]$/, check: ONE_OF('card') }],
  capture: [{ amount_to_capture: WHOLE, final_capture: ONE_OF('true', 'false') }, METADATA, EXPAND],
  cancel: [{ cancellation_reason: ONE_OF('duplicate', 'fraudulent', 'requested_by_customer', 'abandoned') }, EXPAND],
  refund: [{ payment_intent: ANY, charge: ANY, amount: WHOLE, reason: ONE_OF('duplicate', 'fraudulent', 'requested_by_customer') }, METADATA, EXPAND],
  retrieve: [{}, EXPAND],
  search: [{ query: ANY, limit: WHOLE, page: ANY }, EXPAND],
  dispute: [{ submit: ONE_OF('true', 'false') }, METADATA, EXPAND, { pattern: /^evidence\[(uncategorized_text|uncategorized_file|customer_communication|service_documentation|receipt)\]$/, check: (v) => v.length <= 20_000 }],
  close: [{}, EXPAND],
  disputes: [{ charge: ANY, payment_intent: ANY, limit: (v) => WHOLE(v) && Number(v) >= 1 && Number(v) <= 100, starting_after: ANY, ending_before: ANY }, EXPAND, { pattern: /^created\[(gt|gte|lt|lte)\]$/, check: WHOLE }],
  refunds: [{ payment_intent: ANY, limit: WHOLE, starting_after: ANY, ending_before: ANY }, EXPAND],
};

function parameters(kind, text) {
  const [names, ...patterns] = PARAMETERS[kind];
  const values = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const check = names[name] ?? patterns.find(({ pattern }) => pattern.test(name))?.check;
    if (!check) throw invalid(`Received unknown parameter: ${name}`, { code: 'parameter_unknown', param: name });
    if (!check(value)) throw invalid(`Invalid ${name}`, { param: name });
    values[name] = value;
  }
  return values;
}

const metadataOf = (p) => Object.fromEntries(Object.entries(p).filter(([name]) => name.startsWith('metadata[')).map(([name, value]) => [name.slice(9, -1), value]));
const THREE_DECIMALS = ['bhd', 'jod', 'kwd', 'omr', 'tnd'];
const WITH_ZERO_CENTS = ['isk', 'ugx'];
const LEAST = { eur: 50, usd: 50, gbp: 30, jpy: 50 };

function amountCheck(amount, currency) {
  if (amount < (LEAST[currency] ?? 1)) throw invalid('Amount must be at least the minimum', { code: 'amount_too_small', param: 'amount' });
  if (amount > 99999999) throw invalid('Amount must be no more than 99999999', { code: 'amount_too_large', param: 'amount' });
  if (THREE_DECIMALS.includes(currency) && amount % 10) throw invalid('The last digit must be 0', { param: 'amount' });
  if (WITH_ZERO_CENTS.includes(currency) && amount % 100) throw invalid('The decimals must be 00', { param: 'amount' });
}

/* ---- the server ---- */

export async function startStripe({ key, secret, webhookUrl }) {
  const intents = new Map(), refunds = new Map(), disputes = new Map(), uploads = new Map(), saved = new Map(), releases = new Set(), held = [];
  const id = (prefix) => `${prefix}_${randomBytes(12).toString('hex')}`;
  const now = () => Math.floor(Date.now() / 1000);
  let server, url;

  const stripe = {
    fault: null, deaf: 0, quiet: false, searchLags: false, hasSearch: true, webhookUrl, events: [], requests: [],
    intents: (reference) => [...intents.values()].filter(({ metadata }) => metadata.stoa_reference === reference).map(({ card, ...intent }) => intent),
    refunds: (intent) => [...refunds.values()].filter(({ payment_intent: of }) => of === intent),
    disputes, uploads,
    strip: (intentId) => { intents.get(intentId).metadata = {}; }, /* as if somebody else had made it */
    dispute(intentId, { amount, fee = 1500, status = 'needs_response', due = now() + 7 * 86400, created = now() } = {}) {
      const intent = intents.get(intentId), taken = amount ?? intent.amount_received;
      const made = {
        id: id('du'), object: 'dispute', created, amount: taken, currency: intent.currency, charge: intent.charge.id, payment_intent: intentId, reason: 'fraudulent', status, livemode: false, metadata: {},
        balance_transactions: status.startsWith('warning') ? [] : [{ amount: -taken, fee, net: -taken - fee, currency: intent.currency }], evidence: {}, evidence_details: { due_by: due, has_evidence: false, past_due: false, submission_count: 0 },
      };
      disputes.set(made.id, made);
      emit('charge.dispute.created', made);
      return made.id;
    },
    disputeEnds(disputeId, status) {
      const one = disputes.get(disputeId), was = one.status;
      one.status = status;
      if (was === 'won' && status === 'lost') one.balance_transactions.push({ amount: -one.amount, fee: 0, net: -one.amount, currency: one.currency });
      if (status === 'won') one.balance_transactions.push({ amount: one.amount, fee: 0, net: one.amount, currency: one.currency });
      if (status === 'needs_response') one.balance_transactions = [{ amount: -one.amount, fee: 1500, net: -one.amount - 1500, currency: one.currency }];
      return emit(['won', 'lost', 'warning_closed'].includes(status) ? 'charge.dispute.closed' : 'charge.dispute.updated', one);
    },
    expire(intentId) {
      const intent = intents.get(intentId);
      released(intent, intent.amount_capturable, false, 'expired_uncaptured_charge');
      Object.assign(intent, { status: 'canceled', canceled_at: now(), cancellation_reason: 'automatic', amount_capturable: 0 });
      return emit('payment_intent.canceled', shown(intent));
    },
    forget: () => saved.clear(),
    release: () => held.splice(0).forEach((go) => go()),
    sign(body, { at = now(), key: by = secret, old = [] } = {}) {
      const mac = (k) => createHmac('sha256', k).update(`${at}.${body}`).digest('hex');
      return [`t=${at}`, ...old.map((k) => `v1=${mac(k)}`), `v1=${mac(by)}`, `v0=${'0'.repeat(64)}`].join(',');
    },
    async deliver(event, options) {
      const body = typeof event === 'string' ? event : JSON.stringify(event);
      return fetch(stripe.webhookUrl, { method: 'POST', body, headers: { 'content-type': 'application/json', 'stripe-signature': stripe.sign(body, options) } });
    },
    challenge(intentId, approved) {
      const intent = intents.get(intentId);
      intent.next_action = null;
      if (approved === true) return succeed(intent);
      intent.status = 'requires_payment_method';
      if (approved === 'declined') {
        intent.charge = { ...chargeOf(intent), paid: false, status: 'failed' };
        intent.last_payment_error = { type: 'card_error', code: 'card_declined', decline_code: 'insufficient_funds', message: 'Your card has insufficient funds.' };
        return emit('payment_intent.payment_failed', shown(intent));
      }
      intent.last_payment_error = { type: 'invalid_request_error', code: 'payment_intent_authentication_failure', message: 'The provided PaymentMethod has failed authentication.' };
      return emit('payment_intent.payment_failed', intent);
    },
    refundEnds(refundId, status, reason = 'expired_or_canceled_card') {
      const refund = refunds.get(refundId);
      if (status === 'failed') Object.assign(refund, { failure_reason: reason, failure_balance_transaction: id('txn') }); /* the money is on our balance again */
      refund.status = status;
      return emit(status === 'failed' ? 'refund.failed' : 'refund.updated', refund);
    },
    eventOf: (type, object) => ({ id: id('evt'), object: 'event', api_version: VERSION, created: now(), livemode: false, pending_webhooks: 1, type, data: { object } }),
    async stop() {
      stripe.quiet = true;
      stripe.release();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  /* What of an authorisation is not captured goes back as a refund of nobody's; in the balance are both, the whole and what a capture of less released. */
  function released(intent, amount, moved, reason = null) {
    if (amount === 0) return;
    const made = { id: id('re'), object: 'refund', amount, balance_transaction: moved ? id('txn') : null, charge: intent.charge.id, created: now(), currency: intent.currency, metadata: {}, payment_intent: intent.id, reason, status: 'succeeded' };
    refunds.set(made.id, made);
    releases.add(made.id);
    emit('refund.created', made);
  }

  /* Until a 2xx, a few times: Stripe's pauses are hours. */
  function emit(type, object) {
    const event = stripe.eventOf(type, { ...structuredClone(object), card: undefined });
    stripe.events.push(event);
    if (stripe.quiet) return;
    (async () => {
      for (let i = 0; i < 5; i++) {
        if (await stripe.deliver(event).then((answer) => answer.ok, () => false)) return;
        await new Promise((resolve) => { setTimeout(resolve, 200); });
      }
    })();
  }

  const chargeOf = (intent) => ({
    id: id('ch'), object: 'charge', amount: intent.amount, currency: intent.currency, created: now(), livemode: false, payment_intent: intent.id, paid: true, status: 'succeeded',
    captured: intent.capture_method !== 'manual', payment_method_details: { type: 'card', card: { brand: 'visa', last4: '4242', three_d_secure: intent.card.challenged ? { authentication_flow: 'challenge', result: 'authenticated', result_reason: null, version: '2.2.0' } : null, ...(intent.capture_method === 'manual' && { capture_before: now() + 7 * 86400 }) } },
  });

  function succeed(intent) {
    intent.charge = chargeOf(intent);
    intent.last_payment_error = null;
    if (intent.capture_method === 'manual') {
      Object.assign(intent, { status: 'requires_capture', amount_capturable: intent.amount });
      return emit('payment_intent.amount_capturable_updated', shown(intent));
    }
    Object.assign(intent, { status: 'succeeded', amount_received: intent.amount });
    return emit('payment_intent.succeeded', shown(intent));
  }

  function shown({ card, charge, ...intent }, expanded = []) {
    return { ...structuredClone(intent), latest_charge: charge ? (expanded.includes('latest_charge') ? charge : charge.id) : null };
  }
  const expandOf = (p) => Object.entries(p).filter(([name]) => name.startsWith('expand')).map(([, value]) => value);

  function decline(intent, error) {
    intent.status = 'requires_payment_method';
    intent.last_payment_error = { type: 'card_error', message: 'Your card was declined.', ...error };
    emit('payment_intent.payment_failed', shown(intent));
    throw new Refusal(402, { ...intent.last_payment_error, payment_intent: shown(intent) });
  }

  function create(p) {
    for (const name of ['amount', 'currency']) if (!(name in p)) throw invalid(`Missing required param: ${name}.`, { code: 'parameter_missing', param: name });
    const currency = p.currency.toLowerCase(), card = CARDS[p.payment_method];
    amountCheck(Number(p.amount), currency);
    if (p.confirm !== 'true') throw invalid('the replica only has confirmed ones', { param: 'confirm' });
    if (!card) throw invalid(`No such PaymentMethod: '${p.payment_method}'`, { code: 'resource_missing', param: 'payment_method' });
    if (p.off_session === 'true' && p.return_url) throw invalid('off_session and return_url', { param: 'off_session' });
    const intent = {
      id: id('pi'), object: 'payment_intent', amount: Number(p.amount), amount_capturable: 0, amount_received: 0, currency, capture_method: p.capture_method ?? 'automatic_async',
      created: now(), livemode: false, metadata: metadataOf(p), next_action: null, last_payment_error: null, status: 'requires_confirmation', cancellation_reason: null, canceled_at: null,
      client_secret: id('secret'), payment_method: p.payment_method, customer: p.customer ?? null, statement_descriptor_suffix: p.statement_descriptor_suffix ?? null, card, charge: null,
    };
    intents.set(intent.id, intent);
    if (p.brokenOff) return null;
    if (card.code) decline(intent, card);
    if (card.challenged) {
      if (p.off_session === 'true' || p.error_on_requires_action === 'true') decline(intent, { code: 'authentication_required', decline_code: 'authentication_required' });
      if (!p.return_url) throw invalid('a return_url is needed', { param: 'return_url' });
      intent.status = 'requires_action';
      intent.next_action = { type: 'redirect_to_url', redirect_to_url: { url: `${url}/redirect/authenticate/${intent.id}`, return_url: p.return_url } };
      emit('payment_intent.requires_action', shown(intent));
    } else {
      succeed(intent);
    }
    return shown(intent, expandOf(p));
  }

  function intentOf(intentId) {
    const intent = intents.get(intentId);
    if (!intent) throw invalid(`No such payment_intent: '${intentId}'`, { code: 'resource_missing', param: 'intent' }, 404);
    return intent;
  }
  const unexpected = (intent, what) => new Refusal(400, { type: 'invalid_request_error', code: 'payment_intent_unexpected_state',
    message: `This PaymentIntent could not be ${what} because it has a status of ${intent.status}.`, payment_intent: shown(intent) });

  function capture(intent, p) {
    const amount = Number(p.amount_to_capture ?? intent.amount_capturable);
    if (intent.status !== 'requires_capture') throw unexpected(intent, 'captured');
    if (p.final_capture === 'false') throw invalid('Multicapture is not enabled for this payment intent.', { param: 'final_capture' });
    if (amount > intent.amount_capturable) throw invalid('too large', { code: 'amount_too_large', param: 'amount_to_capture' });
    Object.assign(intent.metadata, metadataOf(p));
    released(intent, intent.amount_capturable - amount, true);
    Object.assign(intent, { status: 'succeeded', amount_received: amount, amount_capturable: 0 });
    emit('payment_intent.succeeded', shown(intent));
    return shown(intent, expandOf(p));
  }

  function cancel(intent, p) {
    if (['succeeded', 'canceled', 'processing'].includes(intent.status)) throw unexpected(intent, 'canceled');
    released(intent, intent.amount_capturable, false);
    Object.assign(intent, { status: 'canceled', canceled_at: now(), cancellation_reason: p.cancellation_reason ?? null, amount_capturable: 0, next_action: null });
    emit('payment_intent.canceled', shown(intent));
    return shown(intent, expandOf(p));
  }

  const isDisputed = (intent) => [...disputes.values()].some((one) => one.payment_intent === intent.id && ['needs_response', 'under_review', 'lost'].includes(one.status));
  function refund(p) {
    const intent = intentOf(p.payment_intent);
    if (intent.status !== 'succeeded') throw invalid('This PaymentIntent does not have a successful charge to refund.');
    if (isDisputed(intent)) throw invalid('The charge has been charged back.', { code: 'charge_disputed', payment_intent: shown(intent) });
    const left = intent.amount_received - stripe.refunds(intent.id).filter(({ id: one, status }) => status !== 'failed' && !releases.has(one)).reduce((sum, { amount }) => sum + amount, 0);
    const amount = Number(p.amount ?? left);
    if (left === 0) throw invalid('Charge has already been refunded.', { code: 'charge_already_refunded' });
    if (amount > left) throw invalid('Refund amount is greater than unrefunded amount on charge', { param: 'amount' });
    const made = {
      id: id('re'), object: 'refund', amount, currency: intent.currency, created: now(), metadata: metadataOf(p), payment_intent: intent.id, charge: intent.charge.id, balance_transaction: id('txn'), reason: p.reason ?? null,
      status: intent.card.pendingRefund ? 'pending' : 'succeeded',
    };
    refunds.set(made.id, made);
    emit('refund.created', made);
    if (intent.card.refundFails) setImmediate(() => stripe.refundEnds(made.id, 'failed')); /* "begins as succeeded. Some time later ..." (docs.stripe.com/testing) */
    return structuredClone(made);
  }

  function disputeOf(disputeId) {
    const one = disputes.get(disputeId);
    if (!one) throw invalid(`No such dispute: '${disputeId}'`, { code: 'resource_missing', param: 'dispute' }, 404);
    return one;
  }
  function disputeShown(one, p) {
    return { ...structuredClone(one), payment_intent: expandOf(p).includes('payment_intent') ? shown(intentOf(one.payment_intent)) : one.payment_intent };
  }
  /* The newest first (docs.stripe.com/api/disputes/list). */
  function disputesListed(p) {
    const within = { gt: (a, b) => a > b, gte: (a, b) => a >= b, lt: (a, b) => a < b, lte: (a, b) => a <= b };
    const bounds = Object.entries(p).flatMap(([name, value]) => (name.startsWith('created[') ? [[within[name.slice(8, -1)], Number(value)]] : []));
    const all = [...disputes.values()].reverse().sort((a, b) => b.created - a.created)
      .filter((one) => bounds.every(([holds, at]) => holds(one.created, at)) && (!p.payment_intent || one.payment_intent === p.payment_intent) && (!p.charge || one.charge === p.charge));
    if (p.starting_after) disputeOf(p.starting_after);
    const from = p.starting_after ? all.findIndex((one) => one.id === p.starting_after) + 1 : 0, limit = Number(p.limit ?? 10);
    const inner = { ...p, 'expand[]': expandOf(p).includes('data.payment_intent') ? 'payment_intent' : '' };
    return page(all.slice(from, from + limit).map((one) => disputeShown(one, inner)), all.length > from + limit, '/v1/disputes');
  }
  function respond(one, p) {
    if (!['warning_needs_response', 'needs_response'].includes(one.status)) throw invalid('This dispute is already closed, or its evidence was submitted.');
    for (const [name, value] of Object.entries(p)) {
      const [, key] = /^evidence\[(\w+)\]$/.exec(name) ?? [];
      if (key && key !== 'uncategorized_text' && !uploads.has(value)) throw invalid(`No such file upload: '${value}'`, { param: name });
      if (key) one.evidence[key] = value;
    }
    if (p.submit !== 'true') return disputeShown(one, p);
    one.status = one.status.replace('needs_response', 'under_review');
    one.evidence_details.submission_count += 1;
    return disputeShown(one, p);
  }
  function close(one, p) {
    if (!['needs_response', 'under_review'].includes(one.status)) throw invalid('This dispute is already closed.');
    one.status = 'lost';
    return disputeShown(one, p);
  }
  function upload(rq, text) {
    const [, boundary] = /^multipart\/form-data; boundary=(\S+)$/.exec(rq.headers['content-type']) ?? [];
    const parts = text.split(`--${boundary}`).slice(1, -1).map((part) => part.slice(2, -2).split('\r\n\r\n'));
    const found = (name) => parts.find(([head]) => head.includes(`name="${name}"`));
    if (found('purpose')?.[1] !== 'dispute_evidence' || !/Content-Type: (application\/pdf|image\/(png|jpeg))$/.test(found('file')?.[0])) return { status: 400, body: { error: { type: 'invalid_request_error', message: 'no file' } } };
    const known = [...uploads].find(([, one]) => one.key === rq.headers['idempotency-key']);
    if (known) return { status: 200, body: { id: known[0], object: 'file' } };
    const made = id('file');
    uploads.set(made, { key: rq.headers['idempotency-key'], content: found('file').slice(1).join('\r\n\r\n') });
    return { status: 200, body: { id: made, object: 'file' } };
  }

  const page = (data, hasMore, path) => ({ object: 'list', data, has_more: hasMore, url: path });

  function search(p) {
    const [, name, value] = /^metadata\['([^']+)'\]:'([^']*)'$/.exec(p.query) ?? [];
    if (!name) throw invalid('We were unable to parse your search query.', { param: 'query' });
    if (!stripe.hasSearch) throw invalid('The search feature is temporarily unavailable in your region.');
    const found = stripe.searchLags ? [] : [...intents.values()].filter(({ metadata }) => metadata[name] === value);
    return { ...page(found.map((intent) => shown(intent)), false, '/v1/payment_intents/search'), object: 'search_result' };
  }

  function list(p) {
    const all = stripe.refunds(p.payment_intent).reverse(), limit = Number(p.limit ?? 10);
    const from = p.starting_after ? all.findIndex((one) => one.id === p.starting_after) + 1 : 0;
    return page(structuredClone(all.slice(from, from + limit)), all.length > from + limit, '/v1/refunds');
  }

  function route(method, path) {
    const [, v1, kind, one, verb] = path.split('/');
    if (v1 !== 'v1') return null;
    if (kind === 'payment_intents' && method === 'POST') {
      if (!one) return ['create', create];
      if (verb === 'capture') return ['capture', (p) => capture(intentOf(one), p)];
      if (verb === 'cancel') return ['cancel', (p) => cancel(intentOf(one), p)];
    }
    if (kind === 'payment_intents' && method === 'GET' && one === 'search') return ['search', search];
    if (kind === 'payment_intents' && method === 'GET' && one && !verb) return ['retrieve', (p) => shown(intentOf(one), expandOf(p))];
    if (kind === 'disputes' && method === 'GET' && !one) return ['disputes', disputesListed];
    if (kind === 'disputes' && method === 'GET' && one && !verb) return ['retrieve', (p) => disputeShown(disputeOf(one), p)];
    if (kind === 'disputes' && method === 'POST' && one && !verb) return ['dispute', (p) => respond(disputeOf(one), p)];
    if (kind === 'disputes' && method === 'POST' && verb === 'close') return ['close', (p) => close(disputeOf(one), p)];
    if (kind === 'refunds' && method === 'POST' && !one) return ['refund', refund];
    if (kind === 'refunds' && method === 'GET' && !one) return ['refunds', list];
    return null;
  }

  function execute(kind, run, text) {
    try {
      return { status: 200, body: run(parameters(kind, text)) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: error.status, body: { error: error.error }, saved: error.saved };
    }
  }

  const SERVER_ERROR = { status: 500, body: { error: { type: 'api_error', message: 'An unknown error occurred' } } };

  /* Idempotency stands before the endpoint: the saved answer, or a conflict, or the execution. */
  function post(kind, run, text, idempotencyKey, path) {
    const before = saved.get(idempotencyKey);
    if (before && before.request !== `${path}?${text}`)
      return { status: 400, body: { error: { type: 'idempotency_error', message: 'Keys for idempotent requests can only be used with the same parameters they were first used with.' } } };
    if (before) return before.answer;
    const fault = stripe.fault;
    stripe.fault = null;
    if (fault === 'limited') return { status: 429, body: { error: { type: 'invalid_request_error', code: 'rate_limit', message: 'Too many requests' } } };
    if (fault === 'conflict') return { status: 409, body: { error: { type: 'idempotency_error', code: 'idempotency_key_in_use', message: 'There is another request with this key under way' } } };
    if (fault === 'error_before') return SERVER_ERROR;
    if (fault === 'broken_off') {
      create({ ...parameters(kind, text), brokenOff: true });
      saved.set(idempotencyKey, { request: `${path}?${text}`, answer: SERVER_ERROR });
      return SERVER_ERROR;
    }
    const answer = fault === 'error_after' ? (execute(kind, run, text), SERVER_ERROR) : execute(kind, run, text);
    if (answer.saved !== false) saved.set(idempotencyKey, { request: `${path}?${text}`, answer });
    return { ...answer, fault };
  }

  function answerOf(rq, text) {
    const { pathname, search: query } = new URL(rq.url, url);
    stripe.requests.push({ method: rq.method, path: pathname, text: text || query, key: rq.headers['idempotency-key'] });
    if (rq.headers.authorization !== `Bearer ${key}`) return { status: 401, body: { error: { type: 'invalid_request_error', message: 'Invalid API Key provided' } } };
    if (rq.headers['stripe-version'] !== VERSION) return { status: 400, body: { error: { type: 'invalid_request_error', message: 'Invalid Stripe API version' } } };
    if (rq.method === 'POST' && pathname === '/v1/files') return upload(rq, text);
    const found = route(rq.method, pathname);
    if (!found) return { status: 404, body: { error: { type: 'invalid_request_error', message: 'Unrecognized request URL' } } };
    if (rq.method === 'GET' && stripe.deaf) return { ...SERVER_ERROR, status: stripe.deaf };
    if (rq.method === 'GET') return execute(...found, query);
    if (rq.headers['content-type'] !== 'application/x-www-form-urlencoded') return { status: 400, body: { error: { type: 'invalid_request_error', message: 'form' } } };
    return post(...found, text, rq.headers['idempotency-key'], pathname);
  }

  /* An idle connection never ends by itself: a charge that is sent at that moment would have no outcome. */
  server = createServer({ keepAliveTimeout: 0 }, async (rq, rs) => {
    let text = '';
    for await (const piece of rq) text += piece;
    const { status, body, fault } = answerOf(rq, text);
    if (fault === 'hold') await new Promise((resolve) => { held.push(resolve); });
    if (fault === 'lost') return rq.socket.destroy();
    rs.writeHead(status, { 'content-type': 'application/json' });
    return rs.end(fault === 'garbage' ? JSON.stringify(body).slice(0, 60) : JSON.stringify(body));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${server.address().port}`;
  return Object.assign(stripe, { url });
}
