/* Opening an account on our page in Chromium, without JavaScript: the code of the mail, a password, and back at the application. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { address, codeIn } from '../support/first_party.mjs';
import { addClient, request, REDIRECT } from '../support/relying_party.mjs';
import { startStack } from '../support/stack.mjs';
import { album, openBrowser } from './browser.mjs';

let s, browser;

before(async () => {
  s = await startStack({ profile: 'bare', env: { AUTHSRV_SELF_REGISTRATION: 'true' } });
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await s?.stop();
});

test('a person opens an account on the way to an application, without JavaScript', async () => {
  const shot = album('sign-up');
  const rp = await addClient(s);
  const to = address();
  const page = await browser.person({ javaScriptEnabled: false });
  await page.route(`${REDIRECT}**`, (route) => route.fulfill({ body: 'arrived' }));
  await page.goto((await request(rp)).url.href);
  await page.click('text=Open an account');
  await page.fill('#name', 'Nora New');
  await page.fill('#email', to);
  await shot(page, 'address');
  await page.click('main form button');
  await page.fill('#code', codeIn(await s.mail(to)));
  await page.fill('#password', 'four quiet herons walking');
  await shot(page, 'code');
  await page.click('main form button');
  await shot(page, 'consent');
  assert.match(await page.textContent('main'), /Nora New/);
  await page.click('text=Allow');
  await page.waitForURL((url) => url.href.startsWith(REDIRECT));
  assert.ok(new URL(page.url()).searchParams.get('code'));
  await page.context().close();
});
