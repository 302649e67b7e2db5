/* Partners for tests: services on addresses of their own, made known to authsrv, with oidc-provider or a small server behind. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';
import { REDIRECT, operator, request } from './relying_party.mjs';

export const SECRET = 'partner-secret-0123456789';
export const atClient = (url) => url.href.startsWith(REDIRECT);

const json = (res, body, status = 200) => res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

async function bodyOf(req) {
  let text = '';
  for await (const piece of req) text += piece;
  return new URLSearchParams(text);
}

/* An address of this machine that nobody else has: ports come again within minutes, and an issuer that was a partner once stays taken. */
export function ownAddress() {
  const [b, c, d] = randomBytes(3);
  return `127.${b}.${c}.${1 + (d % 254)}`;
}

/* Everything that one file of tests made, and how it goes away again. */
export function partners(stack) {
  const servers = [];
  const slugs = [];

  async function add(issuer, { settings, secret = SECRET, more = [], client = 'stoa' } = {}) {
    const slug = `p-${randomBytes(4).toString('hex')}`;
    const directory = mkdtempSync(join(tmpdir(), 'stoa-partner-'));
    const words = ['partners', 'add', slug, '--name', `Partner ${slug}`, '--issuer', issuer, ...more];
    try {
      if (client) words.push('--client-id', client);
      if (secret) writeFileSync(join(directory, 'secret'), secret, { mode: 0o600 }), words.push('--client-secret-file', join(directory, 'secret'));
      if (settings) writeFileSync(join(directory, 'settings'), JSON.stringify(settings)), words.push('--settings-file', join(directory, 'settings'));
      await operator(stack(), ...words);
    } finally {
      rmSync(directory, { recursive: true });
    }
    slugs.push(slug);
    return slug;
  }

  async function settle(slug, settings) {
    const directory = mkdtempSync(join(tmpdir(), 'stoa-partner-'));
    try {
      writeFileSync(join(directory, 'settings'), JSON.stringify(settings));
      await operator(stack(), 'partners', 'change', slug, '--settings-file', join(directory, 'settings'));
    } finally {
      rmSync(directory, { recursive: true });
    }
  }

  const listen = (handler) => new Promise((resolve) => {
    const host = ownAddress();
    /* What authsrv keeps open is not closed in the moment in which it asks again: a POST is not sent twice. */
    const server = createServer({ keepAliveTimeout: 0 }, handler).listen(0, host, () => resolve(`http://${host}:${server.address().port}`));
    servers.push(server);
  });

  /* oidc-provider as a partner; client and configuration differ from the usual by what is given. */
  async function provider({ settings, secret, client = {}, claims, more, features, scopes = { email: ['email', 'email_verified'], profile: ['name'] }, ...configuration } = {}) {
    let callback = (req, res) => res.end();
    const issuer = await listen((req, res) => callback(req, res));
    const slug = await add(issuer, { settings, secret, more });
    claims ??= (id) => ({ email: `${id}@${slug}.example`, email_verified: true, name: `Name of ${id}` }); // nobody's but this partner's
    const made = new Provider(issuer, {
      clients: [{ client_id: 'stoa', ...(secret !== null && { client_secret: SECRET }), redirect_uris: [`${stack().env.issuer}/cb/${slug}`], grant_types: ['authorization_code'], token_endpoint_auth_method: 'client_secret_basic', jwks_uri: `${stack().env.issuer}/cb/${slug}/jwks.json`, ...(typeof client === 'function' ? client(slug) : client) }],
      cookies: { keys: ['test'] },
      fetch: (url, { dispatcher, ...options }) => fetch(url, options), // our keys are on a loopback address, which it would not ask
      claims: { openid: ['sub'], ...scopes },
      features: { claimsParameter: { enabled: true }, ...features },
      findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...claims(id) }) }),
      ...configuration,
    });
    callback = made.callback();
    return { slug, issuer, provider: made };
  }

  /*
   * A server that is whatever the tale says: OpenID Connect with lies, or OAuth 2.0 of a certain shape. tale.token: the token endpoint's answer;
   * tale.grant(body): what it adds to an ID token, or { status, ...body } instead of it.
   */
  async function liar(tale, { settings, more } = {}) {
    const key = await generateKeyPair('RS256', { extractable: true });
    const jwk = { ...(await exportJWK(key.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
    const seen = { asked: undefined, token: undefined, userinfo: undefined };
    const issuer = await listen(async (req, res) => {
      const url = new URL(req.url, 'http://x');
      if (url.pathname === '/.well-known/openid-configuration') return json(res, { issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks`, ...tale.metadata });
      if (url.pathname === '/jwks') return json(res, { keys: [jwk] });
      if (url.pathname === '/auth') {
        seen.asked = url.searchParams;
        const back = new URL(seen.asked.get('redirect_uri'));
        for (const [name, value] of Object.entries({ code: 'c', state: seen.asked.get('state'), ...tale.answer })) back.searchParams.set(name, value);
        return res.writeHead(302, { location: back.href }).end();
      }
      if (url.pathname === '/token') {
        seen.token = { body: await bodyOf(req), headers: req.headers };
        if (tale.token) return json(res, tale.token);
        const { status, ...granted } = (await tale.grant?.(seen.token.body)) ?? {};
        if (status) return json(res, granted, status);
        const claims = { nonce: seen.asked.get('nonce'), sub: 'mallory', auth_time: Math.floor(Date.now() / 1000), ...tale.claims };
        const id_token = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1' }).setIssuedAt().setIssuer(issuer).setAudience('stoa').setExpirationTime('5m').sign(key.privateKey);
        return json(res, { access_token: 'at', token_type: 'Bearer', id_token, ...granted });
      }
      seen[url.pathname.slice(1)] = { method: req.method, body: await bodyOf(req), headers: req.headers };
      return json(res, tale[url.pathname.slice(1)] ?? {}, tale[url.pathname.slice(1)] ? 200 : 404);
    });
    const slug = await add(issuer, { settings: typeof settings === 'function' ? settings(issuer) : settings, more });
    return { slug, issuer, seen };
  }

  async function close() {
    for (const server of servers) server.closeAllConnections?.(), server.close();
    for (const slug of slugs) await stack().operator('authsrv', 'partners', 'remove', slug);
  }

  return { add, settle, listen, provider, liar, close };
}

/* Through the development pages of oidc-provider: who logs in, and yes to the consent. */
export async function throughProvider(agent, page, account, until = atClient) {
  if (page.status === 200 && page.text.includes('name="login"')) page = await agent.submit(page, { login: account, password: 'any' }, { until });
  if (page.status === 200 && page.text.includes('value="consent"')) page = await agent.submit(page, {}, { button: 'Continue', until });
  return page;
}

/* A log-in at the partner that ends at the client. */
export async function logInAt(agent, rp, slug, account, more) {
  const asked = await request(rp, { idp_hint: slug, scope: 'openid profile email', ...more });
  const page = await throughProvider(agent, await agent.open(asked.url, { until: atClient }), account);
  assert.equal(page.status, 0, `ended at ${page.url}: ${page.status} ${page.text.slice(0, 600)}`);
  return { ...asked, callback: page.url };
}
