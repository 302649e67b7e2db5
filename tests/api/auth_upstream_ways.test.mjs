/*
 * When a log-in at a partner fails, and where a log-in is sent: pages with ways on, errors that reach the application, the breaker of a
 * partner's service, hints, home realms, the remembered choice, silence (IDENTITY K 104, 106; SURFACES 2.1 L6, 2.2; SECURITY H 204).
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { timed } from '../support/eventually.mjs';
import { addClient, addUser, operator, post, redeem, request, sound } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { atClient, logInAt, partners, throughProvider } from '../support/upstream.mjs';

let s, rp;
const made = partners(() => s);
const domain = () => `${randomBytes(4).toString('hex')}.example`;
const first = (page) => /\/login\/partner\/(p-[0-9a-f]{8}|[a-z0-9-]+)\?flow/.exec(page.text)?.[1];
const forget = (agent, name) => { for (const key of [...agent.jar.keys()]) if (key.includes(name)) agent.jar.delete(key); };

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  rp = await addClient(s, { more: ['--first-party'] });
});

after(async () => {
  await made.close();
  await sound(s);
  await s.stop();
});

async function start(more, agent = createAgent()) {
  const asked = await request(rp, more);
  return { ...asked, agent, page: await agent.open(asked.url, { until: atClient }) };
}
const goBack = async (agent, page) => (await agent.submit(page, {}, { button: 'Back to', until: atClient })).url;

describe('a log-in at the partner that fails', () => {
  test('who says no at oidc-provider gets a page of ours, and the application the error', async () => {
    const { slug } = await made.provider();
    const { agent, page, state } = await start({ idp_hint: slug });
    const cancel = /href="([^"]*\/abort)"/.exec(page.text)[1];
    const ours = await agent.open(new URL(cancel, page.url), { until: atClient });
    assert.equal(ours.status, 200);
    assert.match(ours.text, /you did not sign in/);
    assert.match(ours.text, new RegExp(`/login/partner/${slug}\\?flow=`), 'again');
    assert.match(ours.text, /href="\/login\?flow=/, 'another way');
    const back = await goBack(agent, ours);
    assert.equal(back.searchParams.get('error'), 'access_denied');
    assert.equal(back.searchParams.get('state'), state);
    assert.equal(back.searchParams.get('iss'), s.env.issuer);
  });

  test('after it the person may try again, or another way, in the same flow', async () => {
    const { slug } = await made.provider();
    const { agent, page, ...asked } = await start({ idp_hint: slug, scope: 'openid profile email' });
    const ours = await agent.open(new URL(/href="([^"]*\/abort)"/.exec(page.text)[1], page.url), { until: atClient });
    const again = await agent.open(new URL(/href="(\/login\/partner\/[^"]*)"/.exec(ours.text)[1], ours.url), { until: atClient });
    const done = await throughProvider(agent, again, 'ada');
    assert.equal(done.status, 0, done.text.slice(0, 400));
    assert.ok((await redeem(rp, { ...asked, callback: done.url })).claims().sub);
    const other = await start({ idp_hint: slug });
    const refused = await other.agent.open(new URL(/href="([^"]*\/abort)"/.exec(other.page.text)[1], other.page.url), { until: atClient });
    const login = await other.agent.open(new URL(/href="(\/login\?flow=[^"]*)"/.exec(refused.text)[1], refused.url));
    const in_ = await other.agent.submit(login, await addUser(s), { button: 'Sign in', until: atClient });
    assert.ok(in_.url.searchParams.get('code'));
  });

  for (const [what, handler, status, error] of [
    ['never answers', () => {}, 503, 'temporarily_unavailable'],
    ['answers with an error of its own', (req, res) => res.writeHead(500).end('{}'), 503, 'temporarily_unavailable'],
    ['gives a document of another issuer', (req, res) => res.writeHead(200, { 'content-type': 'application/json' }).end('{"issuer":"https://evil.example"}'), 503, 'temporarily_unavailable'],
  ]) {
    test(`a partner that ${what} costs a few seconds, and the way back says ${error}`, async () => {
      const slug = await made.add(await made.listen(handler));
      const { value: { agent, page, state }, ms } = await timed(() => start({ idp_hint: slug }));
      assert.equal(page.status, status);
      assert.ok(ms < 60_000);
      const back = await goBack(agent, page);
      assert.equal(back.searchParams.get('error'), error);
      assert.equal(back.searchParams.get('state'), state);
    });
  }

  test('with prompt=none nobody is shown a page: the application learns it at once', async () => {
    const slug = await made.add(await made.listen((req, res) => res.writeHead(500).end()));
    const { page } = await start({ idp_hint: slug, prompt: 'none' });
    assert.equal(page.status, 0, page.text);
    assert.equal(page.url.searchParams.get('error'), 'temporarily_unavailable');
  });

  test('the way back wants the form of this flow', async () => {
    const slug = await made.add(await made.listen((req, res) => res.writeHead(500).end()));
    const { agent, page } = await start({ idp_hint: slug });
    const forged = await agent.submit({ ...page, text: page.text.replace(/name="csrf" value="[^"]*"/, 'name="csrf" value="AAAA"') }, {}, { button: 'Back to', until: atClient });
    assert.equal(forged.status, 403);
    for (const path of ['/login/leave', '/login/home']) assert.equal((await post(s, path, { flow: 'f', csrf: 'c', email: 'a@b.example' }, { headers: { origin: 'https://evil.example' } })).status, 403, 'of another site');
    const stranger = await createAgent().submit(page, {}, { button: 'Back to', until: atClient });
    assert.equal(stranger.status, 400);
    assert.equal((await goBack(agent, page)).searchParams.get('error'), 'temporarily_unavailable');
  });

  test('the operator sees it, in the list, the metrics and the audit log', async () => {
    const slug = await made.add(await made.listen((req, res) => res.writeHead(500).end()));
    await start({ idp_hint: slug });
    const row = (await operator(s, 'partners', 'list')).split('\n').find((line) => line.startsWith(slug));
    assert.match(row, /fails after 1 failure\(s\): its metadata cannot be had/);
    assert.match(await operator(s, 'audit', 'list', '--since', '1h', '--action', 'login.failed'), new RegExp(slug));
    const metrics = await (await fetch(`http://127.0.0.1:${s.env.admin_ports.authsrv}/metrics`)).text();
    assert.match(metrics, /stoa_upstream_total\{event="failed"\} [1-9]/);
    assert.match(metrics, /stoa_upstream_partners\{state="resting"\}/);
  });
});

test('a partner without a log-in of its own is no button, and nothing leads there', async (t) => {
  const slug = `p-${randomBytes(4).toString('hex')}`, home = domain();
  const refused = await s.operator('authsrv', 'partners', 'add', slug, '--name', 'Has no log-in');
  assert.ok(refused.code !== 0 && /issuer/.test(refused.stderr), refused.stderr);
  await operator(s, 'partners', 'add', slug, '--name', 'Has no log-in', '--no-login', '--email-domains', home);
  t.after(() => operator(s, 'partners', 'remove', slug));
  const { page, agent } = await start();
  assert.ok(page.url.pathname === '/login' && !page.text.includes('Has no log-in'), page.text.slice(0, 400));
  const flow = page.url.searchParams.get('flow');
  assert.equal((await agent.open(new URL(`/login/partner/${slug}?flow=${flow}`, page.url))).status, 404);
  assert.equal((await start({ idp_hint: slug })).page.url.pathname, '/login', 'a hint that helps nobody');
  const away = await s.operator('authsrv', 'partners', 'change', slug, '--host', `login.${home}`);
  assert.ok(away.code !== 0, 'a name of its own, where nobody could log in');
});

test('after failures in a row a partner rests: nobody waits, other partners work; then one tries, and it is well', async () => {
  let down = true;
  let asked = 0;
  const issuer = await made.listen((req, res) => {
    asked += 1;
    if (down) return res.writeHead(500).end();
    return res.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` }));
  });
  const slug = await made.add(issuer);
  for (let i = 0; i < 5; i += 1) assert.equal((await start({ idp_hint: slug })).page.status, 503);
  await s.psql(`update auth.partner_health set rest_until = rest_until + interval '1 hour' where partner = '${slug}'`); /* until it is woken, however slow this is */
  const before_ = asked;
  const { page, agent } = await start({ idp_hint: slug });
  assert.equal(page.status, 503);
  assert.equal(asked, before_, 'it was not asked');
  const login = await agent.open(new URL(/href="(\/login\?flow=[^"]*)"/.exec(page.text)[1], page.url));
  assert.match(login.text, /Cannot be reached right now/);
  assert.ok(!login.text.includes(`/login/partner/${slug}?`), 'no button leads to its failure');
  assert.match(await operator(s, 'partners', 'list'), new RegExp(`${slug}.*rests after 5 failure`));
  const { slug: well } = await made.provider();
  await logInAt(createAgent(), rp, well, 'ada');
  down = false;
  assert.equal((await start({ idp_hint: slug })).page.status, 503, 'it rests still');
  await operator(s, 'partners', 'wake', slug);
  const woken = createAgent();
  const there = await woken.open((await request(rp, { idp_hint: slug })).url, { until: (url) => url.href.startsWith(`${issuer}/auth`) });
  assert.equal(there.status, 0);
});

describe('where a log-in is sent', () => {
  test('the address says most, then the remembered choice, then whose application it is', async () => {
    const home = domain();
    const { slug: a } = await made.provider();
    const { slug: b } = await made.provider();
    const c = await made.add(`https://${home}`, { more: ['--email-domains', home] });
    const theirs = await addClient(s, { more: ['--first-party', '--partner', b] });
    const at = async (client, agent, more) => first(await agent.open((await request(client, more)).url, { until: atClient }));
    const agent = createAgent();
    assert.equal(await at(theirs, agent), b, 'the partner whose application it is');
    await logInAt(agent, rp, a, 'ada');
    forget(agent, '__Host-stoa_auth');
    const page = await agent.open((await request(theirs)).url);
    assert.equal(first(page), a, 'where this browser went last');
    assert.match(page.text, /You signed in this way last time/);
    assert.equal(await at(theirs, agent, { login_hint: `ada@${home}` }), c, 'the home of the address');
    const user = await addUser(s);
    await agent.submit(await agent.open((await request(rp)).url), user, { button: 'Sign in', until: atClient });
    forget(agent, '__Host-stoa_auth');
    assert.equal(await at(theirs, agent), b, 'a password makes the browser forget');
  });

  test('an address typed into “your organisation” leads to its partner, with the address as a hint', async () => {
    const home = domain();
    const { slug, issuer } = await made.provider({ more: ['--email-domains', home] });
    const agent = createAgent();
    const page = await agent.open((await request(rp)).url);
    const there = await agent.submit(page, { email: `Ada@${home.toUpperCase()}` }, { button: 'Continue', until: (url) => url.href.startsWith(`${issuer}/auth`) });
    assert.equal(there.status, 0, `${there.url} ${there.text.slice(0, 300)}`);
    assert.equal(there.url.searchParams.get('login_hint'), `ada@${home}`);
    assert.match(there.url.searchParams.get('redirect_uri'), new RegExp(`/cb/${slug}$`));
    const nowhere = await agent.submit(page, { email: 'ada@nobody.example' }, { button: 'Continue' });
    assert.equal(nowhere.url.pathname, '/login');
    assert.match(nowhere.text, /value="ada@nobody.example"/);
  });

  test('login_hint goes to the home partner at once where the operator says so, and only by a whole domain', async () => {
    const home = domain();
    const { issuer } = await made.provider({ settings: { home: true }, more: ['--email-domains', home] });
    const until = (url) => url.href.startsWith(`${issuer}/auth`) || atClient(url);
    const there = await createAgent().open((await request(rp, { login_hint: `ada@${home}` })).url, { until });
    assert.equal(there.status, 0);
    const near = await createAgent().open((await request(rp, { login_hint: `ada@evil${home}` })).url, { until });
    assert.equal(near.status, 200);
  });

  test('prompt=none finds the remembered partner, or that of the application, and lands back without a page', async () => {
    const { slug } = await made.provider();
    const theirs = await addClient(s, { more: ['--first-party', '--partner', slug] });
    const agent = createAgent();
    await logInAt(agent, rp, slug, 'ada');
    forget(agent, '__Host-stoa_auth');
    const silent = await agent.open((await request(rp, { prompt: 'none' })).url, { until: atClient });
    assert.ok(silent.url.searchParams.get('code'), silent.url.href);
    forget(agent, '__Host-stoa_auth');
    forget(agent, '__Host-stoa_partner');
    const unknown = await agent.open((await request(rp, { prompt: 'none' })).url, { until: atClient });
    assert.equal(unknown.url.searchParams.get('error'), 'login_required');
    const own = await agent.open((await request(theirs, { prompt: 'none' })).url, { until: atClient });
    assert.ok(own.url.searchParams.get('code'), own.url.href);
    const nobody = await createAgent().open((await request(theirs, { prompt: 'none' })).url, { until: atClient });
    assert.equal(nobody.url.searchParams.get('error'), 'login_required');
  });

  test('plain OAuth 2.0 cannot be silent, and cannot be asked for a new log-in', async () => {
    const issuer = `https://${domain()}`;
    const slug = await made.add(issuer, { settings: { profile: 'yandex', authorization_endpoint: `${issuer}/a`, token_endpoint: `${issuer}/t`, userinfo_endpoint: `${issuer}/u` } });
    const silent = await start({ idp_hint: slug, prompt: 'none' });
    assert.equal(silent.page.url.searchParams.get('error'), 'login_required');
    const strict = await start({ idp_hint: slug, prompt: 'login' });
    assert.equal(strict.page.status, 403);
    assert.equal((await goBack(strict.agent, strict.page)).searchParams.get('error'), 'unmet_authentication_requirements');
  });
});
