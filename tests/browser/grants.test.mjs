/* Pages on which a person decides for another device, in Chromium, in light and in dark and narrow, under axe-core. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { addClient, addUser } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { inspector } from './axe.mjs';
import { openBrowser } from './browser.mjs';

let s, browser, user;

before(async () => {
  s = await sharedStack();
  [browser, user] = await Promise.all([openBrowser(), addUser(s)]);
});

after(async () => {
  await browser?.close();
  await s?.stop();
});

async function signIn(page) {
  await page.fill('#email', user.email);
  await page.fill('#password', user.password);
  await page.click('form:has(#password) button'); /* partners of other tests may have forms before it */
}

test('a device is connected', async () => {
  const tv = await addClient(s, { grants: 'urn:ietf:params:oauth:grant-type:device_code', method: 'none', redirect: [] });
  const page = await browser.person();
  const see = inspector('device');
  const asked = await oidc.initiateDeviceAuthorization(tv.config, { scope: 'openid email' });
  await page.goto(asked.verification_uri);
  await see(page, 'empty');
  await page.fill('#user_code', 'BCDF GHJK');
  await page.click('main form button');
  await page.waitForSelector('[role="alert"]');
  await see(page, 'wrong');
  await page.goto(asked.verification_uri_complete);
  assert.equal(await page.inputValue('#user_code'), asked.user_code);
  await page.click('main form button');
  await signIn(page);
  await page.waitForURL(/\/consent/);
  assert.ok((await page.textContent('main')).includes(asked.user_code));
  await see(page, 'consent');
  await page.click('button[value="allow"]');
  await page.waitForURL(/\/continue\//);
  await see(page, 'done');
  const tokens = await oidc.pollDeviceAuthorizationGrant(tv.config, asked);
  assert.ok(tokens.access_token);
  await page.context().close();
});

test('a request of a till is approved', async () => {
  const till = await addClient(s, { grants: 'urn:openid:params:grant-type:ciba', redirect: [], metadata: { backchannel_token_delivery_mode: 'poll' } });
  const asked = await oidc.initiateBackchannelAuthentication(till.config, { scope: 'openid email', login_hint: user.email, binding_message: 'Table 7, 4711' });
  const [{ id }] = await s.psql(`select id from auth.decoupled where client_id = '${till.id}'`);
  const page = await browser.person();
  const see = inspector('ciba');
  await page.goto(`${s.env.issuer}/approve/${id}`);
  await signIn(page);
  await page.waitForURL(/\/consent/);
  assert.ok((await page.textContent('main')).includes('Table 7, 4711'));
  await see(page, 'consent');
  await page.click('button[value="allow"]');
  await page.waitForURL(/\/continue\//);
  assert.ok((await oidc.pollBackchannelAuthenticationGrant(till.config, asked)).access_token);
  await page.context().close();
});
