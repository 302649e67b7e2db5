/* The statistic by which ./stoa bench enumeration judges. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mannWhitney } from '../support/mann_whitney.mjs';

/* Numbers that look random and are the same in every run. */
function numbers(seed) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}
const pairs = (a, b) => a.flatMap((x) => b.map((y) => (x > y ? 1 : x === y ? 0.5 : 0))).reduce((sum, one) => sum + one, 0);
const near = (found, wanted, tolerance) => assert.ok(Math.abs(found - wanted) <= tolerance, `${found} is not ${wanted}`);

test('U and p are those of a worked example', () => {
  const { u, p } = mannWhitney([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]);
  assert.equal(u, 0);
  near(p, 0.01219, 0.00001); /* z = (12.5 - 0.5) / sqrt(25 * 11 / 12) = 2.5067 */
});

test('equal values count half, and narrow the distribution', () => {
  const [a, b] = [[1, 2, 2, 3, 5], [2, 3, 3, 4, 6, 6, 7]];
  const { u, p } = mannWhitney(a, b);
  assert.equal(u, pairs(a, b));
  near(p, 0.0989, 0.0001); /* groups of 3, 3 and 2: z = (17.5 - 7 - 0.5) / sqrt(35 / 12 * (13 - 54 / 132)) = 1.6502 */
  assert.equal(mannWhitney([1, 1], [1, 1, 1]).p, 1, 'nothing differs');
});

test('the order of the samples changes nothing but the side', () => {
  const next = numbers(7);
  const [a, b] = [40, 70].map((n) => Array.from({ length: n }, () => Math.floor(next() * 20)));
  const [ab, ba] = [mannWhitney(a, b), mannWhitney(b, a)];
  assert.equal(ab.u, pairs(a, b));
  assert.equal(ab.u + ba.u, 40 * 70);
  near(ab.p, ba.p, 1e-12);
});

test('what is the same is rarely told apart, and a shift is found', () => {
  const next = numbers(11);
  const sample = (shift) => Array.from({ length: 100 }, () => shift + next() ** 3);
  const found = (shift) => Array.from({ length: 400 }, () => mannWhitney(sample(0), sample(shift)).p < 0.05).filter(Boolean).length / 400;
  near(found(0), 0.05, 0.03);
  assert.ok(found(0.15) > 0.9);
});
