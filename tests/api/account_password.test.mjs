/*
 * Passwords of local accounts: choosing one, changing it, getting back in with a mailed code; the threads that hash do not hold up others.
 * IDENTITY.md J 96, 97, SECURITY.md F 154, G 172 to 182, 185, 188, 192.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { addClient, addUser, authorize, post, request, sound } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';

const STOLEN = ['correct horse battery', 'Passw0rd!Passw0rd!', 'letmein letmein'];
const GOOD = 'four quiet herons walking';
let s, rp, directory;

before(async () => {
  directory = mkdtempSync(join(tmpdir(), 'stoa-breached-'));
  const file = join(directory, 'list');
  const digest = (text) => createHash('sha1').update(text).digest('hex').toUpperCase();
  const others = Array.from({ length: 500 }, (_, i) => digest(`other ${i}`));
  writeFileSync(file, [...others, ...STOLEN.map(digest)].sort().map((line, i) => `${line}:${i * 977}\n`).join(''));
  s = await startStack({ profile: 'login', env: { AUTHSRV_BREACHED_PASSWORDS_FILE: file, AUTHSRV_PASSWORD_WORKERS: '1', AUTHSRV_PASSWORD_QUEUE: '4' } });
  rp = await addClient(s);
});

after(async () => {
  await sound(s);
  await s.stop();
  rmSync(directory, { recursive: true });
});

const at = (path) => new URL(path, s.env.issuer);
const ownPage = async (agent, user, path = '/account') => {
  const page = await agent.open(at(path));
  return page.url.pathname === '/login' ? agent.submit(page, user, { button: 'Sign in' }) : page;
};
const signsIn = async (user) => (await ownPage(createAgent(), user)).url.pathname === '/account';
const auditOf = (action) => s.psql(`select actor from auth.audit where action = '${action}' order by id`);

test('the account pages log in by themselves and come back', async () => {
  const user = await addUser(s);
  const agent = createAgent();
  const page = await ownPage(agent, user, '/account/password');
  assert.equal(page.url.pathname, '/account/password');
  const account = await agent.open(at('/account'));
  assert.equal(account.status, 200);
  assert.ok(account.text.includes(user.email));
  assert.match(account.headers.get('cache-control'), /no-store/);
});

test('a log-in of the account pages that took too long leads back to them, as that of an application to it', async () => {
  const user = await addUser(s);
  const agent = createAgent();
  const login = await agent.open(at('/account'));
  await agent.open((await request(rp)).url); /* another tab, with a binding of its own */
  await s.psql(`update auth.flow set expires_at = now() - interval '1 minute' where id = '${login.url.searchParams.get('flow')}'`);
  const late = await agent.submit(login, user, { button: 'Sign in' });
  assert.match(late.text, /no longer open/);
  assert.match(late.text, /<a class="button strong" href="\/account">/);
});

test('a flow of the account pages never becomes a grant', async () => {
  const user = await addUser(s);
  const agent = createAgent();
  const login = await agent.open(at('/account'));
  await agent.submit(login, user, { button: 'Sign in' });
  const flow = login.url.searchParams.get('flow');
  for (const path of [`/continue/${flow}`, `/consent?flow=${flow}`]) {
    const page = await agent.open(at(path));
    assert.equal(page.url.origin, at('/').origin);
    assert.equal(page.url.pathname, '/account');
  }
});

test('a changed password ends all sessions but this one, is told by mail and is in the log', async () => {
  const user = await addUser(s);
  const [here, there] = [createAgent(), createAgent()];
  await authorize(rp, user, { agent: there });
  const page = await ownPage(here, user, '/account/password');
  const before_ = here.jar.get(`${at('/').hostname} __Host-stoa_auth`);
  const done = await here.submit(page, { current: user.password, password: GOOD });
  assert.equal(done.url.pathname, '/account');
  assert.match(done.text, /Your password is changed/);
  assert.notEqual(here.jar.get(`${at('/').hostname} __Host-stoa_auth`), before_, 'the id of the session is new');
  assert.equal((await here.open(at('/account'))).url.pathname, '/account');
  assert.equal((await there.open(at('/account'))).url.pathname, '/login');
  assert.equal(await signsIn(user), false);
  assert.equal(await signsIn({ ...user, password: GOOD }), true);
  await s.mail(user.email, /Your password was changed/);
  assert.ok((await auditOf('password.changed')).length > 0);
});

test('new passwords are judged by length and by lists, not by composition', async () => {
  const user = await addUser(s);
  const agent = createAgent();
  let page = await ownPage(agent, user, '/account/password');
  const refused = [['short', /too short/], ['aaaaaaaaaaaa', /easy to guess/], [user.email, /easy to guess/], ...STOLEN.map((one) => [one, /stolen/])];
  for (const [password, why] of refused) {
    page = await agent.submit(page, { current: user.password, password });
    assert.equal(page.status, 400, password);
    assert.match(page.text, why, password);
  }
  page = await agent.submit(page, { current: 'not the one', password: GOOD });
  assert.equal(page.status, 401);
  assert.equal(await signsIn(user), true, 'nothing has changed');
  page = await agent.submit(page, { current: user.password, password: 'ключ и четыре 鷺' });
  assert.equal(page.url.pathname, '/account');
});

test('a form of another session or without its token changes nothing', async () => {
  const [user, other] = [await addUser(s), await addUser(s)];
  const agent = createAgent();
  const page = await ownPage(agent, user, '/account/password');
  const foreign = await ownPage(createAgent(), other, '/account/password');
  const csrf = /name="csrf" value="([^"]*)"/.exec(foreign.text)[1];
  assert.equal((await agent.submit(page, { csrf, current: user.password, password: GOOD })).status, 403);
  const bare = await post(s, '/recover/code', { csrf, ticket: 'mc_x', code: '12345678', password: GOOD });
  assert.equal(bare.status, 403, 'no browser');
  assert.equal(await signsIn(user), true);
});

/* The mailed code with a browser of its own. */
async function askForCode(email, agent = createAgent()) {
  const page = await agent.open(at('/recover'));
  const asked = await agent.submit(page, { email });
  assert.equal(asked.status, 200);
  return { agent, page: asked };
}
const codeFor = async (user, after_) => /^ {4}(\d{8})$/m.exec((await s.mail(user.email, /new password/, { after: after_ })).text)[1];

test('a mailed code sets a new password, once, and ends every session', async () => {
  const user = await addUser(s);
  const there = createAgent();
  await authorize(rp, user, { agent: there });
  const { agent, page } = await askForCode(user.email.toUpperCase());
  const code = await codeFor(user);
  const again = await agent.open(page.url);
  assert.match(again.text, /Type the code/, 'loaded again, no other code is mailed');
  const weak = await agent.submit(again, { code, password: 'short' });
  assert.equal(weak.status, 400);
  const done = await agent.submit(weak, { code: `${code.slice(0, 4)} ${code.slice(4)}`, password: GOOD });
  assert.match(done.text, /Your password is changed/);
  assert.equal((await there.open(at('/account'))).url.pathname, '/login');
  assert.equal(await signsIn({ ...user, password: GOOD }), true);
  assert.equal((await agent.submit(page, { code, password: 'another good password' })).status, 400, 'twice');
  await s.mail(user.email, /Your password was changed/);
});

test('a code is dead after five attempts, in another browser, and when another was sent', async () => {
  const user = await addUser(s);
  const { agent, page } = await askForCode(user.email);
  const first = await codeFor(user);
  const wrong = first === '00000000' ? '00000001' : '00000000';
  const stranger = createAgent();
  const [key, value] = [...agent.jar].find(([name]) => name.endsWith('__Host-stoa_browser'));
  stranger.jar.set(key, `${value.slice(0, -1)}${value.endsWith('A') ? 'B' : 'A'}`);
  assert.equal((await stranger.submit(page, { code: first, password: GOOD })).status, 403, 'the form is bound to the browser');
  const all = await Promise.all(Array.from({ length: 5 }, () => agent.submit(page, { code: wrong, password: GOOD })));
  assert.ok(all.every((one) => [400, 503].includes(one.status)));
  for (let left = all.filter((one) => one.status === 503).length; left > 0; left -= 1) assert.equal((await agent.submit(page, { code: wrong, password: GOOD })).status, 400);
  assert.equal((await agent.submit(page, { code: first, password: GOOD })).status, 400, 'the sixth');
  const last = (await s.mails(user.email)).at(-1).id;
  const one = await askForCode(user.email);
  const mail = await s.mail(user.email, /new password/, { after: last });
  const two = await askForCode(user.email);
  const newest = await codeFor(user, mail.id);
  assert.equal((await one.agent.submit(one.page, { code: newest, password: GOOD })).status, 400, 'the code of another ticket');
  assert.match((await two.agent.submit(two.page, { code: newest, password: GOOD })).text, /Your password is changed/);
});

test('a code that is too old is refused', async () => {
  const user = await addUser(s);
  const { agent, page } = await askForCode(user.email);
  const code = await codeFor(user);
  await s.psql(`update auth.mailed_code set expires_at = now() where user_id = (select id from auth.users where login = '${user.email}') and used_at is null`);
  assert.equal((await agent.submit(page, { code, password: GOOD })).status, 400);
});

test('nobody learns from the answer whether there is an account, nor from a header where the mail leads', async () => {
  const user = await addUser(s);
  const shape = ({ page }) => [page.status, page.text.replace(/value="[^"]*"/g, ''), [...page.headers.keys()].filter((name) => name !== 'date').sort()];
  const unknown = await askForCode('nobody-at-all@stoa.example'), known = await askForCode(user.email); /* whose mail would come later */
  assert.deepEqual(shape(known), shape(unknown));
  const wrong = async ({ agent, page }) => shape({ page: await agent.submit(page, { code: '12345678', password: GOOD }) });
  assert.deepEqual(await wrong(known), await wrong(unknown));
  const mail = await s.mail(user.email, /new password/);
  assert.ok(mail.text.includes(s.env.issuer));
  assert.doesNotMatch(mail.text, /\/recover/, 'a code to type, no link to follow');
  assert.deepEqual(await s.mails('nobody-at-all@stoa.example'), []);
  const evil = await fetch(at('/recover'), { headers: { 'x-forwarded-host': 'evil.example' } });
  assert.ok(!(await evil.text()).includes('evil.example'));
});

test('more log-ins than can be hashed are told to wait, and tokens are issued meanwhile', async () => {
  const user = await addUser(s);
  const agent = createAgent();
  const page = await agent.open((await request(rp, { scope: 'openid' })).url);
  const logins = Array.from({ length: 40 }, () => agent.submit(page, { email: user.email, password: 'not this one at all' }, { button: 'Sign in' }));
  const tokens = Array.from({ length: 20 }, () => post(s, '/token', { grant_type: 'client_credentials' }, { basic: rp }));
  assert.ok((await Promise.all(tokens)).every((one) => one.status === 200));
  const answers = await Promise.all(logins);
  const busy = answers.filter((one) => one.status === 503);
  assert.ok(busy.length > 0 && busy.length < 40, `${busy.length} of 40`);
  assert.ok(busy.every((one) => Number(one.headers.get('retry-after')) >= 1));
  assert.ok(answers.every((one) => [401, 429, 503].includes(one.status)));
});

test('strangers who fill that queue do not keep out who logs in on a known device', async () => {
  const [owner, other] = [await addUser(s), await addUser(s)];
  const home = createAgent();
  await authorize(rp, owner, { agent: home });
  const pages = await Promise.all(Array.from({ length: 3 }, async () => home.open((await request(rp, { scope: 'openid', prompt: 'login' })).url)));
  const stranger = createAgent();
  const page = await stranger.open((await request(rp, { scope: 'openid' })).url);
  const guesses = Array.from({ length: 40 }, () => stranger.submit(page, { email: other.email, password: 'not this one at all' }, { button: 'Sign in' }));
  const back = await Promise.all(pages.map((one) => home.submit(one, owner, { button: 'Sign in', until: (url) => url.hostname === 'rp.example' })));
  assert.deepEqual(back.map((one) => one.status), [0, 0, 0]);
  assert.ok((await Promise.all(guesses)).some((one) => one.status === 503), 'there was a queue, and it was full');
});
