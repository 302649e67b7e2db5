/* oauth4webapi: the command line program of docs/integrate/native-app.md, and what a resource server of that library makes of our tokens. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import { eventually } from '../support/eventually.mjs';
import { addUser, post } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { AUDIENCE, addClient, createPerson, example, silently, startApi } from './support.mjs';

let s, api;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  api = await startApi(s);
});

after(async () => {
  await api?.stop();
  await s?.stop();
});

/* What the program has printed after `word`, the nth time; waits for it. */
const printed = (run, word, nth = 0) => eventually(() => {
  const line = [...run.output.matchAll(new RegExp(`^${word} (.*)\n`, 'gm'))][nth];
  if (!line) throw new Error(`${run.output}${run.errors}`);
  return line[1];
}, { what: `"${word}" is printed` });

test('oauth4webapi logs in, refreshes, calls an API, logs out', async () => {
  const client = await addClient(s, 'native-app.md');
  const person = createPerson(await addUser(s));
  const run = await example('native-app.md', 'cli.mjs', { ready: /^open/m, env: { ISSUER: s.env.issuer, CLIENT_ID: client.id, API: api.url } });
  const asked = await printed(run, 'open');
  const page = await person.open(asked);
  assert.equal(page.text, 'You may close this window.');
  const redirect = new URL(asked).searchParams.get('redirect_uri');
  const user = JSON.parse(await printed(run, 'user'));
  assert.equal(user.email, person.user.email);
  const [first, second] = [JSON.parse(await printed(run, 'notes')), JSON.parse(await printed(run, 'notes', 1))];
  assert.equal(first.owner, user.sub);
  assert.notEqual(first.token, second.token, 'a refresh gave another access token');
  assert.equal(await silently(person, s, client.id, redirect), 'code');
  const bye = await person.open(await printed(run, 'open', 1));
  assert.equal(bye.status, 200);
  assert.equal(await silently(person, s, client.id, redirect), 'login_required');
  assert.equal(await run.ended, 0);
});

test('the library’s check of access tokens accepts ours for the right API only', async () => {
  const issuer = new URL(s.env.issuer);
  const web = { [oauth.allowInsecureRequests]: true };
  const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { ...web, algorithm: 'oauth2' }));
  const machine = await addClient(s, 'machine-to-machine.md');
  const { body } = await post(s, '/token', { grant_type: 'client_credentials', scope: 'notes.read' }, { basic: machine });
  const request = () => new Request(api.url, { headers: { authorization: `Bearer ${body.access_token}` } });
  const claims = await oauth.validateJwtAccessToken(server, request(), AUDIENCE, web);
  assert.equal(claims.client_id, machine.id);
  await assert.rejects(oauth.validateJwtAccessToken(server, request(), 'https://other.example', web), { code: oauth.JWT_CLAIM_COMPARISON });
});
