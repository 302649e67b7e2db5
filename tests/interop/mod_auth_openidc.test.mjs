/* Apache with mod_auth_openidc, with the configuration of docs/integrate/server-side-app.md, in front of the protected API. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { addUser } from '../support/relying_party.mjs';
import { freePortBase, sharedStack } from '../support/stack.mjs';
import { addClient, block, createPerson, silently, start, startApi, workshop } from './support.mjs';

const MODULES = '/usr/lib/apache2/modules';
const LOADED = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'headers', 'proxy', 'proxy_http', 'auth_openidc'];

let s, api, app, client, place, apache;

/* Node's fetch says that a script is asking; the person's browser says that somebody follows a link. */
const AS_BROWSER = 'RequestHeader set Sec-Fetch-Mode navigate early';

const configuration = (defines, port) => [
  ...LOADED.map((name) => `LoadModule ${name}_module ${MODULES}/mod_${name}.so`),
  ...Object.entries(defines).map(([name, value]) => `Define ${name} "${value}"`),
  `Listen 127.0.0.1:${port}`,
  'ServerName 127.0.0.1',
  `ServerRoot ${place.directory}`,
  `DefaultRuntimeDir ${place.directory}`,
  'PidFile httpd.pid',
  'ErrorLog "|/bin/cat"',
  'Mutex posixsem',
  AS_BROWSER,
  ...(process.getuid() === 0 ? ['User www-data', 'Group www-data'] : []),
  'ErrorDocument 404 "Signed out."',
  `Include ${place.directory}/oidc.conf`,
].join('\n');

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  const port = await freePortBase();
  app = `http://127.0.0.1:${port}`;
  api = await startApi(s, { port: port + 1 });
  client = await addClient(s, 'server-side-app.md', { 'https://app.example/callback': `${app}/callback`, 'https://app.example/': `${app}/bye` });
  place = workshop();
  place.put('oidc.conf', block('server-side-app.md', 'oidc.conf'));
  const defines = {
    ISSUER: s.env.issuer, CLIENT_ID: client.id, CLIENT_SECRET: client.secret, APP: app, API: api.url,
    PASSPHRASE: randomBytes(24).toString('hex'), REFRESH_EARLY_S: '3600',
  };
  const file = place.put('httpd.conf', configuration(defines, port));
  apache = await start('/usr/sbin/apache2', ['-f', file, '-D', 'FOREGROUND'], { ready: /resuming normal operations/ });
});

after(async () => {
  await apache?.stop();
  place?.remove();
  await api?.stop();
  await s?.stop();
});

const json = (page) => {
  assert.equal(page.status, 200, `${page.url} ${page.text}\n${apache.errors.slice(-3000)}`);
  return JSON.parse(page.text);
};

test('mod_auth_openidc logs in, refreshes, calls an API, logs out', async () => {
  const person = createPerson(await addUser(s));
  const notes = json(await person.open(`${app}/app/notes`));
  assert.equal(notes.client, client.id);
  const { userinfo, id_token: idToken } = json(await person.open(`${app}/callback?info=json`));
  assert.equal(userinfo.email, person.user.email);
  assert.equal(notes.owner, idToken.sub);
  assert.equal(await silently(person, s, client.id, `${app}/callback`), 'code');
  assert.notEqual(json(await person.open(`${app}/app/notes`)).token, notes.token, 'a refresh gave another access token');
  const bye = await person.open(`${app}/callback?logout=${encodeURIComponent(`${app}/bye`)}`);
  assert.equal(bye.url.href, `${app}/bye`);
  assert.equal(bye.text, 'Signed out.');
  assert.equal(await silently(person, s, client.id, `${app}/callback`), 'login_required');
  const again = await person.agent.open(`${app}/app/notes`);
  assert.equal(again.url.pathname, '/login', 'Apache asks for a log-in again');
});
