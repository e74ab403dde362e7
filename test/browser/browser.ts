import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
/** So long a busy machine may take. */
const LAUNCH_MS = 300_000;

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function findBrowser(): string | undefined {
  const told = process.env['CHROME_PATH'];
  if (told !== undefined && told !== '') return told;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

const executablePath = findBrowser();
const MISSING = `no ${NAMES.join(', ')} on PATH, and CHROME_PATH names none`;
// Where changes are held against the tests, a missing browser must not look like a test that has passed.
const isSkipped = executablePath === undefined && process.env['CI'] !== 'true';

/** Opens pages in a context of its own, which is closed when the test is over. */
export type OpenPage = (url: string, options?: BrowserContextOptions) => Promise<OpenedPage>;

export interface OpenedPage {
  readonly page: Page;
  /** What went wrong in the page, and every request but that for the page itself. */
  readonly faults: readonly string[];
}

/** Tests that share one browser: skipped, and told so, where there is none; with `CI=true` they fail then. */
export function describeInBrowser(name: string, body: (open: OpenPage) => void): void {
  // The names of skipped tests are not among what is printed.
  if (isSkipped) process.stderr.write(`skipped: ${name}: ${MISSING}\n`);
  describe.skipIf(isSkipped)(name, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      if (executablePath === undefined) throw new Error(`${MISSING}: install chromium`);
      const args = ['--no-sandbox', '--disable-dev-shm-usage'];
      browser = await chromium.launch({ executablePath, args, timeout: LAUNCH_MS });
    });
    afterAll(async () => {
      await browser?.close();
    });
    body(async (url, options) => {
      if (browser === undefined) throw new TypeError('the browser has not started');
      return openPage(browser, url, options);
    });
  });
}

async function openPage(browser: Browser, url: string, options?: BrowserContextOptions): Promise<OpenedPage> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(LAUNCH_MS);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => faults.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.isNavigationRequest()) faults.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  return { page, faults };
}

/**
 * How far the page, or anything in it, reaches beyond the right edge of the window, in pixels; what a box clips counts,
 * and what a box scrolls by itself does not.
 */
export function overhang(page: Page): Promise<number> {
  return page.evaluate(`(() => {
    const all = [...document.querySelectorAll('body, body *:not(.scroll *)')];
    const rights = all.map((one) => one.getBoundingClientRect().right);
    return Math.max(document.documentElement.scrollWidth, ...rights) - window.innerWidth;
  })()`);
}

/** Unfolds all that is folded, as a reader would one by one. */
export async function unfoldAll(page: Page): Promise<void> {
  await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true; })');
}

/** What axe finds that keeps people out, or nearly so. */
export async function seriousViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found: axe.AxeResults = await page.evaluate('axe.run()');
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`));
}

/** How bright the colour of a property is, from 0 to 255. */
export function brightness(page: Page, selector: string, property: string): Promise<number> {
  const value = `getComputedStyle(document.querySelector(${JSON.stringify(selector)})).getPropertyValue(${JSON.stringify(property)})`;
  return page.evaluate(
    `${value}.match(/\\d+/g).slice(0, 3).map(Number).reduce((sum, part) => sum + part, 0) / 3`,
  );
}
