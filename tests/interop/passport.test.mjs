/* passport with openid-client's strategy, under Express: the program of docs/integrate/server-side-app.md. */
import { after, before, test } from 'node:test';
import { addUser } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { createPerson, startApp, story } from './support.mjs';

let s, program;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  program = await startApp(s, 'passport.mjs');
});

after(async () => {
  await program?.close();
  await s?.stop();
});

test('passport logs in, refreshes, calls an API, logs out', async () => story({ ...program, person: createPerson(await addUser(s)) }));
