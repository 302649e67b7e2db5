/* The reader's side: read, buy inside the page, read on. A purchase counts when Stoa says so, by webhook or when asked. */
import { randomBytes } from 'node:crypto';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import * as pages from './pages.mjs';
import { checkCsrf, formKey, readBody, redirect, sendPage } from './web.mjs';

export function createShop({ state, stoa, publicUrl, payApi, policy }) {
  const articleOf = (id) => state.data.articles.find((article) => article.id === id);
  const orderOf = (id, account) => state.data.orders.find((order) => order.id === id && order.buyer === account?.id);
  const isOwned = (article, account) => Boolean(account) && (article.author === account.id
    || state.data.orders.some((order) => order.article === article.id && order.buyer === account.id && order.status === 'paid'));

  /* The payment must be the one this order made, over this order's price. */
  function settle(payment) {
    const order = state.data.orders.find((one) => one.payment === payment.id);
    if (!order || payment.status !== 'succeeded' || payment.amount !== order.amount || payment.currency !== order.currency) return;
    order.status = 'paid';
    state.save();
  }

  /* An order that can still be paid is gone on with: two of them, in two tabs, would both be paid. */
  async function openOrder(article, account) {
    const order = state.data.orders.findLast((one) => one.article === article.id && one.buyer === account.id && one.status === 'open' && one.amount === article.price);
    if (!order) return undefined;
    const payment = await stoa.partner.payments.read(order.payment);
    settle(payment);
    return ['canceled', 'expired'].includes(payment.status) ? undefined : order;
  }

  async function newOrder(article, context) {
    const order = {
      id: formKey(context)?.slice(0, 16) ?? randomBytes(8).toString('hex'), article: article.id, title: article.title, buyer: context.account.id, amount: article.price, currency: article.currency, status: 'open',
    };
    const payment = await stoa.partner.payments.create({
      store: article.store,
      amount: order.amount,
      currency: order.currency,
      description: article.title,
      external_id: order.id,
      return_url: `${publicUrl}/orders/${order.id}`,
      origins: [publicUrl],
    }, { key: `order-${order.id}` });
    Object.assign(order, { payment: payment.id, session: payment.checkout.session, url: payment.checkout.url, embedUrl: payment.checkout.embed_url });
    const known = orderOf(order.id, context.account); /* the button was pressed twice */
    if (known) return known;
    state.data.orders.push(order);
    state.save();
    return order;
  }

  return {
    home: (context) => sendPage(context.response, 200, pages.homePage(context, state.data.articles), policy),

    article(context, id) {
      const article = articleOf(id);
      if (!article) return null;
      return sendPage(context.response, 200, pages.articlePage(context, article, isOwned(article, context.account)), policy);
    },

    async buy(context, id) {
      checkCsrf(context.session, context.form);
      const article = articleOf(id);
      if (!article) return null;
      const open = await openOrder(article, context.account);
      if (isOwned(article, context.account)) return redirect(context.response, `/articles/${id}`);
      const order = open ?? await newOrder(article, context);
      return redirect(context.response, `/orders/${order.id}`);
    },

    async order(context, id) {
      const order = orderOf(id, context.account);
      if (!order) return null;
      if (order.status === 'open') settle(await stoa.partner.payments.read(order.payment));
      return sendPage(context.response, 200, pages.orderPage(context, order, articleOf(order.article), payApi), policy);
    },

    async webhook({ request, response }) {
      const body = await readBody(request);
      let event;
      try {
        event = new Webhook(state.data.webhook.secret).verify(body, request.headers);
      } catch (error) {
        if (!(error instanceof WebhookVerificationError)) throw error;
        response.writeHead(400).end();
        return;
      }
      if (event.type === 'payment.succeeded') settle(event.data);
      response.writeHead(204).end();
    },
  };
}
