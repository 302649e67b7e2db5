/*
 * The certified client openid-client against authsrv: code flow with PKCE, refresh, introspection, revocation, client credentials, userinfo.
 * Then what a thief does: codes and refresh tokens used twice, in parallel, by others (RFC 9700, SECURITY B and E).
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import * as oidc from 'openid-client';
import { REDIRECT, addClient, addUser, authorize, post, redeem, sound, tokensFor } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, rp, user, keys;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  [rp, user] = await Promise.all([addClient(s), addUser(s, ['--full-profile'])]);
  keys = createRemoteJWKSet(new URL('/jwks.json', s.env.issuer));
});

after(async () => {
  await sound(s);
  await s.stop();
});

/* Of many at once, some may be told to come again. */
const isBusy = ({ reason }) => reason.status === 503;
const refused = (error, status = 400, says = /./) => (e) => {
  assert.equal(e.error, error, JSON.stringify(e.cause ?? e.message));
  assert.equal(e.status, status);
  assert.match(e.error_description, says);
  return true;
};

test('the code flow ends in an ID token, an access token and a refresh token', async () => {
  const { tokens, callback } = await tokensFor(rp, user);
  assert.equal(callback.searchParams.get('iss'), s.env.issuer);
  assert.match(callback.searchParams.get('code'), /^[\w-]{43}$/);
  assert.equal(tokens.token_type, 'bearer');
  assert.equal(tokens.scope, 'openid email offline_access');
  const { payload, protectedHeader } = await jwtVerify(tokens.access_token, keys, { issuer: s.env.issuer, audience: s.env.issuer, typ: 'at+jwt' });
  assert.equal(protectedHeader.alg, 'ES256');
  assert.equal(payload.client_id, rp.id);
  assert.equal(payload.email, user.email);
  assert.equal(payload.email_verified, true);
  assert.ok(payload.jti && payload.sid && payload.auth_time);
  assert.equal(decodeProtectedHeader(tokens.id_token).alg, 'RS256');
  const claims = tokens.claims();
  assert.equal(claims.sub, payload.sub);
  assert.deepEqual(claims.amr, ['pwd']);
  assert.equal(claims.email, undefined, 'scope claims belong to userinfo');
});

test('ID tokens are signed with ES256 for a client that registered it', async () => {
  const es = await addClient(s, { more: ['--id-token-alg', 'ES256'] });
  const { tokens } = await tokensFor(es, user);
  assert.equal(decodeProtectedHeader(tokens.id_token).alg, 'ES256');
});

test('a public client works with PKCE alone', async () => {
  const open = await addClient(s, { method: 'none', grants: 'authorization_code,refresh_token' });
  const { tokens } = await tokensFor(open, user);
  assert.ok((await oidc.refreshTokenGrant(open.config, tokens.refresh_token)).access_token);
});

test('userinfo gives every claim of the granted scopes and no other', async () => {
  const all = await tokensFor(rp, user, { scope: 'openid profile email address phone' });
  const info = await oidc.fetchUserInfo(rp.config, all.tokens.access_token, all.tokens.claims().sub);
  for (const name of ['name', 'family_name', 'given_name', 'middle_name', 'nickname', 'preferred_username', 'profile', 'picture', 'website', 'gender', 'birthdate', 'zoneinfo', 'locale', 'email', 'phone_number']) assert.equal(typeof info[name], 'string', name);
  assert.equal(typeof info.updated_at, 'number');
  assert.equal(info.email_verified, true);
  assert.equal(info.phone_number_verified, true);
  assert.equal(typeof info.address.formatted, 'string');
  assert.match(info.birthdate, /^(\d{4}|\d{4}-\d\d-\d\d)$/);
  for (const name of ['profile', 'picture', 'website']) assert.equal(new URL(info[name]).protocol, 'https:', name);
  for (const [name, value] of [...Object.entries(info), ...Object.entries(info.address)]) assert.ok(value !== null && value !== '', name);
  const few = await tokensFor(rp, user, { scope: 'openid' });
  assert.deepEqual(Object.keys(await oidc.fetchUserInfo(rp.config, few.tokens.access_token, few.tokens.claims().sub)), ['sub']);
  const posted = await post(s, '/userinfo', { access_token: few.tokens.access_token });
  assert.equal(posted.status, 200);
  const header = { authorization: `bEaReR ${few.tokens.access_token}` };
  for (const init of [{ headers: header }, { method: 'POST', headers: header }, { method: 'POST', headers: header, body: new URLSearchParams() }]) {
    const answer = await fetch(new URL('/userinfo', s.env.issuer), init);
    assert.deepEqual([answer.status, (await answer.json()).sub], [200, few.tokens.claims().sub]);
    assert.match(answer.headers.get('content-type'), /^application\/json/);
  }
});

test('userinfo tells what is wrong with a token', async () => {
  const none = await fetch(new URL('/userinfo', s.env.issuer));
  assert.equal(none.status, 401);
  assert.equal(none.headers.get('www-authenticate'), 'Bearer');
  const bad = await fetch(new URL('/userinfo', s.env.issuer), { headers: { authorization: 'Bearer nonsense' } });
  assert.equal(bad.status, 401);
  assert.match(bad.headers.get('www-authenticate'), /error="invalid_token"/);
  const machine = await oidc.clientCredentialsGrant(rp.config);
  const other = await fetch(new URL('/userinfo', s.env.issuer), { headers: { authorization: `Bearer ${machine.access_token}` } });
  assert.equal(other.status, 403);
  const { tokens } = await tokensFor(rp, user);
  const idToken = await fetch(new URL('/userinfo', s.env.issuer), { headers: { authorization: `Bearer ${tokens.id_token}` } });
  assert.equal(idToken.status, 401, 'an ID token is no access token');
  for (const method of ['GET', 'POST']) {
    const inQuery = await fetch(new URL(`/userinfo?access_token=${tokens.access_token}`, s.env.issuer), { method });
    assert.ok([400, 401].includes(inQuery.status), 'an address is no place for a token');
  }
});

test('refresh rotates, narrows and gives the whole scope back', async () => {
  const { tokens } = await tokensFor(rp, user);
  const narrow = await oidc.refreshTokenGrant(rp.config, tokens.refresh_token, { scope: 'openid' });
  assert.equal(narrow.scope, 'openid');
  assert.notEqual(narrow.refresh_token, tokens.refresh_token);
  assert.equal(narrow.claims().sub, tokens.claims().sub);
  assert.equal(narrow.claims().auth_time, tokens.claims().auth_time);
  assert.equal(narrow.claims().nonce, undefined);
  const full = await oidc.refreshTokenGrant(rp.config, narrow.refresh_token);
  assert.equal(full.scope, 'openid email offline_access');
  await assert.rejects(oidc.refreshTokenGrant(rp.config, full.refresh_token, { scope: 'openid phone' }), refused('invalid_scope', 400, /^scope: phone is more than was granted/));
  assert.ok((await oidc.refreshTokenGrant(rp.config, full.refresh_token)).access_token, 'a refused scope consumes nothing');
});

test('introspection and revocation govern access tokens', async () => {
  const { tokens } = await tokensFor(rp, user);
  const state = await oidc.tokenIntrospection(rp.config, tokens.access_token);
  assert.equal(state.active, true);
  assert.equal(state.client_id, rp.id);
  assert.equal(state.scope, tokens.scope);
  await oidc.tokenRevocation(rp.config, tokens.access_token);
  assert.deepEqual(await oidc.tokenIntrospection(rp.config, tokens.access_token), { active: false });
  await assert.rejects(oidc.fetchUserInfo(rp.config, tokens.access_token, tokens.claims().sub));
  assert.equal((await oidc.tokenIntrospection(rp.config, tokens.refresh_token)).active, true, 'the grant lives on');
});

test('revoking a refresh token ends the whole grant', async () => {
  const { tokens } = await tokensFor(rp, user);
  await oidc.tokenRevocation(rp.config, tokens.refresh_token);
  assert.deepEqual(await oidc.tokenIntrospection(rp.config, tokens.access_token), { active: false });
  assert.deepEqual(await oidc.tokenIntrospection(rp.config, tokens.refresh_token), { active: false });
  await assert.rejects(oidc.refreshTokenGrant(rp.config, tokens.refresh_token), refused('invalid_grant'));
  await oidc.tokenRevocation(rp.config, tokens.refresh_token);
});

test('other clients neither see nor revoke a token', async () => {
  const other = await addClient(s);
  const { tokens } = await tokensFor(rp, user);
  for (const token of [tokens.access_token, tokens.refresh_token, 'garbage', 'a'.repeat(8000)]) assert.deepEqual(await oidc.tokenIntrospection(other.config, token), { active: false });
  await oidc.tokenRevocation(other.config, tokens.access_token);
  await oidc.tokenRevocation(other.config, tokens.refresh_token);
  assert.equal((await oidc.tokenIntrospection(rp.config, tokens.access_token)).active, true);
});

test('introspection and revocation want a confidential client and a token', async () => {
  const open = await addClient(s, { method: 'none', grants: 'authorization_code' });
  assert.equal((await post(s, '/introspect', { token: 'x', client_id: open.id })).body.error, 'invalid_client');
  for (const path of ['/introspect', '/revoke']) {
    assert.equal((await post(s, path, {}, { basic: rp })).body.error, 'invalid_request');
    assert.equal((await post(s, path, { token: 'x' })).status, 401);
    assert.equal((await fetch(new URL(path, s.env.issuer))).status, 405);
  }
  const revoked = await post(s, '/revoke', { token: 'unknown', token_type_hint: 'whatever' }, { basic: rp });
  assert.equal(revoked.status, 200);
  assert.equal(revoked.body, '');
});

test('client credentials: no user, no refresh token, no ID token; revocable like any other', async () => {
  const tokens = await oidc.clientCredentialsGrant(rp.config);
  assert.equal(tokens.refresh_token, undefined);
  assert.equal(tokens.id_token, undefined);
  const { payload } = await jwtVerify(tokens.access_token, keys, { issuer: s.env.issuer, typ: 'at+jwt' });
  assert.equal(payload.sub, rp.id);
  assert.equal(payload.email, undefined);
  assert.equal((await oidc.tokenIntrospection(rp.config, tokens.access_token)).active, true);
  await oidc.tokenRevocation(rp.config, tokens.access_token);
  assert.deepEqual(await oidc.tokenIntrospection(rp.config, tokens.access_token), { active: false });
  await assert.rejects(oidc.clientCredentialsGrant(rp.config, { scope: 'pay.operator' }), refused('invalid_scope', 400, /^scope: pay\.operator is more than/));
});

test('a replayed code revokes what it bought', async () => {
  const answer = await authorize(rp, user);
  const tokens = await redeem(rp, answer);
  await assert.rejects(redeem(rp, answer), refused('invalid_grant'));
  assert.deepEqual(await oidc.tokenIntrospection(rp.config, tokens.access_token), { active: false });
  await assert.rejects(oidc.refreshTokenGrant(rp.config, tokens.refresh_token), refused('invalid_grant'));
});

test('20 parallel redemptions of one code: one success, and the losers revoke it', async () => {
  const answer = await authorize(rp, user);
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => redeem(rp, answer)));
  const won = results.filter((one) => one.status === 'fulfilled');
  assert.equal(won.length, 1);
  for (const lost of results.filter((one) => one.status === 'rejected' && !isBusy(one))) refused('invalid_grant')(lost.reason);
  assert.deepEqual(await oidc.tokenIntrospection(rp.config, won[0].value.access_token), { active: false });
  await sound(s);
});

test('20 parallel uses of one refresh token: one successor, one live family', async () => {
  const { tokens } = await tokensFor(rp, user);
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => oidc.refreshTokenGrant(rp.config, tokens.refresh_token)));
  const successors = new Set(results.filter((one) => one.status === 'fulfilled').map((one) => one.value.refresh_token));
  assert.equal(successors.size, 1, 'the previous token gets the same successor again');
  for (const lost of results.filter((one) => one.status === 'rejected' && !isBusy(one))) refused('invalid_grant')(lost.reason);
  await sound(s);
});

test('the previous refresh token after its successor was used: the family dies', async () => {
  const { tokens } = await tokensFor(rp, user);
  const second = await oidc.refreshTokenGrant(rp.config, tokens.refresh_token);
  const again = await oidc.refreshTokenGrant(rp.config, tokens.refresh_token);
  assert.equal(again.refresh_token, second.refresh_token);
  const third = await oidc.refreshTokenGrant(rp.config, second.refresh_token);
  await assert.rejects(oidc.refreshTokenGrant(rp.config, tokens.refresh_token), refused('invalid_grant'));
  await assert.rejects(oidc.refreshTokenGrant(rp.config, third.refresh_token), refused('invalid_grant'));
  assert.deepEqual(await oidc.tokenIntrospection(rp.config, third.access_token), { active: false });
});

/* All tokens of a family that was refreshed so many times, the first in front. */
async function familyOf(times) {
  const { tokens } = await tokensFor(rp, user);
  const all = [tokens];
  for (let i = 0; i < times; i += 1) all.push(await oidc.refreshTokenGrant(rp.config, all.at(-1).refresh_token));
  return all;
}
const grantsOf = (state) => s.psql(`select id from auth.grants where client_id = '${rp.id}' and ${state} order by created_at desc`);

test('a family of refresh tokens is one row, and every token that was used is known for ever', async () => {
  for (const used of [0, 1, 2, 5, 6]) {
    const all = await familyOf(8);
    const [{ id }] = await grantsOf('revoked_at is null');
    const [{ n }] = await s.psql(`select count(*)::int as n from auth.refresh where grant_id = '${id}'`);
    assert.equal(n, 1);
    await assert.rejects(oidc.refreshTokenGrant(rp.config, all[used].refresh_token), refused('invalid_grant'));
    await assert.rejects(oidc.refreshTokenGrant(rp.config, all.at(-1).refresh_token), refused('invalid_grant'), `token ${used} ended its family`);
    assert.deepEqual(await oidc.tokenIntrospection(rp.config, all.at(-1).access_token), { active: false });
    const [{ revoked_why: why }] = await s.psql(`select revoked_why from auth.grants where id = '${id}'`);
    assert.equal(why, 'refresh_reused');
    assert.equal((await s.psql(`select 1 from auth.audit where action = 'refresh.reused' and object = '${id}'`)).length, 1);
    await assert.rejects(oidc.refreshTokenGrant(rp.config, all[used].refresh_token), refused('invalid_grant'));
    assert.equal((await s.psql(`select 1 from auth.audit where action = 'refresh.reused' and object = '${id}'`)).length, 1, 'a dead family dies once');
  }
  const stolen = await familyOf(4);
  const other = await addClient(s);
  await assert.rejects(oidc.refreshTokenGrant(other.config, stolen[1].refresh_token), refused('invalid_grant'));
  await assert.rejects(oidc.refreshTokenGrant(rp.config, stolen.at(-1).refresh_token), refused('invalid_grant'), 'also in the hands of another client');
  await sound(s);
});

test('a refresh token that was made up ends nobody\'s family, and revoking one that was used ends its own', async () => {
  const all = await familyOf(3);
  const [random, grant, mac] = all.at(-1).refresh_token.split('.');
  const other = (await familyOf(1)).at(-1).refresh_token.split('.');
  for (const forged of [`${random}.${grant}`, `${random}.${grant}.${'A'.repeat(22)}`, `${random}.${other[1]}.${mac}`, `rt_${'A'.repeat(43)}.${grant}.${mac}`, `${other[0]}.${grant}.${mac}`, `${random}.${grant}.${mac}x`, `${random}..${mac}`]) {
    await assert.rejects(oidc.refreshTokenGrant(rp.config, forged), refused('invalid_grant'));
  }
  const latest = await oidc.refreshTokenGrant(rp.config, all.at(-1).refresh_token);
  assert.ok(latest.access_token);
  await oidc.tokenRevocation((await addClient(s)).config, all[1].refresh_token);
  assert.equal((await oidc.tokenIntrospection(rp.config, latest.access_token)).active, true, 'another client revokes nothing');
  await oidc.tokenRevocation(rp.config, all[1].refresh_token);
  assert.deepEqual(await oidc.tokenIntrospection(rp.config, latest.access_token), { active: false });
});

test('a refresh token in the hands of another client is a stolen one', async () => {
  const other = await addClient(s);
  const { tokens } = await tokensFor(rp, user);
  await assert.rejects(oidc.refreshTokenGrant(other.config, tokens.refresh_token), refused('invalid_grant'));
  await assert.rejects(oidc.refreshTokenGrant(rp.config, tokens.refresh_token), refused('invalid_grant'));
});

test('a code works for its client, verifier and redirect URI only', async () => {
  const other = await addClient(s);
  const answer = await authorize(rp, user);
  await assert.rejects(redeem(other, answer), refused('invalid_grant'));
  assert.ok((await redeem(rp, answer)).access_token, 'another client cannot burn it');
  const guessed = await authorize(rp, user);
  await assert.rejects(redeem(rp, { ...guessed, verifier: oidc.randomPKCECodeVerifier() }), refused('invalid_grant'));
  await assert.rejects(redeem(rp, guessed), refused('invalid_grant'), 'a wrong verifier has one try');
  const moved = await authorize(rp, user);
  const fields = { grant_type: 'authorization_code', code: moved.callback.searchParams.get('code'), code_verifier: moved.verifier };
  assert.equal((await post(s, '/token', { ...fields, redirect_uri: `${REDIRECT}/x` }, { basic: rp })).body.error, 'invalid_grant');
  const without = await authorize(rp, user);
  assert.equal((await post(s, '/token', { grant_type: 'authorization_code', code: without.callback.searchParams.get('code') }, { basic: rp })).body.error, 'invalid_grant', 'the challenge wants its verifier');
});

test('codes and refresh tokens are no spellings of each other', async () => {
  const { tokens, callback } = await tokensFor(rp, user);
  const code = callback.searchParams.get('code');
  assert.equal((await post(s, '/token', { grant_type: 'refresh_token', refresh_token: code }, { basic: rp })).body.error, 'invalid_grant');
  assert.equal((await post(s, '/token', { grant_type: 'authorization_code', code: tokens.refresh_token, code_verifier: 'v'.repeat(43) }, { basic: rp })).body.error, 'invalid_grant');
});

test('a disabled user loses session, grants and tokens', async () => {
  const gone = await addUser(s);
  const { tokens, agent } = await tokensFor(rp, gone);
  await s.operator('authsrv', 'users', 'disable', gone.email);
  assert.deepEqual(await oidc.tokenIntrospection(rp.config, tokens.access_token), { active: false });
  await assert.rejects(oidc.refreshTokenGrant(rp.config, tokens.refresh_token), refused('invalid_grant'));
  await assert.rejects(authorize(rp, gone, { agent }), /ended at .*\/login/);
});

test('the client endpoint refuses ambiguous and wrong authentication', async () => {
  const twice = await post(s, '/token', { grant_type: 'client_credentials', client_id: rp.id, client_secret: rp.secret }, { basic: rp });
  assert.equal(twice.body.error, 'invalid_request');
  const switched = await post(s, '/token', { grant_type: 'client_credentials', client_id: rp.id, client_secret: rp.secret });
  assert.equal(switched.status, 401, 'only the registered method');
  for (const secret of ['', 'wrong']) {
    const { status, body, headers } = await post(s, '/token', { grant_type: 'client_credentials' }, { basic: { id: rp.id, secret } });
    assert.equal(status, 401);
    assert.equal(body.error, 'invalid_client');
    assert.match(headers.get('www-authenticate'), /^Basic/);
    assert.equal(headers.get('cache-control'), 'no-store');
  }
  const unknown = await post(s, '/token', { grant_type: 'client_credentials' }, { basic: { id: 'nobody', secret: 'wrong' } });
  const wrong = await post(s, '/token', { grant_type: 'client_credentials' }, { basic: { id: rp.id, secret: 'wrong' } });
  assert.deepEqual(unknown.body, wrong.body);
});

test('the token endpoint speaks OAuth about every mistake', async () => {
  const errorOf = async (fields, more = { basic: rp }) => (await post(s, '/token', fields, more)).body.error;
  assert.equal(await errorOf('grant_type=client_credentials&grant_type=refresh_token'), 'invalid_request');
  assert.equal(await errorOf({}), 'invalid_request');
  assert.equal(await errorOf({ grant_type: 'password' }), 'unsupported_grant_type');
  assert.equal(await errorOf({ grant_type: 'authorization_code' }), 'invalid_request');
  for (const verifier of ['v'.repeat(42), 'v'.repeat(129), `${'v'.repeat(43)}=`]) assert.equal(await errorOf({ grant_type: 'authorization_code', code: 'c', code_verifier: verifier }), 'invalid_request');
  assert.equal(await errorOf({ grant_type: 'client_credentials', resource: 'https://nowhere.example' }), 'invalid_target');
  const get = await fetch(new URL('/token', s.env.issuer));
  assert.equal(get.status, 405);
  assert.match(get.headers.get('allow'), /POST/);
  const json = await fetch(new URL('/token', s.env.issuer), { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  assert.equal(json.status, 415);
  const inQuery = await post(s, `/token?client_secret=${rp.secret}`, { grant_type: 'client_credentials' }, { basic: rp });
  assert.equal(inQuery.status, 400);
  const plain = await addClient(s, { grants: 'authorization_code' });
  assert.equal(await errorOf({ grant_type: 'client_credentials' }, { basic: plain }), 'unauthorized_client');
});
