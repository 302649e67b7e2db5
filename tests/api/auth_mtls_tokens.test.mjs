/*
 * Certificates of clients over TLS of the server's own (RFC 8705; SECURITY C 80 to 82): what they prove as whom, judged
 * at each request, and tokens that are good only over TLS with the same one.
 */
import assert from 'node:assert/strict';
import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { operator, sound } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';
import { ask, makePki } from '../support/tls.mjs';

const CLIENT = 'extendedKeyUsage=clientAuth\n';
let s, pki, ca, own, other, passing;
const ID = 'bound', SECRET = 'a-secret-of-the-bound-client-0123456789';

before(async () => {
  pki = makePki();
  [own, other] = [pki.selfSigned('own'), pki.selfSigned('other')];
  s = await startStack({ profile: 'demo', args: ['--tls'], env: { AUTHSRV_CLIENT_CA_FILE: pki.caFile } });
  ca = readFileSync(s.env.ca_file, 'utf8');
  writeFileSync(pki.at('secret'), SECRET);
  writeFileSync(pki.at('metadata'), JSON.stringify({ tls_client_certificate_bound_access_tokens: true }));
  await operator(s, 'clients', 'add', '--id', ID, '--name', 'Bound', '--grants', 'client_credentials', '--auth-method', 'client_secret_basic', '--scope', 'pay.webhooks',
    '--partner', 'inkwell', '--secret-file', pki.at('secret'), '--metadata-file', pki.at('metadata'));
  await add('passing', 'tls_client_auth', { tls_client_auth_subject_dn: 'CN=passing' });
  const ends = 1000 * Math.floor(Date.now() / 1000) + 25_000;
  passing = { ...pki.issue('passing', { extensions: CLIENT, until: new Date(ends) }), ends, agent: new Agent({ keepAlive: true, maxSockets: 1 }) };
  passing.answers = untilRefused(passing).catch((error) => [{ error }]);
});

async function add(id, method, metadata) {
  writeFileSync(pki.at('metadata-of'), JSON.stringify(metadata));
  await operator(s, 'clients', 'add', '--id', id, '--name', id, '--grants', 'client_credentials', '--auth-method', method, '--scope', 'pay.webhooks', '--partner', 'inkwell', '--metadata-file', pki.at('metadata-of'));
}
/* A token request with nothing but a name and a certificate. */
const proves = (id, one, { base = s.env.mtls.authsrv, ...more } = {}) => ask(`${base}/token`, { ca, ...identity(one), ...more, method: 'POST',
  body: new URLSearchParams({ grant_type: 'client_credentials', client_id: id }).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });

after(async () => {
  passing?.agent.destroy();
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

/* Every answer on one connection until the first refusal; goes on while the other tests run. */
async function untilRefused({ agent, ends, ...one }) {
  const answers = [];
  while (answers.at(-1)?.status !== 401 && Date.now() < ends + 20_000) {
    const asked = Date.now();
    answers.push({ ...await proves('passing', one, { agent }), asked, answered: Date.now() });
    await sleep(500);
  }
  return answers;
}

async function onlyProves(id, good, bad) {
  for (const [what, one] of Object.entries(good)) assert.equal((await proves(id, one)).status, 200, `${id}: ${what}`);
  for (const [what, one, more] of bad) {
    const { status, body } = await proves(id, one, more);
    assert.deepEqual([status, JSON.parse(body).error], [401, 'invalid_client'], `${id}: ${what}`);
  }
}

test('a client that is bound by its certificate brings no proof besides: one token has one key', async () => {
  const answer = await ask(`${s.env.mtls.authsrv}/token`, { ca, ...identity(own), method: 'POST', body: 'grant_type=client_credentials',
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Basic ${Buffer.from(`${ID}:${SECRET}`).toString('base64')}`, dpop: 'a.b.c' } });
  assert.deepEqual([answer.status, JSON.parse(answer.body).error], [400, 'invalid_request']);
});

test('tls_client_auth: the registered name under the CA is the client, and no other certificate is', async () => {
  const san = (name, value) => pki.issue(name, { extensions: `${CLIENT}subjectAltName=${value}\n` });
  const named = { subject: '/O=Stoa/CN=the client' };
  const right = pki.issue('right', { ...named, extensions: CLIENT });
  const wrong = [
    ['none', undefined], ['a good one, where nobody asks for it', right, { base: s.env.issuer }], ['the name, signed by itself', pki.selfSigned('right-alone')],
    ['the name, for servers', pki.issue('right-server', { ...named, extensions: 'extendedKeyUsage=serverAuth\n' })], ['the name, expired', pki.issue('right-old', { ...named, extensions: CLIENT, from: ['-days', '-1'] })],
    ['another name', pki.issue('stranger', { extensions: CLIENT })], ['the name and more', pki.issue('more', { subject: '/O=Stoa/OU=x/CN=the client', extensions: CLIENT })], ['a part of it', pki.issue('less', { subject: '/CN=the client', extensions: CLIENT })],
  ];
  await add('by-dn', 'tls_client_auth', { tls_client_auth_subject_dn: 'CN=the client,O=Stoa' });
  await onlyProves('by-dn', { right }, wrong);
  const names = { dns: ['DNS:rp.example', 'rp.example'], uri: ['URI:https://rp.example/id', 'https://rp.example/id'], ip: ['IP:192.0.2.7', '192.0.2.7'], email: ['email:it@rp.example', 'it@rp.example'] };
  const certificates = Object.fromEntries(Object.entries(names).map(([kind, [extension]]) => [kind, san(`san-${kind}`, extension)]));
  for (const [kind, [, value]] of Object.entries(names)) {
    await add(`by-${kind}`, 'tls_client_auth', { [`tls_client_auth_san_${kind}`]: value });
    const others = Object.entries(certificates).filter(([other_]) => other_ !== kind);
    await onlyProves(`by-${kind}`, { [kind]: certificates[kind] }, [...others, ['its name as subject', pki.issue('subject', { subject: `/CN=${value.replaceAll('/', '\\/')}`, extensions: CLIENT })], ['the name of by-dn', right]]);
  }
});

test('self_signed_tls_client_auth: the registered key is the client, whoever signed its certificate, and no other key is', async () => {
  await add('by-key', 'self_signed_tls_client_auth', { jwks: { keys: [{ ...createPublicKey(own.cert).export({ format: 'jwk' }), kid: 'own' }] } });
  await onlyProves('by-key', { own }, [['another', other], ['one of the CA under the same name', pki.issue('own', { extensions: CLIENT })], ['none', undefined]]);
});

test('a certificate that ends during a connection proves nothing from then on', async () => {
  const answers = await passing.answers;
  const [first, last] = [answers[0], answers.at(-1)];
  assert.equal(first.error, undefined);
  assert.deepEqual([...new Set(answers.map(({ port }) => port))], [first.port], 'one connection');
  assert.deepEqual([first.status, last.status, JSON.parse(last.body).error], [200, 401, 'invalid_client']);
  assert.ok(last.answered >= passing.ends, 'refused before its end');
  for (const { status, asked } of answers.slice(0, -1)) assert.ok(status === 200 && asked < passing.ends + 1000, 'good beyond its end');
});
