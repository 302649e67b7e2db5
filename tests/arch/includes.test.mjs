/* Who includes whom, against the tables of docs/ARCHITECTURE.md. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { C_FILES, cParts, documentTable, places, read } from './sources.mjs';

const MAP = read('docs/ARCHITECTURE.md');
const ALLOWED = new Map(documentTable(MAP, 'include-table'));
const VENDORS = documentTable(MAP, 'vendor-table');
const SERVERS = ['authsrv', 'paysrv'];
const PARTS_OF_A_SERVER = ['domain', 'store', 'flow', 'endpoints', 'cli', 'sandbox'];

/* The row of the table that a file belongs to, and the server it is part of. */
function homeOf(path) {
  const [top, second] = path.split('/');
  if (top === 'shared') return { row: `shared/${second}` };
  if (SERVERS.includes(top)) return { row: PARTS_OF_A_SERVER.includes(second) ? `app/${second}` : 'app', server: top };
  return null;
}

/* What an include is called in the table; null: nobody in the product may include it. */
function nameOf(target, { server }) {
  const [top, second] = target.split('/');
  if (top === 'shared') return second;
  if (top === 'web') return 'pages';
  if (top !== server) return null;
  if (!PARTS_OF_A_SERVER.includes(second)) return 'root';
  return second === 'store' && /\/store\/(newtypes|[a-z_]+\.rows)\.h$/.test(target) ? 'rows' : second;
}

function includesOf(text) {
  return [...cParts(text).withStrings.matchAll(/^[ \t]*#[ \t]*include[ \t]+(["<])([^">]+)[">]/gm)].map(([, mark, target]) => ({ target, ours: mark === '"' }));
}

function forbiddenIncludes(path, text) {
  const home = homeOf(path);
  if (!home) return [];
  const allowed = ALLOWED.get(home.row);
  if (!allowed) return [`${path}: its folder has no row in the table`];
  return includesOf(text).filter(({ ours }) => ours)
    .filter(({ target }) => target !== path.replace(/\.c$/, '.h') && !allowed.includes(nameOf(target, home)))
    .map(({ target }) => `${path} includes ${target}`);
}

const foreignVendors = (path, text) => includesOf(text)
  .filter(({ target, ours }) => !ours && VENDORS.some(([header, folders]) => target.startsWith(header) && !folders.some((folder) => path.startsWith(`${folder}/`))))
  .map(({ target }) => `${path} includes ${target}`);

const PRODUCT = C_FILES.filter((path) => /^(shared|authsrv|paysrv)\//.test(path));
const over = (list, check) => list.flatMap((path) => check(path, read(path)));

test('includes go downwards only', () => assert.deepEqual(over(PRODUCT, forbiddenIncludes), []));

test('each vendor is included in its own folder only', () => assert.deepEqual(over(C_FILES, foreignVendors), []));

test('a header of an unknown library has to be entered in the table', () => {
  const system = /^(std|sys\/|net\/|netinet\/|arpa\/|sanitizer\/|assert|ctype|endian|errno|fcntl|float|ftw|dirent|dlfcn|iconv|inttypes|limits|locale|malloc|math|netdb|poll|pthread|sched|semaphore|signal|string|strings|syslog|time|ucontext|unistd|getopt)/;
  const unknown = over(PRODUCT, (path, text) => includesOf(text).filter(({ target, ours }) => !ours && !system.test(target) && !VENDORS.some(([header]) => target.startsWith(header)))
    .map(({ target }) => `${path} includes ${target}`));
  assert.deepEqual(unknown, []);
});

test('includes are written from the root, the own header first', () => {
  const wrong = over(PRODUCT, (path, text) => {
    const ours = includesOf(text).filter((include) => include.ours).map(({ target }) => target);
    const own = path.replace(/\.c$/, '.h');
    const relative = ours.filter((target) => !/^(shared|authsrv|paysrv|web|tests)\//.test(target));
    const late = path.endsWith('.c') && ours.includes(own) && includesOf(text)[0].target !== own ? [own] : [];
    return [...relative, ...late].map((target) => `${path}: ${target}`);
  });
  assert.deepEqual(wrong, []);
});

test('every header has #pragma once', () => {
  assert.deepEqual(C_FILES.filter((path) => path.endsWith('.h') && places(read(path), /^#pragma once$/gm).length !== 1), []);
});

test('the checks notice what they are for', () => {
  assert.equal(forbiddenIncludes('authsrv/domain/x.c', '#include "shared/http/endpoint.h"\n').length, 1);
  assert.equal(forbiddenIncludes('authsrv/flow/x.c', '#include "paysrv/domain/stores/split.h"\n').length, 1);
  assert.equal(forbiddenIncludes('paysrv/domain/x.c', '#include "paysrv/store/user.sql.h"\n').length, 1);
  assert.equal(forbiddenIncludes('paysrv/endpoints/x.c', '#include "paysrv/endpoints/y.h"\n').length, 1);
  assert.deepEqual(forbiddenIncludes('paysrv/domain/x.c', '#include "paysrv/store/user.rows.h"\n#include "shared/text/url.h"\n'), []);
  assert.equal(foreignVendors('authsrv/main.c', '#include <openssl/evp.h>\n').length, 1);
  assert.deepEqual(foreignVendors('authsrv/main.c', '/* #include <openssl/evp.h> */\n'), []);
});
