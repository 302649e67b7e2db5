/* A log-in that ends at the partner ends here: back-channel logout tokens as oidc-provider sends them, and all that is none (SECURITY F 156). */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { addClient, operator, post, redeem, sound } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { logInAt, partners } from '../support/upstream.mjs';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
let s, rp, there, key;
const made = partners(() => s);

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  rp = await addClient(s, { more: ['--first-party'] });
  const pair = await generateKeyPair('RS256', { extractable: true });
  key = pair.privateKey;
  const jwks = { keys: [{ ...(await exportJWK(key)), kid: 'k1', alg: 'RS256', use: 'sig' }] };
  const client = (slug) => ({ backchannel_logout_uri: `${s.env.issuer}/cb/${slug}/logout`, backchannel_logout_session_required: true });
  there = await made.provider({ jwks, client, features: { backchannelLogout: { enabled: true } } });
});

after(async () => {
  await made.close();
  await sound(s);
  await s.stop();
});

const sign = (claims, { typ = 'logout+jwt', by = key, kid = 'k1' } = {}) => new SignJWT({ iss: there.issuer, aud: 'stoa', jti: randomUUID(), events: { [EVENT]: {} }, ...claims }).setProtectedHeader({ alg: 'RS256', kid, ...(typ && { typ }) }).setIssuedAt(claims.iat).setExpirationTime(claims.exp ?? '2m').sign(by);
const tell = async (token, slug = there.slug) => (await post(s, `/cb/${slug}/logout`, { logout_token: token })).status;
const isIn = async (agent) => (await agent.open(new URL('/account', s.env.issuer))).url.pathname === '/account';
const sidOf = async (subject) => (await s.psql(`select upstream_sid from auth.session where upstream_subject = '${subject}' and partner = '${there.slug}' and ended_at is null order by created_at desc limit 1`))[0].upstream_sid;

async function person() {
  const subject = `u${randomUUID().slice(0, 8)}`;
  const agent = createAgent();
  const tokens = await redeem(rp, await logInAt(agent, rp, there.slug, subject));
  return { subject, agent, tokens };
}

test('a token of the partner ends the sessions of that person, and what their applications hold; the second time it is refused', async () => {
  const [one, other] = [await person(), await person()];
  const token = await sign({ sub: one.subject });
  assert.equal(await tell(token), 200);
  assert.equal(await isIn(one.agent), false);
  assert.equal(await isIn(other.agent), true);
  assert.deepEqual(await oidc.tokenIntrospection(rp.config, one.tokens.access_token), { active: false });
  const again = createAgent();
  await logInAt(again, rp, there.slug, one.subject);
  assert.equal(await tell(token), 400, 'replayed');
  assert.equal(await isIn(again), true);
  assert.match(await operator(s, 'audit', 'list', '--since', '1h', '--action', 'upstream.logged_out'), new RegExp(there.slug));
});

test('who signs out at oidc-provider is signed out here, by the session there and only by that', async () => {
  const one = await person();
  const elsewhere = createAgent();
  await logInAt(elsewhere, rp, there.slug, one.subject);
  const page = await one.agent.open(`${there.issuer}/session/end`);
  await one.agent.submit({ ...page, text: page.text.replace(/<button[^>]*>[^<]*<\/button>/g, '').replace('</form>', '<input type="hidden" name="logout" value="yes"></form>') }, { logout: 'yes' });
  for (const end = Date.now() + 20_000; await isIn(one.agent);) assert.ok(Date.now() < end, 'still signed in');
  assert.equal(await isIn(elsewhere), true, 'another session of the same person there');
});

test('sid and sub have to fit both, and a session that got a new id is still the one that came from there', async () => {
  const one = await person();
  const sid = await sidOf(one.subject);
  assert.ok(sid);
  assert.equal(await tell(await sign({ sub: 'somebody', sid })), 200);
  assert.equal(await isIn(one.agent), true);
  const partners_ = await one.agent.open(new URL('/account/partners', s.env.issuer));
  const last = await one.agent.submit(partners_, {}, { button: 'Unlink' }); // refused, after the session got a new id
  assert.equal(last.status, 409);
  assert.equal(await tell(await sign({ sid })), 200);
  assert.equal(await isIn(one.agent), false);
});

for (const [what, claims, how] of [
  ['without jti', { jti: undefined }], ['with a nonce', { nonce: 'n' }], ['without events', { events: undefined }], ['with another event', { events: { other: {} } }],
  ['for another client', { aud: 'somebody' }], ['of another issuer', { iss: 'https://evil.example' }], ['that is over', { exp: 1000 }], ['that is old', { iat: 1000 }],
  ['that names nobody', { sub: undefined }], ['of another type', {}, { typ: 'at+jwt' }], ['under a foreign key', {}, { foreign: true }],
]) {
  test(`a token ${what} ends nothing`, async () => {
    const one = await person();
    const by = how?.foreign ? (await generateKeyPair('RS256')).privateKey : key;
    assert.equal(await tell(await sign({ sub: one.subject, ...claims }, { ...how, by })), 400);
    assert.equal(await isIn(one.agent), true);
  });
}

test('partners end their own only, and nobody without a token', async () => {
  const one = await person();
  const elsewhere = await made.add('https://elsewhere.example');
  assert.notEqual(await tell(await sign({ sub: one.subject }), elsewhere), 200);
  assert.equal(await tell(await sign({ sub: one.subject }), 'nobody'), 404);
  assert.equal(await tell('garbage'), 400);
  assert.equal(await isIn(one.agent), true);
});
