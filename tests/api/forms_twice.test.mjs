/*
 * Every form of authsrv's pages, sent twice: at once (a double click), once more after the answer (the back button, another tab), and once more
 * because the answer never came (reload, broken network). Each leads to where it led the first time, or to the log-in on the way there, and
 * nobody is told of a mistake that is none. The forms are those of the server's own description: a new one fails here until it has a row.
 * SECURITY F 144, IDENTITY B 52.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import * as oidc from 'openid-client';
import { createAgent, formsOf } from '../support/agent.mjs';
import { app } from '../support/authenticator_app.mjs';
import { address, begun, codeIn, firstParty, linkIn } from '../support/first_party.mjs';
import { addClient, addUser, authorize, request, sound, tokensFor } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';
import { atClient, partners, throughProvider } from '../support/upstream.mjs';

const PASSWORD = 'four quiet herons walking';
const TWO = 'urn:stoa:acr:2fa';
let s, rp, inApp, tv, there;
const made = partners(() => s);

before(async () => {
  s = await startStack({ profile: 'login', env: { AUTHSRV_SELF_REGISTRATION: 'true', AUTHSRV_RATE_LIMITS: 'false' } });
  rp = await addClient(s);
  tv = await addClient(s, { grants: 'urn:ietf:params:oauth:grant-type:device_code', method: 'none', redirect: [] });
  inApp = await firstParty(s);
  there = await made.provider();
});

after(async () => {
  await made.close();
  await sound(s);
  await s.stop();
});

const at = (path) => new URL(path, s.env.issuer);
const one = async (text) => (await s.psql(text))[0];
const idOf = async ({ email }) => (await one(`select id from auth.users where login = '${email}'`)).id;
const count = async (text) => (await one(`select count(*)::int as n from auth.${text}`)).n;

async function signIn(agent, page, user) {
  return page.url.pathname === '/login' ? agent.submit(page, user, { button: 'Sign in', until: atClient }) : page;
}
async function ownPage(path, { agent = createAgent(), user } = {}) {
  user ??= await addUser(s);
  return { agent, user, page: await signIn(agent, await agent.open(at(path)), user) };
}
async function toClient(user, more) {
  const agent = createAgent();
  return { agent, user, page: await agent.open((await request(rp, more)).url, { until: atClient }) };
}

/* Steps that were used are free again: tests do not wait for clocks. */
const forget = async (user) => s.psql(`update auth.totp set last_step = 0, tries = 0 where user_id = '${await idOf(user)}'`);
const keyOn = (page) => app(/class="secret" dir="ltr">([^<]+)</.exec(page.text)[1]);
async function enrolled() {
  const { agent, user, page } = await ownPage('/account/totp');
  const code = keyOn(page);
  const codes = await agent.submit(page, { code: code() }, { button: 'Add the app' });
  await forget(user);
  return { agent, user, code, codes };
}
async function enrolling() {
  const user = await addUser(s);
  const { agent, page } = await toClient(user, { acr_values: TWO, claims: JSON.stringify({ id_token: { acr: { essential: true, values: [TWO] } } }) });
  return { agent, user, page: await signIn(agent, page, user) };
}
async function question() {
  const own = await ownPage('/account/partners');
  const leave = await own.agent.open(at('/account/partners/link'), { method: 'POST', body: new URLSearchParams({ csrf: formsOf(own.page.text)[0].fields[0].value, partner: there.slug }).toString(), from: own.page.url });
  return { ...own, page: await throughProvider(own.agent, leave, `u${randomBytes(5).toString('hex')}`) };
}
async function linked() {
  const { agent, user, page } = await question();
  await agent.submit(page, {}, { button: 'Link them' });
  return { agent, user };
}

const shows = (path, words) => (page) => {
  assert.equal(page.url.pathname, path, page.text.slice(0, 1500));
  assert.ok(page.status < 400, `${page.status} ${page.text.slice(0, 1500)}`);
  if (words) assert.match(page.text, words);
};
/* Where it is over: the application, or our page that says so and leads back there. SECURITY F 144. */
const isOver = (page) => atClient(page.url) || assert.match(page.text, /It was finished in another window/);

/*
 * make: somebody in front of the form, { agent, page, values, button, user }; or the whole form as { action, fields }.
 * ends: what the page is that it leads to, whichever time it is. ended(page, made): what has become of it.
 * relogs: a change of credentials ends the session that the browser still knows when the answer is lost.
 */
const forms = {
  '/authorize': { make: async () => { const agent = createAgent(); const { url } = await request(rp); return { agent, page: { url }, action: '/authorize', fields: Object.fromEntries(url.searchParams) }; }, ends: shows('/login', /Sign in/) },
  '/login': { make: async () => { const user = await addUser(s); return { ...await toClient(user), values: user, button: 'Sign in' }; }, ends: shows('/consent') },
  '/login/home': { make: async () => { const visit = await toClient(); return { ...visit, action: '/login/home', fields: { ...hidden(visit.page), email: 'x@nowhere.example' } }; }, ends: shows('/login') },
  '/login/leave': { make: async () => { const visit = await toClient(); return { ...visit, action: '/login/leave', fields: hidden(visit.page) }; }, ends: isOver },
  '/login/second': {
    make: async () => {
      const { user, code } = await enrolled();
      const visit = await toClient(user);
      return { ...visit, user, page: await signIn(visit.agent, visit.page, user), values: { code: code() } };
    },
    ends: shows('/consent'), relogs: true,
  },
  '/login/enrol': { make: async () => { const visit = await enrolling(); return { ...visit, values: { code: keyOn(visit.page)() }, button: 'Add the app' }; }, ends: shows('/login/enrol/codes', /class="codes"/), relogs: true, back: '/consent', ended: async (page, { user }) => assert.equal(await count(`recovery_code where user_id = '${await idOf(user)}'`), 10) },
  '/login/enrol/codes': { make: async () => { const visit = await enrolling(); return { ...visit, page: await visit.agent.submit(visit.page, { code: keyOn(visit.page)() }, { button: 'Add the app' }), button: 'I have kept them' }; }, ends: shows('/consent') },
  '/select-account': { make: async () => { const { agent } = await authorize(rp, await addUser(s)); return { agent, page: await agent.open((await request(rp, { prompt: 'select_account' })).url), button: '@' }; }, ends: isOver },
  '/consent': { make: async () => { const user = await addUser(s); const visit = await toClient(user); return { ...visit, page: await signIn(visit.agent, visit.page, user), button: 'Allow' }; }, ends: isOver, ended: async (page, { user }) => assert.equal(await count(`consent where user_id = '${await idOf(user)}'`), 1) },
  '/sign-up': { make: async () => ({ ...await toClient(undefined, { prompt: 'create' }), values: { email: address(), name: 'Nora New' }, button: 'Mail me a code' }), ends: shows('/sign-up/code', /Type the code/) },
  '/sign-up/code': {
    make: async () => {
      const visit = await toClient(undefined, { prompt: 'create' }), email = address();
      const page = await visit.agent.submit(visit.page, { email, name: 'Nora New' }, { button: 'Mail me a code' });
      return { ...visit, page, user: { email, password: PASSWORD }, values: { code: codeIn(await s.mail(email)), password: PASSWORD } };
    },
    ends: shows('/consent'), ended: async (page, { user }) => assert.equal(await count(`audit where action = 'account.created' and object = '${await idOf(user)}'`), 1),
  },
  '/recover': { make: async () => { const user = await addUser(s), agent = createAgent(); return { agent, page: await agent.open(at('/recover')), values: { email: user.email } }; }, ends: shows('/recover/code', /Type the code/) },
  '/recover/code': {
    make: async () => {
      const user = await addUser(s), agent = createAgent();
      const page = await agent.submit(await agent.open(at('/recover')), { email: user.email });
      return { agent, page, user, values: { code: codeIn(await s.mail(user.email)), password: PASSWORD } };
    },
    ends: shows('/recover/code', /Your password is changed/), ended: async (page, { user }) => assert.equal(await count(`audit where action = 'password.reset' and object = '${await idOf(user)}'`), 1),
  },
  '/not-me': { make: async () => { const asked = await begun(s, inApp, address()), agent = createAgent(); return { agent, page: await agent.open(linkIn(asked.mail)) }; }, ends: shows('/not-me', /The code is dead/) },
  '/device': {
    make: async () => {
      const { agent } = await ownPage('/account'), { user_code } = await oidc.initiateDeviceAuthorization(tv.config, { scope: 'openid' });
      return { agent, page: await agent.open(at('/device')), values: { user_code } };
    },
    ends: shows('/consent'),
  },
  '/logout': { make: async () => { const { agent } = await ownPage('/account'); return { agent, page: await agent.open(at('/logout')), button: 'Sign out' }; }, ends: shows('/logout', /signed out/i) },
  '/language': { make: async () => { const visit = await toClient(); return { ...visit, page: await visit.agent.open(at(/href="(\/language[^"]*)"/.exec(visit.page.text)[1].replaceAll('&amp;', '&'))), button: 'Deutsch' }; }, ends: shows('/login', /Anmelden/) },
  '/account/password': { make: async () => { const own = await ownPage('/account/password'); return { ...own, values: { current: own.user.password, password: PASSWORD }, user: { ...own.user, password: PASSWORD }, allowed: /The current password is not right/ }; }, ends: shows('/account', /Your password is changed/), relogs: true, back: '/account/password' },
  '/account/sessions/end': { make: async () => { const { user } = await ownPage('/account'); const own = await ownPage('/account/access', { user }); const mine = /name="id" value="(sid_[^"]*)"/.exec(own.page.text.slice(own.page.text.indexOf('>here<')))[1]; const [other] = formsOf(own.page.text).map(({ fields }) => Object.fromEntries(fields.map((f) => [f.name, f.value]))).filter(({ id }) => id !== mine); return { ...own, action: '/account/sessions/end', fields: other }; }, ends: shows('/account/access') },
  '/account/apps/end': { make: async () => { const user = await addUser(s), { agent } = await tokensFor(rp, user); return { agent, user, page: await agent.open(at('/account/access')), button: 'Withdraw' }; }, ends: shows('/account/access') },
  '/account/delete': { make: async () => ({ ...await ownPage('/account/delete'), button: 'Delete for good' }), ends: shows('/account/deleted', /Your account is deleted/), relogs: true, gone: true },
  '/account/passkeys': { elsewhere: ['browser/account', 'a passkey whose answer was lost is there all the same, and one that is removed twice is removed'] },
  '/login/passkey': { elsewhere: ['browser/account', 'a passkey whose answer was lost is there all the same, and one that is removed twice is removed'] },
  '/account/passkeys/remove': {
    make: async () => {
      const own = await ownPage('/account/passkeys');
      await s.psql(`insert into auth.passkey (id, user_id, alg, public_key, sign_count, is_synced, name, created_at) values (sha256(gen_random_uuid()::text::bytea), '${await idOf(own.user)}', -7, '\\x01', 0, false, 'Old', now())`);
      return { ...own, page: await own.agent.open(at('/account/passkeys')), button: 'Remove' };
    },
    ends: shows('/account', /The passkey is removed/), relogs: true, back: '/account/passkeys',
  },
  '/account/partners/link': { make: async () => { const own = await ownPage('/account/partners'); return { ...own, action: '/account/partners/link', fields: { csrf: formsOf(own.page.text)[0].fields[0].value, partner: there.slug } }; }, ends: (page) => assert.equal(page.url.origin, there.issuer) },
  '/account/partners/unlink': { make: async () => { const { agent, user } = await linked(); return { agent, user, page: await agent.open(at('/account/partners')), button: 'Unlink' }; }, ends: shows('/account/partners'), relogs: true, back: '/account/partners' },
  '/link': { make: async () => ({ ...await question(), button: 'Link them' }), ends: shows('/account/partners'), relogs: true, ended: async (page, { user }) => assert.equal(await count(`identity where user_id = '${await idOf(user)}'`), 1) },
  '/link/undo': {
    make: async () => {
      const { user } = await linked(), agent = createAgent();
      const mail = await s.mail(user.email, /new way to sign in/);
      return { agent, user, page: await agent.open(/https?:\S+\/link\/undo\?token=\S+/.exec(mail.text)[0]) };
    },
    ends: (page) => assert.match(page.text, /It is undone|it was done already/),
  },
  '/account/totp': { make: async () => { const own = await ownPage('/account/totp'); return { ...own, values: { code: keyOn(own.page)() }, button: 'Add the app' }; }, ends: shows('/account/recovery-codes', /class="codes"/), relogs: true, back: '/account/totp' },
  '/account/totp/remove': { make: async () => { const { agent, user } = await enrolled(); return { agent, user, page: await agent.open(at('/account/totp')), button: 'Remove the app' }; }, ends: shows('/account', /The authenticator app is removed/), relogs: true, back: '/account/totp' },
  '/account/recovery-codes': { make: async () => { const { agent, user, code } = await enrolled(); return { agent, user, code, page: await agent.open(at('/account/totp')), button: 'Make new recovery codes' }; }, ends: shows('/account/recovery-codes', /class="codes"/), relogs: true, back: '/account/totp', ended: async (page, { user }) => assert.equal(await count(`recovery_code where user_id = '${await idOf(user)}'`), 10) },
  '/account/recovery-codes/kept': { make: async () => { const { agent, user, codes } = await enrolled(); return { agent, user, page: codes, button: 'I have kept them' }; }, ends: shows('/account') },
};

const hidden = (page) => Object.fromEntries(formsOf(page.text)[0].fields.filter(({ type }) => type === 'hidden').map(({ name, value }) => [name, value]));

const send = ({ agent, page, values, button, action, fields }) => (action
  ? agent.open(at(action), { method: 'POST', body: new URLSearchParams(fields).toString(), from: at('/'), until: atClient })
  : agent.submit(page, values, { button, until: atClient }));

/* Beside where it led the first time: the log-in, and behind it the page of the form, since another request has the session already. */
const endsOrLeadsBack = (form, page) => {
  if (form.relogs && page.status === 200 && ['/login', '/login/second', '/account', form.back].includes(page.url.pathname)) return;
  form.ends(page);
};

const ways = {
  'at once': async (form, made_) => {
    const pages = await Promise.all([send(made_), send(made_)]);
    for (const page of pages) endsOrLeadsBack(form, page);
    return pages.at(-1);
  },
  'once more after the answer': async (form, made_) => {
    form.ends(await send(made_));
    const page = await send(made_);
    if (made_.allowed) assert.match(page.text, made_.allowed);
    else if (form.gone) shows('/login')(page);
    else form.ends(page);
    return page;
  },
  'once more since the answer was lost': async (form, made_) => {
    const jar = new Map(made_.agent.jar);
    form.ends(await send(made_));
    made_.agent.jar.clear();
    for (const [name, value] of jar) made_.agent.jar.set(name, value);
    const page = await send(made_);
    endsOrLeadsBack(form, page);
    return page;
  },
};

test('there is a row for each form of the server’s own description, and none for what is none', async () => {
  const description = await (await fetch(at('/openapi.json'))).json();
  const served = Object.entries(description.paths).filter(([, { post }]) => post?.tags?.includes('pages')).map(([path]) => path);
  assert.deepEqual(Object.keys(forms).sort(), served.sort());
});

for (const [path, form] of Object.entries(forms)) {
  describe(`${path}, sent twice`, { skip: form.elsewhere && `in ${form.elsewhere.join(': ')}` }, () => {
    for (const [way, twice] of Object.entries(ways))
      test(way, async () => {
        const made_ = await form.make();
        const page = await twice(form, made_);
        await form.ended?.(page, made_);
      });
  });
}
