/*
 * axe-core over a page as it stands and everything framed in it, in light on a wide screen and in dark on the narrowest: one walk through the
 * product is enough for both.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { album } from './browser.mjs';

const OPTIONS = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
  iframes: false,
};
/* What differs between two appearances of one page. */
const LOOKS = { ...OPTIONS, runOnly: ['color-contrast', 'link-in-text-block', 'target-size', 'scrollable-region-focusable', 'css-orientation-lock'] };
const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const LIGHT = { name: 'light', colorScheme: 'light', viewport: { width: 1000, height: 900 }, rules: OPTIONS };
export const DARK_NARROW = { name: 'dark-narrow', colorScheme: 'dark', viewport: { width: 320, height: 800 }, rules: LOOKS };

export async function appear(page, { colorScheme, viewport }) {
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize(viewport);
}

/* Every violation as "rule (impact): elements". Frames are looked at one by one, each as the page that it is. */
export async function barriers(page, { rules } = LIGHT) {
  const found = [];
  for (const frame of page.frames()) {
    await frame.waitForLoadState(); /* a click resolves when the next page begins */
    /* Half a megabyte: sent once to a document. */
    if (!(await frame.evaluate(() => 'axe' in window))) await frame.evaluate(`${source};null`);
    const violations = await frame.evaluate(async (options) => (await window.axe.run(document, options)).violations, rules);
    for (const { id, impact, nodes } of violations) found.push(`${id} (${impact}): ${nodes.map((node) => node.html).join(' | ')}`);
  }
  return found;
}

/* Empty, or what is wider than the screen, counting only what does not scroll by itself. */
export async function overflow(page) {
  const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  return content <= screen ? [] : [`${content} px of content on ${screen} px`];
}

/* Empty, or that what can be focused before the content does not begin with a link past it: axe is content with headings. */
export async function unskippable(page) {
  const isBarred = await page.evaluate(() => {
    const main = document.querySelector('main');
    const [first] = [...document.querySelectorAll('a[href], button, input:not([type="hidden"]), select, summary')]
      .filter((one) => one.compareDocumentPosition(main) & Node.DOCUMENT_POSITION_FOLLOWING);
    return Boolean(first) && (!main.id || first.getAttribute('href') !== `#${main.id}`);
  });
  return isBarred ? ['no link to the content is the first of the page'] : [];
}

/* What is wrong with the page in either appearance; it is left in light. */
export async function faults(page, shoot = async () => {}) {
  const found = [];
  for (const look of [LIGHT, DARK_NARROW]) {
    await appear(page, look);
    await shoot(look.name);
    const all = [...(await barriers(page, look)), ...(await overflow(page)), ...(await unskippable(page))];
    found.push(...all.map((what) => `${look.name}: ${what}`));
  }
  await appear(page, LIGHT);
  return found;
}

/* Everything that Tab comes to, from the top of the page: what lies beside the screen, before the one before it, or shows no focus. */
export async function walk(page) {
  const found = [];
  await page.evaluate(() => { document.activeElement.blur(); window.getSelection().removeAllRanges(); window.walked = null; });
  for (let i = 0; i < 200; i += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const one = document.activeElement, before = window.walked;
      if (one === document.body || (before && one.compareDocumentPosition(before) & Node.DOCUMENT_POSITION_FOLLOWING)) return { isOver: one === document.body || one.matches('.skip'), name: one.outerHTML };
      window.walked = one;
      const { left, right, top, bottom } = one.getBoundingClientRect(), { outlineStyle, outlineWidth } = getComputedStyle(one);
      const isSeen = left >= 0 && right <= document.documentElement.clientWidth && right > left && bottom > 0 && top < window.innerHeight;
      return { name: one.outerHTML, isSeen, isMarked: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 };
    });
    if (stop.isOver) return found;
    if (stop.isOver === false) return [...found, `goes back to ${stop.name}`];
    if (!stop.isSeen) found.push(`is not on the screen: ${stop.name}`);
    if (!stop.isMarked) found.push(`shows no focus: ${stop.name}`);
  }
  return [...found, 'has no end'];
}

/* Looks at pages, and fails at one that has a fault. */
export function inspector(name) {
  const shoot = album(name);
  return async (page, where) => {
    assert.deepEqual(await faults(page, (look) => shoot(page, `${where}-${look}`)), [], where);
  };
}
