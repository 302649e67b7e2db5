/* Tokens bound to the client's certificate (RFC 8705 section 3): asked for by TLS, and good only over TLS with the same certificate. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { decodeJwt } from 'jose';
import { operator, sound } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';
import { ask, makePki } from '../support/tls.mjs';

let s, pki, ca, own, other;
const ID = 'bound', SECRET = 'a-secret-of-the-bound-client-0123456789';

before(async () => {
  pki = makePki();
  [own, other] = [pki.selfSigned('own'), pki.selfSigned('other')];
  s = await startStack({ profile: 'demo', args: ['--tls'] });
  ca = readFileSync(s.env.ca_file, 'utf8');
  writeFileSync(pki.at('secret'), SECRET);
  writeFileSync(pki.at('metadata'), JSON.stringify({ tls_client_certificate_bound_access_tokens: true }));
  await operator(s, 'clients', 'add', '--id', ID, '--name', 'Bound', '--grants', 'client_credentials', '--auth-method', 'client_secret_basic', '--scope', 'pay.webhooks',
    '--partner', 'inkwell', '--secret-file', pki.at('secret'), '--metadata-file', pki.at('metadata'));
});

after(async () => {
  await sound(s);
  await s.stop();
  pki.remove();
});

const identity = (one) => (one ? { cert: one.cert, key: one.key } : {});
const form = (path, fields, one) => ask(`${s.env.mtls.authsrv}${path}`, { ca, ...identity(one), method: 'POST', body: new URLSearchParams(fields).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Basic ${Buffer.from(`${ID}:${SECRET}`).toString('base64')}` } });
const call = (token, one, base = s.env.mtls.paysrv) => ask(`${base}/v1/webhook_endpoints`, { ca, ...identity(one), headers: { authorization: `Bearer ${token}` } });

test('the token carries the thumbprint, introspection shows it, and only that certificate may use it', async () => {
  const answer = await form('/token', { grant_type: 'client_credentials' }, own);
  assert.equal(answer.status, 200, answer.body);
  const { access_token: token, token_type: type } = JSON.parse(answer.body);
  const cnf = { 'x5t#S256': createHash('sha256').update(own.der).digest('base64url') };
  assert.equal(type, 'Bearer');
  assert.deepEqual(decodeJwt(token).cnf, cnf);
  assert.deepEqual(JSON.parse((await form('/introspect', { token }, own)).body).cnf, cnf);
  assert.equal((await call(token, own)).status, 200);
  for (const [one, base] of [[other], [undefined], [undefined, s.env.pay_api]]) {
    const refused = await call(token, one, base);
    assert.equal(refused.status, 401);
    assert.match(refused.headers['www-authenticate'], /^Bearer error="invalid_token"/);
  }
});

test('without a certificate there is no token', async () => {
  const answer = await form('/token', { grant_type: 'client_credentials' });
  assert.deepEqual([answer.status, JSON.parse(answer.body).error], [400, 'invalid_request']);
});
