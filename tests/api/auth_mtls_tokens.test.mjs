/*
 * Certificates of clients over TLS of the server's own (RFC 8705; SECURITY C 80 to 82): what they prove as whom, judged
 * at each request, and tokens that are good only over TLS with the same one.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { after, before, test } from 'node:test';
import { SignJWT, decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair } from 'jose';
import { block, example } from '../interop/support.mjs';
import { eventually } from '../support/eventually.mjs';
import { addUser, operator, sound } from '../support/relying_party.mjs';
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
  const ends = 1000 * Math.floor(Date.now() / 1000) + 40_000;
  passing = { ...pki.issue('passing', { extensions: CLIENT, until: new Date(ends) }), ends, agent: new Agent({ keepAlive: true, maxSockets: 1 }) };
  passing.token = JSON.parse((await form('/token', { grant_type: 'client_credentials' }, passing)).body).access_token;
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

test('without a certificate, and with one before its begin or past its end, there is no token', async () => {
  const day = 86_400_000, at = (days) => new Date(Date.now() + days * day);
  for (const one of [undefined, pki.issue('bound-early', { since: at(1), until: at(2) }), pki.issue('bound-late', { since: at(-2), until: at(-1) })]) {
    const answer = await form('/token', { grant_type: 'client_credentials' }, one);
    assert.deepEqual([answer.status, JSON.parse(answer.body).error], [400, 'invalid_request'], one?.cert);
  }
});

/* Every answer on one connection until the first refusal; goes on while the other tests run. */
async function untilRefused({ agent, ...one }) {
  const answers = [];
  await eventually(async () => {
    const asked = Date.now();
    answers.push({ ...await proves('passing', one, { agent }), asked, answered: Date.now() });
    return answers.at(-1).status === 401;
  }, { what: 'the certificate proves nothing any more', seconds: 240, pause: 500 });
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

test('the aliases of the metadata are endpoints of the host that asks for certificates, and no page of people is among them', async () => {
  const metadata = JSON.parse((await ask(`${s.env.issuer}/.well-known/openid-configuration`, { ca })).body);
  assert.equal(metadata.tls_client_certificate_bound_access_tokens, true);
  assert.ok(Object.keys(metadata.mtls_endpoint_aliases).length >= 7);
  for (const [name, value] of Object.entries(metadata.mtls_endpoint_aliases)) {
    assert.match(name, /^(?!authorization_endpoint$)\w+_endpoint$/);
    assert.equal(value, metadata[name].replace(s.env.issuer, s.env.mtls.authsrv), name);
    assert.ok(value.startsWith('https:'));
  }
});

test('FAPI-CIBA: signed requests and polls with a certificate, which the tokens are bound to', async () => {
  const GRANT = 'urn:openid:params:grant-type:ciba', now = Math.floor(Date.now() / 1000);
  const [{ privateKey, publicKey }, person] = [await generateKeyPair('PS256'), await addUser(s)];
  writeFileSync(pki.at('metadata-of'), JSON.stringify({
    fapi_profile: 'security', response_types: [], backchannel_token_delivery_mode: 'poll', backchannel_authentication_request_signing_alg: 'PS256', tls_client_certificate_bound_access_tokens: true,
    jwks: { keys: [{ ...createPublicKey(own.cert).export({ format: 'jwk' }), kid: 'own' }, { ...(await exportJWK(publicKey)), kid: 'sig', alg: 'PS256' }] },
  }));
  await operator(s, 'clients', 'add', '--id', 'ciba', '--name', 'ciba', '--grants', `${GRANT},refresh_token`, '--auth-method', 'self_signed_tls_client_auth', '--scope', 'openid email', '--metadata-file', pki.at('metadata-of'));
  const send = async (path, fields, one = own) => {
    const answer = await ask(`${s.env.mtls.authsrv}${path}`, { ca, ...identity(one), method: 'POST', body: new URLSearchParams({ client_id: 'ciba', ...fields }).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    return { status: answer.status, body: JSON.parse(answer.body) };
  };
  const request = () => new SignJWT({ iss: 'ciba', aud: s.env.issuer, iat: now, nbf: now, exp: now + 300, jti: randomUUID(), scope: 'openid email', login_hint: person.email })
    .setProtectedHeader({ alg: 'PS256', kid: 'sig' }).sign(privateKey);
  for (const [one, status] of [[other, 401], [null, 401]]) assert.deepEqual(Object.values(await send('/bc-authorize', { request: await request() }, one)).map((part) => part.error ?? part), [status, 'invalid_client']);
  const asked = await send('/bc-authorize', { request: await request() });
  assert.equal(asked.status, 200, JSON.stringify(asked.body));
  await operator(s, 'approvals', 'allow', asked.body.auth_req_id);
  assert.equal((await send('/token', { grant_type: GRANT, auth_req_id: asked.body.auth_req_id }, other)).body.error, 'invalid_client');
  const { status, body } = await send('/token', { grant_type: GRANT, auth_req_id: asked.body.auth_req_id });
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(decodeProtectedHeader(body.id_token).alg, 'PS256');
  const thumbprint = createHash('sha256').update(own.der).digest('base64url');
  assert.equal(decodeJwt(body.access_token).cnf['x5t#S256'], thumbprint);
  const info = (one, base = s.env.mtls.authsrv) => ask(`${base}/userinfo`, { ca, ...identity(one), headers: { authorization: `Bearer ${body.access_token}` } });
  assert.deepEqual([(await info(own)).status, (await info(other)).status, (await info(undefined)).status, (await info(undefined, s.env.issuer)).status], [200, 401, 401, 401]);
  const again = await send('/token', { grant_type: 'refresh_token', refresh_token: body.refresh_token });
  assert.equal(decodeJwt(again.body.access_token).cnf['x5t#S256'], thumbprint, JSON.stringify(again.body));
});

test('a certificate that ends during a connection proves nothing from then on', async () => {
  const answers = await passing.answers;
  const [first, last] = [answers[0], answers.at(-1)];
  assert.equal(first.error, undefined);
  assert.deepEqual([...new Set(answers.map(({ port }) => port))], [first.port], 'one connection');
  assert.deepEqual([first.status, last.status, JSON.parse(last.body).error], [200, 401, 'invalid_client']);
  assert.ok(last.answered >= passing.ends, 'refused before its end');
  for (const { status, asked, body } of answers.slice(0, -1)) assert.ok(status === 200 && asked < passing.ends + 1000, `${status} ${asked - passing.ends} ms after its end: ${body}`);
  const { status, body } = await call(passing.token, passing);
  assert.deepEqual([status, JSON.parse(body).code], [401, 'invalid_token']);
  assert.match(body, /bound to another certificate/, 'nor is a token good that was bound to it before');
});

test('docs/integrate/machine-to-machine.md shows how a program has such a token with curl', async () => {
  const env = { ISSUER: s.env.issuer, PAY_API: s.env.pay_api, MTLS_API: s.env.mtls.paysrv, CLIENT_ID: ID, CLIENT_SECRET: SECRET, CURL_CA_BUNDLE: s.env.ca_file };
  const { output } = await example('machine-to-machine.md', 'bound.sh', { env });
  const [events, status] = output.trim().split('\n');
  assert.deepEqual([JSON.parse(events).object, status], ['list', '401'], output);
});

test('where there are addresses that ask for certificates, what pages show takes the others', async () => {
  const metadata = JSON.parse((await ask(`${s.env.issuer}/.well-known/oauth-authorization-server`, { ca })).body);
  for (const [page, file, name] of [['machine-to-machine.md', 'machine.sh', 'token_endpoint'], ['resource-server.md', 'introspect.sh', 'introspection_endpoint']]) {
    const [line] = block(page, file).match(new RegExp(`^${name}=.*$`, 'm'));
    const found = execFileSync('/bin/sh', ['-euc', `${line}; printf %s "$${name}"`], { encoding: 'utf8', env: { ...process.env, ISSUER: s.env.issuer, CURL_CA_BUNDLE: s.env.ca_file } });
    assert.equal(found, metadata[name], page);
  }
});
