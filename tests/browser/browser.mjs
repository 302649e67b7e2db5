/*
 * Chromium for tests: one browser without windows, a fresh context per person. Run as a program, it is a browser for all files until its standard
 * input ends, and prints the address that STOA_BROWSER has to name. When a test fails, the pages that are open are left as pictures under
 * tests/output; with STOA_SCREENSHOTS=1 so is every page that a test shows to its album.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const OUTPUT = fileURLToPath(new URL('../output/', import.meta.url));
/* The shell shows pages as Chromium does, for two thirds of its processor; what belongs to the window around them it does not have. */
const SHELL = '/usr/bin/chromium-headless-shell', WHOLE = '/usr/bin/chromium';
/*
 * The first two make pages of the browser's own for the address bar of every window, which nobody sees and which cost two seconds each. The last
 * switch counts, so the rest is what Playwright turns off.
 */
const FEATURES = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'AimEnabled', 'AvoidCorsURLLoaderRestartOnRedirect', 'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose', 'HttpsFirstBalancedModeAutoEnable', 'HttpsUpgrades', 'LensOverlay', 'MediaRouter', 'NetworkTimeServiceQuerying',
  'OptimizationHints', 'PaintHolding', 'PreconnectToSearch', 'SpareRendererForSitePerProcess', 'ThirdPartyStoragePartitioning'];
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', `--disable-features=${FEATURES}`, '--disable-sync'];
/* By the clock, and longer than a machine stands still. */
const LAUNCH_MS = 300_000, PATIENCE_MS = 300_000;
const browsers = new Set();

/* A browser process of our own, or (how: 'launchServer') one that others connect to. */
async function launch({ args = [], hasWindow = false } = {}, how = 'launch') {
  const profile = mkdtempSync(join(tmpdir(), 'stoa-chromium-'));
  const made = await chromium[how]({ executablePath: hasWindow ? WHOLE : SHELL, headless: true, timeout: LAUNCH_MS, args: [...FLAGS, ...args], env: { ...process.env, HOME: profile } });
  return { made, close: async () => { await made.close(); rmSync(profile, { recursive: true, force: true }); } };
}

async function connect() {
  const made = await chromium.connect(process.env.STOA_BROWSER, { timeout: LAUNCH_MS });
  return { made, close: () => made.close() };
}

/* args: more of Chromium's own switches; hasWindow: with what a browser asks by itself, such as FedCM. Either has to be a process of its own. */
export async function openBrowser(own) {
  const { made: browser, close } = await (process.env.STOA_BROWSER && !own ? connect() : launch(own));
  browsers.add(browser);
  return {
    /* One person at one machine: cookies of their own. isPatient: to whom no frame of <stoa-checkout> takes too long, which counts halves of a second. */
    async person({ javaScriptEnabled = true, isPatient = true, ...options } = {}) {
      const context = await browser.newContext({ javaScriptEnabled, viewport: { width: 1000, height: 900 }, ...options });
      context.setDefaultTimeout(PATIENCE_MS);
      if (isPatient) await context.addInitScript(() => {
        const real = window.setInterval;
        window.setInterval = (act, ms, ...more) => real(act, ms === 500 ? 15_000 : ms, ...more);
      });
      return context.newPage();
    },
    async close() {
      browsers.delete(browser);
      await close();
    },
  };
}

async function picture(page, directory, n, title) {
  mkdirSync(directory, { recursive: true });
  await page.screenshot({ path: join(directory, `${String(n).padStart(2, '0')}-${title}.png`), fullPage: true });
}

export function album(name) {
  let n = 0;
  return async (page, title) => {
    n += 1;
    if (process.env.STOA_SCREENSHOTS === '1') await picture(page, join(OUTPUT, name), n, title);
  };
}

const isProgram = process.argv[1] === fileURLToPath(import.meta.url);
if (isProgram) {
  const { made, close } = await launch({}, 'launchServer');
  console.log(made.wsEndpoint());
  process.stdin.resume().on('end', close);
}

if (!isProgram) afterEach(async (t) => {
  if (t.passed) return;
  const directory = join(OUTPUT, 'failed', t.name.replace(/[^\w-]+/g, '-').slice(0, 80));
  const pages = [...browsers].flatMap((browser) => browser.contexts()).flatMap((context) => context.pages());
  /* The test has failed already: a page that cannot be pictured must not hide why. */
  await Promise.allSettled(pages.map((page, n) => picture(page, directory, n + 1, 'page')));
});
