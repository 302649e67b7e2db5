/*
 * Inkwell's side of Stoa, public interfaces only: openid-client for tokens, the generated client for the payment API.
 * The partner's own token (client credentials) sells; a writer's token (code flow, kept with its refresh token) opens the store and is paid out.
 */
import * as oidc from 'openid-client';
import { PayError, payClient } from '../client/pay.mjs';
import { createStoaJoin } from './stoa_join.mjs';

export const WRITER_SCOPE = 'openid email offline_access pay.users pay.stores pay.payouts pay.balance';
const PARTNER_SCOPE = 'pay.users pay.stores pay.payments pay.balance pay.webhooks';

export function connectStoa({ issuer, payApi, clientId, clientSecret, redirectUri, state }) {
  let discovered;
  let partnerToken;

  const config = () => {
    const insecure = new URL(issuer).protocol === 'http:' ? [oidc.allowInsecureRequests] : [];
    discovered ??= oidc
      .discovery(new URL(issuer), clientId, clientSecret, oidc.ClientSecretBasic(clientSecret), { execute: insecure })
      .catch((error) => {
        discovered = undefined;
        throw error;
      });
    return discovered;
  };

  async function asPartner() {
    if (!partnerToken || partnerToken.until < Date.now()) {
      const tokens = await oidc.clientCredentialsGrant(await config(), { scope: PARTNER_SCOPE });
      partnerToken = { value: tokens.access_token, until: Date.now() + (tokens.expiresIn() - 30) * 1000 };
    }
    return partnerToken.value;
  }

  function keep(accountId, tokens) {
    const before = state.data.connections[accountId];
    state.data.connections[accountId] = {
      ...before,
      isLost: false,
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token ?? before?.refreshToken,
      until: Date.now() + (tokens.expiresIn() - 30) * 1000,
    };
    state.save();
  }

  /* A writer may withdraw at Stoa what Inkwell was allowed, at any time: then no token works any more until payments are connected again. */
  function lose(accountId) {
    state.data.connections[accountId].isLost = true;
    state.save();
    return new PayError(401, { title: 'Connect payments again.' });
  }

  async function renew(accountId, refreshToken) {
    try {
      keep(accountId, await oidc.refreshTokenGrant(await config(), refreshToken));
    } catch (error) {
      throw error.error === 'invalid_grant' ? lose(accountId) : error;
    }
  }

  async function asWriter(accountId) {
    const connection = state.data.connections[accountId];
    if (!connection) throw new PayError(401, { title: 'Connect payments first.' });
    if (connection.until < Date.now()) await renew(accountId, connection.refreshToken);
    return state.data.connections[accountId].accessToken;
  }

  /* Where a fresher or stronger log-in is wanted, the token works as before. */
  const wantsProof = (answer) => (answer.headers.get('www-authenticate') ?? '').includes('insufficient_user_authentication');

  const fetchAs = (accountId) => async (...request) => {
    const answer = await fetch(...request);
    if (answer.status === 401 && !wantsProof(answer)) lose(accountId);
    return answer;
  };

  return {
    ...createStoaJoin({ config, clientId, clientSecret, redirectUri }),
    /* How the writer has to log in before what was refused is done, as parameters of startConnect; null: that is not why. */
    proofFor({ problem, challenge }) {
      if (problem.code !== 'insufficient_user_authentication') return null;
      const acr = { essential: true, values: challenge.acr_values.split(' ') }; /* or he comes back with why not */
      return { claims: JSON.stringify({ id_token: { acr } }), ...(challenge.max_age && { max_age: challenge.max_age }) };
    },
    async startConnect(proof) {
      const flow = { verifier: oidc.randomPKCECodeVerifier(), state: oidc.randomState(), nonce: oidc.randomNonce() };
      const url = oidc.buildAuthorizationUrl(await config(), {
        redirect_uri: redirectUri,
        scope: WRITER_SCOPE,
        state: flow.state,
        nonce: flow.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(flow.verifier),
        code_challenge_method: 'S256',
        idp_hint: 'inkwell',
        ...proof,
      });
      return { flow, url: url.href };
    },
    async finishConnect(accountId, flow, url) {
      const tokens = await oidc.authorizationCodeGrant(await config(), url, {
        pkceCodeVerifier: flow.verifier,
        expectedState: flow.state,
        expectedNonce: flow.nonce,
        idTokenExpected: true,
      });
      keep(accountId, tokens);
    },
    isLost: (accountId) => Boolean(state.data.connections[accountId]?.isLost),
    partner: payClient({ base: payApi, token: asPartner }),
    writer: (accountId) => payClient({ base: payApi, token: () => asWriter(accountId), fetch: fetchAs(accountId) }),
  };
}
