/* How tests wait: by conditions and attempts, so that a machine which is slow or stands still for a while fails nobody. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, timed } from '../support/eventually.mjs';
import { files, places, read } from './sources.mjs';

const DEADLINE = /Date\.now\(\) *[<>]|= *Date\.now\(\) *\+/g;

test('no test reads a deadline from the clock', () => {
  const found = files(/^tests\/.*\.mjs$/).flatMap((path) => places(read(path), DEADLINE).map((place) => `${path}:${place}`));
  assert.deepEqual(found, [], 'tests/support/eventually.mjs waits');
});

test('eventually gives the first thing that is there', async () => {
  let asked = 0;
  assert.equal(await eventually(async () => (++asked === 3 ? 'it' : null), { what: 'it', pause: 1 }), 'it');
  assert.equal(asked, 3);
});

test('eventually says what did not come, and why', async () => {
  const why = new Error('no such table');
  await assert.rejects(eventually(() => Promise.reject(why), { what: 'a row', seconds: 0.01, pause: 1 }), (error) => {
    assert.deepEqual([error.message, error.cause], ['not within 0.01 s: a row', why]);
    return true;
  });
});

test('a minute in which the machine stands still is one attempt', async (t) => {
  let now = 0, asked = 0;
  t.mock.method(performance, 'now', () => (now += 60_000));
  assert.ok(await eventually(() => ++asked === 5, { what: 'the fifth', seconds: 5, pause: 1 }));
});

test('timed counts the time in which the process runs', async () => {
  const { value, ms } = await timed(() => new Promise((done) => setTimeout(done, 300, 'done')));
  assert.equal(value, 'done');
  assert.ok(ms > 0, `${ms} ms`);
});
