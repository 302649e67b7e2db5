/*
 * What docs/protocol/pay-api.md ("Subscriptions") says becomes of a subscription, as one object that is led from moment to moment: an independent
 * opinion for tests/api/subscription_model.test.mjs, written without the server's rules. Seconds of UTC; amounts in minor units.
 */
import { boundary, retryAt, used } from './calendar_model.mjs';

const DAY = 86_400;
const RETRY_DAYS = [1, 3, 5, 7];
const sum = (list, of) => list.reduce((all, one) => all + of(one), 0);

export class SubscriptionModel {
  /* card: 'good', 'soft', 'hard': what it says without its holder. starts: a moment to come. */
  constructor({ price, quantity, zone, card, created, starts, periods, ends, whenUnpaid = 'cancel' }) {
    Object.assign(this, { price, quantity, zone, card, periods, ends, whenUnpaid, now: created, start: created, end: starts });
    Object.assign(this, { status: 'trialing', period: -1, balance: 0, invoices: [], events: ['created'], atPeriodEnd: false });
    this.calendar = { zone, first: starts, interval: price.interval, count: price.count };
  }

  get open() { return this.invoices.find(({ status }) => status === 'open'); }
  get amount() { return this.price.amount * this.quantity; }
  /* Start and end of the whole period, also of one that is charged in part. */
  get bounds() { return [boundary(this.calendar, this.period), boundary(this.calendar, this.period + 1)]; }
  get isOpenEnded() { return !this.atPeriodEnd && !this.cancelAt; }

  /* Everything that comes by itself until a moment, that one included. */
  lead(moment) {
    for (let next = this.next(); next && next.at <= moment; next = this.next()) {
      this.now = Math.max(next.at, this.now);
      next.does();
    }
    this.now = Math.max(moment, this.now);
  }

  next() {
    if (this.status === 'canceled') return null;
    const all = [];
    if (this.cancelAt) all.push({ at: this.cancelAt, does: () => this.endNow(this.cancelAt, this.cancelUnused) });
    if (this.open && this.open.next) all.push({ at: this.open.next, does: () => this.charge(this.open) });
    if (this.open?.givenUp) all.push({ at: this.open.givenUp, does: () => this.giveUp(this.open) });
    if (['trialing', 'active'].includes(this.status) && !this.open) all.push({ at: this.end, does: () => this.renew() });
    return all.sort((a, b) => a.at - b.at)[0];
  }

  isOver(period) { return this.atPeriodEnd || (this.periods && period >= this.periods) || (this.ends && boundary(this.calendar, period) >= this.ends); }

  /* A daily period that has no length, where a zone skips a day, is none. */
  following() {
    let n = this.period + 1;
    while (boundary(this.calendar, n + 1) === boundary(this.calendar, n)) n += 1;
    return n;
  }

  /* What an amount for the whole period is for the time between, until the end of what is charged of it. */
  part(amount, from, to = this.end) {
    const [start, whole] = this.bounds;
    return to > from ? used(amount, start, whole, to) - used(amount, start, whole, from) : 0;
  }

  renew() {
    const n = this.following();
    if (this.isOver(n)) return this.cancel(this.end);
    this.begin(n, boundary(this.calendar, n));
  }

  /* The period n, of which what is before `from` is not charged. */
  begin(n, from) {
    this.period = n;
    this.paid = { price: this.price, quantity: this.quantity, amount: 0 };
    this.isLost = false;
    const [start, whole] = this.bounds;
    const cut = this.cancelAt && this.cancelUnused === 'refund' && this.cancelAt > start && this.cancelAt < whole ? this.cancelAt : whole;
    Object.assign(this, { start: from, end: cut });
    this.invoice('period', [{ type: 'period', quantity: this.quantity, amount: this.part(this.amount, from), from, to: cut }]);
  }

  due(total) { return Math.max(0, total - this.balance); }

  invoice(kind, lines) {
    const total = sum(lines, ({ amount }) => amount), due = this.due(total), applied = total - due;
    this.balance -= applied;
    const made = { kind, period: this.period, start: lines[0].from, end: this.end, lines, total, applied, due, status: due ? 'open' : 'paid', events: ['created'],
      declined: 0, next: null, givenUp: null, refunded: 0, price: this.price, quantity: this.quantity, worth: this.amount };
    this.invoices.push(made);
    if (this.status === 'trialing') { this.status = 'active'; this.events.push('updated'); }
    if (due) this.charge(made);
    else this.tellPaid(made);
  }

  charge(invoice) {
    if (this.card === 'good') return this.settle(invoice);
    invoice.declined += 1;
    invoice.failed ??= this.now;
    const isSoft = this.card === 'soft', days = RETRY_DAYS.map((day) => retryAt(this.zone, invoice.failed, day, day === 7));
    invoice.next = isSoft ? days.find((at) => at > this.now) ?? null : null;
    invoice.givenUp = isSoft ? null : invoice.failed + 7 * DAY;
    const isLast = isSoft ? !invoice.next : this.now >= invoice.givenUp;
    invoice.events.push(isSoft || isLast ? 'payment_failed' : 'action_required');
    if (isLast) return this.giveUp(invoice);
    if (this.status === 'active') { this.status = 'past_due'; this.events.push('past_due'); }
  }

  /* It is, and that is what its period is paid for. */
  tellPaid(invoice) {
    invoice.events.push('paid');
    this.paid = { price: invoice.price, quantity: invoice.quantity, amount: invoice.worth };
  }

  settle(invoice) {
    Object.assign(invoice, { status: 'paid', next: null, givenUp: null });
    this.tellPaid(invoice);
    if (this.status === 'unpaid') return this.goOn(this.now);
    if (this.status === 'past_due') { this.status = 'active'; this.events.push('updated'); }
  }

  giveUp(invoice) {
    if (this.whenUnpaid === 'keep') {
      Object.assign(invoice, { next: null, givenUp: null });
      if (this.status !== 'unpaid') this.events.push('unpaid');
      this.status = 'unpaid';
      return;
    }
    this.close(invoice, 'uncollectible');
    this.cancel(this.now);
  }

  close(invoice, status) {
    Object.assign(invoice, { status, next: null, givenUp: null });
    this.balance += invoice.applied;
    invoice.events.push(status);
  }

  cancel(at) {
    Object.assign(this, { status: 'canceled', canceledAt: at });
    this.events.push('canceled');
  }

  endNow(at, unused) {
    if (this.open) this.close(this.open, 'void');
    if (unused === 'refund') this.giveBack(at);
    this.cancel(at);
  }

  /* The newest payments first, each less what was given back of it by hand. */
  giveBack(at) {
    let back = Math.max(0, this.balance + this.part(this.paid?.amount ?? 0, at));
    this.balance = Math.min(0, this.balance);
    for (const invoice of [...this.invoices].reverse().filter(({ status, due }) => status === 'paid' && due)) {
      const part = Math.min(back, invoice.due);
      invoice.refunded += Math.max(0, part - invoice.refunded);
      back -= part;
    }
  }

  /* The open invoice is void, and what it is for is given. */
  forgive() {
    this.close(this.open, 'void');
    if (this.status === 'unpaid') return this.goOn(this.now);
    if (this.status === 'past_due') { this.status = 'active'; this.events.push('updated'); }
  }

  /* The payment of the open invoice is canceled. */
  payNot() {
    const { open } = this;
    this.close(open, 'void');
    if (open.kind === 'change') {
      Object.assign(this, { price: this.paid.price, quantity: this.paid.quantity, status: 'active' });
      this.events.push('updated');
    } else if (this.whenUnpaid === 'cancel') this.cancel(this.now);
    else {
      this.isLost = true;
      if (this.status !== 'unpaid') { this.status = 'unpaid'; this.events.push('unpaid'); }
    }
  }

  isNone({ price, quantity }) { return price.id === this.price.id && quantity === this.quantity; }

  preview({ price = this.price, quantity = this.quantity }, at) {
    if (this.status === 'trialing' || this.isNone({ price, quantity })) return { unused: 0, rest: 0, due: 0, balance: this.balance };
    const lines = { unused: -this.part(this.paid.amount, at) || 0, rest: this.part(price.amount * quantity, at) };
    const total = lines.unused + lines.rest, due = this.due(total);
    return { ...lines, due, balance: this.balance - (total - due) };
  }

  change(wish, at) {
    const { price = this.price, quantity = this.quantity } = wish, { unused, rest: more } = this.preview(wish, at);
    if (this.isNone({ price, quantity })) return;
    const old = this.paid?.quantity;
    Object.assign(this, { price, quantity });
    this.events.push('updated');
    if (this.status === 'trialing') return;
    this.invoice('change', [{ type: 'unused', quantity: old, amount: unused, from: at, to: this.end }, { type: 'rest', quantity, amount: more, from: at, to: this.end }]);
  }

  pause() { this.status = 'paused'; this.events.push('paused'); }

  endWithPeriod(at) {
    if (['past_due', 'unpaid'].includes(this.status) || (this.status === 'paused' && at)) return this.endNow(at, 'none');
    this.events.push('updated');
    Object.assign(this, { atPeriodEnd: true, cancelAt: null, status: this.status === 'paused' ? 'active' : this.status });
  }

  endAt(at, unused) {
    Object.assign(this, { atPeriodEnd: false, cancelAt: at, cancelUnused: unused });
    this.events.push('updated');
  }

  endTakeBack() {
    Object.assign(this, { atPeriodEnd: false, cancelAt: null });
    this.events.push('updated');
  }

  /* It was paused, or its debt is paid or forgiven: of the period of now it owes what is left, also when nobody owes that of then (isLost). */
  goOn(at) {
    this.status = 'active';
    if (at < this.end && !this.isLost) { this.events.push('resumed'); return; }
    let n = this.period;
    while (boundary(this.calendar, n + 1) <= at) n += 1;
    if (this.isOver(n)) return this.cancel(at);
    this.events.push('resumed');
    this.begin(n, at);
  }

  /* What is charged next by itself, as `upcoming` says it. */
  upcoming() {
    const n = this.following();
    if (this.cancelAt && this.cancelAt <= this.end) return { at: this.cancelAt, ends: true };
    if (this.isOver(n)) return { at: this.end, ends: true };
    const [start, whole] = [boundary(this.calendar, n), boundary(this.calendar, n + 1)];
    const end = this.cancelAt && this.cancelUnused === 'refund' && this.cancelAt < whole ? this.cancelAt : whole;
    const total = used(this.amount, start, whole, end), due = this.due(total);
    return { at: this.end, ends: false, total, due, applied: total - due };
  }
}
