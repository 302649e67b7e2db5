/*
 * Buyers who pay one article after the other, whatever happens to the servers.
 *
 *   const load = await buyers(s.env, 4);
 *   await load.more(6);             six more payments were acknowledged
 *   await load.stop();              load.acknowledged: their ids; load.answers: how often each answer came, as '200' or 'lost'
 *   const n = load.begun();         how many were begun; load.beganAfter(id, n): that one was not yet
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './eventually.mjs';
import { partnerToken, pay } from './people.mjs';

/* There are always some on their way; more would only take the processors from those who repair what was broken. */
const PAUSE_MS = 50;

export async function buyers(env, n) {
  const token = await partnerToken(env), acknowledged = [], answers = {}, places = new Map();
  let running = true, begun = 0;
  const buy = async () => {
    const place = ++begun;
    const { status, body } = await pay(env, token, 'POST', '/v1/payments', { store: env.demo.store_id, amount: 1000, currency: 'EUR', description: 'An article', confirm: { payment_token: 'tok_test_visa' } });
    answers[status] = (answers[status] ?? 0) + 1;
    if (body.status !== 'succeeded') throw new Error(`${status} ${JSON.stringify(body)}`);
    places.set(body.id, place);
    acknowledged.push(body.id);
    return body.id;
  };
  const all = Array.from({ length: n }, async () => {
    while (running) {
      await buy().catch((error) => {
        if (error instanceof TypeError) answers.lost = (answers.lost ?? 0) + 1;
      });
      await sleep(PAUSE_MS);
    }
  });
  return {
    acknowledged,
    answers,
    buy,
    begun: () => begun,
    beganAfter: (id, place) => places.get(id) > place,
    more: (wanted) => {
      const goal = acknowledged.length + wanted;
      return eventually(() => acknowledged.length >= goal, { what: `${wanted} more payments` });
    },
    async stop() {
      running = false;
      await Promise.all(all);
    },
  };
}
