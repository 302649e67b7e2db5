/*
 * The second factor: codes of an authenticator app and recovery codes, alone and as a step-up for applications that want more.
 * IDENTITY.md J 95, 99, SECURITY.md F 154, G 189, 190, RFC 6238, RFC 9470.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { adminOf } from '../support/admin.mjs';
import { createAgent } from '../support/agent.mjs';
import { app } from '../support/authenticator_app.mjs';
import { addClient, addUser, authorize, operator, redeem, request, sound } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { partners } from '../support/upstream.mjs';

const ONE = 'urn:stoa:acr:1fa';
const TWO = 'urn:stoa:acr:2fa';
let s, rp;
const made = partners(() => s);

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  rp = await addClient(s);
});

after(async () => {
  await made.close();
  await sound(s);
  await s.stop();
});

const at = (path) => new URL(path, s.env.issuer);
const arrived = (url) => url.href.startsWith('https://rp.example/cb');
const session = (agent) => agent.jar.get(`${at('/').hostname} __Host-stoa_auth`);

async function ownPage(agent, user, path) {
  const page = await agent.open(at(path));
  return page.url.pathname === '/login' ? agent.submit(page, user, { button: 'Sign in' }) : page;
}

/* The steps that were used become free again: tests do not wait for clocks. */
const idOf = async (user) => (await s.psql(`select id from auth.users where login = '${user.email}'`))[0].id;
const forget = (user) => s.psql(`update auth.totp set last_step = 0, tries = 0 where user_id = (select id from auth.users where login = '${user.email}')`);

async function enrol(user, agent = createAgent()) {
  const page = await ownPage(agent, user, '/account/totp');
  const code = app(/class="secret" dir="ltr">([^<]+)</.exec(page.text)[1]);
  const done = await agent.submit(page, { code: code() });
  assert.equal(done.status, 200, done.text.slice(0, 500));
  const recovery = [...done.text.matchAll(/<li dir="ltr">([^<]+)<\/li>/g)].map(([, one]) => one);
  assert.equal(recovery.length, 10);
  return { agent, code, recovery, page };
}

const begin = async (user, more = {}, agent = createAgent()) => {
  const asked = await request(rp, { scope: 'openid', ...more });
  const login = await agent.open(asked.url, { until: arrived });
  const page = login.url.pathname === '/login' ? await agent.submit(login, user, { button: 'Sign in', until: arrived }) : login;
  return { ...asked, agent, page };
};
const show = async ({ agent, page }, code) => {
  const next = await agent.submit(page, { code }, { until: arrived });
  return next.status === 200 && next.url.pathname === '/consent' ? agent.submit(next, {}, { button: 'Allow', until: arrived }) : next;
};

test('an app is added by its first code, ends other sessions, and is told by mail; the picture says what the page says', async () => {
  const user = await addUser(s);
  const other = createAgent();
  await ownPage(other, user, '/account');
  const agent = createAgent();
  const page = await ownPage(agent, user, '/account/totp');
  const picture = await agent.open(at('/account/totp/qr'));
  assert.match(picture.headers.get('content-type'), /image\/svg/);
  assert.match(picture.headers.get('cache-control'), /no-store/);
  assert.match(picture.text, /^<svg [^>]*viewBox="0 0 \d+ \d+"/);
  const wrong = await agent.submit(page, { code: '000000' });
  assert.ok([400, 200].includes(wrong.status));
  assert.equal(wrong.status, 400);
  const code = app(/class="secret" dir="ltr">([^<]+)</.exec(wrong.text)[1]);
  const before_ = session(agent);
  const done = await agent.submit(wrong, { code: code() });
  assert.match(done.text, /recovery codes/i);
  assert.notEqual(session(agent), before_);
  assert.equal((await agent.open(at('/account'))).url.pathname, '/account');
  assert.equal((await other.open(at('/account'))).url.pathname, '/login');
  assert.equal((await agent.open(at('/account/totp/qr'))).status, 404, 'the secret is not shown again');
  await s.mail(user.email, /authenticator app was added/);
  const [row] = await s.psql(`select encode(secret_sealed, 'escape') as sealed from auth.totp where user_id = (select id from auth.users where login = '${user.email}')`);
  assert.ok(!row.sealed.includes('otpauth'));
});

test('a log-in by password asks for a code, and the token tells of both factors', async () => {
  const user = await addUser(s);
  const { code } = await enrol(user);
  await forget(user);
  const visit = await begin(user);
  assert.equal(visit.page.url.pathname, '/login/second');
  assert.equal(session(visit.agent), undefined, 'no session after the first factor');
  const wrong = await show(visit, code(-3));
  assert.equal(wrong.status, 401);
  const before = async (page) => show({ ...visit, page }, code(-1));
  const first = await before(wrong), done = arrived(first.url) ? first : await before(first); /* a step of thirty seconds may end on the way */
  assert.ok(arrived(done.url), done.text);
  const claims = (await redeem(rp, { ...visit, callback: done.url })).claims();
  assert.equal(claims.acr, TWO);
  assert.deepEqual([...claims.amr].sort(), ['mfa', 'otp', 'pwd']);
});

test('the second factor cannot be skipped, nor shown for somebody else', async () => {
  const user = await addUser(s);
  const { code } = await enrol(user);
  await forget(user);
  const visit = await begin(user);
  const flow = visit.page.url.searchParams.get('flow');
  for (const path of [`/consent?flow=${flow}`, `/continue/${flow}`, `/select-account?flow=${flow}`, '/account']) {
    const page = await visit.agent.open(at(path), { until: arrived });
    assert.ok(['/login', '/login/second'].includes(page.url.pathname), `${path} led to ${page.url}`);
  }
  assert.equal((await visit.agent.open((await request(rp, { scope: 'openid', prompt: 'none' })).url, { until: arrived })).url.searchParams.get('error'), 'login_required');
  const stranger = await begin(await addUser(s), { prompt: 'consent' });
  const elsewhere = await stranger.agent.open(at(`/login/second?flow=${flow}`));
  assert.equal(elsewhere.status, 400, 'another browser');
  const fresh = createAgent();
  const login = await fresh.open((await request(rp, { scope: 'openid' })).url);
  const without = await fresh.open(at(`/login/second?flow=${login.url.searchParams.get('flow')}`));
  assert.equal(without.url.pathname, '/login', 'no first factor');
  await s.psql(`update auth.flow set first_at = first_at - interval '11 minutes' where id = '${flow}'`);
  const late = await visit.agent.submit(visit.page, { code: code() }, { until: arrived });
  assert.equal(late.url.pathname, '/login', 'the first factor is too old');
});

/* As it is when two people's forms are sent at once in one flow: one shows hers while the other's password takes her place. */
test('a factor that was shown a moment ago is that of one person: another who is asked now gets in by none of hers', async () => {
  const [victim, thief] = await Promise.all([addUser(s), addUser(s)]);
  await Promise.all([enrol(victim), enrol(thief)]);
  const shownBy = async (who, flow, versions = 0) => s.psql(`update auth.flow f set second_at = now(), second_user = u.id, second_version = u.cred_version + ${versions} from auth.users u where u.login = '${who.email}' and f.id = '${flow}'`);
  const visit = await begin(victim), flow = visit.page.url.searchParams.get('flow');
  await shownBy(thief, flow);
  assert.equal((await show(visit, '000000')).status, 401, 'hers is not his');
  await shownBy(victim, flow, -1);
  assert.equal((await show(visit, '000000')).status, 401, 'nor one of before a change of his credentials');
  await shownBy(victim, flow);
  assert.ok(arrived((await show(visit, '000000')).url), 'the same form of one person comes twice');
});

test('a code works once, also for six at the same moment, and five wrong ones are enough for a while', async () => {
  const user = await addUser(s);
  const { code } = await enrol(user);
  await forget(user);
  const visits = await Promise.all(Array.from({ length: 5 }, () => begin(user)));
  const now = code();
  const answers = await Promise.all(visits.map((visit) => show(visit, now)));
  assert.equal(answers.filter((one) => arrived(one.url)).length, 1);
  await forget(user);
  const visit = await begin(user);
  for (let i = 0; i < 5; i += 1) assert.equal((await show(visit, code(-5))).status, 401);
  const slow = await show(visit, code(1));
  assert.equal(slow.status, 429);
  assert.match(slow.text, /Too many attempts/);
});

test('a recovery code works once in the place of a code, and its use is told', async () => {
  const user = await addUser(s);
  const { recovery } = await enrol(user);
  const visit = await begin(user);
  assert.ok(arrived((await show(visit, recovery[3].toUpperCase().replace('-', ' '))).url));
  await s.mail(user.email, /recovery code was used[^]* 9 are left\./);
  assert.equal((await show(await begin(user), recovery[3])).status, 401, 'twice');
  const agent = createAgent();
  const page = await ownPage(agent, user, '/account/totp');
  const account = await agent.submit(page, { code: recovery[4] });
  assert.equal(account.url.pathname, '/account/totp');
  const renewed = await agent.submit(account, {}, { button: 'Make new recovery codes' });
  assert.match(renewed.text, /recovery codes/i);
  assert.equal((await show(await begin(user), recovery[5])).status, 401, 'those of before are gone');
});

test('an application that wants more gets only what is missing asked for (RFC 9470)', async () => {
  const user = await addUser(s);
  const agent = createAgent();
  const weak = await redeem(rp, await authorize(rp, user, { agent, scope: 'openid', acr_values: TWO }));
  assert.equal(weak.claims().acr, ONE, 'who has no second factor');
  const { code } = await enrol(user, agent);
  await forget(user);
  const asked = await begin(user, { acr_values: TWO }, agent);
  assert.equal(asked.page.url.pathname, '/login/second', 'no password');
  const done = await show(asked, code());
  const claims = (await redeem(rp, { ...asked, callback: done.url })).claims();
  assert.equal(claims.acr, TWO);
  const again = await redeem(rp, await authorize(rp, user, { agent, scope: 'openid', prompt: 'none', acr_values: TWO }));
  assert.equal(again.claims().acr, TWO);
  await forget(user);
  const anew = await agent.open((await request(rp, { scope: 'openid', acr_values: TWO, prompt: 'login' })).url, { until: arrived });
  assert.equal(anew.url.pathname, '/login', 'prompt=login wants the whole log-in');
});

test('the app is removed by its owner after a fresh log-in, and the password alone is enough again', async () => {
  const user = await addUser(s);
  const { agent, recovery } = await enrol(user);
  await s.psql(`update auth.session set authed_at = authed_at - interval '11 minutes', auth_time = auth_time - interval '11 minutes' where user_id = (select id from auth.users where login = '${user.email}') and ended_at is null`);
  const login = await agent.open(at('/account/totp'));
  assert.equal(login.url.pathname, '/login', 'the log-in is too old');
  const second = await agent.submit(login, user, { button: 'Sign in' });
  const page = await agent.submit(second, { code: recovery[0] });
  assert.equal(page.url.pathname, '/account/totp');
  const gone = await agent.submit(page, {}, { button: 'Remove the app' });
  assert.equal(gone.url.pathname, '/account');
  assert.match(gone.text, /app is removed/);
  await s.mail(user.email, /authenticator app was removed/);
  assert.notEqual((await begin(user)).page.url.pathname, '/login/second');
  for (const action of ['/account/totp/remove', '/account/recovery-codes']) assert.equal((await fetch(at(action), { method: 'POST', headers: { origin: 'https://evil.example' }, body: new URLSearchParams({ csrf: 'x' }) })).status, 403);
});

test('for who lost the app and the codes the operator takes the factor away: log-ins end, the person is told, the log says who did it', async () => {
  const admin = await adminOf(s);
  const user = await addUser(s);
  const { agent } = await enrol(user);
  const id = await idOf(user);
  const lost = `/admin/v1/users/${id}/second_factor`;
  const own = await adminOf(s, 'auth.admin.read');
  assert.equal((await own('DELETE', lost)).status, 403);
  assert.equal((await admin('DELETE', lost)).status, 204);
  await s.mail(user.email, /authenticator app was removed/);
  assert.equal((await agent.open(at('/account/totp'))).url.pathname, '/login', 'every session ended');
  assert.notEqual((await begin(user)).page.url.pathname, '/login/second');
  const gone = await admin('DELETE', lost);
  assert.deepEqual([gone.status, gone.body.code], [409, 'conflict']);
  assert.equal((await admin('DELETE', '/admin/v1/users/usr_none/second_factor')).status, 404);
  const other = await addUser(s);
  await enrol(other);
  await operator(s, 'users', 'disable', other.email);
  assert.match(await operator(s, 'users', 'remove-second-factor', other.email), /without a second factor/);
  await assert.rejects(operator(s, 'users', 'remove-second-factor', other.email), /conflict|second factor/);
  const entries = await s.psql(`select actor, action from auth.audit where action = 'totp.removed' and object in ('${id}', '${await idOf(other)}') order by id`);
  assert.deepEqual(entries.map(({ actor }) => actor), [admin.rp.id, `cli:uid:${process.getuid()}`]);
});

test('who came from a partner is asked for the code where the application demands more than that log-in, and was there to be asked', async () => {
  const { slug } = await made.liar({ claims: { sub: randomUUID() } });
  const agent = createAgent();
  await agent.open((await request(rp, { scope: 'openid', idp_hint: slug })).url, { until: arrived });
  const page = await agent.open(at('/account/totp'));
  const code = app(/class="secret" dir="ltr">([^<]+)</.exec(page.text)[1]);
  assert.equal((await agent.submit(page, { code: code() })).status, 200);
  await s.psql(`update auth.totp set last_step = 0, tries = 0 where user_id = (select user_id from auth.identity where partner = '${slug}')`);
  const demand = { scope: 'openid', idp_hint: slug, claims: JSON.stringify({ id_token: { acr: { essential: true, values: [TWO] } } }) };
  const visit = async (more) => {
    const one = createAgent(), asked = await request(rp, { ...demand, ...more });
    return { ...asked, agent: one, page: await one.open(asked.url, { until: arrived }) };
  };
  const asked = await visit();
  assert.equal(asked.page.url.pathname, '/login/second');
  const claims = (await redeem(rp, { ...asked, callback: (await show(asked, code())).url })).claims();
  assert.deepEqual([claims.acr, claims.amr.includes('otp')], [TWO, true]);
  const unmet = ({ page: { url } }) => assert.equal(url.searchParams.get('error'), 'unmet_authentication_requirements', url.href);
  unmet(await visit({ prompt: 'none' }));
  unmet(await visit({ idp_hint: (await made.liar({ claims: { sub: randomUUID() } })).slug }));
});

test('who has no app gets one on the way where the application demands it and the password was just given; or goes back without', async () => {
  const user = await addUser(s);
  const elsewhere = createAgent();
  await ownPage(elsewhere, user, '/account');
  const demand = { claims: JSON.stringify({ id_token: { acr: { essential: true, values: [TWO] } } }) };
  const back = await begin(user, demand);
  assert.equal(back.page.url.pathname, '/login/enrol');
  const left = await back.agent.submit(back.page, {}, { button: 'Back to', until: arrived });
  assert.equal(left.url.searchParams.get('error'), 'unmet_authentication_requirements', left.url.href);
  assert.deepEqual(await s.psql(`select confirmed_at from auth.totp where user_id = '${await idOf(user)}'`), [{ confirmed_at: null }], 'looking adds nothing');

  const asked = await begin(user, demand);
  assert.match((await asked.agent.open(at(/src="(\/login\/enrol\/qr[^"]+)"/.exec(asked.page.text)[1]))).text, /^<svg /);
  const code = app(/class="secret" dir="ltr">([^<]+)</.exec(asked.page.text)[1]);
  const wrong = await asked.agent.submit(asked.page, { code: '000000' });
  assert.equal(wrong.status, 401);
  assert.notEqual((await asked.agent.open(asked.page.url)).url.pathname, '/consent', 'a try is no second factor');
  const kept = session(asked.agent);
  const codes = await asked.agent.submit(wrong, { code: code() });
  assert.match(codes.text, /recovery codes/i);
  assert.notEqual(session(asked.agent), kept);
  assert.match((await asked.agent.open(asked.page.url)).text, /recovery codes/i, 'who did not see them is shown them before it goes on');
  const consent = await asked.agent.submit(codes, {}, { button: 'I have kept them', until: arrived });
  const done = consent.status === 0 ? consent : await asked.agent.submit(consent, {}, { button: 'Allow', until: arrived });
  const claims = (await redeem(rp, { ...asked, callback: done.url })).claims();
  assert.deepEqual([claims.acr, claims.amr], [TWO, ['pwd', 'otp', 'mfa']]);
  assert.equal((await elsewhere.open(at('/account'))).url.pathname, '/login', 'other sessions end');
  await s.mail(user.email, /authenticator app was added/);
  assert.equal((await begin(user, demand)).page.url.pathname, '/login/second', 'from now on the code is asked for');
  assert.notEqual((await asked.agent.open(asked.page.url)).url.pathname, '/login/enrol', 'the page is not shown again');
});

test('recovery codes whose page was lost are shown again, until they are kept or a quarter of an hour has passed, and to nobody else', async () => {
  const user = await addUser(s), id = await idOf(user);
  const { agent, recovery } = await enrol(user);
  const listed = (page) => [...page.text.matchAll(/<li dir="ltr">([^<]+)<\/li>/g)].map(([, one]) => one);
  const again = async (who = agent) => who.open(at('/account/recovery-codes'));
  assert.deepEqual(listed(await again()), recovery, 'loaded again');
  const [{ sealed }] = await s.psql(`select encode(codes_sealed, 'escape') as sealed from auth.totp where user_id = '${id}'`);
  assert.ok(recovery.every((one) => !sealed.includes(one)));
  assert.deepEqual(listed(await again(createAgent())), [], 'not without a log-in');
  assert.deepEqual(listed(await ownPage(createAgent(), await addUser(s), '/account/recovery-codes')), [], 'nor by somebody else');
  assert.match((await agent.open(at('/account'))).text, /href="\/account\/recovery-codes">Change/, 'the account page leads there');

  const gone = await agent.submit(await again(), {}, { button: 'I have kept them' });
  assert.equal(gone.url.pathname, '/account');
  const other = await again();
  assert.deepEqual([other.url.pathname, listed(other)], ['/account/totp', []]);
  const renewed = await agent.submit(other, {}, { button: 'Make new recovery codes' });
  assert.equal(listed(renewed).length, 10);
  assert.ok(listed(renewed).every((one) => !recovery.includes(one)));
  await s.psql(`update auth.totp set codes_until = now() - interval '1 second' where user_id = '${id}'`);
  assert.equal((await again()).url.pathname, '/account/totp', 'their time is over');
  await forget(user);
  const visit = await begin(user);
  assert.ok(arrived((await show(visit, listed(renewed)[0])).url), 'they work all the same');
});

test('a session of before and a wish that is not essential add no app on the way', async () => {
  const user = await addUser(s);
  assert.equal((await redeem(rp, await authorize(rp, user, { scope: 'openid', acr_values: TWO }))).claims().acr, ONE);
  const agent = createAgent();
  await ownPage(agent, user, '/account');
  const page = await agent.open((await request(rp, { scope: 'openid', claims: JSON.stringify({ id_token: { acr: { essential: true, values: [TWO] } } }) })).url, { until: arrived });
  assert.equal(page.url.pathname, '/login', 'the password is asked for first');
  assert.equal((await agent.open(new URL(`/login/enrol${page.url.search}`, page.url))).url.pathname, '/login');
  assert.equal((await agent.open(new URL(`/login/enrol/qr${page.url.search}`, page.url))).status, 404);
});
