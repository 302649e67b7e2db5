/*
 * Joining inside the partner's page with a mailed code (PRODUCT.md A7): Inkwell's page from the first word to the last, with and without
 * JavaScript, and the page behind "this was not me". The token step is Inkwell's own, by openid-client.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { codeIn, linkIn, untilChallenge, wrong } from '../support/first_party.mjs';
import { addUser, operator } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { inspector } from './axe.mjs';
import { album, openBrowser } from './browser.mjs';

let s, browser, site;
const see = inspector('join');

before(async () => {
  s = await sharedStack();
  site = s.env.partner_site;
  await operator(s, 'clients', 'challenge', 'inkwell', 'register');
  await untilChallenge(s, { id: s.env.demo.client_id, secret: s.env.demo.client_secret }, true);
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await s?.stop();
});

const address = () => `join-${randomBytes(5).toString('hex')}@people.example`;
const path = (page) => new URL(page.url()).pathname;

async function ask(page, email, name = '') {
  await page.goto(`${site}/login`);
  await page.click('text=Join with your e-mail');
  await page.fill('#name', name);
  await page.fill('#email', email);
  await page.click('main button');
}

async function type(page, code) {
  await page.fill('#code', code);
  await page.click('text=Join Inkwell');
}

for (const javaScriptEnabled of [true, false]) {
  test(`a reader joins without leaving the partner's page, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
    const page = await browser.person({ javaScriptEnabled });
    const visited = new Set();
    page.on('framenavigated', (frame) => visited.add(new URL(frame.url()).origin));
    const email = address();
    await page.goto(`${site}/join`);
    if (javaScriptEnabled) await see(page, 'join');
    await ask(page, email, 'Jo Joined');
    assert.equal(path(page), '/join/code');
    const code = codeIn(await s.mail(email));
    await type(page, wrong(code));
    assert.match(await page.textContent('[role=alert]'), /not right, or too old\. 4 more tries/);
    if (javaScriptEnabled) await see(page, 'wrong-code');
    await s.psql(`update auth.mail_challenge set sent_at = now() + interval '1 minute' where address = '${email}'`); /* however slow this is, it is too soon */
    await page.click('text=Send another code');
    assert.match(await page.textContent('[role=alert]'), /can be sent in \d+ seconds/);
    await type(page, `${code.slice(0, 4)} ${code.slice(4)}`);
    assert.equal(path(page), '/');
    assert.match(await page.textContent('header'), /Jo Joined/);
    assert.deepEqual([...visited].filter((origin) => origin !== 'null'), [site], 'nowhere but the partner\'s site');
    await page.context().close();
  });
}

test('who comes again finds the same account', async () => {
  const email = address();
  const members = [];
  for (let i = 0; i < 2; i += 1) {
    const page = await browser.person();
    const before_ = (await s.mails(email)).at(-1)?.id;
    await s.psql(`update auth.mail_challenge set sent_at = sent_at - interval '31 seconds' where address = '${email}'`);
    await ask(page, email, i === 0 ? 'Twice There' : '');
    await type(page, codeIn(await s.mail(email, /(?:)/, { after: before_ })));
    members.push((await page.textContent('header')).replace(/\s+/g, ' '));
    await page.context().close();
  }
  assert.match(members[0], /Twice There/);
  assert.equal(members[1], members[0]);
});

test('an account for which a mailed code is too little goes on to our page, and comes back joined', async () => {
  const user = await addUser(s);
  await s.psql(`update auth.users set role = 'operator' where login = '${user.email}'`);
  const page = await browser.person();
  await ask(page, user.email);
  await type(page, codeIn(await s.mail(user.email)));
  assert.equal(path(page), '/login');
  await page.fill('#email', user.email);
  await page.fill('#password', user.password);
  await page.click('main form:has(#password) button');
  await page.click('text=Allow');
  await page.waitForURL((url) => url.origin === site && url.pathname === '/');
  assert.match(await page.textContent('header'), /Uma User/);
  await page.context().close();
});

test('"this was not me" is one button, without JavaScript too, and the code is dead', async () => {
  const shot = album('join-not-me');
  const email = address();
  const reader = await browser.person();
  await ask(reader, email);
  const mail = await s.mail(email);
  const owner = await browser.person({ javaScriptEnabled: false });
  await owner.goto(linkIn(mail).href);
  await shot(owner, 'question');
  await owner.click('text=It was not me');
  assert.match(await owner.textContent('h1'), /The code is dead/);
  await shot(owner, 'done');
  await type(reader, codeIn(mail));
  assert.match(await reader.textContent('[role=alert]'), /Start again/);
  await owner.context().close();
  await reader.context().close();
});
