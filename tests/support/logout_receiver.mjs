/*
 * The logout addresses of applications, for tests: an HTTP server that keeps what it gets at /out/NAME, verifies logout tokens with jose as
 * Back-Channel Logout 1.0 section 2.6 says, and answers as it is told.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import * as jose from 'jose';
import { eventually } from './eventually.mjs';

export const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

export async function createReceiver(issuer) {
  const keys = jose.createRemoteJWKSet(new URL('/jwks.json', issuer));
  const seen = new Set();
  const boxes = new Map();
  const box = (name) => boxes.get(name) ?? boxes.set(name, { got: [], answers: [] }).get(name);

  const server = createServer({ keepAliveTimeout: 0 }, async (request, response) => {
    const chunks = await request.toArray().catch(() => null);
    if (!chunks) return; /* who asked has given up */
    const url = new URL(request.url, 'http://receiver');
    const one = box(url.pathname.replace(/^\/out\//, ''));
    one.got.push({ at: Date.now(), method: request.method, type: request.headers['content-type'], url, body: new URLSearchParams(Buffer.concat(chunks).toString()) });
    const answer = one.answers.length > 1 ? one.answers.shift() : one.answers[0] ?? { status: 200 };
    if (answer.wait) await sleep(answer.wait);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;

  return {
    origin,
    url: (name) => `${origin}/out/${name}`,
    got: (name) => box(name).got,
    /* The answers in turn; the last one stays. */
    answer(name, ...answers) {
      box(name).answers = answers.map((one) => (typeof one === 'number' ? { status: one } : one));
    },
    waitFor: (name, count = 1) => eventually(() => box(name).got.length >= count && box(name).got, { what: `${name} got ${count}` }),
    async verify(delivery, audience, alg = 'RS256') {
      assert.equal(delivery.method, 'POST');
      assert.equal(delivery.type, 'application/x-www-form-urlencoded');
      assert.deepEqual([...delivery.body.keys()], ['logout_token']);
      const { payload, protectedHeader } = await jose.jwtVerify(delivery.body.get('logout_token'), keys,
        { issuer, audience, typ: 'logout+jwt', algorithms: [alg], currentDate: new Date(delivery.at), requiredClaims: ['iat', 'exp', 'jti', 'events', 'sub', 'sid'] });
      assert.ok(protectedHeader.kid);
      assert.deepEqual(payload.events, { [EVENT]: {} });
      assert.ok(!('nonce' in payload));
      assert.ok(payload.exp - payload.iat <= 120);
      assert.ok(!seen.has(payload.jti), 'a token of its own for each attempt');
      seen.add(payload.jti);
      return payload;
    },
    close: () => new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    }),
  };
}
