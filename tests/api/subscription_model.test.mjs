/*
 * Subscriptions against an independent model (tests/support/subscription_model.mjs): what a seed draws is done to some of them under a test clock, and
 * after each step the server and the model agree on states, calendars, invoices and their lines, payments, refunds, events and what comes next.
 *
 *   SEEDS=7,8 STEPS=60 FROM=2028-02-01T00:00:00Z ./stoa test api subscription_model      more of it; VERBOSE=1 tells what is done
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { newPartner } from '../support/partner.mjs';
import { pay } from '../support/people.mjs';
import { sharedStack } from '../support/stack.mjs';
import { SubscriptionModel } from '../support/subscription_model.mjs';

const SEEDS = (process.env.SEEDS ?? '3,8,14').split(',').map(Number);
const STEPS = Number(process.env.STEPS ?? 12);
const FROM = process.env.FROM ?? `${new Date().getUTCFullYear() + 1}-01-20T08:00:00Z`; /* the same days whenever it runs: ends of months, clocks that are set */
const NUMBERS = { good: '4242424242424242', soft: '4000000000001117', hard: '4000000000001224' };
const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'America/Sao_Paulo', 'Pacific/Apia', 'America/New_York', 'Australia/Lord_Howe'];
const PRICES = [['day', 1, 130], ['day', 1, 470], ['week', 1, 700], ['week', 1, 1990], ['week', 2, 990], ['month', 1, 1000], ['month', 1, 3330], ['month', 1, 20],
  ['month', 3, 2990], ['year', 1, 9990]];
const MOST = 6; /* subscriptions in a world */
const FIRST = 700; /* what is paid to keep a card */
const NOTICES = /renewal_upcoming|trial_ending|card_expiring/;
const DAY = 86_400;
const LONGEST = 45 * DAY; /* that a clock is set forward at once: each day of it may be a charge */
const SLACK = 120; /* seconds between what is asked for and what a job does at once, on a machine that is busy */

let s;

const sec = (text) => (text ? Math.floor(Date.parse(text) / 1000) : null);
const iso = (moment) => `${new Date(moment * 1000).toISOString().slice(0, 19)}Z`;
const pauses = (one) => one.status === 'paused' || one.status === 'unpaid';

/* The same numbers for the same seed (mulberry32). */
function dice(seed) {
  let state = seed;
  const next = () => {
    state = (state + 0x6D2B79F5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n) => Math.floor(next() * n);
  return { below, pick: (list) => list[below(list.length)], between: (a, b) => a + below(b - a + 1) };
}

class World {
  constructor(seed, partner) { Object.assign(this, { seed, partner, roll: dice(seed), subs: [], log: [] }); }

  call(method, path, body) { return pay(s.env, this.partner.token, method, path, body); }
  async post(path, body, status = 200) {
    const answer = await this.call('POST', path, body);
    assert.equal(answer.status, status, `${path} ${JSON.stringify(body)}: ${JSON.stringify(answer.body)}\n${this.story()}`);
    return answer.body;
  }
  async get(path) {
    const { status, body } = await this.call('GET', path);
    assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`);
    return body;
  }
  async all(path) {
    const list = [];
    for (let cursor = ''; cursor !== null;) {
      const page = await this.get(`${path}${path.includes('?') ? '&' : '?'}limit=100${cursor && `&cursor=${cursor}`}`);
      list.push(...page.data);
      cursor = page.has_more ? page.next_cursor : null;
    }
    return list;
  }
  async now() { return sec((await this.get('/v1/test_clock')).now); }
  async invoices({ base }) { return (await this.all(`${base}/invoices`)).reverse(); }
  async told(about) { return (await this.all(`/v1/events?about=${about}`)).sort((a, b) => a.sequence - b.sequence).map(({ type }) => type.split('.')[1]); }

  note(text) {
    this.log.push(text);
    if (process.env.VERBOSE === '1') console.log(this.seed, text);
  }
  story() { return [`seed ${this.seed}`, ...this.log].join('\n'); }

  async kept(number) {
    const buyer = randomUUID(), agent = createAgent();
    const payment = await this.post('/v1/payments', { store: this.store.id, amount: FIRST, currency: this.store.currency, description: 'The first', save_card: { buyer, email: `${buyer}@example.com`, required: true } }, 201);
    const set = await agent.submit(await agent.open(payment.checkout.url), { save_card: 'true' }, { button: 'Pay by card' });
    await agent.submit(set, { number, exp: '11/59', csc: '123' });
    return eventually(async () => (await this.get(`/v1/saved_cards?payment=${payment.id}`)).data[0], { what: 'the card is kept' });
  }

  async advanceTo(moment) {
    this.note(`advance to ${iso(moment)}`);
    await this.post('/v1/test_clock/advance', { to: iso(moment) }, 202);
    await eventually(async () => (await this.get('/v1/test_clock')).status === 'ready', { what: 'the clock is ready' });
  }

  async build() {
    await this.advanceTo(sec(FROM));
    const currency = this.roll.pick(['EUR', 'JPY', 'KWD']);
    this.store = await this.post('/v1/stores', { name: 'The platform', owner: 'partner', currency }, 201);
    const cards = await Promise.all(Object.entries(NUMBERS).map(async ([kind, number]) => [kind, await this.kept(number)]));
    this.cards = Object.fromEntries(cards);
    this.prices = await Promise.all(PRICES.map(async ([interval, count, amount]) => {
      const { id } = await this.post('/v1/prices', { store: this.store.id, name: `${amount} a ${interval}`, amount, currency, interval, interval_count: count }, 201);
      return { id, amount, interval, count };
    }));
    for (let i = 0; i < MOST / 2; i += 1) await this.subscribe();
  }

  async subscribe() {
    const { roll } = this, interval = roll.pick(['day', 'week', 'month', 'month', 'year']), price = roll.pick(this.prices.filter((one) => one.interval === interval));
    const zone = roll.pick(ZONES), card = roll.pick(['good', 'good', 'good', 'soft', 'hard']), quantity = roll.pick([1, 1, 3, 7]);
    const periods = roll.pick([undefined, undefined, roll.between(1, 12)]), whenUnpaid = roll.pick(['cancel', 'keep']);
    const starts = await this.now() + roll.between(SLACK, 40 * DAY);
    const made = await this.post('/v1/subscriptions', { price: price.id, saved_card: this.cards[card].id, zone, quantity, starts_at: iso(starts), periods, when_unpaid: whenUnpaid }, 201);
    const model = new SubscriptionModel({ price, quantity, zone, card, created: sec(made.created_at), starts, periods, whenUnpaid });
    this.note(`${made.id}: ${price.amount} per ${price.count} ${price.interval} x ${quantity}, ${card}, ${zone}, from ${iso(starts)}, periods ${periods}, ${whenUnpaid}`);
    this.subs.push({ id: made.id, base: `/v1/subscriptions/${made.id}`, model });
  }

  async advance() {
    const { roll } = this, alive = this.subs.filter(({ model }) => model.status !== 'canceled'), now = await this.now();
    const boundary = alive.length && roll.below(3) === 0 ? roll.pick(alive).model.end : 0; /* to the very moment at which a period ends */
    const to = boundary > now && boundary < now + LONGEST ? boundary : now + roll.pick([3600, DAY, 3 * DAY, 10 * DAY, 25 * DAY, 40 * DAY]) + roll.below(7200);
    await this.advanceTo(to);
    for (const { model } of this.subs) model.lead(to);
  }

  /* What the model says cannot be done is refused. */
  async act() {
    const one = this.roll.pick(this.subs), { model } = one;
    if (model.status === 'canceled') {
      if (this.subs.length < MOST) await this.subscribe();
      return;
    }
    const before = await this.now(), wish = this.roll.pick(WISHES);
    model.lead(before);
    const within = async (at) => assert.ok(at >= before - 1 && at <= await this.now() + 1, `${at && iso(at)} is after ${iso(before)}\n${this.story()}`);
    const status = model.status, what = await wish.call(this, one, within, before);
    if (!what) return;
    this.note(`${one.id}: ${what}, while ${status}`);
    await this.check(one);
  }

  async check(one) {
    const same = (found, wanted) => assert.deepEqual(found, wanted, this.story());
    await eventually(async () => same(...await this.compare(one)) ?? true, { what: `the server and the model agree on ${one.id}` })
      .catch(async (error) => { throw error.cause ?? error; });
  }

  /* [what the server says, what the model says] */
  async compare({ id, base, model }) {
    model.lead(await this.now()); /* the clock goes on meanwhile */
    const [read, invoices, told] = [await this.get(base), await this.invoices({ base }), await this.told(id)];
    const isBegun = model.period >= 0, next = ['active', 'trialing'].includes(model.status) ? await this.get(`${base}/upcoming`) : null;
    invoices.forEach(({ given_up_at: at }, i) => { /* a job has asked the card, at its own moment */
      const { givenUp } = model.invoices[i] ?? {};
      if (givenUp && Math.abs(givenUp - sec(at)) < SLACK) Object.assign(model.invoices[i], { givenUp: sec(at), failed: sec(at) - 7 * DAY });
    });
    const payments = await Promise.all(invoices.map(({ payment }) => payment && this.get(`/v1/payments/${payment}`)));
    const events = await Promise.all(invoices.map((invoice) => this.told(invoice.id)));
    const found = {
      status: read.status, period: read.period, start: isBegun && sec(read.period_start), end: sec(read.period_end), price: read.price, quantity: read.quantity, balance: read.balance,
      atPeriodEnd: read.cancel_at_period_end, canceledAt: sec(read.canceled_at), events: told.filter((type) => !NOTICES.test(type)),
      next: next && (next.ends ? { at: sec(next.at), ends: true } : { at: sec(next.at), ends: false, total: next.total, due: next.amount_due, applied: next.balance_applied }),
      invoices: invoices.map((i, n) => ({ kind: i.kind, period: i.period, start: sec(i.period_start), end: sec(i.period_end), status: i.status, total: i.total, applied: i.balance_applied, due: i.amount_due,
        declined: i.attempts_declined, next: sec(i.next_attempt_at), givenUp: sec(i.given_up_at), events: events[n],
        lines: i.lines.map((l) => `${l.type} ${l.quantity} ${l.amount} ${sec(l.from)} ${sec(l.to)}`), captured: payments[n]?.amount_captured ?? 0, refunded: payments[n]?.amount_refunded ?? 0 })),
    };
    const wanted = {
      status: model.status, period: model.period, start: isBegun && model.start, end: model.end, price: model.price.id, quantity: model.quantity, balance: model.balance,
      atPeriodEnd: model.atPeriodEnd, canceledAt: model.canceledAt ?? null, events: model.events, next: next && model.upcoming(),
      invoices: model.invoices.map((i) => ({ kind: i.kind, period: i.period, start: i.start, end: i.end, status: i.status, total: i.total, applied: i.applied, due: i.due,
        declined: i.declined, next: i.next, givenUp: i.givenUp, events: i.events,
        lines: i.lines.map((l) => `${l.type} ${l.quantity} ${l.amount} ${l.from} ${l.to}`), captured: i.status === 'paid' ? i.due : 0, refunded: i.refunded })),
    };
    return [found, wanted];
  }

  /* Nothing was charged or given back beside the invoices. */
  async sums() {
    const payments = await this.all(`/v1/payments?store=${this.store.id}`), invoices = this.subs.flatMap(({ model }) => model.invoices);
    const sum = (list, of) => list.reduce((all, one) => all + of(one), 0);
    assert.deepEqual([sum(payments, (one) => one.amount_captured), sum(payments, (one) => one.amount_refunded)],
      [sum(invoices.filter(({ status }) => status === 'paid'), ({ due }) => due) + 3 * FIRST, sum(invoices, ({ refunded }) => refunded)], this.story());
  }
}

/* Each does something to a subscription and its model, and says what; nothing: there was nothing to do. */

async function change({ base, model }, within) {
  const { roll } = this, fits = this.prices.filter(({ interval, count }) => interval === model.price.interval && count === model.price.count);
  const price = roll.pick([undefined, ...fits]), quantity = price ? roll.pick([undefined, 1, 2, 5]) : roll.between(1, 6), wish = { price: price?.id, quantity };
  const { status, body } = await this.call('POST', `${base}/change`, { ...wish, preview: true });
  if (!['trialing', 'active'].includes(model.status)) {
    assert.equal(status, 409, this.story());
    return 'change, refused';
  }
  assert.equal(status, 200, JSON.stringify(body) + this.story());
  const at = sec(body.at);
  await within(at);
  assert.deepEqual({ unused: body.unused, rest: body.rest, due: body.amount_due, balance: body.balance }, model.preview({ price, quantity }, at), this.story());
  await this.post(`${base}/change`, { ...wish, at: body.at });
  model.change({ price, quantity }, at);
  return `change to ${price?.amount} x ${quantity} at ${body.at}`;
}

async function changeTwice(one, within) {
  const first = await change.call(this, one, within);
  await this.check(one);
  return `${first}; ${await change.call(this, one, within)}`;
}

async function pause({ base, model }) {
  const { status } = await this.call('POST', `${base}/pause`), may = model.status === 'active' && !model.atPeriodEnd;
  assert.equal(status, may ? 200 : 409, this.story());
  if (may) model.pause();
  return `pause: ${status}`;
}

async function resume({ base, model }, within, before) {
  const { status, body } = await this.call('POST', `${base}/resume`), owes = model.status === 'unpaid' && model.open;
  const isWaiting = pauses(model) && !owes;
  const isCut = model.cancelAt && model.cancelUnused === 'refund' && model.end === model.cancelAt;
  const may = isWaiting || (!model.isOpenEnded && !isCut);
  assert.equal(status, may ? 200 : 409, JSON.stringify(body) + this.story());
  if (!may) return 'resume, refused';
  const goesOn = !isWaiting || (before < model.end && !model.isLost);
  const at = goesOn ? before : sec(body.canceled_at) ?? sec(body.period_start);
  await within(at);
  if (isWaiting) model.goOn(at); else model.endTakeBack();
  return `resume at ${iso(at)}`;
}

async function endWithPeriod({ base, model }, within) {
  const { canceled_at: at } = await this.post(`${base}/cancel`, { at_period_end: true });
  if (at) await within(sec(at));
  model.endWithPeriod(sec(at));
  return 'cancel with the period';
}

async function endNow({ base, model }, within) {
  const unused = this.roll.pick(['none', 'refund']), { canceled_at: at } = await this.post(`${base}/cancel`, { unused });
  await within(sec(at));
  model.atPeriodEnd = false;
  model.endNow(sec(at), unused);
  return `cancel, ${unused}`;
}

async function endAt({ base, model }) {
  const at = await this.now() + this.roll.between(SLACK, 50 * DAY), unused = this.roll.pick(['none', 'refund']);
  const { status } = await this.call('POST', `${base}/cancel`, { cancel_at: iso(at), unused });
  if (status === 200) model.endAt(at, unused);
  else assert.ok(status === 422 && (model.periods || model.cancelAt), this.story());
  return `cancel at ${iso(at)}, ${unused}: ${status}`;
}

async function card({ base, model }, within, before) {
  const kind = this.roll.pick(['good', 'good', 'soft', 'hard']), { open } = model;
  await this.post(`${base}/card`, { saved_card: this.cards[kind].id });
  if (kind === model.card) return `card ${kind}, as it is`;
  model.card = kind;
  model.events.push('updated');
  if (!open) return `card ${kind}`;
  if (model.status === 'unpaid' && kind === 'good' && before >= model.end) { /* of the period of then it owes what is left */
    const rest = await eventually(async () => (await this.invoices({ base })).find(({ period }) => period > model.period), { what: 'it pays for the rest of a period' });
    await within(model.now = sec(rest.period_start));
  }
  model.charge(open);
  model.lead(await this.now());
  return `card ${kind}, for what is open`;
}

async function refund({ base, model }) {
  const invoices = await this.invoices({ base }), n = this.roll.below(invoices.length), mine = model.invoices[n];
  if (mine?.status !== 'paid' || mine.due === mine.refunded) return undefined;
  const amount = this.roll.between(1, mine.due - mine.refunded);
  await this.post(`/v1/payments/${invoices[n].payment}/refunds`, { amount });
  mine.refunded += amount;
  return `refund of ${amount} of invoice ${n}`;
}

async function payNot({ base, model }, within, before) {
  if (!model.open || model.status === 'unpaid') return undefined; /* whose payment may have expired */
  const { payment } = (await this.invoices({ base })).find(({ status }) => status === 'open'), { kind } = model.open;
  await this.post(`/v1/payments/${payment}/cancel`);
  const now = await eventually(async () => { const read = await this.get(base); return read.status !== 'past_due' && read; }, { what: 'nobody owes it' });
  model.now = sec(now.canceled_at) ?? before;
  await within(model.now);
  model.payNot();
  model.lead(await this.now());
  return `the payment of ${kind} is canceled`;
}

async function forgive({ base, model }, within, before) {
  if (!model.open) return undefined;
  const { id } = (await this.invoices({ base })).find(({ status }) => status === 'open'), { kind } = model.open;
  await this.post(`/v1/invoices/${id}/void`);
  model.now = before;
  if (model.status === 'unpaid' && before >= model.end) { /* of the period of then it owes what is left */
    const rest = await eventually(async () => { const read = await this.get(base); return (read.period > model.period || read.canceled_at) && read; }, { what: 'it goes on with the period of now' });
    await within(model.now = sec(rest.canceled_at ?? rest.period_start));
  }
  model.forgive();
  model.lead(await this.now());
  return `${kind} is forgiven`;
}

async function retry({ base, model }) {
  if (!model.open) return undefined;
  const { id } = (await this.invoices({ base })).find(({ status }) => status === 'open');
  const { status } = await this.call('POST', `/v1/invoices/${id}/retry`);
  if (status === 200) model.charge(model.open);
  else assert.ok(status === 409 && model.card === 'hard', this.story());
  return `retry: ${status}`;
}

const WISHES = [change, change, changeTwice, pause, resume, resume, endWithPeriod, endNow, endAt, card, card, refund, forgive, forgive, payNot, retry];

before(async () => { s = await sharedStack(); });
after(async () => {
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await s?.stop();
});

describe('what is done to subscriptions comes to what the model says', { concurrency: true }, () => {
  for (const seed of SEEDS) {
    test(`seed ${seed}`, async () => {
      const world = new World(seed, await newPartner(s, '--sandbox'));
      await world.build();
      for (let i = 0; i < STEPS; i += 1) {
        if (i % 3) await world.act();
        else {
          await world.advance();
          for (const one of world.subs) await world.check(one);
        }
      }
      await world.sums();
      await world.partner.remove();
    });
  }
});
