/* The MCP SDK: client and server of docs/integrate/mcp.md. The client starts with the address of the server and nothing else. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { INSECURE, addClient, addUser } from '../support/relying_party.mjs';
import { freePortBase, startStack } from '../support/stack.mjs';
import { command, createPerson, example, silently, workshop } from './support.mjs';

let s, server, resource, place, store;

before(async () => {
  s = await startStack({ profile: 'login', env: { AUTHSRV_REGISTRATION: 'open' } });
  const port = await freePortBase();
  resource = `http://127.0.0.1:${port}/mcp`;
  await command(s, 'mcp.md', 'resources add', { 'https://notes.example/mcp': resource });
  server = await example('mcp.md', 'server.mjs', { ready: /^ready/m, env: { ISSUER: s.env.issuer, RESOURCE: resource, PORT: String(port) } });
  place = workshop();
  store = place.put('store.json', '{}');
});

after(async () => {
  await server?.stop();
  place?.remove();
  await s?.stop();
});

const kept = () => JSON.parse(readFileSync(store, 'utf8'));
const ask = (ready) => example('mcp.md', 'client.mjs', { ready, env: { MCP_URL: resource, STORE: store } });
const printed = (run, word) => new RegExp(`^${word} (.*)$`, 'm').exec(run.output)?.[1];

test("the MCP SDK's client logs in, refreshes, calls a tool, logs out", async () => {
  const person = createPerson(await addUser(s));
  const first = await ask(/^open/m);
  const asked = new URL(printed(first, 'open'));
  assert.equal(asked.origin, s.env.issuer);
  assert.equal(asked.searchParams.get('resource'), resource);
  const redirect = asked.searchParams.get('redirect_uri');
  assert.equal((await person.open(asked)).text, 'You may close this window.');
  assert.equal(await first.ended, 0, first.errors);
  const notes = JSON.parse(printed(first, 'notes'));
  assert.deepEqual([notes.client, notes.notes], [kept().client.client_id, ['Buy milk']]);
  assert.equal(await silently(person, s, kept().client.client_id, redirect), 'code');

  const spoilt = kept();
  spoilt.tokens.access_token += 'x';
  writeFileSync(store, JSON.stringify(spoilt));
  const second = await ask();
  assert.equal(printed(second, 'open'), undefined, 'nobody was asked: the refresh token served');
  const again = JSON.parse(printed(second, 'notes'));
  assert.equal(again.owner, notes.owner);
  assert.notEqual(again.token, notes.token);

  const config = await oidc.discovery(new URL(s.env.issuer), kept().client.client_id, {}, oidc.None(), INSECURE);
  const bye = await person.open(oidc.buildEndSessionUrl(config, { id_token_hint: kept().tokens.id_token }));
  assert.equal(bye.status, 200);
  assert.equal(await silently(person, s, kept().client.client_id, redirect), 'login_required');
  writeFileSync(store, JSON.stringify({ ...kept(), tokens: { ...kept().tokens, access_token: spoilt.tokens.access_token } }));
  const third = await ask(/^open/m);
  assert.ok(printed(third, 'open'), 'the grant ended with the session: a new log-in is asked for');
  await third.stop();
});

test('a token for another resource is refused by the server, which says where tokens come from', async () => {
  const call = (token) => fetch(resource, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  });
  const machine = await addClient(s, { grants: 'client_credentials', scope: 'email notes.mcp' });
  const token = async (fields) => (await oidc.clientCredentialsGrant(machine.config, fields)).access_token;
  assert.equal((await call(await token({ resource, scope: 'notes.mcp' }))).status, 200);
  const refused = await call(await token({ scope: 'email' }));
  assert.equal(refused.status, 401);
  const metadata = /resource_metadata="([^"]+)"/.exec(refused.headers.get('www-authenticate'))[1];
  assert.deepEqual((await (await fetch(metadata)).json()).authorization_servers, [s.env.issuer]);
});
