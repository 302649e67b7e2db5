/*
 * Sessions in browsers: several tabs, what is over, and log-outs that applications ask for. OIDC.md H1..H6, B8, I1, IDENTITY.md G 83,
 * SECURITY.md F 144, 148.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { REDIRECT, addClient, addUser, authorize, request, sound, tokensFor } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';

const GOODBYE = 'https://rp.example/bye';
let s, rp, user;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  user = await addUser(s);
  rp = await addClient(s, { more: ['--post-logout-redirect-uri', GOODBYE], metadata: { client_uri: 'https://rp.example/', initiate_login_uri: 'https://rp.example/login?from=stoa' } });
});

after(async () => {
  await sound(s);
  await s.stop();
});

const logoutUrl = (fields) => new URL(`/logout?${new URLSearchParams(fields)}`, s.env.issuer);
const stillIn = async (agent) => (await authorize(rp, user, { agent, scope: 'openid', prompt: 'none' })).callback.searchParams.get('error') === null;
const arrived = (url) => url.href.startsWith(REDIRECT);
const goodbye = (url) => url.href.startsWith(GOODBYE);

describe('tabs', () => {
  test('a log-in in one tab is there in another, and both finish', async () => {
    const agent = createAgent();
    const [one, two] = [await request(rp, { scope: 'openid' }), await request(rp, { scope: 'openid', prompt: 'consent' })];
    const [first, second] = [await agent.open(one.url), await agent.open(two.url)];
    const consent = await agent.submit(first, user, { button: 'Sign in', until: arrived });
    assert.equal(consent.url.pathname, '/consent');
    const reloaded = await agent.open(second.url);
    assert.equal(reloaded.url.pathname, '/consent', 'no second log-in');
    for (const page of [consent, reloaded]) assert.match((await agent.submit(page, {}, { button: 'Allow', until: arrived })).url.search, /code=/);
  });

  test('a form that was left open in another tab signs in all the same', async () => {
    const agent = createAgent();
    const pages = [];
    for (let i = 0; i < 3; i += 1) pages.push(await agent.open((await request(rp, { scope: 'openid' })).url));
    for (const page of pages) {
      let next = await agent.submit(page, user, { button: 'Sign in', until: arrived });
      if (next.status === 200) next = await agent.submit(next, {}, { button: 'Allow', until: arrived });
      assert.match(next.url.search, /code=/);
    }
  });

  test('what is finished or took too long says so and leads to the application’s log-in', async () => {
    const agent = createAgent();
    const way = `https://rp.example/login?from=stoa&amp;iss=${encodeURIComponent(s.env.issuer)}`;
    const page = await agent.open((await request(rp, { scope: 'openid' })).url);
    const next = await agent.submit(page, user, { button: 'Sign in', until: arrived });
    if (next.status === 200) await agent.submit(next, {}, { button: 'Allow', until: arrived });
    const back = await agent.submit(page, user, { button: 'Sign in' });
    assert.equal(back.status, 400);
    assert.ok(back.text.includes(way), back.text);
    const late = await agent.open((await request(rp, { scope: 'openid', prompt: 'login' })).url);
    await s.psql(`update auth.flow set expires_at = now() where id = '${late.url.searchParams.get('flow')}'`);
    const expired = await agent.open(late.url);
    assert.equal(expired.status, 400);
    assert.ok(expired.text.includes(way) && expired.text.includes(`Test ${rp.id}`));
    const elsewhere = await createAgent().open(late.url);
    assert.ok(!elsewhere.text.includes(rp.id), 'another browser learns nothing');
  });
});

describe('log-out that an application asks for', () => {
  test('by a cross-site post, which comes without our cookies', async () => {
    const { agent, tokens } = await tokensFor(rp, user, { scope: 'openid' });
    const form = new URLSearchParams({ id_token_hint: tokens.id_token, post_logout_redirect_uri: GOODBYE, state: 'a b' });
    const raw = await fetch(new URL('/logout', s.env.issuer), { method: 'POST', redirect: 'manual', body: form, headers: { 'sec-fetch-site': 'cross-site', origin: 'https://rp.example' } });
    assert.equal(raw.status, 303);
    const page = await agent.open(new URL(raw.headers.get('location'), s.env.issuer), { until: goodbye });
    assert.equal(page.url.searchParams.get('state'), 'a b');
    assert.equal(await stillIn(agent), false);
    const posted = await createAgent().open(new URL('/logout', s.env.issuer), { method: 'POST', body: form.toString(), until: goodbye });
    assert.equal(posted.url.origin, 'https://rp.example', 'nobody is signed in: still back');
  });

  test('says what is wrong with the request and never redirects', async () => {
    const [here, other] = [await tokensFor(rp, user, { scope: 'openid' }), await addClient(s)];
    const cases = {
      'post_logout_redirect_uri: is not registered': { client_id: rp.id, post_logout_redirect_uri: `${GOODBYE}?x=1` },
      'post_logout_redirect_uri: needs': { post_logout_redirect_uri: GOODBYE, state: 'st4te' },
      'id_token_hint: is no ID token': { id_token_hint: here.tokens.id_token.replace(/.{8}$/, 'AAAAAAAA'), client_id: rp.id, post_logout_redirect_uri: GOODBYE },
      'client_id: is not the client': { id_token_hint: here.tokens.id_token, client_id: other.id, post_logout_redirect_uri: GOODBYE },
    };
    for (const [problem, fields] of Object.entries(cases)) {
      for (const agent of [here.agent, createAgent()]) {
        const page = await agent.open(logoutUrl(fields), { until: goodbye });
        assert.equal(page.status, 200, problem);
        assert.ok(page.text.includes(problem), `${problem}: ${page.text}`);
        assert.ok(!page.text.includes('st4te'));
      }
      assert.ok(await stillIn(here.agent), problem);
    }
  });

  test('asks when the hint speaks of somebody else, and names the applications', async () => {
    const { agent, tokens } = await tokensFor(rp, user, { scope: 'openid' });
    const page = await agent.open(logoutUrl({ id_token_hint: tokens.id_token, logout_hint: 'somebody@else.example' }));
    assert.match(page.text, /Sign out\?/);
    assert.ok(page.text.includes(`<li><bdi>Test ${rp.id}</bdi></li>`));
    const gone = await agent.open(logoutUrl({ id_token_hint: tokens.id_token, logout_hint: user.email.toUpperCase(), ui_locales: 'de en', post_logout_redirect_uri: GOODBYE }), { until: goodbye });
    assert.equal(gone.url.href, GOODBYE);
    const again = await agent.open(logoutUrl({ id_token_hint: tokens.id_token, post_logout_redirect_uri: GOODBYE }), { until: goodbye });
    assert.equal(again.url.href, GOODBYE, 'once more changes nothing');
    const plain = await agent.open(logoutUrl({ id_token_hint: tokens.id_token }));
    assert.match(plain.text, /You are signed out/);
    assert.ok(plain.text.includes('href="https://rp.example/"'));
  });

  test('an ID token of an earlier session of the same person is good enough', async () => {
    const old = await tokensFor(rp, user, { scope: 'openid' });
    const { agent } = await tokensFor(rp, user, { scope: 'openid' });
    assert.equal((await agent.open(logoutUrl({ id_token_hint: old.tokens.id_token, post_logout_redirect_uri: GOODBYE }), { until: goodbye })).url.href, GOODBYE);
    assert.equal(await stillIn(agent), false);
    assert.ok(await stillIn(old.agent), 'only this browser’s session ended');
  });

  test('metadata of log-out and third-party-initiated log-in is registered and shown', async () => {
    const metadata = {
      redirect_uris: [REDIRECT], initiate_login_uri: 'https://rp.example/login', backchannel_logout_uri: 'https://rp.example/bcl', backchannel_logout_session_required: true,
      frontchannel_logout_uri: 'https://rp.example/fcl', frontchannel_logout_session_required: true,
    };
    const register = async (body) => {
      const answer = await fetch(new URL('/register', s.env.issuer), { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${s.env.initial_access_token}` }, body: JSON.stringify(body) });
      return { status: answer.status, body: await answer.json() };
    };
    const { status, body } = await register(metadata);
    assert.equal(status, 201, JSON.stringify(body));
    const shown = await (await fetch(body.registration_client_uri, { headers: { authorization: `Bearer ${body.registration_access_token}` } })).json();
    for (const one of [body, shown]) for (const [name, value] of Object.entries(metadata)) assert.deepEqual(one[name], value, name);
    for (const bad of [{ initiate_login_uri: 'http://rp.example/login' }, { backchannel_logout_uri: 'http://rp.example/bcl' }, { frontchannel_logout_uri: 'https://evil.example/' }]) {
      const refused = await register({ ...metadata, ...bad });
      assert.deepEqual([refused.status, refused.body.error], [400, 'invalid_client_metadata'], JSON.stringify(bad));
      assert.match(refused.body.error_description, new RegExp(Object.keys(bad)[0]));
    }
  });
});

test('a log-in that was proven before the credentials changed begins no session, and asks again; nobody is told that the account is disabled', async () => {
  const user = await addUser(s), agent = createAgent();
  const live = async () => (await s.psql(`select count(*)::int as n from auth.session s join auth.users u on u.id = s.user_id where u.login = '${user.email}' and s.ended_at is null`))[0].n;
  const waits = 'exists (select from pg_locks where not granted and pg_backend_pid() = any (pg_blocking_pids(pid)))'; /* for this one: others hold up each other */
  const change = s.psql(`do $$ begin update auth.users set cred_changed_at = now() - interval '1 hour' where login = '${user.email}'; for i in 1..12000 loop exit when ${waits}; perform pg_sleep(0.01); end loop; end $$`); /* by a node whose clock is late */
  const page = await agent.submit(await agent.open(new URL('/account', s.env.issuer)), user, { button: 'Sign in' }); /* reads the password as it was */
  await change;
  assert.deepEqual([page.url.pathname, page.status, await live()], ['/login', 200, 0]);
  assert.equal((await agent.submit(page, user, { button: 'Sign in' })).url.pathname, '/account');
  assert.equal(await live(), 1);
});
