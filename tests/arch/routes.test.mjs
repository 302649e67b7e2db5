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

test('the check notices what it is for', () => {
  assert.deepEqual(routesOf('/* .path = "/no" */ const struct route r = { .path = "/v1/x/{y}" };'), ['/v1/x/{y}']);
  assert.equal(isCalled('/v1/x/{y}/z', 'get(`/v1/x/${a.id}/z`)'), true);
  assert.equal(isCalled('/v1/x/{y}', 'get(`/v1/x/${a.id}/z`)'), false);
  assert.equal(isCalled('/v1/x', "get('/v1/x?limit=1')"), true);
  assert.equal(isCalled('/token', "post('/v1/token')"), false);
});
