/* An application that lets people prove themselves in its own page, as its server does it: openid-client for the token step. */
import { randomBytes } from 'node:crypto';
import * as oidc from 'openid-client';
import { eventually } from './eventually.mjs';
import { addClient, operator, post, REDIRECT } from './relying_party.mjs';

export const address = (word = 'p') => `${word}-${randomBytes(6).toString('hex')}@people.example`;
export const codeIn = (mail) => /^ {4}(\d{8})$/m.exec(mail.text)?.[1];
export const linkIn = (mail) => new URL(/https?:\/\/\S+\/not-me\?\S+/.exec(mail.text)[0]);
/* Another code of eight digits. */
export const wrong = (code, n = 1) => String((Number(code) + n) % 100_000_000).padStart(8, '0');

export async function firstParty(s, policy = 'register', options) {
  const rp = await addClient(s, options);
  await operator(s, 'clients', 'challenge', rp.id, policy);
  await untilChallenge(s, rp, true);
  return rp;
}

/* The server hears within a second what a verb changed. */
export const untilChallenge = (s, rp, may) => eventually(async () =>
  ((await challenge(s, rp, { scope: 'openid' })).body.error !== 'unauthorized_client') === may, { what: `the policy of ${rp.id} is heard of` });

/* One request of the form: { status, body }. */
export const challenge = (s, rp, fields, more) => post(s, '/authorization_challenge', { ...fields }, { basic: rp, ...more });

/* The first request: { status, body, verifier, nonce }. */
export async function begin(s, rp, login_hint, { scope = 'openid email', ...fields } = {}) {
  const kept = { verifier: oidc.randomPKCECodeVerifier(), nonce: oidc.randomNonce() };
  const asked = { scope, nonce: kept.nonce, code_challenge: await oidc.calculatePKCECodeChallenge(kept.verifier), code_challenge_method: 'S256', ...fields };
  for (const [name, value] of Object.entries(asked)) if (value === undefined) delete asked[name];
  return { ...kept, ...await challenge(s, rp, { ...(login_hint && { login_hint }), ...asked }) };
}

export async function begun(s, rp, login_hint, more) {
  const address = login_hint.toLowerCase();
  const before = (await s.mails(address)).at(-1)?.id;
  const asked = await begin(s, rp, login_hint, more);
  if (!asked.body.auth_session) throw new Error(`no code was mailed: ${JSON.stringify(asked.body)}`);
  const mail = await s.mail(address, new RegExp(rp.id), { after: before });
  return { ...asked, auth_session: asked.body.auth_session, mail, code: codeIn(mail) };
}

/* The token step. The answer came to the application's server, so it is read as a callback that never was. */
export function redeemCode(s, rp, authorization_code, { verifier, nonce }) {
  const callback = new URL(REDIRECT);
  callback.searchParams.set('code', authorization_code);
  callback.searchParams.set('iss', s.env.issuer);
  return oidc.authorizationCodeGrant(rp.config, callback, { pkceCodeVerifier: verifier, expectedNonce: nonce, idTokenExpected: true });
}

export async function joined(s, rp, login_hint, more) {
  const asked = await begun(s, rp, login_hint, more);
  const answer = await challenge(s, rp, { auth_session: asked.auth_session, otp: asked.code });
  return { ...asked, answer, tokens: await redeemCode(s, rp, answer.body.authorization_code, asked) };
}
