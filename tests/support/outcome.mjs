/*
 * What a machine that stands still for some seconds answers first is not the end: somebody waited for too long (503), the request before under
 * the key has not ended (409), or the acquirer's answer came too late (202).
 *
 *   const { status, body } = await outcomeOf((options) => seller.call('POST', path, fields, options));     asked under one key until it is known
 *   const tokens = await heard(() => oidc.refreshTokenGrant(config, token));     asked until it is heard; 202 is an answer
 *   assert.ok(answers.every((one) => one.status === 200 || isOpen(one)));
 */
import { randomUUID } from 'node:crypto';
import { eventually } from './eventually.mjs';

/* Also what openid-client throws. */
const isUnheard = (one) => one.status === 503 || one.cause?.status === 503 || one.body?.code === 'idempotency_in_progress';
export const isOpen = (one) => one.status === 202 || isUnheard(one);

async function repeated(ask, key, isNone, what) {
  const { answer, error } = await eventually(async () => {
    const one = await ask({ key }).then((got) => ({ answer: got }), (thrown) => ({ error: thrown }));
    return !isNone(one.answer ?? one.error) && one;
  }, { what, pause: 200 });
  if (error) throw error;
  return answer;
}

export const heard = (ask, key = randomUUID()) => repeated(ask, key, isUnheard, 'it is heard');
export const outcomeOf = (ask, key = randomUUID()) => repeated(ask, key, isOpen, 'the outcome is known');
