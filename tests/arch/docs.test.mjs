/* The documents: links lead somewhere, the README's first screen fits and names only commands that exist, every decision is in the index. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import { test } from 'node:test';
import { ROOT, files, read } from './sources.mjs';

const DOCUMENTS = files(/^README\.md$|^docs\/.*\.md$/);

function deadLinks(path, text) {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target.split('#')[0])
    .filter((target) => target && !/^[a-z]+:/.test(target) && !existsSync(join(ROOT, posix.join(posix.dirname(path), target))))
    .map((target) => `${path}: ${target}`);
}

test('links between documents lead to files', () => {
  assert.ok(DOCUMENTS.length > 5);
  assert.deepEqual(DOCUMENTS.flatMap((path) => deadLinks(path, read(path))), []);
});

test("the README's first screen fits, and begins with a command", () => {
  const lines = read('README.md').trimEnd().split('\n');
  assert.ok(lines.length <= 45, `${lines.length} lines`);
  assert.ok(lines.findIndex((line) => line.startsWith('    ./stoa')) < 8);
});

test('documents name only verbs that the driver has', () => {
  const usage = execFileSync(join(ROOT, 'stoa'), ['help'], { encoding: 'utf8' });
  const verbs = new Set([...usage.matchAll(/^ {2}([a-z]+) /gm)].map(([, verb]) => verb));
  const unknown = DOCUMENTS.flatMap((path) => [...read(path).matchAll(/\.\/stoa ([a-z]+)/g)].filter(([, verb]) => !verbs.has(verb) && verb !== 'help').map(([, verb]) => `${path}: ${verb}`));
  assert.deepEqual(unknown, []);
});

test('every decision is in the index', () => {
  const index = read('docs/decisions/0000-index.md');
  const missing = files(/^docs\/decisions\/\d{4}-.*\.md$/).map((path) => posix.basename(path)).filter((name) => !name.startsWith('0000') && !index.includes(`(${name})`));
  assert.deepEqual(missing, []);
});

test('the check notices what it is for', () => {
  assert.deepEqual(deadLinks('docs/X.md', '[a](nowhere.md) [b](STYLE.md) [c](https://example.org/)'), ['docs/X.md: nowhere.md']);
});

test('every type of event that is told has a name that endpoints can ask for, and stands in the document', () => {
  const known = [...read('paysrv/domain/webhook.c').split('types[] = {')[1].split('};')[0].matchAll(/"([a-z_]+\.[a-z_]+)"/g)].map(([, type]) => type);
  const documented = [...read('docs/protocol/pay-api.md').match(/^Types: .*$/m)[0].matchAll(/`([a-z_]+\.[a-z_]+)`/g)].map(([, type]) => type);
  assert.deepEqual([...new Set(documented)].toSorted(), known.toSorted());
  const objects = new Set(known.map((type) => type.split('.')[0]));
  const told = files(/^paysrv\/store\/[a-z_]+\.sql$/).flatMap((path) => [...read(path).replace(/select :note_id.*/g, '').matchAll(/'([a-z_]+)(\.[a-z_]+)'/g)]).filter(([, object]) => objects.has(object));
  assert.ok(told.length > 40);
  assert.deepEqual([...new Set(told.map(([, object, step]) => object + step))].filter((type) => !known.includes(type)), []);
});
