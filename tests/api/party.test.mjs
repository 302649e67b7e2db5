/*
 * Users, requisites and stores, and who may see them: the token's partner is the only tenant (docs/protocol/pay/users.md, SECURITY group K).
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { decodeJwt, exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { outcomeOf } from '../support/outcome.mjs';
import { newPartner } from '../support/partner.mjs';
import { partnerToken, pay, userTokens } from '../support/people.mjs';
import { addClient, addUser, inFile, operator, tokensFor } from '../support/relying_party.mjs';
import { IBAN, newSeller, SCOPES } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, second, other;

before(async () => {
  s = await sharedStack();
  second = await newPartner(s);
  other = second.token;
});

after(async () => {
  await second?.remove();
  await s?.stop();
});

const bank = { type: 'bank_account', iban: IBAN, holder_name: 'Ada Lovelace', address: { country: 'DE', town: 'Berlin' } };

test('a user’s token makes the account of its own subject, once', async () => {
  const { access_token: token } = await userTokens(s.env, s.env.demo.editor);
  const made = await pay(s.env, token, 'POST', '/v1/users', { name: 'Eve Editor', email: 'forged@example.com' });
  assert.ok([200, 201].includes(made.status), JSON.stringify(made.body));
  assert.deepEqual([made.body.email, made.body.email_verified], [s.env.demo.editor.email, true], 'the address is the verified one');
  const again = await pay(s.env, token, 'POST', '/v1/users', { name: 'Eve Editor' });
  assert.deepEqual([again.status, again.body.id], [200, made.body.id]);
  const { body: me } = await pay(s.env, token, 'GET', '/v1/users/me');
  assert.equal(me.id, made.body.id);
  assert.equal((await pay(s.env, token, 'GET', `/v1/users/${me.id}`)).status, 200);

  const seller = await newSeller(s.env);
  assert.equal((await pay(s.env, token, 'GET', `/v1/users/${seller.user.id}`)).status, 404, 'somebody else');
  assert.equal((await pay(s.env, token, 'GET', `/v1/users/${seller.user.id}/requisites`)).status, 404);
  assert.equal((await pay(s.env, token, 'GET', `/v1/stores/${seller.store.id}`)).status, 404);
  assert.equal((await pay(s.env, token, 'GET', `/v1/balance?user=${seller.user.id}`)).status, 404);
  assert.equal((await pay(s.env, token, 'GET', '/v1/balance?party=partner')).status, 404);
  assert.equal((await pay(s.env, token, 'GET', `/v1/ledger?user=${seller.user.id}`)).status, 404);
  assert.equal((await pay(s.env, token, 'GET', '/v1/users')).status, 404);
  assert.equal((await pay(s.env, token, 'POST', '/v1/stores', { name: 'x', currency: 'EUR', split: { platform_bp: 500, partner_bp: 0 } })).body.param, 'split');
  const { body: stores } = await pay(s.env, token, 'GET', '/v1/stores');
  assert.ok(stores.data.every((one) => one.user === me.id));
});

test('an address that the issuer has not verified is none, and does not replace the one that is', async (t) => {
  const { slug, remove } = await newPartner(s);
  t.after(remove);
  const user = await addUser(s), rp = await addClient(s, { scope: 'openid email pay.users', more: ['--partner', slug, '--resource-server', s.env.pay_api] });
  const account = async (verified, scope = 'openid email pay.users') => {
    await s.psql(`update auth.users set email_verified = ${verified} where email = '${user.email}'`);
    const { tokens: { access_token: token } } = await tokensFor(rp, user, { scope, resource: s.env.pay_api });
    const { email, email_verified: claimed } = decodeJwt(token);
    assert.deepEqual([email, claimed], scope.includes('email') ? [user.email, verified] : [undefined, undefined]);
    const { body } = await pay(s.env, token, 'POST', '/v1/users', { name: 'Uma' });
    return [body.email, body.email_verified];
  };
  assert.deepEqual(await account(false), [null, false]);
  assert.deepEqual(await account(true, 'openid pay.users'), [null, false], 'only the token says it');
  assert.deepEqual(await account(true), [user.email, true], 'and the next one that does');
  await s.psql(`update pay.pay_user set email = 'before@example.com' where email = '${user.email}'`);
  assert.deepEqual(await account(false), ['before@example.com', true]);
});

/* An application may well call each user's first request alike. */
test('a key of one user is none of another, though they ask for the same', async () => {
  const tokens = await Promise.all([s.env.demo.editor, s.env.demo.buyer].map(async (person) => (await userTokens(s.env, person)).access_token));
  for (const token of tokens) await pay(s.env, token, 'POST', '/v1/users', { name: 'Somebody' });
  const key = randomUUID();
  const open = (token) => pay(s.env, token, 'POST', '/v1/stores', { name: 'Mine', currency: 'EUR' }, { key });
  const [mine, his] = [await open(tokens[0]), await open(tokens[1])];
  assert.ok(mine.status < 300 && his.status < 300, JSON.stringify([mine.body, his.body]));
  assert.notEqual(his.body.id, mine.body.id);
  assert.equal(his.headers.get('idempotent-replayed'), null);
  const again = await open(tokens[0]);
  assert.deepEqual([again.body.id, again.headers.get('idempotent-replayed')], [mine.body.id, 'true']);
});

test('another address that the issuer has verified makes payouts wait, and the one before is told', async () => {
  const { access_token: token } = await userTokens(s.env, s.env.demo.buyer);
  const account = async () => (await pay(s.env, token, 'POST', '/v1/users', { name: 'Bob' })).body;
  const { id, payouts_from: free } = await account(), before = `${randomUUID()}@example.com`;
  assert.equal(free, null);
  await s.psql(`update pay.pay_user set email = '${before}' where user_id = '${id}'`);
  const { email, payouts_from: from } = await account();
  assert.deepEqual([email, from > new Date().toISOString()], [s.env.demo.buyer.email, true]);
  assert.match((await s.mail(before, /was changed/)).text, /not-me/);
  await s.psql(`update pay.pay_user set email = upper(email) where user_id = '${id}'`);
  const again = await account();
  assert.deepEqual([again.email, again.payouts_from], [s.env.demo.buyer.email, from], 'once, and not for other letters of the same');
});

test('another partner sees nothing, with the same answer as for what does not exist', async () => {
  const seller = await newSeller(s.env);
  await seller.sell(1000);
  const { body: payout } = await seller.request(100);
  const { body: endpoint } = await seller.call('POST', '/v1/webhook_endpoints', { url: `${s.env.partner_site}/nothing`, events: ['payout.paid'] });
  const code = { code: '12345678' };
  const routes = (user, store, po, we, req) => [
    ['GET', `/v1/users/${user}`], ['GET', `/v1/users/${user}/requisites`], ['POST', `/v1/users/${user}/requisites`, bank],
    ['GET', `/v1/stores/${store}`], ['POST', `/v1/stores/${store}/split_profile`, {}], ['POST', '/v1/stores', { name: 'x', currency: 'EUR', user }],
    ['GET', `/v1/balance?user=${user}`], ['GET', `/v1/ledger?user=${user}`],
    ['GET', `/v1/payouts/${po}`], ['POST', `/v1/payouts/${po}/confirm`, code], ['POST', `/v1/payouts/${po}/resend`], ['POST', `/v1/payouts/${po}/cancel`],
    ['POST', '/v1/payouts', { amount: 1, currency: 'EUR', requisite: req, user }],
    ['POST', '/v1/payments', { store, amount: 100, currency: 'EUR', description: 'x' }],
    ['GET', `/v1/webhook_endpoints/${we}`], ['GET', `/v1/webhook_endpoints/${we}/deliveries`], ['DELETE', `/v1/webhook_endpoints/${we}`],
  ];
  const foreign = routes(seller.user.id, seller.store.id, payout.id, endpoint.id, seller.requisite.id);
  const unknown = routes('usr_00000000000000000000000000', 'st_00000000000000000000000000', 'po_00000000000000000000000000', 'we_00000000000000000000000000', 'req_00000000000000000000000000');
  const shape = ({ status, body }) => [status, body.code, body.detail, body.param];
  for (const [i, [method, path, body]] of foreign.entries()) {
    const answer = await pay(s.env, other, method, path, body);
    assert.equal(answer.status, 404, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    assert.deepEqual(shape(answer), shape(await pay(s.env, other, ...unknown[i])), `${method} ${path}`);
  }
  for (const path of ['/v1/users', '/v1/stores', '/v1/payouts', '/v1/webhook_endpoints'])
    assert.deepEqual((await pay(s.env, other, 'GET', path)).body.data, [], path);
  const { body: attempts } = await seller.call('GET', `/v1/payouts/${payout.id}`);
  assert.equal(attempts.attempts_left, 5, 'a stranger’s guess does not count');
  await seller.call('DELETE', `/v1/webhook_endpoints/${endpoint.id}`);
});

test('names are the partner’s own, and idempotency keys too', async () => {
  const name = randomUUID();
  const mine = await partnerToken(s.env, SCOPES);
  const key = randomUUID();
  const a = await pay(s.env, mine, 'POST', '/v1/users', { name, external_id: name }, { key });
  const b = await pay(s.env, other, 'POST', '/v1/users', { name, external_id: name }, { key });
  assert.deepEqual([a.status, b.status], [201, 201]);
  assert.notEqual(a.body.id, b.body.id);
  const twice = await pay(s.env, mine, 'POST', '/v1/users', { name, external_id: name });
  assert.deepEqual([twice.status, twice.body.code, twice.body.param], [409, 'external_id_taken', 'external_id']);
  for (const blanks of [' ', '\u00a0\t', '\u200b\u3000']) {
    const nobody = await pay(s.env, mine, 'POST', '/v1/users', { name: blanks });
    assert.deepEqual([nobody.status, nobody.body.param], [400, 'name'], JSON.stringify(nobody.body));
  }
  const found = await pay(s.env, mine, 'GET', `/v1/users?external_id=${name}`);
  assert.deepEqual(found.body.data.map((one) => one.id), [a.body.id]);
});

test('bank accounts are checked, versioned and shown masked', async () => {
  const seller = await newSeller(s.env);
  const path = `/v1/users/${seller.user.id}/requisites`;
  const post = (change) => seller.call('POST', path, { ...bank, ...change });
  const wrong = [
    [{ iban: 'DE89370400440532013001' }, 'iban'], [{ iban: 'BR1800360305000010009795493C1' }, 'iban'], [{ iban: 'DE00' }, 'iban'], [{ bic: 'NOTABIC1X' }, 'bic'],
    [{ type: 'cheque' }, 'type'], [{ type: 'card' }, 'iban'], [{ holder_name: '日本' }, 'holder_name'], [{ address: { country: 'DE' } }, 'address.town'], [{ address: { country: 'xx', town: 'B' } }, 'address.country'],
    [{ extra: 1 }, 'extra'], [{ address: { ...bank.address, zip: '1' } }, 'address.zip'],
  ];
  for (const [change, param] of wrong) {
    const { status, body } = await post(change);
    assert.ok(status === 400 || status === 422, JSON.stringify(body));
    assert.equal(body.param, param);
  }
  const { status, body } = await post({ iban: 'gb29 nwbk 6016 1331 9268 19', bic: 'NWBKGB2L' });
  assert.deepEqual([status, body.version, body.iban], [201, 2, 'GB•• •••• 6819']);
  const { body: list } = await seller.call('GET', path);
  assert.deepEqual(list.data.map((one) => one.version), [2, 1]);
  assert.ok(!JSON.stringify(list).includes('NWBK6016'));
});

test('holders and addresses have as many characters as the bank’s format, whatever alphabet they are of', async () => {
  const seller = await newSeller(s.env);
  const most = { holder_name: `${'Ж'.repeat(69)}😀`, address: { country: 'DE', town: `${'Ы'.repeat(34)}😀`, street: 'ё'.repeat(70), building: 'я'.repeat(16), postcode: '١'.repeat(16) } };
  const post = (change) => seller.call('POST', `/v1/users/${seller.user.id}/requisites`, { ...bank, ...most, ...change });
  const { status, body } = await post();
  assert.deepEqual([status, body.holder_name], [201, most.holder_name], JSON.stringify(body));
  assert.deepEqual(await s.psql(`select country, town, street, building, postcode from pay.requisite where requisite_id = '${body.id}'`), [most.address]);
  const tooLong = async (change, param) => {
    const long = await post(change);
    assert.deepEqual([long.status, long.body.param], [400, param], JSON.stringify(long.body));
  };
  await tooLong({ holder_name: 'Ж'.repeat(71) }, 'holder_name');
  for (const [name, n] of Object.entries({ town: 36, street: 71, building: 17, postcode: 17 })) await tooLong({ address: { ...most.address, [name]: 'Ж'.repeat(n) } }, `address.${name}`);
  const add = (name) => s.operator('paysrv', 'partners', 'add', `p-${randomUUID().slice(0, 8)}`, '--name', name);
  assert.equal((await add(`${'ё'.repeat(199)}😀`)).code, 0);
  const long = await add('ё'.repeat(201));
  assert.deepEqual([long.code, long.stderr.includes('--name: 1 to 200 characters')], [2, true], long.stderr);
});

test('a store’s split is the partner’s, and never below the platform’s share', async () => {
  const seller = await newSeller(s.env);
  assert.deepEqual(seller.store.split, { platform_bp: 500, partner_bp: 2500 });
  const open = (split, change) => seller.call('POST', '/v1/stores', { name: 'x', currency: 'EUR', user: seller.user.id, split, ...change });
  assert.deepEqual((await open({ platform_bp: 500, partner_bp: 0 })).body.split, { platform_bp: 500, partner_bp: 0 });
  assert.equal((await open({ platform_bp: 499, partner_bp: 0 })).body.param, 'split.platform_bp');
  assert.equal((await open({ platform_bp: 5000, partner_bp: 5001 })).body.param, 'split');
  assert.equal((await open(undefined, { currency: 'XTS' })).body.param, 'currency');
  const old = await open(undefined, { currency: 'RUR' });
  assert.deepEqual([old.status, old.body.param, /must be RUB/.test(old.body.detail)], [422, 'currency', true], JSON.stringify(old.body));
  assert.equal((await open(undefined, { url: 'javascript:alert(1)' })).body.param, 'url');
  assert.equal((await seller.call('GET', `/v1/stores/${seller.store.id}`)).body.id, seller.store.id);
});

test('a partner’s new stores get its profile, and its rule for the platform binds what it writes itself', async () => {
  const operator = async (...args) => {
    const { code, stdout, stderr } = await s.operator('paysrv', 'splits', ...args);
    assert.equal(code, 0, stderr);
    return stdout.trim();
  };
  const post = (path, body) => pay(s.env, other, 'POST', path, body);
  const { body: user } = await post('/v1/users', { name: 'Ada' });
  const open = (fields) => post('/v1/stores', { name: 'x', currency: 'EUR', user: user.id, ...fields });
  const before = await open();
  const terms = { party: 'platform', bp: 200, fixed: 20, on_refund: 'none' };
  const id = await operator('add', second.slug, '--name', 'Terms', '--currency', 'EUR', '--rules', JSON.stringify([terms, { party: 'seller', rest: true }]));
  await operator('default', second.slug, id);
  const after = await open();
  assert.deepEqual([before.body.split_profile, after.body.split_profile], [undefined, id]);
  for (const [fields, param] of [[{ currency: 'USD' }, 'split_profile'], [{ split: { platform_bp: 5000, partner_bp: 0 } }, 'split']])
    assert.equal((await open(fields)).body.param, param);
  const profile = (rules, currency) => post('/v1/split_profiles', { name: 'x', currency, rules });
  const mine = [{ party: 'partner', bp: 100 }];
  assert.deepEqual((await profile(mine, 'EUR')).body.rules[0], terms);
  for (const [rules, currency, param] of [[mine, undefined, 'currency'], [mine, 'USD', 'currency'], [[{ ...terms, fixed: 19 }], 'EUR', 'rules[0]'],
    [[{ ...terms, on_refund: 'pro_rata' }], 'EUR', 'rules[0]'], [[{ party: 'platform', rest: true }], 'EUR', 'rules[0]']])
    assert.equal((await profile(rules, currency)).body.param, param, JSON.stringify(rules));
  const stranger = async (user) => (({ status, body }) => [status, body.code, body.detail, body.param])(await profile([{ party: 'user', user, bp: 1 }], 'EUR'));
  const foreign = await stranger((await newSeller(s.env)).user.id);
  assert.deepEqual([foreign, foreign[3]], [await stranger('usr_00000000000000000000000000'), 'rules[0]'], 'no user of another partner');
  const { body: payment } = await post('/v1/payments', { store: after.body.id, amount: 1000, currency: 'EUR', description: 'x' });
  assert.deepEqual(payment.split.map(({ amount }) => amount), [40, 0, 960]);
  await operator('default', second.slug, 'none');
  assert.equal((await post('/v1/payments', { store: after.body.id, amount: 1000, currency: 'EUR', description: 'x' })).body.split_profile, id, 'the store keeps it');
  const easy = await operator('add', second.slug, '--name', 'Easy', '--rules', '[{"party":"seller","rest":true}]');
  assert.equal((await post('/v1/payments', { store: after.body.id, amount: 1000, currency: 'EUR', description: 'x', split_profile: easy })).body.param, 'split_profile');
});

test('tokens: missing, forged, for others, without the scope', async () => {
  const get = (headers) => fetch(`${s.env.pay_api}/v1/users`, { headers });
  const metadata = `resource_metadata="${s.env.pay_api}/.well-known/oauth-protected-resource"`;
  const bare = await get({});
  assert.deepEqual([bare.status, bare.headers.get('www-authenticate')], [401, `Bearer ${metadata}`]);
  const basic = await get({ authorization: 'Basic YTpi' });
  assert.equal(basic.status, 401);

  const good = await partnerToken(s.env, SCOPES);
  const [head, claims, signature] = good.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url'));
  const { privateKey } = await generateKeyPair('ES256');
  const sign = (protectedHeader, change = {}) => new SignJWT({ ...JSON.parse(Buffer.from(claims, 'base64url')), ...change }).setProtectedHeader(protectedHeader).sign(privateKey);
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const jwks = await (await fetch(`${s.env.issuer}/jwks.json`)).json();
  const forged = {
    'another key': await sign(header),
    'unknown kid': await sign({ ...header, kid: 'nobody' }),
    'alg none': `${encode({ ...header, alg: 'none' })}.${claims}.`,
    'typ JWT': `${encode({ ...header, typ: 'JWT' })}.${claims}.${signature}`,
    'HS256 with the public key': await new SignJWT(JSON.parse(Buffer.from(claims, 'base64url'))).setProtectedHeader({ ...header, alg: 'HS256' })
      .sign(Buffer.from(JSON.stringify(jwks.keys.find((one) => one.kid === header.kid)))),
    'changed claims': `${head}.${encode({ ...JSON.parse(Buffer.from(claims, 'base64url')), partner: 'other' })}.${signature}`,
    'cut signature': good.slice(0, -2),
    'trailing bits': `${good}=`,
    garbage: 'x',
    large: 'a.'.repeat(6000),
  };
  /* Good ones, signed by the same keys, that are for somebody else: about the user only, and of another kind. */
  const login = await userTokens(s.env, s.env.demo.seller, 'openid email');
  const audience = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).aud;
  assert.ok(![audience(login.access_token)].flat().includes(s.env.pay_api));
  Object.assign(forged, { 'for another audience': login.access_token, 'an ID token': login.id_token });
  const says = {
    'alg none': 'is not signed by the issuer of this service', 'typ JWT': 'is a JWT of another kind, such as an ID token', 'changed claims': 'is not signed by the issuer of this service', garbage: 'is no JWT',
    'for another audience': 'is not meant for this service (aud)', 'an ID token': 'is a JWT of another kind, such as an ID token',
  };
  for (const [name, token] of Object.entries(forged)) {
    const { status, body, headers } = await pay(s.env, token, 'GET', '/v1/users').catch(() => ({ status: 431, body: {}, headers: new Headers() }));
    if (name === 'large' && status !== 401) continue;
    assert.deepEqual([status, body.code], [401, 'invalid_token'], name);
    if (says[name]) assert.equal(body.detail, `The access token ${says[name]}.`, name);
    assert.equal(headers.get('www-authenticate'), `Bearer error="invalid_token", ${metadata}`, name);
  }

  const narrow = await partnerToken(s.env, 'pay.balance');
  const refused = await pay(s.env, narrow, 'GET', '/v1/users');
  assert.deepEqual([refused.status, refused.body.code, refused.body.detail], [403, 'insufficient_scope', 'The access token does not have the scope pay.users.']);
  assert.equal(refused.headers.get('www-authenticate'), `Bearer error="insufficient_scope", scope="pay.users", ${metadata}`);

  const own = await addClient(s, { grants: 'client_credentials', scope: 'pay.users', more: ['--resource-server', s.env.pay_api] });
  const { access_token: nobodys } = await oidc.clientCredentialsGrant(own.config, { scope: 'pay.users', resource: s.env.pay_api });
  for (const [method, sent] of [['GET'], ['POST', { name: 'Somebody' }]]) {
    const { status, body } = await pay(s.env, nobodys, method, '/v1/users', sent);
    assert.deepEqual([status, body.code], [403, 'no_partner'], method);
  }
});

/* By the first word of the path; the document says what there is. */
const SCOPE_OF = {
  'pay.users': 'agreement confirmations users', 'pay.stores': 'billing split_profiles store_connections stores', 'pay.payouts': 'payout_lists payout_schedules payouts test_mails',
  'pay.payments': 'billing_links disputes invoices payments prices refunds saved_cards subscriptions test_clock test_transfers',
  'pay.balance': 'balance fee_invoices holdbacks ledger reports reserves statement', 'pay.webhooks': 'api_version events request_log webhook_endpoints', 'pay.operator': 'operator',
};

test('whoever has all scopes but that of what is asked for is told which one', async () => {
  const { paths } = await (await fetch(`${s.env.pay_api}/openapi.json`)).json();
  const scopes = SCOPES.split(' '), words = Object.entries(SCOPE_OF);
  const tokens = Object.fromEntries(await Promise.all(words.map(async ([scope]) => [scope, await partnerToken(s.env, scopes.filter((one) => one !== scope).join(' '))])));
  const asked = Object.entries(paths).filter(([path]) => path.startsWith('/v1/') && !path.startsWith('/v1/acquirer/'))
    .flatMap(([path, one]) => ['get', 'post', 'put', 'patch', 'delete'].filter((method) => one[method]).map((method) => [method.toUpperCase(), path]));
  assert.ok(asked.length > 100, `${asked.length}`);
  for (const [method, path] of asked) {
    const [scope] = words.find(([, list]) => list.split(' ').includes(path.split('/')[2])) ?? assert.fail(`${path}: no scope is known`);
    const { status, headers } = await pay(s.env, tokens[scope], method, path.replace(/\{[^}]*\}/g, '1'), ['POST', 'PUT', 'PATCH'].includes(method) ? {} : undefined);
    assert.deepEqual([status, /scope="([^"]*)"/.exec(headers.get('www-authenticate') ?? '')?.[1]], [403, scope], `${method} ${path}`);
  }
});

test('a suspended partner is refused everything, what was on its way is booked, and resumed it goes on', async () => {
  const third = await newPartner(s);
  try {
    const seller = await newSeller(s.env, { token: third.token });
    const create = async (fields = {}) => (await seller.call('POST', '/v1/payments', { store: seller.store.id, amount: 1000, currency: 'EUR', description: 'x', ...fields })).body;
    const [waiting, open, other] = [await create({ return_url: 'https://shop.example/back' }), await create(), await create()];
    const { body: { next_action: challenge } } = await seller.call('POST', `/v1/payments/${waiting.id}/confirm`, { payment_token: 'tok_test_3ds' });
    const { code, stderr } = await s.operator('paysrv', 'partners', 'suspend', third.slug, '--reason', 'asks for what is not his');
    assert.equal(code, 0, stderr);
    const standing = async () => (await seller.call('GET', '/v1/users')).body.code;
    await eventually(async () => await standing() === 'partner_suspended', { what: 'the server has heard of it' });
    assert.deepEqual((await seller.call('GET', '/v1/users', undefined, { headers: { 'stoa-version': '2026-11-01' } })).status, 403);
    const visit = await createAgent().open(open.checkout.url);
    assert.equal((await createAgent().submit(visit, {}, { button: 'Pay by card' })).status, 403, 'no buyer sets out any more');
    const way = await createAgent().open(other.checkout.url);
    assert.equal((await createAgent().submit(way, {}, { button: 'Pay by bank transfer' })).status, 403, 'nor another way');
    await fetch(challenge.url, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'result=approve' });
    await eventually(async () => (await s.psql(`select status from pay.payment where payment_id = '${waiting.id}'`))[0].status === 'succeeded', { what: 'money that moved is booked' });
    assert.match((await s.operator('paysrv', 'partners', 'list')).stdout, new RegExp(`${third.slug}.*suspended: asks for what is not his`));
    assert.equal((await s.operator('paysrv', 'partners', 'suspend', third.slug)).code, 2, 'not without a reason');
    assert.equal((await s.operator('paysrv', 'partners', 'resume', third.slug)).code, 0);
    await eventually(async () => await standing() === undefined, { what: 'it is in good standing again' });
  } finally {
    await third.remove();
  }
});

test('what the server says about itself', async () => {
  const get = async (path) => (await fetch(`${s.env.pay_api}${path}`)).json();
  const metadata = await get('/.well-known/oauth-protected-resource');
  assert.deepEqual([metadata.resource, metadata.authorization_servers], [s.env.pay_api, [s.env.issuer]]);
  assert.ok(metadata.scopes_supported.includes('pay.payouts'));
  assert.deepEqual(metadata.authorization_details_types_supported, ['payout', 'payment', 'store_management']);
  const openapi = await get('/openapi.json');
  assert.equal(openapi.openapi, '3.1.0');
  for (const path of ['/v1/users', '/v1/users/{user}', '/v1/users/{user}/requisites', '/v1/stores', '/v1/stores/{store}', '/v1/payouts/{payout}/confirm', '/v1/ledger', '/v1/balance'])
    assert.ok(openapi.paths[path], path);
  assert.equal((await get('/healthz')).status, 'ok');
  await eventually(async () => (await get('/readyz')).status === 'ready', { what: 'it is ready' });
});

/* ---- leaving ---- */

/* A person whom our own partner's server vouches for (RFC 7523), as its applications see one. */
async function person(partner) {
  const issuer = `https://idp-${randomUUID()}.example`, name = `Ada${randomUUID().slice(0, 8)} Lovelace`;
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwks = JSON.stringify({ keys: [{ ...await exportJWK(publicKey), kid: 'k', alg: 'ES256', use: 'sig' }] });
  const rp = await addClient(s, { grants: 'urn:ietf:params:oauth:grant-type:jwt-bearer', redirect: [], scope: `email ${SCOPES}`, more: ['--partner', partner.slug] });
  const { email } = await addUser(s);
  await inFile(jwks, (file) => operator(s, 'issuers', 'add', issuer, '--alg', 'ES256', '--clients', rp.id, '--jwks-file', file));
  await operator(s, 'issuers', 'map', issuer, '--subject', name, '--user', email);
  const now = Math.floor(Date.now() / 1000);
  const assertion = await new SignJWT({ iss: issuer, sub: name, aud: s.env.issuer, jti: randomUUID(), iat: now, exp: now + 120 }).setProtectedHeader({ alg: 'ES256', kid: 'k' }).sign(privateKey);
  const { access_token: token } = await oidc.genericGrantRequest(rp.config, 'urn:ietf:params:oauth:grant-type:jwt-bearer', { assertion, scope: `email ${SCOPES}` });
  await operator(s, 'issuers', 'remove', issuer);
  return { name, email, token, subject: JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).sub };
}

/* A card whose holder complains at once, and the dispute, with a paper. */
async function disputedCard(sold, token) {
  const key = readFileSync(join(s.data, 'secrets', 'acquirer_key'), 'utf8').trim();
  const answer = await fetch(`${s.env.acquirer}/v1/tokens`, { method: 'POST', body: '{"number":"4000000000001166"}', headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } });
  const payment = await sold((await answer.json()).id);
  const { data: [{ id }] } = await eventually(async () => {
    const { body } = await pay(s.env, token, 'GET', `/v1/disputes?payment=${payment}`);
    return body.data.length && body;
  }, { what: 'the dispute' });
  const file = await fetch(`${s.env.pay_api}/v1/disputes/${id}/files`, { method: 'POST', body: 'a paper', headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain' } });
  assert.equal(file.status, 201);
  return id;
}

/*
 * What stays of an erased person. For a while: answers go with their keys a day later, mails after mail_life. By law, until user_retention: who
 * was paid, who that was, what was agreed. Logged: the log is append-only and chained, and knows people by what the issuer and we call them,
 * which is nobody's name any more.
 */
const FOR_A_WHILE = ['idempotency.body', 'mail.recipient'];
const BY_LAW = ['agreement_acceptance.accepted_by', 'fee_invoice.recipient', 'legal_profile.created_by', 'legal_profile.name', 'requisite.holder_name'];
const LOGGED = ['audit.actor', 'audit.detail'];

/* Where a word stands in what paysrv keeps: "table.column". */
async function placesOf(words) {
  const columns = await s.psql(`select c.table_name as t, c.column_name as c from information_schema.columns c
    join information_schema.tables x using (table_schema, table_name)
    where table_schema = 'pay' and table_type = 'BASE TABLE' and c.data_type in ('text', 'json', 'jsonb', 'ARRAY')`);
  const held = (text) => words.map((word) => `${text} like '%${word.replaceAll("'", "''")}%'`).join(' or ');
  const rows = await s.psql(columns.map(({ t, c }) => `select '${t}.${c}' as place where exists (select from pay.${t} where ${held(`${c}::text`)})`).join(' union all '));
  return rows.map(({ place }) => place).sort();
}

test('of who did everything and is erased only that stays which has to', async () => {
  const partner = await newPartner(s), ada = await person(partner);
  const by = async (token, path, body, status = [200, 201, 202]) => {
    const answer = await pay(s.env, token, 'POST', path, body);
    assert.ok(status.includes(answer.status), `${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const she = (path, body) => by(ada.token, path, body), they = (path, body) => by(partner.token, path, body);
  const user = await she('/v1/users', { name: ada.name, country: 'DE' }), of = `/v1/users/${user.id}`;
  const store = await she('/v1/stores', { name: 'Shop', currency: 'EUR' });
  await s.operator('paysrv', 'agreements', 'add', '--partner', partner.slug, '--version', '1', '--url', 'https://stoa.example/terms', '--sha256', 'ab'.repeat(32));
  await she(`${of}/agreement_acceptances`, { version: '1', accepted_ip: '2001:db8::7', user_agent: 'Browser/1' });
  await she(`${of}/legal_profile`, { kind: 'individual', name: ada.name, tax_id: 'de 136 695 976', address: { country: 'DE', town: 'Berlin' } });
  const [used, unused] = [await she(`${of}/requisites`, { ...bank, holder_name: ada.name }), await she(`${of}/requisites`, { ...bank, iban: 'DE75512108001245126199', holder_name: ada.name })];
  for (const state of ['suspend', 'activate']) await she(`/v1/stores/${store.id}/${state}`, { reason: 'a holiday' });
  const sold = async (token) => {
    const { id } = await they('/v1/payments', { store: store.id, amount: 1000, currency: 'EUR', description: 'An article' });
    const { status, body } = await outcomeOf((options) => pay(s.env, partner.token, 'POST', `/v1/payments/${id}/confirm`, { payment_token: token }, options));
    assert.equal(status, 200, JSON.stringify(body));
    return id;
  };
  assert.equal((await s.operator('paysrv', 'disputes', 'policy', partner.slug, '--currency', 'EUR', '--fee-bearer', 'platform')).code, 0);
  const first = await sold('tok_test_visa');
  const asked = await she('/v1/payouts', { amount: 5, currency: 'EUR', requisite: used.id });
  await she(`/v1/payouts/${asked.id}/cancel`);
  const list = await she('/v1/payout_lists', { payouts: [{ amount: 5, currency: 'EUR', requisite: used.id }] });
  await she(`/v1/payout_lists/${list.id}/cancel`);
  await she('/v1/payout_schedules', { requisite: used.id, currency: 'EUR', every: 'day', at: '17:00', zone: 'UTC' });
  await she(`/v1/payments/${first}/refunds`, { reason: 'came back' });
  await she(`/v1/disputes/${await disputedCard(sold, ada.token)}/accept`);
  await she(`/v1/stores/${store.id}/close`, { reason: 'no more' });
  await s.psql(`insert into pay.fee_invoice (fee_invoice_id, partner_id, clock, month, user_id, issuer, currency, number, gross, recipient, document, issued_at)
    values ('fin_of_${user.id}', '${partner.slug}', '', '2015-01', '${user.id}', 'partner', 'EUR', 1000000, 5, '${JSON.stringify({ name: ada.name })}', '{"gross":5}', now())`);
  const invoice = (change) => s.psql(`update pay.fee_invoice set ${change} where user_id = '${user.id}'`);
  const traces = () => placesOf([ada.name, ada.email, ada.subject]);
  const before = await traces();
  for (const place of ['dispute.asked_by', 'dispute_file.uploaded_by', 'event.data', 'refund.initiator', 'store_change.actor_name']) assert.ok(before.includes(place), `${place}: the test is about it`);
  await they(`${of}/close`);
  await they(`${of}/erase`);
  assert.deepEqual(await traces(), [...FOR_A_WHILE, ...BY_LAW, ...LOGGED].sort());
  await assert.rejects(invoice(`recipient = '{"name":"-"}'`), /append-only/);
  await s.psql(`update pay.pay_user set closed_at = closed_at - interval '11 years', erased_at = erased_at - interval '11 years' where user_id = '${user.id}'`);
  assert.equal((await s.operator('paysrv', 'users', 'forget')).code, 0);
  assert.deepEqual(await traces(), [...FOR_A_WHILE, ...LOGGED].sort());
  for (const change of [`recipient = '{"name":"Eve"}'`, `gross = 6, recipient = '{"name":"-"}'`]) await assert.rejects(invoice(change), /append-only/);
  await partner.remove();
});
