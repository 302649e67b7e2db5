/* axe-core over a page and everything framed in it. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];
const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/* Every violation as "rule (impact): elements". Frames are looked at one by one, each as the page that it is. */
export async function barriers(page) {
  const found = [];
  for (const frame of page.frames()) {
    await frame.evaluate(source);
    const { violations } = await frame.evaluate((tags) => window.axe.run(document, { runOnly: tags, iframes: false }), TAGS);
    for (const { id, impact, nodes } of violations) found.push(`${id} (${impact}): ${nodes.map((node) => node.html).join(' | ')}`);
  }
  return found;
}

/* Empty, or what is wider than the screen, counting only what does not scroll by itself. */
export async function overflow(page) {
  const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  return content <= screen ? [] : [`${content} px of content on ${screen} px`];
}
