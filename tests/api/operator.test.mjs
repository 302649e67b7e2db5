/*
 * The operator's pages and API: log-in through authsrv, the whole split of a payment, and who is kept out.
 * docs/protocol/pay/pages.md; OpenID Connect Core 3.1, RFC 7636, RFC 9207.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { truncation } from '../support/append_only.mjs';
import { eventually } from '../support/eventually.mjs';
import { operatorLogIn, partnerToken, pay } from '../support/people.mjs';
import { addClient, addUser, operatorToken, tokensFor } from '../support/relying_party.mjs';
import { newSeller } from '../support/seller.mjs';
import { ROOT, sharedStack } from '../support/stack.mjs';

let s;

before(async () => {
  s = await sharedStack();
});

after(() => s?.stop());

test('an operator sees a payment with its whole split, every posting, the payouts and the ledger check', async () => {
  const seller = await newSeller(s.env);
  const agent = createAgent();
  const overview = await operatorLogIn(s.env, agent, s.env.admin);
  assert.deepEqual([overview.status, overview.url.pathname], [200, '/operator'], overview.text.slice(0, 300));
  /* Where the book takes longer to check than a page may, it says so; other tests are at it, too. */
  await eventually(async () => (await agent.open(`${s.env.pay_api}/operator`)).text.includes('every rule holds'), { what: 'the book is checked' });
  /* It shows the ten newest, and other tests sell, too. */
  const payment = await eventually(async () => {
    await seller.sell(1000);
    const { body: list } = await seller.call('GET', `/v1/payments?store=${seller.store.id}&limit=1`);
    const { text } = await agent.open(`${s.env.pay_api}/operator`);
    return text.includes(`/operator/payments/${list.data[0].id}`) ? list.data[0] : null;
  }, { what: 'the newest payments are in the overview' });

  const detail = await agent.open(`${s.env.pay_api}/operator/payments/${payment.id}`);
  assert.equal(detail.status, 200);
  for (const [party, amount] of [['platform', '0.50'], ['partner', '2.50'], ['seller', '7.00']])
    assert.match(detail.text, new RegExp(`data-share="${party}">${amount.replace('.', '\\.')} EUR<`), party);
  for (const account of ['acquirer_receivable', 'platform', 'partner', 'seller']) assert.ok(detail.text.includes(` title="${account}">`), account);
  assert.ok(detail.text.includes('payment.succeeded'));
  assert.match(detail.headers.get('content-security-policy'), /frame-ancestors 'none'/);
  assert.match(detail.headers.get('cache-control'), /no-store/);

  const split = [{ party: 'platform', bp: 500, fixed: 30 }, { party: 'user', user: (await newSeller(s.env)).user.id, bp: 2000 }];
  const { body: shared } = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'By two', split });
  await seller.call('POST', `/v1/payments/${shared.id}/confirm`, { payment_token: 'tok_test_visa' });
  await seller.call('POST', `/v1/payments/${shared.id}/refunds`, { amount: 500 });
  const both = await agent.open(`${s.env.pay_api}/operator/payments/${shared.id}`);
  for (const [party, share, got, back] of [['platform', '5\\.00 % \\+ 0\\.30 EUR', '0.80', '0.40'], ['user', '20\\.00 %', '2.00', '1.00'], ['seller', 'the rest', '7.20', '3.60']])
    assert.match(both.text, new RegExp(`>${share}</td><td [^>]*data-share="${party}">${got} EUR</td><td [^>]*>${back} EUR<`), party);

  const { body: told } = await pay(s.env, await operatorToken(s), 'GET', `/v1/operator/payments/${shared.id}`);
  assert.deepEqual([told.payment.id, told.refunds.map(({ amount }) => amount)], [shared.id, [500]]);

  const payouts = await agent.open(`${s.env.pay_api}/operator/payouts`);
  assert.equal(payouts.status, 200);
  assert.equal((await agent.open(`${s.env.pay_api}/operator/payments/pay_unknown`)).status, 404);

  const cookie = [...agent.jar].filter(([name]) => name.includes('__Host-stoa_operator')).map(([name, value]) => `${name.split(' ')[1]}=${value}`).join('; ');
  const forged = await fetch(`${s.env.pay_api}/operator/logout`, { method: 'POST', redirect: 'manual', headers: { cookie }, body: new URLSearchParams({ csrf: 'A'.repeat(43) }) });
  assert.equal(forged.status, 403, 'a form that is not of this session');
  const out = await agent.submit(overview, {}, { button: 'Sign out' });
  assert.deepEqual([out.status, out.url.pathname], [200, '/operator/signed-out']);
  const fresh = await agent.open(`${s.env.pay_api}/operator/payouts`, { until: (url) => url.origin === new URL(s.env.issuer).origin });
  assert.equal(fresh.status, 0, 'the session has ended: back to the log-in');
});

test('who did what is written down with what is done, and can be read, not changed', async () => {
  const seller = await newSeller(s.env);
  const { body: hook } = await seller.call('POST', '/v1/webhook_endpoints', { url: `${s.env.partner_site}/audited`, events: ['payment.succeeded'] });
  const { body: rotated } = await seller.call('POST', `/v1/webhook_endpoints/${hook.id}/rotate_secret`, {});
  assert.equal((await seller.call('DELETE', `/v1/webhook_endpoints/${hook.id}`)).status, 204);
  assert.equal((await s.operator('paysrv', 'stores', 'settle', seller.store.id, '--delay-days', '2')).code, 0);
  await s.psql(`update pay.pay_user set payouts_frozen_at = now() where user_id = '${seller.user.id}'`);

  const list = async (...words) => (await s.operator('paysrv', 'audit', 'list', ...words)).stdout.trim().split('\n').map((line) => line.split('\t'));
  const hooks = await list('--object', hook.id);
  assert.deepEqual(hooks.map(([, , , , action]) => action), ['removed', 'changed', 'added'].map((did) => `webhook_endpoint.${did}`));
  for (const [, , actor, origin, , , partner] of hooks) assert.deepEqual([actor.startsWith('client:'), origin, partner], [true, '127.0.0.1', 'inkwell']);
  assert.match(hooks[1][7], /secret changed/);
  assert.ok(!JSON.stringify(hooks).includes(rotated.secret.slice(7, 30)), 'no secret');
  const stores = await list('--since', '1h', '--object', seller.store.id);
  assert.ok(stores.some(([, , actor, , action, , , detail]) => actor.startsWith('cli:') && action === 'settlement_terms.added' && detail.includes('delay_days = 2')), JSON.stringify(stores));
  assert.ok(stores.some(([, , actor, , action]) => actor.startsWith('client:') && action === 'store.added'));
  const [[, , by, , , , , detail]] = await list('--object', seller.user.id);
  assert.ok(/^database:/.test(by) && /payouts_frozen_at = /.test(detail), 'past the servers too');

  const agent = createAgent();
  await operatorLogIn(s.env, agent, s.env.admin);
  const page = await agent.open(`${s.env.pay_api}/operator/audit?actor=&object=${hook.id}`);
  assert.ok(page.text.includes('webhook_endpoint.removed') && !page.text.includes('operator.logged_in'), page.text.slice(0, 400));
  assert.match((await agent.open(`${s.env.pay_api}/operator/audit?action=operator.logged_in&actor=${encodeURIComponent(s.env.admin.username)}`)).text, /operator\.logged_in/);

  for (const change of ['update pay.audit set actor = actor', 'delete from pay.audit', 'delete from pay.audit_chain'])
    await assert.rejects(s.psql(change), /append-only|not allowed/, change);
  assert.match((await truncation(s, 'pay.audit')).message, /append-only|not allowed/);
  const [{ last }] = await s.psql('select max(id) as last from pay.audit');
  await eventually(async () => (await s.psql(`select 1 from pay.audit a where a.id <= ${last} and not exists (select from pay.audit_chain c where c.audit_id = a.id) limit 1`)).length === 0, { what: 'the chain has all' });
  const verified = await s.operator('paysrv', 'audit', 'verify');
  assert.match(verified.stdout, /whole; head/);
});

test('without a session every page leads to the log-in, and that back to the page', async () => {
  for (const path of ['/operator', '/operator/payouts', '/operator/audit', '/operator/payments/pay_x']) {
    const answer = await fetch(`${s.env.pay_api}${path}`, { redirect: 'manual' });
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, `/operator/login?to=${encodeURIComponent(path)}`], path);
    const forged = await fetch(`${s.env.pay_api}${path}`, { redirect: 'manual', headers: { cookie: '__Host-stoa_operator=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' } });
    assert.equal(forged.status, 303);
  }
  const { paths } = await (await fetch(`${s.env.pay_api}/openapi.json`)).json();
  for (const path of Object.keys(paths).filter((each) => each.startsWith('/operator/') && each !== '/operator/logout' && paths[each].post)) {
    const form = await fetch(`${s.env.pay_api}${path.replace(/\{[^}]*\}/g, '1')}`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ csrf: 'A'.repeat(43) }) });
    assert.deepEqual([form.status, form.headers.get('location')], [401, null], `${path}: no redirect, which a browser would drop without a word`);
    assert.match(await form.text(), /Nothing was done[^]*href="\/operator">Sign in again/, path);
  }
  const out = await fetch(`${s.env.pay_api}/operator/logout`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ csrf: 'A'.repeat(43) }) });
  assert.deepEqual([out.status, out.headers.get('location')], [303, '/operator/signed-out'], 'who signs out once more is signed out');

  const asked = await operatorLogIn(s.env, createAgent(), s.env.admin, '/operator/payments?status=succeeded&q=a%20b');
  assert.equal(`${asked.url.pathname}${asked.url.search}`, '/operator/payments?status=succeeded&q=a%20b');
  for (const to of ['https://evil.example/operator', '//evil.example', '/operators', '/operator/login', '/operator/\\evil.example']) {
    const page = await operatorLogIn(s.env, createAgent(), s.env.admin, `/operator/login?${new URLSearchParams({ to })}`);
    assert.equal(page.url.href, `${s.env.pay_api}/operator`, to);
  }
});

test('the log-in asks for code, PKCE, state and nonce, and its answer works once, in its browser', async () => {
  const start = await fetch(`${s.env.pay_api}/operator/login`, { redirect: 'manual' });
  const location = new URL(start.headers.get('location'));
  assert.equal(location.origin, new URL(s.env.issuer).origin);
  const query = Object.fromEntries(location.searchParams);
  assert.deepEqual([query.response_type, query.code_challenge_method, query.scope], ['code', 'S256', 'openid email pay.operator pay.operator.read']);
  assert.ok(query.state.length >= 43 && query.nonce.length >= 43 && query.code_challenge.length === 43);
  assert.match(start.headers.getSetCookie()[0], /^__Host-stoa_operator_login=[\w-]+;.*HttpOnly/i);
  const cookie = start.headers.getSetCookie()[0].split(';')[0];

  const callback = (parameters, headers = {}) => fetch(`${s.env.pay_api}/operator/callback?${new URLSearchParams(parameters)}`, { redirect: 'manual', headers });
  const good = { code: 'x', state: query.state, iss: s.env.issuer };
  assert.equal((await callback(good)).status, 403, 'no cookie: another browser');
  assert.equal((await callback({ ...good, state: 'A'.repeat(43) }, { cookie })).status, 403, 'another state');
  const [elsewhere] = (await fetch(`${s.env.pay_api}/operator/login`, { redirect: 'manual' })).headers.getSetCookie();
  assert.equal((await callback(good, { cookie: elsewhere.split(';')[0] })).status, 403, 'a browser that began another one');
  assert.equal((await s.psql(`select from pay.operator_login where nonce = '${query.nonce}'`)).length, 1, 'by which it is not used up');
  assert.equal((await callback({ ...good, iss: 'https://mix-up.example' }, { cookie })).status, 403, 'another issuer');
  assert.equal((await callback(good, { cookie })).status, 403, 'the state was used up');
});

/* Nothing that these name is there: whose form it is comes first. */
const FILLED = { currency: 'EUR', amount: '1.00', borne_by: 'platform', owed: '100', to: 'suspended', decision: 'approve', as: 'platform', event: 'evt_none' };

test('a form counts only with the token of its own session, and a session until it ends', async () => {
  const user = await addUser(s, ['--role', 'admin']);
  const agent = createAgent();
  const page = await operatorLogIn(s.env, agent, { username: user.email, password: user.password });
  assert.equal(page.url.pathname, '/operator');
  const { paths } = await (await fetch(`${s.env.pay_api}/openapi.json`)).json();
  const forms = Object.entries(paths).filter(([path, { post }]) => path.startsWith('/operator/') && post);
  assert.ok(forms.length >= 13, `${forms.length} forms`);
  for (const [path, { post }] of forms) {
    const { required = [] } = post.requestBody.content['application/x-www-form-urlencoded'].schema;
    const body = new URLSearchParams({ ...Object.fromEntries(required.map((name) => [name, FILLED[name] ?? ''])), csrf: 'A'.repeat(43) });
    const answer = await agent.open(`${s.env.pay_api}${path.replace(/\{[^}]*\}/g, '1')}`, { method: 'POST', body: body.toString(), from: page.url });
    assert.equal(answer.status, 403, `${path}: ${answer.text.slice(0, 400)}`);
  }
  assert.equal((await agent.open(`${s.env.pay_api}/operator/payouts`)).url.pathname, '/operator/payouts', 'nor is he signed out so');
  await s.psql(`update pay.operator_session set expires_at = now() where name = '${user.email}'`);
  const ended = await fetch(`${s.env.pay_api}/operator/payouts`, { redirect: 'manual', headers: { cookie: [...agent.jar].map(([key, value]) => `${key.split(' ')[1]}=${value}`).join('; ') } });
  assert.match(ended.headers.get('location') ?? '', /^\/operator\/login/, 'a session that has ended is none');
});

test('an account that is no operator is kept out', async () => {
  const page = await operatorLogIn(s.env, createAgent(), s.env.test_user);
  assert.ok(page.url.pathname !== '/operator', `${page.url}`);
  assert.ok(!page.text.includes('Ledger check'));
});

test('an accountant sees everything, and nothing is done by him', async () => {
  const { email, password } = await addUser(s, ['--role', 'accountant']);
  const client = await addClient(s, { scope: 'openid pay.operator pay.operator.read', more: ['--resource-server', s.env.pay_api] });
  const { tokens } = await tokensFor(client, { email, password }, { scope: 'openid pay.operator pay.operator.read', resource: s.env.pay_api });
  assert.equal(tokens.scope, 'openid pay.operator.read', 'what acts is not for accountants');
  assert.equal((await pay(s.env, tokens.access_token, 'GET', '/v1/operator/bank/breaks')).status, 200);
  const acting = await pay(s.env, tokens.access_token, 'POST', '/v1/operator/bank/breaks/1/close', { note: 'not mine to say' });
  assert.deepEqual([acting.status, acting.body.code], [403, 'insufficient_scope']);

  const seller = await newSeller(s.env);
  const payment = await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'x' });
  await seller.call('POST', `/v1/payments/${payment.body.id}/confirm`, { payment_token: 'tok_test_visa' });
  const sight = payment.body.id;
  const agent = createAgent();
  const overview = await operatorLogIn(s.env, agent, { username: email, password });
  assert.deepEqual([overview.status, overview.url.pathname], [200, '/operator'], overview.text.slice(0, 300));
  assert.equal((await agent.open(`${s.env.pay_api}/operator/payments/${payment.body.id}`)).status, 200);
  await s.psql(`insert into pay.bank_break (kind, ref, detail, created_at) values ('unmatched', '${sight}', 'to be looked at', now())`);
  const [{ n }] = await s.psql(`select break_id as n from pay.bank_break where ref = '${sight}'`);
  const bank = await agent.open(`${s.env.pay_api}/operator/bank`); /* shows the newest: of other tests, too */
  assert.ok(bank.text.includes('to be looked at') && !bank.text.includes(`/operator/bank/breaks/${n}`), 'no form to act by');
  const csrf = /name="csrf" value="([^"]+)"/.exec(bank.text)[1];
  const cookie = [...agent.jar].filter(([name]) => name.includes('__Host-stoa_operator')).map(([name, value]) => `${name.split(' ')[1]}=${value}`).join('; ');
  const forced = await fetch(`${s.env.pay_api}/operator/bank/breaks/${n}`, { method: 'POST', redirect: 'manual', headers: { cookie }, body: new URLSearchParams({ csrf, note: 'mine after all' }) });
  assert.equal(forced.status, 403);
  assert.deepEqual(await s.psql(`select closed_at from pay.bank_break where ref = '${sight}'`), [{ closed_at: null }], 'it is as it was');
  await s.psql(`delete from pay.bank_break where ref = '${sight}'`);
  assert.equal((await agent.submit(overview, {}, { button: 'Sign out' })).url.pathname, '/operator/signed-out');
});

test('the operator’s API needs pay.operator', async () => {
  const token = await partnerToken(s.env);
  const { status, body } = await pay(s.env, token, 'GET', '/v1/operator/payments/pay_x');
  assert.deepEqual([status, body.code], [403, 'insufficient_scope']);
  const { paths } = await (await fetch(`${s.env.pay_api}/openapi.json`)).json();
  const operations = Object.entries(paths).filter(([path]) => path.startsWith('/v1/operator/')).flatMap(([path, one]) => ['get', 'post', 'put', 'delete'].filter((method) => one[method]).map((method) => [method.toUpperCase(), path]));
  assert.ok(operations.length > 30, `${operations.length}`);
  for (const [method, path] of operations) {
    const refused = await pay(s.env, token, method, path.replace(/\{[^}]*\}/g, '1'), method === 'POST' ? {} : undefined);
    assert.deepEqual([refused.status, refused.body.code], [403, 'insufficient_scope'], `${method} ${path}`);
  }
});

/* Of both servers' tables of verbs: those that need no more than one name, whatever they may be told besides. */
const verbsOfOneName = (server) => {
  const table = readFileSync(join(ROOT, server, 'verbs.h'), 'utf8').replace(/\\\n/g, ' ').replace(/"\s+"/g, '');
  return [...table.matchAll(/X\("([\w-]+)",\s*"([\w-]*)",\s*\w+,\s*"((?:[^"\\]|\\.)*)"/g)]
    .filter(([, , second, args]) => second !== 'add' && /^[A-Z][\w|-]*( \[.*\])?$/.test(args))
    .map(([, word, second]) => [server, word, second].filter(Boolean));
};

test('a command that is given the name of nobody fails and says so', async () => {
  const verbs = [...verbsOfOneName('authsrv'), ...verbsOfOneName('paysrv')], nobody = `nobody-${randomUUID()}`;
  for (const known of ['authsrv logouts retry', 'authsrv users disable', 'paysrv partners resume', 'paysrv transfers show', 'paysrv payouts unfreeze', 'paysrv webhooks list'])
    assert.ok(verbs.some((words) => words.join(' ') === known), known);
  for (const words of verbs) {
    const { code, stdout, stderr } = await s.operator(...words, nobody);
    assert.ok(code !== 0 && !stdout && stderr, `${words.join(' ')}: ${code} ${stdout} ${stderr}`);
  }
  const unfrozen = await newSeller(s.env);
  assert.deepEqual(await s.operator('paysrv', 'payouts', 'unfreeze', unfrozen.user.id).then(({ code, stdout }) => [code, stdout]), [0, `${unfrozen.user.id} was not frozen\n`], 'nothing to do is no failure');
  const { code, stdout } = await s.operator('authsrv', 'logouts', 'retry', 'inkwell');
  assert.ok(code === 0 && /^\d+ logout\(s\) of inkwell are tried again\n$/.test(stdout), stdout);
  const lost = await s.operator('paysrv', 'agreements', 'add', '--version', '1', '--partner', nobody, '--url', 'https://papers.example/1', '--sha256', 'a'.repeat(64));
  assert.deepEqual([lost.code, lost.stderr], [1, `paysrv: no partner ${nobody}\n`]);
});
