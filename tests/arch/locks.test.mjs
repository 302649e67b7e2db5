/*
 * A row that a statement locks and does not write guards nothing against a serializable transaction: that waits for the lock and goes on with what it saw
 * before (docs/decisions/0104-guards-between-isolation-levels.md). So each such lock of paysrv stands in locks.txt with what makes it right. Locks that
 * skip what is locked already take work, and guard nothing.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { files, read } from './sources.mjs';

const LIST = 'tests/arch/locks.txt';
const LOCK = /\bfor (?:share|key share|no key update|update)\b(?: of (\w+(?:, *\w+)*))?( skip locked)?/g;
const SOURCE = /(?:\bfrom|\bjoin|,)\s+([a-z_]+)(?:\s+(?:as )?(?!(?:where|on|using|join|cross|left|order|limit|for)\b)([a-z]\w*))?/g;

const statements = (text) => text.split(/^-- name: /m).slice(1).map((part) => ({
  name: /^\w+/.exec(part)[0], sql: part.replace(/^.*\n/, '').replace(/^--.*\n/gm, ''),
}));

/* What stands in the same brackets before a place, without what is bracketed in it. */
function selectBefore(sql, at) {
  let depth = 0, kept = '';
  for (let i = at - 1; i >= 0; i--) {
    if (sql[i] === '(' && depth-- === 0) break;
    if (depth === 0 && sql[i] !== '(') kept = sql[i] + kept;
    if (sql[i] === ')') depth++;
  }
  return kept;
}

/* The tables whose rows a statement locks and does not write. */
export function lockedOnly(sql) {
  const own = new Set([...sql.matchAll(/(?:\bwith|,)\s+(\w+) as (?:materialized )?\(/g)].map(([, name]) => name));
  const found = new Set();
  for (const lock of sql.matchAll(LOCK)) {
    if (lock[2]) continue;
    const [, from] = /(\bfrom\b[^]*?)(?:\bwhere\b|\border by\b|$)/.exec(selectBefore(sql, lock.index));
    const tables = Object.fromEntries([...from.matchAll(SOURCE)].map(([, table, alias]) => [alias ?? table, table]));
    for (const name of lock[1]?.split(/, */) ?? Object.keys(tables))
      if (!own.has(tables[name]) && !new RegExp(`\\b(?:update|delete from) ${tables[name]}\\b`).test(sql)) found.add(tables[name]);
  }
  return [...found].sort();
}

test('a lock is seen with the table that it is of, unless that is written as well or work is taken', () => {
  const of = (sql) => lockedOnly(sql).join(' ');
  assert.equal(of('select a from t where b = (select 1) for update;'), 't');
  assert.equal(of('select x.a, y.b from t x join u y on y.a = x.a where x.b, y.b order by x.a\n   for no key update of y;'), 'u');
  assert.equal(of('select x.a from t x join u y on y.a = x.a join v on v.a = x.a for no key update of x for share of y, v;'), 't u v');
  assert.equal(of('with k as materialized (\n    select a from t for share\n), w as (\n    update u set a = 1 from k\n) select 1;'), 't');
  assert.equal(of('with k as materialized (\n    select a from t for share\n)\nupdate t set a = 1 from k;'), '');
  assert.equal(of('with l as (select 1), k as (\n    select l.a from t, l for update of t\n) select 1;'), 't');
  assert.equal(of('update t set a = 1 where b in (select b from t limit 5 for update skip locked);'), '');
});

test(`what paysrv only locks stands in ${LIST}, and why that is right`, () => {
  const known = read(LIST).split('\n').filter((line) => line && !line.startsWith('#')).map((line) => /^(\S+) (\S+) {2,}(.{20,})$/.exec(line) ?? assert.fail(`no row: ${line}`));
  const there = files(/^paysrv\/store\/[a-z_]+\.sql$/).flatMap((path) => statements(read(path)).flatMap(({ name, sql }) => lockedOnly(sql).map((table) => `${name} ${table}`)));
  assert.deepEqual(there.toSorted(), known.map(([, name, table]) => `${name} ${table}`).toSorted());
});
