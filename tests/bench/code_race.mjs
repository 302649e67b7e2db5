/*
 * ./stoa bench code-race: 10,000 parallel redemptions of 1,000 codes give exactly 1,000 token sets. Against the release build and too
 * long for every run of the tests, where api/auth_parallel does the same with a fifth of them.
 */
import assert from 'node:assert/strict';
import { createAgent } from '../support/agent.mjs';
import { codeRace as race } from '../support/code_race.mjs';
import { addClient, addUser, authorize, sound } from '../support/relying_party.mjs';

const CODES = 1000, EACH = 10;

export async function codeRace(stack) {
  await stack.restart('authsrv', { env: { AUTHSRV_RATE_LIMITS: 'false', AUTHSRV_QUEUE_LIMIT: '8192', AUTHSRV_CODE_TTL: '300s' } });
  const [rp, user] = await Promise.all([addClient(stack, { more: ['--id-token-alg', 'ES256'] }), addUser(stack)]);
  const agent = createAgent();
  await authorize(rp, user, { agent });
  assert.deepEqual(await race(stack, rp, { user, agent }, { codes: CODES, each: EACH }), { 200: CODES, '400 invalid_grant': CODES * (EACH - 1) });
  await sound(stack);
  console.log(`code-race: ${CODES * EACH} parallel redemptions of ${CODES} codes, exactly ${CODES} succeeded`);
}
