/* The Debian packages (docs/deploy/debian): what is in them and for whom, what they need, and what their scripts do. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ROOT } from '../support/stack.mjs';

const PROGRAMS = { 'stoa-authsrv': 'authsrv', 'stoa-paysrv': 'paysrv', 'stoa-sandbox': 'stoa-acquirer' };
const SERVERS = ['authsrv', 'paysrv'];
const NAMES = ['stoa-authsrv', 'stoa-common', 'stoa-paysrv', 'stoa-sandbox'];

let directory, files, root;
const run = (...words) => execFileSync(words[0], words.slice(1), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const field = (name, what) => run('dpkg-deb', '--field', files[name], what).trim();

before(() => {
  directory = mkdtempSync(join(process.env.STOA_TEST_TMP ?? tmpdir(), 'stoa-packages-'));
  const config = join(ROOT, 'build', process.env.STOA_BUILD ?? 'dev', 'CPackConfig.cmake');
  process.umask(0o022); /* of the folders that cpack makes itself */
  run('cpack', '--config', config, '-B', directory, '-D', 'CPACK_DEBIAN_COMPRESSION_TYPE=gzip', '-D', 'CPACK_PACKAGE_VERSION=0.1.0+git20261129');
  files = Object.fromEntries(readdirSync(directory).filter((file) => file.endsWith('.deb')).map((file) => [file.split('_')[0], join(directory, file)]));
  root = join(directory, 'root');
  mkdirSync(root);
  for (const file of Object.values(files)) run('dpkg-deb', '--extract', file, root);
});
after(() => rmSync(directory, { recursive: true }));

test('there is one for what all need, one for each server and one for the sandbox', () => {
  assert.deepEqual(Object.keys(files).sort(), NAMES);
  for (const name of NAMES) {
    assert.deepEqual([field(name, 'Package'), field(name, 'Version')], [name, '0.1.0+git20261129-1']);
    assert.match(field(name, 'Description'), /^.{15,70}\n .{30,}/, name);
    assert.equal(field(name, 'Architecture'), name === 'stoa-common' ? 'all' : run('dpkg', '--print-architecture').trim());
  }
});

test('they name what they need, by what their programs are linked with', () => {
  const depends = (name) => field(name, 'Depends').split(', ');
  for (const server of SERVERS) {
    const has = depends(`stoa-${server}`);
    for (const library of ['libc6', 'libcurl4', 'libhiredis0.14', 'libmicrohttpd12', 'libpq5', 'libssl3']) assert.ok(has.some((one) => one.split(' ')[0] === library), `${server}: ${library} in ${has}`);
    assert.ok(has.includes('stoa-common (= 0.1.0+git20261129-1)'), `${server}: ${has}`);
    assert.equal(field(`stoa-${server}`, 'Recommends'), 'postgresql, redis-server');
  }
  assert.ok(['tzdata', 'fonts-dejavu-core'].every((one) => depends('stoa-paysrv').includes(one)), 'months have zones, the act has a font');
});

test('everything is where the units and the documents say, for root to write and all to read', () => {
  for (const name of NAMES)
    for (const line of run('dpkg-deb', '--contents', files[name]).trim().split('\n')) {
      const [mode, owner, , , , path] = line.split(/\s+/);
      assert.equal(owner, 'root/root', line);
      assert.match(mode, /^\.\/usr\/(bin|lib\/stoa)\/./.test(path) ? /^-rwxr-xr-x$/ : /^(drwxr-xr-x|-rw-r--r--)$/, line);
    }
  for (const program of Object.values(PROGRAMS)) assert.ok(statSync(join(root, 'usr/bin', program)).isFile());
  for (const name of ['authsrv', 'paysrv', 'authsrv-verify', 'paysrv-verify', 'stoa-backup@']) {
    const unit = readFileSync(join(root, 'usr/lib/systemd/system', `${name}.service`), 'utf8');
    for (const [, program] of unit.matchAll(/^Exec\w+=(\/usr\/\S+)/gm)) assert.ok(statSync(join(root, program)).isFile(), program);
    assert.ok(statSync(join(root, /^Documentation=file:(\S+)$/m.exec(unit)[1])).isFile());
    if (!SERVERS.includes(name)) assert.ok(statSync(join(root, 'usr/lib/systemd/system', `${name}.timer`)).isFile());
  }
  for (const server of SERVERS) assert.match(run(join(root, 'usr/bin', server), '--help'), new RegExp(`^usage: ${server}`, 'm'));
  assert.match(readFileSync(join(root, 'usr/share/doc/stoa-paysrv/copyright'), 'utf8'), /Apache License/);
  for (const file of ['deploy/nginx.conf', 'deploy/alerts.yml', 'protocol/pay-api.md', 'README.md']) assert.ok(statSync(join(root, 'usr/share/doc/stoa', file)).isFile(), file);
});

const missing = spawnSync('systemd-sysusers', ['--version']).status === 0 ? false : 'this machine has no systemd-sysusers';
test('users and directories come out as the units want them', { skip: missing }, () => {
  mkdirSync(join(root, 'etc'), { recursive: true });
  run('systemd-sysusers', `--root=${root}`, 'stoa.conf');
  const users = readFileSync(join(root, 'etc/passwd'), 'utf8');
  for (const one of [...SERVERS, 'backup']) assert.match(users, new RegExp(`^stoa-${one}:.*:/usr/sbin/nologin$`, 'm'));
  run('systemd-tmpfiles', `--root=${root}`, '--create', 'stoa.conf');
  assert.deepEqual(['etc/stoa', 'etc/stoa/secrets'].map((path) => (statSync(join(root, path)).mode & 0o777).toString(8)), ['755', '700']);
});

/* A script of a package, where systemd runs; what it asks of the system is written down. */
function maintain(name, script, action, { isActive = false } = {}) {
  const at = mkdtempSync(join(directory, 'scripts-')), bin = join(at, 'bin'), said = join(at, 'said');
  run('dpkg-deb', '--control', files[name], join(at, 'control'));
  mkdirSync(bin);
  mkdirSync(join(at, 'systemd'));
  writeFileSync(said, '');
  for (const tool of ['systemctl', 'systemd-sysusers', 'systemd-tmpfiles']) {
    writeFileSync(join(bin, tool), `#!/bin/sh\necho "${tool} $*" >>${said}\ncase "$*" in *is-active*) exit ${isActive ? 0 : 3} ;; esac\n`);
    chmodSync(join(bin, tool), 0o755);
  }
  const file = join(at, 'control', script);
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('/run/systemd/system', join(at, 'systemd')));
  const { status, stdout, stderr } = spawnSync(file, [action], { encoding: 'utf8', env: { PATH: `${bin}:${process.env.PATH}`, DPKG_MAINTSCRIPT_PACKAGE: name } });
  assert.deepEqual([status, stderr], [0, ''], `${name}: ${script} ${action}`);
  return { asked: readFileSync(said, 'utf8').trim().split('\n').filter(Boolean), stdout };
}

test('installed, nothing is started; replaced, a server that runs is told of and not restarted: its schema comes first', () => {
  assert.deepEqual(maintain('stoa-common', 'postinst', 'configure').asked, ['systemd-sysusers stoa.conf', 'systemd-tmpfiles --create stoa.conf']);
  for (const server of SERVERS) {
    const asked = ['systemd-tmpfiles --create stoa.conf', 'systemctl --system daemon-reload', `systemctl --quiet is-active ${server}.service`];
    assert.deepEqual(maintain(`stoa-${server}`, 'postinst', 'configure'), { asked, stdout: '' });
    const replaced = maintain(`stoa-${server}`, 'postinst', 'configure', { isActive: true });
    assert.deepEqual(replaced.asked, asked);
    assert.match(replaced.stdout, new RegExp(`${server} migrate --config /etc/stoa/${server}\\.ini, then systemctl restart ${server}\\.service\n$`));
    assert.deepEqual(maintain(`stoa-${server}`, 'prerm', 'upgrade', { isActive: true }).asked, []);
  }
});

test('removed, a server is stopped, and its configuration stays', () => {
  for (const server of SERVERS) {
    assert.deepEqual(maintain(`stoa-${server}`, 'prerm', 'remove').asked, [`systemctl --quiet disable --now ${server}.service ${server}-verify.timer`]);
    assert.deepEqual(maintain(`stoa-${server}`, 'postrm', 'remove').asked, ['systemctl --system daemon-reload']);
    assert.deepEqual(maintain(`stoa-${server}`, 'postrm', 'purge').asked, []);
  }
});
