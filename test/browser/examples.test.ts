import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningExamples, startExamples } from '../end-to-end/examples-process.ts';
import { describeInBrowser } from './browser.ts';
import { testLooks } from './looks.ts';

/** The id of the container that has answered to a box, and what it said. */
async function answerIn(
  page: Page,
  box: string,
): Promise<{ readonly text: string; readonly container: string }> {
  const region = page.getByRole('region', { name: box });
  const [text = ''] = await region.locator('.answer').allInnerTexts();
  const [container = ''] = await region.locator('code').allInnerTexts();
  return { text, container };
}

const FORMAT = 'A format of the time';
const FORMULA = 'A formula';

describeInBrowser('the examples', (open) => {
  let examples: RunningExamples;
  const closing: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    examples = await startExamples((close) => void closing.push(close));
  });
  afterAll(async () => {
    for (const close of closing) await close();
  });

  describe('the portal', () => {
    testLooks(open, async () => examples.portal);

    test('answers what is put into both boxes, without scripts', async () => {
      const { page } = await open(examples.portal, { javaScriptEnabled: false });

      await page.getByLabel(FORMAT).last().fill('YYYY [<b>at</b>]');
      await page.getByRole('textbox', { name: FORMULA }).fill('2^10 - 1');
      await page.getByRole('button', { name: 'Ask both' }).click();

      expect((await answerIn(page, FORMAT)).text).toMatch(/^20\d\d <b>at<\/b>$/);
      expect((await answerIn(page, FORMULA)).text).toBe('1023');
      expect(await page.getByRole('textbox', { name: FORMULA }).inputValue()).toBe('2^10 - 1');
    });

    test('says what is wrong with a formula, as text', async () => {
      const { page, faults } = await open(
        `${examples.portal}?formula=${encodeURIComponent('"><script>alert(1)</script>')}`,
      );

      const box = page.getByRole('region', { name: FORMULA });

      expect(await box.locator('.bad').allInnerTexts()).toEqual([expect.stringContaining('<script>')]);
      expect(faults).toEqual([]);
    });

    test('keeps a long word that is wrong in its box', async () => {
      const { page } = await open(`${examples.portal}?formula=${'x'.repeat(200)}`);

      const box = page.getByRole('region', { name: FORMULA });

      expect(await box.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
    });

    test('goes on while a container of calc is stopped on the page of the sandbox, and its record goes', async () => {
      const { page: portal } = await open(examples.portal);
      const { page: control } = await open(`${examples.control}?pause`);
      const rows = control.getByRole('listitem').filter({ hasText: /^calc/ });
      const [stopped = '', address = ''] = await rows.first().locator('code').allInnerTexts();
      const before = await examples.targets('calc');
      const [host, port] = address.split(':');
      const target = `ip-${host?.replaceAll('.', '-')}.ec2.internal:${port}`;
      expect(before).toContain(target);

      await rows
        .first()
        .getByRole('button', { name: /^Stop calc/ })
        .click();
      expect(control.url()).toBe(`${examples.control}?pause`);
      const answers: string[] = [];
      const look = async () => {
        await portal.goto(examples.portal);
        answers.push((await answerIn(portal, FORMULA)).text);
        return examples.targets('calc');
      };
      await expect.poll(look).not.toContain(target);
      await expect.poll(look).toHaveLength(before.length);

      expect(answers.filter((text) => text !== '42')).toEqual([]);
      const listed = async () => {
        await control.reload();
        return (await rows.allInnerTexts()).join();
      };
      await expect.poll(listed).not.toContain(stopped);
    });
  });

  describe('the page of the sandbox', () => {
    testLooks(open, async () => `${examples.control}?pause`);

    test.each([375, 500, 768, 1100])(
      'shows a log on the whole width of a window of %i pixels',
      async (width) => {
        const { page } = await open(`${examples.control}?pause`, { viewport: { width, height: 800 } });
        await page.getByText('show log').first().click();

        const log = await page.locator('pre').first().boundingBox();

        expect(log?.width).toBeGreaterThan(width * 0.8);
      },
    );

    test('stays as it is once a log of it is read', async () => {
      const { page } = await open(examples.control);

      await page.getByRole('link', { name: 'show log' }).first().click();

      expect(page.url()).toMatch(/\?pause#log-/);
      expect(await page.locator('pre').first().isVisible()).toBe(true);
    });

    test('reloads by itself until it is paused', async () => {
      const { page } = await open(examples.control);

      await page.getByRole('link', { name: 'pause' }).click();

      expect(page.url()).toMatch(/\?pause$/);
      expect(await page.getByText('The page is paused').isVisible()).toBe(true);
    });
  });

  describe('the shop', () => {
    testLooks(open, async () => examples.shop);
  });

  describe('the bookings', () => {
    testLooks(open, async () => examples.bookings);
  });
});
