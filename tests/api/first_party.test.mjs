/*
 * OAuth 2.0 for First-Party Applications: people prove themselves inside an application with a mailed code (PRODUCT.md A7, IDENTITY.md 96,
 * 130). What somebody could do with these codes who should not is in attack_first_party.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { adminOf } from '../support/admin.mjs';
import { address, begin, begun, challenge, firstParty, joined, linkIn, redeemCode, untilChallenge } from '../support/first_party.mjs';
import { addClient, addUser, authorize, operator, post, REDIRECT, request, sound } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, rp, other;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  rp = await firstParty(s);
  other = await firstParty(s, 'sign_in');
});

after(async () => {
  await sound(s);
  await s.stop();
});

const refused = ({ status, body }, error, say = /(?:)/) => {
  assert.deepEqual([status, body.error], [error === 'invalid_client' ? 401 : 400, error], JSON.stringify(body));
  assert.match(body.error_description ?? '', say);
};
const idOf = async (email) => (await s.psql(`select id from auth.users where login = '${email}'`))[0]?.id;
const later31 = (to) => s.psql(`update auth.mail_challenge set sent_at = sent_at - interval '31 seconds' where address = '${to}'`);
const auditOf = (object) => s.psql(`select actor, action, detail from auth.audit where object = '${object}' order by id`);

test('a new person joins inside the application: code by mail, authorization code, tokens by openid-client', async () => {
  const to = address();
  const asked = await begun(s, rp, to);
  refused(asked, 'insufficient_authorization');
  assert.deepEqual(Object.keys(asked.body), ['error', 'error_description', 'auth_session', 'challenge', 'attempts_left', 'code_expires_in', 'resend_after']);
  assert.equal(asked.mail.subject, `Your e-mail address at Test ${rp.id}`);
  assert.match(asked.mail.text, new RegExp(`open an account with this address, to use it at Test ${rp.id} \\(${new URL(REDIRECT).origin}\\)`));
  assert.equal(await idOf(to), undefined, 'no account before the proof');
  const answer = await challenge(s, rp, { auth_session: asked.auth_session, otp: `${asked.code.slice(0, 4)} ${asked.code.slice(4)}` });
  assert.deepEqual([answer.status, Object.keys(answer.body)], [200, ['authorization_code']], JSON.stringify(answer.body));
  assert.match(answer.headers.get('cache-control'), /no-store/);
  const tokens = await redeemCode(s, rp, answer.body.authorization_code, asked);
  const claims = tokens.claims();
  assert.deepEqual([claims.sub, claims.amr, claims.acr], [await idOf(to), ['otp'], 'urn:stoa:acr:1fa']);
  const { email, email_verified } = await oidc.fetchUserInfo(rp.config, tokens.access_token, claims.sub);
  assert.deepEqual([email, email_verified], [to, true]);
  assert.deepEqual((await auditOf(claims.sub)).map(({ actor, action, detail }) => [actor, action, detail]), [[rp.id, 'account.created', 'challenge']]);
});

test('who has an account already signs in to it, by any application that may', async () => {
  const to = address();
  const first = await joined(s, rp, to);
  const again = await joined(s, other, to);
  assert.match(again.mail.text, /sign in to your account with this address/);
  assert.equal(again.tokens.claims().sub, first.tokens.claims().sub);
  const local = await addUser(s);
  assert.equal((await joined(s, other, local.email.replace('u-', 'U-'))).tokens.claims().sub, await idOf(local.email));
});

test('an account that was made with a code gets a password by the way for forgotten ones', async () => {
  const to = address();
  await joined(s, rp, to);
  const agent = createAgent();
  const page = await agent.open(new URL('/recover', s.env.issuer));
  const typed = await agent.submit(page, { email: to }, { button: 'Mail me a code' });
  const mail = await s.mail(to, /new password/);
  const password = 'four quiet herons walking';
  const done = await agent.submit(typed, { code: /^ {4}(\d{8})$/m.exec(mail.text)[1], password });
  assert.match(done.text, /Your password is changed/);
  await authorize(await addClient(s), { email: to, password });
});

test('only clients that the operator allowed it to, and that authenticate', async () => {
  const to = address();
  refused(await begin(s, await addClient(s), to), 'unauthorized_client');
  const open = await addClient(s, { method: 'none', grants: 'authorization_code,refresh_token' });
  refused(await post(s, '/authorization_challenge', { client_id: open.id, login_hint: to, scope: 'openid' }), 'unauthorized_client');
  const marked = await s.operator('authsrv', 'clients', 'challenge', open.id, 'register');
  assert.equal(marked.code, 1);
  assert.match(marked.stderr, /authenticates/);
  refused(await begin(s, { id: rp.id, secret: 'guessed' }, to), 'invalid_client');
  const ended = await firstParty(s);
  await operator(s, 'clients', 'challenge', ended.id, 'off');
  await untilChallenge(s, ended, false);
});

test('the operator says it by the API as well, a partner\'s administration does not', async () => {
  const admin = await adminOf(s);
  const client = await addClient(s);
  const path = `/admin/v1/clients/${client.id}`;
  const { etag, body } = await admin('GET', path);
  assert.equal(body.challenge, 'off');
  assert.equal((await admin('PATCH', path, { challenge: 'always' }, { ifMatch: etag })).body.param, 'challenge');
  const changed = await admin('PATCH', path, { challenge: 'sign_in' }, { ifMatch: etag });
  assert.deepEqual([changed.status, changed.body.challenge], [200, 'sign_in'], JSON.stringify(changed.body));
  assert.deepEqual((await auditOf(client.id)).at(-1), { actor: admin.rp.id, action: 'client.challenge', detail: 'sign_in' });
  const slug = `p-${client.id}`;
  await admin('POST', '/admin/v1/partners', { slug, name: slug, issuer: `https://${slug}.example`, client_id: 'stoa' });
  const partner = await adminOf(s, 'auth.admin.clients', ['--partner', slug]);
  const own = await addClient(s, { more: ['--partner', slug] });
  const seen = await partner('GET', `/admin/v1/clients/${own.id}`);
  const tried = await partner('PATCH', `/admin/v1/clients/${own.id}`, { challenge: 'register' }, { ifMatch: seen.etag });
  assert.deepEqual([tried.status, tried.body.code, tried.body.param], [403, 'forbidden_tenant', 'challenge']);
});

test('the metadata names the endpoint', () => {
  assert.equal(rp.config.serverMetadata().authorization_challenge_endpoint, `${s.env.issuer}/authorization_challenge`);
});

test('mistakes of the request are told as those of an authorization request', async () => {
  const to = address();
  refused(await begin(s, rp, to, { code_challenge: undefined, code_challenge_method: undefined }), 'invalid_request', /code_challenge is required/);
  refused(await begin(s, rp, to, { code_challenge_method: 'plain' }), 'invalid_request', /S256/);
  refused(await begin(s, rp, to, { scope: 'pay.unknown' }), 'invalid_scope');
  refused(await begin(s, rp, to, { resource: 'https://nobody.example' }), 'invalid_target');
  refused(await begin(s, rp, to, { redirect_uri: 'https://evil.example/cb' }), 'invalid_request', /not registered/);
  refused(await begin(s, rp, to, { authorization_details: '[{"type":"unknown"}]' }), 'invalid_authorization_details');
  refused(await begin(s, rp, to, { request_uri: 'urn:ietf:params:oauth:request_uri:x' }), 'invalid_request', /request_uri/);
  refused(await begin(s, rp, undefined), 'invalid_request', /login_hint/);
  refused(await begin(s, rp, 'nobody'), 'invalid_request', /e-mail address/);
  refused(await challenge(s, rp, { auth_session: 'as_unknown', otp: '12345678' }), 'invalid_session');
  refused(await challenge(s, rp, { auth_session: 'as_unknown' }), 'invalid_request', /otp/);
  await begun(s, rp, address()); /* a later mail has come */
  assert.equal((await s.mails(to)).length, 0);
});

test('what a page of ours must show goes to the web with a pushed request', async () => {
  const user = await addUser(s);
  for (const more of [{ prompt: 'consent' }, { claims: '{"id_token":{"acr":{"essential":true,"values":["urn:stoa:acr:2fa"]}}}' }, { idp_hint: 'inkwell' }]) {
    const asked = await begin(s, rp, user.email, more);
    refused(asked, 'redirect_to_web');
    assert.match(asked.body.request_uri, /^urn:ietf:params:oauth:request_uri:/);
    assert.ok(asked.body.expires_in > 0);
  }
  const asked = await begin(s, rp, user.email, { prompt: 'consent', state: 'kept' });
  const url = oidc.buildAuthorizationUrl(rp.config, { request_uri: asked.body.request_uri });
  const agent = createAgent();
  const until = (to) => to.href.startsWith(REDIRECT);
  const login = await agent.open(url, { until });
  const consent = await agent.submit(login, user, { button: 'Sign in', until });
  const back = await agent.submit(consent, {}, { button: 'Allow', until });
  assert.equal(back.url.searchParams.get('state'), 'kept');
  const tokens = await oidc.authorizationCodeGrant(rp.config, back.url, { pkceCodeVerifier: asked.verifier, expectedNonce: asked.nonce, expectedState: 'kept' });
  assert.equal(tokens.claims().sub, await idOf(user.email));
  assert.equal((await s.mails(user.email)).filter((mail) => /Your e-mail address at/.test(mail.subject)).length, 0);
});

test('scopes of APIs are allowed on the consent page, but for applications without one', async () => {
  const api = `https://api-${rp.id}.example`;
  const own = `scope-${rp.id}`;
  await operator(s, 'resources', 'add', api, '--scopes', own);
  const third = await firstParty(s, 'register', { scope: `openid ${own}` });
  refused(await begin(s, third, address(), { scope: `openid ${own}` }), 'redirect_to_web', /consent page/);
  const first = await firstParty(s, 'register', { scope: `openid ${own}`, more: ['--first-party'] });
  const { tokens } = await joined(s, first, address(), { scope: `openid ${own}`, resource: api });
  assert.equal(tokens.scope, `openid ${own}`);
});

test('accounts with a second factor, and those of operators, need more than a mailed code', async () => {
  for (const kind of ['second', 'operator']) {
    const user = await addUser(s, kind === 'operator' ? ['--role', 'operator'] : []);
    if (kind === 'second') await s.psql(`insert into auth.totp (user_id, secret_sealed, tried_from, created_at, confirmed_at) values ('${await idOf(user.email)}', 'x', now(), now(), now())`);
    const { auth_session, code } = await begun(s, rp, user.email);
    const answer = await challenge(s, rp, { auth_session, otp: code });
    refused(answer, 'redirect_to_web', /must log in/);
    refused(await challenge(s, rp, { auth_session, otp: code }), 'invalid_session');
  }
});

test('another code can be had after a pause, three at most, and the one before is dead', async () => {
  const to = address();
  const { auth_session, code, mail } = await begun(s, rp, to);
  await s.psql(`update auth.mail_challenge set sent_at = now() where address = '${to}'`); /* the mail may have taken long */
  const early = await challenge(s, rp, { auth_session, resend: 'true' });
  assert.equal(early.status, 429);
  assert.ok(Number(early.headers.get('retry-after')) <= 30);
  await later31(to);
  const again = await challenge(s, rp, { auth_session, resend: 'true' });
  assert.equal(again.body.auth_session, auth_session);
  const second = await s.mail(to, /Your e-mail address at/, { after: mail.id });
  refused(await challenge(s, rp, { auth_session, otp: code }), 'insufficient_authorization', /wrong/);
  await later31(to);
  assert.equal((await challenge(s, rp, { auth_session, resend: 'true' })).body.error, 'insufficient_authorization');
  await later31(to);
  assert.equal((await challenge(s, rp, { auth_session, resend: 'true' })).status, 429, 'the fourth');
  const third = await s.mail(to, /Your e-mail address at/, { after: second.id });
  assert.equal((await challenge(s, rp, { auth_session, otp: /^ {4}(\d{8})$/m.exec(third.text)[1] })).status, 200);
});

test('an address gets six mails an hour, from all applications together', async () => {
  const to = address();
  await begin(s, rp, to);
  await s.psql(`update auth.mail_challenge set sends = 5, sent_at = sent_at - interval '31 seconds' where address = '${to}'`);
  assert.equal((await begin(s, other, to)).body.error, 'insufficient_authorization', 'the sixth');
  await later31(to);
  const more = await begin(s, rp, to);
  assert.equal(more.status, 429);
  assert.ok(Number(more.headers.get('retry-after')) > 0);
  await s.psql(`update auth.mail_challenge set sent_at = sent_at - interval '61 minutes' where address = '${to}'`);
  assert.equal((await begin(s, rp, to)).body.error, 'insufficient_authorization');
});

test('"this was not me" kills the code with a button, and asks nobody to log in', async () => {
  const user = await addUser(s);
  const { auth_session, code, mail } = await begun(s, rp, user.email);
  const agent = createAgent();
  const page = await agent.open(linkIn(mail));
  assert.match(page.text, /Was it not you\?/);
  const wrongKey = linkIn(mail);
  wrongKey.searchParams.set('key', 'AAAAAAAAAAAAAAAAAAAAAA');
  assert.equal((await agent.open(wrongKey)).status, 400);
  const done = await agent.submit(page, {}, { button: 'It was not me' });
  assert.match(done.text, /The code is dead/);
  refused(await challenge(s, rp, { auth_session, otp: code }), 'invalid_session');
  const [entry] = (await s.psql(`select actor, object, detail from auth.audit where action = 'challenge.disowned' and actor = '${await idOf(user.email)}'`));
  assert.equal(entry.detail, rp.id);
  assert.match((await agent.open(linkIn(mail))).text, /The code is dead/, 'whoever stopped it reads so again');
  const used = await joined(s, rp, address());
  assert.match((await agent.open(linkIn(used.mail))).text, /Nothing is left to stop/);
  await later31(user.email);
  assert.equal((await begin(s, rp, user.email)).status, 429, 'no other code for this application');
  const metrics = await (await fetch(`http://127.0.0.1:${s.env.admin_ports.authsrv}/metrics`)).text();
  assert.match(metrics, /stoa_challenges_total\{event="disowned"\} [1-9]/);
});

test('with DPoP the session and the code belong to the key of the first request', async () => {
  const client = rp;
  const to = address();
  const verifier = oidc.randomPKCECodeVerifier();
  const [mine, theirs] = [await prover(), await prover()];
  const fields = { login_hint: to, scope: 'openid email', code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
  const url = `${s.env.issuer}/authorization_challenge`;
  const asked = await challenge(s, client, fields, { headers: { dpop: await mine(url) } });
  refused(asked, 'insufficient_authorization');
  const { auth_session } = asked.body;
  const otp = /^ {4}(\d{8})$/m.exec((await s.mail(to, new RegExp(client.id))).text)[1];
  refused(await challenge(s, client, { auth_session, otp }), 'invalid_session');
  refused(await challenge(s, client, { auth_session, otp }, { headers: { dpop: await theirs(url) } }), 'invalid_session');
  const { body } = await challenge(s, client, { auth_session, otp }, { headers: { dpop: await mine(url) } });
  const token = { grant_type: 'authorization_code', code: body.authorization_code, code_verifier: verifier };
  const answer = await post(s, '/token', token, { basic: client, headers: { dpop: await mine(`${s.env.issuer}/token`) } });
  assert.deepEqual([answer.status, answer.body.token_type], [200, 'DPoP'], JSON.stringify(answer.body));
});

/* The proofs of one key (RFC 9449). */
async function prover() {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const jwk = await exportJWK(publicKey);
  return (htu) => new SignJWT({ htm: 'POST', htu, jti: randomUUID() }).setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk }).setIssuedAt().sign(privateKey);
}

test('pages speak the language of ui_locales, else of the person, else of the browser; mails that of the person, else of the request', async () => {
  const german = createAgent({ headers: { 'accept-language': 'sv, de-DE;q=0.9, en;q=0.1' } });
  const page = async (agent, more) => agent.open((await request(rp, more)).url);
  const spoken = ({ text }) => /<html lang="([^"]+)" dir="([^"]+)">/.exec(text).slice(1).join(' ');
  assert.equal(spoken(await page(createAgent())), 'en ltr');
  assert.equal(spoken(await page(german)), 'de ltr');
  const arabic = await page(german, { ui_locales: 'sv ar-EG en' });
  assert.equal(spoken(arabic), 'ar rtl');
  assert.equal(spoken(await german.submit(arabic, { email: address(), password: 'wrong' })), 'ar rtl', 'through the whole flow');
  assert.equal(spoken(await page(german, { ui_locales: 'x' })), 'de ltr', 'never an error');

  const user = await addUser(s);
  await s.psql(`update auth.users set profile = profile || '{"locale": "ja-JP"}' where login = '${user.email}'`);
  await german.submit(await page(german), user);
  assert.equal(spoken(await german.open(new URL('/account', s.env.issuer))), 'ja ltr');
  assert.equal(spoken(await page(german, { ui_locales: 'pl', prompt: 'login' })), 'pl ltr');

  const stranger = await begun(s, rp, address(), { ui_locales: 'de' });
  assert.equal(stranger.mail.subject, `Ihre E-Mail-Adresse bei Test ${rp.id}`);
  assert.match(stranger.mail.text, /Ihnen|Geben Sie ihn nur bei/);
  const known = await begun(s, rp, user.email, { ui_locales: 'de' });
  assert.equal(known.mail.subject, `Test ${rp.id} でのあなたのメールアドレス`);
  for (const { mail, code } of [stranger, known]) assert.ok(code && !mail.subject.includes(code));
  const other = await addUser(s);
  const before = (await s.mails(other.email)).at(-1)?.id;
  const browser = createAgent({ headers: { 'accept-language': 'tr' } });
  await browser.submit(await browser.open(new URL('/recover', s.env.issuer)), { email: other.email });
  await s.mail(other.email, /parola/, { after: before });
});
