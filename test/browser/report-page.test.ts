import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { renderReportPage } from '../../src/report/html/report-page.ts';
import { runHere } from '../cli/support.ts';
import { addService, listen, newFleet, PROBING, serve, ZONE_NAME } from '../end-to-end/support.ts';
import { groupOf, reportOf, srvSet, stale, unhealthy } from '../report/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { describeInBrowser } from './browser.ts';
import { testLooks } from './looks.ts';

async function fileOf(text: string): Promise<string> {
  const file = join(await temporaryDirectory(), 'plan.html');
  await writeFile(file, text);
  return pathToFileURL(file).href;
}

/** What a command prints as HTML of a fleet in which something is stale, fails, and is held back. */
async function printedFile(command: readonly string[]): Promise<string> {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 12, stale: 2 });
  const [failing] = addService(fleet, '_users._tcp', { live: 3 }).live;
  const [one, other] = addService(fleet, '_ledger._tcp', { live: 2 }).live;
  for (const member of [failing, one, other]) {
    if (member !== undefined) fleet.behave(member, { kind: 'status', status: 503 });
  }
  await listen(fleet);
  const server = await serve(fleet.world);
  const { code, stdout } = await runHere(
    [...command, '--output', 'html', '--zone', ZONE_NAME, ...PROBING_FLAGS],
    server.url,
  );
  expect(code).toBe(0);
  return fileOf(stdout);
}

const planFile = () => printedFile(['plan', '--all']);

const PROBING_FLAGS = Object.entries(PROBING).flatMap(([flag, value]) => [flag, String(value)]);

describeInBrowser('the HTML report of a plan', (open) => {
  testLooks(open, planFile);

  test('without scripts: a click unfolds the evidence, and each line has its verdict as a word', async () => {
    const { page } = await open(await planFile(), { javaScriptEnabled: false });
    const removals = page.getByRole('region', { name: 'To remove' });
    const line = removals.getByRole('listitem').filter({ hasText: '_users._tcp' });

    expect(await page.getByText('A run would remove 3 entries.').isVisible()).toBe(true);
    expect(await removals.locator('.badge').allInnerTexts()).toEqual(['stale', 'stale', 'unhealthy']);
    expect(await line.getByText('Set identifier').isVisible()).toBe(false);
    await line.locator('summary').click();
    expect(await line.getByText('Set identifier').isVisible()).toBe(true);
    expect(await line.getByRole('definition').allInnerTexts()).toContain('503');
    await line.locator('summary').click();
    expect(await line.getByText('Set identifier').isVisible()).toBe(false);
  });

  test('a line unfolds by the keyboard', async () => {
    const { page } = await open(await planFile());
    const line = page.getByRole('region', { name: 'Held back' }).getByRole('listitem').first();

    await line.locator('summary').focus();
    await page.keyboard.press('Enter');

    expect(await line.getByText('panic-threshold').first().isVisible()).toBe(true);
    expect(await line.getByText('Lifted by').isVisible()).toBe(true);
  });

  test('a number leads to its section', async () => {
    const { page } = await open(await planFile(), { viewport: { width: 390, height: 844 } });

    await page.getByRole('link', { name: 'Held back' }).click();

    expect(page.url()).toMatch(/#held-back$/);
    expect(
      await page.evaluate('document.querySelector("#held-back").getBoundingClientRect().top'),
    ).toBeLessThan(844);
  });

  test('in print all evidence is open, dark ink on a light page', async () => {
    const { page } = await open(await planFile(), { colorScheme: 'dark' });
    const height = () =>
      page.evaluate<number>('document.querySelector("#removals").getBoundingClientRect().height');
    const folded = await height();

    await page.emulateMedia({ media: 'print' });
    const facts = await page.evaluate<number>(
      'Math.min(...[...document.querySelectorAll("#removals .facts")].map((one) => one.getBoundingClientRect().height))',
    );

    expect(facts).toBeGreaterThan(20);
    expect(await height()).toBeGreaterThan(folded + 2 * facts);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
  });

  test('what comes from outside is text, whatever it says', async () => {
    const evil = '</style></title><script>alert(1)</script><img src=x onerror=alert(2)>"\' onclick="alert(3)';
    const set = srvSet(1, { Name: `${evil}.discovery.internal.`, SetIdentifier: evil });
    const evidence = { [evil]: evil };
    const report = reportOf({
      judgements: [stale(set, evidence), unhealthy(srvSet(2), evidence)],
      groups: [groupOf(set)],
      heldBack: [[unhealthy(srvSet(2), evidence), 'panic-threshold', evil]],
      notices: [{ subject: evil, detail: evil }],
    });
    const { page, faults } = await open(await fileOf(renderReportPage(report)));

    for (const line of await page.locator('summary').all()) await line.click();

    expect(await page.locator('script, img, [onclick], [onerror]').count()).toBe(0);
    expect(await page.getByText(evil).count()).toBeGreaterThan(4);
    expect(faults).toEqual([]);
  });
});

describeInBrowser('the HTML page of an explanation', (open) => {
  testLooks(open, () => printedFile(['explain', '_*']));
});

describeInBrowser('the HTML page of a comparison', (open) => {
  testLooks(open, () => printedFile(['compare', '--all']));
});
