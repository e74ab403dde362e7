import { expect, test } from 'vitest';
import { brightness, type OpenPage, overhang, seriousViolations, unfoldAll } from './browser.ts';

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 900 };
const SCHEMES = ['light', 'dark'] as const;

/** What holds for every page: it fits, it is legible, it is accessible, and it asks for nothing. */
export function testLooks(open: OpenPage, url: () => Promise<string>): void {
  test.each([PHONE, DESKTOP])(
    'is no wider than a window of $width pixels, folded or not',
    async (viewport) => {
      const { page } = await open(await url(), { viewport });

      expect(await overhang(page)).toBeLessThanOrEqual(0);
      await unfoldAll(page);
      expect(await overhang(page)).toBeLessThanOrEqual(0);
    },
  );

  test('is dark where the reader wants it dark', async () => {
    const address = await url();
    const [light, dark] = await Promise.all(
      SCHEMES.map(async (colorScheme) => {
        const { page } = await open(address, { colorScheme });
        return {
          page: await brightness(page, 'body', 'background-color'),
          text: await brightness(page, 'body', 'color'),
        };
      }),
    );

    expect(light?.page).toBeGreaterThan(200);
    expect(light?.text).toBeLessThan(80);
    expect(dark?.page).toBeLessThan(50);
    expect(dark?.text).toBeGreaterThan(200);
  });

  test.each(
    SCHEMES.flatMap((colorScheme) => [PHONE, DESKTOP].map((viewport) => ({ colorScheme, viewport }))),
  )('has no serious fault of accessibility, $colorScheme at $viewport.width pixels', async (options) => {
    const { page } = await open(await url(), options);
    await unfoldAll(page);

    expect(await seriousViolations(page)).toEqual([]);
  });

  test('asks for nothing, and breaks no rule of its own policy', async () => {
    const { page, faults } = await open(await url());
    await unfoldAll(page);

    expect(await page.evaluate('document.styleSheets.length')).toBe(1);
    expect(faults).toEqual([]);
  });
}
