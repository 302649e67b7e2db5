/* Pairwise subjects (OIDC Core section 8): one user, another name for every sector, in every token and answer. */
import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import { after, before, describe, test } from 'node:test';
import { decodeJwt } from 'jose';
import * as oidc from 'openid-client';
import { REDIRECT, addClient, addUser, authorize, operator, post, request, sound, tokensFor, walk } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';
import { makePki } from '../support/tls.mjs';

const OTHER = 'https://other.example/cb';
let s, pki, sector, listed, one, same, other, open, user;

before(async () => {
  pki = makePki();
  const host = pki.issue('127.0.0.1', { extensions: 'subjectAltName=IP:127.0.0.1' });
  listed = [REDIRECT, OTHER];
  sector = createServer({ cert: host.cert, key: host.key }, (rq, rs) => rs.end(JSON.stringify(listed)));
  await new Promise((resolve) => sector.listen(0, '127.0.0.1', resolve));
  /* Also for the verbs of the operator, which read the sector's document as the server does. */
  Object.assign(process.env, { AUTHSRV_CA_FILE: pki.caFile, AUTHSRV_FETCH_ALLOW_NETWORKS: '127.0.0.0/8' });
  s = await startStack({ profile: 'login' });
  [one, same, other, open, user] = await Promise.all([
    addClient(s, { metadata: { subject_type: 'pairwise' } }), addClient(s, { metadata: { subject_type: 'pairwise' } }),
    addClient(s, { metadata: { subject_type: 'pairwise' }, redirect: [OTHER] }), addClient(s), addUser(s),
  ]);
});

after(async () => {
  sector.close();
  await sound(s);
  await s.stop();
  pki.remove();
});

const subOf = async (rp, redirect = REDIRECT) => (await tokensFor(rp, user, { redirect })).tokens.claims().sub;

test('the same sector sees the same subject, others see others, none sees the user', async () => {
  const [a, b, c, d] = [await subOf(one), await subOf(same), await subOf(other, OTHER), await subOf(open)];
  assert.equal(a, b);
  assert.equal(new Set([a, c, d]).size, 3);
  assert.match(a, /^[\w-]{43}$/);
  assert.match(d, /^usr_/);
});

test('ID token, access token, userinfo and introspection agree; the userinfo of a pairwise client works', async () => {
  const { tokens } = await tokensFor(one, user);
  const { sub } = tokens.claims();
  assert.equal(decodeJwt(tokens.access_token).sub, sub);
  assert.equal((await oidc.fetchUserInfo(one.config, tokens.access_token, sub)).sub, sub);
  for (const token of [tokens.access_token, tokens.refresh_token]) assert.equal((await oidc.tokenIntrospection(one.config, token)).sub, sub);
  const renewed = await oidc.refreshTokenGrant(one.config, tokens.refresh_token);
  assert.equal(renewed.claims().sub, sub);
});

test('a hint names the user by the pairwise subject', async () => {
  const first = await tokensFor(one, user);
  const hinted = await request(one, { prompt: 'none', id_token_hint: first.tokens.id_token });
  const page = await walk(first.agent, hinted.url, user);
  assert.ok(page.url.searchParams.get('code'), page.url.href);
  const stranger = await addUser(s);
  const theirs = await authorize(one, stranger);
  const wrong = await request(one, { prompt: 'none', id_token_hint: first.tokens.id_token });
  assert.equal((await walk(theirs.agent, wrong.url, stranger)).url.searchParams.get('error'), 'login_required');
});

test('the subject outlives every signing key', async () => {
  const before = await subOf(one);
  await operator(s, 'keys', 'rotate', '--now');
  assert.equal(await subOf(one), before);
});

describe('sector_identifier_uri', () => {
  const uri = (path = '/') => `https://127.0.0.1:${sector.address().port}${path}`;
  const register = (metadata) => addClient(s, { metadata: { subject_type: 'pairwise', ...metadata }, redirect: [REDIRECT, OTHER] });

  test('several hosts need one', async () => {
    await assert.rejects(register({}), /is required for pairwise subjects/);
  });

  test('its document lists every redirect URI, and its host is the sector', async () => {
    const [a, b] = [await register({ sector_identifier_uri: uri('/a') }), await register({ sector_identifier_uri: uri('/b') })];
    assert.equal(await subOf(a), await subOf(b, OTHER));
    assert.notEqual(await subOf(a), await subOf(one));
  });

  test('a redirect URI that is not listed is refused', async () => {
    listed = [REDIRECT];
    try {
      await assert.rejects(register({ sector_identifier_uri: uri() }), /authsrv clients add/);
    } finally {
      listed = [REDIRECT, OTHER];
    }
  });

  test('over plain HTTP or without an answer it is refused', async () => {
    await assert.rejects(register({ sector_identifier_uri: uri().replace('https', 'http') }));
    await assert.rejects(register({ sector_identifier_uri: 'https://127.0.0.1:1/' }));
  });

  test('dynamic registration checks the same', async () => {
    listed = [OTHER];
    const answer = await post(s, '/register', JSON.stringify({ redirect_uris: [REDIRECT], subject_type: 'pairwise', sector_identifier_uri: uri() }),
      { headers: { 'content-type': 'application/json', authorization: `Bearer ${s.env.initial_access_token}` } });
    listed = [REDIRECT, OTHER];
    assert.deepEqual([answer.status, answer.body.error], [400, 'invalid_client_metadata']);
    assert.match(answer.body.error_description, /sector_identifier_uri/);
  });
});
