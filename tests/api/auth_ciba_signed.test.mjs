/* Signed backchannel authentication requests (OpenID CIBA Core 7.1.1, FAPI-CIBA; OIDC N 1 to N 3), with jose and openid-client. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import * as jose from 'jose';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { REDIRECT, addClient, addUser, operator, post, sound } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';

const GRANT = 'urn:openid:params:grant-type:ciba';
const ALG = 'backchannel_authentication_request_signing_alg';
let s, rp, plain, user, keys, jwks;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  keys = await jose.generateKeyPair('ES256', { extractable: true });
  jwks = { keys: [{ ...(await jose.exportJWK(keys.publicKey)), kid: 'sig' }] };
  [rp, plain, user] = await Promise.all([addCiba({ jwks, [ALG]: 'ES256' }), addCiba({ jwks }), addUser(s)]);
});

after(async () => {
  await sound(s);
  await s.stop();
});

const addCiba = (metadata, more = {}) => addClient(s, { grants: `${GRANT},refresh_token`, redirect: [], ...more, metadata: { backchannel_token_delivery_mode: 'poll', ...metadata } });
const now = () => Math.floor(Date.now() / 1000);
const claimsOf = (client, more = {}) => ({
  iss: client.id, aud: s.env.issuer, iat: now(), nbf: now(), exp: now() + 300, jti: randomUUID(), scope: 'openid email offline_access', login_hint: user.email, ...more,
});
const signed = (claims, { alg = 'ES256', key = keys.privateKey, ...header } = {}) => new jose.SignJWT(claims).setProtectedHeader({ alg, kid: 'sig', ...header }).sign(key);
const send = (client, fields) => post(s, '/bc-authorize', fields, { basic: client });

async function refused(client, fields, why = /^request: /) {
  const { status, body } = await send(client, fields);
  assert.deepEqual([status, body.error], [400, 'invalid_request'], JSON.stringify([fields, body]));
  assert.match(body.error_description, why);
}

test('registration and discovery know the algorithm; FAPI clients need a strong one and do not push', async () => {
  const metadata = rp.config.serverMetadata();
  assert.ok(['PS256', 'ES256'].every((alg) => metadata.backchannel_authentication_request_signing_alg_values_supported.includes(alg)));
  assert.ok(!metadata.backchannel_authentication_request_signing_alg_values_supported.some((alg) => alg === 'none' || alg.startsWith('HS')));
  const register = async (more) => (await fetch(new URL('/register', s.env.issuer), { method: 'POST', headers: { authorization: `Bearer ${s.env.initial_access_token}`, 'content-type': 'application/json' }, body: JSON.stringify({ grant_types: [GRANT], backchannel_token_delivery_mode: 'poll', ...more }) })).json();
  assert.equal((await register({ jwks, [ALG]: 'PS256' }))[ALG], 'PS256');
  const fapi = { jwks, fapi_profile: 'security', token_endpoint_auth_method: 'private_key_jwt', id_token_signed_response_alg: 'ES256', require_pkce: true };
  assert.ok((await register({ ...fapi, [ALG]: 'ES256' })).client_id);
  /* As certification registers its clients: with nothing of the code flow. */
  const certified = { client_name: 'CIBA', jwks, response_types: [], [ALG]: 'PS256', id_token_signed_response_alg: 'PS256', backchannel_user_code_parameter: false, tls_client_certificate_bound_access_tokens: true };
  const endpoint = 'https://rp.example/told';
  for (const more of [{ token_endpoint_auth_method: 'self_signed_tls_client_auth' }, { token_endpoint_auth_method: 'private_key_jwt', token_endpoint_auth_signing_alg: 'PS256', backchannel_token_delivery_mode: 'ping', backchannel_client_notification_endpoint: endpoint }]) {
    const body = await register({ ...certified, ...more });
    for (const [name, value] of Object.entries({ ...more, id_token_signed_response_alg: 'PS256', tls_client_certificate_bound_access_tokens: true })) assert.equal(body[name], value, `${name}: ${JSON.stringify(body)}`);
  }
  for (const [member, more] of [[ALG, { jwks, [ALG]: 'none' }], ['jwks', { [ALG]: 'ES256' }], [ALG, fapi], [ALG, { ...fapi, [ALG]: 'RS256' }],
    ['backchannel_token_delivery_mode', { ...fapi, [ALG]: 'ES256', backchannel_token_delivery_mode: 'push', backchannel_client_notification_endpoint: endpoint }]]) {
    const body = await register(more);
    assert.equal(body.error, 'invalid_client_metadata', JSON.stringify([more, body]));
    assert.ok(body.error_description.includes(member), body.error_description);
  }
});

test('a signed request is taken as if its parameters had stood in the form', async () => {
  const asked = await oidc.initiateBackchannelAuthentication(rp.config, { request: await signed(claimsOf(rp, { binding_message: 'Table 7', requested_expiry: 60 })) });
  assert.equal(asked.expires_in, 60);
  const [row] = await s.psql(`select binding_message from auth.decoupled where client_id = '${rp.id}' order by created_at desc limit 1`);
  assert.equal(row.binding_message, 'Table 7');
  await operator(s, 'approvals', 'allow', asked.auth_req_id);
  const tokens = await oidc.pollBackchannelAuthenticationGrant(rp.config, { ...asked, interval: 0 });
  assert.equal((await oidc.fetchUserInfo(rp.config, tokens.access_token, tokens.claims().sub)).email, user.email);
  const typed = await signed(claimsOf(rp, { requested_expiry: '90', aud: ['https://elsewhere.example', s.env.issuer] }), { typ: 'oauth-authz-req+jwt' });
  const { status, body } = await send(rp, { request: typed });
  assert.deepEqual([status, body.expires_in], [200, 90]);
});

test('a FAPI client proves itself with an assertion and signs with its own algorithm', async () => {
  const { privateKey, publicKey } = await jose.generateKeyPair('PS256', { extractable: true });
  const set = { keys: [{ ...(await jose.exportJWK(publicKey)), kid: 'sig', alg: 'PS256' }] };
  const fapi = await addCiba({ jwks: set, fapi_profile: 'security', id_token_signed_response_alg: 'PS256', require_pkce: true, [ALG]: 'PS256' }, { method: 'private_key_jwt', clientAuth: oidc.PrivateKeyJwt({ key: privateKey, kid: 'sig' }) });
  const asked = await oidc.initiateBackchannelAuthentication(fapi.config, { request: await signed(claimsOf(fapi), { alg: 'PS256', key: privateKey }) });
  assert.ok(asked.auth_req_id);
  await assert.rejects(oidc.initiateBackchannelAuthentication(fapi.config, { scope: 'openid', login_hint: user.email }), { error: 'invalid_request' });
});

test('an ID token names its person also where subjects are pairwise', async () => {
  const pairwise = await addCiba({ subject_type: 'pairwise' }, { grants: `${GRANT},authorization_code`, redirect: [REDIRECT] });
  const { body: first } = await send(pairwise, { scope: 'openid', login_hint: user.email });
  await operator(s, 'approvals', 'allow', first.auth_req_id);
  const tokens = await oidc.pollBackchannelAuthenticationGrant(pairwise.config, { ...first, interval: 0 });
  assert.doesNotMatch(tokens.claims().sub, /^usr_/);
  const { status, body } = await send(pairwise, { scope: 'openid', id_token_hint: tokens.id_token });
  assert.equal(status, 200, JSON.stringify(body));
  const rows = await s.psql(`select count(distinct user_id)::int as people, count(*)::int as n from auth.decoupled where client_id = '${pairwise.id}'`);
  assert.deepEqual(rows, [{ people: 1, n: 2 }]);
  assert.equal((await send(plain, { scope: 'openid', id_token_hint: tokens.id_token })).body.error, 'invalid_request', 'of another client');
});

test('the page of a client with pairwise subjects lets the person who was named decide, and nobody else', async () => {
  const pairwise = await addCiba({ subject_type: 'pairwise' }, { grants: `${GRANT},authorization_code`, redirect: [REDIRECT] });
  const { body: asked } = await send(pairwise, { scope: 'openid', login_hint: user.email });
  const [{ id }] = await s.psql(`select id from auth.decoupled where client_id = '${pairwise.id}'`);
  const open = async (person) => {
    const agent = createAgent();
    return { agent, page: await agent.submit(await agent.open(new URL(`/approve/${id}`, s.env.issuer)), person, { button: 'Sign in' }) };
  };
  assert.match((await open(await addUser(s))).page.text, /Nothing was decided/);
  const { agent, page } = await open(user);
  assert.equal(page.url.pathname, '/consent', page.text.slice(0, 300));
  assert.match((await agent.submit(page, {}, { button: 'Allow' })).text, /go back to your device/);
  const tokens = await oidc.pollBackchannelAuthenticationGrant(pairwise.config, { ...asked, interval: 0 });
  assert.doesNotMatch(tokens.claims().sub, /^usr_/);
});

test('each object works once, also when it comes ten times at once', async () => {
  const request = await signed(claimsOf(rp));
  const all = await Promise.all(Array.from({ length: 10 }, () => send(rp, { request })));
  assert.equal(all.filter(({ status }) => status === 200).length, 1);
  for (const { body } of all.filter(({ status }) => ![200, 503].includes(status))) assert.match(body.error_description, /each works once/);
});

test('who signs must sign, who does not must not, and nothing stands beside the object', async () => {
  await refused(rp, { scope: 'openid', login_hint: user.email }, /signed requests/);
  await refused(plain, { request: await signed(claimsOf(plain)) }, /not registered/);
  for (const beside of [{ scope: 'openid' }, { login_hint: user.email }, { binding_message: 'x' }, { requested_expiry: '60' }, { acr_values: 'phr' }, { client_notification_token: 'x'.repeat(30) }, { resource: 'https://a.example' }]) {
    await refused(rp, { request: await signed(claimsOf(rp)), ...beside }, /beside/);
  }
  const { status } = await send(rp, { request: await signed(claimsOf(rp)), client_id: rp.id, something: 'unknown' });
  assert.equal(status, 200, 'its own id, and what nobody knows, say nothing');
});

test('what an object must say', async () => {
  const t = now();
  const wrong = [
    { iss: undefined }, { iss: plain.id }, { client_id: plain.id }, { aud: undefined }, { aud: 'https://elsewhere.example' }, { aud: `${s.env.issuer}/bc-authorize` }, { exp: undefined }, { exp: t - 10 }, { exp: t + 4000 }, { exp: 'soon' },
    { iat: undefined }, { iat: t + 300 }, { nbf: undefined }, { nbf: t + 300 }, { nbf: t - 4000, exp: t + 10 }, { jti: undefined }, { jti: '' }, { jti: 7 }, { jti: 'x'.repeat(256) }, { sub: rp.id }, { request: 'x.y.z' }, { request_uri: 'https://rp.example/x' },
  ];
  for (const change of wrong) await refused(rp, { request: await signed(claimsOf(rp, change)) });
  for (const [change, why] of [[{ login_hint: undefined }, /login_hint/], [{ scope: undefined }, /scope/], [{ scope: 'email' }, /scope/], [{ scope: 7 }, /scope/], [{ requested_expiry: -1 }, /requested_expiry/], [{ user_code: '1' }, /user_code/], [{ id_token_hint: 'x.y.z' }, /login_hint/]]) {
    await refused(rp, { request: await signed(claimsOf(rp, change)) }, why);
  }
});

test('none, other algorithms, other keys and broken signatures are refused', async () => {
  const stranger = await jose.generateKeyPair('ES256');
  const rsa = await jose.generateKeyPair('RS256', { extractable: true });
  const wide = await addCiba({ jwks: { keys: [...jwks.keys, { ...(await jose.exportJWK(rsa.publicKey)), kid: 'rsa' }] }, [ALG]: 'ES256' });
  const good = await signed(claimsOf(rp));
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const bad = [
    `${part({ alg: 'none' })}.${part(claimsOf(rp))}.`, await signed(claimsOf(rp), { key: stranger.privateKey }), await signed(claimsOf(rp), { kid: 'other' }),
    await new jose.SignJWT(claimsOf(rp)).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(rp.secret)),
    await signed(claimsOf(rp), { typ: 'at+jwt' }), good.replace(/.$/, (c) => (c === 'A' ? 'B' : 'A')), good.split('.').slice(0, 2).join('.'), 'x.y.z', 'x',
  ];
  for (const request of bad) await refused(rp, { request });
  await refused(wide, { request: await signed(claimsOf(wide), { alg: 'RS256', key: rsa.privateKey, kid: 'rsa' }) }, /algorithm/);
  assert.equal((await send(wide, { request: await signed(claimsOf(wide)) })).status, 200);
});

test('what the operator allows lives as long as this client\'s grants do', async () => {
  const brief = await addCiba({ refresh_token_ttl: 7200 });
  const { body } = await send(brief, { scope: 'openid offline_access', login_hint: user.email });
  await operator(s, 'approvals', 'allow', body.auth_req_id);
  const [{ life }] = await s.psql(`select extract(epoch from expires_at - created_at)::int as life from auth.grants where client_id = '${brief.id}'`);
  assert.equal(life, 7200);
});
