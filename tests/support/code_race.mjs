/* So many codes of one live session, each redeemed by so many at the same moment. */
import { authorize, post } from './relying_party.mjs';

const AT_ONCE = 50; /* authorizations under way while the codes are collected */

export async function codeRace(s, rp, { user, agent }, { codes, each }) {
  const asked = [];
  while (asked.length < codes) {
    const more = Math.min(AT_ONCE, codes - asked.length);
    asked.push(...await Promise.all(Array.from({ length: more }, () => authorize(rp, user, { agent }))));
  }
  const answers = await Promise.all(asked.flatMap(({ callback, verifier }) => Array.from({ length: each }, () => post(s, '/token', {
    grant_type: 'authorization_code', code: callback.searchParams.get('code'), redirect_uri: 'https://rp.example/cb', code_verifier: verifier,
  }, { basic: rp }))));
  const successes = answers.filter(({ status }) => status === 200).length;
  const refusals = answers.filter(({ status, body }) => status === 400 && body.error === 'invalid_grant').length;
  const others = answers.filter(({ status, body }) => status !== 200 && body.error !== 'invalid_grant').map(({ status, body }) => `${status} ${body.error}`);
  return { successes, refusals, others };
}
