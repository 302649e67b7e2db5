/* The documents: links lead somewhere, the README's first screen fits; they name the commands, error codes and metrics that there are, and all of them; every decision is in the index. */
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

/* As GitHub names a heading: small letters, without marks, spaces as hyphens. */
const anchors = (text) => [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));

test('links to a heading lead to one', () => {
  const links = DOCUMENTS.flatMap((path) => [...read(path).matchAll(/\]\(([^)\s#]*)#([^)\s]+)\)/g)].filter(([, target]) => !/^[a-z]+:/.test(target))
    .map(([, target, anchor]) => ({ path, to: target ? posix.join(posix.dirname(path), target) : path, anchor })));
  assert.ok(links.length > 10, `${links.length} links`);
  assert.deepEqual(links.filter(({ to, anchor }) => !anchors(read(to)).includes(anchor)), []);
});

/* In a table `|` ends a cell also within a quotation; it is written `\\|` there. */
const cells = (line) => line.replaceAll('\\|', '').split('|').length;

test('every row of a table has the cells of its head', () => {
  const wrong = DOCUMENTS.flatMap((path) => {
    const lines = read(path).split('\n');
    let head = -1;
    return lines.flatMap((line, i) => {
      head = !line.startsWith('|') ? -1 : head < 0 ? i : head;
      return head >= 0 && cells(line) !== cells(lines[head]) ? [`${path}:${i + 1}`] : [];
    });
  });
  assert.deepEqual(wrong, []);
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

/* A C source without the ends of lines inside of macros, and the text of literals that stand side by side. */
const joined = (path) => read(path).replace(/\\\n/g, '');
const literals = (text) => [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, part]) => part).join('');

test('every type of event that is told has a name that endpoints can ask for, and stands in the document', () => {
  const rows = [...joined('paysrv/domain/message/event_type.h').split('#define EVENT_TYPES(X)')[1].matchAll(/X\("([a-z_.]+)",\s*"(\w+)",\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)/g)]
    .map(([, type, data, meaning]) => `| \`${type}\` | ${data} | ${literals(meaning)} |`);
  const documented = read('docs/protocol/pay/events.md').split('\n## Types\n')[1].split('\n').filter((line) => line.startsWith('| `'));
  assert.ok(rows.length > 100);
  assert.deepEqual(documented.toSorted(), rows.toSorted());
  const about = literals(joined('paysrv/domain/message/event_type.c').split('"EventData",')[1].split(');')[0]).split(/[ |]+/);
  assert.deepEqual(rows.map((row) => row.split(' | ')[1]).filter((data) => !about.includes(data)), [], 'the list of events has it, too');
  const known = rows.map((row) => row.split('`')[1]);
  const objects = new Set(known.map((type) => type.split('.')[0]));
  const told = files(/^paysrv\/store\/[a-z_]+\.sql$/).flatMap((path) => [...read(path).replace(/select :note_id.*/g, '').matchAll(/'([a-z_]+)(\.[a-z_]+)'/g)]).filter(([, object]) => objects.has(object));
  assert.ok(told.length > 40);
  assert.deepEqual([...new Set(told.map(([, object, step]) => object + step))].filter((type) => !known.includes(type)), []);
});

const ROW = /X\("([a-z-]+)",\s*"([a-z-]*)",\s*\w+,\s*((?:"(?:[^"\\]|\\.)*"\s*)+),/g;

/* What the text calls on the servers' command line: [server, first, second, the words after them]. */
function commandsIn(text) {
  const spans = [...text.replace(/\\\n/g, ' ').matchAll(/`([^`\n]+)`|^ {4}(.*)$/gm)].map(([, span, block]) => span ?? block);
  return spans.flatMap((span) => [...span.matchAll(/^\s*(paysrv|authsrv) ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?(.*)$/g)].map(([, ...words]) => words));
}

test('documents name only commands that the servers have, with options that these take', () => {
  const rows = ['paysrv', 'authsrv'].flatMap((server) => [`${server}/verbs.h`, 'shared/server/audit_verb.h']
    .flatMap((path) => [...joined(path).matchAll(ROW)].map(([, first, second, takes]) => ({ server, first, second, takes: literals(takes) }))));
  assert.ok(rows.length > 150);
  const wrong = DOCUMENTS.flatMap((path) => commandsIn(read(path)).flatMap(([server, first, second = '', rest]) => {
    const own = rows.filter((row) => row.server === server && row.first === first);
    if (!own.length) return ['serve', 'migrate', 'check-config', 'shell'].includes(first) ? [] : [`${path}: ${server} ${first}`];
    const row = own.find((one) => one.second === second || !one.second);
    if (!row) return second ? [`${path}: ${server} ${first} ${second}`] : [];
    return [...rest.split('--then')[0].matchAll(/--[a-z-]+/g)].filter(([option]) => option !== '--config' && !row.takes.includes(option)).map(([option]) => `${path}: ${server} ${first} ${second} ${option}`);
  }));
  assert.deepEqual(wrong, []);
});

test('every error code of both servers stands with its status in docs/protocol/errors.md, and no other', () => {
  const coded = (...paths) => paths.flatMap((path) => [...joined(path).matchAll(/X\(\w+,\s*(\d+),\s*"([a-z_]+)"/g)].map(([, status, code]) => `${code} ${status}`));
  const told = (text) => [...text.matchAll(/^\| (`.*?) \| ([\d, ]+) \|/gm)].flatMap(([, cell, row]) => {
    const codes = [...cell.matchAll(/`([a-z_]+)`/g)].map(([, code]) => code), statuses = row.split(', ');
    return Array.from({ length: Math.max(codes.length, statuses.length) }, (_, i) => `${codes[i] ?? codes[0]} ${statuses[i] ?? statuses[0]}`);
  });
  const [paysrv, authsrv] = read('docs/protocol/errors.md').split('\n## authsrv\n');
  assert.deepEqual(told(paysrv).toSorted(), [...new Set(coded('paysrv/faults.h', 'shared/base/faults.h'))].toSorted());
  assert.deepEqual(told(authsrv).toSorted(), [...new Set(coded('authsrv/faults.h'))].toSorted());
});

test('every metric says what it is without its neighbours, and stands in a document', () => {
  const text = [...DOCUMENTS.filter((path) => !path.startsWith('docs/decisions/')), 'docs/deploy/alerts.yml'].map(read).join('\n');
  const sources = files(/^(paysrv|authsrv|shared)\/.*\.[ch]$/).map(joined).join('\n');
  const metrics = [...sources.matchAll(/"(stoa_[a-z_]+)",\s*(?:\.help = )?((?:"(?:[^"\\]|\\.)*"\s*)+)/g)].map(([, name, help]) => ({ name, help: literals(help) }));
  assert.ok(metrics.length > 55, `${metrics.length} metrics`);
  assert.deepEqual(metrics.filter(({ help }) => /(oldest|those|some) of them|\bsuch\b/i.test(help)), []);
  assert.deepEqual(metrics.filter(({ name }) => !text.includes(name)).map(({ name }) => name), []);
});

test('every kind of anomaly that is written has a row of the table, and stands in docs/OPERATIONS.md, and no other', () => {
  const known = [...joined('paysrv/domain/anomaly.h').split('#define ANOMALIES(X)')[1].matchAll(/X\([A-Z_]+,\s*"([a-z_]+)"/g)].map(([, kind]) => kind);
  const told = [...read('docs/OPERATIONS.md').split('\n## Anomalies\n')[1].split('\n## ')[0].matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, kind]) => kind);
  assert.ok(known.length > 10);
  assert.deepEqual(told, known);
  const written = files(/^paysrv\/store\/[a-z_]+\.sql$/).flatMap((path) => [...read(path).matchAll(/insert into anomaly \(partner_id, kind, [^)]*\)\s+select [\w.]*partner_id, '([a-z_]+)'/g)]).map(([, kind]) => kind);
  const inserts = files(/^paysrv\/store\/[a-z_]+\.sql$/).flatMap((path) => [...read(path).matchAll(/insert into anomaly /g)]).length;
  assert.equal(written.length, inserts - 1, 'all but anomaly_report, whose kinds are an enum');
  assert.deepEqual(written.filter((kind) => !known.includes(kind)), []);
});

test('every route of the payment API stands in its documents', () => {
  const routes = files(/^paysrv\/endpoints\/.*\.c$/).flatMap((path) => [...read(path).matchAll(/\.path = "(\/v1\/[^"]+)"/g)].map(([, route]) => route));
  const text = files(/^docs\/protocol\/(pay-api|pay\/[a-z-]+|acquirer|connectors|first-party)\.md$|^docs\/OPERATIONS\.md$/).map(read).join('\n').replace(/\{\w+\}/g, '{}');
  /* Whole, or its end where the table has the beginning: `.../confirm`, `/reject`. */
  const said = (route) => {
    const path = route.replace(/\{\w+\}/g, '{}').replace(/[{}]/g, '\\$&');
    return new RegExp(`${path}(?![a-z_/{])|${'(\\.\\.\\.[^\\s`]*|`)'}/${path.split('/').at(-1)}(?![a-z_/])`).test(text);
  };
  assert.ok(routes.length > 150, `${routes.length} routes`);
  assert.deepEqual([...new Set(routes)].filter((route) => !said(route)), []);
});

/* Blocks with a name are programs, which tests take from the page; a block without one would be run by nobody. */
test('every fenced block of a document is a program that a test runs', () => {
  const tests = files(/^tests\/(api|interop|browser)\/.*\.mjs$/).map(read).join('\n');
  const blocks = DOCUMENTS.flatMap((path) => [...read(path).matchAll(/^```([a-z]+) ?(.*)$/gm)].map(([, language, name]) => ({ path, language, name })));
  assert.ok(blocks.length > 20, `${blocks.length} blocks`);
  assert.deepEqual(blocks.filter(({ language, name }) => language !== 'mermaid' && !(name && tests.includes(`'${name}'`))), []);
});
