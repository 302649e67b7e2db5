/* Chromium for tests: one headless browser, a fresh context per person, screenshots under tests/output. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const OUTPUT = fileURLToPath(new URL('../output/', import.meta.url));
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/* args: more of Chromium's own switches. */
export async function openBrowser({ args = [] } = {}) {
  const profile = mkdtempSync(join(tmpdir(), 'stoa-chromium-'));
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: [...FLAGS, ...args], env: { ...process.env, HOME: profile } });
  return {
    /* One person at one machine: cookies of their own. */
    async person({ javaScriptEnabled = true, ...options } = {}) {
      const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 1000, height: 900 }, ...options });
      context.setDefaultTimeout(60_000);
      return context.newPage();
    },
    async close() {
      await browser.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

export function album(name) {
  const directory = join(OUTPUT, name);
  mkdirSync(directory, { recursive: true });
  let n = 0;
  return async (page, title) => {
    n += 1;
    await page.screenshot({ path: join(directory, `${String(n).padStart(2, '0')}-${title}.png`), fullPage: true });
  };
}
