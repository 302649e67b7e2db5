/* The admin API of authsrv as an operator's program uses it: a client of its own, tokens by client credentials. */
import * as oidc from 'openid-client';
import { addClient } from './relying_party.mjs';

export const ALL = 'auth.admin.read auth.admin.users auth.admin.clients auth.admin.partners auth.admin.resources auth.admin.keys';

/* Resolves to call(method, path, body, { ifMatch, token }) -> { status, body, headers, etag }. */
export async function adminOf(s, scope = ALL, more = []) {
  const rp = await addClient(s, { grants: 'client_credentials', scope, redirect: [], more });
  const { access_token: own } = await oidc.clientCredentialsGrant(rp.config, { scope });
  const call = async (method, path, body, { ifMatch, token = own } = {}) => {
    const answer = await fetch(new URL(path, s.env.issuer), {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(ifMatch && { 'if-match': ifMatch }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    return { status: answer.status, body: text ? JSON.parse(text) : null, headers: answer.headers, etag: answer.headers.get('etag') };
  };
  return Object.assign(call, { rp, token: own });
}
