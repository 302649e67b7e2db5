/* openid-client: the program of docs/integrate/server-side-app.md, against the API of docs/integrate/resource-server.md. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { addClient, addUser, sound } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { AUDIENCE, createPerson, example, startApp, story } from './support.mjs';

let s, program, user;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  [program, user] = [await startApp(s, 'app.mjs'), await addUser(s)];
});

after(async () => {
  await program?.close();
  await s?.stop();
});

test('openid-client logs in, refreshes, calls an API, logs out', () => story({ ...program, person: createPerson(user) }));

test('a callback that nobody asked for is refused by the app', async () => {
  const page = await createPerson(user).open(`${program.app}/callback?code=abc&state=xyz`);
  assert.equal(page.status, 502);
});

test('the API refuses what is not for it', async () => {
  const ask = async (headers) => {
    const answer = await fetch(`${program.api.url}/notes`, { headers });
    return [answer.status, answer.headers.get('www-authenticate')];
  };
  assert.deepEqual(await ask({}), [401, 'Bearer']);
  assert.deepEqual(await ask({ authorization: 'Bearer a.b.c' }), [401, 'Bearer error="invalid_token"']);
  const other = await addClient(s, { grants: 'client_credentials', scope: 'email notes.read' });
  const token = async (scope) => (await oidc.clientCredentialsGrant(other.config, scope)).access_token;
  assert.equal((await ask({ authorization: `Bearer ${await token({ scope: 'email' })}` }))[0], 401, 'its audience is authsrv itself');
  assert.deepEqual(await ask({ authorization: `Bearer ${await token({ scope: 'email', resource: AUDIENCE })}` }), [403, 'Bearer error="insufficient_scope", scope="notes.read"']);
  assert.equal((await ask({ authorization: `Bearer ${await token({ scope: 'notes.read' })}` }))[0], 200);
});

test('introspection tells at once that a token was revoked', async () => {
  const rs = await addClient(s, { grants: 'client_credentials', more: ['--resource-server', AUDIENCE] });
  const machine = await addClient(s, { grants: 'client_credentials', scope: 'notes.read' });
  const { access_token: token } = await oidc.clientCredentialsGrant(machine.config, { scope: 'notes.read' });
  const env = { ISSUER: s.env.issuer, CLIENT_ID: rs.id, CLIENT_SECRET: rs.secret, TOKEN: token };
  const introspect = async () => JSON.parse((await example('resource-server.md', 'introspect.sh', { env })).output);
  const facts = await introspect();
  assert.equal(facts.active, true);
  assert.equal(facts.client_id, machine.id);
  await oidc.tokenRevocation(machine.config, token);
  assert.deepEqual(await introspect(), { active: false });
  await sound(s);
});
