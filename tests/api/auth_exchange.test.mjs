/* Token exchange (RFC 8693) through openid-client: IDENTITY E 75. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { addClient, addUser, operator, post, sound, tokensFor } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { partners } from '../support/upstream.mjs';

const GRANT = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS = 'urn:ietf:params:oauth:token-type:access_token';
const ID = 'urn:ietf:params:oauth:token-type:id_token';
const API = 'https://exchange.example';
const SCOPE = 'openid email pay.exchange';
let s, app, service, api, stranger, user;
const made = partners(() => s);

const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
const exchange = (rp, token, more = {}) => oidc.genericGrantRequest(rp.config, GRANT, { subject_token: token, subject_token_type: ACCESS, ...more });
const refused = (error) => (thrown) => { assert.equal(thrown.error, error, thrown.error_description ?? String(thrown)); return true; };
const isActive = async (rp, token) => (await oidc.tokenIntrospection(rp.config, token)).active;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  await operator(s, 'resources', 'add', API, '--scopes', 'pay.exchange', '--if-missing');
  const grants = `${GRANT},client_credentials`;
  [app, service, api, stranger, user] = await Promise.all([
    addClient(s, { grants: `authorization_code,refresh_token,${GRANT}`, scope: `${SCOPE} offline_access` }),
    addClient(s, { grants, redirect: [], scope: `${SCOPE} phone` }),
    addClient(s, { grants, redirect: [], scope: SCOPE, more: ['--resource-server', API] }),
    addClient(s, { grants, redirect: [], scope: SCOPE }),
    addUser(s),
  ]);
  await operator(s, 'exchange', 'allow', service.id, '--tokens-of', app.id, '--scopes', 'openid email pay.exchange');
});

after(async () => {
  await made.close();
  await sound(s);
  await s.stop();
});

const subject = async (scope = SCOPE) => (await tokensFor(app, user, { scope })).tokens;

test('the operator sees who may, and takes it back', async () => {
  assert.match(await operator(s, 'exchange', 'list'), new RegExp(`${service.id}\t${app.id}\topenid email pay.exchange`));
  const other = await addClient(s, { grants: GRANT, redirect: [] });
  await operator(s, 'exchange', 'allow', other.id, '--tokens-of', stranger.id, '--scopes', 'openid');
  await operator(s, 'exchange', 'deny', other.id, '--tokens-of', stranger.id);
  assert.equal((await s.operator('authsrv', 'exchange', 'deny', other.id, '--tokens-of', stranger.id)).code, 1);
  assert.equal((await s.operator('authsrv', 'exchange', 'allow', 'nobody', '--tokens-of', app.id, '--scopes', 'openid')).code, 2);
});

test('by rule: impersonation keeps user and audience, narrows scope, and lives no longer', async () => {
  const tokens = await subject();
  const told = claimsOf(tokens.access_token);
  assert.deepEqual(told.may_act, { sub: service.id });
  const answer = await exchange(service, tokens.access_token, { scope: 'openid email', requested_token_type: ACCESS });
  assert.equal(answer.issued_token_type, ACCESS);
  assert.equal(answer.refresh_token, undefined);
  assert.equal(answer.id_token, undefined);
  const claims = claimsOf(answer.access_token);
  assert.equal(claims.sub, told.sub);
  assert.equal(claims.client_id, service.id);
  assert.equal(claims.aud, API);
  assert.equal(claims.scope, 'openid email');
  assert.equal(claims.act, undefined);
  assert.ok(claims.exp <= told.exp && answer.expires_in > 0);
  assert.equal((await oidc.fetchUserInfo(service.config, answer.access_token, claims.sub)).email, user.email);
  const [row] = await s.psql(`select actor, object, detail from auth.audit where action = 'token.exchanged' and actor = '${service.id}' order by id desc limit 1`);
  assert.equal(row.object, told.sub);
  assert.match(row.detail, new RegExp(app.id));
});

test('delegation names the actors, innermost first to act, and stops at four', async () => {
  const actor = (await oidc.clientCredentialsGrant(service.config, { scope: 'pay.exchange' })).access_token;
  let token = (await subject()).access_token;
  for (let depth = 1; depth <= 4; depth += 1) {
    token = (await exchange(service, token, { actor_token: actor, actor_token_type: ACCESS })).access_token;
    let act = claimsOf(token).act, n = 0;
    for (; act; act = act.act, n += 1) assert.equal(act.sub, service.id);
    assert.equal(n, depth);
  }
  assert.ok((await oidc.tokenIntrospection(api.config, token)).act.act);
  await assert.rejects(exchange(service, token, { actor_token: actor, actor_token_type: ACCESS }), refused('invalid_request'));
  assert.equal(claimsOf((await exchange(service, token)).access_token).act.sub, service.id, 'history is not shed');
});

test('an actor token is the asking client’s own', async () => {
  const foreign = (await oidc.clientCredentialsGrant(stranger.config, { scope: 'pay.exchange' })).access_token;
  const { access_token: token } = await subject();
  await assert.rejects(exchange(service, token, { actor_token: foreign, actor_token_type: ACCESS }), refused('invalid_grant'));
  await assert.rejects(exchange(service, token, { actor_token: foreign }), refused('invalid_request'));
  await assert.rejects(exchange(service, token, { actor_token_type: ACCESS }), refused('invalid_request'));
});

test('the resource server of a token may exchange it, but gets no money scope; a named other party may act instead of it', async () => {
  const { access_token: token } = await subject();
  await assert.rejects(exchange(api, token), refused('invalid_grant'), 'may_act names the service');
  const plain = await addClient(s, { grants: 'authorization_code', scope: SCOPE });
  const { tokens } = await tokensFor(plain, user, { scope: SCOPE });
  assert.equal(claimsOf(tokens.access_token).may_act, undefined);
  const answer = await exchange(api, tokens.access_token);
  assert.equal(claimsOf(answer.access_token).scope, 'openid email');
  await assert.rejects(exchange(api, tokens.access_token, { scope: 'pay.exchange' }), refused('invalid_scope'));
});

test('one’s own token can be narrowed; an ID token stands for its grant', async () => {
  const tokens = await subject();
  const own = await exchange(app, tokens.access_token, { scope: 'pay.exchange' });
  assert.equal(claimsOf(own.access_token).scope, 'pay.exchange');
  const byId = await exchange(service, tokens.id_token, { subject_token_type: ID, scope: 'email' });
  assert.equal(claimsOf(byId.access_token).sub, tokens.claims().sub);
  assert.ok(claimsOf(byId.access_token).exp <= tokens.claims().exp);
  await assert.rejects(exchange(service, tokens.id_token), refused('invalid_grant'), 'an ID token as access token');
  await assert.rejects(exchange(service, tokens.access_token, { subject_token_type: ID }), refused('invalid_grant'), 'an access token as ID token');
});

test('revoking the subject token, or its grant, ends what was made from it', async () => {
  const tokens = await subject();
  const first = await exchange(service, tokens.access_token);
  const second = await exchange(service, first.access_token, { scope: 'email' });
  const other = await exchange(service, tokens.id_token, { subject_token_type: ID });
  for (const one of [first, second, other]) assert.equal(await isActive(service, one.access_token), true);
  await oidc.tokenRevocation(app.config, tokens.access_token);
  for (const one of [first, second]) assert.equal(await isActive(service, one.access_token), false);
  assert.equal(await isActive(service, other.access_token), true, 'the grant is still there');
  await assert.rejects(exchange(service, first.access_token), refused('invalid_grant'));
  await oidc.tokenRevocation(app.config, tokens.refresh_token);
  assert.equal(await isActive(service, other.access_token), false);
  await assert.rejects(exchange(service, tokens.id_token, { subject_token_type: ID }), refused('invalid_grant'));
});

test('each client revokes its own', async () => {
  const tokens = await subject();
  const made = await exchange(service, tokens.access_token);
  await oidc.tokenRevocation(app.config, made.access_token);
  assert.equal(await isActive(service, made.access_token), true);
  await oidc.tokenRevocation(service.config, made.access_token);
  assert.equal(await isActive(service, made.access_token), false);
  assert.equal(await isActive(app, tokens.access_token), true);
});

test('what the clients of a partner hold ends when it is removed: their own tokens, people’s, and what was or is to be made of them', async () => {
  const { slug } = await made.liar();
  const rp = await addClient(s, { grants: 'authorization_code,client_credentials', scope: SCOPE, more: ['--partner', slug] });
  await operator(s, 'exchange', 'allow', service.id, '--tokens-of', rp.id, '--scopes', 'openid email pay.exchange');
  const { tokens } = await tokensFor(rp, user, { scope: SCOPE });
  const byId = { subject_token_type: ID, scope: 'pay.exchange' };
  const held = {
    own: (await oidc.clientCredentialsGrant(rp.config, { scope: 'pay.exchange' })).access_token,
    person: tokens.access_token,
    exchanged: (await exchange(service, tokens.access_token)).access_token,
    again: (await exchange(service, (await exchange(service, tokens.id_token, byId)).access_token)).access_token,
  };
  const active = async () => Object.fromEntries(await Promise.all(Object.entries(held).map(async ([name, token]) => [name, await isActive(api, token)])));
  assert.deepEqual(await active(), { own: true, person: true, exchanged: true, again: true });
  await operator(s, 'partners', 'remove', slug);
  assert.deepEqual(await active(), { own: false, person: false, exchanged: false, again: false });
  await assert.rejects(exchange(service, tokens.access_token), refused('invalid_grant'));
  await assert.rejects(exchange(service, tokens.id_token, byId), refused('invalid_grant'));
});

test('what is refused', async () => {
  const { access_token: token } = await subject();
  const machine = (await oidc.clientCredentialsGrant(service.config, { scope: 'pay.exchange' })).access_token;
  await assert.rejects(exchange(stranger, token), refused('unauthorized_client'));
  await assert.rejects(exchange(service, token, { scope: 'openid phone' }), refused('invalid_scope'), 'more than the subject has');
  await assert.rejects(exchange(service, token, { resource: s.env.issuer }), refused('invalid_target'), 'another audience');
  await assert.rejects(exchange(service, token, { audience: 'https://b.example', resource: API }), refused('invalid_target'));
  await assert.rejects(exchange(service, machine), refused('invalid_grant'), 'a client’s own token');
  await assert.rejects(exchange(service, 'x.y.z'), refused('invalid_grant'));
  await assert.rejects(exchange(service, token, { subject_token_type: 'urn:ietf:params:oauth:token-type:saml2' }), refused('invalid_request'));
  await assert.rejects(exchange(service, token, { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' }), refused('invalid_request'));
  const codeOnly = await addClient(s);
  assert.equal((await post(s, '/token', { grant_type: GRANT, subject_token: token, subject_token_type: ACCESS }, { basic: codeOnly })).body.error, 'unauthorized_client');
  const { code, stderr } = await s.operator('authsrv', 'clients', 'add', '--id', 'public-exchange', '--name', 'X', '--grants', GRANT, '--auth-method', 'none');
  assert.equal(code, 2);
  assert.match(stderr, /grant_types .*authenticate/);
});
