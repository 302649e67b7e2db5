/*
 * A name of the partner's own (decision 0047): its people log in to its applications there, and nothing of that name is good anywhere else.
 * The name is a small proxy at an address of its own, as an operator's would be, which keeps Host and shows the proof of the partner.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { adminOf, ALL } from '../support/admin.mjs';
import { createAgent, formsOf } from '../support/agent.mjs';
import { NEEDED, partnerNames } from '../support/partner_names.mjs';
import { addClient, addUser, operator, redeem, request, sound } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { atClient, partners, throughProvider } from '../support/upstream.mjs';

const BYE = 'https://rp.example/cb/bye';
let s, admin, here;
const made = partners(() => s);
const { named, say, partnerAt } = partnerNames({ stack: () => s, admin: (...words) => admin(...words), made });

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  admin = await adminOf(s);
  here = await partnerAt();
});

after(async () => {
  await made.close();
  await sound(s);
  await s.stop();
});

const arrive = async (agent, at, account, more) => {
  const asked = await request(at.rp, more);
  return { ...asked, page: await throughProvider(agent, await agent.open(asked.url, { until: atClient }), account) };
};
async function logIn(agent, at, account, more) {
  const { page, ...asked } = await arrive(agent, at, account, more);
  const end = page.status === 200 && page.url.pathname === '/consent' ? await agent.submit(page, {}, { button: 'Allow', until: atClient }) : page;
  assert.equal(end.status, 0, `ended at ${end.url}: ${end.status} ${end.text.slice(0, 600)}`);
  return { ...asked, callback: end.url };
}
const pathOf = (page) => [page.url.origin, page.url.pathname];
const errorOf = (page) => [page.status, page.url.searchParams.get('error')];

test('a name is given by the operator, to one partner, whose owner shows it; every refusal names the member', async () => {
  const [name, slug] = [await named(), await made.add('https://named.example')];
  const refused = (answer, status, words) => {
    assert.deepEqual([answer.status, answer.body.param], [status, 'host'], JSON.stringify(answer.body));
    if (words) assert.match(answer.body.detail, words);
  };
  for (const bad of ['login.partner.example', new URL(s.env.issuer).host, '127.0.0.1:1', `${name.host}/x`, `x@${name.host}`, 'a b', '127.1.2.3:99999']) refused(await say(slug, bad), 400);
  refused(await say(slug, name.host), 400, NEEDED);
  const [, origin, proof] = NEEDED.exec((await say(slug, name.host)).body.detail);
  assert.equal(origin, name.origin);
  name.proof = 'x'.repeat(43);
  refused(await say(slug, name.host), 400, NEEDED);
  name.proof = proof;
  refused(await say(slug, name.host, await adminOf(s, ALL, ['--partner', slug])), 403);
  refused(await say(slug, here.host), 409, /another partner's/);
  const backend = await made.add('https://backend.example', { client: null, secret: null, settings: { kind: 'assertion', assertion_alg: 'ES256', assertion_jwks_uri: 'https://backend.example/jwks' } });
  refused(await say(backend, name.host), 400, /backend signs/);
  await operator(s, 'partners', 'change', slug, '--host', name.host);
  const shown = await admin('GET', `/admin/v1/partners/${slug}`);
  assert.equal(shown.body.host, name.host);
  await operator(s, 'partners', 'change', slug, '--host', '');
  assert.equal((await admin('GET', `/admin/v1/partners/${slug}`)).body.host, null);
  const log = (await admin('GET', `/admin/v1/audit?${new URLSearchParams({ object: slug })}`)).body.data.map(({ action, detail }) => `${action} ${detail}`);
  assert.ok(log.includes(`partner.host_set ${name.host}`) && log.includes('partner.host_removed '), log.join());
});

test('an authorization of the partner\'s application goes there with its query: log-in at the partner, consent, tokens of the issuer', async () => {
  const agent = createAgent();
  const { page, ...asked } = await arrive(agent, here, 'ada');
  assert.deepEqual([page.status, ...pathOf(page)], [200, here.origin, '/consent'], page.text.slice(0, 600));
  assert.match(page.headers.get('content-security-policy'), /form-action 'self'/);
  assert.ok(page.text.includes(`href="/login/partner/${here.slug}?flow=`) && !page.text.includes('href="/login?'), 'another account is asked for at the partner');
  const end = await agent.submit(page, {}, { button: 'Allow', until: atClient });
  assert.deepEqual([end.url.searchParams.get('iss'), end.url.searchParams.has('session_state')], [s.env.issuer, false]);
  const tokens = await redeem(here.rp, { ...asked, callback: end.url });
  assert.equal(tokens.claims().iss, s.env.issuer);
  assert.equal((await oidc.fetchUserInfo(here.rp.config, tokens.access_token, tokens.claims().sub)).email, `ada@${here.slug}.example`);
  const cookies = (origin) => [...agent.jar.keys()].filter((key) => key.startsWith(`${new URL(origin).hostname} `)).map((key) => key.split(' ')[1]).sort();
  assert.deepEqual(cookies(here.origin).filter((one) => one.includes('stoa')).map((one) => one.replace(/binding_.{8}$/, 'binding_')), ['__Host-stoa_auth', '__Host-stoa_binding_', '__Host-stoa_browser']);
  assert.deepEqual(cookies(s.env.issuer), [], 'nothing of it at the issuer');
  const again = await arrive(agent, here, 'ada', { prompt: 'none' });
  assert.ok(again.page.url.searchParams.get('code'), `${again.page.url}`);
  const [{ user_id: user }] = await s.psql(`select user_id from auth.session where upstream_subject = 'ada' and partner = '${here.slug}' and ended_at is null`);
  assert.deepEqual((await admin('GET', `/admin/v1/users/${user}/sessions`)).body.data.map(({ host }) => host), [here.host]);
});

test('what cannot be had there ends at the application, never in a circle', async () => {
  const agent = createAgent();
  const { tokens } = await logIn(agent, here, 'bea').then(async (end) => ({ tokens: await redeem(here.rp, end) }));
  const other = createAgent();
  await logIn(other, here, 'cyd');
  const mixed = await arrive(other, here, 'cyd', { id_token_hint: tokens.id_token, prompt: 'login' });
  assert.deepEqual(errorOf(mixed.page), [0, 'login_required']);
  const strong = await arrive(agent, here, 'bea', { claims: JSON.stringify({ id_token: { acr: { essential: true, values: ['mfa'] } } }) });
  assert.deepEqual(errorOf(strong.page), [0, 'unmet_authentication_requirements']);
  const choice = await arrive(agent, here, 'bea', { prompt: 'select_account' });
  assert.deepEqual(pathOf(choice.page), [here.origin, '/select-account']);
  const fresh = await arrive(createAgent(), here, 'bea', { prompt: 'none' });
  assert.deepEqual(errorOf(fresh.page), [0, 'login_required']);
  for (const idp_hint of ['somebody', here.slug]) assert.deepEqual(errorOf((await arrive(agent, here, 'bea', { idp_hint })).page), [0, null], idp_hint);
});

test('its cookies are worth nothing at the issuer or at another partner\'s name, and those of the issuer nothing there', async () => {
  const other = await partnerAt();
  const agent = createAgent();
  const { page } = await arrive(agent, here, 'dan');
  const flow = new URL(page.url).searchParams.get('flow');
  const copy = (from, to) => {
    const thief = createAgent();
    for (const [key, value] of agent.jar) if (key.startsWith(`${new URL(from).hostname} `)) thief.jar.set(key.replace(new URL(from).hostname, new URL(to).hostname), value);
    return thief;
  };
  const steps = (origin) => [new URL('/account', origin), new URL(`/consent?flow=${flow}`, origin), new URL(`/continue/${flow}`, origin)];
  const at = async (thief, origin) => (await Promise.all(steps(origin).map((url) => thief.open(url)))).map((one) => `${one.status} ${one.url.pathname.split('/')[1]}`);
  assert.deepEqual(await at(agent, here.origin), ['404 account', '200 consent', '200 consent']);
  assert.deepEqual(await at(copy(here.origin, s.env.issuer), s.env.issuer), ['200 login', '400 consent', '400 continue']);
  assert.deepEqual(await at(copy(here.origin, other.origin), other.origin), ['404 account', '400 consent', '400 continue']);
  const elsewhere = await copy(here.origin, other.origin).open(new URL(`/partner/authorize${(await request(other.rp, { prompt: 'none' })).url.search}`, other.origin), { until: (url) => atClient(url) || url.origin === other.issuer });
  assert.notEqual(elsewhere.url.searchParams.has('code') && atClient(elsewhere.url), true, 'it has to ask its own partner');
  const stolen = copy(here.origin, s.env.issuer);
  const elsewhereAgain = await stolen.open((await request(await addClient(s), { prompt: 'none' })).url, { until: atClient });
  assert.deepEqual(errorOf(elsewhereAgain), [0, 'login_required']);

  const user = await addUser(s);
  const local = createAgent();
  const login = await local.open(new URL('/account', s.env.issuer));
  assert.equal((await local.submit(login, user, { button: 'Sign in' })).url.pathname, '/account');
  for (const [key, value] of [...local.jar]) local.jar.set(key.replace(new URL(s.env.issuer).hostname, new URL(here.origin).hostname), value);
  const there = await local.open((await request(here.rp, { prompt: 'none' })).url, { until: (url) => atClient(url) || url.origin === here.issuer });
  assert.notEqual(there.url.searchParams.has('code') && atClient(there.url), true);
});

test('everything else answers 404 there, and what is only for there 404 at the issuer; a name that nobody has is not served', async () => {
  const { paths } = await (await fetch(new URL('/openapi.json', s.env.issuer))).json();
  const routes = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => [method, path]));
  const served = await Promise.all(routes.map(async ([method, path]) => {
    const answer = await fetch(new URL(path.replaceAll(/\{[^}]+\}/g, 'x'), here.origin), { method: method.toUpperCase(), redirect: 'manual' });
    await answer.body?.cancel();
    return answer.status === 404 ? [] : [`${method} ${path}`];
  }));
  assert.deepEqual(served.flat().sort(), [
    'get /cb/{slug}', 'get /cb/{slug}/logged-out', 'get /consent', 'get /continue/{id}', 'get /healthz', 'get /language', 'get /partner/authorize', 'get /partner/logout', 'get /readyz', 'get /select-account',
    'post /consent', 'post /language', 'post /login/leave', 'post /select-account',
  ], 'the log-in at its own partner, and files by their hashed names, besides');
  const statusAt = async (path, origin) => (await createAgent().open(new URL(path, origin))).status;
  const { search } = (await request(here.rp)).url;
  for (const path of ['/partner/authorize', '/partner/logout']) assert.equal(await statusAt(`${path}${search}`, s.env.issuer), 404, path);
  const foreign = await createAgent().open(new URL(`/partner/authorize${(await request(await addClient(s))).url.search}`, here.origin));
  assert.deepEqual([foreign.status, foreign.text.includes('client_id')], [400, true], foreign.text);
  assert.equal(await statusAt('/consent', (await named()).origin), 421);
  const agent = createAgent();
  const { page } = await arrive(agent, here, 'eve');
  const wrong = await made.add('https://wrong.example');
  assert.equal((await agent.open(new URL(`/login/partner/${wrong}?flow=${page.url.searchParams.get('flow')}`, here.origin))).status, 404, 'another partner');
  const [form] = formsOf(page.text).filter(({ action }) => action === '/consent');
  const body = new URLSearchParams([...form.fields.map(({ name, value }) => [name, value]), ['decision', 'allow']]);
  const posted = await fetch(new URL('/consent', here.origin), { method: 'POST', body, redirect: 'manual', headers: { origin: s.env.issuer, cookie: [...agent.jar].map(([key, value]) => `${key.split(' ')[1]}=${value}`).join('; ') } });
  assert.equal(posted.status, 403, 'a form of the issuer is another origin');
});

test('log-out of its application ends the session there, through the partner\'s where it goes on', async () => {
  const at = await partnerAt({ settings: { logout: 'always' }, more: ['--post-logout-redirect-uri', BYE] });
  const agent = createAgent();
  const tokens = await redeem(at.rp, await logIn(agent, at, 'fay'));
  const ask = (id_token_hint) => agent.open(new URL(`/logout?${new URLSearchParams({ id_token_hint, post_logout_redirect_uri: BYE, state: 'mine' })}`, s.env.issuer), { until: (url) => atClient(url) || url.origin === at.issuer });
  const away = await ask(tokens.id_token);
  assert.equal(away.url.origin, at.issuer);
  assert.equal(away.url.searchParams.get('post_logout_redirect_uri'), `${at.origin}/cb/${at.slug}/logged-out`);
  const back = await agent.open(`${at.origin}/cb/${at.slug}/logged-out?state=${away.url.searchParams.get('state')}`, { until: atClient });
  assert.equal(back.url.href, `${BYE}?state=mine`);
  assert.deepEqual(await s.psql(`select ended_why from auth.session where host = '${at.host}'`), [{ ended_why: 'logout' }]);
  await logIn(agent, at, 'fay');
  const question = await agent.open(new URL(`/logout?client_id=${at.rp.id}`, s.env.issuer));
  assert.deepEqual([question.status, ...pathOf(question)], [200, at.origin, '/partner/logout']);
  const done = await agent.submit(question, {}, { button: 'logout', until: (url) => url.origin === at.issuer });
  assert.equal(done.url.origin, at.issuer, done.text);
  assert.equal(Number((await s.psql(`select count(*)::int as n from auth.session where host = '${at.host}' and ended_at is null`))[0].n), 0);
});

test('a name that is taken away is not served any more, nobody is logged in at it, and people are back at the issuer', async () => {
  const at = await partnerAt();
  const agent = createAgent();
  const tokens = await redeem(at.rp, await logIn(agent, at, 'gil', { scope: 'openid' }));
  await operator(s, 'partners', 'change', at.slug, '--host', '');
  assert.equal((await agent.open(new URL('/consent', at.origin))).status, 421);
  assert.deepEqual(await s.psql(`select ended_why from auth.session where host = '${at.host}'`), [{ ended_why: 'operator' }]);
  assert.deepEqual(await oidc.tokenIntrospection(at.rp.config, tokens.access_token), { active: false });
  assert.deepEqual(pathOf(await agent.open((await request(at.rp)).url)), [s.env.issuer, '/login']);
  const next = await partnerAt();
  const again = await say(next.slug, at.host);
  assert.deepEqual([again.status, again.body.param], [400, 'host'], 'what was shown for one partner is nothing for another');
  assert.notEqual(NEEDED.exec(again.body.detail)[2], at.proof);
});
