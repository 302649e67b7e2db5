/*
 * A complete run of the product for black-box tests, through the driver that everybody uses.
 *
 *   const s = await startStack({ profile: 'bare', env: { AUTHSRV_ACCESS_TOKEN_TTL: '60s' } });   a private run
 *   const s = await sharedStack();              the run that tests/run started for all files; a private one without it
 *   s.env                                       what ./stoa env --json prints
 *   await s.stop()                              shared: does nothing
 *   await s.kill('paysrv'); await s.restart('paysrv', { env: { ... } })
 *   s.dieAt('charge.after_call'); ...; await s.ended('paysrv')    kill -9 at the next passage (private runs)
 *   await s.psql('select ...')                  rows as objects; other statements: []
 *   await s.mail(address, /subject or text/, { after: id })     waits for the newest such mail
 *
 * Shared runs are for tests that only add data; whoever kills, restarts or configures takes a private one.
 */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { watchAnswers } from './answers.mjs';
import { companion } from './companion.mjs';
import { eventually } from './eventually.mjs';
import { mailbox } from './mailbox.mjs';
import { sendTwice } from './twice.mjs';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DRIVER = join(ROOT, 'stoa');
const PSQL = '/usr/lib/postgresql/15/bin/psql'; /* not Debian's wrapper, nor the driver: this is called often */
const PARENT = process.env.STOA_TEST_TMP ?? tmpdir();
/* Looking for leaks costs more than a verb itself, and there are hundreds; the shared run's servers and unit tests are looked at. */
const QUICK = { ASAN_OPTIONS: 'detect_leaks=0:malloc_context_size=2' };
const NO_LEAKS = { ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:detect_leaks=0` };
const LIMITS = { maxBuffer: 64 << 20, timeout: 600_000 };
/* A file of tests may take longer than a token lives by default. */
const LASTING = { AUTHSRV_ACCESS_TOKEN_TTL: '1h' };

function run(command, args, { env = {}, mayFail = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { ...LIMITS, cwd: ROOT, env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      if (error && !mayFail) reject(new Error(`${command} ${args.join(' ')}: ${error.message}\n${stdout}${stderr}`));
      else resolve({ code: error?.code ?? 0, stdout, stderr });
    });
    child.stdin.end();
  });
}

/* A program of the build under test: program('paysrv') -> .../build/dev/paysrv/paysrv */
export const program = (name) => join(ROOT, 'build', process.env.STOA_BUILD ?? 'dev', name, name);

/* Where the servers of a run look for the name of the point at which they die. */
const crashFile = (data) => join(data, 'crash_point');

const portIsFree = (port) => new Promise((resolve) => {
  const server = createServer().once('error', () => resolve(false));
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
});

/* False: another file of this run of the tests has these ports, also if nobody listens there yet. */
function claimed(base) {
  if (!process.env.STOA_TEST_TMP) return true;
  try {
    mkdirSync(join(PARENT, `ports-${base}`));
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/* Twelve ports in a row (ten, and two for mTLS), below the range from which the kernel takes its own. */
export async function freePortBase() {
  for (;;) {
    const base = 20000 + 20 * Math.floor(Math.random() * 495);
    const free = await Promise.all(Array.from({ length: 13 }, (_, i) => portIsFree(base + i)));
    if (free.every(Boolean) && claimed(base)) return base;
  }
}

const RETURNS_ROWS = /^\s*(select|with|values|table)\b/i;

/* One statement without settings can go to a session that others used before; the rest has one of its own. */
const isPlain = (sql) => /^\s*(select|with|values|table|insert|update|delete)\b[^;]*$/i.test(sql);
const IS_LOST = /server closed the connection|connection to server was lost|terminating connection|no connection to the server/;

/* Questions to the database of a run. */
function questions(env) {
  const words = ['-X', '-q', '-At'];
  const session = companion(PSQL, [env.database_url, ...words]);
  const alone = async (text) => (await run(PSQL, [env.database_url, ...words, '-v', 'ON_ERROR_STOP=1', '-c', text])).stdout;
  const ask = async (text) => {
    const answer = await session.ask(`${text};\n\\warn -n '\x1e'\n\\if :ERROR\n\\echo '\x1e1'\n\\else\n\\echo '\x1e0'\n\\endif\n`);
    if (answer.code === 0) return answer.stdout;
    if (IS_LOST.test(answer.stderr)) return alone(text);
    throw new Error(`${text}: ${answer.stderr}`);
  };
  return { ask: (text) => (isPlain(text) ? ask(text) : alone(text)), close: () => session.close() };
}

/* A server's verbs in one process, until its configuration changes. */
function verbs(name, config) {
  let shell, written;
  return {
    async run(words) {
      const now = statSync(config).mtimeMs;
      if (now !== written) {
        shell?.close();
        shell = companion(program(name), ['shell', '--config', config], QUICK);
        written = now;
      }
      return shell.ask(`${JSON.stringify(words)}\n`);
    },
    close: () => shell?.close(),
  };
}

function handle(env, extra) {
  const data = env.data;
  [env.issuer, env.pay_api].forEach(watchAnswers);
  sendTwice(env.pay_api);
  const own = (verb, ...args) => run(DRIVER, [verb, '--data', data, ...args]);
  const database = questions(env);
  const box = mailbox(env.mail_dir);
  const shells = Object.fromEntries(['authsrv', 'paysrv'].map((name) => [name, verbs(name, join(data, 'etc', `${name}.ini`))]));
  /* Until authsrv, if it runs, works with the clients, resources and keys that are in the database. */
  let known, key;
  const noticed = async () => {
    const version = (await database.ask('select version from auth.cache_version').catch(() => '')).trim();
    if (version === known) return;
    await eventually(async () => {
      const text = await fetch(`http://127.0.0.1:${env.admin_ports.authsrv}/metrics`).then((answer) => answer.text(), () => '');
      const seen = /^stoa_snapshot_version (\d+)$/m.exec(text)?.[1];
      return Number(seen) >= Number(version) || !isAlive(env.pids.authsrv);
    }, { what: `authsrv works with version ${version} of its configuration`, pause: 5 });
    known = version;
  };
  const stack = {
    env,
    data,
    program,
    config: (server) => join(data, 'etc', `${server}.ini`),
    log: (service) => readFileSync(join(data, 'log', `${service}.log`), 'utf8'),

    async refresh() {
      Object.assign(env, JSON.parse((await own('env', '--json')).stdout));
    },
    async psql(sql) {
      const rows = RETURNS_ROWS.test(sql);
      const text = rows ? `select coalesce(json_agg(q), '[]') from (${sql.replace(/;\s*$/, '')}) q` : sql;
      const stdout = await database.ask(text);
      return rows ? JSON.parse(stdout) : [];
    },
    /* A call to the sandbox acquirer with the merchant's key, beside paysrv: resolves to the document that it answers. */
    async acquirer(method, path, body, headers = {}) {
      key ??= readFileSync(join(data, 'secrets/acquirer_key'), 'utf8').trim();
      const own = { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers };
      const answer = await fetch(`${stack.env.acquirer}${path}`, { method, headers: own, body: body && JSON.stringify(body) });
      return answer.status === 204 ? undefined : answer.json();
    },
    /* An operator's verb of a server: s.operator('paysrv', 'ledger', 'check') -> { code, stdout, stderr }; last { env: { ... } } for settings. */
    async operator(server, ...args) {
      const { env: own } = typeof args.at(-1) === 'object' ? args.pop() : {};
      const answer = !own && shells[server] ? await shells[server].run(args)
        : await run(program(server), [...args, '--config', stack.config(server)], { mayFail: true, env: { ...QUICK, ...own } });
      if (server === 'authsrv') await noticed();
      return answer;
    },
    mails: (to) => box.to(to),
    async mail(to, pattern = /(?:)/, { after } = {}) {
      let files = -1;
      return eventually(async () => {
        const n = box.count();
        if (n === files) return null;
        files = n;
        const all = await stack.mails(to);
        const fresh = all.slice(all.findIndex((mail) => mail.id === after) + 1);
        return fresh.findLast((mail) => pattern.test(mail.subject) || pattern.test(mail.text));
      }, { what: `a mail to ${to} like ${pattern}` }); /* one whose sending was cut off is taken up again after a minute */
    },
    async kill(service, signal = 'SIGKILL') {
      process.kill(env.pids[service], signal);
      await stack.ended(service);
    },
    dieAt: (point) => writeFileSync(crashFile(data), point),
    /* Waits until the service ends by itself, e.g. at a crash point. */
    ended: (service) => eventually(() => !isAlive(env.pids[service]), { what: `${service} has ended`, pause: 10 }),
    async restart(service, { env: overrides = {} } = {}) {
      await run(DRIVER, ['restart', '--data', data, service], { env: { STOA_CRASH_FILE: crashFile(data), ...LASTING, ...overrides } });
      env.pids[service] = Number(readFileSync(join(data, 'run', `${service}.pid`), 'ascii').split(' ')[0]);
    },
    async stop() {},
    ...extra,
    hangUp() {
      database.close();
      Object.values(shells).forEach((shell) => shell.close());
    },
  };
  return stack;
}

function isAlive(pid) {
  try {
    const [state, ...fields] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
    return !/[ZX]/.test(state) || Number(fields[16]) > 1; /* a thread that is left keeps the port */
  } catch {
    return false;
  }
}

function sanitizerReports(directory) {
  return readdirSync(directory).map((file) => {
    const text = readFileSync(join(directory, file), 'utf8');
    const at = text.search(/Sanitizer|runtime error:/);
    return at < 0 ? '' : `${file}: ${text.slice(text.lastIndexOf('\n', at) + 1, at + 4000)}`;
  }).join('');
}

export async function startStack({ profile = 'demo', build = process.env.STOA_BUILD ?? 'dev', env = {}, args = [] } = {}) {
  const data = mkdtempSync(join(PARENT, 'stoa-test-'));
  const remove = () => {
    spawnSync(DRIVER, ['down', '--data', data], { stdio: 'ignore' });
    if (process.env.STOA_KEEP !== '1') rmSync(data, { recursive: true, force: true });
  };
  process.once('exit', remove);
  const up = async () => run(DRIVER, ['up', '--data', data, '--port-base', String(await freePortBase()), '--profile', profile, '--detach', '--no-install', ...args],
    { env: { STOA_BUILD: build, STOA_CRASH_FILE: crashFile(data), STOA_DEMO_CONFIRMATIONS: 'none', ...NO_LEAKS, ...LASTING, ...env } });
  try {
    await up().catch((error) => {
      if (!/is taken/.test(error.message)) throw error;
      rmSync(data, { recursive: true, force: true });
      return up();
    });
  } catch (error) {
    process.off('exit', remove);
    remove();
    throw error;
  }
  const addresses = JSON.parse((await run(DRIVER, ['env', '--json', '--data', data])).stdout);
  const stack = handle(addresses, {
    async stop() {
      stack.hangUp();
      await run(DRIVER, ['down', '--data', data]);
      const complaints = sanitizerReports(join(data, 'log'));
      process.off('exit', remove);
      remove();
      if (complaints) throw new Error(complaints);
    },
  });
  return stack;
}

export async function sharedStack(options) {
  const file = process.env.STOA_ENV_JSON;
  if (!file || !existsSync(file)) return startStack(options);
  return handle(JSON.parse(readFileSync(file, 'utf8')), {});
}
