/*
 * Payouts, payments and stores that a user has allowed one by one, by a rich authorization request (RFC 9396; docs/decisions/0071, 0074): the token allows exactly them,
 * each once, however it was renewed; and from an amount on it has to.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { wholeDay } from '../support/day.mjs';
import { eventually } from '../support/eventually.mjs';
import { newPartner } from '../support/partner.mjs';
import { pay } from '../support/people.mjs';
import { addClient, addUser, operator, post, REDIRECT, redeem, request } from '../support/relying_party.mjs';
import { codeIn, IBAN, ofRequest } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

const SCOPE = 'openid email offline_access pay.users pay.stores pay.payments pay.payouts';
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const GRANTS = `authorization_code,refresh_token,client_credentials,${EXCHANGE}`;
const TYPES = { authorization_details_types: ['payout', 'payment', 'store_management'] };

let s, partner, rp, eve, user, store, requisite, other;

const call = async (token, path, body, options) => {
  const { status, body: answer, headers } = await pay(s.env, token, 'POST', path, body, options);
  return { status, answer, code: answer.code, told: headers.get('www-authenticate') };
};
const detail = (amount, more = {}) => ({ type: 'payout', amount, currency: 'EUR', destination: requisite, ...more });
const one = (amount, more = {}) => ({ amount, currency: 'EUR', requisite, ...more });

/* A consent to these payouts, which the person reads on our page: what the client may redeem. */
async function consented(details) {
  const asked = await request(rp, { scope: SCOPE, ...(details && { authorization_details: JSON.stringify(details) }) });
  const until = (url) => url.href.startsWith(REDIRECT), agent = createAgent();
  let page = await agent.submit(await agent.open(asked.url, { until }), eve, { button: 'Sign in', until });
  for (const { amount, type } of details ?? []) if (type === 'payout') assert.match(page.text, new RegExp(`Pay out ${(amount / 100).toFixed(2)} EUR of your balance`));
  if (page.status !== 0) page = await agent.submit(page, {}, { button: 'Allow', until });
  return { ...asked, callback: page.url };
}
const allowed = async (details) => redeem(rp, await consented(details));

/* At /token, with what it shall be narrowed to, as no good client would. */
const narrowed = async (fields, details) => post(s, '/token', { ...fields, ...(details && { authorization_details: JSON.stringify(details) }) }, { basic: rp });
const redeemed = async (details, less) => {
  const { callback, verifier } = await consented(details);
  return narrowed({ grant_type: 'authorization_code', code: callback.searchParams.get('code'), redirect_uri: REDIRECT, code_verifier: verifier }, less);
};
/* Each time with the token that the one before has left. */
const renewal = ({ refresh_token }) => async (less, more) => {
  const answer = await narrowed({ grant_type: 'refresh_token', refresh_token, ...more }, less);
  refresh_token = answer.body.refresh_token ?? refresh_token;
  return answer;
};
const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
const saleOf = (amount) => ({ type: 'payment', amount, currency: 'EUR', payee: store.id });
const buy = async (token, amount, key = randomUUID()) => call(token, '/v1/payments', { store: store.id, amount, currency: 'EUR', description: 'A letter' }, { key });
const ends = (answers) => answers.map(({ status, code }) => code ?? status);

before(async () => {
  await wholeDay();
  s = await sharedStack();
  partner = await newPartner(s);
  rp = await addClient(s, { grants: GRANTS, scope: SCOPE, metadata: TYPES, more: ['--partner', partner.slug] });
  eve = await addUser(s, ['--full-profile']); /* with an address that is verified */
  const [{ access_token: plain }, own] = [await allowed(), partner.token];
  const made = async (token, path, body) => {
    const { status, answer } = await call(token, path, body);
    assert.ok(status === 201 || status === 200, JSON.stringify(answer));
    return answer;
  };
  user = await made(plain, '/v1/users', { name: 'Eve Editor' });
  store = await made(plain, '/v1/stores', { name: 'Eve', currency: 'EUR' });
  const account = { type: 'bank_account', iban: IBAN, holder_name: 'Eve Editor', address: { country: 'DE', town: 'Berlin' } };
  requisite = (await made(plain, `/v1/users/${user.id}/requisites`, account)).id;
  other = (await made(plain, `/v1/users/${user.id}/requisites`, { ...account, iban: 'DE75512108001245126199' })).id;
  await s.psql(`update pay.requisite set usable_from = null where requisite_id = '${other}'`);
  const payment = await made(own, '/v1/payments', { store: store.id, amount: 100_000, currency: 'EUR', description: 'An article' });
  await made(own, `/v1/payments/${payment.id}/confirm`, { payment_token: 'tok_test_visa' });
});

after(async () => {
  await partner?.remove();
  await s?.stop();
});

test('a token that allows a payout allows exactly this one, once', async () => {
  const tokens = await allowed([detail(300, { destination_name: 'Eve Editor' }), detail(400)]);
  const token = tokens.access_token;
  for (const [why, body] of Object.entries({
    'another amount': one(301), 'another payee': one(300, { requisite: other }), 'another currency': one(300, { currency: 'USD' }),
  })) {
    const { status, code, answer, told } = await call(token, '/v1/payouts', body);
    if (why === 'another currency') assert.ok(status >= 400, why);
    else assert.deepEqual([status, code, answer.param], [403, 'insufficient_authorization_details', 'authorization_details'], `${why}: ${JSON.stringify(answer)}`);
    if (code === 'insufficient_authorization_details') assert.match(told, /^Bearer error="insufficient_authorization_details", resource_metadata="/);
  }
  assert.equal((await call(token, '/v1/payout_schedules', { requisite, currency: 'EUR', every: 'day', at: '17:00', zone: 'UTC' })).code, 'insufficient_authorization_details', 'a schedule makes others');

  const key = randomUUID();
  const payout = await call(token, '/v1/payouts', one(300), { key });
  assert.equal(payout.status, 201, JSON.stringify(payout.answer));
  assert.deepEqual((await call(token, '/v1/payouts', one(300), { key })).answer, payout.answer, 'the same request again is the same payout');
  assert.deepEqual([403, 'authorization_details_used'], await call(token, '/v1/payouts', one(300)).then(({ status, code }) => [status, code]));
  const renewed = await oidc.refreshTokenGrant(rp.config, tokens.refresh_token);
  assert.equal((await call(renewed.access_token, '/v1/payouts', one(300))).code, 'authorization_details_used', 'a renewed token is of the same consent');
  const list = await call(renewed.access_token, '/v1/payout_lists', { payouts: [one(400)] });
  assert.equal(list.status, 201, JSON.stringify(list.answer));

  const { access_token: elsewhere } = await allowed([detail(500)]);
  const mailed = async (id, pattern) => codeIn(await s.mail(eve.email, pattern));
  const code = await mailed(payout.answer.id, ofRequest(payout.answer.label));
  assert.equal((await call(elsewhere, `/v1/payouts/${payout.answer.id}/confirm`, { code })).code, 'insufficient_authorization_details', 'a consent to another payout confirms none of this');
  for (const what of ['resend', 'cancel']) {
    assert.equal((await call(elsewhere, `/v1/payouts/${payout.answer.id}/${what}`)).code, 'insufficient_authorization_details', what);
    assert.equal((await call(elsewhere, `/v1/payout_lists/${list.answer.id}/${what}`)).code, 'insufficient_authorization_details', `${what} of a list`);
  }
  assert.equal((await call(renewed.access_token, `/v1/payouts/${payout.answer.id}/confirm`, { code })).status, 200);
  assert.equal((await call(renewed.access_token, `/v1/payout_lists/${list.answer.id}/cancel`)).status, 200, 'what it asked for it may take back');
});

test('a token that allows certain payouts does nothing to a schedule, which makes others', async () => {
  const [{ access_token: plain }, { access_token: token }] = [await allowed(), await allowed([detail(350)])];
  const asked = await call(plain, '/v1/payout_schedules', { requisite, currency: 'EUR', every: 'month', day: 1, at: '17:00', zone: 'UTC' });
  assert.equal(asked.status, 201, JSON.stringify(asked.answer));
  const path = `/v1/payout_schedules/${asked.answer.id}`, code = codeIn(await s.mail(eve.email, ofRequest(asked.answer.label)));
  const refused = async (what, body) => assert.deepEqual(await call(token, `${path}/${what}`, body).then(({ status, code }) => [status, code]), [403, 'insufficient_authorization_details'], what);
  await refused('confirm', { code });
  assert.equal((await call(plain, `${path}/confirm`, { code })).status, 200);
  await refused('pause');
  assert.equal((await call(plain, `${path}/pause`)).status, 200);
  await refused('resume');
  await refused('end');
  assert.equal((await pay(s.env, token, 'GET', path)).body.status, 'paused', 'it may be read');
  assert.equal((await call(plain, `${path}/end`)).status, 200);
});

test('a token that allows a payment makes exactly this one, once, and does nothing else to payments', async () => {
  const allows = { type: 'payment', amount: 700, currency: 'EUR', payee: store.id, payee_name: 'Eve', purpose: 'A letter' };
  const tokens = await allowed([allows]), sale = { store: store.id, amount: 700, currency: 'EUR', description: 'A letter' };
  const make = (body, key = randomUUID(), token = tokens.access_token) => call(token, '/v1/payments', body, { key });
  for (const wrong of [{ amount: 701 }, { description: 'Another letter' }]) {
    const { status, code, answer } = await make({ ...sale, ...wrong });
    assert.deepEqual([status, code, answer.param], [403, 'insufficient_authorization_details', 'authorization_details'], JSON.stringify(answer));
  }
  assert.deepEqual(await make(sale, null).then(({ code, answer }) => [code, answer.param]), ['idempotency_key_required', 'Idempotency-Key']);
  for (const [param, confirm] of [['confirm.payment_token', { method: 'card' }], ['confirm.payment_token', { payment_token: 'scd_nobodys' }], ['return_url', { method: 'wallet' }]]) {
    const { status, answer } = await make({ ...sale, confirm });
    assert.deepEqual([status, answer.param], [422, param], JSON.stringify(answer));
  }
  const key = randomUUID(), [made, twin] = await Promise.all([make(sale, key), make(sale, key)]);
  assert.deepEqual([made.status, twin.status, twin.answer.id], [201, 201, made.answer.id], `what was refused has used nothing up: ${JSON.stringify(made.answer)}`);
  assert.equal((await make(sale, key)).answer.id, made.answer.id, 'the same request again is the same payment');
  assert.equal((await make(sale)).code, 'authorization_details_used');
  const { access_token: renewed } = await oidc.refreshTokenGrant(rp.config, tokens.refresh_token);
  assert.equal((await make(sale, randomUUID(), renewed)).code, 'authorization_details_used');
  await s.psql(`delete from pay.idempotency where partner_id = '${partner.slug}' and key = '${key}'`);
  assert.equal((await make(sale, key, renewed)).code, 'authorization_details_used', 'also when its key is forgotten');
  assert.equal((await call(renewed, `/v1/payments/${made.answer.id}/cancel`)).code, 'insufficient_authorization_details');
  assert.equal((await pay(s.env, renewed, 'GET', `/v1/payments/${made.answer.id}`)).status, 200);
});

test('a token that allows to read and change a store does that to this one', async () => {
  const { access_token: token } = await allowed([{ type: 'store_management', store: store.id, actions: ['read', 'change'] }]);
  const done = async (method, path, body) => (await pay(s.env, token, method, path, body)).status;
  assert.equal(await done('GET', `/v1/stores/${store.id}`), 200);
  assert.equal(await done('POST', `/v1/stores/${store.id}/branding`, { display_name: 'Eve' }), 200);
  assert.deepEqual([await done('POST', `/v1/stores/${store.id}/close`, {}), await done('POST', '/v1/stores', { name: 'Two', currency: 'EUR' }), await done('GET', '/v1/stores')], [403, 403, 403]);
});

test('two payouts of a list are two details, and a name that is not the payee’s allows nothing', async () => {
  const { access_token: token } = await allowed([detail(250), detail(250, { destination_name: 'Somebody Else' })]);
  assert.equal((await call(token, '/v1/payout_lists', { payouts: [one(250), one(250)] })).code, 'insufficient_authorization_details');
  assert.equal((await call(token, '/v1/payout_lists', { payouts: [one(250)] })).status, 201, 'what was refused has used nothing up');
});

test('no token has the scope of what was allowed one by one and leaves all of it out', async () => {
  const managed = { type: 'store_management', store: store.id, actions: ['read'] };
  const cases = [
    ['nothing at all', [saleOf(710)], []], ['one kind without the other', [saleOf(710), managed], [managed]],
    ['payouts without payments', [saleOf(710), detail(110)], [detail(110)]], ['of the scope less', [saleOf(710), managed], [managed], { scope: 'pay.payments' }],
  ];
  for (const [why, granted, less, more] of cases) {
    const renew = renewal(await allowed(granted));
    for (const { status, body } of [await renew(less, more), ...(more ? [] : [await redeemed(granted, less)])])
      assert.deepEqual([status, body.error], [400, 'invalid_authorization_details'], why);
    const { body } = await renew(granted);
    assert.deepEqual(ends([await buy(body.access_token, 71_000), await buy(body.access_token, 710)]), ['insufficient_authorization_details', 201], `${why}: what was refused has cost nothing`);
  }
});

test('what was allowed once is in a token once, however often it is named', async () => {
  const many = Array(10).fill(saleOf(720)), one_ = [saleOf(720)];
  const renew = renewal(await allowed(one_));
  for (const { status, body } of [await redeemed(one_, many), await renew(many), await renew([...one_, ...one_])])
    assert.deepEqual([status, body.error], [400, 'invalid_authorization_details']);
  const twice = renewal(await allowed([...one_, ...one_]));
  assert.equal((await twice([...one_, ...one_, ...one_])).body.error, 'invalid_authorization_details');
  const { body: { access_token: both } } = await twice([...one_, ...one_]);
  assert.deepEqual(ends([await buy(both, 720), await buy(both, 720), await buy(both, 720)]), [201, 201, 'authorization_details_used'], 'twice was allowed');
  const list = renewal(await allowed([detail(120)]));
  assert.equal((await list([detail(120), detail(120)])).body.error, 'invalid_authorization_details', 'nor is a payout');
});

test('a permit is of the same thing in whatever order and choice a token names it', async () => {
  const [a, b] = [saleOf(730), saleOf(740)], renew = renewal(await allowed([a, b]));
  const tokenOf = async (less) => (await renew(less)).body.access_token;
  const { body: straight } = await renew(), { grant_id } = claimsOf(straight.access_token);
  assert.equal((await buy(straight.access_token, 730)).status, 201);
  const { body: turned } = await renew([b, a]);
  assert.deepEqual(turned.authorization_details, straight.authorization_details, 'as they were granted');
  assert.equal((await buy(turned.access_token, 730)).code, 'authorization_details_used', 'in another order');
  assert.equal((await buy(await tokenOf([a]), 730)).code, 'authorization_details_used', 'alone');
  const second = await tokenOf([b]);
  assert.equal((await buy(second, 740)).status, 201, 'the other one is its own');
  assert.deepEqual(ends([await buy(second, 740), await buy(await tokenOf(), 740)]), Array(2).fill('authorization_details_used'));
  /* A node of the version before knows whole lists by these, and stands beside this one while the nodes are replaced. */
  assert.deepEqual((await s.psql(`select permit from pay.payment_permit where permit like '${grant_id}:%' order by permit`)).map(({ permit }) => permit), [`${grant_id}:0`, `${grant_id}:1`]);
  const paid = renewal(await allowed([detail(130), detail(140)]));
  const out = async (less, amount) => call((await paid(less)).body.access_token, '/v1/payouts', one(amount));
  assert.deepEqual(ends([await out([detail(130)], 130), await out([detail(140)], 140), await out([detail(140), detail(130)], 130), await out([detail(140)], 140)]),
    [201, 201, 'authorization_details_used', 'authorization_details_used']);
});

test('what is exchanged is held to what was allowed, also for an ID token and for another client', async () => {
  const tokens = await allowed([saleOf(750), detail(150)]), told = claimsOf(tokens.access_token);
  const other = await addClient(s, { grants: EXCHANGE, redirect: [], scope: SCOPE, more: ['--partner', partner.slug] });
  await operator(s, 'exchange', 'allow', other.id, '--tokens-of', rp.id, '--scopes', 'openid pay.payments pay.payouts');
  const exchange = async (client, subject_token, kind) =>
    (await oidc.genericGrantRequest(client.config, EXCHANGE, { subject_token, subject_token_type: `urn:ietf:params:oauth:token-type:${kind}_token` })).access_token;
  for (const [why, client, token, kind] of [['its own', rp, tokens.access_token, 'access'], ['an ID token', rp, tokens.id_token, 'id'], ['another’s', other, tokens.access_token, 'access'], ['another’s ID token', other, tokens.id_token, 'id']]) {
    const got = await exchange(client, token, kind), claims = claimsOf(got);
    assert.deepEqual([claims.authorization_details, claims.grant_id], [told.authorization_details, told.grant_id], why);
    assert.deepEqual(ends([await buy(got, 75_000), await call(got, '/v1/payouts', one(151))]), Array(2).fill('insufficient_authorization_details'), why);
    assert.equal((await buy(got, 750)).code ?? 201, why === 'its own' ? 201 : 'authorization_details_used', `${why}, once for all`);
  }
  const renew = renewal(await allowed([saleOf(760), saleOf(770), detail(160)])), { body } = await renew([saleOf(770), detail(160)]);
  const less = await exchange(rp, body.access_token, 'access');
  assert.deepEqual(claimsOf(less).authorization_details, body.authorization_details, 'and what was narrowed stays so');
  assert.deepEqual(ends([await buy(less, 760), await buy(less, 770), await buy(body.access_token, 770), await call((await renew()).body.access_token, '/v1/payments', { store: store.id, amount: 770, currency: 'EUR', description: 'x' }, { key: randomUUID() })]),
    ['insufficient_authorization_details', 201, 'authorization_details_used', 'authorization_details_used']);
});

test('from an amount on a user has to allow each payout so', async () => {
  const limit = async (...words) => s.operator('paysrv', 'payouts', 'limit', partner.slug, '--currency', 'EUR', '--seller', user.id, ...words);
  const [plain, own] = [(await allowed()).access_token, partner.token];
  const [{ sum }] = await s.psql(`select coalesce(sum(amount), 0)::int as sum from pay.payout where user_id = '${user.id}' and status <> 'canceled'`);
  assert.equal((await limit('--details-from', String(sum + 1000))).code, 0);
  assert.match((await s.operator('paysrv', 'payouts', 'limits', partner.slug)).stdout, new RegExp(`${user.id}.*details-from ${sum + 1000}`));
  const refused = await call(plain, '/v1/payouts', one(1000));
  assert.deepEqual([refused.status, refused.code], [403, 'insufficient_authorization_details'], JSON.stringify(refused.answer));
  const schedule = await call(plain, '/v1/payout_schedules', { requisite, currency: 'EUR', every: 'day', at: '17:00', zone: 'UTC' });
  assert.deepEqual([schedule.status, schedule.code, schedule.answer.param], [403, 'insufficient_authorization_details', 'currency'], JSON.stringify(schedule.answer));
  const wanted = JSON.parse(/authorization_details: (\[.*?\])/.exec(refused.answer.detail)[1]);
  const { access_token: token } = await allowed(wanted);
  const done = await call(token, '/v1/payouts', one(1000));
  assert.equal(done.status, 201, JSON.stringify(done.answer)); /* what the answer says is what to ask for */
  assert.equal((await call(plain, '/v1/payouts', one(1))).code, 'insufficient_authorization_details', 'many small ones are as good as a large one');
  assert.equal((await call(own, '/v1/payouts', { ...one(5), user: user.id })).status, 201, 'a partner’s own token is of nobody who could allow it');
  assert.equal((await limit('--least', '1')).code, 0); /* without it, for who comes after */
});

test('what a user takes back at the issuer stops his schedules and what was allowed once, until he has come back and typed another code', async () => {
  const [{ access_token: plain }, { access_token: permitted }] = [await allowed(), await allowed([detail(150)])];
  const terms = { requisite, currency: 'EUR', every: 'day', at: '17:00', zone: 'UTC' };
  const read = async (path) => (await pay(s.env, partner.token, 'GET', path)).body;
  const begin = async (token, more) => {
    const { status, answer } = await call(token, '/v1/payout_schedules', { ...terms, ...more });
    assert.equal(status, 201, JSON.stringify(answer));
    return answer;
  };
  const confirm = async (token, { id, label }) => call(token, `/v1/payout_schedules/${id}/confirm`, { code: codeIn(await s.mail(eve.email, ofRequest(label))) });
  const active = await begin(plain), waits = await begin(partner.token, { user: user.id, every: 'week', day: 5 });
  assert.equal((await confirm(plain, active)).answer.status, 'active');
  const { answer: once } = await call(permitted, '/v1/payouts', one(150));
  assert.equal(once.status, 'awaiting_code');

  const agent = createAgent();
  const page = await agent.submit(await agent.open(new URL('/account/access', s.env.issuer)), eve, { button: 'Sign in' });
  const csrf = /name="csrf" value="([^"]*)"/.exec(page.text)[1];
  await agent.open(new URL('/account/apps/end', s.env.issuer), { method: 'POST', body: new URLSearchParams({ csrf, id: rp.id }).toString(), from: page.url });

  const paused = await eventually(async () => { const now = await read(`/v1/payout_schedules/${active.id}`); return now.status === 'paused' && now; }, { what: 'the schedule is paused' });
  assert.deepEqual([paused.reason, paused.next_at], ['consent_withdrawn', null]);
  const ended = await read(`/v1/payout_schedules/${waits.id}`), canceled = await read(`/v1/payouts/${once.id}`), owner = await read(`/v1/users/${user.id}`);
  assert.deepEqual([ended.status, ended.reason, canceled.status, canceled.reason, Boolean(owner.consent_withdrawn_at)], ['ended', 'consent_withdrawn', 'canceled', 'consent_withdrawn', true]);
  assert.deepEqual((await s.psql(`select type from pay.event where object_id = '${active.id}' order by sequence`)).map(({ type }) => type).slice(-1), ['payout_schedule.paused']);
  assert.match((await s.mail(eve.email, /schedule have stopped/)).text, /agree to a schedule anew/);

  /* The partner cannot go on by itself, nor with a token of before. */
  assert.deepEqual(await call(partner.token, `/v1/payout_schedules/${active.id}/resume`).then(({ status, code, answer }) => [status, code, answer.param]), [409, 'consent_withdrawn', 'schedule']);
  assert.deepEqual(await call(partner.token, '/v1/payout_schedules', { ...terms, user: user.id }).then(({ status, code, answer }) => [status, code, answer.param]), [409, 'consent_withdrawn', 'user']);
  assert.equal((await call(plain, '/v1/payout_schedules', terms)).status, 401);
  const { access_token: again } = await allowed();
  const fresh = await begin(again);
  assert.equal((await read(`/v1/payout_schedules/${active.id}`)).status, 'paused', 'until the code is typed');
  assert.equal((await confirm(again, fresh)).answer.status, 'active');
  assert.deepEqual([(await read(`/v1/payout_schedules/${active.id}`)).reason, (await read(`/v1/users/${user.id}`)).consent_withdrawn_at], ['replaced', null]);
  /* The feed tells it again and again, and another server as well: it is taken up once. */
  const [{ n }] = await s.psql(`select count(*)::int as n from pay.consent_withdrawal where partner_id = '${partner.slug}' and done_at is not null`);
  assert.equal(n, 1);
  assert.equal((await read(`/v1/payout_schedules/${fresh.id}`)).status, 'active');
});
