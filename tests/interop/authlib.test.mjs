/* Authlib under Flask: the Python program of docs/integrate/server-side-app.md, and the machine of docs/integrate/machine-to-machine.md. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addUser } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { addClient, createPerson, example, startApp, story } from './support.mjs';

let s, program;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  program = await startApp(s, 'app.py', { ready: /Running on/ });
});

after(async () => {
  await program?.close();
  await s?.stop();
});

test('Authlib logs in, refreshes, calls an API, logs out', async () => story({ ...program, person: createPerson(await addUser(s)) }));

for (const [name, file] of [['Authlib', 'machine.py'], ['a shell', 'machine.sh']]) {
  test(`a machine calls the API as itself, with ${name}`, async () => {
    const machine = await addClient(s, 'machine-to-machine.md');
    const { output } = await example('machine-to-machine.md', file, { env: { ISSUER: s.env.issuer, CLIENT_ID: machine.id, CLIENT_SECRET: machine.secret, API: program.api.url } });
    const { owner, client: who, notes } = JSON.parse(output);
    assert.deepEqual([owner, who, notes], [machine.id, machine.id, ['Buy milk']]);
  });
}
