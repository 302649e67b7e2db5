/* The claims parameter, levels of log-in, and the choice of account (OIDC B 13, C 12..16, C 19, E 5; IDENTITY B 25..33; RFC 9470). */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { REDIRECT, addClient, addUser, authorize, redeem, request, sound, tokensFor, walk } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';

const ONE_FACTOR = 'urn:stoa:acr:1fa';
const TWO_FACTORS = 'urn:stoa:acr:2fa';

let s, rp, user, jar, own;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  [rp, user] = await Promise.all([addClient(s), addUser(s)]);
  ({ agent: jar, tokens: own } = await tokensFor(rp, user, { scope: 'openid email offline_access' }));
});

after(async () => {
  await sound(s);
  await s.stop();
});

const until = (to) => to.href.startsWith(REDIRECT);
const at = async (more, { agent = jar, client = rp } = {}) => {
  const { url } = await request(client, more);
  return agent.open(url, { until });
};
const errorOf = async (more, options) => {
  const page = await at(more, options);
  assert.equal(page.status, 0, `${page.url} ${page.text.slice(0, 300)}`);
  return page.url.searchParams.get('error');
};
const wants = (claims) => ({ claims: JSON.stringify(claims) });
const info = (tokens) => oidc.fetchUserInfo(rp.config, tokens.access_token, tokens.claims()?.sub ?? oidc.skipSubjectCheck);

describe('claims by name', () => {
  const asked = { scope: 'openid', ...wants({ userinfo: { name: { essential: true }, shoe_size: null }, id_token: { email: null, 'name#de': null } }) };

  test('are consented to, and come where they were asked for, also after a refresh', async () => {
    const client = await addClient(s);
    const agent = createAgent();
    const start = await request(client, { ...asked, scope: 'openid offline_access' });
    const consent = await agent.submit(await agent.open(start.url), user, { button: 'Sign in', until });
    assert.equal(consent.url.pathname, '/consent');
    assert.match(consent.text, /See your name/);
    assert.match(consent.text, /See your e-mail address/);
    const page = await agent.submit(consent, {}, { button: 'Allow', until });
    const tokens = await redeem(client, { ...start, callback: page.url });
    assert.equal(tokens.claims().email, user.email);
    assert.equal(tokens.claims().name, undefined);
    const first = await oidc.fetchUserInfo(client.config, tokens.access_token, tokens.claims().sub);
    assert.deepEqual(first, { sub: tokens.claims().sub, name: 'Uma User' });
    const renewed = await oidc.refreshTokenGrant(client.config, tokens.refresh_token);
    assert.equal(renewed.claims().email, user.email);
    assert.equal(renewed.claims().nonce, undefined);
    assert.equal((await oidc.fetchUserInfo(client.config, renewed.access_token, first.sub)).name, 'Uma User');
    assert.equal((await at(asked, { agent, client })).status, 0, 'the same again is not asked again');
    const more = await at({ scope: 'openid', ...wants({ userinfo: { birthdate: null, name: null } }) }, { agent, client });
    assert.equal(more.url.pathname, '/consent');
    assert.match(more.text, /See your date of birth[\s\S]{0,40}new/);
    assert.doesNotMatch(more.text, /See your name[^<]*<span/);
    assert.equal(await errorOf({ scope: 'openid', prompt: 'none', ...wants({ userinfo: { birthdate: null } }) }, { agent, client }), 'consent_required');
    assert.ok(await s.psql(`select 1 from auth.audit where action = 'consent.given' and object = '${client.id}' and detail like '%claims: name email%'`).then((rows) => rows.length));
  });

  test('that a scope opens are no further question', async () => {
    const page = await at({ scope: 'openid email', ...wants({ userinfo: { email: null, email_verified: null } }) });
    assert.equal(page.status, 0);
  });

  test('essential ones that we do not have are left out', async () => {
    const answer = await authorize(rp, user, { agent: jar, scope: 'openid email', ...wants({ userinfo: { phone_number: { essential: true } } }) });
    const tokens = await redeem(rp, answer);
    assert.deepEqual(Object.keys(await info(tokens)).sort(), ['email', 'email_verified', 'sub']);
  });

  test('malformed', async () => {
    for (const claims of ['{', '[]', '"name"', '{"userinfo":[]}', '{"id_token":{"name":1}}', '{"id_token":{"acr":{"values":"x"}}}']) assert.equal(await errorOf({ claims }), 'invalid_request', claims);
    const implicit = await addClient(s, { grants: 'implicit', metadata: { response_types: ['id_token'] } });
    const page = await at({ response_type: 'id_token', scope: 'openid', ...wants({ userinfo: { name: null } }) }, { client: implicit });
    assert.equal(new URLSearchParams(page.url.hash.slice(1)).get('error'), 'invalid_request', 'userinfo without an access token');
  });

  test('a sub with a value must be the one who is there', async () => {
    const { sub } = own.claims();
    assert.equal(await errorOf({ prompt: 'none', scope: 'openid', ...wants({ id_token: { sub: { value: sub } } }) }), null);
    assert.equal(await errorOf({ prompt: 'none', scope: 'openid', ...wants({ id_token: { sub: { values: ['usr_other', sub] } } }) }), null);
    assert.equal(await errorOf({ prompt: 'none', scope: 'openid', ...wants({ id_token: { sub: { value: 'usr_other' } } }) }), 'login_required');
    const page = await at({ scope: 'openid', ...wants({ id_token: { sub: { value: 'usr_other' } } }) });
    assert.equal(page.url.pathname, '/login');
    const wrong = await jar.submit(page, user, { button: 'Sign in', until });
    assert.equal(wrong.url.searchParams.get('error'), 'login_required', 'asked once, not for ever');
  });
});

describe('levels of log-in', () => {
  const essential = (value) => wants({ id_token: { acr: { essential: true, value } } });

  test('the ID token says which was reached; a wish that cannot be had is no error', async () => {
    assert.equal(own.claims().acr, ONE_FACTOR);
    assert.deepEqual(own.claims().amr, ['pwd']);
    for (const acr_values of ['phr', `urn:unknown ${ONE_FACTOR}`, TWO_FACTORS]) {
      const tokens = await redeem(rp, await authorize(rp, user, { agent: jar, scope: 'openid', prompt: 'none', acr_values }));
      assert.equal(tokens.claims().acr, ONE_FACTOR, acr_values);
    }
    const { acr_values_supported } = await (await fetch(new URL('/.well-known/openid-configuration', s.env.issuer))).json();
    assert.ok(acr_values_supported.includes(ONE_FACTOR));
  });

  test('an essential one is reached or refused, never replaced by less', async () => {
    const tokens = await redeem(rp, await authorize(rp, user, { agent: jar, scope: 'openid', prompt: 'none', ...essential(ONE_FACTOR) }));
    assert.equal(tokens.claims().acr, ONE_FACTOR);
    for (const agent of [jar, createAgent()]) {
      assert.equal(await errorOf({ scope: 'openid', ...essential('urn:nobody:has:this') }, { agent }), 'unmet_authentication_requirements');
      assert.equal(await errorOf({ scope: 'openid', prompt: 'none', ...essential('urn:nobody:has:this') }, { agent }), 'unmet_authentication_requirements');
    }
    assert.equal(await errorOf({ scope: 'openid', prompt: 'none', ...wants({ id_token: { acr: { essential: true } } }) }), null, 'any value will do');
  });

  test('a session of more factors serves both wishes and is reported as such', async () => {
    const strong = await addUser(s);
    const { agent, tokens } = await tokensFor(rp, strong, { scope: 'openid' });
    await s.psql(`update auth.session set amr = 'pwd otp mfa' where sid = '${tokens.claims().sid}'`);
    for (const [acr_values, acr] of [[undefined, TWO_FACTORS], [ONE_FACTOR, ONE_FACTOR], [`phr ${TWO_FACTORS}`, TWO_FACTORS]]) {
      const again = await redeem(rp, await authorize(rp, strong, { agent, scope: 'openid', prompt: 'none', ...(acr_values && { acr_values }) }));
      assert.equal(again.claims().acr, acr);
      assert.deepEqual(again.claims().amr, ['pwd', 'otp', 'mfa']);
    }
    const must = await redeem(rp, await authorize(rp, strong, { agent, scope: 'openid', prompt: 'none', ...essential(TWO_FACTORS) }));
    assert.equal(must.claims().acr, TWO_FACTORS);
  });

  test('defaults of the registration: default_max_age, default_acr_values, require_auth_time', async () => {
    const client = await addClient(s, { metadata: { default_max_age: 0, default_acr_values: ['urn:unknown', ONE_FACTOR], require_auth_time: true } });
    assert.equal((await at({ scope: 'openid' }, { client })).url.pathname, '/login', 'default_max_age');
    assert.notEqual((await at({ scope: 'openid', max_age: '3600' }, { client })).url.pathname, '/login', 'what is asked counts before what is registered');
    const tokens = await redeem(client, await authorize(client, user, { scope: 'openid' }));
    assert.equal(tokens.claims().acr, ONE_FACTOR);
    assert.ok(Math.abs(tokens.claims().auth_time - Date.now() / 1000) < 300);
  });
});

describe('the choice of account', () => {
  test('goes on with the account of the session, which is asked for no password', async () => {
    const page = await at({ scope: 'openid', prompt: 'select_account' });
    assert.equal(page.url.pathname, '/select-account');
    assert.match(page.text, /Uma User/);
    assert.match(page.text, new RegExp(user.email));
    assert.equal(page.headers.get('cache-control'), 'no-store');
    const answer = await authorize(rp, user, { agent: jar, scope: 'openid', prompt: 'select_account' });
    const tokens = await redeem(rp, answer);
    assert.equal(tokens.claims().sub, own.claims().sub);
    const silent = await redeem(rp, await authorize(rp, user, { agent: jar, scope: 'openid', prompt: 'none' }));
    assert.equal(tokens.claims().auth_time, silent.claims().auth_time);
  });

  test('lets another account in', async () => {
    const other = await addUser(s);
    const { agent } = await tokensFor(rp, user, { scope: 'openid' });
    const start = await request(rp, { scope: 'openid', prompt: 'select_account' });
    const page = await agent.open(start.url);
    const link = /href="(\/login\?flow=[^"]+)"/.exec(page.text)[1];
    const done = await walk(agent, new URL(link, s.env.issuer), other);
    const tokens = await redeem(rp, { ...start, callback: done.url });
    assert.notEqual(tokens.claims().sub, own.claims().sub);
  });

  test('without a session there is nothing to choose; the form works only with its token', async () => {
    assert.equal((await at({ prompt: 'select_account' }, { agent: createAgent() })).url.pathname, '/login');
    const page = await at({ scope: 'openid', prompt: 'select_account' });
    const bad = await jar.submit({ ...page, text: page.text.replace(/name="csrf" value="[^"]*"/, `name="csrf" value="${'a'.repeat(43)}"`) }, {}, { button: user.email });
    assert.equal(bad.status, 403);
    const forwards = await jar.open(new URL('/select-account?flow=fl_unknown', s.env.issuer));
    assert.equal(forwards.status, 400);
  });

  test('with consent asked for as well, both pages come', async () => {
    let page = await at({ scope: 'openid', prompt: 'select_account consent' });
    assert.equal(page.url.pathname, '/select-account');
    page = await jar.submit(page, {}, { button: user.email, until });
    assert.equal(page.url.pathname, '/consent');
    page = await jar.submit(page, {}, { button: 'Allow', until });
    assert.ok(page.url.searchParams.get('code'));
  });
});

test('an ID token given to another client is no hint', async () => {
  const other = await addClient(s);
  const { tokens } = await tokensFor(other, user, { scope: 'openid' });
  assert.equal(await errorOf({ prompt: 'none', scope: 'openid', id_token_hint: tokens.id_token }), 'invalid_request');
  assert.equal(await errorOf({ prompt: 'none', scope: 'openid', id_token_hint: own.id_token }), null);
});

test('display, locales, levels and hints are wishes: none is an error', async () => {
  for (const more of [{ acr_values: 'a"b' }, { acr_values: 'x'.repeat(1025) }, { acr_values: '1 2' }, { login_hint: 'x'.repeat(300) }, { login_hint: 'büffy ☃' }, { idp_hint: 'x'.repeat(300) }, { extra: 'foobar' }, { display: 'page' }, { display: 'popup' }, { display: 'zzz' }, { ui_locales: 'de-CH fr' }, { claims_locales: 'xx' }, { login_hint: 'a@b.example' }]) {
    assert.equal(await errorOf({ scope: 'openid', prompt: 'none', ...more }), null, JSON.stringify(more));
  }
});

test('logo, privacy policy and terms of the client stand on its pages', async () => {
  const metadata = { logo_uri: 'https://logos.example:8443/l.png', policy_uri: 'https://rp.example/privacy', tos_uri: 'https://rp.example/terms?a=1&b=2' };
  const client = await addClient(s, { metadata });
  const pages = [await at({ scope: 'openid' }, { client, agent: createAgent() }), await at({ scope: 'openid' }, { client }), await at({ scope: 'openid', prompt: 'select_account' }, { client })];
  assert.deepEqual(pages.map((page) => page.url.pathname), ['/login', '/consent', '/select-account']);
  for (const page of pages) {
    assert.match(page.text, /<img src="https:\/\/logos\.example:8443\/l\.png"/);
    assert.match(page.headers.get('content-security-policy'), /img-src 'self' https:\/\/logos\.example:8443(;|$)/);
    assert.match(page.text, /href="https:\/\/rp\.example\/privacy"/);
    assert.match(page.text, /href="https:\/\/rp\.example\/terms\?a=1&amp;b=2"/);
  }
  const without = await at({ scope: 'openid' }, { agent: createAgent() });
  assert.match(without.headers.get('content-security-policy'), /img-src 'self'(;|$)/);
});

test('offline_access without a code is dropped silently', async () => {
  const implicit = await addClient(s, { grants: 'implicit', metadata: { response_types: ['id_token token'] } });
  const { callback } = await authorize(implicit, user, { agent: jar, response_type: 'id_token token', scope: 'openid offline_access' });
  const answer = new URLSearchParams(callback.hash.slice(1));
  assert.equal(answer.get('scope'), 'openid');
  assert.equal(answer.get('refresh_token'), null);
});
