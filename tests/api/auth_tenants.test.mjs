/*
 * Whose things they are at authsrv (SECURITY K): each route that takes a credential, or the name of something, is asked for another's: by another
 * application of another partner and of the same, by its backend, by another registration, by another person's browser and by one that nobody is signed in
 * with. The answer is that about what there is not, tells nothing of the owner, and changes nothing: the owner is answered afterwards as if nobody had asked.
 * The routes are those of the served description: one that is new is asked, or fails here until tests/support/auth_requests.mjs has a request for it.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { createAgent } from '../support/agent.mjs';
import { EXCHANGE, NOTHING_TO_ASK, REQUESTS } from '../support/auth_requests.mjs';
import { application, forgotten, held, newPartner, somebody } from '../support/auth_things.mjs';
import { address, joined } from '../support/first_party.mjs';
import { addUser, authorize, operator, post, REDIRECT, sound, tokensFor } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';

/* Of nobody, or the asker's. */
const NO_NAMES = ['otp', 'typed', 'verifier', 'by', 'slug', 'app', 'mailbox', 'requestid', 'fresh'];
let s, shop, sister, stranger, ada, bob, guest, things, names;

before(async () => {
  s = await sharedStack();
  const [one, two] = [await newPartner(s), await newPartner(s)];
  [shop, sister, stranger] = await Promise.all([one, one, two].map((slug) => application(s, slug)));
  [ada, bob] = await Promise.all([somebody(s, shop), somebody(s, sister)]);
  guest = { agent: createAgent() };
  things = { ...ada.things, ...await held(s, shop, ada) };
  names = Object.keys(things).filter((name) => !NO_NAMES.includes(name));
});

after(async () => {
  for (const slug of new Set([shop, sister, stranger].map((rp) => rp?.slug))) await operator(s, 'partners', 'remove', slug); /* a button on every log-in page of the shared run */
  await sound(s);
  await s.stop();
});

/* ---- requests with things in them ---- */

const namesIn = (request) => [...new Set([...JSON.stringify(request).matchAll(/\$([a-z0-9]+)/g)].map(([, name]) => name))].filter((name) => !NO_NAMES.includes(name));
const nameOf = ({ by, method, path, query, form }) => `${by}: ${method} ${path} ${JSON.stringify(query ?? form ?? '')}`;
const put = (request, all) => JSON.parse(JSON.stringify(request).replace(/\$([a-z0-9]+)/g, (_, name) => all[name] ?? assert.fail(`no ${name} for ${nameOf(request)}`)));
/* Of the same form, and nobody's; a token by its signature. */
function nobodys(id) {
  const at = id.split('.').length === 3 ? id.length - 20 : id.length - 2;
  return `${id.slice(0, at)}${id[at] === '0' ? '1' : '0'}${id.slice(at + 1)}`;
}
const nobody = () => ({ ...things, mailbox: address(), requestid: randomUUID(), ...Object.fromEntries(names.map((name) => [name, nobodys(things[name])])) });

/* ---- asking ---- */

/* What forms of the first of these pages that shows one carry. */
async function csrfOf(agent, pages) {
  for (const page of pages) {
    const { text } = await agent.open(new URL(page, s.env.issuer), { until: (url) => url.origin !== new URL(s.env.issuer).origin });
    const [, csrf] = /name="csrf" value="([^"]*)"/.exec(text) ?? [];
    if (csrf) return csrf;
  }
  return 'none';
}
const cookieOf = (agent, name) => agent.jar.get(`${new URL(s.env.issuer).hostname} ${name}`);

async function fetched(path, { method, headers, body }) {
  const answer = await fetch(new URL(path, s.env.issuer), { method, headers, body, redirect: 'manual' });
  return { status: answer.status, text: await answer.text() };
}

/* who: { rp } or { agent, things }, which is signed in or not */
const ways = {
  client: async ({ rp }, { path, form }) => {
    const { status, body } = await post(s, path, form, { basic: rp });
    return { status, text: typeof body === 'string' ? body : JSON.stringify(body) };
  },
  bearer: ({ rp }, { method, path, json }) => fetched(path, { method, headers: { authorization: `Bearer ${rp.backend}`, ...(json && { 'content-type': 'application/json' }) }, body: json && JSON.stringify(json) }),
  async registration({ rp: { registered } }, { method, path, json }) {
    const answer = await fetched(path, { method, headers: { authorization: `Bearer ${registered.registration_access_token}`, ...(json && { 'content-type': 'application/json' }) }, body: json && JSON.stringify(json) });
    if (method === 'PUT' && answer.status === 200) registered.registration_access_token = JSON.parse(answer.text).registration_access_token; /* the one before is used up */
    return answer;
  },
  web: ({ agent }, { path, form }) => fetched(path, {
    method: 'POST', headers: { 'sec-fetch-dest': 'webidentity', origin: new URL(REDIRECT).origin, cookie: `__Host-stoa_fedcm=${cookieOf(agent, '__Host-stoa_fedcm')}` }, body: new URLSearchParams(form),
  }),
  async person({ agent, things: own }, { method, path, query, form }) {
    const url = new URL(`${path}${query ? `?${new URLSearchParams(query)}` : ''}`, s.env.issuer);
    const until = (to) => to.origin !== new URL(s.env.issuer).origin || /^\/login\/partner/.test(to.pathname);
    if (method === 'GET') return agent.open(url, { until: (to) => to !== url && until(to) && to.href !== url.href });
    const token = await csrfOf(agent, path.startsWith('/account') ? ['/account/access'] : path.startsWith('/recover') ? ['/recover'] : [form.flow, own?.flow, own?.asked].map((flow) => `/login?flow=${flow}`));
    return agent.open(url, { method, body: new URLSearchParams({ csrf: token, ...form }).toString(), from: url, until });
  },
};

ways.led = ways.person;

const ask = async (who, request, all) => {
  const one = put(request, { by: who.rp?.id ?? things.app, fresh: address(), ...all });
  const answer = await ways[request.by](who, one);
  return { ...answer, where: answer.url && `${answer.url.pathname} ${answer.url.searchParams.get('error') ?? ''}` };
};

/* What is compared: all but what each answer has of its own. Of a token that cannot be read is said why. */
function shape({ status, text, where }, request) {
  let told = text;
  for (const name of names) told = told.replaceAll(things[name], name).replaceAll(nobodys(things[name]), name);
  told = told.replace(/req_[0-9a-z]+|fl_[0-9a-z]+|"(exp|iat|jti|nonce|csrf|error_description)":("[^"]*"|\d+)|name="csrf" value="[^"]*"|\d{4}-\d\d-\d\d[T ][\d:.]+(Z| UTC)?/g, '').replace(/"(access_token|refresh_token|id_token|request_uri|auth_session|id|email|code_expires_at|expires_at|created_at|next_send_at|device_code|user_code|auth_req_id|verification_uri_complete)":"[^"]*"/g, '"$1"');
  told = told.replace(/<li><a class="button[^>]*href="\/login\/partner\/.*<\/li>\n|<\/ul>\n<details class="more">\n<summary>.*<\/summary>\n<ul class="ways">\n|<\/details>\n/g, '')
    .replace(/<li>\n<strong>.*<\/strong>\n<form method="post" action="\/account\/partners\/link">[^]*?<\/form>\n<\/li>\n/g, ''); /* other tests add partners meanwhile */
  /* A token that is good and of somebody else is refused by the rules of exchange, another by its signature. */
  if (request.form?.subject_token && status === 400) told = told.replace(/unauthorized_client|invalid_grant/, 'refused');
  return [status, where ? where.replace(/fl_[0-9a-z]+|[\w-]{20,}/g, '') : '', told];
}

async function isAsOfNobody(who, request, what) {
  const made = await ask(who, request, things), none = await ask(who, request, nobody());
  if (!request.isSigned) assert.deepEqual(shape(made, request), shape(none, request), `${what}, ${nameOf(request)}`);
  const spoken = JSON.stringify(put(request, { by: '', fresh: '', ...things }));
  for (const name of names) assert.ok(!made.text.includes(things[name]) || spoken.includes(things[name]), `${what}, ${nameOf(request)} tells ${name}: ${made.status} ${made.text}`);
}

/* Every row in which one of these names stands, but the log, which tells who was refused what. */
async function rowsWith(...ids) {
  const tables = await s.psql("select table_name as name from information_schema.tables where table_schema = 'auth' and table_type = 'BASE TABLE' and table_name not in ('audit', 'audit_chain', 'audit_tenant')");
  const patterns = `array[${ids.map((id) => `'%${id}%'`)}]`;
  return s.psql(tables.map(({ name }) => `select '${name}' as name, x::text as row from auth.${name} x where x::text like any (${patterns})`).join(' union all ') + ' order by 1, 2');
}
const grantsOf = async (sub) => (await s.psql(`select id from auth.grants where user_id = '${sub}'`)).map(({ id }) => id);
const rows = async () => rowsWith(things.sub, shop.id, shop.registered.client_id, things.brought, things.brought2, things.flow, things.asked, ...await grantsOf(things.sub));

async function walk(who, by, what) {
  const before = await rows();
  for (const request of REQUESTS.filter((one) => by.includes(one.by))) await isAsOfNobody(who, request, what);
  assert.deepEqual(await rows(), before, what);
}

/* ---- the walk ---- */

test('every route that is described is asked, or names nothing of anybody', async () => {
  const { paths } = await (await fetch(new URL('/openapi.json', s.env.issuer))).json();
  const routes = Object.entries(paths).flatMap(([path, operations]) => Object.keys(operations).map((method) => [method.toUpperCase(), path]));
  const fits = (asked, path) => asked.split('/').length === path.split('/').length && path.split('/').every((word, i) => word.startsWith('{') || word === asked.split('/')[i]);
  const missing = routes.filter(([method, path]) => !REQUESTS.some((one) => one.method === method && fits(one.path, path)) && !NOTHING_TO_ASK.some((what) => what.test(`${method} ${path}`)));
  assert.deepEqual(missing, []);
});

test('another application is told nothing and changes nothing, of another partner and of the same', async () => {
  for (const [what, rp] of Object.entries({ stranger, sister })) await walk({ rp }, ['client', 'bearer', 'registration'], what);
});

test('nor is another person’s browser, nor one that nobody is signed in with', async () => {
  for (const [what, who] of Object.entries({ bob, guest })) await walk(who, ['person', 'web'], what);
});

test('nor does an application open what another pushed', async () => {
  for (const rp of [stranger, sister]) await walk({ ...ada, rp }, ['led'], 'ada, led by another application');
});

const silent = (rp, agent) => authorize(rp, null, { agent, scope: 'openid email', prompt: 'none' }).then(({ callback }) => callback.searchParams.get('error'));

test('what one person allowed an application nobody else has, nor has another application', async () => {
  assert.deepEqual([await silent(shop, ada.agent), await silent(sister, bob.agent)], [null, null]);
  for (const [rp, { agent }] of [[shop, bob], [sister, ada], [stranger, ada]]) assert.equal(await silent(rp, agent), 'consent_required');
  /* Of one log-in there are two grants then, and this ID token stands for the first. */
  await tokensFor(stranger, ada.user, { agent: ada.agent, scope: 'openid' });
  const { status, body } = await post(s, '/token', { grant_type: EXCHANGE, subject_token: things.id, subject_token_type: 'urn:ietf:params:oauth:token-type:id_token', scope: 'email' }, { basic: shop });
  assert.equal(status, 200, JSON.stringify(body));
});

/* Each form of the account pages, by somebody who has one of everything; the last one ends the account. */
test('what a person does with what is his does nothing to hers', async () => {
  const eve = await somebody(s, sister), own = eve.things, before = await rows();
  const deeds = [
    ['/account/recovery-codes', {}], ['/account/totp', { code: '000000' }], ['/account/totp/remove', {}], ['/account/passkeys/remove', { id: own.passkey }], ['/account/partners/unlink', { id: own.identity }],
    ['/account/apps/end', { id: own.app }], ['/account/password', { current: eve.user.password, password: 'another long phrase of words' }], ['/account/delete', {}],
  ];
  await forgotten(s, createAgent(), eve.user); /* which ends the code that he asked for before */
  for (const [path, form] of deeds) {
    const was = await rowsWith(own.sub);
    const { status, text } = await ways.person(eve, { method: 'POST', path, form });
    assert.notEqual(status, 403, `${path}: ${text}`);
    assert.notDeepEqual(await rowsWith(own.sub), was, `${path}: ${status} ${text}`);
  }
  assert.deepEqual(await rows(), before);
  /* Nor did what others did when they came. */
  const count = async (table) => (await s.psql(`select count(*)::int as n from auth.${table} where user_id = '${things.sub}'`))[0].n;
  assert.deepEqual(await Promise.all(['totp', 'recovery_code', 'passkey', 'identity', 'mailed_code'].map(count)), [1, 10, 1, 1, 1]);
});

test('who has nothing has nothing of what others have', async () => {
  const plain = await addUser(s), agent = createAgent();
  const { text } = await agent.submit(await agent.open(new URL('/account', s.env.issuer)), plain, { button: 'Sign in' });
  assert.match(text, /<dt>Authenticator app[^<]*<\/dt><dd>Off /);
  assert.match(text, /<dt>Passkeys<\/dt><dd>0 /);
  assert.match(text, /<dt>Partners<\/dt><dd>0 /);
  const { answer } = await joined(s, shop, plain.email); /* with others' second factors he would be sent to our pages */
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  const hers = (await ada.agent.open(new URL('/account', s.env.issuer))).text;
  assert.match(hers, /<dt>Recovery codes[^<]*<\/dt><dd>10 </);
  assert.match(hers, /<dt>Passkeys<\/dt><dd>1 /);
});

test('nor does what his application does with what it has of him', async () => {
  const eve = await somebody(s, sister), before = await rows();
  const own = (path, form) => post(s, path, form, { basic: sister });
  const { status, body } = await own('/token', { grant_type: 'refresh_token', refresh_token: eve.things.refresh });
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal((await own('/revoke', { token: body.refresh_token })).status, 200);
  assert.deepEqual(await rows(), before);
});

test('what is the owner’s the owner gets', async () => {
  const same = [];
  for (const request of REQUESTS.filter((one) => namesIn(one).length > 0 && !one.isSigned && !one.isOff && !one.isShared)) {
    const who = { ...ada, rp: shop };
    const none = shape(await ask(who, request, nobody()), request), before = request.isSilent && await rows();
    const made = await ask(who, request, things);
    assert.notEqual(made.status, 500, `${nameOf(request)}: ${made.text}`);
    const now = request.isSilent ? [await rows(), before] : [shape(made, request), none];
    if (isDeepStrictEqual(...now)) same.push(nameOf(request));
  }
  assert.deepEqual(same, []);
});
