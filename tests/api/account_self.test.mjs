/* What people see and end of their own: sessions, applications, activity, export, deletion. SURFACES.md L14, IDENTITY.md L 110, SECURITY.md F 142. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { addClient, addUser, authorize, post, sound, tokensFor } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';

let s, rp;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  rp = await addClient(s);
});

after(async () => {
  await sound(s);
  await s.stop();
});

const at = (path) => new URL(path, s.env.issuer);
async function ownPage(agent, user, path) {
  const page = await agent.open(at(path));
  return page.url.pathname === '/login' ? agent.submit(page, user, { button: 'Sign in' }) : page;
}
/* Presses the button of the form that holds this id. */
async function press(agent, page, path, id) {
  const csrf = /name="csrf" value="([^"]*)"/.exec(page.text)[1];
  return agent.open(at(path), { method: 'POST', body: new URLSearchParams({ csrf, id }).toString(), from: page.url });
}
const sids = (page) => [...page.text.matchAll(/name="id" value="(sid_[^"]*)"/g)].map(([, id]) => id);

test('a person sees all sessions and ends another one; somebody else’s cannot be ended', async () => {
  const user = await addUser(s);
  const [here, there] = [createAgent(), createAgent()];
  await ownPage(there, user, '/account');
  const page = await ownPage(here, user, '/account/access');
  assert.equal(sids(page).length, 2);
  const mine = /name="id" value="(sid_[^"]*)"/.exec(page.text.slice(page.text.indexOf('>here<')))[1];
  const other = sids(page).find((id) => id !== mine);
  const stranger = createAgent();
  const foreign = await ownPage(stranger, await addUser(s), '/account/access');
  await press(stranger, foreign, '/account/sessions/end', other);
  assert.equal((await there.open(at('/account'))).url.pathname, '/account', 'not by a stranger');
  const left = await press(here, page, '/account/sessions/end', other);
  assert.deepEqual(sids(left), [mine]);
  assert.equal((await there.open(at('/account'))).url.pathname, '/login');
  assert.equal((await here.open(at('/account'))).url.pathname, '/account');
});

test('what an application was allowed is withdrawn, and its tokens end at once', async () => {
  const user = await addUser(s);
  const { agent, tokens } = await tokensFor(rp, user);
  const page = await ownPage(agent, user, '/account/access');
  assert.ok(page.text.includes(`value="${rp.id}"`));
  const left = await press(agent, page, '/account/apps/end', rp.id);
  assert.ok(!left.text.includes(`value="${rp.id}"`));
  assert.deepEqual(await oidc.tokenIntrospection(rp.config, tokens.access_token), { active: false });
  await assert.rejects(oidc.refreshTokenGrant(rp.config, tokens.refresh_token), (error) => error.error === 'invalid_grant');
  const again = await authorize(rp, user, { agent, prompt: 'none' });
  assert.equal(again.callback.searchParams.get('error'), 'consent_required');
});

test('everything that is kept comes as one document, and what happened is shown', async () => {
  const user = await addUser(s);
  const { agent } = await tokensFor(rp, user);
  const page = await ownPage(agent, user, '/account/data');
  assert.match(page.text, /Signed in/);
  assert.match(page.text, /You allowed something to an app/);
  const answer = await agent.open(at('/account/export'));
  assert.match(answer.headers.get('content-disposition'), /attachment/);
  const document = JSON.parse(answer.text);
  assert.equal(document.email, user.email);
  assert.equal(document.sign_in.password, true);
  assert.equal(document.sessions.length, 1);
  assert.ok(document.applications.some((one) => one.scope.includes('email')));
  assert.ok(document.activity.some((one) => one.action === 'consent.given'));
  assert.doesNotMatch(answer.text, /argon2|secret|hash/);
});

test('an account is deleted for good: sessions and tokens end, and nothing names the person', async () => {
  const user = await addUser(s);
  const { agent, tokens } = await tokensFor(rp, user);
  const [{ id }] = await s.psql(`select id from auth.users where login = '${user.email}'`);
  const page = await ownPage(agent, user, '/account/delete');
  assert.match(page.text, /cannot be undone/);
  assert.equal((await post(s, '/account/delete', { csrf: 'x' }, { headers: { origin: 'https://evil.example' } })).status, 403);
  const gone = await agent.submit(page, {}, { button: 'Delete for good' });
  assert.match(gone.text, /is deleted/);
  assert.equal((await agent.open(at('/account'))).url.pathname, '/login');
  assert.deepEqual(await oidc.tokenIntrospection(rp.config, tokens.access_token), { active: false });
  const [row] = await s.psql(`select login, email, name, profile, disabled_at is not null as disabled from auth.users where id = '${id}'`);
  assert.deepEqual(row, { login: null, email: null, name: '-', profile: {}, disabled: true });
  assert.equal((await ownPage(createAgent(), user, '/account')).status, 401);
  const [told] = await s.psql(`select client_id, cardinality(grants) as grants from auth.consent_withdrawal where user_id = '${id}'`);
  assert.deepEqual(told, { client_id: rp.id, grants: 0 }, 'resource servers are told');
});

test('a passkey can be removed, but not the last way in', async () => {
  const user = await addUser(s);
  const agent = createAgent();
  await ownPage(agent, user, '/account/passkeys');
  const [{ id }] = await s.psql(`select id from auth.users where login = '${user.email}'`);
  const [{ key }] = await s.psql("select encode(sha256(gen_random_uuid()::text::bytea), 'hex') as key");
  await s.psql(`insert into auth.passkey (id, user_id, alg, public_key, sign_count, is_synced, name, created_at) values ('\\x${key}', '${id}', -7, '\\x01', 0, false, 'Old', now())`);
  const only = (login, hash) => s.psql(`update auth.users set login = ${login}, password_hash = ${hash} where id = '${id}'`);
  await only('null', 'null');
  const page = await agent.open(at('/account/passkeys'));
  const refused = await agent.submit(page, {}, { button: 'Remove' });
  assert.equal(refused.status, 409);
  assert.match(refused.text, /last way in/);
  await s.psql(`set search_path = auth; insert into partner (slug, name, issuer, client_id, settings, created_at) values ('b-${key.slice(0, 12)}', 'Backend', 'https://${key}.example', '', '{"kind":"assertion","assertion_alg":"ES256","assertion_jwks_uri":"https://backend.example/jwks"}', now())`);
  await s.psql(`insert into auth.identity (issuer, subject, user_id, partner, linked_at, last_login_at, reauth_session) values ('https://${key}.example', 'one', '${id}', 'b-${key.slice(0, 12)}', now(), now(), sha256('fresh'))`);
  const again = await agent.submit(refused, {}, { button: 'Remove' });
  assert.equal(again.status, 409, 'what a backend signs is no way in for a person');
  await only(`'${user.email}'`, "'x'");
  const gone = await agent.submit(again, {}, { button: 'Remove' });
  assert.equal(gone.url.pathname, '/account');
  assert.match(gone.text, /passkey is removed/);
  assert.deepEqual(await s.psql(`select 1 from auth.passkey where user_id = '${id}'`), []);
});
