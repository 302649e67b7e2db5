/*
 * A client application of authsrv for tests: registered by the operator's verb or dynamically, walking the code flow with openid-client
 * through the real pages. Local accounts only; delegated log-in has helpers of its own.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as oidc from 'openid-client';
import { createAgent, formsOf } from './agent.mjs';

export const REDIRECT = 'https://rp.example/cb';
/* openid-client's own patience of thirty seconds is less than a machine that stands still may take. */
export const INSECURE = { execute: [oidc.allowInsecureRequests], timeout: 300 };
const ALL_GRANTS = 'authorization_code,refresh_token,client_credentials';

export function inFile(text, use) {
  const directory = mkdtempSync(join(tmpdir(), 'stoa-rp-'));
  const file = join(directory, 'value');
  writeFileSync(file, text, { mode: 0o600 });
  return Promise.resolve(use(file)).finally(() => rmSync(directory, { recursive: true }));
}

export async function operator(s, ...words) {
  const { code, stdout, stderr } = await s.operator('authsrv', ...words);
  assert.equal(code, 0, `authsrv ${words.join(' ')}: ${stderr}`);
  return stdout;
}

/*
 * Adds a client and resolves to openid-client's configuration of it; what differs from a confidential client is said in more (words of the
 * verb) or in metadata (RFC 7591); clientAuth is openid-client's for methods without a secret.
 */
export async function addClient(s, { grants = ALL_GRANTS, scope = 'openid profile email address phone offline_access', method = 'client_secret_basic', redirect = [REDIRECT], more = [], metadata, clientAuth } = {}) {
  if (metadata) return inFile(JSON.stringify(metadata), (file) => addClient(s, { grants, scope, method, redirect, clientAuth, more: [...more, '--metadata-file', file] }));
  const id = `t-${randomBytes(6).toString('hex')}`;
  const secret = randomBytes(24).toString('base64url');
  const words = ['clients', 'add', '--id', id, '--name', `Test ${id}`, '--grants', grants, '--auth-method', method, '--scope', scope, ...redirect.flatMap((uri) => ['--redirect-uri', uri]), ...more];
  if (!['client_secret_basic', 'client_secret_post', 'client_secret_jwt'].includes(method)) await operator(s, ...words);
  else await inFile(secret, (file) => operator(s, ...words, '--secret-file', file));
  const auth = { none: () => oidc.None(), client_secret_jwt: () => oidc.ClientSecretJwt(secret), client_secret_basic: () => oidc.ClientSecretBasic(secret), client_secret_post: () => oidc.ClientSecretPost(secret) }[method]?.() ?? clientAuth;
  const config = await oidc.discovery(new URL(s.env.issuer), id, !method.startsWith('client_secret') ? {} : { client_secret: secret, id_token_signed_response_alg: more.includes('ES256') ? 'ES256' : 'RS256' }, auth, INSECURE);
  return { id, secret, config };
}

export async function addUser(s, more = []) {
  const email = `u-${randomBytes(6).toString('hex')}@stoa.example`;
  const password = randomBytes(9).toString('base64url');
  await inFile(password, (file) => operator(s, 'users', 'add', '--email', email, '--name', 'Uma User', '--password-file', file, ...more));
  return { email, password };
}

/* The parameters of one authorization, and what the client must remember. */
export async function request(rp, { scope = 'openid email offline_access', redirect = REDIRECT, ...more } = {}) {
  const verifier = oidc.randomPKCECodeVerifier();
  const kept = { verifier, state: oidc.randomState(), nonce: oidc.randomNonce() };
  const url = oidc.buildAuthorizationUrl(rp.config, {
    redirect_uri: redirect, scope, state: kept.state, nonce: kept.nonce, code_challenge_method: 'S256',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier), ...more,
  });
  for (const [name, value] of [...url.searchParams]) if (value === '') url.searchParams.delete(name);
  return { url, ...kept };
}

const arrived = (redirect) => (url) => url.href.startsWith(redirect);

/* Follows the pages: logs in where asked, allows where asked. Resolves to the URL at the client, or the page where it ended. */
export async function walk(agent, url, user, { redirect = REDIRECT, decision = 'Allow' } = {}) {
  const until = arrived(redirect);
  let page = await agent.open(url, { until });
  if (page.status === 200 && page.url.pathname === '/select-account') page = await agent.submit(page, {}, { button: '@', until });
  if (page.status === 200 && page.url.pathname === '/login') page = await agent.submit(page, user, { button: 'Sign in', until });
  if (page.status === 200 && page.url.pathname === '/consent') page = await agent.submit(page, {}, { button: decision, until });
  return page;
}

export async function authorize(rp, user, { agent = createAgent(), decision, ...more } = {}) {
  const asked = await request(rp, more);
  const page = await walk(agent, asked.url, user, { redirect: more.redirect, decision });
  assert.equal(page.status, 0, `ended at ${page.url} with ${page.status}: ${page.text.slice(0, 600)}`);
  return { ...asked, callback: page.url, agent };
}

/* What the page of the form post response mode would post, as the request that arrives at the client. */
export function posted(page) {
  const [form] = formsOf(page.text);
  assert.equal(page.status, 200, page.text.slice(0, 600));
  assert.equal(form.method, 'post');
  const body = new URLSearchParams(form.fields.map((field) => [field.name, field.value]));
  return new Request(form.action, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body });
}

export const redeem = (rp, { callback, verifier, state, nonce }) =>
  oidc.authorizationCodeGrant(rp.config, callback, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true });

export async function tokensFor(rp, user, more) {
  const answer = await authorize(rp, user, more);
  return { ...answer, tokens: await redeem(rp, answer) };
}

/* For paysrv's operator API: who may use it logs in by a client of his own. */
export async function operatorToken(s, { email, password } = { email: s.env.admin.username, password: s.env.admin.password }, scope = 'pay.operator') {
  const client = await addClient(s, { scope: `openid ${scope}`, more: ['--resource-server', s.env.pay_api] });
  return (await tokensFor(client, { email, password }, { scope: `openid ${scope}`, resource: s.env.pay_api })).tokens.access_token;
}

/* A raw POST, for what a good client would never send. */
export async function post(s, path, fields, { basic, headers = {} } = {}) {
  const answer = await fetch(new URL(path, s.env.issuer), {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(basic && { authorization: `Basic ${Buffer.from(`${basic.id}:${basic.secret}`).toString('base64')}` }),
      ...headers,
    },
    body: typeof fields === 'string' ? fields : new URLSearchParams(fields).toString(),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text.startsWith('{') ? JSON.parse(text) : text };
}

export const sound = async (s) => {
  const { code, stdout } = await s.operator('authsrv', 'invariants');
  assert.equal(code, 0, stdout);
};
