/*
 * What there is to be kept apart at authsrv: applications with codes, tokens and requests of every kind, people with sessions and flows in their
 * browsers, made as they make them; by the names that tests/support/auth_requests.mjs has for them.
 */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import * as oidc from 'openid-client';
import { createAgent } from './agent.mjs';
import { app } from './authenticator_app.mjs';
import { CHALLENGE, CIBA, DEVICE, EXCHANGE } from './auth_requests.mjs';
import { address, begun, codeIn, firstParty } from './first_party.mjs';
import { addUser, authorize, operator, post, REDIRECT, request, tokensFor } from './relying_party.mjs';

const GRANTS = `authorization_code,refresh_token,client_credentials,${DEVICE},${CIBA},${EXCHANGE}`;
const SCOPE = 'openid profile email offline_access auth.partner.users';
const good = ({ status, body }) => { assert.ok(status >= 200 && status < 300, `${status} ${JSON.stringify(body)}`); return body; };

/* ---- applications ---- */

/* A partner; log-in there is never begun. */
export async function newPartner(s) {
  const slug = `p-${randomUUID().slice(0, 13)}`;
  await operator(s, 'partners', 'add', slug, '--name', slug, '--issuer', `https://${slug}.example`, '--client-id', 'stoa');
  return slug;
}

/* An application of the partner's with every grant, a registration of its own and a token for its backend. */
export async function application(s, slug) {
  const rp = await firstParty(s, 'register', { grants: GRANTS, scope: SCOPE, metadata: { backchannel_token_delivery_mode: 'poll' }, more: ['--partner', slug] });
  const { access_token: backend } = await oidc.clientCredentialsGrant(rp.config, { scope: 'auth.partner.users' });
  const answer = await fetch(new URL('/register', s.env.issuer), {
    method: 'POST', headers: { authorization: `Bearer ${s.env.initial_access_token}`, 'content-type': 'application/json' }, body: JSON.stringify({ redirect_uris: [REDIRECT], client_name: 'Registered' }),
  });
  const registered = good({ status: answer.status, body: await answer.json() });
  return { ...rp, slug, backend, registered };
}

/* ---- people ---- */

const idOf = async (s, user) => (await s.psql(`select id from auth.users where login = '${user.email}'`))[0].id;
const flowOf = (url) => url.searchParams.get('flow');

/* With a second factor and codes for its loss. */
async function guarded(s, agent, user) {
  const page = await agent.submit(await agent.open(new URL('/account/totp', s.env.issuer)), user, { button: 'Sign in' });
  const done = await agent.submit(page, { code: app(/class="secret" dir="ltr">([^<]+)</.exec(page.text)[1])() });
  assert.equal(done.status, 200, done.text);
}

/* The ticket that goes with the code which was mailed to him. */
export async function forgotten(s, agent, user) {
  const page = await agent.submit(await agent.open(new URL('/recover', s.env.issuer)), { email: user.email });
  return /name="ticket" value="([^"]*)"/.exec(page.text)?.[1] ?? assert.fail(page.text);
}

/* Somebody with a browser where he is signed in, and in it two flows: one of somebody else's log-in, one that waits for consent. */
export async function somebody(s, rp) {
  const user = await addUser(s), agent = createAgent();
  const things = { app: rp.id, sub: await idOf(s, user) };
  await guarded(s, agent, user);
  const { tokens } = await tokensFor(rp, user, { agent });
  Object.assign(things, { access: tokens.access_token, refresh: tokens.refresh_token, id: tokens.id_token, sid: tokens.claims().sid });
  const opened = async (more) => { const page = await agent.open((await request(rp, more)).url); return flowOf(page.url) ?? assert.fail(page.text); };
  things.flow = await opened({ prompt: 'login' });
  things.asked = await opened({ prompt: 'consent' });
  things.ticket = await forgotten(s, agent, user);
  things.passkey = randomBytes(16).toString('base64url');
  await s.psql(`insert into auth.passkey (id, user_id, alg, public_key, sign_count, is_synced, name, created_at) values (decode('${Buffer.from(things.passkey, 'base64url').toString('hex')}', 'hex'), '${things.sub}', -7, 'key', 0, false, 'Phone', now())`);
  await s.psql(`insert into auth.identity (issuer, subject, user_id, partner, linked_at, last_login_at, reauth_session) values ('https://${rp.slug}.example', '${things.sub}', '${things.sub}', '${rp.slug}', now(), now(), sha256('fresh'))`);
  [{ id: things.identity }] = await s.psql(`select id from auth.identity where user_id = '${things.sub}'`);
  return { user, agent, things };
}

/* ---- what an application has of somebody ---- */

async function approve(s, { agent, user }, page) {
  if (page.url.pathname === '/login') page = await agent.submit(page, user, { button: 'Sign in' });
  const done = await agent.submit(page, {}, { button: 'Allow' });
  assert.match(done.text, /go back to your device/);
}

export async function held(s, rp, who) {
  const { user, agent } = who, things = { slug: rp.slug, registered: rp.registered.client_id };
  const own = (path, form) => post(s, path, form, { basic: rp });
  const { callback, verifier } = await authorize(rp, user, { agent });
  Object.assign(things, { code: callback.searchParams.get('code'), verifier });
  things.kept = (await tokensFor(rp, user, { agent })).tokens.refresh_token;
  things.own = good(await own('/token', { grant_type: 'client_credentials', scope: 'auth.partner.users' })).access_token;
  const device = good(await own('/device_authorization', { scope: 'openid email' }));
  things.device = device.device_code;
  await approve(s, who, await agent.open(device.verification_uri_complete).then((page) => agent.submit(page, {}, {})));
  things.approved = good(await own('/bc-authorize', { scope: 'openid email', login_hint: user.email })).auth_req_id;
  await operator(s, 'approvals', 'allow', things.approved);
  const push = async () => good(await own('/par', { response_type: 'code', redirect_uri: REDIRECT, scope: 'openid email', ...CHALLENGE })).request_uri;
  Object.assign(things, { pushed: await push(), pushed2: await push() });
  const mailbox = address(), asked = await begun(s, rp, mailbox);
  Object.assign(things, { mailbox, session: asked.auth_session, otp: asked.code, session2: (await begun(s, rp, address())).auth_session });
  const bring = async () => {
    const email = address();
    things.requestid = randomUUID();
    const answer = await fetch(new URL('/partner/v1/users', s.env.issuer), {
      method: 'POST', headers: { authorization: `Bearer ${rp.backend}`, 'content-type': 'application/json' }, body: JSON.stringify({ email, name: 'Brought', request_id: things.requestid, ...CHALLENGE }),
    });
    const { id } = good({ status: answer.status, body: await answer.json() });
    return { id, code: codeIn(await s.mail(email)) };
  };
  ({ id: things.brought, code: things.typed } = await bring());
  ({ id: things.brought2 } = await bring());
  return things;
}
