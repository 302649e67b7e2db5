/*
 * Logging in with a partner in Chromium: the list on our page, the partner's own page (oidc-provider), back at the application; what a person
 * sees when it fails, and the ways on from there. Also without JavaScript, and under axe-core.
 */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { adminOf } from '../support/admin.mjs';
import { partnerNames } from '../support/partner_names.mjs';
import { addClient, addUser, inFile, operator, redeem, request, sound } from '../support/relying_party.mjs';
import { sharedStack } from '../support/stack.mjs';
import { partners } from '../support/upstream.mjs';
import { LOGO, LOGO_DARK } from '../support/white_label.mjs';
import { inspector } from './axe.mjs';
import { openBrowser } from './browser.mjs';

let s, browser, site, rp, home, away;
const made = partners(() => s);
const see = inspector('partners');

before(async () => {
  s = await sharedStack({ profile: 'bare' });
  const server = createServer((rq, rs) => rs.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>app</title>back'));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  site = { origin: `http://127.0.0.1:${server.address().port}`, close: () => { server.closeAllConnections(); server.close(); } };
  home = await made.provider({ more: ['--email-domains', 'uni.example'], client: (slug) => ({ post_logout_redirect_uris: [`${s.env.issuer}/cb/${slug}/logged-out`] }) });
  away = await made.add(await made.listen((rq, rs) => rs.writeHead(500).end()));
  rp = await addClient(s, { redirect: [`${site.origin}/cb`], more: ['--first-party', '--partner', home.slug] });
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  site?.close();
  await made.close();
  await sound(s);
  await s?.stop();
});

const ask = (more) => request(rp, { scope: 'openid profile email', redirect: `${site.origin}/cb`, ...more });
const arrived = async (tab) => {
  await tab.waitForURL((url) => url.href.startsWith(`${site.origin}/cb`));
  return new URL(tab.url());
};

async function atProvider(tab, account) {
  await tab.fill('input[name="login"]', account);
  await tab.fill('input[name="password"]', 'any');
  await tab.click('button[type="submit"]');
  await tab.click('button:has-text("Continue")');
}

test('the application’s partner comes first; its page, then back with a code; next time it is remembered', async () => {
  const tab = await browser.person();
  const asked = await ask();
  await tab.goto(asked.url.href);
  assert.match(await tab.getAttribute('.ways a', 'href'), new RegExp(`/login/partner/${home.slug}\\?`));
  await see(tab, 'log-in');
  await tab.click(`.ways a[href*="${home.slug}"]`);
  await atProvider(tab, 'ada');
  const callback = await arrived(tab);
  assert.ok((await redeem(rp, { ...asked, callback })).claims().sub);
  await tab.goto((await ask({ prompt: 'login' })).url.href);
  assert.match(await tab.innerText('.ways'), /You signed in this way last time/);
  await tab.context().close();
});

test('a partner that speaks plain OAuth 2: its page, its document about the person, and back with a code', async () => {
  const plain = await made.provider();
  await made.settle(plain.slug, { kind: 'oauth2', scope: 'openid profile email', authorization_endpoint: `${plain.issuer}/auth`, token_endpoint: `${plain.issuer}/token`, userinfo_endpoint: `${plain.issuer}/me`, claims: { sub: '/sub' } });
  const client = await addClient(s, { redirect: [`${site.origin}/cb`], more: ['--first-party'] });
  const tab = await browser.person();
  const asked = await request(client, { scope: 'openid', redirect: `${site.origin}/cb`, idp_hint: plain.slug });
  await tab.goto(asked.url.href);
  await atProvider(tab, 'grace');
  const callback = await arrived(tab);
  assert.ok((await redeem(client, { ...asked, callback })).claims().sub);
  await tab.context().close();
});

test('at a name of the partner’s own: its page, consent in its clothes under that name, and back with a code; the issuer keeps nothing', async () => {
  const admin = await adminOf(s);
  const at = await partnerNames({ stack: () => s, admin, made }).partnerAt({ redirect: [`${site.origin}/cb`] });
  const tab = await browser.person();
  const asked = await request(at.rp, { scope: 'openid email', redirect: `${site.origin}/cb` });
  await tab.goto(asked.url.href);
  await atProvider(tab, 'nadia');
  await tab.waitForURL((url) => url.origin === at.origin && url.pathname === '/consent');
  await see(tab, 'consent-at-own-name');
  await tab.click('button:has-text("Allow")');
  const callback = await arrived(tab);
  assert.equal((await redeem(at.rp, { ...asked, callback })).claims().iss, s.env.issuer);
  const cookies = await tab.context().cookies([s.env.issuer, at.origin]);
  assert.deepEqual([...new Set(cookies.map((one) => one.domain))], [new URL(at.origin).hostname], 'of that name only');
  await tab.goto(`${s.env.issuer}/account`);
  await tab.waitForURL((url) => url.pathname === '/login');
  await tab.context().close();
});

test('signing out here and there: one question, the partner’s own page, and back to ours; without JavaScript', async () => {
  const tab = await browser.person({ javaScriptEnabled: false });
  await tab.goto((await ask({ idp_hint: home.slug })).url.href);
  await atProvider(tab, 'olga');
  await arrived(tab);
  await tab.goto(`${s.env.issuer}/logout`);
  await tab.click('button:has-text("Sign out here and at")');
  await tab.waitForURL((url) => url.origin === home.issuer);
  await tab.click('button[value="yes"]');
  await tab.waitForURL((url) => url.pathname.endsWith('/logged-out'));
  assert.match(await tab.innerText('h1'), /You are signed out/);
  await tab.context().close();
});

test('an address of an organisation leads to its partner', async () => {
  const tab = await browser.person();
  await tab.goto((await ask()).url.href);
  await tab.click('summary:has-text("organisation")');
  await tab.fill('#home', 'ada@uni.example');
  await tab.click('button:has-text("Continue")');
  await tab.waitForURL((url) => url.origin === home.issuer);
  await tab.context().close();
});

for (const javaScriptEnabled of [true, false]) {
  test(`saying no at the partner: a page with ways on, and back to the application with the error (${javaScriptEnabled ? 'with' : 'without'} JavaScript)`, async () => {
    const tab = await browser.person({ javaScriptEnabled });
    const asked = await ask({ idp_hint: home.slug });
    await tab.goto(asked.url.href);
    await tab.click('a:has-text("Cancel")');
    await tab.waitForSelector('[role="alert"]');
    assert.match(await tab.innerText('h1'), /you did not sign in/);
    if (javaScriptEnabled) await see(tab, 'denied');
    await tab.click('button:has-text("Back to")');
    const callback = await arrived(tab);
    assert.equal(callback.searchParams.get('error'), 'access_denied');
    assert.equal(callback.searchParams.get('state'), asked.state);
    await tab.context().close();
  });
}

test('a partner that is away: the person is told, and gets in by another way', async () => {
  const tab = await browser.person();
  const asked = await ask({ idp_hint: away });
  await tab.goto(asked.url.href);
  assert.match(await tab.innerText('[role="alert"]'), /cannot be reached right now/);
  await see(tab, 'away');
  await tab.click('a:has-text("Other ways")');
  await tab.click(`.ways a[href*="${home.slug}"]`);
  await atProvider(tab, 'grace');
  assert.ok((await arrived(tab)).searchParams.get('code'));
  await tab.context().close();
});

/* Whose address is `account`: what the partner `claimant` says of everybody who logs in there. */
async function claimant() {
  const said = {};
  return { said, ...await made.provider({ claims: (id) => ({ email: said[id] ?? `${id}@claimant.example`, email_verified: true, name: `Name of ${id}` }) }) };
}
async function withPassword(tab, user) {
  await tab.fill('#email', user.email);
  await tab.fill('#password', user.password);
  await tab.click('main form:not(#passkey) button:has-text("Sign in")');
}
const partnerNamed = (tab, slug) => tab.locator('.held li', { hasText: `Partner ${slug}` });

test('an address that is known: the person is asked, signs in, links; without JavaScript too; later unlinks it', async () => {
  const there = await claimant();
  for (const [javaScriptEnabled, account] of [[true, 'linker'], [false, 'plain']]) {
    const user = await addUser(s);
    there.said[account] = user.email;
    const tab = await browser.person({ javaScriptEnabled });
    const asked = await ask({ idp_hint: there.slug });
    await tab.goto(asked.url.href);
    await atProvider(tab, account);
    await tab.waitForURL((url) => url.pathname === '/link');
    assert.equal(await tab.innerText('h1'), 'Do you have an account already?');
    if (javaScriptEnabled) await see(tab, 'link-offer');
    await tab.click('button:has-text("Sign in to it")');
    assert.equal(await tab.inputValue('#email'), user.email);
    assert.match(await tab.innerText('[role="status"]'), /Sign in to the account that you have/);
    if (javaScriptEnabled) await see(tab, 'link-sign-in');
    await withPassword(tab, user);
    await tab.waitForURL((url) => url.pathname === '/link');
    assert.equal(await tab.innerText('h1'), 'Link these accounts?');
    if (javaScriptEnabled) await see(tab, 'link-confirm');
    await tab.click('button:has-text("Link them")');
    const tokens = await redeem(rp, { ...asked, callback: await arrived(tab) });
    assert.equal(tokens.claims().sub, (await s.psql(`select id from auth.users where login = '${user.email}'`))[0].id);
    await tab.goto(`${s.env.issuer}/account/partners`);
    assert.equal(await tab.locator('.held button:has-text("Unlink")').count(), 1);
    if (javaScriptEnabled) await see(tab, 'linked-partners');
    await tab.click('.held button:has-text("Unlink")');
    assert.equal(await tab.locator('.held button:has-text("Unlink")').count(), 0);
    await tab.context().close();
  }
});

test('from the account page a partner is linked; what is somebody else’s is refused, and the last way in stays', async () => {
  const there = await claimant();
  const first = await browser.person();
  const asked = await ask({ idp_hint: there.slug });
  await first.goto(asked.url.href);
  await atProvider(first, 'owner');
  await arrived(first);
  await first.goto(`${s.env.issuer}/account/partners`);
  await first.click('.held button:has-text("Unlink")');
  assert.match(await first.innerText('[role="alert"]'), /last way in/);
  await see(first, 'last-way-in');
  await first.context().close();
  const user = await addUser(s);
  for (const [account, title] of [['owner', 'it cannot be linked'], ['newcomer', 'Link these accounts?']]) {
    const tab = await browser.person();
    await tab.goto(`${s.env.issuer}/account/partners`);
    await withPassword(tab, user);
    await partnerNamed(tab, there.slug).locator('button').click();
    await atProvider(tab, account);
    await tab.waitForURL((url) => url.pathname === '/link');
    assert.match(await tab.innerText('h1'), new RegExp(title.replace('?', '\\?')));
    if (account === 'owner') await see(tab, 'link-refused');
    await tab.click(account === 'owner' ? 'button:has-text("Go on without it")' : 'button:has-text("Link them")');
    await tab.waitForURL((url) => url.pathname === '/account/partners');
    assert.equal(await tab.locator('.held button:has-text("Unlink")').count(), account === 'owner' ? 0 : 1);
    await tab.context().close();
  }
});

/* Every floor of the page is looked at as the person sees it: there, of a size, and told apart from what is behind it (axe). */
test('dressed by the partner, the consent page still says who asks, where the answer goes and whose page it is', async () => {
  const dressed = await made.provider();
  await inFile(JSON.stringify({ name: 'Wordsmiths', logo: LOGO, logo_dark: LOGO_DARK, font: 'serif', font_size: 'large', radius: 2, density: 'roomy', align: 'center', max_width: 'wide', shadow: 'strong', button_weight: 'bold', logo_height: 64, light: { background: '#fff4e0', brand: '#7a1fa2', border: '#e8d5b0' }, dark: { background: '#1b1020' } }), (file) => operator(s, 'partners', 'branding', dressed.slug, '--file', file));
  const app = await addClient(s, { redirect: [`${site.origin}/cb`], more: ['--partner', dressed.slug] });
  const tab = await browser.person();
  await tab.goto((await request(app, { scope: 'openid email', redirect: `${site.origin}/cb`, idp_hint: dressed.slug })).url.href);
  await atProvider(tab, 'dora');
  await tab.waitForURL(/\/consent\?/);
  await see(tab, 'white-label');
  const style = (selector, name) => tab.$eval(selector, (element, of) => getComputedStyle(element).getPropertyValue(of), name);
  assert.deepEqual([await style('html', 'background-color'), await style('.button.strong', 'background-color'), await style('.button', 'border-radius')], ['rgb(255, 244, 224)', 'rgb(122, 31, 162)', '2px']);
  assert.match(await style('html', 'font-family'), /^Charter/);
  assert.deepEqual(await tab.$eval('.top img', (image) => [image.complete, image.naturalWidth]), [true, 64]);
  const shown = () => tab.$$eval('.top img', (images) => images.filter((one) => one.checkVisibility()).map((one) => [one.className, one.clientHeight]));
  assert.deepEqual(await shown(), [['theirs by-day', 64]]);
  await tab.emulateMedia({ colorScheme: 'dark' });
  assert.deepEqual(await shown(), [['theirs by-night', 64]]);
  await tab.emulateMedia({ colorScheme: 'light' });
  for (const [selector, words] of [['.top', /Wordsmiths/], ['.badge', /Checked by the operator/], ['.facts .host', /127\.0\.0\.1/], ['.foot .host', /127\.0\.0\.1/]]) {
    const line = tab.locator(selector).first();
    assert.match(await line.innerText(), words, selector);
    const box = await line.boundingBox();
    assert.ok(box.width > 20 && box.height > 10, `${selector}: ${JSON.stringify(box)}`);
  }
  const [allow, deny] = await Promise.all(['allow', 'deny'].map((value) => tab.locator(`button[value="${value}"]`).boundingBox()));
  assert.deepEqual([allow.width, allow.height], [deny.width, deny.height], 'to deny is as large as to allow');
  await tab.context().close();
});
