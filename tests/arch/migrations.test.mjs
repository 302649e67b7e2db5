/*
 * A migration that was applied somewhere is never edited: a database that has the other text refuses every server. migrations.txt holds what each one was
 * when it came, as sha256sum writes it; a new one is appended there with its first commit. And none holds up those who write to a table for as long as it
 * reads it (docs/decisions/0100-migrations-beside-payments.md); those of before are as they are.
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

/* The last that were written without the rule. */
const BEFORE = { authsrv: 33, paysrv: 92 };
const NAME = String.raw`(?:"?[a-z_]+"?\.)?"?[a-z_0-9]+"?`;

/* What in a migration's text makes who writes to a table that may be large wait until it was read: of tables that the same text makes, nothing does. */
export function holdsUp(text) {
  const sql = text.replace(/--[^\n]*/g, '').replace(/\$(\w*)\$[^]*?\$\1\$/g, "''").toLowerCase();
  const made = new Set([...sql.matchAll(new RegExp(`create table (?:if not exists )?(${NAME})`, 'g'))].map(([, name]) => name));
  const statements = sql.split(';').map((one) => one.trim().replace(/\s+/g, ' ')).filter(Boolean);
  const beside = text.startsWith('-- concurrently\n');
  const found = [];
  for (const one of statements) {
    const index = new RegExp(`^create (?:unique )?index (concurrently )?.*? on (?:only )?(${NAME})`).exec(one);
    if (index && !made.has(index[2]) && !(index[1] && beside)) found.push(`an index of ${index[2]}`);
    const table = new RegExp(`^alter table (?:if exists )?(?:only )?(${NAME}) (.*)`).exec(one);
    if (table && !made.has(table[1])) {
      for (const part of table[2].split(/, (?=(?:add|drop|alter|rename|validate|set|enable|disable)\b)/)) {
        if (/^add (constraint \S+ )?(check|foreign key)\b/.test(part) && !/not valid$/.test(part)) found.push(`a constraint of ${table[1]}`);
        if (/^add (column )?.*\b(check \(|references )/.test(part) && !/^add (constraint|check|foreign)/.test(part)) found.push(`a constraint of a column of ${table[1]}`);
        if (/^add (constraint \S+ )?(unique|primary key|exclude)\b/.test(part) && !/ using index /.test(part)) found.push(`an index of ${table[1]}`);
        if (/^alter (column )?\S+ (set data )?type\b/.test(part)) found.push(`another type of ${table[1]}`);
        if (/^alter (column )?\S+ set not null/.test(part)) found.push(`not null of ${table[1]}`);
      }
    }
    if (beside && !/^(create (unique )?index concurrently |drop index concurrently if exists )/.test(one)) found.push(`what is no index, outside a transaction: ${one.slice(0, 40)}`);
  }
  if (beside && /^--.*;/m.test(text)) found.push('a semicolon in a comment, where the migrator would end a statement');
  return [...found, ...(beside ? halfBuilt(statements) : [])];
}

/* An index that was interrupted stays, invalid, so each is dropped before it is made. */
const halfBuilt = (statements) => statements.map((one, i) => [/^create (?:unique )?index concurrently (\S+)/.exec(one)?.[1], statements[i - 1]])
  .filter(([name, before]) => name && before !== `drop index concurrently if exists ${name}`).map(([name]) => `${name} is not dropped before it is made`);

test('no migration holds up those who write to a table while it reads it', () => {
  const late = there.filter((path) => Number(/\/(\d{4})_/.exec(path)[1]) > BEFORE[path.split('/')[0]]);
  assert.deepEqual(late.flatMap((path) => holdsUp(read(path)).map((what) => `${path}: ${what}`)), []);
});

test('what holds up writers is known by its words', () => {
  const each = {
    'create index a_b on a (b);': ['an index of a'],
    'create index concurrently a_b on a (b);': ['an index of a'],
    '-- concurrently\ndrop index concurrently if exists a_b;\ncreate index concurrently a_b on a (b);': [],
    '-- concurrently\ncreate unique index concurrently a_b on a (b);': ['a_b is not dropped before it is made'],
    '-- concurrently\n-- one; two\ndrop index concurrently if exists a_b;\ncreate index concurrently a_b on a (b);': ['a semicolon in a comment, where the migrator would end a statement'],
    '-- concurrently\nupdate a set b = 1;': ['what is no index, outside a transaction: update a set b = 1'],
    'create table a (b int check (b > 0)); create index a_b on a (b); alter table a add check (b > 1);': [],
    'alter table a add constraint c check (b > 0);': ['a constraint of a'],
    'alter table a add constraint c check (b > 0) not valid;': [],
    'alter table a validate constraint c;': [],
    'alter table a add column b bigint not null default 0 check (b >= 0), add column c text;': ['a constraint of a column of a'],
    'alter table a add column b bigint not null default 0, drop constraint c;': [],
    'alter table a alter column b type text;': ['another type of a'],
    'alter table a alter column b set not null;': ['not null of a'],
    'alter table a add primary key using index a_b;': [],
    'alter table a add unique (b);': ['an index of a'],
    "do $$ begin execute 'create index a_b on a (b)'; end $$;": [],
  };
  for (const [sql, found] of Object.entries(each)) assert.deepEqual(holdsUp(sql), found, sql);
});
