/* Every route that a server offers is called by an API or browser test: its path stands in one, with the parameters filled. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cParts, files, read } from './sources.mjs';

const TESTS = files(/^tests\/(api|browser|support)\/.*\.mjs$/).map(read).join('\n');

function routesOf(text) {
  const { withStrings } = cParts(text);
  return [...withStrings.matchAll(/\.path\s*=\s*"(\/[^"]*)"/g)].map(([, path]) => path);
}

function isCalled(path, tests) {
  const segment = '(?:\\$\\{[^}]*\\}|[^/\'"`\\s?#{}])+';
  const pattern = path.split(/\{[^}]*\}/).map((part) => part.replace(/[.*+?^$()[\]\\|]/g, '\\$&')).join(segment);
  return new RegExp(`(?<![\\w/])(?:https?://[^/'"\`\\s]+|\\$\\{[^}]*\\})?${pattern}(?=['"\`?#\\s]|\\$\\{[^}]*\\}['"\`]|$)`, 'm').test(tests);
}

for (const server of ['authsrv', 'paysrv']) {
  test(`every route of ${server} is called by a test`, () => {
    const routes = files(new RegExp(`^(${server}/endpoints|shared/server)/.*\\.c$`)).flatMap((path) => routesOf(read(path)));
    assert.ok(routes.length > 5, 'routes are found at all');
    assert.deepEqual([...new Set(routes)].filter((path) => !isCalled(path, TESTS)), []);
  });
}

/* The bodies of a file's functions by their names, and the routes of POSTs with a token: handler, and whether they may be repeated. */
function postsOf(text) {
  const { code, withStrings } = cParts(text);
  const functions = Object.fromEntries([...code.matchAll(/^(?:static )?err (\w+)\([^{;]*\)\n\{\n([\s\S]*?)^\}/gm)].map(([, name, body]) => [name, body]));
  const macros = Object.fromEntries([...withStrings.matchAll(/^#define (\w+)(?:\([^)]*\))?\s((?:.*\\\n)*.*)$/gm)].map(([, name, body]) => [name, body]));
  const whole = (route) => route.replace(/\b[A-Z][A-Z_]+\b/g, (word) => `${word} ${macros[word] ?? ''}`);
  return [...withStrings.matchAll(/^const struct route (\w+)_route = \{([\s\S]*?)\};/gm)].map(([, name, given]) => ({ name, given: whole(given) }))
    .filter(({ given }) => /\.method = POST|ROUTE ?\(POST|ROUTE[^(]*\(POST/.test(given) && !/GUARD_(PUBLIC|OPERATOR_SESSION|OPERATOR_LEAVING)|ERRORS_PAGE/.test(given))
    .map(({ name, given }) => ({ name, isRepeatable: /\.repeatable = true/.test(given), asksForKey: takesKey(functions, /\.handle = (\w+)/.exec(given)?.[1]) }));
}

/* It, or what it calls in this file, has its answer kept: once_of, once_answered, order_answer. */
function takesKey(functions, name, seen = new Set()) {
  const body = functions[name];
  if (!body || seen.has(name)) return false;
  seen.add(name);
  return /\bonce_(?:of|answered|handle)\b|\w*order_(?:answer|begin)\b/.test(body) || Object.keys(functions).some((other) => new RegExp(`\\b${other}\\b`).test(body) && takesKey(functions, other, seen));
}

test('a POST keeps its answer under its Idempotency-Key, or says that it may be repeated', () => {
  const posts = files(/^paysrv\/endpoints\/.*\.c$/).flatMap((path) => postsOf(read(path)));
  assert.ok(posts.length > 80, `${posts.length} POSTs are found`);
  assert.deepEqual(posts.filter(({ isRepeatable, asksForKey }) => isRepeatable === asksForKey).map(({ name }) => name), []);
});

test('the check notices what it is for', () => {
  assert.deepEqual(routesOf('/* .path = "/no" */ const struct route r = { .path = "/v1/x/{y}" };'), ['/v1/x/{y}']);
  assert.equal(isCalled('/v1/x/{y}/z', 'get(`/v1/x/${a.id}/z`)'), true);
  assert.equal(isCalled('/v1/x/{y}', 'get(`/v1/x/${a.id}/z`)'), false);
  assert.equal(isCalled('/v1/x', "get('/v1/x?limit=1')"), true);
  assert.equal(isCalled('/token', "post('/v1/token')"), false);
});
