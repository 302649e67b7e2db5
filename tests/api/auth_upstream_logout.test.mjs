/*
 * A log-in that ends at the partner ends here: back-channel logout tokens as oidc-provider sends them, and all that is none (SECURITY F 156).
 * And the other way: our log-out goes on to the partner's (OIDC RP-Initiated Logout 1.0, decision 0032).
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { addClient, operator, post, redeem, sound } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { atClient, logInAt, partners } from '../support/upstream.mjs';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const BYE = 'https://rp.example/cb/bye';
let s, rp, there, key;
const made = partners(() => s);

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  rp = await addClient(s, { more: ['--first-party', '--post-logout-redirect-uri', BYE] });
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

async function person(slug = there.slug) {
  const subject = `u${randomUUID().slice(0, 8)}`;
  const agent = createAgent();
  const tokens = await redeem(rp, await logInAt(agent, rp, slug, subject));
  return { subject, agent, tokens };
}

/* Yes on the page of oidc-provider, whose button stands outside of its form. */
const leaveThere = (agent, page, more) => agent.submit({ ...page, text: page.text.replace(/<button[^>]*>[^<]*<\/button>/g, '').replace('</form>', '<input type="hidden" name="logout" value="yes"></form>') }, { logout: 'yes' }, more);

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
  await leaveThere(one.agent, await one.agent.open(`${there.issuer}/session/end`));
  await eventually(async () => !(await isIn(one.agent)), { what: 'the session has ended' });
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

describe('our log-out and the partner’s', () => {
  const leaving = (settings, more) => made.provider({ settings, client: (slug) => ({ post_logout_redirect_uris: [`${s.env.issuer}/cb/${slug}/logged-out`], ...more?.client }), ...more?.provider });
  const ask = ({ agent, tokens }, more) => agent.open(new URL(`/logout?${new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri: BYE, state: 'mine', ...more })}`, s.env.issuer), { until: atClient });
  const isThere = async (agent, slug) => (await logInAt(agent, rp, slug, 'somebody else')) && (await s.psql(`select upstream_subject from auth.session where partner = '${slug}' and ended_at is null order by created_at desc limit 1`))[0].upstream_subject;

  test('always: the browser goes on to oidc-provider, comes back, and then to the application; who it was is over before', async () => {
    const { slug, issuer } = await leaving({ logout: 'always' });
    const one = await person(slug);
    const [kept] = await s.psql(`select upstream_hint_sealed from auth.session where partner = '${slug}' and ended_at is null`);
    assert.ok(kept.upstream_hint_sealed, 'the ID token waits with the session');
    const page = await ask(one);
    assert.equal(page.url.origin, issuer);
    assert.equal(page.status, 200, page.text.slice(0, 400));
    const asked = page.url.searchParams;
    assert.equal(asked.get('client_id'), 'stoa');
    assert.equal(asked.get('post_logout_redirect_uri'), `${s.env.issuer}/cb/${slug}/logged-out`);
    assert.equal(JSON.parse(Buffer.from(asked.get('id_token_hint').split('.')[1], 'base64url')).sub, one.subject);
    assert.deepEqual(await oidc.tokenIntrospection(rp.config, one.tokens.access_token), { active: false }, 'over, whatever the partner does');
    assert.deepEqual(await s.psql(`select 1 from auth.session where partner = '${slug}' and (ended_at is null or upstream_hint_sealed is not null)`), []);
    let returned;
    const back = await leaveThere(one.agent, page, { until: (url) => { if (url.pathname.endsWith('/logged-out')) returned = url; return atClient(url); } });
    assert.equal(back.url.href, `${BYE}?state=mine`);
    assert.notEqual(await isThere(one.agent, slug), one.subject, 'signed out there');
    for (const agent of [one.agent, createAgent()]) {
      const again = await agent.open(returned, { until: atClient });
      assert.equal(again.status, 200, 'once, and in that browser');
      assert.match(again.text, /You are signed out/);
    }
    assert.match(await operator(s, 'audit', 'list', '--since', '1h', '--action', 'upstream.left'), new RegExp(slug));
  });

  test('the return belongs to its browser and its partner', async () => {
    const [here, other] = [await leaving({ logout: 'always' }), await leaving({})];
    const one = await person(here.slug);
    const state = (await ask(one)).url.searchParams.get('state');
    const open = (agent, slug) => agent.open(new URL(`/cb/${slug}/logged-out?state=${state}`, s.env.issuer), { until: atClient });
    for (const [agent, slug] of [[createAgent(), here.slug], [one.agent, other.slug]]) assert.equal((await open(agent, slug)).status, 200);
    assert.equal((await open(one.agent, here.slug)).url.href, `${BYE}?state=mine`);
  });

  test('offered: an application that waits is not held up; on a page of ours the person chooses', async () => {
    const { slug, issuer } = await leaving({});
    const one = await person(slug);
    assert.equal((await ask(one)).url.href, `${BYE}?state=mine`);
    assert.equal(await isThere(one.agent, slug), one.subject, 'still signed in there');
    const question = await one.agent.open(new URL('/logout', s.env.issuer));
    const out = await one.agent.submit(question, {}, { button: 'logout' });
    assert.match(out.text, /You may still be signed in at/);
    const there_ = await one.agent.open(/id="there" href="([^"]*)"/.exec(out.text)[1].replaceAll('&amp;', '&'));
    assert.equal(there_.url.origin, issuer);
    assert.match((await leaveThere(one.agent, there_)).text, /You are signed out/);
    await logInAt(one.agent, rp, slug, one.subject);
    const both = await one.agent.submit(await one.agent.open(new URL('/logout', s.env.issuer)), {}, { button: 'both' });
    assert.equal(both.url.origin, issuer);
    assert.equal(await isIn(one.agent), false);
  });

  test('an encrypted ID token is the hint as it was signed', async () => {
    const alg = 'ECDH-ES';
    const { slug, issuer } = await leaving({ logout: 'always', id_token_encryption: alg }, { client: { id_token_encrypted_response_alg: alg }, provider: { features: { encryption: { enabled: true } } } });
    const page = await ask(await person(slug));
    assert.equal(page.url.origin, issuer);
    assert.equal(page.url.searchParams.get('id_token_hint').split('.').length, 3);
    assert.equal(page.status, 200, page.text.slice(0, 400));
  });

  test('a partner without a log-out, or one that is not wanted, is left alone', async () => {
    const without = await leaving({ logout: 'always' }, { provider: { features: { rpInitiatedLogout: { enabled: false } } } });
    const never = await leaving({ logout: 'never' });
    for (const { slug } of [without, never]) {
      const one = await person(slug);
      assert.equal((await ask(one)).url.href, `${BYE}?state=mine`);
    }
    assert.deepEqual(await s.psql(`select 1 from auth.session where partner = '${never.slug}' and upstream_hint_sealed is not null`), []);
    await assert.rejects(made.add('https://odd.example', { settings: { logout: 'sometimes' } }), /logout: offer, always or never/);
    await assert.rejects(made.add('https://odd.example', { settings: { profile: 'github', logout: 'always', authorization_endpoint: 'https://a.example/a', token_endpoint: 'https://a.example/t', userinfo_endpoint: 'https://a.example/u' } }), /logout: always is for kind oidc/);
  });
});
