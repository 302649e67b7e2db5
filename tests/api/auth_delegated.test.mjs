/*
 * Delegated log-in against the certified provider oidc-provider as a partner, and against a small provider that lies in chosen ways:
 * identity is (issuer, subject), nothing is linked by e-mail, and no answer is believed that does not belong to its request (SECURITY A 21-25, G 160-170).
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { REDIRECT, addClient, addUser, authorize, operator, redeem, request, sound, tokensFor } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { ownAddress } from '../support/upstream.mjs';

let s, rp;
const servers = [];
const slugs = [];
const atClient = (url) => url.href.startsWith(REDIRECT);

const listen = (handler) => new Promise((resolve) => {
  const host = ownAddress(), server = createServer(handler).listen(0, host, () => resolve(`http://${host}:${server.address().port}`));
  servers.push(server);
});

async function addPartner(issuer, more = [], secret = 'partner-secret-0123456789') {
  const slug = `p-${randomBytes(4).toString('hex')}`;
  const directory = mkdtempSync(join(tmpdir(), 'stoa-partner-'));
  writeFileSync(join(directory, 'secret'), secret, { mode: 0o600 });
  await operator(s, 'partners', 'add', slug, '--name', `Partner ${slug}`, '--issuer', issuer, '--client-id', 'stoa', '--client-secret-file', join(directory, 'secret'), ...more);
  rmSync(directory, { recursive: true });
  slugs.push(slug);
  return slug;
}

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  rp = await addClient(s, { more: ['--first-party'] });
});

after(async () => {
  for (const server of servers) server.closeAllConnections?.(), server.close();
  for (const slug of slugs) await s.operator('authsrv', 'partners', 'remove', slug);
  await sound(s);
  await s.stop();
});

describe('a certified provider', () => {
  let slug, provider;

  before(async () => {
    let callback = (request_, response) => response.end();
    const issuer = await listen((req, res) => callback(req, res));
    slug = await addPartner(issuer);
    provider = new Provider(issuer, {
      clients: [{ client_id: 'stoa', client_secret: 'partner-secret-0123456789', redirect_uris: [`${s.env.issuer}/cb/${slug}`], grant_types: ['authorization_code'], token_endpoint_auth_method: 'client_secret_basic' }],
      cookies: { keys: ['test'] },
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, email: `${id}@partner.example`, email_verified: true, name: `Name of ${id}` }) }),
    });
    callback = provider.callback();
  });

  async function logIn(agent, account, more) {
    const asked = await request(rp, { idp_hint: slug, scope: 'openid profile email', ...more });
    let page = await agent.open(asked.url, { until: atClient });
    if (page.status === 200 && page.text.includes('name="login"')) page = await agent.submit(page, { login: account, password: 'any' }, { until: atClient });
    if (page.status === 200 && page.text.includes('value="consent"')) page = await agent.submit(page, {}, { button: 'Continue', until: atClient });
    assert.equal(page.status, 0, `ended at ${page.url}: ${page.status} ${page.text.slice(0, 400)}`);
    return { ...asked, callback: page.url };
  }

  test('idp_hint goes straight there; the first log-in makes the account, the next finds it', async () => {
    const first = await redeem(rp, await logIn(createAgent(), 'ada'));
    const second = await redeem(rp, await logIn(createAgent(), 'ada'));
    assert.equal(second.claims().sub, first.claims().sub);
    const info = await oidc.fetchUserInfo(rp.config, first.access_token, first.claims().sub);
    assert.equal(info.email, 'ada@partner.example');
    assert.equal(info.email_verified, true);
    assert.equal(info.name, 'Name of ada');
    const other = await redeem(rp, await logIn(createAgent(), 'bob'));
    assert.notEqual(other.claims().sub, first.claims().sub);
  });

  test('parallel first log-ins of one person make one account', async () => {
    const account = `p${randomBytes(4).toString('hex')}`;
    const answers = await Promise.all(Array.from({ length: 8 }, () => logIn(createAgent(), account)));
    const subjects = new Set();
    for (const answer of answers) subjects.add((await redeem(rp, answer)).claims().sub);
    assert.equal(subjects.size, 1);
  });

  test('the log-in page offers the partner', async () => {
    const agent = createAgent();
    const page = await agent.open((await request(rp)).url);
    assert.match(page.text, new RegExp(`Log in with <bdi class="partner">Partner ${slug}`));
    assert.match(page.text, new RegExp(`/login/partner/${slug}\\?flow=`));
  });

  test('the partner of the hinted address stands first', async () => {
    const domain = `${randomBytes(4).toString('hex')}.example`;
    const home = await addPartner(`https://${domain}`, ['--email-domains', `other.example ${domain}`]);
    const page = await createAgent().open((await request(rp, { login_hint: `ada@${domain}` })).url);
    assert.match(page.text.slice(page.text.indexOf('/login/partner/')), new RegExp(`^/login/partner/${home}\\?`));
    assert.match(page.text, new RegExp(`value="ada@${domain}"`));
    await operator(s, 'partners', 'remove', home);
    const after_ = await createAgent().open((await request(rp)).url);
    assert.doesNotMatch(after_.text, new RegExp(home));
  });

  test('prompt=none passes through: silent with the partner’s session, login_required without', async () => {
    const without = await logIn(createAgent(), 'ada', { prompt: 'none' });
    assert.equal(without.callback.searchParams.get('error'), 'login_required');
    const agent = createAgent();
    await logIn(agent, 'ada');
    for (const key of [...agent.jar.keys()]) if (key.includes('__Host-stoa')) agent.jar.delete(key);
    const silent = await logIn(agent, 'ada', { prompt: 'none' });
    assert.ok(silent.callback.searchParams.get('code'), silent.callback.href);
  });

  test('an answer is good for its browser, its partner and one time', async () => {
    const agent = createAgent();
    const asked = await request(rp, { idp_hint: slug });
    const ours = (url) => url.pathname.startsWith('/cb/');
    let page = await agent.open(asked.url, { until: ours });
    page = await agent.submit(page, { login: 'eve', password: 'any' }, { until: ours });
    if (page.status === 200) page = await agent.submit(page, {}, { button: 'Continue', until: ours });
    assert.equal((await createAgent().open(page.url)).status, 400, 'another browser');
    const elsewhere = new URL(page.url);
    elsewhere.pathname = '/cb/other';
    const wrong = await agent.open(elsewhere);
    assert.equal(wrong.status, 400, 'another partner');
    const late = await agent.open(page.url, { until: (url) => ours(url) && url.href !== page.url.href });
    assert.notEqual(late.url.searchParams.get('state'), page.url.searchParams.get('state'), 'the record is destroyed by the mix-up: the log-in begins anew');
    assert.equal((await agent.open(new URL('/account', s.env.issuer))).url.pathname, '/login', 'nobody is signed in');
  });

  test('an answer whose page was lost, or is loaded again, leads on from where the log-in is', async () => {
    const agent = createAgent(), account = `lost${Date.now()}`;
    const asked = await request(rp, { idp_hint: slug });
    const ours = (url) => url.pathname.startsWith('/cb/');
    let page = await agent.open(asked.url, { until: ours });
    page = await agent.submit(page, { login: account, password: 'any' }, { until: ours });
    if (page.status === 200) page = await agent.submit(page, {}, { button: 'Continue', until: ours });
    const before_ = new Map(agent.jar), back = await agent.open(page.url, { until: atClient });
    assert.ok(back.url.searchParams.get('code'), back.url.href);
    assert.match((await agent.open(page.url, { until: atClient })).text, /It was finished in another window/, 'loaded again');
    agent.jar.clear();
    for (const [name, value] of before_) agent.jar.set(name, value);
    const lost = await agent.open(page.url, { until: atClient });
    assert.match(lost.text, /It was finished in another window/, 'nor for who did not see the first answer');
  });

  test('two tabs that went there at the same moment both come back', async () => {
    const [agent, twin] = [createAgent(), createAgent()];
    const until = (url) => url.pathname.startsWith('/cb/');
    const tabs = [await request(rp, { idp_hint: slug }), await request(rp, { idp_hint: slug })];
    const back = [];
    for (const [i, one] of [agent, twin].entries()) {
      let page = await one.open(tabs[i].url, { until });
      page = await one.submit(page, { login: 'ada', password: 'any' }, { until });
      if (page.status === 200) page = await one.submit(page, {}, { button: 'Continue', until });
      back.push(page.url);
    }
    for (const [name, value] of twin.jar) agent.jar.set(name, value); /* one browser, which keeps what came last */
    for (const [i, url] of back.entries()) {
      const end = await agent.open(url, { until: atClient });
      assert.equal(end.url.searchParams.get('state'), tabs[i].state, end.text.slice(0, 400));
    }
  });
});

describe('a lying provider', () => {
  let slug, issuer, key, jwk, lie, seen;

  before(async () => {
    key = await generateKeyPair('RS256', { extractable: true });
    jwk = { ...(await exportJWK(key.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
    issuer = await listen(answer);
    slug = await addPartner(issuer);
  });

  async function answer(req, res) {
    const url = new URL(req.url, 'http://x');
    const json = (body, status = 200) => res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (url.pathname === '/.well-known/openid-configuration') return json({ issuer: lie.issuer ?? issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks`, userinfo_endpoint: `${issuer}/userinfo`, authorization_response_iss_parameter_supported: true });
    if (url.pathname === '/jwks') return json({ keys: [jwk] });
    if (url.pathname === '/userinfo') return json({ sub: lie.userinfoSub ?? lie.sub ?? 'mallory', ...lie.userinfo });
    if (url.pathname === '/auth') {
      seen = url.searchParams;
      const back = new URL(seen.get('redirect_uri'));
      for (const [name, value] of Object.entries({ code: 'c', state: seen.get('state'), iss: issuer, ...lie.answer })) if (value !== null) back.searchParams.set(name, value);
      return res.writeHead(302, { location: back.href }).end();
    }
    if (lie.tokenStatus) return json({ error: 'invalid_grant' }, lie.tokenStatus);
    const claims = { nonce: seen.get('nonce'), sub: 'mallory', ...(lie.sub !== undefined && { sub: lie.sub }), ...lie.claims };
    const token = new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: lie.kid ?? 'k1' }).setIssuedAt().setIssuer(lie.tokenIssuer ?? issuer).setAudience(lie.audience ?? 'stoa').setExpirationTime(lie.expires ?? '5m');
    const signed = await token.sign(lie.key ?? key.privateKey);
    return json({ access_token: 'at', token_type: 'Bearer', id_token: lie.idToken ?? signed });
  }

  async function attempt(tale = {}) {
    lie = tale;
    const agent = createAgent();
    const asked = await request(rp, { idp_hint: slug, scope: 'openid email profile' });
    return { ...asked, agent, page: await agent.open(asked.url, { until: atClient }) };
  }
  const subjectOf = async ({ page, ...asked }) => {
    assert.equal(page.status, 0, `${page.status} ${page.text}`);
    return redeem(rp, { ...asked, callback: page.url });
  };

  test('tells the truth: works, with state, nonce and S256', async () => {
    assert.ok((await subjectOf(await attempt())).claims().sub);
    assert.equal(seen.get('code_challenge_method'), 'S256');
    assert.ok(seen.get('nonce').length >= 43 && seen.get('state').length >= 43);
    assert.equal(seen.get('redirect_uri'), `${s.env.issuer}/cb/${slug}`);
  });

  test('every lie is refused', async () => {
    const stranger = await generateKeyPair('RS256');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify({ iss: issuer, sub: 'x', aud: 'stoa', exp: 9e9 })).toString('base64url')}.`;
    const lies = { 'another nonce': { claims: { nonce: 'x' } }, 'another audience': { audience: 'somebody' }, 'another issuer': { tokenIssuer: 'https://evil.example' }, 'an expired token': { expires: '-5m' },
      'a foreign key': { key: stranger.privateKey }, 'no signature': { idToken: none }, 'garbage': { idToken: 'x.y.z' }, 'an empty subject': { sub: '' }, 'a numeric subject': { sub: 7 }, 'a long subject': { sub: 's'.repeat(256) },
      'another subject at userinfo': { userinfoSub: 'somebody' }, 'another iss in the answer': { answer: { iss: 'https://evil.example' } }, 'no iss though promised': { answer: { iss: null } },
      'a forged state': { answer: { state: 'a'.repeat(43) } }, 'a refused code': { tokenStatus: 400 }, 'another authorized party': { claims: { azp: 'somebody' } } };
    for (const [what, tale] of Object.entries(lies)) {
      const { page } = await attempt(tale);
      assert.equal(page.status, 400, `${what}: ${page.status} ${page.url}`);
    }
  });

  test('an error of the partner becomes ours, its text is never shown', async () => {
    const { page, agent } = await attempt({ answer: { code: null, error: '<script>x</script>' } });
    assert.equal(page.status, 200);
    assert.doesNotMatch(page.text, /<script>/);
    const back = await agent.submit(page, {}, { button: 'Back to', until: atClient });
    assert.equal(back.url.searchParams.get('error'), 'access_denied');
  });

  test('an e-mail address links nothing and is verified only by JSON true', async () => {
    const victim = await addUser(s);
    const known = (await tokensFor(rp, victim)).tokens.claims().sub;
    for (const [verified, told] of [[true, true], ['true', false], [1, false], [undefined, false]]) {
      const { page, ...asked } = await attempt({ sub: `m-${randomBytes(4).toString('hex')}`, userinfo: { email: victim.email, email_verified: verified } });
      assert.equal(page.url.pathname === '/link', told, 'only who owns the address is asked'); // and nobody is joined
      const tokens = await subjectOf({ ...asked, page: told ? await asked.agent.submit(page, {}, { button: 'separate account', until: atClient }) : page });
      assert.notEqual(tokens.claims().sub, known);
      const info = await oidc.fetchUserInfo(rp.config, tokens.access_token, tokens.claims().sub);
      assert.equal(info.email_verified, told, JSON.stringify(verified));
    }
    assert.ok((await authorize(rp, victim)).callback.searchParams.get('code'), 'the owner still logs in');
  });

  test('subjects differ by every byte', async () => {
    const base = `Sub-${randomBytes(4).toString('hex')}`;
    const subjects = new Set();
    for (const sub of [base, base.toLowerCase(), `${base} `]) subjects.add((await subjectOf(await attempt({ sub }))).claims().sub);
    assert.equal(subjects.size, 3);
  });

  test('a provider that calls itself otherwise is not asked', async () => {
    lie = { issuer: 'https://evil.example' };
    const strange = await listen(answer);
    const odd = await addPartner(strange);
    const page = await createAgent().open((await request(rp, { idp_hint: odd })).url);
    assert.equal(page.status, 503);
    assert.match(page.text, /the sign-in did not work/);
  });

  test('a provider that is down leaves the other ways open', async () => {
    const gone = await listen((req, res) => res.end());
    servers.pop().close();
    const slugGone = await addPartner(gone);
    const agent = createAgent();
    const page = await agent.open((await request(rp, { idp_hint: slugGone })).url);
    assert.equal(page.status, 503);
    const other = new URL(/href="(\/login\?flow=[^"]*)"/.exec(page.text)[1], s.env.issuer);
    const user = await addUser(s);
    const done = await agent.submit(await agent.open(other), user, { button: 'Sign in', until: atClient });
    assert.ok(done.url.searchParams.get('code'));
  });
});

test('a client of an unknown partner is refused by name', async () => {
  const { code, stderr } = await s.operator('authsrv', 'clients', 'add', '--id', 'nobodys', '--name', 'X', '--partner', 'nobody', '--grants', 'client_credentials',
    '--auth-method', 'client_secret_basic', '--secret-file', join(s.data, 'secrets', 'pepper'), '--scope', 'openid');
  assert.equal(code, 2);
  assert.match(stderr, /partner: names none/);
});
