/* How the source is written: lengths, comments, banned functions, where SQL may stand, formatting. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { C_FILES, ROOT, cParts, files, longFunctions, places, read } from './sources.mjs';

const SOURCES = new Map(C_FILES.map((path) => [path, { text: read(path), ...cParts(read(path)) }]));
const over = (pattern, check) => [...SOURCES].filter(([path]) => pattern.test(path))
  .flatMap(([path, source]) => check(source, path).map((place) => `${path}:${place}`));

const BANNED = read('tests/arch/banned.txt').split('\n').map((line) => line.replace(/#.*/, '').trim().split(/\s+/)[0]).filter(Boolean);
const SQL = /"\s*(select\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|(create|alter|drop)\s+(table|index|schema|type|role|function)\s|truncate\s)/gi;
const UNFINISHED = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'HA' + 'CK', 'not imple' + 'mented', 'unimple' + 'mented'].join('|')})\\b`, 'g');
/* A string that is said to people ends like a sentence; what is said to developers (a log, an API) is lower case. */
const SENTENCE = /STR\("[A-Z][^"]*[a-z][.?!]"\)/g;
const ONE_SIDED = /(?<![\w-])((margin|padding|border|inset)-(left|right)|left|right|float(?!: inline-(start|end)))(?=[\w-]*\s*:)|text-align:\s*(left|right)/g;
const callOf = (names) => new RegExp(`(?<![\\w.>])(${names.join('|')})\\s*\\(`, 'g');
const longLines = (text, limit) => text.split('\n').flatMap((line, index) => ([...line].length > limit ? [`${index + 1}: ${[...line].length} characters`] : []));

/* In the order of most languages '~' comes before every letter: what is asked for below it is nothing there. */
test('no list begins below a tilde', () => {
  assert.deepEqual(over(/^(authsrv|paysrv)\//, ({ text }) => places(text, /STR\("~"\)/g)), []);
  assert.deepEqual(files(/^(authsrv|paysrv)\/store\/[^/]+\.sql$/).filter((path) => /[<>(,] ?'~'/.test(read(path))), []);
});

/* Statements of many rows that end at so many, whoever asks; and what the verbs that print them say of it. */
test('a command whose list may have been cut says so, and where', () => {
  const ends = new Map(files(/^(authsrv|paysrv)\/store\/[^/]+\.sql$/).flatMap((path) => read(path).split('-- name: ').slice(1)
    .map((statement) => [/^(\w+) :many/.exec(statement)?.[1], /\blimit (\d+);\s*$/.exec(statement)?.[1]])).filter(([name, most]) => name && most));
  assert.ok(ends.size > 20);
  const named = { CLI_ROWS_MAX: /CLI_ROWS_MAX (\d+)/.exec(read('shared/ops/cli.h'))[1] };
  const verbs = over(/^(authsrv|paysrv)\/cli\//, ({ text }) => [...text.matchAll(/^int (\w+)\(struct task \*t.*?^}/gms)].flatMap(([body, verb]) => {
    const most = [...body.matchAll(/\b(\w+)\(t\b/g)].map(([, name]) => ends.get(name)).filter(Boolean);
    const said = /cli_listed\(\w+, (?:\w+ \? )?(\w+)/.exec(body)?.[1];
    const number = named[said] ?? new RegExp(`#define ${said} (\\d+)`).exec(text)?.[1] ?? said;
    return /_show$|^invariants/.test(verb) || !most.length || most.includes(number) ? [] : [`${verb}: ${most}`];
  }));
  assert.deepEqual(verbs, []);
});

test('no banned function is called', () => {
  assert.ok(BANNED.length > 10);
  assert.deepEqual(over(/^(shared|authsrv|paysrv)\//, ({ code }) => places(code, callOf(BANNED))), []);
});

test('only shared/ allocates by hand', () => {
  assert.deepEqual(over(/^(authsrv|paysrv)\//, ({ code }) => places(code, callOf(['malloc', 'calloc', 'realloc', 'free', 'strdup', 'strndup', 'asprintf', 'alloca']))), []);
});

test('SQL stands in store/ and shared/db only', () => {
  assert.deepEqual(over(/^(authsrv|paysrv|shared\/(?!db\/|gen\/))/, ({ withStrings }) => places(withStrings, SQL)), []);
});

test('no file is longer than 500 lines', () => {
  assert.deepEqual(over(/./, ({ text }) => (text.split('\n').length > 501 ? [`${text.split('\n').length - 1} lines`] : [])), []);
});

test('no function is longer than 60 lines', () => assert.deepEqual(over(/./, ({ code }) => longFunctions(code, 60)), []));

test('no line is longer than 120 characters', () => assert.deepEqual(over(/./, ({ text }) => longLines(text, 120)), []));

test('comments are /* */', () => assert.deepEqual(over(/./, ({ lineComments }) => lineComments.map((line) => `${line}`)), []));

test('every C file opens with a comment on what it is for', () => {
  assert.deepEqual(over(/^(shared|authsrv|paysrv)\//, ({ text }) => (text.startsWith('/*') ? [] : ['1'])), []);
});

test('what people read on the pages of authsrv stands in web/text, in every language', () => {
  assert.deepEqual(over(/^authsrv\//, ({ withStrings, code }) => [...places(withStrings, SENTENCE), ...places(code, callOf(['text_of']))]), []);
});

test('styles turn with the direction of the script', () => {
  const sheets = files(/^web\/.*\.css$/);
  assert.ok(sheets.length > 3);
  assert.deepEqual(sheets.flatMap((path) => places(read(path), ONE_SIDED).map((place) => `${path}:${place}`)), []);
});

test('nothing is marked as unfinished', () => {
  const marked = files(/\.(c|h|sql|mjs|js|html|txt|sh)$|^stoa$|CMakeLists\.txt$/).flatMap((path) => places(read(path), UNFINISHED).map((place) => `${path}:${place}`));
  assert.deepEqual(marked, []);
});

test('clang-format would change nothing', async () => {
  const run = promisify(execFile);
  const half = Math.ceil(C_FILES.length / 2);
  const check = (list) => (list.length ? run('clang-format', ['--dry-run', '-Werror', ...list], { cwd: ROOT, maxBuffer: 64 << 20 }) : null);
  const complaints = await Promise.all([C_FILES.slice(0, half), C_FILES.slice(half)].map(check)).then(() => [], (error) => [...new Set(error.stderr.match(/^[^\s:]+(?=:\d+:\d+: error)/gm) ?? [error.message])]);
  assert.deepEqual(complaints, []);
});

test('the checks notice what they are for', () => {
  const { code, withStrings, lineComments } = cParts('int f(void)\n{\n    return g("a // b", strcpy (x)); // no\n}\n/* strcpy(y) "select 1" */\nconst char *q = "select x from y";\n');
  assert.deepEqual(places(code, callOf(['strcpy'])), ['3: strcpy (']);
  assert.deepEqual(lineComments, [3]);
  assert.equal(places(withStrings, SQL).length, 1);
  assert.equal(places('f(STR("Try again."), STR("Basic realm=x"), STR("a b."))', SENTENCE).length, 1);
  assert.equal(places('a { margin-left: 1px; border-left-color: red; text-align: right; padding-inline: 0 } .left { --left: 1; left: 0 }', ONE_SIDED).length, 4);
  assert.equal(longFunctions(`void f(void)\n{\n${'x;\n'.repeat(61)}}\n`, 60).length, 1);
  assert.equal(longFunctions(`void f(void)\n{\n${'x;\n'.repeat(60)}}\n`, 60).length, 0);
});
