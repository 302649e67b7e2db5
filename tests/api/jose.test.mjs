/* shared/jose against the npm package jose: each accepts what the other made, and both refuse the same. No run is
   needed; the library speaks through tests/support/jose_peer.c. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import * as jose from 'jose';

const PROGRAM = new URL(`../../build/${process.env.STOA_BUILD ?? 'dev'}/tests/jose_peer`, import.meta.url).pathname;
const SIGNATURES = ['ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'EdDSA'];
const KEY_ALGS = ['RSA-OAEP', 'RSA-OAEP-256', 'ECDH-ES', 'ECDH-ES+A128KW', 'ECDH-ES+A256KW'];
const CONTENT = ['A128GCM', 'A256GCM', 'A128CBC-HS256', 'A256CBC-HS512'];
const TEXTS = ['', 'x', 'exactly 16 bytes', 'ünïcode and more than one block of text'];

let peer;
let answers;

before(() => {
  peer = spawn(PROGRAM, { stdio: ['pipe', 'pipe', 'inherit'] });
  answers = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
});

after(async () => {
  peer.stdin.end();
  const code = await new Promise((resolve) => peer.once('exit', resolve));
  assert.equal(code, 0);
});

async function ask(verb, fields) {
  peer.stdin.write(`${JSON.stringify({ do: verb, ...fields })}\n`);
  const { value, done } = await answers.next();
  assert.ok(!done, 'the peer is gone');
  return JSON.parse(value);
}

const setOf = (...keys) => JSON.stringify({ keys });
const keyPair = (alg, options) => jose.generateKeyPair(alg, { extractable: true, ...options });

test('jose accepts what we sign, with the key as we publish it', async () => {
  for (const alg of SIGNATURES) {
    const { token, jwk } = await ask('sign', { alg, typ: 'at+jwt', claims: '{"sub":"usr_1"}' });
    const { payload, protectedHeader } = await jose.jwtVerify(token, await jose.importJWK(jwk, alg), { typ: 'at+jwt', algorithms: [alg] });
    assert.equal(payload.sub, 'usr_1');
    assert.equal(protectedHeader.kid, await jose.calculateJwkThumbprint(jwk));
    assert.equal(jwk.alg, alg);
    assert.equal(jwk.use, 'sig');
  }
});

test('we accept what jose signs, under a key without alg and kid', async () => {
  for (const alg of SIGNATURES) {
    const { publicKey, privateKey } = await keyPair(alg);
    const jwk = await jose.exportJWK(publicKey);
    const token = await new jose.SignJWT({ n: 1 }).setProtectedHeader({ alg }).sign(privateKey);
    const answer = await ask('verify', { set: setOf(jwk), alg, token });
    assert.deepEqual(answer, { verdict: 'good', claims: '{"n":1}', jkt: await jose.calculateJwkThumbprint(jwk) });
    const wrong = await ask('verify', { set: setOf(jwk), alg: alg === 'PS256' ? 'RS256' : 'PS256', token });
    assert.equal(wrong.verdict, 'wrong algorithm');
    const changed = token.replace(/\.(.)/, (_, c) => `.${c === 'A' ? 'B' : 'A'}`);
    assert.equal((await ask('verify', { set: setOf(jwk), token: changed })).verdict, 'bad signature');
  }
});

test('proofs of jose carry their key, and give the same thumbprint', async () => {
  for (const alg of ['ES256', 'PS256', 'EdDSA', 'RS256', 'ES384']) {
    const { publicKey, privateKey } = await keyPair(alg);
    const jwk = await jose.exportJWK(publicKey);
    const proof = (header) => new jose.SignJWT({ jti: 'j' }).setProtectedHeader({ alg, typ: 'dpop+jwt', ...header }).sign(privateKey);
    const answer = await ask('embedded', { typ: 'dpop+jwt', token: await proof({ jwk }) });
    assert.equal(answer.verdict, 'good');
    assert.equal(answer.jkt, await jose.calculateJwkThumbprint(jwk));
    const { d } = await jose.exportJWK(privateKey);
    assert.equal((await ask('embedded', { typ: 'dpop+jwt', token: await proof({ jwk: { ...jwk, d } }) })).verdict, 'unknown key');
    assert.equal((await ask('embedded', { typ: 'dpop+jwt', token: await proof({}) })).verdict, 'unknown key');
    assert.equal((await ask('verify', { set: setOf(jwk), typ: 'dpop+jwt', token: await proof({ jwk }) })).verdict, 'malformed');
    assert.equal((await ask('thumbprint', { jwk })).jkt, await jose.calculateJwkThumbprint(jwk));
  }
});

test('HS256 there and back, and no other MAC', async () => {
  const secret = randomBytes(32).toString('base64url');
  const key = new TextEncoder().encode(secret);
  const { token } = await ask('mac', { secret, claims: '{"sub":"c"}' });
  assert.equal((await jose.jwtVerify(token, key, { algorithms: ['HS256'] })).payload.sub, 'c');
  const sign = (alg) => new jose.SignJWT({ sub: 'c' }).setProtectedHeader({ alg }).sign(new Uint8Array(Buffer.alloc(64, secret)));
  assert.equal((await ask('mac_verify', { secret: Buffer.alloc(64, secret).toString(), token: await sign('HS256') })).verdict, 'good');
  assert.equal((await ask('mac_verify', { secret: Buffer.alloc(64, secret).toString(), token: await sign('HS512') })).verdict, 'wrong algorithm');
  assert.equal((await ask('mac_verify', { secret: `${secret}x`, token })).verdict, 'bad signature');
});

test('an unsecured token of jose is read only by the function for it', async () => {
  const token = new jose.UnsecuredJWT({ a: 1 }).encode();
  assert.deepEqual(await ask('unsecured', { token }), { verdict: 'good', claims: '{"a":1}' });
  const { publicKey } = await keyPair('ES256');
  assert.equal((await ask('verify', { set: setOf(await jose.exportJWK(publicKey)), token })).verdict, 'wrong algorithm');
});

test('jose decrypts what we encrypt, on every curve', async () => {
  for (const alg of KEY_ALGS) {
    for (const crv of alg.startsWith('ECDH') ? ['P-256', 'P-384', 'P-521'] : [undefined]) {
      const { publicKey, privateKey } = await keyPair(alg, { crv });
      const set = setOf({ ...(await jose.exportJWK(publicKey)), kid: 'their-key', use: 'enc' });
      for (const enc of CONTENT) {
        for (const plain of TEXTS) {
          const { token } = await ask('encrypt', { set, alg, enc, cty: 'JWT', plain });
          const { plaintext, protectedHeader } = await jose.compactDecrypt(token, privateKey, { keyManagementAlgorithms: [alg] });
          assert.equal(new TextDecoder().decode(plaintext), plain);
          assert.equal(protectedHeader.kid, 'their-key');
          assert.equal(protectedHeader.cty, 'JWT');
        }
      }
    }
  }
});

test('we decrypt what jose encrypts to our published keys', async () => {
  for (const alg of KEY_ALGS) {
    const { jwk } = await ask('encryption_key', { alg });
    assert.equal(jwk.use, 'enc');
    const key = await jose.importJWK(jwk, alg);
    for (const enc of CONTENT) {
      for (const plain of TEXTS) {
        const encrypt = new jose.CompactEncrypt(new TextEncoder().encode(plain)).setProtectedHeader({ alg, enc, kid: jwk.kid, cty: 'JWT' });
        if (alg.startsWith('ECDH') && plain) encrypt.setKeyManagementParameters({ apu: randomBytes(16), apv: randomBytes(8) });
        assert.deepEqual(await ask('decrypt', { token: await encrypt.encrypt(key) }), { verdict: 'good', plain, nested: true });
      }
    }
  }
});

test('a token signed by one side and encrypted by the other goes both ways', async () => {
  const { token: inner, jwk: signer } = await ask('sign', { alg: 'PS256', typ: 'JWT', claims: '{"sub":"usr_1"}' });
  const { publicKey, privateKey } = await keyPair('RSA-OAEP-256');
  const set = setOf({ ...(await jose.exportJWK(publicKey)), alg: 'RSA-OAEP-256' });
  const { token } = await ask('encrypt', { set, alg: 'RSA-OAEP-256', enc: 'A256GCM', cty: 'JWT', plain: inner });
  const { plaintext } = await jose.compactDecrypt(token, privateKey);
  const { payload } = await jose.jwtVerify(new TextDecoder().decode(plaintext), await jose.importJWK(signer, 'PS256'));
  assert.equal(payload.sub, 'usr_1');
});

test('what jose can do and we do not is refused', async () => {
  const { jwk } = await ask('encryption_key', { alg: 'RSA-OAEP' });
  const encrypt = async (alg, enc, header = {}) => new jose.CompactEncrypt(Buffer.from('x'))
    .setProtectedHeader({ alg, enc, kid: jwk.kid, ...header }).encrypt(await jose.importJWK(jwk, alg));
  assert.equal((await ask('decrypt', { token: await encrypt('RSA-OAEP-512', 'A256GCM') })).verdict, 'wrong algorithm');
  assert.equal((await ask('decrypt', { token: await encrypt('RSA-OAEP', 'A192GCM') })).verdict, 'wrong algorithm');
  assert.equal((await ask('decrypt', { token: await encrypt('RSA-OAEP', 'A256GCM', { kid: 'other' }) })).verdict, 'unknown key');
  const password = await new jose.CompactEncrypt(Buffer.from('x')).setProtectedHeader({ alg: 'PBES2-HS256+A128KW', enc: 'A128GCM' }).encrypt(Buffer.from('password'));
  assert.equal((await ask('decrypt', { token: password })).verdict, 'malformed');
  const token = await encrypt('RSA-OAEP', 'A256GCM');
  const parts = token.split('.');
  parts[1] = `${parts[1][0] === 'A' ? 'B' : 'A'}${parts[1].slice(1)}`;
  assert.equal((await ask('decrypt', { token: parts.join('.') })).verdict, 'cannot be decrypted');
});
