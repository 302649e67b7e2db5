/*
 * Debian's nginx and HAProxy as private processes, with the configuration that docs/deploy ships: only names, ports and paths differ.
 *
 *   const proxy = await startNginx({ directory, port, authsrv: 7000, paysrv: 7001 });   directory holds auth.pem, auth.key, pay.*, client-ca.pem
 *   await proxy.stop(); proxy.log()
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { eventually } from './eventually.mjs';
import { ROOT } from './stack.mjs';

/* second: the port of another authsrv, in one more line. */
function shipped(file, directory, ports) {
  const more = (line) => (ports.second ? `${line}\n${line.replace('auth1', 'auth2').replace('7000', ports.second)}` : line);
  return readFileSync(join(ROOT, 'docs/deploy', file), 'utf8')
    .replace(/^ +server .*127\.0\.0\.1:7000.*$/m, more)
    .replaceAll('.example.com', '.localhost')
    .replaceAll('/etc/ssl/stoa', directory)
    .replaceAll('/etc/haproxy/stoa-certificates', join(directory, 'haproxy-certificates'))
    .replaceAll('127.0.0.1:7000', `127.0.0.1:${ports.authsrv}`)
    .replaceAll('127.0.0.1:7001', `127.0.0.1:${ports.paysrv}`)
    .replaceAll(/listen 443\b/g, `listen 127.0.0.1:${ports.port}`)
    .replaceAll(/listen 80\b/g, `listen 127.0.0.1:${ports.port + 1}`)
    .replaceAll('bind :443', `bind 127.0.0.1:${ports.port}`);
}

const isOpen = (port) => new Promise((resolve) => {
  const socket = createConnection(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
  socket.on('connect', () => socket.destroy());
});

async function run(command, args, port) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (piece) => (said += piece));
  const ended = once(child, 'exit');
  try {
    await eventually(async () => child.exitCode !== null || isOpen(port), { what: `${command} listens` });
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
  } catch (error) {
    child.kill();
    throw new Error(`${command} did not start: ${said}`, { cause: error });
  }
  return {
    log: () => said,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

export function startNginx({ directory, ...ports }) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${join(directory, 'nginx', kind)};`);
  mkdirSync(join(directory, 'nginx'), { recursive: true });
  writeFileSync(join(directory, 'nginx-stoa.conf'), shipped('nginx.conf', directory, ports));
  writeFileSync(join(directory, 'nginx.conf'), `
    daemon off; user root; worker_processes 1; pid ${join(directory, 'nginx.pid')}; error_log stderr;
    events { worker_connections 512; }
    http { access_log off; ${temporary.join(' ')} include ${join(directory, 'nginx-stoa.conf')}; }`);
  return run('/usr/sbin/nginx', ['-c', join(directory, 'nginx.conf'), '-p', directory, '-e', 'stderr'], ports.port);
}

export function startHaproxy({ directory, ...ports }) {
  writeFileSync(join(directory, 'haproxy.cfg'), shipped('haproxy.cfg', directory, ports));
  writeFileSync(join(directory, 'haproxy-certificates'), shipped('haproxy-certificates', directory, ports));
  return run('/usr/sbin/haproxy', ['-db', '-f', join(directory, 'haproxy.cfg')], ports.port);
}
