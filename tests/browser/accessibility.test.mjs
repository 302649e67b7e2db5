/* Every page of both servers (the golden files of tests/unit/web) under axe-core, in light and dark, on a wide and on the narrowest screen. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { barriers, DARK_NARROW, faults, LIGHT, overflow, unskippable, walk } from './axe.mjs';
import { openBrowser } from './browser.mjs';

const TYPES = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' };
const root = new URL('../../', import.meta.url);
const golden = new URL('tests/unit/web/golden/', root);
const pages = readdirSync(golden).filter((name) => name.endsWith('.html'));

let browser, server, origin;

/* An empty page to begin with, and what the pages refer to. */
function answer(request, response) {
  const asset = /^\/assets\/(\w+)\.HASH\.(\w+)$/.exec(request.url);
  const file = asset && new URL(`web/assets/${asset[1]}.${asset[2]}`, root);
  if (request.url === '/') {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Pages</title>');
  } else if (file && existsSync(file)) {
    response.writeHead(200, { 'content-type': TYPES[asset[2]], 'cache-control': 'max-age=3600' }).end(readFileSync(file));
  } else if (request.url.endsWith('.css')) { /* a partner's */
    response.writeHead(200, { 'content-type': 'text/css', 'cache-control': 'max-age=3600' }).end(':root { --radius: 0; }');
  } else { /* a picture that the server makes */
    response.writeHead(200, { 'content-type': 'image/svg+xml' }).end('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>');
  }
}

before(async () => {
  server = createServer(answer);
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${server.address().port}`;
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

/* Pages are written into one window, which keeps axe: to go to each, and to send axe there, takes several times what axe itself does. */
async function emptyPage(look) {
  const page = await browser.person({ colorScheme: look.colorScheme, viewport: look.viewport });
  await page.goto(origin);
  return page;
}

/* The pages that lead on by themselves stay here. */
const stays = (html) => html.replace(/<meta http-equiv="refresh"[^>]*>|<script src="[^"]*form_post[^>]*><\/script>/, '');

for (const look of [LIGHT, DARK_NARROW]) {
  test(`no barrier in ${look.colorScheme} at ${look.viewport.width} px, and nothing wider than the screen`, async () => {
    const page = await emptyPage(look);
    for (const name of pages) {
      const html = readFileSync(new URL(name, golden), 'utf8');
      await page.setContent(stays(html));
      assert.equal(await page.title(), /<title>([^<]*)/.exec(html)[1].replaceAll('&#39;', "'").replaceAll('&amp;', '&'));
      assert.ok(await page.evaluate(() => document.compatMode === 'CSS1Compat' && [...document.styleSheets].every((sheet) => sheet.cssRules.length)), name);
      assert.deepEqual([...(await barriers(page, look)), ...(await overflow(page)), ...(await unskippable(page))], [], name);
    }
    await page.context().close();
  });
}

test('tables of many columns fit into the window of a desk and of a phone', async () => {
  const page = await emptyPage(LIGHT);
  for (const name of ['operator-subscription.html', 'operator-payment.html'])
    for (const width of [1200, 400]) {
      await page.setViewportSize({ width, height: 800 });
      await page.setContent(readFileSync(new URL(name, golden), 'utf8'));
      const tables = await page.evaluate(() => [...document.querySelectorAll('.scroll')].map((one) => [one.scrollWidth, one.clientWidth]));
      assert.ok(tables.length > 1 && tables.every(([content, room]) => content <= room), `${name} at ${width}: ${JSON.stringify(tables)}`);
    }
  await page.context().close();
});

test('the words of a button are one line of text, and an amount of millions is not torn', async () => {
  const page = await emptyPage(DARK_NARROW);
  for (const name of pages) {
    await page.setContent(stays(readFileSync(new URL(name, golden), 'utf8')));
    const torn = await page.evaluate(() => [...document.querySelectorAll('.button')].filter((one) => getComputedStyle(one).flexDirection === 'row' && getComputedStyle(one).display === 'flex'
      && one.querySelector('bdi') && [...one.childNodes].filter((node) => node.textContent.trim() && !(node.matches?.('.quiet'))).length > 1).map((one) => one.outerHTML));
    assert.deepEqual(torn, [], name);
  }
  const html = readFileSync(new URL('pay.html', golden), 'utf8').replace('1\u00a0250.00 EUR', '12.345.678,90\u00a0EUR');
  await page.setContent(stays(html));
  assert.deepEqual(await page.$eval('.amount bdi', (one) => [one.textContent, one.getClientRects().length]), ['12.345.678,90\u00a0EUR', 1]);
  await page.context().close();
});

/* An operator who types why something is refused and presses Enter must not have approved it. */
test('Enter in a field of a form with several decisions decides nothing, and a button does', async () => {
  const page = await emptyPage(LIGHT);
  let tried = 0;
  for (const name of pages.filter((each) => each.startsWith('operator-'))) {
    await page.setContent(readFileSync(new URL(name, golden), 'utf8'));
    const forms = await page.evaluate(() => {
      window.sent = [];
      document.addEventListener('submit', (event) => { event.preventDefault(); window.sent.push(event.submitter.value); });
      return [...document.forms].flatMap((form, i) => {
        form.noValidate = true;
        const several = form.method === 'post' && form.querySelectorAll('button:not([hidden])').length > 1 && form.querySelector('label input');
        return several ? [i] : [];
      });
    });
    for (const i of forms) {
      const form = page.locator('form').nth(i);
      for (const field of await form.locator('input:not([type="hidden"])').all()) {
        await field.evaluate((one) => { for (let up = one; up; up = up.parentElement) if (up.tagName === 'DETAILS') up.open = true; });
        await field.press('Enter');
      }
      assert.deepEqual(await page.evaluate(() => window.sent.splice(0)), [], `${name}: ${await form.getAttribute('action')}`);
      await form.locator('button:not([hidden])').last().press('Enter');
      assert.equal((await page.evaluate(() => window.sent.splice(0))).length, 1, 'what is pressed is sent');
      tried += 1;
    }
  }
  assert.ok(tried >= 5, `${tried} forms`);
  await page.context().close();
});

test('a page in Arabic is mirrored, and what is typed or copied is not', async () => {
  const page = await emptyPage(DARK_NARROW);
  await page.setContent(readFileSync(new URL('ar-auth-login.html', golden), 'utf8'));
  const { mark, brand, field, name } = await page.evaluate(() => {
    const box = (selector) => document.querySelector(selector).getBoundingClientRect();
    return { mark: box('.top img').left, brand: box('.top span').left, field: getComputedStyle(document.querySelector('#email')).direction, name: getComputedStyle(document.querySelector('.lead .app')).unicodeBidi };
  });
  assert.ok(mark > brand, 'the mark stands on the right of the name');
  assert.deepEqual([field, name], ['ltr', 'isolate']);
  await page.context().close();
});

test('what is wrong in one appearance only is found, in either and in a frame', async () => {
  const page = await emptyPage(LIGHT);
  const put = (style, framed = '', before = '') => page.setContent(`<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">
    <title>Wrong</title><style>:root { color-scheme: light dark; color: CanvasText; background: Canvas } ${style}</style>
    ${before}<main id="content"><h1>Wrong</h1><p>Words to read</p>${framed}</main></html>`);
  const found = async () => (await faults(page)).map((what) => what.split(' (')[0].split(' px ')[0]);

  await put('');
  assert.deepEqual(await found(), []);
  await put('@media (prefers-color-scheme: dark) { p { color: #333 } }');
  assert.deepEqual(await found(), ['dark-narrow: color-contrast']);
  await put('@media (prefers-color-scheme: light) { p { color: #ccc } }');
  assert.deepEqual(await found(), ['light: color-contrast']);
  await put('h1 { width: 400px }');
  assert.deepEqual(await found(), ['dark-narrow: 408']);
  const header = '<header><a href="/">Home</a></header>';
  await put('a { display: block; padding: 1em }', '', header);
  assert.deepEqual(await found(), ['light: no link to the content is the first of the page', 'dark-narrow: no link to the content is the first of the page']);
  await put('a { display: block; padding: 1em }', '', `<a href="#content">Skip</a>${header}`);
  assert.deepEqual(await found(), []);
  const seen = ':focus { outline: 3px solid }', one = '<button>One</button>';
  for (const [style, framed, what] of [[seen, one, /^$/], ['', one, /^shows no focus/], [`${seen} button { position: absolute; left: -300px }`, one, /^is not on the screen/],
    [seen, `${one}<button tabindex="1">Two</button>`, /^goes back to .*One/]]) {
    await put(style, framed);
    assert.match((await walk(page)).join('; '), what);
  }
  const inner = '<!doctype html><html lang=en><title>In</title><style>:root { color-scheme: light dark; background: Canvas } p { color: #333 }</style><main><h1>In</h1><p>Words</p></main>';
  await put('', `<iframe title="In" srcdoc="${inner}"></iframe>`);
  assert.deepEqual(await found(), ['dark-narrow: color-contrast']);
  await page.context().close();
});
