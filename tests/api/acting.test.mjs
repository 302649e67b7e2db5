/*
 * Tokens that somebody got to act in another's name (RFC 8693, `act`) at the payment server (SECURITY 292; docs/decisions/0074): who acts is seen,
 * and only reads; a client that acts itself may what the operator's rule gives it.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { eventually } from '../support/eventually.mjs';
import { newPartner } from '../support/partner.mjs';
import { pay } from '../support/people.mjs';
import { addClient, addUser, operator, tokensFor } from '../support/relying_party.mjs';
import { IBAN } from '../support/seller.mjs';
import { sharedStack } from '../support/stack.mjs';

const API = 'pay.users pay.stores pay.payments pay.payouts pay.balance';
const SCOPE = `openid email ${API}`;
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS = 'urn:ietf:params:oauth:token-type:access_token';
const BANK = { type: 'bank_account', iban: IBAN, holder_name: 'Eve Editor', address: { country: 'DE', town: 'Berlin' } };

let s, partner, desk, seller, support, eve, user;

const call = (token, method, path, body) => pay(s.env, token, method, path, body);
const exchange = async (token, more) => (await oidc.genericGrantRequest(desk.config, EXCHANGE, { subject_token: token, subject_token_type: ACCESS, ...more })).access_token;
const actedBy = (token, actor) => exchange(token, { actor_token: actor, actor_token_type: ACCESS });
const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
const refused = ({ status, body }, why) => {
  assert.deepEqual([status, body.code], [403, 'insufficient_scope'], `${why}: ${JSON.stringify(body)}`);
  assert.match(body.detail, /in whose name another acts/, why);
};

before(async () => {
  s = await sharedStack();
  partner = await newPartner(s);
  const app = await addClient(s, { grants: 'authorization_code', scope: SCOPE, more: ['--partner', partner.slug] });
  desk = await addClient(s, { grants: `authorization_code,client_credentials,${EXCHANGE}`, scope: SCOPE, more: ['--partner', partner.slug] });
  await operator(s, 'exchange', 'allow', desk.id, '--tokens-of', app.id, '--scopes', SCOPE);
  [eve, support] = await Promise.all([addUser(s, ['--full-profile']), addUser(s)]);
  seller = (await tokensFor(app, eve, { scope: SCOPE })).tokens.access_token;
  support = (await tokensFor(desk, support, { scope: SCOPE })).tokens.access_token;
  user = (await call(seller, 'POST', '/v1/users', { name: 'Eve Editor' })).body;
});

after(async () => {
  await partner?.remove();
  assert.deepEqual(await s?.psql('select * from pay.v_inv'), []);
  await s?.stop();
});

test('support reads as the seller, changes nothing, and is named in the log of requests', async () => {
  const acted = await actedBy(seller, support), who = claimsOf(support).sub;
  assert.deepEqual([claimsOf(acted).sub, claimsOf(acted).act], [claimsOf(seller).sub, { sub: who }]);
  const { body: { id: requisite } } = await call(seller, 'POST', `/v1/users/${user.id}/requisites`, BANK);
  const { body: asked } = await call(seller, 'POST', '/v1/payout_schedules', { requisite, currency: 'EUR', every: 'day', at: '17:00', zone: 'UTC' });
  assert.equal(asked.status, 'awaiting_code', JSON.stringify(asked));
  for (let i = 0; i < 2; i += 1) { // the second time it is known
    const { status, body } = await call(acted, 'GET', '/v1/users/me');
    assert.deepEqual([status, body.id], [200, user.id]);
    for (const [path, of] of [
      ['/v1/payouts', { amount: 1, currency: 'EUR', requisite }], ['/v1/payouts/po_x/confirm', { code: '12345678' }], ['/v1/payout_lists', { payouts: [{ amount: 1, currency: 'EUR', requisite }] }],
      ['/v1/payout_schedules', { requisite, currency: 'EUR', every: 'day', at: '17:00', zone: 'UTC' }], [`/v1/payout_schedules/${asked.id}/confirm`, { code: '12345678' }],
      [`/v1/users/${user.id}/requisites`, BANK], [`/v1/users/${user.id}/email`, { email: 'thief@example.com' }], ['/v1/confirmations/cnf_x/confirm', { code: '12345678' }],
      ['/v1/stores', { name: 'Shop', currency: 'EUR' }], ['/v1/payments', { store: 'st_x', amount: 1, currency: 'EUR', description: 'x' }],
    ]) refused(await call(acted, 'POST', path, of), path);
    refused(await call(acted, 'POST', `/v1/users/${user.id}/requisites/${requisite}/disable`), 'an account of his');
  }
  const entries = (query) => eventually(async () => (await call(partner.token, 'GET', `/v1/request_log?${query}`)).body.data.find(({ actor }) => actor === who), { what: 'the entry' });
  const [read, written] = [await entries('path=/v1/users/{user}&status=200'), await entries('path=/v1/payouts&status=403')];
  assert.deepEqual([read.client, written.client, written.error_code], [desk.id, desk.id, 'insufficient_scope']);
  const own = (await call(partner.token, 'GET', '/v1/request_log?path=/v1/payout_schedules&status=201')).body.data[0];
  assert.equal(own.actor, null);
  assert.match((await s.operator('paysrv', 'requests', 'show', partner.slug, written.id)).stdout, new RegExp(`acting ${who}`));
});

test('who acted before counts for nothing; a client that acts itself may what its rule says, and is named', async () => {
  const acted = await actedBy(seller, support), own = (await oidc.clientCredentialsGrant(desk.config, { scope: API })).access_token;
  const kept = await exchange(acted), over = await actedBy(acted, own);
  assert.deepEqual(claimsOf(over).act, { sub: desk.id, act: { sub: claimsOf(support).sub } });
  refused(await call(kept, 'POST', '/v1/stores', { name: 'Shop', currency: 'EUR' }), 'what it was exchanged from says who acts');
  const { status, body } = await call(over, 'POST', '/v1/stores', { name: 'Shop', currency: 'EUR' });
  assert.equal(status, 201, JSON.stringify(body));
  assert.deepEqual(await s.psql(`select distinct actor, actor_name from pay.audit where object = '${body.id}'`), [{ actor: `user:${claimsOf(seller).sub}`, actor_name: `${desk.id}, acting: ${desk.id}` }]);
});

test('an operator’s token with which another acts approves nothing', async () => {
  const ops = await addClient(s, { scope: 'openid pay.operator', more: ['--resource-server', s.env.pay_api] });
  const second = await addClient(s, { grants: `authorization_code,${EXCHANGE}`, scope: 'openid email pay.operator' });
  await operator(s, 'exchange', 'allow', second.id, '--tokens-of', ops.id, '--scopes', 'openid pay.operator');
  const boss = (await tokensFor(ops, { email: s.env.admin.username, password: s.env.admin.password }, { scope: 'openid pay.operator', resource: s.env.pay_api })).tokens.access_token;
  const other = (await tokensFor(second, await addUser(s), { scope: 'openid email' })).tokens.access_token;
  const acted = (await oidc.genericGrantRequest(second.config, EXCHANGE, { subject_token: boss, subject_token_type: ACCESS, actor_token: other, actor_token_type: ACCESS })).access_token;
  const approve = (token) => call(token, 'POST', `/v1/operator/payouts/po_${randomUUID()}/approve`, {});
  assert.equal((await approve(boss)).status, 404);
  refused(await approve(acted), 'four eyes');
  assert.equal((await call(acted, 'GET', '/v1/operator/anomalies')).status, 200);
});
