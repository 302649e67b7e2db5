/*
 * Tokens of partners that are kept for the partner's own clients (decision 0032, IDENTITY K 105): given by token exchange, refreshed once
 * however many ask, gone with what they were given for. oidc-provider with rotating refresh tokens, and a small server for what goes wrong.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { request as send } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignJWT, generateKeyPair } from 'jose';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { eventually } from '../support/eventually.mjs';
import { addClient, addUser, operator, post, redeem, request, sound } from '../support/relying_party.mjs';
import { freePortBase, startStack } from '../support/stack.mjs';
import { atClient, logInAt, partners } from '../support/upstream.mjs';

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS = 'urn:ietf:params:oauth:token-type:access_token';
const SCOPE = 'openid profile email partner_token';
const USUAL_LIMIT_MS = 10_000;
let s;
const made = partners(() => s);

before(async () => {
  /* A run of its own: a server that is killed here holds leases on what others wait for. */
  s = await startStack({ profile: 'login', env: { AUTHSRV_FETCH_ALLOW_NETWORKS: '', AUTHSRV_FETCH_OWN_NETWORKS: '127.0.0.0/8', AUTHSRV_RATE_LIMITS: 'false', AUTHSRV_PARTNER_TIMEOUT: '60s' } });
});

after(async () => {
  await made.close();
  await sound(s);
  await s.stop();
});

const clientOf = (slug, scope = SCOPE) => addClient(s, { grants: `authorization_code,${EXCHANGE}`, scope, more: ['--first-party', '--partner', slug] });
const exchange = (rp, token, audience, more, to = (...what) => post(s, ...what)) => to('/token', { grant_type: EXCHANGE, subject_token: token, subject_token_type: ACCESS, requested_token_type: ACCESS, audience, ...more }, { basic: rp });
/* As a client that is told to come again, and does. */
const patient = (...wish) => eventually(async () => {
  const answer = await exchange(...wish);
  return (answer.status !== 503 || answer.headers.get('retry-after') !== '1') && answer;
}, { what: 'an answer that is not to come again' });
const fresh = () => `u${randomBytes(4).toString('hex')}`;
const rows = (slug) => s.psql(`select k.* from auth.upstream_token k join auth.identity i on i.id = k.identity_id where i.partner = '${slug}'`);
const change = (slug, what) => s.psql(`update auth.upstream_token set ${what} where identity_id in (select id from auth.identity where partner = '${slug}')`);
const expire = (slug) => change(slug, "expires_at = now() - interval '1 second'");

/* A log-in that ends with tokens of a client of that partner. */
async function enter(rp, slug, agent = createAgent()) {
  const asked = await request(rp, { idp_hint: slug, scope: SCOPE });
  const page = await agent.open(asked.url, { until: atClient });
  assert.equal(page.status, 0, page.text.slice(0, 400));
  return (await redeem(rp, { ...asked, callback: page.url })).access_token;
}

/* A partner that numbers its tokens; tale.refresh says what becomes of a refresh. One for all tests that need no other, each with somebody new. */
let common;
async function numbered(settings) {
  if (!settings && common) {
    Object.assign(common.tale, { claims: { sub: fresh() }, n: 0, asked: [], refresh: undefined, tokens: undefined });
    await s.psql(`delete from auth.upstream_token where identity_id in (select id from auth.identity where partner = '${common.slug}')`);
    return common;
  }
  const tale = { claims: { sub: fresh() }, n: 0, asked: [] };
  tale.grant = async (body) => {
    if (body.get('grant_type') === 'refresh_token') {
      tale.asked.push(body.get('refresh_token'));
      const answer = await tale.refresh?.();
      if (answer) return answer;
    }
    tale.n += 1;
    return { access_token: `at-${tale.n}`, refresh_token: `rt-${tale.n}`, expires_in: 3600, scope: 'things.read', ...tale.tokens };
  };
  const { slug, issuer } = await made.liar(tale, { settings: { keep_tokens: true, ...settings } });
  const one = { tale, slug, issuer, rp: await clientOf(slug) };
  if (!settings) common = one;
  return one;
}

test('a partner that takes longer than the usual limit is waited for when it may take so long', async () => {
  const { tale, slug, rp } = await numbered();
  const { grant } = tale;
  tale.grant = async (body) => { await sleep(USUAL_LIMIT_MS + 1_000); return grant(body); };
  await enter(rp, slug);
  tale.grant = grant;
});

test('the operator’s private networks are for the issuers of partners, and for nothing that others name', async () => {
  const asked = [], inside = await made.listen((req, res) => { asked.push(req.url); res.end('{}'); });
  const { slug, rp } = await numbered({});
  await enter(rp, slug); /* its own origin works */

  const moved = await made.liar({ metadata: { token_endpoint: `${inside}/token` }, claims: { sub: fresh() } });
  const page = await createAgent().open((await request(await clientOf(moved.slug), { idp_hint: moved.slug })).url, { until: atClient });
  assert.deepEqual([page.status, page.url.pathname], [503, `/cb/${moved.slug}`], page.text.slice(0, 300));

  const client = await addClient(s, { method: 'private_key_jwt', clientAuth: oidc.None(), metadata: { jwks_uri: `${inside}/keys` } });
  const { privateKey } = await generateKeyPair('ES256');
  const client_assertion = await new SignJWT({ iss: client.id, sub: client.id, aud: s.env.issuer, jti: fresh() }).setProtectedHeader({ alg: 'ES256', kid: 'k' }).setIssuedAt().setExpirationTime('1m').sign(privateKey);
  const answer = await post(s, '/token', { grant_type: 'client_credentials', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion });
  assert.deepEqual([answer.status, answer.body.error, asked], [401, 'invalid_client', []]);
});

describe('oidc-provider with rotating refresh tokens', () => {
  test('its client exchanges its own token for a live one of the partner, refreshed once for twelve who ask at the same moment', async () => {
    const refreshed = [];
    const { slug, issuer, provider } = await made.provider({ settings: { keep_tokens: true }, client: { grant_types: ['authorization_code', 'refresh_token'] }, issueRefreshToken: () => true, rotateRefreshToken: true });
    provider.on('grant.success', (ctx) => ctx.oidc.params.grant_type === 'refresh_token' && refreshed.push(ctx.oidc.params.refresh_token));
    const rp = await clientOf(slug);
    const tokens = await redeem(rp, await logInAt(createAgent(), rp, slug, 'ada', { scope: SCOPE }));
    const first = await exchange(rp, tokens.access_token, issuer);
    assert.equal(first.status, 200, JSON.stringify(first.body));
    assert.equal(first.body.issued_token_type, ACCESS);
    assert.equal(first.body.token_type, 'Bearer');
    assert.ok(first.body.expires_in > 0);
    const me = async (token) => (await fetch(`${issuer}/me`, { headers: { authorization: `Bearer ${token}` } })).json();
    assert.equal((await me(first.body.access_token)).sub, 'ada');
    assert.equal((await exchange(rp, tokens.access_token, issuer)).body.access_token, first.body.access_token, 'it lives');
    for (let round = 1; round <= 2; round += 1) {
      await expire(slug);
      const answers = await Promise.all(Array.from({ length: 12 }, () => patient(rp, tokens.access_token, issuer)));
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200], JSON.stringify(answers.map(({ body }) => body)));
      assert.equal(new Set(answers.map(({ body }) => body.access_token)).size, 1);
      assert.equal((await me(answers[0].body.access_token)).sub, 'ada');
      assert.equal(refreshed.length, round);
    }
    assert.notEqual(refreshed[0], refreshed[1], 'the second time with what the first one brought');
    assert.match(await operator(s, 'audit', 'list', '--since', '1h', '--action', 'upstream.token_given'), new RegExp(slug));
  });

  test('a partner that takes its refresh token back: the person has to log in again, and then it goes on', async () => {
    const { slug, issuer, provider } = await made.provider({ settings: { keep_tokens: true }, client: { grant_types: ['authorization_code', 'refresh_token'] }, issueRefreshToken: () => true });
    let grant;
    provider.on('grant.success', (ctx) => { grant = ctx.oidc.entities.Grant.jti; });
    const rp = await clientOf(slug);
    const agent = createAgent();
    const tokens = await redeem(rp, await logInAt(agent, rp, slug, 'ada', { scope: SCOPE }));
    await provider.RefreshToken.revokeByGrantId(grant);
    await expire(slug);
    const refused = await exchange(rp, tokens.access_token, issuer);
    assert.deepEqual([refused.status, refused.body.error], [400, 'login_required'], JSON.stringify(refused.body));
    assert.deepEqual(await rows(slug), []);
    assert.equal((await exchange(rp, tokens.access_token, issuer)).body.error, 'login_required');
    assert.match(await operator(s, 'audit', 'list', '--since', '1h', '--action', 'upstream.token_refused'), new RegExp(slug));
    const again = await redeem(rp, await logInAt(agent, rp, slug, 'ada', { scope: SCOPE, prompt: 'login' }));
    assert.equal((await exchange(rp, again.access_token, issuer)).status, 200);
  });
});

describe('two servers on one database', () => {
  let second, port, crash;

  /* By the name of the issuer, as a proxy in front of both would send it. */
  const there = (path, fields, { basic } = {}) => new Promise((resolve, reject) => {
    const rq = send({ host: '127.0.0.1', port, path, method: fields ? 'POST' : 'GET', headers: { host: new URL(s.env.issuer).host, ...(fields && { 'content-type': 'application/x-www-form-urlencoded' }), ...(basic && { authorization: `Basic ${Buffer.from(`${basic.id}:${basic.secret}`).toString('base64')}` }) } }, async (rs) => {
      let text = '';
      for await (const piece of rs) text += piece;
      resolve({ status: rs.statusCode, headers: new Headers(rs.headers), body: JSON.parse(text) });
    });
    rq.on('error', reject).end(fields && new URLSearchParams(fields).toString());
  });

  before(async () => {
    crash = join(s.data, `crash-${fresh()}`);
    port = await freePortBase();
    second = spawn(s.program('authsrv'), ['serve', '--config', s.config('authsrv')], { env: { ...process.env, STOA_CRASH_FILE: crash, AUTHSRV_PORT: String(port), AUTHSRV_ADMIN_PORT: '0' }, stdio: 'ignore' });
    await eventually(async () => second.exitCode !== null || (await there('/jwks.json')).status === 200, { what: 'the second server answers' });
    assert.equal(second.exitCode, null);
  });

  after(async () => {
    if (second.exitCode !== null || second.signalCode !== null) return;
    second.kill('SIGTERM');
    await new Promise((resolve) => { second.once('exit', resolve); });
  });

  test('sixteen ask both at the same moment: the partner is asked once, and all get what it gave', async () => {
    const { tale, slug, issuer, rp } = await numbered();
    const token = await enter(rp, slug);
    await expire(slug);
    tale.refresh = () => sleep(200); // long enough that all are there
    const answers = await Promise.all(Array.from({ length: 16 }, (_, i) => patient(rp, token, issuer, undefined, i % 2 ? there : undefined)));
    assert.deepEqual([...new Set(answers.map(({ status, body }) => `${status} ${body.access_token}`))], ['200 at-2']);
    assert.deepEqual(tale.asked, ['rt-1']);
  });

  test('killed between the partner’s answer and our commit, it is asked again when the claim is over, and nobody has to log in', async () => {
    const { tale, slug, issuer, rp } = await numbered();
    const token = await enter(rp, slug);
    await expire(slug);
    writeFileSync(crash, 'upstream.after_refresh');
    await assert.rejects(exchange(rp, token, issuer, undefined, there));
    assert.deepEqual(tale.asked, ['rt-1']);
    assert.equal((await s.psql(`select 1 from auth.upstream_token k join auth.identity i on i.id = k.identity_id where i.partner = '${slug}' and k.busy_until > now() - interval '10 minutes'`)).length, 1, 'it is claimed for a while');
    await change(slug, "busy_until = 'epoch'"); // its time is over
    assert.equal((await exchange(rp, token, issuer)).status, 200);
    assert.deepEqual(tale.asked, ['rt-1', 'rt-1']);
  });
});

describe('a refresh that goes wrong', () => {
  test('an outcome that nobody knows is held: the partner is not asked again, then with the same token, and nothing is lost', async () => {
    const { tale, slug, issuer, rp } = await numbered();
    const token = await enter(rp, slug);
    await expire(slug);
    tale.refresh = () => ({ status: 500, error: 'oops' });
    for (let i = 0; i < 2; i += 1) {
      const answer = await exchange(rp, token, issuer);
      assert.deepEqual([answer.status, answer.body.error, answer.headers.get('retry-after')], [503, 'temporarily_unavailable', '30'], JSON.stringify(answer.body));
      await change(slug, "busy_until = busy_until + interval '1 hour'"); // however slow this is
    }
    assert.deepEqual(tale.asked, ['rt-1']);
    await change(slug, "busy_until = 'epoch'"); // its time is over
    tale.refresh = undefined;
    const answer = await exchange(rp, token, issuer);
    assert.deepEqual([answer.status, answer.body.access_token, answer.body.scope], [200, 'at-2', 'things.read']);
    assert.deepEqual(tale.asked, ['rt-1', 'rt-1']);
  });

  test('an error that is not the person’s leaves the token, and the next one asks at once', async () => {
    const { tale, slug, issuer, rp } = await numbered();
    const token = await enter(rp, slug);
    await expire(slug);
    tale.refresh = () => ({ status: 401, error: 'invalid_client' });
    assert.equal((await exchange(rp, token, issuer)).status, 503);
    tale.refresh = undefined;
    assert.equal((await exchange(rp, token, issuer)).body.access_token, 'at-2');
  });

  test('a log-in during a refresh wins: what it brought is given', async () => {
    const { tale, slug, issuer, rp } = await numbered();
    const token = await enter(rp, slug);
    await expire(slug);
    tale.refresh = async () => { tale.refresh = undefined; await enter(rp, slug); };
    assert.equal((await patient(rp, token, issuer)).body.access_token, 'at-2', 'of the log-in; the refresh was at-3');
    assert.equal((await rows(slug)).length, 1);
  });

  test('without a refresh token an old access token ends it; one without an end lives on, and no end is claimed', async () => {
    const { tale, slug, issuer, rp } = await numbered();
    tale.tokens = { refresh_token: undefined };
    const token = await enter(rp, slug);
    assert.equal((await exchange(rp, token, issuer)).body.access_token, 'at-1');
    await expire(slug);
    assert.equal((await exchange(rp, token, issuer)).body.error, 'login_required');
    tale.tokens = { refresh_token: undefined, expires_in: undefined };
    const { body } = await exchange(rp, await enter(rp, slug), issuer);
    assert.deepEqual([body.access_token, 'expires_in' in body], ['at-2', false]);
  });

  test('a log-in that brings no refresh token leaves the one that is there', async () => {
    const { tale, slug, issuer, rp } = await numbered();
    await enter(rp, slug);
    tale.tokens = { refresh_token: undefined };
    const token = await enter(rp, slug);
    await expire(slug);
    assert.equal((await exchange(rp, token, issuer)).status, 200);
    assert.deepEqual(tale.asked, ['rt-1']);
  });
});

describe('who gets them, and when they are gone', () => {
  test('the partner’s own client, with the scope, for its own token; all others are refused by name', async () => {
    const { slug, issuer, rp } = await numbered();
    const token = await enter(rp, slug);
    const says = async (by, what, audience, more) => { const { status, body } = await exchange(by, what, audience, more); return `${status} ${body.error} ${body.error_description}`; };
    const [stranger, other, without] = [await addClient(s, { grants: `authorization_code,${EXCHANGE}`, scope: SCOPE, more: ['--first-party'] }), await clientOf(slug), await clientOf(slug, 'openid profile email')];
    assert.match(await says(stranger, await enter(stranger, slug), issuer), /400 invalid_target/);
    assert.match(await says(other, token, issuer), /400 unauthorized_client/);
    assert.match(await says(without, await enter(without, slug), issuer), /400 invalid_grant .*partner_token/);
    assert.match(await says(rp, token, issuer, { scope: 'things.read' }), /400 invalid_scope scope/);
    assert.match(await says(rp, token, issuer, { actor_token: token, actor_token_type: ACCESS }), /400 invalid_request actor_token/);
    assert.equal((await exchange(rp, token, undefined, { audience: '', resource: issuer })).status, 200, 'by resource');
    const [kept] = await rows(slug);
    assert.doesNotMatch(JSON.stringify(kept), /at-1|rt-1/);
    assert.doesNotMatch(Buffer.from(String(kept.access_sealed).replace('\\x', ''), 'hex').toString('latin1'), /at-/);
  });

  test('not unless the operator wants it; when he no longer does, they are gone at once', async () => {
    const { slug, issuer, rp } = await numbered({ keep_tokens: false });
    const token = await enter(rp, slug);
    assert.deepEqual(await rows(slug), []);
    assert.equal((await exchange(rp, token, issuer)).body.error, 'invalid_target');
    await made.settle(slug, { keep_tokens: true });
    assert.equal((await exchange(rp, token, issuer)).body.error, 'login_required', 'there is none yet');
    await enter(rp, slug);
    assert.equal((await rows(slug)).length, 1);
    await made.settle(slug, {});
    assert.deepEqual(await rows(slug), []);
    await assert.rejects(made.add('https://odd.example', { settings: { keep_tokens: 'yes' } }), /keep_tokens: true or false/);
  });

  test('the account page says so; unlinking, disabling and deleting end them', async () => {
    const { tale, slug, rp } = await numbered();
    const agent = createAgent();
    await enter(rp, slug, agent);
    const page = await agent.open(new URL('/account/partners', s.env.issuer));
    assert.match(page.text, /We keep access to your account there/);
    const idOf = async () => (await s.psql(`select user_id from auth.identity where partner = '${slug}' order by linked_at desc limit 1`))[0].user_id;
    await operator(s, 'users', 'disable', await idOf());
    assert.deepEqual(await rows(slug), []);
    tale.claims.sub = fresh();
    await enter(rp, slug);
    assert.equal((await rows(slug)).length, 1);
    await s.psql(`delete from auth.identity where user_id = '${await idOf()}'`); // what unlinking and deleting do
    assert.deepEqual(await rows(slug), []);
  });

  test('they wait with an identity whose account is not decided yet, sealed, and are kept with it', async () => {
    const user = await addUser(s);
    const { tale, slug, issuer, rp } = await numbered();
    Object.assign(tale.claims, { email: user.email, email_verified: true });
    const agent = createAgent();
    const asked = await request(rp, { idp_hint: slug, scope: SCOPE });
    const page = await agent.open(asked.url, { until: atClient });
    assert.equal(page.url.pathname, '/link');
    assert.deepEqual(await rows(slug), []);
    const done = await agent.submit(page, {}, { button: 'separate', until: atClient });
    const { access_token: token } = await redeem(rp, { ...asked, callback: done.url });
    assert.equal((await exchange(rp, token, issuer)).body.access_token, 'at-1');
  });
});
