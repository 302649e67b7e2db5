/*
 * Inkwell: a site where writers sell articles. It is a partner of Stoa and uses Stoa's public interfaces only.
 * Configuration comes from the environment; the names are listed in settings() below.
 */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { loadAccounts } from './accounts.mjs';
import { prepareDemo } from './demo.mjs';
import { createIdp, handleIdp, IDP_PATH } from './idp.mjs';
import { createJoin } from './join.mjs';
import * as pages from './pages.mjs';
import { createShop } from './shop.mjs';
import { openState } from './state.mjs';
import { connectStoa } from './stoa.mjs';
import { createStatements } from './statements.mjs';
import { createStudio } from './studio.mjs';
import { checkCsrf, createSessions, findRoute, readBody, redirect, sendPage } from './web.mjs';

function setting(name) {
  const value = process.env[name];
  if (!value) {
    console.error(`inkwell: ${name} is not set`);
    process.exit(2);
  }
  return value;
}

const secretOf = (name) => readFileSync(setting(name), 'utf8').trim();

function settings() {
  const directory = setting('INKWELL_DATA');
  return {
    port: Number(setting('INKWELL_PORT')),
    publicUrl: setting('INKWELL_PUBLIC_URL'),
    directory,
    accountsFile: setting('INKWELL_ACCOUNTS'),
    demoFile: process.env.INKWELL_DEMO_FILE ?? join(directory, 'demo.json'),
    issuer: setting('STOA_ISSUER'),
    payApi: setting('STOA_PAY_API'),
    clientId: setting('STOA_CLIENT_ID'),
    clientSecret: secretOf('STOA_CLIENT_SECRET_FILE'),
    upstream: {
      id: setting('INKWELL_UPSTREAM_CLIENT_ID'),
      secret: secretOf('INKWELL_UPSTREAM_CLIENT_SECRET_FILE'),
      redirectUri: setting('INKWELL_UPSTREAM_REDIRECT'),
    },
  };
}

const asset = (file, type) => {
  const body = readFileSync(new URL(file, import.meta.url));
  return ({ response }) => response.writeHead(200, { 'content-type': type, 'cache-control': 'max-age=300' }).end(body);
};

const config = settings();
const state = openState(config.directory);
const accounts = loadAccounts(config.accountsFile);
const sessions = createSessions();
const payOrigin = new URL(config.payApi).origin;
/* The frame starts at the payment server and visits the acquirer's pages, whose address is not ours to know. */
const policy = `default-src 'none'; script-src 'self' ${payOrigin}; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self' ${payOrigin} ${new URL(config.issuer).origin}; `
  + "frame-src https: http://127.0.0.1:*; frame-ancestors 'none'; base-uri 'none'";
const stoa = connectStoa({ ...config, redirectUri: `${config.publicUrl}/connect/callback`, state });
const studio = createStudio({ state, stoa, policy });
const statements = createStatements({ stoa, policy });
const shop = createShop({ state, stoa, publicUrl: config.publicUrl, payApi: config.payApi, policy });
const joining = createJoin({ state, stoa, sessions, policy });
const idp = createIdp({
  publicUrl: config.publicUrl,
  state,
  accounts,
  client: config.upstream,
  cookieKey: createHmac('sha256', config.upstream.secret).update('inkwell cookies').digest('hex'),
});

/* Inkwell's own accounts, and members whom Stoa knows; only the former can log in elsewhere with Inkwell. */
const accountOf = (id) => accounts.byId(id) ?? joining.members.byId(id);

function logIn(context, show) {
  const account = accounts.login(context.form.get('email') ?? '', context.form.get('password') ?? '');
  if (account) sessions.start(context.response, { accountId: account.id });
  else sendPage(context.response, 401, pages.loginPage(context, { ...show, failed: true, email: context.form.get('email') }), policy);
  return account;
}

const loginTarget = (url) => (/^[a-z0-9]{1,32}$/.test(url.searchParams.get('to') ?? '') ? url.searchParams.get('to') : '');

const loginForm = (to) => ({ action: `/login?to=${to}`, join: to ? `/join?to=${to}` : '/join' });

function finishInteraction({ request, response }, accountId) {
  return idp.interactionFinished(request, response, { login: { accountId } }, { mergeWithLastSubmission: false });
}

const as = (role, handler) => (context, ...params) => {
  if (!context.account) return redirect(context.response, '/login');
  if (role && context.account.role !== role) return null;
  return handler(context, ...params);
};

/* Where it turns out that the writer's consent is gone, the studio says so, and how it is given again. */
const asWriter = (handler) => as('writer', async (context, ...params) => {
  try {
    return await handler(context, ...params);
  } catch (error) {
    if (!stoa.isLost(context.account.id)) throw error;
    return redirect(context.response, '/studio');
  }
});

const ID = '([a-z0-9_]{1,40})', MONTH = '(20\\d\\d-(?:0[1-9]|1[0-2]))';
const routes = [
  ['GET', '/healthz', ({ response }) => response.writeHead(200).end('ok\n')],
  ['GET', '/readyz', ({ response }) => (isPrepared ? response.writeHead(200).end('ready\n') : response.writeHead(503).end('preparing the demo\n'))],
  ['GET', '/assets/main.css', asset('main.css', 'text/css; charset=utf-8')],
  ['GET', '/assets/checkout.js', asset('checkout.js', 'text/javascript; charset=utf-8')],
  ['GET', '/', shop.home],
  ['GET', '/login', (context) => sendPage(context.response, 200,
    pages.loginPage(context, loginForm(loginTarget(context.url))), policy)],
  ['POST', '/login', (context) => {
    const to = loginTarget(context.url);
    const account = logIn(context, loginForm(to));
    if (account) redirect(context.response, to ? `/articles/${to}` : { writer: '/studio', staff: '/desk' }[account.role] ?? '/');
  }],
  ['GET', '/join', (context) => (context.account ? redirect(context.response, '/') : joining.ask(context, loginTarget(context.url)))],
  ['POST', '/join', joining.begin],
  ['GET', '/join/code', joining.code],
  ['POST', '/join/code', joining.confirm],
  ['POST', '/join/resend', joining.again],
  ['POST', '/logout', as(null, ({ response, session, form }) => {
    checkCsrf(session, form);
    sessions.end(response, session);
    redirect(response, '/');
  })],
  ['GET', new RegExp(`^/login/continue/[A-Za-z0-9_-]+$`), async (context) => {
    const details = await idp.interactionDetails(context.request, context.response);
    const account = accounts.byId(context.account?.id);
    if (account && !details.params.prompt?.includes('login')) return finishInteraction(context, account.id);
    return sendPage(context.response, 200, pages.loginPage(context,
      { action: context.url.pathname, hint: 'Log in with your Inkwell account to continue to Stoa.' }), policy);
  }],
  ['POST', new RegExp(`^/login/continue/[A-Za-z0-9_-]+$`), (context) => {
    const account = logIn(context, { action: context.url.pathname });
    return account ? finishInteraction(context, account.id) : undefined;
  }],
  ['GET', new RegExp(`^/articles/${ID}$`), shop.article],
  ['POST', new RegExp(`^/articles/${ID}/buy$`), as(null, shop.buy)],
  ['GET', new RegExp(`^/orders/${ID}$`), as(null, shop.order)],
  ['POST', '/webhooks/stoa', shop.webhook],
  ['GET', '/studio', asWriter(studio.show)],
  ['GET', '/connect', asWriter(studio.connect)],
  ['GET', '/connect/callback', (context) => (joining.awaits(context.session) ? joining.returned(context) : asWriter(studio.connected)(context))],
  ['POST', '/studio/store', asWriter(studio.openStore)],
  ['POST', '/studio/articles', asWriter(studio.publish)],
  ['POST', '/studio/requisites', asWriter(studio.addRequisite)],
  ['POST', '/studio/payouts', asWriter(studio.requestPayout)],
  ['GET', new RegExp(`^/studio/payouts/${ID}$`), asWriter(studio.payout)],
  ['POST', new RegExp(`^/studio/payouts/${ID}/confirm$`), asWriter(studio.confirmPayout)],
  ['POST', new RegExp(`^/studio/payouts/${ID}/resend$`), asWriter(studio.resendCode)],
  ['POST', new RegExp(`^/studio/payouts/${ID}/cancel$`), asWriter(studio.cancelPayout)],
  ['POST', '/studio/schedules', asWriter(studio.addSchedule)],
  ['GET', new RegExp(`^/studio/schedules/${ID}$`), asWriter(studio.schedule)],
  ['POST', new RegExp(`^/studio/schedules/${ID}$`), asWriter(studio.changeSchedule)],
  ['POST', new RegExp(`^/studio/schedules/${ID}/confirm$`), asWriter(studio.confirmSchedule)],
  ['GET', new RegExp(`^/studio/confirmations/${ID}$`), asWriter(studio.confirmation)],
  ['POST', new RegExp(`^/studio/confirmations/${ID}/confirm$`), asWriter(studio.confirm)],
  ['POST', new RegExp(`^/studio/confirmations/${ID}/resend$`), asWriter(studio.resendConfirmation)],
  ['GET', new RegExp(`^/studio/statements/${MONTH}$`), asWriter(statements.show)],
  ['GET', new RegExp(`^/studio/statements/${MONTH}\\.(pdf|csv)$`), asWriter(statements.file)],
  ['GET', '/desk', as('staff', studio.desk)],
];

const isForm = (request) => request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');

async function answer(request, response) {
  const url = new URL(request.url, config.publicUrl);
  if (url.pathname.startsWith(`${IDP_PATH}/`)) return handleIdp(idp, request, response);
  const session = sessions.of(request);
  const context = { request, response, url, session, account: session && accountOf(session.accountId) };
  try {
    const route = findRoute(routes, request.method, url.pathname);
    if (route && request.method === 'POST' && isForm(request)) context.form = new URLSearchParams(await readBody(request));
    const outcome = route ? await route.handler(context, ...route.params) : null;
    if (outcome === null) sendPage(response, 404, pages.errorPage(context, 404, 'It may have moved, or it is not yours to see.'), policy);
  } catch (error) {
    console.error(JSON.stringify({ event: 'request.failed', path: url.pathname, status: error.status, message: error.message, problem: error.problem }));
    const status = error.status >= 400 && error.status < 500 ? error.status : 502;
    if (!response.headersSent) sendPage(response, status, pages.errorPage(context, status, error.message), policy);
  }
}

let isPrepared = false;

async function prepareWithPatience() {
  for (let pause = 200; ; pause = Math.min(pause * 2, 5000)) {
    try {
      await prepareDemo({ state, stoa, publicUrl: config.publicUrl, file: config.demoFile });
      isPrepared = true;
      return;
    } catch (error) {
      console.error(JSON.stringify({ event: 'demo.delayed', message: error.message, problem: error.problem }));
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

/* No connection ends by itself: what its other side sends at that moment would be lost. */
const server = createServer({ keepAliveTimeout: 0 }, answer).listen(config.port, '127.0.0.1', prepareWithPatience);
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    server.closeAllConnections();
    server.close(() => process.exit(0));
  });
}
