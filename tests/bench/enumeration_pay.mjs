/*
 * The doors of paysrv for ./stoa bench enumeration: one partner asks for what another one has, and for what nobody has.
 */
import { randomBytes } from 'node:crypto';
import { openShop, partnerToken } from './shop.mjs';

export const N_PAY_DOORS = 3;
const STRANGER = 'bench-stranger';
const ASKED_PER_USER = 50; /* codes: a user's limit in an hour is 100 */

/* As ids are: 48 bits of time, 80 at random. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const nobody = (like) => () => like.slice(0, -16) + Array.from(randomBytes(16), (byte) => ALPHABET[byte % 32]).join('');

/* { name, known, unknown, status, ask }[]: n of each are there. */
export async function payDoors(stack, n) {
  await stack.restart('paysrv', { env: { PAYSRV_RATE_LIMITS: 'false' } });
  const shop = await openShop(stack, { sellers: n });
  const token = await partnerToken(stack, shop.directory, STRANGER);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const users = [];
  for (let i = 0; i < (2 * n) / ASKED_PER_USER + 2; i += 1) {
    const answer = await fetch(`${stack.env.pay_api}/v1/users`, { method: 'POST', headers: { ...headers, 'idempotency-key': randomBytes(12).toString('hex') }, body: JSON.stringify({ name: `Asks ${i}`, email: `asks-${i}@example.com` }) });
    if (answer.status !== 201) throw new Error(await answer.text());
    users.push((await answer.json()).id);
  }
  let asked = 0;
  const connection = (store) => ({
    url: `${stack.env.pay_api}/v1/store_connections`,
    headers: { ...headers, 'idempotency-key': randomBytes(12).toString('hex') },
    body: JSON.stringify({ store, user: users[Math.floor((asked++) / ASKED_PER_USER) % users.length] }),
  });
  const read = (path) => (id) => ({ url: `${stack.env.pay_api}${path}/${id}`, method: 'GET', headers });
  const userIds = shop.users.map(({ id }) => id);
  return [
    { name: 'store that another has', known: shop.stores, unknown: nobody(shop.stores[0]), status: 404, ask: read('/v1/stores') },
    { name: 'user whom another has', known: userIds, unknown: nobody(userIds[0]), status: 404, ask: read('/v1/users') },
    { name: 'store to be moved', known: shop.stores, unknown: nobody(shop.stores[0]), status: 202, ask: connection },
  ];
}
