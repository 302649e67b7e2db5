/* The people of the story as API tests need them: tokens got the way partners get them, by standard flows. */
import { randomUUID } from 'node:crypto';
import * as oidc from 'openid-client';
import { createAgent } from './agent.mjs';
import { INSECURE } from './relying_party.mjs';

export async function partnerClient(env) {
  const { client_id: id, client_secret: secret } = env.demo;
  return oidc.discovery(new URL(env.issuer), id, secret, oidc.ClientSecretBasic(secret), INSECURE);
}

export async function partnerToken(env, scope = 'pay.users pay.stores pay.payments pay.balance pay.webhooks') {
  const tokens = await oidc.clientCredentialsGrant(await partnerClient(env), { scope });
  return tokens.access_token;
}

/* Runs the code flow through the partner's own log-in and our consent page. Resolves to openid-client's token set. */
export async function userTokens(env, person, scope = 'openid email offline_access pay.users pay.stores pay.payouts pay.balance', agent = createAgent()) {
  const config = await partnerClient(env);
  const redirectUri = `${env.partner_site}/connect/callback`;
  const verifier = oidc.randomPKCECodeVerifier();
  const state = oidc.randomState();
  const start = oidc.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope,
    state,
    idp_hint: 'inkwell',
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const until = (url) => url.href.startsWith(redirectUri);
  let page = await agent.open(start, { until });
  if (page.status !== 0 && page.url.origin === new URL(env.partner_site).origin) page = await agent.submit(page, { email: person.email, password: person.password }, { until });
  if (page.status !== 0) page = await agent.submit(page, {}, { button: 'Allow', until });
  return oidc.authorizationCodeGrant(config, page.url, { pkceCodeVerifier: verifier, expectedState: state });
}

/* One call of the payment API: { status, body, headers }. */
export async function pay(env, token, method, path, body, { key = randomUUID(), headers = {} } = {}) {
  const answer = await fetch(`${env.pay_api}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(method === 'POST' && key && { 'idempotency-key': key }),
      ...headers,
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, body: text ? JSON.parse(text) : null, headers: answer.headers };
}

/* From the operator's pages to the log-in at authsrv and back, as a browser does. */
export async function operatorLogIn(env, agent, { username, password }, path = '/operator') {
  let page = await agent.open(`${env.pay_api}${path}`);
  if (page.url.origin === new URL(env.issuer).origin) {
    const names = /name="username"/.test(page.text) ? { username, password } : { email: username, password };
    page = await agent.submit(page, names);
  }
  if (page.url.origin === new URL(env.issuer).origin && /Allow/.test(page.text)) page = await agent.submit(page, {}, { button: 'Allow' });
  return page;
}
