/* Inkwell's side of the authorization challenge endpoint; tokens and their checks are openid-client's. */
import * as oidc from 'openid-client';

const SCOPE = 'openid email profile';

/* config: resolves to openid-client's configuration of this client. */
export function createStoaJoin({ config, clientId, clientSecret, redirectUri }) {
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString('base64');

  async function ask(fields) {
    const { authorization_challenge_endpoint: endpoint } = (await config()).serverMetadata();
    const answer = await fetch(endpoint, { method: 'POST', headers: { authorization: `Basic ${basic}` }, body: new URLSearchParams(fields) });
    return { status: answer.status, wait: Number(answer.headers.get('retry-after')), ...(await answer.json()) };
  }

  /* What went wrong, in Inkwell's words: { say, left }, or nothing. */
  function trouble(answer, flow) {
    if (answer.status === 429) return { say: 'wait', left: answer.wait };
    if (answer.error === 'invalid_session') return { say: 'over' };
    if (answer.error === 'insufficient_authorization') return flow ? { say: 'wrong', left: answer.attempts_left } : {};
    if (/login_hint/.test(answer.error_description ?? '')) return { say: 'address' };
    throw Object.assign(new Error(`Stoa does not let people join here: ${answer.error_description ?? answer.error}`), { problem: answer });
  }

  async function personOf(tokens) {
    const { sub, email, name } = await oidc.fetchUserInfo(await config(), tokens.access_token, tokens.claims().sub);
    return { id: sub, email, name: name ?? email };
  }

  async function redeem(url, { verifier, nonce, state }) {
    return personOf(await oidc.authorizationCodeGrant(await config(), url, {
      pkceCodeVerifier: verifier, expectedNonce: nonce, expectedState: state, idTokenExpected: true,
    }));
  }

  async function parameters(flow) {
    return { scope: SCOPE, redirect_uri: redirectUri, nonce: flow.nonce, login_hint: flow.email, code_challenge: await oidc.calculatePKCECodeChallenge(flow.verifier), code_challenge_method: 'S256' };
  }

  return {
    async startJoin({ email, name }) {
      const flow = { email, verifier: oidc.randomPKCECodeVerifier(), nonce: oidc.randomNonce() };
      const answer = await ask({ ...await parameters(flow), ...(name && { name }) });
      return answer.auth_session ? { flow: { ...flow, session: answer.auth_session } } : trouble(answer);
    },
    async resendJoin(flow) {
      const answer = await ask({ auth_session: flow.session, resend: 'true' });
      return answer.auth_session ? {} : trouble(answer, flow);
    },
    async finishJoin(flow, otp) {
      const answer = await ask({ auth_session: flow.session, otp: otp.trim() || '-' });
      if (answer.error === 'redirect_to_web') {
        const web = { verifier: flow.verifier, nonce: flow.nonce, state: oidc.randomState() };
        return { flow: web, webUrl: oidc.buildAuthorizationUrl(await config(), { ...await parameters(flow), state: web.state }).href };
      }
      if (!answer.authorization_code) return trouble(answer, flow);
      const url = new URL(redirectUri);
      url.searchParams.set('code', answer.authorization_code);
      url.searchParams.set('iss', (await config()).serverMetadata().issuer);
      return { person: await redeem(url, flow) };
    },
    returnedJoin: (flow, url) => redeem(url, flow),
  };
}
