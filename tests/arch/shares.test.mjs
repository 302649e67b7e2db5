/*
 * tests/shares gives the verdict of a torture or of all points, which run for an hour: what it says must be true of each share,
 * also of one that crashes. And shares of a C test program run each test once (tests/support/test.c).
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { eventually } from '../support/eventually.mjs';
import { ROOT as root } from './sources.mjs';

/* A program that does in each share what the lines say; $k is the share's number. */
function programOf(t, lines) {
  const directory = mkdtempSync(path.join(tmpdir(), 'stoa-shares-test-'));
  const program = path.join(directory, 'program');
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  writeFileSync(program, `#!/bin/sh\nk=\${2%/*}\n${lines}\n`);
  chmodSync(program, 0o755);
  return program;
}

const env = { ...process.env, STOA_JOBS: '2' };
const commandOf = program => ['2', 'routes', 'faults', program, 'part'];
function shares(program) {
  const { status, stdout } = spawnSync('tests/shares', commandOf(program), { cwd: root, env, encoding: 'utf8' });
  return { status, lines: stdout.trimEnd().split('\n') };
}

test('the verdict is the sum of all shares, and a piece that several have is one', t => {
  const { status, lines } = shares(programOf(t, 'echo "# one: 2 faults, 0 bad"; echo "# of_$k: 3 faults, 0 bad"'));
  assert.equal(lines.at(-1), '5 routes, 20 faults, 0 bad');
  assert.equal(lines.filter(l => l.startsWith('share ')).length, 4);
  assert.equal(status, 0);
});

test('what is bad is told with its command, and the others go on', t => {
  const { status, lines } = shares(programOf(t, `[ "$k" != 3 ] || printf '# why\\n# again: ./stoa torture a LOST 3+\\n'
echo "# of_$k: 3 faults, $((k == 3)) bad"; [ "$k" != 3 ]`));
  assert.equal(lines.at(-1), '4 routes, 12 faults, 1 bad');
  assert.ok(lines.includes('# why') && lines.includes('# again: ./stoa torture a LOST 3+'), lines.join('\n'));
  assert.equal(status, 1);
});

test('a share that crashes is no good verdict, though it has said nothing bad', t => {
  const { status, lines } = shares(programOf(t, 'echo "# of_$k: 3 faults, 0 bad"; [ "$k" != 2 ] || kill -ABRT $$'));
  assert.ok(lines.some(l => l.startsWith('share 2/4 ended with status')), lines.join('\n'));
  assert.ok(lines.includes('1 shares did not come to an end'), lines.join('\n'));
  assert.equal(status, 1);
});

test('nothing done is no good verdict', t => {
  assert.equal(shares(programOf(t, ':')).status, 1);
});

test('whoever stops it stops what it has started', async t => {
  const program = programOf(t, 'echo $$ >"$0.$k"; exec sleep 600');
  const running = spawn('tests/shares', commandOf(program), { cwd: root, env });
  const ended = new Promise(done => running.on('exit', done));
  await eventually(() => existsSync(`${program}.1`) && existsSync(`${program}.2`) && readFileSync(`${program}.2`, 'utf8'), { what: 'two shares are at work' });
  running.kill('SIGINT');
  assert.equal(await ended, 130);
  for (const k of [1, 2])
    assert.throws(() => process.kill(Number(readFileSync(`${program}.${k}`, 'utf8')), 0), { code: 'ESRCH' });
  assert.ok(!existsSync(`${program}.3`));
});

test('shares of a program run each of its tests once', () => {
  const program = path.join(root, 'build', process.env.STOA_BUILD ?? 'dev', 'tests/unit_shared_base');
  const namesOf = (...words) => [...execFileSync(program, words, { encoding: 'utf8' }).matchAll(/^ok \d+ - (\w+)/gm)].map(m => m[1]).sort();
  const all = namesOf(), some = namesOf('arena');
  assert.ok(some.length > 3 && some.length < all.length);
  assert.deepEqual(['1/3', '2/3', '3/3'].flatMap(share => namesOf(share)).sort(), all);
  assert.deepEqual(['1/2', '2/2'].flatMap(share => namesOf('arena', share)).sort(), some);
  for (const wrong of ['0/2', '3/2'])
    assert.equal(spawnSync(program, [wrong]).status, 2, wrong);
});
