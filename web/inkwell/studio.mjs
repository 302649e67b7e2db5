/* The writer's side: connect payments, open a store, publish, be paid out. Every fact about money is asked of Stoa, none is kept here. */
import { randomBytes } from 'node:crypto';
import { minorOf } from './html.mjs';
import * as pages from './pages.mjs';
import { PayError } from '../client/pay.mjs';
import { thisMonth } from './statements.mjs';
import { checkCsrf, formKey, redirect, sendPage } from './web.mjs';

const SALES_SHOWN = 50, LOOKS = 20;

/* One look at a long list may find few of what is asked for, or none, and says where the next one begins. */
async function listed(list, query) {
  const found = [];
  let cursor;
  for (let look = 0; look < LOOKS && found.length < SALES_SHOWN && cursor !== null; look += 1) {
    const page = await list({ ...query, cursor });
    found.push(...page.data);
    cursor = page.next_cursor;
  }
  return found;
}

const sumOf = (list, currency) => (list ?? []).filter((one) => one.currency === currency).reduce((sum, one) => sum + one.amount, 0);

export const saleOf = (state) => (payment) => ({
  id: payment.id,
  title: state.data.orders.find((order) => order.payment === payment.id)?.title ?? payment.description,
  status: payment.amount_disputed > 0 ? 'disputed' : payment.amount_refunded === payment.amount ? 'refunded' : payment.amount_refunded > 0 ? 'partly_refunded' : payment.status,
  amount: payment.amount,
  refunded: payment.amount_refunded,
  disputed: payment.amount_disputed,
  currency: payment.currency,
  shares: Object.fromEntries(payment.split.map(({ party, amount }) => [party, amount])),
});

/* A refusal as a writer reads it: the field by the name that it has on the page, not by that of the API. */
const FIELDS = {
  iban: 'IBAN', holder_name: 'Account holder', 'address.country': 'Country', 'address.town': 'Town', 'address.street': 'Street and number', 'address.postcode': 'Postcode',
  amount: 'Amount', code: 'Code', name: 'Name of the store', requisite: 'Bank account', user: 'Your account',
};
const refusalOf = ({ message, problem: { param } }) => {
  if (!param || !message.startsWith(`${param}: `)) return message;
  return `${FIELDS[param] ?? 'Your details'}: ${message.slice(param.length + 2)}.`;
};

export function createStudio({ state, stoa, policy }) {
  const connectionOf = (account) => state.data.connections[account.id];

  async function fundsOf(account) {
    const [user, balance, requisites, payouts, schedules, confirmations] = await Promise.all([
      stoa.writer(account.id).users.read('me'),
      stoa.writer(account.id).balance.read(),
      stoa.writer(account.id).requisites.list(connectionOf(account).user),
      stoa.writer(account.id).payouts.list(),
      stoa.writer(account.id).payoutSchedules.list(),
      stoa.writer(account.id).confirmations.list({ status: 'awaiting_code' }),
    ]);
    const stopped = sumOf(payouts.data.filter((one) => pages.isStopped(one, user.payouts_frozen)), 'EUR');
    return {
      areStopped: user.payouts_frozen,
      payoutsFrom: Date.parse(user.payouts_from) > Date.now() ? user.payouts_from : undefined,
      available: sumOf(balance.available, 'EUR'),
      stopped,
      inTransit: sumOf(balance.in_transit, 'EUR') - stopped,
      accounts: requisites.data.filter(({ status }) => status === 'active'),
      cooling: requisites.data.filter(({ status }) => status === 'cooling'),
      dead: requisites.data.find(({ disabled_reason: why }) => ['returned', 'rejected'].includes(why)),
      schedule: schedules.data.find(({ status }) => status !== 'ended'),
      waiting: confirmations.data.find(({ operation, status }) => operation === 'requisite' && status === 'awaiting_code'),
      payouts: payouts.data,
    };
  }

  /* A store that waits for its writer's code is asked about until it has begun, or has come to nothing and another may be opened. */
  async function storeOf(account) {
    const connection = connectionOf(account);
    if (!connection?.store?.waits) return connection?.store;
    const { status } = await stoa.writer(account.id).stores.read(connection.store.id);
    if (status === 'closed') delete connection.store;
    else connection.store.waits = status === 'pending_confirmation';
    state.save();
    return connection.store;
  }

  /* error: why what was typed was refused; it stays in its form then. */
  async function studio(context, error) {
    if (stoa.isLost(context.account.id)) return sendPage(context.response, error ? 422 : 200, pages.reconnectPage(context, error), policy);
    const store = await storeOf(context.account);
    const view = { connected: Boolean(connectionOf(context.account)), month: thisMonth(), store, error, typed: (name) => (error && context.form?.get(name)) || undefined };
    if (store?.waits) {
      [view.waiting] = (await stoa.writer(context.account.id).confirmations.list({ subject: store.id, status: 'awaiting_code' })).data;
    } else if (store) {
      view.articles = state.data.articles.filter((article) => article.author === context.account.id);
      view.sales = (await listed(stoa.partner.payments.list, { store: store.id, status: 'succeeded' })).map(saleOf(state));
      view.money = await fundsOf(context.account);
    }
    return sendPage(context.response, error ? 422 : 200, pages.studioPage(context, view), policy);
  }

  /* again: what is done when he is back. */
  async function toStoa(context, proof, again) {
    const { flow, url } = await stoa.startConnect(proof);
    context.session.connect = { ...flow, again };
    redirect(context.response, url);
  }

  /*
   * Refusals of the payment API are the writer's to read; everything else is ours. Where it wants to see first that it is him, he logs in at Stoa
   * as it says, and the same is asked for once more, by the same key; what that does not help is shown.
   */
  async function orProve(context, act) {
    try {
      redirect(context.response, await act());
    } catch (error) {
      if (!(error instanceof PayError) || error.status >= 500) throw error;
      const proof = !context.isProven && stoa.proofFor(error);
      await (proof ? toStoa(context, proof, act) : studio(context, refusalOf(error)));
    }
  }

  /* What needs a code goes on at its page. */
  async function orShow(context, act) {
    checkCsrf(context.session, context.form);
    await orProve(context, async () => {
      const made = await act();
      return made?.confirmation ? `/studio/confirmations/${made.confirmation.id}` : made?.next ?? '/studio';
    });
  }

  async function payoutPage(context, id, notice = {}) {
    const writer = stoa.writer(context.account.id);
    const [payout, user] = await Promise.all([writer.payouts.read(id), writer.users.read('me')]);
    sendPage(context.response, notice.error ? 422 : 200, pages.payoutPage(context, payout, { ...notice, areStopped: user.payouts_frozen }), policy);
  }

  async function schedulePage(context, id, notice = {}) {
    const schedule = await stoa.writer(context.account.id).payoutSchedules.read(id);
    sendPage(context.response, notice.error ? 422 : 200, pages.schedulePage(context, schedule, notice), policy);
  }

  async function confirmationPage(context, id, notice = {}) {
    const confirmation = await stoa.writer(context.account.id).confirmations.read(id);
    sendPage(context.response, notice.error ? 422 : 200, pages.confirmationPage(context, confirmation, notice), policy);
  }

  /* Both kinds of codes: on with it, or the page again that says why not. */
  async function orAgain(context, act, again) {
    checkCsrf(context.session, context.form);
    try {
      redirect(context.response, await act());
    } catch (error) {
      if (!(error instanceof PayError) || error.status >= 500) throw error;
      await again({ error: refusalOf(error), left: error.problem.attempts_left });
    }
  }

  /* Of a button that is pressed twice the payment API makes one thing, and answers the same twice. */
  const once = (context) => ({ key: formKey(context) });

  const sentIn = (context) => ({ sent: context.url.searchParams.has('sent') });

  return {
    show: (context) => studio(context),

    connect: (context) => toStoa(context),

    async connected(context) {
      const flow = context.session.connect;
      delete context.session.connect;
      if (context.url.searchParams.has('error')) {
        return studio(context, flow?.again ? 'Nothing was done: for this Stoa wants a log-in with a second factor. Add an authenticator app on your account page there, and ask again.' : 'Payments were not connected: you did not give your consent.');
      }
      if (!flow) return redirect(context.response, '/studio');
      await stoa.finishConnect(context.account.id, flow, context.url);
      const user = await stoa.writer(context.account.id).users.create({ name: context.account.name }, { key: `user-${context.account.id}` });
      connectionOf(context.account).user = user.id;
      state.save();
      return flow.again ? orProve({ ...context, isProven: true }, flow.again) : redirect(context.response, '/studio');
    },

    openStore: (context) => orShow(context, async () => {
      const store = await stoa.writer(context.account.id).stores.create({ name: context.form.get('name').trim(), currency: 'EUR' }, once(context));
      connectionOf(context.account).store = { id: store.id, name: store.name, waits: Boolean(store.confirmation) };
      state.save();
      return store;
    }),

    publish: (context) => orShow(context, async () => {
      const price = minorOf(context.form.get('price'));
      if (!price) throw new PayError(422, { detail: 'The price is an amount like 10.00.' });
      const id = formKey(context)?.slice(0, 16) ?? randomBytes(8).toString('hex');
      if (state.data.articles.some((article) => article.id === id)) return;
      state.data.articles.push({
        id,
        author: context.account.id,
        authorName: context.account.name,
        store: connectionOf(context.account).store.id,
        title: context.form.get('title').trim(),
        teaser: context.form.get('teaser').trim(),
        body: context.form.get('body').trim(),
        price,
        currency: 'EUR',
      });
      state.save();
    }),

    addRequisite: (context) => orShow(context, async () => {
      const field = (name) => context.form.get(name)?.trim() || undefined;
      return stoa.writer(context.account.id).requisites.create(connectionOf(context.account).user, {
        type: 'bank_account',
        iban: field('iban'),
        holder_name: field('holder_name'),
        address: { country: field('country')?.toUpperCase(), town: field('town'), street: field('street'), postcode: field('postcode') },
      }, once(context));
    }),

    async requestPayout(context) {
      checkCsrf(context.session, context.form);
      const amount = minorOf(context.form.get('amount'));
      if (!amount) return studio(context, 'The amount to withdraw is a number like 7.00.');
      return orProve(context, async () => {
        const payout = await stoa.writer(context.account.id).payouts.create(
          { amount, currency: 'EUR', requisite: context.form.get('requisite') }, once(context));
        return `/studio/payouts/${payout.id}`;
      });
    },

    addSchedule: (context) => orShow(context, async () => {
      const every = context.form.get('every');
      const made = await stoa.writer(context.account.id).payoutSchedules.create({
        requisite: context.form.get('requisite'), currency: 'EUR', every, at: '09:00', zone: 'Europe/Berlin', day: { week: 1, month: 31 }[every],
      }, once(context));
      return { next: `/studio/schedules/${made.id}` };
    }),

    schedule: (context, id) => schedulePage(context, id),

    confirmSchedule: (context, id) => orAgain(context, async () => {
      await stoa.writer(context.account.id).payoutSchedules.confirm(id, { code: context.form.get('code') }, once(context));
      return '/studio';
    }, (notice) => schedulePage(context, id, notice)),

    changeSchedule: (context, id) => orAgain(context, async () => {
      const act = context.form.get('act');
      if (!['pause', 'resume', 'end'].includes(act)) throw new PayError(422, { title: 'A schedule is paused, resumed or ended.' });
      await stoa.writer(context.account.id).payoutSchedules[act](id, once(context));
      return '/studio';
    }, (notice) => schedulePage(context, id, notice)),

    payout: (context, id) => payoutPage(context, id, sentIn(context)),

    confirmPayout: (context, id) => orAgain(context, async () => {
      await stoa.writer(context.account.id).payouts.confirm(id, { code: context.form.get('code') }, once(context));
      return `/studio/payouts/${id}`;
    }, (notice) => payoutPage(context, id, notice)),

    resendCode: (context, id) => orAgain(context, async () => {
      await stoa.writer(context.account.id).payouts.resend(id, once(context));
      return `/studio/payouts/${id}?sent=1`;
    }, (notice) => payoutPage(context, id, notice)),

    cancelPayout: (context, id) => orAgain(context, async () => {
      await stoa.writer(context.account.id).payouts.cancel(id, once(context));
      return `/studio/payouts/${id}`;
    }, (notice) => payoutPage(context, id, notice)),

    confirmation: (context, id) => confirmationPage(context, id, sentIn(context)),

    confirm: (context, id) => orAgain(context, async () => {
      await stoa.writer(context.account.id).confirmations.confirm(id, { code: context.form.get('code') }, once(context));
      return '/studio';
    }, (notice) => confirmationPage(context, id, notice)),

    resendConfirmation: (context, id) => orAgain(context, async () => {
      await stoa.writer(context.account.id).confirmations.resend(id, once(context));
      return `/studio/confirmations/${id}?sent=1`;
    }, (notice) => confirmationPage(context, id, notice)),

    async desk(context) {
      const [balance, payments] = await Promise.all([
        stoa.partner.balance.read({ party: 'partner' }),
        stoa.partner.payments.list({ status: 'succeeded' }),
      ]);
      const view = { available: sumOf(balance.available, 'EUR'), sales: payments.data.map(saleOf(state)) };
      sendPage(context.response, 200, pages.deskPage(context, view), policy);
    },
  };
}
