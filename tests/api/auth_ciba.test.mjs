/*
 * Client-initiated backchannel authentication (OpenID CIBA Core 1.0) in the modes poll, ping and push, with openid-client and an endpoint that
 * answers as it is told: IDENTITY E 74, OIDC N 4 to N 9. Signed requests are in auth_ciba_signed.
 */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { eventually, timed } from '../support/eventually.mjs';
import { addClient, addUser, operator, post, sound } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';

const GRANT = 'urn:openid:params:grant-type:ciba';
const QUICK = { AUTHSRV_POLL_INTERVAL: '1s', AUTHSRV_RATE_LIMITS: 'false' };
let s, user, server, hook, poller;
const heard = [];
let answers = [];

before(async () => {
  s = await startStack({ profile: 'login', env: QUICK });
  server = createServer({ keepAliveTimeout: 0 }, async (req, res) => {
    let body = '';
    for await (const part of req) body += part;
    heard.push({ path: req.url, authorization: req.headers.authorization, type: req.headers['content-type'], body: JSON.parse(body), at: Date.now() });
    const [status, headers = {}, text = ''] = answers.shift() ?? [204];
    res.writeHead(status, headers).end(text);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  hook = `http://127.0.0.1:${server.address().port}`;
  user = await addUser(s);
  poller = await addCiba('poll');
});

after(async () => {
  server?.closeAllConnections();
  server?.close();
  await sound(s);
  await s.stop();
});

const addCiba = (mode) => {
  const path = `/${randomBytes(6).toString('hex')}`;
  const metadata = { backchannel_token_delivery_mode: mode, ...(mode !== 'poll' && { backchannel_client_notification_endpoint: `${hook}${path}` }) };
  return addClient(s, { grants: `${GRANT},refresh_token`, redirect: [], metadata }).then((rp) => ({ ...rp, path }));
};

const token = () => randomBytes(32).toString('base64url');
const ask = (rp, more = {}) => oidc.initiateBackchannelAuthentication(rp.config, { scope: 'openid email offline_access', login_hint: user.email, ...more });
const raw = (rp, fields) => post(s, '/bc-authorize', fields, { basic: rp });
const poll = (rp, asked) => post(s, '/token', { grant_type: GRANT, auth_req_id: asked.auth_req_id }, { basic: rp });
const half = (text) => createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');
const allow = (asked) => operator(s, 'approvals', 'allow', asked.auth_req_id);

const heardOf = (rp, n = 1) => eventually(() => {
  const all = heard.filter(({ path }) => path === rp.path);
  return all.length >= n && all;
}, { what: `the client is told ${n} times` });

async function open(link, person = user, agent = createAgent()) {
  let page = await agent.open(link);
  if (page.url.pathname === '/login') page = await agent.submit(page, person, { button: 'Sign in' });
  return { agent, page };
}

test('discovery says what there is', () => {
  const metadata = poller.config.serverMetadata();
  assert.equal(metadata.backchannel_authentication_endpoint, `${s.env.issuer}/bc-authorize`);
  assert.deepEqual(metadata.backchannel_token_delivery_modes_supported, ['poll', 'ping', 'push']);
  assert.ok(metadata.grant_types_supported.includes(GRANT));
  assert.equal(metadata.backchannel_user_code_parameter_supported, false);
});

test('poll: the person opens the mailed page, sees who asks with which message, and allows', async () => {
  const asked = await ask(poller, { binding_message: 'Table 7, 4711', requested_expiry: '120' });
  assert.ok(Buffer.from(asked.auth_req_id, 'base64url').length >= 16);
  assert.equal(asked.expires_in, 120);
  assert.equal(asked.interval, 1);
  const waiting = oidc.pollBackchannelAuthenticationGrant(poller.config, asked);
  const mail = await s.mail(user.email, /asks for your approval/);
  assert.match(mail.text, /Table 7, 4711/);
  const link = /https?:\S+\/approve\/\S+/.exec(mail.text)[0];
  const { agent, page } = await open(link);
  assert.equal(page.url.pathname, '/consent', page.text.slice(0, 300));
  for (const shown of [`Test ${poller.id}`, 'Table 7, 4711', 'See your e-mail address', '127.0.0.1']) assert.ok(page.text.includes(shown), shown);
  assert.match((await agent.submit(page, {}, { button: 'Allow' })).text, /go back to your device/);
  const tokens = await waiting;
  const info = await oidc.fetchUserInfo(poller.config, tokens.access_token, tokens.claims().sub);
  assert.equal(info.email, user.email);
  assert.ok(tokens.refresh_token);
  assert.equal((await poll(poller, asked)).body.error, 'invalid_grant', 'once');
  assert.equal((await agent.open(link)).status, 400, 'decided');
  const byIdToken = await ask(poller, { login_hint: '', id_token_hint: tokens.id_token });
  assert.ok(byIdToken.auth_req_id);
});

test('only the person who was named can decide', async () => {
  const asked = await ask(poller);
  const [{ id }] = await s.psql('select id from auth.decoupled order by created_at desc limit 1');
  const { page } = await open(new URL(`/approve/${id}`, s.env.issuer), await addUser(s));
  assert.match(page.text, /Nothing was decided/);
  assert.equal((await poll(poller, asked)).body.error, 'authorization_pending');
  const own = await open(new URL(`/approve/${id}`, s.env.issuer));
  assert.match((await own.agent.submit(own.page, {}, { button: 'Deny' })).text, /Access was denied/);
  assert.equal((await poll(poller, asked)).body.error, 'access_denied');
});

test('polls: pending, too early, foreign, expired; and twenty at once give one token set', async () => {
  const asked = await ask(poller);
  await s.psql(`update auth.decoupled set interval_s = 100 where client_id = '${poller.id}' and status = 'pending'`);
  assert.equal((await poll(poller, asked)).body.error, 'authorization_pending');
  assert.equal((await poll(poller, asked)).body.error, 'slow_down');
  assert.equal((await poll(await addCiba('poll'), asked)).body.error, 'invalid_grant');
  await allow(asked);
  const results = await Promise.all(Array.from({ length: 20 }, () => poll(poller, asked)));
  assert.equal(results.filter(({ status }) => status === 200).length, 1);
  const late = await ask(poller, { requested_expiry: '1' });
  await sleep(1200);
  assert.equal((await poll(poller, late)).body.error, 'expired_token');
});

test('the operator decides in the place of the person, for tests', async () => {
  const [yes, no] = [await ask(poller), await ask(poller)];
  assert.match(await operator(s, 'approvals', 'list'), new RegExp(poller.id));
  await allow(yes);
  await operator(s, 'approvals', 'deny', no.auth_req_id);
  assert.equal((await poll(poller, yes)).status, 200);
  assert.equal((await poll(poller, no)).body.error, 'access_denied');
  assert.equal((await s.operator('authsrv', 'approvals', 'allow', no.auth_req_id)).code, 1);
  const rows = await s.psql(`select action from auth.audit where actor = 'cli:uid:${process.getuid()}' and object = '${poller.id}' and action like 'decoupled.%'`);
  assert.ok(rows.length >= 2);
});

test('ping: the id alone, with the client’s token; tried again after a failure, not after 401, 403 or a redirect; polling works anyway', async () => {
  const rp = await addCiba('ping');
  const mine = token();
  answers = [[500], [200, { 'content-type': 'text/html' }, '<p>ignored']];
  const asked = await ask(rp, { client_notification_token: mine });
  assert.equal(asked.interval, 1);
  await allow(asked);
  const all = await heardOf(rp, 2);
  for (const one of all) {
    assert.deepEqual(one.body, { auth_req_id: asked.auth_req_id });
    assert.equal(one.authorization, `Bearer ${mine}`);
    assert.match(one.type, /^application\/json/);
  }
  assert.equal((await poll(rp, asked)).status, 200);
  for (const refusal of [[401], [403], [302, { location: `${hook}/elsewhere` }]]) {
    const stubborn = await addCiba('ping');
    answers = [refusal];
    const again = await ask(stubborn, { client_notification_token: token() });
    await operator(s, 'approvals', 'deny', again.auth_req_id);
    await heardOf(stubborn);
    await eventually(async () => (await s.psql(`select 1 from auth.decoupled_notice n join auth.decoupled d on d.id = n.decoupled_id where d.client_id = '${stubborn.id}' and n.kind = 'ping' and n.failed_at is not null`)).length, { what: 'it is given up' });
    const calls = () => heard.filter(({ path }) => path === stubborn.path).length, then = calls();
    await sleep(1500);
    assert.equal(calls(), then, String(refusal[0]));
    assert.equal((await poll(stubborn, again)).body.error, 'access_denied');
  }
  assert.ok(!heard.some(({ path }) => path === '/elsewhere'));
});

test('a client whose endpoint hangs holds up neither the mails to people nor other clients, and is pinged no more when its request is over', async () => {
  const held = [];
  const silent = createServer({ keepAliveTimeout: 0 }, (req, res) => held.push({ path: req.url, res }));
  await new Promise((resolve) => silent.listen(0, '127.0.0.1', resolve));
  try {
    const dead = await addClient(s, { grants: GRANT, redirect: [], metadata: { backchannel_token_delivery_mode: 'ping', backchannel_client_notification_endpoint: `http://127.0.0.1:${silent.address().port}/dead` } });
    const [alive, person] = await Promise.all([addCiba('ping'), addUser(s)]);
    const asked = [];
    for (let i = 0; i < 6; i++) asked.push(await ask(dead, { client_notification_token: token() }));
    for (const one of asked) await operator(s, 'approvals', 'deny', one.auth_req_id);
    await eventually(() => held.length > 0, { what: 'the endpoint that hangs is called' });
    const other = await ask(alive, { login_hint: person.email, client_notification_token: token() });
    await operator(s, 'approvals', 'allow', other.auth_req_id);
    const { ms } = await timed(() => heardOf(alive));
    await s.mail(person.email, /asks for your approval/);
    assert.ok(ms < 15000, `the other client waited ${ms} ms, and six calls that hang take 30000`);
    await s.psql(`update auth.decoupled set expires_at = now() where client_id = '${dead.id}'; update auth.decoupled_notice n set due_at = now() from auth.decoupled d where d.id = n.decoupled_id and d.client_id = '${dead.id}' and n.kind = 'ping' and n.sent_at is null`);
    const calls = held.length;
    const over = async () => (await s.psql(`select count(*)::int as n from auth.decoupled_notice n join auth.decoupled d on d.id = n.decoupled_id where d.client_id = '${dead.id}' and n.kind = 'ping' and n.failed_at is null`))[0].n;
    await eventually(async () => (await over()) <= 1, { what: 'pings of requests that are over are given up' });
    assert.ok(held.length <= calls + 1, `${held.length} calls, and ${calls} before`);
  } finally {
    silent.closeAllConnections();
    silent.close();
  }
});

test('push: tokens with an ID token that names the request; the same ones after a failure; push clients do not poll', async () => {
  const rp = await addCiba('push');
  const mine = token();
  answers = [[503], [204]];
  const asked = await ask(rp, { client_notification_token: mine });
  assert.equal(asked.interval, undefined);
  assert.equal((await poll(rp, asked)).body.error, 'unauthorized_client');
  await allow(asked);
  const [first, second] = await heardOf(rp, 2);
  assert.deepEqual(first.body, second.body);
  assert.equal(second.authorization, `Bearer ${mine}`);
  const { body } = second;
  assert.equal(body.auth_req_id, asked.auth_req_id);
  const keys = createRemoteJWKSet(new URL('/jwks.json', s.env.issuer));
  const { payload } = await jwtVerify(body.id_token, keys, { issuer: s.env.issuer, audience: rp.id });
  assert.equal(payload['urn:openid:params:jwt:claim:auth_req_id'], asked.auth_req_id);
  assert.equal(payload.at_hash, half(body.access_token));
  assert.equal(payload['urn:openid:params:jwt:claim:rt_hash'], half(body.refresh_token));
  assert.equal((await oidc.fetchUserInfo(rp.config, body.access_token, payload.sub)).email, user.email);
  const no = await ask(rp, { client_notification_token: token() });
  await operator(s, 'approvals', 'deny', no.auth_req_id);
  assert.deepEqual((await heardOf(rp, 3))[2].body, { auth_req_id: no.auth_req_id, error: 'access_denied' });
  const late = await ask(rp, { client_notification_token: token(), requested_expiry: '1' });
  assert.deepEqual((await heardOf(rp, 4))[3].body, { auth_req_id: late.auth_req_id, error: 'expired_token' });
});

test('what is refused, by name', async () => {
  const base = { scope: 'openid', login_hint: user.email };
  const wrong = [
    [{ scope: 'openid' }, 'invalid_request', 'login_hint'], [{ ...base, id_token_hint: 'x.y.z' }, 'invalid_request', 'login_hint'],
    [{ scope: 'openid', id_token_hint: 'x.y.z' }, 'invalid_request', 'id_token_hint'], [{ scope: 'openid', login_hint_token: 'x.y.z' }, 'invalid_request', 'login_hint_token'],
    [{ scope: 'openid', login_hint: 'nobody@stoa.example' }, 'unknown_user_id', ''], [{ login_hint: user.email }, 'invalid_request', 'scope'], [{ ...base, scope: 'email' }, 'invalid_request', 'scope'],
    [{ ...base, scope: 'openid', resource: 'https://nobody.example' }, 'invalid_target', 'resource'], [{ ...base, user_code: '1234' }, 'invalid_request', 'user_code'],
    [{ ...base, binding_message: 'x'.repeat(65) }, 'invalid_binding_message', 'binding_message'], [{ ...base, binding_message: 'a\u202eb' }, 'invalid_binding_message', 'binding_message'],
    [{ ...base, requested_expiry: '-1' }, 'invalid_request', 'requested_expiry'], [{ ...base, requested_expiry: 'soon' }, 'invalid_request', 'requested_expiry'], [{ ...base, request: 'x.y.z' }, 'invalid_request', 'request'],
  ];
  for (const [fields, error, param] of wrong) {
    const { status, body } = await raw(poller, fields);
    assert.deepEqual([status, body.error], [400, error], JSON.stringify([fields, body]));
    assert.ok(body.error_description.includes(param), body.error_description);
  }
  const ping = await addCiba('ping');
  assert.match((await raw(ping, base)).body.error_description, /client_notification_token/);
  assert.match((await raw(ping, { ...base, client_notification_token: 'short' })).body.error_description, /client_notification_token/);
  assert.equal((await raw(await addClient(s), base)).body.error, 'unauthorized_client');
  assert.equal((await raw({ id: poller.id, secret: 'wrong' }, base)).status, 401);
  assert.equal((await createAgent().open(new URL('/approve/dec_nothing', s.env.issuer))).status, 400);
});

test('registration: who is told says where, and public clients may not ask', async () => {
  const register = async (more) => (await fetch(new URL('/register', s.env.issuer), { method: 'POST', headers: { authorization: `Bearer ${s.env.initial_access_token}`, 'content-type': 'application/json' }, body: JSON.stringify({ grant_types: [GRANT], backchannel_token_delivery_mode: 'poll', ...more }) })).json();
  assert.ok((await register({})).client_id);
  const bad = { backchannel_token_delivery_mode: [{ backchannel_token_delivery_mode: undefined }, { backchannel_token_delivery_mode: 'sms' }], backchannel_client_notification_endpoint: [{ backchannel_token_delivery_mode: 'ping' }, { backchannel_token_delivery_mode: 'push', backchannel_client_notification_endpoint: 'http://example.org/x' }], grant_types: [{ token_endpoint_auth_method: 'none' }] };
  for (const [member, cases] of Object.entries(bad)) for (const more of cases) {
    const body = await register(more);
    assert.equal(body.error, 'invalid_client_metadata', JSON.stringify([more, body]));
    assert.ok(body.error_description.includes(member), body.error_description);
  }
});

/* The server dies at the point while it does this; another one takes over. */
async function dyingAt(point, act) {
  s.dieAt(point);
  await Promise.resolve(act()).catch(() => null);
  await s.ended('authsrv');
  await s.psql('update auth.decoupled_notice set due_at = now() where sent_at is null and failed_at is null'); /* the lease of the dead one is over */
  await s.restart('authsrv', { env: QUICK });
}
const tokensOf = async (rp) => (await s.psql(`select count(*)::int as n from auth.access_token a join auth.grants g on g.id = a.grant_id where g.client_id = '${rp.id}'`))[0].n;
const toldTo = (rp, kind) => eventually(async () => (await s.psql(`select 1 from auth.decoupled_notice n join auth.decoupled d on d.id = n.decoupled_id where d.client_id = '${rp.id}' and n.kind = '${kind}' and n.sent_at is not null`)).length, { what: `a ${kind} was sent` });

test('killed at decoupled.approved, the approval holds once, with its record', async () => {
  const rp = await addCiba('poll');
  const asked = await ask(rp);
  const [{ id }] = await s.psql(`select id from auth.decoupled where client_id = '${rp.id}'`);
  const { agent, page } = await open(new URL(`/approve/${id}`, s.env.issuer));
  await dyingAt('decoupled.approved', () => agent.submit(page, {}, { button: 'Allow' }));
  assert.equal((await s.psql(`select 1 from auth.audit where action = 'decoupled.approved' and object = '${rp.id}'`)).length, 1);
  await agent.submit(page, {}, { button: 'Allow' });
  assert.equal((await s.psql(`select 1 from auth.audit where action = 'decoupled.approved' and object = '${rp.id}'`)).length, 1, 'the second press decides nothing');
  assert.equal((await poll(rp, asked)).status, 200);
  assert.equal((await poll(rp, asked)).body.error, 'invalid_grant');
  assert.equal(await tokensOf(rp), 1);
});

test('killed at decoupled.redeemed, a poll does not get a second set of tokens', async () => {
  const rp = await addCiba('poll');
  const asked = await ask(rp);
  await allow(asked);
  await dyingAt('decoupled.redeemed', () => poll(rp, asked));
  assert.equal((await poll(rp, asked)).body.error, 'invalid_grant');
  assert.equal(await tokensOf(rp), 1);
});

for (const [point, times] of [['decoupled.redeemed', 1], ['push.made', 1], ['notice.told', 2]]) {
  test(`killed at ${point}, one set of tokens is pushed`, async () => {
    const rp = await addCiba('push');
    answers = [];
    const asked = await ask(rp, { client_notification_token: token() });
    await toldTo(rp, 'mail');
    await dyingAt(point, () => allow(asked));
    await toldTo(rp, 'push');
    const all = await heardOf(rp, times);
    assert.ok(all.length >= times, `${all.length}`);
    for (const { body } of all) assert.deepEqual(body, all[0].body);
    assert.equal(await tokensOf(rp), 1);
    assert.equal((await oidc.fetchUserInfo(rp.config, all[0].body.access_token, oidc.skipSubjectCheck)).email, user.email);
  });
}

test('a person is asked six times a minute at most', async () => {
  await s.restart('authsrv', { env: { ...QUICK, AUTHSRV_RATE_LIMITS: 'true' } });
  const person = await addUser(s);
  let status = 200;
  for (let i = 0; i < 60 && status === 200; i += 1) ({ status } = await raw(poller, { scope: 'openid', login_hint: person.email }));
  assert.equal(status, 429);
});

test('details are judged when they are asked for and come with the tokens', async () => {
  const PAY = 'pay.users pay.stores';
  const payment = { type: 'payment', amount: 1250, currency: 'EUR', payee: 'st_1', payee_name: 'Ada', purpose: 'Rent' };
  const payer = await addClient(s, { grants: GRANT, scope: `openid ${PAY}`, redirect: [], metadata: { backchannel_token_delivery_mode: 'poll', authorization_details_types: ['payment'] } });
  const begin = (details) => raw(payer, { scope: `openid ${PAY}`, login_hint: user.email, authorization_details: JSON.stringify(details) });
  for (const details of [[{ type: 'nothing' }], [{ ...payment, amount: -1 }]]) {
    const { status, body } = await begin(details);
    assert.deepEqual([status, body.error], [400, 'invalid_authorization_details']);
  }
  const { body: asked } = await begin([payment]);
  await allow(asked);
  const { body } = await poll(payer, asked);
  assert.deepEqual(body.authorization_details, [payment]);
});
