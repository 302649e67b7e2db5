/*
 * A migration that was applied somewhere is never edited: a database that has the other text refuses every server. migrations.txt holds what each one was
 * when it came, as sha256sum writes it; a new one is appended there with its first commit.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { files, read } from './sources.mjs';

const LIST = 'tests/arch/migrations.txt';
const known = new Map(read(LIST).trim().split('\n').map((line) => line.split('  ').reverse()));
const there = files(/^(authsrv|paysrv)\/store\/migrations\/[^/]+\.sql$/);
const sum = (path) => createHash('sha256').update(read(path)).digest('hex');

test('no migration was edited or taken away since it came', () => {
  assert.deepEqual([...known].filter(([path, was]) => !there.includes(path) || sum(path) !== was).map(([path]) => path), []);
});

test(`each migration stands in ${LIST}`, () => {
  assert.deepEqual(there.filter((path) => !known.has(path)).map((path) => `${sum(path)}  ${path}`), [], 'append these lines');
});

test('the numbers of a server’s migrations follow each other from 1', () => {
  for (const server of ['authsrv', 'paysrv']) {
    const numbers = there.filter((path) => path.startsWith(server)).map((path) => Number(/\/(\d{4})_[a-z_0-9]+\.sql$/.exec(path)?.[1])).sort((a, b) => a - b);
    assert.deepEqual(numbers, numbers.map((_, i) => i + 1), server);
  }
});
