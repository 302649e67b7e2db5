/*
 * Inkwell's own accounts as an OpenID provider: what a partner of Stoa already has. Stoa's authorization server is its one client.
 * A reader who is logged in to the site passes through without another form (silent login); otherwise the site's login page comes first.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { Provider } from 'oidc-provider';

export const IDP_PATH = '/idp';

function signingKeys(state) {
  if (!state.data.idpKeys) {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    state.data.idpKeys = [{ ...privateKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: randomBytes(8).toString('hex') }];
    state.save();
  }
  return state.data.idpKeys;
}

function grantWhatStoaAsks(ctx) {
  const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
  grant.addOIDCScope('openid email profile');
  return grant.save().then(() => grant);
}

export function createIdp({ publicUrl, state, accounts, cookieKey, client }) {
  return new Provider(`${publicUrl}${IDP_PATH}`, {
    clients: [{
      client_id: client.id,
      client_secret: client.secret,
      redirect_uris: [client.redirectUri],
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'client_secret_basic',
    }],
    jwks: { keys: signingKeys(state) },
    cookies: { keys: [cookieKey] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false,
    features: { claimsParameter: { enabled: true }, devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
    interactions: { url: (ctx, interaction) => `/login/continue/${interaction.uid}` },
    loadExistingGrant: grantWhatStoaAsks,
    findAccount: (ctx, id) => {
      const account = accounts.byId(id);
      return account && {
        accountId: id,
        claims: () => ({ sub: id, email: account.email, email_verified: true, name: account.name }),
      };
    },
    ttl: { Interaction: 3600, Session: 86400, Grant: 86400, AccessToken: 600, IdToken: 600 },
  });
}

/* The provider expects to be mounted: it reads what stands before its own path from originalUrl. */
export function handleIdp(provider, request, response) {
  request.originalUrl = request.url;
  request.url = request.url.slice(IDP_PATH.length) || '/';
  return provider.callback()(request, response);
}
