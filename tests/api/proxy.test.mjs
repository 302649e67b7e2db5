/*
 * Behind Debian's nginx and HAProxy with the configuration that we ship: HTTP/2, tokens, client certificates over the mTLS host; forged
 * headers, smuggling and other names refused. The same for the servers themselves, as a client that stands beside the proxy.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { request as requestHttp } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { eventually } from '../support/eventually.mjs';
import { startHaproxy, startNginx } from '../support/proxy.mjs';
import { operator } from '../support/relying_party.mjs';
import { freePortBase, program, ROOT, startStack } from '../support/stack.mjs';
import { ask, handshake, makePki } from '../support/tls.mjs';

const CLIENT = { id: 'behind-proxy', secret: randomBytes(24).toString('base64url') };
const CODE_CLIENT = 'redirected-behind-proxy', REDIRECT = 'https://app.example/callback';
const lookup = (host, options, found) => (options.all ? found(null, [{ address: '127.0.0.1', family: 4 }]) : found(null, '127.0.0.1', 4));

let s, pki, port, direct, url;

/* The configuration of a server that stands behind a proxy, as environment. */
const behind = (server, more) => Object.fromEntries(Object.entries({
  TRUSTED_PROXIES: '127.0.0.1', CLIENT_CERTIFICATE_HEADER: 'Client-Cert', CLIENT_CA_FILE: pki.caFile, CA_FILE: pki.caFile, LOG_LEVEL: 'debug', ...more,
}).map(([key, value]) => [`${server}_${key}`, value]));

before(async () => {
  pki = makePki();
  for (const name of ['auth', 'pay']) {
    const { cert, key } = pki.issue(name, { extensions: `subjectAltName=DNS:${name}.localhost,DNS:mtls.${name}.localhost\n` });
    writeFileSync(pki.at(`${name}.pem`), cert + key);
  }
  writeFileSync(pki.at('client-ca.pem'), pki.ca);
  port = await freePortBase();
  url = (host, path = '') => `https://${host}.localhost:${port}${path}`;
  s = await startStack({ profile: 'bare' });
  direct = Number(new URL(s.env.issuer).port);
  const secrets = mkdtempSync(join(tmpdir(), 'stoa-proxy-'));
  writeFileSync(join(secrets, 'secret'), CLIENT.secret, { mode: 0o600 });
  await operator(s, 'clients', 'add', '--id', CLIENT.id, '--name', 'Proxy test', '--grants', 'client_credentials', '--auth-method', 'client_secret_basic', '--secret-file', join(secrets, 'secret'), '--scope', 'pay.payments');
  await operator(s, 'clients', 'add', '--id', CODE_CLIENT, '--name', 'Redirected', '--grants', 'authorization_code', '--auth-method', 'none', '--redirect-uri', REDIRECT, '--scope', 'openid');
  rmSync(secrets, { recursive: true });
  await s.restart('authsrv', { env: behind('AUTHSRV', { ISSUER: url('auth'), MTLS_URL: url('mtls.auth') }) });
});
after(async () => {
  await s?.stop();
  pki?.remove();
});

/* What the server's log says about a request. */
function logged(server, id, event) {
  const line = s.log(server).split('\n').find((one) => one.includes(id) && one.includes(`"${event}"`));
  return line ? JSON.parse(line) : null;
}

const through = (host, path, options = {}) => ask(url(host, path), { ca: pki.ca, lookup, servername: `${host}.localhost`, ...options });

function http2(host, path, { headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(url(host), { ca: pki.ca, lookup });
    session.on('error', reject);
    const stream = session.request({ ':path': path, ':method': body ? 'POST' : 'GET', ...headers }, { endStream: !body });
    let answer, text = '';
    stream.on('response', (got) => (answer = got)).setEncoding('utf8').on('data', (piece) => (text += piece)).on('error', reject);
    stream.on('end', () => {
      session.close();
      resolve({ status: answer[':status'], headers: answer, body: text });
    });
    if (body) stream.end(body);
  });
}

/* All bytes that come back until the peer closes. */
function raw(bytes, { servername = 'auth.localhost', ALPNProtocols = ['http/1.1'] } = {}) {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connectTls({ host: '127.0.0.1', port, ca: pki.ca, servername, ALPNProtocols }, () => socket.write(bytes));
    socket.setEncoding('latin1').on('data', (piece) => (text += piece)).on('error', () => {}).on('close', () => resolve(text));
    socket.setTimeout(60_000, () => {
      reject(new Error('the connection stays open'));
      socket.destroy();
    });
  });
}

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736', TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const CERTIFICATE_FORMS = (one) => [`:${one.der.toString('base64')}:`, encodeURIComponent(one.cert)];

const post = (path, headers, body) => `POST ${path} HTTP/1.1\r\nHost: auth.localhost:${port}\r\nContent-Type: application/x-www-form-urlencoded\r\n${headers}\r\n${body}`;
const get = (path, headers = '') => `GET ${path} HTTP/1.1\r\nHost: auth.localhost:${port}\r\n${headers}\r\n`;
const HIDDEN = () => get('/healthz');
const SAMPLES = {
  'Content-Length with Transfer-Encoding': () => post('/token', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${HIDDEN()}`),
  'two different Content-Lengths': () => post('/token', 'Content-Length: 4\r\nContent-Length: 60\r\n', `a=bc${HIDDEN()}`),
  'a list of Content-Lengths': () => post('/token', 'Content-Length: 4, 60\r\n', `a=bc${HIDDEN()}`),
  'a space before the colon': () => post('/token', 'Content-Length : 4\r\n', `a=bc${HIDDEN()}`),
  'an unknown Transfer-Encoding': () => post('/token', 'Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${HIDDEN()}`),
  'a broken chunk size': () => post('/token', 'Transfer-Encoding: chunked\r\n', `0x4\r\na=bc\r\n0\r\n\r\n${HIDDEN()}`),
  'an encoded NUL in the path': () => get('/jwks%00.json', 'Connection: close\r\n'),
  'an encoded NUL in the query': () => get('/jwks.json?a=%00', 'Connection: close\r\n'),
  'a NUL in a header': () => get('/jwks.json', 'X-A: a\0b\r\n'),
  'a bare CR in a header': () => get('/jwks.json', 'X-A: a\rb\r\n'),
  'two Hosts': () => get('/jwks.json', `Host: pay.localhost:${port}\r\n`),
  'a folded header name': () => get('/jwks.json', 'Connection: close\r\nX-Forwarded-: 9.9.9.9\r\n For: 9.9.9.9\r\n'),
};

/* HAProxy makes sense of these two as RFC 9112 allows; nginx refuses them. */
const MENDED = ['Content-Length with Transfer-Encoding', 'a folded header name'];

for (const [name, start] of [['nginx', startNginx], ['HAProxy', startHaproxy]]) {
  describe(name, () => {
    let proxy;
    before(async () => {
      proxy = await start({ directory: pki.at(''), port, authsrv: direct, paysrv: direct + 1 });
      /* It is ready only when it has read the keys of its issuer, which it reaches through this proxy. */
      await s.restart('paysrv', { env: behind('PAYSRV', { ISSUER: url('auth'), PUBLIC_URL: url('pay'), MTLS_URL: url('mtls.pay') }) });
      await eventually(async () => (await through('pay', '/readyz')).status === 200, { what: 'the proxy has seen that paysrv is back' });
    });
    after(() => proxy?.stop());

    test('discovery and a token over HTTP/2', async () => {
      const metadata = await http2('auth', '/.well-known/openid-configuration');
      assert.equal(metadata.status, 200, metadata.body);
      assert.match(metadata.headers['strict-transport-security'], /max-age=\d{8}/);
      const { token_endpoint: endpoint, issuer } = JSON.parse(metadata.body);
      assert.equal(issuer, url('auth'));
      const { status, body } = await http2('auth', new URL(endpoint).pathname, {
        headers: { authorization: `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}`, 'content-type': 'application/x-www-form-urlencoded' },
        body: 'grant_type=client_credentials&scope=pay.payments',
      });
      assert.equal(status, 200, body);
      assert.match(JSON.parse(body).access_token, /./);
      await eventually(async () => (await http2('pay', '/readyz')).status === 200, { what: 'it is ready' });
      assert.equal((await http2('pay', '/v1/payments')).status, 401);
    });

    test('TLS is as strict as in the servers', async () => {
      const shake = (options) => handshake(port, { servername: 'auth.localhost', ...options });
      assert.equal((await shake({})).protocol, 'TLSv1.3');
      assert.match((await shake({ maxVersion: 'TLSv1.2' })).cipher, /^ECDHE-ECDSA-AES\d+-GCM/);
      assert.match((await shake({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' })).error, /PROTOCOL_VERSION/);
      assert.match((await shake({ maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0' })).error, /HANDSHAKE_FAILURE/);
    });

    test('the client is who connected, whatever it says', async () => {
      const forged = { 'x-forwarded-for': '9.9.9.9', 'x-forwarded-proto': 'http', 'x-forwarded-host': 'evil.example', forwarded: 'for=9.9.9.9;host=evil.example', 'x-real-ip': '9.9.9.9', x_forwarded_for: '9.9.9.9', traceparent: TRACEPARENT };
      const { status, headers } = await through('auth', '/jwks.json', { headers: forged, localAddress: '127.0.0.3' });
      assert.equal(status, 200);
      const served = logged('authsrv', headers['x-request-id'], 'request.served');
      assert.equal(served.peer, '127.0.0.3');
      assert.match(served.trace_id, /^[0-9a-f]{32}$/);
      assert.notEqual(served.trace_id, TRACE);
      assert.match(served.parent_span_id, /^[0-9a-f]{16}$/, 'the proxy says which request of its own it is');
    });

    test('a certificate comes from the handshake of the mTLS host and from nowhere else', async () => {
      const own = pki.issue('client');
      const lone = pki.selfSigned('lone');
      for (const [identity, trusted] of [[own, 'yes'], [lone, 'no']]) {
        const { status, headers } = await through('mtls.auth', '/jwks.json', { cert: identity.cert, key: identity.key, headers: { 'client-cert': CERTIFICATE_FORMS(own)[0] } });
        const seen = logged('authsrv', headers['x-request-id'], 'request.certificate');
        assert.deepEqual([status, seen?.sha256, seen?.trusted], [200, identity.thumbprint, trusted]);
      }
      for (const host of ['auth', 'mtls.auth']) {
        for (const forged of CERTIFICATE_FORMS(own)) {
          const { status, headers } = await through(host, '/jwks.json', { headers: { 'client-cert': forged, client_cert: forged } });
          assert.equal(status, 200);
          assert.equal(logged('authsrv', headers['x-request-id'], 'request.certificate'), null);
        }
      }
      const { headers } = await through('mtls.pay', '/healthz', { cert: lone.cert, key: lone.key });
      assert.equal(logged('paysrv', headers['x-request-id'], 'request.certificate').sha256, lone.thumbprint);
    });

    test('a host that does not ask for certificates cannot be used to reach the one that does, nor another name', async () => {
      const answer = await raw(`GET /jwks.json HTTP/1.1\r\nHost: mtls.auth.localhost:${port}\r\nConnection: close\r\n\r\n`);
      assert.match(answer, /^HTTP\/1.1 (421|400) /);
      assert.match(await raw(`GET /jwks.json HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`), /^HTTP\/1.1 (421|400) |^$/);
      assert.ok((await handshake(port, { servername: 'evil.example' })).error, 'no certificate for a name that is not ours');
    });

    for (const [what, bytes] of Object.entries(SAMPLES)) {
      if (name === 'HAProxy' && MENDED.includes(what)) continue;
      test(`${what}: 400, and nothing behind it is served`, async () => {
        const answer = await raw(bytes());
        assert.match(answer, /^HTTP\/1.1 (400|501) /, answer);
        assert.equal(answer.match(/HTTP\/1\.1 \d/g).length, 1, answer);
        assert.ok(!answer.includes('"status":"ok"'), answer);
      });
    }

    test('chunk lines that two readers may read differently are refused, or reach the server framed anew', async () => {
      const auth = `Authorization: Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}\r\nTransfer-Encoding: chunked\r\n`;
      const body = 'grant_type=client_credentials&scope=pay.payments';
      const size = body.length.toString(16);
      const odd = {
        'plain': `${size}\r\n${body}\r\n0\r\n\r\n`, 'an extension': `${size};a="b;c"\r\n${body}\r\n0\r\n\r\n`, 'an extension of 8 KiB': `${size};${'x'.repeat(8192)}\r\n${body}\r\n0\r\n\r\n`,
        'LF after the size': `${size}\n${body}\r\n0\r\n\r\n`, 'LF after an extension': `${size};a\n${body}\r\n0\r\n\r\n`, 'LF inside an extension': `${size};a\nb\r\n${body}\r\n0\r\n\r\n`, 'NUL in an extension': `${size};a\0b\r\n${body}\r\n0\r\n\r\n`,
        'LF after the chunk': `${size}\r\n${body}\n0\r\n\r\n`, 'LF at the end': `${size}\r\n${body}\r\n0\n\n`, 'a chunk line in the extension': `2;\nab\r\n${HIDDEN().length.toString(16)}\r\n${HIDDEN()}\r\n0\r\n\r\n`,
        'a length as trailer': `${size}\r\n${body}\r\n0\r\nContent-Length: 100\r\n\r\n`, 'a host as trailer': `${size}\r\n${body}\r\n0\r\nHost: evil.example\r\n\r\n`,
      };
      for (const [what, chunks] of Object.entries(odd)) {
        const answer = await raw(post('/token', auth, chunks) + get('/jwks.json', 'Connection: close\r\n'));
        const [first, ...others] = [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
        assert.ok(first === 200 || (first >= 400 && first < 500), `${what}: ${answer}`);
        if (what === 'plain') assert.equal(first, 200);
        assert.ok(others.length === 0 || (others.length === 1 && [200, 400].includes(others[0])), `${what}: ${answer}`);
        if (first === 200 && others[0] === 200) assert.ok(answer.includes('"keys"'), `${what}: what follows is the next request`);
        assert.ok(!answer.includes('"status":"ok"'), `${what}: ${answer}`);
      }
    });

    test('what is mended instead of refused does no harm', async () => {
      const [framing, folded] = await Promise.all(MENDED.map((what) => raw(SAMPLES[what]())));
      assert.equal(framing.match(/HTTP\/1\.1 \d/g).length, 1, framing);
      assert.match(framing, /^HTTP\/1.1 4\d\d /, 'the body is the empty one that Transfer-Encoding says');
      const id = /x-request-id: (\w+)/i.exec(folded)?.[1];
      if (id) assert.equal(logged('authsrv', id, 'request.served').peer, '127.0.0.1');
      else assert.match(folded, /^HTTP\/1.1 400 /);
    });

    test('what the servers take is let through', async () => {
      const sent = (host, path, type) => through(host, path, { method: 'POST', headers: { 'content-type': type, 'content-length': 120_000 }, body: 'a'.repeat(120_000) });
      assert.equal((await sent('auth', '/par', 'application/x-www-form-urlencoded')).status, 401, 'the server answered, and wants to know who asks');
      assert.equal((await sent('pay', '/v1/operator/bank/files', 'application/xml')).status, 401);
    });

    test('an answer with a long header comes through', async () => {
      const asked = new URLSearchParams({ client_id: CODE_CLIENT, response_type: 'code', redirect_uri: REDIRECT, scope: 'openid', prompt: 'none', code_challenge: 'a'.repeat(43), code_challenge_method: 'S256' });
      const { status, headers } = await through('auth', `/authorize?${asked}&state=${'%22'.repeat(2000)}`);
      assert.equal(status, 302);
      assert.match(headers.location, /error=login_required.*(%22){2000}/);
    });

    test('too much is refused', async () => {
      const long = 'a'.repeat(20_000);
      assert.match(await raw(get(`/jwks.json?a=${long}`, 'Connection: close\r\n')), /^HTTP\/1.1 (414|400|431) /);
      assert.match(await raw(get('/jwks.json', `X-A: ${'b'.repeat(40_000)}\r\n`)), /^HTTP\/1.1 (400|431) /);
      assert.match(await raw(post('/token', 'Content-Length: 10737418240\r\n', 'a=')), /^HTTP\/1.1 413 /);
    });
  });
}

/* A second node of authsrv, under load: stopped, then gone. Connections that stand are closed when nothing is on them. */
for (const [name, start] of [['nginx', startNginx], ['HAProxy', startHaproxy]]) {
  test(`${name}: a node that is stopped, and one that is gone, cost no request`, async () => {
    const second = await freePortBase(), said = { code: null };
    const node = spawn(program('authsrv'), ['serve', '--config', s.config('authsrv')], { stdio: 'ignore', env: { ...process.env, ...behind('AUTHSRV', { ISSUER: url('auth'), MTLS_URL: url('mtls.auth'), PORT: second, ADMIN_PORT: second + 1, MTLS_PORT: 0 }) } });
    const ended = new Promise((resolve) => node.once('exit', (code) => resolve((said.code = code))));
    let proxy, running = true;
    try {
      await eventually(async () => (await fetch(`http://127.0.0.1:${second + 1}/readyz`)).status === 200, { what: 'the second node is ready' });
      proxy = await start({ directory: pki.at(''), port, authsrv: direct, paysrv: direct + 1, second });
      const statuses = {}, basic = { authorization: `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}`, 'content-type': 'application/x-www-form-urlencoded' };
      let n = 0;
      const clients = Array.from({ length: 6 }, async () => {
        while (running) {
          const send = () => through('auth', '/token', { method: 'POST', headers: basic, body: 'grant_type=client_credentials&scope=pay.payments' }).catch((error) => ({ status: error.code }));
          let { status, headers } = await send();
          if (status === 503 && headers['retry-after']) ({ status } = await send()); /* a server's own word on a busy machine: no request is lost */
          statuses[status] = (statuses[status] ?? 0) + 1;
          n += 1;
        }
      });
      const more = (wanted, goal = n + wanted) => eventually(() => n >= goal, { what: `${wanted} more requests` });
      try {
        await more(40);
        node.kill('SIGTERM');
        assert.equal(await ended, 0);
        await more(40);
      } finally {
        running = false;
      }
      await Promise.all(clients);
      assert.deepEqual(Object.keys(statuses), ['200'], JSON.stringify(statuses));
    } finally {
      if (said.code === null) node.kill('SIGKILL');
      await proxy?.stop();
    }
  });
}

/* One plain request to authsrv itself, from an address that is the proxy's, or is not. */
function beside(localAddress, headers) {
  return new Promise((resolve, reject) => {
    requestHttp({ host: '127.0.0.1', port: direct, path: '/jwks.json', localAddress, agent: false, headers: { host: `auth.localhost:${port}`, ...headers } }, (answer) => {
      answer.resume().on('end', () => resolve({ status: answer.statusCode, id: answer.headers['x-request-id'] }));
    }).on('error', reject).end();
  });
}

/* Each of the numbers that proxies have: the largest bodies are settlements' (paysrv) and branding (authsrv). */
test('the proxies let through the largest body that a server takes', () => {
  const bytes = (file, pattern) => {
    const [, n, unit] = pattern.exec(readFileSync(join(ROOT, file), 'utf8'));
    return Number(n) * ({ k: 1024, m: 1 << 20 }[unit] ?? 1);
  };
  const largest = { auth: bytes('authsrv/domain/partner/branding.h', /BRANDING_MAX_BYTES \(\(size_t\)(\d+) \*/) * 1024, pay: bytes('paysrv/domain/settlement/settlement_file.h', /SETTLEMENT_MAX_BYTES \(\(size_t\)(\d+) <</) << 20 };
  assert.deepEqual(largest, { auth: 248 * 1024, pay: 8 << 20 });
  assert.ok(bytes('docs/deploy/nginx.conf', /^client_max_body_size (\d+)([km]);/m) > largest.auth);
  for (const server of ['pay', 'mtls.pay']) assert.ok(bytes('docs/deploy/nginx.conf', new RegExp(`server_name ${server}.example.com;\\s+client_max_body_size (\\d+)([km]);`)) > largest.pay);
  assert.ok(bytes('docs/deploy/haproxy.cfg', /for_auth \{ req.body_size gt (\d+)/) > largest.auth);
  assert.ok(bytes('docs/deploy/haproxy.cfg', /\{ req.body_size gt (\d+) \} or/) > largest.pay);
});

test('headers that speak for a client are believed from the configured address and from no other', async () => {
  const one = pki.selfSigned('one');
  for (const form of CERTIFICATE_FORMS(one)) {
    const headers = { 'client-cert': form, 'x-forwarded-for': '9.9.9.9' };
    const from = { proxy: await beside('127.0.0.1', headers), other: await beside('127.0.0.2', headers) };
    assert.deepEqual([from.proxy.status, from.other.status], [200, 200]);
    assert.equal(logged('authsrv', from.proxy.id, 'request.certificate')?.sha256, one.thumbprint);
    assert.equal(logged('authsrv', from.other.id, 'request.certificate'), null);
    assert.equal(logged('authsrv', from.proxy.id, 'request.served').peer, '9.9.9.9');
    assert.equal(logged('authsrv', from.other.id, 'request.served').peer, '127.0.0.2');
  }
});

test('a trace goes on where the proxy names it, and begins here otherwise', async () => {
  const spans = new Set();
  for (const [from, traceparent, goesOn] of [['127.0.0.1', TRACEPARENT, true], ['127.0.0.1', TRACEPARENT.toUpperCase(), false], ['127.0.0.2', TRACEPARENT, false]]) {
    const { trace_id: trace, span_id: span, parent_span_id: parent } = logged('authsrv', (await beside(from, { traceparent })).id, 'request.served');
    assert.deepEqual([trace === TRACE, parent], [goesOn, goesOn ? '00f067aa0ba902b7' : undefined]);
    assert.match(trace, /^[0-9a-f]{32}$/);
    assert.match(span, /^[0-9a-f]{16}$/);
    spans.add(span);
  }
  assert.equal(spans.size, 3);
});

test('a proxy that passes something else than one certificate is refused', async () => {
  const { der, cert } = pki.selfSigned('two');
  const spoilt = [`:${der.subarray(0, 100).toString('base64')}:`, der.toString('base64'), ':!:', encodeURIComponent(cert.replace('CERTIFICATE', 'KEY')), 'CN=admin', `:${Buffer.concat([der, der]).toString('base64')}:`];
  for (const value of spoilt) assert.equal((await beside('127.0.0.1', { 'client-cert': value })).status, 400, value);
});

test('a name in X-Forwarded-Host counts when the proxy says it', async () => {
  assert.equal((await beside('127.0.0.1', { 'x-forwarded-host': 'evil.example' })).status, 421);
  assert.equal((await beside('127.0.0.2', { 'x-forwarded-host': 'evil.example' })).status, 200);
  assert.equal((await beside('127.0.0.1', { host: 'inner', 'x-forwarded-host': `auth.localhost:${port}` })).status, 200);
  assert.equal((await beside('127.0.0.2', { host: 'inner', 'x-forwarded-host': `auth.localhost:${port}` })).status, 421);
});
