/* Auth.js (@auth/core): the program of docs/integrate/server-side-app.md. */
import { after, before, test } from 'node:test';
import { addUser } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { createPerson, startApp, story } from './support.mjs';

let s, program;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  program = await startApp(s, 'authjs.mjs', { callback: '/auth/callback/stoa' });
});

after(async () => {
  await program?.close();
  await s?.stop();
});

test('Auth.js logs in, refreshes, calls an API, logs out', async () => story({ ...program, person: createPerson(await addUser(s)) }));
