/* Every page of both servers (the golden files of tests/unit/web) under axe-core, in light and dark, on a wide and on the narrowest screen. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { openBrowser } from './browser.mjs';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
const TYPES = { css: 'text/css', js: 'text/javascript', svg: 'image/svg+xml' };
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const root = new URL('../../', import.meta.url);
const pages = readdirSync(new URL('tests/unit/web/golden/', root)).filter((name) => name.endsWith('.html'));

let browser, server, origin;

function answer(request, response) {
  const asset = /^\/assets\/(\w+)\.HASH\.(\w+)$/.exec(request.url);
  const file = asset ? `web/assets/${asset[1]}.${asset[2]}` : `tests/unit/web/golden${request.url}`;
  if (!existsSync(new URL(file, root))) { /* a picture that the server makes */
    response.writeHead(200, { 'content-type': 'image/svg+xml' });
    response.end('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>');
    return;
  }
  response.writeHead(200, { 'content-type': asset ? TYPES[asset[2]] : 'text/html; charset=utf-8' });
  /* The pages that lead on by themselves stay here. */
  response.end(readFileSync(new URL(file, root), 'utf8').replace(/<meta http-equiv="refresh"[^>]*>|<script src="[^"]*form_post[^>]*><\/script>/, ''));
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

for (const [colorScheme, width] of [['light', 1000], ['dark', 320]]) {
  test(`no barrier in ${colorScheme} at ${width} px, and nothing wider than the screen`, async () => {
    const page = await browser.person({ colorScheme, viewport: { width, height: 800 } });
    for (const name of pages) {
      await page.goto(`${origin}/${name}`);
      await page.evaluate(axe);
      const { violations } = await page.evaluate((tags) => window.axe.run({ runOnly: tags }), TAGS);
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
      assert.deepEqual(found, [], name);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, `${name} is wider than the screen`);
    }
    await page.context().close();
  });
}
