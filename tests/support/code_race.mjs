/* So many codes of one live session, each redeemed by so many at the same moment, over connections that are kept. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { authorize, REDIRECT } from './relying_party.mjs';

const AT_ONCE = 50; /* authorizations under way while the codes are collected */
const CONNECTIONS = 1000;

/* Resolves to what the token endpoint said: the status, and the error with it. */
const ask = (url, agent, authorization, body) => new Promise((resolve, reject) => {
  const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) };
  const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
    let text = '';
    answer.setEncoding('utf8').on('data', (piece) => (text += piece)).on('error', reject);
    answer.on('end', () => resolve(answer.statusCode === 200 ? '200' : `${answer.statusCode} ${JSON.parse(text).error}`));
  });
  sent.on('error', reject).end(body);
});

/* Who waited too long on a machine that stood still is told to come again. */
async function redeemOnce(...words) {
  for (;;) {
    const said = await ask(...words);
    if (!said.startsWith('503')) return said;
    await sleep(1000);
  }
}

export async function codeRace(s, rp, { user, agent }, { codes, each }) {
  const asked = [];
  while (asked.length < codes) {
    const more = Math.min(AT_ONCE, codes - asked.length);
    asked.push(...await Promise.all(Array.from({ length: more }, () => authorize(rp, user, { agent }))));
  }
  const connections = new Agent({ keepAlive: true, maxSockets: CONNECTIONS, scheduling: 'fifo' });
  const url = new URL('/token', s.env.issuer), authorization = `Basic ${Buffer.from(`${rp.id}:${rp.secret}`).toString('base64')}`;
  const counts = {};
  await Promise.all(asked.flatMap(({ callback, verifier }) => {
    const body = new URLSearchParams({ grant_type: 'authorization_code', code: callback.searchParams.get('code'), redirect_uri: REDIRECT, code_verifier: verifier }).toString();
    return Array.from({ length: each }, async () => {
      const said = await redeemOnce(url, connections, authorization, body);
      counts[said] = (counts[said] ?? 0) + 1;
    });
  }));
  connections.destroy();
  return counts;
}
