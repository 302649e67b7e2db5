/* The partner API: a backend brings a person by the e-mail address; the code is typed in the partner's page (issue: registration inside the partner's UI). */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { address, codeIn, firstParty, linkIn, redeemCode, wrong } from '../support/first_party.mjs';
import { adminOf } from '../support/admin.mjs';
import { heard } from '../support/outcome.mjs';
import { operator, sound } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';

const SCOPE = 'openid email profile auth.partner.users';
let s, mine, theirs;

/* A partner with a client that may bring people: { rp, slug, call(method, path, body) }. */
async function partner() {
  const slug = `p-${randomUUID().slice(0, 13)}`;
  await operator(s, 'partners', 'add', slug, '--name', slug, '--issuer', `https://${slug}.example`, '--client-id', 'stoa');
  const rp = await firstParty(s, 'register', { scope: SCOPE, more: ['--partner', slug] });
  const { access_token: token } = await oidc.clientCredentialsGrant(rp.config, { scope: 'auth.partner.users' });
  const call = async (method, path, body, { bearer = token } = {}) => {
    const answer = await fetch(new URL(path, s.env.issuer), { method, headers: { authorization: `Bearer ${bearer}`, ...(body && { 'content-type': 'application/json' }) }, body: body && JSON.stringify(body) });
    return { status: answer.status, headers: answer.headers, body: await answer.json() };
  };
  return { rp, slug, call };
}

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  [mine, theirs] = [await partner(), await partner()];
});

after(async () => {
  await sound(s);
  await s.stop();
});

const fresh = async (more) => {
  const kept = { verifier: oidc.randomPKCECodeVerifier(), nonce: oidc.randomNonce(), email: address() };
  return { ...kept, body: { email: kept.email, nonce: kept.nonce, code_challenge: await oidc.calculatePKCECodeChallenge(kept.verifier), ...more } };
};
const brought = async (who, more) => {
  const asked = await fresh(more);
  const made = await who.call('POST', '/partner/v1/users', asked.body);
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const mail = await s.mail(asked.email);
  return { ...asked, made, id: made.body.id, mail, code: codeIn(mail) };
};
const refused = ({ status, body }, want, code, param) => assert.deepEqual([status, body.code, body.param], [want, code, param], JSON.stringify(body));

test('a person is brought, types the code in the partner\'s page, and the partner gets tokens', async () => {
  const { email, made, id, code, ...kept } = await brought(mine, { name: 'Nora New', scope: 'openid email profile', code_challenge_method: 'S256' });
  assert.equal(made.headers.get('location'), `/partner/v1/users/${id}`);
  assert.deepEqual([made.body.object, made.body.email, made.body.status, made.body.attempts_left, made.body.user], ['registration', email, 'code_sent', 5, undefined]);
  assert.equal((await mine.call('GET', `/partner/v1/users/${id}`)).body.status, 'code_sent');
  const done = await mine.call('POST', `/partner/v1/users/${id}/confirm`, { code });
  assert.deepEqual([done.status, done.body.status], [200, 'confirmed'], JSON.stringify(done.body));
  const tokens = await redeemCode(s, mine.rp, done.body.authorization_code, kept);
  assert.equal(tokens.claims().sub, done.body.user);
  const person = await oidc.fetchUserInfo(mine.rp.config, tokens.access_token, done.body.user);
  assert.deepEqual([person.name, person.email, person.email_verified], ['Nora New', email, true]);
  refused(await mine.call('POST', `/partner/v1/users/${id}/confirm`, { code }), 400, 'wrong_code');
});

test('what one partner began is not there for another, nor for another client of the same', async () => {
  const { id, code } = await brought(mine);
  for (const [method, path, body] of [['GET', `/partner/v1/users/${id}`], ['POST', `/partner/v1/users/${id}/confirm`, { code }], ['POST', `/partner/v1/users/${id}/resend`]])
    refused(await theirs.call(method, path, body), 404, 'not_found');
  const sister = await firstParty(s, 'register', { scope: SCOPE, more: ['--partner', mine.slug] });
  const { access_token: bearer } = await oidc.clientCredentialsGrant(sister.config, { scope: 'auth.partner.users' });
  refused(await mine.call('GET', `/partner/v1/users/${id}`, undefined, { bearer }), 404, 'not_found');
  assert.equal((await mine.call('POST', `/partner/v1/users/${id}/confirm`, { code })).status, 200, 'nobody used an attempt up');
});

test('the account is its person\'s: no partner administers it, and every partner finds the same', async () => {
  const one = await brought(mine);
  const { user } = (await mine.call('POST', `/partner/v1/users/${one.id}/confirm`, { code: one.code })).body;
  const admin = await adminOf(s, 'auth.admin.users', ['--partner', mine.slug]);
  assert.equal((await admin('GET', `/admin/v1/users/${user}`)).status, 404);
  const asked = await fresh({ email: one.email });
  const made = await theirs.call('POST', '/partner/v1/users', asked.body);
  assert.deepEqual([made.status, made.body.user], [201, undefined], JSON.stringify(made.body));
  const code = codeIn(await s.mail(one.email, new RegExp(theirs.rp.id)));
  assert.equal((await theirs.call('POST', `/partner/v1/users/${made.body.id}/confirm`, { code })).body.user, user);
});

test('a request that comes twice is one registration and one mail', async () => {
  const asked = await fresh({ request_id: randomUUID() });
  const [a, b] = await Promise.all([1, 2].map(() => heard(() => mine.call('POST', '/partner/v1/users', asked.body))));
  assert.deepEqual([a.status, b.status].sort(), [200, 201]);
  assert.equal(a.body.id, b.body.id);
  refused(await mine.call('POST', '/partner/v1/users', { ...asked.body, email: address() }), 409, 'conflict', 'request_id');
  const other = await theirs.call('POST', '/partner/v1/users', { ...asked.body, email: address() });
  assert.equal(other.status, 201, 'the ids of another client are its own');
  await s.mail(asked.email);
  assert.equal((await s.psql(`select sends::int as n from auth.mail_challenge where address = '${asked.email}'`))[0].n, 1);
});

test('wrong codes are counted, and the sixth answer is that of the fifth', async () => {
  const { id, email, code } = await brought(mine);
  const left = [];
  for (let i = 1; i <= 5; i += 1) left.push((await mine.call('POST', `/partner/v1/users/${id}/confirm`, { code: wrong(code, i) })).body.attempts_left);
  assert.deepEqual(left, [4, 3, 2, 1, 0]);
  const right = await mine.call('POST', `/partner/v1/users/${id}/confirm`, { code });
  refused(right, 400, 'wrong_code');
  assert.equal(right.body.attempts_left, 0);
  assert.equal((await mine.call('GET', `/partner/v1/users/${id}`)).body.status, 'code_dead');
  await s.psql(`update auth.mail_challenge set sent_at = now() where address = '${email}'`); /* however long all that took */
  const early = await mine.call('POST', `/partner/v1/users/${id}/resend`);
  assert.deepEqual([early.status, Number(early.headers.get('retry-after')) <= 30], [429, true]);
});

test('another code after the pause; whoever says "this was not me" ends the registration', async () => {
  const { id, email, code, mail } = await brought(mine);
  await s.psql(`update auth.mail_challenge set sent_at = sent_at - interval '31 seconds' where address = '${email}'`);
  const again = await mine.call('POST', `/partner/v1/users/${id}/resend`);
  assert.deepEqual([again.status, again.body.status], [200, 'code_sent'], JSON.stringify(again.body));
  const second = await s.mail(email, /(?:)/, { after: mail.id });
  assert.notEqual(codeIn(second), code);
  const link = linkIn(second);
  const said = await fetch(new URL('/not-me', link), { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: link.searchParams.toString() });
  assert.match(await said.text(), /The code is dead/);
  refused(await mine.call('POST', `/partner/v1/users/${id}/confirm`, { code: codeIn(second) }), 400, 'wrong_code');
  assert.equal((await mine.call('GET', `/partner/v1/users/${id}`)).body.status, 'disowned');
});

test('only with the scope and the policy, and mistakes are named', async () => {
  const { body } = await fresh();
  const plain = await firstParty(s, 'sign_in', { scope: SCOPE, more: ['--partner', mine.slug] });
  const { access_token: bearer } = await oidc.clientCredentialsGrant(plain.config, { scope: 'auth.partner.users' });
  refused(await mine.call('POST', '/partner/v1/users', body, { bearer }), 400, 'unauthorized_client');
  const admin = await adminOf(s, 'auth.admin.users');
  refused(await mine.call('POST', '/partner/v1/users', body, { bearer: admin.token }), 403, 'insufficient_scope');
  assert.equal((await fetch(new URL('/partner/v1/users', s.env.issuer), { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })).status, 401);
  refused(await mine.call('POST', '/partner/v1/users', { ...body, email: 'nobody' }), 400, 'invalid_request', 'login_hint');
  refused(await mine.call('POST', '/partner/v1/users', { email: body.email }), 400, 'invalid_request', 'code_challenge');
  refused(await mine.call('POST', '/partner/v1/users', { ...body, redirect_uri: 'https://evil.example/cb' }), 400, 'invalid_request', 'redirect_uri');
  refused(await mine.call('POST', '/partner/v1/users', { ...body, password: 'x' }), 400, 'invalid_request', 'password');
  refused(await mine.call('POST', '/partner/v1/users', { ...body, scope: 'openid auth.partner.users' }), 403, 'redirect_to_web', 'scope');
});
