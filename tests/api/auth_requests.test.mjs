/* How requests reach the authorization endpoint and what they may ask for: PAR (RFC 9126), RAR (RFC 9396), resources (RFC 8707). */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { REDIRECT, addClient, addUser, inFile, operator, post, redeem, request, sound, tokensFor, walk } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, rp, other, user, files;
const PAY = 'pay.users pay.stores';

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  files = 'https://files.example';
  await operator(s, 'resources', 'add', files, '--scopes', 'files.read files.write', '--if-missing');
  [rp, other, user] = await Promise.all([
    addClient(s, { scope: `openid email offline_access ${PAY} files.read`, metadata: { authorization_details_types: ['payment', 'payout', 'store_management'] } }),
    addClient(s, { metadata: { require_pushed_authorization_requests: true } }),
    addUser(s),
  ]);
});

after(async () => {
  await sound(s);
  await s.stop();
});

const basic = (client) => ({ basic: { id: client.id, secret: client.secret } });
const push = async (client, fields) => post(s, '/par', fields, basic(client));
/* What openid-client would send, as fields. */
const fieldsOf = async (client, more) => {
  const asked = await request(client, more);
  return { asked, fields: Object.fromEntries(asked.url.searchParams) };
};
const pushedUrl = (client, uri, more = {}) => new URL(`/authorize?${new URLSearchParams({ client_id: client.id, request_uri: uri, ...more })}`, s.env.issuer);

describe('pushed authorization requests', () => {
  test('openid-client pushes, the browser brings two parameters, the code works', async () => {
    const verifier = oidc.randomPKCECodeVerifier(), state = oidc.randomState();
    const url = await oidc.buildAuthorizationUrlWithPAR(rp.config, {
      redirect_uri: REDIRECT, scope: 'openid email', state, code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
    });
    assert.deepEqual([...url.searchParams.keys()].sort(), ['client_id', 'request_uri']);
    assert.match(url.searchParams.get('request_uri'), /^urn:ietf:params:oauth:request_uri:[\w-]{43}$/);
    const agent = createAgent();
    /* Opened twice before the end, as a person does who reloads. */
    assert.equal((await agent.open(url)).status, 200);
    const page = await walk(agent, url, user);
    const tokens = await redeem(rp, { callback: page.url, verifier, state });
    assert.ok(tokens.id_token);
    const again = await fetch(url, { redirect: 'manual' });
    assert.equal(again.status, 400, 'used up by its end');
    assert.match(await again.text(), /used up/);
  });

  test('one pushed request gives one code, in however many tabs it was opened', async () => {
    const { asked, fields } = await fieldsOf(rp, { scope: 'openid', prompt: 'consent' });
    const { body } = await push(rp, fields);
    const agent = createAgent();
    const first = await agent.open(pushedUrl(rp, body.request_uri));
    const second = await agent.open(pushedUrl(rp, body.request_uri));
    const until = (url) => url.href.startsWith(REDIRECT);
    let page = await agent.submit(first, user, { button: 'Sign in', until });
    page = await agent.submit(page, {}, { button: 'Allow', until });
    assert.ok(page.url.searchParams.get('code'), page.text);
    const late = await agent.open(second.url, { until });
    const refused = late.url.pathname === '/consent' ? await agent.submit(late, {}, { button: 'Allow', until }) : late;
    assert.equal(refused.url.searchParams.get('code'), null);
    await redeem(rp, { ...asked, callback: page.url });
  });

  test('only what was pushed counts', async () => {
    const { asked, fields } = await fieldsOf(rp, { scope: 'openid' });
    const { status, body } = await push(rp, fields);
    assert.equal(status, 201);
    assert.ok(Number.isInteger(body.expires_in) && body.expires_in >= 5 && body.expires_in <= 600);
    const page = await walk(createAgent(), pushedUrl(rp, body.request_uri, { state: 'other', nonce: 'other', redirect_uri: 'https://evil.example/', scope: 'files.read' }), user);
    assert.equal(page.url.searchParams.get('state'), asked.state);
    const tokens = await redeem(rp, { ...asked, callback: page.url });
    assert.equal(tokens.scope, 'openid');
  });

  test('the longest that may be pushed works, also where each of its bytes is kept as three', async () => {
    const { asked, fields } = await fieldsOf(rp, { scope: 'openid' });
    const answer = await fetch(new URL('/par', s.env.issuer), {
      method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Basic ${Buffer.from(`${rp.id}:${rp.secret}`).toString('base64')}` },
      body: `${new URLSearchParams(fields)}&x=${'/'.repeat(129000)}`,
    });
    assert.equal(answer.status, 201);
    const page = await walk(createAgent(), pushedUrl(rp, (await answer.json()).request_uri), user);
    await redeem(rp, { ...asked, callback: page.url });
  });

  test('a request_uri belongs to its client and is never guessed', async () => {
    const { body } = await push(rp, (await fieldsOf(rp)).fields);
    for (const url of [pushedUrl(other, body.request_uri), pushedUrl(rp, body.request_uri.replace(/.$/, (c) => (c === 'x' ? 'y' : 'x')))]) {
      const answer = await fetch(url, { redirect: 'manual' });
      assert.equal(answer.status, 400);
      assert.equal(answer.headers.get('location'), null);
    }
  });

  test('an expired one is a page, not a redirect', async () => {
    const { body } = await push(rp, (await fieldsOf(rp)).fields);
    await s.psql(`update auth.pushed_request set expires_at = now() - interval '1 second' where client_id = '${rp.id}' and used_at is null`);
    assert.equal((await fetch(pushedUrl(rp, body.request_uri), { redirect: 'manual' })).status, 400);
  });

  const bad = {
    'a request_uri inside': [{ request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 'invalid_request'],
    'an unregistered redirect_uri': [{ redirect_uri: 'https://evil.example/' }, 'invalid_request'],
    'plain PKCE': [{ code_challenge_method: 'plain' }, 'invalid_request'],
    'no PKCE': [{ code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
    'another client': [{ client_id: 'inkwell' }, 'invalid_request'],
    'an unknown response type': [{ response_type: 'magic' }, 'unsupported_response_type'],
    'an unknown resource': [{ resource: 'https://nowhere.example' }, 'invalid_target'],
  };
  for (const [why, [change, error]] of Object.entries(bad)) {
    test(`refuses at once: ${why}`, async () => {
      const { status, body } = await push(rp, { ...(await fieldsOf(rp)).fields, ...change });
      assert.equal(status, 400);
      assert.equal(body.error, error);
    });
  }

  test('only with client authentication, only by POST', async () => {
    const { fields } = await fieldsOf(rp);
    assert.equal((await post(s, '/par', fields)).status, 401);
    assert.equal((await post(s, '/par', fields, { basic: { id: rp.id, secret: 'x'.repeat(43) } })).status, 401);
    assert.equal((await fetch(new URL('/par', s.env.issuer))).status, 405);
  });

  test('a client registered so must push', async () => {
    const { url } = await request(other);
    const answer = await fetch(url, { redirect: 'manual' });
    const error = new URL(answer.headers.get('location')).searchParams;
    assert.equal(error.get('error'), 'invalid_request');
    assert.match(error.get('error_description'), /push/);
    const { body } = await push(other, (await fieldsOf(other)).fields);
    assert.equal((await fetch(pushedUrl(other, body.request_uri), { redirect: 'manual' })).status, 302);
  });
});

describe('rich authorization requests', () => {
  const payment = { type: 'payment', amount: 1250, currency: 'EUR', payee: 'st_1', payee_name: 'Ada <b>', purpose: 'An article' };
  const asking = (details, more = {}) => request(rp, { scope: `openid ${PAY}`, authorization_details: JSON.stringify(details), ...more });

  test('the consent page says it in words, the token carries it, introspection shows it', async () => {
    const agent = createAgent();
    const asked = await asking([payment]);
    let page = await agent.open(asked.url);
    page = await agent.submit(page, user, { button: 'Sign in' });
    assert.equal(page.url.pathname, '/consent');
    assert.match(page.text, /Pay 12\.50 EUR to Ada &lt;b&gt; st_1: An article/);
    page = await agent.submit(page, {}, { button: 'Allow', until: (url) => url.href.startsWith(REDIRECT) });
    const tokens = await redeem(rp, { ...asked, callback: page.url });
    assert.deepEqual(tokens.authorization_details, [payment]);
    const claims = decodeJwt(tokens.access_token);
    assert.deepEqual(claims.authorization_details, [payment]);
    assert.equal(claims.aud, s.env.pay_api);
    const shown = await oidc.tokenIntrospection(rp.config, tokens.access_token);
    assert.deepEqual(shown.authorization_details, [payment]);

    const renewed = await oidc.refreshTokenGrant(rp.config, tokens.refresh_token);
    assert.deepEqual(renewed.authorization_details, [payment]);
    await assert.rejects(oidc.refreshTokenGrant(rp.config, renewed.refresh_token, { authorization_details: JSON.stringify([{ ...payment, amount: 1251 }]) }), { error: 'invalid_authorization_details' });
  });

  test('is asked for each time: no consent of before covers it', async () => {
    const { agent } = await tokensFor(rp, user, { scope: `openid ${PAY}`, authorization_details: JSON.stringify([payment]) });
    const again = await asking([payment]);
    assert.equal((await agent.open(again.url)).url.pathname, '/consent');
    const silent = await asking([payment], { prompt: 'none' });
    const answer = await agent.open(silent.url, { until: (url) => url.href.startsWith(REDIRECT) });
    assert.equal(answer.url.searchParams.get('error'), 'consent_required');
  });

  test('nor does it cover the scope without them: that has been allowed within these limits', async () => {
    const limited = await addUser(s), scope = `openid email ${PAY}`, until = (url) => url.href.startsWith(REDIRECT);
    const { agent } = await tokensFor(rp, limited, { scope, authorization_details: JSON.stringify([payment]) });
    const silent = async (wanted) => (await agent.open((await request(rp, { scope: wanted, prompt: 'none' })).url, { until })).url.searchParams.get('error');
    assert.deepEqual([await silent(scope), await silent('openid pay.stores'), await silent('openid email')], ['consent_required', 'consent_required', null]);
    const asked = await request(rp, { scope }), page = await agent.open(asked.url, { until });
    assert.equal(page.url.pathname, '/consent');
    await agent.submit(page, {}, { button: 'Allow', until });
    assert.equal(await silent(scope), null, 'allowed without limits');
  });

  const bad = [['not JSON', '{'], ['no array', '{}'], ['empty', '[]'], ['unknown type', JSON.stringify([{ type: 'x' }])], ['no payee', JSON.stringify([{ ...payment, payee: undefined }])],
    ['amount as text', JSON.stringify([{ ...payment, amount: '1250' }])], ['negative amount', JSON.stringify([{ ...payment, amount: -1 }])], ['no currency', JSON.stringify([{ ...payment, currency: 'EURO' }])],
    ['unknown member', JSON.stringify([{ ...payment, extra: 1 }])], ['eleven', JSON.stringify(Array(11).fill(payment))]];
  for (const [why, authorization_details] of bad) {
    test(`refuses ${why}`, async () => {
      const { url } = await request(rp, { authorization_details });
      const answer = await fetch(url, { redirect: 'manual' });
      const error = new URL(answer.headers.get('location')).searchParams;
      assert.equal(error.get('error'), 'invalid_authorization_details');
      assert.match(error.get('error_description'), /authorization_details/);
      assert.match(error.get('error_description'), /^[\x20\x21\x23-\x5b\x5d-\x7e]+$/);
    });
  }

  test('numbers that are written out longer than they came are refused like others', async () => {
    const { url } = await request(rp);
    const answer = await fetch(new URL('/authorize', s.env.issuer), {
      method: 'POST', redirect: 'manual', body: new URLSearchParams([...url.searchParams, ['authorization_details', `[{"type":"payment","amount":1,"currency":"EUR","payee":"st_1","x":[0.1${',0.1'.repeat(4070)}]}]`]]),
    });
    const error = new URL(answer.headers.get('location')).searchParams;
    assert.deepEqual([error.get('error'), error.get('error_description')], ['invalid_authorization_details', 'authorization_details[0].x is not known here']);
  });

  test('a client that registered no type may not ask', async () => {
    const { body } = await push(other, { ...(await fieldsOf(other)).fields, authorization_details: JSON.stringify([payment]) });
    assert.equal(body.error, 'invalid_authorization_details');
  });

  test('nobody registers money types for himself', async () => {
    const answer = await fetch(new URL('/register', s.env.issuer), {
      method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${s.env.initial_access_token}` }, body: JSON.stringify({ redirect_uris: [REDIRECT], authorization_details_types: ['payment'] }),
    });
    assert.equal(answer.status, 400);
    assert.match((await answer.json()).error_description, /authorization_details_types/);
  });

  test('the operator adds a type with its own rules', async () => {
    assert.match(await operator(s, 'details', 'list'), /payment\t.*Pay \{amount:currency\}/);
    const wrong = await s.operator('authsrv', 'details', 'add', 'own_type', '--resource', files);
    assert.equal(wrong.code, 2);
    const nowhere = await s.operator('authsrv', 'details', 'add', 'payment', '--resource', 'https://nowhere.example');
    assert.equal(nowhere.code, 2);
    assert.match(nowhere.stderr, /audience: names no API/);
  });

  test('details of a device are asked for, shown in words and given to the device that asked', async () => {
    const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
    const PAY = 'pay.users pay.stores';
    const payer = await addClient(s, { grants: GRANT, scope: `openid ${PAY}`, redirect: [], metadata: { authorization_details_types: ['payment'] } });
    const payment = { type: 'payment', amount: 1250, currency: 'EUR', payee: 'st_1', payee_name: 'Ada', purpose: 'Rent' };
    const begin = (details) => post(s, '/device_authorization', { scope: `openid ${PAY}`, authorization_details: JSON.stringify(details) }, { basic: payer });
    for (const details of [[{ type: 'nothing' }], [{ ...payment, amount: 'much' }], [{ ...payment, more: 1 }]]) {
      const { status, body } = await begin(details);
      assert.deepEqual([status, body.error], [400, 'invalid_authorization_details']);
    }
    const { body: asked } = await begin([payment]);
    const agent = createAgent();
    let page = await agent.submit(await agent.open(new URL('/device', s.env.issuer)), { user_code: asked.user_code });
    if (page.url.pathname === '/login') page = await agent.submit(page, user, { button: 'Sign in' });
    assert.match(page.text, /Pay 12\.50 EUR to Ada st_1: Rent/);
    const end = await agent.submit(page, {}, { button: 'Allow' });
    assert.match(end.text, /go back to your device/);
    const { body } = await post(s, '/token', { grant_type: GRANT, device_code: asked.device_code }, { basic: payer });
    assert.deepEqual(body.authorization_details, [payment], JSON.stringify(body));
  });

  test('details that no token has room for are refused when they are asked for', async () => {
    const scope = `openid ${PAY}`, LIMIT = 4096, name = (bytes) => '東'.repeat(Math.floor(bytes / 3)) + 'x'.repeat(bytes % 3);
    const of = (...names) => names.map((bytes) => ({ amount: 1250, currency: 'EUR', payee: 'st_1', payee_name: name(300), purpose: name(bytes), type: 'payment' }));
    const size = (details) => Buffer.byteLength(JSON.stringify(details) + scope);
    const full = [300, 300, 300, 300, 300], last = LIMIT - size(of(...full, 0)), largest = of(...full, last), beyond = of(...full, last + 1);
    assert.deepEqual([size(largest), size(beyond)], [LIMIT, LIMIT + 1]);
    const refused = async (client, ...ask) => {
      const { status, body } = await post(s, ...ask, { basic: client });
      assert.deepEqual([status, body.error], [400, 'invalid_authorization_details'], JSON.stringify(body));
      assert.match(body.error_description, /authorization_details.* together with scope at most 4096 bytes/);
    };
    const device = await addClient(s, { grants: 'urn:ietf:params:oauth:grant-type:device_code', scope, redirect: [], metadata: { authorization_details_types: ['payment'] } });
    for (const details of [beyond, of(...Array(10).fill(300))]) {
      const authorization_details = JSON.stringify(details);
      await refused(rp, '/par', { ...(await fieldsOf(rp, { scope })).fields, authorization_details });
      await refused(device, '/device_authorization', { scope, authorization_details });
    }
    const { asked, fields } = await fieldsOf(rp, { scope });
    const { body: pushed } = await push(rp, { ...fields, authorization_details: JSON.stringify(largest, null, 1) }); /* blanks count for nothing */
    const tokens = await redeem(rp, { ...asked, callback: (await walk(createAgent(), pushedUrl(rp, pushed.request_uri), user)).url });
    assert.deepEqual(tokens.authorization_details, largest);
    assert.equal((await oidc.tokenIntrospection(rp.config, tokens.access_token)).active, true, `${tokens.access_token.length} bytes`);
    assert.equal((await oidc.fetchUserInfo(rp.config, tokens.access_token, tokens.claims().sub)).sub, tokens.claims().sub);
  });

  test('a type that is forgotten takes no limit from what was allowed with it', async () => {
    const type = 'guided_tour', tour = { type };
    await inFile('{"type":"object","properties":{}}', (file) => operator(s, 'details', 'add', type, '--resource', files, '--rules-file', file, '--sentence', 'Show you around'));
    const guide = await addClient(s, { scope: 'openid files.read', metadata: { authorization_details_types: [type] } });
    const { tokens } = await tokensFor(guide, user, { scope: 'openid files.read', authorization_details: JSON.stringify([tour]) });
    await operator(s, 'details', 'remove', type);
    const renewed = await oidc.refreshTokenGrant(guide.config, tokens.refresh_token);
    assert.deepEqual([renewed.authorization_details, decodeJwt(renewed.access_token).authorization_details], [[tour], [tour]]);
    await assert.rejects(oidc.refreshTokenGrant(guide.config, renewed.refresh_token, { authorization_details: '[]' }), { error: 'invalid_authorization_details' });
  });

  test('naming what stands there already changes and records nothing', async () => {
    const entries = async () => (await s.psql("select count(*)::int as n from auth.audit where action = 'detail_type.put' and object in ('payment', 'payout', 'store_management')"))[0].n;
    const before_ = await entries();
    assert.equal(await operator(s, 'details', 'defaults', s.env.pay_api), 'payment unchanged\npayout unchanged\nstore_management unchanged\n');
    assert.equal(await entries(), before_);
    const put = (sentence) => inFile('{"type":"object","properties":{}}', (file) => operator(s, 'details', 'add', 'visit', '--resource', files, '--rules-file', file, '--sentence', sentence));
    const said = [await put('Visit you'), await put('Visit you'), await put('Visit you again')];
    assert.deepEqual(said, ['visit added\n', 'visit unchanged\n', 'visit added\n']);
  });
});

describe('resource indicators', () => {
  const both = async (more = {}) => {
    const asked = await request(rp, { scope: `openid offline_access ${PAY} files.read`, ...more });
    asked.url.searchParams.append('resource', s.env.pay_api);
    asked.url.searchParams.append('resource', files);
    const page = await walk(createAgent(), asked.url, user);
    assert.ok(page.url.searchParams.get('code'), page.url.href);
    return { ...asked, callback: page.url };
  };
  const grant = (asked, parameters) => oidc.authorizationCodeGrant(rp.config, asked.callback, { pkceCodeVerifier: asked.verifier, expectedState: asked.state, expectedNonce: asked.nonce }, parameters);

  test('several are granted, each token is for one and has only its scopes', async () => {
    const tokens = await grant(await both(), { resource: files });
    let claims = decodeJwt(tokens.access_token);
    assert.equal(claims.aud, files);
    assert.equal(claims.scope, 'openid offline_access files.read');
    assert.equal(tokens.scope, claims.scope);
    const renewed = await oidc.refreshTokenGrant(rp.config, tokens.refresh_token, { resource: s.env.pay_api });
    claims = decodeJwt(renewed.access_token);
    assert.equal(claims.aud, s.env.pay_api);
    assert.equal(claims.scope, `openid offline_access ${PAY}`);
    await assert.rejects(oidc.refreshTokenGrant(rp.config, renewed.refresh_token, { resource: 'https://nowhere.example' }), { error: 'invalid_target' });
  });

  test('a mistake costs no refresh token: it is not used, so that the same one later is no theft', async () => {
    const tokens = await grant(await both(), { resource: files });
    const [{ grant_id }] = await s.psql(`select grant_id from auth.access_token where jti = '${decodeJwt(tokens.access_token).jti}'`);
    for (const wrong of [{ resource: 'https://nowhere.example' }, {}, { resource: files, authorization_details: '[{"type":"payout"}]' }])
      await assert.rejects(oidc.refreshTokenGrant(rp.config, tokens.refresh_token, wrong), /./);
    assert.deepEqual(await s.psql(`select parent, used_at from auth.refresh where grant_id = '${grant_id}'`), [{ parent: null, used_at: null }]);
    const renewed = await oidc.refreshTokenGrant(rp.config, tokens.refresh_token, { resource: files });
    assert.equal(decodeJwt(renewed.access_token).aud, files);
  });

  test('without a name the token would be for nobody in particular', async () => {
    await assert.rejects(grant(await both()), { error: 'invalid_target' });
  });

  test('scopes of two resources need their names', async () => {
    const { url } = await request(rp, { scope: `openid ${PAY} files.read` });
    const answer = await fetch(url, { redirect: 'manual' });
    assert.equal(new URL(answer.headers.get('location')).searchParams.get('error'), 'invalid_target');
  });
});
