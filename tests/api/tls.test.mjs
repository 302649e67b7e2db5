/* TLS in the servers themselves: versions and ciphers, certificates renewed under connections, plain bytes, configuration. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { startStack } from '../support/stack.mjs';
import { ask, handshake, makePki } from '../support/tls.mjs';

let s, ca, pki, port;
before(async () => {
  pki = makePki();
  s = await startStack({ profile: 'bare', args: ['--tls'], env: { AUTHSRV_CLIENT_CA_FILE: pki.caFile, AUTHSRV_LOG_LEVEL: 'debug' } });
  ca = readFileSync(s.env.ca_file, 'utf8');
  port = Number(new URL(s.env.issuer).port);
});
after(async () => {
  await s?.stop();
  pki?.remove();
});

const HEALTH = '/healthz';

test('both servers answer over HTTPS under the names of their configuration', async () => {
  const { status, body } = await ask(`${s.env.issuer}/.well-known/openid-configuration`, { ca });
  assert.equal(status, 200);
  const metadata = JSON.parse(body);
  assert.equal(metadata.issuer, s.env.issuer);
  for (const [name, alias] of Object.entries(metadata.mtls_endpoint_aliases)) {
    assert.match(name, /^(?!authorization_endpoint).*_endpoint$/);
    assert.equal(alias, metadata[name].replace(s.env.issuer, s.env.mtls.authsrv), 'the same endpoint at the port that asks for certificates');
  }
  assert.ok(metadata.mtls_endpoint_aliases.token_endpoint);
  assert.match(s.env.issuer, /^https:/);
  assert.equal((await ask(`${s.env.pay_api}${HEALTH}`, { ca })).status, 200);
});

test('paysrv verifies the issuer by the CA of its configuration and reads its keys', async () => {
  await eventually(async () => (await ask(`${s.env.pay_api}/readyz`, { ca })).status === 200, { what: 'it is ready' });
});

test('a private CA is not trusted without being named', async () => {
  await s.kill('paysrv', 'SIGTERM');
  const alone = spawn(s.program('paysrv'), ['serve', '--config', s.config('paysrv')], { env: { ...process.env, PAYSRV_CA_FILE: '' }, stdio: 'ignore' });
  const ready = `http://127.0.0.1:${s.env.admin_ports.paysrv}/readyz`;
  const { status, failing, ...rest } = await eventually(async () => { /* a machine that is busy may be unready for a moment for another reason, too */
    const answer = await fetch(ready), body = await answer.json();
    return answer.status === 503 && body.failing.join() === 'issuer_keys' && body;
  }, { what: 'paysrv lacks the keys of its issuer, and nothing else' });
  assert.deepEqual([status, failing, rest], ['unavailable', ['issuer_keys'], {}]);
  alone.kill();
  await once(alone, 'exit');
  await s.restart('paysrv');
});

test('only TLS 1.2 and 1.3 are spoken, 1.3 first', async () => {
  assert.equal((await handshake(port)).protocol, 'TLSv1.3');
  assert.equal((await handshake(port, { maxVersion: 'TLSv1.2' })).protocol, 'TLSv1.2');
  for (const version of ['TLSv1', 'TLSv1.1']) {
    const old = await handshake(port, { minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' });
    assert.match(old.error ?? 'accepted', /PROTOCOL_VERSION/, version);
  }
});

test('TLS 1.2 gives ECDHE with AES-GCM and nothing else', async () => {
  const only = (ciphers) => handshake(port, { maxVersion: 'TLSv1.2', ciphers: `${ciphers}:@SECLEVEL=0` });
  for (const good of ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384']) assert.equal((await only(good)).cipher, good);
  for (const weak of ['ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA384', 'ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-ECDSA-AES128-CCM', 'DHE-RSA-AES128-GCM-SHA256', 'AES128-GCM-SHA256', 'AES256-SHA']) {
    assert.match((await only(weak)).error ?? 'accepted', /HANDSHAKE_FAILURE/, weak);
  }
});

test('HTTP/1.1 is what is negotiated', async () => {
  assert.equal((await handshake(port, { ALPNProtocols: ['h2', 'http/1.1'] })).alpn, 'http/1.1');
});

test('no session tickets, so nothing can be replayed as early data', async () => {
  const { stdout } = spawnSync('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, '-CAfile', s.env.ca_file], { input: `GET ${HEALTH} HTTP/1.0\r\n\r\n`, encoding: 'utf8' });
  assert.match(stdout, /Verify return code: 0/);
  assert.doesNotMatch(stdout, /New Session Ticket arrived/);
});

function plain(bytes) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const pieces = [];
    socket.on('data', (piece) => pieces.push(piece)).on('error', () => {}).on('close', () => resolve(Buffer.concat(pieces)));
    socket.setTimeout(60_000, () => {
      reject(new Error('an unfinished handshake is not ended after its time'));
      socket.destroy();
    });
  });
}

test('plain HTTP and noise at the TLS port are refused, and the server goes on', async () => {
  const answers = await Promise.all([plain(`GET ${HEALTH} HTTP/1.1\r\nHost: a\r\n\r\n`), plain(Buffer.alloc(2000, 0xff)), plain(Buffer.from('160301ffff01', 'hex'))]);
  for (const answer of answers) assert.ok(!answer.includes('HTTP/1.1 200'), answer.toString());
  assert.equal((await ask(`${s.env.issuer}${HEALTH}`, { ca })).status, 200);
});

test('another name in Host is 421, but probes may use any', async () => {
  const evil = { ca, headers: { host: 'evil.example' }, checkServerIdentity: () => undefined };
  assert.equal((await ask(`${s.env.issuer}/.well-known/openid-configuration`, evil)).status, 421);
  assert.equal((await ask(`${s.env.issuer}${HEALTH}`, evil)).status, 200);
});

const certificateNow = async () => (await ask(`${s.env.issuer}${HEALTH}`, { ca: [ca, pki.ca] })).peer.fingerprint256;

test('SIGHUP gives new connections the new certificate and leaves those that stand', async () => {
  const renewed = pki.issue('server', { extensions: 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const first = await ask(`${s.env.issuer}${HEALTH}`, { ca, agent });
  const old = { pem: readFileSync(join(s.data, 'tls/server.pem')), key: readFileSync(join(s.data, 'tls/server.key')) };
  copyFileSync(renewed.certFile, join(s.data, 'tls/server.pem'));
  writeFileSync(join(s.data, 'tls/server.key'), renewed.key, { mode: 0o600 });
  process.kill(s.env.pids.authsrv, 'SIGHUP');
  await eventually(async () => (await certificateNow()) !== first.peer.fingerprint256, { what: 'the new certificate' });
  const again = await ask(`${s.env.issuer}${HEALTH}`, { ca, agent });
  assert.deepEqual([again.status, again.peer.fingerprint256], [200, first.peer.fingerprint256], 'the kept connection works on, with the certificate it began with');
  agent.destroy();

  writeFileSync(join(s.data, 'tls/server.pem'), 'not a certificate');
  process.kill(s.env.pids.authsrv, 'SIGHUP');
  await eventually(() => /server.reload_refused/.test(s.log('authsrv')), { what: 'the refusal in the log' });
  const still = await certificateNow();
  assert.notEqual(still, first.peer.fingerprint256);

  writeFileSync(join(s.data, 'tls/server.pem'), old.pem);
  writeFileSync(join(s.data, 'tls/server.key'), old.key, { mode: 0o600 });
  process.kill(s.env.pids.authsrv, 'SIGHUP');
  await eventually(async () => (await certificateNow()) === first.peer.fingerprint256, { what: 'the first certificate again' });
});

test('the end of the certificate is a metric', async () => {
  const text = await (await fetch(`http://127.0.0.1:${s.env.admin_ports.authsrv}/metrics`)).text();
  const end = Number(/^stoa_tls_certificate_expires_timestamp_seconds (\d+)$/m.exec(text)?.[1]);
  assert.ok(end > Date.now() / 1000 + 29 * 86400 && end < Date.now() / 1000 + 31 * 86400, text.match(/stoa_tls.*/)?.[0]);
});

/* What authsrv saw of a request is in its log: the certificate that a handler gets, and whether it is trusted. */
async function seen(url, options) {
  const answer = await ask(url, { ca, ...options });
  const line = s.log('authsrv').split('\n').find((one) => one.includes(answer.headers['x-request-id']) && one.includes('request.certificate'));
  const { sha256, trusted } = line ? JSON.parse(line) : {};
  return { status: answer.status, sha256, trusted };
}

test('a client certificate arrives whoever signed it, and is trusted when the CA did', async () => {
  const CLIENT = 'extendedKeyUsage=clientAuth\n';
  const cases = [
    [pki.issue('client', { extensions: CLIENT }), 'yes'],
    [pki.issue('plain'), 'yes'],
    [pki.selfSigned('lone'), 'no'],
    [pki.issue('a-server', { extensions: 'extendedKeyUsage=serverAuth\n' }), 'no'],
    [pki.issue('expired', { extensions: CLIENT, from: ['-days', '-1'] }), 'no'],
  ];
  for (const [identity, trusted] of cases) {
    const got = await seen(`${s.env.mtls.authsrv}${HEALTH}`, { cert: identity.cert, key: identity.key });
    assert.deepEqual(got, { status: 200, sha256: identity.thumbprint, trusted });
  }
});

test('a client that says nothing is served, and only the one port asks', async () => {
  const lone = pki.selfSigned('lone');
  const nobody = { status: 200, sha256: undefined, trusted: undefined };
  assert.deepEqual(await seen(`${s.env.mtls.authsrv}${HEALTH}`), nobody);
  assert.deepEqual(await seen(`${s.env.issuer}${HEALTH}`, { cert: lone.cert, key: lone.key }), nobody);
  const header = { 'client-cert': `:${lone.der.toString('base64')}:`, 'x-forwarded-for': '9.9.9.9' };
  assert.deepEqual(await seen(`${s.env.issuer}${HEALTH}`, { headers: header }), nobody);
  const asked = (at) => spawnSync('openssl', ['s_client', '-connect', new URL(at).host, '-tls1_2'], { input: '', encoding: 'utf8' }).stdout;
  assert.match(asked(s.env.mtls.authsrv), /Client Certificate Types:/);
  assert.doesNotMatch(asked(s.env.issuer), /Client Certificate Types:/);
});

test('one port can do both', async () => {
  const client = pki.issue('client');
  await s.restart('authsrv', { env: { AUTHSRV_MTLS_PORT: String(port), AUTHSRV_MTLS_URL: s.env.issuer, AUTHSRV_CLIENT_CA_FILE: pki.caFile, AUTHSRV_LOG_LEVEL: 'debug' } });
  assert.deepEqual(await seen(`${s.env.issuer}${HEALTH}`, { cert: client.cert, key: client.key }), { status: 200, sha256: client.thumbprint, trusted: 'yes' });
  assert.equal((await handshake(new URL(s.env.mtls.authsrv).port)).error, 'ECONNREFUSED');
});

test('what cannot work is refused at the start, by its key', async () => {
  const { cert, keyFile } = pki.selfSigned('other');
  const open = pki.at('open.key');
  copyFileSync(keyFile, open);
  chmodSync(open, 0o644);
  const mistakes = [
    [{ AUTHSRV_TLS_KEY_FILE: '' }, /tls_certificate_file: goes together with tls_key_file/],
    [{ AUTHSRV_TLS_KEY_FILE: keyFile }, /tls_key_file.*server.pem: .*match/],
    [{ AUTHSRV_TLS_KEY_FILE: open }, /tls_key_file.*may be read by others/i],
    [{ AUTHSRV_TLS_CERTIFICATE_FILE: '/nowhere.pem' }, /nowhere.pem/],
    [{ AUTHSRV_CLIENT_CA_FILE: keyFile }, /client_ca_file.*other.key/],
    [{ AUTHSRV_CA_FILE: '/nowhere.pem' }, /: ca_file: .*nowhere.pem/],
    [{ AUTHSRV_MTLS_URL: 'http://a.example' }, /mtls_url: must be https/],
    [{ AUTHSRV_TRUSTED_PROXIES: '127.0.0.1/8' }, /trusted_proxies: must be/],
    [{ AUTHSRV_FORWARDED_HEADER: 'x-real-ip' }, /forwarded_header: must be/],
    [{ AUTHSRV_CLIENT_CERTIFICATE_HEADER: 'Client-Cert' }, /client_certificate_header: is believed from trusted_proxies only/],
    [{ AUTHSRV_TLS_CERTIFICATE_FILE: '', AUTHSRV_TLS_KEY_FILE: '' }, /mtls_port: needs/],
  ];
  assert.ok(cert);
  for (const [env, complaint] of mistakes) {
    const { status, stderr } = spawnSync(s.program('authsrv'), ['check-config', '--config', s.config('authsrv')], { encoding: 'utf8', env: { ...process.env, ...env } });
    assert.equal(status, 2, `${JSON.stringify(env)}: ${stderr}`);
    assert.match(stderr, complaint);
  }
});
