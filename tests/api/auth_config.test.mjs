/* What must not start does not start (SECURITY 6.7), and says why, with exit code 2 and nothing of the secret. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { program } from '../support/stack.mjs';

let directory;

before(() => {
  directory = mkdtempSync(join(tmpdir(), 'stoa-config-'));
});
after(() => rmSync(directory, { recursive: true }));

function secret(content = randomBytes(32).toString('hex'), mode = 0o600) {
  const file = join(directory, randomBytes(6).toString('hex'));
  writeFileSync(file, content, { mode });
  chmodSync(file, mode);
  return file;
}

function check(changes, verb = ['check-config']) {
  const keys = { issuer: 'https://as.example', database_url: 'postgresql:///none', pepper_file: secret(), sealing_key_file: secret(), initial_access_token_file: secret(), ...changes };
  const file = join(directory, 'authsrv.ini');
  writeFileSync(file, Object.entries(keys).filter(([, value]) => value !== undefined).map(([key, value]) => `${key} = ${value}\n`).join(''));
  return new Promise((resolve) => execFile(program('authsrv'), [...verb, '--config', file], (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr })));
}

test('a complete configuration is good', async () => assert.equal((await check({})).code, 0));

test('http is for loopback addresses only', async () => {
  assert.equal((await check({ issuer: 'http://127.0.0.1:7000' })).code, 0);
  for (const issuer of ['http://as.example', 'http://localhost:7000', 'https://as.example/', 'https://as.example/path', 'https://as.example?x', 'https://u@as.example', 'ftp://as.example', 'nonsense']) {
    const { code, stderr } = await check({ issuer });
    assert.equal(code, 2, issuer);
    assert.match(stderr, /issuer/);
  }
});

test('missing, short, sample and readable secrets are refused without being shown', async () => {
  for (const key of ['pepper_file', 'sealing_key_file', 'initial_access_token_file']) {
    const cases = { missing: undefined, empty: secret(''), short: secret('abc'), sample: secret('changeme-changeme-changeme-changeme'), repeated: secret('a'.repeat(64)), absent: join(directory, 'nowhere'), readable: secret(undefined, 0o644) };
    for (const [what, value] of Object.entries(cases)) {
      const { code, stdout, stderr } = await check({ [key]: value });
      assert.equal(code, 2, `${key} ${what}`);
      assert.match(stderr, new RegExp(key), `${key} ${what}`);
      assert.doesNotMatch(stdout + stderr, /changeme-changeme/);
    }
  }
});

test('unknown keys and bad values are named with what is allowed', async () => {
  for (const [key, value] of [['issuerr', 'x'], ['workers', '0'], ['workers', 'many'], ['access_token_ttl', '1s'], ['access_token_ttl', 'soon'], ['rate_limits', 'perhaps'], ['log_level', 'loud'], ['port', '70000'], ['self_registration', 'true'], ['registration', 'maybe'], ['registration', 'closed']]) {
    const { code, stderr } = await check({ [key]: value });
    assert.equal(code, 2, key);
    assert.match(stderr, new RegExp(key));
  }
});

test('unknown commands are usage errors, and one that needs the database says that it cannot be had', async () => {
  assert.equal((await check({}, ['dance'])).code, 2);
  const { code, stderr } = await check({}, ['users', 'list']);
  assert.equal(code, 1);
  assert.match(stderr, /^authsrv: The service cannot answer right now/);
});
