/* Authlib under Flask: the Python program of docs/integrate/server-side-app.md, and the machine of docs/integrate/machine-to-machine.md. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addClient, addUser } from '../support/relying_party.mjs';
import { freePortBase, sharedStack } from '../support/stack.mjs';
import { addApp, createPerson, example, startApi, story } from './support.mjs';

let s, api, app, run, client;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  const port = await freePortBase();
  app = `http://127.0.0.1:${port}`;
  api = await startApi(s, { port: port + 1 });
  client = await addApp(s, app);
  run = await example('server-side-app.md', 'app.py', { ready: /Running on/,
    env: { ISSUER: s.env.issuer, CLIENT_ID: client.id, CLIENT_SECRET: client.secret, APP: app, API: api.url, PORT: String(port), REFRESH_EARLY_S: '3600' } });
});

after(async () => {
  await run?.stop();
  await api?.stop();
  await s?.stop();
});

test('logs in, refreshes, calls an API, logs out', async () => story({ s, app, client, person: createPerson(await addUser(s)) }));

for (const [name, file] of [['Authlib', 'machine.py'], ['a shell', 'machine.sh']]) {
  test(`a machine calls the API as itself, with ${name}`, async () => {
    const machine = await addClient(s, { grants: 'client_credentials', scope: 'notes.read' });
    const { output } = await example('machine-to-machine.md', file, { env: { ISSUER: s.env.issuer, CLIENT_ID: machine.id, CLIENT_SECRET: machine.secret, API: api.url } });
    const { owner, client: who, notes } = JSON.parse(output);
    assert.deepEqual([owner, who, notes], [machine.id, machine.id, ['Buy milk']]);
  });
}
