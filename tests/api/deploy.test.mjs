/* The units that are shipped: systemd understands every line, and what is left to the servers is little (SECURITY 6.3). */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { program, ROOT } from '../support/stack.mjs';

const SERVERS = ['authsrv', 'paysrv'];
const NIGHTLY = { 'stoa-backup@': 'stoa-backup', 'authsrv-verify': 'stoa-authsrv', 'paysrv-verify': 'stoa-paysrv' };
const missing = spawnSync('systemd-analyze', ['--version']).status === 0 ? false : 'this machine has no systemd-analyze';
const shipped = (file) => readFileSync(join(ROOT, 'docs/deploy', file), 'utf8');

let directory;
before(() => {
  directory = mkdtempSync(join(process.env.STOA_TEST_TMP ?? tmpdir(), 'stoa-units-'));
  const here = (text) => SERVERS.reduce((all, name) => all.replaceAll(`/usr/bin/${name}`, program(name)), text).replaceAll('/usr/lib/stoa/', join(ROOT, 'docs/deploy/'));
  for (const name of SERVERS) writeFileSync(join(directory, `${name}.service`), here(shipped(`${name}.service`)));
  for (const name of Object.keys(NIGHTLY)) for (const kind of ['service', 'timer']) writeFileSync(join(directory, `${name.replace('@', '@stoa')}.${kind}`), here(shipped(`${name}.${kind}`)));
});
after(() => rmSync(directory, { recursive: true }));

const analyze = (...args) => spawnSync('systemd-analyze', args, { encoding: 'utf8' });

/* The calls that a unit lets through, line after line as systemd reads them. */
function callsOf(unit) {
  const sets = new Map(), all = new Set();
  let last;
  for (const line of analyze('syscall-filter').stdout.split('\n')) {
    if (line.startsWith('@')) sets.set(line.trim(), (last = []));
    else if (/^ +[@\w-]+$/.test(line)) last.push(line.trim());
  }
  const expand = (word) => (word[0] === '@' ? sets.get(word).flatMap(expand) : [word]);
  for (const [, not, words] of unit.matchAll(/^SystemCallFilter=(~?)(.+)$/gm))
    for (const call of words.split(' ').flatMap(expand)) not ? all.delete(call) : all.add(call);
  return all;
}

for (const name of SERVERS) {
  test(`${name}.service lets threads set how soon they run (shared/ops/priority), and nobody mount`, { skip: missing }, () => {
    const calls = callsOf(shipped(`${name}.service`));
    assert.deepEqual(['epoll_wait', 'sched_setattr', 'setpriority', 'mount', 'ioprio_set'].map((call) => calls.has(call)), [true, true, true, false, false]);
  });

  test(`${name}.service is understood`, { skip: missing }, () => {
    const { status, stdout, stderr } = analyze('verify', '--man=no', join(directory, `${name}.service`));
    assert.deepEqual([status, stdout, stderr], [0, '', '']);
  });

  test(`${name}.service leaves little exposed`, { skip: missing }, () => {
    const { status, stdout, stderr } = analyze('security', '--offline=true', '--threshold=20', join(directory, `${name}.service`));
    assert.equal(status, 0, stdout + stderr);
    const exposure = Number(/Overall exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1]);
    assert.ok(exposure <= 2, `exposure ${exposure}`);
  });

  test(`${name}.service is started until it can be, however long its database is away`, () => {
    assert.match(shipped(`${name}.service`), /^Restart=on-failure$/m);
    assert.match(shipped(`${name}.service`), /^StartLimitIntervalSec=0$/m);
  });

  /* Who is killed at work loses nothing, but is asked again, or asks again, what had been answered. */
  test(`${name}.service gives a stop the time of the longest request and the longest call that may be under way`, () => {
    const source = (path) => readFileSync(join(ROOT, path), 'utf8');
    const files = (folder) => readdirSync(join(ROOT, folder), { recursive: true }).filter((file) => /\.[ch]$/.test(file)).map((file) => source(join(folder, file)));
    const seconds = (count, unit) => Number(count) * { SECONDS: 1, MILLISECONDS: 1e-3, _MS: 1e-3, s: 1, m: 60 }[unit];
    const defined = (text, what) => [...text.matchAll(new RegExp(`#define ${what} (MILLISECONDS|SECONDS)\\((\\d+)\\)`, 'g'))].map(([, unit, count]) => seconds(count, unit));
    const setting = (what) => [...source(`${name}/config.h`).matchAll(new RegExp(`X\\(DURATION, ${what}, "(\\d+)([sm])"`, 'g'))].map(([, count, unit]) => seconds(count, unit));
    const calls = [...files(`${name}/flow`), ...files('shared/net')].flatMap((text) => [...text.matchAll(/\.limit = (\w+)[,} ]/g)].flatMap(([, limit]) => defined(text, limit))
      .concat([...text.matchAll(/\.limit = (MILLISECONDS|SECONDS)\((\d+)\)/g)].map(([, unit, count]) => seconds(count, unit)), [...text.matchAll(/#define LIMIT_MS (\d+)L/g)].map(([, count]) => seconds(count, '_MS'))));
    const [drain] = defined(source('shared/server/serve.c'), 'DRAIN'), [linger] = defined(source('shared/http/server.c'), 'LINGER'), [statement] = setting('statement_timeout');
    const longest = Math.max(...calls, ...setting('partner_timeout'));
    assert.ok(drain >= 10 && linger > 0 && statement > 0 && longest >= 15, `${[drain, linger, statement, longest]}`);
    const stop = Number(/^TimeoutStopSec=(\d+)$/m.exec(shipped(`${name}.service`))[1]);
    assert.ok(stop > drain + linger + longest + statement, `${stop} s, for ${drain + linger + longest + statement}`);
  });

  test(`${name}.service names settings that the server has`, () => {
    const help = spawnSync(program(name), ['--help'], { encoding: 'utf8' }).stdout;
    const settings = [...shipped(`${name}.service`).matchAll(/^Environment=(\w+)=%d\/(\w+)$/gm)];
    assert.ok(settings.length >= 3);
    for (const [, variable, credential] of settings) {
      assert.match(help, new RegExp(`environment ${variable}$`, 'm'));
      assert.match(shipped(`${name}.service`), new RegExp(`^LoadCredential=${credential}:/etc/stoa/secrets/`, 'm'));
    }
  });
}

for (const [name, user] of Object.entries(NIGHTLY)) {
  const file = (kind) => join(directory, `${name.replace('@', '@stoa')}.${kind}`);

  test(`${name}.timer and its service are understood, each night, and leave little exposed`, { skip: missing }, () => {
    for (const kind of ['service', 'timer']) {
      const { status, stdout, stderr } = analyze('verify', '--man=no', file(kind));
      assert.deepEqual([status, stdout, stderr], [0, '', ''], kind);
    }
    const { status, stdout, stderr } = analyze('security', '--offline=true', '--threshold=20', file('service'));
    assert.equal(status, 0, stdout + stderr);
    const night = /^OnCalendar=(.+)$/m.exec(shipped(`${name}.timer`))[1];
    const [first, second] = [...analyze('calendar', '--iterations=2', night).stdout.matchAll(/(?:elapse|Iter\. #2): \w+ (\S+ \S+)/g)].map(([, at]) => Date.parse(`${at}Z`));
    assert.equal(second - first, 86_400_000, 'an alarm after 26 hours knows that one was left out');
  });

  test(`${name}.service runs as nobody else does, has no more than the server, and says when it ended well`, () => {
    const unit = shipped(`${name}.service`), lines = (text) => text.split('\n').filter((line) => /^[A-Z]\w+=/.test(line));
    assert.match(unit, new RegExp(`^User=${user}$`, 'm'));
    assert.match(shipped('sysusers.conf'), new RegExp(`^u ${user} `, 'm'));
    const of = name.replace('-verify', ''), box = lines(shipped(`${SERVERS.includes(of) ? of : 'paysrv'}.service`).split('\nUMask=')[1]);
    const own = /^(SystemCallFilter=sched|LimitNOFILE=|SocketBindAllow=|TemporaryFileSystem=|WantedBy=)/;
    assert.deepEqual(box.filter((line) => !own.test(line) && !unit.includes(`\n${line}`)), []);
    if (SERVERS.includes(of)) for (const line of lines(shipped(`${of}.service`))) if (/^(LoadCredential|Environment)=/.test(line)) assert.ok(unit.includes(`\n${line}\n`), line);
    const [, into, what, label] = /^ExecStartPost=\/usr\/lib\/stoa\/succeeded %S\/(\S+) (\w+) (\w+) \S+$/m.exec(unit);
    assert.match(unit, new RegExp(`^StateDirectory=${into}$`, 'm'));
    const told = mkdtempSync(join(directory, 'told-'));
    execFileSync(join(ROOT, 'docs/deploy/succeeded'), [told, what, label, 'x']);
    const [, metric, at] = /^(\w+)\{\w+="x"\} (\d+)$/m.exec(readFileSync(join(told, 'stoa.prom'), 'utf8'));
    assert.ok(Math.abs(at - Date.now() / 1000) < 60);
    const missed = SERVERS.includes(of) ? `${metric}\\{${label}="${of}"\\}` : metric; /* databases are called by whoever has them */
    assert.match(shipped('alerts.yml'), new RegExp(`time\\(\\) - max by \\(${label}\\) \\(${metric}\\) > 26 \\* 3600 or .*absent\\(${missed}\\)`), metric);
  });
}

test('commands explain themselves: one, those of a group, and what there is where one is misspelt', () => {
  const run = (...words) => spawnSync(program('paysrv'), words, { encoding: 'utf8' });
  const one = run('payouts', 'approve', '--help'), group = run('payouts', '--help'), wrong = run('payouts', 'aprove', 'po_1'), none = run('pay', '--help');
  assert.deepEqual([one.status, group.status, wrong.status, none.status], [0, 0, 2, 2]);
  assert.match(one.stdout, /^ {2}payouts approve PAYOUT .*\n.*\n$/);
  assert.match(group.stdout, /^ {2}payouts approve /m);
  assert.doesNotMatch(group.stdout, /^ {2}(?!payouts )\w/m);
  assert.match(wrong.stderr, /^paysrv: no such command: payouts aprove .*\n {2}payouts /);
  assert.deepEqual([none.stdout, none.stderr.split('\n').length], ['', 2]);
});

test('what sandboxes add to paysrv.service are settings that the server has', () => {
  const help = spawnSync(program('paysrv'), ['--help'], { encoding: 'utf8' }).stdout, added = shipped('paysrv-sandboxes.conf');
  const settings = [...added.matchAll(/^Environment=(\w+)=%d\/(\w+)$/gm)];
  assert.equal(settings.length, 2);
  for (const [, variable, credential] of settings) {
    assert.match(help, new RegExp(`environment ${variable}$`, 'm'));
    assert.match(added, new RegExp(`^LoadCredential=${credential}:/etc/stoa/secrets/`, 'm'));
  }
});

test('users and directories of the units are declared', () => {
  for (const name of SERVERS) {
    const user = /^User=(\S+)$/m.exec(shipped(`${name}.service`))[1];
    assert.match(shipped('sysusers.conf'), new RegExp(`^u ${user} `, 'm'));
    assert.match(shipped('tmpfiles.conf'), new RegExp(`^z /etc/stoa/${name}.ini 0640 root ${user} `, 'm'));
  }
  assert.match(shipped('tmpfiles.conf'), /^d \/etc\/stoa\/secrets 0700 root root /m);
});
