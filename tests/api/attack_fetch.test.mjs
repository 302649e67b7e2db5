/* Addresses that a client gives us to fetch: none leads inside, and what they answer tells the caller nothing about the network behind us. */
import assert from 'node:assert/strict';
import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import * as jose from 'jose';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { timed } from '../support/eventually.mjs';
import { REDIRECT, addClient, inFile, operator, post, request, sound } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';

let s, key, jwk;
const servers = [];
const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const now = () => Math.floor(Date.now() / 1000);

before(async () => {
  s = await startStack({ profile: 'login', env: { AUTHSRV_RATE_LIMITS: 'false', AUTHSRV_PARTNER_METADATA_TTL: '1s' } }); /* failures by the dozen, from one address */
  const pair = await jose.generateKeyPair('ES256', { extractable: true });
  key = pair.privateKey;
  jwk = { ...(await jose.exportJWK(pair.publicKey)), kid: 'k' };
});
after(async () => {
  for (const server of servers) server.closeAllConnections?.(), server.close();
  await sound(s);
  await s.stop();
});

const listen = (server) => new Promise((resolve) => {
  servers.push(server);
  server.listen(0, '127.0.0.1', () => resolve(server.address().port));
});
const clientAt = (jwks_uri) => addClient(s, { method: 'private_key_jwt', clientAuth: oidc.None(), metadata: { jwks_uri } });
async function attempt(client, kid = 'k') {
  const client_assertion = await new jose.SignJWT({ iss: client.id, sub: client.id, aud: s.env.issuer, iat: now(), exp: now() + 60, jti: `f${Math.random()}` }).setProtectedHeader({ alg: 'ES256', kid }).sign(key);
  const { value: { status, body }, ms } = await timed(() => post(s, '/token', { grant_type: 'client_credentials', client_assertion_type: TYPE, client_assertion }));
  return { status, body, ms };
}

test('no address of a client leads inside', async () => {
  const register = async (metadata) => {
    const answer = await fetch(new URL('/register', s.env.issuer), { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${s.env.initial_access_token}` }, body: JSON.stringify({ redirect_uris: [REDIRECT], ...metadata }) });
    return { status: answer.status, body: await answer.json() };
  };
  const inside = ['10.0.0.1', '172.16.0.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0', '[::1]', '[::ffff:10.0.0.1]', '[64:ff9b::a00:1]', '[fd00::1]', '[fe80::1]'];
  const sneaky = ['https://user:password@a.example/keys', 'http://a.example/keys', 'https://a.example/keys\r\nX: y', 'ftp://a.example/keys', 'file:///etc/passwd', 'gopher://a.example/', 'https://', '//a.example/keys', 'https://a.example:99999/keys'];
  for (const uri of sneaky) assert.equal((await register({ token_endpoint_auth_method: 'private_key_jwt', grant_types: ['client_credentials'], jwks_uri: uri })).status, 400, uri);
  for (const host of inside) {
    const { status, body } = await register({ token_endpoint_auth_method: 'private_key_jwt', grant_types: ['client_credentials'], jwks_uri: `https://${host}/keys` });
    if (status === 400) continue;
    assert.equal(status, 201, host);
    const answer = await attempt({ id: body.client_id });
    assert.deepEqual([answer.status, answer.body.error], [401, 'invalid_client'], host);
    const failed = s.log('authsrv').split('\n').find((line) => line.includes('jwks.fetch_failed') && line.includes(`https://${host}/keys`));
    assert.match(failed ?? '', /this network may not be reached/, `${host}: refused before a connection`);
  }
});

test('whatever a client’s address answers, the caller learns one thing', async () => {
  let asked = [];
  const keys = JSON.stringify({ keys: [jwk] });
  const inner = await listen(createHttp((req, res) => {
    asked.push(req.url);
    res.end(keys);
  }));
  const kinds = {
    '/redirect': (res) => res.writeHead(302, { location: `http://127.0.0.1:${inner}/inner` }).end(), '/error': (res) => res.writeHead(500).end(keys), '/garbage': (res) => res.end('<html>root:x:0:0</html>'), '/empty': (res) => res.end(),
    '/huge': (res) => res.end(`{"keys":[],"x":"${'x'.repeat(10 << 20)}"}`), '/encoded': (res) => res.writeHead(200, { 'content-encoding': 'gzip' }).end(keys), '/private': async (res) => res.end(JSON.stringify({ keys: [{ ...(await jose.exportJWK(key)), kid: 'k' }] })),
    '/secret': (res) => res.end(JSON.stringify({ keys: [{ kty: 'oct', k: 'c2VjcmV0', kid: 'k' }] })), '/many': (res) => res.end(JSON.stringify({ keys: Array(5000).fill(jwk) })), '/deep': (res) => res.end('['.repeat(50_000)), '/twice': (res) => res.end(`{"keys":[],"keys":[${JSON.stringify(jwk)}]}`),
  };
  const outer = await listen(createHttp((req, res) => kinds[req.url](res)));
  const silent = await listen(createServer(() => {}));
  const noise = await listen(createServer((socket) => socket.on('error', () => {}).end('SSH-2.0-OpenSSH_9.2p1\r\n')));
  const uris = [...Object.keys(kinds).map((path) => `http://127.0.0.1:${outer}${path}`), `http://127.0.0.1:${silent}/silent`, `http://127.0.0.1:${noise}/noise`, 'http://127.0.0.1:9/closed'];
  const clients = [];
  for (const uri of uris) clients.push({ uri, client: await clientAt(uri) });
  const answers = await Promise.all(clients.map(async ({ uri, client }) => ({ uri, ...(await attempt(client)) })));
  for (const { uri, status, body, ms } of answers) {
    assert.equal(status, 401, uri);
    assert.deepEqual(body, answers[0].body, `${uri}: one answer for all`);
    assert.ok(ms < 60_000, `${uri}: ${ms} ms`);
  }
  assert.deepEqual(asked, [], 'the redirect was not followed');
  assert.equal((await attempt(await clientAt(`http://127.0.0.1:${inner}/keys`))).status, 200, 'a sound one works');
});

test('many unknown key ids make one fetch', async () => {
  let asked = 0;
  const port = await listen(createHttp((req, res) => {
    asked += 1;
    res.end(JSON.stringify({ keys: [jwk] }));
  }));
  const client = await clientAt(`http://127.0.0.1:${port}/keys`);
  assert.equal((await attempt(client)).status, 200);
  const storm = await Promise.all(Array.from({ length: 40 }, (_, i) => attempt(client, `unknown-${i}`)));
  for (const { status } of storm) assert.ok([401, 503].includes(status), `${status}`);
  assert.ok(asked <= 2, `${asked} fetches`);
  assert.equal((await attempt(client)).status, 200, 'the real key still works');
});

test('a partner’s metadata that moves elsewhere is refused: secrets and codes go where they went', async () => {
  const rp = await addClient(s, { more: ['--first-party'] });
  let change = {}, fetches = 0;
  const heard = { partner: [], thief: [] };
  const tokenEndpoint = (who) => (req, res) => {
    heard[who].push(req.url);
    res.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}');
  };
  const thief = `http://127.0.0.1:${await listen(createHttp(tokenEndpoint('thief')))}`;
  const issuer = `http://127.0.0.1:${await listen(createHttp((req, res) => {
    const url = new URL(req.url, 'http://partner');
    if (url.pathname === '/token') return tokenEndpoint('partner')(req, res);
    if (url.pathname === '/auth') return res.writeHead(302, { location: `${url.searchParams.get('redirect_uri')}?${new URLSearchParams({ code: 'c', state: url.searchParams.get('state'), iss: issuer })}` }).end();
    fetches += 1;
    return res.end(JSON.stringify({ issuer, authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks`, ...change }));
  }))}`;
  const logIn = async (slug) => (await createAgent().open((await request(rp, { idp_hint: slug })).url, { until: (url) => url.href.startsWith(REDIRECT) })).status;
  await inFile('partner-secret-0123456789', (file) => operator(s, 'partners', 'add', 'mover', '--name', 'Mover', '--issuer', issuer, '--client-id', 'stoa', '--client-secret-file', file));
  await logIn('mover');
  assert.ok(fetches > 0 && heard.partner.length === 1, 'a log-in that takes longer than a document lives asks for it twice');
  const moves = async () => Number(/stoa_upstream_total\{event="moved"\} (\d+)/.exec(await (await fetch(`http://127.0.0.1:${s.env.admin_ports.authsrv}/metrics`)).text())[1]);
  for (const [what, moved] of [['another host', { token_endpoint: `${thief}/token` }], ['another issuer', { issuer: thief, token_endpoint: `${thief}/token` }], ['another scheme', { token_endpoint: 'ftp://127.0.0.1/token' }]]) {
    change = moved;
    const before_ = fetches;
    await sleep(1100);
    const [counted, sent] = [await moves(), heard.partner.length];
    assert.equal(await logIn('mover'), 503, what);
    assert.ok(fetches > before_, `${what}: the metadata was asked for again`);
    assert.ok(await moves() > counted, what);
    assert.deepEqual([heard.thief.length, heard.partner.length], [0, sent], `${what}: nobody is sent anywhere`);
    change = {};
    await sleep(1100);
    await logIn('mover');
    assert.equal(heard.partner.length, sent + 1, 'the old document is good again as soon as it is back');
  }
  assert.match(s.log('authsrv'), /upstream.metadata_moved/);
  change = { token_endpoint: `${thief}/token` };
  await s.restart('authsrv', { env: { AUTHSRV_RATE_LIMITS: 'false', AUTHSRV_PARTNER_METADATA_TTL: '1s' } });
  assert.equal(await logIn('mover'), 503, 'a restart does not forget where it was');
  assert.match(await operator(s, 'partners', 'list'), /mover.*another issuer or token endpoint/);
  await operator(s, 'partners', 'wake', 'mover');
  await logIn('mover');
  assert.equal(heard.thief.length, 1, 'the operator says that it may be elsewhere');
  heard.thief.length = 0;
  change = { issuer: thief };
  await inFile('partner-secret-0123456789', (file) => operator(s, 'partners', 'add', 'liar', '--name', 'Liar', '--issuer', `${issuer}/liar`, '--client-id', 'stoa', '--client-secret-file', file));
  assert.notEqual(await logIn('liar'), 0, 'a document of another issuer is never the first one either');
  assert.deepEqual(heard.thief, []);
});
