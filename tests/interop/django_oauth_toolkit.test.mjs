/* People of another organisation, whose OpenID provider is Django OAuth Toolkit with Django's log-in view (django_provider.py). */
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { createAgent } from '../support/agent.mjs';
import { addClient, redeem, request, sound } from '../support/relying_party.mjs';
import { ROOT, freePortBase, sharedStack } from '../support/stack.mjs';
import { SECRET, atClient, partners } from '../support/upstream.mjs';
import { start, workshop } from './support.mjs';

const PERSON = { username: 'dora', password: 'a-password-at-django-only' };
const made = partners(() => s);
let s, rp, place, django, issuer, slug, subject;

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  rp = await addClient(s, { more: ['--first-party'] });
  const [[b, c, d], port] = [randomBytes(3), await freePortBase()];
  const host = `127.${b}.${c}.${1 + (d % 254)}`;
  issuer = `http://${host}:${port}/o`;
  slug = await made.add(issuer);
  place = workshop();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } });
  const env = {
    HOST: host, PORT: String(port), ISSUER: issuer, RSA_KEY: privateKey, CLIENT_SECRET: SECRET, REDIRECT: `${s.env.issuer}/cb/${slug}`,
    LOGIN: PERSON.username, PASSWORD: PERSON.password, EMAIL: `dora@${slug}.example`,
  };
  django = await start('/usr/bin/python3', [`${ROOT}tests/interop/django_provider.py`], { ready: /^ready \d+\n/m, cwd: place.directory, env });
  [, subject] = /^ready (\d+)\n/m.exec(django.output);
});

after(async () => {
  await django?.stop();
  place?.remove();
  await made.close();
  await sound(s);
  await s.stop();
});

/* To Django's consent: through its log-in where it asks for one. */
async function arrive(agent, more) {
  const asked = await request(rp, { idp_hint: slug, scope: 'openid profile email', ...more });
  let page = await agent.open(asked.url, { until: atClient });
  if (page.url.pathname === '/login/') page = await agent.submit(page, PERSON, { button: 'Log in', until: atClient });
  assert.equal(page.url.pathname, '/o/authorize/', `${page.url} ${page.text}\n${django.errors.slice(-3000)}`);
  return { asked, page };
}

async function logIn(agent) {
  const { asked, page } = await arrive(agent);
  const back = await agent.submit(page, {}, { button: 'Authorize', until: atClient });
  assert.equal(back.status, 0, `${back.url} ${back.text}\n${django.errors.slice(-3000)}`);
  return redeem(rp, { ...asked, callback: back.url });
}

test('a person of Django OAuth Toolkit gets an account by issuer and subject, and finds it again', async () => {
  const begun = Math.floor(Date.now() / 1000);
  const tokens = await logIn(createAgent());
  const { sub, iss, aud, acr, amr, auth_time: authTime } = tokens.claims();
  assert.deepEqual(await s.psql(`select user_id, issuer, subject from auth.identity where partner = '${slug}'`), [{ user_id: sub, issuer, subject }]);
  const { name, email, email_verified: verified } = await oidc.fetchUserInfo(rp.config, tokens.access_token, sub);
  assert.deepEqual([name, email, verified], ['Dora Django', `dora@${slug}.example`, true]);
  assert.deepEqual([iss, aud, acr, amr], [s.env.issuer, rp.id, 'urn:stoa:acr:1fa', undefined]);
  assert.ok(authTime >= begun && authTime <= Date.now() / 1000, 'the time of the log-in at Django');
  assert.equal((await logIn(createAgent())).claims().sub, sub, 'another browser, the same account');
});

test('who says no at Django OAuth Toolkit gets a page of ours, and the application the error', async () => {
  const agent = createAgent();
  const { asked, page } = await arrive(agent);
  const ours = await agent.submit(page, {}, { button: 'Cancel', until: atClient });
  assert.equal(ours.status, 200, `${ours.url} ${ours.text}`);
  assert.match(ours.text, /you did not sign in/);
  const { url } = await agent.submit(ours, {}, { button: 'Back to', until: atClient });
  assert.deepEqual(['error', 'state', 'iss'].map((one) => url.searchParams.get(one)), ['access_denied', asked.state, s.env.issuer]);
});
