/*
 * What the interoperability tests share: programs that stand in the documents, run as they stand there; the person at the browser; the protected
 * API of docs/integrate/resource-server.md. Clients are other people's software, so nothing here knows a protocol message.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAgent } from '../support/agent.mjs';
import { inFile, walk } from '../support/relying_party.mjs';
import { ROOT, freePortBase } from '../support/stack.mjs';

export const AUDIENCE = 'https://notes.example';

const pageText = (page) => readFileSync(join(ROOT, 'docs/integrate', page), 'utf8');

/* The text of the fenced block that a page of docs/integrate names, e.g. ```js app.mjs */
export function block(page, file) {
  const found = pageText(page).match(new RegExp(`^\`\`\`\\w+ ${file.replace('.', '\\.')}\n([^]*?)^\`\`\`$`, 'm'));
  assert.ok(found, `${page} has no block ${file}`);
  return found[1];
}

/* Runs the operator's command that a page shows ("clients add"), with some of its words replaced by the test's own. */
export async function command(s, page, verb, replace = {}, server = 'authsrv') {
  const [shown] = pageText(page).match(new RegExp(`(?<=^ {4}${server} )${verb} (?:.*\\\\\n)*.*$`, 'm')) ?? [];
  assert.ok(shown, `${page} shows no ${server} ${verb}`);
  const words = [...shown.replace(/\\\n/g, ' ').matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);
  const { code, stdout, stderr } = await s.operator(server, ...words.map((word) => replace[word] ?? word));
  assert.equal(code, 0, `${server} ${verb}: ${stderr}`);
  return stdout;
}

/* A directory of the test's own, in which the packages of tests/interop and the client of web/client are found, and above it the packages of web. */
export function workshop() {
  const root = mkdtempSync(join(process.env.STOA_TEST_TMP ?? tmpdir(), 'stoa-interop-'));
  const directory = join(root, 'work');
  mkdirSync(directory);
  symlinkSync(join(ROOT, 'web/node_modules'), join(root, 'node_modules'));
  symlinkSync(join(ROOT, 'tests/interop/node_modules'), join(directory, 'node_modules'));
  symlinkSync(join(ROOT, 'web/client'), join(directory, 'client'));
  return {
    directory,
    put(file, text) {
      writeFileSync(join(directory, file), text, { mode: 0o600 });
      return join(directory, file);
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

const READY_MS = 240_000;
const RUNNERS = { mjs: process.execPath, py: '/usr/bin/python3', sh: '/bin/sh' };

/* Starts a program; `ready` on its output tells that it listens. Without it: resolves at the end, to what was printed. */
export async function start(program, args, { env = {}, ready, cwd } = {}) {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const kill = () => child.kill('SIGTERM');
  const run = { output: '', errors: '', ended: once(child, 'close').then(([code]) => code) };
  run.stop = () => (kill(), run.ended);
  process.once('exit', kill);
  const tooLate = setTimeout(kill, READY_MS);
  const isReady = new Promise((resolve) => {
    const hear = (name) => (text) => {
      run[name] += text;
      if (ready?.test(run[name])) resolve('ready');
    };
    child.stdout.on('data', hear('output'));
    child.stderr.on('data', hear('errors'));
  });
  const outcome = await Promise.race([isReady, run.ended]);
  clearTimeout(tooLate);
  if (outcome !== (ready ? 'ready' : 0)) throw new Error(`${program} ${args.join(' ')} ended with ${outcome}: ${run.output}${run.errors}`);
  return run;
}

/* Runs a block of a document. A server is stopped with (await ...).stop(). */
export async function example(page, file, { env, ready, args = [] } = {}) {
  const place = workshop();
  const shell = file.endsWith('.sh') ? ['-eu'] : [];
  const path = place.put(file, block(page, file));
  try {
    const run = await start(RUNNERS[file.split('.').pop()], [...shell, path, ...args], { env, ready, cwd: place.directory });
    run.ended.then(place.remove);
    return run;
  } catch (error) {
    place.remove();
    throw error;
  }
}

/* The API of docs/integrate/resource-server.md, with its resource known to authsrv. */
export async function startApi(s, { port, env = {} } = {}) {
  await command(s, 'resource-server.md', 'resources add');
  const own = port ?? await freePortBase();
  const run = await example('resource-server.md', 'api.mjs', { ready: /^ready/m, env: { ISSUER: s.env.issuer, AUDIENCE, PORT: String(own), ...env } });
  return { url: `http://127.0.0.1:${own}`, stop: run.stop };
}

/* The client that a page tells to add, under an id and with a secret of its own. */
export async function addClient(s, page, replace = {}) {
  const client = { id: `t-${randomBytes(6).toString('hex')}`, secret: randomBytes(24).toString('base64url') };
  const [, shown] = /--id (\S+)/.exec(pageText(page));
  await inFile(client.secret, (FILE) => command(s, page, 'clients add', { [shown]: client.id, FILE, ...replace }));
  return client;
}

/* One person with one browser. open() follows into authsrv's pages and through them, back to the application. */
export function createPerson(user) {
  const agent = createAgent();
  return { agent, user, open: (url) => walk(agent, url, user) };
}

/* What a silent log-in of this browser gives: "code", or the error. Asked without the library under test, for any application. */
export async function silently({ agent }, s, id, redirect) {
  const { authorization_endpoint: endpoint } = await (await fetch(`${s.env.issuer}/.well-known/openid-configuration`)).json();
  const challenge = createHash('sha256').update(randomBytes(32)).digest('base64url');
  const fields = { client_id: id, redirect_uri: redirect, response_type: 'code', scope: 'openid', prompt: 'none', nonce: 'n', code_challenge: challenge, code_challenge_method: 'S256' };
  const page = await agent.open(`${endpoint}?${new URLSearchParams(fields)}`, { until: (url) => url.href.startsWith(redirect) });
  assert.equal(page.status, 0, page.text);
  return page.url.searchParams.get('error') ?? (page.url.searchParams.has('code') ? 'code' : page.url.href);
}

/*
 * The common story of an application with the pages /login, /, /notes and /logout: in, an API called with one token and after a refresh with
 * another, out everywhere.
 */
export async function story({ s, app, client, person, callback = '/callback' }) {
  const home = await person.open(`${app}/login`);
  assert.equal(home.url.href, `${app}/`, home.text);
  const user = JSON.parse(home.text);
  assert.equal(user.email, person.user.email);
  assert.equal(await silently(person, s, client.id, `${app}${callback}`), 'code');
  const [first, second] = [await notesOf(person, app), await notesOf(person, app)];
  assert.equal(first.owner, user.sub);
  assert.equal(first.client, client.id);
  assert.notEqual(first.token, second.token, 'a refresh gave another access token');
  const bye = await person.open(`${app}/logout`);
  assert.equal(bye.url.href, `${app}/`, bye.text);
  assert.equal(JSON.parse(bye.text), null);
  assert.equal(await silently(person, s, client.id, `${app}${callback}`), 'login_required');
}

async function notesOf(person, app) {
  const page = await person.open(`${app}/notes`);
  assert.equal(page.status, 200, page.text);
  return JSON.parse(page.text);
}

/* A program of docs/integrate/server-side-app.md with its client and API: everything that story() needs, and close(). */
export async function startApp(s, file, { ready = /^ready/m, callback = '/callback' } = {}) {
  const port = await freePortBase();
  const app = `http://127.0.0.1:${port}`;
  const client = await addClient(s, 'server-side-app.md', { 'https://app.example/callback': `${app}${callback}`, 'https://app.example/': `${app}/` });
  const api = await startApi(s, { port: port + 1 });
  const env = { ISSUER: s.env.issuer, CLIENT_ID: client.id, CLIENT_SECRET: client.secret, APP: app, API: api.url, PORT: String(port), REFRESH_EARLY_S: '3600' };
  const run = await example('server-side-app.md', file, { ready, env }).catch(async (error) => {
    await api.stop();
    throw error;
  });
  return { s, app, client, callback, api, close: () => Promise.all([run.stop(), api.stop()]) };
}
