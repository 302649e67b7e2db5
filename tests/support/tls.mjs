/*
 * TLS for tests: certificates made by openssl, and requests over connections whose every detail is the test's.
 *
 *   const pki = await makePki();                      a directory with ca.pem
 *   const own = pki.issue('client');                  { cert, key, der, thumbprint }, signed by that CA; { since: date, until: date } for its life
 *   const lone = pki.selfSigned('partner');           the same, signed by itself
 *   await ask(url, { ca, cert, key, headers })        { status, headers, body, peer, port (ours) } of one HTTPS request
 */
import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';

const CA_CONFIG = `[ca]
default_ca = it
[it]
database = index.txt
new_certs_dir = .
certificate = ca.pem
private_key = ca.key
rand_serial = yes
unique_subject = no
default_md = sha256
policy = names
[names]
commonName = supplied
`;
const asn1 = (date) => date.toISOString().replace(/[-:T]|\.\d+/g, '');
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

export function makePki() {
  const directory = mkdtempSync(join(process.env.STOA_TEST_TMP ?? tmpdir(), 'stoa-pki-'));
  const at = (name) => join(directory, name);
  const openssl = (...args) => execFileSync('openssl', args, { cwd: directory, stdio: ['ignore', 'pipe', 'pipe'] });
  const read = (name) => {
    const cert = readFileSync(at(`${name}.pem`), 'utf8');
    const der = new X509Certificate(cert).raw;
    return { cert, key: readFileSync(at(`${name}.key`), 'utf8'), der, thumbprint: createHash('sha256').update(der).digest('hex'), certFile: at(`${name}.pem`), keyFile: at(`${name}.key`) };
  };
  openssl('req', '-x509', ...KEY, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test CA', '-addext', 'keyUsage=critical,keyCertSign');
  return {
    at,
    caFile: at('ca.pem'),
    ca: readFileSync(at('ca.pem'), 'utf8'),
    issue(name, { extensions = '', subject = `/CN=${name}`, from = ['-days', '2'], since, until } = {}) {
      writeFileSync(at(`${name}.ext`), extensions);
      openssl('req', ...KEY, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', subject);
      const files = ['-in', `${name}.csr`, '-extfile', `${name}.ext`, '-out', `${name}.pem`];
      if (!until) openssl('x509', '-req', '-CA', 'ca.pem', '-CAkey', 'ca.key', ...from, ...files);
      else {
        writeFileSync(at('ca.cnf'), CA_CONFIG);
        writeFileSync(at('index.txt'), '', { flag: 'a' });
        openssl('ca', '-batch', '-notext', '-config', 'ca.cnf', ...(since ? ['-startdate', asn1(since)] : []), '-enddate', asn1(until), ...files);
      }
      return read(name);
    },
    selfSigned(name) {
      openssl('req', '-x509', ...KEY, '-keyout', `${name}.key`, '-out', `${name}.pem`, '-days', '2', '-subj', `/CN=${name}`);
      return read(name);
    },
    remove: () => rmSync(directory, { recursive: true }),
  };
}

export function ask(url, { method = 'GET', headers = {}, body, ...tls } = {}) {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false, ...tls }, (answer) => {
      const peer = answer.socket.getPeerCertificate?.(), port = answer.socket.localPort;
      let text = '';
      answer.setEncoding('utf8').on('data', (piece) => (text += piece));
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: text, peer, port }));
    });
    sent.on('error', reject).end(body);
  });
}

/* What a handshake ended in: { protocol, cipher } or { error }. */
export function handshake(port, options) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options }, () => {
      resolve({ protocol: socket.getProtocol(), cipher: socket.getCipher().name, alpn: socket.alpnProtocol });
      socket.destroy();
    });
    socket.on('error', (error) => resolve({ error: error.code ?? error.message }));
  });
}
