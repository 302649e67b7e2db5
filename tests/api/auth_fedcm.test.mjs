/*
 * FedCM as a browser speaks it (docs/protocol/fedcm.md): the cookie that is sent everywhere opens these endpoints and nothing else, only pages of the
 * client are answered, and the code that comes of it is judged like any other. The browser itself: tests/browser/login_button.
 */
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createAgent } from '../support/agent.mjs';
import { addClient, addUser, inFile, operator, post, request, sound, walk, REDIRECT } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { LOGO, SQUARE } from '../support/white_label.mjs';

const ORIGIN = new URL(REDIRECT).origin;
const VERIFIER = 'v'.repeat(43);
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');

let s, rp, user, agent;

const cookie = (name, from = agent) => from.jar.get(`${new URL(s.env.issuer).hostname} ${name}`);

/* As the browser asks: with that one cookie, whose other attributes no script can forge. */
async function ask(path, { form, origin = ORIGIN, dest = 'webidentity', value = cookie('__Host-stoa_fedcm'), name = '__Host-stoa_fedcm' } = {}) {
  const answer = await fetch(new URL(path, s.env.issuer), {
    method: form ? 'POST' : 'GET',
    headers: { ...(dest && { 'sec-fetch-dest': dest }), ...(origin && { origin }), ...(value && { cookie: `${name}=${value}` }) },
    body: form && new URLSearchParams(form),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text.startsWith('{') ? JSON.parse(text) : text };
}

const account = async () => (await ask('/fedcm/accounts')).body.accounts[0];

async function assertion({ client = rp, params = {}, shown = 'name,email,picture', origin, value, account_id, ...more } = {}) {
  return ask('/fedcm/assertion', {
    origin, value,
    form: {
      client_id: client.id, account_id: account_id ?? (await account()).id, nonce: 'n-1', disclosure_text_shown: 'true', is_auto_selected: 'false', disclosure_shown_for: shown,
      params: typeof params === 'string' ? params : JSON.stringify({ code_challenge: CHALLENGE, code_challenge_method: 'S256', scope: 'openid email', ...params }), ...more,
    },
  });
}

const redeem = (code, client = rp) => post(s, '/token', { grant_type: 'authorization_code', code, code_verifier: VERIFIER }, { basic: client });

before(async () => {
  s = await sharedStack();
  [rp, user] = await Promise.all([addClient(s), addUser(s)]);
  agent = createAgent();
  const other = await addClient(s);
  await walk(agent, (await request(other, { scope: 'openid' })).url, user);
});

after(async () => {
  await sound(s);
  await s.stop();
});

test('the documents name each other, without a cookie', async () => {
  const base = s.env.issuer;
  const begin = await ask('/.well-known/web-identity', { dest: null, origin: null, value: null });
  assert.deepEqual(begin.body, { provider_urls: [`${base}/fedcm/config.json`], accounts_endpoint: `${base}/fedcm/accounts`, login_url: `${base}/account` });
  const { body } = await ask('/fedcm/config.json', { dest: null, origin: null, value: null });
  assert.deepEqual(body, {
    accounts_endpoint: `${base}/fedcm/accounts`, client_metadata_endpoint: `${base}/fedcm/client`, id_assertion_endpoint: `${base}/fedcm/assertion`,
    disconnect_endpoint: `${base}/fedcm/disconnect`, login_url: `${base}/account`,
  });
});

test('what is shown of a client is what was registered', async () => {
  const shown = await addClient(s, { metadata: { policy_uri: 'https://rp.example/privacy', tos_uri: 'https://rp.example/terms' } });
  const { status, body } = await ask(`/fedcm/client?client_id=${shown.id}`);
  assert.deepEqual([status, body], [200, { privacy_policy_url: 'https://rp.example/privacy', terms_of_service_url: 'https://rp.example/terms' }]);
  assert.equal((await ask('/fedcm/client?client_id=nobody')).status, 404);
});

test('a square logo of the client\'s partner is its icon', async () => {
  const slug = `icon-${randomUUID().slice(0, 8)}`;
  await inFile('{"kind":"assertion","assertion_alg":"ES256","assertion_jwks_uri":"https://backend.example/jwks"}', (file) => operator(s, 'partners', 'add', slug, '--name', 'Icon', '--issuer', `https://${slug}.example`, '--settings-file', file));
  const of = await addClient(s, { more: ['--partner', slug] });
  const icons = async (logo) => {
    await inFile(Buffer.from(logo, 'base64'), (file) => operator(s, 'partners', 'branding', slug, '--logo', file));
    return (await ask(`/fedcm/client?client_id=${of.id}`)).body.icons;
  };
  assert.equal(await icons(LOGO), undefined, 'one that is not square is none');
  const [{ url, size }, ...others] = await icons(SQUARE);
  assert.deepEqual([others, size, url.startsWith(`${s.env.issuer}/branding/${slug}.`)], [[], 32, true]);
  const picture = await fetch(url);
  assert.deepEqual([picture.headers.get('content-type'), picture.headers.get('cross-origin-resource-policy')], ['image/png', 'cross-origin']);
});

test('a log-in tells the browser, and the list says who it was', async () => {
  const { status, headers, body } = await ask('/fedcm/accounts');
  assert.deepEqual([status, headers.get('set-login'), headers.get('access-control-allow-origin')], [200, 'logged-in', null]);
  assert.deepEqual([body.accounts.length, body.accounts[0].name, body.accounts[0].email], [1, 'Uma User', user.email]);
  assert.equal(body.accounts[0].approved_clients.includes(rp.id), false);
});

test('nobody but the browser asks, and only with a cookie that we made', async () => {
  for (const dest of [null, 'empty', 'document', 'iframe']) assert.equal((await ask('/fedcm/accounts', { dest })).status, 403, dest);
  const good = cookie('__Host-stoa_fedcm');
  const sid = good.split('.')[0];
  for (const value of [null, sid, `${sid}.`, `${sid}.${'A'.repeat(43)}`, good.slice(0, -1), `x${good}`, `sid_other.${good.split('.')[1]}`]) {
    const { status, headers, body } = await ask('/fedcm/accounts', { value });
    assert.deepEqual([status, headers.get('set-login'), body.error], [401, 'logged-out', 'login_required'], value);
  }
  assert.equal((await ask('/fedcm/accounts', { name: '__Host-stoa_auth', value: cookie('__Host-stoa_auth') })).status, 401, 'the session’s own cookie is not it');
});

test('the cookie opens nothing else', async () => {
  for (const name of ['__Host-stoa_fedcm', '__Host-stoa_auth']) {
    const answer = await fetch(new URL('/account', s.env.issuer), { redirect: 'manual', headers: { cookie: `${name}=${cookie('__Host-stoa_fedcm')}` } });
    assert.match(answer.headers.get('location') ?? '', /flow=|login/);
  }
});

test('a code for the person, and it is redeemed as always', async () => {
  const { status, headers, body } = await assertion();
  assert.deepEqual([status, headers.get('access-control-allow-origin'), headers.get('access-control-allow-credentials')], [200, ORIGIN, 'true']);
  const token = JSON.parse(body.token);
  assert.equal(token.iss, s.env.issuer);
  const tokens = await redeem(token.code);
  assert.equal(tokens.status, 200);
  const claims = JSON.parse(Buffer.from(tokens.body.id_token.split('.')[1], 'base64url'));
  assert.deepEqual([claims.nonce, claims.aud], ['n-1', rp.id]);
  assert.equal(tokens.body.scope, 'openid email');
  assert.equal((await redeem(token.code)).body.error, 'invalid_grant');
  assert.ok((await account()).approved_clients.includes(rp.id), 'what the browser showed counts as consent');
});

test('without the verifier the code is worth nothing, and without a challenge there is none', async () => {
  const { code } = JSON.parse((await assertion()).body.token);
  const stolen = await post(s, '/token', { grant_type: 'authorization_code', code, code_verifier: 'w'.repeat(43) }, { basic: rp });
  assert.equal(stolen.body.error, 'invalid_grant');
  const { status, body } = await assertion({ params: '{"scope":"openid"}' });
  assert.deepEqual([status, body.error.code, /code_challenge/.test(body.error.description)], [400, 'invalid_request', true]);
});

test('pages of others are refused and read nothing', async () => {
  for (const origin of ['https://evil.example', 'null', 'https://rp.example:444', 'http://rp.example', null]) {
    const { status, headers } = await assertion({ origin });
    assert.deepEqual([status, headers.get('access-control-allow-origin'), headers.get('access-control-allow-credentials')], [403, null, null], origin);
  }
  assert.equal((await assertion({ client: { id: 'nobody' } })).status, 403);
});

test('what the browser did not show is not allowed by it', async () => {
  const fresh = await addClient(s);
  for (const more of [{ shown: '' }, { shown: 'name' }, { params: { scope: 'openid email profile' } }, { params: { scope: 'openid offline_access' } }, { params: { claims: '{"userinfo":{"phone_number":null}}' } }]) {
    const { status, body } = await assertion({ client: fresh, ...more });
    assert.deepEqual([status, body.error.code], [400, 'interaction_required'], JSON.stringify(more));
  }
  const { status, body } = await assertion({ client: fresh, account_id: 'usr_other' });
  assert.deepEqual([status, body.error.code], [400, 'access_denied']);
});

test('the request is not the place for what is settled, nor for what is no request', async () => {
  for (const [params, said] of [['{"prompt":"login"}', 'prompt'], ['{"request_uri":"urn:x"}', 'request_uri'], ['{"response_type":"token"}', 'response_type'], ['{"client_id":"x"}', 'client_id'],
    ['{"request":"x"}', 'request'], ['{"scope":["openid"]}', 'scope'], ['[]', 'params'], ['{', 'params']]) {
    const { status, body } = await assertion({ params });
    assert.deepEqual([status, body.error.code, body.error.description.includes(said)], [400, 'invalid_request', true], params);
  }
  assert.equal((await assertion({ params: '' })).status, 400);
  assert.equal((await assertion({ params: { redirect_uri: 'https://evil.example/cb' } })).body.error.code, 'invalid_request');
});

test('a name is a name, whatever stands in it', async () => {
  const before = (await assertion({ params: { 'x=1&request_uri': 'https://rp.example/object', 'x&response_mode=query': '1', 'x&prompt': 'login' } }));
  assert.equal(before.status, 200, JSON.stringify(before.body));
});

test('long requests and answers are an answer too', async () => {
  const { status, body } = await assertion({ params: { state: 'é'.repeat(4000) } });
  assert.deepEqual([status, body.error.code], [400, 'invalid_request']);
  const state = '\u0001'.repeat(1330);
  const answer = await assertion({ params: `{"scope":"openid email","code_challenge":"${CHALLENGE}","code_challenge_method":"S256","state":${JSON.stringify(state)}}` });
  assert.deepEqual([answer.status, JSON.parse(answer.body.token).state], [200, state]);
});

test('disconnecting withdraws what was allowed, for pages of the client only', async () => {
  const form = { client_id: rp.id, account_hint: user.email };
  assert.equal((await ask('/fedcm/disconnect', { form, origin: 'https://evil.example' })).status, 403);
  assert.equal((await ask('/fedcm/disconnect', { form: { ...form, account_hint: 'somebody@else.example' } })).status, 404);
  assert.ok((await account()).approved_clients.includes(rp.id), 'another account was meant');
  const { status, body } = await ask('/fedcm/disconnect', { form });
  assert.deepEqual([status, body], [200, { account_id: (await account()).id }]);
  assert.equal((await account()).approved_clients.includes(rp.id), false);
  assert.equal((await ask('/fedcm/disconnect', { form })).status, 404);
});

test('it ends with the session', async () => {
  const value = cookie('__Host-stoa_fedcm');
  const page = await agent.open(`${s.env.issuer}/logout`);
  await agent.submit(page, {}, { button: 'Sign out' });
  assert.equal(cookie('__Host-stoa_fedcm'), undefined);
  assert.equal((await ask('/fedcm/accounts', { value })).status, 401);
});
