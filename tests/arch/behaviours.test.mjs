/* The matrix of behaviours: every line names a test that exists, and the document is the one that the catalogues give. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { documentOf, faultsOf, parse, testsIn, walked } from '../behaviours/matrix.mjs';
import { ROOT, files, read } from './sources.mjs';

const sourceOf = (path) => (existsSync(join(ROOT, path)) ? read(path) : null);
const catalogues = (pattern) => files(pattern).sort().flatMap((path) => parse(read(path)));
const specifications = catalogues(/^tests\/behaviours\/[^/]*\.txt$/);
const walk = catalogues(/^tests\/behaviours\/conformance\/.*\.txt$/);

test('every behaviour has a test that exists', () => {
  assert.ok(specifications.length > 5);
  assert.deepEqual(faultsOf(specifications, sourceOf), []);
  assert.ok(walk.length > 5);
  assert.deepEqual(faultsOf(walk, sourceOf), []);
  assert.deepEqual(walk.flatMap(({ behaviours }) => behaviours.filter(({ places }) => places.length === 0).map(({ section }) => section)), [], 'says where it is done');
});

test('docs/behaviours.md and docs/protocol/conformance.md are what the catalogues say; node tests/behaviours/write.mjs makes them', () => {
  assert.equal(read('docs/behaviours.md'), documentOf(specifications));
  const page = read('docs/protocol/conformance.md');
  assert.match(page, /^\| A1 \|/m);
  assert.equal(page, walked(page, walk));
});

test('the checks notice what they are for', () => {
  const source = "test('a', f); test(`b ${c}`, f); test.skip('d', f); describe('it\\'s', f);";
  assert.deepEqual(testsIn('x.test.mjs', source), new Set(['a', 'b ${c}', "it's"]));
  assert.deepEqual(testsIn('x_test.c', 'TEST(one)\n/* TEST(two) */\nSHARED_TEST(three)\n'), new Set(['one', 'three']));
  const catalogue = '# x: X\n1 (2) Good.\n    api/t: a\n3 (2) Gone.\n    api/t: d\n2 (2) Nothing.\n# x: again\n';
  assert.deepEqual(faultsOf(parse(catalogue), () => source), ['x-3: tests/api/t.test.mjs has no test "d"', 'x-2 is out of order', 'x-2 has no test', 'x stands twice', 'x has no behaviour']);
  assert.deepEqual(faultsOf(parse('# x: X\n1 (2) Good.\n    in no/where.c\n    api/t: a\n'), (path) => (path === 'no/where.c' ? null : source)), ['x-1: there is no no/where.c']);
  assert.throws(() => parse('# x: X\nneither\n'), /line 2/);
});
